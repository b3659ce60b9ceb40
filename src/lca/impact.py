"""The result of an assessment: values per portion, indicator and stage, and how much of the mass they cover.

Axes everywhere: portion P, indicator I, stage S, in the order of `Impact.indicators` and `Impact.stages`.
NaN is "unknown", never 0; sums run over known values and say beside them what they cover. Module D is never
part of a sum over stages (EN 15978: reported apart).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from lca.errors import ShapeError
from lca.inventory import Inventory
from lca.scenario import Scenario
from lca.summing import Float64Array, StageLike, Summed, Sums
from reference.vocabulary import Indicator, Stage

if TYPE_CHECKING:
    import pandas as pd

_CHUNK = 4096  # portions summed at a time: the temporary arrays stay in the processor's cache


@dataclass(frozen=True, eq=False)
class GroupedImpact:
    """Sums per group, see `Impact.by` and `lca.assess_elements`.

    Attributes:
        labels: one per group, in order of first appearance.
        values: sum of known values, shape (group, I, S); NaN where none is known.
        mass_kg: known masses, shape (group,) [kg].
        indicators, stages: the axes.
        known_mass_kg: mass with a figure, shape as `values` [kg]; computed at first use.
        partial: True where a value leaves a sub-process out, shape (group, S); computed at first use.
    """

    labels: Sequence[Hashable]
    values: Float64Array
    mass_kg: Float64Array
    indicators: tuple[Indicator, ...]
    stages: tuple[Stage, ...]
    _known_mass: Callable[[], Float64Array]
    _partial: Callable[[], NDArray[np.bool_]]

    @cached_property
    def known_mass_kg(self) -> Float64Array:
        """Mass with a figure, shape (group, I, S) [kg]."""
        return self._known_mass()

    @cached_property
    def partial(self) -> NDArray[np.bool_]:
        """True where a value leaves a sub-process out, shape (group, S)."""
        return self._partial()

    def to_frame(self) -> pd.DataFrame:
        """Long table: group, indicator, stage, value, unit, known_mass_kg."""
        group = np.empty(len(self.labels), dtype=object)
        for k, label in enumerate(self.labels):
            group[k] = label
        return _long_frame({"group": group}, self.values, self.known_mass_kg, self.indicators, self.stages)


@dataclass(frozen=True, eq=False)
class Impact(Summed):
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
            mass_kg=np.bincount(group, weights=mass, minlength=n_groups).astype(np.float64),
            indicators=self.indicators,
            stages=self.stages,
            _known_mass=lambda: known_mass,
            _partial=lambda: partial,
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

    @property
    def _total_mass_kg(self) -> float:
        return self.inventory.total_mass_kg

    @property
    def _portions_without_mass(self) -> int:
        return self.inventory.portions_without_mass

    def _mass_known_in_every(self, indicator: int, stages: Sequence[int]) -> float:
        every = ~np.isnan(self.values[:, indicator, :][:, stages]).any(axis=1)
        return float(np.nansum(self.inventory.mass_kg[every]))

    @cached_property
    def _sums(self) -> Sums:
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
        return Sums(value, known_mass, any_known, gaps)


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
