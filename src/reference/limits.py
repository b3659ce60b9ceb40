"""Limits and targets of policies: ceilings of another kind than a population, each with its own scope."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from reference.tables import read_table
from reference.vocabulary import Stage

#: A module, all modules of a letter, or a range within one letter: B4, C, A1-A5, A4-5.
_MODULE = re.compile(r"([A-D])(?:\d(?:-\1?\d)?)?")


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit, target or reference value as published; nothing is converted.

    Attributes:
        country: ISO code, or international.
        scheme, use_type, quantity, kind: rule, buildings, what is limited, limit or target or reference.
        value, unit: as published.
        area_definition: which m2; empty where it is not known.
        study_period_years: None where the rule has none.
        modules: as published, in words.
        valid_from, valid_to: dates, empty where there is none.
        citation: where it was read.
        confidence, scope_confidence: of the value, and of what it counts: read, secondary or verify.
        note: remark.
    """

    country: str
    scheme: str
    use_type: str
    quantity: str
    value: float
    unit: str
    kind: str
    area_definition: str
    study_period_years: float | None
    modules: str
    valid_from: str
    valid_to: str
    citation: str
    confidence: str
    scope_confidence: str
    note: str

    @property
    def stages(self) -> tuple[Stage, ...] | None:
        """Modules that it counts; None where the words do not tell them one by one.

        Example:
            >>> [str(stage) for stage in load_limits("DK")[0].stages]
            ['A1-A3', 'B4', 'B6', 'C3', 'C4']
        """
        words = re.split(r"[(;]", self.modules)[0]
        found: list[Stage] = []
        for part in (each.strip() for each in words.split(",")):
            stages = _stages(part)
            if stages is None:
                return None
            found += stages
        return tuple(stage for stage in Stage if stage in found) or None


def _stages(part: str) -> tuple[Stage, ...] | None:
    """Modules of "B4", "C" or "A1-A5"; None for other words."""
    if not _MODULE.fullmatch(part):
        return None
    names = [str(stage) for stage in Stage]
    if part in names:
        return (Stage(part),)
    if len(part) == 1:
        return tuple(stage for stage in Stage if stage.startswith(part))
    first, _, last = part.partition("-")
    letter, low, high = first[0], int(first[1:]), int(last.lstrip("ABCD"))
    chosen = []
    for stage in Stage:
        numbers = [int(n) for n in re.findall(r"\d", stage)]
        if stage.startswith(letter) and numbers and low <= min(numbers) and max(numbers) <= high:
            chosen.append(stage)
    return tuple(chosen) or None


@cache
def load_limits(country: str | None = None) -> tuple[Limit, ...]:
    """Limits of a country, or all of them, in the order of the table.

    Raises:
        ReferenceDataError: policy_limits.csv is malformed.

    Example:
        >>> {limit.country for limit in load_limits("FR")}
        {'FR'}
    """
    text = (
        "country", "scheme", "use_type", "quantity", "unit", "kind", "citation", "confidence",
        "scope_confidence",
    )  # fmt: skip
    optional = ("area_definition", "modules", "valid_from", "valid_to", "note")
    return tuple(
        Limit(
            value=row.number("value"),
            study_period_years=row.optional_number("study_period_years"),
            **{name: row.text(name) for name in text},
            **{name: row.optional_text(name) or "" for name in optional},
        )
        for row in read_table("policy_limits.csv")
        if country is None or row.text("country") == country.upper()
    )
