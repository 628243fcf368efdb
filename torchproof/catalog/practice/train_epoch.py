"""One pass of training: its reference, and its cases."""

from typing import Any

import torch
from torch import nn
from torch.optim import Optimizer
from torch.utils.data import DataLoader

from torchproof.catalog.practice.models import images, labelled, linear, measured, mlp, normed, sgd
from torchproof.checking.cases import Cases, Draw, Group, extremes, shapes, values
from torchproof.checking.exercise import exercise


@exercise(groups=(Group.VALUES, Group.EXTREMES, Group.SHAPES), driver="epoch")
def train_epoch(
    model: nn.Module, loader: DataLoader[Any], loss_fn: Any, optimizer: Optimizer
) -> float:
    """Train for one pass over the loader, in training mode; return the mean loss over samples.

    loss_fn gives the mean over its batch, so each batch counts by its size.
    """
    model.train()
    total, count = 0.0, 0
    for x, y in loader:
        optimizer.zero_grad()
        loss = loss_fn(model(x), y)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(x)
        count += len(x)
    return total / count


@train_epoch.cases
def _(draw: Draw) -> Cases:
    yield values(
        "in evaluation mode beforehand",
        model=normed(),
        loader=labelled(draw, draw.size(2, 3) + 8, batch_size=4),
        loss_fn="nn.CrossEntropyLoss",
        optimizer=sgd(draw, momentum=0.9),
        training=False,
    )
    yield values(
        "several numbers a sample",
        model=mlp(outputs=2, dropout=0.3),
        loader=measured(draw, draw.size(6, 7), torch.float32, batch_size=5),
        loss_fn="nn.MSELoss",
        optimizer={"kind": "Adam", "lr": draw.number(0.01, 0.1)},
    )
    layers, data = images(draw, draw.size(7, 8), batch_size=3)
    yield values(
        "images",
        model=layers,
        loader=data,
        loss_fn="F.cross_entropy",
        optimizer=sgd(draw),
    )
    yield from _extremes(draw)
    yield shapes(
        model=normed(),
        loader=labelled(draw, draw.size(6, 7), torch.float32, batch_size=4),
        loss_fn="nn.CrossEntropyLoss",
        optimizer=sgd(draw),
        types=True,
    )


def _extremes(draw: Draw) -> Cases:
    """Yield loaders with odd batches, gradients from before, and layers that are not trained."""
    n = draw.size(6, 8)
    classify: dict[str, Any] = {"loss_fn": "nn.CrossEntropyLoss", "optimizer": sgd(draw)}
    yield extremes(
        "gradients left from before",
        model=linear(),
        loader=labelled(draw, n, batch_size=4),
        gradients=True,
        **classify,
    )
    yield extremes(
        "one batch of all", model=normed(), loader=labelled(draw, n, batch_size=n), **classify
    )
    yield extremes(
        "batches of unequal sizes, a frozen layer",
        model=[mlp()[0] | {"frozen": True}, *mlp()[1:]],
        loader=labelled(draw, 10, sizes=[3, 1, 4, 2]),
        **classify,
    )
    short = draw.size(1, 3)
    yield extremes(
        "the loader drops a short last batch",
        model=linear(),
        loader=labelled(draw, 8 + short, batch_size=4, drop_last=True),
        **classify,
    )
