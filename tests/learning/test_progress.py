from pathlib import Path

import nbformat
import pytest

from tests.learning.toy import error, graded, notebook, report, value, write
from torchproof.errors import TorchproofError, UnreadableError
from torchproof.learning.progress import State, next_step, notebooks, recorded, sheet

ROOT = Path(__file__).parents[2]
RELEASES = sorted((ROOT / "exercises").glob("*/*.ipynb"))


@pytest.mark.parametrize(
    ("outputs", "points", "state"),
    [
        ([], None, State.NOT_RUN),
        ([value("4.0")], 4, State.PASSED),
        ([report("toys.second: 4 of 4 points"), value("4")], 4, State.PASSED),
        ([value("1.5")], 1.5, State.PARTLY),
        ([value("0.0")], 0, State.WRONG),
        ([report("x\n  Not written yet:\n    y"), value("0.0")], 0, State.NOT_WRITTEN),
        ([report("x\n  Raised an exception:\n    y"), value("0.0")], 0, State.RAISED),
        ([report("x\n    Not written yet:"), value("0.0")], 0, State.WRONG),
        ([report("x\n  Raised an exception:\n    y"), value("3.0")], 3, State.PARTLY),
        ([error("NameError")], None, State.RAISED),
        ([error("KeyboardInterrupt")], None, State.STOPPED),
        ([value("'four'")], None, State.NOT_RUN),
        ([value("tensor(4.)")], None, State.NOT_RUN),
    ],
)
def test_outputs_become_points_and_a_state(outputs, points, state):
    (row,) = sheet(Path("toys.ipynb"), notebook(graded("second", 4, *outputs))).rows
    assert (row.points, row.most, row.state) == (points, 4, state)


def test_lessons_come_from_the_table():
    (row,) = sheet(Path("toys.ipynb"), notebook(graded("second", 4))).rows
    assert row.lessons == (("One", "../../lessons/one.ipynb"), ("Two", "../../lessons/two.ipynb"))


def test_exercise_the_table_does_not_name_has_no_lesson():
    (row,) = sheet(Path("toys.ipynb"), notebook(graded("third", 4))).rows
    assert row.lessons == ()


def test_only_graded_cells_count():
    tried = nbformat.v4.new_code_cell('check("toys.first", first)')
    rows = sheet(Path("toys.ipynb"), notebook(tried, graded("second", 4))).rows
    assert [row.name for row in rows] == ["second"]


def test_sums():
    made = sheet(
        Path("toys.ipynb"), notebook(graded("first", 2, value("2.0")), graded("second", 4))
    )
    assert (made.points, made.most, made.never_run) == (2, 6, False)


@pytest.mark.parametrize("path", RELEASES, ids=lambda path: path.stem)
def test_release_is_understood_whole(path):
    """Every graded cell is found, and its lessons lie where the table says."""
    graded_cells = [
        cell
        for cell in nbformat.read(path, as_version=4).cells
        if cell.metadata.get("nbgrader", {}).get("grade")
    ]
    (made,) = recorded([path])
    lessons = [(path.parent / link).is_file() for row in made.rows for _, link in row.lessons]
    assert (len(made.rows), made.never_run) == (len(graded_cells), True)
    assert all(row.lessons for row in made.rows)
    assert all(lessons)


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("there", "here", "found"),
    [
        (["work/1/a.ipynb", "exercises/1/a.ipynb"], ".", ["work/1/a.ipynb"]),
        (["exercises/1/a.ipynb"], ".", ["exercises/1/a.ipynb"]),
        (["work/2/b.ipynb", "work/1/a.ipynb"], "work/1", ["1/a.ipynb", "2/b.ipynb"]),
        (["1/a.ipynb"], "1", ["1/a.ipynb"]),
        (["work/1/a.ipynb", "work/1/.ipynb_checkpoints/a.ipynb"], ".", ["work/1/a.ipynb"]),
    ],
)
def test_where_notebooks_are_looked_for(place, monkeypatch, there, here, found):
    for path in there:
        write(place / path, graded("first", 2))
    monkeypatch.chdir(place / here)
    names = [path.resolve().as_posix() for path in notebooks()]
    assert len(names) == len(found)
    assert all(name.endswith(end) for name, end in zip(names, found, strict=True)), names


def test_given_twice_is_looked_at_once(place):
    path = write(place / "a.ipynb", graded("first", 2))
    assert notebooks([path, path, place]) == [path]


@pytest.mark.parametrize(
    ("paths", "sentence"),
    [
        ([], "No notebook with exercises is here. Start an assignment with"),
        (["nowhere"], "There is no nowhere. Name a notebook, or a folder of them."),
    ],
)
def test_nothing_to_look_at(place, paths, sentence):
    with pytest.raises(TorchproofError) as caught:
        notebooks(map(Path, paths))
    assert str(caught.value).startswith(sentence)


def test_notebook_without_checks(place):
    write(place / "a.ipynb")
    with pytest.raises(TorchproofError, match=r"No cell of a.ipynb is a check of an exercise."):
        recorded()


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", "\x00"])
def test_file_that_is_no_notebook(place, text):
    Path("a.ipynb").write_text(text)
    with pytest.raises(UnreadableError, match=r"a.ipynb cannot be read as a notebook"):
        recorded()


def test_next_is_the_first_not_passed():
    passed = sheet(Path("a.ipynb"), notebook(graded("first", 2, value("2.0"))))
    begun = sheet(
        Path("b.ipynb"),
        notebook(graded("first", 2, value("2.0")), graded("second", 4, value("3.0"))),
    )
    step = next_step([passed, begun])
    assert step is not None
    assert (step[0].path, step[1].name) == (Path("b.ipynb"), "second")
    assert next_step([passed]) is None
