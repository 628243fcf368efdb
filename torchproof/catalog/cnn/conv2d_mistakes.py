"""What goes wrong in a convolution: the kernel, the channels, the groups and the bias."""

from typing import Any

import torch
from torch import Tensor

from torchproof.catalog.cnn.conv2d import conv2d
from torchproof.catalog.cnn.convolutions import Bias, biased, convolve, like, padded, windows
from torchproof.catalog.cnn.form_mistakes import misformed

misformed(conv2d, convolve)


@conv2d.mistake(
    "kernel flipped",
    "You turn the kernel upside down and left to right, as mathematicians do; torch lays it on "
    "the image as it is.",
)
@like(conv2d)
def _(weight: Tensor, **rest: Any) -> Tensor:
    return convolve(weight=weight.flip(2, 3), **rest)


@conv2d.mistake(
    "kernel transposed",
    "You take the kernel's rows for columns; weight is (C_out, C_in/groups, kH, kW), so that its "
    "last dimension goes along the width.",
)
@like(conv2d)
def _(weight: Tensor, **rest: Any) -> Tensor:
    return convolve(weight=weight.mT, **rest)


@conv2d.mistake(
    "channels not summed",
    "You keep a result for each input channel; add them up, since a channel of the result looks "
    "at all of them.",
)
@like(conv2d)
def _(x: Tensor, weight: Tensor, bias: Bias, groups: int, **rest: Any) -> Tensor:
    channels = weight.shape[1]
    each = [
        convolve(x[:, i::channels], weight[:, i : i + 1], groups=groups, **rest)
        for i in range(channels)
    ]
    result = torch.stack(each, dim=2)
    return result if bias is None else result + bias[:, None, None, None]


@conv2d.mistake(
    "only the last channel",
    "Only the last input channel reaches your result; add to what the channels before it gave, "
    "instead of writing over it.",
)
@like(conv2d)
def _(x: Tensor, weight: Tensor, **rest: Any) -> Tensor:
    channels = weight.shape[1]
    return convolve(x[:, channels - 1 :: channels], weight[:, -1:], **rest)


@conv2d.mistake(
    "only the first channel",
    "Only the first input channel reaches your result; go through all of them and add up.",
)
@like(conv2d)
def _(x: Tensor, weight: Tensor, **rest: Any) -> Tensor:
    return convolve(x[:, :: weight.shape[1]], weight[:, :1], **rest)


@conv2d.mistake(
    "the mean of the window",
    "You take the mean of the products; their sum is asked for.",
)
@like(conv2d)
def _(weight: Tensor, **rest: Any) -> Tensor:
    return convolve(weight=weight / weight[0].numel(), **rest)


@conv2d.mistake(
    "channel axes swapped",
    "You take the first dimension of weight for the input channels; it is (C_out, C_in/groups, kH, "
    "kW), output channels first.",
)
@like(conv2d)
def _(weight: Tensor, bias: Bias, groups: int, **rest: Any) -> Tensor:
    x, kernel = rest["x"], (weight.shape[2], weight.shape[3])
    seen = windows(padded(x, rest["padding"]), kernel, rest["stride"], rest["dilation"])
    return biased(torch.einsum("ncyxij,coij->noyx", seen, weight), bias)


@conv2d.mistake(
    "groups ignored",
    "You let every output channel see all input channels; with groups it sees only the "
    "C_in / groups channels of its own group, for which its weight is made.",
)
@like(conv2d)
def _(weight: Tensor, bias: Bias, groups: int, **rest: Any) -> Tensor:
    x, kernel = rest["x"], (weight.shape[2], weight.shape[3])
    seen = windows(padded(x, rest["padding"]), kernel, rest["stride"], rest["dilation"])
    return biased(torch.einsum("ncyxij,ocij->noyx", seen, weight), bias)


@conv2d.mistake(
    "groups ignored, by matrix product",
    "You let every output channel see all input channels, and the matrices do not fit; with "
    "groups it sees only the C_in / groups channels of its own group.",
)
@like(conv2d)
def _(weight: Tensor, bias: Bias, groups: int, **rest: Any) -> Tensor:
    x, kernel = rest["x"], (weight.shape[2], weight.shape[3])
    seen = windows(padded(x, rest["padding"]), kernel, rest["stride"], rest["dilation"])
    n, rows, columns = x.shape[0], seen.shape[2], seen.shape[3]
    patches = seen.permute(0, 1, 4, 5, 2, 3).flatten(4).flatten(1, 3)
    result = weight.flatten(1) @ patches
    return biased(result.reshape(n, len(weight), rows, columns), bias)


@conv2d.mistake(
    "groups ignored, element by element",
    "You multiply the windows of all input channels with each kernel, and their shapes do not "
    "fit; with groups an output channel sees only the C_in / groups channels of its own group.",
)
@like(conv2d)
def _(weight: Tensor, bias: Bias, groups: int, **rest: Any) -> Tensor:
    x, kernel = rest["x"], (weight.shape[2], weight.shape[3])
    seen = windows(padded(x, rest["padding"]), kernel, rest["stride"], rest["dilation"])
    products = seen.unsqueeze(1) * weight[None, :, :, None, None]
    return biased(products.sum((2, 5, 6)), bias)


@conv2d.mistake(
    "groups ignored, channel by channel",
    "All your output channels look at the first C_in / groups input channels; with groups the "
    "output channels of group g look at the input channels of group g.",
)
@like(conv2d)
def _(x: Tensor, weight: Tensor, groups: int, **rest: Any) -> Tensor:
    return convolve(x[:, : weight.shape[1]], weight, **rest)


def _dealt(channels: Tensor, groups: int) -> Tensor:
    """Put the first dimension into the order in which cards are dealt to groups."""
    n, *rest = channels.shape
    return channels.reshape(n // groups, groups, *rest).transpose(0, 1).reshape(n, *rest)


@conv2d.mistake(
    "input channels dealt to the groups in turn",
    "You give the input channels to the groups in turn, as cards are dealt; a group is a run of "
    "neighbours, the first C_in / groups channels, then the next.",
)
@like(conv2d)
def _(x: Tensor, groups: int, **rest: Any) -> Tensor:
    return convolve(_dealt(x.transpose(0, 1), groups).transpose(0, 1), groups=groups, **rest)


@conv2d.mistake(
    "output channels dealt to the groups in turn",
    "You let output channel o look at group o % groups; the first C_out / groups output channels "
    "belong to the first group, so that it is o // (C_out / groups).",
)
@like(conv2d)
def _(x: Tensor, weight: Tensor, bias: Bias, groups: int, **rest: Any) -> Tensor:
    dealt = convolve(x, _dealt(weight, groups), groups=groups, **rest).transpose(0, 1)
    return biased(_dealt(dealt, len(weight) // groups).transpose(0, 1), bias)


@conv2d.mistake(
    "groups stacked in the wrong order",
    "The output channels are there, but in another order: all those of the first group come "
    "first, then those of the second.",
)
@like(conv2d)
def _(bias: Bias, groups: int, **rest: Any) -> Tensor:
    result = convolve(groups=groups, **rest).transpose(0, 1)
    return biased(_dealt(result, len(result) // groups).transpose(0, 1), bias)


@conv2d.mistake(
    "groups added up",
    "You add the results of the groups; each group makes its own output channels, which are put "
    "side by side.",
)
@like(conv2d)
def _(bias: Bias, groups: int, **rest: Any) -> Tensor:
    result = convolve(groups=groups, **rest)
    n, outputs, rows, columns = result.shape
    summed = result.reshape(n, groups, outputs // groups, rows, columns).sum(1)
    return summed if groups > 1 else biased(summed, bias)


@conv2d.mistake(
    "bias once for each product",
    "You add bias in every turn of the loop over the kernel; add it once, after the sum.",
)
@like(conv2d)
def _(weight: Tensor, bias: Bias, **rest: Any) -> Tensor:
    times = weight[0, 0].numel()
    return biased(convolve(weight=weight, **rest), None if bias is None else times * bias)


@conv2d.mistake(
    "bias once for each input channel",
    "You add bias with every input channel; add it once, after the sum over the channels.",
)
@like(conv2d)
def _(weight: Tensor, bias: Bias, **rest: Any) -> Tensor:
    times = weight.shape[1]
    return biased(convolve(weight=weight, **rest), None if bias is None else times * bias)
