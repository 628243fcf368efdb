import pytest
import torch
from torch import nn

from tests.checking.toy import GUESS, Threshold, report_on
from torchproof.checking.cases import held_out
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
