"""Closed plane outlines of lines and arcs: a polygon to work with, and the exact figures beside it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from passport.ifc.shapes.errors import BadShapeError

Point = tuple[float, float]

#: Pieces of a full turn: the polygon of a circle then misses 0.018 % of its area.
FINE = 192
#: Pieces per turn tried for rounded corners: the first that keeps the polygon within `_MISSING`.
_STEPS = (48, 96, FINE)
#: Share of the exact area that the polygon of a rounded outline may miss.
_MISSING = 2e-4
#: Coordinates beyond this are faults, not places [model units].
FARTHEST = 1e9
#: Points closer than this share of the outline's size are one point.
_SAME = 1e-10
#: Outlines with more points than this are not searched for crossings, which takes their square.
_MOST_SEARCHED = 2000
#: Up to here plain Python beats numpy.
_FEW = 14


@dataclass(frozen=True, slots=True)
class Loop:
    """A closed plane outline in model units.

    Attributes:
        points: counter-clockwise, on the outline, no repeated end point.
        area: exact, arcs included; > 0.
        perimeter: exact for lines and circular arcs; elliptical arcs to 1e-9.
        centroid: of the exact area.
    """

    points: tuple[Point, ...]
    area: float
    perimeter: float
    centroid: Point


@dataclass(frozen=True, slots=True)
class PlaneArc:
    """centre + u cos(t) + v sin(t) from `start` over `sweep` (radians, negative is backwards).

    A circle has two square axes of one length; any other pair is an ellipse.
    """

    centre: Point
    u: Point
    v: Point
    start: float
    sweep: float

    def pieces(self, per_turn: int = FINE) -> int:
        """Number of chords that stand for the arc."""
        return max(2, math.ceil(abs(self.sweep) / (2.0 * math.pi) * per_turn - 1e-6))

    def points(self, per_turn: int = FINE) -> list[Point]:
        """Points on the arc, both ends included."""
        (cx, cy), (ux, uy), (vx, vy) = self.centre, self.u, self.v
        count = self.pieces(per_turn)
        step = self.sweep / count
        found = []
        for i in range(count + 1):
            c, s = math.cos(self.start + i * step), math.sin(self.start + i * step)
            found.append((cx + ux * c + vx * s, cy + uy * c + vy * s))
        return found

    def beyond_chords(self, per_turn: int = FINE) -> tuple[float, float, float]:
        """Area and its two first moments between the arc and its chords.

        Positive where the arc lies to the right of the chords in its direction: what a counter-clockwise
        polygon misses. Each slice is the affine image of a circular segment, so it is exact for ellipses too.
        """
        (cx, cy), (ux, uy), (vx, vy) = self.centre, self.u, self.v
        count = self.pieces(per_turn)
        step = self.sweep / count
        size = ux * vy - uy * vx
        slice_area = 0.5 * size * (step - math.sin(step))
        pull = 2.0 / 3.0 * size * math.sin(step / 2.0) ** 3
        # The sum of the slices' mid directions is that of the whole arc, by the sum of a cosine series.
        half, middle = step / 2.0, self.start + self.sweep / 2.0
        series = math.sin(count * half) / math.sin(half) if half else float(count)
        c, s = series * math.cos(middle), series * math.sin(middle)
        area = count * slice_area
        return area, area * cx + pull * (ux * c + vx * s), area * cy + pull * (uy * c + vy * s)


def arc_length(axis_1: float, axis_2: float, start: float, sweep: float) -> float:
    """Length of an arc of an ellipse with these semi-axes; exact for a circle, to 1e-9 for an ellipse.

    Example:
        >>> round(arc_length(2.0, 1.0, 0.0, 2 * math.pi), 6)
        9.688448
    """
    if abs(axis_1 - axis_2) <= 1e-12 * axis_1:
        return abs(sweep) * axis_1
    # Gauss' five points on 96 slices.
    nodes, weights = np.polynomial.legendre.leggauss(5)
    step = sweep / 96
    t = start + step * (np.arange(96)[:, None] + 0.5 + nodes / 2.0)
    speed = np.hypot(axis_1 * np.sin(t), axis_2 * np.cos(t))
    return abs(float((speed @ weights).sum() * step / 2.0))


def closed(
    points: Sequence[Point],
    arcs: Iterable[PlaneArc] = (),
    length: float | None = None,
    *,
    may_cross: bool = True,
    per_turn: int = FINE,
) -> Loop:
    """The outline along these points, of which some runs stand for arcs.

    Args:
        points: in order, in either direction.
        arcs: the arcs in the direction of the points; their points are among the points.
        length: exact length of the outline; that of the polygon if None.
        may_cross: False when the caller knows that it does not.
        per_turn: how finely the arcs were drawn.

    Raises:
        BadShapeError: fewer than three different points, no area, a coordinate that is no place, or an
            outline that crosses itself.

    Example:
        >>> closed([(0, 0), (2, 0), (2, 1), (0, 1)]).area
        2.0
    """
    corners, reach = _different(points)
    if len(corners) < 3:
        raise BadShapeError("its outline has fewer than three different points")
    x0, y0 = corners[0]
    area = mx = my = around = 0.0
    turns_left = turns_right = False
    ax, ay = corners[-2]
    bx, by = corners[-1]
    dx, dy = bx - ax, by - ay
    for x, y in corners:
        # About the first corner, so that large coordinates cost no digits.
        px, py, qx, qy = bx - x0, by - y0, x - x0, y - y0
        twice = px * qy - qx * py
        area += twice
        mx += (px + qx) * twice
        my += (py + qy) * twice
        ex, ey = x - bx, y - by
        around += math.sqrt(ex * ex + ey * ey)
        turn = dx * ey - dy * ex
        if turn > 0.0:
            turns_left = True
        elif turn < 0.0:
            turns_right = True
        bx, by, dx, dy = x, y, ex, ey
    area /= 2.0
    mx, my = mx / 6.0, my / 6.0
    for arc in arcs:
        extra, extra_x, extra_y = arc.beyond_chords(per_turn)
        area += extra
        mx += extra_x - extra * x0
        my += extra_y - extra * y0
    if length is None:
        length = around
    if not abs(area) > 1e-13 * length * length:
        raise BadShapeError("its outline has no area")
    # Convex corners all round can still be a star that winds twice; few outlines do, and area tells.
    may_cross = may_cross and ((turns_left and turns_right) or _winds_twice(corners, reach))
    if may_cross and crosses_itself(corners):
        raise BadShapeError("its outline crosses itself")
    centroid = (x0 + mx / area, y0 + my / area)
    if area < 0.0:
        corners.reverse()
    return Loop(tuple(corners), abs(area), length, centroid)


def _different(points: Sequence[Point]) -> tuple[list[Point], float]:
    """The points without repetitions, and the size of their bounding box."""
    if len(points) < 3:
        raise BadShapeError("its outline has fewer than three different points")
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    low_x, high_x, low_y, high_y = min(xs), max(xs), min(ys), max(ys)
    # A NaN may hide from min and max, but not from a sum.
    farthest = max(-low_x, high_x, -low_y, high_y)
    if not (farthest < FARTHEST and math.isfinite(sum(xs) + sum(ys))):
        raise BadShapeError("a coordinate of its outline is no place")
    reach = max(high_x - low_x, high_y - low_y)
    same = _SAME * reach
    kept: list[Point] = []
    bx, by = points[-1]
    for x, y in points:
        if abs(x - bx) > same or abs(y - by) > same:
            kept.append((x, y))
            bx, by = x, y
    return kept, reach


def _winds_twice(corners: Sequence[Point], reach: float) -> bool:
    if len(corners) < 5:
        return False
    # A convex outline changes its direction in x exactly twice.
    changes, last = 0, 0.0
    bx = corners[-1][0]
    for x, _ in (*corners, corners[0], corners[1]):
        step = x - bx
        if abs(step) > 1e-9 * reach:
            if step * last < 0.0:
                changes += 1
            last = step
        bx = x
    return changes > 3


def crosses_itself(points: Sequence[Point]) -> bool:
    """Whether two edges of a polygon cross; edges that only touch or run along each other do not.

    Not searched for above 2000 points.

    Example:
        >>> crosses_itself([(0, 0), (1, 1), (1, 0), (0, 1)])
        True
    """
    count = len(points)
    if count <= _FEW:
        return _crosses_few(points)
    if count > _MOST_SEARCHED:
        return False
    p = np.array(points)
    p -= p.mean(axis=0)
    q = np.roll(p, -1, axis=0)
    d = q - p
    low, high = np.minimum(p, q), np.maximum(p, q)
    # What is nearer to a line than rounding lies on it.
    near = 1e-11 * float(np.abs(p).max()) * np.hypot(d[:, 0], d[:, 1])
    for first in range(0, count, 256):
        rows = slice(first, min(first + 256, count))
        meet = (
            (low[rows, None, 0] < high[None, :, 0])
            & (low[None, :, 0] < high[rows, None, 0])
            & (low[rows, None, 1] < high[None, :, 1])
            & (low[None, :, 1] < high[rows, None, 1])
        )
        i, j = np.nonzero(meet)
        i += first
        later = j > i + 1
        i, j = i[later], j[later]
        if not len(i):
            continue

        def side(edge: np.ndarray, point: np.ndarray) -> np.ndarray:
            r = point - p[edge]
            height = d[edge, 0] * r[:, 1] - d[edge, 1] * r[:, 0]
            return np.where(np.abs(height) <= near[edge], 0.0, np.sign(height))

        if ((side(i, p[j]) * side(i, q[j]) < 0) & (side(j, p[i]) * side(j, q[i]) < 0)).any():
            return True
    return False


def _crosses_few(points: Sequence[Point]) -> bool:
    count = len(points)
    edges = []
    for i in range(count):
        (ax, ay), (bx, by) = points[i - 1], points[i]
        edges.append((ax, ay, bx, by, bx - ax, by - ay))
    for i in range(2, count):
        ax, ay, bx, by, dx, dy = edges[i]
        low_x, high_x = (ax, bx) if ax < bx else (bx, ax)
        low_y, high_y = (ay, by) if ay < by else (by, ay)
        for j in range(i - 1):
            cx, cy, ex, ey, fx, fy = edges[j]
            if (
                (cx <= low_x and ex <= low_x)
                or (cx >= high_x and ex >= high_x)
                or (cy <= low_y and ey <= low_y)
                or (cy >= high_y and ey >= high_y)
            ):
                continue
            one = dx * (cy - ay) - dy * (cx - ax)
            two = dx * (ey - ay) - dy * (ex - ax)
            three = fx * (ay - cy) - fy * (ax - cx)
            four = fx * (by - cy) - fy * (bx - cx)
            near = 1e-11 * (abs(dx) + abs(dy)) * (abs(fx) + abs(fy))
            if min(abs(one), abs(two), abs(three), abs(four)) > near and one * two < 0 and three * four < 0:
                return True
    return False


def rounded(corners: Sequence[tuple[float, float, float]]) -> Loop:
    """The outline along corners (x, y, radius), each rounded by an arc that touches both its edges.

    Convex and re-entrant corners, of any angle; radius 0 leaves the corner sharp. Polygon and exact figures
    come from the one description.

    Raises:
        BadShapeError: a radius that its edges are too short for; see also `closed`.

    Example:
        >>> round(rounded([(-1, -1, 1), (1, -1, 1), (1, 1, 1), (-1, 1, 1)]).area, 9)
        3.141592654
    """
    arcs: list[PlaneArc | Point] = []
    count = len(corners)
    before = [math.dist(corners[i - 1][:2], corners[i][:2]) for i in range(count)]
    if not (min(before) > 0.0 and math.isfinite(sum(before))):
        raise BadShapeError("two corners of its outline coincide")
    tangents = []
    for i, (x, y, radius) in enumerate(corners):
        if not radius:
            arcs.append((x, y))
            tangents.append(0.0)
            continue
        (px, py, _), (nx, ny, _) = corners[i - 1], corners[(i + 1) % count]
        ax, ay = (x - px) / before[i], (y - py) / before[i]
        after = before[(i + 1) % count]
        bx, by = (nx - x) / after, (ny - y) / after
        turn = math.atan2(ax * by - ay * bx, ax * bx + ay * by)
        tangent = radius * math.tan(abs(turn) / 2.0)
        tangents.append(tangent)
        side = radius if turn > 0 else -radius
        centre = (x - ax * tangent - ay * side, y - ay * tangent + ax * side)
        u = (ay * side, -ax * side)
        arcs.append(PlaneArc(centre, u, (-u[1], u[0]), 0.0, turn))
    for i in range(count):
        if tangents[i - 1] + tangents[i] > before[i] * (1.0 + 1e-6):
            raise BadShapeError("a radius of its profile is larger than the leg that it rounds")
    curved = [arc for arc in arcs if isinstance(arc, PlaneArc)]
    length = sum(before) - 2.0 * sum(tangents) + sum(math.hypot(*a.u) * abs(a.sweep) for a in curved)
    for per_turn in _STEPS:
        points: list[Point] = []
        for arc in arcs:
            points += arc.points(per_turn) if isinstance(arc, PlaneArc) else [arc]
        loop = closed(points, curved, length, may_cross=False, per_turn=per_turn)
        missing = sum(abs(arc.beyond_chords(per_turn)[0]) for arc in curved)
        if missing <= _MISSING * loop.area:
            break
    return loop
