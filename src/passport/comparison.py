"""Where the building stands among Belgian residential reference values, or why that cannot be said."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lca.compare import Comparison, compare_impact, with_draws
from passport.assessment import Assessment
from passport.simulations import simulate_assessment
from reference.residential import NAME, load_residential
from reference.vocabulary import BuildingType, Indicator

if TYPE_CHECKING:
    from reference.reference_sets import ReferenceSet

#: What a building must show before it is compared with whole buildings: a group of classes, in words.
_SCOPE: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("walls", ("IfcWall", "IfcCurtainWall")),
    ("floors", ("IfcSlab",)),
)
#: Below this share of elements with a known material and quantity nothing is compared.
_LEAST_ELEMENTS = 0.3


def compare(
    assessment: Assessment,
    *,
    building_type: BuildingType | str | None = None,
    construction: str | None = None,
    indicator: Indicator | str = Indicator.GWP_TOTAL,
    floor_area_m2: float | None = None,
    against: ReferenceSet | None = None,
    draws: int = 0,
    seed: int = 1,
) -> Comparison:
    """Greenhouse gases per m2 and year against a reference set, like with like.

    Args:
        assessment: from `assess`.
        building_type: detached, semi-detached, terraced or apartment; None: all cases.
        construction: as the set names it, massive-brick or timber-frame in the shipped one; None: all.
        against: the set; None: the Belgian dwellings that ship.
        draws, seed: above 0, the percentile gets a band from so many draws, see `passport.uncertainty`.
        indicator: GWP-total; the reference cases have greenhouse gases only, others are refused.
        floor_area_m2: gross floor area; default: that of the passport.

    Returns:
        A Comparison; where the two sides cannot be compared, one whose `reasons` say why.

    Raises:
        ValueError: `building_type` is not one of the four, or `indicator` is none of EN 15804+A2.
        ReferenceDataError: the set has no case of this type and construction.
    """
    wanted = Indicator.parse(indicator)
    chosen = BuildingType(building_type) if building_type is not None else None
    area = floor_area_m2 if floor_area_m2 is not None else assessment.floor_area_m2
    whole = load_residential() if against is None else against
    cases = whole if chosen is None and construction is None else whole.select(chosen, construction)
    comparison = compare_impact(
        assessment.impact,
        cases,
        floor_area_m2=area,
        unknown_upper_kg_m2_yr=None if area is None else _unknown_upper(assessment, area),
    )
    if draws > 0 and area is not None:
        drawn = simulate_assessment(assessment, draws=draws, seed=seed)
        comparison = with_draws(comparison, cases, drawn, area)
    reasons = scope_reasons(assessment)
    if assessment.passport.civil_kind is None:
        reasons = (*reasons, *comparison.reasons)
    if wanted is not Indicator.GWP_TOTAL:
        reasons = (f"The reference cases have greenhouse gases only, no {wanted}.", *reasons)
    notes = (*comparison.notes, *_scope_notes(assessment, cases))
    if not reasons:
        return comparison.model_copy(update={"notes": notes})
    return comparison.model_copy(update={"comparable": False, "reasons": reasons, "notes": notes})


def scope_reasons(assessment: Assessment) -> tuple[str, ...]:
    """Why a model is no whole building that can stand beside whole buildings; empty where it is one."""
    house = assessment.passport
    reasons = []
    if house.civil_kind is not None:
        return (f"The model is a civil work ({house.civil_kind}); the reference values are of dwellings.",)
    for words, classes in _SCOPE:
        if not any(e.ifc_class.startswith(classes) for e in house.elements):
            reasons.append(f"The model holds no {words}; the reference values are of whole buildings.")
    share = assessment.coverage.elements
    if share is not None and share < _LEAST_ELEMENTS:
        reasons.append(
            f"Only {share:.0%} of the elements have a known material and quantity (at least "
            f"{_LEAST_ELEMENTS:.0%} needed)."
        )
    return tuple(reasons)


_OFTEN_MISSING: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("foundations", ("IfcFooting", "IfcPile")),
    ("a roof", ("IfcRoof",)),
    ("windows", ("IfcWindow", "IfcCurtainWall")),
    (
        "services",
        ("IfcFlow", "IfcDistribution", "IfcPipe", "IfcDuct", "IfcBoiler", "IfcSpaceHeater", "IfcEnergy"),
    ),
)


def _scope_notes(assessment: Assessment, cases: ReferenceSet) -> tuple[str, ...]:
    house = assessment.passport
    notes = []
    if cases.name == NAME:
        # EU-ECB: 105 Belgian cases are 35 designs in three energy and construction variants each.
        notes.append(
            "The reference cases are variants of 35 designs: they are not independent of each other."
        )
    missing = [
        words
        for words, classes in _OFTEN_MISSING
        if not any(e.ifc_class.startswith(classes) for e in house.elements)
        and not (words == "a roof" and any(e.predefined_type == "ROOF" for e in house.elements))
    ]
    if missing:
        notes.append(f"The model holds no {', no '.join(missing)}; the reference cases may include them.")
    assumed = assessment.coverage.assumed
    if assumed:
        notes.append(f"{assumed:.0%} of the mass is of an assumed material; the model states none there.")
    if house.floor_area_m2.gross is False:
        notes.append(
            f"The floor area is not a gross area ({house.floor_area_m2.origin}), "
            "which makes the result per m2 higher."
        )
    return tuple(notes)


def _unknown_upper(assessment: Assessment, area: float) -> float:
    """Most that the unknown mass could add: its mass at the 90th percentile of the known intensities."""
    impact = assessment.impact
    mass = impact.inventory.mass_kg
    gwp = np.zeros(len(mass))
    for indicator in (Indicator.GWP_FOSSIL, Indicator.GWP_LULUC):
        gwp += np.nansum(impact.values[:, impact.indicators.index(indicator), :], axis=1)
    known = (impact.inventory.material >= 0) & np.isfinite(mass) & (mass > 0) & (gwp > 0)
    unknown_kg = float(np.nansum(mass[impact.inventory.material < 0]))
    if not known.any() or unknown_kg == 0:
        return 0.0
    worst = float(np.quantile(gwp[known] / mass[known], 0.9))
    return unknown_kg * worst / area / assessment.study_period_years
