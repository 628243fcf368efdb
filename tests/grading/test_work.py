"""One submission from the file to its outcome."""

import threading
import time
from collections.abc import Callable

import nbformat
import psutil
import pytest

from torchproof.grading.intake import Submission
from torchproof.grading.limits import Limits
from torchproof.grading.outcome import Outcome, Status, Task
from torchproof.grading.rebuild import Teacher
from torchproof.grading.sandbox import Zygote
from torchproof.grading.work import Worker

FIRST_LEARNERS_UID = 1_000
"""The wall's own processes are root's, of the machine or of their namespace."""


def task_of(source: str, imports: tuple[str, ...] = ()) -> tuple[Task, dict[str, bytes]]:
    """Return a task with an empty notebook, and one handed in with a cell added to it."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
    limits = Limits(cell_seconds=20, notebook_seconds=60)
    task = Task([Teacher("n", [], {}, imports)], {}, {}, limits)
    return task, {"n.ipynb": nbformat.writes(notebook).encode()}


def graded(zygote: Zygote, source: str) -> Outcome:
    """Grade a notebook of one cell, which the learner added to a teacher's empty one."""
    task, files = task_of(source)
    return Worker(zygote.address).grade(task, Submission("learner-001", "a", files))


def kill_learners(zygote: Zygote, times: int) -> Callable[[], int]:
    """Kill the next processes that run a learner's code; the result says how many it got."""
    killed: list[int] = []

    def watch() -> None:
        until = time.monotonic() + 60
        while len(killed) < times and time.monotonic() < until:
            for process in psutil.Process(zygote.process.pid).children(recursive=True):
                if process.uids().real >= FIRST_LEARNERS_UID and process.pid not in killed:
                    time.sleep(0.3)
                    process.kill()
                    killed.append(process.pid)
            time.sleep(0.02)

    thread = threading.Thread(target=watch)
    thread.start()
    return lambda: thread.join() or len(killed)


CELL = "import time\ntime.sleep(2)\nprint('done')"


@pytest.mark.parametrize("times", [1, 2])
def test_killed_notebook_is_run_once_more(zygote: Zygote, times: int) -> None:
    killed = kill_learners(zygote, times)
    outcome = graded(zygote, CELL)
    assert killed() == times
    assert outcome.status is Status.GRADED
    (output,) = outcome.notebooks["n"]["cells"][0]["outputs"]
    assert output["output_type"] == ("stream" if times == 1 else "error")
    assert bool(outcome.notes) == (times == 2)
