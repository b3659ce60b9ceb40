"""Monte-Carlo of an assessment: totals by draw, percentiles, and which of two designs is better."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from lca import _numpy_draws
from lca._draw_plan import Cells, DrawPlan, draw_plan
from lca.distributions import Discrete, Distribution, coded
from lca.engine import _KERNEL_LOCK, Engine, totals
from lca.errors import AssessmentError
from lca.inventory import Inventory
from lca.material_totals import Totals
from lca.scenario import Scenario
from lca.status import ElementStatus, status_codes
from lca.summing import StageLike
from lca.uncertain_inputs import Candidate, InputKind, Uncertain, UncertainInputs
from reference.vocabulary import Indicator, Stage

if TYPE_CHECKING:
    from reference.factors import FactorTable

Float64Array = NDArray[np.float64]
Int64Array = NDArray[np.int64]

#: From how many draws x portions "auto" takes numba; below it, importing numba costs more.
_AUTO_DRAWN = 20_000_000


@dataclass(frozen=True, slots=True)
class Spread:
    """What the draws say of one sum.

    Attributes:
        unit: of all figures.
        draws: number of draws.
        mean, sd: of the draws.
        p5, median, p95: percentiles; 90 % of the draws lie between p5 and p95.
        known_share: mean share of the mass with a figure for A1-A3 [-].

    What is unknown in every draw is in none of the figures: with a known share below 1 they are too low.
    """

    unit: str
    draws: int
    mean: float
    sd: float
    p5: float
    median: float
    p95: float
    known_share: float

    def __str__(self) -> str:
        return (
            f"{self.median:.4g} {self.unit} (90 % of {self.draws:,} draws between {self.p5:.4g} and "
            f"{self.p95:.4g}; {self.known_share:.1%} of the mass known)"
        )


@dataclass(frozen=True, eq=False)
class Simulation:
    """Totals of every draw.

    Attributes:
        values: shape (draw, indicator, stage) [indicator unit, whole study period]; NaN where no portion has
            a figure in any draw.
        known_mass_kg: mass with a figure for A1-A3, shape (draw, indicator) [kg].
        mass_kg: all mass, shape (draw,) [kg]; portions of unknown mass are not in it.
        indicators, stages: the axes.
        certain: the same inventory without any uncertainty, with units, coverage and missing modules.
        inputs: what varies.
        seed: what the draws follow from.
        engine: "numpy" or "numba".
    """

    values: Float64Array
    known_mass_kg: Float64Array
    mass_kg: Float64Array
    indicators: tuple[Indicator, ...]
    stages: tuple[Stage, ...]
    certain: Totals
    inputs: UncertainInputs
    seed: int
    engine: str
    _parts: _Parts

    @property
    def draws(self) -> int:
        """Number of draws."""
        return len(self.mass_kg)

    @property
    def scenario(self) -> Scenario:
        """How it was assessed."""
        return self.certain.scenario

    def total(
        self, indicator: Indicator | str = Indicator.GWP_TOTAL, stage: StageLike = None
    ) -> Float64Array:
        """Sum over stages of every draw, shape (draw,) [indicator unit]; None: all stages but D.

        Raises:
            AssessmentError: as `Totals.total`.
        """
        wanted = self.certain.total(indicator, stage)
        columns = [self.stages.index(each) for each in wanted.stages]
        values = self.values[:, self.indicators.index(wanted.indicator)][:, columns]
        filled = ~np.isnan(values).all(axis=0)
        sums: Float64Array = values[:, filled].sum(axis=1) if filled.any() else np.full(self.draws, np.nan)
        return sums

    def known_share(self, indicator: Indicator | str = Indicator.GWP_TOTAL) -> Float64Array:
        """Share of the mass with a figure for A1-A3 in every draw, shape (draw,) [-]."""
        k = self.indicators.index(self.certain.total(indicator).indicator)
        with np.errstate(invalid="ignore", divide="ignore"):
            share: Float64Array = self.known_mass_kg[:, k] / self.mass_kg
        return share

    def percentiles(
        self,
        indicator: Indicator | str = Indicator.GWP_TOTAL,
        percent: Sequence[float] = (5, 50, 95),
        stage: StageLike = None,
    ) -> Float64Array:
        """Percentiles of `total`, shape of `percent` [indicator unit]."""
        return np.asarray(np.percentile(self.total(indicator, stage), percent))

    def spread(
        self,
        indicator: Indicator | str = Indicator.GWP_TOTAL,
        stage: StageLike = None,
        *,
        floor_area_m2: float | None = None,
        per_year: bool = False,
    ) -> Spread:
        """Mean, standard deviation and percentiles, also per m2 and year.

        Raises:
            AssessmentError: as `Totals.total` and `Totals.per_m2`.
        """
        if floor_area_m2 is None:
            unit, divisor = self.certain.total(indicator, stage).unit, 1.0
            if per_year:
                unit, divisor = unit + "/yr", self.scenario.study_period_years
        else:
            unit = self.certain.per_m2(floor_area_m2, indicator, stage, per_year=per_year).unit
            divisor = floor_area_m2 * (self.scenario.study_period_years if per_year else 1.0)
        drawn = self.total(indicator, stage) / divisor
        p5, median, p95 = (float(each) for each in np.percentile(drawn, (5, 50, 95)))
        return Spread(
            unit=unit,
            draws=self.draws,
            mean=float(drawn.mean()),
            sd=float(drawn.std(ddof=1)) if self.draws > 1 else math.nan,
            p5=p5,
            median=median,
            p95=p95,
            known_share=float(self.known_share(indicator).mean()),
        )


@dataclass(frozen=True, slots=True)
class Better:
    """How often one design has less impact than another.

    Attributes:
        probability: share of the draws in which the first is lower, ties counted half [-].
        standard_error: of the probability, from the number of draws [-].
        difference: first minus second, spread over the draws.
    """

    probability: float
    standard_error: float
    difference: Spread

    def __str__(self) -> str:
        return f"lower in {self.probability:.1%} of {self.difference.draws:,} draws"


def probability_better(
    first: Simulation,
    second: Simulation,
    indicator: Indicator | str = Indicator.GWP_TOTAL,
    stage: StageLike = None,
    *,
    floor_areas_m2: tuple[float, float] | None = None,
) -> Better:
    """How often the first design has less impact than the second, draw by draw.

    Both must come from the same seed and number of draws: what they share (a material, a lorry, an element
    under one key) then has the same value in both, and only what differs decides.

    Args:
        floor_areas_m2: compare per m2 of these gross floor areas.

    Raises:
        AssessmentError: seeds, draws or study periods differ, or nothing is known.

    Example:
        >>> import lca
        >>> factors = lca.builtin_factors()
        >>> def of(kg):
        ...     inventory = lca.Inventory.from_columns(
        ...         material=factors.index_of(["concrete-c30-37"]), mass_kg=[kg])
        ...     keys = lca.Uncertain.each(factors.materials, lca.LogNormal(1.5))
        ...     return lca.simulate(inventory, factors, inputs=lca.UncertainInputs(factor=keys), draws=100)
        >>> print(lca.probability_better(of(900.0), of(1000.0)))
        lower in 100.0% of 100 draws
    """
    for name in ("seed", "draws"):
        a, b = getattr(first, name), getattr(second, name)
        if a != b:
            raise AssessmentError(f"The simulations have not the same {name}: {a} and {b}; simulate again.")
    if first.scenario.study_period_years != second.scenario.study_period_years:
        raise AssessmentError("The simulations have not the same study period; simulate again.")
    areas = (1.0, 1.0) if floor_areas_m2 is None else floor_areas_m2
    if not all(area > 0 and math.isfinite(area) for area in areas):
        raise AssessmentError(f"The floor areas must be above 0 m2, not {areas}.")
    difference = first.total(indicator, stage) / areas[0] - second.total(indicator, stage) / areas[1]
    if np.isnan(difference).any():
        raise AssessmentError(f"Nothing is known of {indicator} in one of the simulations.")
    lower = float((difference < 0).mean() + 0.5 * (difference == 0).mean())
    p5, median, p95 = (float(each) for each in np.percentile(difference, (5, 50, 95)))
    unit = first.certain.total(indicator, stage).unit
    shares = [float(each.known_share(indicator).mean()) for each in (first, second)]
    return Better(
        probability=lower,
        standard_error=math.sqrt(lower * (1 - lower) / first.draws),
        difference=Spread(
            unit=unit if floor_areas_m2 is None else unit + "/m2",
            draws=first.draws,
            mean=float(difference.mean()),
            sd=float(difference.std(ddof=1)) if first.draws > 1 else math.nan,
            p5=p5,
            median=median,
            p95=p95,
            known_share=min(shares),
        ),
    )


def simulate(
    inventory: Inventory,
    factors: FactorTable,
    scenario: Scenario | None = None,
    *,
    inputs: UncertainInputs,
    status: Sequence[ElementStatus | str | None] | None = None,
    draws: int = 10_000,
    seed: int = 1,
    engine: Engine = "auto",
) -> Simulation:
    """Totals by indicator and module for every draw of the uncertain inputs.

    A draw follows from seed, kind of input, key and number alone: the order of the portions, the other inputs
    and the number of threads change nothing. Without uncertain inputs every draw is `lca.totals`. What varies
    with what is said in `lca._draw_plan`.

    Args:
        inventory, factors, scenario, status, engine: as `lca.totals`; the scenario must be that of the
            factors, whose A5 is varied with the loss.
        inputs: what varies.
        draws: number of draws.
        seed: any whole number; simulations with the same seed share their draws.

    Raises:
        AssessmentError: a column of `inputs` has not one key per portion (or per material of the table), a
            candidate is outside the table, draws below 1; rows and keys are named.

    Example:
        >>> import lca
        >>> factors = lca.builtin_factors()
        >>> inventory = lca.Inventory.from_columns(
        ...     material=factors.index_of(["concrete-c30-37"]), mass_kg=[2360.0])
        >>> inputs = lca.UncertainInputs(quantity=lca.Uncertain(["slab"], {"slab": lca.Uniform(0.9, 1.1)}))
        >>> spread = simulate(inventory, factors, inputs=inputs, draws=1000).spread("gwp-fossil", "A1-A3")
        >>> 231 < spread.p5 < spread.median < spread.p95 < 284
        True
    """
    scenario = Scenario() if scenario is None else scenario
    if draws < 1:
        raise AssessmentError(f"draws: {draws} is below 1.")
    if engine not in ("auto", "numpy", "numba"):
        raise AssessmentError(f"{engine!r} is not an engine; use 'auto', 'numpy' or 'numba'.")
    certain = totals(inventory, factors, scenario, status=status, engine="numpy")
    parts = _Parts(inventory, factors, scenario, inputs, status)
    plan = parts.plan(seed)
    by_kernel = draws * len(plan.cell_mass) >= _AUTO_DRAWN if engine == "auto" else engine == "numba"
    run = _totals_numba if by_kernel else _numpy_draws.totals
    raw, mass = run(plan, draws)
    values = np.moveaxis(raw[:, :-1], 1, 2)
    values[:, ~plan.filled] = np.nan
    return Simulation(
        values=values,
        known_mass_kg=raw[:, -1],
        mass_kg=mass,
        indicators=tuple(factors.indicators),
        stages=scenario.stages,
        certain=certain,
        inputs=inputs,
        seed=seed,
        engine="numba" if by_kernel else "numpy",
        _parts=parts,
    )


class _Parts:
    """The inputs as columns, from which plans for any seeds are made."""

    def __init__(
        self,
        inventory: Inventory,
        factors: FactorTable,
        scenario: Scenario,
        inputs: UncertainInputs,
        status: Sequence[ElementStatus | str | None] | None,
    ) -> None:
        n, n_materials = len(inventory), len(factors.materials)
        _check_lengths(inputs, n, n_materials)
        self.factors, self.scenario, self.n_portions = factors, scenario, n
        self._kinds: list[InputKind | None] = []
        self._keys: list[str] = []
        self._distributions: list[Distribution | float] = []
        self._number: dict[tuple[InputKind | None, str], int] = {}
        one = self._group(None, "1", 1.0)

        def column(kind: InputKind, given: Uncertain | None, certain: int, length: int) -> Int64Array:
            if given is None:
                return np.full(length, certain, dtype=np.int64)
            return np.array(
                [
                    certain if key is None else self._group(kind, key, given.distributions[key])
                    for key in given.keys
                ],
                dtype=np.int64,
            ).reshape(length)

        quantity = column(InputKind.QUANTITY, inputs.quantity, one, n)
        density = column(InputKind.DENSITY, inputs.density, one, n)
        loss = self._group(None, "loss", scenario.a5_loss_share)
        self._row_groups = tuple(
            np.append(column(kind, given, certain, n_materials), certain)
            for kind, given, certain in (
                (InputKind.FACTOR, inputs.factor, one),
                (InputKind.TRANSPORT, inputs.transport, one),
                (InputKind.LOSS, inputs.loss, loss),
            )
        )
        lives, place = np.unique(inventory.service_life_years, return_inverse=True)
        certain_life = np.array([self._group(None, f"life {v}", float(v)) for v in lives], dtype=np.int64)
        life = certain_life[place.reshape(-1)] if n else np.zeros(0, dtype=np.int64)
        if inputs.service_life is not None:
            drawn = column(InputKind.SERVICE_LIFE, inputs.service_life, -1, n)
            life = np.where(drawn >= 0, drawn, life)
        codes = np.zeros(n, dtype=np.int64) if status is None else status_codes(status, n)
        self.cells = self._cells(inventory, inputs, quantity, density, life, codes)
        held = set(np.unique(self.cells.life).tolist())
        self._life_groups = np.array(sorted(held), dtype=np.int64)

    def _group(self, kind: InputKind | None, key: str, distribution: Distribution | float) -> int:
        number = self._number.get((kind, key))
        if number is None:
            number = self._number[kind, key] = len(self._keys)
            self._kinds.append(kind)
            self._keys.append(key)
            self._distributions.append(distribution)
        return number

    def _cells(
        self,
        inventory: Inventory,
        inputs: UncertainInputs,
        quantity: Int64Array,
        density: Int64Array,
        life: Int64Array,
        status: Int64Array,
    ) -> Cells:
        portions = np.arange(self.n_portions)
        material, mass = inventory.material.copy(), inventory.mass_kg.copy()
        match = np.full(self.n_portions, -1, dtype=np.int64)
        candidate = np.zeros(self.n_portions, dtype=np.int64)
        more: list[tuple[int, int, int, int, int, float]] = []
        if inputs.match is not None:
            keep = np.ones(self.n_portions, dtype=bool)
            for row, key in enumerate(inputs.match.keys):
                if key is None:
                    continue
                keep[row] = False
                given = inputs.match.candidates[key]
                group = self._match_group(key, given)
                for k, each in enumerate(given):
                    its_life = self._candidate_life(each, inputs, int(life[row]))
                    more.append((row, each.material, group, k, its_life, mass[row] * each.mass_ratio))
            portions = portions[keep]
        added = np.array([each[:5] for each in more], dtype=np.int64).reshape(-1, 5).T
        rows = np.concatenate([portions, added[0]])
        cells = Cells(
            portion=rows,
            material=np.concatenate([material[portions], added[1]]),
            status=status[rows],
            quantity=quantity[rows],
            density=density[rows],
            match=np.concatenate([match[portions], added[2]]),
            candidate=np.concatenate([candidate[portions], added[3]]),
            life=np.concatenate([life[portions], added[4]]),
            mass=np.concatenate([mass[portions], np.array([each[5] for each in more])]),
        )
        known = ~np.isnan(cells.mass)
        columns = {name: getattr(cells, name)[known] for name in Cells.__slots__}
        columns["material"] = np.where(
            columns["material"] < 0, len(self.factors.materials), columns["material"]
        )
        return Cells(**columns)

    def _match_group(self, key: str, given: Sequence[Candidate]) -> int:
        number = self._number.get((InputKind.MATCH, key))
        if number is not None:
            return number
        outside = [each.material for each in given if each.material >= len(self.factors.materials)]
        if outside:
            raise AssessmentError(f"match, key {key!r}: material {outside[0]} is outside the factor table.")
        places = tuple(float(k) for k in range(len(given)))
        return self._group(InputKind.MATCH, key, Discrete(places, tuple(each.probability for each in given)))

    def _candidate_life(self, each: Candidate, inputs: UncertainInputs, portion_life: int) -> int:
        if each.service_life is None:
            return portion_life
        if isinstance(each.service_life, str):
            known = {} if inputs.service_life is None else inputs.service_life.distributions
            if each.service_life not in known:
                raise AssessmentError(f"match: no distribution of service lives for {each.service_life!r}.")
            return self._group(InputKind.SERVICE_LIFE, each.service_life, known[each.service_life])
        return self._group(None, f"life {float(each.service_life)}", float(each.service_life))

    def plan(
        self, seed: int, *, other_seeds: Mapping[InputKind, int] | None = None, merge: bool = True
    ) -> DrawPlan:
        """Columns for the kernels; `other_seeds` draws some kinds of input apart."""
        seeds = {} if other_seeds is None else other_seeds
        streams = _streams(
            (seed if kind is None else seeds.get(kind, seed), kind, key)
            for kind, key in zip(self._kinds, self._keys, strict=True)
        )
        return draw_plan(
            self.cells,
            groups=(coded(self._distributions), streams),
            life_groups=self._life_groups,
            row_groups=(self._row_groups[0], self._row_groups[1], self._row_groups[2]),
            factors=self.factors,
            scenario=self.scenario,
            n_portions=self.n_portions,
            merge=merge,
        )


def _streams(names: Iterable[tuple[int, InputKind | None, str]]) -> NDArray[np.uint64]:
    """A 64-bit number of every (seed, kind, key): the same on every machine and in every process."""
    digests = b"".join(
        hashlib.blake2b(f"{seed}\x1f{kind}\x1f{key}".encode(), digest_size=8).digest()
        for seed, kind, key in names
    )
    return np.frombuffer(digests, dtype="<u8").astype(np.uint64)


def _check_lengths(inputs: UncertainInputs, n_portions: int, n_materials: int) -> None:
    per_material = (InputKind.FACTOR, InputKind.TRANSPORT, InputKind.LOSS)
    faults = []
    for kind in inputs.kinds:
        wanted, what = (
            (n_materials, "material of the table") if kind in per_material else (n_portions, "portion")
        )
        given = len(getattr(inputs, kind).keys)
        if given != wanted:
            faults.append(f"{kind}: {given} keys; give one per {what}, {wanted}")
    if faults:
        raise AssessmentError("The uncertain inputs do not fit the inventory", faults)


def _totals_numba(plan: DrawPlan, n_draws: int) -> tuple[Float64Array, Float64Array]:
    out = np.empty((n_draws, plan.n_outputs, plan.terms.shape[2]))
    mass = np.empty(n_draws)
    with _KERNEL_LOCK:
        from lca._kernels import fill_draws

        fill_draws(plan, out, mass)
    return out, mass


def covariances(plan: DrawPlan, indicator: int, deviation: Float64Array, engine: str) -> Float64Array:
    """Sum over the draws of each portion's impact x deviation of the total, shape (portion,)."""
    if engine != "numba":
        return _numpy_draws.covariances(plan, indicator, deviation)
    out = np.zeros((_STRIPES, plan.n_portions))
    with _KERNEL_LOCK:
        from lca._kernels import fill_covariances

        fill_covariances(plan, indicator, deviation, out)
    summed: Float64Array = out.sum(axis=0)
    return summed


#: Parts into which the draws are dealt when portions are added up: a fixed number, whatever the threads.
_STRIPES = 8
