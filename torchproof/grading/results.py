"""What a class scored in an assignment, gathered from the gradebook and the graded notebooks."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from torchproof.checking.exercise import find
from torchproof.errors import CourseError, UnknownExerciseError
from torchproof.grading.course import Course
from torchproof.grading.rebuild import find_check, marks

GRADED, WAITS = "graded", "waits for manual grading"
NOT_GRADED, NOT_HANDED_IN = "handed in, not graded", "not handed in"

_HINT = re.compile(r"^  Hint:\n(?P<hint>(?:    .*\n?)+)", flags=re.MULTILINE)


@dataclass(frozen=True)
class Results:
    """What a class scored.

    Attributes:
        assignment: the assignment's name.
        most: points of each exercise, by its name, in the order of the notebooks.
        scores: a row for each graded learner and a column for each exercise; NaN where a person
            has still to give the points.
        learners: a row for everybody known: ``last_name``, ``first_name``, ``email``, ``lms_id``,
            ``state``, ``late_penalty`` and ``total``, from which the penalty is taken off.
        mistakes: a row for each named mistake of a learner: ``learner``, ``exercise``,
            ``mistake`` and ``hint``.
    """

    assignment: str
    most: "pd.Series[float]"
    scores: pd.DataFrame
    learners: pd.DataFrame
    mistakes: pd.DataFrame

    @property
    def in_state(self) -> dict[str, list[str]]:
        """The learners in each state."""
        states = (GRADED, WAITS, NOT_GRADED, NOT_HANDED_IN)
        return {state: list(self.learners.index[self.learners.state == state]) for state in states}


def gather(course: Course, assignment: str) -> Results:
    """Read all there is to know about an assignment's class.

    Raises:
        CourseError: there is no gradebook, it does not know the assignment, or nobody is graded.
    """
    database = course.directory.db_url.removeprefix("sqlite:///")
    if database != course.directory.db_url and not Path(database).exists():
        raise CourseError(f"There is no gradebook in {course.root}; grade the assignment first.")
    with course.gradebook() as gradebook:
        if assignment not in [each.name for each in gradebook.assignments]:
            raise CourseError(f"The gradebook knows no assignment {assignment!r}.")
        names, most = _exercises(course, gradebook.find_assignment(assignment))
        learners = {each.id: _person(each) for each in gradebook.students}
        scores = {}
        for submission in gradebook.assignment_submissions(assignment):
            learner = submission.student.id
            scores[learner], unknown = _scores(submission, names)
            penalty = submission.late_submission_penalty or 0.0
            learners[learner] |= {
                "state": WAITS if unknown else GRADED,
                "late_penalty": penalty,
                "total": max(0.0, submission.score - penalty),
            }
    for handed in course.submissions(assignment):
        person = learners.setdefault(handed.learner, dict.fromkeys(_PERSON, ""))
        person.setdefault("state", NOT_GRADED)
    if not scores:
        there = [name for name, person in learners.items() if "state" in person]
        raise CourseError(
            f"Nobody's {assignment} is graded yet; run `torchproof grade {assignment}` first."
            if there
            else f"Nobody has handed in {assignment}; there is nothing to report."
        )
    columns = [*_PERSON, "state", "late_penalty", "total"]
    people = pd.DataFrame.from_dict(learners, orient="index", columns=columns).sort_index()
    found = [row for learner in scores for row in _mistakes(course, assignment, learner, names)]
    return Results(
        assignment,
        pd.Series(most, index=list(names.values()), dtype=float),
        pd.DataFrame.from_dict(scores, orient="index", columns=list(names.values()), dtype=float)
        .sort_index(),
        people.fillna({"state": NOT_HANDED_IN}),
        pd.DataFrame(found, columns=["learner", "exercise", "mistake", "hint"]),
    )  # fmt: skip


_PERSON = ("last_name", "first_name", "email", "lms_id")


def _person(student: Any) -> dict[str, Any]:
    found = (student.last_name, student.first_name, student.email, student.lms_user_id)
    return dict(zip(_PERSON, (each or "" for each in found), strict=True))


def _exercises(course: Course, entry: Any) -> tuple[dict[tuple[str, str], str], list[float]]:
    """Name the graded cells of an assignment, in the order of its notebooks."""
    cells = []
    for notebook in entry.notebooks:
        order = _order(course.path("release", ".", entry.name) / f"{notebook.name}.ipynb")
        found = [*notebook.grade_cells, *notebook.task_cells]
        cells += sorted(found, key=lambda cell: (order.get(cell.name, len(order)), cell.name))
    plain = [cell.name.removeprefix("check_") for cell in cells]
    names = {
        (cell.notebook.name, cell.name): name
        if plain.count(name) == 1
        else f"{cell.notebook.name}.{name}"
        for cell, name in zip(cells, plain, strict=True)
    }
    return names, [float(cell.max_score) for cell in cells]


def _order(path: Path) -> dict[str, int]:
    """Map each cell's grade_id to its place; the gradebook keeps no order."""
    return {_grade_id(cell): place for place, cell in enumerate(_cells(path))}


def _scores(
    submission: Any, names: dict[tuple[str, str], str]
) -> tuple[dict[str, float | None], bool]:
    """Return a learner's score for each exercise, and whether a person has still to grade."""
    scores: dict[str, float | None] = {}
    waits = False
    for notebook in submission.notebooks:
        for grade in notebook.grades:
            unknown = grade.manual_score is None and grade.auto_score is None
            waits = waits or grade.needs_manual_grade
            name = names.get((notebook.name, grade.name))
            if name is not None:
                scores[name] = None if unknown else grade.score
    return scores, waits


def _mistakes(
    course: Course, assignment: str, learner: str, names: dict[tuple[str, str], str]
) -> Iterator[tuple[str, str, str, str]]:
    """Read the hints in a learner's graded notebooks."""
    folder = course.path("autograded", learner, assignment)
    for notebook in dict.fromkeys(notebook for notebook, _ in names):
        for cell in _cells(folder / f"{notebook}.ipynb"):
            exercise = names.get((notebook, _grade_id(cell)))
            checked = find_check(_text(cell.get("source", "")))
            hint = _hint(cell) if exercise and checked else ""
            if exercise and checked and hint:
                yield learner, exercise, _named(checked.exercise_id, hint), hint


def _hint(cell: dict[str, Any]) -> str:
    """Return the hint in the report that a check has shown, or nothing."""
    for output in cell.get("outputs", []):
        if output.get("output_type") == "display_data":
            match = _HINT.search(_text(output.get("data", {}).get("text/plain", "")))
            if match:
                return " ".join(line.strip() for line in match["hint"].splitlines())
    return ""


def _named(exercise_id: str, hint: str) -> str:
    """Return the name of the mistake that has this hint; several may share one, or none has it."""
    try:
        mistakes = find(exercise_id).mistakes
    except UnknownExerciseError:
        return ""
    return " / ".join(each.name for each in mistakes if " ".join(each.hint.split()) == hint)


def _cells(path: Path) -> list[dict[str, Any]]:
    try:
        return list(json.loads(path.read_bytes())["cells"])
    except (OSError, ValueError, KeyError):
        return []


def _grade_id(cell: dict[str, Any]) -> str:
    return str(marks(cell).get("grade_id", ""))


def _text(value: str | list[str]) -> str:
    return value if isinstance(value, str) else "".join(value)
