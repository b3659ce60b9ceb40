"""Civil works: functional unit, study period and lives of a bridge, road or railway.

The engine is that of buildings; what differs stands in two tables, all of it to be confirmed ("verify"): no
rules or reference values for civil works are published.

    civil_works.csv  functional unit and study period by kind
    civil_lives.csv  lives of what wears: surfacing, bearings, joints, rails; the structure lasts the period
"""

from __future__ import annotations

import csv
import dataclasses
import math
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from passport.models import Element, Passport, Portion

if TYPE_CHECKING:
    from passport.models import CivilKind

#: Words for a deck where a model has no parts of a bridge.
_DECK = ("deck", "dek", "tablier", "fahrbahnplatte", "überbau", "brodekke", "bru dekke")
_STRUCTURE = "structure"


@dataclass(frozen=True, slots=True)
class CivilWork:
    """What a result of a civil work is divided by.

    Attributes:
        kind: bridge, road, railway or marine facility.
        functional_unit: such as "m2 of deck"; empty where there is none.
        quantity: of the functional unit [m2 or m]; None where the model does not tell.
        origin: how the quantity was found, or why it is not known.
        study_period_years: usual for the kind [years].
    """

    kind: str
    functional_unit: str
    quantity: float | None
    origin: str
    study_period_years: float


def civil_work(passport: Passport, quantity: float | None = None) -> CivilWork | None:
    """Functional unit of a civil work; None for a building.

    Args:
        quantity: as the user states it [m2 or m].

    Example:
        >>> civil_work(read_ifc("bridge.ifc")).functional_unit  # doctest: +SKIP
        'm2 of deck'
    """
    if passport.civil_kind is None:
        return None
    row = _works()[passport.civil_kind]
    found, origin = _measured(passport) if quantity is None else (quantity, "stated by the user")
    return CivilWork(
        kind=passport.civil_kind,
        functional_unit=row["functional_unit"],
        quantity=found,
        origin=origin,
        study_period_years=float(row["study_period_years"]),
    )


def study_period_years(kind: CivilKind) -> float:
    """Usual study period of a kind of civil work [years]."""
    return float(_works()[kind]["study_period_years"])


def with_civil_lives(passport: Passport, years: float) -> Passport:
    """The passport with lives of `civil_lives.csv` where the model states none.

    Args:
        years: study period, which the structure lasts [years].
    """
    if passport.civil_kind is None:
        return passport
    return passport.model_copy(update={"elements": tuple(_lasting(e, years) for e in passport.elements)})


def _lasting(element: Element, years: float) -> Element:
    if element.service_life_years is not None:
        return element
    portions = tuple(
        portion
        if portion.service_life_years is not None or (life := _life(element, portion, years)) is None
        else dataclasses.replace(portion, service_life_years=life)
        for portion in element.portions
    )
    return dataclasses.replace(element, portions=portions)


def _life(element: Element, portion: Portion, years: float) -> float | None:
    for row in _lives():
        if (
            element.ifc_class.startswith(row["ifc_class"])
            and row["predefined_type"] in ("", element.predefined_type)
            and row["family"] in ("", portion.family)
            and row["material_id"] in ("", portion.material_id)
        ):
            life = row["service_life_years"]
            return years if life == _STRUCTURE else float(life)
    return None


def _measured(passport: Passport) -> tuple[float | None, str]:
    elements = passport.elements
    if passport.civil_kind == "bridge":
        slabs = [e for e in elements if e.ifc_class.startswith("IfcSlab")]
        decks = [e for e in slabs if _is_deck(e)]
        # Where nothing is called deck and there is one slab, it is what one drives or walks on.
        chosen = decks or (slabs if len(slabs) == 1 else [])
        return _sum([e.area_m2 for e in chosen], "area of the slabs of the deck", "slab of a deck")
    if passport.civil_kind == "road":
        paved = [e for e in elements if e.ifc_class.startswith("IfcPavement")]
        if paved:
            return _sum([e.area_m2 for e in paved], "area of the pavements", "pavement")
        layers: dict[str, list[float | None]] = {}
        for element in elements:
            if element.ifc_class.startswith("IfcCourse"):
                layers.setdefault(element.name or element.type_name, []).append(element.area_m2)
        largest = max(layers.values(), key=lambda each: math.fsum(a or 0.0 for a in each), default=[])
        return _sum(largest, "area of the largest course", "pavement or course")
    if passport.civil_kind == "railway":
        rails = [e for e in elements if e.ifc_class == "IfcRail" and e.predefined_type != "CHECKRAIL"]
        length, origin = _sum([e.length_m for e in rails], "half the length of the rails", "rail")
        return (None if length is None else length / 2), origin
    return None, "no functional unit is usual"


def _is_deck(element: Element) -> bool:
    if element.facility_part is not None:
        return element.facility_part.upper().startswith("DECK")
    said = f"{element.name} {element.type_name}".casefold()
    return any(word in said for word in _DECK)


def _sum(values: list[float | None], origin: str, what: str) -> tuple[float | None, str]:
    known = [value for value in values if value is not None]
    if not values:
        return None, f"the model shows no {what}; state the quantity"
    if len(known) < len(values):
        return (
            None,
            f"the size of {len(values) - len(known)} of {len(values)} is not known; state the quantity",
        )
    return math.fsum(known), origin


@cache
def _works() -> dict[str, dict[str, str]]:
    text = files("passport").joinpath("civil_works.csv").read_text(encoding="utf-8")
    return {row["kind"]: row for row in csv.DictReader(text.splitlines())}


@cache
def _lives() -> tuple[dict[str, str], ...]:
    text = files("passport").joinpath("civil_lives.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))
