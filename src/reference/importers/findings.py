"""What an importer noticed, and what it read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from reference.importers.epd import Epd

Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True, slots=True)
class ImportFinding:
    """One thing that is wrong or worth knowing.

    Attributes:
        code: short name, the same for every case of a kind.
        severity: "error" (the dataset or file was not imported), "warning" or "info".
        file: name of the file.
        dataset: UUID of the dataset; its name where there is no UUID; empty where the file is meant.
        field: where in the dataset: a column with its row, or the path of a key.
        message: one sentence.
        hint: what to do about it.
    """

    code: str
    severity: Severity
    file: str
    dataset: str
    field: str
    message: str
    hint: str | None = None

    def __str__(self) -> str:
        place = ", ".join(part for part in (self.file, self.dataset, self.field) if part)
        return f"{place}: {self.message}" + (f" {self.hint}" if self.hint else "")


@dataclass(frozen=True)
class ImportResult:
    """Datasets that were read whole, and every finding.

    Attributes:
        datasets: without those that have an error.
        assignments: UUID by material id, from a file of our own; empty for other formats.
    """

    datasets: tuple[Epd, ...] = ()
    findings: tuple[ImportFinding, ...] = ()
    assignments: Mapping[str, str] = field(default_factory=dict)

    @property
    def errors(self) -> tuple[ImportFinding, ...]:
        """Findings of severity error."""
        return tuple(finding for finding in self.findings if finding.severity == "error")

    def __add__(self, other: ImportResult) -> ImportResult:
        return ImportResult(
            self.datasets + other.datasets,
            self.findings + other.findings,
            {**self.assignments, **other.assignments},
        )


def refused(file: str, code: str, message: str, hint: str | None = None, field: str = "") -> ImportResult:
    """A file of which nothing could be read."""
    return ImportResult(findings=(ImportFinding(code, "error", file, "", field, message, hint),))


def joined(results: Iterable[ImportResult]) -> ImportResult:
    """Several results as one, in their order."""
    total = ImportResult()
    for result in results:
        total = total + result
    return total
