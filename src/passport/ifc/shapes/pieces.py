"""Signed tetrahedra and convex cutters: exact volumes of polyhedra that are cut, joined and intersected.

A polyhedron is the signed sum of simple convex pieces (a fan of tetrahedra, or of prisms), because the sum of
their indicator functions is that of the polyhedron; outline, holes and re-entrant corners need no care. Then

    A without B  =  A - A*B          A and B  =  A*B          A or B  =  A + B - A*B

where A*B is the product of indicators, so only the intersection of a tetrahedron with a convex piece is ever
computed, by cutting it with the planes of that piece. Overlapping cutters are exact too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

#: Splinters below this share of the largest piece are dropped after a cut; they are rounding.
_SPLINTER = 1e-14
#: Weights of pieces of round bodies, which hold the correction of their outline, up to here count as 1.
_ALMOST_ONE = 4e-3
#: Corners closer to a plane than this share of the farthest corner's distance lie in it.
_ON_PLANE = 1e-10


@dataclass(frozen=True, slots=True)
class Tets:
    """Signed tetrahedra: corners (n, 4, 3) and weights (n,), +1 or -1 times a small correction for arcs."""

    corners: Array
    weights: Array

    def volume(self) -> float:
        """Volume of the polyhedron that they add up to."""
        return float(self.weights @ sizes(self.corners))

    def __len__(self) -> int:
        return len(self.weights)


@dataclass(frozen=True, slots=True)
class Cutter:
    """One convex piece of a cutting body: the points with normal . x <= offset for every plane.

    Attributes:
        planes: (k, 4), normal and offset.
        weight: sign of the piece in the body's sum.
    """

    planes: Array
    weight: float


def sizes(corners: Array) -> Array:
    """Volumes of tetrahedra (n, 4, 3), always positive."""
    a = corners[:, 1:] - corners[:, :1]
    determinant = np.einsum("ij,ij->i", a[:, 0], cross_rows(a[:, 1], a[:, 2]))
    size: Array = np.abs(determinant) / 6.0
    return size


def cross_rows(a: Array, b: Array) -> Array:
    """Vector products of the rows of (n, 3) arrays; several times faster than `numpy.cross` on few rows."""
    found = np.empty(a.shape)
    ax, ay, az = a[:, 0], a[:, 1], a[:, 2]
    bx, by, bz = b[:, 0], b[:, 1], b[:, 2]
    found[:, 0] = ay * bz - az * by
    found[:, 1] = az * bx - ax * bz
    found[:, 2] = ax * by - ay * bx
    return found


def joined(parts: Sequence[Tets]) -> Tets:
    """All of them together."""
    if len(parts) == 1:
        return parts[0]
    if not parts:
        return Tets(np.empty((0, 4, 3)), np.empty(0))
    return Tets(np.concatenate([p.corners for p in parts]), np.concatenate([p.weights for p in parts]))


def cut(corners: Array, planes: Array) -> tuple[Array, NDArray[np.int64]]:
    """The parts of tetrahedra below one plane each.

    Args:
        corners: (n, 4, 3).
        planes: (n, 4) or (4,); the part with normal . x <= offset is kept.

    Returns:
        Tetrahedra (m, 4, 3) that fill the kept parts, and for each the row that it comes from.
    """
    under, _ = _split(corners, planes, both=False)
    return under


_Parts = tuple[Array, NDArray[np.int64]]


def _split(corners: Array, planes: Array, both: bool) -> tuple[_Parts, _Parts]:
    """Parts below and, if wanted, above one plane each, with the rows that they come from."""
    if planes.ndim == 1:
        height = corners @ planes[:3] - planes[3]
    else:
        height = np.einsum("nij,nj->ni", corners, planes[:, :3]) - planes[:, 3:]
    # A face that lies in the plane, but for rounding, must not be split into splinters.
    distance = np.abs(height)
    height[distance <= _ON_PLANE * distance.max(axis=1, initial=0.0)[:, None]] = 0.0
    some_over, some_under = (height > 0.0).any(axis=1), (height < 0.0).any(axis=1)
    crossed = some_over & some_under
    whole = np.flatnonzero(~some_over)
    under, under_rows = [corners[whole]], [whole]
    over: list[Array] = []
    over_rows: list[NDArray[np.int64]] = []
    if both:
        rest = np.flatnonzero(some_over & ~some_under)
        over.append(corners[rest])
        over_rows.append(rest)
    if crossed.any():
        rows = np.flatnonzero(crossed)
        h, p = height[rows], corners[rows]
        # Corners below first; then every part is a small tetrahedron or a wedge between two triangles.
        order = np.argsort(h, axis=1, kind="stable")
        pick = np.arange(len(rows))[:, None]
        h, p = h[pick, order], p[pick, order]
        count = (h <= 0.0).sum(axis=1)
        for number in (1, 2, 3):
            chosen = np.flatnonzero(count == number)
            if not len(chosen):
                continue
            q, g, at = p[chosen], h[chosen], rows[chosen]
            for tets, parts, sources in (
                (_lower(q, g, number), under, under_rows),
                (_lower(q[:, ::-1], -g[:, ::-1], 4 - number) if both else None, over, over_rows),
            ):
                if tets is not None:
                    parts.append(tets)
                    sources.append(at if len(tets) == len(at) else np.concatenate([at, at, at]))
    below_plane = np.concatenate(under), np.concatenate(under_rows)
    if not both:
        return below_plane, below_plane
    return below_plane, (np.concatenate(over), np.concatenate(over_rows))


def _lower(p: Array, h: Array, number: int) -> Array:
    """What lies below of tetrahedra (n, 4, 3) with their first `number` corners below."""
    top = p[:, number:]
    h_top = h[:, number:]
    if number == 1:
        t = h[:, :1] / (h[:, :1] - h_top)
        new = np.empty_like(p)
        new[:, 0] = p[:, 0]
        new[:, 1:] = p[:, :1] + t[:, :, None] * (top - p[:, :1])
        return new
    if number == 2:
        t = h[:, :2, None] / (h[:, :2, None] - h_top[:, None, :])
        c = p[:, :2, None] + t[..., None] * (top[:, None] - p[:, :2, None])  # (n, lower, upper, 3)
        return wedges((p[:, 0], c[:, 0, 0], c[:, 0, 1]), (p[:, 1], c[:, 1, 0], c[:, 1, 1]))
    t = h[:, :3] / (h[:, :3] - h_top)
    c = p[:, :3] + t[:, :, None] * (top - p[:, :3])
    return wedges((p[:, 0], p[:, 1], p[:, 2]), (c[:, 0], c[:, 1], c[:, 2]))


def wedges(first: Sequence[Array], second: Sequence[Array]) -> Array:
    """Three tetrahedra (3n, 4, 3) for each wedge between two triangles of (n, 3) corners."""
    corners = (*first, *second)
    count = len(first[0])
    tets = np.empty((3 * count, 4, 3))
    for turn, four in enumerate(((0, 1, 2, 5), (0, 1, 4, 5), (0, 3, 4, 5))):
        for place, corner in enumerate(four):
            tets[turn * count : (turn + 1) * count, place] = corners[corner]
    return tets


def intersection(tets: Tets, cutters: Sequence[Cutter]) -> Tets:
    """The product of two polyhedra."""
    found = []
    for cutter in cutters:
        live, planes = _touched(tets, cutter)
        if not live.any():
            continue
        corners, weights = tets.corners[live], tets.weights[live]
        for plane in planes:
            corners, source = cut(corners, plane)
            weights = weights[source]
        if len(corners):
            found.append(_without_splinters(corners, weights * cutter.weight))
    return joined(found)


def difference(tets: Tets, cutters: Sequence[Cutter]) -> Tets:
    """The first without the second.

    Convex cutters split the pieces, so that pieces do not pile up however often cutters overlap; only a
    cutter that is itself a sum with negative pieces is taken off as a negative copy.
    """
    if is_plain(cutters):
        for cutter in cutters:
            tets = _outside(tets, cutter)
        return tets
    common = intersection(tets, cutters)
    return joined([tets, Tets(common.corners, -common.weights)]) if len(common) else tets


def is_plain(cutters: Sequence[Cutter]) -> bool:
    """Whether no piece counts against another: then they do not overlap, because their sum is at most 1."""
    return all(abs(c.weight - 1.0) < _ALMOST_ONE for c in cutters)


def _no_cut(bodies: int, planes: int) -> Array:
    """Planes 0 . x <= 1, which cut nothing, to be overwritten where there are any."""
    nothing = np.zeros((bodies, planes, 4))
    nothing[:, :, 3] = 1.0
    return nothing


def _outside(tets: Tets, cutter: Cutter) -> Tets:
    live, planes = _touched(tets, cutter)
    if not live.any():
        return tets
    kept = [Tets(tets.corners[~live], tets.weights[~live])]
    corners, weights = tets.corners[live], tets.weights[live]
    for plane in planes:
        (corners, source), (over, rows) = _split(corners, plane, both=True)
        if len(over):
            kept.append(_without_splinters(over, weights[rows]))
        weights = weights[source]
        if not len(corners):
            break
    return joined(kept)


def _touched(tets: Tets, cutter: Cutter) -> tuple[NDArray[np.bool_], Array]:
    """Which pieces reach into the cutter, and the planes that cut any of those."""
    height = tets.corners @ cutter.planes[:, :3].T - cutter.planes[:, 3]
    touch = _ON_PLANE * np.abs(height).max(initial=0.0)
    live = ~(height >= -touch).all(axis=1).any(axis=1)
    return live, cutter.planes[(height[live] > touch).any(axis=(0, 1))]


def below(tets: Tets, plane: Array) -> Tets:
    """The part below a plane (4,)."""
    corners, source = cut(tets.corners, plane)
    return _without_splinters(corners, tets.weights[source])


def _without_splinters(corners: Array, weights: Array) -> Tets:
    if not len(weights):
        return Tets(corners, weights)
    size = sizes(corners)
    keep = size > _SPLINTER * size.max()
    return Tets(corners[keep], weights[keep])


def removed_by_overlapping(tets: Tets, bodies: Sequence[Sequence[Cutter]], most_pieces: int) -> float | None:
    """The volume that cutting bodies take out together, each place once; None when it takes too many pieces.

    What a body takes out is reduced by what the bodies before it took, the nearest in order first, because
    in practice openings overlap with their neighbours.
    """
    removed = 0.0
    for i, cutters in enumerate(bodies):
        taken = intersection(tets, cutters)
        for earlier in reversed(bodies[:i]):
            if not len(taken):
                break
            if len(taken) * len(earlier) > most_pieces:
                return None
            taken = difference(taken, earlier)
        removed += taken.volume()
    return removed


def removed_volumes(
    bodies: Sequence[Tets], cutters: Sequence[Sequence[Cutter]], rows_per_turn: int = 200_000
) -> Array:
    """For each body the volume that its cutters take out, all bodies at once; cutters must not overlap.

    Args:
        bodies, cutters: parallel.
        rows_per_turn: tetrahedra that are cut together, which bounds the memory.
    """
    removed = np.zeros(len(bodies))
    turn: list[tuple[int, Tets, Cutter]] = []
    rows = 0
    for i, (body, own) in enumerate(zip(bodies, cutters, strict=True)):
        for cutter in own:
            turn.append((i, body, cutter))
            rows += len(body)
            if rows >= rows_per_turn:
                _remove(turn, removed)
                turn, rows = [], 0
    if turn:
        _remove(turn, removed)
    return removed


def _remove(turn: Sequence[tuple[int, Tets, Cutter]], removed: Array) -> None:
    counts = [len(body) for _, body, _ in turn]
    corners = np.concatenate([body.corners for _, body, _ in turn])
    weights = np.concatenate([body.weights * cutter.weight for _, body, cutter in turn])
    pair = np.repeat(np.arange(len(turn)), counts)
    most = max(len(cutter.planes) for _, _, cutter in turn)
    planes = _no_cut(len(turn), most)
    for i, (_, _, cutter) in enumerate(turn):
        planes[i, : len(cutter.planes)] = cutter.planes
    for j in range(most):
        if not len(corners):
            return
        corners, source = cut(corners, planes[pair, j])
        weights, pair = weights[source], pair[source]
    volumes = np.bincount(pair, weights * sizes(corners), minlength=len(turn))
    np.add.at(removed, [i for i, _, _ in turn], volumes)
