import hashlib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from torchproof.cli import app
from torchproof.errors import StartedError, TorchproofError
from torchproof.learning.start import assignments, find_assignment, start

ROOT = Path(__file__).parents[2]


@pytest.fixture
def course(tmp_path):
    for name in ("01_tensors", "04_losses", "10_attention"):
        release = tmp_path / "course" / "exercises" / name
        release.mkdir(parents=True)
        (release / f"{name[3:]}.ipynb").write_text(name)
    (release / "data").mkdir()
    (release / "data" / "words.csv").write_text("a,b")
    (release / ".ipynb_checkpoints").mkdir()
    (release / ".ipynb_checkpoints" / "attention-checkpoint.ipynb").write_text("old")
    return tmp_path / "course"


def digests(folder):
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path: hashlib.sha256(path.read_bytes()).digest() for path in files}


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("04_losses", "04_losses"),
        ("losses", "04_losses"),
        ("Losses", "04_losses"),
        ("4", "04_losses"),
        ("04", "04_losses"),
        ("04_losses/", "04_losses"),
        ("1", "01_tensors"),
        ("10", "10_attention"),
    ],
)
def test_names_of_an_assignment(course, name, found):
    assert find_assignment(course, name) == found


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("loses", "There is no assignment 'loses'. Did you mean 04_losses?"),
        ("tensor", "There is no assignment 'tensor'. Did you mean 01_tensors?"),
        ("99", "There is no assignment '99'. There are 01_tensors, 04_losses, 10_attention."),
        ("../course", "There is no assignment '../course'."),
    ],
)
def test_unknown_name_gets_near_ones(course, name, sentence):
    with pytest.raises(TorchproofError) as caught:
        find_assignment(course, name)
    assert str(caught.value).startswith(sentence)


def test_folder_that_is_no_course(tmp_path):
    with pytest.raises(TorchproofError, match=r"There are no assignments in .* name that folder"):
        find_assignment(tmp_path, "4")


def test_everything_but_what_is_hidden_is_copied(course, tmp_path):
    made = start(course, "10", tmp_path / "work")
    folder = tmp_path / "work" / "10_attention"
    copied = sorted(path for path in folder.rglob("*") if path.is_file())
    assert (made, copied) == (
        [folder / "attention.ipynb"],
        [folder / "attention.ipynb", folder / "data" / "words.csv"],
    )


@pytest.mark.parametrize("there", ["attention.ipynb", "data/words.csv"])
def test_nothing_is_overwritten(course, tmp_path, there):
    file = tmp_path / "work" / "10_attention" / there
    file.parent.mkdir(parents=True)
    file.write_text("my work")
    before = digests(tmp_path)
    with pytest.raises(StartedError) as caught:
        start(course, "10", tmp_path / "work")
    assert str(caught.value).startswith(f"{file} is there already and stays as it is.")
    assert digests(tmp_path) == before


def test_every_assignment_of_this_course_starts(tmp_path):
    for name in assignments(ROOT):
        (made,) = start(ROOT, name.partition("_")[2], tmp_path)
        release = ROOT / "exercises" / name / made.name
        assert made.read_bytes() == release.read_bytes()


def invoke(course, tmp_path, name):
    command = ["start", name, "--course", str(course), "--folder", str(tmp_path / "work")]
    return CliRunner().invoke(app, command, env={"COLUMNS": "200", "TERM": "dumb"})


def test_command_says_what_to_open(course, tmp_path):
    done = invoke(course, tmp_path, "losses")
    expected = f"Open next, in JupyterLab: {tmp_path}/work/04_losses/losses.ipynb\n"
    assert (done.exit_code, done.output) == (0, expected)


def test_command_twice_ends_with_1(course, tmp_path):
    invoke(course, tmp_path, "losses")
    done = invoke(course, tmp_path, "losses")
    sentence = f"{tmp_path}/work/04_losses/losses.ipynb is there already"
    assert (done.exit_code, sentence in done.output) == (1, True)


def test_command_with_an_unknown_name_ends_with_2(course, tmp_path):
    done = invoke(course, tmp_path, "loses")
    assert (done.exit_code, "Did you mean 04_losses?" in done.output) == (2, True)
