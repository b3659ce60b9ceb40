"""A checklist of design for change: what the model tells of each guideline, and what a person answers.

The names are of the 24 guidelines of OVAM (23 sheets 2015, ventilation 2016), read; the questions, rules
and limits are the project's own, so no answer is "according to OVAM". The checklist of another body is loaded
from a file of the user (`load_guidelines`).

    share of what complies >= 2/3 -> yes,  >= 1/3 -> partly,  below -> no      (limits: ours)

Where part of the model is unknown the share is a band, and only a band within one answer gives that answer;
else it is unknown. A user's answer wins; what the model tells stays visible beside it.
"""

from __future__ import annotations

import csv
import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Literal, cast, get_args

from passport.errors import PassportError
from passport.models import Element, Passport, Portion

Answer = Literal["yes", "partly", "no", "unknown"]
AnswerOrigin = Literal["model", "user", "none"]

#: Shares from which an answer is yes, and partly [-]; the project's own.
YES_FROM = 2 / 3
PARTLY_FROM = 1 / 3
#: Floor to floor from which another function is thought possible [m]; the project's own.
FREE_STOREY_HEIGHT_M = 2.7

_LAYERED = "layers"
_SERVICES = ("IfcFlow", "IfcPipe", "IfcDuct", "IfcCable", "IfcDistribution", "IfcEnergyConversion")
#: Classes of which it matters whether they come from a works.
_BUILT = (
    "IfcWall",
    "IfcSlab",
    "IfcRoof",
    "IfcStair",
    "IfcRamp",
    "IfcBeam",
    "IfcColumn",
    "IfcMember",
    "IfcPlate",
    "IfcCurtainWall",
    "IfcFooting",
    "IfcPile",
)
_ASSEMBLIES = ("IfcElementAssembly", "IfcCurtainWall")
_PRECAST = "concrete-precast"


@dataclass(frozen=True, slots=True)
class Guideline:
    """One guideline.

    Attributes:
        number: by which it is answered; unique.
        name: in the language of the body that wrote it.
        scale: element, building, surroundings or unknown.
        gloss: the name in English.
        question: what to answer, in our own words or the user's.
        automatic: name of the rule that looks at the model; empty without one.
        confidence: what of it was read and what is our own.
    """

    number: str
    name: str
    scale: str
    gloss: str
    question: str
    automatic: str
    confidence: str


@dataclass(frozen=True, slots=True)
class UserAnswer:
    """What a person answers to a guideline: by whom and when."""

    number: str
    answer: Answer
    note: str
    by: str
    date: date | None


@dataclass(frozen=True, slots=True)
class ChecklistRow:
    """One guideline, answered.

    Attributes:
        guideline: what is asked.
        answer: the user's, else the model's.
        evidence: one sentence with the figures, or with what is missing.
        origin: model, user, or none where nobody answered.
        automatic_answer, automatic_evidence: of the model; they stay where the user answers otherwise.
        by, answered_on: who answered and when, for a user's answer.
    """

    guideline: Guideline
    answer: Answer
    evidence: str
    origin: AnswerOrigin
    automatic_answer: Answer
    automatic_evidence: str
    by: str = ""
    answered_on: date | None = None


@dataclass(frozen=True, slots=True)
class _Case:
    """What the rules look at."""

    passport: Passport
    detachability: Mapping[str, tuple[float, float]] | None
    building_function: str


_Found = tuple[Answer, str]


def checklist(
    passport: Passport,
    answers: Mapping[str, UserAnswer] | None = None,
    *,
    guidelines: Sequence[Guideline] | None = None,
    detachability: Mapping[str, tuple[float, float]] | None = None,
    building_function: str | None = None,
) -> list[ChecklistRow]:
    """One row per guideline, in the order of the table; none is left out.

    Args:
        answers: by number, see `load_answers`; they win over the model.
        guidelines: of another body, see `load_guidelines`; None for the 24 names.
        detachability: lowest and highest index by GlobalId, 0-1; None when it was not assessed.
        building_function: said beside the height; None takes that of the model.

    Raises:
        PassportError: an answer has a number that no guideline has, or an index is not within 0-1.

    Example:
        >>> rows = checklist(load_passport("passport.json"))  # doctest: +SKIP
        >>> [row.guideline.name for row in rows if row.answer == "no"]  # doctest: +SKIP
        ['gelaagdheid']
    """
    asked = load_guidelines() if guidelines is None else guidelines
    given = answers or {}
    unknown = sorted(set(given) - {each.number for each in asked})
    if unknown:
        raise PassportError(
            f"No guideline has the number {', '.join(unknown)}; use a number of the checklist."
        )
    _check_detachability(detachability or {})
    function = passport.building_use.use if building_function is None else building_function
    case = _Case(passport, detachability, function)
    return [_row(case, each, given.get(each.number)) for each in asked]


def _row(case: _Case, guideline: Guideline, given: UserAnswer | None) -> ChecklistRow:
    rule = _RULES.get(guideline.automatic)
    found: _Found = (
        rule(case) if rule else ("unknown", "The model tells nothing of it; a person must answer.")
    )
    if given is None:
        return ChecklistRow(guideline, *found, "model" if rule else "none", *found)
    evidence = given.note or "Answered without a note."
    return ChecklistRow(guideline, given.answer, evidence, "user", *found, given.by, given.date)


def _check_detachability(scores: Mapping[str, tuple[float, float]]) -> None:
    for global_id, (low, high) in scores.items():
        if not 0 <= low <= high <= 1:
            raise PassportError(
                f"detachability of {global_id} is {low} to {high}; give the lowest and the highest, 0 to 1."
            )


# -- rules --------------------------------------------------------------------------------------------------


def _of_share(low: float, high: float) -> Answer:
    """The answer of a share that is known as a band; unknown where the band spans two answers."""
    ends = [_of_one(low), _of_one(high)]
    return ends[0] if ends[0] == ends[1] else "unknown"


def _of_one(share: float) -> Answer:
    #: A share of exactly two thirds must not fail by rounding.
    if share >= YES_FROM - 1e-9:
        return "yes"
    return "partly" if share >= PARTLY_FROM - 1e-9 else "no"


def _percent(low: float, high: float) -> str:
    one, other = f"{low * 100:.0f}", f"{high * 100:.0f}"
    return f"{one} %" if one == other else f"{one} to {other} %"


def _layers_separable(case: _Case) -> _Found:
    """Share of the layers that touch no bonded neighbour; layers of unknown material widen the band."""
    layered, unordered = [], 0
    for element in case.passport.elements:
        if len(element.portions) < 2:
            continue
        if all(each.share_origin == _LAYERED for each in element.portions):
            layered.append(sorted(element.portions, key=lambda each: each.position))
        else:
            unordered += 1
    free = [_free_layers(layers) for layers in layered]
    total = sum(len(each) for each in free)
    aside = f"; {unordered} elements of several materials have no order of layers" if unordered else ""
    if not total:
        return (
            "unknown",
            f"No element has layers in order{aside}; layers of walls, floors and roofs are needed.",
        )
    sure = sum(each is True for group in free for each in group)
    perhaps = sum(each is None for group in free for each in group)
    low, high = sure / total, (sure + perhaps) / total
    return _of_share(low, high), (
        f"{sure} of {total} layers in {len(layered)} elements touch no bonded layer "
        f"({_percent(low, high)}); {perhaps} cannot be told{aside}; joints are those usual for the materials."
    )


def _free_layers(layers: Sequence[Portion]) -> list[bool | None]:
    """Per layer but air: whether it comes off both neighbours; None where a material is not known."""
    joints = [_bonded(one.family, other.family) for one, other in pairwise(layers)]
    found: list[bool | None] = []
    for index, layer in enumerate(layers):
        if layer.family == "air":
            continue
        beside = joints[max(0, index - 1) : index + 1]
        if any(each is True for each in beside):
            found.append(False)
        else:
            found.append(None if None in beside else True)
    return found


def _bonded(one: str, other: str) -> bool | None:
    table = _bonding()
    effects = {table.get(each, ("", False))[0] for each in (one, other)}
    if "parts" in effects:
        return False
    if "bonds" in effects:
        return True
    return None if "unknown" in (one, other) else effects == {"masonry"}


@cache
def _bonding() -> dict[str, tuple[str, bool]]:
    """By family: what it does to its neighbours, and whether it is made on site."""
    text = files("passport.circularity").joinpath("bonding_families.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return {row["family"]: (row["effect"], row["built_on_site"] == "yes") for row in rows}


def _reversible_connections(case: _Case) -> _Found:
    if case.detachability is None:
        return "unknown", "The detachability was not assessed; an index per element is needed."
    here = {each.global_id for each in case.passport.elements}
    scores = [band for global_id, band in case.detachability.items() if global_id in here]
    if not scores:
        return "unknown", "None of the elements has a detachability index; an index per element is needed."
    low, high = (math.fsum(band[end] for band in scores) / len(scores) for end in (0, 1))
    without = len(here) - len(scores)
    band = f"{low:.2f}" if f"{low:.2f}" == f"{high:.2f}" else f"{low:.2f} to {high:.2f}"
    return _of_share(low, high), (
        f"The mean detachability of {len(scores)} elements is {band} (1 is the easiest); "
        f"{without} elements have no index."
    )


def _regular_grid(case: _Case) -> _Found:
    columns = sum(each.ifc_class.startswith("IfcColumn") for each in case.passport.elements)
    return "unknown", (
        f"The passport holds {columns} columns and no grid lines, so the spread of the spans cannot be told; "
        "the distances between the axes of the structure are needed."
    )


def _few_types(case: _Case) -> _Found:
    """Share of the elements of which the type occurs again in the same class."""
    elements = case.passport.elements
    if not elements:
        return "unknown", "The passport has no elements."
    types = Counter((each.ifc_class, each.type_name) for each in elements if each.type_name)
    repeated = sum(count for count in types.values() if count > 1)
    nameless = len(elements) - types.total()
    low, high = repeated / len(elements), (repeated + nameless) / len(elements)
    per_class = Counter(ifc_class for ifc_class, _ in types)
    of_class = Counter(each.ifc_class for each in elements)
    #: The classes of the most types are where simplification pays.
    most = sorted(per_class.items(), key=lambda each: (-each[1], each[0]))[:3]
    listed = ", ".join(f"{name} {n} types for {of_class[name]}" for name, n in most) or "no type names"
    return _of_share(low, high), (
        f"{repeated} of {len(elements)} elements are of a type used more than once "
        f"({_percent(low, high)}); {nameless} have no type name; {listed}."
    )


def _free_storey_height(case: _Case) -> _Found:
    storeys = case.passport.storeys
    known = sorted(each.elevation_m for each in storeys if each.elevation_m is not None)
    heights = [high - low for low, high in pairwise(known)]
    if len(known) < len(storeys) or not heights:
        missing = len(storeys) - len(known)
        return "unknown", (
            f"{missing} of {len(storeys)} storeys have no elevation; two with one are needed at least."
        )
    enough = sum(each >= FREE_STOREY_HEIGHT_M - 1e-6 for each in heights)
    answer: Answer = "yes" if enough == len(heights) else "partly" if enough else "no"
    listed = ", ".join(f"{each:.2f}" for each in heights)
    return answer, (
        f"{enough} of {len(heights)} storeys are {FREE_STOREY_HEIGHT_M} m or more from floor to floor "
        f"({listed} m, building function: {case.building_function}); the free height is less by the floor, "
        "and that of the top storey is not known."
    )


def _prefabrication(case: _Case) -> _Found:
    elements = case.passport.elements
    wholes = {each.global_id for each in elements if each.ifc_class.startswith(_ASSEMBLIES)}
    built = [_from_works(each, wholes) for each in elements if each.ifc_class.startswith(_BUILT)]
    if not built:
        return "unknown", "The model has no walls, floors, stairs, roof or structure."
    made = sum(each is True for each in built)
    perhaps = sum(each is None for each in built)
    low, high = made / len(built), (made + perhaps) / len(built)
    return _of_share(low, high), (
        f"{made} of {len(built)} built elements are in an assembly or precast ({_percent(low, high)}); "
        f"of {perhaps} the model does not tell whether they come from a works."
    )


def _from_works(element: Element, wholes: set[str]) -> bool | None:
    if element.part_of in wholes or element.ifc_class.startswith(_ASSEMBLIES):
        return True
    kept = [each.family for each in element.portions]
    on_site = any(_bonding().get(family, ("", False))[1] for family in kept)
    if _PRECAST in kept:
        #: Precast under a screed is neither.
        return None if on_site else True
    return False if on_site else None


def _service_access(case: _Case) -> _Found:
    count = sum(each.ifc_class.startswith(_SERVICES) for each in case.passport.elements)
    if not count:
        return "unknown", "The model has no services; a model of them, or a look at the drawings, is needed."
    return "unknown", (
        f"The model has {count} parts of services, but not whether they lie free or are built in; "
        "the way to each shaft, duct and pipe is needed."
    )


_RULES: dict[str, Callable[[_Case], _Found]] = {
    "layers_separable": _layers_separable,
    "reversible_connections": _reversible_connections,
    "regular_grid": _regular_grid,
    "few_types": _few_types,
    "free_storey_height": _free_storey_height,
    "prefabrication": _prefabrication,
    "service_access": _service_access,
}


# -- files --------------------------------------------------------------------------------------------------


def automatic_rules() -> tuple[str, ...]:
    """Names of the rules that a file of guidelines may use.

    Example:
        >>> "few_types" in automatic_rules()
        True
    """
    return tuple(sorted(_RULES))


def load_guidelines(path: str | Path | None = None) -> tuple[Guideline, ...]:
    """The 24 names, or the checklist of another body from a CSV file.

    Columns: number, name, question; scale, gloss_en, automatic and confidence may be left out.

    Raises:
        PassportError: the file cannot be read, a column is missing, or a row has a fault; all are named.

    Example:
        >>> len(load_guidelines())
        24
    """
    if path is None:
        return _own_guidelines()
    source = Path(path)
    found: list[Guideline] = []
    faults: list[str] = []
    for line, row in _rows(source, ("number", "name", "question")):
        faults += [
            f"line {line}: {name} is empty" for name in ("number", "name", "question") if not row[name]
        ]
        if row["number"] in {each.number for each in found}:
            faults.append(f"line {line}: the number {row['number']} is used twice")
        automatic = row.get("automatic", "")
        if automatic and automatic not in _RULES:
            faults.append(
                f"line {line}: automatic is {automatic!r}; use {', '.join(automatic_rules())} or nothing"
            )
        found.append(_guideline(row, row["name"], row.get("confidence") or "given by the user"))
    _refuse(source, faults)
    if not found:
        raise PassportError(f"{source}: no guideline in the file; add a row with number, name and question.")
    return tuple(found)


@cache
def _own_guidelines() -> tuple[Guideline, ...]:
    text = files("passport.circularity").joinpath("guidelines.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return tuple(_guideline(row, row["name_nl"], row["confidence"]) for row in rows)


def _guideline(row: Mapping[str, str], name: str, confidence: str) -> Guideline:
    return Guideline(
        number=row["number"],
        name=name,
        scale=row.get("scale") or "unknown",
        gloss=row.get("gloss_en", ""),
        question=row["question"],
        automatic=row.get("automatic", ""),
        confidence=confidence,
    )


def load_answers(path: str | Path) -> dict[str, UserAnswer]:
    """A user's answers by number, from a CSV file with the columns number, answer, note, by, date.

    The answer is yes, partly, no or unknown; the date is written as 2026-05-01 or left empty. A row without
    an answer is not answered yet and is left out.

    Raises:
        PassportError: the file cannot be read, a column is missing, or a row has a fault; all are named.

    Example:
        >>> load_answers("answers.csv")["1.1.3"].answer  # doctest: +SKIP
        'yes'
    """
    source = Path(path)
    found: dict[str, UserAnswer] = {}
    faults: list[str] = []
    for line, row in _rows(source, ("number", "answer", "note", "by", "date")):
        number, answer = row["number"], row["answer"].casefold()
        if not answer:
            continue
        if not number:
            faults.append(f"line {line}: number is empty")
        if number in found:
            faults.append(f"line {line}: {number} is answered twice")
        if answer not in get_args(Answer):
            faults.append(f"line {line}: answer is {row['answer']!r}; use {', '.join(get_args(Answer))}")
            continue
        found[number] = UserAnswer(
            number, cast("Answer", answer), row["note"], row["by"], _date(row["date"], line, faults)
        )
    _refuse(source, faults)
    return found


def _date(text: str, line: int, faults: list[str]) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        faults.append(f"line {line}: date is {text!r}; write it as 2026-05-01")
        return None


def _rows(source: Path, columns: Sequence[str]) -> list[tuple[int, dict[str, str]]]:
    """Rows with the line that each ends on; commas, or semicolons as spreadsheets of many countries write."""
    try:
        lines = source.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise PassportError(f"{source}: cannot be read ({error}); name a CSV file in UTF-8.") from error
    header = lines[0] if lines else ""
    reader = csv.DictReader(lines, delimiter=";" if header.count(";") > header.count(",") else ",")
    missing = [name for name in columns if name not in (reader.fieldnames or [])]
    if missing:
        raise PassportError(
            f"{source}: line 1: column {', '.join(missing)} is missing; use the columns {', '.join(columns)}."
        )
    found: list[tuple[int, dict[str, str]]] = []
    for row in reader:
        if None in row:
            raise PassportError(
                f"{source}: line {reader.line_num}: more cells than columns; put such a text in quotes."
            )
        found.append((reader.line_num, {name: (text or "").strip() for name, text in row.items()}))
    return found


def _refuse(source: Path, faults: Sequence[str]) -> None:
    if faults:
        raise PassportError(f"{source}: {len(faults)} fault(s): {'; '.join(faults)}.")
