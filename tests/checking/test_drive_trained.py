import pytest
import torch
from torch import nn

from tests.checking.toy import GUESS, Threshold, report_on
from torchproof.checking.cases import held_out
from torchproof.checking.drive import DRIVERS
from torchproof.checking.observe import observe

IMAGES = torch.tensor([[1.0, 0.0], [-1.0, 0.0]])


def see(candidate):
    return observe(GUESS.question, candidate, held_out(images=IMAGES))


def test_right_model_scores_all():
    assert report_on(Threshold(0.0), 0, GUESS).points == 4


def test_model_that_is_less_good_scores_a_share():
    report = report_on(Threshold(0.3), 0, GUESS)
    assert 0 < report.points < 4
    assert "Not good enough yet" in repr(report)


def test_model_that_only_guesses_scores_nothing_and_is_named():
    report = report_on(Threshold(-100.0), 0, GUESS)
    assert report.points < 0.8
    assert report.mistake == ("always yes", "Your model says yes to everything.")


def test_size_counts_shared_parameters_once_and_buffers_too():
    model = nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2))
    model.append(model[0])
    assert see(model).result["size"] == 6 + 9


def test_model_is_called_in_evaluation_mode_and_left_in_training():
    model = nn.Dropout(0.5)
    result = see(model).result
    assert torch.equal(result["output"], IMAGES)
    assert model.training


@pytest.mark.parametrize(
    ("candidate", "said"),
    [(Threshold, "this is a class"), (lambda images: images, "this is a function")],
)
def test_what_is_no_model_is_named(candidate, said):
    assert said in see(candidate).raised.message


def test_nothing_to_call_is_named():
    assert see(None).raised.message.startswith("guess is None")


class Sum(nn.Module):
    """Sums a sequence up; its state is the sum so far."""

    def forward(self, x, state=0):
        sums = x.cumsum(-1) + state
        return sums, sums[..., -1:]


class Pairless(Sum):
    def forward(self, x, state=0):
        return super().forward(x, state)[0]


@pytest.mark.parametrize(("parts", "expected"), [([4], [1, 3, 6, 10]), ([2, 1, 1], [10])])
def test_recurrent_model_is_given_its_state_with_each_part(parts, expected):
    seen = DRIVERS["trained"](Sum(), parts=parts, x=torch.tensor([[1, 2, 3, 4]]))
    assert seen["output"].tolist() == [expected]


class Keeping(Sum):
    """Keeps the sum so far in itself and returns no state to go on from."""

    kept = 0

    def forward(self, x, state=None):
        sums, self.kept = super().forward(x, 0 if state is None else self.kept)
        return sums, 1


def test_what_a_recurrent_model_keeps_in_itself_is_overwritten_between_the_parts():
    seen = DRIVERS["trained"](Keeping(), parts=[3, 1], x=torch.tensor([[1, 2, 3, 4]]))
    assert seen["output"].tolist() == [[4 + 3 + 2 + 4]]


def test_recurrent_model_without_a_state_is_named():
    with pytest.raises(TypeError, match="returned a tensor; a tuple of logits and state is asked"):
        DRIVERS["trained"](Pairless(), parts=[2], x=torch.tensor([1, 2]))


class Forgetful(Sum):
    """Cannot go on from its own state."""

    def forward(self, x, state=None):
        if state is not None:
            raise RuntimeError("wrong size")
        return super().forward(x)


def test_recurrent_model_that_does_not_take_its_state_is_named():
    with pytest.raises(ValueError, match="not go on from the state that it returned: wrong size"):
        DRIVERS["trained"](Forgetful(), parts=[1, 1], x=torch.tensor([1, 2]))
