"""Commands on results: `breakdown`, `uncertainty`, `variants`, and `scenario` for the choices behind them."""

from __future__ import annotations

import math
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from passport.cli_input import DataFile, Indicators, Model, ScenarioOption, fail, read_model
from reference.errors import BuildingPassportError

#: More draws than this only cost memory; percentiles have long converged.
MOST_DRAWS = 200_000
#: Smaller shares of the variance are not printed, only written [-].
_SHOWN_SHARE = 0.02

scenario_app = typer.Typer(
    no_args_is_help=True, help="Choices of an assessment: study period, modules, transport, end of life."
)


def breakdown(
    model: Model,
    by: Annotated[
        list[str],
        typer.Option(
            "--by",
            help="element, element_group, ifc_class, material, family, module, storey, room, layer, portion, "
            "status or assumed; give several for a finer table.",
        ),
    ],
    indicator: Annotated[
        list[str] | None,
        typer.Option(
            "--indicator",
            help="Indicator, such as GWP-total or AP; give several [default: all].",
            show_default=False,
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", help="Table to write: .csv or .parquet [default: print as CSV].", show_default=False
        ),
    ] = None,
    scenario: ScenarioOption = "BE",
    data: DataFile = None,
) -> None:
    """Impact of a model by storey, material, module or any other key; the rows add up to the total."""
    from lca import load_scenario
    from passport.assessment import assess, factors_with_data
    from passport.breakdowns import breakdown as broken_down
    from passport.breakdowns import write_breakdown

    try:
        choices = load_scenario(scenario)
        house = read_model(model)
        factors = None if data is None else factors_with_data(data, choices)
        table = broken_down(assess(house, factors=factors, scenario=choices), by, indicator=indicator)
        if out is None:
            sys.stdout.write(table.to_csv(index=False, lineterminator="\n"))
            return
        write_breakdown(out, table)
    except (BuildingPassportError, ValueError) as error:
        fail(str(error))
    except OSError as error:
        fail(f"{error.filename or out}: cannot be written ({error.strerror or error}).")
    typer.echo(f"{len(table)} rows written to {out}")


def variants(
    model: Model,
    rules: Annotated[Path, typer.Argument(help="Your variants (TOML).")],
    indicator: Indicators = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", help="Table to write: .csv or .parquet [default: print a table].", show_default=False
        ),
    ] = None,
    scenario: ScenarioOption = "BE",
    draws: Annotated[
        int,
        typer.Option(
            "--draws",
            min=0,
            max=MOST_DRAWS,
            help="Draws of what is uncertain: adds how often each variant is better.",
        ),
    ] = 0,
) -> None:
    """What changes of material, thickness, life, status or end of life do, all variants in one table."""
    from lca import load_scenario
    from passport.breakdowns import write_breakdown
    from passport.variant_rules import load_variants
    from passport.variants import assess_variants

    try:
        choices, wanted = load_scenario(scenario), load_variants(rules)
        house = read_model(model)
        results = assess_variants(house, wanted, scenario=choices, draws=draws)
        table = results.to_frame(indicator or "GWP-total")
        if out is not None:
            write_breakdown(out, table)
    except (BuildingPassportError, ValueError) as error:
        fail(str(error))
    except OSError as error:
        fail(f"{error.filename or out}: cannot be written ({error.strerror or error}).")
    for finding in results.findings:
        typer.echo(f"{finding.severity.value}: {finding.message} {finding.hint}", err=True)
    if out is not None:
        typer.echo(f"{len(table)} rows written to {out}")
        return
    shown = Table(box=None, pad_edge=False, header_style="bold")
    titles = ("variant", "indicator", "value", "unit", "difference", "", "mass known")
    for title in (*titles, "better in") if draws else titles:
        shown.add_column(title, justify="left" if title in ("variant", "indicator", "unit") else "right")
    for row in table.itertuples():
        shown.add_row(
            Text(str(row.variant)),
            str(row.indicator),
            f"{row.value:,.4g}",
            str(row.unit),
            f"{row.difference:+,.4g}",
            f"{row.difference_share:+.1%}",
            f"{row.known_share:.1%}",
            *([f"{row.probability_better:.0%}"] if draws else []),
        )
    Console(highlight=False).print(shown)


def uncertainty(
    model: Model,
    indicator: Indicators = None,
    draws: Annotated[int, typer.Option("--draws", min=2, max=MOST_DRAWS, help="Number of draws.")] = 10_000,
    seed: Annotated[int, typer.Option("--seed", help="The same seed gives the same figures.")] = 1,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", help="Table to write: .csv or .parquet [default: print it].", show_default=False
        ),
    ] = None,
    scenario: ScenarioOption = "BE",
    data: DataFile = None,
) -> None:
    """How sure the result is: percentiles of many draws, and which materials and inputs decide them."""
    from lca import load_scenario
    from passport.assessment import factors_with_data
    from passport.breakdowns import write_breakdown
    from passport.simulations import uncertainty as drawn

    try:
        choices = load_scenario(scenario)
        house = read_model(model)
        factors = None if data is None else factors_with_data(data, choices)
        result = drawn(house, factors=factors, scenario=choices, draws=draws, seed=seed)
        for each in indicator or ["GWP-total"]:
            if math.isnan(result.simulation.certain.total(each).value):
                fail(f"{model}: no part has a figure for {each}; see `building-passport materials` first.")
        table = result.to_frame(indicator or "GWP-total")
        if out is not None:
            write_breakdown(out, table)
    except (BuildingPassportError, ValueError) as error:
        fail(str(error))
    except OSError as error:
        fail(f"{error.filename or out}: cannot be written ({error.strerror or error}).")
    if out is not None:
        typer.echo(f"{len(table)} rows written to {out}")
        return
    for each in indicator or ["GWP-total"]:
        typer.echo(f"{each}: {result.spread(each)}")
    shown = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("indicator", "what varies", "which", "share of the variance"):
        shown.add_column(title, justify="right" if title.startswith("share") else "left")
    # The shares of inputs are estimates: one below 0 is the error of the draws. A material below 0 is not.
    share, of_inputs = table["share_of_variance"], table["what"] == "input"
    deciding = (of_inputs & (share >= _SHOWN_SHARE)) | (
        (table["what"] == "material") & (share.abs() >= _SHOWN_SHARE)
    )
    for row in table[deciding].itertuples():
        shown.add_row(str(row.indicator), str(row.what), Text(str(row.which)), f"{row.share_of_variance:.0%}")
    Console(highlight=False).print(shown)
    for note in result.notes:
        typer.echo(note)


@scenario_app.command("list")
def list_scenarios() -> None:
    """The national presets, with how sure they are."""
    from lca import presets

    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("", "years", "modules", "sure", "note"):
        table.add_column(title, overflow="fold")
    for name, each in presets().items():
        table.add_row(
            name, f"{each.study_period_years:g}", " ".join(each.stages), each.confidence, Text(each.note)
        )
    Console(highlight=False).print(table)


@scenario_app.command("show")
def show_scenario(
    scenario: Annotated[str, typer.Argument(help="BE, NL, DK, FR, DE, or your scenario file.")] = "BE",
    out: Annotated[
        Path | None, typer.Option("--out", help="Write it to this JSON file, to edit.", show_default=False)
    ] = None,
) -> None:
    """A scenario as JSON: edit the file and give it to `assess --scenario`."""
    from lca import load_scenario, save_scenario

    try:
        choices = load_scenario(scenario)
        if out is not None:
            save_scenario(choices, out)
    except BuildingPassportError as error:
        fail(str(error))
    except OSError as error:
        fail(f"{error.filename or out}: cannot be written ({error.strerror or error}).")
    typer.echo(choices.model_dump_json(indent=1) if out is None else f"written to {out}")
