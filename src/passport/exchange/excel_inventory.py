"""The demolition inventory as an Excel workbook and as CSV."""

from __future__ import annotations

import csv
import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Any

from passport.exchange.excel_tables import Sheet, write_workbook
from reference.writing import replacing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from passport.circularity.inventory import DemolitionInventory, ReusableKind, Stream

_STREAMS = (
    "stream", "ewc", "ewc_text", "ewc_if_hazardous", "elements", "volume_m3", "mass_kg", "without_mass",
    "places", "forms", "hazard", "advice", "today", "probable_route", "best_route", "sorting_fraction",
)  # fmt: skip
_MATERIALS = ("group", "mass_t", "portions", "portions_without_mass")
_WASTE = ("ewc", "hazardous", "route_today", "mass_kg", "kg_m2", "portions", "portions_without_mass")
_REUSE = (
    "ifc_class", "name", "material", "count", "length_m", "width_m", "height_m", "mass_kg_each", "condition",
    "places", "leave_first_at_least", "leave_first_at_most", "advice", "not_certain", "global_ids",
)  # fmt: skip


def write_inventory(
    path: str | Path, inventory: DemolitionInventory, *, pictures: Mapping[int, bytes] | None = None
) -> Path:
    """Write an inventory: .xlsx with all sheets, or .csv with the streams only.

    Args:
        pictures: PNG by place in `inventory.reusable`, see `report.reuse_catalogue.pictures`.

    Raises:
        ValueError: the ending is neither .xlsx nor .csv.
        OSError: the file cannot be written.
    """
    target = Path(path)
    rows = [*(_stream(each) for each in inventory.streams), _total(inventory)]
    if target.suffix.lower() == ".csv":
        with replacing(target) as stream:
            csv.writer(stream).writerows([_STREAMS, *rows])
        return target
    if target.suffix.lower() != ".xlsx":
        raise ValueError(f"{target}: an inventory is written as .xlsx or .csv.")
    notes: list[tuple[str, str]] = [
        ("follow-up plan", inventory.threshold.reason),
        ("source", f"{inventory.threshold.source} ({inventory.threshold.confidence})"),
        ("rubble", inventory.rubble),
        ("mass", f"{inventory.mass_kg:,.0f} kg in all streams, the known mass of the passport without air"),
        (
            "limits",
            "From a model: no destructive inventory. An expert must look; only a test rules out asbestos.",
        ),
        ("Level(s)", "Sheets in the form of indicators 2.1 and 2.2; groups and hazards are to be verified."),
        (
            "pictures",
            "Drawn from the body of the first piece, the whole element where a layer is meant; a photograph "
            "of the survey takes its place.",
        ),
    ]
    kinds = [_kind(each) for each in inventory.reusable]
    sheets = [
        Sheet("Streams", _STREAMS, rows, formats={"mass_kg": "#,##0", "volume_m3": "0.00"}),
        Sheet(
            "Reuse catalogue", _REUSE, kinds, formats={"mass_kg_each": "0.0"}, pictures=dict(pictures or {})
        ),
        Sheet("Levels 2.1", _MATERIALS, [dataclasses.astuple(each) for each in inventory.materials]),
        Sheet("Levels 2.2", _WASTE, [dataclasses.astuple(each) for each in inventory.waste]),
        Sheet("Notes", ("subject", "text"), notes),
    ]
    write_workbook(target, sheets)
    return target


def _stream(each: Stream) -> tuple[Any, ...]:
    places = "; ".join(f"{place}: {mass:,.0f} kg" for place, mass in each.places)
    return (
        each.stream, each.ewc, each.ewc_text, each.ewc_if_hazardous, each.elements, each.volume_m3,
        each.mass_kg, each.without_mass, places, "; ".join(each.forms), each.hazard, each.advice,
        each.today, each.probable, each.best, each.sorting_fraction,
    )  # fmt: skip


def _total(inventory: DemolitionInventory) -> tuple[Any, ...]:
    without = sum(each.without_mass for each in inventory.streams)
    return ("total", *(None,) * 5, inventory.mass_kg, without, *(None,) * 8)


def _kind(each: ReusableKind) -> tuple[Any, ...]:
    return (
        each.ifc_class, each.name, each.material, each.count, each.length_m, each.width_m, each.height_m,
        each.mass_kg, each.condition, "; ".join(each.places), *each.first, each.advice, each.blocker,
        "; ".join(each.global_ids),
    )  # fmt: skip
