"""Residual value and the circular value index: worked numbers, unknowns listed, faults of a user's table."""

from __future__ import annotations

import csv
import math
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passport import Passport, PassportError, read_ifc
from passport.circularity.value import (
    LABEL,
    Price,
    ResidualValue,
    circular_value,
    load_prices,
    price_group_by_family,
    residual_value,
    value_terms,
)
from reference.families import load_families
from reference.interval import Interval

HOUSE = Path(__file__).resolve().parents[1] / "examples" / "models" / "flemish-house.ifc"
HEADER = "group,price_eur_kg,processing_eur_kg,processing_share_of_value,transport_km,transport_eur_kg_km"


@pytest.fixture(scope="module")
def house() -> Passport:
    return read_ifc(HOUSE)


def user_table(folder: Path, *rows: str, header: str = HEADER) -> Path:
    path = folder / "prices.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("group", "value", "processing", "transport", "net"),
    [
        ("flat glass", 190, 200, 72, -82),
        ("softwood", 180, 100, 24, 56),
        ("concrete granulate", 3.5, 7, 9.6, -13.1),
    ],
)
def test_a_tonne_before_demolition(
    group: str, value: float, processing: float, transport: float, net: float
) -> None:
    terms = value_terms(1000, load_prices()[group])
    found = (terms.value_eur, terms.processing_eur, terms.transport_eur, terms.before_demolition_eur)
    assert found == pytest.approx((value, processing, transport, net))
    assert terms.demolition_eur is None and terms.net_eur is None


def test_a_tonne_of_softwood_after_its_share_of_the_demolition() -> None:
    terms = value_terms(1000, load_prices()["softwood"], demolition_eur_kg=40 * 1500 / 2_000_000)
    assert terms.demolition_eur == pytest.approx(30)
    assert terms.before_demolition_eur == pytest.approx(56)
    assert terms.net_eur == pytest.approx(26)


def test_metal_has_no_value_until_the_user_gives_one() -> None:
    shipped = load_prices()["metal"]
    assert shipped.price_eur_kg is None and shipped.processing_share_of_value == 0.35
    terms = value_terms(1000, shipped)
    assert terms.value_eur is terms.processing_eur is terms.before_demolition_eur is None
    assert terms.transport_eur == pytest.approx(72)
    own = Price("metal", 0.30, None, 0.35, 150, 0.00048)
    assert value_terms(1000, own).processing_eur == pytest.approx(105)
    assert value_terms(1000, own).before_demolition_eur == pytest.approx(300 - 105 - 72)
    fee = Price("metal", -0.10, None, 0.35, 0, 0.00048)  # a share of a fee is no income
    assert value_terms(1000, fee).before_demolition_eur == pytest.approx(-100)


@given(st.floats(0.001, 1e7), st.floats(0.001, 1e7))
def test_the_value_of_two_masses_is_the_sum_of_their_values(a: float, b: float) -> None:
    price = load_prices()["flat glass"]
    parts = [value_terms(mass, price, demolition_eur_kg=0.03).net_eur for mass in (a, b)]
    whole = value_terms(a + b, price, demolition_eur_kg=0.03).net_eur
    assert None not in parts and whole == pytest.approx(sum(p for p in parts if p is not None), rel=1e-9)


def test_every_family_has_a_row_to_be_confirmed_and_every_group_a_price() -> None:
    assert set(price_group_by_family()) == set(load_families())
    assert {group for group in price_group_by_family().values() if group} <= set(load_prices())
    text = files("passport.circularity").joinpath("price_groups.csv").read_text(encoding="utf-8")
    assert {row["confidence"] for row in csv.DictReader(text.splitlines())} == {"verify"}
    for group, price in load_prices().items():
        assert price.confidence in ("read", "verify")
        assert group == "air" or "orders of magnitude" in price.source


def masses_close(result: ResidualValue, passport: Passport) -> None:
    assert math.fsum(row.mass_kg or 0 for row in result.rows) == pytest.approx(passport.mass_kg())
    assert len(result.rows) == sum(len(element.portions) for element in passport.elements)
    valued = math.fsum(row.mass_kg or 0 for row in result.rows if not row.missing)
    assert result.known_mass_share == pytest.approx(valued / (passport.mass_kg() or 1))
    for row in result.rows:
        assert (row.terms.before_demolition_eur is None) == bool(row.missing)


def test_the_house_lists_what_has_no_value(house: Passport) -> None:
    result = residual_value(house, load_prices())
    masses_close(result, house)
    assert result.known_mass_share is not None and 0.9 < result.known_mass_share < 1
    assert {"mineral-wool", "zinc", "ceramic-tile", "component-door-window"} <= {
        row.family for row in result.unknown
    }
    assert result.portions_without_mass == 5
    assert result.demolition_eur is None and result.total.net_eur is None
    assert result.total.before_demolition_eur is not None and result.total.value_eur is not None
    assert result.total.before_demolition_eur < 0 < result.total.value_eur  # rubble costs more than it brings


def test_the_demolition_is_shared_by_mass(house: Passport) -> None:
    result = residual_value(house, load_prices(), demolition_rate_eur_m2=40)
    masses_close(result, house)
    assert result.demolition_eur == pytest.approx(40 * 178.5)
    shares = [row.terms.demolition_eur for row in result.rows if row.mass_kg is not None]
    assert math.fsum(share for share in shares if share is not None) == pytest.approx(40 * 178.5)
    total = result.total
    assert total.before_demolition_eur is not None and total.demolition_eur is not None
    assert total.net_eur == pytest.approx(total.before_demolition_eur - total.demolition_eur)
    other = residual_value(house, load_prices(), floor_area_m2=100, demolition_rate_eur_m2=40)
    assert other.demolition_eur == 4000


def test_a_building_of_which_nothing_is_known_has_no_total(house: Passport) -> None:
    result = residual_value(house, {})
    assert result.total.value_eur is None and result.known_mass_share == 0
    assert len(result.unknown) == len(result.rows)
    assert result.rows[0].missing == ("price group",)
    empty = residual_value(house.model_copy(update={"elements": ()}), load_prices())
    assert empty.mass_kg is None and empty.known_mass_share is None and empty.total.value_eur is None


def test_a_rate_without_a_floor_area_is_refused(house: Passport) -> None:
    bare = house.model_copy(update={"floor_area_m2": house.floor_area_m2.model_copy(update={"value": None})})
    with pytest.raises(PassportError, match=r"house\.ifc: the floor area is not known.*floor_area_m2"):
        residual_value(bare, load_prices(), demolition_rate_eur_m2=40)
    with pytest.raises(ValueError, match="floor_area_m2 is 0"):
        residual_value(house, load_prices(), floor_area_m2=0)
    with pytest.raises(ValueError, match="demolition_rate_eur_m2 is -1"):
        residual_value(house, load_prices(), demolition_rate_eur_m2=-1)


def test_a_users_row_replaces_the_whole_row_and_a_family_wins_over_its_group(
    tmp_path: Path, house: Passport
) -> None:
    path = user_table(tmp_path, "zinc,1.5,,0.35,150,0.00048", "softwood,0.30,,,50,0.00048")
    prices = load_prices(path)
    assert prices["softwood"].processing_eur_kg is None and prices["softwood"].confidence == "user"
    assert prices["softwood"].source == "user's table"
    assert prices["flat glass"] == load_prices()["flat glass"]
    result = residual_value(house, prices)
    masses_close(result, house)
    zinc = next(row for row in result.rows if row.family == "zinc")
    assert zinc.price_group == "zinc" and not zinc.missing
    assert zinc.terms.value_eur == pytest.approx((zinc.mass_kg or 0) * 1.5)
    wood = next(row for row in result.rows if row.family == "timber-softwood")
    assert wood.missing == ("processing_eur_kg",)
    steel = next(row for row in result.rows if row.family == "steel-structural")
    assert steel.price_group == "metal" and steel.missing == ("price_eur_kg",)


@pytest.mark.parametrize(
    ("row", "named"),
    [
        ("softwood,much,0.1,,50,0.00048", "line 2: price_eur_kg is 'much', which is no number"),
        ("softwood,nan,0.1,,50,0.00048", "line 2: price_eur_kg is 'nan'"),
        ("softwood,0.1,-0.1,,50,0.00048", "line 2: processing_eur_kg is -0.1, below 0"),
        (
            "softwood,0.1,0.1,0.2,50,0.00048",
            "line 2: processing_eur_kg and processing_share_of_value",
        ),
        ("marble,0.1,0.1,,50,0.00048", "line 2: group is 'marble'"),
        (",0.1,0.1,,50,0.00048", "line 2: group is ''"),
        ("softwood,0.1,,,50,0\nsoftwood,0.2,,,50,0", "line 3: group 'softwood' is there twice"),
    ],
)
def test_a_fault_in_a_users_table_is_named_with_line_and_field(tmp_path: Path, row: str, named: str) -> None:
    with pytest.raises(PassportError, match=named):
        load_prices(user_table(tmp_path, row))


def test_a_table_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    with pytest.raises(PassportError, match="no column transport_eur_kg_km"):
        load_prices(user_table(tmp_path, header=HEADER.rsplit(",", 1)[0]))
    with pytest.raises(PassportError, match="cannot be read"):
        load_prices(tmp_path / "none.csv")
    (tmp_path / "latin.csv").write_bytes(b"group\xe9\n")
    with pytest.raises(PassportError, match="not UTF-8"):
        load_prices(tmp_path / "latin.csv")
    (tmp_path / "empty.csv").write_text("", encoding="utf-8")
    with pytest.raises(PassportError, match="line 1: there is no column group"):
        load_prices(tmp_path / "empty.csv")


# --- Circular value index -------------------------------------------------------------------------------


def test_the_circular_value_with_its_terms() -> None:
    result = circular_value(1000, 0.8, 0.25, 0.5, 100, 50, 20, 10, 20)
    assert result.residual_eur.low == pytest.approx(600)
    assert result.expected_eur.low == pytest.approx(300)
    assert result.reuse_cost_eur == Interval(200, 200)
    assert result.cvi_project.low == result.cvi_project.high == pytest.approx(1.5)
    assert result.pays is True
    assert result.label == LABEL and "own form" in LABEL and "not public" in LABEL


def test_bounds_of_the_circular_value() -> None:
    result = circular_value(1000, Interval(0.4, 0.8), 0.25, 0.5, Interval(100, 200), 50, 20, 10, 20)
    assert (result.cvi_project.low, result.cvi_project.high) == pytest.approx((150 / 300, 1.5))
    assert result.pays is None
    assert circular_value(10, 0.8, 0.25, 0.5, 100, 50, 20, 10, 20).pays is False


SHARES = st.lists(st.floats(0, 1, allow_subnormal=False), min_size=5, max_size=5)
AMOUNTS = st.lists(st.floats(1, 1e5), min_size=6, max_size=6)


@given(SHARES, AMOUNTS)
def test_bounds_hold_the_value_of_what_lies_in_them(shares: list[float], amounts: list[float]) -> None:
    condition, obsolescence, risk, low, high = shares
    price, *costs = amounts
    wide = circular_value(
        price,
        Interval(condition * low, condition),
        Interval(obsolescence * high, obsolescence),
        Interval(risk, 1.0),
        *[Interval(cost * 0.5, cost) for cost in costs],
    )
    exact = circular_value(price, condition, obsolescence, risk, *costs).cvi_project.low
    assert wide.cvi_project.low - 1e-9 <= exact <= wide.cvi_project.high + 1e-9


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ((1000, 0.8, 0.25, 0.5, 0, 0, 0, 0, 0), "may be 0"),
        ((1000, 0.8, 0.25, 0.5, Interval(0, 5), 0, 0, 0, 0), "may be 0"),
        ((-1, 0.8, 0.25, 0.5, 1, 0, 0, 0, 0), "price_new_eur"),
        ((1000, 1.8, 0.25, 0.5, 1, 0, 0, 0, 0), "condition"),
        ((1000, 0.8, math.nan, 0.5, 1, 0, 0, 0, 0), "obsolescence"),
        ((1000, 0.8, 0.25, Interval(0.5, 1.5), 1, 0, 0, 0, 0), "risk"),
        ((1000, 0.8, 0.25, 0.5, 1, 0, -2, 0, 0), "storage_eur"),
        ((1000, 0.8, 0.25, 0.5, 1, math.inf, 0, 0, 0), "transport_eur"),
    ],
)
def test_an_impossible_circular_value_is_refused_by_name(arguments: Any, named: str) -> None:
    with pytest.raises(ValueError, match=named):
        circular_value(*arguments)
