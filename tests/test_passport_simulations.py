"""What a passport leaves open, as distributions, and the spread of its result."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

import lca
from ifc_builders import TinyModel
from passport import Passport, assess, assess_variants, load_variants, read_ifc, uncertain_inputs, uncertainty
from passport.assessment import method_statuses
from passport.cli import app
from passport.inventory import to_inventory
from passport.models import Alternative
from reference.assumptions import assumption_for
from reference.materials import load_materials

HOUSE = Path(__file__).resolve().parents[1] / "examples" / "models" / "flemish-house.ifc"


def slab_of(folder: Path, name: str, **properties: object) -> Passport:
    model = TinyModel()
    slab = model.element("IfcSlab", "slab")
    model.associate(name, slab)
    model.quantities(slab, Volume_NetVolume=2.0)
    return read_ifc(model.save(folder))


def inputs_of(house: Passport) -> lca.UncertainInputs:
    factors = lca.builtin_factors()
    _, rows = to_inventory(house, factors)
    return uncertain_inputs(rows, factors)


def with_portion(house: Passport, **changes: object) -> Passport:
    (element,) = house.elements
    (portion,) = element.portions
    changed = dataclasses.replace(element, portions=(dataclasses.replace(portion, **changes),))
    return house.model_copy(update={"elements": (changed,)})


def test_the_density_of_the_library_varies_between_its_bounds_and_a_stated_one_does_not(
    tmp_path: Path,
) -> None:
    house = slab_of(tmp_path, "C30/37")
    (portion,) = house.elements[0].portions
    material = load_materials()[str(portion.material_id)]
    density = inputs_of(house).density
    assert density is not None and density.keys == (material.material_id,)
    low, high = density.distributions[material.material_id].bounds
    assert low * material.density_kg_m3 == pytest.approx(material.density_low)
    assert high * material.density_kg_m3 == pytest.approx(material.density_high)
    stated = inputs_of(with_portion(house, density_origin="model")).density
    assert stated is not None and stated.keys == (None,)


def test_a_stated_weight_varies_by_its_own_grade_and_with_no_density(tmp_path: Path) -> None:
    model = TinyModel()
    slab = model.element("IfcSlab", "slab")
    model.associate("C30/37", slab)
    model.quantities(slab, Weight_NetWeight=4800.0)
    house = read_ifc(model.save(tmp_path))
    (portion,) = house.elements[0].portions
    assert portion.mass_kg == 4800.0
    (grade,) = [q.grade for q in house.elements[0].quantities if q.chosen and q.kind == "weight"]
    inputs = inputs_of(house)
    assert inputs.density is not None and inputs.density.keys == (None,)
    assert inputs.quantity is not None and grade == "B"
    assert inputs.quantity.distributions[house.elements[0].global_id] == lca.LogNormal(1.05)
    doubtful = with_portion(house, score=0.6, alternatives=(Alternative("timber-clt", 0.4),))
    match = inputs_of(doubtful).match
    assert match is not None
    assert [each.mass_ratio for each in next(iter(match.candidates.values()))] == [1.0, 1.0]


def test_an_assumed_density_varies_between_the_bounds_of_the_assumption(tmp_path: Path) -> None:
    model = TinyModel()
    wall = model.element("IfcWall", "wall")
    model.properties(wall, "Pset_WallCommon", IsExternal=("IfcBoolean", True))
    model.quantities(wall, Volume_NetVolume=2.0)
    house = read_ifc(model.save(tmp_path), assume=True)
    (portion,) = house.elements[0].portions
    assert portion.step == "assumption"
    found = assumption_for("IfcWall", is_external=True)
    assert found is not None and found.density_kg_m3 and found.density_low and found.density_high
    density = inputs_of(house).density
    assert density is not None
    (distribution,) = density.distributions.values()
    assert distribution.bounds == pytest.approx(
        (found.density_low / found.density_kg_m3, found.density_high / found.density_kg_m3)
    )


def test_an_assumed_share_varies_between_its_bounds(tmp_path: Path) -> None:
    house = with_portion(slab_of(tmp_path, "C30/37"), share=0.5, share_low=0.25, share_high=0.75)
    quantity = inputs_of(house).quantity
    assert quantity is not None
    (key,) = quantity.keys
    assert quantity.distributions[str(key)] == lca.Triangular(0.5, 1.0, 1.5)


def test_a_better_grade_of_the_quantity_varies_less(tmp_path: Path) -> None:
    house = slab_of(tmp_path, "C30/37")
    (element,) = house.elements
    spreads = []
    for grade in "ABCD":
        graded = tuple(dataclasses.replace(q, grade=grade) for q in element.quantities)
        changed = house.model_copy(update={"elements": (dataclasses.replace(element, quantities=graded),)})
        quantity = inputs_of(changed).quantity
        assert quantity is not None
        spreads.append(quantity.distributions[element.global_id].bounds[1])
    assert spreads == sorted(spreads) and len(set(spreads)) == 4


def test_the_candidates_of_a_name_are_drawn_with_their_density_and_what_is_left_is_said(
    tmp_path: Path,
) -> None:
    house = with_portion(
        slab_of(tmp_path, "C30/37"), score=0.6, alternatives=(Alternative("timber-clt", 0.3),)
    )
    (portion,) = house.elements[0].portions
    result = uncertainty(house, draws=4000)
    assert result.unexplained_match_share == pytest.approx(0.1)
    assert any("none of the materials" in note for note in result.notes)
    match = inputs_of(house).match
    assert match is not None
    (candidates,) = match.candidates.values()
    assert [each.probability for each in candidates] == pytest.approx([2 / 3, 1 / 3])
    library = load_materials()
    assert candidates[1].mass_ratio == pytest.approx(
        library["timber-clt"].density_kg_m3 / portion.density_kg_m3
    )
    light = result.simulation.mass_kg < 0.4 * float(portion.mass_kg or 0)
    assert light.mean() == pytest.approx(1 / 3, abs=0.035)


def test_a_name_that_a_person_decided_does_not_vary(tmp_path: Path) -> None:
    house = with_portion(
        slab_of(tmp_path, "C30/37"), score=1.0, step="mapping", alternatives=(Alternative("timber-clt", 0.3),)
    )
    match = inputs_of(house).match
    assert match is not None and match.keys == (None,)


def test_a_life_that_the_model_states_does_not_vary(tmp_path: Path) -> None:
    house = slab_of(tmp_path, "EPDM")
    free = inputs_of(house).service_life
    (element,) = house.elements
    stated = house.model_copy(update={"elements": (dataclasses.replace(element, service_life_years=25.0),)})
    fixed = inputs_of(stated).service_life
    assert free is not None and fixed is not None
    assert fixed.keys == (None,)
    if free.keys[0] is not None:
        usual = free.distributions[free.keys[0]]
        assert load_materials()[str(element.portions[0].material_id)].service_life_years in usual.values


def test_without_any_spread_the_draws_are_the_assessment_of_the_house() -> None:
    house = read_ifc(HOUSE)
    factors = lca.builtin_factors()
    inventory, rows = to_inventory(house, factors)
    status = method_statuses(rows)
    drawn = lca.simulate(inventory, factors, inputs=lca.UncertainInputs(), status=status, draws=2)
    expected = assess(house).total("gwp-total").value
    np.testing.assert_allclose(drawn.total("gwp-total"), expected, rtol=1e-12)


def test_the_band_of_the_shipped_house_holds_its_result_and_its_shares_sum_to_one() -> None:
    house = read_ifc(HOUSE)
    result = uncertainty(house, draws=2000)
    spread, certain = result.spread(), assess(house).per_m2()
    assert certain is not None and spread.unit == "kg CO2 eq/m2.yr"
    assert spread.p5 < certain.value / 60 < spread.median < spread.p95
    for shares in (result.by_material(), result.by_element()):
        assert sum(shares.values()) == pytest.approx(1.0)
    assert sum(each.share for each in result.by_input()) == pytest.approx(1.0)
    assert spread.known_share == pytest.approx(assess(house).total().known_share, abs=0.01)


def test_a_variant_that_only_takes_mass_away_is_better_in_every_draw(tmp_path: Path) -> None:
    rules = tmp_path / "variants.toml"
    rules.write_text(
        '[[variant]]\nname = "thin"\n[[variant.change]]\nwhere = { family = "brick*" }\n'
        'thickness_factor = 0.9\n[[variant]]\nname = "same"\n[[variant.change]]\n'
        'where = { material = "clay-block" }\nend_of_life = { landfill = 1.0 }\n'
        '[[variant]]\nname = "lasting"\n[[variant.change]]\nwhere = { family = "*" }\n'
        "service_life_years = 60\n",
        encoding="utf-8",
    )
    house = read_ifc(HOUSE)
    results = assess_variants(house, load_variants(rules), draws=300)
    table = results.to_frame("gwp-total").set_index("variant")
    assert table.loc["as designed", "probability_better"] == 0.5
    lasting = results.simulations[3]
    assert np.isclose(lasting.total("gwp-total", "B4"), 0).all()
    assert table.loc["lasting", "probability_better"] == 1.0
    for each, totals in zip(results.simulations, results.totals, strict=True):
        assert each.certain.total("gwp-total").value == pytest.approx(totals.total("gwp-total").value)
    assert set(table.columns) >= {"p5", "median", "p95"}


def test_the_command_prints_percentiles_and_writes_a_table(tmp_path: Path) -> None:
    runner = CliRunner()
    shown = runner.invoke(app, ["uncertainty", str(HOUSE), "--draws", "500"])
    assert shown.exit_code == 0 and "90 % of 500 draws" in shown.output and "factor" in shown.output
    out = tmp_path / "spread.csv"
    done = runner.invoke(
        app, ["uncertainty", str(HOUSE), "--draws", "500", "--indicator", "AP", "--out", str(out)]
    )
    assert done.exit_code == 0, done.output
    table = pd.read_csv(out)
    assert set(table["what"]) == {"total", "material", "element", "input"}
    for what in ("material", "element", "input"):
        assert table.loc[table["what"] == what, "share_of_variance"].sum() == pytest.approx(1.0)
    wrong = runner.invoke(app, ["uncertainty", str(HOUSE), "--indicator", "heat"])
    assert wrong.exit_code == 2 and "heat" in wrong.output and "Traceback" not in wrong.output


def test_a_model_of_which_nothing_is_known_is_refused_in_one_sentence(tmp_path: Path) -> None:
    model = TinyModel()
    model.element("IfcSlab", "slab")
    done = CliRunner().invoke(app, ["uncertainty", str(model.save(tmp_path))])
    assert done.exit_code == 2
    assert "no part has a figure for GWP-total" in " ".join(done.output.split())


def test_readme_and_changelog_state_the_spread_of_the_shipped_house() -> None:
    spread = uncertainty(read_ifc(HOUSE)).spread()
    text = (HOUSE.parents[2] / "CHANGELOG.md").read_text(encoding="utf-8")
    words = f"median {spread.median:.2f} kg CO2 eq/m2.yr, 90 % of the draws between {spread.p5:.2f} and"
    assert words in " ".join(text.split()) and f"{spread.p95:.2f} (as designed" in text
