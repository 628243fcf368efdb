"""What goes wrong in a convolution: windows made into rows of a matrix, and back into an image."""

from typing import Any

import torch
from torch import Tensor

from torchproof.catalog.cnn.conv2d import conv2d
from torchproof.catalog.cnn.convolutions import convolve, like


@conv2d.mistake(
    "weight in another order than the patches",
    "You flatten the weight with its channels last and the windows with their channels first, so "
    "that wrong pairs are multiplied; flatten both in one order.",
)
@like(conv2d)
def _(weight: Tensor, **rest: Any) -> Tensor:
    return convolve(weight=weight.permute(0, 2, 3, 1).reshape(weight.shape), **rest)


@conv2d.mistake(
    "rows and columns of the result swapped",
    "You take the height of the result for its width and the other way round; it is (N, C_out, "
    "oH, oW).",
)
@like(conv2d)
def _(**rest: Any) -> Tensor:
    result = convolve(**rest)
    return result.reshape(result.mT.shape)


@conv2d.mistake(
    "result transposed",
    "Your result lies on its side; rows come before columns, (N, C_out, oH, oW).",
)
@like(conv2d)
def _(**rest: Any) -> Tensor:
    return convolve(**rest).mT


@conv2d.mistake(
    "a square result",
    "You take the height of the result for its width too; reckon each from its own size.",
)
@like(conv2d)
def _(**rest: Any) -> Tensor:
    result = convolve(**rest)
    n, outputs, rows, _ = result.shape
    return result.reshape(n, outputs, rows, rows)


@conv2d.mistake(
    "size left open in an empty batch",
    "With no images, -1 stands for any number and torch cannot infer it; write the size instead.",
)
@like(conv2d)
def _(**rest: Any) -> Tensor:
    result = convolve(**rest)
    n, _, rows, columns = result.shape
    return result.reshape(n, -1, rows, columns)


def _looped(**rest: Any) -> Tensor:
    """Return the right answer, with calls for each image and channel."""
    result = convolve(**rest)
    copy = torch.empty_like(result)
    for n in range(result.shape[0]):
        for channel in range(result.shape[1]):
            copy[n, channel] = result[n, channel]
    return copy


@conv2d.mistake(
    "too many loops",
    "The numbers are right, but you loop over pixels, channels or images; loop over the kH · kW "
    "pixels of the kernel at most, and let each turn work on the whole tensor.",
)
@like(conv2d)
def _(**rest: Any) -> Tensor:
    return _looped(**rest)


@conv2d.mistake(
    "too many loops, and no gradient",
    "Two things: you take numbers out of their tensors, as .item() and torch.tensor do, and no "
    "gradient flows through that; and you loop over pixels, channels or images, where loops over "
    "the kH · kW pixels of the kernel are enough.",
)
@like(conv2d)
def _(**rest: Any) -> Tensor:
    return _looped(**rest).detach()


@conv2d.mistake(
    "too many loops, and float32",
    "Two things: torch.zeros makes float32, so make the result with x.new_zeros; and you loop "
    "over pixels, channels or images, where loops over the kH · kW pixels of the kernel are "
    "enough.",
)
@like(conv2d)
def _(**rest: Any) -> Tensor:
    return _looped(**rest).float()


@conv2d.mistake(
    "too many loops, no gradient, and float32",
    "Three things: torch.zeros makes float32, so make the result with x.new_zeros; no gradient "
    "flows through numbers taken out of a tensor, by .item() or torch.tensor; and loops over the "
    "kH · kW pixels of the kernel are enough.",
)
@like(conv2d)
def _(**rest: Any) -> Tensor:
    return _looped(**rest).float().detach()


def _left_out(rest: dict[str, Any], name: str) -> dict[str, Any]:
    """Return the arguments with one of them at its default."""
    return rest | {name: 0 if name == "padding" else 1}


def _misfit(name: str) -> None:
    """Add the mistakes of heeding an argument in the windows only, or in their number only."""

    @conv2d.mistake(
        f"{name} missing in the size of the result",
        f"Your windows heed {name}, but your formula for the size of the result does not, so "
        "that the numbers do not fill it.",
    )
    @like(conv2d)
    def _(**rest: Any) -> Tensor:
        return convolve(**rest).reshape(convolve(**_left_out(rest, name)).shape)

    @conv2d.mistake(
        f"{name} only in the size of the result",
        f"Your formula for the size of the result heeds {name}, but your windows do not, so that "
        "the numbers do not fill it.",
    )
    @like(conv2d)
    def _(**rest: Any) -> Tensor:
        return convolve(**_left_out(rest, name)).reshape(convolve(**rest).shape)


for _name in ("stride", "padding", "dilation"):
    _misfit(_name)


@conv2d.mistake(
    "first place missing in the size of the result",
    "Your formula for the size of the result counts the steps; add 1 for the place before the "
    "first step.",
)
@like(conv2d)
def _(**rest: Any) -> Tensor:
    result = convolve(**rest)
    n, outputs, rows, columns = result.shape
    return result.reshape(n, outputs, rows - 1, columns - 1)


@conv2d.mistake(
    "stride and dilation swapped in F.unfold",
    "You hand stride, padding and dilation to F.unfold by place, where it takes dilation first, "
    "then padding, then stride; hand them over by name.",
)
@like(conv2d)
def _(stride: int, dilation: int, **rest: Any) -> Tensor:
    swapped = convolve(stride=dilation, dilation=stride, **rest)
    return swapped.reshape(convolve(stride=stride, dilation=dilation, **rest).shape)
