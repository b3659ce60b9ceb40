"""The demolition inventory, and the commands on taking a building apart."""

from __future__ import annotations

import csv
import io
from functools import cache
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from PIL import Image
from typer.testing import CliRunner

from ifc_builders import TinyModel
from passport import Passport, read_ifc
from passport.circularity.inventory import threshold
from passport.circularity.study import DismantlingStudy, study_dismantling
from passport.cli import app
from passport.exchange.excel_inventory import write_inventory
from passport.models import BuildingUse, BuildingVolume
from passport.report.component_picture import draw_component
from passport.report.dismantling_view import view_figure
from passport.report.reuse_catalogue import pictures
from reference.waste import waste_code

HOUSE = Path(__file__).resolve().parents[1] / "examples" / "models" / "flemish-house.ifc"


@cache
def study(year: int | None = None) -> DismantlingStudy:
    return study_dismantling(read_ifc(HOUSE), year_built=year)


def known_mass(house: Passport) -> float:
    return sum(p.mass_kg for e in house.elements for p in e.portions if p.mass_kg and p.family != "air")


@pytest.mark.parametrize("year", [None, 1980])
def test_streams_close_with_the_mass_of_the_passport(year: int | None) -> None:
    found = study(year)
    assert found.inventory.mass_kg == pytest.approx(known_mass(found.passport))
    for each in found.inventory.streams:
        assert sum(mass for _, mass in each.places) == pytest.approx(each.mass_kg or 0.0)
        if each.family != "unknown":
            assert each.ewc_text == waste_code(each.ewc).title
        assert each.elements > 0 and each.forms


def test_rubble_is_sorted_as_rubble_and_wood_as_wood() -> None:
    fraction = {each.family: each.sorting_fraction for each in study().inventory.streams}
    assert fraction["clay-brick"] == "9 rubble" and fraction["timber-softwood"] == "17 wood"
    assert fraction["steel-structural"] == "18 metal"


def test_a_year_makes_families_suspect_and_shows_both_codes() -> None:
    streams = {each.family: each for each in study(1980).inventory.streams}
    assert streams["pur-pir"].ewc == "17 06 04" and streams["pur-pir"].ewc_if_hazardous == "17 06 03*"
    assert "CFC" in streams["pur-pir"].hazard
    assert study().inventory.streams[0].ewc_if_hazardous == ""


def test_reusable_kinds_hold_every_part_with_a_route_to_reuse_once() -> None:
    found = study()
    parts = [each for each in found.routes if each.high.startswith("reuse")]
    kinds = found.inventory.reusable
    assert sum(each.count for each in kinds) == len(parts) == sum(len(each.global_ids) for each in kinds)
    joists = next(each for each in kinds if each.name.startswith("Kinderbalk") or each.count > 10)
    assert joists.length_m is not None and joists.width_m is not None and joists.length_m > joists.width_m
    assert all(each.first[0] <= each.first[1] for each in kinds)
    assert all(each.condition == "not known" for each in kinds)


def house_of(use: str, volume_m3: float | None, dwelling: str | None = None) -> Passport:
    said = BuildingUse(use=use, dwelling_type=dwelling)  # type: ignore[arg-type]
    volume = BuildingVolume(value_m3=volume_m3, lower_m3=volume_m3, upper_m3=volume_m3, origin="stated")
    return study().passport.model_copy(update={"building_use": said, "building_volume_m3": volume})


@pytest.mark.parametrize(
    ("use", "volume", "dwelling", "required"),
    [
        ("non-residential", 1001.0, None, True),
        ("non-residential", 999.0, None, False),
        ("residential", 5001.0, None, True),
        ("residential", 4999.0, "apartment", False),
        ("residential", 9000.0, "detached", False),
        ("unknown", 9000.0, None, None),
        ("non-residential", None, None, None),
    ],
)
def test_the_threshold_of_a_follow_up_plan(
    use: str, volume: float | None, dwelling: str | None, required: bool | None
) -> None:
    found = threshold(house_of(use, volume, dwelling))
    assert found.required is required and found.reason and found.source and found.confidence == "secondary"


def test_a_bridge_needs_a_plan_from_250_m3() -> None:
    bridge = house_of("unknown", 300.0).model_copy(update={"civil_kind": "bridge"})
    assert threshold(bridge).required is True


def test_the_workbook_and_the_csv_hold_every_stream_and_the_total(tmp_path: Path) -> None:
    found = study(1980).inventory
    write_inventory(tmp_path / "i.xlsx", found)
    book = openpyxl.load_workbook(tmp_path / "i.xlsx")
    assert book.sheetnames == ["Streams", "Reuse catalogue", "Levels 2.1", "Levels 2.2", "Notes"]
    rows = list(book["Streams"].iter_rows(values_only=True))
    masses = [row[6] for row in rows[1:-1] if row[6] is not None]
    assert len(rows) == len(found.streams) + 2 and rows[-1][0] == "total"
    assert sum(masses) == pytest.approx(rows[-1][6])
    waste = list(book["Levels 2.2"].iter_rows(min_row=2, values_only=True))
    assert sum(row[3] or 0.0 for row in waste) == pytest.approx(found.mass_kg)
    groups = {row[0]: row[1] or 0.0 for row in book["Levels 2.1"].iter_rows(min_row=2, values_only=True)}
    assert sum(t for group, t in groups.items() if group != "air") == pytest.approx(found.mass_kg / 1000)
    assert book["Reuse catalogue"].max_row == len(found.reusable) + 1
    write_inventory(tmp_path / "i.csv", found)
    with (tmp_path / "i.csv").open(encoding="utf-8", newline="") as stream:
        assert len(list(csv.DictReader(stream))) == len(found.streams) + 1
    with pytest.raises(ValueError, match=r"written as \.xlsx or \.csv"):
        write_inventory(tmp_path / "i.pdf", found)


def test_the_commands_dismantle_routes_inventory_and_value(tmp_path: Path) -> None:
    run = CliRunner().invoke
    done = run(app, ["dismantle", str(HOUSE), "--year", "1980", "--out", str(tmp_path / "plan.csv")])
    assert done.exit_code == 0 and "hazardous" in done.output, done.output
    with (tmp_path / "plan.csv").open(encoding="utf-8", newline="") as stream:
        plan = list(csv.DictReader(stream))
    assert len(plan) == len(study(1980).plan.steps) and plan[0]["number"] == "1"
    page = run(app, ["dismantle", str(HOUSE), "--out", str(tmp_path / "plan.html")])
    assert page.exit_code == 0 and "Plotly.newPlot" in (tmp_path / "plan.html").read_text(encoding="utf-8")
    wall = next(s.unit for s in study().plan.steps if s.unit.ifc_class.startswith("IfcWall") and s.unit.core)
    graph = tmp_path / "graph.html"
    target = run(app, ["dismantle", str(HOUSE), "--target", wall.global_id, "--out", str(graph)])
    assert target.exit_code == 0 and "leave, in this order" in target.output
    assert "ringed" in graph.read_text(encoding="utf-8")
    assert run(app, ["dismantle", str(HOUSE), "--target", "nowhere"]).exit_code == 2
    routed = run(app, ["routes", str(HOUSE), "--out", str(tmp_path / "routes.csv")])
    assert routed.exit_code == 0 and "Detachability" in routed.output
    with (tmp_path / "routes.csv").open(encoding="utf-8", newline="") as stream:
        assert len(list(csv.DictReader(stream))) == len(study().routes)
    listed = run(app, ["inventory", str(HOUSE), "--out", str(tmp_path / "i.xlsx")])
    assert listed.exit_code == 0 and (tmp_path / "i.xlsx").exists()
    priced = run(app, ["value", str(HOUSE), "--demolition-rate", "40"])
    assert priced.exit_code == 0 and "Residual value" in priced.output and "placeholders" in priced.output


def test_the_view_holds_a_box_for_each_element_in_the_colour_of_its_phase(tmp_path: Path) -> None:
    figure, boxed, without = view_figure(study(1980).passport, study(1980).plan, {})
    elements = {s.unit.global_id: s.unit.phase for s in study(1980).plan.steps if s.unit.core}
    meshes = figure.to_plotly_json()["data"]
    assert sum(len(each["x"]) // 8 for each in meshes) == boxed == len(elements) - without
    assert {each["name"] for each in meshes} <= set(elements.values())
    for each in meshes:
        assert len(each["i"]) == 12 * len(each["x"]) // 8 and max(each["k"]) < len(each["x"])
    done = CliRunner().invoke(app, ["dismantle", str(HOUSE), "--view", str(tmp_path / "view.html")])
    assert done.exit_code == 0 and "mesh3d" in (tmp_path / "view.html").read_text(encoding="utf-8")


_ROOF = (
    np.array([[0, 0, 0], [4, 0, 0], [4, 3, 0], [0, 3, 0], [0, 1.5, 2], [4, 1.5, 2]], dtype=np.float64),
    np.array(
        [[0, 2, 1], [0, 3, 2], [0, 1, 5], [0, 5, 4], [2, 3, 4], [2, 4, 5], [0, 4, 3], [1, 2, 5]],
        dtype=np.int32,
    ),
)


def _pixels(png: bytes) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))


def test_a_body_takes_the_place_of_its_box_in_the_view() -> None:
    plan, house = study(1980).plan, study(1980).passport
    unit = next(s.unit for s in plan.steps if s.unit.core)
    _, before, _without = view_figure(house, plan, {})
    figure, boxed, _ = view_figure(house, plan, {unit.global_id: _ROOF})
    assert boxed == before - 1
    points = sum(len(each["x"]) for each in figure.to_plotly_json()["data"])
    assert points == 8 * boxed + 6


def test_a_drawing_fills_its_frame_and_the_roof_it_shows_is_wider_than_high() -> None:
    png = draw_component(*_ROOF)
    assert png is not None
    drawn = (_pixels(png) < 250).any(axis=2)
    rows, columns = np.flatnonzero(drawn.any(axis=1)), np.flatnonzero(drawn.any(axis=0))
    wide, high = np.ptp(columns) + 1, np.ptp(rows) + 1
    # Seen at 45 degrees and 30 degrees from above: 7 m x 0.7071 wide; from the near corner
    # (-4 x 0.3536) to the far end of the ridge (1.5 x 0.3536 + 2 x 0.8660) high.
    assert wide / high == pytest.approx(7 * 0.7071 / (5.5 * 0.3536 + 2 * 0.8660), rel=0.03)
    assert drawn.mean() > 0.2 and max(wide / 240, high / 180) > 0.85
    assert draw_component(_ROOF[0], _ROOF[1][:0]) is None
    assert draw_component(np.full_like(_ROOF[0], np.inf), _ROOF[1]) is None


def test_a_photo_of_the_survey_is_the_picture_and_one_that_is_no_picture_is_drawn(tmp_path: Path) -> None:
    kind = study(1980).inventory.reusable[0]
    Image.new("RGB", (800, 600), (200, 10, 10)).save(tmp_path / "door.jpg")
    (tmp_path / "text.jpg").write_text("no picture", encoding="utf-8")
    rows = ["global_id,photo", f"{kind.global_ids[0]},door.jpg", f"{kind.global_ids[0]},absent.jpg"]
    survey = tmp_path / "survey.csv"
    survey.write_text("\n".join(rows), encoding="utf-8")
    seen = study_dismantling(study(1980).passport, survey=survey)
    assert [f.code for f in seen.survey.findings] == ["survey-photo"]
    place = next(k for k, each in enumerate(seen.inventory.reusable) if each.photo)
    shots = pictures(seen.inventory, {kind.global_ids[0]: _ROOF})
    assert set(shots) >= {place}
    assert _pixels(shots[place])[90, 120].tolist() == pytest.approx([200, 10, 10], abs=3)
    survey.write_text(f"global_id,photo\n{kind.global_ids[0]},text.jpg", encoding="utf-8")
    drawn = study_dismantling(study(1980).passport, survey=survey).inventory
    assert pictures(drawn, {kind.global_ids[0]: _ROOF})[place] == draw_component(*_ROOF)
    assert pictures(drawn, {}) == {}


def test_the_catalogue_and_the_workbook_show_a_picture_per_kind(tmp_path: Path) -> None:
    page, book = tmp_path / "c.html", tmp_path / "i.xlsx"
    done = CliRunner().invoke(app, ["inventory", str(HOUSE), "--out", str(book), "--catalogue", str(page)])
    kinds = len(study().inventory.reusable)
    text = page.read_text(encoding="utf-8")
    assert done.exit_code == 0 and text.count("<article>") == kinds
    with_body = {each.global_id for each in study().passport.elements if each.box_m is not None}
    drawn = sum(not with_body.isdisjoint(each.global_ids) for each in study().inventory.reusable)
    assert text.count("data:image/png") == drawn >= kinds - 1
    assert text.count("no picture") == kinds - drawn
    sheet = openpyxl.load_workbook(book)["Reuse catalogue"]
    assert len(sheet._images) == drawn
    done = CliRunner().invoke(app, ["inventory", str(HOUSE), "--boxes-only", "--catalogue", str(page)])
    assert done.exit_code == 0 and page.read_text(encoding="utf-8").count("no picture") == kinds


LOTS = (
    "name,price_new_eur,condition,obsolescence,risk,dismantle_eur,transport_eur,storage_eur,test_eur,"
    "refurbish_eur"
)


def test_lots_of_the_user_have_a_circular_value_with_its_terms(tmp_path: Path) -> None:
    lots = tmp_path / "lots.csv"
    lots.write_text(
        f"{LOTS}\nbeams,1000,0.8,0.25,0.5,100,50,20,10,20\ndoors,100,0.5..0.9,0,0.1,40,10,5,5,5\n",
        encoding="utf-8",
    )
    done = CliRunner().invoke(app, ["value", str(HOUSE), "--lots", str(lots)])
    assert done.exit_code == 0, done.output
    assert "beams: reuse pays, index 1.50 (worth 600 EUR, at its risk 300 EUR, costs 200 EUR)" in done.output
    assert "doors: reuse may pay, index 0.69 to 1.25" in done.output
    assert "this project's own form" in done.output


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("beams,1000,0.9..0.2,0,0,1,1,1,1,1", "line 2, condition: '0.9..0.2' is neither"),
        ("beams,many,1,0,0,1,1,1,1,1", "line 2, price_new_eur: 'many' is neither"),
        ("beams,1000,2,0,0,1,1,1,1,1", "line 2: "),
        ("beams,1000,1,0,0,0,0,0,0,0", "the index has no value"),
    ],
)
def test_a_fault_in_a_lot_is_named(tmp_path: Path, row: str, message: str) -> None:
    (tmp_path / "lots.csv").write_text(f"{LOTS}\n{row}\n", encoding="utf-8")
    refused = CliRunner().invoke(app, ["value", str(HOUSE), "--lots", str(tmp_path / "lots.csv")])
    assert refused.exit_code == 2 and message in refused.output and "Traceback" not in refused.output


def test_what_cannot_be_used_is_refused_in_a_sentence(tmp_path: Path) -> None:
    run = CliRunner().invoke
    for arguments in (
        ["routes", str(HOUSE), "--survey", str(tmp_path / "none.csv")],
        ["routes", str(HOUSE), "--cards", str(tmp_path / "none.csv")],
        ["dismantle", str(HOUSE), "--times", str(tmp_path / "none.csv")],
        ["inventory", str(HOUSE), "--out", str(tmp_path / "i.pdf")],
        ["value", str(HOUSE), "--prices", str(tmp_path / "none.csv")],
        ["routes", str(tmp_path / "none.ifc")],
    ):
        refused = run(app, arguments)
        assert refused.exit_code == 2 and "Traceback" not in refused.output, refused.output
    (tmp_path / "survey.csv").write_text("global_id,length_m\nnowhere,1\n", encoding="utf-8")
    warned = run(app, ["routes", str(HOUSE), "--survey", str(tmp_path / "survey.csv")])
    assert warned.exit_code == 0 and "line 2, global_id: 'nowhere' is no element" in warned.output


@pytest.mark.long
@pytest.mark.parametrize(
    "name", ["duplex-a-20110907", "fzk-haus-ac20", "sdl-staal", "tekla-bridge-no-classified"]
)
def test_shared_models_close_and_their_bounds_do_not_cross(name: str, shared: Path) -> None:
    found = study_dismantling(read_ifc(shared / "ifc" / f"{name}.ifc"), year_built=1990)
    assert found.inventory.mass_kg == pytest.approx(known_mass(found.passport))
    for each in found.detachability.parts:
        assert 0.1 - 1e-9 <= each.index.low <= each.index.high <= 1.0 + 1e-9
    for step in found.plan.steps:
        assert (step.minutes_low or 0.0) <= (step.minutes_high or 0.0)


def test_a_model_without_elements_or_masses_says_unknown_and_never_zero(tmp_path: Path) -> None:
    empty, bare = TinyModel(), TinyModel()
    bare.element("IfcWall", "wall without anything")
    empty_path, bare_path = empty.save(tmp_path, "empty.ifc"), bare.save(tmp_path, "bare.ifc")
    for command in ("dismantle", "routes", "inventory", "value", "checklist"):
        for path in (empty_path, bare_path):
            out = ["--out", str(tmp_path / "i.xlsx")] if command == "inventory" else []
            done = CliRunner().invoke(app, [command, str(path), *out])
            assert done.exit_code == 0, (command, path.name, done.output)
    plan = CliRunner().invoke(app, ["dismantle", str(bare_path)]).output
    assert plan.count("unknown") >= 2 and "0.0" not in plan
    book = str(tmp_path / "i.xlsx")
    assert "unknown t" in CliRunner().invoke(app, ["inventory", str(bare_path), "--out", book]).output
    assert "no value is known" in CliRunner().invoke(app, ["value", str(bare_path)]).output


def test_many_notes_of_one_kind_are_told_twice_and_then_counted(tmp_path: Path) -> None:
    survey = tmp_path / "survey.csv"
    survey.write_text("global_id\n" + "\n".join(f"nobody{k}" for k in range(40)), encoding="utf-8")
    done = CliRunner().invoke(app, ["routes", str(HOUSE), "--survey", str(survey)])
    assert done.output.count("is no element of the passport") == 2
    assert "and 38 more of this kind (survey-unknown-element)" in done.output
