"""Max pooling: how it goes wrong."""

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from torchproof.catalog.cnn.max_pool2d import max_pool2d
from torchproof.catalog.cnn.pooling import padded, windows
from torchproof.catalog.cnn.window_mistakes import add_window_mistakes


def _largest(cut: Tensor) -> Tensor:
    return cut.amax((-2, -1))


def _pool(
    x: Tensor, kernel_size: int, stride: int | None, padding: int, value: float = -torch.inf
) -> Tensor:
    return _largest(windows(padded(x, padding, value), kernel_size, stride or kernel_size))


@max_pool2d.mistake(
    "zero padding",
    "You pad with zeros, and where a window's pixels are all negative the largest is such a zero; "
    "pad with minus infinity, which never wins.",
)
def _(x: Tensor, kernel_size: int, stride: int | None = None, padding: int = 0) -> Tensor:
    return _pool(x, kernel_size, stride, padding, 0)


@max_pool2d.mistake(
    "zero padding, and places left open in an empty batch",
    "Two things: F.unfold pads with zeros, which win where all pixels of a window are negative, so "
    "pad by F.pad with minus infinity before; and with no images -1 stands for any number, so "
    "write the size.",
)
def _(x: Tensor, kernel_size: int, stride: int | None = None, padding: int = 0) -> Tensor:
    columns = F.unfold(x, kernel_size, padding=padding, stride=stride or kernel_size)
    columns = columns.reshape(len(x), x.shape[1], kernel_size**2, -1)
    return columns.amax(2).reshape(_pool(x, kernel_size, stride, padding).shape)


add_window_mistakes(max_pool2d, _largest, -torch.inf)


@max_pool2d.mistake(
    "largest begins at 0",
    "Where a window's pixels are all negative, you return 0, with padding or without; let the "
    "running maximum begin at minus infinity.",
)
def _(x: Tensor, kernel_size: int, stride: int | None = None, padding: int = 0) -> Tensor:
    return _pool(x, kernel_size, stride, padding).clamp(min=0)


@max_pool2d.mistake(
    "padded with a moderate number",
    "The number you pad with is low, and yet above some numbers that occur in x; pad with minus "
    "infinity, -torch.inf.",
)
def _(x: Tensor, kernel_size: int, stride: int | None = None, padding: int = 0) -> Tensor:
    return _pool(x, kernel_size, stride, padding, -1e9)


@max_pool2d.mistake(
    "padded with the smallest finite number",
    "You pad with the smallest finite number, which is above minus infinity, and x may hold that; "
    "pad with -torch.inf itself.",
)
def _(x: Tensor, kernel_size: int, stride: int | None = None, padding: int = 0) -> Tensor:
    return _pool(x, kernel_size, stride, padding, torch.finfo(x.dtype).min)


@max_pool2d.mistake(
    "padded with a number below x",
    "You pad with a number that you take from x, such as its smallest less 1; one NaN in x makes "
    "that NaN too, and then the whole frame. Pad with -torch.inf.",
)
def _(x: Tensor, kernel_size: int, stride: int | None = None, padding: int = 0) -> Tensor:
    return _pool(x, kernel_size, stride, padding, x.min().item() - 1 if len(x) else 0)


@max_pool2d.mistake(
    "mean instead of maximum",
    "You return the mean of each window; the largest number is asked for.",
)
def _(x: Tensor, kernel_size: int, stride: int | None = None, padding: int = 0) -> Tensor:
    return windows(padded(x, padding, 0), kernel_size, stride or kernel_size).mean((-2, -1))


@max_pool2d.mistake(
    "mean of what is padded with minus infinity",
    "You return the mean of each window, of which padding makes minus infinity; the largest number "
    "is asked for.",
)
def _(x: Tensor, kernel_size: int, stride: int | None = None, padding: int = 0) -> Tensor:
    return windows(padded(x, padding, -torch.inf), kernel_size, stride or kernel_size).mean(
        (-2, -1)
    )


@max_pool2d.mistake(
    "smallest instead of largest",
    "You return the smallest number of each window; the largest is asked for.",
)
def _(x: Tensor, kernel_size: int, stride: int | None = None, padding: int = 0) -> Tensor:
    cut = windows(padded(x, padding, torch.inf), kernel_size, stride or kernel_size)
    return cut.amin((-2, -1))


@max_pool2d.mistake(
    "largest absolute value",
    "You return the largest absolute value of each window; signs count, so the largest of -3 and "
    "1 is 1.",
)
def _(x: Tensor, kernel_size: int, stride: int | None = None, padding: int = 0) -> Tensor:
    return _pool(x.abs(), kernel_size, stride, padding)


@max_pool2d.mistake(
    "across channels",
    "You take the largest over the channels as well; each channel is pooled by itself.",
)
def _(x: Tensor, kernel_size: int, stride: int | None = None, padding: int = 0) -> Tensor:
    return _pool(x, kernel_size, stride, padding).amax(1, keepdim=True)


@max_pool2d.mistake(
    "channels lost",
    "You take the largest over the channels as well, and their dimension is gone; each channel is "
    "pooled by itself.",
)
def _(x: Tensor, kernel_size: int, stride: int | None = None, padding: int = 0) -> Tensor:
    return _pool(x, kernel_size, stride, padding).amax(1)


@max_pool2d.mistake(
    "rows only",
    "You take the largest of each row of a window and keep its rows apart; a window gives a single "
    "number, its largest over both dimensions.",
)
def _(x: Tensor, kernel_size: int, stride: int | None = None, padding: int = 0) -> Tensor:
    cut = windows(padded(x, padding, -torch.inf), kernel_size, stride or kernel_size)
    return cut.amax(-1)


@max_pool2d.mistake(
    "indices returned too",
    "max with a dim gives values and indices; return the values only, or use amax.",
)
def _(x: Tensor, kernel_size: int, stride: int | None = None, padding: int = 0) -> Any:
    cut = windows(padded(x, padding, -torch.inf), kernel_size, stride or kernel_size)
    return tuple(cut.flatten(-2).max(-1))


@max_pool2d.mistake(
    "indices instead of values",
    "You return where in the window the largest number is; return the number itself.",
)
def _(x: Tensor, kernel_size: int, stride: int | None = None, padding: int = 0) -> Tensor:
    cut = windows(padded(x, padding, -torch.inf), kernel_size, stride or kernel_size)
    return cut.flatten(-2).argmax(-1)


@max_pool2d.mistake(
    "NaN passed over",
    "Your maximum passes over NaN; as in torch, a window with a NaN in it gives NaN.",
)
def _(x: Tensor, kernel_size: int, stride: int | None = None, padding: int = 0) -> Tensor:
    numbers = torch.where(x.isnan(), torch.full_like(x, -torch.inf), x)
    return _pool(numbers, kernel_size, stride, padding)


@max_pool2d.mistake(
    "running maximum written into x",
    "Your running maximum begins as a view of x and is changed in place, so x changes with it; "
    "begin with a clone, or write torch.maximum(a, b) without out.",
)
def _(x: Tensor, kernel_size: int, stride: int | None = None, padding: int = 0) -> Tensor:
    x = padded(x, padding, -torch.inf) if padding else x
    result, *others = (
        windows(x, kernel_size, stride or kernel_size)[..., i, j]
        for i in range(kernel_size)
        for j in range(kernel_size)
    )
    for other in others:
        result.copy_(torch.maximum(result, other))
    return result
