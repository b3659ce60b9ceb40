"""Boxes along the axes: whether they overlap or only touch."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Box = tuple[Array, Array]

#: Boxes that overlap by less than this share of their size only touch.
_TOUCH = 1e-6


def overlap(one: Box, other: Box) -> bool:
    """Whether two boxes (lowest, highest corner) have a volume in common.

    Example:
        >>> unit = (np.zeros(3), np.ones(3))
        >>> overlap(unit, (np.full(3, 0.5), np.full(3, 2.0))), overlap(unit, (np.ones(3), np.full(3, 2.0)))
        (True, False)
    """
    (low, high), (other_low, other_high) = one, other
    touch = _TOUCH * float(max((high - low).max(), (other_high - other_low).max()))
    return bool(np.all(low < other_high - touch) and np.all(other_low < high - touch))


def some_overlap(boxes: Sequence[Box]) -> bool:
    """Whether any two of them overlap."""
    if len(boxes) < 2:
        return False
    order = sorted(boxes, key=lambda box: float(box[0][0]))
    for place, box in enumerate(order):
        for other in order[place + 1 :]:
            if other[0][0] >= box[1][0]:
                break
            if overlap(box, other):
                return True
    return False
