"""Words with a typing error; the last resort, and a careful one."""

from __future__ import annotations

from collections.abc import Mapping

from reference.match_terms import MatchTerm

SHORTEST = 6
CUTOFF = 88.0
CUTOFF_SHORT = 90.0  # for words of up to 8 letters
_GROUP = ("head", "modifier", "brand", "equipment", "component", "air", "word", "unknown", "neutral")


class FuzzyIndex:
    """Words by first letter, so that only a few are compared."""

    def __init__(self, singles: Mapping[str, MatchTerm]) -> None:
        self._near: dict[tuple[str, int], list[str]] = {}
        self._singles = singles
        for word, term in singles.items():
            if len(word) >= SHORTEST - 1 and term.kind in _GROUP:
                for size in range(len(word) - 2, len(word) + 3):
                    self._near.setdefault((word[0], size), []).append(word)
        self._cache: dict[str, tuple[str, float] | None] = {}

    def closest(self, word: str) -> tuple[str, float] | None:
        """The known word nearest to a mistyped one and the likeness from 0 to 100.

        None when the word is short, when nothing is near, or when two words that mean different things are
        equally near.
        """
        if len(word) < SHORTEST or word.isdigit():
            return None
        if word not in self._cache:
            if len(self._cache) > 200_000:
                self._cache.clear()
            self._cache[word] = self._search(word)
        return self._cache[word]

    def _search(self, word: str) -> tuple[str, float] | None:
        from rapidfuzz import fuzz, process

        cutoff = CUTOFF_SHORT if len(word) <= 8 else CUTOFF
        near = self._near.get((word[0], len(word)), ())
        found = process.extract(word, near, scorer=fuzz.ratio, score_cutoff=cutoff, limit=4)
        if not found:
            return None
        best, score, _ = found[0]
        families = {self._singles[other].family for other, likeness, _ in found if likeness >= score - 1}
        if len(families) > 1:
            return None
        return best, float(score)
