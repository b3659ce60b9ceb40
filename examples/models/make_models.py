"""Writes the example models of this folder: `flemish-house.ifc` (IFC4) and `wall-ifc2x3.ifc` (IFC2X3).

Run as ``python make_models.py [FOLDER]``. The output is deterministic: GlobalIds follow from names, dates are
fixed and coordinates are rounded, so a second run writes the same bytes. All dimensions below are in metres;
they are written in the length unit of the model.
"""

from __future__ import annotations

import math
import sys
import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import ifcopenshell
import ifcopenshell.guid
import numpy as np
from ifcopenshell.api import (
    aggregate,
    classification,
    context,
    feature,
    geometry,
    material,
    owner,
    pset,
    root,
    spatial,
    unit,
)
from ifcopenshell.api import type as type_api
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
Point2 = tuple[float, float]
Point3 = tuple[float, float, float]
Layer = tuple[str | None, float]

HOUSE = "flemish-house.ifc"
WALL_2X3 = "wall-ifc2x3.ifc"

_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_DNS, "building-passport.example-models")
_TIME_STAMP = "2025-01-01T00:00:00"
_SECONDS = 1735689600  # the same moment for IfcOwnerHistory
_DIGITS = 6  # of coordinates, in the length unit of the file


def place(x: float, y: float, z: float, axis: Point2 = (1.0, 0.0)) -> Matrix:
    """Placement matrix at a point, local X along the horizontal direction `axis`, local Z up."""
    matrix = np.eye(4)
    matrix[:3, 0] = (axis[0], axis[1], 0.0)
    matrix[:3, 1] = (-axis[1], axis[0], 0.0)
    matrix[:3, 3] = (x, y, z)
    return matrix


def polygon_area(points: Sequence[Point2]) -> float:
    """Area of a simple polygon (shoelace formula)."""
    pairs = zip(points, [*points[1:], points[0]], strict=True)
    return abs(math.fsum(a[0] * b[1] - b[0] * a[1] for a, b in pairs)) / 2


class Model:
    """An IFC file under construction: thin helpers over the ifcopenshell API, metres in, model units out.

    Args:
        schema: IFC4 or IFC2X3.
        to_unit: model length units per metre.
    """

    def __init__(self, schema: str, project: str, to_unit: float) -> None:
        self.file: Any = ifcopenshell.file(schema=schema)
        self.name = project
        self.to_unit = to_unit
        self._materials: dict[str, Any] = {}
        self._keys: dict[int, str] = {}
        self._history = self._owner_history() if schema == "IFC2X3" else None
        self.project = self.root("IfcProject", project)
        length = unit.add_si_unit(self.file, "LENGTHUNIT", prefix="MILLI" if to_unit == 1000 else None)
        units = [
            length,
            *(unit.add_si_unit(self.file, u) for u in ("AREAUNIT", "VOLUMEUNIT", "PLANEANGLEUNIT")),
        ]
        mass = unit.add_si_unit(self.file, "MASSUNIT", prefix="KILO")
        metre = unit.add_si_unit(self.file, "LENGTHUNIT") if to_unit != 1 else length
        density = unit.add_derived_unit(self.file, "MASSDENSITYUNIT", None, {mass: 1, metre: -3})
        unit.assign_unit(self.file, units=[*units, mass, density])
        model = context.add_context(self.file, context_type="Model")
        self.body = context.add_context(
            self.file, "Model", context_identifier="Body", target_view="MODEL_VIEW", parent=model
        )

    def _owner_history(self) -> Any:
        person = owner.add_person(
            self.file, identification="author", family_name="Author", given_name="Example"
        )
        company = owner.add_organisation(self.file, identification="example", name="Example models")
        owner.add_person_and_organisation(self.file, person=person, organisation=company)
        owner.add_application(
            self.file,
            application_developer=company,
            version="1",
            application_full_name="building-passport example models",
            application_identifier="make_models",
        )
        return owner.create_owner_history(self.file)

    # -- solids, in local coordinates -----------------------------------------------------------------

    def _number(self, metres: float) -> float:
        return round(metres * self.to_unit, _DIGITS)

    def _point(self, *metres: float) -> Any:
        return self.file.create_entity("IfcCartesianPoint", [self._number(m) for m in metres])

    def _direction(self, *ratios: float) -> Any:
        return self.file.create_entity("IfcDirection", [round(float(r), 12) + 0.0 for r in ratios])

    def centred(self) -> Any:
        """Position of a profile that is centred on the origin."""
        return self.file.create_entity("IfcAxis2Placement2D", Location=self._point(0.0, 0.0))

    def rectangle(self, width: float, height: float, name: str | None = None, corner: bool = True) -> Any:
        """Rectangle profile, its corner (or its centre) in the origin."""
        position = self.centred()
        if corner:
            position.Location = self._point(width / 2, height / 2)
        return self.file.create_entity(
            "IfcRectangleProfileDef",
            ProfileType="AREA",
            ProfileName=name,
            Position=position,
            XDim=self._number(width),
            YDim=self._number(height),
        )

    def polygon(self, points: Sequence[Point2], voids: Iterable[Sequence[Point2]] = ()) -> Any:
        """Closed profile through `points`, with holes."""
        inner = [self._polyline(v) for v in voids]
        outer = self._polyline(points)
        if inner:
            return self.file.create_entity(
                "IfcArbitraryProfileDefWithVoids", ProfileType="AREA", OuterCurve=outer, InnerCurves=inner
            )
        return self.file.create_entity("IfcArbitraryClosedProfileDef", ProfileType="AREA", OuterCurve=outer)

    def _polyline(self, points: Sequence[Point2]) -> Any:
        corners = [self._point(*p) for p in points]
        return self.file.create_entity("IfcPolyline", Points=[*corners, corners[0]])

    def extrude(
        self,
        profile: Any,
        depth: float,
        at: Point3 = (0, 0, 0),
        axis: Point3 = (0, 0, 1),
        ref: Point3 = (1, 0, 0),
    ) -> Any:
        """Extrusion along `axis`; the profile's first axis lies along `ref`."""
        position = self.file.create_entity(
            "IfcAxis2Placement3D",
            Location=self._point(*at),
            Axis=self._direction(*axis),
            RefDirection=self._direction(*ref),
        )
        return self.file.create_entity(
            "IfcExtrudedAreaSolid",
            SweptArea=profile,
            Position=position,
            ExtrudedDirection=self._direction(0, 0, 1),
            Depth=self._number(depth),
        )

    def box(self, dx: float, dy: float, dz: float, at: Point3 = (0, 0, 0)) -> Any:
        """Box with its lowest corner in `at`."""
        return self.extrude(self.rectangle(dx, dy), dz, at)

    def along_x(self, profile: Any, length: float, at: Point3 = (0, 0, 0)) -> Any:
        """Profile in (y, z), extruded along +X."""
        return self.extrude(profile, length, at, (1, 0, 0), (0, 1, 0))

    def along_y(self, profile: Any, length: float, at: Point3 = (0, 0, 0)) -> Any:
        """Profile in (x, z), from the plane y = `at`.y to y + `length`."""
        return self.extrude(profile, length, (at[0], at[1] + length, at[2]), (0, -1, 0), (1, 0, 0))

    # -- things -----------------------------------------------------------------------------------------

    def root(self, ifc_class: str, name: str, predefined: str | None = None) -> Any:
        """Rooted entity; class and name together are its identity and must be unique."""
        entity = root.create_entity(self.file, ifc_class=ifc_class, name=name, predefined_type=predefined)
        self._keys[entity.id()] = name
        return entity

    def storey(self, name: str, building: Any, elevation: float) -> Any:
        """Building storey at `elevation`."""
        storey = self.root("IfcBuildingStorey", name)
        storey.Elevation = self._number(elevation)
        geometry.edit_object_placement(self.file, product=storey, matrix=place(0, 0, elevation))
        aggregate.assign_object(self.file, products=[storey], relating_object=building)
        return storey

    def element(
        self,
        ifc_class: str,
        name: str,
        inside: Any,
        matrix: Matrix,
        solids: Sequence[Any] = (),
        predefined: str | None = None,
        tag: str | None = None,
    ) -> Any:
        """Product with a body of swept solids, contained in a spatial element or aggregated under a whole."""
        element = self.root(ifc_class, name, predefined)
        if tag is not None:
            element.Tag = tag
        if inside.is_a("IfcSpatialStructureElement") and not element.is_a("IfcSpace"):
            spatial.assign_container(self.file, products=[element], relating_structure=inside)
        else:
            aggregate.assign_object(self.file, products=[element], relating_object=inside)
        geometry.edit_object_placement(self.file, product=element, matrix=matrix)
        if solids:
            geometry.assign_representation(self.file, product=element, representation=self.shape(solids))
        return element

    def shape(self, solids: Sequence[Any]) -> Any:
        """Body representation of swept solids."""
        return self.file.create_entity(
            "IfcShapeRepresentation",
            ContextOfItems=self.body,
            RepresentationIdentifier="Body",
            RepresentationType="SweptSolid",
            Items=list(solids),
        )

    def kind(
        self, ifc_class: str, name: str, predefined: str | None = None, solids: Sequence[Any] = ()
    ) -> Any:
        """Type object, with the shape of its occurrences when `solids` are given."""
        kind = self.root(ifc_class, name, predefined)
        if solids:
            geometry.assign_representation(self.file, product=kind, representation=self.shape(solids))
        return kind

    def opening(self, host: Any, name: str, matrix: Matrix, solid: Any, predefined: str = "OPENING") -> Any:
        """Opening (or recess) in `host`; `matrix` is in world coordinates."""
        opening = self.root("IfcOpeningElement", name)
        if hasattr(opening, "PredefinedType"):
            opening.PredefinedType = predefined
        geometry.assign_representation(self.file, product=opening, representation=self.shape([solid]))
        geometry.edit_object_placement(self.file, product=opening, matrix=matrix)
        feature.add_feature(self.file, feature=opening, element=host)
        return opening

    def fill(self, opening: Any, filling: Any) -> None:
        """Window or door in an opening."""
        feature.add_filling(self.file, opening=opening, element=filling)

    def set_type(self, element: Any, kind: Any, usage: bool = True) -> None:
        """Give the occurrence its type; with `usage` it gets a usage of the type's layers or profile."""
        type_api.assign_type(
            self.file, related_objects=[element], relating_type=kind, should_map_representations=usage
        )

    # -- materials --------------------------------------------------------------------------------------

    def material(self, name: str) -> Any:
        """Material of that name; one entity per name."""
        if name not in self._materials:
            self._materials[name] = material.add_material(self.file, name=name)
        return self._materials[name]

    def density(self, name: str, kg_m3: float) -> None:
        """State the density of a material."""
        definition = pset.add_pset(self.file, product=self.material(name), name="Pset_MaterialCommon")
        pset.edit_pset(self.file, pset=definition, properties={"MassDensity": kg_m3})

    def layer_set(self, name: str, layers: Sequence[Layer]) -> Any:
        """Layer set; a layer without a material is an air layer."""
        layer_set = material.add_material_set(self.file, name=name, set_type="IfcMaterialLayerSet")
        for material_name, thickness in layers:
            stuff = None if material_name is None else self.material(material_name)
            layer = material.add_layer(self.file, layer_set=layer_set, material=stuff)
            layer.LayerThickness = self._number(thickness)
            if material_name is None:
                layer.IsVentilated = True
        return layer_set

    def constituents(self, name: str, parts: Sequence[tuple[str, str, float | None]]) -> Any:
        """Constituent set of (constituent, material, fraction by volume or None)."""
        constituent_set = material.add_material_set(
            self.file, name=name, set_type="IfcMaterialConstituentSet"
        )
        for constituent, material_name, fraction in parts:
            part = material.add_constituent(
                self.file,
                constituent_set=constituent_set,
                material=self.material(material_name),
                name=constituent,
            )
            part.Fraction = fraction
        return constituent_set

    def profile_set(self, name: str, material_name: str, profile: Any) -> Any:
        """Profile set of one profile."""
        profile_set = material.add_material_set(self.file, name=name, set_type="IfcMaterialProfileSet")
        material.add_profile(
            self.file,
            profile_set=profile_set,
            material=self.material(material_name),
            profile=profile,
            name=name,
        )
        return profile_set

    def made_of(self, product: Any, stuff: Any) -> None:
        """Associate a material, a set or (by name) a single material."""
        if isinstance(stuff, str):
            stuff = self.material(stuff)
        material.assign_material(self.file, products=[product], type=stuff.is_a(), material=stuff)

    # -- properties -------------------------------------------------------------------------------------

    def properties(self, product: Any, name: str, values: Mapping[str, Any]) -> None:
        """Property set."""
        definition = pset.add_pset(self.file, product=product, name=name)
        pset.edit_pset(self.file, pset=definition, properties=dict(values))

    def quantities(self, product: Any, name: str, values: Mapping[str, float]) -> None:
        """Quantity set; the values are in m, m2, m3 and kg."""
        lengths = ("Length", "Width", "Height", "Depth", "Perimeter", "GrossPerimeter", "FinishCeilingHeight")
        scaled = {k: round(v * self.to_unit if k in lengths else v, _DIGITS) for k, v in values.items()}
        definition = pset.add_qto(self.file, product=product, name=name)
        pset.edit_qto(self.file, qto=definition, properties=scaled)

    # -- file -------------------------------------------------------------------------------------------

    def save(self, path: Path) -> None:
        """Make everything that ifcopenshell draws at random repeatable, and write the file."""
        self._one_owner_history()
        self._sort_relations()
        self._fix_global_ids()
        header = self.file.header
        header.file_description.description = ("ViewDefinition [DesignTransferView_V1.0]",)
        header.file_name.name = path.name
        header.file_name.time_stamp = _TIME_STAMP
        header.file_name.author = ("building-passport",)
        header.file_name.organization = ("building-passport",)
        header.file_name.preprocessor_version = "make_models.py"
        header.file_name.originating_system = "building-passport example models"
        header.file_name.authorization = "none"
        for point in self.file.by_type("IfcCartesianPoint"):
            point.Coordinates = [round(c, _DIGITS) + 0.0 for c in point.Coordinates]
        for direction in self.file.by_type("IfcDirection"):
            direction.DirectionRatios = [round(r, 12) + 0.0 for r in direction.DirectionRatios]
        path.write_text(self.file.to_string(), encoding="ascii", newline="\n")

    def _one_owner_history(self) -> None:
        """One history for all: of every entity in IFC2X3, which requires it, of the project in IFC4."""
        history = self._history or self._owner_history()
        if history is None:
            raise RuntimeError("no owner history")
        history.CreationDate = _SECONDS
        history.LastModifiedDate = _SECONDS
        history.ChangeAction = "ADDED"
        if self._history is None:
            self.project.OwnerHistory = history
            return
        for entity in self.file.by_type("IfcRoot"):
            entity.OwnerHistory = history
        for other in self.file.by_type("IfcOwnerHistory"):
            if other != history:
                self.file.remove(other)

    def _sort_relations(self) -> None:
        for relation in self.file.by_type("IfcRelationship"):
            for index in range(4, len(relation)):
                value = relation[index]
                if isinstance(value, tuple) and len(value) > 1:
                    relation[index] = sorted(value, key=lambda e: e.id())
        assignment = self.file.by_type("IfcUnitAssignment")[0]
        assignment.Units = sorted(assignment.Units, key=lambda u: u.id())

    def _fix_global_ids(self) -> None:
        """GlobalIds from names; of relations and definitions from what they belong to."""
        seen: Counter[str] = Counter()
        rooted = sorted(self.file.by_type("IfcRoot"), key=lambda e: e.id())
        keys = {e.id(): f"{e.is_a()}/{self._keys[e.id()]}" for e in rooted if e.id() in self._keys}
        for entity in rooted:
            if entity.id() in keys or entity.is_a("IfcRelDefinesByProperties"):
                continue
            keys[entity.id()] = f"{entity.is_a()}/{entity.Name or ''}/{self._owner_key(entity, keys)}"
        for entity in rooted:
            if entity.is_a("IfcRelDefinesByProperties"):
                keys[entity.id()] = f"{entity.is_a()}/{keys[entity.RelatingPropertyDefinition.id()]}"
        for entity in rooted:
            key = keys[entity.id()]
            seen[key] += 1
            if seen[key] > 1 and entity.id() in self._keys:
                raise ValueError(f"the name {key} occurs twice")
            full = f"{self.name}/{key}/{seen[key]}"
            entity.GlobalId = ifcopenshell.guid.compress(uuid.uuid5(_NAMESPACE, full).hex)

    def _owner_key(self, entity: Any, keys: Mapping[int, str]) -> str:
        if entity.is_a("IfcPropertySetDefinition"):
            users = [r.RelatedObjects[0] for r in self._definition_relations(entity)]
            users.extend(entity.DefinesType)
            return keys.get(users[0].id(), "") if users else ""
        for index in range(4, len(entity)):
            value = entity[index]
            first = value[0] if isinstance(value, tuple) and value else value
            if isinstance(first, ifcopenshell.entity_instance) and first.id() in keys:
                return keys[first.id()]
        return ""

    def _definition_relations(self, definition: Any) -> Sequence[Any]:
        name = "PropertyDefinitionOf" if self.file.schema == "IFC2X3" else "DefinesOccurrence"
        return tuple(getattr(definition, name))


# -- dimensions of the house [m] ------------------------------------------------------------------------

LENGTH, DEPTH = 10.50, 8.50
GROUND, FIRST, ATTIC = 0.0, 2.90, 5.65  # finished floor levels
CEILING_GF = 2.60
WALL_BASE = -0.36  # underside of the ground slab, top of the foundation walls
TERRAIN = -0.15
PITCH = math.radians(40)
EAVES_OVERHANG, VERGE_OVERHANG = 0.10, 0.05

CAVITY_PUR: list[Layer] = [
    ("gevelsteen", 0.09),
    (None, 0.03),
    ("PIR spouwplaat", 0.14),
    ("snelbouwsteen", 0.14),
    ("gipspleister", 0.01),
]
CAVITY_WOOL: list[Layer] = [
    ("gevelsteen", 0.09),
    (None, 0.03),
    ("minerale wol spouwisolatie", 0.14),
    ("snelbouwsteen", 0.14),
    ("gipspleister", 0.01),
]
BEARING: list[Layer] = [("gipspleister", 0.01), ("snelbouwsteen", 0.14), ("gipspleister", 0.01)]
#: The studs are given as the sheet of equal volume.
PARTITION: list[Layer] = [
    ("plaque de plâtre BA13", 0.0125),
    ("ossature métallique", 0.0003),
    ("laine de verre", 0.045),
    (None, 0.0297),
    ("plaque de plâtre BA13", 0.0125),
]
GROUND_SLAB: list[Layer] = [
    ("PE-folie", 0.0002),
    ("gewapend beton C25/30", 0.15),
    ("PUR-isolatie", 0.1196),
    ("PE-folie", 0.0002),
    ("cementdekvloer", 0.08),
    ("keramische tegels", 0.01),
]
FIRST_FLOOR: list[Layer] = [
    ("gipspleister", 0.01),
    ("welfsels voorgespannen beton", 0.15),
    ("druklaag", 0.05),
    ("dekvloer", 0.075),
    ("parket eik", 0.015),
]
#: From inside to outside; rafters and battens are given as the layer of equal volume.
ROOF: list[Layer] = [
    ("gipskartonplaat", 0.0125),
    ("dampscherm PE", 0.0002),
    ("minerale wol", 0.178),
    ("keperlaag naaldhout", 0.022),
    ("onderdakplaat houtvezel", 0.022),
    ("panlatten naaldhout", 0.004),
    (None, 0.037),
    ("dakpannen keramisch", 0.024),
]


def thickness(layers: Sequence[Layer]) -> float:
    """Sum of the layers."""
    return math.fsum(t for _, t in layers)


OUTER = thickness(CAVITY_PUR)
INNER = thickness(BEARING)
LIGHT = thickness(PARTITION)
MIDDLE = DEPTH / 2  # axis of the load-bearing wall
SOUTH_FACE, NORTH_FACE = MIDDLE - INNER / 2, MIDDLE + INNER / 2
EAST_FACE, BACK_FACE = LENGTH - OUTER, DEPTH - OUTER
HALL_WEST, HALL_EAST = 5.0, 7.9  # clear width of hall and landing


@dataclass
class Wall:
    """A wall and what its quantities need."""

    element: Any
    name: str
    matrix: Matrix
    length: float
    height: float
    thickness: float
    side_area: float
    has_quantities: bool
    cut_area: float = 0.0
    cut_volume: float = 0.0

    def at(self, x: float, y: float, z: float) -> Matrix:
        """Placement at a point in the wall's own axes: along it, into it, up."""
        moved = self.matrix.copy()
        moved[:3, 3] = (self.matrix @ np.array([x, y, z, 1.0]))[:3]
        return moved


@dataclass
class House:
    """The house while it is being written."""

    model: Model
    site: Any
    building: Any
    gf: Any
    ff: Any
    attic: Any
    walls: list[Wall] = field(default_factory=list)
    kinds: dict[str, Any] = field(default_factory=dict)
    codes: dict[str, list[Any]] = field(default_factory=dict)

    def classify(self, code: str, element: Any) -> None:
        """Note the BB/SfB code of an element; written at the end."""
        self.codes.setdefault(code, []).append(element)

    def common(self, element: Any, status: str | None = "NEW", **values: Any) -> None:
        """The common property set of the element's class, with its status."""
        name = f"Pset_{element.is_a().removeprefix('Ifc')}Common"
        if status is not None:
            values["Status"] = [status]
        self.model.properties(element, name, values)


def start_house() -> House:
    """Project, site, building and storeys."""
    model = Model("IFC4", "Vrijstaande woning (voorbeeld)", 1000)
    site = model.root("IfcSite", "Perceel")
    building = model.root("IfcBuilding", "Woning")
    for part, whole in ((site, model.project), (building, site)):
        geometry.edit_object_placement(model.file, product=part)
        aggregate.assign_object(model.file, products=[part], relating_object=whole)
    levels = (("Gelijkvloers", GROUND), ("Verdieping", FIRST), ("Zolder", ATTIC))
    gf, ff, attic = (model.storey(name, building, elevation) for name, elevation in levels)
    model.properties(building, "Pset_BuildingCommon", {"NumberOfStoreys": 2})
    # Hollow cores: less than solid concrete.
    model.density("welfsels voorgespannen beton", 1700.0)
    return House(model, site, building, gf, ff, attic)


def wall_kind(house: House, name: str, layers: Sequence[Layer], predefined: str = "SOLIDWALL") -> Any:
    """Wall type with a layer set."""
    kind = house.model.kind("IfcWallType", name, predefined)
    house.model.made_of(kind, house.model.layer_set(name, layers))
    house.kinds[name] = kind
    return kind


def add_wall(
    house: House,
    name: str,
    storey: Any,
    start: Point3,
    axis: Point2,
    length: float,
    height: float,
    thick: float,
    kind: Any = None,
    outline: Sequence[Point2] | None = None,
    external: bool = False,
    bearing: bool = False,
    status: str = "NEW",
    quantities: bool = True,
    usage: bool = True,
    code: str | None = None,
) -> Wall:
    """Wall from `start` along `axis`; its thickness lies to the left of it.

    Args:
        outline: side view in (along, up) when it is not a rectangle.
        usage: give the wall a usage of the type's layer set; otherwise only the type has the material.
    """
    model = house.model
    matrix = place(*start, axis)
    if outline is None:
        solid, side_area = model.box(length, thick, height), length * height
    else:
        solid, side_area = model.along_y(model.polygon(outline), thick), polygon_area(outline)
    element = model.element("IfcWall", name, storey, matrix, [solid])
    if kind is not None:
        model.set_type(element, kind, usage)
    house.common(element, status, IsExternal=external, LoadBearing=bearing)
    if code is not None:
        house.classify(code, element)
    wall = Wall(element, name, matrix, length, height, thick, side_area, quantities)
    house.walls.append(wall)
    return wall


def cut(
    house: House,
    wall: Wall,
    name: str,
    x: float,
    z: float,
    width: float,
    height: float,
    depth: float | None = None,
) -> Any:
    """Opening in a wall (through, or a recess of some depth from its outer face), in the wall's own axes."""
    model = house.model
    through = depth is None
    deep = wall.thickness if depth is None else depth
    wall.cut_volume += width * height * deep
    if through:
        wall.cut_area += width * height
    solid = model.box(width, deep, height)
    return model.opening(wall.element, name, wall.at(x, 0, z), solid, "OPENING" if through else "RECESS")


def write_wall_quantities(house: House) -> None:
    """Qto_WallBaseQuantities of the walls that have them, once all openings are known."""
    for wall in house.walls:
        if wall.has_quantities:
            gross = wall.side_area * wall.thickness
            house.model.quantities(
                wall.element,
                "Qto_WallBaseQuantities",
                {
                    "Length": wall.length,
                    "Width": wall.thickness,
                    "Height": wall.height,
                    "GrossFootprintArea": wall.length * wall.thickness,
                    "GrossSideArea": wall.side_area,
                    "NetSideArea": wall.side_area - wall.cut_area,
                    "GrossVolume": gross,
                    "NetVolume": gross - wall.cut_volume,
                },
            )


# -- windows and doors ----------------------------------------------------------------------------------

FRAME_FACE, FRAME_DEEP, GLASS_THICK = 0.10, 0.07, 0.024
FRAME_OFFSET = 0.12  # of the frame behind the outer face of the wall
SILL_HIGH, SILL_OUT = 0.05, 0.04


def _ring(width: float, height: float, x: float = 0.0, z: float = 0.0) -> list[Point2]:
    return [(x, z), (x + width, z), (x + width, z + height), (x, z + height)]


def window_kind(house: House, frame: str, width: float, height: float, fractions: bool) -> Any:
    """Window type: one frame with a light per 1.3 m of width, and double glazing."""
    model = house.model
    name = f"Raam {frame} {width * 100:.0f}x{height * 100:.0f}"
    if name in house.kinds:
        return house.kinds[name]
    count = math.ceil(width / 1.3)
    light = (width - (count + 1) * FRAME_FACE) / count
    high = height - 2 * FRAME_FACE
    lights = [_ring(light, high, FRAME_FACE + i * (light + FRAME_FACE), FRAME_FACE) for i in range(count)]
    glass_y = (FRAME_DEEP - GLASS_THICK) / 2
    frame_solid = model.along_y(model.polygon(_ring(width, height), lights), FRAME_DEEP)
    panes = [model.box(light, GLASS_THICK, high, (ring[0][0], glass_y, FRAME_FACE)) for ring in lights]
    kind = model.kind("IfcWindowType", name, "WINDOW", [frame_solid, *panes])
    kind.PartitioningType = {1: "SINGLE_PANEL", 2: "DOUBLE_PANEL_VERTICAL"}.get(
        count, "TRIPLE_PANEL_VERTICAL"
    )
    frame_m3 = (width * height - count * light * high) * FRAME_DEEP
    glass_m3 = count * light * high * GLASS_THICK
    share = round(frame_m3 / (frame_m3 + glass_m3), 4)
    parts = [
        ("kader", frame, share if fractions else None),
        ("beglazing", "dubbele beglazing", round(1 - share, 4) if fractions else None),
    ]
    model.made_of(kind, model.constituents(name, parts))
    lining = model.root("IfcWindowLiningProperties", f"{name} kader")
    lining.LiningDepth = FRAME_DEEP * model.to_unit
    lining.LiningThickness = FRAME_FACE * model.to_unit
    kind.HasPropertySets = [lining]
    house.kinds[name] = kind
    return kind


def add_window(
    house: House,
    wall: Wall,
    storey: Any,
    name: str,
    x: float,
    z: float,
    size: Point2,
    frame: str = "PVC-profiel",
    fractions: bool = False,
    quantities: bool = True,
    sill: bool = True,
) -> None:
    """Window with its opening and bluestone sill; `z` is measured from the wall's foot."""
    model = house.model
    width, height = size
    opening = cut(house, wall, f"Opening {name}", x, z, width, height)
    kind = window_kind(house, frame, width, height, fractions)
    window = model.element("IfcWindow", name, storey, wall.at(x, FRAME_OFFSET, z))
    model.set_type(window, kind)
    window.OverallWidth, window.OverallHeight = width * model.to_unit, height * model.to_unit
    model.fill(opening, window)
    house.common(window, IsExternal=True, ThermalTransmittance=1.3)
    house.classify("31", window)
    if quantities:
        sizes = {"Width": width, "Height": height, "Perimeter": 2 * (width + height), "Area": width * height}
        model.quantities(window, "Qto_WindowBaseQuantities", sizes)
    if sill:
        cut(house, wall, f"Uitsparing dorpel {name}", x, z - SILL_HIGH, width, SILL_HIGH, FRAME_OFFSET)
        solid = model.box(width, FRAME_OFFSET + SILL_OUT, SILL_HIGH)
        element = model.element(
            "IfcMember", f"Raamdorpel {name}", storey, wall.at(x, -SILL_OUT, z - SILL_HIGH), [solid], "MEMBER"
        )
        model.made_of(element, "blauwe hardsteen")
        if quantities:
            section = (FRAME_OFFSET + SILL_OUT) * SILL_HIGH
            values = {"Length": width, "CrossSectionArea": section, "NetVolume": width * section}
            model.quantities(element, "Qto_MemberBaseQuantities", values)


def outer_door_kind(house: House, width: float, height: float) -> Any:
    """Type of a meranti outer door: frame on three sides, leaf with a light."""
    model = house.model
    name = f"Buitendeur meranti {width * 100:.0f}x{height * 100:.0f}"
    face, leaf = 0.07, 0.05
    clear = width - 2 * face
    light = _ring(clear - 0.40, 0.80, face + 0.20, height - face - 1.0)
    frame = [
        (0.0, 0.0),
        (face, 0.0),
        (face, height - face),
        (width - face, height - face),
        (width - face, 0.0),
        (width, 0.0),
        (width, height),
        (0.0, height),
    ]
    y_leaf, y_glass = (FRAME_DEEP - leaf) / 2, (FRAME_DEEP - GLASS_THICK) / 2
    panel = model.polygon(_ring(clear, height - face, face), [light])
    solids = [
        model.along_y(model.polygon(frame), FRAME_DEEP),
        model.along_y(panel, leaf, (0, y_leaf, 0)),
        model.along_y(model.polygon(light), GLASS_THICK, (0, y_glass, 0)),
    ]
    kind = model.kind("IfcDoorType", name, "DOOR", solids)
    kind.OperationType = "SINGLE_SWING_LEFT"
    pane = polygon_area(light)
    volumes = [
        polygon_area(frame) * FRAME_DEEP,
        (clear * (height - face) - pane) * leaf,
        pane * GLASS_THICK,
    ]
    shares = [round(v / sum(volumes), 4) for v in volumes[:2]]
    parts = [
        ("kader", "hout meranti", shares[0]),
        ("deurblad", "hout meranti", shares[1]),
        ("beglazing", "dubbele beglazing", round(1 - sum(shares), 4)),
    ]
    model.made_of(kind, model.constituents(name, parts))
    return kind


def add_door(
    house: House, wall: Wall, storey: Any, name: str, x: float, z: float, size: Point2, kind: Any, outer: bool
) -> None:
    """Door with its opening; outer doors have quantities, inner doors a shape only."""
    model = house.model
    width, height = size
    opening = cut(house, wall, f"Opening {name}", x, z, width, height)
    y = FRAME_OFFSET if outer else (wall.thickness - 0.04) / 2
    door = model.element("IfcDoor", name, storey, wall.at(x, y, z))
    model.set_type(door, kind)
    door.OverallWidth, door.OverallHeight = width * model.to_unit, height * model.to_unit
    model.fill(opening, door)
    house.common(door, IsExternal=outer)
    house.classify("31" if outer else "32", door)
    if outer:
        sizes = {"Width": width, "Height": height, "Perimeter": 2 * (width + height), "Area": width * height}
        model.quantities(door, "Qto_DoorBaseQuantities", sizes)


# -- parts of the house ---------------------------------------------------------------------------------


def build_foundations(house: House) -> None:
    """Strip footings of mass concrete and foundation walls of concrete blocks."""
    model = house.model
    kind = wall_kind(house, "FW Funderingsmetselwerk 39 cm", [("betonblokken", 0.39)])
    wide, high, block = 0.60, 0.40, 0.39
    top = -0.75
    overhang, inset = (wide - OUTER) / 2, (OUTER - block) / 2
    near, far = wide - overhang, block + inset  # inner faces of footing and wall
    strips = [  # name, start of the footing, its plan size
        ("west", (-overhang, -overhang), (wide, DEPTH + 2 * overhang)),
        ("oost", (LENGTH - near, -overhang), (wide, DEPTH + 2 * overhang)),
        ("zuid", (near, -overhang), (LENGTH - 2 * near, wide)),
        ("noord", (near, DEPTH - near), (LENGTH - 2 * near, wide)),
    ]
    footings = [(name, (*start, top - high), size) for name, start, size in strips]
    # Under the load-bearing wall, directly below the ground slab.
    inner = ((OUTER + 0.10, MIDDLE - 0.25, WALL_BASE - high), (LENGTH - 2 * OUTER - 0.20, 0.50))
    footings.append(("midden", *inner))
    for name, start, (dx, dy) in footings:
        element = model.element(
            "IfcFooting",
            f"Funderingszool {name}",
            house.gf,
            place(*start),
            [model.box(dx, dy, high)],
            "STRIP_FOOTING",
        )
        model.made_of(element, "stampbeton")
        house.common(element)
        house.classify("16", element)
        long, short = max(dx, dy), min(dx, dy)
        volume = dx * dy * high
        sizes = {"Length": long, "Width": short, "Height": high, "CrossSectionArea": short * high}
        model.quantities(
            element, "Qto_FootingBaseQuantities", {**sizes, "GrossVolume": volume, "NetVolume": volume}
        )
    side, front = DEPTH - 2 * inset, LENGTH - 2 * far
    runs: list[tuple[str, Point2, Point2, float]] = [
        ("west", (inset, DEPTH - inset), (0, -1), side),
        ("oost", (LENGTH - inset, inset), (0, 1), side),
        ("zuid", (far, inset), (1, 0), front),
        ("noord", (LENGTH - far, DEPTH - inset), (-1, 0), front),
    ]
    for name, (x, y), axis, length in runs:
        add_wall(
            house,
            f"Funderingsmuur {name}",
            house.gf,
            (x, y, top),
            axis,
            length,
            WALL_BASE - top,
            block,
            kind,
            external=True,
            bearing=True,
            code="16",
        )


def build_floors(house: House) -> None:
    """Ground slab, first floor with its stair opening, attic floor and the ceiling below it."""
    model = house.model
    dx, dy = EAST_FACE - OUTER, BACK_FACE - OUTER
    hole_x, hole_y = 1.90, 2.44
    specs: list[tuple[str, Any, float, list[Layer], str, str, float]] = [
        ("Vloer op volle grond", house.gf, WALL_BASE, GROUND_SLAB, "BASESLAB", "13", 0.0),
        ("Verdiepingsvloer", house.ff, CEILING_GF, FIRST_FLOOR, "FLOOR", "23", hole_x * hole_y),
        ("Zoldervloer", house.attic, ATTIC - 0.018, [("OSB plaat", 0.018)], "FLOOR", "23", 0.0),
    ]
    for name, storey, z, layers, predefined, code, hole in specs:
        thick = thickness(layers)
        kind = model.kind("IfcSlabType", f"{name} {thick * 1000:.0f} mm", predefined)
        model.made_of(kind, model.layer_set(kind.Name, layers))
        slab = model.element("IfcSlab", name, storey, place(OUTER, OUTER, z), [model.box(dx, dy, thick)])
        model.set_type(slab, kind)
        house.common(slab, IsExternal=False, LoadBearing=predefined != "BASESLAB")
        house.classify(code, slab)
        if hole:
            model.opening(slab, "Trapgat", place(HALL_WEST, NORTH_FACE, z), model.box(hole_x, hole_y, thick))
        if storey != house.attic:
            area = dx * dy
            values = {
                "Width": thick,
                "Perimeter": 2 * (dx + dy),
                "GrossArea": area,
                "NetArea": area - hole,
                "GrossVolume": area * thick,
                "NetVolume": (area - hole) * thick,
            }
            model.quantities(slab, "Qto_SlabBaseQuantities", values)
    ceiling = model.kind("IfcCoveringType", "Plafond gipskartonplaat", "CEILING")
    model.made_of(ceiling, model.layer_set("Plafond gipskartonplaat", [("gipskartonplaat", 0.0125)]))
    for name, y0, y1 in (("zuid", OUTER, SOUTH_FACE), ("noord", NORTH_FACE, BACK_FACE)):
        solid = model.box(dx, y1 - y0, 0.0125)
        element = model.element(
            "IfcCovering", f"Plafond verdieping {name}", house.ff, place(OUTER, y0, ATTIC - 0.2505), [solid]
        )
        model.set_type(element, ceiling)
        house.common(element)
        area = dx * (y1 - y0)
        values = {"Width": 0.0125, "GrossArea": area, "NetArea": area}
        model.quantities(element, "Qto_CoveringBaseQuantities", values)


def build_outer_walls(house: House) -> dict[str, Wall]:
    """Cavity walls; the gables run through at the corners, the long walls stand between them."""
    rise = DEPTH / 2 * math.tan(PITCH)
    kinds = {
        house.gf: wall_kind(house, "BM Spouwmuur PIR 41 cm", CAVITY_PUR),
        house.ff: wall_kind(house, "BM Spouwmuur minerale wol 41 cm", CAVITY_WOOL),
    }
    runs: list[tuple[str, Point2, Point2, float]] = [
        ("Zuidgevel", (OUTER, 0.0), (1, 0), LENGTH - 2 * OUTER),
        ("Noordgevel", (EAST_FACE, DEPTH), (-1, 0), LENGTH - 2 * OUTER),
        ("Westgevel", (0.0, DEPTH), (0, -1), DEPTH),
        ("Oostgevel", (LENGTH, 0.0), (0, 1), DEPTH),
    ]
    walls = {}
    for storey, level, base, top in (
        (house.gf, "gelijkvloers", WALL_BASE, FIRST),
        (house.ff, "verdieping", FIRST, ATTIC),
    ):
        for side, (x, y), axis, length in runs:
            high = top - base
            outline = None
            height = high
            if level == "verdieping" and side in ("Westgevel", "Oostgevel"):
                height = high + rise
                outline = [(0.0, 0.0), (length, 0.0), (length, high), (length / 2, height), (0.0, high)]
            name = f"{side} {level}"
            walls[name] = add_wall(
                house,
                name,
                storey,
                (x, y, base),
                axis,
                length,
                height,
                OUTER,
                kinds[storey],
                outline,
                external=True,
                bearing=True,
                quantities=level == "gelijkvloers",
                code="21",
            )
    return walls


def build_openings(house: House, walls: Mapping[str, Wall]) -> None:
    """Windows and outer doors; positions along a wall are measured from its start, left seen from outside."""
    meranti: dict[str, Any] = {"frame": "hout meranti", "fractions": True}
    ground = -WALL_BASE  # height of the floor above the wall's foot
    south, north = walls["Zuidgevel gelijkvloers"], walls["Noordgevel gelijkvloers"]
    west, east = walls["Westgevel gelijkvloers"], walls["Oostgevel gelijkvloers"]
    gf, ff = house.gf, house.ff
    add_window(house, south, gf, "R0.01 schuifraam woonkamer", 0.8, ground, (3.6, 2.3), sill=False, **meranti)
    add_window(house, south, gf, "R0.02 woonkamer", 5.4, ground + 0.6, (1.8, 1.7), **meranti)
    add_window(house, south, gf, "R0.03 bureau", 8.0, ground + 0.9, (1.2, 1.4), **meranti)
    add_window(house, west, gf, "R0.04 woonkamer west", 5.6, ground + 0.9, (1.2, 1.4), **meranti)
    add_window(house, west, gf, "R0.05 keuken west", 1.8, ground + 1.0, (1.2, 1.3), **meranti)
    add_window(house, north, gf, "R0.06 keuken", 6.6, ground + 1.0, (2.0, 1.3), **meranti)
    add_window(house, north, gf, "R0.07 toilet", 0.9, ground + 1.4, (0.6, 0.8), **meranti)
    front = outer_door_kind(house, 1.10, 2.30)
    side = outer_door_kind(house, 0.95, 2.15)
    add_door(house, north, gf, "D0.01 voordeur", 2.6, ground, (1.10, 2.30), front, True)
    add_door(house, east, gf, "D0.02 zijdeur berging", 4.8, ground, (0.95, 2.15), side, True)
    south, north = walls["Zuidgevel verdieping"], walls["Noordgevel verdieping"]
    west, east = walls["Westgevel verdieping"], walls["Oostgevel verdieping"]
    add_window(house, south, ff, "R1.01 dressing", 0.8, 0.85, (1.2, 1.4), quantities=False)
    add_window(house, south, ff, "R1.02 slaapkamer 1", 4.4, 0.85, (1.8, 1.4), quantities=False)
    add_window(house, south, ff, "R1.03 slaapkamer 1", 7.6, 0.85, (1.2, 1.4), quantities=False)
    add_window(house, north, ff, "R1.04 slaapkamer 2", 6.9, 0.85, (1.8, 1.4), quantities=False)
    add_window(house, north, ff, "R1.05 overloop", 3.4, 0.85, (1.2, 1.4), quantities=False)
    add_window(house, north, ff, "R1.06 badkamer", 0.7, 1.2, (0.9, 1.0), quantities=False)
    add_window(house, east, ff, "R1.07 slaapkamer 1 oost", 1.6, 0.85, (1.2, 1.4), quantities=False)
    for wall, name in ((west, "R2.01 zolder west"), (east, "R2.02 zolder oost")):
        add_window(house, wall, house.attic, name, DEPTH / 2 - 0.5, ATTIC - FIRST + 0.9, (1.0, 1.2))


def build_inner_walls(house: House) -> None:
    """Load-bearing wall on the axis and partitions; the partitions have their material on the type only."""
    model = house.model
    bearing = wall_kind(house, "BI Snelbouw 14 cm tweezijdig bepleisterd", BEARING)
    light = wall_kind(house, "CL Cloison légère 10 cm", PARTITION, "PARTITIONING")
    leaf = model.kind("IfcDoorType", "Binnendeur 93x211", "DOOR", [model.box(0.93, 0.04, 2.11)])
    leaf.OperationType = "SINGLE_SWING_RIGHT"
    model.made_of(leaf, "deurblad hout")
    size = (0.93, 2.11)
    span = EAST_FACE - OUTER
    top_ff = ATTIC - 0.238  # underside of the joists
    ground = add_wall(
        house,
        "Draagmuur gelijkvloers",
        house.gf,
        (OUTER, SOUTH_FACE, GROUND),
        (1, 0),
        span,
        CEILING_GF,
        INNER,
        bearing,
        bearing=True,
        code="22.1",
    )
    first = add_wall(
        house,
        "Draagmuur verdieping",
        house.ff,
        (OUTER, SOUTH_FACE, FIRST),
        (1, 0),
        span,
        top_ff - FIRST,
        INNER,
        bearing,
        bearing=True,
        code="22.1",
    )
    add_door(house, ground, house.gf, "D0.03 inkomhal - woonkamer", 6.52, 0.0, size, leaf, False)
    add_door(house, first, house.ff, "D1.01 overloop - slaapkamer 1", 6.52, 0.0, size, leaf, False)
    build_steel_beam(house, ground)
    ceiling_ff = ATTIC - 0.2505
    # name, storey, base, x or y of the first face, start and end along the wall, doors
    runs: list[tuple[str, Any, Point2, Point2, float, list[tuple[str, float]]]] = [
        ("keuken - inkomhal", house.gf, (5.0, NORTH_FACE), (0, 1), BACK_FACE - NORTH_FACE, [("D0.04", 2.55)]),
        (
            "inkomhal - berging",
            house.gf,
            (8.0, NORTH_FACE),
            (0, 1),
            BACK_FACE - NORTH_FACE,
            [("D0.05", 0.35), ("D0.06", 2.3)],
        ),
        ("toilet - berging", house.gf, (8.0, 6.2), (1, 0), EAST_FACE - 8.0, []),
        ("woonkamer - bureau", house.gf, (8.1, OUTER), (0, 1), SOUTH_FACE - OUTER, [("D0.07", 2.5)]),
        (
            "slaapkamer 2 - overloop",
            house.ff,
            (5.0, NORTH_FACE),
            (0, 1),
            BACK_FACE - NORTH_FACE,
            [("D1.02", 2.55)],
        ),
        (
            "overloop - badkamer",
            house.ff,
            (8.0, NORTH_FACE),
            (0, 1),
            BACK_FACE - NORTH_FACE,
            [("D1.03", 1.2)],
        ),
        ("dressing - slaapkamer 1", house.ff, (3.6, OUTER), (0, 1), SOUTH_FACE - OUTER, [("D1.04", 1.4)]),
    ]
    for name, storey, (x, y), axis, length, doors in runs:
        base = GROUND if storey == house.gf else FIRST
        height = CEILING_GF if storey == house.gf else ceiling_ff - FIRST
        wall = add_wall(
            house,
            f"Cloison {name}",
            storey,
            (x, y, base),
            axis,
            length,
            height,
            LIGHT,
            light,
            quantities=storey == house.gf,
            usage=False,
            code="22",
        )
        for door, at in doors:
            add_door(house, wall, storey, f"{door} {name}", at, 0.0, size, leaf, False)


def build_steel_beam(house: House, wall: Wall) -> None:
    """Wide opening between kitchen and living room below a HEA 160, which lies in a recess of the wall."""
    model = house.model
    x, clear, bearing, high = 1.0, 3.0, 0.15, 0.152
    below = wall.height - high
    cut(house, wall, "Doorgang keuken - woonkamer", x, 0.0, clear, below)
    cut(house, wall, "Oplegging HEA 160", x - bearing, below, clear + 2 * bearing, high)
    length, flange, web, depth, radius = clear + 2 * bearing, 0.009, 0.006, 0.160, 0.015
    profile = model.file.create_entity(
        "IfcIShapeProfileDef",
        ProfileType="AREA",
        ProfileName="HEA160",
        OverallWidth=depth * model.to_unit,
        OverallDepth=high * model.to_unit,
        WebThickness=web * model.to_unit,
        FlangeThickness=flange * model.to_unit,
        FilletRadius=radius * model.to_unit,
    )
    solid = model.extrude(profile, length, (0, 0, high / 2), (1, 0, 0), (0, 1, 0))
    beam = model.element(
        "IfcBeam", "Stalen balk doorgang HEA 160", house.gf, wall.at(x - bearing, INNER / 2, below), [solid]
    )
    kind = model.kind("IfcBeamType", "HEA 160", "BEAM")
    model.made_of(kind, model.profile_set("HEA 160", "staal S235", profile))
    model.set_type(beam, kind)
    house.common(beam, LoadBearing=True, IsExternal=False)
    house.classify("28", beam)
    area = 2 * depth * flange + (high - 2 * flange) * web + (4 - math.pi) * radius**2
    volume = area * length
    values = {
        "Length": length,
        "CrossSectionArea": area,
        "GrossVolume": volume,
        "NetVolume": volume,
        "NetWeight": volume * 7850,
    }
    model.quantities(beam, "Qto_BeamBaseQuantities", values)


def timber_kind(house: House, ifc_class: str, name: str, predefined: str, width: float, height: float) -> Any:
    """Type of a Douglas section with a profile set."""
    model = house.model
    kind = model.kind(ifc_class, name, predefined)
    profile = model.rectangle(width, height, name, corner=False)
    model.made_of(kind, model.profile_set(name, "Douglas C24", profile))
    return kind


def add_timber(
    house: House,
    kind: Any,
    name: str,
    storey: Any,
    matrix: Matrix,
    section: Point2,
    length: float,
    quantities: bool,
    axis: Point3 = (0, 1, 0),
) -> None:
    """Straight timber of a rectangular section, its lowest corner in the origin of `matrix`."""
    model = house.model
    width, height = section
    profile = kind.HasAssociations[0].RelatingMaterial.MaterialProfiles[0].Profile
    if axis == (0, 1, 0):
        solid = model.extrude(profile, length, (width / 2, length, height / 2), (0, -1, 0), (1, 0, 0))
    else:
        solid = model.extrude(profile, length, (0, width / 2, height / 2), (1, 0, 0), (0, 1, 0))
    beam = model.element(kind.is_a().removesuffix("Type"), name, storey, matrix, [solid])
    model.set_type(beam, kind)
    house.common(beam, LoadBearing=True, IsExternal=False)
    house.classify("27.2" if storey == house.attic else "23", beam)
    if quantities:
        volume = width * height * length
        values = {
            "Length": length,
            "CrossSectionArea": width * height,
            "OuterSurfaceArea": 2 * (width + height) * length + 2 * width * height,
            "GrossVolume": volume,
            "NetVolume": volume,
        }
        model.quantities(beam, f"Qto_{beam.is_a().removeprefix('Ifc')}BaseQuantities", values)


def build_attic_joists(house: House) -> None:
    """17 joists on each side of the load-bearing wall, 63 x 220 mm, 60 cm apart."""
    section = (0.063, 0.220)
    kind = timber_kind(house, "IfcBeamType", "Kinderbalk 63x220", "JOIST", *section)
    count, span = 17, MIDDLE - OUTER
    step = (EAST_FACE - OUTER - section[0]) / (count - 1)
    for name, y in (("zuid", OUTER), ("noord", MIDDLE)):
        for i in range(count):
            matrix = place(OUTER + i * step, y, ATTIC - 0.018 - section[1])
            add_timber(house, kind, f"Kinderbalk {name} {i + 1:02d}", house.ff, matrix, section, span, True)


def slope_matrix(side: str, along: float = 0.0, x: float = 0.0) -> Matrix:
    """Axes of a roof slope: X along the eaves, Y up the slope, Z out of it; origin on its underside.

    Args:
        side: zuid or noord.
        along: distance from the eaves edge up the slope.
        x: distance along the eaves, from the left seen from outside.
    """
    sine, cosine = math.sin(PITCH), math.cos(PITCH)
    start = -EAVES_OVERHANG + along * cosine
    height = ATTIC - EAVES_OVERHANG * math.tan(PITCH) + along * sine
    matrix = np.eye(4)
    if side == "zuid":
        matrix[:3, :3] = np.array([[1, 0, 0], [0, cosine, -sine], [0, sine, cosine]])
        matrix[:3, 3] = (x, start, height)
    else:
        matrix[:3, :3] = np.array([[-1, 0, 0], [0, -cosine, sine], [0, sine, cosine]])
        matrix[:3, 3] = (LENGTH - x, DEPTH - start, height)
    return matrix


def build_roof(house: House) -> None:
    """Two slopes under one IfcRoof: the southern as a layer set, the northern as fractions of the same."""
    model = house.model
    roof = model.element("IfcRoof", "Zadeldak", house.attic, place(0, 0, ATTIC), predefined="GABLE_ROOF")
    house.common(roof, IsExternal=True)
    house.classify("27.2", roof)
    thick = thickness(ROOF)
    under = (DEPTH / 2 + EAVES_OVERHANG) / math.cos(PITCH)
    outline = [(0.0, 0.0), (under, 0.0), (under + thick * math.tan(PITCH), thick), (0.0, thick)]
    wide = LENGTH + 2 * VERGE_OVERHANG
    layers = model.layer_set("Hellend dak 300 mm", ROOF)
    shares = [round(t / thick, 6) for _, t in ROOF]
    shares[-1] = round(1 - sum(shares[:-1]), 6)
    parts = [(m or "luchtlaag", m or "luchtlaag", s) for (m, _), s in zip(ROOF, shares, strict=True)]
    mixture = model.constituents("Hellend dak 300 mm (fracties)", parts)
    for side, stuff in (("zuid", layers), ("noord", mixture)):
        kind = model.kind("IfcSlabType", f"Dakvlak {side}", "ROOF")
        model.made_of(kind, stuff)
        solid = model.along_x(model.polygon(outline), wide)
        slab = model.element(
            "IfcSlab", f"Dakvlak {side}", roof, slope_matrix(side, x=-VERGE_OVERHANG), [solid]
        )
        model.set_type(slab, kind)
        house.common(slab, IsExternal=True, LoadBearing=False)
        house.classify("27.2", slab)
        if side == "zuid":
            area = polygon_area(outline) * wide / thick
            volume = area * thick
            values = {
                "Width": thick,
                "GrossArea": area,
                "NetArea": area,
                "GrossVolume": volume,
                "NetVolume": volume,
            }
            model.quantities(slab, "Qto_SlabBaseQuantities", values)


def build_roof_frame(house: House) -> None:
    """Wall plates, purlins in two spans and a pair of principal rafters between them."""
    model = house.model
    half = LENGTH / 2 - OUTER
    plate, purlin = (0.063, 0.090), (0.075, 0.225)
    plates = timber_kind(house, "IfcBeamType", "Muurplaat 90x63", "BEAM", plate[1], plate[0])
    gording = timber_kind(house, "IfcBeamType", "Gording 75x225", "BEAM", *purlin)
    x_axis = (1.0, 0.0, 0.0)
    for side in ("zuid", "noord"):
        y = 0.26 if side == "zuid" else DEPTH - 0.26 - plate[1]
        add_timber(
            house,
            plates,
            f"Muurplaat {side}",
            house.attic,
            place(OUTER, y, ATTIC),
            (plate[1], plate[0]),
            2 * half,
            True,
            x_axis,
        )
        along = (DEPTH / 4 + EAVES_OVERHANG) / math.cos(PITCH)
        for i in range(2):
            matrix = slope_matrix(side, along, OUTER + i * half)
            matrix[:3, 3] -= matrix[:3, 2] * purlin[1]
            add_timber(
                house, gording, f"Gording {side} {i + 1}", house.attic, matrix, purlin, half, i == 0, x_axis
            )
    rise = math.tan(PITCH)
    top = ATTIC + (MIDDLE - purlin[0] / 2) * rise - purlin[1]
    for i in range(2):
        matrix = place(OUTER + i * half, MIDDLE - purlin[0] / 2, top)
        add_timber(house, gording, f"Nokgording {i + 1}", house.attic, matrix, purlin, half, i == 0, x_axis)
    leg_wide, leg_high = 0.08, 0.22
    rafter = timber_kind(house, "IfcMemberType", "Spantbeen 80x220", "RAFTER", leg_wide, leg_high)
    upper, lower = purlin[1] / math.cos(PITCH), (purlin[1] + leg_high) / math.cos(PITCH)
    outline = [
        (upper / rise, 0.0),
        (MIDDLE, MIDDLE * rise - upper),
        (MIDDLE, MIDDLE * rise - lower),
        (lower / rise, 0.0),
    ]
    for side in ("zuid", "noord"):
        shape = outline if side == "zuid" else [(-y, z) for y, z in outline]
        origin = place((LENGTH - leg_wide) / 2, 0.0 if side == "zuid" else DEPTH, ATTIC)
        solid = model.along_x(model.polygon(shape), leg_wide)
        leg = model.element("IfcMember", f"Spantbeen {side}", house.attic, origin, [solid])
        # The ends are cut at an angle: the profile alone does not give the shape.
        model.set_type(leg, rafter, usage=False)
        house.common(leg, LoadBearing=True, IsExternal=False)
        house.classify("27.2", leg)


def build_stair(house: House) -> None:
    """Oak stair in two flights with a landing, and a steel railing around the stairwell."""
    model = house.model
    riser, going, wide, deep, board = FIRST / 16, 0.22, 0.90, 0.90, 0.04
    landing_z, start_y = FIRST / 2, NORTH_FACE + deep
    end_y = start_y + 7 * going
    stair = model.element("IfcStair", "Trap", house.gf, place(HALL_WEST, 0, 0), predefined="HALF_TURN_STAIR")
    house.common(stair, NumberOfRiser=16, RiserHeight=riser * 1000, TreadLength=going * 1000)
    house.classify("24", stair)
    slope = riser / going
    runs = [("onder", 1.0, 0.0, -1), ("boven", 0.0, landing_z, 1)]  # name, x, foot, direction in y
    for name, x, foot, sense in runs:
        first = end_y if sense < 0 else start_y
        solids = []
        for i in range(7):
            near = first + sense * (i * going - 0.02)
            y = min(near, near + sense * (going + 0.02))
            solids.append(
                model.box(
                    wide - 2 * board, going + 0.02, board, (x + board, y, foot + (i + 1) * riser - board)
                )
            )
        last = first + sense * 7 * going
        rise = 7 * going * slope
        if sense < 0:
            side = [
                (first, 0.0),
                (first, 0.2),
                (last, rise + 0.2),
                (last, rise - 0.2),
                (first - 0.2 / slope, 0.0),
            ]
        else:
            side = [
                (first, foot - 0.2),
                (last, foot + rise - 0.2),
                (last, foot + rise + 0.2),
                (first, foot + 0.2),
            ]
        for edge in (x, x + wide - board):
            solids.append(model.along_x(model.polygon(side), board, (edge, 0, 0)))
        flight = model.element(
            "IfcStairFlight", f"Trapvlucht {name}", stair, place(HALL_WEST, 0, 0), solids, "STRAIGHT"
        )
        model.made_of(flight, "eik")
        house.common(flight)
        house.classify("24", flight)
        if sense < 0:
            volume = 7 * (wide - 2 * board) * (going + 0.02) * board + 2 * polygon_area(side) * board
            values = {"Length": math.hypot(7 * going, rise), "GrossVolume": volume, "NetVolume": volume}
            model.quantities(flight, "Qto_StairFlightBaseQuantities", values)
    solid = model.box(1.0 + wide, deep, board)
    landing = model.element(
        "IfcSlab", "Trapbordes", stair, place(HALL_WEST, NORTH_FACE, landing_z - board), [solid], "LANDING"
    )
    model.made_of(landing, "eik")
    house.common(landing)
    build_railing(house, stair, (HALL_WEST + 1.0 + wide, NORTH_FACE), end_y - NORTH_FACE)


def build_railing(house: House, stair: Any, corner: Point2, length: float) -> None:
    """Railing along the stairwell: two posts, a handrail and bars of 12 mm."""
    model = house.model

    def tube(side: float) -> Any:
        return model.file.create_entity(
            "IfcRectangleHollowProfileDef",
            ProfileType="AREA",
            Position=model.centred(),
            XDim=side * model.to_unit,
            YDim=side * model.to_unit,
            WallThickness=0.003 * model.to_unit,
        )

    bar = model.file.create_entity(
        "IfcCircleProfileDef",
        ProfileType="AREA",
        Position=model.centred(),
        Radius=0.006 * model.to_unit,
    )
    high, rail = 0.96, 0.04
    solids = [model.extrude(tube(rail), length, (0.02, 0.0, high + rail / 2), (0, 1, 0), (1, 0, 0))]
    solids.extend(model.extrude(tube(rail), high, (0.02, y, 0.0)) for y in (0.02, length - 0.02))
    count = math.floor((length - 0.08) / 0.11)
    solids.extend(
        model.extrude(bar, high - 0.05, (0.02, 0.04 + (i + 1) * (length - 0.08) / (count + 1), 0.05))
        for i in range(count)
    )
    railing = model.element(
        "IfcRailing", "Leuning trapgat", stair, place(*corner, FIRST), solids, "GUARDRAIL"
    )
    model.made_of(railing, "staal")
    house.common(railing, Height=1000.0)
    house.classify("24", railing)
    model.quantities(railing, "Qto_RailingBaseQuantities", {"Length": length})


def build_spaces(house: House) -> None:
    """Rooms; the gross areas reach to the outer face of outer walls and to the axis of inner walls."""
    model = house.model
    cell, south, north = 8.05, (0.0, MIDDLE), (MIDDLE, DEPTH)
    hall = (HALL_WEST - LIGHT / 2, HALL_EAST + LIGHT / 2)
    clear_s, clear_n = (OUTER, SOUTH_FACE), (NORTH_FACE, BACK_FACE)
    wet = (HALL_EAST + LIGHT, EAST_FACE)
    spaces: list[tuple[str, str, Any, Point2, Point2, Point2, Point2]] = [
        ("0.01", "Woonkamer", house.gf, (OUTER, 8.0), clear_s, (0.0, cell), south),
        ("0.02", "Bureau", house.gf, (8.1, EAST_FACE), clear_s, (cell, LENGTH), south),
        ("0.03", "Keuken", house.gf, (OUTER, 4.9), clear_n, (0.0, hall[0]), north),
        ("0.04", "Inkomhal", house.gf, (HALL_WEST, HALL_EAST), clear_n, hall, north),
        ("0.05", "Berging", house.gf, wet, (NORTH_FACE, 6.2), (hall[1], LENGTH), (MIDDLE, 6.25)),
        ("0.06", "Toilet", house.gf, wet, (6.3, BACK_FACE), (hall[1], LENGTH), (6.25, DEPTH)),
        ("1.01", "Slaapkamer 1", house.ff, (3.6, EAST_FACE), clear_s, (3.55, LENGTH), south),
        ("1.02", "Dressing", house.ff, (OUTER, 3.5), clear_s, (0.0, 3.55), south),
        ("1.03", "Slaapkamer 2", house.ff, (OUTER, 4.9), clear_n, (0.0, hall[0]), north),
        ("1.04", "Overloop", house.ff, (HALL_WEST, HALL_EAST), clear_n, hall, north),
        ("1.05", "Badkamer", house.ff, wet, clear_n, (hall[1], LENGTH), north),
    ]
    for number, name, storey, (x0, x1), (y0, y1), (gx0, gx1), (gy0, gy1) in spaces:
        level, high = (GROUND, CEILING_GF) if storey == house.gf else (FIRST, ATTIC - 0.2505 - FIRST)
        solid = model.box(x1 - x0, y1 - y0, high)
        space = model.element("IfcSpace", number, storey, place(x0, y0, level), [solid], "INTERNAL")
        space.LongName = name
        net = (x1 - x0) * (y1 - y0)
        values = {
            "Height": high,
            "NetFloorArea": net,
            "GrossFloorArea": (gx1 - gx0) * (gy1 - gy0),
            "NetVolume": net * high,
        }
        model.quantities(space, "Qto_SpaceBaseQuantities", values)


def build_rainwater(house: House) -> None:
    """Zinc gutters and downpipes."""
    model = house.model
    sheet, wide, high = 0.0008, 0.15, 0.10
    outline = [
        (0.0, 0.0),
        (wide, 0.0),
        (wide, high),
        (wide - sheet, high),
        (wide - sheet, sheet),
        (sheet, sheet),
        (sheet, high),
        (0.0, high),
    ]
    thick = thickness(ROOF)
    edge = -EAVES_OVERHANG - thick * math.sin(PITCH)
    low = ATTIC - EAVES_OVERHANG * math.tan(PITCH) + thick * math.cos(PITCH) - high - 0.05
    long = LENGTH + 2 * VERGE_OVERHANG
    for side in ("zuid", "noord"):
        y = edge - wide if side == "zuid" else DEPTH - edge
        solid = model.along_x(model.polygon(outline), long)
        gutter = model.element(
            "IfcPipeSegment",
            f"Dakgoot {side}",
            house.attic,
            place(-VERGE_OVERHANG, y, low),
            [solid],
            "GUTTER",
        )
        model.made_of(gutter, "zink")
        for i, x in enumerate((0.15, LENGTH - 0.15)):
            profile = model.file.create_entity(
                "IfcCircleHollowProfileDef",
                ProfileType="AREA",
                Position=model.centred(),
                Radius=0.04 * model.to_unit,
                WallThickness=sheet * model.to_unit,
            )
            length = low - TERRAIN
            where = place(x, y + wide / 2, TERRAIN)
            pipe = model.element(
                "IfcPipeSegment",
                f"Regenpijp {side} {i + 1}",
                house.gf,
                where,
                [model.extrude(profile, length)],
                "RIGIDSEGMENT",
            )
            model.made_of(pipe, "zink")
            area = math.pi * (0.04**2 - (0.04 - sheet) ** 2)
            values = {"Length": length, "GrossCrossSectionArea": area}
            model.quantities(pipe, "Qto_PipeSegmentBaseQuantities", values)


def build_gaps(house: House) -> None:
    """What a real model also holds: an existing wall, generic materials, things without material or shape."""
    model = house.model
    layers: list[Layer] = [("volle baksteen", 0.19)]
    kind = wall_kind(house, "Tuinmuur 19 cm", layers)
    add_wall(
        house,
        "Tuinmuur",
        house.site,
        (0.0, 16.0, TERRAIN),
        (1, 0),
        8.0,
        1.8,
        0.19,
        kind,
        external=True,
        status="EXISTING",
    )
    shed = add_wall(
        house,
        "Tuinberging achterwand",
        house.site,
        (9.0, 16.0, TERRAIN),
        (1, 0),
        3.0,
        2.2,
        0.14,
        external=True,
        quantities=False,
    )
    model.made_of(shed.element, "Default Wall")
    kitchen = model.element(
        "IfcFurniture",
        "Keukenmeubel",
        house.gf,
        place(1.0, BACK_FACE - 0.60, GROUND),
        [model.box(3.0, 0.60, 0.90)],
    )
    model.made_of(kitchen, "Kitchen - generic")
    ring = model.file.create_entity(
        "IfcCircleHollowProfileDef",
        ProfileType="AREA",
        Position=model.centred(),
        Radius=1.0 * model.to_unit,
        WallThickness=0.1 * model.to_unit,
    )
    model.element(
        "IfcBuildingElementProxy",
        "Regenwaterput 5000 l",
        house.site,
        place(-3.0, 4.0, -2.40),
        [model.extrude(ring, 2.0)],
    )
    toilet = model.element(
        "IfcSanitaryTerminal", "Hangtoilet", house.gf, place(9.0, 7.5, GROUND), predefined="TOILETPAN"
    )
    model.made_of(toilet, "sanitair keramiek")
    tiles = model.element(
        "IfcCovering",
        "Wandtegels badkamer",
        house.ff,
        place(HALL_EAST + LIGHT, BACK_FACE - 0.01, FIRST),
        [model.box(0.4, 0.01, 2.1)],
        "CLADDING",
    )
    house.common(tiles)


def write_classifications(house: House) -> None:
    """BB/SfB codes of the elements noted so far."""
    model = house.model
    names = {
        "13": "Vloeren op volle grond",
        "16": "Funderingen",
        "21": "Buitenwanden",
        "22": "Binnenwanden",
        "22.1": "Binnenwanden, dragend",
        "23": "Vloeren",
        "24": "Trappen",
        "27.2": "Hellende daken",
        "28": "Hoofddraagconstructie",
        "31": "Buitenwandopeningen",
        "32": "Binnenwandopeningen",
    }
    system = classification.add_classification(model.file, "BB/SfB")
    for code, elements in sorted(house.codes.items()):
        for element in elements:
            classification.add_reference(
                model.file, products=[element], identification=code, name=names[code], classification=system
            )


def write_house(path: Path) -> None:
    """The detached house, IFC4, millimetres."""
    house = start_house()
    build_foundations(house)
    build_floors(house)
    walls = build_outer_walls(house)
    build_openings(house, walls)
    build_inner_walls(house)
    build_attic_joists(house)
    build_roof(house)
    build_roof_frame(house)
    build_stair(house)
    build_spaces(house)
    build_rainwater(house)
    build_gaps(house)
    write_wall_quantities(house)
    write_classifications(house)
    house.model.save(path)


def write_wall_2x3(path: Path) -> None:
    """One cavity wall with a window, IFC2X3, metres, quantities in sets named BaseQuantities."""
    model = Model("IFC2X3", "Cavity wall (example)", 1)
    site = model.root("IfcSite", "Site")
    building = model.root("IfcBuilding", "Building")
    for part, whole in ((site, model.project), (building, site)):
        geometry.edit_object_placement(model.file, product=part)
        aggregate.assign_object(model.file, products=[part], relating_object=whole)
    storey = model.storey("Ground floor", building, 0.0)
    length, height, width, high = 4.0, 2.7, 1.2, 1.4
    thick = thickness(CAVITY_WOOL)
    wall = model.element(
        "IfcWallStandardCase", "Cavity wall", storey, place(0, 0, 0), [model.box(length, thick, height)]
    )
    layers = model.layer_set("Cavity wall 41 cm", CAVITY_WOOL)
    material.assign_material(model.file, products=[wall], type="IfcMaterialLayerSetUsage", material=layers)
    model.properties(wall, "Pset_WallCommon", {"IsExternal": True, "LoadBearing": True})
    solid = model.box(width, thick, high)
    opening = model.opening(wall, "Opening", place(1.4, 0, 0.9), solid)
    frame = model.along_y(
        model.polygon(_ring(width, high), [_ring(width - 0.2, high - 0.2, 0.1, 0.1)]), FRAME_DEEP
    )
    pane = model.box(width - 0.2, GLASS_THICK, high - 0.2, (0.1, (FRAME_DEEP - GLASS_THICK) / 2, 0.1))
    window = model.element("IfcWindow", "Window", storey, place(1.4, FRAME_OFFSET, 0.9), [frame, pane])
    window.OverallWidth, window.OverallHeight = width, high
    model.fill(opening, window)
    parts = model.file.create_entity(
        "IfcMaterialList", [model.material(m) for m in ("hout meranti", "dubbele beglazing")]
    )
    model.file.create_entity(
        "IfcRelAssociatesMaterial",
        GlobalId=ifcopenshell.guid.new(),
        OwnerHistory=owner.create_owner_history(model.file),
        RelatedObjects=[window],
        RelatingMaterial=parts,
    )
    gross, net = length * height, length * height - width * high
    model.quantities(
        wall,
        "BaseQuantities",
        {
            "Length": length,
            "Width": thick,
            "Height": height,
            "GrossSideArea": gross,
            "NetSideArea": net,
            "GrossVolume": gross * thick,
            "NetVolume": net * thick,
        },
    )
    model.quantities(window, "BaseQuantities", {"Width": width, "Height": high, "Area": width * high})
    model.save(path)


def write_models(folder: Path) -> list[Path]:
    """Write all example models into `folder` and return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / HOUSE, folder / WALL_2X3]
    write_house(paths[0])
    write_wall_2x3(paths[1])
    return paths


if __name__ == "__main__":
    for written in write_models(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent):
        print(f"{written} ({written.stat().st_size:,} bytes)")
