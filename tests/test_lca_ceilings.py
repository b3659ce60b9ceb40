"""Policy limits: what each counts, and verdicts only where both sides count the same."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from typer.testing import CliRunner

import lca
from lca import against_limit
from passport.cli import app
from reference.limits import Limit, load_limits
from reference.vocabulary import Stage

HOUSE = Path(__file__).resolve().parents[1] / "examples" / "models" / "flemish-house.ifc"


def limit(**changes: object) -> Limit:
    fields: dict[str, object] = {
        "country": "XX", "scheme": "test", "use_type": "all", "quantity": "GWP", "value": 10.0,
        "unit": "kg CO2e/m2.yr", "kind": "limit", "area_definition": "m2 gross floor area",
        "study_period_years": 60.0, "modules": "A1-A3, B4", "valid_from": "", "valid_to": "",
        "citation": "", "confidence": "read", "scope_confidence": "read", "note": "",
    }  # fmt: skip
    return Limit(**{**fields, **changes})  # type: ignore[arg-type]


def concrete(mass_kg: float, material: str | None = "concrete-c30-37") -> lca.Totals:
    factors = lca.builtin_factors()
    inventory = lca.Inventory.from_columns(
        material=factors.index_of([material]), mass_kg=[mass_kg], service_life_years=[60.0]
    )
    return lca.totals(inventory, factors)


@pytest.mark.parametrize(
    ("words", "stages"),
    [
        ("A1-A5", ("A1-A3", "A4", "A5")),
        ("A4-A5", ("A4", "A5")),
        ("A1-A3, B4, C", ("A1-A3", "B4", "C1", "C2", "C3", "C4")),
        ("B6", ("B6",)),
        ("A1-A3, B4, B6, C3, C4 (A4-A5 limited separately)", ("A1-A3", "B4", "B6", "C3", "C4")),
        ("A1-A3, B4; D for information", ("A1-A3", "B4")),
        ("embodied + operational", None),
        ("A-C and D", None),
        ("A1-C4", None),
        ("A-5", None),
        ("A4-5", ("A4", "A5")),
        ("", None),
    ],
)
def test_modules_are_read_from_the_words_or_not_at_all(words: str, stages: tuple[str, ...] | None) -> None:
    found = limit(modules=words).stages
    assert found == (None if stages is None else tuple(Stage(each) for each in stages))


def test_a_result_that_is_above_a_limit_is_said_to_be() -> None:
    result = concrete(236_000.0)
    found = against_limit(result, limit(value=0.3), 1000.0)
    expected = sum(result.total("gwp-total", each).value for each in ("A1-A3", "B4")) / 1000 / 60
    assert found.reasons == () and found.value == pytest.approx(expected)
    assert found.ratio == pytest.approx(expected / 0.3) and found.meets is False


def test_a_result_with_everything_known_can_meet_a_limit_and_one_with_gaps_cannot() -> None:
    assert against_limit(concrete(236.0), limit(), 100.0).meets is True
    factors = lca.builtin_factors()
    inventory = lca.Inventory.from_columns(
        material=factors.index_of(["concrete-c30-37", None]),
        mass_kg=[236.0, 20.0],
        service_life_years=[60, 60],
    )
    gaps = against_limit(lca.totals(inventory, factors), limit(), 100.0)
    assert gaps.at_least and gaps.meets is None
    assert against_limit(lca.totals(inventory, factors), limit(value=1e-6), 100.0).meets is False


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"study_period_years": 50.0}, "50 years, that of this result 60"),
        ({"study_period_years": None}, "study period is not known"),
        ({"modules": "A1-A3, B6"}, "counts B6"),
        ({"modules": "A1-A3, D"}, "counts D"),
        ({"modules": "everything"}, "in words only: everything"),
        ({"area_definition": "m2 GIA"}, "area is m2 GIA"),
        ({"unit": "EUR environmental cost/m2 GFA(BVO).yr"}, "EUR environmental cost"),
    ],
)
def test_a_limit_that_counts_something_else_gets_no_verdict(changes: dict[str, object], reason: str) -> None:
    found = against_limit(concrete(236.0), limit(**changes), 100.0)
    assert found.meets is None and found.value is None
    assert any(reason in each for each in found.reasons)


def test_an_unknown_area_or_mass_gets_no_verdict() -> None:
    assert "not known" in against_limit(concrete(236.0), limit(), None).reasons[0]
    assert any("of the mass" in each for each in against_limit(concrete(236.0, None), limit(), 9.0).reasons)


def test_upfront_limits_need_no_study_period() -> None:
    upfront = limit(modules="A1-A5", unit="kg CO2e/m2", study_period_years=None)
    assert against_limit(concrete(236.0), upfront, 100.0).reasons == ()


def test_every_shipped_limit_says_where_it_was_read_and_how_sure_it_is() -> None:
    limits = load_limits()
    assert {"BE", "DK", "FR", "NL", "DE", "UK", "CH"} <= {each.country for each in limits}
    for each in limits:
        assert each.citation and each.value > 0
        assert {each.confidence, each.scope_confidence} <= {"read", "secondary", "verify"}
    assert load_limits("dk") == load_limits("DK") != ()
    assert dataclasses.is_dataclass(limits[0])


def test_the_command_shows_limits_and_why_there_is_no_verdict() -> None:
    run = CliRunner().invoke
    shown = run(app, ["references", "limits", str(HOUSE), "--country", "dk", "--scenario", "DK"])
    assert shown.exit_code == 0 and "no verdict: It counts B6" in shown.output
    refused = run(app, ["references", "limits", "--country", "ZZ"])
    assert refused.exit_code == 2 and "there are some of" in refused.output
