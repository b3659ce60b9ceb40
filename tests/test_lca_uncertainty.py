"""Monte-Carlo: closed forms, the definition and the kernel, shared draws, what the spread comes from."""

from __future__ import annotations

import hashlib
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import lca
from lca import _numpy_draws
from lca.distributions import Distribution
from reference.factors import FactorTable
from reference.vocabulary import Indicator, Stage

ENGINES = ("numpy", "numba")
DRAWS = 20_000
FOSSIL = Indicator.GWP_FOSSIL
SIGMAS = 4.5  # of the sampling error: with a fixed seed a test fails only if the distribution is wrong


def table(*a1_a3: float, **modules: float) -> FactorTable:
    """A table of one indicator: A1-A3 per material, the same other modules for all of them."""
    stages = (Stage.A1_A3, *(Stage.parse(name) for name in modules))
    values = np.empty((len(a1_a3), 1, len(stages)))
    values[:, 0, 0] = a1_a3
    values[:, 0, 1:] = list(modules.values())
    return FactorTable(
        materials=tuple(f"m{k}" for k in range(len(a1_a3))),
        indicators=(FOSSIL,),
        stages=stages,
        values=values,
        partial=np.zeros((len(a1_a3), len(stages)), dtype=np.bool_),
        sources=("test",) * len(a1_a3),
    )


def portions(mass_kg: list[float], material: list[int] | None = None, life: float = 60.0) -> lca.Inventory:
    return lca.Inventory.from_columns(
        material=material if material is not None else [0] * len(mass_kg),
        mass_kg=mass_kg,
        service_life_years=[life] * len(mass_kg),
    )


def near(drawn: np.ndarray, mean: float, sd: float) -> None:
    assert abs(drawn.mean() - mean) < SIGMAS * sd / math.sqrt(len(drawn))


def percentile_near(drawn: np.ndarray, percent: float, value: float) -> None:
    """The share of the draws below a true percentile is binomial."""
    p = percent / 100
    assert abs((drawn < value).mean() - p) < SIGMAS * math.sqrt(p * (1 - p) / len(drawn))


@pytest.mark.parametrize("engine", ENGINES)
def test_a_product_of_log_normals_has_the_percentiles_of_the_log_normal_that_it_is(engine: str) -> None:
    inputs = lca.UncertainInputs(
        quantity=lca.Uncertain(["wall"], {"wall": lca.LogNormal(1.2)}),
        density=lca.Uncertain(["brick"], {"brick": lca.LogNormal(1.1)}),
        factor=lca.Uncertain(["m0"], {"m0": lca.LogNormal(1.3)}),
    )
    drawn = lca.simulate(portions([1000.0]), table(0.5), inputs=inputs, draws=DRAWS, engine=engine).total(
        FOSSIL, "A1-A3"
    )
    sigma = math.sqrt(sum(math.log(g) ** 2 for g in (1.2, 1.1, 1.3)))
    near(drawn, 500 * math.exp(sigma**2 / 2), 500 * math.exp(sigma**2 / 2) * math.sqrt(math.expm1(sigma**2)))
    for percent, z in (
        (1, -2.3263478740408408),
        (5, -1.6448536269514722),
        (50, 0.0),
        (95, 1.6448536269514722),
    ):
        percentile_near(drawn, percent, 500 * math.exp(z * sigma))


@pytest.mark.parametrize("engine", ENGINES)
def test_a_sum_of_independent_portions_has_the_sum_of_their_variances_and_shared_ones_more(
    engine: str,
) -> None:
    inventory, one = portions([100.0] * 8), lca.LogNormal(1.4)
    variance = one.mean**2 * math.expm1(math.log(1.4) ** 2)
    apart = lca.UncertainInputs(quantity=lca.Uncertain.each([f"w{k}" for k in range(8)], one))
    together = lca.UncertainInputs(quantity=lca.Uncertain.each(["w"] * 8, one))
    for inputs, expected in ((apart, 8 * variance), (together, 64 * variance)):
        drawn = lca.simulate(inventory, table(0.01), inputs=inputs, draws=DRAWS, engine=engine).total(
            FOSSIL, "A1-A3"
        )
        near(drawn, 8 * one.mean, math.sqrt(expected))
        squares = (drawn - 8 * one.mean) ** 2
        near(squares, expected, float(squares.std()))


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("distribution", "mean", "variance"),
    [
        (lca.Uniform(0.5, 2.0), 1.25, 1.5**2 / 12),
        (lca.Triangular(0.5, 1.0, 3.0), 1.5, (0.25 + 1 + 9 - 0.5 - 1.5 - 3) / 18),
        (lca.Triangular(1.0, 1.0, 2.0), 4 / 3, 1 / 18),
        (lca.Triangular(1.0, 2.0, 2.0), 5 / 3, 1 / 18),
        (lca.Discrete((0.5, 1.0, 2.0), (0.2, 0.5, 0.3)), 1.2, 0.05 + 0.5 + 1.2 - 1.44),
        (lca.LogNormal(1.0), 1.0, 0.0),
    ],
)
def test_mean_and_variance_of_each_distribution_are_those_of_its_formula(
    engine: str, distribution: Distribution, mean: float, variance: float
) -> None:
    inputs = lca.UncertainInputs(quantity=lca.Uncertain(["q"], {"q": distribution}))
    drawn = lca.simulate(portions([1.0]), table(1.0), inputs=inputs, draws=DRAWS, engine=engine).total(
        FOSSIL, "A1-A3"
    )
    assert distribution.mean == pytest.approx(mean)
    if variance == 0:
        assert (drawn == mean).all()
        return
    near(drawn, mean, math.sqrt(variance))
    squares = (drawn - mean) ** 2
    near(squares, variance, float(squares.std()))
    low, high = distribution.bounds
    assert low <= drawn.min() and drawn.max() <= high


def test_the_normal_quantile_is_the_inverse_of_the_error_function_also_far_out() -> None:
    p = np.array([1e-15, 1e-9, 1e-4, 0.02, 0.074, 0.075, 0.3, 0.5, 0.7, 0.925, 0.926, 0.98, 1 - 1e-9])
    back = [0.5 * math.erfc(-z / math.sqrt(2)) for z in _numpy_draws.normal_quantile(p)]
    np.testing.assert_allclose(back, p, rtol=5e-14)


@pytest.mark.parametrize("engine", ENGINES)
def test_the_expected_number_of_replacements_is_that_of_the_lives_by_their_probability(engine: str) -> None:
    lives = lca.Discrete((10.0, 20.0, 30.0, math.inf), (0.1, 0.2, 0.3, 0.4))
    inputs = lca.UncertainInputs(service_life=lca.Uncertain(["paint"], {"paint": lives}))
    b4 = lca.simulate(portions([1.0]), table(1.0), inputs=inputs, draws=DRAWS, engine=engine).total(
        FOSSIL, "B4"
    )
    assert set(b4.tolist()) == {5.0, 2.0, 1.0, 0.0}
    mean = 0.1 * 5 + 0.2 * 2 + 0.3 * 1
    near(b4, mean, math.sqrt(0.1 * 25 + 0.2 * 4 + 0.3 - mean**2))


@pytest.mark.parametrize("engine", ENGINES)
def test_a_match_takes_figure_mass_and_life_of_the_material_that_is_drawn(engine: str) -> None:
    match = lca.UncertainMatch(
        ["stone", "stone"],
        {
            "stone": (
                lca.Candidate(0, 0.5),
                lca.Candidate(1, 0.3, mass_ratio=2.0, service_life=30.0),
                lca.Candidate(-1, 0.2),
            )
        },
    )
    result = lca.simulate(
        portions([10.0, 5.0]),
        table(1.0, 3.0),
        inputs=lca.UncertainInputs(match=match),
        draws=DRAWS,
        engine=engine,
    )
    total, b4 = result.total(FOSSIL, "A1-A3"), result.total(FOSSIL, "B4")
    assert set(total.tolist()) == {15.0, 90.0, 0.0}  # both portions together: one draw serves the name
    assert ((b4 == 90.0) == (total == 90.0)).all() and ((b4 == 0.0) == (total != 90.0)).all()
    for value, share in ((15.0, 0.5), (90.0, 0.3), (0.0, 0.2)):
        near((total == value).astype(float), share, math.sqrt(share * (1 - share)))
    assert ((result.known_share(FOSSIL) == 0.0) == (total == 0.0)).all()
    assert set(result.mass_kg.tolist()) == {15.0, 30.0}


@pytest.mark.parametrize("engine", ENGINES)
def test_loss_transport_and_factor_move_the_modules_by_the_rules(engine: str) -> None:
    """A1-A3 10 f; A4 2 t, C2 1 t; C3 0.5, C4 0.25, C1 0.1; A5 = site 0.3 + loss (10 f + 3 t + 0.75)."""
    figures = table(10.0, a4=2.0, a5=0.3 + 0.05 * 13.75, c1=0.1, c2=1.0, c3=0.5, c4=0.25)
    inputs = lca.UncertainInputs(
        factor=lca.Uncertain(["m0"], {"m0": lca.LogNormal(1.5)}),
        transport=lca.Uncertain(["lorry"], {"lorry": lca.Uniform(0.5, 2.0)}),
        loss=lca.Uncertain(["loss"], {"loss": lca.Triangular(0.0, 0.05, 0.2)}),
    )
    result = lca.simulate(portions([100.0], life=25.0), figures, inputs=inputs, draws=500, engine=engine)
    f = result.total(FOSSIL, "A1-A3") / 1000
    t = result.total(FOSSIL, "A4") / 200
    assert np.ptp(f) > 0.5 and np.ptp(t) > 1
    np.testing.assert_allclose(result.total(FOSSIL, "C2"), 100 * t)
    loss = (result.total(FOSSIL, "A5") / 100 - 0.3) / (10 * f + 3 * t + 0.75)
    assert loss.min() > 0 and loss.max() < 0.2 and np.ptp(loss) > 0.15
    np.testing.assert_allclose(result.total(FOSSIL, ["C1", "C3", "C4"]), 85.0)
    once = sum(result.total(FOSSIL, each) for each in ("A1-A3", "A4", "A5", "C1", "C2", "C3", "C4"))
    np.testing.assert_allclose(result.total(FOSSIL, "B4"), 2 * once)


def test_biogenic_carbon_does_not_vary_with_the_figures_so_uptake_and_release_still_balance() -> None:
    factors = lca.builtin_factors()
    inventory = portions([1000.0], [_a_timber(factors)])
    inputs = lca.UncertainInputs(factor=lca.Uncertain.each(factors.materials, lca.LogNormal(2.0)))
    result = lca.simulate(inventory, factors, inputs=inputs, draws=200)
    biogenic = result.total("gwp-biogenic")
    certain = result.certain.total("gwp-biogenic").value
    np.testing.assert_allclose(biogenic, certain, rtol=1e-9, atol=1e-6)
    assert result.spread("gwp-fossil").sd > 0 and result.spread("gwp-total").sd > 0
    four = [result.total(f"gwp-{name}", "A1-A3") for name in ("total", "fossil", "biogenic", "luluc")]
    np.testing.assert_allclose(four[0], four[1] + four[2] + four[3], rtol=2e-3)


def _a_timber(factors: FactorTable) -> int:
    k, s = factors.indicators.index(Indicator.GWP_BIOGENIC), factors.stages.index(Stage.A1_A3)
    return int(np.nanargmin(factors.values[:, k, s]))


def everything_uncertain(n: int, seed: int) -> tuple[lca.Inventory, FactorTable, lca.UncertainInputs]:
    factors = lca.builtin_factors()
    rng = np.random.default_rng(seed)
    rows = np.where(rng.random(n) < 0.1, -1, rng.integers(0, 40, n))
    inventory = lca.Inventory.from_columns(
        material=rows,
        mass_kg=np.where(rng.random(n) < 0.05, np.nan, rng.lognormal(3, 2, n)),
        service_life_years=rng.choice([15.0, 30.0, 60.0, np.nan], n),
    )
    names = [str(k) for k in rows]
    matches = {
        str(k): (
            lca.Candidate(k, 0.6),
            lca.Candidate(k + 1, 0.3, 1.3, service_life="long"),
            lca.Candidate(-1, 0.1),
        )
        for k in range(0, 40, 4)
    }
    n_materials = len(factors.materials)
    lives = {name: lca.Triangular(10.0, 30.0, 70.0) for name in names} | {"long": lca.LogNormal(1.3, 50.0)}
    return (
        inventory,
        factors,
        lca.UncertainInputs(
            quantity=lca.Uncertain.each([str(k // 3) for k in range(n)], lca.LogNormal(1.1)),
            density=lca.Uncertain.each(names, lca.Triangular(0.9, 1.0, 1.1)),
            match=lca.UncertainMatch([name if name in matches else None for name in names], matches),
            service_life=lca.Uncertain([k if i % 2 else None for i, k in enumerate(names)], lives),
            factor=lca.Uncertain.each(factors.materials, lca.LogNormal(1.3)),
            transport=lca.Uncertain.each(["lorry"] * n_materials, lca.Uniform(0.7, 1.5)),
            loss=lca.Uncertain.each(["loss"] * n_materials, lca.Triangular(0.02, 0.05, 0.1)),
        ),
    )


@pytest.mark.parametrize("rule", ["ceil", "nearest", "proportional"])
def test_the_kernel_gives_the_totals_of_its_definition_for_every_input_at_once(rule: str) -> None:
    inventory, factors, inputs = everything_uncertain(200, 7)
    scenario = lca.Scenario(replacement=rule)
    status = [list(lca.ElementStatus)[k % 5] for k in range(200)]
    by = {
        engine: lca.simulate(
            inventory, factors, scenario, inputs=inputs, status=status, draws=150, engine=engine
        )
        for engine in ENGINES
    }
    a, b = by["numpy"], by["numba"]
    scale = np.maximum(np.abs(np.nan_to_num(a.values)).max(axis=0), 1e-30)
    assert np.array_equal(np.isnan(a.values), np.isnan(b.values))
    np.testing.assert_allclose(
        np.nan_to_num(a.values / scale), np.nan_to_num(b.values / scale), rtol=0, atol=1e-12
    )
    np.testing.assert_allclose(a.known_mass_kg, b.known_mass_kg, rtol=1e-12)
    np.testing.assert_allclose(a.mass_kg, b.mass_kg, rtol=1e-12)
    shares = [lca.variance_shares(each, inventory.material.tolist()) for each in (a, b)]
    assert shares[0].keys() == shares[1].keys()
    assert all(shares[0][k] == pytest.approx(shares[1][k], abs=1e-10) for k in shares[0])


def test_the_number_of_threads_changes_no_bit() -> None:
    import numba

    inventory, factors, inputs = everything_uncertain(120, 3)
    threads, found = numba.get_num_threads(), []
    try:
        for n in (1, threads):
            numba.set_num_threads(n)
            result = lca.simulate(inventory, factors, inputs=inputs, draws=200, engine="numba")
            found.append((result.values, list(lca.variance_shares(result, range(120)).values())))
    finally:
        numba.set_num_threads(threads)
    np.testing.assert_array_equal(found[0][0], found[1][0])
    assert found[0][1] == found[1][1]


@pytest.mark.parametrize("engine", ENGINES)
def test_without_uncertain_inputs_every_draw_is_the_total(engine: str) -> None:
    inventory, factors, _ = everything_uncertain(150, 5)
    status = [list(lca.ElementStatus)[k % 5] for k in range(150)]
    result = lca.simulate(
        inventory, factors, inputs=lca.UncertainInputs(), status=status, draws=3, engine=engine
    )
    for row in result.values:
        np.testing.assert_allclose(row, result.certain.values, rtol=1e-12, atol=1e-9)
    product = result.stages.index(Stage.A1_A3)
    np.testing.assert_allclose(result.known_mass_kg[0], result.certain.known_mass_kg[:, product], rtol=1e-12)
    assert lca.variance_shares(result, range(150)) == {} and lca.variance_by_input(result) == ()


@given(seed=st.integers(0, 10_000), kilos=st.lists(st.floats(0.1, 1e5), min_size=2, max_size=8))
def test_the_order_of_portions_and_what_stands_beside_them_change_no_draw(
    seed: int, kilos: list[float]
) -> None:
    factors = table(2.0, 3.0)
    keys = [f"q{k}" for k in range(len(kilos))]
    order = np.random.default_rng(seed).permutation(len(kilos)).tolist()

    def drawn(masses: list[float], names: list[str]) -> np.ndarray:
        inputs = lca.UncertainInputs(quantity=lca.Uncertain.each(names, lca.LogNormal(1.5)))
        simulation = lca.simulate(portions(masses), factors, inputs=inputs, draws=40, seed=seed)
        return simulation.total(FOSSIL, "A1-A3")

    whole = drawn(kilos, keys)
    np.testing.assert_allclose(drawn([kilos[k] for k in order], [keys[k] for k in order]), whole, rtol=1e-12)
    parts = drawn(kilos[:1], keys[:1]) + drawn(kilos[1:], keys[1:])
    np.testing.assert_allclose(parts, whole, rtol=1e-12)


def test_the_same_seed_draws_the_same_and_another_seed_others() -> None:
    inventory, factors, inputs = everything_uncertain(60, 1)
    first, same, other = (
        lca.simulate(inventory, factors, inputs=inputs, draws=50, seed=seed).total("gwp-total")
        for seed in (4, 4, 5)
    )
    assert (first == same).all() and (first != other).any()


def test_draws_stay_what_they_are_in_every_release() -> None:
    """A figure that someone has defended must come out again: streams are part of the public behaviour."""
    inputs = lca.UncertainInputs(quantity=lca.Uncertain(["slab"], {"slab": lca.Uniform(0.0, 1.0)}))
    drawn = lca.simulate(portions([1.0]), table(1.0), inputs=inputs, draws=3, seed=1).total(FOSSIL, "A1-A3")
    x = int.from_bytes(hashlib.blake2b(b"1\x1fquantity\x1fslab", digest_size=8).digest(), "little")
    expected = []
    for _ in range(3):  # splitmix64 in whole numbers
        x = (x + 0x9E3779B97F4A7C15) % 2**64
        z = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9 % 2**64
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB % 2**64
        expected.append((((z ^ (z >> 31)) >> 11) + 0.5) / 2**53)
    assert drawn.tolist() == expected
    assert [round(each, 6) for each in expected] == [0.806006, 0.048803, 0.601725]


def test_percentiles_converge_with_the_number_of_draws() -> None:
    inputs = lca.UncertainInputs(quantity=lca.Uncertain(["q"], {"q": lca.LogNormal(1.5)}))
    truth = math.exp(1.6448536269514722 * math.log(1.5))
    density = 0.10313564 / (truth * math.log(1.5))  # of the log-normal at its 95th percentile
    for draws in (1_000, 10_000, 100_000):
        simulation = lca.simulate(portions([1.0]), table(1.0), inputs=inputs, draws=draws)
        error = math.sqrt(0.05 * 0.95 / draws) / density
        assert abs(simulation.percentiles(FOSSIL, [95], "A1-A3")[0] - truth) < SIGMAS * error


def two_designs(engine: str = "auto", seed: int = 1) -> tuple[lca.Simulation, lca.Simulation]:
    """1000 kg of m0 against 1000 kg of m1, each with its own log-normal figure."""
    factors = table(1.0, 1.1)
    inputs = lca.UncertainInputs(
        factor=lca.Uncertain(["m0", "m1"], {"m0": lca.LogNormal(1.2), "m1": lca.LogNormal(1.3)})
    )
    return (
        lca.simulate(portions([1000.0], [0]), factors, inputs=inputs, draws=DRAWS, seed=seed, engine=engine),
        lca.simulate(portions([1000.0], [1]), factors, inputs=inputs, draws=DRAWS, seed=seed, engine=engine),
    )


@pytest.mark.parametrize("engine", ENGINES)
def test_the_probability_that_one_log_normal_is_below_another_is_that_of_the_normal_of_their_logs(
    engine: str,
) -> None:
    a, b = two_designs(engine)
    z = math.log(1.1) / math.hypot(math.log(1.2), math.log(1.3))
    expected = 0.5 * math.erfc(-z / math.sqrt(2))
    better = lca.probability_better(a, b, FOSSIL, "A1-A3")
    assert abs(better.probability - expected) < SIGMAS * math.sqrt(expected * (1 - expected) / DRAWS)
    assert lca.probability_better(b, a, FOSSIL, "A1-A3").probability == pytest.approx(1 - better.probability)


def test_what_two_designs_share_decides_nothing_between_them() -> None:
    factors = table(1.0)
    inputs = lca.UncertainInputs(factor=lca.Uncertain(["m0"], {"m0": lca.LogNormal(3.0)}))
    more, less = (lca.simulate(portions([kg]), factors, inputs=inputs, draws=1000) for kg in (1001.0, 1000.0))
    assert lca.probability_better(less, more, FOSSIL).probability == 1.0
    assert lca.probability_better(less, less, FOSSIL).probability == 0.5
    apart = lca.simulate(portions([1000.0]), factors, inputs=inputs, draws=1000, seed=2)
    with pytest.raises(lca.AssessmentError, match="not the same seed: 1 and 2"):
        lca.probability_better(less, apart, FOSSIL)


def test_per_m2_the_larger_house_may_be_the_better_one() -> None:
    inputs = lca.UncertainInputs()
    large, small = (lca.simulate(portions([kg]), table(1.0), inputs=inputs, draws=2) for kg in (300.0, 200.0))
    assert lca.probability_better(large, small, FOSSIL).probability == 0.0
    assert lca.probability_better(large, small, FOSSIL, floor_areas_m2=(200.0, 100.0)).probability == 1.0


@pytest.mark.parametrize("engine", ENGINES)
def test_shares_of_the_variance_are_those_of_independent_parts_and_sum_to_one(engine: str) -> None:
    one = lca.LogNormal(1.2)
    inputs = lca.UncertainInputs(quantity=lca.Uncertain.each(["a", "b", "c"], one))
    result = lca.simulate(
        portions([100.0, 200.0, 400.0]), table(1.0), inputs=inputs, draws=DRAWS, engine=engine
    )
    shares = lca.variance_shares(result, ["a", "b", "c"], FOSSIL)
    assert sum(shares.values()) == pytest.approx(1.0, abs=1e-12)
    for label, mass in (("a", 100.0), ("b", 200.0), ("c", 400.0)):
        assert shares[label] == pytest.approx(mass**2 / 210_000, abs=SIGMAS / math.sqrt(DRAWS))
    assert list(shares) == ["c", "b", "a"]
    assert lca.variance_shares(result, ["x", "x", "x"], FOSSIL) == {"x": pytest.approx(1.0)}


@pytest.mark.parametrize("engine", ENGINES)
def test_first_order_shares_by_input_are_those_of_the_closed_form_for_a_product(engine: str) -> None:
    inputs = lca.UncertainInputs(
        quantity=lca.Uncertain(["q"], {"q": lca.Uniform(0.0, 2.0)}),
        factor=lca.Uncertain(["m0"], {"m0": lca.Uniform(0.5, 1.5)}),
    )
    result = lca.simulate(portions([1.0]), table(1.0), inputs=inputs, draws=DRAWS, engine=engine)
    a, b = 4 / 12, 1 / 12
    whole = a + b + a * b
    found = lca.variance_by_input(result, FOSSIL)
    assert [each.kind for each in found] == ["quantity", "factor", None]
    for each, expected in zip(found[:2], (a / whole, b / whole), strict=True):
        assert 0 < each.standard_error < 0.02
        assert abs(each.share - expected) < SIGMAS * each.standard_error
    assert found[2].share == pytest.approx(1 - found[0].share - found[1].share)


def test_what_is_unknown_in_every_draw_stays_unknown_and_is_said() -> None:
    inventory = lca.Inventory.from_columns(
        material=[0, -1, 0], mass_kg=[3.0, 1.0, None], service_life_years=[60.0, 60.0, 60.0]
    )
    inputs = lca.UncertainInputs(quantity=lca.Uncertain.each(["a", "a", "a"], lca.Uniform(0.5, 1.5)))
    result = lca.simulate(inventory, table(1.0), inputs=inputs, draws=10)
    np.testing.assert_allclose(result.known_share(FOSSIL), 0.75)
    assert np.isnan(result.total(FOSSIL, "A4")).all()
    assert result.certain.total(FOSSIL).portions_without_mass == 1
    assert "75.0% of the mass known" in str(result.spread(FOSSIL))
    nothing = lca.simulate(portions([1.0], [-1]), table(1.0), inputs=lca.UncertainInputs(), draws=2)
    with pytest.raises(lca.AssessmentError, match="Nothing is known"):
        lca.variance_shares(nothing, ["x"], FOSSIL)


def test_an_inventory_without_portions_has_no_totals() -> None:
    inventory = lca.Inventory.from_columns(material=np.zeros(0, dtype=int), mass_kg=[])
    for engine in ENGINES:
        result = lca.simulate(inventory, table(1.0), inputs=lca.UncertainInputs(), draws=2, engine=engine)
        assert np.isnan(result.values).all()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda: lca.LogNormal(0.9), "gsd: 0.9 is below 1"),
        (lambda: lca.LogNormal(math.nan), "gsd: nan of LogNormal is not a finite number"),
        (lambda: lca.LogNormal(1.1, -1.0), "median: -1.0 is not above 0"),
        (lambda: lca.LogNormal.between(2.0, 1.0), "must be above 0 and in this order"),
        (lambda: lca.Uniform(2.0, 1.0), "low: 2.0 is above high: 1.0"),
        (lambda: lca.Uniform(0.0, math.inf), "high: inf of Uniform is not a finite number"),
        (lambda: lca.Triangular(1.0, 3.0, 2.0), "mode: 3.0 is not between"),
        (lambda: lca.Discrete((1.0, 2.0), (0.5, 0.6)), "they sum to 1.1, not to 1"),
        (lambda: lca.Discrete((1.0, 2.0), (1.5, -0.5)), "number 1 is 1.5"),
        (lambda: lca.Discrete((1.0,), (0.5, 0.5)), "2 for 1 values"),
        (lambda: lca.Discrete((math.nan,), (1.0,)), "number 1 is NaN"),
        (lambda: lca.Candidate(-2, 1.0), "material: -2"),
        (lambda: lca.Candidate(0, math.nan), "nan, not between 0 and 1"),
        (lambda: lca.Candidate(0, 1.0, service_life=-3.0), "service_life: -3.0 is not above 0 years"),
        (lambda: lca.Candidate(0, 1.0, mass_ratio=math.inf), "mass_ratio: inf"),
        (lambda: lca.Uncertain(["a", "b"], {"a": lca.LogNormal(1.1)}), "row 1: no distribution for the key"),
        (
            lambda: lca.UncertainMatch(["x"], {"x": (lca.Candidate(0, 0.5),)}),
            "key 'x', probabilities: they sum to 0.5",
        ),
        (
            lambda: lca.UncertainInputs(quantity=lca.Uncertain(["q"], {"q": lca.Uniform(-1.0, 1.0)})),
            "quantity, key 'q': between -1 and 1",
        ),
        (
            lambda: lca.UncertainInputs(service_life=lca.Uncertain(["q"], {"q": lca.Uniform(0.0, 9.0)})),
            "service_life, key 'q'",
        ),
        (
            lambda: lca.UncertainInputs(loss=lca.Uncertain(["q"], {"q": lca.Uniform(0.0, 1.0)})),
            "loss, key 'q'",
        ),
    ],
)  # fmt: skip
def test_an_input_that_cannot_be_is_refused_when_it_is_made(wrong: object, words: str) -> None:
    with pytest.raises(lca.AssessmentError) as error:
        wrong()  # type: ignore[operator]
    assert words in str(error.value)


def test_columns_that_do_not_fit_the_inventory_are_refused_before_anything_is_drawn() -> None:
    inventory, factors = portions([1.0, 2.0]), table(1.0, 2.0)
    short = lca.UncertainInputs(
        quantity=lca.Uncertain.each(["a"], lca.LogNormal(1.1)),
        factor=lca.Uncertain.each(["m0"], lca.LogNormal(1.1)),
    )
    with pytest.raises(lca.AssessmentError) as error:
        lca.simulate(inventory, factors, inputs=short)
    assert "quantity: 1 keys; give one per portion, 2" in str(error.value)
    assert "factor: 1 keys; give one per material of the table, 2" in str(error.value)
    outside = lca.UncertainInputs(match=lca.UncertainMatch(["a", None], {"a": (lca.Candidate(9, 1.0),)}))
    with pytest.raises(lca.AssessmentError, match="key 'a': material 9 is outside"):
        lca.simulate(inventory, factors, inputs=outside)
    with pytest.raises(lca.AssessmentError, match="draws: 0"):
        lca.simulate(inventory, factors, inputs=lca.UncertainInputs(), draws=0)
