"""The sum over the passport is the sum over the model's leaves: nothing is lost, nothing is counted twice.

Which elements must count is worked out here from the raw relations, with ifcopenshell alone.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import ifcopenshell
import ifcopenshell.util.element as util
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import SHARED
from ifc_builders import TinyModel
from passport import Passport, read_ifc
from passport.findings import FindingLog
from passport.ifc.source import open_model

MODELS = sorted((SHARED / "ifc").glob("*.ifc*")) if SHARED.is_dir() else []

_NO_MATTER = ("IfcFeatureElementSubtraction", "IfcVirtualElement", "IfcSurfaceFeature")
_OF_ANOTHER = ("IfcProjectionElement", "IfcGeographicElement", "IfcVehicle")


# -- the rules again, from the raw relations ---------------------------------------------------------


def _is(entity: Any, classes: tuple[str, ...]) -> bool:
    """`is_a` answers false for a class that the schema does not know."""
    return any(entity.is_a(c) for c in classes)


def _physical(file: Any) -> set[int]:
    elements = [e for e in file.by_type("IfcElement") if not _is(e, _NO_MATTER)]
    if file.schema in ("IFC2X3", "IFC4"):
        elements += file.by_type("IfcProxy")
    return {e.id() for e in elements}


def _parts(entity: Any, physical: set[int]) -> list[Any]:
    relations = [r for r in entity.IsDecomposedBy if r.is_a("IfcRelAggregates")]
    return [p for r in relations for p in r.RelatedObjects if p.id() in physical]


def _whole(entity: Any) -> Any:
    relations = [r for r in getattr(entity, "Decomposes", ()) if r.is_a("IfcRelAggregates")]
    return relations[0].RelatingObject if relations else None


def _wholes_above(entity: Any) -> set[int]:
    found: set[int] = set()
    while (entity := _whole(entity)) is not None and entity.id() not in found:
        found.add(entity.id())
    return found


def _has_material(entity: Any) -> bool:
    return util.get_material(entity) is not None


def _material_below(entity: Any, physical: set[int]) -> bool:
    return any(_has_material(p) or _material_below(p, physical) for p in _parts(entity, physical))


def _counted_of(entity: Any, physical: set[int]) -> set[int]:
    """Step ids that stand for this element: its own, or those that stand for its parts."""
    if _is(entity, _OF_ANOTHER):
        return set()
    parts = _parts(entity, physical)
    bare_parts = not _material_below(entity, physical)
    if not parts or (bare_parts and _has_material(entity) and entity.Representation is not None):
        return {entity.id()}
    return set().union(*(_counted_of(p, physical) for p in parts))


def _leaves(file: Any) -> set[int]:
    physical = _physical(file)
    tops = [e for e in map(file.by_id, sorted(physical)) if not _wholes_above(e) & physical]
    return set().union(*(_counted_of(e, physical) for e in tops))


# -- what must hold for every passport ---------------------------------------------------------------


def _assert_all_matter_once(house: Passport, file: Any) -> None:
    counted, out = [e.step_id for e in house.elements], [e.step_id for e in house.left_out]
    assert len(counted + out) == len({*counted, *out}), "a step id twice"
    assert {*counted, *out} == _physical(file)
    assert set(counted) == _leaves(file)
    for step_id in counted:
        assert not _wholes_above(file.by_id(step_id)) & set(counted), "counted with its own whole"


#: Things that models draw as a block: their matter is less than their body, or unknown.
_DRAWN_FULL = (
    *("IfcWindow", "IfcDoor", "IfcCurtainWall", "IfcRailing", "IfcFurni", "IfcSystemFurniture"),
    *("IfcFlow", "IfcPipe", "IfcDuct", "IfcCable"),
)


def _assert_sums_close(house: Passport) -> None:
    total: list[float] = []
    for element in house.elements:
        portions = element.portions
        shares = [p.share for p in portions if p.share is not None]
        assert math.fsum(shares) <= 1 + 1e-9
        volumes = [p.volume_m3 for p in portions if p.volume_m3 is not None]
        hollow = element.ifc_class.startswith(_DRAWN_FULL)
        if element.volume_m3 is None:
            assert not volumes or hollow
        elif hollow:  # glazing units and profiles are drawn full; their gas and their hollows are no matter
            assert math.fsum(volumes) <= element.volume_m3 * (1 + 1e-9)
        elif len(shares) == len(portions):
            assert math.fsum(volumes) == pytest.approx(element.volume_m3, rel=1e-9)
        else:
            assert math.fsum(volumes) <= element.volume_m3 * (1 + 1e-9)
        masses = [p.mass_kg for p in portions if p.mass_kg is not None]
        total += masses
        if len(masses) == len(portions):
            assert element.mass_kg == pytest.approx(math.fsum(masses), rel=1e-9)
        else:
            assert element.mass_kg is None, "a part of the mass is unknown, so the whole is"
    if total:
        assert house.mass_kg() == pytest.approx(math.fsum(total), rel=1e-9)
    else:
        assert house.mass_kg() is None


@pytest.fixture(scope="module", params=MODELS or [None], ids=lambda p: p.name if p else "none")
def real(request: pytest.FixtureRequest, shared: Path) -> tuple[Path, Passport]:
    assert shared
    return request.param, read_ifc(request.param)


@pytest.mark.long
def test_a_real_model_counts_all_of_its_matter_once(real: tuple[Path, Passport]) -> None:
    path, house = real
    with open_model(path, FindingLog()) as opened:
        _assert_all_matter_once(house, opened.file)


@pytest.mark.long
def test_portions_elements_and_the_total_of_a_real_model_agree(real: tuple[Path, Passport]) -> None:
    _assert_sums_close(real[1])


def _read(model: TinyModel, folder: Path) -> Passport:
    """The passport of a tiny model, after the checks that hold for every model."""
    path = model.save(folder)
    house = read_ifc(path)
    _assert_all_matter_once(house, ifcopenshell.open(str(path)))
    _assert_sums_close(house)
    return house


def _names(house: Passport) -> list[str]:
    return sorted(e.name for e in house.elements)


def _volume_m3(house: Passport) -> float:
    return math.fsum(e.volume_m3 or 0.0 for e in house.elements)


def _part(model: TinyModel, ifc_class: str, name: str, volume_m3: float, material: str | None) -> Any:
    """A part without a place of its own in the spatial structure."""
    part = model.root(ifc_class, Name=name)
    model.quantities(part, Volume_NetVolume=volume_m3)
    if material:
        model.associate(material, part)
    return part


# -- wholes and parts --------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    nodes=st.lists(
        st.tuples(st.integers(0, 5), st.booleans(), st.booleans(), st.booleans()), min_size=1, max_size=9
    ),
    schema=st.sampled_from(["IFC2X3", "IFC4", "IFC4X3"]),
)
def test_any_tree_of_wholes_and_parts_is_counted_once_on_every_branch(
    tmp_path: Path, nodes: list[tuple[int, bool, bool, bool]], schema: str
) -> None:
    """A node: which earlier one it is a part of (0: none), own material, material of its type, own body."""
    model = TinyModel(schema)
    made: list[Any] = []
    concrete, wood = model.material("beton C25/30"), model.material("vuren")
    for whole, own_material, type_material, body in nodes:
        is_part = 0 < whole <= len(made)
        name = f"node {len(made)}"
        element = model.root("IfcBeam", Name=name) if is_part else model.element("IfcBeam", name)
        model.quantities(element, Volume_NetVolume=1.0)
        if own_material:
            model.associate(concrete, element)
        if type_material:
            model.associate(wood, model.type_of(element, "IfcBeamType", PredefinedType="BEAM"))
        if body:
            model.box(element, 1, 1, 1)
        if is_part:
            model.aggregate(made[whole - 1], element)
        made.append(element)
    house = _read(model, tmp_path)
    assert all(e.mass_kg is not None for e in house.elements if e.portions[0].name)


def test_an_assembly_in_an_assembly_weighs_what_its_members_weigh(tmp_path: Path) -> None:
    model = TinyModel()
    outer = model.element("IfcElementAssembly", "roof truss")
    inner = model.root("IfcElementAssembly", Name="half")
    innermost = model.root("IfcElementAssembly", Name="joint")
    plates = [_part(model, "IfcPlate", f"plate {i}", 0.01, "staal S235") for i in range(2)]
    posts = [_part(model, "IfcMember", f"post {i}", 0.1, "vuren") for i in range(2)]
    model.aggregate(outer, inner, posts[0])
    model.aggregate(inner, innermost, posts[1])
    model.aggregate(innermost, *plates)
    house = _read(model, tmp_path)
    assert _names(house) == ["plate 0", "plate 1", "post 0", "post 1"]
    assert _volume_m3(house) == pytest.approx(0.22)


def test_the_layers_of_a_wall_drawn_as_parts_are_counted_instead_of_the_wall(tmp_path: Path) -> None:
    model = TinyModel()
    wall = model.element("IfcWall", "wall")
    model.quantities(wall, Volume_NetVolume=3.0)
    model.box(wall, 10, 0.1, 3)
    model.associate(model.layers(("baksteen", 0.1), ("pur", 0.1)), wall)
    leaf = _part(model, "IfcBuildingElementPart", "leaf", 2.0, "baksteen")
    insulation = _part(model, "IfcBuildingElementPart", "insulation", 1.0, "pur")
    model.aggregate(wall, leaf, insulation)
    house = _read(model, tmp_path)
    assert _names(house) == ["insulation", "leaf"]
    assert _volume_m3(house) == pytest.approx(3.0)
    assert house.findings.with_code("whole-and-parts-have-material")


def test_a_curtain_wall_is_its_plates_and_members(tmp_path: Path) -> None:
    model = TinyModel()
    facade = model.element("IfcCurtainWall", "facade")
    plates = [_part(model, "IfcPlate", f"pane {i}", 0.02, "glas") for i in range(3)]
    members = [_part(model, "IfcMember", f"mullion {i}", 0.001, "aluminium") for i in range(4)]
    model.aggregate(facade, *plates, *members)
    house = _read(model, tmp_path)
    assert len(house.elements) == 7
    assert _volume_m3(house) == pytest.approx(0.064)
    assert [e.name for e in house.left_out] == ["facade"]


def test_a_stair_is_its_flights_landing_and_railing(tmp_path: Path) -> None:
    model = TinyModel()
    stair = model.element("IfcStair", "stair")
    model.quantities(stair, Volume_NetVolume=99.0)
    flights = [_part(model, "IfcStairFlight", f"flight {i}", 0.4, "beton") for i in range(2)]
    landing = _part(model, "IfcSlab", "landing", 0.3, "beton")
    railing = _part(model, "IfcRailing", "railing", 0.002, "staal S235")
    model.aggregate(stair, *flights, landing, railing)
    house = _read(model, tmp_path)
    assert _names(house) == ["flight 0", "flight 1", "landing", "railing"]
    assert _volume_m3(house) == pytest.approx(1.102)


def test_a_roof_that_holds_the_material_and_the_body_counts_without_its_bare_slabs(tmp_path: Path) -> None:
    model = TinyModel()
    roof = model.element("IfcRoof", "roof")
    model.box(roof, 10, 8, 0.2)
    model.associate("vuren", roof)
    slabs = [_part(model, "IfcSlab", f"slope {i}", 8.0, None) for i in range(2)]
    model.aggregate(roof, *slabs)
    house = _read(model, tmp_path)
    assert _names(house) == ["roof"]
    assert _volume_m3(house) == pytest.approx(16.0)
    assert all(roof.GlobalId in e.reason for e in house.left_out)


def test_a_roof_without_a_body_is_its_slabs_with_its_material(tmp_path: Path) -> None:
    model = TinyModel()
    roof = model.element("IfcRoof", "roof")
    model.associate("vuren", roof)
    slabs = [_part(model, "IfcSlab", f"slope {i}", 8.0, None) for i in range(2)]
    model.aggregate(roof, *slabs)
    house = _read(model, tmp_path)
    assert _names(house) == ["slope 0", "slope 1"]
    assert {p.name for e in house.elements for p in e.portions} == {"vuren"}


def test_reinforcing_bars_in_an_assembly_count_beside_their_concrete(tmp_path: Path) -> None:
    model = TinyModel()
    precast = model.element("IfcElementAssembly", "precast beam")
    concrete = _part(model, "IfcBeam", "concrete", 1.0, "beton")
    bars = []
    for i in range(4):
        bar = model.root(
            "IfcReinforcingBar", Name=f"bar {i}", NominalDiameter=0.016, BarLength=5.0, PredefinedType="MAIN"
        )
        model.quantities(bar, Weight_Weight=7.9)
        model.associate("wapeningsstaal B500", bar)
        bars.append(bar)
    model.aggregate(precast, concrete, *bars)
    house = _read(model, tmp_path)
    assert _names(house) == ["bar 0", "bar 1", "bar 2", "bar 3", "concrete"]
    bars_kg = math.fsum(e.mass_kg or 0.0 for e in house.elements if e.name.startswith("bar"))
    concrete_kg = next(e.mass_kg for e in house.elements if e.name == "concrete")
    assert bars_kg == pytest.approx(31.6)
    assert concrete_kg is not None and concrete_kg > 2000
    assert house.mass_kg() == pytest.approx(bars_kg + concrete_kg)


def test_an_opening_of_a_whole_is_taken_out_of_each_of_its_parts_once(tmp_path: Path) -> None:
    model = TinyModel()
    wall = model.element("IfcWall", "wall")
    model.box(wall, 4, 0.3, 3)
    leaves = []
    for place, material in enumerate(("beton", "pur", "baksteen")):
        leaf = model.root("IfcBuildingElementPart", Name=material)
        model.box(leaf, 4, 0.1, 3, at=(0, 0.1 * place, 0))
        model.associate(material, leaf)
        leaves.append(leaf)
    model.aggregate(wall, *leaves)
    model.opening(wall, 1, 0.3, 1, at=(1, 0, 1))
    house = _read(model, tmp_path)
    assert [e.volume_m3 for e in house.elements] == pytest.approx([1.1, 1.1, 1.1])


def test_an_element_named_by_two_wholes_is_counted_once(tmp_path: Path) -> None:
    model = TinyModel()
    shared_post = _part(model, "IfcMember", "post", 0.1, "vuren")
    for name in ("left", "right"):
        model.aggregate(model.element("IfcElementAssembly", name), shared_post)
    house = _read(model, tmp_path)
    assert _names(house) == ["post"]
    assert {e.name for e in house.left_out} == {"left", "right"}


# -- what is no matter, and what only touches other matter -------------------------------------------


@pytest.mark.parametrize("schema", ["IFC2X3", "IFC4", "IFC4X3"])
def test_openings_spaces_annotations_and_virtual_elements_add_nothing(tmp_path: Path, schema: str) -> None:
    model = TinyModel(schema)
    wall = model.element("IfcWall", "wall")
    model.box(wall, 4, 0.2, 3)
    model.associate("beton", wall)
    bare = _read(model, tmp_path)
    opening = model.opening(wall, 1, 0.2, 1, at=(1, 0, 1))
    space = model.root("IfcSpace", Name="room")
    model.box(space, 4, 4, 3)
    model.aggregate(model.storey, space)
    model.element("IfcVirtualElement", "boundary")
    model.box(model.element("IfcAnnotation", "dimension"), 1, 1, 1)
    for obj in (opening, space):
        model.quantities(obj, Volume_NetVolume=50.0)
        model.associate("beton", obj)
    house = _read(model, tmp_path)
    assert _names(house) == ["wall"] and not house.left_out
    assert _volume_m3(bare) == pytest.approx(2.4)
    assert _volume_m3(house) == pytest.approx(2.2), "the opening is taken out of the wall, once"


def test_a_window_that_fills_an_opening_counts_beside_its_wall(tmp_path: Path) -> None:
    model = TinyModel()
    wall = model.element("IfcWall", "wall")
    model.box(wall, 4, 0.2, 3)
    model.associate("beton", wall)
    window = model.element("IfcWindow", "window", OverallWidth=1.0, OverallHeight=1.0)
    opening = model.opening(wall, 1, 0.2, 1, at=(1, 0, 1))
    model.root("IfcRelFillsElement", RelatingOpeningElement=opening, RelatedBuildingElement=window)
    house = _read(model, tmp_path)
    assert _names(house) == ["wall", "window"]


def test_a_covering_related_to_its_wall_counts_once_beside_it(tmp_path: Path) -> None:
    model = TinyModel()
    wall = model.element("IfcWall", "wall")
    tiles = model.element("IfcCovering", "tiles")
    for element, volume, material in ((wall, 2.0, "beton"), (tiles, 0.1, "keramische tegel")):
        model.quantities(element, Volume_NetVolume=volume)
        model.associate(material, element)
    model.root("IfcRelCoversBldgElements", RelatingBuildingElement=wall, RelatedCoverings=[tiles])
    house = _read(model, tmp_path)
    assert _names(house) == ["tiles", "wall"]
    assert _volume_m3(house) == pytest.approx(2.1)


@pytest.mark.parametrize("schema", ["IFC2X3", "IFC4", "IFC4X3"])
def test_ports_are_no_elements_and_their_pipe_counts_once(tmp_path: Path, schema: str) -> None:
    model = TinyModel(schema)
    pipe = model.element("IfcFlowSegment", "pipe")
    model.quantities(pipe, Volume_NetVolume=0.01)
    model.associate("koper", pipe)
    ports = [model.root("IfcDistributionPort", Name=f"port {i}") for i in range(2)]
    for port in ports:
        if schema == "IFC2X3":
            model.root("IfcRelConnectsPortToElement", RelatingPort=port, RelatedElement=pipe)
    if schema != "IFC2X3":
        model.root("IfcRelNests", RelatingObject=pipe, RelatedObjects=ports)
    house = _read(model, tmp_path)
    assert _names(house) == ["pipe"] and not house.left_out


def test_what_is_nested_in_an_element_is_matter_of_its_own(tmp_path: Path) -> None:
    model = TinyModel()
    basin = model.element("IfcSanitaryTerminal", "basin")
    tap = _part(model, "IfcValve", "tap", 0.001, "messing")
    model.quantities(basin, Volume_NetVolume=0.02)
    model.associate("keramiek", basin)
    model.root("IfcRelNests", RelatingObject=basin, RelatedObjects=[tap])
    assert _names(_read(model, tmp_path)) == ["basin", "tap"]


# -- several buildings -------------------------------------------------------------------------------


def test_two_buildings_on_two_sites_are_the_sum_of_both(tmp_path: Path) -> None:
    model = TinyModel()
    for number, volume in ((1, 2.0), (2, 5.0)):
        site = model.root("IfcSite", Name=f"site {number}")
        building = model.root("IfcBuilding", Name=f"building {number}")
        model.aggregate(model.project, site)
        model.aggregate(site, building)
        wall = model.root("IfcWall", Name=f"wall {number}")
        model.quantities(wall, Volume_NetVolume=volume)
        model.associate("beton", wall)
        model.root("IfcRelContainedInSpatialStructure", RelatedElements=[wall], RelatingStructure=building)
    house = _read(model, tmp_path)
    assert _names(house) == ["wall 1", "wall 2"]
    assert _volume_m3(house) == pytest.approx(7.0)


def test_two_projects_in_one_file_are_both_counted_and_reported(tmp_path: Path) -> None:
    model = TinyModel()
    first = model.element("IfcWall", "first")
    other_project = model.root("IfcProject", Name="Other")
    other_building = model.root("IfcBuilding", Name="Other house")
    model.aggregate(other_project, other_building)
    second = model.root("IfcWall", Name="second")
    model.root(
        "IfcRelContainedInSpatialStructure", RelatedElements=[second], RelatingStructure=other_building
    )
    for wall in (first, second):
        model.quantities(wall, Volume_NetVolume=1.0)
        model.associate("beton", wall)
    house = _read(model, tmp_path)
    assert _names(house) == ["first", "second"]
    assert house.findings.with_code("project-count")


# -- portions ----------------------------------------------------------------------------------------


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    fractions=st.lists(st.one_of(st.none(), st.floats(0.0, 1.0)), min_size=1, max_size=4),
    volume=st.floats(1e-3, 1e3),
)
def test_portions_of_any_fractions_close_with_their_element(
    tmp_path: Path, fractions: list[float | None], volume: float
) -> None:
    model = TinyModel()
    element = model.element("IfcBeam")
    model.quantities(element, Volume_NetVolume=volume)
    model.associate(model.constituents(*((f"stof {i}", f) for i, f in enumerate(fractions))), element)
    house = _read(model, tmp_path)
    assert house.elements[0].volume_m3 == pytest.approx(volume)


def test_an_unnamed_layer_is_a_portion_too_and_no_volume_is_lost(tmp_path: Path) -> None:
    model = TinyModel()
    wall = model.element("IfcWall")
    model.quantities(wall, Area_NetSideArea=10.0)
    model.associate(model.layers(("baksteen", 0.1), (None, 0.05), ("baksteen", 0.1)), wall)
    (element,) = _read(model, tmp_path).elements
    assert [p.volume_m3 for p in element.portions] == pytest.approx([1.0, 0.5, 1.0])
    assert element.volume_m3 == pytest.approx(2.5)
