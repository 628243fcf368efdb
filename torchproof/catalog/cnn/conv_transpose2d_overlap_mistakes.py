"""What goes wrong in a transposed convolution: kernels that overlap, and ``F.fold``."""

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from torchproof.catalog.cnn.conv_transpose2d import conv_transpose2d
from torchproof.catalog.cnn.convolutions import Bias, biased, like
from torchproof.catalog.cnn.transposed import cropped, stamped, transposed


def _one_by_one(x: Tensor, weight: Tensor, stride: int) -> tuple[Tensor, Tensor]:
    """Return what is there when each pixel of the kernel overwrites, and how many there were."""
    (height, width), (rows, columns) = x.shape[2:], weight.shape[2:]
    shape = ((height - 1) * stride + rows, (width - 1) * stride + columns)
    result = x.new_zeros(x.shape[0], weight.shape[1], *shape)
    count = x.new_zeros(shape)
    for i in range(rows):
        for j in range(columns):
            down = slice(i, i + (height - 1) * stride + 1, stride)
            right = slice(j, j + (width - 1) * stride + 1, stride)
            result[:, :, down, right] = torch.einsum("nchw,co->nohw", x, weight[:, :, i, j])
            count[down, right] += 1
    return result, count


@conv_transpose2d.mistake(
    "overlaps overwritten",
    "Where kernels overlap you keep the last; add to what is there, with += in place of =.",
)
@like(conv_transpose2d)
def _(x: Tensor, weight: Tensor, bias: Bias, stride: int, padding: int) -> Tensor:
    return biased(cropped(_one_by_one(x, weight, stride)[0], padding), bias)


def _overwritten(x: Tensor, weight: Tensor, stride: int) -> Tensor:
    """Return what is there when each pixel of the image overwrites."""
    (height, width), (rows, columns) = x.shape[2:], weight.shape[2:]
    shape = ((height - 1) * stride + rows, (width - 1) * stride + columns)
    result = x.new_zeros(x.shape[0], weight.shape[1], *shape)
    kernels = torch.einsum("nchw,coij->nohwij", x, weight)
    for h in range(height):
        for w in range(width):
            top, left = h * stride, w * stride
            result[:, :, top : top + rows, left : left + columns] = kernels[:, :, h, w]
    return result


@conv_transpose2d.mistake(
    "overlaps overwritten, pixel by pixel",
    "Where the kernels of two pixels overlap you keep the later one; add to what is there, with "
    "+= in place of =.",
)
@like(conv_transpose2d)
def _(x: Tensor, weight: Tensor, bias: Bias, stride: int, padding: int) -> Tensor:
    return biased(cropped(_overwritten(x, weight, stride), padding), bias)


@conv_transpose2d.mistake(
    "overlaps overwritten, pixel by pixel, and channels too",
    "You set the pixels of the result with = for every pixel and every input channel, so that only "
    "the last that comes there is kept; begin with zeros and add, with +=.",
)
@like(conv_transpose2d)
def _(x: Tensor, weight: Tensor, bias: Bias, stride: int, padding: int) -> Tensor:
    result = _overwritten(x[:, -1:], weight[-1:], stride)
    return biased(cropped(result, padding), bias)


@conv_transpose2d.mistake(
    "overlaps averaged",
    "Where kernels overlap you take their mean; they are added up.",
)
@like(conv_transpose2d)
def _(x: Tensor, weight: Tensor, bias: Bias, stride: int, padding: int) -> Tensor:
    count = _one_by_one(x, weight, stride)[1].clamp(min=1)
    return biased(cropped(stamped(x, weight, stride) / count, padding), bias)


@conv_transpose2d.mistake(
    "only the last channel",
    "Only the last input channel reaches your result; add to what the channels before it gave, "
    "instead of writing over it.",
)
@like(conv_transpose2d)
def _(x: Tensor, weight: Tensor, **rest: Any) -> Tensor:
    return transposed(x[:, -1:], weight[-1:], **rest)


@conv_transpose2d.mistake(
    "bias once for each kernel",
    "You add bias with every kernel that is put down, so that it counts again where they overlap; "
    "add it once, at the end.",
)
@like(conv_transpose2d)
def _(x: Tensor, weight: Tensor, bias: Bias, stride: int, padding: int) -> Tensor:
    result = stamped(x, weight, stride)
    if bias is not None:
        result = result + bias[:, None, None] * _one_by_one(x, weight, stride)[1]
    return cropped(result, padding)


@conv_transpose2d.mistake(
    "weight in another order than fold reads",
    "You flatten the kernel with its channels last; F.fold reads each column as all pixels of "
    "channel 0 first, then those of channel 1.",
)
@like(conv_transpose2d)
def _(weight: Tensor, **rest: Any) -> Tensor:
    return transposed(weight=weight.permute(0, 2, 3, 1).reshape(weight.shape), **rest)


def _fold(
    kernels: Tensor, x: Tensor, weight: Tensor, stride: int, padding: int, crop: int | None = None
) -> Tensor:
    """Return what F.fold makes of the kernels; of the size that it asks for, crop is taken off."""
    (height, width), (rows, columns) = x.shape[2:], weight.shape[2:]
    less = 2 * (padding if crop is None else crop)
    size = (height - 1) * stride + rows - less, (width - 1) * stride + columns - less
    return F.fold(kernels, size, (rows, columns), padding=padding, stride=stride)


@conv_transpose2d.mistake(
    "channel axes swapped, by matrix product",
    "You take weight for that of a convolution, and the matrices do not fit; here the input "
    "channels come first, (C_in, C_out, kH, kW).",
)
@like(conv_transpose2d)
def _(x: Tensor, weight: Tensor, bias: Bias, stride: int, padding: int) -> Tensor:
    kernels = weight.transpose(0, 1).flatten(1).mT @ x.flatten(2)
    return biased(_fold(kernels, x, weight, stride, padding), bias)


@conv_transpose2d.mistake(
    "weight not transposed",
    "You multiply weight as it is, (C_in, C_out · kH · kW), with the pixels, and the matrices do "
    "not fit; transpose it, so that the product adds up over the input channels.",
)
@like(conv_transpose2d)
def _(x: Tensor, weight: Tensor, bias: Bias, stride: int, padding: int) -> Tensor:
    kernels = weight.flatten(1) @ x.flatten(2)
    return biased(_fold(kernels, x, weight, stride, padding), bias)


@conv_transpose2d.mistake(
    "weight reshaped instead of transposed",
    "You reshape weight to (C_out · kH · kW, C_in), which leaves its numbers in their order and "
    "mixes them up; flatten it to (C_in, C_out · kH · kW) and transpose that.",
)
@like(conv_transpose2d)
def _(x: Tensor, weight: Tensor, bias: Bias, stride: int, padding: int) -> Tensor:
    kernels = weight.reshape(weight[0].numel(), len(weight)) @ x.flatten(2)
    return biased(_fold(kernels, x, weight, stride, padding), bias)


@conv_transpose2d.mistake(
    "fold given stride by place",
    "You hand stride and padding to F.fold by place, where it takes dilation first, then padding, "
    "then stride; hand them over by name.",
)
@like(conv_transpose2d)
def _(x: Tensor, weight: Tensor, bias: Bias, stride: int, padding: int) -> Tensor:
    kernels, (height, width) = weight.flatten(1).mT @ x.flatten(2), x.shape[2:]
    rows, columns = weight.shape[2:]
    size = [(height - 1) * stride + rows, (width - 1) * stride + columns]
    size = [length - 2 * padding for length in size]
    return biased(F.fold(kernels, (size[0], size[1]), (rows, columns), stride, padding), bias)


@conv_transpose2d.mistake(
    "fold given the size before the cropping",
    "You hand F.fold the size before padding is taken away; it asks for the size of the result, "
    "2 · padding less.",
)
@like(conv_transpose2d)
def _(x: Tensor, weight: Tensor, bias: Bias, stride: int, padding: int) -> Tensor:
    kernels = weight.flatten(1).mT @ x.flatten(2)
    return biased(_fold(kernels, x, weight, stride, padding, crop=0), bias)


@conv_transpose2d.mistake(
    "fold without padding",
    "You hand F.fold the size of the result but not padding, so that its kernels do not fit; hand "
    "over both.",
)
@like(conv_transpose2d)
def _(x: Tensor, weight: Tensor, bias: Bias, stride: int, padding: int) -> Tensor:
    kernels = weight.flatten(1).mT @ x.flatten(2)
    return biased(_fold(kernels, x, weight, stride, 0, crop=padding), bias)
