"""The charts of the report as pictures."""

import importlib.util
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from passport.cli import app

HOUSE = Path(__file__).resolve().parents[1] / "examples" / "models" / "flemish-house.ifc"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


@pytest.mark.long
@pytest.mark.skipif(not any(map(shutil.which, BROWSERS)), reason="no Chrome or Chromium on this machine")
@pytest.mark.parametrize(("ending", "start"), [("svg", b"<svg"), ("png", b"\x89PNG")])
def test_every_chart_is_written_as_a_picture(tmp_path: Path, ending: str, start: bytes) -> None:
    done = CliRunner().invoke(app, ["figures", str(HOUSE), "--out", str(tmp_path), "--format", ending])
    assert done.exit_code == 0, done.output
    names = {"comparison", "changes", "modules", "materials", "end_of_life"}
    assert {path.name for path in tmp_path.iterdir()} == {f"{name}.{ending}" for name in names}
    assert all(path.read_bytes().startswith(start) for path in tmp_path.iterdir())
    if ending == "svg":
        assert "This design" in (tmp_path / "comparison.svg").read_text(encoding="utf-8")
        assert "As designed" in (tmp_path / "changes.svg").read_text(encoding="utf-8")


def test_without_the_extra_a_sentence_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = importlib.util.find_spec
    monkeypatch.setattr(
        "passport.report.images.find_spec", lambda name: None if name == "kaleido" else found(name)
    )
    done = CliRunner().invoke(app, ["figures", str(HOUSE), "--out", str(tmp_path)])
    assert done.exit_code == 2 and "pip install 'building-passport[images]'" in done.output
    assert list(tmp_path.iterdir()) == []


def test_without_a_browser_a_sentence_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_browser(**given: object) -> None:
        raise RuntimeError("Chrome is missing")

    monkeypatch.setattr("plotly.io.write_images", no_browser)
    done = CliRunner().invoke(app, ["figures", str(HOUSE), "--out", str(tmp_path)])
    assert done.exit_code == 2 and "Chrome or Chromium" in done.output and "Traceback" not in done.output
    assert list(tmp_path.iterdir()) == []
