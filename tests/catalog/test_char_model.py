"""What models trained as in ``09_rnn`` score, from several seeds."""

from functools import partial

import pytest
from torch import nn

from tests.catalog.measure import measure
from tests.catalog.rnn import Recurrent, train_char_model
from torchproof.checking.exercise import find


class Forgetful(Recurrent):
    """Ignores the state it is given."""

    def forward(self, tokens, state=None):
        return super().forward(tokens)


class TimeFirst(Recurrent):
    """Takes the examples of a batch for the positions of a text."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.layer.batch_first = False


class Bidirectional(Recurrent):
    def __init__(self, layer, size, num_tokens):
        super().__init__(partial(layer, bidirectional=True), size, num_tokens)
        self.linear = nn.Linear(2 * size, num_tokens)


class Probable(Recurrent):
    """Returns probabilities."""

    def forward(self, tokens, state=None):
        logits, state = super().forward(tokens, state)
        return logits.softmax(-1), state


@pytest.mark.slow
@pytest.mark.parametrize("layer", [nn.GRU, nn.LSTM])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_model_trained_from_any_seed_scores_full_marks(layer, seed):
    model = train_char_model(partial(Recurrent, layer, 96), seed)
    assert measure(find("rnn.CharModel"), model).points == 4


@pytest.mark.slow
@pytest.mark.parametrize(
    ("wrong", "mistake"),
    [
        (Forgetful, "state not carried"),
        (TimeFirst, "batch taken for positions"),
        (Bidirectional, "looks ahead"),
        (Probable, "probabilities"),
    ],
)
def test_wrong_model_that_was_trained_scores_little_and_is_named(wrong, mistake):
    model = train_char_model(partial(wrong, nn.GRU, 64), 0)
    report = measure(find("rnn.CharModel"), model)
    assert report.points < 1
    assert report.mistake is not None
    assert report.mistake[0] == mistake
