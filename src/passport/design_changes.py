"""What would move a result: changes of material, life, reuse and disassembly, ranked by their effect.

A change is made to one group: all new portions of one material in walls, floors, roofs or elsewhere. Groups
do not overlap, so changes of different groups add up and those of one group exclude each other.

    swap   another material of the same function (`swap_functions.csv`): insulation with the same thermal
           resistance (thickness by the ratio of the conductivities), others in the same volume
    life   the next longer life that the TOTEM element library holds for the application
    reuse  reused from elsewhere instead of new, where that is usual practice for the material
    disassembly  fixed so that it leaves for reuse at the end, without C3 and C4; its biogenic carbon leaves
           with it as before, and what the reuse saves elsewhere (module D) is not counted

Only options whose figures for A1-A3 are known are offered. Where a module of the new material has no figure,
the old value stays in the sum, so that missing data never make a change look better.
"""

from __future__ import annotations

import csv
import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

import lca
from lca.compare import Comparison
from lca.score import single_score
from lca.status import ElementStatus
from lca.uncertainty import probability_better, simulate
from passport.assessment import Assessment, method_statuses
from passport.design_choices import DesignChange, Kind, placed
from passport.inventory import Rows, service_life_years
from passport.models import Element, Portion
from passport.simulations import lives_of, uncertain_inputs
from passport.swaps import swapped
from reference.materials import load_materials
from reference.vocabulary import Indicator, Stage

if TYPE_CHECKING:
    from reference.reference_sets import ReferenceSet

Float64Array = NDArray[np.float64]

#: Reuse is offered where the library says that it is at least this usual.
_REUSED = ("common", "occasional")
_DISPOSAL = (Stage.C3, Stage.C4)


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
            percentile = placed(assessment, comparison, against, [change])[0]
        better = _probability(assessment, options[k], draws, seed) if draws > 0 and place < drawn else None
        result.append(dataclasses.replace(change, percentile=percentile, probability_better=better))
    return tuple(result)


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
    leaves = np.array([option.kind == "disassembly" for option in options])[owner]
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
    delta[leaves] = _without_disposal(before[leaves], impact)
    out = np.zeros((len(options), *shape))
    np.add.at(out, owner, np.nan_to_num(delta, nan=0.0))
    return out


def _without_disposal(before: Float64Array, impact: lca.Impact) -> Float64Array:
    """What falls away without C3 and C4, shape (portion, indicator, stage); biogenic carbon stays."""
    delta = np.zeros_like(before)
    row = {indicator: k for k, indicator in enumerate(impact.indicators)}
    columns = [impact.stages.index(stage) for stage in _DISPOSAL if stage in impact.stages]
    for column in columns:
        delta[:, :, column] = -np.nan_to_num(before[:, :, column], nan=0.0)
        delta[:, row[Indicator.GWP_BIOGENIC], column] = 0.0
        parts = [row[Indicator.GWP_FOSSIL], row[Indicator.GWP_LULUC]]
        delta[:, row[Indicator.GWP_TOTAL], column] = delta[:, parts, column].sum(axis=1)
    return delta


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
    if option.kind == "disassembly":
        parts = [as_designed.total(i, _DISPOSAL) for i in (Indicator.GWP_FOSSIL, Indicator.GWP_LULUC)]
        return float(np.mean(np.nansum(parts, axis=0) > 0))
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
    """Reused from elsewhere instead of new; and fixed so that it can leave for reuse."""
    material = load_materials()[material_id]
    if material.reuse_practice not in _REUSED:
        return []
    kinds: tuple[tuple[Kind, str, str, str], ...] = (
        (
            "reuse",
            "reused",
            f"reused {material.name} instead of new",
            f"{material.reuse_practice} practice; {material.reuse_note or 'check what is offered'}",
        ),
        (
            "disassembly",
            "reused after",
            f"{material.name} fixed so that it can be taken out for reuse",
            "details and access must allow it; whoever takes it apart decides",
        ),
    )
    portions = tuple(assessment.rows.portions[row] for row in rows)
    lives = tuple(assessment.impact.inventory.service_life_years[rows].tolist())
    return [
        _Option(_key(material_id, place), kind, to, text, caveat, tuple(rows), portions, lives)
        for kind, to, text, caveat in kinds
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
