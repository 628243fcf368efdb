"""Honest learners and attackers hand in together; each gets what the code deserves."""

import ctypes
import html
import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import psutil
import pytest
import torch

from tests.catalog.measure import measure
from tests.submissions.attack_table import read
from tests.submissions.attacks import (
    HEADINGS,
    HONEST,
    NOTEBOOK_SECONDS,
    WORKERS,
    Graded,
    add_attackers,
    grade,
    honest_class,
    scores,
    shown,
)
from tests.submissions.hand_in import ASSIGNMENT, MARK, ROOT, SEED, WRONG, cell_of, wrong_answer
from tests.submissions.malformed import FULL, LEARNERS, READABLE, UNREADABLE
from tests.submissions.reaching import KEY, REACHED, REACHING
from tests.submissions.resources import RESOURCES, TIME
from tests.submissions.tampering import TAMPERING
from torchproof.checking.exercise import find

pytestmark = pytest.mark.slow

HONEST_IDS = [f"learner-{number:03}" for number in range(1, HONEST + 1)]
GRADED = [*TAMPERING, *RESOURCES, *REACHING, *READABLE, *LEARNERS]
_GRACE = 5
_PR_SET_CHILD_SUBREAPER = 36


@pytest.fixture(scope="module")
def alone(turn: None, tmp_path_factory: pytest.TempPathFactory) -> Graded:
    """The honest learners without the others."""
    folder = tmp_path_factory.mktemp("honest")
    honest_class(folder / "course")
    report = grade(folder / "course", folder / "temporary")
    return Graded(folder / "course", report, scores(folder / "course"))


@pytest.fixture(scope="module")
def together(alone: Graded, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Graded]:
    """The honest learners and all attackers in one class."""
    folder = tmp_path_factory.mktemp("attacked")
    course, temporary = folder / "course", folder / "temporary"
    honest_class(course)
    add_attackers(course)
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    before, start = state(temporary), time.monotonic()
    report = grade(course, temporary)
    seconds = time.monotonic() - start
    after = state(temporary, before)
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)
    yield Graded(course, report, scores(course), seconds, before, after)
    shutil.rmtree(folder)


def state(temporary: Path, wanted: dict[str, set[str]] | None = None) -> dict[str, set[str]]:
    """List what of this test's is on the machine, once it is as wanted or has had time to be."""
    until = time.monotonic() + _GRACE
    while True:
        found = {
            "processes": {str(each.pid) for each in psutil.Process().children(recursive=True)
                          if each.status() != psutil.STATUS_ZOMBIE},
            "mounts": set(Path("/proc/self/mountinfo").read_text().splitlines()),
            "unix sockets": {line for line in Path("/proc/net/unix").read_text().splitlines()
                             if MARK in line or str(temporary) in line},
            "files": {str(path) for path in temporary.rglob("*")} | {
                str(path) for place in ("/", "/tmp", "/dev/shm", "/var/tmp")
                for path in Path(place).glob(f"*{MARK}*")},
            "System V IPC": {line for kind in ("shm", "sem", "msg")
                             for line in Path("/proc/sysvipc", kind).read_text().splitlines()
                             if line.split()[0] == str(KEY)},
        }  # fmt: skip
        if wanted in (None, found) or time.monotonic() > until:
            return found
        time.sleep(0.05)


@pytest.mark.parametrize("name", WRONG)
def test_wrong_answer_deserves_nothing(name: str) -> None:
    names: dict[str, Any] = {"torch": torch}
    exec(wrong_answer(name), names)
    assert measure(find(f"tensors.{name}"), names[name], SEED).points == 0


@pytest.mark.parametrize("name", GRADED)
def test_attacker_is_graded(together: Graded, name: str) -> None:
    assert together.problems.get(name) is None


@pytest.mark.parametrize("name", UNREADABLE)
def test_unreadable_is_said_to_learner_and_teacher(together: Graded, name: str) -> None:
    problem = together.problems[name]
    assert problem["status"] == "unreadable"
    assert re.search(UNREADABLE[name][1], problem["reason"])
    assert problem["reason"] in html.unescape(together.page(name))


@pytest.mark.parametrize("name", UNREADABLE)
def test_unreadable_scores_nothing(together: Graded, name: str) -> None:
    assert not any(together.scores.get(name, {}).values())


KNOWN_RESULTS = "results hard-coded for the public seed"


@pytest.mark.parametrize("name", [name for name in TAMPERING if name != KNOWN_RESULTS])
def test_tampering_gains_nothing(together: Graded, name: str) -> None:
    assert together.scores[name] == dict.fromkeys(WRONG, 0)


def test_hard_coded_results_score_what_they_are_on_other_cases(together: Graded) -> None:
    path = together.course / "submitted" / KNOWN_RESULTS / ASSIGNMENT / "tensors.ipynb"
    names: dict[str, Any] = {"torch": torch}
    exec(cell_of(nbformat.read(path, as_version=4), "threshold").source, names)
    exercise = find("tensors.threshold")
    assert measure(exercise, names["threshold"], 0).points == exercise.points
    deserved = measure(exercise, names["threshold"], SEED).points
    assert together.scores[KNOWN_RESULTS] == dict.fromkeys(WRONG, 0) | {"threshold": deserved}


@pytest.mark.parametrize("name", RESOURCES)
def test_limit_is_said_on_the_page(together: Graded, name: str) -> None:
    """A slow machine may hit the time limit before the other one."""
    assert re.search(f"{RESOURCES[name][1]}|{TIME}", shown(together.course, name))


@pytest.mark.parametrize("name", RESOURCES)
def test_limit_gains_nothing(together: Graded, name: str) -> None:
    most = FULL - 5 * ("answer" in name or "tensor" in name)
    assert sum(together.scores[name].values()) <= most


@pytest.mark.parametrize("name", REACHING)
def test_reaching_out_is_denied(together: Graded, name: str) -> None:
    assert REACHED not in shown(together.course, name)


@pytest.mark.parametrize("name", REACHING)
def test_denied_answers_still_count(together: Graded, name: str) -> None:
    assert sum(together.scores[name].values()) == FULL


@pytest.mark.parametrize("name", READABLE)
def test_malformed_scores_what_can_be_read(together: Graded, name: str) -> None:
    assert sum(together.scores[name].values()) == READABLE[name][1]


@pytest.mark.parametrize("name", READABLE)
def test_malformed_is_told_why(together: Graded, name: str) -> None:
    assert READABLE[name][2] in shown(together.course, name)


@pytest.mark.parametrize("learner", LEARNERS)
def test_odd_id_is_a_learner_like_any_other(together: Graded, learner: str) -> None:
    assert sum(together.scores[learner].values()) == FULL
    assert "tensors.threshold: 5 of 5 points" in together.page(learner)


@pytest.mark.parametrize("learner", HONEST_IDS)
def test_honest_score_is_that_of_a_class_without_attackers(
    alone: Graded, together: Graded, learner: str
) -> None:
    assert together.scores[learner] == alone.scores[learner]


@pytest.mark.parametrize("learner", HONEST_IDS)
def test_honest_page_is_that_of_a_class_without_attackers(
    alone: Graded, together: Graded, learner: str
) -> None:
    assert together.page(learner) == alone.page(learner)


def test_page_lists_every_attack() -> None:
    names = [name for attacks in HEADINGS.values() for name in attacks]
    assert [*read((ROOT / "attacks.md").read_text("utf-8"))] == names


def test_page_has_the_scores(together: Graded) -> None:
    page = read((ROOT / "attacks.md").read_text("utf-8"))
    names = [name for name in page if name not in RESOURCES]
    assert {name: page[name]["check"] for name in names} == {
        name: together.given(name) for name in names
    }


def test_class_ends_in_bounded_time(together: Graded) -> None:
    attackers = sum(map(len, HEADINGS.values()))
    assert together.seconds < (NOTEBOOK_SECONDS + _GRACE) * attackers / WORKERS


@pytest.mark.parametrize("kind", ["processes", "mounts", "unix sockets", "files", "System V IPC"])
def test_nothing_is_left(together: Graded, kind: str) -> None:
    assert together.after[kind] == together.before[kind]


def test_nothing_is_written_into_the_course(together: Graded) -> None:
    assert not [*together.course.rglob(f"*{MARK}*")]
