"""nbgrader's formgrader on a class that torchproof graded."""

import json
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.grading.conftest import TOOLS, tool

SECONDS_TO_START = 120


class Formgrader:
    """A running server, and requests to it."""

    def __init__(self, course: Path, port: int) -> None:
        self.course = course
        self.address = f"http://127.0.0.1:{port}/formgrader"

    def get(self, path: str, method: str = "GET", body: Any = None) -> str:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.address}{path}", data, method=method)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return str(answer.read().decode())

    def api(self, path: str, method: str = "GET", body: Any = None) -> Any:
        return json.loads(self.get(f"/api/{path}", method, body))


@pytest.fixture(scope="module")
def formgrader(fresh: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Formgrader]:
    course = Path(shutil.copytree(fresh, tmp_path_factory.mktemp("formgrader") / "course"))
    done = tool(course, "torchproof", "grade", "01_tensors", "--seed=0")
    assert done.returncode == 0, done.stderr
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    options = {"token": "", "port": port, "port_retries": 0, "disable_check_xsrf": True}
    arguments = [f"--ServerApp.{name}={value}" for name, value in options.items()]
    with (course / "server.log").open("w") as log:
        server = subprocess.Popen(
            [TOOLS / "jupyter", "server", "--allow-root", "--no-browser", *arguments],
            cwd=course,
            stdout=log,
            stderr=log,
        )
    formgrader = Formgrader(course, port)
    _wait(formgrader)
    yield formgrader
    server.terminate()
    server.wait()


def _wait(formgrader: Formgrader) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while True:
        try:
            formgrader.get("/manage_assignments")
            return
        except OSError:
            assert time.monotonic() < deadline, (formgrader.course / "server.log").read_text()
            time.sleep(0.2)


def test_everyone_is_shown_as_graded(formgrader: Formgrader) -> None:
    submissions = formgrader.api("submissions/01_tensors")
    assert {each["autograded"] for each in submissions} == {True}


def test_scores_are_those_of_the_gradebook(formgrader: Formgrader, stock: Path) -> None:
    shown = {each["student"]: each["score"] for each in formgrader.api("submissions/01_tensors")}
    export = tool(stock, "nbgrader", "export", "--to", "scores.csv")
    assert export.returncode == 0, export.stderr
    rows = [line.split(",") for line in (stock / "scores.csv").read_text().splitlines()]
    student, score = rows[0].index("student_id"), rows[0].index("score")
    assert shown == {row[student]: float(row[score]) for row in rows[1:]}


def test_graded_notebook_opens(formgrader: Formgrader) -> None:
    (first, *_) = formgrader.api("submitted_notebooks/01_tensors/tensors")
    assert "tensors.threshold" in formgrader.get(f"/submissions/{first['id']}")


def test_score_given_by_hand_outlives_another_grading(formgrader: Formgrader) -> None:
    (first, *_) = formgrader.api("submitted_notebooks/01_tensors/tensors")
    (grade, *_) = formgrader.api(f"grades?submission_id={first['id']}")
    formgrader.api(f"grade/{grade['id']}", "PUT", {"manual_score": 0.5})
    done = tool(formgrader.course, "torchproof", "grade", "01_tensors", "--seed=0", "--force")
    after = formgrader.api(f"grade/{grade['id']}")
    assert (done.returncode, after["manual_score"]) == (0, 0.5)
