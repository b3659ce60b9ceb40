"""Take compound words apart: Kalksandsteinmauerwerk, gevelmetselwerk, Holzfaserdämmplatte.

A part counts only at a boundary of the compound: at its beginning, at its end, or next to a part that is
known. Letters between two parts (s, n, en, es) are allowed. The longest parts win.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

LINKS = ("s", "n", "e", "en", "es", "er", "ens", "o")
ENDINGS = frozenset(
    [
        "",
        "s",
        "e",
        "n",
        "en",
        "es",
        "er",
        "em",
        "x",
        "ne",
        "nen",
        "ken",
        "pen",
        "ten",
        "len",
        "sen",
        "ste",
        "jes",
        "je",
    ]
)
LONGEST_PART = 28
LONGEST_WORD = 60

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Part(Generic[T]):
    """A known part of a compound.

    Attributes:
        start: first letter of the part.
        end: one past its last letter.
        value: what the vocabulary says.
        head: the part is the last one, so it says what the thing is.
        sure: both sides of the part are known or an end of the word.
    """

    start: int
    end: int
    value: T
    head: bool
    sure: bool


def split_compound(word: str, vocabulary: Mapping[str, T]) -> tuple[Part[T], ...]:
    """Parts of a word that stand at a boundary, from left to right; empty when none does.

    Example:
        >>> words = {"holz": 1, "faser": 2, "damm": 3, "platte": 4}
        >>> [part.value for part in split_compound("holzfaserdammplatten", words)]
        [1, 2, 3, 4]
        >>> split_compound("verglast", {"glas": 1})
        ()
    """
    size = len(word)
    if size < 6 or size > LONGEST_WORD:
        return ()
    # best[i]: value, index before, whether the piece is a part, whether what lies before i is known
    best: list[tuple[int, int, bool, bool]] = [(-10_000, -1, False, False)] * (size + 1)
    best[0] = (0, -1, False, True)
    for i in range(size):
        value, _, _, known = best[i]
        if value == -10_000:
            continue
        if value - 4 > best[i + 1][0]:
            best[i + 1] = (value - 4, i, False, False)
        if known and i:
            for link in LINKS:
                j = i + len(link)
                if j < size and value - 1 > best[j][0] and word.startswith(link, i):
                    best[j] = (value - 1, i, False, True)
        for j in range(i + 3, min(size, i + LONGEST_PART) + 1):
            gain = value + 2 * (j - i) - 3
            if gain > best[j][0] and word[i:j] in vocabulary:
                best[j] = (gain, i, True, True)
    return _checked(word, vocabulary, best)


def _checked(
    word: str, vocabulary: Mapping[str, T], best: list[tuple[int, int, bool, bool]]
) -> tuple[Part[T], ...]:
    size = len(word)
    end = max(
        (i for i in range(size + 1) if word[i:] in ENDINGS and best[i][2]),
        key=lambda i: best[i][0] - (size - i),
        default=size,
    )
    if best[end][0] < best[size][0]:
        end = size
    pieces: list[tuple[int, int, bool]] = []
    at = end
    while at > 0:
        before = best[at][1]
        pieces.append((before, at, best[at][2]))
        at = before
    pieces.reverse()
    spans = [(start, stop) for start, stop, is_part in pieces if is_part]
    parts: list[Part[T]] = []
    for number, (start, stop) in enumerate(spans):
        left_end = spans[number - 1][1] if number else 0
        left = word[left_end:start]
        right_start = spans[number + 1][0] if number + 1 < len(spans) else size
        right = word[stop:right_start]
        last = number + 1 == len(spans)
        left_known = not left or (number > 0 and left in LINKS)
        right_known = (last and right in ENDINGS) or (not last and (not right or right in LINKS))
        long_enough = stop - start >= 5 or (stop - start == 4 and left_known)
        if left_known and right_known:
            parts.append(Part(start, stop, vocabulary[word[start:stop]], last, True))
        elif right_known and last and (long_enough or (stop - start == 4 and len(left) >= 3)):
            parts.append(Part(start, stop, vocabulary[word[start:stop]], True, False))
        elif (left_known and stop - start >= 5 and not last) or (
            left_known and stop - start >= 5 and number == 0
        ):
            parts.append(Part(start, stop, vocabulary[word[start:stop]], False, False))
    return tuple(parts)
