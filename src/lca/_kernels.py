"""Loops for numba; the definition they must match bit for bit is `_numpy.per_portion`.

Each prange iteration owns its row of `out`, so the result does not depend on the number of threads; fastmath
is off. The compiled code is cached on disk, because compiling costs more than most assessments. Importing
this module imports numba: only `lca.engine` does so, and only when numba is used.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray


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


def _compile(function: Callable[..., None]) -> Any:
    """Compile in parallel and without the GIL; not cached where no folder for it is writable."""
    try:
        return numba.njit(function, cache=True, parallel=True, nogil=True, fastmath=False)
    except RuntimeError as error:
        if "cannot cache function" not in str(error):
            raise
        return numba.njit(function, parallel=True, nogil=True, fastmath=False)


fill_per_portion = _compile(_fill_per_portion)
fill_per_element = _compile(_fill_per_element)
fill_by_material = _compile(_fill_by_material)
