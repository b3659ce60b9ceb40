"""Every real model ends in a passport that closes, a possible impact, and a comparison or a reason."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from conftest import SHARED
from passport import Passport, assess, compare, load_passport, propose_routes, read_ifc, save_passport

MODELS = sorted((SHARED / "ifc").glob("*.ifc*")) if SHARED.is_dir() else []


@pytest.fixture(scope="module", params=MODELS or [None], ids=lambda p: p.name if p else "none")
def house(request: pytest.FixtureRequest, shared: Path) -> Passport:
    assert shared
    return read_ifc(request.param)


@pytest.mark.long
def test_every_physical_element_is_counted_or_left_out_with_a_reason(house: Passport, shared: Path) -> None:
    import ifcopenshell

    path = shared / "ifc" / house.model.file
    file = ifcopenshell.open(str(path))
    physical = {
        e.id()
        for e in file.by_type("IfcElement")
        if not e.is_a("IfcFeatureElementSubtraction") and not e.is_a("IfcVirtualElement")
    }
    counted = [e.step_id for e in house.elements]
    out = [e.step_id for e in house.left_out]
    assert sorted(counted + out) == sorted(physical)
    assert all(e.reason for e in house.left_out)


@pytest.mark.long
def test_portions_close_with_their_element_and_routes_with_the_passport(house: Passport) -> None:
    for element in house.elements:
        volumes = [p.volume_m3 for p in element.portions if p.volume_m3 is not None]
        if element.volume_m3 is not None and volumes:
            assert sum(volumes) <= element.volume_m3 * (1 + 1e-6)
        assert all(p.reason for p in element.portions)
        assert all(q.reason for q in element.quantities)
        assert all(p.mass_kg is None or 0 <= p.mass_kg < 1e7 for p in element.portions)
    routes = propose_routes(house)
    assert len(routes) == sum(len(e.portions) for e in house.elements)
    assert sum(r.mass_kg or 0 for r in routes) == pytest.approx(house.mass_kg() or 0)
    assert all(r.reason for r in routes)


@pytest.mark.long
def test_the_impact_is_possible_and_the_comparison_speaks_or_gives_a_reason(house: Passport) -> None:
    assessment = assess(house)
    total = assessment.total("gwp-total")
    mass = house.mass_kg()
    if mass and not math.isnan(total.value):
        assert 0.0 < total.value / mass < 15.0, "kg CO2 eq per kg of material"
    comparison = compare(assessment)
    assert comparison.comparable or comparison.reasons
    if comparison.comparable:
        assert comparison.floor_area_m2 is not None
        assert mass is not None and 100 < mass / comparison.floor_area_m2 < 4000, "kg per m2 of floor"
        assert comparison.at_least


@pytest.mark.long
def test_a_saved_passport_gives_the_same_impact(house: Passport, tmp_path: Path) -> None:
    save_passport(house, tmp_path / "passport.json")
    again = load_passport(tmp_path / "passport.json")
    assert again == house
    a, b = assess(house).total("gwp-total").value, assess(again).total("gwp-total").value
    assert a == b or (math.isnan(a) and math.isnan(b))


@pytest.mark.long
def test_two_exports_of_one_house_weigh_the_same_per_material(shared: Path) -> None:
    """The duplex as IFC2X3 with layer sets and as IFC4 with constituents and drawn layers."""
    masses = []
    for name in ("duplex-a-20110907.ifc", "duplex-aj.ifc"):
        house = read_ifc(shared / "ifc" / name)
        by_family: dict[str, float] = {}
        for element in house.elements:
            if element.ifc_class.startswith("IfcWall"):
                for portion in element.portions:
                    by_family[portion.family] = by_family.get(portion.family, 0) + (portion.mass_kg or 0)
        masses.append(by_family)
    # Thin inner layers are trimmed at every corner where they are drawn, and run through in a layer set.
    for family, tolerance in (("clay-brick", 0.05), ("concrete-block", 0.05), ("gypsum-board", 0.10)):
        assert masses[0][family] == pytest.approx(masses[1][family], rel=tolerance)
