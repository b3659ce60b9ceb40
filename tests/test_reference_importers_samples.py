"""Importers on real files, compared with what a plain look into the raw file gives."""

from __future__ import annotations

import csv
import json
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from reference import Indicator, Stage, load_datasets, load_factors, load_materials
from reference.importers import (
    Epd,
    ImportResult,
    load_epds,
    read_epds,
    read_ilcd_json,
    read_ilcd_xml,
    read_lcax,
    read_okobaudat_csv,
    save_epds,
)
from reference.importers.codes import by_okobaudat_column, by_uuid

GHG = "fb774615-0575-45de-9a89-1ded92f19770"


def shared_file(shared: Path, name: str) -> Path:
    file = shared / "data" / name
    if not file.exists():
        pytest.skip(f"{name} is not in the folder 'shared'")
    return file


def json_samples(shared: Path) -> dict[str, tuple[dict[str, Any], ImportResult]]:
    folder = shared_file(shared, "samples/ilcd_json")
    return {
        file.stem[:8]: (json.loads(file.read_text(encoding="utf-8")), read_ilcd_json(file))
        for file in sorted(folder.glob("*.json"))
    }


def raw_amounts(document: dict[str, Any]) -> dict[tuple[str, str, str], float]:
    """(UUID, module, scenario) -> value, as written, entries without a value left out."""
    out: dict[tuple[str, str, str], float] = {}
    for result in document["LCIAResults"]["LCIAResult"] + document["exchanges"]["exchange"]:
        reference = result.get("referenceToLCIAMethodDataSet") or result["referenceToFlowDataSet"]
        for entry in result.get("other", {}).get("anies", []):
            if "module" in entry and entry.get("value") is not None:
                out[reference["refObjectId"], entry["module"], entry.get("scenario", "")] = float(
                    entry["value"]
                )
    return out


def test_every_json_sample_is_read_value_by_value(shared: Path) -> None:
    samples = json_samples(shared)
    assert len(samples) == 12
    for document, result in samples.values():
        assert not result.errors
        (epd,) = result.datasets
        expected = {
            (by_uuid()[uuid].code, module, scenario): value
            for (uuid, module, scenario), value in raw_amounts(document).items()
            if uuid != GHG
        }
        assert epd.values == expected


def test_every_json_sample_has_its_set_its_amount_and_its_mass(shared: Path) -> None:
    found = {
        name: (epd.standard, epd.declared_quantity, epd.declared_unit, epd.kg_per_declared_unit().kg)
        for name, (_, result) in json_samples(shared).items()
        for epd in result.datasets
    }
    assert found == {
        "00c28f1f": ("A1", 1.0, "pcs", 0.696),
        "0aa8b645": ("A2", 1.0, "m3", 2265.0),
        "0b488798": ("A1", 1.0, "kg", 1.0),
        "0b4c397d": ("A1", 1.0, "m3", 76.02),
        "0cb92770": ("A2", 1.0, "kg", 1.0),
        "0e0c4e37": ("A1", 1.0, "m2", 40.57),
        "0e80e6e7": ("A1", 1.0, "m2", 15.02),
        "0e85f255": ("A2", 1.0, "m2", 179.0),
        "0e9fd868": ("A2", 1.0, "m2", 52.95),
        "335241f9": ("A2", 1.0, "m3", 2297.0),
        "503dfca1": ("A2", 1000.0, "kg", 1000.0),
        "f63ac879": ("A1", 1.0, "m3", 510.45),
    }


def test_metadata_of_a_json_sample(shared: Path) -> None:
    (epd,) = json_samples(shared)["0cb92770"][1].datasets
    assert (epd.version, epd.subtype) == ("00.02.000", "average")
    assert epd.owner.startswith("Höfer Metall Technik")
    assert (epd.reference_year, epd.valid_until, epd.location) == (2022, "2027", "DE")
    assert epd.names == {"de": "Aluminiumprofil pressblank", "en": "Aluminum profile, mill finish"}
    assert epd.ef_version == "EF 3.0"
    assert epd.licence == "Free of charge for all users and uses"


def test_missing_values_of_the_samples_stay_missing(shared: Path) -> None:
    samples = json_samples(shared)
    (facade,) = samples["0e9fd868"][1].datasets
    assert "B1" not in facade.modules
    assert facade.properties.biogenic_carbon_kg is None
    assert facade.properties.biogenic_carbon_packaging_kg == 1.0
    (paving,) = samples["0e85f255"][1].datasets
    assert paving.stage_value("IRP", Stage.A1_A3) is None
    assert (Indicator.IRP, Stage.A1_A3) not in paving.per_kg()


def test_split_production_is_summed_and_whole_production_is_not_added_to_its_parts(shared: Path) -> None:
    samples = json_samples(shared)
    document, result = samples["0aa8b645"]
    (concrete,) = result.datasets
    gwp = "6a37f984-a4b3-458a-a20a-64418c145fa2"
    parts = sum(raw_amounts(document)[gwp, module, ""] for module in ("A1", "A2", "A3"))
    assert concrete.stage_value("GWP-total", Stage.A1_A3) == pytest.approx(parts, rel=1e-15)
    (panel,) = samples["f63ac879"][1].datasets
    assert panel.stage_value("GWP (A1)", Stage.A1_A3) == -647.4201396839651


def test_scenarios_of_the_samples_stay_apart(shared: Path) -> None:
    samples = json_samples(shared)
    (panel,) = samples["f63ac879"][1].datasets
    assert panel.value("GWP (A1)", "D") == -261.09709844067464
    assert panel.with_scenarios("stofflich").value("GWP (A1)", "D") == -11.125577109865484
    (foam,) = samples["0b4c397d"][1].datasets
    assert foam.scenarios("C3") == ("S1", "S2")
    assert foam.value("GWP (A1)", "D") == -32.39


def test_the_xml_example_is_read_value_by_value(shared: Path) -> None:
    file = shared_file(shared, "samples/ilcd_xml/EPDv1.3_example.xml")
    (epd,) = read_ilcd_xml(file).datasets
    epd_ns = "{http://www.iai.kit.edu/EPD/2013}"
    expected: dict[tuple[str, str, str], float] = {}
    for node in ET.parse(file).iter():
        reference = [
            child.get("refObjectId") for child in node if child.tag.endswith(("MethodDataSet", "FlowDataSet"))
        ]
        for amount in node.iterfind(f"*/{epd_ns}amount"):
            module, scenario = amount.get(f"{epd_ns}module") or "", amount.get(f"{epd_ns}scenario", "")
            expected[by_uuid()[str(reference[0])].code, module, scenario] = float(amount.text or "")
    assert epd.values == expected
    assert len(expected) == 37 * 9
    assert epd.default_scenarios == ("Transport to Gdansk", "100% recycling")
    assert (epd.valid_until, epd.service_life_years) == ("2024-05-08", 100.0)
    assert epd.why_not_usable() is not None


def test_the_xml_template_without_indicator_uuids_is_reported_and_not_guessed(shared: Path) -> None:
    result = read_ilcd_xml(shared_file(shared, "samples/ilcd_xml/sample_EPD.xml"))
    assert not result.datasets
    assert Counter(finding.code for finding in result.errors) == {
        "indicator-without-uuid": 2,
        "unknown-indicator": 2,
    }
    assert {finding.file for finding in result.errors} == {"sample_EPD.xml"}


def test_the_lcax_sample_says_the_same_as_the_dataset_it_was_made_from(shared: Path) -> None:
    (lcax,) = read_lcax(shared_file(shared, "samples/lcax/lcax_epd_335241f9.json")).datasets
    (ilcd,) = json_samples(shared)["335241f9"][1].datasets
    assert lcax.values == ilcd.values
    assert (lcax.standard, lcax.declared_unit) == (ilcd.standard, ilcd.declared_unit)
    assert lcax.kg_per_declared_unit().kg == ilcd.kg_per_declared_unit().kg == 2297.0


def test_the_library_lcax_reads_the_same_numbers_but_for_the_last_digit(shared: Path) -> None:
    library = pytest.importorskip("lcax", reason="lcax, of the extra 'data', is not installed")
    file = shared_file(shared, "samples/lcax/lcax_epd_335241f9.json")
    theirs = json.loads(library.EPD.loads(file.read_text(encoding="utf-8")).dumps())
    ours = read_lcax(file).datasets[0]
    assert sum(len(modules) for modules in theirs["impacts"].values()) == len(ours.values)
    assert theirs["impacts"]["gwp"]["a1a3"] == pytest.approx(ours.value("GWP-total", "A1-A3"), rel=1e-15)
    assert theirs["impacts"]["mrf"]["c3"] == pytest.approx(ours.value("MFR", "C3"), rel=1e-15)


def test_why_ilcd_is_not_read_with_lcax(shared: Path) -> None:
    """If this fails, lcax has become better and can replace our reader."""
    library = pytest.importorskip("lcax", reason="lcax, of the extra 'data', is not installed")
    folder = shared_file(shared, "samples/ilcd_json")

    def converted(start: str) -> dict[str, Any]:
        (file,) = folder.glob(f"{start}*.json")
        out: dict[str, Any] = json.loads(library.convert_ilcd(file.read_text(encoding="utf-8")).dumps())
        return out

    per_tonne = converted("503dfca1")
    assert (per_tonne["declaredUnit"], per_tonne["conversions"]) == ("kg", [])
    assert per_tonne["impacts"]["gwp"]["a1a3"] > 100  # kg CO2 eq, of 1000 kg
    assert converted("0aa8b645")["conversions"] == []  # the mass of 2265 kg is lost
    assert converted("f63ac879")["impacts"]["gwp"]["d"] == pytest.approx(
        -11.125577109865484
    )  # not the default


# --- OEKOBAUDAT ------------------------------------------------------------------------------------------


def raw_rows(file: Path, delimiter: str, encoding: str) -> list[dict[str, str]]:
    with file.open(encoding=encoding, newline="") as text:
        return list(csv.DictReader(text, delimiter=delimiter))


def test_the_whole_export_of_2020_is_read(shared: Path) -> None:
    file = shared_file(shared, "okobaudat/OBD_2020_II.csv")
    rows = raw_rows(file, ";", "iso-8859-1")
    assert len(rows) == 4813
    result = read_okobaudat_csv(file)
    assert not result.errors
    left_out = {f.dataset for f in result.findings if f.code == "all-zero"} - {
        e.uuid for e in result.datasets
    }
    assert len(result.datasets) + len(left_out) == len({row["UUID"] for row in rows}) == 993
    by_id = {epd.uuid: epd for epd in result.datasets}
    assert {epd.standard for epd in result.datasets} == {"A1"}
    compared = 0
    for row in rows:
        if row["UUID"] in left_out:
            continue
        epd = by_id[row["UUID"]]
        for column, code in (("GWP", "GWP (A1)"), ("AP", "AP (A1)"), ("PERE", "PERE"), ("EET", "EET")):
            value = epd.values.get((code, row["Modul"], row["Szenario"]))
            assert value == (float(row[column]) if row[column] else None)
            compared += value is not None
    assert compared > 15_000
    assert any("ä" in epd.name for epd in result.datasets)


def test_traps_of_the_export_of_2020(shared: Path) -> None:
    file = shared_file(shared, "okobaudat/OBD_2020_II.csv")
    rows = raw_rows(file, ";", "iso-8859-1")
    result = read_okobaudat_csv(file)
    by_id = {epd.uuid: epd for epd in result.datasets}
    modules: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        modules[row["UUID"]].add(row["Modul"])
    both = [uuid for uuid, names in modules.items() if {"A1", "A1-A3"} <= names]
    split = [uuid for uuid, names in modules.items() if "A1" in names and "A1-A3" not in names]
    assert (len(both), len(split)) == (59, 14)
    for uuid in both:
        assert by_id[uuid].stage_value("GWP (A1)", Stage.A1_A3) == by_id[uuid].value("GWP (A1)", "A1-A3")
    for uuid in split:
        parts = [by_id[uuid].value("GWP (A1)", module) for module in ("A1", "A2", "A3")]
        assert by_id[uuid].stage_value("GWP (A1)", Stage.A1_A3) == pytest.approx(sum(p or 0.0 for p in parts))
    several = sum(len(epd.scenarios(module)) > 1 for epd in result.datasets for module in epd.modules)
    columns = [name for name in rows[0] if name in by_okobaudat_column()]
    filled = [row for row in rows if any(row[column] for column in columns)]
    pairs, with_values = (Counter((row["UUID"], row["Modul"]) for row in some) for some in (rows, filled))
    assert sum(count > 1 for count in pairs.values()) == 116
    assert several == sum(count > 1 for count in with_values.values())
    unknown = {row["UUID"] for row in rows if row["Bezugsgroesse"] == "not available"} & set(by_id)
    assert unknown == {epd.uuid for epd in result.datasets if epd.declared_unit is None} != set()
    transport = [epd for epd in result.datasets if epd.declared_unit == "t.km"]
    assert {epd.declared_quantity for epd in transport} == {1.0}


def test_the_extract_of_2024_agrees_with_the_shipped_library(shared: Path) -> None:
    """The shipped tables were built by another program from the same file."""
    file = shared_file(shared, "okobaudat/OBD_2024_I_generic_EN15804A2_first_module.csv")
    result = read_okobaudat_csv(file)
    assert not result.errors
    by_id = {epd.uuid: epd for epd in result.datasets}
    shipped = load_datasets()
    for uuid, dataset in shipped.items():
        if uuid in by_id:
            for indicator, value in dataset.values.items():
                assert by_id[uuid].values[indicator.value, dataset.module, ""] == value
    factors = load_factors()
    compared = 0
    for material in load_materials().values():
        epd = by_id.get(material.dataset_uuid or "")
        if epd is None or material.conversion == "assumed" or epd.kg_per_declared_unit().kg is None:
            continue
        row = factors.index_of([material.material_id])[0]
        for (indicator, stage), value in epd.per_kg().items():
            if stage is Stage.A1_A3:
                assert value == pytest.approx(factors.values[row, factors.position(indicator, stage)[0], 0])
        compared += 1
    assert compared > 250


def test_traps_of_the_extract_of_2024(shared: Path) -> None:
    file = shared_file(shared, "okobaudat/OBD_2024_I_generic_EN15804A2_first_module.csv")
    rows = {row["UUID"]: row for row in raw_rows(file, ",", "utf-8")}
    result = read_okobaudat_csv(file)
    by_id = {epd.uuid: epd for epd in result.datasets}
    commas = [uuid for uuid, row in rows.items() if "," in row["Bezugsgroesse"]]
    assert len(commas) == 55
    for uuid in commas:
        assert by_id[uuid].declared_quantity == float(rows[uuid]["Bezugsgroesse"].replace(",", "."))
    pieces = [epd for epd in result.datasets if epd.properties.piece_weight_kg is not None]
    assert pieces
    for epd in pieces:
        assert epd.properties.piece_weight_kg == float(rows[epd.uuid]["Stueckgewicht (kg)"].replace(",", "."))
    truck = by_id["bb74d2a2-249a-4245-a1bb-7bde61f2f613"]
    assert rows[truck.uuid]["Bezugseinheit"] == "t*km"
    assert (truck.declared_quantity, truck.declared_unit) == (1.0, "t.km")
    air = [uuid for uuid, row in rows.items() if "Luftschicht" in row["Name (en)"]]
    assert air
    assert not set(air) & set(by_id)
    assert {epd.ef_version for epd in result.datasets} == {"EF 3.1"}


@pytest.mark.parametrize("name", ["okobaudat", "samples/ilcd_json", "samples/ilcd_xml", "samples/lcax"])
def test_what_is_read_comes_back_from_our_own_file_exactly(shared: Path, tmp_path: Path, name: str) -> None:
    datasets: tuple[Epd, ...] = read_epds(shared_file(shared, name)).datasets
    assert datasets
    save_epds(tmp_path / "mine.csv", datasets)
    assert tuple(load_epds(tmp_path / "mine.csv").datasets.values()) == datasets
