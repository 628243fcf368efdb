"""Gradient accumulation: its reference, and its cases."""

from typing import Any

import torch
from torch import nn
from torch.optim import Optimizer
from torch.utils.data import DataLoader

from torchproof.catalog.practice.models import images, labelled, linear, measured, mlp, sgd
from torchproof.checking.cases import Cases, Draw, Group, extremes, shapes, values
from torchproof.checking.exercise import exercise


@exercise(groups=(Group.VALUES, Group.EXTREMES, Group.SHAPES), driver="epoch")
def gradient_accumulation(
    model: nn.Module, loader: DataLoader[Any], loss_fn: Any, optimizer: Optimizer, steps: int
) -> float:
    """Train for one pass, with a step after every ``steps`` batches and after the last.

    Each step's gradient is that of one large batch of all samples since the step before. Returns
    the mean loss over samples.
    """
    model.train()
    optimizer.zero_grad()
    total, count, group = 0.0, 0, 0
    for number, (x, y) in enumerate(loader, start=1):
        loss = loss_fn(model(x), y) * len(x)
        loss.backward()
        total += loss.item()
        count += len(x)
        group += len(x)
        if number % steps == 0 or number == len(loader):
            for parameter in model.parameters():
                if parameter.grad is not None:
                    parameter.grad /= group
            optimizer.step()
            optimizer.zero_grad()
            group = 0
    return total / count


@gradient_accumulation.cases
def _(draw: Draw) -> Cases:
    yield values(
        "in evaluation mode beforehand",
        model=mlp(dropout=0.3),
        loader=labelled(draw, draw.size(9, 10), batch_size=2),
        loss_fn="nn.CrossEntropyLoss",
        optimizer=sgd(draw, momentum=0.9),
        steps=2,
        training=False,
    )
    yield values(
        "several numbers a sample",
        model=linear(2),
        loader=measured(draw, draw.size(13, 14), batch_size=3),
        loss_fn="nn.MSELoss",
        optimizer={"kind": "Adam", "lr": draw.number(0.01, 0.1)},
        steps=3,
    )
    layers, data = images(draw, 11, batch_size=2)
    yield values(
        "images",
        model=layers,
        loader=data,
        loss_fn="F.cross_entropy",
        optimizer=sgd(draw),
        steps=4,
    )
    yield from _extremes(draw)
    yield shapes(
        model=mlp(dropout=0.3),
        loader=labelled(draw, draw.size(6, 7), torch.float32, batch_size=2),
        loss_fn="nn.CrossEntropyLoss",
        optimizer=sgd(draw),
        steps=2,
        types=True,
    )


def _extremes(draw: Draw) -> Cases:
    """Yield one batch a step, all batches a step, odd batches, and gradients from before."""
    classify: dict[str, Any] = {
        "loss_fn": "nn.CrossEntropyLoss",
        "optimizer": sgd(draw, weight_decay=0.1),
    }
    n = draw.size(6, 7)
    yield extremes(
        "gradients left from before",
        model=linear(),
        loader=labelled(draw, n, batch_size=2),
        steps=2,
        gradients=True,
        **classify,
    )
    data = labelled(draw, n, batch_size=2)
    yield extremes("a step after each batch", model=linear(), loader=data, steps=1, **classify)
    data = labelled(draw, n, batch_size=3)
    yield extremes(
        "more steps than there are batches", model=linear(), loader=data, steps=5, **classify
    )
    yield extremes(
        "batches of unequal sizes, a frozen layer",
        model=[mlp()[0] | {"frozen": True}, *mlp()[1:]],
        loader=labelled(draw, 13, sizes=[3, 1, 4, 2, 1, 2]),
        steps=3,
        **classify,
    )
    short = draw.size(1, 2)
    yield extremes(
        "the loader drops a short last batch",
        model=linear(),
        loader=labelled(draw, 12 + short, batch_size=3, drop_last=True),
        steps=2,
        **classify,
    )
