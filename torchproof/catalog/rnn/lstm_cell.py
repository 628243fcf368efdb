"""One step of a long short-term memory."""

import torch
from torch import Tensor

from torchproof.catalog.rnn.recurrence import GROUPS, RECURRENT, Cells
from torchproof.checking.cases import Cases, Draw, extremes
from torchproof.checking.exercise import exercise


@exercise(groups=GROUPS, not_allowed=RECURRENT)
def lstm_cell(
    x: Tensor, h: Tensor, c: Tensor, w_ih: Tensor, w_hh: Tensor, b_ih: Tensor, b_hh: Tensor
) -> tuple[Tensor, Tensor]:
    """Return the next h and c, (N, H), from inputs (N, I), h and c, as ``nn.LSTMCell`` does."""
    hidden, cell = torch.lstm_cell(x, (h, c), w_ih, w_hh, b_ih, b_hh)
    return hidden, cell


@lstm_cell.cases
def _(draw: Draw) -> Cases:
    cells = Cells(draw, gates=4, states=("h", "c"))
    yield from cells.of_any_cell()
    far = 1e4 * draw.normal(4, 3)
    yield cells(extremes, 4, 2, 3, note="a memory of very large numbers", c=far)
    for note, signs in (
        ("a memory that is kept as it is", (-1.0, 1.0, 0.0, 1.0)),
        ("a memory that is written anew", (1.0, -1.0, 0.0, 1.0)),
        ("a memory that is not shown", (1.0, 1.0, 0.0, -1.0)),
    ):
        bias = 100 * torch.tensor(signs).repeat_interleave(3)
        yield cells(extremes, 4, 2, 3, note=note, b_ih=bias)
