"""Our own data file, the checks of datasets, and own figures instead of generic ones."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from epd_builders import ilcd_json, lcax_epd, okobaudat, openepd, write_json
from reference import CORE_INDICATORS, INDICATORS, Indicator, ReferenceDataError, Stage, load_factors
from reference.errors import UnknownMaterialError
from reference.importers import (
    DataLibrary,
    Epd,
    Properties,
    check_epds,
    load_epds,
    read_epds,
    read_own_csv,
    save_epds,
    with_datasets,
)
from reference.importers.checks import family_medians
from reference.importers.codes import MODULES, of_set
from reference.importers.epd import PROPERTY_NAMES

TODAY = dt.date(2026, 1, 1)

finite = st.floats(allow_nan=False, allow_infinity=False)
positive = st.floats(min_value=1e-9, max_value=1e9)
texts = st.text(max_size=20)


@st.composite
def epds(draw: st.DrawFn, uuid: str = "u") -> Epd:
    standard = draw(st.sampled_from(["A1", "A2", ""]))
    groups = {"A1": ("A1", "flow"), "A2": ("A2", "A1", "flow"), "": ("flow",)}[standard]
    names = [code.code for group in groups for code in of_set(group)]  # type: ignore[arg-type]
    own = {"A1": "GWP (A1)", "A2": "GWP-total", "": "PERE"}[standard]
    keys = st.tuples(st.sampled_from(names), st.sampled_from(MODULES), texts)
    values = draw(st.dictionaries(keys, finite, max_size=8)) | {(own, "A1-A3", ""): draw(finite)}
    numbers = {name: draw(st.none() | finite) for name in PROPERTY_NAMES}
    return Epd(
        uuid=uuid,
        name=draw(texts),
        version=draw(texts),
        names=draw(st.dictionaries(texts, texts, max_size=2)),
        category=draw(texts),
        owner=draw(texts),
        source_file=draw(texts),
        format=draw(texts),
        location=draw(texts),
        subtype=draw(st.sampled_from(["generic", "specific", "template", ""])),
        reference_year=draw(st.none() | st.integers(1900, 2200)),
        valid_until=draw(texts),
        standard=standard,  # type: ignore[arg-type]
        ef_version=draw(texts),
        declared_quantity=draw(st.none() | positive),
        declared_unit=draw(st.sampled_from([None, "kg", "m2", "m2 (R = 1)", "t.km"])),
        properties=Properties(**numbers),
        values=values,
        default_scenarios=tuple(draw(st.lists(texts, max_size=2))),
        licence=draw(texts),
        url=draw(texts),
        service_life_years=draw(st.none() | positive),
    )


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(first=epds(uuid="a"), second=epds(uuid="b"))
def test_every_dataset_comes_back_exactly_as_it_was_saved(tmp_path: Path, first: Epd, second: Epd) -> None:
    save_epds(tmp_path / "mine.csv", [first, second], {"clay-brick": "b", "concrete": "b", "glass": "a"})
    library = load_epds(tmp_path / "mine.csv")
    assert library.datasets == {"a": first, "b": second}
    assert library.assignments == {"clay-brick": "b", "concrete": "b", "glass": "a"}
    assert [list(epd.values) for epd in library.datasets.values()] == [
        list(first.values),
        list(second.values),
    ]


@pytest.mark.parametrize("builder", [ilcd_json, lcax_epd, openepd])
def test_what_an_importer_reads_survives_the_file(tmp_path: Path, builder: Callable[[], object]) -> None:
    datasets = read_epds(write_json(tmp_path / "epd.json", builder())).datasets
    save_epds(tmp_path / "mine.csv", datasets)
    assert read_epds(tmp_path / "mine.csv").datasets == datasets


def brick(**changes: object) -> Epd:
    fields: dict[str, object] = {
        "uuid": "own",
        "name": "own brick",
        "standard": "A2",
        "declared_quantity": 1000.0,
        "declared_unit": "kg",
        "valid_until": "2030",
        "values": {
            ("GWP-total", "A1-A3", ""): 210.0,
            ("GWP-fossil", "A1-A3", ""): 209.0,
            ("GWP-biogenic", "A1-A3", ""): 0.5,
            ("GWP-luluc", "A1-A3", ""): 0.5,
            ("GWP-total", "C3", ""): 2.0,
            ("GWP-total", "D", ""): -4.0,
            ("GWP-total", "A4", ""): 9.0,
        },
    }
    return Epd(**(fields | changes))  # type: ignore[arg-type]


def test_a_file_is_replaced_only_when_the_new_one_is_complete(tmp_path: Path) -> None:
    file = tmp_path / "mine.csv"
    save_epds(file, [brick()])
    before = file.read_bytes()
    with pytest.raises(ReferenceDataError):
        save_epds(file, [brick(), brick(uuid="empty", values={})])
    assert file.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["mine.csv"]


def test_a_file_that_a_spreadsheet_saved_with_semicolons_is_read(tmp_path: Path) -> None:
    file = tmp_path / "mine.csv"
    save_epds(file, [brick()], {"clay-brick": "own"})
    text = file.read_text(encoding="utf-8").replace(",", ";").replace("\n", "\r\n")
    file.write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert load_epds(file) == DataLibrary({"own": brick()}, {"clay-brick": "own"})


@pytest.mark.parametrize(
    ("old", "new", "code", "field"),
    [
        ("210.0", "lots", "not-a-number", "row 2, value"),
        ("210.0", "", "empty-value", "row 2, value"),
        ("210.0", "nan", "not-a-number", "row 2, value"),
        ("kg CO2 eq", "t CO2 eq", "wrong-unit", "row 2, unit"),
        ("GWP-luluc", "GWP-lulu", "unknown-indicator", "code"),
        ("GWP-luluc", "GWP-biogenic", "value-twice", "row 5"),
        ("A1-A3", "A9", "unknown-module", "row 2, module"),
        ("1000.0", "-1000.0", "declared-quantity", "declared_quantity"),
        (",A2,", ",A1,", "claims-other-set", "standard"),
    ],
)
def test_a_fault_in_the_file_is_named_and_nothing_of_the_dataset_is_used(
    tmp_path: Path, old: str, new: str, code: str, field: str
) -> None:
    file = tmp_path / "mine.csv"
    save_epds(file, [brick(), brick(uuid="good")])
    rows = file.read_text(encoding="utf-8").splitlines(keepends=True)
    broken = [row.replace(old, new) if row.startswith("own,") else row for row in rows]
    assert broken != rows
    file.write_text("".join(broken), encoding="utf-8")
    result = read_own_csv(file)
    assert [epd.uuid for epd in result.datasets] == ["good"]
    assert any(f.code == code and field in f.field and f.dataset == "own" for f in result.errors)
    with pytest.raises(ReferenceDataError, match=r"mine\.csv"):
        load_epds(file)


def test_a_material_with_two_datasets_is_a_fault(tmp_path: Path) -> None:
    file = tmp_path / "mine.csv"
    save_epds(file, [brick(), brick(uuid="other")], {"clay-brick": "own"})
    file.write_text(
        file.read_text(encoding="utf-8").replace("\nother,,", "\nother,clay-brick,"), encoding="utf-8"
    )
    with pytest.raises(ReferenceDataError, match="clay-brick"):
        load_epds(file)


def test_a_dataset_is_assigned_only_where_it_can_stand_for_a_material() -> None:
    library = DataLibrary().with_datasets([brick(), brick(uuid="m", declared_unit="m")])
    assert library.assign("clay-brick", "own").assignments == {"clay-brick": "own"}
    with pytest.raises(ReferenceDataError, match="no mass"):
        library.assign("clay-brick", "m")
    with pytest.raises(ReferenceDataError, match="import it first"):
        library.assign("clay-brick", "x")
    with pytest.raises(UnknownMaterialError, match="clay-brick"):
        library.assign("clay-brik", "own")


# --- checks ----------------------------------------------------------------------------------------------


def codes_of(epd: Epd, *materials: str, on: dt.date = TODAY) -> dict[str, str]:
    found = check_epds([epd], dict.fromkeys(materials, epd.uuid), on=on)
    assert all(item.dataset == epd.uuid for item in found)
    return {item.code: item.severity for item in found}


@pytest.mark.parametrize(
    ("valid_until", "on", "expired"),
    [
        ("2026", dt.date(2026, 12, 31), False),
        ("2026", dt.date(2027, 1, 1), True),
        ("2026-05-08", dt.date(2026, 5, 8), False),
        ("2026-05-08", dt.date(2026, 5, 9), True),
    ],
)
def test_expiry_is_told_for_the_given_day(valid_until: str, on: dt.date, expired: bool) -> None:
    assert ("expired" in codes_of(brick(valid_until=valid_until), on=on)) is expired


def test_a_negative_value_is_odd_but_not_in_a_balance_and_not_of_biogenic_carbon() -> None:
    values = dict(brick().values)
    assert "negative" not in codes_of(brick(values=values | {("GWP-biogenic", "A1-A3", ""): -400.0}))
    assert "negative" not in codes_of(brick(values=values | {("AP", "D", ""): -1.0}))
    assert "negative" not in codes_of(brick(values=values | {("GWP-fossil", "B1", ""): -1.0}))
    assert codes_of(brick(values=values | {("AP", "C3", ""): -1.0}))["negative"] == "warning"


def test_the_parts_of_gwp_must_add_up() -> None:
    values = dict(brick().values)
    assert "gwp-sum" not in codes_of(brick())
    assert "gwp-sum" in codes_of(brick(values=values | {("GWP-fossil", "A1-A3", ""): 190.0}))


def test_missing_modules_and_indicators_are_told() -> None:
    found = {(item.code, item.field): item for item in check_epds([brick()], on=TODAY)}
    assert ("modules-not-declared", "C1, C2, C4") in found
    assert "ODP" in found["core-indicators-not-declared", "A1-A3"].message
    assert ("additional-indicators-not-declared", "A1-A3") in found
    assert "no-production" in codes_of(brick(values={("GWP-total", "C3", ""): 2.0}))


@pytest.mark.parametrize(
    ("factor", "severity"),
    [(1.0, None), (5.0, None), (20.0, "warning"), (0.05, "warning"), (1000.0, "error")],
)
def test_orders_of_magnitude_are_compared_with_the_family(factor: float, severity: str | None) -> None:
    usual = family_medians("clay-brick")[Indicator.GWP_FOSSIL]
    epd = brick(values={("GWP-fossil", "A1-A3", ""): usual * 1000 * factor})
    assert codes_of(epd, "clay-brick").get("outlier") == severity


def test_a_dataset_per_tonne_taken_for_one_per_kg_is_noticed() -> None:
    assert codes_of(brick(declared_quantity=1.0), "clay-brick")["outlier"] == "error"


def test_medians_are_those_of_the_different_datasets_of_a_family() -> None:
    factors = load_factors()
    rows = [row for row in range(len(factors)) if factors.materials[row].startswith("concrete-c")]
    medians = family_medians("concrete")
    assert set(CORE_INDICATORS) >= set(medians)
    low, high = np.nanmin(factors.values[rows, 1, 0]), np.nanmax(factors.values[rows, 1, 0])
    assert 0.5 * low < medians[Indicator.GWP_FOSSIL] < 2 * high


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"properties": Properties(density_kg_m3=0.4)}, "density"),
        (
            {"declared_unit": "m2", "declared_quantity": 1.0,
             "properties": Properties(area_weight_kg_m2=179.0, density_kg_m3=2.4, thickness_m=0.08)},
            "properties-disagree",
        ),
        ({"properties": Properties(biogenic_carbon_packaging_kg=1.0)}, "packaging-carbon"),
        (
            {"properties": Properties(biogenic_carbon_kg=1.0, biogenic_carbon_packaging_kg=1.0)},
            "carbon-placeholder",
        ),
        ({"properties": Properties(biogenic_carbon_kg=200.0)}, "carbon-and-gwp"),
        ({"standard": "A1", "values": {("GWP (A1)", "A1-A3", ""): 1.0}}, "a1-set"),
        ({"declared_unit": "m"}, "not-usable"),
        ({"subtype": "template"}, "template"),
        (
            {"values": {("IRP", "A1", ""): 5787.0, ("PENRT", "A1", ""): 1200.0, ("PERT", "A1", ""): 200.0}},
            "outlier",
        ),
    ],
)  # fmt: skip
def test_doubtful_datasets_are_told(changes: dict[str, object], code: str) -> None:
    assert code in codes_of(brick(**changes))
    assert code not in codes_of(brick())


def test_carbon_of_the_product_that_fits_its_uptake_is_not_doubted() -> None:
    values = dict(brick().values) | {("GWP-biogenic", "A1-A3", ""): -200.0 * 44 / 12}
    assert "carbon-and-gwp" not in codes_of(
        brick(values=values, properties=Properties(biogenic_carbon_kg=200.0))
    )


def test_an_assignment_that_cannot_be_used_is_an_error() -> None:
    old = brick(standard="A1", values={("GWP (A1)", "A1-A3", ""): 1.0})
    assert codes_of(old, "clay-brick")["assigned-not-usable"] == "error"
    assert codes_of(brick(), "clay-brik")["unknown-material"] == "error"
    (missing,) = check_epds([], {"clay-brick": "gone"}, on=TODAY)
    assert (missing.code, missing.severity) == ("assigned-missing", "error")


# --- own figures -----------------------------------------------------------------------------------------


def test_own_figures_replace_the_generic_ones_of_their_material_and_of_no_other() -> None:
    generic = load_factors()
    table = with_datasets(generic, {"clay-brick": "own"}, {"own": brick()})
    assert table.stages == (Stage.A1_A3, Stage.C3, Stage.D)
    row = int(table.index_of(["clay-brick"])[0])

    def figure(indicator: Indicator, stage: Stage) -> float:
        return float(table.values[row, *table.position(indicator, stage)])

    assert figure(Indicator.GWP_TOTAL, Stage.A1_A3) == pytest.approx(0.21)
    assert figure(Indicator.GWP_TOTAL, Stage.C3) == pytest.approx(0.002)
    assert figure(Indicator.GWP_TOTAL, Stage.D) == pytest.approx(-0.004)
    assert np.isnan(figure(Indicator.ODP, Stage.A1_A3))
    assert table.sources[row] == "own"
    others = np.arange(len(generic)) != row
    assert np.array_equal(table.values[others, :, 0], generic.values[others, :, 0], equal_nan=True)
    assert np.isnan(table.values[others, :, 1:]).all()
    assert table.indicators == INDICATORS


def test_without_assignments_the_table_stays_as_it_is() -> None:
    generic = load_factors()
    table = with_datasets(generic, {}, {})
    assert (table.stages, table.sources) == (generic.stages, generic.sources)
    assert np.array_equal(table.values, generic.values, equal_nan=True)


def test_own_figures_go_into_product_figures_and_not_into_what_follows_from_them() -> None:
    from lca.composition import builtin_factors

    with pytest.raises(ReferenceDataError, match="A4, A5"):
        with_datasets(builtin_factors(), {"clay-brick": "own"}, {"own": brick()})


@pytest.mark.parametrize(
    ("assignments", "dataset", "match"),
    [
        ({"clay-brick": "other"}, brick(), "No dataset other"),
        ({"no-such": "own"}, brick(), "no-such"),
        ({"clay-brick": "own"}, brick(declared_unit="m"), "no mass"),
        (
            {"clay-brick": "own"},
            brick(standard="A1", values={("GWP (A1)", "A1-A3", ""): 1.0}),
            r"15804\+A1",
        ),
    ],
)
def test_what_cannot_be_used_is_refused(assignments: dict[str, str], dataset: Epd, match: str) -> None:
    with pytest.raises(ReferenceDataError, match=match):
        with_datasets(load_factors(), assignments, {"own": dataset})


def test_the_way_from_a_file_to_a_factor(tmp_path: Path) -> None:
    rows = [
        {"Bezugsgroesse": "2", "Bezugseinheit": "m3", "Rohdichte (kg/m3)": "1500", "GWPtotal (A2)": "600"}
    ]
    (tmp_path / "export.csv").write_text(okobaudat(rows), encoding="utf-8")
    datasets = read_epds(tmp_path / "export.csv").datasets
    library = DataLibrary().with_datasets(datasets).assign("clay-brick", datasets[0].uuid)
    save_epds(tmp_path / "mine.csv", library.datasets.values(), library.assignments)
    again = load_epds(tmp_path / "mine.csv")
    table = with_datasets(load_factors(), again.assignments, again.datasets)
    assert table.values[table.index_of(["clay-brick"])[0], 0, 0] == pytest.approx(600 / (2 * 1500))
