"""The negative log-likelihood of classes."""

# ruff: noqa: A002  # torch calls the predictions ``input``, and so do the learners' functions.

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
def negative_log_likelihood(
    input: Tensor, target: Tensor, weight: Weight, ignore_index: int, reduction: str
) -> Tensor:
    """Return the loss put together by hand, for mistakes to build on."""
    losses, weights = picked(input, target, weight, ignore_index)
    return divided(losses, weights.sum(), reduction)


guarded(nll_loss, negative_log_likelihood)


misreduced(nll_loss, negative_log_likelihood, elementwise=False)
