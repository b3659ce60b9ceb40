"""Commands for environmental data from outside: import, list, check.

Exit status as for all commands: 0 done; 1 done, and `--strict` found errors; 2 unusable input or usage.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from passport.cli_input import fail
from reference.errors import BuildingPassportError

if TYPE_CHECKING:
    from reference.importers import DataLibrary, Epd, ImportFinding

data_app = typer.Typer(
    name="data",
    help="Environmental data of your own: EPDs and databases, in one CSV file.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

MAX_ERRORS_SHOWN = 20
COLOURS = {"error": "red", "warning": "yellow", "info": "dim"}

DataFile = Annotated[Path, typer.Argument(help="Your data file, as written by `data import`.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")]
Strict = Annotated[bool, typer.Option("--strict", help="Exit with 1 when errors were found.")]
ShowAll = Annotated[bool, typer.Option("--all", help="Show every finding, not one example of each kind.")]


@data_app.command("import")
def import_data(
    files: Annotated[
        list[Path],
        typer.Argument(help="OEKOBAUDAT CSV, ILCD+EPD XML or JSON, LCAx, openEPD; files or folders."),
    ],
    to: Annotated[Path, typer.Option("--to", help="Your data file; what is in it already stays.")],
    materials: Annotated[
        list[str] | None,
        typer.Option(
            "--for", help="Material id that the dataset stands for; can be repeated.", show_default=False
        ),
    ] = None,
    dataset: Annotated[
        str | None,
        typer.Option(
            "--dataset", help="UUID (or its start) to take, of several in the files.", show_default=False
        ),
    ] = None,
    scenario: Annotated[
        list[str] | None,
        typer.Option("--scenario", help="Scenario that counts; can be repeated.", show_default=False),
    ] = None,
    skip_unknown: Annotated[
        bool, typer.Option("--skip-unknown", help="Leave out unknown indicators instead of the dataset.")
    ] = False,
    strict: Strict = False,
    show_all: ShowAll = False,
) -> None:
    """Read datasets, keep those without a fault, and say what is wrong with the others."""
    from reference.importers import DataLibrary, load_epds, read_epds, save_epds

    result = read_epds(files, skip_unknown=skip_unknown)
    datasets = list(result.datasets)
    try:
        if dataset is not None:
            datasets = [_one(datasets, dataset)]
        if scenario:
            datasets = [epd.with_scenarios(*scenario) for epd in datasets]
        if materials and len(datasets) > 1:
            fail(f"--for needs one dataset, the files hold {len(datasets)}; name one with --dataset.")
        library = (load_epds(to) if to.exists() else DataLibrary()).with_datasets(datasets)
        for epd in datasets:
            for material_id in [*(materials or []), *_assigned(result.assignments, epd.uuid)]:
                library = library.assign(material_id, epd.uuid)
        if datasets:
            save_epds(to, library.datasets.values(), library.assignments)
    except BuildingPassportError as error:
        fail(str(error))
    except OSError as error:
        fail(f"{to}: cannot be written ({error.strerror or error}); name another file with --to.")
    console = _console()
    _print_findings(console, result.findings, show_all)
    if not datasets:
        fail("no dataset was imported; see the findings above.")
    console.print(
        Text(f"Imported   {len(datasets)} dataset(s) into {to}, which now holds {len(library.datasets)}")
    )
    for epd in datasets[:5]:
        mass = epd.kg_per_declared_unit()
        ids = ", ".join(_assigned(library.assignments, epd.uuid)) or "no material yet"
        console.print(Text(f"           {epd.name}: {mass.how}; stands for {ids}"))
    if strict and result.errors:
        raise typer.Exit(1)


@data_app.command("list")
def list_data(file: DataFile, as_json: AsJson = False) -> None:
    """Show the datasets of a data file and the materials that they stand for."""
    library = _load(file)
    rows = [_row(epd, _assigned(library.assignments, epd.uuid)) for epd in library.datasets.values()]
    if as_json:
        _print_json(rows)
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("Dataset", "name", "set", "declared", "kg", "modules", "valid until", "stands for"):
        table.add_column(title, justify="right" if title == "kg" else "left", overflow="fold")
    for row in rows:
        kg = row["kg_per_declared_unit"]
        table.add_row(
            Text(row["uuid"][:8]),
            Text(row["name"]),
            row["standard"] or "-",
            Text(row["declared"]),
            "?" if kg is None else f"{kg:g}",
            ", ".join(row["modules"]),
            Text(row["valid_until"] or "?"),
            Text(", ".join(row["materials"]) or "-"),
        )
    console = _console()
    console.print(table)
    console.print(Text(f"{len(rows)} dataset(s), {len(library.assignments)} material(s) with own figures"))


@data_app.command("check")
def check_data(
    file: DataFile,
    date: Annotated[
        str | None,
        typer.Option(
            "--date", help="Day to check expiry for, YYYY-MM-DD [default: today].", show_default=False
        ),
    ] = None,
    as_json: AsJson = False,
    strict: Strict = False,
    show_all: ShowAll = False,
) -> None:
    """Look for expired datasets, impossible signs, wrong orders of magnitude and missing modules."""
    from reference.importers import check_epds

    try:
        day = dt.date.today() if date is None else dt.date.fromisoformat(date)
    except ValueError:
        fail(f"--date is {date!r}; give a day as YYYY-MM-DD.")
    library = _load(file)
    findings = check_epds(library.datasets.values(), library.assignments, on=day)
    if as_json:
        _print_json([{name: getattr(item, name) for name in item.__slots__} for item in findings])
    else:
        console = _console()
        _print_findings(console, findings, show_all)
        console.print(Text(f"Checked    {len(library.datasets)} dataset(s) for {day.isoformat()}"))
    if strict and any(item.severity == "error" for item in findings):
        raise typer.Exit(1)


def _load(file: Path) -> DataLibrary:
    from reference.importers import load_epds

    try:
        return load_epds(file)
    except BuildingPassportError as error:
        fail(str(error))


def _one(datasets: Iterable[Epd], start: str) -> Epd:
    found = [epd for epd in datasets if epd.uuid.startswith(start)]
    if len(found) != 1:
        fail(f"--dataset {start}: {len(found)} datasets of the files have a UUID that starts so.")
    return found[0]


def _assigned(assignments: Any, uuid: str) -> list[str]:
    return [material_id for material_id, known in assignments.items() if known == uuid]


def _row(epd: Epd, materials: list[str]) -> dict[str, Any]:
    mass = epd.kg_per_declared_unit()
    quantity = "" if epd.declared_quantity is None else f"{epd.declared_quantity:g} "
    return {
        "uuid": epd.uuid,
        "version": epd.version,
        "name": epd.name,
        "owner": epd.owner,
        "standard": epd.standard,
        "ef_version": epd.ef_version,
        "declared": f"{quantity}{epd.declared_unit or 'unknown'}",
        "kg_per_declared_unit": mass.kg,
        "mass_from": mass.how,
        "modules": list(epd.modules),
        "scenarios": {
            module: {"all": list(epd.scenarios(module)), "counts": epd.scenario_of(module)}
            for module in epd.modules
            if epd.scenarios(module) != ("",)
        },
        "valid_until": epd.valid_until,
        "not_usable_because": epd.why_not_usable(),
        "materials": materials,
        "source_file": epd.source_file,
        "format": epd.format,
    }


def _console() -> Console:
    return Console(highlight=False)


def _print_json(value: Any) -> None:
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    sys.stdout.write(json.dumps(value, indent=1, ensure_ascii=False) + "\n")


def _print_findings(console: Console, findings: Iterable[ImportFinding], show_all: bool) -> None:
    """Every error, and of the other findings one example of each kind, unless all are asked for."""
    order = {"error": 0, "warning": 1, "info": 2}
    groups: dict[tuple[str, str, str], list[ImportFinding]] = {}
    listed = sorted(findings, key=lambda item: order[item.severity])
    errors = 0
    for position, item in enumerate(listed):
        errors += item.severity == "error"
        alone = show_all or (item.severity == "error" and errors <= MAX_ERRORS_SHOWN)
        groups.setdefault((item.severity, item.code, str(position) if alone else ""), []).append(item)
    if not groups:
        console.print("Findings   none")
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("Findings", "", "number", "where and what"):
        table.add_column(title, justify="right" if title == "number" else "left", overflow="fold")
    for (severity, code, _), items in groups.items():
        table.add_row(
            Text(code), Text(severity, style=COLOURS[severity]), str(len(items)), Text(str(items[0]))
        )
    console.print(table)
