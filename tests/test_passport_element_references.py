"""Reference values per m2 of element from own buildings."""

from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from ifc_builders import TinyModel
from passport import Assessment, PassportError, assess, read_ifc
from passport.cli import app
from passport.element_references import element_references, element_values
from reference.vocabulary import Indicator

HOUSE = Path(__file__).resolve().parents[1] / "examples" / "models" / "flemish-house.ifc"


def walls(folder: Path, *thicknesses: float, unknown: bool = False) -> Assessment:
    """External concrete walls of 10 m2 each."""
    model = TinyModel()
    for k, thickness in enumerate(thicknesses):
        wall = model.element("IfcWall", f"wall {k}")
        model.properties(wall, "Pset_WallCommon", IsExternal=("IfcBoolean", True))
        model.quantities(wall, Volume_NetVolume=10 * thickness, Area_NetSideArea=10.0)
        model.associate("mystery stuff" if unknown and k == 0 else "C30/37", wall)
    folder.mkdir(exist_ok=True)
    return assess(read_ifc(model.save(folder)))


def test_a_wall_has_the_impact_of_its_mass_per_m2(tmp_path: Path) -> None:
    house = walls(tmp_path, 0.2, 0.3)
    value = element_values(house)["21"]
    impact = house.impact
    per_kg = sum(
        np.nansum(impact.values[0, impact.indicators.index(each), :])
        for each in (Indicator.GWP_FOSSIL, Indicator.GWP_LULUC)
    ) / float(impact.inventory.mass_kg[0])
    density = house.rows.portions[0].density_kg_m3
    assert density is not None
    assert value.value == pytest.approx(per_kg * density * 0.25)
    assert (value.area_m2, value.elements, value.known_share) == (20.0, 2, 1.0)


def test_a_wall_of_unknown_material_is_no_free_wall(tmp_path: Path) -> None:
    value = element_values(walls(tmp_path, 0.2, 0.3, unknown=True))["21"]
    known = element_values(walls(tmp_path / "b", 0.3))["21"]
    assert value.value == pytest.approx(known.value) and value.known_share == 0.5
    assert element_references({"a": walls(tmp_path, 0.2, 0.3, unknown=True)}) == []


def test_values_of_several_buildings_stand_beside_each_other(tmp_path: Path) -> None:
    thin, thick = walls(tmp_path / "thin", 0.2), walls(tmp_path / "thick", 0.4)
    (walls_of,) = element_references({"thin": thin, "thick": thick})
    assert walls_of.title == "external walls" and walls_of.case_ids == ("thin", "thick")
    low, high = walls_of.values
    assert high == pytest.approx(2 * low)
    assert walls_of.quantiles()[1] == pytest.approx(1.5 * low)
    assert walls_of.percentile(1.2 * low) == 50.0


def test_buildings_of_other_study_periods_are_refused(tmp_path: Path) -> None:
    house = walls(tmp_path, 0.2)
    scenario = house.impact.scenario.model_copy(update={"study_period_years": 50.0})
    other = assess(house.passport, scenario=scenario)
    with pytest.raises(PassportError, match="different study periods"):
        element_references({"a": house, "b": other})


def test_the_command_places_a_design_among_own_elements() -> None:
    run = CliRunner().invoke
    done = run(app, ["references", "elements", str(HOUSE), "--model", str(HOUSE)])
    assert done.exit_code == 0, done.output
    assert "external" in done.output and "50" in done.output and "frame" not in done.output
    refused = run(app, ["references", "elements", str(HOUSE.with_name("none.ifc"))])
    assert refused.exit_code == 2 and "Traceback" not in refused.output
