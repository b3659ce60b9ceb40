"""IFC file in, passport out: one pass over the relations, columns of candidates, then the typed models.

The only owner of an open ifcopenshell file. Materials are matched at the end, because a mass needs a
density and a density needs a material.
"""

from __future__ import annotations

import gc
import math
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache, cached_property
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from passport.errors import StrictError
from passport.findings import FindingLog, Severity
from passport.ifc.building_use import building_use, read_building_texts
from passport.ifc.building_volume import building_volume, read_stated_volumes
from passport.ifc.civil_kind import FACILITIES, civil_kind
from passport.ifc.connections import read_connections
from passport.ifc.drawn_shares import with_similar_styles
from passport.ifc.elements import Decision, RawElement, decide
from passport.ifc.floor_area import FloorAreaReader
from passport.ifc.material_evidence import material_appearances, material_codes, surface_styles
from passport.ifc.materials import (
    AIR_LAYER,
    ASSUMED,
    FractionBy,
    MaterialReader,
    MaterialSet,
    model_densities,
    with_item_volumes,
    with_widths,
)
from passport.ifc.pieces import PieceClass, count_quantity, piece_class
from passport.ifc.portions import Around, PortionBuilder, Stated
from passport.ifc.properties import Candidate, ParsedSet, SetReader, note_unknown_names
from passport.ifc.quantities import Resolved, own_box_m, resolve, stated_volume_m3
from passport.ifc.quantity_names import QuantityNames, load_quantity_names
from passport.ifc.reinforcement import bar_candidates
from passport.ifc.relations import Relations
from passport.ifc.repeated import Repeat, repeated_wholes
from passport.ifc.reuse import NO_REUSE, ReuseShares, resolve_reuse
from passport.ifc.schema import Schema
from passport.ifc.shapes.bodies import ShapeReader, ShapeResult
from passport.ifc.slab_floors import ElementBox, element_box, slab_floors
from passport.ifc.source import OpenedModel, open_model
from passport.ifc.stated_joints import stated_joints
from passport.ifc.stated_sizes import Definition, SizeReader, StatedSizes
from passport.ifc.status import resolve_status
from passport.ifc.units import Units
from passport.matching.mapping import no_material_name
from passport.models import (
    BoxM,
    BuildingUse,
    BuildingVolume,
    CivilKind,
    Classification,
    Element,
    FloorArea,
    LeftOut,
    ModelInfo,
    Origin,
    Passport,
    Provenance,
    Status,
    Storey,
)
from passport.progress import Progress, silent

if TYPE_CHECKING:
    from passport.ifc.body import Body
    from passport.matching import Mapping, Matcher

Geometry = Literal["auto", "never", "all"]

#: Shares from styles and from shape aspects further apart than this contradict each other.
_SHARES_DIFFER = 0.02

#: Elements whose main face is the opening that they fill.
_BY_OPENING = frozenset({"IfcWindow", "IfcWindowStandardCase", "IfcDoor", "IfcDoorStandardCase"})


def read_ifc(
    path: str | Path,
    *,
    mapping: str | Path | Sequence[str | Path] | Mapping | None = None,
    assume: bool = False,
    strict: bool = False,
    geometry: Geometry = "auto",
    floor_area_m2: float | None = None,
    quantity_names: str | Path | None = None,
    fraction_by: FractionBy = "volume",
    progress: Progress = silent,
) -> Passport:
    """Read a model of schema IFC2X3, IFC4 or IFC4X3 (.ifc or .ifczip) into a passport.

    Args:
        path: the model.
        mapping: decisions on material names (CSV or XLSX): one file, or several that are asked in this order,
            such as those of the project before those of the office. They win over the matcher.
        assume: give elements without any material the one that is usual for their class and place; each is
            marked as an assumption.
        strict: raise when findings of severity error exist.
        geometry: ``auto`` computes every shape that can be computed exactly from the representation, and
            uses the geometry kernel for the rest where the model states no usable volume; ``all`` uses the
            kernel for all of the rest; ``never`` looks at no shape at all.
        floor_area_m2: the gross floor area, when the user knows it.
        quantity_names: a table (CSV: name, kind, role) of further names of quantities in this model.
        fraction_by: what the Fraction of a material constituent is a fraction of; the standard does not say.

    Raises:
        IfcReadError: the file cannot be used; one sentence with file, fault and remedy.
        QuantityNamesError: the table of names has faults; all of them are named.
        MappingFileError: the mapping has faults; all of them are named.
        StrictError: see `strict`.
        ValueError: `geometry`, `fraction_by` or `floor_area_m2` is not valid.

    Example:
        >>> house = read_ifc("examples/models/house.ifc")  # doctest: +SKIP
        >>> print(house.findings.summary())  # doctest: +SKIP
    """
    from passport.matching import Matcher

    if geometry not in ("auto", "never", "all"):
        raise ValueError(f"geometry is {geometry!r}; use 'auto', 'never' or 'all'.")
    if fraction_by not in ("volume", "weight"):
        raise ValueError(f"fraction_by is {fraction_by!r}; use 'volume' or 'weight'.")
    if floor_area_m2 is not None and not 0 < floor_area_m2 < float("inf"):
        raise ValueError(f"floor_area_m2 is {floor_area_m2!r}; give a positive number of m2.")
    source = Path(path)
    decisions = _decisions(mapping)
    matcher = Matcher(mapping=decisions) if decisions is not None else _plain_matcher()
    names = None if quantity_names is None else load_quantity_names(Path(quantity_names))
    log = FindingLog()
    progress("open", 0, None)
    with open_model(source, log) as opened, _collector_paused():
        progress("open", 1, 1)
        reader = _Reader(opened, geometry, log, matcher, progress, names, fraction_by, assume)
        passport = reader.read(source, floor_area_m2)
    used = None if quantity_names is None else Path(quantity_names).name
    provenance = {"quantity_names_file": used, "fraction_by": fraction_by, "assumed_materials": assume}
    passport = passport.model_copy(update={"provenance": passport.provenance.model_copy(update=provenance)})
    if strict and passport.findings.errors():
        raise StrictError([g.code for g in passport.findings.errors().groups()])
    return passport


def _decisions(mapping: str | Path | Sequence[str | Path] | Mapping | None) -> Mapping | None:
    from passport.matching import Mapping, read_mapping

    if mapping is None or isinstance(mapping, Mapping):
        return mapping
    paths = [mapping] if isinstance(mapping, str | Path) else list(mapping)
    return read_mapping(*paths) if paths else None


@cache
def _plain_matcher() -> Matcher:
    """The matcher without a user's decisions, kept with its answers for the next model."""
    from passport.matching import Matcher

    return Matcher()


@cache
def _version(distribution: str) -> str:
    return version(distribution)


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Without the cyclic garbage collector: it would walk a hundred thousand new objects again and again.

    Nothing that reading makes is cyclic, so memory does not grow by this; time falls by a third.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@dataclass(slots=True)
class _Row:
    """One counted element while it is being read."""

    raw: RawElement
    own: list[ParsedSet]
    inherited: list[ParsedSet]
    kind: Any
    candidates: list[Candidate]
    material: MaterialSet
    sizes: StatedSizes | None = None
    repeat: Repeat | None = None

    @property
    def shares_assumed(self) -> bool:
        """Whether the drawn items may tell what the association does not: the shares."""
        return any(p.share_origin == ASSUMED for p in self.material.portions)


@dataclass(frozen=True, slots=True)
class _BuildingFacts:
    floor_area: FloorArea
    volume: BuildingVolume | None
    use: BuildingUse


class _Reader:
    def __init__(
        self,
        opened: OpenedModel,
        geometry: Geometry,
        log: FindingLog,
        matcher: Any,
        progress: Progress,
        names: QuantityNames | None,
        fraction_by: FractionBy,
        assume: bool,
    ) -> None:
        self._assume = assume
        self._opened = opened
        self._file = opened.file
        self._geometry: Geometry = geometry
        self._log = log
        self._matcher = matcher
        self._progress = progress
        self._schema = Schema(opened.file.schema_identifier)
        self._units = Units(self._file, log)
        self._relations = Relations(self._file, self._schema)
        self._sets = SetReader(self._schema, self._units, self._relations.shared_definitions, names)
        self._sizes = SizeReader(self._schema, self._units, self._relations.shared_definitions)
        self._materials = MaterialReader(
            self._schema, self._units.length, log, self._units.angle, fraction_by=fraction_by
        )
        self._container_memo: dict[int, Any] = {}
        self._spatial_storeys: dict[int, str | None] = {}
        self._wholes: dict[int, str | None] = {}
        self._classification_memo: dict[int, Classification | None] = {}
        self._type_names: dict[int, str] = {}
        self._pieces: dict[tuple[str, str], PieceClass | None] = {}

    def read(self, source: Path, floor_area_m2: float | None) -> Passport:
        decision = decide(self._file, self._schema, self._relations, self._log)
        self._check_projects(decision)
        areas = FloorAreaReader(self._file, self._schema, self._relations, self._units, self._log)
        densities = model_densities(self._file, self._schema, self._log)
        stated = Stated(
            densities,
            material_codes(self._file, self._schema),
            material_appearances(self._file, self._schema),
        )
        portions = PortionBuilder(self._matcher, stated, self._log, assume=self._assume)
        rows = [self._row(raw) for raw in decision.counted]
        bodies = self._bodies(rows, areas.space_ids()) if self._geometry != "never" else {}
        self._find_repeats(rows, bodies)
        counted = tuple(self._element(row, bodies.get(row.raw.step_id), portions) for row in rows)
        facts = self._building_facts(areas, counted, bodies, floor_area_m2)
        self._note_gaps(counted)
        return Passport(
            model=self._model_info(source),
            provenance=Provenance(
                building_passport=_version("building-passport"),
                ifcopenshell=_version("ifcopenshell"),
                geometry=self._geometry,
                material_library=self._matcher.library_version,
                mapping_file=self._matcher.mapping_name,
                not_physical=decision.not_physical,
            ),
            floor_area_m2=facts.floor_area,
            building_volume_m3=facts.volume,
            building_use=facts.use,
            civil_kind=self._civil_kind(counted),
            storeys=self._storeys(),
            elements=counted,
            connections=read_connections(
                self._file, self._schema, self._relations, {e.step_id: e.global_id for e in counted}
            ),
            left_out=tuple(
                LeftOut(
                    global_id=e.global_id,
                    step_id=e.step_id,
                    ifc_class=e.ifc_class,
                    name=e.name,
                    reason=e.reason_out,
                )
                for e in decision.left_out
            ),
            findings=self._log.freeze(),
        )

    def _building_facts(
        self,
        areas: FloorAreaReader,
        elements: tuple[Element, ...],
        bodies: dict[int, Body],
        floor_area_m2: float | None,
    ) -> _BuildingFacts:
        boxes = [box for e in elements if (box := self._box(e, bodies.get(e.step_id))) is not None]
        plans = {}
        for step_id in areas.space_ids():
            body = bodies.get(step_id)
            if body is not None:
                box = element_box(step_id, "IfcSpace", "", self._storey(step_id), body)
                if box is not None:
                    boxes.append(box)
                if body.plan_area_m2 is not None:
                    plans[step_id] = body.plan_area_m2
        floor_area = areas.decide(user_m2=floor_area_m2, space_plan_m2=plans, boxes=boxes)
        volume = building_volume(
            read_stated_volumes(self._file, self._schema, areas.quantities, areas),
            floor_area,
            self._log,
            storey_elevations_m=[s.elevation_m for s in self._storeys() if s.elevation_m is not None],
            floors=slab_floors(boxes),
            boxes=boxes,
        )
        texts = read_building_texts(self._file, self._schema, self._relations)
        return _BuildingFacts(floor_area, volume, building_use(texts, self._log))

    def _box(self, element: Element, body: Body | None) -> ElementBox | None:
        if body is None:
            return None
        if body.items and len(element.portions) > 1:
            # Layers drawn apart lie above each other: the area is that of the largest.
            body = replace(body, plan_area_m2=body.face_area_m2(vertical=False, layered=True))
        return element_box(
            element.step_id,
            element.ifc_class,
            element.predefined_type,
            element.storey,
            body,
            element.is_external,
        )

    def _check_projects(self, decision: Decision) -> None:
        projects = self._file.by_type("IfcProject")
        if len(projects) != 1:
            self._log.add(
                "project-count",
                Severity.ERROR if not projects else Severity.WARNING,
                f"The model has {len(projects)} IfcProject; one is required.",
                hint="Units were taken from the first that declares any." if projects else "",
            )
        if not decision.counted:
            self._log.add(
                "no-physical-elements",
                Severity.ERROR,
                "The model holds no physical element that could be counted.",
                hint="Check the export settings: walls, slabs, windows and so on must be exported.",
            )

    # -- one element ----------------------------------------------------------------------------------

    def _row(self, raw: RawElement) -> _Row:
        # Taken out of the relations: nobody asks for them again, and entities cost memory.
        definitions = self._relations.definitions.pop(raw.step_id, ())
        own = [self._sets.read(d) for d in definitions]
        kind = self._relations.type_of.get(raw.step_id)
        inherited = (
            []
            if kind is None
            else [self._sets.read(d) for d in self._relations.definitions.get(kind.id(), ())]
        )
        candidates = [c for s in own for c in s.candidates]
        candidates.extend(c for s in inherited for c in s.of_type())
        if raw.ifc_class == "IfcReinforcingBar":
            candidates.extend(bar_candidates(raw.entity, kind, candidates, self._units))
        opening = self._opening_area(raw)
        if opening is not None:
            candidates.append(opening)
        material = self._material(raw, kind)
        widths = {name: width for s in (*inherited, *own) for name, width in s.widths_m.items()}
        if widths:
            material = with_widths(material, widths)
        if not any(c.kind == "volume" and not c.on_type for c in candidates):
            unknown = [c for s in own for c in s.unknown if c.kind == "volume"]
            if unknown:
                candidates.extend(unknown)
                note_unknown_names(self._log, raw.global_id, unknown)
        sizes = self._row_sizes(raw, kind, zip(definitions, own, strict=True), inherited)
        return _Row(raw, own, inherited, kind, candidates, material, sizes)

    def _row_sizes(
        self, raw: RawElement, kind: Any, own: Iterable[Definition], inherited: list[ParsedSet]
    ) -> StatedSizes | None:
        """What is stated of frames, panes and walls; None for classes that have none."""
        piece = self._piece_class(raw, kind)
        if piece is None:
            return None
        of_type = () if kind is None else self._relations.definitions.get(kind.id(), ())
        stated = list(zip(of_type, inherited, strict=True))
        return self._sizes.read(raw.entity, kind, list(own), stated, piece)

    def _piece_class(self, raw: RawElement, kind: Any) -> PieceClass | None:
        key = (raw.ifc_class, "" if kind is None else kind.is_a())
        if key not in self._pieces:
            self._pieces[key] = piece_class(raw.entity, kind)
        return self._pieces[key]

    def _opening_area(self, raw: RawElement) -> Candidate | None:
        if raw.ifc_class not in _BY_OPENING:
            return None
        width = raw.entity.get_argument(self._schema.index(raw.ifc_class, "OverallWidth"))
        height = raw.entity.get_argument(self._schema.index(raw.ifc_class, "OverallHeight"))
        if not width or not height:
            return None
        area = width * height * self._units.length**2
        return Candidate(
            "area", "opening", area, Origin.PROPERTY_SET, f"{raw.ifc_class}.OverallWidth x OverallHeight"
        )

    def _material(self, raw: RawElement, kind: Any) -> MaterialSet:
        associations = self._relations.materials.get(raw.step_id)
        if not associations and kind is not None:
            associations = self._relations.materials.get(kind.id())
        if not associations and raw.material_from is not None:
            associations = self._relations.materials.get(raw.material_from)
            if not associations:
                whole_kind = self._relations.type_of.get(raw.material_from)
                associations = self._relations.materials.get(whole_kind.id()) if whole_kind else None
        if not associations:
            return MaterialSet(())
        if len({a.id() for a in associations}) > 1:
            self._log.add(
                "several-material-associations",
                Severity.WARNING,
                f"{raw.ifc_class} {raw.name or raw.global_id} has {len(associations)} material associations; "
                "the most detailed was used.",
                global_id=raw.global_id,
                hint="Associate one layer set, profile set or constituent set.",
            )
        sets = [self._materials.read(a) for a in associations]
        return max(sets, key=lambda s: (s.thickness_m is not None, len(s.portions)))

    def _element(self, row: _Row, body: Body | None, portions: PortionBuilder) -> Element:
        raw = row.raw
        if body is not None and body.items and row.shares_assumed:
            row.material = self._drawn_shares(row, body)
        resolved = self._resolve(row, body)
        if body is not None:
            self._note_body(row, body, resolved)
        self._log.extend(resolved.findings)
        facts = _facts([*row.own, *row.inherited])
        predefined = self._predefined(raw.ifc_class, raw.entity) or (
            "" if row.kind is None else self._predefined(row.kind.is_a(), row.kind)
        )
        classifications = self._classifications(raw, row.kind)
        around = Around(
            type_name=self._type_name(row.kind),
            predefined_type=predefined,
            is_external=facts.is_external,
            load_bearing=facts.load_bearing,
            codes=tuple((c.system, c.code) for c in classifications if c.code),
        )
        built, mass = portions.build(raw, row.material, resolved, around, row.sizes, body)
        status, reuse = self._status_and_reuse(row)
        joints, doubts = stated_joints(
            [f for s in row.own for f in s.joint_facts],
            [f for s in row.inherited for f in s.joint_facts],
            element=f"{raw.ifc_class} {raw.name or raw.global_id}",
            global_id=raw.global_id,
        )
        self._log.extend(doubts)
        return Element(
            global_id=raw.global_id,
            step_id=raw.step_id,
            ifc_class=raw.ifc_class,
            predefined_type=predefined,
            name=raw.name,
            type_name=self._type_name(row.kind),
            tag=self._tag(raw),
            status=status,
            storey=self._storey(raw.step_id),
            room=self._room(raw.step_id),
            facility_part=self._facility_part(raw.step_id),
            is_external=facts.is_external,
            load_bearing=facts.load_bearing,
            part_of=self._part_of(raw),
            classifications=classifications,
            service_life_years=facts.service_life_years,
            volume_m3=resolved.volume_m3,
            area_m2=resolved.area_m2,
            length_m=resolved.length_m,
            box_m=_box_m(body),
            mass_kg=mass,
            quantities=tuple(resolved.quantities)
            if row.sizes is None
            else (*resolved.quantities, count_quantity(raw.ifc_class)),
            portions=built,
            reuse_in_share=reuse.in_share,
            reuse_out_share=reuse.out_share,
            joints=joints,
        )

    def _status_and_reuse(self, row: _Row) -> tuple[Status, ReuseShares]:
        raw = row.raw
        if not any(s.status_facts or s.reuse_facts for s in (*row.own, *row.inherited)):
            return Status.UNKNOWN, NO_REUSE
        title = f"{raw.ifc_class} {raw.name or raw.global_id}"
        status, doubts = resolve_status(
            [f for s in row.own for f in s.status_facts],
            [f for s in row.inherited for f in s.status_facts],
            element=title,
            global_id=raw.global_id,
        )
        self._log.extend(doubts)
        if not any(s.reuse_facts for s in (*row.own, *row.inherited)):
            return status, NO_REUSE
        reuse, doubts = resolve_reuse(
            [f for s in row.own for f in s.reuse_facts],
            [f for s in row.inherited for f in s.reuse_facts],
            element=title,
            global_id=raw.global_id,
        )
        self._log.extend(doubts)
        return status, reuse

    def _resolve(self, row: _Row, body: Body | None = None) -> Resolved:
        raw = row.raw
        face = None
        if body is not None:
            vertical = raw.ifc_class.startswith(("IfcWall", "IfcWindow", "IfcDoor", "IfcCurtainWall"))
            face = body.face_area_m2(vertical, layered=len(row.material.portions) > 1)
        return resolve(
            raw.ifc_class,
            raw.global_id,
            row.candidates,
            row.material.thickness_m,
            body,
            face_area_m2=face,
            only_of_type=row.kind is not None and self._occurrences[row.kind.id()] == 1,
            section_m2=row.material.section_m2,
            repeat=row.repeat,
        )

    def _find_repeats(self, rows: list[_Row], bodies: dict[int, Body]) -> None:
        """Parts that each state the volume of their whole: of one aggregate, one type and tag, or name."""
        volumes = [stated_volume_m3(r.candidates) for r in rows]
        # A volume that nobody else states, to five digits, repeats nothing.
        rounded = [None if v is None else f"{v:.5g}" for v in volumes]
        times = Counter(rounded)
        some = [
            (r, v) for r, v, d in zip(rows, volumes, rounded, strict=True) if v is not None and times[d] > 1
        ]
        if not some:
            return
        stated = [v for _, v in some]
        same = [r for r, _ in some]
        closed = [b.volume_m3 if (b := bodies.get(r.raw.step_id)) and b.closed else None for r in same]
        boxes = [own_box_m(r.candidates) for r in same]
        boxes_m3 = [None if box is None else math.prod(box) for box in boxes]
        kinds = [(r.raw.ifc_class, 0 if r.kind is None else r.kind.id()) for r in same]
        wholes = [self._relations.whole_of.get(r.raw.step_id) for r in same]
        tags = [(k, t) if (t := self._tag(r.raw)) else None for k, r in zip(kinds, same, strict=True)]
        names = [(k, r.raw.name) if r.raw.name else None for k, r in zip(kinds, same, strict=True)]
        for groups in (wholes, tags, names):
            for repeat in repeated_wholes(groups, stated, closed, boxes_m3):
                row = same[repeat.position]
                row.repeat = row.repeat or repeat

    def _tag(self, raw: RawElement) -> str:
        if raw.ifc_class == "IfcProxy":
            return ""
        return str(raw.entity.get_argument(self._schema.index("IfcElement", "Tag")) or "")

    @cached_property
    def _occurrences(self) -> Counter[int]:
        """Number of objects of each type, by the type's step id."""
        return Counter(kind.id() for kind in self._relations.type_of.values())

    def _drawn_shares(self, row: _Row, body: Body) -> MaterialSet:
        """Shares from the drawn items, named by their style, else by their shape aspect.

        Styles come first: an exporter is known that writes the shape aspects of a wall in reverse order.
        """
        by_style = with_item_volumes(row.material, _named(body, self._style_names))
        by_aspect = with_item_volumes(row.material, _named(body, self._aspect_names))
        if row.material in (by_style, by_aspect):
            found = by_aspect if by_style == row.material else by_style
            if found != row.material:
                return found
            return with_similar_styles(row.material, _named(body, self._style_names))
        if any(
            abs((a.share or 0.0) - (b.share or 0.0)) > _SHARES_DIFFER
            for a, b in zip(by_style.portions, by_aspect.portions, strict=True)
        ):
            self._log.add(
                "drawn-layers-contradict",
                Severity.WARNING,
                f"The styles and the shape aspects of {row.raw.ifc_class} "
                f"{row.raw.name or row.raw.global_id} name its layers differently; the styles were used.",
                global_id=row.raw.global_id,
                hint="Check one layer's thickness against the drawing.",
            )
        return by_style

    @cached_property
    def _style_names(self) -> dict[int, str]:
        """Name of the surface style by step id of the representation item."""
        names: dict[int, str] = {}
        for styled in self._file.by_type("IfcStyledItem"):
            if styled.Item is not None:
                for style in surface_styles(styled.Styles or ()):
                    names[styled.Item.id()] = style.Name or ""
        return names

    @cached_property
    def _aspect_names(self) -> dict[int, str]:
        """Name of the shape aspect by step id of the representation item."""
        return {
            item.id(): aspect.Name
            for aspect in self._file.by_type("IfcShapeAspect")
            for representation in aspect.ShapeRepresentations or ()
            for item in representation.Items or ()
            if aspect.Name
        }

    def _note_body(self, row: _Row, body: Body, resolved: Resolved) -> None:
        if body.volume_m3 is None:
            self._log.add(
                "body-without-volume",
                Severity.WARNING,
                f"The shape of {row.raw.ifc_class} {row.raw.name or row.raw.global_id} encloses no volume.",
                global_id=row.raw.global_id,
            )
        elif not body.closed and resolved.volume_m3 == body.volume_m3:
            self._log.add(
                "body-open",
                Severity.WARNING,
                f"The shape of {row.raw.ifc_class} {row.raw.name or row.raw.global_id} is not closed; "
                "its volume is uncertain.",
                global_id=row.raw.global_id,
            )

    def _predefined(self, ifc_class: str, entity: Any) -> str:
        index = self._schema.find(ifc_class, "PredefinedType")
        value = entity.get_argument(index) if index is not None else None
        return str(value) if value and value != "NOTDEFINED" else ""

    def _type_name(self, kind: Any) -> str:
        if kind is None:
            return ""
        key = kind.id()
        if key not in self._type_names:
            self._type_names[key] = kind.get_argument(self._schema.index("IfcRoot", "Name")) or ""
        return self._type_names[key]

    def _part_of(self, raw: RawElement) -> str | None:
        whole = self._relations.whole_of.get(raw.step_id)
        if whole is None:
            return None
        if whole not in self._wholes:
            entity = self._file.by_id(whole)
            self._wholes[whole] = entity.GlobalId if entity.is_a("IfcElement") else None
        return self._wholes[whole]

    def _classifications(self, raw: RawElement, kind: Any) -> tuple[Classification, ...]:
        references = list(self._relations.classifications.get(raw.step_id, ()))
        if kind is not None:
            references.extend(self._relations.classifications.get(kind.id(), ()))
        if not references:
            return ()
        return tuple(c for c in (self._classification(r) for r in references) if c is not None)

    def _classification(self, reference: Any) -> Classification | None:
        key = reference.id()
        if key not in self._classification_memo:
            code = (
                getattr(reference, "Identification", None) or getattr(reference, "ItemReference", None) or ""
            )
            name = getattr(reference, "Name", None) or ""
            system = getattr(reference, "ReferencedSource", None)
            title = (getattr(system, "Name", None) or "") if system is not None else ""
            known = Classification(system=title, code=code, name=name) if code or name else None
            self._classification_memo[key] = known
        return self._classification_memo[key]

    # -- place ----------------------------------------------------------------------------------------

    def _storey(self, step_id: int) -> str | None:
        """Name of the storey; None when there is none."""
        container = self._container(step_id)
        return None if container is None else self._storey_of_spatial(container)

    def _room(self, step_id: int) -> str | None:
        """Number and name of the space that contains the element; None where a storey does, or nothing."""
        container = self._container(step_id)
        if container is None or not container.is_a("IfcSpace"):
            return None
        names = dict.fromkeys(text.strip() for text in (container.Name, container.LongName) if text)
        return " ".join(name for name in names if name) or str(container.GlobalId)

    def _facility_part(self, step_id: int) -> str | None:
        """Kind of the part of a bridge, road or railway, such as DECK; None elsewhere."""
        spatial, seen = self._container(step_id), set()
        while spatial is not None and spatial.id() not in seen:
            seen.add(spatial.id())
            if spatial.is_a("IfcFacilityPart"):
                kind = str(getattr(spatial, "PredefinedType", None) or "")
                if kind not in ("", "NOTDEFINED", "USERDEFINED"):
                    return kind
                return str(spatial.ObjectType or spatial.Name or "") or None
            whole = self._relations.whole_of.get(spatial.id())
            spatial = self._file.by_id(whole) if whole is not None else None
        return None

    def _civil_kind(self, counted: Sequence[Element]) -> CivilKind | None:
        present = [name for name in FACILITIES if self._schema.by_type(self._file, name)]
        rooms = ("IfcSpace", "IfcDoor", "IfcWindow")
        places = [
            text
            for name in ("IfcProject", "IfcSite", "IfcBuilding")
            for each in self._schema.by_type(self._file, name)
            for text in (each.Name, getattr(each, "LongName", None))
            if text
        ]
        return civil_kind(
            present,
            has_building=bool(self._schema.by_type(self._file, "IfcBuilding")),
            has_rooms=any(self._schema.by_type(self._file, name) for name in rooms),
            place_names=places,
            element_names=[text for e in counted for text in (e.name, e.type_name) if text],
        )

    def _container(self, step_id: int) -> Any:
        """What contains an element: by itself, its whole, its opening's host or by nesting; or None."""
        seen: set[int] = set()
        current: int | None = step_id
        while current is not None and current not in seen:
            seen.add(current)
            if current in self._container_memo:
                found = self._container_memo[current]
                break
            found = self._relations.container.get(current)
            if found is not None:
                break
            following = self._relations.whole_of.get(current, self._relations.nested_in.get(current))
            if following is None and current in self._relations.filled:
                following = self._relations.voids.get(self._relations.filled[current])
            current = following
        else:
            found = None
        for visited in seen:
            self._container_memo[visited] = found
        return found

    def _storey_of_spatial(self, spatial: Any) -> str | None:
        key = spatial.id()
        if key not in self._spatial_storeys:
            self._spatial_storeys[key] = self._find_storey(spatial)
        return self._spatial_storeys[key]

    def _find_storey(self, spatial: Any) -> str | None:
        seen: set[int] = set()
        while spatial is not None and spatial.id() not in seen:
            seen.add(spatial.id())
            if spatial.is_a("IfcBuildingStorey") or spatial.is_a("IfcFacilityPart"):
                return str(spatial.Name or spatial.GlobalId)
            whole = self._relations.whole_of.get(spatial.id())
            spatial = self._file.by_id(whole) if whole is not None else None
        return None

    def _storeys(self) -> tuple[Storey, ...]:
        storeys = []
        for entity in self._schema.by_type(self._file, "IfcBuildingStorey"):
            elevation = entity.Elevation
            storeys.append(
                Storey(
                    global_id=entity.GlobalId,
                    name=entity.Name or entity.GlobalId,
                    elevation_m=None if elevation is None else elevation * self._units.length,
                )
            )
        return tuple(sorted(storeys, key=lambda s: (s.elevation_m is None, s.elevation_m or 0.0)))

    # -- geometry -------------------------------------------------------------------------------------

    def _bodies(self, rows: list[_Row], spaces: list[int]) -> dict[int, Body]:
        """Bodies of the elements and spaces: own shapes first, the kernel for what remains and is needed."""
        drawn = [r for r in rows if r.raw.has_body]
        self._progress("geometry", 0, len(drawn))
        reader = ShapeReader(
            self._file,
            self._schema,
            self._units.length,
            self._units.angle,
            self._relations.openings_of(),
            self._relations.whole_of,
        )
        shapes = reader.bodies([*(r.raw.entity for r in drawn), *(self._file.by_id(i) for i in spaces)])
        by_id = {r.raw.step_id: r for r in rows}
        self._note_shapes(shapes, by_id)
        wanted = [i for i in shapes.for_kernel if i not in by_id or self._needs_kernel(by_id[i])]
        if wanted:
            shapes.bodies.update(self._kernel_bodies(wanted, by_id))
        self._progress("geometry", len(drawn), len(drawn))
        return shapes.bodies

    def _needs_kernel(self, row: _Row) -> bool:
        return self._geometry == "all" or row.shares_assumed or self._resolve(row).wants_geometry

    def _note_shapes(self, shapes: ShapeResult, by_id: dict[int, _Row]) -> None:
        severities = {"body-inside-out": Severity.INFO}
        for step_id, code, text in shapes.notes:
            row = by_id.get(step_id)
            self._log.add(
                code,
                severities.get(code, Severity.WARNING),
                f"{_title(row)}: {text}.",
                global_id=row.raw.global_id if row else None,
                hint="Check the shape in the authoring tool.",
            )
        for step_id, reason in shapes.bad.items():
            row = by_id.get(step_id)
            if row is not None:
                self._log.add(
                    "no-body",
                    Severity.WARNING,
                    f"{_title(row)} has no body that could be measured: {reason}.",
                    global_id=row.raw.global_id,
                    hint="Its quantities are those that the model states, if any.",
                )

    def _kernel_bodies(self, wanted: list[int], by_id: dict[int, _Row]) -> dict[int, Body]:
        from passport.ifc.kernel import compute_bodies

        def tell(done: int, total: int) -> None:
            self._progress("geometry", done, total)

        result = compute_bodies(self._opened.plain_path, wanted, tell)
        for step_id, reason in result.lost.items():
            row = by_id.get(step_id)
            self._log.add(
                "geometry-lost",
                Severity.ERROR,
                f"No geometry of {row.raw.ifc_class if row else 'IfcSpace'} #{step_id}: {reason}.",
                global_id=row.raw.global_id if row else None,
                hint="The element counts as one without quantity unless the model states one.",
            )
        for step_id in wanted:
            row = by_id.get(step_id)
            if row is not None and step_id not in result.bodies and step_id not in result.lost:
                self._log.add(
                    "no-body",
                    Severity.WARNING,
                    f"{_title(row)} has a representation from which no body could be made.",
                    global_id=row.raw.global_id,
                )
        return result.bodies

    # -- the model as a whole -------------------------------------------------------------------------

    def _note_gaps(self, elements: tuple[Element, ...]) -> None:
        gaps: list[tuple[str, Callable[[Element], bool], str, str]] = [
            (
                "element-without-material",
                _has_no_material,
                "has no material",
                "Assign a material to the element or its type.",
            ),
            (
                "element-without-quantity",
                lambda e: e.volume_m3 is None and e.area_m2 is None and e.mass_kg is None,
                "has no volume, area or mass",
                "Export base quantities, or read with geometry.",
            ),
            (
                "proxy",
                lambda e: e.ifc_class in ("IfcBuildingElementProxy", "IfcProxy"),
                "is a proxy: the model does not say what it is",
                "Export it with its own class.",
            ),
        ]
        for code, test, text, hint in gaps:
            for e in elements:
                if test(e):
                    self._log.add(
                        code,
                        Severity.INFO if code == "proxy" else Severity.WARNING,
                        f"{e.ifc_class} {e.name or e.global_id} {text}.",
                        global_id=e.global_id,
                        hint=hint,
                    )
        self._note_unmatched(elements)
        self._note_unused_decisions(elements)

    def _note_unused_decisions(self, elements: tuple[Element, ...]) -> None:
        seen = {
            (name, p.use)
            for e in elements
            for p in e.portions
            for name in ((p.name,) if p.name else (no_material_name(e.type_name), no_material_name()))
        }
        for row in self._matcher.unused_decisions(seen):
            self._log.add(
                "decision-unused",
                Severity.INFO,
                f"The decision on {row.name!r}{f' in {row.use}' if row.use else ''} (row {row.number} of the "
                "mapping file) meets nothing in this model.",
                hint="The name may have changed; delete the row when it is no longer needed.",
            )

    def _note_unmatched(self, elements: tuple[Element, ...]) -> None:
        names = Counter(p.name for e in elements for p in e.portions if p.name and p.material_id is None)
        for name, count in names.most_common():
            self._log.add(
                "material-unknown",
                Severity.WARNING,
                f"Material {name!r} ({count} portion(s)) could not be matched.",
                hint="Give it a material_id in materials.csv and run again with --mapping.",
            )

    def _model_info(self, source: Path) -> ModelInfo:
        return ModelInfo(
            # In a C locale a name may hold surrogates, which JSON does not allow.
            file=os.fsencode(source.name).decode("utf-8", errors="replace"),
            sha256=self._opened.sha256,
            schema=self._opened.schema,
            schema_in_file=self._opened.schema_in_file,
            application=_application(self._file),
        )


def _has_no_material(element: Element) -> bool:
    """Whether the model states no material and nobody decided or asked to assume one."""
    return all(
        not p.name and p.layer != AIR_LAYER and p.step not in ("mapping", "assumption")
        for p in element.portions
    )


def _title(row: _Row | None) -> str:
    return "A space" if row is None else f"{row.raw.ifc_class} {row.raw.name or row.raw.global_id}"


@dataclass(frozen=True, slots=True)
class _Facts:
    is_external: bool | None = None
    load_bearing: bool | None = None
    service_life_years: float | None = None


def _facts(parsed: list[ParsedSet]) -> _Facts:
    """The first statement of each fact; sets of the occurrence come before those of the type."""
    return _Facts(
        next((s.is_external for s in parsed if s.is_external is not None), None),
        next((s.load_bearing for s in parsed if s.load_bearing is not None), None),
        next((s.service_life_years for s in parsed if s.service_life_years is not None), None),
    )


def _named(body: Body, names: dict[int, str]) -> dict[str, float]:
    """Volumes of the drawn items by name [m3]."""
    named: dict[str, float] = {}
    for item, (volume, _, _) in body.items.items():
        name = names.get(int(item), "")
        named[name] = named.get(name, 0.0) + volume
    return named


def _application(file: Any) -> str:
    names: Iterable[str] = (
        f"{a.ApplicationFullName or ''} {a.Version or ''}".strip() for a in file.by_type("IfcApplication")
    )
    distinct = list(dict.fromkeys(n for n in names if n))
    return "; ".join(distinct[:3]) if distinct else "unknown"


def _box_m(body: Body | None) -> BoxM | None:
    """Box of a body to the mm; None when its place is not known."""
    if body is None or body.low_m is None or body.high_m is None:
        return None
    (x, y, z), (far_x, far_y, top) = body.low_m, body.high_m
    corners = (x, y, z, far_x, far_y, top)
    if not all(math.isfinite(each) for each in corners):
        return None
    return (round(x, 3), round(y, 3), round(z, 3), round(far_x, 3), round(far_y, 3), round(top, 3))
