"""German index and deconstruction score of a building: bounds, by hand, and from the workbook alone."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner

from passport import DismantlingStudy, read_ifc, study_dismantling
from passport.circularity.building_indices import BuildingIndices, building_indices
from passport.circularity.route_kinds import ROUTE_KINDS, UNKNOWN_ROUTE
from passport.circularity.tables import shipped_rows
from passport.cli import app

HOUSE = Path(__file__).resolve().parents[1] / "examples" / "models" / "flemish-house.ifc"


@cache
def study() -> DismantlingStudy:
    return study_dismantling(read_ifc(HOUSE))


def _indices(found: DismantlingStudy) -> BuildingIndices:
    return building_indices(found.routes, found.detachability)


def test_every_kind_of_route_has_points_in_the_order_of_the_hierarchy() -> None:
    rows = {row["kind"]: row for row in shipped_rows("route_points.csv")}
    assert set(rows) == {*ROUTE_KINDS, UNKNOWN_ROUTE}
    worth = [float(rows[kind]["outcome_high"]) for kind in ROUTE_KINDS]
    assert worth == sorted(worth, reverse=True)


def test_the_terms_of_a_part_by_hand() -> None:
    """A roof tile: landfill or recycled at worst, reuse at best; hung, so class I, alone or clean."""
    for part in _indices(study()).parts:
        if part.family == "clay-roof-tile":
            break
    assert (part.low_route, part.high_route) == ("open-loop recycling", "reuse elsewhere")
    assert (part.hardest, part.easiest) == ("added elements", "dry")
    assert (part.eol_built.low, part.eol_built.high) == (60, 140)
    assert (part.dismantling.low, part.dismantling.high) == (100, 100)
    assert (part.ci.low, part.ci.high) == (pytest.approx(0.3 * 100 + 0.7 * 60), pytest.approx(30 + 98))
    assert part.score.low == pytest.approx(part.ease.low * 0.5)
    assert part.score.high == pytest.approx(part.ease.high)


def test_a_bonded_layer_may_carry_foreign_matter_and_cost_twenty_points() -> None:
    part = next(p for p in _indices(study()).parts if p.family == "gypsum-plaster" and "/" in p.unit_id)
    assert part.low_route == "open-loop recycling" and part.hardest == "hard chemical"
    assert part.eol_built.low == 60 - 20 and part.dismantling.low == 0


def test_the_building_follows_from_its_workbook_alone(tmp_path: Path) -> None:
    book = tmp_path / "value.xlsx"
    done = CliRunner().invoke(app, ["value", str(HOUSE), "--demolition-rate", "40", "--out", str(book)])
    assert done.exit_code == 0 and "German circularity index" in done.output
    sheets = openpyxl.load_workbook(book)
    told = {row[0]: row[1:3] for row in sheets["Building"].iter_rows(min_row=2, values_only=True)}
    head, *rows = sheets["Indices per part"].iter_rows(values_only=True)
    parts = [dict(zip(head, row, strict=True)) for row in rows]
    known = [p for p in parts if p["mass_kg"] is not None]
    mass = sum(p["mass_kg"] for p in known)
    for name, figure in (
        ("ci", "German circularity index"),
        ("score", "deconstruction score (Level(s) 2.4)"),
    ):
        ends = [sum(p["mass_kg"] * p[f"{name}_{end}"] for p in known) / mass for end in ("low", "high")]
        assert list(told[figure]) == pytest.approx(ends)
    assert told["parts of unknown mass, in no mean"][0] == len(parts) - len(known)
    for p in parts:
        assert p["ci_low"] == pytest.approx(0.3 * p["dismantling_low"] + 0.7 * p["eol_built_low"])
        assert p["score_high"] == pytest.approx(p["ease_high"] * p["outcome_high"])
    terms = {row[0]: row[1:] for row in sheets["MCI terms"].iter_rows(min_row=2, values_only=True)}
    for end in (0, 1):
        t = {name: row[end] for name, row in terms.items()}
        waste = t["direct_waste_kg"] + (t["input_recycling_waste_kg"] + t["output_recycling_waste_kg"]) / 2
        flow = 2 * t["mass_kg"] + (t["input_recycling_waste_kg"] - t["output_recycling_waste_kg"]) / 2
        mci = 1 - (t["virgin_kg"] + waste) / flow * 0.9 / t["utility"]
        assert told["material circularity indicator"][end] == pytest.approx(mci)
    head, *rows = sheets["Residual value"].iter_rows(values_only=True)
    net = [dict(zip(head, row, strict=True))["net_eur"] for row in rows]
    assert sum(each for each in net if each is not None) == pytest.approx(told["residual value"][0])


def test_evidence_of_a_survey_only_narrows_and_a_wrong_ending_is_a_sentence(tmp_path: Path) -> None:
    wide = _indices(study())
    survey = tmp_path / "survey.csv"
    tile = next(p for p in wide.parts if p.family == "clay-brick")
    layer = tile.unit_id.partition("/")
    survey.write_text(f"global_id,layer,connection\n{layer[0]},{layer[2]},soft chemical", encoding="utf-8")
    narrow = _indices(study_dismantling(study().passport, survey=survey))
    for before, after in zip(wide.parts, narrow.parts, strict=True):
        for name in ("eol_built", "dismantling", "ci", "ease", "score"):
            outer, inner = getattr(before, name), getattr(after, name)
            assert outer.low <= inner.low <= inner.high <= outer.high
    done = CliRunner().invoke(app, ["value", str(HOUSE), "--out", str(tmp_path / "v.pdf")])
    assert done.exit_code == 2 and ".xlsx" in done.output
