"""The curve of the true against the false positives: points too many, too few or elsewhere."""

import torch
from torch import Tensor

from torchproof.catalog.metrics.ranking import counted, share_of, split, with_zero
from torchproof.catalog.metrics.roc_curve import roc_curve

_Curve = tuple[Tensor, Tensor, Tensor]


def _curve(
    scores: Tensor, counts: _Curve, first: float | None = torch.inf, safe: bool = True
) -> _Curve:
    """Make a curve of true and false positives and thresholds.

    Args:
        scores: for their dtype.
        counts: true positives, false positives and thresholds.
        first: the threshold of the point (0, 0); None leaves the point out.
        safe: whether 0 / 0 is 0.
    """
    tp, fp, thresholds = counts
    if first is not None:
        tp, fp = with_zero(tp), with_zero(fp)
        thresholds = torch.cat([thresholds.new_full((1,), first), thresholds])
    rates = (share_of(fp, fp[-1]), share_of(tp, tp[-1])) if safe else (fp / fp[-1], tp / tp[-1])
    return rates[0].to(scores), rates[1].to(scores), thresholds.to(scores)


def _right(scores: Tensor, target: Tensor) -> _Curve:
    return _curve(scores, counted(scores, target))


@roc_curve.mistake(
    "ties split",
    "You have a point for every score; scores that are equal pass a threshold together, so they "
    "make one point.",
)
def _(scores: Tensor, target: Tensor) -> _Curve:
    return _curve(scores, split(scores, target))


@roc_curve.mistake(
    "without its (0, 0) point",
    "Your curve begins at the highest score; put the threshold infinity before it, which nothing "
    "reaches, so that the curve starts at (0, 0).",
)
def _(scores: Tensor, target: Tensor) -> _Curve:
    return _curve(scores, counted(scores, target), None)


@roc_curve.mistake(
    "0 / 0 as NaN",
    "Where the target holds one class only, one of your rates is 0 / 0, which is NaN; make it 0.",
)
def _(scores: Tensor, target: Tensor) -> _Curve:
    return _curve(scores, counted(scores, target), safe=False)


@roc_curve.mistake(
    "ties split, without its (0, 0) point",
    "Two things: scores that are equal make one point together; and the threshold infinity, which "
    "nothing reaches, comes first, so that the curve starts at (0, 0).",
)
def _(scores: Tensor, target: Tensor) -> _Curve:
    return _curve(scores, split(scores, target), None)


@roc_curve.mistake(
    "ties split, and 0 / 0 as NaN",
    "Two things: scores that are equal make one point together; and a rate of no examples is 0, "
    "where 0 / 0 gives NaN.",
)
def _(scores: Tensor, target: Tensor) -> _Curve:
    return _curve(scores, split(scores, target), safe=False)


@roc_curve.mistake(
    "without its (0, 0) point, and 0 / 0 as NaN",
    "Two things: the threshold infinity, which nothing reaches, comes first, so that the curve "
    "starts at (0, 0); and a rate of no examples is 0, where 0 / 0 gives NaN.",
)
def _(scores: Tensor, target: Tensor) -> _Curve:
    return _curve(scores, counted(scores, target), None, safe=False)


@roc_curve.mistake(
    "sorted and added up, no more",
    "Three things: scores that are equal make one point together; the threshold infinity comes "
    "first, so that the curve starts at (0, 0); and a rate of no examples is 0 and not NaN.",
)
def _(scores: Tensor, target: Tensor) -> _Curve:
    return _curve(scores, split(scores, target), None, safe=False)


@roc_curve.mistake(
    "a point (1, 1) too many",
    "You add the point (1, 1) at the end; the lowest score as threshold gives it already.",
)
def _(scores: Tensor, target: Tensor) -> _Curve:
    fpr, tpr, thresholds = _right(scores, target)
    lowest = thresholds.new_tensor([-torch.inf])
    return torch.cat([fpr, fpr[-1:]]), torch.cat([tpr, tpr[-1:]]), torch.cat([thresholds, lowest])


@roc_curve.mistake(
    "the lowest first",
    "Your curve runs from the lowest threshold to the highest; begin at infinity, with (0, 0), "
    "and go down.",
)
def _(scores: Tensor, target: Tensor) -> _Curve:
    fpr, tpr, thresholds = _right(scores, target)
    return fpr.flip(0), tpr.flip(0), thresholds.flip(0)


@roc_curve.mistake(
    "thresholds the other way round",
    "Your rates belong to falling thresholds, but the thresholds you return rise; turn them round.",
)
def _(scores: Tensor, target: Tensor) -> _Curve:
    fpr, tpr, thresholds = _right(scores, target)
    return fpr, tpr, thresholds.flip(0)


@roc_curve.mistake(
    "low scores as positive",
    "You count what is at or below a threshold; a high score speaks for the positive class, so "
    "count what is at or above it.",
)
def _(scores: Tensor, target: Tensor) -> _Curve:
    fpr, tpr, thresholds = _right(-scores, target)
    return fpr, tpr, -thresholds


@roc_curve.mistake(
    "corners only",
    "You leave points out, as scikit-learn does by default where they lie on a straight line; "
    "every different score has its point.",
)
def _(scores: Tensor, target: Tensor) -> _Curve:
    fpr, tpr, thresholds = _right(scores, target)
    bent = fpr.double().diff(n=2).abs() + tpr.double().diff(n=2).abs() > 1e-6
    ends = torch.ones(1, dtype=torch.bool, device=bent.device)
    keep = torch.cat([ends, bent, ends])[-len(fpr) :]
    return fpr[keep], tpr[keep], thresholds[keep]


@roc_curve.mistake(
    "at even thresholds",
    "Your thresholds are evenly spaced; take the scores themselves, for between two of them "
    "nothing changes, and scores need not lie from 0 to 1.",
)
def _(scores: Tensor, target: Tensor) -> _Curve:
    thresholds = torch.linspace(1, 0, 11, dtype=scores.dtype, device=scores.device)
    above = (scores >= thresholds[:, None]).double()
    hits = target.double()
    tpr, fpr = share_of(above @ hits, hits.sum()), share_of(above @ (1 - hits), (1 - hits).sum())
    return fpr.to(scores), tpr.to(scores), thresholds
