"""The cross-entropy of logits, with classes or probabilities as targets."""

# ruff: noqa: A002  # torch calls the predictions ``input``, and so do the learners' functions.

from collections.abc import Callable
from typing import Any

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
    like,
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


def _log_softmax(input: Tensor) -> Tensor:
    return F.log_softmax(input, dim=1)


def _ce(
    input: Tensor,
    target: Tensor,
    weight: Weight = None,
    ignore_index: int = -100,
    reduction: str = "mean",
    label_smoothing: float = 0.0,
    log_softmax: Callable[[Tensor], Tensor] = _log_softmax,
) -> Tensor:
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


guarded(cross_entropy, _ce)
misreduced(cross_entropy, _ce, elementwise=False)


@cross_entropy.mistake(
    "softmax applied twice",
    "You apply a softmax before log_softmax, which holds one already; give it the logits.",
)
@like(cross_entropy)
def _(**rest: Any) -> Any:
    return _ce(**rest, log_softmax=lambda x: _log_softmax(x.softmax(1)))


@cross_entropy.mistake(
    "log of an underflowed softmax",
    "Far below the largest logit the softmax underflows to 0, and its logarithm is minus "
    "infinity; use torch.log_softmax.",
)
@like(cross_entropy)
def _(**rest: Any) -> Any:
    return _ce(**rest, log_softmax=lambda x: x.softmax(1).log())


@cross_entropy.mistake(
    "a constant in the logarithm",
    "The constant you add to the softmax keeps its logarithm finite but wrong; use "
    "torch.log_softmax, which needs none.",
)
@like(cross_entropy)
def _(**rest: Any) -> Any:
    return _ce(**rest, log_softmax=lambda x: (x.softmax(1) + 1e-8).log())


@cross_entropy.mistake(
    "exp overflows",
    "exp overflows for large logits; use torch.log_softmax, or subtract the largest logit first.",
)
@like(cross_entropy)
def _(**rest: Any) -> Any:
    return _ce(**rest, log_softmax=lambda x: x - x.exp().sum(1, keepdim=True).log())


@cross_entropy.mistake(
    "softmax without the logarithm",
    "You pick from the probabilities; it is their logarithms, log_softmax, that are asked.",
)
@like(cross_entropy)
def _(**rest: Any) -> Any:
    return _ce(**rest, log_softmax=lambda x: x.softmax(1))


@cross_entropy.mistake(
    "logits taken for logarithms",
    "You pick from the logits as they are; log_softmax makes logarithms of probabilities of them.",
)
@like(cross_entropy)
def _(**rest: Any) -> Any:
    return _ce(**rest, log_softmax=lambda x: x)


@cross_entropy.mistake(
    "softmax over the last dimension",
    "Your softmax runs over the last dimension, which is right for (N, C) only; the classes lie "
    "along dim=1.",
)
@like(cross_entropy)
def _(**rest: Any) -> Any:
    return _ce(**rest, log_softmax=lambda x: x.log_softmax(-1))


@cross_entropy.mistake(
    "softmax over the first dimension",
    "Your softmax runs over dim 0, the examples of the batch; the classes lie along dim=1.",
)
@like(cross_entropy)
def _(**rest: Any) -> Any:
    return _ce(**rest, log_softmax=lambda x: x.log_softmax(0))


@cross_entropy.mistake(
    "sign missing",
    "You leave out the minus; logarithms of probabilities are negative, the loss is not.",
)
@like(cross_entropy)
def _(**rest: Any) -> Any:
    return -_ce(**rest)


@cross_entropy.mistake(
    "mean over the classes",
    "You take the mean over all N·C products; add up over the classes, and average over the "
    "positions.",
)
@like(cross_entropy)
def _(input: Tensor, reduction: str, **rest: Any) -> Any:
    loss = _ce(input, reduction=reduction, **rest)
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
        return _ce(reduction="sum", **given) / (target != ignore_index).sum()
    return _ce(reduction=reduction, **given)


@cross_entropy.mistake(
    "mean over all targets",
    "Your mean divides by the number of all targets, ignored ones included; for classes, divide "
    "by the sum of the weights of those that count.",
)
@like(cross_entropy)
def _(reduction: str, **rest: Any) -> Any:
    return reduce(_ce(reduction="none", **rest), reduction)


@cross_entropy.mistake(
    "ignored targets still counted",
    "Ignored targets still count in the mean: their weight is among those you divide by; leave "
    "it out of the sum.",
)
@like(cross_entropy)
def _(input: Tensor, target: Tensor, weight: Weight, ignore_index: int, **rest: Any) -> Any:
    loss = _ce(input, target, weight, ignore_index, **rest)
    if rest["reduction"] != "mean" or target.dim() == input.dim():
        return loss
    _, weights = picked(input, target, weight, ignore_index)
    weight = input.new_ones(input.shape[1]) if weight is None else weight
    all_weights = weight[torch.where(target == ignore_index, 0, target)]
    return loss * weights.sum() / all_weights.sum()


@cross_entropy.mistake(
    "ignore_index not handled",
    "A target of ignore_index is no class, and cannot be looked up; put a class in its place "
    "first, and a 0 in the place of its loss.",
)
@like(cross_entropy)
def _(input: Tensor, target: Tensor, ignore_index: int, **rest: Any) -> Any:
    if target.dim() < input.dim():
        _log_softmax(input).gather(1, target.unsqueeze(1))
    return _ce(input, target, ignore_index=-1000, **rest)


@cross_entropy.mistake(
    "probabilities divided by weights",
    "Where targets are probabilities you divide by summed weights; the mean divides by the "
    "number of positions there.",
)
@like(cross_entropy)
def _(input: Tensor, target: Tensor, weight: Weight, **rest: Any) -> Any:
    loss = _ce(input, target, weight, **rest)
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
        return _ce(input, target, reduction=reduction, **rest)
    return _ce(input, target, reduction="sum", **rest) / len(input)


@cross_entropy.mistake(
    "divided by the length",
    "Your mean divides by the length of the batch; for classes, divide by the sum of the weights "
    "of those that count, for probabilities by the number of positions.",
)
@like(cross_entropy)
def _(input: Tensor, target: Tensor, reduction: str, **rest: Any) -> Any:
    if reduction != "mean":
        return _ce(input, target, reduction=reduction, **rest)
    losses = _ce(input, target, reduction="none", **rest)
    return losses.sum() / max(len(input), 1) if len(input) else losses.mean()


@cross_entropy.mistake(
    "rows of ignore_index left out of probabilities",
    "Where targets are probabilities you leave out the rows whose most probable class is "
    "ignore_index; it means nothing there.",
)
@like(cross_entropy)
def _(input: Tensor, target: Tensor, ignore_index: int, reduction: str, **rest: Any) -> Any:
    if target.dim() < input.dim():
        return _ce(input, target, ignore_index=ignore_index, reduction=reduction, **rest)
    losses = _ce(input, target, reduction="none", **rest)
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
    return _ce(input, target, ignore_index=ignore_index, **rest)


@cross_entropy.mistake(
    "probabilities rounded to classes",
    "You take the most probable class for the target; where targets are probabilities, each "
    "class counts with its own.",
)
@like(cross_entropy)
def _(input: Tensor, target: Tensor, **rest: Any) -> Any:
    return _ce(input, target.argmax(1) if target.dim() == input.dim() else target, **rest)


@cross_entropy.mistake(
    "classes only, by gather",
    "gather needs whole numbers, and target may hold probabilities, in the shape of input; ask "
    "which it is, and add up -q·log p over the classes there.",
)
@like(cross_entropy)
def _(input: Tensor, target: Tensor, **rest: Any) -> Any:
    if target.is_floating_point():
        _log_softmax(input).gather(1, target.unsqueeze(1))
    return _ce(input, target, **rest)


@cross_entropy.mistake(
    "classes only, by an index",
    "An index needs whole numbers, and target may hold probabilities, in the shape of input; ask "
    "which it is, and add up -q·log p over the classes there.",
)
@like(cross_entropy)
def _(input: Tensor, target: Tensor, **rest: Any) -> Any:
    if target.is_floating_point():
        _log_softmax(input)[torch.arange(len(input)), target]
    return _ce(input, target, **rest)


@cross_entropy.mistake(
    "weight ignored",
    "You leave out weight; the term of each class is multiplied by its weight.",
)
@like(cross_entropy)
def _(weight: Weight, **rest: Any) -> Any:
    return _ce(weight=None, **rest)


@cross_entropy.mistake(
    "weight ignored for probabilities",
    "Where targets are probabilities you leave out weight; the term of each class is multiplied "
    "by its weight there too.",
)
@like(cross_entropy)
def _(input: Tensor, target: Tensor, weight: Weight, **rest: Any) -> Any:
    return _ce(input, target, None if target.dim() == input.dim() else weight, **rest)


@cross_entropy.mistake(
    "smoothing ignored",
    "You leave out label_smoothing; mix that share of the even distribution into the targets.",
)
@like(cross_entropy)
def _(label_smoothing: float, **rest: Any) -> Any:
    return _ce(**rest)


@cross_entropy.mistake(
    "smoothing ignored for probabilities",
    "Where targets are probabilities you leave out label_smoothing; mix that share of the even "
    "distribution into them too.",
)
@like(cross_entropy)
def _(input: Tensor, target: Tensor, label_smoothing: float, **rest: Any) -> Any:
    smoothing = 0 if target.dim() == input.dim() else label_smoothing
    return _ce(input, target, label_smoothing=smoothing, **rest)


def _mixed(mix: Callable[[Tensor, float, int], Tensor]) -> Callable[..., Tensor]:
    """Make a cross-entropy whose targets, as probabilities, are mixed another way.

    Args:
        mix: takes probabilities, the smoothing and the number of classes.
    """

    @like(cross_entropy)
    def candidate(input: Tensor, target: Tensor, label_smoothing: float, **rest: Any) -> Any:
        if not label_smoothing:
            return _ce(input, target, **rest)
        num_classes, ignored = input.shape[1], target == rest["ignore_index"]
        if target.dim() == input.dim():
            return _ce(input, mix(target, label_smoothing, num_classes), **rest)
        one_hot = F.one_hot(torch.where(ignored, 0, target), num_classes).movedim(-1, 1)
        chances = mix(one_hot.to(input.dtype), label_smoothing, num_classes)
        losses = _ce(input, chances, rest["weight"], reduction="none")
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
    return _ce(input, label_smoothing=smoothing, **rest)


@cross_entropy.mistake(
    "smoothing without weight",
    "Your smoothed part leaves out weight; there, too, the term of each class is multiplied by "
    "its own.",
)
@like(cross_entropy)
def _(input: Tensor, target: Tensor, weight: Weight, ignore_index: int, **rest: Any) -> Any:
    smoothing, reduction = rest["label_smoothing"], rest["reduction"]
    if not smoothing or target.dim() == input.dim():
        return _ce(input, target, weight, ignore_index, **rest)
    losses, weights = picked(_log_softmax(input), target, weight, ignore_index)
    even = torch.where(target == ignore_index, 0, -_log_softmax(input).mean(1))
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
        return _ce(input, target, weight, ignore_index, **rest)
    losses, weights = picked(_log_softmax(input), target, weight, ignore_index)
    losses = (1 - smoothing) * losses - smoothing * weights * _log_softmax(input).mean(1)
    return divided(losses, weights.sum(), reduction)


@cross_entropy.mistake(
    "ignored targets smoothed",
    "An ignored target still costs its smoothed part; its loss is 0 as a whole.",
)
@like(cross_entropy)
def _(input: Tensor, target: Tensor, weight: Weight, ignore_index: int, **rest: Any) -> Any:
    smoothing, reduction = rest["label_smoothing"], rest["reduction"]
    if not smoothing or target.dim() == input.dim():
        return _ce(input, target, weight, ignore_index, **rest)
    losses, weights = picked(_log_softmax(input), target, weight, ignore_index)
    surprises = -_log_softmax(input) * along_classes(weight, input)
    losses = (1 - smoothing) * losses + smoothing * surprises.mean(1)
    return divided(losses, weights.sum(), reduction)


def _by_one_hot(input: Tensor, target: Tensor, **rest: Any) -> Tensor:
    """Return the loss of each position, with classes made probabilities."""
    one_hot = F.one_hot(target, input.shape[1]).movedim(-1, 1).to(input.dtype)
    return _ce(input, one_hot, reduction="none", **rest)


@cross_entropy.mistake(
    "one-hot times infinity",
    "You multiply by one-hot targets, and 0 times minus infinity is NaN; pick the target's "
    "logarithm by gather, or choose by torch.where.",
)
@like(cross_entropy)
def _(input: Tensor, target: Tensor, ignore_index: int, reduction: str, **rest: Any) -> Any:
    if target.dim() == input.dim():
        return _ce(input, target, reduction=reduction, **rest)
    ignored = target == ignore_index
    _, weights = picked(input, target, rest["weight"], ignore_index)
    losses = _by_one_hot(input, torch.where(ignored, 0, target), **rest)
    return divided(torch.where(ignored, 0, losses), weights.sum(), reduction)


def _one_hot_of_ignored(weighted: bool) -> None:
    name = "ignore_index not handled, by one-hot" + ("" if weighted else ", divided by N")

    @cross_entropy.mistake(
        name,
        "A target of ignore_index is no class, and has no one-hot; put a class in its place "
        "first, and a 0 in the place of its loss; and 0 times minus infinity is NaN, so choose by "
        "torch.where in place of multiplying.",
    )
    @like(cross_entropy)
    def _(input: Tensor, target: Tensor, weight: Weight, reduction: str, **rest: Any) -> Any:
        smoothing = rest["label_smoothing"]
        if target.dim() == input.dim():
            return _ce(input, target, weight, reduction=reduction, label_smoothing=smoothing)
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
    loss = _ce(input, target.clone(), ignore_index=ignore_index, **rest)
    if target.dim() < input.dim():
        target[target == ignore_index] = 0
    return loss
