"""Residential reference set: 105 Belgian dwellings.

Greenhouse gases only, in kg CO2 eq per m2 gross floor area and year, over 60 years. 35 designs in three
variants each, so the cases are not independent. The set counts biogenic CO2 as 0/0 and comes from an older
generation of background data: a comparison must say so.

Source: EU-ECB database, Roeck and Sorensen 2022, doi:10.5281/zenodo.6671558, CC BY-SA 4.0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from types import MappingProxyType

import numpy as np

from reference.errors import ReferenceDataError
from reference.reference_sets import ReferenceSet
from reference.tables import manifest, read_table
from reference.vocabulary import BiogenicRule, BuildingType, Indicator, Stage

CASES = "residential_be_cases.csv"
UNIT = "kg CO2 eq/m2.yr"
STUDY_PERIOD_YEARS = 60
AREA_DEFINITION = 'm2 gross floor area as reported (area definition in the database: "Other")'
METHOD = "GWP only, biogenic 0/0, ecoinvent 2.2, MMG"

#: Module groups as reported; B1 and B3 are out of scope of the cases.
MODULE_GROUPS: Mapping[str, tuple[Stage, ...]] = MappingProxyType(
    {
        "A1-A3": (Stage.A1_A3,),
        "A4-A5": (Stage.A4, Stage.A5),
        "B2+B4": (Stage.B2, Stage.B4),
        "C1-C2": (Stage.C1, Stage.C2),
        "C3-C4": (Stage.C3, Stage.C4),
    }
)
NAME = "residential-be"
POPULATION = "105 Belgian dwellings: 35 designs in three energy and construction variants each"


class Construction(StrEnum):
    """Kinds of construction in the set."""

    MASSIVE_BRICK = "massive-brick"
    TIMBER_FRAME = "timber-frame"


@dataclass(frozen=True)
class ReferenceValue:
    """One reference value with its spread.

    Attributes:
        value: median of the cases, in `unit`.
        p10, p90: the range that holds the middle 80 % of the cases.
        n: number of cases.
    """

    value: float
    p10: float
    p90: float
    n: int
    unit: str
    indicator: Indicator
    module_groups: tuple[str, ...]
    stages: tuple[Stage, ...]
    study_period_years: float
    area_definition: str
    biogenic_rule: BiogenicRule
    source: str
    licence: str


@cache
def load_residential(
    building_type: BuildingType | None = None, construction: Construction | str | None = None
) -> ReferenceSet:
    """Cases of one dwelling type and kind of construction; None = all.

    Raises:
        ReferenceDataError: the table is malformed, or no case fits the selection.

    Example:
        >>> load_residential(BuildingType.DETACHED, "timber-frame").n
        6
    """
    try:
        wanted = None if construction is None else Construction(construction)
        kind = None if building_type is None else BuildingType(building_type)
    except ValueError as error:
        raise ReferenceDataError(
            f"{error}; dwelling types are {', '.join(BuildingType)}, constructions {', '.join(Construction)}."
        ) from error
    rows = [
        row
        for row in read_table(CASES)
        if (kind is None or row.text("building_type") == kind)
        and (wanted is None or row.text("construction") == wanted)
    ]
    if not rows:
        raise ReferenceDataError(f"No case of {kind or 'any type'} in {wanted or 'any construction'}.")
    groups = tuple(MODULE_GROUPS)
    return ReferenceSet(
        name=NAME,
        population=POPULATION,
        case_ids=tuple(row.text("case_id") for row in rows),
        stages_of=MODULE_GROUPS,
        building_types=tuple(BuildingType(row.text("building_type")) for row in rows),
        constructions=tuple(row.text("construction") for row in rows),
        by_group=np.array([[row.number(group) for group in groups] for row in rows]),
        gross_floor_area_m2=np.array([row.number("gross_floor_area_m2") for row in rows]),
        source=_citation(rows[0].text("source_id")),
        licence=str(manifest()[CASES]["licence"]),
        unit=UNIT,
        study_period_years=STUDY_PERIOD_YEARS,
        area_definition=AREA_DEFINITION,
        biogenic_rule=BiogenicRule.ZERO_ZERO,
        indicator=Indicator.GWP_TOTAL,
        method=METHOD,
        confidence="read",
    )


def _citation(source_id: str) -> str:
    for row in read_table("sources.csv"):
        if row.text("source_id") == source_id:
            return row.text("citation")
    raise ReferenceDataError(f"{source_id!r} is not in sources.csv.")


def reference_value(
    building_type: BuildingType | None,
    indicator: Indicator = Indicator.GWP_TOTAL,
    module_groups: Iterable[str] | None = None,
    construction: Construction | str | None = None,
) -> ReferenceValue:
    """Median and spread of the reference cases, [kg CO2 eq/m2.yr].

    Raises:
        ReferenceDataError: no reference value exists for this indicator; only GWP-total has one.

    Example:
        >>> round(reference_value(BuildingType.APARTMENT).value, 4)
        11.9819
    """
    cases = load_residential(building_type, construction)
    if indicator != cases.indicator:
        raise ReferenceDataError(
            f"There is no reference value for {indicator}; the reference cases report {cases.indicator} only."
        )
    groups = cases.module_groups if module_groups is None else tuple(dict.fromkeys(module_groups))
    p10, median, p90 = (float(item) for item in cases.percentiles((10, 50, 90), groups))
    return ReferenceValue(
        value=median,
        p10=p10,
        p90=p90,
        n=cases.n,
        unit=cases.unit,
        indicator=cases.indicator,
        module_groups=groups,
        stages=tuple(stage for group in groups for stage in MODULE_GROUPS[group]),
        study_period_years=cases.study_period_years,
        area_definition=cases.area_definition,
        biogenic_rule=cases.biogenic_rule,
        source=cases.source,
        licence=cases.licence,
    )
