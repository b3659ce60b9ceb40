"""What would move a result: effects against a passport made so, the fewest against all sets."""

from __future__ import annotations

import dataclasses
import itertools
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from passport import (
    Assessment,
    DesignChange,
    PassportError,
    assess,
    cheapest,
    compare,
    fewest,
    improve,
    read_ifc,
)
from passport.cli import app
from passport.design_changes import _options
from passport.design_choices import compared_effect, key_of, placed, read_costs, write_changes
from passport.models import Element
from reference import ReferenceSet, load_materials, load_residential
from reference.factors import FactorTable
from reference.vocabulary import Indicator, Stage

HOUSE = Path(__file__).resolve().parents[1] / "examples" / "models" / "flemish-house.ifc"


@pytest.fixture(scope="module")
def house() -> Assessment:
    return assess(read_ifc(HOUSE))


@pytest.fixture(scope="module")
def cases() -> ReferenceSet:
    return load_residential()


def made(house: Assessment, change: DesignChange) -> Assessment:
    """The house assessed anew with the change in its passport."""
    (option,) = [
        o for o in _options(house) if (o.group, o.kind, o.to) == (change.group, change.kind, change.to)
    ]
    new = {
        (house.rows.elements[row].step_id, portion.position): (portion, life)
        for row, portion, life in zip(option.rows, option.portions, option.lives, strict=True)
    }

    def changed(element: Element) -> Element:
        portions = tuple(new.get((element.step_id, p.position), (p, 0.0))[0] for p in element.portions)
        return dataclasses.replace(element, portions=portions)

    elements = tuple(changed(element) for element in house.passport.elements)
    return assess(house.passport.model_copy(update={"elements": elements}))


def test_the_effect_of_every_swap_is_that_of_a_passport_made_so(house: Assessment) -> None:
    swaps = [change for change in improve(house, draws=0) if change.kind == "swap"]
    assert len(swaps) >= 10
    for change in swaps:
        other = made(house, change)
        for indicator in (Indicator.GWP_TOTAL, Indicator.AP, Indicator.WDP):
            row = house.impact.indicators.index(indicator)
            for s, stage in enumerate(house.impact.stages):
                before, after = (each.impact.total(indicator, stage).value for each in (house, other))
                if not np.isnan(before):
                    scale = max(abs(before), 1e-9)
                    assert change.delta[row, s] == pytest.approx(after - before, abs=1e-9 * scale), (
                        change.text
                    )


def test_insulation_keeps_its_thermal_resistance(house: Assessment) -> None:
    found = [option for option in _options(house) if "insulation)" in option.text]
    assert found
    library = load_materials()
    for option in found:
        for row, new in zip(option.rows, option.portions, strict=True):
            old = house.rows.portions[row]
            if old.thickness_m is None or new.thickness_m is None:
                continue
            before = old.thickness_m / float(library[str(old.material_id)].conductivity_w_mk or 0)
            after = new.thickness_m / float(library[str(new.material_id)].conductivity_w_mk or 0)
            assert after == pytest.approx(before)


def test_a_longer_life_takes_replacements_away_and_nothing_else(house: Assessment) -> None:
    lasting = [change for change in improve(house, draws=0) if change.kind == "life"]
    assert lasting
    b4 = house.impact.stages.index(Stage.B4)
    for change in lasting:
        others = np.delete(change.delta, b4, axis=1)
        assert not others.any() and change.delta[:, b4].any()


def test_reuse_takes_the_product_stage_away_and_nothing_else(house: Assessment) -> None:
    reused = [change for change in improve(house, draws=0) if change.kind == "reuse"]
    assert reused
    product = house.impact.stages.index(Stage.A1_A3)
    for change in reused:
        assert not np.delete(change.delta, product, axis=1).any()
        assert change.gwp < 0


def test_changes_are_ranked_and_only_those_that_help_are_named(house: Assessment) -> None:
    changes = improve(house, draws=0)
    assert [each.gwp for each in changes] == sorted(each.gwp for each in changes)
    assert all(each.gwp < 0 and each.portions > 0 and each.mass_kg > 0 for each in changes)


def cheaper(house: Assessment, material_id: str, factor: float) -> FactorTable:
    """The figures of the house with A1-A3 of one material times a factor."""
    table = house.factors
    values = table.values.copy()
    row, stage = int(table.index_of([material_id])[0]), table.stages.index(Stage.A1_A3)
    values[row, :, stage] *= factor
    return dataclasses.replace(table, values=values)


@pytest.mark.parametrize("factor", [0.9, 0.5, 0.1])
def test_a_swap_into_a_material_with_lower_figures_is_never_worse(house: Assessment, factor: float) -> None:
    swap = next(change for change in improve(house, draws=0) if change.kind == "swap")
    low = assess(house.passport, factors=cheaper(house, swap.to, factor))
    same = next(
        change for change in improve(low, draws=0) if (change.group, change.to) == (swap.group, swap.to)
    )
    assert same.gwp <= swap.gwp


def test_a_missing_module_of_the_new_material_never_makes_a_swap_look_better(house: Assessment) -> None:
    swap = next(change for change in improve(house, draws=0) if change.kind == "swap")
    table = house.factors
    values = table.values.copy()
    row = int(table.index_of([swap.to])[0])
    for stage in (Stage.C3, Stage.C4, Stage.A4):
        values[row, :, table.stages.index(stage)] = np.nan
    poorer = assess(house.passport, factors=dataclasses.replace(table, values=values))
    options = [o for o in _options(poorer) if (o.group, o.to) == (swap.group, swap.to)]
    assert options
    for change in improve(poorer, draws=0):
        if (change.group, change.to) == (swap.group, swap.to):
            for stage in (Stage.C3, Stage.C4, Stage.A4):
                s = poorer.impact.stages.index(stage)
                assert (change.delta[:, s] == 0).all()


@pytest.mark.parametrize("percentile", [25, 20, 10, 5, 0])
def test_the_fewest_changes_are_as_few_as_among_all_sets(
    house: Assessment, cases: ReferenceSet, percentile: float
) -> None:
    comparison = compare(house, against=cases)
    changes = improve(house, comparison=comparison, against=cases, draws=0)[:9]
    answer = fewest(house, changes, comparison, cases, percentile)
    sizes = [
        len(chosen)
        for n in range(len(changes) + 1)
        for chosen in itertools.combinations(changes, n)
        if len({each.group for each in chosen}) == n
        and placed(house, comparison, cases, chosen)[0] <= percentile
    ]
    assert answer.reached == bool(sizes)
    if sizes:
        assert len(answer.changes) == min(sizes)
    assert comparison.value is not None
    moved = sum(compared_effect(house, comparison, cases, each) for each in answer.changes)
    assert answer.value == pytest.approx(comparison.value + moved)


@pytest.mark.parametrize("percentile", [30, 20, 10, 5, 0])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_cheapest_changes_cost_as_little_as_the_best_of_all_sets(
    house: Assessment, cases: ReferenceSet, percentile: float, seed: int
) -> None:
    comparison = compare(house, against=cases)
    changes = improve(house, comparison=comparison, against=cases, draws=0)[:9]
    dice = np.random.default_rng(seed)
    costs = {key_of(each): float(dice.integers(-200, 3_000)) for each in changes[1:]}
    answer = cheapest(house, changes, comparison, cases, percentile, costs)
    sums = [
        sum(costs[key_of(each)] for each in chosen)
        for n in range(len(changes) + 1)
        for chosen in itertools.combinations(changes[1:], n)
        if len({each.group for each in chosen}) == n
        and placed(house, comparison, cases, chosen)[0] <= percentile
    ]
    assert answer.reached == bool(sums) and answer.without_cost == changes[:1]
    if sums:
        assert answer.cost == pytest.approx(min(sums)) and answer.percentile <= percentile
    assert answer.percentile == placed(house, comparison, cases, answer.changes)[0]


def test_costs_come_from_the_file_of_changes(house: Assessment, cases: ReferenceSet, tmp_path: Path) -> None:
    changes = improve(house, draws=0)
    write_changes(tmp_path / "changes.csv", changes)
    assert read_costs(tmp_path / "changes.csv") == {}
    text = (tmp_path / "changes.csv").read_text(encoding="utf-8")
    first = ",".join(key_of(changes[0]))
    (tmp_path / "changes.csv").write_text(text.replace(f"{first},,", f"{first},120.5,"), encoding="utf-8")
    assert read_costs(tmp_path / "changes.csv") == {key_of(changes[0]): 120.5}
    (tmp_path / "changes.csv").write_text(text.replace(f"{first},,", f"{first},a lot,"), encoding="utf-8")
    with pytest.raises(PassportError, match="line 2: cost 'a lot' is not a number"):
        read_costs(tmp_path / "changes.csv")
    (tmp_path / "changes.csv").write_text("group,kind\n", encoding="utf-8")
    with pytest.raises(PassportError, match="no column to, cost"):
        read_costs(tmp_path / "changes.csv")


def test_what_can_be_taken_out_leaves_without_disposal_and_with_its_carbon(house: Assessment) -> None:
    apart = [change for change in improve(house, draws=200) if change.kind == "disassembly"]
    assert apart
    impact = house.impact
    ends = [impact.stages.index(stage) for stage in (Stage.C3, Stage.C4)]
    fossil, biogenic, luluc, total = (
        impact.indicators.index(each)
        for each in (
            Indicator.GWP_FOSSIL, Indicator.GWP_BIOGENIC, Indicator.GWP_LULUC, Indicator.GWP_TOTAL
        )
    )  # fmt: skip
    for change in apart:
        assert not np.delete(change.delta, ends, axis=1).any()
        assert not change.delta[biogenic].any()
        assert change.delta[total].sum() == pytest.approx(change.delta[[fossil, luluc]].sum())
        material = change.group.split(" in ")[0]
        rows = [k for k, p in enumerate(house.rows.portions) if p.material_id == material]
        most = np.nansum(impact.values[rows][:, [fossil, luluc]][:, :, ends])
        assert 0 < -change.delta[total].sum() <= most * (1 + 1e-9)


def test_the_answer_holds_when_the_passport_is_made_so_and_compared_again(
    house: Assessment, cases: ReferenceSet
) -> None:
    comparison = compare(house, against=cases)
    swap = next(
        change
        for change in improve(house, comparison=comparison, against=cases, draws=0)
        if change.kind == "swap"
    )
    again = compare(made(house, swap), against=cases)
    assert again.groups == comparison.groups and again.value is not None
    assert again.percentile == swap.percentile
    assert again.value == pytest.approx(placed(house, comparison, cases, [swap])[1], rel=1e-9)


def test_reusing_is_better_in_every_draw_and_a_coin_toss_is_not(house: Assessment) -> None:
    changes = improve(house, draws=400, drawn=8)
    assert all(each.probability_better == 1.0 for each in changes[:8] if each.kind == "reuse")
    assert all(each.probability_better is not None for each in changes[:8])
    assert all(each.probability_better is None for each in changes[8:])


def test_a_refused_comparison_gives_changes_but_no_place(house: Assessment, cases: ReferenceSet) -> None:
    refused = compare(house, against=dataclasses.replace(cases, study_period_years=50.0))
    changes = improve(house, comparison=refused, against=cases, draws=0)
    assert changes and all(each.percentile is None for each in changes)
    with pytest.raises(ValueError, match="50"):
        fewest(house, changes, refused, cases, 10)


def test_the_command_ranks_changes_and_names_the_fewest() -> None:
    done = CliRunner().invoke(
        app, ["improve", str(HOUSE), "--type", "detached", "--to", "20", "--number", "3"]
    )
    assert done.exit_code == 0, done.output
    assert "As designed" in done.output and "percentile 20" in done.output
