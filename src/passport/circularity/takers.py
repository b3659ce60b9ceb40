"""What takers accept, and whether there is one: the gates of purity and of the market.

What is accepted stands in `acceptance_cards.csv` (facts of public pages, each with source); a user's cards of
the same columns win. Outlets are the user's alone, see `outlets`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from passport.circularity.outlets import Outlet, ask_outlets, by_family_and_route, lots_of
from passport.circularity.route_kinds import RECYCLING, REUSE, ROUTE_KINDS
from passport.circularity.tables import shipped_rows, user_rows
from passport.errors import PassportError
from passport.models import Passport
from reference.vocabulary import RouteKind

if TYPE_CHECKING:
    from passport.circularity.routes import RouteProposal
    from reference.models import Material

GateName = Literal["hazard", "purity", "detachability", "condition", "size", "market"]
Verdict = Literal["pass", "fail", "unknown"]


@dataclass(frozen=True, slots=True)
class Gate:
    """One gate of one route: its verdict, why, and what would change it."""

    name: GateName
    verdict: Verdict
    reason: str
    action: str = ""


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


class Takers:
    """Cards and outlets for one building; each answer is made once, since thousands of parts ask the same.

    Args:
        cards: conditions of takers.
        outlets: who takes what, for the lots of `passport`.
    """

    def __init__(self, passport: Passport, cards: Iterable[Card], outlets: Sequence[Outlet] = ()) -> None:
        self._cards: dict[str, list[Card]] = defaultdict(list)
        for card in cards:
            for family in card.family_ids:
                self._cards[family].append(card)
        self._open: dict[tuple[str, str], Gate] = {}
        lots = lots_of(passport) if outlets else {}
        for (family, kind), asked in by_family_and_route(outlets).items():
            answer = ask_outlets(asked, lots[family]) if family in lots else None
            if answer is not None:
                self._open[family, kind] = Gate("market", answer.verdict, answer.reason, answer.action)
        self._practice: dict[tuple[str, str], Gate] = {}
        self._texts: dict[tuple[str, str], tuple[bool, str]] = {}

    def purity(self, kind: str, family: str, found: str) -> Gate:
        """Whether a taker accepts it, by its cards and by what was found on site (pure, contaminated, "")."""
        key = family, kind
        if key not in self._texts:
            own = [card for card in self._cards.get(family, ()) if card.route_kind in (kind, "any")]
            musts = "; ".join(card.text for card in own if card.kind == "must")
            nots = "; ".join(card.text for card in own if card.kind == "maynot")
            said = f" (must be: {musts})" if musts else f" (may not be: {nots})" if nots else ""
            self._texts[key] = bool(own), said
        known, said = self._texts[key]
        if found == "pure":
            return Gate("purity", "pass", "found pure on site")
        if found == "contaminated":
            return Gate(
                "purity", "fail", f"found contaminated on site{said}", "a sorting plant may accept it"
            )
        if not known:
            return Gate("purity", "pass", "no card of a taker is known; purity is not tested")
        return Gate("purity", "unknown", f"purity is not known{said}", "collect it apart and look at it")

    def market(self, kind: str, material: Material, proposal: RouteProposal) -> Gate:
        """Whether somebody takes it: an outlet of the user, else practice and today's shares."""
        stated = self._open.get((material.family, kind))
        if stated is not None:
            return stated
        key = material.material_id, kind
        if key not in self._practice:
            takers = any(card.route_kind == kind for card in self._cards.get(material.family, ()))
            self._practice[key] = _practice(kind, material, proposal, takers)
        return self._practice[key]


def _practice(kind: str, material: Material, proposal: RouteProposal, takers: bool) -> Gate:
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
        reason = "takers publish what they accept" if takers else "no taker is known"
        return Gate(
            "market", "unknown", f"{reason}; distance, lot and price are not", "ask a taker for this lot"
        )
    return Gate("market", "pass", "outlets exist today")


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
        unknown = sorted(families - set(attainable_routes()))
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
def attainable_routes() -> Mapping[str, tuple[str, ...]]:
    """Admissible kinds of route by family, the best first."""
    return {row["family"]: tuple(row["routes"].split("|")) for row in shipped_rows("attainable_routes.csv")}
