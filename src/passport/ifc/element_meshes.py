"""Triangles of chosen elements of a model, by GlobalId."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from passport.errors import PassportError
from passport.findings import FindingLog
from passport.ifc.mesh import Mesh
from passport.ifc.source import open_model
from passport.models import Passport
from passport.progress import Progress, silent


def element_meshes(
    path: str | Path,
    passport: Passport,
    step_ids: Iterable[int],
    *,
    progress: Progress = silent,
) -> tuple[dict[int, Mesh], dict[int, str]]:
    """Triangles by step id in project coordinates, and what the kernel lost, with the reason.

    Raises:
        IfcReadError: the model cannot be read.
        PassportError: the passport was read from another model.
    """
    from passport.ifc.kernel import compute_meshes

    with open_model(Path(path), FindingLog()) as opened:
        if opened.sha256 != passport.model.sha256:
            raise PassportError(
                f"{path}: the passport was read from another model ({passport.model.file}); "
                "read this one first."
            )
        return compute_meshes(
            opened.plain_path, list(step_ids), lambda done, total: progress("bodies", done, total)
        )
