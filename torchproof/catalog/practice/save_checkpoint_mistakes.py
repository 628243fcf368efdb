"""Saving a training run: how it goes wrong."""

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from torch import nn
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler

from torchproof.catalog.practice.save_checkpoint import contents, save_checkpoint

Contents = dict[str, Any]


def _without(*keys: str) -> Callable[..., Contents]:
    def part(held: Contents, **_: Any) -> Contents:
        return {key: value for key, value in held.items() if key not in keys}

    return part


def _halved(held: Contents) -> Contents:
    return held | {"model": {name: each.half() for name, each in held["model"].items()}}


_KEYS = {
    "model": "model_state_dict",
    "optimizer": "optimizer_state_dict",
    "scheduler": "scheduler_state_dict",
    "random_state": "rng_state",
}

_HELD: dict[str, tuple[str, Callable[..., Any]]] = {
    "random state not saved": (
        "You do not save the state of torch's random generator, so that dropout and shuffling "
        "draw other numbers after loading; put torch.get_rng_state() under random_state.",
        _without("random_state"),
    ),
    "optimizer not saved": (
        "You do not save the optimizer, whose momentum or averages are then lost; put its "
        "state_dict under optimizer.",
        _without("optimizer"),
    ),
    "scheduler not saved": (
        "You do not save the scheduler, which then begins anew; put its state_dict under "
        "scheduler.",
        _without("scheduler"),
    ),
    "epoch not saved": (
        "You do not save the epoch, so that nobody knows how much is left to do; put it under "
        "epoch.",
        _without("epoch"),
    ),
    "model and optimizer only": (
        "You save the model and the optimizer only; the scheduler, the epoch and the random state "
        "are needed too.",
        _without("scheduler", "epoch", "random_state"),
    ),
    "neither scheduler nor random state": (
        "You save neither the scheduler nor the random state; both are needed to go on as if "
        "nothing had happened.",
        _without("scheduler", "random_state"),
    ),
    "the model alone": (
        "You save the state of the model alone; write a dict with the keys model, optimizer, "
        "scheduler, epoch and random_state.",
        lambda held, **_: held["model"],
    ),
    "other keys": (
        "Your keys have other names than those asked: model, optimizer, scheduler, epoch and "
        "random_state.",
        lambda held, **_: {_KEYS.get(key, key): value for key, value in held.items()},
    ),
    "a tuple": (
        "You save a tuple; save a dict, in which everything has a name.",
        lambda held, **_: tuple(held.values()),
    ),
    "seed instead of state": (
        "You save the seed, which says where the generator began and not where it is; save "
        "torch.get_rng_state().",
        lambda held, **_: held | {"random_state": torch.initial_seed()},
    ),
    "the random state of Python": (
        "You save the state of Python's random; dropout and shuffling draw from torch's "
        "generator, whose state is torch.get_rng_state().",
        lambda held, **_: held | {"random_state": random.getstate()},
    ),
    "the state of a new generator": (
        "You save the state of a generator of your own, not of the one that dropout and "
        "shuffling draw from; save torch.get_rng_state().",
        lambda held, **_: held | {"random_state": torch.Generator().get_state()},
    ),
    "parameters only": (
        "You save the model's parameters without its buffers, such as the running statistics of "
        "batch norm; model.state_dict() has both.",
        lambda held, model, **_: held | {"model": dict(model.named_parameters())},
    ),
    "a list of weights": (
        "You save a list in place of the model's state; model.state_dict() names each tensor.",
        lambda held, model, **_: held | {"model": list(model.parameters())},
    ),
    "half precision": (
        "You round the weights before you save them, so that training goes on from elsewhere; "
        "save them as they are.",
        lambda held, **_: _halved(held),
    ),
    "single precision": (
        "You save float32 where the model has float64; save its tensors as they are.",
        lambda held, **_: _single(held),
    ),
    "the optimizer's settings only": (
        "You save the optimizer's settings without its state, the momentum or the averages; "
        "optimizer.state_dict() has both.",
        lambda held, **_: held | {"optimizer": held["optimizer"]["param_groups"]},
    ),
    "the optimizer's state only": (
        "You save the optimizer's state without its settings, such as the learning rate of now; "
        "optimizer.state_dict() has both.",
        lambda held, **_: held | {"optimizer": held["optimizer"]["state"]},
    ),
    "the learning rate for the scheduler": (
        "You save the learning rate in place of the scheduler's state; scheduler.state_dict() "
        "knows also how many steps it has taken.",
        lambda held, scheduler, **_: held | {"scheduler": scheduler.get_last_lr()},
    ),
    "the scheduler's count only": (
        "You save how many steps the scheduler has taken; save scheduler.state_dict(), which is "
        "all that it needs.",
        lambda held, scheduler, **_: held | {"scheduler": scheduler.last_epoch},
    ),
    "the next epoch": (
        "You save epoch + 1; save epoch, and let whoever loads it say which comes next.",
        lambda held, **_: held | {"epoch": held["epoch"] + 1},
    ),
    "the scheduler's count for the epoch": (
        "You save the scheduler's count as the epoch; the scheduler may step more often, so save "
        "the epoch you are given.",
        lambda held, scheduler, **_: held | {"epoch": scheduler.last_epoch},
    ),
    "whole objects": (
        "Your file holds more than tensors, numbers, strings and containers of them, or was not "
        "written by torch.save; save the state_dict of each object.",
        lambda held, model, optimizer, **_: held | {"model": model, "optimizer": optimizer},
    ),
}


def _single(tree: Any) -> Any:
    if isinstance(tree, torch.Tensor) and tree.is_floating_point():
        return tree.float()
    if isinstance(tree, dict):
        return {key: _single(value) for key, value in tree.items()}
    return tree


def _held(
    change: Callable[..., Any],
) -> Callable[[str, nn.Module, Optimizer, LRScheduler, int], None]:
    """Make an answer that saves something else."""

    def wrong(
        path: str, model: nn.Module, optimizer: Optimizer, scheduler: LRScheduler, epoch: int
    ) -> None:
        held = contents(model, optimizer, scheduler, epoch)
        objects = {"model": model, "optimizer": optimizer, "scheduler": scheduler}
        torch.save(change(held, **objects), path)

    return wrong


for _name, (_hint, _change) in _HELD.items():
    save_checkpoint.mistake(_name, _hint)(_held(_change))


@save_checkpoint.mistake(
    "left in evaluation mode",
    "You put the model into evaluation mode and leave it there, so that training goes on without "
    "dropout; a state_dict can be had in any mode.",
)
def _(
    path: str, model: nn.Module, optimizer: Optimizer, scheduler: LRScheduler, epoch: int
) -> None:
    model.eval()
    save_checkpoint.reference(path, model, optimizer, scheduler, epoch)


@save_checkpoint.mistake(
    "left in training mode",
    "You put the model into training mode whatever it was in before; a state_dict can be had in "
    "any mode.",
)
def _(
    path: str, model: nn.Module, optimizer: Optimizer, scheduler: LRScheduler, epoch: int
) -> None:
    model.train()
    save_checkpoint.reference(path, model, optimizer, scheduler, epoch)


@save_checkpoint.mistake(
    "seeded before saving",
    "You seed torch's generator when you save, so that a run that saves is another than one that "
    "does not; only read its state, with torch.get_rng_state().",
)
def _(
    path: str, model: nn.Module, optimizer: Optimizer, scheduler: LRScheduler, epoch: int
) -> None:
    torch.default_generator.manual_seed(epoch)
    save_checkpoint.reference(path, model, optimizer, scheduler, epoch)


@save_checkpoint.mistake(
    "scheduler stepped",
    "You step the scheduler when you save; saving must change nothing.",
)
def _(
    path: str, model: nn.Module, optimizer: Optimizer, scheduler: LRScheduler, epoch: int
) -> None:
    scheduler.step()
    save_checkpoint.reference(path, model, optimizer, scheduler, epoch)


@save_checkpoint.mistake(
    "gradients cleared",
    "You clear the gradients when you save; saving must change nothing.",
)
def _(
    path: str, model: nn.Module, optimizer: Optimizer, scheduler: LRScheduler, epoch: int
) -> None:
    optimizer.zero_grad()
    save_checkpoint.reference(path, model, optimizer, scheduler, epoch)


@save_checkpoint.mistake(
    "another file",
    "There is no file at the path you are given; write to path itself, with nothing added.",
)
def _(
    path: str, model: nn.Module, optimizer: Optimizer, scheduler: LRScheduler, epoch: int
) -> None:
    save_checkpoint.reference(f"{path}.pt", model, optimizer, scheduler, epoch)


@save_checkpoint.mistake(
    "an older file kept",
    "Where there is a file already, what torch.load reads from it stays what it was; a checkpoint "
    "takes the place of the one before, so write the file anew.",
)
def _(
    path: str, model: nn.Module, optimizer: Optimizer, scheduler: LRScheduler, epoch: int
) -> None:
    if not Path(path).exists():
        save_checkpoint.reference(path, model, optimizer, scheduler, epoch)
