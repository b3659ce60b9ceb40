"""Imports go passport -> lca -> reference, never back; each foreign package stays behind its wall."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

SRC = Path(__file__).resolve().parents[1] / "src"

#: Packages that a package must not import.
FORBIDDEN = {"reference": {"lca", "passport"}, "lca": {"passport"}}

#: Foreign package -> where it may be imported (prefixes of paths below src).
WALLS = {
    "ifcopenshell": ("passport/ifc/", "passport/exchange/ifc_"),
    "ifctester": ("passport/exchange/ifc_",),
    "numba": ("lca/_kernels.py", "lca/engine.py", "passport/ifc/_mesh_kernels.py"),
    "typer": ("passport/cli",),
    "rich": ("passport/cli", "passport/progress.py"),
    "jinja2": ("passport/report/",),
    "plotly": ("passport/report/",),
    "openpyxl": ("passport/exchange/excel_",),
    "pyarrow": ("passport/exchange/parquet.py", "passport/portfolio/"),
    "rapidfuzz": ("passport/matching",),
    "networkx": ("passport/circularity/",),
    "duckdb": ("passport/portfolio/",),
    "dask": ("passport/portfolio/cluster.py",),
}


def _imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: only absolute imports"
            found.add((node.module or "").split(".")[0])
    return found


FILES = sorted(SRC.rglob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.relative_to(SRC).as_posix())
def test_imports_keep_to_their_direction_and_behind_their_walls(path: Path) -> None:
    place = path.relative_to(SRC).as_posix()
    imported = _imports(path)
    assert not imported & FORBIDDEN.get(place.split("/", maxsplit=1)[0], set())
    for package, allowed in WALLS.items():
        if package in imported:
            assert place.startswith(allowed), f"{place} imports {package}"


def test_no_module_is_named_like_a_package_or_a_dependency() -> None:
    names = {p.stem for p in FILES if p.stem not in ("__init__", "__main__")}
    taken = {"json", "html", "lca", "reference", "passport", "lcax", "csv", "utils", "common"}
    assert not names & taken


def test_there_is_no_test_package_that_would_shadow_ours() -> None:
    assert not list(Path(__file__).parent.rglob("__init__.py"))


@pytest.mark.parametrize("package", ["passport", "lca", "reference"])
def test_importing_a_package_loads_nothing_heavy(package: str) -> None:
    heavy = [*sorted(WALLS), "pandas"]
    code = f"import sys, {package}; print(' '.join(m for m in {heavy!r} if m in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


@pytest.mark.parametrize("package", ["passport", "lca", "reference"])
def test_public_names_exist(package: str) -> None:
    module = __import__(package)
    assert len(set(module.__all__)) == len(module.__all__)
    for name in module.__all__:
        assert getattr(module, name) is not None
    assert module.__distribution__ == "building-passport"
    assert (SRC / package / "py.typed").exists()


def test_a_foreign_package_of_the_same_name_is_refused_by_file(tmp_path: Path) -> None:
    (tmp_path / "lca.py").write_text("", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", "import sys; sys.path.insert(0, sys.argv[1]); import passport", str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "lca.py" in done.stderr and "rename that file" in done.stderr
