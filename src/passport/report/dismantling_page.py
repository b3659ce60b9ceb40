"""The dismantling plan as a Gantt picture, and what a target waits for as a graph, on pages of their own."""

from __future__ import annotations

import html
from pathlib import Path
from typing import TYPE_CHECKING, Any

from passport.circularity.removal_units import PHASES
from passport.report.figures import DRAW, fragment, plain_label, plotly_source
from reference.writing import replacing

if TYPE_CHECKING:
    from passport.circularity.dismantling import DismantlingPlan, RemovalSet

#: Colour of each phase, in every picture.
PHASE_COLOURS = {
    "hazardous": "#b4431f", "strip-out": "#7fa65a", "services": "#e2b04c", "envelope": "#63b598",
    "structure": "#0b6673", "ground": "#5b6770",
}  # fmt: skip


def write_gantt(path: str | Path, plan: DismantlingPlan, title: str) -> Path:
    """Write the page.

    Raises:
        OSError: the file cannot be written.
    """
    target = Path(path)
    figure = gantt_figure(plan)
    box = fragment(figure, "gantt", "Dismantling plan by phase and storey, in working hours")
    low, high, unknown = plan.minutes()
    text = (
        f"{len(plan.steps)} parts, {low / 60:,.0f} to {high / 60:,.0f} working hours by the table of times "
        f"(placeholders unless yours); {unknown} parts have no time. Bars show the mean of low and high, "
        "one after another in the order of the plan."
    )
    write_page(target, title, text, box)
    return target


def write_removal_graph(path: str | Path, plan: DismantlingPlan, found: RemovalSet, title: str) -> Path:
    """Write what must leave before targets as a graph: from the left, possible edges dotted.

    Raises:
        OSError: the file cannot be written.
    """
    target = Path(path)
    figure = removal_figure(plan, found)
    box = fragment(figure, "removal", "What must leave before the targets")
    sure, most = len(found.certain), len(found.possible)
    text = (
        f"{sure} to {most} parts leave before and with the targets (ringed). Solid: the model states it. "
        "Dotted: it may hold, look at it on site."
    )
    write_page(target, title, text, box)
    return target


def write_page(target: Path, title: str, text: str, box: str) -> None:
    """Write one figure with a title and a text as a page that opens offline.

    Args:
        box: from `fragment`.

    Raises:
        OSError: the file cannot be written.
    """
    with replacing(target) as stream:
        stream.write(
            '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
            f"<title>{html.escape(title)}</title></head>"
            '<body style="font-family:sans-serif;margin:24px;max-width:1100px">'
            f"<h1>{html.escape(title)}</h1><p>{html.escape(text)}</p>{box}"
            f"<script>{plotly_source()}</script><script>{DRAW}</script></body></html>"
        )


def removal_figure(plan: DismantlingPlan, found: RemovalSet) -> Any:
    """Units as dots, one column per step of depth, coloured by phase; edges between them."""
    import plotly.graph_objects as go

    inside = set(found.possible)
    edges = [e for e in plan.graph.edges if e.before in inside and e.after in inside]
    depth: dict[str, int] = dict.fromkeys(found.possible, 0)
    for unit_id in found.possible:  # in an order that works, so that what leaves first is placed first
        before = [depth[e.before] + 1 for e in edges if e.after == unit_id]
        depth[unit_id] = max(before, default=0)
    column: dict[int, int] = {}
    place: dict[str, tuple[int, int]] = {}
    for unit_id in found.possible:
        row = column.get(depth[unit_id], 0)
        column[depth[unit_id]] = row + 1
        place[unit_id] = (depth[unit_id], -row)
    traces = []
    for certainty, dash in (("certain", "solid"), ("possible", "dot")):
        x: list[float | None] = []
        y: list[float | None] = []
        for edge in edges:
            if edge.certainty == certainty:
                (x0, y0), (x1, y1) = place[edge.before], place[edge.after]
                x += [x0, x1, None]
                y += [y0, y1, None]
        line = {"color": "#8a949b", "width": 1, "dash": dash}
        traces.append(go.Scatter(x=x, y=y, mode="lines", line=line, name=certainty, hoverinfo="skip"))
    units = [plan.graph.unit[unit_id] for unit_id in found.possible]
    targets = set(found.targets)
    traces.append(
        go.Scatter(
            x=[place[unit.unit_id][0] for unit in units],
            y=[place[unit.unit_id][1] for unit in units],
            mode="markers+text",
            text=[plain_label(unit.name, 28) for unit in units],
            textposition="top center",
            marker={
                "size": 14,
                "color": [PHASE_COLOURS.get(unit.phase, "#999") for unit in units],
                "line": {
                    "width": [3 if unit.unit_id in targets else 0 for unit in units],
                    "color": "#1d2730",
                },
            },
            hovertext=[plain_label(f"{unit.phase}: {unit.name} [{unit.unit_id}]", 160) for unit in units],
            hoverinfo="text",
            showlegend=False,
        )
    )
    layout = {
        "template": go.layout.Template(),
        "height": 160 + 60 * max(column.values(), default=1),
        "xaxis": {"visible": False, "range": [-0.6, max(column, default=0) + 0.6]},
        "yaxis": {"visible": False},
        "plot_bgcolor": "#fff",
    }
    return go.Figure(data=traces, layout=layout)


def gantt_figure(plan: DismantlingPlan) -> Any:
    """Bars of working hours per phase and storey, each where its turn comes."""
    import plotly.graph_objects as go

    bars: list[tuple[str, str, float, float, int]] = []
    clock = 0.0
    for step in plan.steps:
        hours = ((step.minutes_low or 0.0) + (step.minutes_high or 0.0)) / 120
        storey = step.unit.storey or "not placed"
        if bars and bars[-1][:2] == (step.unit.phase, storey):
            phase, where, start, length, parts = bars[-1]
            bars[-1] = (phase, where, start, length + hours, parts + 1)
        else:
            bars.append((step.unit.phase, storey, clock, hours, 1))
        clock += hours
    rows = sorted({bar[:2] for bar in bars}, key=lambda row: min(b[2] for b in bars if b[:2] == row))
    traces = [
        go.Bar(
            base=[bar[2] for bar in bars if bar[0] == phase],
            x=[bar[3] for bar in bars if bar[0] == phase],
            y=[rows.index(bar[:2]) for bar in bars if bar[0] == phase],
            orientation="h",
            width=0.8,
            name=phase,
            marker={"color": PHASE_COLOURS.get(phase, "#999")},
            hovertext=[
                plain_label(f"{b[0]}, {b[1]}: {b[4]} parts, {b[3]:.1f} h", 120) for b in bars if b[0] == phase
            ],
            hoverinfo="text",
        )
        for phase in PHASES
        if any(bar[0] == phase for bar in bars)
    ]
    layout = {
        "template": go.layout.Template(),
        "height": 140 + 30 * len(rows),
        "barmode": "overlay",
        "xaxis": {"title": {"text": "working hours"}, "gridcolor": "#e3e7ea"},
        "yaxis": {
            "tickvals": list(range(len(rows))),
            "ticktext": [plain_label(f"{phase}, {storey}") + " " for phase, storey in rows],
            "range": [len(rows) - 0.5, -0.5],
            "automargin": True,
        },
        "plot_bgcolor": "#fff",
    }
    return go.Figure(data=traces, layout=layout)
