"""Bodies of flat faces: any outline, with holes, in any order and direction of its faces."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from passport.ifc.kernel_worker import measure
from passport.ifc.shapes.errors import BadShapeError, NotExactError
from passport.ifc.shapes.meshes import LoopList, mesh_solid
from passport.ifc.shapes.solids import Solid

_CUBE = [
    [(0, 0, 0), (0, 1, 0), (1, 1, 0), (1, 0, 0)],
    [(0, 0, 1), (1, 0, 1), (1, 1, 1), (0, 1, 1)],
    [(0, 0, 0), (1, 0, 0), (1, 0, 1), (0, 0, 1)],
    [(1, 0, 0), (1, 1, 0), (1, 1, 1), (1, 0, 1)],
    [(1, 1, 0), (0, 1, 0), (0, 1, 1), (1, 1, 1)],
    [(0, 1, 0), (0, 0, 0), (0, 0, 1), (0, 1, 1)],
]


def _solid(faces: list[list[tuple[float, ...]]], turned: set[int] = frozenset()) -> Solid:  # type: ignore[assignment]
    loops = LoopList()
    for i, face in enumerate(faces):
        loops.add([tuple(map(float, p)) for p in face], inner=False, reverse=i in turned)
    return loops.solid()


def test_a_cube_has_its_volume_its_faces_and_its_pieces() -> None:
    cube = _solid(_CUBE)
    assert cube.volume == pytest.approx(1.0)
    assert cube.closed and not cube.inside_out
    assert np.linalg.norm(cube.vectors, axis=1).sum() == pytest.approx(6.0)
    assert cube.vectors.sum(axis=0) == pytest.approx(0.0, abs=1e-12)
    assert cube.tets.volume() == pytest.approx(1.0)


@given(st.sets(st.integers(0, 5), max_size=6))
@settings(max_examples=40, deadline=None)
def test_faces_turned_the_wrong_way_are_turned_back(turned: set[int]) -> None:
    cube = _solid(_CUBE, turned)
    assert cube.volume == pytest.approx(1.0)
    assert cube.closed
    assert cube.tets.volume() == pytest.approx(1.0)


def test_an_inside_out_body_says_so() -> None:
    assert _solid(_CUBE, set(range(6))).inside_out


def test_a_cube_without_its_lid_is_open_and_cannot_be_cut() -> None:
    box = _solid(_CUBE[:5])
    assert not box.closed
    with pytest.raises(NotExactError):
        _ = box.tets


def test_points_repeated_with_other_last_digits_are_one_point() -> None:
    faces = [[tuple(c + 1e-9 * (i + 1) for c in p) for p in face] for i, face in enumerate(_CUBE)]
    assert _solid(faces).closed


def test_a_face_with_a_hole_counts_without_it_whichever_way_the_hole_runs() -> None:
    for reverse in (False, True):
        loops = LoopList()
        square = [(0.0, 0.0), (3.0, 0.0), (3.0, 3.0), (0.0, 3.0)]
        hole = [(1.0, 1.0), (2.0, 1.0), (2.0, 2.0), (1.0, 2.0)]
        for z, down in ((0.0, True), (2.0, False)):
            loops.add([(*p, z) for p in square], inner=False, reverse=down)
            loops.add([(*p, z) for p in hole], inner=True, reverse=down != reverse)
        for ring, inwards in ((square, False), (hole, True)):
            for (ax, ay), (bx, by) in zip(ring, ring[1:] + ring[:1], strict=True):
                face = [(ax, ay, 0.0), (bx, by, 0.0), (bx, by, 2.0), (ax, ay, 2.0)]
                loops.add(face, inner=False, reverse=inwards)
        frame = loops.solid()
        assert frame.volume == pytest.approx(16.0)
        assert np.abs(frame.vectors[:, 2]).sum() == pytest.approx(16.0)


@given(st.integers(3, 9), st.floats(0.1, 5), st.tuples(*[st.floats(-1e4, 1e4)] * 3))
@settings(max_examples=60, deadline=None)
def test_a_triangulated_and_a_polygonal_prism_agree_with_the_mesh_of_the_kernel(
    n: int, height: float, at: tuple[float, float, float]
) -> None:
    angles = 2 * np.pi * np.arange(n) / n
    ring = np.column_stack([np.cos(angles), np.sin(angles)])
    points = np.vstack([np.column_stack([ring, np.full(n, z)]) for z in (0.0, height)]) + at
    sides = [[i, (i + 1) % n, n + (i + 1) % n, n + i] for i in range(n)]
    faces = [list(range(n))[::-1], list(range(n, 2 * n)), *sides]
    polygonal = mesh_solid(
        points, np.concatenate(faces), np.array([len(f) for f in faces]), np.zeros(len(faces), dtype=bool)
    )
    triangles = np.array([[f[0], f[k], f[k + 1]] for f in faces for k in range(1, len(f) - 1)])
    triangular = mesh_solid(
        points, triangles.ravel(), np.full(len(triangles), 3), np.zeros(len(triangles), dtype=bool)
    )
    kernel = measure(points, triangles.astype(np.int32), np.zeros(len(triangles), dtype=np.int32))
    for solid in (polygonal, triangular):
        assert solid.closed
        assert solid.volume == pytest.approx(kernel["volume_m3"], rel=1e-6)
        assert solid.tets.volume() == pytest.approx(solid.volume, rel=1e-6)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1e300])
def test_coordinates_that_are_no_places_are_refused(value: float) -> None:
    faces = [list(face) for face in _CUBE]
    faces[0][0] = (value, 0, 0)
    with pytest.raises(BadShapeError, match="no places"):
        _solid(faces)


def test_no_faces_or_faces_of_two_points_are_refused() -> None:
    with pytest.raises(BadShapeError, match="without faces"):
        _solid([])
    with pytest.raises(BadShapeError, match="without faces"):
        _solid([[(0, 0, 0), (1, 0, 0)]])


def test_a_face_that_names_a_missing_point_is_refused() -> None:
    with pytest.raises(BadShapeError, match="do not exist"):
        mesh_solid(np.eye(3), np.array([0, 1, 7]), np.array([3]), np.array([False]))


def test_a_surface_with_one_side_only_is_open() -> None:
    count = 8
    points = []
    for i in range(count):
        turn, half = 2 * np.pi * i / count, np.pi * i / count
        for side in (-0.3, 0.3):
            r = 1 + side * np.cos(half)
            points.append((r * np.cos(turn), r * np.sin(turn), side * np.sin(half)))
    faces = []
    for i in range(count):
        a, b = 2 * i, 2 * i + 1
        c, d = (2 * i + 3, 2 * i + 2) if i < count - 1 else (0, 1)
        faces.append([a, b, c, d])
    solid = mesh_solid(
        np.array(points), np.concatenate(faces), np.full(count, 4), np.zeros(count, dtype=bool)
    )
    assert not solid.closed
