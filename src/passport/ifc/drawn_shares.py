"""Shares of materials from drawn items whose styles are named much like the materials, not exactly.

A layered slab may be drawn as three bodies in the styles ``Isolation - glass wool``, ``Air`` and ``RAL 9010``
beside the materials ``99 Isolation glass wool 190``, ``99 Air frame`` and ``01 chipboard``: common words
name two of them, and the last style belongs to the last material.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from passport.ifc.materials import ASSUMED, MaterialSet

#: `share_origin` of such shares.
BY_WORDS = "geometry, by words of the style"

_WORD = re.compile(r"[^\W\d_]{3,}")
#: Words of this many letters are the same word when they begin alike.
_STEM = 5


def with_similar_styles(material_set: MaterialSet, names_m3: Mapping[str, float]) -> MaterialSet:
    """The set with shares from the volumes of its drawn items, where the names tell which is which.

    Used when there are as many styles as materials, no two materials or styles claim the same, and at most
    one pair is left over; otherwise the set stays as it is.

    Args:
        material_set: with assumed shares.
        names_m3: volume of the drawn items by the name of their style.
    """
    portions = material_set.portions
    drawn = {name: volume for name, volume in names_m3.items() if volume > 0}
    if len(portions) < 2 or len(drawn) != len(portions) or len({p.name for p in portions}) != len(portions):
        return material_set
    if any(p.share_origin != ASSUMED for p in portions):
        return material_set
    chosen = _pairs([p.name for p in portions], list(drawn))
    if chosen is None:
        return material_set
    total = math.fsum(drawn.values())
    return MaterialSet(
        tuple(
            replace(p, share=drawn[style] / total, share_origin=BY_WORDS)
            for p, style in zip(portions, chosen, strict=True)
        )
    )


def _pairs(materials: Sequence[str], styles: Sequence[str]) -> list[str] | None:
    """The style of each material; None unless the names leave no doubt."""
    common = [[_common(m, s) for s in styles] for m in materials]
    found: dict[int, int] = {}
    for m, row in enumerate(common):
        best = max(row)
        if best == 0:
            continue
        s = row.index(best)
        column = [r[s] for r in common]
        if row.count(best) > 1 or column.count(best) > 1 or max(column) > best:
            return None
        found[m] = s
    rest_materials = [m for m in range(len(materials)) if m not in found]
    rest_styles = [s for s in range(len(styles)) if s not in found.values()]
    if not found or len(rest_materials) > 1 or len(rest_styles) != len(rest_materials):
        return None
    found.update(zip(rest_materials, rest_styles, strict=True))
    return [styles[found[m]] for m in range(len(materials))]


def _common(one: str, other: str) -> int:
    """Letters of the words that both names have."""
    words, others = _words(one), _words(other)
    return sum(len(w) for w in words if any(_same(w, o) for o in others))


def _words(name: str) -> set[str]:
    return set(_WORD.findall(name.lower()))


def _same(one: str, other: str) -> bool:
    return one == other or (min(len(one), len(other)) >= _STEM and one[:_STEM] == other[:_STEM])
