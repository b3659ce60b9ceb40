"""Material names of real models in four languages, hard cases, and what must stay unknown."""

from __future__ import annotations

import pytest

from passport.matching import Matcher, MaterialQuery
from reference import load_materials
from reference.match_terms import load_match_codes, load_match_terms

MATCHER = Matcher()

HARD = [
    # compounds: the longest word wins, the last part is the head
    ("glaswol 10", "mineral-wool"),
    ("steenwolisolatie", "mineral-wool"),
    ("betonblok 19", "concrete-block"),
    ("betondakpan", "concrete-roof-tile"),
    ("cellenbetonwand", "aerated-concrete"),
    ("Kalksandsteinmauerwerk 17,5", "sand-lime-brick"),
    ("Holzfaserdämmplatte 60", "wood-fibre-insulation"),
    ("gevelmetselwerk rood", "clay-brick"),
    ("Schaumglas", "cellular-glass"),
    ("houtwolcementplaat", "wood-fibre-insulation"),
    ("vezelcementlei", "fibre-cement"),
    ("Kunststofffensterrahmen", "pvc"),
    # order of words in French and English
    ("plaque de plâtre", "gypsum-board"),
    ("béton cellulaire", "aerated-concrete"),
    ("laine de verre", "mineral-wool"),
    ("laine de bois", "wood-fibre-insulation"),
    ("brique silico-calcaire", "sand-lime-brick"),
    ("verre cellulaire", "cellular-glass"),
    ("wood wool board", "wood-fibre-insulation"),
    ("cement bonded particle board", "fibre-cement"),
    # where the thing is or what it is for does not matter
    ("crepi wit op EPS", "lime-cement-render"),
    ("PE-folie onder plaat", "polyolefin-foil"),
    ("enduit minéral sur PSE", "lime-cement-render"),
    ("voegmortel voor gevelsteen", "mortar"),
    # only the look
    ("vinyl houtlook", "resilient-flooring"),
    ("carrelage imitation parquet", "ceramic-tile"),
    ("Betonlook tegel 60x60", "ceramic-tile"),
    # codes against one another
    ("C24", "timber-softwood"),
    ("Béton C30", "concrete"),
    ("C30/37", "concrete"),
    ("C4/550 cellenbeton", "aerated-concrete"),
    ("GL24h", "timber-glulam"),
    ("S355J2H", "steel-structural"),
    ("B500B", "steel-reinforcement"),
    ("EN AW-6060 T66", "aluminium"),
    ("BA13", "gypsum-board"),
    ("BA 20 cm", "concrete-reinforced"),
    ("GKF 2x12,5", "gypsum-board"),
    ("KS 20-2,0", "sand-lime-brick"),
    ("V60 S4", "bitumen-membrane"),
    ("4-16-4", "glass-insulating"),
    ("1.4301", "steel-stainless"),
    ("ligger HE200B", "steel-structural"),
    # not the opposite
    ("béton non armé", "concrete"),
    ("Ortbeton C20/25 unbewehrt", "concrete"),
    ("ongewapend beton", "concrete"),
    # doors and windows: the component unless one material is said
    ("Sash", "component-door-window"),
    ("Aluminium frame", "aluminium"),
    ("houten kozijn", "timber-softwood"),
    ("Holz-Alu-Fenster", "component-door-window"),
    ("châssis bois-alu triple vitrage", "component-door-window"),
    # prefixes of offices and programs
    ("XX_BET_C30/37", "concrete"),
    ("22.1 voile BA banché", "concrete-reinforced"),
    ("Insulation / Thermal Barriers - Rigid insulation", "pur-pir"),
    ("Masonry - Concrete Block", "concrete-block"),
    ("Leichtbeton 102890359", "concrete-lightweight"),
    ("GipskartonPlatte", "gypsum-board"),
    ("C_ISO_MW_140_035", "mineral-wool"),
    ("MW_snelbouw 14", "clay-block"),
    # sharp s and umlauts typed without them
    ("Aussenputz", "lime-cement-render"),
    ("Außenputz", "lime-cement-render"),
    ("Daempfbremse", "polyolefin-foil"),
    ("Waermedaemmverbundsystem Oberputz", "lime-cement-render"),
    # other languages
    ("lana di roccia", "mineral-wool"),
    ("ladrillo hueco", "clay-block"),
    ("betão armado", "concrete-reinforced"),
    ("минеральная вата", "mineral-wool"),
    ("teräsbetoni", "concrete-reinforced"),
]

AIR = ["Luchtspouw", "Spouw", "Lame d'air", "Luftschicht", "Air gap 40mm", "vide ventilé", "Air Space"]

SILENT = [
    *("", " ", "Default Wall", "Default Floor", "<Unnamed>", "RAL 9010", "Surface", "Solid fill", "Weiß"),
    *(
        "grijs",
        "Material 01",
        "Generic",
        "<By Category>",
        "none",
        "Onbekend",
        "divers",
        "Allgemein",
        "Pen 12",
    ),
    *("Mur par défaut", "Schraffur 45", "lege arcering", "0", "1234", "?", "W1", "xxx", "Rouge", "n.t.b."),
    *("Isolatie 12cm", "Dämmung", "isolant", "Insulation", "bestaande muur", "Wandaufbau 3", "Farbe 12"),
    *("composite_element_roof", "gevelbekleding", "100%", "virtual_white"),
    "Radial Gradient Fill 1515460218",
]


@pytest.mark.parametrize(("name", "family"), HARD)
def test_hard_names(name: str, family: str) -> None:
    match = MATCHER.match(name)
    assert match.family == family, match


@pytest.mark.parametrize("name", AIR)
def test_air_is_air(name: str) -> None:
    assert MATCHER.match(name).material_id == "air"


@pytest.mark.parametrize("name", SILENT)
def test_names_that_say_nothing_stay_unknown(name: str) -> None:
    match = MATCHER.match(name)
    assert (match.family, match.material_id, match.score, match.step) == ("unknown", None, None, "none")
    assert match.reason


@pytest.mark.parametrize(
    ("name", "material_id"),
    [
        ("Dalle C30/37", "concrete-c30-37"),
        ("zuiverheidslaag 5 cm", "concrete-lean"),
        ("Glaswolle 140", "mineral-wool-glass"),
        ("rotswol 10", "mineral-wool-stone"),
        ("minerale wol 14", "mineral-wool"),
        ("OSB/3 18mm", "wood-board-osb"),
        ("Fermacell 12,5", "gypsum-fibreboard"),
        ("Betonnen", "concrete"),
        ("triple vitrage 44", "glass-insulating-triple"),
        ("Laine de roche 100", "mineral-wool-stone"),
    ],
)
def test_material_is_specific_when_the_name_is(name: str, material_id: str) -> None:
    assert MATCHER.match(name).material_id == material_id


def test_insulation_without_a_material_names_what_is_around_it() -> None:
    plain = MATCHER.match("Isolatie 12cm")
    typed = MATCHER.match(MaterialQuery("Isolatie 12cm", type_name="Dak met PIR-isolatie"))
    assert plain.family == "unknown"
    assert (typed.family, typed.step) == ("pur-pir", "evidence")
    assert "type name" in typed.reason


def test_category_speaks_when_the_name_does_not() -> None:
    match = MATCHER.match(MaterialQuery("Default", category="concrete"))
    assert (match.family, match.step, match.score) == ("concrete", "evidence", 0.6)
    assert MATCHER.match(MaterialQuery("Baksteen", category="concrete")).family == "clay-brick"


def test_thickness_and_class_break_ties() -> None:
    assert MATCHER.match(MaterialQuery("Staal", ifc_class="IfcBeam")).family == "steel-structural"
    thin = MATCHER.match(MaterialQuery("Staal", thickness_m=0.001))
    assert (thin.family, thin.step) == ("steel-sheet", "rule")
    assert MATCHER.match(MaterialQuery("Tiles", ifc_class="IfcRoof")).family == "clay-roof-tile"
    assert MATCHER.match(MaterialQuery("Tiles", ifc_class="IfcSlab")).family == "ceramic-tile"


def test_typing_errors_are_read_with_care() -> None:
    match = MATCHER.match("Trapezbelch 35")
    assert (match.family, match.step) == ("steel-sheet", "fuzzy")
    plain = MATCHER.match("Trapezblech 35")
    assert match.score is not None and plain.score is not None and match.score < plain.score
    assert MATCHER.match("Gibskarton 12,5").family == "gypsum-board"
    assert MATCHER.match("Compositie").family == "unknown"


def test_reason_is_a_sentence_with_the_word_that_decided() -> None:
    assert MATCHER.match("22_snelbouw 14").reason == "name holds 'snelbouw' (nl: perforated clay block)"


def test_alternatives_are_of_other_families_and_less_likely() -> None:
    match = MATCHER.match("Metselwerk kalkzandsteen")
    assert match.family == "sand-lime-brick" and match.score is not None
    assert match.alternatives
    assert all(each.family != match.family and each.score < match.score for each in match.alternatives)
    assert all(each.material_id in MATCHER.library for each in match.alternatives)


def test_exact_names_of_the_library_give_that_material() -> None:
    library = load_materials()
    wrong = []
    for material_id in library:
        for name in library[material_id].names.values():
            match = MATCHER.match(name)
            if match.family != library[material_id].family:
                wrong.append((name, match.family, library[material_id].family))
    assert len(wrong) <= 0.01 * 4 * len(library), wrong


def test_terms_point_at_families_and_materials_of_the_library() -> None:
    library = load_materials()
    families = {*library.families, "unknown", ""}
    for term in (*load_match_terms(), *load_match_codes()):
        assert term.family in families, term
        if term.material_id:
            assert library[term.material_id].family == term.family, term


def test_vocabulary_is_large_and_codes_match_their_examples() -> None:
    assert len({term.term for term in load_match_terms()}) > 1_200
    for code in load_match_codes():
        hits = MATCHER._index.code_hits(code.example, ("word",))
        assert any(hit.term.family == code.family for hit in hits), code


def test_version_and_mapping_name() -> None:
    assert MATCHER.library_version.startswith("building-passport ")
    assert MATCHER.mapping_name is None


def test_match_many_keeps_the_order() -> None:
    names = ["staal", "hout", "staal"]
    assert [match.name for match in MATCHER.match_many(names)] == names
