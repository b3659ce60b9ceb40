"""The choices of an assessment that are neither quantities nor factors."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from reference.vocabulary import ASSESSED_STAGES, STAGES, BiogenicRule, Stage

ReplacementRule = Literal["ceil", "nearest", "proportional"]
EfVersion = Literal["3.0", "3.1"]
CostRegion = Literal["WE", "FB", "RW"]
Kilometres = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


class TransportChoice(BaseModel):
    """Own transport to the site (A4) of one material or of one transport class.

    Attributes:
        of: material id, or id of a transport class; a material goes before its class.
        tkm_per_tonne: transport work per tonne carried [t.km/t] by process id of the lorry.

    Example:
        >>> TransportChoice(of="bulk", tkm_per_tonne={"lorry-16-32": 25.0}).work
        {'lorry-16-32': 25.0}
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    of: str = Field(min_length=1)
    tkm_per_tonne: tuple[tuple[str, Kilometres], ...]

    @field_validator("tkm_per_tonne", mode="before")
    @classmethod
    def _from_mapping(cls, given: Any) -> Any:
        return tuple(sorted(given.items())) if isinstance(given, dict) else given

    @property
    def work(self) -> dict[str, float]:
        """`tkm_per_tonne` as a mapping."""
        return dict(self.tkm_per_tonne)


class EndOfLifeChoice(BaseModel):
    """Own end of life (C2 to C4) of one material or of one waste category.

    Attributes:
        of: material id, or name of a waste category; a material goes before its category.
        landfill, incineration, reuse, recycling: shares of the mass [1]; they sum to 1.
        sorted_on_site: share of the mass sorted on site [1].

    Example:
        >>> EndOfLifeChoice(of="Concrete", landfill=0.0, recycling=1.0).incineration
        0.0
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    of: str = Field(min_length=1)
    landfill: Share = 0.0
    incineration: Share = 0.0
    reuse: Share = 0.0
    recycling: Share = 0.0
    sorted_on_site: Share = 0.0

    @model_validator(mode="after")
    def _shares_close(self) -> Self:
        total = self.landfill + self.incineration + self.reuse + self.recycling
        if abs(total - 1.0) > 1e-9:
            raise ValueError(
                f"{self.of}: landfill, incineration, reuse and recycling sum to {total:g}, not to 1"
            )
        return self


class Scenario(BaseModel):
    """Choices of an assessment; frozen, unknown fields are refused, JSON there and back is exact.

    Defaults are those of TOTEM/MMG as recovered from KU Leuven SLiCE/Mouton 2022 dataset.

    Attributes:
        name: shown beside results.
        study_period_years: reference study period [years].
        stages: modules to compute, kept in the order of `reference.vocabulary.STAGES`.
        replacement: rule for B4, see `lca.replacement.replacements`.
        a5_loss_share: material lost on site per material built in [kg/kg].
        biogenic_rule: -1/+1 (EN 15804+A2) or 0/0 (older MMG).
        c2_first_leg_km: site to sorting plant [km].
        c2_landfill_leg_km: sorting plant to landfill [km].
        c2_incineration_leg_km: sorting plant to incineration [km].
        c2_lorry: id of the lorry process of C2 [per t.km].
        transport: own transport work, where it differs from the transport classes of the library.
        end_of_life: own shares, where they differ from the waste categories of the library.
        ef_version: version of the EF method of the data, for the single score.
        cost_region: region of the external costs: Western Europe, Flanders/Belgium or rest of the world.
        area_definition: which m2 the results are for, in words.
        note, source, confidence: what the choices rest on, shown beside results.

    Example:
        >>> scenario = Scenario(study_period_years=50)
        >>> Scenario.model_validate_json(scenario.model_dump_json()) == scenario
        True
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = "TOTEM-style"
    study_period_years: float = Field(default=60.0, gt=0, allow_inf_nan=False)
    stages: tuple[Stage, ...] = ASSESSED_STAGES
    replacement: ReplacementRule = "ceil"
    a5_loss_share: float = Field(default=0.05, ge=0, lt=1, allow_inf_nan=False)
    biogenic_rule: BiogenicRule = BiogenicRule.MINUS_ONE_PLUS_ONE
    c2_first_leg_km: Kilometres = 30.0
    c2_landfill_leg_km: Kilometres = 50.0
    c2_incineration_leg_km: Kilometres = 100.0
    c2_lorry: str = "lorry-16-32"
    transport: tuple[TransportChoice, ...] = ()
    end_of_life: tuple[EndOfLifeChoice, ...] = ()
    ef_version: EfVersion = "3.1"
    cost_region: CostRegion = "WE"
    area_definition: str = "m2 gross floor area"
    note: str = ""
    source: str = "TOTEM/MMG as recovered from KU Leuven SLiCE/Mouton 2022 dataset"
    confidence: Literal["read", "secondary", "verify", "user"] = "read"

    @field_validator("transport", "end_of_life", mode="after")
    @classmethod
    def _each_once(cls, choices: tuple[Any, ...]) -> tuple[Any, ...]:
        names = [choice.of for choice in choices]
        double = sorted({name for name in names if names.count(name) > 1})
        if double:
            raise ValueError(f"{', '.join(double)} is given twice")
        return choices

    @field_validator("stages", mode="before")
    @classmethod
    def _read_stages(cls, given: Any) -> Any:
        if isinstance(given, str):
            given = (given,)
        if not isinstance(given, (tuple, list)):
            return given
        return tuple(Stage.parse(item) if isinstance(item, str) else item for item in given)

    @field_validator("stages", mode="after")
    @classmethod
    def _order_stages(cls, stages: tuple[Stage, ...]) -> tuple[Stage, ...]:
        if not stages:
            raise ValueError("name at least one stage")
        if len(set(stages)) != len(stages):
            raise ValueError("a stage is named twice")
        return tuple(stage for stage in STAGES if stage in stages)
