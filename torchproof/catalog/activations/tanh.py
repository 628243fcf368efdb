"""The hyperbolic tangent."""

import torch
from torch import Tensor

from torchproof.catalog.activations.curves import curve_cases
from torchproof.catalog.activations.rules import S_CURVES
from torchproof.checking.cases import Cases, Draw, gradients
from torchproof.checking.exercise import exercise


@exercise(not_allowed=S_CURVES, picture="curve")
def tanh(x: Tensor) -> Tensor:
    """Return (exp(x) - exp(-x)) / (exp(x) + exp(-x)), finite however large x is."""
    return torch.tanh(x)


@tanh.cases
def _(draw: Draw) -> Cases:
    yield from curve_cases(draw, scale=1.5)
    yield gradients("at 0", x=torch.tensor([-1.5, 0.0, 0.0, 2.0]))
    yield gradients("far from 0", x=torch.tensor([-800.0, -20.0, 20.0, 800.0]))


@tanh.mistake(
    "gradient 0 at 0",
    "The values are right, but your gradient at 0 is 0 and tanh's is 1: torch takes the slope of "
    "|x|, at its kink, as 0, and sign(0) is 0 too; choose both the exponent and the sign by "
    "torch.where(x >= 0, ...).",
)
def _(x: Tensor) -> Tensor:
    small = torch.exp(-2 * x.abs())
    return x.sign() * (1 - small) / (1 + small)


@tanh.mistake(
    "NaN gradient for large positive inputs",
    "The values are right, but exp(2x) overflows for large positive x, and the gradient becomes "
    "0 times infinity, NaN; give exp only what is not positive.",
)
def _(x: Tensor) -> Tensor:
    return 1 - 2 / (1 + torch.exp(2 * x))


@tanh.mistake(
    "NaN gradient for large negative inputs",
    "The values are right, but exp(-2x) overflows for large negative x, and the gradient becomes "
    "0 times infinity, NaN; give exp only what is not positive.",
)
def _(x: Tensor) -> Tensor:
    return 2 / (1 + torch.exp(-2 * x)) - 1


@tanh.mistake(
    "NaN gradient on both sides",
    "The values are right, but torch.where computes both branches, and the one it throws away "
    "overflows and makes the gradient NaN; choose the input of exp first, so that it is never "
    "positive.",
)
def _(x: Tensor) -> Tensor:
    up, down = torch.exp(2 * x), torch.exp(-2 * x)
    return torch.where(x >= 0, (1 - down) / (1 + down), (up - 1) / (up + 1))


@tanh.mistake(
    "NaN for large positive inputs",
    "exp(2x) overflows for large positive x, and infinity over infinity is NaN; "
    "there, divide numerator and denominator by exp(2x) first.",
)
def _(x: Tensor) -> Tensor:
    return (torch.exp(2 * x) - 1) / (torch.exp(2 * x) + 1)


@tanh.mistake(
    "NaN for large negative inputs",
    "exp(-2x) overflows for large negative x, and infinity over infinity is NaN; "
    "there, multiply numerator and denominator by exp(2x) first.",
)
def _(x: Tensor) -> Tensor:
    return (1 - torch.exp(-2 * x)) / (1 + torch.exp(-2 * x))


@tanh.mistake(
    "NaN for large inputs",
    "exp, and with it sinh and cosh, overflows on either side, and infinity over infinity is "
    "NaN; divide numerator and denominator by the larger exponential first.",
)
def _(x: Tensor) -> Tensor:
    return (torch.exp(x) - torch.exp(-x)) / (torch.exp(x) + torch.exp(-x))


@tanh.mistake(
    "infinity from infinity",
    "Right for finite x, but where x is infinite your shift takes infinity from infinity, which "
    "is NaN; choose between exp(2x) and exp(-2x) by torch.where, and nothing need be subtracted.",
)
def _(x: Tensor) -> Tensor:
    m = x.abs()
    up, down = torch.exp(x - m), torch.exp(-x - m)
    return (up - down) / (up + down)


@tanh.mistake(
    "sign forgotten",
    "Your result is never negative; the tanh of a negative x is minus that of -x.",
)
def _(x: Tensor) -> Tensor:
    small = torch.exp(-2 * x.abs())
    return (1 - small) / (1 + small)


@tanh.mistake(
    "x not doubled",
    "You compute 2·sigmoid(x) - 1, which rises half as steeply; tanh(x) is 2·sigmoid(2x) - 1.",
)
def _(x: Tensor) -> Tensor:
    return 2 / (1 + torch.exp(-x)) - 1


@tanh.mistake(
    "upside down",
    "Your quotient is upside down; the difference of the exponentials goes above their sum.",
)
def _(x: Tensor) -> Tensor:
    return (torch.exp(x) + torch.exp(-x)) / (torch.exp(x) - torch.exp(-x))
