"""Only answers and added cells come from the submission."""

from typing import Any

import pytest

from torchproof.grading.rebuild import Check, Teacher, find_check, rebuild


def marked(grade_id: str, source: str, **marks: Any) -> dict[str, Any]:
    mark = {"grade_id": grade_id, "grade": False, "solution": False, "locked": True} | marks
    return {"cell_type": "code", "metadata": {"nbgrader": mark}, "source": source}


def cell(source: str, grade_id: str | None = None, kind: str = "code") -> dict[str, Any]:
    return {"cell_type": kind, "source": source, "grade_id": grade_id}


TEACHER = Teacher(
    "ps1",
    [
        marked("start", "import torch"),
        marked("answer", "stub", solution=True, locked=False),
        marked("test", "check('a.b', f)", grade=True, points=3),
    ],
    {"kernelspec": {}},
)
HONEST = [cell("import torch", "start"), cell("mine", "answer"), cell("check('a.b', f)", "test")]
RIGHT = ["import torch", "mine", "check('a.b', f)"]


@pytest.mark.parametrize(
    ("fault", "submitted", "sources"),
    [
        ("honest", HONEST, RIGHT),
        ("test edited", [*HONEST[:2], cell("6.0", "test")], RIGHT),
        ("test deleted", HONEST[:2], RIGHT),
        ("test made text", [*HONEST[:2], cell("x", "test", "markdown")], RIGHT),
        ("start edited", [cell("import os", "start"), *HONEST[1:]], RIGHT),
        ("answer deleted", [HONEST[0], HONEST[2]], ["import torch", "stub", RIGHT[2]]),
        ("nothing", [], ["import torch", "stub", RIGHT[2]]),
        ("order changed", HONEST[::-1], RIGHT),
        ("cell added", [*HONEST[:2], cell("own"), HONEST[2]], [*RIGHT[:2], "own", RIGHT[2]]),
        ("cell added first", [cell("own"), *HONEST], ["own", *RIGHT]),
        ("unknown id", [*HONEST, cell("own", "mine")], [*RIGHT, "own"]),
        (
            "answer split",
            [HONEST[0], cell("a", "answer"), cell("b", "answer"), HONEST[2]],
            ["import torch", "a", "b", RIGHT[2]],
        ),
        ("test copied", [*HONEST, HONEST[2]], RIGHT),
    ],
)
def test_sources(fault: str, submitted: list[dict[str, Any]], sources: list[str]) -> None:
    cells = rebuild(TEACHER, submitted).notebook["cells"]
    assert [each["source"] for each in cells] == sources


def test_marks_are_the_teachers() -> None:
    made = rebuild(TEACHER, HONEST).notebook["cells"]
    assert [each["metadata"] for each in made] == [each["metadata"] for each in TEACHER.cells]


def test_added_cell_has_no_marks() -> None:
    assert rebuild(TEACHER, [cell("own", "test2")]).notebook["cells"][0]["metadata"] == {}


def test_answer_keeps_the_teachers_type() -> None:
    made = rebuild(TEACHER, [cell("x", "answer", "markdown")]).notebook["cells"]
    assert made[1]["cell_type"] == "code"


def test_faults_are_noted() -> None:
    made = rebuild(TEACHER, [cell("a", "answer"), cell("b", "answer")])
    assert (made.duplicates, made.missing) == (["answer"], ["start", "test"])


@pytest.mark.parametrize(
    ("source", "check"),
    [
        ('check("a.b", f)', Check("a.b", "f")),
        ('from torchproof import check\ncheck("a.b", Net)', Check("a.b", "Net")),
        ('check("a.b", lambda x: f(x, 1))', Check("a.b", "lambda x: f(x, 1)")),
        ('check("a.b", f)  # five points', Check("a.b", "f")),
        ('x = 1\ncheck("a.b", f)', None),
        ("check(name, f)", None),
        ('check("a.b")', None),
        ('assert check("a.b", f) == 5', None),
        ("assert f(1) == 2", None),
        ("", None),
        ("def (", None),
    ],
)
def test_call_of_check_is_found(source: str, check: Check | None) -> None:
    assert find_check(source) == check
