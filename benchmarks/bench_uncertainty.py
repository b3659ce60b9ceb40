"""Time 10,000 draws over 10,000 portions against the best NumPy we can write for the same draws.

Each portion has an uncertain quantity; every material an uncertain density, figure, life and (one in five)
match; transport and loss are drawn once for all. Two opponents, both in chunks of 256 draws so that they stay
near our memory, sums per run of portions with `add.reduceat`, totals as matrix products (BLAS on all cores):
one takes the same draws as we do, so the results are compared; the other takes them from NumPy's own
generator, which is faster, but then no two designs share a draw. Warm medians of 5; the first call, which
compiles or loads, is timed in a fresh interpreter. Memory is the growth of the peak of a fresh process.

Run:
    python benchmarks/bench_uncertainty.py
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

import lca
from lca import _numpy_draws
from lca._draw_plan import DrawPlan, Weight
from lca.distributions import LOG_NORMAL, UNIFORM

DRAWS = 10_000
PORTIONS = 10_000
REPEATS = 5
CHUNK = 256

MEMORY = """
import sys
sys.path.insert(0, "FOLDER")
import bench_uncertainty as bench
inventory, inputs, factors = bench.design(bench.PORTIONS, bench.PORTIONS)
lca = bench.lca
lca.simulate(inventory, factors, inputs=inputs, draws=16, engine="numba")
open("/proc/self/clear_refs", "w").write("5")  # the peak starts anew
before = bench.peak_kib()
bench.RUN(inventory, factors, inputs)
print(bench.peak_kib() - before)
"""

FIRST = """
import sys, time
sys.path.insert(0, "FOLDER")
import bench_uncertainty as bench
inventory, inputs, factors = bench.design(100, 100)
start = time.perf_counter()
bench.lca.simulate(inventory, factors, inputs=inputs, draws=16, engine="numba")
print(time.perf_counter() - start)
"""


def design(portions: int, quantities: int) -> tuple[lca.Inventory, lca.UncertainInputs, object]:
    """A random inventory of the shipped materials, 2 % of them unknown, with everything uncertain."""
    factors = lca.builtin_factors()
    n = len(factors.materials)
    rng = np.random.default_rng(20_26)
    inventory = lca.Inventory.from_columns(
        material=np.where(rng.random(portions) < 0.02, -1, rng.integers(0, n, portions)),
        mass_kg=rng.lognormal(4.0, 2.0, portions),
        service_life_years=rng.choice([15.0, 25.0, 30.0, 60.0], portions),
    )
    names = [str(m) for m in inventory.material]
    doubtful = {str(m) for m in range(0, n, 5)}
    candidates = {
        key: (lca.Candidate(int(key), 0.7), lca.Candidate((int(key) + 1) % n, 0.3, 1.2)) for key in doubtful
    }
    inputs = lca.UncertainInputs(
        quantity=lca.Uncertain.each([str(k % quantities) for k in range(portions)], lca.LogNormal(1.1)),
        density=lca.Uncertain.each(names, lca.Triangular(0.9, 1.0, 1.1)),
        match=lca.UncertainMatch([name if name in doubtful else None for name in names], candidates),
        service_life=lca.Uncertain.each(names, lca.Triangular(20.0, 30.0, 45.0)),
        factor=lca.Uncertain.each(factors.materials, lca.LogNormal(1.3)),
        transport=lca.Uncertain.each(["lorries"] * n, lca.Uniform(0.7, 1.5)),
        loss=lca.Uncertain.each(["loss"] * n, lca.Triangular(0.02, 0.05, 0.1)),
    )
    return inventory, inputs, factors


def kernel(inventory: lca.Inventory, factors: object, inputs: lca.UncertainInputs) -> lca.Simulation:
    """Ours, as a user calls it."""
    return lca.simulate(inventory, factors, inputs=inputs, draws=DRAWS, engine="numba")


def best_numpy(
    inventory: lca.Inventory, factors: object, inputs: lca.UncertainInputs, *, own_generator: bool = False
) -> np.ndarray:
    """Totals by draw, output and indicator, in NumPy alone."""
    plan = lca.simulate(inventory, factors, inputs=inputs, draws=1, engine="numpy")._parts.plan(1)
    rng = np.random.default_rng(1)
    out = np.zeros((DRAWS, plan.n_outputs, plan.terms.shape[2]))
    by_output = [
        (k, np.flatnonzero(plan.term_output == k))
        for k in range(plan.n_outputs)
        if (plan.term_output == k).any()
    ]
    row_starts = np.flatnonzero(np.diff(plan.run_row, prepend=-1))
    matched = np.flatnonzero(plan.run_match >= 0)
    for first in range(0, DRAWS, CHUNK):
        n = min(CHUNK, DRAWS - first)
        drawn = _generated(plan, rng, n) if own_generator else _numpy_draws.draw(plan.groups, first, n)
        masses = drawn[plan.cell_quantity]
        masses *= plan.cell_mass[:, np.newaxis]
        runs = np.add.reduceat(masses, plan.run_start[:-1], axis=0)
        runs *= drawn[plan.run_density]
        runs[matched] *= drawn[plan.run_match[matched]] == plan.run_candidate[matched, np.newaxis]
        drawn[plan.life_groups] = _numpy_draws.counts(drawn[plan.life_groups], plan.period, plan.rule)
        once = np.add.reduceat(runs, row_starts, axis=0)
        runs *= drawn[plan.run_life]
        again = np.add.reduceat(runs, row_starts, axis=0)
        f, t, loss = drawn[plan.row_factor], drawn[plan.row_transport], drawn[plan.row_loss]
        scales = (1.0, loss, f, f * loss, t, t * loss)
        weighted = [scale * mass for mass in (once, again) for scale in scales]
        for output, terms in by_output:
            left = np.concatenate([weighted[plan.term_weight[k]] for k in terms])
            right = plan.terms[terms].reshape(-1, plan.terms.shape[2])
            np.matmul(left.T, right, out=out[first : first + n, output])
    return out


def _generated(plan: DrawPlan, rng: np.random.Generator, n: int) -> np.ndarray:
    """Draws of the same distributions from NumPy's generator; the few discrete ones from the definition."""
    groups = plan.groups
    chosen = np.isin(groups.code, (LOG_NORMAL, UNIFORM))
    out = np.empty((len(groups.code), n))
    rest = np.flatnonzero(~chosen)
    few = type(groups)(groups.stream[rest], groups.code[rest], groups.parameters[rest], groups.steps)
    out[rest] = _numpy_draws.draw(few, 0, n)
    a, b = groups.parameters[:, 0], groups.parameters[:, 1]
    normal = np.flatnonzero(groups.code == LOG_NORMAL)
    z = rng.standard_normal((len(normal), n))
    z *= b[normal, np.newaxis]
    z += a[normal, np.newaxis]
    out[normal] = np.exp(z, out=z)
    flat = np.flatnonzero(groups.code == UNIFORM)
    out[flat] = rng.uniform(a[flat, np.newaxis], b[flat, np.newaxis], (len(flat), n))
    return out


def peak_kib() -> int:
    """Peak memory of this process [KiB]."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1])


RUN: Callable[..., object] = kernel


def median_seconds(call: Callable[[], object]) -> float:
    """Median time after one call that is not counted [s]."""
    call()
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        result = call()
        times.append(time.perf_counter() - start)
        del result
    return statistics.median(times)


def _fresh(code: str, environment: dict[str, str] | None = None) -> float:
    here = str(Path(__file__).resolve().parent)
    done = subprocess.run(
        [sys.executable, "-c", code.replace("FOLDER", here)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, **(environment or {})},
    )
    return float(done.stdout)


def rows() -> list[tuple[str, str, float, float]]:
    """Task, variant, seconds and ratio (opponent / ours)."""
    found = []
    for quantities in (PORTIONS, PORTIONS // 4):
        task = f"{quantities:,} uncertain quantities"
        inventory, inputs, factors = design(PORTIONS, quantities)
        ours = kernel(inventory, factors, inputs)
        theirs = np.moveaxis(best_numpy(inventory, factors, inputs)[:, :-1], 1, 2)
        np.testing.assert_allclose(np.nan_to_num(ours.values), theirs, rtol=1e-9, atol=1e-9)
        del theirs, ours
        base = median_seconds(lambda: kernel(inventory, factors, inputs))  # noqa: B023
        found.append((task, "ours (numba)", base, 1.0))
        for variant, own in (("NumPy, the same draws", False), ("NumPy, its own generator", True)):
            seconds = median_seconds(
                lambda: best_numpy(inventory, factors, inputs, own_generator=own)  # noqa: B023
            )
            found.append((task, variant, seconds, seconds / base))
    assert Weight.REPLACED == 6  # the order of `scales` above
    return found


def main() -> None:
    """Print the table."""
    print(f"{DRAWS:,} draws x {PORTIONS:,} portions, 19 indicators x 8 modules, medians of {REPEATS}")
    print(f"{'task':30}{'variant':28}{'s':>8}{'variant / ours':>16}")
    for task, variant, seconds, ratio in rows():
        print(f"{task:30}{variant:28}{seconds:>8.3f}{ratio:>16.2f}")
    growth = {
        "ours (numba)": MEMORY,
        "NumPy, the same draws": MEMORY.replace("bench.RUN", "bench.best_numpy"),
    }
    for variant, code in growth.items():
        print(f"{'growth of the peak memory':30}{variant:28}{_fresh(code) / 1024:>8.0f} MiB")
    with tempfile.TemporaryDirectory() as folder:
        cache = {"NUMBA_CACHE_DIR": folder}
        print(f"{'first call':30}{'compiles':28}{_fresh(FIRST, cache):>8.3f}")
        print(f"{'first call':30}{'loads from the cache':28}{_fresh(FIRST, cache):>8.3f}")


if __name__ == "__main__":
    main()
