"""Gradient accumulation, in parts that mistakes can change."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import Optimizer
from torch.utils.data import DataLoader

from torchproof.catalog.practice.gradient_accumulation import gradient_accumulation

Loader = DataLoader[Any]


class Accumulation:
    """A right answer in parts, of which each mistake changes one.

    Attributes:
        sizes: the sizes of the batches since the last step.
        steps: after how many batches a step is due.
        loader: what the batches come from.
    """

    sizes: list[int]
    steps: int
    loader: Loader

    def before_loop(self, model: nn.Module, optimizer: Optimizer) -> None:
        """Do what comes before the first batch."""
        model.train()
        optimizer.zero_grad()

    def before_batch(self, optimizer: Optimizer) -> None:
        """Do what comes before each batch."""

    def weight(self, size: int) -> float:
        """Return what the loss of a batch of this size is multiplied by."""
        return size

    def divisor(self) -> float:
        """Return what the gradients of a group are divided by."""
        return sum(self.sizes)

    def is_due(self, number: int) -> bool:
        """Tell whether a step follows this batch, counted from 1."""
        return number % self.steps == 0 or number == len(self.loader)

    def step(self, model: nn.Module, optimizer: Optimizer) -> None:
        """Take a step."""
        for parameter in model.parameters():
            if parameter.grad is not None:
                parameter.grad /= self.divisor()
        optimizer.step()
        optimizer.zero_grad()
        self.sizes = []

    def after_loop(self, optimizer: Optimizer) -> None:
        """Do what comes after the last batch."""

    def mean(self, losses: Tensor, sizes: Tensor) -> Any:
        """Return what is returned, from each batch's loss and size."""
        return ((losses * sizes).sum() / sizes.sum()).item()

    def __call__(
        self, model: nn.Module, loader: Loader, loss_fn: Any, optimizer: Optimizer, steps: int
    ) -> Any:
        """Train for one pass."""
        self.loader, self.steps, self.sizes = loader, steps, []
        losses, sizes = [], []
        self.before_loop(model, optimizer)
        for number, (x, y) in enumerate(loader, start=1):
            self.before_batch(optimizer)
            loss = loss_fn(model(x), y)
            (loss * self.weight(len(x))).backward()
            losses.append(loss.detach())
            sizes.append(len(x))
            self.sizes.append(len(x))
            if self.is_due(number):
                self.step(model, optimizer)
        self.after_loop(optimizer)
        return self.mean(torch.stack(losses), torch.tensor(sizes).to(losses[0].device))


def mistake(name: str, hint: str) -> Callable[[type[Accumulation]], type[Accumulation]]:
    """Take an object of the decorated class as a mistake of this name."""

    def add(kind: type[Accumulation]) -> type[Accumulation]:
        gradient_accumulation.mistake(name, hint)(kind())
        return kind

    return add
