"""Tables as sheets of an Excel workbook (openpyxl); nothing here knows what the tables mean."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reference.writing import beside

#: Excel takes no more characters in one cell.
_LONGEST_CELL = 32_767
_WIDEST_COLUMN = 60


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: a header row and rows of plain values.

    Attributes:
        title: at most 31 characters.
        columns: header.
        rows: text, numbers, or None for an empty cell.
        edited: columns that the user fills in; they are coloured.
        choices: column -> (sheet, column) that lists what may be chosen in it.
        formats: column -> number format, such as ``0.0 %``.
        pictures: row of `rows` -> PNG; they stand in a column of their own behind the others.
    """

    title: str
    columns: tuple[str, ...]
    rows: Sequence[Sequence[Any]]
    edited: frozenset[str] = frozenset()
    choices: dict[str, tuple[str, str]] | None = None
    formats: dict[str, str] | None = None
    pictures: dict[int, bytes] | None = None


def write_workbook(path: Path, sheets: Iterable[Sheet]) -> None:
    """Write sheets to an .xlsx file, beside it first, then renamed. Text is never taken for a formula.

    Raises:
        OSError: the file cannot be written.
    """
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    every = list(sheets)
    for sheet in every:
        page = book.create_sheet(sheet.title)
        _fill(page, sheet)
        _add_pictures(page, sheet)
    for sheet in every:
        _add_choices(book[sheet.title], sheet, every)
    with beside(path) as part:
        book.save(part)


def _fill(page: Any, sheet: Sheet) -> None:
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Font, PatternFill
    from openpyxl.utils import get_column_letter

    page.append(list(sheet.columns))
    bold, yellow = Font(bold=True), PatternFill("solid", fgColor="FFF4CC")
    for cell in page[1]:
        cell.font = bold
    widths = [len(c) for c in sheet.columns]
    for number, row in enumerate(sheet.rows, start=2):
        for place, value in enumerate(row, start=1):
            cell = page.cell(number, place)
            if isinstance(value, str):
                cell.value = ILLEGAL_CHARACTERS_RE.sub(" ", value)[:_LONGEST_CELL]
                cell.data_type = "s"
            else:
                cell.value = value
            column = sheet.columns[place - 1]
            if column in sheet.edited:
                cell.fill = yellow
            if sheet.formats and column in sheet.formats:
                cell.number_format = sheet.formats[column]
            widths[place - 1] = max(widths[place - 1], len(str(value or "")))
    for place, width in enumerate(widths, start=1):
        page.column_dimensions[get_column_letter(place)].width = min(_WIDEST_COLUMN, width + 2)
    page.freeze_panes = "B2"
    page.auto_filter.ref = page.dimensions


def _add_pictures(page: Any, sheet: Sheet) -> None:
    from openpyxl.drawing.image import Image
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    if not sheet.pictures:
        return
    letter = get_column_letter(len(sheet.columns) + 1)
    page[f"{letter}1"] = "picture"
    page[f"{letter}1"].font = Font(bold=True)
    widest = 0
    for row, png in sheet.pictures.items():
        image = Image(io.BytesIO(png))
        page.add_image(image, f"{letter}{row + 2}")
        # Heights are in points, widths in characters of about 7 px.
        page.row_dimensions[row + 2].height = image.height * 0.75 + 6
        widest = max(widest, image.width)
    page.column_dimensions[letter].width = widest / 7 + 1


def _add_choices(page: Any, sheet: Sheet, every: Sequence[Sheet]) -> None:
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    for column, (title, listed) in (sheet.choices or {}).items():
        other = next(s for s in every if s.title == title)
        letter = get_column_letter(other.columns.index(listed) + 1)
        rule = DataValidation(
            type="list", formula1=f"'{title}'!${letter}$2:${letter}${len(other.rows) + 1}", allow_blank=True
        )
        rule.showErrorMessage = True
        rule.errorStyle = "warning"
        rule.error = f"This is not in the sheet '{title}'."
        page.add_data_validation(rule)
        place = get_column_letter(sheet.columns.index(column) + 1)
        rule.add(f"{place}2:{place}{max(2, len(sheet.rows) + 1)}")


def read_sheet(path: Path) -> list[list[str]]:
    """Cells of the first sheet as text, one list per row; empty cells are empty texts.

    Raises:
        OSError: the file cannot be read.
        ValueError: it is no .xlsx workbook; the message says so in one sentence.
    """
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError) as error:
        raise ValueError(f"is not an Excel workbook (.xlsx) that can be read ({error})") from error
    try:
        page = book.worksheets[0]
        rows = [["" if c is None else _text(c) for c in row] for row in page.iter_rows(values_only=True)]
    finally:
        book.close()
    while rows and not any(rows[-1]):
        rows.pop()
    return rows


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
