"""Evaluation: its reference, and its cases."""

from typing import Any

import torch
from torch import nn
from torch.utils.data import DataLoader

from torchproof.catalog.practice.models import images, labelled, linear, mlp, normed
from torchproof.checking.cases import Cases, Draw, Group, extremes, shapes, values
from torchproof.checking.exercise import exercise


@exercise(groups=(Group.VALUES, Group.EXTREMES, Group.SHAPES), driver="evaluation")
def evaluate(model: nn.Module, loader: DataLoader[Any], loss_fn: Any) -> tuple[float, float]:
    """Return the mean loss over samples and the share of samples whose largest logit is right.

    The model is called in evaluation mode without gradients, and is left in the mode it had.
    """
    was_training = model.training
    model.eval()
    total, correct, count = 0.0, 0, 0
    with torch.no_grad():
        for x, y in loader:
            logits = model(x)
            total += loss_fn(logits, y).item() * len(x)
            correct += int((logits.argmax(dim=1) == y).sum())
            count += len(x)
    model.train(was_training)
    return total / count, correct / count


@evaluate.cases
def _(draw: Draw) -> Cases:
    classify = {"loss_fn": "nn.CrossEntropyLoss"}
    for training in (True, False):
        yield values(
            f"in {'training' if training else 'evaluation'} mode beforehand",
            model=normed(),
            loader=labelled(draw, draw.size(9, 11), batch_size=4),
            training=training,
            **classify,
        )
    layers, data = images(draw, draw.size(8, 9), batch_size=5)
    yield values("images, and another loss", model=layers, loader=data, loss_fn="brier")
    yield from _extremes(draw, classify)
    loader = labelled(draw, draw.size(6, 7), torch.float32, batch_size=4)
    yield shapes(model=normed(), loader=loader, types=True, **classify)


def _extremes(draw: Draw, classify: dict[str, Any]) -> Cases:
    """Yield loaders with odd batches, gradients from before, and a model that is sure."""
    n = draw.size(6, 8)
    yield extremes(
        "gradients left from before",
        model=linear(),
        loader=labelled(draw, n, batch_size=4),
        gradients=True,
        **classify,
    )
    yield extremes(
        "one batch of all",
        model=normed(),
        loader=labelled(draw, n, batch_size=n),
        training=False,
        **classify,
    )
    yield extremes(
        "batches of unequal sizes",
        model=mlp(dropout=0.5),
        loader=labelled(draw, 10, sizes=[3, 1, 4, 2]),
        loss_fn="brier",
    )
    yield extremes(
        "called under torch.no_grad()",
        model=linear(),
        loader=labelled(draw, n, batch_size=4),
        recording=False,
        **classify,
    )
    short = draw.size(1, 3)
    yield extremes(
        "the loader drops a short last batch",
        model=linear(),
        loader=labelled(draw, 8 + short, batch_size=4, drop_last=True),
        **classify,
    )
    sure = labelled(draw, n, batch_size=4)
    sure["x"] = sure["x"] * 1000
    yield extremes("very large inputs", model=linear(), loader=sure, **classify)
