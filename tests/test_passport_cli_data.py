"""The commands `data import`, `data list` and `data check`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from epd_builders import UUID, ilcd_json, ilcd_result, okobaudat, write_json
from passport.cli_data import data_app
from reference.importers import load_epds

GWP31 = "a7ea142a-9749-11ed-a8fc-0242ac120002"


def run(*arguments: object, code: int = 0) -> Result:
    # A wide terminal, so that no line of a table is folded.
    result = CliRunner().invoke(data_app, [str(item) for item in arguments], env={"COLUMNS": "400"})
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    return result


@pytest.fixture
def epd(tmp_path: Path) -> Path:
    return write_json(tmp_path / "epd.json", ilcd_json())


def test_a_dataset_is_imported_for_a_material_and_listed(tmp_path: Path, epd: Path) -> None:
    mine = tmp_path / "mine.csv"
    shown = run("import", epd, "--to", mine, "--for", "clay-brick", "--for", "clay-brick-solid").output
    assert "Imported   1 dataset(s)" in shown
    assert load_epds(mine).assignments == {"clay-brick": UUID, "clay-brick-solid": UUID}
    listed = run("list", mine).output
    assert "Sample" in listed
    assert "clay-brick, clay-brick-solid" in listed
    (row,) = json.loads(run("list", mine, "--json").output)
    assert (row["uuid"], row["kg_per_declared_unit"], row["modules"]) == (UUID, 1.0, ["A1-A3", "C4"])
    assert row["not_usable_because"] is None


def test_what_is_in_the_file_already_stays(tmp_path: Path, epd: Path) -> None:
    mine = tmp_path / "mine.csv"
    run("import", epd, "--to", mine, "--for", "clay-brick")
    (tmp_path / "more.csv").write_text(okobaudat([{"UUID": "b", "GWPtotal (A2)": "1"}]), encoding="utf-8")
    run("import", tmp_path / "more.csv", "--to", mine)
    library = load_epds(mine)
    assert list(library.datasets) == [UUID, "b"]
    assert library.assignments == {"clay-brick": UUID}


def test_a_faulty_dataset_is_named_and_the_others_are_imported(tmp_path: Path) -> None:
    rows = [{"UUID": "good", "GWPtotal (A2)": "1"}, {"UUID": "bad", "GWPtotal (A2)": "much"}]
    (tmp_path / "export.csv").write_text(okobaudat(rows), encoding="utf-8")
    mine = tmp_path / "mine.csv"
    shown = run("import", tmp_path / "export.csv", "--to", mine).output
    assert "export.csv, bad, row 3, GWPtotal (A2): 'much' is not a finite number." in shown
    assert list(load_epds(mine).datasets) == ["good"]
    run("import", tmp_path / "export.csv", "--to", mine, "--strict", code=1)


def test_nothing_to_import_is_an_error_and_writes_nothing(tmp_path: Path) -> None:
    mine = tmp_path / "mine.csv"
    result = run("import", tmp_path / "none.json", "--to", mine, code=2)
    assert "no dataset was imported" in result.output
    assert not mine.exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--for", "clay-brik"], "Did you mean: clay-brick"),
        (["--scenario", "burning"], "no scenario burning"),
        (["--dataset", "zzz"], "0 datasets"),
    ],
)
def test_wrong_arguments_are_one_sentence_and_write_nothing(
    tmp_path: Path, epd: Path, arguments: list[str], message: str
) -> None:
    mine = tmp_path / "mine.csv"
    assert message in run("import", epd, "--to", mine, *arguments, code=2).output
    assert not mine.exists()


def test_a_material_needs_one_dataset(tmp_path: Path) -> None:
    rows = [{"UUID": "a1", "GWPtotal (A2)": "1"}, {"UUID": "b1", "GWPtotal (A2)": "2"}]
    (tmp_path / "export.csv").write_text(okobaudat(rows), encoding="utf-8")
    mine = tmp_path / "mine.csv"
    run("import", tmp_path / "export.csv", "--to", mine, "--for", "clay-brick", code=2)
    run("import", tmp_path / "export.csv", "--to", mine, "--for", "clay-brick", "--dataset", "b1")
    assert load_epds(mine).assignments == {"clay-brick": "b1"}


def test_a_file_that_is_not_ours_is_never_overwritten(tmp_path: Path, epd: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text("name;value\n1;2\n", encoding="utf-8")
    run("import", epd, "--to", other, code=2)
    assert other.read_text(encoding="utf-8") == "name;value\n1;2\n"


def test_a_folder_that_is_not_there_is_one_sentence(tmp_path: Path, epd: Path) -> None:
    result = run("import", epd, "--to", tmp_path / "none" / "mine.csv", code=2)
    assert "cannot be written" in result.output


def test_the_chosen_scenario_counts(tmp_path: Path) -> None:
    results = [ilcd_result(GWP31, [("A1-A3", None, "1"), ("D", "reuse", "-1"), ("D", "burn", "-2")])]
    epd = write_json(tmp_path / "epd.json", ilcd_json(results))
    mine = tmp_path / "mine.csv"
    run("import", epd, "--to", mine, "--scenario", "burn")
    assert load_epds(mine).datasets[UUID].value("GWP-total", "D") == -2.0


def test_an_unknown_indicator_is_left_out_when_asked(tmp_path: Path) -> None:
    unknown = ilcd_result("00000000-1111-2222-3333-444444444444", [("A1-A3", None, "1")])
    known = ilcd_result(GWP31, [("A1-A3", None, "1")])
    epd = write_json(tmp_path / "epd.json", ilcd_json([known, unknown]))
    run("import", epd, "--to", tmp_path / "mine.csv", code=2)
    run("import", epd, "--to", tmp_path / "mine.csv", "--skip-unknown")


def test_check_tells_what_is_doubtful_for_the_given_day(tmp_path: Path, epd: Path) -> None:
    mine = tmp_path / "mine.csv"
    run("import", epd, "--to", mine, "--for", "clay-brick")
    assert "expired" not in run("check", mine, "--date", "2029-12-31").output
    assert "was valid until 2029-12-31" in run("check", mine, "--date", "2030-01-01").output
    findings = json.loads(run("check", mine, "--date", "2030-01-01", "--json").output)
    assert {"expired", "core-indicators-not-declared"} <= {item["code"] for item in findings}
    assert set(findings[0]) == {"code", "severity", "file", "dataset", "field", "message", "hint"}


def test_check_ends_with_1_when_strict_and_a_figure_is_wrong(tmp_path: Path) -> None:
    fossil = ilcd_result("a7ea19c0-9749-11ed-a8fc-0242ac120002", [("A1-A3", None, "250")])
    epd = write_json(tmp_path / "epd.json", ilcd_json([fossil]))
    mine = tmp_path / "mine.csv"
    run("import", epd, "--to", mine, "--for", "clay-brick")
    assert "outlier" in run("check", mine, "--date", "2026-01-01").output
    run("check", mine, "--date", "2026-01-01", "--strict", code=1)


@pytest.mark.parametrize("command", ["list", "check"])
def test_a_data_file_that_cannot_be_read_is_an_error(tmp_path: Path, command: str) -> None:
    assert "none.csv" in run(command, tmp_path / "none.csv", code=2).output


def test_a_date_that_is_none_is_an_error(tmp_path: Path, epd: Path) -> None:
    mine = tmp_path / "mine.csv"
    run("import", epd, "--to", mine)
    assert "YYYY-MM-DD" in run("check", mine, "--date", "tomorrow", code=2).output


def test_the_example_datasets_of_a_real_programme_can_be_imported_and_checked(
    shared: Path, tmp_path: Path
) -> None:
    folder = shared / "data" / "samples" / "ilcd_json"
    if not folder.is_dir():
        pytest.skip("the sample datasets are not in the folder 'shared'")
    mine = tmp_path / "mine.csv"
    run("import", folder, "--to", mine)
    assert len(json.loads(run("list", mine, "--json").output)) == 12
    run(
        "import",
        folder / "335241f9-db84-486c-9a19-cd5ebb791903.json",
        "--to",
        mine,
        "--for",
        "concrete-c20-25",
    )
    shown = run("check", mine, "--date", "2026-01-01", "--strict", "--all").output
    assert "5787" in shown  # an ionising radiation that cannot be
