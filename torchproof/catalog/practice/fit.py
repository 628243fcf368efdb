"""Training with validation and early stopping: its reference, and its cases."""

import copy
import math
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import Optimizer, lr_scheduler
from torch.utils.data import DataLoader

from torchproof.catalog.practice.evaluate import evaluate
from torchproof.catalog.practice.models import CLASSES, Data, labelled, linear, normed, sgd
from torchproof.catalog.practice.train_epoch import train_epoch
from torchproof.checking.cases import Cases, Draw, Group, extremes, shapes, values
from torchproof.checking.exercise import exercise


@exercise(groups=(Group.VALUES, Group.EXTREMES, Group.SHAPES), driver="fitting")
def fit(
    model: nn.Module,
    train: DataLoader[Any],
    valid: DataLoader[Any],
    loss_fn: Any,
    optimizer: Optimizer,
    scheduler: lr_scheduler.LRScheduler | None,
    epochs: int,
    patience: int,
) -> dict[str, Any]:
    """Train until the validation loss has not improved for patience epochs; keep the best.

    Each epoch trains, evaluates and steps the scheduler. At the end the model has the weights and
    buffers of the epoch with the lowest validation loss; NaN never improves.
    """
    train_loss, valid_loss, valid_accuracy = [], [], []
    best_loss, best_epoch, best_state = math.inf, -1, copy.deepcopy(model.state_dict())
    for epoch in range(epochs):
        train_loss.append(train_epoch.reference(model, train, loss_fn, optimizer))
        loss, accuracy = evaluate.reference(model, valid, loss_fn)
        valid_loss.append(loss)
        valid_accuracy.append(accuracy)
        if scheduler is not None:
            scheduler.step()
        if loss < best_loss:
            best_loss, best_epoch = loss, epoch
            best_state = copy.deepcopy(model.state_dict())
        if epoch - best_epoch >= patience:
            break
    model.load_state_dict(best_state)
    return {
        "train_loss": train_loss,
        "valid_loss": valid_loss,
        "valid_accuracy": valid_accuracy,
        "best_epoch": best_epoch,
    }


def _alike(draw: Draw, data: Data, shift: int = 0, **options: Any) -> Data:
    """Return data much like other data, with the classes moved on by ``shift``."""
    x: Tensor = data["x"]
    near = x + 0.05 * draw.normal(*x.shape, dtype=x.dtype)
    return {"x": near, "y": (data["y"] + shift) % CLASSES, **options}


def _along(places: Sequence[float], lr: float) -> dict[str, Any]:
    """Return arguments that lead along one line to these places, one each epoch.

    The further along, the lower the loss: a negative rate goes back, and the loss rises.
    """
    rates = [round(place - last, 3) for last, place in zip([0.0, *places], places, strict=False)]
    scheduler = {"kind": "LambdaLR", "factors": rates}
    return {"optimizer": {"kind": "SGD", "lr": lr}, "scheduler": scheduler}


CLASSIFY = {"loss_fn": "nn.CrossEntropyLoss"}


@fit.cases
def _(draw: Draw) -> Cases:
    data = labelled(draw, 10, batch_size=10)
    yield values(
        "the best epoch is not the last",
        model=linear(),
        train=data,
        valid=_alike(draw, data, batch_size=6),
        epochs=3,
        patience=3,
        **_along([1, 2, 1.4], draw.number(0.1, 0.2)),
        **CLASSIFY,
    )
    data = labelled(draw, 10, batch_size=10)
    yield values(
        "falls, rises, falls and rises for long",
        model=linear(),
        train=data,
        valid=_alike(draw, data, batch_size=10),
        epochs=10,
        patience=3,
        **_along([1, 2, 1.2, 1.5, 3, 2, 2.2, 2.4, 2.6, 2.8], draw.number(0.1, 0.2)),
        **CLASSIFY,
    )
    data = labelled(draw, draw.size(6, 7), batch_size=4, shuffle=True)
    yield values(
        "the more it learns, the worse",
        model=normed(),
        train=data,
        valid=_alike(draw, data, shift=1, batch_size=5),
        epochs=7,
        patience=2,
        optimizer=sgd(draw, momentum=0.9),
        scheduler={"kind": "StepLR", "step_size": 1, "gamma": 0.9},
        **CLASSIFY,
    )
    yield from _extremes(draw)
    data = labelled(draw, draw.size(6, 7), torch.float32, batch_size=4)
    yield shapes(
        model=normed(),
        train=data,
        valid=_alike(draw, data, batch_size=4),
        epochs=2,
        patience=1,
        optimizer=sgd(draw),
        scheduler=None,
        types=True,
        **CLASSIFY,
    )


def _extremes(draw: Draw) -> Cases:
    """Yield runs with equal losses, NaN, the least patience, and a single epoch."""
    data = labelled(draw, 9, batch_size=9)
    valid = _alike(draw, data, batch_size=5)
    small: dict[str, Any] = {"model": linear(), "train": data, "valid": valid, **CLASSIFY}
    lr = draw.number(0.1, 0.2)
    yield extremes(
        "no scheduler",
        **small | {"train": data | {"batch_size": 5}},
        epochs=4,
        patience=2,
        optimizer=sgd(draw),
        scheduler=None,
    )
    yield extremes(
        "the loss stays the same", **small, epochs=6, patience=2, **_along([1, 1, 1, 1, 1, 1], lr)
    )
    yield extremes(
        "falls by very little", **small, epochs=4, patience=2, **_along([1, 1.001, 1.002], lr)
    )
    yield extremes("a patience of 1", **small, epochs=6, patience=1, **_along([1, 2, 1.5, 3], lr))
    yield extremes(
        "a single epoch, gradients left from before",
        **small,
        epochs=1,
        patience=3,
        gradients=True,
        **_along([1, 2.5], lr),
    )
    yield extremes(
        "loaders that drop a short last batch, and another loss",
        model=linear(),
        train=data | {"batch_size": 4, "drop_last": True},
        valid=valid | {"drop_last": True},
        loss_fn="brier",
        epochs=2,
        patience=2,
        optimizer=sgd(draw),
        scheduler=None,
    )
    large = data | {"x": 100 * data["x"]}
    yield extremes(
        "the training diverges to NaN",
        **small | {"train": large, "valid": valid | {"x": 100 * valid["x"]}},
        epochs=6,
        patience=3,
        optimizer={"kind": "SGD", "lr": 1.0},
        scheduler={"kind": "LambdaLR", "factors": [1e-4, 1e308]},
    )
