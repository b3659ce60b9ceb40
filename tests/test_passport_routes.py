"""Every family of the library has a best route with its condition, source and confidence."""

from __future__ import annotations

import csv
from importlib.resources import files

import pytest

from reference.families import load_families
from reference.vocabulary import RouteKind

ROWS = list(
    csv.DictReader(
        files("passport.circularity").joinpath("best_routes.csv").read_text(encoding="utf-8").splitlines()
    )
)


@pytest.mark.parametrize("row", ROWS, ids=lambda r: f"{r['family']}-{r['ifc_classes']}")
def test_a_route_is_one_of_four_with_condition_source_and_confidence(row: dict[str, str]) -> None:
    assert row["best_route"] in set(RouteKind)
    assert row["condition"] and row["source"]
    assert row["confidence"] in ("read", "verify")
    assert row["family"] in load_families()


def test_every_family_but_air_has_a_route_for_any_class() -> None:
    general = {row["family"] for row in ROWS if row["ifc_classes"] == "*"}
    assert set(load_families()) - {"air", "unknown"} <= general


def test_a_row_for_some_classes_stands_before_the_general_one() -> None:
    for family in {row["family"] for row in ROWS}:
        classes = [row["ifc_classes"] for row in ROWS if row["family"] == family]
        assert classes[-1] == "*" and "*" not in classes[:-1]
