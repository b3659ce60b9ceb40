"""Names of quantities: languages, units, misspellings, and a user's own table."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ifc_builders import TinyModel
from passport import read_ifc
from passport.errors import PassportError, QuantityNamesError
from passport.findings import FindingLog
from passport.ifc.properties import SetReader
from passport.ifc.quantity_names import QuantityNames, load_quantity_names, normalised, quantity_names
from passport.ifc.schema import Schema
from passport.ifc.units import Units


@pytest.mark.parametrize(
    ("name", "kind", "role"),
    [
        ("NetVolume", "volume", "net"),
        ("BRUTTOVOLUMEN", "volume", "gross"),
        ("Volume (Líquido)", "volume", "net"),
        ("objetosc netto", "volume", "net"),
        ("Čistý objem", "volume", "net"),
        ("Объём нетто", "volume", "net"),
        ("净体积", "volume", "net"),
        ("Kubatur", "volume", "plain"),
        ("Volumes", "volume", "plain"),
        ("Surface nette du mur", "area", "net-side"),
        ("Länge", "length", "plain"),
        ("Lange", "length", "plain"),
        ("Poids net", "weight", "net"),
        ("CrossSectionArea", "area", "section"),
    ],
)
def test_a_name_is_known_in_the_languages_of_the_trade(name: str, kind: str, role: str) -> None:
    meaning = quantity_names().find(name)
    assert meaning is not None and (meaning.kind, meaning.role) == (kind, role)


@pytest.mark.parametrize(
    "name",
    [
        "Volume of openings",
        "Öffnungsvolumen",
        "Volume sparingen",
        "Volume de la pièce",
        "Rebar Volume",
        "Excavation Volume",
        "OuterSurfaceArea",
        "Area per tons",
        "Moment of inertia",
        "Schalfläche",
        "Perimeter",
        "Weight per meter",
        "AssemblyWeight",
    ],
)
def test_what_is_not_the_body_is_known_as_such(name: str) -> None:
    meaning = quantity_names().find(name)
    assert meaning is not None and meaning.role == "none"


@pytest.mark.parametrize(
    ("name", "kind", "factor"),
    [
        ("Volume [m3]", "volume", 1.0),
        ("Volume (mm³)", "volume", 1e-9),
        ("Net Volume (cu ft)", "volume", 0.028316846592),
        ("Area (m²)", "area", 1.0),
        ("Länge_mm", "length", 1e-3),
        ("Weight in t", "weight", 1000.0),
        ("Height [cm]", "height", 0.01),
    ],
)
def test_a_unit_in_the_name_is_taken_off_and_understood(name: str, kind: str, factor: float) -> None:
    meaning = quantity_names().find(name)
    assert meaning is not None and meaning.kind == kind
    assert meaning.factor == pytest.approx(factor)


@pytest.mark.parametrize("name", ["Weight [kg/m]", "Volume [m2]", "Area per m", "Volume2", "Head of m3"])
def test_a_unit_of_another_kind_does_not_make_a_name_known(name: str) -> None:
    assert quantity_names().find(name) is None


@pytest.mark.parametrize(
    ("name", "kind", "read_as"),
    [
        ("Net Voulme", "volume", "NetVolume"),
        ("GrossVolumee", "volume", "GrossVolume"),
        ("Lneght", "length", None),  # two swaps
        ("Lnegth", "length", "Length"),
        ("Volumx", "volume", None),  # one of six letters wrong may be another word
        ("NetWeihgt [kg]", "weight", "NetWeight"),
        ("NetVoulme", "area", None),  # a quantity of another kind
        ("SetVolume", "volume", None),  # another first letter
    ],
)
def test_a_misspelt_name_is_read_only_where_it_is_near_enough(
    name: str, kind: str, read_as: str | None
) -> None:
    table = {"NetVolume": ("volume", "net"), "GrossVolume": ("volume", "gross")}
    table |= {"Length": ("length", "plain"), "Volume": ("volume", "plain"), "NetWeight": ("weight", "net")}
    meaning = QuantityNames(table).guess(name, kind)
    assert (meaning.note if meaning else None) == (f"read as {read_as}" if read_as else None)


@given(st.text(max_size=30), st.sampled_from(["volume", "area", "length", "weight", "count"]))
def test_any_text_can_be_asked_for(name: str, kind: str) -> None:
    names = quantity_names()
    for meaning in (names.find(name), names.guess(name, kind)):
        assert meaning is None or meaning.kind


def test_names_that_fold_to_the_same_letters_mean_the_same() -> None:
    names = quantity_names()
    for key, meaning in names._exact.items():
        folded = names.find(key)
        assert folded is not None and folded[:2] == meaning[:2]


def test_a_misspelt_quantity_is_used_and_says_how_it_was_read(tmp_path: Path) -> None:
    model = TinyModel()
    model.quantities(model.element("IfcWall"), Volume_Netto_Voulmen=2.0)
    wall = read_ifc(model.save(tmp_path)).elements[0]
    assert wall.volume_m3 == 2.0
    assert "read as" in wall.quantities[0].reason
    assert wall.quantities[0].grade == "C"


def test_a_unit_in_the_name_gives_the_unit_of_a_number_without_one(tmp_path: Path) -> None:
    model = TinyModel("IFC4", "mm", volume_unit="mm")
    wall = model.element("IfcWall")
    definition = model.properties(wall, "Dimensions", Area=("IfcReal", 8.0))
    definition.HasProperties[0].Name = "Area [m²]"
    assert read_ifc(model.save(tmp_path)).elements[0].area_m2 == pytest.approx(8.0)


def test_a_typed_value_keeps_the_declared_unit_and_says_that_its_name_disagrees(tmp_path: Path) -> None:
    model = TinyModel()
    definition = model.properties(model.element("IfcWall"), "Dimensions", V=("IfcVolumeMeasure", 2.0))
    definition.HasProperties[0].Name = "Volume [mm3]"
    quantity = read_ifc(model.save(tmp_path)).elements[0].quantities[0]
    assert quantity.value == 2.0
    assert "another unit" in quantity.reason


# -- a user's own names -----------------------------------------------------------------------------------


def test_a_users_names_win_over_the_table_and_the_rest_stays(tmp_path: Path) -> None:
    file = tmp_path / "names.csv"
    file.write_text(
        "Name;Kind;Role;remark\nRechenwert Beton;volume;net;ours\nVolume;volume;none;\n", "utf-8-sig"
    )
    names = load_quantity_names(file)
    found = names.find("rechenwert_beton")
    assert found is not None and found.role == "net"
    own = names.find("Volume")
    assert own is not None and own.role == "none"
    assert len(names) == len(quantity_names()) + 1


def test_a_set_reader_takes_the_table_as_argument(tmp_path: Path) -> None:
    file = tmp_path / "names.csv"
    file.write_text("name,kind,role\nRechenwert,volume,net\n")
    model = TinyModel()
    definition = model.quantities(model.element("IfcWall"), Volume_Rechenwert=2.0)
    units = Units(model.file, FindingLog())
    shipped = SetReader(Schema("IFC4"), units, set()).read(definition)
    assert [c.role for c in shipped.unknown] == ["unknown"]
    own = SetReader(Schema("IFC4"), units, set(), load_quantity_names(file)).read(definition)
    assert [c.role for c in own.candidates] == ["net"]


def test_all_faults_of_a_table_are_named_with_their_line(tmp_path: Path) -> None:
    file = tmp_path / "names.csv"
    file.write_text(
        "name,kind,role\nA,volumes,net\n,volume,net\nB,volume,nett\nC,area,net\nc,area,gross\nD,area\n"
    )
    with pytest.raises(QuantityNamesError) as caught:
        load_quantity_names(file)
    error = caught.value
    assert isinstance(error, PassportError) and isinstance(error, ValueError)
    assert [fault.split(":")[0] for fault in error.faults] == [f"line {n}" for n in (2, 3, 4, 6, 7)]
    assert "volumes" in error.faults[0] and "line 5" in error.faults[3]
    assert str(file) in str(error)


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "name,kind\nA,volume\n"])
def test_a_table_without_its_columns_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "names.csv"
    file.write_text(text)
    with pytest.raises(QuantityNamesError, match="column role is missing"):
        load_quantity_names(file)


def test_a_table_that_is_not_there_is_refused_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(QuantityNamesError, match="cannot be read"):
        load_quantity_names(tmp_path / "none.csv")


def test_normalising_twice_changes_nothing() -> None:
    assert normalised(normalised("Netto-Volumen (m³)")) == normalised("Netto-Volumen (m³)")
