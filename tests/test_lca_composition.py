"""Rules A4, A5, C1 to C4 and biogenic carbon.

Wall: IW-LB04 (clay plaster, straw, timber; 1 m2), every intermediate. Source: TOTEM/MMG as recovered from KU
Leuven SLiCE/Mouton 2022 dataset; its unit figures are for this test only.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lca import (
    AssessmentError,
    Inventory,
    MaintenanceKind,
    MaintenanceTask,
    Scenario,
    ShapeError,
    assess,
    builtin_factors,
    compose_factors,
    maintenance_impact,
)
from lca.composition import c2_kilometres, release_shares
from reference.factors import FactorTable
from reference.models import EndOfLifeRule, TransportClass
from reference.processes import ProcessTable
from reference.vocabulary import BiogenicRule, Indicator, Stage

TOTAL, FOSSIL, BIOGENIC, LULUC = (
    Indicator.GWP_TOTAL,
    Indicator.GWP_FOSSIL,
    Indicator.GWP_BIOGENIC,
    Indicator.GWP_LULUC,
)
GWP = (TOTAL, FOSSIL, BIOGENIC, LULUC)
LORRIES = {
    "lorry-gt32": 0.086600061,
    "lorry-16-32": 0.16301515,
    "lorry-7.5-16": 0.21172401,
    "lorry-3.5-7.5": 0.50756413,
}


def transport(*tkm_per_tonne: float) -> TransportClass:
    return TransportClass(
        a4_class="test",
        name="test",
        share_via_supplier=0.0,
        tkm_per_tonne=dict(zip(LORRIES, tkm_per_tonne, strict=True)),
        confidence="read",
        source_id="test",
    )


def end_of_life(
    landfill: float = 0.0,
    incineration: float = 0.0,
    reuse: float = 0.0,
    recycling: float = 0.0,
    *,
    sorted_on_site: float = 0.0,
    first_leg: str = "all",
    landfill_process: str | None = None,
    incineration_process: str | None = None,
    recycling_process: str | None = None,
    sorting_process: str | None = None,
    incineration_without_impact: bool = False,
) -> EndOfLifeRule:
    return EndOfLifeRule(
        waste_category="test",
        landfill=landfill,
        incineration=incineration,
        reuse=reuse,
        recycling=recycling,
        sorted_on_site=sorted_on_site,
        first_leg=first_leg,  # type: ignore[arg-type]
        c2_km_per_tonne_published=0.0,
        landfill_process=landfill_process,
        incineration_process=incineration_process,
        recycling_process=recycling_process,
        sorting_process=sorting_process,
        incineration_without_impact=incineration_without_impact,
        process_source_id="test",
        source_id="test",
    )


def process_table(fossil: dict[str, float], biogenic: dict[str, float] | None = None) -> ProcessTable:
    """Processes with GWP-fossil, and GWP-biogenic where given; GWP-luluc is 0."""
    taken = {} if biogenic is None else biogenic
    values = [[f + taken.get(name, 0.0), f, taken.get(name, 0.0), 0.0] for name, f in fossil.items()]
    return ProcessTable(
        ids=tuple(fossil),
        units=tuple("t.km" if name.startswith("lorry") else "kg" for name in fossil),
        indicators=GWP,
        values=np.array(values),
        sources=("test",) * len(fossil),
    )


def products(*rows: Sequence[float], partial: bool = False) -> FactorTable:
    """A1-A3 per kg: one (total, fossil, biogenic, luluc) per material."""
    return FactorTable(
        materials=tuple(f"m{k}" for k in range(len(rows))),
        indicators=GWP,
        stages=(Stage.A1_A3,),
        values=np.array(rows, dtype=np.float64)[:, :, np.newaxis],
        partial=np.full((len(rows), 1), partial),
        sources=("test",) * len(rows),
    )


def figure(table: FactorTable, stage: Stage, indicator: Indicator = TOTAL, material: int = 0) -> float:
    return float(table.values[material, table.indicators.index(indicator), table.stages.index(stage)])


def is_partial(table: FactorTable, stage: Stage, material: int = 0) -> bool:
    return bool(table.partial[material, table.stages.index(stage)])


PROCESSES = process_table(
    {
        **LORRIES,
        "landfill": 0.01,
        "incineration": 0.03,
        "rubble": 0.003,
        "sorting": 0.0015,
        "demolition": 0.004,
    },
    {"incineration": 1.79},
)
DIRECT = transport(0, 100, 0, 0)


def compose_one(
    product: Sequence[float], rule: EndOfLifeRule | None, scenario: Scenario | None = None, **choices: object
) -> FactorTable:
    return compose_factors(
        products(product),
        transport_class=[DIRECT],
        end_of_life=[rule],
        processes=PROCESSES,
        scenario=scenario,
        **choices,  # type: ignore[arg-type]
    )


# IW-LB04, every intermediate.

MASSES_KG = np.array([27.0, 14.94, 12.24])
CLAY, STRAW, TIMBER = 0, 1, 2


@pytest.fixture(scope="module")
def wall() -> FactorTable:
    per_kg = (0.041027, 0.104193, 121.045 * 0.0306 / 12.24)
    return compose_factors(
        products(*[(figure, figure, 0.0, 0.0) for figure in per_kg]),
        transport_class=[transport(60, 30.5, 30.5, 0), transport(60, 57.85, 3.15, 0), DIRECT],
        end_of_life=[
            end_of_life(
                landfill=0.05,
                recycling=0.95,
                landfill_process="landfill",
                recycling_process="no-burden",
                sorting_process="sorting-clay",
            ),
            end_of_life(
                incineration=1.0, incineration_process="incineration", sorting_process="sorting-straw"
            ),
            end_of_life(
                incineration=0.25,
                recycling=0.75,
                sorted_on_site=0.4,
                incineration_process="incineration",
                recycling_process="no-burden",
                sorting_process="sorting-timber",
            ),
        ],
        processes=process_table(
            {
                **LORRIES,
                "landfill": 0.00532456,
                "incineration": 0.00961098,
                "sorting-clay": 0.00135426,
                "sorting-straw": 0.00161819,
                "sorting-timber": 0.00184499,
                "no-burden": 0.0,
            }
        ),
        scenario=Scenario(biogenic_rule=BiogenicRule.ZERO_ZERO),
        demolition=["no-burden"] * 3,
    )


@pytest.mark.parametrize(
    ("stage", "clay", "straw", "timber"),
    [
        (Stage.A1_A3, 1.107729, 1.556643, 3.703971),
        (Stage.A4, 0.448890, 0.228483, 0.199531),
        (Stage.A5, 0.087171, 0.113475, 0.202810),
        (Stage.C1, 0.0, 0.0, 0.0),
        (Stage.C2, 0.143046, 0.316608, 0.109742),
        (Stage.C3, 0.034737, 0.0, 0.010162),
        (Stage.C4, 0.007188 + 0.001828, 0.143588 + 0.024176, 0.029410 + 0.003387),
    ],
)
def test_wall_module_by_module(
    wall: FactorTable, stage: Stage, clay: float, straw: float, timber: float
) -> None:
    computed = [MASSES_KG[m] * figure(wall, stage, material=m) for m in (CLAY, STRAW, TIMBER)]
    # The printed values have six decimals.
    assert computed == pytest.approx([clay, straw, timber], rel=1e-4, abs=1e-6)
    assert not wall.partial.any()


@pytest.mark.parametrize(
    ("masses", "tkm_per_tonne", "expected"),
    [
        (27.0, (60, 30.5, 30.5, 0), (1.62, 0.8235, 0.8235, 0)),
        (14.94, (60, 57.85, 3.15, 0), (0.8964, 0.864279, 0.047061, 0)),
        (12.24, (0, 100, 0, 0), (0, 1.224, 0, 0)),
    ],
)
def test_wall_tkm_of_a4_one_lorry_at_a_time(
    masses: float, tkm_per_tonne: tuple[float, ...], expected: tuple[float, ...]
) -> None:
    for lorry, tkm in zip(LORRIES, expected, strict=True):
        only_this = process_table({name: float(name == lorry) for name in LORRIES})
        table = compose_factors(
            products((1.0, 1.0, 0.0, 0.0)),
            transport_class=[transport(*tkm_per_tonne)],
            end_of_life=[None],
            processes=only_this,
        )
        assert masses * figure(table, Stage.A4) == pytest.approx(tkm, rel=1e-6)


def test_wall_tkm_of_c2() -> None:
    rules = [
        end_of_life(landfill=0.05, recycling=0.95),
        end_of_life(incineration=1.0),
        end_of_life(incineration=0.25, recycling=0.75),
    ]
    tkm = [m / 1000 * c2_kilometres(rule, Scenario()) for m, rule in zip(MASSES_KG, rules, strict=True)]
    assert tkm == pytest.approx([0.8775, 1.9422, 0.6732], rel=1e-6)


def test_wall_element_total(wall: FactorTable) -> None:
    inventory = Inventory.from_columns(
        material=[CLAY, STRAW, TIMBER], mass_kg=MASSES_KG, service_life_years=[40, 60, 60], element=[0, 0, 0]
    )
    impact = assess(inventory, wall, Scenario(biogenic_rule=BiogenicRule.ZERO_ZERO))
    repair = maintenance_impact(
        [MaintenanceTask(MaintenanceKind.LARGE, 10, 0.9)], [[0.041027]], service_life_years=40
    )
    b4 = impact.values[:, 0, impact.stages.index(Stage.B4)]
    assert b4 == pytest.approx([1.830589, 0, 0], rel=1e-4)
    assert repair.item() == pytest.approx(4 * 0.0369243, rel=1e-4)
    by_stage = {
        "A1-A3": (Stage.A1_A3, 6.368),
        "A4": (Stage.A4, 0.877),
        "A5": (Stage.A5, 0.403),
        "B4": (Stage.B4, 1.831),
    }
    for stage, printed in by_stage.values():
        assert impact.total(TOTAL, stage).value == pytest.approx(printed, abs=5.1e-4)
    end = impact.total(TOTAL, [Stage.C1, Stage.C2, Stage.C3, Stage.C4])
    assert end.value == pytest.approx(0.824, abs=5.1e-4)
    whole = impact.total(TOTAL)
    assert whole.value + repair.item() == pytest.approx(10.451, rel=1e-4)
    assert (whole.known_share, whole.missing_stages, whole.partial_stages) == (1.0, (), ())


# One rule at a time.


@pytest.mark.parametrize(
    ("rule", "km"),
    [
        (end_of_life(landfill=0.05, recycling=0.95, sorted_on_site=0.75), 32.5),  # bricks
        (end_of_life(landfill=0.05, reuse=0.95, sorted_on_site=0.9, first_leg="off-site"), 5.5),  # bulk
        (end_of_life(incineration=0.25, recycling=0.75, sorted_on_site=0.4), 55.0),  # untreated timber
        (end_of_life(landfill=0.8, recycling=0.2, sorted_on_site=0.5), 70.0),  # gypsum
        (end_of_life(landfill=0.9, recycling=0.1), 75.0),  # EPDM
        (end_of_life(landfill=0.85, incineration=0.05, recycling=0.1), 77.5),  # bitumen
        (end_of_life(landfill=0.5, incineration=0.5), 105.0),  # mineral wool
        (end_of_life(incineration=0.95, recycling=0.05, sorted_on_site=0.4), 125.0),  # board products
        (end_of_life(landfill=0.05, incineration=0.95), 127.5),  # EPS
        (end_of_life(first_leg="none"), 0.0),  # no impact end-of-life
    ],
)
def test_c2_kilometres_of_the_library(rule: EndOfLifeRule, km: float) -> None:
    assert c2_kilometres(rule, Scenario()) == pytest.approx(km)


def test_c2_kilometres_follow_the_scenario() -> None:
    scenario = Scenario(c2_first_leg_km=10, c2_landfill_leg_km=20, c2_incineration_leg_km=40)
    assert c2_kilometres(end_of_life(landfill=0.5, incineration=0.5), scenario) == 40


def test_unknown_class_and_rule_are_unknown_modules() -> None:
    table = compose_factors(
        products((1.0, 1.0, 0.0, 0.0)), transport_class=[None], end_of_life=[None], processes=PROCESSES
    )
    for stage in (Stage.A4, Stage.C1, Stage.C2, Stage.C3, Stage.C4):
        assert math.isnan(figure(table, stage))
    assert figure(table, Stage.A5) == pytest.approx(0.05)
    assert is_partial(table, Stage.A5)


def test_category_without_impact_is_a_known_zero() -> None:
    table = compose_one((1.0, 1.0, 0.0, 0.0), end_of_life(first_leg="none"))
    for stage in (Stage.C2, Stage.C3, Stage.C4):
        assert figure(table, stage) == 0
        assert not is_partial(table, stage)


def test_c3_without_recycling_and_reuse_is_a_known_zero() -> None:
    table = compose_one((1.0, 1.0, 0.0, 0.0), end_of_life(landfill=1.0, landfill_process="landfill"))
    assert figure(table, Stage.C3) == 0
    assert not is_partial(table, Stage.C3)


def test_reuse_of_what_is_sorted_on_site_is_a_known_zero() -> None:
    table = compose_one((1.0, 1.0, 0.0, 0.0), end_of_life(reuse=1.0, sorted_on_site=1.0))
    assert figure(table, Stage.C3) == 0


def test_c3_where_no_process_has_a_figure_is_unknown() -> None:
    table = compose_one((1.0, 1.0, 0.0, 0.0), end_of_life(recycling=1.0, sorted_on_site=0.85))
    assert math.isnan(figure(table, Stage.C3))


def test_c3_without_sorting_is_partial() -> None:
    rule = end_of_life(recycling=1.0, sorted_on_site=0.75, recycling_process="rubble")
    table = compose_one((1.0, 1.0, 0.0, 0.0), rule)
    assert figure(table, Stage.C3) == pytest.approx(0.003)
    assert is_partial(table, Stage.C3)


def test_c3_with_all_processes_is_whole() -> None:
    rule = end_of_life(
        landfill=0.2,
        recycling=0.8,
        sorted_on_site=0.75,
        landfill_process="landfill",
        recycling_process="rubble",
        sorting_process="sorting",
    )
    table = compose_one((1.0, 1.0, 0.0, 0.0), rule)
    assert figure(table, Stage.C3) == pytest.approx(0.8 * 0.25 * 0.0015 + 0.8 * 0.003)
    assert figure(table, Stage.C4) == pytest.approx(0.2 * 0.01 + 0.2 * 0.25 * 0.0015)
    assert not table.partial[0, table.stages.index(Stage.C3)]
    assert not is_partial(table, Stage.C4)


def test_incineration_without_impact_is_zero_and_only_where_the_rule_says_so() -> None:
    shares = {"landfill": 0.5, "incineration": 0.5, "sorted_on_site": 1.0, "landfill_process": "landfill"}
    known = compose_one((1.0, 1.0, 0.0, 0.0), end_of_life(**shares, incineration_without_impact=True))  # type: ignore[arg-type]
    unknown = compose_one((1.0, 1.0, 0.0, 0.0), end_of_life(**shares))  # type: ignore[arg-type]
    assert figure(known, Stage.C4) == figure(unknown, Stage.C4) == pytest.approx(0.005)
    assert not is_partial(known, Stage.C4)
    assert is_partial(unknown, Stage.C4)


def test_a5_leaves_c1_out_of_the_bracket() -> None:
    rule = end_of_life(landfill=1.0, sorted_on_site=1.0, landfill_process="landfill")
    without = compose_one((2.0, 2.0, 0.0, 0.0), rule)
    with_c1 = compose_one((2.0, 2.0, 0.0, 0.0), rule, demolition=["demolition"])
    bracket = sum(figure(with_c1, s) for s in (Stage.A1_A3, Stage.A4, Stage.C2, Stage.C3, Stage.C4))
    assert figure(with_c1, Stage.C1) == pytest.approx(0.004)
    assert math.isnan(figure(without, Stage.C1))
    assert figure(with_c1, Stage.A5) == figure(without, Stage.A5) == pytest.approx(0.05 * bracket)
    assert not is_partial(without, Stage.A5)


def test_a5_takes_a_site_process_and_the_loss_of_the_scenario() -> None:
    rule = end_of_life(first_leg="none")
    scenario = Scenario(a5_loss_share=0.0)
    table = compose_one((2.0, 2.0, 0.0, 0.0), rule, scenario, site=["sorting"])
    assert figure(table, Stage.A5) == pytest.approx(0.0015)


def test_a5_is_unknown_where_the_product_is() -> None:
    table = compose_one((math.nan, math.nan, math.nan, math.nan), end_of_life(first_leg="none"))
    assert math.isnan(figure(table, Stage.A5))
    assert figure(table, Stage.A4) > 0


def test_partial_products_stay_partial() -> None:
    table = compose_factors(
        products((1.0, 1.0, 0.0, 0.0), partial=True),
        transport_class=[DIRECT],
        end_of_life=[end_of_life(first_leg="none")],
        processes=PROCESSES,
    )
    assert is_partial(table, Stage.A1_A3)
    assert is_partial(table, Stage.A5)
    assert not is_partial(table, Stage.A4)


# Biogenic carbon.

WOOD = (-1.2, 0.4, -1.6, 0.0)


def test_release_equals_uptake_and_not_the_incineration_process() -> None:
    rule = end_of_life(
        incineration=0.25, recycling=0.75, incineration_process="incineration", sorted_on_site=1.0
    )
    table = compose_one(WOOD, rule)
    assert figure(table, Stage.C3, BIOGENIC) == pytest.approx(1.6)
    assert figure(table, Stage.C4, BIOGENIC) == 0
    assert figure(table, Stage.C4) == pytest.approx(0.25 * 0.03)
    # Wood recycling has no figure: fossil unknown, the known part of the total is the release.
    assert math.isnan(figure(table, Stage.C3, FOSSIL))
    assert figure(table, Stage.C3) == pytest.approx(1.6)
    assert is_partial(table, Stage.C3)


def test_landfilled_share_is_released_in_c4() -> None:
    rule = end_of_life(landfill=0.4, incineration=0.6, landfill_process="landfill", sorted_on_site=1.0)
    table = compose_one(WOOD, rule)
    assert figure(table, Stage.C3, BIOGENIC) == pytest.approx(0.6 * 1.6)
    assert figure(table, Stage.C4, BIOGENIC) == pytest.approx(0.4 * 1.6)
    assert figure(table, Stage.C4) == pytest.approx(0.4 * 0.01 + 0.4 * 1.6)


def test_process_biogenic_counts_for_a_material_without_uptake() -> None:
    rule = end_of_life(incineration=1.0, incineration_process="incineration", sorted_on_site=1.0)
    table = compose_one((2.0, 2.0, 0.0, 0.0), rule)
    assert figure(table, Stage.C4, BIOGENIC) == pytest.approx(1.79)
    assert figure(table, Stage.C4) == pytest.approx(1.82)


def test_zero_zero_has_no_biogenic_carbon_anywhere() -> None:
    rule = end_of_life(incineration=1.0, incineration_process="incineration", sorted_on_site=1.0)
    table = compose_one(WOOD, rule, Scenario(biogenic_rule=BiogenicRule.ZERO_ZERO))
    assert (table.values[0, GWP.index(BIOGENIC)] == 0).all()
    assert figure(table, Stage.A1_A3) == pytest.approx(0.4)
    assert figure(table, Stage.C4) == pytest.approx(0.03)


def test_uptake_is_read_from_the_total_where_biogenic_is_not_declared() -> None:
    rule = end_of_life(incineration=1.0, incineration_process="incineration", sorted_on_site=1.0)
    table = compose_one((-1.2, 0.4, math.nan, 0.0), rule)
    assert figure(table, Stage.C3, BIOGENIC) == pytest.approx(1.6)
    assert figure(compose_one((-1.2, math.nan, math.nan, math.nan), rule), Stage.C3) == pytest.approx(1.2)


def test_uptake_below_one_per_cent_of_fossil_is_no_stored_carbon() -> None:
    rule = end_of_life(recycling=1.0, recycling_process="rubble", sorted_on_site=1.0)
    below, above = (compose_one((1.0 - up, 1.0, -up, 0.0), rule) for up in (0.0099, 0.0101))
    assert figure(below, Stage.C3) == pytest.approx(0.003)
    assert figure(above, Stage.C3) == pytest.approx(0.003 + 0.0101)


@given(
    landfill=st.floats(0, 1),
    sorted_on_site=st.floats(0, 1),
    uptake=st.floats(0.01, 2.0),
    landfill_process=st.sampled_from([None, "landfill"]),
    incineration_process=st.sampled_from([None, "incineration"]),
    ruled=st.booleans(),
)
def test_timber_never_looks_like_a_sink(
    *,
    landfill: float,
    sorted_on_site: float,
    uptake: float,
    landfill_process: str | None,
    incineration_process: str | None,
    ruled: bool,
) -> None:
    rule = end_of_life(
        landfill=landfill,
        incineration=1.0 - landfill,
        sorted_on_site=sorted_on_site,
        landfill_process=landfill_process,
        incineration_process=incineration_process,
    )
    table = compose_one((0.4 - uptake, 0.4, -uptake, 0.0), rule if ruled else None)
    assert np.nansum(table.values[0, GWP.index(BIOGENIC)]) == pytest.approx(0, abs=1e-12)
    assert np.nansum(table.values[0, GWP.index(TOTAL)]) > 0.4 - 1e-9
    assert sum(release_shares(rule if ruled else None)) == pytest.approx(1)


def test_part_of_the_four_gwp_indicators_is_refused() -> None:
    only_total = FactorTable(
        materials=("m0",),
        indicators=(TOTAL,),
        stages=(Stage.A1_A3,),
        values=np.ones((1, 1, 1)),
        partial=np.zeros((1, 1), dtype=bool),
        sources=("test",),
    )
    with pytest.raises(AssessmentError, match="GWP-biogenic"):
        compose_factors(only_total, transport_class=[None], end_of_life=[None], processes=PROCESSES)


# Bad input.


def test_one_item_per_material() -> None:
    with pytest.raises(ShapeError) as raised:
        compose_factors(
            products(WOOD),
            transport_class=[],
            end_of_life=[None, None],
            processes=PROCESSES,
            demolition=[None],
        )
    assert raised.value.faults == ("transport_class: 0", "end_of_life: 2")


def test_process_that_does_not_exist() -> None:
    rule = end_of_life(landfill=1.0, landfill_process="moon")
    with pytest.raises(AssessmentError, match="'moon'"):
        compose_one(WOOD, rule)


def test_stage_that_the_products_lack() -> None:
    with pytest.raises(AssessmentError, match="no B6"):
        compose_one(WOOD, None, product_stage=Stage.B6)


# The shipped tables. Expected values: rows of OEKOBAUDAT 2024-I, by hand with the shares and distances of the
# rules.


def test_builtin_ready_mix_concrete_c30_37() -> None:
    table = builtin_factors()
    m = int(table.index_of(["concrete-c30-37"])[0])
    kg_per_m3 = 2360.0
    expected = {
        Stage.A1_A3: 257.6936,
        Stage.A4: 26.1184,
        Stage.C2: 8.4885,
        Stage.C3: 6.3690,
        Stage.C4: 1.7655,
        Stage.A5: 15.0218,
    }
    for stage, per_m3 in expected.items():
        assert kg_per_m3 * figure(table, stage, material=m) == pytest.approx(per_m3, rel=1e-4), stage
    # No demolition and no sorting process is shipped.
    assert math.isnan(figure(table, Stage.C1, material=m))
    assert is_partial(table, Stage.C3, m)
    assert is_partial(table, Stage.C4, m)
    assert is_partial(table, Stage.A5, m)
    assert not is_partial(table, Stage.A4, m)


def test_builtin_construction_timber() -> None:
    table = builtin_factors()
    m = int(table.index_of(["timber-softwood"])[0])
    kg_per_m3 = 529.0

    def per_m3(stage: Stage, indicator: Indicator) -> float:
        return kg_per_m3 * figure(table, stage, indicator, m)

    assert per_m3(Stage.A1_A3, FOSSIL) == pytest.approx(215.20, rel=1e-4)
    assert per_m3(Stage.A1_A3, BIOGENIC) == pytest.approx(-845.868, rel=1e-4)
    assert per_m3(Stage.C2, TOTAL) == pytest.approx(3.2200, rel=1e-4)
    assert per_m3(Stage.C3, BIOGENIC) == pytest.approx(845.868, rel=1e-4)
    assert per_m3(Stage.C4, BIOGENIC) == 0
    assert per_m3(Stage.C4, FOSSIL) == pytest.approx(3.7860, rel=1e-4)
    assert per_m3(Stage.C3, TOTAL) == pytest.approx(845.868, rel=1e-4)
    assert is_partial(table, Stage.C3, m)


def test_builtin_balance_of_biogenic_carbon_under_both_rules() -> None:
    released = builtin_factors()
    left_out = builtin_factors(Scenario(biogenic_rule=BiogenicRule.ZERO_ZERO))
    column = {stage: released.stages.index(stage) for stage in (Stage.A1_A3, Stage.C3, Stage.C4)}
    i = released.indicators.index(BIOGENIC)
    uptake = released.values[:, i, column[Stage.A1_A3]]
    taken = uptake < -0.01 * released.values[:, released.indicators.index(FOSSIL), column[Stage.A1_A3]]
    back = released.values[taken, i, column[Stage.C3]] + released.values[taken, i, column[Stage.C4]]
    assert taken.sum() > 50
    np.testing.assert_allclose(back, -uptake[taken], rtol=1e-12)
    assert (left_out.values[:, i, :] == 0).all()
    fossil = left_out.indicators.index(FOSSIL)
    np.testing.assert_array_equal(left_out.values[:, fossil, :], released.values[:, fossil, :])


def test_builtin_additional_indicators_are_not_declared() -> None:
    table = builtin_factors()
    m = int(table.index_of(["concrete-c30-37"])[0])
    assert np.isnan(table.values[m, 13:, :]).all()


def test_builtin_air_is_a_known_zero() -> None:
    table = builtin_factors()
    m = int(table.index_of(["air"])[0])
    for stage in (Stage.A1_A3, Stage.A4, Stage.C2, Stage.C3, Stage.C4):
        assert figure(table, stage, material=m) == 0


def test_builtin_table_is_made_once_per_scenario() -> None:
    assert builtin_factors() is builtin_factors(Scenario())
    assert builtin_factors() is not builtin_factors(Scenario(a5_loss_share=0.1))
