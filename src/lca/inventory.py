"""What is assessed: one row per portion, a mass of one material in one element."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lca.errors import AssessmentError, ShapeError

Int64Array = NDArray[np.int64]
Float64Array = NDArray[np.float64]

UNKNOWN_MATERIAL = -1


@dataclass(frozen=True, eq=False, slots=True)
class Inventory:
    """Struct of arrays, all of shape (portion,), checked once and read-only afterwards.

    Attributes:
        material: row of the factor table, int64; -1 where the material is unknown.
        mass_kg: mass as built, without losses [kg], float64; NaN where unknown.
        service_life_years: life after which the portion is replaced [years]; NaN where unknown,
            inf where it is never replaced.
        element: number of the building element that holds the portion, int64.
        group: any number to group by (storey, layer, family), int64, or None.

    Raises:
        ShapeError: the arrays differ in length, or one is not one-dimensional.
        AssessmentError: negative or infinite mass, life of zero or less, material below -1,
            or a column that holds no numbers; every fault of every row in one error.

    Example:
        >>> inventory = Inventory.from_columns(material=[0, -1], mass_kg=[52_000.0, 300.0])
        >>> len(inventory), inventory.element.tolist()
        (2, [0, 1])
    """

    material: Int64Array
    mass_kg: Float64Array
    service_life_years: Float64Array
    element: Int64Array
    group: Int64Array | None = None

    def __post_init__(self) -> None:
        columns: dict[str, Int64Array | Float64Array] = {
            "material": _integers("material", self.material),
            "mass_kg": _floats("mass_kg", self.mass_kg),
            "service_life_years": _floats("service_life_years", self.service_life_years),
            "element": _integers("element", self.element),
        }
        if self.group is not None:
            columns["group"] = _integers("group", self.group)
        _check_lengths(columns)
        faults = _faults(columns)
        if faults:
            raise AssessmentError(f"The inventory has {len(faults)} fault(s)", faults)
        for name, column in columns.items():
            column.setflags(write=False)
            object.__setattr__(self, name, column)

    @classmethod
    def from_columns(
        cls,
        *,
        material: ArrayLike,
        mass_kg: ArrayLike,
        service_life_years: ArrayLike | None = None,
        element: ArrayLike | None = None,
        group: ArrayLike | None = None,
    ) -> Inventory:
        """Build an inventory from anything that numpy reads as columns; None in a list means unknown.

        Args:
            material: rows of the factor table, see `FactorTable.index_of`; -1 = unknown.
            mass_kg: mass per portion [kg]; NaN = unknown.
            service_life_years: life per portion [years]; default unknown for all.
            element: element number per portion; default one element per portion.
            group: optional group number per portion.

        Raises:
            ShapeError, AssessmentError: as for the class.

        Example:
            >>> Inventory.from_columns(material=[0], mass_kg=[None]).mass_kg
            array([nan])
        """
        mass = _floats("mass_kg", mass_kg)
        if service_life_years is None:
            service_life_years = np.full(mass.shape, np.nan)
        if element is None:
            element = np.arange(mass.size)
        return cls(
            material=_integers("material", material),
            mass_kg=mass,
            service_life_years=_floats("service_life_years", service_life_years),
            element=_integers("element", element),
            group=None if group is None else _integers("group", group),
        )

    def __len__(self) -> int:
        return int(self.mass_kg.shape[0])

    @property
    def total_mass_kg(self) -> float:
        """Sum of the known masses [kg]; portions of unknown mass are not in it."""
        return float(np.nansum(self.mass_kg))

    @property
    def portions_without_mass(self) -> int:
        """Number of portions whose mass is unknown."""
        return int(np.count_nonzero(np.isnan(self.mass_kg)))


def _floats(name: str, column: ArrayLike) -> Float64Array:
    try:
        return np.array(column, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise AssessmentError("The inventory has a column that is no number", [f"{name}: {error}"]) from error


def _integers(name: str, column: ArrayLike) -> Int64Array:
    given = np.asarray(column)
    if given.size and given.dtype.kind not in "iu":
        raise AssessmentError(
            "The inventory has a column that is no whole number",
            [f"{name}: dtype {given.dtype}; use integers, -1 for an unknown material"],
        )
    return np.array(given, dtype=np.int64)


def _check_lengths(columns: dict[str, Int64Array | Float64Array]) -> None:
    if len({column.shape for column in columns.values()}) == 1 and columns["mass_kg"].ndim == 1:
        return
    raise ShapeError(
        "Columns of an inventory are one-dimensional and have one length",
        [f"{name}: shape {column.shape}" for name, column in columns.items()],
    )


def _faults(columns: dict[str, Int64Array | Float64Array]) -> list[str]:
    mass, life, material = columns["mass_kg"], columns["service_life_years"], columns["material"]
    checks = (
        ("material", material < UNKNOWN_MATERIAL, "is below -1 (-1 = unknown)"),
        ("mass_kg", mass < 0, "is negative; state demolition by its own inventory"),
        ("mass_kg", np.isinf(mass), "is infinite; use NaN for an unknown mass"),
        ("service_life_years", life <= 0, "is not a life; use NaN for an unknown one"),
    )
    found = [
        (int(row), f"row {row}, {name}: {columns[name][row]} {reason}")
        for name, wrong, reason in checks
        for row in np.flatnonzero(wrong)
    ]
    return [text for _, text in sorted(found, key=lambda fault: fault[0])]
