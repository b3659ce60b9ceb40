"""Scenarios: own transport and end of life, national presets, files; statuses and their modules."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError

import lca
from lca import AssessmentError, ElementStatus, EndOfLifeChoice, Scenario, TransportChoice
from reference.vocabulary import Stage


def figure(table: object, material: str, stage: str, indicator: str = "GWP-fossil") -> float:
    from reference.factors import FactorTable
    from reference.vocabulary import Indicator

    assert isinstance(table, FactorTable)
    i, s = table.position(Indicator.parse(indicator), Stage.parse(stage))
    return float(table.values[int(table.index_of([material])[0]), i, s])


def test_own_transport_of_a_material_replaces_that_of_its_class() -> None:
    own = Scenario(transport=(TransportChoice(of="concrete-c30-37", tkm_per_tonne={"lorry-16-32": 25.0}),))
    usual, changed = lca.builtin_factors(), lca.builtin_factors(own)
    # The class of ready-mix concrete is "direct": 100 km in the same lorry.
    assert figure(changed, "concrete-c30-37", "A4") == pytest.approx(
        figure(usual, "concrete-c30-37", "A4") / 4, rel=1e-12
    )
    assert figure(changed, "gravel", "A4") == figure(usual, "gravel", "A4")


def test_a_choice_for_a_material_goes_before_one_for_its_class() -> None:
    by_class = TransportChoice(of="direct", tkm_per_tonne={"lorry-16-32": 10.0})
    by_material = TransportChoice(of="concrete-c30-37", tkm_per_tonne={"lorry-16-32": 50.0})
    table = lca.builtin_factors(Scenario(transport=(by_class, by_material)))
    assert figure(table, "concrete-c30-37", "A4") == pytest.approx(
        0.5 * figure(lca.builtin_factors(), "concrete-c30-37", "A4"), rel=1e-12
    )


def test_own_end_of_life_shares_move_c2_c3_and_c4_by_the_rules() -> None:
    """Concrete, all to landfill: C2 = 30 + 50 km, no recycling process, the landfill process on all of it."""
    own = Scenario(end_of_life=(EndOfLifeChoice(of="Concrete", landfill=1.0),))
    usual, changed = lca.builtin_factors(), lca.builtin_factors(own)
    assert figure(changed, "concrete-c30-37", "C2") == pytest.approx(
        figure(usual, "concrete-c30-37", "C2") * 80.0 / 32.5, rel=1e-12
    )
    assert figure(changed, "concrete-c30-37", "C3") == 0.0
    assert figure(changed, "concrete-c30-37", "C4") == pytest.approx(
        figure(usual, "concrete-c30-37", "C4") / 0.05, rel=1e-12
    )


def test_a_choice_for_what_does_not_exist_is_named() -> None:
    own = Scenario(
        transport=(TransportChoice(of="by-mule", tkm_per_tonne={"lorry-16-32": 1.0}),),
        end_of_life=(EndOfLifeChoice(of="moon dust", recycling=1.0),),
    )
    with pytest.raises(AssessmentError) as error:
        lca.builtin_factors(own)
    assert len(error.value.faults) == 2
    assert "by-mule" in error.value.faults[0] and "moon dust" in error.value.faults[1]


def test_shares_that_do_not_sum_to_one_are_refused() -> None:
    with pytest.raises(ValidationError, match=r"Concrete: .* sum to 0.9, not to 1"):
        EndOfLifeChoice(of="Concrete", landfill=0.4, recycling=0.5)


@pytest.mark.parametrize("share", [-0.1, 1.1, float("nan"), float("inf")])
def test_a_share_is_a_share(share: float) -> None:
    with pytest.raises(ValidationError):
        EndOfLifeChoice(of="Concrete", landfill=share, recycling=1 - share)


def test_one_choice_each() -> None:
    twice = tuple(TransportChoice(of="bulk", tkm_per_tonne={"lorry-16-32": km}) for km in (1.0, 2.0))
    with pytest.raises(ValidationError, match="bulk is given twice"):
        Scenario(transport=twice)


def test_presets_say_what_they_rest_on() -> None:
    assert {"BE", "NL", "DK", "FR", "DE"} <= set(lca.presets())
    for name, each in lca.presets().items():
        assert each.source and each.note and each.confidence in ("read", "secondary", "verify"), name
        lca.builtin_factors(each)


def test_the_belgian_preset_computes_as_the_default() -> None:
    default, belgian = Scenario(), lca.presets()["BE"]
    for field in ("study_period_years", "stages", "replacement", "a5_loss_share", "biogenic_rule"):
        assert getattr(default, field) == getattr(belgian, field)


def test_a_scenario_file_comes_back_as_it_was(tmp_path: Path) -> None:
    own = Scenario(
        name="school",
        study_period_years=75,
        transport=(TransportChoice(of="bulk", tkm_per_tonne={"lorry-16-32": 12.5}),),
        end_of_life=(EndOfLifeChoice(of="Concrete", landfill=0.25, recycling=0.75, sorted_on_site=0.5),),
    )
    lca.save_scenario(own, tmp_path / "school.json")
    assert lca.load_scenario(tmp_path / "school.json") == own
    assert [path.name for path in tmp_path.iterdir()] == ["school.json"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{"study_period_years": -1}', "study_period_years"),
        ('{"study_period_years": "NaN"}', "study_period_years"),
        ('{"stages": ["A1-A3", "Z9"]}', "stages"),
        ('{"studyperiod": 60}', "studyperiod"),
        ('{"end_of_life": [{"of": "Concrete", "landfill": 0.2}]}', "end_of_life.0"),
        ("{", "file"),
    ],
)
def test_a_faulty_scenario_file_names_its_field(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "mine.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(AssessmentError) as error:
        lca.load_scenario(path)
    assert any(fault.startswith(says) for fault in error.value.faults), error.value.faults
    assert "mine.json" in str(error.value)


@pytest.mark.parametrize("name", ["XX", "nothing-here.json", "model.ifc"])
def test_a_scenario_that_is_not_there_is_said_in_words(tmp_path: Path, name: str) -> None:
    with pytest.raises(AssessmentError):
        lca.load_scenario(tmp_path / name if "." in name else name)


def impact_of(statuses: list[str | None]) -> lca.Impact:
    factors = lca.builtin_factors()
    n = len(statuses)
    inventory = lca.Inventory.from_columns(
        material=factors.index_of(["concrete-c30-37"] * n),
        mass_kg=[1000.0] * n,
        service_life_years=[30.0] * n,
    )
    return lca.by_status(lca.assess(inventory, factors), statuses)


@pytest.mark.parametrize(
    ("status", "counted"),
    [
        ("new", {"A1-A3", "A4", "A5", "B4", "C2", "C3", "C4"}),
        ("kept", {"B4", "C2", "C3", "C4"}),
        ("reused in place", {"B4", "C2", "C3", "C4"}),
        ("reused from elsewhere", {"A4", "A5", "B4", "C2", "C3", "C4"}),
        ("dismantled", {"C2", "C3", "C4"}),
    ],
)
def test_the_modules_of_a_status(status: str, counted: set[str]) -> None:
    as_new, impact = impact_of(["new"]), impact_of([status])
    for s, stage in enumerate(impact.stages):
        value, new = impact.values[0, 0, s], as_new.values[0, 0, s]
        if stage is Stage.C1:
            assert np.isnan(value), "unknown stays unknown"
        else:
            assert value == (new if stage in counted else 0.0)


def test_replacements_of_a_kept_part_count_as_new() -> None:
    assert impact_of(["kept"]).total("gwp-total", "B4").value == pytest.approx(
        impact_of(["new"]).total("gwp-total", "B4").value
    )


def test_work_on_a_part_reused_in_place_is_marked_as_left_out() -> None:
    assert Stage.A5 in impact_of(["reused in place"]).total("gwp-total").partial_stages
    assert Stage.A5 not in impact_of(["kept"]).total("gwp-total").partial_stages


def test_a_status_that_does_not_exist_names_its_row() -> None:
    with pytest.raises(AssessmentError, match=r"row 1, status: 'gone'"):
        impact_of(["new", "gone"])
    with pytest.raises(lca.ShapeError):
        lca.by_status(impact_of(["new"]), [])


def test_every_status_has_a_rule_for_every_module() -> None:
    from lca.status import status_modules

    assert set(status_modules()) == {(status, stage) for status in ElementStatus for stage in Stage}
