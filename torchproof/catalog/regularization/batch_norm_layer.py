"""Batch normalisation, step by step, for the mistakes to change a part of."""

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from torchproof.catalog.regularization.norms import Parameter


@dataclass
class Layer:
    """A right answer, of which the mistakes change a part."""

    x: Tensor
    running_mean: Tensor
    running_var: Tensor
    weight: Parameter
    bias: Parameter
    training: bool
    momentum: float
    eps: float

    def over(self) -> tuple[int, ...]:
        """Return the dimensions that statistics are taken over."""
        return 0, *range(2, self.x.dim())

    def lined_up(self, statistic: Tensor) -> Tensor:
        """Return something of each channel in a shape that lines up with x."""
        return statistic.reshape(-1, *[1] * (self.x.dim() - 2))

    def batch(self, correction: int = 0) -> tuple[Tensor, Tensor]:
        """Return mean and variance of the batch."""
        return self.x.mean(self.over()), self.x.var(self.over(), correction=correction)

    def statistics(self) -> tuple[Tensor, Tensor]:
        """Return the mean and variance to normalise by."""
        return self.batch() if self.training else (self.running_mean, self.running_var)

    def updates(self) -> bool:
        """Tell whether the running statistics change."""
        return self.training

    def kept(self) -> tuple[Tensor, Tensor]:
        """Return what the running statistics move towards."""
        return self.batch(correction=1)

    def update(self) -> None:
        """Change the running statistics."""
        for running, new in zip((self.running_mean, self.running_var), self.kept(), strict=True):
            running.mul_(1 - self.momentum).add_(self.momentum * new)

    def deviation(self, variance: Tensor) -> Tensor:
        """Return what is divided by, before it is lined up."""
        return (variance + self.eps).sqrt()

    def normalised(self) -> Tensor:
        """Return x without mean, divided by the standard deviation."""
        mean, variance = self.statistics()
        return (self.x - self.lined_up(mean)) / self.lined_up(self.deviation(variance))

    def scaled(self, normalised: Tensor) -> Tensor:
        """Return what was normalised, scaled and shifted."""
        if self.weight is not None:
            normalised = normalised * self.lined_up(self.weight)
        return normalised if self.bias is None else normalised + self.lined_up(self.bias)

    def forward(self) -> Any:
        """Return the result, and change the running statistics."""
        result = self.scaled(self.normalised())
        if self.updates():
            with torch.no_grad():
                self.update()
        return result
