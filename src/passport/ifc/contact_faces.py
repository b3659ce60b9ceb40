"""Where two bodies touch: faces that look at each other in one plane, and how large the common area is.

Two triangles touch when their normals are opposite (within 2.5 degrees), their planes lie within 1 cm and
they overlap. Bodies of which no two triangles come within 6 cm are apart, unless one may contain the other.
Everything between is near: nothing shows them apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from passport.ifc.mesh import Mesh

#: Planes within this distance touch; elements are often drawn with a joint or an overlap of some mm [m].
TOUCH_M = 0.01
#: What is further apart does not touch, whatever the drawing tolerance [m].
NEAR_M = 0.06
#: Common area below this is an edge or a corner that touches [m2].
LEAST_AREA_M2 = 1e-4
#: Cosine from which normals are opposite; sine of the slope from which a face looks down or up.
_OPPOSITE, _LOOKS_DOWN = 0.999, 0.17
#: Where each of two bodies bears the other, the smaller area is a notch below this share of the larger.
_NOTCH = 0.1
#: Pairs of triangles looked at together.
_TOGETHER = 2_000_000

ContactKind = Literal["lies on", "touches", "near"]


@dataclass(frozen=True, slots=True)
class Contact:
    """Two bodies that touch or may touch.

    Attributes:
        kind: lies on (`of` has a face that looks down on one of `to`), touches (upright faces), or near.
        of, to: keys of the bodies.
        area_m2: of the faces that touch; 0 for near.
    """

    kind: ContactKind
    of: int
    to: int
    area_m2: float


def find_face_contacts(meshes: Mapping[int, Mesh]) -> list[Contact]:
    """Contacts of every two bodies, in the order of the keys.

    Example:
        >>> corners = np.array([[x, y, z] for x in (0, 1) for y in (0, 1) for z in (0, 1)], dtype=float)
        >>> faces = np.array([[0, 2, 6], [0, 6, 4], [1, 7, 3], [1, 5, 7]], dtype=np.int32)
        >>> upper = Mesh(corners + (0.5, 0, 1), faces)
        >>> [(c.kind, c.of, c.to, c.area_m2) for c in find_face_contacts({1: Mesh(corners, faces), 2: upper})]
        [('lies on', 2, 1, 0.5)]
    """
    bodies = {key: _Body.of(mesh) for key, mesh in meshes.items() if len(mesh.faces)}
    keys = sorted(key for key, body in bodies.items() if len(body.triangles))
    found: list[Contact] = []
    for one, other in _neighbours(keys, bodies):
        found += _contacts(one, bodies[one], other, bodies[other])
    return found


@dataclass(frozen=True, eq=False, slots=True)
class _Body:
    triangles: NDArray[np.float64]
    normals: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    box: tuple[NDArray[np.float64], NDArray[np.float64]]

    @classmethod
    def of(cls, mesh: Mesh) -> _Body:
        triangles = mesh.triangles
        triangles = triangles[np.isfinite(triangles).all(axis=(1, 2))]
        cross = np.cross(triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0])
        twice = np.linalg.norm(cross, axis=1)
        kept = twice > 1e-12
        triangles, normals = triangles[kept], cross[kept] / twice[kept, None]
        # A mirrored body comes inside out: its faces would look the wrong way.
        middle = triangles.mean(axis=(0, 1)) if len(triangles) else np.zeros(3)
        volume = float(np.einsum("ij,ij->", triangles[:, 0] - middle, cross[kept]))
        if volume < 0:
            normals = -normals
        low, high = triangles.min(axis=1), triangles.max(axis=1)
        empty = np.full(3, np.nan)
        box = (low.min(axis=0), high.max(axis=0)) if len(triangles) else (empty, empty)
        return cls(triangles, normals, low, high, box)


def _neighbours(keys: list[int], bodies: Mapping[int, _Body]) -> list[tuple[int, int]]:
    """Pairs of bodies whose boxes come within `NEAR_M` of each other."""
    import shapely

    if len(keys) < 2:
        return []
    low = np.array([bodies[key].box[0] for key in keys]) - NEAR_M / 2
    high = np.array([bodies[key].box[1] for key in keys]) + NEAR_M / 2
    plans = shapely.box(low[:, 0], low[:, 1], high[:, 0], high[:, 1])
    one, other = shapely.STRtree(plans).query(plans, predicate=None)
    kept = (one < other) & (low[one, 2] <= high[other, 2]) & (low[other, 2] <= high[one, 2])
    pairs = sorted(zip(one[kept].tolist(), other[kept].tolist(), strict=True))
    return [(keys[a], keys[b]) for a, b in pairs]


def _contacts(one: int, a: _Body, other: int, b: _Body) -> list[Contact]:
    rows = np.flatnonzero(_reaches(a, b.box))
    columns = np.flatnonzero(_reaches(b, a.box))
    below = above = beside = 0.0
    near = False
    step = max(1, _TOGETHER // max(1, len(columns)))
    for start in range(0, len(rows), step):
        first, second = _close(a, rows[start : start + step], b, columns)
        near = near or len(first) > 0
        areas, down = _common(a, first, b, second)
        below += float(areas[down < -_LOOKS_DOWN].sum())
        above += float(areas[down > _LOOKS_DOWN].sum())
        beside += float(areas[np.abs(down) <= _LOOKS_DOWN].sum())
    found = []
    if below > max(LEAST_AREA_M2, _NOTCH * above):
        found.append(Contact("lies on", one, other, below))
    if above > max(LEAST_AREA_M2, _NOTCH * below):
        found.append(Contact("lies on", other, one, above))
    if beside > LEAST_AREA_M2:
        found.append(Contact("touches", one, other, beside))
    if not found and (near or _may_contain(a, b) or _may_contain(b, a)):
        found.append(Contact("near", one, other, 0.0))
    return found


def _reaches(body: _Body, box: tuple[NDArray[np.float64], NDArray[np.float64]]) -> NDArray[np.bool_]:
    below, above = body.low <= box[1] + NEAR_M, body.high >= box[0] - NEAR_M
    return np.asarray((below & above).all(axis=1), dtype=np.bool_)


def _close(
    a: _Body, rows: NDArray[np.intp], b: _Body, columns: NDArray[np.intp]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Pairs of triangles whose boxes come within `NEAR_M`."""
    together = (
        (a.low[rows, None] <= b.high[None, columns] + NEAR_M)
        & (a.high[rows, None] >= b.low[None, columns] - NEAR_M)
    ).all(axis=2)
    first, second = np.nonzero(together)
    return rows[first], columns[second]


def _common(
    a: _Body, first: NDArray[np.intp], b: _Body, second: NDArray[np.intp]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Common area of pairs of triangles that touch [m2], and the upward part of the normal of the first."""
    import shapely

    normals = a.normals[first]
    facing = np.einsum("ij,ij->i", normals, b.normals[second]) < -_OPPOSITE
    between = b.triangles[second].mean(axis=1) - a.triangles[first].mean(axis=1)
    chosen = facing & (np.abs(np.einsum("ij,ij->i", normals, between)) <= TOUCH_M)
    first, second, normals = first[chosen], second[chosen], normals[chosen]
    if len(first) == 0:
        return np.zeros(0), np.zeros(0)
    helper = np.where(np.abs(normals[:, 2:]) < 0.9, [[0.0, 0.0, 1.0]], [[1.0, 0.0, 0.0]])
    across = np.cross(helper, normals)
    across /= np.linalg.norm(across, axis=1)[:, None]
    along = np.cross(normals, across)
    axes = np.stack((across, along), axis=1)
    origin = a.triangles[first, :1]
    # To the nanometre: differences of the last bit would confuse the overlay.
    flat = [
        np.round(np.einsum("ikx,ijx->ijk", axes, body.triangles[which] - origin), 9)
        for body, which in ((a, first), (b, second))
    ]
    areas = shapely.area(shapely.intersection(shapely.polygons(flat[0]), shapely.polygons(flat[1])))
    return areas, normals[:, 2]


def _may_contain(outer: _Body, inner: _Body) -> bool:
    return bool((outer.box[0] <= inner.box[0]).all() and (outer.box[1] >= inner.box[1]).all())
