"""A solid in its own axes: exact volume, the area vectors of its faces, and its pieces for cutting.

Area vectors (normal times area) give every facing area after any transformation, and their sum is zero for
a closed surface. Pieces are made only when a solid is cut or cuts.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from passport.ifc.shapes.convex import convex_parts
from passport.ifc.shapes.convex import turn as corner_turn
from passport.ifc.shapes.errors import BadShapeError, NotExactError
from passport.ifc.shapes.pieces import Cutter, Tets, cross_rows, joined, wedges
from passport.ifc.shapes.placement import cross

if TYPE_CHECKING:
    from passport.ifc.shapes.profiles import Region

Array = NDArray[np.float64]
Loop = Sequence[tuple[float, float]]

#: A turn smaller than this is straight; it decides only whether an outline counts as convex.
_STRAIGHT = 1e-12
#: Outlines of so few corners are cut as they are.
_FEW_CORNERS = 12
#: An outline that turns less than this at a corner is round there [rad].
_ROUND = 0.2
#: More pieces than this are left to the kernel.
_MOST_PIECES = 4000


@dataclass
class Solid:
    """One representation item in its own axes, in model units.

    Attributes:
        volume: exact, at least 0.
        vectors: (n, 3) outward area vectors of its faces.
        points: (m, 3) points whose box is that of the solid.
        closed: the surface has no free edge.
        exact_surface: the vectors are those of the real surface, not scaled from the uncut one.
        inside_out: the faces of a closed surface all point inwards; volume and vectors are turned.
    """

    volume: float
    vectors: Array
    points: Array
    closed: bool = True
    exact_surface: bool = True
    inside_out: bool = False
    make_tets: Callable[[], Tets] | None = None
    make_cutters: Callable[[], list[Cutter]] | None = None

    @cached_property
    def tets(self) -> Tets:
        """The solid as signed tetrahedra.

        Raises:
            NotExactError: the solid has no flat faces.
        """
        if self.make_tets is None:
            raise NotExactError("a curved or open body that is cut")
        return self.make_tets()

    @cached_property
    def cutters(self) -> list[Cutter]:
        """The solid as signed convex pieces, bounded by planes."""
        if self.make_cutters is not None:
            return self.make_cutters()
        tets = self.tets
        if len(tets) > _MOST_PIECES:
            raise NotExactError(f"a cutting body of {len(tets)} pieces")
        return [Cutter(p, w) for p, w in zip(_tet_planes(tets.corners), tets.weights, strict=True)]

    def transformed(self, matrix: Array) -> Solid:
        """The solid after an affine transformation (4, 4)."""
        linear, shift = matrix[:3, :3], matrix[:3, 3]
        determinant = float(np.linalg.det(linear))
        if not math.isfinite(determinant) or abs(determinant) < 1e-300:
            raise BadShapeError("a transformation that flattens it")
        # Area vectors turn with the cofactors of the matrix.
        cofactors = np.linalg.inv(linear).T * abs(determinant)
        make_tets = make_cutters = None
        if self.make_tets is not None:

            def make_tets() -> Tets:
                return Tets(self.tets.corners @ linear.T + shift, self.tets.weights)

        if self.make_cutters is not None:

            def make_cutters() -> list[Cutter]:
                return [transformed_cutter(c, matrix) for c in self.cutters]

        return Solid(
            volume=self.volume * abs(determinant),
            vectors=self.vectors @ cofactors.T,
            points=self.points @ linear.T + shift,
            closed=self.closed,
            exact_surface=self.exact_surface,
            inside_out=self.inside_out,
            make_tets=make_tets,
            make_cutters=make_cutters,
        )


def transformed_cutter(cutter: Cutter, matrix: Array) -> Cutter:
    """A convex piece after an affine transformation."""
    linear, shift = matrix[:3, :3], matrix[:3, 3]
    normals = cutter.planes[:, :3] @ np.linalg.inv(linear)
    offsets = cutter.planes[:, 3] + normals @ shift
    return Cutter(np.column_stack([normals, offsets]), cutter.weight)


def prism(region: Region, matrix: Array, sweep: Array, top: Region | None = None) -> Solid:
    """A region of the plane z = 0 of `matrix`, swept along a straight way.

    Args:
        region: at the start.
        matrix: (4, 4), axes of the region.
        sweep: (3,), way from start to end, in the axes of `matrix`.
        top: the region at the end for a tapered solid; it has the same number of corners.
    """
    height = float(sweep[2])
    if not math.isfinite(height) or height == 0.0:
        raise BadShapeError("an extrusion of no depth, or within its own plane")
    linear = matrix[:3, :3]
    loops = [region.outer, *region.holes]
    ends = loops if top is None else [top.outer, *top.holes]
    if [len(a) for a in loops] != [len(b) for b in ends]:
        raise NotExactError("a taper between outlines of different corners")
    turn = 1.0 if height > 0 else -1.0
    starts_3d = [_placed(loop, matrix) for loop in loops]
    shift = linear @ sweep
    if top is None:
        ends_3d = [s + shift for s in starts_3d]
    else:
        ends_3d = [_placed(loop, matrix) + shift for loop in ends]
    sides = []
    for a, b in zip(starts_3d, ends_3d, strict=True):
        next_a, next_b = np.roll(a, -1, axis=0), np.roll(b, -1, axis=0)
        sides.append(cross_rows(next_a - b, next_b - a) * (0.5 * turn))
    up = np.array(cross(tuple(linear[:, 0]), tuple(linear[:, 1])))
    end_area = region.area if top is None else top.area
    vectors = np.concatenate([*sides, [-turn * region.area * up], [turn * end_area * up]])
    unit = abs(float(np.linalg.det(linear)))
    correction = region.area / _polygon_area(region)

    def make_tets() -> Tets:
        made = []
        for a, b, loop in zip(starts_3d, ends_3d, loops, strict=True):
            made.append(_fan_prisms(a, b, loop, correction))
        return joined(made)

    def make_cutters() -> list[Cutter]:
        caps = _caps(starts_3d[0], ends_3d[0], up, turn)
        coarse = [_coarse(loop) for loop in loops]
        weight = region.area / sum(_shoelace(loop) for loop in coarse)
        placed = [_placed(loop, matrix) for loop in coarse]
        if len(loops) == 1 and _is_convex(coarse[0]):
            return [Cutter(np.vstack([_side_planes(placed[0], shift), caps]), weight)]
        parts = convex_parts(coarse[0]) if len(loops) == 1 else None
        if parts is not None:
            return [Cutter(np.vstack([_side_planes(placed[0][part], shift), caps]), weight) for part in parts]
        pieces = []
        for start, loop in zip(placed, coarse, strict=True):
            for i in range(1, len(loop) - 1):
                sign = corner_turn(loop[0], loop[i], loop[i + 1])
                if sign != 0.0:
                    planes = np.vstack([_side_planes(start[[0, i, i + 1]], shift), caps])
                    pieces.append(Cutter(planes, math.copysign(weight, sign)))
        return pieces

    solid = Solid(
        volume=region.area * abs(height) * unit,
        vectors=vectors,
        points=np.concatenate([starts_3d[0], ends_3d[0]]),
        make_tets=make_tets,
        make_cutters=make_cutters if top is None else None,
    )
    if top is not None:
        solid.volume = solid.tets.volume()
    return solid


def section_sweep(places: Sequence[Sequence[Array]], flat: Sequence[Loop], volume: float) -> Solid:
    """A region carried from place to place, with flat faces between; the last place may be the first again.

    Args:
        places: per place, per loop of the region, (n, 3) corners.
        flat: the loops in the plane, for the signs of their fans.
        volume: exact volume.
    """
    around = all(np.allclose(a, b) for a, b in zip(places[0], places[-1], strict=True))
    vectors, centres, made = [], [], []
    for start, end in pairwise(places):
        for a, b, loop in zip(start, end, flat, strict=True):
            next_a, next_b = np.roll(a, -1, axis=0), np.roll(b, -1, axis=0)
            vectors.append(cross_rows(next_a - b, next_b - a) * 0.5)
            centres.append((a + b + next_a + next_b) / 4.0)
            made.append((a, b, loop))
    if not around:
        for place, sign in ((places[0], -1.0), (places[-1], 1.0)):
            vectors.append(np.array([sign * sum(_vector_area(a) for a in place)]))
            centres.append(place[0][:1])
    faces, middles = np.concatenate(vectors), np.concatenate(centres)
    points = np.concatenate([a for place in places for a in place])
    flux = np.einsum("ij,ij->", middles - points[0], faces)

    def make_tets() -> Tets:
        found = joined([_fan_prisms(a, b, loop, 1.0) for a, b, loop in made])
        return Tets(found.corners, found.weights * (volume / found.volume()))

    return Solid(volume, faces if flux >= 0 else -faces, points, make_tets=make_tets)


def _placed(loop: Loop, matrix: Array) -> Array:
    flat = np.asarray(loop)
    placed: Array = flat @ matrix[:3, :2].T + matrix[:3, 3]
    return placed


def _polygon_area(region: Region) -> float:
    return _shoelace(region.outer) + sum(_shoelace(hole) for hole in region.holes)


def _shoelace(loop: Loop) -> float:
    total = 0.0
    x0, y0 = loop[-1]
    for x, y in loop:
        total += x0 * y - x * y0
        x0, y0 = x, y
    return total / 2.0


def _is_convex(loop: Loop) -> bool:
    size = max(abs(c) for p in loop for c in p) ** 2
    count = len(loop)
    return all(
        corner_turn(loop[i - 2], loop[i - 1], loop[i]) >= -_STRAIGHT * size for i in range(count)
    ) and _winds_once(loop)


def _winds_once(loop: Loop) -> bool:
    """Whether the outline goes round once: a star turns left everywhere, too."""
    total = 0.0
    for i in range(len(loop)):
        (ax, ay), (bx, by), (cx, cy) = loop[i - 2], loop[i - 1], loop[i]
        ux, uy, vx, vy = bx - ax, by - ay, cx - bx, cy - by
        total += math.atan2(ux * vy - uy * vx, ux * vx + uy * vy)
    return total < 3.0 * math.pi


def _fan_prisms(a: Array, b: Array, loop: Loop, correction: float) -> Tets:
    """Signed prisms between two placed outlines, as tetrahedra."""
    signs = np.array([corner_turn(loop[0], loop[i], loop[i + 1]) for i in range(1, len(a) - 1)])
    keep = np.flatnonzero(signs) + 1
    weights = np.copysign(correction, signs[keep - 1])
    first = (np.broadcast_to(a[0], (len(keep), 3)), a[keep], a[keep + 1])
    second = (np.broadcast_to(b[0], (len(keep), 3)), b[keep], b[keep + 1])
    return Tets(wedges(first, second), np.tile(weights, 3))


def _caps(start: Array, end: Array, up: Array, turn: float) -> Array:
    normal = up / np.linalg.norm(up) * turn
    return np.array([[*(-normal), -normal @ start[0]], [*normal, normal @ end[0]]])


def _coarse(loop: Loop) -> Loop:
    """The outline with fewer corners where it is round; the caller corrects for the area between.

    A corner goes when the outline turns less there than at any real corner of a building part and its
    neighbours stay; so straight pieces and sharp corners are kept as they are.
    """
    points = list(loop)
    while len(points) > _FEW_CORNERS:
        kept = []
        dropped = False
        for i, point in enumerate(points):
            a, b = points[i - 1], points[(i + 1) % len(points)]
            ux, uy, vx, vy = point[0] - a[0], point[1] - a[1], b[0] - point[0], b[1] - point[1]
            turn = abs(math.atan2(ux * vy - uy * vx, ux * vx + uy * vy))
            if turn < _ROUND and not dropped:
                dropped = True
            else:
                kept.append(point)
                dropped = False
        if len(kept) == len(points):
            break
        points = kept
    return points


def _side_planes(corners: Array, shift: Array) -> Array:
    edges = np.roll(corners, -1, axis=0) - corners
    normals = cross_rows(edges, np.broadcast_to(shift, edges.shape))
    lengths = np.linalg.norm(normals, axis=1)
    keep = lengths > 0
    normals = normals[keep] / lengths[keep, None]
    offsets = np.einsum("ij,ij->i", normals, corners[keep])
    planes = np.column_stack([normals, offsets])
    middle = corners.mean(axis=0)
    outside = normals @ middle > offsets
    planes[outside] *= -1.0
    return planes


def _vector_area(loop: Array) -> Array:
    from_first = loop - loop[0]
    area: Array = cross_rows(from_first[1:-1], from_first[2:]).sum(axis=0) / 2.0
    return area


def _tet_planes(corners: Array) -> Array:
    """Planes (n, 4, 4) of tetrahedra, normals outwards."""
    planes = np.empty((len(corners), 4, 4))
    for face, (i, j, k, opposite) in enumerate(((0, 1, 2, 3), (0, 1, 3, 2), (0, 2, 3, 1), (1, 2, 3, 0))):
        p = corners[:, i]
        normal = cross_rows(corners[:, j] - p, corners[:, k] - p)
        length = np.linalg.norm(normal, axis=1)
        normal /= np.where(length > 0, length, 1.0)[:, None]
        offset = np.einsum("ij,ij->i", normal, p)
        flip = np.where(np.einsum("ij,ij->i", normal, corners[:, opposite]) > offset, -1.0, 1.0)
        planes[:, face, :3] = normal * flip[:, None]
        planes[:, face, 3] = offset * flip
    return planes
