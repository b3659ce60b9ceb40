"""The tables of a run as CSV: impact, materials to edit, routes.

Figures are plain numbers in the unit of the column, empty when unknown. Text from the model that a
spreadsheet would take for a formula is written with a leading apostrophe, which `read_mapping` takes off.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from passport.assessment import Assessment
from passport.circularity.routes import RouteProposal
from passport.exchange.files import replacing
from passport.models import Passport

IMPACT_COLUMNS = (
    "global_id", "portion", "material_id", "indicator", "unit", "module", "value", "known_mass_kg",
)  # fmt: skip
MATERIAL_COLUMNS = (
    "name", "use", "material_id", "family", "score", "reason", "elements", "volume_m3", "mass_kg",
)  # fmt: skip
ROUTE_COLUMNS = (
    "global_id", "portion", "material_id", "waste_category", "ewc", "mass_kg", "route", "reason",
    "action", "hazard", "today_route", "today_reuse", "today_recycling", "today_recovery", "today_disposal",
    "confidence", "source", "ifc_class", "storey",
)  # fmt: skip

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def safe_text(text: str) -> str:
    """Text that a spreadsheet shows as text.

    Example:
        >>> safe_text("=1+1")
        "'=1+1"
    """
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def number(value: float | None) -> str:
    """A figure with all its digits; empty when unknown."""
    return "" if value is None else repr(float(value))


def write_impact(path: Path, assessment: Assessment) -> None:
    """`impact.csv`: one row per portion, indicator and module [unit of the row, whole study period]."""
    rows = (
        (g, safe_text(p), m, i, u, s, number(v), number(k))
        for g, p, m, i, u, s, v, k in assessment.long_rows()
    )
    _write(path, IMPACT_COLUMNS, rows)


def write_materials(path: Path, passport: Passport) -> None:
    """`materials.csv`: one row per distinct name and use, largest mass and volume first; made for editing."""
    groups: dict[tuple[str, str], dict[str, Any]] = {}
    for element in passport.elements:
        for portion in element.portions:
            if not portion.name:
                continue
            row = groups.setdefault(
                (portion.name, portion.use),
                {"portion": portion, "elements": set(), "volume": None, "mass": None},
            )
            if (portion.score or 0.0) > (row["portion"].score or 0.0):
                row["portion"] = portion
            row["elements"].add(element.step_id)
            if portion.volume_m3 is not None:
                row["volume"] = (row["volume"] or 0.0) + portion.volume_m3
            if portion.mass_kg is not None:
                row["mass"] = (row["mass"] or 0.0) + portion.mass_kg
    ordered = sorted(groups.items(), key=lambda g: (-(g[1]["mass"] or 0.0), -(g[1]["volume"] or 0.0), g[0]))
    _write(
        path,
        MATERIAL_COLUMNS,
        (
            (
                safe_text(name),
                use,
                row["portion"].material_id or "",
                row["portion"].family,
                "" if row["portion"].score is None else f"{row['portion'].score:.2f}",
                safe_text(row["portion"].reason),
                len(row["elements"]),
                number(row["volume"]),
                number(row["mass"]),
            )
            for (name, use), row in ordered
        ),
    )


def write_routes(path: Path, routes: Iterable[RouteProposal]) -> None:
    """`routes.csv`: one row per portion with its best route and today's shares."""
    _write(
        path,
        ROUTE_COLUMNS,
        (
            (
                r.global_id,
                safe_text(r.portion),
                r.material_id or "",
                r.waste_category,
                r.ewc,
                number(r.mass_kg),
                r.route,
                r.reason,
                r.action,
                r.hazard,
                r.today_route,
                *(number(r.today.get(k)) for k in ("reuse", "recycling", "recovery", "disposal")),
                r.confidence,
                r.source,
                r.ifc_class,
                safe_text(r.storey or ""),
            )
            for r in routes
        ),
    )


def _write(path: Path, columns: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> None:
    with replacing(path) as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)
