"""Dimensions of a profile, checked as they are read."""

from __future__ import annotations

from typing import Any

from passport.ifc.shapes.errors import BadShapeError
from passport.ifc.shapes.outlines import FARTHEST


def length(profile: Any, index: int, name: str) -> float:
    """A positive length in model units; BadShapeError with its name otherwise."""
    value = profile.get_argument(index)
    if not (is_number(value) and 0.0 < value < FARTHEST):
        raise BadShapeError(f"the {name} of its profile is missing or not a positive length")
    return float(value)


def radius(profile: Any, index: int, name: str) -> float:
    """A radius in model units, 0 where none is given; BadShapeError with its name otherwise."""
    value = profile.get_argument(index)
    if value is None:
        return 0.0
    if not (is_number(value) and 0.0 <= value < FARTHEST):
        raise BadShapeError(f"the {name} of its profile is negative or no length")
    return float(value)


def is_number(value: Any) -> bool:
    """Whether an attribute holds a number at all."""
    return isinstance(value, float | int)


def need(condition: bool, reason: str) -> None:
    """BadShapeError with the reason unless the condition holds."""
    if not condition:
        raise BadShapeError(reason)
