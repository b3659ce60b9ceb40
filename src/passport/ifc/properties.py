"""Property sets and quantity sets, read once each: quantity candidates, layer widths and a few facts.

Which names mean which quantity is in `quantity_names.csv`; names are compared without case, spaces and
punctuation.
"""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Callable, Set
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from passport.findings import FindingLog, Severity
from passport.ifc.schema import Schema
from passport.ifc.units import Units
from passport.models import Origin, Status


class Candidate(NamedTuple):
    """One quantity as the model gives it, in SI units; `role` is the column of `quantity_names.csv`."""

    kind: str
    role: str
    value: float
    origin: Origin
    source: str


@dataclass(slots=True)
class ParsedSet:
    """What one property or quantity set says."""

    candidates: list[Candidate] = field(default_factory=list)
    unknown: list[Candidate] = field(default_factory=list)
    widths_m: dict[str, float] = field(default_factory=dict)
    status: Status | None = None
    is_external: bool | None = None
    load_bearing: bool | None = None
    service_life_years: float | None = None


@cache
def quantity_names() -> dict[str, tuple[str, str]]:
    """Normalised name -> (kind, role), from the table that ships with the package."""
    text = files("passport.ifc").joinpath("quantity_names.csv").read_text(encoding="utf-8")
    return {row["name"]: (row["kind"], row["role"]) for row in csv.DictReader(text.splitlines())}


def normalised(name: str) -> str:
    """Lower case, letters and digits only.

    Example:
        >>> normalised("Net Volume")
        'netvolume'
    """
    return "".join(c for c in name.lower() if c.isalnum())


_QUANTITY_KINDS = {
    "IfcQuantityVolume": "volume",
    "IfcQuantityArea": "area",
    "IfcQuantityLength": "length",
    "IfcQuantityWeight": "weight",
    "IfcQuantityCount": "count",
}
_MEASURE_KINDS = {
    "IfcVolumeMeasure": "volume",
    "IfcAreaMeasure": "area",
    "IfcMassMeasure": "weight",
    "IfcLengthMeasure": "length",
    "IfcPositiveLengthMeasure": "length",
}
#: Property values that carry no measure; their kind then follows from the name alone.
_UNTYPED = frozenset({"IfcReal", "IfcInteger"})
_LENGTH_KINDS = frozenset({"length", "width", "height"})

#: Meaning of a name that is known, and known not to be a quantity of the body itself.
_NOT_THE_BODY = "not the body"

_STATUS_NAMES = frozenset(
    {"status", "renovationstatus", "umbaustatus", "statutderenovation", "renovatiestatus"}
)
_STATUS_VALUES = {
    "new": Status.NEW,
    "nieuw": Status.NEW,
    "neu": Status.NEW,
    "nouveau": Status.NEW,
    "existing": Status.EXISTING,
    "bestaand": Status.EXISTING,
    "bestand": Status.EXISTING,
    "existant": Status.EXISTING,
    "demolish": Status.DEMOLISH,
    "demolished": Status.DEMOLISH,
    "tobedemolished": Status.DEMOLISH,
    "tedemonteren": Status.DEMOLISH,
    "tesloopen": Status.DEMOLISH,
    "teslopen": Status.DEMOLISH,
    "abbruch": Status.DEMOLISH,
    "demolir": Status.DEMOLISH,
    "àdémolir": Status.DEMOLISH,
    "temporary": Status.TEMPORARY,
    "tijdelijk": Status.TEMPORARY,
    "temporär": Status.TEMPORARY,
    "temporaire": Status.TEMPORARY,
}


class SetReader:
    """Reads definitions of properties and quantities.

    What several objects share is read once and kept; what belongs to one object is read when asked for and
    forgotten, so that memory does not grow with the model.
    """

    def __init__(self, schema: Schema, units: Units, shared: Set[int]) -> None:
        self._units = units
        self._shared = shared
        self._memo: dict[int, ParsedSet] = {}
        self._sources: dict[tuple[str, str], str] = {}
        self._interest: dict[str, tuple[str, str] | str | None] = {}
        self._name = schema.index("IfcRoot", "Name")
        self._quantities = schema.index("IfcElementQuantity", "Quantities")
        self._properties = schema.index("IfcPropertySet", "HasProperties")
        self._unit = schema.index("IfcPhysicalSimpleQuantity", "Unit")
        self._value = schema.index("IfcQuantityVolume", "VolumeValue")
        self._single_value = schema.index("IfcPropertySingleValue", "NominalValue")
        self._single_unit = schema.index("IfcPropertySingleValue", "Unit")
        self._enum_values = schema.index("IfcPropertyEnumeratedValue", "EnumerationValues")
        self._inner = schema.index("IfcPhysicalComplexQuantity", "HasQuantities")

    def read(self, definition: Any) -> ParsedSet:
        """What the set says; an empty result for kinds of definitions that hold no quantities."""
        key = definition.id()
        parsed = self._memo.get(key)
        if parsed is None:
            parsed = ParsedSet()
            kind = definition.is_a()
            if kind == "IfcElementQuantity":
                self._read_quantities(definition, parsed)
            elif kind == "IfcPropertySet":
                self._read_properties(definition, parsed)
            if key in self._shared:
                self._memo[key] = parsed
        return parsed

    def _source(self, set_name: str, name: str) -> str:
        """``Set.Name``; one string object for all elements."""
        key = (set_name, name)
        if key not in self._sources:
            self._sources[key] = f"{set_name}.{name}"
        return self._sources[key]

    def _meaning(self, name: str) -> tuple[str, str] | str | None:
        """(kind, role), the name of a fact, `_NOT_THE_BODY` or None; remembered per spelling."""
        if name not in self._interest:
            key = normalised(name)
            known = quantity_names().get(key)
            if known is not None:
                self._interest[name] = _NOT_THE_BODY if known[1] == "none" else known
            else:
                self._interest[name] = key if key in _FACTS else None
        return self._interest[name]

    def _read_quantities(self, definition: Any, parsed: ParsedSet) -> None:
        set_name = definition.get_argument(self._name) or "(unnamed set)"
        for quantity in definition.get_argument(self._quantities) or ():
            name = quantity.get_argument(0) or ""
            meaning = self._interest[name] if name in self._interest else self._meaning(name)
            if meaning == _NOT_THE_BODY:
                continue
            kind = _QUANTITY_KINDS.get(quantity.is_a())
            if kind is None:
                if quantity.is_a() == "IfcPhysicalComplexQuantity":
                    self._read_complex(name, quantity, parsed)
                continue
            named_kind, role = meaning if isinstance(meaning, tuple) else ("", "unknown")
            if kind == "length" and named_kind in _LENGTH_KINDS:
                kind = named_kind
            if kind != named_kind:
                if kind != "volume":
                    continue  # only a volume under an unknown name can stand in for a missing one
                role = "unknown"
            value = self._si(kind, quantity.get_argument(self._value), quantity.get_argument(self._unit))
            if value is not None:
                candidate = Candidate(kind, role, value, Origin.QUANTITY_SET, self._source(set_name, name))
                (parsed.unknown if role == "unknown" else parsed.candidates).append(candidate)

    def _read_complex(self, name: str, quantity: Any, parsed: ParsedSet) -> None:
        for inner in quantity.get_argument(self._inner) or ():
            if inner.is_a() == "IfcQuantityLength":
                meaning = self._meaning(inner.get_argument(0) or "")
                if isinstance(meaning, tuple) and meaning[0] == "width":
                    value = self._si(
                        "length", inner.get_argument(self._value), inner.get_argument(self._unit)
                    )
                    if value is not None and value > 0:
                        parsed.widths_m.setdefault(name.lower(), value)

    def _read_properties(self, definition: Any, parsed: ParsedSet) -> None:
        set_name = definition.get_argument(self._name) or "(unnamed set)"
        for prop in definition.get_argument(self._properties) or ():
            name = prop.get_argument(0) or ""
            meaning = self._interest[name] if name in self._interest else self._meaning(name)
            if meaning is None or meaning == _NOT_THE_BODY:
                continue
            if isinstance(meaning, str):
                self._read_fact(meaning, set_name, prop, parsed)
            elif prop.is_a() == "IfcPropertySingleValue":
                self._read_single(meaning, self._source(set_name, name), prop, parsed)

    def _read_single(self, meaning: tuple[str, str], source: str, prop: Any, parsed: ParsedSet) -> None:
        kind, role = meaning
        nominal = prop.get_argument(self._single_value)
        if nominal is None or kind == "count":
            return
        measure = nominal.is_a()
        typed = _MEASURE_KINDS.get(measure)
        if typed is None and (measure not in _UNTYPED or kind in _LENGTH_KINDS):
            return
        if typed is not None and typed != kind and not (typed == "length" and kind in _LENGTH_KINDS):
            return
        value = self._si(kind, nominal.get_argument(0), prop.get_argument(self._single_unit))
        if value is not None:
            parsed.candidates.append(Candidate(kind, role, value, Origin.PROPERTY_SET, source))

    def _read_fact(self, fact: str, set_name: str, prop: Any, parsed: ParsedSet) -> None:
        kind = prop.is_a()
        if kind == "IfcPropertySingleValue":
            nominal = prop.get_argument(self._single_value)
            value = None if nominal is None else nominal.get_argument(0)
        elif kind == "IfcPropertyEnumeratedValue":
            values = prop.get_argument(self._enum_values) or ()
            value = values[0].get_argument(0) if values else None
        else:
            return
        _FACTS[fact](parsed, set_name, value)

    def _si(self, kind: str, value: Any, unit: Any) -> float | None:
        if not isinstance(value, int | float) or isinstance(value, bool):
            return None
        base = "length" if kind in _LENGTH_KINDS else kind
        factor = self._units.project_factor(base)
        if unit is not None:
            own = self._units.factor(unit)
            if own is not None:
                factor = own
        return float(value) * factor


def _set_status(parsed: ParsedSet, set_name: str, value: Any) -> None:
    if isinstance(value, str):
        status = _STATUS_VALUES.get(normalised(value))
        if status is not None:
            parsed.status = status


def _set_external(parsed: ParsedSet, set_name: str, value: Any) -> None:
    if isinstance(value, bool):
        parsed.is_external = value


def _set_load_bearing(parsed: ParsedSet, set_name: str, value: Any) -> None:
    if isinstance(value, bool):
        parsed.load_bearing = value


_DURATION_YEARS = re.compile(r"P(\d+(?:\.\d+)?)Y.*")


def _set_service_life(parsed: ParsedSet, set_name: str, value: Any) -> None:
    if isinstance(value, str) and (match := _DURATION_YEARS.fullmatch(value.strip().upper())):
        years = float(match.group(1))
        if years > 0 and math.isfinite(years):
            parsed.service_life_years = years


_FACTS: dict[str, Callable[[ParsedSet, str, Any], None]] = {
    **dict.fromkeys(_STATUS_NAMES, _set_status),
    "isexternal": _set_external,
    "loadbearing": _set_load_bearing,
    "servicelifeduration": _set_service_life,
}


def note_unknown_names(log: FindingLog, global_id: str, unknown: list[Candidate]) -> None:
    """A volume, area or weight under a name that the table does not know, on an element that has no other."""
    for candidate in unknown:
        log.add(
            "quantity-name-unknown",
            Severity.INFO,
            f"{candidate.source} is a {candidate.kind} under a name that is not known as that of the body.",
            global_id=global_id,
            hint="It was kept as a candidate and not used.",
        )
