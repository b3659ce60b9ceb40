"""Layers that a model draws full but a builder makes as a frame with voids.

A wall type of an authoring tool says `Metal - Stud Layer` 40 mm; taken at its word that is 300 kg of steel
per m2 of partition. The library has bulk densities for such layers.
"""

from __future__ import annotations

#: Classes in which a material layer is a layer of the building part and not a profile or a sheet.
_LAYERED_USES = frozenset({"IfcWall", "IfcSlab", "IfcRoof", "IfcCovering"})
_METALS = frozenset({"steel-sheet", "steel-structural", "aluminium", "metal-other"})

#: Sheet metal in a layer is thinner than this, studs are deeper [m].
METAL_FRAME_FROM_M = 0.02
#: Boards and battens in a layer are thinner than this, studs and joists are deeper [m].
TIMBER_FRAME_FROM_M = 0.06

#: More solid metal over the opening than this is a hollow leaf or profile drawn full [m].
HOLLOW_LEAF_FROM_M = 0.01
#: Rolled sections go up to 0.17 m2 (HD 400 x 1299); a larger metal section is cladding or a hollow body [m2].
HOLLOW_SECTION_FROM_M2 = 0.2

STEEL_FRAME = "steel-stud-layer"
TIMBER_FRAME = "timber-frame-layer"


def frame_layer(family: str, use: str, thickness_m: float | None, layers: int) -> str | None:
    """Material id of the frame that a layer of this family and thickness is, None for a full layer.

    Args:
        family: family of the matched material.
        use: class of the element without variants.
        thickness_m: of the layer; None when unknown, then nothing is changed.
        layers: number of layers of the element; a single layer of timber may be solid.

    Example:
        >>> frame_layer("steel-sheet", "IfcWall", 0.041, 4)
        'steel-stud-layer'
    """
    if use not in _LAYERED_USES or thickness_m is None:
        return None
    if family in _METALS and thickness_m >= METAL_FRAME_FROM_M:
        return STEEL_FRAME
    if family == "timber-softwood" and thickness_m >= TIMBER_FRAME_FROM_M and layers > 1:
        return TIMBER_FRAME
    return None


def hollow_metal(
    family: str, use: str, volume_m3: float | None, area_m2: float | None, length_m: float | None
) -> bool:
    """Whether a metal part is drawn full but can only be hollow, so that its volume tells no mass.

    Args:
        family: family of the matched material.
        use: class of the element without variants.
        volume_m3: of the metal portion.
        area_m2: opening area of a door or window.
        length_m: length of a beam, column or member.

    Example:
        >>> hollow_metal("metal-other", "IfcDoor", 0.05, 2.0, None)  # 25 mm of solid metal
        True
    """
    if family not in _METALS or volume_m3 is None:
        return False
    if use in ("IfcDoor", "IfcWindow"):
        return area_m2 is not None and volume_m3 / area_m2 > HOLLOW_LEAF_FROM_M
    if use in ("IfcBeam", "IfcColumn", "IfcMember"):
        return length_m is not None and volume_m3 / length_m > HOLLOW_SECTION_FROM_M2
    return False
