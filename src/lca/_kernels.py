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


def _compile(function: Callable[..., None]) -> Any:
    """Compile in parallel and without the GIL; not cached on disk where no folder for it is writable."""
    try:
        return numba.njit(function, cache=True, parallel=True, nogil=True, fastmath=False)
    except RuntimeError as error:
        if "cannot cache function" not in str(error):
            raise
        return numba.njit(function, parallel=True, nogil=True, fastmath=False)


fill_per_portion = _compile(_fill_per_portion)
