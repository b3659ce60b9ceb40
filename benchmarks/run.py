"""Run all benchmarks and rewrite `benchmarks/RESULTS.md`; losing rows stay in.

Run:
    python benchmarks/run.py            or: make bench
"""

from __future__ import annotations

import importlib
import io
import platform
import sys
from contextlib import redirect_stdout
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).resolve().parent
NAMES = ("bench_read", "bench_assess", "bench_matching")
PACKAGES = ("ifcopenshell", "numpy", "numba", "pydantic", "rapidfuzz")


def machine() -> str:
    """Cores, Python and versions that the figures depend on."""
    import os

    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}, {packages}"


def main() -> None:
    """Print each table and write all of them to `RESULTS.md`."""
    sys.path.insert(0, str(HERE))
    sys.argv = sys.argv[:1]
    parts = [f"# Results\n\nWritten by `python benchmarks/run.py`: {machine()}.\n"]
    for name in NAMES:
        text = io.StringIO()
        module = importlib.import_module(name)
        with redirect_stdout(text):
            module.main()
        print(text.getvalue(), flush=True)
        title = (module.__doc__ or name).splitlines()[0]
        parts.append(f"## {name}\n\n{title}\n\n```text\n{text.getvalue().rstrip()}\n```\n")
    (HERE / "RESULTS.md").write_text("\n".join(parts), encoding="utf-8")


if __name__ == "__main__":
    main()
