"""B2: in which years a product is cleaned or repaired, and what that adds.

Rules (TOTEM/MMG as recovered from KU Leuven SLiCE/Mouton 2022 dataset):
    - Events fall at installation year + k x interval; the clock restarts at each replacement.
    - No event in a replacement year, none in the last year of the study period.
    - Exception: cleaning (B2.1) runs every interval from year 1 to the last year, both included.
    - Small maintenance (B2.2) is skipped in years that have large maintenance (B2.3).
    - B2 holds only the production of the maintenance products and their process energy: no transport,
      no losses, no end of life.

Amounts belong to a product and come from the caller; this module knows years and sums only.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lca.errors import AssessmentError
from lca.replacement import ROUNDING_SLACK, replacement_years
from lca.scenario import ReplacementRule


class MaintenanceKind(StrEnum):
    """Sub-modules of B2 in MMG."""

    CLEANING = "B2.1"
    SMALL = "B2.2"
    LARGE = "B2.3"


@dataclass(frozen=True, slots=True)
class MaintenanceTask:
    """A recurring task on one product.

    Attributes:
        kind: cleaning, small or large maintenance.
        interval_years: time between two events [years], above 0.
        amount: what one event uses, per unit of product [unit of the figure, e.g. kg].

    Raises:
        AssessmentError: the interval is not above 0, or the amount is negative or not finite.
    """

    kind: MaintenanceKind
    interval_years: float
    amount: float

    def __post_init__(self) -> None:
        if not 0 < self.interval_years < float("inf"):
            raise AssessmentError(f"A maintenance interval must be above 0 years, not {self.interval_years}.")
        if not 0 <= self.amount < float("inf"):
            raise AssessmentError(f"A maintenance amount must be 0 or more, not {self.amount}.")


def event_years(
    interval_years: float,
    service_life_years: float,
    study_period_years: float = 60.0,
    *,
    without: Collection[float] = (),
    rule: ReplacementRule = "ceil",
) -> tuple[float, ...]:
    """Years of small or large maintenance [years]; the clock restarts at each replacement.

    Args:
        interval_years: time between two events [years].
        service_life_years: life of the maintained product [years].
        study_period_years: reference study period [years].
        without: years to skip, those of large maintenance when this is small maintenance.
        rule: replacement rule.

    Raises:
        AssessmentError: the interval or the life is not above 0.

    Source: TOTEM/MMG as recovered from KU Leuven SLiCE/Mouton 2022 dataset (clay plaster, lime render, EPDM
    roofing, plywood ceiling, terrace tiles, brick facade, parquet).

    Example:
        >>> event_years(10, service_life_years=40)
        (10.0, 20.0, 30.0, 50.0)
    """
    if not 0 < interval_years < float("inf"):
        raise AssessmentError(f"A maintenance interval must be above 0 years, not {interval_years}.")
    replaced = replacement_years(service_life_years, study_period_years, rule)
    starts = (0.0, *replaced)
    ends = (*replaced, float(study_period_years))
    years = [
        start + k * interval_years
        for start, end in zip(starts, ends, strict=True)
        for k in range(1, int((end - start) / interval_years) + 2)
        if start + k * interval_years < end - ROUNDING_SLACK
    ]
    return tuple(year for year in years if not any(abs(year - skip) < ROUNDING_SLACK for skip in without))


def cleaning_years(interval_years: float = 1.0, study_period_years: float = 60.0) -> tuple[float, ...]:
    """Years of cleaning (B2.1): every interval up to the last year included, whatever is replaced [years].

    Raises:
        AssessmentError: the interval is not above 0.

    Source: TOTEM/MMG as recovered from KU Leuven SLiCE/Mouton 2022 dataset (parquet, years 1 to 60).

    Example:
        >>> len(cleaning_years())
        60
    """
    if not 0 < interval_years < float("inf"):
        raise AssessmentError(f"A cleaning interval must be above 0 years, not {interval_years}.")
    count = int(study_period_years / interval_years + ROUNDING_SLACK)
    return tuple(k * float(interval_years) for k in range(1, count + 1))


def schedule(
    tasks: Sequence[MaintenanceTask],
    service_life_years: float,
    study_period_years: float = 60.0,
    rule: ReplacementRule = "ceil",
) -> tuple[tuple[float, ...], ...]:
    """Event years of all tasks on one product, in the order of `tasks` [years].

    Raises:
        AssessmentError: the life is not above 0.

    Example:
        >>> wax = MaintenanceTask(MaintenanceKind.SMALL, 1, 0.15)
        >>> sanding = MaintenanceTask(MaintenanceKind.LARGE, 15, 0.04)
        >>> [len(years) for years in schedule([wax, sanding], service_life_years=60)]
        [56, 3]
    """
    large = {
        year
        for task in tasks
        if task.kind is MaintenanceKind.LARGE
        for year in event_years(task.interval_years, service_life_years, study_period_years, rule=rule)
    }

    def years_of(task: MaintenanceTask) -> tuple[float, ...]:
        if task.kind is MaintenanceKind.CLEANING:
            return cleaning_years(task.interval_years, study_period_years)
        skip: Collection[float] = large if task.kind is MaintenanceKind.SMALL else ()
        return event_years(
            task.interval_years, service_life_years, study_period_years, without=skip, rule=rule
        )

    return tuple(years_of(task) for task in tasks)


def maintenance_impact(
    tasks: Sequence[MaintenanceTask],
    per_unit: ArrayLike,
    service_life_years: float,
    study_period_years: float = 60.0,
    rule: ReplacementRule = "ceil",
) -> NDArray[np.float64]:
    """B2 = sum over tasks of events x amount x figure per unit; per task, shape (task, indicator).

    Args:
        tasks: tasks on one product.
        per_unit: production figures of what each task uses, shape (task, indicator) [indicator unit per unit
            of `MaintenanceTask.amount`]; NaN stays NaN.
        service_life_years: life of the maintained product [years].
        study_period_years: reference study period [years].
        rule: replacement rule.

    Raises:
        AssessmentError: `per_unit` has not one row per task.

    Source: TOTEM/MMG as recovered from KU Leuven SLiCE/Mouton 2022 dataset.

    Example:
        >>> repair = MaintenanceTask(MaintenanceKind.LARGE, 10, 0.9)
        >>> maintenance_impact([repair], [[0.041027]], service_life_years=40).round(4)
        array([[0.1477]])
    """
    figures = np.asarray(per_unit, dtype=np.float64)
    if figures.ndim != 2 or figures.shape[0] != len(tasks):
        raise AssessmentError(f"per_unit needs shape ({len(tasks)}, indicator), not {figures.shape}.")
    used = [
        len(years) * task.amount
        for task, years in zip(
            tasks, schedule(tasks, service_life_years, study_period_years, rule), strict=True
        )
    ]
    return np.asarray(used, dtype=np.float64)[:, np.newaxis] * figures
