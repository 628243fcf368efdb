"""Classes as rows of zeros and a one."""

import torch
import torch.nn.functional as F
from torch import Tensor

from torchproof.catalog.tensors.rules import WITHOUT_GRADIENTS
from torchproof.checking.cases import Cases, Draw, extremes, shapes, values, vectorised
from torchproof.checking.exercise import exercise


@exercise(groups=WITHOUT_GRADIENTS, not_allowed=("one_hot",))
def one_hot(labels: Tensor, num_classes: int) -> Tensor:
    """Turn int64 labels of any shape into int64 rows with a 1 at the label and 0 elsewhere."""
    return F.one_hot(labels, num_classes)


@one_hot.cases
def _(draw: Draw) -> Cases:
    for shape in ((6,), (3, 4), (2, 1, 3)):
        num_classes = draw.size(3, 6)
        yield values(labels=draw.integers(*shape, high=num_classes), num_classes=num_classes)
    yield extremes("classes nobody has", labels=torch.tensor([0, 1, 1]), num_classes=5)
    yield extremes("one class", labels=torch.zeros(3, dtype=torch.int64), num_classes=1)
    yield extremes("the last class", labels=torch.tensor([3, 3]), num_classes=4)
    yield extremes("a single label", labels=torch.tensor(2), num_classes=4)
    yield extremes("no labels", labels=torch.empty(0, dtype=torch.int64), num_classes=3)
    yield shapes(labels=draw.integers(5, high=4), num_classes=4)
    yield shapes(labels=draw.integers(3, 5, high=7), num_classes=7)
    yield vectorised(
        {"labels": draw.integers(3, high=4), "num_classes": 4},
        {"labels": draw.integers(7, 5, high=9), "num_classes": 9},
    )


@one_hot.mistake(
    "classes from max+1",
    "You take the number of classes from the largest label; a batch may lack the last classes, "
    "so use num_classes.",
)
def _(labels: Tensor, num_classes: int) -> Tensor:
    size = int(labels.max()) + 1
    return (labels[..., None] == torch.arange(size, device=labels.device)).long()


@one_hot.mistake(
    "one dimension of labels only",
    "You expect one dimension; labels may have any shape, and labels[..., None] adds the last one.",
)
def _(labels: Tensor, num_classes: int) -> Tensor:
    return (labels[:, None] == torch.arange(num_classes, device=labels.device)).long()


@one_hot.mistake(
    "every label's column in every row",
    "You set the column of every label in every row; each row has a 1 at its own label only.",
)
def _(labels: Tensor, num_classes: int) -> Tensor:
    rows = torch.zeros(*labels.shape, num_classes, dtype=torch.int64, device=labels.device)
    rows[..., labels] = 1
    return rows


@one_hot.mistake(
    "float result",
    "Your zeros and ones are floats; int64 is asked for, as from .long().",
)
def _(labels: Tensor, num_classes: int) -> Tensor:
    return (labels[..., None] == torch.arange(num_classes, device=labels.device)).float()


@one_hot.mistake(
    "returns bool",
    "A comparison gives booleans; int64 is asked for, as from .long().",
)
def _(labels: Tensor, num_classes: int) -> Tensor:
    return labels[..., None] == torch.arange(num_classes, device=labels.device)


@one_hot.mistake(
    "classes first",
    "You put the classes in the first dimension; they belong in the last.",
)
def _(labels: Tensor, num_classes: int) -> Tensor:
    rows = labels[..., None] == torch.arange(num_classes, device=labels.device)
    return rows.long().movedim(-1, 0)


@one_hot.mistake(
    "labels counted from 1",
    "Your 1 stands one place too far left; labels count from 0.",
)
def _(labels: Tensor, num_classes: int) -> Tensor:
    return (labels[..., None] == torch.arange(1, num_classes + 1, device=labels.device)).long()


@one_hot.mistake(
    "one label at a time",
    "The values are right, but you visit the labels one by one; compare them all at once.",
)
def _(labels: Tensor, num_classes: int) -> Tensor:
    rows = torch.zeros(labels.numel(), num_classes, dtype=torch.int64, device=labels.device)
    for row, label in zip(rows, labels.flatten(), strict=True):
        row[label] = 1
    return rows.reshape(*labels.shape, num_classes)
