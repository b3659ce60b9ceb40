"""What was found on site: hazards, joints, condition, sizes and decisions, row by row.

CSV with a header; only `global_id` is needed, every other column and cell may be missing:

    global_id, layer        element, and the position of the layer (1, 2, ...) where only one is meant
    connection, accessibility, intersections, edge     classes of detachability
    assembly                type of assembly in the words of the TOTEM library, such as "Loose laid"
    hazard                  present, absent or suspected; hazard_text says which
    ewc                     code of the European list of waste, with its star
    purity                  pure, contaminated
    condition               surface damage: none, low, medium, high
    length_m, width_m, height_m
    fasteners, minutes_per_fastener, pieces, minutes_per_piece
    decision                route that a person chose; by and date say who and when
    photo                   picture of the part, beside the survey or with its folder (JPEG, PNG, WebP)
    note

A row that cannot be used is a finding that names line and field; the other cells of the row still count.
"""

from __future__ import annotations

import csv
import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from passport.circularity.assembly import assembly_of
from passport.circularity.detachability import FACTORS, factor_values
from passport.circularity.dismantling import fixing_minutes
from passport.circularity.route_kinds import ROUTE_KINDS
from passport.errors import PassportError
from passport.findings import Finding, Findings, Severity
from passport.models import Passport
from reference.errors import ReferenceDataError
from reference.waste import waste_code

T = TypeVar("T")

_CHOICES: dict[str, tuple[str, ...]] = {
    "hazard": ("present", "absent", "suspected"),
    "purity": ("pure", "contaminated"),
    "condition": ("none", "low", "medium", "high"),
    "decision": ROUTE_KINDS,
}
_NUMBERS = (
    "length_m", "width_m", "height_m", "fasteners", "minutes_per_fastener", "pieces", "minutes_per_piece",
)  # fmt: skip
_TEXTS = ("hazard_text", "by", "date", "note", "photo")
_COLUMNS = ("global_id", "layer", *FACTORS, *_CHOICES, "ewc", "assembly", *_NUMBERS, *_TEXTS)


@dataclass(frozen=True)
class Survey:
    """Facts by unit id ("GlobalId", or "GlobalId/2" for a layer).

    Attributes:
        facts: text by column by unit id, checked.
        numbers: the same for sizes, numbers and minutes.
        findings: what could not be used.
    """

    facts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    numbers: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    findings: Findings = field(default_factory=Findings)

    def of(self, unit_id: str, column: str) -> str:
        """A fact of a layer, else of its element; empty when there is none."""
        element = unit_id.partition("/")[0]
        return self.facts.get(unit_id, {}).get(column) or self.facts.get(element, {}).get(column, "")

    def evidence(self) -> dict[str, dict[str, str]]:
        """Classes of detachability and words of assembly, for `score_detachability`."""
        found = {
            unit_id: {name: value for name, value in row.items() if name in (*FACTORS, "assembly")}
            for unit_id, row in self.facts.items()
        }
        return {unit_id: row for unit_id, row in found.items() if row}

    def hazards(self) -> dict[str, str]:
        """Hazards that are present or suspected, for `plan_dismantling`."""
        return {
            unit_id: f"{row['hazard']}: {row.get('hazard_text', '')}".rstrip(": ")
            for unit_id, row in self.facts.items()
            if row.get("hazard") in ("present", "suspected")
        }

    def minutes(self) -> dict[str, float]:
        """Working time where fasteners and pieces are given [min], for `plan_dismantling`."""
        return {
            unit_id: fixing_minutes(
                int(row["fasteners"]),
                row["minutes_per_fastener"],
                int(row["pieces"]),
                row["minutes_per_piece"],
            )
            for unit_id, row in self.numbers.items()
            if all(name in row for name in _NUMBERS[3:])
        }


def load_survey(path: str | Path, passport: Passport) -> Survey:
    """Read a survey of the elements of a passport.

    Raises:
        PassportError: the file cannot be read, or has no column global_id.

    Example:
        >>> survey = load_survey("site_survey.csv", house)  # doctest: +SKIP
        >>> survey.hazards()  # doctest: +SKIP
        {'2O2Fr$t4X7Zf8NOew3FNr2': 'present: asbestos cement'}
    """
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except OSError as error:
        raise PassportError(f"{path}: cannot be read ({error.strerror or error}).") from error
    except UnicodeDecodeError as error:
        raise PassportError(f"{path}: is not UTF-8 text; save it as CSV UTF-8.") from error
    reader = csv.DictReader(text.splitlines(), delimiter=";" if ";" in text.partition("\n")[0] else ",")
    names = [(name or "").strip() for name in reader.fieldnames or []]
    if "global_id" not in names:
        raise PassportError(
            f"{path}: there is no column global_id; columns are {', '.join(names) or 'none'}."
        )
    reader.fieldnames = names
    reading = _Reading(str(path), passport)
    for name in names:
        if name and name not in _COLUMNS:
            reading.fault("survey-column", 1, name, "is no column of a survey and is not used")
    for row in reader:
        cells = {name: (value or "").strip() for name, value in row.items() if name in _COLUMNS}
        reading.row(reader.line_num, cells)
    return Survey(dict(reading.facts), dict(reading.numbers), Findings(reading.findings))


class _Reading:
    def __init__(self, path: str, passport: Passport) -> None:
        self._path = path
        self._layers = {element.global_id: len(element.portions) for element in passport.elements}
        self.facts: dict[str, dict[str, str]] = defaultdict(dict)
        self.numbers: dict[str, dict[str, float]] = defaultdict(dict)
        self.findings: list[Finding] = []

    def row(self, line: int, row: Mapping[str, str]) -> None:
        if not any(row.values()):
            return
        global_id = row["global_id"]
        if global_id not in self._layers:
            what = f"{global_id!r} is no element of the passport"
            self.fault("survey-unknown-element", line, "global_id", what)
            return
        unit_id, layer = global_id, row.get("layer", "")
        if layer:
            if not layer.isdigit() or not 1 <= int(layer) <= self._layers[global_id]:
                self.fault("survey-layer", line, "layer", f"{layer!r} is no layer of this element", global_id)
                return
            unit_id = f"{global_id}/{layer}"
        for name, value in row.items():
            if value and name not in ("global_id", "layer"):
                self._cell(line, name, value, unit_id, global_id)

    def _cell(self, line: int, name: str, value: str, unit_id: str, global_id: str) -> None:
        if name in _NUMBERS:
            number = _positive(value)
            if number is None:
                self.fault("survey-number", line, name, f"{value!r} is no number of 0 or more", global_id)
            else:
                self._keep(self.numbers[unit_id], line, name, number, global_id)
            return
        if name == "photo":
            place = Path(self._path).parent / value
            if not place.is_file():
                self.fault("survey-photo", line, name, f"there is no file {place}", global_id)
                return
            value = str(place)
        if name in _TEXTS:
            self.facts[unit_id][name] = value
            return
        checked, allowed = _code(value), ""
        if name == "assembly":
            checked, allowed = (value, "") if assembly_of(value) else (None, "; use the words of the list")
        elif name != "ewc":
            known = _CHOICES.get(name) or tuple(
                dict.fromkeys((*factor_values("2.0")[name], *factor_values("1.0")[name]))
            )
            checked, allowed = value if value in known else None, f"; use {', '.join(known)}"
        if checked is None:
            self.fault("survey-value", line, name, f"{value!r} is not known{allowed}", global_id)
        else:
            self._keep(self.facts[unit_id], line, name, checked, global_id)

    def _keep(self, kept: dict[str, T], line: int, name: str, value: T, global_id: str) -> None:
        if name in kept and kept[name] != value:
            what = f"{value!r} contradicts {kept[name]!r} of an earlier row"
            self.fault("survey-contradiction", line, name, what, global_id)
            return
        kept[name] = value

    def fault(self, code: str, line: int, column: str, what: str, global_id: str | None = None) -> None:
        self.findings.append(
            Finding(
                code=code,
                severity=Severity.WARNING,
                message=f"{self._path}, line {line}, {column}: {what}.",
                global_id=global_id,
                hint="Correct the cell; until then it is not used.",
            )
        )


def _positive(text: str) -> float | None:
    try:
        number = float(text.replace(",", "."))
    except ValueError:
        return None
    return number if 0 <= number < math.inf else None


def _code(text: str) -> str | None:
    try:
        return waste_code(text).ewc
    except ReferenceDataError:
        return None
