"""The tables of a run as CSV: impact, materials to edit, routes.

Figures are plain numbers in the unit of the column, empty when unknown. Text from the model that a
spreadsheet would take for a formula is written with a leading apostrophe, which `read_mapping` takes off.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from passport.assessment import Assessment
from passport.circularity.route_options import PartRoutes
from passport.circularity.routes import RouteProposal
from passport.matching.mapping import safe_text
from passport.review import ReviewLine, alternatives_text
from reference.writing import replacing

IMPACT_COLUMNS = (
    "global_id", "portion", "material_id", "indicator", "unit", "module", "value", "known_mass_kg", "assumed",
)  # fmt: skip
MATERIAL_COLUMNS = (
    "name", "use", "material_id", "family", "score", "reason", "elements", "volume_m3", "mass_kg",
    "mass_share", "found_by", "alternatives", "proposal", "decided",
)  # fmt: skip
ROUTE_COLUMNS = (
    "global_id", "portion", "material_id", "waste_category", "ewc", "mass_kg", "route", "reason",
    "action", "hazard", "today_route", "today_reuse", "today_recycling", "today_recovery", "today_disposal",
    "confidence", "source", "ifc_class", "storey", "assumed", "sure_route", "best_route", "waits_for",
)  # fmt: skip


def number(value: float | None) -> str:
    """A figure with all its digits; empty when unknown."""
    return "" if value is None else repr(float(value))


def write_impact(path: Path, assessment: Assessment) -> None:
    """`impact.csv`: one row per portion, indicator and module [unit of the row, whole study period]."""
    rows = (
        (g, safe_text(p), m, i, u, s, number(v), number(k), "yes" if a else "")
        for g, p, m, i, u, s, v, k, a in assessment.long_rows()
    )
    _write(path, IMPACT_COLUMNS, rows)


def write_materials(path: Path, lines: Iterable[ReviewLine]) -> None:
    """`materials.csv`: one row per name and use, largest share of the mass first; made for editing."""
    _write(
        path,
        MATERIAL_COLUMNS,
        (
            (
                safe_text(r.name),
                r.use,
                r.material_id,
                r.family,
                "" if r.score is None else f"{r.score:.2f}",
                safe_text(r.reason),
                r.elements,
                number(r.volume_m3),
                number(r.mass_kg),
                "" if r.mass_share is None else f"{r.mass_share:.4f}",
                r.step,
                alternatives_text(r.alternatives),
                r.proposal,
                "yes" if r.decided else "",
            )
            for r in lines
        ),
    )


def write_routes(path: Path, routes: Iterable[RouteProposal], parts: Sequence[PartRoutes] = ()) -> None:
    """`routes.csv`: one row per portion with the usual best route of its family and today's shares.

    Args:
        parts: from `route_options` of the same passport; what is sure, what is best, and what stands between.
    """
    gates = {id(part.proposal): part for part in parts}
    _write(path, ROUTE_COLUMNS, (_route(r, gates.get(id(r))) for r in routes))


def _route(r: RouteProposal, part: PartRoutes | None) -> tuple[Any, ...]:
    shares = (number(r.today.get(k)) for k in ("reuse", "recycling", "recovery", "disposal"))
    waits = "" if part is None or part.blocker is None else f"{part.blocker.name}: {part.blocker.reason}"
    return (
        r.global_id, safe_text(r.portion), r.material_id or "", r.waste_category, r.ewc, number(r.mass_kg),
        r.route, r.reason, r.action, r.hazard, r.today_route, *shares, r.confidence, r.source, r.ifc_class,
        safe_text(r.storey or ""), "yes" if r.assumed else "",
        *(("", "") if part is None else (part.probable, part.high)), safe_text(waits),
    )  # fmt: skip


def _write(path: Path, columns: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> None:
    with replacing(path) as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)
