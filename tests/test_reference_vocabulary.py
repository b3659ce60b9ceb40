"""Vocabulary, intervals, errors and the public face of the leaf."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

import reference
from reference import Indicator, Interval, Stage

finite = st.floats(min_value=-1e9, max_value=1e9)
intervals = st.tuples(finite, finite).map(lambda pair: Interval(min(pair), max(pair)))


@pytest.mark.parametrize("stage", reference.STAGES)
def test_every_stage_reads_itself_in_any_usual_spelling(stage: Stage) -> None:
    plain = stage.value.replace("-", "")
    for text in (stage.value, stage.value.lower(), plain, "_".join(plain), f" {stage.value} "):
        assert Stage.parse(text) is stage


@pytest.mark.parametrize("indicator", reference.INDICATORS)
def test_every_indicator_reads_itself_in_any_usual_spelling(indicator: Indicator) -> None:
    for text in (indicator.value, indicator.value.upper(), indicator.value.replace("-", " ")):
        assert Indicator.parse(text) is indicator
    assert indicator.unit


@pytest.mark.parametrize("text", ["", "A", "A1", "E1", "A1-A4"])
def test_text_that_is_no_stage_is_refused_with_the_list(text: str) -> None:
    with pytest.raises(ValueError, match="A1-A3"):
        Stage.parse(text)


@pytest.mark.parametrize("text", ["", "GWP", "gwp-100", "total"])
def test_text_that_is_no_indicator_is_refused_with_the_list(text: str) -> None:
    with pytest.raises(ValueError, match="GWP-total"):
        Indicator.parse(text)


def test_axis_orders_are_fixed() -> None:
    assert [item.value for item in reference.INDICATORS[:4]] == [
        "GWP-total",
        "GWP-fossil",
        "GWP-biogenic",
        "GWP-luluc",
    ]
    assert len(reference.INDICATORS) == 19
    assert reference.INDICATORS[:13] == reference.CORE_INDICATORS
    assert Stage.D not in reference.ASSESSED_STAGES


@given(intervals, intervals)
def test_sum_of_intervals_holds_the_sums_of_their_ends(a: Interval, b: Interval) -> None:
    total = a + b
    assert a.low + b.low in total and a.high + b.high in total
    assert total.width >= 0


@given(intervals, finite)
def test_scaled_interval_holds_the_scaled_ends(a: Interval, factor: float) -> None:
    assert a.low * factor in a.scaled(factor)
    assert a.high * factor in a.scaled(factor)


@pytest.mark.parametrize(("low", "high"), [(2.0, 1.0), (float("nan"), 1.0), (0.0, float("nan"))])
def test_interval_that_is_none_is_refused(low: float, high: float) -> None:
    with pytest.raises(ValueError, match="low <= high"):
        Interval(low, high)


def test_errors_share_one_root_and_a_built_in_parent() -> None:
    assert issubclass(reference.ReferenceDataError, ValueError)
    assert issubclass(reference.UnknownMaterialError, KeyError)
    assert issubclass(reference.UnknownMaterialError, reference.BuildingPassportError)
    assert str(reference.UnknownMaterialError(["x"], ["y"])) == "No such material: x. Did you mean: y?"


def test_every_public_name_exists_and_is_documented() -> None:
    assert len(set(reference.__all__)) == len(reference.__all__)
    for name in reference.__all__:
        value = getattr(reference, name)
        assert name in dir(reference)
        if callable(value):
            assert value.__doc__, name


def test_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = reference.no_such_name


def test_importing_the_package_loads_nothing_heavy() -> None:
    code = "import sys, reference; print([m for m in ('numpy', 'pandas', 'pydantic') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_loading_the_library_does_not_load_pandas() -> None:
    code = (
        "import sys, reference; reference.load_materials(); reference.load_factors(); "
        "print('pandas' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
