"""B6 from a user's demand and figures: yearly, summed over carriers, unknown stays unknown."""

from __future__ import annotations

import math

import pytest

from lca import AssessmentError, EnergyUse, operational_energy
from reference.vocabulary import Indicator

GWP, AP = Indicator.GWP_TOTAL, Indicator.AP


def test_two_carriers_by_hand() -> None:
    gas = EnergyUse("gas", 5000.0, {GWP: 0.25, AP: 0.001}, "own")
    power = EnergyUse("electricity", 2000.0, {GWP: 0.2}, "own")
    result = operational_energy([gas, power], 50)
    assert result.values[GWP] == pytest.approx((5000 * 0.25 + 2000 * 0.2) * 50)
    assert result.values[AP] == pytest.approx(5000 * 0.001 * 50)
    assert dict(result.partial) == {AP: ("electricity",)}
    assert Indicator.WDP not in result.values, "not declared is not zero"


def test_a_carrier_that_is_not_used_leaves_nothing_out() -> None:
    gas = EnergyUse("gas", 0.0, {}, "own")
    power = EnergyUse("electricity", 1.0, {GWP: -0.5}, "own")
    result = operational_energy([gas, power], 1)
    assert result.values[GWP] == -0.5 and not result.partial


@pytest.mark.parametrize(
    ("kwh", "figure", "source", "says"),
    [
        (-1.0, 0.1, "own", "kwh_per_year"),
        (math.nan, 0.1, "own", "kwh_per_year"),
        (math.inf, 0.1, "own", "kwh_per_year"),
        (1.0, math.nan, "own", "GWP-total"),
        (1.0, 0.1, "", "source"),
    ],
)
def test_a_fault_names_carrier_and_field(kwh: float, figure: float, source: str, says: str) -> None:
    with pytest.raises(AssessmentError, match=f"gas, {says}"):
        EnergyUse("gas", kwh, {GWP: figure}, source)


@pytest.mark.parametrize("years", [0.0, -1.0, math.inf, math.nan])
def test_a_study_period_is_above_zero(years: float) -> None:
    with pytest.raises(AssessmentError):
        operational_energy([], years)
