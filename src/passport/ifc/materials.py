"""Materials of an element as portions with share and thickness, whatever way the model associates them."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any, Literal

from passport.findings import FindingLog, Severity
from passport.ifc.schema import Schema
from passport.ifc.shapes.errors import BadShapeError, NotExactError
from passport.ifc.shapes.profiles import ProfileReader

#: Rounding that sums of fractions may carry.
_FRACTION_TOLERANCE = 1e-3

#: `share_origin` of a guess.
ASSUMED = "equal shares (assumed)"

#: `share_origin` of constituent fractions, and of fractions that are of the weight.
BY_VOLUME, BY_WEIGHT = "fraction", "fraction by weight"
FractionBy = Literal["volume", "weight"]

#: Layer name of a layer without material, which the schema defines as air.
AIR_LAYER = "air layer"
REMAINDER = "(rest of the constituent set)"


@dataclass(frozen=True, slots=True)
class RawPortion:
    """One material of an association, before volumes are known.

    Attributes:
        share: of the element's volume, None when the association gives none.
        share_origin: how the share is known; ``equal shares (assumed)`` marks a guess.
    """

    name: str
    material_step_id: int | None = None
    category: str = ""
    layer: str = ""
    position: int = 0
    thickness_m: float | None = None
    share: float | None = None
    share_origin: str = "whole"


@dataclass(frozen=True, slots=True)
class MaterialSet:
    """Portions of one association.

    Attributes:
        thickness_m: sum of its layers, None when not layered.
        section_m2: sum of its profiles, None when it has none or their areas are not known.
    """

    portions: tuple[RawPortion, ...]
    thickness_m: float | None = None
    section_m2: float | None = None


class MaterialReader:
    """Turns material associations into portions; each association is read once.

    Args:
        length_factor: model length to m.
        angle_factor: model plane angle to radian.
        fraction_by: what a constituent's Fraction is a fraction of; the standard does not say. Shares by
            weight are marked, and become shares of the volume where the densities are known.
    """

    def __init__(
        self,
        schema: Schema,
        length_factor: float,
        log: FindingLog,
        angle_factor: float = 1.0,
        fraction_by: FractionBy = "volume",
    ) -> None:
        self._fraction = BY_WEIGHT if fraction_by == "weight" else BY_VOLUME
        self._sections = ProfileReader(angle_factor)
        self._schema = schema
        self._to_m = length_factor
        self._log = log
        self._memo: dict[int, MaterialSet] = {}
        self._names: dict[int, tuple[str, str]] = {}

    def read(self, association: Any) -> MaterialSet:
        """Portions of an IfcMaterialSelect."""
        key = association.id()
        if key not in self._memo:
            self._memo[key] = self._read(association)
        return self._memo[key]

    def _read(self, association: Any) -> MaterialSet:
        kind = association.is_a()
        if kind == "IfcMaterial":
            return MaterialSet((self._portion(association, share=1.0),))
        if kind == "IfcMaterialLayerSetUsage":
            return self.read(association.ForLayerSet) if association.ForLayerSet else MaterialSet(())
        if kind == "IfcMaterialLayerSet":
            return self._layers(association.MaterialLayers or ())
        if kind in ("IfcMaterialLayer", "IfcMaterialLayerWithOffsets"):
            return self._layers((association,))
        if kind in ("IfcMaterialProfileSetUsage", "IfcMaterialProfileSetUsageTapering"):
            return self.read(association.ForProfileSet) if association.ForProfileSet else MaterialSet(())
        if kind == "IfcMaterialProfileSet":
            return self._profiles(association.MaterialProfiles or ())
        if kind in ("IfcMaterialProfile", "IfcMaterialProfileWithOffsets"):
            return self._profiles((association,))
        if kind == "IfcMaterialConstituentSet":
            return self._constituents(association.MaterialConstituents or ())
        if kind == "IfcMaterialConstituent":
            return self._constituents((association,))
        if kind == "IfcMaterialList":
            materials = association.Materials or ()
            return MaterialSet(_equal_shares([self._portion(m, position=i) for i, m in enumerate(materials)]))
        self._log.add(
            "material-association-unknown",
            Severity.WARNING,
            f"Material association {kind} is not known; the element is treated as without material.",
        )
        return MaterialSet(())

    def _portion(self, material: Any, **fields: Any) -> RawPortion:
        if material is None:
            # An empty material of a layer is an air layer by definition of the schema.
            return RawPortion(name="", **fields)
        step_id = material.id()
        if step_id not in self._names:
            self._names[step_id] = (self._text(material, "Name"), self._text(material, "Category"))
        name, category = self._names[step_id]
        fields.setdefault("category", category)
        if not fields["category"]:
            fields["category"] = category
        return RawPortion(name=name, material_step_id=step_id, **fields)

    def _layers(self, layers: tuple[Any, ...]) -> MaterialSet:
        portions = []
        for position, layer in enumerate(layers):
            material = self._get(layer, "Material")
            thickness = (self._get(layer, "LayerThickness") or 0.0) * self._to_m
            if not thickness >= 0 or math.isinf(thickness):
                self._log.add(
                    "layer-thickness",
                    Severity.ERROR,
                    f"Material layer #{layer.id()} has the thickness {layer.LayerThickness}; it was ignored.",
                )
                thickness = 0.0
            is_air = material is None
            portions.append(
                self._portion(
                    material,
                    position=position,
                    layer=AIR_LAYER if is_air else self._text(layer, "Name"),
                    category=self._text(layer, "Category"),
                    thickness_m=thickness or None,
                    share_origin="layers",
                )
            )
        total = sum(p.thickness_m or 0.0 for p in portions)
        if total <= 0:
            return MaterialSet(_equal_shares(portions))
        return MaterialSet(
            tuple(replace(p, share=(p.thickness_m or 0.0) / total) for p in portions), thickness_m=total
        )

    def _profiles(self, profiles: tuple[Any, ...]) -> MaterialSet:
        portions = [
            self._portion(
                self._get(p, "Material"),
                position=i,
                layer=self._text(p, "Name"),
                category=self._text(p, "Category"),
                share_origin="profiles",
            )
            for i, p in enumerate(profiles)
        ]
        areas = [self._section_m2(self._get(p, "Profile")) for p in profiles]
        known = [a for a in areas if a is not None]
        section = sum(known) if known and len(known) == len(areas) else None
        if len(portions) == 1:
            return MaterialSet((replace(portions[0], share=1.0),), section_m2=section)
        if section is None:
            return MaterialSet(_equal_shares(portions))
        shares = tuple(replace(p, share=a / section) for p, a in zip(portions, known, strict=True))
        return MaterialSet(shares, section_m2=section)

    def _section_m2(self, profile: Any) -> float | None:
        """Area of a profile; None when it has none that can be told."""
        if profile is None:
            return None
        try:
            return sum(region.area for region in self._sections.read(profile)) * self._to_m**2
        except (BadShapeError, NotExactError):
            return None

    def _constituents(self, constituents: tuple[Any, ...]) -> MaterialSet:
        portions = [
            self._portion(
                self._get(c, "Material"),
                position=i,
                layer=self._text(c, "Name"),
                category=self._text(c, "Category"),
                share=self._get(c, "Fraction"),
                share_origin=self._fraction,
            )
            for i, c in enumerate(constituents)
        ]
        fractions = [p.share for p in portions]
        if len(portions) == 1 and fractions[0] is None:
            return MaterialSet((replace(portions[0], share=1.0, share_origin="whole"),))
        if any(f is None or not 0 <= f <= 1 for f in fractions):
            return MaterialSet(_equal_shares(portions))
        total = math.fsum(f for f in fractions if f is not None)
        if total > 1 + _FRACTION_TOLERANCE:
            self._log.add(
                "fractions-above-one",
                Severity.WARNING,
                f"Constituent fractions of {', '.join(p.name for p in portions)} sum to {total:.3f}; "
                "they were scaled to 1.",
            )
            portions = [replace(p, share=(p.share or 0.0) / total) for p in portions]
        elif total < 1 - _FRACTION_TOLERANCE:
            self._log.add(
                "fractions-below-one",
                Severity.WARNING,
                f"Constituent fractions of {', '.join(p.name for p in portions)} sum to {total:.3f}; "
                "the rest is an unknown portion.",
            )
            portions.append(
                RawPortion(
                    name=REMAINDER, position=len(portions), share=1 - total, share_origin=self._fraction
                )
            )
        return MaterialSet(tuple(portions))

    def _get(self, entity: Any, attribute: str) -> Any:
        """Value of an attribute, None where the class has none of that name."""
        index = self._schema.find(entity.is_a(), attribute)
        return None if index is None else entity.get_argument(index)

    def _text(self, entity: Any, attribute: str) -> str:
        return self._get(entity, attribute) or ""


def with_widths(material_set: MaterialSet, widths_m: dict[str, float]) -> MaterialSet:
    """Shares of constituents from layer widths found in complex quantities, joined by name.

    Revit writes the widths beside a constituent set without fractions. Used only when every constituent
    finds a width, otherwise the set stays as it is.
    """
    if not material_set.portions or any(p.share_origin != ASSUMED for p in material_set.portions):
        return material_set
    found = [widths_m.get(p.layer.lower()) or widths_m.get(p.name.lower()) for p in material_set.portions]
    total = sum(w or 0.0 for w in found)
    if any(w is None for w in found) or total <= 0:
        return material_set
    portions = tuple(
        replace(p, thickness_m=w or None, share=(w or 0.0) / total, share_origin="widths")
        for p, w in zip(material_set.portions, found, strict=True)
    )
    return MaterialSet(portions, thickness_m=total)


def with_item_volumes(material_set: MaterialSet, names_m3: dict[str, float]) -> MaterialSet:
    """Shares of a list or constituent set from the volumes of the items that are drawn for each material.

    Used when at least 95 % of the drawn volume carries the name of a material of the set, or of its layer;
    a material that is not drawn then has no share (unknown, not zero).
    """
    portions = material_set.portions
    if len(portions) < 2 or any(p.share_origin != ASSUMED for p in portions):
        return material_set
    drawn = {name.lower(): volume for name, volume in names_m3.items() if volume > 0}
    total = math.fsum(drawn.values())
    keys = [next((k for k in (p.name.lower(), p.layer.lower()) if k in drawn), "") for p in portions]
    found = math.fsum(drawn[k] for k in dict.fromkeys(keys) if k)
    if total <= 0 or found < 0.95 * total:
        return material_set
    return MaterialSet(
        tuple(
            replace(p, share=drawn[k] / total / keys.count(k) if k else None, share_origin="geometry")
            for p, k in zip(portions, keys, strict=True)
        )
    )


def _equal_shares(portions: list[RawPortion]) -> tuple[RawPortion, ...]:
    """No share is known: equal shares, marked as assumed."""
    if len(portions) == 1:
        return (replace(portions[0], share=1.0, share_origin="whole"),)
    return tuple(replace(p, share=1.0 / len(portions), share_origin=ASSUMED) for p in portions)


def model_densities(file: Any, schema: Schema, log: FindingLog) -> dict[int, float]:
    """Mass densities that the model states, by step id of the material [kg/m3].

    IFC4: property MassDensity of any IfcMaterialProperties; IFC2X3: IfcGeneralMaterialProperties. Densities
    outside 1-25 000 kg/m3 are findings and are not used (the unit of a derived measure is rarely declared
    right).
    """
    densities: dict[int, float] = {}
    for properties in schema.by_type(file, "IfcMaterialProperties"):
        value: Any = None
        if properties.is_a() == "IfcGeneralMaterialProperties":
            value = properties.MassDensity
        for item in getattr(properties, "Properties", None) or ():
            if item.is_a() == "IfcPropertySingleValue" and (item.Name or "").lower() == "massdensity":
                value = item.NominalValue.wrappedValue if item.NominalValue is not None else None
        material = getattr(properties, "Material", None)
        if not isinstance(value, int | float) or material is None:
            continue
        if 1.0 <= value <= 25_000.0:
            densities[material.id()] = float(value)
        elif value != 0:
            log.add(
                "density-implausible",
                Severity.WARNING,
                f"Material {material.get_argument(0) or ''} states {value:g} kg/m3; it was not used.",
            )
    return densities
