"""The digital building passport: typed, frozen, saved as JSON.

Everything after reading works from these models, without IFC and without ifcopenshell. All quantities are
SI (m, m2, m3, kg); a figure that is not known is null, never 0.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from passport.errors import PassportFileError
from passport.findings import Findings
from reference.vocabulary import BuildingType
from reference.writing import replacing

SCHEMA_VERSION: Literal["1.0"] = "1.0"

_Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
_Share = Annotated[float, Field(ge=0, le=1)]
_NotNegative = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class Status(StrEnum):
    """PEnum_ElementStatus of IFC, as far as it changes what is counted."""

    NEW = "new"
    EXISTING = "existing"
    DEMOLISH = "demolish"
    TEMPORARY = "temporary"
    #: Not in IFC: a product with an earlier life, built in again.
    REUSED = "reused"
    UNKNOWN = "unknown"


class Origin(StrEnum):
    """Where a quantity comes from."""

    QUANTITY_SET = "quantity set"
    PROPERTY_SET = "property set"
    LAYERS = "layers"
    PROFILE = "profile"
    GEOMETRY = "geometry"
    #: The element itself: one piece.
    OCCURRENCE = "occurrence"


#: What a passport has thousands of are dataclasses and not pydantic models: a tenth of the memory, and they
#: are made from checked values. Pydantic validates them all the same when a saved passport is loaded.
_STRICT = ConfigDict(extra="forbid")


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


@dataclass(frozen=True, slots=True)
class Quantity:
    """One candidate for a quantity of an element, chosen or not.

    Attributes:
        kind: volume, area, length, width, height, weight or count.
        value: in `unit` (m3, m2, m, kg or 1).
        origin: how it is known; `source` names the set and the quantity.
        chosen: whether the passport uses it; `reason` says why or why not.
        grade: A confirmed, B one sound source, C derived or corrected, D doubtful; null when not chosen. The
            table is at the top of `passport.ifc.quantities`.
    """

    __pydantic_config__ = _STRICT

    kind: Literal["volume", "area", "length", "width", "height", "weight", "count"]
    value: float
    unit: Literal["m3", "m2", "m", "kg", "1"]
    origin: Origin
    source: str
    chosen: bool
    reason: str
    grade: Literal["A", "B", "C", "D"] | None = None


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another material that a name may mean, with the probability that it does."""

    __pydantic_config__ = _STRICT

    material_id: str
    score: float


@dataclass(frozen=True, slots=True)
class Portion:
    """One material in one element.

    Attributes:
        name: material name as the model has it; empty when the element has no material.
        use: class of the element, which together with the name identifies a row of a mapping file.
        layer: name of the layer or constituent, where the model gives one.
        material_id: id in the material library, null when unknown.
        family: family of the material, ``unknown`` when unknown.
        score: probability that the match is right, 0-1; null when there is no match.
        reason: why this material was taken, or why none was.
        step: how it was found: ``exact``, ``term``, ``code``, ``rule``, ``evidence`` or ``fuzzy`` by the
            matcher, ``mapping`` by a person, ``assumption`` where the model states no material, or ``none``.
        proposal: id that the matcher proposes where a person decided; null otherwise.
        alternatives: other materials that the name may mean, most likely first.
        share: share of the element's volume, 0-1.
        share_origin: ``whole``, ``layers``, ``profiles``, ``fraction``, ``fraction by weight``, ``widths``,
            ``geometry``, ``lining properties``, ``glazing fraction``, ``frame default (assumed)``, ``wall
            thickness``, ``wall default (assumed)`` or ``equal shares (assumed)``.
        share_low, share_high: bounds of an assumed share, null when it is stated; the mass lies between
            mass x share_low / share and mass x share_high / share. Where the volume itself is assumed, the
            upper bound may exceed 1.
        thickness_m: layer thickness.
        volume_m3, density_kg_m3, mass_kg: null when unknown.
        density_origin: ``model`` or ``library``.
        service_life_years: of this portion alone, where it is known; else that of the element or application.
    """

    __pydantic_config__ = _STRICT

    name: str
    use: str = ""
    layer: str = ""
    position: int = 0
    category: str = ""
    material_id: str | None = None
    family: str = "unknown"
    score: float | None = None
    reason: str = ""
    step: str = ""
    proposal: str | None = None
    alternatives: tuple[Alternative, ...] = ()
    share: _Share | None = None
    share_origin: str = ""
    share_low: _NotNegative | None = None
    share_high: _NotNegative | None = None
    thickness_m: _Positive | None = None
    volume_m3: _Positive | None = None
    density_kg_m3: _Positive | None = None
    density_origin: str = ""
    mass_kg: float | None = None
    mass_origin: str = ""
    service_life_years: _Positive | None = None


@dataclass(frozen=True, slots=True)
class Classification:
    """A code of a classification system such as BB/SfB, NL-SfB or Uniclass."""

    __pydantic_config__ = _STRICT

    system: str
    code: str
    name: str = ""


#: How firmly two parts are joined: classes of detachability (DGBC), from easy to hard to undo.
JointClass = Literal["dry", "added elements", "direct integral", "soft chemical", "hard chemical"]
#: What a connection is: of a filling to its host, a covering to what it covers, and so on.
ConnectionKind = Literal[
    "fills", "covers", "joined", "path", "realized", "port", "interferes", "lies on", "touches", "near"
]


@dataclass(frozen=True, slots=True)
class Connection:
    """Two elements that the model joins.

    Attributes:
        kind: as the model says it: fills, covers, joined, path, realized (with fasteners), port or interferes
            (they cross). As their bodies show it (`find_contacts`): lies on (a face that looks down on one
            that looks up), touches (upright faces), near (within 6 cm, nothing shows them apart).
        of, to: GlobalIds; a filling of its host, a covering of what it covers, what lies on what bears.
        joint: class of the joint where fasteners or words tell it; null when nothing does.
        text: what the model says of it.
        area_m2: of the faces that touch; null where no bodies were compared.
    """

    __pydantic_config__ = _STRICT

    kind: ConnectionKind
    of: str
    to: str
    joint: JointClass | None = None
    text: str = ""
    area_m2: float | None = None


#: A box along the axes of the project, z upwards: low x, y, z, high x, y, z [m].
BoxM = tuple[float, float, float, float, float, float]


@dataclass(frozen=True, slots=True)
class Element:
    """One physical element that is counted.

    Attributes:
        global_id: GlobalId; may occur twice in a faulty model, `step_id` may not.
        storey, room: where it stands; a room only where the model puts it into a space.
        facility_part: kind of the part of a bridge, road or railway that it belongs to, such as DECK.
        area_m2: net area of the element's main face (wall side, slab plan, window opening).
        box_m: box around the body along the axes of the project, to the mm; null without a body.
        mass_kg: null unless the mass of every portion is known.
        quantities: every candidate, chosen or not.
        joints: class of detachability by factor (connection, accessibility, intersections, edge), as the
            model states it; "assembly" in the words of the TOTEM library.
        reuse_in_share, reuse_out_share: share of the mass that was reused when built in, and that is free for
            reuse at the end, 0-1, as the model states it; null when it states none.
    """

    __pydantic_config__ = _STRICT

    global_id: str
    step_id: int
    ifc_class: str
    predefined_type: str = ""
    name: str = ""
    type_name: str = ""
    tag: str = ""
    status: Status = Status.UNKNOWN
    storey: str | None = None
    room: str | None = None
    facility_part: str | None = None
    is_external: bool | None = None
    load_bearing: bool | None = None
    part_of: str | None = None
    classifications: tuple[Classification, ...] = ()
    service_life_years: float | None = None
    volume_m3: _Positive | None = None
    area_m2: _Positive | None = None
    length_m: _Positive | None = None
    box_m: BoxM | None = None
    mass_kg: float | None = None
    quantities: tuple[Quantity, ...] = ()
    portions: tuple[Portion, ...] = ()
    joints: tuple[tuple[str, str], ...] = ()
    reuse_in_share: _Share | None = None
    reuse_out_share: _Share | None = None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A physical element that is not counted, and why."""

    __pydantic_config__ = _STRICT

    global_id: str
    step_id: int
    ifc_class: str
    reason: str
    name: str = ""


class Storey(_Model):
    """A building storey; the elevation is in m above the building's zero."""

    global_id: str
    name: str
    elevation_m: float | None = None


class ModelInfo(_Model):
    """The file that was read."""

    file: str
    sha256: str
    schema_name: str = Field(alias="schema")
    schema_in_file: str
    application: str

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, serialize_by_alias=True)


class FloorAreaOption(_Model):
    """A floor area that the model also gives: m2, where it comes from, and why it was not used."""

    value: _Positive
    origin: str
    reason: str = ""


class FloorArea(_Model):
    """Gross floor area [m2], or what stands in for it; `origin` says which, `definition` what it covers.

    Attributes:
        gross: false for a net area; null when there is no area or it was saved by an earlier release.
        alternatives: what else the model gives, best first.
    """

    value: _Positive | None = None
    origin: str = "unknown"
    definition: str = ""
    gross: bool | None = None
    alternatives: tuple[FloorAreaOption, ...] = ()


class BuildingVolume(_Model):
    """Built volume [m3]: a value, or bounds only; `origin` says in words what each is.

    Attributes:
        lower_m3, upper_m3: the built volume is surely not smaller, not larger.
    """

    value_m3: _Positive | None = None
    lower_m3: _Positive | None = None
    upper_m3: _Positive | None = None
    origin: str = "unknown"

    def above(self, threshold_m3: float) -> bool | None:
        """Whether the building is larger than a threshold; None when what is known does not tell.

        Example:
            >>> BuildingVolume(lower_m3=1200.0).above(1000.0)
            True
        """
        if self.value_m3 is not None:
            return self.value_m3 > threshold_m3
        if self.lower_m3 is not None and self.lower_m3 > threshold_m3:
            return True
        return False if self.upper_m3 is not None and self.upper_m3 <= threshold_m3 else None


class BuildingUse(_Model):
    """What the building is used for, as far as the model says so; `evidence` quotes it."""

    use: Literal["residential", "non-residential", "mixed", "unknown"] = "unknown"
    dwelling_type: BuildingType | None = None
    dwellings: Annotated[int, Field(gt=0)] | None = None
    evidence: tuple[str, ...] = ()


class Provenance(_Model):
    """What made this passport: enough to make it again.

    `contacts`: whether bodies were compared for what lies on what, or only boxes along the axes can be.
    """

    building_passport: str
    ifcopenshell: str
    geometry: Literal["auto", "never", "all"]
    material_library: str
    mapping_file: str | None = None
    quantity_names_file: str | None = None
    fraction_by: Literal["volume", "weight"] = "volume"
    assumed_materials: bool = False
    contacts: Literal["boxes", "bodies"] = "boxes"
    not_physical: dict[str, int] = {}


#: Kinds of civil works.
CivilKind = Literal["bridge", "road", "railway", "marine facility"]


class Passport(_Model):
    """A digital building passport; `civil_kind` is None for buildings.

    Example:
        >>> house = load_passport("passport.json")  # doctest: +SKIP
        >>> house.mass_kg()  # doctest: +SKIP
        181234.5
    """

    schema_version: Literal["1.0"] = SCHEMA_VERSION
    model: ModelInfo
    provenance: Provenance
    floor_area_m2: FloorArea = FloorArea()
    civil_kind: CivilKind | None = None
    building_volume_m3: BuildingVolume | None = None
    building_use: BuildingUse = BuildingUse()
    storeys: tuple[Storey, ...] = ()
    elements: tuple[Element, ...] = ()
    connections: tuple[Connection, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    findings: Findings = Findings()

    def mass_kg(self) -> float | None:
        """Sum of the known masses of all portions [kg]; None when no mass is known."""
        masses = [p.mass_kg for e in self.elements for p in e.portions if p.mass_kg is not None]
        return sum(masses) if masses else None

    def unmatched(self) -> list[dict[str, Any]]:
        """Material names without a match: name, elements, volume_m3 (None when unknown), largest first."""
        rows: dict[str, dict[str, Any]] = {}
        for element in self.elements:
            for portion in element.portions:
                if portion.material_id is None:
                    row = rows.setdefault(
                        portion.name, {"name": portion.name, "elements": 0, "volume_m3": None}
                    )
                    row["elements"] += 1
                    if portion.volume_m3 is not None:
                        row["volume_m3"] = (row["volume_m3"] or 0.0) + portion.volume_m3
        return sorted(rows.values(), key=lambda r: (-(r["volume_m3"] or 0.0), -r["elements"], r["name"]))

    def materials_frame(self) -> Any:
        """Portions as a pandas DataFrame, one row each, with the columns of `Portion` and ids."""
        import pandas as pd

        return pd.DataFrame(
            [
                {"global_id": e.global_id, "ifc_class": e.ifc_class, "storey": e.storey, **asdict(p)}
                for e in self.elements
                for p in e.portions
            ]
        )


def passport_json(passport: Passport) -> str:
    """The passport as JSON text with stable order and indentation."""
    return passport.model_dump_json(indent=1, by_alias=True)


def save_passport(passport: Passport, path: str | Path) -> None:
    """Write a passport as JSON, beside the target first, then renamed: never a half file.

    Raises:
        OSError: the folder cannot be written to.
    """
    with replacing(Path(path)) as stream:
        stream.write(passport_json(passport))


def load_passport(path: str | Path) -> Passport:
    """Read a passport that `save_passport` wrote; needs no IFC and no ifcopenshell.

    Raises:
        PassportFileError: not JSON, not a passport, or of another schema version; the message names file,
            place and fault.
    """
    source = Path(path)
    try:
        text = source.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PassportFileError(f"{source}: cannot be read ({error}); name a passport.json file.") from error
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise PassportFileError(
            f"{source}: line {error.lineno}: not valid JSON ({error.msg}); make the passport again."
        ) from error
    version = data.get("schema_version") if isinstance(data, dict) else None
    if version != SCHEMA_VERSION:
        raise PassportFileError(
            f"{source}: schema_version is {version!r}, this release reads {SCHEMA_VERSION!r}; "
            "make the passport again from the model."
        )
    try:
        return Passport.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise PassportFileError(
            f"{source}: {place}: {first['msg']} ({error.error_count()} fault(s)); "
            "correct the field or make the passport again."
        ) from error


def passport_schema() -> dict[str, Any]:
    """JSON Schema of `passport.json`."""
    return Passport.model_json_schema(by_alias=True)
