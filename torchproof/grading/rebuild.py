"""The notebook that is run: the teacher's, with the learner's answers put in."""

import ast
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

Cell = dict[str, Any]


@dataclass(frozen=True)
class Check:
    """A graded cell that calls ``check``: which exercise, and what stands for the candidate."""

    exercise_id: str
    expression: str


@dataclass(frozen=True)
class Teacher:
    """One notebook of an assignment as the teacher wrote it, tests and all.

    Attributes:
        name: the notebook's name without ``.ipynb``.
        cells: the cells with nbgrader's marks, in order, as nbformat's JSON.
        metadata: the notebook's metadata.
        imports: the modules that its code imports, also in cells without marks.
    """

    name: str
    cells: list[Cell]
    metadata: dict[str, Any]
    imports: tuple[str, ...] = ()


@dataclass
class Rebuilt:
    """A notebook to run.

    Attributes:
        name: the notebook's name.
        notebook: nbformat's JSON, without outputs.
        duplicates: the ids that stood on several cells of the submission.
        missing: the ids that stood on none.
        own: the positions of the cells whose source is the learner's.
    """

    name: str
    notebook: dict[str, Any]
    duplicates: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    own: set[int] = field(default_factory=set)


def marks(cell: Cell) -> dict[str, Any]:
    """Return nbgrader's marks of a teacher's cell."""
    found: dict[str, Any] = cell["metadata"].get("nbgrader", {})
    return found


@lru_cache(maxsize=1024)
def find_check(source: str) -> Check | None:
    """Return the call of ``check`` that a graded cell consists of, imports aside, if it does."""
    try:
        *before, last = ast.parse(source).body or [ast.Pass()]
    except SyntaxError:
        return None
    if not all(isinstance(statement, ast.Import | ast.ImportFrom) for statement in before):
        return None
    call = last.value if isinstance(last, ast.Expr) else None
    if not isinstance(call, ast.Call) or ast.unparse(call.func) != "check" or len(call.args) != 2:
        return None
    exercise_id, candidate = call.args
    if not isinstance(exercise_id, ast.Constant) or not isinstance(exercise_id.value, str):
        return None
    return Check(exercise_id.value, ast.unparse(candidate))


def rebuild(teacher: Teacher, submitted: list[Cell]) -> Rebuilt:
    """Put a learner's answers and own cells into the teacher's notebook.

    Of the teacher's cells only answers take the learner's source; a cell the learner added, and
    one that stands there unmarked, keeps its place after the marked cell before it. Where an id
    stands on several cells, the last is the answer and the others are cells the learner added,
    as nbgrader has it.
    """
    known = {marks(cell)["grade_id"] for cell in teacher.cells}
    last = {cell["grade_id"]: i for i, cell in enumerate(submitted) if cell["grade_id"] in known}
    added: dict[str | None, list[Cell]] = {}
    after: str | None = None
    for i, cell in enumerate(submitted):
        if last.get(cell["grade_id"]) == i:
            after = cell["grade_id"]
        elif cell["grade_id"] not in known or _is_answer(teacher, cell["grade_id"]):
            added.setdefault(after, []).append(cell)
    answers = {grade_id: submitted[i]["source"] for grade_id, i in last.items()}
    return _assemble(teacher, answers, added, submitted)


def _assemble(
    teacher: Teacher,
    answers: dict[str, str],
    added: dict[str | None, list[Cell]],
    submitted: list[Cell],
) -> Rebuilt:
    ids = [cell["grade_id"] for cell in submitted if cell["grade_id"] is not None]
    known = [marks(cell)["grade_id"] for cell in teacher.cells]
    cells = [(_added(cell), True) for cell in added.get(None, [])]
    for cell in teacher.cells:
        grade_id = marks(cell)["grade_id"]
        own = bool(marks(cell).get("solution")) and grade_id in answers
        cells.append((_marked(cell, answers[grade_id] if own else cell["source"]), own))
        cells += [(_added(extra), True) for extra in added.get(grade_id, [])]
    for i, (cell, _) in enumerate(cells):
        cell["id"] = f"cell-{i}"
    return Rebuilt(
        teacher.name,
        {
            "cells": [cell for cell, _ in cells],
            "metadata": teacher.metadata,
            "nbformat": 4,
            "nbformat_minor": 5,
        },
        duplicates=sorted({name for name in known if ids.count(name) > 1}),
        missing=[name for name in known if name not in ids],
        own={i for i, (_, own) in enumerate(cells) if own},
    )


def _is_answer(teacher: Teacher, grade_id: str) -> bool:
    return any(
        marks(cell)["grade_id"] == grade_id and marks(cell).get("solution")
        for cell in teacher.cells
    )


def _marked(cell: Cell, source: str) -> Cell:
    made = {**cell, "metadata": {**cell["metadata"]}, "source": source}
    if cell["cell_type"] == "code":
        made |= {"outputs": [], "execution_count": None}
    return made


def _added(cell: Cell) -> Cell:
    made = {"cell_type": cell["cell_type"], "metadata": {}, "source": cell["source"]}
    if cell["cell_type"] == "code":
        made |= {"outputs": [], "execution_count": None}
    return made
