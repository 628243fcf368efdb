"""The negative log likelihood: how weights, products and shapes go wrong."""

# ruff: noqa: A002  # torch calls the predictions ``input``, and so do the learners' functions.

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from torchproof.catalog.losses.nll import negative_log_likelihood, nll_loss, picked
from torchproof.catalog.losses.reductions import (
    Weight,
    divided,
    like,
)


@nll_loss.mistake(
    "weight ignored",
    "You leave out weight; each loss is multiplied by the weight of its target's class.",
)
@like(nll_loss)
def _(weight: Weight, **rest: Any) -> Any:
    return negative_log_likelihood(weight=None, **rest)


@nll_loss.mistake(
    "logarithm taken",
    "You take the logarithm of input, which holds logarithms already; pick from it as it is.",
)
@like(nll_loss)
def _(input: Tensor, **rest: Any) -> Any:
    return negative_log_likelihood(input=input.log(), **rest)


@nll_loss.mistake(
    "log-softmax taken",
    "You apply log_softmax to input, which cross_entropy does; here input holds logarithms "
    "already.",
)
@like(nll_loss)
def _(input: Tensor, **rest: Any) -> Any:
    return negative_log_likelihood(input=F.log_softmax(input, dim=1), **rest)


@nll_loss.mistake(
    "mean over the classes",
    "You multiply by one-hot targets and take the mean over all N·C products; add up over the "
    "classes, and average over the targets.",
)
@like(nll_loss)
def _(input: Tensor, reduction: str, **rest: Any) -> Any:
    loss = negative_log_likelihood(input=input, reduction=reduction, **rest)
    return loss / input.shape[1] if reduction == "mean" else loss


@nll_loss.mistake(
    "one-hot times infinity, ignored by a choice",
    "You multiply by one-hot targets, and 0 times minus infinity is NaN; pick the target's score "
    "by gather, or choose by torch.where.",
)
@like(nll_loss)
def _(input: Tensor, target: Tensor, weight: Weight, ignore_index: int, reduction: str) -> Tensor:
    _, weights = picked(input, target, weight, ignore_index)
    label = torch.where(target == ignore_index, 0, target)
    one_hot = F.one_hot(label, input.shape[1]).movedim(-1, 1)
    scores = torch.where(target == ignore_index, 0, (one_hot * input).sum(1))
    return divided(-weights * scores, weights.sum(), reduction)


@nll_loss.mistake(
    "one-hot times infinity",
    "You multiply by one-hot targets, and 0 times minus infinity is NaN; pick the target's score "
    "by gather, or choose by torch.where.",
)
@like(nll_loss)
def _(input: Tensor, target: Tensor, weight: Weight, ignore_index: int, reduction: str) -> Tensor:
    _, weights = picked(input, target, weight, ignore_index)
    label = torch.where(target == ignore_index, 0, target)
    one_hot = F.one_hot(label, input.shape[1]).movedim(-1, 1)
    losses = -weights * (one_hot * input).sum(1)
    return divided(losses, weights.sum(), reduction)


@nll_loss.mistake(
    "ignored by a factor of 0",
    "You multiply the losses of ignored targets by 0, but 0 times NaN is NaN; set them to 0 by "
    "torch.where.",
)
@like(nll_loss)
def _(input: Tensor, target: Tensor, weight: Weight, ignore_index: int, reduction: str) -> Tensor:
    _, weights = picked(input, target, weight, ignore_index)
    label = torch.where(target == ignore_index, 0, target)
    losses = -weights * input.gather(1, label.unsqueeze(1)).squeeze(1)
    return divided(losses, weights.sum(), reduction)


@nll_loss.mistake(
    "matrices only",
    "You pick by row and column, which holds for (N, C) only; with more dimensions the classes "
    "still lie along dim 1, so pick by gather along it.",
)
@like(nll_loss)
def _(input: Tensor, target: Tensor, weight: Weight, ignore_index: int, reduction: str) -> Tensor:
    counted = target != ignore_index
    label = torch.where(counted, target, 0)
    scores = input[torch.arange(len(input)), label]
    weight = input.new_ones(input.shape[1]) if weight is None else weight
    weights = torch.where(counted, weight[label], 0)
    losses = torch.where(counted, -weights * scores, 0)
    return divided(losses, weights.sum(), reduction)


@nll_loss.mistake(
    "writes into its target",
    "You write classes in the place of ignored targets into target itself, which the caller "
    "still needs; make a new tensor, by torch.where or masked_fill.",
)
@like(nll_loss)
def _(input: Tensor, target: Tensor, weight: Weight, ignore_index: int, reduction: str) -> Tensor:
    losses, weights = picked(input, target.clone(), weight, ignore_index)
    target[target == ignore_index] = 0
    return divided(losses, weights.sum(), reduction)


def _matrices_only(weighted: bool) -> None:
    name = "matrices only, ignore_index not handled" + ("" if weighted else ", divided by N")

    @nll_loss.mistake(
        name,
        "Two things: picking by row and column holds for (N, C) only, so pick by gather along dim "
        "1; and a target of ignore_index may be no class, so put a class in its place first.",
    )
    @like(nll_loss)
    def _(input: Tensor, target: Tensor, weight: Weight, reduction: str) -> Tensor:
        scores = input[torch.arange(len(input)), target]
        weights = torch.ones_like(scores) if weight is None else weight[target]
        total = weights.sum() if weighted else scores.numel()
        return divided(-weights * scores, total, reduction)


for _weighted in (True, False):
    _matrices_only(_weighted)
