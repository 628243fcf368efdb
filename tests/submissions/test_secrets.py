"""What is the teacher's stays out of everything that is given back."""

import json
from pathlib import Path

import nbformat
import pytest

from tests.grading.conftest import tool
from tests.submissions.attacks import honest_class
from tests.submissions.hand_in import ASSIGNMENT, NOTEBOOK, hand_in, own_cell

pytestmark = pytest.mark.slow

HALVES = ("the-teacher-keeps", "this-to-herself")
SECRET = "-".join(HALVES)
SEARCHER = "learner-who-searches"
OUTPUTS = ("autograded", "feedback", "reports", ".torchproof")


def plant(course: Path) -> None:
    """Write the secret into every solution and into the teacher's own files."""
    path = course / "solutions" / ASSIGNMENT / NOTEBOOK
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        cell.source = cell.source.replace(
            "### END SOLUTION", f"note = {SECRET!r}\n    ### END SOLUTION"
        )
    nbformat.write(notebook, path)
    assert path.read_text().count(SECRET) == 7
    (course / "solutions" / "answers.txt").write_text(SECRET)
    with (course / "nbgrader_config.py").open("a") as config:
        config.write(f"\n# {SECRET}\n")


def searching(course: Path) -> str:
    """Return code that prints every line with the secret that it can read."""
    return (
        "import os, pathlib\n"
        f"places = [pathlib.Path({str(course)!r}), pathlib.Path.cwd(), pathlib.Path.home()]\n"
        "texts = [str(os.environ)]\n"
        "for path in (path for place in places for path in place.rglob('*')):\n"
        "    try:\n"
        "        texts.append(path.read_text(errors='replace'))\n"
        "    except OSError:\n"
        "        continue\n"
        f"start = {HALVES[0]!r} + '-'\n"
        "for line in (line for text in texts for line in text.splitlines() if start in line):\n"
        "    print(line)"
    )


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A class that is not graded yet, one of whom looks for what is the teacher's."""
    course = tmp_path_factory.mktemp("secrets") / "course"
    honest_class(course, 3)
    plant(course)
    made = tool(course, "nbgrader", "generate_assignment", ASSIGNMENT, "--force")
    assert made.returncode == 0, made.stderr
    hand_in(course, SEARCHER, own_cell(searching(course)), right=True)
    return course


def found(course: Path) -> list[str]:
    """List the files given back, and those that only lie beside them, that hold the secret."""
    paths = [path for name in OUTPUTS for path in (course / name).rglob("*") if path.is_file()]
    assert paths
    return [str(path) for path in paths if SECRET.encode() in path.read_bytes()]


def test_nothing_that_is_given_back_holds_it(course: Path) -> None:
    done = tool(course, "torchproof", "grade", ASSIGNMENT, "--json")
    assert json.loads(done.stdout)[ASSIGNMENT]["counts"] == {"graded": 4}
    report = tool(course, "torchproof", "report", ASSIGNMENT)
    assert report.returncode == 0, report.stderr
    assert SECRET not in done.stdout + done.stderr + report.stdout + report.stderr
    assert found(course) == []


def test_released_notebook_does_not_hold_it(course: Path) -> None:
    assert SECRET not in (course / "exercises" / ASSIGNMENT / NOTEBOOK).read_text()


def test_without_the_wall_it_is_found(course: Path) -> None:
    """So the search is one that would find it."""
    tool(course, "torchproof", "grade", ASSIGNMENT, "--no-sandbox", "--force")
    assert any(SEARCHER in path for path in found(course))
