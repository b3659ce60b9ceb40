"""Worker process of `passport.ifc.kernel`: step ids on stdin, one JSON line per element on stdout.

Run as ``python -m passport.ifc.kernel_worker MODEL.ifc parallel|one-by-one bodies|meshes``.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

import numpy as np
from numpy.typing import NDArray

from passport.ifc.mesh import Mesh, mesh_as_text

#: A face looks up (or sideways) when its normal is within 45 degrees of that direction.
_FACING = 0.7071


def measure(
    vertices: NDArray[np.float64], faces: NDArray[np.int32], items: NDArray[np.int32]
) -> dict[str, Any]:
    """Volume, areas and closedness of a triangle mesh in m; `items` is the representation item per face.

    The volume is the divergence theorem over the triangles, taken about the mesh's own centre so that large
    coordinates cost no digits. Every edge of a closed mesh occurs as often in one direction as in the other.
    """
    result: dict[str, Any] = {
        "volume_m3": None,
        "side_area_m2": None,
        "plan_area_m2": None,
        "closed": False,
        "items": {},
        "low_m": None,
        "high_m": None,
    }
    if len(faces) == 0 or not np.isfinite(vertices).all():
        return result
    triangles = (vertices - vertices.mean(axis=0))[faces]
    cross = np.cross(triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0])
    volumes = np.einsum("ij,ij->i", triangles[:, 0], cross) / 6.0
    areas = np.linalg.norm(cross, axis=1) / 2.0
    normals = cross / np.where(areas > 0, 2.0 * areas, 1.0)[:, None]

    def figures(chosen: NDArray[np.bool_] | slice) -> tuple[float, float, float]:
        area, normal = areas[chosen], normals[chosen]
        sides = [float(area[np.abs(normal[:, axis]) > _FACING].sum()) / 2.0 for axis in (0, 1)]
        return float(volumes[chosen].sum()), max(sides), float(area[normal[:, 2] > _FACING].sum())

    closed = _closed(vertices, faces)
    if closed and volumes.sum() < 0:
        # A mirrored shape comes inside out.
        volumes, normals = -volumes, -normals
    volume, side, plan = figures(slice(None))
    ids = np.unique(items)
    result.update(
        volume_m3=volume if volume > 0 else None,
        side_area_m2=side or None,
        plan_area_m2=plan or None,
        closed=closed,
        items={str(i): figures(items == i) for i in ids} if len(ids) > 1 else {},
        low_m=tuple(vertices.min(axis=0).tolist()),
        high_m=tuple(vertices.max(axis=0).tolist()),
    )
    return result


def _closed(vertices: NDArray[np.float64], faces: NDArray[np.int32]) -> bool:
    # The kernel may repeat a vertex per face; equal places are one vertex here.
    _, same = np.unique(np.round(vertices, 7), axis=0, return_inverse=True)
    same = same.ravel()
    corners = same[faces]
    edges = np.concatenate([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [2, 0]]])
    edges = edges[edges[:, 0] != edges[:, 1]]
    count = int(same.max()) + 1
    forward = edges[:, 0].astype(np.int64) * count + edges[:, 1]
    backward = edges[:, 1].astype(np.int64) * count + edges[:, 0]
    return bool(np.array_equal(np.sort(forward), np.sort(backward)))


def _tell(kind: str, **fields: Any) -> None:
    sys.stdout.write(json.dumps({"kind": kind, **fields}) + "\n")
    sys.stdout.flush()


def _tell_mesh(step_id: int, geometry: Any) -> None:
    vertices = np.frombuffer(geometry.verts_buffer, dtype=np.float64).reshape(-1, 3)
    faces = np.frombuffer(geometry.faces_buffer, dtype=np.int32).reshape(-1, 3)
    _tell("mesh", id=step_id, **mesh_as_text(Mesh(vertices, faces)))


def _tell_body(step_id: int, geometry: Any) -> None:
    vertices = np.frombuffer(geometry.verts_buffer, dtype=np.float64).reshape(-1, 3)
    faces = np.frombuffer(geometry.faces_buffer, dtype=np.int32).reshape(-1, 3)
    items = np.frombuffer(geometry.item_ids_buffer, dtype=np.int32)
    if len(items) != len(faces):
        items = np.zeros(len(faces), dtype=np.int32)
    _tell("body", id=step_id, **measure(vertices, faces, items))


def main(path: str, mode: str, told: str) -> None:
    """Open the model and tell the body or the triangles of each element asked for."""
    import ifcopenshell
    import ifcopenshell.geom

    tell = _tell_mesh if told == "meshes" else _tell_body
    wanted = json.load(sys.stdin)
    file = ifcopenshell.open(path)
    elements = [e for e in (file.by_id(i) for i in wanted) if e.Representation is not None]
    settings = ifcopenshell.geom.settings()
    # Which faces look up is a matter of the building's axes, not of the element's.
    settings.set("use-world-coords", True)
    _tell("open")
    if mode == "one-by-one":
        for element in elements:
            _tell("start", id=element.id())
            try:
                shape = ifcopenshell.geom.create_shape(settings, element)
            except Exception:
                # The kernel raises RuntimeError and its own types for shapes that it cannot make.
                _tell("none", id=element.id())
                continue
            tell(element.id(), shape.geometry)
    elif elements:
        iterator = ifcopenshell.geom.iterator(settings, file, os.cpu_count() or 1, include=elements)
        if iterator.initialize():
            while True:
                shape = iterator.get()
                tell(shape.id, shape.geometry)
                if not iterator.next():
                    break
    _tell("end")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3])
