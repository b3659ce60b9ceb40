"""What words in names say about a building, its zones and its rooms, from `building_words.csv`."""

from __future__ import annotations

import csv
from fnmatch import fnmatchcase
from functools import cache
from importlib.resources import files
from typing import Literal

from passport.ifc.words import folded

Scope = Literal["building", "zone", "space", "property"]


@cache
def _phrases(scope: Scope) -> tuple[dict[tuple[str, ...], str], tuple[tuple[tuple[str, ...], str], ...], int]:
    """Whole phrases, phrases with a ``*``, and the number of words of the longest."""
    text = files("passport.ifc").joinpath("building_words.csv").read_text(encoding="utf-8")
    rows = [
        (tuple(row["words"].split()), row["meaning"])
        for row in csv.DictReader(text.splitlines())
        if row["scope"] == scope
    ]
    exact = {words: meaning for words, meaning in rows if "*" not in "".join(words)}
    starred = [(words, meaning) for words, meaning in rows if "*" in "".join(words)]
    # The longest says most: "rijwoning*" before "*woning".
    patterns = tuple(sorted(starred, key=lambda row: -len("".join(row[0]))))
    return exact, patterns, max(len(words) for words, _ in rows)


def _meaning(scope: Scope, words: tuple[str, ...]) -> str | None:
    exact, patterns, _ = _phrases(scope)
    known = exact.get(words)
    if known is not None:
        return known
    for pattern, meaning in patterns:
        if len(pattern) == len(words) and all(map(fnmatchcase, words, pattern)):
            return meaning
    return None


def meanings(scope: Scope, text: str) -> list[tuple[str, tuple[str, ...]]]:
    """(meaning, words after it) of the longest known phrases in a text, from left to right.

    Example:
        >>> meanings("building", "Non-residential building")
        [('non-residential', ('building',))]
    """
    words = tuple(folded(text).split())
    longest = _phrases(scope)[2]
    found: list[tuple[str, tuple[str, ...]]] = []
    start = 0
    while start < len(words):
        for end in range(min(len(words), start + longest), start, -1):
            meaning = _meaning(scope, words[start:end])
            if meaning is not None:
                found.append((meaning, words[end:]))
                start = end
                break
        else:
            start += 1
    return found


def property_meaning(name: str) -> str | None:
    """``use`` or ``dwellings`` when a property of a building says that; names may be written together.

    Example:
        >>> property_meaning("OccupancyType"), property_meaning("Aantal woningen")
        ('use', 'dwellings')
    """
    together = folded(name).replace(" ", "")
    return next((m for words, m in _phrases("property")[0].items() if "".join(words) == together), None)


def is_outside(text: str) -> bool:
    """Whether the name of a space says that it lies outside: nothing but such words and numbers.

    Example:
        >>> is_outside("Terras 2"), is_outside("Garden room")
        (True, False)
    """
    words = tuple(w for w in folded(text).split() if not any(c.isdigit() for c in w))
    return _meaning("space", words) == "outside"
