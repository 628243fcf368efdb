"""A residual block: its reference, and its cases."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from torchproof.catalog.cnn.blocks import GROUPS, convolution, filters, norm
from torchproof.checking.cases import FLOATS, Case, Cases, Draw, shapes, values
from torchproof.checking.exercise import exercise


class ResidualBlock(nn.Module):
    """Two 3x3 convolutions whose output is added to the input, as in ResNet-18.

    Each is followed by batch normalisation; the first has the stride. Where the stride is not 1 or
    the channels differ, the input goes through a 1x1 convolution of that stride and batch
    normalisation first.
    """

    def __init__(self, in_channels: int, out_channels: int, stride: int) -> None:
        super().__init__()
        self.main = nn.Sequential(
            convolution(in_channels, out_channels, 3, stride),
            nn.BatchNorm2d(out_channels),
            nn.ReLU(),
            convolution(out_channels, out_channels, 3),
            nn.BatchNorm2d(out_channels),
        )
        self.shortcut = nn.Sequential()
        if stride != 1 or in_channels != out_channels:
            self.shortcut.append(convolution(in_channels, out_channels, 1, stride))
            self.shortcut.append(nn.BatchNorm2d(out_channels))

    def forward(self, x: Tensor) -> Any:
        """Apply the block to x, (N, in_channels, H, W)."""
        return torch.relu(self.main(x) + self.shortcut(x))


residual_block = exercise(groups=GROUPS, driver="module")(ResidualBlock)


@residual_block.cases
def _(draw: Draw) -> Cases:
    single, double = FLOATS
    near: dict[str, Any] = {"note": "a spread near the root of eps", "scale": 0.01}
    after: dict[str, Any] = {"note": "and its buffers afterwards", "statistics": True}
    high: dict[str, Any] = {"note": "outputs beyond 6", "level": 8.0}
    yield _block(values, draw, (3, 3, 1), (4, 5, 6), double)
    yield _block(values, draw, (2, draw.size(3, 5), 1), (3, 6, 4), single, **near)
    yield _block(values, draw, (4, 4, 2), (4, 6, 7), double)
    yield _block(values, draw, (4, 3, 3), (4, 7, 8), single)
    yield _block(values, draw, (2, draw.size(3, 4), 2), (3, 5, 5), double, training=False)
    yield _block(values, draw, (2, 2, 1), (3, 4, 5), single, training=False, **high)
    yield _block(shapes, draw, (3, 5, 2), (4, 4, 7), single)
    yield _block(shapes, draw, (2, 3, 2), (4, 5, 6), double, **after)
    yield _block(shapes, draw, (2, 3, 1), (0, 5, 4), double, note="an empty batch", training=False)


def _block(
    kind: Callable[..., Case],
    draw: Draw,
    init: tuple[int, int, int],
    size: tuple[int, int, int],
    dtype: torch.dtype,
    note: str = "",
    training: bool = True,
    level: float = 0.0,
    scale: float = 1.0,
    statistics: bool = False,
) -> Case:
    """Return a case of a block with random parameters, for N images of the given H and W."""
    in_channels, out_channels, stride = init
    n, height, width = size
    parameters = [
        filters(draw, out_channels, in_channels, 3, 3, dtype=dtype, scale=scale),
        *norm(draw, out_channels, dtype, level),
        filters(draw, out_channels, out_channels, 3, 3, dtype=dtype, scale=scale),
        *norm(draw, out_channels, dtype, level),
    ]
    if stride != 1 or in_channels != out_channels:
        parameters += [
            filters(draw, out_channels, in_channels, 1, 1, dtype=dtype, scale=scale),
            *norm(draw, out_channels, dtype),
        ]
    mode = "training" if training else "evaluation"
    return kind(
        f"{note}, in {mode}" if note else f"in {mode}",
        init={"in_channels": in_channels, "out_channels": out_channels, "stride": stride},
        parameters=parameters,
        x=draw.normal(n, in_channels, height, width, dtype=dtype),
        training=training,
        **({"statistics": True} if statistics else {}),
    )
