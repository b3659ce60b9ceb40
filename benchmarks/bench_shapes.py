"""Time and memory of the own exact shapes against the ifcopenshell geometry kernel, on the same elements.

Opponent: `ifcopenshell.geom.iterator` with its default settings and as many threads as the machine has cores;
own shapes run in one thread. Both get all physical elements that have a representation, alternating in one
warm process, medians. Opening the file is outside of both, but each timing has a freshly opened file, so that
what ifcopenshell parses late costs both the same. Own shapes include reading the relations of openings and
parts, and end in volumes and areas; the kernel ends in triangles, which still had to be measured.

Own shapes leave to the kernel what they cannot do exactly; the column "kernel" says how many. The ratio is
the kernel's seconds over own seconds for what each makes of the same list: read it with that column.

Copies of two models, 1x, 5x and 12x, show whether own time per element stays. The kernel is run on the 1x
copy only: it takes minutes on the others.

Memory: each in a process of its own that has run once on a tiny model; growth of the peak resident size from
the opened file on. Own shapes keep the figures of all elements; the kernel's shapes are dropped one by one.

Run:
    python benchmarks/bench_shapes.py [--quick] [FOLDER OR MODEL ...]
        default: examples/models and, beside the repository, shared/ifc; --quick: one repeat
    python benchmarks/run.py bench_shapes
        the same, and rewrite its part of RESULTS.md
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ifcopenshell
import ifcopenshell.geom
from bench_quantities import models

from passport.findings import FindingLog
from passport.ifc.schema import Schema
from passport.ifc.shapes.bodies import ShapeReader, ShapeResult
from passport.ifc.source import open_model
from passport.ifc.units import Units

ROOT = Path(__file__).resolve().parents[1]
OWN_REPEATS = 5
KERNEL_REPEATS = 3
COPIES = (1, 5, 12)
#: A house, and a model of many small parts; `FALLBACK` where neither is there.
COPIED = ("duplex-a-20110907.ifc", "sdl-linden-kozijnen.ifc")
FALLBACK = "flemish-house.ifc"

_MEMORY = """
import resource, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
import ifcopenshell
from bench_shapes import drawn, kernel_shapes, own_shapes
def rss():
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()
warm = ifcopenshell.open(sys.argv[3])
WHAT(warm, drawn(warm))
file = ifcopenshell.open(sys.argv[2])
elements = drawn(file)
base = rss()
Path("/proc/self/clear_refs").write_text("5")
kept = WHAT(file, elements)
lines = Path("/proc/self/status").read_text().splitlines()
peak = int(next(line for line in lines if line.startswith("VmHWM")).split()[1])
print(peak * 1024 - base)
"""


@dataclass(frozen=True, slots=True)
class Timed:
    """Median seconds of both (None: not run), and what became of the elements."""

    elements: int
    own_s: float
    kernel_s: float | None
    own: int
    to_kernel: int
    bad: int


def drawn(file: Any) -> list[Any]:
    """Physical elements that have a representation."""
    return [
        e
        for e in file.by_type("IfcElement")
        if e.Representation is not None
        and not e.is_a("IfcFeatureElement")
        and not e.is_a("IfcVirtualElement")
    ]


def own_shapes(file: Any, elements: list[Any]) -> ShapeResult:
    """Everything that own shapes need from an open file, and their bodies."""
    openings: dict[int, list[int]] = defaultdict(list)
    for relation in file.by_type("IfcRelVoidsElement"):
        openings[relation.RelatingBuildingElement.id()].append(relation.RelatedOpeningElement.id())
    whole_of: dict[int, int] = {}
    for relation in file.by_type("IfcRelAggregates"):
        for part in relation.RelatedObjects:
            whole_of.setdefault(part.id(), relation.RelatingObject.id())
    schema, units = Schema(file.schema_identifier), Units(file, FindingLog())
    return ShapeReader(file, schema, units.length, units.angle, openings, whole_of).bodies(elements)


def kernel_shapes(file: Any, elements: list[Any]) -> int:
    """Number of shapes that the kernel makes of the elements; one at a time is kept."""
    if not elements:
        return 0
    iterator = ifcopenshell.geom.iterator(
        ifcopenshell.geom.settings(), file, os.cpu_count() or 1, include=elements
    )
    made = 0
    if iterator.initialize():
        while True:
            iterator.get()
            made += 1
            if not iterator.next():
                break
    return made


def timed(path: Path, own_repeats: int, kernel_repeats: int) -> Timed:
    """Both on one plain .ifc, alternating; the first turn of the own shapes warms up and is not counted."""
    own_s: list[float] = []
    kernel_s: list[float] = []
    result = ShapeResult()
    count = 0
    for turn in range(own_repeats + 1):
        seconds, (count, result) = _seconds(path, own_shapes)
        if turn:
            own_s.append(seconds)
        if turn < kernel_repeats:
            kernel_s.append(_seconds(path, kernel_shapes)[0])
    return Timed(
        count,
        statistics.median(own_s),
        statistics.median(kernel_s) if kernel_s else None,
        len(result.bodies),
        len(result.for_kernel),
        len(result.bad),
    )


def _seconds(path: Path, run: Callable[[Any, list[Any]], Any]) -> tuple[float, tuple[int, Any]]:
    """Seconds of one run on a freshly opened file; opening and listing the elements are not in it."""
    file = ifcopenshell.open(str(path))
    elements = drawn(file)
    start = time.perf_counter()
    result = run(file, elements)
    return time.perf_counter() - start, (len(elements), result)


def memory(path: Path, warm: Path, what: str) -> float | None:
    """Growth of the peak resident size [MB] of ``own_shapes`` or ``kernel_shapes``; None but on Linux."""
    if not Path("/proc/self/clear_refs").exists():
        return None
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            _MEMORY.replace("WHAT", what),
            str(Path(__file__).resolve().parent),
            str(path),
            str(warm),
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    return int(done.stdout) / 1e6


def rows(arguments: Iterable[str] = (), *, quick: bool = False) -> list[dict[str, object]]:
    """One row per model, then one per number of copies of the copied models."""
    repeats = (1, 1) if quick else (OWN_REPEATS, KERNEL_REPEATS)
    places = list(arguments)
    paths = models(places)
    found = []
    for path in paths:
        with open_model(path, FindingLog()) as opened:  # unzips, and repairs what can be repaired
            found.append(_row(path.name, timed(opened.plain_path, *repeats)))
    return [*found, *copy_rows(paths, quick=quick)]


def copy_rows(paths: list[Path], *, quick: bool = False) -> list[dict[str, object]]:
    """Own shapes of 1x, 5x and 12x copies: time per element and memory; the kernel on the 1x copy only."""
    from bench_read import copies

    plain = [p for p in paths if p.suffix.lower() == ".ifc"]
    if not plain:
        return []
    by_name = {p.name: p for p in plain}
    bases = {by_name[n] for n in COPIED if n in by_name} or {by_name.get(FALLBACK, plain[0])}
    warm = min(plain, key=lambda p: p.stat().st_size)
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for base in sorted(bases):
            for n in COPIES:
                large = Path(folder) / f"{n}x-{base.name}"
                copies(base, large, n)
                row = _row(large.name, timed(large, 1 if quick else 3, 1 if n == 1 else 0))
                row["own_mb"] = memory(large, warm, "own_shapes")
                row["kernel_mb"] = memory(large, warm, "kernel_shapes") if n == 1 else None
                found.append(row)
    return found


def _row(model: str, one: Timed) -> dict[str, object]:
    return {
        "model": model,
        "elements": one.elements,
        "own": one.own,
        "to_kernel": one.to_kernel,
        "bad": one.bad,
        "own_s": one.own_s,
        "kernel_s": one.kernel_s,
        "ratio": one.kernel_s / one.own_s if one.elements and one.kernel_s is not None else None,
        "own_us_per_element": 1e6 * one.own_s / one.elements if one.elements else None,
    }


def _number(value: object, digits: int) -> str:
    return f"{value:.{digits}f}" if isinstance(value, float) else "-"


def main() -> None:
    """Print the rows and the median of the ratios over the models."""
    arguments = [a for a in sys.argv[1:] if a != "--quick"]
    table = rows(arguments, quick="--quick" in sys.argv)
    heads = (
        "elements",
        "own",
        "kernel",
        "bad",
        "own s",
        "kernel s",
        "ratio",
        "us/elem",
        "own MB",
        "kern. MB",
    )
    print(f"{'model':38}" + "".join(f" {head:>8}" for head in heads))
    for r in table:
        counts = "".join(f" {r[key]!s:>8}" for key in ("elements", "own", "to_kernel", "bad"))
        figures = "".join(
            f" {_number(r.get(key), digits):>8}"
            for key, digits in (
                ("own_s", 4),
                ("kernel_s", 4),
                ("ratio", 1),
                ("own_us_per_element", 0),
                ("own_mb", 1),
                ("kernel_mb", 1),
            )
        )
        print(f"{r['model']!s:38}{counts}{figures}")
    ratios = [r["ratio"] for r in table if isinstance(r["ratio"], float) and "own_mb" not in r]
    if ratios:
        print(f"median ratio over {len(ratios)} models: {statistics.median(ratios):.1f}")


if __name__ == "__main__":
    main()
