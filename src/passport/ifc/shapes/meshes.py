"""Bodies bounded by flat faces: B-reps, surface models and tessellated sets.

Volume by the divergence theorem over fans of the loops; a loop of any outline, with holes, needs no
triangulation, because the fan's triangles are signed.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from passport.ifc.shapes.errors import BadShapeError, NotExactError
from passport.ifc.shapes.pieces import Tets, cross_rows
from passport.ifc.shapes.placement import point3
from passport.ifc.shapes.solids import Solid

Array = NDArray[np.float64]
Indices = NDArray[np.int64]

#: Points closer than this share of the body's size are one point [-].
_SAME_POINT = 1e-7
_FARTHEST = 1e12


class LoopList:
    """Faces collected as loops of point numbers; equal points get one number."""

    def __init__(self) -> None:
        self._number: dict[tuple[float, ...], int] = {}
        self._points: Array | None = None
        self.corners: list[int] = []
        self.lengths: list[int] = []
        self.inner: list[bool] = []

    def add(self, points: Iterable[tuple[float, ...]], inner: bool, reverse: bool) -> None:
        """One loop of points."""
        number = self._number
        loop = [number.setdefault(p, len(number)) for p in points]
        if len(loop) > 1 and loop[0] == loop[-1]:
            loop.pop()
        if len(loop) < 3:
            return
        if reverse:
            loop.reverse()
        self.corners += loop
        self.lengths.append(len(loop))
        self.inner.append(inner)

    def solid(self, first: int = 0, last: int | None = None) -> Solid:
        """The body that the loops from `first` to before `last` enclose."""
        lengths = self.lengths[first:last]
        if not lengths:
            raise BadShapeError("a body without faces")
        start = sum(self.lengths[:first])
        if self._points is None or len(self._points) < len(self._number):
            self._points = np.array(list(self._number))
        return mesh_solid(
            self._points,
            np.array(self.corners[start : start + sum(lengths)]),
            np.array(lengths),
            np.array(self.inner[first:last], dtype=bool),
        )


def mesh_solid(points: Array, corners: Indices, lengths: Indices, inner: NDArray[np.bool_]) -> Solid:
    """A body from loops.

    Args:
        points: (n, 3).
        corners: point numbers of all loops, one after another.
        lengths: corners per loop.
        inner: whether a loop is a hole in the face of the loop before it.

    Raises:
        BadShapeError: coordinates that are no numbers, or numbers of points that do not exist.
    """
    if not np.isfinite(points).all() or np.abs(points).max() > _FARTHEST:
        raise BadShapeError("coordinates that are no places")
    if corners.min() < 0 or corners.max() >= len(points):
        raise BadShapeError("faces with points that do not exist")
    starts = np.cumsum(lengths) - lengths
    following = _following(lengths, starts)
    face = np.cumsum(~inner) - 1
    if inner.any():
        corners = _holes_against_faces(points, corners, lengths, starts, inner, face)
    closed, corners = _oriented(points, corners, lengths, starts, face)
    used = points[corners]
    origin = used[0]
    at = used - origin
    loop_vectors = _loop_vectors(at, starts, following)
    volume = float(np.einsum("ij,ij->", at[starts], loop_vectors)) / 3.0
    vectors = np.add.reduceat(loop_vectors, np.flatnonzero(~inner), axis=0) if inner.any() else loop_vectors
    if not closed:
        # No volume in the strict sense; about the middle the missing faces weigh least.
        centre = (at.max(axis=0) + at.min(axis=0)) / 2.0
        volume = float(np.einsum("ij,ij->", at[starts] - centre, loop_vectors)) / 3.0
    turned = volume < 0
    if turned:
        volume, vectors = -volume, -vectors

    def make_tets() -> Tets:
        if not closed:
            raise NotExactError("an open body that is cut")
        loop = np.repeat(np.arange(len(lengths)), lengths)
        place = np.arange(len(corners)) - starts[loop]
        middle = np.flatnonzero((place > 0) & (place < lengths[loop] - 1))
        a, b, c = used[starts[loop[middle]]], used[middle], used[middle + 1]
        tets = np.stack([np.broadcast_to(origin, a.shape), a, b, c], axis=1)
        sign = np.einsum("ij,ij->i", a - origin, cross_rows(b - origin, c - origin))
        keep = sign != 0
        weights = np.sign(sign[keep]) * (-1.0 if turned else 1.0)
        return Tets(tets[keep], weights)

    return Solid(
        volume=volume,
        vectors=vectors,
        points=used,
        closed=closed,
        inside_out=turned and closed,
        make_tets=make_tets,
    )


def _loop_vectors(at: Array, starts: Indices, following: Indices) -> Array:
    """Area vector of each loop."""
    vectors: Array = np.add.reduceat(cross_rows(at, at[following]), starts, axis=0) / 2.0
    return vectors


def _turn_loops(corners: Indices, lengths: Indices, starts: Indices, turned: NDArray[np.bool_]) -> Indices:
    fixed = corners.copy()
    for loop in np.flatnonzero(turned):
        part = slice(starts[loop], starts[loop] + lengths[loop])
        fixed[part] = fixed[part][::-1]
    return fixed


def _holes_against_faces(
    points: Array,
    corners: Indices,
    lengths: Indices,
    starts: Indices,
    inner: NDArray[np.bool_],
    face: Indices,
) -> Indices:
    """Corners with every hole running against the outline of its face."""
    at = points[corners] - points[corners[0]]
    vectors = _loop_vectors(at, starts, _following(lengths, starts))
    against = np.einsum("ij,ij->i", vectors, vectors[np.flatnonzero(~inner)[face]])
    return _turn_loops(corners, lengths, starts, inner & (against > 0))


def _following(lengths: Indices, starts: Indices) -> Indices:
    """Position of the next corner in the same loop."""
    following = np.arange(1, int(lengths.sum()) + 1)
    following[starts + lengths - 1] = starts
    return following


def _oriented(
    points: Array, corners: Indices, lengths: Indices, starts: Indices, face: Indices
) -> tuple[bool, Indices]:
    """Whether the surface is closed, and its corners with all faces turned the same way."""
    following = _following(lengths, starts)
    if _balanced(corners, corners[following]):
        return True, corners
    # Exporters repeat a point with other last digits.
    span = float(np.ptp(points[corners], axis=0).max()) or 1.0
    merged = _same_numbers(np.round(points / (span * _SAME_POINT)))[corners]
    if _balanced(merged, merged[following]):
        return True, corners
    turned = _turned_faces(merged, merged[following], np.repeat(face, lengths))
    if turned is None:
        return False, corners
    return True, _turn_loops(corners, lengths, starts, turned[face])


def _same_numbers(grid: Array) -> Indices:
    """One number per distinct row."""
    order = np.lexsort(grid.T)
    changes = np.ones(len(grid), dtype=bool)
    changes[1:] = (np.diff(grid[order], axis=0) != 0).any(axis=1)
    numbers = np.empty(len(grid), dtype=np.int64)
    numbers[order] = np.cumsum(changes) - 1
    return numbers


def _balanced(a: Indices, b: Indices) -> bool:
    """Every edge occurs as often in one direction as in the other."""
    real = a != b
    a, b = a[real], b[real]
    count = int(max(a.max(), b.max())) + 1 if len(a) else 1
    forward, backward = a * count + b, b * count + a
    forward.sort()
    backward.sort()
    return bool(np.array_equal(forward, backward))


def _turned_faces(a: Indices, b: Indices, face: Indices) -> NDArray[np.bool_] | None:
    """Faces to turn so that neighbours agree; None when an edge does not have exactly two faces.

    Args:
        a, b: ends of the edges.
        face: the face that each edge belongs to.
    """
    real = a != b
    low, high = np.minimum(a, b)[real], np.maximum(a, b)[real]
    _, uses = np.unique(low * (int(high.max(initial=0)) + 1) + high, return_counts=True)
    if not (uses == 2).all():
        return None
    sharing: dict[tuple[int, int], list[tuple[int, bool]]] = defaultdict(list)
    for p, q, at in zip(a.tolist(), b.tolist(), face.tolist(), strict=True):
        if p != q:
            sharing[(min(p, q), max(p, q))].append((at, p < q))
    neighbours: dict[int, list[tuple[int, bool]]] = defaultdict(list)
    for (one, way), (other, other_way) in sharing.values():
        neighbours[one].append((other, way == other_way))
        neighbours[other].append((one, way == other_way))
    count = int(face[-1]) + 1
    turned = np.zeros(count, dtype=bool)
    seen = np.zeros(count, dtype=bool)
    for first in range(count):
        if seen[first]:
            continue
        seen[first] = True
        queue = deque([first])
        while queue:
            current = queue.popleft()
            for other, differs in neighbours[current]:
                wanted = turned[current] ^ differs
                if not seen[other]:
                    seen[other] = True
                    turned[other] = wanted
                    queue.append(other)
                elif turned[other] != wanted:
                    return None  # a surface with one side only
    return turned


def read_faces(faces: Iterable[Any], loops: LoopList, reverse: bool = False) -> None:
    """Faces of an IfcConnectedFaceSet into `loops`.

    Raises:
        NotExactError: curved faces or curved edges.
    """
    for face in faces:
        kind = face.is_a()
        if kind not in ("IfcFace", "IfcFaceSurface", "IfcAdvancedFace"):
            raise NotExactError(f"a face of the class {kind}")
        if kind != "IfcFace" and face.get_argument(1).is_a() != "IfcPlane":
            raise NotExactError("a curved face")
        bounds = face.get_argument(0)
        for place, bound in enumerate(_outer_first(bounds)):
            loop = bound.get_argument(0)
            points = _loop_points(loop)
            loops.add(points, inner=place > 0, reverse=(bound.get_argument(1) is False) != reverse)


def _outer_first(bounds: tuple[Any, ...]) -> Iterable[Any]:
    if len(bounds) == 1:
        return bounds
    return sorted(bounds, key=lambda b: b.is_a() != "IfcFaceOuterBound")


def _loop_points(loop: Any) -> Iterable[tuple[float, ...]]:
    kind = loop.is_a()
    if kind == "IfcPolyLoop":
        return [p.get_argument(0) for p in loop.get_argument(0)]
    if kind == "IfcEdgeLoop":
        return list(_edge_points(loop))
    raise NotExactError(f"a loop of the class {kind}")


def _edge_points(loop: Any) -> Iterator[tuple[float, ...]]:
    """Start of each oriented edge; edges must be straight."""
    for oriented in loop.get_argument(0):
        if oriented.is_a() != "IfcOrientedEdge":
            raise NotExactError("an edge without direction")
        edge = oriented.get_argument(2)
        forward = oriented.get_argument(3)
        if edge.is_a("IfcEdgeCurve"):
            curve = edge.get_argument(2).is_a()
            if curve not in ("IfcLine", "IfcPolyline"):
                raise NotExactError("a curved edge")
            if curve == "IfcPolyline" and len(edge.get_argument(2).get_argument(0)) != 2:
                raise NotExactError("an edge with several segments")
        vertex = edge.get_argument(0 if forward is not False else 1)
        if not vertex.is_a("IfcVertexPoint"):
            raise NotExactError("a vertex without a point")
        yield point3(vertex.get_argument(0))


def face_set_solid(item: Any, argument: Callable[[Any, str], Any]) -> Solid:
    """An IfcTriangulatedFaceSet or IfcPolygonalFaceSet.

    Args:
        argument: reads a named attribute.
    """
    points = np.array(argument(item, "Coordinates").get_argument(0), dtype=np.float64)
    renumber = argument(item, "PnIndex")
    corners, lengths, inner = (
        _triangles(item, argument)
        if item.is_a("IfcTriangulatedFaceSet")
        else _polygons(argument(item, "Faces"))
    )
    if not len(corners):
        raise BadShapeError("a body without faces")
    numbers = corners - 1
    if renumber:
        table = np.array(renumber, dtype=np.int64) - 1
        if numbers.min() < 0 or numbers.max() >= len(table):
            raise BadShapeError("faces with points that do not exist")
        numbers = table[numbers]
    return mesh_solid(points, numbers, lengths, inner)


def _triangles(item: Any, argument: Callable[[Any, str], Any]) -> tuple[Indices, Indices, NDArray[np.bool_]]:
    triangles = np.array(argument(item, "CoordIndex"), dtype=np.int64).reshape(-1, 3)
    count = len(triangles)
    return triangles.ravel(), np.full(count, 3), np.zeros(count, dtype=bool)


def _polygons(faces: Iterable[Any]) -> tuple[Indices, Indices, NDArray[np.bool_]]:
    corners: list[int] = []
    lengths: list[int] = []
    inner: list[bool] = []
    for face in faces:
        loops = [face.get_argument(0)]
        if face.is_a() == "IfcIndexedPolygonalFaceWithVoids":
            loops += face.get_argument(1)
        for place, loop in enumerate(loops):
            if len(loop) >= 3:
                corners += loop
                lengths.append(len(loop))
                inner.append(place > 0)
    return np.array(corners, dtype=np.int64), np.array(lengths, dtype=np.int64), np.array(inner, dtype=bool)
