"""Gated recurrent units that reset and update their state in the wrong way."""

import torch
from torch import Tensor

from torchproof.catalog.rnn.gru_cell import gru_cell
from torchproof.catalog.rnn.recurrence import Parameters, mistake

_Sums = tuple[Tensor, Tensor, Tensor, Tensor]


def _sums(x: Tensor, h: Tensor, p: Parameters) -> _Sums:
    """Return the reset and the update gate, and both parts of the candidate's sum."""
    x_r, x_z, x_n = p.inputs_part(x).chunk(3, dim=1)
    h_r, h_z, h_n = p.state_part(h).chunk(3, dim=1)
    return torch.sigmoid(x_r + h_r), torch.sigmoid(x_z + h_z), x_n, h_n


def _weight_n(p: Parameters) -> tuple[Tensor, Tensor]:
    """Return the candidate's block of w_hh and of b_hh."""
    return p.w_hh.chunk(3)[2], p.b_hh.chunk(3)[2]


@mistake(
    gru_cell,
    "reset applied before the product",
    "You multiply h by r before the product with W_hn, as the original paper does; torch takes the "
    "product first, r * (W_hn h + b_hn).",
)
def _(x: Tensor, h: Tensor, p: Parameters) -> Tensor:
    r, z, x_n, _ = _sums(x, h, p)
    weight, bias = _weight_n(p)
    return (1 - z) * torch.tanh(x_n + (r * h) @ weight.mT + bias) + z * h


@mistake(
    gru_cell,
    "reset without the bias",
    "Your reset gate leaves b_hn alone; it multiplies the bias as well, r * (W_hn h + b_hn).",
)
def _(x: Tensor, h: Tensor, p: Parameters) -> Tensor:
    r, z, x_n, _ = _sums(x, h, p)
    weight, bias = _weight_n(p)
    return (1 - z) * torch.tanh(x_n + r * (h @ weight.mT) + bias) + z * h


@mistake(
    gru_cell,
    "reset before the product, bias too",
    "You multiply h by r before the product with W_hn, and the bias apart; take the product and "
    "the bias first, r * (W_hn h + b_hn).",
)
def _(x: Tensor, h: Tensor, p: Parameters) -> Tensor:
    r, z, x_n, _ = _sums(x, h, p)
    weight, bias = _weight_n(p)
    return (1 - z) * torch.tanh(x_n + (r * h) @ weight.mT + r * bias) + z * h


@mistake(
    gru_cell,
    "reset missing",
    "Your candidate does not use the reset gate; r multiplies what comes from h, "
    "r * (W_hn h + b_hn).",
)
def _(x: Tensor, h: Tensor, p: Parameters) -> Tensor:
    _, z, x_n, h_n = _sums(x, h, p)
    return (1 - z) * torch.tanh(x_n + h_n) + z * h


@mistake(
    gru_cell,
    "reset of the inputs too",
    "Your reset gate multiplies what comes from x as well; it multiplies what comes from h only.",
)
def _(x: Tensor, h: Tensor, p: Parameters) -> Tensor:
    r, z, x_n, h_n = _sums(x, h, p)
    return (1 - z) * torch.tanh(r * (x_n + h_n)) + z * h


@mistake(
    gru_cell,
    "update the other way round",
    "You keep the share 1 - z of the old state; in torch z is what is kept, (1 - z) * n + z * h.",
)
def _(x: Tensor, h: Tensor, p: Parameters) -> Tensor:
    r, z, x_n, h_n = _sums(x, h, p)
    return z * torch.tanh(x_n + r * h_n) + (1 - z) * h


@mistake(
    gru_cell,
    "candidate in place of the new state",
    "You return the candidate n; the new state is a mixture, (1 - z) * n + z * h.",
)
def _(x: Tensor, h: Tensor, p: Parameters) -> Tensor:
    r, _, x_n, h_n = _sums(x, h, p)
    return torch.tanh(x_n + r * h_n)


@mistake(
    gru_cell,
    "old state not mixed in",
    "Your new state is the share 1 - z of the candidate alone; add z * h.",
)
def _(x: Tensor, h: Tensor, p: Parameters) -> Tensor:
    r, z, x_n, h_n = _sums(x, h, p)
    return (1 - z) * torch.tanh(x_n + r * h_n)


@mistake(
    gru_cell,
    "sigmoid of the candidate",
    "You take the sigmoid of the candidate; it may be negative, so it takes tanh.",
)
def _(x: Tensor, h: Tensor, p: Parameters) -> Tensor:
    r, z, x_n, h_n = _sums(x, h, p)
    return (1 - z) * torch.sigmoid(x_n + r * h_n) + z * h


@mistake(
    gru_cell,
    "candidate without tanh",
    "Your candidate is the sum itself; take its tanh.",
)
def _(x: Tensor, h: Tensor, p: Parameters) -> Tensor:
    r, z, x_n, h_n = _sums(x, h, p)
    return (1 - z) * (x_n + r * h_n) + z * h


@mistake(
    gru_cell,
    "tanh of the gates",
    "You take tanh of the gates; a gate is a share between 0 and 1, the sigmoid.",
)
def _(x: Tensor, h: Tensor, p: Parameters) -> Tensor:
    total = torch.tanh(p.total(x, h))
    r, z, _ = total.chunk(3, dim=1)
    _, _, x_n, h_n = _sums(x, h, p)
    return (1 - z) * torch.tanh(x_n + r * h_n) + z * h


@mistake(
    gru_cell,
    "state ignored by the gates",
    "Your gates do not depend on h; both get what comes from x and what comes from h.",
)
def _(x: Tensor, h: Tensor, p: Parameters) -> Tensor:
    r, z = torch.sigmoid(p.inputs_part(x)).chunk(3, dim=1)[:2]
    _, _, x_n, h_n = _sums(x, h, p)
    return (1 - z) * torch.tanh(x_n + r * h_n) + z * h


@mistake(
    gru_cell,
    "gates by a fraction of exponentials",
    "You write the sigmoid as exp(s) / (1 + exp(s)), and for large sums that is infinity over "
    "infinity, NaN; torch.sigmoid is allowed.",
)
def _(x: Tensor, h: Tensor, p: Parameters) -> Tensor:
    r, z, _ = (torch.exp(p.total(x, h)) / (1 + torch.exp(p.total(x, h)))).chunk(3, dim=1)
    _, _, x_n, h_n = _sums(x, h, p)
    return (1 - z) * torch.tanh(x_n + r * h_n) + z * h


@mistake(
    gru_cell,
    "update gate in the candidate",
    "You use the update gate in the candidate too; there it is the reset gate, r * (W_hn h + "
    "b_hn).",
)
def _(x: Tensor, h: Tensor, p: Parameters) -> Tensor:
    _, z, x_n, h_n = _sums(x, h, p)
    return (1 - z) * torch.tanh(x_n + z * h_n) + z * h


@mistake(
    gru_cell,
    "b_hn dropped",
    "Your candidate lacks its block of b_hh; it is added to W_hn h before r multiplies, "
    "r * (W_hn h + b_hn).",
)
def _(x: Tensor, h: Tensor, p: Parameters) -> Tensor:
    r, z, x_n, h_n = _sums(x, h, p)
    return (1 - z) * torch.tanh(x_n + r * (h_n - _weight_n(p)[1])) + z * h


@mistake(
    gru_cell,
    "candidate from the inputs alone",
    "Your candidate does not depend on h; add r * (W_hn h + b_hn) before tanh.",
)
def _(x: Tensor, h: Tensor, p: Parameters) -> Tensor:
    _, z, x_n, _ = _sums(x, h, p)
    return (1 - z) * torch.tanh(x_n) + z * h


@mistake(
    gru_cell,
    "h in the candidate without its weight",
    "You add r * h to the candidate's sum; h goes through its weight first, r * (W_hn h + b_hn).",
)
def _(x: Tensor, h: Tensor, p: Parameters) -> Tensor:
    r, z, x_n, _ = _sums(x, h, p)
    return (1 - z) * torch.tanh(x_n + r * h) + z * h
