"""Our own long CSV: the environmental data of a user in one file that a spreadsheet can open.

One row per dataset, indicator, module and scenario; what is not declared has no row. The first columns say
the same on every row of a dataset. The column `materials` holds the ids of the library that the dataset
stands for, separated by blanks; it can be edited by hand.
"""

from __future__ import annotations

import csv
import io
import json
import os
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from reference.errors import ReferenceDataError
from reference.importers.codes import codes
from reference.importers.draft import EpdDraft
from reference.importers.epd import PROPERTY_NAMES, Epd, Properties
from reference.importers.findings import ImportFinding, ImportResult, refused
from reference.importers.okobaudat_csv import SUBTYPES

FORMAT = "building-passport data"
TEXTS = ("name", "version", "category", "owner", "source_file", "location", "valid_until", "ef_version",
         "licence", "url")  # fmt: skip
COLUMNS: tuple[str, ...] = (
    "dataset_uuid", "materials", "name", "code", "module", "scenario", "value", "unit",
    "declared_quantity", "declared_unit", "standard", "ef_version", "version", "owner", "location", "subtype",
    "reference_year", "valid_until", "service_life_years", *PROPERTY_NAMES,
    "category", "names", "default_scenarios", "licence", "url", "format", "source_file",
)  # fmt: skip
VALUE_COLUMNS = ("code", "module", "scenario", "value", "unit")
MAX_FAULTS_SHOWN = 20


@dataclass(frozen=True)
class DataLibrary:
    """Datasets of a user.

    Attributes:
        datasets: by UUID, in the order of the file.
        assignments: UUID by material id; a material has one dataset, a dataset can have many materials.
    """

    datasets: Mapping[str, Epd] = field(default_factory=dict)
    assignments: Mapping[str, str] = field(default_factory=dict)

    def with_datasets(self, datasets: Iterable[Epd]) -> DataLibrary:
        """With these datasets; one of the same UUID is replaced and keeps its materials."""
        return replace(self, datasets={**self.datasets, **{item.uuid: item for item in datasets}})

    def assign(self, material_id: str, uuid: str) -> DataLibrary:
        """With one material assigned to a dataset, instead of the one it had.

        Raises:
            ReferenceDataError: there is no such dataset, or it cannot stand for a material.
            UnknownMaterialError: the library has no such material.
        """
        from reference.materials import load_materials

        if uuid not in self.datasets:
            raise ReferenceDataError(f"No dataset {uuid}; import it first.")
        reason = self.datasets[uuid].why_not_usable()
        if reason is not None:
            raise ReferenceDataError(f"{self.datasets[uuid].name} cannot stand for {material_id}: {reason}.")
        load_materials()[material_id]
        return replace(self, assignments={**self.assignments, material_id: uuid})


def is_own_csv(text: str) -> bool:
    """Whether the first line is our header."""
    return _delimiter(text) is not None


def _delimiter(text: str) -> str | None:
    """Comma as we write it, or semicolon as some spreadsheets save it."""
    for delimiter in (",", ";"):
        cells = next(csv.reader([text.split("\n", 1)[0].strip()], delimiter=delimiter), [])
        if cells[:1] == ["dataset_uuid"] and set(VALUE_COLUMNS) <= {cell.strip() for cell in cells}:
            return delimiter
    return None


def save_epds(
    path: Path | str, datasets: Iterable[Epd], assignments: Mapping[str, str] | None = None
) -> None:
    """Write datasets and assignments; a file that is there is replaced only once the new one is complete.

    Raises:
        OSError: the folder cannot be written to.
        ReferenceDataError: a dataset holds no value, so that no row could say that it exists.
    """
    path = Path(path)
    materials: dict[str, list[str]] = {}
    for material_id, uuid in (assignments or {}).items():
        materials.setdefault(uuid, []).append(material_id)
    text = io.StringIO(newline="")
    # Both signs of a line end are quoted in a field only if both end a row.
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    for epd in datasets:
        if not epd.values:
            raise ReferenceDataError(f"{epd.name} ({epd.uuid}) holds no value.")
        common = _common(epd) | {"materials": " ".join(materials.get(epd.uuid, []))}
        for (code, module, scenario), value in epd.values.items():
            row = {"code": code, "module": module, "scenario": scenario, "value": repr(value)}
            writer.writerow(common | row | {"unit": codes()[code].unit})
    handle, beside = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text.getvalue())
        # mkstemp keeps the file private; a table that was there keeps its own permissions.
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
        Path(beside).chmod(mode)
        Path(beside).replace(path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise


def _common(epd: Epd) -> dict[str, str]:
    def number(value: float | int | None) -> str:
        return "" if value is None else repr(value)

    row = {name: str(getattr(epd, name)) for name in TEXTS}
    row |= {name: number(getattr(epd.properties, name)) for name in PROPERTY_NAMES}
    return row | {
        "dataset_uuid": epd.uuid,
        "format": epd.format,
        "standard": epd.standard,
        "subtype": epd.subtype,
        "declared_unit": epd.declared_unit or "",
        "declared_quantity": number(epd.declared_quantity),
        "reference_year": number(epd.reference_year),
        "service_life_years": number(epd.service_life_years),
        "names": json.dumps(dict(epd.names), ensure_ascii=False) if epd.names else "",
        "default_scenarios": json.dumps(list(epd.default_scenarios), ensure_ascii=False)
        if epd.default_scenarios
        else "",
    }


def load_epds(path: Path | str) -> DataLibrary:
    """The datasets and assignments of a file that `save_epds` wrote; exactly those that were written.

    Raises:
        ReferenceDataError: the file cannot be read or has faults; all of them are listed.

    Example:
        >>> library = load_epds("my-data.csv")  # doctest: +SKIP
    """
    result = read_own_csv(path)
    if result.errors:
        shown = [f"- {finding}" for finding in result.errors[:MAX_FAULTS_SHOWN]]
        if len(result.errors) > len(shown):
            shown.append(f"... and {len(result.errors) - len(shown)} more")
        raise ReferenceDataError(
            f"{Path(path).name}: {len(result.errors)} fault(s) in the data file:\n" + "\n".join(shown)
        )
    return DataLibrary({item.uuid: item for item in result.datasets}, dict(result.assignments))


def read_own_csv(path: Path | str) -> ImportResult:
    """As `load_epds`, with findings instead of an error; faulty datasets are left out."""
    path = Path(path)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        return refused(path.name, "unreadable", f"cannot be read ({error.strerror or error}).")
    except UnicodeDecodeError:
        return refused(path.name, "unreadable", "is not UTF-8 text.", "Save it as CSV in UTF-8.")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text) or ",")
    header = [cell.strip() for cell in next(reader, [])]
    missing = [name for name in COLUMNS if name not in header]
    if missing:
        return refused(path.name, "missing-columns", f"has no column {', '.join(missing)}.", field="row 1")
    groups: dict[str, list[tuple[int, dict[str, str]]]] = {}
    findings: list[ImportFinding] = []
    drafts: dict[str, EpdDraft] = {}
    try:
        for cells in reader:
            line = reader.line_num
            if not cells:
                continue
            row = dict(zip(header, cells, strict=False))
            uuid = row.get("dataset_uuid", "")
            if not uuid:
                findings.append(
                    ImportFinding("row-without-uuid", "error", path.name, "", f"row {line}", "has no UUID.")
                )
                continue
            draft = drafts.setdefault(uuid, EpdDraft(path.name, FORMAT, uuid))
            if len(cells) != len(header):
                draft.error("row-cut", f"row {line}", f"has {len(cells)} fields instead of {len(header)}.")
            else:
                groups.setdefault(uuid, []).append((line, row))
    except csv.Error as error:
        return refused(path.name, "unreadable", f"is not a CSV file ({error}).")
    datasets: list[Epd] = []
    assignments: dict[str, str] = {}
    for uuid, draft in drafts.items():
        epd = _dataset(draft, groups.get(uuid, []))
        if epd is not None:
            datasets.append(epd)
            for material_id in groups[uuid][0][1]["materials"].split():
                if material_id in assignments:
                    draft.error("material-twice", "materials", f"{material_id} has two datasets.")
                assignments.setdefault(material_id, uuid)
        findings.extend(draft.findings)
    return ImportResult(tuple(datasets), tuple(findings), assignments)


def _dataset(draft: EpdDraft, rows: list[tuple[int, dict[str, str]]]) -> Epd | None:
    if not rows:
        return None
    line, first = rows[0]
    for at, row in rows:
        for column in COLUMNS:
            if column not in VALUE_COLUMNS and row[column] != first[column]:
                draft.error(
                    "rows-contradict", f"row {at}, {column}", f"{row[column]!r} here, not as in row {line}."
                )
        code = codes().get(row["code"])
        if code is None or code.set == "national":
            draft.error("unknown-indicator", f"row {at}, code", f"{row['code']!r} is no code.")
        elif not row["value"].strip():
            draft.error(
                "empty-value", f"row {at}, value", "is empty.", "Leave out the row where nothing is declared."
            )
        elif draft.unit(code, row["unit"], "", f"row {at}, unit"):
            _add(draft, row, at)
    place = f"row {line}"
    numbers = {
        name: draft.number(first[name], f"{place}, {name}")
        for name in (*PROPERTY_NAMES, "declared_quantity", "service_life_years")
    }
    names = _names(draft, first["names"], f"{place}, names")
    scenarios = _scenarios(draft, first["default_scenarios"], f"{place}, default_scenarios")
    year = draft.year(first["reference_year"], f"{place}, reference_year")
    quantity = numbers["declared_quantity"]
    if quantity is not None and quantity <= 0:
        draft.error("declared-quantity", f"{place}, declared_quantity", f"is {quantity:g}.")
    standard = draft.standard()
    if first["standard"] != standard:
        draft.error(
            "claims-other-set",
            f"{place}, standard",
            f"says {first['standard']!r}, the indicators are those of {standard!r}.",
        )
    if draft.faulty:
        return None
    return Epd(
        uuid=draft.dataset,
        values=draft.values,
        format=first["format"],
        standard=standard,
        subtype=next((kind for kind in SUBTYPES if kind == first["subtype"]), ""),
        declared_unit=first["declared_unit"] or None,
        declared_quantity=quantity,
        service_life_years=numbers["service_life_years"],
        reference_year=year,
        properties=Properties(**{name: numbers[name] for name in PROPERTY_NAMES}),
        names=names,
        default_scenarios=scenarios,
        name=first["name"],
        version=first["version"],
        category=first["category"],
        owner=first["owner"],
        source_file=first["source_file"],
        location=first["location"],
        valid_until=first["valid_until"],
        ef_version=first["ef_version"],
        licence=first["licence"],
        url=first["url"],
    )


def _add(draft: EpdDraft, row: Mapping[str, str], line: int) -> None:
    # Not through `add`, which tidies the text of a scenario: a name must come back as it was written.
    from reference.importers.codes import MODULES

    value = draft.number(row["value"], f"row {line}, value")
    key = (row["code"], row["module"], row["scenario"])
    if row["module"] not in MODULES:
        draft.error("unknown-module", f"row {line}, module", f"{row['module']!r} is not a module.")
    elif key in draft.values:
        draft.error("value-twice", f"row {line}", f"{' / '.join(key)} is there twice.")
    elif value is not None:
        draft.values[key] = value


def _names(draft: EpdDraft, text: str, place: str) -> dict[str, str]:
    value = _json(text) if text else {}
    if not isinstance(value, dict) or not all(isinstance(item, str) for item in value.values()):
        draft.error("not-json", place, f"{text!r} is not a JSON object of names by language.")
        return {}
    return value


def _scenarios(draft: EpdDraft, text: str, place: str) -> tuple[str, ...]:
    value = _json(text) if text else []
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        draft.error("not-json", place, f"{text!r} is not a JSON list of scenario names.")
        return ()
    return tuple(value)


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
