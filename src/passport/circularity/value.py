"""Residual value of the materials, and a circular value index of this project's own form.

The prices that ship are placeholders (Dutch, about 2017-21): good for orders of magnitude and for tests.
Bring your own table. A price or mass that is not known gives no figure and is listed; a negative value is a
cost and stays negative.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from passport.assessment import portion_label
from passport.errors import PassportError
from reference.interval import Interval

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from passport.models import Element, Passport, Portion

# --- Prices ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Price:
    """What a kilogram brings and costs at the end of life; None is not known.

    Attributes:
        group: price group, or a family of materials, which then wins over its group.
        price_eur_kg: value of the material at the gate of its taker [EUR/kg]; below 0 is a gate fee.
        processing_eur_kg: cost of making it fit for sale [EUR/kg].
        processing_share_of_value: the same as a share of the value [1]; one of the two, not both.
        transport_km: distance to the taker [km].
        transport_eur_kg_km: cost of transport [EUR/(kg km)].
        note, source: in words.
        confidence: ``read``, ``verify`` (to be confirmed) or ``user``.
    """

    group: str
    price_eur_kg: float | None
    processing_eur_kg: float | None
    processing_share_of_value: float | None
    transport_km: float | None
    transport_eur_kg_km: float | None
    note: str = ""
    source: str = ""
    confidence: str = "user"


_NUMBERS = (
    "price_eur_kg",
    "processing_eur_kg",
    "processing_share_of_value",
    "transport_km",
    "transport_eur_kg_km",
)
_COLUMNS = ("group", *_NUMBERS)


@cache
def price_group_by_family() -> Mapping[str, str]:
    """Price group by family of the library; empty where the source has no price ("verify", see the table).

    Example:
        >>> price_group_by_family()["timber-clt"], price_group_by_family()["mineral-wool"]
        ('softwood', '')
    """
    text = files("passport.circularity").joinpath("price_groups.csv").read_text(encoding="utf-8")
    return MappingProxyType({r["family"]: r["price_group"] for r in csv.DictReader(text.splitlines())})


@cache
def _shipped() -> Mapping[str, Price]:
    text = files("passport.circularity").joinpath("prices.csv").read_text(encoding="utf-8")
    return MappingProxyType(_prices("prices.csv", text.splitlines(), known=None))


def load_prices(path: str | Path | None = None) -> Mapping[str, Price]:
    """Prices by group: those that ship, and over them, row by row, those of a user's table.

    A row of the user replaces the whole row: an empty cell is then not known. Source of those that ship:
    Madaster, Financial (PDF), Dutch, about 2017-21, for orders of magnitude.

    Args:
        path: CSV with the columns group (a price group, or a family of materials), price_eur_kg,
            processing_eur_kg, processing_share_of_value, transport_km and transport_eur_kg_km; also note,
            source and confidence if wanted.

    Raises:
        PassportError: the file cannot be read, or a row has a fault; line and field are named.

    Example:
        >>> load_prices()["flat glass"].price_eur_kg, load_prices()["metal"].price_eur_kg
        (0.19, None)
    """
    shipped = _shipped()
    if path is None:
        return shipped
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise PassportError(f"{path}: is not UTF-8 text; save the table as CSV in UTF-8.") from error
    except OSError as error:
        raise PassportError(
            f"{path}: cannot be read ({error.strerror or error}); name a CSV file of prices."
        ) from error
    known = frozenset(shipped) | frozenset(price_group_by_family())
    return MappingProxyType({**shipped, **_prices(str(path), text.splitlines(), known)})


def _prices(name: str, lines: Iterable[str], known: frozenset[str] | None) -> dict[str, Price]:
    rows = csv.DictReader(lines)
    lacking = [column for column in _COLUMNS if column not in (rows.fieldnames or ())]
    if lacking:
        raise PassportError(f"{name}, line 1: there is no column {', '.join(lacking)}; add it.")
    prices: dict[str, Price] = {}
    for row in rows:
        place = f"{name}, line {rows.line_num}"
        price = _price(place, row)
        if known is not None and price.group not in known:
            raise PassportError(
                f"{place}: group is {price.group!r}, which is no price group and no family of materials; "
                f"use one of {', '.join(sorted(set(_shipped())))} or a family."
            )
        if price.group in prices:
            raise PassportError(f"{place}: group {price.group!r} is there twice; keep one row.")
        prices[price.group] = price
    return prices


def _price(place: str, row: Mapping[str, str | None]) -> Price:
    numbers = {column: _number(place, column, row[column]) for column in _NUMBERS}
    if numbers["processing_eur_kg"] is not None and numbers["processing_share_of_value"] is not None:
        raise PassportError(
            f"{place}: processing_eur_kg and processing_share_of_value are both given; keep one of them."
        )
    return Price(
        group=(row["group"] or "").strip(),
        **numbers,
        note=(row.get("note") or "").strip(),
        source=(row.get("source") or "").strip() or "user's table",
        confidence=(row.get("confidence") or "").strip() or "user",
    )


def _number(place: str, column: str, text: str | None) -> float | None:
    text = (text or "").strip()
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise PassportError(
            f"{place}: {column} is {text!r}, which is no number; use digits and a point, or leave it empty."
        )
    if value < 0 and column != "price_eur_kg":
        raise PassportError(f"{place}: {column} is {text}, below 0; give a cost as a positive number.")
    return value


# --- Residual value -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ValueTerms:
    """Value of one mass of material, and what it costs to get it there [EUR]; None is not known.

    Attributes:
        value_eur: mass x price.
        transport_eur: mass x distance x rate (FC2).
        processing_eur: mass x rate, or share x value where that is positive (FC3).
        demolition_eur: share of the demolition, by mass (FC1); None where no rate was given.
        before_demolition_eur: value - transport - processing.
        net_eur: the same less the demolition share.
    """

    value_eur: float | None
    transport_eur: float | None
    processing_eur: float | None
    demolition_eur: float | None
    before_demolition_eur: float | None
    net_eur: float | None


def value_terms(
    mass_kg: float | None, price: Price | None, *, demolition_eur_kg: float | None = None
) -> ValueTerms:
    """Residual value of a mass of one material; each term that is not known makes the sums unknown.

    Args:
        demolition_eur_kg: cost of the demolition per kg of the building [EUR/kg].

    Source: Madaster, Financial (PDF), Dutch, about 2017-21: CNV = TV - FC1 - FC2 - FC3.

    Example:
        >>> round(value_terms(1000, load_prices()["flat glass"]).before_demolition_eur, 6)
        -82.0
    """
    value = transport = processing = None
    if price is not None:
        value = _times(mass_kg, price.price_eur_kg)
        transport = _times(_times(mass_kg, price.transport_km), price.transport_eur_kg_km)
        if price.processing_share_of_value is None:
            processing = _times(mass_kg, price.processing_eur_kg)
        elif value is not None:
            processing = max(value, 0.0) * price.processing_share_of_value
    demolition = _times(mass_kg, demolition_eur_kg)
    before = _less(value, transport, processing)
    return ValueTerms(value, transport, processing, demolition, before, _less(before, demolition))


def _times(a: float | None, b: float | None) -> float | None:
    return None if a is None or b is None else a * b


def _less(value: float | None, *costs: float | None) -> float | None:
    known = [cost for cost in costs if cost is not None]
    return None if value is None or len(known) < len(costs) else value - math.fsum(known)


@dataclass(frozen=True, slots=True)
class PortionValue:
    """Residual value of one portion.

    Attributes:
        global_id, portion: which portion of which element.
        price_group: row of the prices that was used; empty when there is none.
        mass_kg: None when unknown.
        terms: value and costs [EUR].
        missing: what is not known, such as "mass" or "price_eur_kg"; empty when nothing is.
        confidence: of the price; empty without one. That a family belongs to a price group is "verify".
    """

    global_id: str
    portion: str
    family: str
    price_group: str
    mass_kg: float | None
    terms: ValueTerms
    missing: tuple[str, ...]
    confidence: str


@dataclass(frozen=True, slots=True)
class ResidualValue:
    """Residual value of a building.

    Attributes:
        rows: one per portion, in the order of the passport.
        total: sums over the portions with value and costs all known [EUR]; None where there are none. It
            says nothing of the others.
        mass_kg: known mass of the passport [kg].
        known_mass_share: share of that mass in `total` [1]; None when no mass is known.
        portions_without_mass: how many portions are not even in that share.
        unknown: the portions that are not in `total`.
        demolition_eur: of the whole building, area x rate [EUR]; None where no rate was given.
    """

    rows: tuple[PortionValue, ...]
    total: ValueTerms
    mass_kg: float | None
    known_mass_share: float | None
    portions_without_mass: int
    unknown: tuple[PortionValue, ...]
    demolition_eur: float | None


def residual_value(
    passport: Passport,
    prices: Mapping[str, Price],
    *,
    floor_area_m2: float | None = None,
    demolition_rate_eur_m2: float | None = None,
) -> ResidualValue:
    """What the materials are worth when the building is taken down, less the cost of getting them sold.

    Today's prices: no trend, no price index and no discounting. The cost of demolition is shared by mass over
    what has a known mass, so where masses are missing each portion carries somewhat too much of it.

    Args:
        prices: from `load_prices`.
        floor_area_m2: gross floor area [m2]; None takes that of the passport.
        demolition_rate_eur_m2: cost of demolition [EUR per m2 of that area]; None leaves it out, and then no
            net value is known, only that before demolition.

    Raises:
        ValueError: an area or rate that is not possible.
        PassportError: a rate is given and no floor area is known.

    Example:
        >>> result = residual_value(load_passport("passport.json"), load_prices())  # doctest: +SKIP
        >>> result.total.before_demolition_eur, result.known_mass_share  # doctest: +SKIP
        (-2193.4, 0.974)
    """
    demolition = _demolition_eur(passport, floor_area_m2, demolition_rate_eur_m2)
    mass = passport.mass_kg()
    per_kg = demolition / mass if demolition is not None and mass else None
    rows = tuple(
        _row(element, portion, prices, per_kg)
        for element in passport.elements
        for portion in element.portions
    )
    valued = [row for row in rows if not row.missing]
    known = math.fsum(row.mass_kg for row in valued if row.mass_kg is not None)
    return ResidualValue(
        rows=rows,
        total=_total(valued),
        mass_kg=mass,
        known_mass_share=known / mass if mass else None,
        portions_without_mass=sum(row.mass_kg is None for row in rows),
        unknown=tuple(row for row in rows if row.missing),
        demolition_eur=demolition,
    )


def _demolition_eur(passport: Passport, area_m2: float | None, rate_eur_m2: float | None) -> float | None:
    if area_m2 is not None and not (math.isfinite(area_m2) and area_m2 > 0):
        raise ValueError(f"floor_area_m2 is {area_m2}; use a number above 0.")
    if rate_eur_m2 is None:
        return None
    if not (math.isfinite(rate_eur_m2) and rate_eur_m2 >= 0):
        raise ValueError(f"demolition_rate_eur_m2 is {rate_eur_m2}; use a number of 0 or more.")
    area = area_m2 if area_m2 is not None else passport.floor_area_m2.value
    if area is None:
        raise PassportError(
            f"{passport.model.file}: the floor area is not known, so the demolition has no cost; "
            "give floor_area_m2."
        )
    return area * rate_eur_m2


def _row(
    element: Element, portion: Portion, prices: Mapping[str, Price], demolition_eur_kg: float | None
) -> PortionValue:
    group = portion.family if portion.family in prices else price_group_by_family().get(portion.family, "")
    price = prices.get(group)
    return PortionValue(
        global_id=element.global_id,
        portion=portion_label(portion.position, portion.name),
        family=portion.family,
        price_group=group if price is not None else "",
        mass_kg=portion.mass_kg,
        terms=value_terms(portion.mass_kg, price, demolition_eur_kg=demolition_eur_kg),
        missing=_missing(portion.mass_kg, price),
        confidence=price.confidence if price is not None else "",
    )


def _missing(mass_kg: float | None, price: Price | None) -> tuple[str, ...]:
    found = ["mass"] if mass_kg is None else []
    if price is None:
        return (*found, "price group")
    needed = ["price_eur_kg", "transport_km", "transport_eur_kg_km"]
    if price.processing_share_of_value is None:
        needed.append("processing_eur_kg")
    return (*found, *(name for name in needed if getattr(price, name) is None))


def _total(rows: Sequence[PortionValue]) -> ValueTerms:
    def summed(name: str) -> float | None:
        values = [getattr(row.terms, name) for row in rows]
        return math.fsum(values) if values and None not in values else None

    return ValueTerms(
        value_eur=summed("value_eur"),
        transport_eur=summed("transport_eur"),
        processing_eur=summed("processing_eur"),
        demolition_eur=summed("demolition_eur"),
        before_demolition_eur=summed("before_demolition_eur"),
        net_eur=summed("net_eur"),
    )


# --- Circular value index -------------------------------------------------------------------------------

#: To be shown wherever the index is shown.
LABEL = "cvi_project: this project's own form; the formula of the published index of that name is not public"


@dataclass(frozen=True, slots=True)
class CircularValue:
    """The index with its terms; an interval of width 0 is a known value.

    Attributes:
        residual_eur: price_new x condition x (1 - obsolescence) [EUR].
        expected_eur: residual x (1 - risk) [EUR].
        reuse_cost_eur: dismantle + transport + storage + test + refurbish [EUR].
        cvi_project: expected / cost [1]; above 1 reuse pays.
        pays: whether it is above 1; None where the bounds do not tell.
        label: that the form is this project's own.
    """

    residual_eur: Interval
    expected_eur: Interval
    reuse_cost_eur: Interval
    cvi_project: Interval
    pays: bool | None
    label: str = LABEL


def circular_value(
    price_new_eur: float | Interval,
    condition: float | Interval,
    obsolescence: float | Interval,
    risk: float | Interval,
    dismantle_eur: float | Interval,
    transport_eur: float | Interval,
    storage_eur: float | Interval,
    test_eur: float | Interval,
    refurbish_eur: float | Interval,
) -> CircularValue:
    """Index `cvi_project` of the reuse of one lot: worth at risk over the cost of reuse.

    This is this project's own form: the formula of the published index of that name is not public. Every
    argument may be an `Interval`; the result is then bounded.

    Args:
        price_new_eur: of the same lot, new [EUR].
        condition: what is left of the price for its state, 0-1.
        obsolescence: loss because it is out of date, 0-1.
        risk: probability that reuse fails, 0-1.
        dismantle_eur, transport_eur, storage_eur, test_eur, refurbish_eur: costs of the lot [EUR].

    Raises:
        ValueError: a share outside 0 to 1, a negative amount, or reuse that may cost nothing.

    Example:
        >>> circular_value(1000, 0.8, 0.25, 0.5, 100, 50, 20, 10, 20).cvi_project
        Interval(low=1.5, high=1.5)
    """
    price = _amount("price_new_eur", price_new_eur)
    state, loss = _share("condition", condition), _share("obsolescence", obsolescence)
    failure = _share("risk", risk)
    costs = {
        "dismantle_eur": dismantle_eur,
        "transport_eur": transport_eur,
        "storage_eur": storage_eur,
        "test_eur": test_eur,
        "refurbish_eur": refurbish_eur,
    }
    amounts = [_amount(name, value) for name, value in costs.items()]
    cost = Interval(math.fsum(a.low for a in amounts), math.fsum(a.high for a in amounts))
    if cost.low <= 0:
        raise ValueError(f"{' + '.join(costs)} may be 0, so the index has no value; give the costs of reuse.")
    residual = Interval(price.low * state.low * (1 - loss.high), price.high * state.high * (1 - loss.low))
    expected = Interval(residual.low * (1 - failure.high), residual.high * (1 - failure.low))
    index = Interval(expected.low / cost.high, expected.high / cost.low)
    pays = True if index.low > 1 else False if index.high <= 1 else None
    return CircularValue(residual, expected, cost, index, pays)


def _interval(value: float | Interval) -> Interval:
    return value if isinstance(value, Interval) else Interval(value, value)


def _amount(name: str, value: float | Interval) -> Interval:
    if isinstance(value, Interval) or not math.isnan(value):
        ends = _interval(value)
        if ends.low >= 0 and math.isfinite(ends.high):
            return ends
    raise ValueError(f"{name} is {value}; use an amount of 0 or more.")


def _share(name: str, value: float | Interval) -> Interval:
    if isinstance(value, Interval) or not math.isnan(value):
        ends = _interval(value)
        if ends.low >= 0 and ends.high <= 1:
            return ends
    raise ValueError(f"{name} is {value}; use a share between 0 and 1.")
