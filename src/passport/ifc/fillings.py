"""Frame, leaf and glass of a window, door or curtain wall, from what is stated and, for the rest, defaults.

The standard has no volume for them (Qto_WindowBaseQuantities has width, height, perimeter, area). What
is stated comes from the lining and panel definitions of IFC or from the glazing area fraction; a default is a
row of `filling_defaults.csv` with its range and its source. Volumes of frame and leaf are those of the
envelope of the profile; the glass is that of its panes alone, without the gas between them.
"""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from passport.ifc.stated_sizes import StatedSizes

LINING, GLAZING, DEFAULT = "lining properties", "glazing fraction", "frame default (assumed)"

#: A frame outside this share of its opening comes from linings that cannot be right.
_SHARE_LIMITS = (0.02, 0.95)

#: Partitioning of IFC -> panels, mullions in heights and transoms in widths of the opening.
_PARTITIONS = {
    "SINGLE_PANEL": (1, 0.0, 0.0),
    "DOUBLE_PANEL_VERTICAL": (2, 1.0, 0.0),
    "DOUBLE_PANEL_HORIZONTAL": (2, 0.0, 1.0),
    "TRIPLE_PANEL_VERTICAL": (3, 2.0, 0.0),
    "TRIPLE_PANEL_HORIZONTAL": (3, 0.0, 2.0),
    "TRIPLE_PANEL_BOTTOM": (3, 0.5, 1.0),
    "TRIPLE_PANEL_TOP": (3, 0.5, 1.0),
    "TRIPLE_PANEL_LEFT": (3, 1.0, 0.5),
    "TRIPLE_PANEL_RIGHT": (3, 1.0, 0.5),
}


class Range(NamedTuple):
    """A figure between two bounds.

    Example:
        >>> Range(2.0, 1.0, 4.0).times(Range(3.0, 3.0, 3.0))
        Range(value=6.0, low=3.0, high=12.0)
    """

    value: float
    low: float
    high: float

    def times(self, other: Range) -> Range:
        """Product; bounds of independent factors combine as squares of their relative distance."""
        value = self.value * other.value
        if value <= 0:
            return Range(0.0, 0.0, self.high * other.high)
        down = math.hypot(_log(self.low, self.value), _log(other.low, other.value))
        up = math.hypot(_log(self.high, self.value), _log(other.high, other.value))
        return Range(value, value * math.exp(-down), value * math.exp(up))

    def scaled(self, factor: float) -> Range:
        """All three times a factor."""
        return Range(self.value * factor, self.low * factor, self.high * factor)

    def plus(self, other: Range) -> Range:
        """Sum of two figures that move together."""
        return Range(self.value + other.value, self.low + other.low, self.high + other.high)

    def below(self, limit: float) -> Range:
        """The same, cut off at a limit."""
        return Range(min(self.value, limit), min(self.low, limit), min(self.high, limit))


_NOTHING = Range(0.0, 0.0, 0.0)


def exactly(value: float) -> Range:
    """A figure without a range."""
    return Range(value, value, value)


def _log(bound: float, value: float) -> float:
    return abs(math.log(max(bound, 1e-9 * value) / value))


class Family(NamedTuple):
    """What a material is in a filling: ``glass``, ``frame`` of a kind or ``hardware``.

    Its envelope material, if any, has in the library the density of the hollow profile as it is drawn.
    """

    part: str
    kind: str
    envelope_material_id: str


@dataclass(frozen=True, slots=True)
class Filling:
    """Geometry of one filling.

    Attributes:
        use: first column of `filling_defaults.csv`.
        area_m2: of the opening.
        frame_share: of frame and leaf, of the area.
        frame_m3: envelope of lining, sash, mullions.
        leaf_m3: envelope of the opaque leaf of a door.
        glass_m3: panes without gas; 0 when there is no glass.
        glazed_m2: seen area of glass.
        glass_m: sum of the panes' thicknesses.
        panes: number of panes.
        fill, leaf_fill: share of the envelope that is material of the kind.
        origin: ``lining properties``, ``glazing fraction`` or ``frame default (assumed)``.
        assumed: what was taken from the defaults, in words; empty when all is stated.
        density_kg_m3: of the envelope where the material is named only as a part; None elsewhere.
    """

    use: str
    kind: str
    area_m2: float
    frame_share: Range
    frame_m3: Range
    leaf_m3: Range
    glass_m3: Range
    glazed_m2: Range
    glass_m: Range
    panes: float
    fill: Range
    leaf_fill: Range
    origin: str
    assumed: tuple[str, ...]
    density_kg_m3: Range | None = None

    @property
    def envelope_m3(self) -> Range:
        """Frame and leaf as they would be drawn."""
        return self.frame_m3.plus(self.leaf_m3)

    @property
    def solid(self) -> Range:
        """Share of the envelope of frame and leaf that is material."""
        frame, leaf = self.frame_m3.value, self.leaf_m3.value
        if frame + leaf <= 0:
            return self.fill
        both = self.fill.times(self.leaf_fill)
        of_leaf = leaf / (frame + leaf)
        return self.fill.scaled(1 - of_leaf).plus(both.scaled(of_leaf))


@cache
def families() -> dict[tuple[str, str], Family]:
    """(use, material id or family) -> what it is, from `filling_families.csv`; use ``any`` holds for all."""
    text = files("passport.ifc").joinpath("filling_families.csv").read_text(encoding="utf-8")
    return {
        (r["use"], r["name"]): Family(r["part"], r["kind"], r["envelope_material_id"])
        for r in csv.DictReader(text.splitlines())
    }


def family_of(use: str, *names: str) -> Family | None:
    """What a material is in a window, door or curtain wall; None for what makes neither frame nor glass.

    Args:
        use: window, door or curtain wall.
        names: material id, then family; the first that has a row counts.

    Example:
        >>> family_of("window", "pvc").kind
        'pvc'
    """
    rows = (families().get((place, name)) for name in names for place in (use, "any"))
    found = next((row for row in rows if row is not None), None)
    return found if found is not None and found.part != "other" else None


@cache
def _defaults() -> dict[tuple[str, str, str], Range]:
    text = files("passport.ifc").joinpath("filling_defaults.csv").read_text(encoding="utf-8")
    return {
        (r["use"], r["kind"], r["quantity"]): Range(float(r["value"]), float(r["low"]), float(r["high"]))
        for r in csv.DictReader(text.splitlines())
    }


def default(use: str, kind: str, quantity: str) -> Range | None:
    """The most specific row of `filling_defaults.csv`; ``door external`` falls back to ``door``.

    Example:
        >>> default("window", "pvc", "depth").value
        0.07
    """
    for place in (use, use.split(maxsplit=1)[0], "any"):
        for key in (kind, "any"):
            found = _defaults().get((place, key, quantity))
            if found is not None:
                return found
    return None


def needed(use: str, kind: str, quantity: str) -> Range:
    """As `default`, for a row that the table must have.

    Raises:
        LookupError: the table has no such row.
    """
    found = default(use, kind, quantity)
    if found is None:
        raise LookupError(f"filling_defaults.csv has no {quantity} of {kind} for {use}")
    return found


def fill_opening(
    use: str, kind: str, sizes: StatedSizes, area_m2: float, *, has_glass: bool, panes: int | None = None
) -> Filling:
    """Geometry of a filling of this area.

    Args:
        use: window, door or curtain wall.
        kind: of the frame: timber, pvc, aluminium, steel or unknown.
        sizes: what the model states.
        area_m2: of the opening.
        has_glass: whether a material of the element is glass; windows and curtain walls have glass anyway.
        panes: number of panes as the name of the glass has it, None when it does not say.

    Example:
        >>> sizes = StatedSizes(width_m=1.2, height_m=1.5)
        >>> window = fill_opening("window", "pvc", sizes, 1.8, has_glass=True)
        >>> round(window.frame_share.value, 2), window.origin
        (0.32, 'frame default (assumed)')
    """
    return _Model(use, kind, sizes, area_m2, has_glass, panes).filling()


class _Model:
    """One filling while it is put together; remembers what had to be assumed."""

    def __init__(
        self, use: str, kind: str, sizes: StatedSizes, area_m2: float, has_glass: bool, panes: int | None
    ) -> None:
        self.use = use
        if use == "door":
            self.use = "door external" if sizes.is_external else "door internal"
        self.kind = kind
        self.sizes = sizes
        self.area = area_m2
        side = math.sqrt(area_m2)
        if sizes.width_m and sizes.height_m:
            self.width, self.height = sizes.width_m, sizes.height_m
        else:
            self.width, self.height = side, side
        self.has_glass = has_glass or use != "door"
        self.panes: float | None = panes
        self.assumed: list[str] = []
        self.spread = needed("any", "any", "stated_spread")

    def filling(self) -> Filling:
        if self.use.startswith("door"):
            share, frame, leaf, glazed, origin = self._door()
        else:
            share, frame, glazed, origin = self._framed()
            leaf = _NOTHING
        glass = self._glass_m() if glazed.value > 0 else _NOTHING
        return Filling(
            use=self.use,
            kind=self.kind,
            area_m2=self.area,
            frame_share=share,
            frame_m3=frame,
            leaf_m3=leaf,
            glass_m3=glazed.times(glass) if glazed.value > 0 else _NOTHING,
            glazed_m2=glazed,
            glass_m=glass,
            panes=self.panes or 0.0,
            fill=needed(self.use, self.kind, "fill"),
            leaf_fill=default(self.use, self.kind, "leaf_fill") or exactly(1.0),
            origin=origin,
            assumed=tuple(self.assumed),
            density_kg_m3=default(self.use, self.kind, "density"),
        )

    def _assume(self, quantity: str) -> Range:
        self.assumed.append(quantity.replace("_", " "))
        return needed(self.use, self.kind, quantity)

    def _stated(self, value: float | None, quantity: str) -> Range:
        """A stated length with the spread of stated ones, else the default."""
        return self._assume(quantity) if value is None else self.spread.scaled(value)

    # -- windows and curtain walls ----------------------------------------------------------------------

    def _framed(self) -> tuple[Range, Range, Range, str]:
        """Frame share, frame volume, glazed area and origin."""
        fraction = self.sizes.ratios.get("glazing_fraction")
        lined = self._lined()
        if lined is not None:
            share, volume = lined
            glazed = self._rest(share)
            if fraction is not None:
                glazed = exactly(fraction * self.area)
            return share, volume, glazed, LINING
        depth = self._stated(
            self.sizes.stated("LiningDepth") or self.sizes.panel_length("FrameDepth"), "depth"
        )
        if fraction is not None and fraction < 1:
            share, origin = exactly(1 - fraction), GLAZING
        elif self.use == "curtain wall":
            share, origin = self._assume("frame_share"), DEFAULT
        else:
            face = self._assume("face_width")
            share, origin = Range(*(self._border(t) for t in face)), DEFAULT
        return share, share.times(depth).scaled(self.area), self._rest(share), origin

    def _rest(self, share: Range) -> Range:
        return Range(1 - share.value, max(0.0, 1 - share.high), max(0.0, 1 - share.low)).scaled(self.area)

    def _border(self, face_m: float) -> float:
        """Share of the opening of a border of this width, at most that of an opening full of it."""
        w, h = self.width, self.height
        inner = max(0.0, w - 2 * face_m) * max(0.0, h - 2 * face_m)
        return min(1 - inner / (w * h), _SHARE_LIMITS[1])

    def _lined(self) -> tuple[Range, Range] | None:
        """(frame share, frame volume) of the stated linings and panels; None when none is stated or right."""
        sizes = self.sizes
        lining = sizes.stated("LiningThickness")
        sash = sizes.panel_length("FrameThickness")
        if lining is None and sash is None:
            return None
        w, h = self.width, self.height
        t = lining or 0.0
        panels, mullions, transoms = _PARTITIONS.get(
            sizes.partitioning, (max(1, len(sizes.panels)), 0.0, 0.0)
        )
        ratios = sizes.ratios
        mullions = max(mullions, sum(n in ratios for n in ("FirstMullionOffset", "SecondMullionOffset")))
        transoms = max(transoms, sum(n in ratios for n in ("FirstTransomOffset", "SecondTransomOffset")))
        if not mullions and not transoms and panels > 1:
            mullions = panels - 1.0
        mullion_m = sizes.stated("MullionThickness") or t
        transom_m = sizes.stated("TransomThickness") or t
        inner_w, inner_h = w - 2 * t, h - 2 * t
        if inner_w <= 0 or inner_h <= 0:
            return None
        bars = mullions * mullion_m * inner_h + transoms * transom_m * inner_w
        fixed = w * h - inner_w * inner_h + bars
        around = 2 * (inner_w + inner_h) + 2 * (mullions * inner_h + transoms * inner_w)
        moving = 0.0 if sash is None else max(0.0, sash * around - 4 * sash**2 * panels)
        share = (fixed + moving) / (w * h)
        if not _SHARE_LIMITS[0] <= share <= _SHARE_LIMITS[1]:
            return None
        depth_m = sizes.stated("LiningDepth")
        depth = self._stated(depth_m, "depth")
        sash_m = sizes.panel_length("FrameDepth")
        sash_depth = depth if sash_m is None else self.spread.scaled(sash_m)
        volume = depth.scaled(fixed).plus(sash_depth.scaled(moving)).scaled(self.area / (w * h))
        return self.spread.scaled(share).below(_SHARE_LIMITS[1]), volume

    # -- doors --------------------------------------------------------------------------------------------

    def _door(self) -> tuple[Range, Range, Range, Range, str]:
        """Frame share, lining volume, leaf volume, glazed area and origin."""
        sizes, w, h = self.sizes, self.width, self.height
        scale = self.area / (w * h)
        lining = sizes.stated("LiningThickness")
        if lining is not None and (2 * lining >= w or lining >= h):
            lining = None
        face = self._stated(lining, "face_width")
        depth = self._stated(sizes.stated("LiningDepth"), "depth")
        border = Range(*(min(t * (w + 2 * h) - 2 * t**2, _SHARE_LIMITS[1] * w * h) for t in face))
        frame = border.times(depth)
        for pair in (("CasingThickness", "CasingDepth"), ("ThresholdThickness", "ThresholdDepth")):
            one, other = (sizes.stated(name) for name in pair)
            if one and other:
                along = w if pair[0].startswith("Threshold") else w + 2 * h
                frame = frame.plus(self.spread.scaled(one * other * along))
        transom = sizes.stated("TransomThickness")
        if transom:
            frame = frame.plus(depth.scaled(transom * w))
        leaf_depth = self._stated(sizes.panel_length("PanelDepth"), "leaf_depth")
        fraction = sizes.ratios.get("glazing_fraction")
        if fraction is not None:
            glazing = exactly(fraction)
        elif self.has_glass:
            glazing = self._assume("glazing")
        else:
            glazing = _NOTHING
        opening = w * h
        # A door of glass has at least its hinges and rails; a leaf is what is neither lining nor glass.
        opaque = Range(
            max(0.0, opening - border.value - glazing.value * opening),
            max(0.0, opening - border.high - glazing.high * opening),
            max(0.0, opening - border.low - glazing.low * opening),
        )
        leaf = opaque.times(leaf_depth).scaled(scale) if opaque.value > 0 else _NOTHING
        share = Range(1 - glazing.value, 1 - glazing.high, 1 - glazing.low)
        stated = lining is not None or bool(sizes.panel_length("PanelDepth"))
        origin = LINING if stated else GLAZING if fraction is not None else DEFAULT
        return share, frame.scaled(scale), leaf, glazing.scaled(self.area), origin

    # -- glass --------------------------------------------------------------------------------------------

    def _glass_m(self) -> Range:
        """Sum of the panes' thicknesses [m]."""
        lengths = self.sizes.lengths_m
        layers = self.sizes.ratios.get("glass_layers", self.panes)
        stated = [lengths[n] for n in (f"glass_thickness_{i}" for i in (1, 2, 3)) if n in lengths]
        if stated:
            self.panes = max(float(len(stated)), layers or 0.0)
            return exactly(math.fsum(stated) * self.panes / len(stated))
        pane = self._assume("pane_thickness")
        if layers:
            self.panes = layers
            return pane.scaled(layers)
        panes = self._assume("panes")
        self.panes = panes.value
        return pane.times(panes)
