"""Accuracy, coverage, calibration and time of the material-name matcher.

Accuracy is measured on the labelled names in the folder `shared/data` beside the repository; where it is not
there, only time is measured. A name counts as right when the family is the labelled one or one that the label
accepts as well. Every third name (by a checksum of the name) is the held-out part: no word of the vocabulary
was written for it.

Run:
    python benchmarks/bench_matching.py
"""

from __future__ import annotations

import csv
import statistics
import time
import zlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from passport.matching import Match, Matcher, MaterialQuery
from reference import load_materials

DATA = Path(__file__).resolve().parents[1].parent / "shared" / "data"
FILES = (
    ("material_labels_dev.csv", "material", "real models"),
    ("material_names_dev.csv", "name", "typed names"),
)
REPEATS = 5


@dataclass(frozen=True, slots=True)
class Labelled:
    """A name, the families that are right, where it comes from, and the answer."""

    kind: str
    part: str
    language: str
    family: str
    accepted: frozenset[str]
    match: Match

    @property
    def right(self) -> bool:
        return self.match.family in self.accepted

    @property
    def false_answer(self) -> bool:
        return self.family == "unknown" and not self.right


def labelled(matcher: Matcher) -> list[Labelled]:
    """All labelled names with the matcher's answers; empty without the folder."""
    found = []
    for file_name, column, kind in FILES:
        if not (DATA / file_name).is_file():
            continue
        with (DATA / file_name).open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                name = row[column]
                use = row.get("ifc_classes", "").split("|")[0].removesuffix("StandardCase")
                held = zlib.crc32(name.strip().lower().encode()) % 3 == 0
                found.append(
                    Labelled(
                        kind,
                        "held out" if held else "development",
                        row["language"],
                        row["family"],
                        frozenset([row["family"], *filter(None, row["also_acceptable"].split("|"))]),
                        matcher.match(MaterialQuery(name, use=use, ifc_class=use)),
                    )
                )
    return found


def summary(task: str, kind: str, part: str, group: str, items: Iterable[Labelled]) -> dict[str, object]:
    """One row: share right, share answered among names with a material, false answers on unknown ones."""
    items = list(items)
    known = [item for item in items if item.family != "unknown"]
    silent = [item for item in items if item.family == "unknown"]
    return {
        "task": task,
        "names": kind,
        "part": part,
        "group": group,
        "count": len(items),
        "accuracy": sum(item.right for item in items) / len(items),
        "coverage": sum(item.match.family != "unknown" for item in known) / len(known) if known else None,
        "false_answers": sum(item.false_answer for item in silent),
        "unknown": len(silent),
    }


def accuracy_rows(items: list[Labelled]) -> list[dict[str, object]]:
    """Accuracy in all, by language and by family."""
    groups: dict[tuple[str, str, str, str], list[Labelled]] = defaultdict(list)
    for item in items:
        groups["accuracy", item.kind, item.part, "all"].append(item)
        groups["by language", item.kind, item.part, item.language].append(item)
        groups["by family", "all", "all", item.family].append(item)
    return [summary(*key, group) for key, group in sorted(groups.items())]


def calibration_rows(items: list[Labelled]) -> list[dict[str, object]]:
    """For each score given: how often the answer was right."""
    groups: dict[float, list[Labelled]] = defaultdict(list)
    for item in items:
        if item.match.score is not None:
            groups[item.match.score].append(item)
    return [
        {
            "task": "calibration",
            "score": score,
            "count": len(group),
            "accuracy": sum(item.right for item in group) / len(group),
        }
        for score, group in sorted(groups.items(), reverse=True)
    ]


def many_names(count: int = 10_000) -> list[str]:
    """Distinct names made of the library's names, with prefixes and thicknesses."""
    names = [name for material in load_materials().values() for name in material.names.values()]
    return [f"{i % 89:02d}_{names[i % len(names)]} {i} mm" for i in range(count)]


def time_rows() -> list[dict[str, object]]:
    """Seconds to construct a matcher, for its first answer, and for 10,000 distinct names."""
    library = load_materials()
    start = time.perf_counter()
    matcher = Matcher(library)
    constructed = time.perf_counter() - start
    start = time.perf_counter()
    matcher.match("first")
    first = time.perf_counter() - start
    names = many_names()
    times = []
    for _ in range(REPEATS):
        fresh = Matcher(library)
        start = time.perf_counter()
        fresh.match_many(names)
        times.append(time.perf_counter() - start)
    return [
        {"task": "time", "what": "construct", "seconds": constructed},
        {"task": "time", "what": "first answer", "seconds": first},
        {"task": "time", "what": f"{len(set(names)):,} distinct names", "seconds": statistics.median(times)},
    ]


def rows() -> list[dict[str, object]]:
    """All measurements; accuracy only where the labelled names are at hand."""
    timed = time_rows()
    items = labelled(Matcher())
    return [*accuracy_rows(items), *calibration_rows(items), *timed]


def _shown(value: object) -> str:
    return f"{value:.3f}" if isinstance(value, float) else "" if value is None else str(value)


def main() -> None:
    """Print the measurements, one table per task."""
    tables: dict[str, list[dict[str, object]]] = defaultdict(list)
    for row in rows():
        tables[str(row["task"])].append(row)
    for task, table in tables.items():
        columns = [column for column in table[0] if column != "task"]
        cells = [columns, *([_shown(row[column]) for column in columns] for row in table)]
        widths = [max(len(line[i]) for line in cells) for i in range(len(columns))]
        print(f"\n{task}")
        for line in cells:
            print("  " + "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)))


if __name__ == "__main__":
    main()
