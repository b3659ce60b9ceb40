"""Writes the example models of this folder: `flemish-house.ifc` (IFC4) and `wall-ifc2x3.ifc` (IFC2X3).

Run as ``python make_models.py [FOLDER]``. The output is deterministic: GlobalIds follow from names, dates are
fixed and coordinates are rounded, so a second run writes the same bytes. All dimensions below are in metres;
they are written in the length unit of the model.
"""

from __future__ import annotations

import math
import sys
import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import ifcopenshell
import ifcopenshell.guid
import numpy as np
from ifcopenshell.api import (
    aggregate,
    classification,
    context,
    feature,
    geometry,
    material,
    owner,
    pset,
    root,
    spatial,
    unit,
)
from ifcopenshell.api import type as type_api
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
Point2 = tuple[float, float]
Point3 = tuple[float, float, float]
Layer = tuple[str | None, float]

HOUSE = "flemish-house.ifc"
WALL_2X3 = "wall-ifc2x3.ifc"

_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_DNS, "building-passport.example-models")
_TIME_STAMP = "2025-01-01T00:00:00"
_SECONDS = 1735689600  # the same moment for IfcOwnerHistory
_DIGITS = 6  # of coordinates, in the length unit of the file


def place(x: float, y: float, z: float, axis: Point2 = (1.0, 0.0)) -> Matrix:
    """Placement matrix at a point, local X along the horizontal direction `axis`, local Z up."""
    matrix = np.eye(4)
    matrix[:3, 0] = (axis[0], axis[1], 0.0)
    matrix[:3, 1] = (-axis[1], axis[0], 0.0)
    matrix[:3, 3] = (x, y, z)
    return matrix


def polygon_area(points: Sequence[Point2]) -> float:
    """Area of a simple polygon (shoelace formula)."""
    pairs = zip(points, [*points[1:], points[0]], strict=True)
    return abs(math.fsum(a[0] * b[1] - b[0] * a[1] for a, b in pairs)) / 2


class Model:
    """An IFC file under construction: thin helpers over the ifcopenshell API, metres in, model units out.

    Args:
        schema: IFC4 or IFC2X3.
        to_unit: model length units per metre.
    """

    def __init__(self, schema: str, project: str, to_unit: float) -> None:
        self.file: Any = ifcopenshell.file(schema=schema)
        self.name = project
        self.to_unit = to_unit
        self._materials: dict[str, Any] = {}
        self._keys: dict[int, str] = {}
        self._history = self._owner_history() if schema == "IFC2X3" else None
        self.project = self.root("IfcProject", project)
        length = unit.add_si_unit(self.file, "LENGTHUNIT", prefix="MILLI" if to_unit == 1000 else None)
        units = [length, *(unit.add_si_unit(self.file, u) for u in ("AREAUNIT", "VOLUMEUNIT", "PLANEANGLEUNIT"))]
        mass = unit.add_si_unit(self.file, "MASSUNIT", prefix="KILO")
        metre = unit.add_si_unit(self.file, "LENGTHUNIT") if to_unit != 1 else length
        density = unit.add_derived_unit(self.file, "MASSDENSITYUNIT", None, {mass: 1, metre: -3})
        unit.assign_unit(self.file, units=[*units, mass, density])
        model = context.add_context(self.file, context_type="Model")
        self.body = context.add_context(
            self.file, "Model", context_identifier="Body", target_view="MODEL_VIEW", parent=model
        )

    def _owner_history(self) -> Any:
        person = owner.add_person(self.file, identification="author", family_name="Author", given_name="Example")
        company = owner.add_organisation(self.file, identification="example", name="Example models")
        owner.add_person_and_organisation(self.file, person=person, organisation=company)
        owner.add_application(
            self.file,
            application_developer=company,
            version="1",
            application_full_name="building-passport example models",
            application_identifier="make_models",
        )
        return owner.create_owner_history(self.file)

    # -- solids, in local coordinates -----------------------------------------------------------------

    def _number(self, metres: float) -> float:
        return round(metres * self.to_unit, _DIGITS)

    def _point(self, *metres: float) -> Any:
        return self.file.create_entity("IfcCartesianPoint", [self._number(m) for m in metres])

    def _direction(self, *ratios: float) -> Any:
        return self.file.create_entity("IfcDirection", [round(float(r), 12) + 0.0 for r in ratios])

    def rectangle(self, width: float, height: float, name: str | None = None, corner: bool = True) -> Any:
        """Rectangle profile, its corner (or its centre) in the origin."""
        centre = self._point(width / 2, height / 2) if corner else self._point(0.0, 0.0)
        return self.file.create_entity(
            "IfcRectangleProfileDef",
            ProfileType="AREA",
            ProfileName=name,
            Position=self.file.create_entity("IfcAxis2Placement2D", Location=centre),
            XDim=self._number(width),
            YDim=self._number(height),
        )

    def polygon(self, points: Sequence[Point2], voids: Iterable[Sequence[Point2]] = ()) -> Any:
        """Closed profile through `points`, with holes."""
        inner = [self._polyline(v) for v in voids]
        outer = self._polyline(points)
        if inner:
            return self.file.create_entity(
                "IfcArbitraryProfileDefWithVoids", ProfileType="AREA", OuterCurve=outer, InnerCurves=inner
            )
        return self.file.create_entity("IfcArbitraryClosedProfileDef", ProfileType="AREA", OuterCurve=outer)

    def _polyline(self, points: Sequence[Point2]) -> Any:
        corners = [self._point(*p) for p in points]
        return self.file.create_entity("IfcPolyline", Points=[*corners, corners[0]])

    def extrude(
        self, profile: Any, depth: float, at: Point3 = (0, 0, 0), axis: Point3 = (0, 0, 1), ref: Point3 = (1, 0, 0)
    ) -> Any:
        """Extrusion along `axis`; the profile's first axis lies along `ref`."""
        position = self.file.create_entity(
            "IfcAxis2Placement3D",
            Location=self._point(*at),
            Axis=self._direction(*axis),
            RefDirection=self._direction(*ref),
        )
        return self.file.create_entity(
            "IfcExtrudedAreaSolid",
            SweptArea=profile,
            Position=position,
            ExtrudedDirection=self._direction(0, 0, 1),
            Depth=self._number(depth),
        )

    def box(self, dx: float, dy: float, dz: float, at: Point3 = (0, 0, 0)) -> Any:
        """Box with its lowest corner in `at`."""
        return self.extrude(self.rectangle(dx, dy), dz, at)

    def along_x(self, profile: Any, length: float, at: Point3 = (0, 0, 0)) -> Any:
        """Profile in (y, z), extruded along +X."""
        return self.extrude(profile, length, at, (1, 0, 0), (0, 1, 0))

    def along_y(self, profile: Any, length: float, at: Point3 = (0, 0, 0)) -> Any:
        """Profile in (x, z), from the plane y = `at`.y to y + `length`."""
        return self.extrude(profile, length, (at[0], at[1] + length, at[2]), (0, -1, 0), (1, 0, 0))
