"""Circularity indicators: published anchors with every term, bounds of what is unknown, masses that close."""

from __future__ import annotations

import csv
import dataclasses
import math
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passport import Passport, read_ifc
from passport.circularity.indicators import (
    LEVELS_GROUPS,
    GermanLayer,
    GermanPart,
    MciInput,
    PartScore,
    bounded_mean,
    german_building,
    german_class,
    german_layer,
    levels_2_1,
    levels_2_2,
    levels_2_4,
    levels_group_by_family,
    mci,
    mci_of_parts,
)
from passport.circularity.routes import propose_routes
from reference.families import load_families
from reference.interval import Interval

HOUSE = Path(__file__).resolve().parents[1] / "examples" / "models" / "flemish-house.ifc"


@pytest.fixture(scope="module")
def house() -> Passport:
    return read_ifc(HOUSE)


# Computed from the formula of the Ellen MacArthur Foundation (2015, 2019). Columns: M, F_R, F_U, F_S, E_F,
# C_R, C_U, C_C, C_E, E_C, X, then V, W0, W_F, W_C, W [kg], LFI, MCI, MCI with the denominator 2 M.
CASES: dict[str, tuple[float, ...]] = {
    "linear": (1000, 0, 0, 0, 0.75, 0, 0, 0, 0, 0.75, 1, 1000, 1000, 0, 0, 1000, 1, 0.1, 0.1),
    "reused in and out": (1000, 0, 1, 0, 0.75, 0, 1, 0, 0, 0.75, 1, 0, 0, 0, 0, 0, 0, 1, 1),
    "mixed": (
        *(1000, 0.25, 0, 0, 0.75, 0.5, 0, 0, 0, 0.75, 1),
        *(750, 500, 83.333333, 125, 604.166667, 0.684211, 0.384211, 0.390625),
    ),
    "mixed, X=1.5": (
        *(1000, 0.25, 0, 0, 0.75, 0.5, 0, 0, 0, 0.75, 1.5),
        *(750, 500, 83.333333, 125, 604.166667, 0.684211, 0.589474, 0.59375),
    ),
    "steel": (
        *(1000, 0.6, 0, 0, 0.9, 0.5, 0.5, 0, 0, 0.95, 1),
        *(400, 0, 66.666667, 25, 45.833333, 0.220619, 0.801443, 0.799375),
    ),
    "timber, sustained feedstock": (
        *(500, 0, 0, 1, 0.75, 0.3, 0.2, 0, 0, 0.8, 1),
        *(0, 250, 0, 30, 265, 0.269036, 0.757868, 0.7615),
    ),
    "short life, X=0.5": (1000, 0, 0, 0, 0.75, 0, 0, 0, 0, 0.75, 0.5, 1000, 1000, 0, 0, 1000, 1, 0, 0),
    "biological, E_F = 0 with F_R = 0": (
        *(2627, 0, 0, 1, 0, 0, 0, 0, 0, 1, 1),
        *(0, 2627, 0, 0, 2627, 0.5, 0.55, 0.55),
    ),
}
SYMBOLS = (
    "mass_kg",
    "recycled_input_share",
    "reused_input_share",
    "biological_input_share",
    "recycled_input_efficiency",
    "recycled_output_share",
    "reused_output_share",
    "composted_output_share",
    "energy_output_share",
    "recycled_output_efficiency",
    "utility",
)


@pytest.mark.parametrize("row", CASES.values(), ids=CASES)
def test_the_indicator_of_a_case_with_every_term(row: tuple[float, ...]) -> None:
    result = mci(MciInput(**dict(zip(SYMBOLS, row[:11], strict=True))))
    found = (
        result.virgin_kg,
        result.direct_waste_kg,
        result.input_recycling_waste_kg,
        result.output_recycling_waste_kg,
        result.waste_kg,
        result.linear_flow_index,
        result.mci,
    )
    assert found == pytest.approx(row[11:18], abs=1e-6)
    assert result.utility_factor == pytest.approx(0.9 / row[10])
    assert result.confidence == "read"
    # The last column is what codes give that drop (W_F - W_C)/2: the terms are enough to redo it.
    simple = 1 - (result.virgin_kg + result.waste_kg) / (2 * result.mass_kg) * result.utility_factor
    assert max(0.0, simple) == pytest.approx(row[18], abs=1e-6)


def test_one_part_is_the_product_and_the_sum_is_marked_as_to_be_confirmed() -> None:
    part = MciInput(1000, recycled_input_share=0.25, recycled_output_share=0.5)
    assert dataclasses.replace(mci_of_parts([part]), confidence="read") == mci(part)
    steel = MciInput(
        500,
        0.6,
        0,
        0,
        0.9,
        recycled_output_share=0.5,
        reused_output_share=0.5,
        recycled_output_efficiency=0.95,
    )
    both = mci_of_parts([part, steel], utility=2.0)
    assert both.confidence == "verify"
    assert both.virgin_kg == pytest.approx(750 + 200)
    assert both.waste_kg == pytest.approx(604.166667 + 45.833333 / 2)
    flow = 2 * 1500 + (83.333333 + 33.333333 - 125 - 12.5) / 2
    assert both.linear_flow_index == pytest.approx((950 + 627.083333) / flow)
    assert both.mci == pytest.approx(1 - both.linear_flow_index * 0.45)
    with pytest.raises(ValueError, match="parts is empty"):
        mci_of_parts([])
    with pytest.raises(ValueError, match="utility"):
        mci_of_parts([part], utility=0)


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"mass_kg": 0}, "mass_kg"),
        ({"mass_kg": math.nan}, "mass_kg"),
        ({"utility": 0}, "utility"),
        ({"recycled_input_share": 1.2}, "recycled_input_share"),
        ({"reused_output_share": -0.1}, "reused_output_share"),
        ({"recycled_output_efficiency": math.nan}, "recycled_output_efficiency"),
        ({"recycled_input_share": 0.6, "reused_input_share": 0.6}, "recycled_input_share . reused_input"),
        ({"composted_output_share": 0.6, "energy_output_share": 0.6}, "composted_output_share"),
        ({"recycled_input_share": 0.1, "recycled_input_efficiency": 0}, "recycled_input_efficiency is 0"),
    ],
)
def test_an_impossible_product_is_refused_by_field(fields: dict[str, float], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        MciInput(**{"mass_kg": 1.0, **fields})


SHARES = st.floats(0, 1, allow_subnormal=False)


@st.composite
def products(draw: st.DrawFn) -> MciInput:
    def split(count: int) -> list[float]:
        parts = [draw(st.floats(0.001, 1)) for _ in range(count + 1)]
        return [part / sum(parts) for part in parts[:count]]

    inputs, outputs = split(3), split(4)
    masses, efficiency, utility = st.floats(0.1, 1e7), st.floats(0.01, 1), st.floats(0.1, 10)
    row = (draw(masses), *inputs, draw(efficiency), *outputs, draw(SHARES), draw(utility))
    return MciInput(**dict(zip(SYMBOLS, row, strict=True)))


@given(products())
def test_the_indicator_lies_between_0_and_1(product: MciInput) -> None:
    result = mci(product)
    assert 0 <= result.mci <= 1
    assert 0 <= result.linear_flow_index <= 1 + 1e-9


@given(products(), SHARES, SHARES)
def test_more_reuse_never_lowers_the_indicator(product: MciInput, part_in: float, part_out: float) -> None:
    free_in = 1 - product.recycled_input_share - product.reused_input_share - product.biological_input_share
    free_out = (
        1
        - product.recycled_output_share
        - product.reused_output_share
        - product.composted_output_share
        - product.energy_output_share
    )
    more = dataclasses.replace(
        product,
        reused_input_share=product.reused_input_share + max(0.0, free_in) * part_in,
        reused_output_share=product.reused_output_share + max(0.0, free_out) * part_out,
    )
    assert mci(more).mci >= mci(product).mci - 1e-9


# --- German circularity index ---------------------------------------------------------------------------


def test_the_german_layer_that_nobody_can_reuse() -> None:
    layer = german_layer(-60, "I", ["S1"])
    assert layer.known
    assert layer.eol_built == Interval(-60, -60) and layer.penalties == (Interval(0, 0),)
    assert layer.dismantling.low == 100
    assert layer.ci.low == layer.ci.high == pytest.approx(-12)
    assert layer.eol_class == "G"


def test_the_german_layer_between_today_and_its_potential() -> None:
    layer = german_layer((-20, 80, 0.75), "I", ["S2"])
    assert layer.eol_unbuilt.low == pytest.approx(55)
    assert layer.penalties == (Interval(-10, -10),)
    assert layer.compatibility.low == pytest.approx(-10)
    assert layer.eol_built.low == pytest.approx(45)
    assert layer.ci.low == pytest.approx(61.5)
    assert layer.eol_class == "D/E"


@pytest.mark.parametrize(
    ("unbuilt", "s2", "s3"),
    [
        (140, 0, 0),
        (120, 0, 0),
        (105.1, 0, 0),
        (105, -5, -20),
        (65.1, -5, -20),
        (65, -10, -20),
        (-10, 0, -20),
        (-30, 0, -10),
        (-50, 0, 0),
        (-60, 0, 0),
    ],
)
def test_a_penalty_is_read_in_the_row_that_holds_its_upper_end(unbuilt: float, s2: float, s3: float) -> None:
    assert german_layer(unbuilt, "II", ["S2"]).compatibility.low == pytest.approx(s2)
    assert german_layer(unbuilt, "II", ["S3"]).compatibility.low == pytest.approx(s3)
    assert german_layer(unbuilt, "II", ["S0", "S1"]).compatibility == Interval(0, 0)


def test_each_penalty_is_read_at_the_unbuilt_points() -> None:
    layer = german_layer(70, "III", ["S3", "S2"])
    assert layer.eol_built.low == pytest.approx(45)  # at 50, S2 would cost 10
    assert layer.ci.low == pytest.approx(0.3 * 50 + 0.7 * 45)


def test_an_incompatible_substance_needs_a_value_set_by_hand() -> None:
    with pytest.raises(ValueError, match=r"S4 .* by hand"):
        german_layer(50, "IV", ["S4"])
    layer = german_layer(50, "IV", ["S4"], eol_built_by_hand=-40)
    assert layer.eol_built == Interval(-40, -40) and layer.penalties is None
    assert layer.compatibility == Interval(-90, -90)
    assert layer.ci.low == pytest.approx(-28)


def test_what_is_unknown_of_a_layer_bounds_it() -> None:
    nothing = german_layer(None, None, None)
    assert nothing.eol_built == Interval(-60, 140)
    assert (nothing.ci.low, nothing.ci.high) == pytest.approx((-42, 128))
    assert nothing.eol_class == "A to G" and not nothing.known
    # Just above -30 the penalty is larger than at -30: the worst lies inside the range, not at its end.
    assert german_layer(None, "I", ["S3"]).eol_built == Interval(-60, 140)
    no_class = german_layer(50, None, [])
    assert (no_class.ci.low, no_class.ci.high) == pytest.approx((35, 65))


@given(
    st.floats(-60, 140),
    st.sampled_from(["I", "II", "III", "IV"]),
    st.sampled_from(["S0", "S1", "S2", "S3"]),
    st.booleans(),
    st.booleans(),
    st.booleans(),
)
def test_a_fact_never_widens_the_bounds_of_a_layer(
    eol: float, dismantling: Any, disturbing: Any, a: bool, b: bool, c: bool
) -> None:
    exact = german_layer(eol, dismantling, [disturbing])
    vague = german_layer(None if a else eol, None if b else dismantling, None if c else [disturbing])
    for name in ("eol_built", "dismantling", "ci", "compatibility"):
        narrow, wide = getattr(exact, name), getattr(vague, name)
        assert wide.low - 1e-6 <= narrow.low and narrow.high <= wide.high + 1e-6


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ((150, "I", []), "eol is 150"),
        ((math.nan, "I", []), "eol is nan"),
        (((-20, 80, 1.5), "I", []), "readiness"),
        (((-200, 80, 0.5), "I", []), "eol today"),
        ((0, "V", []), "dismantling_class"),
        ((0, "I", ["S5"]), "disturbing"),
    ],
)
def test_what_the_german_method_does_not_have_is_refused(arguments: Any, named: str) -> None:
    with pytest.raises(ValueError, match=named):
        german_layer(*arguments)


def test_german_class_letters() -> None:
    points = (140, 100, 80, 70, 60, 40, 20, 0, -20, -40, -60, -80, -100, -100.1)
    assert [german_class(p) for p in points] == [
        *("A", "B", "C", "C/D", "D", "D/E", "E", "E/F", "F", "F/G", "G", "H", "I", "J")
    ]


LOW, HIGH = german_layer(-60, "I", ["S1"]), german_layer((-20, 80, 0.75), "I", ["S2"])


def test_the_german_building_of_two_layers() -> None:
    a, b = GermanPart("a", LOW, volume_m3=0.555), GermanPart("b", HIGH, volume_m3=0.5)
    both = german_building([a, b], strict=True)
    assert both.eol_built is not None and both.ci is not None
    assert both.eol_built.low == both.eol_built.high == pytest.approx(-10.24, abs=0.005)
    assert both.ci.low == pytest.approx((0.555 * -12 + 0.5 * 61.5) / 1.055)
    assert both.quantity == pytest.approx(1.055)
    one = german_building([a, dataclasses.replace(b, excluded=True)], strict=True)
    assert one.eol_built == Interval(-60, -60) and one.excluded == ("b",)


def test_an_included_layer_without_volume_bounds_the_building_and_strictly_empties_it() -> None:
    parts = [GermanPart("a", LOW, volume_m3=0.555), GermanPart("b", HIGH)]
    assert german_building(parts, strict=True).eol_built is None
    bounded = german_building(parts)
    assert bounded.eol_built is not None
    assert (bounded.eol_built.low, bounded.eol_built.high) == pytest.approx((-60, 45))
    assert bounded.without_quantity == ("b",)
    assert german_building([]).ci is None and german_building([], strict=True).ci is None


def test_an_unclassified_layer_bounds_the_building_by_its_volume() -> None:
    parts = [GermanPart("a", HIGH, volume_m3=3), GermanPart("b", None, volume_m3=1)]
    assert german_building(parts, strict=True).ci is None
    bounded = german_building(parts)
    assert bounded.unclassified == ("b",) and bounded.ci is not None
    assert (bounded.ci.low, bounded.ci.high) == pytest.approx(((3 * 61.5 - 42) / 4, (3 * 61.5 + 128) / 4))


@pytest.mark.parametrize("by", ["mass", "volume"])
def test_german_components_weighted_by_mass_and_by_volume(by: Any) -> None:
    def component(ci: float, dismantling: float, eol: float) -> GermanLayer:
        points = [Interval(value, value) for value in (eol, dismantling, ci)]
        return GermanLayer(points[0], None, *points)

    result = german_building(
        [
            GermanPart("C1", component(0.8, 0.9, 0.7), mass_kg=100, volume_m3=0.1, count=2),
            GermanPart("C2", component(0.6, 0.5, 0.6), mass_kg=50, volume_m3=0.05, count=3),
        ],
        by=by,
        strict=True,
    )
    assert result.ci and result.eol_built and result.dismantling
    found = (result.ci.low, result.eol_built.low, result.dismantling.low)
    assert found == pytest.approx((0.7143, 0.6571, 0.7286), abs=5e-5)


def test_a_negative_quantity_is_refused() -> None:
    with pytest.raises(ValueError, match="volume_m3 of a"):
        GermanPart("a", LOW, volume_m3=-1)


WEIGHTED = st.lists(
    st.tuples(st.floats(0.001, 1000), st.floats(-60, 140), st.booleans()), min_size=1, max_size=6
)


@given(WEIGHTED)
def test_a_missing_weight_never_excludes_the_true_mean(rows: list[tuple[float, float, bool]]) -> None:
    exact = bounded_mean([(weight, Interval(value, value)) for weight, value, _ in rows])
    vague = bounded_mean([(None if drop else weight, Interval(value, value)) for weight, value, drop in rows])
    assert exact is not None and vague is not None
    assert vague.low - 1e-9 <= exact.low and exact.high <= vague.high + 1e-9


# --- Tables in the form of Level(s) ---------------------------------------------------------------------


def test_every_family_has_a_group_to_be_confirmed() -> None:
    assert set(levels_group_by_family()) == set(load_families())
    assert set(levels_group_by_family().values()) <= set(LEVELS_GROUPS)
    text = files("passport.circularity").joinpath("levels_groups.csv").read_text(encoding="utf-8")
    assert {row["confidence"] for row in csv.DictReader(text.splitlines())} == {"verify"}


def test_the_groups_of_materials_close_with_the_mass_of_the_passport(house: Passport) -> None:
    rows = levels_2_1(house)
    assert [row.group for row in rows] == list(LEVELS_GROUPS)
    assert sum(row.mass_t or 0 for row in rows) == pytest.approx((house.mass_kg() or 0) / 1000)
    assert sum(row.portions for row in rows) == sum(len(e.portions) for e in house.elements)
    by_group = {row.group: row for row in rows}
    assert by_group["metal"].mass_t == pytest.approx(0.324286, abs=1e-5)
    assert by_group["unknown"].mass_t == pytest.approx(0.282571, abs=1e-5)
    assert by_group["unknown"].portions_without_mass == 5


@pytest.mark.parametrize("basis", ["today", "best"])
def test_the_waste_closes_with_the_mass_of_the_passport(house: Passport, basis: Any) -> None:
    rows = levels_2_2(propose_routes(house), 178.5, basis=basis)
    assert sum(row.mass_kg or 0 for row in rows) == pytest.approx(house.mass_kg())
    assert sum(row.kg_m2 or 0 for row in rows) == pytest.approx((house.mass_kg() or 0) / 178.5)
    assert (rows[-1].ewc, rows[-1].route, rows[-1].mass_kg) == ("", "unknown", None)
    assert rows[-1].portions_without_mass == 3
    assert len({(row.ewc, row.hazardous, row.route) for row in rows}) == len(rows)


def test_waste_is_split_by_todays_shares_and_a_listed_hazard_is_to_be_tested(house: Passport) -> None:
    rows = {(r.ewc, r.hazardous, r.route): r for r in levels_2_2(propose_routes(house), None)}
    gypsum = 2648.5550666008858 + 3192.439141404987
    found = sum(r.mass_kg or 0 for key, r in rows.items() if key[0] == "17 08 02")
    assert found == pytest.approx(gypsum)
    assert ("17 08 02", "to test", "disposal") in rows
    assert rows["17 02 03", "no", "recovery"].mass_kg == pytest.approx(0.85 * 50.537 + 0.45 * 189, abs=1e-3)
    assert all(row.kg_m2 is None for row in rows.values())


def test_an_empty_building_has_an_empty_unknown_row() -> None:
    (row,) = levels_2_2([], 100.0)
    assert (row.route, row.mass_kg, row.kg_m2, row.portions) == ("unknown", 0.0, 0.0, 0)


def test_a_starred_code_is_hazardous(house: Passport) -> None:
    proposal = dataclasses.replace(propose_routes(house)[0], ewc="17 06 05*")
    assert {row.hazardous for row in levels_2_2([proposal], 10.0)[:-1]} == {"yes"}


def test_the_waste_table_refuses_an_impossible_area_and_basis() -> None:
    with pytest.raises(ValueError, match="floor_area_m2"):
        levels_2_2([], 0.0)
    with pytest.raises(ValueError, match="basis"):
        levels_2_2([], 10.0, basis="tomorrow")  # type: ignore[arg-type]


def test_the_deconstruction_score_is_weighted_by_mass_with_its_terms() -> None:
    result = levels_2_4([PartScore("bricks", 900, 0.5, 1.0), PartScore("steel", 100, 1.0, 0.8)])
    assert result.score is not None
    assert result.score.low == result.score.high == pytest.approx((900 * 0.5 + 100 * 0.8) / 1000)
    assert [term.score.low for term in result.terms] == pytest.approx([0.5, 0.8])
    assert (result.mass_kg, result.known_mass_share) == (1000, 1.0)


def test_an_unknown_part_bounds_the_deconstruction_score() -> None:
    result = levels_2_4([PartScore("bricks", 900, 0.5, 1.0), PartScore("foam", 100, None, 0.5)])
    assert result.score is not None and result.known_mass_share == pytest.approx(0.9)
    assert (result.score.low, result.score.high) == pytest.approx((0.45, 0.5))
    heavy = levels_2_4([PartScore("bricks", 900, 0.5, 1.0), PartScore("pump", None, 1.0, 1.0)])
    assert heavy.score is not None and (heavy.score.low, heavy.score.high) == pytest.approx((0.5, 1.0))
    assert levels_2_4([]).score is None
    with pytest.raises(ValueError, match="ease of foam"):
        PartScore("foam", 1, 2.0, 1.0)
    with pytest.raises(ValueError, match="mass_kg of foam"):
        PartScore("foam", -1, 1.0, 1.0)
