"""What a shape measures: volume, faces and place of one element, whoever computed it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Method = Literal["shape", "kernel"]


@dataclass(frozen=True, slots=True)
class Body:
    """The body of one element, net of its openings, in m, m2, m3.

    Attributes:
        volume_m3: None when the shape encloses nothing.
        side_area_m2: area of the larger vertical face direction, one side.
        plan_area_m2: area of all faces that look upwards.
        closed: every edge of the surface is shared by two faces of opposite direction.
        items: (volume m3, side area m2, plan area m2) of each representation item by its step id, when
            there are several.
        method: ``shape``, computed exactly from the representation, or ``kernel``, from the triangles of
            the ifcopenshell kernel.
        gross_volume_m3: before the openings were taken out; None when not known apart.
        surface_m2: outer surface of the body before openings; None when not known.
        size_m: extent along the element's own axes x, y, z; None when not known.
        low_m, high_m: corners of the box around the body in project coordinates (z upwards); None when not
            known.
    """

    volume_m3: float | None
    side_area_m2: float | None
    plan_area_m2: float | None
    closed: bool
    items: dict[str, tuple[float, float, float]] = field(default_factory=dict)
    method: Method = "shape"
    gross_volume_m3: float | None = None
    surface_m2: float | None = None
    size_m: tuple[float, float, float] | None = None
    low_m: tuple[float, float, float] | None = None
    high_m: tuple[float, float, float] | None = None

    def face_area_m2(self, vertical: bool, layered: bool) -> float | None:
        """Area of the main face: side or plan; of a layered body that of its largest layer, not the sum."""
        if layered and self.items:
            return max(item[1 if vertical else 2] for item in self.items.values()) or None
        return self.side_area_m2 if vertical else self.plan_area_m2
