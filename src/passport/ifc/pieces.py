"""Classes that are counted by the piece, and bodies of them that are drawn as a full block."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from passport.ifc.body import Body
from passport.models import Origin, Quantity


@dataclass(frozen=True, slots=True)
class PieceClass:
    """A row of `piece_classes.csv`.

    Attributes:
        group: window, door, curtain wall, pipe, duct, cable carrier, cable, flow, railing or piece.
        full_above: a body that fills more of its box than this is drawn as a block; None: not judged so.
        min_side_m: boards and panels, thinner than this, may fill their box.
    """

    group: str
    full_above: float | None
    min_side_m: float


@cache
def piece_classes() -> dict[str, PieceClass]:
    """IFC class -> its row; subclasses of a class belong to it unless they have their own row."""
    text = files("passport.ifc").joinpath("piece_classes.csv").read_text(encoding="utf-8")
    return {
        row["ifc_class"]: PieceClass(
            row["group"],
            float(row["full_above"]) if row["full_above"] else None,
            float(row["min_side_m"]) if row["min_side_m"] else 0.0,
        )
        for row in csv.DictReader(text.splitlines())
    }


def piece_class(entity: Any, kind: Any = None) -> PieceClass | None:
    """Row of an element: by the class of its type where that says more, by its own class, by a superclass.

    Args:
        entity: the element.
        kind: its type or None; in IFC2X3 only the type tells a pipe from a duct.
    """
    classes = piece_classes()
    if kind is not None:
        said = kind.is_a().removesuffix("Type").removesuffix("Style")
        if said in classes:
            return classes[said]
    own = classes.get(entity.is_a())
    if own is not None:
        return own
    return next((row for name, row in classes.items() if entity.is_a(name)), None)


def count_quantity(ifc_class: str) -> Quantity:
    """The element itself as a quantity: one piece.

    Example:
        >>> count_quantity("IfcDoor").value
        1.0
    """
    return Quantity(
        "count",
        1.0,
        "1",
        Origin.OCCURRENCE,
        ifc_class,
        True,
        "the element itself is one piece",
        "B",
    )


def drawn_as_block(row: PieceClass, body: Body | None) -> bool | None:
    """Whether the body is a block around the thing; None when the body does not tell.

    Example:
        >>> drawn_as_block(PieceClass("piece", 0.5, 0.08), Body(0.5, None, None, True, size_m=(1, 1, 0.5)))
        True
    """
    if row.full_above is None or body is None or body.size_m is None or body.volume_m3 is None:
        return None
    x, y, z = body.size_m
    if x * y * z <= 0:
        return None
    return body.volume_m3 / (x * y * z) > row.full_above and min(x, y, z) > row.min_side_m
