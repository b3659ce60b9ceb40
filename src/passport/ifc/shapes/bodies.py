"""Bodies of elements: their solids placed, added up and cut by their openings.

What cannot be computed exactly is named with its reason, for the kernel or for the user.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from passport.ifc.body import Body
from passport.ifc.schema import Schema
from passport.ifc.shapes.boxes import Box, overlap, some_overlap
from passport.ifc.shapes.errors import BadShapeError, NotExactError
from passport.ifc.shapes.items import SCHEMA_FAULTS, ItemReader
from passport.ifc.shapes.pieces import Cutter, Tets, removed_by_overlapping, removed_volumes
from passport.ifc.shapes.placement import Matrix, PlacementReader
from passport.ifc.shapes.solids import Solid, transformed_cutter

Array = NDArray[np.float64]

#: A face looks up (or sideways) when its normal is within 45 degrees of that direction.
_FACING = 0.7071
#: More pieces times cutters than this are left to the kernel.
_MOST_CUTS = 100_000
#: Elements that are measured together.
_AT_ONCE = 500
#: Less than this share of the gross volume is rounding: nothing is left of the body.
_NOTHING = 1e-9

#: Identifiers of representations that draw the body, best first; empty for files that name none.
_BODY_NAMES = ("Body", "Facetation", "Mesh", "", None)
_BODY_TYPES = frozenset(
    {
        "SweptSolid",
        "AdvancedSweptSolid",
        "Brep",
        "AdvancedBrep",
        "CSG",
        "Clipping",
        "Tessellation",
        "SurfaceModel",
        "SolidModel",
        "MappedRepresentation",
        "Surface3D",
    }
)


@dataclass(slots=True)
class ShapeResult:
    """Bodies by step id, and what has none.

    Attributes:
        bodies: computed exactly.
        for_kernel: reason why a shape is left to the kernel.
        bad: reason why nobody can compute it.
        notes: (step id, code, text) of what was mended or left out on the way.
    """

    bodies: dict[int, Body] = field(default_factory=dict)
    for_kernel: dict[int, str] = field(default_factory=dict)
    bad: dict[int, str] = field(default_factory=dict)
    notes: list[tuple[int, str, str]] = field(default_factory=list)


@dataclass(slots=True)
class _Gross:
    """One element before its openings: solids in its own axes, by item."""

    step_id: int
    matrix: Matrix
    items: list[int]
    solids: list[Solid]
    removed: list[float]
    cutters: list[list[Cutter]] = field(default_factory=list)


class ShapeReader:
    """Computes the bodies of elements from their representations.

    Args:
        length_factor: model length to m.
        angle_factor: model plane angle to radian.
        openings_of: step ids of the openings of an element, by step id of the element.
        whole_of: aggregation; the openings of a whole cut its parts.
    """

    def __init__(
        self,
        file: Any,
        schema: Schema,
        length_factor: float,
        angle_factor: float,
        openings_of: Mapping[int, Sequence[int]],
        whole_of: Mapping[int, int],
    ) -> None:
        self._file = file
        self._to_m = length_factor
        self._openings_of = openings_of
        self._whole_of = whole_of
        self._items = ItemReader(schema, angle_factor)
        self._placements = PlacementReader()
        self._placement = schema.index("IfcProduct", "ObjectPlacement")
        self._representation = schema.index("IfcProduct", "Representation")
        self._opening_memo: dict[int, tuple[Matrix, list[Solid]] | str] = {}

    def bodies(self, entities: Iterable[Any]) -> ShapeResult:
        """Bodies of products; cuts and openings are made for many of them at once."""
        result = ShapeResult()
        waiting = list(entities)
        for start in range(0, len(waiting), _AT_ONCE):
            self._some_bodies(waiting[start : start + _AT_ONCE], result)
            # What one element draws nobody asks for again; memory would grow with the model.
            self._items.forget_unshared()
            self._opening_memo.clear()
        return result

    def _some_bodies(self, entities: Sequence[Any], result: ShapeResult) -> None:
        grosses: list[_Gross] = []
        self._items.cut_together(self._drawn(entities))
        for entity in entities:
            step_id = entity.id()
            try:
                gross = self._gross(entity, step_id, result)
                self._add_openings(gross, result)
            except NotExactError as error:
                result.for_kernel[step_id] = str(error)
            except BadShapeError as error:
                result.bad[step_id] = str(error)
            except SCHEMA_FAULTS as error:
                result.bad[step_id] = f"its representation breaks the schema ({error})"
            else:
                grosses.append(gross)
        self._cut(grosses, result)
        for gross in grosses:
            if gross.step_id not in result.for_kernel:
                self._finish(gross, result)

    def _drawn(self, entities: Iterable[Any]) -> Iterator[Any]:
        """Items of all bodies; faults are left to the element that has them."""
        for entity in entities:
            shape = entity.get_argument(self._representation)
            with suppress(BadShapeError, *SCHEMA_FAULTS):
                for item in [] if shape is None else body_items(shape):
                    for leaf, _ in self._items.leaves(item):
                        yield leaf

    # -- gross ----------------------------------------------------------------------------------------

    def _gross(self, entity: Any, step_id: int, result: ShapeResult) -> _Gross:
        shape = entity.get_argument(self._representation)
        items = [] if shape is None else body_items(shape)
        gross = _Gross(step_id, self._placements.read(entity.get_argument(self._placement)), [], [], [])
        for item in items:
            for leaf, matrix in self._items.leaves(item):
                if not self._items.is_solid(leaf):
                    continue
                try:
                    solid = self._items.solid(leaf)
                    if matrix is not None:
                        solid = solid.transformed(matrix)
                except BadShapeError as error:
                    result.notes.append((step_id, "body-degenerate", f"{leaf.is_a()} #{leaf.id()}: {error}"))
                    continue
                if solid.inside_out:
                    text = f"{leaf.is_a()} #{leaf.id()} is drawn inside out; its faces were turned"
                    result.notes.append((step_id, "body-inside-out", text))
                gross.items.append(leaf.id())
                gross.solids.append(solid)
        if not gross.solids:
            raise BadShapeError("its representation holds no solid")
        gross.removed = [0.0] * len(gross.solids)
        return gross

    # -- openings -------------------------------------------------------------------------------------

    def _add_openings(self, gross: _Gross, result: ShapeResult) -> None:
        openings = self._all_openings(gross.step_id)
        if not openings:
            return
        to_host = np.linalg.inv(gross.matrix)
        placed: list[tuple[list[Cutter], Box]] = []
        for opening in openings:
            found = self._opening(opening)
            if isinstance(found, str):
                if found.startswith("!"):
                    text = f"opening #{opening} is degenerate ({found[1:]}) and was not taken out"
                    result.notes.append((gross.step_id, "opening-degenerate", text))
                    continue
                raise NotExactError(f"opening #{opening}: {found}")
            matrix, solids = found
            to_own = to_host @ matrix
            for solid in solids:
                points = solid.points @ to_own[:3, :3].T + to_own[:3, 3]
                cutters = [transformed_cutter(c, to_own) for c in solid.cutters]
                placed.append((cutters, (points.min(axis=0), points.max(axis=0))))
        overlapping = some_overlap([box for _, box in placed])
        for place, solid in enumerate(gross.solids):
            own = (solid.points.min(axis=0), solid.points.max(axis=0))
            touching = [cutters for cutters, box in placed if overlap(own, box)]
            if touching and not solid.closed:
                raise NotExactError("an open body with openings")
            if not overlapping or len(touching) < 2:
                gross.cutters.append([c for cutters in touching for c in cutters])
                continue
            removed = removed_by_overlapping(solid.tets, touching, _MOST_CUTS)
            if removed is None:
                raise NotExactError("very many overlapping cuts")
            gross.removed[place] = removed
            gross.cutters.append([])

    def _all_openings(self, step_id: int) -> list[int]:
        openings: list[int] = []
        seen: set[int] = set()
        current: int | None = step_id
        while current is not None and current not in seen:
            seen.add(current)
            openings += self._openings_of.get(current, ())
            current = self._whole_of.get(current)
        return openings

    def _opening(self, step_id: int) -> tuple[Matrix, list[Solid]] | str:
        """Placement and solids of an opening; the reason where there are none, after ``!`` if degenerate."""
        if step_id not in self._opening_memo:
            ignored = ShapeResult()
            try:
                gross = self._gross(self._file.by_id(step_id), step_id, ignored)
                for solid in gross.solids:
                    if not solid.closed:
                        raise NotExactError("it is not closed")
                    _ = solid.cutters  # may say that it cannot cut
                self._opening_memo[step_id] = (gross.matrix, gross.solids)
            except NotExactError as error:
                self._opening_memo[step_id] = str(error)
            except BadShapeError as error:
                self._opening_memo[step_id] = f"!{error}"
        return self._opening_memo[step_id]

    def _cut(self, grosses: list[_Gross], result: ShapeResult) -> None:
        jobs: list[tuple[_Gross, int]] = []
        bodies: list[Tets] = []
        cutters: list[list[Cutter]] = []
        for gross in grosses:
            try:
                own = [(i, gross.solids[i].tets, c) for i, c in enumerate(gross.cutters) if c]
            except NotExactError as error:
                result.for_kernel[gross.step_id] = str(error)
                continue
            for i, tets, c in own:
                jobs.append((gross, i))
                bodies.append(tets)
                cutters.append(c)
        if jobs:
            for (gross, i), removed in zip(jobs, removed_volumes(bodies, cutters), strict=True):
                gross.removed[i] = float(removed)

    # -- figures --------------------------------------------------------------------------------------

    def _finish(self, gross: _Gross, result: ShapeResult) -> None:
        to_m, rotation = self._to_m, gross.matrix[:3, :3]
        to_m2, to_m3 = to_m**2, to_m**3
        gross_volume = sum(s.volume for s in gross.solids)
        net = [max(s.volume - r, 0.0) for s, r in zip(gross.solids, gross.removed, strict=True)]
        volume = sum(net)
        closed = all(s.closed for s in gross.solids)
        if not volume > _NOTHING * gross_volume:
            reason = "its openings leave nothing of it" if gross_volume > 0 else "it encloses no volume"
            result.bad[gross.step_id] = reason
            return
        ratios = [n / s.volume if s.volume > 0 else 1.0 for s, n in zip(gross.solids, net, strict=True)]
        vectors = gross.solids[0].vectors * ratios[0]
        several = len(ratios) > 1
        if several:
            vectors = np.concatenate([s.vectors * r for s, r in zip(gross.solids, ratios, strict=True)])
        sides, plans = facing_areas(vectors @ rotation.T)
        items: dict[str, tuple[float, float, float]] = {}
        if several:
            starts = np.cumsum([0, *(len(s.vectors) for s in gross.solids[:-1])])
            by_item = zip(
                gross.items,
                net,
                (np.add.reduceat(sides, starts) * to_m2).tolist(),
                (np.add.reduceat(plans, starts) * to_m2).tolist(),
                strict=True,
            )
            for item, n, s, p in by_item:
                before = items.get(str(item), (0.0, 0.0, 0.0))
                items[str(item)] = (before[0] + n * to_m3, before[1] + s, before[2] + p)
        side, plan = float(sides.sum()) * to_m2, float(plans.sum()) * to_m2
        points = gross.solids[0].points if not several else np.concatenate([s.points for s in gross.solids])
        world = points @ rotation.T + gross.matrix[:3, 3]
        size = np.ptp(points, axis=0) * to_m
        low, high = world.min(axis=0) * to_m, world.max(axis=0) * to_m
        surface = None
        if closed and all(s.exact_surface for s in gross.solids):
            surface = float(sum(np.linalg.norm(s.vectors, axis=1).sum() for s in gross.solids)) * to_m2
        result.bodies[gross.step_id] = Body(
            volume_m3=volume * to_m3,
            side_area_m2=side or None,
            plan_area_m2=plan or None,
            closed=closed,
            items=items if len(items) > 1 else {},
            method="shape",
            gross_volume_m3=gross_volume * to_m3,
            surface_m2=surface,
            size_m=(float(size[0]), float(size[1]), float(size[2])),
            low_m=(float(low[0]), float(low[1]), float(low[2])),
            high_m=(float(high[0]), float(high[1]), float(high[2])),
        )


def body_items(shape: Any) -> list[Any]:
    """Items of the representation that draws the body, of an IfcProductDefinitionShape."""
    representations = shape.get_argument(2) or ()
    best: Any = None
    best_rank = len(_BODY_NAMES)
    for representation in representations:
        if not representation.is_a("IfcShapeRepresentation"):
            continue
        name, kind = representation.get_argument(1), representation.get_argument(2)
        if name in _BODY_NAMES:
            rank = _BODY_NAMES.index(name)
            if rank > 2 and kind not in _BODY_TYPES:
                continue
            if rank < best_rank:
                best, best_rank = representation, rank
    return [] if best is None else list(best.get_argument(3) or ())


def facing_areas(vectors: Array) -> tuple[Array, Array]:
    """(side, plan) area of each face from outward area vectors (n, 3); 0 where it has none. The z axis is up.

    Side: half of a vertical face that looks within 45 degrees of the main horizontal direction of all of
    them; plan: a face that looks upwards.
    """
    area = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))
    height = vectors[:, 2]
    limit = _FACING * area
    plan = np.where(height > limit, area, 0.0)
    # The main direction of lines, not of arrows: opposite faces count alike, so angles are doubled.
    upright = np.where(np.abs(height) <= limit, area, 0.0)
    square = vectors[:, 0] + 1j * vectors[:, 1]
    square *= square
    size = np.abs(square)
    size[size == 0.0] = 1.0
    doubled = square / size
    main = complex(upright @ doubled)
    facing = (doubled * main.conjugate()).real >= -1e-9 * abs(main)
    return np.where(facing, upright / 2.0, 0.0), plan
