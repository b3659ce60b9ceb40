"""BB/SfB element group of an element: its own code where the model has one, else by what it is.

The groups follow table 1 of BB/SfB (source: TOTEM element codes; titles and classes are ours, to be
confirmed: "verify"). A dash says that the model leaves the last figure open, such as "2-" for a wall of which
nobody knows whether it is external.
"""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib.resources import files

from passport.models import Element

#: Systems whose codes are those of table 1.
_SYSTEMS = re.compile(r"sfb", re.IGNORECASE)
_CODE = re.compile(r"\(?(\d{2}(?:\.\d)?)")

#: Where neither class nor code says anything.
UNKNOWN_GROUP = "unknown"


def element_group(element: Element) -> str:
    """Code of the BB/SfB group, such as "21", or "unknown".

    Example:
        >>> element_group(Element(global_id="g", step_id=1, ifc_class="IfcWall", is_external=True))
        '21'
    """
    for classification in element.classifications:
        found = _CODE.match(classification.code.strip())
        if found is not None and _SYSTEMS.search(classification.system):
            return found[1]
    says = {True: "yes", False: "no", None: ""}
    for ifc_class, predefined, external, bearing, code, *_ in _rows():
        if (
            element.ifc_class.startswith(ifc_class)
            and predefined in ("", element.predefined_type)
            and external in ("", says[element.is_external])
            and bearing in ("", says[element.load_bearing])
        ):
            return code
    return UNKNOWN_GROUP


@cache
def group_titles() -> dict[str, str]:
    """English title by code.

    Example:
        >>> group_titles()["27"]
        'roofs'
    """
    return {code: title for *_, code, title, _ in _rows()}


@cache
def groups_by_area() -> frozenset[str]:
    """Codes of the groups whose quantity is an area: walls, floors, roofs, openings and finishes.

    Example:
        >>> "21" in groups_by_area(), "28" in groups_by_area()
        (True, False)
    """
    return frozenset(code for *_, code, _, by_area in _rows() if by_area == "yes")


@cache
def _rows() -> tuple[tuple[str, ...], ...]:
    text = files("passport").joinpath("element_groups.csv").read_text(encoding="utf-8")
    columns = ("ifc_class", "predefined_type", "is_external", "load_bearing", "code", "title", "by_area")
    rows = csv.DictReader(text.splitlines())
    return tuple(tuple(row[name] for name in columns) for row in rows)
