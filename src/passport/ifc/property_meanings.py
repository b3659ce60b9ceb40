"""What the name of a property or quantity tells: a quantity, a fact, a size, or nothing.

What a name means does not depend on the model, so it is looked up once per process: models of one office use
the same names.
"""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

from passport.ifc.quantity_names import Meaning, QuantityNames, normalised, quantity_names
from passport.ifc.stated_sizes import size_names
from passport.ifc.status import is_status_property

#: Meaning of a name that tells the status of an element.
STATUS = "the status"
#: Meaning of a name that is known, and known not to be a quantity of the body itself.
NOT_THE_BODY = "not the body"
#: Names of properties that state another fact, normalised.
FACTS = frozenset({"isexternal", "loadbearing", "servicelifeduration"})

#: Class of a quantity -> its kind.
QUANTITY_KINDS = {
    "IfcQuantityVolume": "volume",
    "IfcQuantityArea": "area",
    "IfcQuantityLength": "length",
    "IfcQuantityWeight": "weight",
    "IfcQuantityCount": "count",
}
LENGTH_KINDS = frozenset({"length", "width", "height"})
COMPLEX = "complex"

_MEASURED = ("volume", "area", "weight", "length")
#: Names beyond this number are forgotten; a model with so many holds texts for names.
_REMEMBERED = 50_000


class Told(NamedTuple):
    """What the name of a property tells.

    Attributes:
        meaning: a quantity, the name of a fact, `STATUS`, `NOT_THE_BODY`, or None: look at the value's type.
        size: meaning in `size_names.csv`, None for other names.
    """

    meaning: Meaning | str | None
    size: str | None


class Asked(NamedTuple):
    """What a quantity of some class and name is a candidate for; `kind` is `COMPLEX` for a complex one."""

    kind: str
    role: str
    note: str = ""


class PropertyMeanings:
    """Looks names up in a table of quantities and in those of facts and sizes, and remembers the answers.

    Example:
        >>> names = PropertyMeanings(quantity_names())
        >>> names.of("LoadBearing"), names.of_property("Fire rating")
        ('loadbearing', None)
    """

    def __init__(self, names: QuantityNames) -> None:
        self._names = names
        self.known: dict[str, Meaning | str | None] = {}
        self.known_properties: dict[str, Told | None] = {}
        self.known_quantities: dict[tuple[str, str], Asked | None] = {}
        self._guesses: dict[tuple[str, str], Meaning | str | None] = {}

    def of(self, name: str) -> Meaning | str | None:
        """What the name means, the name of a fact, `STATUS`, `NOT_THE_BODY` or None."""
        if name not in self.known:
            _bounded(self.known)
            found = self._names.find(name)
            if found is not None:
                self.known[name] = NOT_THE_BODY if found.role == "none" else found
            else:
                key = normalised(name)
                fact = key if key in FACTS else None
                self.known[name] = STATUS if is_status_property(name) else fact
        return self.known[name]

    def guess(self, name: str, kind: str) -> Meaning | str | None:
        """As `of`, for a name that is not in the table: the one that it is a misspelling of."""
        key = (name, kind)
        if key not in self._guesses:
            _bounded(self._guesses)
            found = self._names.guess(name, kind)
            self._guesses[key] = NOT_THE_BODY if found is not None and found.role == "none" else found
        return self._guesses[key]

    def of_quantity(self, name: str, ifc_class: str) -> Asked | None:
        """What a quantity of this name and class is a candidate for; None where it tells nothing.

        Example:
            >>> PropertyMeanings(quantity_names()).of_quantity("NetSideArea", "IfcQuantityArea").role
            'net-side'
        """
        key = (name, ifc_class)
        if key not in self.known_quantities:
            _bounded(self.known_quantities)
            self.known_quantities[key] = self._asked(name, ifc_class)
        return self.known_quantities[key]

    def _asked(self, name: str, ifc_class: str) -> Asked | None:
        meaning = self.of(name)
        kind = QUANTITY_KINDS.get(ifc_class)
        if meaning is None and kind is not None:
            meaning = self.guess(name, kind)
        if meaning == NOT_THE_BODY:
            return None
        if kind is None:
            return Asked(COMPLEX, "") if ifc_class == "IfcPhysicalComplexQuantity" else None
        if isinstance(meaning, Meaning):
            if kind == "length" and meaning.kind in LENGTH_KINDS:
                kind = meaning.kind
            if kind == meaning.kind:
                return Asked(kind, meaning.role, meaning.note)
        # Only a volume under an unknown name can stand in for a missing one.
        return Asked(kind, "unknown") if kind == "volume" else None

    def of_property(self, name: str) -> Told | None:
        """What a property of this name tells; None where its value need not be looked at."""
        if name not in self.known_properties:
            _bounded(self.known_properties)
            meaning = self.of(name)
            size = size_names().get(normalised(name))
            said = None if meaning == NOT_THE_BODY else meaning
            # Only what is typed as a quantity is worth a second look: most properties are not.
            hopeful = meaning is None and any(self.guess(name, kind) is not None for kind in _MEASURED)
            nothing = said is None and size is None and not hopeful
            self.known_properties[name] = None if nothing else Told(meaning, size)
        return self.known_properties[name]


@cache
def property_meanings() -> PropertyMeanings:
    """Those of the table that ships with the package."""
    return PropertyMeanings(quantity_names())


def _bounded(memo: dict[Any, Any]) -> None:
    if len(memo) >= _REMEMBERED:
        memo.clear()
