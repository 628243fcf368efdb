"""What the poolings share: torch's names for them, their cases, and slips with the window."""

from collections.abc import Callable
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from torchproof.checking.cases import (
    FLOATS,
    Cases,
    Draw,
    extremes,
    shapes,
    values,
    vectorised,
)

_SIZES = ("1d", "2d", "3d")

POOLING = (
    *(f"{kind}_pool{size}" for kind in ("max", "avg", "lp") for size in _SIZES),
    *(f"adaptive_{kind}_pool{size}" for kind in ("max", "avg") for size in _SIZES),
    *(f"_adaptive_avg_pool{size}" for size in _SIZES),
    *(f"{kind}_pool{size}_with_indices" for kind in ("max", "adaptive_max") for size in _SIZES),
    *(f"fractional_max_pool{size}" for size in _SIZES),
    *(f"fractional_max_pool{size}_with_indices" for size in _SIZES),
    *(f"mkldnn_max_pool{size}" for size in _SIZES),
    *(f"quantized_max_pool{size}" for size in _SIZES),
    *("mkldnn_adaptive_avg_pool2d", "interpolate", "upsample"),
    *(f"torch.nn.{name}" for name in dir(nn) if "Pool" in name),
    "torch.nn.modules.pooling",
    "torch.nn.Upsample",
    "torch.jit",
)
"""torch's poolings under their many names, resizing, which pools by area, and what hides them."""

Pool = Callable[[Tensor, int, int, int], Tensor]
"""A pooling of (x, kernel_size, stride, padding), none of them None."""


def padded(x: Tensor, padding: int, value: float) -> Tensor:
    """Return x with a frame of the given width and value around each image."""
    return F.pad(x, (padding,) * 4, value=value)


def windows(x: Tensor, kernel_size: int, stride: int) -> Tensor:
    """Return (N, C, rows, columns, kernel_size, kernel_size): every window at its place."""
    return x.unfold(2, kernel_size, stride).unfold(3, kernel_size, stride)


def window_cases(draw: Draw) -> Cases:
    """Yield the cases of both poolings that move a window over an image."""
    single, double = FLOATS
    yield values(**_image(draw, 2, 3, 6, 8), kernel_size=2)
    yield values("stride None", **_image(draw, 1, 2, 7, 9, dtype=double), **_of(3, None, 0))
    height, width = draw.size(6, 7), draw.size(9, 11)
    image = _image(draw, 2, 2, height, width, dtype=double)
    yield values("windows that overlap", **image, kernel_size=3, stride=2)
    below = {"x": draw.normal(2, 2, width, height) - 3}
    yield values("padding", **below, kernel_size=3, stride=2, padding=1)
    above = {"x": draw.normal(1, 3, 5, 7, dtype=double) + 3}
    yield values("padding", **above, **_of(2, 1, 1))
    yield values("padding, stride None", **_image(draw, 1, 2, 8, 10), kernel_size=5, padding=2)
    yield values(
        "stride beyond the window", **_image(draw, 2, 1, 8, 6, dtype=double), **_of(2, 3, 0)
    )
    yield from _window_extremes(draw)
    yield shapes(**_image(draw, 2, 3, 4, 9, dtype=double), kernel_size=2)
    yield shapes(**_image(draw, 3, 1, 8, 5, dtype=single), kernel_size=3, stride=1, padding=1)
    yield shapes(**_image(draw, 1, 4, 7, 7, dtype=double), kernel_size=4, stride=2)
    for options in ({"kernel_size": 2}, {"kernel_size": 3, "stride": 2, "padding": 1}):
        small, large = _image(draw, 1, 1, 4, 5), _image(draw, 3, 2, 9, 12)
        yield vectorised(small | options, large | options)


def _image(draw: Draw, *shape: int, dtype: torch.dtype = torch.float32) -> dict[str, Any]:
    return {"x": draw.normal(*shape, dtype=dtype)}


def _window_extremes(draw: Draw) -> Cases:
    yield extremes("a window of one pixel", **_image(draw, 2, 2, 4, 5), kernel_size=1)
    yield extremes("every second pixel", **_image(draw, 1, 2, 5, 6), kernel_size=1, stride=2)
    yield extremes("a window as large as the image", **_image(draw, 2, 3, 4, 4), kernel_size=4)
    yield extremes("a window larger than the image", **_image(draw, 2, 2, 2, 3), **_of(4, 1, 1))
    yield extremes("one pixel, and padding around", **_image(draw, 2, 3, 1, 1), **_of(3, 2, 1))
    yield extremes("half the window is padding", **_image(draw, 1, 2, 5, 4), **_of(4, 3, 2))
    yield extremes("an empty batch", **_image(draw, 0, 2, 4, 6), **_of(2, None, 0))
    yield extremes("an empty batch, padding", **_image(draw, 0, 3, 5, 4), **_of(3, 1, 1))
    huge = 1e30 * (draw.normal(1, 2, 5, 6) - 4)
    yield extremes("numbers far below 0", x=huge, **_of(3, 2, 1))
    for number in (torch.nan, torch.inf):
        one = draw.normal(1, 2, 6, 7)
        one[0, 0, draw.size(1, 4), draw.size(1, 5)] = number
        yield extremes(f"{'an infinity' if number > 0 else 'a NaN'}", x=one, **_of(2, 1, 0))
    one = draw.normal(2, 2, 6, 7)
    one[1, 0, draw.size(2, 3), draw.size(2, 4)] = torch.nan
    yield extremes("a NaN, and padding", x=one, **_of(3, 2, 1))
    both = draw.normal(1, 2, 5, 6)
    for channel, number in enumerate((torch.inf, -torch.inf)):
        both[0, channel, draw.size(0, 4), draw.size(0, 5)] = number
    yield extremes("both infinities, and padding", x=both, **_of(2, 1, 1))
    beyond = 1e60 * draw.normal(1, 2, 5, 7, dtype=torch.float64)
    yield extremes("numbers beyond those of float32", x=beyond, **_of(3, 2, 1))
    yield extremes("numbers beyond those of float32", x=beyond, **_of(2, None, 0))


def _of(kernel_size: int, stride: int | None, padding: int) -> dict[str, Any]:
    return {"kernel_size": kernel_size, "stride": stride, "padding": padding}
