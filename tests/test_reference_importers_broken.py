"""Broken files: every finding names file, dataset and field, and nothing is imported half."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from epd_builders import (
    FOSSIL31,
    GWP31,
    UUID,
    XML,
    ilcd_json,
    ilcd_result,
    lcax_epd,
    okobaudat,
    openepd,
    write_json,
)
from reference.importers import ImportResult, read_epds

GOOD = ilcd_result(FOSSIL31, [("A1-A3", None, "0.2")])


def refused(result: ImportResult, code: str, dataset: str = UUID, field: str = "") -> None:
    """Nothing was imported, and an error of this code names file, dataset and field."""
    assert result.datasets == ()
    matching = [finding for finding in result.errors if finding.code == code]
    assert matching, [str(finding) for finding in result.findings]
    finding = matching[0]
    assert finding.file
    assert finding.dataset == dataset
    assert field in finding.field, finding.field
    assert finding.message.endswith((".", ")"))


# --- ILCD JSON -------------------------------------------------------------------------------------------


def gwp(value: object, unit: str = "kg CO2 eqv.", uuid: str | None = GWP31) -> list[dict[str, Any]]:
    return [GOOD, ilcd_result(uuid, [("A1-A3", None, value)], unit)]


AT = "GWP-total, A1-A3"
ILCD_FAULTS: dict[str, tuple[list[dict[str, Any]], str, str]] = {
    "text as number": (gwp("about 3"), "not-a-number", AT),
    "comma in a number": (gwp("3,5"), "not-a-number", AT),
    "not finite": (gwp("1e999"), "not-a-number", AT),
    "a list as number": (gwp([1]), "not-a-number", AT),
    "true as number": (gwp(True), "not-a-number", AT),
    "duplicate scenario": (
        [GOOD, ilcd_result(GWP31, [("A1-A3", None, "1"), ("D", "S1", "2"), ("D", "S1", "3")])],
        "value-twice",
        "GWP-total, D",
    ),
    "duplicate module": (
        [GOOD, ilcd_result(GWP31, [("A1-A3", None, "1"), ("A1-A3", None, "1")])],
        "value-twice",
        "GWP-total, A1-A3",
    ),
    "unknown UUID": (
        gwp("1", uuid="00000000-1111-2222-3333-444444444444"),
        "unknown-indicator",
        "LCIAResult[1]",
    ),
    "missing UUID": (gwp("1", uuid=None), "indicator-without-uuid", "LCIAResult[1]"),
    "wrong unit": (gwp("1", "t CO2 eqv."), "wrong-unit", "LCIAResult[1]"),
    "unit of another indicator": (gwp("1", "kg P eqv."), "wrong-unit", "LCIAResult[1]"),
    "a result that is no object": ([GOOD, 3], "not-an-object", "LCIAResult[1]"),  # type: ignore[list-item]
    "amounts that are no list": (
        [GOOD, {**ilcd_result(GWP31, []), "other": {"anies": "none"}}],
        "not-an-object",
        "LCIAResult[1].other.anies",
    ),
    "unknown module": ([GOOD, ilcd_result(GWP31, [("E1", None, "1")])], "unknown-module", "GWP-total, E1"),
    "no values": ([], "no-values", ""),
}  # fmt: skip


@pytest.mark.parametrize("fault", ILCD_FAULTS)
def test_a_faulty_ilcd_json_dataset_is_not_imported_at_all(tmp_path: Path, fault: str) -> None:
    results, code, field = ILCD_FAULTS[fault]
    refused(read_epds(write_json(tmp_path / "epd.json", ilcd_json(results))), code, field=field)


def test_an_unknown_indicator_can_be_left_out_on_request(tmp_path: Path) -> None:
    results, _, _ = ILCD_FAULTS["unknown UUID"]
    result = read_epds(write_json(tmp_path / "epd.json", ilcd_json(results)), skip_unknown=True)
    assert result.datasets[0].values == {("GWP-fossil", "A1-A3", ""): 0.2}
    assert [finding.code for finding in result.findings] == ["unknown-indicator"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"quantity": 0.0}, "declared-quantity"),
        ({"quantity": -1.0}, "declared-quantity"),
        ({"quantity": "one"}, "not-a-number"),
        ({"flow_property": "unknown", "label": "bushel"}, "unknown-declared-unit"),
        (
            {"material_properties": [{"name": "gross density", "value": "x", "unit": "kg/m^3"}]},
            "not-a-number",
        ),
    ],
)
def test_a_faulty_reference_flow_refuses_the_dataset(
    tmp_path: Path, changes: dict[str, Any], code: str
) -> None:
    refused(read_epds(write_json(tmp_path / "epd.json", ilcd_json(**changes))), code)


def test_a_dataset_without_uuid_is_refused(tmp_path: Path) -> None:
    document = ilcd_json()
    del document["processInformation"]["dataSetInformation"]["UUID"]
    refused(read_epds(write_json(tmp_path / "epd.json", document)), "dataset-without-uuid", "", "UUID")


# --- cut files -------------------------------------------------------------------------------------------

WHOLE: dict[str, str] = {
    "ilcd.json": json.dumps(ilcd_json()),
    "ilcd.xml": XML.rstrip(),
    "lcax.json": json.dumps(lcax_epd()),
    "openepd.json": json.dumps(openepd()),
}


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(name=st.sampled_from(sorted(WHOLE)), share=st.floats(0.0, 0.999))
def test_a_file_that_is_cut_anywhere_gives_one_error_and_no_dataset(
    tmp_path: Path, name: str, share: float
) -> None:
    whole = WHOLE[name]
    file = tmp_path / name
    file.write_text(whole[: int(len(whole) * share)], encoding="utf-8")
    result = read_epds(file)
    assert result.datasets == ()
    assert [finding.severity for finding in result.findings] == ["error"]
    assert result.findings[0].file == name


def test_a_csv_row_that_is_cut_refuses_its_dataset_and_no_other(tmp_path: Path) -> None:
    rows = [
        {"UUID": "a", "GWPtotal (A2)": "1"},
        {"GWPtotal (A2)": "2"},
        {"Modul": "C4", "GWPtotal (A2)": "3"},
    ]
    text = okobaudat(rows).rstrip("\n")
    (tmp_path / "export.csv").write_text(text[:-12], encoding="utf-8")
    result = read_epds(tmp_path / "export.csv")
    assert [epd.uuid for epd in result.datasets] == ["a"]
    assert [(f.code, f.dataset, f.field) for f in result.errors] == [("row-cut", UUID, "row 4")]


# --- OEKOBAUDAT CSV --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "code", "field"),
    [
        ([{"GWPtotal (A2)": "three"}], "not-a-number", "row 2, GWPtotal (A2)"),
        ([{"GWPtotal (A2)": "1.234,5"}], "not-a-number", "row 2, GWPtotal (A2)"),
        ([{"GWPtotal (A2)": "1", "Bezugsgroesse": "one"}], "not-a-number", "row 2, Bezugsgroesse"),
        ([{"GWPtotal (A2)": "1", "Bezugsgroesse": "0"}], "declared-quantity", "row 2"),
        ([{"GWPtotal (A2)": "1", "Bezugseinheit": "bushel"}], "unknown-declared-unit", "row 2"),
        ([{"GWPtotal (A2)": "1", "Rohdichte (kg/m3)": "heavy"}], "not-a-number", "Rohdichte"),
        ([{"GWPtotal (A2)": "1", "Modul": "E9"}], "unknown-module", "row 2"),
        ([{"GWPtotal (A2)": "1"}, {"GWPtotal (A2)": "2"}], "value-twice", "row 3"),
        (
            [
                {"Modul": "D", "Szenario": "S1", "GWPtotal (A2)": "1"},
                {"Modul": "D", "Szenario": "S1", "GWPtotal (A2)": "1"},
            ],
            "value-twice",
            "row 3",
        ),
        (
            [{"GWPtotal (A2)": "1"}, {"Modul": "C4", "GWPtotal (A2)": "2", "Bezugseinheit": "m3"}],
            "rows-contradict",
            "row 3, Bezugseinheit",
        ),
        ([{"GWPtotal (A2)": "0.5"}, {"Modul": "C4", "GWPtotal (A2)": "1,000"}], "ambiguous-number", "row 3"),
        ([{}], "no-values", ""),
    ],
)
def test_a_faulty_csv_dataset_is_refused_and_the_others_are_read(
    tmp_path: Path, rows: list[dict[str, str]], code: str, field: str
) -> None:
    good = {"UUID": "good", "GWPtotal (A2)": "0.25"}
    (tmp_path / "export.csv").write_text(okobaudat([*rows, good]), encoding="utf-8")
    result = read_epds(tmp_path / "export.csv")
    assert [epd.uuid for epd in result.datasets] == ["good"]
    errors = [finding for finding in result.errors if finding.code == code]
    assert errors, [str(finding) for finding in result.findings]
    assert (errors[0].file, errors[0].dataset) == ("export.csv", UUID)
    assert field in errors[0].field


def test_a_csv_row_without_uuid_is_reported(tmp_path: Path) -> None:
    (tmp_path / "export.csv").write_text(okobaudat([{"UUID": "", "GWPtotal (A2)": "1"}]), encoding="utf-8")
    result = read_epds(tmp_path / "export.csv")
    assert [(f.code, f.field) for f in result.errors] == [("row-without-uuid", "row 2, UUID")]


# --- LCAx, openEPD, XML ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"impacts": lcax_epd()["impacts"] | {"ap": {"a1a3": "0.3"}}}, "not-a-number", "impacts.ap.a1a3"),
        ({"impacts": lcax_epd()["impacts"] | {"xyz": {"a1a3": 0.3}}}, "unknown-indicator", "impacts.xyz"),
        ({"impacts": lcax_epd()["impacts"] | {"ap": {"z9": 0.3}}}, "unknown-module", "impacts.ap.z9"),
        ({"impacts": lcax_epd()["impacts"] | {"ap": 0.3}}, "not-a-number", "impacts.ap"),
        ({"declaredUnit": "bushel"}, "unknown-declared-unit", "declaredUnit"),
        ({"impacts": {"gwp": {"a1a3": 1.0}, "ep": {"a1a3": 1.0}}}, "not-a-full-set", "impacts"),
    ],
)
def test_a_faulty_lcax_epd_is_not_imported_at_all(
    tmp_path: Path, changes: dict[str, Any], code: str, field: str
) -> None:
    refused(read_epds(write_json(tmp_path / "epd.json", lcax_epd(**changes))), code, field=field)


def test_what_the_model_of_lcax_refuses_is_refused(tmp_path: Path) -> None:
    pytest.importorskip("lcax", reason="lcax, of the extra 'data', is not installed")
    document = lcax_epd(location="nowhere")
    refused(read_epds(write_json(tmp_path / "epd.json", document)), "not-lcax")


def test_without_the_library_lcax_files_are_read_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reference.importers.lcax_json.find_spec", lambda name: None)
    result = read_epds(write_json(tmp_path / "epd.json", lcax_epd()))
    assert result.datasets[0].value("GWP-total", "A1-A3") == 230.0
    assert [finding.code for finding in result.findings] == ["form-not-checked"]


def measured(mean: object, unit: object = "kgCO2e", module: str = "A1A2A3") -> dict[str, Any]:
    return {"impacts": {"EF 3.1": {"gwp-fossil": {module: {"mean": mean, "unit": unit}}}}}


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        (measured("7"), "not-a-number", "gwp-fossil.A1A2A3.mean"),
        (measured(7.0, "tCO2e"), "wrong-unit", "gwp-fossil.A1A2A3.unit"),
        (measured(7.0, "kgSO2e"), "wrong-unit", "gwp-fossil.A1A2A3.unit"),
        (measured(7.0, None), "wrong-unit", "gwp-fossil.A1A2A3.unit"),
        (measured(7.0, module="A9"), "unknown-module", "A9"),
        ({"impacts": {"EF 3.1": {"WDP": 3.0}}}, "not-an-object", "WDP"),
        ({"declared_unit": {"qty": 1.0, "unit": "bushel"}}, "unknown-declared-unit", "declared_unit"),
        ({"kg_per_declared_unit": {"qty": 1.0, "unit": "m2"}}, "wrong-unit", "kg_per_declared_unit"),
        ({"impacts": {"TRACI 2.1": {"gwp": {"A1": {"mean": 1.0, "unit": "kgCO2e"}}}},
          "resource_uses": {}, "output_flows": {}}, "no-values", ""),
    ],
)  # fmt: skip
def test_a_faulty_openepd_is_not_imported_at_all(
    tmp_path: Path, changes: dict[str, Any], code: str, field: str
) -> None:
    refused(read_epds(write_json(tmp_path / "epd.json", openepd(**changes))), code, "ec3sample", field)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (">300.5<", ">much<", "not-a-number"),
        (f'refObjectId="{GWP31}"', "", "indicator-without-uuid"),
        (f'refObjectId="{GWP31}"', 'refObjectId="ffffffff-ffff-ffff-ffff-ffffffffffff"', "unknown-indicator"),
        ("kg CO2 eqv.", "t CO2 eqv.", "wrong-unit"),
        ('epd:scenario="landfill"', 'epd:scenario="recycling"', "value-twice"),
        ('epd:module="A1-A3"', 'epd:module="A7"', "unknown-module"),
    ],
)
def test_a_faulty_xml_dataset_is_not_imported_at_all(tmp_path: Path, old: str, new: str, code: str) -> None:
    assert old in XML
    (tmp_path / "epd.xml").write_text(XML.replace(old, new), encoding="utf-8")
    refused(read_epds(tmp_path / "epd.xml"), code)


# --- files that are none ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"\x00\x01\x02", "empty"),
        (b"PK\x03\x04rest", "packed"),
        (b"name;value\n1;2\n", "unknown-format"),
        (b'{"a": 1}', "unknown-format"),
        (b'{"a": 1, "a": 2}', "key-twice"),
        (b"[" * 100_000, "not-json"),
        (b"<html></html>", "not-ilcd"),
        (b"{", "not-json"),
    ],
)
def test_a_file_that_holds_no_dataset_gives_one_error(tmp_path: Path, content: bytes, code: str) -> None:
    (tmp_path / "file").write_bytes(content)
    result = read_epds(tmp_path / "file")
    assert [(f.severity, f.code, f.file) for f in result.findings] == [("error", code, "file")]


def test_a_file_that_is_not_there_gives_one_error(tmp_path: Path) -> None:
    assert [finding.code for finding in read_epds(tmp_path / "none.json").findings] == ["unreadable"]


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_no_value_of_any_type_in_any_place_ends_in_a_traceback(tmp_path: Path, data: st.DataObject) -> None:
    document: Any = data.draw(st.sampled_from([ilcd_json, lcax_epd, openepd]))()
    node, junk = (
        document,
        data.draw(st.sampled_from([None, "", "x", -1, 1.5, True, [], {}, [None], {"a": 1}])),
    )
    while True:
        keys = list(node) if isinstance(node, dict) else list(range(len(node)))
        key = data.draw(st.sampled_from(keys))
        child = node[key]
        if not isinstance(child, dict | list) or not child or data.draw(st.booleans()):
            node[key] = junk
            break
        node = child
    result = read_epds(write_json(tmp_path / "epd.json", document))
    assert result.datasets or result.findings
    assert not (result.datasets and result.errors)
