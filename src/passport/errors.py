"""Errors of the package `passport`; all descend from `reference.errors.BuildingPassportError`.

BuildingPassportError
└── PassportError
    ├── IfcReadError (OSError)          the model cannot be used at all; names file, fault and remedy
    ├── PassportFileError (ValueError)  a passport.json is unreadable or of another schema version
    ├── MappingFileError (ValueError)   a mapping file has faults; holds all of them
    ├── QuantityNamesError (ValueError) a table of quantity names has faults; holds all of them
    └── StrictError                     `strict` was asked for and findings of severity error exist
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from reference.errors import BuildingPassportError


class PassportError(BuildingPassportError):
    """Root of the errors of this package."""


class IfcReadError(PassportError, OSError):
    """The model cannot be used: one sentence with file, what is wrong and what to do.

    Attributes:
        path: the file as the user named it.
        problem: what is wrong.
        remedy: what the user can do.
    """

    def __init__(self, path: Path, problem: str, remedy: str) -> None:
        self.path = path
        self.problem = problem
        self.remedy = remedy
        super().__init__(f"{path}: {problem}; {remedy}.")


class PassportFileError(PassportError, ValueError):
    """A passport file is not readable: names file, place and what to do."""


class MappingFileError(PassportError, ValueError):
    """A mapping file has faults; nothing of it was used.

    Attributes:
        path: the file.
        faults: one sentence per fault, each with its row and column.
    """

    def __init__(self, path: Path, faults: Sequence[str]) -> None:
        self.path = path
        self.faults = tuple(faults)
        super().__init__(f"{path}: {len(self.faults)} fault(s): " + "; ".join(self.faults))


class QuantityNamesError(PassportError, ValueError):
    """A table of quantity names has faults; nothing of it was used.

    Attributes:
        path: the file.
        faults: one sentence per fault, each with its line.
    """

    def __init__(self, path: Path, faults: Sequence[str]) -> None:
        self.path = path
        self.faults = tuple(faults)
        super().__init__(f"{path}: {len(self.faults)} fault(s): " + "; ".join(self.faults))


class StrictError(PassportError):
    """Findings of severity error exist and `strict` was asked for.

    Attributes:
        codes: the codes of those findings.
    """

    def __init__(self, codes: Sequence[str]) -> None:
        self.codes = tuple(codes)
        super().__init__(f"strict: the model has errors: {', '.join(self.codes)}.")
