"""The transposed convolution of images."""

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from torchproof.catalog.cnn.convolutions import CONVOLUTIONS, Bias, in_full_precision
from torchproof.checking.cases import FLOATS, Cases, Draw, Group, extremes, shapes, values
from torchproof.checking.exercise import exercise

_GROUPS = (Group.VALUES, Group.GRADIENTS, Group.EXTREMES, Group.SHAPES, Group.NO_SIDE_EFFECTS)


@exercise(groups=_GROUPS, not_allowed=CONVOLUTIONS, picture="map")
def conv_transpose2d(
    x: Tensor, weight: Tensor, bias: Bias = None, stride: int = 1, padding: int = 0
) -> Tensor:
    """Return the transposed convolution of x, (N, C_in, H, W), with weight, (C_in, C_out, kH, kW).

    bias has shape (C_out,), the result (N, C_out, oH, oW) with oH = (H - 1)·stride + kH - 2·padding
    and oW likewise.
    """
    with in_full_precision():
        return F.conv_transpose2d(x, weight, bias, stride, padding)


@conv_transpose2d.cases
def _(draw: Draw) -> Cases:
    single, double = FLOATS
    yield values(**_layer(draw, (2, 2, 3, 4), 3, (3, 2), double, bias=False))
    yield values("bias", **_layer(draw, (2, 3, 4, 3), 4, (2, 3), single))
    given = _layer(draw, (1, 3, draw.size(2, 3), draw.size(4, 5)), 2, (3, 4), single)
    yield values("a stride", **given, stride=2)
    given = _layer(draw, (2, 2, 4, 3), 3, (4, 5), double, bias=False)
    yield values("padding", **given, padding=draw.size(1, 2))
    yield values("both", **_layer(draw, (2, 3, 3, 4), 2, (3, 4), double), stride=2, padding=1)
    yield values("both", **_layer(draw, (1, 2, 4, 3), 3, (5, 4), single), stride=3, padding=2)
    yield from _extremes(draw)
    for dtype in FLOATS:
        yield shapes(**_layer(draw, (3, 2, 2, 4), 4, (3, 2), dtype))
        yield shapes(**_layer(draw, (2, 4, 4, 2), 1, (2, 3), dtype), stride=3, padding=1)


def _extremes(draw: Draw) -> Cases:
    double = torch.float64
    yield extremes("as many columns as channels", **_layer(draw, (1, 2, 2, 3), 4, (3, 2)))
    given = _layer(draw, (1, 3, 3, 4), 3, (2, 3), bias=False)
    yield extremes("as many outputs as inputs", **given)
    yield extremes("a kernel of one pixel", **_layer(draw, (2, 3, 3, 4), 2, (1, 1)))
    yield extremes("kernels side by side", **_layer(draw, (1, 2, 3, 4), 2, (2, 2)), stride=2)
    given = _layer(draw, (1, 2, 3, 4), 2, (2, 1))
    yield extremes("gaps between the kernels", **given, stride=3)
    yield extremes("a single pixel", **_layer(draw, (1, 1, 1, 1), 1, (3, 2)), stride=2)
    yield extremes("one number left", **_layer(draw, (1, 2, 1, 1), 1, (3, 3)), padding=1)
    given = _layer(draw, (1, 2, 4, 5), 2, (1, 2), bias=False)
    yield extremes("padding beyond the kernel", **given, stride=2, padding=2)
    given = _layer(draw, (1, 2, 3, 2), 2, (2, 3), double)
    yield extremes("large numbers", **(given | {"x": 1e6 * given["x"]}), stride=2)
    yield extremes("an image of zeros", **(given | {"x": torch.zeros(1, 2, 3, 2).double()}))
    yield extremes("an empty batch", **_layer(draw, (0, 2, 3, 4), 3, (3, 2)), stride=2, padding=1)


def _layer(
    draw: Draw,
    image: tuple[int, int, int, int],
    outputs: int,
    kernel: tuple[int, int],
    dtype: torch.dtype = torch.float32,
    bias: bool = True,
) -> dict[str, Any]:
    """Return random images of shape (N, C, H, W), a weight and, where asked, a bias."""
    given = {
        "x": draw.normal(*image, dtype=dtype),
        "weight": draw.normal(image[1], outputs, *kernel, dtype=dtype),
    }
    return given | ({"bias": draw.normal(outputs, dtype=dtype)} if bias else {})
