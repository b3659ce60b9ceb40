"""`assess`: choose an engine, call it, wrap the result."""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from lca._numpy import per_kg_table, per_portion
from lca.errors import AssessmentError
from lca.impact import Impact
from lca.inventory import Inventory
from lca.replacement import replacement_counts
from lca.scenario import Scenario
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
    scenario = Scenario() if scenario is None else scenario
    if engine not in ("auto", "numpy", "numba"):
        raise AssessmentError(f"{engine!r} is not an engine; use 'auto', 'numpy' or 'numba'.")
    _check_materials(inventory, len(factors.materials))
    stages = scenario.stages
    b4 = stages.index(Stage.B4) if Stage.B4 in stages else -1
    per_kg, leaves_out = per_kg_table(
        np.asarray(factors.values, dtype=np.float64), np.asarray(factors.partial), factors.stages, stages
    )
    times = replacement_counts(
        inventory.service_life_years, scenario.study_period_years, scenario.replacement
    )
    n_values = len(inventory) * len(factors.indicators) * len(stages)
    chosen = _choose(n_values) if engine == "auto" else engine
    run = _per_portion_numba if chosen == "numba" else per_portion
    partial = leaves_out[inventory.material]
    if b4 >= 0:
        partial[:, b4] &= times > 0
    return Impact(
        values=run(inventory.mass_kg, inventory.material, times, per_kg, b4),
        partial=partial,
        indicators=tuple(factors.indicators),
        stages=stages,
        inventory=inventory,
        scenario=scenario,
        sources=_sources_used(inventory, factors),
        engine=chosen,
    )


def _sources_used(inventory: Inventory, factors: FactorTable) -> tuple[str, ...]:
    used = np.unique(inventory.material[inventory.material >= 0])
    return tuple(dict.fromkeys(factors.sources[row] for row in used))


def _choose(n_values: int) -> Literal["numpy", "numba"]:
    limit = AUTO_VALUES_WARM if "lca._kernels" in sys.modules else AUTO_VALUES_COLD
    return "numba" if n_values >= limit else "numpy"


def _check_materials(inventory: Inventory, n_materials: int) -> None:
    outside = np.flatnonzero(inventory.material >= n_materials)
    if outside.size:
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
