"""Benchmarks of quantities and shapes measure what they say, on tiny models; no test looks at time."""

from __future__ import annotations

import importlib
import math
from pathlib import Path
from types import ModuleType

import pytest

from ifc_builders import TinyModel

BENCHMARKS = Path(__file__).resolve().parents[1] / "benchmarks"


@pytest.fixture
def quantities(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    return importlib.import_module("bench_quantities")


@pytest.fixture
def shapes(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    return importlib.import_module("bench_shapes")


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    return importlib.import_module("run")


def _two_walls(folder: Path) -> Path:
    """One wall of 3 m3 that states 3 m3, one of 2 m3 that states nothing, and a beam without a shape."""
    model = TinyModel()
    stated, drawn = model.element("IfcWall", "stated"), model.element("IfcWall", "drawn")
    model.box(stated, 10, 0.1, 3)
    model.quantities(stated, Volume_NetVolume=3.0)
    model.box(drawn, 10, 0.1, 2)
    model.element("IfcBeam", "without a shape")
    model.associate("beton", stated, drawn)
    return model.save(folder)


def test_the_table_of_quantities_tells_coverage_origin_and_deviation(
    quantities: ModuleType, tmp_path: Path
) -> None:
    model, together = quantities.rows([str(_two_walls(tmp_path))])
    assert (model["model"], together["model"]) == ("tiny.ifc", "all models")
    assert {**model, "model": ""} == {**together, "model": ""}
    assert (model["elements"], model["compared"], model["off"], model["silently_off"]) == (3, 2, 0, 0)
    assert model["usable"] == model["with_volume"] == pytest.approx(2 / 3)
    assert model["deviation_p95"] == pytest.approx(0.0, abs=1e-9)
    assert model["near"] == 1.0
    assert model["elements: quantity set"] == pytest.approx(1 / 3)
    assert model["volume: quantity set"] == pytest.approx(3 / 5)
    assert model["volume: shape"] == pytest.approx(2 / 5)
    for what in ("elements", "volume"):
        assert math.fsum(model[f"{what}: {o}"] for o in quantities.ORIGINS) == pytest.approx(1.0)
    verdicts = [t["verdict"] for t in quantities.targets(together)]
    assert verdicts == ["MISSED", "met", "met"], "two thirds with a quantity are below the target"


def test_a_volume_far_from_the_kernel_is_off_and_silent_only_without_a_finding(
    quantities: ModuleType,
) -> None:
    def judged(volume_m3: float | None, warned: bool) -> object:
        return quantities.Judged(True, volume_m3, "quantity set", 1.0, warned)

    def unchecked(volume_m3: float) -> object:
        return quantities.Judged(True, volume_m3, "quantity set", None, True)

    assert (
        quantities.summary(quantities.Judgement("", [judged(1.0, True), unchecked(3.0)]))["unchecked"] == 0.75
    )
    elements = [judged(1.0, False), judged(11.0, True), judged(0.05, False), judged(None, False)]
    row = quantities.summary(quantities.Judgement("made up", elements))
    assert (row["off"], row["silently_off"]) == (2, 1)
    assert row["near"] == 0.25, "a volume that is missing is not near"
    assert row["unchecked"] == 0.0
    assert row["deviation_median"] == pytest.approx(0.95)
    assert quantities.targets(row)[2]["verdict"] == "MISSED"


def test_a_model_that_cannot_be_read_stays_in_the_table_without_its_folder(
    quantities: ModuleType, tmp_path: Path
) -> None:
    bad = tmp_path / "empty.ifc"
    bad.touch()
    model, together = quantities.rows([str(bad)])
    assert "empty.ifc" in model["failure"] and str(tmp_path) not in model["failure"]
    assert together["failure"] == "1 model(s) not read"
    assert model["usable"] is None, "nothing to divide by is not zero"


def test_the_printed_table_of_quantities_names_every_model_and_every_target(
    quantities: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("sys.argv", ["bench_quantities.py", str(_two_walls(tmp_path))])
    quantities.main()
    printed = capsys.readouterr().out
    assert printed.count("tiny.ifc") == 2 and printed.count("all models") == 2
    assert [line.split()[-1] for line in printed.splitlines()[-3:]] == ["MISSED", "met", "met"]


def test_the_table_of_shapes_has_every_drawn_element_and_copies_of_it(
    shapes: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shapes, "COPIES", (1, 2))
    once, *copied = shapes.rows([str(_two_walls(tmp_path))], quick=True)
    assert (once["elements"], once["own"], once["to_kernel"], once["bad"]) == (2, 2, 0, 0)
    assert [(r["model"], r["elements"]) for r in copied] == [("1x-tiny.ifc", 2), ("2x-tiny.ifc", 4)]
    for row in (once, copied[0]):
        assert row["own_s"] > 0 and row["kernel_s"] > 0
        assert row["ratio"] == pytest.approx(row["kernel_s"] / row["own_s"])
    assert copied[1]["kernel_s"] is None, "the kernel is not run on more copies"
    assert all("own_mb" in r for r in copied)


def test_own_shapes_and_the_kernel_get_the_same_list_without_openings(
    shapes: ModuleType, tmp_path: Path
) -> None:
    model = TinyModel()
    wall = model.element("IfcWall")
    model.box(wall, 4, 0.2, 3)
    model.opening(wall, 1, 0.2, 1, at=(1, 0, 1))
    model.element("IfcFurniture", "no shape")
    elements = shapes.drawn(model.file)
    assert [e.is_a() for e in elements] == ["IfcWall"]
    (body,) = shapes.own_shapes(model.file, elements).bodies.values()
    assert body.volume_m3 == pytest.approx(2.2), "the opening is found and cut"
    assert shapes.kernel_shapes(model.file, elements) == 1


def test_running_one_benchmark_keeps_the_sections_of_the_others(run: ModuleType) -> None:
    before = "# Results\n\n## bench_read\n\nread\n\n## bench_shapes\n\nold\n\n## bench_matching\n\nnames\n"
    after = run.merged(before, {"bench_shapes": "## bench_shapes\n\nnew\n"})
    assert after == before.replace("old\n\n", "new\n\n")
    assert run.merged(after, {"bench_shapes": "## bench_shapes\n\nnew\n"}) == after
    assert run.merged("", {"bench_read": "## bench_read\n"}).startswith("# Results\n")
