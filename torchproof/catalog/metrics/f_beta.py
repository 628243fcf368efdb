"""Precision and recall in one number."""

import torch
from torch import Tensor

from torchproof.catalog.metrics.labels import EMPTY, of_counts, of_matrix, shaped
from torchproof.catalog.metrics.rules import GROUPS, LIBRARIES
from torchproof.checking.cases import Case, Cases, Draw, extremes, shapes, values, vectorised
from torchproof.checking.exercise import exercise


@exercise(groups=GROUPS, not_allowed=LIBRARIES)
def f_beta(pred: Tensor, target: Tensor, beta: float, average: str) -> float:
    """Return (1 + β²) TP / ((1 + β²) TP + β² FN + FP), or 0 for 0/0 (scikit-learn).

    Of class 1 for "binary", the mean over the classes that occur for "macro", of the summed counts
    of all classes for "micro"; 0 of no examples. The labels have one shape, any at all.
    """
    from sklearn.metrics import fbeta_score

    if not pred.numel():
        return 0.0
    labels = (each.flatten().cpu().numpy() for each in (target, pred))
    return float(fbeta_score(*labels, beta=beta, average=average, zero_division=0))


@f_beta.cases
def _(draw: Draw) -> Cases:
    for beta in (0.5, draw.number(1.5, 3.0), 1.0):
        counts = {"tp": draw.size(5, 8), "fp": draw.size(2, 4), "fn": draw.size(9, 12)}
        yield values(**of_counts(draw, **counts, tn=14), beta=beta, average="binary")
    yield values(**of_counts(draw, 6, draw.size(8, 9), 2, 5), beta=2.0, average="binary")
    for beta, classes in ((2.0, 3), (draw.number(0.3, 0.8), draw.size(4, 6))):
        yield values(**_classes(draw, classes), beta=beta, average="macro")
    yield values(**_classes(draw, draw.size(3, 5)), beta=2.0, average="micro")
    yield from _extremes_of_two(draw)
    yield from _extremes_of_many(draw)
    for average, shape, fn in (("binary", (20,), 4), ("macro", (4, 5), 2), ("micro", (2, 3, 5), 7)):
        tn = torch.Size(shape).numel() - 6 - fn
        labels = shaped(of_counts(draw, tp=5, fp=1, fn=fn, tn=tn), *shape)
        note = "" if len(shape) == 1 else "more dimensions"
        yield shapes(note, **labels, beta=2.0, average=average)
    for average, small, larger in (
        ("binary", of_counts(draw, 2, 1, 3, 4), of_counts(draw, 9, 13, 8, 20)),
        ("macro", of_matrix(draw, _matrix(draw, 3)), of_matrix(draw, 4 * _matrix(draw, 3))),
    ):
        how = {"beta": 0.5, "average": average}
        yield vectorised({**small, **how}, {**larger, **how})


def _matrix(draw: Draw, classes: int) -> Tensor:
    """Return a confusion matrix without zeros whose columns grow fuller to the right."""
    return draw.integers(classes, classes, low=1, high=4) + torch.arange(classes)


def _classes(draw: Draw, classes: int) -> dict[str, Tensor]:
    """Return labels of as many classes, each taken for each."""
    return of_matrix(draw, _matrix(draw, classes))


def _extremes_of_two(draw: Draw) -> Cases:
    """Yield cases of classes 0 and 1 with a count or beta of 0, a large beta, or no examples."""

    def binary(note: str, beta: float, tp: int, fp: int, fn: int, tn: int) -> Case:
        labels = of_counts(draw, tp, fp, fn, tn)
        return extremes(note, **labels, beta=beta, average="binary")

    size = draw.size(4, 6)
    yield binary("nothing is predicted to be class 1", 2.0, 0, 0, 3, size)
    yield binary("nothing is class 1", 2.0, 0, 4, 0, size)
    yield binary("class 0 throughout", 0.5, 0, 0, 0, size)
    yield binary("all are right", 2.0, 3, 0, 0, size)
    yield binary("all are wrong", 2.0, 0, 2, size, 0)
    yield binary("beta = 0, which is precision", 0.0, 5, 3, size, 6)
    yield binary("beta = 0, all misses", 0.0, 0, 0, size, 6)
    yield binary("a large beta", 10.0, 5, 9, size, 6)
    for average in ("binary", "macro", "micro"):
        yield extremes("no examples", pred=EMPTY, target=EMPTY, beta=2.0, average=average)


def _extremes_of_many(draw: Draw) -> Cases:
    """Yield cases where a class is missing in one or both, or never right."""

    def many(note: str, average: str, matrix: Tensor, first: int = 0) -> Case:
        labels = {name: each + first for name, each in of_matrix(draw, matrix).items()}
        return extremes(note, **labels, beta=2.0, average=average)

    gaps = _matrix(draw, 4)
    gaps[2], gaps[:, 2] = 0, 0
    yield many("class 2 is in neither", "macro", gaps)
    yield many("classes 0 and 1 are in neither", "macro", _matrix(draw, 3), first=2)
    unseen = _matrix(draw, 3)
    unseen[2] = 0
    for average in ("macro", "micro"):
        yield many("class 2 is in pred only", average, unseen)
        yield many("class 2 is in target only", average, unseen.mT)
    wrong = _matrix(draw, 3)
    wrong[1, 1] = 0
    yield many("class 1 is never right", "macro", wrong)
    none = wrong - wrong.diag().diag()
    yield many("all are wrong", "macro", none)
    yield many("all are wrong", "micro", none)
    yield many("one class", "macro", torch.tensor([[draw.size(3, 6)]]), first=3)
    yield many("two classes", "macro", torch.tensor([[8, 3], [draw.size(5, 6), 4]]))
    yield many("two classes", "micro", torch.tensor([[8, 3], [draw.size(5, 6), 4]]))
