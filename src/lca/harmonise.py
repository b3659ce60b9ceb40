"""Results per year on another study period.

What happens once (A, C) is spread over the years of the study period, so per year it scales with the inverse
of the period; what is counted per year (use stage) stays. Source: EU-ECB database 2022, columns `_harm`
(from 60 to 50 years).
"""

from __future__ import annotations

from collections.abc import Mapping

from lca.errors import AssessmentError
from reference.vocabulary import Stage


def per_year_over(per_year: Mapping[Stage, float], from_years: float, to_years: float) -> dict[Stage, float]:
    """Values per year over another study period; replacements are taken as they are, not counted anew.

    Args:
        per_year: value by module [unit per year of `from_years`].
        from_years, to_years: study periods [years], above 0.

    Raises:
        AssessmentError: a period that is not above 0.

    Example:
        >>> per_year_over({Stage.A1_A3: 5.0, Stage.B4: 2.0}, 60, 50)
        {<Stage.A1_A3: 'A1-A3'>: 6.0, <Stage.B4: 'B4'>: 2.0}
    """
    for years in (from_years, to_years):
        if not 0 < years < float("inf"):
            raise AssessmentError(f"A study period must be above 0 years, not {years}.")
    return {
        stage: value if stage.value.startswith("B") else value * from_years / to_years
        for stage, value in per_year.items()
    }
