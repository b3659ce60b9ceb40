"""Reading the tables of this package, and a user's tables of the same columns."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path

from passport.errors import PassportError


@cache
def shipped_rows(name: str) -> tuple[dict[str, str], ...]:
    """Rows of a table that ships, by column.

    Example:
        >>> shipped_rows("core_families.csv")[0]["family"]
        'concrete-reinforced'
    """
    text = files("passport.circularity").joinpath(name).read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


def user_rows(path: str | Path, columns: Sequence[str]) -> list[tuple[int, dict[str, str]]]:
    """Line number and row of a user's CSV; cells that are missing are empty.

    Raises:
        PassportError: the file cannot be read, or lacks one of the columns.
    """
    try:
        with Path(path).open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream)
            rows = [(reader.line_num, {name: row.get(name) or "" for name in columns}) for row in reader]
            names = reader.fieldnames or ()
    except OSError as error:
        raise PassportError(f"{path}: cannot be read ({error.strerror or error}).") from error
    except UnicodeDecodeError as error:
        raise PassportError(f"{path}: is not UTF-8 text; save it as CSV UTF-8.") from error
    lacking = [name for name in columns if name not in names]
    if lacking:
        raise PassportError(f"{path}: there is no column {', '.join(lacking)}.")
    return rows
