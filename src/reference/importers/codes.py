"""Which indicator is meant: UUIDs, columns and keys of all formats, and the units that belong to them.

The codes of the two indicator sets never meet: those of EN 15804+A2 have the names of
`reference.Indicator`, those of EN 15804+A1 end in "(A1)", since equal names (ODP, AP, POCP, ADPE, ADPF)
stand for other models and units. Resource, waste and output flows (PERE to EET) belong to both sets.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from reference.errors import ReferenceDataError
from reference.vocabulary import Indicator

IndicatorSet = Literal["A1", "A2", "flow", "national"]

#: Modules as a dataset may declare them; A1, A2 and A3 may come apart or together.
MODULES: tuple[str, ...] = (
    "A1-A3", "A1", "A2", "A3", "A4", "A5",
    "B1", "B2", "B3", "B4", "B5", "B6", "B7",
    "C1", "C2", "C3", "C4", "D",
)  # fmt: skip
PRODUCTION = "A1-A3"
SPLIT = ("A1", "A2", "A3")

_SETS: Mapping[str, IndicatorSet] = {"A1": "A1", "A2": "A2", "flow": "flow", "national": "national"}
_MODULE_OF = {re.sub(r"[^A-Z0-9]", "", module): module for module in MODULES} | {"A1A2A3": PRODUCTION}
_BASE_UNIT = re.compile(
    r"^\s*(kg|mg|mol|molc|MJ|GJ|kWh|kBq|Bq|CTUe|CTUh|m\^?\(?3\)?|m\^?\(?2\)?|g|t|l|MWh)(?![a-z])"
)
_EQUIVALENT = re.compile(r"(aequivalente?|aquivalente?|equivalents?|aquiv|equiv|aqv|eqv|aq|eq|e)$")


@dataclass(frozen=True, slots=True)
class IndicatorCode:
    """One indicator or flow.

    Attributes:
        code: name in this library.
        set: "A2", "A1", "flow" (both sets) or "national" (known, but of no set; left out).
        unit: unit of the values.
        uuids: UUIDs by version of the characterisation ("EF 3.0", "EF 3.1"); equal where it did not change.
        unit_group: UUID of the ILCD unit group.
        okobaudat_column, lcax_key: name in these formats, empty where there is none.
        openepd_keys: names in openEPD, best first.
        never_negative: whether a negative value outside module D is a fault.
        unit_keys: spellings of the unit, made comparable by `unit_key`.
    """

    code: str
    set: IndicatorSet
    unit: str
    uuids: Mapping[str, str]
    unit_group: str
    okobaudat_column: str
    lcax_key: str
    openepd_keys: tuple[str, ...]
    never_negative: bool
    unit_keys: frozenset[str]

    @property
    def indicator(self) -> Indicator | None:
        """The indicator of EN 15804+A2; None for flows and for the A1 set."""
        return Indicator(self.code) if self.set == "A2" else None


@cache
def codes() -> Mapping[str, IndicatorCode]:
    """All codes by name, in the order of the table.

    Raises:
        ReferenceDataError: the shipped table is malformed.

    Example:
        >>> codes()["GWP-total"].lcax_key, codes()["GWP (A1)"].lcax_key
        ('gwp', 'gwp')
    """
    text = (files("reference.importers") / "indicator_codes.csv").read_text(encoding="utf-8")
    out: dict[str, IndicatorCode] = {}
    for row in csv.DictReader(io.StringIO(text, newline="")):
        if row["code"] in out or row["set"] not in _SETS:
            raise ReferenceDataError(f"indicator_codes.csv: {row['code']!r} is there twice or of no set.")
        labels = [row["unit"], *row["unit_labels"].split("|")]
        out[row["code"]] = IndicatorCode(
            code=row["code"],
            set=_SETS[row["set"]],
            unit=row["unit"],
            uuids={"EF 3.0": row["uuid_ef30"], "EF 3.1": row["uuid_ef31"]},
            unit_group=row["unit_group"],
            okobaudat_column=row["okobaudat_column"],
            lcax_key=row["lcax_key"],
            openepd_keys=tuple(key for key in row["openepd_key"].split("|") if key),
            never_negative=row["never_negative"] == "yes",
            unit_keys=frozenset(unit_key(label) for label in labels),
        )
    return out


@cache
def by_uuid() -> Mapping[str, IndicatorCode]:
    """Codes by UUID, lower case; both versions of an indicator lead to the same code.

    Example:
        >>> by_uuid()["a7ea142a-9749-11ed-a8fc-0242ac120002"].code
        'GWP-total'
    """
    return {uuid: item for item in codes().values() for uuid in item.uuids.values()}


@cache
def by_okobaudat_column() -> Mapping[str, IndicatorCode]:
    """Codes by column of the OEKOBAUDAT export; "AP" is that of the A1 set, "AP (A2)" the other."""
    return {item.okobaudat_column: item for item in codes().values() if item.okobaudat_column}


def of_set(wanted: IndicatorSet) -> tuple[IndicatorCode, ...]:
    """The codes of one set, in the order of the table."""
    return tuple(item for item in codes().values() if item.set == wanted)


def ef_version_of(uuid: str) -> str | None:
    """ "EF 3.0" or "EF 3.1" where the UUID tells them apart, else None.

    Example:
        >>> ef_version_of("a7ea142a-9749-11ed-a8fc-0242ac120002")
        'EF 3.1'
    """
    item = by_uuid().get(uuid)
    if item is None or item.set != "A2" or len(set(item.uuids.values())) == 1:
        return None
    return next(version for version, known in item.uuids.items() if known == uuid)


def parse_module(text: str) -> str | None:
    """A module as the formats write it ("a1a3", "A1A2A3", "A1-A3", "C 4"); None for anything else.

    Example:
        >>> parse_module("a1a3"), parse_module("C3"), parse_module("C"), parse_module("A1-A2")
        ('A1-A3', 'C3', None, None)
    """
    return _MODULE_OF.get(re.sub(r"[^A-Z0-9]", "", text.upper()))


def unit_key(label: str) -> str:
    """A unit label without marks of typesetting and without "equivalent".

    Example:
        >>> unit_key("kg CO_(2)-Äq.") == unit_key("kg CO2 eqv.") == unit_key("kgCO2e")
        True
        >>> unit_key("CTUe") == unit_key("CTUh")
        False
    """
    text = label.casefold().replace("ä", "a")
    key = "".join(c for c in text if c.isalnum() or c == "+")
    while (shorter := _EQUIVALENT.sub("", key)) != key:
        key = shorter
    return key or label.strip()


def unit_fits(code: IndicatorCode, label: str, unit_group: str = "") -> Literal["yes", "odd", "no"]:
    """Whether a unit belongs to an indicator; labels vary with language, so the UUID of the group decides.

    Returns:
        "odd" where the UUID is right and the label is one that no indicator of the set has, such as
        "kg PO4 eq" for kg P eq.

    Example:
        >>> unit_fits(codes()["GWP-total"], "t CO2 eq"), unit_fits(codes()["SQP"], "-")
        ('no', 'yes')
    """
    if not label:
        return "yes" if unit_group in ("", code.unit_group) else "no"
    key = unit_key(label)
    if key in code.unit_keys:
        return "yes"
    if any(key in other.unit_keys for other in of_set(code.set)):
        return "no"
    base, expected = _BASE_UNIT.match(label), _BASE_UNIT.match(code.unit)
    same_base = base is None or (expected is not None and base[1] == expected[1])
    return "odd" if unit_group == code.unit_group and same_base else "no"
