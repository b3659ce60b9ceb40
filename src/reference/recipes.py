"""Recipes: what composites are made of.

A model says `reinforced concrete` or `brickwork` and means two materials. A recipe gives the parts with their
shares, low and high, and the source of each; the table is recipes.csv, the kinds of element are in
recipe_elements.csv. Materials that need no recipe, and why, are in recipe_exceptions.csv.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from reference.errors import ReferenceDataError
from reference.materials import load_materials
from reference.tables import Row, read_table

if TYPE_CHECKING:
    from reference.models import Confidence, Material

Basis = Literal["kg_per_m3", "volume_share", "mass_share", "kg_per_m2", "kg_per_m", "kg_per_piece", "rest"]
#: Unit that a recipe counts in, by the basis of its parts.
_UNITS = {
    "kg_per_m3": "m3",
    "volume_share": "m3",
    "rest": "m3",
    "mass_share": "kg",
    "kg_per_m2": "m2",
    "kg_per_m": "m",
    "kg_per_piece": "piece",
}
#: Part that stands for the material a recipe is asked for.
ITSELF = "*"
_FAMILY = "family:"
#: Plain concrete takes the recipes of reinforced concrete where the caller says that it is reinforced.
_PLAIN, _REINFORCED = "concrete", "concrete-reinforced"
_VARIANTS = ("StandardCase", "ElementedCase", "Type", "Style")
_TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class PartQuantity:
    """Mass of one part of a composite.

    Attributes:
        mass_kg, low_kg, high_kg: mass and its range [kg]. The range is that of the recipe; the range of a
            density is not in it.
        volume_m3: volume of the part [m3]; None where the recipe counts by mass alone.
        source_id, confidence: of the figure behind the mass; for the rest, those of the recipe.
    """

    material_id: str
    mass_kg: float
    low_kg: float
    high_kg: float
    volume_m3: float | None
    source_id: str
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class RecipePart:
    """One part of a recipe.

    Attributes:
        material_id: material of the part; "*" is the material that the recipe is asked for.
        basis: unit of `value`, see `Recipe.unit`; "rest" is the volume that the other parts leave.
        value, low, high: amount per unit and its range; None for the rest.
    """

    material_id: str
    basis: Basis
    value: float | None
    low: float | None
    high: float | None
    note: str | None
    confidence: Confidence
    source_id: str


@dataclass(frozen=True, slots=True)
class Recipe:
    """Parts of a composite.

    Attributes:
        applies_to: material ids, or "family:" and a family; empty for a recipe that is asked for by its id.
        element: kind of element such as "beam"; "any" where the material alone decides; empty by id.
        unit: what the parts are counted per: "m3", "m2", "m", "piece" or "kg".

    Example:
        >>> recipe = recipe_for("concrete-reinforced", "IfcSlab")
        >>> [(part.material_id, round(part.mass_kg, 1)) for part in recipe.parts(volume_m3=2.0)]
        [('steel-reinforcement', 200.0), ('concrete', 4659.9)]
    """

    recipe_id: str
    name: str
    applies_to: tuple[str, ...]
    element: str
    ingredients: tuple[RecipePart, ...]

    @property
    def unit(self) -> str:
        """What the parts are counted per."""
        return _UNITS[self.ingredients[0].basis]

    def of(self, material_id: str) -> Recipe:
        """This recipe with `material_id` in the place of "*"."""
        parts = tuple(
            replace(part, material_id=material_id) if part.material_id == ITSELF else part
            for part in self.ingredients
        )
        return replace(self, ingredients=parts)

    def with_part(self, old: str, new: str) -> Recipe:
        """This recipe with material `new` in the place of `old`."""
        parts = tuple(
            replace(part, material_id=new) if part.material_id == old else part for part in self.ingredients
        )
        return replace(self, ingredients=parts)

    @property
    def bulk_density_kg_m3(self) -> float | None:
        """Mass of one m3 of the whole [kg/m3]; None for a recipe that does not count by volume."""
        if self.unit != "m3":
            return None
        return sum(mass for mass, _ in self._amounts([part.value for part in self.ingredients], 1.0))

    def parts(
        self,
        *,
        volume_m3: float | None = None,
        area_m2: float | None = None,
        length_m: float | None = None,
        pieces: float | None = None,
        mass_kg: float | None = None,
    ) -> tuple[PartQuantity, ...]:
        """Masses of the parts of one quantity of the whole, in the order of the recipe.

        Without `mass_kg` the whole weighs what its parts weigh. With it the parts sum to that mass: what is
        told in kg per m3 stays (reinforcement is counted by its rate), and the others share what is left. A
        volume that is not given follows from the mass.

        Args:
            volume_m3, area_m2, length_m, pieces: of the whole; the one in the unit of the recipe is needed.
            mass_kg: of the whole where it is known, as stated or from its own density.

        Raises:
            ValueError: the quantity in the unit of the recipe is missing or not positive, a part has no
                density, or the parts that are told in kg per m3 weigh more than the whole.
        """
        given = {"m3": volume_m3, "m2": area_m2, "m": length_m, "piece": pieces, "kg": mass_kg}
        for unit, number in given.items():
            if number is not None and not 0.0 < number < float("inf"):
                raise ValueError(f"{self.recipe_id}: the quantity in {unit} is {number}, it must be positive")
        quantity = given[self.unit]
        if quantity is None and mass_kg is not None and self.bulk_density_kg_m3:
            quantity = mass_kg / self.bulk_density_kg_m3
        if quantity is None:
            raise ValueError(f"{self.recipe_id}: the quantity in {self.unit} is needed")
        middle = self._fitted([part.value for part in self.ingredients], quantity, mass_kg)
        return tuple(
            self._part(index, middle[index], quantity, mass_kg) for index in range(len(self.ingredients))
        )

    def _part(
        self, index: int, middle: tuple[float, float | None], quantity: float, mass_kg: float | None
    ) -> PartQuantity:
        """One part with the range that it has when its own figure, or for the rest all others, move."""
        part = self.ingredients[index]
        masses = [middle[0]]
        for bound in (_low, _high):
            values = [
                bound(other) if (part.basis == "rest" or other is part) else other.value
                for other in self.ingredients
            ]
            masses.append(self._fitted(values, quantity, mass_kg)[index][0])
        source = self._anchor if part.basis == "rest" else part
        return PartQuantity(
            part.material_id,
            middle[0],
            min(masses),
            max(masses),
            middle[1],
            source.source_id,
            source.confidence,
        )

    @property
    def _anchor(self) -> RecipePart:
        """The part whose figure decides over the rest."""
        return next(part for part in self.ingredients if part.basis != "rest")

    def _fitted(
        self, values: list[float | None], quantity: float, mass_kg: float | None
    ) -> list[tuple[float, float | None]]:
        """Mass [kg] and volume [m3] of each part, scaled to `mass_kg` when that is given."""
        amounts = self._amounts(values, quantity)
        if mass_kg is None or self.unit == "kg":
            return amounts
        fixed = sum(
            mass
            for part, (mass, _) in zip(self.ingredients, amounts, strict=True)
            if part.basis == "kg_per_m3"
        )
        free = sum(mass for mass, _ in amounts) - fixed
        if free <= 0.0 or mass_kg <= fixed:
            raise ValueError(
                f"{self.recipe_id}: its fixed parts weigh {fixed:.6g} kg, the whole only {mass_kg:.6g} kg"
            )
        factor = (mass_kg - fixed) / free
        return [
            (mass if part.basis == "kg_per_m3" else mass * factor, volume)
            for part, (mass, volume) in zip(self.ingredients, amounts, strict=True)
        ]

    def _amounts(self, values: list[float | None], quantity: float) -> list[tuple[float, float | None]]:
        """Mass [kg] and volume [m3] of each part before any scaling."""
        if self.unit != "m3":
            numbers = [value or 0.0 for value in values]
            # Shares by mass stay shares when one of them moves in its range.
            total = sum(numbers) if self.unit == "kg" else 1.0
            return [(number / total * quantity, None) for number in numbers]
        volumes = [
            None if value is None else self._volume(part, value) * quantity
            for part, value in zip(self.ingredients, values, strict=True)
        ]
        left = quantity - sum(volume for volume in volumes if volume is not None)
        return [
            (
                value * quantity
                if part.basis == "kg_per_m3" and value is not None
                else (left if volume is None else volume) * self._density(part.material_id),
                left if volume is None else volume,
            )
            for part, value, volume in zip(self.ingredients, values, volumes, strict=True)
        ]

    def _volume(self, part: RecipePart, value: float) -> float:
        """Volume of a part in 1 m3 of the whole [m3]."""
        return value if part.basis == "volume_share" else value / self._density(part.material_id)

    def _density(self, material_id: str) -> float:
        if material_id == ITSELF:
            raise ValueError(f"{self.recipe_id}: say with `of` which material stands for *")
        density = load_materials()[material_id].density_kg_m3
        if density is None:
            raise ValueError(f"{self.recipe_id}: {material_id} has no density")
        return density


def _low(part: RecipePart) -> float | None:
    return part.low


def _high(part: RecipePart) -> float | None:
    return part.high


def recipe_for(
    material_id: str,
    ifc_class: str = "",
    *,
    predefined_type: str = "",
    is_reinforced: bool | None = None,
) -> Recipe | None:
    """The recipe of a material in an element, None where it is no composite or must not be split.

    A recipe for the id comes before one for the family, and one for the kind of element before one for any.

    Args:
        material_id: material of the library.
        ifc_class: of the element, or of its type; "" when unknown.
        predefined_type: of the element, such as "BASESLAB".
        is_reinforced: whether reinforcement is to be split off. None: as the material says; True: for plain
            concrete too, with the grade kept; False: never, for a model that draws its own bars.

    Raises:
        UnknownMaterialError: the library does not hold the material.

    Example:
        >>> recipe_for("clay-brick-clinker").ingredients[1].material_id
        'clay-brick-clinker'
        >>> recipe_for("concrete-precast", "IfcWall") is None
        True
        >>> recipe_for("concrete-c25-30", "IfcColumn", is_reinforced=True).recipe_id
        'reinforced-concrete-column'
    """
    material = load_materials()[material_id]
    if _exception(material):
        return None
    concrete = material.family in (_PLAIN, _REINFORCED)
    if concrete and is_reinforced is False:
        return None
    if material.family == _PLAIN:
        if not is_reinforced:
            return None
        found = _best((f"{_FAMILY}{_REINFORCED}",), ifc_class, predefined_type)
        return None if found is None else found.with_part(_PLAIN, material_id)
    found = _best((material_id, f"{_FAMILY}{material.family}"), ifc_class, predefined_type)
    return None if found is None else found.of(material_id)


def why_no_recipe(material_id: str) -> str | None:
    """Why a composite is not split, in words; None where nothing is said.

    Raises:
        UnknownMaterialError: the library does not hold the material.

    Example:
        >>> why_no_recipe("clay-paver")
        'laid loose in sand, without mortar'
    """
    return _exception(load_materials()[material_id])


def element_of(ifc_class: str, predefined_type: str = "") -> str:
    """Kind of element of an IFC class; "any" for one that is not in recipe_elements.csv.

    Example:
        >>> element_of("IfcWallStandardCase"), element_of("IfcSlab", "BASESLAB")
        ('wall', 'raft')
    """
    name = base_class(ifc_class)
    elements = _elements()
    return elements.get((name, predefined_type.upper())) or elements.get((name, "any"), "any")


def base_class(ifc_class: str) -> str:
    """An IFC class without its variants: IfcWallStandardCase and IfcWallType are IfcWall."""
    for ending in _VARIANTS:
        ifc_class = ifc_class.removesuffix(ending)
    return ifc_class


def _exception(material: Material) -> str | None:
    reasons = _exceptions()
    return reasons.get(material.material_id) or reasons.get(f"{_FAMILY}{material.family}")


def _best(targets: Iterable[str], ifc_class: str, predefined_type: str) -> Recipe | None:
    element = element_of(ifc_class, predefined_type)
    recipes = _by_target()
    for target in targets:
        for kind in (element, "any"):
            if (target, kind) in recipes:
                return recipes[target, kind]
    return None


@cache
def load_recipes() -> Mapping[str, Recipe]:
    """Recipes by id, read once per process.

    Raises:
        ReferenceDataError: recipes.csv is malformed, or the parts of a recipe do not close.

    Example:
        >>> load_recipes()["partition-metal-stud"].unit
        'm2'
    """
    groups: dict[str, list[Row]] = {}
    for row in read_table("recipes.csv"):
        groups.setdefault(row.text("recipe_id"), []).append(row)
    return MappingProxyType({recipe_id: _recipe(rows) for recipe_id, rows in groups.items()})


def _recipe(rows: list[Row]) -> Recipe:
    head = rows[0]
    for row in rows[1:]:
        for field in ("name_en", "applies_to", "element"):
            if row.values[field] != head.values[field]:
                raise row.fault(field, f"differs from row {head.line} of the same recipe")
    recipe = Recipe(
        head.text("recipe_id"),
        head.text("name_en"),
        tuple(filter(None, head.values["applies_to"].split("|"))),
        head.values["element"],
        tuple(_ingredient(row) for row in rows),
    )
    if bool(recipe.applies_to) != bool(recipe.element):
        raise head.fault("element", "goes with applies_to")
    if problem := closing_problem(recipe.ingredients):
        raise head.fault("basis", problem)
    return recipe


def _ingredient(row: Row) -> RecipePart:
    from pydantic import TypeAdapter

    from reference.models import Confidence

    basis = row.text("basis")
    if basis not in _UNITS:
        raise row.fault("basis", f"{basis!r} is not one of {', '.join(_UNITS)}")
    value, low, high = (row.optional_number(name) for name in ("value", "low", "high"))
    if basis == "rest":
        if value is not None or low is not None or high is not None:
            raise row.fault("value", "the rest has no figure of its own")
    elif value is None or low is None or high is None or not 0.0 <= low <= value <= high:
        raise row.fault("value", "needs 0 <= low <= value <= high")
    material_id = row.text("part_material_id")
    if material_id != ITSELF and material_id not in load_materials():
        raise row.fault("part_material_id", f"{material_id!r} is not in materials.csv")
    try:
        confidence: Confidence = TypeAdapter(Confidence).validate_python(row.text("confidence"))
    except ValueError as error:
        raise row.fault("confidence", str(error)) from error
    return RecipePart(
        material_id,
        basis,  # type: ignore[arg-type]
        value,
        low,
        high,
        row.optional_text("note"),
        confidence,
        row.text("source_id"),
    )


def closing_problem(parts: Iterable[RecipePart]) -> str | None:
    """What is wrong with the sum of the parts of a recipe, None when they make up one whole."""
    parts = tuple(parts)
    if len({_UNITS[part.basis] for part in parts}) != 1:
        return "the parts count in different units"
    rests = sum(part.basis == "rest" for part in parts)
    volumes = any(_UNITS[part.basis] == "m3" for part in parts)
    shares: Callable[[str], float] = lambda name: sum(  # noqa: E731
        getattr(part, name) or 0.0 for part in parts if part.basis in ("volume_share", "mass_share")
    )
    if rests > 1 or rests == len(parts):
        return "there is one rest at most, beside another part"
    if parts[0].basis == "mass_share" and abs(shares("value") - 1.0) > _TOLERANCE:
        return f"shares sum to {shares('value'):.6g}, not to 1"
    if not volumes:
        return None
    if not rests:
        if any(part.basis == "kg_per_m3" for part in parts):
            return "parts in kg per m3 need a rest that fills the volume"
        if abs(shares("value") - 1.0) > _TOLERANCE:
            return f"shares sum to {shares('value'):.6g}, not to 1"
        return None
    # Steel in concrete is 1 to 6 % of the volume; nothing told in kg per m3 is lighter than water here.
    bound = shares("high") + sum((part.high or 0.0) / 1000.0 for part in parts if part.basis == "kg_per_m3")
    return f"no volume is left for the rest: the others fill up to {bound:.6g}" if bound >= 1.0 else None


@cache
def _by_target() -> Mapping[tuple[str, str], Recipe]:
    out: dict[tuple[str, str], Recipe] = {}
    for recipe in load_recipes().values():
        for target in recipe.applies_to:
            if (target, recipe.element) in out:
                raise ReferenceDataError(
                    f"recipes.csv: {target} in element {recipe.element} has the recipes "
                    f"{out[target, recipe.element].recipe_id} and {recipe.recipe_id}."
                )
            out[target, recipe.element] = recipe
    return out


@cache
def _elements() -> Mapping[tuple[str, str], str]:
    return {
        (row.text("ifc_class"), row.text("predefined_type")): row.text("element")
        for row in read_table("recipe_elements.csv")
    }


@cache
def _exceptions() -> Mapping[str, str]:
    return {row.text("applies_to"): row.text("reason") for row in read_table("recipe_exceptions.csv")}
