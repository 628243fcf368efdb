"""Global average pooling: reference, cases and mistakes."""

import torch
import torch.nn.functional as F
from torch import Tensor

from torchproof.catalog.cnn.pooling import POOLING
from torchproof.checking.cases import FLOATS, Cases, Draw, extremes, shapes, values, vectorised
from torchproof.checking.exercise import exercise


@exercise(not_allowed=POOLING)
def global_avg_pool2d(x: Tensor) -> Tensor:
    """Return the mean of each channel of each image, (N, C), for x of shape (N, C, H, W)."""
    return F.adaptive_avg_pool2d(x, 1)[:, :, 0, 0]


@global_avg_pool2d.cases
def _(draw: Draw) -> Cases:
    for dtype in FLOATS:
        yield values(x=draw.normal(2, 3, 4, 5, dtype=dtype))
        yield values(x=draw.normal(4, 2, draw.size(6, 8), 3, dtype=dtype) + 2)
        yield values("all sizes equal", x=draw.normal(3, 3, 3, 3, dtype=dtype))
    yield extremes("images of one pixel", x=draw.normal(3, 2, 1, 1))
    yield extremes("images of one row", x=draw.normal(2, 3, 1, 6))
    yield extremes("one image of one channel", x=draw.normal(1, 1, 3, 4))
    yield extremes("an empty batch", x=draw.normal(0, 3, 4, 2))
    offset = 1e6 + draw.normal(2, 3, 5, 4, dtype=torch.float64)
    yield extremes("far from 0, compared with the spread", x=offset)
    beyond = 1e60 * draw.normal(2, 3, 4, 3, dtype=torch.float64)
    yield extremes("numbers beyond those of float32", x=beyond)
    for number in (torch.nan, torch.inf):
        one = draw.normal(2, 2, 3, 4)
        one[0, 1, draw.size(0, 2), draw.size(0, 3)] = number
        yield extremes(f"{'an infinity' if number > 0 else 'a NaN'} in one channel", x=one)
    for dtype in FLOATS:
        yield shapes(x=draw.normal(2, 4, 3, 6, dtype=dtype))
        yield shapes(x=draw.normal(3, 1, 5, 2, dtype=dtype))
    yield vectorised({"x": draw.normal(1, 1, 2, 3)}, {"x": draw.normal(4, 5, 6, 8)})


@global_avg_pool2d.mistake(
    "(N, C, 1, 1)",
    "Your result keeps H and W as dimensions of size 1; (N, C) is asked for, so leave keepdim out, "
    "or take the two away.",
)
def _(x: Tensor) -> Tensor:
    return x.mean((2, 3), keepdim=True)


@global_avg_pool2d.mistake(
    "over the channels too",
    "You average over the channels as well; each channel keeps a mean of its own, over H and W.",
)
def _(x: Tensor) -> Tensor:
    return x.mean((1, 2, 3))


@global_avg_pool2d.mistake(
    "over everything",
    "Your result is a single number; each channel of each image has a mean of its own, over H and "
    "W only.",
)
def _(x: Tensor) -> Tensor:
    return x.mean()


@global_avg_pool2d.mistake(
    "over the batch too",
    "You average over the images of the batch as well; each image keeps its own means.",
)
def _(x: Tensor) -> Tensor:
    return x.mean((0, 2, 3))


@global_avg_pool2d.mistake(
    "sum instead of mean",
    "You return the sum over the pixels; divide it by their number, H times W.",
)
def _(x: Tensor) -> Tensor:
    return x.sum((2, 3))


@global_avg_pool2d.mistake(
    "maximum instead of mean",
    "You return the largest pixel of each channel; the mean is asked for.",
)
def _(x: Tensor) -> Tensor:
    return x.amax((2, 3))


@global_avg_pool2d.mistake(
    "over the rows only",
    "You average over H and leave W as a dimension; average over both.",
)
def _(x: Tensor) -> Tensor:
    return x.mean(2)


@global_avg_pool2d.mistake(
    "over the columns only",
    "You average over W and leave H as a dimension; average over both.",
)
def _(x: Tensor) -> Tensor:
    return x.mean(3)


@global_avg_pool2d.mistake(
    "channels taken to be last",
    "You average over dimensions 1 and 2, as if the channels were last; here x is (N, C, H, W), "
    "so the pixels are in dimensions 2 and 3.",
)
def _(x: Tensor) -> Tensor:
    return x.mean((1, 2))


@global_avg_pool2d.mistake(
    "divided by H squared",
    "You divide by the height squared, which is right for square images only; there are H times W "
    "pixels.",
)
def _(x: Tensor) -> Tensor:
    return x.sum((2, 3)) / x.shape[2] ** 2


@global_avg_pool2d.mistake(
    "divided by W squared",
    "You divide by the width squared, which is right for square images only; there are H times W "
    "pixels.",
)
def _(x: Tensor) -> Tensor:
    return x.sum((2, 3)) / x.shape[3] ** 2


@global_avg_pool2d.mistake(
    "divided by the channels too",
    "You divide by the number of all elements of an image; a channel has H times W of them.",
)
def _(x: Tensor) -> Tensor:
    return x.sum((2, 3)) / x[0:1].flatten(1).shape[1]


@global_avg_pool2d.mistake(
    "batch and channels swapped",
    "Your result is (C, N); the images are its rows, (N, C).",
)
def _(x: Tensor) -> Tensor:
    return x.mean((2, 3)).mT


@global_avg_pool2d.mistake(
    "median instead of mean",
    "You return the median pixel; the mean is asked for.",
)
def _(x: Tensor) -> Tensor:
    return x.flatten(2).median(2).values


@global_avg_pool2d.mistake(
    "NaN left out",
    "Your mean leaves NaN out; one NaN in a channel makes its mean NaN, as mean does.",
)
def _(x: Tensor) -> Tensor:
    return x.nanmean((2, 3))


@global_avg_pool2d.mistake(
    "size left open in an empty batch",
    "With no images, -1 stands for any number and torch cannot infer it; average over the "
    "dimensions (2, 3), or flatten them with flatten(2).",
)
def _(x: Tensor) -> Tensor:
    return x.reshape(x.shape[0], x.shape[1], -1).mean(2)


@global_avg_pool2d.mistake(
    "view of what is not contiguous",
    "view needs a tensor that lies contiguous in memory, which x need not; average over the "
    "dimensions (2, 3), or use reshape or flatten.",
)
def _(x: Tensor) -> Tensor:
    return x.view(x.shape[0], x.shape[1], x.shape[2] * x.shape[3]).mean(2)


@global_avg_pool2d.mistake(
    "computed in float32",
    "You compute in float32 and return to the dtype of x, but float64 holds larger numbers and "
    "more digits; stay in the dtype of x.",
)
def _(x: Tensor) -> Tensor:
    return x.float().mean((2, 3)).to(x.dtype)


@global_avg_pool2d.mistake(
    "squeezed",
    "You squeeze the result, which also drops a dimension that is 1 by chance, as in a batch of "
    "one or with a single channel; drop height and width only.",
)
def _(x: Tensor) -> Tensor:
    return x.mean((2, 3)).squeeze()


@global_avg_pool2d.mistake(
    "one at a time",
    "The values are right, but Python visits the images, channels or pixels one by one; let one "
    "call of mean work on all of them.",
)
def _(x: Tensor) -> Tensor:
    result = torch.empty_like(x[:, :, 0, 0])
    for n in range(x.shape[0]):
        for c in range(x.shape[1]):
            result[n, c] = x[n, c].mean()
    return result
