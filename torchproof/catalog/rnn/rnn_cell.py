"""One step of a recurrent network with tanh."""

from typing import Any

import torch
from torch import Tensor

from torchproof.catalog.rnn.recurrence import GROUPS, RECURRENT, Cells, Parameters, mistake
from torchproof.checking.cases import Cases, Draw
from torchproof.checking.exercise import exercise


@exercise(groups=GROUPS, not_allowed=RECURRENT)
def rnn_cell(
    x: Tensor, h: Tensor, w_ih: Tensor, w_hh: Tensor, b_ih: Tensor, b_hh: Tensor
) -> Tensor:
    """Return the next state (N, H) from inputs (N, I) and state (N, H), as ``nn.RNNCell`` does."""
    return torch.rnn_tanh_cell(x, h, w_ih, w_hh, b_ih, b_hh)


@rnn_cell.cases
def _(draw: Draw) -> Cases:
    return Cells(draw, gates=1, states=("h",)).of_any_cell()


@mistake(
    rnn_cell,
    "w_ih not transposed",
    "You multiply x by w_ih as it is; its rows belong to the hidden numbers, shape (H, I), so "
    "multiply by its transpose, w_ih.mT.",
)
def _(x: Tensor, h: Tensor, p: Parameters) -> Tensor:
    return torch.tanh(x @ p.w_ih + p.b_ih + p.state_part(h))


@mistake(
    rnn_cell,
    "w_hh not transposed",
    "You multiply h by w_hh as it is; the matrix is square, so no shape complains, but its rows "
    "belong to the new state: multiply by its transpose, w_hh.mT.",
)
def _(x: Tensor, h: Tensor, p: Parameters) -> Tensor:
    return torch.tanh(p.inputs_part(x) + h @ p.w_hh + p.b_hh)


@mistake(
    rnn_cell,
    "weights not transposed",
    "You multiply by both weights as they are; their rows belong to the new state, so multiply by "
    "their transposes, w_ih.mT and w_hh.mT.",
)
def _(x: Tensor, h: Tensor, p: Parameters) -> Tensor:
    return torch.tanh(x @ p.w_ih + p.b_ih + h @ p.w_hh + p.b_hh)


@mistake(
    rnn_cell,
    "b_hh dropped",
    "b_hh has no part in your sum; both biases are added.",
)
def _(x: Tensor, h: Tensor, p: Parameters) -> Tensor:
    return torch.tanh(p.total(x, h) - p.b_hh)


@mistake(
    rnn_cell,
    "b_ih dropped",
    "b_ih has no part in your sum; both biases are added.",
)
def _(x: Tensor, h: Tensor, p: Parameters) -> Tensor:
    return torch.tanh(p.total(x, h) - p.b_ih)


@mistake(
    rnn_cell,
    "both biases dropped",
    "Your sum has no bias; add b_ih and b_hh.",
)
def _(x: Tensor, h: Tensor, p: Parameters) -> Tensor:
    return torch.tanh(x @ p.w_ih.mT + h @ p.w_hh.mT)


@mistake(
    rnn_cell,
    "b_ih twice",
    "You add b_ih twice; the second bias is b_hh.",
)
def _(x: Tensor, h: Tensor, p: Parameters) -> Tensor:
    return torch.tanh(p.total(x, h) - p.b_hh + p.b_ih)


@mistake(
    rnn_cell,
    "b_hh twice",
    "You add b_hh twice; the first bias is b_ih.",
)
def _(x: Tensor, h: Tensor, p: Parameters) -> Tensor:
    return torch.tanh(p.total(x, h) - p.b_ih + p.b_hh)


@mistake(
    rnn_cell,
    "biases outside tanh",
    "You add the biases after tanh; they belong in the sum that tanh is taken of.",
)
def _(x: Tensor, h: Tensor, p: Parameters) -> Tensor:
    return torch.tanh(x @ p.w_ih.mT + h @ p.w_hh.mT) + p.b_ih + p.b_hh


@mistake(
    rnn_cell,
    "biases along the batch",
    "w_ih @ x.mT has the hidden numbers in its rows and the examples in its columns, so a bias "
    "added to it goes along the examples; x @ w_ih.mT has them the right way.",
)
def _(x: Tensor, h: Tensor, p: Parameters) -> Tensor:
    return torch.tanh(p.w_ih @ x.mT + p.w_hh @ h.mT + p.b_ih + p.b_hh).mT


@mistake(
    rnn_cell,
    "tanh missing",
    "You return the sum itself; the new state is its tanh.",
)
def _(x: Tensor, h: Tensor, p: Parameters) -> Tensor:
    return p.total(x, h)


@mistake(
    rnn_cell,
    "sigmoid in place of tanh",
    "You take the sigmoid, which is between 0 and 1; this cell takes tanh.",
)
def _(x: Tensor, h: Tensor, p: Parameters) -> Tensor:
    return torch.sigmoid(p.total(x, h))


@mistake(
    rnn_cell,
    "ReLU in place of tanh",
    "You take the ReLU, which has no upper bound; this cell takes tanh.",
)
def _(x: Tensor, h: Tensor, p: Parameters) -> Tensor:
    return torch.relu(p.total(x, h))


@mistake(
    rnn_cell,
    "tanh overflows",
    "You write tanh with exponentials, and for large sums that is infinity over infinity, NaN; "
    "torch.tanh is allowed.",
)
def _(x: Tensor, h: Tensor, p: Parameters) -> Tensor:
    up, down = torch.exp(p.total(x, h)), torch.exp(-p.total(x, h))
    return (up - down) / (up + down)


@mistake(
    rnn_cell,
    "tanh of each part",
    "You take tanh of the two parts and add the results; add the parts first, then take tanh once.",
)
def _(x: Tensor, h: Tensor, p: Parameters) -> Tensor:
    return torch.tanh(p.inputs_part(x)) + torch.tanh(p.state_part(h))


@mistake(
    rnn_cell,
    "tanh of the inputs' part only",
    "You take tanh of what comes from x and add what comes from h behind it; tanh is taken of the "
    "whole sum.",
)
def _(x: Tensor, h: Tensor, p: Parameters) -> Tensor:
    return torch.tanh(p.inputs_part(x)) + p.state_part(h)


@mistake(
    rnn_cell,
    "parts multiplied",
    "You multiply what comes from x by what comes from h; they are added.",
)
def _(x: Tensor, h: Tensor, p: Parameters) -> Tensor:
    return torch.tanh(p.inputs_part(x) * p.state_part(h))


@mistake(
    rnn_cell,
    "state ignored",
    "Your result does not depend on h; add h times the transpose of w_hh to the sum.",
)
def _(x: Tensor, h: Tensor, p: Parameters) -> Tensor:
    return torch.tanh(p.inputs_part(x) + p.b_hh)


@mistake(
    rnn_cell,
    "state and its bias ignored",
    "Your result depends on neither h nor b_hh; add h times the transpose of w_hh, and b_hh, to "
    "the sum.",
)
def _(x: Tensor, h: Tensor, p: Parameters) -> Tensor:
    return torch.tanh(p.inputs_part(x))


@mistake(
    rnn_cell,
    "state added without w_hh",
    "You add h as it is; it goes through its own weight first, h times the transpose of w_hh.",
)
def _(x: Tensor, h: Tensor, p: Parameters) -> Tensor:
    return torch.tanh(p.inputs_part(x) + h + p.b_hh)


@mistake(
    rnn_cell,
    "tanh applied to the old state",
    "You take tanh of h before you use it; it went through tanh in the step before.",
)
def _(x: Tensor, h: Tensor, p: Parameters) -> Tensor:
    return torch.tanh(p.total(x, torch.tanh(h)))


@mistake(
    rnn_cell,
    "old state added to the new",
    "You add the old state to the new one; the new state is the tanh alone, and h counts in the "
    "sum only.",
)
def _(x: Tensor, h: Tensor, p: Parameters) -> Tensor:
    return h + torch.tanh(p.total(x, h))


@mistake(
    rnn_cell,
    "weights swapped",
    "You multiply x by w_hh and h by w_ih; ih stands for input to hidden, so w_ih belongs to x and "
    "w_hh to h.",
)
def _(x: Tensor, h: Tensor, p: Parameters) -> Tensor:
    return torch.tanh(x @ p.w_hh.mT + h @ p.w_ih.mT + p.b_ih + p.b_hh)


@mistake(
    rnn_cell,
    "state returned twice",
    "You return a tuple; this cell gives one tensor, the new state.",
)
def _(x: Tensor, h: Tensor, p: Parameters) -> Any:
    state = torch.tanh(p.total(x, h))
    return state, state


@mistake(
    rnn_cell,
    "gradient cut at the state",
    "The values are right, but h is detached, so no gradient reaches the steps before this one.",
)
def _(x: Tensor, h: Tensor, p: Parameters) -> Tensor:
    return torch.tanh(p.total(x, h.detach()))


@mistake(
    rnn_cell,
    "writes into h",
    "You write into h, which the caller may still need; make a new tensor.",
)
def _(x: Tensor, h: Tensor, p: Parameters) -> Tensor:
    return h.copy_(torch.tanh(p.total(x, h)))


@mistake(
    rnn_cell,
    "always float32",
    "Your result is float32 whatever x is, as .float() makes it, or a tensor made without a dtype; "
    "keep the dtype of x.",
)
def _(x: Tensor, h: Tensor, p: Parameters) -> Tensor:
    return torch.tanh(p.total(x, h)).float()
