"""OEKOBAUDAT CSV export: one row per dataset, module and scenario; metadata repeated on every row.

Delimiter, encoding and the decimal sign of every column are detected, since exports differ in all three.
An own reader: no library reads this format.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from reference.importers.codes import by_okobaudat_column
from reference.importers.draft import EpdDraft
from reference.importers.epd import Epd, Properties, Subtype
from reference.importers.findings import ImportFinding, ImportResult, refused

FORMAT = "OEKOBAUDAT CSV"
NEEDED = ("UUID", "Modul", "Bezugsgroesse", "Bezugseinheit")
NOT_AVAILABLE = frozenset({"not available", "nicht verfügbar", "n/a", "-"})

PROPERTY_COLUMNS: Mapping[str, str] = {
    "Schuettdichte (kg/m3)": "bulk_density_kg_m3",
    "Flaechengewicht (kg/m2)": "area_weight_kg_m2",
    "Rohdichte (kg/m3)": "density_kg_m3",
    "Schichtdicke (m)": "thickness_m",
    "Ergiebigkeit (m2)": "coverage_m2",
    "Laengengewicht (kg/m)": "linear_weight_kg_m",
    "Stueckgewicht (kg)": "piece_weight_kg",
    "Umrechungsfaktor auf 1kg": "conversion_factor",
    "Umrechnungsfaktor auf 1kg": "conversion_factor",
    "biogener Kohlenstoffgehalt in kg": "biogenic_carbon_kg",
    "biogener Kohlenstoffgehalt (Verpackung) in kg": "biogenic_carbon_packaging_kg",
}
#: Columns that say the same on every row of a dataset; a contradiction means that rows were mixed up.
REPEATED = ("Version", "Bezugsgroesse", "Bezugseinheit", "Konformität", "Typ", "Gueltig bis")
SUBTYPES: tuple[Subtype, ...] = ("generic", "average", "representative", "specific", "template")

_THOUSANDS = re.compile(r"^[+-]?\d{1,3}(,\d{3})+$")
_COMMA_NUMBER = re.compile(r"^[+-]?\d*,\d+([eE][+-]?\d+)?$")
_EF = re.compile(r"EF[ -]?(3\.[01])")


@dataclass(frozen=True, slots=True)
class _Row:
    line: int
    cells: Mapping[str, str]
    short: bool


def subtype_of(text: str) -> Subtype:
    """The kind of a dataset ("generic dataset" -> "generic"), empty where it is not one of the five."""
    word = text.strip().lower().removesuffix("dataset").strip()
    return next((kind for kind in SUBTYPES if kind == word), "")


def decode(raw: bytes) -> str | None:
    """Text of a file: UTF-8, else ISO-8859-1; None for a file that is no text."""
    if b"\x00" in raw:
        return None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("iso-8859-1")


def is_okobaudat(text: str) -> bool:
    """Whether the first line is the header of an OEKOBAUDAT export."""
    return _header(text) is not None


def _header(text: str) -> tuple[str, list[str]] | None:
    first = text.split("\n", 1)[0]
    for delimiter in (";", ",", "\t"):
        cells = next(csv.reader([first], delimiter=delimiter), [])
        names = [cell.strip() for cell in cells]
        if all(name in names for name in NEEDED):
            return delimiter, names
    return None


def read_okobaudat_csv(path: Path | str) -> ImportResult:
    """Datasets of an OEKOBAUDAT export.

    A row that is cut, a text where a number belongs, or rows that contradict one another refuse the dataset
    they belong to; the others are read. A file without the columns UUID, Modul, Bezugsgroesse and
    Bezugseinheit is refused as a whole.

    Example:
        >>> result = read_okobaudat_csv("OBD_2024_I.csv")  # doctest: +SKIP
    """
    path = Path(path)
    try:
        text = decode(path.read_bytes())
    except OSError as error:
        return refused(path.name, "unreadable", f"cannot be read ({error.strerror or error}).")
    if text is None:
        return refused(path.name, "unreadable", "is not a text file.")
    found = _header(text)
    if found is None:
        return refused(
            path.name,
            "not-okobaudat",
            f"row 1 does not have the columns {', '.join(NEEDED)}.",
            "Export the datasets from OEKOBAUDAT as CSV again.",
        )
    groups: dict[str, list[_Row]] = {}
    findings: list[ImportFinding] = []
    try:
        for row in _rows(text, *found):
            uuid = row.cells.get("UUID", "").strip()
            if uuid:
                groups.setdefault(uuid, []).append(row)
            else:
                findings.append(
                    ImportFinding(
                        "row-without-uuid", "error", path.name, "", f"row {row.line}, UUID", "is empty."
                    )
                )
    except csv.Error as error:
        return refused(path.name, "unreadable", f"is not a CSV file ({error}).")
    points = _columns_with_points(groups)
    datasets: list[Epd] = []
    for uuid, rows in groups.items():
        draft = EpdDraft(path.name, FORMAT, uuid)
        epd = _dataset(draft, rows, points)
        findings.extend(draft.findings)
        if epd is not None:
            datasets.append(epd)
    if not groups and not findings:
        return refused(path.name, "empty", "holds no dataset.")
    return ImportResult(tuple(datasets), tuple(findings))


def _rows(text: str, delimiter: str, names: list[str]) -> Iterator[_Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    next(reader)
    # Some exports end every line with a delimiter; that field has no name and no content.
    needed = len(names) - (names[-1] == "")
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield _Row(reader.line_num, dict(zip(names, cells, strict=False)), len(cells) < needed)


def _number_columns() -> tuple[str, ...]:
    return ("Bezugsgroesse", *PROPERTY_COLUMNS, *by_okobaudat_column())


def _columns_with_points(groups: Mapping[str, list[_Row]]) -> frozenset[str]:
    """Columns in which some cell has a decimal point: there "1,000" would be ambiguous."""
    return frozenset(
        column
        for column in _number_columns()
        if any("." in row.cells.get(column, "") for rows in groups.values() for row in rows)
    )


def _dataset(draft: EpdDraft, rows: list[_Row], points: frozenset[str]) -> Epd | None:
    first = rows[0].cells
    for row in rows:
        if row.short:
            draft.error(
                "row-cut",
                f"row {row.line}",
                "the row has fewer fields than the header.",
                "Download it again.",
            )
        for column in REPEATED:
            if row.cells.get(column, "") != first.get(column, "") and not row.short:
                draft.error(
                    "rows-contradict",
                    f"row {row.line}, {column}",
                    f"{row.cells.get(column, '')!r} here, {first.get(column, '')!r} in row {rows[0].line}.",
                )
    if draft.faulty:
        return None
    for row in rows:
        for column, code in by_okobaudat_column().items():
            raw = row.cells.get(column, "")
            if raw.strip():
                place = f"row {row.line}, {column}"
                value = _number(draft, raw, place, column in points)
                if value is not None:
                    draft.add(code, row.cells["Modul"], row.cells.get("Szenario", ""), value, place)
    at = f"row {rows[0].line}"
    quantity = first["Bezugsgroesse"].strip()
    amount = (
        None
        if quantity.lower() in NOT_AVAILABLE or not quantity
        else _number(draft, quantity, f"{at}, Bezugsgroesse", "Bezugsgroesse" in points)
    )
    declared = draft.unit_amount(amount, first["Bezugseinheit"], f"{at}, Bezugsgroesse")
    properties: dict[str, float] = {}
    for column, name in PROPERTY_COLUMNS.items():
        raw = first.get(column, "").strip()
        value = _number(draft, raw, f"{at}, {column}", column in points) if raw else None
        if value is not None:
            properties[name] = value
    return _build(draft, first, at, declared, Properties(**properties))


def _number(draft: EpdDraft, raw: str, place: str, column_has_points: bool) -> float | None:
    text = raw.strip()
    if _COMMA_NUMBER.match(text):
        if column_has_points and _THOUSANDS.match(text):
            draft.error(
                "ambiguous-number", place, f"{text!r} can be a thousand or a fraction; the column has points."
            )
            return None
        text = text.replace(",", ".")
    return draft.number(text, place)


def _build(
    draft: EpdDraft,
    cells: Mapping[str, str],
    at: str,
    declared: tuple[float | None, str | None],
    properties: Properties,
) -> Epd | None:
    names = {
        language: text
        for language, column in (("de", "Name (de)"), ("en", "Name (en)"))
        if (text := draft.text(cells.get(column, ""), column))
    }
    conformity = cells.get("Konformität", "")
    ef = _EF.search(conformity)
    return draft.build(
        stated="A2" if "+A2" in conformity else "",
        name=names.get("en") or names.get("de", ""),
        names=names,
        version=cells.get("Version", "").strip(),
        category=draft.text(cells.get("Kategorie (original)", ""), "Kategorie (original)"),
        owner=draft.text(cells.get("Declaration owner", ""), "Declaration owner"),
        location=cells.get("Laenderkennung", "").strip(),
        subtype=subtype_of(cells.get("Typ", "")),
        reference_year=draft.year(cells.get("Referenzjahr", "").strip(), f"{at}, Referenzjahr"),
        valid_until=cells.get("Gueltig bis", "").strip(),
        ef_version=draft.ef_version(f"EF {ef[1]}" if ef else ""),
        declared_quantity=declared[0],
        declared_unit=declared[1],
        properties=properties,
        url=draft.text(cells.get("URL", ""), "URL"),
    )
