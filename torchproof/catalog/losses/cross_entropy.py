"""The cross-entropy of logits, with classes or probabilities as targets."""

# ruff: noqa: A002  # torch calls the predictions ``input``, and so do the learners' functions.

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

from torchproof.catalog.losses.inputs import (
    class_extremes,
    draw_distributions,
    draw_scores,
    with_ignored,
)
from torchproof.catalog.losses.nll import along_classes, picked
from torchproof.catalog.losses.reductions import (
    Weight,
    constant,
    divided,
    guarded,
    loss_exercise,
    misreduced,
    reduce,
)
from torchproof.checking.cases import FLOATS, Cases, Draw, extremes, gradients, shapes, values


@loss_exercise
def cross_entropy(
    input: Tensor,
    target: Tensor,
    weight: Weight = None,
    ignore_index: int = -100,
    reduction: str = "mean",
    label_smoothing: float = 0.0,
) -> Tensor:
    """Return -Σ_c weight[c]·q[c]·log softmax(input)[c] of each position, reduced.

    input holds logits, (N, C) or (N, C, d1, ...). target holds classes, without the dimension C,
    or probabilities, in the shape of input; q is the target, as one-hot where it is a class,
    mixed with label_smoothing of the even distribution. A class of ignore_index costs 0. The
    mean divides by the summed weights of the classes, or by the number of positions where
    targets are probabilities, for which ignore_index means nothing.
    """
    # torch refuses an ignore_index that is a class where targets are probabilities.
    return F.cross_entropy(
        input,
        target,
        constant(weight),
        ignore_index=-100 if target.is_floating_point() else ignore_index,
        reduction=reduction,
        label_smoothing=label_smoothing,
    )


@cross_entropy.cases
def _(draw: Draw) -> Cases:
    _, double = FLOATS
    yield values(**draw_scores(draw, draw.size(6, 8), draw.size(3, 5)))
    yield values("probabilities", **_beliefs(draw, draw.size(6, 8), draw.size(3, 5), dtype=double))
    weight = draw.uniform(4, low=0.2, high=2.0)
    given = with_ignored(draw_scores(draw, 7, 4), -100)
    yield values("weights, ignored targets", **given, weight=weight)
    smooth = {"weight": weight, "label_smoothing": draw.number(0.1, 0.4)}
    yield values("weights, smoothing", **draw_scores(draw, 5, 4), **smooth, reduction="sum")
    yield values("probabilities, weights, smoothing", **_beliefs(draw, 6, 4), **smooth)
    smooth["weight"] = weight.double()
    images = with_ignored(draw_scores(draw, 3, 4, 2, 5, dtype=double), 1) | {"ignore_index": 1}
    for reduction in ("mean", "none"):
        note = "images, weights, ignored targets, smoothing"
        yield values(note, **images, **smooth, reduction=reduction)
    for reduction in ("sum", "none"):
        beliefs = _beliefs(draw, 3, 4, 5, dtype=double)
        note = "sequences of probabilities, weights, smoothing"
        yield values(note, **beliefs, **smooth, reduction=reduction)
    for dtype in FLOATS:
        yield shapes(**draw_scores(draw, 2, 5, dtype=dtype))
        yield shapes(**draw_scores(draw, 2, 3, 5, 4, dtype=dtype), reduction="none")
        yield shapes(**_beliefs(draw, 3, 2, 4, dtype=dtype))
    yield shapes("a batch of one", **draw_scores(draw, 1, 3), reduction="none")
    yield shapes("images of one row", **draw_scores(draw, 2, 3, 1, 4), reduction="none")
    far = torch.tensor([[1000.0, 0.0, -1000.0], [0.0, -1000.0, 1.0], [1000.0, 1001.0, 1002.0]])
    classes, chances = torch.tensor([1, 1, 0]), draw_distributions(draw, 3, 3)
    yield gradients("logits far apart", input=far, target=classes, reduction="none")
    yield gradients("logits far apart, probabilities", input=far, target=chances)
    yield extremes("logits far apart", input=far, target=classes, reduction="none")
    yield extremes("logits far apart, probabilities", input=far, target=chances)
    yield extremes("as many examples as classes", **draw_scores(draw, 4, 4))
    certain = draw_scores(draw, 3, 4) | {"target": torch.eye(4)[[2, 0, 3]]}
    yield extremes("one-hot probabilities", **certain, weight=weight)
    beliefs = {"input": 2 * draw.normal(3, 4), "target": torch.eye(4)[[1, 0, 3]]}
    note = "one-hot probabilities, ignore_index 1"
    yield extremes(note, **beliefs, ignore_index=1, reduction="none")
    yield extremes("smoothing 1", **draw_scores(draw, 3, 4), label_smoothing=1.0)
    nothing = draw_scores(draw, 3, 4) | {"target": torch.full((3,), -100)}
    yield extremes("all targets ignored, smoothing", **nothing, label_smoothing=0.2)
    yield extremes("an empty batch of probabilities", **_beliefs(draw, 0, 3))
    yield from class_extremes(draw)


def _beliefs(
    draw: Draw, n: int, c: int, *places: int, dtype: torch.dtype = torch.float32
) -> dict[str, Tensor]:
    """Return logits and class probabilities, both (N, C, ...)."""
    chances = draw_distributions(draw, n, *places, c, dtype=dtype)
    return {
        "input": 2 * draw.normal(n, c, *places, dtype=dtype),
        "target": chances.movedim(-1, 1).contiguous(),
    }


def log_probabilities(input: Tensor) -> Tensor:
    """Return the logarithm of the softmax over the classes."""
    return F.log_softmax(input, dim=1)


def ce(
    input: Tensor,
    target: Tensor,
    weight: Weight = None,
    ignore_index: int = -100,
    reduction: str = "mean",
    label_smoothing: float = 0.0,
    log_softmax: Callable[[Tensor], Tensor] = log_probabilities,
) -> Tensor:
    """Return the loss put together by hand, for mistakes to build on."""
    log_p = log_softmax(input)
    surprises = -log_p * along_classes(weight, input)
    if target.dim() == input.dim():
        chances = (1 - label_smoothing) * target + label_smoothing / input.shape[1]
        return reduce((surprises * chances).sum(1), reduction)
    losses, weights = picked(log_p, target, weight, ignore_index)
    if label_smoothing:
        even = torch.where(target == ignore_index, 0, surprises.mean(1))
        losses = (1 - label_smoothing) * losses + label_smoothing * even
    return divided(losses, weights.sum(), reduction)


guarded(cross_entropy, ce)


misreduced(cross_entropy, ce, elementwise=False)
