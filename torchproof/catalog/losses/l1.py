"""The L1 loss, the mean absolute error."""

# ruff: noqa: A002  # torch calls the predictions ``input``, and so do the learners' functions.

import torch
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
def l1_loss(input: Tensor, target: Tensor, reduction: str = "mean") -> Tensor:
    """Return the distance of input and target, reduced; where both agree, the gradient is 0."""
    return F.l1_loss(*broadcast(input, target), reduction=reduction)


@l1_loss.cases
def _(draw: Draw) -> Cases:
    yield from regression_cases(draw)


@reduced(l1_loss)
def _distances(input: Tensor, target: Tensor) -> Tensor:
    return (input - target).abs()


misreduced(l1_loss, _distances)
for _name in ("input", "target"):
    missized(l1_loss, _distances, _name)


@l1_loss.mistake(
    "squared",
    "You square the differences, which is the mean squared error; take their absolute values.",
)
@reduced(l1_loss)
def _(input: Tensor, target: Tensor) -> Tensor:
    return (input - target).square()


@l1_loss.mistake(
    "signed differences",
    "You average the differences with their signs, so that errors cancel; take each one's "
    "absolute value first.",
)
@reduced(l1_loss)
def _(input: Tensor, target: Tensor) -> Tensor:
    return input - target


@l1_loss.mistake(
    "absolute value of the mean",
    "You reduce first and take the absolute value of the result, so that errors cancel; take "
    "each difference's absolute value first.",
)
@like(l1_loss)
def _(input: Tensor, target: Tensor, reduction: str) -> Tensor:
    return reduce(input - target, reduction).abs()


@l1_loss.mistake(
    "predictions that are too small count nothing",
    "You drop the negative differences, as ReLU and clamp do; a prediction that is too small "
    "counts like one that is too large.",
)
@reduced(l1_loss)
def _(input: Tensor, target: Tensor) -> Tensor:
    return (input - target).clamp(min=0)


@l1_loss.mistake(
    "relative to the target",
    "You divide each difference by the target, which gives a relative error; the L1 loss is the "
    "difference itself.",
)
@reduced(l1_loss)
def _(input: Tensor, target: Tensor) -> Tensor:
    return ((input - target) / target).abs()


@l1_loss.mistake(
    "root of the square",
    "The root of the square overflows for large differences, and its gradient at 0 is 0 over 0, "
    "NaN; abs has neither fault.",
)
@reduced(l1_loss)
def _(input: Tensor, target: Tensor) -> Tensor:
    return (input - target).square().sqrt()


@l1_loss.mistake(
    "gradient -1 at a hit",
    "The values are right, but where input equals target your gradient is that of a prediction "
    "that is too small; torch's is 0 there, as that of abs.",
)
@reduced(l1_loss)
def _(input: Tensor, target: Tensor) -> Tensor:
    return torch.where(input > target, input - target, target - input)


@l1_loss.mistake(
    "gradient 1 at a hit",
    "The values are right, but where input equals target your gradient is that of a prediction "
    "that is too large; torch's is 0 there, as that of abs.",
)
@reduced(l1_loss)
def _(input: Tensor, target: Tensor) -> Tensor:
    return torch.where(input >= target, input - target, target - input)


@l1_loss.mistake(
    "writes into its input",
    "You subtract within input itself, which the caller, and autograd, still need; write "
    "input - target in place of input -= target.",
)
@reduced(l1_loss)
def _(input: Tensor, target: Tensor) -> Tensor:
    return input.sub_(target).abs()
