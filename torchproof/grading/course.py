"""The course as nbgrader's configuration describes it."""

import fcntl
import glob
import json
import logging
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from torchproof.errors import CourseError
from torchproof.grading.imports import imports
from torchproof.grading.lean import nbformat, nbgrader
from torchproof.grading.rebuild import Cell, Teacher

_SECONDS_TO_WAIT = 60


@dataclass(frozen=True)
class Handed:
    """One learner's folder of what was handed in."""

    learner: str
    folder: Path


class Course:
    """A course folder with nbgrader's own view of it.

    Attributes:
        root: the course folder.
        app: nbgrader's application, configured as ``nbgrader autograde`` would be there.
        directory: nbgrader's CourseDirectory.
        autograde: nbgrader's Autograde converter, for its options.
        feedback: nbgrader's GenerateFeedback converter, for its options and exporter.

    Raises:
        CourseError: the folder does not exist.
    """

    def __init__(self, root: Path) -> None:
        if not root.is_dir():
            raise CourseError(f"There is no folder {root}. Check what --course says.")
        self.root = root.resolve()
        before = Path.cwd()
        os.chdir(self.root)
        try:
            self.app = nbgrader.apps.AutogradeApp(log_level=logging.ERROR)
            self.app.initialize([])
        finally:
            os.chdir(before)
        self.app.log.setLevel(logging.ERROR)
        nbgrader.api.app_log.disabled = True  # what the gradebook logs, it raises too
        self.directory = self.app.coursedir
        self.autograde = nbgrader.converters.Autograde(coursedir=self.directory, parent=self.app)
        self.feedback = nbgrader.converters.GenerateFeedback(
            coursedir=self.directory, parent=self.app
        )

    def gradebook(self) -> Any:
        """Open the gradebook; where another program holds SQLite's, it is waited for."""
        url = self.directory.db_url
        if url.startswith("sqlite") and "timeout=" not in url:
            url += f"{'&' if '?' in url else '?'}timeout={_SECONDS_TO_WAIT}"
        return nbgrader.api.Gradebook(url, self.directory.course_id)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep other graders off the course; the system lets go of it when this one ends.

        Raises:
            CourseError: another grader is at work in the course.
        """
        path = self.root / ".torchproof" / ".lock"
        path.parent.mkdir(exist_ok=True)
        with path.open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise CourseError(
                    f"Another `torchproof grade` is grading {self.root}; "
                    "wait until it is done, then run this again."
                ) from None
            yield

    def path(self, step: str, learner: str, assignment: str) -> Path:
        """Return the folder of a step, as in ``path("autograded", "ada", "01_tensors")``."""
        name = getattr(self.directory, f"{step}_directory")
        return Path(os.path.normpath(self.directory.format_path(name, learner, assignment)))

    def submissions(self, assignment: str) -> list[Handed]:
        """List the learners who handed something in, in order."""
        step = self.directory.submitted_directory
        pattern = self.directory.format_path(step, self.directory.student_id, assignment)
        expression = self.directory.format_path(
            step, "(?P<learner>.*)", re.escape(assignment), escape=True
        )
        excluded = self.directory.student_id_exclude.split(",")
        found = []
        for folder in sorted(glob.glob(pattern)):  # noqa: PTH207
            match = re.fullmatch(expression, folder)
            if match and match["learner"] not in excluded:
                found.append(Handed(match["learner"], Path(folder)))
        return found

    def files(self, assignment: str) -> dict[str, bytes]:
        """Return the files that lie beside the teacher's notebooks, by path."""
        folder = self.path("source", ".", assignment)
        kept = self.autograde.exclude_overwriting.get(assignment, [])
        found = nbgrader.utils.find_all_files(str(folder), [*self.directory.ignore, "*.ipynb"])
        paths = {Path(path).relative_to(folder).as_posix(): Path(path) for path in found}
        return {name: path.read_bytes() for name, path in paths.items() if name not in kept}

    def teacher(self, gradebook: Any, assignment: str) -> list[Teacher]:
        """Return the assignment's notebooks: the release's cells with the gradebook's tests.

        Raises:
            CourseError: the gradebook or the release lacks the assignment.
        """
        try:
            entry = gradebook.find_assignment(assignment)
        except nbgrader.api.MissingEntry:
            raise CourseError(
                f"The gradebook has no assignment {assignment!r}; "
                f"run `nbgrader generate_assignment {assignment}` first."
            ) from None
        return [self._notebook(assignment, notebook) for notebook in entry.notebooks]

    def _notebook(self, assignment: str, entry: Any) -> Teacher:
        path = self.path("release", ".", assignment) / f"{entry.name}.ipynb"
        if not path.exists():
            raise CourseError(
                f"{path} is missing; run `nbgrader generate_assignment {assignment} --force`."
            )
        notebook = nbformat.read(path, as_version=4)
        stored = {cell.name: cell for cell in entry.source_cells}
        points = {cell.name: cell.max_score for cell in [*entry.grade_cells, *entry.task_cells]}
        cells = [
            _overwritten(json.loads(json.dumps(cell)), stored, points)
            for cell in notebook.cells
            if cell.metadata.get("nbgrader", {}).get("grade_id") in stored
        ]
        kernel = json.loads(entry.kernelspec or "{}")
        kernel = kernel or {"name": "python3", "display_name": "Python 3", "language": "python"}
        metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
        code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
        return Teacher(entry.name, cells, metadata, imports(code))


def _overwritten(cell: Cell, stored: dict[str, Any], points: dict[str, float]) -> Cell:
    """Put the gradebook's source, points and checksum into a cell of the release."""
    mark = cell["metadata"]["nbgrader"]
    source = stored[mark["grade_id"]]
    cell["cell_type"] = source.cell_type
    mark |= {"checksum": source.checksum, "locked": source.locked}
    if mark["grade_id"] in points:
        mark["points"] = points[mark["grade_id"]]
    if source.locked:
        cell["source"] = source.source
    return {key: cell[key] for key in ("cell_type", "metadata", "source")}
