"""Declared units as the formats write them, and the trap of the transport rows."""

from __future__ import annotations

from collections.abc import Mapping

#: Spelling (lower case, without blanks and dots) -> unit of this library and how many of it one is.
_UNITS: Mapping[str, tuple[str, float]] = {
    "kg": ("kg", 1.0),
    "g": ("kg", 0.001),
    "t": ("kg", 1000.0),
    "tonne": ("kg", 1000.0),
    "tonnes": ("kg", 1000.0),
    "tones": ("kg", 1000.0),
    "metricton": ("kg", 1000.0),
    "m3": ("m3", 1.0),
    "cbm": ("m3", 1.0),
    "l": ("m3", 0.001),
    "litre": ("m3", 0.001),
    "liter": ("m3", 0.001),
    "m2": ("m2", 1.0),
    "qm": ("m2", 1.0),
    "sqm": ("m2", 1.0),
    "m": ("m", 1.0),
    "lfm": ("m", 1.0),
    "km": ("m", 1000.0),
    "pcs": ("pcs", 1.0),
    "pce": ("pcs", 1.0),
    "piece": ("pcs", 1.0),
    "pieces": ("pcs", 1.0),
    "item": ("pcs", 1.0),
    "items": ("pcs", 1.0),
    "item(s)": ("pcs", 1.0),
    "unit": ("pcs", 1.0),
    "stk": ("pcs", 1.0),
    "stück": ("pcs", 1.0),
    "st": ("pcs", 1.0),
    "mj": ("MJ", 1.0),
    "kwh": ("MJ", 3.6),
    "a": ("a", 1.0),
    "year": ("a", 1.0),
    "kg*a": ("kg.a", 1.0),
    "m2*a": ("m2.a", 1.0),
    "m3*a": ("m3.a", 1.0),
    "m2k/w": ("m2 (R = 1)", 1.0),
    "m2r1": ("m2 (R = 1)", 1.0),
    "t*km": ("t.km", 1.0),
    "tkm": ("t.km", 1.0),
    "tones_km": ("t.km", 1.0),
    "kgkm": ("t.km", 0.001),
    "kg*km": ("t.km", 0.001),
}

#: ILCD flow property -> unit; the UUID decides, since labels vary with the language. Source: flow properties
#: of the ILCD+EPD identifier tables (InData working group, 2025).
FLOW_PROPERTIES: Mapping[str, str] = {
    "93a60a56-a3c8-11da-a746-0800200b9a66": "kg",
    "7e18d0ad-e78e-47a0-8e96-1c0a581902e2": "kg",
    "93a60a56-a3c8-22da-a746-0800200c9a66": "m3",
    "93a60a56-a3c8-19da-a746-0800200c9a66": "m2",
    "838aaa23-0117-11db-92e3-0800200c9a66": "m",
    "01846770-4cfe-4a25-8ad9-919d8d378345": "pcs",
    "93a60a56-a3c8-14da-a746-0800200c9a66": "MJ",
    "93a60a56-a3c8-11da-a746-0800200c9a66": "MJ",
    "b3f0f892-c5a3-4c66-a432-c09e3d1e9bd6": "kg*a",
    "93a60a56-a3c8-21da-a746-0800200c9a66": "m2*a",
    "441238a3-ba09-46ec-b35b-c30cfba746d1": "m3*a",
    "c0447923-0e60-4b3c-97c2-a86dddd9eea5": "a",
    "838aaa20-0117-11db-92e3-0800200c9a66": "t*km",
}
MASS = "93a60a56-a3c8-11da-a746-0800200b9a66"
BIOGENIC_CARBON = "62e503ce-544a-4599-b2ad-bcea15a7bf20"
BIOGENIC_CARBON_PACKAGING = "262a541b-209e-44cc-a426-33bce30de7b1"

#: kg CO2 eq that moving one tonne over one kilometre can cause, from ships to small vans.
TRANSPORT_GWP = (0.001, 0.9)


def declared_amount(quantity: float, unit: str) -> tuple[float, str] | None:
    """Quantity and unit of this library; None for a unit that is not known.

    Example:
        >>> declared_amount(2.0, "qm"), declared_amount(1000.0, "kgkm"), declared_amount(1.0, "bushel")
        ((2.0, 'm2'), (1.0, 't.km'), None)
    """
    key = "".join(unit.split()).replace(".", "").replace("²", "2").replace("³", "3").replace("^", "")
    found = _UNITS.get(key.lower())
    return None if found is None else (quantity * found[1], found[0])


def transport_amount(tkm: float, gwp: float | None) -> float | None:
    """The amount that a transport value counts for [t.km]: as declared, or 1; None if neither is plausible.

    OEKOBAUDAT writes "1000 t*km" or "1000 kgkm" over values that count for 1 t.km.

    Example:
        >>> transport_amount(1000.0, 0.1107), transport_amount(1000.0, 110.7), transport_amount(1.0, 9.0)
        (1.0, 1000.0, None)
    """
    low, high = TRANSPORT_GWP
    if gwp is None:
        return tkm
    for amount in (tkm, 1.0):
        if low <= gwp / amount <= high:
            return amount
    return None
