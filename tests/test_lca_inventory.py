"""Inventory and Scenario: what is refused, and that everything wrong is named at once."""

from __future__ import annotations

import math

import numpy as np
import pytest
from pydantic import ValidationError

from lca import AssessmentError, Inventory, Scenario, ShapeError
from reference.errors import BuildingPassportError
from reference.vocabulary import ASSESSED_STAGES, BiogenicRule, Stage


def test_defaults_are_unknown_life_and_one_element_per_portion() -> None:
    inventory = Inventory.from_columns(material=[0, 1], mass_kg=[1.0, 2.0])
    assert np.isnan(inventory.service_life_years).all()
    assert inventory.element.tolist() == [0, 1]
    assert inventory.group is None


def test_none_and_nan_are_unknown() -> None:
    inventory = Inventory.from_columns(material=[-1], mass_kg=[None], service_life_years=[math.nan])
    assert np.isnan(inventory.mass_kg[0])
    assert inventory.portions_without_mass == 1
    assert inventory.total_mass_kg == 0


def test_infinite_life_and_zero_mass_are_allowed() -> None:
    inventory = Inventory.from_columns(material=[0], mass_kg=[0.0], service_life_years=[math.inf])
    assert len(inventory) == 1


def test_empty_inventory() -> None:
    assert len(Inventory.from_columns(material=[], mass_kg=[])) == 0


def test_columns_are_copied_and_read_only() -> None:
    mass = np.array([1.0, 2.0])
    inventory = Inventory.from_columns(material=[0, 0], mass_kg=mass, group=[7, 8])
    mass[0] = 99.0
    assert inventory.mass_kg[0] == 1.0
    with pytest.raises(ValueError, match="read-only"):
        inventory.mass_kg[0] = 5.0


def test_all_faults_of_all_rows_come_at_once() -> None:
    with pytest.raises(AssessmentError) as raised:
        Inventory.from_columns(
            material=[0, -2, 0, 0],
            mass_kg=[-1.0, 1.0, math.inf, 1.0],
            service_life_years=[1.0, 1.0, 0.0, -3.0],
        )
    assert [fault.split(":")[0] for fault in raised.value.faults] == [
        "row 0, mass_kg",
        "row 1, material",
        "row 2, mass_kg",
        "row 2, service_life_years",
        "row 3, service_life_years",
    ]
    assert all(fault in str(raised.value) for fault in raised.value.faults)


def test_minus_infinite_mass_is_refused() -> None:
    with pytest.raises(AssessmentError, match="row 0, mass_kg"):
        Inventory.from_columns(material=[0], mass_kg=[-math.inf])


def test_many_faults_stay_readable_and_complete() -> None:
    with pytest.raises(AssessmentError, match="and 150 more") as raised:
        Inventory.from_columns(material=np.zeros(200, dtype=int), mass_kg=np.full(200, -1.0))
    assert len(raised.value.faults) == 200


@pytest.mark.parametrize(
    "columns",
    [
        {"material": [0], "mass_kg": [1.0, 2.0]},
        {"material": [0, 0], "mass_kg": [1.0, 2.0], "service_life_years": [1.0]},
        {"material": [0, 0], "mass_kg": [1.0, 2.0], "element": [1]},
        {"material": [0, 0], "mass_kg": [1.0, 2.0], "group": [1]},
        {"material": [[0, 0]], "mass_kg": [[1.0, 2.0]], "element": [[0, 1]]},
        {"material": 0, "mass_kg": 1.0, "element": 0},
    ],
)
def test_lengths_must_agree(columns: dict[str, object]) -> None:
    with pytest.raises(ShapeError, match="shape"):
        Inventory.from_columns(**columns)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "columns", [{"material": [0.5], "mass_kg": [1.0]}, {"material": ["a"], "mass_kg": [1.0]}]
)
def test_material_must_be_a_whole_number(columns: dict[str, object]) -> None:
    with pytest.raises(AssessmentError, match="material: dtype"):
        Inventory.from_columns(**columns)  # type: ignore[arg-type]


def test_mass_must_be_a_number() -> None:
    with pytest.raises(AssessmentError, match="mass_kg"):
        Inventory.from_columns(material=[0], mass_kg=["heavy"])


def test_errors_have_the_expected_parents() -> None:
    assert issubclass(AssessmentError, (BuildingPassportError, ValueError))
    assert issubclass(ShapeError, AssessmentError)


def test_scenario_defaults() -> None:
    scenario = Scenario()
    assert scenario.stages == ASSESSED_STAGES
    assert (scenario.study_period_years, scenario.a5_loss_share, scenario.replacement) == (60, 0.05, "ceil")
    assert scenario.biogenic_rule is BiogenicRule.MINUS_ONE_PLUS_ONE


def test_scenario_json_round_trip() -> None:
    scenario = Scenario(
        name="short",
        study_period_years=50,
        stages=("c4", "A1-A3"),
        replacement="nearest",
        biogenic_rule="0/0",
    )
    assert scenario.stages == (Stage.A1_A3, Stage.C4)
    assert Scenario.model_validate_json(scenario.model_dump_json()) == scenario


@pytest.mark.parametrize(
    "field",
    [
        {"study_period_years": 0},
        {"study_period_years": math.inf},
        {"study_period_years": math.nan},
        {"a5_loss_share": 1.0},
        {"a5_loss_share": -0.1},
        {"stages": ()},
        {"stages": ("A4", "a4")},
        {"stages": ("Z9",)},
        {"stages": 5},
        {"replacement": "floor"},
        {"c2_first_leg_km": -1},
        {"unknown_field": 1},
    ],
)
def test_scenario_refuses(field: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Scenario(**field)  # type: ignore[arg-type]


def test_scenario_is_frozen() -> None:
    with pytest.raises(ValidationError):
        Scenario().study_period_years = 50
