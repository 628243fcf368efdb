"""The one writer: a graded submission becomes files and rows, all of it or nothing."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from torchproof.grading.course import Course
from torchproof.grading.intake import Submission
from torchproof.grading.lean import nbformat, nbgrader
from torchproof.grading.outcome import Outcome, dumps

Marker = dict[str, Any]


class Recorder:
    """Writes outcomes to the autograded folder and, through nbgrader's API, to the gradebook.

    Each submission is one transaction: the gradebook's own commits are held back by a transaction
    around them, which is SQLAlchemy's way to join a session into one.
    """

    def __init__(self, course: Course, assignment: str) -> None:
        self.course = course
        self.assignment = assignment
        self.gradebook = course.gradebook()
        self.teacher = course.teacher(self.gradebook, assignment)
        self.known = {each.student.id for each in self._entry().submissions}
        self._connection = self.gradebook.engine.connect()
        self._markers = course.root / ".torchproof" / assignment
        self._options: dict[str, Any] = {"parent": course.autograde}

    def close(self) -> None:
        """Close the gradebook."""
        self.gradebook.db.remove()
        self._connection.close()
        self.gradebook.close()

    def marker(self, learner: str) -> Marker:
        """Return what is on record of a learner's last grading, or nothing."""
        path = self._marker(learner)
        autograded = self.course.path("autograded", learner, self.assignment)
        try:
            marker = json.loads(path.read_text())
        except (OSError, ValueError):
            return {}
        if marker.get("status") == "graded" and not (learner in self.known and autograded.is_dir()):
            return {}
        return marker if isinstance(marker, dict) else {}

    def mark(self, learner: str, marker: Marker) -> None:
        """Put on record what was graded, so that a later run leaves it alone."""
        path = self._marker(learner)
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".partial")
        try:
            partial.write_text(json.dumps(marker))
            partial.replace(path)
        except OSError as error:
            partial.unlink(missing_ok=True)
            raise _named(error, path) from None

    def _marker(self, learner: str) -> Path:
        return self._markers / f"{quote(learner, safe='')}.json"

    def record(self, submission: Submission, outcome: Outcome) -> list[dict[str, Any]]:
        """Write a graded submission and return what its feedback pages need."""
        notebooks = {name: self._limited(made) for name, made in outcome.notebooks.items()}
        with self._transaction():
            entry = self._entry_of(submission)
            for notebook in entry.notebooks:
                if notebook.name in notebooks:
                    _score(notebook, notebooks[notebook.name])
                    self._penalise(entry, notebook)
                else:
                    _miss(notebook)
            pages = [_page(note, notebooks[note.name]) for note in entry.notebooks
                     if note.name in notebooks]  # fmt: skip
            self.gradebook.db.flush()  # a gradebook that cannot be written shows it here
            self._write(submission, notebooks)
        self.known.add(submission.learner)
        return pages

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        session = self.gradebook.db
        with self._connection.begin():
            session.remove()
            session.configure(
                bind=self._connection,
                join_transaction_mode="rollback_only",
                expire_on_commit=False,
            )
            yield
            session.flush()
        session.remove()

    def _entry(self) -> Any:
        return self.gradebook.find_assignment(self.assignment)

    def _entry_of(self, submission: Submission) -> Any:
        """Return the gradebook's entry of a submission, made if need be, with its timestamp."""
        gradebook = self.gradebook
        if self.course.autograde.create_student:
            gradebook.update_or_create_student(submission.learner)
        stamp = submission.files.get("timestamp.txt", b"").decode(errors="replace").strip()
        given = {"timestamp": stamp} if stamp else {}
        with gradebook.db.no_autoflush:
            return gradebook.update_or_create_submission(
                self.assignment, submission.learner, **given
            )

    def _limited(self, notebook: dict[str, Any]) -> Any:
        """Apply nbgrader's own rules for outputs, as the course configures them."""
        rules = nbgrader.preprocessors
        node = nbformat.from_dict(notebook)
        for preprocessor in (rules.IgnorePattern, rules.LimitOutput):
            rule = preprocessor(**self._options)
            if preprocessor is rules.LimitOutput or rule.pattern:
                node, _ = rule.preprocess(node, {})
        return node

    def _penalise(self, entry: Any, notebook: Any) -> None:
        """Set the late penalty by the course's plugin."""
        notebook.late_submission_penalty = None
        if entry.total_seconds_late <= 0:
            return
        rule = nbgrader.preprocessors.AssignLatePenalties(**self._options)
        rule.init_plugin()
        self.gradebook.db.flush()
        self.gradebook.db.expire_all()
        late = entry.total_seconds_late
        penalty = rule.plugin_inst.late_submission_penalty(entry.student.id, notebook.score, late)
        if penalty is not None:
            notebook.late_submission_penalty = rule._check_late_penalty(notebook, penalty)

    def _write(self, submission: Submission, notebooks: dict[str, Any]) -> None:
        """Replace the learner's autograded folder in one step."""
        target = self.course.path("autograded", submission.learner, self.assignment)
        extra = {k: v for k, v in submission.files.items() if not k.endswith(".ipynb")}
        files = {**extra, **self.course.files(self.assignment)}
        files |= {f"{name}.ipynb": dumps(node) for name, node in notebooks.items()}
        replace_folder(target, files, int(str(self.course.autograde.permissions), 8))


def replace_folder(target: Path, files: dict[str, bytes], permissions: int) -> None:
    """Write files into a new folder and put it in the place of the old one."""
    partial = target.with_name(f".{target.name}.partial")
    old = target.with_name(f".{target.name}.old")
    for leftover in (partial, old):
        shutil.rmtree(leftover, ignore_errors=True)
    try:
        partial.mkdir(parents=True)
        for name, content in files.items():
            path = partial / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            path.chmod(permissions)
    except OSError as error:
        shutil.rmtree(partial, ignore_errors=True)
        raise _named(error, target) from None
    if target.exists():
        target.rename(old)
    partial.rename(target)
    shutil.rmtree(old, ignore_errors=True)


def _named(error: OSError, target: Path) -> OSError:
    """Return an error with what was being written; the system does not tell when it is full."""
    return OSError(error.errno, error.strerror, str(target))


def _score(notebook: Any, node: Any) -> None:
    """Fill in grades and comments as nbgrader's SaveAutoGrades does."""
    utils = nbgrader.utils
    cells = {cell.metadata.nbgrader.grade_id: cell for cell in node.cells
             if "nbgrader" in cell.metadata}  # fmt: skip
    for grade in notebook.grades:
        cell = cells.get(grade.name)
        if cell is not None and utils.is_grade(cell):
            grade.auto_score = _auto_score(cell)
            manual = grade.manual_score is not None or grade.auto_score is None
            grade.needs_manual_grade = manual
    for comment in notebook.comments:
        cell = cells.get(comment.name)
        if cell is not None and (utils.is_solution(cell) or utils.is_task(cell)):
            same = cell.metadata.nbgrader.get("checksum") == utils.compute_checksum(cell)
            comment.auto_comment = "No response." if same and not utils.is_task(cell) else None


def _auto_score(cell: Any) -> float | None:
    """Return what nbgrader reads from a cell's outputs, or nothing, for a person to look at.

    A number above the cell's points, as only a faulty test or a learner's trick shows, is one
    that nbgrader does not take.
    """
    try:
        score, _ = nbgrader.utils.determine_grade(cell)
    except ValueError:
        return None
    return None if score is None else float(score)


def _miss(notebook: Any) -> None:
    """Give a notebook that was not handed in no points."""
    for grade in notebook.grades:
        grade.auto_score = 0
        grade.needs_manual_grade = False


def _page(notebook: Any, node: Any) -> dict[str, Any]:
    """Gather what a feedback page shows beside the notebook, as nbgrader's GetGrades does."""
    grades = {grade.name: (_value(grade), grade.cell.max_score) for grade in notebook.grades}
    penalty = notebook.late_submission_penalty or 0
    comments = {each.name: each.manual_comment or each.auto_comment for each in notebook.comments}
    return {
        "name": notebook.name,
        "notebook": node,
        "grades": grades,
        "comments": comments,
        "score": sum(score for score, _ in grades.values()) - penalty,
        "max_score": sum(most for _, most in grades.values()),
        "late_penalty": penalty,
    }


def _value(grade: Any) -> float:
    """Return a grade's score: a person's before the grader's, with extra credit."""
    score = grade.manual_score if grade.manual_score is not None else grade.auto_score
    return 0.0 if score is None else float(score + (grade.extra_credit or 0.0))
