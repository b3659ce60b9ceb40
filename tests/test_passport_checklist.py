"""Guidelines of design for change, answered by the model or by a person."""

from __future__ import annotations

from pathlib import Path

import pytest

from passport import Passport, PassportError, read_ifc
from passport.circularity.checklist import checklist, load_answers, load_guidelines
from passport.models import Storey

HOUSE = Path(__file__).resolve().parents[1] / "examples" / "models" / "flemish-house.ifc"


@pytest.fixture(scope="module")
def house() -> Passport:
    return read_ifc(HOUSE)


def test_there_are_24_guidelines_and_each_has_a_row(house: Passport) -> None:
    rows = checklist(house)
    assert len(rows) == len(load_guidelines()) == 24
    assert len({row.guideline.number for row in rows}) == 24
    assert all(row.evidence and row.guideline.question for row in rows)
    assert all(row.origin in ("model", "none") for row in rows)
    assert all(row.answer == "unknown" for row in rows if row.origin == "none")


@pytest.mark.parametrize(
    ("levels", "answer"),
    [
        ((0.0, 2.7, 5.4), "yes"),
        ((0.0, 2.6, 5.2), "no"),
        ((0.0, 2.8, 5.3), "partly"),
        ((0.0, None), "unknown"),
    ],
)
def test_the_storey_height_answers_for_changing_functions(
    house: Passport, levels: tuple[float | None, ...], answer: str
) -> None:
    storeys = tuple(
        Storey(global_id=str(k), name=str(k), elevation_m=level) for k, level in enumerate(levels)
    )
    rows = checklist(house.model_copy(update={"storeys": storeys}))
    (row,) = [row for row in rows if row.guideline.number == "2.3.1"]
    assert row.automatic_answer == answer


def test_joints_that_come_apart_easily_answer_for_reversibility(house: Passport) -> None:
    ids = [element.global_id for element in house.elements]
    easy = checklist(house, detachability=dict.fromkeys(ids, (0.9, 1.0)))
    hard = checklist(house, detachability=dict.fromkeys(ids, (0.1, 0.15)))
    first = next(row for row in easy if row.guideline.number == "1.1.1")
    last = next(row for row in hard if row.guideline.number == "1.1.1")
    assert (first.answer, last.answer) == ("yes", "no")


def test_an_answer_of_a_person_wins_and_that_of_the_model_stays(house: Passport, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        "number,answer,note,by,date\n2.3.1,no,services hang low,An Peeters,2026-03-02\n", encoding="utf-8"
    )
    rows = checklist(house, load_answers(tmp_path / "a.csv"))
    (row,) = [row for row in rows if row.guideline.number == "2.3.1"]
    assert (row.answer, row.origin, row.by) == ("no", "user", "An Peeters")
    assert row.automatic_answer == "yes" and "services hang low" in row.evidence
    assert str(row.answered_on) == "2026-03-02"


@pytest.mark.parametrize(
    "content",
    [
        "number,answer\n1.1.1,maybe\n",
        "number,answer,note,by,date\n1.1.1,yes,,,the 3rd\n",
        "answer\nyes\n",
        "number,answer,note,by,date\n1.1.1,yes,,,\n1.1.1,no,,,\n",
    ],
)
def test_faults_in_a_file_of_answers_are_named(tmp_path: Path, content: str) -> None:
    (tmp_path / "a.csv").write_text(content, encoding="utf-8")
    with pytest.raises(PassportError, match=r"a\.csv"):
        load_answers(tmp_path / "a.csv")


def test_an_answer_to_no_guideline_is_refused(house: Passport, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("number,answer,note,by,date\n9.9.9,yes,,,\n", encoding="utf-8")
    with pytest.raises(PassportError, match=r"9\.9\.9"):
        checklist(house, load_answers(tmp_path / "a.csv"))
