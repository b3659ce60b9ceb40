"""Accuracy, coverage, calibration and time of the material-name matcher.

Names. `real models` and `typed names` are the labelled names in the folder `shared/data` beside the
repository; they are skipped where it is not there. `own list` and `hard list` are beside this file: written
from knowledge of the trade, the hard one with several materials in one name, places, looks, typing errors
and some names of public models. A name counts as right when the family is the labelled one or one that the
label accepts as well.

Parts. Every third dev name (by a checksum) is `held out`: no word of the vocabulary was written for it by
name, but a threshold for typing errors was chosen with its total in sight, and the names of the real models
were read. The lists are split by checksum into `A`, whose errors were read, and `B`, of which only totals
were read. B is not blind: who wrote the lists also extended the vocabulary afterwards, knowing their names,
so B is an upper bound. Names of others do worse: four further lists of clean names, 593 in all, had 557
right (94 %) when they were first asked and were then learnt from; the matcher of before had 554 right.

Without the fold. Hand-written words cannot be taken back name by name. The run `without the fold` leaves
out, for each fifth of the names, every word of the vocabulary that is a whole name of that fifth, and every
word or phrase that occurs in that fifth but in no other name and in no name of the library. It shows what
rules, codes, compounds and the rest of the vocabulary do for names nobody thought of; it is a lower bound,
for most of the words left out are common words of the trade that happen to occur once.

With a slip. Each name with one letter left out, doubled or swapped in a word of at least 7 letters.

Run:
    python benchmarks/bench_matching.py
    python benchmarks/bench_matching.py --calibrate    also rewrites src/passport/matching/calibration.csv
"""

from __future__ import annotations

import csv
import random
import re
import statistics
import sys
import time
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import pairwise, product
from pathlib import Path

from passport.matching import Match, Matcher, MaterialQuery
from passport.matching.calibration import load_calibration
from passport.matching.fuzzy import FuzzyIndex
from passport.matching.index import TermIndex
from passport.matching.normalise import SKIPPED, key, tokens
from reference import load_materials
from reference.match_terms import load_match_terms

HERE = Path(__file__).resolve().parent
DATA = HERE.parents[1] / "shared" / "data"
CALIBRATION = HERE.parent / "src" / "passport" / "matching" / "calibration.csv"
FILES = (
    (DATA / "material_labels_dev.csv", "material", "real models"),
    (DATA / "material_names_dev.csv", "name", "typed names"),
    (HERE / "material_names_own.csv", "name", "own list"),
    (HERE / "material_names_hard.csv", "name", "hard list"),
)
LISTS = frozenset(["own list", "hard list"])
FOLDS = 5
REPEATS = 5
SOURCE = "bench_matching.py --calibrate: part A and dev files, as shipped and without the fold"
BINS = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.975, 1.01)
WEIGHTS = (0.0, 34.0, 50.0)
LEADS = (0.0, 3.0, 8.0)


@dataclass(frozen=True, slots=True)
class Name:
    """A labelled name: what is asked, where it is from, the families that are right, elements that use it."""

    query: MaterialQuery
    kind: str
    part: str
    language: str
    family: str
    accepted: frozenset[str]
    use: int = 1

    @property
    def checksum(self) -> int:
        return zlib.crc32(self.query.name.strip().lower().encode())


@dataclass(frozen=True, slots=True)
class Answered:
    """A labelled name and the answer."""

    name: Name
    match: Match

    @property
    def right(self) -> bool:
        return self.match.family in self.name.accepted

    @property
    def false_answer(self) -> bool:
        return self.name.family == "unknown" and not self.right


def part_of(kind: str, name: str) -> str:
    """The part a name belongs to, by a checksum."""
    text = name.strip().lower()
    if kind in LISTS:
        return "A" if zlib.crc32(f"own:{text}".encode()) % 2 else "B"
    return "held out" if zlib.crc32(text.encode()) % 3 == 0 else "development"


def load_names() -> list[Name]:
    """All labelled names that are at hand."""
    found = []
    for path, column, kind in FILES:
        if not path.is_file():
            continue
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                name = row[column]
                use = (row.get("ifc_classes") or row.get("ifc_class") or "").split("|")[0]
                use = use.removesuffix("StandardCase")
                thickness = float(row["thickness_m"]) if row.get("thickness_m") else None
                found.append(
                    Name(
                        MaterialQuery(name, use=use, ifc_class=use, thickness_m=thickness),
                        kind,
                        part_of(kind, name),
                        row["language"],
                        row["family"],
                        frozenset([row["family"], *filter(None, row["also_acceptable"].split("|"))]),
                        max(int(row.get("elements") or 1), 1),
                    )
                )
    return found


def answers(names: Iterable[Name], matcher: Matcher) -> list[Answered]:
    """The matcher's answers."""
    return [Answered(name, matcher.match(name.query)) for name in names]


# ------------------------------------------------------------------------------- without the fold


class PartMatcher(Matcher):
    """A matcher whose vocabulary lacks some words."""

    def __init__(self, without: Iterable[str]) -> None:
        super().__init__()
        self._own_index = TermIndex(self.library, frozenset(without))
        self._own_fuzzy = FuzzyIndex(self._own_index.singles, self._own_index.phrase_words)

    @property
    def _index(self) -> TermIndex:
        return self._own_index

    @property
    def _fuzzy(self) -> FuzzyIndex:
        return self._own_fuzzy


def plain(text: str) -> tuple[str, ...]:
    """The words of a name without numbers and articles."""
    return tuple(word for word in tokens(text) if word not in SKIPPED and not word.isdigit())


def runs(words: tuple[str, ...], longest: int = 5) -> set[str]:
    """All runs of words of a name, one blank between them."""
    size = len(words)
    return {" ".join(words[i:j]) for i in range(size) for j in range(i + 1, min(size, i + longest) + 1)}


def only_in(fold: Iterable[Name], others: Iterable[Name], general: set[str]) -> set[str]:
    """Keys of the words that the vocabulary has for the names of a fold alone."""
    inside: set[str] = set()
    whole: set[str] = set()
    for name in fold:
        words = plain(name.query.name)
        inside |= runs(words)
        whole |= {" ".join(words), key(name.query.name)}
    outside = set(general)
    for name in others:
        outside |= runs(plain(name.query.name))
    found = set()
    for term in load_match_terms():
        if term.kind in ("rule", "neutral", "look"):
            continue
        spelled = " ".join(plain(term.term))
        if spelled and (spelled in whole or (spelled in inside and spelled not in outside)):
            found.add(key(term.term))
    return found | whole


def general_words() -> set[str]:
    """Runs of words in the names and aliases of the library."""
    found: set[str] = set()
    for material in load_materials().values():
        for text in (*material.names.values(), *material.aliases):
            found |= runs(plain(text))
    return found


def without_the_fold(names: list[Name]) -> list[Answered]:
    """Answers to each fifth of the names by a matcher without the words that only this fifth has."""
    general = general_words()
    found: list[Answered] = []
    for number in range(FOLDS):
        fold = [name for name in names if name.checksum % FOLDS == number]
        others = [name for name in names if name.checksum % FOLDS != number]
        found += answers(fold, PartMatcher(only_in(fold, others, general)))
    return found


# ------------------------------------------------------------------------------------------- slips


def with_a_slip(text: str) -> str | None:
    """The text with one typing error in a long word, the same each time; None without a long word."""
    chance = random.Random(text)
    words = list(re.finditer(r"[^\W\d_]{7,}", text))
    if not words:
        return None
    word = chance.choice(words)
    i = chance.randrange(word.start() + 1, word.end() - 1)
    return chance.choice(
        (
            text[:i] + text[i + 1 :],
            text[:i] + text[i] + text[i:],
            text[:i] + text[i + 1] + text[i] + text[i + 2 :],
        )
    )


def slipped(names: Iterable[Name]) -> list[Name]:
    """The names that have a long word, mistyped."""
    found = []
    for name in names:
        text = with_a_slip(name.query.name)
        if text is not None and text != name.query.name:
            found.append(replace(name, query=replace(name.query, name=text)))
    return found


# ------------------------------------------------------------------------------------------ tables


def summary(run: str, keys: tuple[str, ...], items: list[Answered]) -> dict[str, object]:
    """One row: share right (of names, of uses), share of known names answered, false answers."""
    known = [item for item in items if item.name.family != "unknown"]
    silent = [item for item in items if item.name.family == "unknown"]
    use = sum(item.name.use for item in items)
    return {
        "run": run,
        **dict(zip(("names", "part", "group"), keys, strict=True)),
        "count": len(items),
        "accuracy": sum(item.right for item in items) / len(items),
        "by_use": sum(item.name.use for item in items if item.right) / use,
        "coverage": sum(item.match.family != "unknown" for item in known) / len(known) if known else None,
        "false_answers": sum(item.false_answer for item in silent),
        "unknown": len(silent),
    }


def grouped(
    task: str, run: str, items: Iterable[Answered], by: Callable[[Answered], tuple[str, ...]]
) -> list[dict[str, object]]:
    """A summary per group."""
    groups: dict[tuple[str, ...], list[Answered]] = defaultdict(list)
    for item in items:
        groups[by(item)].append(item)
    return [{"task": task, **summary(run, keys, group)} for keys, group in sorted(groups.items())]


def accuracy_rows(
    items: list[Answered], folded: list[Answered], slips: list[Answered]
) -> list[dict[str, object]]:
    """Accuracy of each list in all, by language and by family."""
    rows = []
    for run, found in (("as shipped", items), ("without the fold", folded), ("with a slip", slips)):
        rows += grouped("accuracy", run, found, lambda item: (item.name.kind, item.name.part, "all"))
    for run, found in (("as shipped", items), ("without the fold", folded)):
        rows += grouped(
            "by language", run, found, lambda item: (item.name.kind, item.name.part, item.name.language)
        )
    for run, found in (("as shipped", items), ("without the fold", folded)):
        rows += grouped(
            "by family",
            run,
            found,
            lambda item: ("lists" if item.name.kind in LISTS else "dev files", "all", item.name.family),
        )
    return rows


def learnt(item: Answered) -> bool:
    """Whether the calibration may use a name: all but part B."""
    return item.name.part != "B"


def calibration_rows(runs_: Iterable[tuple[str, list[Answered]]]) -> list[dict[str, object]]:
    """Per set and bin of the score: mean score and share right; and the expected calibration error."""
    rows: list[dict[str, object]] = []
    for label, found in runs_:
        scored = [item for item in found if item.match.score is not None]
        error = 0.0
        for low, high in pairwise(BINS):
            inside = [item for item in scored if low <= (item.match.score or 0.0) < high]
            if not inside:
                continue
            predicted = statistics.fmean(item.match.score or 0.0 for item in inside)
            right = sum(item.right for item in inside) / len(inside)
            error += abs(predicted - right) * len(inside) / len(scored)
            rows.append(
                {
                    "task": "calibration",
                    "set": label,
                    "score": f"{low:.3g} to {min(high, 1.0):.3g}",
                    "count": len(inside),
                    "predicted": predicted,
                    "right": right,
                }
            )
        rows.append(
            {
                "task": "calibration",
                "set": label,
                "score": "expected error",
                "count": len(scored),
                "predicted": error,
                "right": None,
            }
        )
    return rows


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
    """All measurements; accuracy only on the labelled names that are at hand."""
    timed = time_rows()
    names = load_names()
    items = answers(names, Matcher())
    folded = without_the_fold(names)
    slips = answers(slipped(names), Matcher())
    unseen = [item for item in items if not learnt(item)]
    return [
        *accuracy_rows(items, folded, slips),
        *calibration_rows(
            (
                ("A and dev files", [item for item in items if learnt(item)]),
                ("B", unseen),
                ("B without the fold", [item for item in folded if not learnt(item)]),
            )
        ),
        *timed,
    ]


# ------------------------------------------------------------------------------------- calibration


def _cell(weight: float, lead: float) -> tuple[float, float]:
    return max(w for w in WEIGHTS if w <= weight), max(low for low in LEADS if low <= lead)


def calibrate() -> None:
    """Rewrite `calibration.csv` from part A and the dev files; part B is not looked at.

    Each name counts twice, as shipped and without the fold, for names of others lie between the two. A cell
    with few names leans on the rate of its step; shares are made to rise with weight and lead.
    """
    names = [name for name in load_names() if name.part != "B"]
    cells: dict[tuple[str, float, float], list[bool]] = defaultdict(list)
    general = general_words()
    for number in range(FOLDS):
        fold = [name for name in names if name.checksum % FOLDS == number]
        others = [name for name in names if name.checksum % FOLDS != number]
        for matcher in (Matcher(), PartMatcher(only_in(fold, others, general))):
            for name in fold:
                trace = matcher.explain(name.query)
                if trace is not None:
                    group, weight, lead, family = trace
                    at = _cell(weight, lead) if group == "named" else (0.0, 0.0)
                    cells[group, *at].append(family in name.accepted)
    kept = [row for row in _old_rows() if row["source"].startswith("estimate")]
    with CALIBRATION.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(kept[0]), lineterminator="\n")
        writer.writeheader()
        for (group, weight, lead), score in sorted(_rising(cells).items()):
            found = cells[group, weight, lead]
            writer.writerow(
                {
                    "step": group,
                    "weight_from": f"{weight:g}",
                    "lead_from": f"{lead:g}",
                    "count": len(found),
                    "right": sum(found),
                    "score": f"{score:.3f}",
                    "source": SOURCE,
                }
            )
        writer.writerows(kept)
    load_calibration.cache_clear()


def _old_rows() -> list[dict[str, str]]:
    with CALIBRATION.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _rising(cells: dict[tuple[str, float, float], list[bool]]) -> dict[tuple[str, float, float], float]:
    """Smoothed share per cell; neighbours that fall with weight or lead are set to their common mean."""
    share: dict[tuple[str, float, float], float] = {}
    size: dict[tuple[str, float, float], float] = {}
    for group in {cell[0] for cell in cells}:
        all_found = [right for cell, found in cells.items() if cell[0] == group for right in found]
        rate = sum(all_found) / len(all_found)
        for cell, found in cells.items():
            if cell[0] == group:
                share[cell] = (sum(found) + 4 * rate) / (len(found) + 4)
                size[cell] = len(found) + 4.0
    for _ in range(50):
        for low, high in product(tuple(share), repeat=2):
            below = low[0] == high[0] and low[1] <= high[1] and low[2] <= high[2] and low != high
            if below and share[low] > share[high]:
                mean = (share[low] * size[low] + share[high] * size[high]) / (size[low] + size[high])
                share[low] = share[high] = mean
    return {cell: min(value, 0.99) for cell, value in share.items()}


def _shown(value: object) -> str:
    return f"{value:.3f}" if isinstance(value, float) else "" if value is None else str(value)


def main() -> None:
    """Print the measurements, one table per task."""
    if "--calibrate" in sys.argv[1:]:
        calibrate()
    tables: dict[str, list[dict[str, object]]] = defaultdict(list)
    for row in rows():
        tables[str(row["task"])].append(row)
    print("What `held out`, `A`, `B` and `without the fold` are, and what they do not show:")
    print((__doc__ or "").split("\n\n", 1)[1].split("\n\nRun:")[0])
    for task, table in tables.items():
        columns = [column for column in table[0] if column != "task"]
        cells = [columns, *([_shown(row[column]) for column in columns] for row in table)]
        widths = [max(len(line[i]) for line in cells) for i in range(len(columns))]
        print(f"\n{task}")
        for line in cells:
            print(
                "  " + "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
            )


if __name__ == "__main__":
    main()
