"""Max pooling: its reference, and its cases."""

import torch
import torch.nn.functional as F
from torch import Tensor

from torchproof.catalog.cnn.pooling import POOLING, window_cases
from torchproof.checking.cases import Cases, Draw, extremes
from torchproof.checking.exercise import exercise


@exercise(not_allowed=POOLING, picture="map")
def max_pool2d(x: Tensor, kernel_size: int, stride: int | None = None, padding: int = 0) -> Tensor:
    """Return the largest number in each window of x, (N, C, H, W), padded by minus infinity."""
    return F.max_pool2d(x, kernel_size, stride, padding)


@max_pool2d.cases
def _(draw: Draw) -> Cases:
    yield from window_cases(draw)
    lowest = draw.normal(1, 2, 5, 5)
    lowest[:, 0] = -torch.inf
    yield extremes("minus infinity everywhere", x=lowest, kernel_size=3, stride=2, padding=1)
    equal = torch.full((1, 2, 4, 6), draw.number(-3, -1))
    yield extremes("all pixels equal", x=equal, kernel_size=3, stride=1, padding=1)
