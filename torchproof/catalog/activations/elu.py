"""The exponential linear unit."""

import torch
import torch.nn.functional as F
from torch import Tensor

from torchproof.catalog.activations.curves import curve_cases
from torchproof.catalog.activations.rules import RAMPS
from torchproof.checking.cases import Cases, Draw, gradients, values
from torchproof.checking.exercise import exercise


@exercise(not_allowed=RAMPS, picture="curve")
def elu(x: Tensor, alpha: float = 1.0) -> Tensor:
    """Return x where it is positive and alpha * (exp(x) - 1) elsewhere; at 0 the slope is alpha."""
    return F.elu(x, alpha)


@elu.cases
def _(draw: Draw) -> Cases:
    yield from curve_cases(draw, scale=1.5, alpha=draw.number(1.3, 2.0))
    yield values("the default alpha", x=draw.normal(8))
    yield values("a small alpha", x=draw.normal(8), alpha=draw.number(0.2, 0.6))
    yield gradients("at 0", x=torch.tensor([-1.5, 0.0, 0.0, 2.0]), alpha=1.5)
    yield gradients("far from 0", x=torch.tensor([-800.0, -40.0, 40.0, 800.0]), alpha=1.5)


def _below(x: Tensor) -> Tensor:
    """Return x where it is negative, else 0: what may safely be put into exp."""
    return torch.where(x > 0, 0, x)


@elu.mistake(
    "NaN gradient for large inputs",
    "The values are right, but exp of a large positive x overflows in the branch you throw away, "
    "and 0 times infinity makes its gradient NaN; keep positive x out of exp, as with "
    "torch.where or clamp inside it.",
)
def _(x: Tensor, alpha: float = 1.0) -> Tensor:
    return torch.where(x > 0, x, alpha * (x.exp() - 1))


@elu.mistake(
    "gradient 1 at 0",
    "The values are right, but your gradient at 0 is 1; torch's is alpha there: 0 goes with the "
    "negative side, so only x > 0 keeps its slope of 1.",
)
def _(x: Tensor, alpha: float = 1.0) -> Tensor:
    return torch.where(x >= 0, x, alpha * _below(x).expm1())


@elu.mistake(
    "gradient 1 at 0, and NaN for large inputs",
    "The values are right, but two gradients are not: at 0 torch's is alpha, so only x > 0 keeps "
    "the slope of 1; and exp of a large positive x overflows in the branch you throw away, so "
    "keep it out of exp.",
)
def _(x: Tensor, alpha: float = 1.0) -> Tensor:
    return torch.where(x >= 0, x, alpha * (x.exp() - 1))


@elu.mistake(
    "half of alpha at 0",
    "The values are right, but minimum shares the gradient where both are equal, so yours at 0 is "
    "alpha/2; choose the input of exp with torch.where.",
)
def _(x: Tensor, alpha: float = 1.0) -> Tensor:
    return torch.where(x > 0, x, alpha * torch.minimum(x, torch.zeros_like(x)).expm1())


@elu.mistake(
    "multiplied by masks",
    "You add up both sides, each times its mask, but exp of a large positive x is infinite, and "
    "infinity times 0 is NaN; choose with torch.where, and keep positive x out of exp.",
)
def _(x: Tensor, alpha: float = 1.0) -> Tensor:
    return x * (x > 0) + alpha * (x.exp() - 1) * (x <= 0)


@elu.mistake(
    "both slopes at 0",
    "The values are right, but at 0 both clamps let the gradient pass, so yours is 1 + alpha; "
    "choose one branch with torch.where.",
)
def _(x: Tensor, alpha: float = 1.0) -> Tensor:
    return x.clamp(min=0) + alpha * x.clamp(max=0).expm1()


@elu.mistake(
    "both slopes at 0, and NaN for large inputs",
    "The values are right, but at 0 both clamps let the gradient pass, and for large positive x "
    "exp overflows before it is clamped; choose with torch.where, and keep positive x out of exp.",
)
def _(x: Tensor, alpha: float = 1.0) -> Tensor:
    return x.clamp(min=0) + (alpha * (x.exp() - 1)).clamp(max=0)


@elu.mistake(
    "alpha ignored",
    "You leave out alpha; the negative side is alpha·(exp(x) - 1).",
)
def _(x: Tensor, alpha: float = 1.0) -> Tensor:
    return torch.where(x > 0, x, _below(x).expm1())


@elu.mistake(
    "brackets missing",
    "You compute alpha·exp(x) - 1; alpha multiplies the whole bracket, alpha·(exp(x) - 1).",
)
def _(x: Tensor, alpha: float = 1.0) -> Tensor:
    return torch.where(x > 0, x, alpha * x.exp() - 1)


@elu.mistake(
    "without the -1",
    "You forget to subtract 1 from exp(x), so that the curve jumps at 0.",
)
def _(x: Tensor, alpha: float = 1.0) -> Tensor:
    return torch.where(x > 0, x, alpha * x.exp())


@elu.mistake(
    "alpha on both sides",
    "You multiply the positive side by alpha too; there the result is x itself.",
)
def _(x: Tensor, alpha: float = 1.0) -> Tensor:
    return alpha * torch.where(x > 0, x, x.exp() - 1)


@elu.mistake(
    "if on a whole tensor",
    "if, like Python's max, wants one True or False, but x > 0 has one for every element; "
    "choose element by element with torch.where.",
)
def _(x: Tensor, alpha: float = 1.0) -> Tensor:
    return x if x > 0 else alpha * (x.exp() - 1)
