"""Batch normalisation: its reference, and its cases."""

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from torchproof.catalog.regularization.norms import GROUPS, NORMS, Parameter
from torchproof.checking.cases import FLOATS, Cases, Draw, extremes, shapes, values
from torchproof.checking.exercise import exercise


@exercise(groups=GROUPS, not_allowed=NORMS, driver="running_statistics")
def batch_norm(
    x: Tensor,
    running_mean: Tensor,
    running_var: Tensor,
    weight: Parameter,
    bias: Parameter,
    training: bool,
    momentum: float,
    eps: float,
) -> Tensor:
    """Return x, (N, C) or (N, C, H, W), normalised for each channel, scaled and shifted.

    In training the running statistics, (C,), are changed in place; weight and bias, (C,), may be
    None.
    """
    return F.batch_norm(
        x, running_mean, running_var, weight, bias, training=training, momentum=momentum, eps=eps
    )


def _batch(
    draw: Draw,
    *shape: int,
    dtype: torch.dtype = torch.float32,
    training: bool = True,
    affine: str = "wb",
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> dict[str, Any]:
    """Return the arguments of a layer for x of the given shape, with weight, bias or both."""
    channels = shape[1]

    def spread(low: float, high: float) -> Tensor:
        return draw.uniform(channels, low=low, high=high, dtype=dtype)

    levels = spread(-2, 2).reshape(-1, *[1] * (len(shape) - 2))
    return {
        "x": levels + 2 * draw.normal(*shape, dtype=dtype),
        "running_mean": spread(-1, 1),
        "running_var": spread(0.5, 3),
        "weight": spread(0.5, 2) if "w" in affine else None,
        "bias": spread(-1, 1) if "b" in affine else None,
        "training": training,
        "momentum": momentum,
        "eps": eps,
    }


@batch_norm.cases
def _(draw: Draw) -> Cases:
    single, double = FLOATS
    n, c, h = draw.size(5, 7), draw.size(3, 4), draw.size(5, 6)
    rows, images = (n, c), (n - 2, c, h, 2)
    more: dict[str, Any] = {"momentum": draw.number(0.2, 0.4), "eps": draw.number(0.2, 0.6)}
    still = more | {"training": False}
    yield values("rows", **_batch(draw, *rows))
    yield values("images", **_batch(draw, *images, dtype=double))
    yield values("rows, other options", **_batch(draw, *rows, dtype=double, **more))
    yield values("images, other options", **_batch(draw, *images, **more))
    yield values("rows in evaluation", **_batch(draw, *rows, **still))
    yield values("images in evaluation", **_batch(draw, *images, dtype=double, **still))
    yield values("no weight, no bias", **_batch(draw, *images, affine=""))
    yield values("no bias", **_batch(draw, *images, affine="w", training=False))
    yield values("no weight", **_batch(draw, *rows, affine="b"))
    yield from _batch_extremes(draw)
    for dtype in FLOATS:
        yield shapes(**_batch(draw, n, c, dtype=dtype, training=dtype is single))
        yield shapes(**_batch(draw, 2, c, h, 7, dtype=dtype, training=dtype is double))
    yield shapes("one channel", **_batch(draw, n, 1, dtype=double))


def _batch_extremes(draw: Draw) -> Cases:
    """Yield the cases of channels that hardly vary, of few numbers, and of momentum 0 and 1."""
    layer = _batch(draw, 4, 3, 2, 2, dtype=torch.float64, momentum=0.3)
    level = torch.tensor([1.5, -2.0, 0.0], dtype=torch.float64).reshape(3, 1, 1)
    yield extremes("constant channels", **(layer | {"x": level.expand(4, 3, 2, 2).clone()}))
    offset = layer["x"] + 1e6
    yield extremes("far from 0, compared with the spread", **(layer | {"x": offset}))
    yield extremes("a spread near the root of eps", **(layer | {"x": 3e-3 * layer["x"]}))
    yield extremes("large numbers", **(layer | {"x": 1e12 * layer["x"]}))
    double = torch.float64
    yield extremes("two examples", **_batch(draw, 2, 3, dtype=double, momentum=0.5))
    yield extremes("one image", **_batch(draw, 1, 3, 2, 4))
    for momentum in (0.0, 1.0):
        yield extremes(f"momentum {momentum:g}", **_batch(draw, 6, 3, momentum=momentum))
    yield extremes("one example in evaluation", **_batch(draw, 1, 3, training=False))
    yield extremes("an empty batch in evaluation", **_batch(draw, 0, 3, training=False))
    still = _batch(draw, 4, 3, dtype=double, training=False)
    zeros = {"running_var": torch.zeros(3, dtype=double)}
    yield extremes("a running variance of 0", **(still | zeros))
