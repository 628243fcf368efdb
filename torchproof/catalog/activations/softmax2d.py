"""Softmax over the channels of pictures."""

import torch
from torch import Tensor

from torchproof.catalog.activations.rules import SOFTMAXES
from torchproof.checking.cases import (
    FLOATS,
    Cases,
    Draw,
    extremes,
    gradients,
    shapes,
    values,
    vectorised,
)
from torchproof.checking.exercise import exercise


@exercise(not_allowed=SOFTMAXES)
def softmax2d(x: Tensor) -> Tensor:
    """Return the softmax of x, (N, C, H, W), over its channels at every pixel."""
    probabilities: Tensor = torch.nn.Softmax2d()(x)
    return probabilities


@softmax2d.cases
def _(draw: Draw) -> Cases:
    for dtype in FLOATS:
        yield values(x=draw.normal(2, 3, 4, 5, dtype=dtype))
        height, width = draw.size(3, 4), draw.size(6, 7)
        yield values(x=draw.normal(3, 2, height, width, dtype=dtype))
        yield shapes(x=draw.normal(2, 4, 3, 7, dtype=dtype))
        yield shapes(x=draw.normal(1, 5, 6, 2, dtype=dtype))
    far = torch.tensor([-1000.0, 0.0, 1000.0])
    yield gradients("pixels far apart", x=draw.normal(2, 4, 2, 3) + far)
    yield extremes("large", x=draw.normal(2, 3, 2, 4) + 100)
    yield extremes("very negative", x=draw.normal(2, 3, 2, 4) - 120)
    yield extremes("pixels far apart", x=draw.normal(2, 4, 2, 3, dtype=torch.float64) + far)
    yield extremes("far below 0", x=draw.normal(2, 3, 2, 4, dtype=torch.float64) - 2e4)
    yield extremes("one channel", x=draw.normal(1, 1, 2, 3))
    yield extremes("one pixel", x=draw.normal(2, 3, 1, 1))
    yield extremes("ties", x=torch.full((1, 4, 2, 3), 7.0))
    yield extremes("an empty batch", x=torch.empty(0, 3, 2, 4))
    yield vectorised({"x": draw.normal(1, 2, 3, 4)}, {"x": draw.normal(3, 4, 5, 8)})


def _stable(x: Tensor, dim: int) -> Tensor:
    shifted = (x - x.amax(dim, keepdim=True)).exp()
    return shifted / shifted.sum(dim, keepdim=True)


@softmax2d.mistake(
    "largest of the whole image subtracted",
    "You subtract the largest element of a whole image; a pixel far below it underflows to 0/0, "
    "so subtract each pixel's own: x.amax(dim=1, keepdim=True).",
)
def _(x: Tensor) -> Tensor:
    shifted = (x - x.amax((1, 2, 3), keepdim=True)).exp()
    return shifted / shifted.sum(1, keepdim=True)


@softmax2d.mistake(
    "largest of the whole batch subtracted",
    "You subtract the largest element of the whole batch; a pixel far below it underflows to "
    "0/0, so subtract each pixel's own: x.amax(dim=1, keepdim=True).",
)
def _(x: Tensor) -> Tensor:
    shifted = (x - x.max()).exp()
    return shifted / shifted.sum(1, keepdim=True)


@softmax2d.mistake(
    "maximum not subtracted",
    "exp overflows for large x, and all of it underflows for very negative x: infinity over "
    "infinity and 0/0 are NaN; subtract the largest over the channels first.",
)
def _(x: Tensor) -> Tensor:
    return x.exp() / x.exp().sum(1, keepdim=True)


@softmax2d.mistake(
    "over H·W",
    "Your channels each sum to 1 over the image, H·W; it is the channels at each pixel that "
    "should: reduce over dim=1.",
)
def _(x: Tensor) -> Tensor:
    n, c, h, w = x.shape
    return _stable(x.reshape(n, c, h * w), -1).reshape(n, c, h, w)


@softmax2d.mistake(
    "over H·W, and maximum not subtracted",
    "Two things: reduce over the channels, dim=1, not over the image; and subtract the largest "
    "over the channels before exp, which overflows without it.",
)
def _(x: Tensor) -> Tensor:
    return x.exp() / x.exp().sum((2, 3), keepdim=True)


@softmax2d.mistake(
    "over the last dimension",
    "You sum along the rows of the image, the last dimension; the channels are dim=1.",
)
def _(x: Tensor) -> Tensor:
    return _stable(x, -1)


@softmax2d.mistake(
    "over the batch",
    "You sum over dim=0, the images of the batch; the channels are dim=1.",
)
def _(x: Tensor) -> Tensor:
    return _stable(x, 0) if len(x) else x.clone()


@softmax2d.mistake(
    "over the whole image",
    "You divide by one sum for a whole image, its channels and pixels together; each pixel has "
    "its own sum over its channels: reduce over dim=1 alone.",
)
def _(x: Tensor) -> Tensor:
    shifted = (x - x.amax((1, 2, 3), keepdim=True)).exp()
    return shifted / shifted.sum((1, 2, 3), keepdim=True)


@softmax2d.mistake(
    "over all elements",
    "You divide by one sum over all elements; each pixel has its own sum over its channels: "
    "reduce over dim=1, and subtract the largest over dim=1 first.",
)
def _(x: Tensor) -> Tensor:
    return x.exp() / x.exp().sum()


@softmax2d.mistake(
    "dimension not kept",
    "The sum, or the maximum, has lost the channels' dimension and no longer lines up with x; "
    "keep it with keepdim=True.",
)
def _(x: Tensor) -> Tensor:
    shifted = (x - x.amax(1, keepdim=True)).exp()
    return shifted / shifted.sum(1)


@softmax2d.mistake(
    "reshaped without permute",
    "reshape only re-reads memory in order, so your rows of C numbers are not the channels of a "
    "pixel; reduce over dim=1, or move the channels last with permute before you reshape.",
)
def _(x: Tensor) -> Tensor:
    return _stable(x.reshape(-1, x.shape[1]), 1).reshape(x.shape)


@softmax2d.mistake(
    "one pixel at a time",
    "The values are right, but you visit the pixels one by one; reduce over dim=1 for all of "
    "them at once.",
)
def _(x: Tensor) -> Tensor:
    n, c, h, w = x.shape
    pixels = [_stable(pixel, 0) for pixel in x.permute(0, 2, 3, 1).reshape(-1, c)]
    return torch.stack(pixels).reshape(n, h, w, c).permute(0, 3, 1, 2) if pixels else x.clone()
