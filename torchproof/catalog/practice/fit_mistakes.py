"""Training with validation and early stopping: how stopping and keeping the best go wrong."""

import math

from torch import nn

from torchproof.catalog.practice.fit_parts import Fit, mistake


@mistake(
    "last weights instead of best",
    "The model ends with the weights of the last epoch: keep a copy of its state at the best epoch "
    "and load it at the end; state_dict() itself shares its tensors with the model and goes on "
    "changing, so take copy.deepcopy of it.",
)
class _Last(Fit):
    def keep(self, model: nn.Module) -> None:
        self.kept = model.state_dict()


@mistake(
    "best weights loaded only where it stopped early",
    "You load the best weights only where patience ran out; load them after the loop, however it "
    "ended.",
)
class _LoadedOnStop(Fit):
    def restore(self, model: nn.Module, stopped: bool) -> None:
        if stopped:
            model.load_state_dict(self.kept)


@mistake(
    "buffers not restored",
    "You restore the parameters but not the buffers, such as the running statistics of batch "
    "normalisation: keep and load the whole state_dict.",
)
class _Parameters(Fit):
    def restore(self, model: nn.Module, stopped: bool) -> None:
        names = dict(model.named_parameters())
        model.load_state_dict({k: self.kept[k] for k in names}, strict=False)


@mistake(
    "first weights instead of best",
    "The model ends with the weights it came with: copy its state again at every improvement.",
)
class _First(Fit):
    def improve(self, model: nn.Module) -> None:
        self.best = self.history["valid_loss"][-1]
        self.best_epoch, self.waited = self.epoch, 0


@mistake(
    "stops one epoch early",
    "You stop one epoch too early: after the best epoch, patience epochs without improvement must "
    "have passed.",
)
class _Early(Fit):
    def is_over(self, patience: int) -> bool:
        return self.waited > 0 and self.waited >= patience - 1


@mistake(
    "stops one epoch late",
    "You stop one epoch too late: stop as soon as patience epochs without improvement have "
    "passed; count the epoch first, and then compare with >=, not with >.",
)
class _Late(Fit):
    def is_over(self, patience: int) -> bool:
        return self.waited > patience


@mistake(
    "never stops",
    "You go through all epochs; stop when the validation loss has not improved for patience "
    "epochs.",
)
class _Never(Fit):
    def is_over(self, patience: int) -> bool:
        return False


@mistake(
    "counts without reset",
    "You count all epochs without improvement there ever were; only those since the best epoch "
    "count, so set the counter back to 0 at every improvement.",
)
class _CountsOn(Fit):
    def improve(self, model: nn.Module) -> None:
        waited = self.waited
        super().improve(model)
        self.waited = waited


@mistake(
    "compares with the epoch before",
    "You compare the validation loss with that of the epoch before; an improvement is a loss below "
    "the lowest so far.",
)
class _Rising(Fit):
    def is_better(self, loss: float) -> bool:
        losses = self.history["valid_loss"]
        return len(losses) == 1 or loss < losses[-2]


@mistake(
    "waits only while the loss rises",
    "Your counter goes back to 0 whenever the loss falls below that of the epoch before; only a "
    "loss below the lowest so far sets it back.",
)
class _WaitsRising(Fit):
    def is_better(self, loss: float) -> bool:
        losses = self.history["valid_loss"]
        if len(losses) > 1 and loss < losses[-2]:
            self.waited = -1
        return loss < self.best


@mistake(
    "stops on losses in a row that do not fall",
    "You stop where none of the last losses is below the one before it; stop where the best epoch, "
    "that of the lowest loss so far, is patience epochs ago.",
)
class _InARow(Fit):
    def is_over(self, patience: int) -> bool:
        losses = self.history["valid_loss"][-patience - 1 :]
        pairs = zip(losses[1:], losses, strict=False)
        return len(losses) > patience and all(loss >= before for loss, before in pairs)


@mistake(
    "stops on losses in a row that rise",
    "You stop where each of the last losses is above the one before it; stop where the best epoch, "
    "that of the lowest loss so far, is patience epochs ago.",
)
class _RiseInARow(Fit):
    def is_over(self, patience: int) -> bool:
        losses = self.history["valid_loss"][-patience - 1 :]
        pairs = zip(losses[1:], losses, strict=False)
        return len(losses) > patience and all(loss > before for loss, before in pairs)


@mistake(
    "an equal loss improves",
    "A validation loss that equals the lowest so far is no improvement: compare with < and not "
    "with <=.",
)
class _Ties(Fit):
    def is_better(self, loss: float) -> bool:
        return loss <= self.best


@mistake(
    "NaN improves",
    "You take a loss of NaN for an improvement: it is never worse than the best, but never better "
    "either, so ask whether the loss is below the best, loss < best.",
)
class _Nan(Fit):
    def is_better(self, loss: float) -> bool:
        return loss < self.best or math.isnan(loss)


@mistake(
    "NaN and an equal loss improve",
    "You take an equal loss for an improvement, and NaN as well, which is never above a number: "
    "ask whether the loss is below the best, loss < best.",
)
class _NotAbove(Fit):
    def is_better(self, loss: float) -> bool:
        return not loss > self.best


@mistake(
    "best by accuracy",
    "You keep the epoch of the highest validation accuracy; the lowest validation loss decides.",
)
class _Accuracy(Fit):
    def is_better(self, loss: float) -> bool:
        *before, accuracy = self.history["valid_accuracy"]
        return bool(accuracy > max(before, default=-1))


@mistake(
    "best by training loss",
    "You watch the training loss, which goes on falling while the model overfits; the validation "
    "loss decides.",
)
class _TrainLoss(Fit):
    def is_better(self, loss: float) -> bool:
        *before, last = self.history["train_loss"]
        return bool(last < min(before, default=math.inf))


@mistake(
    "keeps the highest loss",
    "You take the highest validation loss for the best; the lowest is.",
)
class _Highest(Fit):
    def is_better(self, loss: float) -> bool:
        return self.best == math.inf or loss > self.best


@mistake(
    "small improvements not counted",
    "You ask for more than any improvement: a validation loss below the lowest so far improves, by "
    "however little.",
)
class _Threshold(Fit):
    def is_better(self, loss: float) -> bool:
        return loss < self.best - 1e-3


@mistake(
    "last epoch not in the history",
    "You leave the loop before the numbers of the last epoch are in the history: append them "
    "first, then see whether to stop.",
)
class _BreaksFirst(Fit):
    def restore(self, model: nn.Module, stopped: bool) -> None:
        super().restore(model, stopped)
        if stopped:
            self.history = {name: numbers[:-1] for name, numbers in self.history.items()}


@mistake(
    "goes back to the best weights on the way",
    "You load the best weights after every epoch without improvement, and train on from there: go "
    "on with the weights there are, and load the best once, after the last epoch.",
)
class _GoesBack(Fit):
    def wait(self, model: nn.Module) -> None:
        super().wait(model)
        model.load_state_dict(self.kept)
