"""B2: every schedule of the dataset. Expected years: TOTEM/MMG as recovered from KU Leuven SLiCE/Mouton 2022
dataset."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lca import (
    AssessmentError,
    MaintenanceKind,
    MaintenanceTask,
    cleaning_years,
    event_years,
    maintenance_impact,
    replacement_years,
    schedule,
)


@pytest.mark.parametrize(
    ("product", "life", "interval", "years"),
    [
        ("clay plaster", 40, 10, (10, 20, 30, 50)),
        ("lime render", 40, 15, (15, 30, 55)),
        ("EPDM roofing", 30, 15, (15, 45)),
        ("plywood ceiling", 30, 10, (10, 20, 40, 50)),
        ("terrace tiles on carriers", 30, 15, (15, 45)),
        ("brick facade", 60, 30, (30,)),
        ("parquet, sanding", 60, 15, (15, 30, 45)),
    ],
)
def test_large_maintenance(product: str, life: float, interval: float, years: tuple[float, ...]) -> None:
    assert event_years(interval, life) == years, product


def test_parquet_has_all_three_kinds() -> None:
    cleaning, wax, sanding = schedule(
        [
            MaintenanceTask(MaintenanceKind.CLEANING, 1, 52.0),
            MaintenanceTask(MaintenanceKind.SMALL, 1, 0.15),
            MaintenanceTask(MaintenanceKind.LARGE, 15, 0.04),
        ],
        service_life_years=60,
    )
    assert cleaning == tuple(range(1, 61))
    assert wax == tuple(year for year in range(1, 60) if year not in {15, 30, 45})
    assert sanding == (15, 30, 45)


def test_cleaning_goes_on_in_replacement_years() -> None:
    assert 30 in cleaning_years()
    assert cleaning_years(7, 20) == (7, 14)


def test_amounts_times_events_times_figure() -> None:
    # Clay plaster of IW-LB04: 0.9 kg four times, 0.041027 kg CO2 eq per kg.
    tasks = [MaintenanceTask(MaintenanceKind.LARGE, 10, 0.9)]
    impact = maintenance_impact(tasks, [[0.041027, math.nan]], service_life_years=40)
    assert impact.shape == (1, 2)
    assert impact[0, 0] == pytest.approx(4 * 0.0369243, rel=1e-6)
    assert np.isnan(impact[0, 1])


def test_no_task_is_no_impact() -> None:
    assert maintenance_impact([], np.empty((0, 3)), 40).shape == (0, 3)


@given(interval=st.floats(0.5, 70), life=st.floats(1, 100))
def test_no_event_in_a_replacement_year_nor_at_the_end(interval: float, life: float) -> None:
    years = event_years(interval, life)
    stops = (*replacement_years(life), 60.0)
    assert all(0 < year < 60 for year in years)
    assert not {round(year, 9) for year in years} & {round(stop, 9) for stop in stops}
    assert list(years) == sorted(years)


@pytest.mark.parametrize("interval", [0.0, -1.0, math.nan, math.inf])
def test_interval_must_be_a_time(interval: float) -> None:
    with pytest.raises(AssessmentError):
        MaintenanceTask(MaintenanceKind.LARGE, interval, 1.0)
    with pytest.raises(AssessmentError):
        event_years(interval, 40)
    with pytest.raises(AssessmentError):
        cleaning_years(interval)


@pytest.mark.parametrize("amount", [-1.0, math.nan, math.inf])
def test_amount_must_be_a_quantity(amount: float) -> None:
    with pytest.raises(AssessmentError):
        MaintenanceTask(MaintenanceKind.LARGE, 10, amount)


def test_one_row_of_figures_per_task() -> None:
    with pytest.raises(AssessmentError, match="shape"):
        maintenance_impact([MaintenanceTask(MaintenanceKind.LARGE, 10, 1.0)], [1.0], 40)
