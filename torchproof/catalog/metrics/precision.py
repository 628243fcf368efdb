"""Of what is predicted to be positive, the share that is."""

import torch
from torch import Tensor

from torchproof.catalog.metrics.labels import binary_cases, looped, mistakes, ratio, whole_ratio
from torchproof.catalog.metrics.rules import GROUPS, LIBRARIES
from torchproof.checking.exercise import exercise


@exercise(groups=GROUPS, not_allowed=LIBRARIES)
def precision(pred: Tensor, target: Tensor) -> float:
    """Return TP / (TP + FP), or 0 for 0/0; labels 0 and 1 of one shape (scikit-learn)."""
    from sklearn.metrics import precision_score

    if not pred.numel():
        return 0.0
    labels = (each.flatten().cpu().numpy() for each in (target, pred))
    return float(precision_score(*labels, zero_division=0))


precision.cases(binary_cases)

mistakes(
    precision,
    [
        (
            "recall in place of precision",
            "You divide by how many are class 1, which is recall; precision divides by how many "
            "are predicted to be: TP + FP.",
            lambda n: ratio(n.tp, n.tp + n.fn),
        ),
        (
            "0/0 as NaN",
            "Where nothing is predicted to be class 1 you divide 0 by 0 and return NaN; precision "
            "is 0.0 there.",
            lambda n: ratio(n.tp, n.tp + n.fp, torch.nan),
        ),
        (
            "0/0 raises",
            "Where nothing is predicted to be class 1 you divide by 0, which Python refuses; "
            "return 0.0 there.",
            lambda n: whole_ratio(n.tp, n.tp + n.fp),
        ),
        (
            "0/0 as 1",
            "Where nothing is predicted to be class 1 you return 1; precision is 0.0 there.",
            lambda n: ratio(n.tp, n.tp + n.fp, 1.0),
        ),
        (
            "accuracy",
            "You count what is right in both classes and divide by all examples, which is "
            "accuracy; count class 1 only: TP / (TP + FP).",
            lambda n: ratio(n.tp + n.tn, sum(n)),
        ),
        (
            "class 0",
            "You return the precision of class 0; the positive class, whose predictions are "
            "looked at, is 1.",
            lambda n: ratio(n.tn, n.tn + n.fn),
        ),
        (
            "mean of both classes",
            "You average the precisions of class 0 and class 1; only that of class 1 is asked for.",
            lambda n: (ratio(n.tp, n.tp + n.fp) + ratio(n.tn, n.tn + n.fn)) / 2,
        ),
        (
            "specificity",
            "You divide the true negatives by TN + FP, which is specificity; precision is the "
            "true positives by TP + FP.",
            lambda n: ratio(n.tn, n.tn + n.fp),
        ),
        (
            "divided by all examples",
            "You divide the true positives by the number of all examples; divide by those that "
            "are predicted to be class 1, TP + FP.",
            lambda n: ratio(n.tp, sum(n)),
        ),
        (
            "divided by true positives and true negatives",
            "You divide by TP + TN, all that is right; divide by all that is predicted to be "
            "class 1, TP + FP.",
            lambda n: ratio(n.tp, n.tp + n.tn),
        ),
        (
            "divided by the false positives",
            "You divide by the false positives alone; the true positives are predicted to be "
            "class 1 too, so divide by TP + FP.",
            lambda n: ratio(n.tp, n.fp),
        ),
        (
            "divided by the union",
            "You divide by TP + FP + FN; an example that is missed does not count in precision, "
            "so divide by TP + FP.",
            lambda n: ratio(n.tp, n.tp + n.fp + n.fn),
        ),
        (
            "share of errors",
            "You return the share of wrong ones among what is predicted to be class 1; the share "
            "of right ones is asked for.",
            lambda n: ratio(n.fp, n.tp + n.fp),
        ),
        (
            "share of positive predictions",
            "You return how often class 1 is predicted, right or wrong; of these predictions, "
            "the share that is right is asked for.",
            lambda n: ratio(n.tp + n.fp, sum(n)),
        ),
        (
            "F1",
            "You return the F1 score, in which recall has a part; precision alone is asked for.",
            lambda n: ratio(2 * n.tp, 2 * n.tp + n.fp + n.fn),
        ),
        (
            "returns a count",
            "You return the number of true positives; divide it by TP + FP.",
            lambda n: n.tp,
        ),
        (
            "percent",
            "You return percent; a fraction between 0 and 1 is asked for.",
            lambda n: 100 * ratio(n.tp, n.tp + n.fp),
        ),
        (
            "returns a tensor",
            "You return a tensor with one element; a Python float is asked for: .item() gives it.",
            lambda n: torch.tensor(ratio(n.tp, n.tp + n.fp)),
        ),
        (
            "returns a tensor, 0/0 as NaN",
            "You return a tensor, which is NaN where nothing is predicted to be class 1; a Python "
            "float is asked for, and 0.0 there.",
            lambda n: torch.tensor(ratio(n.tp, n.tp + n.fp, torch.nan)),
        ),
    ],
)

looped(precision, lambda n: ratio(n.tp, n.tp + n.fp))
