"""The definition of an assessment in plain NumPy; `_kernels` gives the same bits, faster.

Axes: portion P, material M, indicator I, stage S. `per_kg` has one row more than there are materials: the
last one is all NaN and stands for the unknown material, so that index -1 picks it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from reference.vocabulary import Stage

Float64Array = NDArray[np.float64]

#: What one replacement repeats. Source: TOTEM/MMG as recovered from KU Leuven SLiCE/Mouton 2022 dataset,
#: exact for all 12 replaced work sections; whole replacements, no residual value at the end of the study
#: period.
REPLACED_STAGES: tuple[Stage, ...] = (
    Stage.A1_A3,
    Stage.A4,
    Stage.A5,
    Stage.C1,
    Stage.C2,
    Stage.C3,
    Stage.C4,
)


def per_kg_table(
    values: Float64Array,
    partial: NDArray[np.bool_],
    table_stages: Sequence[Stage],
    stages: Sequence[Stage],
) -> tuple[Float64Array, NDArray[np.bool_]]:
    """Figures per kg in the stage order asked for, B4 being those of one replacement.

    One replacement is the sum of A1-A3, A4, A5 and C1 to C4 over the terms that are known; NaN where A1-A3
    is.

    Args:
        values: shape (M, I, table stage) [indicator unit per kg], NaN = no figure.
        partial: shape (M, table stage), True where a figure leaves a sub-process out.
        table_stages: stages of `values`; B4 among them is not used.
        stages: stages of the result.

    Returns:
        per_kg of shape (M + 1, I, S) and partial of shape (M + 1, S).
    """
    n_materials, n_indicators, _ = values.shape
    column = {stage: k for k, stage in enumerate(table_stages)}
    per_kg = np.full((n_materials + 1, n_indicators, len(stages)), np.nan)
    leaves_out = np.zeros((n_materials + 1, len(stages)), dtype=np.bool_)
    for k, stage in enumerate(stages):
        if stage is Stage.B4:
            per_kg[:-1, :, k], leaves_out[:-1, k] = _one_replacement(values, partial, column)
        elif stage in column:
            per_kg[:-1, :, k] = values[:, :, column[stage]]
            leaves_out[:-1, k] = partial[:, column[stage]]
    return per_kg, leaves_out


def _one_replacement(
    values: Float64Array, partial: NDArray[np.bool_], column: dict[Stage, int]
) -> tuple[Float64Array, NDArray[np.bool_]]:
    if Stage.A1_A3 not in column:
        return np.full(values.shape[:2], np.nan), np.zeros(values.shape[0], dtype=np.bool_)
    product_known = ~np.isnan(values[:, :, column[Stage.A1_A3]])
    total = np.zeros(values.shape[:2])
    leaves_out = np.zeros(values.shape[0], dtype=np.bool_)
    for stage in REPLACED_STAGES:
        if stage not in column:
            leaves_out |= product_known.any(axis=1)
            continue
        term = values[:, :, column[stage]]
        known = ~np.isnan(term)
        total += np.where(known, term, 0.0)
        leaves_out |= partial[:, column[stage]] | (product_known & ~known).any(axis=1)
    return np.where(product_known, total, np.nan), leaves_out


def per_portion(
    mass_kg: Float64Array,
    material: NDArray[np.int64],
    replacements: Float64Array,
    per_kg: Float64Array,
    b4: int,
) -> Float64Array:
    """Impact per portion: mass x figure per kg, in B4 times the number of replacements.

    Args:
        mass_kg: shape (P,) [kg], NaN = unknown.
        material: shape (P,), row of `per_kg`, -1 = unknown.
        replacements: shape (P,) [-], NaN = unknown life.
        per_kg: shape (M + 1, I, S), see `per_kg_table`.
        b4: position of B4 on the last axis, -1 if it is not asked for.

    Returns:
        shape (P, I, S) [indicator unit]; NaN where mass, figure or (B4) life is unknown; B4 is exactly 0
        where nothing is replaced and the portion is known.
    """
    out = per_kg[material]
    out *= mass_kg[:, np.newaxis, np.newaxis]
    if b4 >= 0:
        out[:, :, b4] *= replacements[:, np.newaxis]
        out[:, :, b4] += 0.0  # -0.0 of a negative figure times no replacement becomes 0.0
    return out


def per_element(
    mass_kg: Float64Array,
    material: NDArray[np.int64],
    replacements: Float64Array,
    per_kg: Float64Array,
    b4: int,
    starts: NDArray[np.int64],
) -> Float64Array:
    """Impact per element: the known values of its portions, added in their order.

    Args:
        starts: shape (E + 1,); the portions of element e are rows starts[e] to starts[e + 1].
        mass_kg, material, replacements, per_kg, b4: see `per_portion`.

    Returns:
        shape (E, I, S) [indicator unit]; NaN where no portion has a figure.
    """
    values = per_portion(mass_kg, material, replacements, per_kg, b4)
    element = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    known = ~np.isnan(values)
    out = np.zeros((len(starts) - 1, *per_kg.shape[1:]))
    some = np.zeros(out.shape, dtype=np.bool_)
    np.add.at(out, element, np.where(known, values, 0.0))
    np.logical_or.at(some, element, known)
    out[~some] = np.nan
    return out


#: Columns of `by_material`: masses [kg], then flags.
MASS, REPLACED_MASS, MASS_WITHOUT_LIFE, REPLACED, LASTING, WITHOUT_LIFE = range(6)


def by_material(
    mass_kg: Float64Array, material: NDArray[np.int64], replacements: Float64Array, n_rows: int
) -> Float64Array:
    """What a total needs of the portions of each material; portions without mass are only counted.

    Args:
        mass_kg, material, replacements: see `per_portion`.
        n_rows: rows of `per_kg`; the last one takes the unknown material.

    Returns:
        shape (n_rows + 1, 6): mass, mass x replacements, mass of unknown life [kg]; then 1.0 where there is a
        portion that is replaced, one that lasts, one of unknown life. The last row has the number of portions
        without mass in its first column.
    """
    known = ~np.isnan(mass_kg)
    with_life = known & ~np.isnan(replacements)
    replaced = with_life & (replacements > 0)
    rows = np.where(material < 0, n_rows - 1, material)
    out = np.zeros((n_rows + 1, 6))
    for column, chosen in ((MASS, known), (MASS_WITHOUT_LIFE, known & ~with_life)):
        out[:, column] = np.bincount(rows[chosen], weights=mass_kg[chosen], minlength=n_rows + 1)
    out[:, REPLACED_MASS] = np.bincount(
        rows[replaced], weights=mass_kg[replaced] * replacements[replaced], minlength=n_rows + 1
    )
    flags = (
        (REPLACED, replaced),
        (LASTING, with_life & ~replaced),
        (WITHOUT_LIFE, known & ~with_life),
    )
    for column, chosen in flags:
        out[rows[chosen], column] = 1.0
    out[n_rows, MASS] = np.count_nonzero(~known)
    return out
