"""Environmental factors per kg of material."""

from __future__ import annotations

import csv
import io
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from reference.datasets import published_values, read_only
from reference.errors import ReferenceDataError
from reference.tables import read_table
from reference.vocabulary import CORE_INDICATORS, INDICATORS, STAGES, Indicator, Stage

BUILTIN = "builtin"
USER_COLUMNS = ("material_id", "indicator", "stage", "value", "unit", "declared_unit", "source")
#: Sources of materials without a dataset.
NO_MATTER, NO_FIGURE = "no material, no impact", "no figure"
MAX_FAULTS_SHOWN = 50

_Axis = TypeVar("_Axis", Indicator, Stage)


@dataclass(frozen=True, eq=False)
class FactorTable:
    """Factors of materials.

    Attributes:
        materials: material ids, one per row of `values`.
        indicators: indicators of the second axis.
        stages: life-cycle stages of the third axis.
        values: (material, indicator, stage), in the unit of the indicator per kg; NaN = not declared,
            which is not zero.
        partial: (material, stage), True where a value leaves out a part of the module.
        sources: per material the UUID of a dataset, or the text of a source.

    Raises:
        ReferenceDataError: shapes do not fit, an id occurs twice, a value is infinite.

    Example:
        >>> table = load_factors()
        >>> table.index_of(["concrete-c30-37", None, "no such thing"])[1:]
        array([-1, -1])
    """

    materials: tuple[str, ...]
    indicators: tuple[Indicator, ...]
    stages: tuple[Stage, ...]
    values: NDArray[np.float64]
    partial: NDArray[np.bool_]
    sources: tuple[str, ...]
    _rows: dict[str, int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        shape = (len(self.materials), len(self.indicators), len(self.stages))
        if self.values.shape != shape or self.values.dtype != np.float64:
            raise ReferenceDataError(
                f"factor values have shape {self.values.shape} and type {self.values.dtype}, "
                f"needed are {shape} and float64 (material, indicator, stage)."
            )
        if self.partial.shape != (shape[0], shape[2]) or self.partial.dtype != np.bool_:
            raise ReferenceDataError(
                f"partial has shape {self.partial.shape} and type {self.partial.dtype}, "
                f"needed are {(shape[0], shape[2])} and bool (material, stage)."
            )
        if len(self.sources) != shape[0]:
            raise ReferenceDataError(f"{len(self.sources)} sources for {shape[0]} materials.")
        for what, axis in (
            ("material", self.materials),
            ("indicator", self.indicators),
            ("stage", self.stages),
        ):
            double = sorted(str(item) for item, count in Counter[str](axis).items() if count > 1)
            if double:
                raise ReferenceDataError(f"factor table names a {what} twice: {', '.join(double)}.")
        if np.isinf(self.values).any():
            raise ReferenceDataError("factor values hold an infinite number; NaN means not declared.")
        # The cached table is shared; read-only views leave the caller's own arrays as they are.
        object.__setattr__(self, "values", read_only(self.values))
        object.__setattr__(self, "partial", read_only(self.partial))
        object.__setattr__(self, "_rows", {item: row for row, item in enumerate(self.materials)})

    def __len__(self) -> int:
        return len(self.materials)

    @property
    def units(self) -> tuple[str, ...]:
        """Unit of each indicator, per kg of material."""
        return tuple(f"{indicator.unit} per kg" for indicator in self.indicators)

    def index_of(self, ids: Iterable[str | None]) -> NDArray[np.int64]:
        """Rows of material ids, in their order; -1 for None and for an id that the table does not hold."""
        return np.array([-1 if item is None else self._rows.get(item, -1) for item in ids], dtype=np.int64)

    def position(self, indicator: Indicator, stage: Stage) -> tuple[int, int]:
        """Positions of an indicator and a stage on their axes.

        Raises:
            ReferenceDataError: the table has no such indicator or stage.
        """
        return _position(self.indicators, indicator), _position(self.stages, stage)


def _position(axis: Sequence[_Axis], item: _Axis) -> int:
    if item not in axis:
        raise ReferenceDataError(f"{item} is not in this factor table; it has {', '.join(axis)}.")
    return axis.index(item)


def load_factors(source: str | Path = BUILTIN) -> FactorTable:
    """Factors per kg: the built-in ones, or those of a user's file.

    Args:
        source: "builtin" for modules A1-A3 of the shipped library (OEKOBAUDAT 2024-I generic datasets,
            13 core indicators, the six additional ones not declared), or the path of a CSV file in long
            form with the columns material_id, indicator, stage, value, unit, declared_unit (kg), source.

    Raises:
        ReferenceDataError: the file cannot be read or is malformed; all faults are listed at once.

    Example:
        >>> table = load_factors()
        >>> row = table.index_of(["concrete-c30-37"])[0]
        >>> float(round(table.values[row, 0, 0] * 2360, 4))  # kg CO2 eq per m3
        257.6936
    """
    if source == BUILTIN:
        return _builtin()
    return read_factors(Path(source))


@cache
def _builtin() -> FactorTable:
    rows = read_table("materials.csv")
    values = np.full((len(rows), len(INDICATORS), 1), np.nan)
    sources: list[str] = []
    published = published_values()
    core = len(CORE_INDICATORS)
    for position, row in enumerate(rows):
        rule = row.text("factor_rule")
        if rule == "dataset":
            uuid = row.text("dataset_uuid")
            if uuid not in published:
                raise row.fault("dataset_uuid", f"{uuid} is not in datasets.csv")
            quantity, amounts = published[uuid]
            values[position, :core, 0] = amounts / (quantity * row.number("kg_per_declared_unit"))
            sources.append(uuid)
        elif rule == "zero":
            values[position, :, 0] = 0.0
            sources.append(NO_MATTER)
        elif rule == "missing":
            sources.append(NO_FIGURE)
        else:
            raise row.fault("factor_rule", f"{rule!r} is not dataset, zero or missing")
    return FactorTable(
        materials=tuple(row.text("material_id") for row in rows),
        indicators=INDICATORS,
        stages=(Stage.A1_A3,),
        values=values,
        partial=np.zeros((len(rows), 1), dtype=np.bool_),
        sources=tuple(sources),
    )


def read_factors(path: Path) -> FactorTable:
    """Read a user's factor table; see `load_factors` for the columns.

    Indicators that no row names are NaN; stages are those that occur, in the order of STAGES.

    Raises:
        ReferenceDataError: the file cannot be read or is malformed; all faults are listed at once.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ReferenceDataError(f"{path}: cannot be read as a UTF-8 text file ({error}).") from error
    reader = csv.DictReader(io.StringIO(text, newline=""))
    missing = [column for column in USER_COLUMNS if column not in (reader.fieldnames or ())]
    if missing:
        raise ReferenceDataError(
            f"{path.name}, row 1: missing column {', '.join(missing)}; "
            f"a factor table has the columns {', '.join(USER_COLUMNS)}."
        )
    reading = _Reading(path.name)
    for row in reader:
        # line_num counts physical lines, so it stays right after a quoted line break.
        reading.add(reader.line_num, {key: (value or "").strip() for key, value in row.items() if key})
    return reading.table()


class _Reading:
    """Collects the rows of one file and every fault in them."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.faults: list[str] = []
        self.cells: dict[tuple[str, Indicator, Stage], float] = {}
        self.lines: dict[tuple[str, Indicator, Stage], int] = {}
        self.sources: dict[str, list[str]] = {}

    def fault(self, line: int, column: str, problem: str) -> None:
        self.faults.append(f"{self.name}, row {line}, field {column}: {problem}")

    def add(self, line: int, row: dict[str, str]) -> None:
        before = len(self.faults)
        material, source = row["material_id"], row["source"]
        if not material:
            self.fault(line, "material_id", "is empty")
        if not source:
            self.fault(line, "source", "is empty; every figure needs its source")
        indicator, stage, value = self._indicator(line, row), self._stage(line, row), self._value(line, row)
        if row["declared_unit"] != "kg":
            self.fault(
                line, "declared_unit", f"{row['declared_unit']!r}; factors are per kg, convert them first"
            )
        if indicator is not None and _unit_key(row["unit"]) != _unit_key(indicator.unit):
            self.fault(line, "unit", f"{row['unit']!r}; {indicator} is in {indicator.unit}")
        if indicator is None or stage is None or value is None or not material:
            return
        key = (material, indicator, stage)
        if key in self.lines:
            what = f"{material}, {indicator}, {stage} is already in row {self.lines[key]}"
            self.fault(line, "material_id", what)
        if len(self.faults) > before:
            return
        self.cells[key], self.lines[key] = value, line
        known = self.sources.setdefault(material, [])
        if source not in known:
            known.append(source)

    def _indicator(self, line: int, row: dict[str, str]) -> Indicator | None:
        try:
            return Indicator.parse(row["indicator"])
        except ValueError as error:
            self.fault(line, "indicator", str(error))
            return None

    def _stage(self, line: int, row: dict[str, str]) -> Stage | None:
        try:
            return Stage.parse(row["stage"])
        except ValueError as error:
            self.fault(line, "stage", str(error))
            return None

    def _value(self, line: int, row: dict[str, str]) -> float | None:
        text = row["value"]
        if not text:
            self.fault(line, "value", "is empty; leave the row out where nothing is declared")
            return None
        try:
            value = float(text)
        except ValueError:
            self.fault(line, "value", f"{text!r} is not a number (decimal point, no thousands separator)")
            return None
        if not math.isfinite(value):
            self.fault(line, "value", f"{text!r} is not finite; leave the row out where nothing is declared")
            return None
        return value

    def table(self) -> FactorTable:
        if not self.faults and not self.cells:
            self.faults.append(f"{self.name}: holds no row")
        if self.faults:
            shown = self.faults[:MAX_FAULTS_SHOWN]
            if len(self.faults) > len(shown):
                shown.append(f"... and {len(self.faults) - len(shown)} more")
            raise ReferenceDataError(
                f"{self.name}: {len(self.faults)} fault(s) in the factor table:\n"
                + "\n".join(f"- {item}" for item in shown)
            )
        materials = tuple(self.sources)
        present = {stage for _, _, stage in self.cells}
        stages = tuple(stage for stage in STAGES if stage in present)
        rows = {item: position for position, item in enumerate(materials)}
        values = np.full((len(materials), len(INDICATORS), len(stages)), np.nan)
        for (material, indicator, stage), value in self.cells.items():
            values[rows[material], INDICATORS.index(indicator), stages.index(stage)] = value
        return FactorTable(
            materials=materials,
            indicators=INDICATORS,
            stages=stages,
            values=values,
            partial=np.zeros((len(materials), len(stages)), dtype=np.bool_),
            sources=tuple("; ".join(self.sources[item]) for item in materials),
        )


def _unit_key(unit: str) -> str:
    """A unit without blanks, dots and hyphens; "eq", "eqv." and "e" at the end are one."""
    key = "".join(c for c in unit.casefold() if c.isalnum())
    if key in ("", "pt", "dimensionless", "dimensionlesspt"):
        return "dimensionlesspt" if key else ""
    for ending in ("equiv", "eqv", "eq", "e"):
        if key.endswith(ending) and key not in {"ctue", "diseaseincidence"}:
            return key.removesuffix(ending)
    return key
