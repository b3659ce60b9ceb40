"""The review of material names: what is listed, what counts as a decision, how long it lasts."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ifc_builders import TinyModel
from passport import read_ifc
from passport.cli import app
from passport.exchange.csv_tables import write_materials
from passport.exchange.excel_tables import read_sheet
from passport.matching import keep, read_mapping, undo
from passport.models import Passport
from passport.review import review_lines


def model(folder: Path, name: str = "house.ifc", walls: int = 2) -> Path:
    tiny = TinyModel()
    for number in range(walls):
        wall = tiny.element("IfcWall", f"wall {number}")
        tiny.associate("Beton C30/37", wall)
        tiny.quantities(wall, Volume_NetVolume=4.0)
    roof = tiny.element("IfcSlab", "roof")
    tiny.associate("Default Roof", roof)
    tiny.quantities(roof, Volume_NetVolume=1.0)
    bare = tiny.element("IfcWall", "bare")
    tiny.quantities(bare, Volume_NetVolume=3.0)
    return tiny.save(folder, name)


def table(house: Passport, path: Path) -> list[dict[str, str]]:
    write_materials(path, review_lines(house))
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def edited(rows: list[dict[str, str]], path: Path, **choices: str) -> Path:
    """The table with other materials: name with _ for a space -> material id."""
    for row in rows:
        row["material_id"] = choices.get(row["name"].replace(" ", "_").replace("/", "_"), row["material_id"])
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return path


def run(*arguments: object):  # type: ignore[no-untyped-def]
    return CliRunner().invoke(app, [str(a) for a in arguments])


def test_names_come_by_their_share_of_the_mass_and_shares_sum_to_one(tmp_path: Path) -> None:
    lines = review_lines(read_ifc(model(tmp_path)))
    assert [r.name for r in lines] == ["Beton C30/37", "no material", "Default Roof"]
    assert sum(r.mass_share or 0.0 for r in lines) == pytest.approx(1.0)
    # 8 m3 of 2360 kg/m3; 3 m3 and 1 m3 of unknown material weigh as much per m3 as what is known
    assert lines[0].mass_kg == pytest.approx(8 * 2360)
    assert [r.mass_share for r in lines] == pytest.approx([8 / 12, 3 / 12, 1 / 12])
    assert lines[1].mass_kg is None and lines[1].volume_m3 == pytest.approx(3.0)


def test_an_edited_row_is_used_and_shown_with_what_was_proposed(tmp_path: Path) -> None:
    path = model(tmp_path)
    file = edited(
        table(read_ifc(path), tmp_path / "m.csv"), tmp_path / "mine.csv", Default_Roof="timber-softwood"
    )
    after = {r.name: r for r in review_lines(read_ifc(path, mapping=file))}
    assert after["Default Roof"].material_id == "timber-softwood"
    assert after["Default Roof"].decided and after["Default Roof"].proposal == ""
    assert not after["Beton C30/37"].decided


def test_a_decision_goes_through_the_table_of_the_next_run_and_can_be_undone(tmp_path: Path) -> None:
    path = model(tmp_path)
    first = edited(table(read_ifc(path), tmp_path / "a.csv"), tmp_path / "b.csv", Beton_C30_37="clay-brick")
    rows = table(read_ifc(path, mapping=first), tmp_path / "c.csv")
    assert (rows[0]["material_id"], rows[0]["proposal"], rows[0]["decided"]) == (
        "clay-brick", "concrete-c30-37", "yes",
    )  # fmt: skip
    again = table(read_ifc(path, mapping=tmp_path / "c.csv"), tmp_path / "d.csv")
    assert again[0]["material_id"] == "clay-brick"
    for row in again:
        row["material_id"], row["decided"] = row["proposal"], ""
    house = read_ifc(path, mapping=edited(again, tmp_path / "e.csv"))
    assert review_lines(house)[0].material_id == "concrete-c30-37"
    assert not any(r.decided for r in review_lines(house))


def test_an_untouched_table_of_an_older_matcher_decides_nothing(tmp_path: Path) -> None:
    rows = table(read_ifc(model(tmp_path)), tmp_path / "a.csv")
    rows[0]["material_id"] = rows[0]["proposal"] = "concrete-c20-25"  # what an older release proposed
    rows[2]["material_id"] = rows[2]["proposal"] = "gone-from-the-library"
    house = read_ifc(tmp_path / "house.ifc", mapping=edited(rows, tmp_path / "b.csv"))
    assert review_lines(house)[0].material_id == "concrete-c30-37"


def test_a_confirmed_proposal_is_a_decision(tmp_path: Path) -> None:
    rows = table(read_ifc(model(tmp_path)), tmp_path / "a.csv")
    rows[0]["decided"] = "yes"
    house = read_ifc(tmp_path / "house.ifc", mapping=edited(rows, tmp_path / "b.csv"))
    assert review_lines(house)[0].decided


def test_a_decision_survives_a_new_version_of_the_model(tmp_path: Path) -> None:
    old = table(read_ifc(model(tmp_path)), tmp_path / "a.csv")
    file = edited(old, tmp_path / "b.csv", Default_Roof="timber-softwood")
    new = read_ifc(model(tmp_path, "new.ifc", walls=5), mapping=file)
    assert {r.name: r.material_id for r in review_lines(new)}["Default Roof"] == "timber-softwood"


def test_elements_without_material_can_be_decided(tmp_path: Path) -> None:
    path = model(tmp_path)
    file = edited(table(read_ifc(path), tmp_path / "a.csv"), tmp_path / "b.csv", no_material="clay-block")
    house = read_ifc(path, mapping=file)
    bare = next(e for e in house.elements if e.name == "bare")
    assert bare.portions[0].material_id == "clay-block"
    assert bare.mass_kg == pytest.approx(3 * 850.0, rel=0.2)
    assert "element-without-material" not in {f.code for f in house.findings}


def test_a_decision_that_meets_nothing_is_a_finding(tmp_path: Path) -> None:
    file = tmp_path / "m.csv"
    file.write_text("name,material_id,decided\nGone,clay-brick,yes\n")
    codes = [f.code for f in read_ifc(model(tmp_path), mapping=file).findings]
    assert codes.count("decision-unused") == 1


def test_the_project_is_asked_before_the_office(tmp_path: Path) -> None:
    project, office = tmp_path / "project.csv", tmp_path / "office.csv"
    project.write_text("name,material_id\nDefault Roof,timber-softwood\n")
    office.write_text("name,material_id\nDefault Roof,clay-brick\nno material,clay-block\n")
    house = read_ifc(model(tmp_path), mapping=[project, office])
    found = {r.name: r.material_id for r in review_lines(house)}
    assert (found["Default Roof"], found["no material"]) == ("timber-softwood", "clay-block")
    assert house.provenance.mapping_file == "project.csv, office.csv"


def test_a_library_of_decisions_is_kept_replaced_and_undone(tmp_path: Path) -> None:
    rows = table(read_ifc(model(tmp_path)), tmp_path / "a.csv")
    office = tmp_path / "office.csv"
    done = keep(edited(rows, tmp_path / "b.csv", Default_Roof="timber-softwood"), office)
    assert [r.name for r in done.added] == ["Default Roof"] and not done.replaced
    done = keep(edited(rows, tmp_path / "c.csv", Default_Roof="clay-brick"), office)
    assert [(a.material_id, b.material_id) for a, b in done.replaced] == [("timber-softwood", "clay-brick")]
    assert [r.material_id for r in read_mapping(office).rows] == ["clay-brick"]
    undo(office, "default  ROOF", "IfcSlab")
    assert len(read_mapping(office)) == 0


def test_assumptions_only_where_asked_and_marked(tmp_path: Path) -> None:
    path = model(tmp_path)
    plain, assumed = read_ifc(path), read_ifc(path, assume=True)
    bare = [next(e for e in h.elements if e.name == "bare").portions[0] for h in (plain, assumed)]
    assert bare[0].material_id is None and bare[0].mass_kg is None
    assert bare[1].material_id == "clay-block" and bare[1].step == "assumption"
    low, high, share = bare[1].share_low, bare[1].share_high, bare[1].share
    assert low is not None and high is not None and share is not None and low < share < high
    assert bare[1].alternatives and assumed.provenance.assumed_materials
    assert [f.code for f in assumed.findings].count("material-assumed") == 1
    roofs = [next(e for e in h.elements if e.name == "roof").portions[0] for h in (plain, assumed)]
    assert roofs[0].material_id is roofs[1].material_id is None  # it has a material, whose name says nothing


def test_an_assumption_is_told_in_every_output(tmp_path: Path) -> None:
    done = run(
        "assess", model(tmp_path), "--assume", "--out", tmp_path / "out", "--quiet", "--floor-area", 20
    )
    assert done.exit_code == 0 and "Assumed" in done.output
    for name in ("impact.csv", "routes.csv"):
        with (tmp_path / "out" / name).open(encoding="utf-8", newline="") as stream:
            marked = {row["material_id"] for row in csv.DictReader(stream) if row["assumed"] == "yes"}
        assert marked == {"clay-block"}
    with (tmp_path / "out" / "materials.csv").open(encoding="utf-8", newline="") as stream:
        found = {row["name"]: row["found_by"] for row in csv.DictReader(stream)}
    assert found["no material"] == "assumption" and found["Beton C30/37"] != "assumption"
    report = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "is of an assumed material" in report and "The material of the whole mass" not in report


def test_the_workbook_reads_back_as_the_table(tmp_path: Path) -> None:
    path = model(tmp_path)
    done = run("materials", path, "--out", tmp_path / "m.xlsx", "--quiet")
    assert done.exit_code == 0, done.output
    assert "3 names" in done.output and "Default Roof" in done.output
    rows = read_sheet(tmp_path / "m.xlsx")
    assert [r[0] for r in rows] == ["name", "Beton C30/37", "no material", "Default Roof"]
    house = read_ifc(path, mapping=tmp_path / "m.xlsx")
    assert not any(r.decided for r in review_lines(house))


def test_bare_names_are_matched_in_their_order(tmp_path: Path) -> None:
    file = tmp_path / "names.csv"
    file.write_text("name;ifc_class;thickness_m\nMW_snelbouw 14;IfcWall;0,14\nDefault Wall;;\n;;\n", "utf-8")
    done = run("materials", "--names", file)
    rows = list(csv.reader(done.stdout.splitlines()))
    assert rows[0] == ["name", "material_id", "family", "score", "reason"]
    assert rows[1][2] == "clay-block" and rows[2][1:4] == ["", "", ""]
    assert len(rows) == 4


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("names\nx\n", "column name is missing"),
        ("name,thickness_m\nx,thick\n", "row 2, column thickness_m"),
    ],
)
def test_faults_of_a_file_of_names_are_one_sentence(tmp_path: Path, text: str, words: str) -> None:
    file = tmp_path / "names.csv"
    file.write_text(text)
    done = run("materials", "--names", file)
    assert done.exit_code == 2 and words in done.output


def test_the_commands_on_decisions(tmp_path: Path) -> None:
    rows = table(read_ifc(model(tmp_path)), tmp_path / "a.csv")
    mine = edited(rows, tmp_path / "b.csv", Default_Roof="timber-softwood")
    office = tmp_path / "office.csv"
    assert "1 added" in run("decisions", "keep", mine, "--in", office).output
    assert "timber-softwood" in run("decisions", "list", office).output
    assert (
        "no longer timber-softwood"
        in run("decisions", "undo", office, "Default Roof", "--use", "IfcSlab").output
    )
    gone = run("decisions", "undo", office, "Default Roof")
    assert gone.exit_code == 2 and "holds no decision" in gone.output
    neither = run("materials")
    assert neither.exit_code == 2 and "--names" in neither.output


def test_a_file_that_is_no_workbook_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "m.xlsx").write_text("no workbook")
    done = run("materials", model(tmp_path), "--mapping", tmp_path / "m.xlsx", "--quiet")
    assert done.exit_code == 2 and "not an Excel workbook" in done.output
