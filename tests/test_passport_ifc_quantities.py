"""One value per quantity, by stated rules, with every candidate kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ifc_builders import TinyModel
from passport import read_ifc
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


def test_geometry_all_holds_a_stated_volume_against_the_body(tmp_path: Path) -> None:
    model = TinyModel()
    slab = model.element("IfcSlab")
    model.box(slab, 5, 4, 0.2)
    model.quantities(slab, Volume_NetVolume=4000.0)
    house = _read(model, tmp_path, geometry="all")
    assert house.elements[0].volume_m3 == pytest.approx(4.0)
    (finding,) = house.findings.with_code("quantity-contradicted")
    assert "factor 1e+03" in finding.message


def test_a_volume_larger_than_its_own_dimensions_is_not_believed(tmp_path: Path) -> None:
    model = TinyModel()
    slab = model.element("IfcSlab")
    model.box(slab, 5, 4, 0.2)
    model.quantities(slab, Volume_NetVolume=4000.0, Length_Length=5.0, Length_Height=4.0, Length_Width=0.2)
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
            st.sampled_from(["volume", "area", "weight", "length"]),
            st.sampled_from(["net", "gross", "plain"]),
            st.floats(allow_nan=True, allow_infinity=True),
            st.sampled_from([Origin.QUANTITY_SET, Origin.PROPERTY_SET]),
        ),
        max_size=8,
    )
)
@settings(max_examples=200, deadline=None)
def test_whatever_the_candidates_the_chosen_ones_are_positive_and_the_rest_has_a_reason(rows) -> None:  # type: ignore[no-untyped-def]
    candidates = [Candidate(k, r, v, o, f"set.{i}") for i, (k, r, v, o) in enumerate(rows)]
    result = resolve("IfcSlab", "x", candidates, None)
    for value in (result.volume_m3, result.area_m2, result.length_m, result.weight_kg):
        assert value is None or 0 < value < float("inf")
    assert all(q.reason for q in result.quantities)
    assert sum(q.chosen for q in result.quantities) <= 4


@pytest.mark.parametrize("geometry", ["auto", "never"])
def test_a_slab_volume_a_thousand_times_too_large_loses_against_its_layers(
    tmp_path: Path, geometry: str
) -> None:
    model = TinyModel()
    slab = model.element("IfcSlab")
    model.associate(model.layers(("beton", 0.2)), slab)
    model.box(slab, 5, 4, 0.2)
    model.quantities(slab, Volume_NetVolume=4000.0, Area_NetArea=20.0)
    house = _read(model, tmp_path, geometry=geometry)
    assert house.elements[0].volume_m3 == pytest.approx(4.0)
    assert house.findings.with_code("quantity-contradicted")


def test_a_volume_thicker_than_any_slab_is_not_believed(tmp_path: Path) -> None:
    model = TinyModel()
    slab = model.element("IfcSlab")
    model.associate("beton", slab)
    model.quantities(slab, Volume_NetVolume=4000.0, Area_NetArea=20.0)
    house = _read(model, tmp_path)
    assert house.elements[0].volume_m3 is None
    (finding,) = house.findings.with_code("quantity-contradicted")
    assert "thicker than 5 m" in finding.message
