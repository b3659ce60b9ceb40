"""Pipes, ducts, furniture and bars weigh what they are made of and not what their outlines enclose."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ifc_builders import TinyModel
from passport import read_ifc
from passport.ifc.body import Body
from passport.ifc.hollow import drawn_full, section_m2, usual_wall, wall_share
from passport.ifc.stated_sizes import StatedSizes
from passport.models import Element, Passport


def _read(model: TinyModel, folder: Path) -> Passport:
    return read_ifc(model.save(folder))


def _one(model: TinyModel, folder: Path) -> Element:
    return _read(model, folder).elements[0]


def _cylinder(
    model: TinyModel, element: Any, diameter: float, length: float, wall: float | None = None
) -> None:
    """A round bar, or a tube, along z."""
    place = model.file.create_entity(
        "IfcAxis2Placement2D", model.file.create_entity("IfcCartesianPoint", (0.0, 0.0))
    )
    name = "IfcCircleProfileDef" if wall is None else "IfcCircleHollowProfileDef"
    profile = model.file.create_entity(name, ProfileType="AREA", Position=place, Radius=diameter / 2)
    if wall is not None:
        profile.WallThickness = wall
    solid = model.extrusion(1.0, 1.0, length)
    solid.SweptArea = profile
    model.body_of(element, solid)


def test_a_steel_pipe_drawn_full_weighs_as_a_pipe(tmp_path: Path) -> None:
    model = TinyModel()
    pipe = model.element("IfcPipeSegment", "DN100")
    model.associate("Steel", pipe)
    _cylinder(model, pipe, 0.1143, 2.0)
    house = _read(model, tmp_path)
    element = house.elements[0]
    assert element.mass_kg is not None and 10 < element.mass_kg / 2.0 < 12
    (portion,) = element.portions
    assert portion.share_origin == "wall default (assumed)"
    assert portion.share_low is not None and portion.share_high is not None and portion.share is not None
    assert portion.share_low < portion.share < portion.share_high
    assert house.findings.with_code("drawn-full")


def test_a_pipe_drawn_as_a_tube_keeps_its_volume(tmp_path: Path) -> None:
    model = TinyModel()
    pipe = model.element("IfcPipeSegment")
    model.associate("Steel", pipe)
    _cylinder(model, pipe, 0.1143, 2.0, 0.004)
    house = _read(model, tmp_path)
    assert house.elements[0].mass_kg == pytest.approx(2 * 7850 * section_m2(0.1143, 0.004), rel=0.01)
    assert not house.findings.with_code("drawn-full")


def test_stated_diameters_of_the_type_give_the_wall_exactly(tmp_path: Path) -> None:
    model = TinyModel("IFC4", "mm")
    pipe = model.element("IfcPipeSegment")
    model.associate("Copper", pipe)
    kind = model.type_of(pipe, "IfcPipeSegmentType", PredefinedType="RIGIDSEGMENT")
    model.properties(
        kind,
        "Pset_PipeSegmentTypeCommon",
        OuterDiameter=("IfcPositiveLengthMeasure", 54.0),
        InnerDiameter=("IfcPositiveLengthMeasure", 50.0),
    )
    _cylinder(model, pipe, 54.0, 1000.0)
    (portion,) = _one(model, tmp_path).portions
    assert portion.volume_m3 == pytest.approx(math.pi / 4 * (0.054**2 - 0.050**2), rel=0.005)
    assert (portion.share_origin, portion.share_low) == ("wall thickness", None)


def test_a_pipe_without_a_shape_has_its_mass_from_diameter_and_length(tmp_path: Path) -> None:
    model = TinyModel()
    pipe = model.element("IfcPipeSegment")
    model.associate("Steel", pipe)
    model.quantities(pipe, Length_Length=3.0)
    model.properties(pipe, "Pset_PipeSegmentOccurrence", NominalDiameter=("IfcPositiveLengthMeasure", 0.1))
    element = _one(model, tmp_path)
    assert element.mass_kg is not None and 10 < element.mass_kg / 3.0 < 12


def test_a_duct_drawn_full_is_a_sheet_around_air(tmp_path: Path) -> None:
    model = TinyModel()
    duct = model.element("IfcDuctSegment")
    model.associate("Galvanised steel", duct)
    model.box(duct, 0.6, 0.3, 2.0)
    element = _one(model, tmp_path)
    sheet_m2 = 2 * (0.6 + 0.3) * 2.0
    assert element.mass_kg == pytest.approx(sheet_m2 * 0.0007 * 7850, rel=0.02)


def test_in_ifc2x3_the_type_tells_that_a_flow_segment_is_a_duct(tmp_path: Path) -> None:
    model = TinyModel("IFC2X3")
    duct = model.element("IfcFlowSegment")
    model.associate("Galvanised steel", duct)
    model.type_of(duct, "IfcDuctSegmentType", PredefinedType="RIGIDSEGMENT")
    model.box(duct, 0.6, 0.3, 2.0)
    mass = _one(model, tmp_path).mass_kg
    assert mass is not None and 15 < mass < 25


def test_a_bend_drawn_full_is_told_by_its_surface() -> None:
    d, axis = 0.1, math.pi / 2 * 0.15
    volume, surface = math.pi / 4 * d**2 * axis, math.pi * d * axis + math.pi / 2 * d**2
    bend = Body(volume, None, None, True, surface_m2=surface, size_m=(0.2, 0.2, d))
    assert drawn_full(volume, bend, None, StatedSizes()) == pytest.approx(d, rel=0.25)
    tube = volume * wall_share(d, 0.003)
    hollow = Body(tube, None, None, True, surface_m2=2 * surface, size_m=(0.2, 0.2, d))
    assert drawn_full(tube, hollow, None, StatedSizes()) is None


def test_a_cupboard_drawn_as_a_block_has_no_mass_and_one_with_boards_has(tmp_path: Path) -> None:
    model = TinyModel()
    for solids in (
        [model.extrusion(1.0, 0.5, 2.0)],
        [model.extrusion(1.0, 0.02, 2.0), model.extrusion(0.02, 0.48, 2.0, at=(0, 0.02, 0))],
    ):
        cupboard = model.element("IfcFurniture", "cupboard")
        model.associate("Wood", cupboard)
        model.body_of(cupboard, *solids)
    house = _read(model, tmp_path)
    block, boards = house.elements
    assert block.mass_kg is None and block.volume_m3 == pytest.approx(1.0)
    assert boards.mass_kg is not None and 15 < boards.mass_kg < 45
    assert len(house.findings.with_code("drawn-full")) == 1


@pytest.mark.parametrize(
    "ifc_class",
    ["IfcSanitaryTerminal", "IfcValve", "IfcRailing", "IfcFurniture", "IfcPipeSegment", "IfcLightFixture"],
)
def test_what_has_no_volume_is_still_one_piece_and_weighs_not_zero(tmp_path: Path, ifc_class: str) -> None:
    model = TinyModel()
    model.associate("Steel", model.element(ifc_class))
    element = _one(model, tmp_path)
    assert [(q.value, q.chosen) for q in element.quantities if q.kind == "count"] == [(1.0, True)]
    assert element.mass_kg is None


def test_a_wall_is_not_counted_by_the_piece(tmp_path: Path) -> None:
    model = TinyModel()
    model.associate("beton", model.element("IfcWall"))
    assert not [q for q in _one(model, tmp_path).quantities if q.kind == "count"]


@pytest.mark.parametrize("schema", ["IFC2X3", "IFC4"])
def test_reinforcing_bars_have_the_volume_of_section_length_and_number(tmp_path: Path, schema: str) -> None:
    model = TinyModel(schema, "mm")
    more = {"CrossSectionArea": 201.06, "BarRole": "MAIN"} if schema == "IFC2X3" else {}
    bar = model.element("IfcReinforcingBar", "16", NominalDiameter=16.0, BarLength=4000.0, **more)
    model.associate("betonstaal", bar)
    model.quantities(bar, Count_Count=10)
    mass = _one(model, tmp_path).mass_kg
    assert mass == pytest.approx(10 * 4.0 * 1.578, rel=0.01)  # 1.578 kg/m for 16 mm


@given(st.floats(0.005, 2.0), st.floats(1e-4, 0.5))
def test_the_wall_is_a_share_between_nothing_and_all(diameter: float, wall: float) -> None:
    assert 0 < wall_share(diameter, wall) <= 1


@given(
    st.sampled_from(["pipe", "duct", "cable carrier", "flow"]),
    st.sampled_from(["steel-structural", "pvc", "copper", "concrete-precast", "unknown"]),
    st.floats(0.01, 3.0),
)
def test_every_conduit_has_a_usual_wall_with_an_ordered_range(
    group: str, family: str, diameter: float
) -> None:
    wall = usual_wall(group, family, diameter)
    assert wall is not None and 0 < wall.low <= wall.value <= wall.high
