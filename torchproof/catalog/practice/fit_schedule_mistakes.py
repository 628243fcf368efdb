"""Training with validation and early stopping: how scheduler and loaders go wrong."""

from typing import Any

from torch import nn
from torch.optim import Optimizer

from torchproof.catalog.practice.fit_epoch_mistakes import Loader, train_pass, weighted_mean
from torchproof.catalog.practice.fit_parts import Fit, Scheduler, mistake


@mistake(
    "scheduler never stepped",
    "The learning rate stays what it was: call scheduler.step() once an epoch, after the training, "
    "where scheduler is not None.",
)
class _Unscheduled(Fit):
    def schedule(self, scheduler: Scheduler | None) -> None:
        pass


@mistake(
    "scheduler not stepped where the training stops",
    "You leave the loop before scheduler.step() in the last epoch: step first, then see whether to "
    "stop.",
)
class _SteppedAfterBreak(Fit):
    def schedule(self, scheduler: Scheduler | None) -> None:
        pass

    def is_over(self, patience: int) -> bool:
        over = super().is_over(patience)
        if not over:
            super().schedule(self.scheduler)
        return over


@mistake(
    "scheduler stepped before the training",
    "You step the scheduler before the epoch's training, so that its first rate is never used: "
    "call scheduler.step() after it.",
)
class _ScheduledFirst(Fit):
    def begin(self, scheduler: Scheduler | None) -> None:
        if scheduler is not None:
            scheduler.step()

    def schedule(self, scheduler: Scheduler | None) -> None:
        pass


@mistake(
    "scheduler None not looked at",
    "You call scheduler.step() where scheduler is None: ask if scheduler is not None first.",
)
class _Unguarded(Fit):
    def schedule(self, scheduler: Scheduler | None) -> None:
        scheduler.step()  # type: ignore[union-attr]


@mistake(
    "scheduler stepped for every batch",
    "You step the scheduler after every batch, so that the rate changes within an epoch: call "
    "scheduler.step() once an epoch.",
)
class _Batchwise(Fit):
    def train(self, model: nn.Module, loader: Loader, loss_fn: Any, optimizer: Optimizer) -> float:
        model.train()
        pairs = []
        for batch in loader:
            pairs += train_pass(model, [batch], loss_fn, optimizer)  # type: ignore[arg-type]
            super().schedule(self.scheduler)
        return weighted_mean(pairs)

    def schedule(self, scheduler: Scheduler | None) -> None:
        pass


@mistake(
    "validates on the training data",
    "You evaluate on train: an epoch is judged on valid, which the model was not trained on.",
)
class _ValidatesOnTrain(Fit):
    def loaders(self, train: Loader, valid: Loader) -> tuple[Loader, Loader]:
        return train, train


@mistake(
    "trains on the validation data",
    "You train on valid, which then says nothing about new data: train on train alone.",
)
class _TrainsOnValid(Fit):
    def loaders(self, train: Loader, valid: Loader) -> tuple[Loader, Loader]:
        return valid, valid


@mistake(
    "train and valid swapped",
    "You train on valid and evaluate on train: it is the other way round.",
)
class _Swapped(Fit):
    def loaders(self, train: Loader, valid: Loader) -> tuple[Loader, Loader]:
        return valid, train


@mistake(
    "validation loss handed to the scheduler",
    "You call scheduler.step(loss), as only ReduceLROnPlateau has it; other schedulers take the "
    "number for an epoch, so call scheduler.step() without it.",
)
class _Handed(Fit):
    def schedule(self, scheduler: Scheduler | None) -> None:
        if scheduler is not None:
            scheduler.step(self.history["valid_loss"][-1])
