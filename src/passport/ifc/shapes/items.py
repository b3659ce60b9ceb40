"""Representation items as solids: sweeps, B-reps, CSG, half spaces, booleans."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from passport.ifc.schema import Schema
from passport.ifc.shapes.boxes import some_overlap
from passport.ifc.shapes.curves import CurveReader
from passport.ifc.shapes.errors import BadShapeError, NotExactError
from passport.ifc.shapes.meshes import LoopList, face_set_solid, mesh_solid, read_faces
from passport.ifc.shapes.pieces import (
    Cutter,
    Tets,
    difference,
    intersection,
    is_plain,
    joined,
    removed_by_overlapping,
    removed_volumes,
)
from passport.ifc.shapes.placement import Matrix, axes_matrix, direction, operator_matrix, point3
from passport.ifc.shapes.profiles import ProfileReader, Region
from passport.ifc.shapes.solids import Solid, prism, section_sweep

Array = NDArray[np.float64]

#: Flat faces per full turn of what is round.
_FACES_PER_TURN = 48
_SIDES_OF_A_ROD = 8
#: Deeper than this, booleans within booleans are left to the kernel.
_MOST_LEVELS = 200
#: A shell of fewer faces than this does not enclose anything on its own.
_FACES_OF_A_BODY = 4
#: Cutting bodies with more pieces than this, taken times the body's, are left to the kernel.
_MOST_CUTS = 200_000

#: Less than this share of the body is rounding.
_NOTHING = 1e-9

#: What a missing attribute, or one of another kind than the schema has, leads to.
SCHEMA_FAULTS = (TypeError, AttributeError, IndexError, RuntimeError, OverflowError, ValueError)

_BOOLEANS = ("IfcBooleanResult", "IfcBooleanClippingResult")
_HALF_SPACES = ("IfcHalfSpaceSolid", "IfcBoxedHalfSpace", "IfcPolygonalBoundedHalfSpace")
_BREPS = ("IfcFacetedBrep", "IfcFacetedBrepWithVoids", "IfcAdvancedBrep", "IfcAdvancedBrepWithVoids")
_PRIMITIVES = (
    "IfcBlock",
    "IfcRectangularPyramid",
    "IfcRightCircularCone",
    "IfcRightCircularCylinder",
    "IfcSphere",
)
_NOT_SOLID = frozenset(
    {
        "IfcGeometricCurveSet",
        "IfcGeometricSet",
        "IfcPolyline",
        "IfcTrimmedCurve",
        "IfcCompositeCurve",
        "IfcIndexedPolyCurve",
        "IfcAnnotationFillArea",
        "IfcTextLiteral",
        "IfcTextLiteralWithExtent",
        "IfcCartesianPoint",
        "IfcBoundingBox",
        "IfcStyledItem",
    }
)


class ItemReader:
    """Representation items as solids in the axes of their representation; each item is read once.

    Args:
        angle_factor: the model's plane angle unit in radian.
    """

    def __init__(self, schema: Schema, angle_factor: float) -> None:
        self._schema = schema
        self._angle = angle_factor
        self._profiles = ProfileReader(angle_factor)
        self._curves = CurveReader(angle_factor)
        self._memo: dict[int, Solid | Exception] = {}
        self._shared: set[int] = set()
        self._open: set[int] = set()

    def leaves(self, item: Any, depth: int = 0) -> Iterator[tuple[Any, Matrix | None]]:
        """The item, or what a mapped item shows, with the matrix of the mapping (None: unchanged)."""
        if item.is_a() != "IfcMappedItem":
            yield item, None
            return
        if depth > _MOST_LEVELS:
            raise BadShapeError("a representation that maps itself")
        source = item.get_argument(0)
        matrix = operator_matrix(item.get_argument(1)) @ axes_matrix(source.get_argument(0))
        for inner in source.get_argument(1).get_argument(3) or ():
            for leaf, own in self.leaves(inner, depth + 1):
                self._shared.add(leaf.id())
                yield leaf, matrix if own is None else matrix @ own

    def forget_unshared(self) -> None:
        """Drops the solids that are not the shape of several elements."""
        self._memo = {key: found for key, found in self._memo.items() if key in self._shared}

    def is_solid(self, item: Any) -> bool:
        """Whether the item can hold a volume at all."""
        return item.is_a() not in _NOT_SOLID

    def solid(self, item: Any) -> Solid:
        """The solid of one item.

        Raises:
            NotExactError: left to the kernel.
            BadShapeError: degenerate.
        """
        key = item.id()
        found = self._memo.get(key)
        if found is None:
            if key in self._open:
                raise BadShapeError("a shape that contains itself")
            self._open.add(key)
            try:
                found = self._read(item)
                if not math.isfinite(found.volume):
                    raise BadShapeError("a volume that is no number")
            except (NotExactError, BadShapeError) as error:
                found = error
            except SCHEMA_FAULTS as error:
                # An attribute that the schema requires is missing or of another kind.
                found = BadShapeError(f"{item.is_a()} #{key} breaks the schema ({error})")
            finally:
                self._open.discard(key)
            self._memo[key] = found
        if isinstance(found, Exception):
            raise found
        return found

    def _read(self, item: Any) -> Solid:
        kind = item.is_a()
        if kind in ("IfcExtrudedAreaSolid", "IfcExtrudedAreaSolidTapered"):
            return self._extruded(item, kind.endswith("Tapered"))
        if kind in (
            "IfcFacetedBrep",
            "IfcFacetedBrepWithVoids",
            "IfcAdvancedBrep",
            "IfcAdvancedBrepWithVoids",
        ):
            return self._brep(item, kind.endswith("WithVoids"))
        if kind in ("IfcTriangulatedFaceSet", "IfcPolygonalFaceSet"):
            return face_set_solid(item, self._argument)
        if kind in _BOOLEANS:
            return self._boolean(item)
        if kind in ("IfcFaceBasedSurfaceModel", "IfcShellBasedSurfaceModel"):
            return _surface_model(item.get_argument(0))
        if kind in ("IfcOpenShell", "IfcClosedShell", "IfcConnectedFaceSet"):
            loops = LoopList()
            read_faces(item.get_argument(0), loops)
            return loops.solid()
        if kind in ("IfcRevolvedAreaSolid", "IfcRevolvedAreaSolidTapered"):
            return self._revolved(item, kind.endswith("Tapered"))
        if kind in ("IfcSweptDiskSolid", "IfcSweptDiskSolidPolygonal"):
            return self._rod(item)
        if kind == "IfcCsgSolid":
            return self.solid(item.get_argument(0))
        if kind in (
            "IfcBlock",
            "IfcRectangularPyramid",
            "IfcRightCircularCone",
            "IfcRightCircularCylinder",
            "IfcSphere",
        ):
            return self._primitive(item, kind)
        raise NotExactError(f"an item of the class {kind}")

    def _argument(self, entity: Any, name: str) -> Any:
        index = self._schema.find(entity.is_a(), name)
        return None if index is None else entity.get_argument(index)

    # -- sweeps ---------------------------------------------------------------------------------------

    def _regions(self, profile: Any) -> tuple[Region, ...]:
        if not profile.is_a("IfcProfileDef"):
            raise BadShapeError(f"a profile of the class {profile.is_a()}")
        return self._profiles.read(profile)

    def _extruded(self, item: Any, tapered: bool) -> Solid:
        depth = item.get_argument(3)
        if not 0 < depth < math.inf:
            raise BadShapeError(f"an extrusion of the depth {depth:g}")
        way = direction(item.get_argument(2), (0.0, 0.0, 1.0))
        sweep = np.array((way[0] * depth, way[1] * depth, way[2] * depth))
        matrix = axes_matrix(item.get_argument(1))
        regions = self._regions(item.get_argument(0))
        tops: tuple[Region | None, ...] = (None,) * len(regions)
        if tapered:
            tops = self._regions(item.get_argument(4))
            if len(tops) != len(regions):
                raise NotExactError("a taper between different profiles")
        return merged([prism(r, matrix, sweep, t) for r, t in zip(regions, tops, strict=True)])

    def _revolved(self, item: Any, tapered: bool) -> Solid:
        if tapered:
            raise NotExactError("a tapered revolved solid")
        angle = abs(item.get_argument(3) * self._angle)
        if not 0 < angle < math.inf:
            raise BadShapeError(f"a revolution by {angle:g} rad")
        angle = min(angle, 2 * math.pi)
        signed = math.copysign(angle, item.get_argument(3))
        axis = item.get_argument(2)
        at = np.array(point3(axis.get_argument(0)))
        along = np.array(direction(axis.get_argument(1), (0.0, 0.0, 1.0)))
        matrix = axes_matrix(item.get_argument(1))
        parts = []
        for region in self._regions(item.get_argument(0)):
            # Distance to the axis within the plane of the profile (Pappus).
            across = np.cross(along, (0.0, 0.0, 1.0))
            length = float(np.linalg.norm(across))
            if abs(along[2]) > 1e-9 or length == 0:
                raise NotExactError("a revolution about an axis outside the profile's plane")
            across /= length
            distances = [(np.array((x, y, 0.0)) - at) @ across for x, y in region.outer]
            if min(distances) < -1e-9 * max(map(abs, distances)) and max(distances) > 1e-9:
                raise BadShapeError("a profile that crosses its axis of revolution")
            radius = abs((np.array((*region.centroid, 0.0)) - at) @ across)
            steps = max(2, math.ceil(_FACES_PER_TURN * angle / (2 * math.pi)))
            flat = [region.outer, *region.holes]
            places = []
            for k in range(steps + 1):
                turn = _rotation(along, signed * k / steps)
                places.append([_turned(loop, at, turn, matrix) for loop in flat])
            parts.append(section_sweep(places, flat, region.area * radius * angle))
        return merged(parts)

    def _rod(self, item: Any) -> Solid:
        radius, inner = item.get_argument(1), item.get_argument(2) or 0.0
        if not 0 <= inner < radius < math.inf:
            raise BadShapeError(f"a rod of the radius {radius:g} with a bore of {inner:g}")
        path = self._curves.path(item.get_argument(0))
        start, end = item.get_argument(3), item.get_argument(4)
        if (start or 0.0) != 0.0 or (end is not None and not _whole_path(item.get_argument(0), end)):
            raise NotExactError("a rod along a part of its curve")
        points = np.array([(*p, 0.0)[:3] for p in path.points])
        area = math.pi * (radius**2 - inner**2)
        ways = np.diff(points, axis=0)
        lengths = np.linalg.norm(ways, axis=1)
        ways, lengths = ways[lengths > 0], lengths[lengths > 0]
        if not len(lengths) or not path.length > 0:
            raise BadShapeError("a rod of no length")
        vectors = []
        for way, length in zip(ways / lengths[:, None], lengths, strict=True):
            u = np.cross(way, (1.0, 0.0, 0.0) if abs(way[0]) < 0.9 else (0.0, 1.0, 0.0))
            u /= np.linalg.norm(u)
            v = np.cross(way, u)
            for k in range(_SIDES_OF_A_ROD):
                turn = 2 * math.pi * (k + 0.5) / _SIDES_OF_A_ROD
                facet = radius * length * 2 * math.pi / _SIDES_OF_A_ROD
                vectors.append(facet * (math.cos(turn) * u + math.sin(turn) * v))
        vectors += [-area * ways[0] / lengths[0], area * ways[-1] / lengths[-1]]
        # A rod is as thick across its way as it is round; along its way it stops at its ends.
        across = np.sqrt(np.clip(1.0 - (ways / lengths[:, None]) ** 2, 0.0, 1.0)) * radius
        steps = np.concatenate([points[:1], points[:1] + np.cumsum(ways, axis=0)])
        reach = np.maximum(np.vstack([across[:1], across]), np.vstack([across, across[-1:]]))
        box = np.concatenate([steps - reach, steps + reach])
        return Solid(area * path.length, np.array(vectors), box)

    # -- faces ----------------------------------------------------------------------------------------

    def _brep(self, item: Any, with_voids: bool) -> Solid:
        loops = LoopList()
        read_faces(item.get_argument(0).get_argument(0), loops)
        outer = loops.solid()
        if not with_voids:
            return outer
        voids = []
        for shell in item.get_argument(1):
            inside = LoopList()
            read_faces(shell.get_argument(0), inside)
            voids.append(inside.solid())
        if not all(v.closed for v in voids):
            raise NotExactError("an open void")
        return Solid(
            volume=outer.volume - sum(v.volume for v in voids),
            vectors=np.concatenate([outer.vectors, *(-v.vectors for v in voids)]),
            points=outer.points,
            closed=outer.closed,
            make_tets=lambda: joined([outer.tets, *(Tets(v.tets.corners, -v.tets.weights) for v in voids)]),
        )

    # -- CSG ------------------------------------------------------------------------------------------

    def _primitive(self, item: Any, kind: str) -> Solid:
        matrix = axes_matrix(item.get_argument(0))
        sizes = [float(item.get_argument(i)) for i in range(1, 2 if kind == "IfcSphere" else 3)]
        if kind in ("IfcBlock", "IfcRectangularPyramid"):
            sizes.append(float(item.get_argument(3)))
        if not all(0 < s < math.inf for s in sizes):
            raise BadShapeError(f"{kind} with a dimension that is not positive")
        if kind == "IfcBlock":
            x, y, z = sizes
            return prism(_rectangle(x, y), matrix, np.array((0.0, 0.0, z)))
        if kind == "IfcRightCircularCylinder":
            height, radius = sizes
            return prism(_circle(radius), matrix, np.array((0.0, 0.0, height)))
        if kind == "IfcSphere":
            return _sphere(sizes[0]).transformed(matrix)
        if kind == "IfcRectangularPyramid":
            x, y, height = sizes
            base = _rectangle(x, y).outer
            return _cone(base, (x / 2, y / 2, height), x * y * height / 3).transformed(matrix)
        height, radius = sizes
        return _cone(_circle(radius).outer, (0, 0, height), math.pi * radius**2 * height / 3).transformed(
            matrix
        )

    def cut_together(self, items: Iterable[Any]) -> None:
        """Computes cuts by bodies that lie apart, of all items at once: many times faster than one by one.

        Other cuts, and what cannot be read, are left until their item is asked for.
        """
        waiting: dict[int, tuple[Any, Solid, Tets]] = {}
        apart: list[list[Cutter]] = []
        for item in items:
            key = item.id()
            if key in self._memo or key in waiting or item.is_a() not in _BOOLEANS:
                continue
            try:
                first, steps = self._steps(item)
                cuts = self._plain_cuts(first, steps)
            except (NotExactError, BadShapeError, *SCHEMA_FAULTS):
                continue
            if cuts is None:
                continue
            tets, bodies, overlapping = cuts
            if not overlapping:
                waiting[key] = (item, first, tets)
                apart.append([cutter for body in bodies for cutter in body])
                continue
            removed = removed_by_overlapping(tets, bodies, _MOST_CUTS)
            if removed is not None:
                self._keep(item, first, tets, removed)
        volumes = removed_volumes([tets for _, _, tets in waiting.values()], apart)
        for (item, first, tets), volume in zip(waiting.values(), volumes, strict=True):
            self._keep(item, first, tets, float(volume))

    def _keep(self, item: Any, first: Solid, tets: Tets, removed_volume: float) -> None:
        try:
            self._memo[item.id()] = _what_is_left(
                first, tets, tets.volume() - removed_volume, partial(self._pieces, item)
            )
        except BadShapeError as error:
            self._memo[item.id()] = error

    def _pieces(self, item: Any) -> Tets:
        return self._boolean(item).tets

    def _plain_cuts(self, first: Solid, steps: list[Any]) -> tuple[Tets, list[list[Cutter]], bool] | None:
        """The body cut by its half spaces, its other cutting bodies, and whether any of those overlap.

        None when a step is no cut.
        """
        tets = first.tets
        boxes: list[tuple[Array, Array]] = []
        bodies: list[list[Cutter]] = []
        for step in steps:
            if step.get_argument(0) != "DIFFERENCE":
                return None
            second = step.get_argument(2)
            pieces = self._cutters(second, first.points)
            if second.is_a() in _HALF_SPACES:
                if not is_plain(pieces):
                    return None
                tets = difference(tets, pieces)
            else:
                points = self.solid(second).points
                boxes.append((points.min(axis=0), points.max(axis=0)))
                bodies.append(pieces)
        return tets, bodies, some_overlap(boxes)

    def _steps(self, item: Any) -> tuple[Solid, list[Any]]:
        """First body and the boolean results that change it, in their order."""
        steps = []
        seen: set[int] = set()
        current = item
        while current.is_a() in _BOOLEANS:
            if current.id() in seen:
                raise BadShapeError("a shape that contains itself")
            seen.add(current.id())
            steps.append(current)
            current = current.get_argument(1)
            if len(steps) > _MOST_LEVELS:
                raise NotExactError("very many cuts")
        first = self.solid(current)
        if not first.closed:
            raise NotExactError("an open body that is cut")
        return first, steps[::-1]

    def _boolean(self, item: Any) -> Solid:
        first, steps = self._steps(item)
        tets = first.tets
        closed = True
        for step in steps:
            operator = step.get_argument(0)
            try:
                second = step.get_argument(2)
                cutters = self._cutters(second, first.points)
                if len(cutters) * len(tets) > _MOST_CUTS:
                    raise NotExactError("a body with very many cuts")
                if operator == "DIFFERENCE":
                    tets = difference(tets, cutters)
                elif operator == "INTERSECTION":
                    tets = intersection(tets, cutters)
                else:
                    other = self.solid(second)
                    closed = closed and other.closed
                    tets = joined([difference(tets, cutters), other.tets])
            except BadShapeError as error:
                raise NotExactError(f"a degenerate cutting body: {error}") from error
        return _what_is_left(first, tets, tets.volume(), lambda: tets, closed)

    def _cutters(self, item: Any, points: Array) -> list[Cutter]:
        kind = item.is_a()
        if kind not in _HALF_SPACES:
            solid = self.solid(item)
            if not solid.closed:
                raise NotExactError("an open cutting body")
            return solid.cutters
        surface = item.get_argument(0)
        if surface.is_a() != "IfcPlane":
            raise NotExactError("a half space behind a curved surface")
        axes = axes_matrix(surface.get_argument(0))
        # AgreementFlag TRUE: the normal points away from the material of the half space.
        sign = -1.0 if item.get_argument(1) is False else 1.0
        normal = axes[:3, 2] * sign
        plane = np.array([[*normal, normal @ axes[:3, 3]]])
        if kind != "IfcPolygonalBoundedHalfSpace":
            return [Cutter(plane, 1.0)]
        matrix = axes_matrix(item.get_argument(2))
        loop = self._curves.loop(item.get_argument(3))
        region = Region(tuple(loop.points), (), abs(loop.area), (0.0, 0.0), 1.0)
        # The boundary reaches without end both ways; here far enough to hold the whole body.
        local = (points - matrix[:3, 3]) @ matrix[:3, :3]
        low, high = float(local[:, 2].min()) - 1.0, float(local[:, 2].max()) + 1.0
        start = matrix.copy()
        start[:3, 3] += matrix[:3, 2] * low
        column = prism(region, start, np.array((0.0, 0.0, high - low)))
        return [Cutter(np.vstack([c.planes, plane]), c.weight) for c in column.cutters]


def _what_is_left(
    first: Solid, kept: Tets, volume: float, make_tets: Callable[[], Tets], closed: bool = True
) -> Solid:
    """A body after its cuts; `kept` are pieces whose box is that of the body."""
    if not volume > _NOTHING * first.volume:
        raise BadShapeError("nothing is left after its cuts")
    return Solid(
        volume=volume,
        vectors=first.vectors * (volume / first.tets.volume()),
        points=kept.corners[kept.weights > 0].reshape(-1, 3),
        closed=closed,
        exact_surface=False,
        make_tets=make_tets,
    )


def _surface_model(shells: Any) -> Solid:
    """Shells that are closed each, or only together; those of one body may look different ways."""
    loops = LoopList()
    ends = []
    for shell in shells:
        read_faces(shell.get_argument(0), loops)
        ends.append(len(loops.lengths))
    if len(ends) == 1 or len(loops.lengths) < _FACES_OF_A_BODY * len(ends):
        return loops.solid()
    parts = [loops.solid(a, b) for a, b in pairwise([0, *ends]) if b > a]
    if all(p.closed for p in parts):
        return merged(parts)
    together = loops.solid()
    return together if together.closed else merged(parts)


def merged(parts: list[Solid]) -> Solid:
    """Several solids of one item as one."""
    if len(parts) == 1:
        return parts[0]
    cuttable = all(p.make_tets is not None for p in parts)
    return Solid(
        volume=sum(p.volume for p in parts),
        vectors=np.concatenate([p.vectors for p in parts]),
        points=np.concatenate([p.points for p in parts]),
        closed=all(p.closed for p in parts),
        exact_surface=all(p.exact_surface for p in parts),
        inside_out=any(p.inside_out for p in parts),
        make_tets=(lambda: joined([p.tets for p in parts])) if cuttable else None,
        make_cutters=(lambda: [c for p in parts for c in p.cutters]) if cuttable else None,
    )


def _rotation(axis: Array, angle: float) -> Array:
    x, y, z = axis
    c, s = math.cos(angle), math.sin(angle)
    skew = np.array(((0.0, -z, y), (z, 0.0, -x), (-y, x, 0.0)))
    rotation: Array = np.eye(3) * c + s * skew + (1 - c) * np.outer(axis, axis)
    return rotation


def _turned(loop: Any, at: Array, turn: Array, matrix: Matrix) -> Array:
    flat = np.column_stack([np.asarray(loop), np.zeros(len(loop))])
    local = (flat - at) @ turn.T + at
    placed: Array = local @ matrix[:3, :3].T + matrix[:3, 3]
    return placed


def _whole_path(curve: Any, end: float) -> bool:
    """Whether the parameter is the end of the curve, where that is plain."""
    kind = curve.is_a()
    if kind == "IfcPolyline":
        return bool(abs(len(curve.get_argument(0)) - 1 - end) < 1e-6)
    if kind == "IfcCompositeCurve":
        return bool(abs(len(curve.get_argument(0)) - end) < 1e-6)
    return False


def _rectangle(x: float, y: float) -> Region:
    corners = ((0.0, 0.0), (x, 0.0), (x, y), (0.0, y))
    return Region(corners, (), x * y, (x / 2, y / 2), 2 * (x + y))


def _circle(radius: float) -> Region:
    step = 2 * math.pi / _FACES_PER_TURN
    points = tuple((radius * math.cos(k * step), radius * math.sin(k * step)) for k in range(_FACES_PER_TURN))
    return Region(points, (), math.pi * radius**2, (0.0, 0.0), 2 * math.pi * radius)


def _cone(base: tuple[tuple[float, float], ...], tip: tuple[float, float, float], volume: float) -> Solid:
    count = len(base)
    points = np.array([*((x, y, 0.0) for x, y in base), tip], dtype=np.float64)
    corners = [*reversed(range(count))]
    for k in range(count):
        corners += [k, (k + 1) % count, count]
    lengths = np.array([count, *([3] * count)])
    flat = mesh_solid(points, np.array(corners), lengths, np.zeros(count + 1, dtype=bool))
    correction = volume / flat.volume
    return Solid(
        volume=volume,
        vectors=flat.vectors,
        points=flat.points,
        make_tets=lambda: Tets(flat.tets.corners, flat.tets.weights * correction),
    )


def _sphere(radius: float) -> Solid:
    vectors, points = [], []
    rings = _FACES_PER_TURN // 4
    for i in range(rings):
        low, high = (math.pi * (i + k) / rings - math.pi / 2 for k in (0, 1))
        area = 2 * math.pi * radius**2 * (math.sin(high) - math.sin(low)) / _FACES_PER_TURN
        middle = (low + high) / 2
        for k in range(_FACES_PER_TURN):
            turn = 2 * math.pi * k / _FACES_PER_TURN
            unit = np.array(
                (math.cos(middle) * math.cos(turn), math.cos(middle) * math.sin(turn), math.sin(middle))
            )
            vectors.append(area * unit)
    for axis in range(3):
        for sign in (-1.0, 1.0):
            point = np.zeros(3)
            point[axis] = sign * radius
            points.append(point)
    return Solid(4 / 3 * math.pi * radius**3, np.array(vectors), np.array(points))
