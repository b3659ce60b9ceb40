"""How easily parts come apart: the four factors of the detachability index as bounds, never as one default.

    connection TV, accessibility ToV, intersections DK, edge RO: classes (`detachability_factors.csv`)
    LI connection = 2 / (1/TV + 1/ToV)    LI structure = 2 / (1/DK + 1/RO)
    LI product    = 2 / (1/LI connection + 1/LI structure)    LI building = sum(LI w) / sum(w)

Source: DGBC, Alba Concepts, W/E, Circular Buildings v2.0 (2021); values and harmonic form are recalled and to
be checked ("verify"), so no result is "according to" it. v1.0 as coded in an MIT-licensed tool (2023).

A factor that nobody knows has the worst and the best class. Evidence narrows it: a survey, fasteners of the
model, then the usual joint of class and family (`joint_rules.csv`: with the year of construction and with
the family that the part touches where they tell more), then the layers in front. A survey that
contradicts the usual joint wins and is a finding.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from typing import Literal

from passport.circularity.assembly import assembly_of
from passport.circularity.dismantling import DismantlingGraph
from passport.circularity.removal_units import RemovalUnit
from passport.circularity.tables import shipped_rows
from passport.findings import Finding, Findings, Severity
from passport.models import Passport
from reference.interval import Interval

Version = Literal["2.0", "1.0"]
FACTORS: tuple[str, ...] = ("connection", "accessibility", "intersections", "edge")
#: Joints that can be undone without destroying what they hold.
_UNDONE = ("dry", "added elements", "direct integral")
#: Products of these Brand layers have no index.
_NOT_COUNTED = ("Stuff", "Site", "none")


@dataclass(frozen=True, slots=True)
class FactorRange:
    """One factor of one part.

    Attributes:
        factor: connection, accessibility, intersections or edge.
        low, high: value of the hardest and the easiest class that are possible [-].
        hardest, easiest: these classes.
        origin: survey, model, usual joint, layers, or nothing.
    """

    factor: str
    low: float
    high: float
    hardest: str
    easiest: str
    origin: str


@dataclass(frozen=True, slots=True)
class PartDetachability:
    """The index of one part, with its terms."""

    unit: RemovalUnit
    factors: tuple[FactorRange, ...]
    index: Interval

    def factor(self, name: str) -> FactorRange:
        """One of the four factors."""
        return self.factors[FACTORS.index(name)]


@dataclass(frozen=True, slots=True)
class Narrowing:
    """A fact that would narrow the band of the building.

    Attributes:
        factor, ifc_class, family: what to find out, and of which parts.
        parts: number of parts.
        width: how much narrower the band would be at most [-].
    """

    factor: str
    ifc_class: str
    family: str
    parts: int
    width: float


@dataclass(frozen=True, eq=False)
class Detachability:
    """Detachability of a building.

    Attributes:
        version: of the table of factors.
        parts: every part that has an index.
        building: mass-weighted; None where no mass is known.
        by_layer: the same per Brand layer.
        mass_kg: mass behind `building`; `without_mass`: parts that are in no mean.
        known_share: share of that mass of which the connection is known better than "any class" [-].
        narrowing: what would narrow the band most, the largest first.
        findings: evidence that contradicts the usual joint.
    """

    version: Version
    parts: tuple[PartDetachability, ...]
    building: Interval | None
    by_layer: Mapping[str, Interval]
    mass_kg: float
    without_mass: int
    known_share: float | None
    narrowing: tuple[Narrowing, ...]
    findings: Findings

    def ranges(self) -> dict[str, tuple[float, float]]:
        """Bounds by unit id."""
        return {part.unit.unit_id: (part.index.low, part.index.high) for part in self.parts}


def detachability_index(connection: float, accessibility: float, intersections: float, edge: float) -> float:
    """Index of a product from the values of its factors [-].

    Raises:
        ValueError: a value is not above 0 and at most 1.

    Example:
        >>> round(detachability_index(0.8, 0.8, 1.0, 0.4), 6)
        0.666667
    """
    values = (connection, accessibility, intersections, edge)
    if not all(0 < each <= 1 for each in values):
        raise ValueError(f"values of factors are above 0 and at most 1, not {values}.")
    return 4.0 / sum(1.0 / each for each in values)


def score_detachability(
    passport: Passport,
    graph: DismantlingGraph,
    *,
    evidence: Mapping[str, Mapping[str, str]] | None = None,
    year_built: int | None = None,
    version: Version = "2.0",
) -> Detachability:
    """Bounds of the detachability index of every part, Brand layer and the building.

    Args:
        graph: from `plan_dismantling(passport).graph`.
        evidence: class by factor by unit id (or GlobalId, for all of its parts), such as from a survey;
            "assembly" in the words of the TOTEM library where no class is given.
        year_built: of the building; the usual joint of some parts changed over time.

    Raises:
        ValueError: a class that the version does not have.

    Example:
        >>> score_detachability(house, plan_dismantling(house).graph).building  # doctest: +SKIP
        Interval(low=0.15, high=0.47)
    """
    given = evidence or {}
    joints = _model_joints(passport)
    stated = {element.global_id: dict(element.joints) for element in passport.elements}
    notes: list[Finding] = []
    beside = neighbour_families(passport, graph.units)
    usual = {
        unit.unit_id: usual_joint(
            unit.ifc_class, unit.family, beside.get(unit.unit_id, frozenset()), year_built
        )
        for unit in graph.units
    }
    parts = []
    for unit in graph.units:
        if unit.brand_layer in _NOT_COUNTED:
            continue
        said = {**given.get(unit.global_id, {}), **given.get(unit.unit_id, {})}
        by_model = stated.get(unit.global_id, {}) if unit.core else {}
        ranges = []
        for factor in FACTORS:
            told = _told(said, factor, "survey", version) or _told(by_model, factor, "model", version)
            if told is not None:
                notes += _contradiction(unit, told, usual[unit.unit_id], version)
            ranges.append(told or _range(unit, factor, graph, joints, usual, version))
        notes += _unknown_words(unit, by_model)
        low, high, _ = _bounds(tuple((each.low, each.high) for each in ranges))
        index = Interval(low, high)
        parts.append(PartDetachability(unit, tuple(ranges), index))
    weighed = [part for part in parts if part.unit.mass_kg]
    mass = sum(part.unit.mass_kg or 0.0 for part in weighed)
    layers: dict[str, list[PartDetachability]] = defaultdict(list)
    for part in weighed:
        layers[part.unit.brand_layer].append(part)
    known = sum(p.unit.mass_kg or 0.0 for p in weighed if p.factor("connection").origin != "nothing")
    return Detachability(
        version=version,
        parts=tuple(parts),
        building=_mean(weighed),
        by_layer={name: mean for name, own in sorted(layers.items()) if (mean := _mean(own)) is not None},
        mass_kg=mass,
        without_mass=len(parts) - len(weighed),
        known_share=known / mass if mass else None,
        narrowing=_narrowing(weighed, mass),
        findings=Findings(notes),
    )


@cache
def factor_values(version: Version) -> Mapping[str, Mapping[str, float]]:
    """Value by class by factor, the easiest class first."""
    found: dict[str, dict[str, float]] = {factor: {} for factor in FACTORS}
    for row in shipped_rows("detachability_factors.csv"):
        if row["version"] == version:
            found[row["factor"]][row["class"]] = float(row["value"])
    return found


def _range(
    unit: RemovalUnit,
    factor: str,
    graph: DismantlingGraph,
    joints: Mapping[str, str],
    usual: Mapping[str, tuple[str, str] | None],
    version: Version,
) -> FactorRange:
    values = factor_values(version)[factor]
    classes = list(values)
    easiest, hardest, origin = classes[0], classes[-1], "nothing"
    if factor == "connection" and unit.global_id in joints and unit.core:
        easiest = hardest = joints[unit.global_id]
        origin = "model"
    elif factor == "connection" and (pair := usual[unit.unit_id]) is not None:
        hardest, easiest, origin = *pair, "usual joint"
    elif factor == "accessibility":
        in_front = [
            each for each in graph.blocked_by(unit.unit_id) if graph.unit[each].global_id == unit.global_id
        ]
        if not in_front:
            easiest, hardest, origin = "free", "no damage", "layers"
        else:
            covers = [usual[each] for each in in_front]
            if all(
                pair is not None and pair[0] in ("dry", "added elements", "direct integral")
                for pair in covers
            ):
                easiest, hardest, origin = "no damage", "repairable", "layers"
            else:
                easiest, origin = "no damage", "layers"
    return FactorRange(factor, values[hardest], values[easiest], hardest, easiest, origin)


def _told(said: Mapping[str, str], factor: str, origin: str, version: Version) -> FactorRange | None:
    """A factor as somebody tells it, by its class or by the words for a type of assembly.

    Raises:
        ValueError: a class of a survey that the version does not have.
    """
    values = factor_values(version)[factor]
    if factor in said:
        named = said[factor]
        if named in values:
            return FactorRange(factor, values[named], values[named], named, named, origin)
        if origin == "survey":
            raise ValueError(f"{named!r} is no class of {factor}; use {', '.join(values)}.")
    words = assembly_of(said.get("assembly", ""))
    if words is None:
        return None
    pair = {
        "connection": (words.hardest, words.easiest),
        "accessibility": (words.access_hardest, words.access_easiest),
    }.get(factor, ("", ""))
    if not all(each in values for each in pair):
        return None
    return FactorRange(factor, values[pair[0]], values[pair[1]], *pair, origin)


def _unknown_words(unit: RemovalUnit, said: Mapping[str, str]) -> list[Finding]:
    words = said.get("assembly", "")
    if not words or assembly_of(words) is not None or words.casefold().startswith("not applicable"):
        return []
    return [
        Finding(
            code="assembly-word-unknown",
            severity=Severity.WARNING,
            message=f"{unit.name}: the type of assembly {words!r} is not of the list.",
            global_id=unit.global_id,
            hint="Use the words of the TOTEM library; until then it is not used.",
        )
    ]


@lru_cache(maxsize=4096)
def usual_joint(
    ifc_class: str, family: str, beside: frozenset[str] = frozenset(), year_built: int | None = None
) -> tuple[str, str] | None:
    """Hardest and easiest usual joint of a part; None where nothing is usual.

    Of a part between several others the rows of all of them count: it is as hard as the hardest, and as easy
    as the hardest of their easiest. Rows narrow the joint of the family alone, they never widen it.

    Args:
        beside: families that the part touches.

    Example:
        >>> usual_joint("IfcSlab", "screed"), usual_joint("IfcSlab", "screed", frozenset({"eps"}))
        (('hard chemical', 'dry'), ('direct integral', 'dry'))
        >>> usual_joint("IfcWall", "clay-brick", year_built=1905)
        ('soft chemical', 'soft chemical')
    """
    order = list(factor_values("2.0")["connection"])
    plain: tuple[str, str] | None = None
    special: list[tuple[str, str]] = []
    for row in shipped_rows("joint_rules.csv"):
        if not ifc_class.startswith(row["ifc_class"]) or row["family"] not in ("", family):
            continue
        if row["to_family"] and row["to_family"] not in beside:
            continue
        if not _built(row, year_built):
            continue
        pair = row["hardest"], row["easiest"]
        if row["to_family"] or row["from_year"] or row["before_year"]:
            special.append(pair)
        elif plain is None:
            plain = pair
            break
    if not special:
        return plain
    hardest = max((pair[0] for pair in special), key=order.index)
    easiest = max((pair[1] for pair in special), key=order.index)
    if plain is None:
        return hardest, easiest
    # The joint of the family alone is the outer bound.
    hardest = min(hardest, plain[0], key=order.index)
    easiest = max(easiest, plain[1], key=order.index)
    return hardest, min(easiest, hardest, key=order.index)


def neighbour_families(passport: Passport, units: Sequence[RemovalUnit]) -> dict[str, frozenset[str]]:
    """Families that each unit touches: the layers beside it, and what it covers or lies on."""
    found: dict[str, set[str]] = defaultdict(set)
    cores = {unit.global_id: unit for unit in units if unit.core}
    for unit, following in pairwise(units):
        if _next_layer(unit.unit_id, following.unit_id):
            found[unit.unit_id].add(following.family)
            found[following.unit_id].add(unit.family)
    for each in passport.connections:
        if each.kind in ("covers", "lies on", "touches"):
            one, other = cores.get(each.of), cores.get(each.to)
            if one is not None and other is not None and one.ifc_class.startswith("IfcCovering"):
                found[one.unit_id].add(other.family)
    return {unit_id: frozenset(families) for unit_id, families in found.items()}


def _next_layer(one: str, other: str) -> bool:
    """Whether the second is the layer behind the first; air between them parts them."""
    element, _, layer = one.partition("/")
    same, _, following = other.partition("/")
    return element == same and layer != "" and following == str(int(layer) + 1)


def _built(row: Mapping[str, str], year: int | None) -> bool:
    if not row["from_year"] and not row["before_year"]:
        return True
    if year is None:
        return False
    return year >= int(row["from_year"] or 0) and year < int(row["before_year"] or 9999)


def _model_joints(passport: Passport) -> dict[str, str]:
    """The joint that fasteners of the model tell, by GlobalId; of several the hardest."""
    order = list(factor_values("2.0")["connection"])
    found: dict[str, str] = {}
    for each in passport.connections:
        if each.joint is None:
            continue
        for end in (each.of, each.to):
            if end not in found or order.index(each.joint) > order.index(found[end]):
                found[end] = each.joint
    return found


def _contradiction(
    unit: RemovalUnit, told: FactorRange, usual: tuple[str, str] | None, version: Version
) -> list[Finding]:
    if told.factor != "connection" or usual is None:
        return []
    values = factor_values(version)["connection"]
    if told.high >= values[usual[0]] and told.low <= values[usual[1]]:
        return []
    return [
        Finding(
            code="joint-unusual",
            severity=Severity.INFO,
            message=f"{unit.name} is joined {told.easiest!r} as said; usual: {usual[0]!r} to {usual[1]!r}.",
            global_id=unit.global_id,
            hint="What is said is used; check it if it was not meant.",
        )
    ]


def _mean(parts: Sequence[PartDetachability]) -> Interval | None:
    mass = sum(part.unit.mass_kg or 0.0 for part in parts)
    if not mass:
        return None
    ends = [
        sum((part.unit.mass_kg or 0.0) * end for part, end in zip(parts, column, strict=True)) / mass
        for column in ([part.index.low for part in parts], [part.index.high for part in parts])
    ]
    return Interval(ends[0], max(ends))


@lru_cache(maxsize=4096)
def _bounds(ranges: tuple[tuple[float, float], ...]) -> tuple[float, float, tuple[float, ...]]:
    """Index at both ends, and how much narrower it gets at most when one factor is known.

    Kept, because thousands of parts share a few combinations.
    """
    low, high = (detachability_index(*column) for column in zip(*ranges, strict=True))
    gains = []
    for k, ends in enumerate(ranges):
        widths = []
        for value in ends:
            known = [(value, value) if i == k else each for i, each in enumerate(ranges)]
            lowest, highest = (detachability_index(*column) for column in zip(*known, strict=True))
            widths.append(highest - lowest)
        gains.append(high - low - min(widths))
    return low, high, tuple(gains)


def _narrowing(parts: Sequence[PartDetachability], mass: float) -> tuple[Narrowing, ...]:
    """What each unknown factor of each kind of part adds to the width of the building's band."""
    gain: dict[tuple[str, str, str], float] = defaultdict(float)
    number: dict[tuple[str, str, str], int] = defaultdict(int)
    for part in parts:
        _, _, gains = _bounds(tuple((each.low, each.high) for each in part.factors))
        for factor, narrower in zip(part.factors, gains, strict=True):
            if factor.low < factor.high:
                key = (factor.factor, part.unit.ifc_class, part.unit.family)
                gain[key] += (part.unit.mass_kg or 0.0) * narrower / mass
                number[key] += 1
    ranked = sorted(gain.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Narrowing(*key, parts=number[key], width=width) for key, width in ranked)
