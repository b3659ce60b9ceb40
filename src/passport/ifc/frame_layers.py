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
