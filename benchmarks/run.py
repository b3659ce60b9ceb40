"""Run benchmarks and rewrite their sections of `benchmarks/RESULTS.md`; losing rows stay in.

Run:
    python benchmarks/run.py                       all of them; or: make bench
    python benchmarks/run.py bench_shapes ...      these only; the other sections stay as they are
"""

from __future__ import annotations

import importlib
import io
import os
import platform
import re
import sys
from contextlib import redirect_stdout
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).resolve().parent
NAMES = (
    "bench_read",
    "bench_quantities",
    "bench_shapes",
    "bench_assess",
    "bench_lcax",
    "bench_uncertainty",
    "bench_improve",
    "bench_dismantling",
    "bench_matching",
)
PACKAGES = ("ifcopenshell", "numpy", "numba", "pydantic", "rapidfuzz", "lcax")
HEAD = "# Results\n\nWritten by `python benchmarks/run.py`; each section names its machine.\n"


def machine() -> str:
    """Cores, Python and versions that the figures depend on."""
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}, {packages}"


def section(name: str) -> str:
    """Run one benchmark; its title, the machine and its table as Markdown."""
    text = io.StringIO()
    module = importlib.import_module(name)
    with redirect_stdout(text):
        module.main()
    title = (module.__doc__ or name).splitlines()[0]
    return f"## {name}\n\n{title}\n\nMade on: {machine()}.\n\n```text\n{text.getvalue().rstrip()}\n```\n"


def merged(before: str, sections: dict[str, str]) -> str:
    """The results with these sections new and all others as they were, in the order of `NAMES`.

    Example:
        >>> print(merged("# Results\\n\\n## bench_read\\n\\nold\\n", {"bench_shapes": "## bench_shapes\\n"}))
        # Results
        <BLANKLINE>
        ## bench_read
        <BLANKLINE>
        old
        <BLANKLINE>
        ## bench_shapes
        <BLANKLINE>
    """
    head, *kept = re.split(r"^(?=## )", before, flags=re.MULTILINE)
    known = {text.split("\n", 1)[0].removeprefix("## ").strip(): text for text in kept}
    known.update(sections)
    everything_is_new = set(NAMES) <= set(sections)
    parts = [HEAD if everything_is_new or not head.strip() else head]
    parts.extend(known[name] for name in NAMES if name in known)
    return "\n".join(part.rstrip("\n") + "\n" for part in parts)


def main() -> None:
    """Print each table and write it to its section of `RESULTS.md`."""
    chosen = sys.argv[1:] or list(NAMES)
    unknown = sorted(set(chosen) - set(NAMES))
    if unknown:
        sys.exit(f"No benchmark {', '.join(unknown)}; there are {', '.join(NAMES)}.")
    sys.path.insert(0, str(HERE))
    sys.argv = sys.argv[:1]
    results = HERE / "RESULTS.md"
    before = results.read_text(encoding="utf-8") if results.exists() else ""
    sections: dict[str, str] = {}
    for name in chosen:
        sections[name] = section(name)
        print(sections[name], flush=True)
        results.write_text(merged(before, sections), encoding="utf-8")


if __name__ == "__main__":
    main()
