"""Fractions by weight, ranges of guessed shares, and fillings of real models."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ifc_builders import TinyModel
from passport import read_ifc
from passport.findings import FindingLog
from passport.ifc.elements import RawElement
from passport.ifc.materials import MaterialReader
from passport.ifc.portions import Around, PortionBuilder, Stated
from passport.ifc.quantities import Resolved
from passport.ifc.schema import Schema
from passport.matching import Matcher
from passport.models import Portion


def _by_weight(*constituents: tuple[str, float]) -> tuple[tuple[Portion, ...], FindingLog]:
    """Portions of a wall of 1 m3 whose fractions are read as fractions of the weight."""
    model, log = TinyModel(), FindingLog()
    wall: Any = model.element("IfcWall")
    reader = MaterialReader(Schema("IFC4"), 1.0, log, fraction_by="weight")
    material = reader.read(model.constituents(*constituents))
    raw = RawElement(wall, wall.id(), "IfcWall", wall.GlobalId, "wall", True, True)
    portions, _ = PortionBuilder(Matcher(), Stated({}), log).build(
        raw, material, Resolved(volume_m3=1.0), Around()
    )
    return portions, log


def test_fractions_by_weight_give_masses_in_those_fractions() -> None:
    (concrete, steel), _ = _by_weight(("beton", 0.75), ("staal", 0.25))
    assert concrete.mass_kg is not None and steel.mass_kg is not None
    assert steel.mass_kg / (steel.mass_kg + concrete.mass_kg) == pytest.approx(0.25)
    assert concrete.share is not None and steel.share is not None
    assert concrete.share + steel.share == pytest.approx(1.0)
    assert concrete.share_origin == "fraction by weight"


def test_fractions_by_weight_with_an_unknown_density_stay_by_volume_and_say_so() -> None:
    (concrete, unknown), log = _by_weight(("beton", 0.75), ("qqqq", 0.25))
    assert (concrete.share, unknown.share) == (0.75, 0.25)
    assert concrete.share_origin == "fraction"
    assert [f.code for f in log].count("fraction-by-weight-needs-density") == 1


def test_equal_shares_may_be_all_or_nothing(tmp_path: Path) -> None:
    model = TinyModel()
    wall = model.element("IfcWall")
    model.associate(model.material_list("beton", "EPS"), wall)
    model.quantities(wall, Volume_NetVolume=1.0)
    for portion in read_ifc(model.save(tmp_path)).elements[0].portions:
        assert (portion.share, portion.share_low, portion.share_high) == (0.5, 0.0, 1.0)


def test_shares_that_the_model_states_have_no_range(tmp_path: Path) -> None:
    model = TinyModel()
    wall = model.element("IfcWall")
    model.associate(model.layers(("beton", 0.2), ("EPS", 0.1)), wall)
    model.quantities(wall, Volume_NetVolume=1.0)
    for portion in read_ifc(model.save(tmp_path)).elements[0].portions:
        assert (portion.share_low, portion.share_high) == (None, None)


@pytest.mark.parametrize("name", ["duplex-aj", "bimwhale-tall"])
def test_windows_of_real_models_weigh_20_to_60_kg_per_m2(shared: Path, name: str) -> None:
    house = read_ifc(shared / "ifc" / f"{name}.ifc")
    windows = [e for e in house.elements if e.ifc_class.startswith("IfcWindow")]
    known = [(e.mass_kg, e.area_m2) for e in windows if e.mass_kg is not None and e.area_m2 is not None]
    assert len(known) > 0.8 * len(windows)
    assert all(20 < mass / area < 60 for mass, area in known)
