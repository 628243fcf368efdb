"""What both blocks share: their cases' tensors, and their layers."""

import math
from typing import Any

import torch
from torch import Tensor, nn

from torchproof.checking.cases import Draw, Group

GROUPS = (Group.VALUES, Group.GRADIENTS, Group.SHAPES)
"""The groups that blocks are checked in."""


class _Convolution(nn.Conv2d):
    """A convolution whose parameters are never drawn: each case brings its own."""

    def reset_parameters(self) -> None:
        """Leave the parameters as they are."""


def convolution(
    in_channels: int, out_channels: int, kernel_size: int, stride: int = 1, **options: Any
) -> nn.Conv2d:
    """Return a convolution without bias whose padding keeps the size where the stride is 1."""
    given = {"stride": stride, "padding": kernel_size // 2, "bias": False} | options
    return _Convolution(in_channels, out_channels, kernel_size, **given)


class AlwaysBatch(nn.BatchNorm2d):
    """Batch normalisation by the statistics of the batch, in evaluation too."""

    def forward(self, x: Tensor) -> Tensor:
        """Normalise x, (N, C, H, W)."""
        return nn.functional.batch_norm(x, None, None, self.weight, self.bias, training=True)


def filters(draw: Draw, *shape: int, dtype: torch.dtype, scale: float = 1.0) -> Tensor:
    """Return the weight of a convolution, (out, in / groups, k, k), that keeps the spread."""
    fan_in = shape[1] * shape[2] * shape[3]
    return draw.normal(*shape, dtype=dtype) * (scale * math.sqrt(2 / fan_in))


def norm(draw: Draw, channels: int, dtype: torch.dtype, level: float = 0.0) -> list[Tensor]:
    """Return weight and bias of a batch normalisation, (C,) each."""
    weight = draw.uniform(channels, low=0.5, high=2, dtype=dtype)
    return [weight, draw.uniform(channels, low=level - 1, high=level + 1, dtype=dtype)]
