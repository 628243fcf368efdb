"""The exercises of ``03_activations``."""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from torchproof.checking.cases import (
    FLOATS,
    Cases,
    Draw,
    Group,
    extremes,
    gradients,
    shapes,
    values,
    vectorised,
)
from torchproof.checking.exercise import exercise

_RAMPS = (
    *("relu", "relu_", "relu6", "relu6_", "leaky_relu", "leaky_relu_", "prelu", "rrelu", "rrelu_"),
    *("elu", "elu_", "celu", "celu_", "selu", "selu_"),
    *("threshold", "threshold_", "hardtanh", "hardtanh_"),
    *("torch.nn.ReLU", "torch.nn.ReLU6", "torch.nn.LeakyReLU", "torch.nn.PReLU", "torch.nn.RReLU"),
    *("torch.nn.ELU", "torch.nn.CELU", "torch.nn.SELU", "torch.nn.Threshold", "torch.nn.Hardtanh"),
)
"""torch's functions of two branches that meet at 0."""

_SOFTMAXES = (
    *("softmax", "_softmax", "_safe_softmax", "_masked_softmax", "softmin", "gumbel_softmax"),
    *("log_softmax", "_log_softmax", "logsumexp", "logcumsumexp"),
    *("torch.nn.Softmax", "torch.nn.Softmax2d", "torch.nn.Softmin", "torch.nn.LogSoftmax"),
)
"""torch's softmax under its many names, and the sum inside it."""

_S_CURVES = (
    *("sigmoid", "sigmoid_", "expit", "logsigmoid", "log_sigmoid", "softplus"),
    *("silu", "silu_", "glu", "tanh", "tanh_", "tanhshrink"),
    *("torch.nn.Sigmoid", "torch.nn.LogSigmoid", "torch.nn.Softplus", "torch.nn.SiLU"),
    *("torch.nn.GLU", "torch.nn.Tanh", "torch.nn.Tanhshrink"),
    *_SOFTMAXES,
)
"""torch's functions that give a sigmoid or a tanh in a line."""

_AUTOGRAD = (
    *("backward", "enable_grad", "set_grad_enabled", "torch.autograd.grad"),
    *("torch.func.grad", "torch.func.vjp", "torch.func.jacrev", "torch.func.jacfwd"),
    *("sigmoid_backward", "leaky_relu_backward"),
)
"""What would find the gradient in the learner's place."""

_BACKWARD_GROUPS = (Group.GRADIENTS, Group.EXTREMES, Group.SHAPES)

_backward_exercise = exercise(
    groups=_BACKWARD_GROUPS, not_allowed=_AUTOGRAD, driver="autograd_function"
)
"""Makes a class with a hand-written backward an exercise."""


def _with_backward(draw: Draw, given: Cases) -> Cases:
    """Let cases beyond ``gradients`` try the backward too, wherever x is finite."""
    for case in given:
        x = case.arguments["x"]
        if x.isinf().any():
            yield case
        else:
            upstream = draw.normal(*x.shape, dtype=x.dtype)
            yield replace(case, arguments={**case.arguments, "grad_output": upstream})


def _curve_cases(draw: Draw, scale: float, **options: float) -> Cases:
    """Yield the cases that every function of one variable is tried on."""
    for dtype in FLOATS:
        yield values(x=scale * draw.normal(12, dtype=dtype), **options)
        yield values(x=scale * draw.normal(2, 3, 4, dtype=dtype), **options)
        yield shapes(x=draw.normal(3, 5, dtype=dtype), **options)
        yield shapes(x=draw.normal(2, 4, 3, dtype=dtype), **options)
    yield extremes("a single element", x=torch.tensor(draw.number(0.5, 1.5)), **options)
    yield extremes("an empty batch", x=torch.empty(0, 3), **options)
    yield extremes("infinities", x=torch.tensor([-torch.inf, -1.0, torch.inf]), **options)
    big = torch.tensor([-3e38, -1000.0, -100.0, -1e-30, 0.0, 1e-30, 100.0, 1000.0, 3e38])
    yield extremes("very large and very small", x=big, **options)
    yield vectorised({"x": draw.normal(4), **options}, {"x": draw.normal(9, 5), **options})


@exercise(not_allowed=_RAMPS, picture="curve")
def relu(x: Tensor) -> Tensor:
    """Return x where it is positive and 0 elsewhere; at 0 the gradient is 0."""
    return torch.relu(x)


@relu.cases
def _(draw: Draw) -> Cases:
    yield from _curve_cases(draw, scale=1.0)
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


@exercise(not_allowed=_RAMPS, picture="curve")
def leaky_relu(x: Tensor, negative_slope: float = 0.01) -> Tensor:
    """Return x where it is positive and negative_slope * x elsewhere.

    The slope may be any number; at 0 the gradient is negative_slope.
    """
    return F.leaky_relu(x, negative_slope)


@leaky_relu.cases
def _(draw: Draw) -> Cases:
    yield from _curve_cases(draw, scale=1.0, negative_slope=draw.number(0.15, 0.4))
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
    "Your slope is 0.1 whatever the caller asks; multiply by negative_slope.",
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
    "Your slope is 0.01 whatever the caller asks; multiply by negative_slope.",
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


@exercise(not_allowed=_RAMPS, picture="curve")
def elu(x: Tensor, alpha: float = 1.0) -> Tensor:
    """Return x where it is positive and alpha * (exp(x) - 1) elsewhere; at 0 the slope is alpha."""
    return F.elu(x, alpha)


@elu.cases
def _(draw: Draw) -> Cases:
    yield from _curve_cases(draw, scale=1.5, alpha=draw.number(1.3, 2.0))
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


@exercise(not_allowed=_S_CURVES, picture="curve")
def sigmoid(x: Tensor) -> Tensor:
    """Return 1 / (1 + exp(-x)), with a finite gradient however large x is."""
    return torch.sigmoid(x)


@sigmoid.cases
def _(draw: Draw) -> Cases:
    yield from _curve_cases(draw, scale=3.0)
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
    "Subtracting the largest x, as in softmax, ties the elements to each other, and far from the "
    "largest both exponentials become 0 or infinite; the sigmoid takes each element by itself, so "
    "choose exp(x) or exp(-x) by its sign.",
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


@exercise(not_allowed=_S_CURVES, picture="curve")
def tanh(x: Tensor) -> Tensor:
    """Return (exp(x) - exp(-x)) / (exp(x) + exp(-x)), finite however large x is."""
    return torch.tanh(x)


@tanh.cases
def _(draw: Draw) -> Cases:
    yield from _curve_cases(draw, scale=1.5)
    yield gradients("at 0", x=torch.tensor([-1.5, 0.0, 0.0, 2.0]))
    yield gradients("far from 0", x=torch.tensor([-800.0, -20.0, 20.0, 800.0]))


@tanh.mistake(
    "gradient 0 at 0",
    "The values are right, but your gradient at 0 is 0 and tanh's is 1: torch takes the slope of "
    "|x|, at its kink, as 0; in place of abs, choose between x and -x with torch.where.",
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


@exercise(not_allowed=_SOFTMAXES)
def softmax(x: Tensor, dim: int) -> Tensor:
    """Return exp(x) divided by its sum along dim, finite however large x is."""
    return torch.softmax(x, dim)


@softmax.cases
def _(draw: Draw) -> Cases:
    yield from _slices(draw)


def _slices(draw: Draw) -> Cases:
    """Yield the cases that softmax and its logarithm are tried on; no case is square."""
    for dtype in FLOATS:
        yield values(x=draw.normal(3, draw.size(4, 6), dtype=dtype), dim=1)
        yield values(x=draw.normal(draw.size(4, 6), 3, dtype=dtype), dim=0)
        for dim in (0, 1, -1):
            yield values(x=draw.normal(2, 3, 4, dtype=dtype), dim=dim)
        yield shapes(x=draw.normal(4, 7, dtype=dtype), dim=1)
        yield shapes(x=draw.normal(7, 2, dtype=dtype), dim=-1)
        yield shapes(x=draw.normal(2, 5, 3, dtype=dtype), dim=1)
    far = torch.tensor([[-1000.0], [0.0], [1000.0]])
    yield gradients("rows far apart", x=draw.normal(3, 4) + far, dim=1)
    yield gradients("one far below", x=torch.tensor([[0.0, -1000.0, 1.0], [1.0, 2.0, 3.0]]), dim=1)
    yield extremes("large", x=draw.normal(2, 4) + 100, dim=1)
    yield extremes("very negative", x=draw.normal(2, 4) - 120, dim=1)
    yield extremes("very large", x=draw.normal(2, 4, dtype=torch.float64) + 1e4, dim=1)
    yield extremes("rows far apart", x=draw.normal(3, 4, dtype=torch.float64) + far, dim=1)
    yield extremes("one far below", x=torch.tensor([[0.0, -1000.0, 1.0]]), dim=1)
    deep = torch.tensor([[-20000.0, -20001.0, -20003.0]], dtype=torch.float64)
    yield extremes("far below 0", x=deep + draw.uniform(1, 3, dtype=torch.float64), dim=1)
    yield extremes("beyond measure", x=torch.tensor([[1e30, 0.0, -1e30]]), dim=1)
    yield extremes("-infinity as a mask", x=torch.tensor([[0.5, -torch.inf, 1.0]]), dim=1)
    yield extremes("ties", x=torch.full((2, 3), 7.0), dim=1)
    yield extremes("a single element", x=torch.tensor([3.0]), dim=0)
    yield extremes("an empty batch", x=torch.empty(0, 3), dim=1)
    yield vectorised({"x": draw.normal(2, 3), "dim": 1}, {"x": draw.normal(9, 7), "dim": 1})


def _stable(x: Tensor, dim: int) -> Tensor:
    shifted = (x - x.amax(dim, keepdim=True)).exp()
    return shifted / shifted.sum(dim, keepdim=True)


@softmax.mistake(
    "largest of the whole tensor subtracted",
    "You subtract the largest element of the whole tensor; a slice far below it underflows to "
    "0/0, so subtract each slice's own: x.amax(dim, keepdim=True).",
)
def _(x: Tensor, dim: int) -> Tensor:
    shifted = (x - x.max()).exp()
    return shifted / shifted.sum(dim, keepdim=True)


@softmax.mistake(
    "clamped",
    "You clamp x before exp, and elements beyond the bound become equal; subtract the largest "
    "along dim instead, which changes nothing in the result.",
)
def _(x: Tensor, dim: int) -> Tensor:
    bounded = x.clamp(-80, 80).exp()
    return bounded / bounded.sum(dim, keepdim=True)


@softmax.mistake(
    "largest of the whole tensor subtracted, and a constant added",
    "You subtract the largest element of the whole tensor; a slice far below it underflows, and "
    "the constant in the denominator makes 0 of its 0/0: subtract each slice's own largest, "
    "x.amax(dim, keepdim=True), and no constant is needed.",
)
def _(x: Tensor, dim: int) -> Tensor:
    shifted = (x - x.max()).exp()
    return shifted / (shifted.sum(dim, keepdim=True) + 1e-12)


@softmax.mistake(
    "mean subtracted",
    "You subtract the mean, and an element far above it still overflows; subtract the largest, "
    "and no exponent is above 0.",
)
def _(x: Tensor, dim: int) -> Tensor:
    shifted = (x - x.mean(dim, keepdim=True)).exp()
    return shifted / shifted.sum(dim, keepdim=True)


@softmax.mistake(
    "maximum not subtracted",
    "exp overflows for large x, and all of it underflows for very negative x: infinity over "
    "infinity and 0/0 are NaN; subtract the largest along dim first.",
)
def _(x: Tensor, dim: int) -> Tensor:
    return x.exp() / x.exp().sum(dim, keepdim=True)


@softmax.mistake(
    "always the last dimension",
    "You always sum over the last dimension; sum over dim.",
)
def _(x: Tensor, dim: int) -> Tensor:
    return _stable(x, -1)


@softmax.mistake(
    "always the last dimension, and maximum not subtracted",
    "Two things: sum over dim, not always over the last dimension; and subtract the largest "
    "along dim before exp, which overflows without it.",
)
def _(x: Tensor, dim: int) -> Tensor:
    return x.exp() / x.exp().sum(-1, keepdim=True)


@softmax.mistake(
    "always dimension 1",
    "You always sum over dimension 1; sum over dim.",
)
def _(x: Tensor, dim: int) -> Tensor:
    return _stable(x, 1)


@softmax.mistake(
    "over all elements",
    "You divide by one sum over all elements; each slice along dim has its own sum, and its own "
    "largest element: sum(dim, keepdim=True) and amax(dim, keepdim=True).",
)
def _(x: Tensor, dim: int) -> Tensor:
    shifted = (x - x.max()).exp()
    return shifted / shifted.sum()


@softmax.mistake(
    "over all elements, and maximum not subtracted",
    "Two things: each slice along dim has its own sum, sum(dim, keepdim=True); and subtract the "
    "largest along dim before exp, which overflows without it.",
)
def _(x: Tensor, dim: int) -> Tensor:
    return x.exp() / x.exp().sum()


@softmax.mistake(
    "dimension not kept",
    "The sum, or the maximum, has lost dim and no longer lines up with x; "
    "keep it with keepdim=True.",
)
def _(x: Tensor, dim: int) -> Tensor:
    shifted = (x - x.amax(dim, keepdim=True)).exp()
    return shifted / shifted.sum(dim)


@softmax.mistake(
    "max gives two things",
    "max with a dim returns the largest values and their places; take .values, or use amax.",
)
def _(x: Tensor, dim: int) -> Tensor:
    shifted = (x - x.max(dim, keepdim=True)).exp()  # type: ignore[operator]
    return shifted / shifted.sum(dim, keepdim=True)


@softmax.mistake(
    "writes into its input",
    "You subtract the maximum from x itself, which the caller, and autograd, still need; "
    "write x = x - … in place of x -= ….",
)
def _(x: Tensor, dim: int) -> Tensor:
    x -= x.amax(dim, keepdim=True)
    return x.exp() / x.exp().sum(dim, keepdim=True)


@softmax.mistake(
    "one slice at a time",
    "The values are right, but you visit the slices one by one; sum(dim, keepdim=True) takes "
    "all sums at once.",
)
def _(x: Tensor, dim: int) -> Tensor:
    if x.dim() < 2:
        return _stable(x, 0)
    slices = x.movedim(dim, -1)
    done = [_stable(row, -1) for row in slices.reshape(-1, x.shape[dim])]
    return torch.stack(done).reshape(slices.shape).movedim(-1, dim) if done else x.clone()


@exercise(not_allowed=_SOFTMAXES)
def log_softmax(x: Tensor, dim: int) -> Tensor:
    """Return the logarithm of the softmax along dim, finite where the softmax underflows."""
    return torch.log_softmax(x, dim)


@log_softmax.cases
def _(draw: Draw) -> Cases:
    yield from _slices(draw)


@log_softmax.mistake(
    "log of an underflowed softmax",
    "The softmax of an element far below the largest underflows to 0, and its logarithm is "
    "-infinity; take the logarithm on paper first: x - max - log(sum(exp(x - max))).",
)
def _(x: Tensor, dim: int) -> Tensor:
    return _stable(x, dim).log()


@log_softmax.mistake(
    "a constant in the logarithm",
    "The constant you add keeps the logarithm finite but moves small probabilities; take the "
    "logarithm on paper first, and none is needed.",
)
def _(x: Tensor, dim: int) -> Tensor:
    return (_stable(x, dim) + 1e-8).log()


def _bounded(bound: float) -> Callable[[Tensor, int], Tensor]:
    return lambda x, dim: _stable(x, dim).clamp(min=bound).log()


for _bound in (1e-12, 1e-10, 1e-30):
    log_softmax.mistake(
        f"never below the logarithm of {_bound:g}",
        f"Your result ends at the logarithm of {_bound:g}, which is added to the probability or "
        "bounds it, and smaller ones are lost; take the logarithm on paper first, and neither is "
        "needed.",
    )(_bounded(_bound))


@log_softmax.mistake(
    "clamped",
    "You clamp x before exp, and elements beyond the bound become equal; subtract the largest "
    "along dim instead, which changes nothing in the result.",
)
def _(x: Tensor, dim: int) -> Tensor:
    bounded = x.clamp(-80, 80)
    return bounded - bounded.exp().sum(dim, keepdim=True).log()


@log_softmax.mistake(
    "mean subtracted",
    "You subtract the mean, and an element far above it still overflows; subtract the largest, "
    "and no exponent is above 0.",
)
def _(x: Tensor, dim: int) -> Tensor:
    shifted = x - x.mean(dim, keepdim=True)
    return shifted - shifted.exp().sum(dim, keepdim=True).log()


@log_softmax.mistake(
    "largest of the whole tensor subtracted",
    "You subtract the largest element of the whole tensor; a slice far below it underflows to "
    "log(0), so subtract each slice's own: x.amax(dim, keepdim=True).",
)
def _(x: Tensor, dim: int) -> Tensor:
    shifted = x - x.max()
    return shifted - shifted.exp().sum(dim, keepdim=True).log()


@log_softmax.mistake(
    "maximum not subtracted",
    "exp overflows for large x, and all of it underflows for very negative x; subtract the "
    "largest along dim first, which changes nothing in the result.",
)
def _(x: Tensor, dim: int) -> Tensor:
    return x - x.exp().sum(dim, keepdim=True).log()


@log_softmax.mistake(
    "log of a softmax without the maximum",
    "exp overflows for large x and underflows for very negative x before the logarithm can "
    "undo it; subtract the largest along dim, and take the logarithm of the quotient on paper.",
)
def _(x: Tensor, dim: int) -> Tensor:
    return (x.exp() / x.exp().sum(dim, keepdim=True)).log()


@log_softmax.mistake(
    "maximum subtracted once only",
    "You subtract the maximum inside the exponential only; subtract it from the x in front too.",
)
def _(x: Tensor, dim: int) -> Tensor:
    return x - (x - x.amax(dim, keepdim=True)).exp().sum(dim, keepdim=True).log()


@log_softmax.mistake(
    "sign turned",
    "Your sign is turned; the logarithm of a probability is negative or 0.",
)
def _(x: Tensor, dim: int) -> Tensor:
    shifted = x - x.amax(dim, keepdim=True)
    return shifted.exp().sum(dim, keepdim=True).log() - shifted


@log_softmax.mistake(
    "always the last dimension",
    "You always sum over the last dimension; sum over dim.",
)
def _(x: Tensor, dim: int) -> Tensor:
    shifted = x - x.amax(-1, keepdim=True)
    return shifted - shifted.exp().sum(-1, keepdim=True).log()


@log_softmax.mistake(
    "dimension not kept",
    "The sum, or the maximum, has lost dim and no longer lines up with x; "
    "keep it with keepdim=True.",
)
def _(x: Tensor, dim: int) -> Tensor:
    shifted = x - x.amax(dim, keepdim=True)
    return shifted - shifted.exp().sum(dim).log()


@log_softmax.mistake(
    "writes into its input",
    "You subtract the maximum from x itself, which the caller, and autograd, still need; "
    "write x = x - … in place of x -= ….",
)
def _(x: Tensor, dim: int) -> Tensor:
    x -= x.amax(dim, keepdim=True)
    return x - x.exp().sum(dim, keepdim=True).log()


@exercise(not_allowed=_SOFTMAXES)
def softmax2d(x: Tensor) -> Tensor:
    """Return the softmax of x, (N, C, H, W), over its channels at every pixel."""
    probabilities: Tensor = torch.nn.Softmax2d()(x)
    return probabilities


@softmax2d.cases
def _(draw: Draw) -> Cases:
    for dtype in FLOATS:
        yield values(x=draw.normal(2, 3, 4, 5, dtype=dtype))
        height, width = draw.size(3, 4), draw.size(6, 7)
        yield values(x=draw.normal(3, 2, height, width, dtype=dtype))
        yield shapes(x=draw.normal(2, 4, 3, 7, dtype=dtype))
        yield shapes(x=draw.normal(1, 5, 6, 2, dtype=dtype))
    far = torch.tensor([-1000.0, 0.0, 1000.0])
    yield gradients("pixels far apart", x=draw.normal(2, 4, 2, 3) + far)
    yield extremes("large", x=draw.normal(2, 3, 2, 4) + 100)
    yield extremes("very negative", x=draw.normal(2, 3, 2, 4) - 120)
    yield extremes("pixels far apart", x=draw.normal(2, 4, 2, 3, dtype=torch.float64) + far)
    yield extremes("far below 0", x=draw.normal(2, 3, 2, 4, dtype=torch.float64) - 2e4)
    yield extremes("one channel", x=draw.normal(1, 1, 2, 3))
    yield extremes("one pixel", x=draw.normal(2, 3, 1, 1))
    yield extremes("ties", x=torch.full((1, 4, 2, 3), 7.0))
    yield extremes("an empty batch", x=torch.empty(0, 3, 2, 4))
    yield vectorised({"x": draw.normal(1, 2, 3, 4)}, {"x": draw.normal(3, 4, 5, 8)})


@softmax2d.mistake(
    "largest of the whole image subtracted",
    "You subtract the largest element of a whole image; a pixel far below it underflows to 0/0, "
    "so subtract each pixel's own: x.amax(dim=1, keepdim=True).",
)
def _(x: Tensor) -> Tensor:
    shifted = (x - x.amax((1, 2, 3), keepdim=True)).exp()
    return shifted / shifted.sum(1, keepdim=True)


@softmax2d.mistake(
    "largest of the whole batch subtracted",
    "You subtract the largest element of the whole batch; a pixel far below it underflows to "
    "0/0, so subtract each pixel's own: x.amax(dim=1, keepdim=True).",
)
def _(x: Tensor) -> Tensor:
    shifted = (x - x.max()).exp()
    return shifted / shifted.sum(1, keepdim=True)


@softmax2d.mistake(
    "maximum not subtracted",
    "exp overflows for large x, and all of it underflows for very negative x: infinity over "
    "infinity and 0/0 are NaN; subtract the largest over the channels first.",
)
def _(x: Tensor) -> Tensor:
    return x.exp() / x.exp().sum(1, keepdim=True)


@softmax2d.mistake(
    "over H·W",
    "Your channels each sum to 1 over the image, H·W; it is the channels at each pixel that "
    "should: reduce over dim=1.",
)
def _(x: Tensor) -> Tensor:
    n, c, h, w = x.shape
    return _stable(x.reshape(n, c, h * w), -1).reshape(n, c, h, w)


@softmax2d.mistake(
    "over H·W, and maximum not subtracted",
    "Two things: reduce over the channels, dim=1, not over the image; and subtract the largest "
    "over the channels before exp, which overflows without it.",
)
def _(x: Tensor) -> Tensor:
    return x.exp() / x.exp().sum((2, 3), keepdim=True)


@softmax2d.mistake(
    "over the last dimension",
    "You sum along the rows of the image, the last dimension; the channels are dim=1.",
)
def _(x: Tensor) -> Tensor:
    return _stable(x, -1)


@softmax2d.mistake(
    "over the batch",
    "You sum over dim=0, the images of the batch; the channels are dim=1.",
)
def _(x: Tensor) -> Tensor:
    return _stable(x, 0) if len(x) else x.clone()


@softmax2d.mistake(
    "over the whole image",
    "You divide by one sum for a whole image, its channels and pixels together; each pixel has "
    "its own sum over its channels: reduce over dim=1 alone.",
)
def _(x: Tensor) -> Tensor:
    shifted = (x - x.amax((1, 2, 3), keepdim=True)).exp()
    return shifted / shifted.sum((1, 2, 3), keepdim=True)


@softmax2d.mistake(
    "over all elements",
    "You divide by one sum over all elements; each pixel has its own sum over its channels: "
    "reduce over dim=1, and subtract the largest over dim=1 first.",
)
def _(x: Tensor) -> Tensor:
    return x.exp() / x.exp().sum()


@softmax2d.mistake(
    "dimension not kept",
    "The sum, or the maximum, has lost the channels' dimension and no longer lines up with x; "
    "keep it with keepdim=True.",
)
def _(x: Tensor) -> Tensor:
    shifted = (x - x.amax(1, keepdim=True)).exp()
    return shifted / shifted.sum(1)


@softmax2d.mistake(
    "reshaped without permute",
    "reshape only re-reads memory in order, so your rows of C numbers are not the channels of a "
    "pixel; reduce over dim=1, or move the channels last with permute before you reshape.",
)
def _(x: Tensor) -> Tensor:
    return _stable(x.reshape(-1, x.shape[1]), 1).reshape(x.shape)


@softmax2d.mistake(
    "one pixel at a time",
    "The values are right, but you visit the pixels one by one; reduce over dim=1 for all of "
    "them at once.",
)
def _(x: Tensor) -> Tensor:
    n, c, h, w = x.shape
    pixels = [_stable(pixel, 0) for pixel in x.permute(0, 2, 3, 1).reshape(-1, c)]
    return torch.stack(pixels).reshape(n, h, w, c).permute(0, 3, 1, 2) if pixels else x.clone()


def _by_autograd(function: Callable[[Tensor], Tensor], x: Tensor, grad_output: Tensor) -> Tensor:
    leaf = x.detach().requires_grad_()
    with torch.enable_grad():
        result = function(leaf)
    return torch.autograd.grad(result, leaf, grad_output)[0]


class SigmoidFunction(torch.autograd.Function):
    """The sigmoid as a step of autograd's graph; the reference leaves its gradient to torch."""

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        """Return the sigmoid of x."""
        ctx.save_for_backward(x)
        return torch.sigmoid(x)

    @staticmethod
    def backward(ctx: Any, grad_output: Tensor) -> Tensor:
        """Return the gradient that autograd finds."""
        return _by_autograd(torch.sigmoid, ctx.saved_tensors[0], grad_output)


sigmoid_function = _backward_exercise(SigmoidFunction)


@sigmoid_function.cases
def _(draw: Draw) -> Cases:
    yield gradients(x=2 * draw.normal(8))
    yield gradients(x=2 * draw.normal(3, draw.size(2, 5)))
    yield gradients("at 0", x=torch.tensor([-1.5, 0.0, 2.0]))
    yield gradients("far from 0", x=torch.tensor([-800.0, -40.0, 40.0, 800.0]))
    cases = _curve_cases(draw, scale=3.0)
    yield from _with_backward(draw, (case for case in cases if case.group in _BACKWARD_GROUPS))


class _KeepsX(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        ctx.save_for_backward(x)
        return torch.sigmoid(x)


class _KeepsResult(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        result = torch.sigmoid(x)
        ctx.save_for_backward(result)
        return result


@sigmoid_function.mistake(
    "upstream gradient ignored",
    "Your backward returns the sigmoid's slope alone; multiply it by grad_output, which carries "
    "the slope of all that follows.",
)
class _IgnoresUpstream(_KeepsResult):
    @staticmethod
    def backward(ctx: Any, grad_output: Tensor) -> Any:
        (y,) = ctx.saved_tensors
        return y * (1 - y)


@sigmoid_function.mistake(
    "y(1 - y) at the input",
    "You saved the input x and put it into y·(1 - y); y stands for the result there, sigmoid(x).",
)
class _ResultFormulaAtInput(_KeepsX):
    @staticmethod
    def backward(ctx: Any, grad_output: Tensor) -> Any:
        (x,) = ctx.saved_tensors
        return grad_output * x * (1 - x)


@sigmoid_function.mistake(
    "sigmoid applied twice",
    "You saved the result and put it through the sigmoid once more; it is y already, "
    "so the slope is y·(1 - y).",
)
class _InputFormulaAtResult(_KeepsResult):
    @staticmethod
    def backward(ctx: Any, grad_output: Tensor) -> Any:
        (y,) = ctx.saved_tensors
        return grad_output * torch.sigmoid(y) * (1 - torch.sigmoid(y))


@sigmoid_function.mistake(
    "tanh's slope",
    "1 - y² is the slope of tanh; the sigmoid's is y·(1 - y).",
)
class _SlopeOfTanh(_KeepsResult):
    @staticmethod
    def backward(ctx: Any, grad_output: Tensor) -> Any:
        (y,) = ctx.saved_tensors
        return grad_output * (1 - y * y)


@sigmoid_function.mistake(
    "the result in place of the slope",
    "You multiply grad_output by the sigmoid itself; multiply it by the sigmoid's slope, "
    "y·(1 - y).",
)
class _ResultAsSlope(_KeepsResult):
    @staticmethod
    def backward(ctx: Any, grad_output: Tensor) -> Any:
        (y,) = ctx.saved_tensors
        return grad_output * y


@sigmoid_function.mistake(
    "the upstream gradient passed on",
    "Your backward hands grad_output on as it came; multiply it by the sigmoid's slope, y·(1 - y).",
)
class _PassesUpstreamOn(_KeepsX):
    @staticmethod
    def backward(ctx: Any, grad_output: Tensor) -> Any:
        return grad_output


@sigmoid_function.mistake(
    "NaN gradient for large negative inputs",
    "exp(-x)/(1 + exp(-x))² overflows for large negative x, and infinity over infinity is NaN; "
    "y·(1 - y), from the result, cannot overflow.",
)
class _SlopeByExp(_KeepsX):
    @staticmethod
    def backward(ctx: Any, grad_output: Tensor) -> Any:
        (x,) = ctx.saved_tensors
        return grad_output * torch.exp(-x) / (1 + torch.exp(-x)) ** 2


@sigmoid_function.mistake(
    "NaN for large positive inputs",
    "Your forward computes exp(x), which overflows for large positive x, and infinity over "
    "infinity is NaN; torch.sigmoid is allowed here.",
)
class _OverflowsForward(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        result = torch.exp(x) / (1 + torch.exp(x))
        ctx.save_for_backward(result)
        return result

    @staticmethod
    def backward(ctx: Any, grad_output: Tensor) -> Any:
        (y,) = ctx.saved_tensors
        return grad_output * y * (1 - y)


def _kept_on_the_class() -> type[torch.autograd.Function]:
    class KeepsOnClass(torch.autograd.Function):
        kept: Tensor

        @staticmethod
        def forward(ctx: Any, x: Tensor) -> Tensor:
            KeepsOnClass.kept = torch.sigmoid(x)
            return KeepsOnClass.kept

        @staticmethod
        def backward(ctx: Any, grad_output: Tensor) -> Any:
            return grad_output * KeepsOnClass.kept * (1 - KeepsOnClass.kept)

    return KeepsOnClass


sigmoid_function.mistake(
    "kept outside ctx",
    "What forward keeps on the class, or in a global variable, is overwritten by the next call, "
    "before backward of this one runs; keep it in ctx, which each call has for itself.",
)(_kept_on_the_class())


def _written_into_x() -> type[torch.autograd.Function]:
    class WritesIntoX(_KeepsResult):
        @staticmethod
        def forward(ctx: Any, x: Tensor) -> Tensor:
            ctx.save_for_backward(x.sigmoid_())
            return x

        @staticmethod
        def backward(ctx: Any, grad_output: Tensor) -> Any:
            (y,) = ctx.saved_tensors
            return grad_output * y * (1 - y)

    return WritesIntoX


sigmoid_function.mistake(
    "writes into its input",
    "Your forward writes into x itself, which the caller still needs; make a new tensor.",
)(_written_into_x())


class LeakyReLUFunction(torch.autograd.Function):
    """Leaky ReLU as a step of autograd's graph; the reference leaves its gradient to torch."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, negative_slope: float) -> Tensor:
        """Return x where it is positive and negative_slope * x elsewhere."""
        ctx.save_for_backward(x)
        ctx.negative_slope = negative_slope
        return F.leaky_relu(x, negative_slope)

    @staticmethod
    def backward(ctx: Any, grad_output: Tensor) -> tuple[Tensor, None]:
        """Return the gradient that autograd finds."""
        slope = ctx.negative_slope
        x = ctx.saved_tensors[0]
        return _by_autograd(lambda t: F.leaky_relu(t, slope), x, grad_output), None


leaky_relu_function = _backward_exercise(LeakyReLUFunction)


@leaky_relu_function.cases
def _(draw: Draw) -> Cases:
    yield gradients(x=draw.normal(8), negative_slope=draw.number(0.15, 0.4))
    shape = draw.size(3, 5), draw.size(4, 6)
    yield gradients(x=draw.normal(*shape), negative_slope=draw.number(0.15, 0.4))
    yield gradients("at 0", x=torch.tensor([-1.5, 0.0, 0.0, 2.0]), negative_slope=0.25)
    yield gradients("a negative slope", x=draw.normal(8), negative_slope=-0.5)
    yield gradients("slope 0", x=draw.normal(8), negative_slope=0.0)
    slope = draw.number(0.15, 0.4)
    cases = _curve_cases(draw, scale=1.0, negative_slope=slope)
    others = [
        extremes("a slope above 1", x=draw.normal(8), negative_slope=1.5),
        extremes("a negative slope", x=draw.normal(8), negative_slope=-0.5),
    ]
    edges = [case for case in cases if case.group in _BACKWARD_GROUPS]
    yield from _with_backward(draw, iter(edges + others))


class _Leaky(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, negative_slope: float) -> Tensor:
        result = torch.where(x > 0, x, negative_slope * x)
        ctx.save_for_backward(x, result)
        ctx.negative_slope = negative_slope
        return result


@leaky_relu_function.mistake(
    "gradient 1 at 0",
    "Your gradient at 0 is that of the positive side; torch's is negative_slope there: 0 goes "
    "with the negative side, so only x > 0 keeps its slope of 1.",
)
class _OneAtZero(_Leaky):
    @staticmethod
    def backward(ctx: Any, grad_output: Tensor) -> tuple[Tensor, None]:
        x, _ = ctx.saved_tensors
        return torch.where(x >= 0, grad_output, ctx.negative_slope * grad_output), None


@leaky_relu_function.mistake(
    "by the sign of the output",
    "You choose the branch by the sign of the result, which differs from that of x where "
    "negative_slope is negative; save x and choose by its sign.",
)
class _BySignOfResult(_Leaky):
    @staticmethod
    def backward(ctx: Any, grad_output: Tensor) -> tuple[Tensor, None]:
        _, result = ctx.saved_tensors
        return torch.where(result > 0, grad_output, ctx.negative_slope * grad_output), None


@leaky_relu_function.mistake(
    "by the sign of the upstream gradient",
    "You choose the branch by the sign of grad_output; the slope is that at the input, so save "
    "x and choose by its sign.",
)
class _BySignOfUpstream(_Leaky):
    @staticmethod
    def backward(ctx: Any, grad_output: Tensor) -> tuple[Tensor, None]:
        return torch.where(grad_output > 0, grad_output, ctx.negative_slope * grad_output), None


@leaky_relu_function.mistake(
    "upstream gradient ignored",
    "Your backward returns the slope alone; multiply it by grad_output, which carries the slope "
    "of all that follows.",
)
class _IgnoresUpstreamOfLeaky(_Leaky):
    @staticmethod
    def backward(ctx: Any, grad_output: Tensor) -> tuple[Tensor, None]:
        x, _ = ctx.saved_tensors
        return torch.where(x > 0, 1.0, ctx.negative_slope).to(x.dtype), None


@leaky_relu_function.mistake(
    "the output in place of the slope",
    "You multiply grad_output by leaky ReLU's result; multiply it by its slope, which is 1 or "
    "negative_slope.",
)
class _ResultAsSlopeOfLeaky(_Leaky):
    @staticmethod
    def backward(ctx: Any, grad_output: Tensor) -> tuple[Tensor, None]:
        _, result = ctx.saved_tensors
        return grad_output * result, None


@leaky_relu_function.mistake(
    "ReLU's gradient",
    "Your gradient is 0 on the negative side, as ReLU's is; here it is negative_slope times "
    "grad_output.",
)
class _SlopeOfReLU(_Leaky):
    @staticmethod
    def backward(ctx: Any, grad_output: Tensor) -> tuple[Tensor, None]:
        x, _ = ctx.saved_tensors
        return torch.where(x > 0, grad_output, 0), None


@leaky_relu_function.mistake(
    "slope 0.01 always",
    "Your backward takes the slope as 0.01 whatever the caller asked; keep it as "
    "ctx.negative_slope.",
)
class _FixedSlope(_Leaky):
    @staticmethod
    def backward(ctx: Any, grad_output: Tensor) -> tuple[Tensor, None]:
        x, _ = ctx.saved_tensors
        return torch.where(x > 0, grad_output, 0.01 * grad_output), None


@leaky_relu_function.mistake(
    "max(x, slope·x)",
    "In your forward, the maximum of x and negative_slope·x takes the wrong branch where the "
    "slope is above 1; choose by the sign of x.",
)
class _ForwardByMaximum(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, negative_slope: float) -> Tensor:
        ctx.save_for_backward(x)
        ctx.negative_slope = negative_slope
        return torch.maximum(x, negative_slope * x)

    @staticmethod
    def backward(ctx: Any, grad_output: Tensor) -> tuple[Tensor, None]:
        (x,) = ctx.saved_tensors
        return torch.where(x > 0, grad_output, ctx.negative_slope * grad_output), None


def _slope_on_the_class() -> type[torch.autograd.Function]:
    class KeepsSlopeOnClass(torch.autograd.Function):
        slope: float

        @staticmethod
        def forward(ctx: Any, x: Tensor, negative_slope: float) -> Tensor:
            ctx.save_for_backward(x)
            KeepsSlopeOnClass.slope = negative_slope
            return torch.where(x > 0, x, negative_slope * x)

        @staticmethod
        def backward(ctx: Any, grad_output: Tensor) -> tuple[Tensor, None]:
            (x,) = ctx.saved_tensors
            return torch.where(x > 0, grad_output, KeepsSlopeOnClass.slope * grad_output), None

    return KeepsSlopeOnClass


leaky_relu_function.mistake(
    "slope kept outside ctx",
    "What forward keeps on the class, or in a global variable, is overwritten by the next call, "
    "before backward of this one runs; keep the slope as ctx.negative_slope.",
)(_slope_on_the_class())


class _WritesIntoXOfLeaky(_Leaky):
    @staticmethod
    def forward(ctx: Any, x: Tensor, negative_slope: float) -> Tensor:
        ctx.negative_slope = negative_slope
        ctx.save_for_backward(x > 0)
        x[x <= 0] *= negative_slope
        return x

    @staticmethod
    def backward(ctx: Any, grad_output: Tensor) -> tuple[Tensor, None]:
        (positive,) = ctx.saved_tensors
        return torch.where(positive, grad_output, ctx.negative_slope * grad_output), None


leaky_relu_function.mistake(
    "writes into its input",
    "Your forward writes into x itself, which the caller still needs; make a new tensor.",
)(_WritesIntoXOfLeaky)


def _one_gradient() -> type[torch.autograd.Function]:
    """Make a class of the learner's own name: torch's message about it holds the name."""

    class LeakyReLUFunction(_Leaky):
        @staticmethod
        def backward(ctx: Any, grad_output: Tensor) -> Any:
            x, _ = ctx.saved_tensors
            return torch.where(x > 0, grad_output, ctx.negative_slope * grad_output)

    return LeakyReLUFunction


leaky_relu_function.mistake(
    "one gradient for two arguments",
    "forward takes x and negative_slope, so backward returns two gradients; negative_slope is a "
    "number and needs none: return the gradient of x and None.",
)(_one_gradient())
