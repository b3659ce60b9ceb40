"""The impact of a passport's elements, with their ids, floor area and coverage."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

import lca
from lca.carbon import StoredCarbon, stored_carbon
from lca.composition import builtin_factors
from lca.maintenance import with_maintenance
from lca.monetise import ExternalCost, external_cost_a2
from lca.score import Score, score_of
from lca.status import ElementStatus, by_status, modules_not_counted
from passport.civil_works import study_period_years, with_civil_lives
from passport.findings import Finding, Findings, Severity
from passport.inventory import Rows, mean_density_kg_m3, to_inventory
from passport.models import Passport, Status
from passport.upkeep import UpkeepRule, portion_tasks
from reference.factors import NO_FIGURE, NO_MATTER
from reference.vocabulary import CORE_INDICATORS, Indicator, Stage

if TYPE_CHECKING:
    from lca.impact import Impact
    from lca.scenario import Scenario
    from lca.summing import Total
    from reference.factors import FactorTable
    from reference.models import Material

#: What the statuses of a model are in the method; all others count as new.
AS_IN_THE_METHOD: dict[Status, ElementStatus] = {
    Status.EXISTING: ElementStatus.KEPT,
    Status.DEMOLISH: ElementStatus.DISMANTLED,
    # A model does not say from where; A4 counts, so that a reused part is never better than it is.
    Status.REUSED: ElementStatus.REUSED_FROM_ELSEWHERE,
}


#: `Portion.step` of a material that the model does not state.
ASSUMED = "assumption"


@dataclass(frozen=True, slots=True)
class Coverage:
    """Shares 0-1 that have a known material and a known quantity; None where the whole is 0 or unknown.

    Attributes:
        elements: of the counted elements, those of which every portion is known.
        volume: of the volume of all portions that have one.
        mass: of the mass, unknown materials taken at the mean density of the known ones.
        assumed: share of that same mass whose material the model does not state and that was assumed; it is
            part of the shares above.
    """

    elements: float | None
    volume: float | None
    mass: float | None
    assumed: float | None = None


@dataclass(frozen=True)
class Assessment:
    """An `lca.Impact` with the passport's ids.

    Attributes:
        passport: what was assessed.
        impact: values (portion, indicator, stage), NaN = unknown, over the study period.
        rows: which portion each row of `impact` is.
        findings: what the assessment itself noticed (stand-ins, statuses, missing figures).
        factors: the figures that were used.
    """

    passport: Passport
    impact: Impact
    rows: Rows
    findings: Findings
    factors: FactorTable

    @property
    def floor_area_m2(self) -> float | None:
        """Floor area of the passport [m2], None when unknown."""
        return self.passport.floor_area_m2.value

    @property
    def study_period_years(self) -> float:
        """Reference study period [years]."""
        return self.impact.scenario.study_period_years

    def total(self, indicator: Indicator | str = Indicator.GWP_TOTAL) -> Total:
        """Sum over portions and modules with what it covers [unit of the indicator, whole study period]."""
        return self.impact.total(indicator)

    def per_m2(self, indicator: Indicator | str = Indicator.GWP_TOTAL) -> Total | None:
        """`total` per m2 of floor area; None when the floor area is unknown."""
        if self.floor_area_m2 is None:
            return None
        return self.impact.per_m2(self.floor_area_m2, indicator)

    def score(self) -> Score:
        """Single score over all modules but D [mPt, whole study period], with the share of weights covered.

        The shipped figures are EF 3.1; another version in the scenario is marked as mixed.
        """
        return score_of(self.impact, data_version="3.1", mixed=True)

    def external_cost(self) -> ExternalCost:
        """MMG external cost of the indicators that have its unit [EUR, whole study period]: partial."""
        values = {each: total.value for each, total in self.impact.total().items()}
        return external_cost_a2(values, self.impact.scenario.cost_region)

    def stored_carbon(self) -> StoredCarbon:
        """Biogenic carbon in the building as it stands; in no total. Dismantled elements are not in it."""
        from reference.materials import load_materials

        library = load_materials()
        ids = sorted({p.material_id for p in self.rows.portions if p.material_id is not None} & set(library))
        number = {material_id: k for k, material_id in enumerate(ids)}
        stays = np.array([e.status is not Status.DEMOLISH for e in self.rows.elements], dtype=bool)
        held = np.array([number.get(p.material_id or "", -1) for p in self.rows.portions], dtype=np.int64)
        inventory = lca.Inventory.from_columns(
            material=held[stays], mass_kg=self.impact.inventory.mass_kg[stays]
        )
        return stored_carbon(inventory, [_carbon_content(library[each]) for each in ids])

    @cached_property
    def coverage(self) -> Coverage:
        """How much of the building the result speaks of."""
        return coverage(self.passport)

    def by(
        self, label: Literal["family", "material_id", "storey", "ifc_class", "status", "global_id"]
    ) -> Any:
        """Sums per group (`lca.impact.GroupedImpact`); unknown labels are their own group."""
        portion_labels = {"family": "family", "material_id": "material_id"}
        if label in portion_labels:
            labels = [getattr(p, label) or "unknown" for p in self.rows.portions]
        else:
            labels = [str(getattr(e, label) or "unknown") for e in self.rows.elements]
        return self.impact.by(labels)

    def matrix(self) -> dict[Indicator, dict[Stage, float | None]]:
        """Totals by indicator and module; None where nothing is known."""
        result: dict[Indicator, dict[Stage, float | None]] = {}
        for indicator in self.impact.indicators:
            by_stage = {s: self.impact.total(indicator, s).value for s in self.impact.stages}
            result[indicator] = {s: None if np.isnan(v) else v for s, v in by_stage.items()}
        return result

    def long_rows(self) -> Iterator[tuple[str, str, str, str, str, str, float | None, float, bool]]:
        """Long form: global_id, portion, material_id, indicator, unit, module, value (None = unknown),
        known_mass_kg, assumed (True where the material was assumed)."""
        values, known = self.impact.values, self.impact.known_mass_kg
        missing = np.isnan(values)
        for row, (element, portion) in enumerate(zip(self.rows.elements, self.rows.portions, strict=True)):
            for i, indicator in enumerate(self.impact.indicators):
                unit = indicator.unit
                for s, stage in enumerate(self.impact.stages):
                    value = None if missing[row, i, s] else float(values[row, i, s])
                    mass = float(known[row, i, s])
                    yield (
                        element.global_id,
                        portion_label(portion.position, portion.name),
                        portion.material_id or "",
                        indicator.value,
                        unit,
                        stage.value,
                        value,
                        0.0 if np.isnan(mass) else mass,
                        portion.step == ASSUMED,
                    )

    def to_frame(self) -> Any:
        """`long_rows` as a pandas DataFrame."""
        import pandas as pd

        columns = [
            "global_id", "portion", "material_id", "indicator", "unit", "module", "value", "known_mass_kg",
            "assumed",
        ]  # fmt: skip
        return pd.DataFrame(self.long_rows(), columns=columns)


def portion_label(position: int, name: str) -> str:
    """Name of a portion that is unique within its element: position and material name.

    Example:
        >>> portion_label(0, "baksteen")
        '1 baksteen'
    """
    return f"{position + 1} {name}".rstrip()


def assess(
    passport: Passport,
    *,
    factors: FactorTable | None = None,
    scenario: Scenario | None = None,
    maintenance: Sequence[UpkeepRule] = (),
    engine: Literal["auto", "numpy", "numba"] = "auto",
) -> Assessment:
    """Impact over the life cycle A1-A3, A4, A5, B4, C1-C4 of every portion of a passport.

    Args:
        passport: from `read_ifc` or `load_passport`.
        factors: per kg of material for all modules; default: the shipped library, composed by the rules of
            the scenario.
        scenario: study period, replacement rule and so on; default: TOTEM-style, 60 years, or what is usual
            for a bridge, road or railway (`passport.civil_works`).
        maintenance: from `load_upkeep`; adds B2 for the materials that it names.
        engine: ``auto`` picks by size.

    Raises:
        AssessmentError: the passport holds values that cannot be assessed (negative mass, ...).

    Example:
        >>> house = load_passport("passport.json")  # doctest: +SKIP
        >>> print(assess(house).per_m2("gwp-total"))  # doctest: +SKIP
    """
    chosen = scenario if scenario is not None else _usual_scenario(passport)
    passport = with_civil_lives(passport, chosen.study_period_years)
    table = factors if factors is not None else builtin_factors(chosen)
    inventory, rows = to_inventory(passport, table)
    if maintenance and Stage.B2 not in chosen.stages:
        chosen = chosen.model_copy(
            update={"stages": tuple(s for s in Stage if s is Stage.B2 or s in chosen.stages)}
        )
    impact = lca.assess(inventory, table, chosen, engine=engine)
    tasks, notes = portion_tasks(maintenance, rows, table)
    if tasks:
        impact = with_maintenance(impact, table, tasks)
    impact = _only_declared(impact, rows)
    impact = _by_status(impact, rows)
    findings = Findings([*notes, *_findings(passport, impact, rows, table)])
    return Assessment(passport, impact, rows, findings, table)


def _usual_scenario(passport: Passport) -> lca.Scenario:
    if passport.civil_kind is None:
        return lca.Scenario()
    return lca.Scenario(study_period_years=study_period_years(passport.civil_kind))


def factors_with_data(path: str | Path, scenario: Scenario | None = None) -> FactorTable:
    """The shipped figures with those of a user's data file for the materials that are assigned to it.

    Args:
        path: file of `building-passport data import`; what a dataset declares for C1-C4 replaces the rules.

    Raises:
        ReferenceDataError: the file has faults, or an assigned dataset cannot be used; one sentence each.

    Example:
        >>> assess(house, factors=factors_with_data("my-data.csv"))  # doctest: +SKIP
    """
    from reference.factors import load_factors
    from reference.importers import load_epds, with_datasets

    own = load_epds(Path(path))
    products = with_datasets(load_factors(), own.assignments, own.datasets)
    return builtin_factors(scenario, products=products)


def _only_declared(impact: Impact, rows: Rows) -> Impact:
    """Without the additional indicators for which no material has a figure: an empty column says nothing.

    Only production figures count here: the zero of an air layer, or of an end of life without any process,
    is no figure of the building.
    """
    if Stage.A1_A3 not in impact.stages:
        return impact
    production = impact.stages.index(Stage.A1_A3)
    matter = np.array([p.family != "air" for p in rows.portions], dtype=bool)
    keep = [
        i
        for i, indicator in enumerate(impact.indicators)
        if indicator in CORE_INDICATORS or bool(np.isfinite(impact.values[matter, i, production]).any())
    ]
    if len(keep) == len(impact.indicators):
        return impact
    return dataclasses.replace(
        impact,
        values=np.ascontiguousarray(impact.values[:, keep]),
        indicators=tuple(impact.indicators[i] for i in keep),
    )


def _by_status(impact: Impact, rows: Rows) -> Impact:
    """Zero by rule where a status takes a module out; unlike a missing figure, this zero is known."""
    statuses = method_statuses(rows)
    return impact if statuses is None else by_status(impact, statuses)


def method_statuses(rows: Rows) -> list[ElementStatus | None] | None:
    """Status of each row in the method; None where all count as new."""
    statuses = [e.status for e in rows.elements]
    if not any(s in AS_IN_THE_METHOD for s in statuses) or _all_existing(statuses):
        return None
    return [AS_IN_THE_METHOD.get(status) for status in statuses]


def _all_existing(statuses: list[Status]) -> bool:
    """Whether the model knows no other status than existing.

    Then the status tells nothing apart: it is the exporter's default, or a model of a building as it stands,
    whose impact is asked for as if it were built now.
    """
    return set(statuses) <= {Status.EXISTING, Status.UNKNOWN}


def coverage(passport: Passport) -> Coverage:
    """Coverage of a passport by number, volume and mass; see `Coverage`."""
    density = mean_density_kg_m3(passport)
    complete = 0
    known_m3 = all_m3 = known_kg = all_kg = assumed_kg = 0.0
    for element in passport.elements:
        known = [p.material_id is not None and p.mass_kg is not None for p in element.portions]
        complete += bool(known) and all(known)
        for portion in element.portions:
            volume = portion.volume_m3 or 0.0
            mass = portion.mass_kg if portion.mass_kg is not None else volume * (density or 0.0)
            all_m3 += volume
            all_kg += mass
            if portion.material_id is not None:
                known_m3 += volume
                known_kg += portion.mass_kg or 0.0
            if portion.step == ASSUMED:
                assumed_kg += portion.mass_kg or 0.0
    return Coverage(
        elements=complete / len(passport.elements) if passport.elements else None,
        volume=known_m3 / all_m3 if all_m3 > 0 else None,
        mass=known_kg / all_kg if all_kg > 0 else None,
        assumed=assumed_kg / all_kg if all_kg > 0 else None,
    )


def _carbon_content(material: Material) -> tuple[float, float, float] | None:
    usual, low, high = (
        material.biogenic_carbon_kg_per_kg,
        material.biogenic_carbon_low,
        material.biogenic_carbon_high,
    )
    return None if usual is None or low is None or high is None else (usual, low, high)


def _is_own(material: Material | None, source: str) -> bool:
    """Whether a figure of the factor table is not that of the shipped library."""
    return material is not None and source not in (material.dataset_uuid, NO_FIGURE, NO_MATTER)


#: From this many times the median of its family on, a figure is named when it also decides a total [-].
FAR_FROM_FAMILY = 100.0
#: Share of a total from which on a material decides it [-].
DECIDING_SHARE = 0.1
#: A median of fewer materials says nothing.
FAMILY_SIZE = 4


def _far_figures(impact: Impact, rows: Rows, factors: FactorTable) -> Iterator[Finding]:
    """Production figures far above those of the family, where they decide a total.

    The figures stay as published; some generic datasets hold values that only an outlier explains.
    """
    from reference.materials import load_materials

    if Stage.A1_A3 not in impact.stages or Stage.A1_A3 not in factors.stages:
        return
    library = load_materials()
    s, column = impact.stages.index(Stage.A1_A3), factors.stages.index(Stage.A1_A3)
    families: dict[str, list[int]] = {}
    for row, material_id in enumerate(factors.materials):
        if material_id in library:
            families.setdefault(library[material_id].family, []).append(row)
    of_material: dict[str, list[int]] = {}
    for row, portion in enumerate(rows.portions):
        if portion.material_id in library:
            of_material.setdefault(str(portion.material_id), []).append(row)
    for i, indicator in enumerate(impact.indicators):
        total = float(np.nansum(np.abs(impact.values[:, i, s])))
        k = factors.indicators.index(indicator)
        for material_id, portions in of_material.items():
            part = float(np.nansum(np.abs(impact.values[portions, i, s])))
            if not total > 0 or part < DECIDING_SHARE * total:
                continue
            kin = np.abs(factors.values[families[library[material_id].family], k, column])
            kin = kin[np.isfinite(kin) & (kin > 0)]
            row = int(factors.index_of([material_id])[0])
            own = abs(float(factors.values[row, k, column])) if row >= 0 else 0.0
            times = own / float(np.median(kin)) if kin.size >= FAMILY_SIZE else 0.0
            if times > FAR_FROM_FAMILY:
                yield Finding(
                    code="figure-far-from-family",
                    severity=Severity.WARNING,
                    message=f"{indicator} of {library[material_id].name} is {times:,.0f} times the median "
                    f"of its family and makes {part / total:.0%} of A1-A3; "
                    f"dataset {factors.sources[row]}.",
                    hint="The figure is as published; give another dataset before you use this indicator.",
                )


def _findings(passport: Passport, impact: Impact, rows: Rows, factors: FactorTable) -> Iterator[Finding]:
    from reference.materials import load_materials

    library = load_materials()
    used = {p.material_id for p in rows.portions if p.material_id in library}
    for material_id, source in zip(factors.materials, factors.sources, strict=True):
        if material_id not in used and _is_own(library.get(material_id), source):
            yield Finding(
                code="own-data-unused",
                severity=Severity.INFO,
                message=f"Dataset {source} is assigned to {material_id}, which this model does not hold.",
                hint="Assign it to a material of materials.csv.",
            )
    for material_id in sorted(m for m in used if m is not None):
        material = library[material_id]
        row = int(factors.index_of([material_id])[0])
        if row >= 0 and _is_own(material, factors.sources[row]):
            yield Finding(
                code="own-data",
                severity=Severity.INFO,
                message=f"{material.name} has the figures of dataset {factors.sources[row]}, as assigned.",
            )
        elif material.stand_in:
            yield Finding(
                code="stand-in-figures",
                severity=Severity.INFO,
                message=f"{material.name}: {material.stand_in_note}",
                hint="Replace the figure with an EPD of the product when it is known.",
            )
        elif material.factor_rule == "missing":
            masses = [p.mass_kg for p in rows.portions if p.material_id == material_id]
            known = [m for m in masses if m is not None]
            mass = f"{sum(known):,.0f} kg" if known else "mass unknown"
            yield Finding(
                code="material-without-figures",
                severity=Severity.WARNING,
                message=f"{material.name} ({len(masses)} portion(s), {mass}) has no figures in the library.",
                hint="It is missing from every total; map it to another material or add figures.",
            )
    all_existing = _all_existing([e.status for e in passport.elements])
    if all_existing and any(e.status is Status.EXISTING for e in passport.elements):
        yield Finding(
            code="status-all-existing",
            severity=Severity.WARNING,
            message="Every element that has a status is existing; the building was assessed as if built new.",
            hint="Set the status of new and demolished elements to assess a renovation.",
        )
    for status, meaning in ({} if all_existing else AS_IN_THE_METHOD).items():
        count = sum(e.status is status for e in passport.elements)
        stages = [stage for stage in impact.stages if stage in modules_not_counted(meaning)]
        if count:
            yield Finding(
                code=f"status-{status.value}",
                severity=Severity.INFO,
                message=f"{count} element(s) of status {status.value}: {', '.join(stages)} are not counted.",
                hint="Rule to be confirmed against the TOTEM documentation.",
            )
    yield from _far_figures(impact, rows, factors)
    for stage in impact.missing_stages:
        yield Finding(
            code="module-not-modelled",
            severity=Severity.INFO,
            message=f"Module {stage} has no figures in the data used; it is missing from every total.",
        )
    partly = [s for i, s in enumerate(impact.stages) if impact.partial[:, i].any()]
    for stage in partly:
        yield Finding(
            code="module-partly-modelled",
            severity=Severity.INFO,
            message=f"Module {stage} leaves out processes without figures, such as sorting.",
        )
