"""Loops for numba; their definitions are those of `_numpy` (bit for bit) and `_numpy_draws` (to rounding).

Each prange iteration owns its row of `out`, so the result does not depend on the number of threads; fastmath
is off. The compiled code is cached on disk, because compiling costs more than most assessments. Importing
this module imports numba: only `lca.engine` does so, and only when numba is used.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

from lca._draw_plan import DrawPlan
from lca._numpy_draws import CENTRE, FAR_TAIL, GOLDEN, MIX_1, MIX_2, TAIL
from lca.distributions import DISCRETE, EXACT, LOG_NORMAL, TRIANGULAR, UNIFORM


def _compile(function: Callable[..., Any], *, parallel: bool = True) -> Any:
    """Compile in parallel and without the GIL; not cached where no folder for it is writable.

    Division is that of NumPy: a check for zero in each loop would keep the compiler from using vectors.
    """
    options: dict[str, Any] = {
        "parallel": parallel, "nogil": True, "fastmath": False, "error_model": "numpy"
    }  # fmt: skip
    try:
        return numba.njit(
            function, cache=True, parallel=parallel, nogil=True, fastmath=False, error_model="numpy"
        )
    except RuntimeError as error:
        if "cannot cache function" not in str(error):
            raise
        return numba.njit(function, **options)


def _fill_per_portion(
    mass_kg: NDArray[np.float64],
    material: NDArray[np.int64],
    replacements: NDArray[np.float64],
    per_kg: NDArray[np.float64],
    b4: int,
    out: NDArray[np.float64],
) -> None:
    """Write out[p, i, s] = mass_kg[p] * per_kg[material[p], i, s], in B4 times replacements[p].

    Shapes and units as `_numpy.per_portion`; `out` has shape (P, I, S) and is written once.
    """
    unknown = per_kg.shape[0] - 1
    n_indicators = per_kg.shape[1]
    n_stages = per_kg.shape[2]
    for p in numba.prange(mass_kg.shape[0]):
        row = material[p]
        if row < 0:
            row = unknown
        mass = mass_kg[p]
        times = replacements[p]
        for i in range(n_indicators):
            for s in range(n_stages):
                out[p, i, s] = per_kg[row, i, s] * mass
            if b4 >= 0:
                out[p, i, b4] = out[p, i, b4] * times + 0.0


def _fill_per_element(
    mass_kg: NDArray[np.float64],
    material: NDArray[np.int64],
    replacements: NDArray[np.float64],
    per_kg: NDArray[np.float64],
    b4_columns: NDArray[np.int64],
    starts: NDArray[np.int64],
    out: NDArray[np.float64],
) -> None:
    """Write the known sum of each element into its row of `out`, shape (E, I x S); `_numpy.per_element`.

    The rows are the sum themselves: a row starts as the first portion and NaN means "nothing known yet", so
    that no second array is needed. Indicators and stages are one axis: `per_kg` has shape (M + 1, I x S) and
    `b4_columns` are those of B4. Long loops over one axis are what the compiler turns into vectors.
    """
    unknown = per_kg.shape[0] - 1
    width = per_kg.shape[1]
    n_elements = starts.shape[0] - 1
    n_blocks = (n_elements + 255) // 256
    for block in numba.prange(n_blocks):
        times = np.ones(width)
        for e in range(block * 256, min(n_elements, block * 256 + 256)):
            if starts[e] == starts[e + 1]:
                out[e] = np.nan
            for p in range(starts[e], starts[e + 1]):
                row = material[p]
                if row < 0:
                    row = unknown
                mass = mass_kg[p]
                for k in b4_columns:
                    times[k] = replacements[p]
                if p == starts[e]:
                    for k in range(width):
                        out[e, k] = per_kg[row, k] * mass * times[k] + 0.0
                else:
                    for k in range(width):
                        value = per_kg[row, k] * mass * times[k] + 0.0
                        before = out[e, k]
                        added = before + value
                        if np.isnan(value):
                            added = before
                        if np.isnan(before):
                            added = value
                        out[e, k] = added


def _fill_by_material(
    mass_kg: NDArray[np.float64],
    material: NDArray[np.int64],
    life: NDArray[np.float64],
    period: float,
    rule: int,
    out: NDArray[np.float64],
) -> None:
    """Add the columns of `_numpy.by_material` into `out`, shape (block, n_rows + 1, 6), in one pass.

    The last row counts the portions without mass in its first column. `rule` is the position of the
    replacement rule in `lca.replacement.RULES`. The number of blocks is the caller's and not that of the
    threads, so that the order of the additions never changes.
    """
    n_blocks = out.shape[0]
    n = mass_kg.shape[0]
    unknown = out.shape[1] - 2
    size = (n + n_blocks - 1) // n_blocks
    for block in numba.prange(n_blocks):
        start = min(n, block * size)
        end = min(n, start + size)
        mine = out[block]
        times = np.empty(512)
        without_mass = 0
        for first in range(start, end, 512):
            m = min(512, end - first)
            for k in range(m):
                times[k] = period / life[first + k]
            if rule == 0:
                for k in range(m):
                    times[k] = np.ceil(times[k] - 1e-9) - 1.0
            elif rule == 1:
                for k in range(m):
                    times[k] = np.floor(times[k] + 0.5) - 1.0
            else:
                for k in range(m):
                    times[k] = times[k] - 1.0
            for k in range(m):
                mass = mass_kg[first + k]
                row = material[first + k]
                if np.isnan(mass):
                    without_mass += 1
                    continue
                if row < 0:
                    row = unknown
                mine[row, 0] += mass
                if np.isnan(times[k]):
                    mine[row, 2] += mass
                    mine[row, 5] = 1.0
                    continue
                # No branch on "replaced or not": nothing predicts it, and that costs more than the sum.
                mine[row, 1] += mass * max(times[k], 0.0)
                mine[row, 3 + int(times[k] <= 0.0)] = 1.0
        mine[unknown + 1, 0] = without_mass


def _uniform(stream: int, number: int) -> float:
    """Draw `number` (from 0) of a stream, see `_numpy_draws.uniforms`."""
    x = stream + np.uint64(number + 1) * np.uint64(GOLDEN)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(MIX_1)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(MIX_2)
    x ^= x >> np.uint64(31)
    between: float = (float(x >> np.uint64(11)) + 0.5) * 2.0**-53
    return between


_C1, _C2 = CENTRE
_T1, _T2 = TAIL
_F1, _F2 = FAR_TAIL
_LOG2_E = 1.4426950408889634
_LN2_HIGH = 0.693147180369123816490
_LN2_LOW = 1.90821492927058770002e-10
#: exp by its series is used up to here; powers of two below and above stand in `_POWERS`.
_EXP_LIMIT = 690.0
_POWERS = 2.0 ** np.arange(-1000, 1001)
_SERIES = tuple(1.0 / math.factorial(k) for k in range(14))


def _tail_quantile(p: float) -> float:
    """Both tails of `_numpy_draws.normal_quantile`; written out, because a loop leaves the registers."""
    r = np.sqrt(-np.log(min(p, 1.0 - p)))
    if r <= 5.0:
        x = r - 1.6
        above = _T1[0] * x + _T1[1]
        above = ((above * x + _T1[2]) * x + _T1[3]) * x + _T1[4]
        above = ((above * x + _T1[5]) * x + _T1[6]) * x + _T1[7]
        below = _T2[0] * x + _T2[1]
        below = ((below * x + _T2[2]) * x + _T2[3]) * x + _T2[4]
        below = ((below * x + _T2[5]) * x + _T2[6]) * x + _T2[7]
    else:
        x = r - 5.0
        above = _F1[0] * x + _F1[1]
        above = ((above * x + _F1[2]) * x + _F1[3]) * x + _F1[4]
        above = ((above * x + _F1[5]) * x + _F1[6]) * x + _F1[7]
        below = _F2[0] * x + _F2[1]
        below = ((below * x + _F2[2]) * x + _F2[3]) * x + _F2[4]
        below = ((below * x + _F2[5]) * x + _F2[6]) * x + _F2[7]
    z: float = -above / below if p < 0.5 else above / below
    return z


def _log_normal(
    u: NDArray[np.float64], z: NDArray[np.float64], places: NDArray[np.int64], a: float, b: float
) -> None:
    """exp(a + b x normal quantile) of `u`, in place; `z` is room for as many, `places` for one more.

    First the centre for all of them, then the tails where they are, then exp by its series: loops without
    branches, which the compiler turns into vectors.
    """
    n = u.shape[0]
    for k in range(n):
        q = u[k] - 0.5
        x = 0.180625 - q * q
        above = _C1[0] * x + _C1[1]
        above = ((above * x + _C1[2]) * x + _C1[3]) * x + _C1[4]
        above = ((above * x + _C1[5]) * x + _C1[6]) * x + _C1[7]
        below = _C2[0] * x + _C2[1]
        below = ((below * x + _C2[2]) * x + _C2[3]) * x + _C2[4]
        below = ((below * x + _C2[5]) * x + _C2[6]) * x + _C2[7]
        z[k] = q * above / below
    tails = 0
    for k in range(n):  # nothing predicts a tail: first where they are, without a branch
        places[tails] = k
        tails += int(abs(u[k] - 0.5) > 0.425)
    for j in range(tails):
        z[places[j]] = tail_quantile(u[places[j]])
    if abs(a) + 9.0 * abs(b) > _EXP_LIMIT:
        for k in range(n):
            u[k] = np.exp(a + b * z[k])
        return
    for k in range(n):
        x = a + b * z[k]
        power = np.floor(x * _LOG2_E + 0.5)
        x = (x - power * _LN2_HIGH) - power * _LN2_LOW
        series = _SERIES[13] * x + _SERIES[12]
        series = ((series * x + _SERIES[11]) * x + _SERIES[10]) * x + _SERIES[9]
        series = ((series * x + _SERIES[8]) * x + _SERIES[7]) * x + _SERIES[6]
        series = ((series * x + _SERIES[5]) * x + _SERIES[4]) * x + _SERIES[3]
        series = ((series * x + _SERIES[2]) * x + _SERIES[1]) * x + _SERIES[0]
        u[k] = series * _POWERS[np.uint64(np.int64(power) + 1000)]


def _draw_block(plan: DrawPlan, first: int, out: NDArray[np.float64]) -> None:
    """Draws `first` to `first` + n of every group into `out`, shape (group, n); lives as replacements."""
    n = out.shape[1]
    stream, code, parameters, steps = plan.stream, plan.code, plan.parameters, plan.steps
    room = np.empty(n)
    places = np.empty(n + 1, dtype=np.int64)
    for g in range(stream.shape[0]):
        kind, a, b, c = code[g], parameters[g, 0], parameters[g, 1], parameters[g, 2]
        mine = out[g]
        if kind == EXACT:
            for k in range(n):
                mine[k] = a
            continue
        for k in range(n):
            mine[k] = uniform(stream[g], first + k)
        if kind == LOG_NORMAL:
            log_normal(mine, room, places, a, b)
        elif kind == UNIFORM:
            for k in range(n):
                mine[k] = a + (b - a) * mine[k]
        elif kind == TRIANGULAR:
            width = c - a
            rising = (b - a) / width if width > 0 else 1.0
            for k in range(n):
                u = mine[k]
                if u < rising:
                    mine[k] = a + np.sqrt(u * width * (b - a))
                else:
                    mine[k] = c - np.sqrt((1.0 - u) * width * (c - b))
        elif kind == DISCRETE:
            start, last = int(a), int(b) - 1
            for k in range(n):
                place = start
                while place < last and mine[k] >= steps[place, 0]:
                    place += 1
                mine[k] = steps[place, 1]
    for g in plan.life_groups:
        for k in range(n):
            fits = plan.period / out[g, k]
            if plan.rule == 0:
                times = np.ceil(fits - 1e-9) - 1.0
            elif plan.rule == 1:
                times = np.floor(fits + 0.5) - 1.0
            else:
                times = fits - 1.0
            out[g, k] = 0.0 if np.isnan(times) else max(times, 0.0)


uniform = _compile(_uniform, parallel=False)
tail_quantile = _compile(_tail_quantile, parallel=False)
log_normal = _compile(_log_normal, parallel=False)
draw_block = _compile(_draw_block, parallel=False)


#: Draws of a block: long enough for vectors, short enough for the cache. The values do not depend on it.
_DRAWS_AT_ONCE = 64


def _fill_draws(plan: DrawPlan, out: NDArray[np.float64], out_mass: NDArray[np.float64]) -> None:
    """`_numpy_draws.totals` into `out`, shape (draw, output, indicator), and `out_mass`, shape (draw,)."""
    size = _DRAWS_AT_ONCE
    n_draws = out.shape[0]
    n_rows = plan.row_factor.shape[0]
    n_indicators = plan.terms.shape[2]
    for block in numba.prange((n_draws + size - 1) // size):
        first = block * size
        n = min(size, n_draws - first)
        drawn = np.empty((plan.stream.shape[0], size))
        draw_block(plan, first, drawn)
        once = np.zeros((n_rows, size))
        again = np.zeros((n_rows, size))
        part = np.empty(size)
        for run in range(plan.run_row.shape[0]):
            part[:] = 0.0
            for cell in range(plan.run_start[run], plan.run_start[run + 1]):
                mass = plan.cell_mass[cell]
                quantity = drawn[plan.cell_quantity[cell]]
                for k in range(size):
                    part[k] += mass * quantity[k]
            if plan.run_match[run] >= 0:
                for k in range(size):
                    part[k] *= 1.0 if drawn[plan.run_match[run], k] == plan.run_candidate[run] else 0.0
            row = plan.run_row[run]
            for k in range(size):
                value = part[k] * drawn[plan.run_density[run], k]
                once[row, k] += value
                again[row, k] += value * drawn[plan.run_life[run], k]
        weighted = np.empty((12, n_rows, size))
        for row in range(n_rows):
            for k in range(size):
                f = drawn[plan.row_factor[row], k]
                t = drawn[plan.row_transport[row], k]
                loss = drawn[plan.row_loss[row], k]
                for half in range(2):
                    mass = once[row, k] if half == 0 else again[row, k]
                    weighted[6 * half, row, k] = mass
                    weighted[6 * half + 1, row, k] = mass * loss
                    weighted[6 * half + 2, row, k] = mass * f
                    weighted[6 * half + 3, row, k] = mass * f * loss
                    weighted[6 * half + 4, row, k] = mass * t
                    weighted[6 * half + 5, row, k] = mass * t * loss
        sums = np.zeros((out.shape[1], n_indicators, size))
        for term in range(plan.terms.shape[0]):
            target = sums[plan.term_output[term]]
            weights = weighted[plan.term_weight[term]]
            for row in range(n_rows):
                for i in range(n_indicators):
                    figure = plan.terms[term, row, i]
                    if figure != 0.0:
                        for k in range(size):
                            target[i, k] += figure * weights[row, k]
        for k in range(n):
            total = 0.0
            for row in range(n_rows):
                total += once[row, k]
            out_mass[first + k] = total
            for s in range(out.shape[1]):
                for i in range(n_indicators):
                    out[first + k, s, i] = sums[s, i, k]


def _fill_covariances(
    plan: DrawPlan, indicator: int, deviation: NDArray[np.float64], out: NDArray[np.float64]
) -> None:
    """`_numpy_draws.covariances` into `out`, shape (stripe, portion), to be added up in order."""
    size = _DRAWS_AT_ONCE
    n_draws = deviation.shape[0]
    n_rows = plan.row_factor.shape[0]
    n_blocks = (n_draws + size - 1) // size
    stripes = out.shape[0]
    for stripe in numba.prange(stripes):
        drawn = np.empty((plan.stream.shape[0], size))
        scale = np.empty(size)
        for block in range(stripe, n_blocks, stripes):
            first = block * size
            n = min(size, n_draws - first)
            draw_block(plan, first, drawn)
            once = np.zeros((n_rows, size))
            again = np.zeros((n_rows, size))
            for term in range(plan.terms.shape[0]):
                if not plan.term_counts[term]:
                    continue
                weight = plan.term_weight[term] % 6
                target = once if plan.term_weight[term] < 6 else again
                for row in range(n_rows):
                    figure = plan.terms[term, row, indicator]
                    for k in range(size):
                        by = 1.0
                        if weight in (2, 3):
                            by = drawn[plan.row_factor[row], k]
                        elif weight >= 4:
                            by = drawn[plan.row_transport[row], k]
                        if weight % 2 == 1:
                            by *= drawn[plan.row_loss[row], k]
                        target[row, k] += figure * by
            for run in range(plan.run_row.shape[0]):
                row = plan.run_row[run]
                for k in range(size):
                    scale[k] = 0.0
                for k in range(n):
                    value = once[row, k] + drawn[plan.run_life[run], k] * again[row, k]
                    if plan.run_match[run] >= 0 and drawn[plan.run_match[run], k] != plan.run_candidate[run]:
                        value = 0.0
                    scale[k] = value * drawn[plan.run_density[run], k] * deviation[first + k]
                for cell in range(plan.run_start[run], plan.run_start[run + 1]):
                    quantity = drawn[plan.cell_quantity[cell]]
                    total = 0.0
                    for k in range(size):
                        total += quantity[k] * scale[k]
                    out[stripe, plan.cell_portion[cell]] += plan.cell_mass[cell] * total


fill_per_portion = _compile(_fill_per_portion)
fill_per_element = _compile(_fill_per_element)
fill_by_material = _compile(_fill_by_material)
fill_draws = _compile(_fill_draws)
fill_covariances = _compile(_fill_covariances)
