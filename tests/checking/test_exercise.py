from dataclasses import replace

import pytest
import torch

from tests.checking.toy import HALVE
from torchproof.checking.cases import Group
from torchproof.checking.exercise import find
from torchproof.errors import UnknownExerciseError


@pytest.mark.parametrize(
    ("unknown", "suggested"),
    [
        ("tensors.treshold", "tensors.threshold"),
        ("tensor.standardize", "tensors.standardize"),
        ("one_hot", "tensors.one_hot"),
        ("no/path.x", "did you mean"),
        ("", "did you mean"),
        ("os.system", "did you mean"),
    ],
)
def test_unknown_id_is_refused_with_the_nearest(unknown, suggested):
    with pytest.raises(UnknownExerciseError, match=suggested):
        find(unknown)


def test_unknown_id_message_says_what_to_do():
    with pytest.raises(UnknownExerciseError) as error:
        find("tensors.treshold")
    assert str(error.value).startswith(
        "No exercise is called 'tensors.treshold'. Check the id; did you mean 'tensors.threshold'"
    )


def test_points_default_to_one_for_each_group():
    assert HALVE.points == 6


def test_gradient_cases_are_float64_with_an_uneven_upstream_gradient():
    cases = [case for case in HALVE.draw(0) if case.group is Group.GRADIENTS]
    (vector, matrix) = cases
    assert vector.arguments["x"].dtype is torch.float64
    assert matrix.upstream[0].shape == (2, 3)
    assert matrix.upstream[0].unique().numel() == 6


def test_shapes_are_tried_contiguous_and_not():
    cases = [case for case in HALVE.draw(0) if case.group is Group.SHAPES]
    assert {case.contiguous for case in cases} == {True, False}


def test_shapes_are_tried_on_the_accelerator_where_there_is_one(monkeypatch):
    monkeypatch.setattr(torch.accelerator, "is_available", lambda: True)
    monkeypatch.setattr(torch.accelerator, "current_accelerator", lambda: torch.device("meta"))
    cases = [case for case in HALVE.draw(0) if case.group is Group.SHAPES]
    assert {case.device for case in cases} == {"cpu", "meta"}


def test_side_effects_are_looked_for_on_the_inputs_of_values():
    cases = HALVE.draw(0)
    of = {group: [c for c in cases if c.group is group] for group in Group}
    again = [replace(case, group=Group.VALUES) for case in of[Group.NO_SIDE_EFFECTS]]
    assert [c.arguments for c in again] == [c.arguments for c in of[Group.VALUES]]


def test_cases_carry_their_seed():
    assert {case.seed for case in HALVE.draw(7)} == {7}


def test_question_holds_nothing_of_the_answer():
    assert vars(HALVE.question) == {
        "id": "toy.halve",
        "parameters": ("x",),
        "not_allowed": ("sinh", "torch.nn.functional.hardtanh"),
        "driver": "function",
    }
