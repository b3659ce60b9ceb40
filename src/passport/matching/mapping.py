"""The mapping file: what people decided about names, and the record of what the matcher proposed.

A decision is found by name and use, never by the id of an element, so it outlives new versions of a model.
Elements without a material are named after their type (`no_material_name`), so that they can be decided too.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from passport.errors import MappingFileError
from passport.matching.models import Match, MaterialQuery

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reference.materials import MaterialLibrary

NEEDED = ("name", "material_id")
_USER = "user"
_YES = frozenset(["yes", "y", "x", "1", "true", "ja", "j", "oui", "o"])
_WITHOUT = "no material"
_NONE = frozenset(["", "unknown", "none", "-"])


def plain_use(ifc_class: str) -> str:
    """The class without StandardCase and the like, as rows of the mapping file name it.

    Example:
        >>> plain_use("IfcWallStandardCase")
        'IfcWall'
    """
    return ifc_class.strip().removesuffix("StandardCase").removesuffix("ElementedCase")


def name_key(name: str) -> str:
    """How names of two versions of a model are compared: without case and repeated spaces.

    Example:
        >>> name_key(" Beton  C30/37")
        'beton c30/37'
    """
    return " ".join(name.split()).casefold()


def no_material_name(type_name: str = "") -> str:
    """The name under which elements without a material stand in the mapping file.

    Example:
        >>> no_material_name("Basic Wall: Generic 200 mm"), no_material_name()
        ('no material: Basic Wall: Generic 200 mm', 'no material')
    """
    return f"{_WITHOUT}: {type_name.strip()}" if type_name.strip() else _WITHOUT


@dataclass(frozen=True, slots=True)
class MappingRow:
    """One row of a mapping file.

    Attributes:
        number: in the file; the header is row 1.
        name, use: what the row is about; an empty use stands for all uses.
        material_id: empty for unknown.
        reason: free text.
        proposal: what the tool proposed when it wrote the row, empty for nothing; None when the file has no
            such column.
        decided: the row says that a person confirmed it.
    """

    number: int
    name: str
    use: str
    material_id: str
    reason: str
    family: str = ""
    proposal: str | None = None
    decided: bool = False

    @property
    def by_user(self) -> bool:
        """Whether the row itself tells that a person decided."""
        if self.decided or self.reason.strip().lower().startswith(_USER):
            return True
        return self.proposal is not None and self.material_id != self.proposal

    def decides(self, proposal_now: str | None) -> bool:
        """Whether the row is a decision, not the record of a proposal.

        Where the file does not tell what was proposed, a row that differs from the matcher's present
        proposal is one.
        """
        return self.by_user or (self.proposal is None and self.material_id != (proposal_now or ""))


class Mapping:
    """Rows of a mapping file, found by name and use.

    A row is a decision when its material differs from the proposal beside it, when its cell `decided` says
    yes, or when its reason begins with `user`; other rows are only the record of a proposal. A decision for
    one use stands above a decision for all uses.

    Args:
        path: the file.
        rows: its rows.
        then: asked for names about which this file decides nothing, such as the library of an office.
    """

    def __init__(self, path: Path, rows: Iterable[MappingRow], then: Mapping | None = None) -> None:
        self.path = path
        self.rows = tuple(rows)
        self.then = then
        self._by_key = {(name_key(row.name), row.use): row for row in self.rows}

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def name(self) -> str:
        """File names, in the order in which they are asked."""
        return self.path.name if self.then is None else f"{self.path.name}, {self.then.name}"

    def rows_for(self, query: MaterialQuery) -> tuple[MappingRow, ...]:
        """The rows that hold for a name: that of its use first, then the one for all uses."""
        name = name_key(query.name or "")
        use = plain_use(query.use or query.ifc_class)
        keys = [(name, use), (name, "")] if use else [(name, "")]
        return tuple(self._by_key[each] for each in keys if each in self._by_key)

    def check(self, library: MaterialLibrary) -> None:
        """Refuse ids that the library does not hold.

        Raises:
            MappingFileError: with one fault per row, and ids of similar spelling.
        """
        faults = _unknown_ids(self.rows, library)
        if faults:
            raise MappingFileError(self.path, faults)
        if self.then is not None:
            self.then.check(library)

    def unused(self, seen: Iterable[tuple[str, str]]) -> list[MappingRow]:
        """Decisions of this file about names and uses not among `seen`; of files asked after it none."""
        keys = {(name_key(name), plain_use(use)) for name, use in seen}
        names = {name for name, _ in keys}
        return [
            row
            for row in self.rows
            if row.by_user
            and not ((name_key(row.name), row.use) in keys if row.use else name_key(row.name) in names)
        ]

    def decide(self, query: MaterialQuery, proposal: Match, library: MaterialLibrary) -> Match | None:
        """The decision for a name, or None when no row is one; a human's choice always wins."""
        for row in self.rows_for(query):
            if not row.decides(proposal.material_id):
                continue
            reason = f"mapping file {self.path.name}, row {row.number}"
            proposed = proposal.material_id
            if not row.material_id:
                return Match(query.name, None, "unknown", 1.0, reason, "mapping", proposal=proposed)
            family = library[row.material_id].family
            return Match(query.name, row.material_id, family, 1.0, reason, "mapping", proposal=proposed)
        return None if self.then is None else self.then.decide(query, proposal, library)

    def decide_without_material(self, type_name: str, use: str, library: MaterialLibrary) -> Match | None:
        """The decision for an element without a material: that for its type first, then that for all."""
        for name in dict.fromkeys((no_material_name(type_name), no_material_name())):
            nothing = Match(name, None, "unknown", None, "", "none")
            found = self.decide(MaterialQuery(name, use=use), nothing, library)
            if found is not None and found.material_id is not None:
                return found
        return None


def _unknown_ids(rows: Iterable[MappingRow], library: MaterialLibrary) -> list[str]:
    faults = []
    for row in rows:
        if row.material_id and row.material_id not in library:
            if row.proposal == row.material_id and not row.by_user:
                continue  # the record of what a release with another library proposed
            similar = library.similar(row.material_id)
            hint = f"; did you mean {', '.join(similar)}?" if similar else ""
            faults.append(f"row {row.number}, column material_id: no such material {row.material_id!r}{hint}")
    return faults


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise MappingFileError(path, [f"cannot be read ({error.strerror or error})"]) from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _delimiter(header: str) -> str:
    return max(",;\t", key=header.count)


def read_mapping(path: str | Path, *more: str | Path, library: MaterialLibrary | None = None) -> Mapping:
    """Read mapping files: CSV with `,`, `;` or tab, UTF-8 (with or without BOM) or latin-1, or XLSX.

    Only the columns `name` and `material_id` are needed; `use`, `reason`, `proposal` and `decided` are read
    when they are there. Ids are checked against the library, the shipped one when None; give a library of
    your own here too.

    Args:
        path: asked first.
        more: asked for names about which the files before decide nothing, in this order.

    Raises:
        MappingFileError: all faults of the file at once, each with row and column.

    Example:
        >>> import tempfile
        >>> file = Path(tempfile.mkdtemp()) / "mapping.csv"
        >>> _ = file.write_text("name;material_id\\nDefault Wall;clay-brick\\n")
        >>> len(read_mapping(file))
        1
    """
    if library is None:
        from reference.materials import load_materials

        library = load_materials()
    found: Mapping | None = None
    for each in reversed((path, *more)):
        found = Mapping(Path(each), _checked_rows(Path(each), library), found)
    assert found is not None
    return found


def read_table(path: Path) -> list[list[str]]:
    """Cells of a CSV file or of the first sheet of an XLSX file.

    Raises:
        MappingFileError: it cannot be read.
    """
    if path.suffix.lower() == ".xlsx":
        from passport.exchange.excel_tables import read_sheet

        try:
            return read_sheet(path)
        except (OSError, ValueError) as error:
            raise MappingFileError(path, [str(error)]) from error
    text = _text(path)
    first = text.splitlines()[0] if text.strip() else ""
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(first)))
    except csv.Error as error:
        raise MappingFileError(path, [f"is not a CSV file ({error})"]) from error


def _checked_rows(path: Path, library: MaterialLibrary) -> list[MappingRow]:
    table = read_table(path)
    header = [cell.strip().lower() for cell in table[0]] if table else []
    missing = [name for name in NEEDED if name not in header]
    if missing:
        raise MappingFileError(
            path, [f"row 1: column {name} is missing; columns found: {', '.join(header)}" for name in missing]
        )
    rows, faults = _rows(table, header)
    faults += _contradictions(rows)
    faults += _unknown_ids(rows, library)
    if faults:
        raise MappingFileError(path, faults)
    return rows


_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def safe_text(text: str) -> str:
    """Text that a spreadsheet shows as text; `plain_text` undoes it.

    Example:
        >>> safe_text("=1+1")
        "'=1+1"
    """
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def plain_text(cell: str) -> str:
    """A name without the apostrophe that keeps a spreadsheet from taking it for a formula.

    Example:
        >>> plain_text("'=1+1")
        '=1+1'
    """
    return cell[1:] if cell.startswith("'") and cell[1:2] in ("=", "+", "-", "@") else cell


def _rows(table: list[list[str]], header: list[str]) -> tuple[list[MappingRow], list[str]]:
    rows: list[MappingRow] = []
    faults: list[str] = []
    for number, cells in enumerate(table[1:], start=2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) > len(header):
            faults.append(f"row {number}, column {len(header) + 1}: more cells than the header has columns")
            continue
        row = dict(zip(header, (cell.strip() for cell in cells), strict=False))
        proposal = row.get("proposal")
        rows.append(
            MappingRow(
                number,
                plain_text(row.get("name", "")),
                plain_use(row.get("use", "")),
                _id(row.get("material_id", "")),
                row.get("reason", ""),
                row.get("family", ""),
                None if proposal is None else _id(proposal),
                row.get("decided", "").lower() in _YES,
            )
        )
    return rows, faults


def _id(cell: str) -> str:
    return "" if cell.lower() in _NONE else cell


def _contradictions(rows: list[MappingRow]) -> list[str]:
    seen: dict[tuple[str, str], MappingRow] = {}
    faults = []
    for row in rows:
        other = seen.setdefault((name_key(row.name), row.use), row)
        if other.material_id != row.material_id:
            what = f"{row.name!r}" + (f" in {row.use}" if row.use else "")
            faults.append(
                f"row {row.number}, column material_id: {what} is {row.material_id or 'unknown'} here "
                f"and {other.material_id or 'unknown'} in row {other.number}"
            )
    return faults
