"""Time totals by indicator and module against lcax (Rust) on the same project, 3,000 products and up.

Both get 19 indicators, 7 declared modules and 346 datasets; products stand in elements of three. Of lcax only
`calculate_project` is timed, with the project built before; of ours the columns (arrays) are turned into an
inventory, checked and added, warm. One call of lcax per size, in a process of its own that is stopped after a
limit; ours is the median of nine. That both give the same totals is a test (tests/test_lca_lcax_parity.py).

Run:
    python benchmarks/bench_lcax.py
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path

import lca

TESTS = Path(__file__).resolve().parents[1] / "tests"
SIZES = (3_000, 30_000, 300_000)
LIMIT_SECONDS = 180
REPEATS = 9

LCAX = f"""
import sys, time
sys.path.insert(0, {str(TESTS)!r})
import lcax
from lcax_project import Twice
project = Twice.random(SIZE).project()
start = time.perf_counter()
lcax.calculate_project(project)
print(time.perf_counter() - start)
"""


def lcax_seconds(n: int) -> float | None:
    """Time of `lcax.calculate_project` [s]; None where it does not finish within the limit."""
    code = LCAX.replace("SIZE", str(n))
    try:
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=LIMIT_SECONDS
        )
    except subprocess.TimeoutExpired:
        return None
    return float(done.stdout)


def our_seconds(n: int) -> float:
    """Median time from columns to totals [s]."""
    sys.path.insert(0, str(TESTS))
    from lcax_project import MODULES, Twice

    twice, scenario = Twice.random(n), lca.Scenario(stages=tuple(MODULES))
    times = []
    for _ in range(REPEATS + 1):
        start = time.perf_counter()
        lca.totals(twice.inventory(), twice.factors, scenario, engine="numba")
        times.append(time.perf_counter() - start)
    return statistics.median(times[1:])


def main() -> None:
    """Print the table; `ratio` is lcax / ours, so below 1 we lose."""
    print(f"{'products':>9}{'lcax s':>12}{'ours ms':>12}{'ratio':>10}")
    for n in SIZES:
        theirs, ours = lcax_seconds(n), our_seconds(n)
        shown = f">{LIMIT_SECONDS}" if theirs is None else f"{theirs:.3f}"
        ratio = f"{theirs / ours:,.0f}" if theirs is not None else f">{LIMIT_SECONDS / ours:,.0f}"
        print(f"{n:>9}{shown:>12}{ours * 1000:>12.3f}{ratio:>10}")


if __name__ == "__main__":
    main()
