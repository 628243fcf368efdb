"""Judging what a learner's process sent, whatever it is."""

import pickle
from collections.abc import Callable
from typing import Any

import pytest
import torch

from torchproof.checking.observe import Observation, observe
from torchproof.checking.tree import decode, encode
from torchproof.grading import judge
from torchproof.grading.judge import Trial, outputs, read, trial


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"\x00" * 3,
        pickle.dumps(print),
        encode({"result": 1}),
        encode(Observation().to_tree() | {"calls": ["a"]}),
        encode(Observation().to_tree() | {"gradients": {"x": "y"}}),
        encode([1, 2]),
    ],
)
def test_what_is_no_observation_counts_as_raised(message: bytes) -> None:
    seen = read(message)
    assert seen.raised is not None
    assert seen.raised.type == "Unreadable"


def test_observation_is_read() -> None:
    sent = Observation(result=torch.ones(2), calls=(3,))
    seen = read(encode(sent.to_tree()))
    assert seen.result.equal(torch.ones(2))


def test_request_holds_nothing_of_the_answer() -> None:
    drawn = trial("tensors.threshold", 3)
    assert set(decode(drawn.request)) == {"question", "cases"}
    assert b"torch.where" not in drawn.request


def test_trial_is_drawn_once() -> None:
    assert trial("tensors.threshold", 3) is trial("tensors.threshold", 3)


def sent(drawn: Trial, candidate: Callable[..., Any]) -> list[bytes]:
    """Observe a candidate as a learner's process does."""
    seen = [observe(drawn.exercise.question, candidate, case) for case in drawn.cases]
    return [encode(each.to_tree()) for each in seen]


def zero(x: torch.Tensor) -> torch.Tensor:
    return 0 * x


def test_same_answers_share_a_report_whatever_their_text() -> None:
    drawn = trial("tensors.threshold", 3)
    once, again = (drawn.report(sent(drawn, zero), text) for text in ("a = 1", "b = 2"))
    assert once is again
    assert drawn.report(sent(drawn, drawn.exercise.reference), "") is not once


def test_what_is_in_the_text_costs_the_points_of_a_shared_report() -> None:
    drawn = trial("tensors.one_hot", 3)
    right = sent(drawn, drawn.exercise.reference)
    used = drawn.report(right, "torch.nn.functional.one_hot(x)")
    assert used.points == 0
    assert used.not_allowed[0].endswith("one_hot in line 1")
    assert drawn.report(right, "").not_allowed == drawn.report(right, "x").not_allowed


def test_large_answers_are_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judge, "_KEPT", 10)
    drawn = trial("tensors.threshold", 3)
    right = sent(drawn, drawn.exercise.reference)
    assert drawn.report(right, "") is not drawn.report(right, "")


def test_outputs_end_with_the_points() -> None:
    drawn = trial("tensors.threshold", 3)
    exercise = drawn.exercise
    shown = outputs(drawn.report(sent(drawn, exercise.reference), ""), 7)
    assert shown[-1]["data"]["text/plain"] == "5.0"
    assert shown[0]["data"]["text/plain"].startswith("tensors.threshold: 5 of 5 points")
