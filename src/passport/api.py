"""The straight line: read, assess, compare, propose routes, write; each step usable by itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from passport.assessment import Assessment, assess, factors_with_data
from passport.circularity.avoided import new_material_kg_co2e
from passport.circularity.routes import RouteProposal, propose_routes
from passport.circularity.study import DismantlingStudy, study_dismantling
from passport.civil_works import civil_work
from passport.comparison import compare
from passport.design_changes import improve
from passport.design_choices import DesignChange
from passport.exchange.csv_tables import write_impact, write_materials, write_routes
from passport.models import Passport, load_passport, save_passport
from passport.progress import Progress, silent
from passport.report.result import ReportData, build_report_data
from passport.review import review_lines
from passport.upkeep import load_upkeep
from reference.residential import load_residential
from reference.vocabulary import BuildingType
from reference.writing import replacing

if TYPE_CHECKING:
    from lca.compare import Comparison
    from lca.scenario import Scenario

__all__ = [
    "Run",
    "assess",
    "compare",
    "load_passport",
    "propose_routes",
    "run",
    "save_passport",
    "write_report",
    "write_run",
]

Language = Literal["en", "nl", "fr", "de"]
#: Draws behind the bands of a report, and the number of changes that it shows.
_DRAWS, _CHANGES = 1_000, 12
LANGUAGES: tuple[Language, ...] = ("en", "nl", "fr", "de")


@dataclass(frozen=True)
class Run:
    """Everything that the main job makes of one model."""

    passport: Passport
    assessment: Assessment
    comparison: Comparison
    routes: list[RouteProposal]
    changes: tuple[DesignChange, ...]
    study: DismantlingStudy
    data: ReportData


def run(
    passport: Passport,
    *,
    building_type: BuildingType | str | None = None,
    language: Language = "en",
    data: str | Path | None = None,
    scenario: Scenario | None = None,
    maintenance: str | Path | None = None,
    functional_quantity: float | None = None,
    progress: Progress = silent,
) -> Run:
    """Assess a passport, compare it, propose routes and collect the result.

    Args:
        data: a user's data file, see `assessment.factors_with_data`.
        maintenance: a user's maintenance file, see `load_upkeep`.
        functional_quantity: m2 of deck or road, or m of track, of a civil work; default: as the model shows.
        scenario: choices of the assessment, see `lca.load_scenario`; default: TOTEM-style, 60 years.

    Example:
        >>> result = run(load_passport("passport.json"), building_type="detached")  # doctest: +SKIP
        >>> print(result.comparison)  # doctest: +SKIP
    """
    progress("assess", 0, 4)
    factors = None if data is None else factors_with_data(data, scenario)
    assessment = assess(
        passport,
        factors=factors,
        scenario=scenario,
        maintenance=() if maintenance is None else load_upkeep(maintenance),
    )
    progress("assess", 1, 4)
    cases = load_residential()
    if building_type is not None:
        cases = cases.select(BuildingType(building_type))
    comparison = compare(assessment, against=cases, draws=_DRAWS)
    changes = improve(assessment, comparison=comparison, against=cases, draws=_DRAWS, drawn=_CHANGES)
    progress("assess", 2, 4)
    routes = propose_routes(passport)
    study = study_dismantling(
        passport, proposals=routes, saved_per_kg=new_material_kg_co2e(assessment.factors)
    )
    progress("assess", 3, 4)
    report = build_report_data(
        passport,
        assessment,
        comparison=comparison,
        routes=routes,
        changes=changes[:_CHANGES],
        civil=civil_work(passport, functional_quantity),
        study=study,
        language=language,
    )
    progress("assess", 4, 4)
    return Run(passport, assessment, comparison, routes, changes, study, report)


def write_run(folder: str | Path, result: Run, progress: Progress = silent) -> list[Path]:
    """Write passport.json, impact.csv, materials.csv, routes.csv and report.html; returns their paths.

    Raises:
        OSError: the folder cannot be made or written to.
    """
    from passport.report.as_html import write_html

    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    steps: list[tuple[str, Callable[[Path], object]]] = [
        ("passport.json", lambda path: save_passport(result.passport, path)),
        ("impact.csv", lambda path: write_impact(path, result.assessment)),
        ("materials.csv", lambda path: write_materials(path, review_lines(result.passport))),
        ("routes.csv", lambda path: write_routes(path, result.routes, result.study.routes)),
        ("report.html", lambda path: write_html(path, result.data)),
    ]
    written = []
    for done, (name, write) in enumerate(steps):
        progress("write", done, len(steps))
        write(target / name)
        written.append(target / name)
    progress("write", len(steps), len(steps))
    return written


def write_report(
    path: str | Path,
    passport: Passport,
    *,
    assessment: Assessment | None = None,
    comparison: Comparison | None = None,
    routes: Sequence[RouteProposal] = (),
    format: Literal["html", "json"] | None = None,
    language: Language = "en",
) -> Path:
    """Write one report file; the format follows the ending of `path` unless given.

    Raises:
        ValueError: the format is neither html nor json, or the language is not one of en, nl, fr, de.
        OSError: the file cannot be written.
    """
    target = Path(path)
    kind = format or target.suffix.lower().lstrip(".")
    if kind not in ("html", "json"):
        raise ValueError(f"{target}: the format {kind!r} is not known; use .html or .json.")
    if language not in LANGUAGES:
        raise ValueError(f"language is {language!r}; use one of {', '.join(LANGUAGES)}.")
    data = build_report_data(
        passport,
        assessment if assessment is not None else assess(passport),
        comparison=comparison,
        routes=routes if routes else propose_routes(passport),
        civil=civil_work(passport),
        study=study_dismantling(passport),
        language=language,
    )
    if kind == "html":
        from passport.report.as_html import write_html

        write_html(target, data)
    else:
        from passport.report.as_json import as_json

        with replacing(target) as stream:
            stream.write(as_json(data))
    return target
