"""Precision, averaged over the positives found."""

import warnings

import torch
from torch import Tensor

from torchproof.catalog.metrics.ranking import (
    counted,
    ranking_cases,
    share_of,
    split,
    with_zero,
)
from torchproof.catalog.metrics.rules import GROUPS, LIBRARIES
from torchproof.checking.cases import Cases, Draw
from torchproof.checking.exercise import exercise


@exercise(groups=GROUPS, not_allowed=LIBRARIES)
def average_precision(scores: Tensor, target: Tensor) -> float:
    """Return the precision at each threshold, summed over the steps of recall.

    The scores are finite numbers, shape (N,), N at least 1; the target is int64 of the same
    shape, 1 for positive and 0 for negative. The thresholds are the different scores, from high
    to low; what is at or above one counts as positive. Where there is no positive, it is 0.
    """
    from sklearn import metrics  # here, since it takes long

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        truth, given = target.cpu().numpy(), scores.cpu().numpy()
        return float(metrics.average_precision_score(truth, given, pos_label=1))


@average_precision.cases
def _(draw: Draw) -> Cases:
    yield from ranking_cases(draw)


def _sum(tp: Tensor, fp: Tensor) -> float:
    """Sum precision over the steps of recall, from counts at falling thresholds."""
    steps = share_of(with_zero(tp), tp[-1]).diff()
    return float((steps * tp / (tp + fp)).sum())


def _points(scores: Tensor, target: Tensor) -> tuple[Tensor, Tensor]:
    """Return recall and precision at each threshold, from the highest to the lowest."""
    tp, fp, _ = counted(scores, target)
    return share_of(tp, tp[-1]), tp / (tp + fp)


def _right(scores: Tensor, target: Tensor) -> float:
    return _sum(*counted(scores, target)[:2])


def _over(recall: Tensor, heights: Tensor) -> float:
    """Sum heights over the steps of recall, from 0."""
    return float((with_zero(recall).diff() * heights).sum())


@average_precision.mistake(
    "ties split",
    "Scores that are equal are taken one by one, in the order they happen to come; they pass a "
    "threshold together, and the precision is that after all of them.",
)
def _(scores: Tensor, target: Tensor) -> float:
    return _sum(*split(scores, target)[:2])


@average_precision.mistake(
    "ties split, the last first",
    "Scores that are equal are taken one by one, from the last to the first; they pass a "
    "threshold together, and the precision is that after all of them.",
)
def _(scores: Tensor, target: Tensor) -> float:
    return _sum(*split(scores.flip(0), target.flip(0))[:2])


@average_precision.mistake(
    "positives first among ties",
    "Of equal scores you take the positives first, which flatters the ranking; equal scores pass "
    "a threshold together, and the precision is that after all of them.",
)
def _(scores: Tensor, target: Tensor) -> float:
    order = target.argsort(descending=True, stable=True)
    return _sum(*split(scores[order], target[order])[:2])


@average_precision.mistake(
    "trapezoids, from precision 1",
    "You take trapezoids under the curve of precision over recall; between two points precision "
    "does not follow the straight line, so count each step of recall by the precision at its end.",
)
def _(scores: Tensor, target: Tensor) -> float:
    recall, precision = _points(scores, target)
    before = torch.cat([precision.new_ones(1), precision[:-1]])
    return _over(recall, (precision + before) / 2)


@average_precision.mistake(
    "trapezoids, from the first point",
    "You take trapezoids under the curve of precision over recall, from its first point on; each "
    "step of recall, the first one from 0 too, counts by the precision at its end.",
)
def _(scores: Tensor, target: Tensor) -> float:
    recall, precision = _points(scores, target)
    return float((recall.diff() * (precision[1:] + precision[:-1]) / 2).sum())


@average_precision.mistake(
    "trapezoids, from precision 0",
    "You take trapezoids under a curve of precision over recall that begins at (0, 0); each step "
    "of recall counts by the precision at its end, with no trapezoids.",
)
def _(scores: Tensor, target: Tensor) -> float:
    recall, precision = _points(scores, target)
    return _over(recall, (precision + with_zero(precision)[:-1]) / 2)


@average_precision.mistake(
    "trapezoids, level at first",
    "You take trapezoids under the curve of precision over recall; each step of recall counts by "
    "the precision at its end, not by the mean of two.",
)
def _(scores: Tensor, target: Tensor) -> float:
    recall, precision = _points(scores, target)
    before = torch.cat([precision[:1], precision[:-1]])
    return _over(recall, (precision + before) / 2)


@average_precision.mistake(
    "precision before the step",
    "You count each step of recall by the precision before it, with 1 for the first; take the "
    "precision at the threshold that makes the step.",
)
def _(scores: Tensor, target: Tensor) -> float:
    recall, precision = _points(scores, target)
    return _over(recall, torch.cat([precision.new_ones(1), precision[:-1]]))


@average_precision.mistake(
    "precision one threshold early",
    "You count each step of recall by the precision before it; take the precision at the "
    "threshold that makes the step, and let the first step begin at recall 0.",
)
def _(scores: Tensor, target: Tensor) -> float:
    recall, precision = _points(scores, target)
    return float((recall.diff() * precision[:-1]).sum())


@average_precision.mistake(
    "without the first step",
    "The first step of recall is missing, that from 0 to the recall at the highest score; put a 0 "
    "before the recalls.",
)
def _(scores: Tensor, target: Tensor) -> float:
    recall, precision = _points(scores, target)
    return float((recall.diff() * precision[1:]).sum())


@average_precision.mistake(
    "0 / 0 as NaN",
    "Where there is no positive, recall is 0 / 0 and you return NaN; return 0.",
)
def _(scores: Tensor, target: Tensor) -> float:
    return _right(scores, target) if target.any() else torch.nan


@average_precision.mistake(
    "no positive raises",
    "Where there is no positive, your division by 0 raises an error; return 0.",
)
def _(scores: Tensor, target: Tensor) -> float:
    return _right(scores, target) * int(target.sum()) / int(target.sum())


@average_precision.mistake(
    "one without positives",
    "Where there is no positive, you return 1; return 0.",
)
def _(scores: Tensor, target: Tensor) -> float:
    return _right(scores, target) if target.any() else 1.0


@average_precision.mistake(
    "ties split, and 0 / 0 as NaN",
    "Two things: scores that are equal pass a threshold together, and the precision is that after "
    "all of them; and where there is no positive, the result is 0 and not NaN.",
)
def _(scores: Tensor, target: Tensor) -> float:
    return _sum(*split(scores, target)[:2]) if target.any() else torch.nan
