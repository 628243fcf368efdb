"""One step of a gated recurrent unit."""

import torch
from torch import Tensor

from torchproof.catalog.rnn.recurrence import GROUPS, RECURRENT, Cells
from torchproof.checking.cases import Cases, Draw, extremes
from torchproof.checking.exercise import exercise


@exercise(groups=GROUPS, not_allowed=RECURRENT)
def gru_cell(
    x: Tensor, h: Tensor, w_ih: Tensor, w_hh: Tensor, b_ih: Tensor, b_hh: Tensor
) -> Tensor:
    """Return the next state (N, H) from inputs (N, I) and state (N, H), as ``nn.GRUCell`` does."""
    return torch.gru_cell(x, h, w_ih, w_hh, b_ih, b_hh)


@gru_cell.cases
def _(draw: Draw) -> Cases:
    cells = Cells(draw, gates=3, states=("h",))
    yield from cells.of_any_cell()
    for note, signs in (
        ("a state that is kept as it is", (1.0, 1.0, 0.0)),
        ("a state that is replaced", (1.0, -1.0, 0.0)),
        ("a state that is replaced, without a look at the old one", (-1.0, -1.0, 0.0)),
    ):
        bias = 100 * torch.tensor(signs).repeat_interleave(3)
        yield cells(extremes, 4, 2, 3, note=note, b_ih=bias)
