"""Reference sets by name: those that ship, and the user's own in a folder."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from reference.errors import ReferenceDataError

if TYPE_CHECKING:
    from reference.percentile_sets import PercentileSet
    from reference.reference_sets import ReferenceSet

#: Folder of the user's own sets; another one with this environment variable.
HOME_VARIABLE = "BUILDING_PASSPORT_HOME"


def home() -> Path:
    """Folder of the user's own sets."""
    given = os.environ.get(HOME_VARIABLE)
    return (Path(given) if given else Path.home() / ".building-passport") / "references"


def shipped() -> tuple[str, ...]:
    """Names of the sets that ship."""
    from reference.residential import NAME

    return (NAME,)


def set_names() -> tuple[str, ...]:
    """Names of all sets, the shipped ones first."""
    own = sorted(path.stem for path in home().glob("*.json")) if home().is_dir() else []
    return (*shipped(), *own)


def find_set(name: str) -> ReferenceSet | PercentileSet:
    """A set by its name, or from a file.

    Raises:
        ReferenceDataError: there is none, or it has faults.
    """
    from reference.reference_files import load_reference_set
    from reference.residential import load_residential

    if name in shipped():
        return load_residential()
    if name.lower().endswith((".json", ".csv")):
        return load_reference_set(name)
    if name in set_names():
        return load_reference_set(home() / f"{name}.json")
    raise ReferenceDataError(
        f"No reference set {name!r}; there is {', '.join(set_names())}, or give a .json or .csv file."
    )


def find_cases(name: str) -> ReferenceSet:
    """A set with cases by its name, or from a file.

    Raises:
        ReferenceDataError: there is none, it has faults, or it holds percentiles only.
    """
    from reference.reference_sets import ReferenceSet

    found = find_set(name)
    if not isinstance(found, ReferenceSet):
        raise ReferenceDataError(f"{name}: holds percentiles only; this needs the cases.")
    return found
