"""Training with validation and early stopping: how the history goes wrong."""

from typing import Any

import torch

from torchproof.catalog.practice.fit_parts import Fit, mistake


@mistake(
    "best_epoch counted from 1",
    "You count epochs from 1; best_epoch is counted from 0, so that it is a place in the lists.",
)
class _FromOne(Fit):
    def answer(self) -> Any:
        return super().answer() | {"best_epoch": self.best_epoch + 1}


@mistake(
    "last epoch as best_epoch",
    "Your best_epoch is the last epoch; the one with the lowest validation loss is asked for.",
)
class _LastEpoch(Fit):
    def answer(self) -> Any:
        return super().answer() | {"best_epoch": self.epoch}


@mistake(
    "history of the best epoch at its end",
    "You cut the history off after the best epoch; all epochs that were trained belong in it.",
)
class _Cut(Fit):
    def answer(self) -> Any:
        kept = {name: numbers[: self.best_epoch + 1] for name, numbers in self.history.items()}
        return kept | {"best_epoch": self.best_epoch}


@mistake(
    "history of tensors",
    "The numbers in your history are tensors; take each number by .item() before you append it.",
)
class _Tensors(Fit):
    def note(self, train_loss: float, loss: float, accuracy: float) -> None:
        super().note(*(torch.tensor(each) for each in (train_loss, loss, accuracy)))  # type: ignore[arg-type]
