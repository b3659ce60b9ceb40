"""Words of the report: same keys and fields in every language, numbers with local marks."""

from __future__ import annotations

import math
import string
from pathlib import Path

import pytest

from passport.report.strings import DASH, LANGUAGES, Words, strings
from reference.vocabulary import Indicator, RouteKind, Stage


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("language", LANGUAGES)
def test_same_keys_and_fields_as_english(language: str) -> None:
    words, english = strings(language), strings("en")
    assert set(words) == set(english)
    for key, text in english.items():
        assert fields(words[key]) == fields(text), key
        assert words[key].strip() or key == "locale.group", key


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_has_a_word(language: str) -> None:
    words = strings(language)
    assert {f"module.{s}" for s in Stage} <= set(words)
    assert {f"indicator.{i}" for i in Indicator} <= set(words)
    assert {f"route.{r}" for r in RouteKind} <= set(words)


def test_every_word_is_used() -> None:
    import passport.report

    folder = Path(str(passport.report.__file__)).parent
    code = "".join(p.read_text(encoding="utf-8") for p in [*folder.glob("*.py"), *folder.rglob("*.j2")])
    by_code = (
        "module.",
        "indicator.",
        "route.",
        "severity.",
        "confidence.",
        "rule.",
        "biogenic.",
        "geometry.",
        "civil.",
        "kind.",
        "phase.",
    )
    composed = (
        "compare.above",
        "compare.percentile",
        "compare.least_",
        "compare.position_",
        "compare.below",
        "compare.within",
    )
    titles = tuple(key for key in strings("en") if key.endswith(".title"))
    unused = [
        key
        for key in strings("en")
        if not key.startswith(by_code + composed) and key not in titles and f'"{key}"' not in code
    ]
    assert unused == []


def test_unknown_language_is_refused_with_the_choices() -> None:
    with pytest.raises(ValueError, match="'es' is not a language of the report; use one of nl, fr, en, de"):
        strings("es")


@pytest.mark.parametrize(
    ("language", "whole", "broken", "share"),
    [
        ("en", "1,234,567", "12.5", "93%"),
        ("nl", "1\u202f234\u202f567", "12,5", "93\u00a0%"),
        ("fr", "1\u202f234\u202f567", "12,5", "93\u00a0%"),
        ("de", "1.234.567", "12,5", "93\u00a0%"),
    ],
)
def test_numbers_are_written_as_the_language_does(language: str, whole: str, broken: str, share: str) -> None:
    words = Words(language)
    assert words.number(1234567) == whole
    assert words.number(12.5) == broken
    assert words.share(0.93) == share


def test_what_is_not_known_is_a_dash_and_never_zero() -> None:
    words = Words("en")
    for value in (None, math.nan, math.inf):
        assert words.number(value) == words.figure(value) == words.share(value) == DASH


def test_shares_are_never_rounded_to_nothing_or_to_everything() -> None:
    words = Words("en")
    assert words.share(0.9996) == "99.9%"
    assert words.share(0.0004) == "<0.1%"
    assert (words.share(0.0), words.share(1.0)) == ("0%", "100%")


def test_figures_of_any_size() -> None:
    words = Words("de")
    assert words.figure(-1.234e-7) == "−1,23E−7"
    assert words.figure(1.234e9) == "1,23E9"
    assert words.figure(12345.6) == "12.346"
    assert words.figure(0.0) == "0"


def test_fields_are_filled_in_once() -> None:
    assert Words("en")("page.more", n="{value}") == (
        "{value} more lines are not printed here; the JSON result holds all of them."
    )
