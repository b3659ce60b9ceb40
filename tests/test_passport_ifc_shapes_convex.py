"""Outlines taken apart into convex parts: nothing lost, nothing twice."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from passport.ifc.shapes.convex import convex_parts, turn


def _area(corners: list[tuple[float, float]]) -> float:
    return sum(turn(corners[0], corners[i], corners[i + 1]) for i in range(1, len(corners) - 1)) / 2


@given(st.integers(3, 24), st.integers(0, 10**6))
@settings(max_examples=200, deadline=None)
def test_the_parts_are_convex_and_fill_the_outline(corners: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    turns = 2 * math.pi * (np.arange(corners) + rng.uniform(0, 0.9, corners)) / corners
    radii = rng.uniform(0.2, 3.0, corners)
    loop = [(float(r * math.cos(t)), float(r * math.sin(t))) for r, t in zip(radii, turns, strict=True)]
    if _area(loop) <= 1e-3 or max(np.diff(turns, append=turns[0] + 2 * math.pi)) >= math.pi:
        return  # not star-shaped about the middle: the outline may cross itself
    parts = convex_parts(loop)
    assert parts is not None
    areas = []
    for part in parts:
        own = [loop[i] for i in part]
        areas.append(_area(own))
        assert all(turn(own[i - 2], own[i - 1], own[i]) > 0 for i in range(len(own)))
    assert sum(areas) == pytest.approx(_area(loop), rel=1e-9)
    assert min(areas) > 0


def test_a_convex_outline_is_one_part() -> None:
    octagon = [(math.cos(k * math.pi / 4), math.sin(k * math.pi / 4)) for k in range(8)]
    parts = convex_parts(octagon)
    assert parts is not None and len(parts) == 1 and len(parts[0]) == 8


def test_a_comb_is_its_teeth_and_its_back() -> None:
    comb = [(0.0, 0.0), (7.0, 0.0), (7.0, 2.0), (6.0, 2.0), (6.0, 1.0), (4.0, 1.0), (4.0, 2.0)]
    comb += [(3.0, 2.0), (3.0, 1.0), (1.0, 1.0), (1.0, 2.0), (0.0, 2.0)]
    parts = convex_parts(comb)
    assert parts is not None
    assert sum(_area([comb[i] for i in p]) for p in parts) == pytest.approx(10.0)
    assert len(parts) <= 6


def test_an_outline_that_runs_clockwise_has_no_parts() -> None:
    assert convex_parts([(0.0, 0.0), (0.0, 1.0), (1.0, 1.0), (1.0, 0.0)]) is None
