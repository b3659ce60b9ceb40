"""End-of-life routes per portion: waste category, code, today's shares, and the best route with its reason.

Today's shares are those of the waste category (TOTEM element library, December 2024). The best route is the
project's own table `best_routes.csv`, the general practice of each family under its stated condition; what
the model does not say (mortar, joints, condition, hazard) is an action, never assumed away. That a route is
legal or accepted by a taker is for an expert and the taker to say.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from passport.assessment import ASSUMED, portion_label
from passport.models import Element, Passport, Portion
from reference.materials import load_materials
from reference.vocabulary import RouteKind
from reference.waste import end_of_life_of

if TYPE_CHECKING:
    from reference.models import EndOfLifeRule, Material

#: `route` of a portion of which the material is not known.
UNKNOWN = "unknown"
#: `route` of air.
NONE = "none"


@dataclass(frozen=True, slots=True)
class RouteProposal:
    """What can become of one portion.

    Attributes:
        global_id, portion: which portion of which element.
        waste_category: of the end-of-life table; empty when unknown.
        ewc: code of the European list of waste at the building; empty when unknown.
        hazard: what would make it hazardous waste, and under which code; empty when nothing is listed.
        mass_kg: None when unknown.
        today: today's shares of the mass, by route; they sum to 1, empty when unknown.
        today_route: the route of the largest share today.
        route: the best route: reuse, recycling, recovery or disposal; ``unknown`` or ``none`` (air).
        reason: why that route, and under which condition.
        action: what to do or to test first.
        confidence: ``read`` or ``verify`` (to be confirmed by an expert).
        source: where the best route comes from.
        assumed: the model states no material; it was assumed at the user's wish.
    """

    global_id: str
    portion: str
    ifc_class: str
    storey: str | None
    material_id: str | None
    family: str
    waste_category: str
    ewc: str
    hazard: str
    mass_kg: float | None
    today: dict[str, float]
    today_route: str
    route: str
    reason: str
    action: str
    confidence: str
    source: str
    assumed: bool = False

    @property
    def element_ids(self) -> tuple[str, ...]:
        """GlobalIds of the elements that the proposal is about."""
        return (self.global_id,)


@dataclass(frozen=True, slots=True)
class _BestRoute:
    ifc_classes: frozenset[str]
    route: str
    condition: str
    action: str
    confidence: str
    source: str


@cache
def _best_routes() -> dict[str, tuple[_BestRoute, ...]]:
    text = files("passport.circularity").joinpath("best_routes.csv").read_text(encoding="utf-8")
    table: dict[str, tuple[_BestRoute, ...]] = {}
    for row in csv.DictReader(text.splitlines()):
        entry = _BestRoute(
            frozenset(row["ifc_classes"].split("|")),
            RouteKind(row["best_route"]).value,
            row["condition"],
            row["action"],
            row["confidence"],
            row["source"],
        )
        table[row["family"]] = (*table.get(row["family"], ()), entry)
    return table


def propose_routes(passport: Passport) -> list[RouteProposal]:
    """One proposal per portion, in the order of the passport; no portion is left out.

    Example:
        >>> routes = propose_routes(load_passport("passport.json"))  # doctest: +SKIP
        >>> sum(r.mass_kg or 0 for r in routes if r.route == "reuse")  # doctest: +SKIP
    """
    return [_propose(element, portion) for element in passport.elements for portion in element.portions]


def _propose(element: Element, portion: Portion) -> RouteProposal:
    material = load_materials().get(portion.material_id) if portion.material_id is not None else None
    rule = end_of_life_of(material) if material is not None else None
    today = {} if rule is None else _today(rule)
    best = _best(element, portion, material)
    return RouteProposal(
        global_id=element.global_id,
        portion=portion_label(portion.position, portion.name),
        ifc_class=element.ifc_class,
        storey=element.storey,
        material_id=portion.material_id,
        family=portion.family,
        waste_category=(material.waste_category or "") if material is not None else "",
        ewc=(material.ewc or "") if material is not None and portion.family != "air" else "",
        hazard=_hazard(material),
        mass_kg=portion.mass_kg,
        today=today,
        today_route=max(today, key=lambda k: today[k]) if today else "",
        route=best.route,
        reason=best.condition,
        action=best.action,
        confidence=best.confidence,
        source=best.source,
        assumed=portion.step == ASSUMED,
    )


def _today(rule: EndOfLifeRule) -> dict[str, float]:
    shares = {
        RouteKind.REUSE.value: rule.reuse,
        RouteKind.RECYCLING.value: rule.recycling,
        RouteKind.RECOVERY.value: rule.incineration,
        RouteKind.DISPOSAL.value: rule.landfill,
    }
    return shares if sum(shares.values()) > 0 else {}


def _hazard(material: Material | None) -> str:
    if material is None or not material.hazard_trigger:
        return ""
    code = f" -> {material.hazard_ewc}" if material.hazard_ewc else ""
    return f"{material.hazard_trigger}{code}"


def _best(element: Element, portion: Portion, material: Material | None) -> _BestRoute:
    if portion.family == "air":
        return _no_route(NONE, "air: no material", "")
    if material is None:
        name = f"material {portion.name!r}" if portion.name else "the element's material"
        return _no_route(UNKNOWN, f"{name} is not known, so no route can be named", "identify it on site")
    for entry in _best_routes().get(portion.family, ()):
        if "*" in entry.ifc_classes or any(element.ifc_class.startswith(c) for c in entry.ifc_classes):
            if not material.hazard_trigger:
                return entry
            test = f"test for {material.hazard_trigger}"
            return replace(entry, action=f"{entry.action}; {test}" if entry.action else test)
    return _no_route(UNKNOWN, f"no route is listed for the family {portion.family}", "ask a taker")


def _no_route(route: str, reason: str, action: str) -> _BestRoute:
    return _BestRoute(frozenset(), route, reason, action, "", "")
