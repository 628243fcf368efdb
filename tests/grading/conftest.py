"""A real wall, and a real course whose class is graded by stock nbgrader."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from torchproof.grading.limits import Limits
from torchproof.grading.run import CellRun, Execution
from torchproof.grading.sample import build
from torchproof.grading.sandbox import Zygote
from torchproof.grading.slot import Slot

ROOT = Path(__file__).parents[2]
TOOLS = Path(sys.executable).parent
LEARNERS = 4

os.environ["PATH"] = f"{TOOLS}:{os.environ['PATH']}"

Run = Callable[..., list[CellRun]]


@pytest.fixture(scope="session")
def zygote() -> Iterator[Zygote]:
    zygote = Zygote()
    yield zygote
    zygote.close()


@pytest.fixture(scope="session")
def slot(zygote: Zygote) -> Iterator[Slot]:
    slot = Slot(zygote.address)
    yield slot
    slot.close()


@pytest.fixture
def run(slot: Slot) -> Run:
    """Run cells as one notebook inside the wall, with the limits given."""

    def run(*cells: str, files: dict[str, bytes] | None = None, **limits: float) -> list[CellRun]:
        chosen = Limits(**({"cell_seconds": 20, "notebook_seconds": 60} | limits))  # type: ignore[arg-type]
        execution = Execution(slot, chosen, files or {})
        try:
            return [execution.cell(cell) for cell in cells]
        finally:
            execution.close()

    return run


def tool(course: Path, name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the environment in a course folder."""
    return subprocess.run(
        [str(TOOLS / name), *arguments],
        cwd=course,
        capture_output=True,
        text=True,
    )


@pytest.fixture(scope="session")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course with a class that is not graded yet; copy it, do not change it."""
    course = tmp_path_factory.mktemp("class") / "course"
    build(ROOT, course, "01_tensors", LEARNERS)
    made = tool(course, "nbgrader", "generate_assignment", "01_tensors", "--force")
    assert made.returncode == 0, made.stderr
    return course


@pytest.fixture
def course(fresh: Path, tmp_path: Path) -> Path:
    """A copy of the course with its class, to grade."""
    return Path(shutil.copytree(fresh, tmp_path / "course"))


@pytest.fixture(scope="session")
def stock(fresh: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same course, graded by stock nbgrader."""
    course = Path(shutil.copytree(fresh, tmp_path_factory.mktemp("stock") / "course"))
    done = tool(course, "nbgrader", "autograde", "01_tensors")
    assert done.returncode == 0, done.stderr
    return course


@pytest.fixture(scope="session")
def graded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, dict[str, str]]]:
    """A course whose class is graded with torchproof, and what each learner answered.

    Copy it, do not change it.
    """
    course = tmp_path_factory.mktemp("graded") / "course"
    answers = build(ROOT, course, "01_tensors", 6)
    done = tool(course, "torchproof", "grade", "01_tensors", "--workers=2", "--seed=1")
    assert done.returncode == 0, done.stdout + done.stderr
    return course, answers
