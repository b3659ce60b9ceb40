"""Bring names to one spelling: case, accents, separators, camel case."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_LETTERS = str.maketrans(
    {
        "ß": "ss",
        "æ": "ae",
        "œ": "oe",
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ı": "i",
        "²": "2",
        "³": "3",
        "ё": "е",
        "й": "и",
    }
)
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
# BetonWand, and BauderPIR but not StB: a run of capitals is a word of its own after three small letters
_CAMEL = re.compile(
    r"(?<=[a-zà-öø-ÿ])(?=[A-ZÀ-ÖØ-Þ][a-zà-öø-ÿ])|(?<=[a-zà-öø-ÿ]{3})(?=[A-Z]{2,}(?![a-zà-öø-ÿ]))"
)
_WOOL = re.compile(r"\blã\b")  # without its accent it would be an article
TIMES = re.compile(r"(?<=\d)\s?[x×X](?=\s?[^\W_])")  # 2xGKB, 38x140
_DOTTED = re.compile(r"\b(?:[^\W\d_]\.){2,5}")  # B.A., i.h.w.g.
_TOKEN = re.compile(r"[^\W\d_]+|\d+")

# Articles and other words without which a phrase says the same.
_SKIPPED = (
    "de du des d l la le les of the het een van der den dem das die von vom un une a an ein eine del di da do"
)
SKIPPED = frozenset(_SKIPPED.split())


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Lower case without accents; letters of other alphabets stay.

    Example:
        >>> fold("Dämmung à l'ÉTÉ weiß")
        "dammung a l'ete weiss"
    """
    if text.isascii():
        return text.lower()
    lowered = unicodedata.normalize("NFKD", _WOOL.sub("lana", text.casefold()).translate(_LETTERS))
    return "".join(c for c in lowered if not unicodedata.combining(c)).translate(_LETTERS).lower()


def fold_umlauts(text: str) -> str:
    """As `fold`, but with ae, oe and ue for the umlauts, the way German is typed without them.

    Example:
        >>> fold_umlauts("Dämmung")
        'daemmung'
    """
    return fold(unicodedata.normalize("NFC", text).lower().translate(_UMLAUTS))


@lru_cache(maxsize=65536)
def tokens(text: str) -> tuple[str, ...]:
    """Runs of letters and runs of digits, folded; camel case is split.

    Example:
        >>> tokens("XX_GipskartonPlatte 12,5")
        ('xx', 'gipskarton', 'platte', '12', '5')
    """
    text = _DOTTED.sub(lambda found: found.group().replace(".", "") + " ", text)
    return tuple(_TOKEN.findall(fold(_CAMEL.sub(" ", TIMES.sub(" ", text)))))


def key(text: str) -> str:
    """The words of a name, one blank between them: equal keys are the same name.

    Example:
        >>> key("Stone_Wool -  Board") == key("stone wool board")
        True
    """
    return " ".join(_TOKEN.findall(fold(text)))


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """Cut the endings of plurals and adjectives; a rough cut that is the same on both sides.

    Example:
        >>> stem("blokken") == stem("blok"), stem("plaques") == stem("plaque")
        (True, True)
        >>> stem("gipsplaten") == stem("gipsplaat")
        True
    """
    if len(word) < 5 or word.isdigit():
        return word
    for ending in ("en", "es", "e", "s", "x"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            word = word[: -len(ending)]
            break
    if len(word) > 4 and word[-1] == word[-2] and word[-1] not in "aeiou":
        word = word[:-1]
    if len(word) > 5 and word[-2] == word[-3] and word[-2] in "aeou" and word[-1] not in "aeiou":
        word = word[:-2] + word[-1]  # a long vowel is written twice in plaat, once in platen
    return word
