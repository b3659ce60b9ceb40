"""The command as a user runs it: exit status, files, one JSON object, one sentence for what goes wrong."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ifc_builders import TinyModel
from passport import load_passport
from passport.cli import app
from passport.exchange.csv_tables import IMPACT_COLUMNS, MATERIAL_COLUMNS, ROUTE_COLUMNS

FILES = {"passport.json", "impact.csv", "materials.csv", "routes.csv", "report.html"}


@pytest.fixture
def model(tmp_path: Path) -> Path:
    tiny = TinyModel()
    for ifc_class, name, volume in (
        ("IfcWall", "snelbouw 14", 10.0),
        ("IfcSlab", "beton C30/37", 8.0),
        ("IfcWall", "Default Wall", 2.0),
        ("IfcWall", "=1+1 </script><b>x</b>", 1.0),
    ):
        element = tiny.element(ifc_class, f"[red]{name}")
        tiny.associate(name, element)
        tiny.quantities(element, Volume_NetVolume=volume)
    tiny.quantities(tiny.building, "Qto_BuildingBaseQuantities", Area_GrossFloorArea=40.0)
    return tiny.save(tmp_path, "house.ifc")


def _run(*arguments: object):  # type: ignore[no-untyped-def]
    return CliRunner().invoke(app, [str(a) for a in arguments])


def test_assess_writes_five_files_and_prints_a_summary(model: Path, tmp_path: Path) -> None:
    done = _run("assess", model, "--out", tmp_path / "out", "--building-type", "detached")
    assert done.exit_code == 0, done.output
    assert {p.name for p in (tmp_path / "out").iterdir()} == FILES
    for words in (
        "Elements",
        "Coverage",
        "Floor area 40.0 m2",
        "GWP-total",
        "Compared",
        "Findings",
        "Written",
    ):
        assert words in done.output


def test_the_tables_have_the_columns_that_others_build_on(model: Path, tmp_path: Path) -> None:
    _run("assess", model, "--out", tmp_path / "out")
    for name, columns in (
        ("impact.csv", IMPACT_COLUMNS),
        ("materials.csv", MATERIAL_COLUMNS),
        ("routes.csv", ROUTE_COLUMNS),
    ):
        with (tmp_path / "out" / name).open(encoding="utf-8", newline="") as stream:
            rows = list(csv.reader(stream))
        assert tuple(rows[0]) == columns
        assert len(rows) > 1 and all(len(r) == len(columns) for r in rows)
        assert not any(cell.startswith(("=", "@")) for r in rows for cell in r)
    assert IMPACT_COLUMNS == (
        "global_id", "portion", "material_id", "indicator", "unit", "module", "value", "known_mass_kg",
        "assumed",
    )  # fmt: skip
    assert MATERIAL_COLUMNS == (
        "name", "use", "material_id", "family", "score", "reason", "elements", "volume_m3", "mass_kg",
        "mass_share", "found_by", "alternatives", "proposal", "decided",
    )  # fmt: skip
    assert ROUTE_COLUMNS[:8] == (
        "global_id", "portion", "material_id", "waste_category", "ewc", "mass_kg", "route", "reason",
    )  # fmt: skip


def test_json_is_one_object_and_nothing_else(model: Path, tmp_path: Path) -> None:
    done = _run("assess", model, "--out", tmp_path / "out", "--json")
    data = json.loads(done.stdout)
    assert set(data["model"]) >= {"file", "sha256", "schema", "application"}
    assert data["elements"] == {
        "total": 4, "assessed": 4, "left_out": 0, "without_material": 0, "without_quantity": 0,
    }  # fmt: skip
    assert 0 < data["coverage"]["mass"] < 1 and data["coverage"]["elements"] == 0.5
    assert data["floor_area_m2"]["value"] == 40.0
    assert data["floor_area_m2"]["origin"] == "gross floor area of the building"
    assert data["floor_area_m2"]["gross"] is True
    assert data["mass_kg"] > 0
    assert len(data["impact"]) == 13
    assert data["impact"]["GWP-total"]["A1-A3"] > 0
    assert data["impact"]["GWP-total"]["C1"] is None
    assert data["comparison"]["comparable"] in (True, False)
    for finding in data["findings"]:
        assert {"code", "severity", "count", "example"} <= set(finding)


def test_a_mapping_file_wins_and_an_unedited_one_changes_nothing(model: Path, tmp_path: Path) -> None:
    first = json.loads(_run("assess", model, "--out", tmp_path / "a", "--json").stdout)
    table = tmp_path / "a" / "materials.csv"
    again = _run("assess", model, "--out", tmp_path / "b", "--json", "--mapping", table)
    assert json.loads(again.stdout)["impact"] == first["impact"]
    with table.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    for row in rows:
        if row["name"] in ("Default Wall", "'=1+1 </script><b>x</b>"):
            row["material_id"] = "clay-brick"
    edited = tmp_path / "mapping.csv"
    with edited.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, MATERIAL_COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    third = json.loads(_run("assess", model, "--out", tmp_path / "c", "--json", "--mapping", edited).stdout)
    assert third["coverage"] == {"elements": 1.0, "volume": 1.0, "mass": 1.0, "assumed": 0.0}
    assert third["impact"]["GWP-total"]["A1-A3"] > first["impact"]["GWP-total"]["A1-A3"]
    house = load_passport(tmp_path / "c" / "passport.json")
    mapped = [p for e in house.elements for p in e.portions if p.name == "Default Wall"]
    assert mapped[0].reason.startswith("mapping file mapping.csv, row") and mapped[0].score == 1.0


def test_a_mapping_with_faults_is_refused_with_all_of_them(model: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text("name,material_id\nDefault Wall,clay-brik\nsnelbouw 14,no-such\n", encoding="utf-8")
    done = _run("assess", model, "--out", tmp_path / "out", "--mapping", bad)
    assert done.exit_code == 2
    assert "clay-brik" in done.output and "no-such" in done.output and "row 2" in done.output


def test_a_passport_can_be_assessed_without_the_model(model: Path, tmp_path: Path) -> None:
    first = _run("assess", model, "--out", tmp_path / "a", "--json")
    second = _run("assess", tmp_path / "a" / "passport.json", "--out", tmp_path / "b", "--json")
    assert json.loads(second.stdout)["impact"] == json.loads(first.stdout)["impact"]


@pytest.mark.parametrize("language", ["en", "nl", "fr", "de"])
def test_the_report_exists_in_four_languages(model: Path, tmp_path: Path, language: str) -> None:
    done = _run("assess", model, "--out", tmp_path / "out", "--language", language)
    assert done.exit_code == 0
    assert f'<html lang="{language}"' in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "arguments",
    [
        ["assess"],
        ["assess", "none.ifc"],
        ["assess", "none.ifc", "--floor-area", "-1"],
        ["assess", "none.ifc", "--building-type", "castle"],
        ["assess", "none.ifc", "--language", "la"],
        ["no-such-command"],
    ],
)
def test_unusable_input_ends_with_status_2_and_no_traceback(arguments: list[str]) -> None:
    done = _run(*arguments)
    assert done.exit_code == 2
    assert "Traceback" not in done.output
    assert done.exception is None or isinstance(done.exception, SystemExit)


def test_strict_ends_with_1_when_errors_were_found_and_files_are_there(tmp_path: Path) -> None:
    tiny = TinyModel()
    wall = tiny.element("IfcWall")
    tiny.quantities(wall, Volume_NetVolume=480.0, Length_Length=5.0, Length_Height=4.0, Length_Width=0.2)
    path = tiny.save(tmp_path)
    assert _run("assess", path, "--out", tmp_path / "out").exit_code == 0
    assert _run("assess", path, "--out", tmp_path / "out", "--strict").exit_code == 1
    assert {p.name for p in (tmp_path / "out").iterdir()} == FILES


def test_a_folder_that_cannot_be_written_is_named(model: Path, tmp_path: Path) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("a file, not a folder", encoding="utf-8")
    done = _run("assess", model, "--out", blocked)
    assert done.exit_code == 2
    assert "blocked" in done.output and "Traceback" not in done.output


def test_schema_prints_a_json_schema() -> None:
    done = _run("schema")
    assert done.exit_code == 0
    assert json.loads(done.stdout)["title"] == "Passport"


def test_the_same_model_gives_the_same_bytes(model: Path, tmp_path: Path) -> None:
    for name in ("a", "b"):
        _run("assess", model, "--out", tmp_path / name)
    for file in FILES - {"report.html"}:
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()


def test_the_command_is_installed_and_runs_from_another_folder(model: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "passport", "assess", str(model)]
    done = subprocess.run(
        command,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "NO_COLOR": "1"},
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "house.passport" / "passport.json").exists()
    assert done.stderr == "", "no progress bars where there is no terminal"
