"""The floor area by a stated chain; a net area or geometry stands in, and that is said."""

from __future__ import annotations

import dataclasses
import itertools
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ifc_builders import TinyModel
from passport import read_ifc
from passport.findings import FindingLog
from passport.ifc.body import Body
from passport.ifc.floor_area import FloorAreaReader
from passport.ifc.relations import Relations
from passport.ifc.schema import Schema
from passport.ifc.slab_floors import ElementBox, element_box, slab_floors
from passport.ifc.units import Units


def _spaces(model: TinyModel, **quantities: float) -> list:  # type: ignore[type-arg]
    spaces = []
    for i in range(2):
        space = model.root("IfcSpace", Name=f"room {i}")
        model.aggregate(model.storey, space)
        if quantities:
            model.quantities(space, "Qto_SpaceBaseQuantities", **quantities)
        spaces.append(space)
    return spaces


def test_the_area_of_the_building_comes_first(tmp_path: Path) -> None:
    model = TinyModel()
    _spaces(model, Area_GrossFloorArea=40.0)
    model.quantities(model.building, "Qto_BuildingBaseQuantities", Area_GrossFloorArea=100.0)
    area = read_ifc(model.save(tmp_path)).floor_area_m2
    assert (area.value, area.origin) == (100.0, "gross floor area of the building")


def test_gross_areas_of_the_spaces_come_before_net_ones(tmp_path: Path) -> None:
    model = TinyModel()
    _spaces(model, Area_GrossFloorArea=40.0, Area_NetFloorArea=35.0)
    area = read_ifc(model.save(tmp_path)).floor_area_m2
    assert (area.value, area.origin) == (80.0, "gross floor area of 2 spaces")


def test_a_net_area_stands_in_with_a_finding(tmp_path: Path) -> None:
    model = TinyModel()
    _spaces(model, Area_NetFloorArea=35.0)
    house = read_ifc(model.save(tmp_path))
    assert (house.floor_area_m2.value, house.floor_area_m2.origin) == (70.0, "net floor area of 2 spaces")
    assert house.findings.with_code("floor-area-net")


def test_a_part_of_the_spaces_is_not_the_whole(tmp_path: Path) -> None:
    model = TinyModel()
    first, _ = _spaces(model)
    model.quantities(first, Area_GrossFloorArea=40.0)
    assert read_ifc(model.save(tmp_path)).floor_area_m2.value is None


def test_spaces_without_quantities_are_measured_by_their_shape(tmp_path: Path) -> None:
    model = TinyModel()
    for i, space in enumerate(_spaces(model)):
        model.box(space, 5, 4, 2.6, at=(6 * i, 0, 0))
    area = read_ifc(model.save(tmp_path)).floor_area_m2
    assert area.value == pytest.approx(40.0)
    assert area.origin == "plan area of 2 spaces from geometry"
    assert read_ifc(model.save(tmp_path), geometry="never").floor_area_m2.value is None


def test_external_spaces_and_parts_of_spaces_do_not_count(tmp_path: Path) -> None:
    model = TinyModel()
    first, terrace = _spaces(model, Area_GrossFloorArea=40.0)
    terrace.PredefinedType = "EXTERNAL"
    corner = model.root("IfcSpace", Name="corner")
    model.aggregate(first, corner)
    model.quantities(corner, Area_GrossFloorArea=10.0)
    assert read_ifc(model.save(tmp_path)).floor_area_m2.value == 40.0


def test_an_area_a_million_times_too_large_is_not_believed(tmp_path: Path) -> None:
    model = TinyModel()
    model.quantities(model.building, Area_GrossFloorArea=1.0e8)
    house = read_ifc(model.save(tmp_path))
    assert house.floor_area_m2.value is None
    assert house.findings.with_code("floor-area-implausible")


def test_square_feet_become_square_metres(tmp_path: Path) -> None:
    model = TinyModel("IFC4", "ft")
    model.quantities(model.building, Area_GrossFloorArea=1076.391041671)
    assert read_ifc(model.save(tmp_path)).floor_area_m2.value == pytest.approx(100.0)


def test_the_user_knows_best(tmp_path: Path) -> None:
    model = TinyModel()
    model.quantities(model.building, Area_GrossFloorArea=100.0)
    area = read_ifc(model.save(tmp_path), floor_area_m2=123.0).floor_area_m2
    assert (area.value, area.origin) == (123.0, "user")


# -- outlines of slabs ----------------------------------------------------------------------------------


_STEP_IDS = itertools.count(1)


def _box(
    ifc_class: str,
    x: float,
    y: float,
    z: float,
    *,
    at: tuple[float, float, float] = (0, 0, 0),
    kind: str = "",
    area: float | None = None,
    external: bool | None = None,
) -> ElementBox:
    """A box of size x, y, z with its low corner at `at`; the plan area is that of the box unless given."""
    high = (at[0] + x, at[1] + y, at[2] + z)
    return ElementBox(
        next(_STEP_IDS), ifc_class, kind, None, x * y if area is None else area, at, high, external
    )


def _walls(level: float, height: float = 2.7, x: float = 10, y: float = 8) -> list[ElementBox]:
    """Four walls around an x by y rectangle."""
    return [
        _box("IfcWall", x, 0.3, height, at=(0, 0, level)),
        _box("IfcWall", x, 0.3, height, at=(0, y - 0.3, level)),
        _box("IfcWallStandardCase", 0.3, y, height, at=(0, 0, level)),
        _box("IfcWallStandardCase", 0.3, y, height, at=(x - 0.3, 0, level)),
    ]


def _areas(boxes: list[ElementBox]) -> list[float]:
    return [pytest.approx(f.area_m2) for f in slab_floors(boxes)]


GROUND = _box("IfcSlab", 10, 8, 0.2, at=(0, 0, -0.2), kind="BASESLAB")
FIRST = _box("IfcSlab", 10, 8, 0.2, at=(0, 0, 2.7), kind="FLOOR")
FLAT_ROOF = _box("IfcSlab", 10, 8, 0.2, at=(0, 0, 5.6))
HOUSE = [GROUND, *_walls(0), FIRST, *_walls(2.9), FLAT_ROOF]


def test_each_slab_with_walls_on_it_is_a_floor_and_a_flat_roof_is_not() -> None:
    assert [f.level_m for f in slab_floors(HOUSE)] == [0.0, pytest.approx(2.9)]
    assert _areas(HOUSE) == [80.0, 80.0]


def test_a_parapet_does_not_make_a_floor_of_a_roof() -> None:
    assert _areas([*HOUSE, *_walls(5.8, height=1.1)]) == [80.0, 80.0]


def test_a_ground_slab_with_nothing_on_it_is_no_floor() -> None:
    yard = _box("IfcSlab", 30, 30, 0.2, at=(100, 0, -0.2), kind="BASESLAB")
    assert _areas([yard]) == []
    assert _areas([yard, *HOUSE]) == [80.0, 80.0]


def test_spaces_stand_on_a_slab_as_walls_do() -> None:
    assert _areas([GROUND, _box("IfcSpace", 9.4, 7.4, 2.6, at=(0.3, 0.3, 0))]) == [80.0]


@pytest.mark.parametrize("kind", ["ROOF", "LANDING", "PAVING", "SIDEWALK"])
def test_slabs_that_the_model_calls_no_floor_do_not_count(kind: str) -> None:
    other = _box("IfcSlab", 10, 8, 0.2, at=(0, 0, 2.7), kind=kind)
    assert _areas([GROUND, *_walls(0, height=5.6), other]) == [80.0]


def test_a_finish_on_a_structural_slab_counts_once() -> None:
    finish = _box("IfcSlab", 9.4, 7.4, 0.08, at=(0.3, 0.3, 0))
    assert _areas([GROUND, finish, *_walls(0)]) == [80.0]


def test_a_finish_drawn_per_room_on_several_planks_counts_once() -> None:
    planks = [_box("IfcSlab", 2.5, 8, 0.2, at=(2.5 * i, 0, -0.2)) for i in range(4)]
    rooms = [_box("IfcSlab", 3.3, 7, 0.05, at=(0.1 + 3.3 * i, 0.5, 0)) for i in range(3)]
    assert _areas([*planks, *rooms, *_walls(0)]) == [80.0]


def test_the_same_slab_drawn_twice_counts_once() -> None:
    again = dataclasses.replace(GROUND, step_id=next(_STEP_IDS))
    assert _areas([GROUND, again, *_walls(0)]) == [80.0]


def test_slabs_side_by_side_both_count_even_when_their_boxes_overlap() -> None:
    l_shaped = _box("IfcSlab", 10, 8, 0.2, at=(0, 0, -0.2), area=60.0)
    corner = _box("IfcSlab", 5, 4, 0.2, at=(5, 4, -0.2))
    assert _areas([l_shaped, corner, *_walls(0)]) == [80.0]


def test_balconies_and_terraces_do_not_count() -> None:
    balcony = _box("IfcSlab", 3, 1.5, 0.2, at=(3, 8, 2.7))
    terrace = _box("IfcSlab", 6, 5, 0.2, at=(0, 3, -0.2), external=True)
    assert _areas([*HOUSE, balcony, terrace]) == [80.0, 80.0]


def test_of_a_roof_around_a_set_back_storey_only_the_part_within_its_walls_counts() -> None:
    assert _areas([GROUND, *_walls(0), FIRST, *_walls(2.9, x=5)]) == [80.0, 40.0]


def test_a_sloping_slab_without_a_kind_is_no_floor() -> None:
    slope = _box("IfcSlab", 10, 8, 3.0, at=(0, 0, 2.7))
    assert _areas([GROUND, *_walls(0, height=8), slope]) == [80.0]


def test_landings_between_two_floors_do_not_join_them() -> None:
    landing = _box("IfcSlab", 2, 1, 0.2, at=(1, 1, 1.25), kind="FLOOR")
    assert _areas([*HOUSE, landing]) == [80.0, 80.0]


def test_layers_of_one_slab_with_a_face_each_count_as_its_box() -> None:
    assert _areas([dataclasses.replace(GROUND, plan_area_m2=240.0), *_walls(0)]) == [80.0]


def test_slabs_alone_tell_no_floor_area() -> None:
    assert slab_floors([GROUND, FIRST, FLAT_ROOF]) == ()
    assert slab_floors([]) == ()


def test_a_body_of_known_place_becomes_a_box_and_another_does_not() -> None:
    body = Body(16.0, 2.0, 80.0, True, low_m=(0, 0, -0.2), high_m=(10, 8, 0))
    box = element_box(GROUND.step_id, "IfcSlab", "BASESLAB", None, body)
    assert box == GROUND
    assert element_box(1, "IfcSlab", "", None, Body(16.0, 2.0, 80.0, True)) is None


@given(st.lists(st.tuples(st.floats(1, 30), st.floats(1, 30), st.floats(-3, 12)), max_size=12))
def test_no_floor_is_larger_than_its_slabs_together(sizes: list[tuple[float, float, float]]) -> None:
    slabs = [_box("IfcSlab", x, y, 0.2, at=(0, 0, z), kind="FLOOR") for x, y, z in sizes]
    floors = slab_floors([*slabs, *_walls(-3, height=20, x=30, y=30)])
    assert sum(f.area_m2 for f in floors) <= sum(x * y for x, y, _ in sizes) * (1 + 1e-9)
    assert [f.level_m for f in floors] == sorted(f.level_m for f in floors)


# -- the chain and its cross-checks ---------------------------------------------------------------------


def _reader(model: TinyModel) -> tuple[FloorAreaReader, FindingLog]:
    log = FindingLog()
    schema = Schema(model.file.schema_identifier)
    relations = Relations(model.file, schema)
    return FloorAreaReader(model.file, schema, relations, Units(model.file, log), log), log


def _codes(log: FindingLog) -> list[str]:
    return [f.code for f in log]


def test_slab_outlines_come_after_what_is_stated_gross_and_before_net() -> None:
    model = TinyModel()
    _spaces(model, Area_NetFloorArea=68.0)
    areas, log = _reader(model)
    found = areas.decide(boxes=HOUSE)
    assert (found.value, found.gross) == (pytest.approx(160.0), True)
    assert found.origin == "outlines of the slabs of 2 floors from geometry"
    assert [(a.value, a.origin) for a in found.alternatives] == [(136.0, "net floor area of 2 spaces")]
    assert _codes(log) == []
    model.quantities(model.storey, Area_GrossFloorArea=158.0)
    areas, log = _reader(model)
    assert areas.decide(boxes=HOUSE).origin == "gross floor area of the storeys"
    assert _codes(log) == []


def test_each_link_says_what_it_covers_and_what_else_there_was() -> None:
    model = TinyModel()
    _spaces(model, Area_GrossFloorArea=75.0, Area_NetFloorArea=68.0)
    model.quantities(model.building, Area_GrossFloorArea=155.0)
    areas, _ = _reader(model)
    found = areas.decide(boxes=HOUSE)
    assert "outer edge of the external walls" in found.definition
    assert [a.value for a in found.alternatives] == [150.0, pytest.approx(160.0), 136.0]
    assert {a.reason for a in found.alternatives} == {"later in the chain"}


@pytest.mark.parametrize("schema", ["IFC4", "IFC4X3"])
def test_spaces_of_type_gfa_count_alone_as_gross_and_not_with_the_rooms(schema: str) -> None:
    model = TinyModel(schema)
    first, second = _spaces(model, Area_NetFloorArea=34.0)
    outline = model.root("IfcSpace", Name="GFA", PredefinedType="GFA")
    model.aggregate(model.storey, outline)
    areas, _ = _reader(model)
    plans = {first.id(): 34.0, second.id(): 34.0, outline.id(): 80.0}
    found = areas.decide(space_plan_m2=plans)
    assert (found.value, found.origin) == (80.0, "outlines of 1 gross-area space from geometry")
    assert [a.value for a in found.alternatives] == [68.0, 68.0]


def test_external_spaces_of_ifc2x3_are_told_by_their_other_attribute() -> None:
    model = TinyModel("IFC2X3")
    _, terrace = _spaces(model, Area_GrossFloorArea=40.0)
    terrace.InteriorOrExteriorSpace = "EXTERNAL"
    areas, _ = _reader(model)
    assert areas.decide().value == 40.0


@pytest.mark.parametrize("name", ["Terras", "Balkon 2", "Toiture", "Roof"])
def test_a_space_that_lies_outside_by_its_name_is_left_out_with_a_finding(name: str) -> None:
    model = TinyModel()
    _, outside = _spaces(model, Area_GrossFloorArea=40.0)
    outside.LongName = name
    areas, log = _reader(model)
    assert areas.decide().value == 40.0
    assert _codes(log) == ["space-outside"]


def test_a_net_area_under_its_own_name_is_not_mixed_with_plain_areas() -> None:
    model = TinyModel()
    first, second = _spaces(model)
    model.quantities(first, Area_NetFloorArea=30.0)
    model.quantities(second, Area_Area=40.0)
    assert _reader(model)[0].decide().value is None


def test_gross_equal_to_net_although_there_are_walls_is_a_finding() -> None:
    model = TinyModel()
    _spaces(model, Area_GrossFloorArea=40.0, Area_NetFloorArea=40.0)
    assert _reader(model)[0].decide().value == 80.0
    areas, log = _reader(model)
    areas.decide()
    assert _codes(log) == []
    model.element("IfcWall")
    areas, log = _reader(model)
    areas.decide()
    assert _codes(log) == ["floor-area-equals-net"]


def test_gross_below_net_is_a_finding() -> None:
    model = TinyModel()
    _spaces(model, Area_NetFloorArea=40.0)
    model.quantities(model.building, Area_GrossFloorArea=60.0)
    areas, log = _reader(model)
    assert areas.decide().value == 60.0
    assert _codes(log) == ["floor-area-below-net"]


def test_an_area_far_from_the_slabs_is_a_finding_with_both_numbers() -> None:
    model = TinyModel()
    model.quantities(model.building, Area_GrossFloorArea=200.0)
    areas, log = _reader(model)
    assert areas.decide(boxes=HOUSE).value == 200.0
    (finding,) = log
    assert finding.code == "floor-area-differs"
    assert "200.0 m2" in finding.message and "160.0 m2" in finding.message


def test_an_area_near_the_slabs_is_no_finding() -> None:
    model = TinyModel()
    model.quantities(model.building, Area_GrossFloorArea=180.0)
    areas, log = _reader(model)
    areas.decide(boxes=HOUSE)
    assert _codes(log) == []


@pytest.mark.parametrize("factor", [1e6, 1e4, 10.763910416709722, 1e-6, 1e-4, 1 / 10.763910416709722])
def test_an_area_wrong_by_a_factor_of_units_is_corrected_when_the_slabs_confirm_it(factor: float) -> None:
    model = TinyModel()
    model.quantities(model.building, Area_GrossFloorArea=165.0 * factor)
    areas, log = _reader(model)
    found = areas.decide(boxes=HOUSE)
    assert found.value == pytest.approx(165.0)
    assert found.origin.startswith("gross floor area of the building, corrected by a factor of")
    assert _codes(log) == ["floor-area-unit-fault"]


@pytest.mark.parametrize("factor", [1e6, 1e4])
def test_an_area_about_a_factor_of_units_away_is_not_used_when_nothing_confirms_it(factor: float) -> None:
    model = TinyModel()
    model.quantities(model.building, Area_GrossFloorArea=200.0 * factor)
    areas, log = _reader(model)
    found = areas.decide(boxes=HOUSE)
    assert (found.value, found.alternatives[0].reason) == (pytest.approx(160.0), "not believed")
    assert _codes(log) == ["floor-area-implausible"]


def test_a_right_area_is_not_corrected_to_agree_with_wrong_spaces() -> None:
    model = TinyModel()
    _spaces(model, Area_GrossFloorArea=80.0e4)
    model.quantities(model.building, Area_GrossFloorArea=160.0)
    assert _reader(model)[0].decide().value == 160.0


def test_the_area_of_the_user_is_compared_and_never_changed() -> None:
    areas, log = _reader(TinyModel())
    found = areas.decide(user_m2=1.6e6, boxes=HOUSE)
    assert (found.value, found.origin, found.gross) == (1.6e6, "user", True)
    assert _codes(log) == ["floor-area-differs"]


def test_a_planned_area_stands_in_before_net_areas() -> None:
    model = TinyModel()
    _spaces(model, Area_NetFloorArea=40.0)
    model.properties(model.building, "Pset_BuildingCommon", GrossPlannedArea=("IfcAreaMeasure", 100.0))
    found = _reader(model)[0].decide()
    assert (found.value, found.origin) == (100.0, "planned gross floor area of the building")


def test_a_real_house_keeps_what_else_it_states(shared: Path) -> None:
    house = read_ifc(shared / "ifc" / "fzk-haus-ac20.ifc", geometry="never")
    assert house.floor_area_m2.value == pytest.approx(241.498, abs=0.001)
    assert {a.origin for a in house.floor_area_m2.alternatives} >= {
        "gross floor area of the storeys",
        "net floor area of 7 spaces",
    }


def _drawn(path: Path) -> list[ElementBox]:
    """Boxes of the slabs and walls of a model, from the kernel."""
    import ifcopenshell
    import ifcopenshell.geom
    import numpy as np

    file = ifcopenshell.open(str(path))
    settings = ifcopenshell.geom.settings()
    settings.set("use-world-coords", True)
    boxes = []
    for element in (*file.by_type("IfcSlab"), *file.by_type("IfcWall")):
        geometry = ifcopenshell.geom.create_shape(settings, element).geometry
        points = np.asarray(geometry.verts).reshape(-1, 3)
        corners = points[np.asarray(geometry.faces).reshape(-1, 3)]
        normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]) / 2
        kind = getattr(element, "PredefinedType", None) or ""
        boxes.append(
            ElementBox(
                element.id(),
                element.is_a(),
                kind,
                None,
                float(normals[normals[:, 2] > 1e-6, 2].sum()),
                tuple(points.min(axis=0).tolist()),
                tuple(points.max(axis=0).tolist()),
            )
        )
    return boxes


@pytest.mark.parametrize(
    ("name", "levels", "ground_m2"),
    [("fzk-haus-ac20.ifc", [0.0, 2.7], 120.0), ("duplex-a-20110907.ifc", [0.0, 3.1], 129.7)],
)
def test_floors_of_real_houses_are_found_by_their_slabs(
    shared: Path, name: str, levels: list[float], ground_m2: float
) -> None:
    floors = slab_floors(_drawn(shared / "ifc" / name))
    assert [f.level_m for f in floors] == pytest.approx(levels, abs=0.01)
    assert floors[0].area_m2 == pytest.approx(ground_m2, rel=0.001)
