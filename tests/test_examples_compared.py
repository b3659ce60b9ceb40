"""The figures of `examples/where_three_models_stand.md` are those of the commands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from passport import assess, compare, read_ifc

PAGE = Path(__file__).resolve().parents[1] / "examples" / "where_three_models_stand.md"
MODELS = {
    "Duplex, Revit 2011, IFC2X3": "duplex-a-20110907.ifc",
    "Duplex, Revit 2020, IFC4": "duplex-aj.ifc",
    "FZK-Haus, ArchiCAD 20, IFC4": "fzk-haus-ac20.ifc",
}


@pytest.mark.parametrize("title", MODELS)
def test_a_model_stands_where_the_page_says(shared: Path, title: str) -> None:
    result = compare(assess(read_ifc(shared / "ifc" / MODELS[title])), draws=2_000)
    row = next(
        line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith(f"| {title} |")
    )
    value, ratio, percentile, low, high = (
        float(n) for n in re.findall(r"\d+(?:\.\d+)?", row.split("|", 2)[2])
    )
    assert result.comparable and result.at_least
    assert round(result.value or 0, 1) == value
    assert round(result.ratio_to_median or 0, 2) == ratio
    assert round(result.percentile or 0) == percentile
    assert (round(result.percentile_low or 0), round(result.percentile_high or 0)) == (low, high)
    assert result.groups == ("A1-A3", "A4-A5", "C3-C4")
    assert "above" in result.possible_positions


def test_the_older_export_is_refused_with_the_shares_that_the_page_gives(shared: Path) -> None:
    result = compare(assess(read_ifc(shared / "ifc" / "fzk-haus-ac14.ifc")))
    text = " ".join(PAGE.read_text(encoding="utf-8").split())
    reasons = " ".join(result.reasons)
    assert not result.comparable
    assert "Only 14% of the elements" in reasons and "14 % of its elements are known" in text
    assert "55.1% of the mass" in reasons and "55 % of its mass" in text


def test_the_shares_in_the_words_of_the_page_are_those_of_the_models(shared: Path) -> None:
    coverage = {
        name: assess(read_ifc(shared / "ifc" / name)).coverage
        for name in ("duplex-a-20110907.ifc", "duplex-aj.ifc", "fzk-haus-ac20.ifc")
    }
    text = " ".join(PAGE.read_text(encoding="utf-8").split())
    old, new, house = coverage.values()
    assert f"leaves {1 - (old.mass or 0):.0%} of the mass unknown".replace("%", " %") in text
    assert f"the newer one {1 - (new.mass or 0):.0%}:".replace("%", " %") in text
    assert f"Only {house.elements or 0:.0%} of the elements".replace("%", " %") in text
    assert f"these make {house.mass or 0:.0%} of the mass".replace("%", " %") in text


@pytest.mark.long
def test_every_shared_model_is_compared_or_refused_for_a_reason_that_its_file_bears_out(shared: Path) -> None:
    compared = set()
    for path in sorted((shared / "ifc").glob("*.ifc")):
        house = read_ifc(path)
        result = compare(assess(house))
        text = path.read_text(encoding="latin-1").upper()
        if result.comparable:
            compared.add(path.name)
            assert result.percentile is not None and result.cases
            continue
        assert result.reasons, path.name
        for reason in result.reasons:
            if "holds no walls" in reason:
                assert not re.search(r"=\s*IFC(CURTAIN)?WALL\w*\(", text), path.name
            if "holds no floors" in reason:
                assert not re.search(r"=\s*IFCSLAB\w*\(", text), path.name
            if "civil work" in reason:
                assert "BRIDGE" in text or "EDGEBEAM" in text, path.name
            if "floor area is not known" in reason:
                assert house.floor_area_m2.value is None, path.name
            share = re.search(r"Figures are known for ([\d.]+)%", reason)
            if share:
                assert float(share[1]) < 70, path.name
    assert compared == set(MODELS.values())
