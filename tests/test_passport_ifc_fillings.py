"""Windows, doors and curtain walls weigh what their frames and panes weigh, and say what was assumed."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ifc_builders import TinyModel
from passport import read_ifc
from passport.ifc.fillings import Range, fill_opening, needed
from passport.ifc.stated_sizes import StatedSizes
from passport.models import Element, Passport

_SIZES = {"OverallWidth": 1.2, "OverallHeight": 1.5}


def _read(model: TinyModel, folder: Path) -> Passport:
    return read_ifc(model.save(folder))


def _one(model: TinyModel, folder: Path) -> Element:
    return _read(model, folder).elements[0]


def _window(model: TinyModel, *names: str, **attributes: Any) -> Any:
    window = model.element("IfcWindow", "w", **{**_SIZES, **attributes})
    model.associate(model.material_list(*names) if len(names) > 1 else names[0], window)
    return window


@pytest.mark.parametrize(("frame", "low", "high"), [("PVC", 45, 60), ("Wood", 38, 60), ("Aluminium", 36, 60)])
def test_a_double_glazed_window_without_a_shape_weighs_what_such_windows_weigh(
    tmp_path: Path, frame: str, low: float, high: float
) -> None:
    model = TinyModel()
    _window(model, frame, "Double glazing")
    window = _one(model, tmp_path)
    assert window.volume_m3 is None
    assert window.mass_kg is not None and low < window.mass_kg < high


def test_the_glass_of_a_unit_is_its_panes_without_the_gas(tmp_path: Path) -> None:
    model = TinyModel()
    window = _window(model, "PVC", "Glass")
    model.properties(
        window,
        "Pset_DoorWindowGlazingType",
        GlassLayers=("IfcCountMeasure", 2),
        GlassThickness1=("IfcPositiveLengthMeasure", 0.006),
        GlassThickness2=("IfcPositiveLengthMeasure", 0.004),
    )
    model.properties(window, "Pset_WindowCommon", GlazingAreaFraction=("IfcPositiveRatioMeasure", 0.7))
    glass = _one(model, tmp_path).portions[1]
    assert glass.volume_m3 == pytest.approx(1.8 * 0.7 * 0.010)
    assert glass.mass_kg == pytest.approx(1.8 * 0.7 * 25.0)
    assert glass.material_id == "glass-insulating"


@pytest.mark.parametrize("unit", ["m", "mm"])
@pytest.mark.parametrize("schema", ["IFC2X3", "IFC4", "IFC4X3"])
def test_stated_linings_give_the_frame_in_every_schema_and_unit(
    tmp_path: Path, schema: str, unit: str
) -> None:
    scale = 1.0 if unit == "m" else 1000.0
    model = TinyModel(schema, unit)
    window = _window(model, "Wood", "Glass", OverallWidth=1.2 * scale, OverallHeight=1.5 * scale)
    style = schema == "IFC2X3"
    needs: dict[str, Any] = (
        {
            "ConstructionType": "WOOD",
            "OperationType": "SINGLE_PANEL",
            "ParameterTakesPrecedence": False,
            "Sizeable": False,
        }
        if style
        else {"PredefinedType": "WINDOW", "PartitioningType": "SINGLE_PANEL"}
    )
    kind = model.type_of(window, "IfcWindowStyle" if style else "IfcWindowType", **needs)
    lining = model.root("IfcWindowLiningProperties", LiningDepth=0.08 * scale, LiningThickness=0.06 * scale)
    panel = model.root(
        "IfcWindowPanelProperties",
        OperationType="TILTANDTURNLEFTHAND",
        PanelPosition="MIDDLE",
        FrameDepth=0.07 * scale,
        FrameThickness=0.05 * scale,
    )
    kind.HasPropertySets = [lining, panel]
    wood, glass = _one(model, tmp_path).portions
    fixed = 1.2 * 1.5 - 1.08 * 1.38
    moving = 1.08 * 1.38 - 0.98 * 1.28
    assert wood.share_origin == "lining properties"
    assert wood.volume_m3 == pytest.approx(fixed * 0.08 + moving * 0.07)
    assert glass.volume_m3 == pytest.approx(0.98 * 1.28 * 0.008)


def test_a_mullion_adds_its_two_sashes_and_takes_its_area_from_the_glass() -> None:
    sizes = StatedSizes(
        lengths_m={"LiningThickness": 0.05, "LiningDepth": 0.08, "MullionThickness": 0.1},
        partitioning="DOUBLE_PANEL_VERTICAL",
        width_m=2.0,
        height_m=1.0,
    )
    filling = fill_opening("window", "timber", sizes, 2.0, has_glass=True)
    assert filling.frame_share.value == pytest.approx((2.0 - 1.9 * 0.9 + 0.1 * 0.9) / 2.0)
    assert filling.frame_m3.value == pytest.approx(filling.frame_share.value * 2.0 * 0.08)


def test_linings_wider_than_the_window_are_not_believed() -> None:
    sizes = StatedSizes(lengths_m={"LiningThickness": 0.7}, width_m=1.2, height_m=1.5)
    filling = fill_opening("window", "timber", sizes, 1.8, has_glass=True)
    assert "face width" in filling.assumed


def test_drawn_sizes_without_shares_are_shared_as_frame_and_glass_and_keep_the_volume(tmp_path: Path) -> None:
    model = TinyModel()
    window = _window(model, "Wood", "Glass")
    model.quantities(window, Volume_NetVolume=0.045)
    house = _read(model, tmp_path)
    wood, glass = house.elements[0].portions
    assert wood.share_origin == "frame default (assumed)"
    assert wood.volume_m3 is not None and glass.volume_m3 is not None
    assert 0.03 < wood.volume_m3 < 0.04
    assert wood.volume_m3 + glass.volume_m3 == pytest.approx(0.045, rel=0.01)
    assert not house.findings.with_code("shares-assumed")
    assert len(house.findings.with_code("filling-assumed")) == 1
    for portion in (wood, glass):
        assert portion.share is not None and portion.share_low is not None and portion.share_high is not None
        assert portion.share_low < portion.share < portion.share_high


def test_a_window_drawn_as_a_block_of_its_opening_is_taken_from_its_area(tmp_path: Path) -> None:
    model = TinyModel()
    window = _window(model, "Wood", "Glass")
    model.box(window, 1.2, 0.3, 1.5)
    house = _read(model, tmp_path)
    assert house.findings.with_code("drawn-full")
    mass = house.elements[0].mass_kg
    assert mass is not None and mass < 80


def test_a_glazing_unit_drawn_as_a_block_weighs_as_its_panes(tmp_path: Path) -> None:
    model = TinyModel()
    window = _window(model, "Wood", "Glass")
    frame = [model.extrusion(1.2, 0.07, 0.1), model.extrusion(1.2, 0.07, 0.1, at=(0, 0, 1.4))]
    frame += [model.extrusion(0.1, 0.07, 1.3, at=(x, 0, 0.1)) for x in (0.0, 1.1)]
    pane = model.extrusion(1.0, 0.024, 1.3, at=(0.1, 0.02, 0.1))
    model.body_of(window, *frame, pane)
    for item in frame:
        model.style(item, "Wood")
    model.style(pane, "Glass")
    house = _read(model, tmp_path)
    wood, glass = house.elements[0].portions
    assert wood.volume_m3 == pytest.approx((1.2 * 0.2 + 2.6 * 0.1) * 0.07)
    assert glass.mass_kg == pytest.approx(1.3 * 20.0, rel=0.1)  # library: 20.5 kg/m2 for a double unit
    assert glass.material_id == "glass-insulating"
    assert house.findings.with_code("drawn-full")


def test_a_single_pane_drawn_thin_stays_a_single_pane(tmp_path: Path) -> None:
    model = TinyModel()
    window = _window(model, "Wood", "Glass")
    frame, pane = model.extrusion(0.1, 0.07, 5.0), model.extrusion(1.0, 0.006, 1.3, at=(0.2, 0.02, 0.1))
    model.body_of(window, frame, pane)
    model.style(frame, "Wood")
    model.style(pane, "Glass")
    glass = _one(model, tmp_path).portions[1]
    assert (glass.material_id, glass.mass_kg) == ("glass-flat", pytest.approx(1.3 * 15.0))
    assert glass.share_low is None


def test_a_window_of_wood_alone_gets_no_invented_glass(tmp_path: Path) -> None:
    model = TinyModel()
    window = _window(model, "Wood")
    model.quantities(window, Volume_NetVolume=0.05)
    house = _read(model, tmp_path)
    (wood,) = house.elements[0].portions
    assert wood.volume_m3 == pytest.approx(0.05)
    assert house.findings.with_code("window-without-glass")


def test_a_part_name_without_a_material_gets_an_assumed_density_with_its_range(tmp_path: Path) -> None:
    model = TinyModel()
    window = _window(model, "Sash", "Glass")
    model.quantities(window, Volume_NetVolume=0.05)
    sash = _one(model, tmp_path).portions[0]
    assert sash.density_origin == "frame default (assumed)"
    assert sash.mass_kg is not None and sash.share_low is not None and sash.share_high is not None
    assert sash.share is not None and sash.share_low < 0.8 * sash.share


def test_metal_beside_wood_is_hardware_and_not_half_of_the_frame(tmp_path: Path) -> None:
    model = TinyModel()
    _window(model, "Wood", "Steel", "Glass")
    wood, steel, _ = _one(model, tmp_path).portions
    assert wood.volume_m3 is not None and steel.volume_m3 is not None
    assert steel.volume_m3 < 0.05 * wood.volume_m3


def test_a_fill_pattern_beside_the_frame_is_unknown_and_takes_nothing_from_it(tmp_path: Path) -> None:
    model = TinyModel()
    window = _window(model, "Oak", "hatch 02")
    model.quantities(window, Volume_NetVolume=0.05)
    oak, pattern = _one(model, tmp_path).portions
    assert oak.volume_m3 == pytest.approx(0.05)
    assert (pattern.share, pattern.volume_m3, pattern.mass_kg) == (None, None, None)


def test_a_wooden_inner_leaf_weighs_what_one_man_carries(tmp_path: Path) -> None:
    model = TinyModel()
    door = model.element("IfcDoor", "d", OverallWidth=0.9, OverallHeight=2.1)
    model.associate("Wood", door)
    model.box(door, 0.9, 0.04, 2.1)
    house = _read(model, tmp_path)
    (leaf,) = house.elements[0].portions
    assert leaf.mass_kg is not None and 15 < leaf.mass_kg < 30
    assert leaf.share_low is not None and leaf.share_high is not None and leaf.share_high < 1.01
    assert house.findings.with_code("drawn-full")


def test_an_outer_leaf_is_heavier_than_an_inner_one(tmp_path: Path) -> None:
    model = TinyModel()
    for external in (False, True):
        door = model.element("IfcDoor", "d", OverallWidth=0.9, OverallHeight=2.1)
        model.associate("Wood", door)
        model.properties(door, "Pset_DoorCommon", IsExternal=("IfcBoolean", external))
    inner, outer = (e.mass_kg for e in _read(model, tmp_path).elements)
    assert inner is not None and outer is not None
    assert 15 < inner < 32 < outer < 90


def test_a_curtain_wall_without_parts_is_frame_and_panes_by_its_area(tmp_path: Path) -> None:
    model = TinyModel()
    wall = model.element("IfcCurtainWall", "c")
    model.associate(model.material_list("Aluminium", "Double glazing"), wall)
    model.quantities(wall, Area_NetSideArea=20.0)
    mass = _one(model, tmp_path).mass_kg
    assert mass is not None and 30 < mass / 20.0 < 60


def test_a_stated_weight_wins_over_the_assumed_frame(tmp_path: Path) -> None:
    model = TinyModel()
    window = _window(model, "PVC", "Glass")
    model.quantities(window, Weight_GrossWeight=52.0)
    element = _one(model, tmp_path)
    assert element.mass_kg == pytest.approx(52.0)
    assert "GrossWeight" in element.portions[0].mass_origin


def test_a_window_is_one_piece(tmp_path: Path) -> None:
    model = TinyModel()
    _window(model, "PVC", "Glass")
    (count,) = [q for q in _one(model, tmp_path).quantities if q.kind == "count"]
    assert (count.value, count.unit, count.origin, count.chosen) == (1.0, "1", "occurrence", True)


def test_a_mapping_file_is_not_overruled(tmp_path: Path) -> None:
    model = TinyModel()
    door = model.element("IfcDoor", "d", OverallWidth=0.9, OverallHeight=2.1)
    model.associate("Wood", door)
    model.box(door, 0.9, 0.04, 2.1)
    mapping = tmp_path / "mapping.csv"
    mapping.write_text("name,material_id\nWood,timber-oak\n")
    (leaf,) = read_ifc(model.save(tmp_path), mapping=mapping).elements[0].portions
    assert leaf.volume_m3 == pytest.approx(0.0756)


@given(
    st.sampled_from(["window", "door", "curtain wall"]),
    st.sampled_from(["timber", "pvc", "aluminium", "steel", "unknown"]),
    st.floats(0.05, 12.0),
    st.floats(0.05, 6.0),
    st.dictionaries(
        st.sampled_from(["LiningThickness", "LiningDepth", "MullionThickness"]), st.floats(1e-4, 5.0)
    ),
    st.one_of(st.none(), st.floats(0.001, 1.0)),
)
def test_frame_and_glass_always_fit_into_the_opening(
    use: str, kind: str, width: float, height: float, lengths: dict[str, float], fraction: float | None
) -> None:
    sizes = StatedSizes(lengths_m=lengths, width_m=width, height_m=height)
    if fraction is not None:
        sizes.ratios["glazing_fraction"] = fraction
    area = width * height
    filling = fill_opening(use, kind, sizes, area, has_glass=True)
    assert 0 <= filling.glazed_m2.value <= area * (1 + 1e-9)
    for figure in (filling.frame_m3, filling.leaf_m3, filling.glass_m3, filling.frame_share):
        assert all(math.isfinite(x) and x >= 0 for x in figure)
        assert figure.low <= figure.value * (1 + 1e-9) and figure.value <= figure.high * (1 + 1e-9)


@given(st.floats(0.1, 10), st.floats(0.1, 1), st.floats(1, 10))
def test_a_product_of_ranges_holds_its_value(value: float, down: float, up: float) -> None:
    one = Range(value, value * down, value * up)
    both = one.times(one)
    assert both.low <= both.value * (1 + 1e-12) and both.value <= both.high * (1 + 1e-12)


def test_every_default_that_is_needed_is_in_the_table_with_an_ordered_range() -> None:
    for use in ("window", "door internal", "door external", "curtain wall"):
        for kind in ("timber", "pvc", "aluminium", "steel", "unknown"):
            names = ["depth", "fill", "panes", "pane_thickness", "unit_from", "triple_from", "hardware"]
            names.append("frame_share" if use == "curtain wall" else "face_width")
            for name in names:
                row = needed(use, kind, name)
                assert 0 < row.low <= row.value <= row.high
