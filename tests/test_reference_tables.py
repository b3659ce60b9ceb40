"""Shipped tables: complete, sourced, unchanged."""

from __future__ import annotations

import csv
import hashlib
import importlib.util
import sys
from importlib.resources import files
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import reference
from reference.tables import Row, check_table, manifest, read_table, table_names
from reference.vocabulary import CORE_INDICATORS, Indicator

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
OKOBAUDAT = SHARED / "data" / "okobaudat" / "OBD_2024_I_generic_EN15804A2_first_module.csv"
EU_ECB = SHARED / "data" / "eu_ecb" / "eu_ecb_belgium_105.csv"
METHOD = SHARED / "method" / "tables"
TEMPLATES = SHARED / "data" / "materials" / "teco_MaterialTemplates.json"

needs_raw_files = pytest.mark.skipif(
    not (OKOBAUDAT.is_file() and EU_ECB.is_file() and METHOD.is_dir() and TEMPLATES.is_file()),
    reason="the raw files are not part of the repository; put them in a folder `shared` next to it",
)


def builder() -> ModuleType:
    path = ROOT / "scripts" / "build_reference_tables.py"
    spec = importlib.util.spec_from_file_location("build_reference_tables", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", table_names())
def test_table_reads_and_has_the_hash_of_the_manifest(name: str) -> None:
    raw = (files("reference") / "data" / name).read_bytes()
    assert hashlib.sha256(raw).hexdigest() == manifest()[name]["sha256"]
    assert len(read_table(name)) == manifest()[name]["rows"] > 0


@pytest.mark.parametrize("name", table_names())
def test_every_row_names_a_source_that_exists(name: str) -> None:
    known = set(reference.load_sources())
    for row in read_table(name):
        assert row.text("source_id") in known


@pytest.mark.parametrize("name", table_names())
def test_every_column_is_described(name: str) -> None:
    for column, entry in manifest()[name]["columns"].items():
        assert entry["text"], column


def test_every_density_conductivity_and_factor_of_a_material_has_a_source() -> None:
    pairs = {
        "density_kg_m3": "density_source_id",
        "conductivity_w_mk": "conductivity_source_id",
        "dataset_uuid": "factor_source_id",
        "kg_per_declared_unit": "conversion_source_id",
    }
    for row in read_table("materials.csv"):
        for figure, source in pairs.items():
            assert bool(row.values[figure]) == bool(row.values[source]), (row.text("material_id"), figure)


def test_every_source_is_used() -> None:
    used = {
        row.values[column]
        for name in table_names()
        if name != "sources.csv"
        for row in read_table(name)
        for column in row.values
        if column.endswith("source_id")
    }
    assert set(reference.load_sources()) == used - {""}


def test_sources_come_as_a_data_frame() -> None:
    frame = reference.sources()
    assert list(frame.columns) == list(manifest()["sources.csv"]["columns"])
    assert frame["citation"].str.len().min() > 20
    assert frame["source_id"].is_unique


def test_attribution_of_okobaudat_is_the_required_line() -> None:
    line = (
        "OEKOBAUDAT 2024-I (www.oekobaudat.de), Federal Ministry for Housing, Urban Development and Building "
        "(BMWSB) / BBSR; generic datasets by Sphera; values unmodified; for building LCA."
    )
    assert reference.load_sources()["okobaudat-2024-i"].citation == line
    assert line in (files("reference") / "data" / "LICENSES.md").read_text(encoding="utf-8")


def test_files_under_share_alike_say_so() -> None:
    for name in ("residential_be_cases.csv", "residential_be_percentiles.csv"):
        assert manifest()[name]["licence"] == "CC-BY-SA-4.0"


def test_gwp_total_is_the_sum_of_its_parts_on_all_datasets() -> None:
    for dataset in reference.load_datasets().values():
        parts = (Indicator.GWP_FOSSIL, Indicator.GWP_BIOGENIC, Indicator.GWP_LULUC)
        total = sum(dataset.values[item] for item in parts)
        assert dataset.values[Indicator.GWP_TOTAL] == pytest.approx(total, rel=1e-6, abs=1e-9)


def test_all_datasets_declare_the_13_core_indicators_in_one_version() -> None:
    for dataset in reference.load_datasets().values():
        assert set(dataset.values) == set(CORE_INDICATORS)
        assert (dataset.standard, dataset.ef_version) == ("EN 15804+A2", "3.1")


def test_every_dataset_is_used_by_a_material_or_a_process() -> None:
    used = {item.dataset_uuid for item in reference.load_materials().values()}
    used |= set(reference.load_processes().sources)
    assert set(reference.load_datasets()) == used - {None}


@pytest.mark.parametrize("category", list(reference.load_end_of_life()))
def test_c2_distance_follows_from_the_shares(category: str) -> None:
    rule = reference.load_end_of_life()[category]
    assert rule.c2_km_per_tonne == pytest.approx(rule.c2_km_per_tonne_published, abs=1e-9)


def test_end_of_life_has_30_categories_and_known_processes() -> None:
    rules = reference.load_end_of_life()
    assert len(rules) == 30
    known = {*reference.load_processes().ids, None}
    for rule in rules.values():
        assert {rule.landfill_process, rule.incineration_process, rule.recycling_process} <= known


def test_only_the_categories_without_end_of_life_leave_the_shares_at_zero() -> None:
    empty = [
        rule.waste_category
        for rule in reference.load_end_of_life().values()
        if rule.landfill + rule.incineration + rule.reuse + rule.recycling == 0
    ]
    assert empty == ["No impact end-of-life"]


def test_transport_work_adds_up_to_the_legs() -> None:
    for item in reference.load_transport_classes().values():
        share = item.share_via_supplier
        if item.a4_class == "none":
            assert sum(item.tkm_per_tonne.values()) == 0
            continue
        assert item.tkm_per_tonne["lorry-gt32"] == pytest.approx(100 * share)
        rest = sum(item.tkm_per_tonne.values()) - item.tkm_per_tonne["lorry-gt32"]
        assert rest == pytest.approx((1 - share) * 100 + share * 35)


def test_lorries_are_given_per_tonne_kilometre() -> None:
    table = reference.load_processes()
    for lorry, gwp in {
        "lorry-gt32": 0.084310,
        "lorry-16-32": 0.110671,
        "lorry-7.5-16": 0.155537,
        "lorry-3.5-7.5": 0.260699,
    }.items():
        assert table.row(lorry)[0] == pytest.approx(gwp, abs=1e-6)
        assert table.units[table.index(lorry)] == "t.km"


def test_end_of_life_processes_have_the_published_values() -> None:
    table = reference.load_processes()
    for process, gwp in {
        "processing-rubble": 0.00284079,
        "landfill-rubble": 0.01496215,
        "landfill-inert": 0.01496215,
        "incineration-polystyrene": 3.376761,
        "landfill-municipal": 0.872935,
    }.items():
        assert table.row(process)[0] == pytest.approx(gwp, rel=2e-6)
        assert table.units[table.index(process)] == "kg"


def test_unknown_process_is_named_with_those_that_exist() -> None:
    with pytest.raises(reference.ReferenceDataError, match="landfill-inert"):
        reference.load_processes().row("landfill")


def test_ewc_codes_are_canonical_and_starred_when_hazardous() -> None:
    codes = reference.load_waste_codes()
    assert len(codes) == 48
    assert all(code.endswith("*") == item.hazardous for code, item in codes.items())


@pytest.mark.parametrize("text", ["170605*", "17 06 05 *", "17.06.05*", " 17-06-05* "])
def test_ewc_codes_are_read_as_people_write_them(text: str) -> None:
    assert reference.waste_code(text).title == "construction materials containing asbestos"


@pytest.mark.parametrize("text", ["", "17 01", "17 01 01 **", "concrete", "1701011"])
def test_text_that_is_no_ewc_code_is_refused(text: str) -> None:
    with pytest.raises(reference.ReferenceDataError, match="NN NN NN"):
        reference.canonical_ewc(text)


def test_code_outside_the_list_is_refused() -> None:
    with pytest.raises(reference.ReferenceDataError, match="03 01 05"):
        reference.waste_code("03 01 05")


def test_ef_weights_sum_to_100_and_units_are_those_of_the_vocabulary() -> None:
    factors = reference.load_ef_factors()
    assert len(factors) == 16
    assert sum(item.weight_pct for item in factors.values()) == pytest.approx(100.0)
    core = sum(item.weight_pct for key, item in factors.items() if key in CORE_INDICATORS)
    assert core == pytest.approx(72.20)
    assert all(item.unit == item.indicator.unit for item in factors.values())


def test_monetisation_leaves_out_what_has_no_price() -> None:
    prices = reference.load_monetisation()
    assert prices["Global warming"]["western_europe_central"] == 0.05
    assert any(not item for item in prices.values())


def test_brand_layers_run_from_site_to_stuff() -> None:
    assert list(reference.load_brand_layers()) == [
        "Site",
        "Structure",
        "Skin",
        "Services",
        "Space plan",
        "Stuff",
    ]


def test_service_lives_lie_in_their_range() -> None:
    lives = reference.load_service_lives()
    assert len(lives) == 132
    assert all(item.min_years <= item.mode_years <= item.max_years for item in lives.values())


def entry(raw: bytes, **change: Any) -> dict[str, Any]:
    columns = {"a": {"kind": "id", "text": "id"}, "b": {"kind": "number", "text": "number"}}
    columns["source_id"] = {"kind": "source", "text": "source"}
    base: dict[str, Any] = {
        "sha256": hashlib.sha256(raw).hexdigest(),
        "rows": max(raw.count(b"\n") - 1, 0),
        "key": ["a"],
        "columns": columns,
    }
    return base | change


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"x,1,jrc-ef\nx,2,jrc-ef\n", ("row 3", "field a", "already in row 2")),
        (b"x,one,jrc-ef\n", ("row 2", "field b", "not a number")),
        (b"x,nan,jrc-ef\n", ("row 2", "field b", "finite")),
        (b"x,,jrc-ef\n", ("row 2", "field b", "empty")),
        (b"x,1,\n", ("row 2", "field source_id", "empty")),
        (b"x,1,nowhere\n", ("row 2", "field source_id", "sources.csv")),
        (b"x,1\n", ("row 2", "2 fields instead of 3")),
    ],
)
def test_fault_in_a_table_is_named_with_file_row_and_field(body: bytes, words: tuple[str, ...]) -> None:
    raw = b"a,b,source_id\n" + body
    with pytest.raises(reference.ReferenceDataError) as caught:
        check_table("some.csv", raw, entry(raw))
    assert all(word in str(caught.value) for word in ("some.csv", *words))


def test_changed_bytes_are_refused() -> None:
    raw = b"a,b,source_id\nx,1,jrc-ef\n"
    with pytest.raises(reference.ReferenceDataError, match="sha256"):
        check_table("some.csv", raw + b"y,2,jrc-ef\n", entry(raw))


def test_other_columns_are_refused() -> None:
    raw = b"a,c,source_id\nx,1,jrc-ef\n"
    with pytest.raises(reference.ReferenceDataError, match="columns"):
        check_table("some.csv", raw, entry(raw))


def test_missing_rows_are_refused() -> None:
    raw = b"a,b,source_id\nx,1,jrc-ef\n"
    with pytest.raises(reference.ReferenceDataError, match="2"):
        check_table("some.csv", raw, entry(raw, rows=2))


def test_unknown_table_is_named_with_those_that_exist() -> None:
    with pytest.raises(reference.ReferenceDataError, match=r"materials\.csv"):
        read_table("material.csv")


def test_row_reads_flags_and_whole_numbers_strictly() -> None:
    row = Row("some.csv", 2, {"flag": "maybe", "n": "1.5"})
    with pytest.raises(reference.ReferenceDataError, match="yes nor no"):
        row.flag("flag")
    with pytest.raises(reference.ReferenceDataError, match="whole number"):
        row.integer("n")


@needs_raw_files
def test_rebuilding_from_the_raw_files_gives_the_shipped_bytes(tmp_path: Path) -> None:
    module = builder()
    module.build(OKOBAUDAT, EU_ECB, METHOD, TEMPLATES, module.DEFAULT_INPUTS, tmp_path)
    for name in (*table_names(), "manifest.toml"):
        shipped = (files("reference") / "data" / name).read_bytes()
        assert (tmp_path / name).read_bytes() == shipped, name


@needs_raw_files
def test_values_and_uuids_are_those_of_the_raw_export() -> None:
    columns = builder().INDICATOR_COLUMNS
    with OKOBAUDAT.open(encoding="utf-8", newline="") as stream:
        raw = {row["UUID"]: row for row in csv.DictReader(stream)}
    for row in read_table("datasets.csv"):
        published = raw[row.text("dataset_uuid")]
        for indicator, column in columns.items():
            assert row.values[indicator] == published[column]
        assert row.text("version") == published["Version"]
        assert row.text("name_de") == published["Name (de)"]
        assert row.text("module") == published["Modul"]
