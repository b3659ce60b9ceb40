"""Tables as Parquet, with the unit of each column in the metadata of its field."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from reference.writing import beside

if TYPE_CHECKING:
    import pandas as pd

#: Unit by ending of the column's name, longest first.
UNITS = {
    "_kg_m3": "kg/m3",
    "_kg": "kg",
    "_m3": "m3",
    "_m2": "m2",
    "_m": "m",
    "_years": "years",
    "_share": "1",
}


def unit_of(column: str) -> str | None:
    """Unit that the name of a column carries, None where it carries none.

    Example:
        >>> unit_of("known_mass_kg"), unit_of("value")
        ('kg', None)
    """
    return next((unit for ending, unit in UNITS.items() if column.endswith(ending)), None)


def write_parquet(path: Path, table: pd.DataFrame) -> None:
    """Write a table beside its target, then rename.

    Unknown numbers are null. A column "value" has the unit that its row says in the column "unit".

    Raises:
        OSError: the file cannot be written.
    """
    arrow = pa.Table.from_pandas(table, preserve_index=False)
    fields = []
    for field in arrow.schema:
        unit = "see column unit" if field.name == "value" else unit_of(field.name)
        fields.append(field.with_metadata({"unit": unit}) if unit else field)
    metadata = {**(arrow.schema.metadata or {}), b"made_by": b"building-passport"}
    with beside(path) as part:
        pq.write_table(arrow.cast(pa.schema(fields, metadata=metadata)), part)
