"""The one bridge from a passport to arrays: every portion becomes a row of an `lca.Inventory`.

Mass: what the passport says. A portion without a known density (unknown material, or a component without a
usual one) is taken at the mean density of the building's known portions, which serves only to weigh how much
is unknown: it gets no material here, has no figure and adds nothing to any total.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from lca.inventory import Inventory
from passport.models import Element, Passport, Portion
from reference.materials import load_materials
from reference.service_life import load_service_lives

if TYPE_CHECKING:
    from reference.factors import FactorTable


@dataclass(frozen=True)
class Rows:
    """The rows of an inventory: which portion of which element each is.

    Attributes:
        elements, portions: parallel, one entry per row.
        mass_is_estimate: True where the mass is the mean density times the volume (no known density).
    """

    elements: tuple[Element, ...]
    portions: tuple[Portion, ...]
    element_index: NDArray[np.int64]
    mass_is_estimate: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.portions)


def to_inventory(passport: Passport, factors: FactorTable) -> tuple[Inventory, Rows]:
    """Arrays for `lca.assess`, one row per portion, in the order of the passport.

    Service life [years]: the element's own where the model states one, else that of the application (windows,
    doors, curtain walls), else the material's usual one.
    """
    elements: list[Element] = []
    portions: list[Portion] = []
    index: list[int] = []
    for i, element in enumerate(passport.elements):
        for portion in element.portions:
            elements.append(element)
            portions.append(portion)
            index.append(i)
    density = mean_density_kg_m3(passport)
    masses = np.full(len(portions), np.nan)
    estimated = np.zeros(len(portions), dtype=bool)
    for row, portion in enumerate(portions):
        if portion.mass_kg is not None:
            masses[row] = portion.mass_kg
        elif portion.volume_m3 is not None and density is not None:
            masses[row] = portion.volume_m3 * density
            estimated[row] = True
    material = factors.index_of([p.material_id for p in portions])
    material[estimated] = -1  # an estimated mass weighs what is unknown; it must never earn a figure
    inventory = Inventory.from_columns(
        material=material,
        mass_kg=masses,
        service_life_years=[service_life_years(e, p) for e, p in zip(elements, portions, strict=True)],
        element=np.asarray(index, dtype=np.int64),
    )
    return inventory, Rows(tuple(elements), tuple(portions), np.asarray(index, dtype=np.int64), estimated)


def mean_density_kg_m3(passport: Passport) -> float | None:
    """Mass over volume of all portions with a known material, air left out; None when there are none."""
    mass = volume = 0.0
    for element in passport.elements:
        for portion in element.portions:
            known = portion.material_id is not None and portion.family != "air"
            if known and portion.mass_kg is not None and portion.volume_m3 is not None:
                mass += portion.mass_kg
                volume += portion.volume_m3
    return mass / volume if volume > 0 else None


def service_life_years(element: Element, portion: Portion) -> float:
    """Service life of a portion [years], see `to_inventory`; NaN for an unknown material."""
    if portion.service_life_years is not None:
        return portion.service_life_years
    if element.service_life_years is not None:
        return element.service_life_years
    application = _application(element, portion.family)
    if application is not None:
        return load_service_lives()[application].mode_years
    if portion.material_id is None:
        return float("nan")
    return load_materials()[portion.material_id].service_life_years


def life_application(element: Element, portion: Portion, material_id: str | None = None) -> str | None:
    """Application of `service_lives.csv` that tells the life of a portion, see `to_inventory`.

    Args:
        material_id: as if the portion were of this material.

    Returns:
        None where the model states the life, or nothing is known.
    """
    if element.service_life_years is not None or portion.service_life_years is not None:
        return None
    material = load_materials().get(material_id or portion.material_id or "")
    application = _application(element, portion.family if material is None else material.family)
    if application is not None or material is None:
        return application
    return material.service_life_application


@cache
def _applications() -> tuple[tuple[str, str, frozenset[str], str], ...]:
    text = files("passport").joinpath("applications.csv").read_text(encoding="utf-8")
    return tuple(
        (row["ifc_class"], row["is_external"], frozenset(row["families"].split("|")), row["application"])
        for row in csv.DictReader(text.splitlines())
    )


def _application(element: Element, family: str) -> str | None:
    """Application of `service_lives.csv` for an element that its class tells, None for all others."""
    external = {True: "yes", False: "no", None: ""}[element.is_external]
    for ifc_class, where, families, application in _applications():
        if (
            element.ifc_class.startswith(ifc_class)
            and where in ("", external)
            and ("*" in families or family in families)
        ):
            return application
    return None
