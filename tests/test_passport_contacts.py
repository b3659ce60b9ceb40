"""Bodies tell what lies on what; boxes alone only what may."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ifc_builders import TinyModel
from passport import PassportError, find_contacts, plan_dismantling, read_ifc
from passport.circularity.supports import bearings
from passport.ifc import kernel
from passport.ifc.contact_faces import find_face_contacts
from passport.ifc.mesh import Mesh, mesh_as_text, mesh_from_text
from passport.models import Passport

_FACES = np.array(
    [
        [0, 2, 1], [0, 3, 2], [4, 5, 6], [4, 6, 7], [0, 1, 5], [0, 5, 4],
        [1, 2, 6], [1, 6, 5], [2, 3, 7], [2, 7, 6], [3, 0, 4], [3, 4, 7],
    ],
    dtype=np.int32,
)  # fmt: skip


def _box(low: tuple[float, ...], size: tuple[float, ...]) -> Mesh:
    x, y, z = size
    corners = [[0, 0, 0], [x, 0, 0], [x, y, 0], [0, y, 0], [0, 0, z], [x, 0, z], [x, y, z], [0, y, z]]
    return Mesh(np.array(corners, dtype=np.float64) + np.array(low), _FACES)


def _turned(mesh: Mesh, angle: float) -> Mesh:
    """Turned about the x axis."""
    c, s = np.cos(angle), np.sin(angle)
    return Mesh(mesh.vertices @ np.array([[1, 0, 0], [0, c, -s], [0, s, c]]).T, mesh.faces)


def _said(meshes: dict[int, Mesh]) -> list[tuple[str, int, int, float]]:
    return [(c.kind, c.of, c.to, pytest.approx(c.area_m2, rel=1e-9)) for c in find_face_contacts(meshes)]


_SIZE = st.tuples(*[st.floats(0.1, 5.0)] * 3)


@given(_SIZE, _SIZE, st.tuples(st.floats(-3, 3), st.floats(-3, 3)))
@settings(max_examples=200, deadline=None)
def test_a_box_on_a_box_lies_on_it_with_the_common_area(
    lower: tuple[float, ...], upper: tuple[float, ...], at: tuple[float, float]
) -> None:
    common = 1.0
    for k in (0, 1):
        common *= max(0.0, min(lower[k], at[k] + upper[k]) - max(0.0, at[k]))
    found = find_face_contacts({1: _box((0, 0, 0), lower), 2: _box((*at, lower[2]), upper)})
    lying = [c for c in found if c.kind == "lies on"]
    if common > 2e-4:
        assert [(c.of, c.to) for c in lying] == [(2, 1)]
        # Corners are rounded to the nanometre: over two sides of at most 5 m that is 1e-8 m2.
        assert lying[0].area_m2 == pytest.approx(common, rel=1e-6, abs=1e-8)
    elif common == 0:
        assert lying == []


def test_side_by_side_touches_and_apart_is_nothing() -> None:
    one = _box((0, 0, 0), (1, 0.2, 2))
    assert _said({1: one, 2: _box((1, 0, 0), (1, 0.2, 1))}) == [("touches", 1, 2, 0.2)]
    assert _said({1: one, 2: _box((1.07, 0, 0), (1, 0.2, 1))}) == []
    assert _said({1: one, 2: _box((1.05, 0, 0), (1, 0.2, 1))}) == [("near", 1, 2, 0)]


def test_what_crosses_or_is_enclosed_is_near_and_never_apart() -> None:
    beam = _box((-1, 0.4, 0.4), (3, 0.2, 0.2))
    column = _box((0, 0, 0), (1, 1, 3))
    bar = _box((0.3, 0.3, 0.5), (0.01, 0.01, 2))
    assert _said({1: column, 2: beam}) == [("near", 1, 2, 0)]
    assert _said({1: column, 2: bar}) == [("near", 1, 2, 0)]


def test_a_tile_lies_on_a_rafter_whose_box_it_crosses_and_a_mirrored_body_looks_the_same_way() -> None:
    rafter = _turned(_box((0, 0, 0), (0.1, 4, 0.2)), 0.7)
    tile = _turned(_box((-0.5, 1, 0.2), (1, 0.4, 0.02)), 0.7)
    assert _said({1: rafter, 2: tile}) == [("lies on", 2, 1, 0.04)]
    mirrored = Mesh(tile.vertices * (-1, 1, 1) + (0.1, 0, 0), tile.faces)
    assert _said({1: rafter, 2: mirrored}) == [("lies on", 2, 1, 0.04)]


def test_a_joint_of_eight_millimetres_touches_and_one_of_two_centimetres_may() -> None:
    lower = _box((0, 0, 0), (1, 1, 1))
    narrow = _box((0.2, 0.2, 0.993), (0.5, 0.5, 1))
    assert _said({1: lower, 2: _box((0, 0, 1.008), (1, 1, 1))}) == [("lies on", 2, 1, 1.0)]
    assert _said({1: lower, 2: narrow}) == [("lies on", 2, 1, 0.25)]
    assert _said({1: lower, 2: _box((0, 0, 1.02), (1, 1, 1))}) == [("near", 1, 2, 0)]


def test_an_empty_an_infinite_and_a_flat_body_touch_nothing() -> None:
    box = _box((0, 0, 0), (1, 1, 1))
    empty = Mesh(box.vertices, box.faces[:0])
    infinite = Mesh(np.full_like(box.vertices, np.inf), box.faces)
    flat = Mesh(box.vertices * 0, box.faces)
    assert find_face_contacts({1: box, 2: empty, 3: infinite, 4: flat}) == []


def test_a_mesh_survives_text_to_the_last_bit() -> None:
    mesh = _turned(_box((1e5, 2, 3), (0.1, 0.2, 0.3)), 0.123)
    again = mesh_from_text(**mesh_as_text(mesh))
    assert np.array_equal(again.vertices, mesh.vertices) and np.array_equal(again.faces, mesh.faces)


# -- from a model ---------------------------------------------------------------------------------------


def _house(tmp_path: Path, *, bearing: bool | None = None) -> tuple[Path, Passport, dict[str, str]]:
    """Ground slab, a wall, a partition 8 cm below the floor above, that floor, a ceiling and a table."""
    model = TinyModel()
    places: dict[str, tuple[str, tuple[float, ...], tuple[float, ...]]] = {
        "ground": ("IfcSlab", (5, 5, 0.2), (0, 0, 0)),
        "wall": ("IfcWall", (5, 0.3, 2.8), (0, 0, 0.2)),
        "partition": ("IfcWall", (5, 0.1, 2.72), (0, 3, 0.2)),
        "floor": ("IfcSlab", (5, 5, 0.2), (0, 0, 3.0)),
        "ceiling": ("IfcCovering", (5, 2.5, 0.02), (0, 0.4, 2.98)),
        "table": ("IfcFurniture", (1, 1, 0.8), (2, 1, 0.2)),
    }
    ids = {}
    for name, (ifc_class, (x, y, z), at) in places.items():
        element = model.element(ifc_class, name)
        model.box(element, x, y, z, at=at)
        ids[name] = element.GlobalId
        if name == "wall" and bearing is not None:
            model.properties(element, "Pset_WallCommon", LoadBearing=("IfcBoolean", bearing))
    path = model.save(tmp_path)
    return path, read_ifc(path), ids


def test_bodies_say_what_bears_what_hangs_and_what_only_may(tmp_path: Path) -> None:
    path, house, ids = _house(tmp_path)
    name = {value: key for key, value in ids.items()}
    whole = bearings(find_contacts(path, house))
    assert {(name[b.leaves], name[b.stays]): (b.source, b.certainty) for b in whole} == {
        ("wall", "ground"): ("lies on it", "certain"),
        ("partition", "ground"): ("lies on it", "certain"),
        ("table", "ground"): ("lies on it", "certain"),
        ("floor", "wall"): ("lies on it", "possible"),
        ("ceiling", "floor"): ("hangs from it or stands below it", "possible"),
    }


def test_a_wall_that_bears_makes_the_floor_on_it_certain(tmp_path: Path) -> None:
    path, house, ids = _house(tmp_path, bearing=True)
    plan = plan_dismantling(find_contacts(path, house))
    assert ids["floor"] in plan.removal_set(ids["wall"]).certain
    assert plan_dismantling(house).removal_set(ids["wall"]).certain == (ids["wall"],)


def test_a_wall_that_does_not_bear_leaves_before_the_floor_above_it_and_is_looked_at(tmp_path: Path) -> None:
    path, house, ids = _house(tmp_path, bearing=False)
    plan = plan_dismantling(find_contacts(path, house))
    assert plan.order.index(ids["wall"]) < plan.order.index(ids["floor"])
    notes = plan.findings.with_code("wall-may-bear")
    assert [(n.global_id, n.severity.value) for n in notes] == [(ids["wall"], "info")]


def test_an_external_wall_that_is_said_not_to_bear_leaves_after_the_floor_that_lies_on_it(
    tmp_path: Path,
) -> None:
    path, house, ids = _house(tmp_path, bearing=False)
    outside = tuple(
        dataclasses.replace(e, is_external=True) if e.global_id == ids["wall"] else e for e in house.elements
    )
    plan = plan_dismantling(find_contacts(path, house.model_copy(update={"elements": outside})))
    assert plan.order.index(ids["floor"]) < plan.order.index(ids["wall"])
    assert [n.severity.value for n in plan.findings.with_code("wall-may-bear")] == ["warning"]


def test_contacts_survive_the_file_and_are_made_once(tmp_path: Path) -> None:
    path, house, ids = _house(tmp_path)
    once = find_contacts(path, house)
    assert find_contacts(path, once) == once
    assert once.provenance.contacts == "bodies" and house.provenance.contacts == "boxes"
    areas = {c.area_m2 for c in once.connections if (c.of, c.to) == (ids["floor"], ids["wall"])}
    assert areas == {1.5}
    assert Passport.model_validate_json(once.model_dump_json()) == once


def test_a_body_that_is_lost_keeps_what_its_box_may_touch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, house, ids = _house(tmp_path)
    wall = next(e for e in house.elements if e.global_id == ids["wall"])
    real = kernel.compute_meshes

    def losing(*args: object) -> tuple[dict[int, Mesh], dict[int, str]]:
        meshes, _ = real(*args)  # type: ignore[arg-type]
        del meshes[wall.step_id]
        return meshes, {wall.step_id: "the geometry kernel crashed on it"}

    monkeypatch.setattr(kernel, "compute_meshes", losing)
    found = find_contacts(path, house)
    assert [f.global_id for f in found.findings.with_code("contact-lost")] == [ids["wall"]]
    kept = {(b.leaves, b.stays): b.certainty for b in bearings(found)}
    assert kept[ids["floor"], ids["wall"]] == "possible"


def test_a_passport_of_another_model_is_refused(tmp_path: Path) -> None:
    path, house, _ = _house(tmp_path)
    other = house.model_copy(update={"model": house.model.model_copy(update={"sha256": "0" * 64})})
    with pytest.raises(PassportError, match="another model"):
        find_contacts(path, other)
