"""Reference values that a study publishes as percentiles only: a yardstick without its cases.

Percentiles of modules cannot be added up, so such a set has one fixed list of modules. It says where a design
lies between two published values and nothing in between. This is also the slot for reference values in
millipoints, which are not in the data that ship: indicator "score", unit "mPt/m2.yr" or "mPt/m2".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType
from typing import Literal

from reference.errors import ReferenceDataError
from reference.vocabulary import BiogenicRule, BuildingType, Indicator, Stage

#: The single score, beside the indicators of EN 15804+A2.
SCORE: Literal["score"] = "score"


@dataclass(frozen=True)
class PercentileSet:
    """Published percentiles of one population.

    Attributes:
        name: id of the set.
        population: which buildings these are, in words.
        percentiles: value [`unit`] by percent, at least two, none falling.
        stages: modules that the values hold, all of them.
        indicator: an indicator of EN 15804+A2, or "score" for the single score in millipoints.
        ef_version: of a score, "3.0" or "3.1"; None for an indicator.
        unit: of the values: the indicator's, or mPt, with /m2 (whole study period) or /m2.yr.
        n: number of buildings; None where the study does not say.
        building_type: of all of them; None for a mix.
        study_period_years, area_definition, biogenic_rule, method, source, licence, confidence, parts: as
            `ReferenceSet`.

    Raises:
        ReferenceDataError: fewer than two percentiles, one outside 0 to 100, falling values, no modules, a
            score without its version, or another unit.

    Example:
        >>> study = PercentileSet(
        ...     name="a-study", population="40 houses", percentiles={10: 5.0, 50: 8.0, 90: 12.0},
        ...     stages=(Stage.A1_A3,), indicator="score", ef_version="3.1", unit="mPt/m2.yr",
        ...     study_period_years=60, area_definition="m2 gross floor area",
        ...     biogenic_rule=BiogenicRule.MINUS_ONE_PLUS_ONE, method="", source="a study", licence="its own")
        >>> study.between(9.0), study.between(4.0)
        ((50.0, 90.0), (0.0, 10.0))
    """

    name: str
    population: str
    percentiles: Mapping[float, float]
    stages: tuple[Stage, ...]
    indicator: Indicator | Literal["score"]
    unit: str
    study_period_years: float
    area_definition: str
    biogenic_rule: BiogenicRule
    method: str
    source: str
    licence: str
    confidence: str = "user"
    ef_version: Literal["3.0", "3.1"] | None = None
    n: int | None = None
    building_type: BuildingType | None = None
    parts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        ordered = {float(percent): float(self.percentiles[percent]) for percent in sorted(self.percentiles)}
        object.__setattr__(self, "percentiles", MappingProxyType(ordered))
        values = list(ordered.values())
        if len(values) < 2 or not all(0 <= percent <= 100 for percent in ordered):
            raise ReferenceDataError(f"{self.name}: give two or more percentiles between 0 and 100.")
        if any(high < low for low, high in pairwise(values)):
            raise ReferenceDataError(f"{self.name}: a higher percentile has a lower value.")
        if not self.stages:
            raise ReferenceDataError(f"{self.name}: the modules behind the values are not stated.")
        if (self.indicator == SCORE) != (self.ef_version is not None):
            raise ReferenceDataError(f"{self.name}: a score needs its ef_version, and nothing else has one.")
        own = "mPt" if self.indicator == SCORE else Indicator(self.indicator).unit
        if self.unit not in (f"{own}/m2", f"{own}/m2.yr"):
            raise ReferenceDataError(f"{self.name}: unit is {self.unit!r}; use {own}/m2 or {own}/m2.yr.")

    @property
    def per_year(self) -> bool:
        """Whether the values are per year of the study period."""
        return self.unit.endswith(".yr")

    def between(self, value: float) -> tuple[float, float]:
        """Percentages between which a value certainly lies, (0, lowest) and (highest, 100) at the ends.

        A value equal to a published one has that percentage at both ends; where several percentages share
        it, the lowest and the highest of them.
        """
        low = max((percent for percent, at in self.percentiles.items() if at < value), default=0.0)
        high = min((percent for percent, at in self.percentiles.items() if at > value), default=100.0)
        equal = [percent for percent, at in self.percentiles.items() if at == value]
        return (equal[0], equal[-1]) if equal else (low, high)
