"""The mapping file: what the user decided about names, and the record of what the matcher proposed."""

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
COLUMNS = ("name", "use", "material_id", "family", "score", "reason", "elements", "volume_m3", "mass_kg")
_USER = "user"
_NONE = frozenset(["", "unknown", "none", "-"])


def plain_use(ifc_class: str) -> str:
    """The class without StandardCase and the like, as rows of the mapping file name it.

    Example:
        >>> plain_use("IfcWallStandardCase")
        'IfcWall'
    """
    return ifc_class.strip().removesuffix("StandardCase").removesuffix("ElementedCase")


@dataclass(frozen=True, slots=True)
class MappingRow:
    """One row: number in the file (header is row 1), name, use, material id ('' for unknown), reason."""

    number: int
    name: str
    use: str
    material_id: str
    reason: str
    family: str = ""

    @property
    def by_user(self) -> bool:
        """Whether the reason says that the user decided."""
        return self.reason.strip().lower().startswith(_USER)


class Mapping:
    """Rows of a mapping file, found by name and use.

    A row is a decision when its material differs from what the matcher proposes for the name, or when its
    reason begins with `user`; other rows are only the record of a proposal. A decision for one use stands
    above a decision for all uses.
    """

    def __init__(self, path: Path, rows: Iterable[MappingRow]) -> None:
        self.path = path
        self.rows = tuple(rows)
        self._by_key = {(row.name.strip(), row.use): row for row in self.rows}

    def __len__(self) -> int:
        return len(self.rows)

    def rows_for(self, query: MaterialQuery) -> tuple[MappingRow, ...]:
        """The rows that hold for a name: that of its use first, then the one for all uses."""
        name = (query.name or "").strip()
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

    def decide(self, query: MaterialQuery, proposal: Match, library: MaterialLibrary) -> Match | None:
        """The user's decision for a name, or None when its rows only record the proposal."""
        for row in self.rows_for(query):
            if row.material_id == (proposal.material_id or "") and not row.by_user:
                continue
            reason = f"mapping file {self.path.name}, row {row.number}"
            if not row.material_id:
                return Match(query.name, None, "unknown", 1.0, reason, "mapping")
            family = library[row.material_id].family
            return Match(query.name, row.material_id, family, 1.0, reason, "mapping")
        return None


def _unknown_ids(rows: Iterable[MappingRow], library: MaterialLibrary) -> list[str]:
    faults = []
    for row in rows:
        if row.material_id and row.material_id not in library:
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


def read_mapping(path: str | Path, *, library: MaterialLibrary | None = None) -> Mapping:
    """Read a mapping file: CSV with `,`, `;` or tab, UTF-8 (with or without BOM) or latin-1.

    Only the columns `name` and `material_id` are needed; `use` and `reason` are read when they are there.
    Ids are checked against the library, the shipped one when None; give a library of your own here too.

    Raises:
        MappingFileError: all faults of the file at once, each with row and column.

    Example:
        >>> import tempfile
        >>> file = Path(tempfile.mkdtemp()) / "mapping.csv"
        >>> _ = file.write_text("name;material_id\\nDefault Wall;clay-brick\\n")
        >>> len(read_mapping(file))
        1
    """
    path = Path(path)
    text = _text(path)
    first = text.splitlines()[0] if text.strip() else ""
    try:
        table = list(csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(first)))
    except csv.Error as error:
        raise MappingFileError(path, [f"is not a CSV file ({error})"]) from error
    header = [cell.strip().lower() for cell in table[0]] if table else []
    missing = [name for name in NEEDED if name not in header]
    if missing:
        raise MappingFileError(
            path, [f"row 1: column {name} is missing; columns found: {', '.join(header)}" for name in missing]
        )
    if library is None:
        from reference.materials import load_materials

        library = load_materials()
    rows, faults = _rows(table, header)
    faults += _contradictions(rows)
    faults += _unknown_ids(rows, library)
    if faults:
        raise MappingFileError(path, faults)
    return Mapping(path, rows)


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
        material_id = row.get("material_id", "")
        if material_id.lower() in _NONE:
            material_id = ""
        rows.append(
            MappingRow(
                number,
                plain_text(row.get("name", "")),
                plain_use(row.get("use", "")),
                material_id,
                row.get("reason", ""),
                row.get("family", ""),
            )
        )
    return rows, faults


def _contradictions(rows: list[MappingRow]) -> list[str]:
    seen: dict[tuple[str, str], MappingRow] = {}
    faults = []
    for row in rows:
        other = seen.setdefault((row.name.strip(), row.use), row)
        if other.material_id != row.material_id:
            what = f"{row.name!r}" + (f" in {row.use}" if row.use else "")
            faults.append(
                f"row {row.number}, column material_id: {what} is {row.material_id or 'unknown'} here "
                f"and {other.material_id or 'unknown'} in row {other.number}"
            )
    return faults
