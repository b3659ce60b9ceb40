"""Families of materials."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from reference.tables import Row, read_table

if TYPE_CHECKING:
    from reference.models import Family

LANGUAGES = ("en", "nl", "fr", "de")


def names_of(row: Row) -> dict[str, str]:
    """Names by language code, from the columns name_en, name_nl, name_fr, name_de."""
    return {code: row.text(f"name_{code}") for code in LANGUAGES}


@cache
def load_families() -> Mapping[str, Family]:
    """All families by id, read once per process.

    Raises:
        ReferenceDataError: families.csv is malformed.

    Example:
        >>> load_families()["clay-brick"].names["nl"]
        'gevelsteen, baksteen'
    """
    from reference.models import Family

    families = {
        row.text("family"): Family(
            family=row.text("family"),
            names=names_of(row),
            waste_category=row.optional_text("waste_category"),
            ewc=row.optional_text("ewc"),
            hazard_trigger=row.optional_text("hazard_trigger"),
            hazard_ewc=row.optional_text("hazard_ewc"),
            note=row.optional_text("note"),
            source_id=row.text("source_id"),
            ewc_source_id=row.text("ewc_source_id"),
        )
        for row in read_table("families.csv")
    }
    return MappingProxyType(families)
