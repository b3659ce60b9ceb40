"""The material library."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, TypeVar, overload

from reference.errors import UnknownMaterialError
from reference.families import load_families, names_of
from reference.tables import Row, read_table

if TYPE_CHECKING:
    from reference.models import Material

T = TypeVar("T")

_TEXTS = (
    "density_note",
    "density_source_id",
    "conductivity_source_id",
    "biogenic_carbon_note",
    "biogenic_carbon_source_id",
    "recycled_content_note",
    "recycled_content_source_id",
    "reuse_practice",
    "reuse_note",
    "reuse_source_id",
    "dataset_uuid",
    "conversion",
    "factor_source_id",
    "conversion_source_id",
    "stand_in_note",
    "waste_category",
    "incineration_process",
    "ewc",
    "hazard_trigger",
    "hazard_ewc",
)
_NUMBERS = (
    "density_kg_m3",
    "density_low",
    "density_high",
    "conductivity_w_mk",
    "biogenic_carbon_kg_per_kg",
    "biogenic_carbon_low",
    "biogenic_carbon_high",
    "recycled_content_share",
    "recycled_content_low",
    "recycled_content_high",
    "kg_per_declared_unit",
)
_NEEDED = (
    "material_id",
    "family",
    "factor_rule",
    "waste_source_id",
    "ewc_source_id",
    "a4_class",
    "a4_confidence",
    "a4_source_id",
    "service_life_application",
    "service_life_source_id",
    "source_id",
)


class MaterialLibrary(Mapping[str, "Material"]):
    """Materials by id, in the order of the table.

    Example:
        >>> library = load_materials()
        >>> library["clay-brick"].density_kg_m3
        1800.0
        >>> library["clay-brik"]
        Traceback (most recent call last):
        ...
        reference.errors.UnknownMaterialError: No such material: clay-brik. Did you mean: clay-brick, ...?
    """

    def __init__(self, materials: Iterable[Material]) -> None:
        self._materials = {material.material_id: material for material in materials}
        self._by_family: dict[str, list[Material]] = {}
        for material in self._materials.values():
            self._by_family.setdefault(material.family, []).append(material)

    def __getitem__(self, material_id: str) -> Material:
        try:
            return self._materials[material_id]
        except KeyError:
            raise UnknownMaterialError([material_id], self.similar(material_id)) from None

    @overload
    def get(self, key: str, /) -> Material | None: ...
    @overload
    def get(self, key: str, /, default: T) -> Material | T: ...
    def get(self, key: str, /, default: object = None) -> object:
        """The material or `default`, without looking for similar ids."""
        return self._materials.get(key, default)

    def __iter__(self) -> Iterator[str]:
        return iter(self._materials)

    def __len__(self) -> int:
        return len(self._materials)

    # A library never changes, so it is compared and hashed by identity; comparing all records would be slow.
    __hash__ = object.__hash__

    def __eq__(self, other: object) -> bool:
        return self is other

    def __contains__(self, material_id: object) -> bool:
        return material_id in self._materials

    def similar(self, material_id: str, limit: int = 3) -> tuple[str, ...]:
        """Ids of similar spelling, best first; may be empty."""
        return tuple(difflib.get_close_matches(str(material_id), self._materials, n=limit, cutoff=0.6))

    @property
    def families(self) -> tuple[str, ...]:
        """Ids of the families that have a material."""
        return tuple(self._by_family)

    def by_family(self, family: str) -> tuple[Material, ...]:
        """Materials of one family, the default first.

        Raises:
            UnknownMaterialError: no material has this family.
        """
        if family not in self._by_family:
            raise UnknownMaterialError([family], difflib.get_close_matches(family, self._by_family, n=3))
        return tuple(sorted(self._by_family[family], key=lambda item: item.material_id != family))

    def default_for(self, family: str) -> Material:
        """The material to take when only the family is known.

        Raises:
            UnknownMaterialError: no such family.
        """
        return self.by_family(family)[0]


def _material(row: Row) -> Material:
    from reference.models import Material

    fields: dict[str, object] = {name: row.text(name) for name in _NEEDED}
    fields |= {name: row.optional_text(name) for name in _TEXTS}
    fields |= {name: row.optional_number(name) for name in _NUMBERS}
    fields |= {
        "names": names_of(row),
        "aliases": tuple(alias for alias in row.values["aliases"].split("|") if alias),
        "stand_in": row.flag("stand_in"),
        "quality_penalty": row.integer("quality_penalty"),
        "service_life_years": row.number("service_life_years"),
    }
    try:
        material = Material.model_validate(fields)
    except ValueError as error:
        raise row.fault("several", str(error)) from error
    if material.family not in load_families():
        raise row.fault("family", f"{material.family!r} is not in families.csv")
    return material


@cache
def load_materials() -> MaterialLibrary:
    """The shipped library, read once per process.

    Raises:
        ReferenceDataError: materials.csv is malformed.

    Example:
        >>> load_materials().default_for("mineral-wool").names["fr"]
        'laine minérale, non précisée'
    """
    return MaterialLibrary(_material(row) for row in read_table("materials.csv"))
