"""A passport survives a round trip, and a broken file is named with its place."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from ifc_builders import TinyModel
from passport import (
    Passport,
    PassportFileError,
    assess,
    load_passport,
    passport_schema,
    propose_routes,
    read_ifc,
    save_passport,
)


@pytest.fixture
def house(tmp_path: Path) -> Passport:
    model = TinyModel()
    wall = model.element("IfcWall", "wall é")
    model.associate(model.layers(("gevelsteen", 0.1), (None, 0.03), ("Default Wall", 0.1)), wall)
    model.quantities(wall, Volume_NetVolume=3.0, Area_NetSideArea=13.0, Length_Width=0.23)
    return read_ifc(model.save(tmp_path))


def test_saving_and_loading_gives_an_equal_passport(house: Passport, tmp_path: Path) -> None:
    save_passport(house, tmp_path / "passport.json")
    assert load_passport(tmp_path / "passport.json") == house


def test_the_file_has_the_names_that_others_build_on(house: Passport, tmp_path: Path) -> None:
    save_passport(house, tmp_path / "passport.json")
    data = json.loads((tmp_path / "passport.json").read_text(encoding="utf-8"))
    assert data["schema_version"] == "1.0"
    element = data["elements"][0]
    assert {
        "global_id", "ifc_class", "name", "status", "storey", "volume_m3", "area_m2", "mass_kg", "quantities",
        "portions",
    } <= set(element)  # fmt: skip
    assert element["mass_kg"] is None, "one portion is unknown, so the mass of the wall is"
    assert {
        "name", "material_id", "family", "score", "reason", "share", "thickness_m", "volume_m3", "mass_kg",
    } <= set(element["portions"][0])  # fmt: skip
    assert {"value", "unit", "origin", "chosen", "reason"} <= set(element["quantities"][0])
    assert set(data["left_out"]) == set()


def test_nothing_half_written_stays_beside_the_file(house: Passport, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    save_passport(house, folder / "passport.json")
    assert [p.name for p in folder.iterdir()] == ["passport.json"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "not valid JSON"),
        ("[]", "schema_version"),
        ('{"schema_version": "0.1"}', "'0.1'"),
        ('{"schema_version": "1.0"}', "model"),
    ],
)
def test_a_broken_passport_file_is_named_with_its_place(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "broken.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PassportFileError, match=r"broken\.json") as caught:
        load_passport(path)
    assert words in str(caught.value)


def test_a_wrong_figure_in_a_passport_is_refused_with_its_field(house: Passport, tmp_path: Path) -> None:
    path = tmp_path / "passport.json"
    save_passport(house, path)
    data = json.loads(path.read_text(encoding="utf-8"))
    data["elements"][0]["volume_m3"] = -1
    path.write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(PassportFileError, match=r"elements\.0\.volume_m3"):
        load_passport(path)


def test_the_json_schema_describes_what_is_saved() -> None:
    schema = passport_schema()
    assert {"schema_version", "model", "elements", "left_out", "findings"} <= set(schema["properties"])


def test_unmatched_names_come_with_their_volume(house: Passport) -> None:
    (row,) = house.unmatched()
    assert row["name"] == "Default Wall"
    assert row["volume_m3"] == pytest.approx(3.0 * 0.1 / 0.23)


def test_everything_after_reading_works_without_ifcopenshell(house: Passport, tmp_path: Path) -> None:
    save_passport(house, tmp_path / "passport.json")
    code = """
import sys
sys.modules["ifcopenshell"] = None
from passport import load_passport, assess, compare, propose_routes, write_report
house = load_passport(sys.argv[1])
assessment = assess(house)
print(compare(assessment, floor_area_m2=10.0))
assert len(propose_routes(house)) == 3
write_report(sys.argv[2], house, assessment=assessment)
"""
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "passport.json"), str(tmp_path / "r.html")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "r.html").stat().st_size > 10_000


def test_routes_hold_the_mass_of_the_passport(house: Passport) -> None:
    routes = propose_routes(house)
    assert sum(r.mass_kg or 0 for r in routes) == pytest.approx(house.mass_kg())
    by_family = {r.family: r for r in routes}
    assert by_family["air"].route == "none" and by_family["air"].ewc == ""
    assert by_family["unknown"].route == "unknown"
    brick = by_family["clay-brick"]
    assert (brick.waste_category, brick.ewc, brick.route) == ("Bricks, roof tiles", "17 01 02", "reuse")
    assert sum(brick.today.values()) == pytest.approx(1.0)


def test_an_unknown_material_adds_nothing_and_lowers_the_known_share(house: Passport) -> None:
    total = assess(house).total("gwp-total")
    assert 0 < total.known_share < 1
    assert total.value > 0
