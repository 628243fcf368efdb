"""Ended at any instant and started again, the gradebook is that of an undisturbed run."""

import os
import random
import shutil
import signal
import subprocess
import time
from pathlib import Path

import psutil
import pytest

from tests.grading.conftest import TOOLS
from tests.grading.rows import rows
from tests.grading.test_record import grade, url

KILLS = int(os.environ.get("TORCHPROOF_KILLS", "50"))


def start(course: Path) -> subprocess.Popen[bytes]:
    command = [str(TOOLS / "torchproof"), "grade", "01_tensors", "--seed=0", "--json"]
    return subprocess.Popen(
        command, cwd=course, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def alive(processes: list[psutil.Process]) -> list[psutil.Process]:
    """Return those that still run; nobody may be there to collect the ended ones."""
    running = []
    for each in processes:
        try:
            if each.is_running() and each.status() != psutil.STATUS_ZOMBIE:
                running.append(each)
        except psutil.NoSuchProcess:
            continue
    return running


def wait_gone(processes: list[psutil.Process]) -> list[psutil.Process]:
    until = time.monotonic() + 60
    while alive(processes) and time.monotonic() < until:
        time.sleep(0.05)
    return alive(processes)


@pytest.mark.slow
def test_killed_at_random_instants(fresh: Path, tmp_path: Path) -> None:
    choose = random.Random(7)
    calm = Path(shutil.copytree(fresh, tmp_path / "calm"))
    grade(calm)
    expected = rows(url(calm))
    course = Path(shutil.copytree(fresh, tmp_path / "course"))
    kills = 0
    while kills < KILLS:
        process = start(course)
        time.sleep(choose.uniform(0.2, 4))
        if process.poll() is None:
            everyone = [psutil.Process(process.pid)]
            everyone += everyone[0].children(recursive=True)
            target = choose.choice([everyone[0], choose.choice(everyone)])
            target.send_signal(signal.SIGKILL)
            kills += 1
            status = process.wait(120)
            assert not wait_gone(everyone), (target, everyone)
            if status != 0:
                continue
        assert process.wait(120) == 0
        assert rows(url(course)) == expected
        shutil.rmtree(course)
        shutil.copytree(fresh, course)
    grade(course)
    assert rows(url(course)) == expected


@pytest.mark.slow
def test_interrupted_run_stops_and_leaves_nothing(course: Path) -> None:
    process = start(course)
    time.sleep(3)
    everyone = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(signal.SIGINT)
    assert process.wait(20) in (130, -signal.SIGINT, 0)
    assert not wait_gone(everyone)
