"""The HTML report: self-contained, safe with hostile names, unknown never as zero, four languages."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from lca.compare import Comparison
from lca.scenario import Scenario
from passport.findings import FindingGroup, Severity
from passport.models import FloorArea, ModelInfo, Provenance
from passport.report.as_html import attributions, comparison_sentences, render_html, write_html
from passport.report.figures import DRAW, figures, fragment, plain_label, plotly_source, script_json
from passport.report.result import (
    ChangeLine,
    Contribution,
    CoverageData,
    ElementCounts,
    LeftOutGroup,
    MaterialLine,
    ReportData,
    RouteLine,
    SourceLine,
    StreamMass,
)
from passport.report.strings import LANGUAGES, Words
from reference.vocabulary import BiogenicRule, Stage

HOSTILE = (
    "</script><script>alert(1)</script>",
    "=1+1",
    "<b>x</b>",
    "{{7*7}}",
    "{% raw %}",
    "quotes \" ' ` &quot;",
    "Кирпич",
    "🧱 brick",
    "<!-- <script>",
    "<a href='http://evil.example'>x</a>",
    "%{x} $\\alpha$ {0}",
    "\u202egnirts",
)
SIZE_LIMIT = 6_000_000


def comparison(**changes: Any) -> Comparison:
    said: dict[str, Any] = {
        "comparable": True,
        "value": 12.34,
        "unit": "kg CO2 eq/m2.yr",
        "groups": ("A1-A3", "C3-C4"),
        "trimmed_design": (Stage.A4,),
        "trimmed_reference": ("B2+B4",),
        "trimmed_value": 0.5,
        "trimmed_share": 0.04,
        "percentile": 81.0,
        "percentile_upper": 90.0,
        "p10": 6.5,
        "median": 9.25,
        "p90": 14.75,
        "ratio_to_median": 1.334,
        "position": "within",
        "possible_positions": ("within", "above"),
        "at_least": True,
        "value_upper": 13.5,
        "known_share": 0.93,
        "n": 105,
        "floor_area_m2": 120.5,
        "study_period_years": 60.0,
        "biogenic_rule": BiogenicRule.ZERO_ZERO,
        "area_definition": "m2 gross floor area as reported",
        "source": "EU-ECB database",
        "licence": "CC BY-SA 4.0",
        "notes": ("Data generations differ.",),
    }
    return Comparison(**(said | changes))


REFUSED = {
    "comparable": False,
    "reasons": ("The gross floor area is not known; state it.", "Figures are known for 40% of the mass."),
    "value": None,
    "percentile": None,
    "p10": None,
    "median": None,
    "p90": None,
    "position": None,
    "possible_positions": (),
}


def material(name: str, material_id: str | None, mass_kg: float | None) -> MaterialLine:
    return MaterialLine(
        name=name,
        use=name,
        material_id=material_id,
        material="brick" if material_id else "",
        family="clay-brick" if material_id else "unknown",
        score=0.91 if material_id else None,
        reason=f"said by {name}",
        portions=3,
        volume_m3=1.25,
        mass_kg=mass_kg,
    )


def contribution(label: str, value: float, share: float) -> Contribution:
    return Contribution(label=label, mass_kg=1234.0, value=value, share=share)


def route(name: str, kind: str, confidence: str) -> RouteLine:
    return RouteLine(
        material_id="clay-brick",
        material=name,
        family="clay-brick",
        waste_category="Bricks",
        ewc="17 01 02",
        hazard="asbestos -> 17 06 05*",
        route=kind,
        reason=name,
        action="test the mortar",
        confidence=confidence,
        portions=4,
        mass_kg=1000.0,
        mass_unknown_portions=1,
    )


def report(**changes: Any) -> ReportData:
    name = " ".join(HOSTILE)
    stages = [s.value for s in Scenario().stages]
    gwp: dict[str, float | None] = {**dict.fromkeys(stages, 10.5), "A1-A3": 87654.0, "B4": None, "C3": -42.0}
    said: dict[str, Any] = {
        "model": ModelInfo(
            file=HOSTILE[0], sha256="a1b2c3d4e5f6" * 5 + "abcd", schema="IFC4", schema_in_file="IFC4",
            application=HOSTILE[2],
        ),
        "provenance": Provenance(
            building_passport="0.1.0", ifcopenshell="0.9.0", geometry="auto", material_library="1",
            mapping_file=HOSTILE[5],
        ),
        "elements": ElementCounts(
            total=1300, assessed=1234, left_out=66, without_material=12, without_quantity=7
        ),
        "coverage": CoverageData(elements=0.81, volume=None, mass=0.934),
        "mass_kg": 123456.0,
        "floor_area_m2": FloorArea(value=120.5, origin="gross floor area of the building"),
        "study_period_years": 60.0,
        "scenario": Scenario().model_dump(mode="json"),
        "impact": {"GWP-total": gwp, "ODP": {**dict.fromkeys(stages), "A1-A3": 1.234e-6}},
        "impact_unit": {"GWP-total": "kg CO2 eq", "ODP": "kg CFC-11 eq"},
        "impact_known_share": {"GWP-total": {**dict.fromkeys(stages, 1.0), "B4": None, "C2": 0.93}},
        "gwp_total": 87663.0,
        "gwp_total_per_m2_year": 12.125,
        "comparison": comparison(),
        "contributions": tuple(contribution(n, 100.0 - 20 * i, 0.1) for i, n in enumerate(HOSTILE)),
        "by_class": (contribution("IfcWall", 5.0, 1.0),),
        "by_storey": (contribution(name, 5.0, 1.0), contribution("", 1.0, 0.0)),
        "materials": (
            *(material(n, "clay-brick", 5000.0) for n in HOSTILE),
            *(material(n, None, None) for n in HOSTILE),
        ),
        "routes": (
            *(route(n, "reuse", "verify") for n in HOSTILE),
            route("x", "unknown", "").model_copy(update={"mass_kg": None, "ewc": ""}),
        ),
        "streams": (
            StreamMass(route="reuse", today_kg=0.0, best_kg=800.0),
            StreamMass(route="disposal", today_kg=1000.0, best_kg=200.0),
        ),
        "mass_by_family": {"clay-brick": 5000.0},
        "left_out": (LeftOutGroup(reason=name, count=66, examples=HOSTILE),),
        "findings": (
            FindingGroup(
                code="quantity-not-positive", severity=Severity.ERROR, count=3, example=name,
                global_ids=("x",), hint="Check the model.",
            ),
        ),
        "sources": (
            SourceLine(
                source_id="own", citation="Own value https://example.org", licence="x", confidence="verify"
            ),
        ),
    }  # fmt: skip
    return ReportData(**(said | changes))


class Page(HTMLParser):
    """Elements, scripts and visible text of a page."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[tuple[dict[str, str | None], str]] = []
        self.styles: list[str] = []
        self.texts: list[str] = []
        self._raw = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag in ("script", "style"):
            self._raw = tag
            if tag == "script":
                self.scripts.append((dict(attrs), ""))
            else:
                self.styles.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == self._raw:
            self._raw = ""

    def handle_data(self, data: str) -> None:
        if self._raw == "script":
            attrs, text = self.scripts[-1]
            self.scripts[-1] = (attrs, text + data)
        elif self._raw == "style":
            self.styles[-1] += data
        else:
            self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())


@pytest.fixture(scope="module")
def page() -> Page:
    return Page(render_html(report()))


def test_only_the_two_fixed_scripts_run(page: Page) -> None:
    programs = [text for attrs, text in page.scripts if attrs.get("type") != "application/json"]
    assert programs == [plotly_source(), DRAW]
    assert {tag for tag, _ in page.tags} & {
        "iframe",
        "object",
        "embed",
        "link",
        "base",
        "form",
        "img",
    } == set()
    assert not [a for _, attrs in page.tags for a in attrs if a.startswith("on")]


def test_figures_are_json_that_holds_the_names_as_text(page: Page) -> None:
    data = [json.loads(text) for attrs, text in page.scripts if attrs.get("type") == "application/json"]
    assert len(data) == 4
    assert all("data" in figure and figure["config"]["displayModeBar"] is False for figure in data)
    raw = "".join(text for attrs, text in page.scripts if attrs.get("type") == "application/json")
    assert "<" not in raw
    labels = json.dumps(data, ensure_ascii=False)
    assert "<script" not in labels
    assert "<b>x" not in labels
    assert "&lt;b&gt;x&lt;/b&gt;" in labels


def test_nothing_is_fetched(page: Page) -> None:
    for _, attrs in page.tags:
        for name in ("src", "href", "action", "data", "srcset", "poster", "background"):
            assert (attrs.get(name) or "#").startswith("#")
        assert "url(" not in (attrs.get("style") or "")
    assert not re.search(r"url\(|@import", "".join(page.styles))
    policy = next(a["content"] for t, a in page.tags if t == "meta" and a.get("http-equiv"))
    assert policy is not None
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "script-src 'unsafe-inline'" not in policy


def test_hostile_names_are_shown_as_they_are(page: Page) -> None:
    for name in HOSTILE:
        assert " ".join(name.split()) in page.text
    assert "49" not in [t.strip() for t in page.texts]


def test_unknown_is_a_dash_and_never_zero() -> None:
    stages = [s.value for s in Scenario().stages]
    nothing = report(
        impact={"GWP-total": dict.fromkeys(stages)},
        impact_known_share={},
        gwp_total=None,
        gwp_total_per_m2_year=None,
        mass_kg=None,
        floor_area_m2=FloorArea(),
        coverage=CoverageData(elements=None, volume=None, mass=None),
        contributions=(),
        by_class=(),
        by_storey=(),
        materials=(material("x", None, None).model_copy(update={"volume_m3": None}),),
        routes=(),
        streams=(),
        comparison=None,
        elements=ElementCounts(total=7, assessed=7, left_out=7, without_material=7, without_quantity=7),
        findings=(),
        left_out=(),
    )
    text = render_html(nothing)
    shown = Page(text)
    cells = [t.strip() for t in shown.texts if t.strip()]
    assert "0" not in cells
    assert not [c for c in cells if re.fullmatch(r"0[.,]0*|0\s?%|None|nan|NaN", c)]
    assert len(re.findall(r'<td class="n">—</td>', text)) == len(stages) + 2
    assert len(re.findall(r'<div class="big">— ', text)) == 4
    assert shown.scripts == []
    assert "No greenhouse gas figure is known" in shown.text


def test_a_sum_over_almost_nothing_is_not_shown_as_zero() -> None:
    stages = [s.value for s in Scenario().stages]
    air_only = report(
        impact={"GWP-total": {**dict.fromkeys(stages, 10.0), "A4": 0.0}, "PM": dict.fromkeys(stages, 0.0)},
        impact_known_share={"GWP-total": {"A4": 3e-5}, "PM": dict.fromkeys(stages, 3e-5)},
    )
    text = render_html(air_only)
    row = re.search(r'<th scope="row">GWP-total.*?</tr>', text, re.S)
    assert row is not None
    assert re.findall(r'<td class="n">(.*?)</td>', row[0]) == ["10.0", "—", *["10.0"] * (len(stages) - 2)]
    assert '<th scope="row">PM' not in text
    assert "Without any figure: PM." in text
    assert figures(air_only, Words("en"))["modules"].to_plotly_json()["data"][0]["x"][1] is None


def test_partly_known_figures_are_marked() -> None:
    text = render_html(report())
    row = re.search(r'<th scope="row">GWP-total.*?</tr>', text, re.S)
    assert row is not None
    assert [c for c in re.findall(r'<td class="n">(.*?)</td>', row[0]) if c.endswith("*")] == ["10.5*"]
    assert ">—</td>" in row[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_renders_with_its_numbers(language: str) -> None:
    words = Words(language)
    text = render_html(report(language=language))
    shown = Page(text)
    assert f'<html lang="{language}">' in text
    assert words("page.title") in shown.text
    mark = "." if language == "en" else ","
    for figure in (f"12{mark}1", f"12{mark}34", f"14{mark}75", f"1{mark}23E−6", f"120{mark}5"):
        assert figure in shown.text, figure
    assert words.number(87663) in "".join(shown.texts)
    assert words.number(123456) in "".join(shown.texts)
    assert "17 01 02" in shown.text
    assert words("confidence.verify") in shown.text
    said = shown.text.replace("is not a TOTEM score", "").replace("are no TOTEM scores", "")
    assert "TOTEM score" not in said
    assert (words("page.free_texts") in shown.text) == (language != "en")


def test_a_language_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="nl, fr, en, de"):
        render_html(report(language="es"))


def test_a_refused_comparison_shows_its_reasons() -> None:
    refused = report(comparison=comparison(**REFUSED))
    shown = Page(render_html(refused))
    for reason in REFUSED["reasons"]:  # type: ignore[attr-defined]
        assert reason in shown.text
    assert "lies within the band" not in shown.text
    assert "comparison" not in figures(refused, Words("en"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("position", ["below", "within", "above"])
@pytest.mark.parametrize("at_least", [True, False])
def test_sentences_of_the_comparison(language: str, position: str, at_least: bool) -> None:
    words = Words(language)
    sentences = comparison_sentences(comparison(position=position, at_least=at_least), words)
    assert words.number(12.34, 1) in sentences[0]
    assert (words("page.at_least") in sentences[0].lower()) == at_least
    assert words.number(1.334, 2) in sentences[1]
    assert words("compare.position_above") in sentences[2]


def test_the_band_says_at_least_with_an_arrow() -> None:
    bound = figures(report(), Words("en"))["comparison"].to_plotly_json()["layout"]["annotations"]
    exact = figures(report(comparison=comparison(at_least=False)), Words("en"))["comparison"]
    assert [a for a in bound if a.get("showarrow")]
    assert "at least 12.3" in str(bound)
    assert not [a for a in exact.to_plotly_json()["layout"]["annotations"] if a.get("showarrow")]


def change(group: str, gwp: float, text: str = "a change") -> ChangeLine:
    return ChangeLine(
        group=group, kind="swap", text=text, caveat=HOSTILE[0], portions=1, mass_kg=1.0, gwp=gwp,
        score_mpt=None, percentile=40.0, probability_better=None,
    )  # fmt: skip


def test_the_waterfall_takes_one_change_per_group_and_its_steps_add_up() -> None:
    changes = (change("a", -30.0), change("a", -20.0), change("b", -5.0, HOSTILE[0]))
    data = report(changes=changes)
    bars = figures(data, Words("en"))["changes"].to_plotly_json()["data"][0]
    assert data.gwp_total is not None
    assert list(bars["x"]) == pytest.approx([data.gwp_total, -30.0, -5.0, data.gwp_total - 35.0])
    assert list(bars["measure"]) == ["absolute", "relative", "relative", "total"]
    page = Page(render_html(data))
    assert "What would move it" in page.text and HOSTILE[0] in page.text
    assert "changes" not in figures(report(), Words("en"))


def test_the_band_of_the_design_and_every_case_are_drawn() -> None:
    drawn = comparison(cases=(6.0, 9.0, 15.0), value_low=11.0, value_high=13.0, draws=100)
    figure = figures(report(comparison=drawn), Words("en"))["comparison"].to_plotly_json()
    assert list(figure["data"][0]["x"]) == [6.0, 9.0, 15.0]
    assert (11.0, 13.0) in [(each["x0"], each["x1"]) for each in figure["layout"]["shapes"]]


def test_attribution_lines_are_word_for_word() -> None:
    text = Page(render_html(report())).text
    assert (
        "OEKOBAUDAT 2024-I (www.oekobaudat.de), Federal Ministry for Housing, Urban Development and Building "
        "(BMWSB) / BBSR; generic datasets by Sphera; values unmodified; for building LCA."
    ) in text
    assert "Creative Commons Attribution-ShareAlike 4.0 International (CC BY-SA 4.0)" in text
    assert "Results of this library are no TOTEM scores." in text
    assert len(attributions()) >= 5


def test_long_lists_are_cut_with_a_word() -> None:
    many = report(materials=tuple(material(f"m{i}", "x", 1.0) for i in range(5000)))
    text = render_html(many)
    assert "4,850 more lines are not printed here" in text
    assert len(text.encode()) < SIZE_LIMIT


def test_written_file_is_small_enough_and_the_same_each_time(tmp_path: Path) -> None:
    path = write_html(tmp_path / "house.html", report(language="nl"))
    assert path.stat().st_size < SIZE_LIMIT
    assert path.read_text(encoding="utf-8") == render_html(report(language="nl"))
    assert list(tmp_path.iterdir()) == [path]


def test_labels_and_json_are_neutralised() -> None:
    assert plain_label("a & <b>") == "a &amp; &lt;b&gt;"
    assert plain_label("x" * 50, 10) == "x" * 9 + "…"
    assert json.loads(script_json(HOSTILE)) == list(HOSTILE)
    assert "<" not in script_json(HOSTILE)
    bars = figures(report(), Words("en"))["materials"]
    assert 'aria-label="&quot;&gt;&lt;script&gt;"' in fragment(bars, "x", '"><script>')


def test_importing_passport_does_not_load_the_drawing_libraries() -> None:
    code = (
        "import sys, passport, passport.report.as_html, passport.report.figures;"
        "sys.exit(str([m for m in ('plotly', 'jinja2') if m in sys.modules]) if "
        "{'plotly', 'jinja2'} & set(sys.modules) else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
