"""Results broken down any way close with the total; a renovation has two sides."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

import passport
from ifc_builders import TinyModel
from lca.errors import AssessmentError
from passport import Passport, assess, breakdown, read_ifc, renovation, write_breakdown
from passport.breakdowns import KEYS
from passport.cli import app
from passport.element_groups import element_group
from passport.errors import PassportError
from passport.models import Classification, Element

HOUSE = Path(__file__).resolve().parents[1] / "examples" / "models" / "flemish-house.ifc"


@pytest.fixture(scope="module")
def house() -> passport.Assessment:
    return assess(read_ifc(HOUSE))


@pytest.mark.parametrize("keys", [(k,) for k in KEYS] + list(combinations(KEYS, 2)), ids=" x ".join)
def test_whatever_the_keys_the_rows_add_up_to_the_total(
    house: passport.Assessment, keys: tuple[str, ...]
) -> None:
    for indicator in ("GWP-total", "AP"):
        table = breakdown(house, keys, indicator=indicator)
        total = house.total(indicator)
        assert table["value"].sum() == pytest.approx(total.value, rel=1e-9)
        assert not table.duplicated([*keys]).any()
        if "module" not in keys:
            assert table["known_mass_kg"].sum() == pytest.approx(total.known_mass_kg, rel=1e-9)
            assert table["mass_kg"].sum() == pytest.approx(total.total_mass_kg, rel=1e-9)


def test_an_unknown_module_is_empty_and_not_zero(house: passport.Assessment) -> None:
    table = breakdown(house, "module", indicator="GWP-total").set_index("module")
    assert np.isnan(table.loc["C1", "value"])
    assert table.loc["C1", "known_share"] == 0.0


def test_csv_and_parquet_hold_the_same_table(house: passport.Assessment, tmp_path: Path) -> None:
    table = breakdown(house, ["storey", "material", "module"])
    csv = pd.read_csv(write_breakdown(tmp_path / "t.csv", table), keep_default_na=False, na_values=[""])
    parquet = pd.read_parquet(write_breakdown(tmp_path / "t.parquet", table))
    for other in (csv, parquet):
        assert list(other.columns) == list(table.columns)
        np.testing.assert_array_equal(other["value"].to_numpy(float), table["value"].to_numpy(float))
        assert other["storey"].tolist() == table["storey"].tolist()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["t.csv", "t.parquet"]


def test_parquet_columns_carry_their_unit(house: passport.Assessment, tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    write_breakdown(tmp_path / "t.parquet", breakdown(house, "family"))
    schema = pq.read_schema(tmp_path / "t.parquet")
    assert schema.field("mass_kg").metadata[b"unit"] == b"kg"
    assert schema.field("known_share").metadata[b"unit"] == b"1"


@pytest.mark.parametrize("keys", [[], ["colour"], ["storey", "storey"]])
def test_keys_that_do_not_exist_are_named(house: passport.Assessment, keys: list[str]) -> None:
    with pytest.raises(AssessmentError, match="element_group"):
        breakdown(house, keys)


def test_an_indicator_must_be_in_the_result(house: passport.Assessment) -> None:
    with pytest.raises(AssessmentError, match="HTP-c was not assessed"):
        breakdown(house, "storey", indicator="HTP-c")


def test_a_table_is_csv_or_parquet(house: passport.Assessment, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"\.csv or \.parquet"):
        write_breakdown(tmp_path / "t.docx", breakdown(house, "storey"))


def element(ifc_class: str, **fields: object) -> Element:
    return Element(global_id="g", step_id=1, ifc_class=ifc_class, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (element("IfcWallStandardCase", is_external=True), "21"),
        (element("IfcWall", is_external=False, load_bearing=True), "22.1"),
        (element("IfcWall"), "2-"),
        (element("IfcSlab", predefined_type="BASESLAB"), "13"),
        (element("IfcSlab"), "23"),
        (element("IfcCovering", predefined_type="CEILING"), "35"),
        (element("IfcBuildingElementProxy"), "unknown"),
        (element("IfcWall", classifications=(Classification("BB/SfB", "(21.1/0)Hi"),)), "21.1"),
        (element("IfcWall", is_external=True, classifications=(Classification("Uniclass", "22"),)), "21"),
    ],
)
def test_the_group_of_an_element_is_its_own_code_or_follows_its_class(given: Element, code: str) -> None:
    assert element_group(given) == code


def test_what_stands_in_a_space_knows_its_room(tmp_path: Path) -> None:
    model = TinyModel()
    space = model.space("0.01") if hasattr(model, "space") else None
    if space is None:
        space = model.file.create_entity(
            "IfcSpace", GlobalId="0YvctVUKr0kugbFTf53O9L", Name="0.01", LongName="Keuken"
        )
    covering = model.element("IfcCovering")
    wall = model.element("IfcWall")
    for relation in model.file.by_type("IfcRelContainedInSpatialStructure"):
        relation.RelatedElements = tuple(e for e in relation.RelatedElements if e != covering)
    model.file.create_entity(
        "IfcRelContainedInSpatialStructure",
        GlobalId="1YvctVUKr0kugbFTf53O9L",
        RelatedElements=[covering],
        RelatingStructure=space,
    )
    rooms = {e.global_id: e.room for e in read_ifc(model.save(tmp_path)).elements}
    assert rooms[covering.GlobalId] is not None and rooms[covering.GlobalId].startswith("0.01")
    assert rooms[wall.GlobalId] is None


def building(folder: Path, *statuses: str) -> Passport:
    model = TinyModel()
    for number, status in enumerate(statuses):
        slab = model.element("IfcSlab", f"slab {number}")
        model.associate("C30/37", slab)
        model.quantities(slab, Volume_NetVolume=1.0)
        model.properties(slab, "Pset_SlabCommon", Status=("IfcLabel", status))
    return read_ifc(model.save(folder))


def test_a_renovation_by_hand(tmp_path: Path) -> None:
    """One slab stays, one goes, one is new: before = 2 x C; after = C + C + all modules of the new one."""
    both = renovation(building(tmp_path, "EXISTING", "DEMOLISH", "NEW"))
    new = assess(building(tmp_path, "NEW"))
    end_of_life = new.impact.total("gwp-total", ("C2", "C3", "C4")).value
    before, after = both.total("gwp-total")
    assert before.value == pytest.approx(2 * end_of_life)
    assert after.value == pytest.approx(2 * end_of_life + new.total("gwp-total").value)
    assert both.difference() == pytest.approx(new.total("gwp-total").value)


@pytest.mark.parametrize("statuses", [("NEW",), ("EXISTING", "EXISTING")])
def test_without_a_change_there_is_no_renovation(tmp_path: Path, statuses: tuple[str, ...]) -> None:
    with pytest.raises(PassportError, match="set the status"):
        renovation(building(tmp_path, *statuses))


@pytest.fixture
def run() -> Callable[..., object]:
    runner = CliRunner()
    return lambda *arguments: runner.invoke(app, [str(a) for a in arguments])


def test_the_command_prints_or_writes_the_table(run: Callable[..., object], tmp_path: Path) -> None:
    printed = run("breakdown", HOUSE, "--by", "storey", "--indicator", "GWP-total")
    assert printed.exit_code == 0  # type: ignore[attr-defined]
    assert printed.stdout.startswith("storey,indicator,unit,value")  # type: ignore[attr-defined]
    written = run("breakdown", HOUSE, "--by", "storey", "--by", "module", "--out", tmp_path / "t.parquet")
    assert written.exit_code == 0, written.output  # type: ignore[attr-defined]
    assert len(pd.read_parquet(tmp_path / "t.parquet")) > 10


@pytest.mark.parametrize(
    "arguments",
    [
        ("--by", "colour"),
        ("--by", "storey", "--indicator", "noise"),
        ("--by", "storey", "--scenario", "XX"),
        ("--by", "storey", "--out", "t.txt"),
    ],
)
def test_a_wrong_choice_is_one_sentence(run: Callable[..., object], arguments: tuple[str, ...]) -> None:
    result = run("breakdown", HOUSE, *arguments)
    assert result.exit_code == 2  # type: ignore[attr-defined]
    assert "Traceback" not in result.output  # type: ignore[attr-defined]


def test_a_scenario_can_be_saved_edited_and_used(run: Callable[..., object], tmp_path: Path) -> None:
    mine = tmp_path / "mine.json"
    assert run("scenario", "show", "DK", "--out", mine).exit_code == 0  # type: ignore[attr-defined]
    mine.write_text(mine.read_text(encoding="utf-8").replace("50.0", "25.0"), encoding="utf-8")
    result = run("assess", HOUSE, "--scenario", mine, "--out", tmp_path / "out", "--quiet")
    assert result.exit_code == 0, result.output  # type: ignore[attr-defined]
    assert "over 25 years" in result.output  # type: ignore[attr-defined]
    assert run("scenario", "list").exit_code == 0  # type: ignore[attr-defined]
