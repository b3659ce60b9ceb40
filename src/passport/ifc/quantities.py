"""From candidates to one volume, area, length and weight per element, by stated rules.

Rules, in order:

1. A candidate that is not a positive finite number never counts (finding ``quantity-not-positive``, unless
   it is a plain 0 beside a filled-in volume or quantity of the same kind).
2. A value that lies a known unit factor away from the closed body, or from the element's own dimensions, was
   written in another unit: the corrected one takes its place (``quantity-unit-fault``).
3. Two values of one name in one set: the one that is confirmed counts, else none (``quantity-ambiguous``).
4. A volume that differs from that of a closed body by more than 10 % is contradicted and loses
   (``quantity-contradicted``); an area or length, by more than a factor of two. Where no body was computed: a
   volume that is more than twice the box of its own length, width and height, five times away from its
   area x layers, or thicker for its area than such an element can be.
5. Of volumes: stated net, closed body, stated plain, layers, profile, stated gross, unknown name, type, open
   body; within a rank the quantity set first. Of areas and lengths: stated net, plain, gross, then the body.
6. Two ways that differ by more than 5 % are a finding with both numbers (``quantities-differ``).

Each chosen value has a grade:

===== =========================================================================================
grade meaning
===== =========================================================================================
A     stated, and confirmed by a closed body within 2 %
B     one sound source: a closed body alone, a stated value that nothing contradicts, or the two
      within 10 %
C     derived or corrected: area x layers, profile x length, gross instead of net, a corrected
      unit, a name read by likeness or by its value, a quantity of the type, or two ways that
      differ by more than 10 %
D     doubtful: an open body
===== =========================================================================================

All candidates are kept with the reason why they were or were not chosen.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

from passport.findings import Finding, Severity
from passport.ifc.body import Body
from passport.ifc.plausibility import (
    AGREE,
    OPENING_CLASSES,
    WALL_CLASSES,
    UnitFault,
    Yardsticks,
    agree,
    area_fault,
    area_references,
    factor_text,
    length_fault,
    trusted_dimensions,
    trusted_layers,
    unit_factor,
    volume_fault,
    volume_limits,
    weight_fault,
    within_factor,
    yardsticks,
)
from passport.ifc.properties import Candidate
from passport.ifc.repeated import Repeat
from passport.models import Origin, Quantity

Grade = Literal["A", "B", "C", "D"]

_UNITS = {"volume": "m3", "area": "m2", "weight": "kg", "count": "1"}

#: Roles that an element's geometry has as candidate: of a closed and of an open body.
_CLOSED, _OPEN = "net", "open"
_VOLUME_RANKS: dict[tuple[Origin, str], int] = {
    key: rank
    for rank, key in enumerate(
        [
            (Origin.QUANTITY_SET, "net"),
            (Origin.PROPERTY_SET, "net"),
            (Origin.GEOMETRY, _CLOSED),
            (Origin.QUANTITY_SET, "plain"),
            (Origin.PROPERTY_SET, "plain"),
            (Origin.LAYERS, "net"),
            (Origin.PROFILE, "net"),
            (Origin.QUANTITY_SET, "gross"),
            (Origin.PROPERTY_SET, "gross"),
            (Origin.LAYERS, "gross"),
            (Origin.QUANTITY_SET, "unknown"),
            (Origin.PROPERTY_SET, "unknown"),
        ]
    )
}
#: Lengths and weights: net before gross, quantity set before property set.
_OTHER_RANKS: dict[tuple[Origin, str], int] = {
    (origin, role): rank
    for rank, (role, origin) in enumerate(
        (role, origin)
        for role in ("net", "plain", "gross")
        for origin in (Origin.QUANTITY_SET, Origin.PROPERTY_SET)
    )
}
_OTHER_RANKS[(Origin.GEOMETRY, _CLOSED)] = len(_OTHER_RANKS)
#: Classes that are long: their length is the longest extent of their body where none is stated.
_LONG_CLASSES = (
    *("IfcBeam", "IfcColumn", "IfcMember", "IfcPile", "IfcRailing", "IfcReinforcingBar", "IfcTendon"),
    *("IfcPipeSegment", "IfcDuctSegment", "IfcCableSegment", "IfcCableCarrierSegment", "IfcFlowSegment"),
)
_TYPE_RANK, _OPEN_RANK, _NO_RANK = 500, 600, 1000
#: Windows and doors are counted by the opening that they fill, not by the surface of their parts.
_OPENING_ROLES = ("opening", "plain", "gross", "net")
_SIDE_ROLES = ("net-side", "gross-side", "net", "plain", "gross")
_PLAN_ROLES: tuple[str, ...] = ("net", "net-footprint", "gross", "plain", "gross-footprint", "projected")
#: Their length is that of a bent or winding axis, which no extent of the body tells.
_BENT_CLASSES = ("IfcReinforcing", "IfcTendon", "IfcRailing", "IfcCable", "IfcFlow", "IfcPipe", "IfcDuct")

_DIMENSIONS = frozenset({"width", "height", "count"})
_STATED = (Origin.QUANTITY_SET, Origin.PROPERTY_SET)
_CHECKED = frozenset({"volume", "area", "length", "weight"})
_CONFIRMED = 0.02
_DIFFER = 0.05
#: How near an unknown name's value must come to a yardstick to be taken for the volume.
_UNKNOWN_CONFIRMED = 0.05
#: Two values of one name that are nearer than this are one value, rounded twice.
_ROUNDING = 0.005
_WRONG = 2.0

_WARNING = Severity.WARNING
_ON_TYPE = "stated on the type: not a quantity of this element"
_CHECK_UNITS = "Check the units and the quantity in the authoring tool."


@dataclass(slots=True)
class Resolved:
    """Chosen values in SI units, None when unknown, and every candidate with its verdict."""

    volume_m3: float | None = None
    area_m2: float | None = None
    length_m: float | None = None
    weight_kg: float | None = None
    weight_source: str = ""
    wants_geometry: bool = False
    volume_grade: Grade | None = None
    quantities: list[Quantity] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def note(self, code: str, severity: Severity, message: str, global_id: str, hint: str) -> None:
        """Keep a finding; it counts only if this resolution is the one that is used."""
        self.findings.append(
            Finding(code=code, severity=severity, message=message, global_id=global_id, hint=hint)
        )


def resolve(
    ifc_class: str,
    global_id: str,
    candidates: list[Candidate],
    layer_thickness_m: float | None,
    body: Body | None = None,
    *,
    face_area_m2: float | None = None,
    only_of_type: bool = False,
    section_m2: float | None = None,
    repeat: Repeat | None = None,
) -> Resolved:
    """Choose among the candidates of one element.

    Args:
        candidates: from quantity and property sets of the occurrence, and quantities of its type.
        layer_thickness_m: sum of the element's layers, None when it has none.
        body: what its shape measures, None when not computed.
        face_area_m2: area of the body's main face.
        only_of_type: the element's type has no other occurrence, so that its length, area and weight are
            those of this element.
        section_m2: area of the element's profile, None when it has none or several.
        repeat: the element states the volume of the whole of which it is a part (`repeated_wholes`).

    Example:
        >>> net = Candidate("volume", "net", 2.0, Origin.QUANTITY_SET, "BaseQuantities.NetVolume")
        >>> resolved = resolve("IfcSlab", "", [net], None, Body(2.01, None, 10.0, closed=True))
        >>> resolved.volume_m3, resolved.volume_grade
        (2.0, 'A')
    """
    choice = _Choice(ifc_class, global_id, candidates, body, face_area_m2)
    return choice.resolve(layer_thickness_m, only_of_type, section_m2, repeat)


def stated_volume_m3(candidates: Iterable[Candidate]) -> float | None:
    """The volume that the element itself states and that comes first; None when it states none."""
    best, best_rank = None, len(_STATED_ROLES)
    for kind, role, value, _, _, on_type, _ in candidates:
        if kind == "volume" and not on_type and 0 < value < math.inf and role in _STATED_ROLES:
            rank = _STATED_ROLES.index(role)
            if rank < best_rank:
                best, best_rank = value, rank
    return best


def own_box_m(candidates: Iterable[Candidate]) -> tuple[float, float, float] | None:
    """Length, width and height [m] of one quantity set that states all three, the largest; else None."""
    by_set: dict[str, dict[str, float]] = {}
    for kind, _, value, origin, source, on_type, _ in candidates:
        if kind in _BOX_SIDES and origin is Origin.QUANTITY_SET and not on_type and 0 < value < math.inf:
            sides = by_set.setdefault(source.rsplit(".", 1)[0], {})
            sides[kind] = max(value, sides.get(kind, 0.0))
    boxes = [(s["length"], s["width"], s["height"]) for s in by_set.values() if len(s) == len(_BOX_SIDES)]
    return max(boxes, key=math.prod) if boxes else None


#: Roles of a stated volume, the one that would be used first.
_STATED_ROLES = ("net", "plain", "gross")
_BOX_SIDES = ("length", "width", "height")
#: A volume this near to the repeated one is the repeated one.
_REPEATED = 1e-5


class _Choice:
    """One element's candidates while they are being judged; positions stand for candidates."""

    __slots__ = (
        "_all",
        "_class",
        "_corrected",
        "_global_id",
        "_known",
        "_on_type",
        "_result",
        "_told",
        "_twice",
        "_unknown",
        "_usable",
        "_verdicts",
    )

    def __init__(
        self,
        ifc_class: str,
        global_id: str,
        candidates: list[Candidate],
        body: Body | None,
        face_m2: float | None,
    ) -> None:
        self._class = ifc_class
        self._global_id = global_id
        self._all = list(candidates)
        self._known = yardsticks(body, face_m2)
        self._result = Resolved()
        self._verdicts: dict[int, str] = {}
        self._usable: dict[str, list[int]] = {}
        self._on_type: list[int] = []
        self._unknown: list[int] = []
        self._twice: dict[tuple[str, str, str], list[int]] = {}
        self._corrected: set[int] = set()
        self._told: set[tuple[str, str]] = set()
        if body is not None:
            role = _CLOSED if body.closed else _OPEN
            note = f"{body.method}, {'closed' if body.closed else 'open'} body"
            if body.volume_m3 is not None:
                self._all.append(Candidate("volume", role, body.volume_m3, Origin.GEOMETRY, note))
            if body.size_m is not None and body.closed and ifc_class.startswith(_LONG_CLASSES):
                source = f"{body.method}, longest extent"
                self._all.append(Candidate("length", role, max(body.size_m), Origin.GEOMETRY, source))
            if face_m2 is not None:
                self._all.append(
                    Candidate("area", role, face_m2, Origin.GEOMETRY, f"{body.method}, main face")
                )

    def resolve(
        self,
        thickness_m: float | None,
        only_of_type: bool,
        section_m2: float | None,
        repeat: Repeat | None,
    ) -> Resolved:
        """The choice; call once."""
        result, usable = self._result, self._usable
        if repeat is not None and repeat.shown_by == "dimensions":
            source = "own length x width x height"
            self._all.append(Candidate("volume", "gross", repeat.volume_m3, Origin.QUANTITY_SET, source))
        self._sort_out()
        if repeat is not None:
            self._drop_repeats(repeat)
        if self._known.volume_m3 is None:
            self._measure_box()
        if self._twice:
            self._settle("area", "length", "weight")
        if self._on_type:
            self._admit_type("area", only_of_type)
            self._admit_type("length", only_of_type)
            self._admit_type("weight", only_of_type)
        area = self._pick_checked("area", _area_ranks(self._class))
        length = self._pick_checked("length", _OTHER_RANKS)
        self._derive(thickness_m, section_m2, area, length)
        if self._twice:
            self._settle("volume")
        if self._on_type:
            self._admit_type("volume", only_of_type)
        if self._unknown:
            self._admit_unknown()
        if "volume" in usable:
            self._check_volumes(self._all[area].value if area is not None else None, thickness_m)
        volume = self._pick("volume", _VOLUME_RANKS)
        weight = self._pick_checked("weight", _OTHER_RANKS)
        grades: dict[int, Grade] = {}
        if volume is not None:
            result.volume_m3 = self._all[volume].value
            differs = len(usable["volume"]) > 1 and self._note_difference(volume)
            result.volume_grade = grades[volume] = self._grade(volume, differs)
        if area is not None:
            result.area_m2 = self._all[area].value
            grades[area] = self._grade(area, False)
        if length is not None:
            result.length_m = self._all[length].value
            grades[length] = self._grade(length, False)
        if weight is not None:
            result.weight_kg = self._all[weight].value
            result.weight_source = self._all[weight].source
            grades[weight] = self._grade(weight, False)
        result.wants_geometry = result.wants_geometry or volume is None
        result.quantities = _quantities(self._all, self._verdicts, grades)
        return result

    # -- sorting out ------------------------------------------------------------------------------------

    def _sort_out(self) -> None:
        """Positions of the positive finite candidates by kind; the others get their verdict."""
        usable = self._usable
        first: dict[tuple[str, str, str], int] = {}
        others = []
        for i, (kind, role, value, _, source, on_type, _) in enumerate(self._all):
            if not 0 < value < math.inf:
                self._verdicts[i] = "not a positive number"
                others.append(self._all[i])
                continue
            if on_type:
                self._on_type.append(i)
                self._verdicts[i] = _ON_TYPE
                continue
            if role == "unknown":
                self._unknown.append(i)
                continue
            usable.setdefault(kind, []).append(i)
            if kind in _CHECKED:
                twin = first.setdefault((kind, role, source), i)
                if twin != i:
                    self._twice.setdefault((kind, role, source), [twin]).append(i)
        for c in others:
            # Exporters write 0 for what they did not compute; that matters where nothing else says it.
            matters = c.value != 0 or (c.kind not in usable and "volume" not in usable)
            if matters and not c.on_type and c.kind in ("volume", "area", "weight"):
                self._result.note(
                    "quantity-not-positive",
                    Severity.WARNING,
                    f"{c.source} is {c.value:g}; it was not used.",
                    self._global_id,
                    "Recompute the quantities in the authoring tool.",
                )

    def _measure_box(self) -> None:
        """Length x width x height of one quantity set as yardstick, where it states all three."""
        usable = self._usable
        if not ("length" in usable and "width" in usable and "height" in usable):
            return
        box = own_box_m(self._all)
        if box is not None:
            x, y, z = box
            self._known.box_m3 = x * y * z
            if trusted_dimensions(box):
                self._known.box_sides_m2 = (x * z, x * y, y * z)

    def _drop_repeats(self, repeat: Repeat) -> None:
        """The stated volume is that of the whole: it is not a candidate for this part."""
        volumes = self._usable.get("volume", [])
        for i in list(volumes):
            c = self._all[i]
            if c.origin is not Origin.GEOMETRY and abs(c.value / repeat.stated_m3 - 1.0) <= _REPEATED:
                volumes.remove(i)
                self._verdicts[i] = f"repeats the volume of the whole of {repeat.parts} parts"
        if not volumes:
            self._usable.pop("volume", None)
        self._result.note(
            "quantity-repeats-whole",
            Severity.WARNING,
            f"{repeat.parts} parts state the same {repeat.stated_m3:.4g} m3, to which their "
            f"{repeat.shown_by} sum; this part is {repeat.volume_m3:.4g} m3.",
            self._global_id,
            "The volume of the part itself was used; export the quantities of the parts.",
        )

    def _settle(self, *kinds: str) -> None:
        """Of several values under one name in one set, the one that is confirmed; without one, none."""
        for (kind, role, source), same in self._twice.items():
            values = [self._all[i].value for i in same]
            if kind not in kinds or max(values) - min(values) <= _ROUNDING * max(values):
                continue
            references = self._references(kind, role)
            confirmed = [i for i in same if any(agree(self._all[i].value, r) for r in references)]
            if not confirmed:
                # The right number in another unit than declared is corrected later.
                confirmed = [
                    i for i in same if any(unit_factor(kind, self._all[i].value / r) for r in references)
                ]
            if confirmed:
                keep = min(
                    confirmed, key=lambda i: (_off(self._all[i].value, references), self._all[i].value)
                )
                verdict = f"the other value of that name, {self._all[keep].value:.4g}, is confirmed"
            else:
                keep, verdict = -1, "ambiguous: the set has several values of that name"
                self._result.wants_geometry = True
                shown = ", ".join(f"{v:.4g}" for v in sorted(values))
                self._result.note(
                    "quantity-ambiguous",
                    Severity.ERROR if self._known.volume_m3 is None else Severity.WARNING,
                    f"{source} has the values {shown} {_UNITS.get(kind, 'm')} and nothing confirms one; "
                    "none was used.",
                    self._global_id,
                    _CHECK_UNITS,
                )
            for i in same:
                if i != keep:
                    self._reject(kind, i, verdict)

    def _references(self, kind: str, role: str) -> list[float]:
        """What a value of this kind and role should be, from the closed body or own dimensions."""
        known = self._known
        if kind == "volume":
            if known.volume_m3 is not None:
                gross = known.gross_volume_m3 if role == "gross" else None
                return [gross or known.volume_m3]
            return [v for v, _ in known.own_volumes()]
        if kind == "area":
            return [*area_references(self._class, role, known), *known.box_sides_m2]
        return list(known.sizes_m[:1]) if kind == "length" else []

    def _reject(self, kind: str, i: int, verdict: str) -> None:
        self._verdicts[i] = verdict
        usable = self._usable[kind]
        usable.remove(i)
        if not usable:
            del self._usable[kind]

    def _admit(self, kind: str, i: int) -> None:
        self._verdicts.pop(i, None)
        self._usable.setdefault(kind, []).append(i)

    def _admit_type(self, kind: str, only_of_type: bool) -> None:
        """Quantities of the type that are shown to be those of this element too."""
        for i in self._on_type:
            c = self._all[i]
            if c.kind != kind or c.role == "unknown":
                continue
            confirmed = any(agree(c.value, r) for r in self._references(kind, c.role))
            if confirmed or (only_of_type and kind != "volume"):
                self._admit(kind, i)

    def _admit_unknown(self) -> None:
        """Volumes under an unknown name that equal what the body or the own dimensions say."""
        references = self._references("volume", "plain")
        for i in self._unknown:
            c = self._all[i]
            if c.kind == "volume" and any(agree(c.value, r, _UNKNOWN_CONFIRMED) for r in references):
                self._admit("volume", i)
                self._result.note(
                    "quantity-name-confirmed",
                    Severity.INFO,
                    f"{c.source} is {c.value:.4g} m3 under a name that is not known; its value is that of "
                    "the body or of the element's own dimensions.",
                    self._global_id,
                    "Add the name to a table of quantity names.",
                )

    def _derive(
        self, thickness_m: float | None, section_m2: float | None, area: int | None, length: int | None
    ) -> None:
        """Volumes from area x layers and from profile x length, as further candidates."""
        if area is not None and thickness_m:
            c = self._all[area]
            # An area from the shape times a thickness is no better than the volume of that same shape.
            if c.origin is not Origin.GEOMETRY or "volume" not in self._usable:
                role = "gross" if c.role.startswith("gross") else "net"
                source = f"{c.source} x {thickness_m:g} m of layers"
                self._add(Candidate("volume", role, c.value * thickness_m, Origin.LAYERS, source))
                if c.origin is not Origin.GEOMETRY and trusted_layers(c.value, thickness_m):
                    self._known.layered_m3 = c.value * thickness_m
        if length is not None and (section_m2 is not None or "area" in self._usable):
            section_source = "profile"
            if section_m2 is None:
                sections = [i for i in self._usable["area"] if self._all[i].role == "section"]
                if not sections:
                    return
                best = min(sections, key=lambda i: (self._all[i].source, self._all[i].value))
                section_m2, section_source = self._all[best].value, self._all[best].source
            c = self._all[length]
            volume = section_m2 * c.value
            if 0 < volume < math.inf:
                source = f"{section_source} x {c.source}"
                self._add(Candidate("volume", "net", volume, Origin.PROFILE, source))

    def _add(self, candidate: Candidate) -> None:
        if 0 < candidate.value < math.inf:
            self._usable.setdefault(candidate.kind, []).append(len(self._all))
            self._all.append(candidate)

    # -- checking ---------------------------------------------------------------------------------------

    def _check_volumes(self, area_m2: float | None, thickness_m: float | None) -> None:
        """Correct unit faults and take out what the closed body or the own dimensions contradict."""
        known, volumes = self._known, self._usable["volume"]
        stated = [i for i in volumes if self._all[i].origin in _STATED]
        gross_matters = all(self._all[i].role == "gross" for i in stated)
        limits = None
        # Sorted, so that which copy of a number is reported does not depend on their order.
        for i in sorted(volumes, key=lambda i: self._all[i].source) if len(volumes) > 1 else list(volumes):
            c = self._all[i]
            if c.origin is Origin.GEOMETRY or c.on_type or c.role == "unknown":
                continue
            matters = c.origin in _STATED and (c.role != "gross" or gross_matters)
            if known.volume_m3 is not None:
                reference = known.gross_volume_m3 if c.role == "gross" else known.volume_m3
                if reference is None:
                    # Only this is sure of a volume before openings that are not known.
                    fine = (1 - AGREE) * known.volume_m3 <= c.value <= _WRONG * known.volume_m3
                    reference = known.volume_m3
                else:
                    fine = agree(c.value, reference)
                if fine:
                    continue
                text = f"contradicted by the body, {reference:.4g} m3"
                gross = known.gross_volume_m3
                if c.role != "gross" and gross is not None and agree(c.value, gross, _CONFIRMED):
                    text += " net of openings: it is the volume before them"
            else:
                if c.origin is Origin.LAYERS or c.origin is Origin.PROFILE:
                    continue  # made here: itself one of the limits, or of the same figures
                if limits is None:
                    limits = volume_limits(self._class, area_m2, thickness_m, known)
                outside = [x for x in limits if not x.low_m3 <= c.value <= x.high_m3]
                text = outside[0].verdict if outside else ""
                reference = outside[0].high_m3 if outside else 0.0
            fault = self._volume_fault(c)
            if fault is not None:
                self._correct(i, fault, matters)
            elif text:
                self._contradict(i, text, reference, "m3", matters)

    def _volume_fault(self, c: Candidate) -> UnitFault | None:
        if c.origin not in _STATED:
            return None
        known = self._known
        if known.volume_m3 is None and known.box_m3 is not None and not known.box_sides_m2:
            # Dimensions that were themselves written in another unit confirm nothing.
            known = Yardsticks(layered_m3=known.layered_m3)
        return volume_fault(c.role, c.value, known)

    def _correct(self, i: int, fault: UnitFault, matters: bool) -> None:
        """The value in its right unit takes the place of the stated one."""
        c = self._all[i]
        by = factor_text(fault.factor)
        unit = _UNITS.get(c.kind, "m")
        value = c.value / fault.factor
        self._reject(c.kind, i, f"unit fault: {by} of it is confirmed by {fault.confirmed_by}")
        self._corrected.add(len(self._all))
        self._add(c._replace(value=value, source=f"{c.source}, corrected by {by}"))
        self._result.wants_geometry = True
        if matters:
            self._result.note(
                "quantity-unit-fault",
                Severity.WARNING,
                f"{c.source} is {c.value:.4g} {unit}; {value:.4g} {unit} was used (x {by}), confirmed by "
                f"{fault.confirmed_by}.",
                self._global_id,
                "Check the units of the export: the number is in another unit than the declared one.",
            )

    def _contradict(self, i: int, verdict: str, reference: float, unit: str, matters: bool) -> None:
        c = self._all[i]
        self._reject(c.kind, i, verdict)
        self._result.wants_geometry = True
        # Copies of one number in other sets, and the next best area or length, are no further faults.
        fault = (c.kind, f"{c.value:.4g}" if c.kind == "volume" else "")
        if matters and fault not in self._told:
            self._told.add(fault)
            ratio = c.value / reference
            self._result.note(
                "quantity-contradicted",
                Severity.ERROR if c.kind == "volume" and not 1 / _WRONG <= ratio <= _WRONG else _WARNING,
                f"{c.source} is {c.value:.4g} {unit} but {verdict} (factor {ratio:.3g}).",
                self._global_id,
                _CHECK_UNITS,
            )

    def _pick_checked(self, kind: str, ranks: dict[tuple[Origin, str], int]) -> int | None:
        """The best that is not contradicted; only what would be used is checked."""
        while (pick := self._pick(kind, ranks)) is not None:
            c = self._all[pick]
            if c.origin not in _STATED or c.role == "opening" or pick in self._corrected:
                return pick
            if kind == "weight":
                fault = weight_fault(self._class, c.value, self._known)
                references: tuple[float, ...] = ()
            elif kind == "area":
                references = area_references(self._class, c.role, self._known)
                # Height over thickness of a wall is often 10.8, as square feet are over square metres.
                own = (*references, *self._known.box_sides_m2)
                fits = within_factor(c.value, own)
                fault = None if fits else area_fault(c.value, references, self._known)
            else:
                references = () if self._class.startswith(_BENT_CLASSES) else self._known.sizes_m[:2]
                fits = within_factor(c.value, references)
                fault = None if fits else length_fault(c.value, self._known)
            if fault is not None:
                self._correct(pick, fault, True)
            elif within_factor(c.value, references):
                return pick
            else:
                unit = _UNITS.get(kind, "m")
                verdict = f"contradicted by the body, {references[0]:.4g} {unit}"
                self._contradict(pick, verdict, references[0], unit, True)
        return None

    # -- picking ----------------------------------------------------------------------------------------

    def _pick(self, kind: str, ranks: dict[tuple[Origin, str], int]) -> int | None:
        """Position of the candidate of the lowest rank, None when none has one."""
        best, best_rank = None, _NO_RANK
        for i in self._usable.get(kind, ()):
            _, role, _, origin, _, on_type, _ = self._all[i]
            if origin is Origin.GEOMETRY and role == _OPEN:
                rank = _OPEN_RANK
            else:
                rank = ranks.get((origin, role), _NO_RANK)
                if on_type and rank != _NO_RANK:
                    rank += _TYPE_RANK
            if rank < best_rank or (
                rank == best_rank and best is not None and self._tie(kind, i) < self._tie(kind, best)
            ):
                best, best_rank = i, rank
        return best

    def _tie(self, kind: str, i: int) -> tuple[bool, float, bool, str, float]:
        """Order among equals: known name, nearer to the body, standard set, then spelling."""
        c = self._all[i]
        references = self._references(kind, c.role) if self._known.volume_m3 is not None else []
        near = _off(c.value, references)
        return bool(c.note), near, not c.source.startswith(("Qto_", "BaseQ")), c.source, c.value

    def _note_difference(self, pick: int) -> bool:
        """Two independent ways to the same net volume that disagree; true from 10 % on."""
        chosen = self._all[pick]
        if chosen.role == "gross":
            return False
        closed = self._known.volume_m3 is not None
        worst, worst_off = None, _DIFFER
        for i in self._usable["volume"]:
            c = self._all[i]
            if i == pick or c.role in ("gross", "unknown", _OPEN) or c.on_type:
                continue
            if c.origin is chosen.origin and c.role != chosen.role:
                continue  # plain beside net of one exporter: it says what it left out
            if closed and Origin.GEOMETRY not in (c.origin, chosen.origin):
                continue  # the body has decided between them
            off = abs(c.value / chosen.value - 1)
            if off > worst_off or (worst is not None and off == worst_off and c.source < worst.source):
                worst, worst_off = c, off
        if worst is None:
            return False
        self._result.note(
            "quantities-differ",
            Severity.WARNING,
            f"{chosen.source} is {chosen.value:.4g} m3, {worst.source} gives {worst.value:.4g} m3 "
            f"({worst.value / chosen.value - 1:+.0%}).",
            self._global_id,
            f"The {chosen.origin} was used.",
        )
        return worst_off > AGREE

    def _grade(self, i: int, differs: bool) -> Grade:
        """See the table at the top of this module."""
        c = self._all[i]
        if c.origin is Origin.GEOMETRY:
            return "D" if c.role == _OPEN else "B"
        derived = c.origin is Origin.LAYERS or c.origin is Origin.PROFILE or c.on_type
        if derived or differs or i in self._corrected or c.role == "unknown" or c.role.startswith("gross"):
            return "C"
        if self._known.volume_m3 is not None:
            references = self._references(c.kind, c.role)
            if references and min(abs(c.value / r - 1) for r in references) <= _CONFIRMED:
                return "B" if c.note else "A"
        return "C" if c.note else "B"


def _off(value: float, references: list[float]) -> float:
    """Distance to the nearest reference as a share of it; 0 when there is none."""
    return min((abs(value / r - 1) for r in references), default=0.0)


@cache
def _area_ranks(ifc_class: str) -> dict[tuple[Origin, str], int]:
    roles = _PLAN_ROLES
    if ifc_class.startswith(WALL_CLASSES):
        roles = _SIDE_ROLES
    elif ifc_class.startswith(OPENING_CLASSES):
        roles = _OPENING_ROLES
    ranks = {(o, r): 2 * roles.index(r) + _STATED.index(o) for r in roles for o in _STATED}
    return {**ranks, (Origin.GEOMETRY, _CLOSED): 2 * len(roles)}


@cache
def _chosen(role: str, kind: str, origin: Origin, note: str) -> str:
    text = f"chosen: {role} {kind} from {origin.value}"
    return f"{text}; {note}" if note else text


def _quantities(
    candidates: list[Candidate], verdicts: dict[int, str], grades: dict[int, Grade]
) -> list[Quantity]:
    rows = []
    for i, (kind, role, value, origin, source, _, note) in enumerate(candidates):
        if not math.isfinite(value):
            continue  # JSON has no such number; the finding holds it
        grade = grades.get(i)
        if grade is not None:
            reason = _chosen(role, kind, origin, note)
        elif i in verdicts:
            reason = verdicts[i]
        elif kind in _DIMENSIONS:
            reason = "dimension, used to check the volume"
        elif role == "unknown":
            reason = "its name is not known as that of the body"
        elif role == "section":
            reason = "cross section, times the length a volume"
        else:
            reason = "another candidate comes first"
        rows.append(
            Quantity(
                kind,  # type: ignore[arg-type]
                value,
                _UNITS.get(kind, "m"),  # type: ignore[arg-type]
                origin,
                source,
                grade is not None,
                reason,
                grade,
            )
        )
    return rows
