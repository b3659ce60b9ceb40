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
from passport.ifc.property_meanings import (
    COMPLEX,
    LENGTH_KINDS,
    NOT_THE_BODY,
    STATUS,
    PropertyMeanings,
    property_meanings,
)
from passport.ifc.quantity_names import Meaning, QuantityNames, normalised
from passport.ifc.reuse import ReuseFact, is_reuse_set, reuse_of
from passport.ifc.schema import Schema
from passport.ifc.stated_joints import JointFact, is_joint_set, joint_fact
from passport.ifc.status import StatusFact, status_of
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

    kind: str = ""
    candidates: list[Candidate] = field(default_factory=list)
    unknown: list[Candidate] = field(default_factory=list)
    widths_m: dict[str, float] = field(default_factory=dict)
    size_properties: list[tuple[str, Any]] = field(default_factory=list)
    status_facts: list[StatusFact] = field(default_factory=list)
    reuse_facts: list[ReuseFact] = field(default_factory=list)
    joint_facts: list[JointFact] = field(default_factory=list)
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


_MEASURE_KINDS = {
    "IfcVolumeMeasure": "volume",
    "IfcAreaMeasure": "area",
    "IfcMassMeasure": "weight",
    "IfcLengthMeasure": "length",
    "IfcPositiveLengthMeasure": "length",
}
#: Property values that carry no measure; their kind then follows from the name alone.
_UNTYPED = frozenset({"IfcReal", "IfcInteger"})
#: Two ways to one number that are nearer than this are the same unit.
_ROUNDING = 1e-3


class SetReader:
    """Reads definitions of properties and quantities.

    What several objects share is read once and kept; what belongs to one object is read when asked for and
    forgotten, so that memory does not grow with the model.
    """

    def __init__(
        self, schema: Schema, units: Units, shared: Set[int], names: QuantityNames | None = None
    ) -> None:
        self._means = property_meanings() if names is None else PropertyMeanings(names)
        self._units = units
        self._shared = shared
        self._memo: dict[int, ParsedSet] = {}
        self._sources: dict[tuple[str, str], str] = {}
        self._factors: dict[str, float] = {}
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
            kind = definition.is_a()
            parsed = ParsedSet(kind)
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

    def _read_quantities(self, definition: Any, parsed: ParsedSet) -> None:
        set_name = definition.get_argument(self._name) or "(unnamed set)"
        known = self._means.known_quantities
        for quantity in definition.get_argument(self._quantities) or ():
            name = quantity.get_argument(0) or ""
            key = (name, quantity.is_a())
            asked = known[key] if key in known else self._means.of_quantity(*key)
            if asked is None:
                continue
            kind, role, note = asked
            if kind == COMPLEX:
                self._read_complex(name, quantity, parsed)
                continue
            value = self._si(kind, quantity.get_argument(self._value), quantity.get_argument(self._unit))
            if value is not None:
                source = self._source(set_name, name)
                candidate = Candidate(kind, role, value, Origin.QUANTITY_SET, source, False, note)
                (parsed.unknown if role == "unknown" else parsed.candidates).append(candidate)

    def _read_complex(self, name: str, quantity: Any, parsed: ParsedSet) -> None:
        for inner in quantity.get_argument(self._inner) or ():
            if inner.is_a() == "IfcQuantityLength":
                meaning = self._means.of(inner.get_argument(0) or "")
                if isinstance(meaning, Meaning) and meaning.kind == "width":
                    value = self._si(
                        "length", inner.get_argument(self._value), inner.get_argument(self._unit)
                    )
                    if value is not None and value > 0:
                        parsed.widths_m.setdefault(name.lower(), value)

    def _read_properties(self, definition: Any, parsed: ParsedSet) -> None:
        set_name = definition.get_argument(self._name) or "(unnamed set)"
        on_reuse, on_joints = is_reuse_set(set_name), is_joint_set(set_name)
        known = self._means.known_properties
        for prop in definition.get_argument(self._properties) or ():
            name = prop.get_argument(0) or ""
            if on_reuse and (fact := reuse_of(set_name, name, self._value_of(prop))) is not None:
                parsed.reuse_facts.append(fact)
                continue
            if on_joints and (joint := joint_fact(set_name, name, self._value_of(prop))) is not None:
                parsed.joint_facts.append(joint)
                continue
            told = known[name] if name in known else self._means.of_property(name)
            if told is None:
                continue
            meaning, size = told
            if size is not None:
                parsed.size_properties.append((size, prop))
            if meaning is None:
                measure = _measure_of(prop, self._single_value)
                meaning = None if measure is None else self._means.guess(name, measure)
            if isinstance(meaning, Meaning):
                if prop.is_a() == "IfcPropertySingleValue":
                    self._read_single(meaning, self._source(set_name, name), prop, parsed)
            elif meaning is not None and meaning != NOT_THE_BODY:
                self._read_fact(meaning, set_name, name, prop, parsed)

    def _read_single(self, meaning: Meaning, source: str, prop: Any, parsed: ParsedSet) -> None:
        kind, role, note, in_name = meaning
        nominal = prop.get_argument(self._single_value)
        if nominal is None or kind == "count":
            return
        measure = nominal.is_a()
        typed = _MEASURE_KINDS.get(measure)
        if typed is None and (measure not in _UNTYPED or (kind in LENGTH_KINDS and in_name is None)):
            return
        if typed is not None and typed != kind and not (typed == "length" and kind in LENGTH_KINDS):
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
        if fact != STATUS:
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
        own = None if unit is None else self._units.factor(unit)
        if own is not None:
            return float(value) * own
        factor = self._factors.get(kind)
        if factor is None:
            factor = self._units.project_factor("length" if kind in LENGTH_KINDS else kind)
            self._factors[kind] = factor
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
