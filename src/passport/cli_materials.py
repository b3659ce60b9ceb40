"""The commands about materials: review a model's names, match bare names, keep decisions."""

from __future__ import annotations

import csv
import io
import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from passport.errors import MappingFileError, PassportError
from passport.progress import terminal_progress
from reference.errors import BuildingPassportError

if TYPE_CHECKING:
    from passport.matching import MaterialQuery
    from passport.review import ReviewLine

NAME_COLUMNS = ("name", "material_id", "family", "score", "reason")

decisions_app = typer.Typer(
    help="Decisions on material names that a project or an office keeps and shares.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


def materials(
    model: Annotated[
        Path | None,
        typer.Argument(help="IFC model (.ifc or .ifczip), or a passport.json.", show_default=False),
    ] = None,
    names: Annotated[
        Path | None,
        typer.Option(
            "--names",
            help="Match the names of this CSV (name; or also ifc_class, thickness_m, language); print CSV.",
            show_default=False,
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", help="File to write, .csv or .xlsx [default: MODEL.materials.csv].", show_default=False
        ),
    ] = None,
    mapping: Annotated[
        list[Path] | None,
        typer.Option(
            "--mapping", help="Your decisions, CSV or XLSX; give several, the first wins.", show_default=False
        ),
    ] = None,
    assume: Annotated[
        bool, typer.Option("--assume", help="Assume a usual material where the model states none.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress bars.")] = False,
) -> None:
    """List the material names of a model with what was made of them, to check and edit."""
    try:
        if (model is None) == (names is None):
            raise PassportError("Name a model, or a CSV of names with --names; one of them.")
        if names is not None:
            _print_names(names, mapping or [])
        elif model is not None:
            _review(model, out, mapping or [], assume, quiet)
    except BuildingPassportError as error:
        fail(str(error))
    except OSError as error:
        fail(f"{error.filename or out or model}: cannot be written ({error.strerror or error}).")


def fail(message: str) -> None:
    """Say one sentence on stderr and leave with 2."""
    typer.echo(f"building-passport: {message}", err=True)
    raise typer.Exit(2)


def _print_names(path: Path, mapping: list[Path]) -> None:
    from passport.matching import Matcher, read_mapping

    matcher = Matcher(mapping=read_mapping(*mapping) if mapping else None)
    queries = read_names(path)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(NAME_COLUMNS)
    for match in matcher.match_many(queries):
        known = match.material_id is not None
        score = "" if match.score is None or not known else f"{match.score:.2f}"
        family = match.family if known else ""
        writer.writerow((match.name, match.material_id or "", family, score, match.reason))


def read_names(path: Path) -> list[MaterialQuery]:
    """The queries of a CSV of names, one per row, in its order.

    Raises:
        MappingFileError: all faults of the file at once.
    """
    from passport.matching import MaterialQuery
    from passport.matching.mapping import plain_text, plain_use, read_table

    table = read_table(path)
    header = [cell.strip().lower() for cell in table[0]] if table else []
    if "name" not in header:
        raise MappingFileError(path, [f"row 1: column name is missing; columns found: {', '.join(header)}"])
    found, faults = [], []
    for number, cells in enumerate(table[1:], start=2):
        if not cells:
            continue
        row = dict(zip(header, cells, strict=False))
        text = row.get("thickness_m", "").strip()
        thickness: float | None = None
        if text:
            try:
                thickness = float(text.replace(",", "."))
            except ValueError:
                thickness = math.nan
            if not 0 < thickness < math.inf:
                faults.append(f"row {number}, column thickness_m: {text!r} is not a thickness in m")
        ifc_class = row.get("ifc_class", "").strip()
        found.append(
            MaterialQuery(
                plain_text(row.get("name", "")),
                use=plain_use(ifc_class.split("|")[0]),
                ifc_class=ifc_class,
                thickness_m=thickness,
                language=row.get("language", "").strip(),
            )
        )
    if faults:
        raise MappingFileError(path, faults)
    return found


def _review(model: Path, out: Path | None, mapping: list[Path], assume: bool, quiet: bool) -> None:
    from passport.exchange.csv_tables import write_materials
    from passport.models import load_passport
    from passport.review import review_lines

    target = out if out is not None else Path(f"{model.stem}.materials.csv")
    if target.suffix.lower() not in (".csv", ".xlsx"):
        raise PassportError(f"{target}: name a file that ends in .csv or .xlsx.")
    if model.suffix.lower() == ".json":
        if mapping or assume:
            raise PassportError(f"{model}: decisions are used when the model is read; name the IFC model.")
        house = load_passport(model)
    else:
        from passport.ifc.reader import read_ifc

        with terminal_progress(not quiet) as progress:
            house = read_ifc(model, mapping=mapping or None, assume=assume, progress=progress)
    lines = review_lines(house)
    if target.suffix.lower() == ".xlsx":
        from passport.exchange.excel_materials import write_materials_workbook
        from reference.materials import load_materials

        write_materials_workbook(target, lines, load_materials())
    else:
        write_materials(target, lines)
    _print_review(lines, target)


def _print_review(lines: list[ReviewLine], target: Path) -> None:
    console = Console(highlight=False)
    unsure = [r for r in lines if r.needs_a_look]
    decided = sum(r.decided for r in lines)
    share = sum(r.mass_share or 0.0 for r in unsure)
    console.print(
        Text(
            f"{len(lines)} names: {len(lines) - len(unsure) - decided} matched surely, {decided} decided, "
            f"{len(unsure)} to check ({share:.0%} of the mass)"
        )
    )
    if unsure:
        table = Table(box=None, pad_edge=False, header_style="bold")
        for title in ("To check", "use", "mass", "proposal", "score"):
            table.add_column(
                title, justify="right" if title in ("mass", "score") else "left", overflow="fold"
            )
        for r in unsure[:10]:
            mass = "" if r.mass_share is None else f"{r.mass_share:.1%}"
            score = "" if r.score is None else f"{r.score:.2f}"
            table.add_row(Text(r.name), r.use, mass, r.material_id or "unknown", score)
        console.print(table)
    console.print(
        Text(f"Written {target}; edit material_id, then run with --mapping {target}"), soft_wrap=True
    )


@decisions_app.command("keep")
def keep_command(
    edited: Annotated[Path, typer.Argument(help="An edited materials file, CSV or XLSX.")],
    library: Annotated[Path, typer.Option("--in", help="The library of decisions (CSV); made when missing.")],
) -> None:
    """Add the decisions of an edited file to a library of decisions."""
    from passport.matching import keep

    try:
        done = keep(edited, library)
    except BuildingPassportError as error:
        fail(str(error))
        return
    for before, after in done.replaced:
        was, now = before.material_id or "unknown", after.material_id or "unknown"
        typer.echo(f"{after.name} ({after.use or 'all uses'}): {was} replaced by {now}")
    typer.echo(
        f"{library}: {len(done.added)} added, {len(done.replaced)} replaced, {done.unchanged} unchanged"
    )


@decisions_app.command("list")
def list_command(library: Annotated[Path, typer.Argument(help="The library of decisions (CSV).")]) -> None:
    """Print the decisions of a library."""
    from passport.matching import read_mapping

    try:
        rows = read_mapping(library).rows
    except BuildingPassportError as error:
        fail(str(error))
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("name", "use", "material_id", "reason"):
        table.add_column(title, overflow="fold")
    for row in rows:
        table.add_row(Text(row.name), row.use or "all uses", row.material_id or "unknown", Text(row.reason))
    Console(highlight=False).print(table)


@decisions_app.command("undo")
def undo_command(
    library: Annotated[Path, typer.Argument(help="The library of decisions (CSV).")],
    name: Annotated[str, typer.Argument(help="The material name.")],
    use: Annotated[str, typer.Option("--use", help="IFC class; none: the decision for all uses.")] = "",
) -> None:
    """Take one decision out of a library."""
    from passport.matching import undo

    try:
        gone = undo(library, name, use)
    except BuildingPassportError as error:
        fail(str(error))
        return
    typer.echo(
        f"{library}: {gone.name} ({gone.use or 'all uses'}) is no longer {gone.material_id or 'unknown'}"
    )
