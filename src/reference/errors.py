"""Errors of all three packages share one root.

BuildingPassportError
├── ReferenceDataError (ValueError)     a shipped or user table is malformed; names file, row and field
│   └── UnknownMaterialError (KeyError) a material id that no library holds
├── lca.errors.AssessmentError (ValueError)
│   └── lca.errors.ShapeError
└── passport.errors.PassportError ...   IFC and passport input
"""

from __future__ import annotations

from collections.abc import Sequence


class BuildingPassportError(Exception):
    """Root of every error that this library raises on purpose."""


class ReferenceDataError(BuildingPassportError, ValueError):
    """A table cannot be used; the message names file, row, field and what to do."""


class UnknownMaterialError(ReferenceDataError, KeyError):
    """Material ids that the library does not hold.

    Attributes:
        material_ids: the ids that were asked for and not found.
        candidates: ids with a similar spelling, may be empty.
    """

    def __init__(self, material_ids: Sequence[str], candidates: Sequence[str] = ()) -> None:
        self.material_ids = tuple(material_ids)
        self.candidates = tuple(candidates)
        hint = f" Did you mean: {', '.join(self.candidates)}?" if self.candidates else ""
        super().__init__(f"No such material: {', '.join(self.material_ids)}.{hint}")

    def __str__(self) -> str:
        # KeyError would print the repr of the message.
        return str(self.args[0])
