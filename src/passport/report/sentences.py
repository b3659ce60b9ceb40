"""What a comparison says, in whole sentences for people who are no experts."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lca.compare import Comparison
    from passport.report.strings import Words


def comparison_sentences(comparison: Comparison | None, words: Words) -> list[str]:
    """What the comparison says, as sentences in the language; none where nothing can be compared.

    Example:
        >>> from passport.report.strings import Words
        >>> comparison_sentences(None, Words("nl"))
        []
    """
    from passport.report.figures import typographic

    c = comparison
    if c is None or not c.comparable or c.position is None:
        return []
    least = "least_" if c.at_least else ""
    sentences = [
        words(
            f"compare.{least}{c.position}",
            value=f"{words.number(c.value, 1)} {typographic(c.unit)}",
            p10=words.number(c.p10, 1),
            p90=words.number(c.p90, 1),
        )
    ]
    if c.percentile is not None and c.ratio_to_median is not None:
        sentences.append(
            words(
                f"compare.{least}percentile",
                percentile=words.share(c.percentile / 100),
                n=words.number(c.n),
                ratio=words.number(c.ratio_to_median, 2),
                median=words.number(c.median, 1),
            )
        )
    if len(c.possible_positions) > 1:
        positions = " / ".join(words(f"compare.position_{p}") for p in c.possible_positions)
        sentences.append(words("compare.possible", positions=positions))
    if c.percentile_low is not None and c.percentile_high is not None:
        sentences.append(
            words(
                "compare.draws",
                low=words.share(c.percentile_low / 100),
                high=words.share(c.percentile_high / 100),
                draws=words.number(c.draws),
            )
        )
    return sentences
