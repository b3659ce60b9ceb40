"""Bridges, roads and railways: what they are, what they are divided by, and what wears."""

from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from ifc_builders import TinyModel
from passport import Passport, assess, compare, read_ifc, run
from passport.civil_works import civil_work
from passport.cli import app
from passport.ifc.civil_kind import civil_kind
from passport.inventory import service_life_years
from reference.vocabulary import Stage


def facility(ifc_class: str, part_class: str, kind: str) -> TinyModel:
    """A model of IFC4X3 with a facility and one part of it instead of a building."""
    model = TinyModel("IFC4X3")
    for each in (*model.file.by_type("IfcRelAggregates"), model.storey, model.building):
        model.file.remove(each)
    whole = model.root(ifc_class, Name="Work")
    model.storey = model.root(part_class, Name="Part", PredefinedType=kind, UsageType="LONGITUDINAL")
    model.aggregate(model.project, whole)
    model.aggregate(whole, model.storey)
    return model


def bridge(folder: Path) -> Passport:
    model = facility("IfcBridge", "IfcBridgePart", "DECK")
    deck = model.element("IfcSlab", "slab 1")
    model.associate("C30/37", deck)
    model.quantities(deck, Volume_NetVolume=150.0, Area_NetArea=400.0)
    paved = model.element("IfcPavement", "surfacing")
    model.layers(("Asphalt surface layer", 0.04), ("Asphalt binder course", 0.06), usage=False)
    model.associate(
        model.layers(("Asphalt surface layer", 0.04), ("Asphalt binder course", 0.06), usage=False), paved
    )
    model.quantities(paved, Volume_NetVolume=40.0, Area_NetArea=400.0)
    return read_ifc(model.save(folder))


def test_a_bridge_of_ifc4x3_is_counted_per_m2_of_its_deck_over_a_hundred_years(tmp_path: Path) -> None:
    work = bridge(tmp_path)
    assert work.civil_kind == "bridge" and work.elements[0].facility_part == "DECK"
    result = run(work)
    assert result.assessment.study_period_years == 100.0
    civil = result.data.civil_work
    assert civil is not None and civil.quantity == 400.0 and civil.functional_unit == "m2 of deck"
    assert result.data.gwp_total is not None
    assert civil.gwp_total_per_unit == pytest.approx(result.data.gwp_total / 400)


def test_the_surfacing_is_replaced_and_the_structure_lasts(tmp_path: Path) -> None:
    result = assess(bridge(tmp_path))
    lives = {
        portion.material_id: service_life_years(element, portion)
        for element, portion in zip(result.rows.elements, result.rows.portions, strict=True)
    }
    assert lives == {"concrete-c30-37": 100.0, "asphalt": 15.0, "asphalt-binder": 30.0}
    b4 = result.impact.values[:, 0, result.impact.stages.index(Stage.B4)]
    of = {p.material_id: value for p, value in zip(result.rows.portions, b4.tolist(), strict=True)}
    assert of["concrete-c30-37"] == 0.0 and of["asphalt"] > of["asphalt-binder"] > 0.0


def test_no_residential_reference_is_offered_for_a_civil_work(tmp_path: Path) -> None:
    result = compare(assess(bridge(tmp_path)))
    assert not result.comparable
    assert result.reasons == ("The model is a civil work (bridge); the reference values are of dwellings.",)


def test_a_road_has_the_area_of_its_largest_course(tmp_path: Path) -> None:
    model = facility("IfcRoad", "IfcRoadPart", "CARRIAGEWAY")
    for name, area in (("base", 900.0), ("base", 100.0), ("surface", 950.0)):
        course = model.element("IfcCourse", name, PredefinedType="PAVEMENT")
        model.quantities(course, Volume_NetVolume=area / 10, Area_NetArea=area)
    found = civil_work(read_ifc(model.save(tmp_path)))
    assert found is not None
    assert (found.kind, found.quantity, found.study_period_years) == ("road", 1000.0, 60.0)


def test_a_track_is_half_as_long_as_its_rails(tmp_path: Path) -> None:
    model = facility("IfcRailway", "IfcRailwayPart", "TRACK")
    for k in range(2):
        rail = model.element("IfcRail", f"rail {k}", PredefinedType="RAIL")
        model.quantities(rail, Volume_NetVolume=0.9, Length_Length=120.0)
    found = civil_work(read_ifc(model.save(tmp_path)))
    assert found is not None and (found.kind, found.quantity) == ("railway", 120.0)


def test_a_quantity_that_the_model_does_not_show_is_not_guessed(tmp_path: Path) -> None:
    model = facility("IfcBridge", "IfcBridgePart", "PIER")
    model.element("IfcColumn", "pier")
    house = read_ifc(model.save(tmp_path))
    found = civil_work(house)
    assert found is not None and found.quantity is None and "state the quantity" in found.origin
    stated = civil_work(house, 12.0)
    assert stated is not None and (stated.quantity, stated.origin) == (12.0, "stated by the user")


@pytest.mark.parametrize(
    ("facts", "kind"),
    [
        ({"element_names": ["Landhoofd 1", "Vleugelmuur", "Randbalk"]}, None),
        ({"element_names": ["Landhoofd 1", "Vleugelmuur", "Overgangsplaat"]}, "bridge"),
        ({"element_names": ["Landhoofd"], "place_names": ["Brug over de Leie"]}, "bridge"),
        ({"place_names": ["Bridge Street School"], "element_names": ["Column", "Beam"]}, None),
        ({"element_names": ["Rijbaan", "Boordsteen", "Onderfundering"], "has_rooms": True}, None),
        ({"element_names": ["Rijbaan", "Boordsteen", "Onderfundering"]}, "road"),
        ({"element_names": ["Handrail", "Curtain rail", "Guide Rail"]}, None),
    ],
)
def test_an_older_model_is_a_civil_work_by_the_words_of_the_trade(
    facts: dict[str, Any], kind: str | None
) -> None:
    assert civil_kind([], **{"has_building": True, "has_rooms": False, **facts}) == kind


def test_the_command_says_the_functional_unit(tmp_path: Path) -> None:
    bridge(tmp_path)
    arguments = ["assess", str(tmp_path / "tiny.ifc"), "--out", str(tmp_path / "out"), "--quiet"]
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 0 and "400.0 m2 of deck" in done.output and "per m2" in done.output
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "Per functional unit (bridge)" in page
    stated = CliRunner().invoke(app, [*arguments, "--functional-quantity", "800"])
    assert "800.0 m2 of deck (stated by the user)" in stated.output.replace("\n", " ")
    assert CliRunner().invoke(app, [*arguments, "--functional-quantity", "-1"]).exit_code == 2
