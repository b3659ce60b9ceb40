"""Commands on taking a building apart: `dismantle`, `routes`, `inventory` and `value`."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from passport.cli_input import Model, fail, read_model, read_with_bodies
from reference.errors import BuildingPassportError

if TYPE_CHECKING:
    from passport.circularity.study import DismantlingStudy
    from passport.findings import Findings
    from passport.models import Passport
    from passport.report.reuse_catalogue import Body
    from reference.interval import Interval

SurveyFile = Annotated[
    Path | None,
    typer.Option("--survey", help="What was found on site (CSV, see the README).", show_default=False),
]
YearBuilt = Annotated[
    int | None,
    typer.Option(
        "--year", min=1000, max=2100, help="Year of construction; makes families suspect.", show_default=False
    ),
]
BoxesOnly = Annotated[
    bool,
    typer.Option("--boxes-only", help="Do not compare bodies for what lies on what: faster, wider bounds."),
]
CardsFile = Annotated[
    Path | None,
    typer.Option("--cards", help="Acceptance conditions of your takers (CSV).", show_default=False),
]

OutletsFile = Annotated[
    Path | None,
    typer.Option("--outlets", help="Who takes what, from how much and how far (CSV).", show_default=False),
]


def dismantle(
    model: Model,
    target: Annotated[
        list[str] | None,
        typer.Option(
            "--target", help="GlobalId of a part that must come out; give several.", show_default=False
        ),
    ] = None,
    survey: SurveyFile = None,
    year: YearBuilt = None,
    times: Annotated[
        Path | None, typer.Option("--times", help="Your table of working times (CSV).", show_default=False)
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="File to write: .csv (plan) or .html (picture).", show_default=False),
    ] = None,
    view: Annotated[
        Path | None,
        typer.Option("--view", help="Page to write: boxes in space, coloured by phase.", show_default=False),
    ] = None,
    boxes_only: BoxesOnly = False,
) -> None:
    """In which order a building comes apart, what must leave first for a part, and how long that may take."""
    from passport.exchange.dismantling_tables import write_plan
    from passport.report.dismantling_page import write_gantt, write_removal_graph
    from passport.report.dismantling_view import write_view

    house, bodies = _house(model, boxes_only)
    study = _study(house, survey, year, times)
    plan = study.plan
    try:
        sets = [plan.removal_set(each) for each in target or ()]
        if out is not None and out.suffix.lower() == ".html" and sets:
            wanted = [unit for found in sets for unit in found.targets]
            write_removal_graph(out, plan, plan.graph.removal_set(wanted), study.passport.model.file)
        elif out is not None and out.suffix.lower() == ".html":
            write_gantt(out, plan, study.passport.model.file)
        elif out is not None:
            write_plan(out, plan)
        if view is not None:
            write_view(view, study.passport, plan, bodies=bodies)
    except ValueError as error:
        fail(str(error))
    except OSError as error:
        fail(f"{error.filename or out}: cannot be written ({error.strerror or error}).")
    for found in sets:
        at_least, at_most = len(found.certain), len(found.possible)
        bound = str(at_least) if at_least == at_most else f"{at_least} to {at_most}"
        low, high, _ = plan.minutes(found.possible)
        typer.echo(f"{bound} parts leave, in this order ({low / 60:.1f} to {high / 60:.1f} working hours):")
        for unit_id in found.possible:
            sure = "" if unit_id in found.certain else " (possibly)"
            typer.echo(f"- {plan.graph.unit[unit_id].name} [{unit_id}]{sure}")
    if not sets:
        _print_phases(study)
    _print_notes(study.findings)
    typer.echo("What neither model nor bodies show is possible, not certain; look at it on site.")


def routes(
    model: Model,
    survey: SurveyFile = None,
    year: YearBuilt = None,
    cards: CardsFile = None,
    outlets: OutletsFile = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Write every part and gate to this CSV file.", show_default=False),
    ] = None,
) -> None:
    """Where each part can go: from today's route to the best one, and what stands between."""
    from passport.circularity.avoided import avoided_impact
    from passport.circularity.building_mci import building_mci
    from passport.circularity.route_options import mass_by_route, readiness
    from passport.exchange.dismantling_tables import write_part_routes

    study = _study(_house(model, True)[0], survey, year, None, cards, outlets)
    try:
        if out is not None:
            write_part_routes(out, study.routes)
    except OSError as error:
        fail(f"{error.filename or out}: cannot be written ({error.strerror or error}).")
    shown = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("route", "sure [t]", "at best [t]", "parts", "of them without mass"):
        shown.add_column(title, justify="left" if title == "route" else "right")
    without = Counter(each.probable for each in study.routes if each.mass_kg is None)
    for row in mass_by_route(study.routes):
        shown.add_row(
            row.kind,
            f"{row.probable_kg / 1000:,.1f}",
            f"{row.high_kg / 1000:,.1f}",
            str(row.parts),
            str(without.get(row.kind, 0)),
        )
    Console(highlight=False).print(shown)
    ready = readiness(study.routes)
    if ready is not None:
        typer.echo(f"{ready:.0%} of the mass is sure of the best route of its kind.")
    blocked: dict[str, float] = {}
    for each in study.routes:
        if each.blocker is not None:
            key = f"{each.blocker.name}: {each.blocker.reason}"
            blocked[key] = blocked.get(key, 0.0) + (each.mass_kg or 0.0)
    for text, mass in sorted(blocked.items(), key=lambda item: -item[1])[:8]:
        typer.echo(f"{mass / 1000:8,.1f} t wait for {text}")
    saved = avoided_impact(study.routes)
    typer.echo(
        f"Reuse may avoid {saved.low_kg_co2e / 1000:,.1f} to {saved.high_kg_co2e / 1000:,.1f} t CO2 eq of "
        f"new material (A1-A3, never netted; {saved.unknown_parts} parts are not known)."
    )
    _print_detachability(study)
    indicator = building_mci(study.passport, study.routes)
    if indicator is not None:
        typer.echo(
            f"Material circularity indicator {indicator.low.mci:.2f} to {indicator.high.mci:.2f} "
            f"(sum over parts to be verified; {indicator.unknown_kg / 1000:,.1f} t unknown left out)."
        )
    _print_notes(study.findings)
    typer.echo("The tool proposes; an expert and the taker decide. Routes of families are to be confirmed.")


def inventory(
    model: Model,
    out: Annotated[Path, typer.Option("--out", help="File to write: .xlsx or .csv.")] = Path(
        "inventory.xlsx"
    ),
    survey: SurveyFile = None,
    year: YearBuilt = None,
    cards: CardsFile = None,
    outlets: OutletsFile = None,
    catalogue: Annotated[
        Path | None,
        typer.Option(
            "--catalogue", help="Page to write: what can be reused, with pictures.", show_default=False
        ),
    ] = None,
    boxes_only: BoxesOnly = False,
) -> None:
    """The demolition inventory: streams, codes, places, hazards, advice, and what can be reused whole."""
    from passport.exchange.excel_inventory import write_inventory
    from passport.report.reuse_catalogue import pictures, write_catalogue

    house, bodies = _house(model, boxes_only)
    study = _study(house, survey, year, None, cards, outlets)
    try:
        shots = pictures(study.inventory, bodies) if catalogue or out.suffix.lower() == ".xlsx" else {}
        write_inventory(out, study.inventory, pictures=shots)
        if catalogue is not None:
            write_catalogue(catalogue, study.inventory, shots, house.model.file)
    except ValueError as error:
        fail(str(error))
    except OSError as error:
        fail(f"{error.filename or out}: cannot be written ({error.strerror or error}).")
    found = study.inventory
    typer.echo(
        f"{len(found.streams)} streams, {_tonnes([each.mass_kg for each in study.routes])} t; "
        f"{len(found.reusable)} kinds that may be reused."
    )
    typer.echo(found.threshold.reason)
    typer.echo(found.rubble)
    _print_notes(study.findings)
    typer.echo(f"Written to {out}. An expert must look: a model can never rule out asbestos.")


def value(
    model: Model,
    prices: Annotated[
        Path | None,
        typer.Option("--prices", help="Your prices (CSV, columns of prices.csv).", show_default=False),
    ] = None,
    demolition_rate: Annotated[
        float | None,
        typer.Option("--demolition-rate", min=0, help="Cost of demolition [EUR per m2].", show_default=False),
    ] = None,
    lots: Annotated[
        Path | None,
        typer.Option("--lots", help="Your lots for reuse (CSV): their circular value.", show_default=False),
    ] = None,
    survey: SurveyFile = None,
    year: YearBuilt = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Workbook to write: every term (.xlsx).", show_default=False),
    ] = None,
) -> None:
    """What the materials are worth at the end, and the circularity indices, with their terms."""
    from passport.circularity.building_indices import building_indices
    from passport.circularity.building_mci import building_mci
    from passport.circularity.lots import load_lots
    from passport.circularity.value import LABEL, load_prices, residual_value
    from passport.exchange.circularity_workbook import write_circularity

    try:
        house = read_model(model)
        found = residual_value(house, load_prices(prices), demolition_rate_eur_m2=demolition_rate)
        worth = [] if lots is None else load_lots(lots)
    except (BuildingPassportError, ValueError) as error:
        fail(str(error))
    total = found.total
    known = "unknown" if found.known_mass_share is None else f"{found.known_mass_share:.0%}"
    terms = (
        ("Value of the materials", total.value_eur, 1),
        ("Transport", total.transport_eur, -1),
        ("Processing", total.processing_eur, -1),
        ("Before demolition", total.before_demolition_eur, 1),
        ("Demolition", total.demolition_eur, -1),
        ("Residual value", total.net_eur, 1),
    )
    for name, eur, sign in terms:
        if eur is not None:
            typer.echo(f"{name:24}{sign * eur:12,.0f} EUR")
    if total.value_eur is None:
        typer.echo("No part has a mass and a price, so no value is known; give prices with --prices.")
    else:
        typer.echo(f"{known} of the mass has a price; what has none is in no figure.")
    for name, each in worth:
        says = {True: "pays", False: "does not pay", None: "may pay"}[each.pays]
        spans = {
            "worth": each.residual_eur,
            "at its risk": each.expected_eur,
            "costs": each.reuse_cost_eur,
        }
        said = ", ".join(f"{word} {_span(span)} EUR" for word, span in spans.items())
        typer.echo(f"{name}: reuse {says}, index {_span(each.cvi_project, 2)} ({said})")
    if worth:
        typer.echo(LABEL)
    study = _study(house, survey, year)
    mci, indices = building_mci(house, study.routes), building_indices(study.routes, study.detachability)
    if mci is not None:
        typer.echo(f"Material circularity indicator {mci.low.mci:.2f} to {mci.high.mci:.2f}")
    if indices.ci is not None and indices.score is not None:
        typer.echo(f"German circularity index {_span(indices.ci)} points, end of life {indices.ci_class}")
        typer.echo(f"Deconstruction score (Level(s) 2.4) {_span(indices.score, 2)}")
    if indices.without_mass:
        typer.echo(f"{indices.without_mass} parts of unknown mass are in no mean.")
    typer.echo("The indices are to be verified; lower end: sure routes and hard joints, upper end: the best.")
    if out is not None:
        try:
            write_circularity(out, value=found, mci=mci, indices=indices, inventory=study.inventory)
        except ValueError as error:
            fail(str(error))
        except OSError as error:
            fail(f"{error.filename or out}: cannot be written ({error.strerror or error}).")
    if prices is None:
        typer.echo("Prices are placeholders: Dutch, about 2017-21, for orders of magnitude. Bring your own.")


def _span(span: Interval, decimals: int = 0) -> str:
    low, high = f"{span.low:,.{decimals}f}", f"{span.high:,.{decimals}f}"
    return low if low == high else f"{low} to {high}"


def _house(model: Path, boxes_only: bool) -> tuple[Passport, dict[str, Body]]:
    """The passport and, unless only boxes are wanted, what its bodies touch and the bodies themselves."""
    try:
        if boxes_only:
            return read_model(model), {}
        house, meshes = read_with_bodies(model)
    except (BuildingPassportError, ValueError) as error:
        fail(str(error))
    return house, {name: (mesh.vertices, mesh.faces) for name, mesh in meshes.items()}


def _study(
    house: Passport,
    survey: Path | None,
    year: int | None,
    times: Path | None = None,
    cards: Path | None = None,
    outlets: Path | None = None,
) -> DismantlingStudy:
    from passport.circularity.avoided import new_material_kg_co2e
    from passport.circularity.study import study_dismantling

    try:
        return study_dismantling(
            house,
            survey=survey,
            year_built=year,
            unit_times=times,
            cards=cards,
            outlets=outlets,
            saved_per_kg=new_material_kg_co2e(),
        )
    except (BuildingPassportError, ValueError) as error:
        fail(str(error))


def _print_phases(study: DismantlingStudy) -> None:
    shown = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("phase", "storey", "parts", "t", "working hours"):
        shown.add_column(title, justify="left" if title in ("phase", "storey") else "right")
    seen: dict[tuple[str, str], list[str]] = {}
    for step in study.plan.steps:
        seen.setdefault((step.unit.phase, step.unit.storey or ""), []).append(step.unit.unit_id)
    unit = study.plan.graph.unit
    for (phase, storey), ids in seen.items():
        low, high, without = study.plan.minutes(ids)
        mass = _tonnes([unit[each].mass_kg for each in ids])
        least = "at least " if without else ""
        hours = "unknown" if without == len(ids) else f"{least}{low / 60:,.0f} to {high / 60:,.0f}"
        shown.add_row(phase, Text(storey), str(len(ids)), mass, hours)
    Console(highlight=False).print(shown)


def _print_detachability(study: DismantlingStudy) -> None:
    found = study.detachability
    if found.building is None:
        return
    typer.echo(
        f"Detachability {found.building.low:.2f} to {found.building.high:.2f} by mass "
        f"(factors v{found.version}, values to be verified)."
    )
    for each in found.narrowing[:3]:
        typer.echo(
            f"- {each.factor} of {each.parts} x {each.family} in {each.ifc_class} would narrow it most"
        )


def _print_notes(findings: Findings) -> None:
    """The first two of each kind, and how many more there are."""
    for group in findings.groups():
        for finding in findings.with_code(group.code)[:2]:
            typer.echo(f"{finding.severity.value}: {finding.message} {finding.hint}", err=True)
        if group.count > 2:
            typer.echo(f"... and {group.count - 2} more of this kind ({group.code}).", err=True)


def _tonnes(masses: list[float | None]) -> str:
    """Sum of masses [t]; what is not known makes it a lower bound, or unknown."""
    known = [mass for mass in masses if mass is not None]
    if not known:
        return "unknown"
    return f"{'at least ' if len(known) < len(masses) else ''}{sum(known) / 1000:,.1f}"
