"""Which reclaimed parts serve which elements of a design: an assignment, solved exactly.

    gain of a pair [kg CO2 eq] = saved by not making the part new (A1-A3) - mass x distance x transport factor
    chosen pairs = those of the largest total gain, each demand served once, each supplied piece used once;
                   a linear member may be cut into several: sum(length + cutting loss) <= supplied length

A pair counts only where kind, material, size, date and distance fit and its gain is above 0. What is not
known never fits silently: it is refused with a reason, or said in `Matching.notes`. That a reclaimed part
still does its work (strength, fire, glazing, hazard) is for a person to judge; nothing here tests it.

Where every piece can serve one demand only, the problem is an assignment (`linear_sum_assignment`); else a
small integer problem (HiGHS), one for each set of parts that compete. Method: the project's own.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from passport.errors import PassportError
from passport.models import Element, Passport, Portion, Status

Method = Literal["exact", "greedy"]
Shape = Literal["member", "opening", "sheet"]

#: How parts of a class are measured: by length and section, by width x height, or by area.
_SHAPES: dict[str, Shape] = {
    "IfcBeam": "member",
    "IfcColumn": "member",
    "IfcMember": "member",
    "IfcPile": "member",
    "IfcDoor": "opening",
    "IfcWindow": "opening",
    "IfcPlate": "sheet",
    "IfcSlab": "sheet",
    "IfcCovering": "sheet",
}
#: Lengths are compared in tenths of a millimetre: whole numbers, so that 3 x 2 m fit into 6 m exactly.
_STEPS_PER_M = 10_000
_EARTH_RADIUS_KM = 6371.0088
#: A box and a stated length that differ by less belong to a member along an axis of the project [m].
_SAME_LENGTH_M = 0.001


@dataclass(frozen=True, slots=True)
class Component:
    """A part that is offered or asked for.

    Attributes:
        id: unique among the supply, and among the demand.
        kind: IFC class, such as IfcBeam or IfcWindow.
        material_id: of a part of one material; None when unknown or of several.
        family: family of the material, several joined by " + "; ``unknown`` when any is not known.
        profile: name of the section or type; empty when unknown.
        length_m: of a member; None when unknown or no member.
        width_m, height_m: of an opening; of a member's section, in any order; None when unknown.
        area_m2: of a slab, plate or covering; None when unknown.
        mass_kg: of one piece; None when unknown.
        available_from: None when unknown.
        place: latitude and longitude [degrees]; None when unknown.
        grade: what is known of its condition or strength, in words.
        count: number of equal pieces.
    """

    id: str
    kind: str
    material_id: str | None = None
    family: str = "unknown"
    profile: str = ""
    length_m: float | None = None
    width_m: float | None = None
    height_m: float | None = None
    area_m2: float | None = None
    mass_kg: float | None = None
    available_from: date | None = None
    place: tuple[float, float] | None = None
    grade: str = ""
    count: int = 1


@dataclass(frozen=True, slots=True)
class Unusable:
    """An element that cannot be matched, and why."""

    global_id: str
    ifc_class: str
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Pair:
    """One supplied piece, or a cut of it, for one demanded piece.

    Attributes:
        supply_id, supply_piece: which piece of the supply; pieces of one component count from 1.
        demand_id, demand_piece: which piece of the demand.
        offcut_m: left of a member after this cut; cuts of a piece stand in the order of the list, so that the
            last one tells what is left over. None for parts that are not cut.
        distance_km: None when unknown.
        saved_kg_co2e: of not making the part new (A1-A3) [kg CO2 eq].
        transport_kg_co2e: None when not counted; `Matching.notes` says so.
        gain_kg_co2e: saved minus transport [kg CO2 eq].
        reasons: why the two fit, and what is left to check.
    """

    supply_id: str
    supply_piece: int
    demand_id: str
    demand_piece: int
    offcut_m: float | None
    distance_km: float | None
    saved_kg_co2e: float
    transport_kg_co2e: float | None
    gain_kg_co2e: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A demanded piece that nothing serves.

    Attributes:
        demand_id, demand_piece: which piece.
        reason: the nearest miss in a sentence.
        nearest_id: the supplied component that came nearest; None where there is none of its kind.
    """

    demand_id: str
    demand_piece: int
    reason: str
    nearest_id: str | None


@dataclass(frozen=True, slots=True)
class Matching:
    """What is reused where.

    Attributes:
        pairs: by supply id and piece, longest cut first.
        unmatched: demanded pieces without a pair, by id.
        total_gain_kg_co2e: sum over the pairs [kg CO2 eq].
        method: exact or greedy.
        proved: no choice of pairs has a larger total; False for greedy, or where the time ran out.
        notes: what was not counted.
    """

    pairs: tuple[Pair, ...]
    unmatched: tuple[Unmatched, ...]
    total_gain_kg_co2e: float
    method: Method
    proved: bool
    notes: tuple[str, ...]


# -- components of a passport -------------------------------------------------------------------------------


def components_of(
    passport: Passport,
    *,
    statuses: Collection[Status] | None = None,
    available_from: date | None = None,
    place: tuple[float, float] | None = None,
    grade: str = "",
) -> tuple[list[Component], list[Unusable]]:
    """The parts of a passport that can be matched, and the elements that cannot, with the reason.

    Args:
        statuses: only elements of these; None for all.
        available_from, place, grade: of all of them; a model does not tell.

    Example:
        >>> offered, without = components_of(load_passport("passport.json"))  # doctest: +SKIP
        >>> offered[0].length_m  # doctest: +SKIP
        3.3
    """
    components: list[Component] = []
    unusable: list[Unusable] = []
    seen: set[str] = set()
    for element in passport.elements:
        if statuses is not None and element.status not in statuses:
            continue
        reason, sizes = _sizes(element)
        if reason:
            unusable.append(Unusable(element.global_id, element.ifc_class, element.name, reason))
            continue
        #: A faulty model may use a GlobalId twice; both parts exist.
        own_id = (
            element.global_id if element.global_id not in seen else f"{element.global_id}#{element.step_id}"
        )
        seen.add(own_id)
        material_id, family = _material(element.portions)
        components.append(
            Component(
                id=own_id,
                kind=_kind(element.ifc_class),
                material_id=material_id,
                family=family,
                profile=_profile(element),
                length_m=sizes.get("length"),
                width_m=sizes.get("width"),
                height_m=sizes.get("height"),
                area_m2=sizes.get("area"),
                mass_kg=element.mass_kg,
                available_from=available_from,
                place=place,
                grade=grade,
            )
        )
    return components, unusable


def _kind(ifc_class: str) -> str:
    for ending in ("StandardCase", "ElementedCase"):
        ifc_class = ifc_class.removesuffix(ending)
    return ifc_class


def _sizes(element: Element) -> tuple[str, dict[str, float]]:
    """Reason why the element cannot be matched (empty if it can), and its sizes by name [m or m2]."""
    shape = _SHAPES.get(_kind(element.ifc_class))
    if shape is None:
        return f"parts of the class {element.ifc_class} are not matched by size", {}
    if shape == "member":
        if element.length_m is None:
            return "the length is not known", {}
        section = _section(element)
        if not section and not _profile(element):
            return "neither the section nor its name is known", {}
        return "", {"length": element.length_m, **section}
    if shape == "opening":
        sizes = _stated(element, ("width", "height"))
        missing = [name for name in ("width", "height") if name not in sizes]
        return (f"{' and '.join(missing)} not known" if missing else ""), sizes
    if element.area_m2 is None:
        return "the area is not known", {}
    thickness = [portion.thickness_m for portion in element.portions]
    known = [each for each in thickness if each is not None]
    #: Of a sheet the height is its thickness; part of it unknown is all of it unknown.
    stated = {"height": math.fsum(known)} if known and len(known) == len(thickness) else {}
    return "", {"area": element.area_m2, **stated}


def _stated(element: Element, kinds: Sequence[str]) -> dict[str, float]:
    """Sizes that the model states; the first of each kind, chosen ones before others."""
    found: dict[str, float] = {}
    for quantity in sorted(element.quantities, key=lambda each: not each.chosen):
        if quantity.kind in kinds and quantity.value > 0:
            found.setdefault(quantity.kind, quantity.value)
    return found


def _section(element: Element) -> dict[str, float]:
    """Outer size of a member's section: stated, else of its box where the member lies along an axis."""
    stated = _stated(element, ("width", "height"))
    if len(stated) == 2 or element.box_m is None or element.length_m is None:
        return stated if len(stated) == 2 else {}
    low, high = element.box_m[:3], element.box_m[3:]
    extents = sorted(top - bottom for bottom, top in zip(low, high, strict=True))
    if abs(extents[2] - element.length_m) > _SAME_LENGTH_M or extents[0] <= 0:
        return {}
    return {"width": extents[0], "height": extents[1]}


def _profile(element: Element) -> str:
    names = {each.layer for each in element.portions if each.share_origin == "profiles" and each.layer}
    return names.pop() if len(names) == 1 else element.type_name


def _material(portions: Iterable[Portion]) -> tuple[str | None, str]:
    solid = [each for each in portions if each.family != "air"]
    families = sorted({each.family for each in solid})
    ids = {each.material_id for each in solid}
    if not families or "unknown" in families:
        return None, "unknown"
    return (ids.pop() if len(ids) == 1 else None), " + ".join(families)


# -- which pairs fit ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Rules:
    tolerance_m: float
    cutting_loss_m: float
    distances_km: Mapping[tuple[str, str], float] | None
    most_km: float | None
    needed_by: date | None
    saved_kg_co2e: Mapping[str, float]
    saved_per_kg: Mapping[str, float]
    transport_factor: float | None


@dataclass(frozen=True, slots=True)
class _Miss:
    """The first rule that a pair breaks: `stage` counts the rules, `by` is how far it is off."""

    stage: int
    by: float
    text: str


@dataclass(frozen=True, slots=True)
class _Fit:
    distance_km: float | None
    saved: float
    transport: float | None
    gain: float
    reasons: tuple[str, ...]


def _steps(length_m: float) -> int:
    return round(length_m * _STEPS_PER_M)


def _needed(demand: Component, rules: _Rules) -> int:
    """What a demanded piece takes of a supplied one: steps of length for members, else the whole."""
    if _SHAPES.get(demand.kind) == "member" and demand.length_m is not None:
        return _steps(demand.length_m + rules.cutting_loss_m)
    return 1


def _capacity(supply: Component, rules: _Rules) -> int:
    """What a supplied piece holds; n pieces of a member need n - 1 cuts when nothing is left over."""
    if _SHAPES.get(supply.kind) == "member" and supply.length_m is not None:
        return _steps(supply.length_m + rules.cutting_loss_m)
    return 1


def _judge(supply: Component, demand: Component, rules: _Rules) -> _Fit | _Miss:
    """Whether the two fit; rules in a fixed order, so that the miss of the highest stage is the nearest."""
    reasons: list[str] = []
    for stage, rule in enumerate((_same_kind, _same_material, _same_size, _in_time)):
        found = rule(supply, demand, rules)
        if isinstance(found, str):
            reasons.append(found)
        else:
            by, text = found
            return _Miss(stage, by, text)
    distance, text = _distance(supply, demand, rules)
    if distance is None and (rules.most_km is not None or rules.distances_km is not None):
        return _Miss(4, math.inf, "the distance is not known")
    if distance is not None and rules.most_km is not None and distance > rules.most_km:
        far = f"{distance:.1f} km away, at most {rules.most_km:g} km allowed"
        return _Miss(4, distance - rules.most_km, far)
    reasons.append(text)
    return _weighed(supply, demand, rules, distance, reasons)


def _same_kind(supply: Component, demand: Component, rules: _Rules) -> str | tuple[float, str]:
    if supply.kind != demand.kind:
        return 0.0, f"it is an {supply.kind}, not an {demand.kind}"
    return f"both {supply.kind}"


def _same_material(supply: Component, demand: Component, rules: _Rules) -> str | tuple[float, str]:
    if supply.material_id is not None and supply.material_id == demand.material_id:
        return f"same material {supply.material_id}"
    if "unknown" in (supply.family, demand.family):
        whose = "its material" if supply.family == "unknown" else "the material asked for"
        return 1.0, f"{whose} is not known"
    if supply.family != demand.family:
        return 2.0, f"it is of {supply.family}, not of {demand.family}"
    return f"same material family {supply.family}"


def _same_size(supply: Component, demand: Component, rules: _Rules) -> str | tuple[float, str]:
    shape = _SHAPES.get(supply.kind)
    if shape == "member":
        return _fits_member(supply, demand, rules)
    if shape == "opening":
        return _fits_opening(supply, demand, rules)
    if shape == "sheet":
        return _fits_sheet(supply, demand, rules)
    return math.inf, f"parts of the class {supply.kind} are not matched by size"


def _fits_member(supply: Component, demand: Component, rules: _Rules) -> str | tuple[float, str]:
    section = _same_section(supply, demand, rules.tolerance_m)
    if not isinstance(section, str):
        return section
    if supply.length_m is None or demand.length_m is None:
        return math.inf, "a length is not known"
    short = _needed(demand, rules) - _capacity(supply, rules)
    if short > 0:
        missing = short / _STEPS_PER_M
        return missing, (f"its {supply.length_m:.3f} m are {missing:.3f} m short of {demand.length_m:.3f} m")
    return f"{section}; {demand.length_m:.3f} m cut from {supply.length_m:.3f} m"


def _same_section(supply: Component, demand: Component, tolerance_m: float) -> str | tuple[float, str]:
    ours, theirs = (" ".join(each.profile.casefold().split()) for each in (supply, demand))
    if ours and ours == theirs:
        return f"same section {supply.profile}"
    sizes = [(each.width_m, each.height_m) for each in (supply, demand)]
    known = [sorted(s for s in size if s is not None) for size in sizes]
    if any(len(size) < 2 for size in known):
        return (
            1e3,
            f"the section {supply.profile!r} is not {demand.profile!r}, and sizes are not known",
        )
    off = max(abs(a - b) for a, b in zip(*known, strict=True))
    if _steps(off) > _steps(tolerance_m):
        #: A wrong section is further off than any length.
        return 1e3 + off, f"its section is {off:.3f} m off, at most {tolerance_m:g} m allowed"
    return f"outer size of the section within {tolerance_m:g} m; check the section itself"


def _fits_opening(supply: Component, demand: Component, rules: _Rules) -> str | tuple[float, str]:
    offered, asked = (supply.width_m, supply.height_m), (demand.width_m, demand.height_m)
    off = [abs(a - b) for a, b in zip(offered, asked, strict=True) if a is not None and b is not None]
    if len(off) < 2:
        return math.inf, "width or height is not known"
    if _steps(max(off)) > _steps(rules.tolerance_m):
        return max(off), (
            f"its {offered[0]:.3f} x {offered[1]:.3f} m are up to {max(off):.3f} m off "
            f"{asked[0]:.3f} x {asked[1]:.3f} m, at most {rules.tolerance_m:g} m allowed"
        )
    return f"width and height within {rules.tolerance_m:g} m"


def _fits_sheet(supply: Component, demand: Component, rules: _Rules) -> str | tuple[float, str]:
    if supply.area_m2 is None or demand.area_m2 is None:
        return math.inf, "an area is not known"
    if supply.height_m is not None and demand.height_m is not None:
        off = abs(supply.height_m - demand.height_m)
        if _steps(off) > _steps(rules.tolerance_m):
            return 1e6 + off, f"its thickness is {off:.3f} m off, at most {rules.tolerance_m:g} m allowed"
    missing = demand.area_m2 - supply.area_m2
    if missing > 1e-6:
        return missing, f"its {supply.area_m2:.2f} m2 are {missing:.2f} m2 short"
    return f"{supply.area_m2:.2f} m2 for {demand.area_m2:.2f} m2, by area only; check length and width"


def _in_time(supply: Component, demand: Component, rules: _Rules) -> str | tuple[float, str]:
    if rules.needed_by is None:
        return "no date asked for"
    if supply.available_from is None:
        return math.inf, f"it is not known when it comes free, needed by {rules.needed_by}"
    late = (supply.available_from - rules.needed_by).days
    if late > 0:
        return float(late), f"it comes free on {supply.available_from}, {late} days after {rules.needed_by}"
    return f"free from {supply.available_from}, needed by {rules.needed_by}"


def _distance(supply: Component, demand: Component, rules: _Rules) -> tuple[float | None, str]:
    given = (rules.distances_km or {}).get((supply.id, demand.id))
    if given is not None:
        return given, f"{given:.1f} km as given"
    if supply.place is not None and demand.place is not None:
        straight = great_circle_km(supply.place, demand.place)
        return straight, f"{straight:.1f} km in a straight line; the road is longer"
    return None, "distance not known"


def great_circle_km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Distance over the earth between two places, latitude and longitude in degrees [km].

    Source: haversine formula, mean earth radius 6371.0088 km.

    Example:
        >>> round(great_circle_km((51.05, 3.72), (50.85, 4.35)))
        49
    """
    lat1, lon1, lat2, lon2 = map(math.radians, (*one, *other))
    half = (
        math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    )
    return 2 * _EARTH_RADIUS_KM * math.asin(math.sqrt(min(1.0, half)))


def _weighed(
    supply: Component, demand: Component, rules: _Rules, distance_km: float | None, reasons: list[str]
) -> _Fit | _Miss:
    saved = _saved(demand, rules)
    if saved is None:
        return _Miss(5, math.inf, "it is not given what a new part would cost [kg CO2 eq]")
    transport: float | None = None
    if distance_km is not None and rules.transport_factor is not None:
        mass = _carried_kg(supply, demand, rules)
        if mass is None and distance_km * rules.transport_factor > 0:
            return _Miss(5, math.inf, "the mass is not known, so its transport cannot be counted")
        transport = (mass or 0.0) * distance_km * rules.transport_factor
    gain = saved - (transport or 0.0)
    if gain <= 0:
        carried = "no transport counted" if transport is None else f"{transport:.1f} kg CO2 eq of transport"
        return _Miss(6, -gain, f"it would gain nothing: {saved:.1f} kg CO2 eq saved, {carried}")
    if supply.grade:
        reasons.append(f"grade as stated: {supply.grade}")
    return _Fit(distance_km, saved, transport, gain, tuple(reasons))


def _saved(demand: Component, rules: _Rules) -> float | None:
    if demand.id in rules.saved_kg_co2e:
        return rules.saved_kg_co2e[demand.id]
    for key in (demand.material_id, demand.family):
        if key is not None and key in rules.saved_per_kg and demand.mass_kg is not None:
            return rules.saved_per_kg[key] * demand.mass_kg
    return None


def _carried_kg(supply: Component, demand: Component, rules: _Rules) -> float | None:
    """Mass on the road: of a member the cut with its loss (it is cut where it comes from), else the part."""
    if supply.mass_kg is None:
        return demand.mass_kg
    if _SHAPES.get(supply.kind) == "member":
        return supply.mass_kg * _needed(demand, rules) / _capacity(supply, rules)
    return supply.mass_kg


# -- the choice ---------------------------------------------------------------------------------------------

#: One piece: component and number from 1.
_Piece = tuple[str, int]
#: Chosen: supplied piece and demanded piece.
_Choice = tuple[_Piece, _Piece]


@dataclass(frozen=True, slots=True)
class _Problem:
    """All that fits, sorted by id, so that the order of the input changes nothing."""

    supply: dict[str, Component]
    demand: dict[str, Component]
    fits: dict[tuple[str, str], _Fit]
    nearest: dict[str, tuple[_Miss, str]]
    rules: _Rules

    def gain(self, choice: _Choice) -> float:
        return self.fits[choice[0][0], choice[1][0]].gain

    def total(self, choices: Iterable[_Choice]) -> float:
        return math.fsum(self.gain(each) for each in choices)


def match(
    supply: Sequence[Component],
    demand: Sequence[Component],
    *,
    tolerance_m: float = 0.005,
    cutting_loss_m: float = 0.01,
    distances_km: Mapping[tuple[str, str], float] | None = None,
    most_km: float | None = None,
    needed_by: date | None = None,
    saved_kg_co2e: Mapping[str, float] | None = None,
    saved_per_kg: Mapping[str, float] | None = None,
    transport_kg_co2e_per_kg_km: float | None = None,
    time_limit_s: float = 60.0,
) -> Matching:
    """The pairs of the largest total gain.

    Args:
        supply, demand: parts offered and asked for; ids are unique in each.
        tolerance_m: sections, openings and thicknesses may differ by this [m].
        cutting_loss_m: taken from a member by each cut [m]; a member of just the length needs none.
        distances_km: by supply id and demand id [km]; without an entry the straight line between places.
        most_km: longest distance allowed; None for any.
        needed_by: latest date; None for any. A part without a date does not serve a dated need.
        saved_kg_co2e: by demand id: of making one piece new, A1-A3 [kg CO2 eq].
        saved_per_kg: by material id or family, where the demand has no value of its own [kg CO2 eq / kg].
        transport_kg_co2e_per_kg_km: None to leave transport out, which the notes say.
        time_limit_s: for each set of members that compete [s]; `Matching.proved` tells whether it was enough.

    Raises:
        PassportError: an id is used twice, a size or a value is not a number above 0, or an option is wrong.

    Example:
        >>> bar = Component("bar", "IfcBeam", "steel-structural", profile="HEA 160", length_m=6.0)
        >>> beam = Component("beam", "IfcBeam", "steel-structural", profile="HEA 160", length_m=2.5, count=2)
        >>> found = match([bar], [beam], saved_kg_co2e={"beam": 100.0})
        >>> [round(pair.offcut_m, 2) for pair in found.pairs], found.total_gain_kg_co2e
        ([3.49, 0.98], 200.0)
    """
    rules = _Rules(
        tolerance_m,
        cutting_loss_m,
        distances_km,
        most_km,
        needed_by,
        saved_kg_co2e or {},
        saved_per_kg or {},
        transport_kg_co2e_per_kg_km,
    )
    problem = _problem(supply, demand, rules)
    chosen: list[_Choice] = []
    proved = True
    for group in _competing(problem):
        found, sure = _solved(problem, group, time_limit_s)
        chosen += found
        proved = proved and sure
    return _matching(problem, chosen, "exact", proved)


def greedy(
    supply: Sequence[Component],
    demand: Sequence[Component],
    *,
    tolerance_m: float = 0.005,
    cutting_loss_m: float = 0.01,
    distances_km: Mapping[tuple[str, str], float] | None = None,
    most_km: float | None = None,
    needed_by: date | None = None,
    saved_kg_co2e: Mapping[str, float] | None = None,
    saved_per_kg: Mapping[str, float] | None = None,
    transport_kg_co2e_per_kg_km: float | None = None,
) -> Matching:
    """Baseline: always the pair of the largest gain that is still possible; arguments as `match`.

    Raises:
        PassportError: as `match`.

    Example:
        >>> door = Component("d", "IfcDoor", family="timber-hardwood", width_m=0.93, height_m=2.11)
        >>> greedy([door], [door], saved_kg_co2e={"d": 40.0}).total_gain_kg_co2e
        40.0
    """
    rules = _Rules(
        tolerance_m,
        cutting_loss_m,
        distances_km,
        most_km,
        needed_by,
        saved_kg_co2e or {},
        saved_per_kg or {},
        transport_kg_co2e_per_kg_km,
    )
    problem = _problem(supply, demand, rules)
    return _matching(problem, _taken_greedily(problem, set(problem.demand)), "greedy", False)


def _problem(supply: Sequence[Component], demand: Sequence[Component], rules: _Rules) -> _Problem:
    _check_rules(rules)
    offered, asked = _by_id(supply, "supply"), _by_id(demand, "demand")
    fits: dict[tuple[str, str], _Fit] = {}
    nearest: dict[str, tuple[_Miss, str]] = {}
    for target in asked.values():
        for source in offered.values():
            found = _judge(source, target, rules)
            if isinstance(found, _Fit):
                fits[source.id, target.id] = found
                continue
            best = nearest.get(target.id)
            if best is None or (-found.stage, found.by) < (-best[0].stage, best[0].by):
                nearest[target.id] = (found, source.id)
    return _Problem(offered, asked, fits, nearest, rules)


def _by_id(components: Sequence[Component], side: str) -> dict[str, Component]:
    found: dict[str, Component] = {}
    for each in sorted(components, key=lambda component: component.id):
        if each.id in found:
            raise PassportError(f"{side}: the id {each.id!r} is used twice; give every component its own.")
        for name in ("length_m", "width_m", "height_m", "area_m2", "mass_kg"):
            value = getattr(each, name)
            if value is not None and not (math.isfinite(value) and value > 0):
                raise PassportError(
                    f"{side}: {name} of {each.id!r} is {value}; give a number above 0, or None when unknown."
                )
        if each.count < 1:
            raise PassportError(f"{side}: count of {each.id!r} is {each.count}; give 1 or more.")
        found[each.id] = each
    return found


def _check_rules(rules: _Rules) -> None:
    named: dict[str, float | None] = {
        "tolerance_m": rules.tolerance_m,
        "cutting_loss_m": rules.cutting_loss_m,
        "most_km": rules.most_km,
        "transport_kg_co2e_per_kg_km": rules.transport_factor,
    }
    named |= {f"distances_km of {key}": value for key, value in (rules.distances_km or {}).items()}
    for name, value in named.items():
        if value is not None and not (math.isfinite(value) and value >= 0):
            raise PassportError(f"{name} is {value}; give a number of 0 or more.")
    #: What is saved may be below 0 (biogenic carbon), but must be a number.
    for table, values in (("saved_kg_co2e", rules.saved_kg_co2e), ("saved_per_kg", rules.saved_per_kg)):
        for key, value in values.items():
            if not math.isfinite(value):
                raise PassportError(f"{table} of {key!r} is {value}; give a finite number.")


def _competing(problem: _Problem) -> list[set[str]]:
    """Demand ids in sets that share no supply: each set is a problem of its own."""
    users: dict[str, list[str]] = defaultdict(list)
    root = {each: each for each in problem.demand}

    def top(each: str) -> str:
        while root[each] != each:
            root[each] = root[root[each]]
            each = root[each]
        return each

    for source, target in problem.fits:
        users[source].append(target)
    for targets in users.values():
        for one, other in pairwise(targets):
            root[max(top(one), top(other))] = min(top(one), top(other))
    groups: dict[str, set[str]] = defaultdict(set)
    for target in problem.demand:
        groups[top(target)].add(target)
    return [groups[key] for key in sorted(groups)]


def _taken_greedily(problem: _Problem, group: set[str]) -> list[_Choice]:
    order = sorted(
        (pair for pair in problem.fits if pair[1] in group), key=lambda pair: (-problem.fits[pair].gain, pair)
    )
    left = {
        (source, n): _capacity(problem.supply[source], problem.rules)
        for source in {pair[0] for pair in order}
        for n in range(1, problem.supply[source].count + 1)
    }
    open_pieces = {target: list(range(1, problem.demand[target].count + 1)) for target in group}
    taken: list[_Choice] = []
    for source, target in order:
        need = _needed(problem.demand[target], problem.rules)
        for n in range(1, problem.supply[source].count + 1):
            while open_pieces[target] and left[source, n] >= need:
                left[source, n] -= need
                taken.append(((source, n), (target, open_pieces[target].pop(0))))
    return taken


def _solved(problem: _Problem, group: set[str], time_limit_s: float) -> tuple[list[_Choice], bool]:
    """The best choice of one set, and whether it is proved; never worse than greedy."""
    baseline = _taken_greedily(problem, group)
    if not baseline:
        return [], True
    sources = sorted({pair[0] for pair in problem.fits if pair[1] in group})
    needs = {target: _needed(problem.demand[target], problem.rules) for target in group}
    cuts_several = any(_most_cuts_exceed_one(problem, source, needs) for source in sources)
    if cuts_several:
        found, proved = _by_cutting(problem, sources, sorted(group), needs, time_limit_s)
    else:
        found, proved = _by_assignment(problem, sources, sorted(group)), True
    if problem.total(found) < problem.total(baseline):
        return baseline, proved
    return found, proved


def _most_cuts_exceed_one(problem: _Problem, source: str, needs: Mapping[str, int]) -> bool:
    lengths: list[int] = []
    for target, need in needs.items():
        if (source, target) in problem.fits:
            lengths += [need] * min(2, problem.demand[target].count)
    return sum(sorted(lengths)[:2]) <= _capacity(problem.supply[source], problem.rules) and len(lengths) > 1


def _by_assignment(problem: _Problem, sources: Sequence[str], targets: Sequence[str]) -> list[_Choice]:
    from scipy.optimize import linear_sum_assignment

    rows = [(each, n) for each in sources for n in range(1, problem.supply[each].count + 1)]
    columns = [(each, n) for each in targets for n in range(1, problem.demand[each].count + 1)]
    gains: NDArray[np.float64] = np.zeros((len(rows), len(columns)))
    for i, (source, _) in enumerate(rows):
        for j, (target, _) in enumerate(columns):
            fit = problem.fits.get((source, target))
            gains[i, j] = fit.gain if fit is not None else 0.0
    picked = linear_sum_assignment(gains, maximize=True)
    return [(rows[i], columns[j]) for i, j in zip(*picked, strict=True) if gains[i, j] > 0]


def _by_cutting(
    problem: _Problem,
    sources: Sequence[str],
    targets: Sequence[str],
    needs: Mapping[str, int],
    time_limit_s: float,
) -> tuple[list[_Choice], bool]:
    """Pieces x[bar, type] of the largest gain; equal bars and equal demands are kept together.

    Without that, every exchange of two equal parts would be another solution to be ruled out.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array

    types = _equal_demands(problem, sources, targets, needs)
    bars = [(each, n) for each in sources for n in range(1, problem.supply[each].count + 1)]
    cells = [
        (i, j)
        for i, (source, _) in enumerate(bars)
        for j, pieces in enumerate(types)
        if (source, pieces[0][0]) in problem.fits
    ]
    gains = np.array([problem.gain((bars[i], types[j][0])) for i, j in cells])
    need = np.array([needs[types[j][0][0]] for _, j in cells])
    room = np.array([_capacity(problem.supply[source], problem.rules) for source, _ in bars])
    asked = np.array([len(pieces) for pieces in types])
    at_bar, at_type = (np.array([cell[k] for cell in cells]) for k in (0, 1))
    across = np.arange(len(cells))
    load = csr_array((need, (at_bar, across)), shape=(len(bars), len(cells)))
    use = csr_array((np.ones(len(cells)), (at_type, across)), shape=(len(types), len(cells)))
    limits = [LinearConstraint(load, -np.inf, room), LinearConstraint(use, -np.inf, asked)]
    equal = [i for i in range(1, len(bars)) if bars[i][0] == bars[i - 1][0]]
    if equal:
        #: Of equal bars the first carries at least as much as the next.
        order = load[equal, :] - load[[i - 1 for i in equal], :]
        limits.append(LinearConstraint(order, -np.inf, 0.0))
    found = milp(
        -gains,
        constraints=limits,
        integrality=np.ones(len(cells)),
        bounds=Bounds(0, np.minimum(asked[at_type], room[at_bar] // need)),
        options={"mip_rel_gap": 0.0, "time_limit": time_limit_s},
    )
    if found.x is None:
        return [], False
    amounts = np.rint(found.x).astype(int)
    if (load @ amounts > room).any() or (use @ amounts > asked).any():
        return [], False
    waiting = [list(pieces) for pieces in types]
    chosen = [
        (bars[i], waiting[j].pop(0)) for (i, j), n in zip(cells, amounts, strict=True) for _ in range(n)
    ]
    return chosen, found.status == 0


def _equal_demands(
    problem: _Problem, sources: Sequence[str], targets: Sequence[str], needs: Mapping[str, int]
) -> list[list[_Piece]]:
    alike: dict[tuple[object, ...], list[_Piece]] = {}
    for target in targets:
        fits = [problem.fits.get((source, target)) for source in sources]
        key = (needs[target], *(None if fit is None else fit.gain for fit in fits))
        pieces = [(target, n) for n in range(1, problem.demand[target].count + 1)]
        alike.setdefault(key, []).extend(pieces)
    return list(alike.values())


# -- the result ---------------------------------------------------------------------------------------------


def _matching(problem: _Problem, chosen: list[_Choice], method: Method, proved: bool) -> Matching:
    pairs: list[Pair] = []
    rules = problem.rules
    left: dict[_Piece, int] = {}
    order = sorted(chosen, key=lambda each: (each[0], -_needed(problem.demand[each[1][0]], rules), each[1]))
    for source, target in order:
        fit = problem.fits[source[0], target[0]]
        offcut: float | None = None
        if _SHAPES[problem.supply[source[0]].kind] == "member":
            rest = left.get(source, _capacity(problem.supply[source[0]], rules))
            left[source] = rest - _needed(problem.demand[target[0]], rules)
            # What is left is cut off, which takes a last cut.
            offcut = max(left[source] - _steps(rules.cutting_loss_m), 0) / _STEPS_PER_M
        pairs.append(
            Pair(*source, *target, offcut, fit.distance_km, fit.saved, fit.transport, fit.gain, fit.reasons)
        )
    served = {target for _, target in chosen}
    unmatched = tuple(
        _unmatched(problem, component, n)
        for component in problem.demand.values()
        for n in range(1, component.count + 1)
        if (component.id, n) not in served
    )
    return Matching(
        tuple(pairs), unmatched, problem.total(chosen), method, proved, _notes(pairs, method, proved, rules)
    )


def _unmatched(problem: _Problem, demand: Component, piece: int) -> Unmatched:
    suitable = sorted(
        (-fit.gain, source) for (source, target), fit in problem.fits.items() if target == demand.id
    )
    if suitable:
        nearest = suitable[0][1]
        return Unmatched(
            demand.id, piece, f"{nearest} would fit, but gains more or is used up elsewhere", nearest
        )
    if demand.id not in problem.nearest:
        return Unmatched(demand.id, piece, "nothing is offered", None)
    miss, source = problem.nearest[demand.id]
    if miss.stage == 0:
        return Unmatched(demand.id, piece, f"no {demand.kind} is offered", None)
    return Unmatched(demand.id, piece, f"nearest is {source}: {miss.text}", source)


def _notes(pairs: Sequence[Pair], method: Method, proved: bool, rules: _Rules) -> tuple[str, ...]:
    notes: list[str] = []
    if rules.transport_factor is None:
        notes.append("Transport is not counted: no factor was given.")
    else:
        without = sum(pair.transport_kg_co2e is None for pair in pairs)
        if without:
            notes.append(f"Transport of {without} pair(s) is not counted: their distance is not known.")
    straight = sum("straight line" in reason for pair in pairs for reason in pair.reasons)
    if straight:
        notes.append(f"The distance of {straight} pair(s) is a straight line; by road it is longer.")
    if method == "exact" and not proved:
        notes.append("The time ran out: a better choice may exist.")
    return tuple(notes)
