"""Units of an IFC model as factors to m, m2, m3 and kg.

Own code instead of `ifcopenshell.util.unit.calculate_unit_scale`, because that returns 1 for a unit that is
not declared (indistinguishable from SI) and leads to grams for mass; and because a unit on a single
quantity overrides the project's.
"""

from __future__ import annotations

from typing import Any

from passport.findings import FindingLog, Severity

_PREFIX = {
    "EXA": 1e18,
    "PETA": 1e15,
    "TERA": 1e12,
    "GIGA": 1e9,
    "MEGA": 1e6,
    "KILO": 1e3,
    "HECTO": 1e2,
    "DECA": 1e1,
    "DECI": 1e-1,
    "CENTI": 1e-2,
    "MILLI": 1e-3,
    "MICRO": 1e-6,
    "NANO": 1e-9,
    "PICO": 1e-12,
    "FEMTO": 1e-15,
    "ATTO": 1e-18,
}
_SI_POWER = {"METRE": 1, "SQUARE_METRE": 2, "CUBIC_METRE": 3}
_KINDS = {"LENGTHUNIT": "length", "AREAUNIT": "area", "VOLUMEUNIT": "volume", "MASSUNIT": "weight"}


class Units:
    """Factors from the model's units to SI: ``value_in_model * factor = value in m, m2, m3, kg``.

    Attributes:
        length, area, volume, weight: factors of the project's units; SI where nothing is declared.
        angle: factor of the plane angle unit to radian; 1 where nothing is declared.
        undeclared: kinds without a declared unit.
    """

    def __init__(self, file: Any, log: FindingLog) -> None:
        self._memo: dict[int, float | None] = {}
        factors: dict[str, float] = {}
        self.angle = 1.0
        projects = file.by_type("IfcProject")
        assignment = next((p.UnitsInContext for p in projects if p.UnitsInContext), None)
        for unit in assignment.Units if assignment is not None else ():
            unit_type = getattr(unit, "UnitType", "") or ""
            kind = _KINDS.get(unit_type)
            factor = self.factor(unit) if kind or unit_type == "PLANEANGLEUNIT" else None
            if kind and factor is not None:
                factors.setdefault(kind, factor)
            elif factor is not None:
                self.angle = factor
        self.undeclared = tuple(k for k in _KINDS.values() if k not in factors)
        self.length = factors.get("length", 1.0)
        self.area = factors.get("area", 1.0)
        self.volume = factors.get("volume", 1.0)
        self.weight = factors.get("weight", 1.0)
        if assignment is None:
            log.add(
                "units-not-declared",
                Severity.WARNING,
                "The model declares no units; m, m2, m3 and kg were assumed.",
                hint="Set the project units in the authoring tool and export again.",
            )
        else:
            for kind in self.undeclared:
                if kind != "weight":
                    log.add(
                        "unit-not-declared",
                        Severity.WARNING,
                        f"The model declares no unit of {kind}; SI was assumed.",
                        hint="Check one quantity of this kind against the drawing.",
                    )

    def project_factor(self, kind: str) -> float:
        """Factor of the project's unit for length, area, volume or weight; 1 for counts."""
        return {
            "length": self.length,
            "area": self.area,
            "volume": self.volume,
            "weight": self.weight,
        }.get(kind, 1.0)

    def factor(self, unit: Any) -> float | None:
        """Factor of one unit entity to SI (mass: kg), None when it cannot be told."""
        key = unit.id()
        if key not in self._memo:
            self._memo[key] = None  # a unit that refers to itself stays unknown
            self._memo[key] = self._factor(unit)
        return self._memo[key]

    def _factor(self, unit: Any) -> float | None:
        kind = unit.is_a()
        if kind == "IfcSIUnit":
            factor = _PREFIX.get(unit.Prefix or "", 1.0) ** _SI_POWER.get(unit.Name, 1)
            return factor / 1000.0 if unit.Name == "GRAM" else factor
        if unit.is_a("IfcConversionBasedUnit"):
            measure = unit.ConversionFactor
            if measure is None or measure.ValueComponent is None or measure.UnitComponent is None:
                return None
            base = self.factor(measure.UnitComponent)
            value = float(measure.ValueComponent.wrappedValue)
            return None if base is None or not value > 0 else value * base
        if kind == "IfcDerivedUnit":
            product = 1.0
            for part in unit.Elements:
                base = self.factor(part.Unit)
                if base is None:
                    return None
                product *= base**part.Exponent
            return product
        return None
