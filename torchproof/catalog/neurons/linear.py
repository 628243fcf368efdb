"""A linear layer."""

from collections.abc import Callable
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from torchproof.catalog.neurons.rules import ALL_BUT_VECTORISED
from torchproof.checking.cases import FLOATS, Cases, Draw, extremes, shapes, values
from torchproof.checking.exercise import exercise


@exercise(groups=ALL_BUT_VECTORISED, not_allowed=("linear", "torch.nn.Linear"))
def linear(x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
    """Return x·weightᵀ + bias; x is (..., in), weight (out, in), bias (out,) or None."""
    return F.linear(x, weight, bias)


@linear.cases
def _(draw: Draw) -> Cases:
    for dtype in FLOATS:
        yield _linear_case(values, draw, (5,), 3, 4, dtype)
        yield _linear_case(values, draw, (2, 3), draw.size(3, 4), draw.size(5, 6), dtype)
        yield _linear_case(values, draw, (4,), 3, 3, dtype)
        yield _linear_case(values, draw, (3,), 4, 2, dtype, bias=False)
    yield _linear_case(extremes, draw, (4,), 1, 1, note="one input, one output")
    yield _linear_case(extremes, draw, (0,), 3, 2, note="an empty batch")
    yield extremes(
        "a bias of 0", x=draw.normal(3, 2), weight=draw.normal(1, 2), bias=torch.zeros(1)
    )
    yield extremes(
        "large and small numbers",
        x=1e6 * draw.normal(3, 2, dtype=torch.float64),
        weight=1e-6 * draw.normal(4, 2, dtype=torch.float64),
        bias=draw.normal(4, dtype=torch.float64),
    )
    yield extremes(
        "an infinite input",
        x=torch.tensor([[1.0, torch.inf], [2.0, 3.0]]),
        weight=draw.uniform(3, 2, low=0.5),
        bias=draw.normal(3),
    )
    for dtype in FLOATS:
        yield _linear_case(shapes, draw, (6,), 2, 5, dtype)
        yield _linear_case(shapes, draw, (), 3, 4, dtype)
        yield _linear_case(shapes, draw, (2, 1, 3), 4, 2, dtype)
        yield _linear_case(shapes, draw, (2, 3), 5, 4, dtype, bias=False)


def _linear_case(
    kind: Callable[..., Any],
    draw: Draw,
    batch: tuple[int, ...],
    inputs: int,
    outputs: int,
    dtype: torch.dtype = torch.float32,
    bias: bool = True,
    note: str = "",
) -> Any:
    """Return a case of random x, (*batch, inputs), for a layer of ``outputs`` neurons."""
    return kind(
        note or ("" if bias else "no bias"),
        x=draw.normal(*batch, inputs, dtype=dtype),
        weight=draw.normal(outputs, inputs, dtype=dtype),
        bias=draw.normal(outputs, dtype=dtype) if bias else None,
    )


@linear.mistake(
    "weight not transposed",
    "You multiply x by weight as it is; its rows are the neurons, so x needs the transpose, "
    "weight.mT, of shape (in, out).",
)
def _(x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
    result = x @ weight
    return result if bias is None else result + bias


@linear.mistake(
    "bias dropped",
    "You return the weighted sum alone; add the bias where there is one.",
)
def _(x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
    return x @ weight.mT


@linear.mistake(
    "bias subtracted",
    "You subtract the bias; it is added.",
)
def _(x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
    result = x @ weight.mT
    return result if bias is None else result - bias


@linear.mistake(
    "None added",
    "bias may be None, and None cannot be added; look whether it is None first.",
)
def _(x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
    return x @ weight.mT + bias  # type: ignore[operator]


@linear.mistake(
    "bias asked for its truth",
    "The condition asks whether the numbers in bias are true, which for several is an error; "
    "ask whether bias is None.",
)
def _(x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
    result = x @ weight.mT
    return result + bias if bias else result


@linear.mistake(
    "matrices only",
    "torch.mm takes two matrices and nothing else; x may have any number of leading dimensions, "
    "which @ lets pass.",
)
def _(x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
    result = torch.mm(x, weight.mT)
    return result if bias is None else result + bias


@linear.mistake(
    "leading dimensions merged",
    "You flatten the leading dimensions of x and leave them flat; give them back to the result.",
)
def _(x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
    result = x.reshape(-1, x.shape[-1]) @ weight.mT
    return result if bias is None else result + bias


@linear.mistake(
    "(out, N)",
    "You compute weight·xᵀ, with the neurons in the rows; the result keeps the rows of x and "
    "ends with the neurons: x·weightᵀ.",
)
def _(x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
    result = weight @ (x.mT if x.dim() > 1 else x)
    if bias is None:
        return result
    return result + (bias[:, None] if x.dim() > 1 else bias)


@linear.mistake(
    "weight first",
    "You multiply weight by x, whose rows are examples; x comes first, and the neurons are to be "
    "the columns of what it is multiplied with: x·weightᵀ.",
)
def _(x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
    result = weight @ x
    return result if bias is None else result + bias


@linear.mistake(
    "transposes weight in place",
    "weight.t_() transposes the caller's own weight and leaves it so; weight.mT is a transposed "
    "view and changes nothing.",
)
def _(x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
    result = x @ weight.t_()
    return result if bias is None else result + bias
