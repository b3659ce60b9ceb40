"""Every admissible route of every part, through gates in order, and why the best one is not certain.

Routes of a family stand in `attainable_routes.csv`, what takers accept in `acceptance_cards.csv` (facts of
public pages, each with source; a user's cards of the same columns win). Gates, in order:

    hazard         present: hazardous treatment only; suspected: both branches stay open until it is tested
    purity         the card of family and route: pure, or contaminated, or to be found out
    detachability  reuse needs a joint that can be undone (`reuse_joint` of the table: dry or added elements,
                   for bricks, stone and tiles also one that comes off, such as lime mortar), access
                   without irreparable damage and no full intersection; recycling needs a part that can be
                   parted from its neighbours
    condition      reuse needs surfaces with low damage at most
    size           reuse needs dimensions
    market         an outlet of the user (`outlets`) that takes the lot; else reuse practice of the material,
                   today's share for recycling

A gate passes, fails or is unknown. The high route is the best that no gate fails; the low one the best that
every gate passes, or today's where that is better and no gate fails it; the probable one is the low one. No
mass is dropped: what has no known material is a row of its own. A decision of a person wins, and the proposal
stays visible. That a route is legal or accepted by a taker is for an expert and the taker to say.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from passport.circularity.detachability import Detachability, PartDetachability, factor_values
from passport.circularity.outlets import Outlet
from passport.circularity.removal_units import suspicion
from passport.circularity.route_kinds import RECYCLING, REUSE, ROUTE_KINDS, UNKNOWN_ROUTE, rank
from passport.circularity.routes import NONE, RouteProposal, propose_routes
from passport.circularity.survey import Survey
from passport.circularity.tables import shipped_rows
from passport.circularity.takers import Card, Gate, Takers, attainable_routes, shipped_cards
from passport.models import Element, Passport, Portion
from reference.materials import load_materials
from reference.vocabulary import RouteKind

if TYPE_CHECKING:
    from reference.models import Material

#: Today's kinds of the waste statistics as kinds of this list, the cautious one.
_TODAY = {
    RouteKind.REUSE.value: "reuse elsewhere",
    RouteKind.RECYCLING.value: "open-loop recycling",
    RouteKind.RECOVERY.value: "energy recovery",
    RouteKind.DISPOSAL.value: "landfill",
}
#: Values of the classes from which a part counts as easily detachable.
_EASY_ACCESS, _SOME_INTERSECTIONS, _PARTED = 0.4, 0.4, 0.2


@dataclass(frozen=True, slots=True)
class RouteOption:
    """One admissible route of a part, with all of its gates."""

    kind: str
    gates: tuple[Gate, ...]

    @property
    def possible(self) -> bool:
        """Whether no gate fails."""
        return all(gate.verdict != "fail" for gate in self.gates)

    @property
    def certain(self) -> bool:
        """Whether every gate passes."""
        return all(gate.verdict == "pass" for gate in self.gates)

    @property
    def blocker(self) -> Gate | None:
        """The first gate that fails, else the first that is unknown; None when all pass."""
        for verdict in ("fail", "unknown"):
            for gate in self.gates:
                if gate.verdict == verdict:
                    return gate
        return None


@dataclass(frozen=True, slots=True)
class PartRoutes:
    """Routes of one part.

    Attributes:
        proposal: class route, today's shares, code and hazard question, as in routes.csv.
        mass_kg: None when unknown.
        options: every admissible route, the best first; empty for an unknown material.
        low, high, probable: kinds of `ROUTE_KINDS`, or ``unknown``; high is at least as good as low.
        today: kind of the largest share today.
        blocker: gate between probable and the best route of the family; None where nothing is between.
        blocked: that best route.
        decision, decided_by: what a person chose, and who and when; empty otherwise.
        ewc: code at the building; ewc_if_hazardous where a hazard is suspected.
        saved_low_kg_co2e, saved_high_kg_co2e: greenhouse gases of new material that reuse may avoid (A1-A3,
            preparation and transport not taken off), never netted; None where it is not known.
    """

    unit_id: str
    proposal: RouteProposal
    mass_kg: float | None
    options: tuple[RouteOption, ...]
    low: str
    high: str
    probable: str
    today: str
    blocker: Gate | None
    blocked: str
    ewc: str
    ewc_if_hazardous: str
    decision: str = ""
    decided_by: str = ""
    saved_low_kg_co2e: float | None = None
    saved_high_kg_co2e: float | None = None


@dataclass(frozen=True, slots=True)
class RouteMass:
    """Mass by route [kg]; over all rows each column sums to the known mass without air."""

    kind: str
    low_kg: float
    probable_kg: float
    high_kg: float
    parts: int


def route_options(
    passport: Passport,
    detachability: Detachability,
    *,
    survey: Survey | None = None,
    cards: Sequence[Card] | None = None,
    outlets: Sequence[Outlet] = (),
    proposals: Sequence[RouteProposal] | None = None,
    year_built: int | None = None,
    saved_per_kg: Mapping[str, float] | None = None,
) -> list[PartRoutes]:
    """Routes of every portion of a passport but air, in its order.

    Args:
        detachability: from `score_detachability`.
        survey: from `load_survey`.
        cards: from `load_cards`; default: those that ship.
        outlets: from `load_outlets`; default: none, so that a market is known from practice only.
        proposals: from `propose_routes` of the same passport, where they were made already.
        year_built: makes families suspect.
        saved_per_kg: by material id, from `new_material_kg_co2e`, for what reuse may avoid.

    Example:
        >>> routes = route_options(house, score_detachability(house, graph))  # doctest: +SKIP
        >>> routes[0].probable, routes[0].blocker.reason  # doctest: +SKIP
    """
    found = survey if survey is not None else Survey()
    of_part = {part.unit.unit_id: part for part in detachability.parts}
    of_element: dict[str, PartDetachability] = {
        part.unit.global_id: part for part in detachability.parts if part.unit.core
    }
    takers = Takers(passport, shipped_cards() if cards is None else cards, outlets)
    made = iter(propose_routes(passport) if proposals is None else proposals)
    routes = []
    figures = saved_per_kg or {}
    for element in passport.elements:
        for k, portion in enumerate(element.portions):
            proposal = next(made)
            per_kg = figures.get(portion.material_id or "")
            saved = None if per_kg is None or portion.mass_kg is None else per_kg * portion.mass_kg
            if proposal.route == NONE:
                continue
            unit_id = f"{element.global_id}/{k + 1}" if len(element.portions) > 1 else element.global_id
            part = of_part.get(unit_id, of_element.get(element.global_id))
            routes.append(
                _routes(
                    unit_id,
                    element,
                    portion,
                    proposal,
                    part,
                    found,
                    takers,
                    year_built,
                    saved,
                )
            )
    return routes


def mass_by_route(routes: Iterable[PartRoutes]) -> list[RouteMass]:
    """Mass over routes, low, probable and high, with what is unknown as a row; parts without mass count."""
    low: dict[str, float] = defaultdict(float)
    probable: dict[str, float] = defaultdict(float)
    high: dict[str, float] = defaultdict(float)
    parts: dict[str, int] = defaultdict(int)
    for each in routes:
        parts[each.probable] += 1
        for sums, kind in ((low, each.low), (probable, each.probable), (high, each.high)):
            sums[kind] += each.mass_kg or 0.0
    used = {*low, *probable, *high}
    return [
        RouteMass(kind, low[kind], probable[kind], high[kind], parts[kind])
        for kind in (*ROUTE_KINDS, UNKNOWN_ROUTE)
        if kind in used
    ]


def readiness(routes: Iterable[PartRoutes]) -> float | None:
    """Share of the mass whose best attainable route is certain already [-]; None without mass."""
    known = [each for each in routes if each.mass_kg and each.low != UNKNOWN_ROUTE]
    mass = sum(each.mass_kg or 0.0 for each in known)
    ready = sum(each.mass_kg or 0.0 for each in known if each.blocker is None)
    return ready / mass if mass else None


def _routes(
    unit_id: str,
    element: Element,
    portion: Portion,
    proposal: RouteProposal,
    part: PartDetachability | None,
    survey: Survey,
    takers: Takers,
    year_built: int | None,
    saved: float | None,
) -> PartRoutes:
    material = load_materials().get(portion.material_id or "")
    today = _TODAY.get(proposal.today_route, UNKNOWN_ROUTE)
    hazard = _hazard_gate(unit_id, portion, survey, year_built)
    stated_ewc = survey.of(unit_id, "ewc")
    starred = material.hazard_ewc or "" if material is not None else ""
    options: tuple[RouteOption, ...] = ()
    low = high = UNKNOWN_ROUTE
    if hazard.verdict == "fail":
        low = high = "hazardous treatment"
        options = (RouteOption("hazardous treatment", (Gate("hazard", "pass", hazard.reason),)),)
    elif material is not None:
        kinds = attainable_routes().get(portion.family, ())
        options = tuple(
            RouteOption(
                kind,
                _gates(kind, hazard, unit_id, element, portion, material, part, survey, takers, proposal),
            )
            for kind in sorted(kinds, key=rank)
        )
        high = next((each.kind for each in options if each.possible), today)
        held = [each for each in options if each.certain or (each.kind == today and each.possible)]
        low = held[0].kind if held else today
        if low == UNKNOWN_ROUTE:
            low = high
        if high == UNKNOWN_ROUTE or (low != UNKNOWN_ROUTE and rank(low) < rank(high)):
            high = low
        if hazard.verdict == "unknown":
            low = "hazardous treatment"
    decision = survey.of(unit_id, "decision")
    probable = decision or low
    best = options[0] if options else None
    reuse_high = saved if high in REUSE else 0.0 if saved is not None else None
    return PartRoutes(
        unit_id=unit_id,
        proposal=proposal,
        mass_kg=portion.mass_kg,
        options=options,
        low=decision or low,
        high=decision or high,
        probable=probable,
        today=today,
        blocker=None if best is None or best.kind == probable else best.blocker,
        blocked="" if best is None else best.kind,
        ewc=stated_ewc or (starred if hazard.verdict == "fail" and starred else proposal.ewc),
        ewc_if_hazardous=starred if hazard.verdict == "unknown" else "",
        decision=decision,
        decided_by=" ".join(t for t in (survey.of(unit_id, "by"), survey.of(unit_id, "date")) if t)
        if decision
        else "",
        saved_low_kg_co2e=saved if probable in REUSE else 0.0 if saved is not None else None,
        saved_high_kg_co2e=reuse_high,
    )


def _gates(
    kind: str,
    hazard: Gate,
    unit_id: str,
    element: Element,
    portion: Portion,
    material: Material,
    part: PartDetachability | None,
    survey: Survey,
    takers: Takers,
    proposal: RouteProposal,
) -> tuple[Gate, ...]:
    gates = [hazard]
    if kind in RECYCLING:
        gates.append(takers.purity(kind, portion.family, survey.of(unit_id, "purity")))
    if kind in REUSE or kind in RECYCLING:
        gates.append(_parted(kind, element, portion, part))
    if kind in REUSE:
        gates += [_condition(unit_id, survey), _size(unit_id, element, survey)]
    gates.append(takers.market(kind, material, proposal))
    return tuple(gates)


def _hazard_gate(unit_id: str, portion: Portion, survey: Survey, year_built: int | None) -> Gate:
    said, which = survey.of(unit_id, "hazard"), survey.of(unit_id, "hazard_text")
    if said == "present":
        return Gate("hazard", "fail", f"hazard found: {which or 'not named'}", "hazardous outlet only")
    if said == "suspected":
        return Gate("hazard", "unknown", f"hazard suspected: {which or 'not named'}", "have it tested")
    suspect = suspicion(portion.family, portion.material_id, year_built)
    if said == "absent" or not suspect:
        reason = "tested: absent" if said == "absent" else "nothing makes it suspect; only a test is certain"
        return Gate("hazard", "pass", reason)
    return Gate("hazard", "unknown", f"suspected: {suspect}", "have it tested")


def _parted(kind: str, element: Element, portion: Portion, part: PartDetachability | None) -> Gate:
    if part is None:
        return Gate("detachability", "unknown", "nothing is known of its joints", "look at them on site")
    joint, access = part.factor("connection"), part.factor("accessibility")
    if kind in RECYCLING:
        if len(element.portions) == 1 or joint.low >= _PARTED:
            return Gate("detachability", "pass", f"can be parted ({joint.hardest} to {joint.easiest})")
        if joint.high < _PARTED:
            return Gate(
                "detachability",
                "unknown",
                f"bonded to its neighbours ({joint.easiest})",
                "try to part it on site",
            )
        return Gate(
            "detachability", "unknown", f"joint {joint.hardest} to {joint.easiest}", "look at it on site"
        )
    crossed, edge = part.factor("intersections"), part.factor("edge")
    needs = (
        (joint, _reuse_joint(portion.family), "joint"), (access, _EASY_ACCESS, "access"),
        (crossed, _SOME_INTERSECTIONS, "intersections"), (edge, _SOME_INTERSECTIONS, "edge"),
    )  # fmt: skip
    for factor, least, word in needs:
        if factor.high < least:
            return Gate(
                "detachability", "fail", f"{word}: {factor.easiest} at best", "none: it would be damaged"
            )
    for factor, least, word in needs:
        if factor.low < least:
            reason = f"{word}: {factor.hardest} to {factor.easiest}"
            return Gate("detachability", "unknown", reason, f"look at its {word} on site")
    return Gate("detachability", "pass", f"joint {joint.easiest}, access {access.easiest}")


def _condition(unit_id: str, survey: Survey) -> Gate:
    said = survey.of(unit_id, "condition")
    if said in ("none", "low"):
        return Gate("condition", "pass", f"surface damage: {said}")
    if said == "high":
        return Gate("condition", "fail", "surface damage: high")
    reason = f"surface damage: {said}" if said else "its condition is not known"
    return Gate("condition", "unknown", reason, "look at it on site")


def _size(unit_id: str, element: Element, survey: Survey) -> Gate:
    if element.box_m is not None or survey.numbers.get(unit_id, {}).get("length_m"):
        return Gate("size", "pass", "dimensions are known")
    return Gate("size", "unknown", "its dimensions are not known", "measure it")


@cache
def _reuse_joint(family: str) -> float:
    """Value of the hardest joint from which a part of this family is still reused."""
    classes = factor_values("2.0")["connection"]
    rows = {row["family"]: row["reuse_joint"] for row in shipped_rows("attainable_routes.csv")}
    return classes[rows.get(family, "added elements")]
