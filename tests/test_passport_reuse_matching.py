"""Parts of other buildings for a design: each rule, and the exact answer against brute force."""

from __future__ import annotations

import dataclasses
import itertools
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from passport import PassportError, read_ifc
from passport.circularity.reuse_matching import Component, components_of, great_circle_km, greedy, match

HOUSE = Path(__file__).resolve().parents[1] / "examples" / "models" / "flemish-house.ifc"


def beam(name: str, length_m: float, **more: Any) -> Component:
    said: dict[str, Any] = {
        "material_id": "steel-sections",
        "family": "steel-structural",
        "profile": "HEA 160",
    }
    return Component(name, "IfcBeam", length_m=length_m, **{**said, **more})


def window(name: str, width_m: float | None, height_m: float | None, **more: Any) -> Component:
    return Component(name, "IfcWindow", family="timber-hardwood", width_m=width_m, height_m=height_m, **more)


def served(supply: list[Component], demand: list[Component], **options: Any) -> list[tuple[str, str]]:
    options.setdefault("saved_kg_co2e", {each.id: 10.0 for each in demand})
    return [(pair.supply_id, pair.demand_id) for pair in match(supply, demand, **options).pairs]


def test_a_member_of_just_the_length_needs_no_cut_and_a_shorter_one_does_not_do() -> None:
    assert served([beam("s", 6.0)], [beam("d", 6.0)]) == [("s", "d")]
    assert served([beam("s", 5.99)], [beam("d", 6.0)]) == []


def test_two_pieces_lose_one_cut_when_nothing_is_left_over() -> None:
    two = [beam("a", 3.0), beam("b", 3.0)]
    assert len(served([beam("s", 6.01)], two)) == 2
    assert len(served([beam("s", 6.0)], two)) == 1
    found = match([beam("s", 6.5)], two, saved_kg_co2e={"a": 1.0, "b": 1.0})
    assert [round(pair.offcut_m or 0, 3) for pair in found.pairs] == [3.49, 0.48]


def test_another_section_or_material_family_does_not_fit() -> None:
    assert served([beam("s", 6.0, profile="HEA 180")], [beam("d", 5.0)]) == []
    assert served([beam("s", 6.0, family="timber-glulam", material_id="glulam")], [beam("d", 5.0)]) == []
    assert served([beam("s", 6.0, material_id="other steel")], [beam("d", 5.0)]) == [("s", "d")]


def test_a_column_is_no_beam() -> None:
    column = dataclasses.replace(beam("s", 6.0), kind="IfcColumn")
    found = match([column], [beam("d", 5.0)], saved_kg_co2e={"d": 1.0})
    assert found.pairs == () and found.unmatched[0].reason == "no IfcBeam is offered"


def test_a_window_fits_within_the_tolerance_in_width_and_height() -> None:
    wanted = [window("d", 1.2, 1.5)]
    assert served([window("s", 1.204, 1.496)], wanted) == [("s", "d")]
    assert served([window("s", 1.21, 1.5)], wanted) == []
    assert served([window("s", 1.21, 1.5)], wanted, tolerance_m=0.02) == [("s", "d")]


def test_an_unknown_size_is_no_match_and_is_said() -> None:
    found = match([window("s", None, 1.5)], [window("d", 1.2, 1.5)], saved_kg_co2e={"d": 1.0})
    assert found.pairs == () and "known" in found.unmatched[0].reason


def test_what_is_available_too_late_or_at_an_unknown_date_does_not_serve_a_dated_need() -> None:
    need = date(2027, 5, 1)
    for ready, fits in ((date(2027, 5, 1), True), (date(2027, 5, 2), False), (None, False)):
        supply = [beam("s", 6.0, available_from=ready)]
        assert bool(served(supply, [beam("d", 5.0)], needed_by=need)) is fits


def test_what_is_too_far_does_not_serve_and_transport_is_taken_off() -> None:
    supply, demand = [beam("s", 6.0, mass_kg=100.0)], [beam("d", 5.0, mass_kg=80.0)]
    assert served(supply, demand, distances_km={("s", "d"): 50.0}, most_km=49.0) == []
    options: dict[str, Any] = {"saved_kg_co2e": {"d": 10.0}, "distances_km": {("s", "d"): 50.0}}
    found = match(supply, demand, **options, transport_kg_co2e_per_kg_km=0.001)
    (pair,) = found.pairs
    assert pair.transport_kg_co2e is not None and 4.0 - 1e-9 <= pair.transport_kg_co2e <= 5.0 + 1e-9
    assert pair.gain_kg_co2e == pytest.approx(10.0 - pair.transport_kg_co2e)
    assert match(supply, demand, **options, transport_kg_co2e_per_kg_km=1.0).pairs == ()


def test_the_distance_between_places_is_the_great_circle() -> None:
    assert great_circle_km((51.05, 3.72), (50.85, 4.35)) == pytest.approx(49.4, abs=0.5)


def test_the_exact_answer_cuts_where_the_greedy_one_cannot() -> None:
    supply = [beam("s", 6.0)]
    demand = [beam("long", 4.0), beam("a", 2.9), beam("b", 2.9)]
    saved = {"long": 10.0, "a": 7.0, "b": 7.0}
    assert greedy(supply, demand, saved_kg_co2e=saved).total_gain_kg_co2e == 10.0
    exact = match(supply, demand, saved_kg_co2e=saved)
    assert exact.total_gain_kg_co2e == 14.0 and exact.proved


@st.composite
def problems(draw: st.DrawFn) -> tuple[list[Component], list[Component], dict[str, float]]:
    lengths = st.sampled_from([1.5, 2.0, 2.5, 3.0, 4.0, 6.0])
    sections = st.sampled_from(["HEA 160", "HEA 180"])
    supply = [beam(f"s{k}", draw(lengths), profile=draw(sections)) for k in range(draw(st.integers(1, 3)))]
    demand = [beam(f"d{k}", draw(lengths), profile=draw(sections)) for k in range(draw(st.integers(1, 4)))]
    return supply, demand, {each.id: float(draw(st.integers(1, 20))) for each in demand}


def best_by_hand(supply: list[Component], demand: list[Component], saved: dict[str, float]) -> float:
    """Every way of giving each demand to a supply or to none."""
    best = 0.0
    for chosen in itertools.product([None, *supply], repeat=len(demand)):
        used: dict[str, list[float]] = {}
        fits = True
        for want, source in zip(demand, chosen, strict=True):
            if source is not None:
                fits = fits and source.profile == want.profile
                used.setdefault(source.id, []).append(want.length_m or 0.0)
        room = {each.id: each.length_m or 0.0 for each in supply}
        fits = fits and all(sum(c) + 0.01 * (len(c) - 1) <= room[s] + 1e-9 for s, c in used.items())
        if fits:
            best = max(best, sum(saved[w.id] for w, s in zip(demand, chosen, strict=True) if s is not None))
    return best


@given(problems(), st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=60)
def test_the_exact_answer_is_the_best_of_all_and_never_worse_than_greedy(
    problem: tuple[list[Component], list[Component], dict[str, float]], dice: Any
) -> None:
    supply, demand, saved = problem
    found = match(supply, demand, saved_kg_co2e=saved)
    assert found.total_gain_kg_co2e == pytest.approx(best_by_hand(supply, demand, saved))
    assert found.total_gain_kg_co2e >= greedy(supply, demand, saved_kg_co2e=saved).total_gain_kg_co2e - 1e-9
    dice.shuffle(supply)
    dice.shuffle(demand)
    assert match(supply, demand, saved_kg_co2e=saved) == found
    assert len(found.pairs) + len(found.unmatched) == len(demand)


@pytest.mark.parametrize(
    ("change", "message"),
    [({"length_m": -1.0}, "length_m of 's' is -1.0"), ({"count": 0}, "count of 's' is 0")],
)
def test_impossible_sizes_are_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(PassportError, match=message):
        match([dataclasses.replace(beam("s", 6.0), **change)], [beam("d", 5.0)])
    with pytest.raises(PassportError, match="'s' is used twice"):
        match([beam("s", 6.0), beam("s", 6.0)], [beam("d", 5.0)])
    with pytest.raises(PassportError, match="tolerance_m"):
        match([beam("s", 6.0)], [beam("d", 5.0)], tolerance_m=-1.0)


def test_the_parts_of_the_shipped_house_are_offered_or_said_to_be_unusable() -> None:
    house = read_ifc(HOUSE)
    parts, without = components_of(house)
    assert len(parts) + len(without) == len(house.elements)
    assert all(each.reason for each in without)
    windows = [each for each in parts if each.kind == "IfcWindow"]
    assert windows and all(each.width_m and each.height_m for each in windows)
    own = match(parts, parts, saved_per_kg={each.family: 1.0 for each in parts})
    members = sum(each.kind == "IfcBeam" for each in parts)
    assert sum("IfcBeam" in pair.reasons[0] for pair in own.pairs) == members
