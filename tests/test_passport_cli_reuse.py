"""The commands `match` and `checklist`."""

from __future__ import annotations

import csv
from pathlib import Path

from typer.testing import CliRunner

from passport.cli import app

HOUSE = Path(__file__).resolve().parents[1] / "examples" / "models" / "flemish-house.ifc"


def test_a_house_can_take_its_own_windows_and_the_pairs_are_written(tmp_path: Path) -> None:
    out = tmp_path / "pairs.csv"
    done = CliRunner().invoke(app, ["match", str(HOUSE), "--supply", str(HOUSE), "--out", str(out)])
    assert done.exit_code == 0, done.output
    with out.open(encoding="utf-8", newline="") as stream:
        pairs = list(csv.DictReader(stream))
    assert pairs and all(float(pair["gain_kg_co2e"]) > 0 for pair in pairs)
    total = sum(float(pair["gain_kg_co2e"]) for pair in pairs)
    assert f"Avoided {total:,.0f} kg CO2 eq" in done.output
    assert "note: Transport is not counted" in done.output


def test_transport_over_a_long_way_takes_gains_away() -> None:
    near = CliRunner().invoke(app, ["match", str(HOUSE), "--supply", str(HOUSE)])
    far = CliRunner().invoke(
        app, ["match", str(HOUSE), "--supply", str(HOUSE), "--distance", "1000", "--transport", "0.5"]
    )
    assert far.exit_code == 0 and "Avoided 0 kg" in far.output and "Avoided 0 kg" not in near.output


def test_parts_that_come_too_late_are_not_used() -> None:
    late = CliRunner().invoke(
        app,
        [
            "match",
            str(HOUSE),
            "--supply",
            str(HOUSE),
            "--needed-by",
            "2027-01-01",
            "--available-from",
            "2028-01-01",
        ],
    )
    assert late.exit_code == 0 and late.output.startswith("0 of ")


def test_the_checklist_answers_what_the_model_tells_and_takes_the_rest_from_a_file(tmp_path: Path) -> None:
    asked = CliRunner().invoke(app, ["checklist", str(HOUSE)])
    assert asked.exit_code == 0 and "of 24 are open" in asked.output and "(model)" in asked.output
    answers = tmp_path / "answers.csv"
    answers.write_text(
        "number,answer,note,by,date\n1.2.1,yes,all durable,An Peeters,2026-03-02\n", encoding="utf-8"
    )
    told = CliRunner().invoke(app, ["checklist", str(HOUSE), "--answers", str(answers)])
    assert told.exit_code == 0 and "duurzaamheid (user)" in told.output


def test_what_cannot_be_read_is_refused_in_a_sentence(tmp_path: Path) -> None:
    for arguments in (
        ["match", str(HOUSE), "--supply", str(tmp_path / "none.ifc")],
        ["checklist", str(HOUSE), "--answers", str(tmp_path / "none.csv")],
        ["checklist", str(HOUSE), "--guidelines", str(tmp_path / "none.csv")],
    ):
        refused = CliRunner().invoke(app, arguments)
        assert refused.exit_code == 2 and "Traceback" not in refused.output
