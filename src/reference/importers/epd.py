"""One environmental dataset as declared: values, declared unit, properties, scenarios."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import Literal

from reference.errors import ReferenceDataError
from reference.importers.codes import MODULES, PRODUCTION, SPLIT, codes
from reference.vocabulary import CORE_INDICATORS, Indicator, Stage

Standard = Literal["A1", "A2", ""]
Subtype = Literal["generic", "average", "representative", "specific", "template", ""]

#: Key of a value: code of `codes()`, module, name of the scenario ("" = none).
ValueKey = tuple[str, str, str]

_DATE = re.compile(r"^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


@dataclass(frozen=True, slots=True)
class Properties:
    """What is said of the product, None where nothing is.

    Attributes:
        mass_kg: mass of the declared amount [kg].
        density_kg_m3, bulk_density_kg_m3: density [kg/m3].
        area_weight_kg_m2: mass per area [kg/m2].
        thickness_m: thickness of the layer [m].
        linear_weight_kg_m: mass per length [kg/m].
        piece_weight_kg: mass of a piece [kg].
        coverage_m2: area that the declared amount covers [m2].
        conversion_factor: "conversion factor to 1 kg" as published. It is kept, never used: datasets give
            kg per unit or units per kg under the same name.
        biogenic_carbon_kg: biogenic carbon in the declared amount of product [kg C].
        biogenic_carbon_packaging_kg: the same in its packaging; it is never carbon of the product.
    """

    mass_kg: float | None = None
    density_kg_m3: float | None = None
    bulk_density_kg_m3: float | None = None
    area_weight_kg_m2: float | None = None
    thickness_m: float | None = None
    linear_weight_kg_m: float | None = None
    piece_weight_kg: float | None = None
    coverage_m2: float | None = None
    conversion_factor: float | None = None
    biogenic_carbon_kg: float | None = None
    biogenic_carbon_packaging_kg: float | None = None


PROPERTY_NAMES: tuple[str, ...] = tuple(item.name for item in fields(Properties))


@dataclass(frozen=True, slots=True)
class Conversion:
    """Mass of the declared amount.

    Attributes:
        kg: mass [kg]; None where the dataset does not tell it.
        how: the property that was used, or why there is no mass.
    """

    kg: float | None
    how: str


@dataclass(frozen=True)
class Epd:
    """A dataset as published; nothing is converted and nothing is filled in.

    Attributes:
        uuid, version: identity; UUIDs change with every release of a database.
        name: name in the first language of the file; `names` has all by language code.
        source_file, format: where it was read from.
        subtype: kind of dataset, empty where it is not stated.
        reference_year: year that the data stand for.
        valid_until: "2026" or "2026-05-08"; a year alone counts to its end.
        standard: the indicator set that the values belong to; "" where there is none of either.
        ef_version: "EF 3.0", "EF 3.1" or "".
        declared_quantity, declared_unit: the amount that all values count for; None where not stated.
        values: value by (code, module, scenario), in the unit of the code, per declared amount. What is not
            declared is absent, which is not zero.
        default_scenarios: names of the scenarios that count unless others are chosen.
        licence: licence or terms as written in the file.
        url: where the dataset is published.
        service_life_years: reference service life [years].

    Example:
        >>> brick = Epd(uuid="1", name="brick", declared_quantity=1.0, declared_unit="m3", standard="A2",
        ...             properties=Properties(density_kg_m3=1800.0),
        ...             values={("GWP-total", "A1-A3", ""): 360.0})
        >>> brick.kg_per_declared_unit()
        Conversion(kg=1800.0, how='density 1800 kg/m3')
        >>> brick.per_kg()
        {(<Indicator.GWP_TOTAL: 'GWP-total'>, <Stage.A1_A3: 'A1-A3'>): 0.2}
    """

    uuid: str
    name: str
    version: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    category: str = ""
    owner: str = ""
    source_file: str = ""
    format: str = ""
    location: str = ""
    subtype: Subtype = ""
    reference_year: int | None = None
    valid_until: str = ""
    standard: Standard = ""
    ef_version: str = ""
    declared_quantity: float | None = None
    declared_unit: str | None = None
    properties: Properties = field(default_factory=Properties)
    values: Mapping[ValueKey, float] = field(default_factory=dict)
    default_scenarios: tuple[str, ...] = ()
    licence: str = ""
    url: str = ""
    service_life_years: float | None = None

    @cached_property
    def modules(self) -> tuple[str, ...]:
        """Modules with a value, in the order of the life cycle."""
        declared = {module for _, module, _ in self.values}
        return tuple(module for module in MODULES if module in declared)

    def scenarios(self, module: str) -> tuple[str, ...]:
        """Scenarios of a module in the order of the file; ("",) where there is only one."""
        return tuple(dict.fromkeys(scenario for _, at, scenario in self.values if at == module))

    def scenario_of(self, module: str) -> str | None:
        """The scenario that counts for a module: a default, else the one without a name, else the first.

        Scenarios exclude one another, so they are never added. None where the module has no value.
        """
        present = self.scenarios(module)
        for name in (*self.default_scenarios, ""):
            if name in present:
                return name
        return present[0] if present else None

    def with_scenarios(self, *names: str) -> Epd:
        """The dataset with these scenarios instead of its defaults; the others stay in it.

        Raises:
            ReferenceDataError: no module has a scenario of that name.
        """
        known = {scenario for _, _, scenario in self.values}
        unknown = [name for name in names if name not in known]
        if unknown:
            there = ", ".join(sorted(item for item in known if item)) or "none"
            raise ReferenceDataError(f"{self.name}: no scenario {', '.join(unknown)}; it has {there}.")
        return replace(self, default_scenarios=tuple(names))

    def value(self, code: str, module: str) -> float | None:
        """The declared value of a module under its chosen scenario; None where nothing is declared."""
        scenario = self.scenario_of(module)
        return None if scenario is None else self.values.get((code, module, scenario))

    def stage_value(self, code: str, stage: Stage) -> float | None:
        """As `value`; A1-A3 is the module of that name, else the sum of A1, A2 and A3 if all are declared.

        Both at once are never added: the parts are already in the whole.
        """
        declared = self.value(code, stage.value)
        if declared is not None or stage is not Stage.A1_A3:
            return declared
        parts = [self.value(code, module) for module in SPLIT]
        known = [part for part in parts if part is not None]
        return sum(known) if len(known) == len(SPLIT) else None

    @property
    def production_is_summed(self) -> bool:
        """Whether A1-A3 comes from A1 + A2 + A3."""
        return PRODUCTION not in self.modules and all(module in self.modules for module in SPLIT)

    @property
    def stages(self) -> tuple[Stage, ...]:
        """Stages that have a value of some indicator or flow, A1 + A2 + A3 counted as A1-A3."""
        return tuple(
            stage
            for stage in Stage
            if stage.value in self.modules or (stage is Stage.A1_A3 and self.production_is_summed)
        )

    def kg_per_declared_unit(self) -> Conversion:
        """Mass of the declared amount (`declared_quantity` x `declared_unit`), from the dataset alone.

        Order: the unit itself, the mass stated for the declared amount, then the property of the dimension
        of the unit. Nothing is assumed: a dataset without such a property has no mass.
        """
        quantity, unit, own = self.declared_quantity, self.declared_unit, self.properties
        if quantity is None or unit is None:
            return Conversion(None, "the declared unit is not stated")
        if unit == "kg":
            return Conversion(quantity, "declared in kg")
        if own.mass_kg is not None:
            return Conversion(own.mass_kg, f"mass of the declared unit {own.mass_kg:g} kg")
        per_unit: float | None = None
        how = ""
        if unit == "m3":
            for value, label in ((own.density_kg_m3, "density"), (own.bulk_density_kg_m3, "bulk density")):
                if value is not None and per_unit is None:
                    per_unit, how = value, f"{label} {value:g} kg/m3"
        elif unit == "m2" and own.area_weight_kg_m2 is not None:
            per_unit, how = own.area_weight_kg_m2, f"area weight {own.area_weight_kg_m2:g} kg/m2"
        elif unit == "m2" and own.density_kg_m3 is not None and own.thickness_m is not None:
            per_unit = own.density_kg_m3 * own.thickness_m
            how = f"density {own.density_kg_m3:g} kg/m3 x thickness {own.thickness_m:g} m"
        elif unit == "m" and own.linear_weight_kg_m is not None:
            per_unit, how = own.linear_weight_kg_m, f"linear weight {own.linear_weight_kg_m:g} kg/m"
        elif unit == "pcs" and own.piece_weight_kg is not None:
            per_unit, how = own.piece_weight_kg, f"weight of a piece {own.piece_weight_kg:g} kg"
        if per_unit is None:
            return Conversion(None, f"declared per {unit}, and the dataset states no mass for it")
        return Conversion(quantity * per_unit, how)

    def why_not_usable(self) -> str | None:
        """Why the dataset cannot stand for a material in an assessment; None if it can."""
        if self.standard == "A1":
            return "it holds the EN 15804+A1 set, which must not be mixed with EN 15804+A2"
        if self.standard != "A2":
            return "it holds no indicators of EN 15804+A2"
        mass = self.kg_per_declared_unit()
        if mass.kg is None:
            return mass.how
        if mass.kg <= 0:
            return f"the mass of its declared unit is {mass.kg:g} kg"
        if not any(self.stage_value(item, Stage.A1_A3) is not None for item in CORE_INDICATORS):
            return "it has no values for A1-A3"
        return None

    def per_kg(self) -> dict[tuple[Indicator, Stage], float]:
        """Values of the A2 indicators per kg, for the chosen scenarios; what is not declared is absent.

        Raises:
            ReferenceDataError: the dataset cannot be used; see `why_not_usable`.
        """
        reason = self.why_not_usable()
        kg = self.kg_per_declared_unit().kg
        if reason is not None or kg is None:
            raise ReferenceDataError(f"{self.name} ({self.uuid}) cannot be used: {reason}.")
        out: dict[tuple[Indicator, Stage], float] = {}
        for item in codes().values():
            if item.indicator is not None:
                for stage in self.stages:
                    value = self.stage_value(item.code, stage)
                    if value is not None:
                        out[item.indicator, stage] = value / kg
        return out

    def last_valid_day(self) -> dt.date | None:
        """The last day on which the dataset is valid; None where it does not say."""
        found = _DATE.match(self.valid_until)
        if not found:
            return None
        year, month, day = (int(part) if part else None for part in found.groups())
        if year is None or month is None:
            return dt.date(year or 1, 12, 31)
        try:
            if day is not None:
                return dt.date(year, month, day)
            return dt.date(year + month // 12, month % 12 + 1, 1) - dt.timedelta(days=1)
        except ValueError:
            return None
