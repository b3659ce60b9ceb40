"""What is assumed for elements without a material: rows are sourced, believable, found by what is known."""

from __future__ import annotations

import pytest

from reference import load_materials
from reference.assumptions import assumption_for, load_assumptions
from reference.sources import load_sources

ROWS = list(load_assumptions().values())


def test_every_assumption_is_a_material_with_a_source_and_a_probability() -> None:
    library, sources = load_materials(), set(load_sources())
    for row in ROWS:
        assert row.material_id in library and row.source_id in sources and row.confidence == "verify"
        assert all(m in library and p > 0 for m, p in row.alternatives)
        assert 0 < row.probability + sum(p for _, p in row.alternatives) <= 1 + 1e-9
        assert row.material_id not in {m for m, _ in row.alternatives}


def test_densities_lie_in_their_range() -> None:
    for row in ROWS:
        if row.density_kg_m3 is not None:
            assert row.density_low is not None and row.density_high is not None
            assert row.density_low <= row.density_kg_m3 <= row.density_high


@pytest.mark.parametrize(
    ("arguments", "external", "bearing", "expected"),
    [
        (("IfcWall",), True, None, "clay-block"),
        (("IfcWallStandardCase",), False, False, "gypsum-board"),
        (("IfcWall", "PARTITIONING"), None, None, "gypsum-board"),
        (("IfcSlab", "FLOOR"), None, None, "concrete-reinforced"),
        (("IfcCovering", "CEILING"), None, None, "gypsum-board"),
        (("IfcCovering",), None, None, None),
        (("IfcBuildingElementProxy",), None, None, None),
        (("IfcFurniture",), None, None, None),
    ],
)
def test_the_most_specific_row_wins(
    arguments: tuple[str, ...], external: bool | None, bearing: bool | None, expected: str | None
) -> None:
    found = assumption_for(*arguments, is_external=external, load_bearing=bearing)
    assert (None if found is None else found.material_id) == expected
