"""Where every figure comes from."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from reference.tables import read_table

if TYPE_CHECKING:
    import pandas as pd

    from reference.models import Source


@cache
def load_sources() -> Mapping[str, Source]:
    """Sources by id, read once per process.

    Raises:
        ReferenceDataError: sources.csv is malformed.

    Example:
        >>> load_sources()["eu-ecb-2022"].licence
        'CC-BY-SA-4.0'
    """
    from reference.models import Source

    records: dict[str, Source] = {}
    for row in read_table("sources.csv"):
        try:
            item = Source.model_validate(dict(row.values))
        except ValueError as error:
            raise row.fault("several", str(error)) from error
        records[item.source_id] = item
    return MappingProxyType(records)


def sources() -> pd.DataFrame:
    """All sources as a table: source_id, title, publisher, year, licence, citation, confidence.

    Example:
        >>> "okobaudat-2024-i" in set(sources()["source_id"])
        True
    """
    import pandas as pd

    return pd.DataFrame([item.model_dump() for item in load_sources().values()])
