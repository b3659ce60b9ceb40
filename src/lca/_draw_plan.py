"""What a Monte-Carlo computes, as columns: groups that share a draw, runs of portions, rows of figures.

Portions that share material, density, match and life form a run, and those of them with one quantity group a
cell, so that a draw costs one multiplication per cell. Every module is a sum of terms weight x figure:

    A1-A3   mass x (f x scaled + biogenic)          f  draw of the figures of A1-A3
    A4, C2  mass x t x figure                       t  draw of the transport
    A5      mass x (site + l x (A1-A3 + A4 + C2 + C3 + C4))      l  loss on site [kg/kg], f and t inside
    B4      mass x replacements x (A1-A3 + A4 + A5 + C1 + C2 + C3 + C4)
    others  mass x figure

GWP-biogenic of A1-A3 does not vary with f (nor that part of GWP-total): it is the carbon in the material, and
C3 and C4 release as much. The rules themselves stand in `lca.composition` and `lca._numpy`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lca._numpy import REPLACED_STAGES
from lca.distributions import Coded
from lca.replacement import RULES
from lca.scenario import Scenario
from lca.status import ElementStatus, status_modules
from reference.vocabulary import Indicator, Stage

if TYPE_CHECKING:
    from reference.factors import FactorTable

Float64Array = NDArray[np.float64]
Int64Array = NDArray[np.int64]


class Weight(IntEnum):
    """What a figure is multiplied with: the mass and these; from REPLACED on, with the replacements too."""

    ONE = 0
    LOSS = 1
    FACTOR = 2
    FACTOR_LOSS = 3
    TRANSPORT = 4
    TRANSPORT_LOSS = 5
    REPLACED = 6


class Groups(NamedTuple):
    """Everything that is drawn; one draw of a group serves all that name it.

    Attributes:
        stream: shape (group,), what makes a group's draws its own.
        code, parameters, steps: see `lca.distributions.Coded`.
    """

    stream: NDArray[np.uint64]
    code: Int64Array
    parameters: Float64Array
    steps: Float64Array


class DrawPlan(NamedTuple):
    """Columns for `lca._numpy_draws` and its kernels; a flat named tuple, because numba can take that.

    Attributes:
        stream, code, parameters, steps: what is drawn, see `Groups`.
        life_groups: shape (n,): groups that are lives [years].
        run_row, run_density, run_match, run_candidate, run_life: shape (run,); row of figures, groups, and
            the place of the candidate that the run stands for; no match: -1.
        run_start: shape (run + 1,): cells of each run.
        cell_quantity, cell_mass, cell_portion: shape (cell,): group, mass [kg], portion.
        row_factor, row_transport, row_loss: shape (row,): groups.
        terms: shape (term, row, indicator): figures per kg, 0 where there is none.
        term_weight, term_output: shape (term,): `Weight` and output.
        term_counts: shape (term,): whether the output is a stage that counts in a sum (not D).
        n_outputs: stages, and the known mass as the last.
        n_portions: portions of the inventory.
        period, rule: study period [years] and place of the rule in `lca.replacement.RULES`.
        filled: shape (indicator, stage): whether any row has a figure.
    """

    stream: NDArray[np.uint64]
    code: Int64Array
    parameters: Float64Array
    steps: Float64Array
    life_groups: Int64Array
    run_row: Int64Array
    run_density: Int64Array
    run_match: Int64Array
    run_candidate: Int64Array
    run_life: Int64Array
    run_start: Int64Array
    cell_quantity: Int64Array
    cell_mass: Float64Array
    cell_portion: Int64Array
    row_factor: Int64Array
    row_transport: Int64Array
    row_loss: Int64Array
    terms: Float64Array
    term_weight: Int64Array
    term_output: Int64Array
    term_counts: NDArray[np.bool_]
    n_outputs: int
    n_portions: int
    period: float
    rule: int
    filled: NDArray[np.bool_]

    @property
    def groups(self) -> Groups:
        """What is drawn."""
        return Groups(self.stream, self.code, self.parameters, self.steps)


@dataclass(frozen=True, eq=False, slots=True)
class Cells:
    """Portions and their candidates, one entry each, before they are put in order.

    Attributes, all of shape (cell,):
        portion: portion that it is of.
        material: row of the factor table, the one after the last = unknown.
        status: place in `ElementStatus`.
        quantity, density, match, life: groups; match -1 = certain.
        candidate: place among the candidates of the match.
        mass: [kg].
    """

    portion: Int64Array
    material: Int64Array
    status: Int64Array
    quantity: Int64Array
    density: Int64Array
    match: Int64Array
    candidate: Int64Array
    life: Int64Array
    mass: Float64Array


def draw_plan(
    cells: Cells,
    *,
    groups: tuple[Coded, NDArray[np.uint64]],
    life_groups: Int64Array,
    row_groups: tuple[Int64Array, Int64Array, Int64Array],
    factors: FactorTable,
    scenario: Scenario,
    n_portions: int,
    merge: bool,
) -> DrawPlan:
    """Put the cells in order and take the figures of the rows that they use.

    Args:
        groups: distributions and streams.
        row_groups: factor, transport and loss group of each material of the table; the last entry is that of
            the unknown material.
        merge: add up portions that share everything; without it every cell keeps its portion.
    """
    used, row = np.unique(np.stack([cells.material, cells.status]), axis=1, return_inverse=True)
    row = row.reshape(-1)
    keys = [cells.quantity, cells.candidate, cells.match, cells.density, cells.life, row]
    order = np.lexsort(keys)
    sorted_keys = np.stack(keys)[:, order]
    n = len(order)
    new_run = np.ones(n, dtype=bool)
    new_cell = np.ones(n, dtype=bool)
    if n > 1:
        changed = sorted_keys[:, 1:] != sorted_keys[:, :-1]
        new_run[1:] = changed[1:].any(axis=0)
        if merge:
            new_cell[1:] = changed.any(axis=0)
    at = np.flatnonzero(new_cell)
    mass = np.add.reduceat(cells.mass[order], at) if n else cells.mass
    runs = np.flatnonzero(new_run[at])
    first = order[at[runs]] if n else order
    material = used[0]
    terms, weight, output, filled = _terms(material, used[1], factors, scenario)
    stages = scenario.stages
    counts = np.array([k < len(stages) and stages[k] is not Stage.D for k in output], dtype=bool)
    coded, stream = groups
    return DrawPlan(
        stream=stream,
        code=coded.code,
        parameters=coded.parameters,
        steps=coded.steps,
        life_groups=life_groups,
        run_row=row[first],
        run_density=cells.density[first],
        run_match=cells.match[first],
        run_candidate=cells.candidate[first],
        run_life=cells.life[first],
        run_start=np.append(runs, len(at)).astype(np.int64),
        cell_quantity=cells.quantity[order[at]],
        cell_mass=mass,
        cell_portion=cells.portion[order[at]],
        row_factor=row_groups[0][material],
        row_transport=row_groups[1][material],
        row_loss=row_groups[2][material],
        terms=terms,
        term_weight=weight,
        term_output=output,
        term_counts=counts,
        n_outputs=len(stages) + 1,
        n_portions=n_portions,
        period=scenario.study_period_years,
        rule=RULES.index(scenario.replacement),
        filled=filled,
    )


def _terms(
    material: Int64Array, status: Int64Array, factors: FactorTable, scenario: Scenario
) -> tuple[Float64Array, Int64Array, Int64Array, NDArray[np.bool_]]:
    """Figures per row for every weight and output, see the module."""
    figures = _Figures(factors, material)
    stages, kinds = scenario.stages, tuple(ElementStatus)
    found: dict[tuple[int, int], Float64Array] = {}

    def add(output: int, weight: int, part: Float64Array) -> None:
        if part.any():
            before = found.get((weight, output))
            found[weight, output] = part if before is None else before + part

    filled = np.zeros((len(factors.indicators), len(stages)), dtype=np.bool_)
    table = status_modules()
    for s, stage in enumerate(stages):
        counts = np.array([table[kinds[k], stage] == "yes" for k in status], dtype=np.float64)[:, np.newaxis]
        parts = figures.replacement(scenario) if stage is Stage.B4 else figures.module(stage, scenario)
        known = figures.known(Stage.A1_A3 if stage is Stage.B4 else stage)
        filled[:, s] = known.any(axis=0)
        for weight, part in parts.items():
            again = Weight.REPLACED if stage is Stage.B4 else 0
            add(s, weight + again, np.where(known, part, 0.0) * counts)
    reference = figures.known(Stage.A1_A3 if Stage.A1_A3 in stages else stages[0])
    add(len(stages), Weight.ONE, reference.astype(np.float64))
    keys = sorted(found, key=lambda key: (key[1], key[0]))
    shape = (0, len(material), len(factors.indicators))
    terms = np.stack([found[key] for key in keys]) if keys else np.zeros(shape)
    return (
        np.ascontiguousarray(terms),
        np.array([key[0] for key in keys], dtype=np.int64),
        np.array([key[1] for key in keys], dtype=np.int64),
        filled,
    )


class _Figures:
    """Figures per kg of the rows in use, shape (row, indicator), taken apart by what scales them."""

    def __init__(self, factors: FactorTable, material: Int64Array) -> None:
        self._shape = (len(material), len(factors.indicators))
        self._column = {stage: k for k, stage in enumerate(factors.stages)}
        unknown = np.full((1, *np.shape(factors.values)[1:]), np.nan)
        self._values = np.concatenate([np.asarray(factors.values, dtype=np.float64), unknown])[material]
        self._scaled = self._without_biogenic(factors.indicators)

    def known(self, stage: Stage) -> NDArray[np.bool_]:
        if stage not in self._column:
            return np.zeros(self._shape, dtype=np.bool_)
        known: NDArray[np.bool_] = ~np.isnan(self._values[:, :, self._column[stage]])
        return known

    def _of(self, stage: Stage) -> Float64Array:
        if stage not in self._column:
            return np.zeros(self._shape)
        figures: Float64Array = np.nan_to_num(self._values[:, :, self._column[stage]], nan=0.0)
        return figures

    def _without_biogenic(self, indicators: Sequence[Indicator]) -> Float64Array:
        product = self._of(Stage.A1_A3).copy()
        if Indicator.GWP_BIOGENIC in indicators:
            k = indicators.index(Indicator.GWP_BIOGENIC)
            if Indicator.GWP_TOTAL in indicators:
                total = indicators.index(Indicator.GWP_TOTAL)
                product[:, total] -= np.where(self.known(Stage.A1_A3)[:, total], product[:, k], 0.0)
            product[:, k] = 0.0
        return product

    def _bracket(self) -> dict[Weight, Float64Array]:
        """What a lost or replaced kg repeats, C1 left out."""
        return {
            Weight.FACTOR: self._scaled,
            Weight.TRANSPORT: self._of(Stage.A4) + self._of(Stage.C2),
            Weight.ONE: self._of(Stage.A1_A3) - self._scaled + self._of(Stage.C3) + self._of(Stage.C4),
        }

    def module(self, stage: Stage, scenario: Scenario) -> dict[Weight, Float64Array]:
        if stage is Stage.A1_A3:
            return {Weight.FACTOR: self._scaled, Weight.ONE: self._of(stage) - self._scaled}
        if stage in (Stage.A4, Stage.C2):
            return {Weight.TRANSPORT: self._of(stage)}
        if stage is not Stage.A5:
            return {Weight.ONE: self._of(stage)}
        bracket = self._bracket()
        lost = {
            _WITH_LOSS[weight]: np.where(self.known(stage), part, 0.0) for weight, part in bracket.items()
        }
        rest = self._of(stage) - scenario.a5_loss_share * sum(lost.values())
        return {**lost, Weight.ONE: np.where(self.known(stage), rest, 0.0)}

    def replacement(self, scenario: Scenario) -> dict[Weight, Float64Array]:
        parts: dict[Weight, Float64Array] = {}
        for stage in REPLACED_STAGES:
            for weight, part in self.module(stage, scenario).items():
                parts[weight] = parts.get(weight, np.zeros(self._shape)) + part
        return parts


_WITH_LOSS = {
    Weight.ONE: Weight.LOSS,
    Weight.FACTOR: Weight.FACTOR_LOSS,
    Weight.TRANSPORT: Weight.TRANSPORT_LOSS,
}
