"""What every command does with its input: read a model or a stored passport, or say why it cannot."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from passport.ifc.mesh import Mesh
    from passport.models import Passport

Model = Annotated[Path, typer.Argument(help="IFC model, or a passport.json.")]
Indicators = Annotated[
    list[str] | None,
    typer.Option("--indicator", help="Indicator; give several.", show_default="GWP-total"),
]
ScenarioOption = Annotated[str, typer.Option("--scenario", help="BE, NL, DK, FR, DE, or your scenario file.")]
DataFile = Annotated[
    Path | None,
    typer.Option("--data", help="Your data file (see `data import`); its figures win.", show_default=False),
]
TypeOption = Annotated[
    str | None,
    typer.Option("--type", help="detached, semi-detached, terraced or apartment.", show_default="all"),
]
Language = Annotated[str, typer.Option("--language", help="en, nl, fr or de.")]


def fail(message: str) -> NoReturn:
    """One sentence on standard error, and exit status 2."""
    typer.echo(f"building-passport: {message}", err=True)
    raise typer.Exit(2)


def read_model(path: Path) -> Passport:
    """A passport from an IFC model, or from a passport.json.

    Raises:
        PassportError: the file cannot be used.
    """
    if path.suffix.lower() == ".json":
        from passport.models import load_passport

        return load_passport(path)
    from passport.ifc.reader import read_ifc

    return read_ifc(path)


def read_with_bodies(path: Path) -> tuple[Passport, dict[str, Mesh]]:
    """The same with what its bodies touch, and the bodies by GlobalId; a passport.json has none.

    Raises:
        PassportError: the file cannot be used.
    """
    if path.suffix.lower() == ".json":
        return read_model(path), {}
    from passport.ifc.contacts import find_contacts
    from passport.ifc.element_meshes import element_meshes
    from passport.ifc.reader import read_ifc
    from passport.progress import terminal_progress

    with terminal_progress(sys.stderr.isatty()) as progress:
        house = read_ifc(path, progress=progress)
        wanted = [element.step_id for element in house.elements]
        bodies = element_meshes(path, house, wanted, progress=progress)
        names = {element.step_id: element.global_id for element in house.elements}
        return find_contacts(path, house, bodies=bodies), {names[i]: mesh for i, mesh in bodies[0].items()}
