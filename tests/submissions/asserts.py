"""The same assignment with plain asserts in place of ``check``, and attacks aimed at them."""

import subprocess
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import nbformat
import torch

from tests.submissions.aimed import AIMED
from tests.submissions.hand_in import ASSIGNMENT, NOTEBOOK, SEED, WRONG, HandIn, graded_cells
from tests.submissions.malformed import READABLE, UNREADABLE
from tests.submissions.reaching import REACHING
from tests.submissions.resources import RESOURCES, TIME
from tests.submissions.tampering import TAMPERING
from torchproof.checking.cases import Group
from torchproof.checking.exercise import find

_EQUAL = ("one_hot", "extract_patches")

_SAID = {"a tensor of 2⁴⁰ elements": "'shape' do not match"}
"""What an assert says in place of ``check``."""

LIMITED = {name: (attack, said) for name, (attack, said) in RESOURCES.items() if said != TIME}
LIMITED |= {name: (RESOURCES[name][0], said) for name, said in _SAID.items()}
"""What hits a limit; cells that wait for the time limit are left out, they run as with check."""

HEADINGS: dict[str, dict[str, HandIn]] = {
    "tampering": TAMPERING | AIMED,
    "resources": {name: attack for name, (attack, _) in LIMITED.items()},
    "reaching out": REACHING,
    "malformed": {name: fault[0] for name, fault in (UNREADABLE | READABLE).items()},
}
"""The attacks on a class with asserts."""


def asserts_for(name: str) -> str:
    """Return an exercise's tests as a teacher writes them: one case is shown, two are hidden.

    What is right was computed before and stands in the cell as numbers.
    """
    shown, *_ = _asserts(name, 0)
    hidden = "\n".join(islice(_asserts(name, SEED), 2))
    return (
        f"from torch.testing import assert_close\n\n{shown}\n"
        f"### BEGIN HIDDEN TESTS\n{hidden}\n### END HIDDEN TESTS"
    )


def _asserts(name: str, seed: int) -> Iterator[str]:
    exercise = find(f"tensors.{name}")
    for case in exercise.draw(seed):
        if case.group is not Group.VALUES:
            continue
        right = exercise.reference(**case.arguments)
        call = f"{name}({', '.join(map(_written, case.arguments.values()))})"
        if isinstance(right, float):
            yield f"assert abs({call} - {_written(right)}) < 1e-6"
        elif name in _EQUAL:
            yield f"assert torch.equal({call}, {_written(right)})"
        else:
            yield f"assert_close({call}, {_written(right)})"


def _written(value: Any) -> str:
    if isinstance(value, torch.Tensor):
        return f"torch.tensor({value.tolist()}, dtype={value.dtype})"
    return repr(value)


def with_asserts(course: Path) -> None:
    """Put asserts into a course's source and release, and into what has been handed in."""
    source = course / "solutions" / ASSIGNMENT / NOTEBOOK
    _replace(source, {f"check_{name}": asserts_for(name) for name in WRONG})
    command = [sys.executable, "-m", "nbgrader", "generate_assignment", ASSIGNMENT, "--force"]
    subprocess.run(command, cwd=course, check=True, capture_output=True)
    release = nbformat.read(course / "exercises" / ASSIGNMENT / NOTEBOOK, as_version=4)
    released = {cell.metadata.nbgrader.grade_id: cell.source for cell in graded_cells(release)}
    for path in (course / "submitted").glob(f"*/{ASSIGNMENT}/{NOTEBOOK}"):
        _replace(path, released)


def _replace(path: Path, sources: dict[str, str]) -> None:
    notebook = nbformat.read(path, as_version=4)
    for cell in graded_cells(notebook):
        cell.source = sources[cell.metadata.nbgrader.grade_id]
    nbformat.write(notebook, path)
