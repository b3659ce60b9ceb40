"""The demolition inventory: streams with code, quantity, place and advice, and what can be reused whole.

Columns follow the Flemish demolition follow-up plan (sloopopvolgingsplan, as Tracimat describes it) and the
usual columns of a European pre-demolition audit. An inventory from a model is no destructive inventory: an
expert must look, and a model can never rule out asbestos. Totals close with the mass of the passport.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from passport.circularity.dismantling import DismantlingPlan
from passport.circularity.indicators import MaterialRow, WasteRow, levels_2_1, levels_2_2
from passport.circularity.route_kinds import REUSE
from passport.circularity.route_options import PartRoutes
from passport.circularity.survey import Survey
from passport.circularity.tables import shipped_rows
from passport.models import Element, Passport
from reference.errors import ReferenceDataError
from reference.materials import load_materials
from reference.waste import waste_code

#: Place of what has no storey.
_NOWHERE = "not placed"


@dataclass(frozen=True, slots=True)
class Stream:
    """One stream: a material under one code.

    Attributes:
        stream: name of the material; "unknown material" where the model does not say.
        ewc, ewc_text: code at the building and its text; ewc_if_hazardous where a hazard is suspected.
        elements: number of elements that hold some of it.
        volume_m3, mass_kg: sums of what is known; None where nothing is.
        without_mass: portions whose mass is not known; they are in no sum.
        places: storeys, with the mass of each [kg].
        forms: classes of the elements that hold it.
        hazard: question or finding.
        advice: what to do when taking it out.
        today, probable, best: kinds of routes of the largest mass.
        sorting_fraction: number and name in the Flemish list of fractions to keep apart; empty for none.
    """

    stream: str
    family: str
    ewc: str
    ewc_text: str
    ewc_if_hazardous: str
    elements: int
    volume_m3: float | None
    mass_kg: float | None
    without_mass: int
    places: tuple[tuple[str, float], ...]
    forms: tuple[str, ...]
    hazard: str
    advice: str
    today: str
    probable: str
    best: str
    sorting_fraction: str


@dataclass(frozen=True, slots=True)
class ReusableKind:
    """Components of one kind that may leave whole.

    Attributes:
        length_m, width_m, height_m: of one piece as surveyed, else from the longest to the shortest side of
            its box; None where unknown.
        mass_kg: of one piece; None when unknown.
        condition: as surveyed; "not known" otherwise.
        first: number of parts that must leave before the first piece, at least and at most.
        advice, blocker: what to do, and what is not certain yet.
        photo: file of the first photograph of the survey; empty without one.
    """

    ifc_class: str
    name: str
    material: str
    count: int
    length_m: float | None
    width_m: float | None
    height_m: float | None
    mass_kg: float | None
    condition: str
    places: tuple[str, ...]
    global_ids: tuple[str, ...]
    first: tuple[int, int]
    advice: str
    blocker: str
    photo: str = ""


@dataclass(frozen=True, slots=True)
class Threshold:
    """Whether a demolition follow-up plan is required.

    Attributes:
        required: None where volume or use do not tell.
        reason: in a sentence, with the figures.
        source, confidence: where the rule was read.
    """

    required: bool | None
    reason: str
    source: str
    confidence: str


@dataclass(frozen=True)
class DemolitionInventory:
    """Everything that the inventory says of one building.

    Attributes:
        mass_kg: sum of the streams.
        materials, waste: in the form of Level(s) 2.1 and 2.2, to be verified.
    """

    streams: tuple[Stream, ...]
    reusable: tuple[ReusableKind, ...]
    threshold: Threshold
    rubble: str
    mass_kg: float
    materials: tuple[MaterialRow, ...] = ()
    waste: tuple[WasteRow, ...] = ()


def demolition_inventory(
    passport: Passport,
    routes: Sequence[PartRoutes],
    plan: DismantlingPlan,
    *,
    survey: Survey | None = None,
) -> DemolitionInventory:
    """Streams, reusable components, the legal threshold and what the rubble needs.

    Args:
        routes: from `route_options` of the same passport.
        plan: from `plan_dismantling`.

    Example:
        >>> found = demolition_inventory(house, routes, plan)  # doctest: +SKIP
        >>> found.streams[0].ewc, found.streams[0].mass_kg  # doctest: +SKIP
        ('17 01 02', 52340.0)
    """
    streams = _streams(passport, routes)
    return DemolitionInventory(
        streams=streams,
        reusable=_reusable(passport, routes, plan, survey if survey is not None else Survey()),
        threshold=threshold(passport),
        rubble=_rubble(streams),
        mass_kg=sum(each.mass_kg or 0.0 for each in streams),
        materials=tuple(levels_2_1(passport)),
        waste=tuple(levels_2_2([each.proposal for each in routes], passport.floor_area_m2.value)),
    )


def threshold(passport: Passport) -> Threshold:
    """Whether the built volume and use call for a demolition follow-up plan in Flanders."""
    use = "civil" if passport.civil_kind is not None else passport.building_use.use
    dwelling = str(passport.building_use.dwelling_type or "")
    rows = [row for row in shipped_rows("demolition_thresholds.csv") if row["use"] == use]
    row = next((each for each in rows if each["dwelling_type"] == dwelling), rows[-1] if rows else None)
    if row is None:
        rule = shipped_rows("demolition_thresholds.csv")[-1]
        reason = (
            "The use of the building is not known; state it: 1000 m3 not residential, 5000 m3 residential."
        )
        return Threshold(None, reason, rule["source"], rule["confidence"])
    if not row["threshold_m3"]:
        return Threshold(False, f"Not required: {row['text']}.", row["source"], row["confidence"])
    limit = float(row["threshold_m3"])
    volume = passport.building_volume_m3
    above = None if volume is None else volume.above(limit)
    size = "not known" if volume is None or volume.value_m3 is None else f"{volume.value_m3:,.0f} m3"
    says = {True: "Required", False: "Not required", None: "It cannot be said"}[above]
    reason = f"{says}: {row['text']}, above {limit:,.0f} m3; the built volume is {size}."
    return Threshold(above, reason, row["source"], row["confidence"])


def _streams(passport: Passport, routes: Sequence[PartRoutes]) -> tuple[Stream, ...]:
    elements = {element.global_id: element for element in passport.elements}
    volumes = _volumes(passport)
    grouped: dict[tuple[str, str, str], list[PartRoutes]] = defaultdict(list)
    for each in routes:
        grouped[each.proposal.material_id or "", each.ewc, each.ewc_if_hazardous].append(each)
    found = [_stream(key[0], members, elements, volumes) for key, members in grouped.items()]
    return tuple(sorted(found, key=lambda each: (-(each.mass_kg or 0.0), each.stream)))


def _stream(
    material_id: str,
    members: Sequence[PartRoutes],
    elements: dict[str, Element],
    volumes: dict[str, float | None],
) -> Stream:
    first = members[0]
    masses = [each.mass_kg for each in members if each.mass_kg is not None]
    known = [v for each in members if (v := volumes.get(each.unit_id)) is not None]
    places: dict[str, float] = defaultdict(float)
    for each in members:
        places[each.proposal.storey or _NOWHERE] += each.mass_kg or 0.0
    material = load_materials().get(material_id)
    hazards = {
        gate.reason for each in members for option in each.options for gate in option.gates
        if gate.name == "hazard" and (gate.verdict != "pass" or option.kind == "hazardous treatment")
    }  # fmt: skip
    question = f"tested for {first.proposal.hazard}?" if first.proposal.hazard else ""
    return Stream(
        stream=material.name if material is not None else "unknown material",
        family=first.proposal.family,
        ewc=first.ewc,
        ewc_text=_code_text(first.ewc),
        ewc_if_hazardous=first.ewc_if_hazardous,
        elements=len({each.proposal.global_id for each in members}),
        volume_m3=sum(known) if known else None,
        mass_kg=sum(masses) if masses else None,
        without_mass=len(members) - len(masses),
        places=tuple(sorted(places.items())),
        forms=tuple(sorted({elements[each.proposal.global_id].ifc_class for each in members})),
        hazard="; ".join(sorted(hazards)) or question,
        advice=first.proposal.action,
        today=first.today,
        probable=_main(members, "probable"),
        best=_main(members, "high"),
        sorting_fraction=_fraction(first),
    )


def _main(members: Sequence[PartRoutes], name: str) -> str:
    """The route of the largest mass; of equal ones the first by name."""
    masses: dict[str, float] = defaultdict(float)
    for each in members:
        masses[getattr(each, name)] += each.mass_kg or 0.0
    return max(sorted(masses), key=lambda kind: masses[kind])


def _fraction(part: PartRoutes) -> str:
    if part.ewc.endswith("*"):
        return "12 asbestos-cement waste" if part.ewc == "17 06 05*" else "11 hazardous waste"
    for row in shipped_rows("sorting_fractions.csv"):
        if row["family"] == part.proposal.family:
            return f"{row['number']} {row['fraction']}"
    return ""


def _volumes(passport: Passport) -> dict[str, float | None]:
    found: dict[str, float | None] = {}
    for element in passport.elements:
        for k, portion in enumerate(element.portions):
            several = len(element.portions) > 1
            found[f"{element.global_id}/{k + 1}" if several else element.global_id] = portion.volume_m3
    return found


def _reusable(
    passport: Passport, routes: Sequence[PartRoutes], plan: DismantlingPlan, survey: Survey
) -> tuple[ReusableKind, ...]:
    elements = {element.global_id: element for element in passport.elements}
    grouped: dict[tuple[object, ...], list[PartRoutes]] = defaultdict(list)
    for each in routes:
        if each.high in REUSE:
            element = elements[each.proposal.global_id]
            name = element.type_name or element.name or element.ifc_class
            grouped[element.ifc_class, name, each.proposal.material_id, _sides(element, each, survey)].append(
                each
            )
    found = [_kind(key, members, elements, plan, survey) for key, members in grouped.items()]
    return tuple(
        sorted(found, key=lambda each: (-(each.mass_kg or 0.0) * each.count, each.ifc_class, each.name))
    )


def _kind(
    key: tuple[object, ...],
    members: Sequence[PartRoutes],
    elements: dict[str, Element],
    plan: DismantlingPlan,
    survey: Survey,
) -> ReusableKind:
    ifc_class, name, material_id, sides = key
    known = set(plan.order)
    sets = [
        plan.graph.removal_set([unit]) for each in members
        if (unit := each.unit_id if each.unit_id in known else each.proposal.global_id) in known
    ]  # fmt: skip
    first = min(((len(s.certain) - 1, len(s.possible) - 1) for s in sets), default=(0, 0))
    masses = [each.mass_kg for each in members]
    conditions = sorted({survey.of(each.unit_id, "condition") or "not known" for each in members})
    material = load_materials().get(str(material_id))
    length, width, height = sides if isinstance(sides, tuple) else (None, None, None)
    return ReusableKind(
        ifc_class=str(ifc_class),
        name=str(name),
        material=material.name if material is not None else "unknown",
        count=len(members),
        length_m=length,
        width_m=width,
        height_m=height,
        mass_kg=None if None in masses else sum(m or 0.0 for m in masses) / len(masses),
        condition=", ".join(conditions),
        places=tuple(sorted({each.proposal.storey or _NOWHERE for each in members})),
        global_ids=tuple(each.proposal.global_id for each in members),
        first=first,
        advice=members[0].proposal.action,
        blocker=""
        if members[0].blocker is None
        else f"{members[0].blocker.name}: {members[0].blocker.reason}",
        photo=next((shot for each in members if (shot := survey.of(each.unit_id, "photo"))), ""),
    )


def _sides(
    element: Element, part: PartRoutes, survey: Survey
) -> tuple[float | None, float | None, float | None] | None:
    """Sides as surveyed, or of the box from the longest to the shortest; to the cm, so that they group."""
    told = survey.numbers.get(part.unit_id) or survey.numbers.get(element.global_id) or {}
    if told.get("length_m"):
        return told.get("length_m"), told.get("width_m"), told.get("height_m")
    if element.box_m is None:
        return None
    x, y, z, far_x, far_y, top = element.box_m
    sides = sorted((round(far_x - x, 2), round(far_y - y, 2), round(top - z, 2)), reverse=True)
    return sides[0], sides[1], sides[2]


def _rubble(streams: Sequence[Stream]) -> str:
    stony = [each for each in streams if each.ewc.startswith("17 01")]
    if not stony:
        return "The model shows no stony rubble."
    mass = sum(each.mass_kg or 0.0 for each in stony) / 1000
    bad = [each.stream for each in stony if each.ewc.endswith("*") or each.ewc_if_hazardous]
    if bad:
        return (
            f"{mass:,.0f} t of stony rubble; {', '.join(bad)} may be contaminated: keep it apart. Without a "
            "follow-up the rubble is of high environmental risk (HMRP) and its granulate is tested."
        )
    return (
        f"{mass:,.0f} t of stony rubble. Low environmental risk (LMRP, straight to the crusher) needs the "
        "follow-up of a recognised demolition management organisation; else it is HMRP and tested."
    )


def _code_text(code: str) -> str:
    try:
        return waste_code(code).title if code else ""
    except ReferenceDataError:
        return ""
