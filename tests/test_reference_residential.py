"""The residential reference set."""

from __future__ import annotations

import numpy as np
import pytest

import reference
from reference.residential import MODULE_GROUPS
from reference.tables import Row, read_table
from reference.vocabulary import BiogenicRule, BuildingType, Indicator, Stage

PERCENTILES = read_table("residential_be_percentiles.csv")


def selection(row: Row) -> reference.ReferenceSet:
    kind, construction = row.text("building_type"), row.text("construction")
    return reference.load_residential(
        None if kind == "all" else BuildingType(kind), None if construction == "all" else construction
    )


@pytest.mark.parametrize(
    "row",
    PERCENTILES,
    ids=lambda row: f"{row.text('building_type')} {row.text('construction')} {row.text('module_group')}",
)
def test_percentiles_of_the_cases_are_the_published_ones(row: Row) -> None:
    cases = selection(row)
    groups = None if row.text("module_group") == "embodied" else (row.text("module_group"),)
    values = cases.values(groups)
    assert cases.n == row.integer("n")
    assert values.mean() == pytest.approx(row.number("mean"), abs=6e-5)
    names = {"min": 0, "p10": 10, "p25": 25, "median": 50, "p75": 75, "p90": 90, "max": 100}
    for name, value in zip(names, cases.percentiles(list(names.values()), groups), strict=True):
        assert value == pytest.approx(row.number(name), abs=6e-5), name


def test_set_has_105_cases_in_four_types_and_two_constructions() -> None:
    assert reference.load_residential().n == 105
    assert {kind: reference.load_residential(kind).n for kind in BuildingType} == {
        BuildingType.DETACHED: 18,
        BuildingType.SEMI_DETACHED: 18,
        BuildingType.TERRACED: 18,
        BuildingType.APARTMENT: 51,
    }
    assert reference.load_residential(None, "massive-brick").n == 70
    assert reference.load_residential(None, "timber-frame").n == 35


def test_one_case_adds_up_to_the_published_total() -> None:
    cases = reference.load_residential(BuildingType.DETACHED)
    row = cases.case_ids.index("be-detached-p1-epb-solid")
    assert cases.gross_floor_area_m2[row] == 278.5
    assert cases.values()[row] == pytest.approx(9.738155, abs=5e-7)


def test_values_sum_the_chosen_module_groups_only() -> None:
    cases = reference.load_residential()
    both = cases.values(["A1-A3", "A4-A5"])
    assert np.allclose(both, cases.values(["A1-A3"]) + cases.values(["A4-A5"]))
    assert np.allclose(cases.values(["A1-A3", "A1-A3"]), cases.values(["A1-A3"]))
    assert np.allclose(cases.values(), cases.values(MODULE_GROUPS))


@pytest.mark.parametrize("groups", [["B6"], [], ["A1-A3", "D"]])
def test_unknown_or_no_module_group_is_refused(groups: list[str]) -> None:
    with pytest.raises(reference.ReferenceDataError, match="A1-A3"):
        reference.load_residential().values(groups)


def test_set_says_what_its_values_are() -> None:
    cases = reference.load_residential(BuildingType.TERRACED, "timber-frame")
    assert cases.unit == "kg CO2 eq/m2.yr"
    assert cases.study_period_years == 60
    assert cases.biogenic_rule is BiogenicRule.ZERO_ZERO
    assert "gross floor area" in cases.area_definition
    assert cases.licence == "CC-BY-SA-4.0"
    assert "zenodo.6671558" in cases.source
    assert Stage.B2 in cases.stages and Stage.B6 not in cases.stages and Stage.D not in cases.stages


def test_reference_value_is_the_median_with_its_spread() -> None:
    value = reference.reference_value(BuildingType.APARTMENT, Indicator.GWP_TOTAL)
    assert value.value == pytest.approx(11.9819, abs=5e-5)
    assert value.p10 < value.value < value.p90
    assert value.n == 51
    assert value.value * 60 == pytest.approx(719, abs=0.5)


def test_reference_value_of_chosen_modules_names_them() -> None:
    value = reference.reference_value(None, module_groups=["C1-C2", "C3-C4"])
    assert value.stages == (Stage.C1, Stage.C2, Stage.C3, Stage.C4)


@pytest.mark.parametrize("indicator", [Indicator.ODP, Indicator.GWP_FOSSIL])
def test_other_indicators_have_no_reference_value(indicator: Indicator) -> None:
    with pytest.raises(reference.ReferenceDataError, match="no reference value"):
        reference.reference_value(BuildingType.DETACHED, indicator)


def test_unknown_construction_is_named_with_those_that_exist() -> None:
    with pytest.raises(reference.ReferenceDataError, match="timber-frame"):
        reference.load_residential(None, "straw")


def test_cases_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="read-only"):
        reference.load_residential().by_group[0, 0] = 0.0
