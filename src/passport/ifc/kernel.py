"""Bodies and triangles from the ifcopenshell geometry kernel, in a process of its own with a time limit.

The kernel can hang or crash on a single shape. A worker process that is watched and restarted loses that
one element and keeps the others; what was lost is a finding.
"""

from __future__ import annotations

import contextlib
import json
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Literal

from passport.ifc.body import Body
from passport.ifc.mesh import Mesh, mesh_from_text

#: What the worker tells of each element.
Told = Literal["bodies", "meshes"]

#: Longest silence of the worker before the element at hand is given up [s].
SECONDS_PER_ELEMENT = 10.0
#: Time the worker gets to start and open the model [s].
SECONDS_TO_OPEN = 600.0
_SORTING = 6
#: After so many elements that hang or crash the rest is given up.
MAX_LOST = 20


@dataclass(frozen=True)
class KernelResult:
    """Bodies by step id; `lost` are elements on which the kernel hung or crashed, with the reason."""

    bodies: dict[int, Body]
    lost: dict[int, str]


def compute_bodies(
    plain_path: Path,
    step_ids: Sequence[int],
    progress: Callable[[int, int], None] | None = None,
    seconds_per_element: float = SECONDS_PER_ELEMENT,
) -> KernelResult:
    """Compute bodies with the kernel on all cores.

    Args:
        plain_path: an .ifc file that ifcopenshell can open.
        step_ids: elements wanted; those without a shape are absent from the result.
        progress: called with (done, total).
    """
    return KernelResult(*_compute(plain_path, step_ids, "bodies", progress, seconds_per_element))


def compute_meshes(
    plain_path: Path,
    step_ids: Sequence[int],
    progress: Callable[[int, int], None] | None = None,
    seconds_per_element: float = SECONDS_PER_ELEMENT,
) -> tuple[dict[int, Mesh], dict[int, str]]:
    """Triangles by step id, net of openings, in project coordinates; and what was lost, with the reason.

    Arguments as `compute_bodies`.
    """
    return _compute(plain_path, step_ids, "meshes", progress, seconds_per_element)


def _compute(
    plain_path: Path,
    step_ids: Sequence[int],
    told: Told,
    progress: Callable[[int, int], None] | None,
    seconds_per_element: float,
) -> tuple[dict[int, Any], dict[int, str]]:
    made: dict[int, Any] = {}
    lost: dict[int, str] = {}
    pending = list(dict.fromkeys(step_ids))
    one_by_one = False
    while pending and len(lost) < MAX_LOST:
        run = _Run(plain_path, pending, one_by_one, told, seconds_per_element)
        for step_id, each in run.results():
            made[step_id] = each
            if progress is not None:
                progress(len(made), len(step_ids))
        if run.finished:
            return made, lost
        if run.at is not None:
            lost[run.at] = run.failure
            pending = [i for i in pending if i not in made and i not in lost and i not in run.skipped]
        elif one_by_one:
            break  # it fails before the first element: trying again would not help
        else:
            pending = [i for i in pending if i not in made]
        # In parallel nobody can say which element hung; from here each one is announced before it starts.
        one_by_one = True
    for step_id in pending:
        if step_id not in made:
            lost.setdefault(step_id, "the geometry kernel was stopped before this element")
    return made, lost


def worker_command(path: Path, mode: str, told: Told) -> list[str]:
    """Command line of the worker process; `mode` is ``parallel`` or ``one-by-one``."""
    # -P: a folder with a file lca.py must not shadow the packages of the worker.
    return [sys.executable, "-P", "-m", "passport.ifc.kernel_worker", str(path), mode, told]


class _Run:
    """One life of the worker process."""

    def __init__(
        self, path: Path, step_ids: Sequence[int], one_by_one: bool, told: Told, seconds: float
    ) -> None:
        self._step_ids = step_ids
        self._seconds = seconds
        self._command = worker_command(path, "one-by-one" if one_by_one else "parallel", told)
        self.finished = False
        self.at: int | None = None
        self.skipped: set[int] = set()
        self.failure = ""

    def results(self) -> Iterator[tuple[int, Body | Mesh]]:
        """Yields (step id, body or mesh) until the worker ends, hangs or dies."""
        process = subprocess.Popen(
            self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        assert process.stdin is not None and process.stdout is not None
        lines: queue.Queue[str | None] = queue.Queue()
        reader = threading.Thread(target=_pump, args=(process.stdout, lines), daemon=True)
        reader.start()
        try:
            with contextlib.suppress(BrokenPipeError):
                process.stdin.write(json.dumps(list(self._step_ids)))
                process.stdin.close()
            patience = SECONDS_TO_OPEN
            while True:
                try:
                    line = lines.get(timeout=patience)
                except queue.Empty:
                    self.failure = f"the geometry kernel needed more than {self._seconds:g} s"
                    return
                if line is None:
                    self.failure = "the geometry kernel crashed on it"
                    return
                message = json.loads(line)
                kind = message.pop("kind")
                # Before the first shape the iterator sorts all elements of a large model.
                patience = self._seconds * (_SORTING if kind == "open" else 1)
                if kind == "start":
                    self.at = message["id"]
                elif kind == "none":
                    self.skipped.add(message["id"])
                    self.at = None
                elif kind == "end":
                    self.finished = True
                    return
                elif kind in ("body", "mesh"):
                    self.at = None
                    step_id = message.pop("id")
                    self.skipped.add(step_id)
                    made = Body(**message, method="kernel") if kind == "body" else mesh_from_text(**message)
                    yield step_id, made
        finally:
            process.kill()
            process.wait()
            reader.join()
            process.stdout.close()


def _pump(stream: IO[str], lines: queue.Queue[str | None]) -> None:
    for line in stream:
        lines.put(line)
    lines.put(None)
