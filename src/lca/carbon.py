"""Biogenic carbon stored in a building: a figure of its own, never netted with a total.

What counts is what the portions hold once, not their replacements.
Source: EN 15804+A2 (carbon content of the product at the gate, kg C); 44/12 kg CO2 per kg C.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from lca.errors import ShapeError
from lca.inventory import Inventory

KG_CO2_PER_KG_C = 44.0 / 12.0


@dataclass(frozen=True, slots=True)
class StoredCarbon:
    """Biogenic carbon in a building.

    Attributes:
        carbon_kg, low_kg, high_kg: usual content and its range over the known portions [kg C]; NaN where no
            content is known.
        known_share: share of the mass whose content is known, none being known as well [-].
    """

    carbon_kg: float
    low_kg: float
    high_kg: float
    known_share: float

    @property
    def co2_kg(self) -> float:
        """The same as CO2 [kg]."""
        return self.carbon_kg * KG_CO2_PER_KG_C

    def __str__(self) -> str:
        return (
            f"{self.carbon_kg:,.0f} kg biogenic carbon ({self.low_kg:,.0f} to {self.high_kg:,.0f}; "
            f"{self.co2_kg:,.0f} kg CO2; {self.known_share:.0%} of the mass known)"
        )


def stored_carbon(
    inventory: Inventory,
    content: Sequence[tuple[float, float, float] | None],
) -> StoredCarbon:
    """Biogenic carbon of an inventory.

    Args:
        inventory: portions; material indices point into `content`.
        content: per material (usual, low, high) [kg C per kg]; None = not known, which is not zero.

    Raises:
        ShapeError: a material index outside `content`.

    Example:
        >>> wood = Inventory.from_columns(material=[0, 1], mass_kg=[100.0, 300.0])
        >>> stored_carbon(wood, [(0.45, 0.40, 0.50), None])
        StoredCarbon(carbon_kg=45.0, low_kg=40.0, high_kg=50.0, known_share=0.25)
    """
    if len(inventory) and int(inventory.material.max()) >= len(content):
        raise ShapeError(f"{len(content)} contents, but a material index of {inventory.material.max()}.")
    sums = [0.0, 0.0, 0.0]
    known = 0.0
    for material, mass in zip(inventory.material.tolist(), inventory.mass_kg.tolist(), strict=True):
        held = content[material] if material >= 0 else None
        if held is None or math.isnan(mass):
            continue
        known += mass
        sums = [total + mass * each for total, each in zip(sums, held, strict=True)]
    total_mass = inventory.total_mass_kg
    usual, low, high = sums if known > 0 else (math.nan,) * 3
    return StoredCarbon(usual, low, high, known / total_mass if total_mass > 0 else math.nan)
