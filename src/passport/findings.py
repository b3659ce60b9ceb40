"""Findings: what is wrong or doubtful, collected instead of raised.

A finding names its code, severity, the element it is about and what to do. Codes are stable names that
other programs may test for; the texts are for people.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, overload

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema


class Severity(StrEnum):
    """How much a finding matters: an error makes a figure wrong or missing, a warning doubtful."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


_ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found in the input.

    Attributes:
        code: stable name, e.g. ``quantity-not-positive``.
        severity: error, warning or info.
        message: one sentence about this case.
        global_id: GlobalId of the element, None when the finding is about the whole model.
        hint: what to do about it.
    """

    __pydantic_config__ = ConfigDict(extra="forbid")

    code: str
    severity: Severity
    message: str
    global_id: str | None = None
    hint: str = ""


class FindingGroup(BaseModel):
    """All findings with one code: how many, how bad, one example."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    severity: Severity
    count: int
    example: str
    global_ids: tuple[str, ...]
    hint: str


class Findings(tuple[Finding, ...]):
    """An immutable list of findings that can group and print itself.

    Example:
        >>> f = Findings([Finding(code="x", severity=Severity.INFO, message="a")])
        >>> f.summary()
        '1 info: x (1)'
    """

    __slots__ = ()

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        inner = handler(tuple[Finding, ...])
        return core_schema.no_info_after_validator_function(cls, inner)

    def with_code(self, code: str) -> Findings:
        """Those findings that carry this code."""
        return Findings(f for f in self if f.code == code)

    def errors(self) -> Findings:
        """Those of severity error."""
        return Findings(f for f in self if f.severity is Severity.ERROR)

    def groups(self) -> list[FindingGroup]:
        """One group per code, errors first, then by count."""
        by_code: dict[str, list[Finding]] = {}
        for finding in self:
            by_code.setdefault(finding.code, []).append(finding)
        groups = []
        for code, members in by_code.items():
            worst = min(members, key=lambda f: _ORDER[f.severity])
            groups.append(
                FindingGroup(
                    code=code,
                    severity=worst.severity,
                    count=len(members),
                    example=worst.message,
                    global_ids=tuple(f.global_id for f in members if f.global_id),
                    hint=worst.hint,
                )
            )
        return sorted(groups, key=lambda g: (_ORDER[g.severity], -g.count, g.code))

    def summary(self) -> str:
        """One line: how many of each severity, and the codes with their counts."""
        if not self:
            return "no findings"
        severities = Counter(f.severity for f in self)
        parts = [f"{severities[s]} {s}" for s in Severity if severities[s]]
        codes = ", ".join(f"{g.code} ({g.count})" for g in self.groups())
        return f"{', '.join(parts)}: {codes}"

    @overload
    def __add__(self, other: tuple[Finding, ...]) -> Findings: ...
    @overload
    def __add__(self, other: tuple[Any, ...]) -> tuple[Any, ...]: ...
    def __add__(self, other: tuple[Any, ...]) -> tuple[Any, ...]:
        return Findings((*self, *other))


class FindingLog:
    """Collects findings while a model is read; `freeze` gives the immutable list.

    Repeated findings of one code about one element are kept once.
    """

    def __init__(self) -> None:
        self._findings: list[Finding] = []
        self._seen: set[tuple[str, str | None, str]] = set()

    def add(
        self,
        code: str,
        severity: Severity,
        message: str,
        *,
        global_id: str | None = None,
        hint: str = "",
    ) -> None:
        """Note one finding."""
        key = (code, global_id, message)
        if key not in self._seen:
            self._seen.add(key)
            self._findings.append(
                Finding(code=code, severity=severity, message=message, global_id=global_id, hint=hint)
            )

    def extend(self, findings: Iterable[Finding]) -> None:
        """Note many findings."""
        for f in findings:
            key = (f.code, f.global_id, f.message)
            if key not in self._seen:
                self._seen.add(key)
                self._findings.append(f)

    def __iter__(self) -> Iterator[Finding]:
        return iter(self._findings)

    def freeze(self) -> Findings:
        """The findings so far, in the order in which they were made."""
        return Findings(self._findings)
