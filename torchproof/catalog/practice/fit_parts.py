"""Training with validation and early stopping, in parts that mistakes can change."""

import math
from collections.abc import Callable
from typing import Any

from torch import nn
from torch.optim import Optimizer, lr_scheduler
from torch.utils.data import DataLoader

from torchproof.catalog.practice.evaluate import evaluate
from torchproof.catalog.practice.fit import fit
from torchproof.catalog.practice.train_epoch import train_epoch

Loader = DataLoader[Any]
Scheduler = lr_scheduler.LRScheduler


class Fit:
    """A right answer in parts, of which each mistake changes one.

    Attributes:
        best: the lowest validation loss so far.
        best_epoch: its epoch.
        kept: the model's state then.
        waited: epochs since then.
        epoch: the epoch.
        history: what is returned.
        scheduler: what sets the learning rate.
    """

    best: float
    best_epoch: int
    kept: dict[str, Any]
    waited: int
    epoch: int
    history: dict[str, Any]
    scheduler: Scheduler | None

    def loaders(self, train: Loader, valid: Loader) -> tuple[Loader, Loader]:
        """Return what is trained on, and what is evaluated on."""
        return train, valid

    def train(self, model: nn.Module, loader: Loader, loss_fn: Any, optimizer: Optimizer) -> float:
        """Train for one pass."""
        return float(train_epoch.reference(model, loader, loss_fn, optimizer))

    def evaluate(self, model: nn.Module, loader: Loader, loss_fn: Any) -> tuple[float, float]:
        """Return loss and accuracy."""
        loss, accuracy = evaluate.reference(model, loader, loss_fn)
        return loss, accuracy

    def begin(self, scheduler: Scheduler | None) -> None:
        """Do what comes before the training of an epoch."""

    def schedule(self, scheduler: Scheduler | None) -> None:
        """Do what comes after the evaluation of an epoch."""
        if scheduler is not None:
            scheduler.step()

    def is_better(self, loss: float) -> bool:
        """Tell whether a validation loss, already in the history, is an improvement."""
        return loss < self.best

    def keep(self, model: nn.Module) -> None:
        """Keep the model's state."""
        self.kept = {name: each.clone() for name, each in model.state_dict().items()}

    def improve(self, model: nn.Module) -> None:
        """Take the epoch for the best so far."""
        self.best = self.history["valid_loss"][-1]
        self.best_epoch, self.waited = self.epoch, 0
        self.keep(model)

    def wait(self, model: nn.Module) -> None:
        """Count an epoch without improvement."""
        self.waited += 1

    def is_over(self, patience: int) -> bool:
        """Tell whether the training is to stop."""
        return self.waited >= patience

    def restore(self, model: nn.Module, stopped: bool) -> None:
        """Put the best state back."""
        model.load_state_dict(self.kept)

    def answer(self) -> Any:
        """Return the history."""
        return self.history | {"best_epoch": self.best_epoch}

    def note(self, train_loss: float, loss: float, accuracy: float) -> None:
        """Put the numbers of an epoch into the history."""
        for name, number in zip(self.history, (train_loss, loss, accuracy), strict=True):
            self.history[name].append(number)

    def __call__(
        self,
        model: nn.Module,
        train: Loader,
        valid: Loader,
        loss_fn: Any,
        optimizer: Optimizer,
        scheduler: Scheduler | None,
        epochs: int,
        patience: int,
    ) -> Any:
        """Train and validate."""
        self.best, self.best_epoch, self.waited, stopped = math.inf, -1, 0, False
        self.history = {"train_loss": [], "valid_loss": [], "valid_accuracy": []}
        self.scheduler = scheduler
        train, valid = self.loaders(train, valid)
        self.keep(model)
        for self.epoch in range(epochs):
            self.begin(scheduler)
            train_loss = self.train(model, train, loss_fn, optimizer)
            self.note(train_loss, *self.evaluate(model, valid, loss_fn))
            self.schedule(scheduler)
            if self.is_better(self.history["valid_loss"][-1]):
                self.improve(model)
            else:
                self.wait(model)
            stopped = self.is_over(patience)
            if stopped:
                break
        self.restore(model, stopped)
        return self.answer()


def mistake(name: str, hint: str) -> Callable[[type[Fit]], type[Fit]]:
    """Take an object of the decorated class as a mistake of this name."""

    def add(kind: type[Fit]) -> type[Fit]:
        fit.mistake(name, hint)(kind())
        return kind

    return add
