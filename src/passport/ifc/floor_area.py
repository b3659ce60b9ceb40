"""Gross floor area by a stated chain, or what stands in for it, with its origin in words.

Order: gross area of the building, of the storeys, of the spaces; then net area of the spaces (quantities,
then geometry), with a finding, because a net area makes a result per m2 look worse than a gross one. The
definitions are never mixed within one sum.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from passport.findings import FindingLog, Severity
from passport.ifc.properties import normalised
from passport.ifc.relations import Relations
from passport.ifc.schema import Schema
from passport.ifc.units import Units
from passport.models import FloorArea

#: Areas outside these bounds are faults of unit, not buildings [m2].
_SMALLEST_M2, _LARGEST_M2 = 5.0, 2_000_000.0

_GROSS = frozenset({"grossfloorarea", "brutovloeroppervlakte", "bruttogrundfläche", "surfacebrutedeplancher"})
_NET = frozenset(
    {"netfloorarea", "nettovloeroppervlakte", "nettogrundfläche", "nettoraumfläche", "netarea", "floorarea"}
)
_PLAIN = frozenset({"area", "oppervlakte", "fläche", "surface"})
_INFRASTRUCTURE = ("IfcBridge", "IfcRoad", "IfcRailway", "IfcMarineFacility")


@dataclass(frozen=True, slots=True)
class _Areas:
    gross: float | None = None
    net: float | None = None


class FloorAreaReader:
    """Floor areas of building, storeys and spaces as the model states them."""

    def __init__(
        self, file: Any, schema: Schema, relations: Relations, units: Units, log: FindingLog
    ) -> None:
        self._file = file
        self._schema = schema
        self._relations = relations
        self._units = units
        self._log = log
        self._spaces = [s for s in schema.by_type(file, "IfcSpace") if self._is_inside(s)]

    def _is_inside(self, space: Any) -> bool:
        whole = self._relations.whole_of.get(space.id())
        if whole is not None and self._file.by_id(whole).is_a("IfcSpace"):
            return False  # a part of a space that is itself counted
        kind = getattr(space, "PredefinedType", None) or getattr(space, "InteriorOrExteriorSpace", None)
        return kind not in ("EXTERNAL", "PARKING")

    def space_ids(self) -> list[int]:
        """Step ids of the spaces that lie inside."""
        return [s.id() for s in self._spaces]

    def read_stated(self) -> FloorArea | None:
        """The first link of the chain that the model states; None when it states no area."""
        buildings = [self._areas(b) for b in self._schema.by_type(self._file, "IfcBuilding")]
        storeys = [self._areas(s) for s in self._schema.by_type(self._file, "IfcBuildingStorey")]
        counted = [s for s in self._spaces if getattr(s, "PredefinedType", None) == "GFA"] or self._spaces
        spaces = [self._areas(s) for s in counted]
        gross = [
            (self._sum([a.gross for a in buildings]), "gross floor area of the building"),
            (self._sum([a.gross for a in storeys]), "gross floor area of the storeys"),
            (self._sum([a.gross for a in spaces]), f"gross floor area of {len(spaces)} spaces"),
        ]
        for value, origin in gross:
            if value is not None and self._plausible(value, origin):
                return FloorArea(value=value, origin=origin)
        return self._net(self._sum([a.net for a in spaces]), f"net floor area of {len(spaces)} spaces")

    def from_geometry(self, space_plan_m2: dict[int, float]) -> FloorArea | None:
        """Sum of the plan areas of the spaces; None when too few of them have one.

        Args:
            space_plan_m2: plan areas of spaces, by step id.
        """
        plan = [space_plan_m2.get(s.id()) for s in self._spaces]
        return self._net(self._sum(plan), f"plan area of {len(self._spaces)} spaces from geometry")

    def _net(self, value: float | None, origin: str) -> FloorArea | None:
        if value is None or not self._plausible(value, origin):
            return None
        self._log.add(
            "floor-area-net",
            Severity.WARNING,
            f"The model states no gross floor area; {value:.1f} m2 is the {origin}.",
            hint="Per m2 of net area a result is higher than per m2 of gross area; "
            "give the gross area with --floor-area.",
        )
        return FloorArea(value=value, origin=origin)

    def _plausible(self, value: float, origin: str) -> bool:
        if _SMALLEST_M2 <= value <= _LARGEST_M2:
            return True
        self._log.add(
            "floor-area-implausible",
            Severity.WARNING,
            f"The {origin} is {value:.6g} m2; it was not used.",
            hint="Check the area units of the model, or give the area with --floor-area.",
        )
        return False

    def _sum(self, values: list[float | None]) -> float | None:
        """The sum when at least nine in ten have a value, otherwise None: a part is not the whole."""
        known = [v for v in values if v is not None]
        return sum(known) if known and len(known) >= 0.9 * len(values) else None

    def _areas(self, spatial: Any) -> _Areas:
        gross = net = plain = None
        for definition in self._relations.definitions.get(spatial.id(), ()):
            kind = definition.is_a()
            if kind == "IfcElementQuantity":
                items = definition.Quantities or ()
            elif kind == "IfcPropertySet":
                items = definition.HasProperties or ()
            else:
                continue
            for item in items:
                name = normalised(item.Name or "")
                if name in _GROSS:
                    gross = gross or self._area(item)
                elif name in _NET:
                    net = net or self._area(item)
                elif name in _PLAIN:
                    plain = plain or self._area(item)
        return _Areas(gross, net or plain)

    def _area(self, item: Any) -> float | None:
        if item.is_a() == "IfcQuantityArea":
            value = item.AreaValue
        elif item.is_a() == "IfcPropertySingleValue" and item.NominalValue is not None:
            if item.NominalValue.is_a() != "IfcAreaMeasure":
                return None
            value = item.NominalValue.wrappedValue
        else:
            return None
        factor = self._units.factor(item.Unit) if item.Unit is not None else None
        si = float(value) * (factor if factor is not None else self._units.area)
        return si if si > 0 else None

    def is_infrastructure(self) -> bool:
        """Whether the model is a bridge, road, railway or marine facility without a building."""
        return not self._schema.by_type(self._file, "IfcBuilding") and any(
            self._schema.by_type(self._file, c) for c in _INFRASTRUCTURE
        )
