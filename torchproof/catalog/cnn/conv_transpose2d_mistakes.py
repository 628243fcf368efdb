"""What goes wrong in a transposed convolution: padding, kernel, channels and stride."""

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from torchproof.catalog.cnn.conv_transpose2d import conv_transpose2d
from torchproof.catalog.cnn.convolutions import Bias, biased, convolve, like, padded, windows
from torchproof.catalog.cnn.form_mistakes import misformed
from torchproof.catalog.cnn.transposed import cropped, spread, stamped, transposed

misformed(conv_transpose2d, transposed)


@conv_transpose2d.mistake(
    "padding added",
    "You put padding around the result; in a transposed convolution it takes away: crop padding "
    "rows and columns on all four sides.",
)
@like(conv_transpose2d)
def _(x: Tensor, weight: Tensor, bias: Bias, stride: int, padding: int) -> Tensor:
    return biased(padded(stamped(x, weight, stride), padding), bias)


@conv_transpose2d.mistake(
    "padding added to the image",
    "You put padding around the image, as a convolution does, which makes the result larger; here "
    "it crops the result on all four sides.",
)
@like(conv_transpose2d)
def _(x: Tensor, weight: Tensor, bias: Bias, stride: int, padding: int) -> Tensor:
    return transposed(padded(x, padding), weight, bias, stride)


@conv_transpose2d.mistake(
    "padding ignored",
    "You leave padding out; crop that many rows and columns on all four sides of the result.",
)
@like(conv_transpose2d)
def _(padding: int, **rest: Any) -> Tensor:
    return transposed(**rest)


@conv_transpose2d.mistake(
    "cropped after only",
    "You crop below and on the right only; padding rows and columns go on all four sides.",
)
@like(conv_transpose2d)
def _(padding: int, **rest: Any) -> Tensor:
    result = transposed(**rest)
    height, width = result.shape[2:]
    return result[:, :, : height - padding, : width - padding]


@conv_transpose2d.mistake(
    "cropped before only",
    "You crop above and on the left only; padding rows and columns go on all four sides.",
)
@like(conv_transpose2d)
def _(padding: int, **rest: Any) -> Tensor:
    return transposed(**rest)[:, :, padding:, padding:]


@conv_transpose2d.mistake(
    "cropped twice as much after",
    "The size is right, but you crop all of it below and on the right; padding rows and columns "
    "go on each of the four sides.",
)
@like(conv_transpose2d)
def _(padding: int, **rest: Any) -> Tensor:
    result = transposed(**rest)
    height, width = result.shape[2:]
    return result[:, :, : height - 2 * padding, : width - 2 * padding]


@conv_transpose2d.mistake(
    "cropped to minus 0",
    "You crop by padding:-padding, and where padding is 0 that ends before it begins; end at the "
    "size minus padding.",
)
@like(conv_transpose2d)
def _(padding: int, **rest: Any) -> Tensor:
    return transposed(**rest)[:, :, padding:-padding, padding:-padding]


@conv_transpose2d.mistake(
    "channel axes swapped",
    "You take weight for that of a convolution; here the input channels come first, (C_in, C_out, "
    "kH, kW).",
)
@like(conv_transpose2d)
def _(x: Tensor, weight: Tensor, bias: Bias, stride: int, padding: int) -> Tensor:
    kernel = (weight.shape[2], weight.shape[3])
    seen = windows(padded(spread(x, stride), (kernel[0] - 1, kernel[1] - 1)), kernel)
    stamped = torch.einsum("nchwij,ocij->nohw", seen, weight.flip(2, 3))
    return biased(cropped(stamped, padding), bias)


@conv_transpose2d.mistake(
    "kernel flipped",
    "Your kernels lie upside down and left to right in the result; each pixel puts down the kernel "
    "as it is, and only a convolution of the spread image needs it turned for that.",
)
@like(conv_transpose2d)
def _(weight: Tensor, **rest: Any) -> Tensor:
    return transposed(weight=weight.flip(2, 3), **rest)


@conv_transpose2d.mistake(
    "kernel transposed",
    "You take the kernel's rows for columns; weight is (C_in, C_out, kH, kW), so that its last "
    "dimension goes along the width.",
)
@like(conv_transpose2d)
def _(weight: Tensor, **rest: Any) -> Tensor:
    return transposed(weight=weight.mT, **rest)


@conv_transpose2d.mistake(
    "an ordinary convolution",
    "You slide the kernel over the image, which makes the result smaller; here each pixel puts "
    "down the whole kernel, and they are added up.",
)
@like(conv_transpose2d)
def _(x: Tensor, weight: Tensor, bias: Bias, stride: int, padding: int) -> Tensor:
    return convolve(x, weight.transpose(0, 1), bias, stride, padding)


@conv_transpose2d.mistake(
    "stride ignored",
    "You leave stride out; the kernels of two neighbours lie stride pixels apart in the result.",
)
@like(conv_transpose2d)
def _(stride: int, **rest: Any) -> Tensor:
    return transposed(**rest)


@conv_transpose2d.mistake(
    "stride as dilation",
    "You spread the kernel's pixels by stride; it is the kernels that lie stride apart, each of "
    "them whole.",
)
@like(conv_transpose2d)
def _(x: Tensor, weight: Tensor, bias: Bias, stride: int, padding: int) -> Tensor:
    return transposed(x, spread(weight, stride), bias, 1, padding)


@conv_transpose2d.mistake(
    "stride of rows only",
    "You set the kernels stride apart from row to row and 1 from column to column; stride holds "
    "for both.",
)
@like(conv_transpose2d)
def _(stride: int, **rest: Any) -> Tensor:
    return transposed(stride=(stride, 1), **rest)


@conv_transpose2d.mistake(
    "stride of columns only",
    "You set the kernels stride apart from column to column and 1 from row to row; stride holds "
    "for both.",
)
@like(conv_transpose2d)
def _(stride: int, **rest: Any) -> Tensor:
    return transposed(stride=(1, stride), **rest)


@conv_transpose2d.mistake(
    "zeros after the last pixel",
    "You put stride - 1 zeros after every pixel; they belong between two pixels, and there are "
    "none after the last.",
)
@like(conv_transpose2d)
def _(x: Tensor, weight: Tensor, bias: Bias, stride: int, padding: int) -> Tensor:
    more = F.pad(stamped(x, weight, stride), (0, stride - 1, 0, stride - 1))
    return biased(cropped(more, padding), bias)


@conv_transpose2d.mistake(
    "stride · H rows",
    "You crop the result to stride times the image; its size follows from the formula, "
    "(H - 1) · stride + kH - 2 · padding.",
)
@like(conv_transpose2d)
def _(x: Tensor, stride: int, padding: int, **rest: Any) -> Tensor:
    height, width = (stride * size for size in x.shape[2:])
    return transposed(x, stride=stride, **rest)[:, :, :height, :width]
