"""The mean squared error."""

# ruff: noqa: A002  # torch calls the predictions ``input``, and so do the learners' functions.

import torch.nn.functional as F
from torch import Tensor

from torchproof.catalog.losses.inputs import regression_cases
from torchproof.catalog.losses.reductions import (
    broadcast,
    like,
    loss_exercise,
    misreduced,
    missized,
    reduce,
    reduced,
)
from torchproof.checking.cases import Cases, Draw


@loss_exercise
def mse_loss(input: Tensor, target: Tensor, reduction: str = "mean") -> Tensor:
    """Return (input - target)², reduced; the shapes are equal or broadcast."""
    return F.mse_loss(*broadcast(input, target), reduction=reduction)


@mse_loss.cases
def _(draw: Draw) -> Cases:
    yield from regression_cases(draw)


@reduced(mse_loss)
def _squares(input: Tensor, target: Tensor) -> Tensor:
    return (input - target).square()


misreduced(mse_loss, _squares)
for _name in ("input", "target"):
    missized(mse_loss, _squares, _name)


@mse_loss.mistake(
    "not squared",
    "You average the absolute differences, which is the L1 loss; square them.",
)
@reduced(mse_loss)
def _(input: Tensor, target: Tensor) -> Tensor:
    return (input - target).abs()


@mse_loss.mistake(
    "signed differences",
    "You average the differences with their signs, so that errors cancel; square each first.",
)
@reduced(mse_loss)
def _(input: Tensor, target: Tensor) -> Tensor:
    return input - target


@mse_loss.mistake(
    "half the square",
    "You halve the square, as some texts do to tidy the gradient; torch's has no ½.",
)
@reduced(mse_loss)
def _(input: Tensor, target: Tensor) -> Tensor:
    return (input - target).square() / 2


@mse_loss.mistake(
    "root of the mean",
    "You take the root at the end, which gives the root mean squared error; leave it out.",
)
@like(mse_loss)
def _(input: Tensor, target: Tensor, reduction: str) -> Tensor:
    return reduce((input - target).square(), reduction).sqrt()


@mse_loss.mistake(
    "square of the mean",
    "You reduce first and square the result, so that errors cancel; square each difference first.",
)
@like(mse_loss)
def _(input: Tensor, target: Tensor, reduction: str) -> Tensor:
    return reduce(input - target, reduction).square()


@mse_loss.mistake(
    "square expanded",
    "You expand the square, and large numbers that nearly agree lose all their digits; subtract "
    "first and square the difference.",
)
@reduced(mse_loss)
def _(input: Tensor, target: Tensor) -> Tensor:
    return input**2 - 2 * input * target + target**2


@mse_loss.mistake(
    "writes into its input",
    "You subtract within input itself, which the caller, and autograd, still need; write "
    "input - target in place of input -= target.",
)
@reduced(mse_loss)
def _(input: Tensor, target: Tensor) -> Tensor:
    return input.sub_(target).square()
