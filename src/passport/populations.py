"""A firm's own buildings as a reference set, from stored passports."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from lca.compare import COMPARED_UNIT, LEAST_KNOWN_SHARE, fossil_and_luluc, mid_rank_percentile
from passport.assessment import Assessment
from passport.errors import PassportError
from passport.findings import Finding, Findings, Severity
from reference.reference_sets import ReferenceSet
from reference.vocabulary import BiogenicRule, Indicator, Stage

if TYPE_CHECKING:
    from lca.compare import StageValues

#: Modules that are compared together; a group counts if every building has all of it.
_GROUPS: tuple[tuple[str, tuple[Stage, ...]], ...] = (
    ("A1-A3", (Stage.A1_A3,)),
    ("A4-A5", (Stage.A4, Stage.A5)),
    ("B2", (Stage.B2,)),
    ("B4", (Stage.B4,)),
    ("C1", (Stage.C1,)),
    ("C2", (Stage.C2,)),
    ("C3-C4", (Stage.C3, Stage.C4)),
)


def own_population(
    buildings: Mapping[str, Assessment], *, name: str, licence: str = "internal"
) -> tuple[ReferenceSet, Findings]:
    """A reference set of own buildings: greenhouse gases without biogenic carbon, per module group.

    Args:
        buildings: assessments by id; all of one study period.
        name: name of the set.
        licence: shown beside every comparison.

    Returns:
        The set, with the module groups that every building has; and a finding for each building that is left
        out because its floor area is unknown or too little of its mass is.

    Raises:
        PassportError: no building is left, or the study periods differ.

    Example:
        >>> houses = {path.stem: assess(load_passport(path)) for path in paths}  # doctest: +SKIP
        >>> ours, left_out = own_population(houses, name="our-houses")  # doctest: +SKIP
    """
    used: dict[str, StageValues] = {}
    notes = []
    for case_id, assessment in buildings.items():
        stages = fossil_and_luluc(assessment.impact, assessment.floor_area_m2)
        if assessment.floor_area_m2 is None:
            why = "its floor area is not known"
        elif not stages.known_share >= LEAST_KNOWN_SHARE:
            known = f"{stages.known_share:.1%} of its mass ({LEAST_KNOWN_SHARE:.0%} needed)"
            why = f"figures are known for {known}"
        else:
            used[case_id] = stages
            continue
        notes.append(
            Finding(
                code="population-left-out",
                severity=Severity.WARNING,
                message=f"{case_id} is not in the population: {why}.",
                hint="Complete the passport, then make the set again.",
            )
        )
    if not used:
        reasons = " ".join(note.message for note in notes)
        raise PassportError(f"No building of {len(buildings)} can be in the set {name!r}. {reasons}")
    periods = {each.study_period_years for each in used.values()}
    if len(periods) > 1:
        raise PassportError(f"The buildings have different study periods: {sorted(periods)} years.")
    least_known = min(each.known_share for each in used.values())
    groups = {
        group: stages
        for group, stages in _GROUPS
        if all(stage in each.values for each in used.values() for stage in stages)
    }
    return (
        ReferenceSet(
            name=name,
            population=f"{len(used)} own buildings",
            case_ids=tuple(used),
            stages_of=groups,
            by_group=np.array(
                [
                    [sum(each.values[stage] for stage in stages) for stages in groups.values()]
                    for each in used.values()
                ]
            ),
            gross_floor_area_m2=np.array([float(each.floor_area_m2 or np.nan) for each in used.values()]),
            building_types=tuple(buildings[case_id].passport.building_use.dwelling_type for case_id in used),
            unit=COMPARED_UNIT,
            study_period_years=periods.pop(),
            area_definition="floor area of each passport, see there",
            biogenic_rule=BiogenicRule.ZERO_ZERO,
            indicator=Indicator.GWP_TOTAL,
            method="this library, GWP-fossil + GWP-luluc, figures for at least "
            f"{least_known:.0%} of the mass of each",
            source="own passports",
            licence=licence,
            confidence="user",
        ),
        Findings(notes),
    )


def leave_one_out(cases: ReferenceSet) -> dict[str, float]:
    """Percentile of each building among the others [%]: what stands out should be looked at first.

    Example:
        >>> from reference import load_residential
        >>> places = leave_one_out(load_residential("terraced"))
        >>> min(places.values()), max(places.values())
        (0.0, 100.0)
    """
    values = cases.values()
    return {
        case_id: mid_rank_percentile(float(values[k]), np.delete(values, k))
        for k, case_id in enumerate(cases.case_ids)
        if cases.n > 1
    }
