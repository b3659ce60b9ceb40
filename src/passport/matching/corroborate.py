"""What stands around a name against what the name says: break ties, refine, lower the score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from passport.matching.decide import Verdict
from passport.matching.evidence import layer_is_doubtful
from passport.matching.models import Match, MaterialQuery
from reference.match_terms import ClassificationCode

LEVEL = 8.0  # a lead below which other evidence decides
_DOUBT = 0.75  # share of the score that stays after a contradiction; an estimate
# Families that are the same material to a classification.
_KIN = (
    frozenset(["concrete", "concrete-reinforced", "concrete-precast", "concrete-lightweight"]),
    frozenset(["concrete-block", "concrete-lightweight", "aerated-concrete", "concrete-precast"]),
    frozenset(["steel-structural", "steel-sheet", "steel-reinforcement", "steel-stainless", "metal-other"]),
    frozenset(["metal-other", "aluminium", "copper", "zinc", "lead"]),
    frozenset(["timber-softwood", "timber-hardwood", "timber-glulam", "timber-clt", "wood-flooring"]),
    frozenset(["wood-board", "timber-clt", "wood-fibre-insulation", "timber-glulam"]),
    frozenset(["glass-flat", "glass-insulating"]),
    frozenset(["clay-brick", "clay-block", "clay-roof-tile", "ceramic-tile"]),
    frozenset(["gypsum-plaster", "gypsum-board", "lime-cement-render"]),
    frozenset(["mortar", "screed", "lime-cement-render", "concrete"]),
    frozenset(["pvc", "plastic-other", "polyolefin-foil", "epdm", "resilient-flooring"]),
    frozenset(["pur-pir", "eps", "xps", "plastic-other"]),
    frozenset(["bitumen-membrane", "polyolefin-foil", "epdm", "pvc", "asphalt"]),
    frozenset(["bulk-mineral", "soil"]),
)


def is_kin(family: str, other: str) -> bool:
    """Whether a code for one family may stand at a material of the other.

    Example:
        >>> is_kin("concrete", "concrete-precast"), is_kin("concrete", "zinc")
        (True, False)
    """
    return family == other or any(family in group and other in group for group in _KIN)


def by_codes(verdict: Verdict, rows: Sequence[ClassificationCode]) -> Verdict:
    """Among answers that are nearly level, the one that a classification tells."""
    families = {row.family for row in rows}
    if not families or verdict.margin >= LEVEL or verdict.best.term.family in families:
        return verdict
    for other in verdict.others:
        if other.term.family in families and other.weight >= verdict.best.weight - LEVEL - 2:
            rest = (verdict.best, *(hit for hit in verdict.others if hit is not other))
            return Verdict(other, rest, LEVEL / 2)
    return verdict


def checked(query: MaterialQuery, match: Match, rows: Sequence[ClassificationCode]) -> Match:
    """The match with a lower score where the thickness or a code about the material speaks against it."""
    if match.score is None:
        return match
    score, reason = match.score, match.reason
    told = [row for row in rows if row.scope == "material"]
    if told and not any(is_kin(row.family, match.family) for row in told):
        score *= _DOUBT
        reason += f"; the classification says {told[0].note}"
    if layer_is_doubtful(query.thickness_m, match.family):
        score *= _DOUBT
        reason += "; the layer is thicker than usual"
    if score == match.score:
        return match
    score = round(score, 2)
    others = tuple(
        replace(each, score=round(min(each.score, max(score - 0.05, 0.01)), 2)) for each in match.alternatives
    )
    return replace(match, score=score, reason=reason, alternatives=others)
