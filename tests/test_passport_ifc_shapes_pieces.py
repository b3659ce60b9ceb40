"""Signed pieces: cutting, joining and intersecting polyhedra gives exact volumes."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from passport.ifc.shapes.pieces import (
    Cutter,
    Tets,
    below,
    cut,
    difference,
    intersection,
    joined,
    removed_by_overlapping,
    removed_volumes,
    sizes,
)
from passport.ifc.shapes.profiles import Region
from passport.ifc.shapes.solids import Solid, prism

Box = tuple[tuple[float, float], tuple[float, float], tuple[float, float]]


def _solid(box: Box) -> Solid:
    (x0, x1), (y0, y1), (z0, z1) = box
    corners = ((x0, y0), (x1, y0), (x1, y1), (x0, y1))
    area = (x1 - x0) * (y1 - y0)
    region = Region(corners, (), area, ((x0 + x1) / 2, (y0 + y1) / 2), 2 * (x1 - x0 + y1 - y0))
    start = np.eye(4)
    start[2, 3] = z0
    return prism(region, start, np.array((0.0, 0.0, z1 - z0)))


def _volume(box: Box) -> float:
    return float(np.prod([b - a for a, b in box]))


def _common(boxes: tuple[Box, ...]) -> float:
    sides = [min(b[i][1] for b in boxes) - max(b[i][0] for b in boxes) for i in range(3)]
    return float(np.prod(sides)) if min(sides) > 0 else 0.0


def _union(boxes: list[Box]) -> float:
    return sum(
        (-1) ** (k + 1) * _common(chosen)
        for k in range(1, len(boxes) + 1)
        for chosen in itertools.combinations(boxes, k)
    )


_side = st.tuples(st.floats(-5, 5), st.floats(0.05, 5)).map(lambda t: (t[0], t[0] + t[1]))
_boxes = st.tuples(_side, _side, _side)
# Coordinates on a grid make faces lie in one plane, the usual case in a building and the hard one here.
_grid_side = st.tuples(st.integers(-3, 3), st.integers(1, 4)).map(lambda t: (float(t[0]), float(t[0] + t[1])))
_grid_boxes = st.tuples(_grid_side, _grid_side, _grid_side)


@given(_boxes | _grid_boxes, st.lists(_boxes | _grid_boxes, min_size=1, max_size=3))
@settings(max_examples=150, deadline=None)
def test_what_overlapping_boxes_take_out_of_a_box_is_exact(host: Box, cutters: list[Box]) -> None:
    tets = _solid(host).tets
    for cutter in cutters:
        tets = difference(tets, _solid(cutter).cutters)
    clipped = [
        tuple((max(a[0], h[0]), min(a[1], h[1])) for a, h in zip(c, host, strict=True)) for c in cutters
    ]
    inside = [c for c in clipped if all(b > a for a, b in c)]
    expected = _volume(host) - _union(inside)  # type: ignore[arg-type]
    together = removed_by_overlapping(_solid(host).tets, [_solid(c).cutters for c in cutters], 10**6)
    assert together == pytest.approx(_union(inside), rel=1e-9, abs=5e-8)  # type: ignore[arg-type]
    assert tets.volume() == pytest.approx(expected, rel=1e-9, abs=5e-8)


@given(_boxes | _grid_boxes, _boxes | _grid_boxes)
@settings(max_examples=100, deadline=None)
def test_the_intersection_does_not_depend_on_which_body_cuts(a: Box, b: Box) -> None:
    one = intersection(_solid(a).tets, _solid(b).cutters).volume()
    other = intersection(_solid(b).tets, _solid(a).cutters).volume()
    # What is thinner than 1e-10 of the distance to the plane lies in it: 10 m x 5 m x 5 m x 1e-10.
    assert one == pytest.approx(_common((a, b)), rel=1e-9, abs=5e-8)
    assert other == pytest.approx(one, rel=1e-9, abs=5e-8)


@given(
    st.lists(st.lists(st.floats(-3, 3), min_size=12, max_size=12), min_size=1, max_size=6),
    st.tuples(*[st.floats(-1, 1)] * 3).filter(lambda n: max(map(abs, n)) > 0.1),
    st.floats(-2, 2),
)
@settings(max_examples=150, deadline=None)
def test_the_parts_on_both_sides_of_a_plane_make_the_whole(
    corners: list[list[float]], normal: tuple[float, ...], offset: float
) -> None:
    tets = np.array(corners).reshape(-1, 4, 3)
    plane = np.array([*normal, offset])
    under, _ = cut(tets, plane)
    over, _ = cut(tets, -plane)
    assert sizes(under).sum() + sizes(over).sum() == pytest.approx(sizes(tets).sum(), rel=1e-9, abs=1e-9)
    if len(under):
        assert (under @ plane[:3] <= offset + 1e-7).all()


def test_a_re_entrant_outline_with_a_hole_is_cut_exactly() -> None:
    outer = ((0.0, 0.0), (4.0, 0.0), (4.0, 1.0), (1.0, 1.0), (1.0, 4.0), (0.0, 4.0))  # an L of 7 m2
    hole = ((0.25, 0.25), (0.25, 0.75), (0.75, 0.75), (0.75, 0.25))
    angle = Region(outer, (hole,), 6.75, (1.0, 1.0), 18.0)
    solid = prism(angle, np.eye(4), np.array((0.0, 0.0, 2.0)))
    assert solid.tets.volume() == pytest.approx(13.5)
    assert below(solid.tets, np.array((1.0, 0.0, 0.0, 1.0))).volume() == pytest.approx(2 * (4 - 0.25))
    block = _solid(((0.5, 1.5), (0.5, 1.5), (1.0, 3.0)))
    # Within x, y 0.5-1.5 the L covers 0.75 m2, the hole 0.0625 m2 of it.
    assert intersection(block.tets, solid.cutters).volume() == pytest.approx(0.75 - 0.0625)
    assert intersection(solid.tets, block.cutters).volume() == pytest.approx(0.75 - 0.0625)


def test_many_bodies_at_once_give_what_each_gives_alone() -> None:
    rng = np.random.default_rng(5)
    hosts, cutters, expected = [], [], []
    for _ in range(60):
        host = tuple(
            (float(a), float(a + b)) for a, b in zip(rng.normal(size=3), rng.uniform(1, 3, 3), strict=True)
        )
        holes = [
            tuple((float(a), float(a + 0.2)) for a in rng.normal(size=3) + 3 * k) for k in range(3)
        ]  # apart from each other
        hosts.append(_solid(host).tets)  # type: ignore[arg-type]
        cutters.append([c for h in holes for c in _solid(h).cutters])  # type: ignore[arg-type]
        expected.append(sum(_common((host, h)) for h in holes))  # type: ignore[arg-type]
    assert removed_volumes(hosts, cutters) == pytest.approx(expected, abs=1e-12)
    assert removed_volumes(hosts, cutters, rows_per_turn=7) == pytest.approx(expected, abs=1e-12)


def test_nothing_taken_from_nothing_is_nothing() -> None:
    nothing = joined([])
    assert nothing.volume() == 0.0
    assert len(below(nothing, np.array((0.0, 0.0, 1.0, 0.0)))) == 0
    assert len(intersection(nothing, [Cutter(np.array([[0.0, 0.0, 1.0, 0.0]]), 1.0)])) == 0
    assert isinstance(difference(nothing, []), Tets)
