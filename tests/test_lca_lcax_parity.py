"""The same project in lcax (Rust) and here: equal where both compute the same rule."""

from __future__ import annotations

from typing import Literal

import lcax
import pytest

import lca
from lcax_project import KEYS, MODULES, Twice, totals_of
from reference.vocabulary import Stage


@pytest.mark.parametrize("engine", ["numpy", "numba"])
def test_totals_of_declared_modules_are_those_of_lcax(engine: Literal["numpy", "numba"]) -> None:
    twice = Twice.random(300, n_materials=20)
    theirs = totals_of(lcax.calculate_project(twice.project()))
    inventory, scenario = twice.inventory(), lca.Scenario(stages=tuple(MODULES))
    ours = lca.totals(inventory, twice.factors, scenario, engine=engine)
    slow = lca.assess(inventory, twice.factors, scenario, engine=engine)
    assert len(theirs) == len(KEYS) * len(MODULES)
    for indicator in KEYS:
        for stage, module in MODULES.items():
            expected = theirs[indicator, module]
            assert ours.total(indicator, stage).value == pytest.approx(expected, rel=1e-9)
            assert slow.total(indicator, stage).value == pytest.approx(expected, rel=1e-9)


def test_lcax_counts_no_replacement_by_service_life_where_we_do() -> None:
    """Named difference: B4 stays 0 there, whatever the life; here it follows from life and study period.

    If this fails, lcax has begun to replace: compare the rules then.
    """
    twice = Twice.random(9, n_materials=3)
    theirs = totals_of(lcax.calculate_project(twice.project(life=20, more=("B4",))))
    assert {value for (_, module), value in theirs.items() if module == "B4"} == {0.0}
    ours = lca.totals(twice.inventory(life=20.0), twice.factors)
    once = sum(ours.total("gwp-total", stage).value for stage in MODULES)
    assert ours.total("gwp-total", Stage.B4).value == pytest.approx(2 * once, rel=1e-9)
