"""Circular value of the user's lots: a CSV of prices, state, risk and costs, each a number or bounds.

Columns: name, price_new_eur, condition, obsolescence, risk, dismantle_eur, transport_eur, storage_eur,
test_eur, refurbish_eur. A cell is a number, or two with two dots between ("0.5..0.8") where it is not known
better.
"""

from __future__ import annotations

from pathlib import Path

from passport.circularity.tables import user_rows
from passport.circularity.value import CircularValue, circular_value
from passport.errors import PassportError
from reference.interval import Interval

_FIGURES = (
    "price_new_eur", "condition", "obsolescence", "risk", "dismantle_eur", "transport_eur", "storage_eur",
    "test_eur", "refurbish_eur",
)  # fmt: skip


def load_lots(path: str | Path) -> list[tuple[str, CircularValue]]:
    """Name and circular value of every lot, in the order of the file.

    Raises:
        PassportError: the file cannot be read, lacks a column, or a row has faults; line and field are named.

    Example:
        >>> for name, worth in load_lots("lots.csv"):  # doctest: +SKIP
        ...     print(name, worth.cvi_project, worth.pays)
    """
    found = []
    for line, row in user_rows(path, ("name", *_FIGURES)):
        figures = [_bounds(f"{path}, line {line}, {name}", row[name]) for name in _FIGURES]
        try:
            found.append((row["name"], circular_value(*figures)))
        except ValueError as error:
            raise PassportError(f"{path}, line {line}: {error}") from error
    return found


def _bounds(place: str, text: str) -> Interval:
    low, dots, high = text.partition("..")
    try:
        return Interval(float(low), float(high if dots else low))
    except ValueError as error:
        raise PassportError(
            f"{place}: {text!r} is neither a number nor two with .. between, the lower one first."
        ) from error
