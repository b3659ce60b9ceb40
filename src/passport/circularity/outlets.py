"""Who takes what, from how much and how far: the user's table of outlets, which answers the market gate.

CSV: name, family_ids ("clay-brick|natural-stone"), route_kind, distance_km, within_km, least_t, most_t,
least_pieces. Empty limits are no limits. The lot is what the building holds of the family. An outlet that
does not fit never rules a route out, since another taker may; it says what stands in the way.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from passport.circularity.route_kinds import ROUTE_KINDS
from passport.circularity.tables import shipped_rows, user_rows
from passport.errors import PassportError
from passport.models import Passport

_COLUMNS = (
    "name",
    "family_ids",
    "route_kind",
    "distance_km",
    "within_km",
    "least_t",
    "most_t",
    "least_pieces",
)
_NUMBERS = _COLUMNS[3:]


@dataclass(frozen=True, slots=True)
class Outlet:
    """One taker of one kind of route.

    Attributes:
        distance_km: from the building; None when not given.
        within_km: how far it collects or accepts from; None without a limit.
        least_t, most_t: smallest and largest lot; most_t is also what it still has room for.
        least_pieces: smallest number of pieces.
    """

    name: str
    family_ids: frozenset[str]
    route_kind: str
    distance_km: float | None = None
    within_km: float | None = None
    least_t: float | None = None
    most_t: float | None = None
    least_pieces: float | None = None


@dataclass(frozen=True, slots=True)
class Lot:
    """What a building holds of one family: mass [t] (of what is known) and number of parts."""

    mass_t: float
    pieces: int


@dataclass(frozen=True, slots=True)
class MarketAnswer:
    """What the outlets say of one lot and route."""

    verdict: Literal["pass", "unknown"]
    reason: str
    action: str = ""


def load_outlets(path: str | Path) -> tuple[Outlet, ...]:
    """Read a table of outlets.

    Raises:
        PassportError: the file cannot be read, or a row has faults; line and field are named.

    Example:
        >>> load_outlets("outlets.csv")[0].name  # doctest: +SKIP
        'Brick yard'
    """
    known = {row["family"] for row in shipped_rows("attainable_routes.csv")}
    found = []
    for line, row in user_rows(path, _COLUMNS):
        place = f"{path}, line {line}"
        families = frozenset(each.strip() for each in row["family_ids"].split("|"))
        unknown = sorted(families - known)
        if unknown:
            raise PassportError(f"{place}, family_ids: {unknown[0]!r} is no family.")
        if row["route_kind"] not in ROUTE_KINDS:
            raise PassportError(
                f"{place}, route_kind: {row['route_kind']!r} is no route; use {', '.join(ROUTE_KINDS)}."
            )
        if not row["name"].strip():
            raise PassportError(f"{place}, name: is empty; say who takes it.")
        numbers = [_number(place, name, row[name]) for name in _NUMBERS]
        found.append(Outlet(row["name"].strip(), families, row["route_kind"], *numbers))
    return tuple(found)


def lots_of(passport: Passport) -> dict[str, Lot]:
    """Lot by family of a passport."""
    mass: dict[str, float] = {}
    pieces: dict[str, int] = {}
    for element in passport.elements:
        for portion in element.portions:
            mass[portion.family] = mass.get(portion.family, 0.0) + (portion.mass_kg or 0.0) / 1000
            pieces[portion.family] = pieces.get(portion.family, 0) + 1
    return {family: Lot(mass[family], pieces[family]) for family in mass}


def ask_outlets(outlets: Iterable[Outlet], lot: Lot) -> MarketAnswer | None:
    """What the outlets of one family and route say of a lot; None when there are none.

    Example:
        >>> yard = Outlet("Brick yard", frozenset({"clay-brick"}), "reuse elsewhere", 30, 50, least_t=5)
        >>> ask_outlets([yard], Lot(38.9, 12)).reason
        'Brick yard takes it (30 km)'
        >>> ask_outlets([yard], Lot(2.1, 3)).reason
        'Brick yard takes from 5 t, the lot is 2.1 t'
    """
    asked = sorted(outlets, key=lambda each: (each.distance_km is None, each.distance_km or 0.0, each.name))
    if not asked:
        return None
    refusals = []
    for each in asked:
        refusal = _refusal(each, lot)
        if not refusal:
            far = "" if each.distance_km is None else f" ({each.distance_km:g} km)"
            return MarketAnswer("pass", f"{each.name} takes it{far}")
        refusals.append(refusal)
    return MarketAnswer("unknown", "; ".join(refusals[:3]), "join it with another lot, or ask another taker")


def by_family_and_route(outlets: Sequence[Outlet]) -> Mapping[tuple[str, str], tuple[Outlet, ...]]:
    """Outlets by family and kind of route, in their order."""
    found: dict[tuple[str, str], tuple[Outlet, ...]] = {}
    for each in outlets:
        for family in sorted(each.family_ids):
            key = family, each.route_kind
            found[key] = (*found.get(key, ()), each)
    return found


def _refusal(outlet: Outlet, lot: Lot) -> str:
    if outlet.within_km is not None and outlet.distance_km is None:
        return f"{outlet.name} takes within {outlet.within_km:g} km; its distance is not given"
    if outlet.within_km is not None and (outlet.distance_km or 0.0) > outlet.within_km:
        return f"{outlet.name} takes within {outlet.within_km:g} km, it is {outlet.distance_km:g} km away"
    if outlet.least_t is not None and lot.mass_t < outlet.least_t:
        return f"{outlet.name} takes from {outlet.least_t:g} t, the lot is {lot.mass_t:.3g} t"
    if outlet.most_t is not None and lot.mass_t > outlet.most_t:
        return f"{outlet.name} has room for {outlet.most_t:g} t, the lot is {lot.mass_t:.3g} t"
    if outlet.least_pieces is not None and lot.pieces < outlet.least_pieces:
        return f"{outlet.name} takes from {outlet.least_pieces:g} pieces, there are {lot.pieces}"
    return ""


def _number(place: str, name: str, text: str) -> float | None:
    if not text.strip():
        return None
    try:
        number = float(text.replace(",", "."))
    except ValueError as error:
        raise PassportError(f"{place}, {name}: {text!r} is no number.") from error
    if not 0 <= number < float("inf"):
        raise PassportError(f"{place}, {name}: {text!r} must be 0 or more.")
    return number
