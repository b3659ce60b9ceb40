"""Words and codes by which models and practitioners name building materials.

The tables `match_terms_*.csv` hold words (several spellings of one word are separated by `|`), the table
`match_codes.csv` holds patterns such as strength classes, and `match_classification.csv` the codes of
classifications. They say what a word means; how words in one name
are weighed against each other is the business of `passport.matching`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

from reference.errors import ReferenceDataError

TERM_COLUMNS = ("term", "language", "family", "material_id", "kind", "priority", "note")
CODE_COLUMNS = ("pattern", "family", "material_id", "priority", "example", "note")
CLASSIFICATION_COLUMNS = ("system", "code", "scope", "family", "material_id", "note", "source")
THICKNESS_COLUMNS = ("family", "thickest_m", "note")
SCOPES = ("material", "element")

# Kind of a word and the weight it has when the table gives none.
TERM_KINDS = {
    "head": 50,  # names a material, also as part of a compound
    "modifier": 40,  # base material or adjective; gives way to a head
    "abbrev": 48,  # whole word only, never inside a compound
    "word": 50,  # as head, but whole word only
    "brand": 60,  # trade name, whole word
    "component": 20,  # tells the component, not the material
    "equipment": 55,  # an appliance or a piece of furniture
    "air": 45,  # an air layer
    "rule": 66,  # words joined by " + ", in any order; "/" separates alternatives
    "unknown": 15,  # a word that says that nothing is known: unknown unless something weightier is there
    "look": 0,  # the word before or after it only describes the look
    "neutral": 0,  # known, but says nothing about the material
}


@dataclass(frozen=True, slots=True)
class MatchTerm:
    """One spelling of one word (or phrase) and what it says.

    Attributes:
        term: the word as people write it; a trailing `*` stands for any ending.
        language: nl, fr, de, en, another code, or empty for all.
        family: family id, empty for words that carry none.
        material_id: material of the library when the word is that specific, else empty.
        kind: a key of `TERM_KINDS`.
        priority: weight against other words of the same name.
        note: remark of the table.
    """

    term: str
    language: str
    family: str
    material_id: str
    kind: str
    priority: int
    note: str


@dataclass(frozen=True, slots=True)
class MatchCode:
    """A pattern (regular expression on the upper-case name) such as `C30/37` or `S235JR`.

    Attributes:
        pattern: the expression.
        family: family id.
        material_id: material of the library, else empty.
        priority: weight against words of the same name.
        example: a text that the pattern matches.
        note: what the code is.
    """

    pattern: str
    family: str
    material_id: str
    priority: int
    example: str
    note: str


@dataclass(frozen=True, slots=True)
class ClassificationCode:
    """The beginning of a code of a classification and the family that it tells.

    Attributes:
        system: sfb, sfb-material, din276, masterformat, uniclass, omniclass or uniformat.
        code: beginning of the code, without blanks and brackets.
        scope: `material` when the code is about a material or product, `element` when about a whole element.
        family: family id.
        material_id: material of the library, else empty.
        note: what the code stands for.
        source: edition of the classification.
    """

    system: str
    code: str
    scope: str
    family: str
    material_id: str
    note: str
    source: str


def _rows(name: str, columns: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    text = resources.files("reference").joinpath("data", name).read_text(encoding="utf-8")
    reader = csv.DictReader(text.splitlines())
    if tuple(reader.fieldnames or ()) != columns:
        raise ReferenceDataError(f"{name}: columns must be {', '.join(columns)}.")
    for number, row in enumerate(reader, start=2):
        if None in row or None in row.values():
            raise ReferenceDataError(f"{name}, row {number}: not {len(columns)} fields.")
        yield number, row


def _priority(name: str, number: int, text: str, default: int) -> int:
    if not text:
        return default
    if not text.lstrip("-").isdigit():
        raise ReferenceDataError(f"{name}, row {number}, priority: {text!r} is not a whole number.")
    return int(text)


@cache
def load_match_terms() -> tuple[MatchTerm, ...]:
    """All words of the tables `match_terms_*.csv`, one entry per spelling, in order of file and row.

    Raises:
        ReferenceDataError: a table has other columns, or a row has an unknown kind or a malformed priority.

    Example:
        >>> any(term.term == "snelbouw" and term.family == "clay-block" for term in load_match_terms())
        True
    """
    names = sorted(
        entry.name
        for entry in resources.files("reference").joinpath("data").iterdir()
        if entry.name.startswith("match_terms_") and entry.name.endswith(".csv")
    )
    terms: list[MatchTerm] = []
    for name in names:
        for number, row in _rows(name, TERM_COLUMNS):
            kind = row["kind"]
            if kind not in TERM_KINDS:
                raise ReferenceDataError(
                    f"{name}, row {number}, kind: {kind!r} is none of {', '.join(TERM_KINDS)}."
                )
            priority = _priority(name, number, row["priority"], TERM_KINDS[kind])
            spellings = (s.strip() for s in row["term"].split("|"))
            terms.extend(
                MatchTerm(s, row["language"], row["family"], row["material_id"], kind, priority, row["note"])
                for s in spellings
                if s
            )
    return tuple(terms)


@cache
def load_match_codes() -> tuple[MatchCode, ...]:
    """All patterns of `match_codes.csv`.

    Raises:
        ReferenceDataError: the table has other columns or a malformed priority.

    Example:
        >>> any(code.example == "S235JR" for code in load_match_codes())
        True
    """
    name = "match_codes.csv"
    return tuple(
        MatchCode(
            row["pattern"],
            row["family"],
            row["material_id"],
            _priority(name, number, row["priority"], 55),
            row["example"],
            row["note"],
        )
        for number, row in _rows(name, CODE_COLUMNS)
    )


@cache
def load_match_classification() -> tuple[ClassificationCode, ...]:
    """All rows of `match_classification.csv`, longest code first.

    Raises:
        ReferenceDataError: the table has other columns or an unknown scope.

    Example:
        >>> [row.family for row in load_match_classification() if row.code == "0421"]
        ['clay-brick']
    """
    name = "match_classification.csv"
    found = []
    for number, row in _rows(name, CLASSIFICATION_COLUMNS):
        if row["scope"] not in SCOPES:
            raise ReferenceDataError(f"{name}, row {number}, scope: {row['scope']!r} is not in {SCOPES}.")
        found.append(ClassificationCode(**row))
    return tuple(sorted(found, key=lambda each: -len(each.code)))


@cache
def load_match_thickness() -> dict[str, float]:
    """Thickness in m above which a layer is hardly of a family, for families that have one.

    Raises:
        ReferenceDataError: the table has other columns or a malformed number.

    Example:
        >>> load_match_thickness()["paint"]
        0.01
    """
    name = "match_thickness.csv"
    found = {}
    for number, row in _rows(name, THICKNESS_COLUMNS):
        try:
            found[row["family"]] = float(row["thickest_m"])
        except ValueError:
            raise ReferenceDataError(f"{name}, row {number}, thickest_m: not a number.") from None
    return found
