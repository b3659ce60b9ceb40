"""One tiny model for each trap of reading IFC, with the right value and the code of the finding.

Traps that other files already cover (trap -> test):

- mm3, ft and ft3 declared -> units.test_a_slab_is_the_same_in_every_unit_and_schema
- unit on one quantity -> units.test_a_unit_on_one_quantity_wins_over_the_project
- millimetres beside cubic metres -> units.test_millimetres_with_cubic_metres_are_both_honoured
- no units; only length declared -> units.test_a_model_without_units_..., test_only_length_declared_...
- mass in kg and in g -> units.test_a_weight_is_in_kg_whether_written_in_kilograms_or_grams
- gross beside net -> quantities.test_net_comes_before_gross_and_both_are_kept
- zero and negative volumes -> quantities.test_zero_and_negative_volumes_are_findings_and_not_used
- a zero beside a filled-in quantity -> quantities.test_a_zero_beside_a_filled_in_quantity_...
- quantity set without a name -> quantities.test_vendor_and_translated_names_are_known
- volume on the type only -> quantities.test_a_quantity_on_the_type_..., test_weight_and_length_of_a_type_...
- slab volume 1000 x too large -> quantities.test_a_slab_volume_a_thousand_times_too_large_...
- parts that each state the whole -> repeated.test_two_parts_of_a_split_wall_that_each_state_the_whole_...
- air layer, membrane of no thickness -> materials.test_a_layer_without_material_..., test_membranes_...
- Fraction below and above 1, missing -> materials.test_fractions_..., test_constituents_without_fractions_...
- widths joined to constituents by name -> materials.test_complex_quantities_give_the_widths_of_constituents
- list, two associations, one material twice -> materials.test_a_material_list_..., test_two_associations_...,
  test_the_same_material_twice_is_two_portions
- material on the type only, or on both -> materials.test_the_type_gives_its_material_...,
  test_the_occurrence_...
- missing, unbelievable and stated density -> materials.test_a_density_of_the_model_...,
  test_an_unbelievable_...
- wall with parts, nested assembly, cycle, roof of slabs -> elements.test_parts_with_materials_...,
  test_a_nested_assembly_..., test_a_cycle_of_parts_..., test_a_roof_without_a_body_...
- spaces, openings, virtual elements, proxy -> elements.test_openings_spaces_..., test_a_proxy_counts_...
- duplicate GlobalIds, hostile names -> elements.test_duplicate_global_ids_..., test_hostile_names_...
- every class of every schema -> elements.test_every_class_of_element_of_a_schema_is_counted_or_left_out
- statuses and phases in ten languages, reuse -> status.*
- gross floor area equal to net, and a million times too large -> floor_area.test_gross_equal_to_net_...,
  test_an_area_wrong_by_a_factor_of_units_..., test_an_area_a_million_times_too_large_is_not_believed
- truncated, empty, zip under a wrong name -> source.*
- waste codes and routes -> test_passport_routes, test_reference_tables
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ifc_builders import TinyModel
from passport import read_ifc
from passport.ifc.materials import ASSUMED
from passport.models import Element, Passport, Status

_FT3 = 0.3048**3


def _read(model: TinyModel, folder: Path, **options: Any) -> Passport:
    return read_ifc(model.save(folder), **options)


def _codes(house: Passport) -> set[str]:
    return {f.code for f in house.findings}


def _chosen(element: Element, kind: str) -> Any:
    (quantity,) = [q for q in element.quantities if q.kind == kind and q.chosen]
    return quantity


# -- units ----------------------------------------------------------------------------------------------


def test_volumes_in_mm3_without_a_declared_volume_unit_are_corrected_by_the_body(tmp_path: Path) -> None:
    model = TinyModel("IFC4", "mm")
    units = model.project.UnitsInContext
    units.Units = [u for u in units.Units if u.UnitType == "LENGTHUNIT"]
    wall = model.element("IfcWall")
    model.box(wall, 5000, 300, 2000)
    model.quantities(wall, Volume_NetVolume=3.0e9)
    house = _read(model, tmp_path)
    assert house.elements[0].volume_m3 == pytest.approx(3.0)
    assert {"unit-not-declared", "quantity-unit-fault"} <= _codes(house)
    assert _chosen(house.elements[0], "volume").grade == "C"


def test_volumes_in_mm3_without_a_declared_unit_and_without_a_body_are_corrected_by_the_own_dimensions(
    tmp_path: Path,
) -> None:
    model = TinyModel("IFC4", "mm")
    units = model.project.UnitsInContext
    units.Units = [u for u in units.Units if u.UnitType == "LENGTHUNIT"]
    wall = model.element("IfcWall")
    model.quantities(
        wall, Volume_NetVolume=3.0e9, Length_Length=5000.0, Length_Width=300.0, Length_Height=2000.0
    )
    house = _read(model, tmp_path, geometry="never")
    assert house.elements[0].volume_m3 == pytest.approx(3.0)
    assert "quantity-unit-fault" in _codes(house)


@pytest.mark.parametrize("schema", ["IFC2X3", "IFC4", "IFC4X3"])
def test_volumes_in_cubic_feet_written_as_m3_are_corrected_by_the_body(tmp_path: Path, schema: str) -> None:
    model = TinyModel(schema, "m")
    for ifc_class, size in (("IfcWall", (5, 0.3, 2)), ("IfcSlab", (4, 5, 0.2)), ("IfcBeam", (6, 0.3, 0.4))):
        element = model.element(ifc_class)
        model.box(element, *size)
        x, y, z = size
        model.quantities(element, Volume_NetVolume=x * y * z / _FT3)
    house = _read(model, tmp_path)
    volumes = {e.ifc_class: e.volume_m3 for e in house.elements}
    assert volumes == pytest.approx({"IfcWall": 3.0, "IfcSlab": 4.0, "IfcBeam": 0.72})
    assert len(house.findings.with_code("quantity-unit-fault")) == 3


def test_a_net_volume_twice_in_different_units_in_one_set_is_read_right_by_the_body(tmp_path: Path) -> None:
    model = TinyModel()
    slab = model.element("IfcSlab")
    model.box(slab, 5, 4, 0.2)
    model.quantity_set(
        slab,
        "BaseQuantities",
        model.quantity("Volume", "NetVolume", 4.0 / _FT3),
        model.quantity("Volume", "NetVolume", 4.0),
    )
    house = _read(model, tmp_path)
    assert _chosen(house.elements[0], "volume").value == 4.0
    assert house.elements[0].volume_m3 == 4.0


def test_a_net_volume_twice_in_different_units_without_anything_to_confirm_one_is_not_used(
    tmp_path: Path,
) -> None:
    model = TinyModel()
    slab = model.element("IfcSlab")
    model.quantity_set(
        slab,
        "BaseQuantities",
        model.quantity("Volume", "NetVolume", 4.0e9),
        model.quantity("Volume", "NetVolume", 4.0),
    )
    house = _read(model, tmp_path)
    assert house.elements[0].volume_m3 is None
    assert {"quantity-ambiguous", "element-without-quantity"} <= _codes(house)
    assert len(house.elements[0].quantities) == 2, "both stay in the list"


def test_one_net_volume_written_twice_in_two_declared_units_is_one_volume(tmp_path: Path) -> None:
    model = TinyModel()
    cubic_mm = model.si_unit("VOLUMEUNIT", "CUBIC_METRE", "MILLI")
    slab = model.element("IfcSlab")
    model.quantity_set(
        slab,
        "BaseQuantities",
        model.quantity("Volume", "NetVolume", 4.0e9, cubic_mm),
        model.quantity("Volume", "NetVolume", 4.0),
    )
    house = _read(model, tmp_path)
    assert house.elements[0].volume_m3 == pytest.approx(4.0)
    assert "quantity-ambiguous" not in _codes(house)


def test_a_prefix_counts_three_times_in_a_volume_and_twice_in_an_area(tmp_path: Path) -> None:
    model = TinyModel()
    model.assign_units(
        model.si_unit("LENGTHUNIT", "METRE", "CENTI"),
        model.si_unit("AREAUNIT", "SQUARE_METRE", "DECI"),
        model.si_unit("VOLUMEUNIT", "CUBIC_METRE", "CENTI"),
    )
    slab = model.element("IfcSlab")
    model.quantities(slab, Volume_NetVolume=2.0e6, Area_NetArea=1000.0, Length_Width=20.0)
    element = _read(model, tmp_path).elements[0]
    assert (element.volume_m3, element.area_m2) == (pytest.approx(2.0), pytest.approx(10.0))
    assert next(q.value for q in element.quantities if q.kind == "width") == pytest.approx(0.2)


@pytest.mark.parametrize(("number", "gram"), [(7850.0, "kg"), (7_850_000.0, "g"), (17306.28757, "lb")])
def test_masses_in_kilograms_grams_and_pounds_are_kilograms(tmp_path: Path, number: float, gram: str) -> None:
    model = TinyModel(mass="g" if gram == "g" else "kg")
    unit = None
    if gram == "lb":
        kilogram = model.si_unit("MASSUNIT", "GRAM", "KILO")
        value = model.file.create_entity("IfcMassMeasure", 0.45359237)
        measure = model.file.create_entity("IfcMeasureWithUnit", value, kilogram)
        dimensions = model.file.create_entity("IfcDimensionalExponents", 0, 1, 0, 0, 0, 0, 0)
        unit = model.file.create_entity("IfcConversionBasedUnit", dimensions, "MASSUNIT", "pound", measure)
    beam = model.element("IfcBeam")
    model.associate("staal S235", beam)
    model.quantities(beam, Weight_NetWeight=(number, unit))
    element = _read(model, tmp_path).elements[0]
    assert element.mass_kg == pytest.approx(7850.0, rel=1e-6)


def test_a_mass_without_a_declared_unit_is_read_in_kilograms(tmp_path: Path) -> None:
    model = TinyModel()
    units = model.project.UnitsInContext
    units.Units = [u for u in units.Units if u.UnitType != "MASSUNIT"]
    beam = model.element("IfcBeam")
    model.associate("staal S235", beam)
    model.quantities(beam, Weight_NetWeight=120.0)
    assert _read(model, tmp_path).elements[0].mass_kg == 120.0


def test_a_mass_in_grams_written_as_kilograms_is_corrected_by_the_body(tmp_path: Path) -> None:
    model = TinyModel()
    column = model.element("IfcColumn")
    model.associate("beton C30/37", column)
    model.box(column, 0.3, 0.3, 3)
    model.quantities(column, Weight_NetWeight=0.27 * 2400.0 * 1000.0)
    house = _read(model, tmp_path)
    assert _chosen(house.elements[0], "weight").value == pytest.approx(648.0)
    assert "quantity-unit-fault" in _codes(house)


def test_a_unit_that_is_defined_by_itself_is_unknown_and_ends(tmp_path: Path) -> None:
    model = TinyModel()
    foot = model.converted_unit("VOLUMEUNIT", "odd", 2.0, "CUBIC_METRE")
    foot.ConversionFactor.UnitComponent = foot
    model.assign_units(model.si_unit("LENGTHUNIT", "METRE"), foot)
    model.quantities(model.element("IfcWall"), Volume_NetVolume=3.0)
    house = _read(model, tmp_path)
    assert any("volume" in f.message for f in house.findings.with_code("unit-not-declared"))


# -- names ----------------------------------------------------------------------------------------------


def test_a_misspelt_name_of_an_authoring_tool_is_read_and_says_so(tmp_path: Path) -> None:
    model = TinyModel()
    model.quantity_set(
        model.element("IfcWall"), "BaseQuantities", model.quantity("Volume", "GorssVolume", 3.0)
    )
    wall = _read(model, tmp_path).elements[0]
    assert wall.volume_m3 == 3.0
    chosen = _chosen(wall, "volume")
    assert chosen.grade == "C" and "gross" in chosen.reason


#: Property set of dimensions, volume and area as a widely used tool writes them in each language.
_TRANSLATED = [
    ("en", "Dimensions", "Volume", "Area"),
    ("nl", "Afmetingen", "Volume", "Oppervlakte"),
    ("fr", "Cotes", "Volume", "Surface"),
    ("de", "Abmessungen", "Volumen", "Fläche"),
    ("es", "Cotas", "Volumen", "Área"),
    ("pt", "Dimensões", "Volume", "Área"),
    ("it", "Dimensioni", "Volume", "Area"),
    ("fi", "Mitat", "Tilavuus", "Pinta-ala"),
    ("ja", "寸法", "容積", "面積"),
    ("ru", "Размеры", "Объем", "Площадь"),
    ("ru", "Размеры", "Объём", "Площадь"),
    ("pl", "Wymiary", "Objętość", "Powierzchnia"),
    ("cs", "Rozměry", "Objem", "Plocha"),
    ("zh", "尺寸标注", "体积", "面积"),
]


@pytest.mark.parametrize(("language", "set_name", "volume", "area"), _TRANSLATED)
@pytest.mark.parametrize("as_quantity", [True, False])
def test_volume_and_area_are_read_in_the_language_of_the_authoring_tool(
    tmp_path: Path, language: str, set_name: str, volume: str, area: str, as_quantity: bool
) -> None:
    model = TinyModel("IFC2X3")
    slab = model.element("IfcSlab")
    if as_quantity:
        model.quantity_set(
            slab, set_name, model.quantity("Volume", volume, 2.5), model.quantity("Area", area, 12.5)
        )
    else:
        model.properties(
            slab, set_name, **{volume: ("IfcVolumeMeasure", 2.5), area: ("IfcAreaMeasure", 12.5)}
        )
    element = _read(model, tmp_path).elements[0]
    assert (element.volume_m3, element.area_m2) == (2.5, 12.5), language


@pytest.mark.parametrize(
    ("set_name", "gross", "net"),
    [
        ("ArchiCADQuantities", "Gross Volume", "Net Volume"),
        ("AC_Equantity_IfcWall", "Brutto-Volumen", "Netto-Volumen"),
        ("Tekla Quantity", "Gross volume", "Net volume"),
        ("", "Volume bruto", "Volume netto"),
        ("Quantités de base", "Volume brut", "Volume net"),
        ("Quantidades", "Volume (Bruto)", "Volume (Líquido)"),
        ("Cantidades", "Volumen bruto", "Volumen neto"),
    ],
)
def test_the_net_volume_of_a_vendor_comes_before_its_gross_one(
    tmp_path: Path, set_name: str, gross: str, net: str
) -> None:
    model = TinyModel()
    model.quantity_set(
        model.element("IfcWall"),
        set_name,
        model.quantity("Volume", gross, 10.0),
        model.quantity("Volume", net, 8.0),
    )
    assert _read(model, tmp_path).elements[0].volume_m3 == 8.0


@pytest.mark.parametrize("name", ["GrossFootprintArea", "GrossFootPrintArea", "grossfootprintarea"])
def test_the_footprint_is_read_in_each_spelling_of_the_schemas(tmp_path: Path, name: str) -> None:
    model = TinyModel("IFC4X3")
    wall = model.element("IfcWall")
    model.quantity_set(wall, "Qto_WallBaseQuantities", model.quantity("Area", name, 1.5))
    (quantity,) = _read(model, tmp_path).elements[0].quantities
    assert (quantity.kind, quantity.value) == ("area", 1.5)
    assert not quantity.chosen, "the footprint is not the side of a wall"


@pytest.mark.parametrize("schema", ["IFC2X3", "IFC4", "IFC4X3"])
@pytest.mark.parametrize("thickness", ["Width", "Depth", "Thickness"])
def test_the_thickness_of_a_slab_is_read_under_each_of_its_names(
    tmp_path: Path, schema: str, thickness: str
) -> None:
    model = TinyModel(schema)
    slab = model.element("IfcSlab")
    model.quantity_set(
        slab,
        "BaseQuantities",
        model.quantity("Volume", "NetVolume", 2.0),
        model.quantity("Area", "NetArea", 10.0),
        model.quantity("Length", thickness, 0.2),
    )
    house = _read(model, tmp_path)
    element = house.elements[0]
    assert (element.volume_m3, element.area_m2, element.length_m) == (2.0, 10.0, None)
    assert not {"quantity-contradicted", "quantities-differ", "quantity-unit-fault"} & _codes(house)


def test_names_in_any_script_survive_and_hold_no_markup(tmp_path: Path) -> None:
    names = ["Außenwand", "Mur à ossature bois", "Стена", "壁", "muro ñ", "</script><b>", "=1+1", "a\tb\n'c'"]
    model = TinyModel()
    for name in names:
        wall = model.element("IfcWall", name)
        model.associate(name, wall)
    house = _read(model, tmp_path)
    assert [e.name for e in house.elements] == names
    assert [e.portions[0].name for e in house.elements] == names


# -- quantities -----------------------------------------------------------------------------------------


def test_a_reference_view_has_its_openings_baked_in_so_that_gross_is_net(tmp_path: Path) -> None:
    model = TinyModel()
    wall = model.element("IfcWall")
    # 5 m x 3 m of wall with a hole of 1 m x 2 m, drawn as the outline around it, without an opening.
    left = model.extrusion(2, 0.3, 3)
    lintel = model.extrusion(1, 0.3, 1, at=(2, 0, 2))
    right = model.extrusion(2, 0.3, 3, at=(3, 0, 0))
    model.body_of(wall, left, lintel, right)
    model.quantities(wall, Volume_GrossVolume=3.9, Volume_NetVolume=3.9)
    house = _read(model, tmp_path)
    assert house.elements[0].volume_m3 == pytest.approx(3.9)
    assert _chosen(house.elements[0], "volume").grade == "A"
    assert not {"quantity-contradicted", "quantities-differ"} & _codes(house)


def test_a_gross_volume_called_net_is_not_used_where_the_body_shows_the_openings(tmp_path: Path) -> None:
    model = TinyModel()
    wall = model.element("IfcWall")
    model.box(wall, 5, 0.3, 3)
    model.opening(wall, 2, 0.3, 2, at=(1, 0, 0))
    model.quantities(wall, Volume_GrossVolume=4.5, Volume_NetVolume=4.5)
    house = _read(model, tmp_path)
    assert house.elements[0].volume_m3 == pytest.approx(3.3)
    assert "quantity-contradicted" in _codes(house)


def test_a_quantity_of_a_type_with_several_occurrences_is_that_of_none(tmp_path: Path) -> None:
    model = TinyModel()
    columns = [model.element("IfcColumn", f"column {i}") for i in range(3)]
    kind = model.type_of(columns[0], "IfcColumnType", PredefinedType="COLUMN")
    for column in columns[1:]:
        model.root("IfcRelDefinesByType", RelatedObjects=[column], RelatingType=kind)
    model.quantities(kind, Volume_NetVolume=9.0, Weight_NetWeight=900.0, Length_Length=3.0)
    house = _read(model, tmp_path)
    assert [(e.volume_m3, e.length_m, e.mass_kg) for e in house.elements] == [(None, None, None)] * 3
    assert len(house.findings.with_code("element-without-quantity")) == 3


def test_a_quantity_of_a_type_counts_where_the_body_confirms_it(tmp_path: Path) -> None:
    model = TinyModel()
    column, longer = model.element("IfcColumn", "3 m"), model.element("IfcColumn", "4 m")
    model.box(column, 0.5, 0.5, 3)
    model.box(longer, 0.5, 0.5, 4)
    kind = model.type_of(column, "IfcColumnType", PredefinedType="COLUMN")
    model.root("IfcRelDefinesByType", RelatedObjects=[longer], RelatingType=kind)
    model.quantities(kind, Volume_NetVolume=0.75)
    assert [e.volume_m3 for e in _read(model, tmp_path).elements] == [0.75, 1.0]


def test_the_quantity_of_the_occurrence_wins_over_that_of_its_type(tmp_path: Path) -> None:
    model = TinyModel()
    wall = model.element("IfcWall")
    model.quantities(model.type_of(wall, "IfcWallType", PredefinedType="STANDARD"), Volume_NetVolume=9.0)
    model.quantities(wall, Volume_NetVolume=3.0)
    assert _read(model, tmp_path).elements[0].volume_m3 == 3.0


def test_properties_of_the_type_hold_unless_the_occurrence_says_otherwise(tmp_path: Path) -> None:
    model = TinyModel()
    plain, own = model.element("IfcWall", "plain"), model.element("IfcWall", "own")
    kind = model.type_of(plain, "IfcWallType", PredefinedType="STANDARD")
    model.root("IfcRelDefinesByType", RelatedObjects=[own], RelatingType=kind)
    model.properties(
        kind, "Pset_WallCommon", IsExternal=("IfcBoolean", True), Status=("IfcLabel", "EXISTING")
    )
    model.properties(kind, "Pset_ServiceLife", ServiceLifeDuration=("IfcDuration", "P60Y"))
    model.properties(
        own, "Pset_WallCommon", IsExternal=("IfcBoolean", False), Status=("IfcLabel", "DEMOLISH")
    )
    first, second = _read(model, tmp_path).elements
    assert (first.is_external, first.status) == (True, Status.EXISTING)
    assert (second.is_external, second.status) == (False, Status.DEMOLISH)
    assert first.service_life_years == second.service_life_years == 60.0


@pytest.mark.parametrize("value", [0.0, -1.0])
@pytest.mark.parametrize("kind", ["Area_NetSideArea", "Weight_NetWeight"])
def test_zero_and_negative_areas_and_weights_are_findings_and_never_used(
    tmp_path: Path, kind: str, value: float
) -> None:
    model = TinyModel()
    wall = model.element("IfcWall")
    model.associate("beton", wall)
    model.quantities(wall, **{kind: value})
    house = _read(model, tmp_path)
    element = house.elements[0]
    assert (element.volume_m3, element.area_m2, element.mass_kg) == (None, None, None)
    assert {"quantity-not-positive", "element-without-quantity"} <= _codes(house)


def test_no_quantity_at_all_is_listed_and_never_zero(tmp_path: Path) -> None:
    model = TinyModel()
    covering = model.element("IfcCovering")
    model.associate("keramische tegels", covering)
    house = _read(model, tmp_path)
    (portion,) = house.elements[0].portions
    assert (portion.volume_m3, portion.mass_kg, house.elements[0].mass_kg) == (None, None, None)
    assert house.mass_kg() is None
    assert "element-without-quantity" in _codes(house)


def test_a_covering_by_area_has_the_volume_of_its_layers(tmp_path: Path) -> None:
    model = TinyModel()
    covering = model.element("IfcCovering")
    model.associate(model.layers(("keramische tegels", 0.01)), covering)
    model.quantities(covering, "Qto_CoveringBaseQuantities", Area_NetArea=20.0, Length_Width=0.01)
    element = _read(model, tmp_path).elements[0]
    assert element.volume_m3 == pytest.approx(0.2)
    assert element.mass_kg is not None


# -- materials ------------------------------------------------------------------------------------------


def _wall(model: TinyModel, volume: float = 3.0) -> Any:
    wall = model.element("IfcWall")
    model.quantities(wall, Volume_NetVolume=volume, Area_NetSideArea=10.0)
    return wall


def test_two_layers_of_one_library_material_under_two_names_are_summed_and_not_overwritten(
    tmp_path: Path,
) -> None:
    model = TinyModel()
    model.associate(model.layers(("beton C25/30", 0.1), ("Beton C30/37", 0.2)), _wall(model))
    house = _read(model, tmp_path)
    first, second = house.elements[0].portions
    assert (first.volume_m3, second.volume_m3) == (pytest.approx(1.0), pytest.approx(2.0))
    assert first.family == second.family == "concrete"
    assert first.mass_kg is not None and second.mass_kg is not None
    assert house.mass_kg() == pytest.approx(first.mass_kg + second.mass_kg)
    assert house.mass_kg() == pytest.approx(3.0 * 2400.0, rel=0.1)


def test_the_same_constituent_twice_is_two_portions_with_their_own_fraction(tmp_path: Path) -> None:
    model = TinyModel()
    model.associate(model.constituents(("beton", 0.5), ("EPS", 0.2), ("beton", 0.3)), _wall(model, 10.0))
    portions = _read(model, tmp_path).elements[0].portions
    assert [p.volume_m3 for p in portions] == [pytest.approx(v) for v in (5.0, 2.0, 3.0)]


@pytest.mark.parametrize("fraction", [-0.2, 1.5])
def test_a_fraction_that_cannot_be_one_is_not_used_and_is_a_finding(tmp_path: Path, fraction: float) -> None:
    model = TinyModel()
    model.associate(model.constituents(("beton", fraction), ("EPS", 0.5)), _wall(model))
    house = _read(model, tmp_path)
    assert {p.share_origin for p in house.elements[0].portions} == {ASSUMED}
    assert "shares-assumed" in _codes(house)


def test_shares_that_are_assumed_have_bounds_that_hold_the_true_mass(tmp_path: Path) -> None:
    model = TinyModel()
    model.associate(model.constituents(("beton", None), ("EPS", None)), _wall(model))
    house = _read(model, tmp_path)
    assert "shares-assumed" in _codes(house)
    for portion in house.elements[0].portions:
        assert portion.share_low is not None and portion.share_high is not None
        assert portion.share_low < portion.share < portion.share_high  # type: ignore[operator]


@pytest.mark.parametrize("schema", ["IFC2X3", "IFC4", "IFC4X3"])
def test_a_material_list_has_equal_shares_with_a_finding_in_every_schema(tmp_path: Path, schema: str) -> None:
    model = TinyModel(schema)
    model.associate(model.material_list("beton", "EPS"), _wall(model))
    house = _read(model, tmp_path)
    assert [p.volume_m3 for p in house.elements[0].portions] == [1.5, 1.5]
    assert {p.share_origin for p in house.elements[0].portions} == {ASSUMED}
    assert "shares-assumed" in _codes(house)


@pytest.mark.parametrize("unit", ["m", "mm", "ft"])
def test_a_profile_set_times_the_length_is_the_volume(tmp_path: Path, unit: str) -> None:
    k = {"m": 1.0, "mm": 1000.0, "ft": 1 / 0.3048}[unit]
    model = TinyModel("IFC4", unit)
    beam = model.element("IfcBeam")
    model.associate(model.profile_set(("naaldhout C24", 0.1 * k, 0.2 * k)), beam)
    model.quantities(beam, "Qto_BeamBaseQuantities", Length_Length=4.0 * k)
    element = _read(model, tmp_path).elements[0]
    assert element.volume_m3 == pytest.approx(0.08)
    assert _chosen(element, "volume").grade == "C"
    assert element.length_m == pytest.approx(4.0)


def test_two_profiles_share_the_length_by_their_areas(tmp_path: Path) -> None:
    model = TinyModel()
    column = model.element("IfcColumn")
    model.associate(model.profile_set(("staal S235", 0.1, 0.1), ("beton", 0.3, 0.1)), column)
    model.quantities(column, Length_Length=3.0)
    portions = _read(model, tmp_path).elements[0].portions
    assert [p.volume_m3 for p in portions] == [pytest.approx(0.03), pytest.approx(0.09)]


def test_layer_widths_of_complex_quantities_join_constituents_in_millimetres_too(tmp_path: Path) -> None:
    model = TinyModel("IFC4", "mm")
    wall = model.element("IfcWall")
    model.quantities(wall, Volume_NetVolume=3.0e9)
    model.associate(model.constituents(("beton", None), ("EPS", None)), wall)
    complex_ones = [
        model.file.create_entity(
            "IfcPhysicalComplexQuantity", name, None, [model.quantity("Length", "Width", width)], "layer"
        )
        for name, width in (("beton", 200.0), ("EPS", 100.0))
    ]
    model.quantity_set(wall, "Qto_WallBaseQuantities", *complex_ones)
    house = _read(model, tmp_path)
    portions = house.elements[0].portions
    assert [p.volume_m3 for p in portions] == [pytest.approx(2.0), pytest.approx(1.0)]
    assert [p.thickness_m for p in portions] == [pytest.approx(0.2), pytest.approx(0.1)]
    assert "shares-assumed" not in _codes(house)


def test_two_associations_of_one_material_are_two_relations_and_no_contradiction(tmp_path: Path) -> None:
    model = TinyModel()
    wall = _wall(model)
    concrete = model.associate("beton", wall)
    model.associate(concrete, wall)
    house = _read(model, tmp_path)
    assert len(house.elements[0].portions) == 1
    assert "several-material-associations" not in _codes(house)


def test_layers_of_the_occurrence_win_over_those_of_its_type(tmp_path: Path) -> None:
    model = TinyModel()
    wall = _wall(model)
    kind = model.type_of(wall, "IfcWallType", PredefinedType="STANDARD")
    model.associate(model.layers(("baksteen", 0.3), usage=False), kind)
    model.associate(model.layers(("beton", 0.2), ("EPS", 0.1)), wall)
    house = _read(model, tmp_path)
    assert [p.name for p in house.elements[0].portions] == ["beton", "EPS"]
    assert "several-material-associations" not in _codes(house)


def test_the_density_of_an_ifc2x3_material_is_read_from_its_general_properties(tmp_path: Path) -> None:
    model = TinyModel("IFC2X3")
    concrete = model.associate("beton", _wall(model, 1.0))
    model.file.create_entity("IfcGeneralMaterialProperties", Material=concrete, MassDensity=2350.0)
    (portion,) = _read(model, tmp_path).elements[0].portions
    assert (portion.mass_kg, portion.density_origin) == (2350.0, "model")


def test_a_material_that_nobody_knows_has_a_volume_and_no_mass_and_is_a_finding(tmp_path: Path) -> None:
    model = TinyModel()
    model.associate("Xq-7 zz", _wall(model))
    house = _read(model, tmp_path)
    (portion,) = house.elements[0].portions
    assert (portion.volume_m3, portion.material_id, portion.mass_kg) == (3.0, None, None)
    assert house.elements[0].mass_kg is None
    assert "material-unknown" in _codes(house)


def test_an_empty_layer_set_and_an_empty_name_are_no_material_and_a_finding(tmp_path: Path) -> None:
    model = TinyModel()
    model.associate("", _wall(model))
    house = _read(model, tmp_path)
    assert house.elements[0].mass_kg is None
    assert {"element-without-material", "material-unknown"} & _codes(house)


# -- elements -------------------------------------------------------------------------------------------


def test_a_wall_with_parts_counts_its_parts_and_their_statement_of_material(tmp_path: Path) -> None:
    model = TinyModel()
    wall = model.element("IfcWall", "whole")
    model.quantities(wall, Volume_NetVolume=3.0)
    parts = [model.root("IfcBuildingElementPart", Name=n) for n in ("outer leaf", "inner leaf")]
    for part, name, volume in zip(parts, ("gevelsteen", "beton"), (1.0, 2.0), strict=True):
        model.quantities(part, Volume_NetVolume=volume)
        model.associate(name, part)
    model.aggregate(wall, *parts)
    house = _read(model, tmp_path)
    assert sum(e.volume_m3 or 0 for e in house.elements) == 3.0
    assert [e.part_of for e in house.elements] == [wall.GlobalId] * 2
    assert [e.name for e in house.left_out] == ["whole"]


def test_a_stair_of_flights_and_landings_counts_each_once(tmp_path: Path) -> None:
    model = TinyModel()
    stair = model.element("IfcStair", "stair")
    flight, landing = model.root("IfcStairFlight", Name="flight"), model.root("IfcSlab", Name="landing")
    railing = model.root("IfcRailing", Name="railing")
    model.quantities(stair, "Qto_StairBaseQuantities", Volume_NetVolume=1.6)
    model.quantities(flight, Volume_NetVolume=1.2)
    model.quantities(landing, Volume_NetVolume=0.4)
    model.quantities(railing, Length_Length=4.0)
    model.aggregate(stair, flight, landing, railing)
    model.associate("beton", flight, landing)
    model.associate("staal S235", railing)
    house = _read(model, tmp_path)
    volumes = {e.name: e.volume_m3 for e in house.elements}
    assert volumes == {"flight": 1.2, "landing": 0.4, "railing": None}
    assert next(e for e in house.elements if e.name == "railing").length_m == 4.0
    assert [e.name for e in house.left_out] == ["stair"]


def test_a_curtain_wall_is_the_sum_of_its_plates_and_members(tmp_path: Path) -> None:
    model = TinyModel()
    facade = model.element("IfcCurtainWall", "facade")
    model.quantities(facade, "Qto_CurtainWallQuantities", Area_NetSideArea=12.0)
    plates = [model.root("IfcPlate", Name=f"pane {i}") for i in range(2)]
    member = model.root("IfcMember", Name="mullion")
    for plate in plates:
        model.quantities(plate, Volume_NetVolume=0.06, Area_NetArea=6.0)
    model.quantities(member, Volume_NetVolume=0.02, Length_Length=3.0)
    model.aggregate(facade, *plates, member)
    model.associate("glas", *plates)
    model.associate("naaldhout", member)
    house = _read(model, tmp_path)
    assert sum(e.volume_m3 or 0 for e in house.elements) == pytest.approx(0.14)
    assert sum(e.area_m2 or 0 for e in house.elements if e.ifc_class == "IfcPlate") == 12.0
    assert {e.ifc_class for e in house.left_out} == {"IfcCurtainWall"}


@pytest.mark.parametrize("schema", ["IFC2X3", "IFC4", "IFC4X3"])
def test_a_reinforcing_bar_by_weight_needs_no_volume(tmp_path: Path, schema: str) -> None:
    model = TinyModel(schema)
    bar = model.element("IfcReinforcingBar", NominalDiameter=0.012)
    if schema == "IFC2X3":  # both are required there
        bar.CrossSectionArea, bar.BarRole = 1.13e-4, "MAIN"
    model.associate("B500B", bar)
    # Twenty bars of 6 m: length and section are those of one of them.
    count = 20 if schema == "IFC4X3" else 20.0
    model.quantities(bar, Count_Count=count, Length_Length=6.0, Weight_Weight=106.6)
    element = _read(model, tmp_path, geometry="never").elements[0]
    assert element.mass_kg == pytest.approx(106.6)


def test_a_pipe_by_length_keeps_its_length_and_is_no_zero(tmp_path: Path) -> None:
    model = TinyModel("IFC4")
    pipe = model.element("IfcPipeSegment")
    model.associate("PVC", pipe)
    model.quantities(pipe, "Qto_PipeSegmentBaseQuantities", Length_Length=7.5)
    element = _read(model, tmp_path).elements[0]
    assert element.length_m == 7.5
    assert element.volume_m3 is None or 0 < element.volume_m3 < 7.5 * 0.02
    assert element.mass_kg is None or element.mass_kg > 0


def test_a_door_is_known_by_its_area_and_as_one_piece_without_a_volume(tmp_path: Path) -> None:
    model = TinyModel()
    by_area = model.element("IfcDoor", "by area")
    model.quantities(by_area, "Qto_DoorBaseQuantities", Area_Area=1.89)
    by_size = model.element("IfcDoor", "by size", OverallWidth=0.9, OverallHeight=2.1)
    by_piece = model.element("IfcDoor", "by piece")
    model.associate("hardhout", by_area, by_size, by_piece)
    house = _read(model, tmp_path)
    areas = {e.name: e.area_m2 for e in house.elements}
    assert areas == {"by area": 1.89, "by size": pytest.approx(1.89), "by piece": None}
    assert all(e.mass_kg != 0 for e in house.elements)
    gap = house.findings.with_code("element-without-quantity")
    assert [f.global_id for f in gap] == [by_piece.GlobalId]


def test_a_proxy_as_large_as_the_rest_of_the_model_counts_with_its_material(tmp_path: Path) -> None:
    model = TinyModel("IFC2X3")
    proxy = model.element("IfcBuildingElementProxy", CompositionType="ELEMENT")
    model.associate("beton", proxy)
    model.box(proxy, 10, 10, 1)
    house = _read(model, tmp_path)
    assert house.elements[0].volume_m3 == pytest.approx(100.0)
    assert house.elements[0].mass_kg is not None
    assert "proxy" in _codes(house)


@pytest.mark.parametrize(
    "ifc_class", ["IfcWallStandardCase", "IfcPile", "IfcCourse", "IfcPavement", "IfcKerb", "IfcBuiltElement"]
)
def test_classes_that_ifc4x3_moved_or_added_are_counted(tmp_path: Path, ifc_class: str) -> None:
    model = TinyModel("IFC4X3")
    element = model.element(ifc_class)
    model.associate("beton", element)
    model.quantities(element, Volume_NetVolume=2.0)
    house = _read(model, tmp_path)
    assert [(e.ifc_class, e.volume_m3) for e in house.elements] == [(ifc_class, 2.0)]
    assert house.elements[0].portions[0].family == "concrete"


def test_spaces_and_openings_have_no_mass_even_with_materials_and_volumes(tmp_path: Path) -> None:
    model = TinyModel()
    wall = _wall(model)
    model.associate("beton", wall)
    space = model.root("IfcSpace", Name="room")
    model.aggregate(model.storey, space)
    opening = model.root("IfcOpeningElement", Name="hole")
    model.root("IfcRelVoidsElement", RelatingBuildingElement=wall, RelatedOpeningElement=opening)
    for void in (space, opening):
        model.quantities(void, Volume_NetVolume=50.0)
        model.associate("beton", void)
    house = _read(model, tmp_path)
    assert [e.ifc_class for e in house.elements] == ["IfcWall"]
    assert house.elements[0].volume_m3 == 3.0


# -- status and reuse -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("set_name", "name", "value", "status"),
    [
        ("Phasing", "Phase Created", "Existing", Status.EXISTING),
        ("Phases de construction", "Phase de création", "Existant", Status.EXISTING),
        ("Fasering", "Fase gemaakt", "Bestaand", Status.EXISTING),
        ("Phasen", "Phase erstellt", "Bestand", Status.EXISTING),
        ("Renovation", "Renovation Status", "To be demolished", Status.DEMOLISH),
        ("Umbau", "Umbaustatus", "Abbruch", Status.DEMOLISH),
        ("Renovatie", "Renovatiestatus", "Te slopen", Status.DEMOLISH),
        ("Rénovation", "Statut de rénovation", "À démolir", Status.DEMOLISH),
        ("Renovation", "Renovation Status", "New", Status.NEW),
    ],
)
def test_ifc2x3_has_no_status_and_phases_tell_it(
    tmp_path: Path, set_name: str, name: str, value: str, status: Status
) -> None:
    model = TinyModel("IFC2X3")
    wall = model.element("IfcWall")
    model.properties(wall, set_name, **{name: ("IfcLabel", value)})
    assert _read(model, tmp_path).elements[0].status is status


def test_a_model_without_any_status_says_unknown_and_not_new(tmp_path: Path) -> None:
    model = TinyModel("IFC2X3")
    model.element("IfcWall")
    assert _read(model, tmp_path).elements[0].status is Status.UNKNOWN


@pytest.mark.parametrize("set_name", ["CPset_BuildingPassport", "CPset_Madaster", "Pset_Madaster"])
def test_reuse_in_and_out_are_read_from_each_set(tmp_path: Path, set_name: str) -> None:
    own = set_name == "CPset_BuildingPassport"
    model = TinyModel()
    wall = model.element("IfcWall")
    model.properties(
        wall,
        set_name,
        **{
            "ReuseIn" if own else "Reuse": ("IfcReal", 0.4),
            "ReuseOut" if own else "AvailableForReuse": ("IfcReal", 0.75),
        },
    )
    element = _read(model, tmp_path).elements[0]
    assert (element.reuse_in_share, element.reuse_out_share) == (0.4, 0.75)


# -- the model as a whole -------------------------------------------------------------------------------


def test_an_owner_history_may_be_missing_from_ifc4_on_and_even_in_ifc2x3(tmp_path: Path) -> None:
    for schema in ("IFC2X3", "IFC4", "IFC4X3"):
        model = TinyModel(schema)
        wall = _wall(model)
        model.associate("beton", wall)
        for entity in model.file.by_type("IfcRoot"):
            entity.OwnerHistory = None
        house = _read(model, tmp_path, geometry="never")
        assert house.elements[0].volume_m3 == 3.0


def test_two_projects_are_a_finding_and_all_elements_count_once(tmp_path: Path) -> None:
    model = TinyModel()
    _wall(model)
    second = model.root("IfcProject", Name="second")
    second.UnitsInContext = model.project.UnitsInContext
    house = _read(model, tmp_path)
    assert [e.volume_m3 for e in house.elements] == [3.0]
    assert "project-count" in _codes(house)


def test_two_projects_with_different_units_are_named_because_one_of_them_is_misread(tmp_path: Path) -> None:
    model = TinyModel("IFC4", "m")
    _wall(model)
    second = model.root("IfcProject", Name="second")
    second.UnitsInContext = TinyModel._units(model, "mm", "mm", "kg")
    house = _read(model, tmp_path)
    (finding,) = house.findings.with_code("project-count")
    assert "2 IfcProject" in finding.message
    assert finding.hint


def test_elements_of_two_models_with_the_same_global_ids_are_all_counted(tmp_path: Path) -> None:
    model = TinyModel()
    walls = [_wall(model) for _ in range(3)]
    walls[1].GlobalId = walls[0].GlobalId
    house = _read(model, tmp_path)
    assert sum(e.volume_m3 or 0 for e in house.elements) == 9.0
    (finding,) = house.findings.with_code("duplicate-global-id")
    assert finding.global_id == walls[0].GlobalId
    assert len({e.step_id for e in house.elements}) == 3


def test_a_gross_floor_area_equal_to_the_net_one_in_a_building_with_walls_is_a_finding(
    tmp_path: Path,
) -> None:
    model = TinyModel()
    model.quantities(
        model.building, "Qto_BuildingBaseQuantities", Area_GrossFloorArea=100.0, Area_NetFloorArea=100.0
    )
    _wall(model)
    house = _read(model, tmp_path)
    assert house.floor_area_m2.value == 100.0
    assert "floor-area-equals-net" in _codes(house)


def test_a_gross_floor_area_in_mm2_written_as_m2_is_not_believed(tmp_path: Path) -> None:
    model = TinyModel()
    model.quantities(model.building, "Qto_BuildingBaseQuantities", Area_GrossFloorArea=1.2e8)
    _wall(model)
    house = _read(model, tmp_path)
    assert house.floor_area_m2.value is None or house.floor_area_m2.value < 1e6
    assert {"floor-area-implausible", "floor-area-unit-fault"} & _codes(house)


def test_pieces_of_a_split_wall_that_each_repeat_the_whole_sum_to_the_whole(tmp_path: Path) -> None:
    model = TinyModel()
    for x, length in ((0.0, 2.0), (2.0, 3.0), (5.0, 5.0)):
        piece = model.element("IfcWall", "Basic Wall:Beton:123", Tag="123")
        model.box(piece, length, 0.3, 3, at=(x, 0, 0))
        model.quantities(piece, Volume_NetVolume=9.0)
    house = _read(model, tmp_path)
    assert sorted(e.volume_m3 or 0 for e in house.elements) == [pytest.approx(v) for v in (1.8, 2.7, 4.5)]
    assert {"quantity-repeats-whole", "quantity-contradicted"} & _codes(house)
