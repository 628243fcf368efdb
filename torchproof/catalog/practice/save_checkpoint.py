"""Saving a training run: the reference and its cases."""

from typing import Any

import torch
from torch import nn
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler

from torchproof.checking.cases import FLOATS, Cases, Draw, Group, extremes, values
from torchproof.checking.exercise import exercise


@exercise(groups=(Group.VALUES, Group.EXTREMES), driver="checkpoint_saved")
def save_checkpoint(
    path: str, model: nn.Module, optimizer: Optimizer, scheduler: LRScheduler, epoch: int
) -> None:
    """Write all that training depends on to the file at path.

    It holds a dict of the states of model, optimizer and scheduler, of the epoch, and of
    ``random_state``, that of torch's global generator.
    """
    torch.save(contents(model, optimizer, scheduler, epoch), path)


def contents(
    model: nn.Module, optimizer: Optimizer, scheduler: LRScheduler, epoch: int
) -> dict[str, Any]:
    """Return what a checkpoint holds."""
    return {
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict(),
        "scheduler": scheduler.state_dict(),
        "epoch": epoch,
        "random_state": torch.get_rng_state(),
    }


def runs(draw: Draw, dtype: torch.dtype) -> list[tuple[str, dict[str, Any]]]:
    """Draw three runs, each with its name, that have everything a checkpoint must hold."""

    def made(optimizer: dict[str, Any], scheduler: dict[str, Any], *norm: Any) -> dict[str, Any]:
        n_in, hidden, n = draw.size(4, 6), draw.size(5, 8), draw.size(10, 11)
        layers = [
            {"kind": "nn.Linear", "sizes": [n_in, hidden]},
            *({"kind": kind, "sizes": [hidden]} for kind in norm),
            {"kind": "nn.ReLU"},
            {"kind": "nn.Dropout", "sizes": [0.4]},
            {"kind": "nn.Linear", "sizes": [hidden, 2]},
        ]
        x, y = draw.normal(n, n_in, dtype=dtype), draw.normal(n, 2, dtype=dtype)
        return {"layers": layers, "x": x, "y": y, "optimizer": optimizer, "scheduler": scheduler}

    lr = draw.number(0.02, 0.05)
    sgd = {"kind": "SGD", "lr": lr, "momentum": 0.9, "weight_decay": 0.01}
    adam = {"kind": "Adam", "lr": lr, "betas": (0.8, 0.95)}
    adamw = {"kind": "AdamW", "lr": lr, "weight_decay": 0.1}
    steps = {"kind": "StepLR", "step_size": 2, "gamma": 0.5}
    cosine = {"kind": "CosineAnnealingLR", "T_max": 20}
    warming = {"kind": "LinearLR", "start_factor": 0.1, "total_iters": 15}
    return [
        ("momentum, a rate that falls in steps", made(sgd, steps)),
        ("Adam, batch norm", made(adam, cosine, "nn.BatchNorm1d")),
        ("AdamW, a rate for each batch", made(adamw, warming) | {"every_batch": True}),
    ]


@save_checkpoint.cases
def _(draw: Draw) -> Cases:
    single, double = FLOATS
    for dtype, chosen in ((double, slice(3)), (single, slice(1, 2))):
        for note, run in runs(draw, dtype)[chosen]:
            yield values(note, run=run, passes=1, epoch=draw.size(3, 30))
    first, normed, _ = (run for _, run in runs(draw, double))
    yield extremes("before the first step", run=first, passes=0, epoch=0)
    twice = {"passes": 1, "epoch": draw.size(3, 30), "times": 2}
    yield extremes("twice to the same file", run=first, **twice)
    resting = normed | {"training": False}
    yield extremes("a model in evaluation mode", run=resting, passes=1, epoch=draw.size(3, 30))
