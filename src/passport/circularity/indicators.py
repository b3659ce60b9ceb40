"""Circularity indicators: material circularity, the German index, and tables in the form of Level(s).

Every result carries its terms, so that a user can do the sum again by hand. What is not known gives bounds
(an `Interval`), never a zero and never an empty result for the whole building. Level(s) tables and the sum
over the parts of a product are recalled and marked "verify": an expert must confirm them.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from functools import cache, partial
from importlib.resources import files
from typing import TYPE_CHECKING, Literal

from passport.circularity.routes import NONE, UNKNOWN
from reference.interval import Interval

if TYPE_CHECKING:
    from passport.circularity.routes import RouteProposal
    from passport.models import Passport, Portion

#: Room for shares that a user typed with rounded digits.
_ROUNDING = 1e-9

# --- Material Circularity Indicator ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MciInput:
    """Flows of one product. Symbols of the Ellen MacArthur Foundation (2015, 2019) in brackets.

    Attributes:
        mass_kg: of the product (M) [kg].
        recycled_input_share, reused_input_share, biological_input_share: of the mass (F_R, F_U, F_S) [1];
            biological counts only when sustained.
        recycled_input_efficiency: of the recycling that made the input (E_F) [1].
        recycled_output_share, reused_output_share, composted_output_share, energy_output_share: of the mass
            at the end of life (C_R, C_U, C_C, C_E) [1]; the last two only for sustained, non-toxic biological
            material.
        recycled_output_efficiency: of the recycling at the end of life (E_C) [1].
        utility: life and use against the average product (X = L/L_av U/U_av) [1].

    Raises:
        ValueError: a field is out of its range, shares sum above 1, or there is recycled input at an
            efficiency of 0.
    """

    mass_kg: float
    recycled_input_share: float = 0.0
    reused_input_share: float = 0.0
    biological_input_share: float = 0.0
    recycled_input_efficiency: float = 0.75
    recycled_output_share: float = 0.0
    reused_output_share: float = 0.0
    composted_output_share: float = 0.0
    energy_output_share: float = 0.0
    recycled_output_efficiency: float = 0.75
    utility: float = 1.0

    def __post_init__(self) -> None:
        for name in ("mass_kg", "utility"):
            _check_positive(name, getattr(self, name))
        for each in fields(self):
            if each.name not in ("mass_kg", "utility"):
                _check_share(each.name, getattr(self, each.name))
        for names in (_INPUTS, _OUTPUTS):
            total = math.fsum(getattr(self, name) for name in names)
            if total > 1 + _ROUNDING:
                raise ValueError(f"{' + '.join(names)} is {total:g}; shares of the mass sum to 1 at most.")
        if self.recycled_input_share > 0 and self.recycled_input_efficiency == 0:
            raise ValueError(
                "recycled_input_efficiency is 0 but recycled_input_share is above 0: "
                "give the efficiency of the recycling that made the input."
            )


_INPUTS = ("recycled_input_share", "reused_input_share", "biological_input_share")
_OUTPUTS = ("recycled_output_share", "reused_output_share", "composted_output_share", "energy_output_share")


@dataclass(frozen=True, slots=True)
class Mci:
    """The indicator with every term.

    Attributes:
        mass_kg: M [kg].
        virgin_kg: V = M (1 - F_R - F_U - F_S) [kg].
        direct_waste_kg: W0 = M (1 - C_R - C_U - C_C - C_E), to landfill or incineration [kg].
        input_recycling_waste_kg: W_F = M (1 - E_F) F_R / E_F [kg].
        output_recycling_waste_kg: W_C = M (1 - E_C) C_R [kg].
        waste_kg: W = W0 + (W_F + W_C) / 2 [kg].
        linear_flow_index: LFI = (V + W) / (2 M + (W_F - W_C) / 2) [1].
        utility: X [1]; utility_factor: F(X) = 0.9 / X [1].
        mci: max(0, 1 - LFI F(X)), at most 1 [1].
        confidence: ``read``, or ``verify`` for a product of parts.
    """

    mass_kg: float
    virgin_kg: float
    direct_waste_kg: float
    input_recycling_waste_kg: float
    output_recycling_waste_kg: float
    waste_kg: float
    linear_flow_index: float
    utility: float
    utility_factor: float
    mci: float
    confidence: str = "read"


def mci(product: MciInput) -> Mci:
    """Material Circularity Indicator of one product, 0 (linear) to 1.

    Source: Ellen MacArthur Foundation, Material Circularity Indicator, 2015 and 2019.

    Example:
        >>> round(mci(MciInput(1000, recycled_input_share=0.25, recycled_output_share=0.5)).mci, 6)
        0.384211
    """
    mass = product.mass_kg
    recycled, efficiency = product.recycled_input_share, product.recycled_input_efficiency
    return _mci_of_flows(
        mass_kg=mass,
        virgin_kg=_rest(mass, (getattr(product, name) for name in _INPUTS)),
        direct_waste_kg=_rest(mass, (getattr(product, name) for name in _OUTPUTS)),
        # Nothing recycled goes in: no waste of making it, whatever the efficiency, and no division by 0.
        input_recycling_waste_kg=mass * (1 - efficiency) * recycled / efficiency if recycled else 0.0,
        output_recycling_waste_kg=mass
        * (1 - product.recycled_output_efficiency)
        * product.recycled_output_share,
        utility=product.utility,
        confidence="read",
    )


def mci_of_parts(parts: Sequence[MciInput], *, utility: float = 1.0) -> Mci:
    """Indicator of a product of parts: V, W_F, W_C and W are summed, then LFI; to be confirmed ("verify").

    Args:
        utility: of the whole product (X) [1]; the utility of the parts is not used.

    Raises:
        ValueError: no parts, or the utility is not above 0.

    Example:
        >>> both = mci_of_parts([MciInput(1000), MciInput(1000, reused_input_share=1, reused_output_share=1)])
        >>> round(both.mci, 3), both.confidence
        (0.55, 'verify')
    """
    _check_positive("utility", utility)
    if not parts:
        raise ValueError("parts is empty; give one part or more.")
    results = [mci(part) for part in parts]
    return _mci_of_flows(
        mass_kg=math.fsum(r.mass_kg for r in results),
        virgin_kg=math.fsum(r.virgin_kg for r in results),
        direct_waste_kg=math.fsum(r.direct_waste_kg for r in results),
        input_recycling_waste_kg=math.fsum(r.input_recycling_waste_kg for r in results),
        output_recycling_waste_kg=math.fsum(r.output_recycling_waste_kg for r in results),
        utility=utility,
        confidence="verify",
    )


def _mci_of_flows(
    *,
    mass_kg: float,
    virgin_kg: float,
    direct_waste_kg: float,
    input_recycling_waste_kg: float,
    output_recycling_waste_kg: float,
    utility: float,
    confidence: str,
) -> Mci:
    waste = direct_waste_kg + (input_recycling_waste_kg + output_recycling_waste_kg) / 2
    flow = 2 * mass_kg + (input_recycling_waste_kg - output_recycling_waste_kg) / 2
    index = (virgin_kg + waste) / flow
    factor = 0.9 / utility
    return Mci(
        mass_kg=mass_kg,
        virgin_kg=virgin_kg,
        direct_waste_kg=direct_waste_kg,
        input_recycling_waste_kg=input_recycling_waste_kg,
        output_recycling_waste_kg=output_recycling_waste_kg,
        waste_kg=waste,
        linear_flow_index=index,
        utility=utility,
        utility_factor=factor,
        mci=min(1.0, max(0.0, 1 - index * factor)),
        confidence=confidence,
    )


def _rest(mass_kg: float, shares: Iterable[float]) -> float:
    return mass_kg * max(0.0, 1 - math.fsum(shares))


def _check_share(name: str, value: float) -> None:
    if not 0 <= value <= 1:
        raise ValueError(f"{name} is {value}; use a share between 0 and 1.")


def _check_positive(name: str, value: float) -> None:
    if not (math.isfinite(value) and value > 0):
        raise ValueError(f"{name} is {value}; use a number above 0.")


# --- German circularity index ---------------------------------------------------------------------------

DismantlingClass = Literal["I", "II", "III", "IV"]
DisturbingClass = Literal["S0", "S1", "S2", "S3", "S4"]

#: I non-destructive, II minimal damage, III destructive without foreign matter, IV not to be separated.
_DISMANTLING_POINTS: dict[DismantlingClass, float] = {"I": 100.0, "II": 75.0, "III": 50.0, "IV": 0.0}
#: Upper end (included), lower end (excluded) of the unbuilt points, then the penalty by class.
_PENALTIES: tuple[tuple[float, float, dict[str, float]], ...] = (
    (120.0, 105.0, {}),
    (105.0, 65.0, {"S2": -5.0, "S3": -20.0}),
    (65.0, -10.0, {"S2": -10.0, "S3": -20.0}),
    (-10.0, -30.0, {"S3": -20.0}),
    (-30.0, -50.0, {"S3": -10.0}),
)
_DISTURBING: tuple[str, ...] = ("S0", "S1", "S2", "S3", "S4")
#: Range of the end-of-life points of a layer of which nothing is known.
_EOL_POINTS = Interval(-60.0, 140.0)
_CLASSES: tuple[tuple[float, str], ...] = (
    (140.0, "A"),
    (100.0, "B"),
    (80.0, "C"),
    (70.0, "C/D"),
    (60.0, "D"),
    (40.0, "D/E"),
    (20.0, "E"),
    (0.0, "E/F"),
    (-20.0, "F"),
    (-40.0, "F/G"),
    (-60.0, "G"),
    (-80.0, "H"),
    (-100.0, "I"),
)


@dataclass(frozen=True, slots=True)
class GermanLayer:
    """Points of one layer; an interval of width 0 is a known value.

    Attributes:
        eol_unbuilt: end-of-life points of the material alone.
        penalties: one per disturbing substance; None when not known, or when the value was set by hand.
        eol_built: end-of-life points as built in.
        dismantling: points of the dismantling class.
        ci: circularity index, 0.3 dismantling + 0.7 eol_built.
    """

    eol_unbuilt: Interval
    penalties: tuple[Interval, ...] | None
    eol_built: Interval
    dismantling: Interval
    ci: Interval

    @property
    def known(self) -> bool:
        """Whether every term is known."""
        return self.eol_built.width == 0 and self.dismantling.width == 0 and self.ci.width == 0

    @property
    def compatibility(self) -> Interval:
        """eol_built - eol_unbuilt [points]: the sum of the penalties where they are known."""
        if self.penalties is not None:
            return Interval(sum(p.low for p in self.penalties), sum(p.high for p in self.penalties))
        return self.eol_built + self.eol_unbuilt.scaled(-1.0)

    @property
    def eol_class(self) -> str:
        """Class of the built points, such as "D", or "D to G" where it is not known."""
        low, high = german_class(self.eol_built.low), german_class(self.eol_built.high)
        return low if low == high else f"{high} to {low}"


def german_class(points: float) -> str:
    """Class letter of end-of-life points, A (best) to J.

    Example:
        >>> german_class(61.5), german_class(-60.0), german_class(-100.5)
        ('D', 'G', 'J')
    """
    return next((letter for at_least, letter in _CLASSES if points >= at_least), "J")


def german_layer(
    eol: float | tuple[float, float, float] | None,
    dismantling_class: DismantlingClass | None,
    disturbing: Sequence[DisturbingClass] | None,
    *,
    eol_built_by_hand: float | None = None,
) -> GermanLayer:
    """Circularity index of one layer (facts of the German BNB method as in eLCA, 2025).

    Args:
        eol: unbuilt points, -60 to 140; or (today, best, readiness 0-1), which gives
            today + (best - today) readiness; None when unknown.
        dismantling_class: I to IV; None when unknown.
        disturbing: one class per disturbing substance, S0 to S4; empty when there is none, None when unknown
            (then at worst one interfering substance).
        eol_built_by_hand: built points set by a person; S4 (incompatible) needs it.

    Raises:
        ValueError: a value or class that the method does not have, or S4 without a value set by hand.

    Example:
        >>> german_layer((-20, 80, 0.75), "I", ["S2"]).ci
        Interval(low=61.5, high=61.5)
    """
    unbuilt = _unbuilt(eol)
    if dismantling_class is not None and dismantling_class not in _DISMANTLING_POINTS:
        raise ValueError(f"dismantling_class is {dismantling_class!r}; use I, II, III or IV.")
    for each in disturbing or ():
        if each not in _DISTURBING:
            raise ValueError(f"disturbing has {each!r}; use S0, S1, S2, S3 or S4.")
    points = list(_DISMANTLING_POINTS.values())
    dismantling = (
        Interval(min(points), max(points))
        if dismantling_class is None
        else _exactly(_DISMANTLING_POINTS[dismantling_class])
    )
    penalties, built = _built(unbuilt, disturbing, eol_built_by_hand)
    return GermanLayer(unbuilt, penalties, built, dismantling, dismantling.scaled(0.3) + built.scaled(0.7))


def _unbuilt(eol: float | tuple[float, float, float] | None) -> Interval:
    if eol is None:
        return _EOL_POINTS
    if not isinstance(eol, tuple):
        return _exactly(_eol_points("eol", eol))
    today, best, readiness = eol
    _check_share("readiness", readiness)
    _eol_points("eol today", today)
    _eol_points("eol best", best)
    return _exactly(today + (best - today) * readiness)


def _eol_points(name: str, value: float) -> float:
    if value not in _EOL_POINTS:
        raise ValueError(
            f"{name} is {value}; use points between {_EOL_POINTS.low:g} and {_EOL_POINTS.high:g}."
        )
    return value


def _built(
    unbuilt: Interval, disturbing: Sequence[DisturbingClass] | None, by_hand: float | None
) -> tuple[tuple[Interval, ...] | None, Interval]:
    if by_hand is not None:
        return None, _exactly(_eol_points("eol_built_by_hand", by_hand))
    if disturbing is None:
        worst, best = _shifted(unbuilt, ("S3",)), _shifted(unbuilt, ())
        return None, Interval(worst.low, best.high)
    if "S4" in disturbing:
        raise ValueError(
            "disturbing has S4 (incompatible): choose the end of life by hand and give eol_built_by_hand."
        )
    penalties = tuple(_range_of(unbuilt, partial(_penalty, each)) for each in disturbing)
    return penalties, _shifted(unbuilt, disturbing)


def _shifted(unbuilt: Interval, disturbing: Sequence[str]) -> Interval:
    """Built points: each penalty is read at the unbuilt points, not at what is left after the one before."""
    return _range_of(unbuilt, lambda p: p + math.fsum(_penalty(each, p) for each in disturbing))


def _penalty(disturbing: str, points: float) -> float:
    for upper, lower, penalties in _PENALTIES:
        if lower < points <= upper:
            return penalties.get(disturbing, 0.0)
    return 0.0


def _range_of(points: Interval, function: Callable[[float], float]) -> Interval:
    """Least and most of a function that jumps at the rows of the penalties and is linear between them."""
    borders = {border for row in _PENALTIES for border in row[:2]}
    beside = {math.nextafter(border, math.inf) for border in borders}
    tried = [points.low, points.high, *(p for p in borders | beside if p in points)]
    # Rounded: beside a border the value is a hair off the one it tends to.
    found = [round(function(p), 9) if p in beside else function(p) for p in tried]
    return Interval(min(found), max(found))


def _exactly(value: float) -> Interval:
    return Interval(value, value)


@dataclass(frozen=True, slots=True)
class GermanPart:
    """A layer in a building.

    Attributes:
        layer: its points; None when nobody classified it.
        mass_kg, volume_m3: of one piece; None when unknown.
        count: pieces.
        excluded: left out of the mean by a person.

    Raises:
        ValueError: a quantity or the count is below 0.
    """

    name: str
    layer: GermanLayer | None
    mass_kg: float | None = None
    volume_m3: float | None = None
    count: float = 1.0
    excluded: bool = False

    def __post_init__(self) -> None:
        for name in ("mass_kg", "volume_m3", "count"):
            value = getattr(self, name)
            if value is not None and not (math.isfinite(value) and value >= 0):
                raise ValueError(f"{name} of {self.name} is {value}; use a number of 0 or more.")

    def quantity(self, by: Literal["mass", "volume"]) -> float | None:
        """Weight in the mean [kg or m3], all pieces; None when unknown."""
        one = self.mass_kg if by == "mass" else self.volume_m3
        return None if one is None else one * self.count


@dataclass(frozen=True, slots=True)
class GermanBuilding:
    """Means over the layers; a width of 0 is a known value, None means that nothing can be said.

    Attributes:
        ci, eol_built, dismantling: weighted means [points].
        by: mass or volume.
        quantity: sum of the known quantities of the layers counted [kg or m3].
        unclassified, without_quantity: names of layers that widen the bounds.
        excluded: names of layers left out.
    """

    ci: Interval | None
    eol_built: Interval | None
    dismantling: Interval | None
    by: Literal["mass", "volume"]
    quantity: float
    unclassified: tuple[str, ...]
    without_quantity: tuple[str, ...]
    excluded: tuple[str, ...]


def german_building(
    parts: Sequence[GermanPart], *, by: Literal["mass", "volume"] = "volume", strict: bool = False
) -> GermanBuilding:
    """Means of the German index over the layers of a building, excluded layers dropped.

    A layer without a class lies between -60 and 140 end-of-life points and dismantling IV and I (several
    disturbing substances in one layer can bring it lower; the method states no floor). A layer
    without a quantity may weigh anything, so the mean lies between that of the others and the layer's own.

    Args:
        by: what the layers are weighted by.
        strict: as the method itself: one layer that is not classified or has no quantity makes the result
            None.

    Example:
        >>> a = GermanPart("a", german_layer(-60, "I", ["S1"]), volume_m3=0.555)
        >>> b = GermanPart("b", german_layer((-20, 80, 0.75), "I", ["S2"]), volume_m3=0.5)
        >>> round(german_building([a, b]).eol_built.low, 2)
        -10.24
    """
    counted = [part for part in parts if not part.excluded]
    unclassified = tuple(p.name for p in counted if p.layer is None or not p.layer.known)
    without = tuple(p.name for p in counted if p.quantity(by) is None)
    nothing = german_layer(None, None, None)
    layers = [nothing if part.layer is None else part.layer for part in counted]
    weights = [part.quantity(by) for part in counted]
    refused = strict and bool(unclassified or without)

    def mean(values: list[Interval]) -> Interval | None:
        return None if refused else bounded_mean(list(zip(weights, values, strict=True)))

    return GermanBuilding(
        ci=mean([layer.ci for layer in layers]),
        eol_built=mean([layer.eol_built for layer in layers]),
        dismantling=mean([layer.dismantling for layer in layers]),
        by=by,
        quantity=math.fsum(w for w in weights if w is not None),
        unclassified=unclassified,
        without_quantity=without,
        excluded=tuple(part.name for part in parts if part.excluded),
    )


def bounded_mean(values: Sequence[tuple[float | None, Interval]]) -> Interval | None:
    """Weighted mean of bounded values; a value of unknown weight pulls the mean anywhere towards itself.

    Returns:
        None when there is nothing to take a mean of.

    Example:
        >>> bounded_mean([(2.0, Interval(1, 1)), (2.0, Interval(0, 1)), (None, Interval(0.9, 2))])
        Interval(low=0.5, high=2)
    """
    weighed = [(weight, value) for weight, value in values if weight is not None]
    ends = [value for weight, value in values if weight is None]
    total = math.fsum(weight for weight, _ in weighed)
    if total > 0:
        low = math.fsum(weight * value.low for weight, value in weighed) / total
        high = math.fsum(weight * value.high for weight, value in weighed) / total
        ends.append(Interval(min(low, high), high))  # rounding must not turn the ends around
    return Interval(min(v.low for v in ends), max(v.high for v in ends)) if ends else None


# --- Tables in the form of Level(s) ---------------------------------------------------------------------

#: Of all tables below: the form is recalled, not read, and an expert must confirm it.
LEVELS_CONFIDENCE = "verify"
#: Rows of `levels_2_1`, in this order; air is no material, ``unknown`` is all that has no group.
LEVELS_GROUPS = ("metal", "mineral", "fossil", "biomass", "air", "unknown")


@dataclass(frozen=True, slots=True)
class MaterialRow:
    """Mass of one group of materials.

    Attributes:
        group: metal, mineral (non-metallic), fossil, biomass, air or unknown.
        mass_t: known mass [t]; None when the group has portions and the mass of none is known.
        portions, portions_without_mass: how many there are, and how many of them have no known mass.
    """

    group: str
    mass_t: float | None
    portions: int
    portions_without_mass: int


@cache
def levels_group_by_family() -> dict[str, str]:
    """Group of Level(s) 2.1 by family of the library ("verify", see levels_groups.csv).

    Example:
        >>> levels_group_by_family()["clay-brick"]
        'mineral'
    """
    text = files("passport.circularity").joinpath("levels_groups.csv").read_text(encoding="utf-8")
    return {row["family"]: row["levels_group"] for row in csv.DictReader(text.splitlines())}


def levels_2_1(passport: Passport) -> list[MaterialRow]:
    """Masses by group of materials, in the form of Level(s) 2.1 ("verify").

    The rows sum to the known mass of the passport; materials of unknown group are in the row ``unknown``.

    Example:
        >>> levels_2_1(load_passport("passport.json"))[0].mass_t  # doctest: +SKIP
        3.2
    """
    groups: dict[str, list[Portion]] = {group: [] for group in LEVELS_GROUPS}
    for element in passport.elements:
        for portion in element.portions:
            groups[levels_group_by_family().get(portion.family, UNKNOWN)].append(portion)
    rows = []
    for group, portions in groups.items():
        masses = [p.mass_kg for p in portions if p.mass_kg is not None]
        mass_t = None if portions and not masses else math.fsum(masses) / 1000
        rows.append(MaterialRow(group, mass_t, len(portions), len(portions) - len(masses)))
    return rows


@dataclass(frozen=True, slots=True)
class WasteRow:
    """Waste of one code by one route.

    Attributes:
        ewc: code of the European list of waste; empty when unknown.
        hazardous: ``yes`` (starred code), ``to test`` (a contamination is listed that would make it so),
            ``no``, or ``unknown``.
        route: reuse, recycling, recovery, disposal, ``none`` (air) or ``unknown``.
        mass_kg, kg_m2: known mass, and per floor area; None when no mass, or no floor area, is known.
        portions, portions_without_mass: portions with a share in this row, and those without known mass.
    """

    ewc: str
    hazardous: str
    route: str
    mass_kg: float | None
    kg_m2: float | None
    portions: int
    portions_without_mass: int


def levels_2_2(
    routes: Sequence[RouteProposal],
    floor_area_m2: float | None,
    *,
    basis: Literal["today", "best"] = "today",
) -> list[WasteRow]:
    """Waste at the end of life by code, hazard and route, in the form of Level(s) 2.2 ("verify").

    The rows sum to the known mass of the portions; the last row holds what has no code and no route.

    Args:
        routes: from `propose_routes`.
        floor_area_m2: of the building [m2]; None when unknown.
        basis: today's shares of the waste category, or all by the best route.

    Raises:
        ValueError: the floor area is not above 0, or the basis is not known.

    Example:
        >>> rows = levels_2_2(propose_routes(passport), 178.5)  # doctest: +SKIP
        >>> sum(row.kg_m2 for row in rows if row.route == "disposal")  # doctest: +SKIP
    """
    if floor_area_m2 is not None:
        _check_positive("floor_area_m2", floor_area_m2)
    if basis not in ("today", "best"):
        raise ValueError(f"basis is {basis!r}; use today or best.")
    last = ("", UNKNOWN, UNKNOWN)
    found: dict[tuple[str, str, str], list[float | None]] = {last: []}
    for proposal in routes:
        for route, share in _shares(proposal, basis).items():
            mass = None if proposal.mass_kg is None else proposal.mass_kg * share
            found.setdefault((proposal.ewc, _hazardous(proposal), route), []).append(mass)
    keys = sorted(found, key=lambda key: (key == last, key))
    return [_waste_row(key, found[key], floor_area_m2) for key in keys]


def _waste_row(
    key: tuple[str, str, str], parts: Sequence[float | None], floor_area_m2: float | None
) -> WasteRow:
    masses = [each for each in parts if each is not None]
    mass = None if parts and not masses else math.fsum(masses)
    per_area = None if mass is None or floor_area_m2 is None else mass / floor_area_m2
    return WasteRow(*key, mass, per_area, len(parts), len(parts) - len(masses))


def _shares(proposal: RouteProposal, basis: str) -> dict[str, float]:
    if proposal.route == NONE or basis == "best":
        return {proposal.route: 1.0}
    return {route: share for route, share in proposal.today.items() if share > 0} or {UNKNOWN: 1.0}


def _hazardous(proposal: RouteProposal) -> str:
    if not proposal.ewc:
        return "no" if proposal.route == NONE else UNKNOWN
    if proposal.ewc.endswith("*"):
        return "yes"
    return "to test" if proposal.hazard else "no"


@dataclass(frozen=True, slots=True)
class PartScore:
    """What is known of one part for its deconstruction score.

    Attributes:
        mass_kg: None when unknown.
        ease: how easily the part is recovered, 0-1; None when unknown.
        outcome: worth of its best outcome, 0 (landfill) to 1 (reuse); None when unknown.

    Raises:
        ValueError: a share outside 0 to 1 or a mass below 0.
    """

    name: str
    mass_kg: float | None
    ease: float | None
    outcome: float | None

    def __post_init__(self) -> None:
        for name, share in (("ease", self.ease), ("outcome", self.outcome)):
            if share is not None:
                _check_share(f"{name} of {self.name}", share)
        if self.mass_kg is not None and not (math.isfinite(self.mass_kg) and self.mass_kg >= 0):
            raise ValueError(f"mass_kg of {self.name} is {self.mass_kg}; use a number of 0 or more.")


@dataclass(frozen=True, slots=True)
class DeconstructionTerm:
    """One part in the score: its score is ease x outcome, its part of the mean mass x score / total mass."""

    name: str
    mass_kg: float | None
    ease: Interval
    outcome: Interval
    score: Interval


@dataclass(frozen=True, slots=True)
class DeconstructionScore:
    """Mass-weighted deconstruction score.

    Attributes:
        score: bounds of the score [1]; None when there are no parts.
        terms: one per part, in the order given.
        mass_kg: sum of the known masses [kg].
        known_mass_share: share of that mass with known ease and outcome [1]; None without any mass.
    """

    score: Interval | None
    terms: tuple[DeconstructionTerm, ...]
    mass_kg: float
    known_mass_share: float | None


def levels_2_4(scores: Sequence[PartScore]) -> DeconstructionScore:
    """Deconstruction score, in the form of Level(s) 2.4: mass x ease of recovery x best outcome ("verify").

    Example:
        >>> both = levels_2_4([PartScore("bricks", 900, 0.5, 1.0), PartScore("foam", 100, None, 0.5)])
        >>> both.score, both.known_mass_share
        (Interval(low=0.45, high=0.5), 0.9)
    """
    terms = tuple(_term(each) for each in scores)
    mass = math.fsum(t.mass_kg for t in terms if t.mass_kg is not None)
    known = math.fsum(t.mass_kg for t in terms if t.mass_kg is not None and t.score.width == 0)
    return DeconstructionScore(
        score=bounded_mean([(t.mass_kg, t.score) for t in terms]),
        terms=terms,
        mass_kg=mass,
        known_mass_share=known / mass if mass > 0 else None,
    )


def _term(part: PartScore) -> DeconstructionTerm:
    ease = Interval(0.0, 1.0) if part.ease is None else _exactly(part.ease)
    outcome = Interval(0.0, 1.0) if part.outcome is None else _exactly(part.outcome)
    score = Interval(ease.low * outcome.low, ease.high * outcome.high)
    return DeconstructionTerm(part.name, part.mass_kg, ease, outcome, score)
