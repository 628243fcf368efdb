"""What both penalties on weights share: their cases, and how they go wrong."""

from collections.abc import Callable
from typing import Any

import torch
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
)
from torchproof.checking.exercise import Exercise

GROUPS = (Group.VALUES, Group.GRADIENTS, Group.EXTREMES, Group.SHAPES)
"""The groups that penalties are checked in."""

Each = Callable[[Tensor], Tensor]
"""What is added up, of every number of a tensor."""


def draw_params(draw: Draw, dtype: torch.dtype = torch.float32) -> list[Tensor]:
    """Return weights and biases of a convolution and of a linear layer, and a single number."""
    c, h = draw.size(2, 3), draw.size(4, 6)
    sizes: tuple[tuple[int, ...], ...] = ((c, 2, 3, 3), (c,), (h, 5), (h,), ())
    return [draw.normal(*shape, dtype=dtype) for shape in sizes]


def penalty_cases(draw: Draw) -> Cases:
    """Yield the cases that both penalties are tried on."""
    for dtype in FLOATS:
        h = draw.size(4, 6)
        layer = [draw.normal(h, 3, dtype=dtype), draw.normal(h, dtype=dtype)]
        yield values("a linear layer", params=layer, weight=draw.number(0.1, 0.6))
        yield values("a network", params=draw_params(draw, dtype), weight=draw.number(1.5, 3))
    one = [draw.normal(3, 4, dtype=torch.float64)]
    yield values("a single tensor", params=one, weight=draw.number(0.1, 0.6))
    sparse = [draw.normal(3, 2) * draw.mask(3, 2), torch.zeros(3), draw.normal(3)]
    yield gradients("weights that are 0", params=sparse, weight=0.25)
    yield extremes("weights that are 0", params=sparse, weight=0.25)
    yield extremes("zeros only", params=[torch.zeros(2, 3), torch.zeros(2)], weight=0.5)
    yield extremes("a penalty of weight 0", params=draw_params(draw), weight=0.0)
    yield extremes("a single number", params=[draw.normal()], weight=0.5)
    empty = [draw.normal(2, 3), torch.empty(0), torch.empty(0, 3)]
    yield extremes("tensors without elements", params=empty, weight=0.5)
    big = torch.tensor([[1e15, -3e15], [1e-15, 2e15]])
    yield extremes("large and small numbers", params=[big, torch.ones(2)], weight=0.5)
    far = torch.tensor([1.0, -torch.inf])
    yield extremes("an infinite weight", params=[far, torch.ones(2)], weight=0.5)
    many = [draw.normal(50, 40), draw.normal(50), draw.normal(10, 50)]
    yield extremes("many weights", params=many, weight=0.01)
    for dtype in FLOATS:
        # a column or vector can be flattened by view however it lies in memory, as all params can
        column = [draw.normal(*shape, dtype=dtype) for shape in ((4, 1), (4,), ())]
        yield shapes("one input", params=column, weight=draw.number(0.1, 0.6))
        biases = [draw.normal(4, dtype=dtype), draw.normal(2, dtype=dtype)]
        yield shapes("biases only", params=biases, weight=draw.number(0.1, 0.6))
        yield shapes("a single number", params=[draw.normal(dtype=dtype)], weight=0.5)


def mispenalised(of: Exercise, each: Each, factor: float) -> None:
    """Add the mistakes that are made in adding up.

    Args:
        of: the exercise.
        each: what it adds up of every number.
        factor: what it multiplies the sum by, beside ``weight``.
    """

    def total(params: list[Tensor], of_each: Callable[[Tensor], Any] = torch.sum) -> Any:
        return factor * sum(of_each(each(p)) for p in params)

    @of.mistake(
        "biases counted twice",
        "You add the tensors of one dimension, the biases, once more; every tensor of params "
        "counts once.",
    )
    def _(params: list[Tensor], weight: float) -> Any:
        return weight * (total(params) + total([p for p in params if p.dim() == 1]))

    @of.mistake(
        "biases left out",
        "You leave the tensors of fewer than two dimensions out; here every tensor of params "
        "counts, biases too.",
    )
    def _(params: list[Tensor], weight: float) -> Any:
        return weight * total([*(p for p in params if p.dim() > 1), torch.zeros(1)])

    @of.mistake(
        "not multiplied by weight",
        "You return the sum as it is; multiply it by weight.",
    )
    def _(params: list[Tensor], weight: float) -> Any:
        return total(params)

    @of.mistake(
        "mean of each tensor",
        "You take the mean of each tensor, so that the numbers of a large one count less; add "
        "all of them up.",
    )
    def _(params: list[Tensor], weight: float) -> Any:
        return weight * total(params, torch.mean)

    @of.mistake(
        "mean over all",
        "You divide by how many numbers there are; a penalty adds them up.",
    )
    def _(params: list[Tensor], weight: float) -> Any:
        return weight * total(params) / sum(p.numel() for p in params)

    @of.mistake(
        "last tensor only",
        "Your loop keeps what it found for the last tensor alone; add to the total with +=, or "
        "sum over the loop.",
    )
    def _(params: list[Tensor], weight: float) -> Any:
        return weight * total(params[-1:])

    @of.mistake(
        "first tensor only",
        "You return after the first tensor; add all of them up first.",
    )
    def _(params: list[Tensor], weight: float) -> Any:
        return weight * total(params[:1])

    @of.mistake(
        "a Python number",
        "You turn the sum into a Python number, as .item() does, and no gradient flows through "
        "that; return the tensor.",
    )
    def _(params: list[Tensor], weight: float) -> Any:
        return weight * total(params).item()

    @of.mistake(
        "cut off from autograd",
        "The value is right, but no gradient reaches the weights, as after .data or .detach(), "
        "so that the penalty changes nothing; compute with the tensors themselves.",
    )
    def _(params: list[Tensor], weight: float) -> Any:
        return weight * total([p.detach() for p in params])

    @of.mistake(
        "shape (1,)",
        "Your result has one dimension; return a single number, of shape ().",
    )
    def _(params: list[Tensor], weight: float) -> Any:
        return weight * total(params)[None]
