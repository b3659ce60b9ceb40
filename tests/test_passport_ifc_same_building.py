"""One building written in any units and any schema gives one passport."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ifc_builders import TinyModel
from passport import read_ifc
from passport.models import Passport

_FOOT = 0.3048
_SCHEMAS = ("IFC2X3", "IFC4", "IFC4X3")
_SI_NAMES = {"length": "METRE", "area": "SQUARE_METRE", "volume": "CUBIC_METRE"}
_POWERS = {"length": 1, "area": 2, "volume": 3}
_PREFIXES = {
    None: 1.0,
    "KILO": 1e3,
    "HECTO": 1e2,
    "DECA": 1e1,
    "DECI": 1e-1,
    "CENTI": 1e-2,
    "MILLI": 1e-3,
    "MICRO": 1e-6,
}


@dataclass(frozen=True)
class _Unit:
    """An SI unit with a prefix, or a conversion based unit of `factor` (prefixed) SI units.

    Attributes:
        base_prefix: prefix of the SI unit that a conversion based unit is made of.
    """

    prefix: str | None = None
    factor: float | None = None
    base_prefix: str | None = None

    def to_si(self, kind: str) -> float:
        """The prefix is part of the named unit: MILLI CUBIC_METRE is (mm)3."""
        prefix = self.prefix if self.factor is None else self.base_prefix
        power = _POWERS.get(kind, 1)
        base = _PREFIXES[prefix] ** power * (1e-3 if kind == "mass" else 1.0)
        return base if self.factor is None else self.factor * base

    def entity(self, model: TinyModel, kind: str) -> Any:
        name, unit_type = _SI_NAMES.get(kind, "GRAM"), f"{kind.upper()}UNIT"
        if self.factor is None:
            return model.si_unit(unit_type, name, self.prefix)
        f = model.file
        measure = f.create_entity(
            "IfcMeasureWithUnit",
            f.create_entity(f"Ifc{kind.capitalize()}Measure", self.factor),
            model.si_unit(unit_type, name, self.base_prefix),
        )
        lengths, masses = (0, 1) if kind == "mass" else (_POWERS[kind], 0)
        exponents = f.create_entity("IfcDimensionalExponents", lengths, masses, 0, 0, 0, 0, 0)
        return f.create_entity("IfcConversionBasedUnit", exponents, unit_type, f"own {kind}", measure)


@dataclass(frozen=True)
class _Writing:
    """How the building is written: project units, and units on single quantities of some kinds."""

    length: _Unit = _Unit()
    area: _Unit = _Unit()
    volume: _Unit = _Unit()
    mass: _Unit = _Unit("KILO")
    own_area: _Unit | None = None
    own_volume: _Unit | None = None
    own_length: _Unit | None = None
    own_mass: _Unit | None = None


class _Writer:
    """Numbers in SI in, numbers in the units of the writing out."""

    def __init__(self, schema: str, writing: _Writing) -> None:
        self.model = TinyModel(schema)
        self.writing = writing
        kinds = ("length", "area", "volume", "mass")
        self.model.assign_units(*(getattr(writing, k).entity(self.model, k) for k in kinds))
        self._own = {
            k: (u, u.entity(self.model, k)) for k in kinds if (u := getattr(writing, f"own_{k}")) is not None
        }

    def length(self, metres: float) -> float:
        return metres / self.writing.length.to_si("length")

    def lengths(self, *metres: float) -> tuple[float, ...]:
        return tuple(self.length(m) for m in metres)

    def quantity(self, kind: str, name: str, value: float) -> Any:
        measured = "mass" if kind == "Weight" else kind.lower()
        unit, entity = self._own.get(measured, (None, None))
        unit = unit or getattr(self.writing, measured)
        return self.model.quantity(kind, name, value / unit.to_si(measured), entity)


def _house(schema: str, writing: _Writing) -> TinyModel:
    """Two walls with layers, one with a window in its opening; slab, column, beam by weight, room.

    The profile of the column is drawn: profile sets and constituents are not in every schema.
    """
    w = _Writer(schema, writing)
    m, q, k = w.model, w.quantity, w.lengths
    m.storey.Elevation = w.length(0.5)
    leaf, insulation, inner = "gevelsteen", "minerale wol", "snelbouwsteen"
    wall = m.element("IfcWallStandardCase", "front")
    back = m.element("IfcWall", "back")
    for one in (wall, back):
        sides = zip((leaf, insulation, inner), k(0.1, 0.12, 0.14), strict=True)
        m.associate(m.layers(*sides), one)
    m.box(wall, *k(6.0, 0.36, 2.7))
    hole = m.opening(wall, *k(1.2, 0.36, 1.5), at=k(2.0, 0.0, 0.9))
    window = m.element("IfcWindow", "window", OverallWidth=w.length(1.2), OverallHeight=w.length(1.5))
    m.fill(hole, window)
    m.associate("naaldhout", window)
    m.quantity_set(
        wall,
        "BaseQuantities",
        q("Volume", "NetVolume", (6.0 * 2.7 - 1.8) * 0.36),
        q("Volume", "GrossVolume", 6.0 * 2.7 * 0.36),
        q("Area", "NetSideArea", 6.0 * 2.7 - 1.8),
        q("Length", "Length", 6.0),
        q("Length", "Width", 0.36),
        q("Length", "Height", 2.7),
    )
    m.quantity_set(back, "BaseQuantities", q("Area", "NetSideArea", 16.2), q("Length", "Length", 6.0))
    m.properties(back, "Phasing", **{"Renovation Status": ("IfcLabel", "Existing")})
    slab = m.element("IfcSlab", "slab", PredefinedType="FLOOR")
    m.associate(m.layers(("beton", w.length(0.2)), ("chape", w.length(0.06))), slab)
    m.box(slab, *k(6.0, 5.0, 0.26), at=k(0.0, 0.0, -0.26))
    m.quantity_set(
        slab,
        "BaseQuantities",
        q("Volume", "NetVolume", 7.8),
        q("Area", "NetArea", 30.0),
        q("Length", "Width", 0.26),
    )
    column = m.element("IfcColumn", "column")
    m.associate("beton C30/37", column)
    m.box(column, *k(0.3, 0.3, 2.7), at=k(3.0, 2.0, 0.0))
    beam = m.element("IfcBeam", "beam")
    m.associate("staal S235", beam)
    m.quantity_set(beam, "BaseQuantities", q("Weight", "NetWeight", 250.0), q("Length", "Length", 6.0))
    wrong = m.element("IfcSlab", "wrong")
    m.associate("beton", wrong)
    m.box(wrong, *k(2.0, 2.0, 0.2), at=k(0.0, 8.0, -0.2))
    # A thousand times too large in whatever unit: the same finding everywhere.
    m.quantity_set(wrong, "BaseQuantities", q("Volume", "NetVolume", 800.0))
    room = m.root("IfcSpace", Name="room", CompositionType="ELEMENT")
    m.aggregate(m.storey, room)
    m.box(room, *k(5.28, 4.28, 2.7), at=k(0.36, 0.36, 0.0))
    m.quantity_set(
        room, "BaseQuantities", q("Area", "GrossFloorArea", 22.5984), q("Volume", "GrossVolume", 61.01568)
    )
    return m


def _facts(house: Passport) -> dict[str, Any]:
    """What must be the same, with every number that depends on a unit."""
    facts: dict[str, Any] = {
        "floor area": house.floor_area_m2.value,
        "floor area origin": house.floor_area_m2.origin,
        "mass": house.mass_kg(),
        "storeys": tuple(s.elevation_m for s in house.storeys),
        "findings": tuple(sorted((f.code, f.severity, f.global_id or "") for f in house.findings)),
    }
    built = house.building_volume_m3
    facts["volume"] = None if built is None else (built.value_m3, built.lower_m3, built.upper_m3)
    for e in house.elements:
        facts[e.name] = (e.volume_m3, e.area_m2, e.length_m, e.mass_kg, e.status, e.storey)
        facts[f"{e.name}: portions"] = tuple(
            (p.name, p.material_id, p.share, p.thickness_m, p.volume_m3, p.mass_kg) for p in e.portions
        )
        facts[f"{e.name}: quantities"] = tuple(
            sorted((q.kind, q.origin, q.chosen, q.grade or "", q.value) for q in e.quantities)
        )
    return facts


def _same(one: Any, other: Any, place: str = "") -> None:
    """Equal, and numbers equal within 1e-9 of their size."""
    if isinstance(one, dict):
        assert one.keys() == other.keys(), place
        for key in one:
            _same(one[key], other[key], f"{place}/{key}")
    elif isinstance(one, tuple):
        assert len(one) == len(other), (place, one, other)
        for i, (a, b) in enumerate(zip(one, other, strict=True)):
            _same(a, b, f"{place}/{i}")
    elif isinstance(one, float) and isinstance(other, float):
        assert math.isclose(one, other, rel_tol=1e-9), (place, one, other)
    else:
        assert one == other, (place, one, other)


def _read(schema: str, writing: _Writing, geometry: Literal["auto", "never"]) -> dict[str, Any]:
    with TemporaryDirectory() as folder:
        return _facts(read_ifc(_house(schema, writing).save(Path(folder)), geometry=geometry))


_METRES = _Writing()
_MILLI = _Unit("MILLI")
_FEET = {"length": _FOOT, "area": _FOOT**2, "volume": _FOOT**3}


def _feet(kind: str) -> _Unit:
    return _Unit(None, _FEET[kind])


#: Every combination of length, area and volume in metres, millimetres and feet.
_COMBINATIONS = {
    "-".join(names): _Writing(
        **{  # type: ignore[arg-type]
            kind: {"m": _Unit(), "mm": _MILLI, "ft": _feet(kind)}[name]
            for kind, name in zip(_POWERS, names, strict=True)
        }
    )
    for names in itertools.product(("m", "mm", "ft"), repeat=3)
}
_COMBINATIONS["metres, single quantities in mm"] = _Writing(
    own_area=_MILLI, own_volume=_MILLI, own_length=_MILLI, own_mass=_Unit(None)
)
_COMBINATIONS["millimetres, single quantities in feet"] = _Writing(
    _MILLI, _MILLI, _MILLI, _Unit(None), _feet("area"), _feet("volume"), _feet("length"), _Unit("KILO")
)
_COMBINATIONS["inches on a millimetre"] = _Writing(_Unit(None, 25.4, "MILLI"), _Unit(None, 645.16, "MILLI"))


@pytest.fixture(scope="module", params=["auto", "never"])
def in_metres(request: pytest.FixtureRequest) -> tuple[Literal["auto", "never"], dict[str, Any]]:
    """The facts of the house in metres and IFC4, with and without geometry."""
    return request.param, _read("IFC4", _METRES, request.param)


def test_the_house_in_metres_is_what_was_written() -> None:
    facts = _read("IFC4", _METRES, "auto")
    assert facts["front"][:3] == (pytest.approx(14.4 * 0.36), pytest.approx(14.4), pytest.approx(6.0))
    assert facts["back"][0] == pytest.approx(16.2 * 0.36)
    assert facts["slab"][:2] == (pytest.approx(7.8), pytest.approx(30.0))
    assert facts["column"][0] == pytest.approx(0.243)
    assert facts["beam"][3] == pytest.approx(250.0)
    assert facts["wrong"][0] == pytest.approx(0.8)
    assert facts["window"][1] == pytest.approx(1.8)
    assert facts["storeys"] == (0.5,)
    assert [p[4] for p in facts["slab: portions"]] == [pytest.approx(6.0), pytest.approx(1.8)]


@pytest.mark.parametrize("schema", _SCHEMAS)
@pytest.mark.parametrize("units", _COMBINATIONS)
def test_the_same_building_in_other_units_and_another_schema_is_the_same_passport(
    units: str, schema: str, in_metres: tuple[Literal["auto", "never"], dict[str, Any]]
) -> None:
    geometry, expected = in_metres
    _same(_read(schema, _COMBINATIONS[units], geometry), expected)


_prefixed = st.builds(_Unit, st.sampled_from(list(_PREFIXES)))
_converted = st.builds(
    _Unit,
    st.none(),
    st.floats(1e-3, 1e3).map(lambda f: float(f"{f:.6g}")),
    st.sampled_from([None, "CENTI", "MILLI"]),
)
_units = st.one_of(_prefixed, _converted)
_writings = st.builds(_Writing, *[_units] * 4, *[st.one_of(st.none(), _units)] * 4)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(writing=_writings, schema=st.sampled_from(_SCHEMAS))
def test_no_assignment_of_units_changes_the_passport(
    writing: _Writing, schema: str, in_metres: tuple[Literal["auto", "never"], dict[str, Any]]
) -> None:
    geometry, expected = in_metres
    _same(_read(schema, writing, geometry), expected)
