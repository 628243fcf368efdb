"""The leaky ReLU."""

import torch
import torch.nn.functional as F
from torch import Tensor

from torchproof.catalog.activations.curves import curve_cases
from torchproof.catalog.activations.rules import RAMPS
from torchproof.checking.cases import Cases, Draw, extremes, gradients, values
from torchproof.checking.exercise import exercise


@exercise(not_allowed=RAMPS, picture="curve")
def leaky_relu(x: Tensor, negative_slope: float = 0.01) -> Tensor:
    """Return x where it is positive and negative_slope * x elsewhere.

    The slope may be any number; at 0 the gradient is negative_slope.
    """
    return F.leaky_relu(x, negative_slope)


@leaky_relu.cases
def _(draw: Draw) -> Cases:
    yield from curve_cases(draw, scale=1.0, negative_slope=draw.number(0.15, 0.4))
    yield values("the default slope", x=draw.normal(8))
    yield extremes("a slope above 1", x=draw.normal(8), negative_slope=1.5)
    yield extremes("a negative slope", x=draw.normal(8), negative_slope=-0.5)
    for slope in (0.25, 1.5):
        yield gradients("at 0", x=torch.tensor([-1.5, 0.0, 0.0, 2.0]), negative_slope=slope)


@leaky_relu.mistake(
    "gradient 1 at 0",
    "The values are right, but your gradient at 0 is 1; torch's is negative_slope there: 0 goes "
    "with the negative side, so only x > 0 keeps its slope of 1.",
)
def _(x: Tensor, negative_slope: float = 0.01) -> Tensor:
    return torch.where(x >= 0, x, negative_slope * x)


@leaky_relu.mistake(
    "both slopes at 0",
    "The values are right, but at 0 both clamps let the gradient pass, so yours is "
    "1 + negative_slope; choose one branch with torch.where.",
)
def _(x: Tensor, negative_slope: float = 0.01) -> Tensor:
    return x.clamp(min=0) + negative_slope * x.clamp(max=0)


@leaky_relu.mistake(
    "half of both slopes at 0",
    "The values are right, but maximum and minimum share the gradient where both are equal, so "
    "yours at 0 is the mean of both slopes; choose one branch with torch.where.",
)
def _(x: Tensor, negative_slope: float = 0.01) -> Tensor:
    zero = torch.zeros_like(x)
    return torch.maximum(x, zero) + negative_slope * torch.minimum(x, zero)


@leaky_relu.mistake(
    "max(x, slope·x)",
    "The maximum of x and negative_slope·x takes the wrong branch where the slope is above 1, "
    "and shares the gradient at 0; choose by the sign of x.",
)
def _(x: Tensor, negative_slope: float = 0.01) -> Tensor:
    return torch.maximum(x, negative_slope * x)


@leaky_relu.mistake(
    "slope 0.1 always",
    "Your slope is 0.1 whatever the caller asks for; multiply by negative_slope.",
)
def _(x: Tensor, negative_slope: float = 0.01) -> Tensor:
    return torch.where(x > 0, x, 0.1 * x)


@leaky_relu.mistake(
    "default 0.1",
    "The slope that holds where none is given is 0.01; yours is 0.1.",
)
def _(x: Tensor, negative_slope: float = 0.1) -> Tensor:
    return torch.where(x > 0, x, negative_slope * x)


@leaky_relu.mistake(
    "multiplied by masks",
    "You add up both sides, each times its mask, but infinity times 0 is NaN; choose with "
    "torch.where.",
)
def _(x: Tensor, negative_slope: float = 0.01) -> Tensor:
    return x * (x > 0) + negative_slope * x * (x <= 0)


@leaky_relu.mistake(
    "multiplied by masks that leave out 0",
    "Two things: infinity times a mask's 0 is NaN, so choose with torch.where; and 0 lies in "
    "neither of your masks, but has the slope of the negative side.",
)
def _(x: Tensor, negative_slope: float = 0.01) -> Tensor:
    return x * (x > 0) + negative_slope * x * (x < 0)


@leaky_relu.mistake(
    "slope 0.01 always",
    "Your slope is 0.01 whatever the caller asks for; multiply by negative_slope.",
)
def _(x: Tensor, negative_slope: float = 0.01) -> Tensor:
    return torch.where(x > 0, x, 0.01 * x)


@leaky_relu.mistake(
    "ReLU",
    "Your negative side is 0, as ReLU's is; here it is negative_slope·x.",
)
def _(x: Tensor, negative_slope: float = 0.01) -> Tensor:
    return torch.where(x > 0, x, 0)


@leaky_relu.mistake(
    "minus the slope",
    "You multiply by -negative_slope; it is the slope on the negative side, and keeps its sign.",
)
def _(x: Tensor, negative_slope: float = 0.01) -> Tensor:
    return torch.where(x > 0, x, -negative_slope * x)


@leaky_relu.mistake(
    "slope added on both sides",
    "You add negative_slope·x to the positive side too; it belongs to the negative side only.",
)
def _(x: Tensor, negative_slope: float = 0.01) -> Tensor:
    return torch.where(x > 0, x, 0) + negative_slope * x


@leaky_relu.mistake(
    "writes into its input",
    "You scale the elements of x itself, which the caller, and autograd, still need; "
    "make a new tensor.",
)
def _(x: Tensor, negative_slope: float = 0.01) -> Tensor:
    x[x < 0] *= negative_slope
    return x


@leaky_relu.mistake(
    "if on a whole tensor",
    "if, like Python's max, wants one True or False, but x > 0 has one for every element; "
    "choose element by element with torch.where.",
)
def _(x: Tensor, negative_slope: float = 0.01) -> Tensor:
    return x if x > 0 else negative_slope * x
