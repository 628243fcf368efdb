"""The negative log likelihood: how means and ignored targets go wrong."""

# ruff: noqa: A002  # torch calls the predictions ``input``, and so do the learners' functions.

from collections.abc import Callable
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from torchproof.catalog.losses.nll import along_classes, negative_log_likelihood, nll_loss, picked
from torchproof.catalog.losses.reductions import (
    Weight,
    divided,
    like,
    reduce,
)


@nll_loss.mistake(
    "sign missing",
    "You leave out the minus; the loss is the negative of the score that is picked.",
)
@like(nll_loss)
def _(**rest: Any) -> Any:
    return -negative_log_likelihood(**rest)


@nll_loss.mistake(
    "weighted mean divided by N",
    "Your mean divides by the number of targets that count; divide by the sum of their weights.",
)
@like(nll_loss)
def _(target: Tensor, ignore_index: int, reduction: str, **rest: Any) -> Any:
    given = {"target": target, "ignore_index": ignore_index, **rest}
    if reduction == "mean":
        return negative_log_likelihood(reduction="sum", **given) / (target != ignore_index).sum()
    return negative_log_likelihood(reduction=reduction, **given)


@nll_loss.mistake(
    "mean over all targets",
    "Your mean divides by the number of all targets, ignored ones included; divide by the sum of "
    "the weights of those that count, which is their number where no weight is given.",
)
@like(nll_loss)
def _(reduction: str, **rest: Any) -> Any:
    return reduce(negative_log_likelihood(reduction="none", **rest), reduction)


@nll_loss.mistake(
    "ignored targets still counted",
    "Ignored targets still count in the mean: their weight is among those you divide by; leave "
    "it out of the sum.",
)
@like(nll_loss)
def _(input: Tensor, target: Tensor, weight: Weight, ignore_index: int, reduction: str) -> Tensor:
    losses, _ = picked(input, target, weight, ignore_index)
    counted = target != ignore_index
    weight = input.new_ones(input.shape[1]) if weight is None else weight
    total = weight[torch.where(counted, target, 0)].sum()
    return divided(losses, total, reduction)


@nll_loss.mistake(
    "ignored targets left out of the result",
    "You drop the ignored targets, so that with reduction 'none' the result is shorter than "
    "target; keep a 0 in their places.",
)
@like(nll_loss)
def _(target: Tensor, ignore_index: int, reduction: str, **rest: Any) -> Any:
    given = {"target": target, "ignore_index": ignore_index, **rest}
    loss = negative_log_likelihood(reduction=reduction, **given)
    return loss[target != ignore_index] if reduction == "none" else loss


@nll_loss.mistake(
    "losses of 0 left out of the mean",
    "You take the mean of the losses that are not 0, to leave out those that are ignored; a loss "
    "that counts may be 0, too: divide by the sum of the weights that count.",
)
@like(nll_loss)
def _(reduction: str, weight: Weight, **rest: Any) -> Any:
    if reduction != "mean" or weight is not None:
        return negative_log_likelihood(reduction=reduction, weight=weight, **rest)
    losses = negative_log_likelihood(reduction="none", weight=weight, **rest)
    return losses[losses != 0].mean()


@nll_loss.mistake(
    "squeezed when picked",
    "You squeeze what you picked, which also drops a dimension that is 1 by chance, as the height "
    "of an image of one row; squeeze dim 1 only.",
)
@like(nll_loss)
def _(input: Tensor, target: Tensor, weight: Weight, ignore_index: int, reduction: str) -> Tensor:
    counted = target != ignore_index
    label = torch.where(counted, target, 0)
    weight = input.new_ones(input.shape[1]) if weight is None else weight
    weights = torch.where(counted, weight[label], 0)
    scores = input.gather(1, label.unsqueeze(1)).squeeze()
    return divided(weights * torch.where(counted, -scores, 0), weights.sum(), reduction)


@nll_loss.mistake(
    "ignore_index not handled, by gather",
    "A target of ignore_index may be no class, which gather cannot look up; put a class in its "
    "place first, and a 0 in the place of its loss.",
)
@like(nll_loss)
def _(input: Tensor, target: Tensor, weight: Weight, reduction: str) -> Tensor:
    losses = -input.gather(1, target.unsqueeze(1)).squeeze(1)
    weights = torch.ones_like(losses) if weight is None else weight[target]
    losses = weights * losses
    return divided(losses, weights.sum(), reduction)


@nll_loss.mistake(
    "ignore_index not handled, by an index",
    "A target of ignore_index may be no class, which an index cannot look up; put a class in its "
    "place first, and a 0 in the place of its loss.",
)
@like(nll_loss)
def _(input: Tensor, target: Tensor, weight: Weight, reduction: str) -> Tensor:
    rows = input.movedim(1, -1).reshape(-1, input.shape[1])
    labels = target.flatten()
    losses = -rows[torch.arange(len(rows)), labels].reshape(target.shape)
    weights = torch.ones_like(losses) if weight is None else weight[target]
    losses = weights * losses
    return divided(losses, weights.sum(), reduction)


@nll_loss.mistake(
    "ignore_index not handled, by one-hot",
    "A target of ignore_index may be no class, and then has no one-hot; put a class in its place "
    "first, and a 0 in the place of its loss.",
)
@like(nll_loss)
def _(input: Tensor, target: Tensor, weight: Weight, reduction: str) -> Tensor:
    one_hot = F.one_hot(target, input.shape[1]).movedim(-1, 1)
    weights = (one_hot * along_classes(weight, input)).sum(1)
    losses = -(one_hot * along_classes(weight, input) * input).sum(1)
    return divided(losses, weights.sum(), reduction)


def _leaves_out(
    name: str, hint: str, keeps: Callable[[Tensor, int], Tensor], gathers: bool = False
) -> None:
    """Add the mistake of leaving out other targets than those of ignore_index.

    Args:
        name: the fault in a few words.
        hint: what the learner is told.
        keeps: takes the target and C and tells which targets are kept.
        gathers: whether scores are looked up before weights; a target that is kept and no class
            then raises another error.
    """

    @nll_loss.mistake(name, hint)
    @like(nll_loss)
    def _(input: Tensor, target: Tensor, ignore_index: int, **rest: Any) -> Any:
        kept = keeps(target, input.shape[1])
        if gathers:
            input.gather(1, torch.where(kept, target, 0).unsqueeze(1))
        target = torch.where(kept, target, -1000)
        return negative_log_likelihood(input=input, target=target, ignore_index=-1000, **rest)


for _gathers in (False, True):
    _also = ", by gather" if _gathers else ""
    _leaves_out(
        f"ignores -100 only{_also}",
        "You leave out targets of -100 whatever ignore_index is; compare with ignore_index.",
        lambda target, _: target != -100,
        _gathers,
    )
    _leaves_out(
        f"ignores all that is negative{_also}",
        "You take every negative target for ignored, and no other; compare with ignore_index.",
        lambda target, _: target >= 0,
        _gathers,
    )


_leaves_out(
    "ignores what is no class",
    "You leave out what is no class, and nothing else; a class may be the ignored one, too: "
    "compare with ignore_index.",
    lambda target, num_classes: (target >= 0) & (target < num_classes),
)
