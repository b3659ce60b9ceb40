"""Which name means which quantity, in many languages and spellings.

A name is looked up as it is (without case, spaces and punctuation), then without a unit in brackets or at
its end, without accents, and without a plural s. A name that is still not known can be guessed: one letter
wrong, or two swapped, in a name that is long enough to be sure.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from passport.errors import QuantityNamesError
from passport.ifc.words import key_of

KINDS = ("volume", "area", "length", "width", "height", "weight", "count")
#: Role ``none`` marks a name that is known and is no quantity of the body itself.
_ROLES: dict[str, frozenset[str]] = {
    "volume": frozenset({"net", "plain", "gross", "none"}),
    "area": frozenset(
        {
            "net",
            "plain",
            "gross",
            "net-side",
            "gross-side",
            "net-footprint",
            "gross-footprint",
            "projected",
            "opening",
            "section",
            "none",
        }
    ),
    "length": frozenset({"net", "plain", "gross", "none"}),
    "width": frozenset({"plain", "depth", "none"}),
    "height": frozenset({"plain", "none"}),
    "weight": frozenset({"net", "plain", "gross", "none"}),
    "count": frozenset({"plain", "none"}),
}
_LENGTHS = frozenset({"length", "width", "height"})
NEEDED = ("name", "kind", "role")

#: Below these, a name differs by one letter from names that mean something else.
_SWAP_FROM = 5
_EDIT_FROM = 6
#: Share of the letters that must be the same for a name to be read as another one.
_ALIKE = 0.9

#: Number of names of which the likeness is remembered; models of one office use the same ones.
_REMEMBERED = 50_000

_NOT_ALNUM = re.compile(r"[^a-z0-9]+")
_BRACKETS = re.compile(r"[\[({<]\s*([^\[\](){}<>]*?)\s*[\])}>]")
_ENDING = re.compile(r"^(.*?\w)[\s_]+(?:in[\s_]+)?([^\s_]{1,4})$")


class Meaning(NamedTuple):
    """What a name says.

    Attributes:
        kind, role: columns of `quantity_names.csv`.
        note: how the name was read, when it was guessed; empty otherwise.
        factor: to SI of a unit in the name, None when the name holds none.
    """

    kind: str
    role: str
    note: str = ""
    factor: float | None = None


class QuantityNames:
    """A table of names with its ways of reading others.

    Args:
        table: name -> (kind, role); names are normalised here. Later entries win over earlier ones.

    Example:
        >>> names = QuantityNames({"NetVolume": ("volume", "net")})
        >>> names.find("Net volume [mm³]").factor
        1e-09
        >>> names.guess("NetVoulme", "volume").note
        'read as NetVolume'
    """

    def __init__(self, table: Mapping[str, tuple[str, str]]) -> None:
        self._exact: dict[str, Meaning] = {}
        self._folded: dict[str, Meaning] = {}
        self._near: dict[tuple[str, int], list[tuple[str, str]]] = {}
        self._alike: dict[str, list[tuple[str, str]]] = {}
        for name, (kind, role) in table.items():
            self._exact[normalised(name)] = Meaning(kind, role)
        for name in table:
            key, folded = normalised(name), key_of(name)
            self._folded.setdefault(folded, self._exact[key])
            self._near.setdefault((folded[:1], len(folded)), []).append((folded, name))

    def __len__(self) -> int:
        return len(self._exact)

    def find(self, name: str) -> Meaning | None:
        """Meaning of a name that the table knows, None for all others."""
        known = self._plain(name)
        if known is not None:
            return known
        for stem, factor, kind in _without_unit(name):
            known = self._plain(stem)
            if known is not None and ("length" if known.kind in _LENGTHS else known.kind) == kind:
                return known._replace(factor=factor)
        return None

    def guess(self, name: str, kind: str) -> Meaning | None:
        """Meaning of a misspelt name of a quantity of this kind, None when it is not near enough to one."""
        stems = [name, *(stem for stem, _, of in _without_unit(name) if of == kind)]
        for stem in stems:
            for known, spelling in self._like(key_of(stem)):
                meaning = self._folded[known]
                if ("length" if meaning.kind in _LENGTHS else meaning.kind) == kind:
                    return meaning._replace(note=f"read as {spelling}")
        return None

    def _like(self, key: str) -> list[tuple[str, str]]:
        """(key, spelling) of the known names of which this is a misspelling; remembered."""
        found = self._alike.get(key)
        if found is None:
            # One letter or two neighbours differ, so that what is before or after them is the same.
            part = max(1, (len(key) - 2) // 2)
            start, end = key[:part], key[-part:]
            found = [
                (known, spelling)
                for length in (len(key), len(key) - 1, len(key) + 1)
                for known, spelling in self._near.get((key[:1], length), ())
                if (known.startswith(start) or known.endswith(end)) and _misspelt(key, known)
            ]
            if len(self._alike) >= _REMEMBERED:
                self._alike.clear()
            self._alike[key] = found
        return found

    def _plain(self, name: str) -> Meaning | None:
        found = self._exact.get(normalised(name))
        if found is None:
            key = key_of(name)
            found = self._folded.get(key)
            if found is None and key.endswith("s"):
                found = self._folded.get(key[:-1])
        return found


def normalised(name: str) -> str:
    """Lower case, letters and digits only.

    Example:
        >>> normalised("Net Volume")
        'netvolume'
    """
    if name.isascii():
        return _NOT_ALNUM.sub("", name.lower())
    return "".join(c for c in name.lower() if c.isalnum())


def _misspelt(key: str, known: str) -> bool:
    """Whether a name is a known one with two letters swapped, or one wrong in a long enough name."""
    if _digits(key) != _digits(known):
        return False  # Volume2 is another volume
    if len(key) == len(known):
        wrong = [i for i, (a, b) in enumerate(zip(key, known, strict=True)) if a != b]
        if len(wrong) == 2 and wrong[1] == wrong[0] + 1 and len(key) >= _SWAP_FROM:
            return key[wrong[0]] == known[wrong[1]] and key[wrong[1]] == known[wrong[0]]
        return len(wrong) == 1 and (len(key) - 1) / len(key) >= _ALIKE
    short, long = sorted((key, known), key=len)
    if len(short) < _EDIT_FROM:
        return False
    at = next((i for i, letter in enumerate(short) if letter != long[i]), len(short))
    return short[at:] == long[at + 1 :]


def _digits(key: str) -> str:
    return "".join(c for c in key if c.isdigit())


def _without_unit(name: str) -> Iterator[tuple[str, float, str]]:
    """(rest of the name, factor to SI, kind of the unit) for each unit in brackets or at the end."""
    units = _unit_words()
    for match in _BRACKETS.finditer(name):
        unit = units.get(match.group(1).casefold().replace(" ", ""))
        if unit is not None:
            yield name[: match.start()] + name[match.end() :], *unit
    ending = _ENDING.match(name.strip())
    if ending is not None:
        unit = units.get(ending.group(2).casefold())
        if unit is not None:
            yield ending.group(1), *unit


@cache
def _unit_words() -> dict[str, tuple[float, str]]:
    """Spelling of a unit -> (factor to SI, kind)."""
    text = files("passport.ifc").joinpath("quantity_units.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return {row["unit"]: (float(row["factor"]), row["kind"]) for row in rows}


@cache
def _shipped() -> dict[str, tuple[str, str]]:
    text = files("passport.ifc").joinpath("quantity_names.csv").read_text(encoding="utf-8")
    return {row["name"]: (row["kind"], row["role"]) for row in csv.DictReader(text.splitlines())}


@cache
def quantity_names() -> QuantityNames:
    """The table that ships with the package."""
    return QuantityNames(_shipped())


def load_quantity_names(path: str | Path) -> QuantityNames:
    """The shipped table with a user's own names: CSV with the columns name, kind and role.

    A name of the user wins over the same name of the table; the role ``none`` says that a quantity is not
    that of the body. `,`, `;` and tab part the columns; UTF-8 or latin-1; other columns are not read.

    Raises:
        QuantityNamesError: all faults of the file at once, each with its line.

    Example:
        >>> import tempfile
        >>> file = Path(tempfile.mkdtemp()) / "names.csv"
        >>> _ = file.write_text("name;kind;role\\nFacturatie m3;volume;net\\n")
        >>> load_quantity_names(file).find("facturatie M3").role
        'net'
    """
    path = Path(path)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise QuantityNamesError(path, [f"cannot be read ({error.strerror or error})"]) from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    lines = text.splitlines()
    first = lines[0] if lines else ""
    reader = csv.DictReader(lines, delimiter=max(",;\t", key=first.count))
    reader.fieldnames = [(n or "").strip().lower() for n in reader.fieldnames or ()]
    missing = [n for n in NEEDED if n not in reader.fieldnames]
    if missing:
        raise QuantityNamesError(path, [f"line 1: column {name} is missing" for name in missing])
    table: dict[str, tuple[str, str]] = {}
    lines_of: dict[str, int] = {}
    faults: list[str] = []
    try:
        for row in reader:
            name, kind, role = ((row[c] or "").strip() for c in NEEDED)
            fault = _fault(name, kind.lower(), role.lower())
            key = normalised(name)
            entry = (kind.lower(), role.lower())
            if fault is None and table.get(key, entry) != entry:
                fault = f"{name!r} has another kind or role in line {lines_of[key]}"
            if fault is not None:
                faults.append(f"line {reader.line_num}: {fault}")
                continue
            table[key] = entry
            lines_of[key] = reader.line_num
    except csv.Error as error:
        raise QuantityNamesError(path, [f"line {reader.line_num}: is not CSV ({error})"]) from error
    if faults:
        raise QuantityNamesError(path, faults)
    return QuantityNames({**_shipped(), **table})


def _fault(name: str, kind: str, role: str) -> str | None:
    if not normalised(name):
        return "column name is empty"
    if kind not in _ROLES:
        return f"column kind is {kind!r}; use one of {', '.join(KINDS)}"
    if role not in _ROLES[kind]:
        return f"column role is {role!r}; for {kind} use one of {', '.join(sorted(_ROLES[kind]))}"
    return None
