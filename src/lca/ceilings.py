"""A result against a policy limit: only where both count the same, else the reasons why not."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lca.compare import LEAST_KNOWN_SHARE
from reference.vocabulary import Indicator, Stage

if TYPE_CHECKING:
    from lca.summing import Summed
    from reference.limits import Limit

#: Modules whose sum does not depend on the study period.
_AT_ONCE = (Stage.A1_A3, Stage.A4, Stage.A5)
_FULL = 1.0 - 1e-9


@dataclass(frozen=True, slots=True)
class Ceiling:
    """A limit beside a result.

    Attributes:
        limit: as published.
        reasons: why no verdict is given, one sentence each; empty where there is one.
        value: GWP-total of the limit's modules [unit of the limit]; None without a verdict.
        ratio: value / limit [-]; None without a verdict.
        at_least: something is missing, so that value and ratio are lower bounds.
        meets: whether the value is at or below the limit; None where that cannot be said.
    """

    limit: Limit
    reasons: tuple[str, ...]
    value: float | None = None
    ratio: float | None = None
    at_least: bool = False
    meets: bool | None = None


def against_limit(result: Summed, limit: Limit, floor_area_m2: float | None) -> Ceiling:
    """Put a result beside a limit; nothing is converted.

    A verdict needs the same modules, study period and kind of area, and a limit of greenhouse gases. Limits
    do not say how they count biogenic carbon: that stays to be checked. A result of which something is
    missing may be found above a limit, never below.

    Args:
        result: `Impact` or `Totals`.
        floor_area_m2: gross floor area [m2], None if it is not known.

    Example:
        >>> import lca
        >>> from reference.limits import load_limits
        >>> inventory = lca.Inventory.from_columns(material=[0], mass_kg=[1.0])
        >>> result = lca.totals(inventory, lca.builtin_factors())
        >>> against_limit(result, load_limits("DK")[0], 100.0).reasons[0]
        'It counts B6, which this result does not have.'
    """
    reasons = []
    stages = limit.stages
    per_year = limit.unit.endswith(".yr")
    if not limit.unit.startswith("kg CO2e/m2"):
        reasons.append(f"It is in {limit.unit}, not in kg CO2 eq per m2.")
    if stages is None:
        reasons.append(f"What it counts is said in words only: {limit.modules or 'nothing'}.")
    else:
        missing = [s for s in stages if s not in result.stages or s in result.missing_stages]
        if missing:
            reasons.append(f"It counts {', '.join(missing)}, which this result does not have.")
    period, own = limit.study_period_years, result.scenario.study_period_years
    depends = stages is None or any(stage not in _AT_ONCE for stage in stages) or per_year
    if depends and period is None:
        reasons.append("Its study period is not known.")
    elif depends and period != own:
        reasons.append(f"Its study period is {period:g} years, that of this result {own:g}.")
    if "gross floor area" not in limit.area_definition:
        reasons.append(
            f"Its area is {limit.area_definition or 'not known'}, that of this result gross floor area."
        )
    if floor_area_m2 is None or not (floor_area_m2 > 0 and math.isfinite(floor_area_m2)):
        reasons.append("The gross floor area of this result is not known.")
    known = result.known_mass_share(Indicator.GWP_TOTAL)
    if not known >= LEAST_KNOWN_SHARE:
        reasons.append(f"Figures are known for {known:.1%} of the mass; {LEAST_KNOWN_SHARE:.0%} are needed.")
    if reasons or stages is None or floor_area_m2 is None:
        return Ceiling(limit, tuple(reasons))
    totals = [result.total(Indicator.GWP_TOTAL, stage) for stage in stages]
    value = math.fsum(total.value for total in totals) / floor_area_m2 / (own if per_year else 1.0)
    at_least = any(
        total.known_share < _FULL or total.partial_stages or total.portions_without_mass for total in totals
    )
    above = value > limit.value
    return Ceiling(
        limit=limit,
        reasons=(),
        value=value,
        ratio=value / limit.value,
        at_least=at_least,
        meets=False if above else None if at_least else True,
    )
