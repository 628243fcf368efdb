"""Loading a training run: the reference, its cases, and how it goes wrong."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from torch import nn
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler

from torchproof.catalog.practice.save_checkpoint import contents, runs
from torchproof.checking.cases import Cases, Draw, Group, extremes, values
from torchproof.checking.drive.checkpoints import Run, as_tree
from torchproof.checking.exercise import exercise


@exercise(groups=(Group.VALUES, Group.EXTREMES), driver="checkpoint_loaded")
def load_checkpoint(
    path: str, model: nn.Module, optimizer: Optimizer, scheduler: LRScheduler
) -> int:
    """Put what the file at path holds into model, optimizer, scheduler and torch's generator.

    The file is as `save_checkpoint` writes it. The epoch in it is returned.
    """
    held = torch.load(path, weights_only=True)
    model.load_state_dict(held["model"])
    optimizer.load_state_dict(held["optimizer"])
    scheduler.load_state_dict(held["scheduler"])
    torch.set_rng_state(held["random_state"])
    epoch: int = held["epoch"]
    return epoch


def _checkpoint(draw: Draw, run: dict[str, Any], passes: int, epoch: int) -> dict[str, Any]:
    """Train a run, and return what a file of it holds."""
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(draw.size(1, 10_000))
        made = Run(**run)
        made.train(passes)
        held = as_tree(contents(made.model, made.optimizer, made.scheduler, epoch))
    assert isinstance(held, dict)
    return held


@load_checkpoint.cases
def _(draw: Draw) -> Cases:
    for note, run in runs(draw, torch.float64):
        held = _checkpoint(draw, run, draw.size(2, 3), draw.size(5, 30))
        yield values(note, run=run, checkpoint=held, passes=2)
    note, run = runs(draw, torch.float32)[1]
    held = _checkpoint(draw, run, 1, draw.size(5, 30))
    yield values(note, run=run, checkpoint=held, passes=1)
    first, normed, warming = (run for _, run in runs(draw, torch.float64))
    held = _checkpoint(draw, first, 0, 0)
    yield extremes("saved before the first step", run=first, checkpoint=held, passes=1)
    held = _checkpoint(draw, warming, 3, draw.size(5, 30))
    note = "into objects that have trained"
    yield extremes(note, run=warming, checkpoint=held, passes=1, before=1)
    resting = normed | {"training": False}
    held = _checkpoint(draw, resting, 2, draw.size(5, 30))
    note = "into a model in evaluation mode"
    yield extremes(note, run=resting, checkpoint=held, passes=1)


_Held = dict[str, Any]


def _restored(
    held: _Held, model: nn.Module, optimizer: Optimizer, scheduler: LRScheduler, *left_out: str
) -> int:
    """Restore everything but what is left out."""
    for name, each in (("model", model), ("optimizer", optimizer), ("scheduler", scheduler)):
        if name not in left_out:
            each.load_state_dict(held[name])
    if "random_state" not in left_out:
        torch.set_rng_state(held["random_state"])
    epoch: int = held["epoch"]
    return epoch


def _buffers_forgotten(held: _Held, model: nn.Module, *others: Any) -> int:
    for name, parameter in model.named_parameters():
        parameter.data.copy_(held["model"][name])
    return _restored(held, model, *others, "model")


def _rates_forgotten(held: _Held, model: nn.Module, optimizer: Optimizer, *others: Any) -> int:
    groups = optimizer.state_dict()["param_groups"]
    epoch = _restored(held, model, optimizer, *others)
    for group, old in zip(optimizer.param_groups, groups, strict=True):
        group["lr"] = old["lr"]
    return epoch


def _moments_forgotten(held: _Held, model: nn.Module, optimizer: Optimizer, *others: Any) -> int:
    settings = held["optimizer"] | {"state": {}}
    return _restored(held | {"optimizer": settings}, model, optimizer, *others)


def _stepped(held: _Held, model: Any, optimizer: Any, scheduler: LRScheduler) -> int:
    epoch = _restored(held, model, optimizer, scheduler, "scheduler")
    for _ in range(epoch):
        scheduler.step()
    return epoch


def _stepped_first(held: _Held, model: Any, optimizer: Any, scheduler: LRScheduler) -> int:
    for _ in range(held["epoch"]):
        scheduler.step()
    return _restored(held, model, optimizer, scheduler, "scheduler")


def _counted(held: _Held, model: Any, optimizer: Any, scheduler: LRScheduler) -> int:
    scheduler.last_epoch = held["epoch"]
    return _restored(held, model, optimizer, scheduler, "scheduler")


def _seeded(held: _Held, *objects: Any) -> int:
    epoch = _restored(held, *objects)
    torch.default_generator.manual_seed(epoch)
    return epoch


def _evaluating(held: _Held, model: nn.Module, *others: Any) -> int:
    model.eval()
    return _restored(held, model, *others)


def _training(held: _Held, model: nn.Module, *others: Any) -> int:
    model.train()
    return _restored(held, model, *others)


_Wrong = Callable[..., object]

_MISTAKES: dict[str, tuple[str, _Wrong]] = {
    "random state not restored": (
        "You do not restore torch's random state, so that dropout and shuffling draw differently; "
        "hand random_state to torch.set_rng_state.",
        lambda held, *objects: _restored(held, *objects, "random_state"),
    ),
    "seeded": (
        "You seed torch's generator after loading; what was saved is where it is and not where it "
        "began, so hand random_state to torch.set_rng_state and draw nothing afterwards.",
        _seeded,
    ),
    "model only": (
        "You restore the model only; optimizer, scheduler and random state go on as new ones.",
        lambda held, *objects: _restored(held, *objects, "optimizer", "scheduler", "random_state"),
    ),
    "model and optimizer only": (
        "You restore the model and the optimizer only; scheduler and random state are needed too.",
        lambda held, *objects: _restored(held, *objects, "scheduler", "random_state"),
    ),
    "model not restored": (
        "The model has its own weights still; hand what the file holds under model, and not the "
        "whole dict, to load_state_dict of the model you are given.",
        lambda held, *objects: _restored(held, *objects, "model"),
    ),
    "optimizer not restored": (
        "The optimizer begins anew; call optimizer.load_state_dict on the one you are given.",
        lambda held, *objects: _restored(held, *objects, "optimizer"),
    ),
    "scheduler not restored": (
        "The scheduler begins anew; call scheduler.load_state_dict on the one you are given.",
        lambda held, *objects: _restored(held, *objects, "scheduler"),
    ),
    "buffers not restored": (
        "You restore the parameters but not the buffers, such as the running statistics of batch "
        "norm; model.load_state_dict does both.",
        _buffers_forgotten,
    ),
    "learning rate not restored": (
        "The optimizer has its first learning rate still; optimizer.load_state_dict restores it, "
        "and nothing should change it afterwards.",
        _rates_forgotten,
    ),
    "momentum not restored": (
        "The optimizer has lost its momentum or its averages; give all of its state to "
        "optimizer.load_state_dict.",
        _moments_forgotten,
    ),
    "scheduler stepped forward": (
        "You step the scheduler once for each epoch, after the optimizer is restored, so that its "
        "rate changes twice; use scheduler.load_state_dict.",
        _stepped,
    ),
    "scheduler stepped forward first": (
        "You step the scheduler once for each epoch, but it may step more often, or not have begun "
        "with the first; use scheduler.load_state_dict.",
        _stepped_first,
    ),
    "scheduler's count set": (
        "You set the scheduler's count to the epoch, but it may step more often, and knows more "
        "than its count; use scheduler.load_state_dict.",
        _counted,
    ),
    "left in evaluation mode": (
        "You put the model into evaluation mode, and training goes on from here; leave it in the "
        "mode it is in.",
        _evaluating,
    ),
    "left in training mode": (
        "You put the model into training mode whatever it was in before; leave it in the mode it "
        "is in.",
        _training,
    ),
    "the next epoch": (
        "You return epoch + 1; return the epoch that is in the file.",
        lambda held, *objects: _restored(held, *objects) + 1,
    ),
    "nothing returned": (
        "You return nothing; return the epoch.",
        lambda held, *objects: _nothing(_restored(held, *objects)),
    ),
    "everything returned": (
        "You return all that is in the file; return the epoch only.",
        lambda held, *objects: held | {"epoch": _restored(held, *objects)},
    ),
}


def _nothing(_: object) -> None:
    pass


def _of(wrong: _Wrong) -> Callable[[str, nn.Module, Optimizer, LRScheduler], object]:
    def loading(
        path: str, model: nn.Module, optimizer: Optimizer, scheduler: LRScheduler
    ) -> object:
        return wrong(torch.load(path, weights_only=True), model, optimizer, scheduler)

    return loading


for _name, (_hint, _wrong) in _MISTAKES.items():
    load_checkpoint.mistake(_name, _hint)(_of(_wrong))


@load_checkpoint.mistake(
    "file deleted",
    "You delete or change the file; leave it, for the next resumption may need it.",
)
def _(path: str, model: nn.Module, optimizer: Optimizer, scheduler: LRScheduler) -> int:
    epoch = _restored(torch.load(path, weights_only=True), model, optimizer, scheduler)
    Path(path).unlink()
    return epoch
