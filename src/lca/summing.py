"""Sums over portions and what they cover: the part that all results have in common.

Axes: indicator I, stage S. NaN is "unknown", never 0; sums run over known values and say beside them what
they cover. Module D is never part of a sum over stages (EN 15978: reported apart).
"""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import overload

import numpy as np
from numpy.typing import NDArray

from lca.errors import AssessmentError
from lca.scenario import Scenario
from reference.vocabulary import Indicator, Stage

Float64Array = NDArray[np.float64]
StageLike = Stage | str | Sequence[Stage | str] | None


@dataclass(frozen=True, slots=True)
class Total:
    """A sum over portions and stages, with what it covers.

    Attributes:
        indicator, unit: what `value` is.
        stages: stages asked for.
        value: sum of the known values [unit]; NaN where none is known.
        known_mass_kg: mass of the portions that count as known [kg]: those with a figure for A1-A3 if A1-A3
            is asked for, otherwise those with a figure in every stage that has figures at all.
        total_mass_kg: all known masses [kg].
        known_share: known_mass_kg / total_mass_kg [-]; NaN where the total mass is 0.
        share_by_stage: share of the mass with a figure, per stage [-].
        missing_stages: stages without a figure for any portion: not in the value.
        partial_stages: stages whose value leaves out something of a portion that counts as known.
        portions_without_mass: portions of unknown mass; they are in neither mass.
    """

    indicator: Indicator
    unit: str
    stages: tuple[Stage, ...]
    value: float
    known_mass_kg: float
    total_mass_kg: float
    known_share: float
    share_by_stage: Mapping[Stage, float]
    missing_stages: tuple[Stage, ...]
    partial_stages: tuple[Stage, ...]
    portions_without_mass: int

    def __str__(self) -> str:
        text = f"{self.indicator}: {self.value:.4g} {self.unit} ({self.known_share:.1%} of the mass known"
        if self.portions_without_mass:
            text += f", {self.portions_without_mass} portion(s) without mass"
        if self.missing_stages:
            text += f"; without {', '.join(self.missing_stages)}"
        if self.partial_stages:
            text += f"; in part {', '.join(self.partial_stages)}"
        return text + ")"


@dataclass(frozen=True, eq=False, slots=True)
class Sums:
    """Sums over portions, all of shape (I, S); `gaps`: something of a known portion is left out."""

    value: Float64Array
    known_mass_kg: Float64Array
    any_known: NDArray[np.bool_]
    gaps: NDArray[np.bool_]


class Summed:
    """What every result can do: totals with their coverage, per m2, per year."""

    indicators: tuple[Indicator, ...]
    stages: tuple[Stage, ...]
    scenario: Scenario

    @property
    @abstractmethod
    def _sums(self) -> Sums: ...

    @property
    @abstractmethod
    def _total_mass_kg(self) -> float: ...

    @property
    @abstractmethod
    def _portions_without_mass(self) -> int: ...

    @abstractmethod
    def _mass_known_in_every(self, indicator: int, stages: Sequence[int]) -> float:
        """Mass of the portions with a figure in every one of these stages [kg]."""

    @property
    def missing_stages(self) -> tuple[Stage, ...]:
        """Stages asked for that have no figure for any portion and indicator."""
        none: NDArray[np.bool_] = np.asarray(~self._sums.any_known.any(axis=0))
        return tuple(stage for k, stage in enumerate(self.stages) if none[k])

    @overload
    def total(self, indicator: None = None, stage: StageLike = None) -> dict[Indicator, Total]: ...

    @overload
    def total(self, indicator: Indicator | str, stage: StageLike = None) -> Total: ...

    def total(
        self, indicator: Indicator | str | None = None, stage: StageLike = None
    ) -> Total | dict[Indicator, Total]:
        """Sum over portions and stages, with the mass that it covers.

        Args:
            indicator: one indicator, or None for all of them in a dict.
            stage: one stage, several, or None for all but D.

        Raises:
            AssessmentError: indicator or stage is not in this result, or D is to be added to other stages.
        """
        stages = self._pick_stages(stage)
        if indicator is None:
            return {each: self._total(each, stages) for each in self.indicators}
        return self._total(self._indicator(indicator), stages)

    @overload
    def per_m2(
        self,
        floor_area_m2: float,
        indicator: None = None,
        stage: StageLike = None,
        *,
        per_year: bool = False,
    ) -> dict[Indicator, Total]: ...

    @overload
    def per_m2(
        self,
        floor_area_m2: float,
        indicator: Indicator | str,
        stage: StageLike = None,
        *,
        per_year: bool = False,
    ) -> Total: ...

    def per_m2(
        self,
        floor_area_m2: float,
        indicator: Indicator | str | None = None,
        stage: StageLike = None,
        *,
        per_year: bool = False,
    ) -> Total | dict[Indicator, Total]:
        """As `total`, divided by the gross floor area and, with `per_year`, by the study period.

        Masses stay in kg of the whole inventory.

        Raises:
            AssessmentError: the floor area is not above 0, and as `total`.

        Source: functional unit of TOTEM, 1 m2 gross floor area over 60 years.
        """
        if not (floor_area_m2 > 0 and math.isfinite(floor_area_m2)):
            raise AssessmentError(f"The floor area must be above 0 m2, not {floor_area_m2}.")
        divisor = floor_area_m2 * (self.scenario.study_period_years if per_year else 1.0)
        suffix = "/m2.yr" if per_year else "/m2"

        def divided(total: Total) -> Total:
            return replace(total, value=total.value / divisor, unit=total.unit + suffix)

        if indicator is None:
            return {each: divided(total) for each, total in self.total(None, stage).items()}
        return divided(self.total(indicator, stage))

    def known_mass_share(self, indicator: Indicator | str, stage: StageLike = None) -> float:
        """Share of the mass that counts as known, see `Total.known_mass_kg` [-]; NaN for no mass.

        Raises:
            AssessmentError: as `total`.
        """
        return self.total(indicator, stage).known_share

    def _total(self, indicator: Indicator, stages: tuple[Stage, ...]) -> Total:
        i = self.indicators.index(indicator)
        columns = [self.stages.index(stage) for stage in stages]
        sums, total_mass = self._sums, self._total_mass_kg
        filled = [k for k in columns if sums.any_known[i, k]]
        if Stage.A1_A3 in stages:
            known_mass = float(sums.known_mass_kg[i, self.stages.index(Stage.A1_A3)])
        else:
            known_mass = self._mass_known_in_every(i, filled) if filled else 0.0
        return Total(
            indicator=indicator,
            unit=indicator.unit,
            stages=stages,
            value=float(sums.value[i, filled].sum()) if filled else math.nan,
            known_mass_kg=known_mass,
            total_mass_kg=total_mass,
            known_share=_share(known_mass, total_mass),
            share_by_stage=MappingProxyType(
                {self.stages[k]: _share(float(sums.known_mass_kg[i, k]), total_mass) for k in columns}
            ),
            missing_stages=tuple(self.stages[k] for k in columns if k not in filled),
            partial_stages=tuple(self.stages[k] for k in filled if sums.gaps[i, k]),
            portions_without_mass=self._portions_without_mass,
        )

    def _indicator(self, given: Indicator | str) -> Indicator:
        try:
            indicator = Indicator.parse(given)
        except ValueError as error:
            raise AssessmentError(str(error)) from error
        if indicator not in self.indicators:
            raise AssessmentError(
                f"{indicator} was not assessed; this result has {', '.join(self.indicators)}."
            )
        return indicator

    def _named_stages(self, given: Stage | str | Sequence[Stage | str]) -> tuple[Stage, ...]:
        names = (given,) if isinstance(given, str) else tuple(given)
        try:
            wanted = {Stage.parse(name) for name in names}
        except ValueError as error:
            raise AssessmentError(str(error)) from error
        absent = [stage for stage in wanted if stage not in self.stages]
        if absent or not wanted:
            raise AssessmentError(
                f"Stage(s) {', '.join(sorted(absent)) or 'none'} not assessed; "
                f"this result has {', '.join(self.stages)}."
            )
        return tuple(stage for stage in self.stages if stage in wanted)

    def _pick_stages(self, given: StageLike) -> tuple[Stage, ...]:
        if given is None:
            return tuple(stage for stage in self.stages if stage is not Stage.D)
        stages = self._named_stages(given)
        if Stage.D in stages and len(stages) > 1:
            raise AssessmentError("Module D is reported apart and never added to other modules.")
        return stages


def _share(part: float, whole: float) -> float:
    return part / whole if whole > 0 else math.nan
