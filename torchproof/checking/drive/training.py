"""Functions that train a small model, or evaluate it.

What they are called with is built from plain numbers, by the names that the function's own
parameters have:

- ``model``: layers as in `torchproof.checking.drive.modules.network`, in the dtype of the data.
- ``loader``: ``x`` and ``y``, and the keyword arguments of ``DataLoader``; it has a generator of
  its own. ``sizes`` in place of a ``batch_size`` gives the size of each batch.
- ``loss_fn``: such as ``"nn.MSELoss"`` or ``"F.mse_loss"``, or ``"brier"``, see `brier`.
- ``optimizer``: ``kind`` is its class, as in ``"SGD"``, the rest its keyword arguments.
- ``scheduler``: None, or likewise; a ``LambdaLR`` has ``factors``, the last of which stays.
"""

import functools
import itertools
from collections.abc import Callable
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.optim import Optimizer, lr_scheduler
from torch.utils.data import DataLoader, TensorDataset

from torchproof.checking.drive.modules import network
from torchproof.checking.tree import describe

Parts = dict[str, Any]


class Watched(nn.Sequential):
    """A sequence of layers that notes how it is called.

    Attributes:
        calls: for each call, the mode and whether gradients were on, in words.
        samples: for each call, the number of samples.
    """

    def __init__(self, *layers: nn.Module) -> None:
        super().__init__(*layers)
        self.calls: list[str] = []
        self.samples: list[int] = []

    @property
    def mode(self) -> str:
        """The mode of all its layers, in words."""
        modes = {module.training for module in self.modules()}
        return "mixed modes" if len(modes) > 1 else f"{_MODES[modes.pop()]} mode"

    def forward(self, input: Tensor) -> Tensor:  # noqa: A002  # as nn.Sequential calls it
        """Note the call, and make it."""
        self.calls.append(f"{self.mode}, gradients {'on' if torch.is_grad_enabled() else 'off'}")
        self.samples.append(len(input))
        for layer in self:
            input = layer(input)  # noqa: A001
        return input

    @property
    def how(self) -> str:
        """All ways in which it was called, in words."""
        return "; ".join(sorted(set(self.calls))) or "not at all"

    @property
    def trained(self) -> list[bool]:
        """Whether each of its parameters is to be trained."""
        return [parameter.requires_grad for parameter in self.parameters()]

    def state(self) -> dict[str, Tensor]:
        """Return copies of its weights and buffers."""
        return {name: tensor.detach().clone() for name, tensor in self.state_dict().items()}


_MODES = {True: "training", False: "evaluation"}


def _unwatched(driver: Callable[..., Parts]) -> Callable[..., Parts]:
    """Let no torch call be counted, nor be looked at as not allowed.

    Training makes thousands, and to watch them takes as long again.
    """

    @functools.wraps(driver)
    def run(*args: Any, **kwargs: Any) -> Parts:
        with torch._C.DisableTorchFunction():
            return driver(*args, **kwargs)

    return run


@_unwatched
def epoch(
    candidate: Callable[..., Any],
    model: list[Any],
    loader: Parts,
    loss_fn: str,
    optimizer: Parts,
    training: bool = True,
    gradients: bool = False,
    types: bool = False,
    **options: Any,
) -> Parts:
    """Let a function train a model for one pass over a loader.

    Args:
        candidate: takes model, loader, loss_fn, optimizer and the options; returns the mean loss.
        model: its layers.
        loader: what its batches are made of.
        loss_fn: the name of the loss.
        optimizer: its kind and options.
        training: whether the model is in training mode beforehand.
        gradients: whether its parameters have gradients from before.
        types: whether the type of what is returned is asked too.
        options: further arguments.

    Returns:
        How the model was called and how many calls came before each step, what was returned, and
        the model afterwards.
    """
    watched = _model(model, loader["x"], training, gradients)
    stepped = _optimizer(watched, **optimizer)
    steps: list[int] = []
    stepped.register_step_post_hook(lambda *_: steps.append(len(watched.calls)))
    with torch.enable_grad():
        returned = candidate(
            model=watched,
            loader=_loader(**loader),
            loss_fn=_loss_fn(loss_fn),
            optimizer=stepped,
            **options,
        )
    return {
        "how the model was called": watched.how,
        "samples in each call of the model": watched.samples,
        "calls of the model before each step": steps,
        "mean loss returned": returned,
        "weights and buffers after the pass": watched.state(),
        "mode after the pass": watched.mode,
        **({"type returned": _kinds(returned)} if types else {}),
    }


@_unwatched
def evaluation(
    candidate: Callable[..., Any],
    model: list[Any],
    loader: Parts,
    loss_fn: str,
    training: bool = True,
    gradients: bool = False,
    recording: bool = True,
    types: bool = False,
) -> Parts:
    """Let a function evaluate a model, and see what it leaves behind.

    Args:
        candidate: takes model, loader and loss_fn; returns mean loss and accuracy.
        model: its layers.
        loader: what its batches are made of.
        loss_fn: the name of the loss.
        training: whether the model is in training mode beforehand.
        gradients: whether its parameters have gradients from before.
        recording: whether gradients are on when it is called, and not under ``torch.no_grad``.
        types: whether the types of what is returned are asked too.

    Returns:
        How the model was called, what was returned, and what has changed.
    """
    watched = _model(model, loader["x"], training, gradients)
    before, trained = watched.state(), watched.trained
    with torch.set_grad_enabled(recording):
        returned = candidate(model=watched, loader=_loader(**loader), loss_fn=_loss_fn(loss_fn))
        on_afterwards = torch.is_grad_enabled()
    after, held = watched.state(), [each.grad for each in watched.parameters()]
    same = all(torch.equal(tensor, after[name]) for name, tensor in before.items())
    same = same and watched.trained == trained
    kept = all(grad is not None and bool((grad == 1).all()) for grad in held)
    return {
        "how the model was called": watched.how,
        "what was returned, loss and accuracy": returned,
        "mode afterwards": watched.mode,
        "gradients are on afterwards": on_afterwards,
        "weights and buffers are as before": same,
        "gradients of the weights are as before": kept
        if gradients
        else not any(grad is not None for grad in held),
        **({"types returned": _kinds(returned)} if types else {}),
    }


@_unwatched
def fitting(
    candidate: Callable[..., Any],
    model: list[Any],
    train: Parts,
    valid: Parts,
    loss_fn: str,
    optimizer: Parts,
    scheduler: Parts | None,
    gradients: bool = False,
    types: bool = False,
    **options: Any,
) -> Parts:
    """Let a function train a model for many epochs, and validate it after each.

    Args:
        candidate: takes model, train, valid, loss_fn, optimizer, scheduler and the options;
            returns the history.
        model: its layers.
        train: what the batches to train on are made of.
        valid: what the batches to validate on are made of.
        loss_fn: the name of the loss.
        optimizer: its kind and options.
        scheduler: its kind and options, if there is one.
        gradients: whether the model's parameters have gradients from before.
        types: whether the types of the numbers in the history are asked too.
        options: further arguments.

    Returns:
        How the model was called, the history, the learning rate at each step and afterwards, and
        the model afterwards.
    """
    watched = _model(model, train["x"], gradients=gradients)
    stepped = _optimizer(watched, **optimizer)
    rates: list[float] = []
    stepped.register_step_post_hook(lambda *_: rates.append(stepped.param_groups[0]["lr"]))
    with torch.enable_grad():
        history = candidate(
            model=watched,
            train=_loader(**train),
            valid=_loader(**valid),
            loss_fn=_loss_fn(loss_fn),
            optimizer=stepped,
            scheduler=None if scheduler is None else _scheduler(stepped, **scheduler),
            **options,
        )
        recording = torch.is_grad_enabled()
    return {
        "how the model was called": watched.how,
        "history": history,
        "learning rate at each step": rates,
        "learning rate at the end": stepped.param_groups[0]["lr"],
        "weights and buffers at the end": watched.state(),
        "gradients are on afterwards": recording,
        **({"types in the history": _kinds(history)} if types else {}),
    }


def _model(layers: list[Any], x: Tensor, training: bool = True, gradients: bool = False) -> Watched:
    model: Watched = network(_watched, layers)
    if gradients:
        for parameter in model.parameters():
            parameter.grad = torch.ones_like(parameter)
    return model.to(x).train(training)


def _watched(made: Any) -> Watched:
    return Watched(*made)


def _loader(
    x: Tensor, y: Tensor, sizes: list[int] | None = None, **options: Any
) -> DataLoader[tuple[Tensor, ...]]:
    if sizes is not None:
        ends = list(itertools.accumulate(sizes))
        spans = zip([0, *ends], ends, strict=False)
        options["batch_sampler"] = [list(range(start, end)) for start, end in spans]
    return DataLoader(TensorDataset(x, y), generator=torch.Generator().manual_seed(0), **options)


def brier(logits: Tensor, y: Tensor) -> Tensor:
    """Return the mean squared distance of probabilities, shape (N, C), from one-hot classes."""
    right = F.one_hot(y, logits.shape[1])
    return (logits.softmax(dim=1) - right).square().sum(dim=1).mean()


def _loss_fn(name: str) -> Callable[..., Any]:
    if name == "brier":
        return brier
    home, _, kind = name.partition(".")
    loss_fn: Callable[..., Any] = getattr(nn, kind)() if home == "nn" else getattr(F, kind)
    return loss_fn


def _optimizer(model: nn.Module, kind: str, **options: Any) -> Optimizer:
    made: Optimizer = getattr(torch.optim, kind)(model.parameters(), **options)
    return made


def _scheduler(
    optimizer: Optimizer, kind: str, factors: list[float] | None = None, **options: Any
) -> lr_scheduler.LRScheduler:
    if factors is not None:
        options["lr_lambda"] = lambda step: factors[min(step, len(factors) - 1)]
    made: lr_scheduler.LRScheduler = getattr(lr_scheduler, kind)(optimizer, **options)
    return made


def _kinds(value: Any) -> Any:
    """Name the types in a tree; a float of NumPy is a float."""
    if isinstance(value, dict):
        return {str(key): _kinds(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_kinds(item) for item in value]
    return "a float" if isinstance(value, float) else describe(value)
