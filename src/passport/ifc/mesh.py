"""Triangles of one element, and how they go from one process to another."""

from __future__ import annotations

import base64
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Mesh:
    """Triangles of one element in project coordinates, z upwards.

    Attributes:
        vertices: (points, 3) [m].
        faces: (triangles, 3), rows of `vertices`, counter-clockwise seen from outside.
    """

    vertices: NDArray[np.float64]
    faces: NDArray[np.int32]

    @property
    def triangles(self) -> NDArray[np.float64]:
        """Corners, (triangles, 3, 3) [m]."""
        return self.vertices[self.faces]


def mesh_as_text(mesh: Mesh) -> dict[str, str]:
    """A mesh as text that survives JSON, exact to the last bit.

    Example:
        >>> point = Mesh(np.zeros((3, 3)), np.zeros((1, 3), dtype=np.int32))
        >>> mesh_from_text(**mesh_as_text(point)).triangles.shape
        (1, 3, 3)
    """
    return {
        "vertices": base64.b64encode(mesh.vertices.astype("<f8").tobytes()).decode("ascii"),
        "faces": base64.b64encode(mesh.faces.astype("<i4").tobytes()).decode("ascii"),
    }


def mesh_from_text(vertices: str, faces: str) -> Mesh:
    """The mesh that `mesh_as_text` wrote."""
    return Mesh(
        np.frombuffer(base64.b64decode(vertices), dtype="<f8").reshape(-1, 3).astype(np.float64),
        np.frombuffer(base64.b64decode(faces), dtype="<i4").reshape(-1, 3).astype(np.int32),
    )
