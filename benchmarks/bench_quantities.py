"""Quantities of `read_ifc`: how many elements have one, and how far volumes are from the kernel's.

Opponent: the ifcopenshell geometry kernel, asked for every counted element that has a representation. Only
elements for which it gives a closed body are compared; the column "unchecked" is the share of the passport's
volume in all others, which this benchmark can say nothing about (open bodies, and walls that their openings
leave nothing of).
It is a yardstick and no truth: a kernel that fails to cut an opening makes a right volume look wrong, and
such rows stay. `read_ifc` runs as a user runs it (`geometry="auto"`).

An element is off when its volume is more than ten times, or less than a tenth of, the kernel's; it is
silently off when in addition no finding on its quantities, body, metal or density names it.

Run:
    python benchmarks/bench_quantities.py [FOLDER OR MODEL ...]   default: examples/models and, beside the
                                                                  repository, shared/ifc
    python benchmarks/run.py bench_quantities                     the same, and rewrite its part of RESULTS.md
"""

from __future__ import annotations

import math
import statistics
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from passport import Element, Passport, read_ifc
from passport.errors import IfcReadError
from passport.findings import FindingLog
from passport.ifc.kernel import compute_bodies
from passport.ifc.source import open_model
from passport.models import Origin

ROOT = Path(__file__).resolve().parents[1]

#: What the volumes are from, in the order of the table.
ORIGINS = ("quantity set", "property set", "shape", "kernel", "layers", "profile", "none")

TARGET_USABLE = 0.98
TARGET_NEAR = 0.95
TARGET_SILENT = 0

_NEAR = 0.02
_OFF = 10.0
#: Beginnings of the codes of findings that warn of a volume.
_WARNS = ("quantity-", "quantities-", "body-", "metal-", "density-")


@dataclass(frozen=True, slots=True)
class Judged:
    """One counted element: its volume, where that is from, and what the kernel says.

    Attributes:
        usable: it has a volume, area, length, weight or count.
        kernel_m3: volume of a closed body of the kernel; None when it gives none.
        warned: a finding on its quantities, body, metal or density names it.
    """

    usable: bool
    volume_m3: float | None
    origin: str
    kernel_m3: float | None
    warned: bool

    @property
    def deviation(self) -> float | None:
        """|volume / kernel volume - 1|; None without both."""
        if self.volume_m3 is None or self.kernel_m3 is None:
            return None
        return abs(self.volume_m3 / self.kernel_m3 - 1.0)

    @property
    def is_off(self) -> bool:
        """More than ten times the kernel's volume, or less than a tenth of it."""
        if self.volume_m3 is None or self.kernel_m3 is None:
            return False
        return not 1.0 / _OFF <= self.volume_m3 / self.kernel_m3 <= _OFF


@dataclass(frozen=True)
class Judgement:
    """All elements of one model, or the reason why it could not be read."""

    model: str
    elements: list[Judged] = field(default_factory=list)
    failure: str = ""


def models(arguments: Iterable[str]) -> list[Path]:
    """Models named, or in the folders named (.ifc and .ifczip)."""
    places = [Path(a) for a in arguments] or [ROOT / "examples" / "models", ROOT.parent / "shared" / "ifc"]
    found: list[Path] = []
    for place in places:
        if place.is_dir():
            found.extend(sorted(p for p in place.iterdir() if p.suffix.lower() in (".ifc", ".ifczip")))
        elif place.exists():
            found.append(place)
    return found


def volume_origin(element: Element) -> str:
    """Where the chosen volume is from: one of `ORIGINS`."""
    chosen = next((q for q in element.quantities if q.kind == "volume" and q.chosen), None)
    if chosen is None:
        return "none"
    if chosen.origin is Origin.GEOMETRY:
        return "kernel" if chosen.source.startswith("kernel") else "shape"
    return chosen.origin.value


def is_usable(element: Element) -> bool:
    """Whether the element has a volume, area, length, weight or count to go by."""
    return any(q.value > 0 and (q.chosen or q.kind == "count") for q in element.quantities)


def judge(path: Path) -> Judgement:
    """Read one model and ask the kernel about every element that was counted."""
    try:
        house = read_ifc(path)
        kernel = kernel_volumes(path, house)
    except IfcReadError as error:
        return Judgement(path.name, failure=str(error).replace(str(path), path.name))
    warned = {f.global_id for f in house.findings if f.code.startswith(_WARNS)}
    return Judgement(
        path.name,
        [
            Judged(is_usable(e), e.volume_m3, volume_origin(e), kernel.get(e.step_id), e.global_id in warned)
            for e in house.elements
        ],
    )


def kernel_volumes(path: Path, house: Passport) -> dict[int, float]:
    """Volume [m3] of each counted element that the kernel makes a closed body of, by step id."""
    with open_model(path, FindingLog()) as opened:
        wanted = [
            e.step_id for e in house.elements if opened.file.by_id(e.step_id).Representation is not None
        ]
        bodies = compute_bodies(opened.plain_path, wanted).bodies if wanted else {}
    return {i: b.volume_m3 for i, b in bodies.items() if b.closed and b.volume_m3 is not None}


def summary(judgement: Judgement) -> dict[str, object]:
    """One row of the table; None where there is nothing to divide by."""
    elements = judgement.elements
    compared = [e for e in elements if e.kernel_m3 is not None]
    deviations = sorted(e.deviation for e in elements if e.deviation is not None)
    kernel_m3 = sum(e.kernel_m3 or 0.0 for e in compared)
    near_m3 = sum(e.kernel_m3 or 0.0 for e in compared if e.deviation is not None and e.deviation <= _NEAR)
    volume_m3 = sum(e.volume_m3 or 0.0 for e in elements)
    count: Counter[str] = Counter(e.origin for e in elements)
    by_origin = dict.fromkeys(ORIGINS, 0.0)
    for e in elements:
        by_origin[e.origin] += e.volume_m3 or 0.0
    off = [e for e in elements if e.is_off]
    row: dict[str, object] = {
        "model": judgement.model,
        "elements": len(elements),
        "usable": _share(sum(e.usable for e in elements), len(elements)),
        "with_volume": _share(sum(e.volume_m3 is not None for e in elements), len(elements)),
        "compared": len(compared),
        "deviation_median": statistics.median(deviations) if deviations else None,
        "deviation_p95": percentile(deviations, 0.95),
        "near": _share(near_m3, kernel_m3),
        "unchecked": _share(sum(e.volume_m3 or 0.0 for e in elements if e.kernel_m3 is None), volume_m3),
        "off": len(off),
        "silently_off": sum(not e.warned for e in off),
        "failure": judgement.failure,
    }
    for origin in ORIGINS:
        row[f"elements: {origin}"] = _share(count[origin], len(elements))
        row[f"volume: {origin}"] = _share(by_origin[origin], volume_m3)
    return row


def percentile(ordered: list[float], share: float) -> float | None:
    """Smallest of the values, given in order, that this share of them does not exceed; None without values.

    Example:
        >>> percentile([1.0, 2.0, 3.0, 4.0], 0.95)
        4.0
    """
    if not ordered:
        return None
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def rows(arguments: Iterable[str] = ()) -> list[dict[str, object]]:
    """One row per model, and one of all elements of all models that could be read."""
    judged = [judge(path) for path in models(arguments)]
    unread = sum(bool(j.failure) for j in judged)
    together = Judgement(
        "all models",
        [e for j in judged for e in j.elements],
        failure=f"{unread} model(s) not read" if unread else "",
    )
    return [*map(summary, judged), summary(together)]


def targets(row: dict[str, object]) -> list[dict[str, object]]:
    """The row of all models against the targets: what, target, reached, and whether that is enough."""
    usable, near, silent = row["usable"], row["near"], row["silently_off"]
    return [
        {
            "what": "elements with a usable quantity",
            "target": f">= {TARGET_USABLE:.0%}",
            "reached": _percent(usable),
            "verdict": _verdict(isinstance(usable, float) and usable >= TARGET_USABLE),
        },
        {
            "what": "kernel's volume within 2 %",
            "target": f">= {TARGET_NEAR:.0%}",
            "reached": _percent(near),
            "verdict": _verdict(isinstance(near, float) and near >= TARGET_NEAR),
        },
        {
            "what": "off by more than 10x without a finding",
            "target": str(TARGET_SILENT),
            "reached": str(silent),
            "verdict": _verdict(silent == TARGET_SILENT),
        },
    ]


def _verdict(met: bool) -> str:
    return "met" if met else "MISSED"


def _percent(value: object) -> str:
    return f"{100.0 * value:.2f}%" if isinstance(value, float) else "-"


def _origin_cell(row: dict[str, object], origin: str) -> str:
    """Share of elements / share of volume, in percent."""
    pair = [row[f"{what}: {origin}"] for what in ("elements", "volume")]
    return "/".join(f"{100.0 * v:.0f}" if isinstance(v, float) else "-" for v in pair)


def main() -> None:
    """Print the rows, where the volumes are from, and the targets."""
    table = rows(sys.argv[1:])
    heads = (
        "elements",
        "usable",
        "volume",
        "compared",
        "median",
        "p95",
        "in 2%",
        "off 10x",
        "silent",
        "unchked",
    )
    print(f"{'model':38}" + "".join(f" {head:>8}" for head in heads))
    for r in table:
        cells = [
            str(r["elements"]),
            *(_percent(r[key]) for key in ("usable", "with_volume")),
            str(r["compared"]),
            *(_percent(r[key]) for key in ("deviation_median", "deviation_p95", "near")),
            str(r["off"]),
            str(r["silently_off"]),
            _percent(r["unchecked"]),
        ]
        shown = f"{r['model']!s:38}" + "".join(f" {cell:>8}" for cell in cells)
        print(f"{shown}  {r['failure']}".rstrip())
    print("\nwhere the volumes are from: % of elements / % of volume")
    print(f"{'model':38}" + "".join(f" {origin:>12}" for origin in ORIGINS))
    for r in table:
        print(f"{r['model']!s:38}" + "".join(f" {_origin_cell(r, origin):>12}" for origin in ORIGINS))
    print()
    for t in targets(table[-1]):
        print(f"{t['what']!s:42} target {t['target']!s:>7}  reached {t['reached']!s:>8}  {t['verdict']}")


if __name__ == "__main__":
    main()
