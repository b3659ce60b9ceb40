"""The choices of an assessment that are neither quantities nor factors."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from reference.vocabulary import ASSESSED_STAGES, STAGES, BiogenicRule, Stage

ReplacementRule = Literal["ceil", "nearest", "proportional"]
Kilometres = Annotated[float, Field(ge=0, allow_inf_nan=False)]


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
