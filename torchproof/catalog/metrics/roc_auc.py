"""The area under the curve of the true against the false positives."""

import warnings

import torch
from torch import Tensor

from torchproof.catalog.metrics.ranking import (
    counted,
    ranking_cases,
    split,
    with_zero,
)
from torchproof.catalog.metrics.rules import GROUPS, LIBRARIES
from torchproof.checking.cases import Cases, Draw
from torchproof.checking.exercise import exercise


@exercise(groups=GROUPS, not_allowed=LIBRARIES)
def roc_auc(scores: Tensor, target: Tensor) -> float:
    """Return the probability that a positive has a higher score than a negative.

    The scores are finite numbers, shape (N,), N at least 1; the target is int64 of the same
    shape, 1 for positive and 0 for negative. Equal scores count half. Where there is one class
    only, it is 0, as torchmetrics has it; scikit-learn gives NaN or refuses.
    """
    from sklearn import metrics  # here, since it takes long

    if target.sum() in (0, len(target)):
        return 0.0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return float(metrics.roc_auc_score(target.cpu().numpy(), scores.cpu().numpy()))


@roc_auc.cases
def _(draw: Draw) -> Cases:
    yield from ranking_cases(draw)


def _area(tp: Tensor, fp: Tensor, heights: str = "mean", first: bool = True) -> float:
    """Return the area under a curve of counts, divided by that of the whole; 0 for one class.

    Args:
        tp: true positives at each threshold, from the highest to the lowest.
        fp: false positives.
        heights: which height of each piece counts: "mean", "left" or "right".
        first: whether the curve begins at (0, 0).
    """
    whole = (tp[-1] * fp[-1]).clamp(min=1)
    if first:
        tp, fp = with_zero(tp), with_zero(fp)
    left, right = tp[:-1], tp[1:]
    height = {"mean": (left + right) / 2, "left": left, "right": right}[heights]
    return float((fp.diff() * height).sum() / whole)


def _right(scores: Tensor, target: Tensor) -> float:
    return _area(*counted(scores, target)[:2])


def _pairs(scores: Tensor, target: Tensor) -> int:
    """Return how many pairs of a positive and a negative there are."""
    return int((target == 1).sum() * (target == 0).sum())


@roc_auc.mistake(
    "ties split",
    "Scores that are equal are taken one by one, in the order they happen to come; they pass a "
    "threshold together, so that a pair of them counts half.",
)
def _(scores: Tensor, target: Tensor) -> float:
    return _area(*split(scores, target)[:2])


@roc_auc.mistake(
    "ties split, the last first",
    "Scores that are equal are ranked one by one, in the order they happen to come, as ranks from "
    "argsort are; let them pass a threshold together, or give all of them the mean of their "
    "ranks, so that a pair of them counts half.",
)
def _(scores: Tensor, target: Tensor) -> float:
    return _area(*split(scores.flip(0), target.flip(0))[:2])


@roc_auc.mistake(
    "ties count 0",
    "A pair of equal scores counts nothing; it counts half: where positives and negatives tie, the "
    "curve rises on a slope, and what lies under the slope belongs to the area.",
)
def _(scores: Tensor, target: Tensor) -> float:
    return _area(*counted(scores, target)[:2], heights="left")


@roc_auc.mistake(
    "ties count 1",
    "A pair of equal scores counts in full; it counts half: where positives and negatives tie, the "
    "curve rises on a slope, and what lies above the slope is not under it.",
)
def _(scores: Tensor, target: Tensor) -> float:
    return _area(*counted(scores, target)[:2], heights="right")


@roc_auc.mistake(
    "without its (0, 0) point",
    "Your curve begins at the highest score; it begins at (0, 0), and the piece from there to the "
    "first score has an area, too, where positives and negatives tie for the highest.",
)
def _(scores: Tensor, target: Tensor) -> float:
    return _area(*counted(scores, target)[:2], first=False)


@roc_auc.mistake(
    "without its (1, 1) point",
    "Your curve ends before the lowest score has passed; it ends at (1, 1), and the last piece "
    "belongs to the area.",
)
def _(scores: Tensor, target: Tensor) -> float:
    tp, fp, _ = counted(scores, target)
    whole = float((tp[-1] * fp[-1]).clamp(min=1))
    tp, fp = with_zero(tp)[:-1], with_zero(fp)[:-1]
    return float((fp.diff() * (tp[1:] + tp[:-1]) / 2).sum()) / whole


@roc_auc.mistake(
    "the other way round",
    "You return 1 minus the area; a high score speaks for class 1, and the area is that under the "
    "true positive rate, with the false positive rate along the axis.",
)
def _(scores: Tensor, target: Tensor) -> float:
    return _right(-scores, target)


@roc_auc.mistake(
    "flipped to above one half",
    "You turn an area below 0.5 round, which hides that a model ranks worse than chance; return "
    "the area as it is.",
)
def _(scores: Tensor, target: Tensor) -> float:
    area = _right(scores, target)
    return max(area, 1 - area) if _pairs(scores, target) else 0.0


@roc_auc.mistake(
    "flipped to above one half, but for 0",
    "You turn an area below 0.5 round, unless it is 0, which hides that a model ranks worse than "
    "chance; return the area as it is.",
)
def _(scores: Tensor, target: Tensor) -> float:
    area = _right(scores, target)
    return max(area, 1 - area) if area else 0.0


@roc_auc.mistake(
    "sign of a falling axis",
    "Your area is negative, since your false positive rate falls along the curve; start at the "
    "highest threshold, so that it rises from 0 to 1.",
)
def _(scores: Tensor, target: Tensor) -> float:
    return -_right(scores, target)


@roc_auc.mistake(
    "0 / 0 as NaN",
    "Where the target holds one class only, you divide 0 by 0 and return NaN; return 0.",
)
def _(scores: Tensor, target: Tensor) -> float:
    return _right(scores, target) if _pairs(scores, target) else torch.nan


@roc_auc.mistake(
    "one class raises",
    "Where the target holds one class only, there is no pair to compare and your division by 0 "
    "raises an error; return 0.",
)
def _(scores: Tensor, target: Tensor) -> float:
    return _right(scores, target) * _pairs(scores, target) / _pairs(scores, target)


@roc_auc.mistake(
    "one half for one class",
    "Where the target holds one class only, you return 0.5, as for chance; return 0.",
)
def _(scores: Tensor, target: Tensor) -> float:
    return _right(scores, target) if _pairs(scores, target) else 0.5


@roc_auc.mistake(
    "one for one class",
    "Where the target holds one class only, you return 1; return 0.",
)
def _(scores: Tensor, target: Tensor) -> float:
    return _right(scores, target) if _pairs(scores, target) else 1.0


@roc_auc.mistake(
    "ties split, and 0 / 0 as NaN",
    "Two things: scores that are equal pass a threshold together and are not taken one by one; "
    "and where the target holds one class only, the area is 0 and not NaN.",
)
def _(scores: Tensor, target: Tensor) -> float:
    return _area(*split(scores, target)[:2]) if _pairs(scores, target) else torch.nan
