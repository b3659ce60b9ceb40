"""Which changes of a design to choose: the fewest, or the cheapest, that reach a percentile.

Groups do not overlap, so effects of changes of different groups add up, and those of one group exclude each
other. The fewest need no solver; the cheapest are a linear choice problem, solved exactly by HiGHS.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from lca.compare import Comparison, mid_rank_percentile
from passport.assessment import Assessment
from passport.errors import PassportError
from reference.vocabulary import Indicator
from reference.writing import replacing

if TYPE_CHECKING:
    from reference.reference_sets import ReferenceSet

Kind = Literal["swap", "life", "reuse", "disassembly"]
Float64Array = NDArray[np.float64]

#: A change in a file of costs: group, kind and what it becomes.
ChangeKey = tuple[str, str, str]


@dataclass(frozen=True, eq=False)
class DesignChange:
    """One change of one group of portions, against the design as it is.

    Attributes:
        group: material id and place; changes of one group exclude each other.
        kind: swap, life, reuse or disassembly.
        to: new material id, life in years, "reused" or "reused after".
        text: the change in a sentence.
        caveat: what a person must check; rules of the trade, to be confirmed.
        portions: number of portions that change.
        mass_kg: their mass as designed [kg].
        delta: shape (indicator, stage) [indicator unit, whole study period]; below 0 is better.
        gwp: sum of GWP-total over all stages but D [kg CO2 eq].
        score_mpt: the same for the partial single score [mPt].
        percentile: of the design with this change alone [%]; None without a comparison.
        probability_better: share of the draws in which GWP-total is lower; None where it was not drawn.
    """

    group: str
    kind: Kind
    to: str
    text: str
    caveat: str
    portions: int
    mass_kg: float
    delta: Float64Array
    gwp: float
    score_mpt: float
    percentile: float | None = None
    probability_better: float | None = None


@dataclass(frozen=True, eq=False)
class Fewest:
    """The smallest set of changes that reaches a percentile.

    Attributes:
        reached: whether any set of the changes reaches it.
        changes: at most one per group, the largest first; all that help if it is not reached.
        percentile: with all of them [%].
        value: with all of them [unit of the comparison].
    """

    reached: bool
    changes: tuple[DesignChange, ...]
    percentile: float
    value: float


def fewest(
    assessment: Assessment,
    changes: Sequence[DesignChange],
    comparison: Comparison,
    against: ReferenceSet,
    percentile: float,
) -> Fewest:
    """The smallest set of changes with which the design stands at or below a percentile.

    Groups do not overlap, so effects add up, and the fewest changes are the largest effects, one per group:
    taking the best of each group in falling order is exact.

    Args:
        changes: from `improve`.
        comparison, against: as `improve`; the comparison must not be refused.
        percentile: to reach [%].

    Raises:
        ValueError: the comparison is refused, or the percentile is not between 0 and 100.
    """
    if not comparison.comparable or comparison.value is None:
        raise ValueError("The design cannot be compared: " + " ".join(comparison.reasons))
    if not 0 <= percentile <= 100:
        raise ValueError(f"percentile is {percentile}; use 0 to 100.")
    effect = {id(change): compared_effect(assessment, comparison, against, change) for change in changes}
    best: dict[str, DesignChange] = {}
    for change in changes:
        if effect[id(change)] < 0 and (
            change.group not in best or effect[id(change)] < effect[id(best[change.group])]
        ):
            best[change.group] = change
    taken: list[DesignChange] = []
    for change in sorted(best.values(), key=lambda each: effect[id(each)]):
        if placed(assessment, comparison, against, taken)[0] <= percentile:
            break
        taken.append(change)
    place, value = placed(assessment, comparison, against, taken)
    return Fewest(place <= percentile, tuple(taken), place, value)


def placed(
    assessment: Assessment, comparison: Comparison, against: ReferenceSet, changes: Sequence[DesignChange]
) -> tuple[float, float]:
    """Percentile and value of the design with these changes."""
    assert comparison.value is not None
    moved = math.fsum(compared_effect(assessment, comparison, against, each) for each in changes)
    value = comparison.value + moved
    return mid_rank_percentile(value, against.values(comparison.groups)), value


def compared_effect(
    assessment: Assessment, comparison: Comparison, against: ReferenceSet, change: DesignChange
) -> float:
    """Effect on the compared modules in the 0/0 rule [unit of the comparison]."""
    impact = assessment.impact
    stages = [impact.stages.index(s) for group in comparison.groups for s in against.stages_of[group]]
    rows = [impact.indicators.index(each) for each in (Indicator.GWP_FOSSIL, Indicator.GWP_LULUC)]
    area = comparison.floor_area_m2 or math.nan
    return float(change.delta[np.ix_(rows, stages)].sum()) / area / comparison.study_period_years


@dataclass(frozen=True, eq=False)
class Cheapest:
    """The cheapest set of changes that reaches a percentile.

    Attributes:
        reached: whether any set of the changes with a cost reaches it.
        changes: at most one per group; all that help if it is not reached.
        cost: of all of them [currency of the costs]; below 0 is a saving.
        percentile, value: as `Fewest`.
        without_cost: changes that no cost was given for; they cannot be chosen.
    """

    reached: bool
    changes: tuple[DesignChange, ...]
    cost: float
    percentile: float
    value: float
    without_cost: tuple[DesignChange, ...]


def cheapest(
    assessment: Assessment,
    changes: Sequence[DesignChange],
    comparison: Comparison,
    against: ReferenceSet,
    percentile: float,
    costs: Mapping[ChangeKey, float],
) -> Cheapest:
    """The set of changes of the lowest cost with which the design stands at or below a percentile.

    A change that saves money is taken even where the percentile is reached without it.

    Args:
        changes, comparison, against, percentile: as `fewest`.
        costs: extra cost by group, kind and `to` of a change, see `read_costs`.

    Raises:
        ValueError: as `fewest`, or a cost is not finite.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    if not comparison.comparable or comparison.value is None:
        raise ValueError("The design cannot be compared: " + " ".join(comparison.reasons))
    if not 0 <= percentile <= 100:
        raise ValueError(f"percentile is {percentile}; use 0 to 100.")
    offered = [each for each in changes if key_of(each) in costs]
    price = np.array([costs[key_of(each)] for each in offered])
    if not np.isfinite(price).all():
        raise ValueError("A cost is not a finite number.")
    left = tuple(each for each in changes if key_of(each) not in costs)
    effect = np.array([compared_effect(assessment, comparison, against, each) for each in offered])
    groups = sorted({each.group for each in offered})
    same = np.array([[float(each.group == group) for each in offered] for group in groups])
    highest = _highest_value(against.values(comparison.groups), percentile)

    def solved(goal: Float64Array, most: float) -> list[DesignChange] | None:
        if not offered:
            return [] if most >= 0 else None
        limits = [LinearConstraint(same, -np.inf, 1.0), LinearConstraint(effect[None, :], -np.inf, most)]
        found = milp(goal, constraints=limits, integrality=np.ones(len(goal)), bounds=Bounds(0, 1))
        if found.x is None:
            return None
        return [each for each, chosen in zip(offered, found.x > 0.5, strict=True) if chosen]

    taken = solved(price, highest - comparison.value)
    reached = taken is not None
    if taken is None:
        taken = solved(effect, math.inf) or []
    taken.sort(key=lambda each: compared_effect(assessment, comparison, against, each))
    place, value = placed(assessment, comparison, against, taken)
    cost = math.fsum(costs[key_of(each)] for each in taken)
    return Cheapest(reached and place <= percentile, tuple(taken), cost, place, value, left)


def key_of(change: DesignChange) -> ChangeKey:
    """Key of a change in a mapping or file of costs."""
    return change.group, change.kind, change.to


def write_changes(path: str | Path, changes: Sequence[DesignChange]) -> None:
    """Write the changes as CSV with an empty column `cost`: fill it and give the file to `read_costs`.

    Raises:
        OSError: the file cannot be written.
    """
    with replacing(Path(path)) as stream:
        rows = csv.writer(stream)
        rows.writerow(_COLUMNS)
        for each in changes:
            better = "" if each.probability_better is None else each.probability_better
            place = "" if each.percentile is None else each.percentile
            rows.writerow(
                (
                    *key_of(each),
                    "",
                    each.text,
                    each.gwp,
                    each.score_mpt,
                    place,
                    better,
                    each.mass_kg,
                    each.caveat,
                )
            )


_COLUMNS = (
    "group", "kind", "to", "cost", "change", "gwp_total_kg_co2_eq", "score_mpt", "percentile",
    "probability_better", "mass_kg", "check",
)  # fmt: skip


def read_costs(path: str | Path) -> dict[ChangeKey, float]:
    """Costs of changes from a file of `write_changes`; rows with an empty cost are left out.

    Raises:
        PassportError: the file cannot be read, lacks a column, or a cost is no number; the line is named.
    """
    costs: dict[ChangeKey, float] = {}
    try:
        with Path(path).open(encoding="utf-8-sig", newline="") as stream:
            rows = csv.DictReader(stream)
            lacking = [name for name in _COLUMNS[:4] if name not in (rows.fieldnames or ())]
            if lacking:
                raise PassportError(f"{path}: there is no column {', '.join(lacking)}; see `improve --out`.")
            for row in rows:
                if not (row["cost"] or "").strip():
                    continue
                cost = _number(row["cost"])
                if cost is None:
                    raise PassportError(
                        f"{path}, line {rows.line_num}: cost {row['cost']!r} is not a number."
                    )
                costs[row["group"], row["kind"], row["to"]] = cost
    except OSError as error:
        raise PassportError(f"{path}: cannot be read ({error.strerror or error}).") from error
    except UnicodeDecodeError as error:
        raise PassportError(f"{path}: is not UTF-8 text.") from error
    return costs


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _highest_value(cases: Float64Array, percentile: float) -> float:
    """Highest value that still stands at or below a percentile; infinite where every value does."""
    below = math.floor(percentile * len(cases) / 100 + 1e-9)
    if below >= len(cases):
        return math.inf
    first = float(np.sort(cases)[below])
    return first - 1e-8 * abs(first)  # a tie counts half, so it must be clearly below
