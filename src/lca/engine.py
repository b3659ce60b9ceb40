"""`assess`, `assess_elements` and `totals`: choose an engine, call it, wrap the result."""

from __future__ import annotations

import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from lca._numpy import REPLACED, by_material, per_element, per_kg_table, per_portion
from lca.errors import AssessmentError
from lca.impact import GroupedImpact, Impact
from lca.inventory import Inventory
from lca.material_totals import PerKg, Totals, from_materials
from lca.replacement import RULES, replacement_counts
from lca.scenario import Scenario
from lca.status import ElementStatus, counted, status_codes
from reference.vocabulary import Stage

if TYPE_CHECKING:
    from reference.factors import FactorTable

Engine = Literal["auto", "numpy", "numba"]

#: From how many values (portions x indicators x stages) "auto" takes numba: when it still has to be
#: imported, and when the kernel is loaded. Measured by benchmarks/bench_assess.py; both engines give the
#: same bits.
AUTO_VALUES_COLD = 200_000_000
AUTO_VALUES_WARM = 150_000

# numba's default threading layer must not be entered from two threads at once.
_KERNEL_LOCK = threading.Lock()


def assess(
    inventory: Inventory,
    factors: FactorTable,
    scenario: Scenario | None = None,
    *,
    engine: Engine = "auto",
) -> Impact:
    """Impact of every portion: mass x figure per kg; B4 = replacements x all modules of one life.

    B4 is computed by the rule, also when the table declares one. The scenario's rules for A4, A5, C1 to C4
    and biogenic carbon are at work in `lca.composition`; here the table is taken as it is, so use the same
    scenario in both.

    Args:
        inventory: portions; material indices point into `factors.materials`.
        factors: figures per kg, from `lca.builtin_factors` or `lca.compose_factors`, or declared ones.
        scenario: study period, stages and replacement rule; None is `Scenario()`.
        engine: "numpy", "numba", or "auto", which picks by size. All give the same values.

    Returns:
        `Impact` with values of shape (portion, indicator, stage of the scenario).

    Raises:
        AssessmentError: a material index outside the table (rows are named), or an engine that does not
            exist.

    Source: TOTEM/MMG as recovered from KU Leuven SLiCE/Mouton 2022 dataset; EN 15978 as quoted in EeBGuide.

    Example:
        >>> import lca
        >>> factors = lca.builtin_factors()
        >>> inventory = lca.Inventory.from_columns(
        ...     material=factors.index_of(["concrete-c30-37", None]), mass_kg=[2360.0, 40.0],
        ...     service_life_years=[60.0, 60.0])
        >>> print(assess(inventory, factors).total("gwp-fossil", "A1-A3"))
        GWP-fossil: 257.8 kg CO2 eq (98.3% of the mass known)
    """
    plan = _plan(inventory, factors, scenario, engine)
    times = plan.replacements()
    run = _per_portion_numba if plan.engine == "numba" else per_portion
    return Impact(
        values=run(inventory.mass_kg, inventory.material, times, plan.table.values, plan.b4),
        partial=plan.partial(times),
        indicators=tuple(factors.indicators),
        stages=plan.scenario.stages,
        inventory=inventory,
        scenario=plan.scenario,
        sources=_sources_used(inventory, factors),
        engine=plan.engine,
    )


def assess_elements(
    inventory: Inventory,
    factors: FactorTable,
    scenario: Scenario | None = None,
    *,
    engine: Engine = "auto",
) -> GroupedImpact:
    """Impact of every element, without the array of all portions.

    Args, raises: as `assess`.

    Returns:
        values of shape (element, indicator, stage) [indicator unit]: known values added, NaN where no portion
        of the element has a figure. `labels` are the element numbers, in order of first appearance.

    Example:
        >>> import lca
        >>> inventory = lca.Inventory.from_columns(
        ...     material=[0, 0, 1], mass_kg=[1.0, 2.0, 4.0], element=[7, 7, 9])
        >>> wall, roof = assess_elements(inventory, lca.builtin_factors()).mass_kg
        >>> wall, roof
        (np.float64(3.0), np.float64(4.0))
    """
    plan = _plan(inventory, factors, scenario, engine)
    times = plan.replacements()
    labels, starts, order = _element_order(inventory.element)

    def rows(column: NDArray[Any]) -> NDArray[Any]:
        return column if order is None else column[order]

    mass, material, times = rows(inventory.mass_kg), rows(inventory.material), rows(times)
    run = _per_element_numba if plan.engine == "numba" else per_element

    def known_mass() -> NDArray[np.float64]:
        ones = np.where(np.isnan(plan.table.values), np.nan, 1.0)
        known_life = np.where(np.isnan(times), np.nan, 1.0)
        return np.nan_to_num(run(mass, material, known_life, ones, plan.b4, starts), nan=0.0)

    def partial() -> NDArray[np.bool_]:
        flags = plan.table.leaves_out[material]
        if plan.b4 >= 0:
            flags[:, plan.b4] &= times > 0
        return np.logical_or.reduceat(flags, starts[:-1], axis=0) if len(labels) else flags

    known = np.nan_to_num(mass, nan=0.0)
    return GroupedImpact(
        labels=labels,
        values=run(mass, material, times, plan.table.values, plan.b4, starts),
        mass_kg=np.add.reduceat(known, starts[:-1]) if len(labels) else known,
        indicators=tuple(factors.indicators),
        stages=plan.scenario.stages,
        _known_mass=known_mass,
        _partial=partial,
    )


def totals(
    inventory: Inventory,
    factors: FactorTable,
    scenario: Scenario | None = None,
    *,
    status: Sequence[ElementStatus | str | None] | None = None,
    engine: Engine = "auto",
) -> Totals:
    """Totals of an inventory, without any array per portion: masses per material, then one matrix product.

    Args:
        inventory, factors, scenario, engine: as `assess`.
        status: one per portion, see `lca.by_status`; None: all are new.

    Raises: as `assess` and `lca.by_status`.

    Returns:
        `Totals`, which answers as `assess(...)` does to `total`, `per_m2` and the like.

    Example:
        >>> import lca
        >>> factors = lca.builtin_factors()
        >>> inventory = lca.Inventory.from_columns(
        ...     material=factors.index_of(["concrete-c30-37", None]), mass_kg=[2360.0, 40.0])
        >>> print(totals(inventory, factors).total("gwp-fossil", "A1-A3"))
        GWP-fossil: 257.8 kg CO2 eq (98.3% of the mass known)
    """
    plan = _plan(inventory, factors, scenario, engine, values=len(inventory) * _VALUES_PER_ROW)
    if status is not None:
        plan = _plan_by_status(plan, status)
    n_rows = plan.table.values.shape[0]
    if plan.engine == "numba":
        masses = _by_material_numba(plan.inventory, plan.scenario, n_rows)
    else:
        masses = by_material(plan.inventory.mass_kg, plan.inventory.material, plan.replacements(), n_rows)
    return from_materials(
        masses,
        plan.table,
        indicators=tuple(factors.indicators),
        scenario=plan.scenario,
        engine=plan.engine,
    )


#: Blocks of portions that are added apart, and then in order: a fixed number, whatever the threads.
_BLOCKS = 8

#: How many values of `assess` cost as much as one row of `totals`, to choose an engine by size.
_VALUES_PER_ROW = 10


@dataclass(frozen=True, slots=True)
class _Plan:
    """What every assessment starts from: checked input, figures per kg, engine."""

    inventory: Inventory
    scenario: Scenario
    table: PerKg
    b4: int
    engine: Literal["numpy", "numba"]

    def replacements(self) -> NDArray[np.float64]:
        return replacement_counts(
            self.inventory.service_life_years, self.scenario.study_period_years, self.scenario.replacement
        )

    def partial(self, times: NDArray[np.float64]) -> NDArray[np.bool_]:
        partial = self.table.leaves_out[self.inventory.material]
        if self.b4 >= 0:
            partial[:, self.b4] &= times > 0
        return partial


def _plan(
    inventory: Inventory,
    factors: FactorTable,
    scenario: Scenario | None,
    engine: Engine,
    values: int | None = None,
) -> _Plan:
    scenario = Scenario() if scenario is None else scenario
    if engine not in ("auto", "numpy", "numba"):
        raise AssessmentError(f"{engine!r} is not an engine; use 'auto', 'numpy' or 'numba'.")
    _check_materials(inventory, len(factors.materials))
    stages = scenario.stages
    n_values = len(inventory) * len(factors.indicators) * len(stages) if values is None else values
    return _Plan(
        inventory=inventory,
        scenario=scenario,
        table=_table(factors, stages),
        b4=stages.index(Stage.B4) if Stage.B4 in stages else -1,
        engine=_choose(n_values) if engine == "auto" else engine,
    )


def _plan_by_status(plan: _Plan, status: Sequence[ElementStatus | str | None]) -> _Plan:
    """The plan with a copy of the table for each status, in which the modules that do not count are 0."""
    codes = status_codes(status, len(plan.inventory))
    kinds = tuple(ElementStatus)
    present = [k for k in range(len(kinds)) if (codes == k).any()]
    if not [k for k in present if kinds[k] is not ElementStatus.NEW]:
        return plan
    place = np.zeros(len(kinds), dtype=np.int64)
    place[present] = np.arange(len(present))
    values, leaves_out = plan.table.values, plan.table.leaves_out
    n = len(values) - 1
    stacked = [counted(values[:-1], leaves_out[:-1], kinds[k], plan.scenario.stages) for k in present]
    table = PerKg(
        np.concatenate([*(each[0] for each in stacked), values[-1:]]),
        np.concatenate([*(each[1] for each in stacked), leaves_out[-1:]]),
    )
    material = np.where(plan.inventory.material < 0, -1, plan.inventory.material + n * place[codes])
    return replace(plan, inventory=replace(plan.inventory, material=material), table=table)


@lru_cache(maxsize=8)
def _table(factors: FactorTable, stages: tuple[Stage, ...]) -> PerKg:
    """`per_kg_table`, kept for the next call with the same (immutable) factors."""
    values, leaves_out = per_kg_table(
        np.asarray(factors.values, dtype=np.float64), np.asarray(factors.partial), factors.stages, stages
    )
    values.setflags(write=False)
    leaves_out.setflags(write=False)
    return PerKg(values, leaves_out)


def _element_order(
    element: NDArray[np.int64],
) -> tuple[list[int], NDArray[np.int64], NDArray[np.int64] | None]:
    """Element numbers in order of first appearance, where each starts, and the order of the portions.

    The order is None where the portions of every element already stand together.
    """
    n = len(element)
    if n == 0:
        return [], np.zeros(1, dtype=np.int64), None
    first = np.flatnonzero(np.concatenate(([True], element[1:] != element[:-1])))
    numbers = element[first]
    ascending = bool((numbers[1:] > numbers[:-1]).all())
    if ascending or len(np.unique(numbers)) == len(numbers):
        return numbers.tolist(), np.append(first, n), None
    _, at, group = np.unique(element, return_index=True, return_inverse=True)
    rank = np.empty(len(at), dtype=np.int64)
    by_appearance = np.argsort(at)
    rank[by_appearance] = np.arange(len(at))
    group = rank[group]
    order = np.argsort(group, kind="stable")
    counts = np.bincount(group, minlength=len(at))
    starts = np.concatenate(([0], np.cumsum(counts)))
    return element[at[by_appearance]].tolist(), starts, order


def _sources_used(inventory: Inventory, factors: FactorTable) -> tuple[str, ...]:
    used = np.unique(inventory.material[inventory.material >= 0])
    return tuple(dict.fromkeys(factors.sources[row] for row in used))


def _choose(n_values: int) -> Literal["numpy", "numba"]:
    limit = AUTO_VALUES_WARM if "lca._kernels" in sys.modules else AUTO_VALUES_COLD
    return "numba" if n_values >= limit else "numpy"


def _check_materials(inventory: Inventory, n_materials: int) -> None:
    if len(inventory) and inventory.material.max() >= n_materials:
        outside = np.flatnonzero(inventory.material >= n_materials)
        raise AssessmentError(
            f"The factor table has {n_materials} materials",
            [f"row {row}, material: {inventory.material[row]} is outside the table" for row in outside],
        )


def _per_portion_numba(
    mass_kg: NDArray[np.float64],
    material: NDArray[np.int64],
    replacements: NDArray[np.float64],
    per_kg: NDArray[np.float64],
    b4: int,
) -> NDArray[np.float64]:
    with _KERNEL_LOCK:
        from lca._kernels import fill_per_portion

        out = np.empty((mass_kg.shape[0], *per_kg.shape[1:]))
        fill_per_portion(mass_kg, material, replacements, per_kg, b4, out)
    return out


def _per_element_numba(
    mass_kg: NDArray[np.float64],
    material: NDArray[np.int64],
    replacements: NDArray[np.float64],
    per_kg: NDArray[np.float64],
    b4: int,
    starts: NDArray[np.int64],
) -> NDArray[np.float64]:
    with _KERNEL_LOCK:
        from lca._kernels import fill_per_element

        shape = per_kg.shape[1:]
        out = np.empty((starts.shape[0] - 1, shape[0] * shape[1]))
        b4_columns = np.arange(shape[0]) * shape[1] + b4 if b4 >= 0 else np.zeros(0, dtype=np.int64)
        flat = per_kg.reshape(len(per_kg), -1)
        fill_per_element(mass_kg, material, replacements, flat, b4_columns, starts, out)
    return out.reshape(-1, *shape)


def _by_material_numba(inventory: Inventory, scenario: Scenario, n_rows: int) -> NDArray[np.float64]:
    blocks = np.zeros((_BLOCKS, n_rows + 1, 6))
    period, rule = scenario.study_period_years, RULES.index(scenario.replacement)
    with _KERNEL_LOCK:
        from lca._kernels import fill_by_material

        fill_by_material(
            inventory.mass_kg, inventory.material, inventory.service_life_years, period, rule, blocks
        )
    out: NDArray[np.float64] = blocks[0]
    out[:, :REPLACED] = blocks[:, :, :REPLACED].sum(axis=0)
    out[:, REPLACED:] = blocks[:, :, REPLACED:].max(axis=0)
    if not np.isfinite(out).all():  # a life so short that it fits without end: the check names its row
        replacement_counts(inventory.service_life_years, period, scenario.replacement)
    return out
