"""Reference sets as JSON files: a user's own population, or one from a published study.

Format: one object with the fields of `ReferenceFile`. Each case names its groups as they are named in
`module_groups`:

    {"name": "office-2026", "population": "12 houses of our office, 2019 to 2026",
     "indicator": "GWP-total", "unit": "kg CO2 eq/m2.yr", "study_period_years": 60, "biogenic_rule": "0/0",
     "area_definition": "m2 gross floor area", "method": "...", "source": "...", "licence": "internal",
     "module_groups": {"A1-A3": ["A1-A3"], "A4-A5": ["A4", "A5"]},
     "cases": [{"case_id": "one", "building_type": "detached", "construction": "timber-frame",
                "gross_floor_area_m2": 180, "values": {"A1-A3": 3.1, "A4-A5": 0.4}}]}
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Self

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from reference.errors import ReferenceDataError
from reference.reference_sets import ReferenceSet
from reference.vocabulary import BiogenicRule, BuildingType, Indicator, Stage
from reference.writing import replacing

_Finite = Annotated[float, Field(allow_inf_nan=False)]
_Text = Annotated[str, Field(min_length=1)]


class ReferenceCase(BaseModel):
    """One building of a set; `values` by module group [unit of the set]."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    case_id: _Text
    values: dict[str, _Finite]
    building_type: BuildingType | None = None
    construction: str | None = None
    gross_floor_area_m2: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None


class ReferenceFile(BaseModel):
    """Content of a file; see the module for the format and `ReferenceSet` for the fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: _Text
    population: _Text
    indicator: Indicator
    unit: _Text
    study_period_years: Annotated[float, Field(gt=0, allow_inf_nan=False)]
    biogenic_rule: BiogenicRule
    area_definition: _Text
    method: _Text
    source: _Text
    licence: _Text
    confidence: str = "user"
    parts: tuple[str, ...] = ()
    module_groups: dict[str, tuple[Stage, ...]]
    cases: tuple[ReferenceCase, ...] = Field(min_length=1)

    @field_validator("indicator", mode="before")
    @classmethod
    def _read_indicator(cls, given: object) -> object:
        return Indicator.parse(given) if isinstance(given, str) else given

    @field_validator("module_groups", mode="before")
    @classmethod
    def _read_stages(cls, given: object) -> object:
        if not isinstance(given, dict):
            return given
        return {name: tuple(Stage.parse(each) for each in stages) for name, stages in given.items()}

    @model_validator(mode="after")
    def _every_group_in_every_case(self) -> Self:
        ids = [case.case_id for case in self.cases]
        faults = [f"case {each!r} is there twice" for each in sorted({i for i in ids if ids.count(i) > 1})]
        for case in self.cases:
            missing = [group for group in self.module_groups if group not in case.values]
            unknown = [group for group in case.values if group not in self.module_groups]
            if missing:
                faults.append(f"case {case.case_id!r} has no value for {', '.join(missing)}")
            if unknown:
                faults.append(f"case {case.case_id!r} names {', '.join(unknown)}, which is no module group")
        if faults:
            raise ValueError("; ".join(faults))
        return self


def load_reference_set(path: str | Path) -> ReferenceSet:
    """A reference set from a JSON file.

    Raises:
        ReferenceDataError: the file cannot be read or has faults; file, field and what is wrong.

    Example:
        >>> load_reference_set("office.json").n  # doctest: +SKIP
        12
    """
    try:
        content = ReferenceFile.model_validate(json.loads(Path(path).read_text(encoding="utf-8")))
    except OSError as error:
        raise ReferenceDataError(f"{path}: cannot be read ({error.strerror or error}).") from error
    except UnicodeDecodeError as error:
        raise ReferenceDataError(f"{path}: is not UTF-8 text.") from error
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(str(part) for part in fault['loc']) or 'file'}: {fault['msg']}"
            for fault in error.errors()[:5]
        )
        raise ReferenceDataError(f"{path}: {faults}.") from error
    except ValueError as error:
        raise ReferenceDataError(f"{path}: is no JSON ({error}).") from error
    groups = tuple(content.module_groups)
    areas = [case.gross_floor_area_m2 or np.nan for case in content.cases]
    try:
        return ReferenceSet(
            case_ids=tuple(case.case_id for case in content.cases),
            stages_of=content.module_groups,
            by_group=np.array([[case.values[group] for group in groups] for case in content.cases]),
            gross_floor_area_m2=np.array(areas),
            building_types=tuple(case.building_type for case in content.cases),
            constructions=tuple(case.construction for case in content.cases),
            **content.model_dump(exclude={"cases", "module_groups"}),
        )
    except ReferenceDataError as error:
        raise ReferenceDataError(f"{path}: {error}") from error


def save_reference_set(reference_set: ReferenceSet, path: str | Path) -> None:
    """Write a set that `load_reference_set` reads; the file is replaced as a whole.

    Raises:
        OSError: it cannot be written.
    """
    areas = reference_set.gross_floor_area_m2
    content = ReferenceFile(
        **{name: getattr(reference_set, name) for name in ReferenceFile.model_fields if name in _SHARED},
        module_groups=dict(reference_set.stages_of),
        cases=tuple(
            ReferenceCase(
                case_id=case_id,
                values=dict(zip(reference_set.module_groups, row, strict=True)),
                building_type=reference_set.building_types[k],
                construction=reference_set.constructions[k],
                gross_floor_area_m2=None if np.isnan(areas[k]) else float(areas[k]),
            )
            for k, (case_id, row) in enumerate(
                zip(reference_set.case_ids, reference_set.by_group.tolist(), strict=True)
            )
        ),
    )
    with replacing(Path(path)) as stream:
        stream.write(content.model_dump_json(indent=1) + "\n")


_SHARED = frozenset(
    {
        "name", "population", "indicator", "unit", "study_period_years", "biogenic_rule", "area_definition",
        "method", "source", "licence", "confidence", "parts",
    }
)  # fmt: skip
