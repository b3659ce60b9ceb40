"""Everything that taking a building apart needs, in one call: plan, detachability, routes and inventory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from passport.circularity.detachability import Detachability, Version, score_detachability
from passport.circularity.dismantling import DismantlingPlan, plan_dismantling
from passport.circularity.inventory import DemolitionInventory, demolition_inventory
from passport.circularity.outlets import load_outlets
from passport.circularity.route_options import PartRoutes, route_options
from passport.circularity.routes import RouteProposal
from passport.circularity.survey import Survey, load_survey
from passport.circularity.takers import Card, load_cards
from passport.findings import Findings
from passport.models import Passport


@dataclass(frozen=True, eq=False)
class DismantlingStudy:
    """Plan, detachability, routes and inventory of one building, with the survey behind them."""

    passport: Passport
    survey: Survey
    plan: DismantlingPlan
    detachability: Detachability
    routes: Sequence[PartRoutes]
    inventory: DemolitionInventory

    @property
    def findings(self) -> Findings:
        """Of the survey, the plan and the joints."""
        return Findings((*self.survey.findings, *self.plan.findings, *self.detachability.findings))


def study_dismantling(
    passport: Passport,
    *,
    survey: str | Path | None = None,
    year_built: int | None = None,
    unit_times: str | Path | None = None,
    cards: str | Path | None = None,
    outlets: str | Path | None = None,
    proposals: Sequence[RouteProposal] | None = None,
    version: Version = "2.0",
    saved_per_kg: Mapping[str, float] | None = None,
) -> DismantlingStudy:
    """How a building comes apart and where its parts can go.

    Args:
        survey: the user's file, see `load_survey`.
        year_built: makes families suspect, such as asbestos before 2001.
        unit_times, cards, outlets: the user's tables, see `plan_dismantling`, `load_cards`, `load_outlets`.
        proposals: from `propose_routes` of the same passport, where they were made already.
        version: of the factors of detachability.
        saved_per_kg: from `new_material_kg_co2e`, for what reuse may avoid.

    Raises:
        PassportError: a file of the user cannot be used; file, line and field are named.

    Example:
        >>> study = study_dismantling(load_passport("passport.json"), year_built=1978)  # doctest: +SKIP
        >>> study.plan.order[:3], study.inventory.streams[0].ewc  # doctest: +SKIP
    """
    held: tuple[Card, ...] | None = None if cards is None else load_cards(cards)
    found = Survey() if survey is None else load_survey(survey, passport)
    plan = plan_dismantling(
        passport,
        year_built=year_built,
        hazards=found.hazards(),
        unit_times=unit_times,
        minutes=found.minutes(),
    )
    scores = score_detachability(
        passport, plan.graph, evidence=found.evidence(), year_built=year_built, version=version
    )
    takers = () if outlets is None else load_outlets(outlets)
    routes = route_options(
        passport,
        scores,
        survey=found,
        cards=held,
        outlets=takers,
        proposals=proposals,
        year_built=year_built,
        saved_per_kg=saved_per_kg,
    )
    inventory = demolition_inventory(passport, routes, plan, survey=found)
    return DismantlingStudy(passport, found, plan, scores, routes, inventory)
