"""What would move a result: changes of material, life and reuse, ranked, and the fewest that reach a place.

A change is made to one group: all new portions of one material in walls, floors, roofs or elsewhere. Groups
do not overlap, so changes of different groups add up and those of one group exclude each other.

    swap   another material of the same function (`swap_functions.csv`): insulation with the same thermal
           resistance (thickness by the ratio of the conductivities), others in the same volume
    life   the next longer life that the TOTEM element library holds for the application
    reuse  reused from elsewhere instead of new, where that is usual practice for the material

Only options whose figures for A1-A3 are known are offered. Where a module of the new material has no figure,
the old value stays in the sum, so that missing data never make a change look better.
"""

from __future__ import annotations

import csv
import dataclasses
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

import lca
from lca.compare import Comparison, mid_rank_percentile
from lca.score import single_score
from lca.status import ElementStatus
from lca.uncertainty import probability_better, simulate
from passport.assessment import Assessment, method_statuses
from passport.inventory import Rows, service_life_years
from passport.models import Element, Portion
from passport.simulations import lives_of, uncertain_inputs
from passport.swaps import swapped
from reference.materials import load_materials
from reference.vocabulary import Indicator, Stage

if TYPE_CHECKING:
    from reference.reference_sets import ReferenceSet

Kind = Literal["swap", "life", "reuse"]
Float64Array = NDArray[np.float64]

#: Reuse is offered where the library says that it is at least this usual.
_REUSED = ("common", "occasional")


@dataclass(frozen=True, eq=False)
class DesignChange:
    """One change of one group of portions, against the design as it is.

    Attributes:
        group: material id and place; changes of one group exclude each other.
        kind: swap, life or reuse.
        to: new material id, life in years, or "reused".
        text: the change in a sentence.
        caveat: what a person must check; rules of the trade, to be confirmed.
        portions: number of portions that change.
        mass_kg: their mass as designed [kg].
        delta: shape (indicator, stage) [indicator unit, whole study period]; below 0 is better.
        gwp: sum of GWP-total over all stages but D [kg CO2 eq].
        score_mpt: the same for the partial single score [mPt].
        percentile: of the design with this change alone [%]; None without a comparison.
        probability_better: share of the draws in which GWP-total is lower; None where it was not drawn.
    """

    group: str
    kind: Kind
    to: str
    text: str
    caveat: str
    portions: int
    mass_kg: float
    delta: Float64Array
    gwp: float
    score_mpt: float
    percentile: float | None = None
    probability_better: float | None = None


@dataclass(frozen=True, eq=False)
class Fewest:
    """The smallest set of changes that reaches a percentile.

    Attributes:
        reached: whether any set of the changes reaches it.
        changes: at most one per group, the largest first; all that help if it is not reached.
        percentile: with all of them [%].
        value: with all of them [unit of the comparison].
    """

    reached: bool
    changes: tuple[DesignChange, ...]
    percentile: float
    value: float


@dataclass(frozen=True, slots=True)
class _Option:
    group: str
    kind: Kind
    to: str
    text: str
    caveat: str
    rows: tuple[int, ...]
    portions: tuple[Portion, ...]
    lives: tuple[float, ...]


def improve(
    assessment: Assessment,
    *,
    comparison: Comparison | None = None,
    against: ReferenceSet | None = None,
    draws: int = 2_000,
    drawn: int = 10,
    seed: int = 1,
) -> tuple[DesignChange, ...]:
    """Changes of the design, the one that lowers GWP-total most first; changes for the worse are not in it.

    Args:
        assessment: from `passport.assess`.
        comparison, against: a comparison that is not refused, and the set it was made with, for percentiles.
        draws, drawn, seed: the first `drawn` changes get a probability from so many draws.

    Example:
        >>> for change in improve(assess(house))[:3]:  # doctest: +SKIP
        ...     print(change.text, change.gwp)
    """
    options = _options(assessment)
    deltas = _deltas(assessment, options)
    found = [_change(assessment, option, delta) for option, delta in zip(options, deltas, strict=True)]
    order = sorted(
        (k for k, each in enumerate(found) if each.gwp < 0), key=lambda k: (found[k].gwp, found[k].text)
    )
    result = []
    for place, k in enumerate(order):
        change = found[k]
        percentile = None
        if comparison is not None and comparison.comparable and against is not None:
            percentile = _place(assessment, comparison, against, [change])[0]
        better = _probability(assessment, options[k], draws, seed) if draws > 0 and place < drawn else None
        result.append(dataclasses.replace(change, percentile=percentile, probability_better=better))
    return tuple(result)


def fewest(
    assessment: Assessment,
    changes: Sequence[DesignChange],
    comparison: Comparison,
    against: ReferenceSet,
    percentile: float,
) -> Fewest:
    """The smallest set of changes with which the design stands at or below a percentile.

    Groups do not overlap, so effects add up, and the fewest changes are the largest effects, one per group:
    taking the best of each group in falling order is exact.

    Args:
        changes: from `improve`.
        comparison, against: as `improve`; the comparison must not be refused.
        percentile: to reach [%].

    Raises:
        ValueError: the comparison is refused, or the percentile is not between 0 and 100.
    """
    if not comparison.comparable or comparison.value is None:
        raise ValueError("The design cannot be compared: " + " ".join(comparison.reasons))
    if not 0 <= percentile <= 100:
        raise ValueError(f"percentile is {percentile}; use 0 to 100.")
    effect = {id(change): _compared(assessment, comparison, against, change) for change in changes}
    best: dict[str, DesignChange] = {}
    for change in changes:
        if effect[id(change)] < 0 and (
            change.group not in best or effect[id(change)] < effect[id(best[change.group])]
        ):
            best[change.group] = change
    taken: list[DesignChange] = []
    for change in sorted(best.values(), key=lambda each: effect[id(each)]):
        if _place(assessment, comparison, against, taken)[0] <= percentile:
            break
        taken.append(change)
    place, value = _place(assessment, comparison, against, taken)
    return Fewest(place <= percentile, tuple(taken), place, value)


def _place(
    assessment: Assessment, comparison: Comparison, against: ReferenceSet, changes: Sequence[DesignChange]
) -> tuple[float, float]:
    """Percentile and value of the design with these changes."""
    assert comparison.value is not None
    moved = math.fsum(_compared(assessment, comparison, against, each) for each in changes)
    value = comparison.value + moved
    return mid_rank_percentile(value, against.values(comparison.groups)), value


def _compared(
    assessment: Assessment, comparison: Comparison, against: ReferenceSet, change: DesignChange
) -> float:
    """Effect on the compared modules in the 0/0 rule [unit of the comparison]."""
    impact = assessment.impact
    stages = [impact.stages.index(s) for group in comparison.groups for s in against.stages_of[group]]
    rows = [impact.indicators.index(each) for each in (Indicator.GWP_FOSSIL, Indicator.GWP_LULUC)]
    area = comparison.floor_area_m2 or math.nan
    return float(change.delta[np.ix_(rows, stages)].sum()) / area / comparison.study_period_years


def _change(assessment: Assessment, option: _Option, delta: Float64Array) -> DesignChange:
    impact = assessment.impact
    counted = [k for k, stage in enumerate(impact.stages) if stage is not Stage.D]
    sums = delta[:, counted].sum(axis=1)
    by_indicator = dict(zip(impact.indicators, sums.tolist(), strict=True))
    score = single_score(
        {each: value for each, value in by_indicator.items() if np.isfinite(impact.total(str(each)).value)},
        impact.scenario.ef_version,
        data_version="3.1",
        mixed=True,
    )
    return DesignChange(
        group=option.group,
        kind=option.kind,
        to=option.to,
        text=option.text,
        caveat=option.caveat,
        portions=len(option.rows),
        mass_kg=float(np.nansum(impact.inventory.mass_kg[list(option.rows)])),
        delta=delta,
        gwp=by_indicator[Indicator.GWP_TOTAL],
        score_mpt=score.value_mpt,
    )


def _deltas(assessment: Assessment, options: Sequence[_Option]) -> Float64Array:
    """New minus old of every option, shape (option, indicator, stage), all of them in one assessment."""
    impact, table = assessment.impact, assessment.factors
    shape = (len(impact.indicators), len(impact.stages))
    if not options:
        return np.zeros((0, *shape))
    rows = np.array([row for option in options for row in option.rows], dtype=np.int64)
    portions = [portion for option in options for portion in option.portions]
    owner = np.repeat(np.arange(len(options)), [len(option.rows) for option in options])
    changed = lca.Inventory.from_columns(
        material=table.index_of([p.material_id for p in portions]),
        mass_kg=_masses(portions),
        service_life_years=[life for option in options for life in option.lives],
    )
    new = lca.assess(changed, table, impact.scenario)
    reused = np.array([options[k].kind == "reuse" for k in owner.tolist()])
    if reused.any():
        new = lca.by_status(
            new, [ElementStatus.REUSED_FROM_ELSEWHERE if each else None for each in reused.tolist()]
        )
    axis = [new.indicators.index(each) for each in impact.indicators]
    after, before = new.values[:, axis], impact.values[rows]
    known = ~np.isnan(after)
    delta = np.where(known, after, np.nan_to_num(before, nan=0.0)) - np.nan_to_num(before, nan=0.0)
    delta = np.where(np.isnan(before) & known, np.maximum(after, 0.0), delta)
    out = np.zeros((len(options), *shape))
    np.add.at(out, owner, np.nan_to_num(delta, nan=0.0))
    return out


def _probability(assessment: Assessment, option: _Option, draws: int, seed: int) -> float:
    """Share of the draws in which the change lowers GWP-total; only its own portions can differ."""
    rows = list(option.rows)
    elements = [assessment.rows.elements[row] for row in rows]
    inventory, table = assessment.impact.inventory, assessment.factors

    def drawn(
        portions: Sequence[Portion], owners: Sequence[Element], lives: Sequence[float], reused: bool
    ) -> lca.Simulation:
        own = Rows(tuple(owners), tuple(portions), np.arange(len(rows)), np.zeros(len(rows), dtype=bool))
        status = [ElementStatus.REUSED_FROM_ELSEWHERE if reused else None] * len(rows)
        columns = lca.Inventory.from_columns(
            material=table.index_of([p.material_id for p in portions]),
            mass_kg=_masses(portions),
            service_life_years=list(lives),
        )
        return simulate(
            columns,
            table,
            assessment.impact.scenario,
            inputs=uncertain_inputs(own, table),
            status=status,
            draws=draws,
            seed=seed,
        )

    as_designed = drawn(
        [assessment.rows.portions[row] for row in rows],
        elements,
        inventory.service_life_years[rows].tolist(),
        False,
    )
    owners = elements
    if option.kind == "life":  # what is chosen does not vary
        owners = [
            dataclasses.replace(element, service_life_years=life)
            for element, life in zip(elements, option.lives, strict=True)
        ]
    changed = drawn(option.portions, owners, option.lives, option.kind == "reuse")
    return probability_better(changed, as_designed, Indicator.GWP_TOTAL).probability


def _options(assessment: Assessment) -> list[_Option]:
    groups: dict[tuple[str, str], list[int]] = {}
    statuses = method_statuses(assessment.rows)
    for row, (element, portion) in enumerate(
        zip(assessment.rows.elements, assessment.rows.portions, strict=True)
    ):
        as_new = statuses is None or statuses[row] in (None, ElementStatus.NEW)
        if as_new and portion.material_id is not None and portion.mass_kg:
            groups.setdefault((portion.material_id, _place_of(element)), []).append(row)
    found: list[_Option] = []
    for (material_id, place), rows in groups.items():
        found += _swaps(assessment, material_id, place, rows)
        found += _longer(assessment, material_id, place, rows)
        found += _reused(assessment, material_id, place, rows)
    return found


def _swaps(assessment: Assessment, material_id: str, place: str, rows: list[int]) -> list[_Option]:
    library, table = load_materials(), assessment.factors
    old = library[material_id]
    found = []
    for function, other, same, caveat in _swap_rows(material_id, place):
        new = library[other]
        row = int(table.index_of([other])[0])
        known = row >= 0 and Stage.A1_A3 in table.stages
        product = table.values[row, :, table.stages.index(Stage.A1_A3)] if known else np.array([np.nan])
        if np.isnan(product).all() or new.density_kg_m3 is None or old.density_kg_m3 is None:
            continue
        ratio = 1.0
        if same == "resistance":
            if new.conductivity_w_mk is None or old.conductivity_w_mk is None:
                continue
            ratio = new.conductivity_w_mk / old.conductivity_w_mk
        portions = tuple(swapped(assessment.rows.portions[k], other, ratio) for k in rows)
        if any(portion.mass_kg is None for portion in portions):
            continue
        lives = tuple(
            service_life_years(assessment.rows.elements[k], p) for k, p in zip(rows, portions, strict=True)
        )
        thickness = "" if same != "resistance" else f" {ratio:.2f} times as thick"
        text = f"{new.name}{thickness} instead of {old.name} ({function})"
        found.append(
            _Option(_key(material_id, place), "swap", other, text, caveat, tuple(rows), portions, lives)
        )
    return found


def _longer(assessment: Assessment, material_id: str, place: str, rows: list[int]) -> list[_Option]:
    elements, portions = assessment.rows.elements, assessment.rows.portions
    life = assessment.impact.inventory.service_life_years
    longer: dict[int, float] = {}
    for row in rows:
        held = [years for years in lives_of(elements[row], portions[row]) if years > life[row]]
        if held and life[row] < assessment.study_period_years:
            longer[row] = min(held)
    if not longer:
        return []
    years = sorted(set(longer.values()))
    said = " or ".join(f"{each:g}" for each in years)
    return [
        _Option(
            _key(material_id, place),
            "life",
            f"{said} years",
            f"{load_materials()[material_id].name} that lasts {said} years",
            "needs a product, a detail and an upkeep that last so long",
            tuple(longer),
            tuple(portions[row] for row in longer),
            tuple(longer.values()),
        )
    ]


def _reused(assessment: Assessment, material_id: str, place: str, rows: list[int]) -> list[_Option]:
    material = load_materials()[material_id]
    if material.reuse_practice not in _REUSED:
        return []
    life = assessment.impact.inventory.service_life_years
    return [
        _Option(
            _key(material_id, place),
            "reuse",
            "reused",
            f"reused {material.name} instead of new",
            f"{material.reuse_practice} practice; {material.reuse_note or 'check what is offered'}",
            tuple(rows),
            tuple(assessment.rows.portions[row] for row in rows),
            tuple(life[rows].tolist()),
        )
    ]


def _masses(portions: Sequence[Portion]) -> Float64Array:
    return np.array([np.nan if p.mass_kg is None else p.mass_kg for p in portions])


def _key(material_id: str, place: str) -> str:
    return f"{material_id} in {place}"


def _place_of(element: Element) -> str:
    """wall, roof, floor or elsewhere: what decides which materials can replace each other."""
    if element.ifc_class.startswith("IfcRoof") or element.predefined_type == "ROOF":
        return "roof"
    if element.ifc_class.startswith(("IfcWall", "IfcCurtainWall")):
        return "wall"
    if element.ifc_class.startswith("IfcSlab") or element.predefined_type == "FLOORING":
        return "floor"
    return "elsewhere"


def _swap_rows(material_id: str, place: str) -> list[tuple[str, str, str, str]]:
    """Function, other material, what stays the same, caveat."""
    table = _swap_table()
    functions = {
        row["function"]
        for row in table
        if row["material_id"] == material_id and row["place"] in (place, "any")
    }
    return [
        (row["function"], row["material_id"], row["same"], row["caveat"])
        for row in table
        if row["function"] in functions and row["material_id"] != material_id
    ]


@cache
def _swap_table() -> tuple[dict[str, str], ...]:
    text = files("passport").joinpath("swap_functions.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))
