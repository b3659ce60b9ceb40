"""What elements without any material are usually made of; only used when a user asks for it.

Typical for dwellings in Belgium. The figures are our own, tagged ``verify``, and meant as the middle of a
wide range: a probability below one half says that something else is as likely.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from reference.tables import Row, read_table

_ANY = "any"


@dataclass(frozen=True, slots=True)
class Assumption:
    """The usual material of a kind of element.

    Attributes:
        material_id: of the library.
        thickness_m: usual thickness, None when it says nothing.
        density_kg_m3, density_low, density_high: of the element as one solid, which may be less than that of
            the material; None for the material's own.
        probability: that the element is made of it, 0-1.
        alternatives: (material id, probability) of what is usual as well; the rest is unknown.
        note, confidence, source_id: what the row rests on.
    """

    material_id: str
    thickness_m: float | None
    density_kg_m3: float | None
    density_low: float | None
    density_high: float | None
    probability: float
    alternatives: tuple[tuple[str, float], ...]
    note: str
    confidence: str
    source_id: str


@cache
def load_assumptions() -> Mapping[tuple[str, str, str, str], Assumption]:
    """All assumptions by class, predefined type, external (yes, no, any) and load-bearing (yes, no, any).

    Raises:
        ReferenceDataError: assumptions.csv is malformed.
    """
    found: dict[tuple[str, str, str, str], Assumption] = {}
    for row in read_table("assumptions.csv"):
        if row.text("storey") != _ANY:
            continue  # the place in the building is not known where a material is looked for
        columns = ("ifc_class", "predefined_type", "is_external", "load_bearing")
        a, b, c, d = (row.text(column) for column in columns)
        key = (a, b, c, d)
        if key in found:
            raise row.fault("ifc_class", f"{key} occurs twice")
        found[key] = _assumption(row)
    return found


def _assumption(row: Row) -> Assumption:
    alternatives = []
    for part in (row.optional_text("alternatives") or "").split(";"):
        if part.strip():
            material_id, _, chance = part.strip().partition(":")
            alternatives.append((material_id, float(chance)))
    probability = row.number("probability")
    if probability + sum(p for _, p in alternatives) > 1 + 1e-9:
        raise row.fault("alternatives", "the probabilities sum to more than 1")
    return Assumption(
        material_id=row.text("material_id"),
        thickness_m=row.optional_number("thickness_m"),
        density_kg_m3=row.optional_number("density_kg_m3"),
        density_low=row.optional_number("density_low"),
        density_high=row.optional_number("density_high"),
        probability=probability,
        alternatives=tuple(alternatives),
        note=row.optional_text("note") or "",
        confidence=row.text("confidence"),
        source_id=row.text("source_id"),
    )


def assumption_for(
    ifc_class: str,
    predefined_type: str = "",
    *,
    is_external: bool | None = None,
    load_bearing: bool | None = None,
) -> Assumption | None:
    """The most specific row for an element; None where nothing sensible can be assumed.

    Example:
        >>> assumption_for("IfcWall", is_external=True).material_id
        'clay-block'
        >>> assumption_for("IfcBuildingElementProxy") is None
        True
    """
    rows = load_assumptions()
    name = ifc_class.removesuffix("StandardCase").removesuffix("ElementedCase")
    outside = {True: "yes", False: "no", None: _ANY}[is_external]
    bearing = {True: "yes", False: "no", None: _ANY}[load_bearing]
    for kind in dict.fromkeys((predefined_type or _ANY, _ANY)):
        for external, carrying in ((outside, bearing), (outside, _ANY), (_ANY, bearing), (_ANY, _ANY)):
            found = rows.get((name, kind, external, carrying))
            if found is not None:
                return found
    return None
