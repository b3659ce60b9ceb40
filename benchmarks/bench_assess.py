"""Time `lca.assess`, `assess_elements` and `totals` against NumPy, and against writing the result array.

What is timed is the call as a user makes it: indices checked, replacements counted, one array of shape
(portion, 19 indicators, 8 modules) written. Warm rows are medians after one call that is not counted; each
result is dropped before the next call, so that all variants get the same memory. The first call is timed in a
fresh interpreter, with an empty cache folder (it compiles) and with a filled one (it loads).

Results per element and totals are timed on 300,000 portions in 100,000 elements with all 15 modules, a random
factor table of 346 materials in which nothing is missing. Their opponents do less than we do: one writes an
array of the size of the result, the other is one `bincount` and one matrix product, without replacements and
without saying what is known.

Run:
    python benchmarks/bench_assess.py
"""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable

import numpy as np

import lca
from reference.factors import FactorTable
from reference.vocabulary import ASSESSED_STAGES, INDICATORS, STAGES, Stage

SIZES = (1_000, 10_000, 100_000)
REPEATS = 9

FIRST_CALL = """
import time
import lca
from reference.vocabulary import INDICATORS
import numpy as np
factors = lca.builtin_factors()
inventory = lca.Inventory.from_columns(material=[0], mass_kg=[1.0], service_life_years=[30.0])
start = time.perf_counter()
lca.assess(inventory, factors, engine="ENGINE")
print(time.perf_counter() - start)
"""


def make_inventory(n: int, n_materials: int) -> lca.Inventory:
    """A random inventory: 2 % unknown materials, 1 % unknown masses, lives of 15 years to no replacement."""
    rng = np.random.default_rng(20_24)
    return lca.Inventory.from_columns(
        material=np.where(rng.random(n) < 0.02, -1, rng.integers(0, n_materials, n)),
        mass_kg=np.where(rng.random(n) < 0.01, np.nan, rng.lognormal(4.0, 2.0, n)),
        service_life_years=rng.choice([15.0, 25.0, 30.0, 40.0, 60.0, np.nan], n),
    )


def median_seconds(call: Callable[[], object], repeats: int = REPEATS) -> float:
    """Median time of `call` after one call that is not counted [s]."""
    call()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        result = call()
        times.append(time.perf_counter() - start)
        del result
    return statistics.median(times)


def write_only(n: int) -> np.ndarray:
    """Write an array of the size of the result once."""
    out = np.empty((n, len(INDICATORS), len(ASSESSED_STAGES)))
    out[:] = 1.0
    return out


def row(task: str, n: int, variant: str, seconds: float, baseline: float) -> dict[str, object]:
    """One line: `ratio` is baseline / seconds, so below 1 the variant loses."""
    return {
        "task": task,
        "portions": n,
        "variant": variant,
        "seconds": seconds,
        "ratio": baseline / seconds,
    }


def warm_rows(factors: FactorTable) -> list[dict[str, object]]:
    """`assess` and totals for each size, with the result asserted equal between engines."""
    found = []
    for n in SIZES:
        inventory = make_inventory(n, len(factors.materials))
        by_numpy = lca.assess(inventory, factors, engine="numpy")
        by_numba = lca.assess(inventory, factors, engine="numba")
        np.testing.assert_array_equal(by_numpy.values, by_numba.values)
        del by_numpy
        base = median_seconds(lambda: lca.assess(inventory, factors, engine="numpy"))  # noqa: B023
        found.append(row("assess, warm", n, "numpy (definition)", base, base))
        for engine in ("numba", "auto"):
            seconds = median_seconds(lambda: lca.assess(inventory, factors, engine=engine))  # noqa: B023
            found.append(row("assess, warm", n, engine, seconds, base))
        found.append(row("write the array only", n, "np.empty", median_seconds(lambda: write_only(n)), base))  # noqa: B023
        seconds = median_seconds(lambda: _fresh_total(by_numba))  # noqa: B023
        found.append(row("total of all indicators", n, "Impact.total", seconds, base))
    return found


def _fresh_total(impact: lca.Impact) -> object:
    vars(impact).pop("_sums", None)  # the sums are kept after the first total
    return impact.total()


def large_rows() -> list[dict[str, object]]:
    """Results per element and totals of 300,000 portions; the ratio is opponent / ours."""
    rng = np.random.default_rng(20_25)
    n, n_elements, n_materials = 300_000, 100_000, 346
    declared = tuple(stage for stage in STAGES if stage is not Stage.B4)
    factors = FactorTable(
        materials=tuple(f"m{k}" for k in range(n_materials)),
        indicators=INDICATORS,
        stages=declared,
        values=rng.normal(size=(n_materials, len(INDICATORS), len(declared))),
        partial=np.zeros((n_materials, len(declared)), dtype=np.bool_),
        sources=("random",) * n_materials,
    )
    inventory = lca.Inventory.from_columns(
        material=rng.integers(0, n_materials, n),
        mass_kg=rng.lognormal(4.0, 2.0, n),
        service_life_years=rng.choice([15.0, 25.0, 30.0, 40.0, 60.0], n),
        element=np.sort(rng.permutation(n) % n_elements),
    )
    scenario = lca.Scenario(stages=STAGES)
    shape = (n_elements, len(INDICATORS), len(STAGES))
    table = rng.normal(size=(n_materials, shape[1] * shape[2]))
    found = []

    def add(task: str, opponent: str, other: Callable[[], object], ours: Callable[[str], object]) -> None:
        base = median_seconds(other)
        found.append(row(task, n, opponent, base, base))
        for engine in ("numba", "numpy (definition)"):
            name = engine.split()[0]
            found.append(row(task, n, engine, median_seconds(lambda: ours(name)), base))  # noqa: B023

    add(
        "assess_elements, warm",
        "write the array only",
        lambda: np.full(shape, 1.0),
        lambda engine: lca.assess_elements(inventory, factors, scenario, engine=engine),
    )
    add(
        "totals, warm",
        "bincount and one product",
        lambda: np.bincount(inventory.material, weights=inventory.mass_kg, minlength=n_materials) @ table,
        lambda engine: lca.totals(inventory, factors, scenario, engine=engine),
    )
    return found


def first_call_rows() -> list[dict[str, object]]:
    """First call in a fresh interpreter, one portion: what "auto" avoids for small inventories."""
    found = []
    base = _first_call("numpy", {})
    found.append(row("first call", 1, "numpy (definition)", base, base))
    with tempfile.TemporaryDirectory() as folder:
        cache = {"NUMBA_CACHE_DIR": folder}
        found.append(
            row("first call", 1, "numba, imports and compiles", _first_call("numba", cache, 1), base)
        )
        found.append(row("first call", 1, "numba, imports and loads", _first_call("numba", cache), base))
    return found


def _first_call(engine: str, environment: dict[str, str], repeats: int = 5) -> float:
    times = []
    for _ in range(repeats):
        done = subprocess.run(
            [sys.executable, "-c", FIRST_CALL.replace("ENGINE", engine)],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, **environment},
        )
        times.append(float(done.stdout))
    return statistics.median(times)


def rows() -> list[dict[str, object]]:
    """All measurements: task, portions, variant, seconds, ratio to the definition; losing rows stay in."""
    return [*warm_rows(lca.builtin_factors()), *large_rows(), *first_call_rows()]


def main() -> None:
    """Print the table."""
    import numba

    print(
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"numpy {np.__version__}, numba {numba.__version__}, {numba.get_num_threads()} threads, "
        f"medians of {REPEATS} (first calls 5, compiling 1)"
    )
    print(f"{'task':26}{'portions':>9}  {'variant':30}{'ms':>10}{'ratio':>8}")
    for each in rows():
        print(
            f"{each['task']:26}{each['portions']:>9}  {each['variant']:30}"
            f"{float(str(each['seconds'])) * 1000:>10.3f}{float(str(each['ratio'])):>8.2f}"
        )


if __name__ == "__main__":
    main()
