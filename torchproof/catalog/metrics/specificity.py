"""Of what is negative, the share that is left alone."""

import torch
from torch import Tensor

from torchproof.catalog.metrics.labels import binary_cases, looped, mistakes, ratio, whole_ratio
from torchproof.catalog.metrics.rules import GROUPS, LIBRARIES
from torchproof.checking.exercise import exercise


@exercise(groups=GROUPS, not_allowed=LIBRARIES)
def specificity(pred: Tensor, target: Tensor) -> float:
    """Return TN / (TN + FP), or 0 for 0/0; labels 0 and 1 of one shape.

    scikit-learn knows it as the recall of class 0.
    """
    from sklearn.metrics import recall_score

    if not (target == 0).any():
        return 0.0
    labels = (each.flatten().cpu().numpy() for each in (target, pred))
    return float(recall_score(*labels, pos_label=0))


specificity.cases(binary_cases)

mistakes(
    specificity,
    [
        (
            "recall in place of specificity",
            "You look at the examples of class 1, which is recall; specificity is the share of "
            "those of class 0 that are predicted to be class 0.",
            lambda n: ratio(n.tp, n.tp + n.fn),
        ),
        (
            "wrong denominator",
            "You divide the true negatives by all that is predicted to be class 0; divide by all "
            "that is class 0, TN + FP.",
            lambda n: ratio(n.tn, n.tn + n.fn),
        ),
        (
            "false positive rate",
            "You return the share of class 0 that is taken for class 1; the rest of class 0 is "
            "asked for, TN / (TN + FP).",
            lambda n: ratio(n.fp, n.tn + n.fp),
        ),
        (
            "0/0 as NaN",
            "Where nothing is class 0 you divide 0 by 0 and return NaN; specificity is 0.0 there.",
            lambda n: ratio(n.tn, n.tn + n.fp, torch.nan),
        ),
        (
            "0/0 raises",
            "Where nothing is class 0 you divide by 0, which Python refuses; return 0.0 there.",
            lambda n: whole_ratio(n.tn, n.tn + n.fp),
        ),
        (
            "0/0 as 1",
            "Where nothing is class 0 you return 1, perhaps as 1 minus a false positive rate of "
            "0; specificity is 0.0 there.",
            lambda n: ratio(n.tn, n.tn + n.fp, 1.0),
        ),
        (
            "accuracy",
            "You count what is right in both classes and divide by all examples, which is "
            "accuracy; count class 0 only: TN / (TN + FP).",
            lambda n: ratio(n.tp + n.tn, sum(n)),
        ),
        (
            "mean of both classes",
            "You average recall and specificity; only the share of class 0 that is right "
            "is asked for.",
            lambda n: (ratio(n.tp, n.tp + n.fn) + ratio(n.tn, n.tn + n.fp)) / 2,
        ),
        (
            "precision",
            "You divide the true positives by TP + FP, which is precision; specificity is the "
            "true negatives by TN + FP.",
            lambda n: ratio(n.tp, n.tp + n.fp),
        ),
        (
            "divided by all examples",
            "You divide the true negatives by the number of all examples; divide by those that "
            "are class 0, TN + FP.",
            lambda n: ratio(n.tn, sum(n)),
        ),
        (
            "divided by true positives and true negatives",
            "You divide by TP + TN, all that is right; divide by all that is class 0, TN + FP.",
            lambda n: ratio(n.tn, n.tp + n.tn),
        ),
        (
            "divided by the false positives",
            "You divide by the false positives alone; the true negatives are class 0 too, so "
            "divide by TN + FP.",
            lambda n: ratio(n.tn, n.fp),
        ),
        (
            "divided by TN + FP + FN",
            "You divide by TN + FP + FN; a false negative is an example of class 1, so divide by "
            "TN + FP.",
            lambda n: ratio(n.tn, n.tn + n.fp + n.fn),
        ),
        (
            "share of negatives",
            "You return how often class 0 occurs; of these examples, the share that is predicted "
            "to be class 0 is asked for.",
            lambda n: ratio(n.tn + n.fp, sum(n)),
        ),
        (
            "one minus recall",
            "You return 1 minus recall, the share of class 1 that is missed; specificity looks at "
            "class 0: TN / (TN + FP).",
            lambda n: ratio(n.fn, n.tp + n.fn),
        ),
        (
            "returns a count",
            "You return the number of true negatives; divide it by TN + FP.",
            lambda n: n.tn,
        ),
        (
            "percent",
            "You return percent; a fraction between 0 and 1 is asked for.",
            lambda n: 100 * ratio(n.tn, n.tn + n.fp),
        ),
        (
            "returns a tensor",
            "You return a tensor with one element; a Python float is asked for: .item() gives it.",
            lambda n: torch.tensor(ratio(n.tn, n.tn + n.fp)),
        ),
        (
            "returns a tensor, 0/0 as NaN",
            "You return a tensor, which is NaN where nothing is class 0; a Python float "
            "is asked for, and 0.0 there.",
            lambda n: torch.tensor(ratio(n.tn, n.tn + n.fp, torch.nan)),
        ),
    ],
)

looped(specificity, lambda n: ratio(n.tn, n.tn + n.fp))
