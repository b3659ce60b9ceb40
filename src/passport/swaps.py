"""Another material in the place of one: what a change of the design makes of a portion."""

from __future__ import annotations

import dataclasses

from passport.models import Portion
from reference.materials import load_materials


def decided(portion: Portion) -> Portion:
    """The portion with its material for certain: a change says what it is.

    Example:
        >>> decided(Portion(name="stone", material_id="clay-brick", score=0.6)).score
        1.0
    """
    return dataclasses.replace(portion, score=1.0, alternatives=())


def swapped(portion: Portion, material_id: str, thickness_ratio: float = 1.0) -> Portion:
    """Another material in the same place, so many times as thick.

    Returns:
        The portion with the density of the library; its mass is None where the volume or that density is not
        known.

    Raises:
        UnknownMaterialError: the library does not hold the material.

    Example:
        >>> brick = Portion(name="brick", material_id="clay-brick", volume_m3=2.0, mass_kg=3600.0)
        >>> swapped(brick, "timber-clt", 0.5).mass_kg
        470.0
    """
    material = load_materials()[material_id]
    density = material.density_kg_m3
    volume = None if portion.volume_m3 is None else portion.volume_m3 * thickness_ratio
    mass = None if volume is None or density is None else volume * density
    return dataclasses.replace(
        decided(portion),
        material_id=material_id,
        family=material.family,
        volume_m3=volume,
        thickness_m=None if portion.thickness_m is None else portion.thickness_m * thickness_ratio,
        density_kg_m3=density,
        density_origin="" if density is None else "library",
        mass_kg=mass,
        mass_origin="" if mass is None else "volume x density (library)",
    )
