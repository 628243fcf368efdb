"""Recurrent layers that go wrong between the steps, or in what they return."""

from collections.abc import Callable

import torch
from torch import Tensor

from torchproof.catalog.rnn.recurrence import Parameters, mistake
from torchproof.catalog.rnn.rnn import rnn

Both = tuple[Tensor, Tensor]


def unroll(
    step: Callable[[Tensor, Tensor, Parameters], Tensor], x: Tensor, h: Tensor, p: Parameters
) -> Both:
    """Return all states and the last of a network with this step, from the state h on."""
    states = []
    for x_t in x:
        h = step(x_t, h, p)
        states.append(h)
    return torch.stack(states), h


def step(x: Tensor, h: Tensor, p: Parameters) -> Tensor:
    """Return the state after h, as the right answer does."""
    return torch.tanh(p.total(x, h))


def right(x: Tensor, h0: Tensor, p: Parameters) -> Both:
    """Return what most mistakes change a part of: the right answer."""
    return unroll(step, x, h0, p)


@mistake(
    rnn,
    "state not carried",
    "Every step of yours starts from h0; each step starts from the state that the one before gave, "
    "h = tanh(...).",
)
def _(x: Tensor, h0: Tensor, p: Parameters) -> Both:
    return unroll(lambda x_t, _, p: step(x_t, h0, p), x, h0, p)


@mistake(
    rnn,
    "state of zeros at every step",
    "Every step of yours starts from a state of zeros; the first starts from h0, and each later "
    "one from the state that the one before gave.",
)
def _(x: Tensor, h0: Tensor, p: Parameters) -> Both:
    return unroll(lambda x_t, h, p: step(x_t, torch.zeros_like(h), p), x, h0, p)


@mistake(
    rnn,
    "h0 ignored",
    "Your first step starts from zeros; it starts from h0.",
)
def _(x: Tensor, h0: Tensor, p: Parameters) -> Both:
    return right(x, torch.zeros_like(h0), p)


@mistake(
    rnn,
    "state handed on to the next sequence",
    "You take the sequences one after the other and start each from the last state of the one "
    "before; each starts from its own row of h0.",
)
def _(x: Tensor, h0: Tensor, p: Parameters) -> Both:
    h, sequences = h0[:1], []
    for n in range(x.shape[1]):
        states, h = right(x[:, n : n + 1], h, p)
        sequences.append(states)
    outputs = torch.cat(sequences, dim=1)
    return outputs, outputs[-1]


@mistake(
    rnn,
    "batch and time swapped",
    "You loop over the sequences in place of the steps: dimension 0 of x is time, dimension 1 the "
    "batch.",
)
def _(x: Tensor, h0: Tensor, p: Parameters) -> Both:
    return right(x.transpose(0, 1), h0, p)


@mistake(
    rnn,
    "batch and time swapped, and back",
    "You loop over dimension 1 of x, the sequences; dimension 0 is time.",
)
def _(x: Tensor, h0: Tensor, p: Parameters) -> Both:
    outputs, last = right(x.transpose(0, 1), h0, p)
    return outputs.transpose(0, 1), last


@mistake(
    rnn,
    "as many steps as sequences",
    "You count the steps by x.shape[1], the number of sequences; time is dimension 0 of x.",
)
def _(x: Tensor, h0: Tensor, p: Parameters) -> Both:
    states, h = [], h0
    for t in range(x.shape[1]):
        h = step(x[t], h, p)
        states.append(h)
    return torch.stack(states), h


@mistake(
    rnn,
    "batch first in the result",
    "Your outputs have the batch first, (N, T, H); time comes first, (T, N, H), as in x.",
)
def _(x: Tensor, h0: Tensor, p: Parameters) -> Both:
    outputs, last = right(x, h0, p)
    return outputs.transpose(0, 1), last


@mistake(
    rnn,
    "last state of the first sequence only",
    "Your last state is that of the first sequence alone; all N have one, outputs[-1], of shape "
    "(N, H).",
)
def _(x: Tensor, h0: Tensor, p: Parameters) -> Both:
    outputs, last = right(x, h0, p)
    return outputs, last[:1].reshape(-1) if len(last) else last


@mistake(
    rnn,
    "last state of the first sequence only, as a row",
    "Your last state is that of the first sequence alone, one row; all N have one, outputs[-1], of "
    "shape (N, H).",
)
def _(x: Tensor, h0: Tensor, p: Parameters) -> Both:
    outputs, last = right(x, h0, p)
    return outputs, last[:1]


@mistake(
    rnn,
    "all states of the last sequence",
    "Your second result is outputs[:, -1], every state of the last sequence; the last state of "
    "every sequence is outputs[-1].",
)
def _(x: Tensor, h0: Tensor, p: Parameters) -> Both:
    outputs, _ = right(x, h0, p)
    return outputs, outputs[:, -1]


@mistake(
    rnn,
    "first state in place of the last",
    "Your second result is the state after the first step; the one after the last step is "
    "outputs[-1].",
)
def _(x: Tensor, h0: Tensor, p: Parameters) -> Both:
    outputs, _ = right(x, h0, p)
    return outputs, outputs[0]


@mistake(
    rnn,
    "state before the last step",
    "Your second result is the state before the last step; return the one after it, outputs[-1].",
)
def _(x: Tensor, h0: Tensor, p: Parameters) -> Both:
    outputs, last = right(x, h0, p)
    return outputs, outputs[-2] if len(x) > 1 else h0 + 0 * last


@mistake(
    rnn,
    "last state with a dimension of layers",
    "Your last state has shape (1, N, H), as with nn.RNN, which has a dimension for its layers; "
    "(N, H) is asked here.",
)
def _(x: Tensor, h0: Tensor, p: Parameters) -> Both:
    outputs, last = right(x, h0, p)
    return outputs, last[None]


@mistake(
    rnn,
    "states before each step",
    "You note the state before each step, so that h0 is the first and the last is missing; note it "
    "after the step.",
)
def _(x: Tensor, h0: Tensor, p: Parameters) -> Both:
    outputs, last = right(x, h0, p)
    return torch.cat([h0[None], outputs[:-1]]), last


@mistake(
    rnn,
    "h0 among the outputs",
    "Your outputs begin with h0, T + 1 states in all; the first output is the state after the "
    "first step.",
)
def _(x: Tensor, h0: Tensor, p: Parameters) -> Both:
    outputs, last = right(x, h0, p)
    return torch.cat([h0[None], outputs]), last


@mistake(
    rnn,
    "last step left out",
    "Your loop ends one step early; there are as many outputs as steps in x, T.",
)
def _(x: Tensor, h0: Tensor, p: Parameters) -> Both:
    states, h = [], h0
    for x_t in x[:-1]:
        h = step(x_t, h, p)
        states.append(h)
    return torch.stack(states), h
