"""Reference sets as files: there and back, and faults that are named."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import reference
from reference import (
    BuildingType,
    ReferenceDataError,
    load_reference_set,
    load_residential,
    save_reference_set,
)

SET = {
    "name": "ours",
    "population": "two houses",
    "indicator": "gwp-total",
    "unit": "kg CO2 eq/m2.yr",
    "study_period_years": 60,
    "biogenic_rule": "0/0",
    "area_definition": "m2 gross floor area",
    "method": "by hand",
    "source": "our office",
    "licence": "internal",
    "module_groups": {"A1-A3": ["A1-A3"], "A4-A5": ["A4", "A5"]},
    "cases": [
        {"case_id": "one", "values": {"A1-A3": 3.0, "A4-A5": 0.5}, "building_type": "detached"},
        {"case_id": "two", "values": {"A1-A3": 4.0, "A4-A5": 0.25}, "gross_floor_area_m2": 180},
    ],
}


def written(folder: Path, **changes: object) -> Path:
    path = folder / "set.json"
    path.write_text(json.dumps({**SET, **changes}), encoding="utf-8")
    return path


def test_a_file_gives_its_values_in_the_order_of_its_groups(tmp_path: Path) -> None:
    cases = load_reference_set(written(tmp_path))
    assert cases.values().tolist() == [3.5, 4.25]
    assert cases.values(["A4-A5"]).tolist() == [0.5, 0.25]
    assert cases.building_types == (BuildingType.DETACHED, None)
    assert np.isnan(cases.gross_floor_area_m2[0]) and cases.gross_floor_area_m2[1] == 180.0
    assert cases.confidence == "user" and cases.indicator is reference.Indicator.GWP_TOTAL


def test_the_shipped_set_comes_back_from_a_file_as_it_was(tmp_path: Path) -> None:
    shipped = load_residential()
    save_reference_set(shipped, tmp_path / "be.json")
    back = load_reference_set(tmp_path / "be.json")
    np.testing.assert_array_equal(back.by_group, shipped.by_group)
    np.testing.assert_array_equal(back.gross_floor_area_m2, shipped.gross_floor_area_m2)
    for name in ("name", "case_ids", "stages_of", "building_types", "constructions", "source", "licence"):
        assert getattr(back, name) == getattr(shipped, name)
    assert [path.name for path in tmp_path.iterdir()] == ["be.json"]


def test_selecting_gives_the_cases_of_a_type_and_says_which_types_there_are() -> None:
    whole = load_residential()
    for kind in BuildingType:
        assert whole.select(kind).case_ids == load_residential(kind).case_ids
    assert whole.select(None, "timber-frame").n == 35
    with pytest.raises(ReferenceDataError, match=r"castle.*apartment, detached.*massive-brick, timber-frame"):
        whole.select("castle")
    assert whole.without(whole.case_ids[0]).n == 104
    with pytest.raises(ReferenceDataError, match="no case 'x'"):
        whole.without("x")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"unit": ""}, "unit"),
        ({"study_period_years": 0}, "study_period_years"),
        ({"indicator": "heat"}, "indicator"),
        ({"biogenic_rule": "1/1"}, "biogenic_rule"),
        ({"module_groups": {"A9": ["A9"]}}, "module_groups"),
        ({"module_groups": {"A1-A3": ["A1-A3"], "A4-A5": ["A4", "A1-A3"]}}, "A1-A3 is in two module groups"),
        ({"cases": []}, "cases"),
        ({"cases": [{"case_id": "one", "values": {"A1-A3": 1.0}}]}, "case 'one' has no value for A4-A5"),
        (
            {"cases": [{"case_id": "one", "values": {"A1-A3": 1.0, "A4-A5": 1.0, "B4": 2.0}}]},
            "names B4, which is no module group",
        ),
        ({"cases": [SET["cases"][0], SET["cases"][0]]}, "case 'one' is there twice"),  # type: ignore[index]
        ({"cases": [{**SET["cases"][1], "gross_floor_area_m2": -5}]}, "gross_floor_area_m2"),  # type: ignore[index]
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_fault_names_file_and_field(tmp_path: Path, changes: dict[str, object], words: str) -> None:
    path = written(tmp_path, **changes)
    with pytest.raises(ReferenceDataError) as error:
        load_reference_set(path)
    assert str(path) in str(error.value) and words in str(error.value)


@pytest.mark.parametrize("content", [b"", b"[1, 2", b"\xff\xfe", b"[]", b'{"name": NaN}'])
def test_a_file_that_is_no_set_is_refused_in_one_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.json"
    path.write_bytes(content)
    with pytest.raises(ReferenceDataError, match=r"broken\.json"):
        load_reference_set(path)
    with pytest.raises(ReferenceDataError, match="cannot be read"):
        load_reference_set(tmp_path / "absent.json")


CSV = """# name: ours
# population: two houses
# indicator: GWP-total
# unit: kg CO2 eq/m2.yr
# study_period_years: 60
# biogenic_rule: 0/0
# area_definition: m2 gross floor area
# method: by hand: twice
# source: our office
# licence: internal
# module_groups: {"A1-A3": ["A1-A3"], "A4-A5": ["A4", "A5"]}
case_id,building_type,gross_floor_area_m2,A1-A3,A4-A5
one,detached,,3.0,0.5
two,,180,4.0,0.25
"""


def test_a_csv_file_holds_what_the_json_file_holds(tmp_path: Path) -> None:
    (tmp_path / "set.csv").write_text(CSV, encoding="utf-8")
    from_csv, from_json = load_reference_set(tmp_path / "set.csv"), load_reference_set(written(tmp_path))
    np.testing.assert_array_equal(from_csv.by_group, from_json.by_group)
    assert from_csv.building_types == from_json.building_types and from_csv.method == "by hand: twice"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("3.0,0.5", "many,0.5", r"cases\.0\.values\.A1-A3"),
        ("two,,180,4.0,0.25", "two,,180,4.0", "'two' has no value for A4-A5"),
        ("# unit: kg CO2 eq/m2.yr\n", "", "unit: Field required"),
        ('{"A1-A3": [', '{"A1-A3" [', "is no JSON"),
    ],
)
def test_a_fault_in_a_csv_file_is_named(tmp_path: Path, old: str, new: str, message: str) -> None:
    (tmp_path / "set.csv").write_text(CSV.replace(old, new), encoding="utf-8")
    with pytest.raises(ReferenceDataError, match=message):
        load_reference_set(tmp_path / "set.csv")


PERCENTILES = {
    **{key: SET[key] for key in SET if key not in ("indicator", "unit", "module_groups", "cases")},
    "indicator": "score",
    "ef_version": "3.1",
    "unit": "mPt/m2.yr",
    "stages": ["A1-A3", "a4"],
    "percentiles": {"10": 0.2, "50": 0.3, "90": 0.5},
}


def test_a_study_that_publishes_percentiles_is_a_set_and_comes_back_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "study.json").write_text(json.dumps(PERCENTILES), encoding="utf-8")
    study = load_reference_set(tmp_path / "study.json")
    assert isinstance(study, reference.PercentileSet)
    assert study.stages == (reference.Stage.A1_A3, reference.Stage.A4) and study.per_year
    save_reference_set(study, tmp_path / "again.json")
    assert load_reference_set(tmp_path / "again.json") == study


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"percentiles": {"10": 0.5, "50": 0.3}}, "a higher percentile has a lower value"),
        ({"percentiles": {"low": 0.5, "50": 0.3}}, "percentiles"),
        ({"stages": ["Z9"]}, "stages"),
        ({"ef_version": None}, "needs its ef_version"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_fault_in_a_file_of_percentiles_is_named(
    tmp_path: Path, changes: dict[str, object], message: str
) -> None:
    (tmp_path / "study.json").write_text(json.dumps({**PERCENTILES, **changes}), encoding="utf-8")
    with pytest.raises(ReferenceDataError, match=f"study.json: .*{message}"):
        load_reference_set(tmp_path / "study.json")
