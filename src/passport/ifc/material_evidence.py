"""What a model says around a material besides its name: classification codes and names of styles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from passport.ifc.schema import Schema

Codes = tuple[tuple[str, str], ...]


def material_codes(file: Any, schema: Schema) -> dict[int, Codes]:
    """(system, code) pairs of each material that has any, by its step id (IFC4 and later)."""
    found: dict[int, list[tuple[str, str]]] = {}
    for relation in schema.by_type(file, "IfcExternalReferenceRelationship"):
        reference = relation.RelatingReference
        if reference is None or not reference.is_a("IfcClassificationReference"):
            continue
        code = getattr(reference, "Identification", None) or getattr(reference, "ItemReference", None)
        if not code:
            continue
        source = getattr(reference, "ReferencedSource", None)
        system = (getattr(source, "Name", None) or "") if source is not None else ""
        for thing in relation.RelatedResourceObjects or ():
            if thing.is_a("IfcMaterial"):
                found.setdefault(thing.id(), []).append((system, code))
    return {step_id: tuple(dict.fromkeys(codes)) for step_id, codes in found.items()}


def material_appearances(file: Any, schema: Schema) -> dict[int, tuple[str, ...]]:
    """Names of the surface styles of each material, by its step id."""
    found: dict[int, tuple[str, ...]] = {}
    for definition in schema.by_type(file, "IfcMaterialDefinitionRepresentation"):
        material = definition.RepresentedMaterial
        if material is None:
            continue
        names = dict.fromkeys(
            style.Name
            for representation in definition.Representations or ()
            for item in representation.Items or ()
            for style in surface_styles(getattr(item, "Styles", None) or ())
            if style.Name
        )
        if names:
            found[material.id()] = tuple(names)
    return found


def surface_styles(styles: Iterable[Any]) -> Iterator[Any]:
    """The surface styles among styles, also those inside an assignment of IFC2X3."""
    for style in styles:
        if style.is_a("IfcSurfaceStyle"):
            yield style
        elif style.is_a("IfcPresentationStyleAssignment"):
            yield from surface_styles(style.Styles or ())
