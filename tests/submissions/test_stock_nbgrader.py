"""A made-up class graded by nbgrader alone: autograde, feedback, export, and the right scores."""

import csv
import json
import subprocess
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from tests.catalog.measure import measure
from torchproof.checking.exercise import find, load_catalog
from torchproof.errors import TorchproofError
from torchproof.grading.rebuild import find_check, marks
from torchproof.grading.sample import EMPTY, RIGHT, answer, build, written_out

ROOT = Path(__file__).parents[2]
ASSIGNMENT = "01_tensors"
ASSIGNMENTS = sorted(path.name for path in (ROOT / "solutions").iterdir())
LEARNERS = 4

pytestmark = pytest.mark.slow


def nbgrader(course: Path, *arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run(["nbgrader", *arguments], cwd=course, capture_output=True, text=True)


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Path:
    """A class that nbgrader alone graded, gave feedback to and exported."""
    folder = tmp_path_factory.mktemp("class") / "course"
    build(ROOT, folder, ASSIGNMENT, LEARNERS)
    no_notebook = folder / "submitted" / "learner-broken" / ASSIGNMENT / "tensors.ipynb"
    no_notebook.parent.mkdir(parents=True)
    no_notebook.write_text('{"cells": [')
    nbgrader(folder, "autograde", ASSIGNMENT)
    nbgrader(folder, "generate_feedback", ASSIGNMENT)
    nbgrader(folder, "export")
    return folder


def deserved(exercise_id: str, kind: str) -> float:
    exercise = find(exercise_id)
    if kind in (RIGHT, EMPTY):
        return exercise.points * (kind == RIGHT)
    mistake = next(mistake for mistake in exercise.mistakes if mistake.name == kind)
    return measure(exercise, mistake.function).points


def scores(folder: Path, assignment: str, learner: str) -> dict[str, float]:
    """What the gradebook has for each exercise."""
    with Gradebook(f"sqlite:///{folder}/gradebook.db") as gradebook:
        submission = gradebook.find_submission(assignment, learner)
        grades = [grade for notebook in submission.notebooks for grade in notebook.grades]
        return {exercises(assignment)[grade.name]: grade.auto_score for grade in grades}


def exercises(assignment: str) -> dict[str, str]:
    """The exercise of each graded cell."""
    (path,) = (ROOT / "solutions" / assignment).glob("*.ipynb")
    cells = json.loads(path.read_text())["cells"]
    checks = {marks(cell).get("grade_id"): find_check("".join(cell["source"])) for cell in cells}
    return {name: check.exercise_id for name, check in checks.items() if check}


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_every_answer_scores_what_it_deserves(assignment, tmp_path):
    answers = build(ROOT, tmp_path / "course", assignment, LEARNERS)
    nbgrader(tmp_path / "course", "autograde", assignment)
    given = {learner: scores(tmp_path / "course", assignment, learner) for learner in answers}
    assert given == {
        learner: {name: deserved(name, kind) for name, kind in kinds.items()}
        for learner, kinds in answers.items()
    }


@pytest.mark.parametrize(("learner", "score"), [("learner-001", 39), ("learner-002", 0)])
def test_export_lists_the_total(course, learner, score):
    rows = csv.DictReader((course / "grades.csv").open())
    assert {row["student_id"]: float(row["score"] or 0) for row in rows}[learner] == score


def test_what_is_no_notebook_holds_nobody_else_up(course):
    graded = {path.name for path in (course / "autograded").iterdir()}
    assert graded == {f"learner-{number:03}" for number in range(1, LEARNERS + 1)}


def test_what_is_no_notebook_is_reported(course):
    done = nbgrader(course, "autograde", ASSIGNMENT, "--student", "learner-broken")
    assert done.returncode != 0
    assert "learner-broken" in done.stderr


@pytest.mark.parametrize("words", ["39.0", "tensors.threshold: 5 of 5 points"])
def test_feedback_shows_score_and_report(course, words):
    page = course / "feedback" / "learner-001" / ASSIGNMENT / "tensors.html"
    assert words in page.read_text()


MISTAKES = [
    pytest.param(exercise, mistake, id=f"{exercise.id}: {mistake.name}")
    for exercise in load_catalog()
    for mistake in exercise.mistakes
    if written_out(exercise, mistake)
]


@pytest.mark.parametrize(("exercise", "mistake"), MISTAKES)
def test_mistake_stands_alone_as_a_learner_would_write_it(exercise, mistake):
    notebook = {"__name__": "__main__"}
    exec(answer(exercise, mistake.name), notebook)
    report = measure(exercise, notebook[exercise.id.rpartition(".")[2]])
    assert report.points == measure(exercise, mistake.function).points


def test_unknown_assignment_is_refused(tmp_path):
    with pytest.raises(TorchproofError, match="There is no assignment '99_nothing'"):
        build(ROOT, tmp_path / "course", "99_nothing")


def test_foreign_folder_is_left_alone(tmp_path):
    (tmp_path / "thesis.tex").write_text("years of work")
    with pytest.raises(TorchproofError, match="not empty and no course"):
        build(ROOT, tmp_path, ASSIGNMENT)
    assert (tmp_path / "thesis.tex").exists()
