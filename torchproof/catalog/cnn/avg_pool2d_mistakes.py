"""Average pooling: how it goes wrong."""

import torch
from torch import Tensor

from torchproof.catalog.cnn.avg_pool2d import avg_pool2d
from torchproof.catalog.cnn.pooling import padded, windows
from torchproof.catalog.cnn.window_mistakes import add_window_mistakes


def _mean(cut: Tensor) -> Tensor:
    return cut.mean((-2, -1))


def _cut(
    x: Tensor, kernel_size: int, stride: int | None, padding: int, value: float = 0.0
) -> Tensor:
    return windows(padded(x, padding, value), kernel_size, stride or kernel_size)


@avg_pool2d.mistake(
    "padding not counted in the mean",
    "Where a window reaches into the padding, you divide by the number of its pixels that lie in "
    "the image; the padding counts as zeros, so divide by kernel_size squared everywhere.",
)
def _(x: Tensor, kernel_size: int, stride: int | None = None, padding: int = 0) -> Tensor:
    count = _cut(torch.ones_like(x), kernel_size, stride, padding).sum((-2, -1))
    return _cut(x, kernel_size, stride, padding).sum((-2, -1)) / count


add_window_mistakes(avg_pool2d, _mean, 0.0)


@avg_pool2d.mistake(
    "padding counted twice",
    "You divide by the side of the padded window, kernel_size + 2 * padding, squared; a window "
    "keeps kernel_size squared places, padding or not.",
)
def _(x: Tensor, kernel_size: int, stride: int | None = None, padding: int = 0) -> Tensor:
    side = kernel_size + 2 * padding
    return _cut(x, kernel_size, stride, padding).sum((-2, -1)) / side**2


@avg_pool2d.mistake(
    "padded with the image's border",
    "You pad with copies of the border; the padding counts as zeros here.",
)
def _(x: Tensor, kernel_size: int, stride: int | None = None, padding: int = 0) -> Tensor:
    rows = torch.arange(-padding, x.shape[2] + padding).clamp(0, x.shape[2] - 1)
    columns = torch.arange(-padding, x.shape[3] + padding).clamp(0, x.shape[3] - 1)
    return _mean(windows(x[:, :, rows][..., columns], kernel_size, stride or kernel_size))


@avg_pool2d.mistake(
    "padded with minus infinity",
    "You pad with minus infinity, as max pooling does, and every mean that meets it is infinite; "
    "pad with zeros.",
)
def _(x: Tensor, kernel_size: int, stride: int | None = None, padding: int = 0) -> Tensor:
    return _mean(_cut(x, kernel_size, stride, padding, -torch.inf))


@avg_pool2d.mistake(
    "sum instead of mean",
    "You return the sum of each window; divide it by the number of its places, kernel_size "
    "squared.",
)
def _(x: Tensor, kernel_size: int, stride: int | None = None, padding: int = 0) -> Tensor:
    return _cut(x, kernel_size, stride, padding).sum((-2, -1))


@avg_pool2d.mistake(
    "divided by the side",
    "You divide by kernel_size; a window has kernel_size squared places.",
)
def _(x: Tensor, kernel_size: int, stride: int | None = None, padding: int = 0) -> Tensor:
    return _cut(x, kernel_size, stride, padding).sum((-2, -1)) / kernel_size


@avg_pool2d.mistake(
    "divided by the stride squared",
    "You divide by the stride squared; what counts is how many places a window has, kernel_size "
    "squared.",
)
def _(x: Tensor, kernel_size: int, stride: int | None = None, padding: int = 0) -> Tensor:
    total = _cut(x, kernel_size, stride, padding).sum((-2, -1))
    return total / (stride or kernel_size) ** 2


@avg_pool2d.mistake(
    "maximum instead of mean",
    "You return the largest number of each window; the mean is asked for.",
)
def _(x: Tensor, kernel_size: int, stride: int | None = None, padding: int = 0) -> Tensor:
    return _cut(x, kernel_size, stride, padding, -torch.inf).amax((-2, -1))


@avg_pool2d.mistake(
    "across channels",
    "You average over the channels as well; each channel is pooled by itself.",
)
def _(x: Tensor, kernel_size: int, stride: int | None = None, padding: int = 0) -> Tensor:
    return _mean(_cut(x, kernel_size, stride, padding)).mean(1, keepdim=True)


@avg_pool2d.mistake(
    "channels lost",
    "You average over the channels as well, and their dimension is gone; each channel is pooled "
    "by itself.",
)
def _(x: Tensor, kernel_size: int, stride: int | None = None, padding: int = 0) -> Tensor:
    return _mean(_cut(x, kernel_size, stride, padding)).mean(1)


@avg_pool2d.mistake(
    "channels added up",
    "You add the channels up, as a convolution by a filter of all ones does; each channel is "
    "pooled by itself, which in a convolution takes groups=C.",
)
def _(x: Tensor, kernel_size: int, stride: int | None = None, padding: int = 0) -> Tensor:
    return _mean(_cut(x, kernel_size, stride, padding)).sum(1, keepdim=True)


@avg_pool2d.mistake(
    "rows only",
    "You average each row of a window and keep its rows apart; a window gives a single number, its "
    "mean over both dimensions.",
)
def _(x: Tensor, kernel_size: int, stride: int | None = None, padding: int = 0) -> Tensor:
    return _cut(x, kernel_size, stride, padding).mean(-1)


@avg_pool2d.mistake(
    "NaN left out",
    "Your mean leaves NaN out; as in torch, a window with a NaN in it gives NaN.",
)
def _(x: Tensor, kernel_size: int, stride: int | None = None, padding: int = 0) -> Tensor:
    return _cut(x, kernel_size, stride, padding).nanmean((-2, -1))


@avg_pool2d.mistake(
    "running sum written into x",
    "Your running sum begins as a view of x and is changed in place, so x changes with it; begin "
    "with zeros or a clone, or write total = total + part.",
)
def _(x: Tensor, kernel_size: int, stride: int | None = None, padding: int = 0) -> Tensor:
    x = padded(x, padding, 0) if padding else x
    total, *others = (
        windows(x, kernel_size, stride or kernel_size)[..., i, j]
        for i in range(kernel_size)
        for j in range(kernel_size)
    )
    for other in others:
        total += other
    return total / kernel_size**2
