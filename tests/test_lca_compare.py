"""Comparison with reference cases; the population is ten cases whose sums can be done by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lca import (
    AssessmentError,
    Comparison,
    Inventory,
    Scenario,
    assess,
    builtin_factors,
    compare,
    compare_impact,
    fossil_and_luluc,
)
from reference.reference_sets import ReferenceSet
from reference.residential import AREA_DEFINITION, METHOD, MODULE_GROUPS, UNIT, load_residential
from reference.vocabulary import BiogenicRule, BuildingType, Indicator, Stage

GROUPS = ("A1-A3", "A4-A5", "B2+B4", "C1-C2", "C3-C4")
FULL = {
    Stage.A1_A3: 5.0,
    Stage.A4: 0.3,
    Stage.A5: 0.2,
    Stage.B2: 1.0,
    Stage.B4: 2.0,
    Stage.C1: 0.1,
    Stage.C2: 0.2,
    Stage.C3: 0.1,
    Stage.C4: 0.1,
}


def cases(n: int = 10, **changes: object) -> ReferenceSet:
    """Case k (1 to n): A1-A3 = k, all other groups 1."""
    by_group = np.ones((n, len(GROUPS)))
    by_group[:, 0] = np.arange(1, n + 1)
    fields: dict[str, object] = {
        "name": "test",
        "population": "test cases",
        "case_ids": tuple(f"case {k}" for k in range(n)),
        "stages_of": MODULE_GROUPS,
        "unit": UNIT,
        "study_period_years": 60,
        "area_definition": AREA_DEFINITION,
        "biogenic_rule": BiogenicRule.ZERO_ZERO,
        "indicator": Indicator.GWP_TOTAL,
        "method": METHOD,
        "confidence": "read",
        "by_group": by_group,
        "gross_floor_area_m2": np.full(n, 100.0),
        "source": "test source",
        "licence": "test licence",
    }
    return ReferenceSet(**{**fields, **changes})  # type: ignore[arg-type]


def place(
    stage_values: dict[Stage, float], reference_set: ReferenceSet | None = None, **given: object
) -> Comparison:
    arguments: dict[str, object] = {"known_share": 1.0, "floor_area_m2": 150.0}
    return compare(
        stage_values, cases() if reference_set is None else reference_set, **{**arguments, **given}
    )  # type: ignore[arg-type]


def test_all_groups_shared() -> None:
    result = place(FULL)
    assert result.comparable
    assert result.groups == GROUPS
    assert result.value == pytest.approx(9.0)
    assert (result.trimmed_design, result.trimmed_reference, result.trimmed_value) == ((), (), 0.0)
    # Cases are 5 to 14: 4 below 9, one equal.
    assert result.percentile == 45.0
    assert (result.p10, result.median, result.p90) == pytest.approx((5.9, 9.5, 13.1))
    assert result.ratio_to_median == pytest.approx(9.0 / 9.5)
    assert (result.position, result.possible_positions) == ("within", ("within",))
    assert not result.at_least
    assert (result.value_upper, result.upper_is_bound) == (result.value, True)
    assert (result.n, result.source, result.licence) == (10, "test source", "test licence")


def test_group_without_all_its_stages_is_trimmed_on_both_sides() -> None:
    design = {stage: value for stage, value in FULL.items() if stage not in {Stage.B2, Stage.C1}}
    result = place(design)
    assert result.groups == ("A1-A3", "A4-A5", "C3-C4")
    assert result.trimmed_design == (Stage.B4, Stage.C2)
    assert result.trimmed_reference == ("B2+B4", "C1-C2")
    assert result.value == pytest.approx(5.7)
    assert result.trimmed_value == pytest.approx(2.2)
    assert result.trimmed_share == pytest.approx(2.2 / 7.9)
    # Cases are 3 to 12: 3 below 5.7.
    assert result.percentile == 30.0
    assert result.median == pytest.approx(7.5)


def test_reference_that_lacks_a_group() -> None:
    result = place(
        FULL, cases(stages_of={"A1-A3": (Stage.A1_A3,)}, by_group=np.arange(1.0, 11.0)[:, np.newaxis])
    )
    assert result.groups == ("A1-A3",)
    assert result.trimmed_reference == ()
    assert result.trimmed_value == pytest.approx(4.0)


def test_unknown_stage_is_absent_and_module_d_ignored() -> None:
    result = place({**FULL, Stage.A5: math.nan, Stage.D: -3.0})
    assert "A4-A5" not in result.groups
    assert result.trimmed_design == (Stage.A4,)
    assert result.value == pytest.approx(8.5)


@pytest.mark.parametrize(
    ("a1_a3", "position"), [(1.0, "below"), (1.9, "within"), (9.1, "within"), (9.2, "above")]
)
def test_band_is_p10_to_p90_ends_included(a1_a3: float, position: str) -> None:
    assert place({Stage.A1_A3: a1_a3}).position == position


def test_thin_stage_is_trimmed_and_named() -> None:
    result = place(FULL, share_by_stage={Stage.C3: 0.5, Stage.A1_A3: 1.0})
    assert "C3-C4" not in result.groups
    assert result.trimmed_design == (Stage.C3, Stage.C4)
    assert any("C3 have figures for less than 70%" in note for note in result.notes)


# Missing data never make a design look better.


def test_unknown_mass_makes_a_lower_bound() -> None:
    result = place({Stage.A1_A3: 5.0}, known_share=0.9)
    assert result.at_least
    assert result.percentile == 45.0
    assert (result.value_upper, result.percentile_upper, result.upper_is_bound) == (None, None, False)
    assert result.possible_positions == ("within", "above")
    assert "at least" in str(result)


def test_upper_value_of_unknown_mass() -> None:
    result = place({Stage.A1_A3: 1.0}, known_share=0.9, unknown_upper_kg_m2_yr=2.5)
    assert (result.value, result.value_upper) == (1.0, 3.5)
    assert (result.percentile, result.percentile_upper) == (5.0, 30.0)
    assert result.upper_is_bound
    assert result.possible_positions == ("below", "within")


def test_partial_stage_is_a_lower_bound_that_no_mass_can_close() -> None:
    result = place(FULL, partial_stages=[Stage.C3], unknown_upper_kg_m2_yr=0.0)
    assert result.at_least
    assert not result.upper_is_bound
    assert result.partial_stages == (Stage.C3,)
    assert result.possible_positions == ("within", "above")


def test_partial_stage_that_is_not_compared_does_not_matter() -> None:
    assert not place({Stage.A1_A3: 5.0, Stage.C3: 1.0}, partial_stages=[Stage.C3]).at_least


def test_portions_without_mass_make_a_lower_bound() -> None:
    result = place(FULL, portions_without_mass=2)
    assert result.at_least
    assert not result.upper_is_bound
    assert any("2 portion(s) have no mass" in note for note in result.notes)


def test_share_of_a_compared_stage_makes_a_lower_bound() -> None:
    assert place(FULL, share_by_stage={Stage.C3: 0.8}).at_least


@given(known=st.floats(0.7, 1.0), value=st.floats(0.5, 12), extra=st.floats(0, 5))
def test_bounds_keep_their_order(known: float, value: float, extra: float) -> None:
    result = place({Stage.A1_A3: value}, known_share=known, unknown_upper_kg_m2_yr=extra)
    assert result.percentile is not None
    assert result.percentile_upper is not None
    assert 0 <= result.percentile <= result.percentile_upper <= 100
    assert result.possible_positions[0] == result.position


# Refusals.


@pytest.mark.parametrize(
    ("stage_values", "given", "reason"),
    [
        (FULL, {"floor_area_m2": None}, "floor area"),
        (FULL, {"floor_area_m2": 0.0}, "floor area"),
        (FULL, {"floor_area_m2": math.nan}, "floor area"),
        (FULL, {"known_share": 0.69}, "69.0% of the mass"),
        (FULL, {"known_share": math.nan}, "not known which share"),
        (FULL, {"study_period_years": 50}, "50 years, that of the reference 60"),
        ({}, {}, "no complete module group"),
        ({Stage.A4: 1.0}, {}, "no complete module group"),
        ({Stage.A1_A3: 1.0}, {"share_by_stage": {Stage.A1_A3: 0.2}}, "A1-A3: known for too little"),
    ],
)
def test_refused(stage_values: dict[Stage, float], given: dict[str, object], reason: str) -> None:
    result = place(stage_values, **given)
    assert not result.comparable
    assert any(reason in each for each in result.reasons)
    assert (result.value, result.percentile, result.position, result.possible_positions) == (
        None,
        None,
        None,
        (),
    )
    assert str(result).startswith("Not comparable: ")
    assert Comparison.model_validate_json(result.model_dump_json()) == result


def test_small_population_and_other_biogenic_rule_are_refused() -> None:
    assert "4 case(s)" in place(FULL, cases(4)).reasons[0]
    assert place(FULL, cases(5)).comparable
    assert "-1/+1" in place(FULL, cases(biogenic_rule=BiogenicRule.MINUS_ONE_PLUS_ONE)).reasons[0]
    assert not place(FULL, cases(0)).comparable


def test_all_reasons_are_given_at_once() -> None:
    result = place({}, cases(2), known_share=0.1, study_period_years=50)
    assert len(result.reasons) == 4


def test_without_a_floor_area_the_missing_modules_are_not_named_as_a_second_cause() -> None:
    result = place({}, cases(2), floor_area_m2=None, known_share=0.1, study_period_years=50)
    assert len(result.reasons) == 4
    assert not any("module group" in reason for reason in result.reasons)


@pytest.mark.parametrize("upper", [-1.0, math.nan, math.inf])
def test_upper_value_must_be_a_quantity(upper: float) -> None:
    with pytest.raises(AssessmentError, match="unknown_upper"):
        place(FULL, unknown_upper_kg_m2_yr=upper)


# Round trip and notes.


def test_json_round_trip_and_text() -> None:
    result = place(FULL)
    assert Comparison.model_validate_json(result.model_dump_json()) == result
    assert str(result).startswith("within the band of the reference: 9.00 kg CO2 eq")
    assert "45 of 10 cases" in str(result)


def test_notes_say_that_data_generations_differ() -> None:
    note = place(FULL, data_generation="EF 3.1, Sphera").notes[0]
    assert "EF 3.1, Sphera" in note
    assert "ecoinvent 2.2" in note


# From an impact.


def test_from_an_impact_by_hand() -> None:
    factors = builtin_factors()
    inventory = Inventory.from_columns(
        material=factors.index_of(["concrete-c30-37", None]), mass_kg=[236_000.0, 1_000.0]
    )
    impact = assess(inventory, factors)
    stages = fossil_and_luluc(impact, 200.0)
    m = inventory.material[0]
    fossil, luluc = (factors.indicators.index(i) for i in (Indicator.GWP_FOSSIL, Indicator.GWP_LULUC))
    expected = 236_000.0 * (factors.values[m, fossil, 0] + factors.values[m, luluc, 0]) / 200 / 60
    assert stages.values[Stage.A1_A3] == pytest.approx(expected)
    assert Stage.C1 not in stages.values
    assert Stage.B4 not in stages.values
    assert stages.known_share == pytest.approx(236 / 237)
    assert {Stage.A5, Stage.C3, Stage.C4} == set(stages.partial_stages)
    result = compare_impact(impact, load_residential(BuildingType.DETACHED), floor_area_m2=200.0)
    assert result.comparable
    assert result.groups == ("A1-A3", "A4-A5", "C3-C4")
    assert result.at_least
    assert result.biogenic_rule is BiogenicRule.ZERO_ZERO


def test_biogenic_rule_of_the_impact_does_not_matter() -> None:
    def result(rule: BiogenicRule) -> Comparison:
        scenario = Scenario(biogenic_rule=rule)
        factors = builtin_factors(scenario)
        inventory = Inventory.from_columns(
            material=factors.index_of(["timber-softwood", "concrete-c30-37"]),
            mass_kg=[20_000.0, 100_000.0],
            service_life_years=[60.0, 60.0],
        )
        impact = assess(inventory, factors, scenario)
        return compare_impact(impact, load_residential(), floor_area_m2=150.0)

    assert result(BiogenicRule.MINUS_ONE_PLUS_ONE) == result(BiogenicRule.ZERO_ZERO)


def test_impact_without_floor_area_is_refused_and_does_not_raise() -> None:
    factors = builtin_factors()
    inventory = Inventory.from_columns(material=factors.index_of(["concrete-c30-37"]), mass_kg=[1.0])
    result = compare_impact(assess(inventory, factors), load_residential(), floor_area_m2=None)
    assert not result.comparable
    assert "floor area" in result.reasons[0]


def test_impact_of_nothing_known_is_refused() -> None:
    factors = builtin_factors()
    impact = assess(Inventory.from_columns(material=[-1], mass_kg=[10.0]), factors)
    assert not compare_impact(impact, load_residential(), floor_area_m2=100.0).comparable
    empty = assess(Inventory.from_columns(material=[], mass_kg=[]), factors)
    assert not compare_impact(empty, load_residential(), floor_area_m2=100.0).comparable
