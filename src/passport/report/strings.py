"""Words of the report in four languages, and numbers as each language writes them."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

LANGUAGES: tuple[str, ...] = ("nl", "fr", "en", "de")

#: Stands for a figure that is not known.
DASH = "—"
_MINUS = "\N{MINUS SIGN}"


def strings(language: str) -> Mapping[str, str]:
    """All words of one language, by key.

    Raises:
        ValueError: there is no such language; the message names those that exist.

    Example:
        >>> strings("fr")["route.reuse"]
        'réemploi'
    """
    if language not in LANGUAGES:
        raise ValueError(f"{language!r} is not a language of the report; use one of {', '.join(LANGUAGES)}.")
    return _table()[language]


@cache
def _table() -> dict[str, Mapping[str, str]]:
    text = files("passport.report").joinpath("strings.toml").read_text(encoding="utf-8")
    return {language: MappingProxyType(words) for language, words in tomllib.loads(text).items()}


class Words:
    """The words of one language, filled in, and its way to write numbers.

    Example:
        >>> w = Words("nl")
        >>> w("compare.years", years=w.number(60))
        '60 jaar'
        >>> w.number(1234.5, 1).replace("\\u202f", " "), w.number(None), w.share(0.5).replace("\\xa0", " ")
        ('1 234,5', '—', '50 %')
    """

    def __init__(self, language: str) -> None:
        self.language = language
        self._words = strings(language)

    def __call__(self, key: str, **fields: str) -> str:
        """The words under a key with its {fields} filled in; values are put in as they are."""
        words = self._words[key]
        return words.format_map(fields) if fields else words

    def label(self, kind: str, code: str) -> str:
        """The word for a code, e.g. ("route", "reuse"); the code itself where there is none."""
        return self._words.get(f"{kind}.{code}", code)

    def number(self, value: float | None, decimals: int | None = None) -> str:
        """A number with the marks of the language, a dash where it is not known.

        Args:
            value: None, NaN and infinity are not known.
            decimals: digits after the mark; None: three significant digits, whole numbers in full.
        """
        if value is None or not math.isfinite(value):
            return DASH
        if decimals is None:
            decimals = 0 if value == round(value) else _decimals(value)
        return self._marks(f"{value:,.{decimals}f}")

    def figure(self, value: float | None) -> str:
        """A number of any size in a narrow column: three significant digits, powers as 1.23E-6."""
        if value is None or not math.isfinite(value):
            return DASH
        if value != 0 and not 1e-3 <= abs(value) < 1e7:
            mantissa, exponent = f"{value:.2E}".split("E")
            return self._marks(f"{mantissa}E{int(exponent)}")
        return self._marks(f"{value:,.{_decimals(value)}f}")

    def share(self, value: float | None) -> str:
        """A share 0-1 in percent; rounding never makes it 0 or 100 when it is not."""
        if value is None or not math.isfinite(value):
            return DASH
        percent = 100.0 * value
        shown = f"{percent:.0f}"
        if shown == "100" and value < 1 - 1e-9:
            shown = f"{min(percent, 99.9):.1f}"
        elif shown == "0" and value > 0:
            shown = "<0.1" if percent < 0.1 else f"{percent:.1f}"
        return self("locale.percent", value=self._marks(shown))

    def _marks(self, plain: str) -> str:
        negative = plain.startswith("-") and any(c in "123456789" for c in plain)
        exponent = plain.lstrip("-").translate(
            {ord(","): self._words["locale.group"], ord("."): self._words["locale.decimal"], ord("-"): _MINUS}
        )
        return f"{_MINUS}{exponent}" if negative else exponent


def _decimals(value: float) -> int:
    if value == 0:
        return 0
    return max(0, 2 - math.floor(math.log10(abs(value))))
