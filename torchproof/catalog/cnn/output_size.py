"""How many places a kernel finds in an image."""

import math
from collections.abc import Callable
from typing import Any

import torch
import torch.nn.functional as F

from torchproof.catalog.cnn.convolutions import CONVOLUTIONS, NUMBER_GROUPS, like
from torchproof.checking.cases import Cases, Draw, extremes, values
from torchproof.checking.exercise import exercise


@exercise(groups=NUMBER_GROUPS, not_allowed=CONVOLUTIONS)
def conv_output_size(
    size: int, kernel: int, stride: int = 1, padding: int = 0, dilation: int = 1
) -> int:
    """Return the rows of a convolution's result, from those of the image and of the kernel.

    This is the shape that ``F.conv2d`` gives on the meta device, where nothing is computed.
    """
    x = torch.empty(1, 1, size, 1, device="meta")
    weight = torch.empty(1, 1, kernel, 1, device="meta")
    result = F.conv2d(x, weight, None, (stride, 1), (padding, 0), (dilation, 1))
    return result.shape[2]


@conv_output_size.cases
def _(draw: Draw) -> Cases:
    yield values(size=draw.size(9, 30), kernel=draw.size(2, 5))
    yield values("a stride", size=2 * draw.size(7, 15), kernel=3, stride=2)
    yield values("a stride", size=4 * draw.size(4, 9), kernel=5, stride=4)
    yield values("padding", size=draw.size(9, 30), kernel=5, padding=draw.size(1, 4))
    yield values("dilation", size=draw.size(15, 30), kernel=3, dilation=draw.size(2, 5))
    some = draw.size(5, 9)
    yield values("all of them", size=6 * some, kernel=4, stride=3, padding=2, dilation=3)
    yield values("all of them", size=8 * some, kernel=3, stride=4, padding=1, dilation=2)
    yield values("all of them", size=5 * some + 1, kernel=6, stride=5, padding=5, dilation=4)
    for size in (draw.size(30, 60), draw.size(61, 90)):
        others = {
            "stride": draw.size(2, 6),
            "padding": draw.size(1, 3),
            "dilation": draw.size(2, 3),
        }
        yield values("all of them", size=size, kernel=draw.size(2, 7), **others)
    yield extremes("a kernel of one pixel", size=7, kernel=1, dilation=3)
    yield extremes("a kernel as large as the image", size=6, kernel=6)
    yield extremes(
        "as large as the padded image", size=4, kernel=3, padding=2, dilation=3, stride=3
    )
    yield extremes("a stride beyond the image", size=7, kernel=3, stride=10)
    yield extremes("a stride beyond the kernel", size=11, kernel=2, stride=4)
    yield extremes("a single pixel", size=1, kernel=1)
    yield extremes("more padding than image", size=2, kernel=3, stride=2, padding=7)
    yield extremes("a long signal", size=1_000_001, kernel=3, stride=2, padding=1)


@conv_output_size.mistake(
    "rounds up",
    "You round the last division up, and count a place where the kernel would stick out of the "
    "image; round down, as // does.",
)
@like(conv_output_size)
def _(size: int, kernel: int, stride: int, padding: int, dilation: int) -> int:
    return math.ceil((size + 2 * padding - dilation * (kernel - 1) - 1) / stride) + 1


@conv_output_size.mistake(
    "rounds to the nearest",
    "You round the quotient to the nearest whole number; half a stride is no stride, so round "
    "down, as // does.",
)
@like(conv_output_size)
def _(size: int, kernel: int, stride: int, padding: int, dilation: int) -> int:
    return round((size + 2 * padding - dilation * (kernel - 1) - 1) / stride) + 1


@conv_output_size.mistake(
    "not rounded",
    "You divide by / and return a float; a number of places is whole: divide by //, which rounds "
    "down.",
)
@like(conv_output_size)
def _(size: int, kernel: int, stride: int, padding: int, dilation: int) -> Any:
    return (size + 2 * padding - dilation * (kernel - 1) - 1) / stride + 1


@conv_output_size.mistake(
    "rounded, but a float",
    "Your number is right but a float, as NumPy's floor gives and // with a float; a number of "
    "places is an int.",
)
@like(conv_output_size)
def _(size: int, kernel: int, stride: int, padding: int, dilation: int) -> Any:
    return (size + 2 * padding - dilation * (kernel - 1) - 1.0) // stride + 1


@conv_output_size.mistake(
    "dilation ignored",
    "You leave dilation out; a kernel whose rows lie dilation apart reaches over "
    "dilation · (kernel - 1) + 1 pixels.",
)
@like(conv_output_size)
def _(size: int, kernel: int, stride: int, padding: int) -> int:
    return (size + 2 * padding - kernel) // stride + 1


@conv_output_size.mistake(
    "dilation times the kernel",
    "You take dilation · kernel for the reach of the kernel; between its rows there is one gap "
    "fewer than it has rows, so that it is dilation · (kernel - 1) + 1.",
)
@like(conv_output_size)
def _(size: int, kernel: int, stride: int, padding: int, dilation: int) -> int:
    return (size + 2 * padding - dilation * kernel) // stride + 1


@conv_output_size.mistake(
    "dilation as the pixels between",
    "You skip dilation pixels between two rows of the kernel; the rows lie dilation apart, so "
    "that dilation - 1 pixels are skipped, and none at the default of 1.",
)
@like(conv_output_size)
def _(size: int, kernel: int, stride: int, padding: int, dilation: int) -> int:
    return (size + 2 * padding - kernel - dilation * (kernel - 1)) // stride + 1


@conv_output_size.mistake(
    "padding on one side",
    "You add padding once; it is added at both ends, 2 · padding in all.",
)
@like(conv_output_size)
def _(size: int, kernel: int, stride: int, padding: int, dilation: int) -> int:
    return (size + padding - dilation * (kernel - 1) - 1) // stride + 1


@conv_output_size.mistake(
    "padding ignored",
    "You leave padding out; the image has padding more pixels at either end.",
)
@like(conv_output_size)
def _(size: int, kernel: int, stride: int, dilation: int) -> int:
    return (size - dilation * (kernel - 1) - 1) // stride + 1


@conv_output_size.mistake(
    "padding subtracted",
    "You subtract padding, as a transposed convolution does; here it makes the image larger.",
)
@like(conv_output_size)
def _(size: int, kernel: int, stride: int, padding: int, dilation: int) -> int:
    return (size - 2 * padding - dilation * (kernel - 1) - 1) // stride + 1


@conv_output_size.mistake(
    "stride ignored",
    "You leave stride out; the kernel moves stride pixels at a time, so divide by it.",
)
@like(conv_output_size)
def _(size: int, kernel: int, padding: int, dilation: int) -> int:
    return size + 2 * padding - dilation * (kernel - 1)


@conv_output_size.mistake(
    "first place not counted",
    "You count the steps of the kernel; it has a place before its first step too, so add 1 after "
    "the division.",
)
@like(conv_output_size)
def _(size: int, kernel: int, stride: int, padding: int, dilation: int) -> int:
    return (size + 2 * padding - dilation * (kernel - 1) - 1) // stride


@conv_output_size.mistake(
    "1 added before the division",
    "You add the 1 before you divide by stride, so that it counts as a pixel and not as a place; "
    "add it after the division.",
)
@like(conv_output_size)
def _(size: int, kernel: int, stride: int, padding: int, dilation: int) -> int:
    return (size + 2 * padding - dilation * (kernel - 1)) // stride


@conv_output_size.mistake(
    "kernel a pixel too short",
    "You take dilation · (kernel - 1) for the reach of the kernel, which leaves out its own first "
    "pixel; it is 1 more.",
)
@like(conv_output_size)
def _(size: int, kernel: int, stride: int, padding: int, dilation: int) -> int:
    return (size + 2 * padding - dilation * (kernel - 1)) // stride + 1


@conv_output_size.mistake(
    "divided first",
    "You divide the size by stride before you subtract the kernel; the kernel's reach is in pixels "
    "of the image, so subtract it first and divide what is left.",
)
@like(conv_output_size)
def _(size: int, kernel: int, stride: int, padding: int, dilation: int) -> int:
    return (size + 2 * padding) // stride - dilation * (kernel - 1)


@conv_output_size.mistake(
    "only the last term divided",
    "A division comes before additions and subtractions, so that yours divides the last term "
    "only; put brackets around all that is divided by stride.",
)
@like(conv_output_size)
def _(size: int, kernel: int, stride: int, padding: int, dilation: int) -> int:
    return size + 2 * padding - (dilation * (kernel - 1) + 1) // stride + 1


@conv_output_size.mistake(
    "only the 1 divided",
    "A division comes before additions and subtractions, so that yours divides the 1 only; put "
    "brackets around all that is divided by stride.",
)
@like(conv_output_size)
def _(size: int, kernel: int, stride: int, padding: int, dilation: int) -> int:
    return size + 2 * padding - dilation * (kernel - 1) - 1 // stride + 1


@conv_output_size.mistake(
    "as many places as steps fit the image",
    "You divide the size by stride and round up, as if there were always enough padding; reckon "
    "with the kernel and with the padding there is.",
)
@like(conv_output_size)
def _(size: int, stride: int) -> int:
    return -(-size // stride)


@conv_output_size.mistake(
    "the transposed convolution",
    "You turned the formula round, which gives the size that a transposed convolution makes; here "
    "stride divides.",
)
@like(conv_output_size)
def _(size: int, kernel: int, stride: int, padding: int, dilation: int) -> int:
    return (size - 1) * stride - 2 * padding + dilation * (kernel - 1) + 1


def _without_dilation(name: str, fault: str, count: Callable[[int, int, int, int], Any]) -> None:
    """Add a mistake made together with leaving out dilation.

    Args:
        name: the other fault in a few words.
        fault: what is wrong besides, and its remedy.
        count: gives the places for size, kernel, stride and padding.
    """

    @conv_output_size.mistake(
        f"dilation ignored, and {name}",
        "Two things: you leave dilation out, with which the kernel reaches over "
        f"dilation · (kernel - 1) + 1 pixels; and {fault}.",
    )
    @like(conv_output_size)
    def _(size: int, kernel: int, stride: int, padding: int) -> Any:
        return count(size, kernel, stride, padding)


_without_dilation(
    "rounds up",
    "you round up, where // rounds down",
    lambda size, kernel, stride, padding: math.ceil((size + 2 * padding - kernel) / stride) + 1,
)
_without_dilation(
    "not rounded",
    "you return a float; divide by //",
    lambda size, kernel, stride, padding: (size + 2 * padding - kernel) / stride + 1,
)
_without_dilation(
    "first place not counted",
    "you count the steps, so add 1 for the place before the first",
    lambda size, kernel, stride, padding: (size + 2 * padding - kernel) // stride,
)
_without_dilation(
    "padding on one side",
    "padding is added at both ends, 2 · padding in all",
    lambda size, kernel, stride, padding: (size + padding - kernel) // stride + 1,
)
