"""Volume of reinforcing bars from their diameter, length and number."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from passport.ifc.properties import Candidate
from passport.ifc.units import Units
from passport.models import Origin


def bar_candidates(entity: Any, kind: Any, known: Iterable[Candidate], units: Units) -> list[Candidate]:
    """Candidates of an IfcReinforcingBar: its volume, or its section where no bar length is stated.

    None where its weight is stated, which is how reinforcement is measured; no section where it stands for
    several bars, since a length may then be that of one bar or of all.

    Args:
        entity: the bar.
        kind: its type or None; attributes of the bar come before those of the type.
        known: candidates of its sets; a stated count says how many bars the element stands for.
        units: of the model.
    """
    stated = [c for c in known if not c.on_type]
    if any(c.kind == "weight" and c.value > 0 for c in stated):
        return []
    counts = [c for c in stated if c.kind == "count" and c.value >= 1]
    count = counts[0].value if counts else 1.0
    section, section_source = _first(entity, kind, "CrossSectionArea", units.area)
    diameter, diameter_source = _first(entity, kind, "NominalDiameter", units.length)
    if diameter is not None:
        round_m2 = math.pi / 4 * diameter**2
        # An area that is not that of the diameter was written in another unit, as a rule in mm2.
        if section is None or not 0.5 < section / round_m2 < 2.0:
            section, section_source = round_m2, diameter_source
    if section is None:
        return []
    length, length_source = _first(entity, kind, "BarLength", units.length)
    if length is None and count > 1:
        return []
    if length is None:
        return [Candidate("area", "section", section, Origin.PROPERTY_SET, section_source)]
    source = f"{section_source} x {length_source}"
    if counts:
        source += f" x {counts[0].source}"
    return [Candidate("volume", "net", section * length * count, Origin.PROFILE, source)]


def _first(entity: Any, kind: Any, attribute: str, factor: float) -> tuple[float | None, str]:
    for holder in (entity, kind):
        value = None if holder is None else getattr(holder, attribute, None)
        if isinstance(value, int | float) and 0 < value < math.inf:
            return value * factor, f"{holder.is_a()}.{attribute}"
    return None, ""
