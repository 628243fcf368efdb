"""Long short-term memories with the wrong parameters, gates and results."""

from typing import Any

import torch
from torch import Tensor

from torchproof.catalog.rnn.lstm_cell import lstm_cell
from torchproof.catalog.rnn.recurrence import Parameters, mistake

Both = tuple[Tensor, Tensor]


def combined(total: Tensor, c: Tensor, order: str = "ifgo") -> Both:
    """Return h and c from the sum of all gates, whose blocks stand in this order."""
    part = dict(zip(order, total.chunk(4, dim=1), strict=True))
    kept = torch.sigmoid(part["f"]) * c
    new = kept + torch.sigmoid(part["i"]) * torch.tanh(part["g"])
    return torch.sigmoid(part["o"]) * torch.tanh(new), new


def right(x: Tensor, h: Tensor, c: Tensor, p: Parameters) -> Both:
    """Return what some mistakes change a part of: the right answer."""
    return combined(p.total(x, h), c)


@mistake(
    lstm_cell,
    "gate order i, f, o, g",
    "You take the third block of rows for the output gate and the fourth for the candidate; "
    "torch's order is i, f, g, o.",
)
def _(x: Tensor, h: Tensor, c: Tensor, p: Parameters) -> Both:
    return combined(p.total(x, h), c, "ifog")


@mistake(
    lstm_cell,
    "gate order f, i, g, o",
    "Your input gate and forget gate are swapped; the first block of rows is i, which multiplies "
    "the candidate, and the second f, which multiplies c.",
)
def _(x: Tensor, h: Tensor, c: Tensor, p: Parameters) -> Both:
    return combined(p.total(x, h), c, "figo")


@mistake(
    lstm_cell,
    "gate order f, i, o, g",
    "You take the blocks of rows in the order f, i, o, g; torch's order is i, f, g, o.",
)
def _(x: Tensor, h: Tensor, c: Tensor, p: Parameters) -> Both:
    return combined(p.total(x, h), c, "fiog")


@mistake(
    lstm_cell,
    "gate order i, g, f, o",
    "You take the blocks of rows in the order i, g, f, o; torch's order is i, f, g, o.",
)
def _(x: Tensor, h: Tensor, c: Tensor, p: Parameters) -> Both:
    return combined(p.total(x, h), c, "igfo")


@mistake(
    lstm_cell,
    "gate order o, f, g, i",
    "Your input gate and output gate are swapped; the first block of rows is i, which multiplies "
    "the candidate, and the last o, which multiplies the tanh of c.",
)
def _(x: Tensor, h: Tensor, c: Tensor, p: Parameters) -> Both:
    return combined(p.total(x, h), c, "ofgi")


@mistake(
    lstm_cell,
    "a list of both",
    "You return a list; a tuple of two tensors is asked for, as `return h, c` gives it.",
)
def _(x: Tensor, h: Tensor, c: Tensor, p: Parameters) -> Any:
    return list(right(x, h, c, p))


@mistake(
    lstm_cell,
    "gates interleaved",
    "You take every fourth row for a gate; the H rows of one gate stand together, so cut the 4H "
    "numbers into four blocks of H.",
)
def _(x: Tensor, h: Tensor, c: Tensor, p: Parameters) -> Both:
    total = p.total(x, h)
    return combined(torch.cat([total[:, k::4] for k in range(4)], dim=1), c)


@mistake(
    lstm_cell,
    "cut along the batch",
    "torch.chunk cuts along dimension 0, the batch, unless told otherwise; the gates stand side by "
    "side in dimension 1.",
)
def _(x: Tensor, h: Tensor, c: Tensor, p: Parameters) -> Both:
    i, f, g, o = p.total(x, h).chunk(4)
    c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(c), c


@mistake(
    lstm_cell,
    "reshaped to (4, N, H)",
    "reshape(4, N, H) reads the numbers row by row, so each block is of other examples, not of "
    "another gate; use reshape(N, 4, H), or chunk(4, dim=1).",
)
def _(x: Tensor, h: Tensor, c: Tensor, p: Parameters) -> Both:
    blocks = p.total(x, h).reshape(4, *h.shape)
    return combined(torch.cat(list(blocks), dim=1), c)


@mistake(
    lstm_cell,
    "H by -1 in an empty batch",
    "reshape cannot find the -1 where there are no elements, as in an empty batch; write out H, "
    "h.shape[1].",
)
def _(x: Tensor, h: Tensor, c: Tensor, p: Parameters) -> Both:
    total = p.total(x, h)
    return combined(total.reshape(len(x), 4, -1).reshape(total.shape), c)


@mistake(
    lstm_cell,
    "w_ih not transposed",
    "You multiply x by w_ih as it is; its rows belong to the gates, shape (4H, I), so multiply by "
    "its transpose, w_ih.mT.",
)
def _(x: Tensor, h: Tensor, c: Tensor, p: Parameters) -> Both:
    return combined(x @ p.w_ih + p.b_ih + p.state_part(h), c)


@mistake(
    lstm_cell,
    "w_hh not transposed",
    "You multiply h by w_hh as it is; its rows belong to the gates, shape (4H, H), so multiply by "
    "its transpose, w_hh.mT.",
)
def _(x: Tensor, h: Tensor, c: Tensor, p: Parameters) -> Both:
    return combined(p.inputs_part(x) + h @ p.w_hh + p.b_hh, c)


@mistake(
    lstm_cell,
    "blocks of w_hh not transposed",
    "You multiply h by the blocks of w_hh as they are; each is square, so no shape complains, but "
    "its rows belong to the gate: multiply by the transpose of the block.",
)
def _(x: Tensor, h: Tensor, c: Tensor, p: Parameters) -> Both:
    parts = [h @ block for block in p.w_hh.chunk(4)]
    return combined(p.inputs_part(x) + torch.cat(parts, dim=1) + p.b_hh, c)


@mistake(
    lstm_cell,
    "b_hh dropped",
    "b_hh has no part in your sum; both biases are added.",
)
def _(x: Tensor, h: Tensor, c: Tensor, p: Parameters) -> Both:
    return combined(p.total(x, h) - p.b_hh, c)


@mistake(
    lstm_cell,
    "b_ih dropped",
    "b_ih has no part in your sum; both biases are added.",
)
def _(x: Tensor, h: Tensor, c: Tensor, p: Parameters) -> Both:
    return right(x, h, c, p._replace(b_ih=torch.zeros_like(p.b_ih)))


@mistake(
    lstm_cell,
    "both biases dropped",
    "Your sum has no bias; add b_ih and b_hh.",
)
def _(x: Tensor, h: Tensor, c: Tensor, p: Parameters) -> Both:
    return combined(x @ p.w_ih.mT + h @ p.w_hh.mT, c)


@mistake(
    lstm_cell,
    "c first",
    "You return c first; h comes first, then c.",
)
def _(x: Tensor, h: Tensor, c: Tensor, p: Parameters) -> Both:
    return right(x, h, c, p)[::-1]


@mistake(
    lstm_cell,
    "h only",
    "You return h alone; the next step needs c as well, so return both, h and c.",
)
def _(x: Tensor, h: Tensor, c: Tensor, p: Parameters) -> Tensor:
    return right(x, h, c, p)[0]


@mistake(
    lstm_cell,
    "output and states",
    "You return the output and then a tuple of the states, as nn.LSTM does; here h and c are asked "
    "alone.",
)
def _(x: Tensor, h: Tensor, c: Tensor, p: Parameters) -> Any:
    both = right(x, h, c, p)
    return both[0], both
