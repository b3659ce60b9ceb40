"""Shapes that mean nothing, through the whole reader: a finding, and no volume or the stated one."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ifc_builders import TinyModel
from passport import Passport, read_ifc

STATED_M3 = 0.75


def _wall(model: TinyModel) -> Any:
    """A wall of 5 x 0.3 x 2.5 m on which the faults are made; its set states another, believable volume."""
    wall = model.element("IfcWall", "wall")
    model.associate("brick", wall)
    model.box(wall, 5, 0.3, 2.5)
    return wall


def _solid(wall: Any) -> Any:
    return wall.Representation.Representations[0].Items[0]


def _flat(model: TinyModel, wall: Any) -> None:
    _solid(wall).ExtrudedDirection.DirectionRatios = (1.0, 0.0, 0.0)


def _no_depth(model: TinyModel, wall: Any) -> None:
    _solid(wall).Depth = 0.0


def _negative_depth(model: TinyModel, wall: Any) -> None:
    _solid(wall).Depth = -2.5


def _no_width(model: TinyModel, wall: Any) -> None:
    _solid(wall).SweptArea.XDim = 0.0


def _bow_tie(model: TinyModel, wall: Any) -> None:
    f = model.file
    corners = [(0.0, 0.0), (1.0, 1.0), (1.0, 0.0), (0.0, 1.0), (0.0, 0.0)]
    curve = f.create_entity("IfcPolyline", [f.create_entity("IfcCartesianPoint", c) for c in corners])
    _solid(wall).SweptArea = f.create_entity("IfcArbitraryClosedProfileDef", "AREA", None, curve)


def _two_points(model: TinyModel, wall: Any) -> None:
    f = model.file
    curve = f.create_entity(
        "IfcPolyline", [f.create_entity("IfcCartesianPoint", c) for c in ((0.0, 0.0), (1.0, 1.0))]
    )
    _solid(wall).SweptArea = f.create_entity("IfcArbitraryClosedProfileDef", "AREA", None, curve)


def _thick_tube(model: TinyModel, wall: Any) -> None:
    _solid(wall).SweptArea = model.file.create_entity(
        "IfcCircleHollowProfileDef", "AREA", None, None, 0.1, 0.2
    )


def _through_its_axis(model: TinyModel, wall: Any) -> None:
    f = model.file
    axis = f.create_entity(
        "IfcAxis1Placement",
        f.create_entity("IfcCartesianPoint", (1.0, 0.0, 0.0)),
        f.create_entity("IfcDirection", (0.0, 1.0, 0.0)),
    )
    old = _solid(wall)
    turned = f.create_entity("IfcRevolvedAreaSolid", old.SweptArea, old.Position, axis, 3.0)
    wall.Representation.Representations[0].Items = [turned]


def _maps_itself(model: TinyModel, wall: Any) -> None:
    f = model.file
    body = wall.Representation.Representations[0]
    source = f.create_entity("IfcRepresentationMap", model._axes(), body)
    target = f.create_entity(
        "IfcCartesianTransformationOperator3D",
        LocalOrigin=f.create_entity("IfcCartesianPoint", (0.0, 0.0, 0.0)),
    )
    body.Items = [f.create_entity("IfcMappedItem", source, target)]


def _cuts_itself(model: TinyModel, wall: Any) -> None:
    old = _solid(wall)
    tree = model.file.create_entity("IfcBooleanResult", "DIFFERENCE", old, old)
    tree.FirstOperand = tree
    wall.Representation.Representations[0].Items = [tree]


def _no_items(model: TinyModel, wall: Any) -> None:
    wall.Representation.Representations[0].Items = []


def _no_representation(model: TinyModel, wall: Any) -> None:
    wall.Representation.Representations = []


def _placed_on_itself(model: TinyModel, wall: Any) -> None:
    wall.ObjectPlacement.PlacementRelTo = wall.ObjectPlacement


FAULTS: list[Callable[[TinyModel, Any], None]] = [
    _flat,
    _no_depth,
    _negative_depth,
    _no_width,
    _bow_tie,
    _two_points,
    _thick_tube,
    _through_its_axis,
    _maps_itself,
    _cuts_itself,
    _no_items,
    _no_representation,
    _placed_on_itself,
]
_TEXT_FAULTS = {
    "not a number": (r"IFCEXTRUDEDAREASOLID\((.*),2\.5\)", r"IFCEXTRUDEDAREASOLID(\1,NAN)"),
    "far away": (r"IFCEXTRUDEDAREASOLID\((.*),2\.5\)", r"IFCEXTRUDEDAREASOLID(\1,1.E300)"),
    "a width of 1e300": (r"(IFCRECTANGLEPROFILEDEF\(.*),5\.,", r"\1,1.E300,"),
    "no depth": (r"IFCEXTRUDEDAREASOLID\((.*),2\.5\)", r"IFCEXTRUDEDAREASOLID(\1,$)"),
    "no profile": (r"IFCEXTRUDEDAREASOLID\(#\d+,", r"IFCEXTRUDEDAREASOLID($,"),
    "another class": (r"IFCEXTRUDEDAREASOLID\(#\d+,", r"IFCEXTRUDEDAREASOLID(#1,"),
    "a missing instance": (r"IFCEXTRUDEDAREASOLID\(#\d+,", r"IFCEXTRUDEDAREASOLID(#999999,"),
}


def _read_text(model: TinyModel, folder: Path, fault: str) -> Passport:
    path = model.save(folder)
    old, new = _TEXT_FAULTS[fault]
    text, count = re.subn(old, new, path.read_text())
    assert count == 1
    path.write_text(text)
    return read_ifc(path)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda f: f.__name__.strip("_"))
def test_a_shape_that_means_nothing_is_a_finding_and_no_volume(
    fault: Callable[[TinyModel, Any], None], tmp_path: Path
) -> None:
    model = TinyModel()
    fault(model, _wall(model))
    house = read_ifc(model.save(tmp_path))
    (wall,) = house.elements
    assert wall.volume_m3 is None and wall.mass_kg is None
    assert {f.code for f in house.findings} & {"no-body", "body-degenerate", "geometry-lost"}
    assert house.findings.with_code("element-without-quantity")


@pytest.mark.parametrize("fault", FAULTS, ids=lambda f: f.__name__.strip("_"))
def test_beside_a_shape_that_means_nothing_the_stated_volume_is_used(
    fault: Callable[[TinyModel, Any], None], tmp_path: Path
) -> None:
    model = TinyModel()
    wall = _wall(model)
    model.quantities(wall, Volume_NetVolume=STATED_M3)
    fault(model, wall)
    assert read_ifc(model.save(tmp_path)).elements[0].volume_m3 == STATED_M3


@pytest.mark.parametrize("fault", _TEXT_FAULTS)
def test_numbers_and_references_that_no_writer_should_write_end_in_findings(
    fault: str, tmp_path: Path
) -> None:
    model = TinyModel()
    wall = _wall(model)
    model.quantities(wall, Volume_NetVolume=STATED_M3)
    try:
        house = _read_text(model, tmp_path, fault)
    except Exception as error:
        from passport import PassportError

        assert isinstance(error, PassportError), "one sentence, no traceback"
        return
    assert house.elements[0].volume_m3 == STATED_M3
    assert house.findings


def test_an_open_and_an_inside_out_shell_say_so(tmp_path: Path) -> None:
    model = TinyModel()
    f = model.file
    corners = [(x, y, z) for z in (0.0, 1.0) for y in (0.0, 1.0) for x in (0.0, 1.0)]
    points = [f.create_entity("IfcCartesianPoint", c) for c in corners]
    sides = [(0, 2, 3, 1), (4, 5, 7, 6), (0, 1, 5, 4), (1, 3, 7, 5), (3, 2, 6, 7), (2, 0, 4, 6)]

    def shell(faces: list[tuple[int, ...]]) -> Any:
        made = []
        for face in faces:
            loop = f.create_entity("IfcPolyLoop", [points[i] for i in face])
            bound = f.create_entity("IfcFaceOuterBound", loop, True)
            made.append(f.create_entity("IfcFace", [bound]))
        return f.create_entity("IfcFacetedBrep", f.create_entity("IfcClosedShell", made))

    opened, turned = model.element("IfcWall", "open"), model.element("IfcWall", "inside out")
    model.body_of(opened, shell(sides[:5]))
    model.body_of(turned, shell([face[::-1] for face in sides]))
    house = read_ifc(model.save(tmp_path))
    assert [x.global_id for x in house.findings.with_code("body-open")] == [opened.GlobalId]
    assert [x.global_id for x in house.findings.with_code("body-inside-out")] == [turned.GlobalId]
    assert house.elements[1].volume_m3 == pytest.approx(1.0)
    grades = [next(q.grade for q in e.quantities if q.kind == "volume" and q.chosen) for e in house.elements]
    assert grades == ["D", "B"]


def test_hundreds_of_overlapping_openings_end_and_are_taken_out_once(tmp_path: Path) -> None:
    model = TinyModel()
    wall = _wall(model)
    for k in range(300):
        model.opening(wall, 1.0, 0.3, 1.0, at=(0.01 * k, 0.0, 1.0))
    (element,) = read_ifc(model.save(tmp_path)).elements
    assert element.volume_m3 == pytest.approx((5 * 2.5 - 3.99) * 0.3)


def test_a_chain_of_hundreds_of_cuts_ends(tmp_path: Path) -> None:
    model = TinyModel()
    f = model.file
    wall = _wall(model)
    solid = _solid(wall)
    for k in range(150):
        cutter = model.extrusion(0.01, 1.0, 0.5, at=(0.03 * k, -0.5, 2.0))
        solid = f.create_entity("IfcBooleanResult", "DIFFERENCE", solid, cutter)
    wall.Representation.Representations[0].Items = [solid]
    (element,) = read_ifc(model.save(tmp_path)).elements
    assert element.volume_m3 == pytest.approx(5 * 0.3 * 2.5 - 150 * 0.01 * 0.3 * 0.5)


def test_a_shell_of_many_thousand_faces_is_measured(tmp_path: Path) -> None:
    model = TinyModel()
    f = model.file
    n = 120
    around, up = 2 * np.pi * np.arange(2 * n) / (2 * n), np.pi * np.arange(1, n) / n
    ring = [
        (float(np.sin(u) * np.cos(a)), float(np.sin(u) * np.sin(a)), float(np.cos(u)))
        for u in up
        for a in around
    ]
    points = [(0.0, 0.0, 1.0), *ring, (0.0, 0.0, -1.0)]
    faces: list[list[int]] = []
    for j in range(2 * n):
        k = (j + 1) % (2 * n)
        faces.append([1, 2 + j, 2 + k])
        faces.append([len(points), len(points) - 2 * n + k, len(points) - 2 * n + j])
        for i in range(n - 2):
            a, b = 2 + 2 * n * i, 2 + 2 * n * (i + 1)
            faces += [[a + j, b + j, b + k], [a + j, b + k, a + k]]
    coordinates = f.create_entity("IfcCartesianPointList3D", points)
    ball = f.create_entity("IfcTriangulatedFaceSet", coordinates, None, True, faces)
    element = model.element("IfcBuildingElementProxy")
    model.body_of(element, ball)
    (read,) = read_ifc(model.save(tmp_path)).elements
    assert read.volume_m3 == pytest.approx(4 / 3 * np.pi, rel=1e-3)


def test_an_opening_that_voids_itself_and_a_wall_that_fills_its_own_opening(tmp_path: Path) -> None:
    model = TinyModel()
    wall = _wall(model)
    opening = model.opening(wall, 1, 0.3, 1, at=(1, 0, 1))
    model.root("IfcRelVoidsElement", RelatingBuildingElement=opening, RelatedOpeningElement=opening)
    model.root("IfcRelFillsElement", RelatingOpeningElement=opening, RelatedBuildingElement=wall)
    house = read_ifc(model.save(tmp_path))
    assert len(house.elements) == 1
    assert house.elements[0].volume_m3 in (pytest.approx(3.75 - 0.3), pytest.approx(3.75))
