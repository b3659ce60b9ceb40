"""Scores are shares of right answers, and typing errors, places and phrases are read as they are meant."""

from __future__ import annotations

from itertools import product

import pytest

from passport.matching import Matcher, MaterialQuery
from passport.matching.calibration import calibrated, load_calibration
from passport.matching.fuzzy import FuzzyIndex
from passport.matching.index import TermIndex
from passport.matching.normalise import tokens
from reference import load_materials
from reference.match_terms import load_match_terms

MATCHER = Matcher()


def test_scores_rise_with_weight_and_lead() -> None:
    grid = [(weight, lead) for weight in (0, 20, 34, 50, 70) for lead in (0, 3, 8, 100)]
    for (weight, lead), (other, wide) in product(grid, grid):
        if weight <= other and lead <= wide:
            assert calibrated("term", weight, lead) <= calibrated("term", other, wide)


def test_every_score_has_a_source_and_counts_or_is_called_an_estimate() -> None:
    for step, rows in load_calibration().items():
        for row in rows:
            assert row.step == step and 0 < row.score < 1 and row.right <= row.count
            assert row.count > 0 or row.source.startswith("estimate")


def test_unknown_steps_and_cells_still_have_a_score() -> None:
    assert calibrated("never heard of") == 0.5
    assert 0 < calibrated("code", -1.0, -1.0) < 1


def test_explain_tells_weight_and_lead_of_the_answer() -> None:
    told = MATCHER.explain(MaterialQuery("Snelbouw 14"))
    assert told is not None and told[0] == "named" and told[3] == "clay-block"
    assert MATCHER.explain(MaterialQuery("Default Wall")) is None
    named = MATCHER.explain(MaterialQuery("glass wool"))
    assert named is not None and named[3] == "mineral-wool"


@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("Stahlbetton 20", "concrete-reinforced"),
        ("Kalksandsten", "sand-lime-brick"),
        ("aluminuim laqué", "aluminium"),
        ("polystirène extrudé", "xps"),
        ("Snelbouwmetslewerk", "clay-block"),
    ],
)
def test_slips_are_put_right_before_words_are_weighed(name: str, family: str) -> None:
    assert MATCHER.match(name).family == family


@pytest.mark.parametrize("name", ["Massing", "Lijnen", "Linteau", "Parking", "Matrial 3", "Projet X"])
def test_common_words_are_not_taken_for_mistyped_materials(name: str) -> None:
    assert MATCHER.match(name).family == "unknown"


def test_a_slip_between_two_meanings_is_left_alone() -> None:
    words = {
        term.term: term for term in load_match_terms() if term.term in ("kalkputz", "lehmputz", "gipsputz")
    }
    index = FuzzyIndex(words)
    assert index.slip("gipsputzz") == "gipsputz"
    assert index.slip("beton") is None and index.slip("x" * 40) is None


@pytest.mark.parametrize(
    ("name", "family"),
    [
        # after "between" only the next word is a place
        ("isolant entre chevrons laine de bois", "wood-fibre-insulation"),
        ("Dämmung zwischen Sparren Zellulose", "bio-insulation"),
        # a word of place inside a phrase is no place
        ("dalles sur plots grès cérame", "ceramic-tile"),
        # capitals at the end of a word
        ("BauderPIR FA", "pur-pir"),
        ("concreteYTONG", "aerated-concrete"),
        # what a member is made of stands above what members are mostly made of
        ("Steel purlin Z200", "steel-structural"),
        ("Metal - Firring", "steel-sheet"),
        ("Faux-plafond métallique", "steel-sheet"),
        # a maker of several things gives way to the thing
        ("solid brick Wienerberger", "clay-brick"),
        ("mineral lightweight plaster", "lime-cement-render"),
        ("concrete CEM I 42.5R", "concrete"),
        ("slag wool pad", "mineral-wool"),
        ("lã de rocha", "mineral-wool"),
        ("polyurethane foam without facing", "pur-pir"),
    ],
)
def test_words_are_weighed_as_they_are_meant(name: str, family: str) -> None:
    assert MATCHER.match(name).family == family


@pytest.mark.parametrize(
    "name",
    [
        *("Substrate [2]", "Finish 1", "Thermal/Air Layer (x)", "Ground floor", "Salle de bain", "Houtkleur"),
        *(
            "Wood look",
            "Zone A",
            "Kleur 3",
            "Type 1",
            "Wall type 1",
            "AW 02",
            "Analytical Surface",
            "Phase 1",
        ),
        *("Couche de finition", "Onderlaag", "A-WALL-FULL", "Poché", "Structural", "Test 123", "te bepalen"),
    ],
)
def test_functions_rooms_looks_and_codes_are_no_material(name: str) -> None:
    if name.startswith("Thermal"):
        assert MATCHER.match(name).family in ("unknown", "air")
    else:
        assert MATCHER.match(name).family == "unknown", MATCHER.match(name)


def test_words_can_be_left_out_to_measure_the_others() -> None:
    library = load_materials()
    full, part = TermIndex(library), TermIndex(library, {"snelbouw", "kalkzandsteen"})
    assert "snelbouw" in full.singles and "snelbouw" not in part.singles
    assert "baksteen" in part.singles


def test_capitals_after_three_small_letters_begin_a_word() -> None:
    assert tokens("BauderPIR") == ("bauder", "pir")
    assert tokens("StB") == ("stb",)
