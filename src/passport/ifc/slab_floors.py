"""Floors of a building from the outlines of its slabs: what stands in for a gross floor area not stated.

Works on boxes and plan areas only. A slab counts where something a storey high stands on it, so that a flat
roof, a balcony or a terrace does not; layers drawn as slabs above each other count once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from passport.ifc.body import Body

Point = tuple[float, float, float]

#: A slab whose top lies higher than this above the lowest top of a floor starts the next floor [m].
_FLOOR_GAP_M = 1.5
#: What stands on a floor rises at least this high above it: a parapet does not [m].
_STOREY_HIGH_M = 1.5
#: ... and starts at most this high above it [m].
_STANDS_WITHIN_M = 1.0
#: A slab with a higher box is sloping or stepped: not a floor, unless the model calls it one [m].
_FLAT_M = 1.0
#: Share of the smaller slab's box that lies in larger ones, above which it is a layer of them.
_SAME_PLACE = 0.8
#: Share of a slab's box within the walls, above which all of it is floor (its edge may pass the walls), and
#: share outside them above which none of it is.
_WITHIN_WALLS = 0.8
#: Two outlines fit side by side into a box when they fill no more of it than this.
_FITS = 1.02

_FLOOR_TYPES = frozenset({"", "FLOOR", "BASESLAB", "USERDEFINED", "NOTDEFINED"})
_STANDING = (
    "IfcWall",
    "IfcColumn",
    "IfcCurtainWall",
    "IfcSpace",
    "IfcMember",
    "IfcPlate",
    "IfcWindow",
    "IfcDoor",
)


@dataclass(frozen=True, slots=True)
class ElementBox:
    """Plan area [m2] and box [m, project coordinates, z upwards] of one element or space.

    Attributes:
        predefined_type: as in `Element`: empty when unknown.
        is_external: the property IsExternal.
    """

    step_id: int
    ifc_class: str
    predefined_type: str
    storey: str | None
    plan_area_m2: float | None
    low_m: Point
    high_m: Point
    is_external: bool | None = None

    def box_area_m2(self) -> float:
        """Plan area of the box."""
        return max(self.high_m[0] - self.low_m[0], 0.0) * max(self.high_m[1] - self.low_m[1], 0.0)


def element_box(
    step_id: int,
    ifc_class: str,
    predefined_type: str,
    storey: str | None,
    body: Body,
    is_external: bool | None = None,
) -> ElementBox | None:
    """The box of a measured element or space; None when its place is not known."""
    if body.low_m is None or body.high_m is None:
        return None
    return ElementBox(
        step_id, ifc_class, predefined_type, storey, body.plan_area_m2, body.low_m, body.high_m, is_external
    )


@dataclass(frozen=True, slots=True)
class SlabFloor:
    """One floor: elevation of the top of its largest slab, its area, and the slabs that make it up."""

    level_m: float
    area_m2: float
    step_ids: tuple[int, ...]


def slab_floors(boxes: Sequence[ElementBox]) -> tuple[SlabFloor, ...]:
    """Floors from the lowest up; none when there are no floor slabs or nothing stands on them.

    Args:
        boxes: slabs and what may stand on them (walls, columns, spaces inside); other classes are ignored.

    Example:
        >>> slab = ElementBox(1, "IfcSlab", "FLOOR", None, 80.0, (0, 0, -0.2), (10, 8, 0))
        >>> wall = ElementBox(2, "IfcWall", "", None, None, (0, 0, 0), (10, 8, 2.7))
        >>> slab_floors([slab, wall])[0].area_m2
        80.0
    """
    slabs = sorted((b for b in boxes if _may_be_floor(b)), key=lambda b: b.high_m[2])
    standing = [b for b in boxes if b.ifc_class.startswith(_STANDING)]
    if not slabs or not standing:
        return ()
    floors = []
    for group in _by_level(slabs):
        level = max(group, key=lambda s: s.box_area_m2()).high_m[2]
        walls = _plan_box(_standing_on(level, standing))
        if walls is None:
            continue
        counted = [(s, _within(s, walls)) for s in _once(group)]
        area = sum(_plan_area(s) * share for s, share in counted)
        if area > 0:
            floors.append(SlabFloor(level, area, tuple(s.step_id for s, share in counted if share > 0)))
    return tuple(floors)


def _may_be_floor(box: ElementBox) -> bool:
    if not box.ifc_class.startswith("IfcSlab") or box.predefined_type not in _FLOOR_TYPES:
        return False
    if box.is_external is True or _plan_area(box) <= 0:
        return False
    return box.predefined_type in ("FLOOR", "BASESLAB") or _thickness(box) <= _FLAT_M


def _plan_area(box: ElementBox) -> float:
    """Plan area, at most that of the box: layers drawn apart in one slab each have a face that looks up."""
    return min(box.plan_area_m2 or 0.0, box.box_area_m2())


def _by_level(slabs: list[ElementBox]) -> list[list[ElementBox]]:
    """Groups from the lowest up; measured from the lowest top, so that landings do not chain two floors."""
    groups: list[list[ElementBox]] = []
    for slab in slabs:
        if groups and slab.high_m[2] - groups[-1][0].high_m[2] <= _FLOOR_GAP_M:
            groups[-1].append(slab)
        else:
            groups.append([slab])
    return groups


def _standing_on(level: float, boxes: Sequence[ElementBox]) -> list[ElementBox]:
    return [
        b for b in boxes if b.low_m[2] <= level + _STANDS_WITHIN_M and b.high_m[2] >= level + _STOREY_HIGH_M
    ]


def _plan_box(boxes: Sequence[ElementBox]) -> tuple[float, float, float, float] | None:
    """x and y of the low and the high corner around all boxes."""
    if not boxes:
        return None
    return (
        min(b.low_m[0] for b in boxes),
        min(b.low_m[1] for b in boxes),
        max(b.high_m[0] for b in boxes),
        max(b.high_m[1] for b in boxes),
    )


def _within(slab: ElementBox, walls: tuple[float, float, float, float]) -> float:
    """Share of the slab that lies within the walls: 1 nearly all, 0 a balcony outside them."""
    box = slab.box_area_m2()
    width = min(slab.high_m[0], walls[2]) - max(slab.low_m[0], walls[0])
    depth = min(slab.high_m[1], walls[3]) - max(slab.low_m[1], walls[1])
    share = max(width, 0.0) * max(depth, 0.0) / box if box > 0 else 0.0
    if share >= _WITHIN_WALLS:
        return 1.0
    return 0.0 if share <= 1 - _WITHIN_WALLS else share


def _once(group: list[ElementBox]) -> list[ElementBox]:
    """The slabs of one floor without those that lie above, below or in larger ones."""
    ordered = [slab for layer in _layers(group) for slab in layer]
    low: NDArray[np.float64] = np.array([s.low_m for s in ordered], dtype=float)
    high: NDArray[np.float64] = np.array([s.high_m for s in ordered], dtype=float)
    area = np.array([_plan_area(s) for s in ordered])
    box = np.array([s.box_area_m2() for s in ordered])
    kept: list[int] = []
    for i in range(len(ordered)):
        if kept and box[i] > 0:
            k = np.array(kept)
            sides = np.minimum(high[k], high[i]) - np.maximum(low[k], low[i])
            overlap = np.clip(sides[:, 0], 0, None) * np.clip(sides[:, 1], 0, None)
            beside = _side_by_side(sides[:, 2], high[k, 2] - low[k, 2], high[i, 2] - low[i, 2]) & (
                area[k] + area[i] <= _FITS * box[k]
            )
            if overlap[~beside].sum() > _SAME_PLACE * box[i]:
                continue
        kept.append(i)
    return [ordered[i] for i in kept]


def _layers(group: list[ElementBox]) -> list[list[ElementBox]]:
    """Slabs at the same height together, the layer of the largest area first: planks before finishes."""
    layers: list[list[ElementBox]] = []
    for slab in sorted(group, key=lambda s: (-_plan_area(s), s.step_id)):
        for layer in layers:
            first = layer[0]
            common = min(slab.high_m[2], first.high_m[2]) - max(slab.low_m[2], first.low_m[2])
            if common > 0.5 * min(_thickness(slab), _thickness(first)):
                layer.append(slab)
                break
        else:
            layers.append([slab])
    return sorted(layers, key=lambda layer: -sum(_plan_area(s) for s in layer))


def _thickness(slab: ElementBox) -> float:
    return slab.high_m[2] - slab.low_m[2]


def _side_by_side(
    common: NDArray[np.float64], thickness: NDArray[np.float64], own: float
) -> NDArray[np.bool_]:
    """Whether slabs share half of the thinner one's height: two bodies cannot fill one place.

    Their boxes may overlap all the same, as that of a slab in the corner of an L-shaped one.
    """
    return common > 0.5 * np.minimum(thickness, own)
