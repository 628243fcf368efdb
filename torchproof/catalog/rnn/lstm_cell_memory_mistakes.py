"""Long short-term memories that handle their memory in the wrong way."""

import torch
from torch import Tensor

from torchproof.catalog.rnn.lstm_cell import lstm_cell
from torchproof.catalog.rnn.lstm_cell_mistakes import Both, combined, right
from torchproof.catalog.rnn.recurrence import Parameters, mistake

_Gates = tuple[Tensor, Tensor, Tensor, Tensor]


def _gates(x: Tensor, h: Tensor, p: Parameters) -> _Gates:
    """Return the input gate, the forget gate, the candidate and the output gate."""
    i, f, g, o = p.total(x, h).chunk(4, dim=1)
    return torch.sigmoid(i), torch.sigmoid(f), torch.tanh(g), torch.sigmoid(o)


@mistake(
    lstm_cell,
    "tanh of c missing",
    "Your h is o times c itself; it is o times the tanh of c.",
)
def _(x: Tensor, h: Tensor, c: Tensor, p: Parameters) -> Both:
    i, f, g, o = _gates(x, h, p)
    c = f * c + i * g
    return o * c, c


@mistake(
    lstm_cell,
    "tanh kept in c",
    "You return the tanh of c as the new c; tanh is taken for h only, and c itself is handed on.",
)
def _(x: Tensor, h: Tensor, c: Tensor, p: Parameters) -> Both:
    i, f, g, o = _gates(x, h, p)
    c = torch.tanh(f * c + i * g)
    return o * c, c


@mistake(
    lstm_cell,
    "tanh kept in c, and taken again",
    "Your new c went through tanh already; c is f·c + i·g as it is, and tanh is taken for h only.",
)
def _(x: Tensor, h: Tensor, c: Tensor, p: Parameters) -> Both:
    i, f, g, o = _gates(x, h, p)
    c = torch.tanh(f * c + i * g)
    return o * torch.tanh(c), c


@mistake(
    lstm_cell,
    "h from the old c",
    "You compute h from the old c; the new one, f·c + i·g, comes first.",
)
def _(x: Tensor, h: Tensor, c: Tensor, p: Parameters) -> Both:
    i, f, g, o = _gates(x, h, p)
    return o * torch.tanh(c), f * c + i * g


@mistake(
    lstm_cell,
    "sigmoid of the candidate",
    "You take the sigmoid of the candidate g; it may be negative, so it takes tanh.",
)
def _(x: Tensor, h: Tensor, c: Tensor, p: Parameters) -> Both:
    i, f, _, o = _gates(x, h, p)
    g = torch.sigmoid(p.total(x, h).chunk(4, dim=1)[2])
    c = f * c + i * g
    return o * torch.tanh(c), c


@mistake(
    lstm_cell,
    "candidate without tanh",
    "Your candidate g is the sum itself; take its tanh.",
)
def _(x: Tensor, h: Tensor, c: Tensor, p: Parameters) -> Both:
    i, f, _, o = _gates(x, h, p)
    c = f * c + i * p.total(x, h).chunk(4, dim=1)[2]
    return o * torch.tanh(c), c


@mistake(
    lstm_cell,
    "tanh of the gates",
    "You take tanh of the gates too; a gate is a share between 0 and 1, the sigmoid.",
)
def _(x: Tensor, h: Tensor, c: Tensor, p: Parameters) -> Both:
    i, f, g, o = torch.tanh(p.total(x, h)).chunk(4, dim=1)
    c = f * c + i * g
    return o * torch.tanh(c), c


@mistake(
    lstm_cell,
    "gates by a fraction of exponentials",
    "You write the sigmoid as exp(s) / (1 + exp(s)), and for large sums that is infinity over "
    "infinity, NaN; torch.sigmoid is allowed.",
)
def _(x: Tensor, h: Tensor, c: Tensor, p: Parameters) -> Both:
    powers = torch.exp(p.total(x, h))
    i, f, _, o = (powers / (1 + powers)).chunk(4, dim=1)
    c = f * c + i * _gates(x, h, p)[2]
    return o * torch.tanh(c), c


@mistake(
    lstm_cell,
    "forget gate missing",
    "You keep all of the old c; it is multiplied by the forget gate f.",
)
def _(x: Tensor, h: Tensor, c: Tensor, p: Parameters) -> Both:
    i, _, g, o = _gates(x, h, p)
    c = c + i * g
    return o * torch.tanh(c), c


@mistake(
    lstm_cell,
    "input gate missing",
    "You add all of the candidate g; it is multiplied by the input gate i.",
)
def _(x: Tensor, h: Tensor, c: Tensor, p: Parameters) -> Both:
    _, f, g, o = _gates(x, h, p)
    c = f * c + g
    return o * torch.tanh(c), c


@mistake(
    lstm_cell,
    "output gate missing",
    "Your h is the tanh of c alone; it is multiplied by the output gate o.",
)
def _(x: Tensor, h: Tensor, c: Tensor, p: Parameters) -> Both:
    i, f, g, _ = _gates(x, h, p)
    c = f * c + i * g
    return torch.tanh(c), c


@mistake(
    lstm_cell,
    "1 - f in place of the input gate",
    "You let in the share 1 - f of the candidate; the input gate i has rows of its own.",
)
def _(x: Tensor, h: Tensor, c: Tensor, p: Parameters) -> Both:
    _, f, g, o = _gates(x, h, p)
    c = f * c + (1 - f) * g
    return o * torch.tanh(c), c


@mistake(
    lstm_cell,
    "h and c swapped",
    "You take h for c and c for h; h goes through w_hh, and c is multiplied by the forget gate.",
)
def _(x: Tensor, h: Tensor, c: Tensor, p: Parameters) -> Both:
    return right(x, c, h, p)


@mistake(
    lstm_cell,
    "h ignored",
    "Your gates do not depend on h; add h times the transpose of w_hh to their sum.",
)
def _(x: Tensor, h: Tensor, c: Tensor, p: Parameters) -> Both:
    return combined(p.inputs_part(x) + p.b_hh, c)


@mistake(
    lstm_cell,
    "gradient cut at h and c",
    "The values are right, but h and c are detached, so no gradient reaches the steps before this "
    "one.",
)
def _(x: Tensor, h: Tensor, c: Tensor, p: Parameters) -> Both:
    return right(x, h.detach(), c.detach(), p)


@mistake(
    lstm_cell,
    "writes into c",
    "You write into c, which the caller may still need; make a new tensor, as c = f * c + i * g "
    "does.",
)
def _(x: Tensor, h: Tensor, c: Tensor, p: Parameters) -> Both:
    hidden, cell = right(x, h, c, p)
    return hidden, c.copy_(cell)


@mistake(
    lstm_cell,
    "gradient cut at c",
    "The values are right, but c is detached, so no gradient travels back along the memory.",
)
def _(x: Tensor, h: Tensor, c: Tensor, p: Parameters) -> Both:
    return right(x, h, c.detach(), p)


@mistake(
    lstm_cell,
    "old c returned",
    "You return the old c beside the new h; return the new one, f·c + i·g.",
)
def _(x: Tensor, h: Tensor, c: Tensor, p: Parameters) -> Both:
    return right(x, h, c, p)[0], c.clone()
