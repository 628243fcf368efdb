"""Judging what a learner's process sent, whatever it is."""

import pickle

import pytest
import torch

from torchproof.checking.observe import Observation, observe
from torchproof.checking.tree import decode, encode
from torchproof.grading.judge import outputs, read, trial


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


def test_outputs_end_with_the_points() -> None:
    drawn = trial("tensors.threshold", 3)
    exercise = drawn.exercise
    seen = [observe(exercise.question, exercise.reference, case) for case in drawn.cases]
    shown = outputs(drawn.report(seen, ""), 7)
    assert shown[-1]["data"]["text/plain"] == "5.0"
    assert shown[0]["data"]["text/plain"].startswith("tensors.threshold: 5 of 5 points")
