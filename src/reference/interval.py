"""An interval: the type of everything that is bounded instead of known."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Interval:
    """A closed interval [low, high]; both ends in the unit of the quantity it bounds.

    Raises:
        ValueError: low is above high, or one of them is NaN.

    Example:
        >>> (Interval(1.0, 2.0) + Interval(0.5, 0.5)).high
        2.5
    """

    low: float
    high: float

    def __post_init__(self) -> None:
        if not self.low <= self.high:
            raise ValueError(f"interval needs low <= high, got [{self.low}, {self.high}]")

    @property
    def width(self) -> float:
        """high - low, never negative."""
        return self.high - self.low

    def __contains__(self, value: float) -> bool:
        return self.low <= value <= self.high

    def __add__(self, other: Interval) -> Interval:
        return Interval(self.low + other.low, self.high + other.high)

    def scaled(self, factor: float) -> Interval:
        """Both ends times `factor`; a negative factor swaps the ends."""
        ends = (self.low * factor, self.high * factor)
        return Interval(min(ends), max(ends))
