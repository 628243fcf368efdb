"""The L2 penalty."""

from typing import Any

import torch
from torch import Tensor

from torchproof.catalog.regularization.penalties import GROUPS, mispenalised, penalty_cases
from torchproof.checking.cases import Cases, Draw
from torchproof.checking.exercise import exercise


@exercise(groups=GROUPS)
def l2_penalty(params: list[Tensor], weight: float) -> Tensor:
    """Return weight times half the sum of the squares of all params, shape ().

    Its gradient, weight times each param, is what ``weight_decay`` adds in `torch.optim.SGD`.
    """
    return weight / 2 * torch.cat([p.flatten() for p in params]).square().sum()


@l2_penalty.cases
def _(draw: Draw) -> Cases:
    yield from penalty_cases(draw)


mispenalised(l2_penalty, torch.square, 0.5)


@l2_penalty.mistake(
    "squared root taken",
    "You take the root of the summed squares, the Euclidean norm; the L2 penalty is half the sum "
    "itself.",
)
def _(params: list[Tensor], weight: float) -> Tensor:
    return weight * torch.cat([p.flatten() for p in params]).square().sum().sqrt()


@l2_penalty.mistake(
    "half the root",
    "You take the root of the summed squares and halve it; the L2 penalty is half the sum itself.",
)
def _(params: list[Tensor], weight: float) -> Tensor:
    return weight / 2 * torch.cat([p.flatten() for p in params]).square().sum().sqrt()


@l2_penalty.mistake(
    "norm of each tensor",
    "You add up the Euclidean norms of the tensors; square them, and halve the sum.",
)
def _(params: list[Tensor], weight: float) -> Any:
    return weight * sum(p.square().sum().sqrt() for p in params)


@l2_penalty.mistake(
    "half the norm of each tensor",
    "You add up half the Euclidean norms of the tensors; square them first.",
)
def _(params: list[Tensor], weight: float) -> Any:
    return weight / 2 * sum(p.square().sum().sqrt() for p in params)


@l2_penalty.mistake(
    "half missing",
    "You return the whole sum of squares; half of it is asked for, so that the gradient is weight "
    "times each parameter, without a 2.",
)
def _(params: list[Tensor], weight: float) -> Any:
    return weight * sum(p.square().sum() for p in params)


@l2_penalty.mistake(
    "absolute values",
    "You add up absolute values, which is the L1 penalty; the L2 penalty is half the sum of "
    "squares.",
)
def _(params: list[Tensor], weight: float) -> Any:
    return weight * sum(p.abs().sum() for p in params)


@l2_penalty.mistake(
    "half the absolute values",
    "You add up absolute values and halve the sum; square the weights in their place.",
)
def _(params: list[Tensor], weight: float) -> Any:
    return weight / 2 * sum(p.abs().sum() for p in params)


@l2_penalty.mistake(
    "square of the sum",
    "You square each tensor's sum, in which its weights have cancelled; square every weight first.",
)
def _(params: list[Tensor], weight: float) -> Any:
    return weight / 2 * sum(p.sum().square() for p in params)


@l2_penalty.mistake(
    "weight squared too",
    "You multiply by weight before you square, so that it is squared as well; multiply the sum by "
    "it.",
)
def _(params: list[Tensor], weight: float) -> Any:
    return sum((weight * p).square().sum() for p in params) / 2


@l2_penalty.mistake(
    "matrix norm",
    "torch.linalg.norm(p, 2) of a matrix is its largest singular value and not the root of its "
    "summed squares; take p.square().sum().",
)
def _(params: list[Tensor], weight: float) -> Any:
    return weight / 2 * sum(torch.linalg.norm(p, 2).square() for p in params)


@l2_penalty.mistake(
    "root and square",
    "You take a root and square it again, and at weights that are all 0 the root's gradient is "
    "NaN; leave both out.",
)
def _(params: list[Tensor], weight: float) -> Any:
    return weight / 2 * sum(p.square().sum().sqrt().square() for p in params)
