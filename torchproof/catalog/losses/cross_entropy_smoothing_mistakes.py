"""Cross entropy: how weights and smoothing go wrong."""

# ruff: noqa: A002  # torch calls the predictions ``input``, and so do the learners' functions.

from collections.abc import Callable
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from torchproof.catalog.losses.cross_entropy import ce, cross_entropy, log_probabilities
from torchproof.catalog.losses.nll import along_classes, picked
from torchproof.catalog.losses.reductions import (
    Weight,
    divided,
    like,
    reduce,
)


@cross_entropy.mistake(
    "weight ignored",
    "You leave out weight; the term of each class is multiplied by its weight.",
)
@like(cross_entropy)
def _(weight: Weight, **rest: Any) -> Any:
    return ce(weight=None, **rest)


@cross_entropy.mistake(
    "weight ignored for probabilities",
    "Where targets are probabilities you leave out weight; the term of each class is multiplied "
    "by its weight there too.",
)
@like(cross_entropy)
def _(input: Tensor, target: Tensor, weight: Weight, **rest: Any) -> Any:
    return ce(input, target, None if target.dim() == input.dim() else weight, **rest)


@cross_entropy.mistake(
    "smoothing ignored",
    "You leave out label_smoothing; mix that share of the even distribution into the targets.",
)
@like(cross_entropy)
def _(label_smoothing: float, **rest: Any) -> Any:
    return ce(**rest)


@cross_entropy.mistake(
    "smoothing ignored for probabilities",
    "Where targets are probabilities you leave out label_smoothing; mix that share of the even "
    "distribution into them too.",
)
@like(cross_entropy)
def _(input: Tensor, target: Tensor, label_smoothing: float, **rest: Any) -> Any:
    smoothing = 0 if target.dim() == input.dim() else label_smoothing
    return ce(input, target, label_smoothing=smoothing, **rest)


def _mixed(mix: Callable[[Tensor, float, int], Tensor]) -> Callable[..., Tensor]:
    """Make a cross-entropy whose targets, as probabilities, are mixed another way.

    Args:
        mix: takes probabilities, the smoothing and the number of classes.
    """

    @like(cross_entropy)
    def candidate(input: Tensor, target: Tensor, label_smoothing: float, **rest: Any) -> Any:
        if not label_smoothing:
            return ce(input, target, **rest)
        num_classes, ignored = input.shape[1], target == rest["ignore_index"]
        if target.dim() == input.dim():
            return ce(input, mix(target, label_smoothing, num_classes), **rest)
        one_hot = F.one_hot(torch.where(ignored, 0, target), num_classes).movedim(-1, 1)
        chances = mix(one_hot.to(input.dtype), label_smoothing, num_classes)
        losses = ce(input, chances, rest["weight"], reduction="none")
        _, weights = picked(input, target, rest["weight"], rest["ignore_index"])
        return divided(torch.where(ignored, 0, losses), weights.sum(), rest["reduction"])

    return candidate


cross_entropy.mistake(
    "smoothing added on top",
    "You add ε/C to the targets but leave their own share whole; multiply them by 1 - ε first, so "
    "that they still sum to 1.",
)(_mixed(lambda q, smoothing, num_classes: q + smoothing / num_classes))


cross_entropy.mistake(
    "smoothing not divided by C",
    "You add ε to every class; it is shared out among all C, so each gets ε/C.",
)(_mixed(lambda q, smoothing, num_classes: (1 - smoothing) * q + smoothing))


@cross_entropy.mistake(
    "smoothing over the other classes",
    "You share label_smoothing out among the other classes; torch shares it out among all C, the "
    "target's own included.",
)
@like(cross_entropy)
def _(input: Tensor, label_smoothing: float, **rest: Any) -> Any:
    num_classes = input.shape[1]
    smoothing = label_smoothing * num_classes / (num_classes - 1) if num_classes > 1 else 0
    return ce(input, label_smoothing=smoothing, **rest)


@cross_entropy.mistake(
    "smoothing without weight",
    "Your smoothed part leaves out weight; there, too, the term of each class is multiplied by "
    "its own.",
)
@like(cross_entropy)
def _(input: Tensor, target: Tensor, weight: Weight, ignore_index: int, **rest: Any) -> Any:
    smoothing, reduction = rest["label_smoothing"], rest["reduction"]
    if not smoothing or target.dim() == input.dim():
        return ce(input, target, weight, ignore_index, **rest)
    losses, weights = picked(log_probabilities(input), target, weight, ignore_index)
    even = torch.where(target == ignore_index, 0, -log_probabilities(input).mean(1))
    losses = (1 - smoothing) * losses + smoothing * even
    return divided(losses, weights.sum(), reduction)


@cross_entropy.mistake(
    "smoothing with the target's weight",
    "You multiply the smoothed loss by the weight of the target's class; each class brings its "
    "own weight into the smoothed part.",
)
@like(cross_entropy)
def _(input: Tensor, target: Tensor, weight: Weight, ignore_index: int, **rest: Any) -> Any:
    smoothing, reduction = rest["label_smoothing"], rest["reduction"]
    if not smoothing or target.dim() == input.dim():
        return ce(input, target, weight, ignore_index, **rest)
    losses, weights = picked(log_probabilities(input), target, weight, ignore_index)
    losses = (1 - smoothing) * losses - smoothing * weights * log_probabilities(input).mean(1)
    return divided(losses, weights.sum(), reduction)


@cross_entropy.mistake(
    "ignored targets smoothed",
    "An ignored target still costs its smoothed part; its loss is 0 as a whole.",
)
@like(cross_entropy)
def _(input: Tensor, target: Tensor, weight: Weight, ignore_index: int, **rest: Any) -> Any:
    smoothing, reduction = rest["label_smoothing"], rest["reduction"]
    if not smoothing or target.dim() == input.dim():
        return ce(input, target, weight, ignore_index, **rest)
    losses, weights = picked(log_probabilities(input), target, weight, ignore_index)
    surprises = -log_probabilities(input) * along_classes(weight, input)
    losses = (1 - smoothing) * losses + smoothing * surprises.mean(1)
    return divided(losses, weights.sum(), reduction)


def _by_one_hot(input: Tensor, target: Tensor, **rest: Any) -> Tensor:
    """Return the loss of each position, with classes made probabilities."""
    one_hot = F.one_hot(target, input.shape[1]).movedim(-1, 1).to(input.dtype)
    return ce(input, one_hot, reduction="none", **rest)


@cross_entropy.mistake(
    "one-hot times infinity",
    "You multiply by one-hot targets, and 0 times minus infinity is NaN; pick the target's "
    "logarithm by gather, or choose by torch.where.",
)
@like(cross_entropy)
def _(input: Tensor, target: Tensor, ignore_index: int, reduction: str, **rest: Any) -> Any:
    if target.dim() == input.dim():
        return ce(input, target, reduction=reduction, **rest)
    ignored = target == ignore_index
    _, weights = picked(input, target, rest["weight"], ignore_index)
    losses = _by_one_hot(input, torch.where(ignored, 0, target), **rest)
    return divided(torch.where(ignored, 0, losses), weights.sum(), reduction)


def _one_hot_of_ignored(weighted: bool) -> None:
    name = "ignore_index not handled, by one-hot" + ("" if weighted else ", divided by N")

    @cross_entropy.mistake(
        name,
        "A target of ignore_index may be no class, which has no one-hot; put a class in its place "
        "first, and a 0 in the place of its loss; and 0 times minus infinity is NaN, so choose by "
        "torch.where in place of multiplying.",
    )
    @like(cross_entropy)
    def _(input: Tensor, target: Tensor, weight: Weight, reduction: str, **rest: Any) -> Any:
        smoothing = rest["label_smoothing"]
        if target.dim() == input.dim():
            return ce(input, target, weight, reduction=reduction, label_smoothing=smoothing)
        losses = _by_one_hot(input, target, weight=weight, label_smoothing=smoothing)
        if not weighted or weight is None:
            return reduce(losses, reduction)
        return divided(losses, weight[target].sum(), reduction)


for _weighted in (True, False):
    _one_hot_of_ignored(_weighted)


@cross_entropy.mistake(
    "writes into its target",
    "You write classes in the place of ignored targets into target itself, which the caller "
    "still needs; make a new tensor, by torch.where or masked_fill.",
)
@like(cross_entropy)
def _(input: Tensor, target: Tensor, ignore_index: int, **rest: Any) -> Any:
    loss = ce(input, target.clone(), ignore_index=ignore_index, **rest)
    if target.dim() < input.dim():
        target[target == ignore_index] = 0
    return loss
