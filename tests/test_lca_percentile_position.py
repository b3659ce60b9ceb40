"""Where a result lies between published percentiles."""

import dataclasses
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

import lca
from lca.percentile_position import against_percentiles
from reference import PercentileSet, ReferenceDataError
from reference.vocabulary import BiogenicRule, Indicator, Stage

TABLE = lca.builtin_factors()
STUDY = PercentileSet(
    name="study",
    population="40 houses",
    percentiles={90: 12.0, 10: 4.0, 50: 8.0},
    stages=(Stage.A1_A3,),
    indicator=Indicator.GWP_TOTAL,
    unit="kg CO2 eq/m2",
    study_period_years=60,
    area_definition="m2 gross floor area",
    biogenic_rule=BiogenicRule.MINUS_ONE_PLUS_ONE,
    method="",
    source="a study",
    licence="its own",
)


def house(mass_kg: float, unknown_kg: float = 0.0) -> lca.Totals:
    materials = list(TABLE.index_of(["concrete-c30-37"])) + ([-1] if unknown_kg else [])
    masses = [mass_kg] + ([unknown_kg] if unknown_kg else [])
    return lca.totals(lca.Inventory.from_columns(material=materials, mass_kg=masses), TABLE)


def gwp_per_kg() -> float:
    return house(1.0).total(Indicator.GWP_TOTAL, Stage.A1_A3).value


def test_a_design_lies_between_the_two_published_values_around_it() -> None:
    mass = 9.0 * 100 / gwp_per_kg()
    place = against_percentiles(house(mass), STUDY, 100.0)
    assert place.reasons == () and not place.at_least
    assert place.value == pytest.approx(9.0)
    assert (place.percentile_low, place.percentile_high) == (50.0, 90.0)
    assert dict(place.ratios) == pytest.approx({10: 2.25, 50: 1.125, 90: 0.75})
    assert Stage.C4 in place.trimmed and Stage.A1_A3 not in place.trimmed and Stage.D not in place.trimmed


def test_per_year_values_are_divided_by_the_study_period() -> None:
    yearly = dataclasses.replace(STUDY, unit="kg CO2 eq/m2.yr")
    mass = 60 * 9.0 * 100 / gwp_per_kg()
    assert against_percentiles(house(mass), yearly, 100.0).value == pytest.approx(9.0)


@given(st.just(0.0) | st.floats(0.1, 40.0))
def test_unknown_mass_never_improves_the_upper_end(share: float) -> None:
    mass = 9.0 * 100 / gwp_per_kg()
    without = against_percentiles(house(mass), STUDY, 100.0)
    with_unknown = against_percentiles(house(mass, mass * share / 100), STUDY, 100.0)
    assert with_unknown.percentile_high is not None and without.percentile_high is not None
    assert with_unknown.percentile_high >= without.percentile_high
    assert with_unknown.at_least == (share > 0)


def test_a_score_with_categories_missing_is_a_lower_bound_and_says_how_much_it_covers() -> None:
    score = dataclasses.replace(STUDY, indicator="score", ef_version="3.1", unit="mPt/m2")
    place = against_percentiles(house(1e5), score, 100.0)
    assert place.at_least and place.percentile_high == 100.0
    assert place.weight_covered is not None and place.weight_covered < 1
    own = lca.score_of(house(1e5), [Stage.A1_A3], data_version="3.1", mixed=True)
    assert place.value == pytest.approx(own.value_mpt / 100)


@pytest.mark.parametrize(
    ("changes", "area", "reason"),
    [
        ({"study_period_years": 50}, 100.0, "study period is 60 years, that of the reference 50"),
        ({}, None, "floor area is not known"),
        ({}, math.nan, "floor area is not known"),
        ({"stages": (Stage.A1_A3, Stage.B6)}, 100.0, "holds B6, which the design does not have"),
        (
            {"indicator": "score", "ef_version": "3.0", "unit": "mPt/m2"},
            100.0,
            "EF 3.0, of the design in EF 3.1",
        ),
    ],
)
def test_what_counts_otherwise_is_refused(
    changes: dict[str, object], area: float | None, reason: str
) -> None:
    place = against_percentiles(house(1e5), dataclasses.replace(STUDY, **changes), area)  # type: ignore[arg-type]
    assert place.value is None and any(reason in each for each in place.reasons)


def test_too_much_unknown_mass_is_refused() -> None:
    place = against_percentiles(house(1e5, 1e5), STUDY, 100.0)
    assert place.reasons == ("Figures are known for 50.0% of the mass; 70% are needed.",)
    nothing = lca.totals(lca.Inventory.from_columns(material=[-1], mass_kg=[math.nan]), TABLE)
    assert (
        "It is not known which share of the mass has figures."
        in against_percentiles(nothing, STUDY, 100.0).reasons
    )


def test_greenhouse_gases_of_the_rule_0_0_are_those_without_biogenic_carbon() -> None:
    timber = list(TABLE.index_of(["timber-softwood"]))
    made = lca.totals(lca.Inventory.from_columns(material=timber, mass_kg=[1e4]), TABLE)
    zero = dataclasses.replace(STUDY, biogenic_rule=BiogenicRule.ZERO_ZERO)
    parts = [made.total(i, Stage.A1_A3).value for i in (Indicator.GWP_FOSSIL, Indicator.GWP_LULUC)]
    assert against_percentiles(made, zero, 100.0).value == pytest.approx(sum(parts) / 100)
    assert (against_percentiles(made, STUDY, 100.0).value or 0) < 0


@pytest.mark.parametrize(
    ("value", "between"),
    [(1.0, (0, 10)), (4.0, (10, 10)), (4.5, (10, 50)), (12.0, (90, 90)), (12.1, (90, 100))],
)
def test_the_published_percentages_around_a_value(value: float, between: tuple[float, float]) -> None:
    assert STUDY.between(value) == between


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"percentiles": {50: 1.0}}, "two or more percentiles"),
        ({"percentiles": {50: 1.0, 101: 2.0}}, "between 0 and 100"),
        ({"percentiles": {10: 2.0, 50: 1.0}}, "higher percentile has a lower value"),
        ({"stages": ()}, "modules behind the values are not stated"),
        ({"indicator": "score"}, "needs its ef_version"),
        ({"unit": "mPt/m2"}, "use kg CO2 eq/m2 or kg CO2 eq/m2.yr"),
    ],
)
def test_a_set_that_cannot_be_right_is_refused(changes: dict[str, object], message: str) -> None:
    with pytest.raises(ReferenceDataError, match=message):
        dataclasses.replace(STUDY, **changes)  # type: ignore[arg-type]
