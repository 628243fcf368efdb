"""Gradient accumulation: how the steps and their gradients go wrong."""

from typing import Any

from torch import nn
from torch.optim import Optimizer

from torchproof.catalog.practice.gradient_accumulation_parts import Accumulation, mistake


@mistake(
    "accumulates without dividing",
    "You add up the gradients of the batches' mean losses: weight each batch's loss by its number "
    "of samples, and divide the sum by the number of samples of the group.",
)
class _Undivided(Accumulation):
    def weight(self, size: int) -> float:
        return 1.0

    def divisor(self) -> float:
        return 1.0


@mistake(
    "divided by steps",
    "You divide every gradient by steps: the last group may have fewer batches, and batches may "
    "be of unequal size, so weight each batch by its share of the group's samples.",
)
class _BySteps(_Undivided):
    def divisor(self) -> float:
        return self.steps


@mistake(
    "mean over the batches of a group",
    "You give each batch of a group the same weight, but they may be of unequal size: weight each "
    "by its number of samples.",
)
class _BatchMeans(_Undivided):
    def divisor(self) -> float:
        return len(self.sizes)


@mistake(
    "sum over the samples of a group",
    "Your gradient is that of the loss summed over the group's samples; divide it by their number.",
)
class _SampleSum(Accumulation):
    def divisor(self) -> float:
        return 1.0


@mistake(
    "divided by the samples of the whole pass",
    "You divide by the number of samples of the whole pass; a step's gradient is the mean over the "
    "samples of its own group.",
)
class _ByAll(Accumulation):
    def divisor(self) -> float:
        sampler: Any = self.loader.batch_sampler
        return sum(len(batch) for batch in sampler)


@mistake(
    "every group taken for a full one",
    "You divide by steps times the batch size, though the last group, or a batch in it, may be "
    "shorter: divide by the samples that the group really has.",
)
class _FullGroups(Accumulation):
    def divisor(self) -> float:
        return self.steps * self.loader.batch_size  # type: ignore[operator]


@mistake(
    "gradients not zeroed between groups",
    "The gradient of a group goes on into the next one: call optimizer.zero_grad() after every "
    "step.",
)
class _Unzeroed(Accumulation):
    def step(self, model: nn.Module, optimizer: Optimizer) -> None:
        total = self.divisor()
        for parameter in model.parameters():
            if parameter.grad is not None:
                parameter.grad /= total
        optimizer.step()
        self.sizes = []


@mistake(
    "gradients zeroed for every batch",
    "You call zero_grad() for every batch, so that a step has the gradient of the last batch only: "
    "call it where a group begins.",
)
class _ZeroedAlways(Accumulation):
    def before_batch(self, optimizer: Optimizer) -> None:
        optimizer.zero_grad()


@mistake(
    "gradients from before counted",
    "Gradients left from before your function was called go into your first step: call "
    "optimizer.zero_grad() before the loop as well.",
)
class _Stale(Accumulation):
    def before_loop(self, model: nn.Module, optimizer: Optimizer) -> None:
        model.train()


@mistake(
    "last incomplete group dropped",
    "The batches after the last full group have no step: make one after the last batch as well, "
    "where fewer than steps are left.",
)
class _Dropped(Accumulation):
    def is_due(self, number: int) -> bool:
        return number % self.steps == 0


@mistake(
    "steps once more at the end",
    "You make one more step at the end even where no batch is left since the last one: look "
    "whether there is any.",
)
class _OnceMore(_Dropped):
    model: nn.Module

    def before_loop(self, model: nn.Module, optimizer: Optimizer) -> None:
        self.model = model
        super().before_loop(model, optimizer)

    def after_loop(self, optimizer: Optimizer) -> None:
        self.step(self.model, optimizer)


@mistake(
    "counts batches from 0",
    "You count from 0, so that the first group has one batch only: step after batch steps - 1, "
    "counted from 0, so use (i + 1) % steps == 0.",
)
class _FromZero(Accumulation):
    def is_due(self, number: int) -> bool:
        return (number - 1) % self.steps == 0 or number == len(self.loader)


@mistake(
    "a step after every batch",
    "You step after every batch, as if steps were 1: step only after every steps batches, and "
    "after the last.",
)
class _Always(Accumulation):
    def is_due(self, number: int) -> bool:
        return True


@mistake(
    "one step for the whole pass",
    "You step only once, after the last batch; step after every steps batches, too.",
)
class _Once(Accumulation):
    def is_due(self, number: int) -> bool:
        return number == len(self.loader)


@mistake(
    "divided by steps, last incomplete group dropped",
    "You divide by steps and step after full groups only: weight each batch by its share of the "
    "group's samples, and step after the last batch as well, where fewer are left.",
)
class _Recipe(_BySteps):
    def is_due(self, number: int) -> bool:
        return number % self.steps == 0


@mistake(
    "frozen parameters not looked at",
    "You divide a gradient that is None, as that of a frozen parameter is: leave out parameters "
    "whose grad is None.",
)
class _Frozen(Accumulation):
    def step(self, model: nn.Module, optimizer: Optimizer) -> None:
        for parameter in model.parameters():
            gradient: Any = parameter.grad
            gradient /= self.divisor()
        optimizer.step()
        optimizer.zero_grad()
        self.sizes = []
