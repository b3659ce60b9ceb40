"""B2 from a user's maintenance file, by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

import lca
from ifc_builders import TinyModel
from lca import MaintenanceKind, MaintenanceTask, PortionTask
from passport import Assessment, PassportError, assess, load_upkeep, read_ifc
from passport.cli import app
from reference.vocabulary import Stage

HEAD = "material,kind,interval_years,amount,unit,product,source\n"


def assessed(folder: Path, text: str, names: tuple[str, ...] = ("C30/37",)) -> Assessment:
    model = TinyModel()
    for name in names:
        slab = model.element("IfcSlab")
        model.associate(name, slab)
        model.quantities(slab, Volume_NetVolume=2.0, Area_NetArea=10.0)
    path = folder / "maintenance.csv"
    path.write_text(HEAD + text, encoding="utf-8")
    return assess(read_ifc(model.save(folder)), maintenance=load_upkeep(path))


def mortar_per_kg() -> float:
    table = lca.builtin_factors()
    return float(table.values[int(table.index_of(["mortar"])[0]), 0, 0])


def test_repair_every_thirty_years_by_hand(tmp_path: Path) -> None:
    """60 years of study, a life of 60 years or more: one event in year 30, 2.47 kg mortar on 10 m2."""
    result = assessed(tmp_path, "concrete*,B2.3,30,2.47,kg/m2,mortar,own\n")
    assert result.impact.total("gwp-total", "B2").value == pytest.approx(24.7 * mortar_per_kg(), rel=1e-9)


def test_amounts_per_kilogram_follow_the_mass(tmp_path: Path) -> None:
    result = assessed(tmp_path, "concrete-c30-37,B2.1,1,0.001,kg/kg,mortar,own\n")
    mass = result.impact.inventory.total_mass_kg
    assert result.impact.total("gwp-total", "B2").value == pytest.approx(60 * 0.001 * mass * mortar_per_kg())


def test_materials_without_a_row_have_an_unknown_b2_and_not_zero(tmp_path: Path) -> None:
    result = assessed(tmp_path, "concrete*,B2.3,30,1,kg/m2,mortar,own\n", ("C30/37", "staal"))
    b2 = result.impact.stages.index(Stage.B2)
    assert np.isnan(result.impact.values[:, 0, b2]).tolist() == [False, True]
    assert result.impact.total("gwp-total").missing_stages == (Stage.C1,)
    assert Stage.B2 in result.impact.total("gwp-total").partial_stages


def test_an_amount_of_zero_says_that_nothing_is_used(tmp_path: Path) -> None:
    result = assessed(tmp_path, "concrete*,B2.3,30,0,kg/m2,mortar,own\n")
    assert result.impact.total("gwp-total", "B2").value == 0.0


def test_without_a_file_there_is_no_b2(tmp_path: Path) -> None:
    model = TinyModel()
    model.element("IfcSlab")
    assert Stage.B2 not in assess(read_ifc(model.save(tmp_path))).impact.stages


def test_a_row_for_nothing_is_said(tmp_path: Path) -> None:
    result = assessed(tmp_path, "epdm,B2.3,15,1,kg/kg,epdm,own\n")
    assert result.findings.with_code("maintenance-unused")


@pytest.mark.parametrize(
    ("row", "field"),
    [
        (",B2.3,30,1,kg/m2,mortar,own", "material"),
        ("x,B3,30,1,kg/m2,mortar,own", "kind"),
        ("x,B2.3,0,1,kg/m2,mortar,own", "interval_years"),
        ("x,B2.3,nan,1,kg/m2,mortar,own", "interval_years"),
        ("x,B2.3,30,-1,kg/m2,mortar,own", "amount"),
        ("x,B2.3,30,inf,kg/m2,mortar,own", "amount"),
        ("x,B2.3,30,1,litre,mortar,own", "unit"),
        ("x,B2.3,30,1,kg/m2,ambrosia,own", "product"),
        ("x,B2.3,30,1,kg/m2,mortar,", "source"),
    ],
)
def test_a_fault_names_row_and_field(tmp_path: Path, row: str, field: str) -> None:
    path = tmp_path / "m.csv"
    path.write_text(HEAD + row + "\n", encoding="utf-8")
    with pytest.raises(PassportError, match=f"row 2, field {field}"):
        load_upkeep(path)


def test_the_clock_restarts_at_each_replacement_of_a_portion() -> None:
    """Clay plaster of the published dataset: life 40, every 10 years 0.9 kg: years 10, 20, 30, 50."""
    factors = lca.builtin_factors()
    inventory = lca.Inventory.from_columns(material=[0], mass_kg=[27.0], service_life_years=[40.0])
    impact = lca.assess(inventory, factors, lca.Scenario(stages=("A1-A3", "B2")))
    repair = PortionTask(0, MaintenanceTask(MaintenanceKind.LARGE, 10, 0.9), 0)
    kept = lca.with_maintenance(impact, factors, [repair])
    np.testing.assert_allclose(kept.values[0, :, 1], 4 * 0.9 * factors.values[0, :, 0], rtol=1e-12)


def test_tasks_must_fit_the_inventory() -> None:
    factors = lca.builtin_factors()
    inventory = lca.Inventory.from_columns(material=[0], mass_kg=[27.0])
    impact = lca.assess(inventory, factors, lca.Scenario(stages=("A1-A3", "B2")))
    task = MaintenanceTask(MaintenanceKind.LARGE, 10, 0.9)
    for wrong in (PortionTask(1, task, 0), PortionTask(0, task, 99_999)):
        with pytest.raises(lca.AssessmentError, match="row 0"):
            lca.with_maintenance(impact, factors, [wrong])
    unknown_life = lca.with_maintenance(impact, factors, [PortionTask(0, task, 0)])
    assert np.isnan(unknown_life.values[0, :, 1]).all()


def test_the_command_takes_the_file(tmp_path: Path) -> None:
    house = Path(__file__).resolve().parents[1] / "examples" / "models" / "flemish-house.ifc"
    path = tmp_path / "m.csv"
    path.write_text(HEAD + "clay-brick*,B2.3,30,2.47,kg/m2,mortar,own\n", encoding="utf-8")
    done = CliRunner().invoke(
        app, ["assess", str(house), "--maintenance", str(path), "--out", str(tmp_path / "o"), "--quiet"]
    )
    assert done.exit_code == 0, done.output
    assert "B2 for " in done.output
