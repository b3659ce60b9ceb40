"""A file that cannot be used ends in one sentence; one that can be repaired is read with a finding."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from ifc_builders import TinyModel
from passport import IfcReadError, StrictError, read_ifc


@pytest.fixture
def model(tmp_path: Path) -> Path:
    tiny = TinyModel()
    tiny.quantities(tiny.element("IfcWall"), Volume_NetVolume=1.0)
    return tiny.save(tmp_path)


def _refused(path: Path) -> str:
    with pytest.raises(IfcReadError) as caught:
        read_ifc(path)
    message = str(caught.value)
    assert message.startswith(str(path)) and message.count("\n") == 0
    assert caught.value.problem and caught.value.remedy
    return message


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    assert "no such file" in _refused(tmp_path / "none.ifc")
    assert "folder" in _refused(tmp_path)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "Git LFS pointer"),
        (b'{"type": "ifcx"}', "JSON"),
        (b"<?xml version='1.0'?><ifcXML/>", "XML"),
        (b"\xff\xfeI\x00S\x00O\x00", "UTF-16"),
        (b"hello", "ISO-10303-21"),
        (b"PK\x03\x04broken", "zip"),
        (b"ISO-10303-21;\nDATA;\nENDSEC;\nEND-ISO-10303-21;", "HEADER"),
        (b"ISO-10303-21;\nHEADER;\nENDSEC;\nDATA;\nENDSEC;\nEND-ISO-10303-21;", "FILE_SCHEMA"),
        (
            b"ISO-10303-21;\nHEADER;\nFILE_SCHEMA(('AP214'));\nENDSEC;\nDATA;\nENDSEC;\nEND-ISO-10303-21;",
            "AP214",
        ),
    ],
)
def test_what_is_not_an_ifc_model_is_named(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "x.ifc"
    path.write_bytes(content)
    assert words in _refused(path)


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9, 0.99])
def test_a_truncated_file_says_that_it_is_truncated(model: Path, share: float) -> None:
    content = model.read_bytes()
    model.write_bytes(content[: int(len(content) * share)])
    assert "truncated" in _refused(model)


def test_a_missing_end_mark_alone_is_a_finding(model: Path) -> None:
    model.write_bytes(model.read_bytes().replace(b"END-ISO-10303-21;", b""))
    assert read_ifc(model).findings.with_code("no-end-mark")


def test_a_byte_order_mark_is_skipped_with_a_finding(model: Path) -> None:
    model.write_bytes(b"\xef\xbb\xbf" + model.read_bytes())
    assert read_ifc(model).findings.with_code("byte-order-mark")


def test_ifczip_and_a_zip_under_a_wrong_name_are_read(model: Path, tmp_path: Path) -> None:
    for name in ("house.ifczip", "house.ifc"):
        packed = tmp_path / "packed" / name
        packed.parent.mkdir(exist_ok=True)
        with zipfile.ZipFile(packed, "w") as archive:
            archive.write(model, "inner.ifc")
        house = read_ifc(packed)
        assert len(house.elements) == 1
        assert bool(house.findings.with_code("zip-named-ifc")) == (name == "house.ifc")


def test_a_zip_without_a_model_is_refused(tmp_path: Path) -> None:
    packed = tmp_path / "x.ifczip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("readme.txt", "no model")
    assert "no .ifc" in _refused(packed)


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("IFC4X3", "IFC4X3_ADD2"),
        ("IFC4X3_RC4", "IFC4X3_ADD2"),
        ("IFC4X3_ADD1", "IFC4X3_ADD2"),
        ("ifc4x3", "IFC4X3_ADD2"),
        ("IFC2X_FINAL", "IFC2X3"),
        ("IFC2X2_FINAL", "IFC2X3"),
    ],
)
def test_drafts_of_a_schema_are_read_as_the_final_one_with_a_finding(
    tmp_path: Path, written: str, read_as: str
) -> None:
    tiny = TinyModel("IFC2X3" if "2X" in written.upper() else "IFC4X3")
    tiny.quantities(tiny.element("IfcWall"), Volume_NetVolume=1.0)
    path = tiny.save(tmp_path)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(f"'{tiny.file.schema_identifier}'", f"'{written}'", 1), encoding="utf-8")
    house = read_ifc(path)
    assert (house.model.schema_name, house.model.schema_in_file) == (read_as, written)
    (finding,) = house.findings.with_code("schema-read-as")
    assert written in finding.message and read_as in finding.message


def test_two_instances_with_one_number_are_an_error_finding(model: Path) -> None:
    text = model.read_text(encoding="utf-8")
    line = next(row for row in text.splitlines() if "=IFCBUILDING(" in row)
    model.write_text(text.replace(line, f"{line}\n{line}"), encoding="utf-8")
    house = read_ifc(model)
    assert house.findings.with_code("step-duplicate-id")
    with pytest.raises(StrictError, match="step-duplicate-id"):
        read_ifc(model, strict=True)


def test_wrong_arguments_are_refused_before_the_file_is_opened(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="geometry"):
        read_ifc(tmp_path / "none.ifc", geometry="some")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="floor_area_m2"):
        read_ifc(tmp_path / "none.ifc", floor_area_m2=-1.0)


@pytest.mark.long
def test_every_bad_model_ends_in_a_report_or_in_one_sentence(shared: Path) -> None:
    seen = 0
    for path in sorted((shared / "ifc" / "bad").iterdir()):
        if path.suffix == ".tsv":
            continue
        seen += 1
        try:
            house = read_ifc(path)
        except IfcReadError as error:
            assert str(path) in str(error) and error.remedy
        else:
            json.loads(house.model_dump_json())
            assert house.findings, path.name
    assert seen >= 15
    with pytest.raises(IfcReadError, match="truncated"):
        read_ifc(shared / "ifc" / "bad" / "derived-truncated-fzk.ifc")


def test_a_model_that_breaks_its_schema_ends_in_one_sentence(tmp_path: Path) -> None:
    tiny = TinyModel()
    wall = tiny.element("IfcWall")
    tiny.associate("beton", wall)
    path = tiny.save(tmp_path)
    text = path.read_text(encoding="utf-8")
    (line,) = [row for row in text.splitlines() if "=IFCRELASSOCIATESMATERIAL(" in row]
    broken = line[: line.rindex("(#")] + f"7,#{wall.id()});"
    path.write_text(text.replace(line, broken), encoding="utf-8")
    assert "breaks the rules of its schema" in _refused(path)


def test_mutilated_models_never_end_in_a_traceback(model: Path) -> None:
    import random

    content = model.read_bytes()
    start = content.index(b"DATA;")
    for seed in range(60):
        dice = random.Random(seed)
        broken = bytearray(content)
        for _ in range(dice.randint(1, 6)):
            place = dice.randrange(start, len(broken) - 60)
            if dice.random() < 0.5:
                broken[place] = dice.randrange(32, 127)
            else:
                del broken[place : place + dice.randint(1, 9)]
        model.write_bytes(bytes(broken))
        try:
            house = read_ifc(model, geometry="never")
        except IfcReadError as error:
            assert error.remedy
        else:
            assert all(e.volume_m3 is None or e.volume_m3 > 0 for e in house.elements)


@pytest.mark.parametrize("locale", ["C.UTF-8", "C"])
def test_any_file_name_works_in_any_locale(model: Path, tmp_path: Path, locale: str) -> None:
    import os
    import subprocess
    import sys

    named = tmp_path / "dossier é 中" / "Maison n°1.IFC"
    named.parent.mkdir()
    named.write_bytes(model.read_bytes())
    done = subprocess.run(
        [sys.executable, "-m", "passport", "assess", str(named), "--out", str(tmp_path / "out")],
        capture_output=True,
        check=False,
        env={**os.environ, "LC_ALL": locale, "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out" / "report.html").exists()
