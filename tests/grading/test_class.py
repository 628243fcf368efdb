"""Learners who hand in something broken or hostile, beside one who does not."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest

from tests.grading.rows import rows
from tests.grading.test_record import grade, url

NOTEBOOK = "tensors.ipynb"


def edit(change: Callable[[Any], None]) -> Callable[[Path], None]:
    """Make a fault of a change to the notebook."""

    def apply(folder: Path) -> None:
        notebook = nbformat.read(folder / NOTEBOOK, as_version=4)
        change(notebook)
        (folder / NOTEBOOK).write_text(json.dumps(notebook))

    return apply


def cell_of(notebook: Any, grade_id: str) -> Any:
    return next(
        cell
        for cell in notebook.cells
        if cell.metadata.get("nbgrader", {}).get("grade_id") == grade_id
    )


def answer(text: str) -> Callable[[Path], None]:
    """Put text before the learner's first answer, which stays unwritten."""
    return edit(lambda notebook: setattr(cell_of(notebook, "threshold"), "source", text))


def write(content: bytes) -> Callable[[Path], None]:
    return lambda folder: (folder / NOTEBOOK).write_bytes(content) and None  # type: ignore[func-returns-value]


def link(folder: Path) -> None:
    (folder / NOTEBOOK).unlink()
    (folder / NOTEBOOK).symlink_to("/etc/passwd")


def _skip(notebook: Any) -> None:
    cell_of(notebook, "check_threshold").metadata["tags"] = ["skip-execution"]


def _replace(notebook: Any) -> None:
    cell_of(notebook, "check_threshold").source = "5.0"


def _delete(notebook: Any) -> None:
    notebook.cells.remove(cell_of(notebook, "check_threshold"))


def _points(notebook: Any) -> None:
    cell_of(notebook, "check_threshold").metadata.nbgrader.points = 500


WRONG = "def threshold(t, limit):\n    return t\n"
TAMPERING = {
    "skip-execution": edit(_skip),
    "test replaced": edit(_replace),
    "test deleted": edit(_delete),
    "points edited": edit(_points),
    "displayhook": answer(
        WRONG + "import sys\nsys.displayhook = lambda x: print(5.0)\n"
        "get_ipython().display_formatter.format = lambda o, **k: ({'text/plain': '5.0'}, {})"
    ),
    "assert_close patched": answer(
        WRONG + "import torch\ntorch.testing.assert_close = lambda *a, **k: None\n"
        "torch.equal = lambda *a: True"
    ),
    "observe patched": answer(
        WRONG + "import sys\nm = sys.modules['torchproof.grading.inside.runner']\n"
        "from torchproof.checking.observe import Observation\n"
        "m.observe = lambda q, c, case: Observation(result=case.arguments['t'], calls=(1, 1))"
    ),
    "forged frames": answer(
        WRONG + "import gc, os\n"
        "r = [o for o in gc.get_objects() if type(o).__name__ == 'Runner'][0]\n"
        "from torchproof.grading.inside import frames\n"
        "frames.send_json(r.channel, frames.DONE, {'ok': True, 'count': 1})"
    ),
    "a subclass that lies": answer(
        "import torch\n"
        "class T(torch.Tensor):\n"
        "    @classmethod\n"
        "    def __torch_function__(cls, func, types, args=(), kwargs=None):\n"
        "        return True\n"
        "def threshold(t, limit):\n    return t.as_subclass(T)\n"
    ),
    "the public seed": answer(
        "def threshold(t, limit):\n    import torch\n    return torch.ones_like(t)\n"
    ),
    "atexit": answer(WRONG + "import atexit\natexit.register(print, 5.0)"),
    "os._exit in the answer": answer("def threshold(t, limit):\n    import os\n    os._exit(0)"),
}
UNREADABLE = {
    "empty": write(b""),
    "truncated": write(b'{"nbformat": 4, "cells": ['),
    "an object": write(b"{}"),
    "UTF-16": write("{}".encode("utf-16")),
    "renamed": lambda folder: (folder / NOTEBOOK).rename(folder / "tensors (1).ipynb") and None,
    "a link": link,
}
HARMLESS = {
    "an extra notebook": lambda folder: shutil.copy(folder / NOTEBOOK, folder / "b.ipynb"),
    "marks that are text": edit(lambda n: cell_of(n, "one_hot").metadata.update(nbgrader="x")),
    "an unknown kernel": edit(lambda n: n.metadata.update(kernelspec={"name": "julia"})),
}
NAMES = ["Ada Lovelace", "zoë", "o'neil", 'quo"te', "a,b", "-dash"]


@pytest.fixture(scope="module")
def graded(fresh: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """Grade all of them in one class; learner-001 is right, learner-002 wrote nothing."""
    course = Path(shutil.copytree(fresh, tmp_path_factory.mktemp("hostile") / "course"))
    submitted = course / "submitted"
    for name, fault in TAMPERING.items():
        shutil.copytree(submitted / "learner-002", submitted / name)
        fault(submitted / name / "01_tensors")
    for name, fault in (UNREADABLE | HARMLESS).items():
        shutil.copytree(submitted / "learner-001", submitted / name)
        fault(submitted / name / "01_tensors")
    for name in NAMES:
        shutil.copytree(submitted / "learner-001", submitted / name)
    return course, grade(course, "--cell-seconds=10")


def scores(course: Path, learner: str) -> dict[str, float]:
    return {row[4]: row[6] for row in rows(url(course)) if row[0] == "grade" and row[2] == learner}


@pytest.mark.slow
@pytest.mark.parametrize("name", TAMPERING)
def test_tampering_gains_nothing(graded: tuple[Path, dict[str, Any]], name: str) -> None:
    assert scores(graded[0], name)["check_threshold"] in (0, 1)
    others = {k: v for k, v in scores(graded[0], name).items() if k != "check_threshold"}
    assert set(others.values()) == {0}


@pytest.mark.slow
@pytest.mark.parametrize("name", UNREADABLE)
def test_unreadable_is_said(graded: tuple[Path, dict[str, Any]], name: str) -> None:
    problems = {each["learner"]: each for each in graded[1]["problems"]}
    assert problems[name]["status"] == "unreadable"
    assert "tensors" in problems[name]["reason"]


@pytest.mark.slow
@pytest.mark.parametrize("name", [*HARMLESS, *NAMES, "learner-001"])
def test_others_get_their_points(graded: tuple[Path, dict[str, Any]], name: str) -> None:
    right = sum(scores(graded[0], name).values())
    assert right == (34 if name == "marks that are text" else 39)


@pytest.mark.slow
def test_nobody_else_is_a_problem(graded: tuple[Path, dict[str, Any]]) -> None:
    assert {each["learner"] for each in graded[1]["problems"]} == set(UNREADABLE)
