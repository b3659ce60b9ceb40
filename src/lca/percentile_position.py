"""Where a result lies between published percentiles, or why that cannot be said."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lca.compare import LEAST_KNOWN_SHARE
from lca.score import score_of
from reference.percentile_sets import SCORE, PercentileSet
from reference.vocabulary import BiogenicRule, Indicator, Stage

if TYPE_CHECKING:
    from lca.summing import Summed

_FULL = 1.0 - 1e-9  # shares are sums of floats


@dataclass(frozen=True, slots=True)
class PercentilePosition:
    """A result between published percentiles.

    Attributes:
        reference: the set.
        reasons: why there is no position, one sentence each; empty where there is one.
        value: the modules of the set [unit of the set]; None without a position.
        at_least: something is missing, so that the value is a lower bound.
        percentile_low, percentile_high: percentages between which the design lies [%]; 100 is the upper one
            of a lower bound.
        ratios: value / published value, by percentage [-].
        trimmed: modules that only the design has; not in `value`.
        weight_covered: share of the weights that a score covers [-]; None for an indicator.
    """

    reference: PercentileSet
    reasons: tuple[str, ...]
    value: float | None = None
    at_least: bool = False
    percentile_low: float | None = None
    percentile_high: float | None = None
    ratios: tuple[tuple[float, float], ...] = ()
    trimmed: tuple[Stage, ...] = ()
    weight_covered: float | None = None


def against_percentiles(
    result: Summed, reference: PercentileSet, floor_area_m2: float | None
) -> PercentilePosition:
    """Place a result between the published percentiles; nothing between two of them is invented.

    A score of which indicators are not declared, a module known in part and an unknown mass make a lower
    bound: then everything above it stays possible.

    Args:
        result: `Impact` or `Totals`.
        floor_area_m2: gross floor area [m2]; None if it is not known.

    Returns:
        A position, refused with every reason when there is no floor area, a module of the set has no figure,
        the study periods or EF versions differ, or less than 0.7 of the mass is known.

    Example:
        >>> import lca
        >>> study = PercentileSet(
        ...     name="a", population="40 houses", percentiles={10: 0.5, 90: 12.0}, stages=(Stage.A1_A3,),
        ...     indicator=Indicator.GWP_TOTAL, unit="kg CO2 eq/m2.yr", study_period_years=60,
        ...     area_definition="m2 gross floor area", biogenic_rule=BiogenicRule.ZERO_ZERO, method="",
        ...     source="a study", licence="its own")
        >>> table = lca.builtin_factors()
        >>> concrete = table.index_of(["concrete-c30-37"])
        >>> house = lca.totals(lca.Inventory.from_columns(material=concrete, mass_kg=[1e5]), table)
        >>> place = against_percentiles(house, study, 100.0)
        >>> place.percentile_low, place.percentile_high
        (10.0, 90.0)
    """
    reasons = []
    counted: tuple[Indicator, ...] = ()
    if reference.indicator != SCORE:
        zero = reference.biogenic_rule is BiogenicRule.ZERO_ZERO
        parts = (Indicator.GWP_FOSSIL, Indicator.GWP_LULUC)
        wanted = Indicator(reference.indicator)
        counted = parts if zero and wanted is Indicator.GWP_TOTAL else (wanted,)
        absent = [str(each) for each in counted if each not in result.indicators]
        if absent:
            reasons.append(f"The result has no {', '.join(absent)}.")
    main = result.total(counted[0] if counted and not reasons else Indicator.GWP_TOTAL)
    shares = [
        main.known_share,
        *(main.share_by_stage[s] for s in reference.stages if s in main.share_by_stage),
    ]
    missing = [s for s in reference.stages if s not in result.stages or s in main.missing_stages]
    if missing:
        reasons.append(f"The reference holds {', '.join(missing)}, which the design does not have.")
    own, period = result.scenario.study_period_years, reference.study_period_years
    if abs(own - period) > 1e-9:
        reasons.append(f"The study period is {own:g} years, that of the reference {period:g}.")
    if floor_area_m2 is None or not 0 < floor_area_m2 < math.inf:
        reasons.append("The gross floor area is not known; state it.")
    if reference.ef_version is not None and reference.ef_version != result.scenario.ef_version:
        reasons.append(
            f"The score of the reference is in EF {reference.ef_version}, of the design in EF "
            f"{result.scenario.ef_version}."
        )
    if math.isnan(main.known_share):
        reasons.append("It is not known which share of the mass has figures.")
    elif min(shares) < LEAST_KNOWN_SHARE:
        reasons.append(
            f"Figures are known for {min(shares):.1%} of the mass; {LEAST_KNOWN_SHARE:.0%} are needed."
        )
    trimmed = tuple(s for s in main.stages if s is not Stage.D and s not in reference.stages)
    if reasons or floor_area_m2 is None:
        return PercentilePosition(reference, tuple(reasons), trimmed=trimmed)
    covered = None
    stages = list(reference.stages)
    if counted:
        totals = [result.total(each, stages) for each in counted]
        whole = math.fsum(each.value for each in totals if not math.isnan(each.value))
        partial = any({*each.partial_stages, *each.missing_stages} & set(stages) for each in totals)
    else:
        score = score_of(result, stages, data_version="3.1", mixed=True)
        whole, covered = score.value_mpt, score.weight_covered
        partial = bool(set(main.partial_stages) & set(stages)) or not score.complete
    value = whole / floor_area_m2 / (own if reference.per_year else 1.0)
    without_mass = main.portions_without_mass > 0
    at_least = partial or without_mass or min(shares) < _FULL
    low, high = reference.between(value)
    return PercentilePosition(
        reference,
        (),
        value=value,
        at_least=at_least,
        percentile_low=low,
        percentile_high=100.0 if at_least else high,
        ratios=tuple((p, value / at) for p, at in reference.percentiles.items() if at != 0),
        trimmed=trimmed,
        weight_covered=covered,
    )
