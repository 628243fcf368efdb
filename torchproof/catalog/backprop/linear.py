"""A layer of neurons, backwards."""

from collections.abc import Callable
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from torchproof.catalog.backprop.rules import AUTOGRAD, GROUPS
from torchproof.checking.cases import FLOATS, Cases, Draw, extremes, shapes, values
from torchproof.checking.exercise import exercise


@exercise(groups=GROUPS, not_allowed=AUTOGRAD)
def linear_backward(
    grad_output: Tensor, x: Tensor, weight: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    """Return the gradients of x, weight and bias; x is (..., in), grad_output (..., out)."""
    leaves = [x.detach(), weight.detach(), weight.new_zeros(len(weight))]
    for leaf in leaves:
        leaf.requires_grad_()
    grads = torch.autograd.grad(F.linear(*leaves), leaves, grad_output)
    return grads[0], grads[1], grads[2]


@linear_backward.cases
def _(draw: Draw) -> Cases:
    for dtype in FLOATS:
        yield _linear_case(values, draw, (5,), 3, 4, dtype)
        n, inputs, outputs = draw.size(6, 8), draw.size(2, 3), draw.size(4, 5)
        yield _linear_case(values, draw, (n,), inputs, outputs, dtype)
        yield _linear_case(values, draw, (3,), 3, 3, dtype)
    yield _linear_case(extremes, draw, (4,), 1, 1, note="one input, one output")
    yield _linear_case(extremes, draw, (1,), 3, 2, note="one row")
    yield _linear_case(extremes, draw, (0,), 3, 2, note="an empty batch")
    silent = {"x": draw.normal(4, 3), "weight": draw.normal(2, 3)}
    yield extremes("no gradient from above", grad_output=torch.zeros(4, 2), **silent)
    one_row = torch.zeros(4, 2)
    one_row[2] = draw.normal(2)
    yield extremes("one row has a gradient", grad_output=one_row, **silent)
    yield extremes(
        "large and small numbers",
        grad_output=1e6 * draw.normal(5, 2, dtype=torch.float64),
        x=1e-6 * draw.normal(5, 3, dtype=torch.float64),
        weight=1e3 * draw.normal(2, 3, dtype=torch.float64),
    )
    for dtype in FLOATS:
        yield _linear_case(shapes, draw, (6,), 2, 5, dtype)
        yield _linear_case(shapes, draw, (), 3, 4, dtype, note="a single row, of shape (in,)")
        yield _linear_case(shapes, draw, (2, 3), 5, 4, dtype, note="more leading dimensions")
        yield _linear_case(shapes, draw, (2, 1, 3), 4, 2, dtype, note="more leading dimensions")


def _linear_case(
    kind: Callable[..., Any],
    draw: Draw,
    batch: tuple[int, ...],
    inputs: int,
    outputs: int,
    dtype: torch.dtype = torch.float32,
    note: str = "",
) -> Any:
    """Return a case of a layer of ``outputs`` neurons with random numbers throughout."""
    return kind(
        note,
        grad_output=draw.normal(*batch, outputs, dtype=dtype),
        x=draw.normal(*batch, inputs, dtype=dtype),
        weight=draw.normal(outputs, inputs, dtype=dtype),
    )


_ThreeGradients = tuple[Tensor, Tensor, Tensor]


def _rows(grad_output: Tensor, x: Tensor, weight: Tensor) -> tuple[Tensor, Tensor]:
    """Return both with their leading dimensions merged into one."""
    return grad_output.reshape(-1, len(weight)), x.reshape(-1, weight.shape[1])


def _linear_gradients(grad_output: Tensor, x: Tensor, weight: Tensor) -> _ThreeGradients:
    """Return what the mistakes change a part of: the right gradients."""
    deltas, rows = _rows(grad_output, x, weight)
    return grad_output @ weight, deltas.mT @ rows, deltas.sum(0)


@linear_backward.mistake(
    "bias gradient not summed",
    "You return grad_output as the bias's gradient; the bias is added to every row, so sum over "
    "the rows.",
)
def _(grad_output: Tensor, x: Tensor, weight: Tensor) -> _ThreeGradients:
    grad_x, grad_weight, _ = _linear_gradients(grad_output, x, weight)
    return grad_x, grad_weight, grad_output.clone()


@linear_backward.mistake(
    "bias gradient summed over the neurons",
    "You sum the bias's gradient over the neurons; each neuron has its own bias, so sum over the "
    "rows, dim=0.",
)
def _(grad_output: Tensor, x: Tensor, weight: Tensor) -> _ThreeGradients:
    grad_x, grad_weight, _ = _linear_gradients(grad_output, x, weight)
    return grad_x, grad_weight, grad_output.sum(-1)


@linear_backward.mistake(
    "bias gradient summed over everything",
    "Your bias's gradient is a single number; each neuron has its own bias, so sum over the rows "
    "only, dim=0.",
)
def _(grad_output: Tensor, x: Tensor, weight: Tensor) -> _ThreeGradients:
    grad_x, grad_weight, _ = _linear_gradients(grad_output, x, weight)
    return grad_x, grad_weight, grad_output.sum()


@linear_backward.mistake(
    "bias gradient of shape (1, out)",
    "Your bias's gradient keeps the dimension it was summed over; its shape is that of the bias, "
    "(out,).",
)
def _(grad_output: Tensor, x: Tensor, weight: Tensor) -> _ThreeGradients:
    grad_x, grad_weight, grad_bias = _linear_gradients(grad_output, x, weight)
    return grad_x, grad_weight, grad_bias[None]


@linear_backward.mistake(
    "weight gradient transposed",
    "Your weight's gradient has shape (in, out); it has that of the weight, (out, in): the "
    "transpose of grad_output times x.",
)
def _(grad_output: Tensor, x: Tensor, weight: Tensor) -> _ThreeGradients:
    grad_x, grad_weight, grad_bias = _linear_gradients(grad_output, x, weight)
    return grad_x, grad_weight.mT, grad_bias


@linear_backward.mistake(
    "weight transposed",
    "You multiply grad_output by the transpose of weight, which is right on the way forward; on "
    "the way back it is weight itself, so that (..., out) becomes (..., in).",
)
def _(grad_output: Tensor, x: Tensor, weight: Tensor) -> _ThreeGradients:
    _, grad_weight, grad_bias = _linear_gradients(grad_output, x, weight)
    return grad_output @ weight.mT, grad_weight, grad_bias


@linear_backward.mistake(
    "averaged over the batch",
    "You divide by the number of rows; an average, where there is one, is in grad_output already, "
    "so only sum.",
)
def _(grad_output: Tensor, x: Tensor, weight: Tensor) -> _ThreeGradients:
    grad_x, grad_weight, grad_bias = _linear_gradients(grad_output, x, weight)
    n = len(_rows(grad_output, x, weight)[0])
    return grad_x, grad_weight / n, grad_bias / n


@linear_backward.mistake(
    "bias gradient averaged",
    "You take the mean of the bias's gradient over the rows; sum it.",
)
def _(grad_output: Tensor, x: Tensor, weight: Tensor) -> _ThreeGradients:
    grad_x, grad_weight, _ = _linear_gradients(grad_output, x, weight)
    return grad_x, grad_weight, _rows(grad_output, x, weight)[0].mean(0)


@linear_backward.mistake(
    "all three averaged",
    "You divide all gradients by the number of rows; an average, where there is one, is in "
    "grad_output already.",
)
def _(grad_output: Tensor, x: Tensor, weight: Tensor) -> _ThreeGradients:
    n = len(_rows(grad_output, x, weight)[0])
    return _linear_gradients(grad_output / n, x, weight)


@linear_backward.mistake(
    "upstream ignored",
    "Your gradients are those for a grad_output of ones, whatever it is; each is a product with "
    "grad_output.",
)
def _(grad_output: Tensor, x: Tensor, weight: Tensor) -> _ThreeGradients:
    return _linear_gradients(torch.ones_like(grad_output), x, weight)


@linear_backward.mistake(
    "upstream ignored in x and weight",
    "You return weight as the gradient of x and x as that of weight; these are the slopes of the "
    "layer alone, and each is to be multiplied by grad_output.",
)
def _(grad_output: Tensor, x: Tensor, weight: Tensor) -> _ThreeGradients:
    return weight.clone(), x.clone(), _linear_gradients(grad_output, x, weight)[2]


@linear_backward.mistake(
    "another order",
    "You return the gradient of weight first; the order is that of the layer's arguments: x, "
    "weight, bias.",
)
def _(grad_output: Tensor, x: Tensor, weight: Tensor) -> _ThreeGradients:
    grad_x, grad_weight, grad_bias = _linear_gradients(grad_output, x, weight)
    return grad_weight, grad_bias, grad_x


@linear_backward.mistake(
    "no gradient of the bias",
    "You return two gradients; the layer has a bias too, and its gradient is the third.",
)
def _(grad_output: Tensor, x: Tensor, weight: Tensor) -> Any:
    return _linear_gradients(grad_output, x, weight)[:2]


@linear_backward.mistake(
    "one weight gradient a row",
    "You keep a weight gradient for each row; all rows share the weight, so sum over them, as the "
    "matrix product of the transposed grad_output with x does by itself.",
)
def _(grad_output: Tensor, x: Tensor, weight: Tensor) -> _ThreeGradients:
    deltas, rows = _rows(grad_output, x, weight)
    return grad_output @ weight, deltas[:, :, None] * rows[:, None, :], deltas.sum(0)


@linear_backward.mistake(
    "matrices only",
    "Two dimensions are right, but x may have any number of leading ones: merge them all into "
    "rows before you sum over the rows.",
)
def _(grad_output: Tensor, x: Tensor, weight: Tensor) -> _ThreeGradients:
    return grad_output @ weight, grad_output.mT @ x, grad_output.sum(0)


@linear_backward.mistake(
    "matrices only, by T",
    "Two dimensions are right, but x may have any number of leading ones, and .T reverses them "
    "all: merge the leading ones into rows before you sum over the rows.",
)
def _(grad_output: Tensor, x: Tensor, weight: Tensor) -> _ThreeGradients:
    return grad_output @ weight, grad_output.T @ x, grad_output.sum(0)


@linear_backward.mistake(
    "leading dimensions merged in x",
    "You flatten the leading dimensions and leave the gradient of x flat; give it the shape of x.",
)
def _(grad_output: Tensor, x: Tensor, weight: Tensor) -> _ThreeGradients:
    deltas, rows = _rows(grad_output, x, weight)
    return deltas @ weight, deltas.mT @ rows, deltas.sum(0)
