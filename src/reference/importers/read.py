"""Read environmental data of any known format; the content decides, not the ending of the name."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from reference.importers.epd import Epd
from reference.importers.findings import ImportFinding, ImportResult, joined, refused
from reference.importers.ilcd_json import ilcd_dataset, is_ilcd_json, load_json
from reference.importers.ilcd_xml import read_ilcd_xml
from reference.importers.lcax_json import is_lcax, lcax_datasets
from reference.importers.okobaudat_csv import decode, is_okobaudat, read_okobaudat_csv
from reference.importers.openepd_json import is_openepd, openepd_datasets
from reference.importers.own_csv import is_own_csv, read_own_csv

#: Endings that are read from a folder; ILCD packages hold much else.
ENDINGS = frozenset({".csv", ".json", ".xml"})
#: Folders of an ILCD package that hold other things than process datasets.
NOT_PROCESSES = frozenset(
    {"contacts", "flowproperties", "flows", "lciamethods", "schemas", "sources", "stylesheets", "unitgroups"}
)


def read_epds(paths: Path | str | Iterable[Path | str], *, skip_unknown: bool = False) -> ImportResult:
    """Datasets of files and folders, with every finding.

    A dataset with a fault is not imported at all; the others of its file are. Of a dataset that is there
    more than once the highest version is kept; across formats, whose versions do not compare, the first.

    Args:
        paths: a file, a folder (with all files below it), or several of either.
        skip_unknown: leave out indicators that no table knows instead of refusing their dataset.

    Example:
        >>> result = read_epds("epd.json")  # doctest: +SKIP
        >>> [epd.name for epd in result.datasets], result.errors  # doctest: +SKIP
    """
    listed = [paths] if isinstance(paths, str | Path) else list(paths)
    total = joined(_read_one(file, skip_unknown) for path in listed for file in _files(Path(path)))
    return _without_repeats(total)


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    found = sorted(file for file in path.rglob("*") if file.suffix.lower() in ENDINGS and file.is_file())
    return [
        file
        for file in found
        if not NOT_PROCESSES & {part.lower() for part in file.relative_to(path).parts[:-1]}
    ]


def _read_one(path: Path, skip_unknown: bool) -> ImportResult:
    try:
        raw = path.read_bytes()
    except OSError as error:
        return refused(path.name, "unreadable", f"cannot be read ({error.strerror or error}).")
    if raw.startswith(b"PK\x03\x04"):
        return refused(path.name, "packed", "is a packed file.", "Unpack it and name the folder instead.")
    text = decode(raw)
    # XML in UTF-16 holds zero bytes, so it is no text here; its byte order mark tells it apart.
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")) or (text or "").lstrip().startswith("<"):
        return read_ilcd_xml(path, skip_unknown=skip_unknown)
    if not (text or "").strip():
        return refused(path.name, "empty", "is empty." if text is not None else "is not a text file.")
    assert text is not None
    if text.lstrip().startswith(("{", "[")):
        return _read_json(path, skip_unknown)
    if is_own_csv(text):
        return read_own_csv(path)
    if is_okobaudat(text):
        return read_okobaudat_csv(path)
    return refused(
        path.name,
        "unknown-format",
        "is none of OEKOBAUDAT CSV, ILCD+EPD XML or JSON, LCAx, openEPD and our own CSV.",
        "Export the dataset in one of these formats.",
    )


def _read_json(path: Path, skip_unknown: bool) -> ImportResult:
    document, problem = load_json(path)
    if problem is not None:
        return problem
    if is_ilcd_json(document):
        return ilcd_dataset(document, path.name, skip_unknown=skip_unknown)
    if is_lcax(document):
        return lcax_datasets(document, path.name, skip_unknown=skip_unknown)
    if is_openepd(document):
        return openepd_datasets(document, path.name, skip_unknown=skip_unknown)
    return refused(path.name, "unknown-format", "is JSON, but none of ILCD+EPD, LCAx and openEPD holds it.")


def _without_repeats(result: ImportResult) -> ImportResult:
    kept: dict[str, Epd] = {}
    findings = list(result.findings)
    for epd in result.datasets:
        first = kept.get(epd.uuid)
        if first is None or (epd.format == first.format and epd.version > first.version):
            kept[epd.uuid] = epd
        if first is not None and epd != first:
            other, chosen = (epd, first) if kept[epd.uuid] is first else (first, epd)
            findings.append(
                ImportFinding(
                    "dataset-twice",
                    "warning",
                    other.source_file,
                    epd.uuid,
                    "",
                    f"version {other.version or '(none)'} is left out; version {chosen.version or '(none)'} "
                    f"of {chosen.source_file} is kept.",
                )
            )
    return ImportResult(tuple(kept.values()), tuple(findings), result.assignments)
