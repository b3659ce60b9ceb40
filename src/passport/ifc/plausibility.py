"""Whether a stated quantity can be that of the element: unit faults, and limits that its dimensions set.

A yardstick is what the element's closed body measures, or else what its own stated dimensions say. A stated
value that lies a known unit factor away from a yardstick was written in another unit than declared.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from passport.ifc.body import Body

#: Two values that are as near as this say the same; a stated one further from a closed body is contradicted.
AGREE = 0.10
#: Areas and lengths depend on what one calls the main face and the length; only this much is a contradiction.
FACTOR = 2.0
#: Area x layers is rougher than a body: openings, edges, sloped ends.
_FAR_FROM_LAYERS = 5.0
#: No wall, slab or covering is thicker than this [m].
_THICKEST_M = 5.0
#: More than this over the area of a window or door is the hole in the wall, not frame and leaf [m].
_THICKEST_FILLING_M = 0.15
_FLAT_CLASSES = ("IfcWall", "IfcSlab", "IfcCovering", "IfcPlate", "IfcRoof")
OPENING_CLASSES = ("IfcWindow", "IfcDoor")
WALL_CLASSES = ("IfcWall", "IfcCurtainWall")

#: Own dimensions beyond these were themselves written in another unit: they confirm nothing [m, m, m2].
_LONGEST_M = 200.0
_THINNEST_M = 0.0002
_LARGEST_M2 = 20_000.0

#: Stated over true value, by what was written where SI was declared. 1 ft = 0.3048 m and 1 in = 0.0254 m
#: (international yard and pound agreement of 1959); the others are powers of the SI prefixes.
_UNIT_FACTORS: dict[str, tuple[float, ...]] = {
    "volume": (1e3, 1e6, 1e9, 0.3048**-3),
    "area": (1e4, 1e6, 0.3048**-2),
    "length": (1e2, 1e3, 1 / 0.3048, 1 / 0.0254),
}
_BOTH_WAYS = {kind: (*up, *(1 / f for f in up)) for kind, up in _UNIT_FACTORS.items()}

#: Bulk density of what buildings are made of, from insulation to steel [kg/m3].
_LIGHTEST, _HEAVIEST = 20.0, 8000.0
#: Above the densest element (osmium, 22 590), and below every solid structural material [kg/m3].
_IMPOSSIBLY_HEAVY, _IMPOSSIBLY_LIGHT = 25_000.0, 8.0
#: Classes drawn as the solid that they are; the body of a machine or a chair is only its envelope.
_SOLID_CLASSES = (
    "IfcBeam",
    "IfcColumn",
    "IfcFooting",
    "IfcMember",
    "IfcPile",
    "IfcPlate",
    "IfcRampFlight",
    "IfcSlab",
    "IfcStairFlight",
    "IfcWall",
    "IfcReinforcing",
    "IfcTendon",
)


class UnitFault(NamedTuple):
    """A value that was written in another unit: divide it by `factor`; `confirmed_by` says what showed it."""

    factor: float
    confirmed_by: str


class Limit(NamedTuple):
    """Volumes that a dimension of the element allows [m3]."""

    low_m3: float
    high_m3: float
    verdict: str


@dataclass(slots=True)
class Yardsticks:
    """What is known of one element besides the value in question; None when not known.

    Attributes:
        volume_m3, gross_volume_m3, face_m2: of the closed body, net of openings but for the gross volume.
        sides_m2, plans_m2: of the whole body and, where items are drawn, of the largest: layers drawn one
            behind the other would count several times.
        sizes_m: extents of the closed body, largest first; empty when not known.
        box_m3, box_sides_m2: product of the stated length, width and height, and of each two of them.
        layered_m3: stated area times the thickness of all layers.
    """

    volume_m3: float | None = None
    gross_volume_m3: float | None = None
    sides_m2: tuple[float, ...] = ()
    plans_m2: tuple[float, ...] = ()
    face_m2: float | None = None
    sizes_m: tuple[float, ...] = ()
    box_m3: float | None = None
    box_sides_m2: tuple[float, ...] = ()
    layered_m3: float | None = None

    def own_volumes(self) -> list[tuple[float, str]]:
        """(m3, name) of the volumes that the stated dimensions give."""
        own = []
        if self.box_m3 is not None:
            own.append((self.box_m3, "its own length x width x height"))
        if self.layered_m3 is not None:
            own.append((self.layered_m3, "its area x layers"))
        return own


def yardsticks(body: Body | None, face_m2: float | None) -> Yardsticks:
    """The measures of a closed body; nothing of one that is open or has no volume."""
    if body is None or not body.closed or not body.volume_m3:
        return Yardsticks()
    sizes = tuple(sorted(body.size_m, reverse=True)) if body.size_m is not None else ()
    sides = [body.side_area_m2, max((item[1] for item in body.items.values()), default=None)]
    plans = [body.plan_area_m2, max((item[2] for item in body.items.values()), default=None)]
    return Yardsticks(
        body.volume_m3,
        body.gross_volume_m3,
        tuple(a for a in sides if a),
        tuple(a for a in plans if a),
        face_m2,
        sizes,
    )


def agree(value: float, reference: float, within: float = AGREE) -> bool:
    """Whether a value is as near to the reference as `within`, as a share of the reference.

    Example:
        >>> agree(1.05, 1.0), agree(1.2, 1.0)
        (True, False)
    """
    return abs(value - reference) <= within * reference


def unit_factor(kind: str, ratio: float) -> float | None:
    """The known unit factor that a ratio of stated to true value is within 10 % of, None when there is none.

    Example:
        >>> unit_factor("volume", 1040.0)
        1000.0
        >>> unit_factor("volume", 3.0) is None
        True
    """
    return next((f for f in _BOTH_WAYS.get(kind, ()) if agree(ratio, f)), None)


def factor_text(factor: float) -> str:
    """What a value was multiplied by, for people.

    Example:
        >>> factor_text(1000.0), factor_text(0.001), factor_text(35.3147)
        ('1/1000', '1000', '1/35.3147')
    """
    return f"1/{factor:.6g}" if factor > 1 else f"{1 / factor:.6g}"


def volume_fault(role: str, value: float, known: Yardsticks) -> UnitFault | None:
    """The unit fault of a stated volume, shown by the closed body or else by the element's own dimensions."""
    if known.volume_m3 is not None:
        reference = known.gross_volume_m3 if role == "gross" and known.gross_volume_m3 else known.volume_m3
        factor = unit_factor("volume", value / reference)
        return None if factor is None else UnitFault(factor, f"its closed body, {reference:.4g} m3")
    for reference, name in known.own_volumes():
        factor = unit_factor("volume", value / reference)
        # A tube fills 3 % of its box: only a thousandth and less is a unit there.
        hollow = factor is not None and 1e-2 < factor < 1 and reference == known.box_m3
        if factor is not None and not hollow:
            return UnitFault(factor, f"{name}, {reference:.4g} m3")
    return None


def area_references(ifc_class: str, role: str, known: Yardsticks) -> tuple[float, ...]:
    """Areas of the closed body that a stated area of this role may mean [m2]."""
    if ifc_class.startswith(OPENING_CLASSES):
        # The opening is larger than the faces of frame and leaf.
        return (known.sizes_m[0] * known.sizes_m[1],) if len(known.sizes_m) > 1 else ()
    if role.endswith("side"):
        found: tuple[float | None, ...] = known.sides_m2
    elif role in ("net-footprint", "gross-footprint", "projected"):
        found = known.plans_m2
    else:
        x, y, z = (*known.sizes_m, None, None, None)[:3]
        faces = (x * y, y * z, x * z) if x and y and z else ()
        found = (known.face_m2, *known.sides_m2, *known.plans_m2, *faces)
    areas = tuple(a for a in found if a)
    if role.startswith("gross") and known.gross_volume_m3 and known.volume_m3:
        before_openings = known.gross_volume_m3 / known.volume_m3
        areas += tuple(a * before_openings for a in areas)
    return areas


def area_fault(value: float, references: Iterable[float], known: Yardsticks) -> UnitFault | None:
    """The unit fault of a stated area, shown by a face of the body or by two of its own dimensions."""
    return _first_fault("area", value, references, "a face of its closed body", "m2") or (
        _first_fault("area", value, known.box_sides_m2, "two of its own dimensions", "m2")
    )


def length_fault(value: float, known: Yardsticks) -> UnitFault | None:
    """The unit fault of a stated length, shown by the longest extent of the body."""
    return _first_fault("length", value, known.sizes_m[:1], "the longest extent of its closed body", "m")


def _first_fault(
    kind: str, value: float, references: Iterable[float], name: str, unit: str
) -> UnitFault | None:
    for reference in references:
        factor = unit_factor(kind, value / reference) if reference > 0 else None
        if factor is not None:
            return UnitFault(factor, f"{name}, {reference:.4g} {unit}")
    return None


def weight_fault(ifc_class: str, value: float, known: Yardsticks) -> UnitFault | None:
    """The unit fault of a stated weight: grams or tonnes instead of kilograms, by the density it would mean.

    Example:
        >>> weight_fault("IfcBeam", 2_400_000.0, Yardsticks(volume_m3=1.0)).factor
        1000.0
    """
    if known.volume_m3 is None:
        return None
    density = value / known.volume_m3
    if density > _IMPOSSIBLY_HEAVY:
        factor = 1e3
    elif density < _IMPOSSIBLY_LIGHT and ifc_class.startswith(_SOLID_CLASSES):
        factor = 1e-3
    else:
        return None
    if not _LIGHTEST <= density / factor <= _HEAVIEST:
        return None
    return UnitFault(factor, f"{density / factor:.4g} kg/m3 over its closed body of {known.volume_m3:.4g} m3")


def within_factor(value: float, references: Sequence[float], factor: float = FACTOR) -> bool:
    """Whether a value is within a factor of one of the references; true when there are none."""
    return not references or any(r / factor <= value <= r * factor for r in references)


def volume_limits(
    ifc_class: str, area_m2: float | None, thickness_m: float | None, known: Yardsticks
) -> list[Limit]:
    """What the element's own dimensions allow its volume to be, where there is no closed body."""
    limits = []
    if known.box_m3 is not None:
        text = f"contradicted by its own dimensions, {known.box_m3:.4g} m3 at most"
        limits.append(Limit(0.0, FACTOR * known.box_m3, text))
    if area_m2 is None:
        return limits
    if thickness_m:
        layered = area_m2 * thickness_m
        text = f"contradicted by its area x layers, {layered:.4g} m3"
        limits.append(Limit(layered / _FAR_FROM_LAYERS, layered * _FAR_FROM_LAYERS, text))
    elif ifc_class.startswith(OPENING_CLASSES):
        text = f"contradicted by its area of {area_m2:.4g} m2: that is the volume of its opening"
        limits.append(Limit(0.0, area_m2 * _THICKEST_FILLING_M, text))
    elif ifc_class.startswith(_FLAT_CLASSES):
        text = f"contradicted by its area of {area_m2:.4g} m2: thicker than {_THICKEST_M:g} m"
        limits.append(Limit(0.0, area_m2 * _THICKEST_M, text))
    return limits


def trusted_dimensions(sides_m: Sequence[float]) -> bool:
    """Whether stated dimensions are those of a building part in metres, and so may confirm other values.

    Example:
        >>> trusted_dimensions((5.0, 0.3, 2.7)), trusted_dimensions((5000.0, 300.0, 2700.0))
        (True, False)
    """
    return max(sides_m) <= _LONGEST_M and _THINNEST_M <= min(sides_m) <= _THICKEST_M


def trusted_layers(area_m2: float, thickness_m: float) -> bool:
    """Whether area and thickness of layers are those of a building part, and so may confirm a volume."""
    return area_m2 <= _LARGEST_M2 and thickness_m <= _THICKEST_M
