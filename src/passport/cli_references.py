"""Commands on reference sets: `compare` a model with one, and `references` to see, add and make them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from passport.cli_input import Language, Model, ScenarioOption, TypeOption, fail, read_model
from passport.reference_store import find_cases, find_set, home, set_names, shipped
from reference.errors import BuildingPassportError

if TYPE_CHECKING:
    from passport.assessment import Assessment
    from reference.percentile_sets import PercentileSet

references_app = typer.Typer(no_args_is_help=True, help="Buildings to compare a design with.")

Against = Annotated[
    str, typer.Option("--against", help="A set of `references list`, or your file.", show_default=True)
]

ConstructionOption = Annotated[
    str | None,
    typer.Option("--construction", help="massive-brick or timber-frame.", show_default="all"),
]


def compare(
    model: Model,
    building_type: TypeOption = None,
    construction: ConstructionOption = None,
    against: Against = "residential-be",
    draws: Annotated[
        int, typer.Option("--draws", min=0, max=200_000, help="Draws for the band of the percentile.")
    ] = 2_000,
    language: Language = "en",
    floor_area: Annotated[
        float | None, typer.Option("--floor-area", min=0, help="Gross floor area [m2].", show_default=False)
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead.")] = False,
) -> None:
    """Where a design stands among reference buildings: what both sides have, and nothing else."""
    from passport.api import LANGUAGES
    from passport.assessment import assess
    from passport.comparison import compare as placed
    from passport.report.sentences import comparison_sentences
    from passport.report.strings import Words
    from reference.percentile_sets import PercentileSet

    try:
        if language not in LANGUAGES:
            fail(f"language is {language!r}; use one of {', '.join(LANGUAGES)}.")
        found = find_set(against)
        house = read_model(model)
        if isinstance(found, PercentileSet):
            _between_percentiles(assess(house), found, floor_area, as_json)
            return
        cases = found
        result = placed(
            assess(house),
            building_type=building_type,
            construction=construction,
            floor_area_m2=floor_area,
            against=cases,
            draws=draws,
        )
    except (BuildingPassportError, ValueError) as error:
        fail(str(error))
    if as_json:
        typer.echo(result.model_dump_json(indent=1))
        return
    typer.echo(f"Reference: {cases.population} ({result.n} used). {cases.source}")
    if not result.comparable:
        typer.echo("Not comparable: " + " ".join(result.reasons))
        return
    for sentence in comparison_sentences(result, Words(language)):
        typer.echo(sentence)
    shown = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("modules", "design", "p10", "median", "p90", "percentile"):
        shown.add_column(title, justify="left" if title == "modules" else "right")
    for each in result.per_group:
        figures = (each.value, each.p10, each.median, each.p90)
        shown.add_row(each.group, *(f"{figure:.2f}" for figure in figures), f"{each.percentile:.0f}")
    Console(highlight=False).print(shown)
    if result.trimmed_design:
        part = "" if result.trimmed_share is None else f" ({result.trimmed_share:.1%} of it)"
        typer.echo(
            f"Left out of the design: {', '.join(result.trimmed_design)}{part}. "
            f"Left out of the reference: {', '.join(result.trimmed_reference) or 'nothing'}."
        )
    for note in result.notes:
        typer.echo(f"- {note}")


def _between_percentiles(
    assessment: Assessment, study: PercentileSet, floor_area: float | None, as_json: bool
) -> None:
    from lca.percentile_position import against_percentiles
    from passport.comparison import scope_reasons

    area = floor_area if floor_area is not None else assessment.floor_area_m2
    place = against_percentiles(assessment.impact, study, area)
    reasons = (*scope_reasons(assessment), *place.reasons)
    if as_json:
        typer.echo(
            json.dumps(
                {
                    "reference": study.name, "source": study.source, "reasons": reasons, "unit": study.unit,
                    "value": None if reasons else place.value, "at_least": place.at_least,
                    "percentile_low": None if reasons else place.percentile_low,
                    "percentile_high": None if reasons else place.percentile_high,
                    "trimmed_design": place.trimmed, "weight_covered": place.weight_covered,
                },
                indent=1,
            )
        )  # fmt: skip
        return
    typer.echo(f"Reference: {study.population}. {study.source}")
    if reasons:
        typer.echo("Not comparable: " + " ".join(reasons))
        return
    least = "at least " if place.at_least else ""
    typer.echo(
        f"The design has {least}{place.value:.2f} {study.unit} ({', '.join(study.stages)}): "
        f"between percentile {place.percentile_low:.0f} and {place.percentile_high:.0f}."
    )
    for percent, ratio in place.ratios:
        typer.echo(f"{least}{ratio:.2f} times percentile {percent:g} ({study.percentiles[percent]:g})")
    if place.weight_covered is not None:
        typer.echo(f"The score of the design covers {place.weight_covered:.0%} of the weights.")
    if place.trimmed:
        typer.echo(f"Left out of the design: {', '.join(place.trimmed)}.")


def improve(
    model: Model,
    building_type: TypeOption = None,
    construction: ConstructionOption = None,
    against: Against = "residential-be",
    to: Annotated[
        float | None,
        typer.Option("--to", min=0, max=100, help="Percentile to reach [%].", show_default=False),
    ] = None,
    costs: Annotated[
        Path | None,
        typer.Option(
            "--costs",
            help="File of --out with its column cost filled in: then the cheapest that reach --to.",
            show_default=False,
        ),
    ] = None,
    number: Annotated[int, typer.Option("--number", min=1, help="How many changes to print.")] = 10,
    out: Annotated[
        Path | None, typer.Option("--out", help="Write all changes to this CSV file.", show_default=False)
    ] = None,
) -> None:
    """What would move the result: changes of material, life, reuse and disassembly, ranked and chosen."""
    from passport.assessment import assess
    from passport.comparison import compare as placed
    from passport.design_changes import improve as improved
    from passport.design_choices import Cheapest, Fewest, cheapest, fewest, read_costs, write_changes

    if costs is not None and to is None:
        fail("--costs needs --to: which percentile to reach.")
    try:
        prices = None if costs is None else read_costs(costs)
        cases = find_cases(against)
        if building_type or construction:
            cases = cases.select(building_type, construction)
        house = read_model(model)
        assessment = assess(house)
        comparison = placed(assessment, against=cases)
        changes = improved(assessment, comparison=comparison, against=cases, drawn=number)
        least: Fewest | Cheapest | None = None
        if to is not None and prices is not None:
            least = cheapest(assessment, changes, comparison, cases, to, prices)
        elif to is not None:
            least = fewest(assessment, changes, comparison, cases, to)
        if out is not None:
            write_changes(out, changes)
    except (BuildingPassportError, ValueError) as error:
        fail(str(error))
    except OSError as error:
        fail(f"{error.filename or out}: cannot be written ({error.strerror or error}).")
    bound = "at least " if comparison.at_least else ""
    if comparison.comparable:
        typer.echo(f"As designed {bound}percentile {comparison.percentile:.0f} of {comparison.n} cases.")
    else:
        typer.echo("No percentiles: " + " ".join(comparison.reasons))
    if not changes:
        typer.echo("No change of what is known would lower GWP-total.")
        return
    shown = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("change", "kg CO2 eq", "mPt", "percentile", "better in", "check"):
        shown.add_column(title, overflow="fold", justify="left" if title in ("change", "check") else "right")
    for each in changes[:number]:
        shown.add_row(
            Text(each.text),
            f"{each.gwp:+,.0f}",
            f"{each.score_mpt:+,.0f}",
            "" if each.percentile is None else f"{each.percentile:.0f}",
            "" if each.probability_better is None else f"{each.probability_better:.0%}",
            Text(each.caveat),
        )
    Console(highlight=False).print(shown)
    if least is not None:
        kind = "fewest" if prices is None else "cheapest"
        reached = f"The {kind} changes that reach" if least.reached else "Not reached; all that helps towards"
        typer.echo(f"{reached} percentile {to:g}: {bound}{least.percentile:.0f} with")
        for each in least.changes:
            typer.echo(f"- {each.text}")
        if not least.changes:
            typer.echo("- no change: the design is there.")
        if isinstance(least, Cheapest):
            typer.echo(f"Together they cost {least.cost:,.0f}; {len(least.without_cost)} have no cost.")
        if comparison.at_least:
            typer.echo("Data are missing: this holds for the part of the design that is known.")
    typer.echo("Each change stands alone; a person must check it. The rules of exchange are to be confirmed.")


@references_app.command("list")
def list_sets() -> None:
    """All sets: those that ship, and yours."""
    from reference.percentile_sets import PercentileSet

    shown = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("name", "cases", "years", "modules", "sure", "population"):
        shown.add_column(title, overflow="fold", justify="right" if title in ("cases", "years") else "left")
    faults = []
    for name in set_names():
        try:
            each = find_set(name)
        except BuildingPassportError as error:
            faults.append(str(error))
            continue
        modules = each.stages if isinstance(each, PercentileSet) else each.module_groups
        shown.add_row(
            name, str(each.n or "?"), f"{each.study_period_years:g}", " ".join(modules), each.confidence,
            Text(each.population),
        )  # fmt: skip
    Console(highlight=False).print(shown)
    for fault in faults:
        typer.echo(fault, err=True)


@references_app.command("show")
def show_set(
    name: Annotated[str, typer.Argument(help="A set of `references list`, or your file.")] = "residential-be",
    building_type: TypeOption = None,
    construction: ConstructionOption = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Write the set to this JSON file.", show_default=False)
    ] = None,
) -> None:
    """One set: what it holds, and its percentiles per module group."""
    from reference.percentile_sets import PercentileSet

    try:
        found = find_set(name)
        if isinstance(found, PercentileSet) and (building_type or construction):
            fail(f"{name}: holds percentiles only; no type or construction can be chosen.")
        cases = found if isinstance(found, PercentileSet) else found.select(building_type, construction)
        if out is not None:
            from reference.reference_files import save_reference_set

            save_reference_set(cases, out)
    except BuildingPassportError as error:
        fail(str(error))
    except OSError as error:
        fail(f"{error.filename or out}: cannot be written ({error.strerror or error}).")
    if out is not None:
        typer.echo(f"{cases.n or '?'} cases written to {out}")
        return
    facts = {
        "population": cases.population, "cases": cases.n or "not stated",
        "indicator": f"{cases.indicator} in {cases.unit}",
        "study period": f"{cases.study_period_years:g} years", "biogenic": cases.biogenic_rule,
        "area": cases.area_definition, "parts": ", ".join(cases.parts) or "not stated by the source",
        "method": cases.method, "source": cases.source, "licence": cases.licence, "sure": cases.confidence,
    }  # fmt: skip
    for key, value in facts.items():
        typer.echo(f"{key:13}{value}")
    if isinstance(cases, PercentileSet):
        typer.echo(f"{'modules':13}{', '.join(cases.stages)}")
        for percent, figure in cases.percentiles.items():
            typer.echo(f"{f'p{percent:g}':13}{figure:g}")
        return
    shown = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("modules", "min", "p10", "median", "p90", "max"):
        shown.add_column(title, justify="left" if title == "modules" else "right")
    for group in (*((each,) for each in cases.module_groups), cases.module_groups):
        figures = cases.percentiles((0, 10, 50, 90, 100), group)
        shown.add_row("all" if len(group) > 1 else group[0], *(f"{figure:.3f}" for figure in figures))
    Console(highlight=False).print(shown)


@references_app.command("limits")
def show_limits(
    model: Annotated[
        Path | None, typer.Argument(help="IFC model, or a passport.json, to put beside them.")
    ] = None,
    country: Annotated[
        str | None, typer.Option("--country", help="DK, FR, NL, DE, UK, CH, ...", show_default="all")
    ] = None,
    scenario: ScenarioOption = "BE",
) -> None:
    """Limits and targets of policies, as published; beside a model only where both count the same."""
    from lca import against_limit, load_scenario
    from passport.assessment import assess
    from reference.limits import load_limits

    try:
        limits = load_limits(None if country is None else country.upper())
        if not limits:
            fail(f"No limits of {country}; there are some of {', '.join(_countries())}.")
        assessment = None
        if model is not None:
            house = read_model(model)
            assessment = assess(house, scenario=load_scenario(scenario))
    except (BuildingPassportError, ValueError) as error:
        fail(str(error))
    for limit in limits:
        dates = " to ".join(each for each in (limit.valid_from, limit.valid_to) if each)
        typer.echo(
            f"{limit.country} {limit.scheme}, {limit.use_type}: {limit.kind} {limit.value:g} {limit.unit} "
            f"({limit.quantity}; {limit.modules}; {limit.area_definition or 'area not known'}"
            f"{'; ' + dates if dates else ''}; {limit.confidence}, scope {limit.scope_confidence})"
        )
        if assessment is not None:
            found = against_limit(assessment.impact, limit, assessment.floor_area_m2)
            if found.reasons:
                typer.echo(f"    no verdict: {' '.join(found.reasons)}")
                continue
            least = "at least " if found.at_least else ""
            verdict = {True: "at or below it", False: "above it", None: "not sure: something is missing"}
            typer.echo(
                f"    {least}{found.value:.2f}, {least}{found.ratio:.0%} of it: {verdict[found.meets]}"
            )


def _countries() -> tuple[str, ...]:
    from reference.limits import load_limits

    return tuple(dict.fromkeys(limit.country for limit in load_limits()))


@references_app.command("add")
def add_set(
    file: Annotated[Path, typer.Argument(help="Your set (JSON or CSV, see the README).")],
) -> None:
    """Check a set and keep it under its name."""
    from reference.reference_files import load_reference_set, save_reference_set

    try:
        cases = load_reference_set(file)
        if not re.fullmatch(r"[\w.-]+", cases.name) or cases.name in shipped():
            fail(f"{file}: the name {cases.name!r} is taken or has other signs than letters, digits, - . _")
        home().mkdir(parents=True, exist_ok=True)
        save_reference_set(cases, home() / f"{cases.name}.json")
    except BuildingPassportError as error:
        fail(str(error))
    except OSError as error:
        fail(f"{error.filename or home()}: cannot be written ({error.strerror or error}).")
    typer.echo(f"{cases.name}: {cases.n or '?'} cases kept in {home()}")


@references_app.command("make")
def make_set(
    passports: Annotated[list[Path], typer.Argument(help="Your buildings: passport.json or IFC files.")],
    name: Annotated[str, typer.Option("--name", help="Name of the set.")],
    out: Annotated[Path, typer.Option("--out", help="JSON file to write.")],
) -> None:
    """A set of your own buildings, with the place of each among the others."""
    from passport.assessment import assess
    from passport.populations import leave_one_out, own_population
    from reference.reference_files import save_reference_set

    double = sorted({str(path) for path in passports if passports.count(path) > 1})
    if double:
        fail(f"{', '.join(double)} is given twice; a building counts once.")
    try:
        buildings = {str(path): assess(read_model(path)) for path in passports}
        cases, left_out = own_population(buildings, name=name)
        save_reference_set(cases, out)
    except (BuildingPassportError, ValueError) as error:
        fail(str(error))
    except OSError as error:
        fail(f"{error.filename or out}: cannot be written ({error.strerror or error}).")
    for finding in left_out:
        typer.echo(f"{finding.severity.value}: {finding.message} {finding.hint}", err=True)
    for case_id, percentile in sorted(leave_one_out(cases).items(), key=lambda item: item[1]):
        typer.echo(f"{percentile:5.0f}  {case_id}")
    typer.echo(f"{cases.n} buildings written to {out}")


@references_app.command("elements")
def show_elements(
    passports: Annotated[list[Path], typer.Argument(help="Your buildings: passport.json or IFC files.")],
    model: Annotated[
        Path | None, typer.Option("--model", help="A design to place among them.", show_default=False)
    ] = None,
) -> None:
    """Greenhouse gases per m2 of external wall, floor, roof and the like, over your own buildings."""
    from passport.assessment import assess
    from passport.element_references import UNIT, element_references, element_values

    try:
        references = element_references({str(path): assess(read_model(path)) for path in passports})
        own = {} if model is None else element_values(assess(read_model(model)))
    except (BuildingPassportError, ValueError) as error:
        fail(str(error))
    if not references:
        fail("No group of elements has an area and figures for 70% of it in any of these models.")
    shown = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("group", "elements", "buildings", "p10", "median", "p90"):
        shown.add_column(title, justify="left" if title in ("group", "elements") else "right")
    if model is not None:
        for title in ("design", "known", "percentile"):
            shown.add_column(title, justify="right")
    for each in references:
        cells = [each.group, each.title, str(len(each.values)), *(f"{q:.1f}" for q in each.quantiles())]
        if model is not None and each.group in own:
            value = own[each.group]
            cells += [f"{value.value:.1f}", f"{value.known_share:.0%}", f"{each.percentile(value.value):.0f}"]
        shown.add_row(*cells)
    Console(highlight=False).print(shown)
    typer.echo(
        f"{UNIT} of element over {references[0].study_period_years:g} years, without biogenic carbon, "
        "modules that have figures but D."
    )
