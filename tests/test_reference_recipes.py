"""Recipes of composites: worked examples with every intermediate, and what must hold for all of them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference import load_materials
from reference.recipes import load_recipes, recipe_for
from reference.sources import load_sources
from reference.tables import read_table

RECIPES = [r for r in load_recipes().values() if r.unit == "m3"]
STEEL, CONCRETE, MORTAR, BRICK = (
    load_materials()[m].density_kg_m3 or 0.0
    for m in ("steel-reinforcement", "concrete", "mortar", "clay-brick")
)


def test_two_cubic_metres_of_a_reinforced_slab() -> None:
    recipe = recipe_for("concrete-reinforced", "IfcSlab")
    assert recipe is not None
    steel, concrete = recipe.parts(volume_m3=2.0)
    assert steel.mass_kg == pytest.approx(2.0 * 100)  # 100 kg/m3 of slab
    assert steel.volume_m3 == pytest.approx(200 / STEEL)  # it displaces concrete
    assert concrete.mass_kg == pytest.approx((2.0 - 200 / STEEL) * CONCRETE)
    assert (steel.low_kg, steel.high_kg) == pytest.approx((2 * 67, 2 * 135))
    # about 2,430 kg/m3: plain concrete of 2,360 and the steel instead of some of it
    assert (steel.mass_kg + concrete.mass_kg) / 2 == pytest.approx(2430, abs=5)


def test_one_cubic_metre_of_brickwork() -> None:
    recipe = recipe_for("clay-brick", "IfcWall")
    assert recipe is not None
    mortar, brick = recipe.of("clay-brick").parts(volume_m3=1.0)
    assert mortar.mass_kg == pytest.approx(0.22 * MORTAR)
    assert brick.mass_kg == pytest.approx(0.78 * BRICK)


def test_the_mass_of_the_whole_is_kept_where_it_is_known() -> None:
    recipe = recipe_for("concrete-reinforced", "IfcBeam")
    assert recipe is not None
    steel, concrete = recipe.parts(volume_m3=1.0, mass_kg=2500.0)
    assert steel.mass_kg == pytest.approx(200.0)
    assert steel.mass_kg + concrete.mass_kg == pytest.approx(2500.0)


def test_nothing_is_split_twice() -> None:
    assert recipe_for("concrete-precast", "IfcWall") is None  # its figures hold the reinforcement
    assert recipe_for("concrete-reinforced", "IfcSlab", is_reinforced=False) is None  # the model draws bars
    assert recipe_for("concrete-c30-37", "IfcSlab") is None  # plain concrete unless said otherwise


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(RECIPES), st.floats(1e-3, 1e3))
def test_parts_fill_the_volume_and_lie_in_their_range(recipe, volume: float) -> None:  # type: ignore[no-untyped-def]
    whole = recipe.of(next((m for m in load_materials() if f"family:{load_materials()[m].family}" in
                            recipe.applies_to), "clay-brick"))  # fmt: skip
    parts = whole.parts(volume_m3=volume)
    assert sum(p.volume_m3 or 0.0 for p in parts) == pytest.approx(volume)
    assert all(p.low_kg <= p.mass_kg * (1 + 1e-9) and p.mass_kg <= p.high_kg * (1 + 1e-9) for p in parts)


@pytest.mark.parametrize("name", ["recipes.csv", "recipe_elements.csv", "recipe_exceptions.csv"])
def test_every_row_names_a_source_that_exists(name: str) -> None:
    known = set(load_sources())
    assert {row.text("source_id") for row in read_table(name)} <= known
