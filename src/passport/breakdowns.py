"""Results broken down any way: by element, group, material, module, storey, room, layer or status.

Every table closes: its values add up to the total of the assessment over the same indicators and modules, and
beside each value stands the mass that it covers. Unknown labels are a row of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from lca.errors import AssessmentError
from passport.assessment import Assessment, portion_label
from passport.element_groups import element_group
from passport.models import Element, Portion
from reference.vocabulary import Indicator, Stage
from reference.writing import replacing

if TYPE_CHECKING:
    import pandas as pd

Key = Literal[
    "element", "element_group", "ifc_class", "material", "family", "module", "storey", "room", "layer",
    "portion", "status", "assumed",
]  # fmt: skip

UNKNOWN = "unknown"

_LABELS: dict[str, Callable[[Element, Portion], str]] = {
    "element": lambda e, p: e.global_id,
    "element_group": lambda e, p: element_group(e),
    "ifc_class": lambda e, p: e.ifc_class,
    "material": lambda e, p: p.material_id or UNKNOWN,
    "family": lambda e, p: p.family or UNKNOWN,
    "storey": lambda e, p: e.storey or UNKNOWN,
    "room": lambda e, p: e.room or UNKNOWN,
    "layer": lambda e, p: p.layer or p.name or UNKNOWN,
    "portion": lambda e, p: portion_label(p.position, p.name),
    "status": lambda e, p: str(e.status),
    "assumed": lambda e, p: "yes" if p.step == "assumption" else "no",
}
MODULE = "module"


def label_of(key: str, element: Element, portion: Portion) -> str:
    """Label of one portion under one key of a breakdown but "module"."""
    return _LABELS[key](element, portion)


KEYS: tuple[str, ...] = (*_LABELS, MODULE)


def breakdown(
    assessment: Assessment,
    by: Key | str | Sequence[Key | str],
    *,
    indicator: Indicator | str | Sequence[Indicator | str] | None = None,
) -> pd.DataFrame:
    """Long table of an assessment by one or several keys.

    Args:
        by: keys out of `KEYS`; with "module" there is one row per module (D too, where it is assessed),
            without it the modules but D are added.
        indicator: one, several, or None for all.

    Returns:
        One row per combination of keys that occurs and per indicator: columns of the keys, indicator, unit,
        value (whole study period; NaN = unknown), mass_kg (of the row), known_mass_kg (mass with a
        figure; without "module" that of A1-A3) and known_share (NaN for no mass).

    Raises:
        AssessmentError: a key or an indicator that does not exist.

    Example:
        >>> breakdown(assess(house), ["storey", "material"], indicator="gwp-total")  # doctest: +SKIP
    """
    import pandas as pd

    keys = (by,) if isinstance(by, str) else tuple(by)
    wrong = [key for key in keys if key not in KEYS]
    if wrong or not keys or len(set(keys)) != len(keys):
        raise AssessmentError(
            f"A result is broken down by one or several of {', '.join(KEYS)}, each once, "
            f"not by {', '.join(wrong or keys) or 'nothing'}."
        )
    impact = assessment.impact
    chosen = _indicators(indicator, impact.indicators)
    named = [key for key in keys if key != MODULE]
    labels = [
        tuple(_LABELS[key](element, portion) for key in named)
        for element, portion in zip(assessment.rows.elements, assessment.rows.portions, strict=True)
    ]
    grouped = impact.by(labels)
    i = [impact.indicators.index(each) for each in chosen]
    values, known_mass = grouped.values[:, i, :], grouped.known_mass_kg[:, i, :]
    if MODULE in keys:
        modules: tuple[Stage | None, ...] = impact.stages
    else:
        modules = (None,)
        values, known_mass = _without_modules(values, known_mass, impact.stages)
    shape = values.shape
    g, at, s = (axis.ravel() for axis in np.indices(shape))
    columns: dict[str, Any] = {}
    for key in keys:
        if key == MODULE:
            columns[key] = [str(modules[k]) for k in s]
        else:
            each = [str(label[named.index(key)]) for label in grouped.labels]  # type: ignore[index]
            columns[key] = [each[k] for k in g]
    columns["indicator"] = [str(chosen[k]) for k in at]
    columns["unit"] = [chosen[k].unit for k in at]
    columns["value"] = values.ravel()
    columns["mass_kg"] = grouped.mass_kg[g]
    columns["known_mass_kg"] = known_mass.ravel()
    with np.errstate(invalid="ignore", divide="ignore"):
        columns["known_share"] = np.where(
            columns["mass_kg"] > 0, columns["known_mass_kg"] / columns["mass_kg"], np.nan
        )
    return pd.DataFrame(columns)


def write_breakdown(path: str | Path, table: pd.DataFrame) -> Path:
    """Write a breakdown as CSV or Parquet, after the ending of the path; unknown values are empty cells.

    Raises:
        ValueError: the ending is neither .csv nor .parquet.
        OSError: the file cannot be written.
    """
    target = Path(path)
    if target.suffix.lower() == ".parquet":
        from passport.exchange.parquet import write_parquet

        write_parquet(target, table)
    elif target.suffix.lower() == ".csv":
        with replacing(target) as stream:
            table.to_csv(stream, index=False, lineterminator="\n")
    else:
        raise ValueError(f"{target}: a table is written as .csv or .parquet.")
    return target


def _indicators(
    given: Indicator | str | Sequence[Indicator | str] | None, present: tuple[Indicator, ...]
) -> tuple[Indicator, ...]:
    if given is None:
        return present
    names = (given,) if isinstance(given, str) else tuple(given)
    try:
        found = tuple(Indicator.parse(name) for name in names)
    except ValueError as error:
        raise AssessmentError(str(error)) from error
    absent = [each for each in found if each not in present]
    if absent:
        raise AssessmentError(f"{', '.join(absent)} was not assessed; this result has {', '.join(present)}.")
    return found


def _without_modules(values: Any, known_mass: Any, stages: tuple[Stage, ...]) -> tuple[Any, Any]:
    """Sum over the modules but D, and the mass known in A1-A3 (without A1-A3: in any module)."""
    kept = [k for k, stage in enumerate(stages) if stage is not Stage.D]
    known = ~np.isnan(values[:, :, kept])
    total = np.where(known.any(axis=2), np.where(known, values[:, :, kept], 0.0).sum(axis=2), np.nan)
    if Stage.A1_A3 in stages:
        mass = known_mass[:, :, stages.index(Stage.A1_A3)]
    else:
        mass = known_mass[:, :, kept].max(axis=2)
    return total[:, :, np.newaxis], mass[:, :, np.newaxis]
