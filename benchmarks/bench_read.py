"""Time and memory of `read_ifc` against `ifcopenshell.open` alone, on the same file.

Time: both in one warm process, alternating, medians. `read_ifc` opens the file itself and frees it, so that
the other side is timed with freeing it too; a ratio of 1 would mean that everything besides opening is
free. Warm means that names met before are known, as for the second model of an office. Memory: each in a
process of its own that has imported what it needs and run once on a tiny model; what is measured is the
growth of the peak resident size, and both are compared on the largest models, where it is far above the
noise.

Run:
    python benchmarks/bench_read.py [FOLDER OR MODEL ...]      default: examples/models and, beside the
                                                               repository, shared/ifc
"""

from __future__ import annotations

import re
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
REPEATS = 7
COPIES = (1, 5, 12)
#: Models of our own, for examples and tests: so small that they show only what a start costs.
OWN_NAMES = frozenset(p.name for p in (ROOT / "examples" / "models").glob("*.ifc"))
COPY_NAMES = tuple(f"{n}x-" for n in COPIES)
LARGE_BYTES = 2_000_000

_MEMORY = """
import resource, sys, threading, time
from pathlib import Path
import ifcopenshell
from passport import read_ifc
def rss():
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()
def run(path):
    return WHAT
warm = run(sys.argv[2])
base = rss()
Path("/proc/self/clear_refs").write_text("5")
kept = run(sys.argv[1])
lines = Path("/proc/self/status").read_text().splitlines()
peak = int(next(line for line in lines if line.startswith("VmHWM")).split()[1])
print(peak * 1024 - base)
"""


def models(arguments: list[str]) -> list[Path]:
    """IFC files named, or in the folders named; plain .ifc only, for `ifcopenshell.open`."""
    places = [Path(a) for a in arguments] or [ROOT / "examples" / "models", ROOT.parent / "shared" / "ifc"]
    found: list[Path] = []
    for place in places:
        found.extend(sorted(place.glob("*.ifc")) if place.is_dir() else [place] if place.exists() else [])
    return found


def timed(path: Path, repeats: int = REPEATS) -> tuple[float, float, int]:
    """Median seconds of `ifcopenshell.open` and freeing, of `read_ifc` without shapes; number of elements."""
    import ifcopenshell

    from passport import read_ifc

    opened, read, count = [], [], 0
    for turn in range(repeats + 1):
        start = time.perf_counter()
        file = ifcopenshell.open(str(path))
        del file
        middle = time.perf_counter()
        house = read_ifc(path, geometry="never")
        end = time.perf_counter()
        count = len(house.elements) + len(house.left_out)
        if turn:  # the first turn warms the disk and the library tables
            opened.append(middle - start)
            read.append(end - middle)
    return statistics.median(opened), statistics.median(read), count


def memory(path: Path, warm: Path) -> tuple[int, int]:
    """Growth of the peak resident size [bytes]: `ifcopenshell.open`, `read_ifc`."""
    found = []
    for what in ("ifcopenshell.open(path)", "read_ifc(path, geometry='never')"):
        done = subprocess.run(
            [sys.executable, "-c", _MEMORY.replace("WHAT", what), str(path), str(warm)],
            capture_output=True,
            text=True,
            check=True,
        )
        found.append(int(done.stdout))
    return found[0], found[1]


def copies(path: Path, target: Path, n: int) -> None:
    """The model `n` times in one project: ids shifted, new GlobalIds, one IfcProject."""
    text = path.read_text(encoding="latin-1")
    head, rest = text.split("DATA;", 1)
    data, tail = rest.rsplit("ENDSEC;", 1)
    top = max(int(i) for i in re.findall(r"^#(\d+)", data, re.M)) + 1
    project = re.search(r"^#(\d+)\s*=\s*IFCPROJECT\(.*?\);\s*$", data, re.M | re.S)
    assert project is not None
    one = data.replace(project.group(0), "")
    pieces = re.split(r"('(?:[^']|'')*')", one)
    with target.open("w", encoding="latin-1") as out:
        out.write(head + "DATA;" + data)
        for k in range(1, n):
            shift = k * top

            def move(match: re.Match[str], shift: int = shift) -> str:
                number = int(match.group(1))
                return f"#{number if number == int(project.group(1)) else number + shift}"

            moved = "".join(p if i % 2 else re.sub(r"#(\d+)", move, p) for i, p in enumerate(pieces))
            out.write(re.sub(r"(=\s*IFC\w+\s*\(\s*)'[0-9A-Za-z_$]{22}'", _new_id, moved))
        out.write("ENDSEC;" + tail)


def _new_id(match: re.Match[str]) -> str:
    import ifcopenshell.guid

    return f"{match.group(1)}'{ifcopenshell.guid.compress(uuid.uuid4().hex)}'"


def rows(arguments: list[str] | None = None) -> list[dict[str, object]]:
    """One row per model: seconds, ratio; memory where the model is large enough; then 1x, 5x, 12x copies."""
    paths = models(arguments or [])
    smallest = min(paths, key=lambda p: p.stat().st_size)
    found = [_row(path, smallest, REPEATS, path.stat().st_size > LARGE_BYTES) for path in paths]
    most = max(found, key=lambda r: int(str(r["elements"])))
    base = next(p for p in paths if p.name == most["model"])
    with tempfile.TemporaryDirectory() as folder:
        for n in COPIES:
            large = Path(folder) / f"{n}x-{base.name}"
            copies(base, large, n)
            found.append(_row(large, smallest, 3, True))
    return found


def _row(path: Path, smallest: Path, repeats: int, with_memory: bool) -> dict[str, object]:
    opened, read, count = timed(path, repeats)
    row: dict[str, object] = {
        "model": path.name,
        "elements": count,
        "open_s": opened,
        "read_s": read,
        "ratio": read / opened,
    }
    if with_memory:
        by_open, by_read = memory(path, smallest)
        row |= {"open_mb": by_open / 1e6, "read_mb": by_read / 1e6, "memory_ratio": by_read / by_open}
    return row


def main() -> None:
    """Print the rows and the medians of the ratios."""
    found = rows(sys.argv[1:])
    heads = ("open s", "read s", "ratio", "open MB", "read MB", "ratio")
    print(f"{'model':38} {'elements':>8}" + "".join(f" {head:>8}" for head in heads))
    for r in found:
        line = f"{r['model']!s:38} {r['elements']:8} {r['open_s']:8.4f} {r['read_s']:8.4f} {r['ratio']:8.2f}"
        if "open_mb" in r:
            line += f" {r['open_mb']:8.1f} {r['read_mb']:8.1f} {r['memory_ratio']:8.2f}"
        print(line)
    real = [r for r in found if not str(r["model"]).startswith(COPY_NAMES) and r["model"] not in OWN_NAMES]
    ratios = [float(str(r["ratio"])) for r in real]
    memories = [float(str(r["memory_ratio"])) for r in found if "memory_ratio" in r]
    if ratios:
        print(f"median ratio of time: {statistics.median(ratios):.2f} over {len(ratios)} real models")
    print(f"median ratio of memory: {statistics.median(memories):.2f}" if memories else "")


if __name__ == "__main__":
    main()
