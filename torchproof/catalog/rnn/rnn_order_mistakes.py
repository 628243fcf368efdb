"""Recurrent layers with a wrong step, in the wrong order, or in the wrong form."""

from typing import Any

import torch
from torch import Tensor

from torchproof.catalog.rnn.recurrence import Parameters, mistake
from torchproof.catalog.rnn.rnn import rnn
from torchproof.catalog.rnn.rnn_mistakes import Both, right, step, unroll


@mistake(
    rnn,
    "from the end to the beginning",
    "You read the sequence backwards; begin with x[0].",
)
def _(x: Tensor, h0: Tensor, p: Parameters) -> Both:
    return right(x.flip(0), h0, p)


@mistake(
    rnn,
    "read from the end, outputs put in order",
    "You begin with the last step, as the backward half of a bidirectional network does; begin "
    "with x[0].",
)
def _(x: Tensor, h0: Tensor, p: Parameters) -> Both:
    outputs, last = right(x.flip(0), h0, p)
    return outputs.flip(0), last


@mistake(
    rnn,
    "outputs backwards",
    "Your outputs stand in the opposite order; outputs[0] is the state after the first step.",
)
def _(x: Tensor, h0: Tensor, p: Parameters) -> Both:
    outputs, last = right(x, h0, p)
    return outputs.flip(0), last


@mistake(
    rnn,
    "every output the last state",
    "All your outputs are one and the same tensor, which is changed in place at every step; make a "
    "new tensor for each state.",
)
def _(x: Tensor, h0: Tensor, p: Parameters) -> Both:
    h, states = h0.clone(), []
    for x_t in x:
        states.append(h.copy_(step(x_t, h, p)))
    return torch.stack(states), h


@mistake(
    rnn,
    "state overwritten in place",
    "The values are right, but you write each new state over the one before, which the way back "
    "still needs; make a new tensor at every step, h = torch.tanh(...).",
)
def _(x: Tensor, h0: Tensor, p: Parameters) -> Both:
    h, states = h0.clone(), []
    for x_t in x:
        states.append(h.copy_(step(x_t, h, p)).clone())
    return torch.stack(states), h


@mistake(
    rnn,
    "w_ih not transposed",
    "You multiply x by w_ih as it is; its rows belong to the hidden numbers, shape (H, I), so "
    "multiply by its transpose, w_ih.mT.",
)
def _(x: Tensor, h0: Tensor, p: Parameters) -> Both:
    return unroll(lambda x, h, p: torch.tanh(x @ p.w_ih + p.b_ih + p.state_part(h)), x, h0, p)


@mistake(
    rnn,
    "w_hh not transposed",
    "You multiply the state by w_hh as it is; the matrix is square, so no shape complains, but its "
    "rows belong to the new state: multiply by its transpose, w_hh.mT.",
)
def _(x: Tensor, h0: Tensor, p: Parameters) -> Both:
    return unroll(lambda x, h, p: torch.tanh(p.inputs_part(x) + h @ p.w_hh + p.b_hh), x, h0, p)


@mistake(
    rnn,
    "weights not transposed",
    "You multiply by both weights as they are; their rows belong to the new state, so multiply by "
    "their transposes, w_ih.mT and w_hh.mT.",
)
def _(x: Tensor, h0: Tensor, p: Parameters) -> Both:
    def untransposed(x: Tensor, h: Tensor, p: Parameters) -> Tensor:
        return torch.tanh(x @ p.w_ih + h @ p.w_hh + p.b_ih + p.b_hh)

    return unroll(untransposed, x, h0, p)


@mistake(
    rnn,
    "b_hh dropped",
    "b_hh has no part in your sum; both biases are added at every step.",
)
def _(x: Tensor, h0: Tensor, p: Parameters) -> Both:
    return right(x, h0, p._replace(b_hh=torch.zeros_like(p.b_hh)))


@mistake(
    rnn,
    "b_ih dropped",
    "b_ih has no part in your sum; both biases are added at every step.",
)
def _(x: Tensor, h0: Tensor, p: Parameters) -> Both:
    return right(x, h0, p._replace(b_ih=torch.zeros_like(p.b_ih)))


@mistake(
    rnn,
    "tanh missing",
    "Your states are the sums themselves, and without tanh they grow from step to step; take tanh "
    "of each.",
)
def _(x: Tensor, h0: Tensor, p: Parameters) -> Both:
    return unroll(lambda x, h, p: p.total(x, h), x, h0, p)


@mistake(
    rnn,
    "sum carried in place of its tanh",
    "You take tanh of the outputs but hand the sum itself to the next step; the next step gets the "
    "tanh.",
)
def _(x: Tensor, h0: Tensor, p: Parameters) -> Both:
    outputs = torch.tanh(unroll(lambda x, h, p: p.total(x, h), x, h0, p)[0])
    return outputs, outputs[-1]


@mistake(
    rnn,
    "sigmoid in place of tanh",
    "You take the sigmoid, which is between 0 and 1; this network takes tanh.",
)
def _(x: Tensor, h0: Tensor, p: Parameters) -> Both:
    return unroll(lambda x, h, p: torch.sigmoid(p.total(x, h)), x, h0, p)


@mistake(
    rnn,
    "last state first",
    "You return the last state first; the outputs, (T, N, H), come first.",
)
def _(x: Tensor, h0: Tensor, p: Parameters) -> Both:
    return right(x, h0, p)[::-1]


@mistake(
    rnn,
    "outputs only",
    "You return the outputs alone; the last state is asked too, as in `return outputs, h`.",
)
def _(x: Tensor, h0: Tensor, p: Parameters) -> Tensor:
    return right(x, h0, p)[0]


@mistake(
    rnn,
    "a list of states",
    "Your outputs are a Python list; make one tensor of them with torch.stack.",
)
def _(x: Tensor, h0: Tensor, p: Parameters) -> Any:
    outputs, last = right(x, h0, p)
    return list(outputs), last


@mistake(
    rnn,
    "joined end to end",
    "torch.cat joins the states along the batch, (T·N, H); torch.stack gives the steps a dimension "
    "of their own.",
)
def _(x: Tensor, h0: Tensor, p: Parameters) -> Both:
    outputs, last = right(x, h0, p)
    return torch.cat(list(outputs)), last


@mistake(
    rnn,
    "gradient cut between the steps",
    "The values are right, but the state is detached at every step, so no gradient travels back "
    "through time.",
)
def _(x: Tensor, h0: Tensor, p: Parameters) -> Both:
    return unroll(lambda x, h, p: step(x, h.detach(), p), x, h0, p)


@mistake(
    rnn,
    "gradient cut at the outputs",
    "The values are right, but no gradient comes back from the outputs; collect the states "
    "themselves, without .detach() or .data.",
)
def _(x: Tensor, h0: Tensor, p: Parameters) -> Both:
    outputs, last = right(x, h0, p)
    return outputs.detach(), last


@mistake(
    rnn,
    "gradient cut at the last state",
    "The values are right, but no gradient comes back from the last state; return the state "
    "itself, without .detach() or .data.",
)
def _(x: Tensor, h0: Tensor, p: Parameters) -> Both:
    outputs, last = right(x, h0, p)
    return outputs, last.detach()


@mistake(
    rnn,
    "writes into h0",
    "You write into the caller's h0; make a new tensor at every step, h = torch.tanh(...).",
)
def _(x: Tensor, h0: Tensor, p: Parameters) -> Both:
    outputs, last = right(x, h0, p)
    h0.copy_(last)
    return outputs, last


@mistake(
    rnn,
    "float32 outputs",
    "You fill a table made by torch.zeros, which is float32 whatever x is; give it the dtype and "
    "device of x, as x.new_zeros does.",
)
def _(x: Tensor, h0: Tensor, p: Parameters) -> Both:
    outputs, last = right(x, h0, p)
    return outputs.float(), last


@mistake(
    rnn,
    "float32 outputs and last state",
    "Both of your results are float32 whatever x is; a table made by torch.zeros is, so give it "
    "the dtype and device of x, as x.new_zeros does.",
)
def _(x: Tensor, h0: Tensor, p: Parameters) -> Both:
    outputs = right(x, h0, p)[0].float()
    return outputs, outputs[-1]


@mistake(
    rnn,
    "gradient cut every few steps",
    "The values are right, but the state is detached every few steps, so the gradient does not "
    "travel back to the beginning of a long sequence.",
)
def _(x: Tensor, h0: Tensor, p: Parameters) -> Both:
    outputs, h = [], h0
    for t, x_t in enumerate(x):
        h = step(x_t, h.detach() if t and t % 8 == 0 else h, p)
        outputs.append(h)
    return torch.stack(outputs), h


@mistake(
    rnn,
    "a list of both",
    "You return a list; a tuple of two tensors is asked for, as `return outputs, h` gives it.",
)
def _(x: Tensor, h0: Tensor, p: Parameters) -> Any:
    return list(right(x, h0, p))
