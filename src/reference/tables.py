"""Read and check the shipped tables.

A table is a CSV file beside `manifest.toml`, which holds its hash, its key and one line per column. A table
is read once per process and refused as a whole when anything in it is wrong; the message names file, row and
field. The csv module is used on purpose: importing pandas would take longer than reading all tables.
"""

from __future__ import annotations

import csv
import hashlib
import io
import math
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from reference.errors import ReferenceDataError

MANIFEST = "manifest.toml"
KINDS = ("id", "text", "number", "integer", "flag", "source")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table; `line` counts from 1 with the header in line 1.

    Example:
        >>> row = Row("lives.csv", 2, {"years": "60", "note": ""})
        >>> row.number("years"), row.optional_text("note")
        (60.0, None)
    """

    file: str
    line: int
    values: Mapping[str, str]

    def fault(self, field: str, problem: str) -> ReferenceDataError:
        """An error that names file, row and field; the caller raises it."""
        return ReferenceDataError(f"{self.file}, row {self.line}, field {field}: {problem}")

    def text(self, field: str) -> str:
        """A text that must not be empty."""
        value = self.values[field]
        if not value:
            raise self.fault(field, "is empty")
        return value

    def optional_text(self, field: str) -> str | None:
        """A text, None where the field is empty."""
        return self.values[field] or None

    def number(self, field: str) -> float:
        """A finite number, in the unit of the column."""
        value = self.optional_number(field)
        if value is None:
            raise self.fault(field, "is empty, a number is needed")
        return value

    def optional_number(self, field: str) -> float | None:
        """A finite number, None where the field is empty."""
        text = self.values[field]
        if not text:
            return None
        try:
            value = float(text)
        except ValueError:
            raise self.fault(field, f"{text!r} is not a number") from None
        if not math.isfinite(value):
            raise self.fault(field, f"{text!r} is not a finite number")
        return value

    def integer(self, field: str) -> int:
        """A whole number."""
        value = self.number(field)
        if value != int(value):
            raise self.fault(field, f"{self.values[field]!r} is not a whole number")
        return int(value)

    def flag(self, field: str) -> bool:
        """yes or no."""
        text = self.values[field]
        if text not in ("yes", "no"):
            raise self.fault(field, f"{text!r} is neither yes nor no")
        return text == "yes"


@cache
def manifest() -> Mapping[str, Mapping[str, Any]]:
    """Manifest entries by file name: text, licence, sha256, rows, key, columns (kind and text of each)."""
    return tomllib.loads(_read_bytes(MANIFEST).decode("utf-8"))


def table_names() -> tuple[str, ...]:
    """File names of all shipped tables."""
    return tuple(manifest())


@cache
def read_table(name: str) -> tuple[Row, ...]:
    """Rows of one shipped table, checked against the manifest; read once per process.

    Args:
        name: file name, such as "materials.csv".

    Raises:
        ReferenceDataError: no such table, the bytes differ from the manifest, or a row is malformed.

    Example:
        >>> read_table("brand_layers.csv")[0].text("layer")
        'Site'
    """
    if name not in manifest():
        raise ReferenceDataError(f"{name}: no such table; use one of {', '.join(table_names())}.")
    return check_table(name, _read_bytes(name), manifest()[name])


def check_table(name: str, raw: bytes, entry: Mapping[str, Any]) -> tuple[Row, ...]:
    """Rows of `raw`, checked against one manifest entry.

    Raises:
        ReferenceDataError: hash, columns, number of rows, keys, numbers, flags or sources are wrong.
    """
    digest = hashlib.sha256(raw).hexdigest()
    if digest != entry["sha256"]:
        raise ReferenceDataError(
            f"{name}: sha256 is {digest}, the manifest says {entry['sha256']}. Restore the file or rebuild "
            "the tables with scripts/build_reference_tables.py."
        )
    rows = tuple(_rows(name, raw, list(entry["columns"])))
    if len(rows) != entry["rows"]:
        raise ReferenceDataError(f"{name}: {len(rows)} rows, the manifest says {entry['rows']}.")
    kinds = {column: str(item["kind"]) for column, item in entry["columns"].items()}
    seen: dict[tuple[str, ...], int] = {}
    for row in rows:
        for column, kind in kinds.items():
            _check_cell(row, column, kind)
        key = tuple(row.values[column] for column in entry["key"])
        if key in seen:
            raise row.fault("+".join(entry["key"]), f"{' / '.join(key)} is already in row {seen[key]}")
        seen[key] = row.line
    return rows


def _rows(name: str, raw: bytes, columns: list[str]) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(raw.decode("utf-8"), newline=""))
    header = next(reader, [])
    if header != columns:
        raise ReferenceDataError(f"{name}: columns are {header}, the manifest says {columns}.")
    for line, cells in enumerate(reader, start=2):
        if len(cells) != len(columns):
            raise ReferenceDataError(f"{name}, row {line}: {len(cells)} fields instead of {len(columns)}.")
        yield Row(name, line, dict(zip(columns, cells, strict=True)))


def _check_cell(row: Row, column: str, kind: str) -> None:
    base = kind.removeprefix("optional ")
    if base not in KINDS:
        raise row.fault(column, f"the manifest names the unknown kind {kind!r}")
    if not row.values[column]:
        if base == kind:
            raise row.fault(column, "is empty")
        return
    if base == "number":
        row.number(column)
    elif base == "integer":
        row.integer(column)
    elif base == "flag":
        row.flag(column)
    elif base == "source" and row.values[column] not in _source_ids():
        raise row.fault(column, f"{row.values[column]!r} is not in sources.csv")


@cache
def _source_ids() -> frozenset[str]:
    return frozenset(row.text("source_id") for row in read_table("sources.csv"))


def _read_bytes(name: str) -> bytes:
    return (files("reference") / "data" / name).read_bytes()
