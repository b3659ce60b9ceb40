"""`ReportData`: everything that a rendering shows, as one JSON-able structure.

Renderings add nothing and compute nothing; what is not here is not in a report.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field

from lca.compare import Comparison
from passport.assessment import Assessment
from passport.findings import FindingGroup, Findings
from passport.models import FloorArea, ModelInfo, Passport, Provenance
from reference.vocabulary import Indicator

if TYPE_CHECKING:
    from passport.circularity.routes import RouteProposal
    from passport.circularity.study import DismantlingStudy
    from passport.civil_works import CivilWork
    from passport.design_choices import DesignChange

_EXAMPLES = 20
_BLOCKERS = 8


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ElementCounts(_Part):
    """Physical elements of the model; total = assessed + left_out."""

    total: int
    assessed: int
    left_out: int
    without_material: int
    without_quantity: int


class CoverageData(_Part):
    """Shares 0-1 with a known material and quantity; null where there is nothing to share.

    `assumed` is the share of the mass whose material was assumed at the user's wish; `mass` holds it too.
    """

    elements: float | None
    volume: float | None
    mass: float | None
    assumed: float | None = None


class Contribution(_Part):
    """Part of a total: by material, class or storey; share of the sum of absolute contributions."""

    label: str
    material_id: str | None = None
    family: str = ""
    mass_kg: float
    value: float
    share: float


class MaterialLine(_Part):
    """One distinct material name in one use."""

    name: str
    use: str
    material_id: str | None
    material: str
    family: str
    score: float | None
    reason: str
    portions: int
    volume_m3: float | None
    mass_kg: float | None


class RouteLine(_Part):
    """Portions of one material and route together."""

    material_id: str | None
    material: str
    family: str
    waste_category: str
    ewc: str
    hazard: str
    route: str
    reason: str
    action: str
    confidence: str
    portions: int
    mass_kg: float | None
    mass_unknown_portions: int


class StreamMass(_Part):
    """Mass by route, today and at best [kg]; `unknown` holds portions without a known material."""

    route: str
    today_kg: float
    best_kg: float


class ChangeLine(_Part):
    """One change of the design, against the design as it is; see `passport.design_changes.DesignChange`."""

    group: str
    kind: str
    text: str
    caveat: str
    portions: int
    mass_kg: float
    gwp: float
    score_mpt: float | None
    percentile: float | None
    probability_better: float | None


class CivilWorkData(_Part):
    """What a result of a civil work is divided by; see `passport.civil_works.CivilWork`.

    `gwp_total_per_unit` is over the whole study period [kg CO2 eq per functional unit].
    """

    kind: str
    functional_unit: str
    quantity: float | None
    origin: str
    gwp_total_per_unit: float | None


class RouteMassLine(_Part):
    """Mass whose route is sure, and at best [kg]; see `passport.circularity.route_options.RouteMass`."""

    kind: str
    sure_kg: float
    best_kg: float
    parts: int


class PhaseLine(_Part):
    """One phase of the dismantling plan; hours of all workers together by the table of times."""

    phase: str
    parts: int
    mass_kg: float
    hours_low: float
    hours_high: float


class BlockerLine(_Part):
    """What mass waits for before its best route [kg]; the text is English."""

    text: str
    mass_kg: float


class TakingApart(_Part):
    """How the building comes apart: bounds, never one default.

    Attributes:
        detachability_low, detachability_high: by mass [-]; null without masses.
        detachability_version: of the factors, whose values are to be verified.
        readiness: share of the mass that is sure of the best route of its kind [-].
        threshold, rubble: sentences on the follow-up plan and the rubble, in English.
    """

    detachability_low: float | None
    detachability_high: float | None
    detachability_version: str
    readiness: float | None
    routes: tuple[RouteMassLine, ...]
    phases: tuple[PhaseLine, ...]
    blockers: tuple[BlockerLine, ...]
    threshold: str
    rubble: str


class LeftOutGroup(_Part):
    """Elements left out for one reason."""

    reason: str
    count: int
    examples: tuple[str, ...]


class SourceLine(_Part):
    """A source used in the report."""

    source_id: str
    citation: str
    licence: str
    confidence: str


class ReportData(_Part):
    """The result of a run.

    Attributes:
        impact: by indicator and module, whole study period; null = unknown. `impact_unit` has the units and
            `impact_known_share` the share of the mass that has a figure.
        gwp_total_per_m2_year: GWP-total of all known modules [kg CO2 eq/m2.yr], null without floor area.
        mass_kg: sum of the known masses, null when none is known.
        changes: what would lower GWP-total, the largest first; texts are English.
        contributions: largest materials by GWP-total; `by_class`, `by_storey` likewise.
    """

    schema_version: str = "1.0"
    language: str = "en"
    model: ModelInfo
    provenance: Provenance
    elements: ElementCounts
    coverage: CoverageData
    mass_kg: float | None
    floor_area_m2: FloorArea
    civil_work: CivilWorkData | None = None
    study_period_years: float
    scenario: dict[str, Any]
    impact: dict[str, dict[str, float | None]]
    impact_unit: dict[str, str]
    impact_known_share: dict[str, dict[str, float | None]]
    gwp_total: float | None
    gwp_total_per_m2_year: float | None
    comparison: Comparison | None
    changes: tuple[ChangeLine, ...] = ()
    contributions: tuple[Contribution, ...]
    by_class: tuple[Contribution, ...]
    by_storey: tuple[Contribution, ...]
    materials: tuple[MaterialLine, ...]
    routes: tuple[RouteLine, ...]
    streams: tuple[StreamMass, ...]
    taking_apart: TakingApart | None = None
    mass_by_family: dict[str, float]
    left_out: tuple[LeftOutGroup, ...]
    findings: tuple[FindingGroup, ...]
    sources: tuple[SourceLine, ...] = Field(default=())


def build_report_data(
    passport: Passport,
    assessment: Assessment,
    *,
    comparison: Comparison | None = None,
    routes: Sequence[RouteProposal] = (),
    changes: Sequence[DesignChange] = (),
    civil: CivilWork | None = None,
    study: DismantlingStudy | None = None,
    language: str = "en",
) -> ReportData:
    """Collect a run into one structure; names of materials in `language` (en, nl, fr, de)."""
    total = assessment.total(Indicator.GWP_TOTAL).value
    gwp = None if math.isnan(total) else total
    area = passport.floor_area_m2.value
    per_m2_year = None if gwp is None or area is None else gwp / area / assessment.study_period_years
    findings = Findings((*passport.findings, *assessment.findings))
    return ReportData(
        language=language,
        model=passport.model,
        provenance=passport.provenance,
        elements=element_counts(passport),
        coverage=CoverageData(
            elements=assessment.coverage.elements,
            volume=assessment.coverage.volume,
            mass=assessment.coverage.mass,
            assumed=assessment.coverage.assumed,
        ),
        mass_kg=passport.mass_kg(),
        floor_area_m2=passport.floor_area_m2,
        civil_work=None if civil is None else _civil_data(civil, gwp),
        study_period_years=assessment.study_period_years,
        scenario=assessment.impact.scenario.model_dump(mode="json"),
        impact={i.value: {s.value: v for s, v in row.items()} for i, row in assessment.matrix().items()},
        impact_unit={i.value: i.unit for i in assessment.impact.indicators},
        impact_known_share=_known_share(assessment),
        gwp_total=gwp,
        gwp_total_per_m2_year=per_m2_year,
        comparison=comparison,
        changes=tuple(_change_line(each) for each in changes),
        contributions=_contributions(assessment, "material_id", language),
        by_class=_contributions(assessment, "ifc_class", language),
        by_storey=_contributions(assessment, "storey", language),
        materials=_materials(passport, language),
        routes=_routes(routes, language),
        streams=_streams(routes),
        taking_apart=None if study is None else _taking_apart(study),
        mass_by_family=_mass_by_family(passport),
        left_out=_left_out(passport),
        findings=tuple(findings.groups()),
        sources=_sources(),
    )


def element_counts(passport: Passport) -> ElementCounts:
    """How many elements there are, count, and lack something."""
    return ElementCounts(
        total=len(passport.elements) + len(passport.left_out),
        assessed=len(passport.elements),
        left_out=len(passport.left_out),
        without_material=sum(
            all(not p.name and p.material_id is None for p in e.portions) for e in passport.elements
        ),
        without_quantity=sum(
            e.volume_m3 is None and e.area_m2 is None and all(p.mass_kg is None for p in e.portions)
            for e in passport.elements
        ),
    )


def _civil_data(civil: CivilWork, gwp: float | None) -> CivilWorkData:
    return CivilWorkData(
        kind=civil.kind,
        functional_unit=civil.functional_unit,
        quantity=civil.quantity,
        origin=civil.origin,
        gwp_total_per_unit=None if gwp is None or not civil.quantity else gwp / civil.quantity,
    )


def _taking_apart(study: DismantlingStudy) -> TakingApart:
    from passport.circularity.removal_units import PHASES
    from passport.circularity.route_options import mass_by_route, readiness

    band, unit = study.detachability.building, study.plan.graph.unit
    in_phase: dict[str, list[str]] = defaultdict(list)
    for step in study.plan.steps:
        in_phase[step.unit.phase].append(step.unit.unit_id)
    phases = []
    for phase in PHASES:
        if ids := in_phase.get(phase):
            low, high, _ = study.plan.minutes(ids)
            mass = math.fsum(unit[each].mass_kg or 0.0 for each in ids)
            phases.append(
                PhaseLine(phase=phase, parts=len(ids), mass_kg=mass, hours_low=low / 60, hours_high=high / 60)
            )
    waiting: dict[str, float] = defaultdict(float)
    for each in study.routes:
        if each.blocker is not None:
            waiting[f"{each.blocked}: {each.blocker.reason}"] += each.mass_kg or 0.0
    ranked = sorted(waiting.items(), key=lambda item: (-item[1], item[0]))
    return TakingApart(
        detachability_low=None if band is None else band.low,
        detachability_high=None if band is None else band.high,
        detachability_version=study.detachability.version,
        readiness=readiness(study.routes),
        routes=tuple(
            RouteMassLine(kind=r.kind, sure_kg=r.probable_kg, best_kg=r.high_kg, parts=r.parts)
            for r in mass_by_route(study.routes)
        ),
        phases=tuple(phases),
        blockers=tuple(BlockerLine(text=text, mass_kg=mass) for text, mass in ranked[:_BLOCKERS]),
        threshold=study.inventory.threshold.reason,
        rubble=study.inventory.rubble,
    )


def _change_line(change: DesignChange) -> ChangeLine:
    return ChangeLine(
        group=change.group,
        kind=change.kind,
        text=change.text,
        caveat=change.caveat,
        portions=change.portions,
        mass_kg=change.mass_kg,
        gwp=change.gwp,
        score_mpt=None if math.isnan(change.score_mpt) else change.score_mpt,
        percentile=change.percentile,
        probability_better=change.probability_better,
    )


def _known_share(assessment: Assessment) -> dict[str, dict[str, float | None]]:
    shares: dict[str, dict[str, float | None]] = {}
    for indicator in assessment.impact.indicators:
        by_stage = assessment.impact.total(indicator).share_by_stage
        shares[indicator.value] = {s.value: (None if math.isnan(v) else v) for s, v in by_stage.items()}
    return shares


def _material_name(material_id: str | None, language: str) -> str:
    from reference.materials import load_materials

    if material_id is None or material_id not in load_materials():
        return ""
    names = load_materials()[material_id].names
    return names.get(language) or names["en"]


def _contributions(assessment: Assessment, label: Any, language: str) -> tuple[Contribution, ...]:
    grouped = assessment.by(label)
    column = grouped.indicators.index(Indicator.GWP_TOTAL)
    values: dict[str, float] = {}
    masses: dict[str, float] = defaultdict(float)
    for k, name in enumerate(grouped.labels):
        figures = [float(v) for v in grouped.values[k, column] if not math.isnan(v)]
        if figures:
            values[str(name)] = sum(figures)
    for element, portion in zip(assessment.rows.elements, assessment.rows.portions, strict=True):
        if portion.mass_kg is not None:
            key = getattr(portion, label, None) if label == "material_id" else getattr(element, label)
            masses[str(key or "unknown")] += portion.mass_kg
    whole = sum(abs(v) for v in values.values())
    by_material = label == "material_id"
    return tuple(
        Contribution(
            label=(_material_name(name, language) or name) if by_material else name,
            material_id=name if by_material else None,
            mass_kg=masses[name],
            value=value,
            share=abs(value) / whole if whole else 0.0,
        )
        for name, value in sorted(values.items(), key=lambda item: -abs(item[1]))
    )


def _materials(passport: Passport, language: str) -> tuple[MaterialLine, ...]:
    lines: dict[tuple[str, str, str | None], dict[str, Any]] = {}
    for element in passport.elements:
        for p in element.portions:
            line = lines.setdefault(
                (p.name, p.use, p.material_id), {"portion": p, "n": 0, "volume": None, "mass": None}
            )
            line["n"] += 1
            for key, value in (("volume", p.volume_m3), ("mass", p.mass_kg)):
                if value is not None:
                    line[key] = (line[key] or 0.0) + value
    ordered = sorted(lines.values(), key=lambda x: (-(x["mass"] or 0.0), -(x["volume"] or 0.0)))
    return tuple(
        MaterialLine(
            name=x["portion"].name,
            use=x["portion"].use,
            material_id=x["portion"].material_id,
            material=_material_name(x["portion"].material_id, language),
            family=x["portion"].family,
            score=x["portion"].score,
            reason=x["portion"].reason,
            portions=x["n"],
            volume_m3=x["volume"],
            mass_kg=x["mass"],
        )
        for x in ordered
    )


def _routes(routes: Iterable[RouteProposal], language: str) -> tuple[RouteLine, ...]:
    lines: dict[tuple[str | None, str, str], list[RouteProposal]] = defaultdict(list)
    for route in routes:
        lines[(route.material_id, route.route, route.reason)].append(route)
    result = []
    for members in lines.values():
        first = members[0]
        masses = [r.mass_kg for r in members if r.mass_kg is not None]
        result.append(
            RouteLine(
                material_id=first.material_id,
                material=_material_name(first.material_id, language),
                family=first.family,
                waste_category=first.waste_category,
                ewc=first.ewc,
                hazard=first.hazard,
                route=first.route,
                reason=first.reason,
                action=first.action,
                confidence=first.confidence,
                portions=len(members),
                mass_kg=sum(masses) if masses else None,
                mass_unknown_portions=len(members) - len(masses),
            )
        )
    return tuple(sorted(result, key=lambda r: -(r.mass_kg or 0.0)))


def _streams(routes: Iterable[RouteProposal]) -> tuple[StreamMass, ...]:
    today: dict[str, float] = defaultdict(float)
    best: dict[str, float] = defaultdict(float)
    for route in routes:
        if route.mass_kg is None or route.route == "none":
            continue
        best[route.route] += route.mass_kg
        if route.today:
            for kind, share in route.today.items():
                today[kind] += route.mass_kg * share
        else:
            today["unknown"] += route.mass_kg
    order = ("reuse", "recycling", "recovery", "disposal", "unknown")
    return tuple(
        StreamMass(route=k, today_kg=today[k], best_kg=best[k]) for k in order if today[k] or best[k]
    )


def _mass_by_family(passport: Passport) -> dict[str, float]:
    masses: dict[str, float] = defaultdict(float)
    for element in passport.elements:
        for portion in element.portions:
            if portion.mass_kg is not None:
                masses[portion.family] += portion.mass_kg
    return dict(sorted(masses.items(), key=lambda item: -item[1]))


def _left_out(passport: Passport) -> tuple[LeftOutGroup, ...]:
    counts = Counter(e.reason for e in passport.left_out)
    return tuple(
        LeftOutGroup(
            reason=reason,
            count=count,
            examples=tuple(
                f"{e.ifc_class} {e.name or e.global_id}" for e in passport.left_out if e.reason == reason
            )[:_EXAMPLES],
        )
        for reason, count in counts.most_common()
    )


def _sources() -> tuple[SourceLine, ...]:
    from reference.tables import read_table

    return tuple(
        SourceLine(
            source_id=row.text("source_id"),
            citation=row.text("citation"),
            licence=row.text("licence"),
            confidence=row.text("confidence"),
        )
        for row in read_table("sources.csv")
    )
