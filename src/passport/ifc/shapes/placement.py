"""Placements and transformations as 4 x 4 matrices, in model units."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from passport.ifc.shapes.errors import BadShapeError

Matrix = NDArray[np.float64]
Vector = tuple[float, float, float]

#: Coordinates beyond this are faults, not places [model units].
_FARTHEST = 1e12
_X: Vector = (1.0, 0.0, 0.0)
_Y: Vector = (0.0, 1.0, 0.0)
_Z: Vector = (0.0, 0.0, 1.0)


def identity() -> Matrix:
    """The transformation that changes nothing."""
    return np.eye(4)


def axes_matrix(placement: Any) -> Matrix:
    """Matrix of an IfcAxis2Placement3D or 2D; None is the identity.

    A missing or parallel RefDirection is replaced as the schema says: by the global axis that is not
    parallel to the axis.
    """
    if placement is None:
        return np.eye(4)
    kind = placement.is_a()
    at = placement.get_argument(0)
    origin = point3(at) if at is not None else (0.0, 0.0, 0.0)
    if kind == "IfcAxis2Placement2D":
        x = direction(placement.get_argument(1), _X)
        return frame(origin, x, (-x[1], x[0], 0.0), _Z)
    if kind == "IfcAxis2Placement3D":
        z = direction(placement.get_argument(1), _Z)
        x = _across(direction(placement.get_argument(2), _X), z)
        return frame(origin, x, cross(z, x), z)
    raise BadShapeError(f"a placement of the class {kind}")


def operator_matrix(operator: Any) -> Matrix:
    """Matrix of an IfcCartesianTransformationOperator (2D or 3D, uniform or not)."""
    kind = operator.is_a()
    at = operator.get_argument(2)
    origin = point3(at)
    scale = operator.get_argument(3)
    scale = 1.0 if scale is None else float(scale)
    if kind.startswith("IfcCartesianTransformationOperator2D"):
        x = direction(operator.get_argument(0), _X)
        y = direction(operator.get_argument(1), (-x[1], x[0], 0.0))
        second = operator.get_argument(4) if kind.endswith("nonUniform") else None
        y_scale = scale if second is None else float(second)
        return frame(origin, _times(x, scale), _times(y, y_scale), _Z)
    z = direction(operator.get_argument(4), _Z)
    x = _across(direction(operator.get_argument(0), _X), z)
    y = cross(z, x)
    stated = operator.get_argument(1)
    if stated is not None and _dot(direction(stated, _Y), y) < 0:
        y = _times(y, -1.0)  # mirrored
    y_scale = z_scale = scale
    if kind.endswith("nonUniform"):
        second, third = operator.get_argument(5), operator.get_argument(6)
        y_scale = scale if second is None else float(second)
        z_scale = scale if third is None else float(third)
    return frame(origin, _times(x, scale), _times(y, y_scale), _times(z, z_scale))


class PlacementReader:
    """Object placements as matrices to the project's coordinates; each is read once.

    Grid and linear placements are read as far as they state a cartesian position.
    """

    def __init__(self) -> None:
        self._memo: dict[int, Matrix] = {}

    def read(self, placement: Any) -> Matrix:
        """Matrix of an IfcObjectPlacement; None is the identity.

        Raises:
            BadShapeError: the placements refer to each other in a circle, or are no numbers.
        """
        if placement is None:
            return np.eye(4)
        chain = []
        current = placement
        seen: set[int] = set()
        while current is not None and current.id() not in self._memo:
            if current.id() in seen:
                raise BadShapeError("its placement is relative to itself")
            seen.add(current.id())
            chain.append(current)
            current = self._parent(current)
        matrix = self._memo[current.id()] if current is not None else np.eye(4)
        for one in reversed(chain):
            matrix = matrix @ self._own(one)
            self._memo[one.id()] = matrix
        return matrix

    def _parent(self, placement: Any) -> Any:
        kind = placement.is_a()
        if kind == "IfcLocalPlacement":
            return placement.get_argument(0)
        if kind == "IfcLinearPlacement":
            return placement.get_argument(0)
        raise BadShapeError(f"a placement of the class {kind}")

    def _own(self, placement: Any) -> Matrix:
        if placement.is_a() == "IfcLocalPlacement":
            return axes_matrix(placement.get_argument(1))
        cartesian = placement.get_argument(2)
        if cartesian is None:
            raise BadShapeError("a linear placement without a cartesian position")
        return axes_matrix(cartesian)


def point3(point: Any) -> Vector:
    """Coordinates of an IfcCartesianPoint; a 2D point lies at z = 0.

    Raises:
        BadShapeError: not finite, or too far away to be a place.
    """
    coordinates = point.get_argument(0)
    if not 2 <= len(coordinates) <= 3:
        raise BadShapeError(f"a point with {len(coordinates)} coordinates")
    x, y = coordinates[0], coordinates[1]
    z = coordinates[2] if len(coordinates) == 3 else 0.0
    # NaN fails every comparison, so it ends here too.
    if not (-_FARTHEST < x < _FARTHEST and -_FARTHEST < y < _FARTHEST and -_FARTHEST < z < _FARTHEST):
        raise BadShapeError(f"a coordinate that is no place: ({x:g}, {y:g}, {z:g})")
    return (x, y, z)


def direction(entity: Any, default: Vector) -> Vector:
    """Unit vector of an IfcDirection; the default for None and for a vector of length zero."""
    if entity is None:
        return default
    ratios = entity.get_argument(0)
    x, y = ratios[0], ratios[1]
    z = ratios[2] if len(ratios) > 2 else 0.0
    length = math.sqrt(x * x + y * y + z * z)
    if not 0 < length < math.inf:
        return default
    return (x / length, y / length, z / length)


def frame(origin: Vector, x: Vector, y: Vector, z: Vector) -> Matrix:
    """Matrix with these columns."""
    return np.array(
        (
            (x[0], y[0], z[0], origin[0]),
            (x[1], y[1], z[1], origin[1]),
            (x[2], y[2], z[2], origin[2]),
            (0.0, 0.0, 0.0, 1.0),
        )
    )


def cross(a: Vector, b: Vector) -> Vector:
    """Vector product."""
    return (a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0])


def _across(wanted: Vector, axis: Vector) -> Vector:
    """The part of `wanted` that is square to `axis`, as a unit vector."""
    for candidate in (wanted, _X, _Y):
        along = _dot(candidate, axis)
        rest = tuple(c - along * a for c, a in zip(candidate, axis, strict=True))
        length = math.sqrt(rest[0] ** 2 + rest[1] ** 2 + rest[2] ** 2)
        if length > 1e-9:
            return (rest[0] / length, rest[1] / length, rest[2] / length)
    raise BadShapeError("a placement without a direction")


def _dot(a: Vector, b: Vector) -> float:
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def _times(a: Vector, factor: float) -> Vector:
    return (a[0] * factor, a[1] * factor, a[2] * factor)
