"""Errors of `lca`; the whole tree is drawn in `reference.errors`.

BuildingPassportError
└── AssessmentError (ValueError)    an input cannot be assessed; names row and field of every fault
    └── ShapeError                  arrays that must have one length do not
"""

from __future__ import annotations

from collections.abc import Sequence

from reference.errors import BuildingPassportError

_SHOWN = 50


class AssessmentError(BuildingPassportError, ValueError):
    """An input cannot be assessed.

    Attributes:
        faults: one sentence per fault, each naming row and field; all of them, also those
            that the message leaves out when there are more than 50.

    Example:
        >>> error = AssessmentError("Inventory cannot be used", ["row 3, mass_kg: -1.0 is negative"])
        >>> error.faults
        ('row 3, mass_kg: -1.0 is negative',)
    """

    def __init__(self, message: str, faults: Sequence[str] = ()) -> None:
        self.faults = tuple(faults)
        lines = [message + (":" if self.faults else "")]
        lines += [f"  - {fault}" for fault in self.faults[:_SHOWN]]
        if len(self.faults) > _SHOWN:
            lines.append(f"  - and {len(self.faults) - _SHOWN} more, see .faults")
        super().__init__("\n".join(lines))


class ShapeError(AssessmentError):
    """Arrays that must have the same length do not; the message names each with its shape."""
