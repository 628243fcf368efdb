"""How the F score itself goes wrong: its formula, its zeros, and what is returned."""

import math
from collections.abc import Callable
from functools import partial
from typing import Any

import torch
from torch import Tensor

from torchproof.catalog.metrics.averages import averaged, right
from torchproof.catalog.metrics.f_beta import f_beta
from torchproof.catalog.metrics.labels import Counts, ratio, whole_ratio

Score = Callable[[float, float, float], float]
"""From precision, recall and β."""


def _of_shares(score: Score) -> Callable[[Counts, float], float]:
    """Make a formula of precision and recall one of counts."""

    def of_counts(n: Counts, beta: float) -> float:
        precision, recall = ratio(n.tp, n.tp + n.fp), ratio(n.tp, n.tp + n.fn)
        return score(precision, recall, beta)

    return of_counts


def _weighted(n: Counts, missed: float, alarms: float, right: float) -> float:
    """Return an F score in which misses and false alarms count so much."""
    return ratio(right * n.tp, right * n.tp + missed * n.fn + alarms * n.fp)


def _formula(name: str, hint: str, score: Callable[[Counts, float], float]) -> None:
    """Add the mistake of a wrong formula, used for every average."""
    f_beta.mistake(name, hint)(_with(score))


def _with(score: Callable[[Counts, float], float]) -> Callable[..., Any]:
    def candidate(pred: Tensor, target: Tensor, beta: float, average: str) -> float:
        return averaged(pred, target, beta, average, score)

    return candidate


_formula(
    "beta on the wrong side",
    "beta² stands at the wrong place: with beta above 1 recall counts more, so beta² multiplies "
    "precision in the denominator, or FN where you have counts.",
    lambda n, beta: _weighted(n, 1, beta**2, 1 + beta**2),
)
_formula(
    "beta not squared",
    "You use beta where its square is asked for, 1 + beta² and beta².",
    lambda n, beta: _weighted(n, beta, 1, 1 + beta),
)
_formula(
    "beta ignored",
    "You return F1 whatever beta is; put 1 + beta² above and beta² below.",
    lambda n, beta: _weighted(n, 1, 1, 2),
)
_formula(
    "the 2 of F1",
    "You multiply by 2, which is right for beta = 1 alone; it is 1 + beta².",
    _of_shares(lambda p, r, beta: ratio(2 * p * r, beta**2 * p + r)),
)
_formula(
    "1 + beta² missing",
    "The factor 1 + beta² is missing above; without it even a perfect answer does not score 1.",
    _of_shares(lambda p, r, beta: ratio(p * r, beta**2 * p + r)),
)
_formula(
    "brackets missing",
    "You compute 1 + (beta² · P · R / ...), for multiplication comes before addition; put "
    "brackets around 1 + beta².",
    _of_shares(lambda p, r, beta: 1 + ratio(beta**2 * p * r, beta**2 * p + r)),
)
_formula(
    "sum squared",
    "You square the sum, (1 + beta)²; the factor is 1 + beta².",
    _of_shares(lambda p, r, beta: ratio((1 + beta) ** 2 * p * r, beta**2 * p + r)),
)
_formula(
    "true positives below without their factor",
    "Below the line TP carries the factor 1 + beta² too, as above it.",
    lambda n, beta: ratio((1 + beta**2) * n.tp, n.tp + beta**2 * n.fn + n.fp),
)
_formula(
    "arithmetic mean",
    "You take half the sum of precision and recall; F is their weighted harmonic mean, which is "
    "small where either is.",
    _of_shares(lambda p, r, beta: (p + r) / 2),
)
_formula(
    "weighted arithmetic mean",
    "You take the arithmetic mean of precision and recall with weights 1 and beta²; F is the "
    "harmonic one, (1 + beta²) P R / (beta² P + R).",
    _of_shares(lambda p, r, beta: (p + beta**2 * r) / (1 + beta**2)),
)
_formula(
    "geometric mean",
    "You take the square root of precision times recall; F is the harmonic mean, weighted by "
    "beta².",
    _of_shares(lambda p, r, beta: math.sqrt(p * r)),
)
_formula(
    "product",
    "You return precision times recall; divide by beta² P + R, and multiply by 1 + beta².",
    _of_shares(lambda p, r, beta: p * r),
)
_formula(
    "precision alone",
    "You return precision; F takes recall in, and the more so the larger beta is.",
    _of_shares(lambda p, r, beta: p),
)
_formula(
    "recall alone",
    "You return recall; F takes precision in, and the more so the smaller beta is.",
    _of_shares(lambda p, r, beta: r),
)
_formula(
    "0/0 as NaN, by precision and recall",
    "Where no example of a class is right, precision and recall are 0 or 0/0, and you return NaN; "
    "F is 0 there.",
    lambda n, beta: right(n, beta) if n.tp else math.nan,
)
_formula(
    "0/0 as NaN, by counts",
    "Where the denominator is 0, as where TP, FP and FN all are, you divide 0 by 0 and return "
    "NaN; F is 0 there.",
    partial(right, otherwise=math.nan),
)
_formula(
    "0/0 as 1",
    "Where the denominator is 0 you return 1; F is 0 there.",
    partial(right, otherwise=1.0),
)


@_with
def _unguarded(n: Counts, beta: float) -> float:
    p, r = whole_ratio(n.tp, n.tp + n.fp), whole_ratio(n.tp, n.tp + n.fn)
    return (1 + beta**2) * p * r / (beta**2 * p + r)


@_with
def _half_guarded(n: Counts, beta: float) -> float:
    p, r = ratio(n.tp, n.tp + n.fp), ratio(n.tp, n.tp + n.fn)
    return (1 + beta**2) * p * r / (beta**2 * p + r)


@_with
def _counts_unguarded(n: Counts, beta: float) -> float:
    return (1 + beta**2) * n.tp / ((1 + beta**2) * n.tp + beta**2 * n.fn + n.fp)


f_beta.mistake(
    "0/0 raises in precision and recall",
    "Where a class is never predicted, or never true, you divide by 0 for precision or recall, "
    "which Python refuses; they are 0 there, and so is F.",
)(_unguarded)
f_beta.mistake(
    "0/0 raises in F",
    "Where the denominator of F is 0, as where precision and recall both are, you divide by 0, "
    "which Python refuses; F is 0 there.",
)(_half_guarded)
f_beta.mistake(
    "0/0 raises, by counts",
    "Where the denominator is 0, as where TP, FP and FN all are, you divide by 0, which Python "
    "refuses; F is 0 there.",
)(_counts_unguarded)


@f_beta.mistake(
    "0/0 as 1, but for no examples",
    "Where the denominator is 0 you return 1; F is 0 there.",
)
def _(pred: Tensor, target: Tensor, beta: float, average: str) -> float:
    score = partial(right, otherwise=1.0)
    return averaged(pred, target, beta, average, score) if pred.numel() else 0.0


@f_beta.mistake(
    "percent",
    "You return percent; a fraction between 0 and 1 is asked for.",
)
def _(pred: Tensor, target: Tensor, beta: float, average: str) -> float:
    return 100 * averaged(pred, target, beta, average)


@f_beta.mistake(
    "returns a tensor",
    "You return a tensor with one element; a Python float is asked for: .item() gives it.",
)
def _(pred: Tensor, target: Tensor, beta: float, average: str) -> Tensor:
    return torch.tensor(averaged(pred, target, beta, average))


@f_beta.mistake(
    "returns a tensor, 0/0 as NaN",
    "You return a tensor, which is NaN where no example of a class is right; a Python float is "
    "asked for, in which that class counts as 0.",
)
def _(pred: Tensor, target: Tensor, beta: float, average: str) -> Tensor:
    def score(n: Counts, beta: float) -> float:
        return right(n, beta) if n.tp else math.nan

    return torch.tensor(averaged(pred, target, beta, average, score))
