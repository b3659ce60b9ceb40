"""Detachability that a model states in ``CPset_Madaster`` or the older ``Pset_Madaster``, English or German.

The exact words stand in `stated_joints.csv`; a word that is not there is a finding, never a silent default.
"None" is a word of that list, not an empty value.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from passport.findings import Finding, Severity
from passport.ifc.words import key_of

#: Properties that say in words how a part is fixed; what the words mean is told by `passport.circularity`.
_ASSEMBLY = ("typeofassembly", "assemblytype")
ASSEMBLY = "assembly"
_SETS = ("cpsetmadaster", "psetmadaster", "cpsetbuildingpassport")


@dataclass(frozen=True, slots=True)
class JointFact:
    """What one property says of a factor; `joint_class` is None where the word is not known."""

    factor: str
    joint_class: str | None
    source: str
    value: str


def is_joint_set(set_name: str) -> bool:
    """Whether a set of this name can state detachability.

    Example:
        >>> is_joint_set("Pset_Madaster"), is_joint_set("Pset_WallCommon")
        (True, False)
    """
    return key_of(set_name) in _SETS


def joint_fact(set_name: str, property_name: str, value: object) -> JointFact | None:
    """What one property says; None when it says nothing of detachability or is empty.

    Example:
        >>> joint_fact("CPset_Madaster", "DetachabilityConnectionType", "DryConnection").joint_class
        'dry'
    """
    if not is_joint_set(set_name) or value is None or not str(value).strip():
        return None
    source = f"{set_name}.{property_name}"
    if key_of(property_name) in _ASSEMBLY:
        return JointFact(ASSEMBLY, str(value).strip(), source, str(value))
    words = _words().get(key_of(property_name))
    if words is None:
        return None
    factor, classes = words
    return JointFact(factor, classes.get(key_of(str(value))), source, str(value))


def stated_joints(
    own: Iterable[JointFact], inherited: Iterable[JointFact], *, element: str, global_id: str
) -> tuple[tuple[tuple[str, str], ...], list[Finding]]:
    """Class by factor, the element's own before its type's, and a finding for each word that is not known."""
    kept: dict[str, str] = {}
    notes = []
    for fact in (*own, *inherited):
        if fact.joint_class is None:
            notes.append(
                Finding(
                    code="joint-word-unknown",
                    severity=Severity.WARNING,
                    message=f"{element}: {fact.source} is {fact.value!r}, which is no word of this list.",
                    global_id=global_id,
                    hint="Use the exact words, such as DryConnection; until then it is not used.",
                )
            )
        else:
            kept.setdefault(fact.factor, fact.joint_class)
    return tuple(sorted(kept.items())), notes


@cache
def _words() -> dict[str, tuple[str, dict[str, str]]]:
    found: dict[str, tuple[str, dict[str, str]]] = {}
    text = files("passport.ifc").joinpath("stated_joints.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        for name, value in ((row["property_en"], row["value_en"]), (row["property_de"], row["value_de"])):
            _, classes = found.setdefault(key_of(name), (row["factor"], {}))
            classes[key_of(value)] = row["class"]
    return found
