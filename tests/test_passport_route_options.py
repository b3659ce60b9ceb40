"""Every admissible route of a part, its gates, and what a survey changes."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from passport import Assessment, Passport, PassportError, assess, read_ifc
from passport.circularity.avoided import avoided_impact, new_material_kg_co2e
from passport.circularity.detachability import score_detachability
from passport.circularity.dismantling import plan_dismantling
from passport.circularity.route_kinds import ROUTE_KINDS, rank
from passport.circularity.route_options import (
    PartRoutes,
    mass_by_route,
    readiness,
    route_options,
)
from passport.circularity.survey import Survey, load_survey
from passport.circularity.takers import load_cards, shipped_cards

HOUSE = Path(__file__).resolve().parents[1] / "examples" / "models" / "flemish-house.ifc"


@cache
def house() -> Assessment:
    return assess(read_ifc(HOUSE))


def routes_of(
    passport: Passport, survey: Survey | None = None, year_built: int | None = None, **more: object
) -> dict[str, PartRoutes]:
    found = Survey() if survey is None else survey
    plan = plan_dismantling(passport, year_built=year_built, hazards=found.hazards())
    scores = score_detachability(passport, plan.graph, evidence=found.evidence())
    routes = route_options(passport, scores, survey=survey, year_built=year_built, **more)  # type: ignore[arg-type]
    return {each.unit_id: each for each in routes}


def surveyed(folder: Path, *lines: str) -> Survey:
    (folder / "survey.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return load_survey(folder / "survey.csv", house().passport)


def beam() -> str:
    return next(e.global_id for e in house().passport.elements if e.portions[0].family == "steel-structural")


def test_mass_over_routes_is_the_mass_of_the_passport_in_every_column() -> None:
    routes = routes_of(house().passport, year_built=1995)
    known = sum(
        p.mass_kg for e in house().passport.elements for p in e.portions if p.mass_kg and p.family != "air"
    )
    rows = mass_by_route(routes.values())
    for column in ("low_kg", "probable_kg", "high_kg"):
        assert sum(getattr(row, column) for row in rows) == pytest.approx(known)
    assert sum(row.parts for row in rows) == len(routes)


@pytest.mark.parametrize("year", [None, 1970, 2020])
def test_the_high_route_is_at_least_as_good_as_the_low_one(year: int | None) -> None:
    for each in routes_of(house().passport, year_built=year).values():
        if each.low != "unknown":
            assert rank(each.high) <= rank(each.low)
            assert each.probable == each.low


def test_every_blocker_is_a_gate_that_does_not_pass_of_a_better_route() -> None:
    blocked = [each for each in routes_of(house().passport).values() if each.blocker is not None]
    assert blocked
    for each in blocked:
        assert each.blocker is not None
        best = each.options[0]
        assert best.kind == each.blocked and rank(best.kind) < rank(each.probable)
        assert each.blocker in best.gates and each.blocker.verdict != "pass" and each.blocker.reason


def test_a_steel_beam_is_reused_only_when_everything_is_known_and_good(tmp_path: Path) -> None:
    before = routes_of(house().passport)[beam()]
    assert (before.high, before.probable) == ("reuse elsewhere", "open-loop recycling")
    facts = "global_id,connection,accessibility,intersections,edge,condition,hazard"
    found = surveyed(tmp_path, facts, f"{beam()},added elements,free,none,open,low,absent")
    after = routes_of(house().passport, found)[beam()]
    gates = {gate.name: gate.verdict for gate in after.options[0].gates}
    assert gates.pop("market") in ("pass", "unknown") and set(gates.values()) == {"pass"}
    welded = surveyed(tmp_path, "global_id,connection", f"{beam()},hard chemical")
    hard = routes_of(house().passport, welded)[beam()]
    assert hard.high != "reuse elsewhere" and hard.blocker is not None
    assert hard.blocker.name == "detachability" and hard.blocker.verdict == "fail"
    worn = surveyed(tmp_path, "global_id,condition", f"{beam()},high")
    assert routes_of(house().passport, worn)[beam()].high != "reuse elsewhere"


def test_bricks_in_lime_mortar_may_be_reused_and_those_in_cement_may_not(tmp_path: Path) -> None:
    brick = next(
        unit_id
        for unit_id, each in routes_of(house().passport).items()
        if each.proposal.family == "clay-brick"
    )
    global_id, _, layer = brick.partition("/")
    assert routes_of(house().passport)[brick].high == "reuse elsewhere"
    cement = surveyed(tmp_path, "global_id,layer,connection", f"{global_id},{layer},hard chemical")
    assert routes_of(house().passport, cement)[brick].high != "reuse elsewhere"


def test_a_hazard_that_is_present_leaves_one_route_and_its_starred_code(tmp_path: Path) -> None:
    part = next(
        unit_id for unit_id, each in routes_of(house().passport).items() if each.proposal.family == "pur-pir"
    )
    global_id, _, layer = part.partition("/")
    found = surveyed(tmp_path, "global_id,layer,hazard,hazard_text", f"{global_id},{layer},present,CFC")
    (option,) = routes_of(house().passport, found)[part].options
    assert option.kind == "hazardous treatment"
    assert routes_of(house().passport, found)[part].ewc == "17 06 03*"
    suspected = routes_of(house().passport, year_built=1990)[part]
    assert suspected.low == "hazardous treatment" and suspected.high != "hazardous treatment"
    assert suspected.ewc == "17 06 04" and suspected.ewc_if_hazardous == "17 06 03*"


def test_a_decision_of_a_person_wins_and_the_proposal_stays_visible(tmp_path: Path) -> None:
    before = routes_of(house().passport)[beam()]
    found = surveyed(
        tmp_path, "global_id,decision,by,date", f"{beam()},reuse elsewhere,An Peeters,2026-03-02"
    )
    after = routes_of(house().passport, found)[beam()]
    assert after.probable == after.low == after.high == "reuse elsewhere"
    assert after.decided_by == "An Peeters 2026-03-02"
    assert after.options == before.options and after.proposal == before.proposal


def test_reuse_may_avoid_the_product_stage_and_recycling_claims_nothing() -> None:
    per_kg = new_material_kg_co2e()
    routes = routes_of(house().passport, saved_per_kg=per_kg)
    steel = routes[beam()]
    assert steel.saved_low_kg_co2e == 0.0
    assert steel.saved_high_kg_co2e == pytest.approx(
        per_kg[steel.proposal.material_id or ""] * (steel.mass_kg or 0)
    )
    total = avoided_impact(routes.values())
    stage = (
        house().impact.total("GWP-fossil", "A1-A3").value + house().impact.total("GWP-luluc", "A1-A3").value
    )
    assert total.low_kg_co2e == 0.0 < total.high_kg_co2e < stage
    assert total.unknown_parts == sum(
        r.mass_kg is None or r.proposal.material_id not in per_kg for r in routes.values()
    )
    glued = next(each for each in routes.values() if each.high == "closed-loop recycling")
    assert glued.saved_high_kg_co2e == 0.0


@given(
    st.sampled_from(["hazard", "condition", "purity", "connection", "accessibility", "edge"]),
    st.integers(0, 400),
)
@settings(deadline=None, max_examples=25)
def test_a_good_fact_never_makes_a_route_worse_and_a_bad_one_never_better(fact: str, number: int) -> None:
    good = {"hazard": "absent", "condition": "none", "purity": "pure", "connection": "dry",
            "accessibility": "free", "edge": "open"}[fact]  # fmt: skip
    bad = {"hazard": "present", "condition": "high", "purity": "contaminated", "connection": "hard chemical",
           "accessibility": "not accessible", "edge": "closed"}[fact]  # fmt: skip
    before = routes_of(house().passport)
    unit_id = sorted(before)[number % len(before)]
    if before[unit_id].low == "unknown":
        return
    better = routes_of(house().passport, Survey({unit_id: {fact: good}}))[unit_id]
    worse = routes_of(house().passport, Survey({unit_id: {fact: bad}}))[unit_id]
    assert rank(better.low) <= rank(before[unit_id].low)
    assert rank(worse.high) >= rank(before[unit_id].high)


def test_a_takers_card_wins_over_the_shipped_one(tmp_path: Path) -> None:
    card = tmp_path / "cards.csv"
    card.write_text(
        "family_ids,route_kind,kind,text,source\n"
        "gypsum-board,closed-loop recycling,must,only our own boards,a producer\n",
        encoding="utf-8",
    )
    cards = load_cards(card)
    texts = [
        c.text for c in cards if "gypsum-board" in c.family_ids and c.route_kind == "closed-loop recycling"
    ]
    assert texts == ["only our own boards"] and len(cards) < len(shipped_cards())
    board = next(
        each for each in routes_of(house().passport, cards=cards).values()
        if each.proposal.family == "gypsum-board"
    )  # fmt: skip
    assert "only our own boards" in board.options[0].gates[1].reason


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("marzipan,landfill,must,x,y", "line 2, family_ids: 'marzipan' is no family"),
        ("gypsum-board,moon,must,x,y", "line 2, route_kind: 'moon' is no route"),
        ("gypsum-board,landfill,should,x,y", "line 2, kind: 'should'; use must, may or maynot"),
    ],
)
def test_a_fault_in_a_card_is_named(tmp_path: Path, row: str, message: str) -> None:
    (tmp_path / "cards.csv").write_text(f"family_ids,route_kind,kind,text,source\n{row}\n", encoding="utf-8")
    with pytest.raises(PassportError, match=message):
        load_cards(tmp_path / "cards.csv")


def test_rows_of_a_survey_that_cannot_be_used_are_findings_that_name_row_and_field(tmp_path: Path) -> None:
    head = "global_id,layer,length_m,ewc,connection,hazard,colour"
    rows = [
        "nowhere,,1,,,,",
        f"{beam()},9,1,,,,",
        f"{beam()},,-2,17 99 99,stapled,maybe,red",
        f"{beam()},,1.5,170405,dry,absent,",
        f"{beam()},,2.5,,added elements,,",
        ",,,,,,",
    ]
    found = surveyed(tmp_path, head, *rows)
    said = {(f.code, f.message.split(": ")[0].rsplit("survey.csv, ")[1]) for f in found.findings}
    assert said == {
        ("survey-column", "line 1, colour"),
        ("survey-unknown-element", "line 2, global_id"),
        ("survey-layer", "line 3, layer"),
        ("survey-number", "line 4, length_m"),
        ("survey-value", "line 4, ewc"),
        ("survey-value", "line 4, connection"),
        ("survey-value", "line 4, hazard"),
        ("survey-contradiction", "line 6, length_m"),
        ("survey-contradiction", "line 6, connection"),
    }
    assert found.facts[beam()] == {"ewc": "17 04 05", "connection": "dry", "hazard": "absent"}
    assert found.numbers[beam()] == {"length_m": 1.5}


def test_a_survey_gives_hazards_evidence_and_working_time(tmp_path: Path) -> None:
    head = "global_id;hazard;hazard_text;connection;fasteners;minutes_per_fastener;pieces;minutes_per_piece"
    found = surveyed(tmp_path, head, f"{beam()};present;lead paint;added elements;60;0,25;4;2")
    assert found.hazards() == {beam(): "present: lead paint"}
    assert found.evidence() == {beam(): {"connection": "added elements"}}
    assert found.minutes() == {beam(): 23.0}


def test_a_file_that_is_no_survey_is_refused_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(PassportError, match="there is no column global_id; columns are a, b"):
        surveyed(tmp_path, "a,b", "1,2")
    with pytest.raises(PassportError, match="cannot be read"):
        load_survey(tmp_path / "none.csv", house().passport)


def test_every_route_of_the_tables_is_a_kind_and_readiness_is_a_share() -> None:
    for each in routes_of(house().passport).values():
        assert all(option.kind in ROUTE_KINDS for option in each.options)
    share = readiness(routes_of(house().passport).values())
    assert share is not None and 0 <= share <= 1
