"""Profiles and plane curves: exact areas against section tables, the geometry kernel and each other."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import ifcopenshell
import ifcopenshell.geom
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ifcopenshell.util.unit import calculate_unit_scale

from passport.ifc.shapes.curves import CurveReader
from passport.ifc.shapes.errors import BadShapeError, NotExactError
from passport.ifc.shapes.outlines import closed
from passport.ifc.shapes.profiles import ProfileReader, Region

SCHEMAS = ("IFC2X3", "IFC4", "IFC4X3")
Plane = tuple[float, float]


class Draft:
    """An empty model to draw profiles and curves in."""

    def __init__(self, schema: str = "IFC4") -> None:
        self.file = ifcopenshell.file(schema=schema)

    def make(self, ifc_class: str, *arguments: Any) -> Any:
        return self.file.create_entity(ifc_class, *arguments)

    def point(self, *place: float) -> Any:
        return self.make("IfcCartesianPoint", tuple(map(float, place)))

    def at(self, x: float = 0.0, y: float = 0.0, angle: float | None = None) -> Any:
        turned = None if angle is None else self.direction(math.cos(angle), math.sin(angle))
        return self.make("IfcAxis2Placement2D", self.point(x, y), turned)

    def direction(self, *ratios: float) -> Any:
        return self.make("IfcDirection", tuple(map(float, ratios)))

    def section(self, kind: str, *dimensions: float | None, at: Any = None) -> Any:
        """A parameterised profile by the short name of its class."""
        return self.make(f"Ifc{kind}ProfileDef", "AREA", None, at or self.at(), *dimensions)

    def polyline(self, points: Sequence[Sequence[float]]) -> Any:
        return self.make("IfcPolyline", [self.point(*p) for p in points])

    def closed(self, curve: Any, *holes: Any) -> Any:
        if holes:
            return self.make("IfcArbitraryProfileDefWithVoids", "AREA", None, curve, holes)
        return self.make("IfcArbitraryClosedProfileDef", "AREA", None, curve)

    def trimmed(
        self,
        basis: Any,
        start: Sequence[Any],
        end: Sequence[Any],
        forward: bool = True,
        prefer: str = "PARAMETER",
    ) -> Any:
        return self.make("IfcTrimmedCurve", basis, start, end, forward, prefer)

    def parameter(self, value: float) -> Any:
        return self.make("IfcParameterValue", value)

    def composite(self, *segments: tuple[Any, bool]) -> Any:
        made = [self.make("IfcCompositeCurveSegment", "CONTINUOUS", sense, c) for c, sense in segments]
        return self.make("IfcCompositeCurve", made, False)

    def operator(self, *arguments: Any, scales: Sequence[float | None] = (None,)) -> Any:
        """(Axis1, Axis2, LocalOrigin), as plain pairs."""
        first, second, origin = arguments
        axes = [None if a is None else self.direction(*a) for a in (first, second)]
        suffix = "nonUniform" if len(scales) > 1 else ""
        return self.make(f"IfcCartesianTransformationOperator2D{suffix}", *axes, self.point(*origin), *scales)


def read(profile: Any, angle_factor: float = 1.0) -> Region:
    (region,) = ProfileReader(angle_factor).read(profile)
    return region


def kernel(draft: Draft, profile: Any) -> tuple[float, float, float]:
    """Area and centroid by the geometry kernel: the profile extruded by 1."""
    up, corner = draft.direction(0, 0, 1), draft.point(0, 0, 0)
    axes = draft.make("IfcAxis2Placement3D", corner)
    solid = draft.make("IfcExtrudedAreaSolid", profile, axes, up, 1.0)
    shape = ifcopenshell.geom.create_shape(ifcopenshell.geom.settings(), solid)
    mesh = getattr(shape, "geometry", shape)
    vertices = np.frombuffer(mesh.verts_buffer, dtype=np.float64).reshape(-1, 3)
    triangles = vertices[np.frombuffer(mesh.faces_buffer, dtype=np.int32).reshape(-1, 3)]
    volumes = np.linalg.det(triangles) / 6.0
    volume = float(volumes.sum())
    centroid = (volumes @ triangles.sum(axis=1)) / 4.0 / volume
    return volume, float(centroid[0]), float(centroid[1])


def polygon_area(points: Sequence[Plane]) -> float:
    """Signed area, written apart from the code under test."""
    p = np.array(points)
    p = p - p[0]  # far from the origin the products of the formula swallow the area
    q = np.roll(p, -1, axis=0)
    return float((p[:, 0] * q[:, 1] - q[:, 0] * p[:, 1]).sum() / 2.0)


def check_polygon(region: Region) -> None:
    """What every region promises of its polygons."""
    assert polygon_area(region.outer) > 0
    assert all(polygon_area(hole) < 0 for hole in region.holes)
    assert region.outer[0] != region.outer[-1]
    drawn = polygon_area(region.outer) + sum(map(polygon_area, region.holes))
    assert drawn == pytest.approx(region.area, rel=1e-3)


# -- section tables -------------------------------------------------------------------------------------

#: Class, dimensions in cm and area in cm2 as printed in the section tables, with the table's last digit.
TABLES = {
    "IPE 300": ("IShape", (15, 30, 0.71, 1.07, 1.5), 53.81, 0.01),
    "HEA 200": ("IShape", (20, 19, 0.65, 1.0, 1.8), 53.83, 0.01),
    "HEB 200": ("IShape", (20, 20, 0.9, 1.5, 1.8), 78.08, 0.01),
    "UPE 200": ("UShape", (20, 8, 0.6, 1.1, 1.3), 29.0, 0.1),
    "UPN 200": ("UShape", (20, 7.5, 0.85, 1.15, 1.15, 0.6, math.atan(0.08)), 32.2, 0.1),
    "UPN 300": ("UShape", (30, 10, 1.0, 1.6, 1.6, 0.8, math.atan(0.08)), 58.8, 0.1),
    "L 100 x 100 x 10": ("LShape", (10, 10, 1.0, 1.2, 0.6), 19.15, 0.01),
    "L 100 x 65 x 9": ("LShape", (10, 6.5, 0.9, 1.0, 0.5), 14.1, 0.1),
    "T 100": ("TShape", (10, 10, 1.1, 1.1, 1.1, 0.55, 0.3, math.atan(0.02), math.atan(0.02)), 20.9, 0.1),
    "Z 100": ("ZShape", (10, 5.5, 0.65, 0.8, 0.8, 0.4), 14.5, 0.1),
    "CHS 114.3 x 4": ("CircleHollow", (5.715, 0.4), 13.9, 0.1),
    "SHS 100 x 6": ("RectangleHollow", (10, 10, 0.6, 0.6, 0.9), 22.2, 0.1),
}


@pytest.mark.parametrize("schema", SCHEMAS)
@pytest.mark.parametrize("name", TABLES)
def test_rolled_sections_have_the_area_of_the_section_tables(name: str, schema: str) -> None:
    kind, dimensions, area_cm2, digit = TABLES[name]
    draft = Draft(schema)
    region = read(draft.section(kind, *map(float, dimensions)))
    assert region.area == pytest.approx(area_cm2, abs=0.6 * digit)
    check_polygon(region)


@pytest.mark.parametrize("schema", ["IFC4", "IFC4X3"])
def test_a_sloped_i_section_is_as_thick_as_stated_at_a_quarter_of_its_flange(schema: str) -> None:
    ipn_300 = Draft(schema).section("IShape", 12.5, 30.0, 1.08, 1.62, 1.08, 0.65, math.atan(0.14))
    assert read(ipn_300).area == pytest.approx(69.0, abs=0.06)


def test_section_centroids_lie_where_the_tables_say() -> None:
    draft = Draft()
    angle = read(draft.section("LShape", 10.0, 10.0, 1.0, 1.2, 0.6))
    assert (5 + angle.centroid[0], 5 + angle.centroid[1]) == pytest.approx((2.82, 2.82), abs=0.006)
    channel = read(draft.section("UShape", 20.0, 7.5, 0.85, 1.15, 1.15, 0.6, math.atan(0.08)))
    assert 3.75 + channel.centroid[0] == pytest.approx(2.01, abs=0.01)
    tee = read(draft.section("TShape", 10.0, 10.0, 1.1, 1.1, 1.1, 0.55, 0.3, 0.02, 0.02))
    assert 5 - tee.centroid[1] == pytest.approx(2.74, abs=0.01)


def test_an_i_section_has_the_painted_surface_of_the_tables() -> None:
    ipe_300 = read(Draft().section("IShape", 0.15, 0.3, 0.0071, 0.0107, 0.015))
    assert ipe_300.perimeter == pytest.approx(1.16, abs=0.001)  # m2 per m


def test_slopes_are_read_in_the_angle_unit_of_the_model() -> None:
    draft = Draft()
    radians = draft.section("UShape", 20.0, 7.5, 0.85, 1.15, 1.15, 0.6, 0.08)
    degrees = draft.section("UShape", 20.0, 7.5, 0.85, 1.15, 1.15, 0.6, math.degrees(0.08))
    assert read(degrees, math.radians(1)).area == pytest.approx(read(radians).area, rel=1e-12)


def test_bottom_and_top_flanges_differ_in_each_schema() -> None:
    areas = []
    for schema in SCHEMAS:
        draft = Draft(schema)
        profile = draft.section("AsymmetricIShape", 20.0, 30.0, 1.0, 2.0, None, 12.0, 1.5, None)
        region = read(profile)
        assert region.centroid[1] < 0
        areas.append(region.area)
    assert areas == [pytest.approx(40 + 26.5 + 18)] * 3


def test_the_top_flange_is_as_thick_as_the_bottom_where_none_is_given() -> None:
    for schema in SCHEMAS:
        profile = Draft(schema).section("AsymmetricIShape", 20.0, 30.0, 1.0, 2.0, None, 12.0, None, None)
        assert read(profile).area == pytest.approx(40 + 26 + 24)


# -- the geometry kernel --------------------------------------------------------------------------------

#: Sections that both draw alike; slopes and Z flanges the kernel draws otherwise than the section tables.
LIKE_THE_KERNEL = {
    "rectangle": ("Rectangle", (4, 2), 1e-9),
    "trapezium": ("Trapezium", (4, 2, 3, 0.5), 1e-9),
    "trapezium that leans out": ("Trapezium", (4, 2, 3, -1), 1e-9),
    "sharp I": ("IShape", (15, 30, 0.71, 1.07, None), 1e-9),
    "sharp L": ("LShape", (10, 6, 1, None, None, None), 1e-9),
    "L with one leg given": ("LShape", (10, None, 1, None, None, None), 1e-9),
    "sharp T": ("TShape", (10, 8, 1, 1.5, None, None, None, None, None), 1e-9),
    "sharp U": ("UShape", (20, 8, 0.6, 1.1, None, None, None), 1e-9),
    "sharp C": ("CShape", (20, 7, 0.2, 2, None), 1e-9),
    "rounded rectangle": ("RoundedRectangle", (4, 3, 1), 5e-3),
    "rectangular tube": ("RectangleHollow", (10, 6, 0.6, 0.5, 0.9), 5e-3),
    "circle": ("Circle", (2,), 5e-3),
    "tube": ("CircleHollow", (2, 0.3), 5e-3),
    "ellipse": ("Ellipse", (3, 1), 5e-3),
    "upright ellipse": ("Ellipse", (1, 3), 5e-3),
    "I with fillets": ("IShape", (15, 30, 0.71, 1.07, 1.5), 5e-3),
    "T with three radii": ("TShape", (10, 8, 1, 1.5, 0.8, 0.5, 0.3, None, None), 5e-3),
    "L with two radii": ("LShape", (10, 6, 1, 1.2, 0.6, None), 5e-3),
    "bent C": ("CShape", (20, 7, 0.2, 2, 0.3), 5e-3),
}


@pytest.mark.parametrize("name", LIKE_THE_KERNEL)
def test_area_and_place_are_those_of_the_geometry_kernel(name: str) -> None:
    kind, dimensions, share = LIKE_THE_KERNEL[name]
    draft = Draft()
    values = [None if d is None else float(d) for d in dimensions]
    profile = draft.section(kind, *values, at=draft.at(3, -2, 0.7))
    region = read(profile)
    area, x, y = kernel(draft, profile)
    assert region.area == pytest.approx(area, rel=share)
    assert region.centroid == pytest.approx((x, y), abs=max(share, 1e-6))
    check_polygon(region)


SHAPE = [(0, 0), (4, 0), (4, 3), (2.5, 3), (2.5, 1), (0, 2)]
HOLE = [(0.5, 0.5), (0.5, 1), (1, 1), (1, 0.5)]
ZIGZAG = [(0, 0), (4, 0), (4, 3), (7, 4)]


@pytest.mark.parametrize("schema", SCHEMAS)
def test_drawn_profiles_agree_with_the_kernel(schema: str) -> None:
    draft = Draft(schema)
    outline, hole = draft.polyline([*SHAPE, SHAPE[0]]), draft.polyline([*HOLE, HOLE[0]])
    plain, holed = draft.closed(outline), draft.closed(outline, hole)
    turned = draft.operator((0.6, 0.8), (-0.8, 0.6), (5, 1), scales=(2.0,))
    derived = draft.make("IfcDerivedProfileDef", "AREA", None, holed, turned, None)
    for profile in (plain, holed, derived):
        region = read(profile)
        area, x, y = kernel(draft, profile)
        assert region.area == pytest.approx(area, rel=1e-7)
        assert region.centroid == pytest.approx((x, y), abs=1e-5)
        check_polygon(region)


def test_a_strip_has_the_area_of_its_length_and_thickness_whatever_its_corners() -> None:
    draft = Draft()
    open_line = draft.make("IfcCenterLineProfileDef", "AREA", None, draft.polyline(ZIGZAG), 0.4)
    region = read(open_line)
    length = 4 + 3 + math.hypot(3, 1)
    assert region.area == pytest.approx(0.4 * length)
    assert polygon_area(region.outer) == pytest.approx(region.area)
    assert region.perimeter == pytest.approx(2 * (length + 0.4))
    ring = draft.polyline([(0, 0), (4, 0), (4, 3), (0, 3), (0, 0)])
    frame = read(draft.make("IfcCenterLineProfileDef", "AREA", None, ring, 0.4))
    assert frame.area == pytest.approx(4.4 * 3.4 - 3.6 * 2.6)
    assert len(frame.holes) == 1
    assert frame.centroid == pytest.approx((2, 1.5))
    check_polygon(frame)


def test_a_strip_may_bend_in_arcs_that_touch_its_lines() -> None:
    draft = Draft()
    bent = arc_line(draft, [(0, 0), (4, 0), (4 + math.sqrt(0.5), 1 - math.sqrt(0.5)), (5, 1), (5, 4)])
    region = read(draft.make("IfcCenterLineProfileDef", "AREA", None, bent, 0.2))
    assert region.area == pytest.approx(0.2 * (4 + math.pi / 2 + 3))
    check_polygon(region)
    kinked = arc_line(draft, [(0, 0), (4, 0), (4, 1), (5, 1), (5, 4)])
    with pytest.raises(NotExactError):
        read(draft.make("IfcCenterLineProfileDef", "AREA", None, kinked, 0.2))


def arc_line(draft: Draft, points: Sequence[Plane]) -> Any:
    """Line, arc, line through five points."""
    listed = draft.make("IfcCartesianPointList2D", [tuple(map(float, p)) for p in points])
    segments = [
        draft.make("IfcLineIndex", (1, 2)),
        draft.make("IfcArcIndex", (2, 3, 4)),
        draft.make("IfcLineIndex", (4, 5)),
    ]
    return draft.make("IfcIndexedPolyCurve", listed, segments, False)


# -- places and transformations -------------------------------------------------------------------------

sizes = st.floats(0.01, 1000)
places = st.floats(-1000, 1000)
angles = st.floats(-math.pi, math.pi)


@settings(max_examples=60, deadline=None)
@given(sizes, sizes, sizes, st.floats(-500, 500), places, places, angles)
def test_a_position_moves_the_centroid_and_keeps_area_and_perimeter(
    bottom: float, top: float, depth: float, offset: float, x: float, y: float, angle: float
) -> None:
    draft = Draft()
    here = read(draft.section("Trapezium", bottom, top, depth, offset))
    there = read(draft.section("Trapezium", bottom, top, depth, offset, at=draft.at(x, y, angle)))
    assert here.area == pytest.approx((bottom + top) / 2 * depth, rel=1e-9)
    assert there.area == pytest.approx(here.area, rel=1e-9)
    assert there.perimeter == pytest.approx(here.perimeter, rel=1e-9)
    (cx, cy), c, s = here.centroid, math.cos(angle), math.sin(angle)
    assert there.centroid == pytest.approx((x + c * cx - s * cy, y + s * cx + c * cy), abs=1e-6)
    assert polygon_area(there.outer) == pytest.approx(there.area, rel=1e-6)


@settings(max_examples=60, deadline=None)
@given(st.floats(0.1, 10), st.floats(0.1, 10), angles, places, places, st.booleans())
def test_a_derived_profile_is_scaled_turned_and_mirrored(
    first: float, second: float, angle: float, x: float, y: float, mirrored: bool
) -> None:
    draft = Draft()
    c, s = math.cos(angle), math.sin(angle)
    across = (s, -c) if mirrored else (-s, c)
    parent = draft.section("LShape", 10.0, 6.0, 1.0, 1.2, 0.6, None)
    operator = draft.operator((c, s), across, (x, y), scales=(first, second))
    plain, derived = read(parent), read(draft.make("IfcDerivedProfileDef", "AREA", None, parent, operator))
    assert derived.area == pytest.approx(plain.area * first * second)
    cx, cy = plain.centroid[0] * first, plain.centroid[1] * second
    expected = (x + c * cx + across[0] * cy, y + s * cx + across[1] * cy)
    assert derived.centroid == pytest.approx(expected, abs=1e-6)
    check_polygon(derived)


def test_axes_of_an_operator_are_completed_as_the_schema_says() -> None:
    draft = Draft()
    parent = draft.section("Rectangle", 2.0, 1.0, at=draft.at(3, 1))
    for first, second, expected in (
        (None, None, (3, 1)),
        ((0, 1), None, (-1, 3)),
        (None, (1, 0), (1, -3)),
        ((1, 0), (0.3, -1), (3, -1)),
    ):
        operator = draft.operator(first, second, (0, 0))
        region = read(draft.make("IfcDerivedProfileDef", "AREA", None, parent, operator, None))
        assert region.centroid == pytest.approx(expected)
        check_polygon(region)


def test_a_mirrored_profile_lies_on_the_other_side_of_the_y_axis() -> None:
    for schema in ("IFC4", "IFC4X3"):
        draft = Draft(schema)
        parent = draft.section("LShape", 10.0, 6.0, 1.0, 1.2, 0.6, None, at=draft.at(20, 3))
        mirrored, plain = read(draft.make("IfcMirroredProfileDef", "AREA", None, parent)), read(parent)
        assert mirrored.centroid == pytest.approx((-plain.centroid[0], plain.centroid[1]))
        assert (mirrored.area, mirrored.perimeter) == (plain.area, plain.perimeter)
        check_polygon(mirrored)


def test_a_composite_profile_has_a_region_per_part() -> None:
    draft = Draft()
    parts = [draft.section("Rectangle", 1.0, 2.0, at=draft.at(x)) for x in (0, 5)]
    regions = ProfileReader().read(draft.make("IfcCompositeProfileDef", "AREA", None, parts, None))
    assert [r.centroid for r in regions] == [(0, 0), (5, 0)]


def test_a_position_may_be_missing_from_ifc4_on() -> None:
    draft = Draft("IFC4")
    profile = draft.make("IfcRectangleProfileDef", "AREA", None, None, 2.0, 3.0)
    assert (read(profile).area, read(profile).centroid) == (6.0, (0.0, 0.0))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.floats(0.2, 1), min_size=3, max_size=30),
    st.floats(-1e6, 1e6),
    st.floats(-1e6, 1e6),
    st.booleans(),
)
def test_a_star_shaped_outline_has_the_area_of_its_triangles(
    radii: list[float], x: float, y: float, backwards: bool
) -> None:
    step = 2 * math.pi / len(radii)
    points = [(x + r * math.cos(i * step), y + r * math.sin(i * step)) for i, r in enumerate(radii)]
    expected = sum(radii[i - 1] * r * math.sin(step) / 2 for i, r in enumerate(radii))
    draft = Draft()
    loop = CurveReader().loop(draft.polyline(points[::-1] if backwards else points))
    assert loop.area == pytest.approx(expected, rel=1e-6)
    assert polygon_area([(p - x, q - y) for p, q in loop.points]) > 0


# -- curves ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("schema", SCHEMAS)
def test_one_outline_is_the_same_however_it_is_written(schema: str) -> None:
    draft = Draft(schema)
    ring = [*SHAPE, SHAPE[0]]
    middle, rest = draft.polyline(ring[2:5]), draft.polyline(ring[4:])
    first = draft.polyline(ring[:3][::-1])
    curves = [
        draft.polyline(ring),
        draft.polyline(SHAPE),
        draft.polyline(ring[::-1]),
        draft.composite((first, False), (middle, True), (rest, True)),
        draft.composite((first, True), (middle, False), (rest, True)),  # senses that fit nothing
    ]
    if schema != "IFC2X3":
        listed = draft.make("IfcCartesianPointList2D", [tuple(map(float, p)) for p in SHAPE])
        lines = [draft.make("IfcLineIndex", (1, 2, 3, 4)), draft.make("IfcLineIndex", (4, 5, 6, 1))]
        curves += [
            draft.make("IfcIndexedPolyCurve", listed, None, False),
            draft.make("IfcIndexedPolyCurve", listed, lines, None),
        ]
    reader = CurveReader()
    expected = reader.loop(curves[0])
    assert expected.area == pytest.approx(polygon_area(SHAPE))
    for curve in curves:
        loop = reader.loop(curve)
        assert set(loop.points) == set(expected.points)
        assert (loop.area, loop.perimeter) == pytest.approx((expected.area, expected.perimeter))
        assert loop.centroid == pytest.approx(expected.centroid)
        assert polygon_area(loop.points) > 0


def half_disc(draft: Draft, way: str) -> tuple[Any, float]:
    """A half disc of radius 2 about (1, 1) with its arc written in one of several ways; the angle factor."""
    circle = draft.make("IfcCircle", draft.at(1, 1), 2.0)
    right, left = draft.point(3, 1), draft.point(-1, 1)
    base = draft.polyline([(-1, 1), (3, 1)])
    if way == "indexed arc":
        listed = draft.make("IfcCartesianPointList2D", [(-1.0, 1.0), (3.0, 1.0), (1.0, 3.0)])
        segments = [draft.make("IfcLineIndex", (1, 2)), draft.make("IfcArcIndex", (2, 3, 1))]
        return draft.make("IfcIndexedPolyCurve", listed, segments, False), 1.0
    start, end, forward, prefer, factor = {
        "radians": ([draft.parameter(0.0)], [draft.parameter(math.pi)], True, "PARAMETER", 1.0),
        "degrees": ([draft.parameter(0.0)], [draft.parameter(180.0)], True, "PARAMETER", math.radians(1)),
        "points": ([right], [left], True, "CARTESIAN", 1.0),
        "backwards": ([left], [right], False, "CARTESIAN", 1.0),
        "points win": (
            [right, draft.parameter(1.0)],
            [left, draft.parameter(2.0)],
            True,
            "CARTESIAN",
            1.0,
        ),
        "parameters win": (
            [draft.point(1, 3), draft.parameter(0.0)],
            [left, draft.parameter(math.pi)],
            True,
            "PARAMETER",
            1.0,
        ),
    }[way]
    arc = draft.trimmed(circle, start, end, forward, prefer)
    return draft.composite((base, True), (arc, way != "backwards")), factor


@pytest.mark.parametrize(
    "way", ["radians", "degrees", "points", "backwards", "points win", "parameters win", "indexed arc"]
)
def test_an_arc_is_exact_however_it_is_written(way: str) -> None:
    draft = Draft()
    curve, factor = half_disc(draft, way)
    loop = CurveReader(factor).loop(curve)
    assert loop.area == pytest.approx(2 * math.pi, rel=1e-12)
    assert loop.perimeter == pytest.approx(4 + 2 * math.pi)
    assert loop.centroid == pytest.approx((1, 1 + 8 / (3 * math.pi)))
    assert polygon_area(loop.points) == pytest.approx(loop.area, rel=2e-4)
    assert all(math.dist(p, (1, 1)) == pytest.approx(2) for p in loop.points)
    path = CurveReader(factor).path(curve)
    assert path.is_closed
    assert not path.is_smooth
    assert path.length == pytest.approx(loop.perimeter)


def test_a_missing_sense_takes_the_other_way_round_the_circle() -> None:
    draft = Draft()
    circle = draft.make("IfcCircle", draft.at(), 1.0)
    quarter = [draft.parameter(0.0)], [draft.parameter(math.pi / 2)]
    lengths = [
        CurveReader().path(draft.trimmed(circle, *quarter, forward)).length for forward in (True, False)
    ]
    assert lengths == pytest.approx([math.pi / 2, 1.5 * math.pi])


def test_whole_circles_and_ellipses_are_loops() -> None:
    draft = Draft()
    circle = draft.make("IfcCircle", draft.at(5, 0, 1.0), 2.0)
    same_ends = draft.trimmed(circle, [draft.parameter(1.0)], [draft.parameter(1.0 + 2 * math.pi)])
    for curve in (circle, same_ends):
        loop = CurveReader().loop(curve)
        assert (loop.area, loop.perimeter) == pytest.approx((4 * math.pi, 4 * math.pi))
        assert 4 * math.pi * (1 - 2e-4) < polygon_area(loop.points) < 4 * math.pi
    ellipse = CurveReader().loop(draft.make("IfcEllipse", draft.at(5, 0, 1.0), 1.0, 3.0))
    assert ellipse.area == pytest.approx(3 * math.pi)
    assert ellipse.perimeter == pytest.approx(13.364893220555, rel=1e-9)
    assert ellipse.centroid == pytest.approx((5, 0))


def test_trims_of_a_line_count_the_length_of_its_vector() -> None:
    draft = Draft()
    vector = draft.make("IfcVector", draft.direction(0, 3), 2.0)
    line = draft.make("IfcLine", draft.point(1, 1), vector)
    path = CurveReader().path(draft.trimmed(line, [draft.parameter(0.5)], [draft.parameter(3.0)]))
    assert path.points == (pytest.approx((1, 2, 0)), pytest.approx((1, 7, 0)))
    assert path.length == pytest.approx(5)


def test_a_path_in_space_follows_lines_and_arcs() -> None:
    draft = Draft()
    corners = [(0.0, 0.0, 0.0), (0.0, 0.0, 4.0), (0.0, 1 - math.sqrt(0.5), 4 + math.sqrt(0.5))]
    corners += [(0.0, 1.0, 5.0), (0.0, 3.0, 5.0)]
    listed = draft.make("IfcCartesianPointList3D", corners)
    segments = [
        draft.make("IfcLineIndex", (1, 2)),
        draft.make("IfcArcIndex", (2, 3, 4)),
        draft.make("IfcLineIndex", (4, 5)),
    ]
    path = CurveReader().path(draft.make("IfcIndexedPolyCurve", listed, segments, False))
    assert path.length == pytest.approx(4 + math.pi / 2 + 2)
    assert sum(map(math.dist, path.points, path.points[1:])) == pytest.approx(path.length, rel=1e-3)
    assert path.is_smooth
    assert not path.is_closed
    assert (path.points[0], path.points[-1]) == (corners[0], corners[-1])


def test_three_points_in_a_line_are_a_straight_arc() -> None:
    draft = Draft()
    bent = arc_line(draft, [(0, 0), (1, 0), (2, 0), (3, 0), (3, 2)])
    loop = CurveReader().loop(bent)
    assert loop.area == pytest.approx(3)


@pytest.mark.parametrize("schema", ["IFC4", "IFC4X3"])
def test_splines_and_transition_curves_are_left_to_the_kernel(schema: str) -> None:
    draft = Draft(schema)
    points = [draft.point(*p) for p in ((0, 0), (1, 1), (2, 0), (0, 0))]
    spline = draft.make(
        "IfcBSplineCurveWithKnots", 3, points, "UNSPECIFIED", True, False, (4, 4), (0.0, 1.0), "UNSPECIFIED"
    )
    for curve in (spline, draft.composite((spline, True))):
        with pytest.raises(NotExactError):
            CurveReader().loop(curve)
    with pytest.raises(NotExactError):
        read(draft.closed(spline))


# -- what is wrong --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("points", "reason"),
    [
        ([(0, 0), (1, 1)], "fewer than three"),
        ([(0, 0), (1, 1), (0, 0), (1, 1), (1, 1)], "no area"),
        ([(0, 0), (0, 0), (1, 1), (1, 1)], "fewer than three"),
        ([(0, 0), (1, 1), (2, 2)], "no area"),
        ([(0, 0), (1, 2e9), (2, 0)], "no place"),
        ([(0, 0), (4, 0), (0, 2), (3, 3)], "crosses itself"),
    ],
)
def test_an_outline_that_cannot_be_says_why(points: list[Plane], reason: str) -> None:
    draft = Draft()
    with pytest.raises(BadShapeError, match=reason):
        read(draft.closed(draft.polyline(points)))


@pytest.mark.parametrize("wrong", [math.nan, math.inf, -math.inf])
def test_a_coordinate_that_is_no_number_is_a_fault_wherever_it_stands(wrong: float) -> None:
    square = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)]
    for i, (x, y) in enumerate(square):
        for point in ((wrong, y), (x, wrong)):
            with pytest.raises(BadShapeError, match="no place"):
                closed([*square[:i], point, *square[i + 1 :]])


def test_a_star_of_many_points_crosses_itself_and_a_comb_does_not() -> None:
    draft = Draft()
    turns = [4 * math.pi * i / 41 for i in range(41)]
    star = draft.polyline([(math.cos(t), math.sin(t)) for t in turns])
    with pytest.raises(BadShapeError, match="crosses itself"):
        CurveReader().loop(star)
    teeth = [p for i in range(40) for p in ((i, 1.0), (i + 0.5, 1.0), (i + 0.5, 5.0), (i + 1, 5.0))]
    comb = CurveReader().loop(draft.polyline([(0, 0), *teeth[:-1], (39.5, 0)][::-1]))
    assert comb.area == pytest.approx(polygon_area(comb.points))


def test_a_hole_joined_to_the_outline_by_a_bridge_is_no_crossing() -> None:
    bridge = [(0, 0), (4, 0), (4, 4), (0, 4), (0, 0), (1, 1), (1, 2), (2, 2), (2, 1), (1, 1)]
    assert CurveReader().loop(Draft().polyline(bridge)).area == pytest.approx(15)


def test_a_gap_in_a_composite_outline_is_a_fault_and_rounding_is_not() -> None:
    draft = Draft()
    for gap, fits in ((1e-5, True), (0.5, False)):
        two = draft.polyline([(2, 2), (0, 2), (0, gap)])
        curve = draft.composite((draft.polyline([(0, 0), (2, 0), (2, 2)]), True), (two, True))
        if fits:
            assert CurveReader().loop(curve).area == pytest.approx(4, rel=1e-4)
        else:
            with pytest.raises(BadShapeError):
                CurveReader().loop(curve)


@pytest.mark.parametrize(
    ("kind", "dimensions"),
    [
        ("Rectangle", (-1, 2)),
        ("Rectangle", (0, 2)),
        ("Rectangle", (1e10, 2)),
        ("Rectangle", (1, None)),
        ("Circle", (0,)),
        ("CircleHollow", (1, 1.5)),
        ("RectangleHollow", (4, 2, 1.2, None, None)),
        ("RoundedRectangle", (4, 2, 1.5)),
        ("IShape", (10, 20, 12, 1, None)),
        ("IShape", (10, 20, 1, 11, None)),
        ("IShape", (10, 20, 1, 1, 6)),
        ("LShape", (10, 10, 11, None, None, None)),
        ("LShape", (10, 10, 1, -1, None, None)),
        ("UShape", (20, 8, 1, 1, None, None, 1.2)),
        ("CShape", (20, 7, 0.2, 11, None)),
        ("ZShape", (10, 5, 12, 1, None, None)),
        ("TShape", (10, 10, 1, 1, None, None, None, None, 0.5)),
    ],
)
def test_dimensions_that_no_section_can_have_are_faults(
    kind: str, dimensions: tuple[float | None, ...]
) -> None:
    values = [None if d is None else float(d) for d in dimensions]
    with pytest.raises(BadShapeError):
        read(Draft().section(kind, *values))


def test_profiles_that_are_no_area_are_faults() -> None:
    draft = Draft()
    line = draft.polyline([(0, 0), (1, 0), (1, 1)])
    for profile in (
        draft.make("IfcArbitraryOpenProfileDef", "CURVE", None, line),
        draft.make("IfcRectangleProfileDef", "CURVE", None, None, 1.0, 2.0),
    ):
        with pytest.raises(BadShapeError, match="not an area"):
            read(profile)


def test_holes_as_large_as_the_outline_are_a_fault() -> None:
    draft = Draft()
    square = draft.polyline([(0, 0), (1, 0), (1, 1), (0, 1)])
    with pytest.raises(BadShapeError):
        read(draft.closed(square, square))


def test_a_fault_is_told_again_when_the_profile_is_read_again() -> None:
    reader, profile = ProfileReader(), Draft().section("Circle", -1.0)
    for _ in range(2):
        with pytest.raises(BadShapeError, match="radius"):
            reader.read(profile)


def test_crane_rails_are_left_to_the_kernel() -> None:
    draft = Draft("IFC2X3")
    with pytest.raises(NotExactError):
        read(draft.make("IfcCraneRailFShapeProfileDef", "AREA", None, draft.at()))


BROKEN = """ISO-10303-21;
HEADER;FILE_DESCRIPTION((''),'2;1');FILE_NAME('','',(''),(''),'','','');FILE_SCHEMA(('IFC4'));ENDSEC;
DATA;
#1=IFCRECTANGLEPROFILEDEF(.AREA.,$,$,$,2.);
#2=IFCARBITRARYCLOSEDPROFILEDEF(.AREA.,$,$);
#3=IFCARBITRARYCLOSEDPROFILEDEF(.AREA.,$,#4);
#4=IFCCOMPOSITECURVE((#5),.F.);
#5=IFCCOMPOSITECURVESEGMENT(.CONTINUOUS.,.T.,#4);
#6=IFCARBITRARYCLOSEDPROFILEDEF(.AREA.,$,#7);
#7=IFCPOLYLINE($);
#8=IFCARBITRARYCLOSEDPROFILEDEF(.AREA.,$,#9);
#9=IFCINDEXEDPOLYCURVE($,$,.F.);
#10=IFCCOMPOSITEPROFILEDEF(.AREA.,$,(#1,#10),$);
#11=IFCDERIVEDPROFILEDEF(.AREA.,$,#12,$,$);
#12=IFCCIRCLEPROFILEDEF(.AREA.,$,$,1.);
#13=IFCCIRCLEPROFILEDEF(.AREA.,$,#14,1.);
#14=IFCAXIS2PLACEMENT2D($,$);
#15=IFCTRAPEZIUMPROFILEDEF(.AREA.,$,$,1.,2.,3.,'x');
#16=IFCARBITRARYCLOSEDPROFILEDEF(.AREA.,$,#17);
#17=IFCTRIMMEDCURVE($,(),(),.T.,.PARAMETER.);
#18=IFCCOMPOSITEPROFILEDEF(.AREA.,$,(#18),$);
ENDSEC;
END-ISO-10303-21;
"""


@pytest.mark.parametrize("step_id", [1, 2, 3, 6, 8, 10, 11, 13, 15, 16, 18])
def test_what_a_broken_file_leaves_out_is_a_fault_and_no_traceback(step_id: int) -> None:
    profile = ifcopenshell.file.from_string(BROKEN).by_id(step_id)
    with pytest.raises(BadShapeError):
        read(profile)


def test_profiles_of_real_models_have_the_volume_of_the_kernel(shared: Path) -> None:
    for name in ("fzk-haus-ac20.ifc", "sdl-staal.ifc", "ifcopenhouse-cvillagrasa.ifc"):
        file = ifcopenshell.open(shared / "ifc" / name)
        reader = ProfileReader(calculate_unit_scale(file, "PLANEANGLEUNIT"))
        draft = Draft(file.schema)
        profiles = {solid.SweptArea.id(): solid.SweptArea for solid in file.by_type("IfcExtrudedAreaSolid")}
        assert profiles
        for profile in profiles.values():
            copied = draft.file.add(profile)
            area = sum(region.area for region in reader.read(profile))
            assert area == pytest.approx(kernel(draft, copied)[0], rel=5e-3)
