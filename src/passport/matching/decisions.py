"""A library of decisions that a project or an office keeps and shares: a mapping file of decisions only."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from passport.errors import MappingFileError
from passport.matching.mapping import Mapping, MappingRow, name_key, plain_use, read_mapping, safe_text
from passport.matching.matcher import Matcher
from passport.matching.models import MaterialQuery
from reference.writing import replacing

DECISION_COLUMNS = ("name", "use", "material_id", "decided", "reason")


@dataclass(frozen=True, slots=True)
class Kept:
    """What `keep` did: rows that are new, rows that replaced another choice, rows that were there."""

    added: tuple[MappingRow, ...]
    replaced: tuple[tuple[MappingRow, MappingRow], ...]
    unchanged: int


def decisions_of(mapping: Mapping, matcher: Matcher) -> list[MappingRow]:
    """The rows of a mapping that are decisions, not records of a proposal."""
    return [
        row
        for row in mapping.rows
        if row.decides(matcher.match(MaterialQuery(row.name, use=row.use)).material_id)
    ]


def keep(edited: str | Path, library: str | Path) -> Kept:
    """Add the decisions of an edited materials file to a library of decisions, which is made when missing.

    A newer decision on the same name and use replaces the older one.

    Raises:
        MappingFileError: one of the files has faults.
        OSError: the library cannot be written.
    """
    target = Path(library)
    known = {_key(r): r for r in read_mapping(target).rows} if target.exists() else {}
    added, replaced, unchanged = [], [], 0
    for row in decisions_of(read_mapping(edited), Matcher()):
        before = known.get(_key(row))
        if before is None:
            added.append(row)
        elif before.material_id != row.material_id:
            replaced.append((before, row))
        else:
            unchanged += 1
            continue
        known[_key(row)] = _kept(row, Path(edited).name)
    if added or replaced or not target.exists():
        _write(target, known.values())
    return Kept(tuple(added), tuple(replaced), unchanged)


def undo(library: str | Path, name: str, use: str = "") -> MappingRow:
    """Take a decision out of a library; returns it.

    Raises:
        MappingFileError: there is no decision on this name and use, or the file has faults.
        OSError: the library cannot be written.
    """
    target = Path(library)
    rows = read_mapping(target).rows
    key = (name_key(name), plain_use(use))
    found = next((r for r in rows if _key(r) == key), None)
    if found is None:
        uses = [r.use or "all uses" for r in rows if name_key(r.name) == key[0]]
        hint = f"; there is one for {', '.join(uses)}" if uses else ""
        where = f" in {use}" if use else " for all uses"
        raise MappingFileError(target, [f"holds no decision on {name!r}{where}{hint}"])
    _write(target, [r for r in rows if r is not found])
    return found


def _key(row: MappingRow) -> tuple[str, str]:
    return name_key(row.name), row.use


def _kept(row: MappingRow, source: str) -> MappingRow:
    said = row.reason.strip()
    reason = said if said.lower().startswith("user") else f"user: decided in {source}"
    return MappingRow(row.number, row.name, row.use, row.material_id, reason, row.family, None, True)


def _write(path: Path, rows: Iterable[MappingRow]) -> None:
    with replacing(path) as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(DECISION_COLUMNS)
        for row in sorted(rows, key=lambda r: (name_key(r.name), r.use)):
            writer.writerow(
                (safe_text(row.name), row.use, row.material_id or "unknown", "yes", safe_text(row.reason))
            )
