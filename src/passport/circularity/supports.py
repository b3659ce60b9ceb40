"""What stands on what, for models that do not say it: by the bodies where they were compared, else by boxes.

Boxes along the axes touch where the bodies may not, so a support by boxes is possible, not certain. Bodies
(`passport.find_contacts`) make one certain where faces lie on each other and the lower part is made to carry,
keep it possible where nothing shows them apart, and drop it where they are apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from passport.models import Element, Passport

Certainty = Literal["certain", "possible"]

#: What something may stand on; a ceiling below a floor carries nothing.
_CARRIERS = (
    "IfcSlab", "IfcWall", "IfcBeam", "IfcColumn", "IfcMember", "IfcPlate", "IfcFooting", "IfcPile", "IfcRoof",
    "IfcStair", "IfcRamp", "IfcBearing", "IfcCourse", "IfcPavement", "IfcDeepFoundation", "IfcCaisson",
    "IfcBuildingElementProxy", "IfcElementAssembly",
)  # fmt: skip
#: Carriers that may as well only fill or close; they carry for sure only when the model says so.
_MAY_NOT_CARRY = ("IfcWall", "IfcMember", "IfcPlate", "IfcBuildingElementProxy", "IfcElementAssembly")
#: Drawing tolerance between what stands and what carries [m].
_GAP_M = 0.06
#: Plan overlap below this in either direction is an edge that touches [m].
_LEAST_OVERLAP_M = 0.02


@dataclass(frozen=True, slots=True)
class Bearing:
    """`leaves` must leave before `stays`; both are GlobalIds."""

    leaves: str
    stays: str
    source: str
    certainty: Certainty


def bearings(passport: Passport) -> list[Bearing]:
    """What must leave before what, because it stands on it, lies on it or hangs from it.

    Example:
        >>> bearings(load_passport("passport.json"))[0].source  # doctest: +SKIP
        'lies on it'
    """
    by_box = supports(passport.elements)
    if passport.provenance.contacts == "boxes":
        return [Bearing(upper, lower, "stands on it", "possible") for upper, lower in by_box]
    element = {each.global_id: each for each in passport.elements}
    # A wall lies on the head of its own door; that the door fills it says more.
    told = {frozenset((e.of, e.to)) for e in passport.connections if e.kind in ("fills", "covers")}
    lying = {
        (each.of, each.to)
        for each in passport.connections
        if each.kind == "lies on" and frozenset((each.of, each.to)) not in told
    }
    close = {
        frozenset((each.of, each.to)) for each in passport.connections if each.kind in ("near", "touches")
    }
    found = []
    for upper, lower in sorted(lying):
        over, under = element[upper], element[lower]
        if _may_carry(under):
            sure = _carries(under) and (lower, upper) not in lying
            found.append(Bearing(upper, lower, "lies on it", "certain" if sure else "possible"))
        elif _may_carry(over):
            found.append(Bearing(lower, upper, "hangs from it or stands below it", "possible"))
        else:
            found.append(Bearing(upper, lower, "lies on it", "possible"))
    found += [
        Bearing(upper, lower, "may stand on it", "possible")
        for upper, lower in by_box
        if (upper, lower) not in lying and frozenset((upper, lower)) in close
    ]
    for each in passport.connections:
        if each.kind == "touches":
            for one, other in ((each.of, each.to), (each.to, each.of)):
                if _covers(element[one]) and not _covers(element[other]):
                    found.append(Bearing(one, other, "touches it", "possible"))
    return found


def doubtful_walls(passport: Passport) -> list[Element]:
    """Walls that are said not to bear, though a floor, a roof or a beam lies on them."""
    element = {each.global_id: each for each in passport.elements}
    told = {frozenset((e.of, e.to)) for e in passport.connections if e.kind in ("fills", "covers")}
    found = {
        each.to
        for each in passport.connections
        if each.kind == "lies on"
        and frozenset((each.of, each.to)) not in told
        and element[each.to].load_bearing is False
        and element[each.to].ifc_class.startswith("IfcWall")
        and element[each.of].ifc_class.startswith(("IfcSlab", "IfcRoof", "IfcBeam"))
    }
    return [each for each in passport.elements if each.global_id in found]


def supports(elements: Sequence[Element]) -> list[tuple[str, str]]:
    """Pairs (what stands, what carries it) of GlobalIds, by their boxes.

    The upper one begins where the lower one ends (within 6 cm), they overlap in plan, and its middle is
    higher, so that no two elements can stand on each other. A roof also lies on the beams and members that
    its box crosses, since a sloping one begins below them.

    Example:
        >>> slab = Element("slab", 1, "IfcSlab", box_m=(0, 0, -0.2, 5, 5, 0))
        >>> wall = Element("wall", 2, "IfcWall", box_m=(0, 0, 0, 5, 0.2, 2.7))
        >>> supports([slab, wall])
        [('wall', 'slab')]
    """
    boxed = [element for element in elements if element.box_m is not None]
    carries = np.array([_may_carry(element) for element in boxed], dtype=bool)
    if not boxed:
        return []
    boxes = np.array([element.box_m for element in boxed], dtype=np.float64)
    order = np.argsort(boxes[:, 2], kind="stable")
    bottoms = boxes[order, 2]
    middle = boxes[:, 2] + boxes[:, 5]
    found = []
    for lower in np.flatnonzero(carries).tolist():
        box = boxes[lower]
        first = np.searchsorted(bottoms, box[5] - _GAP_M, side="left")
        last = np.searchsorted(bottoms, box[5] + _GAP_M, side="right")
        near = order[first:last]
        over_x = np.minimum(boxes[near, 3], box[3]) - np.maximum(boxes[near, 0], box[0])
        over_y = np.minimum(boxes[near, 4], box[4]) - np.maximum(boxes[near, 1], box[1])
        stands = (
            (over_x > _LEAST_OVERLAP_M) & (over_y > _LEAST_OVERLAP_M) & (middle[near] > middle[lower] + 1e-6)
        )
        found += [(boxed[upper].global_id, boxed[lower].global_id) for upper in sorted(near[stands].tolist())]
    return [*found, *_roofs_on_members(boxed, boxes, set(found))]


def _roofs_on_members(
    boxed: Sequence[Element], boxes: NDArray[np.float64], known: set[tuple[str, str]]
) -> list[tuple[str, str]]:
    """A sloping roof lies on the rafters and purlins whose boxes cross its own and do not stand on it."""
    members = [k for k, e in enumerate(boxed) if e.ifc_class.startswith(("IfcBeam", "IfcMember"))]
    if not members:
        return []
    at = boxes[members]
    found = []
    for k, roof in enumerate(boxed):
        if not (roof.ifc_class.startswith("IfcRoof") or roof.predefined_type == "ROOF"):
            continue
        over = np.minimum(at[:, 3:], boxes[k, 3:]) - np.maximum(at[:, :3], boxes[k, :3])
        for row in np.flatnonzero((over > _LEAST_OVERLAP_M).all(axis=1)).tolist():
            member = boxed[members[row]].global_id
            pair = (roof.global_id, member)
            if (member, roof.global_id) not in known and pair not in known:
                found.append(pair)
    return found


def _covers(element: Element) -> bool:
    return element.ifc_class.startswith("IfcCovering")


def _carries(element: Element) -> bool:
    """Whether something is made to carry, by its class or by what the model says of it."""
    return element.load_bearing is True or not element.ifc_class.startswith(_MAY_NOT_CARRY)


def _may_carry(element: Element) -> bool:
    # "Does not bear" is often an export default; for an external wall the safe side is that it may.
    stated = element.load_bearing is False and element.is_external is not True
    if stated and element.ifc_class.startswith(_MAY_NOT_CARRY):
        return False
    floor = element.ifc_class == "IfcCovering" and element.predefined_type == "FLOORING"
    return floor or element.ifc_class.startswith(_CARRIERS)
