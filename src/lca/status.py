"""Which modules count for an element that is new, kept, reused or dismantled.

The table stands in `status_modules.csv` of `reference` (source: TOTEM statuses, to be confirmed). What does
not count is a known 0, unlike a missing figure; replacements of kept and reused parts count as new.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from lca.errors import AssessmentError, ShapeError
from reference.tables import read_table
from reference.vocabulary import Stage

if TYPE_CHECKING:
    from lca.impact import Impact


class ElementStatus(StrEnum):
    """What happens to an element in a project."""

    NEW = "new"
    KEPT = "kept"
    REUSED_IN_PLACE = "reused in place"
    REUSED_FROM_ELSEWHERE = "reused from elsewhere"
    DISMANTLED = "dismantled"


@cache
def status_modules() -> Mapping[tuple[ElementStatus, Stage], str]:
    """ "yes", "no" or "partly" by status and module.

    Raises:
        ReferenceDataError: status_modules.csv is malformed or not complete.

    Example:
        >>> status_modules()[ElementStatus.KEPT, Stage.A1_A3]
        'no'
    """
    found: dict[tuple[ElementStatus, Stage], str] = {}
    for row in read_table("status_modules.csv"):
        try:
            key = ElementStatus(row.text("status")), Stage.parse(row.text("module"))
        except ValueError as error:
            raise row.fault("status", str(error)) from error
        if row.text("counts") not in ("yes", "no", "partly"):
            raise row.fault("counts", "use yes, no or partly")
        found[key] = row.text("counts")
    return MappingProxyType(found)


def modules_not_counted(status: ElementStatus) -> tuple[Stage, ...]:
    """Modules that do not count, or only in part, for this status.

    Example:
        >>> [str(stage) for stage in modules_not_counted(ElementStatus.REUSED_FROM_ELSEWHERE)]
        ['A1-A3']
    """
    return tuple(
        stage for (each, stage), counts in status_modules().items() if each is status and counts != "yes"
    )


def by_status(impact: Impact, status: Sequence[ElementStatus | str | None]) -> Impact:
    """The impact with only the modules that count for each portion's status.

    Where a module does not count, a known value becomes 0 and an unknown one stays unknown, so that a portion
    of unknown material never looks known.

    Args:
        impact: of all portions as if new.
        status: one per portion; None counts as new.

    Raises:
        ShapeError: not one status per portion.
        AssessmentError: a status that does not exist; rows are named.

    Example:
        >>> import lca
        >>> inventory = lca.Inventory.from_columns(material=[0, 0], mass_kg=[1.0, 1.0])
        >>> impact = lca.assess(inventory, lca.builtin_factors())
        >>> kept = by_status(impact, ["kept", "new"])
        >>> kept.values[0, 0, 0], bool(kept.values[1, 0, 0] > 0)
        (np.float64(0.0), True)
    """
    codes = status_codes(status, len(impact.inventory))
    values, partial = impact.values.copy(), impact.partial.copy()
    for code, each in enumerate(ElementStatus):
        rows = np.flatnonzero(codes == code)
        if rows.size and each is not ElementStatus.NEW:
            values[rows], partial[rows] = counted(values[rows], partial[rows], each, impact.stages)
    return dataclasses.replace(impact, values=values, partial=partial)


def counted(
    values: NDArray[np.float64], partial: NDArray[np.bool_], status: ElementStatus, stages: Sequence[Stage]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Copies of values (row, indicator, stage) and flags (row, stage) with what does not count at 0."""
    values, partial = values.copy(), partial.copy()
    table = status_modules()
    for s, stage in enumerate(stages):
        counts = table[status, stage]
        if counts != "yes":
            values[:, :, s] = np.where(np.isnan(values[:, :, s]), np.nan, 0.0)
            partial[:, s] = counts == "partly"
    return values, partial


def status_codes(status: Sequence[ElementStatus | str | None], n_portions: int) -> NDArray[np.int64]:
    """Position of each portion's status in `ElementStatus`; None is new.

    Raises:
        ShapeError: not one status per portion.
        AssessmentError: a status that does not exist; rows are named.
    """
    if len(status) != n_portions:
        raise ShapeError(f"{len(status)} statuses for {n_portions} portions; give one each.")
    position: dict[object, int] = {None: 0}
    for code, each in enumerate(ElementStatus):
        position[each] = position[each.value] = code
    faults = [
        f"row {row}, status: {given!r}; use one of {', '.join(ElementStatus)}"
        for row, given in enumerate(status)
        if given not in position
    ]
    if faults:
        raise AssessmentError("A status does not exist", faults)
    return np.array([position[given] for given in status], dtype=np.int64)
