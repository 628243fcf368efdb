"""What the recurrent exercises have in common: parameters, groups, cases."""

import inspect
from collections.abc import Callable
from typing import Any, NamedTuple

import torch
from torch import Tensor

from torchproof.checking.cases import FLOATS, Case, Cases, Draw, Group, extremes, shapes, values
from torchproof.checking.exercise import Exercise

GROUPS = (Group.VALUES, Group.GRADIENTS, Group.EXTREMES, Group.SHAPES, Group.NO_SIDE_EFFECTS)

RECURRENT = (
    *("rnn_tanh_cell", "rnn_relu_cell", "lstm_cell", "gru_cell"),
    *("rnn_tanh", "rnn_relu", "lstm", "gru", "mkldnn_rnn_layer", "_cudnn_rnn"),
    *("quantized_rnn_tanh_cell", "quantized_rnn_relu_cell", "quantized_lstm", "quantized_gru"),
    *("quantized_lstm_cell", "quantized_gru_cell", "_thnn_fused_lstm_cell", "_thnn_fused_gru_cell"),
    *("torch.nn.RNNCell", "torch.nn.LSTMCell", "torch.nn.GRUCell", "torch.nn.RNNCellBase"),
    *("torch.nn.RNN", "torch.nn.LSTM", "torch.nn.GRU", "torch.nn.RNNBase", "torch.nn.modules.rnn"),
)
"""Torch's cells and recurrent layers, whatever they are called."""


class Parameters(NamedTuple):
    """The parameters of a cell whose ``gates`` blocks of H rows are stacked.

    Attributes:
        w_ih: shape (gates·H, I).
        w_hh: shape (gates·H, H).
        b_ih: shape (gates·H,).
        b_hh: shape (gates·H,).
    """

    w_ih: Tensor
    w_hh: Tensor
    b_ih: Tensor
    b_hh: Tensor

    def inputs_part(self, x: Tensor) -> Tensor:
        """Return what the inputs (N, I) contribute, shape (N, gates·H)."""
        return x @ self.w_ih.mT + self.b_ih

    def state_part(self, h: Tensor) -> Tensor:
        """Return what the state (N, H) contributes, shape (N, gates·H)."""
        return h @ self.w_hh.mT + self.b_hh

    def total(self, x: Tensor, h: Tensor) -> Tensor:
        """Return the sum of both parts, shape (N, gates·H)."""
        return self.inputs_part(x) + self.state_part(h)


def mistake(exercise: Exercise, name: str, hint: str) -> Callable[[Callable[..., Any]], None]:
    """Take the decorated function, which has the parameters as its last argument, as a mistake."""

    def add(function: Callable[..., Any]) -> None:
        def candidate(**arguments: Any) -> Any:
            parameters = Parameters(*(arguments.pop(each) for each in Parameters._fields))
            return function(*arguments.values(), parameters)

        signature = inspect.signature(exercise.reference)
        candidate.__signature__ = signature  # type: ignore[attr-defined]
        exercise.mistake(name, hint)(candidate)

    return add


def parameters(
    draw: Draw, inputs: int, hidden: int, gates: int, dtype: torch.dtype
) -> dict[str, Tensor]:
    """Draw parameters that take numbers around 1 to sums around 1."""
    rows = gates * hidden
    return {
        "w_ih": 0.5 * draw.normal(rows, inputs, dtype=dtype),
        "w_hh": 0.5 * draw.normal(rows, hidden, dtype=dtype),
        "b_ih": 0.5 * draw.normal(rows, dtype=dtype),
        "b_hh": 0.5 * draw.normal(rows, dtype=dtype),
    }


class Cells:
    """Draws cases of a cell.

    Attributes:
        draw: where the numbers are from.
        gates: blocks of rows in the parameters.
        states: names of the tensors (N, H) that the cell takes beside x.
    """

    def __init__(self, draw: Draw, gates: int, states: tuple[str, ...]) -> None:
        self.draw = draw
        self.gates = gates
        self.states = states

    def __call__(
        self,
        kind: Callable[..., Case],
        n: int,
        inputs: int,
        hidden: int,
        dtype: torch.dtype = torch.float32,
        note: str = "",
        **given: Tensor,
    ) -> Case:
        """Return a case of N examples, I inputs and H hidden numbers, random but for ``given``."""
        states = {
            name: self.draw.uniform(n, hidden, low=-1, high=1, dtype=dtype) for name in self.states
        }
        drawn = {"x": self.draw.normal(n, inputs, dtype=dtype)} | states
        drawn |= parameters(self.draw, inputs, hidden, self.gates, dtype)
        return kind(note, **(drawn | given))

    def of_any_cell(self) -> Cases:
        """Yield the cases that every cell is tried on."""
        draw = self.draw
        yield self(values, 5, 3, 4)
        yield self(values, draw.size(6, 8), draw.size(4, 5), draw.size(2, 3), torch.float64)
        same = "as many examples as inputs as hidden numbers"
        yield self(values, 3, 3, 3, torch.float64, same)
        zeros = "a state of zeros, as at the start"
        start = {name: torch.zeros(4, 3) for name in self.states}
        yield self(extremes, 4, 2, 3, torch.float32, zeros, **start)
        yield self(extremes, 4, 2, 3, note="inputs of zeros", x=torch.zeros(4, 2))
        yield self(extremes, 1, 3, 2, note="one example")
        yield self(extremes, 5, 1, 1, note="one input, one hidden number")
        yield self(extremes, 0, 3, 2, note="an empty batch")
        far = 1e4 * draw.normal(4, 3, dtype=torch.float64)
        yield self(extremes, 4, 3, 5, torch.float64, "very large inputs", x=far)
        for dtype in FLOATS:
            yield self(shapes, 2, 3, 4, dtype)
            yield self(shapes, 5, 4, 2, dtype)
