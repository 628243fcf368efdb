"""Of what is positive, the share that is found."""

import torch
from torch import Tensor

from torchproof.catalog.metrics.labels import binary_cases, looped, mistakes, ratio, whole_ratio
from torchproof.catalog.metrics.rules import GROUPS, LIBRARIES
from torchproof.checking.exercise import exercise


@exercise(groups=GROUPS, not_allowed=LIBRARIES)
def recall(pred: Tensor, target: Tensor) -> float:
    """Return TP / (TP + FN), or 0 for 0/0; labels 0 and 1 of one shape (scikit-learn)."""
    from sklearn.metrics import recall_score

    if not pred.numel():
        return 0.0
    labels = (each.flatten().cpu().numpy() for each in (target, pred))
    return float(recall_score(*labels, zero_division=0))


recall.cases(binary_cases)

mistakes(
    recall,
    [
        (
            "precision in place of recall",
            "You divide by how many are predicted to be class 1, which is precision; recall "
            "divides by how many are: TP + FN.",
            lambda n: ratio(n.tp, n.tp + n.fp),
        ),
        (
            "0/0 as NaN",
            "Where nothing is class 1 you divide 0 by 0 and return NaN; recall is 0.0 there.",
            lambda n: ratio(n.tp, n.tp + n.fn, torch.nan),
        ),
        (
            "0/0 raises",
            "Where nothing is class 1 you divide by 0, which Python refuses; return 0.0 there.",
            lambda n: whole_ratio(n.tp, n.tp + n.fn),
        ),
        (
            "0/0 as 1",
            "Where nothing is class 1 you return 1; recall is 0.0 there.",
            lambda n: ratio(n.tp, n.tp + n.fn, 1.0),
        ),
        (
            "accuracy",
            "You count what is right in both classes and divide by all examples, which is "
            "accuracy; count class 1 only: TP / (TP + FN).",
            lambda n: ratio(n.tp + n.tn, sum(n)),
        ),
        (
            "class 0",
            "You return the recall of class 0, which is called specificity; the positive class, "
            "whose examples are to be found, is 1.",
            lambda n: ratio(n.tn, n.tn + n.fp),
        ),
        (
            "mean of both classes",
            "You average the recalls of class 0 and class 1; only that of class 1 is asked for.",
            lambda n: (ratio(n.tp, n.tp + n.fn) + ratio(n.tn, n.tn + n.fp)) / 2,
        ),
        (
            "precision of class 0",
            "You divide the true negatives by TN + FN; recall is the true positives by TP + FN.",
            lambda n: ratio(n.tn, n.tn + n.fn),
        ),
        (
            "false positive rate",
            "You divide the false positives by FP + TN, which says how often class 0 is taken for "
            "class 1; recall is the true positives by TP + FN.",
            lambda n: ratio(n.fp, n.fp + n.tn),
        ),
        (
            "divided by all examples",
            "You divide the true positives by the number of all examples; divide by those that "
            "are class 1, TP + FN.",
            lambda n: ratio(n.tp, sum(n)),
        ),
        (
            "divided by true positives and true negatives",
            "You divide by TP + TN, all that is right; divide by all that is class 1, TP + FN.",
            lambda n: ratio(n.tp, n.tp + n.tn),
        ),
        (
            "divided by the false negatives",
            "You divide by the false negatives alone; the true positives are class 1 too, so "
            "divide by TP + FN.",
            lambda n: ratio(n.tp, n.fn),
        ),
        (
            "divided by the union",
            "You divide by TP + FP + FN; a false alarm does not count in recall, so divide by "
            "TP + FN.",
            lambda n: ratio(n.tp, n.tp + n.fp + n.fn),
        ),
        (
            "share of misses",
            "You return the share of class 1 that is missed; the share that is found is asked for.",
            lambda n: ratio(n.fn, n.tp + n.fn),
        ),
        (
            "share of positives",
            "You return how often class 1 occurs; of these examples, the share that is found is "
            "asked for.",
            lambda n: ratio(n.tp + n.fn, sum(n)),
        ),
        (
            "F1",
            "You return the F1 score, in which precision has a part; recall alone is asked for.",
            lambda n: ratio(2 * n.tp, 2 * n.tp + n.fp + n.fn),
        ),
        (
            "returns a count",
            "You return the number of true positives; divide it by TP + FN.",
            lambda n: n.tp,
        ),
        (
            "percent",
            "You return percent; a fraction between 0 and 1 is asked for.",
            lambda n: 100 * ratio(n.tp, n.tp + n.fn),
        ),
        (
            "returns a tensor",
            "You return a tensor with one element; a Python float is asked for: .item() gives it.",
            lambda n: torch.tensor(ratio(n.tp, n.tp + n.fn)),
        ),
        (
            "returns a tensor, 0/0 as NaN",
            "You return a tensor, which is NaN where nothing is class 1; a Python float "
            "is asked for, and 0.0 there.",
            lambda n: torch.tensor(ratio(n.tp, n.tp + n.fn, torch.nan)),
        ),
    ],
)

looped(recall, lambda n: ratio(n.tp, n.tp + n.fn))
