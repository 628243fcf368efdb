"""The curve of the true against the false positives: other rates, other thresholds."""

import torch
from torch import Tensor

from torchproof.catalog.metrics.ranking import counted, share_of, with_zero
from torchproof.catalog.metrics.roc_curve import roc_curve

_Curve = tuple[Tensor, Tensor, Tensor]


def _counts(scores: Tensor, target: Tensor) -> _Curve:
    """Count with the point (0, 0) at infinity."""
    tp, fp, thresholds = counted(scores, target)
    thresholds = torch.cat([thresholds.new_full((1,), torch.inf), thresholds])
    return with_zero(tp), with_zero(fp), thresholds


def _right(scores: Tensor, target: Tensor, first: float = torch.inf) -> _Curve:
    tp, fp, thresholds = _counts(scores, target)
    thresholds[0] = first
    return share_of(fp, fp[-1]).to(scores), share_of(tp, tp[-1]).to(scores), thresholds.to(scores)


@roc_curve.mistake(
    "fpr and tpr swapped",
    "The two rates have changed places: the first is the share of the negatives, target 0, at or "
    "above the threshold, and the second that of the positives, target 1.",
)
def _(scores: Tensor, target: Tensor) -> _Curve:
    fpr, tpr, thresholds = _right(scores, target)
    return tpr, fpr, thresholds


@roc_curve.mistake(
    "> in place of >=",
    "You count what is above the threshold only; a score equal to it counts as positive too, so "
    "that the lowest threshold gives (1, 1).",
)
def _(scores: Tensor, target: Tensor) -> _Curve:
    fpr, tpr, thresholds = _right(scores, target)
    return (
        torch.cat([fpr[:1], fpr[:-1]]),
        torch.cat([tpr[:1], tpr[:-1]]),
        thresholds,
    )


@roc_curve.mistake(
    "divided by N",
    "You divide both counts by the number of all examples; divide the false positives by the "
    "negatives and the true ones by the positives.",
)
def _(scores: Tensor, target: Tensor) -> _Curve:
    tp, fp, thresholds = _counts(scores, target)
    return (fp / len(target)).to(scores), (tp / len(target)).to(scores), thresholds.to(scores)


@roc_curve.mistake(
    "not divided",
    "You return counts; divide the false positives by the number of negatives and the true ones "
    "by that of the positives.",
)
def _(scores: Tensor, target: Tensor) -> _Curve:
    tp, fp, thresholds = _counts(scores, target)
    return fp.to(scores), tp.to(scores), thresholds.to(scores)


@roc_curve.mistake(
    "divided by the other class",
    "Each count is divided by the size of the other class; false positives are negatives, so "
    "divide them by the number of negatives, and the true ones by that of the positives.",
)
def _(scores: Tensor, target: Tensor) -> _Curve:
    tp, fp, thresholds = _counts(scores, target)
    return share_of(fp, tp[-1]).to(scores), share_of(tp, fp[-1]).to(scores), thresholds.to(scores)


@roc_curve.mistake(
    "share of what is accepted",
    "You divide the false positives by all that is at or above the threshold; the false positive "
    "rate is their share of all negatives.",
)
def _(scores: Tensor, target: Tensor) -> _Curve:
    tp, fp, thresholds = _counts(scores, target)
    return share_of(fp, fp + tp).to(scores), share_of(tp, tp[-1]).to(scores), thresholds.to(scores)


@roc_curve.mistake(
    "precision in place of the true positive rate",
    "Your second part is the precision, TP / (TP + FP); the true positive rate is TP divided by "
    "the number of all positives.",
)
def _(scores: Tensor, target: Tensor) -> _Curve:
    tp, fp, thresholds = _counts(scores, target)
    return share_of(fp, fp[-1]).to(scores), share_of(tp, fp + tp).to(scores), thresholds.to(scores)


@roc_curve.mistake(
    "true negatives",
    "Your first part is the share of the negatives below the threshold; the false positive rate "
    "is the share of those at or above it, 1 minus that.",
)
def _(scores: Tensor, target: Tensor) -> _Curve:
    _, tpr, thresholds = _right(scores, target)
    _, fp, _ = _counts(scores, target)
    return share_of(fp[-1] - fp, fp[-1]).to(scores), tpr, thresholds


@roc_curve.mistake(
    "whole-number division",
    "You divide by //, which rounds every rate below 1 down to 0; divide by /.",
)
def _(scores: Tensor, target: Tensor) -> _Curve:
    fpr, tpr, thresholds = _right(scores, target)
    return fpr.floor(), tpr.floor(), thresholds


@roc_curve.mistake(
    "target left unsorted",
    "You sort the scores but leave the target as it was, so each label belongs to another score; "
    "put it in the same order, by target[order].",
)
def _(scores: Tensor, target: Tensor) -> _Curve:
    return _right(scores.sort(descending=True).values, target)


@roc_curve.mistake(
    "the first threshold 1 above",
    "Your first threshold is the highest score plus 1, as in older scikit-learn; it is infinity, "
    "for large scores do not change when 1 is added.",
)
def _(scores: Tensor, target: Tensor) -> _Curve:
    return _right(scores, target, float(scores.max()) + 1)


@roc_curve.mistake(
    "the first threshold 1",
    "Your first threshold is 1, which scores that are no probabilities may exceed; it is infinity.",
)
def _(scores: Tensor, target: Tensor) -> _Curve:
    return _right(scores, target, 1.0)


@roc_curve.mistake(
    "the highest score twice",
    "Your first threshold is the highest score, which that score reaches; at (0, 0) the threshold "
    "is infinity.",
)
def _(scores: Tensor, target: Tensor) -> _Curve:
    return _right(scores, target, float(scores.max()))


@roc_curve.mistake(
    "no threshold for (0, 0)",
    "Your rates begin with (0, 0) but your thresholds with the highest score; infinity comes "
    "first, so that there are as many thresholds as points.",
)
def _(scores: Tensor, target: Tensor) -> _Curve:
    fpr, tpr, thresholds = _right(scores, target)
    return fpr, tpr, thresholds[1:]


@roc_curve.mistake(
    "through the sigmoid",
    "You take the sigmoid of the scores first, which makes large ones equal; compare the scores "
    "as they are, whatever they mean.",
)
def _(scores: Tensor, target: Tensor) -> _Curve:
    return _right(scores.sigmoid(), target)


@roc_curve.mistake(
    "in float32",
    "You turn the scores into float32, in which scores that differ little become equal; leave "
    "them in their dtype.",
)
def _(scores: Tensor, target: Tensor) -> _Curve:
    return _right(scores.float(), target)


@roc_curve.mistake(
    "float64 for float32",
    "Your results are float64 for scores of float32; return all three in the dtype of the scores.",
)
def _(scores: Tensor, target: Tensor) -> _Curve:
    return _right(scores.double(), target)


@roc_curve.mistake(
    "rates in float32",
    "Your rates are float32 whatever the scores are, as a quotient of whole numbers is; return "
    "all three in the dtype of the scores.",
)
def _(scores: Tensor, target: Tensor) -> _Curve:
    fpr, tpr, thresholds = _right(scores, target)
    return fpr.float(), tpr.float(), thresholds


@roc_curve.mistake(
    "all three in float32",
    "All your results are float32 whatever the scores are; return them in the dtype of the scores.",
)
def _(scores: Tensor, target: Tensor) -> _Curve:
    fpr, tpr, thresholds = _right(scores, target)
    return fpr.float(), tpr.float(), thresholds.float()


@roc_curve.mistake(
    "sorted in place",
    "You sort the tensors you were given; sort copies, as scores.sort() makes one.",
)
def _(scores: Tensor, target: Tensor) -> _Curve:
    curve = _right(scores, target)
    ordered, order = scores.sort(descending=True)
    target.copy_(target[order])
    scores.copy_(ordered)
    return curve


@roc_curve.mistake(
    "threshold by threshold",
    "You count for one threshold after the other; sort the scores and let cumsum count for all, "
    "or compare with all thresholds at once, by thresholds[:, None].",
)
def _(scores: Tensor, target: Tensor) -> _Curve:
    fpr, tpr, thresholds = _right(scores, target)
    positive, negative = target.double(), 1 - target.double()
    for i, threshold in enumerate(thresholds):
        above = (scores >= threshold).double()
        tpr[i] = share_of((above * positive).sum(), positive.sum())
        fpr[i] = share_of((above * negative).sum(), negative.sum())
    return fpr, tpr, thresholds
