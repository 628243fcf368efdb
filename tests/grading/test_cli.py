"""The command: what it prints and the status it leaves."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.grading.conftest import TOOLS, tool


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["02_nothing"], "The gradebook has no assignment '02_nothing'"),
        (["01_tensors", "--course=nowhere"], "There is no folder nowhere"),
        (["01_tensors", "--scheduler=tcp://127.0.0.1:1"], "No Dask scheduler answers"),
    ],
)
def test_what_cannot_start_ends_with_2(course: Path, arguments: list[str], message: str) -> None:
    done = tool(course, "torchproof", "grade", *arguments)
    assert (done.returncode, message in done.stderr) == (2, True), done.stderr


def test_missing_wall_says_what_to_install(course: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [str(TOOLS / "torchproof"), "grade", "01_tensors"],
        cwd=course,
        capture_output=True,
        text=True,
        env=os.environ | {"PATH": str(tmp_path)},
    )
    assert done.returncode == 2
    assert "apt install bubblewrap" in done.stderr


@pytest.mark.slow
def test_learner_not_graded_ends_with_1(course: Path) -> None:
    path = course / "submitted" / "learner-002" / "01_tensors" / "tensors.ipynb"
    path.write_text("")
    done = tool(course, "torchproof", "grade", "01_tensors")
    assert done.returncode == 1
    assert "learner-002: tensors.ipynb is empty" in done.stdout
    page = course / "feedback" / "learner-002" / "01_tensors" / "tensors.html"
    assert "tensors.ipynb is empty" in page.read_text()


@pytest.mark.slow
def test_without_the_wall_it_warns(course: Path) -> None:
    for learner in ("learner-002", "learner-003", "learner-004"):
        shutil.rmtree(course / "submitted" / learner)
    done = tool(course, "torchproof", "grade", "01_tensors", "--no-sandbox", "--json")
    assert json.loads(done.stdout)["01_tensors"]["counts"] == {"graded": 1}
    assert "Without the sandbox" in done.stderr


@pytest.mark.slow
def test_limit_hit_is_told_in_the_feedback(course: Path) -> None:
    for learner in ("learner-001", "learner-003", "learner-004"):
        shutil.rmtree(course / "submitted" / learner)
    path = course / "submitted" / "learner-002" / "01_tensors" / "tensors.ipynb"
    notebook = json.loads(path.read_text())
    (cell,) = (each for each in notebook["cells"] if each["id"] == "threshold")
    cell["source"] = "def threshold(t, limit):\n    while True: pass"
    path.write_text(json.dumps(notebook))
    assert tool(course, "torchproof", "grade", "01_tensors", "--cell-seconds=2").returncode == 0
    page = course / "feedback" / "learner-002" / "01_tensors" / "tensors.html"
    assert "The cell ran longer than 2 s" in page.read_text()


@pytest.mark.slow
def test_doctor_finds_this_machine_fit(course: Path) -> None:
    done = tool(course, "torchproof", "doctor")
    assert done.returncode == 0, done.stdout
    assert "NOT enforced" not in done.stdout
