"""The class of attacks, with plain asserts in place of ``check``: what the sandbox alone holds.

Left out is what runs the same way with ``check``, where ``test_attacks.py`` has it: own cells that
only wait for the time limit, and odd ids of learners.
"""

import html
import re
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
import torch

from tests.catalog import tensors
from tests.submissions.aimed import GAINS, WHY
from tests.submissions.asserts import HEADINGS, LIMITED, asserts_for, with_asserts
from tests.submissions.attack_table import NOT_RUN, read
from tests.submissions.attacks import Graded, add_attackers, grade, honest_class, scores, shown
from tests.submissions.hand_in import MARK, ROOT, WRONG, wrong_answer
from tests.submissions.malformed import FULL, READABLE, UNREADABLE
from tests.submissions.reaching import REACHED, REACHING
from tests.submissions.resources import TIME

pytestmark = pytest.mark.slow

HONEST_IDS = [f"learner-{number:03}" for number in range(1, 4)]
ATTACKS = [name for attacks in HEADINGS.values() for name in attacks]
RIGHT = [
    (name, answer)
    for name in WRONG
    for answer in vars(tensors)
    if answer.startswith(f"{name}_")
]  # fmt: skip


@pytest.fixture(scope="module")
def classes(turn: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Graded]]:
    """The honest learners, first alone and then with all attackers."""
    folder = tmp_path_factory.mktemp("asserts")
    alone, together = folder / "alone", folder / "together"
    honest_class(alone, len(HONEST_IDS))
    with_asserts(alone)
    shutil.copytree(alone, together)
    add_attackers(together, HEADINGS)
    reports = [grade(course, folder / "temporary") for course in (alone, together)]
    yield [
        Graded(course, report, scores(course))
        for course, report in zip((alone, together), reports, strict=True)
    ]
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def together(classes: list[Graded]) -> Graded:
    return classes[1]


@pytest.mark.parametrize(("name", "answer"), RIGHT)
def test_right_answer_passes(name: str, answer: str) -> None:
    exec(asserts_for(name), {"torch": torch, name: vars(tensors)[answer]})


@pytest.mark.parametrize("name", WRONG)
def test_wrong_answer_fails(name: str) -> None:
    names: dict[str, Any] = {"torch": torch}
    exec(wrong_answer(name), names)
    with pytest.raises(AssertionError):
        exec(asserts_for(name), names)


def test_exactly_the_listed_attacks_gain(together: Graded) -> None:
    gaining = {name for name in HEADINGS["tampering"] if any(together.scores[name].values())}
    assert gaining == GAINS.keys()


@pytest.mark.parametrize("name", [name for name in ATTACKS if name not in UNREADABLE])
def test_attacker_is_graded(together: Graded, name: str) -> None:
    assert together.problems.get(name) is None


@pytest.mark.parametrize("name", UNREADABLE)
def test_unreadable_is_said(together: Graded, name: str) -> None:
    problem = together.problems[name]
    assert re.search(UNREADABLE[name][1], problem["reason"])
    assert problem["reason"] in html.unescape(together.page(name))


@pytest.mark.parametrize("name", LIMITED)
def test_limit_is_said_on_the_page(together: Graded, name: str) -> None:
    assert re.search(f"{LIMITED[name][1]}|{TIME}", shown(together.course, name))


@pytest.mark.parametrize("name", LIMITED)
def test_limit_gains_nothing(together: Graded, name: str) -> None:
    most = FULL - 5 * ("answer" in name or "tensor" in name)
    assert sum(together.scores[name].values()) <= most


@pytest.mark.parametrize("name", REACHING)
def test_reaching_out_is_denied(together: Graded, name: str) -> None:
    assert REACHED not in shown(together.course, name)


@pytest.mark.parametrize("name", REACHING)
def test_right_answers_count(together: Graded, name: str) -> None:
    assert sum(together.scores[name].values()) == FULL


@pytest.mark.parametrize("name", READABLE)
def test_malformed_scores_what_can_be_read(together: Graded, name: str) -> None:
    assert sum(together.scores[name].values()) == READABLE[name][1]


@pytest.mark.parametrize(("learner", "score"), [("learner-001", FULL), ("learner-002", 0)])
def test_honest_score_is_deserved(together: Graded, learner: str, score: float) -> None:
    assert sum(together.scores[learner].values()) == score


@pytest.mark.parametrize("learner", HONEST_IDS)
def test_honest_score_is_that_of_a_class_without_attackers(
    classes: list[Graded], learner: str
) -> None:
    alone, together = classes
    assert together.scores[learner] == alone.scores[learner]


@pytest.mark.parametrize("learner", HONEST_IDS)
def test_honest_page_is_that_of_a_class_without_attackers(
    classes: list[Graded], learner: str
) -> None:
    alone, together = classes
    assert together.page(learner) == alone.page(learner)


def test_nothing_is_written_into_the_course(together: Graded) -> None:
    assert not [*together.course.rglob(f"*{MARK}*")]


def test_page_has_the_scores(together: Graded) -> None:
    page = read((ROOT / "attacks.md").read_text("utf-8"))
    names = [name for name in ATTACKS if name not in LIMITED]
    assert {name: page[name]["asserts"] for name in names} == {
        name: together.given(name) for name in names
    }


def test_page_says_why_points_are_gained() -> None:
    text = (ROOT / "attacks.md").read_text("utf-8")
    page = read(text)
    said = {name: page[name]["outcome"] for name in HEADINGS["tampering"]}
    assert said == dict.fromkeys(said, "held") | GAINS
    assert [why for word, why in WHY.items() if f"| {word} | {why} |" not in text] == []


def test_page_says_what_was_not_run() -> None:
    page = read((ROOT / "attacks.md").read_text("utf-8"))
    assert {name for name in page if page[name]["asserts"] == NOT_RUN} == page.keys() - {*ATTACKS}
