"""Parts that state the volume of their whole take their own; everything else stays."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ifc_builders import TinyModel
from passport import read_ifc
from passport.ifc.repeated import repeated_wholes


def test_parts_that_each_state_the_whole_take_the_volume_of_their_own_body() -> None:
    found = repeated_wholes(["w", "w", "w"], [6.0, 6.0, 6.0], [1.0, 2.0, 3.1], [None] * 3)
    assert [(r.position, r.volume_m3, r.stated_m3, r.parts, r.shown_by) for r in found] == [
        (0, 1.0, 6.0, 3, "bodies"),
        (1, 2.0, 6.0, 3, "bodies"),
        (2, 3.1, 6.0, 3, "bodies"),
    ]


def test_without_bodies_the_own_dimensions_show_it() -> None:
    found = repeated_wholes(["w", "w"], [3.0, 3.0], [None, None], [1.0, 2.0])
    assert [(r.volume_m3, r.shown_by) for r in found] == [(1.0, "dimensions"), (2.0, "dimensions")]


@pytest.mark.parametrize(
    ("groups", "stated", "bodies", "why"),
    [
        (["w", "w"], [3.0, 3.0], [3.0, 3.0], "equal columns of one type: each is what it says"),
        (["w", "v"], [3.0, 3.0], [1.0, 2.0], "two groups"),
        ([None, None], [3.0, 3.0], [1.0, 2.0], "no group"),
        (["w", "w"], [3.0, 3.1], [1.0, 2.0], "different numbers"),
        (["w", "w"], [3.0, 3.0], [0.5, 0.5], "the bodies do not sum to it"),
        (["w", "w"], [3.0, 3.0], [3.0, 0.1], "one part is the whole"),
        (["w", "w"], [3.0, 3.0], [2.0, None], "one body is not known"),
        (["w"], [3.0], [3.0], "one element"),
        (["w", "w"], [None, 3.0], [1.0, 2.0], "one states nothing"),
        (["w", "w"], [float("inf"), float("inf")], [1.0, 2.0], "not a number"),
    ],
)
def test_what_is_no_repeat_is_left_alone(groups, stated, bodies, why) -> None:  # type: ignore[no-untyped-def]
    assert repeated_wholes(groups, stated, bodies, [None] * len(groups)) == [], why


def test_two_wholes_with_the_same_key_are_told_apart_by_what_they_state() -> None:
    found = repeated_wholes(["t"] * 4, [3.0, 8.0, 3.0, 8.0], [1.0, 5.0, 2.0, 3.0], [None] * 4)
    assert [r.position for r in found] == [0, 1, 2, 3]
    assert [r.stated_m3 for r in found] == [3.0, 8.0, 3.0, 8.0]


@given(st.lists(st.floats(0.01, 100.0), min_size=2, max_size=20), st.randoms())
def test_whatever_the_parts_and_their_order_the_sum_comes_back_to_the_whole(parts, random) -> None:  # type: ignore[no-untyped-def]
    random.shuffle(parts)
    whole = sum(parts)
    found = repeated_wholes(["w"] * len(parts), [whole] * len(parts), parts, [None] * len(parts))
    if found:
        assert [r.volume_m3 for r in found] == parts
    else:
        assert max(parts) >= whole  # the rest is lost in rounding beside one part


def test_columns_of_different_length_are_refused() -> None:
    with pytest.raises(ValueError):
        repeated_wholes(["w"], [1.0, 1.0], [1.0], [None])


@pytest.mark.parametrize("geometry", ["auto", "never"])
def test_two_parts_of_a_split_wall_that_each_state_the_whole_get_their_own_volume(
    tmp_path: Path, geometry: str
) -> None:
    model = TinyModel()
    whole = model.element("IfcWall", "whole")
    parts = [model.element("IfcWall", f"part {i}") for i in (1, 2)]
    model.aggregate(whole, *parts)
    for part, length in zip(parts, (4.0, 2.0), strict=True):
        model.associate("brick", part)
        model.box(part, length, 0.3, 2.5)
        model.quantities(
            part,
            Volume_NetVolume=6.0 * 0.3 * 2.5,
            Length_Length=length,
            Length_Width=0.3,
            Length_Height=2.5,
        )
    house = read_ifc(model.save(tmp_path), geometry=geometry)  # type: ignore[arg-type]
    assert [e.volume_m3 for e in house.elements] == [pytest.approx(3.0), pytest.approx(1.5)]
    assert len(house.findings.with_code("quantity-repeats-whole")) == 2
    assert not house.findings.with_code("quantity-contradicted")


def test_two_equal_parts_that_each_state_their_own_volume_keep_it(tmp_path: Path) -> None:
    model = TinyModel()
    whole = model.element("IfcWall", "whole")
    parts = [model.element("IfcWall", f"part {i}") for i in (1, 2)]
    model.aggregate(whole, *parts)
    for part in parts:
        model.associate("brick", part)
        model.box(part, 2.0, 0.3, 2.5)
        model.quantities(part, Volume_NetVolume=1.5)
    house = read_ifc(model.save(tmp_path))
    assert [e.volume_m3 for e in house.elements] == [1.5, 1.5]
    assert not house.findings
