"""Life-cycle impact of an inventory: arrays in, arrays out; no IFC, no files.

The rules follow TOTEM/MMG and EN 15978 ("TOTEM-style", never a TOTEM score). Each stands in one place:

    composition   A4, A5, C1 to C4 and biogenic carbon, per kg of material
    replacement   B4: how often and when
    maintenance   B2: years and amounts, beside the assessment
    engine        assess, assess_elements, totals: mass x figure per kg, per indicator and stage
    uncertainty   Monte-Carlo: simulate, percentiles, which design is better
    variance      what the spread comes from, by label and by input
    impact        totals with the mass that they cover
    compare       position among reference buildings

Example:
    >>> import lca
    >>> inventory = lca.Inventory.from_columns(
    ...     material=[0, -1], mass_kg=[52_000.0, 300.0], service_life_years=[100.0, float("nan")])
    >>> len(inventory)
    2
"""

from __future__ import annotations

from lca.carbon import StoredCarbon, stored_carbon
from lca.ceilings import Ceiling, against_limit
from lca.compare import (
    Comparison,
    GroupPosition,
    StageValues,
    compare,
    compare_impact,
    fossil_and_luluc,
    with_draws,
)
from lca.composition import builtin_factors, compose_factors
from lca.distributions import Discrete, LogNormal, Triangular, Uniform
from lca.energy import EnergyImpact, EnergyUse, operational_energy
from lca.engine import assess, assess_elements, totals
from lca.errors import AssessmentError, ShapeError
from lca.harmonise import per_year_over
from lca.impact import GroupedImpact, Impact
from lca.inventory import Inventory
from lca.maintenance import (
    MaintenanceKind,
    MaintenanceTask,
    PortionTask,
    cleaning_years,
    event_years,
    maintenance_impact,
    schedule,
    with_maintenance,
)
from lca.material_totals import Totals
from lca.monetise import ExternalCost, SocietalCost, external_cost, external_cost_a2
from lca.replacement import replacement_counts, replacement_years, replacements
from lca.scenario import EndOfLifeChoice, Scenario, TransportChoice
from lca.scenario_files import load_scenario, presets, save_scenario
from lca.score import Score, score_of, single_score
from lca.status import ElementStatus, by_status, modules_not_counted
from lca.summing import Total
from lca.uncertain_inputs import Candidate, InputKind, Uncertain, UncertainInputs, UncertainMatch
from lca.uncertainty import Better, Simulation, Spread, probability_better, simulate
from lca.variance import InputShare, variance_by_input, variance_shares

__distribution__ = "building-passport"

__all__ = [
    "AssessmentError",
    "Better",
    "Candidate",
    "Ceiling",
    "Comparison",
    "Discrete",
    "ElementStatus",
    "EndOfLifeChoice",
    "EnergyImpact",
    "EnergyUse",
    "ExternalCost",
    "GroupPosition",
    "GroupedImpact",
    "Impact",
    "InputKind",
    "InputShare",
    "Inventory",
    "LogNormal",
    "MaintenanceKind",
    "MaintenanceTask",
    "PortionTask",
    "Scenario",
    "Score",
    "ShapeError",
    "Simulation",
    "SocietalCost",
    "Spread",
    "StageValues",
    "StoredCarbon",
    "Total",
    "Totals",
    "TransportChoice",
    "Triangular",
    "Uncertain",
    "UncertainInputs",
    "UncertainMatch",
    "Uniform",
    "against_limit",
    "assess",
    "assess_elements",
    "builtin_factors",
    "by_status",
    "cleaning_years",
    "compare",
    "compare_impact",
    "compose_factors",
    "event_years",
    "external_cost",
    "external_cost_a2",
    "fossil_and_luluc",
    "load_scenario",
    "maintenance_impact",
    "modules_not_counted",
    "operational_energy",
    "per_year_over",
    "presets",
    "probability_better",
    "replacement_counts",
    "replacement_years",
    "replacements",
    "save_scenario",
    "schedule",
    "score_of",
    "simulate",
    "single_score",
    "stored_carbon",
    "totals",
    "variance_by_input",
    "variance_shares",
    "with_draws",
    "with_maintenance",
]
