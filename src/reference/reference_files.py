"""Reference sets as files: a user's own population, or one from a published study.

JSON with cases: one object with the fields of `ReferenceFile`. Each case names its groups as they are named
in `module_groups`:

    {"name": "office-2026", "population": "12 houses of our office, 2019 to 2026",
     "indicator": "GWP-total", "unit": "kg CO2 eq/m2.yr", "study_period_years": 60, "biogenic_rule": "0/0",
     "area_definition": "m2 gross floor area", "method": "...", "source": "...", "licence": "internal",
     "module_groups": {"A1-A3": ["A1-A3"], "A4-A5": ["A4", "A5"]},
     "cases": [{"case_id": "one", "building_type": "detached", "construction": "timber-frame",
                "gross_floor_area_m2": 180, "values": {"A1-A3": 3.1, "A4-A5": 0.4}}]}

JSON with percentiles, where a study publishes nothing else; the fields of `PercentileFile`:

    {"name": "study-2024", "population": "...", "indicator": "score", "ef_version": "3.1",
     "unit": "mPt/m2.yr", "study_period_years": 60, "biogenic_rule": "-1/+1",
     "area_definition": "m2 gross floor area", "method": "...", "source": "...", "licence": "...",
     "stages": ["A1-A3", "A4", "A5"], "percentiles": {"10": 20.0, "50": 31.0, "90": 44.0}}

CSV with cases: the same fields as lines `# field: value` (JSON where it is no plain text, as for
`module_groups`), then the header `case_id,building_type,construction,gross_floor_area_m2` and one column per
module group:

    # name: office-2026
    # module_groups: {"A1-A3": ["A1-A3"]}
    case_id,building_type,gross_floor_area_m2,A1-A3
    one,detached,180,3.1
"""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from reference.errors import ReferenceDataError
from reference.percentile_sets import SCORE, PercentileSet
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


class _Header(BaseModel):
    """What both kinds of file say of themselves."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: _Text
    population: _Text
    unit: _Text
    study_period_years: Annotated[float, Field(gt=0, allow_inf_nan=False)]
    biogenic_rule: BiogenicRule
    area_definition: _Text
    method: _Text
    source: _Text
    licence: _Text
    confidence: str = "user"
    parts: tuple[str, ...] = ()


class ReferenceFile(_Header):
    """A file with cases; see the module for the format and `ReferenceSet` for the fields."""

    indicator: Indicator
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


class PercentileFile(_Header):
    """A file with percentiles; see the module for the format and `PercentileSet` for the fields."""

    indicator: Indicator | Literal["score"]
    ef_version: Literal["3.0", "3.1"] | None = None
    stages: tuple[Stage, ...]
    percentiles: dict[float, _Finite]
    n: Annotated[int, Field(gt=0)] | None = None
    building_type: BuildingType | None = None

    @field_validator("indicator", mode="before")
    @classmethod
    def _read_indicator(cls, given: object) -> object:
        return given if given == SCORE or not isinstance(given, str) else Indicator.parse(given)

    @field_validator("stages", mode="before")
    @classmethod
    def _read_stages(cls, given: object) -> object:
        return [Stage.parse(each) for each in given] if isinstance(given, list) else given


def load_reference_set(path: str | Path) -> ReferenceSet | PercentileSet:
    """A reference set from a JSON or CSV file: cases, or percentiles where the file gives `percentiles`.

    Raises:
        ReferenceDataError: the file cannot be read or has faults; file, field and what is wrong.

    Example:
        >>> load_reference_set("office.json").n  # doctest: +SKIP
        12
    """
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
        raw = _from_csv(text) if str(path).lower().endswith(".csv") else json.loads(text)
        if isinstance(raw, dict) and "percentiles" in raw:
            published = PercentileFile.model_validate(raw)
            return PercentileSet(**{name: getattr(published, name) for name in PercentileFile.model_fields})
        return _reference_set(ReferenceFile.model_validate(raw))
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
    except ReferenceDataError as error:
        raise ReferenceDataError(f"{path}: {error}") from error
    except json.JSONDecodeError as error:
        raise ReferenceDataError(f"{path}: is no JSON ({error}).") from error


def _reference_set(content: ReferenceFile) -> ReferenceSet:
    groups = tuple(content.module_groups)
    return ReferenceSet(
        case_ids=tuple(case.case_id for case in content.cases),
        stages_of=content.module_groups,
        by_group=np.array([[case.values[group] for group in groups] for case in content.cases]),
        gross_floor_area_m2=np.array([case.gross_floor_area_m2 or np.nan for case in content.cases]),
        building_types=tuple(case.building_type for case in content.cases),
        constructions=tuple(case.construction for case in content.cases),
        **content.model_dump(exclude={"cases", "module_groups"}),
    )


def _from_csv(text: str) -> dict[str, Any]:
    """The object that a JSON file would hold; a cell is taken as text and checked with the rest."""
    lines = text.splitlines()
    content: dict[str, Any] = {}
    for line in lines:
        if line.startswith("#") and ":" in line:
            key, _, value = line.lstrip("# ").partition(":")
            value = value.strip()
            content[key.strip()] = json.loads(value) if value.startswith(("{", "[")) else value
    table = [line for line in lines if line.strip() and not line.startswith("#")]
    known = ("case_id", "building_type", "construction", "gross_floor_area_m2")
    content["cases"] = [
        {
            **{key: row[key] for key in known if row.get(key)},
            "values": {
                key: value for key, value in row.items() if key not in known and value not in ("", None)
            },
        }
        for row in csv.DictReader(table)
    ]
    return content


def save_reference_set(reference_set: ReferenceSet | PercentileSet, path: str | Path) -> None:
    """Write a set as JSON that `load_reference_set` reads; the file is replaced as a whole.

    Raises:
        OSError: it cannot be written.
    """
    content: BaseModel
    if isinstance(reference_set, PercentileSet):
        fields = {name: getattr(reference_set, name) for name in PercentileFile.model_fields}
        content = PercentileFile(**{**fields, "percentiles": dict(reference_set.percentiles)})
    else:
        content = _file_of(reference_set)
    with replacing(Path(path)) as stream:
        stream.write(content.model_dump_json(indent=1) + "\n")


def _file_of(cases: ReferenceSet) -> ReferenceFile:
    areas = cases.gross_floor_area_m2
    shared = set(_Header.model_fields) | {"indicator"}
    return ReferenceFile(
        **{name: getattr(cases, name) for name in shared},
        module_groups=dict(cases.stages_of),
        cases=tuple(
            ReferenceCase(
                case_id=case_id,
                values=dict(zip(cases.module_groups, row, strict=True)),
                building_type=cases.building_types[k],
                construction=cases.constructions[k],
                gross_floor_area_m2=None if np.isnan(areas[k]) else float(areas[k]),
            )
            for k, (case_id, row) in enumerate(zip(cases.case_ids, cases.by_group.tolist(), strict=True))
        ),
    )
