"""What the README shows is what a user gets: its Python blocks, their output, its commands and its files."""

from __future__ import annotations

import csv
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from reference.importers import Epd, save_epds

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```\n\n```text\n(.*?)```", README, re.S)


def _run(code: list[str], folder: Path) -> str:
    shutil.copytree(ROOT / "examples" / "models", folder / "examples" / "models")
    done = subprocess.run([sys.executable, *code], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_there_is_a_block_for_each_user_group() -> None:
    assert len(BLOCKS) == 3
    for group in ("Architect", "Demolition team", "Tool developer"):
        assert f"**{group}**" in README


@pytest.mark.parametrize("number", range(len(BLOCKS)))
def test_a_python_block_prints_what_the_readme_says(number: int, tmp_path: Path) -> None:
    code, output = BLOCKS[number]
    assert _run(["-c", code], tmp_path) == output


def test_the_command_of_the_readme_runs(tmp_path: Path) -> None:
    (command,) = re.findall(r"^building-passport (assess MODEL.*)$", README, re.M)
    arguments = command.replace("MODEL.ifc", "examples/models/flemish-house.ifc").split()
    _run(["-m", "passport", *arguments], tmp_path)
    for name in re.findall(r"^\| `([\w.]+)` \|", README, re.M):
        assert (tmp_path / "result" / name).stat().st_size > 0, name


@pytest.mark.parametrize(
    "title",
    [
        "Materials: check, decide, keep",
        "Your own data",
        "Variants, scenarios, tables",
        "Where does it stand",
        "Taking it apart",
    ],
)
def test_the_commands_of_a_section_run_one_after_another(title: str, tmp_path: Path) -> None:
    block = re.search(rf"## {title}\n\n```bash\n(.*?)```", README, re.S)
    assert block is not None
    for name in ("house.ifc", "other.ifc"):
        shutil.copy(ROOT / "examples" / "models" / "flemish-house.ifc", tmp_path / name)
    (tmp_path / "names.csv").write_text("name\nLaine de roche 100\n", encoding="utf-8")
    for name in ("project.csv", "office.csv"):
        text = "name,use,material_id,decided\nDefault Wall,IfcWall,clay-brick,yes\n"
        (tmp_path / name).write_text(text, encoding="utf-8")
    epd = Epd(
        uuid="00000000-0000-4000-8000-000000000001",
        name="Brick",
        declared_quantity=1.0,
        declared_unit="kg",
        standard="A2",
        values={("GWP-total", "A1-A3", ""): 0.2},
    )
    save_epds(tmp_path / "epd.csv", [epd])
    (tmp_path / "survey.csv").write_text(
        "global_id,condition,hazard\n0zmHfNr0fIoOPtrMIKnFg1,low,absent\n", encoding="utf-8"
    )
    (rules,) = re.findall(r"```toml\n(.*?)```", README, re.S)
    (tmp_path / "variants.toml").write_text(rules, encoding="utf-8")
    (tmp_path / "maintenance.csv").write_text(
        "material,kind,interval_years,amount,unit,product,source\nclay-brick,B2.3,30,2.47,kg/m2,mortar,own\n",
        encoding="utf-8",
    )
    for line in block.group(1).splitlines():
        arguments = shlex.split(line, comments=True)
        assert arguments[0] == "building-passport"
        done = subprocess.run(
            [sys.executable, "-m", "passport", *arguments[1:]],
            cwd=tmp_path, capture_output=True, text=True, check=False,
            env={**os.environ, "BUILDING_PASSPORT_HOME": str(tmp_path / "home")},
        )  # fmt: skip
        assert done.returncode == 0, f"{line}: {done.stderr}"


def test_the_two_commands_exist_in_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"^make (\w+) ", README, re.M):
        assert f"\n{target}:" in makefile


def test_files_and_pictures_that_the_readme_names_are_there() -> None:
    for name in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (ROOT / name).exists(), name
    for name in ("examples/models/README.md", "src/reference/data/LICENSES.md"):
        assert name in README and (ROOT / name).exists()


@pytest.mark.parametrize("name", ["01_architect.py", "02_demolition_team.py", "03_tool_developer.py"])
def test_an_example_runs(name: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "examples" / name)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout


def test_the_changelog_names_the_version_of_the_package() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    version = re.search(r'^version = "([^"]+)"', project, re.M)
    assert version is not None
    assert f"## {version.group(1)}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_number_of_quantity_names_and_languages_is_as_said() -> None:
    table = ROOT / "src" / "passport" / "ifc" / "quantity_names.csv"
    rows = list(csv.DictReader(table.read_text(encoding="utf-8").splitlines()))
    names = round(len({r["name"] for r in rows}), -2)
    languages = {part for r in rows for part in r["language"].split("|") if part}
    assert f"({names:,} names in {len(languages)}" in " ".join(README.split())
