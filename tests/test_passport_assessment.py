"""The impact of a passport: hand-made figures, statuses, service lives and coverage."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import lca
from ifc_builders import TinyModel
from passport import Passport, assess, compare, read_ifc
from passport.assessment import factors_with_data
from passport.exchange.csv_tables import write_impact
from reference.importers import Epd, Properties, save_epds
from reference.materials import load_materials
from reference.vocabulary import CORE_INDICATORS, Stage


def _slab(folder: Path, name: str = "C30/37", volume: float = 1.0, status: str | None = None) -> Passport:
    model = TinyModel()
    slab = model.element("IfcSlab")
    model.associate(name, slab)
    model.quantities(slab, Volume_NetVolume=volume)
    if status:
        model.properties(slab, "Pset_SlabCommon", Status=("IfcLabel", status))
        extra = model.element("IfcSlab", "other")
        model.associate(name, extra)
        model.quantities(extra, Volume_NetVolume=volume)
        model.properties(extra, "Pset_SlabCommon", Status=("IfcLabel", "NEW"))
    return read_ifc(model.save(folder))


def test_one_cubic_metre_of_ready_mix_concrete_by_hand(tmp_path: Path) -> None:
    """OEKOBAUDAT d6f982e3: 257.6936 kg CO2 eq for 2360 kg; the other modules by the rules of the method."""
    assessment = assess(_slab(tmp_path))
    row = assessment.matrix()["GWP-total"]
    assert row[Stage.A1_A3] == pytest.approx(257.6936, rel=1e-6)
    assert row[Stage.A4] == pytest.approx(26.1184, rel=1e-4)
    assert row[Stage.C2] == pytest.approx(8.4885, rel=1e-4)
    assert row[Stage.C3] == pytest.approx(6.3690, rel=1e-4)
    assert row[Stage.C4] == pytest.approx(1.7655, rel=1e-4)
    assert row[Stage.A5] == pytest.approx(15.0218, rel=1e-4)
    assert row[Stage.B4] == 0.0
    assert row[Stage.C1] is None, "there is no demolition process: missing, not zero"


def test_all_core_indicators_and_only_declared_additional_ones(tmp_path: Path) -> None:
    assert assess(_slab(tmp_path)).impact.indicators == CORE_INDICATORS


def test_impact_is_proportional_to_volume(tmp_path: Path) -> None:
    one = assess(_slab(tmp_path, volume=1.0)).total().value
    assert assess(_slab(tmp_path, volume=7.0)).total().value == pytest.approx(7 * one, rel=1e-12)


def test_existing_elements_carry_no_production_beside_new_ones(tmp_path: Path) -> None:
    both = assess(_slab(tmp_path, status="EXISTING"))
    alone = assess(_slab(tmp_path))
    a, b = both.matrix()["GWP-total"], alone.matrix()["GWP-total"]
    assert a[Stage.A1_A3] == pytest.approx(b[Stage.A1_A3])
    assert a[Stage.C4] == pytest.approx(2 * (b[Stage.C4] or 0))
    assert both.findings.with_code("status-existing")


def test_reused_elements_carry_transport_and_work_but_no_production(tmp_path: Path) -> None:
    both = assess(_slab(tmp_path, status="REUSED"))
    alone = assess(_slab(tmp_path))
    a, b = both.matrix()["GWP-total"], alone.matrix()["GWP-total"]
    assert a[Stage.A1_A3] == pytest.approx(b[Stage.A1_A3])
    assert a[Stage.A4] == pytest.approx(2 * (b[Stage.A4] or 0))
    assert both.findings.with_code("status-reused")


def test_demolished_elements_carry_their_end_of_life_only(tmp_path: Path) -> None:
    row = assess(_slab(tmp_path, status="DEMOLISH")).impact.values[0, 0]
    stages = assess(_slab(tmp_path)).impact.stages
    assert [float(row[stages.index(s)]) for s in (Stage.A1_A3, Stage.A4, Stage.A5, Stage.B4)] == [0, 0, 0, 0]
    assert row[stages.index(Stage.C4)] > 0


def test_a_model_of_existing_elements_only_is_assessed_as_if_new_and_says_so(tmp_path: Path) -> None:
    model = TinyModel()
    slab = model.element("IfcSlab")
    model.associate("C30/37", slab)
    model.quantities(slab, Volume_NetVolume=1.0)
    model.properties(slab, "ArchiCADProperties", Renovation_Status=("IfcLabel", "Existing"))
    assessment = assess(read_ifc(model.save(tmp_path)))
    assert assessment.matrix()["GWP-total"][Stage.A1_A3] == pytest.approx(257.6936, rel=1e-6)
    assert assessment.findings.with_code("status-all-existing")


def test_a_service_life_in_the_model_wins(tmp_path: Path) -> None:
    model = TinyModel()
    slab = model.element("IfcSlab")
    model.associate("C30/37", slab)
    model.quantities(slab, Volume_NetVolume=1.0)
    model.properties(slab, "Pset_ServiceLife", ServiceLifeDuration=("IfcDuration", "P20Y"))
    assessment = assess(read_ifc(model.save(tmp_path)))
    row = assessment.matrix()["GWP-total"]
    once = sum(row[s] or 0 for s in (Stage.A1_A3, Stage.A4, Stage.A5, Stage.C2, Stage.C3, Stage.C4))
    assert row[Stage.B4] == pytest.approx(2 * once, rel=1e-9)


def test_glazing_and_frame_of_a_window_have_their_own_lives(tmp_path: Path) -> None:
    model = TinyModel()
    window = model.element("IfcWindow")
    model.associate(model.constituents(("dubbele beglazing", 0.5), ("pvc raamprofiel", 0.5)), window)
    model.quantities(window, Volume_NetVolume=0.1)
    assessment = assess(read_ifc(model.save(tmp_path)))
    assert assessment.impact.inventory.service_life_years.tolist() == [30.0, 40.0]


def test_timber_is_no_carbon_sink_over_its_life(tmp_path: Path) -> None:
    row = assess(_slab(tmp_path, "naaldhout")).matrix()["GWP-biogenic"]
    known = [v for v in row.values() if v is not None]
    assert row[Stage.A1_A3] is not None and row[Stage.A1_A3] < -500
    # A5 and transport carry a little biogenic carbon of their own.
    assert sum(known) == pytest.approx(0.0, abs=0.06 * -(row[Stage.A1_A3] or 0))
    assert sum(v or 0 for v in assess(_slab(tmp_path, "naaldhout")).matrix()["GWP-total"].values()) > 0


def test_coverage_counts_by_number_volume_and_mass(tmp_path: Path) -> None:
    model = TinyModel()
    for name, volume in (("C30/37", 3.0), ("Default Wall", 1.0), ("C30/37", None)):
        slab = model.element("IfcSlab")
        model.associate(name, slab)
        if volume:
            model.quantities(slab, Volume_NetVolume=volume)
    cover = assess(read_ifc(model.save(tmp_path))).coverage
    assert cover.elements == pytest.approx(1 / 3)
    assert cover.volume == pytest.approx(0.75)
    assert cover.mass == pytest.approx(0.75)


def test_the_long_table_sums_to_the_totals_and_leaves_missing_values_empty(tmp_path: Path) -> None:
    import csv

    assessment = assess(_slab(tmp_path))
    write_impact(tmp_path / "impact.csv", assessment)
    with (tmp_path / "impact.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 13 * 8
    gwp = [r for r in rows if r["indicator"] == "GWP-total"]
    assert sum(float(r["value"]) for r in gwp if r["value"]) == pytest.approx(assessment.total().value)
    (c1,) = [r for r in gwp if r["module"] == "C1"]
    assert (c1["value"], float(c1["known_mass_kg"])) == ("", 0.0)


def test_grouped_sums_are_the_total(tmp_path: Path) -> None:
    model = TinyModel()
    for name in ("C30/37", "gevelsteen", "Default Wall"):
        slab = model.element("IfcSlab")
        model.associate(name, slab)
        model.quantities(slab, Volume_NetVolume=2.0)
    assessment = assess(read_ifc(model.save(tmp_path)))
    for label in ("family", "material_id", "storey", "ifc_class", "status", "global_id"):
        grouped = assessment.by(label)  # type: ignore[arg-type]
        assert np.nansum(grouped.values[:, 0]) == pytest.approx(assessment.total("gwp-total").value)


def test_a_comparison_without_floor_area_or_walls_is_refused_with_the_reasons(
    tmp_path: Path,
) -> None:
    comparison = compare(assess(_slab(tmp_path)))
    assert not comparison.comparable
    assert any("walls" in r for r in comparison.reasons)
    assert any("floor area" in r for r in comparison.reasons)


def test_an_unknown_building_type_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="castle"):
        compare(assess(_slab(tmp_path)), building_type="castle")


def test_an_indicator_that_the_reference_does_not_have_is_refused_with_the_reason(tmp_path: Path) -> None:
    comparison = compare(assess(_slab(tmp_path)), indicator="AP")
    assert not comparison.comparable
    assert "greenhouse gases only" in comparison.reasons[0]


def test_a_material_without_end_of_life_process_does_not_bring_in_undeclared_indicators(
    tmp_path: Path,
) -> None:
    """Mineral wool is neither sorted nor recycled: its C3 is a known zero, for every indicator."""
    assessment = assess(_slab(tmp_path, "minerale wol"))
    assert assessment.impact.indicators == CORE_INDICATORS
    assert assessment.matrix()["AP"][Stage.C3] == 0.0


def test_a_known_component_without_density_adds_nothing_to_any_total(tmp_path: Path) -> None:
    model = TinyModel()
    for ifc_class, name in (("IfcSlab", "C30/37"), ("IfcFurniture", "Kitchen - generic")):
        element = model.element(ifc_class)
        model.associate(name, element)
        model.quantities(element, Volume_NetVolume=1.0)
    assessment = assess(read_ifc(model.save(tmp_path)))
    assert assessment.rows.portions[1].material_id == "equipment"
    assert np.isnan(assessment.impact.values[1]).all()
    assert assessment.total("gwp-total").known_share == pytest.approx(0.5)


def test_an_own_dataset_brings_its_figures_and_its_own_modules(tmp_path: Path) -> None:
    tiny = TinyModel()
    wall = tiny.element("IfcWall", "wall")
    tiny.associate("baksteen", wall)
    tiny.quantities(wall, Volume_NetVolume=1.0)
    house = read_ifc(tiny.save(tmp_path))
    own = Epd(
        uuid="u-1",
        name="own brick",
        declared_quantity=1000.0,
        declared_unit="kg",
        standard="A2",
        properties=Properties(density_kg_m3=1800.0),
        values={
            ("GWP-total", "A1-A3", ""): 100.0,
            ("GWP-total", "C1", ""): 3.0,
            ("GWP-total", "D", ""): -9.0,
        },
    )
    save_epds(tmp_path / "my.csv", [own], {"clay-brick": "u-1", "eps": "u-1"})
    done = assess(house, factors=factors_with_data(tmp_path / "my.csv"))
    mass = house.mass_kg() or 0.0
    impact = done.impact
    assert impact.total("GWP-total", "A1-A3").value == pytest.approx(0.1 * mass)
    assert impact.total("GWP-total", "C1").value == pytest.approx(0.003 * mass)
    assert Stage.D not in impact.stages  # benefits beyond the system are never in a total
    codes = [f.code for f in done.findings]
    assert codes.count("own-data") == 1 and codes.count("own-data-unused") == 1


def test_the_score_of_a_building_covers_what_is_declared(tmp_path: Path) -> None:
    score = assess(_slab(tmp_path)).score()
    assert not score.complete and score.weight_covered == pytest.approx(0.722, abs=1e-4)
    old = assess(_slab(tmp_path), scenario=lca.Scenario(ef_version="3.0")).score()
    assert old.mixed, "the shipped figures are EF 3.1"


def test_external_cost_of_a_building_is_partial(tmp_path: Path) -> None:
    assessment = assess(_slab(tmp_path))
    cost = assessment.external_cost()
    assert cost.by_indicator["Global warming"] == pytest.approx(0.05 * assessment.total().value)
    assert cost.partial


def test_carbon_is_stored_in_what_stays(tmp_path: Path) -> None:
    model = TinyModel()
    for status in ("NEW", "DEMOLISH"):
        beam = model.element("IfcBeam")
        model.associate("CLT", beam)
        model.quantities(beam, Volume_NetVolume=1.0)
        model.properties(beam, "Pset_BeamCommon", Status=("IfcLabel", status))
    passport = read_ifc(model.save(tmp_path))
    material = load_materials()["timber-clt"]
    assert material.density_kg_m3 is not None and material.biogenic_carbon_kg_per_kg is not None
    stored = assess(passport).stored_carbon()
    assert stored.carbon_kg == pytest.approx(material.density_kg_m3 * material.biogenic_carbon_kg_per_kg)
    assert stored.low_kg <= stored.carbon_kg <= stored.high_kg


def test_a_figure_far_above_its_family_is_named_where_it_decides_a_total(tmp_path: Path) -> None:
    """The published ADPE of PE foil is some 10,000 times that of other polyolefins."""
    foil = assess(_slab(tmp_path, "PE-folie")).findings.with_code("figure-far-from-family")
    assert any("ADPE" in finding.message for finding in foil)
    assert not assess(_slab(tmp_path, "C30/37")).findings.with_code("figure-far-from-family")
    assert not assess(_slab(tmp_path, "koperen buis")).findings.with_code("figure-far-from-family")
