"""Average precision: another average, or of something else."""

import torch
from torch import Tensor

from torchproof.catalog.metrics.average_precision import average_precision
from torchproof.catalog.metrics.ranking import counted, share_of, with_zero


def _steps(scores: Tensor, target: Tensor) -> tuple[Tensor, Tensor]:
    """Return the steps of recall and the precision after each, from the highest threshold."""
    tp, fp, _ = counted(scores, target)
    return share_of(with_zero(tp), tp[-1]).diff(), tp / (tp + fp)


def _right(scores: Tensor, target: Tensor) -> float:
    steps, precision = _steps(scores, target)
    return float((steps * precision).sum())


@average_precision.mistake(
    "interpolated precision",
    "You replace each precision by the greatest at this or a lower threshold, as some contests "
    "do; take the precision as it is.",
)
def _(scores: Tensor, target: Tensor) -> float:
    steps, precision = _steps(scores, target)
    return float((steps * precision.flip(0).cummax(0).values.flip(0)).sum())


@average_precision.mistake(
    "at eleven recalls",
    "You average the precision at recalls of 0, 0.1, ... 1, as some contests did; sum it over all "
    "steps of recall.",
)
def _(scores: Tensor, target: Tensor) -> float:
    steps, precision = _steps(scores, target)
    wanted = torch.arange(11, dtype=torch.float64, device=steps.device)[:, None] / 10
    reached = steps.cumsum(0) >= wanted - 1e-9
    return float((reached * precision).amax(dim=1).mean())


@average_precision.mistake(
    "the mean over thresholds",
    "You average the precision over all thresholds alike; each counts by how much recall rises "
    "there, and not at all where it does not.",
)
def _(scores: Tensor, target: Tensor) -> float:
    return float(_steps(scores, target)[1].mean())


@average_precision.mistake(
    "the mean over thresholds with positives",
    "You average the precision over the thresholds at which positives come in; each counts by how "
    "many do, divided by all positives.",
)
def _(scores: Tensor, target: Tensor) -> float:
    steps, precision = _steps(scores, target)
    return float(precision[steps > 0].sum()) / max(int((steps > 0).sum()), 1)


@average_precision.mistake(
    "divided by N",
    "You divide by the number of all examples; the steps of recall are divided by the number of "
    "positives.",
)
def _(scores: Tensor, target: Tensor) -> float:
    return _right(scores, target) * float(target.double().mean())


@average_precision.mistake(
    "not divided",
    "You sum the precision over the positives found; divide by their number, as recall is.",
)
def _(scores: Tensor, target: Tensor) -> float:
    return _right(scores, target) * float(target.sum())


@average_precision.mistake(
    "the lowest first",
    "You go from the lowest score to the highest, so that low scores count as positive; begin at "
    "the highest.",
)
def _(scores: Tensor, target: Tensor) -> float:
    return _right(-scores, target)


@average_precision.mistake(
    "of class 0",
    "You take class 0 as the positive one; it is class 1.",
)
def _(scores: Tensor, target: Tensor) -> float:
    return _right(scores, 1 - target)


@average_precision.mistake(
    "both classes swapped",
    "You measure how well low scores find class 0; class 1 is the positive one, and high scores "
    "speak for it.",
)
def _(scores: Tensor, target: Tensor) -> float:
    return _right(-scores, 1 - target)


@average_precision.mistake(
    "> in place of >=",
    "You count what is above each threshold only; a score equal to it counts as positive, too.",
)
def _(scores: Tensor, target: Tensor) -> float:
    tp, fp, _ = counted(scores, target)
    whole, tp, fp = tp[-1], with_zero(tp)[:-1], with_zero(fp)[:-1]
    steps = share_of(with_zero(tp), whole).diff()
    return float((steps * share_of(tp, tp + fp)).sum())


@average_precision.mistake(
    "the steps of precision",
    "You sum recall over the steps of precision; sum precision over the steps of recall.",
)
def _(scores: Tensor, target: Tensor) -> float:
    steps, precision = _steps(scores, target)
    return float((steps.cumsum(0) * with_zero(precision).diff()).sum())


@average_precision.mistake(
    "recall summed over itself",
    "You weigh the steps of recall by recall; weigh each by the precision there, the share of "
    "positives among what is at or above the threshold.",
)
def _(scores: Tensor, target: Tensor) -> float:
    steps, _ = _steps(scores, target)
    return float((steps * steps.cumsum(0)).sum())


@average_precision.mistake(
    "precision not weighed by steps",
    "You multiply precision by recall itself; multiply it by the step of recall, the difference "
    "from the threshold before.",
)
def _(scores: Tensor, target: Tensor) -> float:
    steps, precision = _steps(scores, target)
    return float((steps.cumsum(0) * precision).sum())


@average_precision.mistake(
    "the sign of falling recall",
    "Your result is negative, since your recall falls from threshold to threshold; subtract the "
    "smaller recall from the greater one.",
)
def _(scores: Tensor, target: Tensor) -> float:
    return -_right(scores, target)


@average_precision.mistake(
    "area under the other curve",
    "You return the area under the curve of the true over the false positive rate; here it is "
    "precision that is summed, over the steps of recall.",
)
def _(scores: Tensor, target: Tensor) -> float:
    tp, fp, _ = counted(scores, target)
    tpr, fpr = share_of(with_zero(tp), tp[-1]), share_of(with_zero(fp), fp[-1])
    return float((fpr.diff() * (tpr[1:] + tpr[:-1]) / 2).sum())


@average_precision.mistake(
    "target left unsorted",
    "You sort the scores but leave the target as it was, so each label belongs to another score; "
    "put it in the same order, by target[order].",
)
def _(scores: Tensor, target: Tensor) -> float:
    return _right(scores.sort(descending=True).values, target)


@average_precision.mistake(
    "through the sigmoid",
    "You take the sigmoid of the scores first, which makes large ones equal; compare the scores "
    "as they are, whatever they mean.",
)
def _(scores: Tensor, target: Tensor) -> float:
    return _right(scores.sigmoid(), target)


@average_precision.mistake(
    "in float32",
    "You turn the scores into float32, in which scores that differ little become equal; leave "
    "them in their dtype.",
)
def _(scores: Tensor, target: Tensor) -> float:
    return _right(scores.float(), target)


@average_precision.mistake(
    "at even thresholds",
    "Your thresholds are evenly spaced from 0 to 1; take the scores themselves, which may lie "
    "anywhere, and of which several may lie between two of yours.",
)
def _(scores: Tensor, target: Tensor) -> float:
    thresholds = torch.linspace(1, 0, 101, dtype=scores.dtype, device=scores.device)
    above = (scores >= thresholds[:, None]).double()
    tp, fp = above @ target.double(), above @ (1 - target.double())
    steps = share_of(with_zero(tp), target.sum()).diff()
    return float((steps * share_of(tp, tp + fp)).sum())


@average_precision.mistake(
    "sorted in place",
    "You sort the tensors you were given; sort copies, as scores.sort() makes one.",
)
def _(scores: Tensor, target: Tensor) -> float:
    found = _right(scores, target)
    ordered, order = scores.sort(descending=True)
    target.copy_(target[order])
    scores.copy_(ordered)
    return found


@average_precision.mistake(
    "returns a tensor",
    "You return a tensor with one element; a Python float is asked for: .item() gives it.",
)
def _(scores: Tensor, target: Tensor) -> Tensor:
    steps, precision = _steps(scores, target)
    return (steps * precision).sum()


@average_precision.mistake(
    "threshold by threshold",
    "You count for one threshold after the other; sort the scores and let cumsum count for all, "
    "or compare with all thresholds at once, by thresholds[:, None].",
)
def _(scores: Tensor, target: Tensor) -> float:
    total, before, positives = 0.0, 0.0, max(float(target.sum()), 1)
    for threshold in counted(scores, target)[2].to(scores):
        above = target[scores >= threshold].double()
        recall = float(above.sum()) / positives
        total += (recall - before) * float(above.mean())
        before = recall
    return total
