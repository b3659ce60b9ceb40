"""Gross floor area by a stated chain, or what stands in for it, with its origin and definition in words.

Order: gross area of the building, of the storeys, of the spaces; outlines of gross-area spaces and of slabs;
the planned gross area; then net areas, with a finding, because a net area makes a result per m2 look worse
than a gross one. Definitions are never mixed within one sum; what was not used is kept beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from passport.findings import FindingLog, Severity
from passport.ifc.building_words import is_outside
from passport.ifc.relations import Relations
from passport.ifc.schema import Schema
from passport.ifc.slab_floors import ElementBox, SlabFloor, slab_floors
from passport.ifc.spatial_quantities import SpatialQuantities
from passport.ifc.units import Units
from passport.models import FloorArea, FloorAreaOption

#: Areas outside these bounds are faults of unit, not buildings [m2].
_SMALLEST_M2, _LARGEST_M2 = 5.0, 2_000_000.0
#: Square millimetres and square centimetres taken for square metres, square feet likewise.
_UNIT_FAULTS = {1e6: "square millimetres", 1e4: "square centimetres", 10.763910416709722: "square feet"}
#: A corrected area is believed when another one is as near as this.
_CONFIRMS = 0.10
#: `AreaOption.trust` of what is measured from the geometry.
_BY_GEOMETRY = 2
#: This near a factor of units, an area is not believed without being confirmed.
_NEAR_A_FACTOR = 1.5
_DIFFERS = 0.15
#: A gross area is usually 1.1 to 1.35 times the net area of its rooms.
_USUAL_GROSS_TO_NET = 1.35
_SAME = 0.001
#: A sum counts when nine in ten have a value: a part is not the whole.
_ENOUGH = 0.9

_BY_OUTER_EDGE = "measured to the outer edge of the external walls, walls and stairs included"
_BETWEEN_WALLS = "measured between the walls of the rooms, walls not included"


@dataclass(frozen=True, slots=True)
class AreaOption:
    """One link of the chain with a value [m2].

    Attributes:
        trust: against a fault of units: 0 one stated figure, 1 the sum of many, 2 measured from the geometry.
    """

    value: float
    origin: str
    definition: str
    gross: bool
    trust: int = 0


class FloorAreaReader:
    """Floor areas of building, storeys and spaces as the model states them, and by geometry."""

    def __init__(
        self, file: Any, schema: Schema, relations: Relations, units: Units, log: FindingLog
    ) -> None:
        self._file = file
        self._schema = schema
        self._relations = relations
        self.quantities = SpatialQuantities(relations, units)
        self._log = log
        inside = [s for s in schema.by_type(file, "IfcSpace") if self._is_inside(s)]
        self._gross_spaces = [s for s in inside if _kind(s) == "GFA"]
        # A gross-area space lies around the rooms: together they would count twice.
        self._rooms = [s for s in inside if _kind(s) != "GFA"]

    def _is_inside(self, space: Any) -> bool:
        whole = self._relations.whole_of.get(space.id())
        if whole is not None and self._file.by_id(whole).is_a("IfcSpace"):
            return False  # a part of a space that is itself counted
        if _kind(space) in ("EXTERNAL", "PARKING"):
            return False
        if not is_outside(space.LongName or space.Name or ""):
            return True
        self._log.add(
            "space-outside",
            Severity.INFO,
            f"Space {space.LongName or space.Name} lies outside by its name; its area was not counted.",
            global_id=space.GlobalId,
            hint="Set the kind of the space to EXTERNAL, or to INTERNAL under another name.",
        )
        return False

    def space_ids(self) -> list[int]:
        """Step ids of the spaces that lie inside."""
        return [s.id() for s in (*self._gross_spaces, *self._rooms)]

    def rooms(self) -> list[Any]:
        """The spaces inside that are rooms."""
        return self._rooms

    def gross_area_spaces(self) -> list[Any]:
        """The spaces that are drawn around the rooms to show the gross floor area (type GFA)."""
        return self._gross_spaces

    def options(
        self, space_plan_m2: Mapping[int, float] | None = None, floors: Sequence[SlabFloor] = ()
    ) -> list[AreaOption]:
        """Every area that the model gives, in the order of the chain.

        Args:
            space_plan_m2: plan areas of spaces by step id.
            floors: from `slab_floors`.
        """
        plans = space_plan_m2 or {}
        buildings = self._schema.by_type(self._file, "IfcBuilding")
        storeys = self._schema.by_type(self._file, "IfcBuildingStorey")
        rooms, outlines = self._rooms, self._gross_spaces
        gross_of = outlines or rooms
        floor_total = sum(f.area_m2 for f in floors) or None
        links: list[tuple[float | None, str, str, bool, int]] = [
            (self._sum(buildings, "gross"), "gross floor area of the building", _BY_OUTER_EDGE, True, 0),
            (self._sum(storeys, "gross"), "gross floor area of the storeys", _BY_OUTER_EDGE, True, 0),
            (
                self._sum(gross_of, "gross"),
                f"gross floor area of {_many(gross_of, 'space')}",
                "gross area of each space as stated, summed",
                True,
                1,
            ),
            (
                _enough(plans.get(s.id()) for s in outlines),
                f"outlines of {_many(outlines, 'gross-area space')} from geometry",
                "plan of the spaces that are drawn to show the gross floor area",
                True,
                2,
            ),
            (
                floor_total,
                f"outlines of the slabs of {_many(floors, 'floor')} from geometry",
                "plan of the floor slabs on which walls stand; layers above each other, balconies and flat "
                "roofs not counted",
                True,
                2,
            ),
            (
                self._sum(buildings, "planned gross"),
                "planned gross floor area of the building",
                "the programme of the building, not the drawing",
                True,
                0,
            ),
            (
                self._sum(rooms, "net") or self._sum(rooms, "plain"),
                f"net floor area of {_many(rooms, 'space')}",
                _BETWEEN_WALLS,
                False,
                1,
            ),
            (self._sum(storeys, "net"), "net floor area of the storeys", _BETWEEN_WALLS, False, 0),
            (self._sum(buildings, "net"), "net floor area of the building", _BETWEEN_WALLS, False, 0),
            (
                _enough(plans.get(s.id()) for s in rooms),
                f"plan area of {_many(rooms, 'space')} from geometry",
                _BETWEEN_WALLS,
                False,
                2,
            ),
        ]
        return [AreaOption(v, o, d, g, m) for v, o, d, g, m in links if v is not None]

    def _sum(self, spatials: Sequence[Any], role: str) -> float | None:
        """Sum of the areas of one role; None when too few state one."""
        return _enough(self.quantities.of(s).get(("area", role)) for s in spatials)

    def decide(
        self,
        *,
        user_m2: float | None = None,
        space_plan_m2: Mapping[int, float] | None = None,
        boxes: Sequence[ElementBox] = (),
    ) -> FloorArea:
        """The floor area by the chain, cross-checked, with what else there is.

        Args:
            user_m2: wins over all; it is compared and never changed.
            space_plan_m2: plan areas of the spaces of `space_ids` by step id.
            boxes: slabs, and the walls, columns and inside spaces that stand on them.
        """
        options = self.options(space_plan_m2, slab_floors(boxes))
        has_walls = bool(self._schema.by_type(self._file, "IfcWall"))
        return choose_floor_area(options, self._log, user_m2=user_m2, has_walls=has_walls)


def _kind(space: Any) -> str:
    return str(
        getattr(space, "PredefinedType", None) or getattr(space, "InteriorOrExteriorSpace", None) or ""
    )


def _many(things: Sequence[Any], word: str) -> str:
    return f"{len(things)} {word}" + "s" * (len(things) != 1)


def _enough(values: Iterable[float | None]) -> float | None:
    """The sum when at least nine in ten have a value, otherwise None."""
    every = list(values)
    known = [v for v in every if v is not None]
    return sum(known) if known and len(known) >= _ENOUGH * len(every) else None


def choose_floor_area(
    options: Sequence[AreaOption], log: FindingLog, *, user_m2: float | None = None, has_walls: bool = True
) -> FloorArea:
    """The first believable link of the chain, compared with the others.

    Args:
        options: in the order of the chain, as `FloorAreaReader.options` gives them.
        has_walls: the model has walls, so that a gross area cannot equal the net one.

    Example:
        >>> gross = AreaOption(120.0, "gross floor area of the building", "to the outer edge", gross=True)
        >>> choose_floor_area([gross], FindingLog()).value
        120.0
    """
    chosen: AreaOption | None = None
    believed: list[AreaOption] = []
    left: list[FloorAreaOption] = []
    if user_m2 is not None:
        chosen = AreaOption(user_m2, "user", "as given by the user", gross=True)
    for option in options:
        tested = _tested(option, [o for o in options if o is not option], log)
        if tested is None:
            left.append(FloorAreaOption(value=option.value, origin=option.origin, reason="not believed"))
            continue
        believed.append(tested)
        if chosen is None and tested.trust == _BY_GEOMETRY and tested.gross and _below_net(tested, options):
            # Slabs that stop at the inner face of the walls, or floors without a slab.
            left.append(
                FloorAreaOption(value=tested.value, origin=tested.origin, reason="smaller than the net area")
            )
        elif chosen is None:
            chosen = tested
        else:
            left.append(
                FloorAreaOption(value=tested.value, origin=tested.origin, reason="later in the chain")
            )
    if chosen is None:
        return FloorArea(alternatives=tuple(left))
    _compare(chosen, [o for o in believed if o is not chosen], has_walls and user_m2 is None, log)
    return FloorArea(
        value=chosen.value,
        origin=chosen.origin,
        definition=chosen.definition,
        gross=chosen.gross,
        alternatives=tuple(left),
    )


def _below_net(option: AreaOption, options: Sequence[AreaOption]) -> bool:
    """Whether the rooms are larger: measured ones if there are any, as stated ones may hold half walls."""
    rooms = [o for o in options if not o.gross and _SMALLEST_M2 <= o.value <= _LARGEST_M2]
    measured = [o for o in rooms if o.trust == _BY_GEOMETRY]
    return any(option.value < o.value for o in measured or rooms)


def _tested(option: AreaOption, others: Sequence[AreaOption], log: FindingLog) -> AreaOption | None:
    """The option as it is, or corrected by a factor of units, or None when it cannot be believed."""
    better = [o for o in others if o.trust > option.trust and _SMALLEST_M2 <= o.value <= _LARGEST_M2]
    better.sort(key=lambda o: (-o.trust, not o.gross))
    found = _unit_fault(option, better)
    if found is not None:
        scale, words, near = found
        log.add(
            "floor-area-unit-fault",
            Severity.WARNING,
            f"The {option.origin} is {option.value:.6g} m2, {words}: the {near.origin} is "
            f"{near.value:.1f} m2; {option.value / scale:.1f} m2 was used.",
            hint="Check the area unit of the model.",
        )
        origin = f"{option.origin}, corrected by a factor of {1 / scale:.4g}"
        return replace(option, value=option.value / scale, origin=origin)
    against = _near_a_factor(option, better)
    if against is None and _SMALLEST_M2 <= option.value <= _LARGEST_M2:
        return option
    beside = "" if against is None else f" beside {against.value:.1f} m2, the {against.origin}"
    log.add(
        "floor-area-implausible",
        Severity.WARNING,
        f"The {option.origin} is {option.value:.6g} m2{beside}; it was not used.",
        hint="Check the area units of the model, or give the area with --floor-area.",
    )
    return None


def _unit_fault(option: AreaOption, better: Sequence[AreaOption]) -> tuple[float, str, AreaOption] | None:
    """(factor too large, in words, what confirms the corrected area); None without such a confirmation."""
    if any(_within(option.value / o.value, 0.5) for o in better):
        return None
    for factor, unit in _UNIT_FAULTS.items():
        for o in better:
            if _within(option.value / factor / o.value, _CONFIRMS):
                return factor, f"{unit} taken for m2", o
            # An area of usual size beside a far larger one: then rather the larger one is wrong.
            surely_small = o.trust == _BY_GEOMETRY if factor < 100 else option.value < _SMALLEST_M2
            if surely_small and _within(option.value * factor / o.value, _CONFIRMS):
                return 1 / factor, f"m2 taken for {unit}", o
    return None


def _near_a_factor(option: AreaOption, better: Sequence[AreaOption]) -> AreaOption | None:
    """A measured area from which this one is about 1e6 or 1e4 times away.

    Not for square feet: a model of one tenth of the rooms differs as much.
    """
    for other in better:
        ratio = max(option.value / other.value, other.value / option.value)
        if other.trust == _BY_GEOMETRY and any(
            f / _NEAR_A_FACTOR <= ratio <= f * _NEAR_A_FACTOR for f in _UNIT_FAULTS if f > 100
        ):
            return other
    return None


def _within(ratio: float, share: float) -> bool:
    return abs(ratio - 1.0) <= share


def _compare(chosen: AreaOption, others: Sequence[AreaOption], has_walls: bool, log: FindingLog) -> None:
    """Findings about the area that is used; it is not changed."""
    if not chosen.gross:
        log.add(
            "floor-area-net",
            Severity.WARNING,
            f"The model states no gross floor area; {chosen.value:.1f} m2 is the {chosen.origin}.",
            hint="Per m2 of net area a result is higher than per m2 of gross area; "
            "give the gross area with --floor-area.",
        )
        return
    net = next((o for o in others if not o.gross), None)
    if net is not None:
        ratio = chosen.value / net.value
        both = f"{chosen.value:.1f} m2 ({chosen.origin}) and {net.value:.1f} m2 ({net.origin})"
        if has_walls and _within(ratio, _SAME):
            log.add(
                "floor-area-equals-net",
                Severity.WARNING,
                f"Gross and net floor area are the same, {both}, although the model has walls.",
                hint="One of the two is probably a copy; give the gross area with --floor-area.",
            )
        elif ratio < 1 - _SAME:
            log.add(
                "floor-area-below-net",
                Severity.WARNING,
                f"The gross floor area is smaller than the net one: {both}.",
                hint="Check which spaces and storeys each of them holds.",
            )
        elif ratio > _USUAL_GROSS_TO_NET * (1 + _DIFFERS):
            _note_difference(chosen, net, log)
    for other in others:
        if other.gross and other.trust > 0 and not _within(chosen.value / other.value, _DIFFERS):
            _note_difference(chosen, other, log)


def _note_difference(chosen: AreaOption, other: AreaOption, log: FindingLog) -> None:
    log.add(
        "floor-area-differs",
        Severity.WARNING,
        f"The floor area used is {chosen.value:.1f} m2 ({chosen.origin}); the {other.origin} is "
        f"{other.value:.1f} m2.",
        hint="Check which of the two holds the whole building, or give the area with --floor-area.",
    )
