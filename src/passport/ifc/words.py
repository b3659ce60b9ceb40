"""Words of people in four languages and more: folded, so that case, accents and punctuation do not matter."""

from __future__ import annotations

import re
import unicodedata

_NOT_A_WORD = re.compile(r"[\W_]+")


def folded(text: str) -> str:
    """Lower case, without accents, words parted by single spaces.

    Example:
        >>> folded("À_démolir (fase 2)")
        'a demolir fase 2'
    """
    if text.isascii():
        return _NOT_A_WORD.sub(" ", text.lower()).strip()
    plain = unicodedata.normalize("NFKD", text.casefold())
    return _NOT_A_WORD.sub(" ", "".join(c for c in plain if not unicodedata.combining(c))).strip()


def key_of(name: str) -> str:
    """The folded words without spaces: how names of properties are compared.

    Example:
        >>> key_of("Umbau-Status")
        'umbaustatus'
    """
    return folded(name).replace(" ", "")
