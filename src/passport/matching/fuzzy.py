"""Words with a typing error; the last resort, and a careful one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reference.match_terms import MatchTerm

SHORTEST = 6
CUTOFF = 86.0
_GROUP = ("head", "modifier", "brand", "equipment", "component", "air", "word", "unknown", "neutral")


class FuzzyIndex:
    """Words by first letter, so that only a few are compared."""

    def __init__(self, singles: Mapping[str, MatchTerm]) -> None:
        self._by_letter: dict[str, list[str]] = {}
        self._singles = singles
        for word, term in singles.items():
            if len(word) >= SHORTEST - 1 and term.kind in _GROUP:
                self._by_letter.setdefault(word[0], []).append(word)
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

        near = [w for w in self._by_letter.get(word[0], ()) if abs(len(w) - len(word)) <= 2]
        found = process.extract(word, near, scorer=fuzz.ratio, score_cutoff=CUTOFF, limit=4)
        if not found:
            return None
        best, score, _ = found[0]
        families = {self._singles[other].family for other, likeness, _ in found if likeness >= score - 1}
        if len(families) > 1:
            return None
        return best, float(score)


def mistyped(words: Sequence[str], index: FuzzyIndex) -> list[tuple[int, str, float]]:
    """Position, known word and likeness for each word that looks mistyped."""
    return [(i, *found) for i, word in enumerate(words) if (found := index.closest(word)) is not None]
