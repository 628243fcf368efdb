"""A Dask cluster of real processes, one of which is killed midway."""

import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.grading.conftest import LEARNERS, TOOLS, tool
from tests.grading.rows import rows
from tests.grading.test_record import grade, url


def dask(*arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "distributed.cli.dask_" + arguments[0], *arguments[1:]]
    return subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)


def worker(address: str, folder: Path) -> subprocess.Popen[str]:
    options = ("--no-nanny", "--nthreads=1", "--no-dashboard", f"--local-directory={folder}")
    return dask("worker", address, "--host=127.0.0.1", *options)


@pytest.fixture
def scheduler() -> Iterator[str]:
    process = dask("scheduler", "--host=127.0.0.1", "--port=0", "--no-dashboard")
    assert process.stderr is not None
    address = None
    while address is None:
        line = process.stderr.readline()
        assert line, "the scheduler ended"
        address = re.search(r"tcp://127\.0\.0\.1:\d+", line)
    yield address[0]
    process.terminate()
    process.wait()


@pytest.mark.slow
def test_worker_killed_midway_loses_nothing(course: Path, scheduler: str, tmp_path: Path) -> None:
    expected = Path(shutil.copytree(course, tmp_path / "expected"))
    grade(expected)
    workers = [worker(scheduler, tmp_path / name) for name in ("a", "b")]
    grading = subprocess.Popen(
        [
            *(str(TOOLS / "torchproof"), "grade", "01_tensors", "--seed=0"),
            f"--scheduler={scheduler}",
        ],
        cwd=course,
    )
    try:
        until = time.monotonic() + 60
        while not list((course / "autograded").glob("*/*")) and time.monotonic() < until:
            time.sleep(0.1)
        workers[0].send_signal(signal.SIGKILL)
        assert grading.wait(180) == 0
    finally:
        for each in (*workers, grading):
            each.kill()
            each.wait()
    assert rows(url(course)) == rows(url(expected))
    assert sum(row[0] == "submission" for row in rows(url(course))) == LEARNERS


def test_scheduler_that_is_not_there_stops_grading(course: Path) -> None:
    done = tool(course, "torchproof", "grade", "01_tensors", "--scheduler=tcp://127.0.0.1:1")
    assert done.returncode == 2
    assert "No Dask scheduler answers" in done.stderr
