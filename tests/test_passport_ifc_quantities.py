"""One value per quantity, by stated rules, with every candidate kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ifc_builders import TinyModel
from passport import read_ifc
from passport.findings import Severity
from passport.ifc.body import Body
from passport.ifc.properties import Candidate
from passport.ifc.quantities import resolve
from passport.models import Origin


def _read(model: TinyModel, folder: Path, **options):  # type: ignore[no-untyped-def]
    return read_ifc(model.save(folder), **options)


def test_net_comes_before_gross_and_both_are_kept(tmp_path: Path) -> None:
    model = TinyModel()
    model.quantities(model.element("IfcWall"), Volume_GrossVolume=10.0, Volume_NetVolume=8.0)
    wall = _read(model, tmp_path).elements[0]
    assert wall.volume_m3 == 8.0
    assert {(q.value, q.chosen) for q in wall.quantities} == {(10.0, False), (8.0, True)}
    assert all(q.reason for q in wall.quantities)


def test_layers_times_area_where_no_volume_is_given(tmp_path: Path) -> None:
    model = TinyModel()
    wall = model.element("IfcWall")
    model.associate(model.layers(("gevelsteen", 0.1), ("snelbouwsteen", 0.2)), wall)
    model.quantities(wall, Area_NetSideArea=8.0, Area_GrossSideArea=10.0)
    element = _read(model, tmp_path, geometry="never").elements[0]
    assert [p.volume_m3 for p in element.portions] == [pytest.approx(0.8), pytest.approx(1.6)]
    chosen = next(q for q in element.quantities if q.kind == "volume" and q.chosen)
    assert (chosen.origin, chosen.source) == (Origin.LAYERS, "BaseQuantities.NetSideArea x 0.3 m of layers")


def test_geometry_fills_in_and_openings_are_subtracted(tmp_path: Path) -> None:
    model = TinyModel()
    wall = model.element("IfcWall")
    model.box(wall, 5, 0.3, 2)
    model.opening(wall, 1, 0.3, 2, at=(1, 0, 0))
    element = _read(model, tmp_path).elements[0]
    assert element.volume_m3 == pytest.approx(4 * 0.3 * 2)
    assert element.area_m2 == pytest.approx(8.0)
    assert next(q for q in element.quantities if q.chosen).origin is Origin.GEOMETRY


def test_geometry_never_leaves_the_gap_open(tmp_path: Path) -> None:
    model = TinyModel()
    model.box(model.element("IfcWall"), 5, 0.3, 2)
    house = _read(model, tmp_path, geometry="never")
    assert house.elements[0].volume_m3 is None
    assert house.findings.with_code("element-without-quantity")


@pytest.mark.parametrize("geometry", ["auto", "all"])
def test_a_stated_volume_is_held_against_the_body(tmp_path: Path, geometry: str) -> None:
    model = TinyModel()
    slab = model.element("IfcSlab")
    model.box(slab, 5, 4, 0.2)
    model.quantities(slab, Volume_NetVolume=480.0)
    house = _read(model, tmp_path, geometry=geometry)
    assert house.elements[0].volume_m3 == pytest.approx(4.0)
    (finding,) = house.findings.with_code("quantity-contradicted")
    assert "factor 120" in finding.message
    assert finding.severity is Severity.ERROR


def test_a_volume_larger_than_its_own_dimensions_is_not_believed(tmp_path: Path) -> None:
    model = TinyModel()
    slab = model.element("IfcSlab")
    model.box(slab, 5, 4, 0.2)
    model.quantities(slab, Volume_NetVolume=480.0, Length_Length=5.0, Length_Height=4.0, Length_Width=0.2)
    house = _read(model, tmp_path, geometry="never")
    assert house.elements[0].volume_m3 is None
    assert house.findings.with_code("quantity-contradicted")
    house = _read(model, tmp_path)
    assert house.elements[0].volume_m3 == pytest.approx(4.0)
    assert house.findings.with_code("quantity-contradicted")


@pytest.mark.parametrize("value", [0.0, -2.0])
def test_zero_and_negative_volumes_are_findings_and_not_used(tmp_path: Path, value: float) -> None:
    model = TinyModel()
    model.quantities(model.element("IfcWall"), Volume_NetVolume=value)
    house = _read(model, tmp_path)
    assert house.elements[0].volume_m3 is None
    assert house.findings.with_code("quantity-not-positive")


def test_a_zero_beside_a_filled_in_quantity_of_its_kind_is_no_finding(tmp_path: Path) -> None:
    model = TinyModel()
    model.quantities(model.element("IfcWall"), Volume_NetVolume=2.0, Volume_GrossVolume=0.0)
    assert not _read(model, tmp_path).findings.with_code("quantity-not-positive")


@pytest.mark.parametrize(
    ("set_name", "name"),
    [
        ("Abmessungen", "Volumen"),
        ("Quantités", "Volume net"),
        ("AllplanAttributes", "Netto-Volumen"),
        ("ArchiCADQuantities", "Net Volume"),
        (None, "NetVolume"),
        ("Maten", "Inhoud"),
    ],
)
def test_vendor_and_translated_names_are_known(tmp_path: Path, set_name: str | None, name: str) -> None:
    model = TinyModel()
    wall = model.element("IfcWall")
    quantity = model.file.create_entity("IfcQuantityVolume", Name=name, VolumeValue=2.0)
    definition = model.root("IfcElementQuantity", Name=set_name, Quantities=[quantity])
    model.root("IfcRelDefinesByProperties", RelatedObjects=[wall], RelatingPropertyDefinition=definition)
    assert _read(model, tmp_path).elements[0].volume_m3 == 2.0


def test_a_volume_in_a_property_set_is_found_with_its_origin(tmp_path: Path) -> None:
    model = TinyModel()
    model.properties(model.element("IfcWall"), "Dimensions", Volume=("IfcVolumeMeasure", 2.0))
    wall = _read(model, tmp_path).elements[0]
    assert (wall.volume_m3, wall.quantities[0].origin) == (2.0, Origin.PROPERTY_SET)


def test_the_volume_of_openings_is_not_taken_for_the_wall(tmp_path: Path) -> None:
    model = TinyModel()
    model.quantities(
        model.element("IfcWall"), "ArchiCADQuantities", Volume_Volume_of_openings=9.0, Area_Area=1.0
    )
    house = _read(model, tmp_path)
    assert house.elements[0].volume_m3 is None
    assert house.elements[0].area_m2 == 1.0


def test_a_volume_under_an_unknown_name_is_a_finding_and_not_used(tmp_path: Path) -> None:
    model = TinyModel()
    model.quantities(model.element("IfcWall"), "Vendor", Volume_Turbidity=9.0)
    house = _read(model, tmp_path)
    assert house.elements[0].volume_m3 is None
    assert house.findings.with_code("quantity-name-unknown")


def test_a_quantity_on_the_type_is_not_that_of_an_occurrence(tmp_path: Path) -> None:
    model = TinyModel()
    wall = model.element("IfcWall")
    model.quantities(model.type_of(wall, "IfcWallType", PredefinedType="NOTDEFINED"), Volume_NetVolume=9.0)
    assert _read(model, tmp_path).elements[0].volume_m3 is None


def test_two_ways_that_differ_are_a_finding_with_both_numbers(tmp_path: Path) -> None:
    model = TinyModel()
    wall = model.element("IfcWall")
    model.associate(model.layers(("beton", 0.2)), wall)
    model.quantities(wall, Volume_NetVolume=2.0, Area_NetSideArea=12.0)
    (finding,) = _read(model, tmp_path).findings.with_code("quantities-differ")
    assert "2 m3" in finding.message and "2.4 m3" in finding.message


def test_windows_are_measured_by_their_opening(tmp_path: Path) -> None:
    model = TinyModel("IFC4", "mm", volume_unit="m")
    window = model.element("IfcWindow", OverallWidth=1200.0, OverallHeight=1500.0)
    window_area = model.si_unit("AREAUNIT", "SQUARE_METRE")
    model.quantities(window, Area_NetSurfaceArea=(9.0, window_area))
    assert _read(model, tmp_path).elements[0].area_m2 == pytest.approx(1.8)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["volume", "area", "weight", "length", "width", "height"]),
            st.sampled_from(["net", "gross", "plain", "unknown", "net-side", "section"]),
            st.one_of(
                st.floats(allow_nan=True, allow_infinity=True),
                st.floats(0.001, 5000.0),
                st.sampled_from([4.0, 3.9, 4.3, 4000.0, 141.26, 20.0, 20e6, 5.0, 5000.0, 0.2, 9600.0]),
            ),
            st.sampled_from([Origin.QUANTITY_SET, Origin.PROPERTY_SET]),
            st.sampled_from(["A.one", "A.two", "B.one"]),
            st.booleans(),
        ),
        max_size=8,
    ),
    st.sampled_from(
        [
            None,
            Body(4.0, 1.0, 20.0, closed=True, size_m=(5.0, 4.0, 0.2), gross_volume_m3=4.3),
            Body(4.0, 1.0, 20.0, closed=False),
            Body(None, None, None, closed=False),
        ]
    ),
    st.sampled_from([None, 0.2]),
    st.randoms(),
)
@settings(max_examples=400, deadline=None)
def test_whatever_the_candidates_the_choice_is_sound_and_does_not_depend_on_their_order(  # type: ignore[no-untyped-def]
    rows, body, layers_m, random
) -> None:
    candidates = [Candidate(*row) for row in rows]
    face = None if body is None else body.plan_area_m2
    result = resolve("IfcSlab", "x", candidates, layers_m, body, face_area_m2=face)
    values = (result.volume_m3, result.area_m2, result.length_m, result.weight_kg)
    listed = {(q.kind, q.value) for q in result.quantities if q.chosen}
    for kind, value in zip(("volume", "area", "length", "weight"), values, strict=True):
        assert value is None or (0 < value < float("inf") and (kind, value) in listed)
    assert all(q.reason and (q.grade is not None) == q.chosen for q in result.quantities)
    assert sum(q.chosen for q in result.quantities) == sum(v is not None for v in values)
    random.shuffle(candidates)
    again = resolve("IfcSlab", "x", candidates, layers_m, body, face_area_m2=face)
    assert values == (again.volume_m3, again.area_m2, again.length_m, again.weight_kg)
    assert result.volume_grade == again.volume_grade
    assert sorted(f.message for f in result.findings) == sorted(f.message for f in again.findings)


@given(
    st.floats(0.01, 50.0),
    st.floats(0.91, 1.09),
    st.sampled_from([1e3, 1e6, 1e9, 0.3048**-3, 1e-3, 1e-6, 1e-9, 0.3048**3]),
    st.sampled_from(["net", "plain", "gross"]),
)
def test_any_known_unit_of_a_stated_volume_beside_a_closed_body_gives_the_same_volume(
    body_m3: float, off: float, factor: float, role: str
) -> None:
    body = Body(body_m3, None, None, closed=True, gross_volume_m3=body_m3)
    stated = body_m3 * off

    def chosen(value: float) -> float | None:
        candidate = Candidate("volume", role, value, Origin.QUANTITY_SET, "Set.Volume")
        return resolve("IfcWall", "x", [candidate], None, body).volume_m3

    assert chosen(stated * factor) == pytest.approx(chosen(stated))


@pytest.mark.parametrize("geometry", ["auto", "never"])
def test_a_slab_volume_a_thousand_times_too_large_is_read_right_by_its_layers(
    tmp_path: Path, geometry: str
) -> None:
    model = TinyModel()
    slab = model.element("IfcSlab")
    model.associate(model.layers(("beton", 0.2)), slab)
    model.box(slab, 5, 4, 0.2)
    model.quantities(slab, Volume_NetVolume=4000.0, Area_NetArea=20.0)
    house = _read(model, tmp_path, geometry=geometry)
    assert house.elements[0].volume_m3 == pytest.approx(4.0)
    assert house.findings.with_code("quantity-unit-fault")


def test_a_volume_thicker_than_any_slab_is_not_believed(tmp_path: Path) -> None:
    model = TinyModel()
    slab = model.element("IfcSlab")
    model.associate("beton", slab)
    model.quantities(slab, Volume_NetVolume=4000.0, Area_NetArea=20.0)
    house = _read(model, tmp_path)
    assert house.elements[0].volume_m3 is None
    (finding,) = house.findings.with_code("quantity-contradicted")
    assert "thicker than 5 m" in finding.message


def _stated(value: float, role: str = "net", kind: str = "volume", name: str = "Set.Value") -> Candidate:
    return Candidate(kind, role, value, Origin.QUANTITY_SET, name)


_SLAB = Body(4.0, 1.0, 20.0, closed=True, gross_volume_m3=5.0, size_m=(5.0, 4.0, 0.2))


@pytest.mark.parametrize(
    ("stated", "chosen", "grade", "codes"),
    [
        (4.04, 4.04, "A", []),
        (4.16, 4.16, "B", []),
        (4.36, 4.36, "B", ["quantities-differ"]),
        (4.60, 4.0, "B", ["quantity-contradicted"]),
        (4000.0, 4.0, "C", ["quantity-unit-fault"]),
    ],
)
def test_a_stated_volume_by_its_distance_from_the_closed_body(
    stated: float, chosen: float, grade: str, codes: list[str]
) -> None:
    result = resolve("IfcSlab", "x", [_stated(stated)], None, _SLAB)
    assert (result.volume_m3, result.volume_grade) == (pytest.approx(chosen), grade)
    assert [f.code for f in result.findings] == codes


def test_a_plain_volume_that_is_the_gross_one_loses_and_the_finding_says_what_it_is() -> None:
    result = resolve("IfcWall", "x", [_stated(5.0, "plain")], None, _SLAB)
    assert (result.volume_m3, result.volume_grade) == (4.0, "B")
    (finding,) = result.findings
    assert "volume before them" in finding.message and finding.severity is Severity.WARNING


def test_a_sound_gross_volume_is_kept_silently_behind_the_body() -> None:
    result = resolve("IfcWall", "x", [_stated(5.0, "gross")], None, _SLAB)
    assert result.volume_m3 == 4.0 and not result.findings


def test_an_open_body_comes_last_and_is_doubtful() -> None:
    opened = Body(4.0, 1.0, 20.0, closed=False)
    assert resolve("IfcSlab", "x", [], None, opened).volume_grade == "D"
    result = resolve("IfcSlab", "x", [_stated(9.0, "gross")], None, opened)
    assert (result.volume_m3, result.volume_grade) == (9.0, "C")


def test_of_two_values_under_one_name_the_confirmed_one_counts() -> None:
    result = resolve("IfcSlab", "x", [_stated(141.3), _stated(4.0)], None, _SLAB)
    assert (result.volume_m3, result.volume_grade) == (4.0, "A")
    assert not result.findings


def test_of_two_values_under_one_name_none_counts_when_nothing_confirms_one() -> None:
    result = resolve("IfcSlab", "x", [_stated(141.3), _stated(4.0)], None)
    assert result.volume_m3 is None and result.wants_geometry
    (finding,) = result.findings
    assert finding.code == "quantity-ambiguous" and "4, 141.3 m3" in finding.message


def test_own_dimensions_show_a_unit_fault_without_geometry(tmp_path: Path) -> None:
    model = TinyModel()
    wall = model.element("IfcWall")
    model.quantities(wall, Volume_NetVolume=4050.0, Length_Length=5.0, Length_Width=0.3, Length_Height=2.7)
    house = _read(model, tmp_path, geometry="never")
    assert house.elements[0].volume_m3 == pytest.approx(4.05)
    (finding,) = house.findings.with_code("quantity-unit-fault")
    assert "4050 m3" in finding.message and "4.05 m3" in finding.message and "1/1000" in finding.message
    chosen = next(q for q in house.elements[0].quantities if q.chosen and q.kind == "volume")
    assert chosen.source == "BaseQuantities.NetVolume, corrected by 1/1000" and chosen.grade == "C"


def test_dimensions_in_the_wrong_unit_do_not_make_a_right_volume_wrong() -> None:
    sides = [_stated(5000.0, "plain", "length"), _stated(300.0, "plain", "width")]
    result = resolve("IfcWall", "x", [_stated(4.05), *sides, _stated(2700.0, "plain", "height")], None)
    assert result.volume_m3 == 4.05
    assert not [f for f in result.findings if f.code == "quantity-unit-fault"]


def test_areas_and_lengths_are_held_against_the_body_only_where_they_would_be_used() -> None:
    candidates = [
        _stated(20.0, "net", "area", "Set.NetArea"),
        _stated(900.0, "gross", "area", "Set.GrossArea"),
        _stated(5000.0, "plain", "length", "Set.Length"),
    ]
    result = resolve("IfcSlab", "x", candidates, None, _SLAB, face_area_m2=20.0)
    assert (result.area_m2, result.length_m) == (20.0, 5.0)
    assert [f.code for f in result.findings] == ["quantity-unit-fault"]
    result = resolve("IfcSlab", "x", candidates[1:2], None, _SLAB, face_area_m2=20.0)
    assert result.area_m2 == 20.0
    assert [f.code for f in result.findings] == ["quantity-contradicted"]


def test_a_wall_shorter_than_high_keeps_its_length() -> None:
    pier = Body(0.3, 2.7, 0.1, closed=True, size_m=(1.0, 0.1, 3.0))
    result = resolve("IfcWall", "x", [_stated(1.0, "plain", "length")], None, pier)
    assert result.length_m == 1.0 and not result.findings


def test_a_weight_in_grams_is_corrected_by_the_density_that_it_would_mean() -> None:
    result = resolve("IfcSlab", "x", [_stated(9_600_000.0, "net", "weight")], None, _SLAB)
    assert result.weight_kg == pytest.approx(9600.0)


def test_an_area_of_section_times_the_length_gives_a_volume() -> None:
    candidates = [_stated(0.01, "section", "area"), _stated(6.0, "plain", "length")]
    result = resolve("IfcBeam", "x", candidates, None)
    assert (result.volume_m3, result.volume_grade, result.area_m2) == (pytest.approx(0.06), "C", None)
    result = resolve("IfcBeam", "x", candidates[1:], None, section_m2=0.02)
    assert result.volume_m3 == pytest.approx(0.12)


def _on_type(value: float, kind: str = "volume") -> Candidate:
    return _stated(value, "net", kind)._replace(on_type=True, source="(type) Set.Net")


def test_a_quantity_of_the_type_counts_only_where_something_shows_that_it_is_the_elements() -> None:
    result = resolve("IfcWall", "x", [_on_type(9.0)], None, only_of_type=True)
    assert result.volume_m3 is None
    assert result.quantities[0].reason == "stated on the type: not a quantity of this element"
    sides = [_stated(v, "plain", k) for k, v in (("length", 5.0), ("width", 0.3), ("height", 2.7))]
    result = resolve("IfcWall", "x", [_on_type(4.0), *sides], None)
    assert (result.volume_m3, result.volume_grade) == (4.0, "C")


def test_weight_and_length_of_a_type_are_those_of_its_only_occurrence(tmp_path: Path) -> None:
    model = TinyModel()
    beam = model.element("IfcBeam")
    kind = model.type_of(beam, "IfcBeamType", PredefinedType="BEAM")
    model.quantities(kind, Weight_NetWeight=420.0, Volume_NetVolume=9.0)
    element = _read(model, tmp_path).elements[0]
    assert element.volume_m3 is None
    weight = next(q for q in element.quantities if q.kind == "weight")
    assert weight.chosen and weight.value == 420.0 and weight.source.startswith("(type) ")
    model.root("IfcRelDefinesByType", RelatedObjects=[model.element("IfcBeam")], RelatingType=kind)
    assert not any(q.chosen for e in _read(model, tmp_path).elements for q in e.quantities)


def test_an_unknown_name_with_the_value_of_the_own_dimensions_is_taken_with_a_finding() -> None:
    unknown = _stated(4.1, "unknown", name="Vendor.M2K")
    sides = [_stated(v, "plain", k) for k, v in (("length", 5.0), ("width", 0.3), ("height", 2.7))]
    result = resolve("IfcWall", "x", [unknown, *sides], None)
    assert (result.volume_m3, result.volume_grade) == (4.1, "C")
    assert [f.code for f in result.findings] == ["quantity-name-confirmed"]
    assert resolve("IfcWall", "x", [unknown], None).volume_m3 is None


def test_the_volume_of_the_hole_is_not_that_of_the_window() -> None:
    size = _stated(1.8, "opening", "area")
    result = resolve("IfcWindow", "x", [_stated(0.6, "plain"), size], None)
    assert result.volume_m3 is None
    assert "volume of its opening" in result.findings[0].message


def test_copies_of_one_wrong_number_are_one_finding_and_each_has_its_verdict() -> None:
    copies = [_stated(7.0, name="BaseQuantities.NetVolume"), _stated(7.0, name="VendorSet.Net Volume")]
    result = resolve("IfcSlab", "x", copies, None, _SLAB)
    assert [f.message.split(" is ")[0] for f in result.findings] == ["BaseQuantities.NetVolume"]
    assert all("contradicted" in q.reason for q in result.quantities if q.value == 7.0)


def test_of_two_values_under_one_name_a_unit_fault_is_corrected_when_the_other_fits_nothing() -> None:
    values = [_stated(61.0, "net", "area", "Set.NetArea"), _stated(2e7, "net", "area", "Set.NetArea")]
    result = resolve("IfcSlab", "x", values, None, _SLAB, face_area_m2=20.0)
    assert result.area_m2 == pytest.approx(20.0)
    assert [f.code for f in result.findings] == ["quantity-unit-fault"]


def test_layers_drawn_one_behind_the_other_do_not_contradict_the_stated_side_area(tmp_path: Path) -> None:
    model = TinyModel()
    wall = model.element("IfcWall")
    model.associate(model.material_list("board", "mineral wool", "brick"), wall)
    layers = [model.extrusion(4, 0.1, 2.5, at=(0, y, 0)) for y in (0, 0.1, 0.2)]
    model.body_of(wall, *layers)
    model.quantities(wall, Area_NetSideArea=10.0, Area_NetFootprintArea=1.2)
    house = _read(model, tmp_path)
    assert house.elements[0].area_m2 == 10.0
    assert not house.findings.with_code("quantity-contradicted")


def test_a_column_without_a_stated_length_is_as_long_as_its_body(tmp_path: Path) -> None:
    model = TinyModel()
    stated, drawn = model.element("IfcColumn"), model.element("IfcColumn")
    for column in (stated, drawn):
        model.box(column, 0.3, 0.3, 3.2)
    model.quantities(stated, Length_Length=3.0)
    house = _read(model, tmp_path)
    assert [e.length_m for e in house.elements] == [3.0, pytest.approx(3.2)]
    chosen = next(q for q in house.elements[1].quantities if q.kind == "length" and q.chosen)
    assert (chosen.origin, chosen.grade) == (Origin.GEOMETRY, "B")


def test_an_aluminium_column_drawn_as_a_block_is_not_weighed_as_solid_metal(tmp_path: Path) -> None:
    model = TinyModel()
    column = model.element("IfcColumn")
    model.associate("Aluminium", column)
    model.box(column, 0.6, 0.6, 5.0)
    house = _read(model, tmp_path)
    assert house.elements[0].mass_kg is None
    assert house.findings.with_code("metal-drawn-full")
