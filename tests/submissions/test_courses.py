"""Other people's courses: the gradebook is the one that stock nbgrader writes."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.grading.conftest import tool
from tests.grading.rows import rows
from tests.submissions.courses import COURSES, hand_in, write_sources

pytestmark = pytest.mark.slow

QUICKSTART = "ps1"
DIFFERENT = {
    "another_kernel": (
        "Stock nbgrader stops at a kernel that is not installed; ours runs Python in any case.",
        {"learner-001": [2], "learner-002": [0], "learner-003": [0]},
    ),
    "too_much": (
        "Stock nbgrader stops at a number above the cell's points and leaves the rest of the "
        "notebook without scores; ours leaves this one cell to a person.",
        {"learner-001": [None, 2]},
    ),
}
"""What differs by design: why, and the scores that ours gives."""


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What ``nbgrader quickstart`` writes, our assignments beside it, and answers handed in."""
    course = tmp_path_factory.mktemp("others") / "course"
    made = tool(course.parent, "nbgrader", "quickstart", "course")
    assert made.returncode == 0, made.stderr
    write_sources(course / "source")
    made = tool(course, "nbgrader", "generate_assignment", "*")
    assert made.returncode == 0, made.stderr
    hand_in(course)
    for learner in ("learner-001", "learner-002"):
        shutil.copytree(
            course / "release" / QUICKSTART, course / "submitted" / learner / QUICKSTART
        )
    answered = course / "source" / QUICKSTART
    shutil.copytree(answered, course / "submitted" / "learner-001" / QUICKSTART, dirs_exist_ok=True)
    return course


@pytest.fixture(scope="module")
def graded(released: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[Any]]:
    """The rows of both gradebooks."""
    folder = tmp_path_factory.mktemp("graded")
    stock, ours = (Path(shutil.copytree(released, folder / each)) for each in ("stock", "ours"))
    tool(stock, "nbgrader", "autograde", "*")
    tool(ours, "torchproof", "grade", QUICKSTART, *COURSES)
    return {each.name: set(rows(f"sqlite:///{each / 'gradebook.db'}")) for each in (stock, ours)}


@pytest.mark.parametrize("name", [QUICKSTART, *(name for name in COURSES if name not in DIFFERENT)])
def test_rows_are_those_of_stock_nbgrader(graded: dict[str, set[Any]], name: str) -> None:
    stock, ours = (
        {row for row in graded[each] if row[1] == name and row[0] != "submission"}
        for each in ("stock", "ours")
    )
    assert any(row[0] == "grade" for row in stock)
    assert (sorted(ours - stock, key=repr), sorted(stock - ours, key=repr)) == ([], [])


@pytest.mark.parametrize("name", DIFFERENT)
def test_what_differs_is_scored_all_the_same(graded: dict[str, set[Any]], name: str) -> None:
    stock, ours = (
        [row for row in sorted(graded[each], key=repr) if row[:2] == ("grade", name)]
        for each in ("stock", "ours")
    )
    _, wanted = DIFFERENT[name]
    assert {learner: [row[6] for row in ours if row[2] == learner] for learner in wanted} == wanted
    assert stock != ours
