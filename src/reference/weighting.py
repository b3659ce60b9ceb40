"""Factors that turn indicators into one figure."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from reference.tables import read_table
from reference.vocabulary import Indicator

if TYPE_CHECKING:
    from reference.models import EfFactor


@cache
def load_ef_factors() -> Mapping[Indicator, EfFactor]:
    """Normalisation and weight of the 16 EF categories, by indicator.

    `score [mPt] = 1000 * sum(impact / normalisation * weight_pct / 100)`. Use the version of the factors
    that the data were characterised with; the built-in datasets are EF 3.1. GWP-total counts once, its
    parts never. A sum without all 16 categories is partial.

    Source: JRC normalisation factors EF 3.0 and EF 3.1, weighting set 2018, as carried in open repositories.

    Raises:
        ReferenceDataError: ef_factors.csv is malformed.

    Example:
        >>> load_ef_factors()[Indicator.GWP_TOTAL].weight_pct
        21.06
    """
    from reference.models import EfFactor

    factors: dict[Indicator, EfFactor] = {}
    for row in read_table("ef_factors.csv"):
        try:
            item = EfFactor.model_validate(
                {
                    "indicator": Indicator.parse(row.text("indicator")),
                    "ef_category": row.text("ef_category"),
                    "unit": row.text("unit"),
                    "normalisation_ef30": row.number("normalisation_ef30"),
                    "normalisation_ef31": row.number("normalisation_ef31"),
                    "weight_pct": row.number("weight_pct"),
                    "source_id": row.text("source_id"),
                }
            )
        except ValueError as error:
            raise row.fault("several", str(error)) from error
        factors[item.indicator] = item
    return MappingProxyType(factors)


@cache
def load_monetisation() -> Mapping[str, Mapping[str, float]]:
    """External costs [EUR/unit] by MMG indicator and region, such as "western_europe_central".

    Indicators of the older MMG set: do not apply them to EN 15804+A2 results. An indicator without prices
    is not monetised.

    Source: MMG weighting factors workbook.

    Raises:
        ReferenceDataError: monetisation.csv is malformed.
    """
    out: dict[str, Mapping[str, float]] = {}
    for row in read_table("monetisation.csv"):
        regions = [name for name in row.values if name.rpartition("_")[2] in ("central", "low", "high")]
        prices = {name: row.optional_number(name) for name in regions}
        out[row.text("mmg_indicator")] = MappingProxyType(
            {name: price for name, price in prices.items() if price is not None}
        )
    return MappingProxyType(out)
