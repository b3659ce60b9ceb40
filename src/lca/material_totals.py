"""Totals of an inventory from its masses per material: the result does not grow with the model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from lca._numpy import LASTING, MASS, MASS_WITHOUT_LIFE, REPLACED, REPLACED_MASS, WITHOUT_LIFE
from lca.scenario import Scenario
from lca.summing import Float64Array, Summed, Sums
from reference.vocabulary import Indicator, Stage


@dataclass(frozen=True, eq=False)
class PerKg:
    """Figures per kg for one choice of stages, with the matrices that totals need again and again.

    Attributes:
        values: shape (M + 1, I, S), see `lca._numpy.per_kg_table`; NaN = no figure.
        leaves_out: shape (M + 1, S).
    """

    values: Float64Array
    leaves_out: NDArray[np.bool_]

    @cached_property
    def filled(self) -> Float64Array:
        """`values` with 0 where there is no figure, shape (M + 1, I x S)."""
        return np.nan_to_num(self.values, nan=0.0).reshape(len(self.values), -1)

    @cached_property
    def known(self) -> Float64Array:
        """1.0 where there is a figure, 0.0 where not, shape (M + 1, I x S)."""
        return (~np.isnan(self.values)).reshape(len(self.values), -1).astype(np.float64)


@dataclass(frozen=True, eq=False)
class Totals(Summed):
    """Totals by indicator and stage, see `lca.totals`.

    Attributes:
        values: shape (I, S) [unit of the indicator, over the whole study period]; NaN = nothing known.
        known_mass_kg: mass with a figure, shape (I, S) [kg].
        indicators, stages: the axes.
        scenario: how it was assessed.
        engine: "numpy" or "numba".

    Example:
        >>> import lca
        >>> inventory = lca.Inventory.from_columns(material=[0, -1], mass_kg=[3.0, 1.0])
        >>> lca.totals(inventory, lca.builtin_factors()).known_mass_share("gwp-total", "A1-A3")
        0.75
    """

    values: Float64Array
    known_mass_kg: Float64Array
    indicators: tuple[Indicator, ...]
    stages: tuple[Stage, ...]
    scenario: Scenario
    engine: str
    _masses: Float64Array
    _per_kg: Float64Array
    _leaves_out: NDArray[np.bool_]

    @property
    def _total_mass_kg(self) -> float:
        return float(self._masses[:-1, MASS].sum())

    @property
    def _portions_without_mass(self) -> int:
        return int(self._masses[-1, MASS])

    @cached_property
    def _known(self) -> NDArray[np.bool_]:
        return ~np.isnan(self._per_kg)

    @cached_property
    def _sums(self) -> Sums:
        masses, known, flagged = self._masses[:-1], self._known, self._leaves_out.copy()
        used = masses[:, [REPLACED, LASTING, WITHOUT_LIFE]].sum(axis=1, keepdims=True) > 0
        flagged &= used
        without = ~known
        if Stage.B4 in self.stages:
            b4 = self.stages.index(Stage.B4)
            flagged[:, b4] &= masses[:, REPLACED] > 0
            without[:, :, b4] |= masses[:, [WITHOUT_LIFE]] > 0
        gaps = np.asarray((known & flagged[:, np.newaxis, :]).any(axis=0))
        if Stage.A1_A3 in self.stages:
            product = known[:, :, self.stages.index(Stage.A1_A3)] & used
            gaps |= (product[:, :, np.newaxis] & without).any(axis=0)
        return Sums(self.values, self.known_mass_kg, ~np.isnan(self.values), gaps)

    def _mass_known_in_every(self, indicator: int, stages: Sequence[int]) -> float:
        masses = self._masses[:-1]
        every = self._known[:, indicator, :][:, list(stages)].all(axis=1)
        known = masses[every, MASS].sum()
        if any(self.stages[k] is Stage.B4 for k in stages):
            known -= masses[every, MASS_WITHOUT_LIFE].sum()
        return float(known)


def from_materials(
    masses: Float64Array,
    table: PerKg,
    *,
    indicators: tuple[Indicator, ...],
    scenario: Scenario,
    engine: str,
) -> Totals:
    """Totals from the sums per material: one matrix product for the values and one for what they cover.

    Args:
        masses: shape (M + 2, 6), see `lca._numpy.by_material`.
        table: figures per kg.
    """
    rows, shape = masses[:-1], table.values.shape[1:]
    filled, known = table.filled, table.known
    values, replaced = (rows[:, [MASS, REPLACED_MASS]].T @ filled).reshape(2, *shape)
    covering = rows[:, [MASS, MASS_WITHOUT_LIFE, REPLACED, LASTING, WITHOUT_LIFE]].T
    known_mass, mass_without_life, *flags = (covering @ known).reshape(5, *shape)
    without_life = flags[-1]
    used = flags[0] + flags[1] + without_life
    if Stage.B4 in scenario.stages:
        b4 = scenario.stages.index(Stage.B4)
        values[:, b4] = replaced[:, b4]
        known_mass[:, b4] -= mass_without_life[:, b4]
        used[:, b4] -= without_life[:, b4]
    values[used == 0] = np.nan
    return Totals(
        values=values,
        known_mass_kg=known_mass,
        indicators=indicators,
        stages=scenario.stages,
        scenario=scenario,
        engine=engine,
        _masses=masses,
        _per_kg=table.values,
        _leaves_out=table.leaves_out,
    )
