"""How an input may vary: log-normal, uniform, triangular or discrete; checked when it is made.

Quantities, densities, figures and transport vary by a factor around 1; service lives [years] and losses on
site [kg/kg] vary as they are.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lca.errors import AssessmentError

Float64Array = NDArray[np.float64]

#: Codes of the kinds, for the kernel and its definition.
EXACT, LOG_NORMAL, UNIFORM, TRIANGULAR, DISCRETE = range(5)

#: Normal quantiles: 5 % of the draws lie above the first, one in two millions above the second.
_Z95 = 1.6448536269514722
_Z_FAR = 4.8916384757


@dataclass(frozen=True, slots=True)
class LogNormal:
    """Log-normal: half of the draws below `median`; 68 % between median / gsd and median x gsd.

    Attributes:
        gsd: geometric standard deviation [-], 1 or more.
        median: 50th percentile, above 0.

    Example:
        >>> LogNormal(1.2).mean > 1.0
        True
    """

    gsd: float
    median: float = 1.0

    def __post_init__(self) -> None:
        _finite(self, gsd=self.gsd, median=self.median)
        if self.gsd < 1:
            raise AssessmentError(f"gsd: {self.gsd} is below 1; 1 is certain, 1.2 about 20 % either way.")
        if self.median <= 0:
            raise AssessmentError(f"median: {self.median} is not above 0.")

    @classmethod
    def between(cls, low: float, high: float, median: float | None = None) -> LogNormal:
        """The one with 5 % of the draws below `low` and 5 % above `high`, both above 0.

        Args:
            median: keeps the ratio high / low around another median than sqrt(low x high).

        Example:
            >>> round(LogNormal.between(0.5, 2.0).gsd, 3)
            1.524
        """
        if not (math.isfinite(high) and 0 < low <= high):
            raise AssessmentError(f"low: {low} and high: {high} must be above 0 and in this order.")
        middle = math.sqrt(low) * math.sqrt(high) if median is None else median
        return cls(gsd=math.exp(math.log(high / low) / (2 * _Z95)), median=middle)

    @property
    def mean(self) -> float:
        """Expected value: median x exp(ln(gsd)^2 / 2)."""
        return self.median * math.exp(math.log(self.gsd) ** 2 / 2)

    @property
    def bounds(self) -> tuple[float, float]:
        """Between which values all draws lie but one in a million."""
        spread = self.gsd**_Z_FAR
        return self.median / spread, self.median * spread


@dataclass(frozen=True, slots=True)
class Uniform:
    """Every value between `low` and `high` is as likely.

    Example:
        >>> Uniform(0.9, 1.1).mean
        1.0
    """

    low: float
    high: float

    def __post_init__(self) -> None:
        _finite(self, low=self.low, high=self.high)
        if self.low > self.high:
            raise AssessmentError(f"low: {self.low} is above high: {self.high}.")

    @property
    def mean(self) -> float:
        """Expected value."""
        return (self.low + self.high) / 2

    @property
    def bounds(self) -> tuple[float, float]:
        """Between which values all draws lie."""
        return self.low, self.high


@dataclass(frozen=True, slots=True)
class Triangular:
    """Most likely at `mode`, falling to nothing at `low` and `high`.

    Example:
        >>> Triangular(20.0, 30.0, 40.0).mean
        30.0
    """

    low: float
    mode: float
    high: float

    def __post_init__(self) -> None:
        _finite(self, low=self.low, mode=self.mode, high=self.high)
        if not self.low <= self.mode <= self.high:
            raise AssessmentError(f"mode: {self.mode} is not between low: {self.low} and high: {self.high}.")

    @property
    def mean(self) -> float:
        """Expected value."""
        return (self.low + self.mode + self.high) / 3

    @property
    def bounds(self) -> tuple[float, float]:
        """Between which values all draws lie."""
        return self.low, self.high


@dataclass(frozen=True, slots=True)
class Discrete:
    """One of some values, each with its probability; they sum to 1.

    Example:
        >>> Discrete((15.0, 30.0), (0.25, 0.75)).mean
        26.25
    """

    values: tuple[float, ...]
    probabilities: tuple[float, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", tuple(float(each) for each in self.values))
        object.__setattr__(self, "probabilities", check_probabilities(self.probabilities))
        if len(self.values) != len(self.probabilities):
            raise AssessmentError(
                f"probabilities: {len(self.probabilities)} for {len(self.values)} values; give one each."
            )
        for k, value in enumerate(self.values):
            if math.isnan(value):
                raise AssessmentError(f"values: number {k + 1} is NaN.")

    @property
    def mean(self) -> float:
        """Expected value."""
        return sum(v * p for v, p in zip(self.values, self.probabilities, strict=True) if p)

    @property
    def bounds(self) -> tuple[float, float]:
        """Least and greatest value."""
        return min(self.values), max(self.values)


Distribution = LogNormal | Uniform | Triangular | Discrete


def check_probabilities(given: Sequence[float]) -> tuple[float, ...]:
    """The probabilities as a tuple.

    Raises:
        AssessmentError: none, one outside 0 to 1, NaN, or a sum other than 1 by more than 1e-9.
    """
    probabilities = tuple(float(each) for each in given)
    for k, p in enumerate(probabilities):
        if not 0 <= p <= 1:
            raise AssessmentError(f"probabilities: number {k + 1} is {p}, not between 0 and 1.")
    total = math.fsum(probabilities)
    if not abs(total - 1) <= 1e-9:
        raise AssessmentError(f"probabilities: they sum to {total:g}, not to 1.")
    return probabilities


@dataclass(frozen=True, eq=False, slots=True)
class Coded:
    """Distributions as columns, for the kernel.

    Attributes:
        code: shape (group,), EXACT to DISCRETE.
        parameters: shape (group, 3): value; ln median and ln gsd; low and high; low, mode and high; start and
            end in `steps`.
        steps: shape (n, 2): cumulative probability and value of all discrete distributions.
    """

    code: NDArray[np.int64]
    parameters: Float64Array
    steps: Float64Array


def coded(distributions: Sequence[Distribution | float]) -> Coded:
    """Columns for the kernel; a number is certain."""
    code = np.zeros(len(distributions), dtype=np.int64)
    parameters = np.zeros((len(distributions), 3))
    steps: list[tuple[float, float]] = []
    for k, each in enumerate(distributions):
        if isinstance(each, LogNormal):
            code[k], parameters[k, :2] = LOG_NORMAL, (math.log(each.median), math.log(each.gsd))
        elif isinstance(each, Uniform):
            code[k], parameters[k, :2] = UNIFORM, (each.low, each.high)
        elif isinstance(each, Triangular):
            code[k], parameters[k] = TRIANGULAR, (each.low, each.mode, each.high)
        elif isinstance(each, Discrete):
            code[k], parameters[k, :2] = DISCRETE, (len(steps), len(steps) + len(each.values))
            steps += zip(np.cumsum(each.probabilities).tolist(), each.values, strict=True)
        else:
            parameters[k, 0] = each
    return Coded(code, parameters, np.array(steps, dtype=np.float64).reshape(-1, 2))


def _finite(distribution: object, **fields: float) -> None:
    for name, value in fields.items():
        if not math.isfinite(value):
            raise AssessmentError(f"{name}: {value} of {type(distribution).__name__} is not a finite number.")
