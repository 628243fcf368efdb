"""The gradebook after torchproof is the gradebook after nbgrader."""

import json
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import nbformat
import pytest

from tests.grading.conftest import LEARNERS, tool
from tests.grading.rows import rows


def url(course: Path) -> str:
    return f"sqlite:///{course / 'gradebook.db'}"


def grade(course: Path, *options: str) -> dict[str, Any]:
    """Grade the course with the real command and return what it reports."""
    done = tool(course, "torchproof", "grade", "01_tensors", "--seed=0", "--json", *options)
    assert done.returncode in (0, 1), done.stderr
    found: dict[str, Any] = json.loads(done.stdout)["01_tensors"]
    return found


@pytest.fixture(scope="session")
def graded(fresh: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    course = Path(shutil.copytree(fresh, tmp_path_factory.mktemp("graded") / "course"))
    assert grade(course)["counts"] == {"graded": LEARNERS}
    return course


@pytest.mark.slow
def test_rows_equal_nbgraders(graded: Path, stock: Path) -> None:
    assert rows(url(graded)) == rows(url(stock))


@pytest.mark.slow
def test_files_equal_nbgraders(graded: Path, stock: Path) -> None:
    def names(course: Path) -> list[str]:
        folder = course / "autograded"
        return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))

    assert names(graded) == names(stock)


@pytest.mark.slow
def test_notebook_is_valid_and_holds_the_report(graded: Path) -> None:
    path = graded / "autograded" / "learner-001" / "01_tensors" / "tensors.ipynb"
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    cells = {c.metadata.nbgrader.grade_id: c for c in notebook.cells if "nbgrader" in c.metadata}
    report = cells["check_threshold"].outputs[0]["data"]["text/plain"]
    assert report.startswith("tensors.threshold: 5 of 5 points")


@pytest.mark.slow
def test_feedback_page_is_written(graded: Path) -> None:
    page = graded / "feedback" / "learner-001" / "01_tensors" / "tensors.html"
    assert "39.0 / 39.0" in page.read_text() or "Score: 39" in page.read_text()


@pytest.mark.slow
def test_second_run_grades_nothing(course: Path) -> None:
    grade(course)
    before = rows(url(course))
    assert grade(course)["counts"] == {"unchanged": LEARNERS}
    assert rows(url(course)) == before


@pytest.mark.slow
def test_changed_submission_is_graded_again(course: Path) -> None:
    grade(course)
    first, second = (course / "submitted" / f"learner-00{i}" / "01_tensors" for i in (1, 2))
    shutil.copy(second / "tensors.ipynb", first / "tensors.ipynb")
    assert grade(course)["counts"] == {"graded": 1, "unchanged": LEARNERS - 1}


@pytest.mark.slow
def test_force_grades_all(course: Path) -> None:
    grade(course)
    assert grade(course, "--force")["counts"] == {"graded": LEARNERS}


@pytest.mark.slow
def test_lost_autograded_folder_is_made_again(course: Path) -> None:
    grade(course)
    shutil.rmtree(course / "autograded" / "learner-001")
    assert grade(course)["counts"] == {"graded": 1, "unchanged": LEARNERS - 1}


@pytest.mark.slow
def test_manual_score_is_kept(course: Path) -> None:
    grade(course)
    with sqlite3.connect(course / "gradebook.db") as database:
        database.execute("update grade set manual_score = 2.5")
    grade(course, "--force")
    kept = [row for row in rows(url(course)) if row[0] == "grade"]
    assert {row[7] for row in kept} == {2.5}
    assert {row[9] for row in kept} == {True}


@pytest.mark.slow
def test_late_penalty_is_nbgraders(course: Path, tmp_path: Path) -> None:
    with (course / "nbgrader_config.py").open("a") as config:
        config.write("\nc.LateSubmissionPlugin.penalty_method = 'zero'\n")
    stamp = course / "submitted" / "learner-001" / "01_tensors" / "timestamp.txt"
    stamp.write_text("2026-03-02 10:00:00 UTC")
    with sqlite3.connect(course / "gradebook.db") as database:
        database.execute("update assignment set duedate = '2026-03-01 10:00:00.000000'")
    stock = Path(shutil.copytree(course, tmp_path / "stock"))
    assert tool(stock, "nbgrader", "autograde", "01_tensors").returncode == 0
    grade(course)
    assert rows(url(course)) == rows(url(stock))
    assert ("notebook", "01_tensors", "learner-001", "tensors", 39.0) in rows(url(course))


@pytest.mark.slow
def test_nbgrader_exports_the_result(graded: Path) -> None:
    done = tool(graded, "nbgrader", "export", "--to=grades.csv")
    assert done.returncode == 0, done.stderr
    assert "learner-001" in (graded / "grades.csv").read_text()
