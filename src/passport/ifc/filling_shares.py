"""What of a filling's volume each of its materials gets, and the range of it.

Glass takes the panes, the other materials frame and leaf. A material that makes neither (the fill pattern of
an opening, a sill) has no share when another one is known as that of the frame: unknown, not zero.
"""

from __future__ import annotations

from collections.abc import Sequence

from passport.ifc.fillings import Family, Filling, Range, exactly, family_of, needed

#: A drawn volume further than this above the largest that frame and glass may have is a block.
_BLOCK = 2.0


def parts_of(use: str, found: Sequence[tuple[str | None, str]]) -> list[Family | None]:
    """What each (material id, family) is in a filling; metal beside another frame is hardware.

    Example:
        >>> [p.part for p in parts_of("door", [(None, "steel-sheet"), (None, "timber-softwood")])]
        ['hardware', 'frame']
    """
    parts = [family_of(use, material_id or "", family) for material_id, family in found]
    others = {p.kind for p in parts if p is not None and p.part == "frame"} - {"steel", "aluminium"}
    if not others:
        return parts
    return [
        Family("hardware", p.kind, "") if p is not None and p.kind in ("steel", "aluminium") else p
        for p in parts
    ]


def frame_kind(parts: Sequence[Family | None]) -> str:
    """Kind of the first material that is one of a frame; a named one before one that is only a part."""
    kinds = [p.kind for p in parts if p is not None and p.part == "frame"]
    return next((k for k in kinds if k != "unknown"), "unknown")


def allot(
    parts: Sequence[Family | None], filling: Filling, volume_m3: float | None, *, use: str
) -> tuple[list[Range | None], bool]:
    """(volume of each portion as it would be drawn, whether the given volume is that of a block).

    Args:
        parts: from `parts_of`.
        filling: the geometry.
        volume_m3: of a body or a quantity; the parts are scaled to it unless it is that of a full block.
            The glass then has the volume that is drawn: panes alone, or the unit with its gas, whichever
            comes nearer to it.
        use: window, door or curtain wall.

    Example:
        >>> from passport.ifc.stated_sizes import StatedSizes
        >>> from passport.ifc.fillings import fill_opening
        >>> window = fill_opening("window", "timber", StatedSizes(), 1.8, has_glass=True)
        >>> glass, wood = parts_of("window", [(None, "glass-flat"), (None, "timber-softwood")])
        >>> [round(v.value, 3) for v in allot([glass, wood], window, None, use="window")[0]]
        [0.01, 0.034]
    """
    glazed = any(p is not None and p.part == "glass" for p in parts)
    glass = filling.glass_m3 if glazed else exactly(0.0)
    frame = filling.envelope_m3
    block = False
    if volume_m3 is not None:
        block = volume_m3 > _BLOCK * (frame.high + filling.glazed_m2.high * _unit(use).high)
        if not block:
            drawn = _drawn_glass(filling, volume_m3, use) if glazed else glass
            glass, frame = _scaled(drawn, frame, volume_m3)
            if not glazed and filling.glass_m3.value > 0:
                # No material is named for the glass of a window, but its volume may hold it.
                frame = _scaled(_drawn_glass(filling, volume_m3, use), filling.envelope_m3, volume_m3)[1]
                frame = Range(volume_m3, frame.low, volume_m3)
    hardware = [p is not None and p.part == "hardware" for p in parts]
    of_frame = [p is not None and p.part == "frame" for p in parts]
    of_glass = [p is not None and p.part == "glass" for p in parts]
    if not any(of_frame):
        # Nothing says what the frame is made of: all that is not glass may be.
        of_frame = [not g and not h for g, h in zip(of_glass, hardware, strict=True)]
    metal = needed(use, "any", "hardware") if any(hardware) else exactly(0.0)
    volumes: list[Range | None] = []
    for g, f, h in zip(of_glass, of_frame, hardware, strict=True):
        if g:
            volumes.append(_among(glass, sum(of_glass)))
        elif h:
            volumes.append(_among(frame.times(metal), sum(hardware)))
        elif f:
            volumes.append(_among(frame.scaled(1 - metal.value), sum(of_frame)))
        else:
            volumes.append(None)
    return volumes, block


def _among(volume: Range, count: int) -> Range:
    """The part of each of several materials; with several, one may be all of it or next to nothing."""
    return volume if count == 1 else Range(volume.value / count, 0.0, volume.high)


def _unit(use: str) -> Range:
    return needed(use, "any", "unit_thickness")


def _drawn_glass(filling: Filling, volume_m3: float, use: str) -> Range:
    """Volume of the glass as it is drawn: of panes alone or of whole units."""
    if filling.glazed_m2.value <= 0:
        return filling.glass_m3
    unit = filling.glazed_m2.times(_unit(use))
    frame = filling.envelope_m3.value
    nearer = min((filling.glass_m3, unit), key=lambda g: abs(g.value + frame - volume_m3))
    return nearer


def _scaled(glass: Range, frame: Range, volume_m3: float) -> tuple[Range, Range]:
    """Glass and frame as parts of a volume; what one has more, the other has less."""
    whole = glass.value + frame.value
    if whole <= 0:
        return glass, frame
    low = glass.low / (glass.low + frame.high) if glass.low + frame.high > 0 else 0.0
    high = glass.high / (glass.high + frame.low) if glass.high + frame.low > 0 else 1.0
    share = glass.value / whole
    return (
        Range(share, low, high).scaled(volume_m3),
        Range(1 - share, 1 - high, 1 - low).scaled(volume_m3),
    )
