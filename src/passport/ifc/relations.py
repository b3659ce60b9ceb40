"""One pass over the relations of a model, kept as plain dictionaries by step id.

Asking each element for its inverse relations walks the model once per element; reading each relation once
is linear and several times faster.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from passport.ifc.schema import Schema


class Relations:
    """Who is related to whom, by step id.

    Attributes:
        definitions: object or type -> its property and quantity sets, in file order.
        shared_definitions: sets that more than one object has, directly or through its type.
        type_of: object -> its type.
        materials: object or type -> its material associations, in file order.
        whole_of, parts_of: aggregation (IfcRelAggregates) between objects.
        nested_in: object -> the object that it is nested in.
        container: object -> spatial element that contains it.
        classifications: object or type -> classification references.
        filled, voids: filling element -> opening, opening -> host.
    """

    def __init__(self, file: Any, schema: Schema) -> None:
        self._file = file
        self._schema = schema
        self.definitions: dict[int, list[Any]] = defaultdict(list)
        self.type_of: dict[int, Any] = {}
        self.materials: dict[int, list[Any]] = defaultdict(list)
        self.whole_of: dict[int, int] = {}
        self.parts_of: dict[int, list[int]] = defaultdict(list)
        self.nested_in: dict[int, int] = {}
        self.container: dict[int, Any] = {}
        self.classifications: dict[int, list[Any]] = defaultdict(list)
        self.filled: dict[int, int] = {}
        self.voids: dict[int, int] = {}
        self.shared_definitions: set[int] = set()
        self._read_definitions()
        self._read_types()
        self._read_materials()
        self._read_decomposition()
        self._read_classifications()

    def _read_definitions(self) -> None:
        objects = self._schema.index("IfcRelDefinesByProperties", "RelatedObjects")
        relating = self._schema.index("IfcRelDefinesByProperties", "RelatingPropertyDefinition")
        for relation in self._file.by_type("IfcRelDefinesByProperties"):
            definition = relation.get_argument(relating)
            if definition is None:
                continue
            # IFC4 allows a set of definitions in one relation; it is a value, not an entity.
            several = definition.id() == 0
            related_objects = relation.get_argument(objects) or ()
            if len(related_objects) > 1:
                self.shared_definitions.add(definition.id())
            for related in related_objects:
                if several:
                    self.definitions[related.id()].extend(definition.get_argument(0))
                else:
                    self.definitions[related.id()].append(definition)

    def _read_types(self) -> None:
        objects = self._schema.index("IfcRelDefinesByType", "RelatedObjects")
        relating = self._schema.index("IfcRelDefinesByType", "RelatingType")
        types: dict[int, Any] = {}
        for relation in self._file.by_type("IfcRelDefinesByType"):
            kind = relation.get_argument(relating)
            if kind is None:
                continue
            types[kind.id()] = kind
            for related in relation.get_argument(objects) or ():
                self.type_of[related.id()] = kind
        sets = self._schema.index("IfcTypeObject", "HasPropertySets")
        for step_id, kind in types.items():
            inherited = kind.get_argument(sets) or ()
            self.definitions[step_id].extend(inherited)
            self.shared_definitions.update(d.id() for d in inherited)

    def _read_materials(self) -> None:
        objects = self._schema.index("IfcRelAssociatesMaterial", "RelatedObjects")
        relating = self._schema.index("IfcRelAssociatesMaterial", "RelatingMaterial")
        for relation in self._file.by_type("IfcRelAssociatesMaterial"):
            material = relation.get_argument(relating)
            if material is None:
                continue
            for related in relation.get_argument(objects) or ():
                self.materials[related.id()].append(material)

    def _pairs(self, ifc_class: str, relating: str, related: str) -> list[tuple[Any, Any]]:
        """(relating, related) entities of a relation class, one pair per related object."""
        if not self._schema.has(ifc_class):
            return []
        one = self._schema.index(ifc_class, relating)
        many = self._schema.index(ifc_class, related)
        pairs: list[tuple[Any, Any]] = []
        for relation in self._file.by_type(ifc_class):
            whole, parts = relation.get_argument(one), relation.get_argument(many)
            if whole is None or parts is None:
                continue
            pairs.extend((whole, part) for part in (parts if isinstance(parts, tuple) else (parts,)))
        return pairs

    def _read_decomposition(self) -> None:
        for whole, part in self._pairs("IfcRelAggregates", "RelatingObject", "RelatedObjects"):
            self.whole_of.setdefault(part.id(), whole.id())
            self.parts_of[whole.id()].append(part.id())
        for whole, part in self._pairs("IfcRelNests", "RelatingObject", "RelatedObjects"):
            self.nested_in.setdefault(part.id(), whole.id())
        for structure, part in self._pairs(
            "IfcRelContainedInSpatialStructure", "RelatingStructure", "RelatedElements"
        ):
            self.container.setdefault(part.id(), structure)
        for host, opening in self._pairs(
            "IfcRelVoidsElement", "RelatingBuildingElement", "RelatedOpeningElement"
        ):
            self.voids[opening.id()] = host.id()
        for opening, filling in self._pairs(
            "IfcRelFillsElement", "RelatingOpeningElement", "RelatedBuildingElement"
        ):
            self.filled[filling.id()] = opening.id()

    def _read_classifications(self) -> None:
        for reference, related in self._pairs(
            "IfcRelAssociatesClassification", "RelatingClassification", "RelatedObjects"
        ):
            self.classifications[related.id()].append(reference)

    def openings_of(self) -> dict[int, list[int]]:
        """Host -> its openings."""
        hosts: dict[int, list[int]] = defaultdict(list)
        for opening, host in self.voids.items():
            hosts[host].append(opening)
        return hosts

    def cycles(self) -> set[int]:
        """Objects that are, through aggregation, a part of themselves; the cycle is cut at each of them."""
        inside: set[int] = set()
        done: set[int] = set()
        for start in list(self.whole_of):
            path: list[int] = []
            on_path: set[int] = set()
            current: int | None = start
            while current is not None and current not in done:
                if current in on_path:
                    inside.update(path[path.index(current) :])
                    break
                path.append(current)
                on_path.add(current)
                current = self.whole_of.get(current)
            done.update(path)
        return inside

    def cut(self, members: set[int]) -> None:
        """Forget the aggregation of these objects (after `cycles`)."""
        for member in members:
            whole = self.whole_of.pop(member, None)
            if whole is not None:
                self.parts_of[whole] = [p for p in self.parts_of[whole] if p != member]
