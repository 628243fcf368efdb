"""Averaging a score over classes, which the mistakes of ``f_beta`` change a part of."""

import math
from collections.abc import Callable

import torch
from torch import Tensor

from torchproof.catalog.metrics.labels import Counts, counts, ratio

Score = Callable[[Counts, float], float]
"""A score of one class, from its counts and β."""


def right(n: Counts, beta: float, otherwise: float = 0.0) -> float:
    """Return the F score of one class, and what is said where it is 0/0."""
    hits = (1 + beta**2) * n.tp
    return ratio(hits, hits + beta**2 * n.fn + n.fp, otherwise)


def one(pred: Tensor, target: Tensor, positive: int = 1) -> Counts:
    """Count the examples, any class but ``positive`` being the negative one."""
    return counts((pred == positive).long(), (target == positive).long())


def occurring(*labels: Tensor) -> list[int]:
    """List the classes that occur in any of the labels, in as many calls however many those are."""
    return [*map(int, torch.unique(torch.cat([each.flatten() for each in labels])).tolist())]


def of_each(pred: Tensor, target: Tensor) -> list[Counts]:
    """Count for each class that occurs in either."""
    return [one(pred, target, positive) for positive in occurring(pred, target)]


def pooled(every: list[Counts]) -> Counts:
    """Sum the counts of all classes."""
    return Counts(*map(sum, zip(*every, strict=True))) if every else Counts(0, 0, 0, 0)


def mean(scores: list[float]) -> float:
    """Return the mean, and 0 of nothing."""
    return math.fsum(scores) / len(scores) if scores else 0.0


def averaged(
    pred: Tensor, target: Tensor, beta: float, average: str, score: Score = right
) -> float:
    """Return a score as ``f_beta`` is asked for: the right answer, but for the score."""
    if average == "binary":
        return score(one(pred, target), beta)
    every = of_each(pred, target)
    if average == "micro":
        return score(pooled(every), beta)
    return mean([score(each, beta) for each in every])
