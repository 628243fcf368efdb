"""A class of made-up learners who hand in right, half-right, wrong and empty answers."""

import ast
import builtins
import inspect
import random
import re
import shutil
import subprocess
import symtable
import sys
import textwrap
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from torchproof.checking.drive import parameters_of
from torchproof.checking.exercise import Exercise, Mistake, find
from torchproof.checking.names import global_names
from torchproof.errors import TorchproofError
from torchproof.grading.rebuild import find_check

RIGHT, EMPTY = "right", "empty"
"""Answers beside the named mistakes: the teacher's own, and the untouched stub."""

_MARKER = re.compile(r"^ *### (BEGIN|END) SOLUTION\n?", flags=re.MULTILINE)


def build(
    source: Path, course: Path, assignment: str, learners: int = 30
) -> dict[str, dict[str, str]]:
    """Set up a course folder with submissions, ready for nbgrader or ``torchproof grade``.

    The first learner answers everything right, the second nothing; the others draw each answer
    from the right one, the mistakes of the catalog and an empty one.

    Args:
        source: the course to take the configuration, the sources and the releases from.
        course: the folder to make; what an earlier sample left in it is removed.
        assignment: the name of the assignment, as in ``01_tensors``.
        learners: how many submissions to write.

    Returns:
        For each learner and each exercise, "right", "empty" or the name of a mistake.

    Raises:
        TorchproofError: the source has no such assignment, or the folder holds something else.
    """
    if not (source / "solutions" / assignment).is_dir():
        raise TorchproofError(f"There is no assignment {assignment!r} in {source / 'solutions'}.")
    if course.exists() and any(course.iterdir()) and not (course / "nbgrader_config.py").exists():
        raise TorchproofError(f"{course} is not empty and no course; name another folder.")
    shutil.rmtree(course, ignore_errors=True)
    course.mkdir(parents=True)
    shutil.copy(source / "nbgrader_config.py", course)
    shutil.copytree(source / "solutions" / assignment, course / "solutions" / assignment)
    _generate(course, assignment)
    choose = random.Random(0)
    class_ = {}
    for number in range(1, learners + 1):
        learner = f"learner-{number:03}"
        folder = course / "submitted" / learner / assignment
        shutil.copytree(course / "exercises" / assignment, folder)
        class_[learner] = {
            name: kind
            for path in sorted(folder.glob("*.ipynb"))
            for name, kind in _fill(
                path, course / "solutions" / assignment / path.name, number, choose
            )
        }
    return class_


def _generate(course: Path, assignment: str) -> None:
    """Have nbgrader make the release and enter the assignment in the gradebook."""
    command = [sys.executable, "-m", "nbgrader", "generate_assignment", assignment]
    done = subprocess.run(command, cwd=course, capture_output=True, text=True, check=False)
    if done.returncode:
        raise TorchproofError(f"nbgrader could not generate {assignment}: {done.stderr[-2000:]}")


def _fill(path: Path, solution: Path, number: int, choose: random.Random) -> list[tuple[str, str]]:
    """Answer one release notebook in place and say which answer each exercise got."""
    notebook = nbformat.read(path, as_version=4)
    cells = nbformat.read(solution, as_version=4).cells
    right = {name: cell.source for cell in cells for name in _defined(cell)}
    checks = [find_check(cell.source) for cell in notebook.cells if cell.cell_type == "code"]
    exercises = {
        name: find(check.exercise_id)
        for check in checks
        if check
        for name in re.findall(r"\w+", check.expression)  # CharModel in trained(CharModel)
    }
    chosen = []
    for cell in notebook.cells:
        for name in exercises.keys() & _defined(cell):
            exercise = exercises[name]
            kind = _kind(exercise, number, choose)
            if kind == RIGHT:
                cell.source = _MARKER.sub("", right[name])
            elif kind != EMPTY:
                cell.source = answer(exercise, kind)
            chosen.append((exercise.id, kind))
    nbformat.write(notebook, path)
    return chosen


def _defined(cell: NotebookNode) -> list[str]:
    """Return the names of the functions and classes that an answer cell defines."""
    if not cell.metadata.get("nbgrader", {}).get("solution"):
        return []
    return re.findall(r"^(?:def|class) (\w+)", cell.source, flags=re.MULTILINE)


def _kind(exercise: Exercise, number: int, choose: random.Random) -> str:
    if number <= 2:
        return RIGHT if number == 1 else EMPTY
    names = [mistake.name for mistake in exercise.mistakes if written_out(exercise, mistake)]
    kinds = [RIGHT, EMPTY, choose.choice(names or [EMPTY])]
    return choose.choices(kinds, weights=[6, 1, 3])[0]


def written_out(exercise: Exercise, mistake: Mistake) -> bool:
    """Tell whether a mistake's source stands alone, and is not put together from parts.

    Those of a trained model are models, and what a learner writes is trained first.
    """
    if exercise.question.driver == "trained":
        return False
    namespace: dict[str, Any] = {}
    try:
        source = answer(exercise, mistake.name)
        exec(source, namespace)
    except (OSError, SyntaxError, NameError):
        return False
    known = namespace.keys() | vars(builtins).keys()
    parameters = parameters_of(namespace[exercise.id.rpartition(".")[2]])
    return known.issuperset(global_names(source, symtable.Symbol.is_referenced)) and (
        tuple(each.name for each in parameters) == exercise.question.parameters
    )


def answer(exercise: Exercise, mistake: str) -> str:
    """Return the source of a mistake as a learner would hand it in, with all that it uses.

    Raises:
        OSError: it has no definition of its own, as a lambda has none, or calls the reference.
        SyntaxError: the same.
    """
    wrong = next(each.function for each in exercise.mistakes if each.name == mistake)
    if not inspect.isroutine(wrong) and not inspect.isclass(wrong):
        raise OSError(f"{mistake} of {exercise.id} is an object without a source of its own")
    module = inspect.getmodule(wrong)
    assert module is not None
    parts = _parts(inspect.getsource(module))
    source = textwrap.dedent(inspect.getsource(wrong))
    node = ast.parse(source).body[0]
    if not isinstance(node, ast.FunctionDef | ast.ClassDef):
        raise OSError(f"{mistake} of {exercise.id} is no def and no class")
    own = ast.get_source_segment(source, node) or ""
    name = exercise.id.rpartition(".")[2]
    if any(isinstance(each, ast.Name) and each.id == name for each in _walk(node.body)):
        raise OSError(f"{mistake} of {exercise.id} calls the reference")
    own = own.replace(f" {node.name}(", f" {name}(", 1)
    kept = [each for each in node.decorator_list if not _registers(each)]
    own = "".join(f"@{ast.get_source_segment(source, each)}\n" for each in kept) + own
    used: dict[str, None] = {}
    _use(own, parts, used)
    return "\n\n\n".join([*(part for part in parts.values() if part in used), own])


def _walk(body: list[ast.stmt]) -> Iterator[ast.AST]:
    return (each for statement in body for each in ast.walk(statement))


def _registers(decorator: ast.expr) -> bool:
    """Tell whether a decorator is the catalog's, as ``@threshold.mistake(...)`` or a form of it."""
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    return ast.unparse(called).endswith("mistake")


@lru_cache(maxsize=64)
def _parts(source: str) -> dict[str, str]:
    """Map each name that a catalog module defines or imports to its source, in order."""
    parts = {}
    for node in ast.parse(source).body:
        text = ast.get_source_segment(source, node) or ""
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.decorator_list:
            parts[node.name] = text
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            parts[node.targets[0].id] = text
        elif isinstance(node, ast.Import | ast.ImportFrom) and "torchproof" not in text:
            parts |= {alias.asname or alias.name: text for alias in node.names}
    return parts


def _use(source: str, parts: dict[str, str], used: dict[str, None]) -> None:
    names = {node.id for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name)}
    for name in names & parts.keys():
        if parts[name] not in used:
            used[parts[name]] = None
            _use(parts[name], parts, used)
