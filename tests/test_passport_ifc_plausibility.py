"""Unit faults are recognised by what confirms them, and only then."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passport.ifc.body import Body
from passport.ifc.plausibility import (
    Yardsticks,
    area_fault,
    area_references,
    factor_text,
    length_fault,
    trusted_dimensions,
    unit_factor,
    volume_fault,
    volume_limits,
    weight_fault,
    within_factor,
    yardsticks,
)

#: Stated over true, from the definition of the foot (0.3048 m) and the inch (0.0254 m).
_WRITTEN_IN = {
    ("volume", "litres"): 1e3,
    ("volume", "cm3"): 1e6,
    ("volume", "mm3"): 1e9,
    ("volume", "ft3"): 1 / 0.028316846592,
    ("area", "cm2"): 1e4,
    ("area", "mm2"): 1e6,
    ("area", "ft2"): 1 / 0.09290304,
    ("length", "cm"): 1e2,
    ("length", "mm"): 1e3,
    ("length", "ft"): 1 / 0.3048,
    ("length", "in"): 1 / 0.0254,
}


@pytest.mark.parametrize(("kind", "unit"), list(_WRITTEN_IN))
@pytest.mark.parametrize("off", [0.92, 1.0, 1.09])
def test_each_unit_is_recognised_both_ways_and_up_to_ten_percent_off(
    kind: str, unit: str, off: float
) -> None:
    factor = _WRITTEN_IN[kind, unit]
    assert unit_factor(kind, off * factor) == pytest.approx(factor)
    assert unit_factor(kind, off / factor) == pytest.approx(1 / factor)


@given(st.floats(0.2, 2.9))
def test_an_ordinary_difference_is_no_unit_fault(ratio: float) -> None:
    assert unit_factor("volume", ratio) is None
    assert unit_factor("area", ratio) is None


def test_only_a_closed_body_is_a_yardstick() -> None:
    assert yardsticks(Body(2.0, 8.0, 1.0, closed=False), 8.0).volume_m3 is None
    assert yardsticks(Body(None, 8.0, 1.0, closed=True), 8.0).volume_m3 is None
    assert yardsticks(None, None).volume_m3 is None
    assert yardsticks(Body(2.0, 8.0, 1.0, closed=True, size_m=(0.3, 4.0, 2.5)), 8.0).sizes_m == (4, 2.5, 0.3)


def test_a_gross_volume_is_held_against_the_body_before_openings() -> None:
    known = Yardsticks(volume_m3=1.0, gross_volume_m3=2.0)
    assert volume_fault("gross", 2000.0, known) is not None
    assert volume_fault("net", 2000.0, known) is None


def test_own_dimensions_confirm_where_there_is_no_body() -> None:
    fault = volume_fault("net", 4050.0, Yardsticks(box_m3=4.05))
    assert fault is not None and fault.factor == 1000.0 and "length x width x height" in fault.confirmed_by
    fault = volume_fault("net", 4050.0, Yardsticks(layered_m3=4.0))
    assert fault is not None and "area x layers" in fault.confirmed_by


def test_a_tube_that_fills_three_percent_of_its_box_is_no_volume_in_cubic_feet() -> None:
    assert volume_fault("net", 1.0, Yardsticks(box_m3=35.3)) is None


def test_dimensions_in_millimetres_read_as_metres_confirm_nothing() -> None:
    assert not trusted_dimensions((5000.0, 300.0, 2700.0))
    assert not trusted_dimensions((5.0, 0.00003, 2.7))
    assert trusted_dimensions((12.0, 0.2, 8.0))


def test_areas_and_lengths_are_recognised_by_faces_and_extents() -> None:
    known = Yardsticks(volume_m3=2.4, sides_m2=(12.0,), plans_m2=(0.8,), sizes_m=(4.0, 3.0, 0.2))
    side = area_references("IfcWall", "net-side", known)
    assert side == (12.0,)
    fault = area_fault(12.0e6, side, known)
    assert fault is not None and fault.factor == 1e6
    fault = length_fault(4000.0, known)
    assert fault is not None and fault.factor == 1000.0
    assert length_fault(4.1, known) is None


def test_the_faces_of_a_window_are_not_held_against_its_opening() -> None:
    known = Yardsticks(volume_m3=0.1, sides_m2=(0.4,), sizes_m=(1.5, 1.2, 0.1))
    assert area_references("IfcWindow", "plain", known) == (pytest.approx(1.8),)


@pytest.mark.parametrize(
    ("ifc_class", "weight", "factor"),
    [
        ("IfcBeam", 2_400_000.0, 1000.0),  # grams
        ("IfcBeam", 7.85, 0.001),  # tonnes
        ("IfcBeam", 2400.0, None),
        ("IfcSlab", 90.0, None),  # insulation
        ("IfcFurniture", 5.0, None),  # its body is an envelope
        ("IfcBeam", 60_000.0, 1000.0),
        ("IfcBeam", 20_000.0, None),  # heavy, but not impossible
    ],
)
def test_a_weight_is_a_unit_fault_only_where_its_density_is_impossible(
    ifc_class: str, weight: float, factor: float | None
) -> None:
    fault = weight_fault(ifc_class, weight, Yardsticks(volume_m3=1.0))
    assert (None if fault is None else fault.factor) == factor


def test_a_weight_without_a_body_is_not_judged() -> None:
    assert weight_fault("IfcBeam", 1e9, Yardsticks()) is None


def test_the_volume_of_an_opening_is_too_thick_for_a_window() -> None:
    (limit,) = volume_limits("IfcWindow", 1.8, None, Yardsticks())
    assert limit.low_m3 <= 0.12 <= limit.high_m3
    assert limit.high_m3 < 1.8 * 0.3


def test_nothing_contradicts_without_a_reference() -> None:
    assert within_factor(1e9, ())
    assert not within_factor(5.0, (1.0, 2.0))
    assert factor_text(1e9) == "1/1e+09"
