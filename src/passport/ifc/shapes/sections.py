"""Rolled and cold-formed sections as corner polygons, each corner with the radius that rounds it.

Where a flange or leg slopes, its thickness is measured where the section tables do: I and T flanges at a
quarter of the width, U flanges, L legs and T webs at the middle (DIN 1025-1, DIN 1026-1, EN 10055).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from passport.ifc.shapes.dimensions import is_number, length, need, radius
from passport.ifc.shapes.outlines import FARTHEST

#: x, y, radius
Corner = tuple[float, float, float]


def is_section(ifc_class: str) -> bool:
    """Whether `corners` knows the class."""
    return ifc_class in _SECTIONS


def corners(profile: Any, angle_factor: float = 1.0) -> list[Corner]:
    """Corners of a parameterised profile in its own axes, counter-clockwise.

    Args:
        profile: an instance of a class that `is_section` knows.
        angle_factor: from the model's plane angle unit to radian, for slopes.

    Raises:
        BadShapeError: dimensions that no such section can have.
    """
    return _SECTIONS[profile.is_a()](profile, angle_factor)


def box(x: float, y: float, rounding: float) -> list[Corner]:
    """A rectangle of half sizes x and y."""
    return [(-x, -y, rounding), (x, -y, rounding), (x, y, rounding), (-x, y, rounding)]


def _rounded_rectangle(profile: Any, angle: float) -> list[Corner]:
    x, y = length(profile, 3, "width") / 2.0, length(profile, 4, "depth") / 2.0
    return box(x, y, radius(profile, 5, "rounding radius"))


def _trapezium(profile: Any, angle: float) -> list[Corner]:
    bottom, top = length(profile, 3, "bottom width"), length(profile, 4, "top width")
    y, offset = length(profile, 5, "depth") / 2.0, profile.get_argument(6) or 0.0
    need(abs(offset) < FARTHEST, "the offset of its top is no length")
    # The origin is the centre of the bounding box, not of the bottom.
    left = -(min(0.0, offset) + max(bottom, offset + top)) / 2.0
    return [
        (left, -y, 0.0),
        (left + bottom, -y, 0.0),
        (left + offset + top, y, 0.0),
        (left + offset, y, 0.0),
    ]


def _i_shape(profile: Any, angle: float) -> list[Corner]:
    flange = _flange(profile, angle, 3, 6, 7, 8, 9) if len(profile) > 8 else _flange(profile, angle, 3, 6, 7)
    return _i_corners(length(profile, 4, "depth"), length(profile, 5, "web thickness"), flange, flange)


def _asymmetric_i_shape(profile: Any, angle: float) -> list[Corner]:
    # IFC2X3 names the bottom flange otherwise and has no slopes, but keeps the order.
    sloped = len(profile) > 12
    bottom = _flange(profile, angle, 3, 6, 7, 11, 12) if sloped else _flange(profile, angle, 3, 6, 7)
    thickness = 6 if profile.get_argument(9) is None else 9
    top = (
        _flange(profile, angle, 8, thickness, 10, 13, 14)
        if sloped
        else _flange(profile, angle, 8, thickness, 10)
    )
    return _i_corners(length(profile, 4, "depth"), length(profile, 5, "web thickness"), bottom, top)


def _flange(
    profile: Any,
    angle: float,
    width: int,
    thickness: int,
    fillet: int,
    edge: int | None = None,
    slope: int | None = None,
) -> _Flange:
    return _Flange(
        length(profile, width, "flange width"),
        length(profile, thickness, "flange thickness"),
        radius(profile, fillet, "fillet radius"),
        0.0 if edge is None else radius(profile, edge, "edge radius"),
        0.0 if slope is None else _slope(profile, angle, slope),
    )


def _l_shape(profile: Any, angle: float) -> list[Corner]:
    depth = length(profile, 3, "depth")
    width = depth if profile.get_argument(4) is None else length(profile, 4, "width")
    thickness = length(profile, 5, "thickness")
    fillet, edge = radius(profile, 6, "fillet radius"), radius(profile, 7, "edge radius")
    slope = _slope(profile, angle, 8)
    x, y = width / 2.0, depth / 2.0
    need(thickness < min(width, depth), "legs thicker than they are long")
    # The inner faces through (0, at_y) and (at_x, 0), each sloping down to its tip.
    at_x, at_y = thickness - x, thickness - y
    inner_x = (at_x - slope * at_y) / (1.0 - slope * slope)
    tip_x, tip_y = at_x - slope * y, at_y - slope * x
    need(tip_x > -x and tip_y > -y and inner_x < x, "legs that slope away to nothing")
    return [
        (-x, -y, 0.0),
        (x, -y, 0.0),
        (x, tip_y, edge),
        (inner_x, at_y - slope * inner_x, fillet),
        (tip_x, y, edge),
        (-x, y, 0.0),
    ]


def _t_shape(profile: Any, angle: float) -> list[Corner]:
    y, x = length(profile, 3, "depth") / 2.0, length(profile, 4, "flange width") / 2.0
    web, flange = length(profile, 5, "web thickness") / 2.0, length(profile, 6, "flange thickness")
    fillet, flange_edge = radius(profile, 7, "fillet radius"), radius(profile, 8, "flange edge radius")
    web_edge = radius(profile, 9, "web edge radius")
    web_slope, flange_slope = _slope(profile, angle, 10), _slope(profile, angle, 11)
    # The face of the web through (web, 0), that of the flange through (x / 2, y - flange).
    start = y - flange - flange_slope * x / 2.0
    inner_y = (start + flange_slope * web) / (1.0 - flange_slope * web_slope)
    inner_x = web + web_slope * inner_y
    foot, tip = web - web_slope * y, start + flange_slope * x
    need(0.0 < inner_x < x and -y < inner_y < y, "a web or flange as large as its section")
    need(foot > 0.0 and tip < y, "a web or flange that slopes away to nothing")
    return [
        (-foot, -y, web_edge),
        (foot, -y, web_edge),
        (inner_x, inner_y, fillet),
        (x, tip, flange_edge),
        (x, y, 0.0),
        (-x, y, 0.0),
        (-x, tip, flange_edge),
        (-inner_x, inner_y, fillet),
    ]


def _u_shape(profile: Any, angle: float) -> list[Corner]:
    y, x = length(profile, 3, "depth") / 2.0, length(profile, 4, "flange width") / 2.0
    web, flange = length(profile, 5, "web thickness"), length(profile, 6, "flange thickness")
    fillet, edge = radius(profile, 7, "fillet radius"), radius(profile, 8, "edge radius")
    slope = _slope(profile, angle, 9)
    tip, root = flange - slope * x, flange + slope * (x - web)
    need(web < 2.0 * x and 0.0 < root < y, "a web or flange as large as its section")
    need(tip > 0.0, "flanges that slope away to nothing")
    return [
        (-x, -y, 0.0),
        (x, -y, 0.0),
        (x, tip - y, edge),
        (web - x, root - y, fillet),
        (web - x, y - root, fillet),
        (x, y - tip, edge),
        (x, y, 0.0),
        (-x, y, 0.0),
    ]


def _c_shape(profile: Any, angle: float) -> list[Corner]:
    y, x = length(profile, 3, "depth") / 2.0, length(profile, 4, "width") / 2.0
    wall, girth = length(profile, 5, "wall thickness"), length(profile, 6, "girth")
    inner = radius(profile, 7, "fillet radius")
    need(wall < min(x, y), "a wall thicker than half its width")
    need(wall < girth < y, "lips that are shorter than its wall or that meet")
    # The sheet is bent: the outside of a bend has the radius of the inside and the wall.
    outer = inner + wall if inner else 0.0
    return [
        (-x, -y, outer),
        (x, -y, outer),
        (x, girth - y, 0.0),
        (x - wall, girth - y, 0.0),
        (x - wall, wall - y, inner),
        (wall - x, wall - y, inner),
        (wall - x, y - wall, inner),
        (x - wall, y - wall, inner),
        (x - wall, y - girth, 0.0),
        (x, y - girth, 0.0),
        (x, y, outer),
        (-x, y, outer),
    ]


def _z_shape(profile: Any, angle: float) -> list[Corner]:
    y, width = length(profile, 3, "depth") / 2.0, length(profile, 4, "flange width")
    web, flange = length(profile, 5, "web thickness") / 2.0, length(profile, 6, "flange thickness")
    fillet, edge = radius(profile, 7, "fillet radius"), radius(profile, 8, "edge radius")
    # The tables give the flange with the web in it (DIN 1027).
    x = width - web
    need(web < x and flange < y, "a web or flange as large as its section")
    return [
        (-web, -y, 0.0),
        (x, -y, 0.0),
        (x, flange - y, edge),
        (web, flange - y, fillet),
        (web, y, 0.0),
        (-x, y, 0.0),
        (-x, y - flange, edge),
        (-web, y - flange, fillet),
    ]


def _slope(profile: Any, angle_factor: float, index: int) -> float:
    """Tangent of a slope; 0 where none is given."""
    angle = profile.get_argument(index)
    if angle is None:
        return 0.0
    need(is_number(angle) and 0.0 <= angle * angle_factor < math.pi / 4.0, "a slope that is no slope")
    return math.tan(angle * angle_factor)


@dataclass(frozen=True, slots=True)
class _Flange:
    width: float
    thickness: float
    fillet: float
    edge: float
    slope: float

    def at_tip(self) -> float:
        return self.thickness - self.slope * self.width / 4.0

    def at_web(self, half_web: float) -> float:
        return self.thickness + self.slope * (self.width / 4.0 - half_web)


def _i_corners(depth: float, web: float, bottom: _Flange, top: _Flange) -> list[Corner]:
    y, w = depth / 2.0, web / 2.0
    low, high = bottom.at_web(w), top.at_web(w)
    need(web < min(bottom.width, top.width) and low + high < depth, "a web or flange as large as its section")
    need(bottom.at_tip() > 0.0 and top.at_tip() > 0.0, "flanges that slope away to nothing")
    right = [
        (bottom.width / 2.0, -y, 0.0),
        (bottom.width / 2.0, bottom.at_tip() - y, bottom.edge),
        (w, low - y, bottom.fillet),
        (w, y - high, top.fillet),
        (top.width / 2.0, y - top.at_tip(), top.edge),
        (top.width / 2.0, y, 0.0),
    ]
    return right + [(-x, y, rounding) for x, y, rounding in reversed(right)]


_SECTIONS: dict[str, Callable[[Any, float], list[Corner]]] = {
    "IfcRoundedRectangleProfileDef": _rounded_rectangle,
    "IfcTrapeziumProfileDef": _trapezium,
    "IfcIShapeProfileDef": _i_shape,
    "IfcAsymmetricIShapeProfileDef": _asymmetric_i_shape,
    "IfcLShapeProfileDef": _l_shape,
    "IfcTShapeProfileDef": _t_shape,
    "IfcUShapeProfileDef": _u_shape,
    "IfcCShapeProfileDef": _c_shape,
    "IfcZShapeProfileDef": _z_shape,
}
