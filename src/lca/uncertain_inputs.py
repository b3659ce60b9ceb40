"""Which inputs of an assessment vary, how, and which of them vary together."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum

from lca.distributions import Distribution, check_probabilities
from lca.errors import AssessmentError


class InputKind(StrEnum):
    """What an uncertain input is."""

    QUANTITY = "quantity"
    DENSITY = "density"
    MATCH = "match"
    SERVICE_LIFE = "service_life"
    FACTOR = "factor"
    TRANSPORT = "transport"
    LOSS = "loss"


@dataclass(frozen=True)
class Uncertain:
    """One kind of input: which draw each row takes.

    Rows with the same key share one draw, so they vary together; so do two designs that name the same key.

    Attributes:
        keys: one per row, None = certain.
        distributions: by key; more keys than the rows name are allowed.

    Raises:
        AssessmentError: a key without a distribution; rows are named.

    Example:
        >>> from lca import LogNormal
        >>> walls = Uncertain(["wall 1", "wall 1", None], {"wall 1": LogNormal(1.1)})
        >>> len(walls.keys)
        3
    """

    keys: Sequence[str | None]
    distributions: Mapping[str, Distribution]

    def __post_init__(self) -> None:
        object.__setattr__(self, "keys", tuple(self.keys))
        faults = [
            f"row {row}: no distribution for the key {key!r}"
            for row, key in enumerate(self.keys)
            if key is not None and key not in self.distributions
        ]
        if faults:
            raise AssessmentError(f"{len(faults)} uncertain row(s) cannot be drawn", faults)

    @classmethod
    def each(cls, keys: Sequence[str | None], distribution: Distribution) -> Uncertain:
        """Every key apart, all with the same distribution.

        Example:
            >>> from lca import LogNormal
        >>> Uncertain.each(["brick", None, "wood"], LogNormal(1.3)).distributions["wood"].gsd
            1.3
        """
        return cls(keys, {key: distribution for key in keys if key is not None})


@dataclass(frozen=True, slots=True)
class Candidate:
    """A material that a portion may be.

    Attributes:
        material: row of the factor table; -1 where it is not known what it is: then it has no figure.
        probability: 0 to 1.
        mass_ratio: mass of the portion if it is this, per mass in the inventory [-].
        service_life: key in the distributions of the service lives, or a life [years]; None: that of the
            portion.

    Raises:
        AssessmentError: a field is out of range.
    """

    material: int
    probability: float
    mass_ratio: float = 1.0
    service_life: str | float | None = None

    def __post_init__(self) -> None:
        check_probabilities((self.probability, 1 - self.probability))
        if self.material < -1:
            raise AssessmentError(f"material: {self.material} is below -1 (-1 = unknown).")
        if not (math.isfinite(self.mass_ratio) and self.mass_ratio >= 0):
            raise AssessmentError(f"mass_ratio: {self.mass_ratio} is negative or no number.")
        if isinstance(self.service_life, (int, float)) and not self.service_life > 0:
            raise AssessmentError(f"service_life: {self.service_life} is not above 0 years.")


@dataclass(frozen=True)
class UncertainMatch:
    """Which material a portion is: one of some candidates.

    Attributes:
        keys: one per portion, None = the material in the inventory for certain.
        candidates: by key; their probabilities sum to 1.

    Raises:
        AssessmentError: a key without candidates, or probabilities that do not sum to 1.

    Example:
        >>> match = UncertainMatch(["stone", None], {"stone": (Candidate(3, 0.8), Candidate(7, 0.2, 1.4))})
        >>> match.candidates["stone"][1].mass_ratio
        1.4
    """

    keys: Sequence[str | None]
    candidates: Mapping[str, Sequence[Candidate]]

    def __post_init__(self) -> None:
        object.__setattr__(self, "keys", tuple(self.keys))
        faults = [
            f"row {row}: no candidates for the key {key!r}"
            for row, key in enumerate(self.keys)
            if key is not None and key not in self.candidates
        ]
        for key, given in self.candidates.items():
            try:
                check_probabilities([each.probability for each in given])
            except AssessmentError as error:
                faults.append(f"key {key!r}, {error}")
        if faults:
            raise AssessmentError("The uncertain matches have fault(s)", faults)


@dataclass(frozen=True)
class UncertainInputs:
    """All that varies; None = certain.

    Attributes:
        quantity, density: factors around 1 on the mass, one key per portion.
        match: candidates, one key per portion.
        service_life: lives [years], one key per portion; certain portions keep the life of the inventory.
        factor: factors around 1 on the figures of A1-A3, one key per material of the factor table.
        transport: factors around 1 on A4 and C2, one key per material of the factor table.
        loss: material lost on site [kg/kg], one key per material of the factor table; certain ones keep the
            loss of the scenario.

    Raises:
        AssessmentError: a factor that may be negative, a life that may be 0, a loss outside 0 to 1; the field
            and the key are named.
    """

    quantity: Uncertain | None = None
    density: Uncertain | None = None
    match: UncertainMatch | None = None
    service_life: Uncertain | None = None
    factor: Uncertain | None = None
    transport: Uncertain | None = None
    loss: Uncertain | None = None

    def __post_init__(self) -> None:
        faults: list[str] = []
        for field in fields(self):
            given = getattr(self, field.name)
            if not isinstance(given, Uncertain):
                continue
            for key, distribution in given.distributions.items():
                low, high = distribution.bounds
                if field.name == InputKind.LOSS:
                    wrong = "" if low >= 0 and high < 1 else "a loss is 0 or more and below 1 kg/kg"
                elif field.name == InputKind.SERVICE_LIFE:
                    wrong = "" if low > 0 else "a service life is above 0 years"
                else:
                    wrong = "" if low >= 0 and math.isfinite(high) else "a factor is finite and not negative"
                if wrong:
                    faults.append(f"{field.name}, key {key!r}: between {low:g} and {high:g}; {wrong}")
        if faults:
            raise AssessmentError("The uncertain inputs have fault(s)", faults)

    @property
    def kinds(self) -> tuple[InputKind, ...]:
        """Kinds that vary."""
        return tuple(kind for kind in InputKind if getattr(self, kind) is not None)
