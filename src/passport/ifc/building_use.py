"""Use and kind of dwelling, where the model says so; unknown where it does not.

Sources from the strongest: properties and classification of the building; its object type and that of
spatial zones; names; zones named as dwellings; rooms. Adjacent buildings are not looked at: a terraced house
is one that the model calls so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from passport.findings import FindingLog, Severity
from passport.ifc.building_words import meanings, property_meaning
from passport.ifc.relations import Relations
from passport.ifc.schema import Schema
from passport.models import BuildingUse
from reference.vocabulary import BuildingType

Use = Literal["residential", "non-residential", "mixed", "unknown"]

_TYPES = frozenset(t.value for t in BuildingType)
#: An identifier of a dwelling has a digit or is this short: "Apartment B", not "Apartment corridor".
_SHORT_IDENTIFIER = 2


@dataclass(frozen=True, slots=True)
class Statement:
    """A text about the building: rank 0 property or classification, 1 object type, 2 name."""

    rank: int
    source: str
    text: str


@dataclass(frozen=True, slots=True)
class BuildingTexts:
    """What the model writes about its building, as plain data.

    Attributes:
        dwellings: a number of dwellings that a property states, with the name of the property.
        zones: (name, object type) of zones and spatial zones.
        spaces: name of each space inside, the long one where there is one.
    """

    statements: tuple[Statement, ...] = ()
    dwellings: tuple[int, str] | None = None
    zones: tuple[tuple[str, str], ...] = ()
    spaces: tuple[str, ...] = ()


def read_building_texts(file: Any, schema: Schema, relations: Relations) -> BuildingTexts:
    """Collect the texts of buildings, zones and spaces of an open model, in all three schemas."""
    statements: list[Statement] = []
    dwellings: tuple[int, str] | None = None
    for building in schema.by_type(file, "IfcBuilding"):
        for name, value in _properties(building, relations):
            meaning = property_meaning(name)
            if meaning == "use" and isinstance(value, str):
                statements.append(Statement(0, name, value))
            elif meaning == "dwellings" and isinstance(value, int | float) and value >= 1:
                dwellings = dwellings or (int(value), name)
        for reference in relations.classifications.get(building.id(), ()):
            statements.append(Statement(0, "classification", getattr(reference, "Name", None) or ""))
        statements.append(Statement(1, "object type of the building", building.ObjectType or ""))
        for text in (building.Name, building.LongName):
            statements.append(Statement(2, "name of the building", text or ""))
    spatial_zones = schema.by_type(file, "IfcSpatialZone")
    for zone in spatial_zones:
        statements.append(Statement(1, "object type of a spatial zone", zone.ObjectType or ""))
    zones = [*schema.by_type(file, "IfcZone"), *spatial_zones]
    return BuildingTexts(
        tuple(s for s in statements if s.text.strip()),
        dwellings,
        tuple((z.Name or getattr(z, "LongName", None) or "", z.ObjectType or "") for z in zones),
        tuple(s.LongName or s.Name or "" for s in schema.by_type(file, "IfcSpace")),
    )


def _properties(building: Any, relations: Relations) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for definition in relations.definitions.get(building.id(), ()):
        if definition.is_a() != "IfcPropertySet":
            continue
        for prop in definition.HasProperties or ():
            if prop.is_a() == "IfcPropertySingleValue" and prop.NominalValue is not None:
                found.append((prop.Name, prop.NominalValue.wrappedValue))
            elif prop.is_a() == "IfcPropertyEnumeratedValue":
                found.extend((prop.Name, v.wrappedValue) for v in prop.EnumerationValues or ())
    return found


def building_use(texts: BuildingTexts, log: FindingLog) -> BuildingUse:
    """Use, kind and number of dwellings from the texts of a model, with the evidence.

    Example:
        >>> said = Statement(0, "OccupancyType", "Rijwoning")
        >>> building_use(BuildingTexts(statements=(said,)), FindingLog()).dwelling_type
        <BuildingType.TERRACED: 'terraced'>
    """
    use, stated_by = _stated_use(texts.statements)
    by_rooms, room_evidence = _use_of_rooms(texts.spaces)
    evidence = [f"{s.source}: {s.text}" for s in stated_by]
    zones, zone_type = _dwelling_zones(texts.zones)
    if use == "unknown" and zones:
        use = "residential"
    if use == "unknown" and by_rooms != "unknown":
        use = by_rooms
        evidence.append(room_evidence)
    if {use, by_rooms} == {"residential", "non-residential"}:
        log.add(
            "building-use-contradicts",
            Severity.WARNING,
            f"The building is {use} ({'; '.join(evidence)}), but its spaces are those of a {by_rooms} one: "
            f"{room_evidence}.",
            hint="Check the property OccupancyType of the building.",
        )
    if use in ("non-residential", "unknown"):
        return BuildingUse(use=use, evidence=tuple(evidence))
    kind, kind_from = _dwelling_type(texts.statements)
    if kind is not None and kind_from is not None:
        evidence.append(f"{kind_from.source}: {kind_from.text}")
    elif zone_type is not None:
        kind = zone_type
    dwellings, dwellings_evidence = _dwellings(texts, zones)
    if dwellings_evidence:
        evidence.append(dwellings_evidence)
    return BuildingUse(
        use=use, dwelling_type=kind, dwellings=dwellings, evidence=tuple(dict.fromkeys(evidence))
    )


def _use_in(text: str) -> Use:
    uses: set[Use] = set()
    for meaning, _ in meanings("building", text):
        if meaning in _TYPES or meaning in ("residential", "one dwelling"):
            uses.add("residential")
        elif meaning == "non-residential":
            uses.add("non-residential")
        else:
            uses.add("mixed")
    if len(uses) > 1:
        return "mixed"
    return uses.pop() if uses else "unknown"


def _stated_use(statements: Sequence[Statement]) -> tuple[Use, list[Statement]]:
    """Use by the strongest statements that name one; several that differ make it mixed."""
    for rank in sorted({s.rank for s in statements}):
        clear = [(s, use) for s in statements if s.rank == rank and (use := _use_in(s.text)) != "unknown"]
        if clear:
            uses = {use for _, use in clear}
            return (uses.pop() if len(uses) == 1 else "mixed"), [s for s, _ in clear]
    return "unknown", []


def _dwelling_type(statements: Sequence[Statement]) -> tuple[BuildingType | None, Statement | None]:
    for statement in sorted(statements, key=lambda s: s.rank):
        types = {m for m, _ in meanings("building", statement.text) if m in _TYPES}
        if len(types) == 1:
            return BuildingType(types.pop()), statement
    return None, None


def _use_of_rooms(spaces: Sequence[str]) -> tuple[Use, str]:
    """Dwellings have kitchens beside bathrooms or bedrooms; a study does not make an office of a house."""
    counts = {"kitchen": 0, "bathroom": 0, "bedroom": 0, "living": 0, "work": 0}
    for name in spaces:
        for meaning in {m for m, _ in meanings("space", name)} & counts.keys():
            counts[meaning] += 1
    evidence = "spaces: " + ", ".join(f"{n} {k}" for k, n in counts.items() if n)
    lived_in = sum(n for k, n in counts.items() if k != "work")
    dwelling = bool(
        (counts["kitchen"] and (counts["bathroom"] or counts["bedroom"]))
        or (counts["bathroom"] and counts["bedroom"] and counts["living"])
    )
    if dwelling:
        return ("mixed" if counts["work"] > lived_in else "residential"), evidence
    if counts["work"] > 1 and not counts["bedroom"]:
        return "non-residential", evidence
    return "unknown", evidence


def _dwelling_zones(zones: Sequence[tuple[str, str]]) -> tuple[list[str], BuildingType | None]:
    """Names of zones that each are one dwelling, and the type that all of their words give."""
    named: dict[tuple[str, ...], str] = {}
    types: set[str] = set()
    for place, (name, object_type) in enumerate(zones):
        found = meanings("zone", name)[:1]
        of_type = meanings("zone", object_type)[:1]
        if found:
            meaning, after = found[0]
            if after and not (len(after[0]) <= _SHORT_IDENTIFIER or any(c.isdigit() for c in after[0])):
                continue  # "Apartment corridor" is no apartment
            key = after[:1] or (f"zone {place}",)
        elif of_type:
            meaning, key = of_type[0][0], (name or f"zone {place}",)
        else:
            continue
        types.add(meaning)
        named.setdefault(key, name or object_type)
    return list(named.values()), BuildingType.APARTMENT if types == {"apartment"} else None


def _dwellings(texts: BuildingTexts, zones: list[str]) -> tuple[int | None, str]:
    """Number of dwellings: stated, by zones, by words, by kitchens; None when nothing tells."""
    if texts.dwellings is not None:
        return texts.dwellings[0], f"{texts.dwellings[1]}: {texts.dwellings[0]}"
    if zones:
        shown = ", ".join(zones[:3]) + (" ..." if len(zones) > 3 else "")
        return len(zones), f"{len(zones)} zones: {shown}"
    for statement in texts.statements:
        if any(m == "one dwelling" for m, _ in meanings("building", statement.text)):
            return 1, f"{statement.source}: {statement.text}"
    kitchens = sum(1 for name in texts.spaces if any(m == "kitchen" for m, _ in meanings("space", name)))
    if kitchens:
        return kitchens, f"{kitchens} kitchen(s)"
    return None, ""
