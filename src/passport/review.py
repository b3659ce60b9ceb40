"""What was made of each material name, for a person to check: one line per name and use.

Elements without a material stand under the name of their type, so that they can be decided too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from passport.inventory import mean_density_kg_m3
from passport.matching.mapping import no_material_name
from passport.models import Passport, Portion

#: A lower score is worth a look, whatever the mass.
SURE = 0.8


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """One distinct material name in one use.

    Attributes:
        name, use: key of a decision.
        material_id: in force, empty when unknown.
        proposal: what the tool would take without a person's decision, empty for nothing.
        family, score, reason, step: as in `Portion`.
        alternatives: ids that the name may mean as well, with their probabilities.
        elements: number of elements.
        volume_m3, mass_kg: sums of what is known; None when nothing is.
        mass_share: share of the mass of the building, 0-1; unknown densities taken at the mean of the known
            ones. None when nothing is known.
        decided: a person decided.
    """

    name: str
    use: str
    material_id: str
    proposal: str
    family: str
    score: float | None
    reason: str
    step: str
    alternatives: tuple[tuple[str, float], ...]
    elements: int
    volume_m3: float | None
    mass_kg: float | None
    mass_share: float | None
    decided: bool

    @property
    def needs_a_look(self) -> bool:
        """Whether nobody decided and the match is missing or not sure."""
        return not self.decided and (self.score is None or self.score < SURE)


class _Group:
    __slots__ = ("elements", "estimate", "mass", "portions", "volume")

    def __init__(self) -> None:
        self.portions: list[Portion] = []
        self.elements: set[int] = set()
        self.volume: float | None = None
        self.mass: float | None = None
        self.estimate = 0.0


def review_lines(passport: Passport) -> list[ReviewLine]:
    """The lines of a passport, what weighs most first.

    Example:
        >>> from passport import load_passport
        >>> review_lines(load_passport("passport.json"))[0].name  # doctest: +SKIP
        'Beton'
    """
    density = mean_density_kg_m3(passport) or 0.0
    groups: dict[tuple[str, str], _Group] = {}
    for element in passport.elements:
        for portion in element.portions:
            if portion.family == "air" and not portion.name:
                continue  # an empty layer is air by definition of IFC
            name = portion.name or no_material_name(element.type_name)
            group = groups.setdefault((name, portion.use), _Group())
            group.portions.append(portion)
            group.elements.add(element.step_id)
            if portion.volume_m3 is not None:
                group.volume = (group.volume or 0.0) + portion.volume_m3
            if portion.mass_kg is not None:
                group.mass = (group.mass or 0.0) + portion.mass_kg
                group.estimate += portion.mass_kg
            elif portion.volume_m3 is not None:
                group.estimate += portion.volume_m3 * density
    whole = sum(g.estimate for g in groups.values())
    lines = [_line(name, use, group, whole) for (name, use), group in groups.items()]
    return sorted(lines, key=lambda r: (-(r.mass_share or 0.0), -(r.volume_m3 or 0.0), r.name, r.use))


def _line(name: str, use: str, group: _Group, whole: float) -> ReviewLine:
    shown = max(group.portions, key=lambda p: (p.score or 0.0, p.mass_kg or 0.0))
    taken = Counter(p.material_id for p in group.portions if p.material_id)
    rest = {m: 0.0 for m in taken if m != shown.material_id}
    rest |= {a.material_id: a.score for a in shown.alternatives if a.material_id != shown.material_id}
    decided = shown.step == "mapping"
    return ReviewLine(
        name=name,
        use=use,
        material_id=shown.material_id or "",
        proposal=(shown.proposal if decided else shown.material_id) or "",
        family=shown.family,
        score=shown.score,
        reason=shown.reason + _also(taken, shown.material_id),
        step=shown.step,
        alternatives=tuple(rest.items()),
        elements=len(group.elements),
        volume_m3=group.volume,
        mass_kg=group.mass,
        mass_share=group.estimate / whole if whole > 0 and group.estimate > 0 else None,
        decided=decided,
    )


def _also(taken: Counter[str], shown: str | None) -> str:
    """What a name became elsewhere in the same use, by its thickness or its place."""
    others = [
        f"{material_id} in {count} portion(s)" for material_id, count in taken.items() if material_id != shown
    ]
    return f"; also {', '.join(others)}" if others else ""


def alternatives_text(alternatives: Iterable[tuple[str, float]]) -> str:
    """Alternatives for one cell.

    Example:
        >>> alternatives_text([("clay-brick", 0.3), ("eps", 0.0)])
        'clay-brick 0.30 | eps'
    """
    return " | ".join(f"{m} {s:.2f}" if s > 0 else m for m, s in alternatives)
