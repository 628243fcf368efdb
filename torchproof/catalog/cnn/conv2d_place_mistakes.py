"""What goes wrong in a convolution: stride, padding and dilation, and the form of the result."""

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from torchproof.catalog.cnn.conv2d import conv2d
from torchproof.catalog.cnn.convolutions import Bias, biased, convolve, like, padded


@conv2d.mistake(
    "dilation ignored",
    "You leave dilation out; row i of the kernel lies on row i · dilation of the window.",
)
@like(conv2d)
def _(dilation: int, **rest: Any) -> Tensor:
    return convolve(**rest)


@conv2d.mistake(
    "dilation in the size only",
    "The size of your result has dilation in it, but the pixels you read are neighbours; row i of "
    "the kernel lies on row i · dilation of the window, and the columns likewise.",
)
@like(conv2d)
def _(x: Tensor, weight: Tensor, padding: int, dilation: int, **rest: Any) -> Tensor:
    height, width = (size + 2 * padding for size in x.shape[2:])
    k_h, k_w = ((dilation - 1) * (k - 1) for k in weight.shape[2:])
    seen = padded(x, padding)[:, :, : height - k_h, : width - k_w]
    return convolve(seen, weight, **rest)


@conv2d.mistake(
    "stride and dilation swapped",
    "You take stride for dilation and the other way round, as when F.unfold is given them by "
    "place; stride is how far the kernel moves, dilation how far apart its pixels lie.",
)
@like(conv2d)
def _(stride: int, dilation: int, **rest: Any) -> Tensor:
    return convolve(stride=dilation, dilation=stride, **rest)


@conv2d.mistake(
    "stride ignored",
    "You leave stride out; the kernel moves by stride pixels, to the right and down.",
)
@like(conv2d)
def _(stride: int, **rest: Any) -> Tensor:
    return convolve(**rest)


@conv2d.mistake(
    "stride of rows only",
    "You move the kernel by stride from row to row and by 1 from column to column; stride holds "
    "for both.",
)
@like(conv2d)
def _(stride: int, **rest: Any) -> Tensor:
    return convolve(stride=(stride, 1), **rest)


@conv2d.mistake(
    "stride of columns only",
    "You move the kernel by stride from column to column and by 1 from row to row; stride holds "
    "for both.",
)
@like(conv2d)
def _(stride: int, **rest: Any) -> Tensor:
    return convolve(stride=(1, stride), **rest)


@conv2d.mistake(
    "padding ignored",
    "You leave padding out; there are padding rows and columns of zeros on all four sides.",
)
@like(conv2d)
def _(padding: int, **rest: Any) -> Tensor:
    return convolve(**rest)


@conv2d.mistake(
    "padding after only",
    "You pad below and on the right only; padding goes on all four sides.",
)
@like(conv2d)
def _(x: Tensor, padding: int, **rest: Any) -> Tensor:
    return convolve(F.pad(x, (0, padding, 0, padding)), **rest)


@conv2d.mistake(
    "padding before only",
    "You pad above and on the left only; padding goes on all four sides.",
)
@like(conv2d)
def _(x: Tensor, padding: int, **rest: Any) -> Tensor:
    return convolve(F.pad(x, (padding, 0, padding, 0)), **rest)


@conv2d.mistake(
    "padding of columns only",
    "You pad on the left and right only; F.pad takes pairs from the last dimension on, so give "
    "it four numbers.",
)
@like(conv2d)
def _(padding: int, **rest: Any) -> Tensor:
    return convolve(padding=(0, padding), **rest)


@conv2d.mistake(
    "padding with copies of the edge",
    "You pad with copies of the outermost pixels; here padding is zeros.",
)
@like(conv2d)
def _(x: Tensor, padding: int, **rest: Any) -> Tensor:
    sizes = [
        torch.arange(-padding, size + padding, device=x.device).clamp(0, size - 1)
        for size in x.shape[2:]
    ]
    return convolve(x[:, :, sizes[0][:, None], sizes[1]], **rest)


@conv2d.mistake(
    "padding the result",
    "You put the zeros around the result; put them around the image, where the kernel sees them.",
)
@like(conv2d)
def _(bias: Bias, padding: int, **rest: Any) -> Tensor:
    return biased(padded(convolve(**rest), padding), bias)


@conv2d.mistake(
    "result rounded up",
    "Your result has places where the kernel would stick out of the padded image; round their "
    "number down.",
)
@like(conv2d)
def _(x: Tensor, stride: int, **rest: Any) -> Tensor:
    reach = [rest["dilation"] * (size - 1) + 1 for size in rest["weight"].shape[2:]]
    sizes = [size + 2 * rest["padding"] for size in x.shape[2:]]
    rows, columns = ((r - size) % stride for size, r in zip(sizes, reach, strict=True))
    more = padded(x, rest["padding"])
    rest["padding"] = 0
    return convolve(F.pad(more, (0, columns, 0, rows)), stride=stride, **rest)


@conv2d.mistake(
    "last place missing",
    "The last row and the last column of your result are missing; add 1 to the number of steps, "
    "for the place before the first.",
)
@like(conv2d)
def _(**rest: Any) -> Tensor:
    return convolve(**rest)[:, :, :-1, :-1]


@conv2d.mistake(
    "zeros after the kernel's last pixel",
    "You put dilation - 1 zeros after every pixel of the kernel; they belong between two pixels, "
    "and there are none after the last, so that it reaches over dilation · (k - 1) + 1.",
)
@like(conv2d)
def _(x: Tensor, dilation: int, padding: int, stride: int, **rest: Any) -> Tensor:
    result = convolve(x, padding=padding, dilation=dilation, **rest)
    rows, columns = (size - dilation + 1 for size in result.shape[2:])
    return result[:, :, :rows:stride, :columns:stride]
