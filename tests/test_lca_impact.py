"""Totals know what they cover. Masses and figures are chosen so that every sum can be done by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lca import AssessmentError, Impact, Inventory, Scenario, ShapeError
from reference.vocabulary import Indicator, Stage

GWP, AP = Indicator.GWP_TOTAL, Indicator.AP
STAGES = (Stage.A1_A3, Stage.B4, Stage.C3, Stage.D)
NAN = math.nan


def make_impact(
    values: list[list[list[float]]],
    mass_kg: list[float],
    *,
    stages: tuple[Stage, ...] = STAGES,
    partial: list[list[bool]] | None = None,
    element: list[int] | None = None,
) -> Impact:
    array = np.array(values, dtype=np.float64).reshape(len(mass_kg), 2, len(stages))
    flags = np.zeros((len(mass_kg), len(stages)), dtype=bool) if partial is None else np.array(partial)
    return Impact(
        values=array,
        partial=flags,
        indicators=(GWP, AP),
        stages=stages,
        inventory=Inventory.from_columns(material=[0] * len(mass_kg), mass_kg=mass_kg, element=element),
        scenario=Scenario(stages=stages),
    )


@pytest.fixture
def house() -> Impact:
    """Portions of 60, 30 and 10 kg: known, without C3, unknown; AP is known of the first in A1-A3 only."""
    return make_impact(
        [
            [[6.0, 1.0, 0.5, -2.0], [1.0, NAN, NAN, NAN]],
            [[3.0, 0.0, NAN, NAN], [NAN, NAN, NAN, NAN]],
            [[NAN, NAN, NAN, NAN], [NAN, NAN, NAN, NAN]],
        ],
        [60.0, 30.0, 10.0],
        element=[4, 4, 9],
    )


def test_total_of_known_values_beside_known_mass(house: Impact) -> None:
    total = house.total(GWP)
    assert total.value == 10.5
    assert (total.known_mass_kg, total.total_mass_kg, total.known_share) == (90.0, 100.0, 0.9)
    assert dict(total.share_by_stage) == {Stage.A1_A3: 0.9, Stage.B4: 0.9, Stage.C3: 0.6}
    assert total.missing_stages == ()
    assert total.partial_stages == (Stage.C3,)
    assert total.unit == "kg CO2 eq"


def test_total_of_one_stage(house: Impact) -> None:
    c3 = house.total(GWP, "C3")
    assert (c3.value, c3.known_mass_kg, c3.known_share) == (0.5, 60.0, 0.6)
    assert house.total("gwp_total", Stage.A1_A3).value == 9.0


def test_total_without_product_stage_counts_portions_known_in_every_stage(house: Impact) -> None:
    assert house.total(GWP, ["B4", "C3"]).known_mass_kg == 60.0


def test_module_d_is_never_in_a_total(house: Impact) -> None:
    assert Stage.D not in house.total(GWP).stages
    assert house.total(GWP, "D").value == -2.0
    with pytest.raises(AssessmentError, match="apart"):
        house.total(GWP, ["C3", "D"])


def test_missing_stages_are_named(house: Impact) -> None:
    total = house.total(AP)
    assert total.value == 1.0
    assert total.missing_stages == (Stage.B4, Stage.C3)
    assert total.known_share == 0.6
    assert house.missing_stages == ()


def test_total_of_nothing_known_is_nan_and_not_zero() -> None:
    impact = make_impact([[[NAN] * 4, [NAN] * 4]], [5.0])
    total = impact.total(GWP)
    assert math.isnan(total.value)
    assert (total.known_mass_kg, total.known_share) == (0.0, 0.0)
    assert impact.missing_stages == STAGES
    assert impact.total(GWP, "C3").known_share == 0.0


def test_known_zero_is_zero_and_not_nan() -> None:
    assert make_impact([[[0.0] * 4, [NAN] * 4]], [5.0]).total(GWP).value == 0.0


def test_portion_without_mass_is_counted_and_not_hidden() -> None:
    impact = make_impact([[[1.0] * 4, [1.0] * 4], [[NAN] * 4, [NAN] * 4]], [5.0, NAN])
    total = impact.total(GWP)
    assert total.known_share == 1.0
    assert total.portions_without_mass == 1
    assert "1 portion(s) without mass" in str(total)


def test_partial_flag_reaches_the_total() -> None:
    impact = make_impact([[[1.0] * 4, [1.0] * 4]], [5.0], partial=[[False, True, False, False]])
    assert impact.total(GWP).partial_stages == (Stage.B4,)
    assert "in part B4" in str(impact.total(GWP))


def test_partial_flag_of_an_unknown_value_does_not_count() -> None:
    impact = make_impact(
        [[[1.0, NAN, 1.0, NAN], [1.0] * 4], [[NAN] * 4, [NAN] * 4]],
        [5.0, 5.0],
        partial=[[False] * 4, [True] * 4],
    )
    assert impact.total(GWP).partial_stages == ()
    assert impact.total(GWP).missing_stages == (Stage.B4,)
    assert "without B4" in str(impact.total(GWP))


def test_no_mass_has_no_share() -> None:
    assert math.isnan(make_impact([[[1.0] * 4, [1.0] * 4]], [0.0]).known_mass_share(GWP))


def test_totals_of_all_indicators(house: Impact) -> None:
    totals = house.total()
    assert list(totals) == [GWP, AP]
    assert totals[GWP].value == house.total(GWP).value


def test_negative_values_pass_unclipped() -> None:
    impact = make_impact([[[-7.0, 0.0, 2.0, NAN], [1.0] * 4]], [5.0])
    assert impact.total(GWP).value == -5.0


def test_known_mass_per_cell_is_the_mass_or_zero(house: Impact) -> None:
    assert house.known_mass_kg.shape == house.values.shape
    assert house.known_mass_kg[:, 0, 2].tolist() == [60.0, 0.0, 0.0]
    assert house.known_mass_kg is house.known_mass_kg
    assert house.known_mass_share(GWP) == 0.9
    assert house.known_mass_share(GWP, "C3") == 0.6


def test_known_mass_of_an_unknown_mass_is_zero() -> None:
    impact = make_impact([[[NAN] * 4, [NAN] * 4]], [NAN])
    assert (impact.known_mass_kg == 0).all()


def test_per_m2(house: Impact) -> None:
    per_area = house.per_m2(10.0, GWP)
    assert (per_area.value, per_area.unit) == (1.05, "kg CO2 eq/m2")
    assert per_area.known_mass_kg == 90.0
    per_year = house.per_m2(10.0, GWP, per_year=True)
    assert per_year.value == pytest.approx(1.05 / 60)
    assert per_year.unit == "kg CO2 eq/m2.yr"
    assert house.per_m2(10.0)[AP].value == pytest.approx(0.1)
    assert house.per_m2(10.0, GWP, "C3").value == pytest.approx(0.05)


@pytest.mark.parametrize("area", [0.0, -1.0, NAN, math.inf])
def test_floor_area_must_be_an_area(house: Impact, area: float) -> None:
    with pytest.raises(AssessmentError, match="floor area"):
        house.per_m2(area, GWP)


def test_by_groups_in_order_of_first_appearance(house: Impact) -> None:
    grouped = house.by(["wall", None, "wall"])
    assert grouped.labels == ("wall", None)
    assert grouped.values[:, 0, 0].tolist() == [6.0, 3.0]
    assert grouped.known_mass_kg[:, 0, 0].tolist() == [60.0, 30.0]
    assert grouped.mass_kg.tolist() == [70.0, 30.0]
    assert np.isnan(grouped.values[1, 0, 2])
    assert not grouped.partial.any()


def test_by_takes_an_array(house: Impact) -> None:
    assert house.by(house.inventory.element).labels == (4, 9)
    assert np.isnan(house.by(house.inventory.element).values[1]).all()


def test_by_needs_one_label_per_portion(house: Impact) -> None:
    with pytest.raises(ShapeError, match="2 labels for 3 portions"):
        house.by(["a", "b"])


@given(labels=st.lists(st.integers(0, 3), min_size=0, max_size=12))
def test_groups_add_up_to_the_total(labels: list[int]) -> None:
    rng = np.random.default_rng(len(labels))
    values = rng.normal(size=(len(labels), 2, 4))
    values[rng.random(values.shape) < 0.3] = NAN
    impact = make_impact(values.tolist(), list(rng.random(len(labels))))
    grouped = impact.by(labels)
    for k, stage in enumerate(STAGES):
        summed = np.nansum(grouped.values[:, 0, k])
        total = impact.total(GWP, stage)
        assert summed == pytest.approx(0.0 if math.isnan(total.value) else total.value)
        assert grouped.known_mass_kg[:, 0, k].sum() == pytest.approx(total.known_mass_kg)


def test_many_portions_are_summed_in_chunks() -> None:
    n = 10_000
    impact = make_impact(np.ones((n, 2, 4)).tolist(), [2.0] * n)
    assert impact.total(GWP, "A1-A3").value == n
    assert impact.total(GWP).known_mass_kg == 2 * n
    assert impact.by(np.arange(n) % 2).values[:, 0, 0].tolist() == [n / 2, n / 2]


def test_frame(house: Impact) -> None:
    frame = house.to_frame()
    assert list(frame.columns) == [
        "element",
        "portion",
        "indicator",
        "stage",
        "value",
        "unit",
        "known_mass_kg",
    ]
    assert len(frame) == 3 * 2 * 4
    row = frame[(frame.portion == 1) & (frame.indicator == "GWP-total") & (frame.stage == "A1-A3")].iloc[0]
    assert (row.element, row.value, row.unit, row.known_mass_kg) == (4, 3.0, "kg CO2 eq", 30.0)
    unknown = frame[frame.portion == 2]
    assert unknown.value.isna().all()
    assert (unknown.known_mass_kg == 0).all()


def test_frame_of_some_indicators_and_stages(house: Impact) -> None:
    frame = house.to_frame("AP", ["C3", "A1-A3"])
    assert frame.indicator.unique().tolist() == ["AP"]
    assert frame.stage.unique().tolist() == ["A1-A3", "C3"]
    assert len(house.to_frame([GWP, AP], "D")) == 6


def test_frame_of_groups(house: Impact) -> None:
    frame = house.by([("a", 1), ("b", 2), ("a", 1)]).to_frame()
    assert frame.group.iloc[0] == ("a", 1)
    assert len(frame) == 2 * 2 * 4


def test_indicator_and_stage_must_be_in_the_result(house: Impact) -> None:
    with pytest.raises(AssessmentError, match="ODP was not assessed"):
        house.total("ODP")
    with pytest.raises(AssessmentError, match="not an indicator"):
        house.total("carbon")
    with pytest.raises(AssessmentError, match="A4 not assessed"):
        house.total(GWP, "A4")
    with pytest.raises(AssessmentError, match="not a life-cycle stage"):
        house.total(GWP, "Z1")
    with pytest.raises(AssessmentError, match="none"):
        house.total(GWP, [])


def test_arrays_are_read_only_and_checked(house: Impact) -> None:
    with pytest.raises(ValueError, match="read-only"):
        house.values[0, 0, 0] = 1.0
    with pytest.raises(ShapeError, match="needed"):
        Impact(
            values=np.zeros((1, 2, 4)),
            partial=np.zeros((1, 3), dtype=bool),
            indicators=(GWP, AP),
            stages=STAGES,
            inventory=house.inventory,
            scenario=house.scenario,
        )
