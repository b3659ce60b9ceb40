"""B2: in which years a product is cleaned or repaired, and what that adds.

Rules (TOTEM/MMG as recovered from KU Leuven SLiCE/Mouton 2022 dataset):
    - Events fall at installation year + k x interval; the clock restarts at each replacement.
    - No event in a replacement year, none in the last year of the study period.
    - Exception: cleaning (B2.1) runs every interval from year 1 to the last year, both included.
    - Small maintenance (B2.2) is skipped in years that have large maintenance (B2.3).
    - B2 holds only the production of the maintenance products and their process energy: no transport,
      no losses, no end of life.

Amounts belong to a product and come from the caller; this module knows years and sums only. A portion without
tasks has an unknown B2, not a B2 of zero; a task with amount 0 says that nothing is used.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lca.errors import AssessmentError
from lca.replacement import ROUNDING_SLACK, replacement_years
from lca.scenario import ReplacementRule
from reference.vocabulary import Stage

if TYPE_CHECKING:
    from lca.impact import Impact
    from reference.factors import FactorTable


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


@dataclass(frozen=True, slots=True)
class PortionTask:
    """A task on one portion of an inventory.

    Attributes:
        portion: row of the inventory.
        task: kind, interval and amount [kg of product per event].
        product: row of the factor table whose A1-A3 the amount is multiplied with; -1 = unknown.
    """

    portion: int
    task: MaintenanceTask
    product: int


def with_maintenance(impact: Impact, factors: FactorTable, tasks: Sequence[PortionTask]) -> Impact:
    """The impact with B2 from the tasks of its portions.

    Args:
        impact: has the stage B2 and was made with `factors`.
        factors: A1-A3 per kg of the products used.
        tasks: all tasks; portions without any keep the B2 that they have.

    Returns:
        B2 = sum over the tasks of a portion of events x amount x A1-A3; NaN where no product has a figure,
        partial where one has none, NaN where the life is unknown.

    Raises:
        AssessmentError: B2 is not among the stages, there are no figures for A1-A3, or a portion or product
            is not there; rows are named.

    Source: TOTEM/MMG as recovered from KU Leuven SLiCE/Mouton 2022 dataset.
    """
    if Stage.B2 not in impact.stages or Stage.A1_A3 not in factors.stages:
        raise AssessmentError("Maintenance needs B2 among the stages and figures for A1-A3.")
    faults = [
        f"row {row}: portion {each.portion} or product {each.product} is not there"
        for row, each in enumerate(tasks)
        if not (0 <= each.portion < len(impact.inventory) and -1 <= each.product < len(factors.materials))
    ]
    if faults:
        raise AssessmentError("The maintenance does not fit the inventory", faults)
    product_stage, b2 = factors.stages.index(Stage.A1_A3), impact.stages.index(Stage.B2)
    columns = [factors.indicators.index(each) for each in impact.indicators]
    unknown = np.full(len(columns), np.nan)
    by_portion: dict[int, list[PortionTask]] = {}
    for each in tasks:
        by_portion.setdefault(each.portion, []).append(each)
    values, partial = impact.values.copy(), impact.partial.copy()
    period, rule = impact.scenario.study_period_years, impact.scenario.replacement
    for row, own in by_portion.items():
        life = float(impact.inventory.service_life_years[row])
        if np.isnan(life):
            values[row, :, b2] = np.nan
            continue
        figures = np.stack(
            [unknown if t.product < 0 else factors.values[t.product, columns, product_stage] for t in own]
        )
        used = maintenance_impact([t.task for t in own], figures, life, period, rule)
        nothing = np.array([t.task.amount == 0 for t in own])
        used[nothing] = 0.0
        known = ~np.isnan(used)
        values[row, :, b2] = np.where(known.any(axis=0), np.where(known, used, 0.0).sum(axis=0), np.nan)
        partial[row, b2] = bool((known.any(axis=0) & ~known.all(axis=0)).any())
    return replace(impact, values=values, partial=partial)
