"""Transport and end-of-life processes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from reference.datasets import published_values, read_only
from reference.errors import ReferenceDataError
from reference.tables import read_table
from reference.vocabulary import CORE_INDICATORS, INDICATORS, Indicator

if TYPE_CHECKING:
    from reference.models import Process


@dataclass(frozen=True, eq=False)
class ProcessTable:
    """Impacts of processes per unit of their work.

    Attributes:
        ids: process ids, one per row.
        units: "t.km" for lorries, "kg" for treatment of waste.
        indicators: indicators of the second axis.
        values: (process, indicator), in the unit of the indicator per unit; NaN = not declared.
        sources: UUID of the dataset of each process.

    Example:
        >>> table = load_processes()
        >>> float(round(table.row("lorry-16-32")[0], 6))  # kg CO2 eq per t.km
        0.110671
    """

    ids: tuple[str, ...]
    units: tuple[str, ...]
    indicators: tuple[Indicator, ...]
    values: NDArray[np.float64]
    sources: tuple[str, ...]

    def __post_init__(self) -> None:
        if self.values.shape != (len(self.ids), len(self.indicators)) or self.values.dtype != np.float64:
            raise ReferenceDataError(
                f"process values have shape {self.values.shape} and type {self.values.dtype}, needed are "
                f"{(len(self.ids), len(self.indicators))} and float64 (process, indicator)."
            )
        if len(self.units) != len(self.ids) or len(self.sources) != len(self.ids):
            raise ReferenceDataError("a process table needs a unit and a source for each process.")
        if len(set(self.ids)) != len(self.ids):
            raise ReferenceDataError("a process table names a process twice.")
        object.__setattr__(self, "values", read_only(self.values))

    def index(self, process_id: str) -> int:
        """Row number of a process.

        Raises:
            ReferenceDataError: no such process.
        """
        if process_id not in self.ids:
            raise ReferenceDataError(f"No process {process_id!r}; use one of {', '.join(self.ids)}.")
        return self.ids.index(process_id)

    def row(self, process_id: str) -> NDArray[np.float64]:
        """Values of one process, in the order of `indicators`; read-only.

        Raises:
            ReferenceDataError: no such process.
        """
        row: NDArray[np.float64] = self.values[self.index(process_id)]
        return row


@cache
def load_processes() -> ProcessTable:
    """The shipped processes, read once per process.

    Source: OEKOBAUDAT 2024-I generic datasets, 13 core indicators. The transport rows are published per
    1000 t.km while their value counts per 1 t.km; the table gives it per t.km.

    Raises:
        ReferenceDataError: processes.csv is malformed.
    """
    rows = read_table("processes.csv")
    published = published_values()
    values = np.full((len(rows), len(INDICATORS)), np.nan)
    for position, row in enumerate(rows):
        uuid = row.text("dataset_uuid")
        if uuid not in published:
            raise row.fault("dataset_uuid", f"{uuid} is not in datasets.csv")
        values[position, : len(CORE_INDICATORS)] = published[uuid][1] / row.number("counts_per")
    return ProcessTable(
        ids=tuple(row.text("process_id") for row in rows),
        units=tuple(row.text("unit") for row in rows),
        indicators=INDICATORS,
        values=values,
        sources=tuple(row.text("dataset_uuid") for row in rows),
    )


@cache
def process_records() -> Mapping[str, Process]:
    """Description of each process by id: dataset, unit, note, confidence of the choice."""
    from reference.models import Process

    records: dict[str, Process] = {}
    for row in read_table("processes.csv"):
        fields = {name: row.values[name] for name in Process.model_fields}
        try:
            records[row.text("process_id")] = Process.model_validate(fields)
        except ValueError as error:
            raise row.fault("several", str(error)) from error
    return MappingProxyType(records)
