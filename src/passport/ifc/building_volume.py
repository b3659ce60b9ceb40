"""Built volume [m3] by a stated chain, with bounds: what the thresholds of demolition plans ask for.

Value: gross volume of the building, of the storeys, of gross-area spaces; gross floor area times the mean
storey height. Volumes of rooms hold no walls and no slabs, so they are a lower bound; the box around the
drawn building is an upper bound.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Any

from passport.findings import FindingLog, Severity
from passport.ifc.floor_area import FloorAreaReader
from passport.ifc.schema import Schema
from passport.ifc.slab_floors import ElementBox, SlabFloor
from passport.ifc.spatial_quantities import SpatialQuantities
from passport.models import BuildingVolume, FloorArea

#: Heights between levels that can be a storey [m]; others are foundations, roof edges or sub-levels.
_STOREY_M = (2.0, 8.0)
#: A volume per floor area above this is a fault of unit [m3/m2].
_MOST_M = 40.0
#: A wall that rises less above the top floor is a parapet [m].
_STOREY_HIGH_M = 1.5
#: A box holds the building when these are drawn.
_ENCLOSING = ("IfcWall", ("IfcSlab", "IfcRoof"))
#: Rounding of what a model states.
_SLACK = 0.001
_ENOUGH = 0.9


@dataclass(frozen=True, slots=True)
class StatedVolumes:
    """Volumes [m3] and storey heights [m] as the model states them; None where it states none."""

    building_m3: float | None = None
    storeys_m3: float | None = None
    outlines_m3: float | None = None
    spaces_gross_m3: float | None = None
    spaces_net_m3: float | None = None
    storey_heights_m: tuple[float, ...] = ()


def read_stated_volumes(
    file: Any, schema: Schema, quantities: SpatialQuantities, areas: FloorAreaReader
) -> StatedVolumes:
    """What the sets of building, storeys and the spaces inside state."""

    def total(spatials: Sequence[Any], *roles: str) -> float | None:
        stated = [quantities.of(s) for s in spatials]
        for role in roles:
            known = [q["volume", role] for q in stated if ("volume", role) in q]
            if known and len(known) >= _ENOUGH * len(stated):
                return sum(known)
        return None

    storeys = schema.by_type(file, "IfcBuildingStorey")
    heights = (quantities.of(s).get(("length", "gross height")) for s in storeys)
    return StatedVolumes(
        building_m3=total(schema.by_type(file, "IfcBuilding"), "gross"),
        storeys_m3=total(storeys, "gross"),
        outlines_m3=total(areas.gross_area_spaces(), "gross"),
        spaces_gross_m3=total(areas.rooms(), "gross"),
        spaces_net_m3=total(areas.rooms(), "net", "plain"),
        storey_heights_m=tuple(h for h in heights if h is not None),
    )


def building_volume(
    stated: StatedVolumes,
    floor_area: FloorArea,
    log: FindingLog,
    *,
    storey_elevations_m: Sequence[float] = (),
    floors: Sequence[SlabFloor] = (),
    boxes: Sequence[ElementBox] = (),
) -> BuildingVolume | None:
    """The built volume, or its bounds; None when nothing is known.

    Args:
        floor_area: its gross area is multiplied by the mean storey height where no volume is stated.
        storey_elevations_m: of the storeys, in any order.
        floors: from `slab_floors`.
        boxes: all drawn elements of the building.

    Example:
        >>> building_volume(StatedVolumes(building_m3=900.0), FloorArea(), FindingLog()).above(1000.0)
        False
    """
    upper = _box_m3(boxes)
    known = _Known(upper, floor_area, log)
    lower, lower_origin = _lower(stated, known)
    value, value_origin = _value(stated, known, lower, storey_elevations_m, floors, boxes)
    if value is None and lower is None and upper is None:
        return None
    words = []
    if value is not None:
        words.append(value_origin)
    if lower is not None:
        words.append(f"at least the {lower_origin}, which holds no walls and slabs")
    if upper is not None:
        words.append("at most the box around the drawn building")
    return BuildingVolume(value_m3=value, lower_m3=lower, upper_m3=upper, origin="; ".join(words))


class _Known:
    """What a volume is held against before it is used."""

    def __init__(self, upper_m3: float | None, floor_area: FloorArea, log: FindingLog) -> None:
        self.upper_m3 = upper_m3
        self.floor_area = floor_area
        self.gross_m2 = floor_area.value if floor_area.gross else None
        self._log = log

    def believes(self, value: float, origin: str, lower_m3: float | None = None) -> bool:
        """Whether the volume fits the floor area and the bounds; a finding where it does not."""
        height = None if self.gross_m2 is None else value / self.gross_m2
        if height is not None and height > _MOST_M:
            fault = f"a mean height of {height:.3g} m on {self.gross_m2:.1f} m2"
        elif self.upper_m3 is not None and value > self.upper_m3 * (1 + _SLACK):
            fault = f"more than the {self.upper_m3:.1f} m3 of the box around the drawn building"
        elif lower_m3 is not None and value < lower_m3 * (1 - _SLACK):
            fault = f"less than the {lower_m3:.1f} m3 of its spaces"
        else:
            return True
        self._log.add(
            "building-volume-implausible",
            Severity.WARNING,
            f"The {origin} is {value:.6g} m3, {fault}; it was not used.",
            hint="Check the volume unit of the model, and whether all of the building is drawn.",
        )
        return False


def _value(
    stated: StatedVolumes,
    known: _Known,
    lower: float | None,
    elevations: Sequence[float],
    floors: Sequence[SlabFloor],
    boxes: Sequence[ElementBox],
) -> tuple[float | None, str]:
    links = (
        (stated.building_m3, "gross volume of the building"),
        (stated.storeys_m3, "gross volume of the storeys"),
        (stated.outlines_m3, "gross volume of the gross-area spaces"),
    )
    for value, origin in links:
        if value is not None and known.believes(value, origin, lower):
            return value, origin
    height, height_origin = _storey_height(stated, elevations, floors, boxes)
    if known.gross_m2 is not None and height is not None:
        value = known.gross_m2 * height
        origin = f"floor area ({known.floor_area.origin}) times {height:.2f} m, {height_origin}"
        if known.believes(value, origin, lower):
            return value, origin
    return None, ""


def _storey_height(
    stated: StatedVolumes,
    elevations: Sequence[float],
    floors: Sequence[SlabFloor],
    boxes: Sequence[ElementBox],
) -> tuple[float | None, str]:
    levels = sorted(floors, key=lambda f: f.level_m)
    heights = [above.level_m - floor.level_m for floor, above in pairwise(levels)]
    top = _height_on(levels[-1].level_m, boxes) if levels else None
    if levels and (top is not None or heights):
        heights.append(top if top is not None else heights[-1])
        area = sum(f.area_m2 for f in levels)
        return (
            sum(h * f.area_m2 for h, f in zip(heights, levels, strict=True)) / area,
            "the mean height between the slabs",
        )
    if stated.storey_heights_m:
        return sum(stated.storey_heights_m) / len(stated.storey_heights_m), "the stated height of the storeys"
    ordered = sorted(set(elevations))
    apart = [b - a for a, b in pairwise(ordered) if _STOREY_M[0] <= b - a <= _STOREY_M[1]]
    return (sum(apart) / len(apart), "the mean height between the storeys") if apart else (None, "")


def _height_on(level: float, boxes: Sequence[ElementBox]) -> float | None:
    """Median height of the walls and columns on the top floor, so that gables and eaves even out."""
    tops = [
        b.high_m[2] - level
        for b in boxes
        if b.ifc_class.startswith(("IfcWall", "IfcColumn"))
        and b.low_m[2] <= level + 1.0
        and b.high_m[2] >= level + _STOREY_HIGH_M
    ]
    return median(tops) if tops else None


def _lower(stated: StatedVolumes, known: _Known) -> tuple[float | None, str]:
    links = (
        (stated.spaces_gross_m3, "gross volume of the spaces"),
        (stated.spaces_net_m3, "net volume of the spaces"),
    )
    for value, origin in links:
        if value is not None and known.believes(value, origin):
            return value, origin
    return None, ""


def _box_m3(boxes: Sequence[ElementBox]) -> float | None:
    classes = {b.ifc_class for b in boxes}
    # A model of slabs or of frames alone does not show how far the building reaches.
    if not all(any(c.startswith(part) for c in classes) for part in _ENCLOSING):
        return None
    product = 1.0
    for axis in range(3):
        product *= max(b.high_m[axis] for b in boxes) - min(b.low_m[axis] for b in boxes)
    return product if product > 0 else None
