"""From the weight of an answer and its lead over the next one to the share of such answers that were right.

The numbers are in `calibration.csv`, measured on labelled names by
`python benchmarks/bench_matching.py --calibrate`; its column `source` tells which rows are estimates.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources

COLUMNS = ("step", "weight_from", "lead_from", "count", "right", "score", "source")
NAMED = frozenset(["term", "code", "rule"])  # steps that share one group of rows


@dataclass(frozen=True, slots=True)
class CalibrationRow:
    """One cell: answers of a step with at least this weight and lead, and their score.

    Attributes:
        step: exact, named, fuzzy, category, classification, type name or appearance.
        weight_from: least weight of the best word.
        lead_from: least lead over the best word of another family.
        count: labelled names in the cell; 0 for estimates.
        right: how many of them were right.
        score: probability of being right.
        source: how the score was found.
    """

    step: str
    weight_from: float
    lead_from: float
    count: int
    right: int
    score: float
    source: str


@cache
def load_calibration() -> dict[str, tuple[CalibrationRow, ...]]:
    """The rows of `calibration.csv` per step, strictest first."""
    text = resources.files("passport.matching").joinpath("calibration.csv").read_text(encoding="utf-8")
    rows = [
        CalibrationRow(
            row["step"],
            float(row["weight_from"]),
            float(row["lead_from"]),
            int(row["count"]),
            int(row["right"]),
            float(row["score"]),
            row["source"],
        )
        for row in csv.DictReader(text.splitlines())
    ]
    rows.sort(key=lambda row: (-row.weight_from, -row.lead_from))
    return {step: tuple(row for row in rows if row.step == step) for step in {row.step for row in rows}}


def calibrated(step: str, weight: float = 0.0, lead: float = 0.0) -> float:
    """Probability that an answer of a step with this weight and lead is right.

    Example:
        >>> calibrated("term", 60, 100) >= calibrated("term", 30, 1)
        True
    """
    group = "named" if step in NAMED else step
    rows = load_calibration().get(group, ())
    for row in rows:
        if weight >= row.weight_from and lead >= row.lead_from:
            return row.score
    return min((row.score for row in rows), default=0.5)
