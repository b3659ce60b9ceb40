"""Parts that each state the volume of the whole: found by the bodies that sum to it.

Some exporters copy the quantities of an assembly, or of a wall before it was split, to each of its parts.
Every part then looks right by itself, and the sum is n times too large.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from typing import Literal, NamedTuple

#: Copies of one number; more is a coincidence of rounding.
_SAME = 1e-6
#: How near the bodies of the parts must come to the whole that each of them states.
_SUMS_TO = 0.10


class Repeat(NamedTuple):
    """One element that states the volume of its whole.

    Attributes:
        position: in the columns that were given.
        volume_m3: its own, from its body or box.
        stated_m3: what it states, which is that of the whole.
        parts: number of elements that state the same.
        shown_by: what summed to the whole.
    """

    position: int
    volume_m3: float
    stated_m3: float
    parts: int
    shown_by: Literal["bodies", "dimensions"]


def repeated_wholes(
    groups: Sequence[Hashable | None],
    stated_m3: Sequence[float | None],
    body_m3: Sequence[float | None],
    box_m3: Sequence[float | None],
) -> list[Repeat]:
    """Elements that repeat the volume of their whole, in the order of the columns.

    One pass over the columns and one sort within each group. Call it once per way of grouping (whole of an
    aggregate; type with tag; type with name) and let the first answer for an element count.

    Args:
        groups: what the element shares with the other parts; None for one that belongs to no group.
        stated_m3: the stated volume that would be used.
        body_m3: of the closed body, None when there is none.
        box_m3: own length x width x height, None when not stated; used only for groups without all bodies.

    Raises:
        ValueError: the columns have different lengths.

    Example:
        >>> [r.volume_m3 for r in repeated_wholes(["w", "w"], [3.0, 3.0], [1.0, 2.0], [None, None])]
        [1.0, 2.0]
    """
    members: dict[Hashable, list[int]] = {}
    for i, (group, stated, _, _) in enumerate(zip(groups, stated_m3, body_m3, box_m3, strict=True)):
        if group is not None and stated is not None and 0 < stated < math.inf:
            members.setdefault(group, []).append(i)
    found: list[Repeat] = []
    for indices in members.values():
        for same in _runs(indices, stated_m3):
            if len(same) < 2:
                continue
            whole = stated_m3[same[0]] or 0.0
            parts = _parts(same, whole, body_m3)
            shown_by: Literal["bodies", "dimensions"] = "bodies"
            if parts is None and all(body_m3[i] is None for i in same):
                parts, shown_by = _parts(same, whole, box_m3), "dimensions"
            if parts is not None:
                found += [
                    Repeat(i, part, whole, len(same), shown_by) for i, part in zip(same, parts, strict=True)
                ]
    return sorted(found)


def _runs(indices: list[int], stated: Sequence[float | None]) -> list[list[int]]:
    """Members of a group parted into those that state the same number."""
    runs: list[list[int]] = []
    last = -math.inf
    for value, i in sorted((stated[i] or 0.0, i) for i in indices):
        if value - last <= _SAME * value:
            runs[-1].append(i)
        else:
            runs.append([i])
            last = value
    return runs


def _parts(same: list[int], whole: float, own: Sequence[float | None]) -> list[float] | None:
    """Own volumes of the members when they are parts of the whole and sum to it, else None."""
    parts = [v for v in (own[i] for i in same) if v is not None and 0 < v < whole]
    if len(parts) != len(same) or abs(math.fsum(parts) - whole) > _SUMS_TO * whole:
        return None
    return parts
