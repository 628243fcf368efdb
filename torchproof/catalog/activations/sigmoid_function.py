"""The sigmoid with a backward of its own."""

from typing import Any

import torch
from torch import Tensor

from torchproof.catalog.activations.backward import (
    BACKWARD_GROUPS,
    backward_exercise,
    by_autograd,
    with_backward,
)
from torchproof.catalog.activations.curves import curve_cases
from torchproof.checking.cases import Cases, Draw, gradients


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
        return by_autograd(torch.sigmoid, ctx.saved_tensors[0], grad_output)


sigmoid_function = backward_exercise(SigmoidFunction)


@sigmoid_function.cases
def _(draw: Draw) -> Cases:
    yield gradients(x=2 * draw.normal(8))
    yield gradients(x=2 * draw.normal(3, draw.size(2, 5)))
    yield gradients("at 0", x=torch.tensor([-1.5, 0.0, 2.0]))
    yield gradients("far from 0", x=torch.tensor([-800.0, -40.0, 40.0, 800.0]))
    cases = curve_cases(draw, scale=3.0)
    yield from with_backward(draw, (case for case in cases if case.group in BACKWARD_GROUPS))


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
