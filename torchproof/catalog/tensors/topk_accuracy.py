"""The share of rows whose class is among the k highest."""

import torch
from torch import Tensor

from torchproof.catalog.tensors.rules import WITHOUT_GRADIENTS
from torchproof.checking.cases import FLOATS, Cases, Draw, extremes, shapes, values, vectorised
from torchproof.checking.exercise import exercise


@exercise(groups=WITHOUT_GRADIENTS, loops=False)
def topk_accuracy(logits: Tensor, labels: Tensor, k: int) -> float:
    """Return the share of rows of logits, (N, C), with the label, (N,), among the k largest."""
    best = logits.topk(k, dim=1).indices
    return (best == labels[:, None]).any(dim=1).double().mean().item()


@topk_accuracy.cases
def _(draw: Draw) -> Cases:
    for dtype in FLOATS:
        for n, classes, k in ((40, 6, 2), (draw.size(30, 50), draw.size(7, 9), 3)):
            logits = draw.normal(n, classes, dtype=dtype)
            yield values(logits=logits, labels=draw.integers(n, high=classes), k=k)
    logits = draw.normal(20, 5)
    yield extremes("k = 1", logits=logits, labels=draw.integers(20, high=5), k=1)
    yield extremes("k = C", logits=logits, labels=draw.integers(20, high=5), k=5)
    yield extremes("one row", logits=logits[:1], labels=logits[:1].argmax(dim=1), k=1)
    yield extremes("all wrong", logits=logits, labels=logits.argmin(dim=1), k=2)
    yield extremes(
        "infinite logits",
        logits=torch.tensor([[-torch.inf, 2.0, torch.inf]] * 2),
        labels=torch.tensor([0, 2]),
        k=1,
    )
    for n, classes in ((3, 8), (8, 3)):
        yield shapes(logits=draw.normal(n, classes), labels=draw.integers(n, high=classes), k=2)
    yield vectorised(
        {"logits": draw.normal(3, 4), "labels": draw.integers(3, high=4), "k": 2},
        {"logits": draw.normal(12, 9), "labels": draw.integers(12, high=9), "k": 2},
    )


@topk_accuracy.mistake(
    "top-1 only",
    "You compare with the largest logit only; the label may be any of the k largest.",
)
def _(logits: Tensor, labels: Tensor, k: int) -> float:
    return (logits.argmax(dim=1) == labels).double().mean().item()


@topk_accuracy.mistake(
    "percent",
    "You return percent; a fraction between 0 and 1 is asked for.",
)
def _(logits: Tensor, labels: Tensor, k: int) -> float:
    best = logits.topk(k, dim=1).indices
    return 100 * (best == labels[:, None]).any(dim=1).double().mean().item()


@topk_accuracy.mistake(
    "smallest in place of largest",
    "You take the k smallest logits; the largest are the model's guesses.",
)
def _(logits: Tensor, labels: Tensor, k: int) -> float:
    best = logits.topk(k, dim=1, largest=False).indices
    return (best == labels[:, None]).any(dim=1).double().mean().item()


@topk_accuracy.mistake(
    "mean over all N·k comparisons",
    "You average over all N·k comparisons; each row counts once, when any of its k is the label.",
)
def _(logits: Tensor, labels: Tensor, k: int) -> float:
    best = logits.topk(k, dim=1).indices
    return (best == labels[:, None]).double().mean().item()


@topk_accuracy.mistake(
    "returns a count",
    "You return how many rows are right; divide by their number.",
)
def _(logits: Tensor, labels: Tensor, k: int) -> float:
    best = logits.topk(k, dim=1).indices
    return float((best == labels[:, None]).sum())


@topk_accuracy.mistake(
    "only the k-th guess",
    "You compare with the k-th largest alone; the label may be any of the k largest.",
)
def _(logits: Tensor, labels: Tensor, k: int) -> float:
    return (logits.topk(k, dim=1).indices[:, -1] == labels).double().mean().item()


@topk_accuracy.mistake(
    "labels without a second dimension",
    "topk gives (N, k) indices and labels has shape (N,); labels[:, None] sets each label beside "
    "its own row's guesses.",
)
def _(logits: Tensor, labels: Tensor, k: int) -> float:
    return (logits.topk(k, dim=1).indices == labels).any(dim=1).double().mean().item()


@topk_accuracy.mistake(
    "scores compared with labels",
    "You compare the values that topk returns; the class numbers are its indices.",
)
def _(logits: Tensor, labels: Tensor, k: int) -> float:
    return (logits.topk(k, dim=1).values == labels[:, None]).any(dim=1).double().mean().item()


@topk_accuracy.mistake(
    "guesses of all rows",
    "You look for the label among the guesses of all rows; only those of its own row count.",
)
def _(logits: Tensor, labels: Tensor, k: int) -> float:
    return torch.isin(labels, logits.topk(k, dim=1).indices).double().mean().item()


@topk_accuracy.mistake(
    "returns a tensor",
    "You return a tensor with one element; a Python float is asked for: .item() gives it.",
)
def _(logits: Tensor, labels: Tensor, k: int) -> Tensor:
    best = logits.topk(k, dim=1).indices
    return (best == labels[:, None]).any(dim=1).float().mean()
