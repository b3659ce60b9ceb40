"""What a rule gives to one portion: its volume, the range of it, and what replaces the match."""

from __future__ import annotations

from dataclasses import dataclass

from passport.ifc.fillings import Range
from passport.ifc.materials import ASSUMED, RawPortion


@dataclass(frozen=True, slots=True)
class Allotment:
    """Volume of one portion where a rule gives it.

    Attributes:
        volume_m3: of the material; None when unknown.
        share: of the element's volume, or of all portions where the element has none.
        share_low, share_high: bounds, None when nothing was assumed.
        origin: for `Portion.share_origin`.
        material_id: takes the place of the matched one; None keeps it.
        density: value [kg/m3] and origin that replace those of the library; None keeps them.
        reason: is added to the reason of the match.
        modelled: the element has no volume, so that a stated weight is better than volume x density.
    """

    volume_m3: float | None
    share: float | None
    origin: str
    share_low: float | None = None
    share_high: float | None = None
    material_id: str | None = None
    density: tuple[float, str] | None = None
    reason: str = ""
    modelled: bool = False


def ranged(
    volume_m3: Range, whole_m3: float, origin: str, *, density: Range | None = None, modelled: bool = False
) -> Allotment:
    """A volume with its range as shares of a whole; no bounds where the range is a point.

    Args:
        volume_m3: of the material.
        whole_m3: of the element.
        origin: how it is known.
        density: of an envelope, whose range widens that of the share.
        modelled: the element has no volume of its own.

    Example:
        >>> a = ranged(Range(0.2, 0.1, 0.4), 0.5, "wall thickness")
        >>> a.share, a.share_low, a.share_high
        (0.4, 0.2, 0.8)
    """
    both = volume_m3
    if density is not None and density.value > 0:
        both = volume_m3.times(density.scaled(1 / density.value))
    certain = both.low == both.value == both.high
    share = volume_m3.value / whole_m3 if whole_m3 > 0 else None
    return Allotment(
        volume_m3.value if volume_m3.value > 0 else None,
        None if share is None else min(share, 1.0),
        origin,
        None if certain or share is None else both.low / whole_m3,
        None if certain or share is None else both.high / whole_m3,
        modelled=modelled,
    )


def equal_share(part: RawPortion, volume_m3: float | None) -> Allotment:
    """A portion of a list without shares: any of them may be all of it or nothing.

    Example:
        >>> equal_share(RawPortion("wood", share=0.5), 2.0).volume_m3
        1.0
    """
    volume = None if volume_m3 is None or part.share is None else volume_m3 * part.share
    return Allotment(volume, part.share, ASSUMED, 0.0, 1.0)
