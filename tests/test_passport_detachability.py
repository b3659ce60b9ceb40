"""How easily parts come apart: worked cases, bounds, and evidence that narrows them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from passport import Passport, read_ifc
from passport.circularity.detachability import (
    FACTORS,
    Detachability,
    detachability_index,
    factor_values,
    neighbour_families,
    score_detachability,
    usual_joint,
)
from passport.circularity.dismantling import DismantlingGraph, plan_dismantling
from passport.circularity.removal_units import RemovalUnit, removal_units
from passport.circularity.tables import shipped_rows
from passport.models import Connection, Element, Portion

HOUSE = Path(__file__).resolve().parents[1] / "examples" / "models" / "flemish-house.ifc"

#: TV, ToV, DK, RO, LI; the harmonic form with the values of v2.0, both to be verified.
CASES = {
    "ideal": (1.0, 1.0, 1.0, 1.0, 1.0),
    "bolted steel": (0.8, 1.0, 1.0, 1.0, 0.941176),
    "loose tile": (1.0, 1.0, 1.0, 0.4, 0.727273),
    "screwed board": (0.8, 0.8, 1.0, 0.4, 0.666667),
    "foamed window frame": (0.2, 0.6, 1.0, 0.4, 0.393443),
    "mortared brick": (0.1, 0.4, 1.0, 0.4, 0.25),
    "all worst": (0.1, 0.1, 0.1, 0.1, 0.1),
}


@pytest.mark.parametrize("name", list(CASES))
def test_the_seven_worked_cases(name: str) -> None:
    *factors, index = CASES[name]
    assert detachability_index(*factors) == pytest.approx(index, abs=5e-7)


def part(name: str, mass_kg: float, family: str = "unknown", ifc_class: str = "IfcElement") -> RemovalUnit:
    return RemovalUnit(
        name,
        name,
        "",
        name,
        ifc_class,
        None,
        None,
        None,
        family,
        True,
        mass_kg,
        None,
        "structure",
        "Structure",
    )


def scored(parts: list[RemovalUnit], evidence: dict[str, dict[str, str]]) -> Detachability:
    empty = cached_house().model_copy(update={"elements": (), "connections": ()})
    return score_detachability(empty, DismantlingGraph(tuple(parts), ()), evidence=evidence)


@cache
def cached_house() -> Passport:
    return read_ifc(HOUSE)


STEEL = {"connection": "added elements", "accessibility": "free", "intersections": "none", "edge": "open"}
BOARD = {
    "connection": "added elements",
    "accessibility": "no damage",
    "intersections": "none",
    "edge": "overlap",
}
BRICK = {**BOARD, "connection": "hard chemical", "accessibility": "partly repairable"}


def test_a_building_of_steel_board_and_brick_is_the_mean_by_weight() -> None:
    parts = [part("steel", 120), part("board", 80), part("brick", 200)]
    found = scored(parts, {"steel": STEEL, "board": BOARD, "brick": BRICK}).building
    assert found is not None and found.low == found.high == pytest.approx(0.540686, abs=5e-7)


def test_an_unknown_edge_gives_the_bounds_of_its_worst_and_best_class() -> None:
    known = {key: value for key, value in BOARD.items() if key != "edge"}
    found = scored([part("board", 80)], {"board": known}).building
    assert found is not None
    assert (found.low, found.high) == pytest.approx((0.296296, 0.888889), abs=5e-7)


def test_nothing_known_of_a_part_is_the_whole_range() -> None:
    found = scored([part("thing", 1)], {}).parts[0]
    assert found.factor("connection").origin == "nothing" and found.factor("edge").low == 0.1
    assert found.index.low == pytest.approx(4 / (3 / 0.1 + 1 / 0.8)) and found.index.high == 1.0


@pytest.mark.parametrize("version", ["1.0", "2.0"])
def test_the_versions_differ_in_their_soft_chemical_joint(version: str) -> None:
    values = factor_values(version)  # type: ignore[arg-type]
    assert values["connection"]["soft chemical"] == {"1.0": 0.3, "2.0": 0.2}[version]
    assert all(list(v.values()) == sorted(v.values(), reverse=True) for v in values.values())


@given(st.data())
@settings(deadline=None, max_examples=60)
def test_a_fact_within_what_is_usual_only_narrows_the_bounds(data: st.DataObject) -> None:
    unit = part(
        "p", 10.0, data.draw(st.sampled_from(["clay-brick", "gypsum-board", "steel-structural", "unknown"]))
    )
    known: dict[str, str] = {}
    before = scored([unit], {}).parts[0]
    for factor in data.draw(st.permutations(FACTORS)):
        possible = before.factor(factor)
        values = factor_values("2.0")[factor]
        classes = [name for name, v in values.items() if possible.low <= v <= possible.high]
        known[factor] = data.draw(st.sampled_from(classes))
        after = scored([unit], {"p": known}).parts[0]
        assert before.index.low - 1e-12 <= after.index.low <= after.index.high <= before.index.high + 1e-12
        before = after
    assert before.index.width == pytest.approx(0.0)


def test_what_contradicts_the_usual_joint_wins_and_is_a_finding() -> None:
    found = scored([part("wall", 10.0, "concrete")], {"wall": {"connection": "dry"}})
    assert found.parts[0].factor("connection").low == 1.0
    (finding,) = found.findings
    assert finding.code == "joint-unusual" and finding.global_id == "wall"


def test_an_unknown_class_is_refused() -> None:
    with pytest.raises(ValueError, match="'stapled' is no class of connection; use dry, added elements"):
        scored([part("wall", 10.0)], {"wall": {"connection": "stapled"}})
    with pytest.raises(ValueError, match="above 0"):
        detachability_index(0.0, 1.0, 1.0, 1.0)


def test_fasteners_of_the_model_tell_the_joint_and_of_several_the_hardest() -> None:
    beam = part("beam", 10.0, "steel-structural")
    column = part("column", 10.0, "steel-structural")
    joints = (
        Connection("realized", "beam", "column", "added elements"),
        Connection("realized", "beam", "plate", "hard chemical"),
    )
    house = cached_house().model_copy(update={"elements": (), "connections": joints})
    found = score_detachability(house, DismantlingGraph((beam, column), ()))
    assert [p.factor("connection").easiest for p in found.parts] == ["hard chemical", "added elements"]
    assert {p.factor("connection").origin for p in found.parts} == {"model"}


def test_the_house_has_bounds_that_do_not_cross_and_says_what_would_narrow_them() -> None:
    house = cached_house()
    found = score_detachability(house, plan_dismantling(house).graph)
    assert found.building is not None and 0.1 <= found.building.low < found.building.high <= 1.0
    for each in found.parts:
        assert 0.1 - 1e-9 <= each.index.low <= each.index.high <= 1.0
        assert all(f.low <= f.high for f in each.factors)
    assert set(found.by_layer) == {"Structure", "Skin", "Space plan", "Services"}
    most = found.narrowing[0]
    learnt = {
        p.unit.unit_id: {most.factor: p.factor(most.factor).hardest}
        for p in found.parts
        if (p.unit.ifc_class, p.unit.family) == (most.ifc_class, most.family)
    }
    after = score_detachability(house, plan_dismantling(house).graph, evidence=learnt)
    assert after.building is not None
    assert after.building.width < found.building.width
    assert found.building.width - after.building.width <= most.width + 1e-9


@pytest.mark.parametrize(
    ("words", "joint", "access"),
    [
        ("Screwed", ("added elements", "added elements"), None),
        ("Bolted (bolts not modelled)", ("added elements", "added elements"), None),
        ("Anchored (anchors not modelled)", ("hard chemical", "added elements"), None),
        ("Masonry with adhesive mortar (Rjoint ≥ Rmat)", ("hard chemical", "hard chemical"), None),
        ("Clamped and sealed", ("soft chemical", "dry"), None),
        (
            "Stapled but covered by plaster",
            ("direct integral", "direct integral"),
            ("not accessible", "partly repairable"),
        ),
        (
            "Buried, reversible but not easy accessible for reuse",
            ("dry", "dry"),
            ("partly repairable", "no damage"),
        ),
    ],
)
def test_the_words_for_an_assembly_tell_joint_and_access(
    words: str, joint: tuple[str, str], access: tuple[str, str] | None
) -> None:
    found = scored([part("p", 10.0)], {"p": {"assembly": words}}).parts[0]
    told = found.factor("connection")
    assert (told.hardest, told.easiest, told.origin) == (*joint, "survey")
    if access is not None:
        assert (found.factor("accessibility").hardest, found.factor("accessibility").easiest) == access


def test_a_class_wins_over_the_words_and_words_of_no_list_change_nothing() -> None:
    both = scored([part("p", 10.0)], {"p": {"assembly": "Glued", "connection": "dry"}}).parts[0]
    assert both.factor("connection").low == 1.0
    assert (
        scored([part("p", 10.0)], {"p": {"assembly": "held by magic"}}).parts
        == scored([part("p", 10.0)], {}).parts
    )


# -- joints by what a part touches and by year ----------------------------------------------------------

_FAMILIES = sorted({row["family"] for row in shipped_rows("joint_rules.csv")} - {""})
_CLASSES = ["IfcWall", "IfcSlab", "IfcRoof", "IfcCovering", "IfcWindow", "IfcDoor"]


@given(
    st.sampled_from(_CLASSES),
    st.sampled_from(_FAMILIES),
    st.frozensets(st.sampled_from(_FAMILIES), max_size=3),
    st.none() | st.integers(1800, 2030),
)
@settings(max_examples=400, deadline=None)
def test_what_a_part_touches_and_its_year_only_narrow_the_usual_joint(
    ifc_class: str, family: str, beside: frozenset[str], year: int | None
) -> None:
    order = list(factor_values("2.0")["connection"])
    outer = usual_joint(ifc_class, family) or (order[-1], order[0])
    inner = usual_joint(ifc_class, family, beside, year) or outer
    hardest, easiest = (order.index(each) for each in inner)
    assert order.index(outer[1]) <= easiest <= hardest <= order.index(outer[0])


@pytest.mark.parametrize(
    ("family", "beside", "year", "joint"),
    [
        ("screed", {"eps"}, None, ("direct integral", "dry")),
        ("screed", {"concrete"}, None, ("hard chemical", "soft chemical")),
        ("screed", {"eps", "concrete"}, None, ("hard chemical", "soft chemical")),
        ("clay-brick", set(), 1905, ("soft chemical", "soft chemical")),
        ("clay-brick", set(), 1960, ("hard chemical", "soft chemical")),
        ("clay-brick", set(), 2005, ("hard chemical", "hard chemical")),
        ("gypsum-board", {"clay-block"}, None, ("hard chemical", "direct integral")),
        ("mineral-wool", {"lime-cement-render", "clay-block"}, None, ("hard chemical", "soft chemical")),
        ("mineral-wool", {"clay-block"}, None, ("direct integral", "dry")),
        ("epdm", {"clay-brick"}, 2005, ("hard chemical", "dry")),
    ],
)
def test_a_floating_screed_lifts_and_old_bricks_come_clean(
    family: str, beside: set[str], year: int | None, joint: tuple[str, str]
) -> None:
    assert usual_joint("IfcWall", family, frozenset(beside), year) == joint


def _layered(*families: str) -> Passport:
    portions = tuple(
        Portion(name=f, family=f, share_origin="layers", thickness_m=0.1, mass_kg=100.0) for f in families
    )
    house = read_ifc(HOUSE)
    element = Element("floor", 1, "IfcSlab", mass_kg=300.0, portions=portions)
    return house.model_copy(update={"elements": (element,), "connections": ()})


def test_a_layer_touches_the_next_one_but_not_across_air() -> None:
    floor = _layered("screed", "eps", "concrete-reinforced")
    assert neighbour_families(floor, removal_units(floor)) == {
        "floor/1": {"eps"}, "floor/2": {"screed", "concrete-reinforced"}, "floor/3": {"eps"},
    }  # fmt: skip
    cavity = _layered("clay-brick", "air", "clay-block")
    assert neighbour_families(cavity, removal_units(cavity)) == {}


def test_the_year_of_construction_narrows_the_band_of_a_brick_wall() -> None:
    wall = _layered("clay-brick", "air", "clay-block")
    graph = plan_dismantling(wall).graph
    old, unknown = (score_detachability(wall, graph, year_built=year).building for year in (1900, None))
    assert old is not None and unknown is not None
    assert unknown.low < old.low and old.high <= unknown.high
