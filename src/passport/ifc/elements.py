"""Which products are physical elements, and which of them are counted.

A whole and its parts are the same matter, so only one of the two may count (rules in `decide`). Everything
physical that does not count goes to the list of left-out elements with its reason.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from passport.findings import FindingLog, Severity
from passport.ifc.relations import Relations
from passport.ifc.schema import Schema

#: Subclasses of IfcElement that are no matter of their own: voids, marks on a surface, virtual boundaries.
_NOT_PHYSICAL = ("IfcFeatureElementSubtraction", "IfcSurfaceFeature", "IfcVirtualElement")

#: Physical, but not counted on its own: class, reason.
_LEFT_OUT = {
    "IfcGeographicElement": "terrain or vegetation: not a part of the building",
    "IfcVehicle": "vehicle: not a part of the building",
    "IfcProjectionElement": "projection: a part of its host, whose quantities hold it",
}

#: Products besides IfcElement that may stand for matter.
_ALSO_ELEMENTS = ("IfcProxy",)


@dataclass
class RawElement:
    """One physical product as read, before it is known whether it counts."""

    entity: Any
    step_id: int
    ifc_class: str
    global_id: str
    name: str
    has_body: bool
    has_material: bool
    reason_out: str = ""
    material_from: int | None = None
    parts: list[int] = field(default_factory=list)


@dataclass
class Decision:
    """Counted and left-out elements in file order, and what is not physical, by class."""

    counted: list[RawElement]
    left_out: list[RawElement]
    not_physical: dict[str, int]


def decide(file: Any, schema: Schema, relations: Relations, log: FindingLog) -> Decision:
    """Sort the model's products into counted, left out and not physical.

    Rules for a whole with parts (IfcRelAggregates), applied from the innermost whole outwards:

    1. A part (or a part of it) has a material: the parts count, the whole is left out. If the whole has a
       material too, that is a finding; the parts win.
    2. No part has a material, the whole has one: the whole counts if it has a body of its own, and its parts
       are left out; without a body the parts count and take the material of the whole.
    3. Nobody has a material: the parts count.
    """
    raw, not_physical = _collect(file, schema, relations)
    cyclic = relations.cycles() & set(raw)
    if cyclic:
        for step_id in sorted(cyclic):
            raw[step_id].has_body = False  # the geometry kernel never ends on such a relation
            log.add(
                "cyclic-aggregate",
                Severity.ERROR,
                f"{raw[step_id].ifc_class} {raw[step_id].global_id} is, by aggregation, a part of itself.",
                global_id=raw[step_id].global_id,
                hint="The relation was ignored; the element is counted on its own, without its geometry.",
            )
    spatial_cycles = relations.cycles() - cyclic
    if spatial_cycles:
        log.add(
            "cyclic-aggregate",
            Severity.ERROR,
            f"{len(spatial_cycles)} object(s) of the spatial structure are, through aggregation, "
            "a part of themselves; storeys may be missing.",
        )
    relations.cut(cyclic | spatial_cycles)
    for step_id, element in raw.items():
        element.parts = [p for p in relations.parts_of.get(step_id, ()) if p in raw]
    for step_id in _innermost_first(raw):
        _decide_whole(step_id, raw, log)
    _report_duplicates(raw, log)
    counted = [e for e in raw.values() if not e.reason_out]
    left_out = [e for e in raw.values() if e.reason_out]
    return Decision(counted, left_out, not_physical)


def _collect(file: Any, schema: Schema, relations: Relations) -> tuple[dict[int, RawElement], dict[str, int]]:
    not_physical: Counter[str] = Counter()
    excluded: dict[str, bool] = {}
    raw: dict[int, RawElement] = {}
    global_id = schema.index("IfcRoot", "GlobalId")
    name = schema.index("IfcRoot", "Name")
    representation = schema.index("IfcProduct", "Representation")
    products = [*file.by_type("IfcElement")]
    for ifc_class in _ALSO_ELEMENTS:
        products.extend(schema.by_type(file, ifc_class))
    for entity in products:
        ifc_class = entity.is_a()
        if ifc_class not in excluded:
            excluded[ifc_class] = any(entity.is_a(c) for c in _NOT_PHYSICAL if schema.has(c))
        if excluded[ifc_class]:
            not_physical[ifc_class] += 1
            continue
        step_id = entity.id()
        kind = relations.type_of.get(step_id)
        element = RawElement(
            entity=entity,
            step_id=step_id,
            ifc_class=ifc_class,
            global_id=entity.get_argument(global_id) or f"#{step_id}",
            name=entity.get_argument(name) or "",
            has_body=entity.get_argument(representation) is not None,
            has_material=step_id in relations.materials
            or (kind is not None and kind.id() in relations.materials),
        )
        element.reason_out = _LEFT_OUT.get(ifc_class, "")
        raw[step_id] = element
    for entity in file.by_type("IfcSpatialStructureElement"):
        not_physical[entity.is_a()] += 1
    for ifc_class in ("IfcAnnotation", "IfcGrid"):
        for entity in schema.by_type(file, ifc_class):
            not_physical[entity.is_a()] += 1
    return raw, dict(sorted(not_physical.items()))


def _innermost_first(raw: dict[int, RawElement]) -> list[int]:
    """Wholes, each after the wholes among its parts; cycles have been cut before."""
    order: list[int] = []
    seen: set[int] = set()
    for start in raw:
        stack = [(start, False)]
        while stack:
            step_id, parts_done = stack.pop()
            if parts_done:
                order.append(step_id)
            elif step_id not in seen and raw[step_id].parts:
                seen.add(step_id)
                stack.append((step_id, True))
                stack.extend((p, False) for p in raw[step_id].parts)
    return order


def _descendants(step_id: int, raw: dict[int, RawElement]) -> list[RawElement]:
    found: list[RawElement] = []
    stack = list(raw[step_id].parts)
    while stack:
        part = stack.pop()
        found.append(raw[part])
        stack.extend(raw[part].parts)
    return found


def _decide_whole(step_id: int, raw: dict[int, RawElement], log: FindingLog) -> None:
    whole = raw[step_id]
    parts = _descendants(step_id, raw)
    leaves = [p for p in parts if not p.reason_out]
    if any(p.has_material for p in parts):
        if whole.has_material:
            log.add(
                "whole-and-parts-have-material",
                Severity.WARNING,
                f"{whole.ifc_class} {whole.name or whole.global_id} and its parts both have materials; "
                "the parts were counted.",
                global_id=whole.global_id,
                hint="Check that the parts hold all of the whole.",
            )
        whole.reason_out = "assembly: its parts are counted"
    elif whole.has_material and whole.has_body:
        for part in parts:
            part.reason_out = (
                f"part of {whole.global_id}, which carries the material and is counted as a whole"
            )
    else:
        whole.reason_out = "assembly: its parts are counted"
        if whole.has_material:
            for part in leaves:
                part.material_from = step_id
                part.has_material = True


def _report_duplicates(raw: dict[int, RawElement], log: FindingLog) -> None:
    counts = Counter(e.global_id for e in raw.values())
    for global_id, count in counts.items():
        if count > 1:
            log.add(
                "duplicate-global-id",
                Severity.WARNING,
                f"GlobalId {global_id} is used by {count} elements; all of them are counted.",
                global_id=global_id,
                hint="Remove the copies, or give them new GlobalIds.",
            )
