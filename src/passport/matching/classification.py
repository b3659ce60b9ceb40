"""What the classification codes around a material say about its family."""

from __future__ import annotations

import re
from collections.abc import Iterable

from reference.match_terms import ClassificationCode, load_match_classification

_SYSTEMS = (
    ("sfb", re.compile(r"sfb")),
    ("din276", re.compile(r"din ?276|kostengruppe|kg ?276")),
    ("uniclass", re.compile(r"uniclass")),
    ("omniclass", re.compile(r"omniclass")),
    ("uniformat", re.compile(r"uniformat|assembly")),
    ("masterformat", re.compile(r"master ?format|\bcsi\b|keynote")),
)
# Codes that tell their system themselves.
_SHAPES = (
    ("uniclass", re.compile(r"^(?:Pr|Ss|EF|Ma)_\d\d")),
    ("omniclass", re.compile(r"^\d\d-\d\d \d\d")),
    ("sfb", re.compile(r"^\(\d\d")),
    ("masterformat", re.compile(r"^\d\d \d\d \d\d")),
    ("uniformat", re.compile(r"^[A-G]\d{4}")),
)
_ELEMENT = re.compile(r"[()\d.]*\d[().]")  # (21.1) of (21.1)Fg2
_MATERIAL = re.compile(r"(?<![A-Za-z])[A-Z]?([e-z]\d?)(?![A-Za-z])")


def _system(system: str, code: str) -> str:
    text = system.lower().replace("-", "").replace("/", "")
    for name, pattern in _SYSTEMS:
        if pattern.search(text):
            return name
    return next((name for name, pattern in _SHAPES if pattern.search(code)), "")


def _keys(system: str, code: str) -> list[tuple[str, str]]:
    plain = re.sub(r"[\s()\[\].]", "", code)
    if system == "sfb":
        letters = _MATERIAL.findall(_ELEMENT.sub("", code))
        return [*(("sfb-material", letter) for letter in letters), ("sfb", plain)]
    if system == "omniclass" and plain.startswith("22-"):
        return [("masterformat", plain[3:])]
    return [(system, plain)]


def code_rows(classification: Iterable[tuple[str, str]]) -> tuple[ClassificationCode, ...]:
    """The rows of the table that hold for (system, code) pairs, at most one per pair.

    The system is told by its name (any spelling) or, where that is empty, by the shape of the code. Codes
    that no row knows are skipped.

    Example:
        >>> [row.family for row in code_rows([("MasterFormat 2018", "04 21 13"), ("", "Ss_25_30_95")])]
        ['clay-brick', 'component-door-window']
        >>> code_rows([("Raumbuch", "12.3")])
        ()
    """
    found = []
    for system, text in classification:
        code = text.strip()
        for name, key in _keys(_system(system, code), code):
            row = _first(name, key)
            if row is not None:
                found.append(row)
                break
    return tuple(found)


def _first(system: str, code: str) -> ClassificationCode | None:
    for row in load_match_classification():
        if row.system == system and code.startswith(row.code):
            return row
    return None
