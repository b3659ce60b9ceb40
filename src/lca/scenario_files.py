"""Scenarios by name and from files: national scopes as data, a user's own as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from pydantic import ValidationError

from lca.errors import AssessmentError
from lca.scenario import Scenario
from reference.tables import read_table
from reference.writing import replacing


@cache
def presets() -> Mapping[str, Scenario]:
    """National scopes by country code; each says in `note`, `source` and `confidence` how sure it is.

    They set the study period, modules, area and biogenic rule; the figures stay those of the library, so a
    preset never gives the official figure of a country.

    Raises:
        ReferenceDataError: scenario_presets.csv is malformed.

    Example:
        >>> presets()["DK"].study_period_years
        50.0
    """
    citations = {row.text("source_id"): row.text("citation") for row in read_table("sources.csv")}
    found: dict[str, Scenario] = {}
    for row in read_table("scenario_presets.csv"):
        fields = {
            name: row.text(name)
            for name in ("name", "replacement", "biogenic_rule", "area_definition", "note")
        }
        try:
            found[row.text("preset")] = Scenario.model_validate(
                {
                    **fields,
                    "study_period_years": row.number("study_period_years"),
                    "a5_loss_share": row.number("a5_loss_share"),
                    "stages": tuple(row.text("stages").split("|")),
                    "source": citations[row.text("source_id")],
                    "confidence": row.text("confidence"),
                }
            )
        except ValueError as error:
            raise row.fault("several", str(error)) from error
    return MappingProxyType(found)


def load_scenario(source: str | Path) -> Scenario:
    """A national preset by its country code, or a scenario from a JSON file of `save_scenario`.

    Raises:
        AssessmentError: no such preset or file, or the file is no scenario; every fault names its field.

    Example:
        >>> load_scenario("nl").study_period_years
        75.0
    """
    name = str(source)
    if name.upper() in presets():
        return presets()[name.upper()]
    path = Path(source)
    if path.suffix.lower() != ".json":
        raise AssessmentError(
            f"{name!r} is no scenario; use one of {', '.join(presets())}, or the path of a JSON file."
        )
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise AssessmentError(f"{path}: cannot be read ({error.strerror or error}).") from error
    except UnicodeDecodeError as error:
        raise AssessmentError(f"{path}: is no UTF-8 text; save the scenario as UTF-8.") from error
    try:
        return Scenario.model_validate_json(text)
    except ValidationError as error:
        faults = [
            f"{'.'.join(str(part) for part in fault['loc']) or 'file'}: {fault['msg']}"
            + (
                ""
                if fault["type"] == "missing" or isinstance(fault["input"], dict)
                else f" (given: {fault['input']!r})"
            )
            for fault in error.errors()
        ]
        raise AssessmentError(f"{path}: is no scenario", faults) from error


def save_scenario(scenario: Scenario, path: str | Path) -> None:
    """Write a scenario as JSON, beside the file first and then in its place.

    Raises:
        OSError: the file cannot be written.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     save_scenario(Scenario(study_period_years=50), Path(folder) / "office.json")
        ...     load_scenario(Path(folder) / "office.json").study_period_years
        50.0
    """
    with replacing(Path(path)) as stream:
        stream.write(scenario.model_dump_json(indent=1) + "\n")
