"""The result of an assessment: values per portion, indicator and stage, and how much of the mass they cover.

Axes everywhere: portion P, indicator I, stage S, in the order of `Impact.indicators` and `Impact.stages`.
NaN is "unknown", never 0; sums run over known values and say beside them what they cover. Module D is never
part of a sum over stages (EN 15978: reported apart).
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, overload

import numpy as np
from numpy.typing import NDArray

from lca.errors import AssessmentError, ShapeError
from lca.inventory import Inventory
from lca.scenario import Scenario
from reference.vocabulary import Indicator, Stage

if TYPE_CHECKING:
    import pandas as pd

Float64Array = NDArray[np.float64]
StageLike = Stage | str | Sequence[Stage | str] | None

_CHUNK = 4096  # portions summed at a time: the temporary arrays stay in the processor's cache


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


@dataclass(frozen=True, eq=False)
class GroupedImpact:
    """Sums per group, see `Impact.by`.

    Attributes:
        labels: one per group, in order of first appearance.
        values: sum of known values, shape (group, I, S); NaN where none is known.
        known_mass_kg: mass with a figure, same shape [kg].
        mass_kg: known masses, shape (group,) [kg].
        partial: True where a value leaves a sub-process out, shape (group, S).
        indicators, stages: the axes.
    """

    labels: tuple[Hashable, ...]
    values: Float64Array
    known_mass_kg: Float64Array
    mass_kg: Float64Array
    partial: NDArray[np.bool_]
    indicators: tuple[Indicator, ...]
    stages: tuple[Stage, ...]

    def to_frame(self) -> pd.DataFrame:
        """Long table: group, indicator, stage, value, unit, known_mass_kg."""
        group = np.empty(len(self.labels), dtype=object)
        for k, label in enumerate(self.labels):
            group[k] = label
        return _long_frame({"group": group}, self.values, self.known_mass_kg, self.indicators, self.stages)


@dataclass(frozen=True, eq=False)
class Impact:
    """Impact of an inventory.

    Attributes:
        values: shape (P, I, S) [unit of the indicator, over the whole study period]; NaN = unknown.
        partial: shape (P, S); True where a value leaves out a sub-process that has no figure.
        indicators, stages: the axes.
        inventory, scenario: what was assessed, and how.
        sources: sources of the figures that were used, each once.
        engine: "numpy" or "numba".

    Example:
        >>> import numpy as np
        >>> from lca import Inventory, Scenario
        >>> from reference.vocabulary import Indicator, Stage
        >>> impact = Impact(
        ...     values=np.array([[[4.0]], [[np.nan]]]), partial=np.zeros((2, 1), dtype=bool),
        ...     indicators=(Indicator.GWP_TOTAL,), stages=(Stage.A1_A3,),
        ...     inventory=Inventory.from_columns(material=[0, -1], mass_kg=[99.0, 1.0]),
        ...     scenario=Scenario(stages=("A1-A3",)))
        >>> print(impact.total("gwp-total"))
        GWP-total: 4 kg CO2 eq (99.0% of the mass known)
    """

    values: Float64Array
    partial: NDArray[np.bool_]
    indicators: tuple[Indicator, ...]
    stages: tuple[Stage, ...]
    inventory: Inventory
    scenario: Scenario
    sources: tuple[str, ...] = ()
    engine: str = "numpy"

    def __post_init__(self) -> None:
        shape = (len(self.inventory), len(self.indicators), len(self.stages))
        if self.values.shape != shape or self.partial.shape != (shape[0], shape[2]):
            raise ShapeError(
                "Impact arrays do not fit",
                [
                    f"values: shape {self.values.shape}, needed {shape}",
                    f"partial: shape {self.partial.shape}, needed {(shape[0], shape[2])}",
                ],
            )
        self.values.setflags(write=False)
        self.partial.setflags(write=False)

    @cached_property
    def known_mass_kg(self) -> Float64Array:
        """Mass that has a figure, shape (P, I, S) [kg]: the portion's mass, or 0 where the value is NaN.

        Computed at first use; as large as `values`.
        """
        known = np.zeros(self.values.shape)
        np.copyto(known, self.inventory.mass_kg[:, np.newaxis, np.newaxis], where=~np.isnan(self.values))
        known.setflags(write=False)
        return known

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

    def by(self, labels: Sequence[Hashable] | NDArray[np.generic]) -> GroupedImpact:
        """Sum per label; None is a label like any other.

        Args:
            labels: one per portion: element, storey, material family.

        Raises:
            ShapeError: not one label per portion.

        Example:
            >>> import lca
            >>> factors = lca.builtin_factors()
            >>> inventory = lca.Inventory.from_columns(material=[0, 0, 1], mass_kg=[1.0, 2.0, 4.0])
            >>> lca.assess(inventory, factors).by(["wall", "wall", "roof"]).mass_kg
            array([3., 4.])
        """
        names: list[Hashable] = labels.tolist() if isinstance(labels, np.ndarray) else list(labels)
        if len(names) != len(self.inventory):
            raise ShapeError(f"{len(names)} labels for {len(self.inventory)} portions; give one each.")
        number: dict[Hashable, int] = {}
        group = np.array([number.setdefault(name, len(number)) for name in names], dtype=np.int64)
        n_groups, mass = len(number), np.nan_to_num(self.inventory.mass_kg, nan=0.0)
        values = np.zeros((n_groups, *self.values.shape[1:]))
        known_mass = np.zeros_like(values)
        any_known = np.zeros(values.shape, dtype=np.bool_)
        partial = np.zeros((n_groups, len(self.stages)), dtype=np.bool_)
        order = np.argsort(group, kind="stable")
        bounds = np.searchsorted(group[order], np.arange(n_groups + 1))
        for g in range(n_groups):
            rows = order[bounds[g] : bounds[g + 1]]
            for start in range(0, len(rows), _CHUNK):
                part = rows[start : start + _CHUNK]
                sums = _sum_chunk(self.values[part], mass[part])
                values[g] += sums[0]
                known_mass[g] += sums[1]
                any_known[g] |= sums[2]
                partial[g] |= self.partial[part].any(axis=0)
        values[~any_known] = np.nan
        return GroupedImpact(
            labels=tuple(number),
            values=values,
            known_mass_kg=known_mass,
            mass_kg=np.bincount(group, weights=mass, minlength=n_groups).astype(np.float64),
            partial=partial,
            indicators=self.indicators,
            stages=self.stages,
        )

    def to_frame(
        self, indicator: Indicator | str | Sequence[Indicator | str] | None = None, stage: StageLike = None
    ) -> pd.DataFrame:
        """Long table: element, portion, indicator, stage, value, unit, known_mass_kg.

        One row per portion, indicator and stage: 100,000 portions x 19 x 8 are 15 million rows, so pick
        indicators and stages for large inventories. D is included here, on its own rows.

        Raises:
            AssessmentError: indicator or stage is not in this result.
        """
        if indicator is None:
            indicators = self.indicators
        elif isinstance(indicator, str):
            indicators = (self._indicator(indicator),)
        else:
            indicators = tuple(self._indicator(each) for each in indicator)
        stages = self.stages if stage is None else self._named_stages(stage)
        i = [self.indicators.index(each) for each in indicators]
        s = [self.stages.index(each) for each in stages]
        values = self.values[:, i][:, :, s]
        mass = np.where(np.isnan(values), 0.0, self.inventory.mass_kg[:, np.newaxis, np.newaxis])
        keys = {"element": self.inventory.element, "portion": np.arange(len(self.inventory))}
        return _long_frame(keys, values, mass, indicators, stages)

    # Sums behind the totals.

    @cached_property
    def _sums(self) -> _Sums:
        shape = self.values.shape[1:]
        value, known_mass = np.zeros(shape), np.zeros(shape)
        any_known, gaps = np.zeros(shape, dtype=np.bool_), np.zeros(shape, dtype=np.bool_)
        mass = np.nan_to_num(self.inventory.mass_kg, nan=0.0)
        product = self.stages.index(Stage.A1_A3) if Stage.A1_A3 in self.stages else None
        for start in range(0, len(mass), _CHUNK):
            rows = slice(start, start + _CHUNK)
            part = self.values[rows]
            sums = _sum_chunk(part, mass[rows])
            value += sums[0]
            known_mass += sums[1]
            any_known |= sums[2]
            known = ~np.isnan(part)
            gaps |= (known & self.partial[rows, np.newaxis, :]).any(axis=0)
            if product is not None:
                gaps |= (known[:, :, product : product + 1] & ~known).any(axis=0)
        value[~any_known] = np.nan
        return _Sums(value, known_mass, any_known, gaps)

    def _total(self, indicator: Indicator, stages: tuple[Stage, ...]) -> Total:
        i = self.indicators.index(indicator)
        columns = [self.stages.index(stage) for stage in stages]
        sums, total_mass = self._sums, self.inventory.total_mass_kg
        filled = [k for k in columns if sums.any_known[i, k]]
        if Stage.A1_A3 in stages:
            known_mass = float(sums.known_mass_kg[i, self.stages.index(Stage.A1_A3)])
        else:
            every = ~np.isnan(self.values[:, i, :][:, filled]).any(axis=1)
            known_mass = float(np.nansum(self.inventory.mass_kg[every])) if filled else 0.0
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
            portions_without_mass=self.inventory.portions_without_mass,
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


@dataclass(frozen=True, eq=False, slots=True)
class _Sums:
    """Sums over portions, all of shape (I, S); `gaps`: something of a known portion is left out."""

    value: Float64Array
    known_mass_kg: Float64Array
    any_known: NDArray[np.bool_]
    gaps: NDArray[np.bool_]


def _share(part: float, whole: float) -> float:
    return part / whole if whole > 0 else math.nan


def _sum_chunk(
    values: Float64Array, mass_kg: Float64Array
) -> tuple[Float64Array, Float64Array, NDArray[np.bool_]]:
    """Sum of known values, mass with a figure and "any known" over the first axis of (P, I, S)."""
    known = ~np.isnan(values)
    total: Float64Array = np.where(known, values, 0.0).sum(axis=0)
    mass: Float64Array = np.where(known, mass_kg[:, np.newaxis, np.newaxis], 0.0).sum(axis=0)
    return total, mass, np.asarray(known.any(axis=0))


def _long_frame(
    keys: Mapping[str, NDArray[Any]],
    values: Float64Array,
    known_mass_kg: Float64Array,
    indicators: Sequence[Indicator],
    stages: Sequence[Stage],
) -> pd.DataFrame:
    import pandas as pd

    n, n_i, n_s = values.shape
    rows = np.repeat(np.arange(n), n_i * n_s)
    i = np.tile(np.repeat(np.arange(n_i), n_s), n)
    s = np.tile(np.arange(n_s), n * n_i)
    columns: dict[str, object] = {name: key[rows] for name, key in keys.items()}
    units = [indicator.unit for indicator in indicators]
    unit_names = list(dict.fromkeys(units))
    unit_codes = np.array([unit_names.index(unit) for unit in units], dtype=np.int64)
    columns["indicator"] = pd.Categorical.from_codes(
        i, categories=pd.Index([str(each) for each in indicators])
    )
    columns["stage"] = pd.Categorical.from_codes(
        s, categories=pd.Index([str(each) for each in stages]), ordered=True
    )
    columns["value"] = values.reshape(-1)
    columns["unit"] = pd.Categorical.from_codes(unit_codes[i], categories=pd.Index(unit_names))
    columns["known_mass_kg"] = known_mass_kg.reshape(-1)
    return pd.DataFrame(columns)
