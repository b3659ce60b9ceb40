"""The material circularity indicator of a building: bounds and terms."""

from __future__ import annotations

import dataclasses
from functools import cache
from pathlib import Path

import pytest

from passport import read_ifc
from passport.circularity.building_mci import building_mci
from passport.circularity.route_options import mass_by_route
from passport.circularity.study import DismantlingStudy, study_dismantling

HOUSE = Path(__file__).resolve().parents[1] / "examples" / "models" / "flemish-house.ifc"


@cache
def study() -> DismantlingStudy:
    return study_dismantling(read_ifc(HOUSE))


def test_the_bounds_do_not_cross_and_close_with_the_mass() -> None:
    found = building_mci(study().passport, study().routes)
    assert found is not None and 0.0 <= found.low.mci < found.high.mci <= 1.0
    assert found.mass_kg + found.unknown_kg == pytest.approx(sum(r.mass_kg or 0 for r in study().routes))
    assert found.low.mass_kg == pytest.approx(found.mass_kg)


def test_parts_that_are_all_reused_and_of_virgin_or_recycled_input_are_half_circular() -> None:
    routes = [
        dataclasses.replace(each, low="reuse elsewhere", high="reuse elsewhere") for each in study().routes
    ]
    found = building_mci(study().passport, routes)
    assert found is not None
    # Nothing is wasted at the end; by hand: LFI = (V + W_F / 2) / (2 M + W_F / 2), MCI = 1 - 0.9 LFI.
    virgin, made = found.low.virgin_kg, found.low.input_recycling_waste_kg
    flow = (virgin + made / 2) / (2 * found.mass_kg + made / 2)
    assert found.low.mci == pytest.approx(1 - 0.9 * flow)


def test_sending_more_to_landfill_never_raises_the_indicator() -> None:
    worse = [dataclasses.replace(each, low="landfill") for each in study().routes]
    before = building_mci(study().passport, study().routes)
    after = building_mci(study().passport, worse)
    assert before is not None and after is not None and after.low.mci <= before.low.mci


def test_nothing_known_gives_no_indicator() -> None:
    nothing = [dataclasses.replace(each, mass_kg=None) for each in study().routes]
    assert building_mci(study().passport, nothing) is None


def test_the_changelog_says_the_figures_of_the_shipped_house() -> None:
    text = " ".join((HOUSE.parents[2] / "CHANGELOG.md").read_text(encoding="utf-8").split())
    found = building_mci(study().passport, study().routes)
    assert found is not None and f"{found.low.mci:.2f} to {found.high.mci:.2f}" in text
    mass = {row.kind: row for row in mass_by_route(study().routes)}
    sure, closed, reuse = (
        mass["open-loop recycling"].probable_kg,
        mass["closed-loop recycling"].high_kg,
        mass["reuse elsewhere"].high_kg,
    )
    assert f"{sure / 1000:.0f} of 201 t are sure of open-loop recycling, {closed / 1000:.0f} t could" in text
    assert f"recycled in a closed loop and {reuse / 1000:.0f} t reused" in text
