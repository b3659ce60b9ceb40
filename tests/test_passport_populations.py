"""Own populations, the band of the percentile, and the commands on reference sets."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from passport import Assessment, PassportError, assess, compare, leave_one_out, own_population, read_ifc
from passport.cli import app
from reference import load_residential
from reference.vocabulary import Indicator

HOUSE = Path(__file__).resolve().parents[1] / "examples" / "models" / "flemish-house.ifc"


@pytest.fixture(scope="module")
def house() -> Assessment:
    return assess(read_ifc(HOUSE))


def smaller(house: Assessment, area: float | None) -> Assessment:
    floor = house.passport.floor_area_m2.model_copy(update={"value": area})
    return dataclasses.replace(house, passport=house.passport.model_copy(update={"floor_area_m2": floor}))


def test_an_own_population_holds_the_greenhouse_gases_of_each_building(house: Assessment) -> None:
    cases, left_out = own_population(
        {"a": house, "half": smaller(house, 89.25), "no area": smaller(house, None)}, name="ours"
    )
    assert cases.case_ids == ("a", "half")
    (finding,) = left_out
    assert finding.message == "no area is not in the population: its floor area is not known."
    expected = sum(house.total(each).value for each in (Indicator.GWP_FOSSIL, Indicator.GWP_LULUC)) / (
        178.5 * 60
    )
    assert house.floor_area_m2 == pytest.approx(178.5, abs=0.05)
    area = float(house.floor_area_m2 or 0)
    assert cases.values()[0] == pytest.approx(expected * 178.5 / area)
    assert cases.values()[1] == pytest.approx(cases.values()[0] * area / 89.25)
    assert "figures for at least 98% of the mass" in cases.method
    assert "B4" in cases.module_groups and "C1" not in cases.module_groups
    assert leave_one_out(cases) == {"a": 0.0, "half": 100.0}


def test_a_population_of_buildings_that_cannot_count_is_refused(house: Assessment) -> None:
    with pytest.raises(PassportError, match="its floor area is not known"):
        own_population({"x": smaller(house, None)}, name="none")


def test_a_building_among_copies_of_itself_stands_in_the_middle(house: Assessment) -> None:
    cases, _ = own_population({str(k): house for k in range(6)}, name="copies")
    result = compare(house, against=cases)
    assert result.comparable and result.percentile == 50.0 and result.trimmed_reference == ()
    assert result.reference_name == "copies"
    assert not any("35 designs" in note for note in result.notes)


def test_the_band_holds_the_percentile_and_grows_with_unknown_mass(house: Assessment) -> None:
    sure = compare(house, building_type="detached", draws=400)
    assert sure.percentile is not None and sure.percentile_low is not None
    assert sure.percentile_low <= sure.percentile <= (sure.percentile_high or 0)
    assert sure.draws == 400
    assert [each.group for each in sure.per_group] == list(sure.groups)
    assert sum(each.value for each in sure.per_group) == pytest.approx(sure.value)
    cases = load_residential("detached")
    for each in sure.per_group:
        assert [each.p10, each.median, each.p90] == pytest.approx(
            cases.percentiles((10, 50, 90), [each.group])
        )
    worse = _without_material(house, "clay-brick")
    doubtful = compare(worse, building_type="detached", draws=400)
    assert doubtful.value_upper is not None and sure.value is not None
    upper = doubtful.percentile_high if doubtful.comparable else 100.0
    assert upper is not None and upper >= (sure.percentile_high or 0)


def _without_material(house: Assessment, material_id: str) -> Assessment:
    elements = tuple(
        dataclasses.replace(
            element,
            portions=tuple(
                dataclasses.replace(p, material_id=None, family="unknown")
                if p.material_id == material_id
                else p
                for p in element.portions
            ),
        )
        for element in house.passport.elements
    )
    return assess(house.passport.model_copy(update={"elements": elements}))


def test_a_population_refuses_a_set_of_another_indicator_or_unit(house: Assessment) -> None:
    other = dataclasses.replace(load_residential(), indicator=Indicator.AP, unit="mol H+ eq/m2.yr")
    result = compare(house, against=other)
    assert not result.comparable and "mol H+ eq/m2.yr of AP" in result.reasons[0]
    years = compare(house, against=dataclasses.replace(load_residential(), study_period_years=50.0))
    assert not years.comparable and "50" in " ".join(years.reasons)


def test_the_commands_compare_list_show_add_and_make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BUILDING_PASSPORT_HOME", str(tmp_path / "home"))
    run = CliRunner().invoke
    other = tmp_path / "other.ifc"
    other.write_bytes(HOUSE.read_bytes())
    making = ["--name", "own", "--out", str(tmp_path / "s.json")]
    twice = run(app, ["references", "make", str(HOUSE), str(HOUSE), *making])
    assert twice.exit_code == 2 and "given twice" in twice.output
    made = run(app, ["references", "make", str(HOUSE), str(other), *making])
    assert made.exit_code == 0, made.output
    content = json.loads((tmp_path / "s.json").read_text(encoding="utf-8"))
    content["cases"] = [{**content["cases"][0], "case_id": str(k)} for k in range(5)]
    (tmp_path / "s.json").write_text(json.dumps(content), encoding="utf-8")
    assert run(app, ["references", "add", str(tmp_path / "s.json")]).exit_code == 0
    assert "own" in run(app, ["references", "list"]).output
    assert "own passports" in run(app, ["references", "show", "own"]).output
    placed = run(app, ["compare", str(HOUSE), "--against", "own", "--draws", "50", "--json"])
    assert placed.exit_code == 0, placed.output
    assert json.loads(placed.output)["percentile"] == 50.0
    shown = run(app, ["compare", str(HOUSE), "--type", "detached", "--draws", "50", "--language", "de"])
    assert shown.exit_code == 0 and "Referenz" in shown.output and "A1-A3" in shown.output
    for wrong in (["--against", "castles"], ["--type", "castle"], ["--language", "xx"]):
        refused = run(app, ["compare", str(HOUSE), *wrong])
        assert refused.exit_code == 2 and "Traceback" not in refused.output


def test_a_set_under_a_shipped_name_is_not_added(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BUILDING_PASSPORT_HOME", str(tmp_path / "home"))
    run = CliRunner().invoke
    assert run(app, ["references", "show", "--out", str(tmp_path / "be.json")]).exit_code == 0
    refused = run(app, ["references", "add", str(tmp_path / "be.json")])
    assert refused.exit_code == 2 and "taken" in refused.output
    assert np.size(list((tmp_path).glob("home/**/*.json"))) == 0


def test_a_study_in_millipoints_fills_the_slot_and_is_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BUILDING_PASSPORT_HOME", str(tmp_path / "home"))
    study = {
        "name": "study", "population": "40 houses", "indicator": "score", "ef_version": "3.1",
        "unit": "mPt/m2.yr", "study_period_years": 60, "biogenic_rule": "-1/+1",
        "area_definition": "m2 gross floor area", "method": "m", "source": "A study", "licence": "own",
        "stages": ["A1-A3", "A4", "A5"], "percentiles": {"10": 0.1, "50": 0.31, "90": 100.0},
    }  # fmt: skip
    (tmp_path / "study.json").write_text(json.dumps(study), encoding="utf-8")
    run = CliRunner().invoke
    assert run(app, ["references", "add", str(tmp_path / "study.json")]).exit_code == 0
    assert "study" in run(app, ["references", "list"]).output
    assert "mPt/m2.yr" in run(app, ["references", "show", "study"]).output
    assert run(app, ["references", "show", "study", "--type", "detached"]).exit_code == 2
    shown = run(app, ["compare", str(HOUSE), "--against", "study"])
    assert shown.exit_code == 0 and "between percentile 50 and 100" in shown.output
    assert "covers 72% of the weights" in shown.output
    as_json = json.loads(run(app, ["compare", str(HOUSE), "--against", "study", "--json"]).output)
    assert as_json["at_least"] and as_json["percentile_low"] == 50.0
    needs_cases = run(app, ["improve", str(HOUSE), "--against", "study"])
    assert needs_cases.exit_code == 2 and "holds percentiles only" in needs_cases.output
