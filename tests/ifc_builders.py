"""Tiny IFC models, one broken thing each, written to a file for the reader."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import ifcopenshell
import ifcopenshell.guid

_PREFIXED = {"m": None, "mm": "MILLI"}


class TinyModel:
    """A project with one building and one storey; everything else is added by the test.

    Args:
        schema: IFC2X3, IFC4 or IFC4X3.
        unit: "m", "mm", "ft" or None (no unit assignment); areas and volumes follow.
        volume_unit: another unit for volumes only ("m" or "mm").
    """

    def __init__(
        self, schema: str = "IFC4", unit: str | None = "m", volume_unit: str | None = None, mass: str = "kg"
    ) -> None:
        self.file = ifcopenshell.file(schema=schema)
        self.schema = schema
        self._count = 0
        self._history = None
        if schema == "IFC2X3":
            person = self.file.create_entity("IfcPerson", FamilyName="Test")
            organisation = self.file.create_entity("IfcOrganization", Name="Test")
            both = self.file.create_entity(
                "IfcPersonAndOrganization", ThePerson=person, TheOrganization=organisation
            )
            application = self.file.create_entity("IfcApplication", organisation, "1", "Tiny", "tiny")
            self._history = self.file.create_entity(
                "IfcOwnerHistory", both, application, None, "ADDED", None, None, None, 0
            )
        self.project = self.root("IfcProject", Name="Tiny")
        if unit is not None:
            self.project.UnitsInContext = self._units(unit, volume_unit or unit, mass)
        context = self.file.create_entity(
            "IfcGeometricRepresentationContext",
            ContextType="Model",
            CoordinateSpaceDimension=3,
            Precision=1e-6,
            WorldCoordinateSystem=self._axes(),
        )
        self.project.RepresentationContexts = [context]
        self.context = context
        self.building = self.root("IfcBuilding", Name="House")
        self.storey = self.root("IfcBuildingStorey", Name="Ground floor", Elevation=0.0)
        self.aggregate(self.project, self.building)
        self.aggregate(self.building, self.storey)

    # -- entities -----------------------------------------------------------------------------------

    def root(self, ifc_class: str, **attributes: Any) -> Any:
        """A rooted entity with a GlobalId that is the same in every run."""
        self._count += 1
        global_id = ifcopenshell.guid.compress(uuid.uuid5(uuid.NAMESPACE_OID, str(self._count)).hex)
        attributes.setdefault("GlobalId", global_id)
        entity = self.file.create_entity(ifc_class, **attributes)
        if self._history is not None:
            entity.OwnerHistory = self._history
        return entity

    def element(self, ifc_class: str = "IfcWall", name: str = "", **attributes: Any) -> Any:
        """An element in the storey."""
        element = self.root(ifc_class, Name=name or ifc_class, **attributes)
        self.root(
            "IfcRelContainedInSpatialStructure", RelatedElements=[element], RelatingStructure=self.storey
        )
        return element

    def aggregate(self, whole: Any, *parts: Any) -> None:
        self.root("IfcRelAggregates", RelatingObject=whole, RelatedObjects=list(parts))

    def type_of(self, element: Any, ifc_class: str, **attributes: Any) -> Any:
        kind = self.root(ifc_class, Name=f"type of {element.Name}", **attributes)
        self.root("IfcRelDefinesByType", RelatedObjects=[element], RelatingType=kind)
        return kind

    # -- materials ----------------------------------------------------------------------------------

    def material(self, name: str) -> Any:
        return self.file.create_entity("IfcMaterial", Name=name)

    def associate(self, material: Any, *objects: Any) -> Any:
        select = self.material(material) if isinstance(material, str) else material
        self.root("IfcRelAssociatesMaterial", RelatedObjects=list(objects), RelatingMaterial=select)
        return select

    def layers(self, *layers: tuple[str | None, float], usage: bool = True) -> Any:
        """A layer set (usage) of (material name or None for air, thickness in model units)."""
        made = [
            self.file.create_entity(
                "IfcMaterialLayer", Material=self.material(n) if n else None, LayerThickness=t
            )
            for n, t in layers
        ]
        layer_set = self.file.create_entity("IfcMaterialLayerSet", MaterialLayers=made)
        if not usage:
            return layer_set
        return self.file.create_entity("IfcMaterialLayerSetUsage", layer_set, "AXIS2", "POSITIVE", 0.0)

    def constituents(self, *constituents: tuple[str, float | None]) -> Any:
        made = [
            self.file.create_entity("IfcMaterialConstituent", Name=n, Material=self.material(n), Fraction=f)
            for n, f in constituents
        ]
        return self.file.create_entity("IfcMaterialConstituentSet", MaterialConstituents=made)

    def material_list(self, *names: str) -> Any:
        return self.file.create_entity("IfcMaterialList", Materials=[self.material(n) for n in names])

    def profile_set(self, *profiles: tuple[str, float, float], usage: bool = True) -> Any:
        """A profile set (usage) of (material name, x, y): filled rectangles in model units."""
        made = [
            self.file.create_entity(
                "IfcMaterialProfile",
                Material=self.material(name),
                Profile=self.file.create_entity(
                    "IfcRectangleProfileDef", ProfileType="AREA", XDim=float(x), YDim=float(y)
                ),
            )
            for name, x, y in profiles
        ]
        profile_set = self.file.create_entity("IfcMaterialProfileSet", MaterialProfiles=made)
        if not usage:
            return profile_set
        return self.file.create_entity("IfcMaterialProfileSetUsage", ForProfileSet=profile_set)

    def fill(self, opening: Any, element: Any) -> None:
        """A window or door in an opening."""
        self.root("IfcRelFillsElement", RelatingOpeningElement=opening, RelatedBuildingElement=element)

    # -- quantities and properties --------------------------------------------------------------------

    def quantities(self, obj: Any, set_name: str | None = "BaseQuantities", **values: Any) -> Any:
        """A quantity set; ``Volume_NetVolume=2.0`` is an IfcQuantityVolume of that name. A value may be
        (number, unit entity)."""
        made = []
        for key, value in values.items():
            kind, name = key.split("_", 1)
            number, unit = value if isinstance(value, tuple) else (value, None)
            quantity = self.file.create_entity(f"IfcQuantity{kind}", Name=name.replace("_", " "))
            quantity[2], quantity[3] = unit, number
            made.append(quantity)
        definition = self.root("IfcElementQuantity", Name=set_name, Quantities=made)
        return self._define(obj, definition)

    def properties(self, obj: Any, set_name: str, **values: tuple[str, Any]) -> Any:
        """A property set; ``Volume=("IfcVolumeMeasure", 2.0)``."""
        made = [
            self.file.create_entity(
                "IfcPropertySingleValue",
                Name=name.replace("_", " "),
                NominalValue=self.file.create_entity(measure, value),
            )
            for name, (measure, value) in values.items()
        ]
        return self._define(obj, self.root("IfcPropertySet", Name=set_name, HasProperties=made))

    def quantity(self, kind: str, name: str, value: float, unit: Any = None) -> Any:
        """One IfcQuantity of a kind (Volume, Area, Length, Weight, Count) under any name."""
        quantity = self.file.create_entity(f"IfcQuantity{kind}", Name=name)
        quantity[2], quantity[3] = unit, value
        return quantity

    def quantity_set(self, obj: Any, set_name: str | None, *quantities: Any) -> Any:
        """A quantity set of quantities made by `quantity`; names may be any text and occur twice."""
        return self._define(obj, self.root("IfcElementQuantity", Name=set_name, Quantities=list(quantities)))

    def _define(self, obj: Any, definition: Any) -> Any:
        if obj.is_a("IfcTypeObject"):
            obj.HasPropertySets = [*(obj.HasPropertySets or ()), definition]
        else:
            self.root(
                "IfcRelDefinesByProperties", RelatedObjects=[obj], RelatingPropertyDefinition=definition
            )
        return definition

    # -- geometry -------------------------------------------------------------------------------------

    def box(self, element: Any, x: float, y: float, z: float, *, at: tuple[float, ...] = (0, 0, 0)) -> Any:
        """A body extruded from an x by y rectangle over z, in model units."""
        element.ObjectPlacement = self.file.create_entity(
            "IfcLocalPlacement", RelativePlacement=self._axes(at)
        )
        solid = self.extrusion(x, y, z)
        element.Representation = self.file.create_entity(
            "IfcProductDefinitionShape", Representations=[self._body(solid)]
        )
        return solid

    def extrusion(self, x: float, y: float, z: float, *, at: tuple[float, ...] = (0, 0, 0)) -> Any:
        profile = self.file.create_entity(
            "IfcRectangleProfileDef",
            ProfileType="AREA",
            Position=self.file.create_entity(
                "IfcAxis2Placement2D", self.file.create_entity("IfcCartesianPoint", (x / 2, y / 2))
            ),
            XDim=float(x),
            YDim=float(y),
        )
        up = self.file.create_entity("IfcDirection", (0.0, 0.0, 1.0))
        return self.file.create_entity("IfcExtrudedAreaSolid", profile, self._axes(at), up, float(z))

    def body_of(self, element: Any, *solids: Any) -> None:
        element.ObjectPlacement = self.file.create_entity("IfcLocalPlacement", RelativePlacement=self._axes())
        element.Representation = self.file.create_entity(
            "IfcProductDefinitionShape", Representations=[self._body(*solids)]
        )

    def style(self, item: Any, name: str) -> None:
        rendering = self.file.create_entity(
            "IfcSurfaceStyleShading",
            SurfaceColour=self.file.create_entity("IfcColourRgb", None, 0.5, 0.5, 0.5),
        )
        surface = self.file.create_entity("IfcSurfaceStyle", name, "BOTH", [rendering])
        self.file.create_entity("IfcStyledItem", item, [surface])

    def opening(self, host: Any, x: float, y: float, z: float, *, at: tuple[float, ...]) -> Any:
        opening = self.root("IfcOpeningElement", Name="opening")
        self.box(opening, x, y, z, at=at)
        self.root("IfcRelVoidsElement", RelatingBuildingElement=host, RelatedOpeningElement=opening)
        return opening

    def save(self, folder: Path, name: str = "tiny.ifc") -> Path:
        path = folder / name
        self.file.write(str(path))
        return path

    def save_edited(
        self, folder: Path, *edits: tuple[Any, str, str], name: str = "edited.ifc", everywhere: bool = False
    ) -> Path:
        """Save, then edit the text of single instances: (entity, old text, new text).

        For what ifcopenshell refuses to set: NaN, 1e300, a class where another must stand, ``$``.

        Raises:
            AssertionError: an instance does not hold the old text.
        """
        path = self.save(folder, name)
        lines = path.read_text(encoding="utf-8").splitlines()
        for entity, old, new in edits:
            start = f"#{entity.id()}="
            places = [i for i, line in enumerate(lines) if line.startswith(start)]
            assert len(places) == 1 and old in lines[places[0]], (start, old, [lines[i] for i in places])
            head, body = lines[places[0]][: len(start)], lines[places[0]][len(start) :]
            lines[places[0]] = head + body.replace(old, new, -1 if everywhere else 1)
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    # -- inner ----------------------------------------------------------------------------------------

    def _body(self, *solids: Any) -> Any:
        return self.file.create_entity(
            "IfcShapeRepresentation", self.context, "Body", "SweptSolid", list(solids)
        )

    def _axes(self, at: tuple[float, ...] = (0, 0, 0)) -> Any:
        point = self.file.create_entity("IfcCartesianPoint", tuple(float(c) for c in at))
        return self.file.create_entity("IfcAxis2Placement3D", point)

    def si_unit(self, kind: str, name: str, prefix: str | None = None) -> Any:
        return self.file.create_entity("IfcSIUnit", None, kind, prefix, name)

    def converted_unit(self, kind: str, name: str, factor: float, si_name: str) -> Any:
        measure = {"LENGTHUNIT": "IfcLengthMeasure", "AREAUNIT": "IfcAreaMeasure"}.get(
            kind, "IfcVolumeMeasure"
        )
        dimensions = self.file.create_entity(
            "IfcDimensionalExponents", {"METRE": 1, "SQUARE_METRE": 2}.get(si_name, 3), 0, 0, 0, 0, 0, 0
        )
        value = self.file.create_entity(
            "IfcMeasureWithUnit", self.file.create_entity(measure, factor), self.si_unit(kind, si_name)
        )
        return self.file.create_entity("IfcConversionBasedUnit", dimensions, kind, name, value)

    def assign_units(self, *units: Any) -> None:
        """Replace the project's unit assignment."""
        self.project.UnitsInContext = self.file.create_entity("IfcUnitAssignment", list(units))

    def _units(self, unit: str, volume_unit: str, mass: str) -> Any:
        kinds = (
            ("LENGTHUNIT", "METRE", 1),
            ("AREAUNIT", "SQUARE_METRE", 2),
            ("VOLUMEUNIT", "CUBIC_METRE", 3),
        )
        units = []
        for kind, name, power in kinds:
            chosen = volume_unit if kind == "VOLUMEUNIT" else unit
            if chosen == "ft":
                units.append(self.converted_unit(kind, f"FOOT{power}", 0.3048**power, name))
            else:
                units.append(self.si_unit(kind, name, _PREFIXED[chosen]))
        units.append(self.si_unit("MASSUNIT", "GRAM", "KILO" if mass == "kg" else None))
        return self.file.create_entity("IfcUnitAssignment", units)
