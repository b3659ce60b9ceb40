"""Pipes, ducts and cable carriers that are drawn as full bars: the share of the bar that is wall.

Their exporters draw the outside. A full steel bar DN 100 weighs 80 kg/m, the pipe 11. The wall is that which
the model states (diameters, wall thickness), else a row of `hollow_defaults.csv`.
"""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from passport.ifc.body import Body
from passport.ifc.fillings import Range, exactly
from passport.ifc.stated_sizes import StatedSizes

STATED, DEFAULT = "wall thickness", "wall default (assumed)"

#: Groups of `piece_classes.csv` whose members carry something inside.
CONDUITS = frozenset({"pipe", "duct", "cable carrier", "flow"})

#: A body that fills more of its box, or of a bar of its own outer diameter, is drawn full. A bar fills 0.79
#: of its box, a tube with a wall of a tenth of its diameter 0.28.
_FULL_ABOVE = 0.6
#: Diameters that are nearer than this are the same, rounded.
_SAME_SIZE = 0.02


@dataclass(frozen=True, slots=True)
class Wall:
    """Wall of a conduit.

    Attributes:
        share: of the full body that is wall.
        thickness_m: of the wall.
        diameter_m: outer diameter, or four times the section over its circumference.
        origin: ``wall thickness`` when stated, else ``wall default (assumed)``.
    """

    share: Range
    thickness_m: Range
    diameter_m: float
    origin: str


@cache
def _defaults() -> list[tuple[str, str, float, Range]]:
    text = files("passport.ifc").joinpath("hollow_defaults.csv").read_text(encoding="utf-8")
    return [
        (
            r["group"],
            r["material"],
            float(r["diameter_to_m"]),
            Range(float(r["wall_m"]), float(r["low_m"]), float(r["high_m"])),
        )
        for r in csv.DictReader(text.splitlines())
    ]


@cache
def _outside() -> list[tuple[str, float, float]]:
    """(material, nominal, outer diameter [m]) of pipes that are thicker than they are called."""
    text = files("passport.ifc").joinpath("hollow_outside.csv").read_text(encoding="utf-8")
    return [
        (r["material"], float(r["nominal_m"]), float(r["outer_m"])) for r in csv.DictReader(text.splitlines())
    ]


@cache
def _materials() -> dict[str, str]:
    text = files("passport.ifc").joinpath("hollow_families.csv").read_text(encoding="utf-8")
    return {r["family"]: r["material"] for r in csv.DictReader(text.splitlines())}


def usual_wall(group: str, family: str, diameter_m: float) -> Range | None:
    """Usual wall of a conduit of this family and diameter [m]; None for a group without rows.

    Example:
        >>> usual_wall("pipe", "steel-structural", 0.1143).value
        0.004
    """
    for material in (_materials().get(family, "any"), "any"):
        for row_group, row_material, to_m, wall in _defaults():
            if (row_group, row_material) == (group, material) and diameter_m <= to_m:
                return wall
    return None


def wall_share(diameter_m: float, wall_m: float) -> float:
    """Share of a full bar that is wall; for a rectangle with its hydraulic diameter.

    Example:
        >>> round(wall_share(0.1, 0.005), 4)
        0.19
    """
    return 1.0 - max(0.0, 1.0 - 2.0 * wall_m / diameter_m) ** 2


def section_m2(diameter_m: float, wall_m: float) -> float:
    """Section of a round tube [m2].

    Example:
        >>> round(7850 * section_m2(0.1143, 0.004), 1)  # kg/m of a steel pipe DN 100
        10.9
    """
    return math.pi / 4 * diameter_m**2 * wall_share(diameter_m, wall_m)


def drawn_full(
    volume_m3: float, body: Body | None, length_m: float | None, sizes: StatedSizes
) -> float | None:
    """Outer diameter [m] of a conduit whose volume is that of a full bar; None when it is not, or not told.

    Args:
        volume_m3: the element's volume.
        body: its shape.
        length_m: its stated length.
        sizes: its stated diameters.

    Example:
        >>> bar = Body(0.00785, None, None, True, size_m=(0.1, 0.1, 1.0))
        >>> round(drawn_full(0.00785, bar, 1.0, StatedSizes()), 3)
        0.1
    """
    outer = sizes.stated("outer_diameter")
    if outer and length_m and volume_m3 > _FULL_ABOVE * math.pi / 4 * outer**2 * length_m:
        return outer
    if body is None or body.size_m is None or min(body.size_m) <= 0:
        return None
    sides = sorted(body.size_m)
    if volume_m3 > _FULL_ABOVE * math.prod(sides):
        along = min(sides, key=lambda s: abs(s - length_m)) if length_m else sides[-1]
        sides.remove(along)
        return outer or 2 * sides[0] * sides[1] / (sides[0] + sides[1])
    if body.surface_m2:
        # A bend or a slanting bar: volume over surface is a quarter of the diameter, of a tube half its wall.
        across = 4 * volume_m3 / body.surface_m2
        if across > _FULL_ABOVE * sides[0]:
            return outer or across
    return None


def wall_of(group: str, family: str, sizes: StatedSizes, diameter_m: float) -> Wall | None:
    """The wall of a conduit of this outer diameter; None when nothing tells it.

    Args:
        group: pipe, duct, cable carrier or flow.
        family: of its material.
        sizes: what the model states.
        diameter_m: outer diameter as it is drawn or stated.
    """
    stated = _stated_wall(sizes, diameter_m)
    if stated is not None:
        return Wall(exactly(wall_share(diameter_m, stated)), exactly(stated), diameter_m, STATED)
    wall = usual_wall(group, family, diameter_m)
    if wall is None:
        return None
    return Wall(Range(*(wall_share(diameter_m, w) for w in wall)), wall, diameter_m, DEFAULT)


def outer_diameter(sizes: StatedSizes, group: str, family: str) -> float | None:
    """Outer diameter [m]: stated, or that of the nominal one; None when neither is stated.

    Example:
        >>> outer_diameter(StatedSizes({"nominal_diameter": 0.1}), "pipe", "steel-structural")
        0.1143
    """
    outer, nominal = sizes.stated("outer_diameter"), sizes.stated("nominal_diameter")
    if outer is not None or nominal is None:
        return outer
    material = _materials().get(family, "any") if group in ("pipe", "flow") else ""
    return next(
        (o for m, n, o in _outside() if m == material and abs(n / nominal - 1) < _SAME_SIZE),
        nominal,
    )


def _stated_wall(sizes: StatedSizes, diameter_m: float) -> float | None:
    """The wall, when it is one: thicker than foil, thinner than the radius."""
    wall = sizes.stated("wall_thickness")
    inner, outer = sizes.stated("inner_diameter"), sizes.stated("outer_diameter")
    if wall is None and inner is not None:
        wall = ((outer or diameter_m) - inner) / 2
    return wall if wall is not None and 1e-4 < wall < diameter_m / 2 else None
