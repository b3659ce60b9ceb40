"""A reference set: buildings to compare a design with, and everything that makes the comparison fair."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from reference.datasets import read_only
from reference.errors import ReferenceDataError
from reference.vocabulary import BiogenicRule, BuildingType, Indicator, Stage


@dataclass(frozen=True, eq=False)
class ReferenceSet:
    """Cases of one population.

    Attributes:
        name: id of the set.
        population: which buildings these are, in words.
        case_ids: ids of the cases, one per row.
        stages_of: modules of each module group; the groups are the columns of `by_group`, in this order.
        by_group: (case, module group) [`unit`] of gross floor area.
        gross_floor_area_m2: (case,) [m2]; NaN where it is not known.
        building_types, constructions: one per case; None where it is not known.
        parts: building parts in scope, in words; empty where the source does not say.
        unit, study_period_years, area_definition, biogenic_rule, indicator: what the values are.
        method: data generation and method, in words.
        source, licence: citation and licence to show beside them.
        confidence: read, secondary, verify, or user for a set of the user.

    Raises:
        ReferenceDataError: shapes do not fit, a value is not finite, or a module is in two groups.

    Example:
        >>> from reference import load_residential
        >>> houses = load_residential().select(BuildingType.TERRACED)
        >>> houses.n, float(round(np.median(houses.values()), 4))
        (18, 9.4536)
    """

    name: str
    population: str
    case_ids: tuple[str, ...]
    stages_of: Mapping[str, tuple[Stage, ...]]
    by_group: NDArray[np.float64]
    gross_floor_area_m2: NDArray[np.float64]
    unit: str
    study_period_years: float
    area_definition: str
    biogenic_rule: BiogenicRule
    indicator: Indicator
    method: str
    source: str
    licence: str
    confidence: str
    building_types: tuple[BuildingType | None, ...] = ()
    constructions: tuple[str | None, ...] = ()
    parts: tuple[str, ...] = field(default=())

    def __post_init__(self) -> None:
        object.__setattr__(self, "stages_of", MappingProxyType(dict(self.stages_of)))
        for name in ("building_types", "constructions"):
            if not getattr(self, name):
                object.__setattr__(self, name, (None,) * self.n)
        wanted = (self.n, len(self.stages_of))
        if self.by_group.shape != wanted:
            raise ReferenceDataError(
                f"reference values have shape {self.by_group.shape}, needed is {wanted} (case, module group)."
            )
        lengths = {len(self.gross_floor_area_m2), len(self.building_types), len(self.constructions)}
        if lengths != {self.n}:
            raise ReferenceDataError(
                "a reference set needs a gross floor area, a type and a construction for each case."
            )
        if not np.isfinite(self.by_group).all():
            raise ReferenceDataError(f"{self.name}: a value is not a finite number.")
        stages = self.stages
        double = sorted({stage for stage in stages if stages.count(stage) > 1})
        if double:
            raise ReferenceDataError(f"{self.name}: {', '.join(double)} is in two module groups.")
        object.__setattr__(self, "by_group", read_only(self.by_group))
        object.__setattr__(self, "gross_floor_area_m2", read_only(self.gross_floor_area_m2))

    @property
    def n(self) -> int:
        """Number of cases."""
        return len(self.case_ids)

    @property
    def module_groups(self) -> tuple[str, ...]:
        """Names of the columns of `by_group`."""
        return tuple(self.stages_of)

    @property
    def stages(self) -> tuple[Stage, ...]:
        """Modules that the module groups cover together."""
        return tuple(stage for group in self.stages_of.values() for stage in group)

    def select(
        self, building_type: BuildingType | str | None = None, construction: str | None = None
    ) -> ReferenceSet:
        """The cases of one type and construction; None = all.

        Raises:
            ReferenceDataError: no case fits; the message says what there is.
        """
        rows = [
            k
            for k in range(self.n)
            if building_type in (None, self.building_types[k])
            and construction in (None, self.constructions[k])
        ]
        if not rows:
            types = sorted({str(each) for each in self.building_types if each})
            kinds = sorted({str(each) for each in self.constructions if each})
            raise ReferenceDataError(
                f"{self.name}: no case of {building_type or 'any type'} in "
                f"{construction or 'any construction'}; dwelling types are "
                f"{', '.join(types) or 'not known'}, constructions "
                f"{', '.join(kinds) or 'not known'}."
            )
        return self._only(rows)

    def without(self, case_id: str) -> ReferenceSet:
        """The set without one case.

        Raises:
            ReferenceDataError: there is no such case.
        """
        if case_id not in self.case_ids:
            raise ReferenceDataError(f"{self.name}: no case {case_id!r}.")
        return self._only([k for k, each in enumerate(self.case_ids) if each != case_id])

    def _only(self, rows: Sequence[int]) -> ReferenceSet:
        return replace(
            self,
            case_ids=tuple(self.case_ids[k] for k in rows),
            by_group=self.by_group[list(rows)],
            gross_floor_area_m2=self.gross_floor_area_m2[list(rows)],
            building_types=tuple(self.building_types[k] for k in rows),
            constructions=tuple(self.constructions[k] for k in rows),
        )

    def values(self, module_groups: Iterable[str] | None = None) -> NDArray[np.float64]:
        """Sum over module groups for each case, (case,) [`unit`].

        Args:
            module_groups: names such as "A1-A3" or "B2+B4"; None = all.

        Raises:
            ReferenceDataError: no such group, or none at all.
        """
        chosen = self.module_groups if module_groups is None else tuple(dict.fromkeys(module_groups))
        unknown = [group for group in chosen if group not in self.module_groups]
        if unknown or not chosen:
            named = ", ".join(unknown) or "(none given)"
            raise ReferenceDataError(f"No module group {named}; use {', '.join(self.module_groups)}.")
        columns = [self.module_groups.index(group) for group in chosen]
        total: NDArray[np.float64] = self.by_group[:, columns].sum(axis=1)
        return total

    def percentiles(
        self, percents: Sequence[float], module_groups: Iterable[str] | None = None
    ) -> NDArray[np.float64]:
        """Percentiles [`unit`] of the cases, linear between neighbours."""
        result: NDArray[np.float64] = np.percentile(self.values(module_groups), percents)
        return result
