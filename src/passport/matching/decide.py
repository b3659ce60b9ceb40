"""Weigh the words of one name against each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from passport.matching.index import Hit, lowered

THRESHOLD = 12.0

# The thing lies on, under or behind what follows these words.
ON = frozenset(
    [
        "sur",
        "on",
        "op",
        "auf",
        "onder",
        "sous",
        "under",
        "unter",
        "tegen",
        "against",
        "gegen",
        "behind",
        "derriere",
        "achter",
        "hinter",
    ]
)
# What follows these words is where the thing is or what it is for, not what it is.
PLACE = ON | frozenset(
    [
        "above",
        "below",
        "between",
        "boven",
        "entre",
        "excl",
        "exclusief",
        "for",
        "fuer",
        "fur",
        "kein",
        "keine",
        "nicht",
        "niet",
        "no",
        "non",
        "not",
        "ohne",
        "onto",
        "para",
        "per",
        "pour",
        "sans",
        "sobre",
        "su",
        "tussen",
        "voor",
        "without",
        "zonder",
        "zwischen",
    ]
)
# Only the next word is the place: "insulation between joists, mineral wool".
BETWEEN = frozenset(["between", "entre", "tussen", "zwischen", "tra", "fra"])
# What follows these words comes along with the thing.
WITH = frozenset(
    ["met", "with", "mit", "avec", "incl", "inkl", "inclusief", "inclus", "including", "plus", "con", "com"]
)
_AFTER = frozenset(["fr", "es", "it", "pt"])
_METALS = frozenset(["steel-structural", "steel-sheet", "steel-stainless", "metal-other", "aluminium"])
# Families that a frame, a leaf or a window can be made of.
_FRAME = (
    frozenset(
        [
            "timber-softwood",
            "timber-hardwood",
            "aluminium",
            "pvc",
            "glass-flat",
            "glass-insulating",
            "plastic-other",
        ]
    )
    | _METALS
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The best hit, the runners-up of other families, and by how much the best one leads."""

    best: Hit
    others: tuple[Hit, ...]
    margin: float


def ignored_words(hits: Sequence[Hit], words: Sequence[str]) -> set[int]:
    """Positions of words that rules must not use: mere looks, and what follows "on" or "under".

    Example:
        >>> ignored_words([], ["enduit", "sur", "isolant"])
        {1, 2}
    """
    ignored = set(_killed(hits))
    for i, word in enumerate(words):
        if i and word in ON:
            ignored.update(range(i, len(words)))
            break
    return ignored


def _killed(hits: Sequence[Hit]) -> set[int]:
    """Positions of the words beside a word for looks: "wood look", "imitation bois"."""
    killed: set[int] = set()
    for look in hits:
        if look.term.kind == "look":
            killed.add(look.end if look.term.language in _AFTER else look.start - 1)
    return killed


def _after_place(hits: list[Hit], words: Sequence[str]) -> list[Hit]:
    inside = {i for hit in hits if hit.step == "term" for i in range(hit.start + 1, hit.end)}
    result = []
    for hit in hits:
        penalty = 0.0
        before: tuple[str, ...] = tuple(words[: hit.start])
        if hit.step != "rule" and before:
            before = tuple(
                "" if i in inside or (word in BETWEEN and i + 1 != hit.start) else word
                for i, word in enumerate(before)
            )
            if any(word in PLACE for word in before[1:] or before):
                penalty = 30.0 if before[0] not in PLACE or hit.start > 1 else 20.0
            elif any(word in WITH for word in before[1:]):
                penalty = 12.0
        result.append(lowered(hit, penalty) if penalty else hit)
    return result


def _without_looks(hits: list[Hit]) -> list[Hit]:
    killed = _killed(hits)
    return [
        hit
        for hit in hits
        if hit.term.kind != "look"
        and (hit.step != "term" or hit.end - hit.start > 1 or hit.start not in killed)
    ]


def _component_wins(hits: list[Hit], components: Sequence[Hit]) -> list[Hit]:
    """A door or window of several materials is a component; of one material it is that material."""
    if not components:
        return hits
    materials = {hit.term.family for hit in hits if hit.term.family in _FRAME and hit.weight >= 25}
    if materials & _METALS and materials <= _METALS:
        return hits
    if len(materials) >= 2:
        return [*hits, lowered(components[0], -60)]
    return hits


def weigh(
    hits: list[Hit], words: Sequence[str], language: str, components: Sequence[Hit] = ()
) -> Verdict | None:
    """The verdict over the hits of one name; None when no hit carries enough weight."""
    hits = _component_wins(_without_looks(_after_place(hits, words)), components)
    hits = [hit for hit in hits if hit.term.kind != "neutral" and hit.weight >= THRESHOLD]
    if not hits:
        return None

    def rank(hit: Hit) -> tuple[float, float, int, str]:
        size = min(len(hit.term.term), 24) / 12
        first = language in _AFTER or hit.term.language in _AFTER
        place = (-hit.start if first else hit.start) * 0.3
        right = 1.0 if language and hit.term.language == language else 0.0
        return (hit.weight + size + max(-1.5, min(1.5, place)) + right, hit.weight, hit.offset, hit.term.term)

    hits.sort(key=rank, reverse=True)
    best = hits[0]
    others: list[Hit] = []
    seen = {best.term.family}
    for hit in hits[1:]:
        if hit.term.family not in seen:
            seen.add(hit.term.family)
            others.append(hit)
    margin = rank(best)[0] - rank(others[0])[0] if others else 100.0
    return Verdict(best, tuple(others), margin)


def most_specific(best: Hit, hits: Sequence[Hit]) -> str:
    """Material id among the hits of the winning family; the weightiest that is specific, else empty."""
    if best.term.material_id:
        return best.term.material_id
    same = [hit for hit in hits if hit.term.family == best.term.family and hit.term.material_id]
    if not same:
        return ""
    return max(same, key=lambda hit: (hit.weight, len(hit.term.term), hit.term.term)).term.material_id
