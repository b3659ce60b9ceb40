"""Variants: what a rule file changes, by hand and against a model that is made that way."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from ifc_builders import TinyModel
from passport import Passport, PassportError, assess, assess_variants, load_variants, read_ifc
from passport.cli import app
from passport.variants import BASE, VariantResults
from reference.materials import load_materials
from reference.vocabulary import CORE_INDICATORS

HOUSE = Path(__file__).resolve().parents[1] / "examples" / "models" / "flemish-house.ifc"


def slabs(folder: Path, *names: str, volume: float = 2.0, status: str | None = None) -> Passport:
    model = TinyModel()
    for number, name in enumerate(names):
        slab = model.element("IfcSlab", f"slab {number}")
        model.associate(name, slab)
        model.quantities(slab, Volume_NetVolume=volume)
        if status:
            model.properties(slab, "Pset_SlabCommon", Status=("IfcLabel", status))
    return read_ifc(model.save(folder))


def results(house: Passport, folder: Path, text: str) -> VariantResults:
    path = folder / "variants.toml"
    path.write_text(text, encoding="utf-8")
    return assess_variants(house, load_variants(path))


def one(change: str) -> str:
    return f'[[variant]]\nname = "v"\n[[variant.change]]\n{change}\n'


def same_totals(variant: VariantResults, other: Passport) -> None:
    expected = assess(other)
    for indicator in CORE_INDICATORS:
        a, b = variant.totals[1].total(indicator), expected.total(indicator)
        assert a.value == pytest.approx(b.value, rel=1e-12)
        assert a.known_mass_kg == pytest.approx(b.known_mass_kg, rel=1e-12)
        assert a.missing_stages == b.missing_stages


def test_another_material_gives_what_a_model_of_that_material_gives(tmp_path: Path) -> None:
    house = slabs(tmp_path, "C30/37")
    made = results(house, tmp_path, one('where = { material = "concrete*" }\nmaterial = "timber-clt"'))
    (tmp_path / "other").mkdir()
    same_totals(made, slabs(tmp_path / "other", "CLT"))


def test_the_design_itself_stands_first(tmp_path: Path) -> None:
    house = slabs(tmp_path, "C30/37")
    made = results(house, tmp_path, one("service_life_years = 20"))
    assert made.names == (BASE, "v")
    assert made.totals[0].total("gwp-total").value == pytest.approx(assess(house).total().value, rel=1e-12)


@pytest.mark.parametrize("text", ["thickness_factor = 1.5", "thickness_factor = 0.25"])
def test_thickness_scales_everything(tmp_path: Path, text: str) -> None:
    made = results(slabs(tmp_path, "C30/37"), tmp_path, one(text))
    times = float(text.split("=")[1])
    np.testing.assert_allclose(made.totals[1].values, made.totals[0].values * times, rtol=1e-12)


def test_a_shorter_life_adds_replacements(tmp_path: Path) -> None:
    made = results(slabs(tmp_path, "C30/37"), tmp_path, one("service_life_years = 20"))
    whole = made.totals[0].total("gwp-total", ("A1-A3", "A4", "A5", "C2", "C3", "C4")).value
    assert made.totals[1].total("gwp-total", "B4").value == pytest.approx(2 * whole, rel=1e-12)


def test_a_kept_slab_carries_no_production(tmp_path: Path) -> None:
    made = results(slabs(tmp_path, "C30/37", "C30/37"), tmp_path, one('status = "kept"'))
    assert made.totals[1].total("gwp-total", "A1-A3").value == 0.0
    assert made.totals[1].total("gwp-total", "C4").value == made.totals[0].total("gwp-total", "C4").value


def test_own_end_of_life_moves_c_and_the_loss_on_site(tmp_path: Path) -> None:
    made = results(slabs(tmp_path, "C30/37"), tmp_path, one("end_of_life = { landfill = 1.0 }"))
    base, new = made.totals
    assert new.total("gwp-fossil", "C4").value == pytest.approx(base.total("gwp-fossil", "C4").value / 0.05)
    assert new.total("gwp-fossil", "C3").value == 0.0
    moved = sum(
        new.total("gwp-fossil", s).value - base.total("gwp-fossil", s).value for s in ("C2", "C3", "C4")
    )
    grown = new.total("gwp-fossil", "A5").value - base.total("gwp-fossil", "A5").value
    assert grown == pytest.approx(0.05 * moved, rel=1e-9)


def test_changes_are_made_in_their_order_and_meet_what_the_first_one_made(tmp_path: Path) -> None:
    text = one('material = "timber-clt"') + (
        '[[variant.change]]\nwhere = { material = "timber-clt" }\nthickness_factor = 0.5\n'
        '[[variant.change]]\nwhere = { family = "concrete*" }\nthickness_factor = 100\n'
    )
    made = results(slabs(tmp_path, "C30/37"), tmp_path, text)
    density = load_materials()["timber-clt"].density_kg_m3
    assert density is not None
    assert made.totals[1].total("gwp-total").total_mass_kg == pytest.approx(0.5 * 2.0 * density)
    assert [f.code for f in made.findings] == ["variant-change-unused"]


def test_variants_do_not_see_each_other(tmp_path: Path) -> None:
    text = one('material = "timber-clt"')
    text += '[[variant]]\nname = "w"\n[[variant.change]]\nthickness_factor = 2.0\n'
    made = results(slabs(tmp_path, "C30/37"), tmp_path, text)
    np.testing.assert_allclose(made.totals[2].values, 2 * made.totals[0].values, rtol=1e-12)


def test_the_frame_has_the_difference_and_what_it_covers(tmp_path: Path) -> None:
    made = results(slabs(tmp_path, "C30/37", "???"), tmp_path, one("thickness_factor = 2.0"))
    table = made.to_frame("gwp-total").set_index("variant")
    assert table.loc["v", "difference"] == pytest.approx(table.loc[BASE, "value"])
    assert table.loc["v", "difference_share"] == pytest.approx(1.0)
    assert 0 < table.loc["v", "known_share"] < 1


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "variant"),
        ("[[variant]]\nname = 'v'\n", "change"),
        (one("thickness_m = -1"), "thickness_m"),
        (one("service_life_years = 0"), "service_life_years"),
        (one("service_life_years = nan"), "service_life_years"),
        (one("thickness_factor = inf"), "thickness_factor"),
        (one('status = "gone"'), "status"),
        (one("end_of_life = { landfill = 0.4 }"), "not to 1"),
        (one('where = { colour = "red" }\nthickness_factor = 2'), "'colour' is no key"),
        (one('where = { family = "brick" }'), "nothing to change"),
        (one("thickness_m = 0.1\nthickness_factor = 2"), "not both"),
        (one("thickness_factor = 2") * 2, "two variants are called 'v'"),
        ("[[variant", "no TOML"),
    ],
)
def test_a_faulty_rule_file_names_its_place(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "v.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PassportError, match=r"v\.toml") as error:
        load_variants(path)
    assert says in str(error.value)


def test_a_material_that_does_not_exist_is_named_before_anything_is_computed(tmp_path: Path) -> None:
    with pytest.raises(PassportError, match="v: 'unobtainium'"):
        results(slabs(tmp_path, "C30/37"), tmp_path, one('material = "unobtainium"'))


def test_the_command_prints_a_table_and_writes_one(tmp_path: Path) -> None:
    rules = tmp_path / "v.toml"
    rules.write_text(one('where = { family = "*wool*" }\nmaterial = "cellulose-blown"'), encoding="utf-8")
    shown = CliRunner().invoke(app, ["variants", str(HOUSE), str(rules)])
    assert shown.exit_code == 0, shown.output
    assert BASE in shown.stdout
    out = tmp_path / "t.csv"
    assert CliRunner().invoke(app, ["variants", str(HOUSE), str(rules), "--out", str(out)]).exit_code == 0
    assert out.read_text(encoding="utf-8").startswith("variant,indicator,unit,value")
    missing = CliRunner().invoke(app, ["variants", str(HOUSE), str(tmp_path / "none.toml")])
    assert missing.exit_code == 2 and "cannot be read" in missing.output
