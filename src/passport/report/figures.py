"""Charts of the report: plotly figures from `ReportData`, and pieces of HTML that draw them.

Names from a model are untrusted: plotly reads some HTML in labels, and the figures stand as JSON inside
script elements; both are made harmless here. The page needs two scripts, the same in every report:
`plotly_source` and `DRAW`; the figures themselves are data.
"""

from __future__ import annotations

import html
import json
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from passport.report.strings import DASH, Words

if TYPE_CHECKING:
    from lca.compare import Comparison
    from passport.report.result import ChangeLine, ReportData

_GWP = "GWP-total"
_LARGEST = 10
_LARGEST_STEPS = 7
_LONGEST_LABEL = 36
_LEAST_LABELLED = 0.06
_LEAST_KNOWN = 0.01
_FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
_INK, _SOFT, _GRID, _ACCENT, _BAND, _DESIGN = (
    "#1d2730", "#5b6770", "#e3e7ea", "#0b6673", "#bfdde0", "#b4431f",
)  # fmt: skip
_NEGATIVE = "#7fa65a"
_ROUTE_COLOURS = {
    "reuse": "#1b7a55",
    "recycling": "#63b598",
    "recovery": "#e2b04c",
    "disposal": "#a3705f",
    "unknown": "#d5dade",
}

#: Draws every figure of the page; runs after `plotly_source`.
DRAW = (
    "document.querySelectorAll('script[data-figure]').forEach(function (s) {"
    "var f = JSON.parse(s.textContent);"
    "Plotly.newPlot(s.dataset.figure, f.data, f.layout, f.config);"
    "});"
)


def plotly_source() -> str:
    """The text of plotly.js as plotly ships it."""
    from plotly.offline import get_plotlyjs

    return str(get_plotlyjs())


def figures(data: ReportData, words: Words) -> dict[str, Any]:
    """The charts of a report by name; one that has nothing to show is absent.

    Example:
        >>> sorted(figures(data, Words("en")))  # doctest: +SKIP
        ['changes', 'comparison', 'end_of_life', 'materials', 'modules']
    """
    made = {
        "comparison": None if data.comparison is None else comparison_figure(data.comparison, words),
        "changes": changes_figure(data, words),
        "modules": modules_figure(data, words),
        "materials": materials_figure(data, words),
        "end_of_life": end_of_life_figure(data, words),
    }
    return {name: figure for name, figure in made.items() if figure is not None}


def fragment(figure: Any, name: str, alternative: str) -> str:
    """HTML of one figure: an empty box and its data; `DRAW` fills the box.

    Args:
        figure: a plotly figure.
        name: unique in the page, of letters and underscores.
        alternative: what the chart shows, in words.
    """
    content = figure.to_plotly_json()
    content["config"] = {"displayModeBar": False, "responsive": True, "typesetMath": False}
    box = f"figure-{name}"
    return (
        f'<div class="chart" id="{box}" role="img" aria-label="{html.escape(alternative)}"></div>'
        f'<script type="application/json" data-figure="{box}">{script_json(content)}</script>'
    )


def script_json(content: Any) -> str:
    """JSON that nothing inside can end or comment out when it stands in a script element.

    Example:
        >>> script_json("</script>")
        '"\\\\u003c/script\\\\u003e"'
    """
    text = json.dumps(content, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def plain_label(text: str, longest: int = _LONGEST_LABEL) -> str:
    """A label that plotly shows as it is written, shortened where it is too long.

    Example:
        >>> plain_label("<b>brick</b>")
        '&lt;b&gt;brick&lt;/b&gt;'
    """
    line = " ".join(text.split())
    if len(line) > longest:
        line = line[: longest - 1].rstrip() + "…"
    return line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def comparison_figure(comparison: Comparison, words: Words) -> Any:
    """Every case of the reference, its band (p10 to p90) and median, and the design; None if not comparable.

    The design's own band holds 90 % of the draws; an arrow to the right says that the value is a lower bound.
    """
    import plotly.graph_objects as go

    c = comparison
    if not c.comparable or c.value is None or c.p10 is None or c.median is None or c.p90 is None:
        return None
    upper = c.value_upper if c.at_least and c.value_upper is not None else c.value
    drawn_low = c.value if c.value_low is None else c.value_low
    drawn_high = c.value if c.value_high is None else c.value_high
    low = min(0.0, c.value, c.p10, drawn_low, *c.cases)
    high = max(c.p90, c.value, upper, drawn_high, *c.cases)
    span = (high - low) or 1.0
    layout = _layout(words, height=230, margin={"l": 24, "r": 24, "t": 16, "b": 48})
    layout["xaxis"] |= {
        "range": [low - (0.06 * span if low < 0 else 0.0), high + 0.22 * span],
        "title": {"text": plain_label(typographic(c.unit)), "standoff": 10, "font": {"size": 13}},
    }
    layout["yaxis"] |= {"range": [0, 1], "visible": False}
    layout["shapes"] = [
        _rectangle(c.p10, c.p90, 0.42, 0.66, _BAND),
        _upright(c.median, 0.42, 0.66, _ACCENT),
    ]
    if c.draws:
        layout["shapes"].append(_rectangle(drawn_low, drawn_high, 0.7, 0.74, _DESIGN))
    layout["annotations"] = [
        _note(c.p10, 0.39, f"{words('compare.p10')}<br>{words.number(c.p10, 1)}", "right", "top", _SOFT),
        _note(
            c.median,
            0.22,
            f"{words('compare.median')}<br>{words.number(c.median, 1)}",
            "center",
            "top",
            _SOFT,
        ),
        _note(c.p90, 0.39, f"{words('compare.p90')}<br>{words.number(c.p90, 1)}", "left", "top", _SOFT),
    ]
    least = f"{words('page.at_least')} " if c.at_least else ""
    said = f"<b>{plain_label(words('compare.design'))} – {least}{words.number(c.value, 1)}</b>"
    anchor = "right" if c.value > low + 0.6 * span else "left" if c.value < low + 0.2 * span else "center"
    layout["annotations"].append(_note(c.value, 0.76, said, anchor, "bottom", _DESIGN))
    if c.at_least:
        layout["annotations"].append(
            {
                "x": max(upper, c.value + 0.09 * span), "y": 0.54, "ax": c.value, "ay": 0.54,
                "xref": "x", "yref": "y", "axref": "x", "ayref": "y",
                "showarrow": True, "arrowhead": 2, "arrowwidth": 2, "arrowcolor": _DESIGN, "text": "",
            }
        )  # fmt: skip
    cases = go.Scatter(
        x=list(c.cases),
        y=[0.54] * len(c.cases),
        mode="markers",
        marker={"symbol": "line-ns-open", "size": 16, "color": _ACCENT, "opacity": 0.55},
        hoverinfo="x",
        cliponaxis=False,
    )
    marker = go.Scatter(
        x=[c.value],
        y=[0.54],
        mode="markers",
        marker={"symbol": "diamond", "size": 15, "color": _DESIGN, "line": {"color": "#fff", "width": 1.5}},
        hoverinfo="skip",
        cliponaxis=False,
    )
    return go.Figure(data=[cases, marker], layout=layout)


def changes_figure(data: ReportData, words: Words) -> Any:
    """Waterfall from the design as it is to the design with the largest changes; None without changes.

    One change per group of portions, so that the steps add up.
    """
    import plotly.graph_objects as go

    steps: dict[str, ChangeLine] = {}
    for change in data.changes:
        steps.setdefault(change.group, change)
    shown = list(steps.values())[:_LARGEST_STEPS]
    if data.gwp_total is None or not shown:
        return None
    after = data.gwp_total + math.fsum(step.gwp for step in shown)
    labels = [words("changes.start"), *(step.text for step in shown), words("changes.end")]
    values = [data.gwp_total, *(step.gwp for step in shown), after]
    texts = [words.number(value, 0) for value in values]
    layout = _layout(words, height=72 + 34 * len(labels), margin={"l": 10, "r": 16, "t": 8, "b": 56})
    layout["yaxis"] |= _ticks(labels)
    low, high = min(0.0, after), max(data.gwp_total, 0.0)
    layout["xaxis"] |= {
        "range": [1.2 * low, 1.2 * high if high > 0 else -0.2 * low],
        "title": {"text": plain_label(_unit(data)), "standoff": 8, "font": {"size": 13}},
        "zeroline": True,
        "zerolinecolor": _SOFT,
    }
    bars = go.Waterfall(
        x=values,
        y=list(range(len(values))),
        orientation="h",
        measure=["absolute", *("relative" for _ in shown), "total"],
        text=[plain_label(text) for text in texts],
        textposition="outside",
        decreasing={"marker": {"color": _NEGATIVE}},
        increasing={"marker": {"color": _DESIGN}},
        totals={"marker": {"color": _ACCENT}},
        connector={"line": {"color": _GRID}},
        cliponaxis=False,
        hoverinfo="text",
        hovertext=[
            f"{plain_label(label, 160)}: {text} {plain_label(_unit(data))}"
            for label, text in zip(labels, texts, strict=True)
        ],
    )
    return go.Figure(data=[bars], layout=layout)


def modules_figure(data: ReportData, words: Words) -> Any:
    """GWP-total by module; a module without a figure has a dash instead of a bar. None without any figure."""
    row = shown_impact(data).get(_GWP, {})
    values = list(row.values())
    if all(value is None for value in values):
        return None
    labels = [f"{module}  {words.label('module', module)}" for module in row]
    return _bars(labels, values, _unit(data), words)


def materials_figure(data: ReportData, words: Words) -> Any:
    """The materials with the largest share of GWP-total; None when there are none."""
    largest = [c for c in data.contributions if math.isfinite(c.value)][:_LARGEST]
    if not largest:
        return None
    return _bars([c.label for c in largest], [c.value for c in largest], _unit(data), words)


def end_of_life_figure(data: ReportData, words: Words) -> Any:
    """Mass by route, today above the best route, as stacked bars; None without masses."""
    import plotly.graph_objects as go

    today, best = (sum(getattr(s, side) for s in data.streams) for side in ("today_kg", "best_kg"))
    if not today and not best:
        return None
    layout = _layout(words, height=230, margin={"l": 10, "r": 24, "t": 8, "b": 84})
    layout["barmode"] = "stack"
    layout["yaxis"] |= _ticks([words("eol.today"), words("eol.best")])
    layout["xaxis"] |= {
        "title": {"text": plain_label(words("eol.mass")), "standoff": 8, "font": {"size": 13}}
    }
    layout["showlegend"] = True
    layout["legend"] = {
        "orientation": "h", "x": 0, "xanchor": "left", "y": -0.42, "yanchor": "top", "traceorder": "normal",
        "itemclick": False, "itemdoubleclick": False,
    }  # fmt: skip
    traces = []
    for stream in data.streams:
        label = plain_label(words.label("route", stream.route))
        shares = [stream.today_kg / today if today else 0.0, stream.best_kg / best if best else 0.0]
        masses = [stream.today_kg, stream.best_kg]
        dark = stream.route in ("reuse", "disposal")
        traces.append(
            go.Bar(
                x=masses,
                y=[0, 1],
                orientation="h",
                name=label,
                width=0.62,
                marker={
                    "color": _ROUTE_COLOURS.get(stream.route, _SOFT),
                    "line": {"color": "#fff", "width": 1},
                    "pattern": {"shape": "/" if stream.route == "unknown" else "", "fgcolor": "#aab2b8"},
                },
                text=[plain_label(words.share(s)) if s >= _LEAST_LABELLED else "" for s in shares],
                textposition="inside",
                insidetextanchor="middle",
                textangle=0,
                textfont={"color": "#fff" if dark else _INK},
                hoverinfo="text",
                hovertext=[f"{label}: {words.number(kg, 0)} kg" for kg in masses],
            )
        )
    return go.Figure(data=traces, layout=layout)


def shown_impact(data: ReportData) -> dict[str, dict[str, float | None]]:
    """`data.impact` as it is shown: None too where a figure covers less than 1 % of the mass.

    A sum over almost nothing, such as the air layers, would look like an impact of zero.
    """
    return {
        indicator: {
            module: value
            if value is not None
            and math.isfinite(value)
            and (_share_of(data, indicator, module) >= _LEAST_KNOWN)
            else None
            for module, value in row.items()
        }
        for indicator, row in data.impact.items()
    }


def _share_of(data: ReportData, indicator: str, module: str) -> float:
    share = data.impact_known_share.get(indicator, {}).get(module)
    return 1.0 if share is None else share


def typographic(unit: str) -> str:
    """A unit as it is printed.

    Example:
        >>> typographic("kg CO2 eq/m2.yr")
        'kg CO₂ eq/m².yr'
    """
    for plain, printed in (("CO2", "CO₂"), ("m2", "m²"), ("m3", "m³"), ("H+", "H⁺")):
        unit = unit.replace(plain, printed)
    return unit


def _unit(data: ReportData) -> str:
    return typographic(data.impact_unit.get(_GWP, ""))


def _bars(labels: Sequence[str], values: Sequence[float | None], unit: str, words: Words) -> Any:
    import plotly.graph_objects as go

    known = [v for v in values if v is not None]
    low, high = min(0.0, *known, 0.0), max(0.0, *known, 0.0)
    span = (high - low) or 1.0
    layout = _layout(words, height=72 + 30 * len(labels), margin={"l": 10, "r": 16, "t": 8, "b": 56})
    layout["yaxis"] |= _ticks(labels)
    layout["xaxis"] |= {
        "range": [low - (0.2 * span if low < 0 else 0.0), high + 0.2 * span],
        "title": {"text": plain_label(unit), "standoff": 8, "font": {"size": 13}},
        "zeroline": True,
        "zerolinecolor": _SOFT,
    }
    layout["annotations"] = [
        _note(0.0, row, f" {DASH}", "left", "middle", _SOFT) for row, v in enumerate(values) if v is None
    ]
    shown = [words.number(v, 0 if abs(v) >= 100 else None) if v is not None else "" for v in values]
    bars = go.Bar(
        x=list(values),
        y=list(range(len(values))),
        orientation="h",
        width=0.66,
        marker={"color": [_NEGATIVE if v is not None and v < 0 else _ACCENT for v in values]},
        text=[plain_label(text) for text in shown],
        textposition="outside",
        cliponaxis=False,
        hoverinfo="text",
        hovertext=[
            f"{plain_label(label, 120)}: {text} {plain_label(unit)}"
            for label, text in zip(labels, shown, strict=True)
        ],
    )
    return go.Figure(data=[bars], layout=layout)


def _layout(words: Words, *, height: int, margin: dict[str, int]) -> dict[str, Any]:
    import plotly.graph_objects as go

    axis = {"fixedrange": True, "automargin": True, "showgrid": False, "zeroline": False, "type": "linear"}
    return {
        "template": go.layout.Template(),
        "height": height,
        "autosize": True,
        "margin": margin,
        "font": {"family": _FONT, "size": 13, "color": _INK},
        "separators": words("locale.decimal") + words("locale.group"),
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "showlegend": False,
        "dragmode": False,
        "xaxis": {**axis, "showgrid": True, "gridcolor": _GRID, "tickformat": ",~f", "nticks": 7},
        "yaxis": dict(axis),
    }


def _ticks(labels: Sequence[str]) -> dict[str, Any]:
    """Rows from the top down, at numbers: labels may be alike, or look like numbers or dates."""
    return {
        "tickvals": list(range(len(labels))),
        "ticktext": [plain_label(label) + " " for label in labels],
        "range": [len(labels) - 0.5, -0.5],
    }


def _rectangle(x0: float, x1: float, y0: float, y1: float, colour: str) -> dict[str, Any]:
    return {
        "type": "rect", "x0": x0, "x1": x1, "y0": y0, "y1": y1,
        "fillcolor": colour, "line": {"width": 0}, "layer": "below",
    }  # fmt: skip


def _upright(x: float, y0: float, y1: float, colour: str) -> dict[str, Any]:
    line = {"color": colour, "width": 3}
    return {"type": "line", "x0": x, "x1": x, "y0": y0, "y1": y1, "line": line, "layer": "below"}


def _note(x: float, y: float, text: str, xanchor: str, yanchor: str, colour: str) -> dict[str, Any]:
    return {
        "x": x, "y": y, "text": text, "showarrow": False, "xanchor": xanchor, "yanchor": yanchor,
        "font": {"color": colour},
    }  # fmt: skip
