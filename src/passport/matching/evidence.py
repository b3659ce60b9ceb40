"""What is known around a name, as words that the rules can ask for."""

from __future__ import annotations

from passport.matching.models import MaterialQuery
from reference.match_terms import load_match_thickness

_CLASSES = {
    "wall": "@wall",
    "curtainwall": "@facade",
    "slab": "@slab",
    "roof": "@roof",
    "covering": "@covering",
    "window": "@window",
    "door": "@door",
    "beam": "@frame",
    "column": "@frame",
    "member": "@frame",
    "plate": "@plate",
    "footing": "@foundation",
    "pile": "@foundation",
    "reinforcingbar": "@rebar",
    "reinforcingmesh": "@rebar",
    "furniture": "@furniture",
    "furnishingelement": "@furniture",
    "systemfurnitureelement": "@furniture",
    "site": "@site",
    "pipesegment": "@pipe",
    "pipefitting": "@pipe",
    "ductsegment": "@duct",
    "ductfitting": "@duct",
    "railing": "@railing",
    "stair": "@stair",
    "stairflight": "@stair",
}
_THICKNESS = ((0.004, "@sheet"), (0.026, "@thin"), (0.12, "@medium"))
_DENSITY = ((120.0, "@foam"), (700.0, "@light"), (1700.0, "@middle"), (3000.0, "@heavy"))

# How a reason names evidence.
EXPLAINED = {
    "@sheet": "a thickness of at most 4 mm",
    "@thin": "a thickness of at most 26 mm",
    "@medium": "a thickness of at most 120 mm",
    "@thick": "a thickness above 120 mm",
    "@foam": "a density of at most 120 kg/m3",
    "@light": "a density of at most 700 kg/m3",
    "@middle": "a density of at most 1700 kg/m3",
    "@heavy": "a density of at most 3000 kg/m3",
    "@metal": "a density above 3000 kg/m3",
    "@external": "an element outside",
    "@internal": "an element inside",
    "@first": "the first layer",
    "@last": "the last layer",
    **{word: f"the class of a {word[1:]}" for word in _CLASSES.values()},
}


def evidence_words(query: MaterialQuery) -> set[str]:
    """Words such as `@wall`, `@thin` or `@heavy` for class, thickness and density.

    Example:
        >>> sorted(evidence_words(MaterialQuery("staal", ifc_class="IfcWallStandardCase", thickness_m=0.001)))
        ['@sheet', '@wall']
    """
    found = set()
    for ifc_class in (query.ifc_class or query.use).split("|"):
        name = ifc_class.strip().lower().removeprefix("ifc").removesuffix("standardcase")
        if word := _CLASSES.get(name):
            found.add(word)
    if query.thickness_m is not None and query.thickness_m > 0:
        found.add(next((word for limit, word in _THICKNESS if query.thickness_m <= limit), "@thick"))
    if query.density_kg_m3 is not None and query.density_kg_m3 > 0:
        found.add(next((word for limit, word in _DENSITY if query.density_kg_m3 <= limit), "@metal"))
    if query.is_external is not None:
        found.add("@external" if query.is_external else "@internal")
    if query.layer_position is not None and query.layer_count is not None and query.layer_count > 1:
        if query.layer_position == 0:
            found.add("@first")
        elif query.layer_position == query.layer_count - 1:
            found.add("@last")
    return found


def layer_is_doubtful(thickness_m: float | None, family: str) -> bool:
    """Whether a layer is thicker than its family ever is, such as tiles of 120 mm.

    Example:
        >>> layer_is_doubtful(0.12, "ceramic-tile"), layer_is_doubtful(0.12, "clay-brick")
        (True, False)
    """
    if thickness_m is None or thickness_m <= 0:
        return False
    return thickness_m > load_match_thickness().get(family, float("inf"))


def is_fitting(density: float | None, low: float | None, high: float | None) -> bool | None:
    """Whether a density suits a material; None when nothing can be said.

    Example:
        >>> is_fitting(45.0, 1800.0, 2400.0), is_fitting(None, 1.0, 2.0)
        (False, None)
    """
    if density is None or density <= 0 or low is None or high is None:
        return None
    return low * 0.6 <= density <= high * 1.6
