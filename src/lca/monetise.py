"""External cost in EUR after MMG: impact x price, three regions, each central, low and high.

The prices belong to the older MMG indicators (kg SO2, kg PO4, kg ethene, ...). Of EN 15804+A2 results only
GWP-total, ODP and the two human toxicities have the same unit; their cost is partial, and its prices are
dated (CO2 at 0.05 EUR/kg). What is not priced and what has no value is named, never zero. Negative costs are
not clipped.

Source: MMG weighting factors workbook (`reference.load_monetisation`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from lca.errors import AssessmentError
from lca.scenario import CostRegion
from reference.vocabulary import Indicator
from reference.weighting import load_monetisation

#: Columns of the table by region.
REGIONS: Mapping[CostRegion, str] = MappingProxyType(
    {"WE": "western_europe", "FB": "belgium", "RW": "rest_of_world"}
)

#: Indicators of EN 15804+A2 that have the unit of an MMG indicator.
SAME_UNIT: Mapping[Indicator, str] = MappingProxyType(
    {
        Indicator.GWP_TOTAL: "Global warming",
        Indicator.ODP: "Ozone depletion",
        Indicator.HTP_C: "Human toxicity - cancer effects",
        Indicator.HTP_NC: "Human toxicity - non-cancer effects",
    }
)


@dataclass(frozen=True, slots=True)
class ExternalCost:
    """External cost with what it leaves out.

    Attributes:
        central_eur, low_eur, high_eur: sums over the priced indicators [EUR]; NaN where none is priced.
        region: "WE", "FB" or "RW".
        by_indicator: central cost by MMG indicator [EUR].
        not_priced: indicators without a price in this region.
        without_value: priced indicators without a value: not in the sums.
        negative: indicators with a negative cost, such as toxicity of straw.
        partial: something priced has no value.
    """

    central_eur: float
    low_eur: float
    high_eur: float
    region: CostRegion
    by_indicator: Mapping[str, float]
    not_priced: tuple[str, ...]
    without_value: tuple[str, ...]
    negative: tuple[str, ...]

    @property
    def partial(self) -> bool:
        """Whether a priced indicator has no value."""
        return bool(self.without_value)

    def __str__(self) -> str:
        text = f"{self.central_eur:.4g} EUR ({self.low_eur:.4g} to {self.high_eur:.4g}, MMG, {self.region}"
        if self.partial:
            text += f"; partial: without {', '.join(self.without_value)}"
        return text + ")"


def external_cost(impact: Mapping[str, float | None], region: CostRegion = "WE") -> ExternalCost:
    """External cost of impacts by MMG indicator.

    Args:
        impact: impact by name of the MMG indicator [its unit]; None, NaN and absent mean unknown.
        region: Western Europe, Flanders/Belgium or rest of the world.

    Raises:
        AssessmentError: an indicator or a region that does not exist, or an infinite value.

    Example:
        >>> print(external_cost({"Global warming": 100.0}).central_eur)
        5.0
    """
    prices = load_monetisation()
    if region not in REGIONS:
        raise AssessmentError(f"Region {region!r} does not exist; use {', '.join(REGIONS)}.")
    faults = [f"indicator {name!r} is no MMG indicator" for name in impact if name not in prices]
    faults += [f"indicator {name!r}: {v} is infinite" for name, v in impact.items() if v and math.isinf(v)]
    if faults:
        raise AssessmentError("The impacts cannot be monetised", faults)
    costs: dict[str, tuple[float, float, float]] = {}
    not_priced, without_value = [], []
    for name, columns in prices.items():
        price = [columns.get(f"{REGIONS[region]}_{level}") for level in ("central", "low", "high")]
        value = impact.get(name)
        if any(each is None for each in price):
            not_priced.append(name)
        elif value is None or math.isnan(value):
            without_value.append(name)
        else:
            central, *ends = (value * each for each in price if each is not None)
            costs[name] = (central, min(ends), max(ends))
    sums = [math.fsum(each) for each in zip(*costs.values(), strict=True)] if costs else [math.nan] * 3
    return ExternalCost(
        central_eur=sums[0],
        low_eur=sums[1],
        high_eur=sums[2],
        region=region,
        by_indicator=MappingProxyType({name: cost[0] for name, cost in costs.items()}),
        not_priced=tuple(not_priced),
        without_value=tuple(without_value),
        negative=tuple(name for name, cost in costs.items() if cost[0] < 0),
    )


def external_cost_a2(impact: Mapping[Indicator, float | None], region: CostRegion = "WE") -> ExternalCost:
    """Partial external cost of EN 15804+A2 impacts: GWP-total, ODP and human toxicity only.

    Raises:
        AssessmentError: as `external_cost`.

    Example:
        >>> cost = external_cost_a2({Indicator.GWP_TOTAL: 100.0, Indicator.AP: 3.0})
        >>> cost.central_eur, cost.partial
        (5.0, True)
    """
    return external_cost({name: impact.get(each) for each, name in SAME_UNIT.items()}, region)


@dataclass(frozen=True, slots=True)
class SocietalCost:
    """Financial cost of a user beside the external cost; two figures, added only on request.

    Attributes:
        financial_eur: what is paid [EUR]; None where it is not known.
        external: what others pay.
    """

    financial_eur: float | None
    external: ExternalCost

    @property
    def total_eur(self) -> float:
        """Sum of both [EUR]; NaN where one is not known."""
        return math.nan if self.financial_eur is None else self.financial_eur + self.external.central_eur
