"""Single score, external cost and stored carbon: published figures, and what is missing."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import lca
from lca import AssessmentError
from lca.carbon import KG_CO2_PER_KG_C, stored_carbon
from lca.harmonise import per_year_over
from lca.monetise import SocietalCost, external_cost, external_cost_a2
from lca.scenario import CostRegion
from lca.score import score_of, single_score
from reference.importers import Epd, read_epds
from reference.vocabulary import CORE_INDICATORS, Indicator, Stage
from reference.weighting import load_ef_factors, load_monetisation

#: Published per module and declared unit, from the sheet: EF 3.0, EF 3.1; None = not declared.
PUBLISHED = {
    ("335241f9", "A1-A3"): (6.733237, 7.066142),
    ("335241f9", "A4"): (0.477131, 0.483008),
    ("335241f9", "A5"): (0.166769, 0.170593),
    ("335241f9", "B1"): (-0.131981, -0.141538),
    ("335241f9", "C1"): (1.246670, 1.260254),
    ("335241f9", "C2"): (0.624567, 0.638714),
    ("335241f9", "C3"): (0.444584, 0.450618),
    ("335241f9", "C4"): (0.0, 0.0),
    ("335241f9", "D"): (-0.725672, -0.747714),
    ("0e9fd868", "A1-A3"): (2.649206, 2.749260),
    ("0e9fd868", "A4"): (0.021107, 0.021639),
    ("0e9fd868", "A5"): (0.077907, 0.083196),
    ("0e9fd868", "B2"): (0.002086, 0.002140),
    ("0e9fd868", "C1"): (0.0, 0.0),
    ("0e9fd868", "C2"): (0.016375, 0.016783),
    ("0e9fd868", "C3"): (0.193161, 0.199553),
    ("0e9fd868", "C4"): (0.072076, 0.078882),
    ("0e9fd868", "D"): (-0.349531, -0.360860),
}
TOTALS = {"335241f9": (9.560977, 9.927790), "0e9fd868": (3.031917, 3.151453)}


@pytest.fixture(scope="module")
def epds(shared: Path) -> dict[str, Epd]:
    return {epd.uuid[:8]: epd for epd in read_epds(shared / "data" / "samples" / "ilcd_json").datasets}


def impact(epd: Epd, *modules: str) -> dict[Indicator, float | None]:
    """Sum over modules; an indicator that one of them does not declare is not declared."""
    found: dict[Indicator, float | None] = {}
    for indicator in Indicator:
        values = [epd.values.get((indicator.value, module, "")) for module in modules]
        found[indicator] = None if any(v is None for v in values) else sum(v for v in values if v is not None)
    return found


def modules_of(epd: Epd) -> list[str]:
    return sorted({module for _, module, _ in epd.values} - {"D"})


@pytest.mark.parametrize(("uuid", "module"), PUBLISHED, ids=lambda x: x)
def test_a_module_of_a_published_epd(epds: dict[str, Epd], uuid: str, module: str) -> None:
    declared = impact(epds[uuid], module)
    for version, expected in zip(("3.0", "3.1"), PUBLISHED[uuid, module], strict=True):
        score = single_score(declared, version, data_version="3.0", mixed=version != "3.0")
        assert score.complete and score.weight_covered == pytest.approx(1.0)
        assert score.value_mpt == pytest.approx(expected, rel=1e-4, abs=1e-6)


@pytest.mark.parametrize("uuid", TOTALS)
def test_modules_a_to_c_of_a_published_epd_without_d(epds: dict[str, Epd], uuid: str) -> None:
    declared = impact(epds[uuid], *modules_of(epds[uuid]))
    for version, expected in zip(("3.0", "3.1"), TOTALS[uuid], strict=True):
        assert single_score(declared, version).value_mpt == pytest.approx(expected, rel=1e-4)


def test_b1_without_a_value_is_not_declared_and_not_zero(epds: dict[str, Epd]) -> None:
    score = single_score(impact(epds["0e9fd868"], "B1"), "3.0")
    assert math.isnan(score.value_mpt) and score.weight_covered == 0.0 and len(score.missing) == 16


def test_a_set_without_the_additional_indicators_has_a_partial_score(epds: dict[str, Epd]) -> None:
    epd = epds["0e85f255"]
    score = single_score(impact(epd, *modules_of(epd)), "3.0", data_version="3.0")
    assert score.value_mpt == pytest.approx(0.949907, rel=1e-4)
    assert score.weight_covered == pytest.approx(0.7220, abs=5e-5)
    assert not score.complete and len(score.missing) == 6
    assert str(score).startswith("partial score 0.9499 mPt (EF 3.0, 72.20% of the weights declared")


def test_a_carbon_uptake_is_the_content_times_44_over_12(epds: dict[str, Epd]) -> None:
    """Sheet 15.4: 219.94 kg C; A1 -764.07, and A1-A3 next to A1, A2 and A3 counts once."""
    epd = epds["f63ac879"]
    gwp = {module: v for (code, module, _), v in epd.values.items() if code.startswith("GWP")}
    assert gwp["A1"] == pytest.approx(-764.07, abs=0.005)
    assert gwp["A1-A3"] == pytest.approx(-647.42, abs=0.005)
    assert gwp["A1"] + gwp["A2"] + gwp["A3"] == pytest.approx(gwp["A1-A3"], abs=0.02)
    assert gwp["C3"] == pytest.approx(810.12, abs=0.005)
    assert pytest.approx(806.45, abs=0.005) == 219.94 * KG_CO2_PER_KG_C


def test_weights_close_and_the_parts_of_gwp_are_not_weighted() -> None:
    factors = load_ef_factors()
    assert sum(each.weight_pct for each in factors.values()) == pytest.approx(100.0)
    parts = {Indicator.GWP_FOSSIL, Indicator.GWP_BIOGENIC, Indicator.GWP_LULUC}
    assert not parts & set(factors) and len(factors) == 16


def test_mixed_ef_versions_are_refused_unless_asked_for() -> None:
    one = {Indicator.GWP_TOTAL: 1.0}
    with pytest.raises(AssessmentError, match="mixed=True"):
        single_score(one, "3.1", data_version="3.0")
    assert single_score(one, "3.1", data_version="3.0", mixed=True).mixed
    with pytest.raises(AssessmentError, match="does not exist"):
        single_score(one, "2.0")  # type: ignore[arg-type]
    with pytest.raises(AssessmentError, match="GWP-total"):
        single_score({Indicator.GWP_TOTAL: math.inf})


def _figures(largest: float) -> st.SearchStrategy[float]:
    """Of a size that impacts have: below 1e-300 a float has no nine digits left."""
    return st.floats(-largest, largest).map(lambda value: round(value, 6))


@given(st.dictionaries(st.sampled_from(list(Indicator)), _figures(1e6)), _figures(100))
def test_the_score_is_linear_and_its_parts_add_up(values: dict[Indicator, float], times: float) -> None:
    one = single_score(values)
    many = single_score({each: value * times for each, value in values.items()})
    if one.by_indicator:
        scale = sum(abs(part) for part in one.by_indicator.values())
        assert sum(one.by_indicator.values()) == pytest.approx(one.value_mpt, rel=1e-9, abs=1e-9 * scale)
        assert many.value_mpt == pytest.approx(times * one.value_mpt, rel=1e-9, abs=1e-9 * scale * abs(times))
    assert set(one.by_indicator) | set(one.missing) == set(load_ef_factors())


def test_the_score_of_a_result_leaves_d_out() -> None:
    factors = lca.builtin_factors()
    inventory = lca.Inventory.from_columns(
        material=factors.index_of(["concrete-c30-37"]), mass_kg=[2360.0], service_life_years=[60.0]
    )
    totals = lca.totals(inventory, factors)
    score = score_of(totals)
    by_hand = single_score({each: totals.total(each).value for each in CORE_INDICATORS})
    assert score.value_mpt == by_hand.value_mpt
    assert score.weight_covered == pytest.approx(0.722, abs=1e-4)


COLUMNS = {
    "indicator_GWP": "Global warming",
    "indicator_old": "Ozone depletion",
    "indicator_aci": "Acidification for soil and water",
    "indicator_EP": "Eutrophication",
    "indicator_pof": "Photochemical oxidant formation",
    "indicator_dare": "Depletion of abiotic resources - elements",
    "indicator_darf": "Depletion of abiotic resources - fossil fuels",
    "indicator_HTc": "Human toxicity - cancer effects",
    "indicator_HTnc": "Human toxicity - non-cancer effects",
    "indicator_PM": "Particulate matter",
    "indicator_irhh": "Ionising radiation - human health effects",
    "indicator_ireco": "Ionising radiation - ecosystems",
    "indicator_ecofw": "Ecotoxicity: freshwater",
    "indicator_ws": "Water scarcity",
    "indicator_luosom": "Land use: occupation, soil organic matter",
    "indicator_luourb": "Land use: occupation, biodiversity - urban",
    "indicator_luoagr": "Land use: occupation, biodiversity - agricultural",
    "indicator_luofor": "Land use: occupation, biodiversity - forest",
    "indicator_lutsom": "Land use: transformation, soil organic matter",
    "indicator_luttrop": "Land use: transformation, biodiversity - tropical rainforest",
}


@pytest.fixture(scope="module")
def elements(shared: Path) -> dict[str, dict[str, float | None]]:
    """Sums of the published rows by element and MMG indicator; a column without any value is unknown."""
    sums: dict[str, dict[str, float | None]] = {}
    path = shared / "data" / "slice_mouton2022_elements.csv"
    with path.open(encoding="utf-8-sig", newline="") as stream:
        for row in csv.DictReader(stream):
            into = sums.setdefault(row["element_name"].split()[0], dict.fromkeys(COLUMNS.values()))
            for column, name in COLUMNS.items():
                if row[column]:
                    into[name] = (into[name] or 0.0) + float(row[column])
    return sums


@pytest.mark.parametrize(("element", "eur"), [("IW-LB05", 6.0421), ("IW-LB04", -2.0079)])
def test_the_external_cost_of_a_published_element(
    elements: dict[str, dict[str, float | None]], element: str, eur: float
) -> None:
    cost = external_cost(elements[element], "WE")
    assert cost.central_eur == pytest.approx(eur, abs=5e-5)
    assert cost.without_value == ("Land use: transformation, biodiversity - tropical rainforest",)
    assert cost.partial and "Ecotoxicity: terrestrial" in cost.not_priced


def test_a_negative_toxicity_is_not_clipped_but_named(elements: dict[str, dict[str, float | None]]) -> None:
    cost = external_cost(elements["IW-LB04"], "WE")
    expected = {
        "Global warming": 0.5225,
        "Particulate matter": 0.7263,
        "Eutrophication": 0.2620,
        "Human toxicity - non-cancer effects": -4.5445,
        "Land use: occupation, biodiversity - urban": 0.4705,
        "Land use: occupation, biodiversity - agricultural": 0.4707,
    }
    for name, eur in expected.items():
        assert cost.by_indicator[name] == pytest.approx(eur, abs=5e-5), name
    assert sum(cost.by_indicator.values()) - sum(expected.values()) == pytest.approx(0.0845, abs=3e-4)
    assert "Human toxicity - non-cancer effects" in cost.negative
    assert cost.low_eur <= cost.high_eur


@pytest.mark.parametrize("region", ["WE", "FB", "RW"])
def test_central_lies_between_low_and_high_for_burdens(region: CostRegion) -> None:
    cost = external_cost(dict.fromkeys(load_monetisation(), 1.0), region)
    assert cost.low_eur <= cost.central_eur <= cost.high_eur and not cost.negative


def test_en_15804_a2_results_are_priced_in_part_only() -> None:
    cost = external_cost_a2({Indicator.GWP_TOTAL: 1000.0, Indicator.ODP: 0.0, Indicator.AP: 5.0})
    assert cost.central_eur == pytest.approx(50.0)
    assert cost.partial and "Acidification for soil and water" in cost.without_value


def test_what_is_no_mmg_indicator_is_refused() -> None:
    with pytest.raises(AssessmentError, match="GWP-total"):
        external_cost({"GWP-total": 1.0})
    with pytest.raises(AssessmentError, match="Region 'BE'"):
        external_cost({}, "BE")  # type: ignore[arg-type]
    with pytest.raises(AssessmentError, match="infinite"):
        external_cost({"Global warming": math.inf})


def test_financial_and_external_cost_stand_side_by_side() -> None:
    external = external_cost({"Global warming": 100.0})
    assert SocietalCost(200.0, external).total_eur == pytest.approx(205.0)
    assert math.isnan(SocietalCost(None, external).total_eur)


def test_stored_carbon_is_what_is_there_once() -> None:
    inventory = lca.Inventory.from_columns(
        material=[0, 1, 2, -1],
        mass_kg=[100.0, 300.0, None, 50.0],
        service_life_years=[15.0, 60.0, 60.0, 60.0],
    )
    stored = stored_carbon(inventory, [(0.45, 0.4, 0.5), (0.0, 0.0, 0.0), None])
    assert (stored.carbon_kg, stored.low_kg, stored.high_kg) == pytest.approx((45.0, 40.0, 50.0))
    assert stored.co2_kg == pytest.approx(165.0)
    assert stored.known_share == pytest.approx(400.0 / 450.0)


def test_unknown_carbon_is_unknown() -> None:
    inventory = lca.Inventory.from_columns(material=[0], mass_kg=[100.0])
    assert np.isnan(stored_carbon(inventory, [None]).carbon_kg)
    with pytest.raises(lca.ShapeError):
        stored_carbon(inventory, [])


CASE_COLUMNS = {
    "GHG_A123_m2a": Stage.A1_A3,
    "GHG_A45_m2a": Stage.A5,
    "GHG_B1234_m2a": Stage.B4,
    "GHG_C12_m2a": Stage.C2,
    "GHG_C34_m2a": Stage.C4,
}


def test_the_harmonisation_of_all_belgian_cases(shared: Path) -> None:
    """Sheet 15.5: once-only modules x 60/50, the use stage as it is; DH_P1_EPB-solid gives 10.896574."""
    path = shared / "data" / "eu_ecb" / "eu_ecb_belgium_105.csv"
    with path.open(encoding="utf-8-sig", newline="") as stream:
        cases = {row["admin_project_code"]: row for row in csv.DictReader(stream)}
    assert len(cases) == 105
    for code, row in cases.items():
        per_year = {stage: float(row[column]) for column, stage in CASE_COLUMNS.items()}
        assert sum(per_year.values()) == pytest.approx(float(row["GHG_sum_em_m2a"]), abs=1e-6), code
        over_50 = per_year_over(per_year, 60, 50)
        assert sum(over_50.values()) == pytest.approx(float(row["GHG_sum_em_m2a_harm"]), abs=1e-6), code
    case = cases["DH_P1_EPB-solid"]
    over_50 = per_year_over({s: float(case[c]) for c, s in CASE_COLUMNS.items()}, 60, 50)
    assert over_50[Stage.A1_A3] == pytest.approx(5.809876, abs=1e-6)
    assert over_50[Stage.B4] == pytest.approx(3.946062, abs=1e-6)
    assert sum(over_50.values()) == pytest.approx(10.896574, abs=1e-6)
    with pytest.raises(AssessmentError):
        per_year_over({}, 0, 50)
