"""The elements of a plan as boxes in space, coloured by phase: where things are, not what they look like."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from passport.circularity.removal_units import PHASES
from passport.report.dismantling_page import PHASE_COLOURS, write_page
from passport.report.figures import fragment, plain_label

if TYPE_CHECKING:
    from passport.circularity.dismantling import DismantlingPlan
    from passport.models import BoxM, Passport

#: Corners of a box as (x, y, z) ends, and its twelve triangles by corner.
_CORNERS = tuple((x, y, z) for x in (0, 3) for y in (1, 4) for z in (2, 5))
_TRIANGLES = (
    (0, 1, 3), (0, 3, 2), (4, 6, 7), (4, 7, 5), (0, 4, 5), (0, 5, 1), (2, 3, 7), (2, 7, 6), (0, 2, 6),
    (0, 6, 4), (1, 5, 7), (1, 7, 3),
)  # fmt: skip


def write_view(path: str | Path, passport: Passport, plan: DismantlingPlan) -> Path:
    """Write the boxes as a page that turns with the mouse; phases go on and off in the legend.

    Raises:
        OSError: the file cannot be written.
    """
    target = Path(path)
    figure, without = view_figure(passport, plan)
    text = (
        "Each element is the box around its body, coloured by the phase in which its core leaves; click a "
        f"phase to hide it, twice to see it alone. Elements without a box: {without}."
    )
    write_page(target, passport.model.file, text, fragment(figure, "view", "Elements by phase"))
    return target


def view_figure(passport: Passport, plan: DismantlingPlan) -> tuple[Any, int]:
    """One mesh per phase, and the number of elements without a box."""
    import plotly.graph_objects as go

    boxes = {element.global_id: element.box_m for element in passport.elements}
    by_phase: dict[str, list[tuple[str, BoxM]]] = {phase: [] for phase in PHASES}
    without = 0
    for step in plan.steps:
        if not step.unit.core:
            continue
        box = boxes.get(step.unit.global_id)
        if box is None:
            without += 1
        elif step.unit.phase in by_phase:
            said = plain_label(f"{step.number}: {step.unit.name} [{step.unit.global_id}]", 120)
            by_phase[step.unit.phase].append((said, box))
    traces = []
    for phase, held in by_phase.items():
        if not held:
            continue
        points = [tuple(box[axis] for axis in corner) for _, box in held for corner in _CORNERS]
        sides = [tuple(8 * k + corner for corner in each) for k in range(len(held)) for each in _TRIANGLES]
        x, y, z = (list(column) for column in zip(*points, strict=True))
        i, j, k = (list(column) for column in zip(*sides, strict=True))
        traces.append(
            go.Mesh3d(
                x=x, y=y, z=z, i=i, j=j, k=k, color=PHASE_COLOURS[phase], opacity=0.75, flatshading=True,
                name=phase, showlegend=True, hoverinfo="text",
                hovertext=[said for said, _ in held for _ in _CORNERS],
            )
        )  # fmt: skip
    hidden = {"visible": False}
    layout = {
        "template": go.layout.Template(),
        "height": 760,
        "scene": {"aspectmode": "data", "xaxis": hidden, "yaxis": hidden, "zaxis": hidden},
        "margin": {"l": 0, "r": 0, "t": 0, "b": 0},
    }
    return go.Figure(data=traces, layout=layout), without
