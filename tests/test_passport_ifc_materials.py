"""Every way to associate a material ends in portions whose shares are known, or said to be assumed."""

from __future__ import annotations

from pathlib import Path

import pytest

from ifc_builders import TinyModel
from passport import read_ifc
from passport.ifc.materials import ASSUMED


def _portions(model: TinyModel, folder: Path, **options):  # type: ignore[no-untyped-def]
    return read_ifc(model.save(folder), **options).elements[0].portions


def _wall(model: TinyModel, volume: float = 3.0):  # type: ignore[no-untyped-def]
    wall = model.element("IfcWall")
    model.quantities(wall, Volume_NetVolume=volume, Area_NetSideArea=10.0)
    return wall


def test_a_single_material_is_the_whole(tmp_path: Path) -> None:
    model = TinyModel()
    model.associate("beton", _wall(model))
    (portion,) = _portions(model, tmp_path)
    assert (portion.share, portion.volume_m3, portion.family) == (1.0, 3.0, "concrete")


def test_layers_share_the_net_volume_by_thickness(tmp_path: Path) -> None:
    model = TinyModel()
    model.associate(model.layers(("gevelsteen", 0.1), ("snelbouwsteen", 0.2)), _wall(model, 2.4))
    outer, inner = _portions(model, tmp_path)
    assert (outer.volume_m3, inner.volume_m3) == (pytest.approx(0.8), pytest.approx(1.6))
    assert (outer.thickness_m, inner.thickness_m) == (0.1, 0.2)


def test_a_layer_without_material_is_air_and_weighs_next_to_nothing(tmp_path: Path) -> None:
    model = TinyModel()
    model.associate(model.layers(("gevelsteen", 0.1), (None, 0.04), ("snelbouwsteen", 0.16)), _wall(model))
    air = _portions(model, tmp_path)[1]
    assert (air.material_id, air.family) == ("air", "air")
    assert air.mass_kg is not None and air.mass_kg < 1.0


def test_membranes_of_zero_thickness_stay_in_the_list_without_a_mass(tmp_path: Path) -> None:
    model = TinyModel()
    model.associate(model.layers(("dampscherm PE", 0.0), ("beton", 0.2)), _wall(model))
    foil, concrete = _portions(model, tmp_path)
    assert (foil.volume_m3, foil.mass_kg) == (None, None)
    assert concrete.volume_m3 == pytest.approx(3.0)


def test_constituents_with_fractions_share_by_fraction(tmp_path: Path) -> None:
    model = TinyModel()
    model.associate(model.constituents(("beton", 0.75), ("EPS", 0.25)), _wall(model, 4.0))
    assert [p.volume_m3 for p in _portions(model, tmp_path)] == [3.0, 1.0]


def test_fractions_below_one_leave_an_unknown_rest(tmp_path: Path) -> None:
    model = TinyModel()
    model.associate(model.constituents(("beton", 0.6), ("EPS", 0.2)), _wall(model, 10.0))
    house = read_ifc(model.save(tmp_path))
    rest = house.elements[0].portions[-1]
    assert (rest.volume_m3, rest.material_id, rest.mass_kg) == (pytest.approx(2.0), None, None)
    assert house.findings.with_code("fractions-below-one")


def test_fractions_above_one_are_scaled_and_said(tmp_path: Path) -> None:
    model = TinyModel()
    model.associate(model.constituents(("beton", 0.9), ("EPS", 0.9)), _wall(model, 2.0))
    house = read_ifc(model.save(tmp_path))
    assert [p.volume_m3 for p in house.elements[0].portions] == [1.0, 1.0]
    assert house.findings.with_code("fractions-above-one")


def test_constituents_without_fractions_are_equal_shares_and_marked_as_assumed(tmp_path: Path) -> None:
    model = TinyModel()
    model.associate(model.constituents(("beton", None), ("EPS", None)), _wall(model))
    house = read_ifc(model.save(tmp_path))
    assert {p.share_origin for p in house.elements[0].portions} == {ASSUMED}
    assert house.findings.with_code("shares-assumed")


def test_constituents_take_their_shares_from_the_drawn_items(tmp_path: Path) -> None:
    model = TinyModel()
    wall = model.element("IfcWall")
    model.associate(model.constituents(("beton", None), ("EPS", None)), wall)
    thick, thin = model.extrusion(4, 0.3, 3), model.extrusion(4, 0.1, 3, at=(0, 0.3, 0))
    model.body_of(wall, thick, thin)
    model.style(thick, "beton")
    model.style(thin, "EPS")
    concrete, eps = _portions(model, tmp_path)
    assert (concrete.volume_m3, eps.volume_m3) == (pytest.approx(3.6), pytest.approx(1.2))
    assert concrete.share_origin == "geometry"


def test_complex_quantities_give_the_widths_of_constituents(tmp_path: Path) -> None:
    model = TinyModel()
    wall = _wall(model, 3.0)
    model.associate(model.constituents(("beton", None), ("EPS", None)), wall)
    layers = []
    for name, width in (("beton", 0.2), ("EPS", 0.1)):
        length = model.file.create_entity("IfcQuantityLength", Name="Width", LengthValue=width)
        layers.append(model.file.create_entity("IfcPhysicalComplexQuantity", name, None, [length], "layer"))
    quantity = model.root("IfcElementQuantity", Name="Qto_WallBaseQuantities", Quantities=layers)
    model.root("IfcRelDefinesByProperties", RelatedObjects=[wall], RelatingPropertyDefinition=quantity)
    concrete, eps = _portions(model, tmp_path)
    assert (concrete.volume_m3, eps.volume_m3) == (pytest.approx(2.0), pytest.approx(1.0))
    assert (concrete.thickness_m, eps.share_origin) == (0.2, "widths")


def test_a_material_list_has_no_shares_of_its_own(tmp_path: Path) -> None:
    model = TinyModel("IFC2X3")
    model.associate(model.material_list("beton", "EPS"), _wall(model))
    assert {p.share_origin for p in _portions(model, tmp_path)} == {ASSUMED}


def test_the_same_material_twice_is_two_portions(tmp_path: Path) -> None:
    model = TinyModel()
    model.associate(
        model.layers(("gipskartonplaat", 0.0125), ("minerale wol", 0.1), ("gipskartonplaat", 0.0125)),
        _wall(model),
    )
    assert [p.family for p in _portions(model, tmp_path)] == ["gypsum-board", "mineral-wool", "gypsum-board"]


def test_a_profile_set_is_one_portion(tmp_path: Path) -> None:
    model = TinyModel()
    beam = model.element("IfcBeam")
    model.quantities(beam, "Qto_BeamBaseQuantities", Volume_NetVolume=0.1)
    profile = model.file.create_entity(
        "IfcMaterialProfile",
        Material=model.material("staal S235"),
        Profile=model.file.create_entity("IfcRectangleProfileDef", ProfileType="AREA", XDim=0.1, YDim=0.1),
    )
    profiles = model.file.create_entity("IfcMaterialProfileSet", MaterialProfiles=[profile])
    usage = model.file.create_entity("IfcMaterialProfileSetUsage", ForProfileSet=profiles)
    model.associate(usage, beam)
    (portion,) = _portions(model, tmp_path)
    assert (portion.family, portion.share) == ("steel-structural", 1.0)
    assert portion.mass_kg == pytest.approx(785.0, rel=0.02)


def test_the_type_gives_its_material_to_an_occurrence_that_has_none(tmp_path: Path) -> None:
    model = TinyModel()
    wall = _wall(model)
    model.associate(
        model.layers(("baksteen", 0.1), usage=False),
        model.type_of(wall, "IfcWallType", PredefinedType="NOTDEFINED"),
    )
    assert _portions(model, tmp_path)[0].family == "clay-brick"


def test_the_occurrence_wins_over_its_type(tmp_path: Path) -> None:
    model = TinyModel()
    wall = _wall(model)
    model.associate("baksteen", model.type_of(wall, "IfcWallType", PredefinedType="NOTDEFINED"))
    model.associate("beton", wall)
    assert _portions(model, tmp_path)[0].family == "concrete"


def test_two_associations_are_a_finding_and_the_layered_one_is_used(tmp_path: Path) -> None:
    model = TinyModel()
    wall = _wall(model)
    model.associate("beton", wall)
    model.associate(model.layers(("gevelsteen", 0.1), ("snelbouwsteen", 0.2)), wall)
    house = read_ifc(model.save(tmp_path))
    assert len(house.elements[0].portions) == 2
    assert house.findings.with_code("several-material-associations")


def test_no_material_is_a_portion_with_its_volume_and_no_mass(tmp_path: Path) -> None:
    model = TinyModel()
    _wall(model)
    house = read_ifc(model.save(tmp_path))
    (portion,) = house.elements[0].portions
    assert (portion.family, portion.volume_m3, portion.mass_kg) == ("unknown", 3.0, None)
    assert house.findings.with_code("element-without-material")
    assert house.elements[0].mass_kg is None


def test_a_metal_layer_as_thick_as_a_stud_is_a_frame_and_not_solid(tmp_path: Path) -> None:
    model = TinyModel()
    wall = model.element("IfcWall")
    model.quantities(wall, Area_NetSideArea=10.0)
    model.associate(
        model.layers(("Plasterboard", 0.0125), ("Metal - Stud Layer", 0.05), ("Plasterboard", 0.0125)), wall
    )
    house = read_ifc(model.save(tmp_path))
    studs = house.elements[0].portions[1]
    assert studs.material_id == "steel-stud-layer"
    assert studs.mass_kg is not None and studs.mass_kg / 10.0 < 5.0
    assert house.findings.with_code("frame-layer")


def test_a_density_of_the_model_is_used_when_it_is_believable(tmp_path: Path) -> None:
    model = TinyModel()
    material = model.associate("beton", _wall(model, 1.0))
    density = model.file.create_entity(
        "IfcPropertySingleValue",
        Name="MassDensity",
        NominalValue=model.file.create_entity("IfcMassDensityMeasure", 2500.0),
    )
    model.file.create_entity("IfcMaterialProperties", "Pset_MaterialCommon", None, [density], material)
    (portion,) = _portions(model, tmp_path)
    assert (portion.mass_kg, portion.density_origin) == (2500.0, "model")


def test_an_unbelievable_density_is_a_finding_and_the_library_is_used(tmp_path: Path) -> None:
    model = TinyModel()
    material = model.associate("beton", _wall(model, 1.0))
    density = model.file.create_entity(
        "IfcPropertySingleValue",
        Name="MassDensity",
        NominalValue=model.file.create_entity("IfcMassDensityMeasure", 2.4),
    )
    model.file.create_entity("IfcMaterialProperties", "Pset_MaterialCommon", None, [density], material)
    house = read_ifc(model.save(tmp_path))
    assert house.elements[0].portions[0].density_origin == "library"
    assert house.findings.with_code("density-differs")


def test_a_component_without_a_usual_density_has_a_volume_and_no_mass_and_says_so(tmp_path: Path) -> None:
    model = TinyModel()
    door = model.element("IfcDoor")
    model.associate("Door - Panel", door)
    model.quantities(door, Volume_NetVolume=0.05)
    house = read_ifc(model.save(tmp_path))
    assert house.elements[0].portions[0].mass_kg is None
    assert house.findings.with_code("density-unknown")


def test_a_door_leaf_of_solid_metal_is_hollow_and_its_mass_unknown(tmp_path: Path) -> None:
    model = TinyModel()
    door = model.element("IfcDoor", OverallWidth=0.9, OverallHeight=2.1)
    model.associate("Metal - Paint Finish", door)
    model.quantities(door, Volume_NetVolume=0.08)
    house = read_ifc(model.save(tmp_path))
    assert house.elements[0].portions[0].mass_kg is None
    assert house.findings.with_code("metal-drawn-full")


def test_a_thick_metal_column_is_hollow_and_a_rolled_section_is_not(tmp_path: Path) -> None:
    model = TinyModel()
    for name, volume in (("clad", 1.1), ("HEA 300", 0.0337)):
        column = model.element("IfcColumn", name)
        model.associate("staal S235", column)
        model.quantities(column, Volume_NetVolume=volume, Length_Length=3.0)
    clad, rolled = read_ifc(model.save(tmp_path)).elements
    assert clad.mass_kg is None
    assert rolled.mass_kg == pytest.approx(264.5, rel=0.01)


def test_fractions_are_read_as_weight_when_the_user_says_so_and_the_passport_keeps_it(tmp_path: Path) -> None:
    model = TinyModel()
    slab = model.element("IfcSlab")
    model.associate(model.constituents(("beton", 0.5), ("staal S235", 0.5)), slab)
    model.quantities(slab, Volume_NetVolume=1.0)
    path = model.save(tmp_path)
    by_volume, by_weight = read_ifc(path), read_ifc(path, fraction_by="weight")
    assert [p.volume_m3 for p in by_volume.elements[0].portions] == [0.5, 0.5]
    concrete, steel = by_weight.elements[0].portions
    assert concrete.mass_kg == pytest.approx(steel.mass_kg)
    assert (concrete.volume_m3 or 0) + (steel.volume_m3 or 0) == pytest.approx(1.0)
    assert (by_volume.provenance.fraction_by, by_weight.provenance.fraction_by) == ("volume", "weight")
