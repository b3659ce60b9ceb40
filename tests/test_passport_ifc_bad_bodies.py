"""Shapes that mean nothing end in a finding: no wrong number, no traceback, no endless loop.

Every broken wall stands beside a sound column that must keep its volume. The wall would be 2 m x 0.3 m x
3 m = 1.8 m3 if it were sound. What ifcopenshell refuses to set is edited into the text of the file.
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from ifc_builders import TinyModel
from passport import read_ifc
from passport.models import Element, Passport, passport_json

Edit = tuple[Any, str, str]
Break = Callable[[TinyModel, Any], list[Edit]]

_SOUND_M3 = 0.75
_WALL_M3 = 1.8
#: Only against endless loops: far above what any of these models takes.
_WATCHDOG_S = 400.0


@pytest.fixture(autouse=True)
def _watchdog() -> Iterator[None]:
    if not hasattr(signal, "setitimer"):
        yield
        return

    def bark(_number: int, _frame: FrameType | None) -> None:
        raise TimeoutError("reading did not end")

    before = signal.signal(signal.SIGALRM, bark)
    signal.setitimer(signal.ITIMER_REAL, _WATCHDOG_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        signal.signal(signal.SIGALRM, before)


def _read(
    break_it: Break, folder: Path, stated_m3: float | None = None, schema: str = "IFC4", **options: Any
) -> tuple[Passport, Element]:
    """The passport and its broken wall; the sound column beside it is checked here."""
    model = TinyModel(schema)
    column = model.element("IfcColumn", "sound")
    model.box(column, 0.5, 0.5, 3, at=(20, 0, 0))
    wall = model.element("IfcWall", "broken")
    edits = break_it(model, wall)
    for element in (column, wall):
        model.associate("beton", element)
    if stated_m3 is not None:
        model.quantities(wall, Volume_NetVolume=stated_m3)
    house = read_ifc(model.save_edited(folder, *edits), **options)
    by_name = {e.name: e for e in house.elements}
    assert by_name["sound"].volume_m3 == pytest.approx(_SOUND_M3)
    assert passport_json(house)
    return house, by_name["broken"]


def _codes_of(house: Passport, element: Element) -> set[str]:
    return {f.code for f in house.findings if f.global_id == element.global_id}


def _box(model: TinyModel, wall: Any) -> Any:
    return model.box(wall, 2, 0.3, 3)


def _point(model: TinyModel, *coordinates: float) -> Any:
    return model.file.create_entity("IfcCartesianPoint", tuple(float(c) for c in coordinates))


def _polygon(model: TinyModel, *points: tuple[float, float]) -> Any:
    corners = [_point(model, *p) for p in points]
    curve = model.file.create_entity("IfcPolyline", [*corners, corners[0]] if corners else corners)
    return model.file.create_entity("IfcArbitraryClosedProfileDef", "AREA", None, curve)


#: Corners of the box and its faces seen from outside.
_CORNERS = [(x, y, z) for z in (0, 3) for y in (0, 0.3) for x in (0, 2)]
_FACES = [(0, 2, 3, 1), (4, 5, 7, 6), (0, 1, 5, 4), (1, 3, 7, 5), (3, 2, 6, 7), (2, 0, 4, 6)]


def _shell(model: TinyModel, wall: Any, corners: list[Any], faces: list[tuple[int, ...]]) -> list[Any]:
    f = model.file
    points = [_point(model, *c) for c in corners]
    made = []
    for face in faces:
        loop = f.create_entity("IfcPolyLoop", [points[i] for i in face])
        made.append(f.create_entity("IfcFace", [f.create_entity("IfcFaceOuterBound", loop, True)]))
    brep = f.create_entity("IfcFacetedBrep", f.create_entity("IfcClosedShell", made))
    model.body_of(wall, brep)
    return points


def _in_solid(attribute: int, value: Any) -> Break:
    def break_it(model: TinyModel, wall: Any) -> list[Edit]:
        _box(model, wall)[attribute] = value
        return []

    return break_it


def _with_profile(*points: tuple[float, float]) -> Break:
    def break_it(model: TinyModel, wall: Any) -> list[Edit]:
        _box(model, wall).SweptArea = _polygon(model, *points)
        return []

    return break_it


def _with_section(ifc_class: str, **sizes: float) -> Break:
    def break_it(model: TinyModel, wall: Any) -> list[Edit]:
        _box(model, wall).SweptArea = model.file.create_entity(ifc_class, ProfileType="AREA", **sizes)
        return []

    return break_it


def _edited(which: str, old: str, new: str) -> Break:
    """The text of one instance of a sound box edited: solid, profile, body, shape, wall, placement, point."""

    def break_it(model: TinyModel, wall: Any) -> list[Edit]:
        solid = _box(model, wall)
        shape = wall.Representation
        found = {
            "solid": solid,
            "profile": solid.SweptArea,
            "body": shape.Representations[0],
            "shape": shape,
            "wall": wall,
            "placement": wall.ObjectPlacement,
            "axes": wall.ObjectPlacement.RelativePlacement,
            "point": wall.ObjectPlacement.RelativePlacement.Location,
            "direction": solid.ExtrudedDirection,
        }
        references = {name: f"#{e.id()}" for name, e in found.items()}
        references.update(
            unit="#1",
            owner_of_items=f"(#{solid.id()})",
            swept=f"#{solid.SweptArea.id()}",
            material=f"#{model.material('glas').id()}",
        )
        return [(found[which], old.format(**references), new.format(**references))]

    return break_it


def _mesh(corners: list[Any], faces: list[tuple[int, ...]]) -> Break:
    def break_it(model: TinyModel, wall: Any) -> list[Edit]:
        _shell(model, wall, corners, faces)
        return []

    return break_it


def _mesh_point(text: str) -> Break:
    """A sound mesh but for one coordinate."""

    def break_it(model: TinyModel, wall: Any) -> list[Edit]:
        point = _shell(model, wall, _CORNERS, _FACES)[7]
        return [(point, "2.", text)]

    return break_it
