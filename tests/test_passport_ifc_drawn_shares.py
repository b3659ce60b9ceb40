"""Drawn items tell the shares of materials that are named much like their styles."""

from __future__ import annotations

from pathlib import Path

import pytest

from ifc_builders import TinyModel
from passport import read_ifc
from passport.ifc.drawn_shares import BY_WORDS, with_similar_styles
from passport.ifc.materials import ASSUMED, MaterialSet, RawPortion


def _set(*names: str) -> MaterialSet:
    return MaterialSet(tuple(RawPortion(n, share=1 / len(names), share_origin=ASSUMED) for n in names))


def test_common_words_name_two_and_the_last_is_left_over() -> None:
    found = with_similar_styles(
        _set("01 chipboard white", "99 Insulation glass wool 190mm", "99 Air frame"),
        {"Air": 0.02, "Insulation - glass-rock wool": 0.6, "RAL 9010": 0.04},
    )
    assert [p.share for p in found.portions] == [pytest.approx(s / 0.66) for s in (0.04, 0.6, 0.02)]
    assert {p.share_origin for p in found.portions} == {BY_WORDS}


@pytest.mark.parametrize(
    ("materials", "styles"),
    [
        (("brick", "mineral wool"), {"grey": 1.0, "red": 2.0}),  # no word in common
        (("glass wool", "rock wool"), {"wool": 1.0, "white": 2.0}),  # two claim one
        (("brick", "mineral wool", "board"), {"brick": 1.0, "white": 2.0, "grey": 3.0}),  # two left over
        (("brick", "mineral wool"), {"brick": 1.0}),  # fewer styles than materials
        (("brick", "brick"), {"brick": 1.0, "red": 2.0}),  # the same material twice
    ],
)
def test_where_the_names_leave_a_doubt_nothing_changes(
    materials: tuple[str, ...], styles: dict[str, float]
) -> None:
    assert with_similar_styles(_set(*materials), styles) == _set(*materials)


def test_a_wall_drawn_in_styles_named_like_its_materials_has_their_volumes(tmp_path: Path) -> None:
    model = TinyModel()
    wall = model.element("IfcWall")
    model.associate(model.material_list("02 snelbouwsteen 14", "07 PUR isolatie"), wall)
    inner, outer = model.extrusion(4, 0.14, 2.5), model.extrusion(4, 0.1, 2.5, at=(0, 0.14, 0))
    model.style(outer, "Isolatie - PUR")
    model.style(inner, "baksteen rood")
    model.body_of(wall, inner, outer)
    portions = read_ifc(model.save(tmp_path)).elements[0].portions
    assert [p.volume_m3 for p in portions] == [pytest.approx(1.4), pytest.approx(1.0)]
