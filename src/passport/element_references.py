"""Reference values per m2 of element, by BB/SfB group, from a firm's own buildings.

For every building the greenhouse gases without biogenic carbon (GWP-fossil + GWP-luluc) of all modules but D
over the whole study period, of the elements of a group, over their area: walls, floors, roofs, openings
and finishes. An element counts only when its area is known and every one of its portions has a
mass and a figure for A1-A3; the share of the group's area that counts stands beside the value.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from lca.compare import mid_rank_percentile
from passport.assessment import Assessment
from passport.element_groups import element_group, group_titles, groups_by_area
from passport.errors import PassportError
from reference.vocabulary import Indicator, Stage

#: Unit of every value.
UNIT = "kg CO2 eq/m2"
#: Below this share of the area with figures a group of a building is no reference.
_LEAST_SHARE = 0.7


@dataclass(frozen=True, slots=True)
class ElementValue:
    """One group of elements of one building.

    Attributes:
        group: BB/SfB code.
        value: over the counted area [kg CO2 eq/m2, whole study period].
        area_m2: counted area [m2].
        elements: number of elements counted.
        known_share: counted area / area of the group [-].
        without_area: elements of the group whose area is not known; they are in no figure.
    """

    group: str
    value: float
    area_m2: float
    elements: int
    known_share: float
    without_area: int


@dataclass(frozen=True)
class ElementReference:
    """One group of elements over several buildings.

    Attributes:
        group, title: BB/SfB code and what it is.
        case_ids: buildings with this group known for at least 0.7 of its area.
        values: one per building [kg CO2 eq/m2, whole study period].
        study_period_years: of all of them [years].
    """

    group: str
    title: str
    case_ids: tuple[str, ...]
    values: tuple[float, ...]
    study_period_years: float

    def percentile(self, value: float) -> float:
        """Share of the buildings below a value, ties counted half [%]."""
        return mid_rank_percentile(value, np.array(self.values))

    def quantiles(self) -> tuple[float, float, float]:
        """p10, median and p90 [kg CO2 eq/m2]."""
        p10, median, p90 = np.percentile(self.values, (10, 50, 90)).tolist()
        return p10, median, p90


def element_values(assessment: Assessment) -> dict[str, ElementValue]:
    """Greenhouse gases per m2 of element of one building, by BB/SfB group.

    Example:
        >>> element_values(assess(house))["21"].value  # doctest: +SKIP
        91.4
    """
    impact = assessment.impact
    rows = [impact.indicators.index(each) for each in (Indicator.GWP_FOSSIL, Indicator.GWP_LULUC)]
    counted = [k for k, stage in enumerate(impact.stages) if stage is not Stage.D]
    product = impact.stages.index(Stage.A1_A3)
    gwp = np.nansum(impact.values[:, rows][:, :, counted], axis=(1, 2))
    known = ~np.isnan(impact.values[:, rows[0], product])
    of_element: dict[str, float] = defaultdict(float)
    complete: dict[str, bool] = {}
    for k, element in enumerate(assessment.rows.elements):
        of_element[element.global_id] += float(gwp[k])
        complete[element.global_id] = complete.get(element.global_id, True) and bool(known[k])
    sums: dict[str, list[tuple[float, float]]] = defaultdict(list)
    whole: dict[str, float] = defaultdict(float)
    without: dict[str, int] = defaultdict(int)
    for element in assessment.passport.elements:
        group, area = element_group(element), element.area_m2
        if group not in groups_by_area() and group.partition(".")[0] not in groups_by_area():
            continue
        if not area:
            without[group] += 1
            continue
        whole[group] += area
        if complete.get(element.global_id, False):
            sums[group].append((of_element[element.global_id], area))
    return {
        group: ElementValue(
            group=group,
            value=math.fsum(value for value, _ in pairs) / math.fsum(area for _, area in pairs),
            area_m2=math.fsum(area for _, area in pairs),
            elements=len(pairs),
            known_share=math.fsum(area for _, area in pairs) / whole[group],
            without_area=without[group],
        )
        for group, pairs in sorted(sums.items())
    }


def element_references(buildings: Mapping[str, Assessment]) -> Sequence[ElementReference]:
    """Values per group over several buildings, those with the most buildings first.

    Raises:
        PassportError: the study periods differ.

    Example:
        >>> for each in element_references(houses):  # doctest: +SKIP
        ...     print(each.title, each.quantiles())
    """
    periods = {each.study_period_years for each in buildings.values()}
    if len(periods) > 1:
        raise PassportError(f"The buildings have different study periods: {sorted(periods)} years.")
    found: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for case_id, assessment in buildings.items():
        for group, value in element_values(assessment).items():
            if value.known_share >= _LEAST_SHARE:
                found[group].append((case_id, value.value))
    return [
        ElementReference(
            group=group,
            title=group_titles().get(group) or group_titles().get(group.partition(".")[0], ""),
            case_ids=tuple(case_id for case_id, _ in pairs),
            values=tuple(value for _, value in pairs),
            study_period_years=next(iter(periods)),
        )
        for group, pairs in sorted(found.items(), key=lambda item: (-len(item[1]), item[0]))
    ]
