"""The status of an element from whatever the exporter wrote, and the shares of reuse."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passport.ifc.reuse import ReuseShares, is_reuse_property, resolve_reuse, reuse_of
from passport.ifc.status import StatusFact, is_status_property, resolve_status, status_of
from passport.models import Element, Status


def _facts(*said: tuple[str, str, object]) -> list[StatusFact]:
    """(set, property, value) of each."""
    return [f for s, p, v in said if (f := status_of(p, v, s)) is not None]


def _status(*said: tuple[str, str, object]) -> tuple[Status, list[str]]:
    status, findings = resolve_status(_facts(*said))
    return status, [f.code for f in findings]


@pytest.mark.parametrize(
    ("value", "status"),
    [
        ("NEW", Status.NEW),
        ("EXISTING", Status.EXISTING),
        ("DEMOLISH", Status.DEMOLISH),
        ("TEMPORARY", Status.TEMPORARY),
    ],
)
def test_the_standard_values_are_read(value: str, status: Status) -> None:
    assert _status(("Pset_WallCommon", "Status", value)) == (status, [])


@pytest.mark.parametrize("value", ["UNSET", "NOTKNOWN", "OTHER", "", "  ", None])
def test_a_standard_value_that_says_nothing_is_no_statement(value: str | None) -> None:
    assert status_of("Status", value, "Pset_WallCommon") is None


@pytest.mark.parametrize(
    ("name", "value", "status"),
    [
        ("Renovation Status", "Existing", Status.EXISTING),
        ("Umbau-Status", "Bestand", Status.EXISTING),
        ("Umbaustatus", "Neu", Status.NEW),
        ("Umbaustatus", "Abbruch", Status.DEMOLISH),
        ("Statut de rénovation", "À démolir", Status.DEMOLISH),
        ("Statut de renovation", "a demolir", Status.DEMOLISH),
        ("Statut de rénovation", "Existant", Status.EXISTING),
        ("Renovatiestatus", "Te slopen", Status.DEMOLISH),
        ("RENOVATIE_STATUS", "Nieuw", Status.NEW),
        ("Estado de reforma", "A mantener", Status.EXISTING),
        ("Stato di ristrutturazione", "Da demolire", Status.DEMOLISH),
        ("Status", "existing to remain", Status.EXISTING),
        ("Phasing", "Rückbau", Status.DEMOLISH),
    ],
)
def test_renovation_status_is_read_in_several_languages(name: str, value: str, status: Status) -> None:
    assert _status(("Vendor", name, value)) == (status, [])


@pytest.mark.parametrize(
    "value", ["hergebruik", "Réemploi", "Wiederverwendung", "reused", "RECLAIMED", "salvaged"]
)
def test_reused_is_a_status_of_its_own(value: str) -> None:
    assert _status(("Vendor", "Status", value)) == (Status.REUSED, [])


@pytest.mark.parametrize(
    ("value", "status"),
    [
        ("03 - Te slopen", Status.DEMOLISH),
        ("Bestaand - te slopen", Status.DEMOLISH),
        ("B_Bestand", Status.EXISTING),
        ("Phase 2 New Construction", Status.NEW),
    ],
)
def test_a_status_inside_a_short_text_is_found(value: str, status: Status) -> None:
    assert _status(("Vendor", "Status", value)) == (status, [])


@pytest.mark.parametrize(
    "value",
    [
        "niet te slopen",
        "not demolished",
        "Existing / New",
        "approved",
        "see the existing drawings of the architect before any new work",
    ],
)
def test_a_text_that_says_no_status_clearly_is_a_finding_and_no_status(value: str) -> None:
    assert _status(("Vendor", "Status", value)) == (Status.UNKNOWN, ["status-not-understood"])


def test_properties_of_other_names_say_nothing() -> None:
    assert status_of("Project Status", "Existing") is None
    assert status_of("Comment", "te slopen") is None
    assert is_status_property("phase_created") and not is_status_property("FireRating")


@pytest.mark.parametrize(
    "value", ["None", "Keine", "Aucun", "Geen", "Ninguno", "Nessuna", "<none>", "", -1, 0]
)
def test_a_phase_of_demolition_named_none_is_no_demolition(value: object) -> None:
    assert _status(("Phasing", "Phase Created", "Existing"), ("Phasing", "Phase Demolished", value)) == (
        Status.EXISTING,
        [],
    )


@pytest.mark.parametrize("value", ["New Construction", "Fase 2", "Abbruch", 86961])
def test_a_phase_of_demolition_means_demolish_without_contradiction(value: object) -> None:
    assert _status(("Phasing", "Phase Created", "Existing"), ("Phasing", "Phase Demolished", value)) == (
        Status.DEMOLISH,
        [],
    )


def test_built_and_demolished_in_the_same_phase_is_temporary() -> None:
    said = [("Phasing", f"Phase {p}", "New Construction") for p in ("Created", "Demolished")]
    assert _status(*said) == (Status.TEMPORARY, [])


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("New Construction", Status.NEW),
        ("Project Completion", Status.NEW),
        ("Nieuwbouw", Status.NEW),
        ("Nouvelle construction", Status.NEW),
        ("Neue Konstruktion", Status.NEW),
        ("Existing", Status.EXISTING),
        ("Bestaande toestand", Status.EXISTING),
        ("Situation existante", Status.EXISTING),
        ("Stato di fatto", Status.EXISTING),
    ],
)
def test_usual_names_of_phases_are_known(name: str, status: Status) -> None:
    assert _status(("Phasing", "Phase Created", name)) == (status, [])


def test_what_is_built_in_the_phase_of_demolition_is_not_demolished() -> None:
    assert _status(("Phasing", "Phase Created", "Abbruch")) == (Status.UNKNOWN, ["status-not-understood"])
    assert _status(("Phasing", "Phase", "Abbruch")) == (Status.DEMOLISH, [])


def test_the_number_of_a_phase_says_nothing() -> None:
    assert status_of("Phase", 3) is None


def test_flags_count_only_when_they_are_set() -> None:
    assert _status(("Vendor", "Te slopen", True)) == (Status.DEMOLISH, [])
    assert _status(("Vendor", "IsExisting", "Ja")) == (Status.EXISTING, [])
    assert _status(("Vendor", "IsExisting", False)) == (Status.UNKNOWN, [])


def test_the_standard_property_beats_those_of_vendors_and_the_conflict_is_a_finding() -> None:
    said = (("Vendor", "Renovation Status", "Abbruch"), ("Pset_WallCommon", "Status", "NEW"))
    assert _status(*said) == (Status.NEW, ["status-contradicts"])


def test_a_status_in_a_set_of_a_vendor_is_not_the_standard_one() -> None:
    said = (("Vendor", "Status", "Neu"), ("Pset_WallCommon", "Status", "EXISTING"))
    assert _status(*said) == (Status.EXISTING, ["status-contradicts"])


@pytest.mark.parametrize("turned", [False, True])
def test_among_equals_demolish_beats_existing_beats_new(turned: bool) -> None:
    texts = ["Neu", "Bestand", "Abbruch"]
    said = [("Vendor", "Umbaustatus", t) for t in (reversed(texts) if turned else texts)]
    assert _status(*said) == (Status.DEMOLISH, ["status-contradicts"])
    assert _status(*(s for s in said if s[2] != "Abbruch"))[0] is Status.EXISTING


def test_new_beside_reused_means_reused_because_ifc_has_no_word_for_it() -> None:
    said = (("Pset_WallCommon", "Status", "NEW"), ("Vendor", "Renovatiestatus", "Hergebruik"))
    assert _status(*said) == (Status.REUSED, [])


def test_several_values_of_one_enumerated_property_follow_the_same_rule() -> None:
    fact = status_of("Status", ["EXISTING", "DEMOLISH"], "Pset_WallCommon")
    assert fact is not None and fact.status is Status.DEMOLISH


def test_the_element_comes_before_its_type() -> None:
    own, inherited = _facts(("Vendor", "Status", "Bestand")), _facts(("Pset_WallCommon", "Status", "NEW"))
    assert resolve_status(own, inherited) == (Status.EXISTING, [])
    assert resolve_status([], inherited)[0] is Status.NEW


def test_a_value_that_is_not_understood_leaves_the_word_to_the_type() -> None:
    own, inherited = _facts(("Vendor", "Status", "issued")), _facts(("Pset_WallCommon", "Status", "NEW"))
    status, findings = resolve_status(own, inherited)
    assert status is Status.NEW
    assert [f.code for f in findings] == ["status-not-understood"]


@given(st.text(max_size=40) | st.integers() | st.floats() | st.booleans() | st.none(), st.text(max_size=20))
def test_no_value_and_no_name_raises(value: object, name: str) -> None:
    for known in (name, "Status", "Phase Demolished", "IsExisting"):
        fact = status_of(known, value, name)
        assert fact is None or isinstance(fact.status, Status)


# -- reuse ---------------------------------------------------------------------------------------------


def _reuse(*said: tuple[str, str, object]) -> tuple[ReuseShares, list[str]]:
    shares, findings = resolve_reuse([f for s, p, v in said if (f := reuse_of(s, p, v)) is not None])
    return shares, [f.code for f in findings]


@pytest.mark.parametrize("name", ["CPset_Madaster", "Pset_Madaster"])
def test_both_spellings_of_the_madaster_set_are_read(name: str) -> None:
    said = ((name, "Reuse", 0.25), (name, "AvailableForReuse", 1.0))
    assert _reuse(*said) == (ReuseShares(0.25, 1.0), [])


def test_the_set_of_this_library_beats_madaster_and_the_conflict_is_a_finding() -> None:
    said = (("CPset_Madaster", "Reuse", 0.2), ("CPset_BuildingPassport", "ReuseIn", 0.5))
    assert _reuse(*said) == (ReuseShares(0.5, None), ["reuse-contradicts"])


def test_a_zero_share_is_stated_and_a_missing_one_is_not() -> None:
    assert _reuse(("CPset_BuildingPassport", "ReuseOut", 0))[0] == ReuseShares(None, 0.0)
    assert _reuse(("CPset_BuildingPassport", "ReuseOut", None))[0] == ReuseShares(None, None)


@pytest.mark.parametrize("value", [2, 40.0, 100])
def test_a_number_from_2_to_100_is_read_as_percent_with_a_finding(value: float) -> None:
    shares, codes = _reuse(("CPset_BuildingPassport", "ReuseIn", value))
    assert shares.in_share == pytest.approx(value / 100)
    assert codes == ["reuse-share-in-percent"]


def test_a_text_with_a_percent_sign_or_a_comma_is_plain() -> None:
    assert _reuse(("CPset_Madaster", "Reuse", "30 %")) == (ReuseShares(0.3, None), [])
    assert _reuse(("CPset_Madaster", "Reuse", "0,3")) == (ReuseShares(0.3, None), [])


@pytest.mark.parametrize("value", [1.5, -0.1, 101, "a lot", True, float("nan"), float("inf")])
def test_what_cannot_be_a_share_is_a_finding_and_no_share(value: object) -> None:
    assert _reuse(("CPset_Madaster", "Reuse", value)) == (ReuseShares(None, None), ["reuse-share-invalid"])


def test_reuse_in_a_set_of_another_name_says_nothing() -> None:
    assert reuse_of("Vendor", "Reuse", 0.5) is None
    assert is_reuse_property("cpset_madaster", "Reuse") and not is_reuse_property("Vendor", "Reuse")


def test_an_element_keeps_its_shares_of_reuse() -> None:
    element = Element(global_id="a", step_id=1, ifc_class="IfcDoor", reuse_in_share=0.5)
    assert (element.reuse_in_share, element.reuse_out_share) == (0.5, None)


@given(st.text(max_size=12) | st.floats() | st.integers())
def test_a_share_is_always_from_0_to_1(value: object) -> None:
    fact = reuse_of("CPset_Madaster", "Reuse", value)
    assert fact is None or fact.share is None or 0 <= fact.share <= 1
