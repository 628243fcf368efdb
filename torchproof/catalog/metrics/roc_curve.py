"""The curve of the true against the false positives, over all thresholds."""

import warnings

import torch
from torch import Tensor

from torchproof.catalog.metrics.ranking import ranking_cases
from torchproof.catalog.metrics.rules import GROUPS, LIBRARIES
from torchproof.checking.cases import Cases, Draw
from torchproof.checking.exercise import exercise


@exercise(groups=GROUPS, not_allowed=LIBRARIES)
def roc_curve(scores: Tensor, target: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Return the false and the true positive rate at each threshold, and the thresholds.

    The scores are finite numbers, shape (N,), N at least 1; the target is int64 of the same
    shape, 1 for positive and 0 for negative. The thresholds are infinity and then the different
    scores, from high to low; what is at or above one counts as positive. A rate of no examples
    is 0, where scikit-learn has NaN. All three have the dtype of the scores.
    """
    from sklearn import metrics  # here, since it takes long

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = metrics.roc_curve(
            target.cpu().numpy(), scores.cpu().numpy(), pos_label=1, drop_intermediate=False
        )
    fpr, tpr, thresholds = (torch.from_numpy(part).to(scores) for part in found)
    return torch.where(fpr.isnan(), 0, fpr), torch.where(tpr.isnan(), 0, tpr), thresholds


@roc_curve.cases
def _(draw: Draw) -> Cases:
    yield from ranking_cases(draw)
