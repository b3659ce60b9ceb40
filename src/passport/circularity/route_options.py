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

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from passport.circularity.detachability import Detachability, PartDetachability, factor_values
from passport.circularity.outlets import MarketAnswer, Outlet, ask_outlets, by_family_and_route, lots_of
from passport.circularity.removal_units import suspicion
from passport.circularity.route_kinds import RECYCLING, REUSE, ROUTE_KINDS, UNKNOWN_ROUTE, rank
from passport.circularity.routes import NONE, RouteProposal, propose_routes
from passport.circularity.survey import Survey
from passport.circularity.tables import shipped_rows, user_rows
from passport.errors import PassportError
from passport.models import Element, Passport, Portion
from reference.materials import load_materials
from reference.vocabulary import Indicator, RouteKind, Stage

if TYPE_CHECKING:
    from lca.impact import Impact
    from reference.models import Material

GateName = Literal["hazard", "purity", "detachability", "condition", "size", "market"]
Verdict = Literal["pass", "fail", "unknown"]

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
class Gate:
    """One gate of one route: its verdict, why, and what would change it."""

    name: GateName
    verdict: Verdict
    reason: str
    action: str = ""


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


@dataclass(frozen=True, slots=True)
class Card:
    """One condition of a taker: must, may or maynot, with a limit where there is one."""

    family_ids: frozenset[str]
    route_kind: str
    kind: str
    text: str
    source: str
    confidence: str
    own: bool = False


def route_options(
    passport: Passport,
    detachability: Detachability,
    *,
    survey: Survey | None = None,
    cards: Sequence[Card] | None = None,
    outlets: Sequence[Outlet] = (),
    proposals: Sequence[RouteProposal] | None = None,
    year_built: int | None = None,
    impact: Impact | None = None,
) -> list[PartRoutes]:
    """Routes of every portion of a passport but air, in its order.

    Args:
        detachability: from `score_detachability`.
        survey: from `load_survey`.
        cards: from `load_cards`; default: those that ship.
        outlets: from `load_outlets`; default: none, so that a market is known from practice only.
        proposals: from `propose_routes` of the same passport, where they were made already.
        year_built: makes families suspect.
        impact: of the same passport (`Assessment.impact`), for what reuse may avoid.

    Example:
        >>> routes = route_options(house, score_detachability(house, graph))  # doctest: +SKIP
        >>> routes[0].probable, routes[0].blocker.reason  # doctest: +SKIP
    """
    found = survey if survey is not None else Survey()
    held: dict[str, list[Card]] = defaultdict(list)
    for card in shipped_cards() if cards is None else cards:
        for family in card.family_ids:
            held[family].append(card)
    of_part = {part.unit.unit_id: part for part in detachability.parts}
    of_element: dict[str, PartDetachability] = {
        part.unit.global_id: part for part in detachability.parts if part.unit.core
    }
    answers = _answers(passport, outlets)
    made = iter(propose_routes(passport) if proposals is None else proposals)
    routes = []
    row = 0
    for element in passport.elements:
        for k, portion in enumerate(element.portions):
            proposal = next(made)
            saved = _saved(impact, row)
            row += 1
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
                    held.get(portion.family, ()),
                    answers,
                    year_built,
                    saved,
                )
            )
    return routes


def _answers(passport: Passport, outlets: Sequence[Outlet]) -> dict[tuple[str, str], MarketAnswer]:
    """What the outlets say of each family and route of the building."""
    lots = lots_of(passport) if outlets else {}
    found = {}
    for (family, kind), asked in by_family_and_route(outlets).items():
        answer = ask_outlets(asked, lots[family]) if family in lots else None
        if answer is not None:
            found[family, kind] = answer
    return found


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
    cards: Sequence[Card],
    answers: Mapping[tuple[str, str], MarketAnswer],
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
        kinds = _attainable().get(portion.family, ())
        options = tuple(
            RouteOption(
                kind,
                _gates(
                    kind, hazard, unit_id, element, portion, material, part, survey, cards, answers, proposal
                ),
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
    cards: Sequence[Card],
    answers: Mapping[tuple[str, str], MarketAnswer],
    proposal: RouteProposal,
) -> tuple[Gate, ...]:
    gates = [hazard]
    if kind in RECYCLING:
        gates.append(_purity(kind, unit_id, portion, survey, cards))
    if kind in REUSE or kind in RECYCLING:
        gates.append(_parted(kind, element, portion, part))
    if kind in REUSE:
        gates += [_condition(unit_id, survey), _size(unit_id, element, survey)]
    answer = answers.get((portion.family, kind))
    if answer is not None:
        gates.append(Gate("market", answer.verdict, answer.reason, answer.action))
    else:
        gates.append(_market(kind, portion, material, cards, proposal))
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


def _purity(kind: str, unit_id: str, portion: Portion, survey: Survey, cards: Sequence[Card]) -> Gate:
    said = survey.of(unit_id, "purity")
    own = [card for card in cards if card.route_kind in (kind, "any")]
    musts = "; ".join(card.text for card in own if card.kind == "must")
    nots = "; ".join(card.text for card in own if card.kind == "maynot")
    card = f" (must be: {musts})" if musts else f" (may not be: {nots})" if nots else ""
    if said == "pure":
        return Gate("purity", "pass", "found pure on site")
    if said == "contaminated":
        return Gate("purity", "fail", f"found contaminated on site{card}", "a sorting plant may accept it")
    if not own:
        return Gate("purity", "pass", "no card of a taker is known; purity is not tested")
    return Gate("purity", "unknown", f"purity is not known{card}", "collect it apart and look at it")


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


def _market(
    kind: str, portion: Portion, material: Material, cards: Sequence[Card], proposal: RouteProposal
) -> Gate:
    if kind in REUSE:
        practice = material.reuse_practice
        if practice == "common":
            return Gate("market", "pass", "reuse is common practice")
        reason = f"reuse is {practice or 'of unknown practice'}"
        return Gate("market", "unknown", reason, "find a taker before it is taken out")
    if kind in RECYCLING:
        if kind == "open-loop recycling" and proposal.today.get(RouteKind.RECYCLING.value, 0.0) >= 0.5:
            share = proposal.today[RouteKind.RECYCLING.value]
            return Gate("market", "pass", f"{share:.0%} is recycled today")
        takers = any(card.route_kind == kind for card in cards)
        reason = "takers publish what they accept" if takers else "no taker is known"
        return Gate(
            "market", "unknown", f"{reason}; distance, lot and price are not", "ask a taker for this lot"
        )
    return Gate("market", "pass", "outlets exist today")


def _saved(impact: Impact | None, row: int) -> float | None:
    """Fossil and land use greenhouse gases of A1-A3 of one portion [kg CO2 eq]."""
    if impact is None:
        return None
    stage = impact.stages.index(Stage.A1_A3)
    values = [
        float(impact.values[row, impact.indicators.index(each), stage])
        for each in (Indicator.GWP_FOSSIL, Indicator.GWP_LULUC)
    ]
    return None if math.isnan(values[0]) else math.fsum(v for v in values if not math.isnan(v))


def load_cards(path: str | Path) -> tuple[Card, ...]:
    """A taker's or producer's conditions; they win over those that ship for the same family and route.

    Columns: family_ids ("gypsum-board|gypsum-plaster"), route_kind, kind (must, may, maynot), text, source.

    Raises:
        PassportError: the file cannot be read, or a row has faults; line and field are named.
    """
    rows = user_rows(path, ("family_ids", "route_kind", "kind", "text", "source"))
    own = []
    for line, row in rows:
        families = frozenset(row["family_ids"].split("|"))
        unknown = sorted(families - set(_attainable()))
        if unknown:
            raise PassportError(f"{path}, line {line}, family_ids: {unknown[0]!r} is no family.")
        if row["route_kind"] not in (*ROUTE_KINDS, "any"):
            raise PassportError(f"{path}, line {line}, route_kind: {row['route_kind']!r} is no route.")
        if row["kind"] not in ("must", "may", "maynot"):
            raise PassportError(f"{path}, line {line}, kind: {row['kind']!r}; use must, may or maynot.")
        own.append(
            Card(families, row["route_kind"], row["kind"], row["text"], row["source"], "user", own=True)
        )
    said = {(family, card.route_kind) for card in own for family in card.family_ids}
    kept = [c for c in shipped_cards() if not any((f, c.route_kind) in said for f in c.family_ids)]
    return (*own, *kept)


@cache
def shipped_cards() -> tuple[Card, ...]:
    """Conditions of takers as published, each with its source."""
    return tuple(
        Card(
            frozenset(row["family_ids"].split("|")) - {""}, row["route_kind"], row["kind"], row["text"],
            row["source"], row["confidence"],
        )
        for row in shipped_rows("acceptance_cards.csv")
    )  # fmt: skip


@cache
def _reuse_joint(family: str) -> float:
    """Value of the hardest joint from which a part of this family is still reused."""
    classes = factor_values("2.0")["connection"]
    rows = {row["family"]: row["reuse_joint"] for row in shipped_rows("attainable_routes.csv")}
    return classes[rows.get(family, "added elements")]


@cache
def _attainable() -> Mapping[str, tuple[str, ...]]:
    return {row["family"]: tuple(row["routes"].split("|")) for row in shipped_rows("attainable_routes.csv")}
