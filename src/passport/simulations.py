"""How sure a result is: what a passport leaves open becomes distributions, and those a spread of the result.

    quantity      by the grade of the chosen quantity (`uncertainty_defaults.csv`); a share that is assumed
                  between its bounds
    density       between the bounds of the library (of the assumption, where the material is assumed), unless
                  the model states density or weight; one draw per material
    match         the candidates of the matcher by their probabilities; one draw per name and use
    service life  the usual life, or the next shorter or longer one that the TOTEM element library holds for
                  the application
    factor        by how near the dataset is to the material; one draw per material
    transport     one draw for all
    loss          one draw for all

What stays unknown is in no draw: the spread is that of what is known.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np

import lca
from lca.composition import builtin_factors
from lca.distributions import Distribution
from lca.uncertainty import Simulation, Spread, simulate
from lca.variance import InputShare, variance_by_input, variance_shares
from passport.assessment import ASSUMED, Assessment, method_statuses
from passport.inventory import Rows, life_application, to_inventory
from passport.models import Element, Passport, Portion
from reference.assumptions import assumption_for
from reference.factors import NO_FIGURE, NO_MATTER
from reference.materials import load_materials
from reference.service_life import load_service_lives
from reference.vocabulary import Indicator

if TYPE_CHECKING:
    import pandas as pd

    from lca.scenario import Scenario
    from reference.factors import FactorTable

#: Below this probability of being wrong a match counts as certain [-].
CERTAIN = 0.02


@dataclass(frozen=True)
class Uncertainty:
    """The spread of a building's result and what it comes from.

    Attributes:
        simulation: totals of every draw.
        rows: which portion each row of the inventory is.
        floor_area_m2: of the passport; None when unknown.
        unexplained_match_share: share of the known mass times the probability that its name means none of
            the candidates [-]; the draws are among the candidates, so this part of the doubt is not in them.
    """

    simulation: Simulation
    rows: Rows
    floor_area_m2: float | None
    unexplained_match_share: float

    def spread(self, indicator: Indicator | str = Indicator.GWP_TOTAL) -> Spread:
        """Percentiles per m2 and year; of the whole building and study period without a floor area."""
        return self.simulation.spread(
            indicator, floor_area_m2=self.floor_area_m2, per_year=self.floor_area_m2 is not None
        )

    def by_material(self, indicator: Indicator | str = Indicator.GWP_TOTAL) -> dict[str, float]:
        """Share of the variance by material id [-], greatest first."""
        labels = [p.material_id or "unknown" for p in self.rows.portions]
        return {str(k): v for k, v in variance_shares(self.simulation, labels, indicator).items()}

    def by_element(self, indicator: Indicator | str = Indicator.GWP_TOTAL) -> dict[str, float]:
        """Share of the variance by GlobalId [-], greatest first."""
        labels = [e.global_id for e in self.rows.elements]
        return {str(k): v for k, v in variance_shares(self.simulation, labels, indicator).items()}

    def by_input(self, indicator: Indicator | str = Indicator.GWP_TOTAL) -> tuple[InputShare, ...]:
        """Share of the variance that each kind of input explains alone."""
        return variance_by_input(self.simulation, indicator)

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader must know beside the figures, one sentence each."""
        notes = [
            "Spreads of quantities, figures, transport, losses and lives are assumptions to be confirmed."
        ]
        known = float(self.simulation.known_share().mean())
        if known < 1:
            notes.append(
                f"{1 - known:.1%} of the mass is unknown and in no draw: the percentiles are too low."
            )
        if self.unexplained_match_share > 0.01:
            notes.append(
                f"{self.unexplained_match_share:.1%} of the mass may be none of the materials that the names "
                "were matched to; that doubt is in no draw."
            )
        return tuple(notes)

    def to_frame(
        self, indicator: Indicator | str | Sequence[Indicator | str] = Indicator.GWP_TOTAL
    ) -> pd.DataFrame:
        """Percentiles and shares of the variance as one long table.

        Columns: indicator; what (total, material, element, input); which; unit, mean, sd, p5, median, p95 and
        known_share (of the total only); share_of_variance [-] and its standard_error (of inputs only).
        """
        import pandas as pd

        rows: list[dict[str, object]] = []
        for given in (indicator,) if isinstance(indicator, str) else indicator:
            each = Indicator.parse(given)
            name, spread = str(each), self.spread(each)
            figures = {key: getattr(spread, key) for key in ("unit", "mean", "sd", "p5", "median", "p95")}
            first = {"indicator": name, "what": "total", "which": "", **figures}
            rows.append({**first, "known_share": spread.known_share, "share_of_variance": 1.0})
            for what, shares in (("material", self.by_material(each)), ("element", self.by_element(each))):
                rows += [
                    {"indicator": name, "what": what, "which": which, "share_of_variance": share}
                    for which, share in shares.items()
                ]
            rows += [
                {
                    "indicator": name,
                    "what": "input",
                    "which": "several together" if share.kind is None else str(share.kind),
                    "share_of_variance": share.share,
                    "standard_error": share.standard_error,
                }
                for share in self.by_input(each)
            ]
        columns = [
            "indicator", "what", "which", "unit", "mean", "sd", "p5", "median", "p95", "known_share",
            "share_of_variance", "standard_error",
        ]  # fmt: skip
        return pd.DataFrame(rows, columns=columns)


def uncertainty(
    passport: Passport,
    *,
    factors: FactorTable | None = None,
    scenario: Scenario | None = None,
    draws: int = 10_000,
    seed: int = 1,
) -> Uncertainty:
    """Monte-Carlo of a passport's result; the rules for what varies stand at the top of the module.

    Args:
        factors, scenario: as `passport.assess`.
        draws, seed: as `lca.simulate`.

    Raises:
        AssessmentError: as `passport.assess`.

    Example:
        >>> print(uncertainty(load_passport("passport.json")).spread())  # doctest: +SKIP
    """
    chosen = lca.Scenario() if scenario is None else scenario
    table = builtin_factors(chosen) if factors is None else factors
    inventory, rows = to_inventory(passport, table)
    simulation = simulate(
        inventory,
        table,
        chosen,
        inputs=uncertain_inputs(rows, table),
        status=method_statuses(rows),
        draws=draws,
        seed=seed,
    )
    return Uncertainty(simulation, rows, passport.floor_area_m2.value, _unexplained(rows, inventory.mass_kg))


def simulate_assessment(assessment: Assessment, *, draws: int = 10_000, seed: int = 1) -> Simulation:
    """Draws of an assessment, with its figures and scenario; B2 of a maintenance file is not drawn.

    Args:
        draws, seed: as `lca.simulate`.
    """
    return simulate(
        assessment.impact.inventory,
        assessment.factors,
        assessment.impact.scenario,
        inputs=uncertain_inputs(assessment.rows, assessment.factors),
        status=method_statuses(assessment.rows),
        draws=draws,
        seed=seed,
    )


def uncertain_inputs(
    rows: Rows, factors: FactorTable, same_as: Mapping[str, str] | None = None
) -> lca.UncertainInputs:
    """Distributions for the portions of a passport, see the top of the module.

    Args:
        rows: from `passport.inventory.to_inventory`.
        factors: the table that will be used.
        same_as: material id of the library for rows of the table that have other names.

    Keys name the element, material, name or application, so that two designs share their draws.
    """
    pairs = list(zip(rows.elements, rows.portions, strict=True))
    lives = {name: each for name in load_service_lives() if (each := _lives(name)) is not None}
    n, named = len(factors.materials), same_as or {}
    return lca.UncertainInputs(
        quantity=_column([_quantity(e, p) for e, p in pairs]),
        density=_column([_density(e, p) for e, p in pairs]),
        match=_matches(pairs, factors, lives),
        service_life=lca.Uncertain(
            [name if (name := life_application(e, p)) in lives else None for e, p in pairs], lives
        ),
        factor=_column(
            [
                _factor(named.get(material, material), source)
                for material, source in zip(factors.materials, factors.sources, strict=True)
            ]
        ),
        transport=lca.Uncertain(["all"] * n, {"all": _default("transport", "all")}),
        loss=lca.Uncertain(["all"] * n, {"all": _default("loss", "all")}),
    )


_Keyed = tuple[str, Distribution] | None


def _column(given: list[_Keyed]) -> lca.Uncertain:
    return lca.Uncertain(
        [None if each is None else each[0] for each in given],
        {each[0]: each[1] for each in given if each is not None},
    )


def _quantity(element: Element, portion: Portion) -> _Keyed:
    if portion.mass_kg is None or portion.mass_kg == 0:
        return None
    low, high = portion.share_low, portion.share_high
    if portion.share and low is not None and high is not None:
        bounds = (min(low / portion.share, 1.0), 1.0, max(high / portion.share, 1.0))
        return f"{element.global_id}/{portion.position}", lca.Triangular(*bounds)
    wanted = ("volume", "weight") if _from_volume(portion) else ("weight", "volume")
    chosen = [q for q in element.quantities if q.chosen]
    found = [q.grade for kind in (*wanted, "area", "length") for q in chosen if q.kind == kind and q.grade]
    grade = found[0] if found else None
    return element.global_id, _default("quantity", grade or "unknown")


def _from_volume(portion: Portion) -> bool:
    """Whether the mass is volume x density; else the model states a weight, which no density changes."""
    return portion.mass_origin.startswith("volume x density")


def _density(element: Element, portion: Portion) -> _Keyed:
    if not _from_volume(portion):
        return None
    if portion.density_origin == ASSUMED:
        return _assumed_density(element, portion)
    material = load_materials().get(portion.material_id or "")
    if material is None or portion.density_origin != "library" or material.density_kg_m3 is None:
        return None
    low, usual, high = material.density_low, material.density_kg_m3, material.density_high
    if low is None or high is None or low == high:
        return None
    return material.material_id, lca.Triangular(low / usual, 1.0, high / usual)


def _assumed_density(element: Element, portion: Portion) -> _Keyed:
    found = assumption_for(
        element.ifc_class,
        element.predefined_type,
        is_external=element.is_external,
        load_bearing=element.load_bearing,
    )
    if found is None or None in (found.density_kg_m3, found.density_low, found.density_high):
        return None
    usual, low, high = (
        float(each or 0) for each in (found.density_kg_m3, found.density_low, found.density_high)
    )
    if usual != portion.density_kg_m3 or low == high:
        return None
    return f"assumed {found.material_id} {usual:g}", lca.Triangular(low / usual, 1.0, high / usual)


def _factor(material_id: str, source: str) -> _Keyed:
    material = load_materials().get(material_id)
    if source in (NO_FIGURE, NO_MATTER):
        return None
    if material is None or source != material.dataset_uuid:
        return material_id, _default("factor", "own data")
    return material_id, _default("factor", str(material.quality_penalty))


def _matches(
    pairs: list[tuple[Element, Portion]], factors: FactorTable, lives: Mapping[str, Distribution]
) -> lca.UncertainMatch:
    keys: list[str | None] = []
    candidates: dict[str, tuple[lca.Candidate, ...]] = {}
    library = load_materials()
    for element, portion in pairs:
        named = _named(portion)
        if portion.mass_kg is None or len(named) < 2 or 1 - (portion.score or 1.0) < CERTAIN:
            keys.append(None)
            continue
        total, by_volume = sum(named.values()), _from_volume(portion)
        found = []
        for material_id, probability in named.items():
            density = library[material_id].density_kg_m3
            ratio = 1.0
            if density and portion.density_kg_m3 and portion.density_origin == "library" and by_volume:
                ratio = density / portion.density_kg_m3
            application = life_application(element, portion, material_id)
            found.append(
                lca.Candidate(
                    material=int(factors.index_of([material_id])[0]),
                    probability=probability / total,
                    mass_ratio=ratio,
                    service_life=application
                    if application in lives
                    else _usual_life(element, application, material_id),
                )
            )
        # One draw for a name in one use; the density and the life of the portion are part of what it means.
        key = f"{portion.name}/{portion.use}/{element.service_life_years}/{portion.density_kg_m3}"
        keys.append(key)
        candidates[key] = tuple(found)
    return lca.UncertainMatch(keys, candidates)


def _named(portion: Portion) -> dict[str, float]:
    """Probability by material id that the name of a portion means it."""
    if portion.material_id is None or portion.score is None:
        return {}
    library = load_materials()
    named = {portion.material_id: portion.score}
    for each in portion.alternatives:
        if each.material_id in library and each.score > 0:
            named.setdefault(each.material_id, each.score)
    return named


def _unexplained(rows: Rows, mass_kg: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
    doubt = known = 0.0
    for portion, mass in zip(rows.portions, mass_kg.tolist(), strict=True):
        if portion.material_id is not None and portion.mass_kg:
            known += mass
            if portion.score is not None:
                doubt += mass * max(0.0, 1.0 - sum(_named(portion).values()))
    return doubt / known if known else 0.0


def _usual_life(element: Element, application: str | None, material_id: str) -> float:
    if element.service_life_years is not None:
        return element.service_life_years
    if application is not None:
        return load_service_lives()[application].mode_years
    return load_materials()[material_id].service_life_years


def lives_of(element: Element, portion: Portion) -> tuple[float, ...]:
    """Lives that the library holds near the usual one of a portion [years]; empty where it does not vary."""
    application = life_application(element, portion)
    found = None if application is None else _lives(application)
    return () if found is None else found.values


@cache
def _lives(application: str) -> lca.Discrete | None:
    """The usual life of an application and its neighbours in the library; None where it does not vary.

    The library holds all kinds of finishes under one application, so how often it holds a life says nothing
    of one material: a life far from the usual one is not drawn. What usually lasts as long as anything in the
    library lasts with the building, as the method takes it.
    """
    life = load_service_lives()[application]
    held = sorted(float(part.split(":")[0]) for part in life.counts.split(";"))
    if life.mode_years >= max(each.mode_years for each in load_service_lives().values()):
        return None
    shorter = [years for years in held if years < life.mode_years][-1:]
    longer = [years for years in held if years > life.mode_years][:1]
    if not shorter and not longer:
        return None
    p = {name: _number("service_life", name) for name in ("shorter", "longer")}
    values = (*shorter, life.mode_years, *longer)
    away = p["shorter"] * len(shorter) + p["longer"] * len(longer)
    return lca.Discrete(values, (*[p["shorter"]] * len(shorter), 1.0 - away, *[p["longer"]] * len(longer)))


@cache
def _rows() -> Mapping[tuple[str, str], Mapping[str, str]]:
    text = files("passport").joinpath("uncertainty_defaults.csv").read_text(encoding="utf-8")
    return {(row["input"], row["of"]): row for row in csv.DictReader(text.splitlines())}


def _number(name: str, of: str) -> float:
    return float(_rows()[name, of]["a"])


def _default(name: str, of: str) -> Distribution:
    row = _rows()[name, of]
    if row["distribution"] == "log-normal":
        return lca.LogNormal(float(row["a"]))
    return lca.Triangular(float(row["a"]), float(row["b"]), float(row["c"]))
