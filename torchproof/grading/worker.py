"""The functions a worker process is asked to run, on this machine or another."""

import gc
import multiprocessing
import os
import signal
import threading
from typing import Any

from torchproof.grading.intake import Submission
from torchproof.grading.outcome import Outcome, Task

_local = threading.local()
_shared: dict[str, str | None] = {"address": None}


def start(address: str | None) -> None:
    """Prepare a process of the local pool: it ends with its parent and leaves Ctrl-C to it."""
    import torch

    threading.Thread(target=_end_with_parent, daemon=True).start()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    torch.set_num_threads(1)
    gc.freeze()
    gc.enable()
    _shared["address"] = address


def _end_with_parent() -> None:
    """Leave when the grader is gone; the pool's own queue would be waited on forever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def grade(task: Task, submission: Submission) -> Outcome:
    """Grade one submission in this thread's slot."""
    from torchproof.grading.work import Worker

    worker = getattr(_local, "worker", None)
    if worker is None or worker.wall != task.wall:
        worker = _local.worker = Worker(_shared["address"], task.wall)
    outcome: Outcome = worker.grade(task, submission)
    return outcome


def points(exercise_ids: list[str]) -> dict[str, float]:
    """Return the points of each exercise; an unknown one raises."""
    from torchproof.grading.judge import trial

    return {name: trial(name, 0).exercise.points for name in exercise_ids}


def pages(
    style: Any, contents: list[dict[str, Any]], assignment: str, learner: str
) -> dict[str, str]:
    """Return the feedback page of each notebook."""
    from torchproof.grading.feedback import page

    return {each["name"]: page(style, each, assignment, learner) for each in contents}
