"""Cross entropy: how logits, classes and probabilities go wrong."""

# ruff: noqa: A002  # torch calls the predictions ``input``, and so do the learners' functions.

from typing import Any

import torch
from torch import Tensor

from torchproof.catalog.losses.cross_entropy import ce, cross_entropy, log_probabilities
from torchproof.catalog.losses.nll import along_classes, picked
from torchproof.catalog.losses.reductions import (
    Weight,
    like,
    reduce,
)


@cross_entropy.mistake(
    "softmax applied twice",
    "You apply a softmax before log_softmax, which holds one already; give it the logits.",
)
@like(cross_entropy)
def _(**rest: Any) -> Any:
    return ce(**rest, log_softmax=lambda x: log_probabilities(x.softmax(1)))


@cross_entropy.mistake(
    "log of an underflowed softmax",
    "Far below the largest logit the softmax underflows to 0, and its logarithm is minus "
    "infinity; use torch.log_softmax.",
)
@like(cross_entropy)
def _(**rest: Any) -> Any:
    return ce(**rest, log_softmax=lambda x: x.softmax(1).log())


@cross_entropy.mistake(
    "a constant in the logarithm",
    "The constant you add to the softmax keeps its logarithm finite but wrong; use "
    "torch.log_softmax, which needs none.",
)
@like(cross_entropy)
def _(**rest: Any) -> Any:
    return ce(**rest, log_softmax=lambda x: (x.softmax(1) + 1e-8).log())


@cross_entropy.mistake(
    "exp overflows",
    "exp overflows for large logits; use torch.log_softmax, or subtract the largest logit first.",
)
@like(cross_entropy)
def _(**rest: Any) -> Any:
    return ce(**rest, log_softmax=lambda x: x - x.exp().sum(1, keepdim=True).log())


@cross_entropy.mistake(
    "softmax without the logarithm",
    "You pick from the probabilities; it is their logarithms, log_softmax, that are asked for.",
)
@like(cross_entropy)
def _(**rest: Any) -> Any:
    return ce(**rest, log_softmax=lambda x: x.softmax(1))


@cross_entropy.mistake(
    "logits taken for logarithms",
    "You pick from the logits as they are; log_softmax makes logarithms of probabilities of them.",
)
@like(cross_entropy)
def _(**rest: Any) -> Any:
    return ce(**rest, log_softmax=lambda x: x)


@cross_entropy.mistake(
    "softmax over the last dimension",
    "Your softmax runs over the last dimension, which is right for (N, C) only; the classes lie "
    "along dim=1.",
)
@like(cross_entropy)
def _(**rest: Any) -> Any:
    return ce(**rest, log_softmax=lambda x: x.log_softmax(-1))


@cross_entropy.mistake(
    "softmax over the first dimension",
    "Your softmax runs over dim 0, the examples of the batch; the classes lie along dim=1.",
)
@like(cross_entropy)
def _(**rest: Any) -> Any:
    return ce(**rest, log_softmax=lambda x: x.log_softmax(0))


@cross_entropy.mistake(
    "sign missing",
    "You leave out the minus; logarithms of probabilities are negative, the loss is not.",
)
@like(cross_entropy)
def _(**rest: Any) -> Any:
    return -ce(**rest)


@cross_entropy.mistake(
    "mean over the classes",
    "You take the mean over all N·C products; add up over the classes, and average over the "
    "positions.",
)
@like(cross_entropy)
def _(input: Tensor, reduction: str, **rest: Any) -> Any:
    loss = ce(input, reduction=reduction, **rest)
    return loss / input.shape[1] if reduction == "mean" else loss


@cross_entropy.mistake(
    "weighted mean divided by N",
    "Where targets are classes your mean divides by their number; divide by the sum of their "
    "weights.",
)
@like(cross_entropy)
def _(input: Tensor, target: Tensor, ignore_index: int, reduction: str, **rest: Any) -> Any:
    given = {"input": input, "target": target, "ignore_index": ignore_index, **rest}
    if reduction == "mean" and target.dim() < input.dim():
        return ce(reduction="sum", **given) / (target != ignore_index).sum()
    return ce(reduction=reduction, **given)


@cross_entropy.mistake(
    "mean over all targets",
    "Your mean divides by the number of all targets, ignored ones included; for classes, divide "
    "by the sum of the weights of those that count.",
)
@like(cross_entropy)
def _(reduction: str, **rest: Any) -> Any:
    return reduce(ce(reduction="none", **rest), reduction)


@cross_entropy.mistake(
    "ignored targets still counted",
    "Ignored targets still count in the mean: their weight is among those you divide by; leave "
    "it out of the sum.",
)
@like(cross_entropy)
def _(input: Tensor, target: Tensor, weight: Weight, ignore_index: int, **rest: Any) -> Any:
    loss = ce(input, target, weight, ignore_index, **rest)
    if rest["reduction"] != "mean" or target.dim() == input.dim():
        return loss
    _, weights = picked(input, target, weight, ignore_index)
    weight = input.new_ones(input.shape[1]) if weight is None else weight
    all_weights = weight[torch.where(target == ignore_index, 0, target)]
    return loss * weights.sum() / all_weights.sum()


@cross_entropy.mistake(
    "ignore_index not handled",
    "A target of ignore_index may be no class to look up; put a class in its place "
    "first, and a 0 in the place of its loss.",
)
@like(cross_entropy)
def _(input: Tensor, target: Tensor, ignore_index: int, **rest: Any) -> Any:
    if target.dim() < input.dim():
        log_probabilities(input).gather(1, target.unsqueeze(1))
    return ce(input, target, ignore_index=-1000, **rest)


@cross_entropy.mistake(
    "probabilities divided by weights",
    "Where targets are probabilities you divide by summed weights; the mean divides by the "
    "number of positions there.",
)
@like(cross_entropy)
def _(input: Tensor, target: Tensor, weight: Weight, **rest: Any) -> Any:
    loss = ce(input, target, weight, **rest)
    if rest["reduction"] != "mean" or target.dim() < input.dim():
        return loss
    shares = (along_classes(weight, input) * target).sum(1)
    return loss * shares.numel() / shares.sum()


@cross_entropy.mistake(
    "probabilities divided by the length",
    "Where targets are probabilities you divide by N, the length of the batch; the mean divides "
    "by the number of positions, N·d1·…, there.",
)
@like(cross_entropy)
def _(input: Tensor, target: Tensor, reduction: str, **rest: Any) -> Any:
    if reduction != "mean" or target.dim() < input.dim():
        return ce(input, target, reduction=reduction, **rest)
    return ce(input, target, reduction="sum", **rest) / len(input)


@cross_entropy.mistake(
    "divided by the length",
    "Your mean divides by the length of the batch; for classes, divide by the sum of the weights "
    "of those that count, for probabilities by the number of positions.",
)
@like(cross_entropy)
def _(input: Tensor, target: Tensor, reduction: str, **rest: Any) -> Any:
    if reduction != "mean":
        return ce(input, target, reduction=reduction, **rest)
    losses = ce(input, target, reduction="none", **rest)
    return losses.sum() / max(len(input), 1) if len(input) else losses.mean()


@cross_entropy.mistake(
    "rows of ignore_index left out of probabilities",
    "Where targets are probabilities you leave out the rows whose most probable class is "
    "ignore_index; it means nothing there.",
)
@like(cross_entropy)
def _(input: Tensor, target: Tensor, ignore_index: int, reduction: str, **rest: Any) -> Any:
    if target.dim() < input.dim():
        return ce(input, target, ignore_index=ignore_index, reduction=reduction, **rest)
    losses = ce(input, target, reduction="none", **rest)
    return reduce(torch.where(target.argmax(1) == ignore_index, 0, losses), reduction)


@cross_entropy.mistake(
    "probabilities of ignore_index set to 0",
    "You compare probabilities with ignore_index and set those that equal it to 0; it is a class, "
    "and means nothing where targets are probabilities.",
)
@like(cross_entropy)
def _(input: Tensor, target: Tensor, ignore_index: int, **rest: Any) -> Any:
    if target.dim() == input.dim():
        target = torch.where(target == ignore_index, 0, target)
    return ce(input, target, ignore_index=ignore_index, **rest)


@cross_entropy.mistake(
    "probabilities rounded to classes",
    "You take the most probable class for the target; where targets are probabilities, each "
    "class counts with its own.",
)
@like(cross_entropy)
def _(input: Tensor, target: Tensor, **rest: Any) -> Any:
    return ce(input, target.argmax(1) if target.dim() == input.dim() else target, **rest)


@cross_entropy.mistake(
    "classes only, by gather",
    "gather needs whole numbers, and target may hold probabilities, in the shape of input; ask "
    "which it is, and add up -q·log p over the classes there.",
)
@like(cross_entropy)
def _(input: Tensor, target: Tensor, **rest: Any) -> Any:
    if target.is_floating_point():
        log_probabilities(input).gather(1, target.unsqueeze(1))
    return ce(input, target, **rest)


@cross_entropy.mistake(
    "classes only, by an index",
    "An index needs whole numbers, and target may hold probabilities, in the shape of input; ask "
    "which it is, and add up -q·log p over the classes there.",
)
@like(cross_entropy)
def _(input: Tensor, target: Tensor, **rest: Any) -> Any:
    if target.is_floating_point():
        log_probabilities(input)[torch.arange(len(input)), target]
    return ce(input, target, **rest)
