"""A user's maintenance file: which materials are cleaned and repaired how often, and with what.

Columns: material (id or family; * for any text), kind (B2.1 cleaning, B2.2 small, B2.3 large maintenance),
interval_years, amount, unit ("kg/m2" of the portion's face or "kg/kg" of its mass), product (id of the
material used), source. There is no shipped table: the amounts that are published belong to their products.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

from lca.maintenance import MaintenanceKind, MaintenanceTask, PortionTask
from passport.errors import PassportError
from passport.findings import Finding, Severity
from reference.materials import load_materials

if TYPE_CHECKING:
    from passport.inventory import Rows
    from passport.models import Portion
    from reference.factors import FactorTable

COLUMNS = ("material", "kind", "interval_years", "amount", "unit", "product", "source")
UNITS = ("kg/m2", "kg/kg")


@dataclass(frozen=True, slots=True)
class UpkeepRule:
    """One row of a maintenance file."""

    row: int
    material: str
    kind: MaintenanceKind
    interval_years: float
    amount: float
    unit: str
    product: str
    source: str

    def concerns(self, portion: Portion) -> bool:
        """Whether the portion is of this material or family."""
        names = (portion.material_id or "", portion.family)
        return portion.material_id is not None and any(fnmatchcase(n, self.material) for n in names)


def load_upkeep(path: str | Path) -> tuple[UpkeepRule, ...]:
    """Read a maintenance file.

    Raises:
        PassportError: the file cannot be read or has faults; each names row and field.

    Example:
        >>> load_upkeep("maintenance.csv")  # doctest: +SKIP
    """
    source = Path(path)
    try:
        text = source.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise PassportError(f"{source}: cannot be read ({error.strerror or error}).") from error
    except UnicodeDecodeError as error:
        raise PassportError(f"{source}: is no UTF-8 text; save the table as CSV UTF-8.") from error
    reader = csv.DictReader(io.StringIO(text, newline=""))
    missing = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
    if missing:
        raise PassportError(
            f"{source}, row 1: missing column {', '.join(missing)}; needed are {', '.join(COLUMNS)}."
        )
    rules: list[UpkeepRule] = []
    faults: list[str] = []
    for row in reader:
        cells = {key: (value or "").strip() for key, value in row.items() if isinstance(key, str)}
        if not any(cells.values()):
            continue
        found = list(_faults(cells))
        faults.extend(f"row {reader.line_num}, field {field}: {what}" for field, what in found)
        if not found:
            rules.append(
                UpkeepRule(
                    row=reader.line_num,
                    material=cells["material"],
                    kind=MaintenanceKind(cells["kind"]),
                    interval_years=float(cells["interval_years"]),
                    amount=float(cells["amount"]),
                    unit=cells["unit"],
                    product=cells["product"],
                    source=cells["source"],
                )
            )
    if not faults and not rules:
        faults.append("holds no row")
    if faults:
        raise PassportError(f"{source}: the maintenance has faults:\n" + "\n".join(f"- {f}" for f in faults))
    return tuple(rules)


def _faults(cells: dict[str, str]) -> Iterator[tuple[str, str]]:
    for field in ("material", "source"):
        if not cells[field]:
            yield field, "is empty"
    if cells["kind"] not in list(MaintenanceKind):
        yield "kind", f"{cells['kind']!r}; use {', '.join(MaintenanceKind)}"
    for field, lowest in (("interval_years", "above 0"), ("amount", "0 or more")):
        value = _number(cells[field])
        if value is None or value < 0 or (value == 0 and field == "interval_years"):
            yield field, f"{cells[field]!r}; give a number {lowest}"
    if cells["unit"] not in UNITS:
        yield "unit", f"{cells['unit']!r}; use {' or '.join(UNITS)}"
    if cells["product"] not in load_materials():
        yield "product", f"{cells['product']!r} is no material of the library"


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def portion_tasks(
    rules: Sequence[UpkeepRule], rows: Rows, factors: FactorTable
) -> tuple[list[PortionTask], list[Finding]]:
    """Tasks of all portions that a rule concerns, and what could not be used."""
    tasks: list[PortionTask] = []
    notes: list[Finding] = []
    for rule in rules:
        product = int(factors.index_of([rule.product])[0])
        found = without = 0
        for row, (element, portion) in enumerate(zip(rows.elements, rows.portions, strict=True)):
            if not rule.concerns(portion):
                continue
            if rule.unit == "kg/kg":
                base = portion.mass_kg
            elif portion.thickness_m is not None and portion.volume_m3 is not None:
                base = portion.volume_m3 / portion.thickness_m
            else:
                base = element.area_m2
            if base is None:
                without += 1
                continue
            found += 1
            task = MaintenanceTask(rule.kind, rule.interval_years, rule.amount * base)
            tasks.append(PortionTask(row, task, product))
        if without:
            notes.append(
                Finding(
                    code="maintenance-without-quantity",
                    severity=Severity.WARNING,
                    message=f"Maintenance row {rule.row}: {without} portion(s) of {rule.material} have no "
                    "area or mass, so their B2 stays unknown.",
                )
            )
        elif not found:
            notes.append(
                Finding(
                    code="maintenance-unused",
                    severity=Severity.INFO,
                    message=f"Maintenance row {rule.row}: the model holds no {rule.material}.",
                )
            )
    return tasks, notes
