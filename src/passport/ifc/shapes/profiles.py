"""IFC profiles as plane regions: a polygon to work with, and its exact area, centroid and perimeter."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from passport.ifc.shapes.curves import CurveReader, Path
from passport.ifc.shapes.dimensions import is_number, length, need, radius
from passport.ifc.shapes.errors import BadShapeError, NotExactError
from passport.ifc.shapes.outlines import (
    FARTHEST,
    FINE,
    Loop,
    PlaneArc,
    Point,
    arc_length,
    closed,
    rounded,
)
from passport.ifc.shapes.sections import box, corners, is_section

#: Turns of a centre line beyond this are folds, whose mitre would reach far out.
_SHARPEST = math.radians(170)


@dataclass(frozen=True, slots=True)
class Region:
    """A plane region in the profile's own axes, in model units.

    Attributes:
        outer: counter-clockwise, no repeated end point.
        holes: clockwise.
        area: exact, arcs and fillets included; > 0.
        centroid: of the exact region; of the polygon for a centre line with arcs.
        perimeter: outer and inner boundary, exact for lines and circular arcs. Where a transformation
            stretches arcs unevenly, that of the polygon.
    """

    outer: tuple[Point, ...]
    holes: tuple[tuple[Point, ...], ...]
    area: float
    centroid: Point
    perimeter: float


@dataclass(frozen=True, slots=True)
class _Move:
    """(x, y) -> (a x + c y + e, b x + d y + f)."""

    a: float
    b: float
    c: float
    d: float
    e: float
    f: float

    def point(self, p: Point) -> Point:
        x, y = p
        return (self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f)

    def region(self, region: Region) -> Region:
        size = self.a * self.d - self.b * self.c
        first, second = math.hypot(self.a, self.b), math.hypot(self.c, self.d)
        area = region.area * abs(size)
        if not 0.0 < area < math.inf:
            raise BadShapeError("its profile is scaled to nothing")
        turn = -1 if size < 0 else 1
        outer = tuple([self.point(p) for p in region.outer][::turn])
        holes = tuple(tuple([self.point(p) for p in hole][::turn]) for hole in region.holes)
        if abs(first - second) <= 1e-12 * first:
            perimeter = region.perimeter * first
        else:
            perimeter = sum(_around(loop) for loop in (outer, *holes))
        return Region(outer, holes, area, self.point(region.centroid), perimeter)


class ProfileReader:
    """Reads profiles; each is read once.

    Args:
        angle_factor: from the model's plane angle unit to radian.

    Example:
        >>> import ifcopenshell
        >>> file = ifcopenshell.file(schema="IFC4")
        >>> beam = file.create_entity("IfcRectangleProfileDef", "AREA", None, None, 0.1, 0.2)
        >>> round(ProfileReader().read(beam)[0].area, 9)
        0.02
    """

    def __init__(self, angle_factor: float = 1.0) -> None:
        self._angle = angle_factor
        self._curves = CurveReader(angle_factor)
        self._memo: dict[int, tuple[Region, ...] | BadShapeError | NotExactError] = {}
        self._readers: dict[str, Callable[[Any], tuple[Region, ...]]] = {
            "IfcArbitraryClosedProfileDef": self._arbitrary,
            "IfcArbitraryProfileDefWithVoids": self._arbitrary,
            "IfcCenterLineProfileDef": self._centre_line,
            "IfcCompositeProfileDef": self._composite,
            "IfcDerivedProfileDef": self._derived,
            "IfcMirroredProfileDef": self._mirrored,
            "IfcCircleProfileDef": self._circle,
            "IfcCircleHollowProfileDef": self._circle,
            "IfcEllipseProfileDef": self._ellipse,
            "IfcRectangleProfileDef": self._rectangle,
            "IfcRectangleHollowProfileDef": self._rectangle_hollow,
        }

    def read(self, profile: Any) -> tuple[Region, ...]:
        """The regions of a profile: several for a composite, otherwise one.

        Raises:
            NotExactError: a profile or curve that this package does not do.
            BadShapeError: not an area, or dimensions that no section can have.
        """
        key = profile.id()
        found = self._memo.get(key)
        if found is None:
            # A profile that refers to itself ends here instead of in a recursion.
            self._memo[key] = BadShapeError("its profile refers to itself")
            try:
                found = self._read(profile)
            except (BadShapeError, NotExactError) as error:
                found = error
            except (AttributeError, TypeError, IndexError):
                # ifcopenshell hands out what the file says, also where the schema forbids it.
                found = BadShapeError("an attribute of its profile is missing or of the wrong kind")
            self._memo[key] = found
        if isinstance(found, tuple):
            return found
        raise type(found)(*found.args)

    def _read(self, profile: Any) -> tuple[Region, ...]:
        kind = profile.is_a()
        reader = self._readers.get(kind)
        if reader is None and not is_section(kind):
            if kind in ("IfcArbitraryOpenProfileDef", "IfcOpenCrossProfileDef"):
                raise BadShapeError("its profile is not an area")
            raise NotExactError(f"a profile of the class {kind}")
        if profile.get_argument(0) == "CURVE":
            raise BadShapeError("its profile is not an area")
        if reader is not None:
            return reader(profile)
        return (_placed(_region(rounded(corners(profile, self._angle))), profile.get_argument(2)),)

    # -- profiles made of curves ------------------------------------------------------------------------

    def _arbitrary(self, profile: Any) -> tuple[Region, ...]:
        outer = self._curves.loop(profile.get_argument(2))
        if profile.is_a() == "IfcArbitraryClosedProfileDef":
            return (Region(outer.points, (), outer.area, outer.centroid, outer.perimeter),)
        return (_region(outer, [self._curves.loop(curve) for curve in profile.get_argument(3) or ()]),)

    def _centre_line(self, profile: Any) -> tuple[Region, ...]:
        path = self._curves.path(profile.get_argument(2))
        return (_strip(path, length(profile, 3, "thickness")),)

    def _composite(self, profile: Any) -> tuple[Region, ...]:
        regions = tuple(region for part in profile.get_argument(2) for region in self.read(part))
        if not regions:
            raise BadShapeError("a composite profile without parts")
        return regions

    def _derived(self, profile: Any) -> tuple[Region, ...]:
        move = _operator(profile.get_argument(3))
        return tuple(move.region(region) for region in self.read(profile.get_argument(2)))

    def _mirrored(self, profile: Any) -> tuple[Region, ...]:
        move = _Move(-1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
        return tuple(move.region(region) for region in self.read(profile.get_argument(2)))

    # -- round and rectangular profiles ------------------------------------------------------------------

    def _circle(self, profile: Any) -> tuple[Region, ...]:
        size = length(profile, 3, "radius")
        holes = []
        if profile.is_a() == "IfcCircleHollowProfileDef":
            wall = length(profile, 4, "wall thickness")
            need(wall < size, "a wall thicker than its radius")
            holes.append(_round(size - wall, size - wall))
        return (_placed(_region(_round(size, size), holes), profile.get_argument(2)),)

    def _ellipse(self, profile: Any) -> tuple[Region, ...]:
        loop = _round(length(profile, 3, "first semi-axis"), length(profile, 4, "second semi-axis"))
        return (_placed(_region(loop), profile.get_argument(2)),)

    def _rectangle(self, profile: Any) -> tuple[Region, ...]:
        width, depth = length(profile, 3, "width"), length(profile, 4, "depth")
        x, y = width / 2.0, depth / 2.0
        outer = ((-x, -y), (x, -y), (x, y), (-x, y))
        region = Region(outer, (), width * depth, (0.0, 0.0), 2.0 * (width + depth))
        return (_placed(region, profile.get_argument(2)),)

    def _rectangle_hollow(self, profile: Any) -> tuple[Region, ...]:
        x, y = length(profile, 3, "width") / 2.0, length(profile, 4, "depth") / 2.0
        wall = length(profile, 5, "wall thickness")
        need(wall < min(x, y), "a wall thicker than half its width")
        outer = rounded(box(x, y, radius(profile, 7, "outer fillet radius")))
        inner = rounded(box(x - wall, y - wall, radius(profile, 6, "inner fillet radius")))
        return (_placed(_region(outer, [inner]), profile.get_argument(2)),)


def _round(first: float, second: float) -> Loop:
    points = tuple((first * c, second * s) for c, s in _unit_circle())
    area = math.pi * first * second
    return Loop(points, area, arc_length(first, second, 0.0, 2.0 * math.pi), (0.0, 0.0))


@cache
def _unit_circle() -> tuple[Point, ...]:
    arc = PlaneArc((0.0, 0.0), (1.0, 0.0), (0.0, 1.0), 0.0, 2.0 * math.pi)
    return tuple(arc.points(FINE)[:-1])


# -- regions -------------------------------------------------------------------------------------------


def _region(outer: Loop, holes: Sequence[Loop] = ()) -> Region:
    if not holes:
        return Region(outer.points, (), outer.area, outer.centroid, outer.perimeter)
    area = outer.area - sum(hole.area for hole in holes)
    need(area > 1e-12 * outer.area, "its holes are as large as its outline")
    x, y = (
        (outer.area * outer.centroid[i] - sum(hole.area * hole.centroid[i] for hole in holes)) / area
        for i in (0, 1)
    )
    perimeter = outer.perimeter + sum(hole.perimeter for hole in holes)
    return Region(outer.points, tuple(hole.points[::-1] for hole in holes), area, (x, y), perimeter)


def _strip(path: Path, thickness: float) -> Region:
    """A strip of constant thickness along a plane path, with mitred corners and square ends.

    What a mitre adds outside it takes away inside, so the area is thickness x length.
    """
    if path.has_arcs and not path.is_smooth:
        raise NotExactError("a centre line with a corner at an arc")
    if any(abs(p[2]) > 1e-9 * path.length for p in path.points):
        raise BadShapeError("its centre line is not plane")
    points = [p[:2] for p in (path.points[:-1] if path.is_closed else path.points)]
    half, count = thickness / 2.0, len(points)
    edges = count if path.is_closed else count - 1
    sizes = [math.dist(points[i], points[(i + 1) % count]) for i in range(edges)]
    ways = []
    for i in range(edges):
        (ax, ay), (bx, by) = points[i], points[(i + 1) % count]
        ways.append(((bx - ax) / sizes[i], (by - ay) / sizes[i]))
    left, right, mitres = [], [], []
    for i, (x, y) in enumerate(points):
        ends = not path.is_closed and i in (0, count - 1)
        before = ways[0 if ends and i == 0 else i - 1]
        after = before if ends else ways[i]
        turn = math.atan2(
            before[0] * after[1] - before[1] * after[0], before[0] * after[0] + before[1] * after[1]
        )
        if abs(turn) > _SHARPEST:
            raise NotExactError("a centre line that folds back")
        mitre = math.tan(turn / 2.0)
        dx, dy = -before[1] - before[0] * mitre, before[0] - before[1] * mitre
        left.append((x + half * dx, y + half * dy))
        right.append((x - half * dx, y - half * dy))
        mitres.append(half * mitre)
    for i in range(edges):
        if abs(mitres[i] + mitres[(i + 1) % count]) > sizes[i] * (1.0 + 1e-9):
            raise NotExactError("a centre line with bends closer than its thickness")
    area = thickness * path.length
    if not path.is_closed:
        loop = closed(left[::-1] + right)
        perimeter = 2.0 * (path.length + thickness)
        return Region(loop.points, (), area, loop.centroid, perimeter)
    outer, inner = sorted((closed(left), closed(right)), key=lambda one: -one.area)
    drawn = _region(outer, [inner])
    return Region(drawn.outer, drawn.holes, area, drawn.centroid, 2.0 * path.length)


def _around(points: Sequence[Point]) -> float:
    return sum(math.dist(points[i - 1], points[i]) for i in range(len(points)))


# -- placements ----------------------------------------------------------------------------------------


def _placed(region: Region, position: Any) -> Region:
    """The region at an IfcAxis2Placement2D, which may be missing from IFC4 on."""
    if position is None:
        return region
    e, f = _plane_point(position.get_argument(0))
    a, b = _axis(position.get_argument(1)) or (1.0, 0.0)
    if e == f == b == 0.0 and a == 1.0:
        return region
    return _Move(a, b, -b, a, e, f).region(region)


def _operator(operator: Any) -> _Move:
    """The move of an IfcCartesianTransformationOperator2D, completed as IfcBaseAxis does."""
    kind = operator.is_a()
    if not kind.startswith("IfcCartesianTransformationOperator2D"):
        raise BadShapeError(f"a profile derived by the class {kind}")
    first, second = _axis(operator.get_argument(0)), _axis(operator.get_argument(1))
    if first is None:
        first = (1.0, 0.0) if second is None else (second[1], -second[0])
        flip = 1.0
    else:
        # The second axis only tells the side; it is made square to the first.
        flip = -1.0 if second is not None and first[0] * second[1] - first[1] * second[0] < 0.0 else 1.0
    e, f = _plane_point(operator.get_argument(2))
    scale = operator.get_argument(3)
    scale = 1.0 if scale is None else scale
    other = operator.get_argument(4) if kind.endswith("nonUniform") else None
    other = scale if other is None else other
    need(
        is_number(scale) and is_number(other) and scale > 0.0 and other > 0.0,
        "a scale that is not positive",
    )
    (a, b), across = first, flip * other
    return _Move(a * scale, b * scale, -b * across, a * across, e, f)


def _plane_point(point: Any) -> Point:
    coordinates = point.get_argument(0) if point is not None else None
    if not isinstance(coordinates, tuple) or len(coordinates) < 2:
        raise BadShapeError("its profile has no place")
    x, y = coordinates[0], coordinates[1]
    # NaN fails every comparison, so it ends here too.
    need(abs(x) < FARTHEST and abs(y) < FARTHEST, "the place of its profile is no place")
    return (x, y)


def _axis(entity: Any) -> Point | None:
    """Unit vector of a direction; None when it is missing or has no length."""
    if entity is None:
        return None
    ratios = entity.get_argument(0)
    x, y = ratios[0], ratios[1]
    size = math.hypot(x, y)
    return (x / size, y / size) if 0.0 < size < math.inf else None
