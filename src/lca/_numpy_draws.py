"""The definition of a Monte-Carlo in plain NumPy: which number a draw is, and what follows from it.

A draw is a pure function of its stream and its number, so it does not matter who asks for it, in which order
or on how many threads: a 64-bit mix (splitmix64) of stream + number x golden ratio gives a number between 0
and 1, and the inverse of the distribution gives the value.

Sources: Steele, Lea, Flood 2014 (splitmix64); Wichura 1988, algorithm AS 241 (normal quantile, about 1e-16).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lca._draw_plan import DrawPlan, Groups, Weight
from lca.distributions import DISCRETE, EXACT, LOG_NORMAL, TRIANGULAR, UNIFORM

Float64Array = NDArray[np.float64]

GOLDEN = 0x9E3779B97F4A7C15
MIX_1 = 0xBF58476D1CE4E5B9
MIX_2 = 0x94D049BB133111EB

#: Numerators and denominators of AS 241, highest power first: centre, tail, far tail.
CENTRE = (
    (
        2.5090809287301226727e3, 3.3430575583588128105e4, 6.7265770927008700853e4, 4.5921953931549871457e4,
        1.3731693765509461125e4, 1.9715909503065514427e3, 1.3314166789178437745e2, 3.3871328727963666080e0,
    ),
    (
        5.2264952788528545610e3, 2.8729085735721942674e4, 3.9307895800092710610e4, 2.1213794301586595867e4,
        5.3941960214247511077e3, 6.8718700749205790830e2, 4.2313330701600911252e1, 1.0,
    ),
)  # fmt: skip
TAIL = (
    (
        7.74545014278341407640e-4, 2.27238449892691845833e-2, 2.41780725177450611770e-1,
        1.27045825245236838258e0, 3.64784832476320460504e0, 5.76949722146069140550e0,
        4.63033784615654529590e0, 1.42343711074968357734e0,
    ),
    (
        1.05075007164441684324e-9, 5.47593808499534494600e-4, 1.51986665636164571966e-2,
        1.48103976427480074590e-1, 6.89767334985100004550e-1, 1.67638483018380384940e0,
        2.05319162663775882187e0, 1.0,
    ),
)  # fmt: skip
FAR_TAIL = (
    (
        2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.24266094738807843860e-3,
        2.65321895265761230930e-2, 2.96560571828504891230e-1, 1.78482653991729133580e0,
        5.46378491116411436990e0, 6.65790464350110377720e0,
    ),
    (
        2.04426310338993978564e-15, 1.42151175831644588870e-7, 1.84631831751005468180e-5,
        7.86869131145613259100e-4, 1.48753612908506148525e-2, 1.36929880922735805310e-1,
        5.99832206555887937690e-1, 1.0,
    ),
)  # fmt: skip


def uniforms(streams: NDArray[np.uint64], first: int, n: int) -> Float64Array:
    """Draws `first` to `first` + n of every stream, in (0, 1), shape (stream, n)."""
    number = np.arange(first + 1, first + n + 1, dtype=np.uint64)
    with np.errstate(over="ignore"):
        x = streams[:, np.newaxis] + number * np.uint64(GOLDEN)
        x = (x ^ (x >> np.uint64(30))) * np.uint64(MIX_1)
        x = (x ^ (x >> np.uint64(27))) * np.uint64(MIX_2)
    x ^= x >> np.uint64(31)
    between: Float64Array = ((x >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53
    return between


def normal_quantile(p: Float64Array) -> Float64Array:
    """Standard normal quantile of probabilities in (0, 1).

    Example:
        >>> float(normal_quantile(np.array([0.5]))[0])
        0.0
    """
    q = p - 0.5
    squared = 0.180625 - q * q
    central = squared >= 0
    out = q * _ratio(CENTRE, np.where(central, squared, 0.0))
    tail = ~central
    if tail.any():
        side = q[tail]
        r = np.sqrt(-np.log(np.minimum(p[tail], 1.0 - p[tail])))
        value = np.where(r <= 5.0, _ratio(TAIL, r - 1.6), _ratio(FAR_TAIL, r - 5.0))
        out[tail] = np.copysign(value, side)
    return out


def _ratio(coefficients: tuple[tuple[float, ...], tuple[float, ...]], x: Float64Array) -> Float64Array:
    above = np.full_like(x, coefficients[0][0])
    below = np.full_like(x, coefficients[1][0])
    for a, b in zip(coefficients[0][1:], coefficients[1][1:], strict=True):
        above = above * x + a
        below = below * x + b
    return above / below


def draw(groups: Groups, first: int, n: int) -> Float64Array:
    """Values of every group, shape (group, n)."""
    out = np.empty((len(groups.code), n))
    p = groups.parameters
    for code in np.unique(groups.code):
        rows = np.flatnonzero(groups.code == code)
        a, b, c = (p[rows, k][:, np.newaxis] for k in range(3))
        if code == EXACT:
            out[rows] = a
            continue
        u = uniforms(groups.stream[rows], first, n)
        if code == LOG_NORMAL:
            out[rows] = np.exp(a + b * normal_quantile(u))
        elif code == UNIFORM:
            out[rows] = a + (b - a) * u
        elif code == TRIANGULAR:
            width = c - a
            rising = np.where(width > 0, (b - a) / np.where(width > 0, width, 1.0), 1.0)
            out[rows] = np.where(
                u < rising,
                a + np.sqrt(u * width * (b - a)),
                c - np.sqrt((1.0 - u) * width * (c - b)),
            )
        elif code == DISCRETE:
            for row, each in zip(rows, u, strict=True):
                start, end = int(p[row, 0]), int(p[row, 1])
                place = np.searchsorted(groups.steps[start : end - 1, 0], each, side="right")
                out[row] = groups.steps[start + place, 1]
    return out


def counts(life: Float64Array, period: float, rule: int) -> Float64Array:
    """Replacements for lives [years]; the rules stand in `lca.replacement`. NaN stays NaN."""
    fits = period / life
    if rule == 0:
        times = np.ceil(fits - 1e-9) - 1.0
    elif rule == 1:
        times = np.floor(fits + 0.5) - 1.0
    else:
        times = fits - 1.0
    return np.maximum(times, 0.0)


def weights(plan: DrawPlan, drawn: Float64Array) -> tuple[Float64Array, Float64Array]:
    """Masses per row with what scales them, shape (weight, row, n) [kg], and all mass, shape (n,) [kg]."""
    n = drawn.shape[1]
    mass = np.zeros((len(plan.row_factor), n))
    replaced = np.zeros_like(mass)
    for k in range(len(plan.run_row)):
        cells = slice(plan.run_start[k], plan.run_start[k + 1])
        part = plan.cell_mass[cells] @ drawn[plan.cell_quantity[cells]]
        part = part * drawn[plan.run_density[k]]
        if plan.run_match[k] >= 0:
            part = part * (drawn[plan.run_match[k]] == plan.run_candidate[k])
        times = counts(drawn[plan.run_life[k]], plan.period, plan.rule)
        mass[plan.run_row[k]] += part
        replaced[plan.run_row[k]] += part * np.nan_to_num(times, nan=0.0)
    f, t, loss = drawn[plan.row_factor], drawn[plan.row_transport], drawn[plan.row_loss]
    one = np.ones_like(f)
    by = {
        Weight.ONE: one, Weight.LOSS: loss, Weight.FACTOR: f, Weight.FACTOR_LOSS: f * loss,
        Weight.TRANSPORT: t, Weight.TRANSPORT_LOSS: t * loss,
    }  # fmt: skip
    stacked = [by[w] * mass for w in by] + [by[w] * replaced for w in by]
    return np.stack(stacked), mass.sum(axis=0)


def totals(plan: DrawPlan, n_draws: int, chunk: int = 512) -> tuple[Float64Array, Float64Array]:
    """Totals by draw, output and indicator, and the mass by draw [kg], shape (draw,).

    Outputs are the stages and then the known mass [kg]; NaN nowhere.
    """
    out = np.zeros((n_draws, plan.n_outputs, plan.terms.shape[2]))
    mass = np.empty(n_draws)
    for first in range(0, n_draws, chunk):
        n = min(chunk, n_draws - first)
        weighted, mass[first : first + n] = weights(plan, draw(plan.groups, first, n))
        for k, term in enumerate(plan.terms):
            out[first : first + n, plan.term_output[k]] += weighted[plan.term_weight[k]].T @ term
    return out, mass


def covariances(plan: DrawPlan, indicator: int, deviation: Float64Array, chunk: int = 256) -> Float64Array:
    """Sum over the draws of each portion's impact x deviation of the total, shape (portion,).

    Args:
        indicator: position of the indicator.
        deviation: total minus its mean, shape (draw,).
    """
    out = np.zeros(plan.n_portions)
    for first in range(0, len(deviation), chunk):
        n = min(chunk, len(deviation) - first)
        drawn = draw(plan.groups, first, n)
        lasting, replaced = _per_kg(plan, indicator, drawn)
        for k in range(len(plan.run_row)):
            cells = slice(plan.run_start[k], plan.run_start[k + 1])
            times = np.nan_to_num(counts(drawn[plan.run_life[k]], plan.period, plan.rule), nan=0.0)
            per_kg = lasting[plan.run_row[k]] + times * replaced[plan.run_row[k]]
            scale = drawn[plan.run_density[k]] * per_kg * deviation[first : first + n]
            if plan.run_match[k] >= 0:
                scale = scale * (drawn[plan.run_match[k]] == plan.run_candidate[k])
            part = plan.cell_mass[cells] * (drawn[plan.cell_quantity[cells]] @ scale)
            np.add.at(out, plan.cell_portion[cells], part)
    return out


def _per_kg(plan: DrawPlan, indicator: int, drawn: Float64Array) -> tuple[Float64Array, Float64Array]:
    """Impact per kg and row that comes once, and that comes with each replacement, shape (row, n)."""
    f, t, loss = drawn[plan.row_factor], drawn[plan.row_transport], drawn[plan.row_loss]
    scales = (np.ones_like(f), loss, f, f * loss, t, t * loss)
    once, again = np.zeros_like(f), np.zeros_like(f)
    for k in np.flatnonzero(plan.term_counts):
        target = once if plan.term_weight[k] < len(scales) else again
        target += scales[plan.term_weight[k] % len(scales)] * plan.terms[k][:, indicator, np.newaxis]
    return once, again
