"""The convolution of images."""

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from torchproof.catalog.cnn.convolutions import CONVOLUTIONS, Bias, in_full_precision
from torchproof.checking.cases import FLOATS, Cases, Draw, extremes, shapes, values, vectorised
from torchproof.checking.exercise import exercise


@exercise(not_allowed=CONVOLUTIONS, picture="map")
def conv2d(
    x: Tensor,
    weight: Tensor,
    bias: Bias = None,
    stride: int = 1,
    padding: int = 0,
    dilation: int = 1,
    groups: int = 1,
) -> Tensor:
    """Return the convolution of x, (N, C_in, H, W), with weight, (C_out, C_in/groups, kH, kW).

    bias has shape (C_out,), the result (N, C_out, oH, oW).
    """
    with in_full_precision():
        return F.conv2d(x, weight, bias, stride, padding, dilation, groups)


@conv2d.cases
def _(draw: Draw) -> Cases:
    single, double = FLOATS
    yield values(**_layer(draw, (2, 2, 5, 6), 3, (3, 2), double, bias=False))
    yield values("bias", **_layer(draw, (2, 3, 5, 4), 4, (2, 3), single))
    given = _layer(draw, (1, 2, draw.size(6, 7), draw.size(8, 9)), 3, (3, 2), single)
    yield values("a stride", **given, stride=2)
    given = _layer(draw, (2, 2, 4, 5), 2, (2, 3), double, bias=False)
    yield values("padding", **given, padding=draw.size(1, 2))
    yield values("dilation", **_layer(draw, (1, 2, 6, 8), 3, (3, 2), double), dilation=2)
    given = _layer(draw, (2, 4, 4, 5), 6, (2, 3), double, groups=2)
    yield values("groups", **given, groups=2)
    given = _layer(draw, (1, 6, 4, 3), 9, (2, 2), single, groups=3, bias=False)
    yield values("groups", **given, groups=3)
    given = _layer(draw, (2, 3, 4, 5), 6, (3, 2), double, groups=3)
    yield values("depthwise", **given, groups=3)
    given = _layer(draw, (1, 4, 7, 8), 6, (2, 3), double, groups=2)
    yield values("all of them", **given, stride=3, padding=2, dilation=2, groups=2)
    yield from _extremes(draw)
    for dtype in FLOATS:
        yield shapes(**_layer(draw, (3, 2, 4, 7), 4, (3, 2), dtype))
        given = _layer(draw, (2, 4, 6, 3), 2, (2, 3), dtype, groups=2, bias=False)
        yield shapes(**given, stride=2, padding=1, groups=2)
    how = {"stride": 2, "padding": 1, "groups": 2}
    yield vectorised(
        _layer(draw, (1, 2, 4, 5), 2, (2, 3), groups=2) | how,
        _layer(draw, (3, 4, 8, 9), 8, (2, 3), groups=2) | how,
    )


def _extremes(draw: Draw) -> Cases:
    double = torch.float64
    yield extremes("as many columns as channels", **_layer(draw, (1, 3, 4, 5), 4, (2, 2)))
    given = _layer(draw, (1, 3, 4, 5), 3, (2, 3), bias=False)
    yield extremes("as many outputs as inputs", **given)
    yield extremes("a kernel of one pixel", **_layer(draw, (2, 3, 3, 4), 2, (1, 1)))
    yield extremes("a kernel as large as the image", **_layer(draw, (2, 2, 3, 4), 3, (3, 4)))
    yield extremes("a kernel of one row", **_layer(draw, (1, 2, 3, 5), 2, (1, 3)), padding=1)
    yield extremes("a kernel of one column", **_layer(draw, (1, 2, 5, 3), 2, (3, 1)), dilation=2)
    given = _layer(draw, (1, 1, 7, 6), 2, (2, 2), bias=False)
    yield extremes("a stride beyond the kernel", **given, stride=3)
    yield extremes("a single pixel", **_layer(draw, (1, 1, 1, 1), 1, (1, 1)))
    given = _layer(draw, (1, 2, 2, 1), 2, (2, 2))
    yield extremes("kernels that see only padding", **given, padding=3, stride=2)
    yield extremes("pixels left over", **_layer(draw, (1, 2, 6, 7), 2, (3, 2), double), stride=2)
    given = _layer(draw, (1, 2, 4, 5), 2, (2, 2), double)
    yield extremes("large numbers", **(given | {"x": 1e6 * given["x"]}))
    zero = {"weight": torch.zeros(2, 2, 2, 2, dtype=double)}
    yield extremes("a weight of zeros", **(given | zero))
    yield extremes("an empty batch", **_layer(draw, (0, 2, 4, 5), 3, (2, 3)), stride=2)
    given = _layer(draw, (0, 4, 4, 5), 6, (2, 3), groups=2, bias=False)
    yield extremes("an empty batch", **given, groups=2, padding=1)


def _layer(
    draw: Draw,
    image: tuple[int, int, int, int],
    outputs: int,
    kernel: tuple[int, int],
    dtype: torch.dtype = torch.float32,
    groups: int = 1,
    bias: bool = True,
) -> dict[str, Any]:
    """Return random images of shape (N, C, H, W), a weight and, where asked, a bias."""
    given = {
        "x": draw.normal(*image, dtype=dtype),
        "weight": draw.normal(outputs, image[1] // groups, *kernel, dtype=dtype),
    }
    return given | ({"bias": draw.normal(outputs, dtype=dtype)} if bias else {})
