"""B6: energy in use, from a user's yearly demand and figures per kWh; kept apart from embodied results.

B6 = sum over carriers of demand per year x figure per kWh x study period. There is no shipped figure and no
shipped demand: both come from the user. Source: EN 15978, module B6; TOTEM takes the net heating demand of
the EPB calculation ("verify").
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from lca.errors import AssessmentError
from reference.vocabulary import Indicator


@dataclass(frozen=True, slots=True)
class EnergyUse:
    """Yearly use of one carrier.

    Attributes:
        carrier: name, such as "electricity".
        kwh_per_year: demand [kWh per year], 0 or more.
        per_kwh: figures by indicator [indicator unit per kWh]; what is absent is not declared.
        source: where demand and figures come from.

    Raises:
        AssessmentError: a demand or figure that is no finite number, a negative demand, or no source.
    """

    carrier: str
    kwh_per_year: float
    per_kwh: Mapping[Indicator, float]
    source: str

    def __post_init__(self) -> None:
        faults = []
        if not (math.isfinite(self.kwh_per_year) and self.kwh_per_year >= 0):
            faults.append(f"{self.carrier}, kwh_per_year: {self.kwh_per_year}; give 0 or more")
        faults += [
            f"{self.carrier}, {indicator}: {value} is no finite number"
            for indicator, value in self.per_kwh.items()
            if not math.isfinite(value)
        ]
        if not self.source:
            faults.append(f"{self.carrier}, source: is empty")
        if faults:
            raise AssessmentError("An energy use cannot be assessed", faults)
        object.__setattr__(self, "per_kwh", MappingProxyType(dict(self.per_kwh)))


@dataclass(frozen=True, slots=True)
class EnergyImpact:
    """B6 of a building, over the whole study period.

    Attributes:
        values: by indicator [its unit]; indicators that no carrier declares are absent.
        partial: by indicator the carriers in use that do not declare it: not in the value.
    """

    values: Mapping[Indicator, float]
    partial: Mapping[Indicator, tuple[str, ...]]


def operational_energy(uses: Sequence[EnergyUse], study_period_years: float = 60.0) -> EnergyImpact:
    """B6 over the study period.

    Raises:
        AssessmentError: the study period is not above 0.

    Example:
        >>> heat = EnergyUse("gas", 5000.0, {Indicator.GWP_TOTAL: 0.25}, "own")
        >>> operational_energy([heat]).values[Indicator.GWP_TOTAL]
        75000.0
    """
    if not 0 < study_period_years < math.inf:
        raise AssessmentError(f"The study period must be above 0 years, not {study_period_years}.")
    values: dict[Indicator, float] = {}
    partial: dict[Indicator, tuple[str, ...]] = {}
    running = [use for use in uses if use.kwh_per_year > 0]
    for indicator in Indicator:
        declared = [use for use in uses if indicator in use.per_kwh]
        if not declared:
            continue
        values[indicator] = math.fsum(
            use.kwh_per_year * use.per_kwh[indicator] * study_period_years for use in declared
        )
        without = tuple(use.carrier for use in running if indicator not in use.per_kwh)
        if without:
            partial[indicator] = without
    return EnergyImpact(MappingProxyType(values), MappingProxyType(partial))
