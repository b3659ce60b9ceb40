"""A renovation: the building if it stayed as it is, the building as designed, and the difference.

Before: what stands there (existing and dismantled parts) kept for the whole study period. After: the design,
with its new, kept, reused and dismantled parts. Modules per status: `lca.status` (to be confirmed: "verify").
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

import lca
from lca.composition import builtin_factors
from lca.status import ElementStatus, by_status
from passport.assessment import AS_IN_THE_METHOD
from passport.errors import PassportError
from passport.inventory import to_inventory
from passport.models import Passport, Status
from reference.vocabulary import Indicator

if TYPE_CHECKING:
    from lca.impact import Impact
    from lca.scenario import Scenario
    from lca.summing import Total
    from reference.factors import FactorTable

#: Parts that stand there before anything is done.
STANDING = (Status.EXISTING, Status.DEMOLISH)


@dataclass(frozen=True)
class Renovation:
    """Both sides of a renovation.

    Attributes:
        before, after: impact of the portions on each side (`lca.Impact`).
    """

    before: Impact
    after: Impact

    def total(self, indicator: Indicator | str = Indicator.GWP_TOTAL) -> tuple[Total, Total]:
        """Totals before and after with what they cover [unit of the indicator, whole study period]."""
        return self.before.total(indicator), self.after.total(indicator)

    def difference(self, indicator: Indicator | str = Indicator.GWP_TOTAL) -> float:
        """After minus before [unit of the indicator, whole study period]; NaN where a side is unknown.

        It compares what is known on each side: read it beside the known shares of `total`.
        """
        before, after = self.total(indicator)
        return after.value - before.value if not math.isnan(before.value) else math.nan


def renovation(
    passport: Passport,
    *,
    factors: FactorTable | None = None,
    scenario: Scenario | None = None,
    engine: Literal["auto", "numpy", "numba"] = "auto",
) -> Renovation:
    """Assess a design with existing parts before and after.

    Raises:
        PassportError: no element of the passport is existing or demolished, or all of them are existing.

    Example:
        >>> both = renovation(load_passport("passport.json"))  # doctest: +SKIP
        >>> both.difference("gwp-total")  # doctest: +SKIP
    """
    statuses = {element.status for element in passport.elements}
    if not statuses & set(STANDING):
        raise PassportError(
            f"{passport.model.file}: no element is existing or demolished, so there is no before; "
            "set the status of the elements in the model."
        )
    if statuses <= {Status.EXISTING, Status.UNKNOWN}:
        raise PassportError(
            f"{passport.model.file}: every element that has a status is existing, so there is no change; "
            "set the status of new and demolished elements in the model."
        )
    chosen = lca.Scenario() if scenario is None else scenario
    table = builtin_factors(chosen) if factors is None else factors
    inventory, rows = to_inventory(passport, table)
    impact = lca.assess(inventory, table, chosen, engine=engine)
    after = by_status(impact, [AS_IN_THE_METHOD.get(element.status) for element in rows.elements])
    standing = np.array([element.status in STANDING for element in rows.elements], dtype=bool)
    there = lca.Inventory.from_columns(
        material=inventory.material[standing],
        mass_kg=inventory.mass_kg[standing],
        service_life_years=inventory.service_life_years[standing],
        element=inventory.element[standing],
    )
    before = lca.assess(there, table, chosen, engine=engine)
    return Renovation(by_status(before, [ElementStatus.KEPT] * len(there)), after)
