"""Service lives per application, and building layers."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from reference.tables import read_table

if TYPE_CHECKING:
    from reference.models import BrandLayer, ServiceLife


@cache
def load_service_lives() -> Mapping[str, ServiceLife]:
    """Service lives [years] by application, read once per process.

    Source: TOTEM element library, December 2024.

    Raises:
        ReferenceDataError: service_lives.csv is malformed.

    Example:
        >>> load_service_lives()["External window | Frame filling"].mode_years
        30.0
    """
    from reference.models import ServiceLife

    return MappingProxyType(
        {
            row.text("application"): ServiceLife(
                application=row.text("application"),
                mode_years=row.number("mode_years"),
                min_years=row.number("min_years"),
                max_years=row.number("max_years"),
                n=row.integer("n"),
                counts=row.text("counts"),
                source_id=row.text("source_id"),
            )
            for row in read_table("service_lives.csv")
        }
    )


@cache
def load_brand_layers() -> Mapping[str, BrandLayer]:
    """Building layers by name, the slowest first; lives in years.

    Source: Brand 1994, to be confirmed.

    Raises:
        ReferenceDataError: brand_layers.csv is malformed.
    """
    from reference.models import BrandLayer

    return MappingProxyType(
        {
            row.text("layer"): BrandLayer(
                layer=row.text("layer"),
                removal_order=row.integer("removal_order"),
                life_low_years=row.optional_number("life_low_years"),
                life_high_years=row.optional_number("life_high_years"),
                bci_weight=row.number("bci_weight"),
                note=row.optional_text("note"),
                source_id=row.text("source_id"),
            )
            for row in read_table("brand_layers.csv")
        }
    )
