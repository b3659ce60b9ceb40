"""Both engines run the same assertions; the oracle is written out portion by portion, without arrays."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from lca import (
    AssessmentError,
    ElementStatus,
    Impact,
    Inventory,
    Scenario,
    assess,
    assess_elements,
    by_status,
    replacement_counts,
    totals,
)
from reference.factors import FactorTable
from reference.vocabulary import ASSESSED_STAGES, INDICATORS, Indicator, Stage

REPLACED = (Stage.A1_A3, Stage.A4, Stage.A5, Stage.C1, Stage.C2, Stage.C3, Stage.C4)
TWO = (Indicator.GWP_TOTAL, Indicator.AP)


def make_factors(
    values: NDArray[np.float64],
    *,
    stages: tuple[Stage, ...] = REPLACED,
    indicators: tuple[Indicator, ...] = TWO,
    partial: NDArray[np.bool_] | None = None,
) -> FactorTable:
    n = values.shape[0]
    return FactorTable(
        materials=tuple(f"m{k}" for k in range(n)),
        indicators=indicators,
        stages=stages,
        values=values,
        partial=np.zeros((n, len(stages)), dtype=bool) if partial is None else partial,
        sources=tuple(f"source {k}" for k in range(n)),
    )


@dataclass(frozen=True)
class Case:
    """Columns of an inventory and a factor table, as hypothesis draws them."""

    material: list[int]
    mass_kg: list[float]
    life: list[float]
    values: NDArray[np.float64]

    def inventory(self, order: list[int] | None = None, times: float = 1.0) -> Inventory:
        rows = list(range(len(self.material))) if order is None else order
        return Inventory.from_columns(
            material=np.array([self.material[p] for p in rows], dtype=np.int64),
            mass_kg=np.array([self.mass_kg[p] * times for p in rows], dtype=np.float64),
            service_life_years=np.array([self.life[p] for p in rows], dtype=np.float64),
        )


unknown = st.just(math.nan)
masses = st.one_of(unknown, st.floats(0, 1e6))
lives = st.one_of(
    unknown, st.just(math.inf), st.sampled_from([1.0, 15.0, 25.0, 30.0, 60.0]), st.floats(1, 200)
)
per_kg = st.one_of(unknown, st.just(0.0), st.floats(-100, 100))
N_MATERIALS = 3

# One property, run by two subclasses on purpose; the first call of a kernel compiles: no deadline.
shared = settings(suppress_health_check=[HealthCheck.differing_executors], deadline=None)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    n = draw(st.integers(0, 8))
    size = N_MATERIALS * len(TWO) * len(REPLACED)
    values = draw(st.lists(per_kg, min_size=size, max_size=size))

    def column(of: st.SearchStrategy[float]) -> list[float]:
        return draw(st.lists(of, min_size=n, max_size=n))

    return Case(
        material=[int(m) for m in column(st.integers(-1, N_MATERIALS - 1))],
        mass_kg=column(masses),
        life=column(lives),
        values=np.array(values).reshape(N_MATERIALS, len(TWO), len(REPLACED)),
    )


def by_hand(case: Case, p: int, i: int, stage: Stage) -> float:
    """Impact of one portion: mass x figure per kg; B4 = n x known modules of one life."""
    m = case.material[p]
    if m < 0:
        return math.nan
    figures = dict(zip(REPLACED, case.values[m, i], strict=True))
    if stage is not Stage.B4:
        return float(case.mass_kg[p] * figures[stage])
    if math.isnan(figures[Stage.A1_A3]) or math.isnan(case.life[p]):
        return math.nan
    one_life = sum(figure for figure in figures.values() if not math.isnan(figure))
    n = max(0, math.ceil(60 / case.life[p] - 1e-9) - 1)
    return float(n * case.mass_kg[p] * one_life)


class EngineAssertions:
    """All assertions on `assess`, run once per engine by the subclasses below."""

    engine: ClassVar[Literal["numpy", "numba"]]

    def assess(self, inventory: Inventory, factors: FactorTable, scenario: Scenario | None = None) -> Impact:
        return assess(inventory, factors, scenario, engine=self.engine)

    @shared
    @given(case=cases())
    def test_equals_the_formula_written_out(self, case: Case) -> None:
        impact = self.assess(case.inventory(), make_factors(case.values))
        expected = [
            [[by_hand(case, p, i, stage) for stage in ASSESSED_STAGES] for i in range(len(TWO))]
            for p in range(len(case.material))
        ]
        shape = (len(case.material), len(TWO), len(ASSESSED_STAGES))
        # B4 adds terms of both signs, so the order of the sum shows in the last bits.
        np.testing.assert_allclose(impact.values, np.array(expected).reshape(shape), rtol=1e-9, atol=1e-3)

    @shared
    @given(case=cases())
    def test_equals_the_definition_exactly(self, case: Case) -> None:
        factors = make_factors(case.values)
        definition = assess(case.inventory(), factors, engine="numpy")
        impact = self.assess(case.inventory(), factors)
        np.testing.assert_array_equal(impact.values, definition.values)
        np.testing.assert_array_equal(impact.partial, definition.partial)

    @shared
    @given(case=cases(), times=st.floats(0.01, 100))
    def test_is_linear_in_mass(self, case: Case, times: float) -> None:
        factors = make_factors(case.values)
        once = self.assess(case.inventory(), factors)
        scaled = self.assess(case.inventory(times=times), factors)
        np.testing.assert_allclose(scaled.values, times * once.values, rtol=1e-12, atol=1e-9)

    @shared
    @given(case=cases(), data=st.data())
    def test_is_additive(self, case: Case, data: st.DataObject) -> None:
        factors = make_factors(case.values)
        rows = list(range(len(case.material)))
        cut = data.draw(st.integers(0, len(rows)))
        whole = self.assess(case.inventory(), factors)
        first, second = (self.assess(case.inventory(part), factors) for part in (rows[:cut], rows[cut:]))
        np.testing.assert_array_equal(whole.values, np.concatenate([first.values, second.values]))

    @shared
    @given(case=cases(), data=st.data())
    def test_order_of_portions_changes_nothing(self, case: Case, data: st.DataObject) -> None:
        factors = make_factors(case.values)
        order = data.draw(st.permutations(range(len(case.material))))
        straight = self.assess(case.inventory(), factors)
        shuffled = self.assess(case.inventory(list(order)), factors)
        np.testing.assert_array_equal(shuffled.values, straight.values[list(order)])
        for indicator in TWO:
            a, b = straight.total(indicator), shuffled.total(indicator)
            assert a.value == pytest.approx(b.value, rel=1e-9, abs=1e-3, nan_ok=True)
            assert a.known_mass_kg == pytest.approx(b.known_mass_kg)

    @shared
    @given(case=cases())
    def test_unknown_stays_unknown(self, case: Case) -> None:
        impact = self.assess(case.inventory(), make_factors(case.values))
        b4 = impact.stages.index(Stage.B4)
        for p, material in enumerate(case.material):
            if material < 0 or math.isnan(case.mass_kg[p]):
                assert np.isnan(impact.values[p]).all()
                continue
            product_unknown = np.isnan(case.values[material, :, 0])
            assert np.isnan(impact.values[p, product_unknown, b4]).all()
            if math.isnan(case.life[p]):
                assert np.isnan(impact.values[p, :, b4]).all()

    def test_replacement_boundaries(self) -> None:
        lives = [1.0, 20.0, 25.0, 29.999, 30.0, 30.001, 59.999, 60.0, 60.001, math.inf]
        inventory = Inventory.from_columns(
            material=np.zeros(len(lives), dtype=int), mass_kg=np.ones(len(lives)), service_life_years=lives
        )
        impact = self.assess(inventory, make_factors(np.ones((1, 2, 7))))
        b4 = impact.values[:, 0, impact.stages.index(Stage.B4)]
        assert (b4 / 7).tolist() == [59, 2, 2, 2, 1, 1, 1, 0, 0, 0]
        np.testing.assert_array_equal(b4 / 7, replacement_counts(lives))

    @pytest.mark.parametrize(("rule", "count"), [("ceil", 2.0), ("nearest", 1.0), ("proportional", 1.4)])
    def test_replacement_rule_of_the_scenario(
        self, rule: Literal["ceil", "nearest", "proportional"], count: float
    ) -> None:
        inventory = Inventory.from_columns(material=[0], mass_kg=[1.0], service_life_years=[25.0])
        impact = self.assess(inventory, make_factors(np.ones((1, 2, 7))), Scenario(replacement=rule))
        assert impact.total("AP", "B4").value == pytest.approx(7 * count)

    def test_no_replacement_is_exactly_zero_also_for_a_negative_figure(self) -> None:
        inventory = Inventory.from_columns(material=[0], mass_kg=[5.0], service_life_years=[100.0])
        impact = self.assess(inventory, make_factors(np.full((1, 2, 7), -1.0)))
        b4 = impact.values[0, 0, impact.stages.index(Stage.B4)]
        assert b4 == 0
        assert math.copysign(1.0, b4) == 1.0

    def test_replacement_sums_known_terms_and_says_that_it_is_partial(self) -> None:
        values = np.ones((1, 2, 7))
        values[0, :, REPLACED.index(Stage.C1)] = np.nan
        inventory = Inventory.from_columns(
            material=[0, 0], mass_kg=[1.0, 1.0], service_life_years=[30.0, 60.0]
        )
        impact = self.assess(inventory, make_factors(values))
        b4 = impact.stages.index(Stage.B4)
        assert impact.values[:, 0, b4].tolist() == [6.0, 0.0]
        assert impact.partial[:, b4].tolist() == [True, False]

    def test_partial_figures_make_partial_portions(self) -> None:
        partial = np.zeros((2, 7), dtype=bool)
        partial[1, REPLACED.index(Stage.C3)] = True
        inventory = Inventory.from_columns(
            material=[0, 1, -1], mass_kg=[1.0, 1.0, 1.0], service_life_years=[30.0, 30.0, 30.0]
        )
        impact = self.assess(inventory, make_factors(np.ones((2, 2, 7)), partial=partial))
        assert impact.partial[:, impact.stages.index(Stage.C3)].tolist() == [False, True, False]
        assert impact.partial[:, impact.stages.index(Stage.B4)].tolist() == [False, True, False]

    def test_stages_of_the_scenario_and_those_that_the_table_lacks(self) -> None:
        factors = make_factors(np.ones((1, 2, 1)), stages=(Stage.A1_A3,))
        inventory = Inventory.from_columns(material=[0], mass_kg=[2.0], service_life_years=[30.0])
        impact = self.assess(inventory, factors, Scenario(stages=("A1-A3", "C2", "B4")))
        assert impact.stages == (Stage.A1_A3, Stage.B4, Stage.C2)
        np.testing.assert_array_equal(impact.values[0, 0], [2.0, 2.0, np.nan])
        assert impact.missing_stages == (Stage.C2,)
        assert impact.partial[0, 1]

    def test_without_product_stage_there_is_no_replacement(self) -> None:
        factors = make_factors(np.ones((1, 2, 1)), stages=(Stage.A4,))
        inventory = Inventory.from_columns(material=[0], mass_kg=[2.0], service_life_years=[30.0])
        impact = self.assess(inventory, factors, Scenario(stages=("A4", "B4")))
        np.testing.assert_array_equal(impact.values[0, 0], [2.0, np.nan])

    def test_module_d_passes_through_and_is_not_replaced(self) -> None:
        factors = make_factors(np.array([[[1.0, -9.0]] * 2]), stages=(Stage.A1_A3, Stage.D))
        inventory = Inventory.from_columns(material=[0], mass_kg=[1.0], service_life_years=[30.0])
        impact = self.assess(inventory, factors, Scenario(stages=("A1-A3", "B4", "D")))
        assert impact.values[0, 0].tolist() == [1.0, 1.0, -9.0]
        assert impact.total("AP").value == 2.0

    def test_empty_inventory(self) -> None:
        impact = self.assess(
            Inventory.from_columns(material=[], mass_kg=[]), make_factors(np.ones((1, 2, 7)))
        )
        assert impact.values.shape == (0, 2, 8)
        assert math.isnan(impact.total("AP").value)

    def test_material_outside_the_table_names_its_rows(self) -> None:
        inventory = Inventory.from_columns(material=[0, 1, 2], mass_kg=[1.0, 1.0, 1.0])
        with pytest.raises(AssessmentError) as raised:
            self.assess(inventory, make_factors(np.ones((1, 2, 7))))
        assert [fault.split(":")[0] for fault in raised.value.faults] == [
            "row 1, material",
            "row 2, material",
        ]

    def test_sources_are_those_used_each_once(self) -> None:
        inventory = Inventory.from_columns(material=[2, -1, 2, 0], mass_kg=[1.0, 1.0, 1.0, 1.0])
        assert self.assess(inventory, make_factors(np.ones((3, 2, 7)))).sources == ("source 0", "source 2")

    def test_result_says_its_engine(self) -> None:
        inventory = Inventory.from_columns(material=[0], mass_kg=[1.0])
        assert self.assess(inventory, make_factors(np.ones((1, 2, 7)))).engine == self.engine


class TestNumpy(EngineAssertions):
    engine = "numpy"


class TestNumba(EngineAssertions):
    engine = "numba"


def big_case(n: int = 20_000) -> tuple[Inventory, FactorTable]:
    rng = np.random.default_rng(7)
    values = rng.normal(size=(50, len(INDICATORS), len(REPLACED)))
    values[rng.random(values.shape) < 0.1] = np.nan
    inventory = Inventory.from_columns(
        material=rng.integers(-1, 50, n),
        mass_kg=np.where(rng.random(n) < 0.05, np.nan, rng.random(n) * 1e4),
        service_life_years=rng.choice([10.0, 25.0, 40.0, 60.0, np.inf, np.nan], n),
    )
    return inventory, make_factors(values, indicators=INDICATORS)


def test_number_of_threads_does_not_change_a_bit() -> None:
    import numba

    inventory, factors = big_case()
    most = numba.get_num_threads()
    if most < 2:
        pytest.skip("one core only")
    results = []
    try:
        for threads in (1, 2):
            numba.set_num_threads(threads)
            results.append(assess(inventory, factors, engine="numba").values.tobytes())
    finally:
        numba.set_num_threads(most)
    assert results[0] == results[1]


def test_two_python_threads_may_assess_at_once() -> None:
    from concurrent.futures import ThreadPoolExecutor

    inventory, factors = big_case(2_000)
    expected = assess(inventory, factors, engine="numba").values.tobytes()
    with ThreadPoolExecutor(4) as pool:
        futures = [pool.submit(assess, inventory, factors, engine="numba") for _ in range(16)]
        assert all(future.result().values.tobytes() == expected for future in futures)


def test_engine_must_exist() -> None:
    inventory = Inventory.from_columns(material=[0], mass_kg=[1.0])
    with pytest.raises(AssessmentError, match="'cuda' is not an engine"):
        assess(inventory, make_factors(np.ones((1, 2, 7))), engine="cuda")  # type: ignore[arg-type]


def test_auto_takes_numpy_for_a_house(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    inventory, factors = big_case(50)
    assert assess(inventory, factors).engine == "numpy"
    monkeypatch.delitem(sys.modules, "lca._kernels", raising=False)
    inventory, factors = big_case(2_000)
    assert assess(inventory, factors).engine == "numpy"


def test_auto_takes_numba_for_many_values_once_it_is_loaded() -> None:
    inventory, factors = big_case(20_000)
    assess(inventory, factors, engine="numba")
    assert assess(inventory, factors).engine == "numba"


def test_kernel_without_a_writable_cache_folder_still_compiles(monkeypatch: pytest.MonkeyPatch) -> None:
    import numba

    from lca import _kernels

    calls = []

    def njit(function: object, **options: object) -> str:
        calls.append(options)
        if options.get("cache"):
            raise RuntimeError("cannot cache function 'f': no locator available for file 'x.py'")
        return "compiled"

    monkeypatch.setattr(numba, "njit", njit)
    assert _kernels._compile(lambda: None) == "compiled"
    assert [bool(options.get("cache")) for options in calls] == [True, False]


def test_kernel_passes_on_other_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    import numba

    from lca import _kernels

    def njit(function: object, **options: object) -> str:
        raise RuntimeError("something else")

    monkeypatch.setattr(numba, "njit", njit)
    with pytest.raises(RuntimeError, match="something else"):
        _kernels._compile(lambda: None)


def same(a: float, b: float) -> bool:
    return (math.isnan(a) and math.isnan(b)) or math.isclose(a, b, rel_tol=1e-12, abs_tol=1e-9)


@shared
@given(case=cases(), data=st.data())
@pytest.mark.parametrize("engine", ["numpy", "numba"])
def test_totals_without_portions_say_what_the_portions_say(
    engine: Literal["numpy", "numba"], case: Case, data: st.DataObject
) -> None:
    inventory, factors = case.inventory(), make_factors(case.values)
    rule = data.draw(st.sampled_from(["ceil", "nearest", "proportional"]))
    chosen = data.draw(st.sets(st.sampled_from(ASSESSED_STAGES), min_size=1))
    scenario = Scenario(replacement=rule, stages=tuple(chosen))
    slow, fast = (
        assess(inventory, factors, scenario, engine="numpy"),
        totals(inventory, factors, scenario, engine=engine),
    )
    assert fast.missing_stages == slow.missing_stages
    for indicator in TWO:
        for stage in (None, *scenario.stages):
            one, other = slow.total(indicator, stage), fast.total(indicator, stage)
            assert same(one.value, other.value)
            assert same(one.known_mass_kg, other.known_mass_kg)
            assert same(one.known_share, other.known_share)
            assert one.missing_stages == other.missing_stages
            assert one.partial_stages == other.partial_stages
            assert one.portions_without_mass == other.portions_without_mass


@shared
@given(case=cases(), data=st.data())
def test_elements_are_the_sums_of_their_portions_whatever_the_engine(case: Case, data: st.DataObject) -> None:
    n = len(case.material)
    element = data.draw(st.lists(st.integers(0, 3), min_size=n, max_size=n))
    inventory = Inventory.from_columns(
        material=np.array(case.material, dtype=np.int64),
        mass_kg=np.array(case.mass_kg),
        service_life_years=np.array(case.life),
        element=np.array(element, dtype=np.int64),
    )
    factors = make_factors(case.values)
    by_portion = assess(inventory, factors, engine="numpy").by(inventory.element)
    numpy, numba = (assess_elements(inventory, factors, engine=engine) for engine in ("numpy", "numba"))
    assert list(numpy.labels) == list(numba.labels) == list(by_portion.labels)
    np.testing.assert_array_equal(numpy.values, numba.values)  # bit for bit
    np.testing.assert_allclose(numpy.values, by_portion.values, rtol=1e-12, atol=1e-9)
    for result in (numpy, numba):
        np.testing.assert_allclose(result.known_mass_kg, by_portion.known_mass_kg, rtol=1e-12)
        np.testing.assert_allclose(result.mass_kg, by_portion.mass_kg, rtol=1e-12)
        np.testing.assert_array_equal(result.partial, by_portion.partial)


def test_a_life_that_fits_without_end_is_refused_by_both_engines() -> None:
    inventory = Inventory.from_columns(material=[0], mass_kg=[1.0], service_life_years=[1e-320])
    factors = make_factors(np.ones((1, 2, 7)))
    for engine in ("numpy", "numba"):
        with pytest.raises(AssessmentError, match="row 0"):
            totals(inventory, factors, engine=engine)


@shared
@given(case=cases(), data=st.data())
@pytest.mark.parametrize("engine", ["numpy", "numba"])
def test_totals_by_status_are_those_of_the_portions(
    engine: Literal["numpy", "numba"], case: Case, data: st.DataObject
) -> None:
    n = len(case.material)
    status = data.draw(st.lists(st.sampled_from([None, *ElementStatus]), min_size=n, max_size=n))
    inventory, factors = case.inventory(), make_factors(case.values)
    slow = by_status(assess(inventory, factors, engine="numpy"), status)
    fast = totals(inventory, factors, status=status, engine=engine)
    for indicator in TWO:
        for stage in (None, *ASSESSED_STAGES):
            one, other = slow.total(indicator, stage), fast.total(indicator, stage)
            assert same(one.value, other.value)
            assert same(one.known_mass_kg, other.known_mass_kg)
            assert one.missing_stages == other.missing_stages
            if stage is not None:
                assert one.partial_stages == other.partial_stages
