"""Any nbgrader course: plain asserts, partial credit, text for a person, several notebooks."""

from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tests.grading.conftest import tool
from tests.grading.rows import rows
from tests.submissions.courses import marked


def build(course: Path, answers: dict[str, dict[str, str]]) -> None:
    """Make a course of two notebooks with asserts, and hand in the answers of each learner."""
    (course / "source" / "ps1").mkdir(parents=True)
    (course / "nbgrader_config.py").write_text("c = get_config()\n")
    (course / "source" / "ps1" / "helper.py").write_text("offset = 1\n")
    solution = "### BEGIN SOLUTION\ndef f(x):\n    return x + 1\n### END SOLUTION"
    test = "from helper import offset\nassert f(1) == 2\n### BEGIN HIDDEN TESTS\n"
    test += "assert f(2) == 2 + offset\n### END HIDDEN TESTS"
    cells = [
        marked(new_code_cell, "f", solution, solution=True),
        marked(new_code_cell, "test_f", test, grade=True, locked=True, points=3),
        marked(new_code_cell, "partial", "f(0) / 2", grade=True, locked=True, points=2),
        marked(new_markdown_cell, "why", "Because.", grade=True, solution=True, points=4),
        marked(new_code_cell, "own", "pass", grade=True, solution=True, points=1),
        marked(new_markdown_cell, "draw", "Draw it.", task=True, locked=True, points=2),
    ]
    for name in ("a", "b"):
        nbformat.write(new_notebook(cells=cells), course / "source" / "ps1" / f"{name}.ipynb")
    assert tool(course, "nbgrader", "generate_assignment", "ps1").returncode == 0
    for learner, texts in answers.items():
        folder = course / "submitted" / learner / "ps1"
        folder.mkdir(parents=True)
        for name in ("a", "b") if learner != "half" else ("a",):
            notebook = nbformat.read(course / "release" / "ps1" / f"{name}.ipynb", as_version=4)
            for cell in notebook.cells:
                grade_id = cell.metadata.nbgrader.grade_id
                cell.source = texts.get(grade_id, cell.source)
            nbformat.write(notebook, folder / f"{name}.ipynb")


RIGHT = {"f": "def f(x):\n    return x + 1", "why": "It adds one.", "own": "1"}
ANSWERS = {
    "right": RIGHT,
    "empty": {},
    "half": RIGHT,
    "wrong": RIGHT | {"f": "def f(x):\n    return 2"},
    "printing": RIGHT | {"f": "def f(x):\n    print(x)\n    return x + 1"},
    "warning": RIGHT
    | {"f": "import sys\ndef f(x):\n    print(x, file=sys.stderr)\n    return x + 1"},
    "syntax": RIGHT | {"f": "def f(x:"},
}


@pytest.mark.slow
def test_rows_equal_nbgraders(tmp_path: Path) -> None:
    stock, ours = tmp_path / "stock", tmp_path / "ours"
    for course in (stock, ours):
        build(course, ANSWERS)
    assert tool(stock, "nbgrader", "autograde", "ps1").returncode == 0
    done = tool(ours, "torchproof", "grade", "ps1", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    found = {row for row in rows(f"sqlite:///{ours / 'gradebook.db'}") if row[0] != "submission"}
    wanted = {row for row in rows(f"sqlite:///{stock / 'gradebook.db'}") if row[0] != "submission"}
    assert found == wanted
    page = (ours / "feedback" / "right" / "ps1" / "a.html").read_text()
    assert "as nbgrader scores it" in page
    assert (ours / "autograded" / "right" / "ps1" / "helper.py").exists()
