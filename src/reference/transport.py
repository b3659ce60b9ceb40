"""Transport from factory to site (module A4)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from reference.tables import read_table

if TYPE_CHECKING:
    from reference.models import TransportClass

#: Process of the lorry -> column with its transport work.
LORRY_COLUMNS: Mapping[str, str] = MappingProxyType(
    {
        "lorry-gt32": "tkm_lorry_gt32",
        "lorry-16-32": "tkm_lorry_16_32",
        "lorry-7.5-16": "tkm_lorry_7_5_16",
        "lorry-3.5-7.5": "tkm_lorry_3_5_7_5",
    }
)


@cache
def load_transport_classes() -> Mapping[str, TransportClass]:
    """Transport classes by id, read once per process; transport work in t.km per tonne carried.

    Source: KU Leuven SLiCE/Mouton 2022 dataset.

    Raises:
        ReferenceDataError: transport_classes.csv is malformed.

    Example:
        >>> load_transport_classes()["direct"].tkm_per_tonne["lorry-16-32"]
        100.0
    """
    from reference.models import TransportClass

    classes: dict[str, TransportClass] = {}
    for row in read_table("transport_classes.csv"):
        try:
            item = TransportClass.model_validate(
                {
                    "a4_class": row.text("a4_class"),
                    "name": row.text("name_en"),
                    "share_via_supplier": row.number("share_via_supplier"),
                    "tkm_per_tonne": {lorry: row.number(name) for lorry, name in LORRY_COLUMNS.items()},
                    "confidence": row.text("confidence"),
                    "source_id": row.text("source_id"),
                }
            )
        except ValueError as error:
            raise row.fault("several", str(error)) from error
        classes[item.a4_class] = item
    return MappingProxyType(classes)
