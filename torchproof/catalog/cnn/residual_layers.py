"""Residual blocks of other layers, other shortcuts and other sums: what mistakes are made of."""

from collections.abc import Callable

import torch
from torch import Tensor, nn

from torchproof.catalog.cnn.blocks import convolution
from torchproof.catalog.cnn.residual_block import residual_block

Join = Callable[[Tensor, Tensor], Tensor]
"""What becomes of the main way's output and the shortcut's."""

Norm = Callable[[int], nn.Module]


class Block(nn.Module):
    """A main way and a shortcut, each a list of layers, and how they come together."""

    def __init__(
        self,
        main: list[nn.Module],
        shortcut: list[nn.Module],
        join: Join = lambda main, shortcut: torch.relu(main + shortcut),
    ) -> None:
        super().__init__()
        self.main, self.shortcut = nn.Sequential(*main), nn.Sequential(*shortcut)
        self.join = join

    def forward(self, x: Tensor) -> Tensor:
        """Apply the block to x, (N, in_channels, H, W)."""
        return self.join(self.main(x), self.shortcut(x))


def main_way(
    i: int,
    o: int,
    stride: int,
    norm: Norm = nn.BatchNorm2d,
    relu: Callable[[], nn.Module] = nn.ReLU,
    first: nn.Module | None = None,
    second: nn.Module | None = None,
) -> list[nn.Module]:
    """Return the right main way, with some of its layers replaced."""
    first = first or convolution(i, o, 3, stride)
    return [first, norm(o), relu(), second or convolution(o, o, 3), norm(o)]


def projection(
    i: int, o: int, stride: int, norm: Norm = nn.BatchNorm2d, layer: nn.Module | None = None
) -> list[nn.Module]:
    """Return the right shortcut, with some of its layers replaced."""
    if stride == 1 and i == o:
        return []
    return [layer or convolution(i, o, 1, stride), norm(o)]


def mistake(
    name: str, hint: str
) -> Callable[[Callable[[int, int, int], Block]], Callable[[int, int, int], Block]]:
    """Add the mistake of being another block, made of (in_channels, out_channels, stride)."""

    def add(make: Callable[[int, int, int], Block]) -> Callable[[int, int, int], Block]:
        @residual_block.mistake(name, hint)
        def _(in_channels: int, out_channels: int, stride: int) -> nn.Module:
            return make(in_channels, out_channels, stride)

        return make

    return add
