"""How often each class is taken for each."""

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from torchproof.catalog.metrics.labels import EMPTY, of_matrix
from torchproof.catalog.metrics.rules import GROUPS, LIBRARIES
from torchproof.checking.cases import Cases, Draw, extremes, shapes, values, vectorised
from torchproof.checking.exercise import exercise


@exercise(groups=GROUPS, not_allowed=LIBRARIES)
def confusion_matrix(pred: Tensor, target: Tensor, num_classes: int) -> Tensor:
    """Return how often target is row and pred is column: int64, (num_classes, num_classes).

    The labels have one shape, any at all; for no labels the matrix is 0 (scikit-learn).
    """
    from sklearn.metrics import confusion_matrix as counted

    if not pred.numel():
        return torch.zeros(num_classes, num_classes, dtype=torch.int64, device=pred.device)
    labels = (each.flatten().cpu().numpy() for each in (target, pred))
    matrix = counted(*labels, labels=range(num_classes))
    return torch.from_numpy(matrix).to(pred.device, torch.int64)


@confusion_matrix.cases
def _(draw: Draw) -> Cases:
    for classes, high in ((2, 9), (3, 7), (draw.size(5, 7), 5)):
        matrix = draw.integers(classes, classes, low=1, high=high)
        yield values(**of_matrix(draw, matrix + torch.eye(classes).long()), num_classes=classes)
    sparse = draw.integers(9, 9, high=4) * draw.mask(9, 9, share=0.3)
    yield values("some cells are 0", **of_matrix(draw, sparse), num_classes=9)
    three = draw.integers(3, 3, low=1, high=5)
    yield extremes("class 0 is in neither", **_shifted(draw, three, 1), num_classes=4)
    yield extremes("the last classes are in neither", **_shifted(draw, three, 0), num_classes=6)
    yield extremes("gaps", **_shifted(draw, three, 2), num_classes=7)
    yield extremes("all right", **of_matrix(draw, three.diag().diag()), num_classes=3)
    label = draw.integers(1, high=4)
    yield extremes("one example", pred=label, target=label + 1, num_classes=5)
    yield extremes("no examples", pred=EMPTY, target=EMPTY, num_classes=3)
    many = torch.tensor([[2, 300], [1, 4]])
    yield extremes("300 examples of one pair", **of_matrix(draw, many), num_classes=2)
    zeros = torch.zeros(draw.size(4, 9), dtype=torch.int64)
    yield extremes("one class", pred=zeros, target=zeros, num_classes=1)
    for shape, classes in (((12,), 3), ((4, 6), 4), ((2, 3, 5), 5)):
        labels = {name: draw.integers(*shape, high=classes) for name in ("pred", "target")}
        yield shapes("" if len(shape) == 1 else "more dimensions", **labels, num_classes=classes)
    small, larger = (of_matrix(draw, draw.integers(n, n, low=1, high=4)) for n in (2, 5))
    yield vectorised({**small, "num_classes": 2}, {**larger, "num_classes": 5})


def _shifted(draw: Draw, matrix: Tensor, by: int) -> dict[str, Tensor]:
    """Return labels whose classes are numbered from ``by``."""
    return {name: tensor + by for name, tensor in of_matrix(draw, matrix).items()}


def _counted(pred: Tensor, target: Tensor, num_classes: int) -> Tensor:
    """Return what the mistakes change: the right matrix."""
    pairs = (target * num_classes + pred).flatten()
    return torch.bincount(pairs, minlength=num_classes**2).reshape(num_classes, num_classes)


@confusion_matrix.mistake(
    "rows and columns swapped",
    "Your rows are the predicted classes and your columns the true ones; it is the other way "
    "round: the true class picks the row.",
)
def _(pred: Tensor, target: Tensor, num_classes: int) -> Tensor:
    return _counted(target, pred, num_classes)


@confusion_matrix.mistake(
    "size from the largest class",
    "You take the size from the largest class that occurs; num_classes says it, and classes that "
    "do not occur have rows and columns of 0.",
)
def _(pred: Tensor, target: Tensor, num_classes: int) -> Tensor:
    occurring = 1 + int(max(pred.max(), target.max())) if pred.numel() else 0
    return _counted(pred, target, num_classes)[:occurring, :occurring]


@confusion_matrix.mistake(
    "size from the largest class, no examples raise",
    "You take the size from the largest class that occurs, and there is none without examples; "
    "num_classes says it.",
)
def _(pred: Tensor, target: Tensor, num_classes: int) -> Tensor:
    occurring = 1 + int(max(pred.max(), target.max()))
    return _counted(pred, target, num_classes)[:occurring, :occurring]


@confusion_matrix.mistake(
    "only classes that occur",
    "You leave out classes that do not occur; they have rows and columns of 0, and the matrix has "
    "num_classes of each.",
)
def _(pred: Tensor, target: Tensor, num_classes: int) -> Tensor:
    occurring = torch.unique(torch.cat([pred.flatten(), target.flatten()]))
    return _counted(pred, target, num_classes)[occurring][:, occurring]


@confusion_matrix.mistake(
    "cells that occur only",
    "torch.bincount gives no number for what lies beyond the largest pair that occurs, so its "
    "result cannot be made a square; give it minlength=num_classes**2.",
)
def _(pred: Tensor, target: Tensor, num_classes: int) -> Tensor:
    pairs = (target * num_classes + pred).flatten()
    return torch.bincount(pairs).reshape(num_classes, num_classes)


@confusion_matrix.mistake(
    "repeated pairs counted once",
    "matrix[target, pred] += 1 adds 1 to a cell once, however often its pair occurs; index_put_ "
    "with accumulate=True, or bincount, counts every time.",
)
def _(pred: Tensor, target: Tensor, num_classes: int) -> Tensor:
    return _counted(pred, target, num_classes).clamp(max=1)


@confusion_matrix.mistake(
    "whether, not how often",
    "You return whether a pair of classes occurs, as booleans; count how often, as int64.",
)
def _(pred: Tensor, target: Tensor, num_classes: int) -> Tensor:
    return _counted(pred, target, num_classes) > 0


@confusion_matrix.mistake(
    "float counts",
    "You return float32; counts are whole numbers, int64.",
)
def _(pred: Tensor, target: Tensor, num_classes: int) -> Tensor:
    return _counted(pred, target, num_classes).float()


@confusion_matrix.mistake(
    "float64 counts",
    "You return float64; counts are whole numbers, int64.",
)
def _(pred: Tensor, target: Tensor, num_classes: int) -> Tensor:
    return _counted(pred, target, num_classes).double()


@confusion_matrix.mistake(
    "int32 counts",
    "You return int32; counts are int64, torch's own dtype for whole numbers.",
)
def _(pred: Tensor, target: Tensor, num_classes: int) -> Tensor:
    return _counted(pred, target, num_classes).int()


@confusion_matrix.mistake(
    "counted in 8 bits",
    "You count in 8 bits, as in uint8, which goes up to 255 only; count in int64.",
)
def _(pred: Tensor, target: Tensor, num_classes: int) -> Tensor:
    return _counted(pred, target, num_classes).to(torch.uint8).long()


@confusion_matrix.mistake(
    "rows divided by their sums",
    "You divide each row by its sum; the counts themselves are asked for.",
)
def _(pred: Tensor, target: Tensor, num_classes: int) -> Tensor:
    matrix = _counted(pred, target, num_classes).float()
    return matrix / matrix.sum(dim=1, keepdim=True).clamp(min=1)


@confusion_matrix.mistake(
    "rows divided by their sums, 0/0 as NaN",
    "You divide each row by its sum, which is 0/0 for a class that does not occur; the counts "
    "themselves are asked for.",
)
def _(pred: Tensor, target: Tensor, num_classes: int) -> Tensor:
    matrix = _counted(pred, target, num_classes)
    return matrix / matrix.sum(dim=1, keepdim=True)


@confusion_matrix.mistake(
    "divided by the number of examples",
    "You divide by the number of examples; the counts themselves are asked for.",
)
def _(pred: Tensor, target: Tensor, num_classes: int) -> Tensor:
    return _counted(pred, target, num_classes) / max(pred.numel(), 1)


@confusion_matrix.mistake(
    "right ones only",
    "You count the predictions that are right, which are the diagonal; those that are wrong "
    "belong beside it.",
)
def _(pred: Tensor, target: Tensor, num_classes: int) -> Tensor:
    return _counted(pred, target, num_classes).diag().diag()


@confusion_matrix.mistake(
    "wrong ones only",
    "You count the predictions that are wrong; those that are right belong on the diagonal.",
)
def _(pred: Tensor, target: Tensor, num_classes: int) -> Tensor:
    matrix = _counted(pred, target, num_classes)
    return matrix - matrix.diag().diag()


@confusion_matrix.mistake(
    "last class first",
    "Your classes run from the last to the first; row 0 and column 0 are class 0.",
)
def _(pred: Tensor, target: Tensor, num_classes: int) -> Tensor:
    return _counted(pred, target, num_classes).flip(0, 1)


@confusion_matrix.mistake(
    "last class first, transposed",
    "Your classes run from the last to the first, and your rows are the predicted ones; row 0 and "
    "column 0 are class 0, and the true class picks the row.",
)
def _(pred: Tensor, target: Tensor, num_classes: int) -> Tensor:
    return _counted(target, pred, num_classes).flip(0, 1)


@confusion_matrix.mistake(
    "class 0 left out",
    "You leave the row and column of class 0 empty; class 0 counts as any other.",
)
def _(pred: Tensor, target: Tensor, num_classes: int) -> Tensor:
    matrix = _counted(pred, target, num_classes)
    matrix[0], matrix[:, 0] = 0, 0
    return matrix


@confusion_matrix.mistake(
    "both ways round",
    "You count each example in both directions, so your matrix equals its transpose; an example "
    "counts once, in the row of its true class.",
)
def _(pred: Tensor, target: Tensor, num_classes: int) -> Tensor:
    return _counted(pred, target, num_classes) + _counted(target, pred, num_classes)


@confusion_matrix.mistake(
    "flat",
    "You return the counts in one row of num_classes² numbers; reshape them to num_classes rows.",
)
def _(pred: Tensor, target: Tensor, num_classes: int) -> Tensor:
    return _counted(pred, target, num_classes).flatten()


@confusion_matrix.mistake(
    "lists",
    "You return lists; a tensor is asked for.",
)
def _(pred: Tensor, target: Tensor, num_classes: int) -> Any:
    return _counted(pred, target, num_classes).tolist()


@confusion_matrix.mistake(
    "labels not flattened",
    "You give bincount labels of more than one dimension, which it refuses; flatten them first.",
)
def _(pred: Tensor, target: Tensor, num_classes: int) -> Tensor:
    return torch.bincount(target * num_classes + pred, minlength=num_classes**2).reshape(
        num_classes, num_classes
    )


@confusion_matrix.mistake(
    "a row for each example",
    "Your matrix has a row and a column for each example; multiply the one-hot labels as "
    "target.mT @ pred, which sums over the examples and leaves the classes.",
)
def _(pred: Tensor, target: Tensor, num_classes: int) -> Tensor:
    one_hot = [F.one_hot(each.flatten(), num_classes) for each in (target, pred)]
    return one_hot[0] @ one_hot[1].mT


@confusion_matrix.mistake(
    "view",
    "You flatten the labels by view, which refuses labels that do not lie in order in memory; "
    "flatten and reshape copy them where they have to.",
)
def _(pred: Tensor, target: Tensor, num_classes: int) -> Tensor:
    return _counted(pred.view(-1), target.view(-1), num_classes)


@confusion_matrix.mistake(
    "one example, or one cell, at a time",
    "The numbers are right, but you loop over the examples or over the classes; number the cells, "
    "and one call of bincount fills them all.",
)
def _(pred: Tensor, target: Tensor, num_classes: int) -> Tensor:
    matrix = torch.zeros(num_classes, num_classes, dtype=torch.int64, device=pred.device)
    for p, t in zip(pred.flatten().tolist(), target.flatten().tolist(), strict=True):
        matrix[t, p] += 1
    return matrix
