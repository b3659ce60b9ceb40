"""What the README shows is what a user gets: its Python blocks, their output, its commands and its files."""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

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
    (command,) = re.findall(r"^building-passport (assess .*)$", README, re.M)
    arguments = command.replace("MODEL.ifc", "examples/models/flemish-house.ifc").split()
    _run(["-m", "passport", *arguments], tmp_path)
    for name in re.findall(r"^\| `([\w.]+)` \|", README, re.M):
        assert (tmp_path / "result" / name).stat().st_size > 0, name


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
