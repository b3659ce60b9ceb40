"""The mapping file: what counts as a decision, and how faults are told."""

from __future__ import annotations

from pathlib import Path

import pytest

from passport.errors import MappingFileError
from passport.matching import Matcher, MaterialQuery, read_mapping

HEADER = "name,use,material_id,family,score,reason,elements,volume_m3,mass_kg\n"


def written(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "mapping.csv"
    path.write_bytes(text.encode(encoding))
    return path


def matcher(folder: Path, text: str) -> Matcher:
    return Matcher(mapping=read_mapping(written(folder, text)))


def test_decision_wins_over_everything(tmp_path: Path) -> None:
    match = matcher(tmp_path, "name,material_id\nBeton,clay-brick\n").match("Beton")
    assert (match.material_id, match.family, match.score) == ("clay-brick", "clay-brick", 1.0)
    assert (match.step, match.reason) == ("mapping", "mapping file mapping.csv, row 2")


def test_record_of_a_proposal_is_no_decision(tmp_path: Path) -> None:
    rows = "Beton,IfcWall,concrete,concrete,0.98,an alias,3,1.5,3540\nDefault Wall,,,unknown,,,4,2,\n"
    read = matcher(tmp_path, HEADER + rows)
    assert read.match(MaterialQuery("Beton", use="IfcWall")).step == "exact"
    assert read.match("Default Wall").step == "none"


def test_reason_user_makes_the_same_material_a_decision(tmp_path: Path) -> None:
    read = matcher(tmp_path, HEADER + "Beton,,concrete,concrete,1,user: seen on site,,,\n")
    assert read.match("Beton").step == "mapping"


def test_emptied_material_means_unknown(tmp_path: Path) -> None:
    match = matcher(tmp_path, HEADER + "Beton,,,concrete,0.98,the name is an alias,,,\n").match("Beton")
    assert (match.material_id, match.family, match.step, match.score) == (None, "unknown", "mapping", 1.0)


def test_use_stands_above_all_uses(tmp_path: Path) -> None:
    text = "name;use;material_id\nDefault Wall;;clay-brick\nDefault Wall;IfcWallStandardCase;concrete-block\n"
    read = matcher(tmp_path, text)
    assert read.match(MaterialQuery("Default Wall", use="IfcWall")).family == "concrete-block"
    assert read.match(MaterialQuery("Default Wall", use="IfcSlab")).family == "clay-brick"


def test_decision_for_all_uses_holds_where_a_row_of_a_use_is_only_a_record(tmp_path: Path) -> None:
    text = "name,use,material_id\nDefault Wall,,clay-brick\nDefault Wall,IfcWall,\n"
    assert matcher(tmp_path, text).match(MaterialQuery("Default Wall", use="IfcWall")).family == "clay-brick"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1"])
def test_delimiters_and_encodings(tmp_path: Path, delimiter: str, encoding: str) -> None:
    text = f"name{delimiter}material_id\nDämmung{delimiter}eps\n\n"
    read = Matcher(mapping=read_mapping(written(tmp_path, text, encoding)))
    assert read.match("Dämmung").material_id == "eps"
    assert read.mapping_name == "mapping.csv"


def test_all_faults_come_at_once_with_row_and_column(tmp_path: Path) -> None:
    text = "name,material_id\nA,clay-brik\nB,eps\nB,xps\nC,eps,3\n"
    with pytest.raises(MappingFileError) as caught:
        read_mapping(written(tmp_path, text))
    faults = caught.value.faults
    assert len(faults) == 3
    assert any("row 2, column material_id" in fault and "clay-brick" in fault for fault in faults)
    assert any("row 4" in fault and "row 3" in fault for fault in faults)
    assert any("row 5, column 3" in fault for fault in faults)


@pytest.mark.parametrize("text", ["", "\n", "use,family\nx,y\n", "name\nA\n"])
def test_missing_columns(tmp_path: Path, text: str) -> None:
    with pytest.raises(MappingFileError, match="column material_id is missing"):
        read_mapping(written(tmp_path, text))


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(MappingFileError, match="cannot be read"):
        read_mapping(tmp_path / "none.csv")


def test_equal_duplicates_are_no_contradiction(tmp_path: Path) -> None:
    assert len(read_mapping(written(tmp_path, "name,material_id\nB,eps\nB,eps\n"))) == 2


def test_names_with_quotes_and_line_breaks(tmp_path: Path) -> None:
    read = matcher(tmp_path, 'name,material_id\n"wall, ""old""\nred",clay-brick\n')
    assert read.match('wall, "old"\nred').step == "mapping"
