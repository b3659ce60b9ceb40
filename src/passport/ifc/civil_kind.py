"""Whether a model is a civil work: a bridge, a road, a railway or a marine facility.

IFC4X3 says so by its facilities. Older schemas have only buildings to put things into; there a model is a
civil work when it has no rooms, doors or windows and its names are those of the trade: three different words
in the names of elements, or one where project, site or building is called so too (`civil_terms.csv`; the
words are ours, to be confirmed).
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files

from passport.models import CivilKind

#: Facilities of IFC4X3 and what they are.
FACILITIES: dict[str, CivilKind] = {
    "IfcBridge": "bridge",
    "IfcRoad": "road",
    "IfcRailway": "railway",
    "IfcMarineFacility": "marine facility",
}
#: So many different words of one trade in the names of elements tell what a model is.
_ENOUGH_TERMS = 3


def civil_kind(
    facilities: Sequence[str],
    *,
    has_building: bool,
    has_rooms: bool,
    place_names: Iterable[str] = (),
    element_names: Iterable[str] = (),
) -> CivilKind | None:
    """Kind of civil work, or None for a building.

    Args:
        facilities: classes of the facilities of the model, such as IfcBridge.
        has_building: there is an IfcBuilding.
        has_rooms: there are rooms, doors or windows.
        place_names: names of project, site and building.
        element_names: names and type names of elements.

    Example:
        >>> civil_kind(["IfcBridge"], has_building=False, has_rooms=False)
        'bridge'
        >>> names = ["LANDKAR", "VINGE", "EDGEBEAM", "COLUMN"]
        >>> civil_kind([], has_building=True, has_rooms=False, element_names=names)
        'bridge'
        >>> civil_kind([], has_building=True, has_rooms=True, place_names=["House at the Bridge Road"])
    """
    stated = [FACILITIES[each] for each in facilities if each in FACILITIES]
    if stated and not has_building:
        return stated[0]
    if has_rooms:
        return None
    places = {kind for name in place_names for kind, _ in _terms_in(name)}
    terms = {found for name in dict.fromkeys(element_names) for found in _terms_in(name)}
    numbers = Counter(kind for kind, _ in sorted(terms))
    for kind in sorted(FACILITIES.values(), key=lambda each: -numbers[each]):
        if numbers[kind] >= (1 if kind in places else _ENOUGH_TERMS):
            return kind
    return None


def _terms_in(name: str) -> list[tuple[str, str]]:
    words = " ".join(re.findall(r"[^\W\d_]+", name.casefold()))
    return [(kind, term) for kind, term, pattern in _patterns() if pattern.search(words)]


@cache
def _patterns() -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    text = files("passport.ifc").joinpath("civil_terms.csv").read_text(encoding="utf-8")
    return tuple(
        (row["kind"], row["term"], re.compile(rf"\b{re.escape(row['term'].casefold())}s?\b"))
        for row in csv.DictReader(text.splitlines())
    )
