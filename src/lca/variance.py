"""What the spread of a result comes from: by material, element or any label, and by kind of input."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lca import _numpy_draws
from lca.errors import AssessmentError, ShapeError
from lca.uncertain_inputs import InputKind
from lca.uncertainty import Simulation, _totals_numba, covariances
from reference.vocabulary import Indicator, Stage

Float64Array = NDArray[np.float64]


def variance_shares(
    simulation: Simulation,
    labels: Sequence[Hashable],
    indicator: Indicator | str = Indicator.GWP_TOTAL,
) -> dict[Hashable, float]:
    """Share of the variance of the total that comes with each label [-], greatest first; they sum to 1.

    The share of a group is the covariance of its impact with the total over the variance of the total, so
    what varies together is shared out. It is below 0 for a group that varies against the total.

    Args:
        labels: one per portion: material, element, storey, ...
        indicator: sum over all stages but D.

    Returns:
        empty if the total does not vary.

    Raises:
        ShapeError: not one label per portion.
        AssessmentError: the indicator is not in the simulation.

    Example:
        >>> import lca
        >>> factors = lca.builtin_factors()
        >>> inventory = lca.Inventory.from_columns(material=[0, 0], mass_kg=[1.0, 3.0])
        >>> inputs = lca.UncertainInputs(quantity=lca.Uncertain.each(["a", "b"], lca.LogNormal(1.2)))
        >>> shares = variance_shares(lca.simulate(inventory, factors, inputs=inputs), ["small", "large"])
        >>> list(shares), round(shares["large"], 1)
        (['large', 'small'], 0.9)
    """
    parts = simulation._parts
    if len(labels) != parts.n_portions:
        raise ShapeError(f"{len(labels)} labels for {parts.n_portions} portions; give one each.")
    k = simulation.indicators.index(simulation.certain.total(indicator).indicator)
    total = simulation.total(indicator)
    deviation = total - total.mean()
    if not _varies(total):
        return {}
    plan = parts.plan(simulation.seed, merge=False)
    by_portion = covariances(plan, k, deviation, simulation.engine)
    sums: dict[Hashable, float] = {}
    for label, part in zip(labels, by_portion.tolist(), strict=True):
        sums[label] = sums.get(label, 0.0) + part
    whole = float(by_portion.sum())
    return {
        label: part / whole
        for label, part in sorted(sums.items(), key=lambda item: (-abs(item[1]), str(item[0])))
    }


@dataclass(frozen=True, slots=True)
class InputShare:
    """Share of the variance that one kind of input explains alone.

    Attributes:
        kind: kind of input; None: what only several kinds together explain (one minus the others).
        share: first-order Sobol index [-].
        standard_error: of the share, from the number of draws [-]; NaN for the rest.
    """

    kind: InputKind | None
    share: float
    standard_error: float


def variance_by_input(
    simulation: Simulation, indicator: Indicator | str = Indicator.GWP_TOTAL
) -> tuple[InputShare, ...]:
    """First-order Sobol index of every kind of input that varies, and what is left to interactions.

    For each kind the model is run again with the same draws of that kind and others of everything else; the
    index is the correlation of the two runs. The rest is the interactions, and sampling error: it may be
    slightly below 0.

    Returns:
        greatest first, the rest last; empty if the total does not vary.

    Raises:
        AssessmentError: the indicator is not in the simulation.

    Source: Sobol 1993; estimator of Janon et al. 2014.
    """
    total = simulation.total(indicator)
    if not _varies(total):
        return ()
    wanted = simulation.certain.total(indicator)
    i = simulation.indicators.index(wanted.indicator)
    columns = [k for k, stage in enumerate(simulation.stages) if stage is not Stage.D]
    found = []
    for kind in simulation.inputs.kinds:
        others = {each: _other_seed(simulation.seed) for each in InputKind if each is not kind}
        plan = simulation._parts.plan(simulation.seed, other_seeds=others)
        run = _totals_numba if simulation.engine == "numba" else _numpy_draws.totals
        raw, _ = run(plan, simulation.draws)
        again = raw[:, columns, i].sum(axis=1)
        found.append(InputShare(kind, *_correlation(total, again)))
    found.sort(key=lambda each: -each.share)
    rest = 1.0 - sum(each.share for each in found)
    return (*found, InputShare(None, rest, math.nan))


def _varies(total: Float64Array) -> bool:
    if np.isnan(total).any():
        raise AssessmentError("Nothing is known of this indicator: it has no variance.")
    return bool(np.ptp(total) > 1e-12 * np.abs(total).max())


def _other_seed(seed: int) -> int:
    return seed + 0x5EED


def _correlation(a: Float64Array, b: Float64Array) -> tuple[float, float]:
    """Correlation of two runs about their common mean, and its standard error by the delta method."""
    n = len(a)
    mean = (a.mean() + b.mean()) / 2
    x, y = a - mean, b - mean
    product, square = x * y, (x * x + y * y) / 2
    variance = float(square.mean())
    index = float(product.mean()) / variance if variance > 0 else 0.0
    influence = (product - index * square) / variance if variance > 0 else np.zeros(n)
    return index, float(influence.std(ddof=1)) / math.sqrt(n) if n > 1 else math.nan
