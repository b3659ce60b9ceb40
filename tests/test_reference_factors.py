"""Factor tables: the built-in one and those of a user."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import reference
from reference.factors import MAX_FAULTS_SHOWN
from reference.vocabulary import CORE_INDICATORS, INDICATORS, Indicator, Stage

HEADER = "material_id,indicator,stage,value,unit,declared_unit,source\n"
GOOD = "my-brick,GWP-total,A1-A3,0.25,kg CO2 eq,kg,EPD 123\n"


def write(folder: Path, body: str, header: str = HEADER) -> Path:
    path = folder / "factors.csv"
    path.write_text(header + body, encoding="utf-8")
    return path


def faults_of(path: Path) -> str:
    with pytest.raises(reference.ReferenceDataError) as caught:
        reference.load_factors(path)
    return str(caught.value)


def test_builtin_table_has_all_materials_and_indicators_for_production() -> None:
    table = reference.load_factors()
    assert table.materials == tuple(reference.load_materials())
    assert table.indicators == INDICATORS
    assert table.stages == (Stage.A1_A3,)
    assert table.values.shape == (len(table.materials), 19, 1)
    assert table.partial.shape == (len(table.materials), 1)
    assert not table.partial.any()
    assert table.units[0] == "kg CO2 eq per kg"


def test_one_cubic_metre_of_ready_mix_c30_37_gives_the_published_figure() -> None:
    table = reference.load_factors()
    row = table.index_of(["concrete-c30-37"])[0]
    assert table.values[row, 0, 0] * 2360 == pytest.approx(257.6936, abs=5e-5)


def test_one_cubic_metre_of_construction_timber_gives_the_published_figures() -> None:
    table = reference.load_factors()
    row = table.index_of(["timber-softwood"])[0]
    assert table.values[row, 1, 0] * 529 == pytest.approx(215.20, abs=5e-3)
    assert table.values[row, 2, 0] * 529 == pytest.approx(-845.868, abs=5e-4)


def test_transport_and_end_of_life_of_concrete_give_the_worked_example() -> None:
    processes, mass = reference.load_processes(), 2.36
    rule = reference.load_end_of_life()["Concrete"]
    lorry = processes.row("lorry-16-32")[0]
    assert mass * 100 * lorry == pytest.approx(26.1184, abs=5e-5)
    assert mass * rule.c2_km_per_tonne * lorry == pytest.approx(8.4885, abs=5e-5)
    recycling = processes.row(str(rule.recycling_process))[0]
    assert mass * 1000 * rule.recycling * recycling == pytest.approx(6.3690, abs=5e-5)
    landfill = processes.row(str(rule.landfill_process))[0]
    assert mass * 1000 * rule.landfill * landfill == pytest.approx(1.7655, abs=5e-5)


def test_not_declared_is_nan_and_never_zero() -> None:
    table = reference.load_factors()
    rules = [item.factor_rule for item in reference.load_materials().values()]
    core = len(CORE_INDICATORS)
    for row, rule in enumerate(rules):
        values = table.values[row, :, 0]
        if rule == "dataset":
            assert np.isfinite(values[:core]).all() and np.isnan(values[core:]).all()
        elif rule == "missing":
            assert np.isnan(values).all()
        else:
            assert (values == 0).all()


def test_every_material_of_the_table_names_its_source() -> None:
    table = reference.load_factors()
    datasets = reference.load_datasets()
    for material, source in zip(table.materials, table.sources, strict=True):
        if reference.load_materials()[material].factor_rule == "dataset":
            assert source in datasets
        else:
            assert source


def test_unknown_and_missing_ids_have_the_index_minus_one() -> None:
    table = reference.load_factors()
    index = table.index_of(["concrete", None, "no such thing", table.materials[-1]])
    assert index.dtype == np.int64
    assert index.tolist() == [table.materials.index("concrete"), -1, -1, len(table) - 1]
    assert table.index_of([]).shape == (0,)


def test_shared_arrays_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="read-only"):
        reference.load_factors().values[0, 0, 0] = 1.0


def test_array_of_the_caller_stays_writable() -> None:
    values = np.zeros((1, 1, 1))
    reference.FactorTable(
        ("a",), (Indicator.ODP,), (Stage.C4,), values, np.zeros((1, 1), dtype=np.bool_), ("own",)
    )
    values[0, 0, 0] = 1.0


def test_position_names_what_exists() -> None:
    table = reference.load_factors()
    assert table.position(Indicator.ODP, Stage.A1_A3) == (4, 0)
    with pytest.raises(reference.ReferenceDataError, match="A1-A3"):
        table.position(Indicator.ODP, Stage.C4)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"values": np.zeros((1, 2, 1))}, "shape"),
        ({"values": np.zeros((1, 1, 1), dtype=np.float32)}, "float64"),
        ({"partial": np.zeros((1, 2), dtype=bool)}, "partial"),
        ({"sources": ()}, "sources"),
        ({"values": np.full((1, 1, 1), np.inf)}, "infinite"),
        (
            {
                "materials": ("a", "a"),
                "sources": ("s", "s"),
                "values": np.zeros((2, 1, 1)),
                "partial": np.zeros((2, 1), dtype=bool),
            },
            "material twice",
        ),
    ],
)
def test_table_with_wrong_shape_or_content_is_refused(change: dict[str, object], words: str) -> None:
    fields: dict[str, object] = {
        "materials": ("a",),
        "indicators": (Indicator.GWP_TOTAL,),
        "stages": (Stage.A1_A3,),
        "values": np.zeros((1, 1, 1)),
        "partial": np.zeros((1, 1), dtype=bool),
        "sources": ("s",),
    }
    with pytest.raises(reference.ReferenceDataError, match=words):
        reference.FactorTable(**(fields | change))  # type: ignore[arg-type]


def test_user_table_is_read_in_long_form(tmp_path: Path) -> None:
    body = GOOD + (
        "my-brick,odp,c4,1e-9,kg CFC-11 eq,kg,EPD 123\n"
        "my-brick,GWP total,C4,-0.01,kg CO2e,kg,own estimate\n"
        "my-glass,gwp_total,a1a3,1.3,kg CO2 eq.,kg,EPD 7\n"
    )
    table = reference.load_factors(write(tmp_path, body))
    assert table.materials == ("my-brick", "my-glass")
    assert table.stages == (Stage.A1_A3, Stage.C4)
    assert table.indicators == INDICATORS
    assert table.values[0, 0].tolist() == [0.25, -0.01]
    assert table.values[0, 4, 1] == 1e-9
    assert table.values[1, 0, 0] == 1.3
    assert np.isnan(table.values[1, 0, 1]) and np.isnan(table.values[0, 4, 0])
    assert table.sources == ("EPD 123; own estimate", "EPD 7")


def test_declared_zero_stays_zero(tmp_path: Path) -> None:
    table = reference.load_factors(write(tmp_path, GOOD.replace("0.25", "0")))
    assert table.values[0, 0, 0] == 0.0


def test_all_faults_of_a_user_table_are_listed_at_once(tmp_path: Path) -> None:
    body = (
        "a,GWP-total,A1-A3,one,kg CO2 eq,kg,s\n"
        "a,GWP-total,A1-A3,1,MJ,kg,s\n"
        "a,warming,A1-A3,1,kg CO2 eq,kg,s\n"
        "a,GWP-total,A9,1,kg CO2 eq,kg,s\n"
        "a,GWP-total,A1-A3,nan,kg CO2 eq,kg,s\n"
        "a,GWP-total,A1-A3,1,kg CO2 eq,kg,\n"
        "a,GWP-total,A1-A3,1,kg CO2 eq,m3,s\n"
        ",GWP-total,A1-A3,1,kg CO2 eq,kg,s\n"
        "a,GWP-total,A1-A3,,kg CO2 eq,kg,s\n"
        'a,GWP-total,A1-A3,"1,5",kg CO2 eq,kg,s\n'
        "b,GWP-total,A1-A3,1,kg CO2 eq,kg,s\n"
        "b,GWP-total,a1a3,1,kg CO2 eq,kg,s\n"
    )
    message = faults_of(write(tmp_path, body))
    assert "11 fault(s)" in message
    for row, column in {
        2: "value",
        3: "unit",
        4: "indicator",
        5: "stage",
        6: "value",
        7: "source",
        8: "declared_unit",
        9: "material_id",
        10: "value",
        11: "value",
        13: "material_id",
    }.items():
        assert f"factors.csv, row {row}, field {column}:" in message
    assert "already in row 12" in message


def test_row_with_several_faults_lists_them_all(tmp_path: Path) -> None:
    message = faults_of(write(tmp_path, "a,warming,A9,x,kg,m3,\n"))
    assert "5 fault(s)" in message


def test_missing_columns_are_named(tmp_path: Path) -> None:
    path = write(tmp_path, "a,GWP-total,1\n", header="material_id,indicator,value\n")
    assert "missing column stage, unit, declared_unit, source" in faults_of(path)


def test_short_row_is_a_fault_and_not_a_crash(tmp_path: Path) -> None:
    assert "field source" in faults_of(write(tmp_path, "a,GWP-total\n"))


def test_table_without_rows_is_refused(tmp_path: Path) -> None:
    assert "holds no row" in faults_of(write(tmp_path, ""))


def test_empty_file_is_refused(tmp_path: Path) -> None:
    assert "missing column" in faults_of(write(tmp_path, "", header=""))


def test_file_that_does_not_exist_is_a_reference_data_error(tmp_path: Path) -> None:
    assert "cannot be read" in faults_of(tmp_path / "none.csv")


def test_file_that_is_no_text_is_a_reference_data_error(tmp_path: Path) -> None:
    path = tmp_path / "factors.csv"
    path.write_bytes(b"\xff\xfe\x00\x01")
    assert "cannot be read" in faults_of(path)


def test_very_many_faults_are_counted_but_not_all_shown(tmp_path: Path) -> None:
    message = faults_of(write(tmp_path, "a,GWP-total,A1-A3,x,kg CO2 eq,kg,s\n" * 200))
    assert "200 fault(s)" in message and "and 150 more" in message
    assert message.count("\n- ") == MAX_FAULTS_SHOWN + 1


@pytest.mark.parametrize("indicator", INDICATORS)
def test_unit_of_every_indicator_is_accepted_as_written_in_the_standard(
    indicator: Indicator, tmp_path: Path
) -> None:
    path = write(tmp_path, f"a,{indicator},A1-A3,1,{indicator.unit},kg,s\n")
    assert reference.load_factors(path).values[0, INDICATORS.index(indicator), 0] == 1.0


@pytest.mark.parametrize(("indicator", "unit"), [("ETP-fw", "CTUh"), ("HTP-c", "CTUe"), ("SQP", "")])
def test_units_that_look_alike_are_told_apart(indicator: str, unit: str, tmp_path: Path) -> None:
    assert "field unit" in faults_of(write(tmp_path, f"a,{indicator},A1-A3,1,{unit},kg,s\n"))
