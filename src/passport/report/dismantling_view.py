"""The elements of a plan in space, coloured by phase: their bodies, or boxes where there are none."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from passport.circularity.removal_units import PHASES
from passport.report.dismantling_page import PHASE_COLOURS, write_page
from passport.report.figures import fragment, plain_label

if TYPE_CHECKING:
    from passport.circularity.dismantling import DismantlingPlan
    from passport.models import BoxM, Passport

#: Vertices [m] and triangles of one body.
Body = tuple[NDArray[np.float64], NDArray[np.int32]]

#: Corners of a box as (x, y, z) ends, and its twelve triangles by corner.
_CORNERS = tuple((x, y, z) for x in (0, 3) for y in (1, 4) for z in (2, 5))
_TRIANGLES = np.array(
    [
        (0, 1, 3), (0, 3, 2), (4, 6, 7), (4, 7, 5), (0, 4, 5), (0, 5, 1), (2, 3, 7), (2, 7, 6), (0, 2, 6),
        (0, 6, 4), (1, 5, 7), (1, 7, 3),
    ],
    dtype=np.int32,
)  # fmt: skip


def write_view(
    path: str | Path, passport: Passport, plan: DismantlingPlan, *, bodies: Mapping[str, Body] | None = None
) -> Path:
    """Write the elements as a page that turns with the mouse; phases go on and off in the legend.

    Args:
        bodies: by GlobalId; an element without one is shown as the box around it.

    Raises:
        OSError: the file cannot be written.
    """
    target = Path(path)
    figure, boxed, without = view_figure(passport, plan, bodies or {})
    text = (
        "Each element is coloured by the phase in which its core leaves; click a phase to hide it, twice to "
        f"see it alone. Shown as the box around it: {boxed}; not shown, because it has no body: {without}."
    )
    write_page(target, passport.model.file, text, fragment(figure, "view", "Elements by phase"))
    return target


def view_figure(
    passport: Passport, plan: DismantlingPlan, bodies: Mapping[str, Body]
) -> tuple[Any, int, int]:
    """One mesh per phase, the number of elements shown as boxes, and of those not shown."""
    import plotly.graph_objects as go

    boxes = {element.global_id: element.box_m for element in passport.elements}
    by_phase: dict[str, list[tuple[str, Body]]] = {phase: [] for phase in PHASES}
    boxed = without = 0
    for step in plan.steps:
        if not step.unit.core or step.unit.phase not in by_phase:
            continue
        body, box = bodies.get(step.unit.global_id), boxes.get(step.unit.global_id)
        shown = _light(body) if body is not None else _boxed(box) if box is not None else None
        if shown is None:
            without += 1
            continue
        boxed += body is None
        said = plain_label(f"{step.number}: {step.unit.name} [{step.unit.global_id}]", 120)
        by_phase[step.unit.phase].append((said, shown))
    traces = []
    for phase, held in by_phase.items():
        if not held:
            continue
        starts = np.cumsum([0, *(len(points) for _, (points, _) in held)])
        x, y, z = np.concatenate([points for _, (points, _) in held]).T.tolist()
        faces = [triangles + start for (_, (_, triangles)), start in zip(held, starts, strict=False)]
        i, j, k = np.concatenate(faces).T.tolist()
        traces.append(
            go.Mesh3d(
                x=x, y=y, z=z, i=i, j=j, k=k, color=PHASE_COLOURS[phase], opacity=0.75, flatshading=True,
                name=phase, showlegend=True, hoverinfo="text",
                hovertext=[said for said, (points, _) in held for _ in range(len(points))],
            )
        )  # fmt: skip
    hidden = {"visible": False}
    layout = {
        "template": go.layout.Template(),
        "height": 760,
        "scene": {"aspectmode": "data", "xaxis": hidden, "yaxis": hidden, "zaxis": hidden},
        "margin": {"l": 0, "r": 0, "t": 0, "b": 0},
    }
    return go.Figure(data=traces, layout=layout), boxed, without


def _boxed(box: BoxM) -> Body:
    return np.array([[box[axis] for axis in corner] for corner in _CORNERS]), _TRIANGLES


def _light(body: Body) -> Body:
    """To the mm with each point once: a page holds thousands of them."""
    points, same = np.unique(np.round(body[0], 3), axis=0, return_inverse=True)
    return points, same.ravel()[body[1]].astype(np.int32)
