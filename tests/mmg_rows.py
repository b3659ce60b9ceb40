"""Published calculation rows of building elements: what is input to the method, and what it must give.

Input: the amount and mass of each material, its production figures per unit, figures per unit of every
process, its transport class, its end-of-life shares, life and maintenance. Everything else in the rows is
what the rules must give again: all amounts and impacts of A4, A5, B2, B4 and C.

The rows do not name transport class and shares. The class is the one of the method whose lorries fit, the
shares are landfilled, incinerated and sorted kilograms over the mass at the end of life; A5, B4 and the
kilometres of C2 are never looked at for either.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from reference.models import EndOfLifeRule, TransportClass
from reference.transport import load_transport_classes
from reference.waste import load_end_of_life

Float64Array = NDArray[np.float64]

#: Part of the process name -> id of the lorry in the transport classes.
LORRIES = {
    "lorry >32": "lorry-gt32",
    "lorry 16-32": "lorry-16-32",
    "lorry 7.5-16": "lorry-7.5-16",
    "lorry 3.5-7.5": "lorry-3.5-7.5",
}
C2_LORRY = "lorry 16-32"
MACHINE_DENSITY_KG_M3 = 2200.0


@dataclass(frozen=True)
class Row:
    """One row: what happens, how much of it, and its impacts."""

    element: str
    section: str
    activity: str
    module: str
    part: str
    year: int
    kind: str
    process: str
    unit: str
    amount: float
    impact: Float64Array

    @property
    def counts(self) -> bool:
        """Placeholder rows have no impact at all."""
        return bool(np.any(self.impact != 0))


@dataclass
class Published:
    """All rows of a file, and the figures per unit that they share."""

    indicators: tuple[str, ...]
    rows: list[Row]
    figures: dict[tuple[str, str], Float64Array] = field(default_factory=dict)

    def per_unit(self, row: Row) -> Float64Array:
        return self.figures[row.process, row.unit]

    @property
    def elements(self) -> list[str]:
        return list(dict.fromkeys(row.element for row in self.rows))

    def sections(self, element: str) -> dict[str, list[Row]]:
        found: dict[str, list[Row]] = {}
        for row in self.rows:
            if row.element == element:
                found.setdefault(row.section, []).append(row)
        return found


def read_rows(path: Path) -> Published:
    """Read the rows; a column without any value is unknown and left aside."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        raw = list(csv.DictReader(stream))
    indicators = tuple(
        name for name in raw[0] if name.startswith("indicator_") and any(row[name] for row in raw)
    )
    rows = [
        Row(
            element=row["element_name"],
            section=row["worksection_name"],
            activity=row["activity_name"],
            module=row["LCM_code"],
            part=row["LCM_nest2_code"],
            year=int(row["activity_year"]),
            kind=row["activity_type"],
            process=row["techflow_name"],
            unit=row["techflow_unit"].strip(),
            amount=float(row["techflow_amount"]),
            impact=np.array([float(row[name] or 0.0) for name in indicators]),
        )
        for row in raw
    ]
    published = Published(indicators, rows)
    for row in rows:
        # The first occurrence is in A to C; that all others agree is a test.
        if row.counts and (row.process, row.unit) not in published.figures:
            published.figures[row.process, row.unit] = row.impact / row.amount
    return published


@dataclass(frozen=True)
class Component:
    """Input of one activity. Shares are of the mass; processes are keys of `Published.figures` or None."""

    name: str
    amount: float
    mass_kg: float
    product: tuple[str, str] | None
    transport: TransportClass | None
    lorries: dict[str, tuple[str, str]]
    landfill: float
    incineration: float
    recovered: float
    off_site: float
    first_leg: float
    processes: dict[str, tuple[str, str] | None]
    site: tuple[tuple[tuple[str, str], float], ...]


def components(rows: list[Row]) -> Iterator[Component]:
    """Components of one work section."""
    for activity in dict.fromkeys(row.activity for row in rows if row.module in ("A1-3", "A5")):
        own = [row for row in rows if row.activity == activity]
        yield _component(activity, own)


def _component(activity: str, rows: list[Row]) -> Component:
    product = next((row for row in rows if row.module == "A1-3" and row.counts), None)
    demolished = next((row for row in rows if row.module == "C1"), None)
    mass = demolished.amount if demolished is not None else 0.0
    tkm = {
        name: next((r.amount for r in rows if r.module == "A4" and r.counts and part in r.process), 0.0)
        for part, name in LORRIES.items()
    }
    lorries = {name: (r.process, r.unit) for part, name in LORRIES.items() for r in rows if part in r.process}

    def at_the_end(module: str, word: str) -> Row | None:
        found = (r for r in rows if r.module == module and word in r.process.casefold())
        # A row without impact and with an amount of 1 is a placeholder; any other amount is real.
        return next((r for r in found if r.counts or r.amount != 1.0), None)

    landfill, burnt = at_the_end("C4", "landfill"), at_the_end("C4", "incinerat")
    sorted_c3, sorted_c4 = at_the_end("C3", "sorting"), at_the_end("C4", "sorting")
    machine = next((r for r in rows if r.module == "C3" and r.counts and r.unit == "m3"), None)

    def key(row: Row | None) -> tuple[str, str] | None:
        return None if row is None else (row.process, row.unit)

    lost = (landfill.amount if landfill else 0.0) / mass if mass else 0.0
    fire = (burnt.amount if burnt else 0.0) / mass if mass else 0.0
    off_site = 1.0
    if sorted_c4 is not None and lost + fire > 0:
        off_site = sorted_c4.amount / mass / (lost + fire)
    elif sorted_c3 is not None and lost + fire < 1:
        off_site = sorted_c3.amount / mass / (1 - lost - fire)
    transported = any(r.module == "C2" and r.counts for r in rows)
    category = _category_of(lost, fire if burnt else None, 1 - off_site) if transported else None
    if category is not None:
        fire = category.incineration
    return Component(
        name=activity,
        amount=product.amount if product else 0.0,
        mass_kg=mass,
        product=key(product),
        transport=_class_of(tkm, mass),
        lorries=lorries,
        landfill=lost,
        incineration=fire,
        recovered=max(0.0, 1.0 - lost - fire),
        off_site=off_site,
        first_leg=0.0 if not transported else off_site if _is_bulk(category) else 1.0,
        processes={
            "landfill": key(landfill),
            "incineration": key(burnt),
            "sorting": key(sorted_c3 or sorted_c4),
            "machine": key(machine),
            "demolition": key(demolished),
        },
        site=tuple(
            ((r.process, r.unit), r.amount) for r in rows if r.module == "A5" and r.part == "-" and r.counts
        ),
    )


def _category_of(landfill: float, incineration: float | None, sorted_on_site: float) -> EndOfLifeRule | None:
    """Waste category with these shares; None where the table of the library (2024) has other ones."""
    for rule in load_end_of_life().values():
        burnt = rule.incineration
        if incineration is None:
            # No row: nothing is burnt, or the method books no impact for it (mineral wool).
            fits = burnt == 0 or rule.incineration_without_impact
        else:
            fits = abs(burnt - incineration) < 1e-6
        if fits and abs(rule.landfill - landfill) < 1e-6 and abs(rule.sorted_on_site - sorted_on_site) < 1e-6:
            return rule
    return None


def _is_bulk(category: EndOfLifeRule | None) -> bool:
    return category is not None and category.first_leg == "off-site"


def _class_of(tkm: dict[str, float], mass_kg: float) -> TransportClass | None:
    if not any(tkm.values()):
        return None
    per_tonne = {name: 1000.0 * work / mass_kg for name, work in tkm.items()}
    for each in load_transport_classes().values():
        if all(
            abs(each.tkm_per_tonne[name] - work) <= 1e-6 * max(1.0, work) for name, work in per_tonne.items()
        ):
            return each
    raise AssertionError(f"no transport class has {per_tonne}")
