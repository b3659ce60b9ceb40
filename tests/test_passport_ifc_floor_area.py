"""The floor area by a stated chain; a net area or geometry stands in, and that is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from ifc_builders import TinyModel
from passport import read_ifc


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
