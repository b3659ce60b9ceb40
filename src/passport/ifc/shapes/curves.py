"""IFC curves as outlines and paths: lines, polylines, circles, ellipses and what is composed of them.

Arcs are kept as arcs until the end, so that lengths and areas are exact; the points are for the eye and for
cutting. Splines, offset curves and transition curves are left to the geometry kernel.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from passport.ifc.shapes.errors import BadShapeError, NotExactError
from passport.ifc.shapes.outlines import FARTHEST, Loop, PlaneArc, arc_length, closed
from passport.ifc.shapes.placement import axes_matrix, cross, direction

__all__ = ["CurveReader", "Loop", "Path"]

Vector = tuple[float, float, float]

_TURN = 2.0 * math.pi
#: Gaps below this share of a curve's length are rounding of the exporter and are bridged.
_GAP = 1e-3
#: Points closer than this share of a curve's length are one point.
_SAME = 1e-9
#: A straight outline needs only its points, so its segments are not looked at one by one.
_STRAIGHT = ("IfcPolyline", "IfcIndexedPolyCurve")


@dataclass(frozen=True, slots=True)
class Path:
    """A curve in space, in model units; plane curves lie at z = 0.

    Attributes:
        points: on the curve, in its direction, arcs as short chords; a closed path repeats its first point.
        length: exact for lines and circular arcs; elliptical arcs to 1e-9.
        is_closed: it ends where it starts.
        is_smooth: no corner touches an arc: arcs continue their neighbours in their direction.
        has_arcs: some of the points stand for arcs.
    """

    points: tuple[Vector, ...]
    length: float
    is_closed: bool
    is_smooth: bool = True
    has_arcs: bool = False


@dataclass(frozen=True, slots=True)
class _Arc:
    """centre + u cos(t) + v sin(t) in space, from `start` over `sweep`."""

    centre: Vector
    u: Vector
    v: Vector
    start: float
    sweep: float

    def at(self, t: float) -> Vector:
        c, s = math.cos(t), math.sin(t)
        (x, y, z), u, v = self.centre, self.u, self.v
        return (x + u[0] * c + v[0] * s, y + u[1] * c + v[1] * s, z + u[2] * c + v[2] * s)

    def plane(self) -> PlaneArc:
        return PlaneArc(self.centre[:2], self.u[:2], self.v[:2], self.start, self.sweep)

    def points(self) -> list[Vector]:
        count = self.plane().pieces()
        return [self.at(self.start + self.sweep * i / count) for i in range(count + 1)]

    def length(self) -> float:
        return arc_length(math.hypot(*self.u), math.hypot(*self.v), self.start, self.sweep)

    def backwards(self) -> _Arc:
        return _Arc(self.centre, self.u, self.v, self.start + self.sweep, -self.sweep)

    def heading(self, t: float) -> Vector:
        c, s = math.cos(t), math.sin(t)
        if self.sweep < 0:
            c, s = -c, -s
        u, v = self.u, self.v
        return (v[0] * c - u[0] * s, v[1] * c - u[1] * s, v[2] * c - u[2] * s)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A run of straight lines, or one arc with the points that stand for it."""

    points: list[Vector]
    arc: _Arc | None = None

    def backwards(self) -> _Piece:
        return _Piece(self.points[::-1], self.arc.backwards() if self.arc else None)

    def length(self) -> float:
        return self.arc.length() if self.arc else sum(map(math.dist, self.points, self.points[1:]))

    def heading_in(self) -> Vector:
        return self.arc.heading(self.arc.start) if self.arc else _minus(self.points[1], self.points[0])

    def heading_out(self) -> Vector:
        if self.arc:
            return self.arc.heading(self.arc.start + self.arc.sweep)
        return _minus(self.points[-1], self.points[-2])


class CurveReader:
    """Reads curves; angles of trims are in the model's own unit.

    Args:
        angle_factor: from the model's plane angle unit to radian.
    """

    def __init__(self, angle_factor: float = 1.0) -> None:
        self._angle = angle_factor
        self._within: set[int] = set()
        self._readers: dict[str, Callable[[Any], list[_Piece]]] = {
            "IfcPolyline": self._polyline,
            "IfcIndexedPolyCurve": self._indexed,
            "IfcCompositeCurve": self._composite,
            "Ifc2DCompositeCurve": self._composite,
            "IfcTrimmedCurve": self._trimmed,
            "IfcCircle": self._conic,
            "IfcEllipse": self._conic,
        }

    def loop(self, curve: Any) -> Loop:
        """A closed plane curve.

        A polyline may leave out the last point that closes it.

        Raises:
            NotExactError: a spline, an offset or a transition curve.
            BadShapeError: open, crossing itself, without area, or with coordinates that are no places.
        """
        kind = curve.is_a() if curve is not None else None
        if kind in _STRAIGHT:
            points = self._straight_points(curve, kind)
            if points is not None:
                return closed([(p[0], p[1]) for p in points])
        pieces = self._pieces(curve)
        whole = sum(piece.length() for piece in pieces)
        gap = math.dist(pieces[0].points[0], pieces[-1].points[-1])
        if gap > _GAP * whole and kind not in _STRAIGHT:
            raise BadShapeError("its outline is not closed")
        if any(abs(p[2]) > 1e-6 * whole for piece in pieces for p in piece.points):
            raise BadShapeError("its outline is not plane")
        arcs = [piece.arc.plane() for piece in pieces if piece.arc]
        return closed([p[:2] for piece in pieces for p in piece.points], arcs, whole + _bridges(pieces) + gap)

    def path(self, curve: Any) -> Path:
        """An open or closed curve in the plane or in space.

        Raises:
            NotExactError: a spline, an offset or a transition curve.
            BadShapeError: without length, with a gap, or with coordinates that are no places.
        """
        pieces = self._pieces(curve)
        length = sum(piece.length() for piece in pieces) + _bridges(pieces)
        if not 0.0 < length < math.inf:
            raise BadShapeError("its curve has no length")
        points: list[Vector] = []
        for piece in pieces:
            for point in piece.points:
                if not points or math.dist(point, points[-1]) > _SAME * length:
                    points.append(point)
        ends = math.dist(points[0], points[-1]) <= _GAP * length
        if ends and len(points) > 2:
            # Rounding of the exporter must not leave a slit.
            points[-1] = points[0]
        smooth = all(
            not (a.arc or b.arc) or _same_heading(a.heading_out(), b.heading_in())
            for a, b in zip(pieces, pieces[1:] + pieces[:1] if ends else pieces[1:], strict=False)
        )
        arcs = any(piece.arc for piece in pieces)
        return Path(tuple(points), length, ends and len(points) > 2, smooth, arcs)

    # -- kinds of curve -------------------------------------------------------------------------------

    def _pieces(self, curve: Any) -> list[_Piece]:
        if curve is None:
            raise BadShapeError("a curve that is missing")
        kind = curve.is_a()
        reader = self._readers.get(kind)
        if reader is None:
            if kind == "IfcLine":
                raise BadShapeError("a line without ends")
            raise NotExactError(f"a curve of the class {kind}")
        try:
            pieces = reader(curve)
        except (AttributeError, TypeError, IndexError):
            # ifcopenshell hands out what the file says, also where the schema forbids it.
            raise BadShapeError("an attribute of its curve is missing or of the wrong kind") from None
        if not pieces:
            raise BadShapeError("a curve without points")
        return pieces

    def _straight_points(self, curve: Any, kind: str) -> Sequence[Sequence[float]] | None:
        """Plane corner points where the whole curve is one run of straight lines."""
        points: Sequence[Sequence[float]]
        if kind == "IfcPolyline":
            points = [point.get_argument(0) for point in curve.get_argument(0) or ()]
        elif not curve.get_argument(1) and curve.get_argument(0) is not None:
            points = curve.get_argument(0).get_argument(0)
        else:
            return None
        for point in points:
            if not isinstance(point, tuple) or len(point) != 2:
                return None
        return points

    def _polyline(self, curve: Any) -> list[_Piece]:
        return _lines([_point(point) for point in curve.get_argument(0)])

    def _indexed(self, curve: Any) -> list[_Piece]:
        points = [_vector(c) for c in curve.get_argument(0).get_argument(0)]
        segments = curve.get_argument(1)
        if not segments:
            return _lines(points)
        pieces: list[_Piece] = []
        for segment in segments:
            indices = segment.get_argument(0)
            if not all(1 <= i <= len(points) for i in indices):
                raise BadShapeError("its curve refers to points that it does not have")
            chosen = [points[i - 1] for i in indices]
            if segment.is_a() == "IfcArcIndex":
                if len(chosen) != 3:
                    raise BadShapeError("an arc that is not given by three points")
                pieces += _arc_through(chosen[0], chosen[1], chosen[2])
            else:
                pieces += _lines(chosen)
        return _joined([[piece] for piece in pieces])

    def _composite(self, curve: Any) -> list[_Piece]:
        key = curve.id()
        if key in self._within:
            raise BadShapeError("its curve refers to itself")
        self._within.add(key)
        try:
            runs = []
            for segment in curve.get_argument(0):
                if segment.is_a() == "IfcCurveSegment":
                    raise NotExactError("a curve of the class IfcCurveSegment")
                run = self._pieces(segment.get_argument(2))
                runs.append(run if segment.get_argument(1) is not False else _backwards(run))
        finally:
            self._within.discard(key)
        return _joined(runs)

    def _conic(self, curve: Any) -> list[_Piece]:
        return [_round_piece(self._arc_of(curve, 0.0, _TURN))]

    def _arc_of(self, conic: Any, start: float, sweep: float) -> _Arc:
        first = conic.get_argument(1)
        second = conic.get_argument(2) if conic.is_a() == "IfcEllipse" else first
        if not (_is_length(first) and _is_length(second)):
            raise BadShapeError("a circle or ellipse without a positive radius")
        matrix = axes_matrix(conic.get_argument(0)).tolist()
        (xx, yx, _, ox), (xy, yy, _, oy), (xz, yz, _, oz) = matrix[:3]
        u, v = (xx * first, xy * first, xz * first), (yx * second, yy * second, yz * second)
        return _Arc((ox, oy, oz), u, v, start, sweep)

    # -- trimmed curves -------------------------------------------------------------------------------

    def _trimmed(self, curve: Any) -> list[_Piece]:
        basis = curve.get_argument(0)
        kind = basis.is_a()
        by_parameter = curve.get_argument(4) == "PARAMETER"
        ends = [_trim(curve.get_argument(i), by_parameter) for i in (1, 2)]
        if kind == "IfcLine":
            return _lines([_on_line(basis, end) for end in ends])
        if kind not in ("IfcCircle", "IfcEllipse"):
            raise NotExactError(f"a trimmed curve of the class {kind}")
        whole = self._arc_of(basis, 0.0, _TURN)
        start, end = (_angle_at(whole, t) if isinstance(t, tuple) else t * self._angle for t in ends)
        forward = curve.get_argument(3) is not False
        sweep = (end - start) % _TURN if forward else -((start - end) % _TURN)
        # Equal ends are the whole turn, also when rounding makes one end a hair larger than the other.
        if min(abs(sweep), _TURN - abs(sweep)) < 1e-9:
            sweep = _TURN if forward else -_TURN
        return [_round_piece(_Arc(whole.centre, whole.u, whole.v, start, sweep))]


# -- pieces -------------------------------------------------------------------------------------------


def _lines(points: list[Vector]) -> list[_Piece]:
    kept = points[:1]
    for point in points[1:]:
        if point != kept[-1]:
            kept.append(point)
    return [_Piece(kept)] if len(kept) > 1 else []


def _round_piece(arc: _Arc) -> _Piece:
    return _Piece(arc.points(), arc)


def _backwards(pieces: list[_Piece]) -> list[_Piece]:
    return [piece.backwards() for piece in reversed(pieces)]


def _joined(runs: list[list[_Piece]]) -> list[_Piece]:
    """Runs end to end; one that was written the wrong way round is turned.

    Exporters get the sense of segments wrong more often than their places.

    Raises:
        BadShapeError: a gap.
    """
    lengths = [sum(piece.length() for piece in run) for run in runs]
    allowed = _GAP * sum(lengths)
    if len(runs) > 1:
        # A segment that ends where it starts is rounding: a whole turn has no place among others.
        runs = [run for run in runs if run and _distance(run, run) > _SAME * sum(lengths)]
    joined: list[_Piece] = []
    for i, run in enumerate(runs):
        turned = _backwards(run)
        if joined:
            fits, fits_turned = _distance(joined, run), _distance(joined, turned)
            if min(fits, fits_turned) > allowed:
                raise BadShapeError("its curve has a gap")
        elif i + 1 < len(runs):
            following = (runs[i + 1], _backwards(runs[i + 1]))
            fits = min(_distance(run, other) for other in following)
            fits_turned = min(_distance(turned, other) for other in following)
        else:
            fits = fits_turned = 0.0
        joined += turned if fits > allowed >= fits_turned else run
    return joined


def _distance(first: list[_Piece], second: list[_Piece]) -> float:
    """From the end of a run to the start of the next."""
    return math.dist(first[-1].points[-1], second[0].points[0])


def _bridges(pieces: list[_Piece]) -> float:
    return sum(math.dist(a.points[-1], b.points[0]) for a, b in pairwise(pieces))


def _arc_through(first: Vector, middle: Vector, last: Vector) -> list[_Piece]:
    """The arc through three points; a straight line where they lie in one."""
    a, b = _minus(first, last), _minus(middle, last)
    normal = cross(a, b)
    size = math.hypot(*normal)
    a2, b2 = _dot(a, a), _dot(b, b)
    if a2 == 0.0:
        raise NotExactError("an arc that ends where it starts")
    # Below this the bulge is far less than the rounding of the coordinates.
    if size <= 1e-9 * a2:
        return _lines([first, middle, last])
    spoke = cross((a2 * b[0] - b2 * a[0], a2 * b[1] - b2 * a[1], a2 * b[2] - b2 * a[2]), normal)
    half = 0.5 / (size * size)
    centre = (last[0] + spoke[0] * half, last[1] + spoke[1] * half, last[2] + spoke[2] * half)
    u = _minus(first, centre)
    # The normal of first, middle, last: the arc turns to the left about it.
    axis = (normal[0] / size, normal[1] / size, normal[2] / size)
    v = cross(axis, u)
    end = _minus(last, centre)
    arc = _Arc(centre, u, v, 0.0, math.atan2(_dot(end, v), _dot(end, u)) % _TURN)
    points = arc.points()
    points[0], points[-1] = first, last
    return [_Piece(points, arc)]


# -- places and angles --------------------------------------------------------------------------------


def _point(entity: Any) -> Vector:
    return _vector(entity.get_argument(0))


def _vector(coordinates: Any) -> Vector:
    if not isinstance(coordinates, tuple) or not 2 <= len(coordinates) <= 3:
        raise BadShapeError("a point without coordinates")
    x, y = coordinates[0], coordinates[1]
    z = coordinates[2] if len(coordinates) == 3 else 0.0
    # NaN fails every comparison, so it ends here too.
    if not (abs(x) < FARTHEST and abs(y) < FARTHEST and abs(z) < FARTHEST):
        raise BadShapeError("a coordinate of its curve is no place")
    return (x, y, z)


def _trim(select: Any, by_parameter: bool) -> Vector | float:
    """A trim as a point or a parameter: the preferred of the two where both are given."""
    point = parameter = None
    for one in select or ():
        if one.is_a() == "IfcCartesianPoint":
            point = _point(one)
        else:
            parameter = float(one.get_argument(0))
    if parameter is not None and not math.isfinite(parameter):
        parameter = None
    chosen = (parameter, point) if by_parameter else (point, parameter)
    for value in chosen:
        if value is not None:
            return value
    raise BadShapeError("a trimmed curve without an end")


def _on_line(line: Any, end: Vector | float) -> Vector:
    """A point, or the place at a parameter in multiples of the line's vector."""
    if isinstance(end, tuple):
        return end
    origin, vector = _point(line.get_argument(0)), line.get_argument(1)
    along = direction(vector.get_argument(0), (1.0, 0.0, 0.0))
    far = end * vector.get_argument(1)
    return _vector((origin[0] + along[0] * far, origin[1] + along[1] * far, origin[2] + along[2] * far))


def _angle_at(arc: _Arc, point: Vector) -> float:
    """Parameter of the point of an ellipse that lies towards a point."""
    r = _minus(point, arc.centre)
    return math.atan2(_dot(r, arc.v) / _dot(arc.v, arc.v), _dot(r, arc.u) / _dot(arc.u, arc.u))


def _is_length(value: Any) -> bool:
    return isinstance(value, int | float) and 0.0 < value < FARTHEST


def _same_heading(a: Vector, b: Vector) -> bool:
    """Whether two directions differ by less than 0.2 degrees."""
    sizes = math.hypot(*a) * math.hypot(*b)
    return math.hypot(*cross(a, b)) <= 3e-3 * sizes and _dot(a, b) > 0.0


def _minus(a: Vector, b: Vector) -> Vector:
    return (a[0] - b[0], a[1] - b[1], a[2] - b[2])


def _dot(a: Vector, b: Vector) -> float:
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
