"""The single score in millipoints: normalised and weighted impacts of 16 EF categories.

    score [mPt] = 1000 x sum( impact / normalisation x weight / 100 )

GWP-total counts once, its parts never. An indicator that is not declared is not zero: it is named and lowers
the share of the weights that is covered. Negative impacts pass unclipped.

Source: JRC normalisation EF 3.0 and 3.1, weighting set 2018 (`reference.load_ef_factors`, secondary copies).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from lca.errors import AssessmentError
from lca.scenario import EfVersion
from reference.vocabulary import Indicator
from reference.weighting import load_ef_factors

if TYPE_CHECKING:
    from lca.summing import StageLike, Summed


@dataclass(frozen=True, slots=True)
class Score:
    """A single score with what it covers.

    Attributes:
        value_mpt: score [mPt]; NaN where no indicator is declared.
        ef_version: version of normalisation.
        weight_covered: share of the weights that the declared indicators have [-].
        missing: weighted indicators that are not declared.
        by_indicator: contribution of each declared indicator [mPt]; they add up to the score.
        mixed: the data were characterised with another EF version than the factors.
    """

    value_mpt: float
    ef_version: EfVersion
    weight_covered: float
    missing: tuple[Indicator, ...]
    by_indicator: Mapping[Indicator, float]
    mixed: bool = False

    @property
    def complete(self) -> bool:
        """Whether all 16 categories are declared; otherwise the score is partial."""
        return not self.missing

    def __str__(self) -> str:
        kind = "" if self.complete else "partial "
        text = f"{kind}score {self.value_mpt:.4g} mPt (EF {self.ef_version}, "
        text += f"{self.weight_covered:.2%} of the weights declared"
        return text + (", EF versions mixed)" if self.mixed else ")")


def single_score(
    impact: Mapping[Indicator, float | None],
    ef_version: EfVersion = "3.1",
    *,
    data_version: EfVersion | None = None,
    mixed: bool = False,
) -> Score:
    """Single score of impacts by indicator.

    Args:
        impact: impact [unit of the indicator]; None, NaN and absent mean not declared. Indicators that are
            not weighted, such as the parts of GWP-total, are left aside.
        ef_version: factors to use.
        data_version: version that the data were characterised with, where it is known.
        mixed: allow data and factors of different versions; the score says so.

    Raises:
        AssessmentError: the versions differ without `mixed`, or a value is infinite.

    Example:
        >>> print(single_score({Indicator.GWP_TOTAL: 7553.08316285117}))
        partial score 210.6 mPt (EF 3.1, 21.06% of the weights declared)
    """
    if ef_version not in ("3.0", "3.1"):
        raise AssessmentError(f"EF {ef_version} does not exist here; use 3.0 or 3.1.")
    differs = data_version is not None and data_version != ef_version
    if differs and not mixed:
        raise AssessmentError(
            f"The data are EF {data_version}, the factors EF {ef_version}: toxicity and climate change "
            "differ by up to 79 %; use the factors of the data, or say mixed=True."
        )
    factors = load_ef_factors()
    infinite = [str(each) for each in factors if math.isinf(impact.get(each) or 0.0)]
    if infinite:
        raise AssessmentError(
            "An impact is infinite; leave it out where nothing is declared",
            [f"indicator {each}" for each in infinite],
        )
    parts: dict[Indicator, float] = {}
    covered = total_weight = 0.0
    for indicator, factor in factors.items():
        total_weight += factor.weight_pct
        value = impact.get(indicator)
        if value is None or math.isnan(value):
            continue
        norm = factor.normalisation_ef30 if ef_version == "3.0" else factor.normalisation_ef31
        parts[indicator] = 1000.0 * value / norm * factor.weight_pct / 100.0
        covered += factor.weight_pct
    return Score(
        value_mpt=math.fsum(parts.values()) if parts else math.nan,
        ef_version=ef_version,
        weight_covered=covered / total_weight,
        missing=tuple(each for each in factors if each not in parts),
        by_indicator=MappingProxyType(parts),
        mixed=differs,
    )


def score_of(
    result: Summed,
    stage: StageLike = None,
    *,
    data_version: EfVersion | None = None,
    mixed: bool = False,
) -> Score:
    """Single score of a result (`Impact`, `Totals`) in the EF version of its scenario.

    Args:
        stage: one stage, several, or None for all but D.
        data_version, mixed: as `single_score`.

    Raises:
        AssessmentError: as `single_score` and `Summed.total`.

    Example:
        >>> import lca
        >>> inventory = lca.Inventory.from_columns(material=[0], mass_kg=[1000.0])
        >>> round(score_of(lca.totals(inventory, lca.builtin_factors())).weight_covered, 4)
        0.722
    """
    totals = result.total(None, stage)
    return single_score(
        {indicator: total.value for indicator, total in totals.items()},
        result.scenario.ef_version,
        data_version=data_version,
        mixed=mixed,
    )
