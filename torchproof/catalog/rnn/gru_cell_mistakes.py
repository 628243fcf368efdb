"""Gated recurrent units with the wrong parameters and gates."""

from typing import Any

import torch
from torch import Tensor

from torchproof.catalog.rnn.gru_cell import gru_cell
from torchproof.catalog.rnn.recurrence import Parameters, mistake


def updated(inputs_part: Tensor, state_part: Tensor, h: Tensor, order: str = "rzn") -> Tensor:
    """Return the new state from both parts of the sums, whose blocks stand in this order."""
    of_x = dict(zip(order, inputs_part.chunk(3, dim=1), strict=True))
    of_h = dict(zip(order, state_part.chunk(3, dim=1), strict=True))
    r, z = (torch.sigmoid(of_x[gate] + of_h[gate]) for gate in "rz")
    n = torch.tanh(of_x["n"] + r * of_h["n"])
    return (1 - z) * n + z * h


def right(x: Tensor, h: Tensor, p: Parameters) -> Tensor:
    """Return what some mistakes change a part of: the right answer."""
    return updated(p.inputs_part(x), p.state_part(h), h)


@mistake(
    gru_cell,
    "gate order z, r, n",
    "Your reset and update gates are swapped; the first block of rows is r, the second z.",
)
def _(x: Tensor, h: Tensor, p: Parameters) -> Tensor:
    return updated(p.inputs_part(x), p.state_part(h), h, "zrn")


@mistake(
    gru_cell,
    "gate order r, n, z",
    "You take the second block of rows for the candidate and the third for the update gate; "
    "torch's order is r, z, n.",
)
def _(x: Tensor, h: Tensor, p: Parameters) -> Tensor:
    return updated(p.inputs_part(x), p.state_part(h), h, "rnz")


@mistake(
    gru_cell,
    "gates interleaved",
    "You take every third row for a gate; the H rows of one gate stand together, so cut the 3H "
    "numbers into three blocks of H.",
)
def _(x: Tensor, h: Tensor, p: Parameters) -> Tensor:
    of_x, of_h = (
        torch.cat([part[:, k::3] for k in range(3)], dim=1)
        for part in (p.inputs_part(x), p.state_part(h))
    )
    return updated(of_x, of_h, h)


@mistake(
    gru_cell,
    "cut along the batch",
    "torch.chunk cuts along dimension 0, the batch, unless told otherwise; the gates stand side by "
    "side in dimension 1.",
)
def _(x: Tensor, h: Tensor, p: Parameters) -> Tensor:
    x_r, x_z, x_n = p.inputs_part(x).chunk(3)
    h_r, h_z, h_n = p.state_part(h).chunk(3)
    r, z = torch.sigmoid(x_r + h_r), torch.sigmoid(x_z + h_z)
    return (1 - z) * torch.tanh(x_n + r * h_n) + z * h


@mistake(
    gru_cell,
    "reshaped to (3, N, H)",
    "reshape(3, N, H) reads the numbers row by row, so each block is of other examples, not of "
    "another gate; use reshape(N, 3, H), or chunk(3, dim=1).",
)
def _(x: Tensor, h: Tensor, p: Parameters) -> Tensor:
    of_x, of_h = (
        torch.cat(list(part.reshape(3, *h.shape)), dim=1)
        for part in (p.inputs_part(x), p.state_part(h))
    )
    return updated(of_x, of_h, h)


@mistake(
    gru_cell,
    "H by -1 in an empty batch",
    "reshape cannot find the -1 where there are no elements, as in an empty batch; write out H, "
    "h.shape[1].",
)
def _(x: Tensor, h: Tensor, p: Parameters) -> Tensor:
    of_x = p.inputs_part(x)
    return updated(of_x.reshape(len(x), 3, -1).reshape(of_x.shape), p.state_part(h), h)


@mistake(
    gru_cell,
    "w_ih not transposed",
    "You multiply x by w_ih as it is; its rows belong to the gates, shape (3H, I), so multiply by "
    "its transpose, w_ih.mT.",
)
def _(x: Tensor, h: Tensor, p: Parameters) -> Tensor:
    return updated(x @ p.w_ih + p.b_ih, p.state_part(h), h)


@mistake(
    gru_cell,
    "w_hh not transposed",
    "You multiply h by w_hh as it is; its rows belong to the gates, shape (3H, H), so multiply by "
    "its transpose, w_hh.mT.",
)
def _(x: Tensor, h: Tensor, p: Parameters) -> Tensor:
    return updated(p.inputs_part(x), h @ p.w_hh + p.b_hh, h)


@mistake(
    gru_cell,
    "blocks of w_hh not transposed",
    "You multiply h by the blocks of w_hh as they are; each is square, so no shape complains, but "
    "its rows belong to the gate: multiply by the transpose of the block.",
)
def _(x: Tensor, h: Tensor, p: Parameters) -> Tensor:
    parts = [h @ block for block in p.w_hh.chunk(3)]
    return updated(p.inputs_part(x), torch.cat(parts, dim=1) + p.b_hh, h)


@mistake(
    gru_cell,
    "b_hh dropped",
    "b_hh has no part in your sums; both biases are added.",
)
def _(x: Tensor, h: Tensor, p: Parameters) -> Tensor:
    return right(x, h, p._replace(b_hh=torch.zeros_like(p.b_hh)))


@mistake(
    gru_cell,
    "b_ih dropped",
    "b_ih has no part in your sums; both biases are added.",
)
def _(x: Tensor, h: Tensor, p: Parameters) -> Tensor:
    return right(x, h, p._replace(b_ih=torch.zeros_like(p.b_ih)))


@mistake(
    gru_cell,
    "both biases dropped",
    "Your sums have no bias; add b_ih to what comes from x and b_hh to what comes from h.",
)
def _(x: Tensor, h: Tensor, p: Parameters) -> Tensor:
    return updated(x @ p.w_ih.mT, h @ p.w_hh.mT, h)


@mistake(
    gru_cell,
    "biases swapped",
    "You add b_ih to what comes from h and b_hh to what comes from x; the reset gate multiplies "
    "only one of them, so it matters which.",
)
def _(x: Tensor, h: Tensor, p: Parameters) -> Tensor:
    return right(x, h, p._replace(b_ih=p.b_hh, b_hh=p.b_ih))


@mistake(
    gru_cell,
    "state returned twice",
    "You return a tuple; this cell gives one tensor, the new state.",
)
def _(x: Tensor, h: Tensor, p: Parameters) -> Any:
    state = right(x, h, p)
    return state, state


@mistake(
    gru_cell,
    "gradient cut at the state",
    "The values are right, but h is detached, so no gradient reaches the steps before this one.",
)
def _(x: Tensor, h: Tensor, p: Parameters) -> Tensor:
    return right(x, h.detach(), p)


@mistake(
    gru_cell,
    "writes into h",
    "You write into h, which the caller may still need; make a new tensor.",
)
def _(x: Tensor, h: Tensor, p: Parameters) -> Tensor:
    return h.copy_(right(x, h, p))
