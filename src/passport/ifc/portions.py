"""Materials and volumes of an element become portions with mass.

Mass is volume times density; a stated weight stands in where there is no volume. The density is the
model's where it states a believable one, otherwise the library's. Volume is the element's times the share,
unless a rule of `part_volumes` gives it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from passport.findings import FindingLog, Severity
from passport.ifc.allotment import Allotment
from passport.ifc.body import Body
from passport.ifc.elements import RawElement
from passport.ifc.frame_layers import frame_layer, hollow_metal
from passport.ifc.material_evidence import Codes
from passport.ifc.materials import AIR_LAYER, BY_WEIGHT, MaterialSet, RawPortion
from passport.ifc.part_volumes import PartVolumes
from passport.ifc.quantities import Resolved
from passport.ifc.stated_sizes import StatedSizes
from passport.matching.models import Match
from passport.models import Alternative, Portion

if TYPE_CHECKING:
    from reference.assumptions import Assumption

#: A density of the model further than this factor from the library's range is doubted and not used.
_DENSITY_FACTOR = 2.0
#: A stated weight further than this from volume x density is a finding.
_WEIGHT_DIFFERS = 0.25

#: How a share may be known for a layer that is drawn with its full thickness.
_DRAWN = frozenset({"layers", "widths", "geometry"})
#: Metals of the library are denser than this unless they are the envelope of a hollow profile [kg/m3].
_SOLID_METAL = 2000.0
#: A frame instead of a full layer is likely, not certain.
_FRAME_CONFIDENCE = 0.9

NO_MATERIAL = "the element has no material"
_AIR_BY_DEFINITION = "layer without a material: air by definition of IFC"


@dataclass(frozen=True, slots=True)
class Stated:
    """What the model states about its materials, by step id of the material.

    Attributes:
        densities_kg_m3: mass densities.
        codes: (system, code) pairs of classifications.
        appearances: names of surface styles.
    """

    densities_kg_m3: dict[int, float]
    codes: dict[int, Codes] = field(default_factory=dict)
    appearances: dict[int, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Around:
    """What is known of an element besides its class, as evidence for its materials."""

    type_name: str = ""
    predefined_type: str = ""
    is_external: bool | None = None
    load_bearing: bool | None = None
    codes: Codes = ()


class PortionBuilder:
    """Builds portions; every distinct name with the same evidence around it is matched once.

    Args:
        matcher: from names to materials.
        stated: what the model states about its materials.
        log: for findings.
        assume: give elements without a material the usual one of their class and place.
    """

    def __init__(self, matcher: Any, stated: Stated, log: FindingLog, *, assume: bool = False) -> None:
        self._matcher = matcher
        self._stated = stated
        self._densities = stated.densities_kg_m3
        self._assume = assume
        self._assumptions: dict[Match, Assumption] = {}
        self._log = log
        self._matches: dict[tuple[Any, ...], Match] = {}
        self._volumes = PartVolumes(matcher.library, log)

    def build(
        self,
        raw: RawElement,
        material: MaterialSet,
        resolved: Resolved,
        around: Around,
        sizes: StatedSizes | None = None,
        body: Body | None = None,
    ) -> tuple[tuple[Portion, ...], float | None]:
        """Portions of one element and its mass [kg], None unless every portion's mass is known.

        Args:
            raw: the element.
            material: its materials with their shares.
            resolved: its quantities.
            around: what else is known of the element, for the matcher.
            sizes: frame, pane, diameter and wall sizes that the model states; None for classes without.
            body: its shape, None when not computed.
        """
        parts = material.portions or (RawPortion(name="", share=1.0),)
        use = use_of(raw.ifc_class)
        matches = [
            self._match(raw, part, around, use, len(parts) if material.portions else 0) for part in parts
        ]
        parts = self._by_volume(raw, parts, matches)
        allotted = self._volumes.of(raw, parts, matches, resolved, sizes, body)
        portions = tuple(
            self._portion(raw, part, match, rule, resolved, use, len(parts))
            for part, match, rule in zip(parts, matches, allotted, strict=True)
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
        if resolved.weight_kg is not None and any(a is not None and a.modelled for a in allotted):
            portions = _weighed(portions, resolved.weight_kg, resolved.weight_source)
        masses = [p.mass_kg for p in portions]
        known = [m for m in masses if m is not None]
        return portions, sum(known) if len(known) == len(masses) else None

    def _by_volume(
        self, raw: RawElement, parts: tuple[RawPortion, ...], matches: list[Match]
    ) -> tuple[RawPortion, ...]:
        """Fractions by weight as fractions by volume; they stay as they are when a density is unknown."""
        if not any(p.share_origin == BY_WEIGHT for p in parts):
            return parts
        densities = [self._density(p, m.material_id)[0] for p, m in zip(parts, matches, strict=True)]
        known = [
            (p.share or 0.0) / d for p, d in zip(parts, densities, strict=True) if d is not None and d > 0
        ]
        if len(known) < len(parts) or sum(known) <= 0:
            names = ", ".join(repr(p.name) for p, d in zip(parts, densities, strict=True) if d is None)
            self._log.add(
                "fraction-by-weight-needs-density",
                Severity.WARNING,
                f"{raw.ifc_class} {raw.name or raw.global_id}: fractions by weight need the density of "
                f"{names}; they were taken by volume.",
                global_id=raw.global_id,
                hint="Map the names to materials of the library.",
            )
            return tuple(replace(p, share_origin="fraction") for p in parts)
        return tuple(replace(p, share=v / sum(known)) for p, v in zip(parts, known, strict=True))

    def _portion(
        self,
        raw: RawElement,
        part: RawPortion,
        match: Match,
        rule: Allotment | None,
        resolved: Resolved,
        use: str,
        count: int,
    ) -> Portion:
        share, share_origin = part.share, part.share_origin
        if rule is not None:
            volume, share, share_origin = rule.volume_m3, rule.share, rule.origin
        else:
            volume = resolved.volume_m3 * share if resolved.volume_m3 is not None and share else None
        material_id, family, score, reason = match.material_id, match.family, match.score, match.reason
        if rule is not None:
            reason += rule.reason
            if rule.material_id is not None:
                material_id = rule.material_id
                family = self._matcher.library[material_id].family
        frame = None if match.by_user else self._frame(part, family, use, volume, resolved, count, reason)
        if frame is not None:
            material_id, reason = frame
            family = self._matcher.library[material_id].family
            score = None if score is None else score * _FRAME_CONFIDENCE
        density, density_origin = self._density(part, material_id)
        low, high = (None, None) if rule is None else (rule.share_low, rule.share_high)
        assumed = self._assumptions.get(match)
        if assumed is not None and assumed.density_kg_m3 is not None:
            density, density_origin = assumed.density_kg_m3, "assumption"
            if (
                share
                and rule is None
                and assumed.density_low is not None
                and assumed.density_high is not None
            ):
                # The mass lies between mass x share_low / share and mass x share_high / share.
                low = share * (assumed.density_low or density) / density
                high = share * (assumed.density_high or density) / density
        if rule is not None and rule.density is not None and density_origin != "model":
            density, density_origin = rule.density
        if match.by_user or assumed is not None or (density is not None and density < _SOLID_METAL):
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
            if resolved.weight_kg and count == 1 and not (rule is not None and rule.modelled):
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
            step=match.step,
            proposal=match.proposal,
            alternatives=_alternatives(match) if match.alternatives else (),
            share=share,
            share_origin=share_origin,
            share_low=low,
            share_high=high,
            thickness_m=part.thickness_m,
            volume_m3=volume,
            density_kg_m3=density,
            density_origin=density_origin,
            mass_kg=mass,
            mass_origin=mass_origin,
        )

    def _match(self, raw: RawElement, part: RawPortion, around: Around, use: str, count: int) -> Match:
        """What the material of a part is; `count` is the number of parts, 0 for no material at all."""
        if not count:
            decided: Match | None = self._matcher.decided_without_material(around.type_name, use)
            assumed = self._assumed(raw, around) if decided is None and self._assume else None
            return decided or assumed or Match("", None, "unknown", None, NO_MATERIAL, "none")
        if part.layer == AIR_LAYER and not part.name:
            return Match("", "air", "air", 1.0, _AIR_BY_DEFINITION, "exact")
        layered = part.thickness_m is not None or count == 1
        position = part.position if layered else None
        key = (
            part.name, use, part.layer, part.category, part.thickness_m, part.material_step_id, around,
            position, count,
        )  # fmt: skip
        found = self._matches.get(key)
        if found is None:
            from passport.matching import MaterialQuery

            step_id = part.material_step_id or -1
            found = self._matcher.match(
                MaterialQuery(
                    name=part.name,
                    use=use,
                    ifc_class=raw.ifc_class,
                    thickness_m=part.thickness_m,
                    density_kg_m3=self._densities.get(step_id),
                    category=part.category or part.layer,
                    type_name=around.type_name,
                    classification=(*self._stated.codes.get(step_id, ()), *around.codes),
                    layer_position=position,
                    layer_count=count if layered else None,
                    appearance=self._stated.appearances.get(step_id, ()),
                    is_external=around.is_external,
                )
            )
            self._matches[key] = found
        return found

    def _assumed(self, raw: RawElement, around: Around) -> Match | None:
        """The usual material of an element that states none; None where none is usual."""
        from reference.assumptions import assumption_for

        found = assumption_for(
            raw.ifc_class,
            around.predefined_type,
            is_external=around.is_external,
            load_bearing=around.load_bearing,
        )
        if found is None:
            return None
        from passport.matching import Candidate

        library = self._matcher.library
        others = tuple(
            Candidate(material_id, library[material_id].family, probability, "usual as well")
            for material_id, probability in found.alternatives
        )
        self._log.add(
            "material-assumed",
            Severity.WARNING,
            f"{raw.ifc_class} {raw.name or raw.global_id} states no material; "
            f"{found.material_id} was assumed.",
            global_id=raw.global_id,
            hint="Assign a material in the model, or decide in materials.csv.",
        )
        reason = f"assumed: the element has no material; {found.note}".rstrip("; ")
        family = library[found.material_id].family
        match = Match("", found.material_id, family, found.probability, reason, "assumption", others)
        self._assumptions[match] = found
        return match

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
        """(material id, reason) when a full layer stands for a frame."""
        if part.share_origin not in _DRAWN:
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


@lru_cache(maxsize=4096)
def _alternatives(match: Match) -> tuple[Alternative, ...]:
    """Other materials that the name may mean; one tuple for all portions of a match."""
    return tuple(Alternative(c.material_id, c.score) for c in match.alternatives)


def _weighed(portions: tuple[Portion, ...], weight_kg: float, source: str) -> tuple[Portion, ...]:
    """Portions of a filling without a volume, whose masses sum to the stated weight."""
    total = sum(p.mass_kg or 0.0 for p in portions)
    if total <= 0 or any(p.mass_kg is None for p in portions):
        return portions
    return tuple(
        replace(p, mass_kg=(p.mass_kg or 0.0) * weight_kg / total, mass_origin=f"{source}, shared by mass")
        for p in portions
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
