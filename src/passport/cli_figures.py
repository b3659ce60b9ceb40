"""Command `figures`: the report's charts as pictures for a drawing, a slide or a dossier."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from passport.cli_input import Language, Model, TypeOption, fail, read_model
from reference.errors import BuildingPassportError


def figures(
    model: Model,
    out: Annotated[Path, typer.Option("--out", help="Folder to write to.")] = Path("figures"),
    format: Annotated[Literal["svg", "png", "pdf"], typer.Option("--format")] = "svg",
    building_type: TypeOption = None,
    language: Language = "en",
) -> None:
    """The charts of the report as SVG, PNG or PDF: comparison, changes, modules, materials, end of life."""
    from passport.api import LANGUAGES, run
    from passport.report.images import write_images

    try:
        if language not in LANGUAGES:
            fail(f"language is {language!r}; use one of {', '.join(LANGUAGES)}.")
        result = run(read_model(model), building_type=building_type, language=language)
        written = write_images(out, result.data, format)
    except (BuildingPassportError, ValueError) as error:
        fail(str(error))
    except OSError as error:
        fail(f"{error.filename or out}: cannot be written ({error.strerror or error}).")
    for path in written:
        typer.echo(str(path))
