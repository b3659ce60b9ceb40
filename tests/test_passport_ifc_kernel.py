"""The geometry kernel runs apart: a shape that hangs or crashes costs that element only."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ifc_builders import TinyModel
from passport.ifc import kernel
from passport.ifc.kernel_worker import measure

_CUBE_FACES = np.array(
    [
        [0, 2, 1], [0, 3, 2], [4, 5, 6], [4, 6, 7], [0, 1, 5], [0, 5, 4],
        [1, 2, 6], [1, 6, 5], [2, 3, 7], [2, 7, 6], [3, 0, 4], [3, 4, 7],
    ],
    dtype=np.int32,
)  # fmt: skip
_CUBE = np.array(
    [[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0], [0, 0, 1], [1, 0, 1], [1, 1, 1], [0, 1, 1]], dtype=np.float64
)
_ONE_ITEM = np.zeros(12, dtype=np.int32)


@given(
    st.tuples(*[st.floats(0.001, 1000.0)] * 3),
    st.tuples(*[st.floats(-1e6, 1e6)] * 3),
)
@settings(max_examples=100, deadline=None)
def test_a_box_anywhere_has_its_volume_and_faces(size: tuple[float, ...], at: tuple[float, ...]) -> None:
    x, y, z = size
    body = measure(_CUBE * size + np.array(at) * 1e-3, _CUBE_FACES, _ONE_ITEM)
    assert body["volume_m3"] == pytest.approx(x * y * z, rel=1e-6)
    assert body["plan_area_m2"] == pytest.approx(x * y, rel=1e-6)
    assert body["side_area_m2"] == pytest.approx(max(x, y) * z, rel=1e-6)


def test_a_box_without_its_lid_is_not_closed() -> None:
    assert measure(_CUBE, _CUBE_FACES, _ONE_ITEM)["closed"]
    assert not measure(_CUBE, _CUBE_FACES[:-2], _ONE_ITEM[:-2])["closed"]


def test_a_mirrored_mesh_has_the_volume_of_its_image() -> None:
    mirrored = measure(_CUBE * (-1, 1, 1), _CUBE_FACES, _ONE_ITEM)
    assert mirrored["volume_m3"] == pytest.approx(1.0)
    assert mirrored["plan_area_m2"] == pytest.approx(1.0)


def test_an_open_inside_out_an_empty_and_an_infinite_mesh_have_no_volume() -> None:
    assert measure(_CUBE, _CUBE_FACES[:-1, ::-1], _ONE_ITEM[:-1])["volume_m3"] is None
    assert measure(_CUBE, _CUBE_FACES[:0], _ONE_ITEM[:0])["volume_m3"] is None
    assert measure(np.full_like(_CUBE, np.inf), _CUBE_FACES, _ONE_ITEM)["volume_m3"] is None


def test_bodies_come_back_by_step_id(tmp_path: Path) -> None:
    model = TinyModel()
    walls = [model.element("IfcWall", f"wall {i}") for i in range(3)]
    for i, wall in enumerate(walls[:2]):
        model.box(wall, 4, 0.2, 3 + i)
    told: list[tuple[int, int]] = []
    result = kernel.compute_bodies(
        model.save(tmp_path), [w.id() for w in walls], lambda done, total: told.append((done, total))
    )
    assert {i: b.volume_m3 for i, b in result.bodies.items()} == {
        walls[0].id(): pytest.approx(2.4),
        walls[1].id(): pytest.approx(3.2),
    }
    assert not result.lost
    assert told[-1] == (2, 3)


_WORKER = """
import json, sys, time
ids = json.load(sys.stdin)
def tell(**message):
    print(json.dumps(message), flush=True)
body = dict(volume_m3=1.0, side_area_m2=1.0, plan_area_m2=1.0, closed=True, items={})
tell(kind="open")
for i in ids:
    if sys.argv[2] == "one-by-one":
        tell(kind="start", id=i)
    if i == 13:
        FAULT
    tell(kind="body", id=i, **body)
tell(kind="end")
"""


@pytest.mark.parametrize(
    ("fault", "words"),
    [("time.sleep(60)", "more than 0.5 s"), ("sys.exit(139)", "crashed")],
)
def test_one_shape_that_hangs_or_crashes_costs_that_element_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str, words: str
) -> None:
    script = tmp_path / "worker.py"
    script.write_text(_WORKER.replace("FAULT", fault), encoding="utf-8")
    monkeypatch.setattr(
        kernel, "worker_command", lambda path, mode, told: [sys.executable, str(script), str(path), mode]
    )
    result = kernel.compute_bodies(tmp_path / "model.ifc", [11, 12, 13, 14], seconds_per_element=0.5)
    assert set(result.bodies) == {11, 12, 14}
    assert set(result.lost) == {13} and words in result.lost[13]


def test_the_faces_that_look_up_are_those_of_the_building(tmp_path: Path) -> None:
    model = TinyModel()
    plate = model.element("IfcSlab", "a plate that stands upright")
    model.box(plate, 4, 3, 0.2)
    placement = plate.ObjectPlacement.RelativePlacement
    placement.Axis = model.file.create_entity("IfcDirection", (1.0, 0.0, 0.0))
    placement.RefDirection = model.file.create_entity("IfcDirection", (0.0, 1.0, 0.0))
    body = kernel.compute_bodies(model.save(tmp_path), [plate.id()]).bodies[plate.id()]
    assert body.plan_area_m2 == pytest.approx(4 * 0.2)
    assert body.side_area_m2 == pytest.approx(12.0)
    assert body.high_m == pytest.approx((0.2, 4.0, 3.0))
