"""The rectified linear unit."""

import torch
from torch import Tensor

from torchproof.catalog.activations.curves import curve_cases
from torchproof.catalog.activations.rules import RAMPS
from torchproof.checking.cases import Cases, Draw, gradients
from torchproof.checking.exercise import exercise


@exercise(not_allowed=RAMPS, picture="curve")
def relu(x: Tensor) -> Tensor:
    """Return x where it is positive and 0 elsewhere; at 0 the gradient is 0."""
    return torch.relu(x)


@relu.cases
def _(draw: Draw) -> Cases:
    yield from curve_cases(draw, scale=1.0)
    yield gradients("at 0", x=torch.tensor([-1.5, 0.0, 0.0, 2.0]))


@relu.mistake(
    "gradient 1 at 0",
    "The values are right, but your gradient at 0 is 1, as clamp and >= give it; torch's is 0 "
    "there: let only x > 0 pass.",
)
def _(x: Tensor) -> Tensor:
    return x.clamp(min=0)


@relu.mistake(
    "gradient 1/2 at 0",
    "The values are right, but a maximum shares the gradient where both are equal, so yours is "
    "1/2 at 0; torch's is 0 there: let only x > 0 pass.",
)
def _(x: Tensor) -> Tensor:
    return torch.maximum(x, torch.zeros_like(x))


@relu.mistake(
    "multiplied by the mask",
    "You multiply by the mask x > 0, but infinity times 0 is NaN; choose with torch.where.",
)
def _(x: Tensor) -> Tensor:
    return x * (x > 0)


@relu.mistake(
    "half of x + |x|",
    "(x + |x|)/2 overflows for very large x, is NaN at -infinity, and has the gradient 1/2 at 0; "
    "choose between x and 0 instead.",
)
def _(x: Tensor) -> Tensor:
    return (x + x.abs()) / 2


@relu.mistake(
    "the negative part",
    "You keep the negative elements and drop the positive ones; it should be the other way round.",
)
def _(x: Tensor) -> Tensor:
    return torch.where(x < 0, x, 0)


@relu.mistake(
    "a step",
    "You return 1 where x is positive, which is ReLU's slope; ReLU itself keeps x there.",
)
def _(x: Tensor) -> Tensor:
    return (x > 0).to(x.dtype)


@relu.mistake(
    "writes into its input",
    "You write the zeros into x itself, which the caller, and autograd, still need; "
    "make a new tensor.",
)
def _(x: Tensor) -> Tensor:
    x[x < 0] = 0
    return x


@relu.mistake(
    "one element at a time",
    "The values are right, but you visit the elements one by one; let torch.where choose for "
    "all at once.",
)
def _(x: Tensor) -> Tensor:
    kept = [v if v > 0 else torch.zeros_like(v) for v in x.flatten()]
    return torch.stack(kept).reshape(x.shape) if kept else x.clone()


@relu.mistake(
    "if on a whole tensor",
    "if, like Python's max, wants one True or False, but x > 0 has one for every element; "
    "choose element by element with torch.where.",
)
def _(x: Tensor) -> Tensor:
    return x if x > 0 else torch.zeros_like(x)
