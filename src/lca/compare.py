"""Where a design stands among reference buildings, for the modules that both sides have, or why that cannot
be said.

Greenhouse gases only, biogenic carbon 0/0 (GWP-fossil + GWP-luluc), because the reference cases count so.
Modules are compared in groups, as the reference declares them; a group is compared only when the design has
all of it. What either side has alone is trimmed, named and weighed. Missing data never make a design look
better: where mass or sub-processes are unknown, value and percentile are lower bounds.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeGuard

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from lca.errors import AssessmentError
from reference.vocabulary import BiogenicRule, Indicator, Stage

if TYPE_CHECKING:
    from lca.impact import Impact
    from lca.uncertainty import Simulation
    from reference.reference_sets import ReferenceSet

Position = Literal["below", "within", "above"]

DATA_GENERATION = "EN 15804+A2 figures of 2024 (EF 3.1, Sphera background)"

COMPARED_UNIT = "kg CO2 eq/m2.yr"

#: Below this share of known mass, of the building or of a module group, nothing is compared.
LEAST_KNOWN_SHARE = 0.7
#: A percentile in fewer cases than this says nothing.
LEAST_CASES = 5

_SAME = 1e-9
_FULL = 1.0 - 1e-9  # shares are sums of floats


class GroupPosition(BaseModel):
    """One module group of a comparison.

    Attributes:
        group: name of the group.
        value: of the design [unit of the set]; a lower bound where the comparison is one.
        percentile: share of the cases below it, ties counted half [%].
        p10, median, p90: of the cases [unit of the set].
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    group: str
    value: float
    percentile: float
    p10: float
    median: float
    p90: float


class Comparison(BaseModel):
    """A position among reference buildings, or the reasons why there is none; frozen, JSON there and back.

    Attributes:
        comparable: False if refused; then `reasons` says why and the figures are None.
        reasons: why not comparable, one sentence each.
        value: the design, sum of the compared modules [unit].
        unit: unit of the reference set, kg CO2 eq per m2 and year.
        groups: module groups compared.
        trimmed_design: modules that only the design has, or has in full only there; not in `value`.
        trimmed_reference: module groups that only the reference has; not in its figures.
        trimmed_value: what trimming removed from the design [unit].
        trimmed_share: trimmed_value / (value + trimmed_value) [-]; None where that is 0.
        percentile: share of cases below the design, ties counted half [%], 0 to 100.
        percentile_upper: the same for `value_upper`; None if there is no such value.
        p10, median, p90: of the cases, for the same modules [unit].
        ratio_to_median: value / median [-].
        position: of `value`: below p10, within the band, above p90.
        possible_positions: positions that missing data leave open; one if nothing is missing.
        at_least: True where `value` and `percentile` are lower bounds.
        value_upper: value with the unknown mass at the intensity the caller gave [unit].
        upper_is_bound: True if nothing but the unknown mass is missing, so that value_upper bounds the value.
        percentile_low, percentile_high: 90 % of the draws of the known part lie between these percentiles;
            the upper one with the unknown mass at the intensity the caller gave; None without draws.
        value_low, value_high: the values behind these percentiles [unit]; None without draws.
        draws: number of draws behind them; 0: none.
        cases: compared modules of every case, ascending [unit]; empty where refused.
        per_group: every compared module group apart.
        reference_name, population: which set it is.
        known_share: share of the mass that is known [-].
        partial_stages: compared stages that leave out sub-processes.
        n: number of cases.
        floor_area_m2: gross floor area of the design [m2], None if it is none.
        study_period_years: of the design [years].
        biogenic_rule, area_definition, source, licence: of the reference cases.
        notes: what a reader must know beside the figures.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    comparable: bool
    reasons: tuple[str, ...] = ()
    value: float | None = None
    unit: str
    groups: tuple[str, ...] = ()
    trimmed_design: tuple[Stage, ...] = ()
    trimmed_reference: tuple[str, ...] = ()
    trimmed_value: float | None = None
    trimmed_share: float | None = None
    percentile: float | None = None
    percentile_upper: float | None = None
    p10: float | None = None
    median: float | None = None
    p90: float | None = None
    ratio_to_median: float | None = None
    position: Position | None = None
    possible_positions: tuple[Position, ...] = ()
    at_least: bool = False
    value_upper: float | None = None
    upper_is_bound: bool = False
    percentile_low: float | None = None
    percentile_high: float | None = None
    value_low: float | None = None
    value_high: float | None = None
    draws: int = 0
    cases: tuple[float, ...] = ()
    per_group: tuple[GroupPosition, ...] = ()
    reference_name: str = ""
    population: str = ""
    known_share: float | None = None
    partial_stages: tuple[Stage, ...] = ()
    n: int = 0
    floor_area_m2: float | None = None
    study_period_years: float
    biogenic_rule: BiogenicRule
    area_definition: str
    source: str
    licence: str
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        if not self.comparable:
            return "Not comparable: " + " ".join(self.reasons)
        least = "at least " if self.at_least else ""
        return (
            f"{self.position} the band of the reference: {least}{self.value:.2f} {self.unit}, "
            f"{least}percentile {self.percentile:.0f} of {self.n} cases "
            f"(p10 {self.p10:.2f}, median {self.median:.2f}, p90 {self.p90:.2f}; {', '.join(self.groups)})"
        )


@dataclass(frozen=True, slots=True)
class StageValues:
    """What `compare` needs of an `Impact`; see `fossil_and_luluc`.

    Attributes:
        values: per stage [kg CO2 eq/m2.yr], stages without a figure left out; empty without a floor area.
        known_share: share of the mass with a figure for A1-A3 [-].
        share_by_stage: share of the mass with a figure [-].
        partial_stages: stages that leave out sub-processes or portions.
        portions_without_mass: portions of unknown mass.
        floor_area_m2: gross floor area [m2].
        study_period_years: study period [years].
    """

    values: Mapping[Stage, float]
    known_share: float
    share_by_stage: Mapping[Stage, float]
    partial_stages: tuple[Stage, ...]
    portions_without_mass: int
    floor_area_m2: float | None
    study_period_years: float


def fossil_and_luluc(impact: Impact, floor_area_m2: float | None) -> StageValues:
    """GWP-fossil + GWP-luluc of an impact by stage: greenhouse gases in the 0/0 rule, whatever rule it was
    made with.

    Raises:
        AssessmentError: the impact has no GWP-fossil or no GWP-luluc.

    Source: EN 15804+A2, GWP-total = fossil + biogenic + luluc; 0/0 leaves biogenic out.
    """
    fossil, luluc = impact.total(Indicator.GWP_FOSSIL), impact.total(Indicator.GWP_LULUC)
    years = impact.scenario.study_period_years
    values: dict[Stage, float] = {}
    if _is_area(floor_area_m2):
        for stage in fossil.stages:
            both = [impact.total(each.indicator, stage).value for each in (fossil, luluc)]
            if not math.isnan(both[0]):
                values[stage] = float(np.nansum(both)) / floor_area_m2 / years
    partial = {*fossil.partial_stages, *luluc.partial_stages, *luluc.missing_stages} & set(values)
    return StageValues(
        values=values,
        known_share=fossil.known_share,
        share_by_stage=fossil.share_by_stage,
        partial_stages=tuple(stage for stage in fossil.stages if stage in partial),
        portions_without_mass=fossil.portions_without_mass,
        floor_area_m2=floor_area_m2,
        study_period_years=years,
    )


def compare_impact(
    impact: Impact,
    reference_set: ReferenceSet,
    *,
    floor_area_m2: float | None,
    unknown_upper_kg_m2_yr: float | None = None,
    data_generation: str = DATA_GENERATION,
) -> Comparison:
    """`compare` for an `Impact`: `fossil_and_luluc` and then `compare`.

    Raises:
        AssessmentError: the impact has no GWP-fossil or no GWP-luluc; everything else is a refused
            Comparison.
    """
    stages = fossil_and_luluc(impact, floor_area_m2)
    return compare(
        stages.values,
        reference_set,
        known_share=stages.known_share,
        floor_area_m2=floor_area_m2,
        study_period_years=stages.study_period_years,
        share_by_stage=stages.share_by_stage,
        partial_stages=stages.partial_stages,
        portions_without_mass=stages.portions_without_mass,
        unknown_upper_kg_m2_yr=unknown_upper_kg_m2_yr,
        data_generation=data_generation,
    )


def compare(
    stage_values: Mapping[Stage, float],
    reference_set: ReferenceSet,
    *,
    known_share: float,
    floor_area_m2: float | None,
    study_period_years: float = 60.0,
    share_by_stage: Mapping[Stage, float] | None = None,
    partial_stages: Collection[Stage] = (),
    portions_without_mass: int = 0,
    unknown_upper_kg_m2_yr: float | None = None,
    data_generation: str = DATA_GENERATION,
) -> Comparison:
    """Place a design among the cases of a reference set.

    Args:
        stage_values: greenhouse gases by stage in the 0/0 rule [kg CO2 eq per m2 gross floor area and year];
            NaN or absent = no figure. D is ignored.
        reference_set: the cases.
        known_share: share of the mass that is known [-].
        floor_area_m2: gross floor area behind `stage_values` [m2]; None if unknown.
        study_period_years: study period behind `stage_values` [years].
        share_by_stage: share of the mass with a figure, per stage [-]; a group with a stage below 0.7 is
            trimmed.
        partial_stages: stages whose value leaves out sub-processes or portions.
        portions_without_mass: number of portions of unknown mass.
        unknown_upper_kg_m2_yr: most that the unknown mass could add, e.g. unknown mass x 90th percentile of
            the known intensity [kg CO2 eq/m2.yr]; None: no upper value.
        data_generation: name of the design's background data, for the note.

    Returns:
        A Comparison. It is refused, with every reason, when there is no floor area, no shared module group,
        less than 0.7 of the mass known, fewer than 5 cases, another study period or another biogenic rule.

    Raises:
        AssessmentError: `unknown_upper_kg_m2_yr` is negative or not finite.

    Example:
        >>> from reference import load_residential
        >>> houses = load_residential("detached")
        >>> result = compare({Stage.A1_A3: 4.0}, houses, known_share=1.0, floor_area_m2=150)
        >>> result.position, result.groups, result.at_least
        ('within', ('A1-A3',), False)
        >>> print(compare({Stage.A1_A3: 4.0}, houses, known_share=0.5, floor_area_m2=150))
        Not comparable: Figures are known for 50.0% of the mass; 70% are needed.
    """
    if unknown_upper_kg_m2_yr is not None and not 0 <= unknown_upper_kg_m2_yr < math.inf:
        raise AssessmentError(f"unknown_upper_kg_m2_yr must be 0 or more, not {unknown_upper_kg_m2_yr}.")
    present: dict[Stage, float] = {
        stage: float(value)
        for stage, value in stage_values.items()
        if stage is not Stage.D and math.isfinite(value)
    }
    shares = {} if share_by_stage is None else share_by_stage
    groups = shared_groups(reference_set.stages_of, present, shares)
    compared = [stage for group in groups for stage in reference_set.stages_of[group]]
    value = math.fsum(present[stage] for stage in compared)
    trimmed = tuple(stage for stage in Stage if stage in present and stage not in compared)
    trimmed_value = math.fsum(present[stage] for stage in trimmed)
    in_part = tuple(stage for stage in compared if stage in partial_stages)
    below_full = known_share < _FULL or any(shares.get(stage, 1.0) < _FULL for stage in compared)
    at_least = below_full or bool(in_part) or portions_without_mass > 0
    cases = np.sort(np.asarray(reference_set.values(groups), dtype=np.float64)) if groups else np.empty(0)
    rule, period = reference_set.biogenic_rule, float(reference_set.study_period_years)
    reasons = _refusals(
        floor_area_m2=floor_area_m2,
        study_period_years=study_period_years,
        reference_period_years=period,
        known_share=known_share,
        groups=groups,
        share_by_stage=shares,
        present=present,
        n=reference_set.n,
        rule=rule,
        indicator=reference_set.indicator,
        unit=reference_set.unit,
    )
    said: dict[str, Any] = {
        "groups": groups,
        "trimmed_design": trimmed,
        "trimmed_reference": tuple(group for group in reference_set.module_groups if group not in groups),
        "known_share": None if math.isnan(known_share) else known_share,
        "partial_stages": in_part,
        "n": reference_set.n,
        "reference_name": reference_set.name,
        "population": reference_set.population,
        "floor_area_m2": floor_area_m2 if _is_area(floor_area_m2) else None,
        "study_period_years": study_period_years,
        "biogenic_rule": rule,
        "area_definition": reference_set.area_definition,
        "source": reference_set.source,
        "licence": reference_set.licence,
        "unit": reference_set.unit,
        "notes": _notes(
            share_by_stage=shares,
            present=present,
            in_part=in_part,
            portions_without_mass=portions_without_mass,
            data_generation=data_generation,
            reference_method=reference_set.method,
        ),
    }
    if reasons:
        return Comparison(comparable=False, reasons=reasons, at_least=at_least, **said)
    p10, median, p90 = (float(q) for q in np.quantile(cases, (0.1, 0.5, 0.9)))
    upper: float | None = None if at_least else value
    if at_least and unknown_upper_kg_m2_yr is not None:
        upper = value + unknown_upper_kg_m2_yr
    bounded = upper is not None and not in_part and portions_without_mass == 0
    position = _position(value, p10, p90)
    whole = value + trimmed_value
    return Comparison(
        comparable=True,
        value=value,
        trimmed_value=trimmed_value,
        trimmed_share=trimmed_value / whole if whole != 0 else None,
        percentile=mid_rank_percentile(value, cases),
        percentile_upper=None if upper is None else mid_rank_percentile(upper, cases),
        p10=p10,
        median=median,
        p90=p90,
        ratio_to_median=value / median if median != 0 else None,
        position=position,
        possible_positions=_positions_between(
            position, _position(upper, p10, p90) if bounded and upper is not None else "above"
        ),
        at_least=at_least,
        value_upper=upper,
        upper_is_bound=bounded,
        cases=tuple(cases.tolist()),
        per_group=tuple(_group_position(group, present, reference_set) for group in groups),
        **said,
    )


def shared_groups(
    stages_of: Mapping[str, tuple[Stage, ...]],
    present: Mapping[Stage, float],
    share_by_stage: Mapping[Stage, float],
) -> tuple[str, ...]:
    """Module groups that the design has in full, each stage for at least 0.7 of the mass.

    Example:
        >>> groups = {"A1-A3": (Stage.A1_A3,), "A4-A5": (Stage.A4, Stage.A5)}
        >>> shared_groups(groups, {Stage.A1_A3: 5.0, Stage.A4: 0.2}, {})
        ('A1-A3',)
    """
    return tuple(
        group
        for group, stages in stages_of.items()
        if all(stage in present and _enough(share_by_stage, stage) for stage in stages)
    )


def _group_position(group: str, present: Mapping[Stage, float], reference_set: ReferenceSet) -> GroupPosition:
    value = math.fsum(present[stage] for stage in reference_set.stages_of[group])
    cases = np.asarray(reference_set.values([group]), dtype=np.float64)
    p10, median, p90 = (float(q) for q in np.quantile(cases, (0.1, 0.5, 0.9)))
    return GroupPosition(
        group=group,
        value=value,
        percentile=mid_rank_percentile(value, cases),
        p10=p10,
        median=median,
        p90=p90,
    )


def with_draws(
    comparison: Comparison, reference_set: ReferenceSet, simulation: Simulation, floor_area_m2: float
) -> Comparison:
    """The comparison with the percentiles between which 90 % of the draws lie.

    The compared modules of every draw are placed among the cases. What is unknown in every draw is added to
    the upper end as in `Comparison.value_upper`, so that missing data never narrow the band from above.

    Args:
        comparison: from `compare`; a refused one is returned as it is.
        reference_set: the set that it was made with.
        simulation: draws of the same inventory and scenario.
        floor_area_m2: gross floor area [m2].

    Raises:
        AssessmentError: the simulation has no GWP-fossil or no GWP-luluc.
    """
    if not comparison.comparable or comparison.value is None:
        return comparison
    stages = [stage for group in comparison.groups for stage in reference_set.stages_of[group]]
    both = [simulation.total(each, stages) for each in (Indicator.GWP_FOSSIL, Indicator.GWP_LULUC)]
    per_m2_year = np.nansum(both, axis=0) / floor_area_m2 / comparison.study_period_years
    low, high = (float(each) for each in np.percentile(per_m2_year, (5, 95)))
    unknown = 0.0 if comparison.value_upper is None else comparison.value_upper - comparison.value
    cases = np.asarray(reference_set.values(comparison.groups), dtype=np.float64)
    return comparison.model_copy(
        update={
            "percentile_low": mid_rank_percentile(low, cases),
            "percentile_high": mid_rank_percentile(high + unknown, cases),
            "value_low": low,
            "value_high": high + unknown,
            "draws": simulation.draws,
        }
    )


def mid_rank_percentile(value: float, cases: NDArray[np.float64]) -> float:
    """Share of the cases below `value`, ties counted half [%].

    Example:
        >>> mid_rank_percentile(2.0, np.array([1.0, 2.0, 3.0, 4.0]))
        37.5
    """
    # Sums of the same figures in another order differ in their last digits; they are ties.
    ties_at = np.isclose(cases, value, rtol=_SAME, atol=0.0)
    below = np.count_nonzero((cases < value) & ~ties_at)
    ties = np.count_nonzero(ties_at)
    return float(100.0 * (below + 0.5 * ties) / len(cases))


def _is_area(floor_area_m2: float | None) -> TypeGuard[float]:
    return floor_area_m2 is not None and floor_area_m2 > 0 and math.isfinite(floor_area_m2)


def _enough(share_by_stage: Mapping[Stage, float], stage: Stage) -> bool:
    return share_by_stage.get(stage, 1.0) >= LEAST_KNOWN_SHARE


def _position(value: float, p10: float, p90: float) -> Position:
    if value < p10:
        return "below"
    return "above" if value > p90 else "within"


def _positions_between(low: Position, high: Position) -> tuple[Position, ...]:
    order: tuple[Position, ...] = ("below", "within", "above")
    return order[order.index(low) : order.index(high) + 1]


def _refusals(
    *,
    floor_area_m2: float | None,
    study_period_years: float,
    reference_period_years: float,
    known_share: float,
    groups: Sequence[str],
    share_by_stage: Mapping[Stage, float],
    present: Mapping[Stage, float],
    n: int,
    rule: BiogenicRule,
    indicator: Indicator,
    unit: str,
) -> tuple[str, ...]:
    reasons = []
    if (indicator, unit) != (Indicator.GWP_TOTAL, COMPARED_UNIT):
        reasons.append(
            f"The reference is in {unit} of {indicator}; only {Indicator.GWP_TOTAL} in {COMPARED_UNIT} can "
            "be compared."
        )
    if not _is_area(floor_area_m2):
        reasons.append("The gross floor area is not known; state it.")
    if math.isnan(known_share):
        reasons.append("It is not known which share of the mass has figures.")
    elif known_share < LEAST_KNOWN_SHARE:
        reasons.append(
            f"Figures are known for {known_share:.1%} of the mass; {LEAST_KNOWN_SHARE:.0%} are needed."
        )
    # Without an area or a known mass there are no figures to share; saying so again would hide the cause.
    if not groups and _is_area(floor_area_m2) and not math.isnan(known_share):
        thin = [stage for stage in present if not _enough(share_by_stage, stage)]
        because = f" ({', '.join(thin)}: known for too little of the mass)" if thin else ""
        reasons.append(f"Design and reference share no complete module group{because}.")
    if abs(study_period_years - reference_period_years) > 1e-9:
        reasons.append(
            f"The study period is {study_period_years:g} years, "
            f"that of the reference {reference_period_years:g}."
        )
    if n < LEAST_CASES:
        reasons.append(f"The reference has {n} case(s); {LEAST_CASES} are needed.")
    if rule is not BiogenicRule.ZERO_ZERO:
        reasons.append(f"The reference counts biogenic carbon as {rule}, the design value is 0/0.")
    return tuple(reasons)


def _notes(
    *,
    share_by_stage: Mapping[Stage, float],
    present: Mapping[Stage, float],
    in_part: Sequence[Stage],
    portions_without_mass: int,
    data_generation: str,
    reference_method: str,
) -> tuple[str, ...]:
    notes = [
        f"Data generations differ. Design: {data_generation}. Reference: {reference_method}.",
        "Both sides count greenhouse gases without biogenic carbon (0/0). Module D is not compared.",
    ]
    if in_part:
        notes.append(f"{', '.join(in_part)} leave out sub-processes or portions that have no figure.")
    thin = [stage for stage in present if not _enough(share_by_stage, stage)]
    if thin:
        notes.append(
            f"{', '.join(thin)} have figures for less than {LEAST_KNOWN_SHARE:.0%} of the mass: trimmed."
        )
    if portions_without_mass:
        notes.append(f"{portions_without_mass} portion(s) have no mass and are not in the value.")
    return tuple(notes)
