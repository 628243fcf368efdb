import subprocess
import sys
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from typer.testing import CliRunner

from torchproof.cli import app

ROOT = Path(__file__).parents[1]
WIDE = {"COLUMNS": "200", "TERM": "dumb"}


def run(*arguments):
    return CliRunner().invoke(app, [*map(str, arguments)], env=WIDE)


@pytest.fixture
def empty_course(tmp_path):
    with Gradebook(f"sqlite:///{tmp_path}/gradebook.db"):
        return tmp_path


def test_help_names_every_command():
    words = run("--help").output
    assert all(
        name in words
        for name in ("start", "progress", "sample", "scores", "report", "grade", "doctor")
    )


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("sample", "{folder}", "99_none"), "There is no assignment '99_none'"),
        (("scores", "01_tensors", "--folder", "{folder}"), "There is no gradebook in"),
    ],
)
def test_bad_input_gets_a_sentence_and_no_traceback(arguments, sentence, tmp_path):
    done = run(*(argument.format(folder=tmp_path / "new") for argument in arguments))
    assert (done.exit_code, sentence in done.output, "Traceback" in done.output) == (2, True, False)


def test_scores_of_an_unknown_assignment(empty_course):
    done = run("scores", "99_none", "--folder", empty_course)
    assert "The gradebook knows no assignment '99_none'." in done.output


def test_sample_needs_no_activated_environment(tmp_path):
    command = [sys.executable, "-m", "torchproof.cli", "sample", str(tmp_path / "course")]
    bare = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}
    done = subprocess.run(
        [*command, "--learners", "1"], cwd=ROOT, env=bare, capture_output=True, text=True
    )
    assert (done.returncode, (tmp_path / "course" / "gradebook.db").exists()) == (0, True), done
