"""Units that leave a building in one step: an element, or one layer of it, with its phase and Brand layer.

A wall, floor or roof of layers is one unit per layer. Its core, the layer that carries, leaves last:
structure never goes before what it holds. Phase and Brand layer follow `removal_rules.csv`, the practice of
the trade; the first row that fits wins.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from passport.assessment import portion_label
from passport.circularity.tables import shipped_rows
from passport.models import Element, Passport, Portion
from reference.materials import load_materials

#: Phases of practice in their order.
PHASES: tuple[str, ...] = ("hazardous", "strip-out", "services", "envelope", "structure", "ground")
#: What is no unit, such as air.
NO_PHASE = "none"


@dataclass(frozen=True, slots=True)
class RemovalUnit:
    """What leaves in one step.

    Attributes:
        unit_id: GlobalId (with "#" and the step id where a model uses it twice), and "/" and the position of
            the layer where there are several.
        global_id, portion: element and layer; the portion is empty for a whole element.
        core: whether it is the layer that carries the others.
        mass_kg: None when the mass of one of its portions is unknown.
        area_m2: of the main face; None when unknown.
        phase, brand_layer: see `removal_rules.csv`.
        suspected: hazard that is suspected or present; empty otherwise.
    """

    unit_id: str
    global_id: str
    portion: str
    name: str
    ifc_class: str
    storey: str | None
    room: str | None
    material_id: str | None
    family: str
    core: bool
    mass_kg: float | None
    area_m2: float | None
    phase: str
    brand_layer: str
    suspected: str = ""


def removal_units(
    passport: Passport, *, year_built: int | None = None, hazards: Mapping[str, str] | None = None
) -> tuple[RemovalUnit, ...]:
    """Units of a passport in its order; layers from the first to the last face.

    Args:
        year_built: families that a year makes suspect (asbestos before 2001) are then in the first phase.
        hazards: hazard by GlobalId, or by GlobalId and position ("ID/2"), found on site.

    Example:
        >>> [unit.phase for unit in removal_units(load_passport("passport.json"))]  # doctest: +SKIP
        ['envelope', 'envelope', 'structure', ...]
    """
    found = hazards or {}
    units: list[RemovalUnit] = []
    used = Counter(element.global_id for element in passport.elements)
    for element in passport.elements:
        own = element.global_id if used[element.global_id] == 1 else f"{element.global_id}#{element.step_id}"
        layered = len(element.portions) > 1 and all(p.share_origin == "layers" for p in element.portions)
        core = core_position(element)
        if not layered:
            main = element.portions[core] if element.portions else None
            said = found.get(own) or found.get(element.global_id) or ""
            units.append(_unit(element, main, own, "", element.mass_kg, True, year_built, said))
            continue
        for k, portion in enumerate(element.portions):
            if portion.family == "air":
                continue
            label, layer = portion_label(portion.position, portion.name), f"{own}/{k + 1}"
            said = found.get(layer) or found.get(element.global_id) or ""
            units.append(_unit(element, portion, layer, label, portion.mass_kg, k == core, year_built, said))
    return tuple(unit for unit in units if unit.phase != NO_PHASE)


def core_position(element: Element) -> int:
    """Index of the portion that carries the others: by family, then by thickness, then by mass.

    Example:
        >>> brick = Portion(name="b", family="clay-brick", thickness_m=0.1)
        >>> block = Portion(name="k", family="clay-block", thickness_m=0.14)
        >>> core_position(Element("g", 1, "IfcWall", portions=(brick, block)))
        1
    """
    ranks = _core_ranks()

    def weight(k: int) -> tuple[int, float, float, int]:
        portion = element.portions[k]
        return ranks.get(portion.family, 0), portion.thickness_m or 0.0, portion.mass_kg or 0.0, -k

    return max(range(len(element.portions)), key=weight, default=0)


def suspicion(family: str, material_id: str | None, year_built: int | None) -> str:
    """Hazard that family and year make suspect; empty when nothing does.

    Without a year nothing is said to be free of it: the route says what to test.
    """
    for row in shipped_rows("suspect_families.csv"):
        if row["family"] != family and row["material_id"] != (material_id or "-"):
            continue
        if year_built is not None and year_built < int(row["before_year"]):
            return f"{row['hazard']} (built {year_built}, before {row['before_year']})"
    return ""


def _unit(
    element: Element,
    portion: Portion | None,
    unit_id: str,
    label: str,
    mass_kg: float | None,
    core: bool,
    year_built: int | None,
    found: str,
) -> RemovalUnit:
    family = "unknown" if portion is None else portion.family
    material_id = None if portion is None else portion.material_id
    phase, brand = _rule(element, family, core)
    hazard = found or suspicion(family, material_id, year_built)
    material = load_materials().get(material_id or "")
    said = (material.name if material is not None else portion.name if portion is not None else "") or family
    return RemovalUnit(
        unit_id=unit_id,
        global_id=element.global_id,
        portion=label,
        name=f"{element.name or element.ifc_class}: {said}" if label else element.name or element.ifc_class,
        ifc_class=element.ifc_class,
        storey=element.storey,
        room=element.room,
        material_id=material_id,
        family=family,
        core=core,
        mass_kg=mass_kg,
        area_m2=element.area_m2,
        phase="hazardous" if hazard and phase != NO_PHASE else phase,
        brand_layer=brand,
        suspected=hazard,
    )


def _rule(element: Element, family: str, core: bool) -> tuple[str, str]:
    says = {True: "yes", False: "no", None: ""}
    for row in shipped_rows("removal_rules.csv"):
        if (
            element.ifc_class.startswith(row["ifc_class"])
            and row["is_external"] in ("", says[element.is_external])
            and row["load_bearing"] in ("", says[element.load_bearing])
            and row["core"] in ("", says[core])
            and row["family"] in ("", family)
        ):
            return row["phase"], row["brand_layer"]
    return "strip-out", "Space plan"


@cache
def _core_ranks() -> dict[str, int]:
    return {row["family"]: int(row["rank"]) for row in shipped_rows("core_families.csv")}
