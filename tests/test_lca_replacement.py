"""B4: counts and years.

Expected values: EN 15978 as quoted in EeBGuide; TOTEM/MMG as recovered from KU Leuven SLiCE/Mouton 2022
dataset.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lca import AssessmentError, replacement_counts, replacement_years, replacements

LIVES_BOTH_RULES_AGREE_ON = {10: 5, 15: 3, 20: 2, 30: 1, 40: 1, 60: 0}


@pytest.mark.parametrize(("life", "count"), LIVES_BOTH_RULES_AGREE_ON.items())
@pytest.mark.parametrize("rule", ["ceil", "nearest"])
def test_lives_on_which_both_rules_agree(life: float, count: int, rule: str) -> None:
    assert replacements(life, 60, rule) == count  # type: ignore[arg-type]


@pytest.mark.parametrize(("life", "ceil", "nearest"), [(25, 2, 1), (45, 1, 0), (50, 1, 0)])
def test_lives_on_which_the_rules_differ(life: float, ceil: int, nearest: int) -> None:
    assert replacements(life, rule="ceil") == ceil
    assert replacements(life, rule="nearest") == nearest


def test_air_filter_of_one_year_is_replaced_59_times() -> None:
    assert replacements(1) == 59


def test_life_at_or_above_the_study_period_is_never_replaced() -> None:
    assert [replacements(life) for life in (60, 60.0000001, 100, math.inf)] == [0, 0, 0, 0]


def test_life_just_below_the_study_period_is_replaced_once() -> None:
    assert replacements(59.999) == 1


def test_a_third_written_in_floats_is_no_extra_replacement() -> None:
    assert replacements(60 / 7) == 6
    assert replacements(0.1 * 3, 0.9) == 2


def test_proportional_is_not_rounded() -> None:
    assert replacements(40, rule="proportional") == pytest.approx(0.5)
    assert replacements(80, rule="proportional") == 0


@pytest.mark.parametrize("life", [math.nan, 0.0, -5.0, 1e-320])
def test_scalar_refuses_a_life_that_is_none(life: float) -> None:
    with pytest.raises(AssessmentError):
        replacements(life)


def test_vector_keeps_unknown_and_names_rows_that_are_wrong() -> None:
    assert np.isnan(replacement_counts([math.nan, 30.0])).tolist() == [True, False]
    with pytest.raises(AssessmentError) as raised:
        replacement_counts([30.0, 0.0, -1.0])
    assert raised.value.faults == ("row 1, service_life_years: 0.0", "row 2, service_life_years: -1.0")


@pytest.mark.parametrize("period", [0.0, -60.0, math.nan, math.inf])
def test_study_period_must_be_a_time(period: float) -> None:
    with pytest.raises(AssessmentError, match="study period"):
        replacements(30, period)


def test_rule_must_exist() -> None:
    with pytest.raises(AssessmentError, match="'floor' is not a replacement rule"):
        replacements(30, rule="floor")  # type: ignore[arg-type]


def test_years() -> None:
    assert replacement_years(20) == (20, 40)
    assert replacement_years(25) == (25, 50)
    assert replacement_years(25, rule="nearest") == (25,)
    assert replacement_years(40, rule="proportional") == (40,)
    assert replacement_years(60) == ()


@given(life=st.floats(0.5, 200), period=st.floats(1, 200), rule=st.sampled_from(["ceil", "nearest"]))
def test_years_match_the_count_and_lie_inside_the_study_period(life: float, period: float, rule: str) -> None:
    years = replacement_years(life, period, rule)  # type: ignore[arg-type]
    assert len(years) == replacements(life, period, rule)  # type: ignore[arg-type]
    assert all(0 < year < period + 1e-6 for year in years)


@given(life=st.floats(0.5, 200))
def test_nearest_never_replaces_more_often_than_ceil(life: float) -> None:
    assert replacements(life, rule="nearest") <= replacements(life, rule="ceil")
