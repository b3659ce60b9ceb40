"""Materials and volumes of an element become portions with mass.

Mass is volume times density; a stated weight stands in where there is no volume. The density is the
model's where it states a believable one, otherwise the library's.
"""

from __future__ import annotations

from typing import Any

from passport.findings import FindingLog, Severity
from passport.ifc.elements import RawElement
from passport.ifc.frame_layers import frame_layer, hollow_metal
from passport.ifc.materials import AIR_LAYER, MaterialSet, RawPortion
from passport.ifc.quantities import Resolved
from passport.models import Portion

#: A density of the model further than this factor from the library's range is doubted and not used.
_DENSITY_FACTOR = 2.0
#: A stated weight further than this from volume x density is a finding.
_WEIGHT_DIFFERS = 0.25

#: How a share may be known for a layer that is drawn with its full thickness.
_DRAWN = frozenset({"layers", "widths", "geometry"})
_BY_USER = "mapping file"
#: A frame instead of a full layer is likely, not certain.
_FRAME_CONFIDENCE = 0.9

NO_MATERIAL = "the element has no material"
_AIR_BY_DEFINITION = "layer without a material: air by definition of IFC"


class PortionBuilder:
    """Builds portions; every distinct (name, use, layer, thickness) is matched once."""

    def __init__(self, matcher: Any, densities: dict[int, float], log: FindingLog) -> None:
        self._matcher = matcher
        self._densities = densities
        self._log = log
        self._matches: dict[tuple[Any, ...], Any] = {}

    def build(
        self, raw: RawElement, material: MaterialSet, resolved: Resolved, type_name: str
    ) -> tuple[tuple[Portion, ...], float | None]:
        """Portions of one element and its mass [kg], None unless every portion's mass is known."""
        parts = material.portions or (RawPortion(name="", share=1.0),)
        use = use_of(raw.ifc_class)
        portions = tuple(
            self._portion(raw, part, resolved, type_name, use, bool(material.portions), len(parts))
            for part in parts
        )
        if any(p.share_origin.startswith("equal shares") for p in portions):
            self._log.add(
                "shares-assumed",
                Severity.WARNING,
                f"{raw.ifc_class} {raw.name or raw.global_id}: the model gives no shares of its "
                f"{len(portions)} materials; equal shares were assumed.",
                global_id=raw.global_id,
                hint="Use a layer set, or give the constituents fractions.",
            )
        masses = [p.mass_kg for p in portions]
        known = [m for m in masses if m is not None]
        return portions, sum(known) if len(known) == len(masses) else None

    def _portion(
        self,
        raw: RawElement,
        part: RawPortion,
        resolved: Resolved,
        type_name: str,
        use: str,
        has_material: bool,
        count: int,
    ) -> Portion:
        volume = None
        if resolved.volume_m3 is not None and part.share:
            volume = resolved.volume_m3 * part.share
        material_id, family, score, reason = self._match(raw, part, type_name, use, has_material)
        frame = self._frame(part, family, use, volume, resolved, count, reason)
        if frame is not None:
            material_id, reason = frame
            family = self._matcher.library[material_id].family
            score = None if score is None else score * _FRAME_CONFIDENCE
        density, density_origin = self._density(part, material_id)
        if reason.startswith(_BY_USER):
            hollow = False
        else:
            hollow = hollow_metal(family, use, volume, resolved.area_m2, resolved.length_m)
        if hollow:
            density, density_origin = None, ""
            self._log.add(
                "metal-drawn-full",
                Severity.WARNING,
                f"{raw.ifc_class} {raw.name or raw.global_id}: {part.name!r} is drawn as {volume:.3g} m3 of "
                "solid metal, which can only be hollow; its mass is unknown.",
                global_id=raw.global_id,
                hint="If it is solid, say so in materials.csv and run again with --mapping.",
            )
        mass, mass_origin = None, ""
        if volume is not None and density is not None:
            mass, mass_origin = volume * density, f"volume x density ({density_origin})"
            if resolved.weight_kg and count == 1:
                self._check_weight(raw, resolved, mass)
        elif resolved.weight_kg is not None and part.share:
            mass, mass_origin = resolved.weight_kg * part.share, resolved.weight_source
        if mass is None and volume is not None and material_id is not None and not hollow:
            self._log.add(
                "density-unknown",
                Severity.WARNING,
                f"{raw.ifc_class} {raw.name or raw.global_id}: {material_id} has no usual density, "
                "so its mass is unknown.",
                global_id=raw.global_id,
                hint="Map the name to the material that it is made of.",
            )
        return Portion(
            name=part.name,
            use=use,
            layer=part.layer,
            position=part.position,
            category=part.category,
            material_id=material_id,
            family=family,
            score=score,
            reason=reason,
            share=part.share,
            share_origin=part.share_origin,
            thickness_m=part.thickness_m,
            volume_m3=volume,
            density_kg_m3=density,
            density_origin=density_origin,
            mass_kg=mass,
            mass_origin=mass_origin,
        )

    def _match(
        self, raw: RawElement, part: RawPortion, type_name: str, use: str, has_material: bool
    ) -> tuple[str | None, str, float | None, str]:
        if not has_material:
            return None, "unknown", None, NO_MATERIAL
        if part.layer == AIR_LAYER and not part.name:
            return "air", "air", 1.0, _AIR_BY_DEFINITION
        key = (part.name, use, part.layer, part.category, part.thickness_m, part.material_step_id, type_name)
        found = self._matches.get(key)
        if found is None:
            from passport.matching import MaterialQuery

            found = self._matcher.match(
                MaterialQuery(
                    name=part.name,
                    use=use,
                    ifc_class=raw.ifc_class,
                    thickness_m=part.thickness_m,
                    density_kg_m3=self._densities.get(part.material_step_id or -1),
                    category=part.category or part.layer,
                    type_name=type_name,
                )
            )
            self._matches[key] = found
        return found.material_id, found.family, found.score, found.reason

    def _frame(
        self,
        part: RawPortion,
        family: str,
        use: str,
        volume: float | None,
        resolved: Resolved,
        count: int,
        reason: str,
    ) -> tuple[str, str] | None:
        """(material id, reason) when a full layer stands for a frame; a user's mapping is never overruled."""
        if part.share_origin not in _DRAWN or reason.startswith(_BY_USER):
            return None
        thickness = part.thickness_m
        if thickness is None and volume is not None and resolved.area_m2:
            thickness = volume / resolved.area_m2
        material_id = frame_layer(family, use, thickness, count)
        if material_id is None or thickness is None:
            return None
        self._log.add(
            "frame-layer",
            Severity.WARNING,
            f"A layer of {part.name!r} in {use} is drawn full; it was taken as a frame with voids "
            f"({material_id}).",
            hint="If it is solid, say so in materials.csv and run again with --mapping.",
        )
        return material_id, f"{reason}; a layer of {1000 * thickness:.0f} mm is a frame with voids, not solid"

    def _density(self, part: RawPortion, material_id: str | None) -> tuple[float | None, str]:
        stated = self._densities.get(part.material_step_id) if part.material_step_id else None
        if material_id is None:
            return (stated, "model") if stated is not None else (None, "")
        material = self._matcher.library[material_id]
        if material.density_kg_m3 is None:
            return (stated, "model") if stated is not None else (None, "")
        if stated is None:
            return material.density_kg_m3, "library"
        low = (material.density_low or material.density_kg_m3) / _DENSITY_FACTOR
        high = (material.density_high or material.density_kg_m3) * _DENSITY_FACTOR
        if low <= stated <= high:
            return stated, "model"
        self._log.add(
            "density-differs",
            Severity.WARNING,
            f"Material {part.name!r} states {stated:g} kg/m3; {material_id} has "
            f"{material.density_kg_m3:g} kg/m3, which was used.",
            hint="Check the density in the model, or map the name to another material.",
        )
        return material.density_kg_m3, "library"

    def _check_weight(self, raw: RawElement, resolved: Resolved, mass: float) -> None:
        weight = resolved.weight_kg or 0.0
        if abs(weight / mass - 1) > _WEIGHT_DIFFERS:
            self._log.add(
                "weight-differs",
                Severity.WARNING,
                f"{resolved.weight_source} is {weight:.4g} kg, volume x density gives {mass:.4g} kg.",
                global_id=raw.global_id,
                hint="The material, its density or the units are not what the model's author had in mind.",
            )


def use_of(ifc_class: str) -> str:
    """Class without the variants of IFC2X3 and IFC4 that mean the same; the `use` of a mapping row.

    Example:
        >>> use_of("IfcWallStandardCase")
        'IfcWall'
    """
    for ending in ("StandardCase", "ElementedCase"):
        if ifc_class.endswith(ending):
            return ifc_class.removesuffix(ending)
    return ifc_class
