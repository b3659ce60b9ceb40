"""The user's outlets answer the market gate: who takes the lot, or what stands in the way."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from passport import Passport, PassportError, read_ifc, study_dismantling
from passport.circularity.outlets import Lot, Outlet, ask_outlets, load_outlets, lots_of
from passport.circularity.route_kinds import rank
from passport.cli import app

HOUSE = Path(__file__).resolve().parents[1] / "examples" / "models" / "flemish-house.ifc"
HEADER = "name,family_ids,route_kind,distance_km,within_km,least_t,most_t,least_pieces"


@cache
def house() -> Passport:
    return read_ifc(HOUSE)


def _file(tmp_path: Path, *rows: str) -> Path:
    path = tmp_path / "outlets.csv"
    path.write_text("\n".join((HEADER, *rows)), encoding="utf-8")
    return path


def test_an_outlet_that_takes_the_lot_opens_the_market_and_nothing_else(tmp_path: Path) -> None:
    outlets = _file(tmp_path, "Crusher,clay-block|concrete,closed-loop recycling,25,40,10,,")
    before, after = study_dismantling(house()), study_dismantling(house(), outlets=outlets)
    changed = 0
    for old, new in zip(before.routes, after.routes, strict=True):
        assert old.mass_kg == new.mass_kg and rank_of(new.low) <= rank_of(old.low)
        for was, now in zip(old.options, new.options, strict=True):
            for gate, again in zip(was.gates, now.gates, strict=True):
                if gate != again:
                    changed += 1
                    assert again.name == "market" and again.verdict == "pass"
                    assert again.reason == "Crusher takes it (25 km)"
                    assert new.proposal.family in ("clay-block", "concrete")
                    assert now.kind == "closed-loop recycling"
    assert changed > 0


def rank_of(kind: str) -> int:
    return 99 if kind == "unknown" else rank(kind)


def test_a_lot_that_is_too_small_waits_for_it_in_words(tmp_path: Path) -> None:
    lot = lots_of(house())["clay-brick"]
    outlets = _file(tmp_path, f"Yard,clay-brick,reuse elsewhere,25,,{lot.mass_t + 1},,")
    found = study_dismantling(house(), outlets=outlets)
    gates = [
        g for r in found.routes if r.proposal.family == "clay-brick" for o in r.options
        if o.kind == "reuse elsewhere" for g in o.gates if g.name == "market"
    ]  # fmt: skip
    assert gates and all(g.verdict == "unknown" and "the lot is" in g.reason and g.action for g in gates)


_LIMIT = st.none() | st.floats(0, 1000)


@given(_LIMIT, _LIMIT, _LIMIT, _LIMIT, _LIMIT, st.floats(0, 1000), st.integers(0, 500))
def test_an_outlet_takes_a_lot_only_within_every_limit(
    distance: float | None, within: float | None, least: float | None, most: float | None,
    pieces: float | None, mass: float, count: int,
) -> None:  # fmt: skip
    outlet = Outlet("Yard", frozenset({"zinc"}), "reuse elsewhere", distance, within, least, most, pieces)
    answer = ask_outlets([outlet], Lot(mass, count))
    assert answer is not None
    fits = (
        (within is None or (distance is not None and distance <= within))
        and (least is None or mass >= least)
        and (most is None or mass <= most)
        and (pieces is None or count >= pieces)
    )
    assert (answer.verdict == "pass") == fits
    assert fits or answer.reason.startswith("Yard ")


def test_the_nearest_outlet_that_fits_is_named_and_without_any_nothing_is_said() -> None:
    far, near = (Outlet(n, frozenset({"zinc"}), "take-back", d) for n, d in (("Far", 90.0), ("Near", 9.0)))
    full = Outlet("Full", frozenset({"zinc"}), "take-back", 1.0, most_t=0.1)
    answer = ask_outlets([far, full, near], Lot(2, 3))
    assert answer is not None and answer.reason == "Near takes it (9 km)"
    assert ask_outlets([], Lot(2, 3)) is None


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("Yard,brick,reuse elsewhere,1,,,,", "line 2, family_ids: 'brick' is no family"),
        ("Yard,clay-brick,sell,1,,,,", "line 2, route_kind: 'sell' is no route"),
        ("Yard,clay-brick,reuse elsewhere,near,,,,", "line 2, distance_km: 'near' is no number"),
        ("Yard,clay-brick,reuse elsewhere,1,,-5,,", "line 2, least_t: '-5' must be 0 or more"),
        (",clay-brick,reuse elsewhere,1,,,,", "line 2, name: is empty"),
    ],
)
def test_a_faulty_row_names_line_and_field(tmp_path: Path, row: str, message: str) -> None:
    path = _file(tmp_path, row)
    with pytest.raises(PassportError, match=message):
        load_outlets(path)
    done = CliRunner().invoke(app, ["routes", str(HOUSE), "--outlets", str(path)])
    assert done.exit_code == 2 and "Traceback" not in done.output
