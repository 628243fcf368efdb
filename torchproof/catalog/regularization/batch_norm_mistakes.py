"""Batch normalisation: how it goes wrong."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from torchproof.catalog.regularization.batch_norm import batch_norm
from torchproof.catalog.regularization.batch_norm_layer import Layer
from torchproof.catalog.regularization.norms import like


def mistake(name: str, hint: str) -> Callable[[type[Layer]], type[Layer]]:
    """Make a mistake of a layer a part of which is wrong."""

    def add(wrong: type[Layer]) -> type[Layer]:
        @batch_norm.mistake(name, hint)
        @like(batch_norm)
        def _(**arguments: Any) -> Any:
            return wrong(**arguments).forward()

        return wrong

    return add


@mistake(
    "momentum the other way round",
    "You keep momentum of the old statistic and take 1 - momentum of the new; in torch momentum "
    "is the share of the new one.",
)
class _MomentumSwapped(Layer):
    def update(self) -> None:
        self.momentum = 1 - self.momentum
        super().update()


@mistake(
    "old statistic not faded",
    "You add momentum times the new statistic to the whole old one, so that it grows and grows; "
    "keep only 1 - momentum of the old.",
)
class _Added(Layer):
    def update(self) -> None:
        for running, new in zip((self.running_mean, self.running_var), self.kept(), strict=True):
            running.add_(self.momentum * new)


@mistake(
    "biased running variance",
    "Your running variance moves towards the variance you normalise by, which divides by n; "
    "torch's moves towards the unbiased one, which divides by n - 1.",
)
class _BiasedRunning(Layer):
    def kept(self) -> tuple[Tensor, Tensor]:
        return self.batch()


@mistake(
    "unbiased by the number of examples",
    "You make the running variance unbiased by N / (N - 1); for images a channel has N·H·W "
    "numbers in a batch, and n is all of them.",
)
class _UnbiasedByExamples(Layer):
    def kept(self) -> tuple[Tensor, Tensor]:
        (mean, variance), n = self.batch(), len(self.x)
        return mean, variance * (n / (n - 1))


@mistake(
    "unbiased batch variance",
    "You normalise by the variance that divides by n - 1, as var does where it is not told "
    "otherwise; in training the batch is normalised by the one that divides by n: correction=0.",
)
class _UnbiasedBatch(Layer):
    def statistics(self) -> tuple[Tensor, Tensor]:
        return self.batch(correction=1) if self.training else super().statistics()


@mistake(
    "the two variances swapped",
    "You normalise by the variance that divides by n - 1 and keep the one that divides by n; it "
    "is the other way round.",
)
class _VariancesSwapped(_UnbiasedBatch, _BiasedRunning):
    pass


@mistake(
    "running statistics left alone",
    "Your running statistics stay as they were; running_mean = ... only gives the name to a new "
    "tensor, so change the tensor itself, by mul_ and add_ or by copy_.",
)
class _NotUpdated(Layer):
    def updates(self) -> bool:
        return False


@mistake(
    "running statistics updated in evaluation",
    "You change the running statistics in evaluation, too; only training may.",
)
class _AlwaysUpdated(Layer):
    def updates(self) -> bool:
        return True


@mistake(
    "batch statistics in evaluation",
    "You normalise by the statistics of the batch in evaluation, too, so that an example's result "
    "depends on the others; use running_mean and running_var there.",
)
class _AlwaysBatch(Layer):
    def statistics(self) -> tuple[Tensor, Tensor]:
        return self.batch()


@mistake(
    "training ignored",
    "You do in evaluation what is done in training; there the running statistics are used, and "
    "stay as they are.",
)
class _AlwaysTraining(_AlwaysBatch, _AlwaysUpdated):
    pass


@mistake(
    "running statistics in training",
    "You normalise by the running statistics in training, too; use those of the batch there.",
)
class _AlwaysRunning(Layer):
    def statistics(self) -> tuple[Tensor, Tensor]:
        return self.running_mean, self.running_var


@mistake(
    "running statistics in training, once updated",
    "You update the running statistics and then normalise by them in training; normalise by the "
    "statistics of the batch there.",
)
class _UpdatedRunning(_AlwaysRunning):
    def forward(self) -> Any:
        if self.updates():
            with torch.no_grad():
                self.update()
        return self.scaled(self.normalised())


@mistake(
    "running statistics in the graph",
    "You update the running statistics with numbers that autograd follows, so that its graph grows "
    "with every batch; do it under torch.no_grad(), or detach the numbers first.",
)
class _InGraph(Layer):
    def update(self) -> None:
        with torch.enable_grad():
            super().update()


@mistake(
    "statistics cut off from autograd",
    "The values are right, but mean and variance of the batch are constants to your gradient, as "
    "after .detach() or under torch.no_grad(); both depend on x, so leave them in the graph.",
)
class _Constants(Layer):
    def statistics(self) -> tuple[Tensor, Tensor]:
        mean, variance = super().statistics()
        return mean.detach(), variance.detach()


@mistake(
    "writes into x",
    "You write into x itself, which the caller, and autograd, still need; x -= ... does so, and "
    "x = x - ... makes a new tensor.",
)
class _WritesIntoX(Layer):
    def normalised(self) -> Tensor:
        mean, variance = self.statistics()
        given, self.x = self.x, self.x.clone()
        return given.sub_(self.lined_up(mean)).div_(self.lined_up(self.deviation(variance)))
