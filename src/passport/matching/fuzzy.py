"""Words with a typing error; a careful search for the word that was meant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from reference.match_terms import MatchTerm

SHORTEST = 6
CUTOFF = 88.0
CUTOFF_SHORT = 90.0  # for words of up to 8 letters
SHORTEST_SLIP = 7
LONG_WORD = 12  # from here on two slips may be in one word
_GROUP = ("head", "modifier", "brand", "equipment", "component", "air", "word", "unknown", "neutral")


class FuzzyIndex:
    """Words by first letter, so that only a few are compared.

    Args:
        singles: the words that say something alone.
        others: words that occur in phrases only.
    """

    def __init__(self, singles: Mapping[str, MatchTerm], others: Iterable[str] = ()) -> None:
        self._near: dict[tuple[str, int], list[str]] = {}
        self._singles = singles
        self._others = frozenset(others) - singles.keys()
        for word, term in singles.items():
            if len(word) >= SHORTEST - 1 and term.kind in _GROUP:
                self._file(word)
        for word in sorted(self._others):
            if len(word) >= SHORTEST - 1 and word.isalpha():
                self._file(word)
        self._cache: dict[str, tuple[str, float] | None] = {}
        self._slips: dict[str, str | None] = {}

    def _file(self, word: str) -> None:
        self._near.setdefault((word[0], len(word)), []).append(word)

    def _around(self, word: str, reach: int) -> list[str]:
        sizes = range(len(word) - reach, len(word) + reach + 1)
        return [other for size in sizes for other in self._near.get((word[0], size), ())]

    def slip(self, word: str) -> str | None:
        """The known word of which this one is a mistyped form; None unless it is hardly anything else.

        One letter more, less, other or swapped; two in words of at least `LONG_WORD` letters. The first
        letter is taken as right.

        Example:
            >>> from reference.match_terms import load_match_terms
            >>> words = {term.term: term for term in load_match_terms() if term.language == "de"}
            >>> FuzzyIndex(words).slip("kalksandsten")
            'kalksandstein'
        """
        if len(word) < SHORTEST_SLIP or not word.isalpha():
            return None
        if word not in self._slips:
            if len(self._slips) > 200_000:
                self._slips.clear()
            self._slips[word] = self._search_slip(word)
        return self._slips[word]

    def _search_slip(self, word: str) -> str | None:
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        allowed = 2 if len(word) >= LONG_WORD else 1
        found = process.extract(
            word, self._around(word, allowed), scorer=OSA.distance, score_cutoff=allowed, limit=4
        )
        if not found:
            return None
        best, distance, _ = found[0]
        level = {other for other, away, _ in found if away == distance}
        return best if len({self._family(other) for other in level}) == 1 else None

    def _family(self, word: str) -> str:
        term = self._singles.get(word)
        return word if term is None else term.family

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
        near = [other for other in self._around(word, 2) if other not in self._others]
        found = process.extract(word, near, scorer=fuzz.ratio, score_cutoff=cutoff, limit=4)
        if not found:
            return None
        best, score, _ = found[0]
        families = {self._singles[other].family for other, likeness, _ in found if likeness >= score - 1}
        if len(families) > 1:
            return None
        return best, float(score)
