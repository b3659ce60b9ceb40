"""Figures of a user's datasets instead of the generic ones, with their own modules C and D."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from reference.errors import ReferenceDataError
from reference.factors import FactorTable
from reference.importers.epd import Epd
from reference.vocabulary import STAGES, Stage

#: Modules that an own dataset brings. A4, A5 and B depend on the building: distance, loss, replacement.
OWN_STAGES: tuple[Stage, ...] = (Stage.A1_A3, Stage.C1, Stage.C2, Stage.C3, Stage.C4, Stage.D)


def with_datasets(
    factors: FactorTable, assignments: Mapping[str, str], datasets: Mapping[str, Epd]
) -> FactorTable:
    """A table of product figures in which the assigned materials have the figures of their dataset.

    Args:
        factors: product figures per kg, such as `load_factors()`.
        assignments: UUID by material id.
        datasets: by UUID.

    Returns:
        The same materials, with the stages of `factors` and those of C1-C4 and D that a dataset declares.
        A row is replaced as a whole: what the dataset does not declare is NaN, in A1-A3 as in any other
        stage, and never filled up from the generic figures. Stages that only own datasets have are NaN for
        all other materials.

    Raises:
        ReferenceDataError: a material or dataset does not exist, a dataset cannot be used (see
            `Epd.why_not_usable`), or `factors` holds stages that follow from A1-A3 and would no longer fit.

    Example:
        >>> from reference import load_factors
        >>> from reference.importers.epd import Properties
        >>> own = Epd(uuid="1", name="own brick", declared_quantity=1.0, declared_unit="kg", standard="A2",
        ...           values={("GWP-total", "A1-A3", ""): 0.1, ("GWP-total", "C3", ""): 0.01})
        >>> table = with_datasets(load_factors(), {"clay-brick": "1"}, {"1": own})
        >>> [str(stage) for stage in table.stages], table.sources[table.index_of(["clay-brick"])[0]]
        (['A1-A3', 'C3'], '1')
    """
    derived = [stage for stage in factors.stages if stage not in OWN_STAGES]
    if derived and assignments:
        raise ReferenceDataError(
            f"The factor table holds {', '.join(derived)}, which follow from A1-A3; "
            "put the datasets into the product figures and compose them afterwards."
        )
    unknown = [uuid for uuid in assignments.values() if uuid not in datasets]
    if unknown:
        raise ReferenceDataError(f"No dataset {', '.join(sorted(set(unknown)))}; import it first.")
    rows = factors.index_of(assignments)
    absent = [item for item, row in zip(assignments, rows, strict=True) if row < 0]
    if absent:
        raise ReferenceDataError(f"The factor table has no material {', '.join(absent)}.")
    figures = {uuid: datasets[uuid].per_kg() for uuid in dict.fromkeys(assignments.values())}
    present = {stage for own in figures.values() for _, stage in own if stage in OWN_STAGES}
    stages = tuple(stage for stage in STAGES if stage in present or stage in factors.stages)
    shape = (len(factors.materials), len(factors.indicators), len(stages))
    values = np.full(shape, np.nan)
    partial = np.zeros((shape[0], shape[2]), dtype=np.bool_)
    kept = [stages.index(stage) for stage in factors.stages]
    values[:, :, kept] = factors.values
    partial[:, kept] = factors.partial
    sources = list(factors.sources)
    for uuid, row in zip(assignments.values(), rows, strict=True):
        values[row] = np.nan
        partial[row] = False
        sources[row] = uuid
        for (indicator, stage), value in figures[uuid].items():
            if stage in stages and indicator in factors.indicators:
                values[row, factors.indicators.index(indicator), stages.index(stage)] = value
    return FactorTable(
        materials=factors.materials,
        indicators=factors.indicators,
        stages=stages,
        values=values,
        partial=partial,
        sources=tuple(sources),
    )
