"""The area under the curve of the true against the false positives: another number."""

import torch
from torch import Tensor

from torchproof.catalog.metrics.ranking import counted, share_of, with_zero
from torchproof.catalog.metrics.roc_auc import roc_auc


def _wins(scores: Tensor, target: Tensor) -> Tensor:
    """Compare each positive with each negative: 1 where it is higher, a half where equal."""
    positive, negative = scores[target == 1], scores[target == 0]
    higher = (positive[:, None] > negative).double()
    return higher + (positive[:, None] == negative).double() / 2


def _right(scores: Tensor, target: Tensor) -> float:
    wins = _wins(scores, target)
    return float(wins.sum()) / max(wins.numel(), 1)


@roc_auc.mistake(
    "pairs counted, not divided",
    "You return how many pairs are ranked right; divide by the number of pairs, positives times "
    "negatives.",
)
def _(scores: Tensor, target: Tensor) -> float:
    return float(_wins(scores, target).sum())


@roc_auc.mistake(
    "divided by all pairs",
    "You divide by N times N; only pairs of a positive and a negative count, and there are as many "
    "as positives times negatives.",
)
def _(scores: Tensor, target: Tensor) -> float:
    return float(_wins(scores, target).sum()) / len(scores) ** 2


@roc_auc.mistake(
    "ties left out",
    "You leave pairs of equal scores out altogether; they count half, and among the pairs you "
    "divide by.",
)
def _(scores: Tensor, target: Tensor) -> float:
    wins = _wins(scores, target)
    return float((wins == 1).sum()) / max(int((wins != 0.5).sum()), 1)


@roc_auc.mistake(
    "Gini coefficient",
    "You return twice the area minus 1, the Gini coefficient; return the area itself.",
)
def _(scores: Tensor, target: Tensor) -> float:
    wins = _wins(scores, target)
    return 2 * _right(scores, target) - 1 if wins.numel() else 0.0


@roc_auc.mistake(
    "at one threshold",
    "You turn the scores into 0 and 1 at a threshold first, here 0.5; rank by the scores "
    "themselves.",
)
def _(scores: Tensor, target: Tensor) -> float:
    return _right((scores >= 0.5).double(), target)


@roc_auc.mistake(
    "at threshold 0",
    "You turn the scores into 0 and 1 first, by their sign; rank by the scores themselves.",
)
def _(scores: Tensor, target: Tensor) -> float:
    return _right((scores >= 0).double(), target)


@roc_auc.mistake(
    "average precision",
    "You return the average precision, which sums precision over steps of recall; here the true "
    "positive rate is summed over the false positive rate.",
)
def _(scores: Tensor, target: Tensor) -> float:
    tp, fp, _ = counted(scores, target)
    return float((share_of(with_zero(tp), tp[-1]).diff() * tp / (tp + fp)).sum())


@roc_auc.mistake(
    "the mean of the true positive rate",
    "You average the true positive rate over the thresholds; each piece of the curve counts by how "
    "much the false positive rate rises.",
)
def _(scores: Tensor, target: Tensor) -> float:
    tp, _, _ = counted(scores, target)
    return float(share_of(with_zero(tp), tp[-1]).mean())


@roc_auc.mistake(
    "areas not halved",
    "You add the two heights of each piece of the curve but do not halve the sum, so that you get "
    "twice the area.",
)
def _(scores: Tensor, target: Tensor) -> float:
    return 2 * _right(scores, target)


@roc_auc.mistake(
    "ranks from 0",
    "You sum ranks that start from 0, as argsort gives them, but take away the smallest sum of "
    "ranks that start from 1; add 1 to each rank.",
)
def _(scores: Tensor, target: Tensor) -> float:
    wins = _wins(scores, target)
    return float(wins.sum() - len(wins)) / max(wins.numel(), 1)


@roc_auc.mistake(
    "the smallest sum of ranks kept",
    "You divide the sum of the positives' ranks, but some of it they have however low they rank; "
    "take n (n + 1) / 2 away first, where n is the number of positives.",
)
def _(scores: Tensor, target: Tensor) -> float:
    wins = _wins(scores, target)
    n = len(wins)
    return float(wins.sum() + n * (n + 1) / 2) / max(wins.numel(), 1)


@roc_auc.mistake(
    "target left unsorted",
    "You sort the scores but leave the target as it was, so each label belongs to another score; "
    "put it in the same order, by target[order].",
)
def _(scores: Tensor, target: Tensor) -> float:
    return _right(scores.sort(descending=True).values, target)


@roc_auc.mistake(
    "through the sigmoid",
    "You take the sigmoid of the scores first, which makes large ones equal; compare the scores "
    "as they are, whatever they mean.",
)
def _(scores: Tensor, target: Tensor) -> float:
    return _right(scores.sigmoid(), target)


@roc_auc.mistake(
    "in float32",
    "You turn the scores into float32, in which scores that differ little become equal; leave "
    "them in their dtype.",
)
def _(scores: Tensor, target: Tensor) -> float:
    return _right(scores.float(), target)


@roc_auc.mistake(
    "at even thresholds",
    "Your thresholds are evenly spaced from 0 to 1; take the scores themselves, which may lie "
    "anywhere, and of which several may lie between two of yours.",
)
def _(scores: Tensor, target: Tensor) -> float:
    thresholds = torch.linspace(1, 0, 101, dtype=scores.dtype, device=scores.device)
    above = (scores >= thresholds[:, None]).double()
    hits = target.double()
    tpr, fpr = share_of(above @ hits, hits.sum()), share_of(above @ (1 - hits), (1 - hits).sum())
    return float((fpr.diff() * (tpr[1:] + tpr[:-1]) / 2).sum())


@roc_auc.mistake(
    "sorted in place",
    "You sort the tensors you were given; sort copies, as scores.sort() makes one.",
)
def _(scores: Tensor, target: Tensor) -> float:
    area = _right(scores, target)
    ordered, order = scores.sort(descending=True)
    target.copy_(target[order])
    scores.copy_(ordered)
    return area


@roc_auc.mistake(
    "returns a tensor",
    "You return a tensor with one element; a Python float is asked for: .item() gives it.",
)
def _(scores: Tensor, target: Tensor) -> Tensor:
    wins = _wins(scores, target)
    return wins.sum() / max(wins.numel(), 1)


@roc_auc.mistake(
    "pair by pair",
    "You compare one positive after the other with the rest; compare all at once, as "
    "positive[:, None] > negative does.",
)
def _(scores: Tensor, target: Tensor) -> float:
    positive, negative = scores[target == 1], scores[target == 0]
    total = 0.0
    for score in positive:
        total += float((score > negative).sum() + (score == negative).sum() / 2)
    return total / max(len(positive) * len(negative), 1)
