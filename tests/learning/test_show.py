import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from rich.console import Console
from typer.testing import CliRunner

import torchproof
from tests.learning.toy import error, graded, report, value, write
from torchproof.cli import app
from torchproof.learning.progress import recorded
from torchproof.learning.show import Progress
from torchproof.learning.start import start

ROOT = Path(__file__).parents[2]
RIGHT = "return (t > limit).to(t.dtype)"
WRONG = "return (labels[..., None] == torch.arange(num_classes)) * 2"


@pytest.fixture
def work(tmp_path, monkeypatch):
    """Two assignments under work/, one of them begun."""
    monkeypatch.chdir(tmp_path)
    write(
        tmp_path / "work" / "01_toys" / "toys.ipynb",
        graded("first", 2, value("2.0")),
        graded("second", 4, report("x"), value("0.5")),
    )
    write(tmp_path / "work" / "02_toys" / "toys.ipynb", graded("first", 2))
    (tmp_path / "lessons").mkdir()
    (tmp_path / "lessons" / "two.ipynb").write_text("")
    return tmp_path


def test_table_in_words(work):
    words = [line.split() for line in repr(torchproof.progress()).splitlines()]
    assert words[3:8] == [
        ["01_toys", "first", "2", "/", "2", "✓", "passed"],
        ["second", "0.5", "/", "4", "◐", "partly"],
        ["sum", "2.5", "/", "6", "1", "of", "2", "passed"],
        [],
        ["02_toys", "first", "–", "/", "2", "–", "not", "run"],
    ]


def test_sentences(work):
    assert torchproof.progress().sentences() == [
        "work/02_toys/toys.ipynb has never been run and saved. Run its cells in JupyterLab and "
        "save, or run `torchproof progress`.",
        "Read from the outputs saved in the notebooks; `torchproof progress` runs them anew.",
        "Next: second in work/01_toys/toys.ipynb. Read first: One and Two (lessons/two.ipynb).",
    ]


def test_every_assignment_of_the_course_fits_80_columns():
    shown = Progress(recorded([ROOT / "exercises"]), ran=True)
    console = Console(width=80)
    with console.capture() as captured:
        console.print(shown.table())
    lines = [line for line in captured.get().splitlines() if " / " in line]
    assert len(lines) == sum(len(sheet.rows) + 1 for sheet in shown.sheets)
    assert not any("…" in line for line in lines)
    assert all(line.rstrip().endswith(("– not run", "passed")) for line in lines)


def test_where_all_is_passed_the_next_assignment_is_named(work):
    (work / "exercises" / "02_toys").mkdir(parents=True)
    (work / "exercises" / "02_toys" / "toys.ipynb").touch()
    (work / "exercises" / "03_more").mkdir()
    (work / "exercises" / "03_more" / "more.ipynb").touch()
    for name in ("01_toys", "02_toys"):
        write(work / "work" / name / "toys.ipynb", graded("first", 2, value("2.0")))
    assert torchproof.progress().sentences()[-1] == (
        "All 2 exercises are passed. Go on with `torchproof start 03_more`."
    )


def test_html_holds_every_state_and_escapes_what_it_shows(work):
    write(work / "work" / "<b>" / "a.ipynb", graded("first", 2, error("NameError")))
    page = torchproof.progress()._repr_html_()
    assert ("<b>" in page, "&lt;b&gt;" in page) == (False, True)
    assert all(state in page for state in ("✓ passed", "◐ partly", "– not run", "! raised"))
    assert page.count("<tr>") == 1 + 4 + 3


def test_markup_in_a_name_is_no_markup(work):
    write(work / "work" / "[red]" / "a.ipynb", graded("first", 2))
    assert "[red]" in repr(torchproof.progress())


def test_notebooks_of_one_folder_are_told_apart(work):
    for name in ("a.ipynb", "b.ipynb"):
        write(work / "set" / name, graded("first", 2))
    shown = repr(Progress(recorded([Path("set")]), ran=True))
    assert ("a.ipynb" in shown, "b.ipynb" in shown) == (True, True)


def test_function_of_the_package_stays_a_function():
    """A submodule of the same name would take its place once it is imported."""
    code = "from torchproof import progress; from torchproof import progress; print(progress)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.startswith("<function progress"), done.stderr


def test_learner_never_imports_grading(work):
    code = (
        "import sys, torchproof, torchproof.cli, torchproof.learning.run; torchproof.progress();"
        "print([name for name in sys.modules if name.startswith(('torchproof.grading', 'torch.'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.stdout, done.returncode) == ("[]\n", 0), done.stderr


def invoke(*arguments):
    wide = {"COLUMNS": "200", "TERM": "dumb"}
    return CliRunner().invoke(app, ["progress", *map(str, arguments)], env=wide)


def test_command_reads_what_is_recorded(work):
    done = invoke("--recorded")
    assert (done.exit_code, "1 of 2 passed" in done.output) == (0, True)
    assert "has never been run and saved" in done.output


@pytest.mark.parametrize("arguments", [("nowhere",), ("nowhere", "--recorded")])
def test_command_says_what_is_missing(work, arguments):
    done = invoke(*arguments)
    assert (done.exit_code, "There is no nowhere." in done.output) == (2, True)


def test_command_runs_an_exercise_of_the_course(tmp_path):
    """One right answer, one wrong one, and the rest as it was handed out."""
    (path,) = start(ROOT, "tensors", tmp_path)
    notebook = nbformat.read(path, as_version=4)
    answers = {"threshold": RIGHT, "one_hot": WRONG}
    for cell in notebook.cells:
        answer = answers.get(cell.metadata.get("nbgrader", {}).get("grade_id"))
        if answer:
            cell.source = cell.source.replace("raise NotImplementedError()", answer)
    nbformat.write(notebook, path)
    done = invoke(path)
    assert "5 / 5   ✓ passed" in done.output
    assert [line.split()[-1] for line in done.output.splitlines() if "one_hot  " in line] == [
        "wrong"
    ]
    assert done.output.count("not written yet") == 5
    assert f"Next: one_hot in {path}. Read first: Changing shape" in done.output
