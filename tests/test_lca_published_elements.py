"""Published elements rebuilt from recipe and figures per unit, by the rules of the method.

Set MMG_ELEMENTS_CSV to a file of the same form to rebuild other elements of the study.
"""

from __future__ import annotations

import os
from collections import Counter
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from conftest import SHARED
from lca import MaintenanceKind, MaintenanceTask, Scenario, replacement_years, schedule
from lca.composition import (
    ModuleFigures,
    a4_transport,
    a5_construction,
    c1_demolition,
    c2_transport,
    c3_processing,
    c4_disposal,
)
from mmg_rows import (
    C2_LORRY,
    LORRIES,
    MACHINE_DENSITY_KG_M3,
    Component,
    Float64Array,
    Published,
    Row,
    components,
    read_rows,
)
from reference.models import EndOfLifeRule

FILE = Path(os.environ.get("MMG_ELEMENTS_CSV", SHARED / "data" / "slice_mouton2022_elements.csv"))
NOT_THERE = f"{FILE.name} is not here; it is no part of the repository"
PERIOD = 60.0
SCENARIO = Scenario()
REPLACED = ("A1-3", "A4", "A5", "C1", "C2", "C3", "C4")
MODULES = (*REPLACED, "B2.1", "B2.2", "B2.3", "B4.1")

#: Rows of the source that no rule gives: (part of the activity, modules) -> why, and what the source has.
DEVIATIONS = {
    ("poor concrete", ("C3", "A5", "B4.1")): "the machine volume takes m3 for kg: 0.95 x 0.05 / 2200 m3",
}


@cache
def published() -> Published:
    return read_rows(FILE)


def sections() -> list[tuple[str, str]]:
    if not FILE.is_file():
        return []
    return [
        (element, section) for element in published().elements for section in published().sections(element)
    ]


class Figures:
    """Process figures by a name of ours, per kg or t.km, as the rules ask for them."""

    def __init__(self, n_indicators: int) -> None:
        self.n_indicators = n_indicators
        self.rows: dict[str, Float64Array] = {}

    def figures(self, process_id: str | None) -> Float64Array:
        return np.full(self.n_indicators, np.nan) if process_id is None else self.rows[process_id]

    @property
    def nothing_known(self) -> ModuleFigures:
        return ModuleFigures(np.full(self.n_indicators, np.nan), False)


def rebuilt(
    part: Component, source: Published, machine_volume: float | None = None
) -> dict[str, Float64Array]:
    """All modules of one life of a component, per unit of the element, by the rules."""
    n = len(source.indicators)
    zero = np.zeros(n)

    def of(key: tuple[str, str] | None) -> Float64Array:
        return zero if key is None else source.figures.get(key, zero)

    product = of(part.product) * part.amount
    site = sum((of(key) * amount for key, amount in part.site), zero)
    if part.mass_kg == 0:
        return {**dict.fromkeys(REPLACED, zero), "A1-3": product, "A5": site + 0.05 * product}
    table = Figures(n)
    table.rows = {name: of(key) for name, key in part.lorries.items()}
    table.rows[SCENARIO.c2_lorry] = of(part.lorries.get(LORRIES[C2_LORRY]))
    for name in ("landfill", "incineration", "sorting", "demolition"):
        table.rows[name] = of(part.processes[name])
    # The machine works on a volume; the rule takes a figure per kg of recycled mass.
    volume = 1.0 / MACHINE_DENSITY_KG_M3 if machine_volume is None else machine_volume
    table.rows["machine"] = of(part.processes["machine"]) * volume
    rule = EndOfLifeRule.model_construct(
        landfill=part.landfill,
        incineration=part.incineration,
        reuse=0.0,
        recycling=part.recovered,
        sorted_on_site=1.0 - part.off_site,
        first_leg={1.0: "all", 0.0: "none"}.get(part.first_leg, "off-site"),
        landfill_process="landfill",
        incineration_process="incineration",
        sorting_process="sorting",
        recycling_process="machine",
        incineration_without_impact=True,
    )
    a1 = ModuleFigures(product / part.mass_kg, False)
    a4 = ModuleFigures(zero, False) if part.transport is None else a4_transport(part.transport, table)
    c1 = c1_demolition("demolition", table)
    c2 = c2_transport(rule, SCENARIO, table)
    c3, c4 = c3_processing(rule, table), c4_disposal(rule, table)
    a5 = a5_construction(SCENARIO.a5_loss_share, a1, (a4, c2, c3, c4))
    modules = dict(zip(REPLACED, (a1, a4, a5, c1, c2, c3, c4), strict=True))
    out = {name: figures.values * part.mass_kg for name, figures in modules.items()}
    out["A5"] = out["A5"] + site
    return out


def source_sum(rows: list[Row], module: str) -> Float64Array:
    return sum((row.impact for row in rows if row.module == module), np.zeros(len(rows[0].impact)))


def same(ours: Float64Array, theirs: Float64Array) -> None:
    """1e-6 relative for every indicator; zero only where the source has zero."""
    np.testing.assert_allclose(ours, theirs, rtol=1e-6, atol=0.0)


@pytest.mark.skipif(not FILE.is_file(), reason=NOT_THERE)
def test_a_process_has_one_figure_per_unit_wherever_it_occurs() -> None:
    source = published()
    for row in source.rows:
        if row.counts:
            same(source.per_unit(row) * row.amount, row.impact)


@pytest.mark.skipif(not FILE.is_file(), reason=NOT_THERE)
@pytest.mark.parametrize(("element", "section"), sections(), ids=lambda text: text[:40])
def test_a_work_section_is_rebuilt(element: str, section: str) -> None:
    source = published()
    rows = source.sections(element)[section]
    parts = list(components(rows))
    lives = {}
    for part in parts:
        volume = None
        if any(name in part.name for name, _ in DEVIATIONS):
            volume = 0.05 / 2200.0 / part.mass_kg
            right, wrong = rebuilt(part, source), rebuilt(part, source, volume)
            assert not np.allclose(right["C3"], wrong["C3"], rtol=1e-6), "the deviation is gone: remove it"
        lives[part.name] = rebuilt(part, source, volume)
        own = [row for row in rows if row.activity == part.name]
        for module in REPLACED:
            same(lives[part.name][module], source_sum(own, module))
    years = sorted({row.year for row in rows if row.module == "B4.1" and row.counts})
    life = float(years[0]) if years else PERIOD
    assert years == list(replacement_years(life, PERIOD)), "replacements fall at multiples of the life"
    once = sum((sum(modules.values()) for modules in lives.values()), np.zeros(len(source.indicators)))
    replaced = {row.activity for row in rows if row.module == "B4.1" and row.counts}
    if len(replaced) == len([part for part in parts if part.mass_kg]):
        same(len(years) * once, source_sum(rows, "B4.1"))
    elif replaced:
        # Only some components of the section are replaced.
        part_sum = sum(sum(lives[name].values()) for name in lives if name in replaced)
        same(len(years) * np.asarray(part_sum), source_sum(rows, "B4.1"))


@pytest.mark.skipif(not FILE.is_file(), reason=NOT_THERE)
@pytest.mark.parametrize(("element", "section"), sections(), ids=lambda text: text[:40])
def test_the_maintenance_of_a_work_section_follows_its_clock(element: str, section: str) -> None:
    """Interval and amount of one event are input; its years and sums follow from life and kind."""
    source = published()
    rows = [r for r in source.sections(element)[section] if r.module.startswith("B2") and r.counts]
    if not rows:
        return
    years = sorted({r.year for r in source.sections(element)[section] if r.module == "B4.1" and r.counts})
    life = float(years[0]) if years else PERIOD
    events: dict[tuple[str, str, str, float], list[int]] = {}
    for row in rows:
        events.setdefault((row.module, row.process, row.unit, row.amount), []).append(row.year)
    tasks, seen = [], []
    for (module, _, _, amount), when in events.items():
        interval = min(when)
        tasks.append(MaintenanceTask(MaintenanceKind(module), interval, amount))
        seen.append(Counter(when))
    for task, found, ours in zip(tasks, seen, schedule(tasks, life, PERIOD), strict=True):
        times = set(found.values())
        assert len(times) == 1, "an event uses the same each time"
        assert sorted(found) == list(ours), task
    for module in ("B2.1", "B2.2", "B2.3"):
        total = np.zeros(len(source.indicators))
        for key, task, found, ours in zip(events, tasks, seen, schedule(tasks, life, PERIOD), strict=True):
            if task.kind == module:
                each = next(iter(found.values()))
                total = total + len(ours) * each * task.amount * source.figures[key[1], key[2]]
        same(total, source_sum(source.sections(element)[section], module))
