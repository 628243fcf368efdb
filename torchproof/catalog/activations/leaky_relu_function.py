"""The leaky ReLU with a backward of its own."""

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from torchproof.catalog.activations.backward import (
    BACKWARD_GROUPS,
    backward_exercise,
    by_autograd,
    with_backward,
)
from torchproof.catalog.activations.curves import curve_cases
from torchproof.checking.cases import Cases, Draw, extremes, gradients


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
        return by_autograd(lambda t: F.leaky_relu(t, slope), x, grad_output), None


leaky_relu_function = backward_exercise(LeakyReLUFunction)


@leaky_relu_function.cases
def _(draw: Draw) -> Cases:
    yield gradients(x=draw.normal(8), negative_slope=draw.number(0.15, 0.4))
    shape = draw.size(3, 5), draw.size(4, 6)
    yield gradients(x=draw.normal(*shape), negative_slope=draw.number(0.15, 0.4))
    yield gradients("at 0", x=torch.tensor([-1.5, 0.0, 0.0, 2.0]), negative_slope=0.25)
    yield gradients("a negative slope", x=draw.normal(8), negative_slope=-0.5)
    yield gradients("slope 0", x=draw.normal(8), negative_slope=0.0)
    slope = draw.number(0.15, 0.4)
    cases = curve_cases(draw, scale=1.0, negative_slope=slope)
    others = [
        extremes("a slope above 1", x=draw.normal(8), negative_slope=1.5),
        extremes("a negative slope", x=draw.normal(8), negative_slope=-0.5),
    ]
    edges = [case for case in cases if case.group in BACKWARD_GROUPS]
    yield from with_backward(draw, iter(edges + others))


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
    "Your backward takes the slope as 0.01 whatever the caller asked for; keep it as "
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
