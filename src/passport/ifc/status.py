"""Status of an element: new, existing, demolish, temporary or reused, from whatever the exporter wrote.

Which property names and which values say something is in `status_names.csv` and `status_values.csv`.
Several properties of one element may speak; `resolve_status` holds the rules of precedence.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from passport.findings import Finding, Severity
from passport.ifc.words import folded, key_of
from passport.models import Status

#: What wins among statements of the same standing.
_PRECEDENCE = (
    Status.DEMOLISH,
    Status.TEMPORARY,
    Status.EXISTING,
    Status.REUSED,
    Status.NEW,
    Status.UNKNOWN,
)
#: Pairs that both hold: what is demolished stands today, and a reclaimed product is newly built in.
_COMPATIBLE = (
    frozenset({Status.DEMOLISH, Status.EXISTING}),
    frozenset({Status.REUSED, Status.NEW}),
)
#: Longer texts are remarks: a status word inside them says nothing sure.
_LONGEST_WORDS = 6
_NEGATIONS = frozenset(
    {"not", "no", "niet", "geen", "nicht", "kein", "keine", "non", "ne", "pas", "sans", "sin"}
)
_ALTERNATIVES = re.compile(r"[/|;]|\b(?:or|of|ou|oder|vs)\b", re.IGNORECASE)
_YES = frozenset({"true", "yes", "ja", "oui", "si", "sim", "x", "1", "t", "wahr", "vrai"})


@dataclass(frozen=True, slots=True)
class StatusFact:
    """What one property says about the status.

    Attributes:
        status: UNKNOWN when the property has a value that is not understood.
        source: ``Set.Property``.
        meaning: column of `status_names.csv`: status, phase, phase created, phase demolished, flag.
        standard: the property ``Status`` of a standard set.
        value: as the model has it.
    """

    status: Status
    source: str
    meaning: str
    standard: bool
    value: str


@cache
def _names() -> dict[str, str]:
    text = files("passport.ifc").joinpath("status_names.csv").read_text(encoding="utf-8")
    return {row["name"]: row["meaning"] for row in csv.DictReader(text.splitlines())}


@cache
def _values() -> dict[str, Status]:
    text = files("passport.ifc").joinpath("status_values.csv").read_text(encoding="utf-8")
    return {row["value"]: Status(row["status"]) for row in csv.DictReader(text.splitlines())}


def is_status_property(name: str) -> bool:
    """Whether a property of this name tells the status of an element.

    Example:
        >>> is_status_property("Umbau-Status"), is_status_property("Fire Rating")
        (True, False)
    """
    return key_of(name) in _names()


def status_of(property_name: str, value: object, set_name: str = "") -> StatusFact | None:
    """What one property says about the status; None when it says nothing.

    Args:
        property_name: as the model has it, in any language of the table.
        value: text, flag or number of the property; a sequence for an enumerated property.
        set_name: name of its set; in a set of another name than ``Pset_*`` a ``Status`` is not the standard
            one.

    Example:
        >>> status_of("Renovatiestatus", "Te slopen").status
        <Status.DEMOLISH: 'demolish'>
        >>> status_of("Phase Demolished", "None") is None
        True
    """
    return _status_of(property_name, tuple(value) if isinstance(value, list) else value, set_name)


@lru_cache(maxsize=4096, typed=True)
def _status_of(property_name: str, value: object, set_name: str) -> StatusFact | None:
    key = key_of(property_name)
    meaning = _names().get(key)
    if meaning is None:
        return None
    if isinstance(value, tuple):
        facts = [f for v in value if (f := status_of(property_name, v, set_name)) is not None]
        return min(facts, key=lambda f: _PRECEDENCE.index(f.status)) if facts else None
    status = _status(meaning, value)
    if status is None:
        return None
    source = f"{set_name}.{property_name}" if set_name else property_name
    standard = key == "status" and (not set_name or set_name.lower().startswith("pset_"))
    return StatusFact(status, source, meaning, standard, str(value))


def _status(meaning: str, value: object) -> Status | None:
    """UNKNOWN: there is a value and it is not understood; None: nothing is said."""
    if meaning.startswith("flag "):
        said = value if isinstance(value, bool) else isinstance(value, str) and folded(value) in _YES
        return Status(meaning.removeprefix("flag ")) if said else None
    if meaning == "phase demolished":
        return Status.DEMOLISH if _names_a_phase(value) else None
    if not isinstance(value, str):
        return None  # the number of a phase does not tell whether it is built, kept or demolished
    text = folded(value)
    if not text or _values().get(text) is Status.UNKNOWN:
        return None
    status = _in_words(value)
    if meaning == "phase created" and status is Status.DEMOLISH:
        return Status.UNKNOWN  # built in the phase of demolition, not demolished in it
    return status


def _names_a_phase(value: object) -> bool:
    if isinstance(value, str):
        text = folded(value)
        return bool(text) and _values().get(text) is not Status.UNKNOWN
    # An exporter may write the number of the phase; -1 and 0 stand for none.
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


@lru_cache(maxsize=1024)
def _in_words(value: str) -> Status:
    """Status that a text names: the whole text, else the strongest phrase inside a short text."""
    known = _values().get(folded(value))
    if known is not None:
        return known
    words = folded(value).split()
    if len(words) > _LONGEST_WORDS or _NEGATIONS & set(words):
        return Status.UNKNOWN
    said = {known for known in _phrases(words) if known is not Status.UNKNOWN}
    if len(said) > 1 and _ALTERNATIVES.search(value):
        return Status.UNKNOWN  # a list of choices is no choice
    return min(said, key=_PRECEDENCE.index, default=Status.UNKNOWN)


def _phrases(words: list[str]) -> list[Status]:
    """Statuses of the longest phrases of the table, from left to right, no word used twice."""
    found: list[Status] = []
    start = 0
    while start < len(words):
        for end in range(len(words), start, -1):
            known = _values().get(" ".join(words[start:end]))
            if known is not None:
                found.append(known)
                start = end
                break
        else:
            start += 1
    return found


def resolve_status(
    own: Sequence[StatusFact],
    inherited: Sequence[StatusFact] = (),
    *,
    element: str = "element",
    global_id: str | None = None,
) -> tuple[Status, list[Finding]]:
    """One status from all that the properties of an element say, and what is doubtful about it.

    Rules: the element's own properties before those of its type; the standard ``Status`` before those of
    other sets; then demolish, temporary, existing, reused, new. A phase of demolition beside a phase of
    creation is no contradiction: both the same phase means temporary.

    Args:
        own, inherited: what the sets of the element and of its type say.
        element: class and name of the element, for the text of findings.

    Example:
        >>> facts = [status_of("Phase Created", "Existing"), status_of("Phase Demolished", "Fase 2")]
        >>> resolve_status([f for f in facts if f])[0]
        <Status.DEMOLISH: 'demolish'>
    """
    findings: list[Finding] = []
    for facts in (own, inherited):
        clear = _with_phases([f for f in facts if f.status is not Status.UNKNOWN])
        if not clear:
            findings.extend(_not_understood(f) for f in facts)
            continue
        chosen = min(clear, key=lambda f: (not f.standard, _PRECEDENCE.index(f.status)))
        if chosen.status is Status.NEW:
            # IFC has no word for reused, so the standard property says new beside the one that says more.
            chosen = next((f for f in clear if f.status is Status.REUSED), chosen)
        other = next((f for f in clear if _contradicts(chosen, f)), None)
        if other is not None:
            findings.append(
                Finding(
                    "status-contradicts",
                    Severity.WARNING,
                    f"{element}: {chosen.source} is {chosen.value!r}, but {other.source} is {other.value!r}; "
                    f"the status is taken as {chosen.status.value}.",
                    global_id=global_id,
                    hint="Keep one property for the status, or make them agree.",
                )
            )
        return chosen.status, findings
    return Status.UNKNOWN, findings


def _with_phases(facts: list[StatusFact]) -> list[StatusFact]:
    """The facts with creation and demolition of the same tool joined into one statement."""
    demolished = next((f for f in facts if f.meaning == "phase demolished"), None)
    if demolished is None:
        return facts
    created = [f for f in facts if f.meaning in ("phase created", "phase")]
    same = any(folded(f.value) == folded(demolished.value) for f in created if f.meaning == "phase created")
    status = Status.TEMPORARY if same else Status.DEMOLISH
    joined = StatusFact(status, demolished.source, demolished.meaning, False, demolished.value)
    return [joined if f is demolished else f for f in facts if f not in created]


def _contradicts(chosen: StatusFact, other: StatusFact) -> bool:
    if other.status is chosen.status:
        return False
    weaker = _PRECEDENCE.index(other.status) > _PRECEDENCE.index(chosen.status)
    # A demolition that the chosen statement does not mention is never a detail.
    return not (weaker and frozenset({chosen.status, other.status}) in _COMPATIBLE)


def _not_understood(fact: StatusFact) -> Finding:
    return Finding(
        "status-not-understood",
        Severity.INFO,
        f"{fact.source} has the value {fact.value!r}, which is not known as a status.",
        hint="Use NEW, EXISTING, DEMOLISH or TEMPORARY in the property Status of the standard set.",
    )
