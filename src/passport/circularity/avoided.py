"""Greenhouse gases of new material that reuse may avoid: the product stage A1-A3, shown apart, never netted.

This is the logic of module D for reuse alone: what a reused part replaces need not be made. Preparation,
transport and loss are not taken off, and recycling claims nothing, because the shipped data do not say what
its product replaces; so it is an upper end, and 0 is the lower one until a taker is found.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reference.vocabulary import Indicator, Stage

if TYPE_CHECKING:
    from passport.circularity.route_options import PartRoutes
    from reference.factors import FactorTable


@dataclass(frozen=True, slots=True)
class AvoidedImpact:
    """What the routes of a building may avoid [kg CO2 eq].

    Attributes:
        low_kg_co2e: by the routes that are sure; high_kg_co2e: by the best ones.
        unknown_parts: parts that may be reused and have no mass or figure; they are in neither.
    """

    low_kg_co2e: float
    high_kg_co2e: float
    unknown_parts: int


def new_material_kg_co2e(factors: FactorTable | None = None) -> dict[str, float]:
    """Fossil and land use greenhouse gases of A1-A3 by material id [kg CO2 eq / kg].

    Biogenic carbon is left out: storing it again is no saving of the reused part.

    Args:
        factors: default: the shipped library.

    Example:
        >>> 0 < new_material_kg_co2e()["clay-brick"] < 1
        True
    """
    from lca import builtin_factors

    table = builtin_factors(None) if factors is None else factors
    stage = list(table.stages).index(Stage.A1_A3)
    both = [list(table.indicators).index(each) for each in (Indicator.GWP_FOSSIL, Indicator.GWP_LULUC)]
    found = {}
    for row, material in enumerate(table.materials):
        values = [float(table.values[row, k, stage]) for k in both]
        if not math.isnan(values[0]):
            found[str(material)] = math.fsum(value for value in values if not math.isnan(value))
    return found


def avoided_impact(routes: Iterable[PartRoutes]) -> AvoidedImpact:
    """Sum over the parts; routes made without figures avoid nothing and count as unknown."""
    low = high = 0.0
    unknown = 0
    for each in routes:
        low += each.saved_low_kg_co2e or 0.0
        high += each.saved_high_kg_co2e or 0.0
        unknown += each.saved_high_kg_co2e is None
    return AvoidedImpact(low, high, unknown)
