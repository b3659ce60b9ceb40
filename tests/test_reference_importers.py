"""Importers of environmental data: what is read, and by which rule, on small datasets of every format."""

from __future__ import annotations

import datetime as dt
import time
from pathlib import Path

import pytest

from epd_builders import (
    EP_FRESH,
    FLOW,
    FLOW_XML,
    FOSSIL31,
    GWP30,
    GWP31,
    GWP_A1,
    GWP_GHG,
    MASS,
    UUID,
    VOLUME,
    XML,
    ilcd_json,
    ilcd_result,
    lcax_epd,
    okobaudat,
    openepd,
    write_json,
)
from reference import Indicator, ReferenceDataError, Stage
from reference.importers import Epd, ImportResult, Properties, read_epds
from reference.importers.codes import by_okobaudat_column, by_uuid, codes, of_set
from reference.importers.ilcd_xml import parse_xml


def only(result: ImportResult) -> Epd:
    assert not result.errors, [str(finding) for finding in result.errors]
    (epd,) = result.datasets
    return epd


def found(result: ImportResult) -> set[str]:
    return {finding.code for finding in result.findings}


def test_the_table_of_codes_holds_every_indicator_once_per_set() -> None:
    assert {code.indicator for code in of_set("A2")} == set(Indicator)
    assert {code.code: code.unit for code in of_set("A2")} == {str(item): item.unit for item in Indicator}
    assert (len(of_set("A1")), len(of_set("flow"))) == (7, 18)
    uuids = [uuid for code in codes().values() for uuid in set(code.uuids.values())]
    assert len(uuids) == len(set(uuids))


def test_equal_names_of_both_sets_lead_to_codes_that_never_meet() -> None:
    columns = by_okobaudat_column()
    assert columns["AP"].code == "AP (A1)"
    assert columns["AP (A2)"].code == "AP"
    assert columns["SOP (A2)"].code == "SQP"
    assert by_uuid()[GWP_A1].code == "GWP (A1)"
    assert by_uuid()[GWP30] is by_uuid()[GWP31]


# --- Epd -------------------------------------------------------------------------------------------------


def epd(**changes: object) -> Epd:
    fields: dict[str, object] = {
        "uuid": "1",
        "name": "sample",
        "standard": "A2",
        "declared_quantity": 1.0,
        "declared_unit": "kg",
        "values": {("GWP-total", "A1-A3", ""): 2.0},
    }
    return Epd(**(fields | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("unit", "properties", "kg"),
    [
        ("kg", Properties(), 2.0),
        ("m3", Properties(density_kg_m3=700.0), 1400.0),
        ("m3", Properties(bulk_density_kg_m3=100.0), 200.0),
        ("m2", Properties(area_weight_kg_m2=9.0, density_kg_m3=700.0, thickness_m=0.1), 18.0),
        ("m2", Properties(density_kg_m3=700.0, thickness_m=0.01), 14.0),
        ("m", Properties(linear_weight_kg_m=3.0), 6.0),
        ("pcs", Properties(piece_weight_kg=4.0), 8.0),
        ("m3", Properties(mass_kg=1234.0, density_kg_m3=700.0), 1234.0),
    ],
)
def test_the_declared_amount_is_weighed_with_the_properties_of_the_dataset(
    unit: str, properties: Properties, kg: float
) -> None:
    one = epd(declared_quantity=2.0, declared_unit=unit, properties=properties)
    assert one.kg_per_declared_unit().kg == pytest.approx(kg, rel=1e-15)
    assert one.per_kg() == {(Indicator.GWP_TOTAL, Stage.A1_A3): pytest.approx(2.0 / kg, rel=1e-15)}


@pytest.mark.parametrize(
    ("unit", "properties"),
    [
        ("m3", Properties(area_weight_kg_m2=9.0)),
        ("m2", Properties(density_kg_m3=700.0)),
        ("pcs", Properties(density_kg_m3=700.0)),
        ("pcs", Properties(conversion_factor=32.07)),
        ("MJ", Properties(density_kg_m3=700.0)),
        (None, Properties(density_kg_m3=700.0)),
    ],
)
def test_a_declared_unit_without_a_property_for_it_is_refused(
    unit: str | None, properties: Properties
) -> None:
    one = epd(declared_unit=unit, properties=properties)
    assert one.kg_per_declared_unit().kg is None
    with pytest.raises(ReferenceDataError, match="sample"):
        one.per_kg()


def test_a1_a3_is_preferred_and_its_parts_are_never_added_to_it() -> None:
    both = epd(
        values={
            ("GWP-total", "A1", ""): 1.0,
            ("GWP-total", "A2", ""): 2.0,
            ("GWP-total", "A3", ""): 4.0,
            ("GWP-total", "A1-A3", ""): 7.5,
            ("ODP", "A1", ""): 1.0,
            ("ODP", "A2", ""): 1.0,
            ("ODP", "A3", ""): 1.0,
            ("AP", "A1", ""): 1.0,
            ("AP", "A2", ""): 1.0,
        }
    )
    assert both.stage_value("GWP-total", Stage.A1_A3) == 7.5
    assert both.stage_value("ODP", Stage.A1_A3) == 3.0
    assert both.stage_value("AP", Stage.A1_A3) is None
    assert Stage.A1_A3 in both.stages


def test_one_scenario_counts_and_scenarios_are_never_added() -> None:
    values = {
        ("GWP-total", "A1-A3", ""): 1.0,
        ("GWP-total", "D", "burn"): -2.0,
        ("GWP-total", "D", "reuse"): -5.0,
    }
    two = epd(values=values)
    assert two.value("GWP-total", "D") == -2.0
    assert epd(values=values, default_scenarios=("reuse",)).value("GWP-total", "D") == -5.0
    assert two.with_scenarios("reuse").per_kg()[Indicator.GWP_TOTAL, Stage.D] == -5.0
    with pytest.raises(ReferenceDataError, match="burn, reuse"):
        two.with_scenarios("landfill")


def test_what_is_not_declared_is_absent_and_not_zero() -> None:
    one = epd(values={("GWP-total", "A1-A3", ""): 1.0, ("GWP-total", "C4", ""): 0.0})
    assert one.per_kg() == {
        (Indicator.GWP_TOTAL, Stage.A1_A3): 1.0,
        (Indicator.GWP_TOTAL, Stage.C4): 0.0,
    }


def test_a_dataset_of_the_a1_set_gives_no_figures_for_an_assessment() -> None:
    old = epd(standard="A1", values={("GWP (A1)", "A1-A3", ""): 1.0, ("PERE", "A1-A3", ""): 1.0})
    with pytest.raises(ReferenceDataError, match="A1"):
        old.per_kg()


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026", dt.date(2026, 12, 31)),
        ("2026-02", dt.date(2026, 2, 28)),
        ("2026-12", dt.date(2026, 12, 31)),
        ("2026-05-08", dt.date(2026, 5, 8)),
        ("2026-13-08", None),
        ("", None),
    ],
)
def test_a_year_is_valid_to_its_end(text: str, day: dt.date | None) -> None:
    assert epd(valid_until=text).last_valid_day() == day


# --- OEKOBAUDAT CSV --------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "iso-8859-1"])
@pytest.mark.parametrize(("delimiter", "trailing"), [(";", True), (";", False), (",", False)])
@pytest.mark.parametrize("comma", [False, True])
def test_encoding_delimiter_and_decimal_sign_are_detected(
    tmp_path: Path, encoding: str, delimiter: str, trailing: bool, comma: bool
) -> None:
    def number(text: str) -> str:
        return text.replace(".", ",") if comma else text

    text = okobaudat(
        [{"Bezugsgroesse": number("3.6"), "GWPtotal (A2)": number("-1.25E-3"), "PERE": number("0.5")}],
        delimiter=delimiter,
        trailing=trailing,
    )
    file = tmp_path / "export.csv"
    file.write_bytes(text.encode(encoding))
    one = only(read_epds(file))
    assert one.name == "Wärmedämmung"
    assert (one.declared_quantity, one.declared_unit) == (3.6, "kg")
    assert one.values == {("GWP-total", "A1-A3", ""): -1.25e-3, ("PERE", "A1-A3", ""): 0.5}


def write_csv(folder: Path, rows: list[dict[str, str]]) -> Path:
    file = folder / "export.csv"
    file.write_text(okobaudat(rows), encoding="utf-8")
    return file


@pytest.mark.parametrize(("quantity", "unit"), [("1000", "t*km"), ("1000", "kgkm"), ("1", "t*km")])
def test_transport_counts_per_tonne_kilometre_whatever_the_declared_amount_says(
    tmp_path: Path, quantity: str, unit: str
) -> None:
    row = {"Bezugsgroesse": quantity, "Bezugseinheit": unit, "Modul": "A4", "GWPtotal (A2)": "0.1107"}
    one = only(read_epds(write_csv(tmp_path, [row])))
    assert (one.declared_quantity, one.declared_unit) == (1.0, "t.km")
    assert one.kg_per_declared_unit().kg is None


def test_transport_values_that_count_for_the_declared_amount_stay_as_they_are(tmp_path: Path) -> None:
    row = {"Bezugsgroesse": "1000", "Bezugseinheit": "t*km", "Modul": "A4", "GWPtotal (A2)": "110.7"}
    assert only(read_epds(write_csv(tmp_path, [row]))).declared_quantity == 1000.0


def test_a_car_is_declared_per_1000_m_and_values_are_divided_by_it(tmp_path: Path) -> None:
    row = {"Bezugsgroesse": "1000", "Bezugseinheit": "m", "Modul": "A4", "GWPtotal (A2)": "3.3"}
    one = only(read_epds(write_csv(tmp_path, [row])))
    assert (one.declared_quantity, one.declared_unit) == (1000.0, "m")


def test_not_available_is_no_amount_and_the_dataset_can_be_kept_but_not_used(tmp_path: Path) -> None:
    row = {"Bezugsgroesse": "not available", "Bezugseinheit": "", "GWPtotal (A2)": "1"}
    result = read_epds(write_csv(tmp_path, [row]))
    assert only(result).declared_quantity is None
    assert "declared-unit-unknown" in found(result)
    assert only(result).why_not_usable() == "the declared unit is not stated"


def test_rows_of_a_dataset_may_stand_apart_and_scenarios_stay_apart(tmp_path: Path) -> None:
    other = {"UUID": "other", "GWPtotal (A2)": "9"}
    rows = [
        {"GWPtotal (A2)": "1"},
        other,
        {"Modul": "C3", "Szenario": "S1", "GWPtotal (A2)": "2"},
        {"Modul": "C3", "Szenario": "S2", "GWPtotal (A2)": "3"},
    ]
    result = read_epds(write_csv(tmp_path, rows))
    first, second = result.datasets
    assert first.values == {
        ("GWP-total", "A1-A3", ""): 1.0,
        ("GWP-total", "C3", "S1"): 2.0,
        ("GWP-total", "C3", "S2"): 3.0,
    }
    assert second.uuid == "other"
    assert "no-default-scenario" in found(result)


def test_an_empty_cell_is_not_declared_and_a_zero_is(tmp_path: Path) -> None:
    one = only(read_epds(write_csv(tmp_path, [{"GWPtotal (A2)": "", "GWPfossil (A2)": "0", "PERE": "1"}])))
    assert one.values == {("GWP-fossil", "A1-A3", ""): 0.0, ("PERE", "A1-A3", ""): 1.0}


def test_an_auxiliary_layer_of_zeros_is_left_out_but_a_by_product_without_burden_stays(
    tmp_path: Path,
) -> None:
    rows = [
        {"UUID": "air", "Referenzjahr": "", "Gueltig bis": "", "GWPtotal (A2)": "0.0", "PERE": "0"},
        {"UUID": "ash", "GWPtotal (A2)": "0", "PERE": "0"},
    ]
    result = read_epds(write_csv(tmp_path, rows))
    assert [item.uuid for item in result.datasets] == ["ash"]
    assert {finding.dataset for finding in result.findings if finding.code == "all-zero"} == {"air", "ash"}


def test_a_row_with_values_of_both_sets_keeps_them_apart(tmp_path: Path) -> None:
    one = only(
        read_epds(write_csv(tmp_path, [{"AP": "5", "GWP": "7", "AP (A2)": "6", "GWPtotal (A2)": "8"}]))
    )
    assert one.standard == "A2"
    assert one.per_kg() == {(Indicator.GWP_TOTAL, Stage.A1_A3): 8.0, (Indicator.AP, Stage.A1_A3): 6.0}
    assert one.values["AP (A1)", "A1-A3", ""] == 5.0


# --- ILCD ------------------------------------------------------------------------------------------------


def test_an_entry_without_a_value_is_not_declared(tmp_path: Path) -> None:
    results = [
        ilcd_result(GWP31, [("A1-A3", None, "0"), ("B1", None, ...), ("B2", None, None), ("B3", None, "")])
    ]
    results.append(ilcd_result(FOSSIL31, [("A1-A3", None, "0.1")]))
    one = only(read_epds(write_json(tmp_path / "epd.json", ilcd_json(results))))
    assert one.values == {("GWP-total", "A1-A3", ""): 0.0, ("GWP-fossil", "A1-A3", ""): 0.1}


def test_values_per_tonne_are_not_taken_for_values_per_kg(tmp_path: Path) -> None:
    one = only(read_epds(write_json(tmp_path / "epd.json", ilcd_json(quantity=1000.0))))
    assert one.declared_quantity == 1000.0
    assert one.per_kg()[Indicator.GWP_TOTAL, Stage.A1_A3] == pytest.approx(0.25 / 1000)


def test_the_flow_property_decides_on_the_unit_and_not_its_label(tmp_path: Path) -> None:
    document = ilcd_json(
        flow_property=VOLUME,
        label="qm",
        extra_properties=[{"uuid": MASS, "meanValue": 500.0}],
        material_properties=[
            {"name": "gross density", "value": "0.5", "unit": "g/cm^3"},
            {"name": "conversion factor to 1 kg", "value": "500", "unit": "-"},
        ],
    )
    one = only(read_epds(write_json(tmp_path / "epd.json", document)))
    assert one.declared_unit == "m3"
    assert one.properties == Properties(mass_kg=500.0, density_kg_m3=500.0, conversion_factor=500.0)


def test_the_default_scenario_of_the_dataset_counts(tmp_path: Path) -> None:
    results = [ilcd_result(GWP31, [("A1-A3", None, "1"), ("D", "reuse", "-1"), ("D", "burn", "-2")])]
    scenarios = [{"name": "reuse"}, {"name": "burn", "default": True}]
    result = read_epds(write_json(tmp_path / "epd.json", ilcd_json(results, scenarios=scenarios)))
    assert only(result).value("GWP-total", "D") == -2.0
    assert "no-default-scenario" not in found(result)


@pytest.mark.parametrize(("uuid", "version"), [(GWP30, "EF 3.0"), (GWP31, "EF 3.1")])
def test_the_uuid_tells_the_version_of_the_characterisation(tmp_path: Path, uuid: str, version: str) -> None:
    document = ilcd_json([ilcd_result(uuid, [("A1-A3", None, "1")])])
    assert only(read_epds(write_json(tmp_path / "epd.json", document))).ef_version == version


def test_a_national_indicator_is_left_out_with_a_note(tmp_path: Path) -> None:
    results = [ilcd_result(GWP31, [("A1-A3", None, "1")]), ilcd_result(GWP_GHG, [("A1-A3", None, "2")])]
    result = read_epds(write_json(tmp_path / "epd.json", ilcd_json(results)))
    assert only(result).values == {("GWP-total", "A1-A3", ""): 1.0}
    assert "national-indicator" in found(result)


def test_a_label_of_another_substance_over_the_right_unit_group_is_a_warning(tmp_path: Path) -> None:
    group = "0429039d-a61d-4590-ba67-aa4a20a810a1"
    results = [ilcd_result(EP_FRESH, [("A1-A3", None, "1e-4")], "kg PO_(4)-Äq.", group)]
    result = read_epds(write_json(tmp_path / "epd.json", ilcd_json(results)))
    assert only(result).values == {("EP-freshwater", "A1-A3", ""): 1e-4}
    assert "unit-label" in found(result)


def test_the_values_decide_on_the_set_and_not_the_claim(tmp_path: Path) -> None:
    document = ilcd_json([ilcd_result(GWP_A1, [("A1-A3", None, "1")], "kg CO2 eq.")])
    system = {"refObjectId": "c0016b33-8cf7-415c-ac6e-deba0d21440d"}
    document["modellingAndValidation"] = {
        "complianceDeclarations": {"compliance": [{"referenceToComplianceSystem": system}]}
    }
    result = read_epds(write_json(tmp_path / "epd.json", document))
    assert only(result).standard == "A1"
    assert "claims-other-set" in found(result)


def test_an_xml_dataset_is_read_with_the_flow_dataset_of_its_package(tmp_path: Path) -> None:
    (tmp_path / "processes").mkdir()
    (tmp_path / "flows").mkdir()
    (tmp_path / "processes" / f"{UUID}.xml").write_text(XML, encoding="utf-8")
    (tmp_path / "flows" / f"{FLOW}_00.01.000.xml").write_text(FLOW_XML, encoding="utf-8")
    one = only(read_epds(tmp_path))
    assert (one.uuid, one.name, one.names["de"]) == (UUID, "Sample", "Probe")
    assert (one.declared_quantity, one.declared_unit) == (1.0, "m3")
    assert one.kg_per_declared_unit().kg == pytest.approx(2400.0)
    assert (one.service_life_years, one.valid_until) == (60.0, "2029")
    assert one.value("GWP-total", "C3") == 2.0
    assert "A4" not in one.modules


def test_an_xml_dataset_without_its_flow_dataset_is_read_and_cannot_be_converted(tmp_path: Path) -> None:
    (tmp_path / "epd.xml").write_text(XML, encoding="utf-8")
    result = read_epds(tmp_path / "epd.xml")
    assert only(result).values["GWP-total", "A1-A3", ""] == 300.5
    assert {"flow-dataset-missing", "declared-unit-unknown"} <= found(result)
    assert only(result).why_not_usable() is not None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_declaration_is_refused_before_any_entity_is_expanded(encoding: str) -> None:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 12}">' for n in range(1, 9))
    bomb = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE a [<!ENTITY e0 "ha">{entities}]><a>&e8;</a>'
    start = time.perf_counter()
    with pytest.raises(ValueError, match="document type declaration"):
        parse_xml(bomb.encode(encoding))
    assert time.perf_counter() - start < 2


def test_no_file_outside_is_read_through_an_entity(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret", encoding="utf-8")
    attack = XML.replace("?>", f'?><!DOCTYPE p [<!ENTITY x SYSTEM "{secret.as_uri()}">]>', 1)
    (tmp_path / "epd.xml").write_text(attack.replace(">Sample<", ">&x;<"), encoding="utf-8")
    result = read_epds(tmp_path / "epd.xml")
    assert not result.datasets
    assert "document type declaration" in str(result.errors[0])


# --- LCAx and openEPD ------------------------------------------------------------------------------------


def test_grammage_and_density_of_lcax_are_told_apart_and_null_is_not_declared(tmp_path: Path) -> None:
    one = only(read_epds(write_json(tmp_path / "epd.json", lcax_epd())))
    assert one.properties == Properties(density_kg_m3=2300.0, area_weight_kg_m2=460.0)
    assert one.kg_per_declared_unit().kg == 2300.0
    assert one.values == {
        ("GWP-total", "A1-A3", ""): 230.0,
        ("GWP-total", "C3", ""): 0.0,
        ("GWP-total", "D", ""): -10.0,
        ("GWP-fossil", "A1-A3", ""): 229.0,
        ("MFR", "C3", ""): 2300.0,
    }
    assert one.subtype == "average"


def test_epds_inside_an_lcax_project_are_found(tmp_path: Path) -> None:
    project = {"assemblies": [{"products": [{"impactData": [lcax_epd(), lcax_epd(id="second")]}]}]}
    result = read_epds(write_json(tmp_path / "project.json", project))
    assert [item.uuid for item in result.datasets] == [UUID, "second"]


def test_an_lcax_epd_of_the_a1_set_keeps_its_own_codes(tmp_path: Path) -> None:
    old = lcax_epd(standard="en15804a1", impacts={"gwp": {"a1a3": 1.0}, "ep": {"a1a3": 2.0}})
    one = only(read_epds(write_json(tmp_path / "epd.json", old)))
    assert one.standard == "A1"
    assert one.values == {("GWP (A1)", "A1-A3", ""): 1.0, ("EP (A1)", "A1-A3", ""): 2.0}


def test_openepd_is_read_with_its_mass_its_carbon_and_its_scenarios(tmp_path: Path) -> None:
    result = read_epds(write_json(tmp_path / "epd.json", openepd()))
    one = only(result)
    assert (one.declared_quantity, one.declared_unit) == (2.0, "m2")
    assert one.properties == Properties(mass_kg=30.0, biogenic_carbon_kg=1.5)
    assert one.per_kg() == {
        (Indicator.GWP_TOTAL, Stage.A1_A3): pytest.approx(0.2),
        (Indicator.GWP_TOTAL, Stage.C4): pytest.approx(0.01),
        (Indicator.GWP_FOSSIL, Stage.A1_A3): pytest.approx(7.0 / 30),
        (Indicator.AP, Stage.A1_A3): pytest.approx(0.02 / 30),
    }
    assert one.scenarios("C4") == ("landfill", "burning")
    assert one.values["PERE", "A1-A3", ""] == 12.0
    assert one.values["MFR", "C3", ""] == 25.0
    assert (one.valid_until, one.service_life_years, one.ef_version) == ("2027-03-31", 40.0, "EF 3.1")
    assert {"ambiguous-unit", "method-left-out", "no-default-scenario"} <= found(result)


def test_an_openepd_with_a1_indicators_under_an_a2_label_is_taken_as_a1(tmp_path: Path) -> None:
    indicators = {
        "gwp": {"A1A2A3": {"mean": 5.0, "unit": "kgCO2e"}},
        "ap": {"A1A2A3": {"mean": 0.1, "unit": "kgSO2e"}},
    }
    result = read_epds(write_json(tmp_path / "epd.json", openepd(impacts={"EF 3.0": indicators})))
    assert only(result).standard == "A1"
    assert only(result).values["AP (A1)", "A1-A3", ""] == 0.1
    assert "claims-other-set" in found(result)


# --- several files ---------------------------------------------------------------------------------------


def test_the_content_decides_on_the_format_and_not_the_name(tmp_path: Path) -> None:
    write_json(tmp_path / "a.csv", ilcd_json())
    (tmp_path / "b.json").write_text(okobaudat([{"UUID": "b", "GWPtotal (A2)": "1"}]), encoding="utf-8")
    (tmp_path / "c.txt").write_text(XML.replace(UUID, "c"), encoding="utf-8")
    result = read_epds([tmp_path / "a.csv", tmp_path / "b.json", tmp_path / "c.txt"])
    assert [item.format for item in result.datasets] == ["ILCD+EPD JSON", "OEKOBAUDAT CSV", "ILCD+EPD XML"]


def test_a_dataset_that_is_there_twice_is_kept_once_in_its_highest_version(tmp_path: Path) -> None:
    rows = [{"GWPtotal (A2)": "1"}]
    (tmp_path / "a.csv").write_text(okobaudat(rows), encoding="utf-8")
    (tmp_path / "b.csv").write_text(okobaudat([rows[0] | {"Version": "2"}]), encoding="utf-8")
    result = read_epds(tmp_path)
    assert only(result).version == "2"
    assert "dataset-twice" in found(result)
