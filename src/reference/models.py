"""Records of the leaf: frozen, and nothing beyond the declared fields.

Importing this module imports pydantic; `reference` itself loads it only when a record is asked for.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from reference.vocabulary import Indicator

Confidence = Literal["read", "secondary", "verify"]
Share = Annotated[float, Field(ge=0.0, le=1.0)]
Positive = Annotated[float, Field(gt=0.0)]


class Record(BaseModel):
    """Base of all records: frozen, no extra fields, finite numbers only."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Source(Record):
    """Where figures come from.

    Attributes:
        confidence: "read" (seen in the source), "secondary" (seen in a copy) or "verify" (to be confirmed).
        citation: the line to show beside results.
    """

    source_id: str
    title: str
    publisher: str
    year: int
    licence: str
    citation: str
    confidence: Confidence


class Family(Record):
    """A family of materials with what is usual for it.

    Attributes:
        names: name by language code (en, nl, fr, de).
        waste_category: category of the end-of-life table; None where the family does not tell it.
        ewc: usual code of the European list of waste, "NN NN NN".
        hazard_trigger: what makes the waste hazardous, in words.
        hazard_ewc: code in that case, with a star.
    """

    family: str
    names: dict[str, str]
    waste_category: str | None
    ewc: str | None
    hazard_trigger: str | None
    hazard_ewc: str | None
    note: str | None
    source_id: str
    ewc_source_id: str


class Material(Record):
    """A material of the library.

    Attributes:
        material_id: id; the default material of a family has the family's id.
        names: name by language code (en, nl, fr, de).
        aliases: synonyms in all languages, as practitioners write them.
        density_kg_m3: density [kg/m3] of what a model draws, None where there is no usual one.
        density_low, density_high: range of the density [kg/m3].
        conductivity_w_mk: typical thermal conductivity [W/(m K)].
        factor_rule: "dataset", "zero" (an air layer: no material at all) or "missing" (no figure).
        dataset_uuid: OEKOBAUDAT dataset of the A1-A3 figures.
        kg_per_declared_unit: mass of one declared unit of the dataset [kg], found by `conversion`.
        biogenic_carbon_kg_per_kg: biogenic carbon [kg C per kg], with low and high; None where it is not
            known, which is not zero; `biogenic_carbon_note` says how it was found.
        recycled_content_share: recycled input of a usual product [1], with low and high; None: not known.
        reuse_practice: how usual reuse is today; None: not known; `reuse_note` says what makes it so.
        stand_in: the dataset is not really this material; `stand_in_note` says what it is, or why there is no
            dataset at all.
        quality_penalty: 0 own dataset, 1 stand-in of the same family, 2 stand-in of another family, 3 no
            figure at all.
        waste_category: end-of-life category; None where a person must choose.
        incineration_process: process used instead of the one of the waste category.
        a4_class: transport class.
        service_life_years: usual service life [years], read for `service_life_application`.
    """

    material_id: str
    family: str
    names: dict[str, str]
    aliases: tuple[str, ...]
    density_kg_m3: Positive | None
    density_low: Positive | None
    density_high: Positive | None
    density_note: str | None
    density_source_id: str | None
    conductivity_w_mk: Positive | None
    conductivity_source_id: str | None
    biogenic_carbon_kg_per_kg: Share | None = None
    biogenic_carbon_low: Share | None = None
    biogenic_carbon_high: Share | None = None
    biogenic_carbon_note: str | None = None
    biogenic_carbon_source_id: str | None = None
    recycled_content_share: Share | None = None
    recycled_content_low: Share | None = None
    recycled_content_high: Share | None = None
    recycled_content_note: str | None = None
    recycled_content_source_id: str | None = None
    reuse_practice: Literal["common", "occasional", "rare"] | None = None
    reuse_note: str | None = None
    reuse_source_id: str | None = None
    factor_rule: Literal["dataset", "zero", "missing"]
    dataset_uuid: str | None
    conversion: Literal["mass", "density", "area weight", "length weight", "assumed"] | None
    kg_per_declared_unit: Positive | None
    factor_source_id: str | None
    conversion_source_id: str | None
    stand_in: bool
    stand_in_note: str | None
    quality_penalty: Literal[0, 1, 2, 3]
    waste_category: str | None
    incineration_process: str | None
    waste_source_id: str
    ewc: str | None
    hazard_trigger: str | None
    hazard_ewc: str | None
    ewc_source_id: str
    a4_class: str
    a4_confidence: Confidence
    a4_source_id: str
    service_life_years: Positive
    service_life_application: str
    service_life_source_id: str
    source_id: str

    @property
    def name(self) -> str:
        """English name."""
        return self.names["en"]

    @model_validator(mode="after")
    def _consistent(self) -> Material:
        if self.density_kg_m3 is not None and not (
            self.density_low is not None
            and self.density_high is not None
            and self.density_low <= self.density_kg_m3 <= self.density_high
            and self.density_source_id
        ):
            raise ValueError("density needs density_low <= density_kg_m3 <= density_high and a source")
        if (self.factor_rule == "dataset") != bool(self.dataset_uuid and self.kg_per_declared_unit):
            raise ValueError(
                "factor_rule 'dataset' needs dataset_uuid and kg_per_declared_unit, else neither"
            )
        missing = self.factor_rule == "missing"
        expected = (3,) if missing else (1, 2) if self.stand_in else (0,)
        noted = bool(self.stand_in_note)
        if (self.stand_in or missing) != noted or self.quality_penalty not in expected:
            raise ValueError("stand_in, stand_in_note and quality_penalty contradict each other")
        if self.stand_in and missing:
            raise ValueError("stand_in needs a dataset")
        self._in_range("biogenic_carbon", self.biogenic_carbon_kg_per_kg)
        self._in_range("recycled_content", self.recycled_content_share)
        if (self.reuse_practice is None) != (self.reuse_source_id is None):
            raise ValueError("reuse_practice and reuse_source_id go together")
        return self

    def _in_range(self, name: str, value: float | None) -> None:
        low, high = getattr(self, f"{name}_low"), getattr(self, f"{name}_high")
        source = getattr(self, f"{name}_source_id")
        if value is None and (low, high, source) == (None, None, None):
            return
        if value is None or low is None or high is None or not source or not low <= value <= high:
            raise ValueError(f"{name} needs low <= value <= high and a source")


class Dataset(Record):
    """A dataset with its values as published.

    Attributes:
        declared_quantity, declared_unit: the amount that `values` count for; for transport see `Process`.
        values: published value by core indicator, in the unit of the indicator.
        weights: published weights by column name (density, area weight, ...), in the unit of the name.
    """

    dataset_uuid: str
    version: str
    release: str
    name_de: str
    name_en: str
    owner: str
    reference_year: int
    valid_until: int
    standard: str
    ef_version: str
    module: str
    declared_quantity: Positive
    declared_unit: Literal["kg", "m3", "m2", "m", "t.km"]
    weights: dict[str, float]
    values: dict[Indicator, float]
    source_id: str


class Process(Record):
    """A transport or end-of-life process.

    Attributes:
        unit: "kg" or "t.km".
        counts_per: number of units that the published value counts for. Transport rows are published per
            1000 t.km, but their value counts per 1 t.km.
    """

    process_id: str
    dataset_uuid: str
    unit: Literal["kg", "t.km"]
    counts_per: Positive
    note: str
    confidence: Confidence
    choice_source_id: str
    source_id: str


class TransportClass(Record):
    """Transport from factory to site.

    Attributes:
        share_via_supplier: share of the mass that goes by a supplier [1].
        tkm_per_tonne: transport work per tonne carried [t.km/t] by process id of the lorry.
    """

    a4_class: str
    name: str
    share_via_supplier: Share
    tkm_per_tonne: dict[str, Annotated[float, Field(ge=0.0)]]
    confidence: Confidence
    source_id: str


class EndOfLifeRule(Record):
    """Where the mass of a waste category goes.

    Attributes:
        landfill, incineration, reuse, recycling: shares of the mass [1]; they sum to 1, or to 0 for the
            category without any end-of-life impact.
        sorted_on_site: share of the mass sorted on site [1].
        first_leg: share that travels the first 30 km: "all", "off-site" (not sorted on site) or "none".
        c2_km_per_tonne_published: transport distance as published [t.km/t], to check `c2_km_per_tonne`.
        landfill_process, incineration_process, recycling_process, sorting_process: process ids;
            None means not modelled, which is not zero.
        incineration_without_impact: the method books no impact for incineration, so here None is zero.
    """

    waste_category: str
    landfill: Share
    incineration: Share
    reuse: Share
    recycling: Share
    sorted_on_site: Share
    first_leg: Literal["all", "off-site", "none"]
    c2_km_per_tonne_published: Annotated[float, Field(ge=0.0)]
    landfill_process: str | None
    incineration_process: str | None
    recycling_process: str | None
    sorting_process: str | None = None
    incineration_without_impact: bool
    process_source_id: str
    source_id: str

    @property
    def c2_km_per_tonne(self) -> float:
        """Transport work [t.km/t]: 30 f + 50 landfill + 100 incineration, f after `first_leg`.

        Source: KU Leuven SLiCE/Mouton 2022 dataset; lorry 16-32 t.
        """
        first = {"all": 1.0, "off-site": 1.0 - self.sorted_on_site, "none": 0.0}[self.first_leg]
        return 30.0 * first + 50.0 * self.landfill + 100.0 * self.incineration

    @model_validator(mode="after")
    def _shares_close(self) -> EndOfLifeRule:
        total = self.landfill + self.incineration + self.reuse + self.recycling
        if min(abs(total - 1.0), abs(total)) > 1e-9:
            raise ValueError(f"shares sum to {total}, not to 1")
        return self


class WasteCode(Record):
    """A code of the European list of waste, "NN NN NN" with a star when hazardous."""

    ewc: str
    title: str
    hazardous: bool
    chapter: str
    source_id: str


class ServiceLife(Record):
    """Service lives [years] of one application; `counts` tells how many components have which."""

    application: str
    mode_years: Positive
    min_years: Positive
    max_years: Positive
    n: int
    counts: str
    source_id: str


class EfFactor(Record):
    """Normalisation (global impact per person and year) and weight [%] of one EF category."""

    indicator: Indicator
    ef_category: str
    unit: str
    normalisation_ef30: Positive
    normalisation_ef31: Positive
    weight_pct: Positive
    source_id: str


class BrandLayer(Record):
    """A building layer by pace of change; lives in years, `removal_order` 1 comes out first."""

    layer: str
    removal_order: int
    life_low_years: float | None
    life_high_years: float | None
    bci_weight: Share
    note: str | None
    source_id: str
