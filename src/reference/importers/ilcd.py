"""What both forms of ILCD+EPD (JSON and XML) have in common: the words and the rules, not the syntax."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from reference.importers.codes import by_uuid
from reference.importers.declared_units import (
    BIOGENIC_CARBON,
    BIOGENIC_CARBON_PACKAGING,
    FLOW_PROPERTIES,
    MASS,
)
from reference.importers.draft import EpdDraft
from reference.importers.epd import Properties, Standard

#: Compliance system -> indicator set and version. Source: references of the ILCD+EPD identifier tables.
COMPLIANCE: Mapping[str, tuple[Standard, str]] = {
    "b00f9ec0-7874-11e3-981f-0800200c9a66": ("A1", ""),
    "c0016b33-8cf7-415c-ac6e-deba0d21440d": ("A2", "EF 3.0"),
    "d4aa3ec7-b1d7-4a4a-a6cb-37af88dcc902": ("A2", "EF 3.1"),
}
#: Material property (lower case) -> field of `Properties`.
MATERIAL_PROPERTIES: Mapping[str, str] = {
    "gross density": "density_kg_m3",
    "density": "density_kg_m3",
    "raw density": "density_kg_m3",
    "bulk density": "bulk_density_kg_m3",
    "grammage": "area_weight_kg_m2",
    "layer thickness": "thickness_m",
    "thickness": "thickness_m",
    "linear density": "linear_weight_kg_m",
    "weight per metre": "linear_weight_kg_m",
    "weight per unit": "piece_weight_kg",
    "weight per piece": "piece_weight_kg",
    "productiveness": "coverage_m2",
    "yield": "coverage_m2",
    "conversion factor to 1 kg": "conversion_factor",
    "conversion factor [mass/declared unit]": "conversion_factor",
}
#: Spelling of a unit -> factor to the unit of the field.
PROPERTY_UNITS: Mapping[str, Mapping[str, float]] = {
    "density_kg_m3": {"kg/m3": 1.0, "t/m3": 1000.0, "g/cm3": 1000.0, "kg/dm3": 1000.0, "kg/l": 1000.0},
    "bulk_density_kg_m3": {"kg/m3": 1.0, "t/m3": 1000.0, "g/cm3": 1000.0, "kg/dm3": 1000.0, "kg/l": 1000.0},
    "area_weight_kg_m2": {"kg/m2": 1.0, "g/m2": 0.001, "kg/qm": 1.0},
    "thickness_m": {"m": 1.0, "mm": 0.001, "cm": 0.01},
    "linear_weight_kg_m": {"kg/m": 1.0, "g/m": 0.001},
    "piece_weight_kg": {"kg": 1.0, "kg/stk": 1.0, "kg/pcs": 1.0, "kg/piece": 1.0, "kg/unit": 1.0, "g": 0.001},
    "coverage_m2": {"m2": 1.0, "qm": 1.0},
}


@dataclass(slots=True)
class ReferenceFlow:
    """The declared product: how much, in which unit, with which properties."""

    amount: float = 1.0
    unit: str = ""
    quantity_per_amount: float | None = None
    by_flow_property: dict[str, float] = field(default_factory=dict)
    properties: dict[str, float] = field(default_factory=dict)


def take_flow_property(
    flow: ReferenceFlow, draft: EpdDraft, uuid: str, raw: object, label: str, reference: bool, place: str
) -> None:
    """Take one flow property; the reference one gives quantity and unit, by its UUID before its label."""
    value = draft.number(raw, place)
    if value is None:
        return
    uuid = uuid.strip().lower()
    flow.by_flow_property[uuid] = value
    if reference:
        flow.quantity_per_amount = value
        flow.unit = FLOW_PROPERTIES.get(uuid, label)


def take_material_property(
    flow: ReferenceFlow, draft: EpdDraft, name: str, raw: object, unit: str, place: str
) -> None:
    """Take one material property; an unknown unit leaves it out with a warning."""
    known = MATERIAL_PROPERTIES.get(" ".join(name.lower().split()))
    if known is None:
        return
    factors = PROPERTY_UNITS.get(known)
    key = unit.lower().replace("^", "").replace(" ", "").replace("²", "2").replace("³", "3").replace(".", "")
    factor = 1.0 if factors is None else factors.get(key)
    if factor is None:
        draft.note(
            "warning", "property-unit", place, f"{name} is given in {unit!r}, which is not known; left out."
        )
        return
    value = draft.number(raw, place)
    if value is not None and known not in flow.properties:
        flow.properties[known] = value * factor


def declared(flow: ReferenceFlow, draft: EpdDraft) -> tuple[float | None, str | None, Properties]:
    """Declared quantity, unit and properties of the reference flow.

    Flow properties count for one unit of the flow, so all are multiplied by its amount: 1 x 1000 kg is a
    dataset per tonne.
    """
    quantity = None if flow.quantity_per_amount is None else flow.amount * flow.quantity_per_amount
    amount, unit = draft.unit_amount(quantity, flow.unit, "reference flow")
    extra: dict[str, float] = {}
    for uuid, name in (
        (MASS, "mass_kg"),
        (BIOGENIC_CARBON, "biogenic_carbon_kg"),
        (BIOGENIC_CARBON_PACKAGING, "biogenic_carbon_packaging_kg"),
    ):
        if uuid in flow.by_flow_property and not (name == "mass_kg" and unit == "kg"):
            extra[name] = flow.amount * flow.by_flow_property[uuid]
    return amount, unit, Properties(**flow.properties, **extra)


def stated_set(compliance: Iterable[tuple[str, str]]) -> tuple[Standard, str]:
    """Indicator set and EF version that the compliance declarations claim: UUID first, then the label.

    Example:
        >>> stated_set([("", "ISO 14025"), ("", "DIN EN 15804+A2")])
        ('A2', '')
    """
    pairs = list(compliance)
    for uuid, _ in pairs:
        if uuid.lower() in COMPLIANCE:
            return COMPLIANCE[uuid.lower()]
    for _, label in pairs:
        if "15804" in label:
            return ("A2" if "A2" in label else "A1" if "A1" in label else ""), ""
    return "", ""


def take_amounts(
    draft: EpdDraft,
    uuid: object,
    label: str,
    unit: tuple[str, str],
    amounts: Iterable[tuple[object, object, object]],
    place: str,
) -> None:
    """Take the amounts (module, scenario, value) of one indicator, whose unit is (label, unit group)."""
    rows = list(amounts)
    if not rows:
        return
    code = draft.indicator(uuid, label, by_uuid(), place)
    if code is None or not draft.unit(code, *unit, place):
        return
    for module, scenario, raw in rows:
        draft.add(code, module, scenario, raw, f"{place}, {code.code}, {module}")
