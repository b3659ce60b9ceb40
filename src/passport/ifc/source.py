"""Open an IFC file of any make, or say in one sentence why it cannot be used.

Files in practice are zipped under a wrong name, cut off by a failed download, Git LFS pointers, IFC5 JSON,
or name a draft of a schema. What can be read safely is read, with a finding; a file of which a part is
missing is refused, because a partial building gives a wrong number without a sign of it.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from passport.errors import IfcReadError
from passport.findings import FindingLog, Severity
from reference.errors import BuildingPassportError

_HEAD_BYTES = 65536
_TAIL_BYTES = 4096
_EXPORT_AGAIN = "export the model again as IFC (STEP, .ifc)"

#: Largest unpacked model that is read from a zip file; guards against zip bombs.
MAX_UNPACKED_BYTES = 8 * 1024**3

#: From this size on instances are parsed when they are first used; smaller files are checked whole.
LAZY_FROM_BYTES = 100_000

#: FILE_SCHEMA values that are read as another schema, besides the exact names that ifcopenshell knows.
_SCHEMA_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"IFC4X3(_.*)?|IFC4X[12](_.*)?"), "IFC4X3_ADD2"),
    (re.compile(r"IFC2X3(_.*)?|IFC2X(2)?(_.*)?"), "IFC2X3"),
    (re.compile(r"IFC4(_.*)?"), "IFC4"),
)
_READ_AS_IS = frozenset({"IFC2X3", "IFC4", "IFC4X3_ADD2"})
_FILE_SCHEMA = re.compile(rb"FILE_SCHEMA\s*\(\s*\(\s*'([^']*)'", re.IGNORECASE)


@dataclass(frozen=True)
class OpenedModel:
    """An open model and what is known of its file.

    Attributes:
        file: the `ifcopenshell.file`.
        plain_path: a plain .ifc with the same content, for a worker process; lives as long as the context.
        schema: IFC2X3, IFC4 or IFC4X3_ADD2.
        schema_in_file: FILE_SCHEMA as written.
        sha256: of the file as the user has it.
    """

    file: Any
    plain_path: Path
    schema: str
    schema_in_file: str
    sha256: str


@contextmanager
def open_model(path: Path, log: FindingLog) -> Iterator[OpenedModel]:
    """Open `path`; what was repaired on the way is noted in `log`.

    Raises:
        IfcReadError: the file cannot be used; the message says what is wrong and what to do.
    """
    if path.is_dir():
        raise IfcReadError(path, "this is a folder", "name an .ifc or .ifczip file")
    if not path.exists():
        raise IfcReadError(path, "there is no such file", "check the name and the folder")
    with ExitStack() as stack:
        scratch = _Scratch(stack)
        try:
            plain, digest = _plain_file(path, scratch, log)
            plain, schema, written = _known_schema(path, plain, scratch, log)
            _refuse_truncated(path, plain, log)
        except OSError as error:
            if isinstance(error, IfcReadError):
                raise
            raise IfcReadError(path, f"it cannot be read ({error})", "check the file's rights") from error
        file = _open(path, plain, log)
        try:
            yield OpenedModel(file, plain, schema, written, digest)
        except BuildingPassportError:
            raise
        except Exception as error:
            # A model that breaks its schema (a number where a list must be) fails wherever it is first used.
            raise IfcReadError(
                path,
                f"the model breaks the rules of its schema ({type(error).__name__}: {_one_line(error)})",
                f"check it with an IFC validator, then {_EXPORT_AGAIN}",
            ) from error
        _note_syntax(_take_log(), log)


class _Scratch:
    """A temporary folder that is made when it is first needed and goes with the stack."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self._folder: Path | None = None

    def file(self, name: str) -> Path:
        """Place of a file in the folder."""
        if self._folder is None:
            folder = tempfile.TemporaryDirectory(prefix="building-passport-")
            self._folder = Path(self._stack.enter_context(folder))
        return self._folder / name


def _plain_file(path: Path, scratch: _Scratch, log: FindingLog) -> tuple[Path, str]:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        head = stream.read(_HEAD_BYTES)
        digest.update(head)
        while block := stream.read(1 << 20):
            digest.update(block)
    _refuse_other_formats(path, head)
    if head.startswith(b"PK"):
        if path.suffix.lower() == ".ifc":
            log.add(
                "zip-named-ifc",
                Severity.WARNING,
                f"{path.name} is a zip file; the model inside it was read.",
                hint="Name it .ifczip.",
            )
        return _unzip(path, scratch, log), digest.hexdigest()
    if head.startswith(b"\xef\xbb\xbf"):
        log.add(
            "byte-order-mark",
            Severity.WARNING,
            f"{path.name} begins with a UTF-8 byte order mark, which IFC does not allow; it was skipped.",
        )
        plain = scratch.file("model.ifc")
        plain.write_bytes(path.read_bytes()[3:])
        return plain, digest.hexdigest()
    try:
        str(path).encode("utf-8")
    except UnicodeEncodeError:
        # The parser takes UTF-8 only; in a C locale other names reach Python as surrogates.
        plain = scratch.file("model.ifc")
        shutil.copyfile(path, plain)
        return plain, digest.hexdigest()
    return path, digest.hexdigest()


def _refuse_other_formats(path: Path, head: bytes) -> None:
    start = head.lstrip()
    if not start:
        raise IfcReadError(path, "the file is empty", "copy or export it again")
    if start.startswith(b"version https://git-lfs"):
        raise IfcReadError(
            path, "this is a Git LFS pointer, not the model itself", "run 'git lfs pull' and try again"
        )
    if start.startswith((b"{", b"[")):
        raise IfcReadError(path, "this is JSON (IFC5 or ifcJSON), which is not supported", _EXPORT_AGAIN)
    if start.startswith(b"<"):
        raise IfcReadError(path, "this is XML (ifcXML or a web page), which is not supported", _EXPORT_AGAIN)
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise IfcReadError(path, "the file was saved as UTF-16 text", _EXPORT_AGAIN)
    if start.startswith(b"\x89HDF"):
        raise IfcReadError(path, "this is an HDF5 file, which is not supported", _EXPORT_AGAIN)
    if not head.startswith((b"PK", b"\xef\xbb\xbf")) and not start[:13].upper().startswith(b"ISO-10303-21"):
        raise IfcReadError(
            path, "this is not an IFC file (it does not begin with ISO-10303-21)", _EXPORT_AGAIN
        )


def _unzip(path: Path, scratch: _Scratch, log: FindingLog) -> Path:
    try:
        with zipfile.ZipFile(path) as archive:
            members = [m for m in archive.infolist() if m.filename.lower().endswith(".ifc")]
            if not members:
                raise IfcReadError(path, "the zip file holds no .ifc file", "zip the .ifc itself")
            members.sort(key=lambda m: -m.file_size)
            if len(members) > 1:
                log.add(
                    "several-models-in-zip",
                    Severity.WARNING,
                    f"{path.name} holds {len(members)} models; the largest, {members[0].filename}, was read.",
                    hint="Run each model on its own.",
                )
            if members[0].file_size > MAX_UNPACKED_BYTES:
                raise IfcReadError(path, "the model in the zip file is larger than 8 GiB", "unzip it first")
            plain = scratch.file("model.ifc")
            with archive.open(members[0]) as packed, plain.open("wb") as out:
                while block := packed.read(1 << 20):
                    out.write(block)
            with plain.open("rb") as stream:
                _refuse_other_formats(path, stream.read(_HEAD_BYTES))
            return plain
    except (zipfile.BadZipFile, RuntimeError, EOFError, NotImplementedError) as error:
        raise IfcReadError(
            path, f"the zip file is damaged or locked ({error})", "zip the model again"
        ) from error


def _known_schema(path: Path, plain: Path, scratch: _Scratch, log: FindingLog) -> tuple[Path, str, str]:
    with plain.open("rb") as stream:
        head = stream.read(_HEAD_BYTES)
    if b"HEADER" not in head[:_TAIL_BYTES].upper():
        raise IfcReadError(path, "the file has no HEADER section", _EXPORT_AGAIN)
    match = _FILE_SCHEMA.search(head)
    if match is None:
        raise IfcReadError(path, "the header names no schema (FILE_SCHEMA)", _EXPORT_AGAIN)
    written = match.group(1).decode("latin-1").strip()
    name = written.upper()
    if name in _READ_AS_IS:
        return plain, name, written
    schema = next((known for pattern, known in _SCHEMA_RULES if pattern.fullmatch(name)), None)
    if schema is None:
        raise IfcReadError(
            path,
            f"the schema {written or '(empty)'} is not supported",
            "export the model as IFC2X3, IFC4 or IFC4X3",
        )
    log.add(
        "schema-read-as",
        Severity.INFO,
        f"FILE_SCHEMA is {written}; the model was read as {schema}.",
        hint="Entities that exist only in that edition are reported where they could not be read.",
    )
    patched = scratch.file("schema.ifc")
    with plain.open("rb") as source, patched.open("wb") as out:
        head = source.read(_HEAD_BYTES)
        out.write(head[: match.start(1)] + schema.encode() + head[match.end(1) :])
        while block := source.read(1 << 20):
            out.write(block)
    return patched, schema, written


def _refuse_truncated(path: Path, plain: Path, log: FindingLog) -> None:
    with plain.open("rb") as stream:
        stream.seek(0, 2)
        size = stream.tell()
        stream.seek(max(0, size - _TAIL_BYTES))
        tail = stream.read()
    if b"END-ISO-10303-21" in tail:
        return
    if re.search(rb"ENDSEC\s*;\s*$", tail):
        log.add(
            "no-end-mark",
            Severity.WARNING,
            f"{path.name} has no END-ISO-10303-21 at its end, but its data section is complete.",
        )
        return
    raise IfcReadError(
        path,
        f"the file is truncated: it breaks off after {size:,} bytes without the end of its data section",
        "copy or export it again; a part of the building would be missing",
    )


def _open(path: Path, plain: Path, log: FindingLog) -> Any:
    import ifcopenshell

    _take_log()  # empties the log of earlier files
    try:
        # In a large model most instances are geometry that is not asked for here: parse on demand.
        file = ifcopenshell.open(str(plain), lazy=plain.stat().st_size > LAZY_FROM_BYTES)
    except Exception as error:
        # ifcopenshell raises its own and built-in types, depending on how far it got.
        raise IfcReadError(path, f"the file cannot be parsed ({_one_line(error)})", _EXPORT_AGAIN) from error
    _note_syntax(_take_log(), log)
    return file


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]


def _take_log() -> str:
    """What the parser noted since this was last called."""
    import ifcopenshell

    return str(ifcopenshell.get_log())


_SYNTAX_KINDS: tuple[tuple[str, str, Severity, str], ...] = (
    ("Overwriting instance", "step-duplicate-id", Severity.ERROR, "One of the two instances is lost."),
    ("attribute values, found", "step-attribute-count", Severity.WARNING, ""),
    ("not found in schema", "step-unknown-entity", Severity.WARNING, "The instance was not read."),
    ("Instance reference", "step-missing-instance", Severity.ERROR, "A part of the model is missing."),
)
_MAX_EXAMPLES = 50


def _note_syntax(text: str, log: FindingLog) -> None:
    counts: dict[str, int] = {}
    for line in text.splitlines():
        match = re.match(r"\[(error|warning)\]\s*(?:\[[^\]]*\]\s*)*(.*)", line)
        if match is None:
            continue
        message = match.group(2).strip()
        code, severity, hint = next(
            ((code, severity, hint) for needle, code, severity, hint in _SYNTAX_KINDS if needle in message),
            ("step-syntax", Severity(match.group(1)), ""),
        )
        counts[code] = counts.get(code, 0) + 1
        if counts[code] <= _MAX_EXAMPLES:
            log.add(code, severity, f"Parser: {message}.".replace("..", "."), hint=hint)
    for code, count in counts.items():
        if count > _MAX_EXAMPLES:
            log.add(code, Severity.WARNING, f"Parser: {count - _MAX_EXAMPLES} more of the same kind.")
