"""OEKOBAUDAT datasets with their values as published."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import NDArray

from reference.tables import read_table
from reference.vocabulary import CORE_INDICATORS

if TYPE_CHECKING:
    from reference.models import Dataset

_WEIGHTS = (
    "bulk_density_kg_m3",
    "area_weight_kg_m2",
    "density_kg_m3",
    "thickness_m",
    "length_weight_kg_m",
    "piece_weight_kg",
)

_T = TypeVar("_T", bound=np.generic)


def read_only(array: NDArray[_T]) -> NDArray[_T]:
    """A view of the same data that cannot be written to; the array itself stays as it is."""
    view = array.view()
    view.flags.writeable = False
    return view


@cache
def published_values() -> Mapping[str, tuple[float, NDArray[np.float64]]]:
    """Declared quantity and the 13 core values, by UUID.

    Values have the order of CORE_INDICATORS and count for the declared quantity; read-only arrays.

    Raises:
        ReferenceDataError: datasets.csv is malformed.
    """
    out: dict[str, tuple[float, NDArray[np.float64]]] = {}
    for row in read_table("datasets.csv"):
        values = np.array([float(row.values[indicator.value]) for indicator in CORE_INDICATORS])
        out[row.text("dataset_uuid")] = (row.number("declared_quantity"), read_only(values))
    return MappingProxyType(out)


@cache
def load_datasets() -> Mapping[str, Dataset]:
    """All datasets by UUID, read once per process.

    Raises:
        ReferenceDataError: datasets.csv is malformed.

    Example:
        >>> load_datasets()["d6f982e3-beda-49f0-a298-694fcbf3ba38"].name_en
        'Ready-mix concrete C30/37'
    """
    from reference.models import Dataset

    out: dict[str, Dataset] = {}
    for row in read_table("datasets.csv"):
        weights = {name: row.optional_number(name) for name in _WEIGHTS}
        try:
            dataset = Dataset.model_validate(
                {
                    **{name: row.values[name] for name in Dataset.model_fields if name in row.values},
                    "weights": {name: value for name, value in weights.items() if value is not None},
                    "values": {item: row.number(item.value) for item in CORE_INDICATORS},
                }
            )
        except ValueError as error:
            raise row.fault("several", str(error)) from error
        out[dataset.dataset_uuid] = dataset
    return MappingProxyType(out)
