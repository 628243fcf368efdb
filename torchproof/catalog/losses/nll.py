"""The negative log-likelihood of classes."""

# ruff: noqa: A002  # torch calls the predictions ``input``, and so do the learners' functions.

from collections.abc import Callable
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from torchproof.catalog.losses.inputs import class_extremes, draw_scores, with_ignored
from torchproof.catalog.losses.reductions import (
    REDUCTIONS,
    Weight,
    constant,
    divided,
    guarded,
    like,
    loss_exercise,
    misreduced,
    reduce,
)
from torchproof.checking.cases import FLOATS, Cases, Draw, shapes, values


@loss_exercise
def nll_loss(
    input: Tensor,
    target: Tensor,
    weight: Weight = None,
    ignore_index: int = -100,
    reduction: str = "mean",
) -> Tensor:
    """Return -weight[y]·input[n, y] of each position n with class y, reduced.

    input is (N, C) or (N, C, d1, ...), target has its shape without C, and weight is (C,). A
    target of ignore_index costs 0; the mean divides by the summed weights of all others.
    """
    return F.nll_loss(
        input, target, constant(weight), ignore_index=ignore_index, reduction=reduction
    )


@nll_loss.cases
def _(draw: Draw) -> Cases:
    single, double = FLOATS
    yield values(**draw_scores(draw, draw.size(6, 8), draw.size(3, 5)))
    yield values("ignored targets", **with_ignored(draw_scores(draw, 7, 3, dtype=double), -100))
    for reduction, dtype in zip(REDUCTIONS, (double, single, double), strict=True):
        weight = draw.uniform(4, low=0.2, high=2.0, dtype=dtype)
        given = draw_scores(draw, draw.size(5, 7), 4, dtype=dtype)
        yield values("weights", **given, weight=weight, reduction=reduction)
    weight = draw.uniform(4, low=0.2, high=2.0)
    images = with_ignored(draw_scores(draw, 3, 4, 2, 5), 255) | {"ignore_index": 255}
    for reduction in ("mean", "none"):
        note = "images, weights, ignored targets"
        yield values(note, **images, weight=weight, reduction=reduction)
    for dtype in FLOATS:
        yield shapes(**draw_scores(draw, 2, 5, dtype=dtype))
        yield shapes(**draw_scores(draw, 3, 2, 4, dtype=dtype), reduction="none")
        yield shapes(**draw_scores(draw, 2, 3, 5, 4, dtype=dtype), reduction="none")
    yield shapes("a batch of one", **draw_scores(draw, 1, 3), reduction="none")
    yield shapes("images of one row", **draw_scores(draw, 2, 3, 1, 4), reduction="none")
    given = with_ignored(draw_scores(draw, 6, 3), 1)
    options = {"weight": draw.uniform(3, low=0.2, high=2.0), "ignore_index": 1}
    yield values("a class that is ignored", **given, **options)
    yield from class_extremes(draw)


def picked(
    input: Tensor, target: Tensor, weight: Weight, ignore_index: int
) -> tuple[Tensor, Tensor]:
    """Return the loss and the weight of each position, both 0 where it is ignored.

    Args:
        input: logarithms of probabilities, (N, C, ...).
        target: a class for each position, (N, ...).
        weight: a weight for each class, (C,).
        ignore_index: the target that is ignored.
    """
    counted = target != ignore_index
    label = torch.where(counted, target, 0)
    weight = input.new_ones(input.shape[1]) if weight is None else weight
    weights = torch.where(counted, weight[label], 0)
    scores = input.gather(1, label.unsqueeze(1)).squeeze(1)
    return torch.where(counted, -weights * scores, 0), weights


def along_classes(weight: Weight, input: Tensor) -> Tensor:
    """Return the weights, or ones, in a shape that lines up with dim 1 of the input."""
    weight = input.new_ones(input.shape[1]) if weight is None else weight
    return weight.reshape(-1, *[1] * (input.dim() - 2))


@like(nll_loss)
def _nll(
    input: Tensor, target: Tensor, weight: Weight, ignore_index: int, reduction: str
) -> Tensor:
    losses, weights = picked(input, target, weight, ignore_index)
    return divided(losses, weights.sum(), reduction)


guarded(nll_loss, _nll)
misreduced(nll_loss, _nll, elementwise=False)


@nll_loss.mistake(
    "sign missing",
    "You leave out the minus; the loss is the negative of the score that is picked.",
)
@like(nll_loss)
def _(**rest: Any) -> Any:
    return -_nll(**rest)


@nll_loss.mistake(
    "weighted mean divided by N",
    "Your mean divides by the number of targets that count; divide by the sum of their weights.",
)
@like(nll_loss)
def _(target: Tensor, ignore_index: int, reduction: str, **rest: Any) -> Any:
    given = {"target": target, "ignore_index": ignore_index, **rest}
    if reduction == "mean":
        return _nll(reduction="sum", **given) / (target != ignore_index).sum()
    return _nll(reduction=reduction, **given)


@nll_loss.mistake(
    "mean over all targets",
    "Your mean divides by the number of all targets, ignored ones included; divide by the sum of "
    "the weights of those that count, which is their number where no weight is given.",
)
@like(nll_loss)
def _(reduction: str, **rest: Any) -> Any:
    return reduce(_nll(reduction="none", **rest), reduction)


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
    loss = _nll(reduction=reduction, **given)
    return loss[target != ignore_index] if reduction == "none" else loss


@nll_loss.mistake(
    "losses of 0 left out of the mean",
    "You take the mean of the losses that are not 0, to leave out those that are ignored; a loss "
    "that counts may be 0, too: divide by the sum of the weights that count.",
)
@like(nll_loss)
def _(reduction: str, weight: Weight, **rest: Any) -> Any:
    if reduction != "mean" or weight is not None:
        return _nll(reduction=reduction, weight=weight, **rest)
    losses = _nll(reduction="none", weight=weight, **rest)
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
    "A target of ignore_index is no class, and gather cannot look it up; put a class in its "
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
    "A target of ignore_index is no class, and an index cannot look it up; put a class in its "
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
    "A target of ignore_index is no class, and has no one-hot; put a class in its place first, "
    "and a 0 in the place of its loss.",
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
        return _nll(input=input, target=target, ignore_index=-1000, **rest)


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


@nll_loss.mistake(
    "weight ignored",
    "You leave out weight; each loss is multiplied by the weight of its target's class.",
)
@like(nll_loss)
def _(weight: Weight, **rest: Any) -> Any:
    return _nll(weight=None, **rest)


@nll_loss.mistake(
    "logarithm taken",
    "You take the logarithm of input, which holds logarithms already; pick from it as it is.",
)
@like(nll_loss)
def _(input: Tensor, **rest: Any) -> Any:
    return _nll(input=input.log(), **rest)


@nll_loss.mistake(
    "log-softmax taken",
    "You apply log_softmax to input, which cross_entropy does; here input holds logarithms "
    "already.",
)
@like(nll_loss)
def _(input: Tensor, **rest: Any) -> Any:
    return _nll(input=F.log_softmax(input, dim=1), **rest)


@nll_loss.mistake(
    "mean over the classes",
    "You multiply by one-hot targets and take the mean over all N·C products; add up over the "
    "classes, and average over the targets.",
)
@like(nll_loss)
def _(input: Tensor, reduction: str, **rest: Any) -> Any:
    loss = _nll(input=input, reduction=reduction, **rest)
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
        "1; and a target of ignore_index is no class, so put a class in its place first.",
    )
    @like(nll_loss)
    def _(input: Tensor, target: Tensor, weight: Weight, reduction: str) -> Tensor:
        scores = input[torch.arange(len(input)), target]
        weights = torch.ones_like(scores) if weight is None else weight[target]
        total = weights.sum() if weighted else scores.numel()
        return divided(-weights * scores, total, reduction)


for _weighted in (True, False):
    _matrices_only(_weighted)
