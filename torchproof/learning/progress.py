"""How far a learner is, read from the outputs of the exercises' notebooks."""

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import nbformat

from torchproof.errors import TorchproofError, UnreadableError

_CHECK = re.compile(r"""\bcheck\(\s*["'](?P<topic>\w+)\.(?P<name>\w+)["']""")
_ROW = re.compile(r"^\|\s*(?:\d+\.\s*)?`(?P<name>\w+)`\s*\|[^|]*\|(?P<lessons>[^|]*)\|", re.M)
_LINK = re.compile(r"\[(?P<title>[^\]]+)\]\((?P<path>[^)\s]+)\)")


class State(StrEnum):
    """How it stands with one exercise."""

    PASSED = "passed"
    PARTLY = "partly"
    WRONG = "wrong"
    NOT_WRITTEN = "not written yet"
    RAISED = "raised"
    STOPPED = "out of time"
    NOT_RUN = "not run"


@dataclass(frozen=True)
class Row:
    """How it stands with one exercise.

    Attributes:
        name: the exercise, as its function or class is called.
        points: what the last run scored; None where there was none.
        most: what a right answer scores.
        state: how it stands.
        lessons: title and path of each lesson that prepares the exercise.
    """

    name: str
    points: float | None
    most: float
    state: State
    lessons: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Sheet:
    """How it stands with one notebook: its path, its exercises, and what kept it from running."""

    path: Path
    rows: tuple[Row, ...]
    note: str = ""

    @property
    def points(self) -> float:
        """The points scored so far."""
        return sum(row.points or 0.0 for row in self.rows)

    @property
    def most(self) -> float:
        """The points of all exercises."""
        return sum(row.most for row in self.rows)

    @property
    def never_run(self) -> bool:
        """Whether no check of the notebook has left an output."""
        return all(row.state is State.NOT_RUN for row in self.rows)


def read(path: Path) -> Any:
    """Read a notebook.

    Raises:
        UnreadableError: it cannot be read as one.
    """
    try:
        return nbformat.read(path, as_version=4)
    except (OSError, ValueError, AttributeError, nbformat.ValidationError) as error:
        raise UnreadableError(f"{path} cannot be read as a notebook: {error}") from error


def sheet(path: Path, notebook: Any, note: str = "") -> Sheet:
    """Read the points that the checks of a notebook gave when they last ran.

    Args:
        path: where the notebook lies.
        notebook: the notebook with its outputs.
        note: what kept it from running to its end.
    """
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    lessons = {
        row["name"]: tuple((link["title"], link["path"]) for link in _LINK.finditer(row["lessons"]))
        for row in _ROW.finditer(text)
    }
    found = [(_CHECK.search(cell.source), cell) for cell in notebook.cells if _graded(cell)]
    rows = [_row(match, cell, lessons.get(match["name"], ())) for match, cell in found if match]
    return Sheet(path, tuple(rows), note)


def _graded(cell: Any) -> bool:
    return cell.cell_type == "code" and bool(cell.metadata.get("nbgrader", {}).get("grade"))


def _row(match: re.Match[str], cell: Any, lessons: tuple[tuple[str, str], ...]) -> Row:
    most = float(cell.metadata.nbgrader.get("points", 0))
    points = _points(cell.outputs)
    return Row(match["name"], points, most, _state(cell, points, most), lessons)


def _points(outputs: list[Any]) -> float | None:
    """Return the value of the cell, which is what its check gave."""
    for output in outputs:
        if output.output_type == "execute_result":
            try:
                return float(ast.literal_eval(output.data.get("text/plain", "")))
            except (ValueError, SyntaxError, TypeError):
                return None
    return None


def _state(cell: Any, points: float | None, most: float) -> State:
    errors = [each.ename for each in cell.outputs if each.output_type == "error"]
    if errors:
        stopped = any(name in ("KeyboardInterrupt", "CellTimeoutError") for name in errors)
        return State.STOPPED if stopped else State.RAISED
    if points is None:
        return State.NOT_RUN
    if points >= most:
        return State.PASSED
    if points > 0:
        return State.PARTLY
    shown = [each.data.get("text/plain", "") for each in cell.outputs
             if each.output_type == "display_data"]  # fmt: skip
    headings = {line for text in shown for line in text.splitlines()}
    if "  Not written yet:" in headings:
        return State.NOT_WRITTEN
    return State.RAISED if "  Raised an exception:" in headings else State.WRONG


def notebooks(paths: Iterable[Path] = ()) -> list[Path]:
    """Find the notebooks to look at.

    Args:
        paths: notebooks and folders of notebooks; where there are none, the folder ``work``, or
            else ``exercises``, of this folder or one of the three above, or else this folder.

    Raises:
        TorchproofError: a path does not exist, or there is no notebook.
    """
    given = list(paths)
    for path in given:
        if not path.exists():
            raise TorchproofError(f"There is no {path}. Name a notebook, or a folder of them.")
    if given:
        found = [each for path in given for each in ([path] if path.is_file() else _below(path))]
    else:
        here = Path()
        above = [here, *(Path(*[".."] * steps) for steps in (1, 2, 3))]
        places = [folder / name for folder in above for name in ("work", "exercises")]
        found = next((each for each in map(_below, places) if each), []) or _below(here)
    if not found:
        raise TorchproofError(
            "No notebook with exercises is here. Start an assignment with "
            "`torchproof start 01_tensors`, or name a notebook or a folder."
        )
    return list(dict.fromkeys(found))


def _below(folder: Path) -> list[Path]:
    """Return the notebooks in a folder and the folders in it."""
    found = sorted([*folder.glob("*.ipynb"), *folder.glob("*/*.ipynb")])
    return [path for path in found if not any(part.startswith(".ip") for part in path.parts)]


def recorded(paths: Iterable[Path] = ()) -> list[Sheet]:
    """Read how far one is from what the notebooks show, without running them.

    Raises:
        TorchproofError: there is no notebook, or one cannot be read.
    """
    return with_exercises([sheet(path, read(path)) for path in notebooks(paths)])


def with_exercises(sheets: list[Sheet]) -> list[Sheet]:
    """Leave out notebooks without exercises.

    Raises:
        TorchproofError: none is left.
    """
    kept = [each for each in sheets if each.rows]
    if not kept:
        names = ", ".join(str(each.path) for each in sheets)
        raise TorchproofError(
            f"No cell of {names} is a check of an exercise. "
            "Start an assignment with `torchproof start 01_tensors`."
        )
    return kept


def next_step(sheets: list[Sheet]) -> tuple[Sheet, Row] | None:
    """Return the first exercise that is not passed."""
    rows = ((each, row) for each in sheets for row in each.rows)
    return next((pair for pair in rows if pair[1].state is not State.PASSED), None)
