"""A recurrent layer: one cell, step by step through a sequence."""

from collections.abc import Callable

import torch
from torch import Tensor

from torchproof.catalog.rnn.recurrence import GROUPS, RECURRENT, parameters
from torchproof.checking.cases import FLOATS, Case, Cases, Draw, extremes, gradients, shapes, values
from torchproof.checking.exercise import exercise


@exercise(groups=GROUPS, not_allowed=RECURRENT)
def rnn(
    x: Tensor, h0: Tensor, w_ih: Tensor, w_hh: Tensor, b_ih: Tensor, b_hh: Tensor
) -> tuple[Tensor, Tensor]:
    """Return all states (T, N, H) and the last one (N, H), from inputs (T, N, I) and h0 (N, H).

    As ``nn.RNN`` does with one layer, but for the dimension of layers, which h0 has there.
    """
    flat = [w_ih, w_hh, b_ih, b_hh]
    with torch.backends.cudnn.flags(enabled=False):  # it rounds float32 to fewer digits
        outputs, last = torch.rnn_tanh(x, h0[None], flat, True, 1, 0.0, False, False, False)
    return outputs, last[0]


@rnn.cases
def _(draw: Draw) -> Cases:
    yield _sequences(values, draw, (5, 3, 2, 4))
    size = draw.size(3, 4), draw.size(5, 6), draw.size(4, 5), draw.size(2, 3)
    yield _sequences(values, draw, size, torch.float64)
    yield _sequences(values, draw, (3, 3, 3, 3), torch.float64, "all four sizes the same")
    yield _sequences(values, draw, (2, 4, 3, 3), note="two steps")
    yield _sequences(extremes, draw, (1, 3, 2, 4), note="one step")
    yield _sequences(extremes, draw, (4, 1, 3, 2), note="one sequence")
    yield _sequences(extremes, draw, (5, 2, 1, 1), note="one input, one hidden number")
    start = torch.zeros(3, 4)
    yield _sequences(extremes, draw, (4, 3, 2, 4), note="a state of zeros at the start", h0=start)
    silence = torch.zeros(4, 3, 2)
    yield _sequences(extremes, draw, (4, 3, 2, 4), note="inputs of zeros", x=silence)
    yield _sequences(extremes, draw, (3, 0, 2, 4), note="an empty batch")
    far = 1e4 * draw.normal(3, 2, 3, dtype=torch.float64)
    yield _sequences(extremes, draw, (3, 2, 3, 4), torch.float64, "very large inputs", x=far)
    yield _sequences(extremes, draw, (20, 2, 3, 4), torch.float64, "many steps")
    yield _sequences(gradients, draw, (20, 2, 3, 4), torch.float64, "many steps")
    for dtype in FLOATS:
        yield _sequences(shapes, draw, (4, 2, 3, 5), dtype)
        yield _sequences(shapes, draw, (2, 5, 4, 3), dtype)


def _sequences(
    kind: Callable[..., Case],
    draw: Draw,
    size: tuple[int, int, int, int],
    dtype: torch.dtype = torch.float32,
    note: str = "",
    **given: Tensor,
) -> Case:
    """Return a case of T steps, N sequences, I inputs and H hidden numbers."""
    steps, n, inputs, hidden = size
    drawn = {
        "x": draw.normal(steps, n, inputs, dtype=dtype),
        "h0": draw.uniform(n, hidden, low=-1, high=1, dtype=dtype),
    }
    return kind(note, **(drawn | parameters(draw, inputs, hidden, 1, dtype) | given))
