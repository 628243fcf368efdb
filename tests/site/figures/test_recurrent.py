"""The unrolled network against nn.RNN."""

import math

import pytest
import torch
from torch import nn


def recurrent_by_torch(inputs, weights):
    """The states that nn.RNN leaves with one number for a word and one for the state."""
    rnn = nn.RNN(input_size=1, hidden_size=1).double()
    nn.utils.vector_to_parameters(torch.tensor(weights, dtype=torch.float64), rnn.parameters())
    with torch.no_grad():
        states, _ = rnn(torch.tensor(inputs, dtype=torch.float64)[:, None])
    return states.flatten().tolist()


@pytest.mark.parametrize("inputs", [[1, 0.5, -1], [-1, 0.5, 1], [2, -1.7, 0.3, 0, 1.1]])
@pytest.mark.parametrize("w_hh", [0.5, -2.0, 0.0, 1.7])
@pytest.mark.parametrize("rest", [(1, 0.2, -0.1), (-0.7, 0.4, 0.3)])
def test_recurrent_states_are_those_of_torch(call, inputs, w_hh, rest):
    w_ih, b_ih, b_hh = rest
    weights = {"W_ih": w_ih, "b_ih": b_ih, "W_hh": w_hh, "b_hh": b_hh}
    found = call("recurrent", "figure.unroll(...given).map(({ h }) => h)", inputs, weights)
    expected = recurrent_by_torch(inputs, [w_ih, w_hh, b_ih, b_hh])
    assert found == pytest.approx(expected, abs=1e-12)


def test_recurrent_writes_each_number_as_its_formula_gives_it(call):
    """The numbers of each step, put together as its formula says, make the state at its end."""
    code = """[-2, -0.3, 0.5, 1.4].flatMap((W_hh) => {
      const set = { ...figure.weights, W_hh };
      const steps = figure.read("man bites dog", figure.words, set);
      return [1, 2, 3].map((t) => figure.formula(steps, t, set));
    })"""
    for written in call("recurrent", code):
        _, _, numbers, total, state = written.replace("−", "-").replace("·", "*").split(" = ")
        assert eval(numbers, {"tanh": math.tanh}) == pytest.approx(float(state), abs=0.002), written
        assert eval(total, {"tanh": math.tanh}) == pytest.approx(float(state), abs=0.001), written


def test_recurrent_reads_word_by_word(show):
    """The slider walks through the table of the lesson, and the other order ends elsewhere."""
    tab = show("recurrent")
    says, at = tab.locator(".play-says"), tab.get_by_label("Step t")
    ends = []
    for key in ("Home", "ArrowRight", "ArrowRight"):
        at.press(key)
        ends.append(says.inner_text().partition(" + b_hh) = ")[2])
    assert ends == [
        "tanh(1 · 1 + 0.2 + 0.5 · 0 − 0.1) = tanh(1.100) = 0.800.",
        "tanh(1 · 0.5 + 0.2 + 0.5 · 0.800 − 0.1) = tanh(1.000) = 0.762.",
        "tanh(1 · (−1) + 0.2 + 0.5 · 0.762 − 0.1) = tanh(−0.519) = −0.477. "
        "In the order man bites dog it would be 0.839.",
    ]
    tab.get_by_label("Sentence").select_option("man bites dog")
    assert " = tanh(1.219) = 0.839. In the order dog" in says.inner_text()
    for name, times in (("W_hh", 5), ("dog", 10)):
        for _ in range(times):
            tab.get_by_role("slider", name=name).press("ArrowLeft")
    end = recurrent_by_torch([-1, 0.5, 0], [1, 0, 0.2, -0.1])[2]
    assert f"tanh(1 · 0 + 0.2 + 0 · 0.537 − 0.1) = tanh(0.100) = {end:.3f}." in says.inner_text()
