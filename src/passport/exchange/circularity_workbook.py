"""Value and circularity of a building as a workbook with every term, so that a user can compute it again."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Any

from passport.exchange.excel_tables import Sheet, write_workbook

if TYPE_CHECKING:
    from passport.circularity.building_indices import BuildingIndices, PartIndices
    from passport.circularity.building_mci import BuildingMci
    from passport.circularity.inventory import DemolitionInventory
    from passport.circularity.value import PortionValue, ResidualValue
    from reference.interval import Interval

_VALUE = (
    "global_id", "portion", "family", "price_group", "mass_kg", "value_eur", "transport_eur",
    "processing_eur", "demolition_eur", "before_demolition_eur", "net_eur", "missing", "confidence",
)  # fmt: skip
_INDICES = (
    "unit_id", "family", "mass_kg", "sure_route", "best_route", "hardest_joint", "easiest_joint",
    "eol_built_low", "eol_built_high", "dismantling_low", "dismantling_high", "ci_low", "ci_high",
    "ease_low", "ease_high", "outcome_low", "outcome_high", "score_low", "score_high",
)  # fmt: skip
_NOTES = (
    (
        "Residual value",
        "value - transport - processing - demolition, per portion; prices are yours or placeholders",
    ),
    (
        "MCI",
        "1 - LFI x 0.9 / utility; LFI = (virgin + waste) / (2 mass + (input - output recycling waste) / 2); "
        "waste = direct waste + (input + output recycling waste) / 2; the sum over parts is to be verified",
    ),
    (
        "German index",
        "CI = 0.3 dismantling + 0.7 end-of-life points as built, mean by mass; points of the scenarios, to "
        "be verified; the points per material of the method may not be shipped",
    ),
    (
        "Level(s) 2.4",
        "score = ease (detachability index) x worth of the outcome, mean by mass; to be verified",
    ),
    (
        "Level(s) 2.1, 2.2",
        "in the form of the indicators; groups are to be verified; no lifespans in 2.1",
    ),
    (
        "bounds",
        "lower end: the route that is sure, the hardest joint; upper end: the best route, the easiest joint",
    ),
)


def write_circularity(
    path: str | Path,
    *,
    value: ResidualValue,
    mci: BuildingMci | None,
    indices: BuildingIndices,
    inventory: DemolitionInventory,
) -> Path:
    """Write the workbook.

    Raises:
        ValueError: the ending is not .xlsx.
        OSError: the file cannot be written.
    """
    target = Path(path)
    if target.suffix.lower() != ".xlsx":
        raise ValueError(f"{target}: value and circularity are written as .xlsx.")
    terms = () if mci is None else _pairs(mci)
    sheets = [
        Sheet("Building", ("figure", "low", "high", "unit"), _building(value, mci, indices)),
        Sheet("Residual value", _VALUE, [_portion(each) for each in value.rows]),
        Sheet("MCI terms", ("term", "low", "high"), terms),
        Sheet("Indices per part", _INDICES, [_part(each) for each in indices.parts]),
        Sheet(
            "Levels 2.1",
            ("group", "mass_t", "portions", "portions_without_mass"),
            [dataclasses.astuple(each) for each in inventory.materials],
        ),
        Sheet(
            "Levels 2.2",
            ("ewc", "hazardous", "route_today", "mass_kg", "kg_m2", "portions", "portions_without_mass"),
            [dataclasses.astuple(each) for each in inventory.waste],
        ),
        Sheet("Notes", ("subject", "text"), _NOTES),
    ]
    write_workbook(target, sheets)
    return target


def _building(
    value: ResidualValue, mci: BuildingMci | None, indices: BuildingIndices
) -> list[tuple[Any, ...]]:
    total = value.total
    rows: list[tuple[Any, ...]] = [
        ("residual value before demolition", total.before_demolition_eur, total.before_demolition_eur, "EUR"),
        ("residual value", total.net_eur, total.net_eur, "EUR"),
        ("mass with a price", value.known_mass_share, value.known_mass_share, "share"),
    ]
    if mci is not None:
        rows += [
            ("material circularity indicator", mci.low.mci, mci.high.mci, "1"),
            ("mass of unknown material, in no indicator", mci.unknown_kg, mci.unknown_kg, "kg"),
        ]
    rows += [
        ("German circularity index", *_ends(indices.ci), "points"),
        ("German end-of-life points as built", *_ends(indices.eol_built), "points"),
        ("deconstruction score (Level(s) 2.4)", *_ends(indices.score), "1"),
        ("parts of unknown mass, in no mean", indices.without_mass, indices.without_mass, "parts"),
    ]
    return rows


def _pairs(mci: BuildingMci) -> list[tuple[str, Any, Any]]:
    low, high = dataclasses.asdict(mci.low), dataclasses.asdict(mci.high)
    return [(name, low[name], high[name]) for name in low]


def _portion(each: PortionValue) -> tuple[Any, ...]:
    t = each.terms
    return (
        each.global_id, each.portion, each.family, each.price_group, each.mass_kg, t.value_eur,
        t.transport_eur, t.processing_eur, t.demolition_eur, t.before_demolition_eur, t.net_eur,
        ", ".join(each.missing), each.confidence,
    )  # fmt: skip


def _part(each: PartIndices) -> tuple[Any, ...]:
    spans = (each.eol_built, each.dismantling, each.ci, each.ease, each.outcome, each.score)
    return (
        each.unit_id, each.family, each.mass_kg, each.low_route, each.high_route, each.hardest, each.easiest,
        *(end for span in spans for end in (span.low, span.high)),
    )  # fmt: skip


def _ends(span: Interval | None) -> tuple[float | None, float | None]:
    return (None, None) if span is None else (span.low, span.high)
