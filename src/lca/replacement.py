"""B4: how often a portion is replaced within the study period, and when.

Rules:
    ceil          n = max(0, ceil(RSP / life - 1e-9) - 1). EN 15978 as quoted in EeBGuide: whole numbers only,
                  rounded up; the default.
    nearest       n = max(0, floor(RSP / life + 0.5) - 1). Same n for lives of 10, 15, 20, 30, 40 and 60
                  years; differs for 25 (2 / 1), 45 and 50 (1 / 0). TOTEM/MMG as recovered from KU Leuven
                  SLiCE/Mouton 2022 dataset holds no such life, so it cannot tell which one is used there.
    proportional  n = max(0, RSP / life - 1). No rounding; for comparison with methods that spread a life.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lca.errors import AssessmentError
from lca.scenario import ReplacementRule

#: Rules in the order in which the kernel numbers them.
RULES: tuple[ReplacementRule, ...] = ("ceil", "nearest", "proportional")

#: A life of 20 years written as 19.99999999999 still fits three times in 60 years.
ROUNDING_SLACK = 1e-9


def replacements(
    service_life_years: float, study_period_years: float = 60.0, rule: ReplacementRule = "ceil"
) -> float:
    """Number of replacements of one portion within the study period [-].

    Args:
        service_life_years: life [years], above 0; inf is never replaced.
        study_period_years: reference study period [years].
        rule: see the module.

    Raises:
        AssessmentError: the life is missing (NaN), zero or negative, or the study period is not positive.

    Source: EN 15978 as quoted in EeBGuide; TOTEM/MMG as recovered from KU Leuven SLiCE/Mouton 2022 dataset
    (exact for all 12 replaced work sections).

    Example:
        >>> replacements(25), replacements(25, rule="nearest"), replacements(40, rule="proportional")
        (2.0, 1.0, 0.5)
    """
    if math.isnan(service_life_years):
        raise AssessmentError(
            "The service life is missing; state it, or leave the portion unknown in an Inventory."
        )
    return float(replacement_counts(np.array([service_life_years]), study_period_years, rule)[0])


def replacement_counts(
    service_life_years: ArrayLike, study_period_years: float = 60.0, rule: ReplacementRule = "ceil"
) -> NDArray[np.float64]:
    """Number of replacements per portion [-], shape of `service_life_years`; NaN where the life is unknown.

    Raises:
        AssessmentError: a life of zero or less (rows are named), a study period that is not positive,
            or a rule that does not exist.

    Source: as `replacements`.

    Example:
        >>> replacement_counts([60.0, 20.0, float("nan"), float("inf")])
        array([ 0.,  2., nan,  0.])
    """
    life = np.asarray(service_life_years, dtype=np.float64)
    if not (math.isfinite(study_period_years) and study_period_years > 0):
        raise AssessmentError(f"The study period must be above 0 years, not {study_period_years}.")
    with np.errstate(divide="ignore", over="ignore"):
        fits = study_period_years / life
    wrong = (life <= 0) | np.isinf(fits)
    if wrong.any():
        raise AssessmentError(
            "A service life must be above 0 years",
            [f"row {row}, service_life_years: {life.flat[row]}" for row in np.flatnonzero(wrong)],
        )
    if rule == "ceil":
        count = np.ceil(fits - ROUNDING_SLACK) - 1.0
    elif rule == "nearest":
        count = np.floor(fits + 0.5) - 1.0
    elif rule == "proportional":
        count = fits - 1.0
    else:
        raise AssessmentError(f"{rule!r} is not a replacement rule; use 'ceil', 'nearest' or 'proportional'.")
    return np.maximum(count, 0.0)


def replacement_years(
    service_life_years: float, study_period_years: float = 60.0, rule: ReplacementRule = "ceil"
) -> tuple[float, ...]:
    """Years in which the portion is replaced: life, 2 life, ... below the study period [years].

    With "nearest" a replacement that the rule skips is not in the list; with "proportional" the last one
    counts in part but still happens.

    Raises:
        AssessmentError: as `replacements`.

    Source: TOTEM/MMG as recovered from KU Leuven SLiCE/Mouton 2022 dataset.

    Example:
        >>> replacement_years(25.0)
        (25.0, 50.0)
    """
    count = math.ceil(replacements(service_life_years, study_period_years, rule) - ROUNDING_SLACK)
    return tuple(k * float(service_life_years) for k in range(1, count + 1))
