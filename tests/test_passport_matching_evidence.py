"""What stands around a name: classification, layer, looks, thickness; how it is weighed against the name."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from passport.matching import Matcher, MaterialQuery
from passport.matching.classification import code_rows
from passport.matching.corroborate import is_kin
from passport.matching.evidence import evidence_words, layer_is_doubtful
from reference import load_materials
from reference.errors import ReferenceDataError
from reference.match_terms import _rows, load_match_classification, load_match_thickness

MATCHER = Matcher()


@pytest.mark.parametrize(
    ("system", "code", "family", "scope"),
    [
        ("NL/SfB (4 cijfers)", "31.20", "component-door-window", "element"),
        ("BB/SfB", "(21) Fg2", "clay-brick", "material"),
        ("CI/SfB", "(47.1)Rh7", "zinc", "material"),
        ("DIN 276-1:2018-12", "334", "component-door-window", "element"),
        ("MasterFormat", "04 22 00", "concrete-block", "material"),
        ("OmniClass Table 22", "22-09 29 00", "gypsum-board", "material"),
        ("OmniClass", "41-30 20 11 14", "steel-stainless", "material"),
        ("Uniformat", "C1020300", "component-door-window", "element"),
        ("Uniclass 2015", "Ss_25_30_95", "component-door-window", "element"),
        ("", "Ss_25_30_95", "component-door-window", "element"),
        ("", "23-17 13 11", "component-door-window", "element"),
    ],
)
def test_codes_are_read_in_any_spelling_of_the_system(
    system: str, code: str, family: str, scope: str
) -> None:
    (row,) = code_rows([(system, code)])
    assert (row.family, row.scope) == (family, scope)
    assert row.source and row.note


@pytest.mark.parametrize(
    "pair", [("Raumbuch", "12.3"), ("NL-SfB", "21.22"), ("", ""), ("Uniclass", "EF_25_10")]
)
def test_codes_that_tell_no_material_are_skipped(pair: tuple[str, str]) -> None:
    assert code_rows([pair]) == ()


def test_every_code_points_at_a_family_and_material_of_the_library() -> None:
    library = load_materials()
    rows = load_match_classification()
    assert len(rows) == len({(row.system, row.code) for row in rows})
    for row in rows:
        assert row.family in library.families, row
        assert not row.material_id or library[row.material_id].family == row.family, row
        assert row.source and row.note
    assert set(load_match_thickness()) <= set(library.families)


def test_a_material_code_decides_where_the_name_does_not_tell() -> None:
    match = MATCHER.match(MaterialQuery("Structure", classification=(("MasterFormat", "04 21 13"),)))
    assert (match.family, match.step) == ("clay-brick", "evidence")
    assert "clay unit masonry" in match.reason
    named = MATCHER.match("Clay brick")
    assert match.score is not None and named.score is not None and match.score < named.score


def test_an_element_code_never_decides() -> None:
    match = MATCHER.match(MaterialQuery("Structure", classification=(("NL-SfB", "31.20"),)))
    assert (match.family, match.score) == ("unknown", None)


@pytest.mark.parametrize(
    "name", ["Default Wall", "Solid fill", "Lege arcering (2)", "Schraffur 45", "Farbe 12"]
)
def test_defaults_and_hatches_stay_unknown_whatever_code_or_look_they_have(name: str) -> None:
    query = MaterialQuery(
        name,
        classification=(("MasterFormat", "04 21 13"),),
        appearance=("Baksteen rood",),
        type_name="Muur baksteen",
        layer_count=1,
    )
    match = MATCHER.match(query)
    assert match.family == "unknown", match


def test_a_material_without_a_name_is_known_by_its_code() -> None:
    assert (
        MATCHER.match(MaterialQuery("<Unnamed>", classification=(("", "04 21 13"),))).family == "clay-brick"
    )


def test_the_name_stands_above_a_contradicting_code_but_its_score_falls() -> None:
    alone = MATCHER.match("Baksteen")
    against = MATCHER.match(MaterialQuery("Baksteen", classification=(("MasterFormat", "09 29 00"),)))
    along = MATCHER.match(MaterialQuery("Baksteen", classification=(("MasterFormat", "04 21 00"),)))
    assert alone.family == against.family == along.family == "clay-brick"
    assert against.score is not None and alone.score is not None and against.score < alone.score
    assert along.score == alone.score
    assert "classification says gypsum board" in against.reason


def test_codes_of_kindred_families_are_no_contradiction() -> None:
    alone = MATCHER.match("Gewapend beton")
    coded = MATCHER.match(MaterialQuery("Gewapend beton", classification=(("MasterFormat", "03 30 00"),)))
    assert (coded.family, coded.score) == (alone.family, alone.score)
    assert is_kin("steel-sheet", "metal-other") and not is_kin("zinc", "eps")


def test_a_code_breaks_a_tie() -> None:
    def family(name: str, code: str) -> str:
        return MATCHER.match(MaterialQuery(name, classification=(("MasterFormat", code),))).family

    assert family("Staal/hout", "05 12 00") == "steel-structural"
    assert family("Staal/hout", "06 11 00") == "timber-softwood"
    assert family("Baksteen/natuursteen", "04 21 00") == "clay-brick"
    assert family("Baksteen/natuursteen", "04 43 00") == "natural-stone"


def test_names_of_styles_speak_last_but_one() -> None:
    styled = MATCHER.match(MaterialQuery("Material 3", appearance=("Beige", "Zichtbeton")))
    assert (styled.family, styled.step) == ("concrete", "evidence")
    assert "appearance 'Zichtbeton'" in styled.reason
    assert MATCHER.match(MaterialQuery("Material 3", appearance=("RAL 7016", "Hellgrau"))).family == "unknown"
    assert MATCHER.match(MaterialQuery("Eiche", appearance=("Zichtbeton",))).family == "timber-hardwood"


def test_the_type_name_speaks_for_the_only_layer_of_its_element() -> None:
    query = MaterialQuery("Structure", type_name="Mur béton armé 20", layer_count=1)
    assert MATCHER.match(query).family == "concrete-reinforced"
    several = MaterialQuery("Structure", type_name="Mur béton armé 20", layer_count=4)
    assert MATCHER.match(several).family == "unknown"
    assert MATCHER.match(MaterialQuery("Structure", type_name="Mur béton armé 20")).family == "unknown"


def test_the_place_of_a_layer_tells_plaster_from_render() -> None:
    def plaster(position: int, outside: bool) -> str:
        query = MaterialQuery("Enduit", layer_position=position, layer_count=4, is_external=outside)
        return MATCHER.match(query).family

    assert plaster(0, True) == "lime-cement-render"
    assert plaster(3, True) == "gypsum-plaster"
    assert plaster(0, False) == "gypsum-plaster"
    assert evidence_words(MaterialQuery("x", layer_position=0, layer_count=1)) == set()


def test_a_layer_much_thicker_than_its_family_lowers_the_score() -> None:
    thin = MATCHER.match(MaterialQuery("Tegels", thickness_m=0.01))
    thick = MATCHER.match(MaterialQuery("Tegels", thickness_m=0.15))
    assert thin.family == thick.family == "ceramic-tile"
    assert thin.score is not None and thick.score is not None and thick.score < thin.score
    assert "thicker" in thick.reason
    assert not layer_is_doubtful(None, "paint") and not layer_is_doubtful(-1.0, "paint")


def test_old_callers_need_none_of_the_new_fields() -> None:
    assert MATCHER.match(MaterialQuery("Baksteen", "IfcWall", "IfcWall", 0.1, None, "", "nl", "")).score


def test_a_damaged_table_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    table = tmp_path / "data" / "match_classification.csv"
    table.parent.mkdir()
    table.write_text("system,code\nsfb,1\n", encoding="utf-8")
    monkeypatch.setattr("reference.match_terms.resources.files", lambda _: tmp_path)
    with pytest.raises(ReferenceDataError, match="columns must be"):
        list(_rows("match_classification.csv", ("system", "code", "scope")))
    assert list(csv.reader(table.read_text(encoding="utf-8").splitlines()))
