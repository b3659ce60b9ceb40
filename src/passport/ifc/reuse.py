"""Shares of reuse that a model states: reused at building in, and free for reuse at the end.

Read from the sets ``CPset_BuildingPassport``, ``CPset_Madaster`` and the older ``Pset_Madaster``, which
give fractions of the element's mass from 0 to 1.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from passport.findings import Finding, Severity
from passport.ifc.words import key_of

Way = Literal["in", "out"]

#: Set and property -> way; the place in the table is the order of precedence.
_PROPERTIES: dict[tuple[str, str], Way] = {
    ("cpsetbuildingpassport", "reusein"): "in",
    ("cpsetbuildingpassport", "reuseout"): "out",
    ("cpsetmadaster", "reuse"): "in",
    ("cpsetmadaster", "availableforreuse"): "out",
    ("psetmadaster", "reuse"): "in",
    ("psetmadaster", "availableforreuse"): "out",
}
_RANK = {key: rank for rank, key in enumerate(_PROPERTIES)}
_PERCENT = re.compile(r"(-?\d+(?:[.,]\d+)?)\s*(%?)")
#: Between a full share and this, a number is neither a fraction nor a believable percentage.
_SMALLEST_PERCENT = 2.0


@dataclass(frozen=True, slots=True)
class ReuseFact:
    """What one property says: `share` from 0 to 1, None when it cannot be one; `fault` says what was odd."""

    way: Way
    share: float | None
    source: str
    value: str
    rank: int
    read_as_percent: bool = False


@dataclass(frozen=True, slots=True)
class ReuseShares:
    """Shares of reuse of one element, None where the model states none."""

    in_share: float | None = None
    out_share: float | None = None


#: What an element has whose sets state nothing about reuse.
NO_REUSE = ReuseShares()


@lru_cache(maxsize=4096)
def is_reuse_set(set_name: str) -> bool:
    """Whether a set of this name can state shares of reuse.

    Example:
        >>> is_reuse_set("CPset_Madaster"), is_reuse_set("Pset_WallCommon")
        (True, False)
    """
    return any(key_of(set_name) == known for known, _ in _PROPERTIES)


def is_reuse_property(set_name: str, property_name: str) -> bool:
    """Whether this property of this set states a share of reuse.

    Example:
        >>> is_reuse_property("CPset_Madaster", "AvailableForReuse")
        True
    """
    return (key_of(set_name), key_of(property_name)) in _PROPERTIES


def reuse_of(set_name: str, property_name: str, value: object) -> ReuseFact | None:
    """What one property says about reuse; None when it is none of those that do, or is empty.

    Example:
        >>> reuse_of("CPset_Madaster", "Reuse", 0.4).share
        0.4
        >>> reuse_of("CPset_BuildingPassport", "ReuseOut", 40).share
        0.4
    """
    key = (key_of(set_name), key_of(property_name))
    way = _PROPERTIES.get(key)
    if way is None or value is None or value == "":
        return None
    share, as_percent = _share(value)
    return ReuseFact(way, share, f"{set_name}.{property_name}", str(value), _RANK[key], as_percent)


def _share(value: object) -> tuple[float | None, bool]:
    """The share and whether a plain number was taken as a percentage."""
    percent_sign = False
    if isinstance(value, str):
        match = _PERCENT.fullmatch(value.strip())
        if match is None:
            return None, False
        number, percent_sign = float(match.group(1).replace(",", ".")), bool(match.group(2))
    elif isinstance(value, int | float) and not isinstance(value, bool):
        number = float(value)
    else:
        return None, False
    if percent_sign:
        return (number / 100.0 if 0 <= number <= 100 else None), False
    if 0 <= number <= 1:
        return number, False
    if _SMALLEST_PERCENT <= number <= 100:
        return number / 100.0, True
    return None, False


def resolve_reuse(
    own: Sequence[ReuseFact],
    inherited: Sequence[ReuseFact] = (),
    *,
    element: str = "element",
    global_id: str | None = None,
) -> tuple[ReuseShares, list[Finding]]:
    """One share per way from all that the sets of an element and of its type say, and the findings.

    The element's own sets come before those of its type, then the set of this library, then Madaster's.
    """
    findings: list[Finding] = []
    shares: dict[Way, float | None] = {"in": None, "out": None}
    for way in shares:
        for facts in (own, inherited):
            ordered = sorted((f for f in facts if f.way == way), key=lambda f: f.rank)
            findings.extend(
                finding for f in ordered if (finding := _fault(f, element, global_id)) is not None
            )
            valid = [f for f in ordered if f.share is not None]
            if not valid:
                continue
            shares[way] = valid[0].share
            other = next((f for f in valid if f.share != valid[0].share), None)
            if other is not None:
                findings.append(
                    Finding(
                        "reuse-contradicts",
                        Severity.WARNING,
                        f"{element}: {valid[0].source} is {valid[0].value}, but {other.source} is "
                        f"{other.value}; the first was used.",
                        global_id=global_id,
                        hint="Keep one of the two properties.",
                    )
                )
            break
    return ReuseShares(shares["in"], shares["out"]), findings


def _fault(fact: ReuseFact, element: str, global_id: str | None) -> Finding | None:
    if fact.share is None:
        return Finding(
            "reuse-share-invalid",
            Severity.WARNING,
            f"{element}: {fact.source} is {fact.value!r}, which is not a share; it was not used.",
            global_id=global_id,
            hint="Give a fraction from 0 to 1.",
        )
    if fact.read_as_percent:
        return Finding(
            "reuse-share-in-percent",
            Severity.INFO,
            f"{element}: {fact.source} is {fact.value}, read as percent: a share of {fact.share:g}.",
            global_id=global_id,
            hint="Give a fraction from 0 to 1.",
        )
    return None
