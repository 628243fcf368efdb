"""The share of predictions that are right."""

import torch
from torch import Tensor

from torchproof.catalog.metrics.labels import EMPTY, of_matrix, ratio, shaped
from torchproof.catalog.metrics.rules import GROUPS, LIBRARIES
from torchproof.checking.cases import Cases, Draw, extremes, shapes, values, vectorised
from torchproof.checking.exercise import exercise


@exercise(groups=GROUPS, not_allowed=LIBRARIES)
def accuracy(pred: Tensor, target: Tensor) -> float:
    """Return the share of equal classes, of one shape; 0 of no examples (scikit-learn)."""
    from sklearn.metrics import accuracy_score

    if not pred.numel():
        return 0.0
    labels = (each.flatten().cpu().numpy() for each in (target, pred))
    return float(accuracy_score(*labels))


def _labels(draw: Draw, right: int, wrong: int, classes: int) -> dict[str, Tensor]:
    """Return pred and target, (N,), of which so many are right and so many wrong."""
    rows = torch.cat([torch.arange(classes).repeat(2), draw.integers(right, high=classes)])
    matrix = torch.diag(rows[:right].bincount(minlength=classes))
    row = draw.integers(wrong, high=classes)
    column = (row + draw.integers(wrong, low=1, high=classes)) % classes
    return of_matrix(draw, matrix.index_put((row, column), torch.tensor(1), accumulate=True))


@accuracy.cases
def _(draw: Draw) -> Cases:
    yield values("two classes", **_labels(draw, draw.size(13, 16), draw.size(4, 7), 2))
    yield values("two classes", **_labels(draw, draw.size(5, 7), draw.size(9, 12), 2))
    yield values(**_labels(draw, draw.size(17, 22), draw.size(8, 12), 5))
    yield values(**_labels(draw, draw.size(500, 600), draw.size(70, 90), 10))
    wrong = _labels(draw, 0, draw.size(6, 9), 4)
    yield extremes("all are wrong", **wrong)
    yield extremes("all are right", pred=wrong["target"], target=wrong["target"])
    pair = draw.integers(1, high=3)
    yield extremes("one example, right", pred=pair, target=pair)
    yield extremes("one example, wrong", pred=pair, target=pair + 1)
    yield extremes("no examples", pred=EMPTY, target=EMPTY)
    yield extremes("one class", pred=torch.zeros_like(wrong["pred"]), target=0 * wrong["target"])
    for shape, right in (((19,), 12), ((4, 6), 15), ((2, 3, 5), 20)):
        labels = _labels(draw, right, torch.Size(shape).numel() - right, 4)
        yield shapes("" if len(shape) == 1 else "more dimensions", **shaped(labels, *shape))
    yield vectorised(_labels(draw, 5, 3, 3), shaped(_labels(draw, 33, 17, 6), 5, 10))


@accuracy.mistake(
    "percent",
    "You return percent; a fraction between 0 and 1 is asked for.",
)
def _(pred: Tensor, target: Tensor) -> float:
    return 100 * ratio(float((pred == target).sum()), pred.numel())


@accuracy.mistake(
    "whether all are equal",
    "You return True or False, whether all predictions are right; the share that is right is "
    "asked for, a float.",
)
def _(pred: Tensor, target: Tensor) -> bool:
    return torch.equal(pred, target)


@accuracy.mistake(
    "1 or 0",
    "You return 1 where all predictions are right and 0 otherwise; the share that is right is "
    "asked for.",
)
def _(pred: Tensor, target: Tensor) -> float:
    return float(torch.equal(pred, target))


@accuracy.mistake(
    "returns a count",
    "You return how many predictions are right; divide by their number.",
)
def _(pred: Tensor, target: Tensor) -> float:
    return float((pred == target).sum())


@accuracy.mistake(
    "share of errors",
    "You return the share of predictions that are wrong; the share that is right is asked for.",
)
def _(pred: Tensor, target: Tensor) -> float:
    return ratio(float((pred != target).sum()), pred.numel())


@accuracy.mistake(
    "returns a tensor",
    "You return a tensor with one element; a Python float is asked for: .item() gives it.",
)
def _(pred: Tensor, target: Tensor) -> Tensor:
    return (pred == target).sum() / max(pred.numel(), 1)


@accuracy.mistake(
    "returns a tensor, NaN for no examples",
    "You return a tensor, which is NaN for no examples; a Python float is asked for, and "
    "0.0 there.",
)
def _(pred: Tensor, target: Tensor) -> Tensor:
    return (pred == target).float().mean()


@accuracy.mistake(
    "NaN for no examples",
    "The mean of no examples is 0/0, and you return NaN; accuracy is 0.0 there.",
)
def _(pred: Tensor, target: Tensor) -> float:
    return (pred == target).double().mean().item()


@accuracy.mistake(
    "no examples raise",
    "With no examples you divide by 0, which Python refuses; return 0.0 there.",
)
def _(pred: Tensor, target: Tensor) -> float:
    return int((pred == target).sum()) / pred.numel()


@accuracy.mistake(
    "1 for no examples",
    "You return 1 where there are no examples; accuracy is 0.0 there.",
)
def _(pred: Tensor, target: Tensor) -> float:
    return (pred == target).double().mean().item() if pred.numel() else 1.0


@accuracy.mistake(
    "class 0 not counted",
    "You count what is right in the classes above 0 only; class 0 counts as any other.",
)
def _(pred: Tensor, target: Tensor) -> float:
    return ratio(float(((pred == target) & (target > 0)).sum()), pred.numel())


@accuracy.mistake(
    "mean over the classes",
    "You average the shares of the classes, each counting the same; each example counts the same, "
    "whatever its class.",
)
def _(pred: Tensor, target: Tensor) -> float:
    classes, size = torch.unique(target, return_counts=True)
    hits = (target[pred == target][:, None] == classes).sum(dim=0)
    return float((hits / size).mean()) if pred.numel() else 0.0


@accuracy.mistake(
    "divided by the length of the first dimension",
    "You divide by the length of the first dimension; with more dimensions there are more "
    "examples, so divide by numel().",
)
def _(pred: Tensor, target: Tensor) -> float:
    return ratio(float((pred == target).sum()), len(pred))


@accuracy.mistake(
    "divided by the length of the first dimension, no examples raise",
    "You divide by the length of the first dimension, which may be 0, and with more dimensions "
    "there are more examples; divide by numel(), and return 0.0 where it is 0.",
)
def _(pred: Tensor, target: Tensor) -> float:
    return int((pred == target).sum()) / len(pred)


@accuracy.mistake(
    "whole rows",
    "You count a row only where all of it is right; each element is an example of its own.",
)
def _(pred: Tensor, target: Tensor) -> float:
    right = pred == target
    rows = right.flatten(1).all(dim=1) if right.dim() > 1 else right
    return ratio(float(rows.sum()), len(rows))


@accuracy.mistake(
    "distance of the class numbers",
    "You average how far apart the class numbers are; they are names, and all that counts is "
    "whether they are equal.",
)
def _(pred: Tensor, target: Tensor) -> float:
    return ratio(float((pred - target).abs().sum()), pred.numel())


@accuracy.mistake(
    "class found anywhere",
    "You look whether the predicted class occurs anywhere in target; compare it with the class of "
    "its own example.",
)
def _(pred: Tensor, target: Tensor) -> float:
    return ratio(float(torch.isin(pred, target).sum()), pred.numel())


@accuracy.mistake(
    "rounded down",
    "You return 1 where all predictions are right and 0 otherwise, as // does, which rounds down; "
    "the share that is right is asked for: divide with /.",
)
def _(pred: Tensor, target: Tensor) -> float:
    return float((pred == target).sum() // max(pred.numel(), 1))


@accuracy.mistake(
    "one example at a time",
    "The numbers are right, but you go through the examples one by one; compare the whole tensors "
    "in one call.",
)
def _(pred: Tensor, target: Tensor) -> float:
    pairs = zip(pred.flatten().tolist(), target.flatten().tolist(), strict=True)
    return ratio(float(sum(p == t for p, t in pairs)), pred.numel())
