"""Time the ranking of changes and the evaluation of whole variants of one house, against assessing each anew.

A variant is one change of material, life or reuse of a group of portions. "improve" makes all options of a
house and their effects in all indicators and modules in one assessment; "fewest" then searches the sets. The
opponents make each variant on its own: `assess_variants` by changing columns, `assess` by assessing the
passport. Warm medians of 5; the ratio is ours per second over theirs.

Run:
    python benchmarks/bench_improve.py [MODEL.ifc]
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from passport import assess, assess_variants, compare, fewest, improve, read_ifc
from passport.design_changes import _deltas, _options
from passport.variant_rules import Change, Variant
from reference import load_residential

HOUSE = Path(__file__).resolve().parents[1] / "examples" / "models" / "flemish-house.ifc"
REPEATS = 5


def median_seconds(call: Callable[[], object]) -> float:
    """Median time after one call that is not counted [s]."""
    call()
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def main() -> None:
    """Print the table."""
    passport = read_ifc(sys.argv[1] if len(sys.argv) > 1 else HOUSE)
    house, cases = assess(passport), load_residential()
    options = _options(house)
    n = len(options)
    ours = n / median_seconds(lambda: _deltas(house, _options(house)))
    swaps = [option for option in options if option.kind == "swap"]
    variants = [
        Variant(name=str(k), change=(Change(where={"material": o.group.split(" in ")[0]}, material=o.to),))
        for k, o in enumerate(swaps)
    ]
    columns = len(swaps) / median_seconds(lambda: assess_variants(passport, variants))
    anew = 1 / median_seconds(lambda: assess(passport))
    print(f"{len(house.rows)} portions, {n} options, medians of {REPEATS}")
    print(f"{'what':46}{'variants/s':>12}{'ours / it':>12}")
    for what, rate in (
        ("improve: options and their effects", ours),
        ("assess_variants, each variant whole", columns),
        ("assess, each variant a passport", anew),
    ):
        print(f"{what:46}{rate:>12,.0f}{ours / rate:>12.1f}")
    comparison = compare(house, against=cases)
    if comparison.comparable:
        changes = improve(house, comparison=comparison, against=cases, draws=0)
        seconds = median_seconds(lambda: fewest(house, changes, comparison, cases, 0))
        print(f"{'fewest of ' + str(len(changes)) + ' changes for percentile 0':46}{seconds * 1000:>9.2f} ms")


if __name__ == "__main__":
    main()
