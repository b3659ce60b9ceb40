"""Which parts must leave first, in which order, and for how long."""

from __future__ import annotations

import dataclasses
import itertools
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ifc_builders import TinyModel
from passport import Passport, PassportError, find_contacts, read_ifc
from passport.circularity.dismantling import (
    DismantlingGraph,
    DismantlingPlan,
    Precedence,
    fixing_minutes,
    plan_dismantling,
)
from passport.circularity.removal_units import RemovalUnit, removal_units
from passport.circularity.supports import supports
from passport.models import Element, Portion

HOUSE = Path(__file__).resolve().parents[1] / "examples" / "models" / "flemish-house.ifc"


def unit(name: str, phase: str = "strip-out", storey: str | None = None) -> RemovalUnit:
    return RemovalUnit(
        name, name, "", name, "IfcCovering", storey, None, None, "", True, None, None, phase, "Space plan"
    )


def graph_of(
    names: str, *edges: tuple[str, str], possible: tuple[tuple[str, str], ...] = ()
) -> DismantlingGraph:
    made = [Precedence(a, b, "test") for a, b in edges]
    made += [Precedence(a, b, "test", "possible") for a, b in possible]
    return DismantlingGraph(tuple(unit(name) for name in names), tuple(made))


def test_studs_behind_wool_behind_a_board_leave_last_and_a_window_elsewhere_stays() -> None:
    toy = graph_of("ABCWD", ("A", "B"), ("B", "C"), ("W", "D"))
    assert toy.removal_set(["C"]).certain == ("A", "B", "C")
    assert toy.removal_set(["D"]).certain == ("W", "D")


def test_a_brick_leaf_needs_what_is_screwed_to_it_and_an_unknown_fixing_gives_bounds() -> None:
    loose = graph_of("ABCWD", ("A", "B"), ("B", "C"), ("W", "D"))
    screwed = graph_of("ABCWD", ("A", "B"), ("B", "C"), ("W", "D"), ("C", "D"))
    unknown = graph_of("ABCWD", ("A", "B"), ("B", "C"), ("W", "D"), possible=(("C", "D"),))
    assert set(loose.removal_set(["D"]).possible) == {"W", "D"}
    assert set(screwed.removal_set(["D"]).certain) == {"A", "B", "C", "W", "D"}
    found = unknown.removal_set(["D"])
    assert (len(found.certain), len(found.possible)) == (2, 5)


def test_the_time_of_the_toy_is_its_screws_and_boards() -> None:
    assert fixing_minutes(60, 0.25, 4, 2.0) == 23.0
    assert fixing_minutes(16, 0.5, 5, 1.0) == 13.0
    assert 23.0 + 6.0 + 13.0 == 42.0


@st.composite
def graphs(draw: st.DrawFn) -> DismantlingGraph:
    n = draw(st.integers(1, 6))
    pairs = draw(
        st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1), st.booleans()), max_size=10)
    )
    names = "ABCDEF"[:n]
    edges = {(a, b): sure for a, b, sure in pairs if a != b}
    made = tuple(
        Precedence(names[a], names[b], "test", "certain" if sure else "possible")
        for (a, b), sure in edges.items()
    )
    return DismantlingGraph(tuple(unit(name) for name in names), made)


@given(graphs(), st.data())
def test_a_removal_set_is_the_smallest_that_holds_the_target_and_all_before_it(
    graph: DismantlingGraph, data: st.DataObject
) -> None:
    target = data.draw(st.sampled_from([each.unit_id for each in graph.units]))
    answer = graph.removal_set([target])
    for found, edges in (
        (answer.certain, [e for e in graph.edges if e.certainty == "certain"]),
        (answer.possible, list(graph.edges)),
    ):
        closed = [
            set(chosen)
            for n in range(1, len(graph.units) + 1)
            for chosen in itertools.combinations([u.unit_id for u in graph.units], n)
            if target in chosen and all(e.before in chosen for e in edges if e.after in chosen)
        ]
        assert set(found) == min(closed, key=len)
    assert set(answer.certain) <= set(answer.possible)


@given(graphs())
def test_making_an_edge_certain_only_narrows_the_bounds(graph: DismantlingGraph) -> None:
    for k, edge in enumerate(graph.edges):
        sure = dataclasses.replace(edge, certainty="certain")
        surer = DismantlingGraph(graph.units, (*graph.edges[:k], sure, *graph.edges[k + 1 :]))
        without = DismantlingGraph(graph.units, (*graph.edges[:k], *graph.edges[k + 1 :]))
        for each in graph.units:
            before = graph.removal_set([each.unit_id])
            kept, dropped = surer.removal_set([each.unit_id]), without.removal_set([each.unit_id])
            assert set(before.certain) <= set(kept.certain) <= set(kept.possible) <= set(before.possible)
            if edge.certainty == "possible":
                assert set(dropped.possible) <= set(before.possible)


@given(graphs())
def test_every_order_is_valid_and_holds_every_unit_once(graph: DismantlingGraph) -> None:
    assert_valid(graph, graph.order)


def assert_valid(graph: DismantlingGraph, order: tuple[str, ...]) -> None:
    """A checker that shares nothing with the planner: who can reach whom decides what a circle is."""
    assert sorted(order) == sorted(each.unit_id for each in graph.units)
    after: dict[str, set[str]] = {each.unit_id: set() for each in graph.units}
    for edge in graph.edges:
        after[edge.before].add(edge.after)
    place = {unit_id: k for k, unit_id in enumerate(order)}
    for edge in graph.edges:
        if place[edge.before] > place[edge.after]:
            reached, todo = set(), [edge.after]
            while todo:
                for each in after[todo.pop()] - reached:
                    reached.add(each)
                    todo.append(each)
            assert edge.before in reached, f"{edge} is not kept"


def test_parts_in_a_circle_are_one_block_and_a_finding(tmp_path: Path) -> None:
    house = read_ifc(tiny(tmp_path))
    units = removal_units(house)
    window = next(each.unit_id for each in units if each.ifc_class == "IfcWindow")
    board = next(each.unit_id for each in units if each.family == "gypsum-board")
    circle = [Precedence(window, board, "survey"), Precedence(board, window, "survey")]
    plan = plan_dismantling(house, joints=circle)
    assert plan.blocks == (tuple(sorted([window, board])),)
    (finding,) = [f for f in plan.findings if f.code == "dismantling-circle"]
    assert "2 parts each have to leave before the other" in finding.message


def tiny(folder: Path) -> Path:
    """A slab, a wall of board, wool and block on it, and a window in the wall."""
    model = TinyModel()
    slab, wall = model.element("IfcSlab", "slab"), model.element("IfcWall", "wall")
    model.associate("C30/37", slab)
    model.box(slab, 5, 5, 0.2)
    model.associate(
        model.layers(("Gypsum board", 0.0125), ("Mineral wool", 0.1), ("Concrete block", 0.14)), wall
    )
    model.box(wall, 5, 0.2525, 2.7, at=(0, 0, 0.2))
    hole = model.opening(wall, 1, 0.2525, 1, at=(1, 0, 1))
    window = model.element("IfcWindow", "window")
    model.fill(hole, window)
    return model.save(folder)


def test_a_wall_comes_apart_from_its_faces_to_its_core_after_its_window(tmp_path: Path) -> None:
    house = read_ifc(tiny(tmp_path))
    plan = plan_dismantling(house)
    wall = next(e for e in house.elements if e.ifc_class == "IfcWall")
    names = [step.unit.name.split(": ")[-1] for step in plan.steps]
    assert names.index("window") < names.index("slab")
    layers = [f"{wall.global_id}/{k}" for k in (1, 2, 3)]
    assert [unit_id for unit_id in plan.order if unit_id in layers] == layers
    found = plan.removal_set(wall.global_id)
    assert len(found.certain) == 4
    slab = plan.removal_set(next(e.global_id for e in house.elements if e.ifc_class == "IfcSlab"))
    assert len(slab.certain) == 1 and len(slab.possible) == 5


def test_what_hangs_below_does_not_stand_on_it() -> None:
    slab = Element("slab", 1, "IfcSlab", box_m=(0, 0, 3.0, 5, 5, 3.2))
    hanging = Element("ceiling", 2, "IfcCovering", box_m=(0, 0, 2.98, 5, 5, 3.0))
    beside = Element("wall", 3, "IfcWall", box_m=(6, 0, 3.2, 7, 5, 5))
    on_it = Element("upper wall", 4, "IfcWall", box_m=(0, 0, 3.22, 0.2, 5, 5))
    assert supports([slab, hanging, beside, on_it]) == [("upper wall", "slab")]


def test_a_sloping_roof_lies_on_its_rafters_and_a_mast_stands_on_it() -> None:
    roof = Element("roof", 1, "IfcSlab", predefined_type="ROOF", box_m=(0, 0, 3.0, 8, 5, 6.0))
    rafter = Element("rafter", 2, "IfcMember", box_m=(1, 0, 2.9, 1.1, 5, 5.8))
    mast = Element("mast", 3, "IfcMember", box_m=(4, 2, 6.0, 4.1, 2.1, 9.0))
    beside = Element("beside", 4, "IfcBeam", box_m=(9, 0, 3, 9.2, 5, 5))
    assert supports([roof, rafter, mast, beside]) == [("mast", "roof"), ("roof", "rafter")]


def test_fibre_cement_of_before_2001_leaves_first(tmp_path: Path) -> None:
    cement = Element(
        "c",
        1,
        "IfcCovering",
        portions=(Portion("Eternit", family="fibre-cement", material_id="fibre-cement"),),
    )
    house = read_ifc(tiny(tmp_path)).model_copy(update={"elements": (cement,), "connections": ()})
    (old,) = removal_units(house, year_built=1985)
    (new,) = removal_units(house, year_built=2005)
    (unknown,) = removal_units(house)
    assert (old.phase, new.phase, unknown.phase) == ("hazardous", "strip-out", "strip-out")
    assert "asbestos" in old.suspected and new.suspected == ""
    (found,) = removal_units(house, hazards={"c": "asbestos found by the expert"})
    assert found.phase == "hazardous"


def test_elements_that_share_a_globalid_are_units_of_their_own(tmp_path: Path) -> None:
    house = read_ifc(tiny(tmp_path))
    first, second, *_ = house.elements
    double = house.model_copy(
        update={
            "elements": (first, dataclasses.replace(second, global_id=first.global_id)),
            "connections": (),
        }
    )
    ids = [each.unit_id for each in removal_units(double)]
    assert len(set(ids)) == len(ids) and plan_dismantling(double).order


def test_times_are_a_range_and_a_user_table_wins(tmp_path: Path) -> None:
    house = read_ifc(tiny(tmp_path))
    low, high, _ = plan_dismantling(house).minutes()
    assert 0 < low < high
    table = tmp_path / "times.csv"
    head = "ifc_class,family,measure,minutes_low,minutes_high,crew\n"
    table.write_text(head + "IfcWindow,,piece,7,8,3\n", encoding="utf-8")
    plan = plan_dismantling(house, unit_times=table)
    (window,) = [step for step in plan.steps if step.unit.ifc_class == "IfcWindow"]
    assert (window.minutes_low, window.minutes_high, window.crew) == (7.0, 8.0, 3)
    stated = plan_dismantling(house, minutes={window.unit.unit_id: 42.0})
    assert stated.minutes([window.unit.unit_id]) == (42.0, 42.0, 0)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("IfcWindow,,hour,7,8,3", "line 2: measure is 'hour'"),
        ("IfcWindow,,piece,many,8,3", "line 2: minutes and crew must be numbers"),
        ("IfcWindow,,piece,-7,8,3", "line 2: minutes must be 0 or more"),
        ("IfcWindow,,piece,9,8,3", "low below high"),
    ],
)
def test_a_fault_in_a_table_of_times_is_named(tmp_path: Path, row: str, message: str) -> None:
    table = tmp_path / "times.csv"
    table.write_text(f"ifc_class,family,measure,minutes_low,minutes_high,crew\n{row}\n", encoding="utf-8")
    with pytest.raises(PassportError, match=message):
        plan_dismantling(read_ifc(tiny(tmp_path)), unit_times=table)
    table.write_text("ifc_class\n", encoding="utf-8")
    with pytest.raises(PassportError, match="no column family"):
        plan_dismantling(read_ifc(tiny(tmp_path)), unit_times=table)


def test_unknown_targets_and_edges_are_refused() -> None:
    with pytest.raises(ValueError, match="'Z' is no unit"):
        graph_of("AB").removal_set(["Z"])
    with pytest.raises(ValueError, match="names 'Z'"):
        graph_of("AB", ("A", "Z"))
    with pytest.raises(ValueError, match="one id"):
        graph_of("AA")


def check_plan(house: Passport) -> DismantlingPlan:
    plan = plan_dismantling(house, year_built=1990)
    assert_valid(plan.graph, plan.order)
    place = {unit_id: k for k, unit_id in enumerate(plan.order)}
    for step in plan.steps:
        for blocker in step.blocked_by:
            direct = {(e.before, e.after) for e in plan.graph.edges}
            assert (blocker, step.unit.unit_id) in direct
            assert place[blocker] < place[step.unit.unit_id] or step.block
    known = [p.mass_kg for e in house.elements for p in e.portions if p.mass_kg is not None]
    air = [p.mass_kg or 0 for e in house.elements for p in e.portions if p.family == "air"]
    in_plan = [step.unit.mass_kg for step in plan.steps if step.unit.mass_kg is not None]
    assert sum(in_plan) <= sum(known) + sum(air) + 1e-6
    return plan


@pytest.mark.parametrize("bodies", [False, True], ids=["boxes", "bodies"])
def test_the_plan_of_the_shipped_house_takes_finishes_before_structure_and_roof_before_walls(
    bodies: bool,
) -> None:
    house = read_ifc(HOUSE)
    plan = check_plan(find_contacts(HOUSE, house) if bodies else house)
    phases = [step.unit.phase for step in plan.steps]
    assert phases.index("structure") > phases.index("strip-out")
    assert phases[-1] == "ground"
    roof = max(k for k, s in enumerate(plan.steps) if s.unit.name.startswith("Dakvlak"))
    wall = min(
        k for k, s in enumerate(plan.steps)
        if s.unit.phase == "structure" and s.unit.name.startswith("Noordgevel")
    )  # fmt: skip
    assert roof < wall


@pytest.mark.long
@pytest.mark.parametrize(
    "name", ["duplex-a-20110907", "fzk-haus-ac20", "sdl-staal", "bimwhale-tall", "revit-quantities"]
)
def test_plans_of_shared_models_are_valid(name: str, shared: Path) -> None:
    assert check_plan(read_ifc(shared / "ifc" / f"{name}.ifc")).steps


@pytest.mark.long
@pytest.mark.parametrize("name", ["duplex-a-20110907", "fzk-haus-ac20", "sdl-staal", "bimwhale-tall"])
def test_contacts_of_shared_models_lie_where_their_boxes_meet_and_make_valid_plans(
    name: str, shared: Path
) -> None:
    path = shared / "ifc" / f"{name}.ifc"
    house = find_contacts(path, read_ifc(path))
    check_plan(house)
    box = {e.global_id: e.box_m for e in house.elements}
    repeated = {i for i, n in Counter(e.global_id for e in house.elements).items() if n > 1}
    seen = 0
    for each in house.connections:
        one, other = box.get(each.of), box.get(each.to)
        if each.area_m2 is None or one is None or other is None or {each.of, each.to} & repeated:
            continue
        # Faces that touch lie in the common part of both boxes, which is a rectangle at most 2 cm thick.
        sides = [min(one[k + 3], other[k + 3]) - max(one[k], other[k]) for k in range(3)]
        assert min(sides) >= -0.011
        if each.kind == "lies on":
            # Sloping faces are larger than their plan; walls may also look up in several steps.
            wide, deep, high = (max(side, 0.0) + 0.02 for side in sides)
            assert each.area_m2 <= 2 * (wide * deep + wide * high + deep * high)
            assert one[5] >= other[2] - 0.011
            seen += 1
    assert seen > 5
