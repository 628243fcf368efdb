"""Grading a class: what is new is run and judged, recorded, and told to its learner."""

import hashlib
import json
import secrets
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from torchproof.errors import CourseError, TorchproofError, UnreadableError, WorkerLostError
from torchproof.grading import worker
from torchproof.grading.course import Course, Handed
from torchproof.grading.faults import machine_fault
from torchproof.grading.feedback import Style, unreadable_page
from torchproof.grading.intake import Submission, collect
from torchproof.grading.lean import nbgrader
from torchproof.grading.limits import Limits
from torchproof.grading.outcome import Outcome, Status, Task
from torchproof.grading.rebuild import find_check, marks
from torchproof.grading.record import Recorder, replace_folder
from torchproof.grading.schedule import LOST, Place, Queue

UNCHANGED = "unchanged"


@dataclass
class Summary:
    """What became of a class.

    Attributes:
        counts: how many learners had each outcome; "unchanged" were graded before.
        problems: the outcomes that need a look: not graded, and why.
        notes: what else a teacher may want to know, by learner.
    """

    counts: Counter[str] = field(default_factory=Counter)
    problems: list[Outcome] = field(default_factory=list)
    notes: dict[str, list[str]] = field(default_factory=dict)


class Grader:
    """Grades one assignment of a course.

    Args:
        course: the course.
        assignment: the assignment's name.
        place: where the work is done.
        limits: what one submission may use.
        force: grade again what was graded before.
        feedback: write feedback pages.
        wall: whether the sandbox is on.
        seed: what all cases are drawn from; a fresh one for each exercise where it is None.
        tell: called with each learner's outcome once it is on record.
    """

    def __init__(
        self,
        course: Course,
        assignment: str,
        place: Place,
        limits: Limits,
        *,
        force: bool = False,
        feedback: bool = True,
        wall: bool = True,
        seed: int | None = None,
        tell: Callable[[str, str], None] = lambda learner, status: None,
    ) -> None:
        self.course = course
        self.assignment = assignment
        self.limits = limits = replace(limits, cell_seconds=_seconds(course, limits))
        self.force = force
        self.feedback = feedback
        self.tell = tell
        self.summary = Summary()
        self.recorder = Recorder(course, assignment)
        teacher = self.recorder.teacher
        cells = [cell for notebook in teacher for cell in notebook.cells if marks(cell)["grade"]]
        checks = [(cell, find_check(cell["source"])) for cell in cells]
        self._points = {c.exercise_id: marks(cell)["points"] for cell, c in checks if c}
        seeds = {name: secrets.randbelow(2**31) if seed is None else seed for name in self._points}
        self.task = Task(teacher, course.files(assignment), seeds, limits, wall)
        whole = json.dumps([[each.cells for each in teacher], sorted(self.task.files)])
        self._version = hashlib.sha256(whole.encode()).hexdigest()
        self._style = Style(course.feedback.exporter_class, dict(course.feedback.config))
        self._place = place
        self._queue = Queue(place)
        self._known_points: Future[Any] | None = None

    def run(self) -> Summary:
        """Grade everyone who handed in and is not graded yet."""
        self._known_points = self._place.submit(worker.points, [*self._points])
        handed = iter(self.course.submissions(self.assignment))
        more = True
        while more or len(self._queue):
            while more and not self._queue.full:
                more = self._start(next(handed, None))
            if len(self._queue):
                for (kind, subject, digest), result in self._queue.take():
                    self._take(kind, subject, digest, result)
        return self.summary

    def close(self) -> None:
        """Close the gradebook."""
        self.recorder.close()

    def _settle_points(self) -> None:
        """Refuse exercises that can give more points than their cell has, as nbgrader does."""
        if self._known_points is None:
            return
        try:
            known = self._points_known()
        except Exception as error:
            raise CourseError(str(error)) from error
        self._known_points = None
        for name, most in known.items():
            if most > self._points[name]:
                raise CourseError(
                    f"{name} gives up to {most:g} points, but its cell has "
                    f"{self._points[name]:g}; nbgrader refuses scores above a cell's points."
                )

    def _points_known(self) -> dict[str, float]:
        """Wait for the points; asked again where the worker was killed on them."""
        for _ in range(3):
            assert self._known_points is not None
            with suppress(BrokenProcessPool):
                return dict(self._known_points.result())
            self._known_points = self._place.submit(worker.points, [*self._points])
        raise WorkerLostError(LOST)

    def _start(self, handed: Handed | None) -> bool:
        """Read one submission and have it graded; say whether there are more to come."""
        if handed is None:
            return False
        try:
            submission = self._collect(handed)
        except UnreadableError as error:
            self._problem(Outcome(handed.learner, Status.UNREADABLE, str(error)))
            return True
        digest = {"digest": submission.digest, "version": self._version}
        marker = {} if self.force else self.recorder.marker(handed.learner)
        same = all(marker.get(key) == value for key, value in digest.items())
        if same and marker["status"] == Status.UNREADABLE:
            self._problem(Outcome(handed.learner, Status.UNREADABLE, marker["reason"]))
        elif same and (marker["feedback"] or not self.feedback):
            self._done(handed.learner, UNCHANGED)
        else:
            self._queue.put(("grade", submission, digest), worker.grade, self.task, submission)
        return True

    def _collect(self, handed: Handed) -> Submission:
        if handed.folder.is_symlink() or not handed.folder.is_dir():
            raise UnreadableError(f"{handed.folder.name} is no folder but a link or a file")
        limit = self.limits.submitted_mib * 2**20
        ignore = self.course.directory.ignore
        return collect(handed.folder, handed.learner, self.assignment, ignore, limit)

    def _take(self, kind: str, subject: Any, digest: dict[str, Any], result: Any) -> None:
        """Go on with what a worker gave back."""
        self._settle_points()
        learner = subject if kind == "pages" else subject.learner
        try:
            if isinstance(result, Exception):
                raise result
            if kind == "pages":
                self._publish(learner, result)
                self._finish(learner, digest | {"feedback": True})
            else:
                self._record(subject, digest, result)
        except Exception as error:
            if not isinstance(result, Exception) and (fault := machine_fault(error)):
                raise fault from error
            name = "" if isinstance(error, TorchproofError) else f"{type(error).__name__}: "
            reason = f"the grader failed: {name}{error}"
            text = "".join(traceback.format_exception(error))
            self._problem(Outcome(learner, Status.FAILED, reason, text))

    def _record(self, submission: Submission, digest: dict[str, Any], outcome: Outcome) -> None:
        marker = digest | {"status": outcome.status, "reason": outcome.reason, "feedback": False}
        if outcome.notes:
            self.summary.notes[outcome.learner] = outcome.notes
        if outcome.status is not Status.GRADED:
            if outcome.status is Status.UNREADABLE:
                self.recorder.mark(outcome.learner, marker)
            self._problem(outcome)
            return
        contents = self.recorder.record(submission, outcome)
        if self.feedback:
            arguments = (self._style, contents, self.assignment, outcome.learner)
            self._queue.put(("pages", outcome.learner, marker), worker.pages, *arguments)
        else:
            self._finish(outcome.learner, marker)

    def _publish(self, learner: str, pages: dict[str, str]) -> None:
        """Write the feedback pages, with the files that lie beside the graded notebooks."""
        autograded = self.course.path("autograded", learner, self.assignment)
        files = {
            path.relative_to(autograded).as_posix(): path.read_bytes()
            for path in _files_below(autograded)
            if path.suffix != ".ipynb"
        }
        files |= {f"{name}.html": html.encode() for name, html in pages.items()}
        target = self.course.path("feedback", learner, self.assignment)
        replace_folder(target, files, int(str(self.course.feedback.permissions), 8))

    def _finish(self, learner: str, marker: dict[str, Any]) -> None:
        self.recorder.mark(learner, marker)
        self._done(learner, Status.GRADED)

    def _problem(self, outcome: Outcome) -> None:
        if outcome.status is Status.UNREADABLE and self.feedback:
            page = unreadable_page(self.assignment, outcome.reason)
            self._publish(outcome.learner, {each.name: page for each in self.task.teacher})
        self.summary.problems.append(outcome)
        self._done(outcome.learner, outcome.status)

    def _done(self, learner: str, status: str) -> None:
        self.summary.counts[status] += 1
        self.tell(learner, status)


def _seconds(course: Course, limits: Limits) -> float:
    """Return the time of a cell: the option's, or what the course gives nbgrader's Execute."""
    if limits.cell_seconds is not None:
        return limits.cell_seconds
    return float(
        nbgrader.preprocessors.Execute(parent=course.autograde).timeout or limits.notebook_seconds
    )


def _files_below(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())
