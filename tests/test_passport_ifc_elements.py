"""Nothing physical disappears, and nothing is counted twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from ifc_builders import TinyModel
from passport import read_ifc


def _whole_with_parts(whole_material: str | None, part_material: str | None) -> TinyModel:
    model = TinyModel()
    wall = model.element("IfcWall", "whole")
    model.quantities(wall, Volume_NetVolume=3.0)
    model.box(wall, 5, 0.2, 3)
    parts = [model.root("IfcBuildingElementPart", Name=f"part {i}") for i in (1, 2)]
    for part in parts:
        model.quantities(part, Volume_NetVolume=1.5)
    model.aggregate(wall, *parts)
    if whole_material:
        model.associate(whole_material, wall)
    if part_material:
        model.associate(part_material, *parts)
    return model


def test_parts_with_materials_count_and_the_whole_is_left_out(tmp_path: Path) -> None:
    house = read_ifc(_whole_with_parts(None, "beton").save(tmp_path))
    assert [e.name for e in house.elements] == ["part 1", "part 2"]
    assert [(e.name, e.reason) for e in house.left_out] == [("whole", "assembly: its parts are counted")]
    assert house.elements[0].storey == "Ground floor"


def test_a_whole_with_the_material_counts_once_without_its_bare_parts(tmp_path: Path) -> None:
    house = read_ifc(_whole_with_parts("beton", None).save(tmp_path))
    assert [e.name for e in house.elements] == ["whole"]
    assert sum(e.volume_m3 or 0 for e in house.elements) == 3.0
    assert len(house.left_out) == 2


def test_materials_on_both_are_a_finding_and_the_parts_win(tmp_path: Path) -> None:
    house = read_ifc(_whole_with_parts("beton", "beton").save(tmp_path))
    assert [e.name for e in house.elements] == ["part 1", "part 2"]
    assert house.findings.with_code("whole-and-parts-have-material")


def test_a_roof_without_a_body_gives_its_material_to_its_slabs(tmp_path: Path) -> None:
    model = TinyModel()
    roof = model.element("IfcRoof", "roof")
    slab = model.root("IfcSlab", Name="slope")
    model.quantities(slab, Volume_NetVolume=2.0)
    model.aggregate(roof, slab)
    model.associate("dakpannen", roof)
    house = read_ifc(model.save(tmp_path))
    assert [(e.name, e.portions[0].family) for e in house.elements] == [("slope", "clay-roof-tile")]


def test_a_nested_assembly_is_the_sum_of_its_leaves(tmp_path: Path) -> None:
    model = TinyModel()
    outer = model.element("IfcElementAssembly", "truss")
    inner = model.root("IfcElementAssembly", Name="half truss")
    members = [model.root("IfcMember", Name=f"member {i}") for i in range(3)]
    for member in members:
        model.quantities(member, Volume_NetVolume=0.1)
    model.associate("staal S235", *members)
    model.aggregate(outer, inner, members[0])
    model.aggregate(inner, *members[1:])
    house = read_ifc(model.save(tmp_path))
    assert sum(e.volume_m3 or 0 for e in house.elements) == pytest.approx(0.3)
    assert {e.name for e in house.left_out} == {"truss", "half truss"}


def test_a_cycle_of_parts_ends_with_a_finding_and_each_is_counted_on_its_own(tmp_path: Path) -> None:
    model = TinyModel()
    one, two = model.element("IfcWall", "one"), model.element("IfcWall", "two")
    for wall in (one, two):
        model.quantities(wall, Volume_NetVolume=1.0)
    model.aggregate(one, two)
    model.aggregate(two, one)
    house = read_ifc(model.save(tmp_path))
    assert {e.name for e in house.elements} == {"one", "two"}
    assert house.findings.with_code("cyclic-aggregate")


def test_openings_spaces_and_virtual_elements_are_no_matter_but_are_mentioned(tmp_path: Path) -> None:
    model = TinyModel()
    wall = model.element("IfcWall")
    model.box(wall, 4, 0.2, 3)
    model.opening(wall, 1, 0.2, 1, at=(1, 0, 1))
    model.aggregate(model.storey, model.root("IfcSpace", Name="room"))
    model.element("IfcVirtualElement")
    house = read_ifc(model.save(tmp_path))
    assert [e.ifc_class for e in house.elements] == ["IfcWall"]
    assert not house.left_out
    counts = house.provenance.not_physical
    assert (counts["IfcOpeningElement"], counts["IfcSpace"], counts["IfcVirtualElement"]) == (1, 1, 1)


def test_a_proxy_counts_and_is_a_finding(tmp_path: Path) -> None:
    model = TinyModel()
    model.quantities(model.element("IfcBuildingElementProxy"), Volume_NetVolume=1.0)
    house = read_ifc(model.save(tmp_path))
    assert len(house.elements) == 1
    assert house.findings.with_code("proxy")


def test_duplicate_global_ids_are_both_counted_and_reported(tmp_path: Path) -> None:
    model = TinyModel()
    same = model.element("IfcWall", "first").GlobalId
    model.element("IfcWall", "second").GlobalId = same
    house = read_ifc(model.save(tmp_path))
    assert len(house.elements) == 2
    assert house.findings.with_code("duplicate-global-id")


def test_terrain_is_left_out_with_the_reason(tmp_path: Path) -> None:
    model = TinyModel()
    model.element("IfcGeographicElement", "garden")
    house = read_ifc(model.save(tmp_path))
    assert [e.reason for e in house.left_out] == ["terrain or vegetation: not a part of the building"]


def test_services_and_furniture_are_counted(tmp_path: Path) -> None:
    model = TinyModel()
    for ifc_class in ("IfcPipeSegment", "IfcSanitaryTerminal", "IfcFurniture", "IfcDuctFitting"):
        model.element(ifc_class)
    house = read_ifc(model.save(tmp_path))
    assert len(house.elements) == 4
    assert len(house.findings.with_code("element-without-quantity")) == 4


def test_status_comes_from_the_common_property_set(tmp_path: Path) -> None:
    model = TinyModel()
    wall = model.element("IfcWall")
    model.properties(
        wall, "Pset_WallCommon", Status=("IfcLabel", "DEMOLISH"), IsExternal=("IfcBoolean", True)
    )
    element = read_ifc(model.save(tmp_path)).elements[0]
    assert (element.status, element.is_external) == ("demolish", True)


def test_hostile_names_survive_as_text(tmp_path: Path) -> None:
    model = TinyModel()
    name = "</script>=1+1 é ß ñ Стена [bold]"
    wall = model.element("IfcWall", name)
    model.quantities(wall, None, Volume_NetVolume=1.0)
    assert read_ifc(model.save(tmp_path)).elements[0].name == name


def test_an_empty_model_says_that_it_holds_nothing_physical(tmp_path: Path) -> None:
    house = read_ifc(TinyModel().save(tmp_path))
    assert house.findings.with_code("no-physical-elements")


def test_the_predefined_type_comes_from_the_type_where_the_occurrence_has_none(tmp_path: Path) -> None:
    model = TinyModel()
    model.type_of(model.element("IfcSlab"), "IfcSlabType", PredefinedType="ROOF")
    assert read_ifc(model.save(tmp_path)).elements[0].predefined_type == "ROOF"


@pytest.mark.parametrize("schema", ["IFC2X3", "IFC4", "IFC4X3"])
def test_every_class_of_element_of_a_schema_is_counted_or_left_out(tmp_path: Path, schema: str) -> None:
    from ifcopenshell import ifcopenshell_wrapper

    model = TinyModel(schema)
    declared = ifcopenshell_wrapper.schema_by_name(model.file.schema_identifier)

    def concrete(name: str) -> list[str]:
        entity = declared.declaration_by_name(name).as_entity()
        below = [c for sub in entity.subtypes() for c in concrete(sub.name())]
        return below if entity.is_abstract() else [name, *below]

    classes = concrete("IfcElement") + ([] if schema == "IFC4X3" else ["IfcProxy"])
    for ifc_class in classes:
        element = model.element(ifc_class)
        model.quantities(element, Volume_NetVolume=1.0)
        model.associate("beton", element)
    house = read_ifc(model.save(tmp_path))
    seen = {e.ifc_class for e in house.elements} | {e.ifc_class for e in house.left_out}
    assert set(classes) == seen | (set(house.provenance.not_physical) & set(classes))
    assert len(classes) > 50
    assert all(e.mass_kg is not None for e in house.elements)


@pytest.mark.parametrize("schema", ["IFC2X3", "IFC4", "IFC4X3"])
def test_storeys_are_found_through_space_part_and_opening_or_stay_unknown(
    tmp_path: Path, schema: str
) -> None:
    model = TinyModel(schema)
    space = model.root("IfcSpace", Name="room")
    model.aggregate(model.storey, space)
    model.element("IfcWall", "in storey")
    for name, structure in (("in space", space), ("in building", model.building)):
        element = model.root("IfcWall", Name=name)
        model.root(
            "IfcRelContainedInSpatialStructure", RelatedElements=[element], RelatingStructure=structure
        )
    host = model.element("IfcWall", "host")
    model.box(host, 4, 0.2, 3)
    opening = model.opening(host, 1, 0.2, 1, at=(1, 0, 1))
    window = model.root("IfcWindow", Name="fills")
    model.root("IfcRelFillsElement", RelatingOpeningElement=opening, RelatedBuildingElement=window)
    model.root("IfcWall", Name="nowhere")
    house = read_ifc(model.save(tmp_path), geometry="never")
    storeys = {e.name: e.storey for e in house.elements}
    ground = "Ground floor"
    assert storeys == {
        "in storey": ground,
        "in space": ground,
        "in building": None,
        "host": ground,
        "fills": ground,
        "nowhere": None,
    }


def test_a_projection_is_matter_of_its_host_and_left_out_with_that_reason(tmp_path: Path) -> None:
    model = TinyModel()
    wall = model.element("IfcWall")
    corbel = model.root("IfcProjectionElement", Name="corbel")
    model.root("IfcRelProjectsElement", RelatingElement=wall, RelatedFeatureElement=corbel)
    house = read_ifc(model.save(tmp_path))
    assert [e.ifc_class for e in house.elements] == ["IfcWall"]
    assert [(e.name, e.reason.split(":")[0]) for e in house.left_out] == [("corbel", "projection")]
