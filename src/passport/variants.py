"""Many variants of one building in one call: changed columns, totals per material, no new passport."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

import lca
from lca.composition import builtin_factors
from lca.status import ElementStatus
from lca.uncertainty import Simulation, probability_better, simulate
from passport.assessment import AS_IN_THE_METHOD
from passport.breakdowns import label_of
from passport.errors import PassportError
from passport.findings import Finding, Findings, Severity
from passport.inventory import Rows, service_life_years, to_inventory
from passport.models import Element, Passport, Portion, Status
from passport.simulations import uncertain_inputs
from passport.swaps import decided, swapped
from passport.variant_rules import PLACES, Change, Variant
from reference.factors import FactorTable
from reference.materials import load_materials
from reference.vocabulary import Indicator, Stage

if TYPE_CHECKING:
    import pandas as pd

    from lca.material_totals import Totals
    from lca.scenario import EndOfLifeChoice, Scenario

BASE = "as designed"

Engine = Literal["auto", "numpy", "numba"]


@dataclass(frozen=True)
class VariantResults:
    """Results of all variants, the building as designed first.

    Attributes:
        names: variants in the order of the file, `BASE` first.
        totals: one `lca.Totals` each.
        findings: changes that selected nothing, or that left a mass unknown.
        floor_area_m2: of the passport; None when unknown.
        simulations: draws of each, with shared draws; empty if none were asked for.
    """

    names: tuple[str, ...]
    totals: tuple[Totals, ...]
    findings: Findings
    floor_area_m2: float | None
    simulations: tuple[Simulation, ...] = ()

    def to_frame(self, indicator: Indicator | str | Sequence[Indicator | str] | None = None) -> pd.DataFrame:
        """One row per variant and indicator: value, difference to the design, share of the mass known.

        Columns: variant, indicator, unit, value (whole study period), per_m2_year (NaN without floor area),
        difference, difference_share, known_mass_kg, mass_kg, known_share. With draws also p5, median, p95
        (whole study period) and probability_better: the share of the draws in which the variant is lower
        than the design (0.5: no difference).
        """
        import pandas as pd

        given = self.totals[0].indicators if indicator is None else indicator
        chosen = [Indicator.parse(each) for each in ((given,) if isinstance(given, str) else given)]
        rows = []
        for number, (name, totals) in enumerate(zip(self.names, self.totals, strict=True)):
            for each in chosen:
                total, base = totals.total(each), self.totals[0].total(each)
                years = totals.scenario.study_period_years
                area = self.floor_area_m2
                difference = total.value - base.value
                rows.append(
                    {
                        "variant": name,
                        "indicator": str(each),
                        "unit": total.unit,
                        "value": total.value,
                        "per_m2_year": np.nan if area is None else total.value / area / years,
                        "difference": difference,
                        "difference_share": difference / abs(base.value) if base.value else np.nan,
                        "known_mass_kg": total.known_mass_kg,
                        "mass_kg": total.total_mass_kg,
                        "known_share": total.known_share,
                        **self._drawn(number, each),
                    }
                )
        return pd.DataFrame(rows)

    def _drawn(self, number: int, indicator: Indicator) -> dict[str, float]:
        if not self.simulations:
            return {}
        spread = self.simulations[number].spread(indicator)
        better = probability_better(self.simulations[number], self.simulations[0], indicator)
        return {
            "p5": spread.p5,
            "median": spread.median,
            "p95": spread.p95,
            "probability_better": better.probability,
        }


def assess_variants(
    passport: Passport,
    variants: Sequence[Variant],
    *,
    factors: FactorTable | None = None,
    scenario: Scenario | None = None,
    engine: Engine = "auto",
    draws: int = 0,
    seed: int = 1,
) -> VariantResults:
    """Totals of a building and of its variants.

    Args:
        variants: from `load_variants`, or made in code.
        factors, scenario, engine: as `passport.assess`.
        draws, seed: above 0, each variant is also drawn so many times, see `passport.simulations`; what two
            variants share has the same draws in both.

    Raises:
        PassportError: a variant names a material that the library does not hold.

    Example:
        >>> results = assess_variants(house, load_variants("variants.toml"))  # doctest: +SKIP
        >>> print(results.to_frame("gwp-total"))  # doctest: +SKIP
    """
    chosen = lca.Scenario() if scenario is None else scenario
    table = builtin_factors(chosen) if factors is None else factors
    _check_materials(variants, table)
    table, rows_of = _with_end_of_life(table, variants, passport, chosen)
    base = _Columns.of(passport, table)
    notes: list[Finding] = []
    totals = [base.totals(table, chosen, engine)]
    named = {table.materials[row]: material for (material, _), row in rows_of.items()}
    drawn = [base.draw(table, chosen, named, draws, seed)] if draws > 0 else []
    for variant in variants:
        columns = base.copy()
        for number, change in enumerate(variant.change, start=1):
            notes.extend(columns.make(change, table, rows_of, f"{variant.name}, change {number}"))
        totals.append(columns.totals(table, chosen, engine))
        if draws > 0:
            drawn.append(columns.draw(table, chosen, named, draws, seed))
    names = (BASE, *(variant.name for variant in variants))
    return VariantResults(names, tuple(totals), Findings(notes), passport.floor_area_m2.value, tuple(drawn))


@dataclass
class _Columns:
    """The columns of an inventory while a variant is made."""

    elements: tuple[Element, ...]
    portions: list[Portion]
    material: np.ndarray[tuple[int], np.dtype[np.int64]]
    mass_kg: np.ndarray[tuple[int], np.dtype[np.float64]]
    life: np.ndarray[tuple[int], np.dtype[np.float64]]
    status: list[ElementStatus]
    element: np.ndarray[tuple[int], np.dtype[np.int64]]
    labels: list[dict[str, str]]

    @classmethod
    def of(cls, passport: Passport, table: FactorTable) -> _Columns:
        inventory, rows = to_inventory(passport, table)
        known = {element.status for element in passport.elements}
        alone = known <= {Status.EXISTING, Status.UNKNOWN}
        return cls(
            elements=rows.elements,
            portions=list(rows.portions),
            material=inventory.material.copy(),
            mass_kg=inventory.mass_kg.copy(),
            life=inventory.service_life_years.copy(),
            status=[
                ElementStatus.NEW if alone else AS_IN_THE_METHOD.get(e.status, ElementStatus.NEW)
                for e in rows.elements
            ],
            element=inventory.element,
            labels=[
                {key: label_of(key, e, p) for key in PLACES}
                for e, p in zip(rows.elements, rows.portions, strict=True)
            ],
        )

    def copy(self) -> _Columns:
        return dataclasses.replace(
            self,
            portions=list(self.portions),
            material=self.material.copy(),
            mass_kg=self.mass_kg.copy(),
            life=self.life.copy(),
            status=list(self.status),
            labels=list(self.labels),
        )

    def make(
        self, change: Change, table: FactorTable, rows_of: dict[tuple[str, Change], int], place: str
    ) -> list[Finding]:
        """Make one change; returns what could not be done."""
        rows = [row for row, labels in enumerate(self.labels) if change.selects(labels)]
        unknown = without_thickness = 0
        for row in rows:
            if change.material is not None:
                unknown += not self._swap(row, change.material, table)
            if change.thickness_factor is not None:
                self.mass_kg[row] *= change.thickness_factor
            if change.thickness_m is not None:
                thickness = self.portions[row].thickness_m
                if thickness is None:
                    without_thickness += 1
                else:
                    self.mass_kg[row] *= change.thickness_m / thickness
            if change.service_life_years is not None:
                self.life[row] = change.service_life_years
            if change.status is not None:
                self.status[row] = change.status
            if change.end_of_life is not None and self.material[row] >= 0:
                self.material[row] = rows_of[table.materials[self.material[row]], change]
                self.portions[row] = decided(self.portions[row])
        notes = []
        if not rows:
            notes.append(("variant-change-unused", f"{place} selects nothing.", "Check its `where`."))
        if unknown:
            text = f"{place}: {unknown} portion(s) have no volume or the material no density."
            notes.append(("variant-mass-unknown", text, "Their mass is unknown in this variant."))
        if without_thickness:
            text = f"{place}: {without_thickness} portion(s) have no thickness and stay as they are."
            notes.append(("variant-no-thickness", text, "Use thickness_factor for them."))
        return [
            Finding(code=code, severity=Severity.WARNING, message=text, hint=hint)
            for code, text, hint in notes
        ]

    def _swap(self, row: int, material_id: str, table: FactorTable) -> bool:
        """Another material in the same volume; False where its mass is unknown then."""
        old = self.portions[row]
        # A change of thickness before this one has changed the mass; its ratio stays.
        ratio = self.mass_kg[row] / old.mass_kg if old.mass_kg else 1.0
        new = swapped(old, material_id)
        self.portions[row] = new
        self.material[row] = table.index_of([material_id])[0]
        self.mass_kg[row] = np.nan if new.mass_kg is None else new.mass_kg * ratio
        self.life[row] = service_life_years(self.elements[row], new)
        self.labels[row] = {**self.labels[row], "material": material_id, "family": new.family}
        return new.mass_kg is not None

    @property
    def inventory(self) -> lca.Inventory:
        return lca.Inventory.from_columns(
            material=self.material,
            mass_kg=self.mass_kg,
            service_life_years=self.life,
            element=self.element,
        )

    def totals(
        self, table: FactorTable, scenario: Scenario, engine: Literal["auto", "numpy", "numba"]
    ) -> Totals:
        return lca.totals(self.inventory, table, scenario, status=self.status, engine=engine)

    def draw(
        self, table: FactorTable, scenario: Scenario, named: dict[str, str], draws: int, seed: int
    ) -> Simulation:
        # A life that the variant sets is decided: it does not vary.
        elements = tuple(
            element
            if life == service_life_years(element, portion) or np.isnan(life)
            else dataclasses.replace(element, service_life_years=life)
            for element, portion, life in zip(self.elements, self.portions, self.life.tolist(), strict=True)
        )
        rows = Rows(elements, tuple(self.portions), self.element, np.isnan(self.mass_kg))
        return simulate(
            self.inventory,
            table,
            scenario,
            inputs=uncertain_inputs(rows, table, named),
            status=self.status,
            draws=draws,
            seed=seed,
        )


def _check_materials(variants: Sequence[Variant], table: FactorTable) -> None:
    library = set(load_materials()) & set(table.materials)
    wrong = [
        f"{variant.name}: {change.material!r}{_did_you_mean(change.material, library)}"
        for variant in variants
        for change in variant.change
        if change.material is not None and change.material not in library
    ]
    if wrong:
        raise PassportError(f"No material of this id in the library: {'; '.join(wrong)}.")


def _did_you_mean(material_id: str, library: set[str]) -> str:
    close = (
        get_close_matches(material_id, sorted(library), n=3)
        or sorted(each for each in library if material_id.casefold() in each)[:3]
    )
    return f" (there is {', '.join(close)})" if close else ""


def _with_end_of_life(
    table: FactorTable, variants: Sequence[Variant], passport: Passport, scenario: Scenario
) -> tuple[FactorTable, dict[tuple[str, Change], int]]:
    """The table with a row more for every material and every change of its end of life."""
    changes = [c for variant in variants for c in variant.change if c.end_of_life is not None]
    if not changes:
        return table, {}
    swapped = {c.material for variant in variants for c in variant.change if c.material is not None}
    used = {p.material_id for e in passport.elements for p in e.portions if p.material_id is not None}
    materials = [m for m in table.materials if m in used | swapped]
    index = table.index_of(materials)
    rows_of: dict[tuple[str, Change], int] = {}
    names, sources = list(table.materials), list(table.sources)
    values, partial = [table.values], [table.partial]
    for number, change in enumerate(changes, start=1):
        own = tuple(_for_material(change, m) for m in materials)
        kept = tuple(c for c in scenario.end_of_life if c.of not in materials)
        other = builtin_factors(scenario.model_copy(update={"end_of_life": (*kept, *own)}))
        changed = _with_end_of_life_of(table, index, other, other.index_of(materials), scenario)
        values.append(changed[0])
        partial.append(changed[1])
        sources.extend(table.sources[k] for k in index)
        for m in materials:
            rows_of[m, change] = len(names)
            names.append(f"{m} (end of life {number})")
    # A second change of the end of life starts from the material again, not from the first change.
    for change in changes:
        for (material, other_change), row in list(rows_of.items()):
            if other_change is not change:
                rows_of[names[row], change] = rows_of[material, change]
    return (
        FactorTable(
            materials=tuple(names),
            indicators=table.indicators,
            stages=table.stages,
            values=np.concatenate(values),
            partial=np.concatenate(partial),
            sources=tuple(sources),
        ),
        rows_of,
    )


def _for_material(change: Change, material_id: str) -> EndOfLifeChoice:
    assert change.end_of_life is not None
    return change.end_of_life.model_copy(update={"of": material_id})


def _with_end_of_life_of(
    table: FactorTable,
    rows: np.ndarray[tuple[int], np.dtype[np.int64]],
    other: FactorTable,
    other_rows: np.ndarray[tuple[int], np.dtype[np.int64]],
    scenario: Scenario,
) -> tuple[np.ndarray[Any, np.dtype[np.float64]], np.ndarray[Any, np.dtype[np.bool_]]]:
    """Rows of the table with C2, C3 and C4 of another one; A5 follows by its rule, linear in them."""
    values, partial = table.values[rows].copy(), table.partial[rows].copy()
    i = [other.indicators.index(each) for each in table.indicators]
    for stage in (Stage.C2, Stage.C3, Stage.C4):
        s, t = table.stages.index(stage), other.stages.index(stage)
        new = other.values[other_rows][:, i, t]
        if Stage.A5 in table.stages:
            a5 = table.stages.index(Stage.A5)
            change = np.nan_to_num(new, nan=0.0) - np.nan_to_num(values[:, :, s], nan=0.0)
            values[:, :, a5] += scenario.a5_loss_share * change
            partial[:, a5] |= other.partial[other_rows, t]
        values[:, :, s] = new
        partial[:, s] = other.partial[other_rows, t]
    return values, partial
