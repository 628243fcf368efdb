"""A depthwise separable convolution: its reference, and its cases."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from torchproof.catalog.cnn.blocks import GROUPS, convolution, filters, norm
from torchproof.checking.cases import FLOATS, Case, Cases, Draw, shapes, values
from torchproof.checking.exercise import exercise


class DepthwiseSeparableConv(nn.Module):
    """A 3x3 convolution of each channel by itself, then a 1x1 one across them, as in MobileNet.

    Each is followed by batch normalisation and ReLU; the first has the stride.
    """

    def __init__(self, in_channels: int, out_channels: int, stride: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            convolution(in_channels, in_channels, 3, stride, groups=in_channels),
            nn.BatchNorm2d(in_channels),
            nn.ReLU(),
            convolution(in_channels, out_channels, 1),
            nn.BatchNorm2d(out_channels),
            nn.ReLU(),
        )

    def forward(self, x: Tensor) -> Any:
        """Apply the layers to x, (N, in_channels, H, W)."""
        return self.layers(x)


depthwise_separable_conv = exercise(groups=GROUPS, driver="module")(DepthwiseSeparableConv)


@depthwise_separable_conv.cases
def _(draw: Draw) -> Cases:
    single, double = FLOATS
    near: dict[str, Any] = {"note": "a spread near the root of eps", "scale": 0.01}
    after: dict[str, Any] = {"note": "and its buffers afterwards", "statistics": True}
    high: dict[str, Any] = {"note": "outputs beyond 6", "level": 8.0}
    yield _block(values, draw, 3, draw.size(4, 5), 1, (4, 5, 6), single)
    yield _block(values, draw, 3, 3, 1, (4, 4, 5), double, **near)
    yield _block(values, draw, 4, 2, 2, (3, 6, 7), double)
    yield _block(values, draw, 2, 6, 3, (4, 7, 8), single)
    yield _block(values, draw, 3, draw.size(4, 6), 2, (2, 5, 5), double, training=False, **high)
    yield _block(shapes, draw, 1, 4, 1, (3, 5, 3), double, note="one channel")
    yield _block(shapes, draw, 2, 3, 2, (4, 5, 6), double, **after)
    yield _block(shapes, draw, 4, 3, 2, (0, 5, 4), single, note="an empty batch", training=False)


def _block(
    kind: Callable[..., Case],
    draw: Draw,
    in_channels: int,
    out_channels: int,
    stride: int,
    size: tuple[int, int, int],
    dtype: torch.dtype,
    note: str = "",
    training: bool = True,
    level: float = 0.0,
    scale: float = 1.0,
    statistics: bool = False,
) -> Case:
    """Return a case of a block with random parameters, for N images of the given H and W."""
    n, height, width = size
    mode = "training" if training else "evaluation"
    return kind(
        f"{note}, in {mode}" if note else f"in {mode}",
        init={"in_channels": in_channels, "out_channels": out_channels, "stride": stride},
        parameters=[
            filters(draw, in_channels, 1, 3, 3, dtype=dtype, scale=scale),
            *norm(draw, in_channels, dtype, level),
            filters(draw, out_channels, in_channels, 1, 1, dtype=dtype, scale=scale),
            *norm(draw, out_channels, dtype, level),
        ],
        x=draw.normal(n, in_channels, height, width, dtype=dtype),
        training=training,
        **({"statistics": True} if statistics else {}),
    )
