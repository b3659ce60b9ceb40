"""The report as one HTML page that opens offline: no font, script or image from elsewhere.

Everything on the page comes from `ReportData`, the words of `strings.toml` and the licence text of the
reference data. Names from a model are escaped. The page's own policy lets only its two fixed scripts run and
forbids every request; without JavaScript all text and tables are there.
"""

from __future__ import annotations

import base64
import hashlib
import math
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from passport.report.sentences import comparison_sentences
from passport.report.strings import DASH, Words
from reference.writing import replacing

if TYPE_CHECKING:
    from jinja2 import Environment

    from passport.report.result import ReportData

#: Sections of the page, in order; each is a template and has its words under the same name.
SECTIONS: tuple[str, ...] = (
    "cards", "compare", "changes", "impact", "contributions", "materials", "eol", "apart", "leftout",
    "findings", "method", "sources",
)  # fmt: skip
#: Most lines of one table; the JSON result has no such limit.
MOST_LINES = 150
_GWP = "GWP-total"


def write_html(path: str | Path, data: ReportData) -> Path:
    """Write the report as one self-contained HTML file.

    Raises:
        ValueError: the report's language is not one of nl, fr, en, de.
        OSError: the folder cannot be written to.

    Example:
        >>> write_html("house.html", data)  # doctest: +SKIP
        PosixPath('house.html')
    """
    target = Path(path)
    page = render_html(data)
    with replacing(target) as stream:
        stream.write(page)
    return target


def render_html(data: ReportData) -> str:
    """The report as the text of one HTML page, in the language of `data`.

    Raises:
        ValueError: the language is not one of nl, fr, en, de.

    Example:
        >>> render_html(data).startswith("<!DOCTYPE html>")  # doctest: +SKIP
        True
    """
    from markupsafe import Markup

    from passport.report.figures import DRAW, figures, fragment, plotly_source, shown_impact

    words = Words(data.language)
    captions = {
        "comparison": " ".join(comparison_sentences(data.comparison, words)),
        "changes": words("changes.chart"),
        "modules": words("impact.chart"),
        "materials": words("contributions.chart"),
        "end_of_life": words("eol.chart"),
    }
    charts = {
        name: Markup(fragment(figure, name, captions[name])) for name, figure in figures(data, words).items()
    }
    scripts = [plotly_source(), DRAW] if charts else []
    shown = shown_impact(data)
    without_figure = [i for i, row in shown.items() if i != _GWP and all(v is None for v in row.values())]
    environment = _environment()
    environment.filters["named"] = lambda name: name if name.strip() else words("page.unnamed")
    return environment.get_template("page.html.j2").render(
        data=data,
        w=words,
        sections=SECTIONS,
        figures=charts,
        scripts=[Markup(script) for script in scripts],
        policy=_policy(scripts),
        modules=list(next(iter(data.impact.values()), {})),
        impact={indicator: row for indicator, row in shown.items() if indicator not in without_figure},
        without_figure=without_figure,
        known_modules=[m for m, value in shown.get(_GWP, {}).items() if value is not None],
        mass_per_m2=_per(data.mass_kg, data.floor_area_m2.value),
        sentences=comparison_sentences(data.comparison, words),
        without_mass=sum(r.mass_unknown_portions for r in data.routes),
        unknown=[m for m in data.materials if m.material_id is None],
        known=[m for m in data.materials if m.material_id is not None],
        method=_method(data, words),
        attributions=attributions(),
        limit=MOST_LINES,
    )


@cache
def attributions() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Heading and paragraphs of every part of the licence text of the reference data, word for word."""
    text = files("reference").joinpath("data/LICENSES.md").read_text(encoding="utf-8")
    parts = []
    for part in text.split("\n## ")[1:]:
        heading, _, rest = part.partition("\n")
        paragraphs = (" ".join(p.split()) for p in rest.replace("`", "").split("\n\n"))
        parts.append((heading.strip(), tuple(p for p in paragraphs if p)))
    return tuple(parts)


def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    from passport.report.figures import typographic

    environment = Environment(
        loader=PackageLoader("passport.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["unit"] = typographic
    environment.filters["width"] = _width
    return environment


def _policy(scripts: list[str]) -> str:
    """A content security policy: no request at all, and no script but these."""
    hashes = [base64.b64encode(hashlib.sha256(s.encode()).digest()).decode() for s in scripts]
    allowed = " ".join(f"'sha256-{h}'" for h in hashes) or "'none'"
    return (
        f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; img-src data: blob:; "
        "base-uri 'none'; form-action 'none'"
    )


def _width(share: float) -> str:
    """A share 0-1 as the width of a bar [%]."""
    return f"{100 * min(max(share, 0.0), 1.0):.1f}" if math.isfinite(share) else "0"


def _per(value: float | None, whole: float | None) -> float | None:
    return value / whole if value is not None and whole else None


def _method(data: ReportData, words: Words) -> list[tuple[str, str]]:
    scenario: dict[str, Any] = data.scenario
    lines = [
        (words("method.scenario"), str(scenario.get("name", DASH))),
        (
            words("method.period"),
            words("compare.years", years=words.number(data.study_period_years)),
        ),
        (words("method.modules"), ", ".join(scenario.get("stages", ())) or DASH),
        (words("method.module_d"), words("method.module_d_text")),
        (words("method.replacement"), words.label("rule", str(scenario.get("replacement", DASH)))),
        (words("method.biogenic"), words.label("biogenic", str(scenario.get("biogenic_rule", DASH)))),
        (
            words("method.loss"),
            words("method.loss_text", share=words.share(scenario.get("a5_loss_share"))),
        ),
        (
            words("method.transport"),
            words(
                "method.transport_text",
                first=words.number(scenario.get("c2_first_leg_km")),
                landfill=words.number(scenario.get("c2_landfill_leg_km")),
                incineration=words.number(scenario.get("c2_incineration_leg_km")),
            ),
        ),
        (words("method.geometry"), words.label("geometry", data.provenance.geometry)),
        (words("method.library"), data.provenance.material_library),
        (words("method.mapping"), data.provenance.mapping_file or words("page.none")),
    ]
    return lines
