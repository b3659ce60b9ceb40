"""Sizes that a model states beside the quantities: linings, panels and panes, diameters and walls.

They come from the definitions of IFC for windows and doors (IfcWindowLiningProperties and its kind) and from
properties whose names are in `size_names.csv`; those of the element come before those of its type.
"""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Iterable, Set
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, Protocol, TypeAlias

from passport.ifc.pieces import PieceClass
from passport.ifc.quantity_names import normalised
from passport.ifc.schema import Schema
from passport.ifc.units import Units

#: Definition class -> its lengths, and its figures that are ratios.
_DEFINITIONS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "IfcWindowLiningProperties": (
        ("LiningDepth", "LiningThickness", "TransomThickness", "MullionThickness"),
        ("FirstTransomOffset", "SecondTransomOffset", "FirstMullionOffset", "SecondMullionOffset"),
    ),
    "IfcWindowPanelProperties": (("FrameDepth", "FrameThickness"), ()),
    "IfcDoorLiningProperties": (
        (
            "LiningDepth",
            "LiningThickness",
            "ThresholdDepth",
            "ThresholdThickness",
            "TransomThickness",
            "CasingThickness",
            "CasingDepth",
        ),
        ("TransomOffset",),
    ),
    "IfcDoorPanelProperties": (("PanelDepth",), ("PanelWidth",)),
}
_PANELS = frozenset({"IfcWindowPanelProperties", "IfcDoorPanelProperties"})
_NUMBERS = frozenset({"glazing_fraction", "glass_layers"})
#: `DN 100`: the nominal diameter in mm.
_DN = re.compile(r"\bDN\s*(\d+(?:[.,]\d+)?)\b", re.IGNORECASE)


@cache
def size_names() -> dict[str, str]:
    """Normalised name of a property -> what it means, from `size_names.csv`."""
    text = files("passport.ifc").joinpath("size_names.csv").read_text(encoding="utf-8")
    return {normalised(row["name"]): row["meaning"] for row in csv.DictReader(text.splitlines())}


class HasSizes(Protocol):
    """What was read of a definition already: its class, a fact, and the properties whose names are sizes."""

    kind: str
    is_external: bool | None
    size_properties: list[tuple[str, Any]]


#: A definition and what was read of it.
Definition: TypeAlias = "tuple[Any, HasSizes]"


@dataclass(slots=True)
class StatedSizes:
    """What is stated about one element.

    Attributes:
        lengths_m: name -> length, positive; names are the attributes of IFC (``LiningDepth``) and the
            meanings of `size_names.csv` (``outer_diameter``).
        ratios: name -> number that is no length.
        panels: lengths and ratios of each panel.
        partitioning: ``SINGLE_PANEL`` and so on, empty when not said.
        is_external: None when not said.
        width_m, height_m: overall size of a door or window.
        piece: row of `piece_classes.csv` for the element, None when it is of no such class.
    """

    lengths_m: dict[str, float] = field(default_factory=dict)
    ratios: dict[str, float] = field(default_factory=dict)
    panels: list[dict[str, float]] = field(default_factory=list)
    partitioning: str = ""
    is_external: bool | None = None
    width_m: float | None = None
    height_m: float | None = None
    piece: PieceClass | None = None

    @property
    def group(self) -> str:
        """Group of the element's class, empty when it has none."""
        return "" if self.piece is None else self.piece.group

    def stated(self, *names: str) -> float | None:
        """The first of these lengths that is stated [m], None when none is."""
        return next((self.lengths_m[n] for n in names if n in self.lengths_m), None)

    def panel_length(self, name: str) -> float | None:
        """Mean of a length over the panels that state it [m]."""
        found = [p[name] for p in self.panels if name in p]
        return math.fsum(found) / len(found) if found else None


class SizeReader:
    """Reads definitions into `StatedSizes`; what a type holds is read once for all its occurrences."""

    def __init__(self, schema: Schema, units: Units, shared: Set[int]) -> None:
        self._schema = schema
        self._units = units
        self._shared = shared
        self._memo: dict[int, StatedSizes] = {}

    def read(
        self,
        entity: Any,
        kind: Any,
        own: Iterable[Definition],
        inherited: Iterable[Definition],
        piece: PieceClass,
    ) -> StatedSizes:
        """Sizes of one element: its own definitions, then those of its type.

        Args:
            entity: the element.
            kind: its type or None.
            own, inherited: definitions of the element and of its type, with what was read of them.
            piece: row of `piece_classes.csv`.
        """
        sizes = StatedSizes(piece=piece)
        if piece.group in ("window", "door"):
            for side in ("width", "height"):
                value = self._get(entity, f"Overall{side.title()}")
                if value is not None and 0 < value < math.inf:
                    setattr(sizes, f"{side}_m", value * self._units.length)
        for holder in (entity, kind):
            if holder is None or sizes.partitioning:
                continue
            said = self._get(holder, "PartitioningType")
            if said is None and holder.is_a() == "IfcWindowStyle":
                # IFC2X3 has an attribute of the style, IFC4 one of the occurrence or its type.
                said = self._get(holder, "OperationType")
            if said and said not in ("NOTDEFINED", "USERDEFINED"):
                sizes.partitioning = said
        for definitions in (own, inherited):
            level = [found for d, parsed in definitions if (found := self._definition(d, parsed)) is not None]
            for _, parsed in definitions:
                if sizes.is_external is None:
                    sizes.is_external = parsed.is_external
            for one in level:
                for name, value in one.lengths_m.items():
                    sizes.lengths_m.setdefault(name, value)
                for name, value in one.ratios.items():
                    sizes.ratios.setdefault(name, value)
            if not sizes.panels:
                sizes.panels = [p for one in level for p in one.panels]
        return sizes

    def _get(self, entity: Any, attribute: str) -> Any:
        """Value of an attribute, None where the class has none of that name."""
        index = self._schema.find(entity.is_a(), attribute)
        return None if index is None else entity.get_argument(index)

    def _definition(self, definition: Any, parsed: HasSizes) -> StatedSizes | None:
        """What one definition says of sizes, None when it says nothing."""
        lining = parsed.kind in _DEFINITIONS
        if not lining and not parsed.size_properties:
            return None
        key = definition.id()
        found = self._memo.get(key)
        if found is None:
            found = StatedSizes()
            if lining:
                self._lining(parsed.kind, definition, found)
            for meaning, prop in parsed.size_properties:
                self._property(meaning, prop, found)
            if key in self._shared:
                self._memo[key] = found
        return found

    def _lining(self, kind: str, definition: Any, sizes: StatedSizes) -> None:
        lengths, ratios = _DEFINITIONS[kind]
        found = {n: v * self._units.length for n in lengths if (v := _positive(definition, n)) is not None}
        numbers = {n: v for n in ratios if (v := _positive(definition, n)) is not None}
        if kind in _PANELS:
            sizes.panels.append({**found, **numbers})
        else:
            sizes.lengths_m, sizes.ratios = found, numbers

    def _property(self, meaning: str, prop: Any, sizes: StatedSizes) -> None:
        nominal = _nominal(prop)
        if nominal is None:
            return
        value = nominal.wrappedValue
        if isinstance(value, str):
            label = _DN.search(value)
            if label is not None and meaning == "nominal_diameter":
                sizes.lengths_m.setdefault(meaning, float(label.group(1).replace(",", ".")) / 1000)
            return
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < math.inf:
            return
        if meaning in _NUMBERS:
            # Some exporters write a fraction as percentage.
            if meaning == "glazing_fraction" and value > 1:
                value = value / 100
            if meaning != "glazing_fraction" or value <= 1:
                sizes.ratios.setdefault(meaning, float(value))
        elif "LengthMeasure" in nominal.is_a():
            unit = getattr(prop, "Unit", None)
            factor = None if unit is None else self._units.factor(unit)
            sizes.lengths_m.setdefault(
                meaning, float(value) * (self._units.length if factor is None else factor)
            )


def _positive(entity: Any, attribute: str) -> float | None:
    """A positive finite number, None for what exporters write where they know nothing."""
    value = getattr(entity, attribute, None)
    return float(value) if isinstance(value, int | float) and 0 < value < math.inf else None


def _nominal(prop: Any) -> Any:
    """The value entity of a single, bounded or list property; the set point or the first one."""
    kind = prop.is_a()
    if kind == "IfcPropertySingleValue":
        return prop.NominalValue
    if kind == "IfcPropertyBoundedValue":
        point = getattr(prop, "SetPointValue", None)
        return point if point is not None else prop.UpperBoundValue or prop.LowerBoundValue
    if kind == "IfcPropertyListValue":
        return next(iter(prop.ListValues or ()), None)
    return None
