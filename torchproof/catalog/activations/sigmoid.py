"""The sigmoid."""

import math

import torch
from torch import Tensor

from torchproof.catalog.activations.curves import curve_cases
from torchproof.catalog.activations.rules import S_CURVES
from torchproof.checking.cases import Cases, Draw, gradients
from torchproof.checking.exercise import exercise


@exercise(not_allowed=S_CURVES, picture="curve")
def sigmoid(x: Tensor) -> Tensor:
    """Return 1 / (1 + exp(-x)), with a finite gradient however large x is."""
    return torch.sigmoid(x)


@sigmoid.cases
def _(draw: Draw) -> Cases:
    yield from curve_cases(draw, scale=3.0)
    yield gradients("at 0", x=torch.tensor([-1.5, 0.0, 0.0, 2.0]))
    yield gradients("far from 0", x=torch.tensor([-800.0, -40.0, 40.0, 800.0]))


@sigmoid.mistake(
    "gradient 0 at 0",
    "The values are right, but your gradient at 0 is 0 and the sigmoid's is 1/4: torch takes the "
    "slope of |x|, at its kink, as 0; in place of abs, choose between x and -x with torch.where.",
)
def _(x: Tensor) -> Tensor:
    small = torch.exp(-x.abs())
    return torch.where(x >= 0, 1, small) / (1 + small)


@sigmoid.mistake(
    "NaN gradient for large negative inputs",
    "The values are right, but exp(-x) overflows for large negative x, and the gradient becomes "
    "0 times infinity, NaN; use exp(x)/(1 + exp(x)) there, and keep what would overflow out of "
    "exp.",
)
def _(x: Tensor) -> Tensor:
    return 1 / (1 + torch.exp(-x))


@sigmoid.mistake(
    "NaN gradient on both sides",
    "The values are right, but torch.where computes both branches, and the one it throws away "
    "overflows and makes the gradient NaN; choose the input of exp first, so that it is never "
    "positive.",
)
def _(x: Tensor) -> Tensor:
    return torch.where(x >= 0, 1 / (1 + torch.exp(-x)), torch.exp(x) / (1 + torch.exp(x)))


@sigmoid.mistake(
    "NaN for large positive inputs",
    "exp(x) overflows for large positive x, and infinity over infinity is NaN; "
    "use 1/(1 + exp(-x)) there.",
)
def _(x: Tensor) -> Tensor:
    return torch.exp(x) / (1 + torch.exp(x))


@sigmoid.mistake(
    "infinity from infinity",
    "Right for finite x, but where x is infinite your shift takes infinity from infinity, which "
    "is NaN; choose between exp(x) and exp(-x) by torch.where, and nothing need be subtracted.",
)
def _(x: Tensor) -> Tensor:
    m = torch.where(x > 0, x, 0)
    return torch.exp(x - m) / (torch.exp(-m) + torch.exp(x - m))


@sigmoid.mistake(
    "largest of the whole tensor subtracted",
    "Subtracting the largest x, as in softmax, ties the elements to each other: beside a very "
    "large one, both exponentials of the others become 0; the sigmoid takes each element by "
    "itself, so choose exp(x) or exp(-x) by its sign.",
)
def _(x: Tensor) -> Tensor:
    m = x.max() if x.numel() else x.new_zeros(())
    return torch.exp(x - m) / (torch.exp(-m) + torch.exp(x - m))


@sigmoid.mistake(
    "falling",
    "Your curve falls from 1 to 0; the exponent is -x, not x.",
)
def _(x: Tensor) -> Tensor:
    return 1 / (1 + torch.exp(x))


@sigmoid.mistake(
    "brackets missing",
    "1 / 1 + exp(-x) divides before it adds; put the denominator in brackets.",
)
def _(x: Tensor) -> Tensor:
    return 1 / 1 + torch.exp(-x)


@sigmoid.mistake(
    "one element at a time",
    "The values are right, but you visit the elements one by one; compute on the whole tensor.",
)
def _(x: Tensor) -> Tensor:
    results = [1 / (1 + torch.exp(-v)) if v >= 0 else v.exp() / (1 + v.exp()) for v in x.flatten()]
    return torch.stack(results).reshape(x.shape) if results else x.clone()


@sigmoid.mistake(
    "math.exp of a tensor",
    "math.exp takes one number, not a tensor; torch.exp works on all elements at once.",
)
def _(x: Tensor) -> Tensor:
    return 1 / (1 + math.exp(-x))  # type: ignore[return-value]


@sigmoid.mistake(
    "Python numbers",
    "You compute on Python numbers with math.exp, where autograd sees nothing and large numbers "
    "raise; apply torch.exp to the whole tensor.",
)
def _(x: Tensor) -> Tensor:
    numbers = [1 / (1 + math.exp(-v)) for v in x.flatten().tolist()]
    return torch.tensor(numbers).reshape(x.shape)
