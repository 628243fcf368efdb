"""Reading what was handed in, as if it had been written to do harm."""

import hashlib
import json
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from torchproof.errors import UnreadableError

MAX_FILES = 200
"""Files that one submission may hold."""

MAX_CELLS = 5_000
"""Cells that one notebook may hold."""


@dataclass(frozen=True)
class Submission:
    """The bytes of what one learner handed in for one assignment.

    Attributes:
        learner: the learner's id.
        assignment: the assignment's name.
        files: the content of each regular file by its path in the folder.
        refused: why a file was not read, by its path.
    """

    learner: str
    assignment: str
    files: dict[str, bytes] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """A hash of everything that was handed in."""
        whole = hashlib.sha256()
        for name, content in sorted({**self.files}.items()):
            whole.update(f"{name}\0{len(content)}\0".encode(errors="surrogateescape") + content)
        whole.update(json.dumps(sorted(self.refused.items())).encode())
        return whole.hexdigest()


def collect(
    folder: Path, learner: str, assignment: str, ignore: list[str], limit: int
) -> Submission:
    """Read a learner's folder: regular files only, no links followed, each within the limit."""
    submission = Submission(learner, assignment)
    for path in _walk(folder):
        name = path.relative_to(folder).as_posix()
        if any(fnmatch(part, pattern) for part in Path(name).parts for pattern in ignore):
            continue
        if len(submission.files) >= MAX_FILES:
            submission.refused[name] = f"there are more than {MAX_FILES} files"
            break
        try:
            submission.files[name] = _read(path, limit)
        except UnreadableError as error:
            submission.refused[name] = str(error)
    return submission


def _walk(folder: Path) -> Iterator[Path]:
    """Yield every file below a folder, entering no links."""
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            if entry.is_dir(follow_symlinks=False):
                yield from _walk(Path(entry.path))
            else:
                yield Path(entry.path)


def _read(path: Path, limit: int) -> bytes:
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            raise UnreadableError(f"{path.name} is not a regular file")
        descriptor = os.open(path, flags)
    except OSError as error:
        raise UnreadableError(f"{path.name} cannot be opened: {error.strerror}") from error
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise UnreadableError(f"{path.name} is not a regular file")
        content = file.read(limit + 1)
    if len(content) > limit:
        raise UnreadableError(
            f"{path.name} is larger than {limit // 2**20} MiB; clear its outputs and hand in again"
        )
    return content


def read_notebook(name: str, content: bytes) -> list[dict[str, Any]]:
    """Return the cells of a submitted notebook, checked as far as grading needs.

    Raises:
        UnreadableError: it is no notebook of a known format; the text says why.
    """
    if not content.strip():
        raise UnreadableError(f"{name} is empty")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableError(f"{name} is not written in UTF-8") from error
    try:
        notebook = json.loads(text)
    except ValueError as error:
        raise UnreadableError(f"{name} is not JSON: {error}") from error
    except RecursionError as error:
        raise UnreadableError(f"{name} is nested too deep") from error
    return _cells(name, _current_format(name, notebook))


def _current_format(name: str, notebook: Any) -> Any:
    """Bring an older notebook to format 4."""
    version = notebook.get("nbformat") if isinstance(notebook, dict) else None
    if type(version) is not int:
        raise UnreadableError(f"{name} is not a notebook: it names no format")
    if version > 4:
        raise UnreadableError(f"{name} has notebook format {version}; only up to 4 is known")
    if version == 4:
        return notebook
    from torchproof.grading.lean import nbformat

    try:
        return nbformat.convert(nbformat.from_dict(notebook), 4)
    except Exception as error:
        raise UnreadableError(f"{name} has format {version} and cannot be converted") from error


def _cells(name: str, notebook: Any) -> list[dict[str, Any]]:
    cells = notebook.get("cells")
    if not isinstance(cells, list):
        raise UnreadableError(f"{name} is not a notebook: it has no list of cells")
    if len(cells) > MAX_CELLS:
        raise UnreadableError(f"{name} has {len(cells):,} cells; {MAX_CELLS:,} is the limit")
    return [_cell(name, number, cell) for number, cell in enumerate(cells, 1)]


def _cell(name: str, number: int, cell: Any) -> dict[str, Any]:
    """Keep of a cell what grading looks at: type, source and grade_id."""
    if not isinstance(cell, dict):
        raise UnreadableError(f"{name}: cell {number} is not a cell")
    source = cell.get("source", "")
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str):
        raise UnreadableError(f"{name}: the source of cell {number} is not text")
    kind = cell.get("cell_type")
    if kind not in ("code", "markdown", "raw"):
        raise UnreadableError(f"{name}: cell {number} has no known type")
    metadata = cell.get("metadata")
    marks = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    grade_id = marks.get("grade_id") if isinstance(marks, dict) else None
    return {
        "cell_type": kind,
        "source": source.encode(errors="replace").decode(),
        "grade_id": grade_id if isinstance(grade_id, str) else None,
    }
