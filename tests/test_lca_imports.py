"""What `import lca` loads, and what it offers."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import lca

HEAVY = ("numba", "pandas", "ifcopenshell", "plotly", "duckdb", "scipy", "passport")


def loaded_after(code: str) -> set[str]:
    """Names of loaded modules after running `code` in a fresh interpreter."""
    program = f"{code}\nimport sys\nprint('\\n'.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return {name.split(".")[0] for name in done.stdout.split()}


def test_import_lca_loads_nothing_heavy() -> None:
    assert not loaded_after("import lca") & set(HEAVY)


def test_small_assessment_with_the_builtin_factors_loads_neither_numba_nor_pandas() -> None:
    code = """
import lca
factors = lca.builtin_factors()
inventory = lca.Inventory.from_columns(material=factors.index_of(["clay-brick"]), mass_kg=[1000.0])
impact = lca.assess(inventory, factors)
impact.total()
lca.compare_impact
"""
    assert not loaded_after(code) & set(HEAVY)


def test_numba_engine_loads_numba() -> None:
    code = """
import lca
factors = lca.builtin_factors()
inventory = lca.Inventory.from_columns(material=[0], mass_kg=[1.0])
lca.assess(inventory, factors, engine="numba")
"""
    assert "numba" in loaded_after(code)


def test_all_is_sorted_and_complete() -> None:
    assert lca.__all__ == sorted(lca.__all__)
    assert all(hasattr(lca, name) for name in lca.__all__)
    public = {
        name
        for name, value in vars(lca).items()
        if not name.startswith("_") and getattr(value, "__module__", "").startswith("lca.")
    }
    assert public == set(lca.__all__)


def test_distribution_is_named() -> None:
    assert lca.__distribution__ == "building-passport"


@pytest.mark.parametrize("path", sorted(Path(lca.__file__).parent.glob("*.py")), ids=lambda path: path.name)
def test_only_allowed_packages_are_imported(path: Path) -> None:
    allowed = set(sys.stdlib_module_names) | {"lca", "reference", "numpy", "pydantic"}
    if path.name == "_kernels.py":
        allowed |= {"numba"}
    if path.name == "impact.py":
        allowed |= {"pandas"}
    imported = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            imported |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "absolute imports only"
            imported.add((node.module or "").split(".")[0])
    assert imported <= allowed
