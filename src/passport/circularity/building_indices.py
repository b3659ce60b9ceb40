"""German circularity index and deconstruction score of a building, part by part, between two bounds.

    CI of a part = 0.3 dismantling + 0.7 end-of-life points as built      mean by mass
    deconstruction score of a part = ease x worth of the outcome           mean by mass

The points and the worth of each route stand in `route_points.csv`, the class of each joint in
`dismantling_classes.csv`. The lower end takes the route that is sure and the hardest joint, the upper end the
best route and the easiest. Ease is the detachability index. The German table of points per material may not
be redistributed, so these are the points of its scenarios, and the worth is this project's own: both are
"verify".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import cast

from passport.circularity.detachability import Detachability, PartDetachability
from passport.circularity.indicators import (
    DismantlingClass,
    DisturbingClass,
    bounded_mean,
    german_class,
    german_layer,
)
from passport.circularity.route_options import PartRoutes
from passport.circularity.tables import shipped_rows
from reference.interval import Interval

#: Joints from which a part leaves without anything of its neighbours.
_CLEAN = ("dry", "added elements")


@dataclass(frozen=True, slots=True)
class PartIndices:
    """The terms of one part.

    Attributes:
        mass_kg: weight in the means; None when unknown.
        low_route, high_route: the route that is sure and the best one.
        hardest, easiest: joint; empty where nothing is known.
        eol_built, dismantling, ci: German points.
        ease, outcome, score: of the deconstruction score [1].
    """

    unit_id: str
    family: str
    mass_kg: float | None
    low_route: str
    high_route: str
    hardest: str
    easiest: str
    eol_built: Interval
    dismantling: Interval
    ci: Interval
    ease: Interval
    outcome: Interval
    score: Interval


@dataclass(frozen=True, slots=True)
class BuildingIndices:
    """Means by mass over the parts whose mass is known; the number of the others is said beside them.

    Attributes:
        ci: German circularity index [points]; None where no mass is known.
        ci_class: class of the end-of-life points as built, such as "D", or "G to A".
        score: deconstruction score [1], in the form of Level(s) 2.4.
        mass_kg: known mass behind them.
        without_mass: number of parts of unknown mass.
    """

    parts: tuple[PartIndices, ...]
    ci: Interval | None
    eol_built: Interval | None
    ci_class: str
    score: Interval | None
    mass_kg: float
    without_mass: int


def building_indices(routes: Sequence[PartRoutes], detachability: Detachability) -> BuildingIndices:
    """Both indices of a building with the terms of every part.

    Args:
        routes: from `route_options`.
        detachability: from `score_detachability` of the same passport.

    Example:
        >>> found = building_indices(study.routes, study.detachability)  # doctest: +SKIP
        >>> found.ci, found.score  # doctest: +SKIP
    """
    of_part = {part.unit.unit_id: part for part in detachability.parts}
    of_element = {part.unit.global_id: part for part in detachability.parts if part.unit.core}
    layers: dict[str, int] = {}
    for each in routes:
        layers[each.proposal.global_id] = layers.get(each.proposal.global_id, 0) + 1
    parts = tuple(
        _part(
            each,
            of_part.get(each.unit_id, of_element.get(each.proposal.global_id)),
            alone=layers[each.proposal.global_id] == 1,
        )
        for each in routes
    )
    weighed = [(part.mass_kg, part) for part in parts if part.mass_kg is not None]
    eol = bounded_mean([(mass, part.eol_built) for mass, part in weighed])
    classes = () if eol is None else (german_class(eol.low), german_class(eol.high))
    return BuildingIndices(
        parts=parts,
        ci=bounded_mean([(mass, part.ci) for mass, part in weighed]),
        eol_built=eol,
        ci_class=" to ".join(dict.fromkeys(classes)),
        score=bounded_mean([(mass, part.score) for mass, part in weighed]),
        mass_kg=sum(part.mass_kg or 0.0 for part in parts),
        without_mass=sum(part.mass_kg is None for part in parts),
    )


def _part(routes: PartRoutes, held: PartDetachability | None, *, alone: bool) -> PartIndices:
    joint = None if held is None else held.factor("connection")
    hardest, easiest = ("", "") if joint is None else (joint.hardest, joint.easiest)
    classes = _dismantling_classes()
    worst = classes[hardest][0] if hardest in classes else "IV"
    best = classes[easiest][1] if easiest in classes else "I"
    points_low, points_high, worth_low, worth_high = _worth(routes)
    # A part that leaves clean carries no foreign matter; of others nobody knows.
    clean = alone or (hardest in _CLEAN and easiest in _CLEAN)
    disturbing: tuple[DisturbingClass, ...] | None = () if clean else None
    low = german_layer(points_low, worst, disturbing)
    high = german_layer(points_high, best, disturbing)
    ease = Interval(0.0, 1.0) if held is None else held.index
    outcome = Interval(worth_low, worth_high)
    return PartIndices(
        unit_id=routes.unit_id,
        family=routes.proposal.family,
        mass_kg=routes.mass_kg,
        low_route=routes.low,
        high_route=routes.high,
        hardest=hardest,
        easiest=easiest,
        eol_built=Interval(low.eol_built.low, high.eol_built.high),
        dismantling=Interval(low.dismantling.low, high.dismantling.high),
        ci=Interval(low.ci.low, high.ci.high),
        ease=ease,
        outcome=outcome,
        score=Interval(ease.low * outcome.low, ease.high * outcome.high),
    )


def _worth(routes: PartRoutes) -> tuple[float, float, float, float]:
    """Points and worth of the sure route at its lower end and of the best one at its upper end.

    A hazard makes the sure route worse than its rank says, so the ends are taken over both routes.
    """
    table = _route_points()
    both = table[routes.low], table[routes.high]
    return (
        min(row["points_low"] for row in both),
        max(row["points_high"] for row in both),
        min(row["outcome_low"] for row in both),
        max(row["outcome_high"] for row in both),
    )


@cache
def _route_points() -> Mapping[str, Mapping[str, float]]:
    names = ("points_low", "points_high", "outcome_low", "outcome_high")
    return {row["kind"]: {n: float(row[n]) for n in names} for row in shipped_rows("route_points.csv")}


@cache
def _dismantling_classes() -> Mapping[str, tuple[DismantlingClass, DismantlingClass]]:
    return {
        row["connection"]: (cast(DismantlingClass, row["hardest"]), cast(DismantlingClass, row["easiest"]))
        for row in shipped_rows("dismantling_classes.csv")
    }
