"""The material library."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

import reference
from reference.families import LANGUAGES
from reference.models import Material
from reference.vocabulary import Indicator, Stage

LIBRARY = reference.load_materials()
MATERIALS = tuple(LIBRARY.values())


def gwp(material_id: str, indicator: Indicator = Indicator.GWP_FOSSIL) -> float:
    table = reference.load_factors()
    i, s = table.position(indicator, Stage.A1_A3)
    return float(table.values[table.index_of([material_id])[0], i, s])


def test_library_has_more_than_200_materials_over_all_families() -> None:
    assert len(LIBRARY) >= 200
    assert set(LIBRARY.families) == set(reference.load_families())


def test_every_family_has_a_default_with_its_own_id() -> None:
    for family in reference.load_families():
        assert LIBRARY.default_for(family).material_id == family
        assert LIBRARY.by_family(family)[0].material_id == family


def test_library_is_a_mapping() -> None:
    assert "concrete" in LIBRARY and "no such thing" not in LIBRARY
    assert len(list(LIBRARY)) == len(LIBRARY)
    assert LIBRARY.get("no such thing") is None
    assert LIBRARY["concrete"].material_id == "concrete"
    assert reference.load_materials() is LIBRARY


def test_unknown_material_is_named_with_similar_ids() -> None:
    with pytest.raises(reference.UnknownMaterialError) as caught:
        LIBRARY["minral-wool"]
    assert caught.value.material_ids == ("minral-wool",)
    assert "mineral-wool" in caught.value.candidates
    assert "mineral-wool" in str(caught.value)


def test_unknown_family_is_named_with_similar_ones() -> None:
    with pytest.raises(reference.UnknownMaterialError) as caught:
        LIBRARY.default_for("clay-bricks")
    assert "clay-brick" in caught.value.candidates


def test_names_exist_in_four_languages() -> None:
    for item in MATERIALS:
        assert set(item.names) == set(LANGUAGES)
        assert all(name == name.strip() != "" for name in item.names.values())


def test_no_synonym_belongs_to_two_materials() -> None:
    owner: dict[str, str] = {}
    for item in MATERIALS:
        for alias in item.aliases:
            assert alias == alias.strip() != ""
            assert owner.setdefault(alias.casefold(), item.material_id) == item.material_id, alias


@pytest.mark.parametrize("item", MATERIALS, ids=lambda item: item.material_id)
def test_material_is_consistent_with_the_other_tables(item: Material) -> None:
    lives = reference.load_service_lives()[item.service_life_application]
    assert lives.min_years <= item.service_life_years <= lives.max_years
    assert item.a4_class in reference.load_transport_classes()
    assert item.waste_category is None or item.waste_category in reference.load_end_of_life()
    for code in filter(None, (item.ewc, item.hazard_ewc)):
        assert reference.waste_code(code).ewc == code
    assert item.hazard_ewc is None or item.hazard_ewc.endswith("*")
    assert (item.dataset_uuid in reference.load_datasets()) == (item.factor_rule == "dataset")
    if item.incineration_process is not None:
        assert item.incineration_process in reference.load_processes().ids


@pytest.mark.parametrize("item", MATERIALS, ids=lambda item: item.material_id)
def test_density_lies_in_its_range_and_is_plausible(item: Material) -> None:
    if item.density_kg_m3 is None:
        assert item.density_low is None and item.density_high is None
        return
    assert item.density_low is not None and item.density_high is not None
    assert item.density_low <= item.density_kg_m3 <= item.density_high
    lightest = 1.0 if item.family == "air" else 8.0
    assert lightest <= item.density_kg_m3 <= 11400.0


@pytest.mark.parametrize(
    ("family", "low", "high"),
    [
        ("concrete", 2000, 2500),
        ("clay-brick", 1500, 2200),
        ("steel-structural", 7800, 7900),
        ("timber-softwood", 350, 700),
        ("timber-hardwood", 600, 900),
        ("mineral-wool", 10, 260),
        ("eps", 10, 30),
        ("xps", 25, 45),
        ("gypsum-board", 600, 1100),
        ("bitumen-membrane", 900, 1300),
        ("aluminium", 400, 2800),
        ("ceramic-tile", 1800, 2400),
    ],
)
def test_densities_of_a_family_stay_in_its_usual_range(family: str, low: float, high: float) -> None:
    for item in LIBRARY.by_family(family):
        if (item.density_note or "").startswith("bulk density of the layer"):
            continue  # a frame with voids that a model draws full
        assert item.density_kg_m3 is not None
        assert low <= item.density_kg_m3 <= high, item.material_id


def test_only_things_without_a_usual_density_lack_one() -> None:
    families = {item.family for item in MATERIALS if item.density_kg_m3 is None}
    assert families <= {"component-door-window", "equipment", "plastic-other"}


@pytest.mark.parametrize(
    ("material_id", "low", "high"),
    [
        ("concrete", 0.08, 0.15),
        ("concrete-reinforced", 0.1, 0.2),
        ("steel-structural", 1.0, 3.0),
        ("steel-reinforcement", 0.4, 3.0),
        ("aluminium", 6.0, 12.0),
        ("clay-brick", 0.2, 0.35),
        ("gypsum-board", 0.15, 0.3),
        ("eps", 2.5, 4.0),
        ("xps", 2.5, 4.0),
        ("pur-pir", 2.5, 6.0),
        ("mineral-wool", 1.0, 2.0),
        ("glass-flat", 1.0, 1.5),
        ("timber-softwood", 0.1, 0.5),
        ("timber-clt", 0.1, 0.5),
        ("bulk-mineral", 0.001, 0.02),
    ],
)
def test_fossil_climate_impact_per_kg_is_plausible(material_id: str, low: float, high: float) -> None:
    assert low <= gwp(material_id) <= high


@pytest.mark.parametrize("family", ["timber-softwood", "timber-hardwood", "timber-glulam", "timber-clt"])
def test_wood_takes_up_between_1_4_and_1_9_kg_co2_per_kg(family: str) -> None:
    for item in LIBRARY.by_family(family):
        assert -1.9 <= gwp(item.material_id, Indicator.GWP_BIOGENIC) <= -1.4


def test_stand_ins_say_what_they_are() -> None:
    stand_ins = [item for item in MATERIALS if item.stand_in]
    assert stand_ins
    for item in stand_ins:
        assert item.stand_in_note and item.quality_penalty in (1, 2)
    assert LIBRARY["clay-block"].stand_in
    assert not LIBRARY["concrete-c30-37"].stand_in


@pytest.mark.parametrize(
    ("material_id", "years"),
    [
        ("clay-brick", 60),
        ("gypsum-plaster", 40),
        ("gypsum-board", 30),
        ("pvc-window-frame", 40),
        ("glass-insulating", 30),
        ("bitumen-membrane", 30),
        ("clay-roof-tile", 60),
        ("paint", 10),
        ("carpet", 15),
        ("ceramic-tile", 60),
        ("concrete", 60),
    ],
)
def test_service_lives_are_those_of_the_usual_application(material_id: str, years: float) -> None:
    assert LIBRARY[material_id].service_life_years == years


def test_polystyrene_and_carpet_have_their_own_incineration() -> None:
    for material_id, process in {
        "eps": "incineration-polystyrene",
        "xps": "incineration-polystyrene",
        "pir-board": "incineration-plastics",
        "carpet": "incineration-carpet",
        "timber-softwood": "incineration-wood",
        "mineral-wool": None,
    }.items():
        rule = reference.end_of_life_of(LIBRARY[material_id])
        assert rule is not None and rule.incineration_process == process
    assert reference.end_of_life_of(LIBRARY["component-door-window"]) is None


def test_hazard_code_is_of_the_chapter_of_the_waste_code_or_asbestos_or_mixed() -> None:
    for item in MATERIALS:
        if item.ewc and item.hazard_ewc and item.hazard_ewc != "17 06 05*":
            assert item.ewc[:5] == item.hazard_ewc[:5], item.material_id


def test_air_has_no_impact_and_no_waste() -> None:
    assert gwp("air") == 0.0
    assert LIBRARY["air"].waste_category == "No impact end-of-life"


def test_record_is_frozen_and_takes_no_other_field() -> None:
    item = LIBRARY["concrete"]
    with pytest.raises(ValidationError, match="frozen"):
        item.family = "steel-structural"
    with pytest.raises(ValidationError, match="colour"):
        Material.model_validate(item.model_dump() | {"colour": "grey"})


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"density_low": 2500.0}, "density_low"),
        ({"dataset_uuid": None}, "factor_rule"),
        ({"stand_in": True}, "stand_in"),
        ({"density_kg_m3": -1.0}, "density_kg_m3"),
        ({"service_life_years": 0.0}, "service_life_years"),
    ],
)
def test_contradicting_record_is_refused(change: dict[str, object], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        Material.model_validate(LIBRARY["concrete-c30-37"].model_dump() | change)
