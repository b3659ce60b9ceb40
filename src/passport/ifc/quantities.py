"""From candidates to one volume, area, length and weight per element, by stated rules.

Rules, in order:

1. A candidate that is not a positive finite number never counts (finding ``quantity-not-positive``, unless
   it is a plain 0 beside a filled-in volume or quantity of the same kind).
2. A volume that differs from that of a closed body by more than a factor of two is contradicted and loses
   (``quantity-contradicted``). Where no body was computed: one that is more than twice the box of its own
   length, width and height, five times away from its area x layers, or thicker than 5 m for its area.
3. Net before gross; within that quantity set, property set, layers, geometry.
4. Two ways that differ by more than 5 % are a finding with both numbers (``quantities-differ``).

All candidates are kept with the reason why they were or were not chosen.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cache

from passport.findings import Finding, Severity
from passport.ifc.properties import Candidate
from passport.models import Origin, Quantity

_UNITS = {"volume": "m3", "area": "m2", "weight": "kg", "count": "1"}

_VOLUME_RANKS: dict[tuple[Origin, str], int] = {
    (origin, role): rank
    for rank, (origin, role) in enumerate(
        [
            (Origin.QUANTITY_SET, "net"),
            (Origin.PROPERTY_SET, "net"),
            (Origin.QUANTITY_SET, "plain"),
            (Origin.PROPERTY_SET, "plain"),
            (Origin.LAYERS, "net"),
            (Origin.QUANTITY_SET, "gross"),
            (Origin.PROPERTY_SET, "gross"),
            (Origin.LAYERS, "gross"),
            (Origin.GEOMETRY, "net"),
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
_NO_RANK = 1000
#: Windows and doors are counted by the opening that they fill, not by the surface of their parts.
_OPENING_ROLES = ("opening", "plain", "gross", "net")
_OPENING_CLASSES = ("IfcWindow", "IfcDoor")
_SIDE_ROLES = ("net-side", "gross-side", "net", "plain", "gross")
_PLAN_ROLES: tuple[str, ...] = ("net", "net-footprint", "gross", "plain", "gross-footprint", "projected")
_WALL_CLASSES = ("IfcWall", "IfcCurtainWall")

_DIMENSIONS = frozenset({"width", "height", "count"})
_CONTRADICTED = 2.0
_DIFFER = 0.05
#: Area x layers is rougher than a body: openings, edges, sloped ends.
_FAR_FROM_LAYERS = 5.0
#: No wall, slab or covering is thicker than this [m].
_THICKEST_M = 5.0
_FLAT_CLASSES = ("IfcWall", "IfcSlab", "IfcCovering", "IfcPlate", "IfcRoof", "IfcWindow", "IfcDoor")


@dataclass(slots=True)
class Resolved:
    """Chosen values in SI units, None when unknown, and every candidate with its verdict."""

    volume_m3: float | None = None
    area_m2: float | None = None
    length_m: float | None = None
    weight_kg: float | None = None
    weight_source: str = ""
    wants_geometry: bool = False
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
    body: tuple[float | None, float | None, bool] | None = None,
) -> Resolved:
    """Choose among the candidates of one element.

    Args:
        candidates: from quantity and property sets of the occurrence.
        layer_thickness_m: sum of the element's layers, None when it has none.
        body: (volume_m3, main area_m2, closed) from geometry, None when not computed.
    """
    verdicts: dict[int, str] = {}
    all_candidates = list(candidates)
    if body is not None:
        volume, area, closed = body
        note = "closed body" if closed else "open body"
        if volume is not None:
            all_candidates.append(Candidate("volume", "net", volume, Origin.GEOMETRY, f"kernel, {note}"))
        if area is not None:
            all_candidates.append(Candidate("area", "net", area, Origin.GEOMETRY, "kernel, main face"))
    result = Resolved()
    usable = _usable(all_candidates, verdicts, global_id, result)
    area_pick = _best(all_candidates, usable.get("area"), _area_ranks(ifc_class))
    # An area from the shape times a thickness is no better than the volume of that same shape.
    own_area = area_pick is not None and all_candidates[area_pick].origin is not Origin.GEOMETRY
    if area_pick is not None and layer_thickness_m and (own_area or "volume" not in usable):
        area_candidate = all_candidates[area_pick]
        role = "gross" if area_candidate.role.startswith("gross") else "net"
        usable.setdefault("volume", []).append(len(all_candidates))
        all_candidates.append(
            Candidate(
                "volume",
                role,
                area_candidate.value * layer_thickness_m,
                Origin.LAYERS,
                f"{area_candidate.source} x {layer_thickness_m:g} m of layers",
            )
        )
    volumes = usable.get("volume")
    if volumes:
        area_m2 = all_candidates[area_pick].value if area_pick is not None else None
        limits = _limits(ifc_class, area_m2, layer_thickness_m, _box(all_candidates, usable))
        _reject_contradicted(all_candidates, volumes, verdicts, global_id, (body, limits), result)
    volume_pick = _best(all_candidates, volumes, _VOLUME_RANKS)
    length_pick = _best(all_candidates, usable.get("length"), _OTHER_RANKS)
    weight_pick = _best(all_candidates, usable.get("weight"), _OTHER_RANKS)
    picks = {p for p in (area_pick, volume_pick, length_pick, weight_pick) if p is not None}
    if area_pick is not None:
        result.area_m2 = all_candidates[area_pick].value
    if volume_pick is not None and volumes:
        result.volume_m3 = all_candidates[volume_pick].value
        if len(volumes) > 1:
            _note_difference(all_candidates, volumes, volume_pick, global_id, result)
    if length_pick is not None:
        result.length_m = all_candidates[length_pick].value
    if weight_pick is not None:
        result.weight_kg = all_candidates[weight_pick].value
        result.weight_source = all_candidates[weight_pick].source
    result.wants_geometry = result.wants_geometry or volume_pick is None
    result.quantities = _quantities(all_candidates, verdicts, picks)
    return result


def _usable(
    candidates: list[Candidate], verdicts: dict[int, str], global_id: str, result: Resolved
) -> dict[str, list[int]]:
    """Positions of the positive finite candidates by kind; the others get their verdict."""
    usable: dict[str, list[int]] = {}
    others = []
    for i, (kind, _, value, _, _) in enumerate(candidates):
        if 0 < value < math.inf:
            usable.setdefault(kind, []).append(i)
        else:
            verdicts[i] = "not a positive number"
            others.append(candidates[i])
    for c in others:
        # Exporters write 0 for what they did not compute; that matters where nothing else says it.
        matters = c.value != 0 or (c.kind not in usable and "volume" not in usable)
        if matters and c.kind in ("volume", "area", "weight"):
            result.note(
                "quantity-not-positive",
                Severity.WARNING,
                f"{c.source} is {c.value:g}; it was not used.",
                global_id,
                "Recompute the quantities in the authoring tool.",
            )
    return usable


def _reject_contradicted(
    candidates: list[Candidate],
    volumes: list[int],
    verdicts: dict[int, str],
    global_id: str,
    against: tuple[tuple[float | None, float | None, bool] | None, list[tuple[float, float, str]]],
    result: Resolved,
) -> None:
    """Take out of `volumes` what the closed body or the element's own dimensions contradict."""
    body, limits = against
    closed_m3 = body[0] if body is not None and body[2] and body[0] else None
    for i in list(volumes):
        c = candidates[i]
        if c.origin is Origin.GEOMETRY:
            continue
        if closed_m3 is not None:
            broken = [] if 1 / _CONTRADICTED <= c.value / closed_m3 <= _CONTRADICTED else [closed_m3]
            verdict = f"contradicted by the body, {closed_m3:.4g} m3"
        else:
            # A layered volume is itself one of the limits.
            stated = limits if c.origin is not Origin.LAYERS else []
            outside = [x for x in stated if not x[0] <= c.value <= x[1]]
            broken = [x[1] for x in outside]
            verdict = outside[0][2] if outside else ""
            result.wants_geometry = result.wants_geometry or bool(broken)
        if not broken:
            continue
        verdicts[i] = verdict
        volumes.remove(i)
        if c.origin is Origin.LAYERS:
            continue  # made here from area and layers: nothing in the model to correct
        reference = broken[0]
        result.note(
            "quantity-contradicted",
            Severity.ERROR,
            f"{c.source} is {c.value:.4g} m3 but {verdict} (factor {c.value / reference:.3g}).",
            global_id,
            "Check the units and the quantity in the authoring tool.",
        )


def _limits(
    ifc_class: str, area_m2: float | None, layer_thickness_m: float | None, box_m3: float | None
) -> list[tuple[float, float, str]]:
    """(lowest, highest, verdict) volumes that the element's own dimensions allow."""
    limits = []
    if box_m3 is not None:
        text = f"contradicted by its own dimensions, {box_m3:.4g} m3 at most"
        limits.append((0.0, _CONTRADICTED * box_m3, text))
    if area_m2 is not None and layer_thickness_m:
        layered = area_m2 * layer_thickness_m
        text = f"contradicted by its area x layers, {layered:.4g} m3"
        limits.append((layered / _FAR_FROM_LAYERS, layered * _FAR_FROM_LAYERS, text))
    elif area_m2 is not None and ifc_class.startswith(_FLAT_CLASSES):
        text = f"contradicted by its area of {area_m2:.4g} m2: thicker than {_THICKEST_M:g} m"
        limits.append((0.0, area_m2 * _THICKEST_M, text))
    return limits


def _box(candidates: list[Candidate], usable: dict[str, list[int]]) -> float | None:
    """Length x width x height of one quantity set, None unless it states all three."""
    if not ("length" in usable and "width" in usable and "height" in usable):
        return None
    by_set: dict[str, dict[str, float]] = {}
    for kind in ("length", "width", "height"):
        for i in usable[kind]:
            c = candidates[i]
            if c.origin is Origin.QUANTITY_SET:
                sides = by_set.setdefault(c.source.rsplit(".", 1)[0], {})
                sides[kind] = max(c.value, sides.get(kind, 0.0))
    boxes = [s["length"] * s["width"] * s["height"] for s in by_set.values() if len(s) == 3]
    return max(boxes) if boxes else None


def _best(
    candidates: list[Candidate], positions: list[int] | None, ranks: dict[tuple[Origin, str], int]
) -> int | None:
    """Position of the candidate of the lowest rank, the first of equals; None when none has a rank."""
    best, best_rank = None, _NO_RANK
    for i in positions or ():
        _, role, _, origin, _ = candidates[i]
        rank = ranks.get((origin, role), _NO_RANK)
        if rank < best_rank:
            best, best_rank = i, rank
    return best


@cache
def _area_ranks(ifc_class: str) -> dict[tuple[Origin, str], int]:
    roles = _PLAN_ROLES
    if ifc_class.startswith(_WALL_CLASSES):
        roles = _SIDE_ROLES
    elif ifc_class.startswith(_OPENING_CLASSES):
        roles = _OPENING_ROLES
    origins = (Origin.QUANTITY_SET, Origin.PROPERTY_SET)
    ranks = {(o, r): 2 * roles.index(r) + origins.index(o) for r in roles for o in origins}
    return {**ranks, (Origin.GEOMETRY, "net"): 2 * len(roles)}


def _note_difference(
    candidates: list[Candidate], volumes: list[int], pick: int, global_id: str, result: Resolved
) -> None:
    """Two independent ways to the same net volume that disagree."""
    chosen = candidates[pick]
    if chosen.role == "gross":
        return
    for i in volumes:
        c = candidates[i]
        if i == pick or c.role in ("gross", "unknown"):
            continue
        if c.origin is not chosen.origin and abs(c.value / chosen.value - 1) > _DIFFER:
            result.note(
                "quantities-differ",
                Severity.WARNING,
                f"{chosen.source} is {chosen.value:.4g} m3, {c.source} gives {c.value:.4g} m3 "
                f"({c.value / chosen.value - 1:+.0%}).",
                global_id,
                f"The {chosen.origin} was used.",
            )
            return


@cache
def _chosen(role: str, kind: str, origin: Origin) -> str:
    return f"chosen: {role} {kind} from {origin.value}"


def _quantities(candidates: list[Candidate], verdicts: dict[int, str], picks: set[int]) -> list[Quantity]:
    rows = []
    for i, (kind, role, value, origin, source) in enumerate(candidates):
        if not math.isfinite(value):
            continue  # JSON has no such number; the finding holds it
        chosen = i in picks
        if chosen:
            reason = _chosen(role, kind, origin)
        elif i in verdicts:
            reason = verdicts[i]
        elif kind in _DIMENSIONS:
            reason = "dimension, used to check the volume"
        elif role == "unknown":
            reason = "its name is not known as that of the body"
        else:
            reason = "another candidate comes first"
        rows.append(
            Quantity(kind, value, _UNITS.get(kind, "m"), origin, source, chosen, reason)  # type: ignore[arg-type]
        )
    return rows
