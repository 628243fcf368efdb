import io
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell
from rich.console import Console

from tests.learning.toy import graded, value, write
from torchproof.learning.progress import State, recorded
from torchproof.learning.run import run, run_all

CHECK = "def check(name, points):\n    return points() if callable(points) else points"
LOOP = "def first():\n    while True:\n        pass"
DEAF = """def first():
    while True:
        try:
            while True:
                pass
        except KeyboardInterrupt:
            pass"""
DEAD = "import os\ndef first():\n    os._exit(9)"


def states(path, *, seconds=30.0, notebook_seconds=60.0):
    made = run(path, lambda: None, seconds, notebook_seconds)
    return [str(row.state) for row in made.rows], made.note


@pytest.mark.parametrize(
    ("source", "limits", "expected", "note"),
    [
        ("first = 2.0", {}, ["passed", "partly"], ""),
        ("first = 1 / 0", {}, ["raised", "partly"], ""),
        (LOOP, {"seconds": 1}, ["out of time", "partly"], ""),
        (DEAF, {"seconds": 1, "notebook_seconds": 4}, ["not run", "not run"], "longer than 4 s"),
        (DEAD, {}, ["not run", "not run"], "Its Python ended"),
    ],
    ids=["right", "raises", "loops", "cannot be interrupted", "dies"],
)
def test_what_becomes_of_an_answer(tmp_path, source, limits, expected, note):
    second = graded("second", 4, source='check("toys.second", 3.0)')
    path = write(
        tmp_path / "a.ipynb",
        new_code_cell(CHECK),
        new_code_cell(source),
        graded("first", 2),
        second,
    )
    found, said = states(path, **limits)
    assert (found, note in said, bool(said)) == (expected, True, bool(note))


def test_file_stays_as_it_is_and_old_outputs_do_not_count(tmp_path):
    path = write(tmp_path / "a.ipynb", graded("first", 2, value("2.0")))
    before = path.read_bytes()
    assert [row.state for sheet in recorded([path]) for row in sheet.rows] == [State.PASSED]
    assert states(path)[0] == ["raised"]
    assert path.read_bytes() == before


def test_cells_run_in_the_folder_of_the_notebook(tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "two.txt").write_text("2.0")
    cell = graded("first", 2, source='check("toys.first", float(open("two.txt").read()))')
    path = write(tmp_path / "folder" / "a.ipynb", new_code_cell(CHECK), cell)
    assert states(path)[0] == ["passed"]


def test_bar_counts_the_cells_of_all_notebooks(tmp_path):
    paths: list[Path] = [
        write(tmp_path / name, new_code_cell(CHECK), new_code_cell(" "), graded("first", 2))
        for name in ("a.ipynb", "b.ipynb")
    ]
    screen = io.StringIO()
    console = Console(file=screen, force_terminal=True, width=120, color_system=None)
    done = run_all(recorded(paths), 30, 60, console)
    assert [sheet.path for sheet in done] == paths
    assert "4/4" in screen.getvalue()
