"""Predicted and true classes with counts that are drawn on purpose, and what is counted of them."""

from collections.abc import Callable
from typing import Any, NamedTuple

import torch
from torch import Tensor

from torchproof.checking.cases import Cases, Draw, extremes, shapes, values, vectorised
from torchproof.checking.exercise import Exercise

EMPTY = torch.empty(0, dtype=torch.int64)


class Counts(NamedTuple):
    """How many examples of two classes were predicted how; class 1 is the positive one."""

    tp: float
    fp: float
    fn: float
    tn: float


def counts(pred: Tensor, target: Tensor) -> Counts:
    """Count the examples, of any shape, as floats."""
    pairs = torch.bincount((2 * target + pred).flatten(), minlength=4)
    tn, fp, fn, tp = map(float, pairs.tolist())
    return Counts(tp, fp, fn, tn)


def ratio(part: float, whole: float, otherwise: float = 0.0) -> float:
    """Return the share that a part is of a whole, and what is said of nothing."""
    return part / whole if whole else otherwise


def whole_ratio(part: float, whole: float) -> float:
    """Divide counts as Python's integers, which raises where the whole is 0."""
    return int(part) / int(whole)


def of_matrix(draw: Draw, matrix: Tensor) -> dict[str, Tensor]:
    """Return pred and target, (N,), in random order, that have a confusion matrix, (C, C)."""
    pairs = torch.arange(matrix.numel()).repeat_interleave(matrix.flatten())
    pairs = pairs[torch.randperm(len(pairs), generator=draw.generator)]
    return {"pred": pairs % len(matrix), "target": pairs // len(matrix)}


def of_counts(draw: Draw, tp: int, fp: int, fn: int, tn: int) -> dict[str, Tensor]:
    """Return pred and target, (N,), in random order, with these counts."""
    return of_matrix(draw, torch.tensor([[tn, fp], [fn, tp]]))


def shaped(labels: dict[str, Tensor], *shape: int) -> dict[str, Tensor]:
    """Give all labels another shape."""
    return {name: tensor.reshape(shape) for name, tensor in labels.items()}


def binary_cases(draw: Draw) -> Cases:
    """Yield cases of labels 0 and 1, for what is counted of two classes."""
    yield values(**of_counts(draw, tp=6, fp=2, fn=draw.size(9, 12), tn=draw.size(14, 18)))
    yield values(**of_counts(draw, tp=draw.size(5, 8), fp=draw.size(10, 13), fn=3, tn=4))
    some = {"tp": 7, "fp": draw.size(3, 5), "fn": draw.size(8, 9), "tn": draw.size(11, 13)}
    yield values("class 1 is rare", **of_counts(draw, 3, draw.size(4, 6), 2, 400))
    yield from _extremes(draw, some)
    for shape, fn in (((20,), 4), ((4, 5), 2), ((2, 3, 5), 7)):
        tn = torch.Size(shape).numel() - 6 - fn
        labels = of_counts(draw, tp=5, fp=1, fn=fn, tn=tn)
        yield shapes("" if len(shape) == 1 else "more dimensions", **shaped(labels, *shape))
    yield vectorised(
        of_counts(draw, tp=2, fp=1, fn=3, tn=4),
        shaped(of_counts(draw, tp=9, fp=13, fn=8, tn=20), 5, 10),
    )


def _extremes(draw: Draw, some: dict[str, int]) -> Cases:
    """Yield cases in which some of the counts are 0."""

    def without(*names: str) -> dict[str, Tensor]:
        return of_counts(draw, **(some | dict.fromkeys(names, 0)))

    yield extremes("nothing is predicted to be class 1", **without("tp", "fp"))
    yield extremes("nothing is class 1", **without("tp", "fn"))
    yield extremes("class 0 throughout", **without("tp", "fp", "fn"))
    yield extremes("nothing is class 0", **without("tn", "fp"))
    yield extremes("nothing is predicted to be class 0", **without("tn", "fn"))
    yield extremes("class 1 throughout", **without("tn", "fp", "fn"))
    yield extremes("all are right", **without("fp", "fn"))
    yield extremes("all are wrong", **without("tp", "tn"))
    yield extremes("no examples", pred=EMPTY, target=EMPTY)


Metric = Callable[[Tensor, Tensor], Any]


def by_formula(formula: Callable[[Counts], float]) -> Metric:
    """Return the function of pred and target that puts their counts into a formula."""

    def metric(pred: Tensor, target: Tensor) -> float:
        return formula(counts(pred, target))

    return metric


def mistakes(of: Exercise, table: list[tuple[str, str, Callable[[Counts], Any]]]) -> None:
    """Add mistakes by their formulas: each a name, a hint and a function of the counts."""
    for name, hint, formula in table:
        of.mistake(name, hint)(by_formula(formula))


def looped(of: Exercise, formula: Callable[[Counts], float]) -> None:
    """Add the mistake of the right formula, counted one example at a time."""

    @of.mistake(
        "one example at a time",
        "The numbers are right, but you go through the examples one by one; compare the whole "
        "tensors, and sum what comes out.",
    )
    def _(pred: Tensor, target: Tensor) -> float:
        pairs = zip(pred.flatten().tolist(), target.flatten().tolist(), strict=True)
        found = [2 * t + p for p, t in pairs]
        return formula(Counts(*(float(found.count(cell)) for cell in (3, 1, 2, 0))))
