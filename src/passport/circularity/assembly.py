"""What the words for a type of assembly say of a joint: the 47 strings of the TOTEM element library.

Source: component attribute "type of assembly", December 2024; the classes of detachability are ours, to be
confirmed (`assembly_words.csv`). A trailing "(... not modelled)" or "(... to be added)" changes nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from passport.circularity.tables import shipped_rows

_REMARK = re.compile(r"\s*\([^)]*(?:not modelled|to be added)\)\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Assembly:
    """Hardest and easiest class of the joint, and of the access where the words tell it (else empty)."""

    hardest: str
    easiest: str
    access_hardest: str
    access_easiest: str


def assembly_of(words: str) -> Assembly | None:
    """What the words say; None for words that are not of the list, or say that there is no joint.

    Example:
        >>> assembly_of("Bolted (bolts not modelled)").easiest
        'added elements'
        >>> assembly_of("held by magic") is None
        True
    """
    return _assemblies().get(_key(words))


@cache
def _assemblies() -> dict[str, Assembly]:
    return {
        _key(row["assembly"]): Assembly(
            row["hardest"], row["easiest"], row["access_hardest"], row["access_easiest"]
        )
        for row in shipped_rows("assembly_words.csv")
    }


def _key(words: str) -> str:
    return " ".join(_REMARK.sub("", words).casefold().replace("≥", ">=").split())
