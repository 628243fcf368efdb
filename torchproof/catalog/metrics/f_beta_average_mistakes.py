"""How averaging the F score over classes goes wrong."""

import math

import torch
from torch import Tensor

from torchproof.catalog.metrics.averages import (
    averaged,
    mean,
    occurring,
    of_each,
    one,
    pooled,
    right,
)
from torchproof.catalog.metrics.f_beta import f_beta
from torchproof.catalog.metrics.labels import ratio


def _confused(name: str, hint: str, **taken: str) -> None:
    """Add the mistake of taking some averages for others."""

    @f_beta.mistake(name, hint)
    def _(pred: Tensor, target: Tensor, beta: float, average: str) -> float:
        return averaged(pred, target, beta, taken.get(average, average))


_confused(
    "macro by pooled counts",
    'For "macro" you sum the counts of all classes, which is "micro"; compute F for each class and '
    "take the mean.",
    macro="micro",
)
_confused(
    "micro by the mean of the classes",
    'For "micro" you take the mean of the classes\' scores, which is "macro"; sum TP, FP and FN '
    "over the classes and compute F once.",
    micro="macro",
)
_confused(
    "micro and macro swapped",
    'Your "micro" and "macro" are swapped: macro is the mean of the classes\' scores, micro the '
    "score of the summed counts.",
    micro="macro",
    macro="micro",
)
_confused(
    "binary by the mean of the classes",
    'For "binary" you take the mean over class 0 and class 1; the score of class 1 alone '
    "is asked for.",
    binary="macro",
)
_confused(
    "binary by pooled counts",
    'For "binary" you sum the counts of class 0 and class 1; those of class 1 alone are asked for.',
    binary="micro",
)
_confused(
    "micro of class 1",
    'For "micro" you return the score of class 1; sum TP, FP and FN over all classes and compute F '
    "once.",
    micro="binary",
)
_confused(
    "macro of class 1",
    'For "macro" you return the score of class 1; compute F for each class and take the mean.',
    macro="binary",
)
_confused(
    "always binary",
    'You return the score of class 1 whatever average is; "macro" and "micro" take in all classes.',
    macro="binary",
    micro="binary",
)
_confused(
    "always macro",
    'You return the mean of the classes\' scores whatever average is; "binary" is class 1 alone, '
    'and "micro" sums the counts.',
    binary="macro",
    micro="macro",
)
_confused(
    "always micro",
    'Whatever average is you pool the counts of all classes, which makes accuracy; "binary" is '
    'class 1 alone, and "macro" the mean of the classes\' scores.',
    binary="micro",
    macro="micro",
)


@f_beta.mistake(
    "binary of class 0",
    'For "binary" you return the score of class 0; the positive class is 1.',
)
def _(pred: Tensor, target: Tensor, beta: float, average: str) -> float:
    if average == "binary":
        return right(one(pred, target, positive=0), beta)
    return averaged(pred, target, beta, average)


@f_beta.mistake(
    "macro from mean precision and mean recall",
    'For "macro" you average precision and recall first and compute F of the averages; compute F '
    "for each class and average that.",
)
def _(pred: Tensor, target: Tensor, beta: float, average: str) -> float:
    if average != "macro":
        return averaged(pred, target, beta, average)
    every = of_each(pred, target)
    p = mean([ratio(n.tp, n.tp + n.fp) for n in every])
    r = mean([ratio(n.tp, n.tp + n.fn) for n in every])
    return ratio((1 + beta**2) * p * r, beta**2 * p + r)


def _macro(pred: Tensor, target: Tensor, beta: float, average: str, classes: list[int]) -> float:
    """Return the mean over some classes for "macro", what is right for the others."""
    if average != "macro":
        return averaged(pred, target, beta, average)
    return mean([right(one(pred, target, each), beta) for each in classes])


@f_beta.mistake(
    "macro over all classes up to the largest",
    'For "macro" you count classes that are neither in pred nor in target as 0; leave them out of '
    "the mean.",
)
def _(pred: Tensor, target: Tensor, beta: float, average: str) -> float:
    classes = range(1 + max(occurring(pred, target), default=-1))
    return _macro(pred, target, beta, average, [*classes])


@f_beta.mistake(
    "macro over the classes of target",
    'For "macro" you leave out a class that is in pred only; it was predicted wrongly, so it '
    "counts as 0 in the mean.",
)
def _(pred: Tensor, target: Tensor, beta: float, average: str) -> float:
    return _macro(pred, target, beta, average, occurring(target))


@f_beta.mistake(
    "macro over the classes of pred",
    'For "macro" you leave out a class that is in target only; it was never found, so it counts '
    "as 0 in the mean.",
)
def _(pred: Tensor, target: Tensor, beta: float, average: str) -> float:
    return _macro(pred, target, beta, average, occurring(pred))


@f_beta.mistake(
    "only the classes of target",
    'For "macro" and "micro" you leave out a class that is in pred only; it was predicted wrongly, '
    "and its false positives count.",
)
def _(pred: Tensor, target: Tensor, beta: float, average: str) -> float:
    return _over(pred, target, beta, average, occurring(target))


@f_beta.mistake(
    "only the classes of pred",
    'For "macro" and "micro" you leave out a class that is in target only; it was never found, and '
    "its false negatives count.",
)
def _(pred: Tensor, target: Tensor, beta: float, average: str) -> float:
    return _over(pred, target, beta, average, occurring(pred))


def _over(pred: Tensor, target: Tensor, beta: float, average: str, classes: list[int]) -> float:
    """Return what is right for "binary", and is averaged over some classes for the others."""
    if average == "micro":
        return right(pooled([one(pred, target, each) for each in classes]), beta)
    return _macro(pred, target, beta, average, classes)


@f_beta.mistake(
    "macro over the classes of both",
    'For "macro" you leave out a class that is only in one of pred and target; it counts as 0 in '
    "the mean.",
)
def _(pred: Tensor, target: Tensor, beta: float, average: str) -> float:
    both = set(occurring(pred)) & set(occurring(target))
    return _macro(pred, target, beta, average, sorted(both))


@f_beta.mistake(
    "macro without classes that are never right",
    'For "macro" you leave out classes of which no example is right; F is 0 for them, and belongs '
    "in the mean.",
)
def _(pred: Tensor, target: Tensor, beta: float, average: str) -> float:
    found = [each for each in occurring(target) if one(pred, target, each).tp]
    return _macro(pred, target, beta, average, found)


@f_beta.mistake(
    "macro without class 0",
    'For "macro" you leave out class 0; it counts as any other.',
)
def _(pred: Tensor, target: Tensor, beta: float, average: str) -> float:
    classes = [each for each in occurring(pred, target) if each > 0]
    return _macro(pred, target, beta, average, classes)


@f_beta.mistake(
    "macro over classes 0 and 1",
    'For "macro" you look at classes 0 and 1 only; every class that occurs counts.',
)
def _(pred: Tensor, target: Tensor, beta: float, average: str) -> float:
    return _macro(pred, target, beta, average, [0, 1] if pred.numel() else [])


@f_beta.mistake(
    "macro summed",
    'For "macro" you sum the classes\' scores; divide by the number of classes that occur.',
)
def _(pred: Tensor, target: Tensor, beta: float, average: str) -> float:
    if average != "macro":
        return averaged(pred, target, beta, average)
    return math.fsum(right(n, beta) for n in of_each(pred, target))


@f_beta.mistake(
    "macro weighted by the class's size",
    'For "macro" you weight each class by how many examples it has; in the mean every class '
    "counts the same.",
)
def _(pred: Tensor, target: Tensor, beta: float, average: str) -> float:
    if average != "macro":
        return averaged(pred, target, beta, average)
    total = math.fsum(right(n, beta) * (n.tp + n.fn) for n in of_each(pred, target))
    return ratio(total, pred.numel())


@f_beta.mistake(
    "micro without class 0",
    'For "micro" you leave the counts of class 0 out of the sums; it counts as any other.',
)
def _(pred: Tensor, target: Tensor, beta: float, average: str) -> float:
    if average != "micro":
        return averaged(pred, target, beta, average)
    classes = [each for each in occurring(pred, target) if each > 0]
    return _over(pred, target, beta, average, classes)


@f_beta.mistake(
    "no examples as NaN",
    'With no examples "macro" is a mean of nothing, and you return NaN; it is 0.0.',
)
def _(pred: Tensor, target: Tensor, beta: float, average: str) -> float:
    if average == "macro" and not pred.numel():
        return math.nan
    return averaged(pred, target, beta, average)


@f_beta.mistake(
    "one example at a time",
    "The numbers are right, but you go through the examples one by one; compare the whole tensors, "
    "once for each class or for all at once.",
)
def _(pred: Tensor, target: Tensor, beta: float, average: str) -> float:
    listed = torch.tensor(pred.flatten().tolist(), dtype=torch.int64)
    return averaged(listed, target.flatten().cpu(), beta, average)
