"""Volume, use and dwelling type of the building, as far as the model says so."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ifc_builders import TinyModel
from passport.findings import FindingLog
from passport.ifc.building_use import BuildingTexts, Statement, building_use, read_building_texts
from passport.ifc.building_volume import StatedVolumes, building_volume, read_stated_volumes
from passport.ifc.floor_area import FloorAreaReader
from passport.ifc.relations import Relations
from passport.ifc.schema import Schema
from passport.ifc.slab_floors import ElementBox, slab_floors
from passport.ifc.spatial_quantities import SpatialQuantities
from passport.ifc.units import Units
from passport.models import BuildingUse, BuildingVolume, FloorArea, Passport
from reference.vocabulary import BuildingType

GROSS = FloorArea(value=160.0, origin="gross floor area of the building", gross=True)


def _box(ifc_class: str, step_id: int, low: float, high: float) -> ElementBox:
    """A box of 10 by 8 m between two heights."""
    return ElementBox(step_id, ifc_class, "", None, 80.0, (0.0, 0.0, low), (10.0, 8.0, high))


HOUSE = [
    _box("IfcSlab", 1, -0.2, 0.0),
    _box("IfcWall", 2, 0.0, 2.7),
    _box("IfcSlab", 3, 2.7, 3.0),
    _box("IfcWall", 4, 3.0, 5.8),
    _box("IfcRoof", 5, 5.8, 6.0),
]


def _codes(log: FindingLog) -> list[str]:
    return [f.code for f in log]


# -- volume ---------------------------------------------------------------------------------------------


def _read_volumes(model: TinyModel) -> StatedVolumes:
    log = FindingLog()
    schema = Schema(model.file.schema_identifier)
    relations, units = Relations(model.file, schema), Units(model.file, log)
    areas = FloorAreaReader(model.file, schema, relations, units, log)
    return read_stated_volumes(model.file, schema, SpatialQuantities(relations, units), areas)


@pytest.mark.parametrize("schema", ["IFC2X3", "IFC4", "IFC4X3"])
def test_volumes_of_building_storeys_and_spaces_are_read_in_m3(schema: str) -> None:
    model = TinyModel(schema, "mm")
    space = model.root("IfcSpace", Name="room")
    model.aggregate(model.storey, space)
    model.quantities(model.building, Volume_GrossVolume=500e9)
    model.quantities(model.storey, Volume_GrossVolume=490e9, Length_GrossHeight=3000.0)
    model.quantities(space, Volume_GrossVolume=400e9, Volume_NetVolume=390e9)
    assert _read_volumes(model) == StatedVolumes(
        building_m3=pytest.approx(500.0),
        storeys_m3=pytest.approx(490.0),
        spaces_gross_m3=pytest.approx(400.0),
        spaces_net_m3=pytest.approx(390.0),
        storey_heights_m=(pytest.approx(3.0),),
    )


def test_the_volume_of_the_building_comes_before_that_of_the_storeys() -> None:
    log = FindingLog()
    found = building_volume(StatedVolumes(building_m3=500.0, storeys_m3=490.0), GROSS, log)
    assert found == BuildingVolume(value_m3=500.0, origin="gross volume of the building")
    found = building_volume(StatedVolumes(storeys_m3=490.0), GROSS, log)
    assert found is not None and found.value_m3 == 490.0
    assert _codes(log) == []


def test_volumes_of_rooms_are_a_lower_bound_because_they_hold_no_walls() -> None:
    stated = StatedVolumes(spaces_gross_m3=400.0, spaces_net_m3=380.0)
    found = building_volume(stated, FloorArea(), FindingLog())
    assert found is not None
    assert (found.value_m3, found.lower_m3, found.upper_m3) == (None, 400.0, None)
    assert found.origin == "at least the gross volume of the spaces, which holds no walls and slabs"
    found = building_volume(StatedVolumes(spaces_net_m3=380.0), FloorArea(), FindingLog())
    assert found is not None and found.lower_m3 == 380.0


def test_gross_floor_area_times_the_height_between_slabs_stands_in() -> None:
    found = building_volume(
        StatedVolumes(),
        GROSS,
        FindingLog(),
        floors=slab_floors(HOUSE),
        boxes=HOUSE,
        storey_elevations_m=(0, 9),
    )
    assert found is not None
    assert found.value_m3 == pytest.approx(160.0 * (3.0 + 2.8) / 2)
    assert found.upper_m3 == pytest.approx(10 * 8 * 6.2)
    assert "2.90 m, the mean height between the slabs" in found.origin


def test_without_slabs_the_elevations_of_the_storeys_give_the_height_and_foundations_do_not() -> None:
    found = building_volume(StatedVolumes(), GROSS, FindingLog(), storey_elevations_m=(3.0, -1.2, 0.0, 6.2))
    assert found is not None and found.value_m3 == pytest.approx(160.0 * 3.1)


def test_a_net_floor_area_is_not_multiplied() -> None:
    net = FloorArea(value=130.0, origin="net floor area of 8 spaces", gross=False)
    assert building_volume(StatedVolumes(), net, FindingLog(), storey_elevations_m=(0, 3)) is None


def test_nothing_known_is_none_and_not_zero() -> None:
    assert building_volume(StatedVolumes(), FloorArea(), FindingLog()) is None


def test_a_box_around_slabs_alone_bounds_nothing() -> None:
    slabs = [b for b in HOUSE if b.ifc_class == "IfcSlab"]
    assert building_volume(StatedVolumes(), FloorArea(), FindingLog(), boxes=slabs) is None


def test_a_volume_a_thousand_times_too_large_is_not_used() -> None:
    log = FindingLog()
    found = building_volume(StatedVolumes(building_m3=480e3, spaces_gross_m3=400e3), GROSS, log, boxes=HOUSE)
    assert found is not None
    assert (found.value_m3, found.lower_m3) == (None, None)
    assert _codes(log) == ["building-volume-implausible"] * 2


def test_a_volume_below_that_of_the_spaces_is_not_used() -> None:
    log = FindingLog()
    found = building_volume(StatedVolumes(building_m3=300.0, spaces_net_m3=400.0), FloorArea(), log)
    assert found is not None
    assert (found.value_m3, found.lower_m3) == (None, 400.0)
    assert _codes(log) == ["building-volume-implausible"]


@pytest.mark.parametrize(
    ("volume", "above"),
    [
        (BuildingVolume(value_m3=1001.0), True),
        (BuildingVolume(value_m3=1000.0), False),
        (BuildingVolume(lower_m3=1001.0), True),
        (BuildingVolume(upper_m3=999.0), False),
        (BuildingVolume(lower_m3=900.0, upper_m3=1300.0), None),
        (BuildingVolume(), None),
    ],
)
def test_a_threshold_is_passed_not_passed_or_not_known(volume: BuildingVolume, above: bool | None) -> None:
    assert volume.above(1000.0) is above


# -- use and dwelling type ------------------------------------------------------------------------------


def _use(
    *texts: str, spaces: tuple[str, ...] = (), zones: tuple[str, ...] = (), rank: int = 0
) -> BuildingUse:
    statements = tuple(Statement(rank, "OccupancyType", t) for t in texts)
    return building_use(BuildingTexts(statements, None, tuple((z, "") for z in zones), spaces), FindingLog())


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Detached house", BuildingType.DETACHED),
        ("Vrijstaande woning", BuildingType.DETACHED),
        ("open bebouwing", BuildingType.DETACHED),
        ("maison 4 façades", BuildingType.DETACHED),
        ("freistehendes Einfamilienhaus", BuildingType.DETACHED),
        ("Semi-detached", BuildingType.SEMI_DETACHED),
        ("halfopen bebouwing", BuildingType.SEMI_DETACHED),
        ("Twee-onder-een-kapwoning", BuildingType.SEMI_DETACHED),
        ("maison jumelée", BuildingType.SEMI_DETACHED),
        ("Doppelhaushälfte", BuildingType.SEMI_DETACHED),
        ("rijwoning", BuildingType.TERRACED),
        ("Reihenhaus", BuildingType.TERRACED),
        ("Maison mitoyenne", BuildingType.TERRACED),
        ("Appartementsgebouw", BuildingType.APARTMENT),
        ("immeuble à appartements", BuildingType.APARTMENT),
        ("Mehrfamilienhaus", BuildingType.APARTMENT),
    ],
)
def test_the_dwelling_type_is_read_where_it_is_said(text: str, kind: BuildingType) -> None:
    found = _use(text)
    assert (found.use, found.dwelling_type) == ("residential", kind)
    assert found.evidence == (f"OccupancyType: {text}",)


@pytest.mark.parametrize(
    "text", ["Residential", "citygml:1000 (residential building)", "Woonhuis", "Wohnhaus", "logements"]
)
def test_a_residential_building_has_no_type_unless_it_is_said(text: str) -> None:
    found = _use(text)
    assert (found.use, found.dwelling_type, found.dwellings) == ("residential", None, None)


@pytest.mark.parametrize(
    "text",
    [
        "Office",
        "Kantoorgebouw",
        "Bürogebäude",
        "École primaire",
        "non-residential",
        "Nichtwohngebäude",
        "Warehouse 3",
    ],
)
def test_other_buildings_are_not_residential(text: str) -> None:
    assert _use(text).use == "non-residential"


def test_one_single_family_house_is_one_dwelling_of_no_stated_type() -> None:
    found = _use("Eengezinswoning")
    assert (found.use, found.dwellings, found.dwelling_type) == ("residential", 1, None)


def test_two_uses_of_the_same_standing_make_it_mixed() -> None:
    assert _use("Office", "Residential").use == "mixed"
    assert _use("Wohn- und Geschäftshaus").use == "mixed"


@pytest.mark.parametrize(
    "zones",
    [
        ("Apartment 1", "Apartment 2", "Apartment 2 heating", "Apartment corridor"),
        ("Woning A", "Woning B"),
        ("Wohnung 1.OG", "Wohnung 2.OG"),
        ("Logement n1", "Logement n2", "Ventilation north"),
    ],
)
def test_zones_named_as_dwellings_are_counted_once_each(zones: tuple[str, ...]) -> None:
    found = _use(zones=zones)
    assert (found.use, found.dwellings) == ("residential", 2)


def test_zones_called_apartments_make_the_type_and_dwellings_do_not() -> None:
    assert _use(zones=("Apartment 1", "Flat 2")).dwelling_type is BuildingType.APARTMENT
    assert _use(zones=("Woning 1", "Woning 2")).dwelling_type is None


@pytest.mark.parametrize(
    "spaces",
    [
        ("Kitchen", "Bathroom 1", "Bedroom 1"),
        ("Keuken", "Badkamer", "Slaapkamer 2", "Bureau"),
        ("Cuisine", "Salle de bains", "Chambre"),
        ("Küche", "Bad", "Schlafzimmer", "Büro"),
        ("KUECHE", "Bad", "Kinderzimmer"),
    ],
)
def test_rooms_of_a_dwelling_make_it_residential_and_the_kitchens_count(spaces: tuple[str, ...]) -> None:
    found = _use(spaces=(*spaces, *spaces))
    assert (found.use, found.dwellings, found.dwelling_type) == ("residential", 2, None)
    assert "2 kitchen(s)" in found.evidence


def test_offices_without_bedrooms_are_not_residential() -> None:
    found = _use(spaces=("Office 1", "Office 2", "Meeting room", "Kitchenette"))
    assert (found.use, found.dwellings) == ("non-residential", None)


@pytest.mark.parametrize("spaces", [(), ("Room 1", "Room 2"), ("Kitchen",), ("Office",)])
def test_too_little_said_is_unknown(spaces: tuple[str, ...]) -> None:
    assert _use("// PROJECT //", spaces=spaces) == BuildingUse()


def test_a_stated_use_that_its_rooms_contradict_is_a_finding_and_stays() -> None:
    log = FindingLog()
    texts = BuildingTexts((Statement(0, "OccupancyType", "Office"),), None, (), ("Kitchen", "Bedroom"))
    assert building_use(texts, log).use == "non-residential"
    assert _codes(log) == ["building-use-contradicts"]


def test_a_property_comes_before_a_name() -> None:
    said = (Statement(2, "name", "Old school"), Statement(0, "OccupancyType", "Apartment building"))
    assert building_use(BuildingTexts(said), FindingLog()).dwelling_type is BuildingType.APARTMENT


@pytest.mark.parametrize("schema", ["IFC2X3", "IFC4", "IFC4X3"])
def test_texts_are_collected_in_every_schema(schema: str) -> None:
    model = TinyModel(schema)
    model.building.ObjectType, model.building.LongName = "Woonhuis", "Huis A"
    model.properties(
        model.building,
        "Pset_BuildingCommon",
        OccupancyType=("IfcLabel", "Rijwoning"),
        Aantal_woningen=("IfcInteger", 2),
    )
    code = {"ItemReference" if schema == "IFC2X3" else "Identification": "E-AAA"}
    reference = model.file.create_entity("IfcClassificationReference", Name="Single-family house", **code)
    model.root(
        "IfcRelAssociatesClassification", RelatedObjects=[model.building], RelatingClassification=reference
    )
    model.root("IfcZone", Name="Woning 1", ObjectType="Woning")
    model.aggregate(model.storey, model.root("IfcSpace", Name="0.1", LongName="Keuken"))
    log = FindingLog()
    ifc = Schema(model.file.schema_identifier)
    texts = read_building_texts(model.file, ifc, Relations(model.file, ifc))
    assert [(s.rank, s.text) for s in texts.statements] == [
        (0, "Rijwoning"),
        (0, "Single-family house"),
        (1, "Woonhuis"),
        (2, "House"),
        (2, "Huis A"),
    ]
    assert texts.dwellings == (2, "Aantal woningen")
    assert (texts.zones, texts.spaces) == ((("Woning 1", "Woning"),), ("Keuken",))
    found = building_use(texts, log)
    assert (found.use, found.dwelling_type, found.dwellings) == ("residential", BuildingType.TERRACED, 2)


@pytest.mark.parametrize("schema", ["IFC4", "IFC4X3"])
def test_a_spatial_zone_tells_the_use_by_its_object_type(schema: str) -> None:
    model = TinyModel(schema)
    model.building.Name = "B1"
    model.root("IfcSpatialZone", Name="north", ObjectType="Office", PredefinedType="OCCUPANCY")
    ifc = Schema(model.file.schema_identifier)
    texts = read_building_texts(model.file, ifc, Relations(model.file, ifc))
    assert building_use(texts, FindingLog()).use == "non-residential"


def test_a_passport_saved_before_these_facts_still_loads() -> None:
    old = {
        "model": {"file": "a", "sha256": "0", "schema": "IFC4", "schema_in_file": "IFC4", "application": "x"},
        "provenance": {
            "building_passport": "0",
            "ifcopenshell": "0",
            "geometry": "auto",
            "material_library": "0",
        },
        "floor_area_m2": {"value": 100.0, "origin": "user"},
    }
    house = Passport.model_validate(old)
    assert (house.building_volume_m3, house.building_use.use) == (None, "unknown")
    assert house.floor_area_m2.gross is None


@given(st.lists(st.text(max_size=30), max_size=5), st.lists(st.text(max_size=30), max_size=5))
def test_no_text_raises(names: list[str], others: list[str]) -> None:
    found = _use(*names, spaces=tuple(others), zones=tuple(names))
    assert found.dwellings is None or found.dwellings > 0


def test_the_use_of_a_real_house_is_read_from_its_occupancy(shared: Path) -> None:
    import ifcopenshell

    file = ifcopenshell.open(str(shared / "ifc" / "fzk-haus-ac20.ifc"))
    ifc = Schema(file.schema_identifier)
    found = building_use(read_building_texts(file, ifc, Relations(file, ifc)), FindingLog())
    assert (found.use, found.dwellings, found.dwelling_type) == ("residential", 1, None)
