"""Faults of the machine end in a sentence, and the next run grades as if nothing had happened."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from tests.grading.conftest import TOOLS
from tests.grading.rows import rows
from tests.grading.test_record import url
from torchproof.errors import WorkerLostError
from torchproof.grading import grade_class, worker
from torchproof.grading.course import Course
from torchproof.grading.grade import Grader
from torchproof.grading.limits import Limits
from torchproof.grading.schedule import Local, Queue

GONE = {"name": "gone", "display_name": "Gone", "language": "python"}
AGAIN = "Then grade again: who is graded stays graded."
FULL = f"could not be written. Free some space. {AGAIN}"
UNSHARE = ["unshare", "-m"] if os.getuid() == 0 else ["unshare", "-rm"]
Said = tuple[int, str]
Grade = Callable[..., Said]


@pytest.fixture(scope="module")
def place() -> Iterator[Local]:
    """The workers, started once for all tests."""
    place = Local(1)
    yield place
    place.close()


@pytest.fixture
def run(place: Local, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Grade:
    """Grade as the command does, and return its status and all that it says."""

    class Kept:
        workers = place.workers
        submit = staticmethod(place.submit)
        close = staticmethod(lambda wait: None)

    monkeypatch.setattr(grade_class, "Local", lambda *_: Kept())

    def run(course: Path, **options: Any) -> Said:
        chosen = grade_class.Options(**({"seed": 0, "as_json": True} | options))
        shown = StringIO()
        console = Console(file=shown)
        status = grade_class.grade_class(course, ["01_tensors"], chosen, Limits(), console)
        return status, " ".join((shown.getvalue() + capsys.readouterr().err).split())

    return run


@pytest.fixture(scope="module")
def pair(fresh: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course of two learners; copy it, do not change it."""
    course = Path(shutil.copytree(fresh, tmp_path_factory.mktemp("pair") / "course"))
    for learner in ("learner-003", "learner-004"):
        shutil.rmtree(course / "submitted" / learner)
    return course


@pytest.fixture
def course(pair: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(pair, tmp_path / "course"))


@pytest.fixture(scope="module")
def calm(pair: Path, place: Local, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same course, graded undisturbed."""
    course = Path(shutil.copytree(pair, tmp_path_factory.mktemp("calm") / "course"))
    grader = Grader(Course(course), "01_tensors", place, Limits(), seed=0)
    assert grader.run().counts == {"graded": 2}
    grader.close()
    return course


def files(course: Path) -> list[str]:
    """List what grading wrote."""
    wrote = (path for name in ("autograded", "feedback") for path in (course / name).rglob("*"))
    return sorted(str(path.relative_to(course)) for path in wrote)


def leftovers(course: Path) -> list[Path]:
    return [path for path in course.rglob("*") if path.name.endswith((".partial", ".old"))]


@contextmanager
def held(course: Path, seconds: float) -> Iterator[None]:
    """Hold the gradebook as another program would, for a while."""
    with sqlite3.connect(course / "gradebook.db", check_same_thread=False) as other:
        other.isolation_level = None
        other.execute("begin immediate")
        end = threading.Timer(seconds, other.execute, ["rollback"])
        end.start()
        try:
            yield
        finally:
            end.cancel()
            end.join()
    other.close()


@pytest.mark.slow
def test_locked_gradebook_is_waited_for(course: Path, calm: Path, run: Grade) -> None:
    with held(course, 6.5):
        status, said = run(course)
    assert (status, rows(url(course))) == (0, rows(url(calm))), said


@pytest.mark.slow
def test_gradebook_that_stays_locked_is_told(course: Path, calm: Path, run: Grade) -> None:
    with (course / "nbgrader_config.py").open("a") as config:
        config.write(f"\nc.CourseDirectory.db_url = '{url(course)}?timeout=1'\n")
    with held(course, 600):
        assert run(course) == (
            1,
            f"Stopped. The gradebook stayed locked by another program. Close that program. {AGAIN}",
        )
        assert files(course) == []
    assert run(course)[0] == 0
    assert (rows(url(course)), files(course)) == (rows(url(calm)), files(calm))


@pytest.mark.slow
def test_second_grader_is_told_of_the_first(course: Path, run: Grade) -> None:
    with Course(course).alone():
        assert run(course) == (
            2,
            f"Nothing was graded. Another `torchproof grade` is grading {course}; "
            "wait until it is done, then run this again.",
        )
    assert run(course)[0] == 0


MOUNTS = {
    "read-only course": (
        "mount --bind . . && mount -o remount,ro,bind .; cd $PWD",
        "could not be used: Read-only file system. Make it readable and writable.",
    ),
    "read-only autograded": (
        "mkdir -p autograded; mount --bind autograded autograded; "
        "mount -o remount,ro,bind autograded",
        "autograded/learner-001/01_tensors could not be used: Read-only file system. Make it",
    ),
    "full feedback": (
        "mkdir -p feedback; mount -t tmpfs -o size=4k none feedback",
        f"feedback/learner-001/01_tensors {FULL}",
    ),
    "full gradebook": (
        "mkdir small; mount -t tmpfs -o size=2m none small; cp gradebook.db small; "
        "dd if=/dev/zero of=small/rest bs=4k 2>/dev/null; cd small; "
        "printf '\\nc.CourseDirectory.db_url = \"sqlite:///%s/gradebook.db\"\\n' $PWD "
        ">> ../nbgrader_config.py; cd ..",
        f"The disk is full: the gradebook {FULL}",
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", MOUNTS)
def test_folder_that_cannot_be_written_is_told(
    course: Path, calm: Path, run: Grade, name: str
) -> None:
    mount, sentence = MOUNTS[name]
    config = (course / "nbgrader_config.py").read_text()
    command = f"{mount}; exec {TOOLS / 'torchproof'} grade 01_tensors --seed=0 --workers=1 --json"
    done = subprocess.run(
        [*UNSHARE, "sh", "-c", command], cwd=course, capture_output=True, text=True
    )
    said = " ".join(done.stderr.split())
    assert done.returncode == 1, said
    assert said.startswith("Stopped. ")
    assert sentence in said
    assert "Traceback" not in said
    assert leftovers(course) == []
    (course / "nbgrader_config.py").write_text(config)
    assert run(course)[0] == 0
    assert (rows(url(course)), files(course)) == (rows(url(calm)), files(calm))


def test_call_that_kills_its_worker_takes_no_other_down(place: Local) -> None:
    queue = Queue(place)
    queue.put("poison", os._exit, 9)
    queue.put("harmless", abs, -1)
    found: dict[str, Any] = {}
    while len(queue):
        found |= dict(queue.take())
    assert found["harmless"] == 1
    assert isinstance(found["poison"], WorkerLostError)


real_grade = worker.grade


def out_of_memory(task: Any, submission: Any) -> Any:
    """Be ended as the system ends who uses too much memory, at one of the learners."""
    if submission.learner == "learner-002":
        os.kill(os.getpid(), signal.SIGKILL)
    return real_grade(task, submission)


@pytest.mark.slow
def test_learner_whose_worker_is_killed_is_told(
    course: Path, calm: Path, run: Grade, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(worker, "grade", out_of_memory)
        status, said = run(course)
    result = json.loads(said)["01_tensors"]
    assert (status, result["counts"]) == (1, {"graded": 1, "grader failed": 1})
    assert result["problems"][0]["reason"] == (
        "the grader failed: its worker process was killed 3 times, as happens when memory runs "
        "out. Free some memory or give fewer --workers, and grade again."
    )
    assert run(course)[0] == 0
    assert rows(url(course)) == rows(url(calm))


@pytest.mark.slow
def test_workers_killed_from_the_start_grade_all(course: Path, calm: Path, place: Local) -> None:
    grader = Grader(Course(course), "01_tensors", place, Limits(), seed=0)
    place.submit(abs, -1).result()
    for process in list(getattr(place._pool, "_processes", {})):
        os.kill(process, signal.SIGKILL)
    assert grader.run().counts == {"graded": 2}
    grader.close()
    assert rows(url(course)) == rows(url(calm))


@pytest.mark.slow
def test_kernel_that_is_not_installed_is_python(
    course: Path, calm: Path, run: Grade, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No kernel's description is looked for, neither the notebook's nor ipykernel's."""
    for path in course.rglob("tensors.ipynb"):
        notebook = json.loads(path.read_text())
        notebook["metadata"]["kernelspec"] = GONE
        path.write_text(json.dumps(notebook))
    with sqlite3.connect(course / "gradebook.db") as gradebook:
        gradebook.execute("update notebook set kernelspec = ?", [json.dumps(GONE)])
    monkeypatch.setattr(
        "jupyter_client.kernelspec.KernelSpecManager.find_kernel_specs", lambda self: {}
    )
    status, said = run(course)
    assert (status, rows(url(course))) == (0, rows(url(calm))), said


@pytest.mark.slow
def test_clock_that_jumps_changes_nothing(
    course: Path, calm: Path, run: Grade, monkeypatch: pytest.MonkeyPatch
) -> None:
    jumps = iter(range(10**6))
    clock = time.time
    monkeypatch.setattr(time, "time", lambda: clock() + (-1) ** next(jumps) * 36000)
    assert run(course)[0] == 0
    assert rows(url(course)) == rows(url(calm))
    assert json.loads(run(course)[1])["01_tensors"]["counts"] == {"unchanged": 2}


@pytest.mark.slow
def test_timestamp_in_the_future_is_kept(course: Path, run: Grade) -> None:
    stamp = course / "submitted" / "learner-001" / "01_tensors" / "timestamp.txt"
    stamp.write_text("2099-03-02 10:00:00 UTC")
    os.utime(stamp, (4e9, 4e9))
    assert run(course)[0] == 0
    stamps = [row[3] for row in rows(url(course)) if row[0] == "submission"]
    assert [str(each) for each in stamps if each] == ["2099-03-02 10:00:00"]
    assert json.loads(run(course)[1])["01_tensors"]["counts"] == {"unchanged": 2}
