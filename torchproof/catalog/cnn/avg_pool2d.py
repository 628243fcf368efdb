"""Average pooling: its reference, and its cases."""

import torch
import torch.nn.functional as F
from torch import Tensor

from torchproof.catalog.cnn.pooling import POOLING, window_cases
from torchproof.checking.cases import Cases, Draw, extremes
from torchproof.checking.exercise import exercise


@exercise(not_allowed=POOLING, picture="map")
def avg_pool2d(x: Tensor, kernel_size: int, stride: int | None = None, padding: int = 0) -> Tensor:
    """Return the mean of each window of x, (N, C, H, W), padded by zeros that count."""
    return F.avg_pool2d(x, kernel_size, stride, padding)


@avg_pool2d.cases
def _(draw: Draw) -> Cases:
    yield from window_cases(draw)
    ones = torch.ones(1, 2, 4, 6)
    yield extremes("ones and padding", x=ones, kernel_size=3, stride=1, padding=1)
    still = torch.full((1, 1, 4, 4), draw.number(1, 3), dtype=torch.float64)
    yield extremes("all pixels equal", x=still, kernel_size=2)
