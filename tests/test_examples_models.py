"""The shipped example models: repeatable, valid, and their quantities agree with their geometry."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import ifcopenshell
import ifcopenshell.geom
import ifcopenshell.util.element
import ifcopenshell.validate
import numpy as np
import pytest

from passport.ifc.reader import read_ifc
from passport.models import Passport

FOLDER = Path(__file__).parents[1] / "examples" / "models"
SCRIPT = FOLDER / "make_models.py"
HOUSE, WALL = "flemish-house.ifc", "wall-ifc2x3.ifc"
GROSS_FLOOR_M2 = 2 * 10.5 * 8.5


@cache
def script() -> ModuleType:
    """The script as a module; examples are no package."""
    spec = importlib.util.spec_from_file_location("make_models", SCRIPT)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@cache
def opened(name: str) -> Any:
    return ifcopenshell.open(str(FOLDER / name))


def physical(file: Any) -> list[Any]:
    return [e for e in file.by_type("IfcElement") if not e.is_a("IfcFeatureElement")]


def stated(element: Any) -> dict[str, float]:
    """All quantities of the element, whatever the name of their set."""
    sets = ifcopenshell.util.element.get_psets(element, qtos_only=True, should_inherit=False)
    return {name: value for values in sets.values() for name, value in values.items() if name != "id"}


@cache
def volumes(name: str) -> dict[int, float]:
    """Volumes by the geometry kernel, openings subtracted [m3]."""
    elements = [e for e in physical(opened(name)) if e.Representation is not None]
    found = {}
    shapes = ifcopenshell.geom.iterator(ifcopenshell.geom.settings(), opened(name), 2, include=elements)
    for shape in shapes:
        vertices = np.array(shape.geometry.verts).reshape(-1, 3)
        triangles = (vertices - vertices.mean(axis=0))[np.array(shape.geometry.faces).reshape(-1, 3)]
        found[shape.id] = float(np.linalg.det(triangles).sum()) / 6
    return found


@cache
def read_house() -> Passport:
    return read_ifc(FOLDER / HOUSE)


def test_shipped_files_are_what_the_script_writes(tmp_path: Path) -> None:
    for path in script().write_models(tmp_path):
        assert path.read_bytes() == (FOLDER / path.name).read_bytes(), f"run {SCRIPT.name} again"


def test_the_same_bytes_under_another_hash_seed(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONHASHSEED": "7"}
    subprocess.run(
        [sys.executable, str(SCRIPT), str(tmp_path)], check=True, env=environment, stdout=subprocess.PIPE
    )
    for name in (HOUSE, WALL):
        assert (tmp_path / name).read_bytes() == (FOLDER / name).read_bytes()


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # ifcopenshell leaves its rule files open
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("name", [HOUSE, WALL])
def test_valid_with_the_rules_of_the_schema(name: str) -> None:
    logger = ifcopenshell.validate.json_logger()
    ifcopenshell.validate.validate(opened(name), logger, express_rules=True)
    assert logger.statements == []


@pytest.mark.parametrize("name", [HOUSE, WALL])
def test_global_ids_are_unique_and_text_is_portable(name: str) -> None:
    rooted = opened(name).by_type("IfcRoot")
    assert len({e.GlobalId for e in rooted}) == len(rooted)
    text = (FOLDER / name).read_bytes()
    assert text.isascii() and b"\r" not in text


@pytest.mark.parametrize("name", [HOUSE, WALL])
def test_stated_net_volumes_agree_with_the_geometry(name: str) -> None:
    checked: Counter[str] = Counter()
    for element in physical(opened(name)):
        net = stated(element).get("NetVolume")
        if net is not None:
            assert volumes(name)[element.id()] == pytest.approx(net, rel=0.01), element.Name
            checked[element.is_a()] += 1
    if name == HOUSE:
        assert checked["IfcWall"] >= 10 and checked["IfcBeam"] >= 30 and checked["IfcSlab"] >= 3
        assert checked["IfcFooting"] == 5
    else:
        assert checked == {"IfcWallStandardCase": 1}


def test_wall_area_times_layers_is_its_volume() -> None:
    for wall in opened(HOUSE).by_type("IfcWall"):
        quantities = stated(wall)
        if quantities:
            layers = ifcopenshell.util.element.get_material(wall, should_skip_usage=True)
            thickness_m = sum(layer.LayerThickness for layer in layers.MaterialLayers) / 1000
            assert thickness_m == pytest.approx(quantities["Width"] / 1000, abs=1e-9)
            # Sill recesses take volume, not area.
            volume = quantities["NetSideArea"] * thickness_m
            assert volume == pytest.approx(quantities["NetVolume"], rel=0.005)


def test_every_window_and_door_fills_an_opening_of_its_size() -> None:
    file = opened(HOUSE)
    for filling in [*file.by_type("IfcWindow"), *file.by_type("IfcDoor")]:
        (relation,) = filling.FillsVoids
        opening = relation.RelatingOpeningElement
        assert opening.VoidsElements[0].RelatingBuildingElement.is_a("IfcWall")
        solid = opening.Representation.Representations[0].Items[0]
        assert solid.SweptArea.XDim == pytest.approx(filling.OverallWidth)
        assert solid.Depth == pytest.approx(filling.OverallHeight)


def test_window_fractions_are_those_of_the_shape() -> None:
    with_fractions = 0
    for kind in opened(HOUSE).by_type("IfcWindowType"):
        frame, glass = kind.HasAssociations[0].RelatingMaterial.MaterialConstituents
        if frame.Fraction is None:
            continue
        with_fractions += 1
        solid, *panes = kind.RepresentationMaps[0].MappedRepresentation.Items
        pane_m3 = sum(p.SweptArea.XDim * p.SweptArea.YDim * p.Depth for p in panes) / 1e9
        (window, *_) = kind.Types[0].RelatedObjects
        assert glass.Fraction == pytest.approx(pane_m3 / volumes(HOUSE)[window.id()], abs=1e-3)
        assert frame.Fraction + glass.Fraction == pytest.approx(1)
        assert solid.Depth == 70
    assert with_fractions >= 5


def test_ways_of_giving_materials_and_quantities() -> None:
    file = opened(HOUSE)
    kinds = {r.RelatingMaterial.is_a() for r in file.by_type("IfcRelAssociatesMaterial")}
    assert kinds >= {
        "IfcMaterial",
        "IfcMaterialConstituentSet",
        "IfcMaterialLayerSet",
        "IfcMaterialLayerSetUsage",
        "IfcMaterialProfileSet",
        "IfcMaterialProfileSetUsage",
    }
    partitions = [w for w in file.by_type("IfcWall") if w.Name.startswith("Cloison")]
    assert partitions and all(not w.HasAssociations or _only_codes(w) for w in partitions)
    elements = physical(file)
    share = sum(bool(stated(e)) for e in elements) / len(elements)
    assert 0.55 <= share <= 0.70


def _only_codes(element: Any) -> bool:
    return all(r.is_a("IfcRelAssociatesClassification") for r in element.HasAssociations)


def test_house_is_read_with_its_mass_and_floor_area() -> None:
    house = read_house()
    assert not house.findings.errors()
    assert house.floor_area_m2.value == pytest.approx(GROSS_FLOOR_M2)
    masses = {e.name: e.mass_kg for e in house.elements}
    total_kg = sum(m for m in masses.values() if m is not None)
    assert 1000 <= total_kg / GROSS_FLOOR_M2 <= 2000
    south, north = masses["Dakvlak zuid"], masses["Dakvlak noord"]
    assert south is not None and north == pytest.approx(south, rel=1e-3)
    assert sum(e.status.value == "existing" for e in house.elements) == 1


def test_deliberate_gaps_are_found() -> None:
    house = read_house()
    names = {e.global_id: e.name for e in house.elements}

    def found(code: str) -> set[str]:
        return {names[f.global_id] for f in house.findings.with_code(code) if f.global_id in names}

    assert found("element-without-material") == {"Regenwaterput 5000 l", "Wandtegels badkamer"}
    assert found("element-without-quantity") == {"Hangtoilet"}
    unmatched = {e.name for e in house.elements for p in e.portions if p.name and p.material_id is None}
    assert "Tuinberging achterwand" in unmatched


def test_small_wall_is_read() -> None:
    passport = read_ifc(FOLDER / WALL)
    wall, window = passport.elements
    assert wall.volume_m3 == pytest.approx((4.0 * 2.7 - 1.2 * 1.4) * 0.41)
    assert window.area_m2 == pytest.approx(1.2 * 1.4)
