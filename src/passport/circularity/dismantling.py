"""In which order a building comes apart, what must leave first for a part, and how long that may take.

A unit (`removal_units`) has edges "must leave before": a filling before its host, a covering before what it
covers, the outer layers before the core, what stands before what carries it. Edges that the model states are
certain, and those of faces that lie on what is made to carry; others from bodies, boxes or crossings are
possible. With the certain ones alone a target needs the fewest
removals, with all of them the most; the truth lies between. Units in a circle of edges leave together or are
broken: they are one block.

The order follows the edges first, then the phases of practice, then storeys from the top down, then Brand
layers, then the id, so that it is the same in every run.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from passport.circularity.removal_units import PHASES, RemovalUnit, removal_units
from passport.circularity.supports import Certainty, bearings, doubtful_walls
from passport.circularity.tables import shipped_rows, user_rows
from passport.errors import PassportError
from passport.findings import Finding, Findings, Severity
from passport.models import Passport

if TYPE_CHECKING:
    import networkx as nx

_BRAND_ORDER = ("Stuff", "Space plan", "Services", "Skin", "Structure", "Site")


@dataclass(frozen=True, slots=True)
class Precedence:
    """`before` must leave before `after`; both are unit ids."""

    before: str
    after: str
    source: str
    certainty: Certainty = "certain"


@dataclass(frozen=True, slots=True)
class RemovalSet:
    """What must leave before targets can, the targets included, each in an order that works.

    Attributes:
        targets: unit ids asked for.
        certain: with what the model states: the fewest.
        possible: with what may hold as well: the most; it contains `certain`.
    """

    targets: tuple[str, ...]
    certain: tuple[str, ...]
    possible: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DismantlingStep:
    """One unit in the order of the whole building.

    Attributes:
        number: place in the order, from 1.
        blocked_by: units that must leave directly before, certain ones first.
        block: number of the block that leaves together; 0 alone.
        minutes_low, minutes_high, crew: by `work_times.csv` or the user's table; None without a quantity.
    """

    number: int
    unit: RemovalUnit
    blocked_by: tuple[str, ...]
    block: int
    minutes_low: float | None
    minutes_high: float | None
    crew: int | None


@dataclass(frozen=True, eq=False)
class DismantlingGraph:
    """Units and which must leave before which.

    Raises:
        ValueError: an edge names no unit, or two units have one id.

    Example:
        >>> def part(name):
        ...     return RemovalUnit(
        ...         name, name, "", name, "IfcCovering", None, None, None, "", True, None, None, "", "")
        >>> units = part("board"), part("wool"), part("studs")
        >>> first = Precedence("board", "wool", "layers"), Precedence("wool", "studs", "layers")
        >>> DismantlingGraph(units, first).removal_set(["studs"]).certain
        ('board', 'wool', 'studs')
    """

    units: tuple[RemovalUnit, ...]
    edges: tuple[Precedence, ...]
    storey_height: Mapping[str | None, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        known = {unit.unit_id for unit in self.units}
        if len(known) < len(self.units):
            raise ValueError("two units have one id.")
        unknown = sorted({end for each in self.edges for end in (each.before, each.after)} - known)
        if unknown:
            raise ValueError(f"an edge names {unknown[0]!r}, which is no unit.")

    @cached_property
    def unit(self) -> dict[str, RemovalUnit]:
        """Units by id."""
        return {unit.unit_id: unit for unit in self.units}

    def removal_set(self, targets: Iterable[str]) -> RemovalSet:
        """The smallest sets of units that must leave for the targets: with certain and with all edges.

        Raises:
            ValueError: a target is no unit.
        """
        chosen = tuple(dict.fromkeys(targets))
        unknown = [each for each in chosen if each not in self.unit]
        if unknown:
            raise ValueError(f"{unknown[0]!r} is no unit of this graph.")
        sets = []
        for before in self._before:
            found, todo = set(chosen), list(chosen)
            while todo:
                for each in before.get(todo.pop(), ()):
                    if each not in found:
                        found.add(each)
                        todo.append(each)
            sets.append(tuple(sorted(found, key=self._place.__getitem__)))
        return RemovalSet(chosen, *sets)

    @cached_property
    def order(self) -> tuple[str, ...]:
        """Every unit once; no unit before one that must leave first, but within a block."""
        import networkx as nx

        graph = self._graph()
        condensed = nx.condensation(graph)
        members = {
            node: sorted(data["members"], key=self._priority) for node, data in condensed.nodes(data=True)
        }
        waiting = {node: condensed.in_degree(node) for node in condensed}
        ready = [(self._priority(members[node][0]), node) for node, count in waiting.items() if count == 0]
        heapq.heapify(ready)
        found: list[str] = []
        while ready:
            _, node = heapq.heappop(ready)
            found += members[node]
            for after in condensed.successors(node):
                waiting[after] -= 1
                if waiting[after] == 0:
                    heapq.heappush(ready, (self._priority(members[after][0]), after))
        return tuple(found)

    @cached_property
    def blocks(self) -> tuple[tuple[str, ...], ...]:
        """Units that must each leave before the other: they leave together or are broken."""
        import networkx as nx

        circles = nx.strongly_connected_components(self._graph())
        return tuple(sorted(tuple(sorted(each)) for each in circles if len(each) > 1))

    def blocked_by(self, unit_id: str) -> tuple[str, ...]:
        """Units that must leave directly before a unit, the certain ones first."""
        direct = [each for each in self._incoming[unit_id]]
        direct.sort(key=lambda each: (each.certainty != "certain", each.before))
        return tuple(dict.fromkeys(each.before for each in direct))

    @cached_property
    def _incoming(self) -> dict[str, list[Precedence]]:
        found: dict[str, list[Precedence]] = defaultdict(list)
        for each in self.edges:
            found[each.after].append(each)
        return found

    @cached_property
    def _place(self) -> dict[str, int]:
        return {unit_id: k for k, unit_id in enumerate(self.order)}

    @cached_property
    def _before(self) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
        """What must leave directly before a unit: by certain edges, and by all."""
        certain: dict[str, list[str]] = defaultdict(list)
        every: dict[str, list[str]] = defaultdict(list)
        for each in self.edges:
            every[each.after].append(each.before)
            if each.certainty == "certain":
                certain[each.after].append(each.before)
        return dict(certain), dict(every)

    def _graph(self) -> nx.DiGraph[str]:
        import networkx as nx

        graph: nx.DiGraph[str] = nx.DiGraph()
        graph.add_nodes_from(unit.unit_id for unit in self.units)
        graph.add_edges_from((each.before, each.after) for each in self.edges)
        return graph

    def _priority(self, unit_id: str) -> tuple[int, float, int, str]:
        unit = self.unit[unit_id]
        return (
            PHASES.index(unit.phase) if unit.phase in PHASES else len(PHASES),
            -self.storey_height.get(unit.storey, 0.0),
            _BRAND_ORDER.index(unit.brand_layer) if unit.brand_layer in _BRAND_ORDER else len(_BRAND_ORDER),
            unit_id,
        )


@dataclass(frozen=True, eq=False)
class DismantlingPlan:
    """The order of a whole building.

    Attributes:
        steps: every unit once, in order.
        blocks: units that leave together or are broken.
        findings: impossible or cyclic situations, and what has no time.
    """

    graph: DismantlingGraph
    steps: tuple[DismantlingStep, ...]
    blocks: tuple[tuple[str, ...], ...]
    findings: Findings

    @property
    def order(self) -> tuple[str, ...]:
        """Unit ids in order."""
        return tuple(step.unit.unit_id for step in self.steps)

    def removal_set(self, target: str) -> RemovalSet:
        """What must leave for an element (all of its units) or one unit.

        Raises:
            ValueError: it is neither.
        """
        units = [u.unit_id for u in self.graph.units if target in (u.unit_id, u.global_id)]
        if not units:
            raise ValueError(f"{target!r} is no element of the plan.")
        return self.graph.removal_set(units)

    def minutes(self, unit_ids: Iterable[str] | None = None) -> tuple[float, float, int]:
        """Low and high working time of all workers together [min], and for how many units it is unknown."""
        chosen = None if unit_ids is None else set(unit_ids)
        steps = [step for step in self.steps if chosen is None or step.unit.unit_id in chosen]
        known = [s for s in steps if s.minutes_low is not None and s.minutes_high is not None]
        return (
            sum(s.minutes_low or 0.0 for s in known),
            sum(s.minutes_high or 0.0 for s in known),
            len(steps) - len(known),
        )


def plan_dismantling(
    passport: Passport,
    *,
    year_built: int | None = None,
    hazards: Mapping[str, str] | None = None,
    joints: Iterable[Precedence] = (),
    unit_times: str | Path | None = None,
    minutes: Mapping[str, float] | None = None,
) -> DismantlingPlan:
    """The order in which a building comes apart.

    Args:
        year_built, hazards: as `removal_units`.
        joints: further precedence, such as from a survey.
        minutes: working time by unit id, such as from `fixing_minutes` [min]; wins over the table.
        unit_times: the user's table of working times (columns of `work_times.csv`); its rows win.

    Raises:
        PassportError: the table of times has faults; line and field are named.
        ValueError: `joints` names what is no unit.

    Example:
        >>> plan = plan_dismantling(load_passport("passport.json"))  # doctest: +SKIP
        >>> plan.removal_set("2O2Fr$t4X7Zf8NOew3FNr2").certain  # doctest: +SKIP
    """
    units = removal_units(passport, year_built=year_built, hazards=hazards)
    edges = (*precedences(passport, units), *joints)
    heights: dict[str | None, float] = {storey.name: storey.elevation_m or 0.0 for storey in passport.storeys}
    graph = DismantlingGraph(units, edges, heights)
    blocks = graph.blocks
    block_of = {unit_id: k + 1 for k, block in enumerate(blocks) for unit_id in block}
    times = _times(unit_times)
    steps = []
    for number, unit_id in enumerate(graph.order, start=1):
        unit = graph.unit[unit_id]
        low, high, crew = _minutes(unit, times)
        if minutes is not None and unit_id in minutes:
            low = high = minutes[unit_id]
        steps.append(
            DismantlingStep(
                number, unit, graph.blocked_by(unit_id), block_of.get(unit_id, 0), low, high, crew
            )
        )
    return DismantlingPlan(graph, tuple(steps), blocks, _notes(passport, graph, steps))


def fixing_minutes(
    fasteners: int, minutes_per_fastener: float, pieces: int, minutes_per_piece: float
) -> float:
    """Working time of a part by what is undone and what is carried [min].

    Example:
        >>> fixing_minutes(60, 0.25, 4, 2.0)
        23.0
    """
    return fasteners * minutes_per_fastener + pieces * minutes_per_piece


def precedences(passport: Passport, units: Sequence[RemovalUnit]) -> tuple[Precedence, ...]:
    """Which units must leave before which, from layers, relations and boxes; each pair once."""
    layers: dict[str, list[RemovalUnit]] = defaultdict(list)
    for unit in units:
        layers[unit.global_id].append(unit)
    found: dict[tuple[str, str], Precedence] = {}

    def add(before: str, after: str, source: str, certainty: Certainty) -> None:
        known = found.get((before, after))
        if before != after and (known is None or (known.certainty, certainty) == ("possible", "certain")):
            found[before, after] = Precedence(before, after, source, certainty)

    for own in layers.values():
        core = next((k for k, unit in enumerate(own) if unit.core), len(own) - 1)
        for k in range(core):
            add(own[k].unit_id, own[k + 1].unit_id, "layer before the core", "certain")
        for k in range(len(own) - 1, core, -1):
            add(own[k].unit_id, own[k - 1].unit_id, "layer before the core", "certain")

    def whole(first: str, later: str, source: str, certainty: Certainty) -> None:
        """Everything of one element before the core of another."""
        before = [unit for unit in layers[first] if unit.core]
        after = [unit for unit in layers[later] if unit.core]
        for one in before:
            for other in after:
                add(one.unit_id, other.unit_id, source, certainty)

    for each in passport.connections:
        if each.kind == "fills":
            whole(each.of, each.to, "fills an opening of it", "certain")
        elif each.kind == "covers":
            whole(each.of, each.to, "covers it", "certain")
        elif each.kind == "interferes":
            whole(each.of, each.to, "crosses it", "possible")
    for each_bearing in bearings(passport):
        whole(each_bearing.leaves, each_bearing.stays, each_bearing.source, each_bearing.certainty)
    return tuple(found.values())


def _notes(passport: Passport, graph: DismantlingGraph, steps: Sequence[DismantlingStep]) -> Findings:
    notes = []
    for block in graph.blocks:
        names = ", ".join(f"{graph.unit[unit_id].name} ({unit_id})" for unit_id in block[:6])
        notes.append(
            Finding(
                code="dismantling-circle",
                severity=Severity.WARNING,
                message=f"{len(block)} parts each have to leave before the other: {names}.",
                global_id=graph.unit[block[0]].global_id,
                hint="They leave together or are broken; look at them on site.",
            )
        )
    for wall in doubtful_walls(passport):
        said = wall.name or wall.global_id
        notes.append(
            Finding(
                code="wall-may-bear",
                # A partition drawn up to the floor above is usual; an external wall is not.
                severity=Severity.WARNING if wall.is_external else Severity.INFO,
                message=f"{said} is said not to bear, but a floor, roof or beam lies on it.",
                global_id=wall.global_id,
                hint="Have an engineer look before it leaves.",
            )
        )
    without = sum(step.minutes_low is None for step in steps)
    if without:
        notes.append(
            Finding(
                code="dismantling-time-unknown",
                severity=Severity.INFO,
                message=f"{without} of {len(steps)} parts have no working time: their quantity is unknown.",
                hint="Complete the model, or give them in your table of times.",
            )
        )
    return Findings(notes)


def _minutes(
    unit: RemovalUnit, times: Sequence[dict[str, str]]
) -> tuple[float | None, float | None, int | None]:
    for row in times:
        if unit.ifc_class.startswith(row["ifc_class"]) and row["family"] in ("", unit.family):
            mass_t = None if unit.mass_kg is None else unit.mass_kg / 1000
            quantity = {"piece": 1.0, "m2": unit.area_m2, "t": mass_t}[row["measure"]]
            if quantity is not None:
                low, high = float(row["minutes_low"]), float(row["minutes_high"])
                return low * quantity, high * quantity, int(row["crew"])
    return None, None, None


def _times(path: str | Path | None) -> tuple[dict[str, str], ...]:
    if path is None:
        return shipped_rows("work_times.csv")
    rows = user_rows(path, ("ifc_class", "family", "measure", "minutes_low", "minutes_high", "crew"))
    for line, row in rows:
        _check_time(f"{path}, line {line}", row)
    return (*(row for _, row in rows), *shipped_rows("work_times.csv"))


def _check_time(place: str, row: Mapping[str, str]) -> None:
    if row["measure"] not in ("piece", "m2", "t"):
        raise PassportError(f"{place}: measure is {row['measure']!r}; use piece, m2 or t.")
    try:
        low, high, crew = float(row["minutes_low"]), float(row["minutes_high"]), int(row["crew"])
    except (TypeError, ValueError) as error:
        raise PassportError(f"{place}: minutes and crew must be numbers.") from error
    if not (0 <= low <= high < float("inf") and crew > 0):
        raise PassportError(f"{place}: minutes must be 0 or more, low below high, and the crew 1 or more.")
