"""The command line: a thin layer over the Python functions of the same names.

Exit status: 0 done; 1 done, and `--strict` found errors; 2 unusable input or usage.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from passport.cli_circularity import dismantle, inventory, routes, value
from passport.cli_data import data_app
from passport.cli_figures import figures
from passport.cli_input import fail
from passport.cli_materials import decisions_app, materials
from passport.cli_references import compare, improve, references_app
from passport.cli_results import breakdown, scenario_app, uncertainty, variants
from passport.cli_reuse import checklist, match
from passport.errors import PassportError
from passport.progress import terminal_progress
from reference.errors import BuildingPassportError
from reference.vocabulary import BuildingType

if TYPE_CHECKING:
    from lca.scenario import Scenario
    from passport.api import Run
    from passport.models import Passport
    from passport.progress import Progress
    from passport.report.result import CivilWorkData

#: From this share of the best known module on, a module counts as known.
_MOSTLY = 0.9

Geometry = Literal["auto", "never", "all"]
FractionBy = Literal["volume", "weight"]

app = typer.Typer(
    name="building-passport",
    help="From an IFC model to a building passport, its impact, a comparison and end-of-life routes.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


class LanguageOption(StrEnum):
    """Languages of the report."""

    EN = "en"
    NL = "nl"
    FR = "fr"
    DE = "de"


@app.callback(invoke_without_command=True)
def _version(
    version: Annotated[bool, typer.Option("--version", help="Show the version and leave.")] = False,
) -> None:
    if version:
        from importlib.metadata import version as installed

        typer.echo(f"building-passport {installed('building-passport')}")
        raise typer.Exit


@app.command()
def assess(
    model: Annotated[Path, typer.Argument(help="IFC model (.ifc or .ifczip), or a passport.json.")],
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", help="Folder to write to [default: MODEL.passport in this folder].", show_default=False
        ),
    ] = None,
    building_type: Annotated[
        BuildingType | None,
        typer.Option("--building-type", help="Compare with dwellings of this type only.", show_default=False),
    ] = None,
    floor_area: Annotated[
        float | None,
        typer.Option("--floor-area", help="Gross floor area in m2, when you know it.", show_default=False),
    ] = None,
    functional_quantity: Annotated[
        float | None,
        typer.Option(
            "--functional-quantity",
            help="m2 of deck or road, or m of track, of a civil work, when you know it.",
            show_default=False,
        ),
    ] = None,
    mapping: Annotated[
        list[Path] | None,
        typer.Option(
            "--mapping",
            help="Your edited materials file (CSV or XLSX); it always wins. Give several: the first wins.",
            show_default=False,
        ),
    ] = None,
    assume: Annotated[
        bool, typer.Option("--assume", help="Assume a usual material where the model states none.")
    ] = False,
    language: Annotated[
        LanguageOption, typer.Option("--language", help="Language of the report.")
    ] = LanguageOption.EN,
    geometry: Annotated[
        Geometry,
        typer.Option("--geometry", help="auto: exact shapes, the kernel where needed; never; all: always."),
    ] = "auto",
    quantity_names: Annotated[
        Path | None,
        typer.Option(
            "--quantity-names",
            help="Your table of further names of quantities (CSV: name, kind, role).",
            show_default=False,
        ),
    ] = None,
    fraction_by: Annotated[
        FractionBy,
        typer.Option("--fraction-by", help="What fractions of material constituents mean: volume or weight."),
    ] = "volume",
    data: Annotated[
        Path | None,
        typer.Option(
            "--data", help="Your data file (see `data import`); its figures win.", show_default=False
        ),
    ] = None,
    scenario: Annotated[
        str,
        typer.Option("--scenario", help="BE, NL, DK, FR, DE, or your scenario file (see `scenario`)."),
    ] = "BE",
    maintenance: Annotated[
        Path | None,
        typer.Option(
            "--maintenance", help="Your maintenance file (CSV); adds module B2.", show_default=False
        ),
    ] = None,
    contacts: Annotated[
        bool, typer.Option("--contacts", help="Compare bodies for what lies on what (10 ms per element).")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 1 when errors were found.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress bars.")] = False,
) -> None:
    """Read a model; write passport, impact, materials, routes and report; print a summary."""
    from passport.api import run, write_run

    if floor_area is not None and not 0 < floor_area < float("inf"):
        fail(f"--floor-area is {floor_area:g}; give a positive number of m2.")
    if functional_quantity is not None and not 0 < functional_quantity < float("inf"):
        fail(f"--functional-quantity is {functional_quantity:g}; give a positive number of m2 or m.")
    try:
        with terminal_progress(not (quiet or as_json)) as progress:
            house = _passport(
                model, mapping or [], assume, geometry, floor_area, quantity_names, fraction_by, progress
            )
            if contacts and model.suffix.lower() != ".json":
                from passport.ifc.contacts import find_contacts

                house = find_contacts(model, house, progress=progress)
            result = run(
                house,
                building_type=building_type,
                language=language.value,
                data=data,
                scenario=_scenario(scenario),
                maintenance=maintenance,
                functional_quantity=functional_quantity,
                progress=progress,
            )
            target = out if out is not None else Path(f"{model.stem}.passport")
            written = write_run(target, result, progress)
    except BuildingPassportError as error:
        fail(str(error))
    except OSError as error:
        place = error.filename or out or model
        fail(f"{place}: cannot be written ({error.strerror or error}); name another folder with --out.")
    if as_json:
        from passport.report.as_json import as_json as render

        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(encoding="utf-8")
        sys.stdout.write(render(result.data) + "\n")
    else:
        _print_summary(result, written)
    if strict and any(g.severity == "error" for g in result.data.findings):
        raise typer.Exit(1)


app.command()(materials)
app.command()(breakdown)
app.command()(compare)
app.command()(improve)
app.command()(figures)
app.command()(dismantle)
app.command()(routes)
app.command()(inventory)
app.command()(value)
app.command()(match)
app.command()(checklist)
app.command()(uncertainty)
app.command()(variants)
app.add_typer(scenario_app, name="scenario")
app.add_typer(decisions_app, name="decisions")
app.add_typer(data_app, name="data")
app.add_typer(references_app, name="references")


@app.command()
def schema() -> None:
    """Print the JSON Schema of passport.json."""
    from passport.models import passport_schema

    sys.stdout.write(json.dumps(passport_schema(), indent=1, ensure_ascii=False) + "\n")


def _passport(
    model: Path,
    mapping: list[Path],
    assume: bool,
    geometry: Geometry,
    floor_area: float | None,
    quantity_names: Path | None,
    fraction_by: FractionBy,
    progress: Progress,
) -> Passport:
    from passport.ifc.reader import read_ifc
    from passport.models import FloorArea, load_passport

    if model.suffix.lower() != ".json":
        return read_ifc(
            model,
            mapping=mapping or None,
            assume=assume,
            geometry=geometry,
            floor_area_m2=floor_area,
            quantity_names=quantity_names,
            fraction_by=fraction_by,
            progress=progress,
        )
    for given, what in (
        (bool(mapping), "a mapping"),
        (assume, "an assumption"),
        (quantity_names is not None, "a table of quantity names"),
    ):
        if given:
            raise PassportError(
                f"{model}: {what} is used when the model is read; name the IFC model instead."
            )
    house = load_passport(model)
    if floor_area is None:
        return house
    return house.model_copy(update={"floor_area_m2": FloorArea(value=floor_area, origin="user")})


def _scenario(source: str) -> Scenario | None:
    from lca import load_scenario

    return None if source.upper() == "BE" else load_scenario(source)


def _percent(share: float | None) -> str:
    if share is None:
        return "unknown"
    # 99.6 % must not read as everything.
    return ">99%" if 0.99 < share < 1 else f"{share:.0%}"


def _print_summary(result: Run, written: list[Path]) -> None:
    data = result.data
    console = Console(highlight=False)

    def say(text: str) -> None:
        # Names come from the model: rich must not take brackets in them for markup.
        console.print(Text(text))

    say(f"{data.model.file}: {data.model.schema_name}, {data.model.application}")
    e = data.elements
    say(
        f"Elements   {e.total}: {e.assessed} in the passport, {e.left_out} left out with a reason; "
        f"{e.without_material} without material, {e.without_quantity} without quantity"
    )
    c = data.coverage
    say(
        f"Coverage   {_percent(c.elements)} of the elements, {_percent(c.volume)} of the volume, "
        f"{_percent(c.mass)} of the mass have a known material and quantity"
    )
    if c.assumed:
        say(f"Assumed    {_percent(c.assumed)} of the mass: the model states no material there")
    say(
        "Mass       "
        + ("unknown" if data.mass_kg is None else f"{data.mass_kg / 1000:,.1f} t of known material")
    )
    area = data.floor_area_m2
    if data.civil_work is not None:
        _print_civil_work(data.civil_work, say)
    else:
        say("Floor area " + ("unknown" if area.value is None else f"{area.value:,.1f} m2 ({area.origin})"))
    _print_gwp(result, say)
    if data.comparison is not None:
        say(f"Compared   {data.comparison}")
    if data.contributions:
        table = Table(box=None, pad_edge=False, header_style="bold")
        for title in ("Largest contributions", "share", "kg CO2 eq", "mass kg"):
            table.add_column(title, justify="left" if title.startswith("L") else "right")
        for part in data.contributions[:5]:
            table.add_row(Text(part.label), f"{part.share:.0%}", f"{part.value:,.0f}", f"{part.mass_kg:,.0f}")
        console.print(table)
    _print_findings(result, console)
    say("Written    " + ", ".join(str(p) for p in written))


def _print_civil_work(civil: CivilWorkData, say: Callable[[str], None]) -> None:
    unit = civil.functional_unit or "functional unit"
    if civil.quantity is None:
        say(f"Civil work {civil.kind}; {unit}: not known ({civil.origin})")
        return
    text = f"Civil work {civil.kind}: {civil.quantity:,.1f} {unit} ({civil.origin})"
    if civil.gwp_total_per_unit is not None:
        text += f", {civil.gwp_total_per_unit:,.1f} kg CO2 eq per {unit.split()[0]}"
    say(text)


def _print_gwp(result: Run, say: Callable[[str], None]) -> None:
    data = result.data
    if data.gwp_total is None:
        say("GWP-total  unknown: no material is known")
        return
    known = data.impact_known_share["GWP-total"]
    whole = max((v for v in known.values() if v is not None), default=0.0)
    # A module that only few materials declare, such as C1 of an own dataset, must not read as known.
    stages = [
        s if (known.get(s) or 0.0) >= _MOSTLY * whole else f"{s} for {_percent(known.get(s))} of the mass"
        for s, v in data.impact["GWP-total"].items()
        if v is not None
    ]
    missing = [s for s, v in data.impact["GWP-total"].items() if v is None]
    text = f"GWP-total  {data.gwp_total:,.0f} kg CO2 eq over {data.study_period_years:g} years"
    if data.gwp_total_per_m2_year is not None:
        text += f" = {data.gwp_total_per_m2_year:.2f} kg CO2 eq/m2.yr"
    text += f" ({', '.join(stages)}"
    if missing:
        text += f"; not known: {', '.join(missing)}"
    say(text + ")")
    _print_score(result, say)


def _print_score(result: Run, say: Callable[[str], None]) -> None:
    score, area = result.assessment.score(), result.data.floor_area_m2.value
    per = "" if area is None else f" = {score.value_mpt / area:.1f} mPt/m2"
    kind = "" if score.complete else f"partial, {score.weight_covered:.0%} of the weights declared; "
    say(f"Score      {score.value_mpt:,.0f} mPt{per} ({kind}EF {score.ef_version}; no TOTEM score)")
    stored = result.assessment.stored_carbon()
    if stored.carbon_kg > 0:
        say(
            f"Stored     {stored.carbon_kg:,.0f} kg biogenic carbon = {stored.co2_kg:,.0f} kg CO2, "
            f"in no total ({_percent(stored.known_share)} of the mass known)"
        )


def _print_findings(result: Run, console: Console) -> None:
    groups = result.data.findings
    if not groups:
        console.print("Findings   none")
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("Findings", "", "number", "example"):
        table.add_column(title, justify="right" if title == "number" else "left", overflow="fold")
    colours = {"error": "red", "warning": "yellow", "info": "dim"}
    for group in groups[:12]:
        table.add_row(
            Text(group.code),
            Text(group.severity.value, style=colours[group.severity.value]),
            str(group.count),
            Text(group.example),
        )
    console.print(table)
    if len(groups) > 12:
        console.print(f"... and {len(groups) - 12} more kinds; see the report.")


def main() -> None:
    """Entry point of the command ``building-passport``."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal that cannot show a character of a name must not end the run.
            stream.reconfigure(errors="replace")
    app()
