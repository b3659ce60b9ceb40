"""Who is joined to whom, as the model says it: fillings, coverings, paths, fasteners, ports and crossings."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from passport.ifc.relations import Relations
from passport.ifc.schema import Schema
from passport.models import Connection, ConnectionKind, JointClass


def read_connections(
    file: Any, schema: Schema, relations: Relations, counted: Mapping[int, str]
) -> tuple[Connection, ...]:
    """Connections between counted elements, each once, in file order.

    A relation to a whole of which only the parts are counted stands for each of its parts. Fasteners are
    often not counted themselves; they tell how the two elements that they join are fixed.

    Args:
        counted: GlobalId by step id of the elements of the passport.
    """
    reader = _Reader(file, schema, relations, counted)
    reader.fillings()
    reader.pairs("IfcRelCoversBldgElements", "RelatingBuildingElement", "RelatedCoverings", "covers")
    reader.joints()
    reader.ports()
    reader.pairs("IfcRelInterferesElements", "RelatingElement", "RelatedElement", "interferes")
    return tuple(reader.found)


class _Reader:
    def __init__(self, file: Any, schema: Schema, relations: Relations, counted: Mapping[int, str]) -> None:
        self._file, self._schema, self._relations, self._counted = file, schema, relations, counted
        self._seen: set[Connection] = set()
        self.found: list[Connection] = []

    def fillings(self) -> None:
        for filling, opening in self._relations.filled.items():
            host = self._relations.voids.get(opening)
            if host is not None:
                self._add("fills", filling, host)

    def pairs(self, ifc_class: str, relating: str, related: str, kind: ConnectionKind) -> None:
        """`kind` from the related to the relating element."""
        if not self._schema.has(ifc_class):
            return
        for relation in self._file.by_type(ifc_class):
            one, many = getattr(relation, relating), getattr(relation, related)
            if one is None or many is None:
                continue
            for each in many if isinstance(many, tuple) else (many,):
                self._add(kind, each.id(), one.id())

    def joints(self) -> None:
        """Plain, path and realized connections; the realized ones say with what."""
        for relation in self._file.by_type("IfcRelConnectsElements"):
            one, other = relation.RelatingElement, relation.RelatedElement
            if one is None or other is None:
                continue
            kind: ConnectionKind = "joined"
            text, joint = "", None
            if relation.is_a("IfcRelConnectsPathElements"):
                kind = "path"
            elif relation.is_a("IfcRelConnectsWithRealizingElements"):
                kind = "realized"
                text = str(relation.ConnectionType or "")
                parts = tuple(relation.RealizingElements or ())
                joint = joint_of([(p.is_a(), _predefined(p), _texts(p)) for p in parts], text)
                if not text and parts:
                    text = ", ".join(dict.fromkeys(p.Name or p.is_a() for p in parts))
            self._add(kind, other.id(), one.id(), text, joint)

    def ports(self) -> None:
        owner = dict(self._relations.nested_in)
        for relation in self._file.by_type("IfcRelConnectsPortToElement"):
            if relation.RelatingPort is not None and relation.RelatedElement is not None:
                owner[relation.RelatingPort.id()] = relation.RelatedElement.id()
        for relation in self._file.by_type("IfcRelConnectsPorts"):
            ends = [
                owner.get(port.id())
                for port in (relation.RelatingPort, relation.RelatedPort)
                if port is not None
            ]
            if len(ends) == 2 and ends[0] is not None and ends[1] is not None:
                self._add("port", ends[1], ends[0])

    def _add(
        self, kind: ConnectionKind, one: int, other: int, text: str = "", joint: JointClass | None = None
    ) -> None:
        for a in self._elements(one):
            for b in self._elements(other):
                made = Connection(kind, a, b, joint=joint, text=text)
                if a != b and made not in self._seen:
                    self._seen.add(made)
                    self.found.append(made)

    def _elements(self, step_id: int) -> Sequence[str]:
        if step_id in self._counted:
            return (self._counted[step_id],)
        found: list[str] = []
        todo, seen = list(self._relations.parts_of.get(step_id, ())), {step_id}
        while todo:
            part = todo.pop(0)
            if part in seen:
                continue
            seen.add(part)
            if part in self._counted:
                found.append(self._counted[part])
            else:
                todo.extend(self._relations.parts_of.get(part, ()))
        return found


def joint_of(fasteners: Sequence[tuple[str, str, str]], text: str = "") -> JointClass | None:
    """Class of a joint by its fasteners and words; of several the hardest to undo.

    Args:
        fasteners: class, predefined type and texts of each.
        text: free text of the connection.

    Example:
        >>> joint_of([("IfcMechanicalFastener", "BOLT", "M12")])
        'added elements'
        >>> joint_of([], "glued and screwed")
        'hard chemical'
    """
    found = []
    for row in _fasteners():
        for ifc_class, predefined, words in (*fasteners, ("", "", text)):
            typed = row["predefined_type"] and predefined == row["predefined_type"]
            said = row["word"] and row["word"] in words.casefold()
            if (typed and ifc_class.startswith(row["ifc_class"])) or said:
                found.append(row["joint"])
    order: tuple[JointClass, ...] = (
        "hard chemical", "soft chemical", "direct integral", "added elements", "dry",
    )  # fmt: skip
    return next((joint for joint in order if joint in found), None)


@cache
def _fasteners() -> tuple[dict[str, str], ...]:
    text = files("passport.ifc").joinpath("fasteners.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


def _predefined(part: Any) -> str:
    return str(getattr(part, "PredefinedType", None) or "")


def _texts(part: Any) -> str:
    return " ".join(str(each) for each in (part.Name, part.ObjectType, part.Description) if each)
