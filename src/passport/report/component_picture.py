"""Small pictures of components for a catalogue: drawn from the body, or a photograph made small."""

from __future__ import annotations

import io
from collections import Counter
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

#: Width and height of a picture [px]; drawn three times as large, so that edges are smooth.
WIDTH, HEIGHT = 240, 180
_FINER, _MARGIN = 3, 10
#: Seen from the front, right and above, as parts are drawn in catalogues.
_RIGHT = np.array([0.7071068, 0.7071068, 0.0])
_UP = np.array([-0.3535534, 0.3535534, 0.8660254])
_TO_EYE = np.array([0.6123724, -0.6123724, 0.5])
_LIGHT = np.array([0.35, -0.55, 0.76])
_COLOUR, _LINE, _PAPER = np.array([176, 196, 200]), (40, 60, 66), (255, 255, 255)
#: Edges between faces that bend by less than about 20 degrees are not drawn.
_BENDS = 0.94


def draw_component(vertices: NDArray[np.float64], faces: NDArray[np.int32]) -> bytes | None:
    """A PNG of a body in parallel projection; None where there is nothing to draw.

    Args:
        vertices: (points, 3) [m], z upwards.
        faces: (triangles, 3), rows of `vertices`.
    """
    from PIL import Image, ImageDraw

    triangles = vertices[faces]
    triangles = triangles[np.isfinite(triangles).all(axis=(1, 2))]
    cross = np.cross(triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0])
    length = np.linalg.norm(cross, axis=1)
    triangles, normals = triangles[length > 1e-12], cross[length > 1e-12] / length[length > 1e-12, None]
    if len(triangles) == 0:
        return None
    flat = np.stack((triangles @ _RIGHT, -(triangles @ _UP)), axis=2)
    low, high = flat.min(axis=(0, 1)), flat.max(axis=(0, 1))
    size = np.array([WIDTH, HEIGHT]) * _FINER
    scale = float(((size - 2 * _MARGIN * _FINER) / np.maximum(high - low, 1e-9)).min())
    points = (flat - (low + high) / 2) * scale + size / 2
    sharp = _sharp_edges(triangles, normals)
    image = Image.new("RGB", (int(size[0]), int(size[1])), _PAPER)
    pen = ImageDraw.Draw(image)
    # The far triangles first; what is nearer covers them.
    for k in np.argsort((triangles @ _TO_EYE).mean(axis=1), kind="stable").tolist():
        shade = 0.62 + 0.38 * abs(float(normals[k] @ _LIGHT))
        corners = [(float(x), float(y)) for x, y in points[k]]
        pen.polygon(corners, fill=tuple(int(c) for c in _COLOUR * shade))
        for j in range(3):
            if sharp[k, j]:
                pen.line((corners[j], corners[(j + 1) % 3]), fill=_LINE, width=_FINER)
    return _png(image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS))


def small_photo(path: str | Path) -> bytes | None:
    """A photograph as a PNG that fits into a catalogue; None when the file holds no picture."""
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with Image.open(path) as image:
            upright = ImageOps.exif_transpose(image).convert("RGB")
    except (OSError, UnidentifiedImageError, ValueError, Image.DecompressionBombError):
        return None
    upright.thumbnail((WIDTH, HEIGHT))
    return _png(upright)


def _sharp_edges(triangles: NDArray[np.float64], normals: NDArray[np.float64]) -> NDArray[np.bool_]:
    """For each edge of each triangle, whether it is an outline or a fold."""
    _, same = np.unique(np.round(triangles.reshape(-1, 3), 5), axis=0, return_inverse=True)
    corners = same.reshape(-1, 3)
    ends = [tuple(sorted((int(row[j]), int(row[(j + 1) % 3])))) for row in corners for j in range(3)]
    ways = [tuple(np.round(np.abs(normals[k // 3]), 2)) for k in range(len(ends))]
    count = Counter(ends)
    bent: set[tuple[int, ...]] = set()
    first: dict[tuple[int, ...], int] = {}
    for k, edge in enumerate(ends):
        other = first.setdefault(edge, k // 3)
        if float(normals[other] @ normals[k // 3]) < _BENDS and ways[k] != ways[other * 3]:
            bent.add(edge)
    return np.array([edge in bent or count[edge] == 1 for edge in ends]).reshape(-1, 3)


def _png(image: object) -> bytes:
    stream = io.BytesIO()
    image.save(stream, format="PNG", optimize=True)  # type: ignore[attr-defined]
    return stream.getvalue()
