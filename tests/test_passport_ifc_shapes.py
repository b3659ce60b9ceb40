"""Bodies computed from the representation agree with closed forms and with the geometry kernel."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import Any

import ifcopenshell.geom
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ifc_builders import TinyModel
from passport.findings import FindingLog
from passport.ifc.body import Body
from passport.ifc.kernel_worker import measure
from passport.ifc.relations import Relations
from passport.ifc.schema import Schema
from passport.ifc.shapes.bodies import ShapeReader, ShapeResult
from passport.ifc.units import Units


def _shapes(model: TinyModel, *elements: Any) -> ShapeResult:
    schema = Schema(model.file.schema_identifier)
    units = Units(model.file, FindingLog())
    relations = Relations(model.file, schema)
    openings = defaultdict(list)
    for opening, host in relations.voids.items():
        openings[host].append(opening)
    reader = ShapeReader(model.file, schema, units.length, units.angle, openings, relations.whole_of)
    return reader.bodies(elements)


def _body(model: TinyModel, element: Any) -> Body:
    result = _shapes(model, element)
    assert not result.for_kernel and not result.bad
    return result.bodies[element.id()]


def _kernel(element: Any) -> dict[str, Any]:
    shape = ifcopenshell.geom.create_shape(ifcopenshell.geom.settings(), element)
    vertices = np.array(shape.geometry.verts).reshape(-1, 3)
    faces = np.array(shape.geometry.faces, dtype=np.int32).reshape(-1, 3)
    return measure(vertices, faces, np.zeros(len(faces), dtype=np.int32))


def _axes(model: TinyModel, at: Any = (0, 0, 0), z: Any = None, x: Any = None) -> Any:
    f = model.file
    return f.create_entity(
        "IfcAxis2Placement3D",
        f.create_entity("IfcCartesianPoint", tuple(map(float, at))),
        None if z is None else f.create_entity("IfcDirection", tuple(map(float, z))),
        None if x is None else f.create_entity("IfcDirection", tuple(map(float, x))),
    )


def _polygon(model: TinyModel, points: list[tuple[float, float]]) -> Any:
    f = model.file
    corners = [f.create_entity("IfcCartesianPoint", tuple(map(float, p))) for p in [*points, points[0]]]
    return f.create_entity(
        "IfcArbitraryClosedProfileDef", "AREA", None, f.create_entity("IfcPolyline", corners)
    )


def _extrude(model: TinyModel, profile: Any, depth: float, axes: Any = None, way: Any = (0, 0, 1)) -> Any:
    f = model.file
    return f.create_entity(
        "IfcExtrudedAreaSolid",
        profile,
        axes or _axes(model),
        f.create_entity("IfcDirection", tuple(map(float, way))),
        float(depth),
    )


def _rectangle(model: TinyModel, x: float, y: float) -> Any:
    return _polygon(model, [(0, 0), (x, 0), (x, y), (0, y)])


def _half_space(model: TinyModel, at: Any, normal: Any, agree: bool) -> Any:
    plane = model.file.create_entity("IfcPlane", _axes(model, at, normal))
    return model.file.create_entity("IfcHalfSpaceSolid", plane, agree)


def test_a_wall_knows_its_volume_faces_size_and_place() -> None:
    model = TinyModel(unit="mm")
    wall = model.element("IfcWall")
    model.box(wall, 5000, 300, 2500, at=(1000, 2000, 3000))
    body = _body(model, wall)
    assert body.volume_m3 == pytest.approx(3.75)
    assert body.side_area_m2 == pytest.approx(12.5)
    assert body.plan_area_m2 == pytest.approx(1.5)
    assert body.size_m == pytest.approx((5, 0.3, 2.5))
    assert body.low_m == pytest.approx((1, 2, 3))
    assert body.high_m == pytest.approx((6, 2.3, 5.5))
    assert body.surface_m2 == pytest.approx(2 * (12.5 + 1.5 + 0.75))
    assert body.closed and body.method == "shape"


def test_a_wall_turned_by_any_angle_keeps_its_figures() -> None:
    for degrees in (0, 30, 45, 80, 135):
        model = TinyModel()
        wall = model.element("IfcWall")
        model.box(wall, 5, 0.3, 2.5)
        turn = math.radians(degrees)
        wall.ObjectPlacement.RelativePlacement = _axes(
            model, (1e5, 2e5, 30), (0, 0, 1), (math.cos(turn), math.sin(turn), 0)
        )
        body = _body(model, wall)
        assert body.volume_m3 == pytest.approx(3.75)
        assert body.side_area_m2 == pytest.approx(12.5)
        assert body.size_m == pytest.approx((5, 0.3, 2.5))


@given(st.integers(0, 10**9))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_swept_solids_with_openings_agree_with_the_kernel(seed: int) -> None:
    # Drawn from a generator, not shrunk to round numbers: where faces coincide the kernel loses whole cuts.
    rng = np.random.default_rng(seed)
    corners = rng.integers(3, 9)
    turns = 2 * math.pi * (np.arange(corners) + rng.uniform(0.0, 0.8, corners)) / corners
    radii = rng.uniform(0.4, 2.0, corners)
    model = TinyModel()
    slab = model.element("IfcSlab")
    outline = [(float(r * math.cos(t)), float(r * math.sin(t))) for r, t in zip(radii, turns, strict=True)]
    solid = _extrude(
        model, _polygon(model, outline), rng.uniform(0.2, 3.0), way=(*rng.uniform(-0.3, 0.3, 2), 1)
    )
    model.body_of(slab, solid)
    for _ in range(rng.integers(0, 4)):
        at = rng.uniform(-1, 1, 3)
        opening = model.opening(slab, *rng.uniform(0.1, 1.5, 2), rng.uniform(0.5, 4.0), at=tuple(at))
        tilt = rng.normal(size=3) * 0.2 + (0, 0, 1)
        opening.ObjectPlacement.RelativePlacement = _axes(model, at, tilt, rng.normal(size=3))
    result = _shapes(model, slab)
    kernel = _kernel(slab)
    if slab.id() in result.bad:
        assert kernel["volume_m3"] is None or kernel["volume_m3"] < 1e-6
    elif kernel["closed"]:
        volume = result.bodies[slab.id()].volume_m3
        assert volume == pytest.approx(kernel["volume_m3"], rel=1e-6, abs=1e-8)


@given(st.integers(0, 10**9), st.booleans())
@settings(max_examples=40, deadline=None)
def test_a_body_behind_a_half_space_agrees_with_the_kernel(seed: int, agree: bool) -> None:
    rng = np.random.default_rng(seed)
    model = TinyModel()
    wall = model.element("IfcWall")
    solid = _extrude(model, _rectangle(model, 1, 1), 1)
    half = _half_space(model, rng.uniform(0, 1, 3), rng.normal(size=3), agree)
    model.body_of(wall, model.file.create_entity("IfcBooleanClippingResult", "DIFFERENCE", solid, half))
    assert _body(model, wall).volume_m3 == pytest.approx(_kernel(wall)["volume_m3"], rel=1e-6)


@given(st.integers(0, 10**9))
@settings(max_examples=40, deadline=None)
def test_a_beam_with_many_cuts_agrees_with_the_kernel(seed: int) -> None:
    rng = np.random.default_rng(seed)
    model = TinyModel()
    f = model.file
    beam = model.element("IfcBeam")
    solid = _extrude(model, _rectangle(model, 0.3, 0.5), 4)
    for _ in range(rng.integers(1, 6)):
        notch = _polygon(model, [(0, 0), (0.4, 0), (0.4, 0.1), (0.1, 0.1), (0.1, 0.4), (0, 0.4)])
        axes = _axes(model, rng.uniform(-0.2, 0.4, 3) * (1, 1, 8), rng.normal(size=3), rng.normal(size=3))
        cutter = _extrude(model, notch, rng.uniform(0.1, 1), axes)
        solid = f.create_entity("IfcBooleanResult", "DIFFERENCE", solid, cutter)
    model.body_of(beam, solid)
    kernel = _kernel(beam)
    if kernel["closed"]:  # the kernel sometimes leaves an open mesh
        assert _body(model, beam).volume_m3 == pytest.approx(kernel["volume_m3"], rel=1e-6)


def test_a_gable_wall_is_cut_by_two_planes_exactly() -> None:
    model = TinyModel()
    wall = model.element("IfcWall")
    solid = _extrude(model, _rectangle(model, 8, 0.3), 6)
    for x in (-1.0, 1.0):  # 45 degrees up from both eaves at 2 m
        plane = _half_space(model, (0 if x > 0 else 8, 0, 2), (-x, 0, 1), False)
        solid = model.file.create_entity("IfcBooleanClippingResult", "DIFFERENCE", solid, plane)
    model.body_of(wall, solid)
    body = _body(model, wall)
    assert body.volume_m3 == pytest.approx((8 * 2 + 8 * 4 / 2) * 0.3)
    assert body.side_area_m2 == pytest.approx(32.0)


def test_a_bounded_half_space_cuts_only_within_its_boundary() -> None:
    model = TinyModel()
    f = model.file
    wall = model.element("IfcWall")
    solid = _extrude(model, _rectangle(model, 4, 1), 2)
    plane = f.create_entity("IfcPlane", _axes(model, (0, 0, 1)))
    corners = [(1, -1), (3, -1), (3, 2), (2, 0.5), (1, 2)]
    points = [f.create_entity("IfcCartesianPoint", tuple(map(float, c))) for c in [*corners, corners[0]]]
    half = f.create_entity(
        "IfcPolygonalBoundedHalfSpace", plane, False, _axes(model), f.create_entity("IfcPolyline", points)
    )
    model.body_of(wall, f.create_entity("IfcBooleanClippingResult", "DIFFERENCE", solid, half))
    # Above z = 1 within x 1-3 and y 0-1 the boundary leaves out the triangle (2, 0.5) upwards.
    inside = 2 * 1 - 0.5 * 0.5 * (2 * 0.5 / 1.5)
    assert _body(model, wall).volume_m3 == pytest.approx(8 - inside)


def test_union_difference_and_intersection_of_overlapping_blocks() -> None:
    for operator, expected in (("UNION", 1.5), ("DIFFERENCE", 0.5), ("INTERSECTION", 0.5)):
        model = TinyModel()
        f = model.file
        a = f.create_entity("IfcBlock", _axes(model), 1.0, 1.0, 1.0)
        b = f.create_entity("IfcBlock", _axes(model, (0.5, 0, 0)), 1.0, 1.0, 1.0)
        tree = f.create_entity("IfcBooleanResult", operator, a, b)
        element = model.element("IfcBuildingElementProxy")
        model.body_of(element, f.create_entity("IfcCsgSolid", tree))
        assert _body(model, element).volume_m3 == pytest.approx(expected)


def test_csg_primitives_have_their_closed_forms() -> None:
    model = TinyModel()
    f = model.file
    expected = {
        f.create_entity("IfcBlock", _axes(model), 1.0, 2.0, 3.0): 6.0,
        f.create_entity("IfcRectangularPyramid", _axes(model), 1.0, 2.0, 3.0): 2.0,
        f.create_entity("IfcRightCircularCylinder", _axes(model), 3.0, 0.5): math.pi * 0.75,
        f.create_entity("IfcRightCircularCone", _axes(model), 3.0, 0.5): math.pi * 0.25,
        f.create_entity("IfcSphere", _axes(model), 0.5): math.pi / 6,
    }
    for primitive, volume in expected.items():
        element = model.element("IfcBuildingElementProxy")
        model.body_of(element, f.create_entity("IfcCsgSolid", primitive))
        body = _body(model, element)
        assert body.volume_m3 == pytest.approx(volume, rel=1e-12), primitive.is_a()
        if primitive.is_a() in ("IfcBlock", "IfcSphere"):  # of the others the kernel makes nothing
            assert _kernel(element)["volume_m3"] == pytest.approx(volume, rel=0.03), primitive.is_a()


def test_a_revolved_and_a_tapered_solid() -> None:
    model = TinyModel()
    f = model.file
    axis = f.create_entity(
        "IfcAxis1Placement",
        f.create_entity("IfcCartesianPoint", (-2.0, 0.0, 0.0)),
        f.create_entity("IfcDirection", (0.0, 1.0, 0.0)),
    )
    ring = f.create_entity(
        "IfcRevolvedAreaSolid", _rectangle(model, 0.3, 2.5), _axes(model), axis, math.pi / 2
    )
    wall = model.element("IfcWall")
    model.body_of(wall, ring)
    body = _body(model, wall)
    assert body.volume_m3 == pytest.approx(0.3 * 2.5 * 2.15 * math.pi / 2)
    assert _kernel(wall)["volume_m3"] == pytest.approx(body.volume_m3, rel=0.01)
    stump = f.create_entity(
        "IfcExtrudedAreaSolidTapered",
        _rectangle(model, 2, 2),
        _axes(model),
        f.create_entity("IfcDirection", (0.0, 0.0, 1.0)),
        3.0,
        _rectangle(model, 1, 1),
    )
    footing = model.element("IfcFooting")
    model.body_of(footing, stump)
    assert _body(model, footing).volume_m3 == pytest.approx(3.0 / 3 * (4 + 1 + 2))


def test_a_bent_bar_has_the_volume_of_its_length() -> None:
    model = TinyModel(unit="mm")
    f = model.file
    points = [
        f.create_entity("IfcCartesianPoint", p)
        for p in ((0.0, 0.0, 0.0), (1000.0, 0.0, 0.0), (1000.0, 0.0, 500.0))
    ]
    bar = model.element("IfcReinforcingBar")
    model.body_of(bar, f.create_entity("IfcSweptDiskSolid", f.create_entity("IfcPolyline", points), 8.0))
    body = _body(model, bar)
    assert body.volume_m3 == pytest.approx(math.pi * 0.008**2 * 1.5)
    assert body.size_m == pytest.approx((1.008, 0.016, 0.508))


def test_a_mapped_shape_is_scaled_mirrored_and_moved() -> None:
    model = TinyModel()
    f = model.file
    source = f.create_entity(
        "IfcRepresentationMap",
        _axes(model, (1, 1, 1), (1, 0, 0), (0, 1, 0)),
        model._body(_extrude(model, _rectangle(model, 1, 2), 3)),
    )
    directions = [
        f.create_entity("IfcDirection", d) for d in ((0.0, 1.0, 0.0), (1.0, 0.0, 0.0), (0.0, 0.0, 1.0))
    ]
    target = f.create_entity(
        "IfcCartesianTransformationOperator3DnonUniform",
        directions[0],
        directions[1],
        f.create_entity("IfcCartesianPoint", (5.0, 6.0, 7.0)),
        2.0,
        directions[2],
        1.0,
        0.5,
    )
    column = model.element("IfcColumn")
    model.body_of(column, f.create_entity("IfcMappedItem", source, target))
    body = _body(model, column)
    kernel = _kernel(column)
    assert body.volume_m3 == pytest.approx(6.0)
    assert kernel["volume_m3"] == pytest.approx(6.0)
    assert body.plan_area_m2 == pytest.approx(kernel["plan_area_m2"])
    shape = ifcopenshell.geom.create_shape(ifcopenshell.geom.settings(), column)
    vertices = np.array(shape.geometry.verts).reshape(-1, 3)
    assert body.low_m == pytest.approx(vertices.min(axis=0))
    assert body.high_m == pytest.approx(vertices.max(axis=0))


def test_the_openings_of_a_whole_cut_its_parts() -> None:
    model = TinyModel()
    roof, slab = model.element("IfcRoof"), model.element("IfcSlab")
    model.box(slab, 4, 4, 0.2)
    model.aggregate(roof, slab)
    model.opening(roof, 1, 1, 1, at=(1, 1, -0.5))
    assert _body(model, slab).volume_m3 == pytest.approx((16 - 1) * 0.2)


def test_overlapping_openings_are_taken_out_once() -> None:
    model = TinyModel()
    wall = model.element("IfcWall")
    model.box(wall, 5, 0.3, 2.5)
    model.opening(wall, 1, 1, 1, at=(1, -0.3, 1))
    model.opening(wall, 1, 1, 1, at=(1.5, -0.3, 1))
    assert _body(model, wall).volume_m3 == pytest.approx((12.5 - 1.5) * 0.3)


@pytest.mark.parametrize("fault", ["depth", "far", "crossing", "no items", "curve only", "itself"])
def test_shapes_that_mean_nothing_are_named_and_give_no_number(fault: str) -> None:
    model = TinyModel()
    f = model.file
    wall = model.element("IfcWall")
    solid = _extrude(model, _rectangle(model, 1, 1), 1)
    model.body_of(wall, solid)
    body = wall.Representation.Representations[0]
    if fault == "depth":
        solid.Depth = 0.0
    elif fault == "far":
        solid.SweptArea.OuterCurve.Points[1].Coordinates = (1e300, 0.0)
    elif fault == "crossing":
        solid.SweptArea = _polygon(model, [(0, 0), (1, 1), (1, 0), (0, 1)])
    elif fault == "no items":
        body.Items = []
    elif fault == "curve only":
        body.Items = [f.create_entity("IfcGeometricSet", [f.create_entity("IfcCartesianPoint", (0.0, 0.0))])]
    else:
        tree = f.create_entity("IfcBooleanResult", "UNION", solid, solid)
        tree.SecondOperand = tree
        body.Items = [tree]
    result = _shapes(model, wall)
    assert not result.bodies
    assert wall.id() in {**result.bad, **result.for_kernel}


def test_one_degenerate_item_does_not_cost_the_others() -> None:
    model = TinyModel()
    wall = model.element("IfcWall")
    flat = _extrude(model, _rectangle(model, 1, 1), 1)
    flat.Depth = -1.0
    model.body_of(wall, _extrude(model, _rectangle(model, 2, 1), 1), flat)
    result = _shapes(model, wall)
    assert result.bodies[wall.id()].volume_m3 == pytest.approx(2.0)
    assert [code for _, code, _ in result.notes] == ["body-degenerate"]


def test_an_opening_larger_than_its_wall_leaves_nothing() -> None:
    model = TinyModel()
    wall = model.element("IfcWall")
    model.box(wall, 1, 0.3, 1)
    model.opening(wall, 3, 3, 3, at=(-1, -1, -1))
    result = _shapes(model, wall)
    assert not result.bodies
    assert "leave nothing" in result.bad[wall.id()]


def test_placements_in_a_circle_end() -> None:
    model = TinyModel()
    wall = model.element("IfcWall")
    model.box(wall, 1, 1, 1)
    other = model.file.create_entity("IfcLocalPlacement", wall.ObjectPlacement, _axes(model))
    wall.ObjectPlacement.PlacementRelTo = other
    assert "relative to itself" in _shapes(model, wall).bad[wall.id()]
