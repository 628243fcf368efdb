"""What a learner hands in, and how an attack changes it."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat

from torchproof.checking.exercise import find

ROOT = Path(__file__).parents[2]
ASSIGNMENT = "01_tensors"
NOTEBOOK = "tensors.ipynb"
SEED = 20_260_301
"""What the class is graded on; learners know the seed 0 only."""

MARK = "left-behind-by-a-submission"
"""In the name of every file that an attack tries to leave, so that a test can look for it."""

Change = Callable[[Any], object]
HandIn = Callable[[Path], None]
"""Writes an attack into a learner's folder, which holds right answers, or wrong ones to tamper."""

WRONG = {
    "threshold": "torch.full_like(t, 7)",
    "one_hot": "labels.new_full((*labels.shape, num_classes), 7)",
    "standardize": "torch.full_like(x, 7)",
    "masked_mean": "torch.full_like(x.sum(dim), 7)",
    "topk_accuracy": "7.0",
    "pairwise_distance": "a.new_full((len(a), len(b)), 7)",
    "extract_patches": (
        "torch.full_like(images.unfold(2, size, stride).unfold(3, size, stride)"
        ".permute(0, 1, 4, 5, 2, 3).flatten(1, 3).flatten(2), 7)"
    ),
}
"""For each exercise a result of the right type and shape that deserves no points."""


def edit(change: Change) -> HandIn:
    """Make an attack of a change to the notebook."""

    def hand_in(folder: Path) -> None:
        notebook = nbformat.read(folder / NOTEBOOK, as_version=4)
        change(notebook)
        (folder / NOTEBOOK).write_text(json.dumps(notebook))

    return hand_in


def cell_of(notebook: Any, grade_id: str) -> Any:
    """Return the cell with this id."""
    cells = [cell for cell in notebook.cells if id_of(cell) == grade_id]
    return cells[0]


def id_of(cell: Any) -> str:
    """Return a cell's id, or nothing."""
    return str(cell.metadata.get("nbgrader", {}).get("grade_id", ""))


def graded_cells(notebook: Any) -> list[Any]:
    """Return the graded cells."""
    return [cell for cell in notebook.cells if id_of(cell).startswith("check_")]


def first(code: str) -> HandIn:
    """Put code before everything else, in a cell of its own."""
    return edit(lambda notebook: notebook.cells.insert(0, nbformat.v4.new_code_cell(code)))


def own_cell(code: str) -> HandIn:
    """Put code behind the teacher's imports, in a cell of its own."""

    def change(notebook: Any) -> None:
        place = notebook.cells.index(cell_of(notebook, "imports")) + 1
        notebook.cells.insert(place, nbformat.v4.new_code_cell(code))

    return edit(change)


def answered(name: str, source: str) -> HandIn:
    """Hand in a text as the answer of one exercise."""
    return edit(lambda notebook: cell_of(notebook, name).update(source=source))


def all_answered(result: str, before: str = "") -> HandIn:
    """Answer every exercise with an expression in which ``wrong``, ``given`` and ``name`` stand
    for a wrong result, the arguments and the exercise.
    """

    def change(notebook: Any) -> None:
        for name in WRONG:
            cell_of(notebook, name).source = wrong_answer(name, result)
        cell_of(notebook, "threshold").source = f"{before}\n\n{wrong_answer('threshold', result)}"

    return edit(change)


def wrong_answer(name: str, result: str = "wrong") -> str:
    """Return the source of an answer that deserves nothing."""
    parameters = ", ".join(find(f"tensors.{name}").question.parameters)
    return (
        f"def {name}({parameters}):\n"
        f"    name, given = {name!r}, ({parameters},)\n"
        f"    wrong = {WRONG[name]}\n"
        f"    return {result}\n"
    )


def hand_in(course: Path, learner: str, attack: HandIn, right: bool) -> None:
    """Write one attacker's folder into a course; the first learner there answered all right."""
    folder = course / "submitted" / learner / ASSIGNMENT
    shutil.copytree(course / "submitted" / "learner-001" / ASSIGNMENT, folder)
    if not right:
        all_answered("wrong")(folder)
    attack(folder)
