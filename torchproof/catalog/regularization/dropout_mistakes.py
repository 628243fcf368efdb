"""Dropout: how it goes wrong."""

import torch
from torch import Tensor

from torchproof.catalog.regularization.dropout import dropout


def _kept(like: Tensor, p: float) -> Tensor:
    """Draw what is kept, each element with probability 1 - p."""
    return torch.rand_like(like) >= p


def _rescaled(x: Tensor, kept: Tensor, p: float) -> Tensor:
    """Return what the mistakes change a part of: the right answer, given what is kept."""
    return torch.where(kept, x, 0) * (0.0 if p == 1 else 1 / (1 - p))


@dropout.mistake(
    "no rescaling",
    "You leave the kept elements as they are, so that the next layer gets less than in "
    "evaluation; multiply them by 1 / (1 - p).",
)
def _(x: Tensor, p: float, training: bool) -> Tensor:
    return torch.where(_kept(x, p), x, 0) if training else x


@dropout.mistake(
    "scaled by p",
    "You multiply what is kept by p, the probability of being dropped; divide it by that of being "
    "kept, 1 - p.",
)
def _(x: Tensor, p: float, training: bool) -> Tensor:
    return torch.where(_kept(x, p), x, 0) * p if training else x


@dropout.mistake(
    "divided by p",
    "You divide what is kept by p, the probability of being dropped; divide it by that of being "
    "kept, 1 - p.",
)
def _(x: Tensor, p: float, training: bool) -> Tensor:
    return torch.where(_kept(x, p), x / p if p else torch.nan, 0) if training else x


@dropout.mistake(
    "scaled in evaluation instead",
    "You leave the kept elements as they are and multiply by 1 - p in evaluation, as dropout was "
    "done at first; divide by 1 - p in training, and return x as it is in evaluation.",
)
def _(x: Tensor, p: float, training: bool) -> Tensor:
    return torch.where(_kept(x, p), x, 0) if training else x * (1 - p)


@dropout.mistake(
    "scaled in evaluation, too",
    "You divide by 1 - p in evaluation, where nothing is dropped that this could make up for; "
    "return x as it is.",
)
def _(x: Tensor, p: float, training: bool) -> Tensor:
    kept = _kept(x, p) if training else torch.ones_like(x, dtype=torch.bool)
    return _rescaled(x, kept, p)


@dropout.mistake(
    "active in evaluation",
    "You drop elements in evaluation, too; where training is False return x as it is.",
)
def _(x: Tensor, p: float, training: bool) -> Tensor:
    return _rescaled(x, _kept(x, p), p)


@dropout.mistake(
    "training the wrong way round",
    "You drop in evaluation and not in training; it is the other way round.",
)
def _(x: Tensor, p: float, training: bool) -> Tensor:
    return x if training else _rescaled(x, _kept(x, p), p)


@dropout.mistake(
    "one mask for the whole batch",
    "Your mask is drawn once and used for every example; draw one number for each element, in the "
    "shape of x.",
)
def _(x: Tensor, p: float, training: bool) -> Tensor:
    return _rescaled(x, torch.rand(x.shape[1:]) >= p, p) if training else x


@dropout.mistake(
    "one mask for all rows",
    "Your mask has only the size of the last dimension and is used for all rows; draw one number "
    "for each element, in the shape of x.",
)
def _(x: Tensor, p: float, training: bool) -> Tensor:
    return _rescaled(x, torch.rand(x.shape[-1:]) >= p, p) if training else x


@dropout.mistake(
    "whole rows dropped",
    "Your mask has one number for each row and drops whole rows; draw one for each element, in "
    "the shape of x.",
)
def _(x: Tensor, p: float, training: bool) -> Tensor:
    first = x[(slice(None), *[slice(1)] * (x.dim() - 1))] if x.dim() else x
    return _rescaled(x, _kept(first, p), p) if training else x


@dropout.mistake(
    "whole channels dropped",
    "Your mask drops whole channels, as nn.Dropout2d does; draw one number for each element, in "
    "the shape of x.",
)
def _(x: Tensor, p: float, training: bool) -> Tensor:
    channels = x[:, :, :1, :1] if x.dim() == 4 else x
    return _rescaled(x, _kept(channels, p), p) if training else x


@dropout.mistake(
    "kept with probability p",
    "You keep an element with probability p and drop it with 1 - p; p is the probability of being "
    "dropped.",
)
def _(x: Tensor, p: float, training: bool) -> Tensor:
    return _rescaled(x, ~_kept(x, p), p) if training else x


@dropout.mistake(
    "p the probability of being kept",
    "You take p for the probability of being kept, in the mask and in the factor; it is that of "
    "being dropped, so that 1 - p stands in its place.",
)
def _(x: Tensor, p: float, training: bool) -> Tensor:
    return _rescaled(x, _kept(x, 1 - p), 1 - p) if training else x


@dropout.mistake(
    "normal numbers compared with p",
    "You compare normally distributed numbers with p, which exceed it with another probability "
    "than 1 - p; torch.rand gives numbers that do so with 1 - p.",
)
def _(x: Tensor, p: float, training: bool) -> Tensor:
    return _rescaled(x, torch.randn_like(x) >= p, p) if training else x


@dropout.mistake(
    "an exact share dropped",
    "You drop the same number of elements in each call; each element is to be dropped by a draw "
    "of its own, so that the number varies.",
)
def _(x: Tensor, p: float, training: bool) -> Tensor:
    kept = torch.randperm(x.numel()) >= round(p * x.numel())
    return _rescaled(x, kept.reshape(x.shape), p) if training else x


@dropout.mistake(
    "divided by the share kept",
    "You divide by the share that happened to be kept, which varies; divide by its expectation, "
    "1 - p.",
)
def _(x: Tensor, p: float, training: bool) -> Tensor:
    kept = _kept(x, p)
    return torch.where(kept, x / kept.to(x.dtype).mean(), 0) if training else x


@dropout.mistake(
    "the same mask in every call",
    "Every call drops the same elements, as with a seed inside the function; draw from torch's "
    "global generator and leave its seed alone.",
)
def _(x: Tensor, p: float, training: bool) -> Tensor:
    generator = torch.Generator().manual_seed(0)
    kept = torch.rand(x.shape, generator=generator) >= p
    return _rescaled(x, kept, p) if training else x


@dropout.mistake(
    "0 over 0 where p is 1",
    "Where p is 1 you divide 0 by 0, or multiply it by infinity, and get NaN; everything is "
    "dropped then, so return zeros.",
)
def _(x: Tensor, p: float, training: bool) -> Tensor:
    return _kept(x, p) * x / (1 - p) if training else x


@dropout.mistake(
    "division by 0 where p is 1",
    "Where p is 1 you compute 1 / (1 - p) in Python, which raises; everything is dropped then, so "
    "return zeros.",
)
def _(x: Tensor, p: float, training: bool) -> Tensor:
    return _kept(x, p) * x * (1 / (1 - p)) if training else x


@dropout.mistake(
    "zeros in evaluation where p is 1",
    "Where p is 1 you return zeros in evaluation, too; look at training first, and return x as it "
    "is where that is False.",
)
def _(x: Tensor, p: float, training: bool) -> Tensor:
    return _rescaled(x, _kept(x, p), p) if training or p == 1 else x


@dropout.mistake(
    "writes into x",
    "You write into x itself, which the caller, and autograd, still need; make a new tensor, as "
    "x * mask does.",
)
def _(x: Tensor, p: float, training: bool) -> Tensor:
    return x.mul_(_rescaled(torch.ones_like(x), _kept(x, p), p)) if training else x


@dropout.mistake(
    "zeros written into x",
    "You write zeros into x itself, which the caller, and autograd, still need; make a new tensor, "
    "as x * mask or torch.where do.",
)
def _(x: Tensor, p: float, training: bool) -> Tensor:
    kept = _kept(x, p)
    return _rescaled(x.masked_fill_(~kept, 0), kept, p) if training else x


@dropout.mistake(
    "cut off from autograd",
    "No gradient reaches x, as after .data or .detach() or under torch.no_grad(); only the mask "
    "is a constant, and x is not.",
)
def _(x: Tensor, p: float, training: bool) -> Tensor:
    return _rescaled(x.detach(), _kept(x, p), p) if training else x


@dropout.mistake(
    "dropped elements get a gradient",
    "Your gradient passes as if nothing had been dropped; it is the incoming one times the mask "
    "and its factor, which is what autograd makes of x * mask.",
)
def _(x: Tensor, p: float, training: bool) -> Tensor:
    return x + (_rescaled(x, _kept(x, p), p) - x).detach() if training else x
