"""Areas, volumes and heights that the model states for its building, storeys and spaces, in SI units."""

from __future__ import annotations

import csv
import math
from functools import cache
from importlib.resources import files
from typing import Any

from passport.ifc.quantity_names import normalised
from passport.ifc.relations import Relations
from passport.ifc.units import Units

#: Quantity class -> kind; the value is the fourth attribute of each.
_QUANTITIES = {"IfcQuantityArea": "area", "IfcQuantityVolume": "volume", "IfcQuantityLength": "length"}
_MEASURES = {
    "IfcAreaMeasure": "area",
    "IfcVolumeMeasure": "volume",
    "IfcLengthMeasure": "length",
    "IfcPositiveLengthMeasure": "length",
}


@cache
def spatial_names() -> dict[str, tuple[str, str]]:
    """Normalised name -> (kind, role), from `spatial_names.csv`."""
    text = files("passport.ifc").joinpath("spatial_names.csv").read_text(encoding="utf-8")
    return {row["name"]: (row["kind"], row["role"]) for row in csv.DictReader(text.splitlines())}


@cache
def _meaning(name: str) -> tuple[str, str] | None:
    return spatial_names().get(normalised(name))


class SpatialQuantities:
    """Reads what the sets of a building, storey, space or zone state; each of them once."""

    def __init__(self, relations: Relations, units: Units) -> None:
        self._relations = relations
        self._units = units
        self._memo: dict[int, dict[tuple[str, str], float]] = {}

    def of(self, spatial: Any) -> dict[tuple[str, str], float]:
        """(kind, role) of `spatial_names.csv` -> value [m2, m3, m]; the first positive one of each."""
        key = spatial.id()
        if key not in self._memo:
            self._memo[key] = self._read(key)
        return self._memo[key]

    def _read(self, step_id: int) -> dict[tuple[str, str], float]:
        found: dict[tuple[str, str], float] = {}
        for definition in self._relations.definitions.get(step_id, ()):
            kind = definition.is_a()
            if kind == "IfcElementQuantity":
                items = definition.Quantities or ()
            elif kind == "IfcPropertySet":
                items = definition.HasProperties or ()
            else:
                continue
            for item in items:
                meaning = _meaning(item.get_argument(0) or "")
                if meaning is not None and meaning not in found:
                    value = self._si(item, meaning[0])
                    if value is not None:
                        found[meaning] = value
        return found

    def _si(self, item: Any, kind: str) -> float | None:
        """Value of a quantity or property of this kind; None when it is of another, or not positive."""
        if _QUANTITIES.get(item.is_a()) == kind:
            value = item[3]
        elif item.is_a() == "IfcPropertySingleValue" and item.NominalValue is not None:
            if _MEASURES.get(item.NominalValue.is_a()) != kind:
                return None
            value = item.NominalValue.wrappedValue
        else:
            return None
        if not isinstance(value, int | float) or isinstance(value, bool):
            return None
        factor = self._units.factor(item.Unit) if item.Unit is not None else None
        si = float(value) * (factor if factor is not None else self._units.project_factor(kind))
        return si if math.isfinite(si) and si > 0 else None
