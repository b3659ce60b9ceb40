"""Property sets and quantity sets, read once each: quantity candidates, layer widths and a few facts.

Which names mean which quantity is in `quantity_names.csv`, and how a name is compared in `quantity_names`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Set
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from passport.findings import FindingLog, Severity
from passport.ifc.quantity_names import Meaning, QuantityNames, normalised, quantity_names
from passport.ifc.reuse import ReuseFact, is_reuse_set, reuse_of
from passport.ifc.schema import Schema
from passport.ifc.status import StatusFact, is_status_property, status_of
from passport.ifc.units import Units
from passport.models import Origin

__all__ = ["Candidate", "ParsedSet", "SetReader", "normalised", "note_unknown_names"]


class Candidate(NamedTuple):
    """One quantity as the model gives it, in SI units.

    Attributes:
        kind: volume, area, length, width, height, weight or count.
        role: column of `quantity_names.csv`; ``unknown`` for a volume under a name that is not known.
        source: ``Set.Name``.
        on_type: stated on the element's type, so perhaps not that of this element.
        note: how the name was read, where it is not plainly one of the table.
    """

    kind: str
    role: str
    value: float
    origin: Origin
    source: str
    on_type: bool = False
    note: str = ""


@dataclass(slots=True)
class ParsedSet:
    """What one property or quantity set says."""

    candidates: list[Candidate] = field(default_factory=list)
    unknown: list[Candidate] = field(default_factory=list)
    widths_m: dict[str, float] = field(default_factory=dict)
    status_facts: list[StatusFact] = field(default_factory=list)
    reuse_facts: list[ReuseFact] = field(default_factory=list)
    is_external: bool | None = None
    load_bearing: bool | None = None
    service_life_years: float | None = None
    _of_type: list[Candidate] | None = None

    def of_type(self) -> list[Candidate]:
        """The quantities of a set that belongs to a type, marked as such; made once for all occurrences."""
        if self._of_type is None:
            self._of_type = [
                c._replace(source=f"(type) {c.source}", on_type=True)
                for c in self.candidates
                if c.origin is Origin.QUANTITY_SET
            ]
        return self._of_type


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
_MEASURED = tuple(dict.fromkeys(_MEASURE_KINDS.values()))
#: Property values that carry no measure; their kind then follows from the name alone.
_UNTYPED = frozenset({"IfcReal", "IfcInteger"})
_LENGTH_KINDS = frozenset({"length", "width", "height"})

_UNKNOWN = Meaning("", "unknown", "", None)
#: Two ways to one number that are nearer than this are the same unit.
_ROUNDING = 1e-3

#: Meaning of a name that tells the status of an element.
_STATUS = "the status"
#: Meaning of a name that is known, and known not to be a quantity of the body itself.
_NOT_THE_BODY = "not the body"


class SetReader:
    """Reads definitions of properties and quantities.

    What several objects share is read once and kept; what belongs to one object is read when asked for and
    forgotten, so that memory does not grow with the model.
    """

    def __init__(
        self, schema: Schema, units: Units, shared: Set[int], names: QuantityNames | None = None
    ) -> None:
        self._names = quantity_names() if names is None else names
        self._units = units
        self._shared = shared
        self._memo: dict[int, ParsedSet] = {}
        self._sources: dict[tuple[str, str], str] = {}
        self._interest: dict[str, Meaning | str | None] = {}
        self._reuse_sets: dict[str, bool] = {}
        self._hopeless: set[str] = set()
        self._guesses: dict[tuple[str, str], Meaning | None] = {}
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

    def _meaning(self, name: str) -> Meaning | str | None:
        """What the name means, the name of a fact, `_NOT_THE_BODY` or None; remembered per spelling."""
        if name not in self._interest:
            known = self._names.find(name)
            if known is not None:
                self._interest[name] = _NOT_THE_BODY if known.role == "none" else known
            else:
                key = normalised(name)
                fact = key if key in _FACTS else None
                self._interest[name] = _STATUS if is_status_property(name) else fact
        return self._interest[name]

    def _guess(self, name: str, kind: str) -> Meaning | str | None:
        """As `_meaning`, for a name that is not in the table: the one that it is a misspelling of."""
        key = (name, kind)
        if key not in self._guesses:
            self._guesses[key] = self._names.guess(name, kind)
        guessed = self._guesses[key]
        return _NOT_THE_BODY if guessed is not None and guessed.role == "none" else guessed

    def _is_hopeless(self, name: str) -> bool:
        """Whether the name is a misspelling of nothing; remembered per spelling."""
        if any(self._guess(name, kind) is not None for kind in _MEASURED):
            return False
        self._hopeless.add(name)
        return True

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
            if meaning is None:
                meaning = self._guess(name, kind)
                if meaning == _NOT_THE_BODY:
                    continue
            named_kind, role, note, _ = meaning if isinstance(meaning, Meaning) else _UNKNOWN
            if kind == "length" and named_kind in _LENGTH_KINDS:
                kind = named_kind
            if kind != named_kind:
                if kind != "volume":
                    continue  # only a volume under an unknown name can stand in for a missing one
                role, note = "unknown", ""
            value = self._si(kind, quantity.get_argument(self._value), quantity.get_argument(self._unit))
            if value is not None:
                source = self._source(set_name, name)
                candidate = Candidate(kind, role, value, Origin.QUANTITY_SET, source, False, note)
                (parsed.unknown if role == "unknown" else parsed.candidates).append(candidate)

    def _read_complex(self, name: str, quantity: Any, parsed: ParsedSet) -> None:
        for inner in quantity.get_argument(self._inner) or ():
            if inner.is_a() == "IfcQuantityLength":
                meaning = self._meaning(inner.get_argument(0) or "")
                if isinstance(meaning, Meaning) and meaning.kind == "width":
                    value = self._si(
                        "length", inner.get_argument(self._value), inner.get_argument(self._unit)
                    )
                    if value is not None and value > 0:
                        parsed.widths_m.setdefault(name.lower(), value)

    def _read_properties(self, definition: Any, parsed: ParsedSet) -> None:
        set_name = definition.get_argument(self._name) or "(unnamed set)"
        if set_name not in self._reuse_sets:
            self._reuse_sets[set_name] = is_reuse_set(set_name)
        on_reuse = self._reuse_sets[set_name]
        for prop in definition.get_argument(self._properties) or ():
            name = prop.get_argument(0) or ""
            if on_reuse and (fact := reuse_of(set_name, name, self._value_of(prop))) is not None:
                parsed.reuse_facts.append(fact)
                continue
            meaning = self._interest[name] if name in self._interest else self._meaning(name)
            if meaning == _NOT_THE_BODY:
                continue
            if meaning is None:
                # Only what is typed as a quantity is worth a second look: most properties are not.
                if name in self._hopeless or self._is_hopeless(name):
                    continue
                measure = _measure_of(prop, self._single_value)
                meaning = None if measure is None else self._guess(name, measure)
            if isinstance(meaning, Meaning):
                if prop.is_a() == "IfcPropertySingleValue":
                    self._read_single(meaning, self._source(set_name, name), prop, parsed)
            elif meaning is not None and meaning != _NOT_THE_BODY:
                self._read_fact(meaning, set_name, name, prop, parsed)

    def _read_single(self, meaning: Meaning, source: str, prop: Any, parsed: ParsedSet) -> None:
        kind, role, note, in_name = meaning
        nominal = prop.get_argument(self._single_value)
        if nominal is None or kind == "count":
            return
        measure = nominal.is_a()
        typed = _MEASURE_KINDS.get(measure)
        if typed is None and (measure not in _UNTYPED or (kind in _LENGTH_KINDS and in_name is None)):
            return
        if typed is not None and typed != kind and not (typed == "length" and kind in _LENGTH_KINDS):
            return
        number, unit = nominal.get_argument(0), prop.get_argument(self._single_unit)
        value = self._si(kind, number, unit)
        if value is not None and in_name is not None:
            by_name = float(number) * in_name
            if typed is None and unit is None:
                value = by_name  # the name is the only one that says a unit
            elif abs(by_name - value) > _ROUNDING * abs(value):
                note = "its name says another unit than the model declares"
        if value is not None:
            parsed.candidates.append(Candidate(kind, role, value, Origin.PROPERTY_SET, source, False, note))

    def _read_fact(self, fact: str, set_name: str, name: str, prop: Any, parsed: ParsedSet) -> None:
        value = self._value_of(prop)
        if fact != _STATUS:
            _FACTS[fact](parsed, value[0] if isinstance(value, tuple) and value else value)
        elif (status := status_of(name, value, set_name)) is not None:
            parsed.status_facts.append(status)

    def _value_of(self, prop: Any) -> Any:
        """Value of a single or enumerated property (a tuple), None for other kinds."""
        kind = prop.is_a()
        if kind == "IfcPropertySingleValue":
            nominal = prop.get_argument(self._single_value)
            return None if nominal is None else nominal.get_argument(0)
        if kind == "IfcPropertyEnumeratedValue":
            return tuple(v.get_argument(0) for v in prop.get_argument(self._enum_values) or ()) or None
        return None

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


def _measure_of(prop: Any, position: int) -> str | None:
    """Kind of quantity that the value of a property is typed as, None for everything else."""
    if prop.is_a() != "IfcPropertySingleValue":
        return None
    nominal = prop.get_argument(position)
    return None if nominal is None else _MEASURE_KINDS.get(nominal.is_a())


def _set_external(parsed: ParsedSet, value: Any) -> None:
    if isinstance(value, bool):
        parsed.is_external = value


def _set_load_bearing(parsed: ParsedSet, value: Any) -> None:
    if isinstance(value, bool):
        parsed.load_bearing = value


_DURATION_YEARS = re.compile(r"P(\d+(?:\.\d+)?)Y.*")


def _set_service_life(parsed: ParsedSet, value: Any) -> None:
    if isinstance(value, str) and (match := _DURATION_YEARS.fullmatch(value.strip().upper())):
        years = float(match.group(1))
        if years > 0 and math.isfinite(years):
            parsed.service_life_years = years


_FACTS: dict[str, Callable[[ParsedSet, Any], None]] = {
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
