"""The L1 penalty."""

from typing import Any

import torch
from torch import Tensor

from torchproof.catalog.regularization.penalties import GROUPS, mispenalised, penalty_cases
from torchproof.checking.cases import Cases, Draw
from torchproof.checking.exercise import exercise


@exercise(groups=GROUPS)
def l1_penalty(params: list[Tensor], weight: float) -> Tensor:
    """Return weight times the sum of the absolute values of all params, shape ()."""
    return weight * torch.cat([p.flatten() for p in params]).abs().sum()


@l1_penalty.cases
def _(draw: Draw) -> Cases:
    yield from penalty_cases(draw)


mispenalised(l1_penalty, torch.abs, 1.0)


@l1_penalty.mistake(
    "squared root taken",
    "You take the root of the summed squares, the Euclidean norm; the L1 penalty adds up absolute "
    "values.",
)
def _(params: list[Tensor], weight: float) -> Tensor:
    return weight * torch.cat([p.flatten() for p in params]).square().sum().sqrt()


@l1_penalty.mistake(
    "Euclidean norm of each tensor",
    "You add up the Euclidean norms of the tensors, which norm gives where it is not told "
    "otherwise; the L1 penalty adds up absolute values.",
)
def _(params: list[Tensor], weight: float) -> Any:
    return weight * sum(p.square().sum().sqrt() for p in params)


@l1_penalty.mistake(
    "matrix norm",
    "torch.linalg.norm(p, 1) of a matrix is its largest column sum and not the sum of all its "
    "absolute values; take p.abs().sum().",
)
def _(params: list[Tensor], weight: float) -> Any:
    return weight * sum(torch.linalg.norm(p, 1) for p in params)


@l1_penalty.mistake(
    "squares",
    "You add up squares, which is the L2 penalty; the L1 penalty adds up absolute values.",
)
def _(params: list[Tensor], weight: float) -> Any:
    return weight * sum(p.square().sum() for p in params)


@l1_penalty.mistake(
    "half the squares",
    "You return half the summed squares, which is the L2 penalty; the L1 penalty adds up absolute "
    "values.",
)
def _(params: list[Tensor], weight: float) -> Any:
    return weight / 2 * sum(p.square().sum() for p in params)


@l1_penalty.mistake(
    "signs kept",
    "You add the weights up with their signs, so that they cancel; take their absolute values "
    "first.",
)
def _(params: list[Tensor], weight: float) -> Any:
    return weight * sum(p.sum() for p in params)


@l1_penalty.mistake(
    "absolute value of the sum",
    "You take the absolute value of each tensor's sum, in which its weights have cancelled; take "
    "that of every weight first.",
)
def _(params: list[Tensor], weight: float) -> Any:
    return weight * sum(p.sum().abs() for p in params)


@l1_penalty.mistake(
    "halved",
    "You halve the sum; the ½ belongs to the L2 penalty, where it cancels the 2 of the square.",
)
def _(params: list[Tensor], weight: float) -> Any:
    return weight / 2 * sum(p.abs().sum() for p in params)


@l1_penalty.mistake(
    "root of the square",
    "The root of a square has the gradient 0 over 0, NaN, at a weight of 0, and the square of a "
    "large weight may overflow; abs has neither fault.",
)
def _(params: list[Tensor], weight: float) -> Any:
    return weight * sum(p.square().sqrt().sum() for p in params)


@l1_penalty.mistake(
    "gradient 1 at 0",
    "The values are right, but a weight of 0 gets a gradient, which pushes it away from 0; that "
    "of abs is 0 there.",
)
def _(params: list[Tensor], weight: float) -> Any:
    return weight * sum(torch.where(p >= 0, p, -p).sum() for p in params)


@l1_penalty.mistake(
    "gradient -1 at 0",
    "The values are right, but a weight of 0 gets the gradient of a negative one; that of abs is "
    "0 there.",
)
def _(params: list[Tensor], weight: float) -> Any:
    return weight * sum(torch.where(p > 0, p, -p).sum() for p in params)
