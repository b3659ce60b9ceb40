"""From product figures to life-cycle figures: the rules for A4, A5 and C1 to C4, per kg of material.

One function per module; each returns a `ModuleFigures`. Two sources are behind them:
    MMG       TOTEM/MMG as recovered from KU Leuven SLiCE/Mouton 2022 dataset (distances, bracket of A5, which
              process acts on which share)
    LIBRARY   TOTEM element library, December 2024 (shares per waste category)

Missing figures. A module is a sum of sub-processes, each a share of the mass times a figure per kg or per
t.km. A sub-process with share 0 does not count. If no other has a figure, the module is NaN; if some have,
it is their sum and `partial` is True; if there is none, the module is 0, and known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from lca.errors import AssessmentError, ShapeError
from lca.scenario import EndOfLifeChoice, Scenario
from reference.vocabulary import BiogenicRule, Indicator, Stage

if TYPE_CHECKING:
    from reference.factors import FactorTable
    from reference.models import EndOfLifeRule, Material, TransportClass
    from reference.processes import ProcessTable

Float64Array = NDArray[np.float64]

KG_PER_TONNE = 1000.0

#: Uptake per GWP-fossil of A1-A3 below which a material holds no biogenic carbon to release [-]. Ours; the
#: size of the cut-off of EN 15804, so that what is not released stays below 1 % of A1-A3.
NEGLIGIBLE_UPTAKE = 0.01

#: Stages of a composed table, in axis order.
COMPOSED_STAGES: tuple[Stage, ...] = (
    Stage.A1_A3,
    Stage.A4,
    Stage.A5,
    Stage.C1,
    Stage.C2,
    Stage.C3,
    Stage.C4,
)


#: Modules of the end of life that a product table may declare itself; they go before the rules here.
DECLARED_STAGES: tuple[Stage, ...] = (Stage.C1, Stage.C2, Stage.C3, Stage.C4)


@dataclass(frozen=True, slots=True, eq=False)
class ModuleFigures:
    """One module of one material.

    Attributes:
        values: shape (indicator,) [indicator unit per kg of material], NaN = no figure.
        partial: True if a value leaves out a sub-process that has no figure.
    """

    values: Float64Array
    partial: bool


@dataclass(frozen=True, slots=True, eq=False)
class Term:
    """One sub-process of a module.

    Attributes:
        share: how much of the process one kg of material takes [kg or t.km per kg].
        figures: shape (indicator,), per unit of the process; NaN = no figure.
    """

    share: float
    figures: Float64Array


def sum_of_known(terms: Sequence[Term], n_indicators: int) -> ModuleFigures:
    """Sum the sub-processes that have a figure, per indicator; see the module for what is missing.

    Example:
        >>> one, unknown = np.array([1.0]), np.array([np.nan])
        >>> known = sum_of_known([Term(0.5, one), Term(0.5, unknown)], 1)
        >>> known.values, known.partial
        (array([0.5]), True)
        >>> sum_of_known([Term(0.0, unknown)], 1).values
        array([0.])
    """
    acting = [term.share * term.figures for term in terms if term.share != 0]
    if not acting:
        return ModuleFigures(np.zeros(n_indicators), False)
    stack = np.stack(acting)
    known = ~np.isnan(stack)
    some, every = known.any(axis=0), known.all(axis=0)
    total = np.where(some, np.where(known, stack, 0.0).sum(axis=0), np.nan)
    return ModuleFigures(total, bool((some & ~every).any()))


def a4_transport(transport_class: TransportClass | None, processes: Processes) -> ModuleFigures:
    """A4 = sum over lorries of t.km per kg x figure per t.km; no class: no figure.

    Source: MMG, three legs: factory to site 100 km, or factory to supplier 100 km and on to site 35 km.
    """
    if transport_class is None:
        return processes.nothing_known
    terms = [
        Term(tkm / KG_PER_TONNE, processes.figures(lorry))
        for lorry, tkm in transport_class.tkm_per_tonne.items()
    ]
    return sum_of_known(terms, processes.n_indicators)


def c1_demolition(process_id: str | None, processes: Processes) -> ModuleFigures:
    """C1 = 1 kg x demolition process; no process: no figure.

    Source: MMG; zero or negligible GWP for wood, plaster, insulation, metals and membranes, about 0.0040 kg
    CO2 eq per kg for unreinforced concrete and screed.
    """
    if process_id is None:
        return processes.nothing_known
    return sum_of_known([Term(1.0, processes.figures(process_id))], processes.n_indicators)


def c2_kilometres(rule: EndOfLifeRule, scenario: Scenario) -> float:
    """Lorry kilometres per tonne in C2: first leg x f + 50 x landfill + 100 x incineration [km].

    f is 1, the share not sorted on site, or 0, as `first_leg` says: "all", "off-site" or "none".

    Source: MMG (30, 50 and 100 km); LIBRARY (shares; "off-site" seen on bulk materials only).
    """
    first_leg = {"all": 1.0, "off-site": 1.0 - rule.sorted_on_site, "none": 0.0}[rule.first_leg]
    return (
        scenario.c2_first_leg_km * first_leg
        + scenario.c2_landfill_leg_km * rule.landfill
        + scenario.c2_incineration_leg_km * rule.incineration
    )


def c2_transport(rule: EndOfLifeRule | None, scenario: Scenario, processes: Processes) -> ModuleFigures:
    """C2 = t x km x lorry 16-32 t; no rule: no figure. Source: MMG."""
    if rule is None:
        return processes.nothing_known
    tkm = c2_kilometres(rule, scenario) / KG_PER_TONNE
    return sum_of_known([Term(tkm, processes.figures(scenario.c2_lorry))], processes.n_indicators)


def c3_processing(rule: EndOfLifeRule | None, processes: Processes) -> ModuleFigures:
    """C3 = sorting on (recycling + reuse) x off site, and the recycling process on the recycled share.

    Source: MMG (stony waste gets a machine process; after sorting there is no burden and no credit).
    """
    if rule is None:
        return processes.nothing_known
    off_site = 1.0 - rule.sorted_on_site
    terms = [
        Term((rule.recycling + rule.reuse) * off_site, processes.figures(rule.sorting_process)),
        Term(rule.recycling, processes.figures(rule.recycling_process)),
    ]
    return sum_of_known(terms, processes.n_indicators)


def c4_disposal(rule: EndOfLifeRule | None, processes: Processes) -> ModuleFigures:
    """C4 = landfill and incineration processes on their shares, and sorting on (l + i) x off site.

    Where the rule says that incineration has no impact (mineral wool), that term is 0 and known.

    Source: MMG (no energy credit in C4).
    """
    if rule is None:
        return processes.nothing_known
    off_site = 1.0 - rule.sorted_on_site
    terms = [
        Term(rule.landfill, processes.figures(rule.landfill_process)),
        Term((rule.landfill + rule.incineration) * off_site, processes.figures(rule.sorting_process)),
    ]
    if not (rule.incineration_without_impact and rule.incineration_process is None):
        terms.append(Term(rule.incineration, processes.figures(rule.incineration_process)))
    return sum_of_known(terms, processes.n_indicators)


def a5_construction(
    loss_share: float,
    product: ModuleFigures,
    others: Sequence[ModuleFigures],
    site: ModuleFigures | None = None,
) -> ModuleFigures:
    """A5 = loss x (A1-A3 + A4 + C2 + C3 + C4) + site process; C1 is not in the bracket.

    NaN where A1-A3 is; another missing term makes it partial.

    Args:
        loss_share: material lost per material built in [kg/kg].
        product: A1-A3.
        others: A4, C2, C3 and C4.
        site: process on site, e.g. blowing-in of loose insulation.

    Source: MMG (holds for every material and all filled indicators to 1e-14; 5 % for all materials).
    """
    terms = [Term(loss_share, part.values) for part in (product, *others)]
    if site is not None:
        terms.append(Term(1.0, site.values))
    total = sum_of_known(terms, len(product.values))
    product_known = ~np.isnan(product.values)
    missing = any((product_known & np.isnan(term.figures)).any() for term in terms if term.share != 0)
    inherited = loss_share > 0 and any(part.partial for part in (product, *others))
    return ModuleFigures(
        np.where(product_known, total.values, np.nan),
        missing or inherited or (site is not None and site.partial),
    )


def release_shares(rule: EndOfLifeRule | None) -> tuple[float, float]:
    """Shares of the biogenic uptake that leave in C3 and in C4 [-]; they add up to 1 in every route.

    What is landfilled leaves in C4, everything else in C3; without a rule all of it in C3. Storage is not
    credited.

    Source: EN 15804+A2 (-1/+1); the split is the one of TOTEM/MMG sub-modules.
    """
    landfill = 0.0 if rule is None else rule.landfill
    return 1.0 - landfill, landfill


class Processes:
    """Process figures on the indicator axis of the products; None or an absent id has no figure."""

    def __init__(self, table: ProcessTable, indicators: Sequence[Indicator]) -> None:
        column = {indicator: k for k, indicator in enumerate(table.indicators)}
        self.n_indicators = len(indicators)
        self._rows: dict[str, Float64Array] = {}
        values = np.asarray(table.values, dtype=np.float64)
        for row, process_id in enumerate(table.ids):
            figures = np.full(len(indicators), np.nan)
            for k, indicator in enumerate(indicators):
                if indicator in column:
                    figures[k] = values[row, column[indicator]]
            self._rows[process_id] = figures
        self._unknown = np.full(len(indicators), np.nan)

    def figures(self, process_id: str | None) -> Float64Array:
        """Figures per unit of the process, shape (indicator,); all NaN for None.

        Raises:
            AssessmentError: a process is named that the table does not hold.
        """
        if process_id is None:
            return self._unknown
        if process_id not in self._rows:
            raise AssessmentError(
                f"No process {process_id!r}; the table has {', '.join(sorted(self._rows)) or 'none'}."
            )
        return self._rows[process_id]

    @property
    def nothing_known(self) -> ModuleFigures:
        """A module without any figure."""
        return ModuleFigures(self._unknown, False)


class BiogenicCarbon:
    """GWP-biogenic and GWP-total of all modules under one rule.

    -1/+1 (EN 15804+A2): where A1-A3 takes up CO2 (GWP-biogenic below 0), the same amount leaves in C3 and C4;
        it is set from the uptake, since a generic incineration process does not balance it. GWP-biogenic of
        the end-of-life processes is not used for such a material. The release is known also where the
        process has no figure, so that a missing process never makes timber a sink.
        An uptake below 1 % of GWP-fossil of A1-A3 comes from fuels and packaging, not from carbon in the
        material: such a material keeps the GWP-biogenic of its processes.
    0/0 (older MMG): GWP-biogenic is 0 in every module.

    GWP-total of every changed module is fossil + biogenic + luluc.

    Raises:
        AssessmentError: the table has GWP-total or GWP-biogenic, but not all four GWP indicators.
    """

    def __init__(self, indicators: Sequence[Indicator], rule: BiogenicRule) -> None:
        four = (Indicator.GWP_TOTAL, Indicator.GWP_FOSSIL, Indicator.GWP_BIOGENIC, Indicator.GWP_LULUC)
        present = [indicator for indicator in four if indicator in indicators]
        self.applies = Indicator.GWP_TOTAL in present or Indicator.GWP_BIOGENIC in present
        if self.applies and len(present) < len(four):
            raise AssessmentError(
                f"The biogenic rule {rule} needs all of {', '.join(four)}; "
                f"the table has {', '.join(present)}."
            )
        self.rule = rule
        if self.applies:
            self._total, self._fossil, self._biogenic, self._luluc = (indicators.index(each) for each in four)

    def uptake(self, product: ModuleFigures) -> float:
        """CO2 taken up in A1-A3 that the -1/+1 rule releases again [kg CO2 per kg], 0 or more.

        Where GWP-biogenic is not declared but GWP-total is below the rest, the difference is the uptake.
        """
        if not self.applies or self.rule is BiogenicRule.ZERO_ZERO:
            return 0.0
        total, fossil, biogenic, luluc = (
            float(product.values[k]) for k in (self._total, self._fossil, self._biogenic, self._luluc)
        )
        if np.isnan(biogenic):
            biogenic = total - float(np.nansum([fossil, luluc]))
        negligible = NEGLIGIBLE_UPTAKE * fossil if fossil > 0 else 0.0
        return -biogenic if -biogenic > negligible else 0.0

    def declared(self, module: ModuleFigures) -> float:
        """GWP-biogenic of a declared module [kg CO2 per kg], 0 where it is not declared."""
        value = float(module.values[self._biogenic])
        return 0.0 if np.isnan(value) else value

    def leave_out(self, module: ModuleFigures) -> ModuleFigures:
        """The module under 0/0; unchanged under -1/+1."""
        if not self.applies or self.rule is not BiogenicRule.ZERO_ZERO:
            return module
        return self._with_biogenic(module, 0.0)

    def released(self, module: ModuleFigures, kg_co2_per_kg: float) -> ModuleFigures:
        """The module with this release instead of its own GWP-biogenic [kg CO2 per kg of material]."""
        return self._with_biogenic(module, kg_co2_per_kg)

    def _with_biogenic(self, module: ModuleFigures, biogenic: float) -> ModuleFigures:
        values = module.values.copy()
        rest = values[[self._fossil, self._luluc]]
        known = ~np.isnan(rest)
        values[self._biogenic] = biogenic
        # Without a fossil figure and without a release nothing is known of the total.
        total_known = bool(known[0]) or biogenic != 0
        values[self._total] = rest[known].sum() + biogenic if total_known else np.nan
        return ModuleFigures(values, module.partial or (total_known and not known.all()))


def compose_factors(
    products: FactorTable,
    *,
    transport_class: Sequence[TransportClass | None],
    end_of_life: Sequence[EndOfLifeRule | None],
    processes: ProcessTable,
    scenario: Scenario | None = None,
    product_stage: Stage = Stage.A1_A3,
    demolition: Sequence[str | None] | None = None,
    site: Sequence[str | None] | None = None,
) -> FactorTable:
    """Life-cycle figures per kg from product figures and the rules of this module.

    Args:
        products: figures per kg of material: `product_stage`, and C1 to C4 and D where a material declares
            them (its own dataset); a declared module replaces the one of the rules as a whole.
        transport_class: one per material, None = unknown (A4 is NaN).
        end_of_life: one per material, None = unknown (C2, C3 and C4 are NaN but for the biogenic release).
        processes: lorries per t.km, the other processes per kg.
        scenario: distances, loss and biogenic rule; None is `Scenario()`.
        product_stage: stage of `products` that holds A1-A3.
        demolition: process id of C1 per material, None = no figure; default none for all.
        site: process id of A5 on site per material, None = there is none; default none for all.

    Returns:
        A table with the materials and indicators of `products` and the stages A1-A3, A4, A5, C1, C2, C3, C4,
        and D if `products` has it.

    Raises:
        ShapeError: a sequence has not one item per material.
        AssessmentError: `products` has no such stage, a process does not exist, or the table holds part of
            the four GWP indicators.

    Example:
        >>> from reference import load_factors, load_processes
        >>> products = load_factors()
        >>> unknown = [None] * len(products)
        >>> table = compose_factors(
        ...     products, transport_class=unknown, end_of_life=unknown, processes=load_processes())
        >>> table.values.shape == (len(products), 19, 7)
        True
    """
    from reference.factors import FactorTable

    scenario = Scenario() if scenario is None else scenario
    n = len(products.materials)
    demolition = [None] * n if demolition is None else demolition
    site = [None] * n if site is None else site
    _check_lengths(
        n, transport_class=transport_class, end_of_life=end_of_life, demolition=demolition, site=site
    )
    if product_stage not in products.stages:
        raise AssessmentError(
            f"The product table has no {product_stage}; it has {', '.join(products.stages)}."
        )
    column = products.stages.index(product_stage)
    table = Processes(processes, products.indicators)
    biogenic = BiogenicCarbon(products.indicators, scenario.biogenic_rule)
    own = {stage: k for k, stage in enumerate(products.stages) if stage in (*DECLARED_STAGES, Stage.D)}
    stages = COMPOSED_STAGES + ((Stage.D,) if Stage.D in own else ())
    values = np.full((n, len(products.indicators), len(stages)), np.nan)
    partial = np.zeros((n, len(stages)), dtype=np.bool_)
    for m in range(n):
        product = ModuleFigures(
            np.array(products.values[m, :, column], dtype=np.float64), bool(products.partial[m, column])
        )
        modules = _compose_one(
            product,
            transport_class=transport_class[m],
            rule=end_of_life[m],
            demolition=demolition[m],
            site=site[m],
            scenario=scenario,
            processes=table,
            biogenic=biogenic,
            declared={
                stage: ModuleFigures(np.array(products.values[m, :, k]), bool(products.partial[m, k]))
                for stage, k in own.items()
                if not np.isnan(products.values[m, :, k]).all()
            },
        )
        for k, stage in enumerate(stages):
            if stage in modules:
                values[m, :, k] = modules[stage].values
                partial[m, k] = modules[stage].partial
    return FactorTable(
        materials=products.materials,
        indicators=products.indicators,
        stages=stages,
        values=values,
        partial=partial,
        sources=products.sources,
    )


def _compose_one(
    product: ModuleFigures,
    *,
    transport_class: TransportClass | None,
    rule: EndOfLifeRule | None,
    demolition: str | None,
    site: str | None,
    scenario: Scenario,
    processes: Processes,
    biogenic: BiogenicCarbon,
    declared: Mapping[Stage, ModuleFigures],
) -> dict[Stage, ModuleFigures]:
    a1_a3 = biogenic.leave_out(product)
    a4 = biogenic.leave_out(a4_transport(transport_class, processes))
    by_rule = {
        Stage.C1: c1_demolition(demolition, processes),
        Stage.C2: c2_transport(rule, scenario, processes),
        Stage.C3: c3_processing(rule, processes),
        Stage.C4: c4_disposal(rule, processes),
    }
    end = {stage: biogenic.leave_out(declared.get(stage, figures)) for stage, figures in by_rule.items()}
    for stage, kg_co2 in _release(biogenic, product, rule, declared).items():
        end[stage] = biogenic.released(by_rule[stage], kg_co2)
    c2, c3, c4 = end[Stage.C2], end[Stage.C3], end[Stage.C4]
    on_site = (
        None
        if site is None
        else biogenic.leave_out(sum_of_known([Term(1.0, processes.figures(site))], processes.n_indicators))
    )
    return {
        Stage.A1_A3: a1_a3,
        Stage.A4: a4,
        Stage.A5: a5_construction(scenario.a5_loss_share, a1_a3, (a4, c2, c3, c4), on_site),
        **end,
        **({Stage.D: biogenic.leave_out(declared[Stage.D])} if Stage.D in declared else {}),
    }


def _release(
    biogenic: BiogenicCarbon,
    product: ModuleFigures,
    rule: EndOfLifeRule | None,
    declared: Mapping[Stage, ModuleFigures],
) -> dict[Stage, float]:
    """Biogenic CO2 that C3 and C4 of the rules release [kg per kg]; empty where nothing is left to release.

    A declared C3 or C4 keeps its own GWP-biogenic; only what it does not release is left for the other one,
    so that no uptake is released twice and none is forgotten.
    """
    uptake = biogenic.uptake(product)
    free = [stage for stage in (Stage.C3, Stage.C4) if stage not in declared]
    if uptake <= 0 or not free:
        return {}
    left = uptake - sum(
        biogenic.declared(declared[stage]) for stage in (Stage.C3, Stage.C4) if stage in declared
    )
    shares = dict(zip((Stage.C3, Stage.C4), release_shares(rule), strict=True))
    if len(free) == 1:
        shares = {free[0]: 1.0}
    return {stage: max(left, 0.0) * shares[stage] for stage in free}


def builtin_factors(scenario: Scenario | None = None, *, products: FactorTable | None = None) -> FactorTable:
    """The shipped product figures, completed by the rules of this module; cached per scenario.

    A material without a waste category has no figure for C2 to C4 but for its biogenic release. C1 has none
    for any material: the shipped tables hold no demolition process.

    Args:
        products: figures of the same materials instead of the shipped ones, such as those of
            `reference.importers.with_datasets`; not cached.

    Raises:
        ReferenceDataError: a shipped table is malformed.

    Example:
        >>> table = builtin_factors()
        >>> [str(stage) for stage in table.stages]
        ['A1-A3', 'A4', 'A5', 'C1', 'C2', 'C3', 'C4']
    """
    scenario = Scenario() if scenario is None else scenario
    return _builtin_factors(scenario) if products is None else _composed(products, scenario)


@lru_cache(maxsize=16)
def _builtin_factors(scenario: Scenario) -> FactorTable:
    from reference.factors import load_factors

    return _composed(load_factors("builtin"), scenario)


def _composed(products: FactorTable, scenario: Scenario) -> FactorTable:
    from reference.materials import load_materials
    from reference.processes import load_processes
    from reference.transport import load_transport_classes
    from reference.waste import end_of_life_of

    library, classes = load_materials(), load_transport_classes()
    materials = [library[material_id] for material_id in products.materials]
    transport, end_of_life = _choices(scenario, materials)
    return compose_factors(
        products,
        transport_class=[
            transport.get(m.material_id, transport.get(m.a4_class, classes[m.a4_class])) for m in materials
        ],
        end_of_life=[
            _own_shares(
                end_of_life_of(m), end_of_life.get(m.material_id, end_of_life.get(m.waste_category or ""))
            )
            for m in materials
        ],
        processes=load_processes(),
        scenario=scenario,
    )


def _choices(
    scenario: Scenario, materials: Sequence[Material]
) -> tuple[dict[str, TransportClass], dict[str, EndOfLifeChoice]]:
    """The scenario's own transport and end of life by material, class or category.

    Raises:
        AssessmentError: a choice is for something that the library does not hold; all of them are named.
    """
    from reference.models import TransportClass
    from reference.transport import load_transport_classes
    from reference.waste import load_end_of_life

    ids = {material.material_id for material in materials}
    groups = {"transport": set(load_transport_classes()), "end_of_life": set(load_end_of_life())}
    faults = [
        f"{field}, of {choice.of!r}: no material and no {what} has this name"
        for field, what in (("transport", "transport class"), ("end_of_life", "waste category"))
        for choice in getattr(scenario, field)
        if choice.of not in ids | groups[field]
    ]
    if faults:
        raise AssessmentError(f"The scenario {scenario.name!r} cannot be used", faults)
    transport = {
        choice.of: TransportClass(
            a4_class=choice.of,
            name=f"own transport of {choice.of}",
            share_via_supplier=0.0,
            tkm_per_tonne=choice.work,
            confidence="verify",
            source_id="user",
        )
        for choice in scenario.transport
    }
    return transport, {choice.of: choice for choice in scenario.end_of_life}


def _own_shares(rule: EndOfLifeRule | None, choice: EndOfLifeChoice | None) -> EndOfLifeRule | None:
    """The rule with the shares of a choice; its processes stay, those that it has none for stay unknown."""
    if choice is None or rule is None:
        return rule
    shares = ("landfill", "incineration", "reuse", "recycling", "sorted_on_site")
    return rule.model_copy(update={name: getattr(choice, name) for name in shares})


def _check_lengths(n_materials: int, **sequences: Sequence[object]) -> None:
    wrong = [f"{name}: {len(given)}" for name, given in sequences.items() if len(given) != n_materials]
    if wrong:
        raise ShapeError(f"Give one item for each of the {n_materials} materials", wrong)
