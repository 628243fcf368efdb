"""Assignments as other courses have them, written in nbgrader's manner; none calls ``check``."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

Cells = list[Any]
Change = Callable[[Any], object]


@dataclass(frozen=True)
class Course:
    """An assignment and what its learners hand in.

    Attributes:
        notebooks: the cells of each notebook, as its author wrote them.
        answers: for each learner, what the cell of a ``grade_id`` is replaced by.
        files: the author's other files.
        handed_in: files that learners add.
        kernel: the kernel that the notebooks name.
        changed: what a learner does to a whole notebook.
    """

    notebooks: dict[str, Cells]
    answers: dict[str, dict[str, str]]
    files: dict[str, str] = field(default_factory=dict)
    handed_in: dict[str, str] = field(default_factory=dict)
    kernel: str = "python3"
    changed: dict[str, Change] = field(default_factory=dict)


def marked(make: Any, grade_id: str, source: str, **marks: Any) -> Any:
    """Return a cell with nbgrader's marks, those not named being off."""
    plain = {"grade": False, "solution": False, "locked": False, "task": False}
    mark = {"schema_version": 3, "grade_id": grade_id} | plain | marks
    return make(source, metadata={"nbgrader": mark})


def answer(grade_id: str, solution: str) -> Any:
    """Return an answer cell."""
    source = f"### BEGIN SOLUTION\n{solution}\n### END SOLUTION"
    return marked(new_code_cell, grade_id, source, solution=True)


def tested(grade_id: str, source: str, points: float) -> Any:
    """Return a cell of automatic tests."""
    return marked(new_code_cell, grade_id, source, grade=True, locked=True, points=points)


def by_hand(make: Any, grade_id: str, source: str, points: float) -> Any:
    """Return an answer that a person grades."""
    return marked(make, grade_id, source, grade=True, solution=True, points=points)


SQUARE = "def square(x):\n    return x * x"
SQUARES = {
    "learner-001": {"square": SQUARE},
    "learner-002": {"square": "def square(x):\n    return x + x"},
    "learner-003": {},
}
"""Right, wrong but for 2, and untouched."""


def plain_asserts() -> Course:
    """Visible tests only, of two exercises, one of which needs the other."""
    cube = "def cube(x):\n    return x * square(x)"
    cells = [
        new_markdown_cell("# Squares"),
        answer("square", SQUARE),
        tested("test_square", "assert square(3) == 9", 2),
        answer("cube", cube),
        tested("test_cube", "assert cube(2) == 8\nassert cube(3) == 27", 3),
    ]
    right = {"square": SQUARE, "cube": "def cube(x):\n    return x ** 3"}
    needs = {"square": "def square(x):\n    return 0", "cube": cube}
    return Course(
        {"squares": cells}, {"learner-001": right, "learner-002": needs, "learner-003": {}}
    )


def hidden_tests() -> Course:
    """What learners see is passed by a wrong answer."""
    tests = "assert square(2) == 4\n### BEGIN HIDDEN TESTS\nassert square(3) == 9\n"
    cells = [answer("square", SQUARE), tested("test_square", tests + "### END HIDDEN TESTS", 2)]
    return Course({"squares": cells}, SQUARES)


def partial_credit() -> Course:
    """The last expression is the score: all, a part, nothing, less than that, or no number."""
    shares = ("1", "0.25", "0", "-1", "'much'", "None", "float('nan')", "True")
    cells, answers = [], {}
    for number, share in enumerate(shares):
        cells.append(answer(f"share_{number}", f"share_{number} = 1"))
        cells.append(tested(f"score_{number}", f"assert True\nshare_{number} * 2", 2))
        answers[f"share_{number}"] = f"share_{number} = {share}"
    return Course({"shares": cells}, {"learner-001": answers})


def too_much() -> Course:
    """One of two tests shows more than its points."""
    cells = [
        answer("share", "share = 1"),
        tested("score", "assert share is not None\nshare * 2", 2),
        answer("square", SQUARE),
        tested("test_square", "assert square(3) == 9", 2),
    ]
    return Course({"shares": cells}, {"learner-001": {"share": "share = 7", "square": SQUARE}})


def free_text() -> Course:
    """Answers in words and in code that wait for a person, and a task."""
    cells = [
        by_hand(new_markdown_cell, "why", "Because.", 4),
        by_hand(new_code_cell, "own", "pass", 1.5),
        marked(new_markdown_cell, "draw", "Draw it.", task=True, locked=True, points=2),
    ]
    written = {"why": "It converges, since\n\n$$x < 1$$", "own": "print('mine')"}
    return Course({"essay": cells}, {"learner-001": written, "learner-002": {}})


def several_notebooks() -> Course:
    """Two notebooks and another folder's data."""
    read = "from pathlib import Path\nassert len(Path('data/rows.csv').read_text().split()) == rows"
    cells = [answer("rows", "rows = 3"), tested("test_rows", read, 2)]
    return Course(
        {"first": cells, "second": [*plain_asserts().notebooks["squares"]]},
        {
            "learner-001": {"rows": "rows = 3", "square": SQUARE},
            "learner-002": {"rows": "rows = 4"},
        },
        files={"data/rows.csv": "1,2\n3,4\n5,6\n"},
    )


def learners_files() -> Course:
    """A module that the author gives, and one that the learner hands in."""
    cells = [
        answer("use", "from given import three\nmine = three"),
        tested("test_use", "assert mine == three == 3", 2),
        tested("test_own", "import own\nassert own.four == 4", 1),
    ]
    return Course(
        {"modules": cells},
        {"learner-001": {"use": "from given import three\nmine = three"}, "learner-002": {}},
        files={"given.py": "three = 3\n"},
        handed_in={"own.py": "four = 4\n"},
    )


def another_kernel() -> Course:
    """The notebook names a kernel that this machine has not, as learners' machines write it."""
    return Course(hidden_tests().notebooks, SQUARES, kernel="conda-env-teaching-py")


def noise() -> Course:
    """Cells that write to stdout and stderr, warn, and log, in answers and in tests."""
    loud = (
        "import logging, sys, warnings\n"
        "def square(x):\n"
        "    print('squaring', x)\n"
        "    print('really', file=sys.stderr)\n"
        "    warnings.warn('old')\n"
        "    logging.getLogger().warning('logged')\n"
        "    return x * x"
    )
    tests = "import sys\nprint('testing', file=sys.stderr)\nassert square(3) == 9"
    cells = [answer("square", SQUARE), tested("test_square", tests, 2)]
    return Course({"squares": cells}, SQUARES | {"learner-004": {"square": loud}})


def plots() -> Course:
    """Tests that draw, and tests that look at what was drawn."""
    drawn = "import matplotlib.pyplot as plt\nfig, ax = plt.subplots()\nax.plot([1, 2], [3, 4])"
    cells = [
        answer("draw", drawn),
        tested("test_draw", "assert len(ax.lines) == 1\nax.lines[0]", 2),
        tested("test_look", "assert list(ax.lines[0].get_ydata()) == [3, 4]\nfig", 1),
    ]
    answers = {
        "learner-001": {"draw": drawn},
        "learner-002": {"draw": drawn.replace("ax.plot([1, 2], [3, 4])", "")},
        "learner-003": {"draw": drawn.replace("3, 4", "4, 3")},
    }
    return Course({"plots": cells}, answers)


def widgets() -> Course:
    """Rich displays, among them a widget's and one whose text is a number."""
    show = (
        "from IPython.display import HTML, display\n"
        "display({'application/vnd.jupyter.widget-view+json': {'model_id': 'a'}, "
        "'text/plain': 'IntSlider(value=0)'}, raw=True)\n"
        "display(HTML('<b>2</b>'))\n"
    )
    cells = [
        answer("square", SQUARE),
        tested("test_shown", f"{show}assert square(3) == 9", 2),
        tested("test_displayed", f"{show}display(square(1) / 2)", 1),
    ]
    return Course({"widgets": cells}, SQUARES)


def broken_answers() -> Course:
    """Answers that raise, do not parse, or end the process, before tests that need them."""
    cells = [
        answer("square", SQUARE),
        tested("test_square", "assert square(3) == 9", 2),
        answer("other", "other = 1"),
        tested("test_other", "assert other == 1", 1),
    ]
    answers = {
        "learner-001": {"square": "raise ValueError('no')", "other": "other = 1"},
        "learner-002": {"square": "def square(x:", "other": "other = 1"},
        "learner-003": {"square": "%magic", "other": "other = 1"},
        "learner-004": {"square": f"{SQUARE}\n\n%time square(2)\n!true", "other": "other = 1"},
    }
    return Course({"squares": cells}, answers)


def edited_tests() -> Course:
    """Learners changed, emptied or deleted what is locked, and added cells of their own."""

    def emptied(notebook: Any) -> None:
        for cell in notebook.cells:
            if cell.metadata.get("nbgrader", {}).get("grade"):
                cell.source = ""

    def added(notebook: Any) -> None:
        notebook.cells.insert(0, new_code_cell("start = 3"))
        notebook.cells.append(new_markdown_cell("Thank you."))

    uses = {"square": "def square(x):\n    return x * x + 0 * start"}
    return Course(
        hidden_tests().notebooks,
        SQUARES | {"learner-004": uses, "learner-005": {}},
        changed={"learner-004": added, "learner-005": emptied},
    )


COURSES = {
    make.__name__: make
    for make in (
        plain_asserts,
        hidden_tests,
        partial_credit,
        too_much,
        free_text,
        several_notebooks,
        learners_files,
        another_kernel,
        noise,
        plots,
        widgets,
        broken_answers,
        edited_tests,
    )
}
"""Every assignment by its name."""


def write_sources(folder: Path) -> None:
    """Write the authors' notebooks and files, an assignment for each."""
    for name, make in COURSES.items():
        course = make()
        for path, text in course.files.items():
            (folder / name / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / name / path).write_text(text)
        for notebook, cells in course.notebooks.items():
            (folder / name).mkdir(parents=True, exist_ok=True)
            kernel = {"name": course.kernel, "display_name": course.kernel, "language": "python"}
            made = new_notebook(cells=cells, metadata={"kernelspec": kernel})
            nbformat.write(made, folder / name / f"{notebook}.ipynb")


def hand_in(course: Path) -> None:
    """Let every learner answer what was released to them."""
    for name, make in COURSES.items():
        made = make()
        for learner, answers in made.answers.items():
            folder = course / "submitted" / learner / name
            folder.mkdir(parents=True)
            for path, text in made.handed_in.items():
                (folder / path).write_text(text)
            for released in (course / "release" / name).glob("*.ipynb"):
                notebook = nbformat.read(released, as_version=4)
                for cell in notebook.cells:
                    grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
                    cell.source = answers.get(grade_id, cell.source)
                made.changed.get(learner, lambda notebook: None)(notebook)
                nbformat.write(notebook, folder / released.name)
