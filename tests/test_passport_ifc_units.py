"""The same building in any declared unit gives the same passport; what is not declared is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from ifc_builders import TinyModel
from passport import read_ifc

_SIZE = {"m": 1.0, "mm": 1000.0, "ft": 1 / 0.3048}


def _slab(unit: str, schema: str = "IFC4", mass: str = "kg") -> TinyModel:
    """10 m2 of concrete of 0.2 m, all quantities in the unit."""
    k = _SIZE[unit]
    model = TinyModel(schema, unit, mass=mass)
    slab = model.element("IfcSlab", "slab")
    model.associate(model.layers(("beton", 0.2 * k)), slab)
    model.quantities(slab, Volume_NetVolume=2.0 * k**3, Area_NetArea=10.0 * k**2, Length_Width=0.2 * k)
    return model


@pytest.mark.parametrize("unit", ["m", "mm", "ft"])
@pytest.mark.parametrize("schema", ["IFC2X3", "IFC4", "IFC4X3"])
def test_a_slab_is_the_same_in_every_unit_and_schema(tmp_path: Path, unit: str, schema: str) -> None:
    slab = read_ifc(_slab(unit, schema).save(tmp_path)).elements[0]
    assert slab.volume_m3 == pytest.approx(2.0, rel=1e-9)
    assert slab.area_m2 == pytest.approx(10.0, rel=1e-9)
    assert slab.portions[0].thickness_m == pytest.approx(0.2, rel=1e-9)


def test_a_unit_on_one_quantity_wins_over_the_project(tmp_path: Path) -> None:
    model = TinyModel("IFC4", "m")
    wall = model.element("IfcWall")
    cubic_mm = model.si_unit("VOLUMEUNIT", "CUBIC_METRE", "MILLI")
    model.quantities(wall, Volume_NetVolume=(3.0e9, cubic_mm))
    assert read_ifc(model.save(tmp_path)).elements[0].volume_m3 == pytest.approx(3.0)


def test_millimetres_with_cubic_metres_are_both_honoured(tmp_path: Path) -> None:
    model = TinyModel("IFC4", "mm", volume_unit="m")
    wall = model.element("IfcWall")
    model.quantities(wall, Volume_NetVolume=3.0, Length_Length=2000.0)
    element = read_ifc(model.save(tmp_path)).elements[0]
    assert (element.volume_m3, element.length_m) == (pytest.approx(3.0), pytest.approx(2.0))


def test_a_model_without_units_is_read_as_si_and_says_so(tmp_path: Path) -> None:
    model = TinyModel("IFC4", None)
    model.quantities(model.element("IfcWall"), Volume_NetVolume=3.0)
    house = read_ifc(model.save(tmp_path))
    assert house.elements[0].volume_m3 == 3.0
    assert house.findings.with_code("units-not-declared")


def test_only_length_declared_is_a_finding_for_the_others(tmp_path: Path) -> None:
    model = TinyModel("IFC4", "mm")
    units = model.project.UnitsInContext
    units.Units = [u for u in units.Units if u.UnitType == "LENGTHUNIT"]
    model.quantities(model.element("IfcWall"), Volume_NetVolume=3.0)
    house = read_ifc(model.save(tmp_path))
    assert {f.message for f in house.findings.with_code("unit-not-declared")} == {
        "The model declares no unit of area; SI was assumed.",
        "The model declares no unit of volume; SI was assumed.",
    }


@pytest.mark.parametrize(("mass", "number"), [("kg", 78.5), ("g", 78_500.0)])
def test_a_weight_is_in_kg_whether_written_in_kilograms_or_grams(
    tmp_path: Path, mass: str, number: float
) -> None:
    model = TinyModel("IFC4", "m", mass=mass)
    bar = model.element("IfcReinforcingBar", NominalDiameter=0.01)
    model.associate("B500B", bar)
    model.quantities(bar, Weight_NetWeight=number)
    portion = read_ifc(model.save(tmp_path)).elements[0].portions[0]
    assert portion.mass_kg == pytest.approx(78.5)
    assert portion.mass_origin == "BaseQuantities.NetWeight"
