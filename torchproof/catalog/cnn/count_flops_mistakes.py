"""What goes wrong in counting the operations of a convolution."""

from typing import Any

from torchproof.catalog.cnn.convolutions import like
from torchproof.catalog.cnn.count_flops import count_conv_flops


def _places(
    size: int, kernel_size: int, stride: int = 1, padding: int = 0, dilation: int = 1
) -> int:
    return (size + 2 * padding - dilation * (kernel_size - 1) - 1) // stride + 1


def _multiply_adds(
    in_channels: int,
    out_channels: int,
    kernel_size: int,
    height: int,
    width: int,
    groups: int = 1,
    **where: int,
) -> int:
    """Return what the mistakes change a part of: half of the right count."""
    rows, columns = _places(height, kernel_size, **where), _places(width, kernel_size, **where)
    return rows * columns * out_channels * (in_channels // groups) * kernel_size**2


@count_conv_flops.mistake(
    "multiply-adds instead of operations",
    "You count each multiplication together with its addition as one; they are two operations, so "
    "multiply by 2.",
)
@like(count_conv_flops)
def _(**rest: int) -> int:
    return _multiply_adds(**rest)


@count_conv_flops.mistake(
    "one addition fewer",
    "You count one addition fewer than multiplications for each number of the result, which is "
    "exact; by the convention asked here each multiplication comes with an addition.",
)
@like(count_conv_flops)
def _(**rest: int) -> int:
    products = (rest["in_channels"] // rest["groups"]) * rest["kernel_size"] ** 2
    return _multiply_adds(**rest) // products * (2 * products - 1)


@count_conv_flops.mistake(
    "the bias counted",
    "You count the addition of a bias; leave it out, as torch's counter does.",
)
@like(count_conv_flops)
def _(**rest: int) -> int:
    products = (rest["in_channels"] // rest["groups"]) * rest["kernel_size"] ** 2
    return _multiply_adds(**rest) // products * (2 * products + 1)


@count_conv_flops.mistake(
    "groups ignored",
    "You let every output channel see all input channels; with groups it sees in_channels / "
    "groups of them, which is what groups save.",
)
@like(count_conv_flops)
def _(groups: int, **rest: int) -> int:
    return 2 * _multiply_adds(**rest)


@count_conv_flops.mistake(
    "one group only",
    "You divide both numbers of channels by groups, which counts a single group; there are groups "
    "of them.",
)
@like(count_conv_flops)
def _(out_channels: int, groups: int, **rest: int) -> int:
    return 2 * _multiply_adds(out_channels=out_channels // groups, groups=groups, **rest)


@count_conv_flops.mistake(
    "multiplied by groups",
    "You multiply by groups; more groups make less work, since each output channel sees only "
    "in_channels / groups channels.",
)
@like(count_conv_flops)
def _(groups: int, **rest: int) -> int:
    return 2 * _multiply_adds(**rest) * groups


@count_conv_flops.mistake(
    "a float",
    "Your count is a float, as a division by / gives; operations come in whole numbers, so divide "
    "by //.",
)
@like(count_conv_flops)
def _(**rest: int) -> Any:
    return 2.0 * _multiply_adds(**rest)


@count_conv_flops.mistake(
    "places not rounded",
    "You do not round the number of places, which must be whole in each direction: divide by //, "
    "and multiply after that.",
)
@like(count_conv_flops)
def _(height: int, width: int, stride: int, padding: int, dilation: int, **rest: int) -> Any:
    reach = dilation * (rest["kernel_size"] - 1) + 1
    rows, columns = ((size + 2 * padding - reach) / stride + 1 for size in (height, width))
    a_place = _multiply_adds(height=reach, width=reach, dilation=dilation, **rest)
    return 2 * a_place * rows * columns


@count_conv_flops.mistake(
    "pixels of the image",
    "You count the pixels of the image, height · width; the kernel is laid on once for each pixel "
    "of the result.",
)
@like(count_conv_flops)
def _(
    in_channels: int, out_channels: int, kernel_size: int, height: int, width: int, groups: int
) -> int:
    return 2 * height * width * out_channels * (in_channels // groups) * kernel_size**2


@count_conv_flops.mistake(
    "pixels of the image and of the padding",
    "You count a place for each pixel of the padded image; the kernel only lies where it fits in.",
)
@like(count_conv_flops)
def _(height: int, width: int, stride: int, padding: int, dilation: int, **rest: int) -> int:
    reach = dilation * (rest["kernel_size"] - 1) + 1
    a_place = _multiply_adds(height=reach, width=reach, dilation=dilation, **rest)
    rows, columns = ((size + 2 * padding) // stride for size in (height, width))
    return 2 * a_place * rows * columns


def _left_out(name: str, hint: str) -> None:
    """Add the mistake of leaving out one argument where the places are counted."""

    @count_conv_flops.mistake(f"{name} ignored", hint)
    @like(count_conv_flops)
    def _(**rest: int) -> int:
        default = {"stride": 1, "padding": 0, "dilation": 1}[name]
        return 2 * _multiply_adds(**(rest | {name: default}))


_left_out(
    "stride",
    "You leave stride out; the kernel moves stride pixels at a time, which makes fewer places.",
)
_left_out(
    "padding",
    "You leave padding out; it makes the image larger on all four sides, and more places.",
)
_left_out(
    "dilation",
    "You leave dilation out; it makes the kernel reach further, which leaves fewer places.",
)


@count_conv_flops.mistake(
    "dilation as more weights",
    "You take dilation for a larger kernel; it reaches further, but what lies between its weights "
    "is neither multiplied nor added.",
)
@like(count_conv_flops)
def _(kernel_size: int, dilation: int, **rest: int) -> int:
    reach = dilation * (kernel_size - 1) + 1
    return 2 * _multiply_adds(kernel_size=reach, **rest)


@count_conv_flops.mistake(
    "places rounded up",
    "You round the number of places up, and count some where the kernel would stick out of the "
    "image; round down, as // does.",
)
@like(count_conv_flops)
def _(height: int, width: int, stride: int, padding: int, dilation: int, **rest: int) -> int:
    reach = dilation * (rest["kernel_size"] - 1) + 1
    rows, columns = (-(-(size + 2 * padding - reach) // stride) + 1 for size in (height, width))
    a_place = _multiply_adds(height=reach, width=reach, dilation=dilation, **rest)
    return 2 * a_place * rows * columns


@count_conv_flops.mistake(
    "a square image",
    "You take the places along the height for those along the width too; the image need not be "
    "square.",
)
@like(count_conv_flops)
def _(height: int, width: int, **rest: int) -> int:
    return 2 * _multiply_adds(height=height, width=height, **rest)


@count_conv_flops.mistake(
    "kernel not squared",
    "You count kernel_size multiplications for each place and channel; the kernel is a square of "
    "kernel_size² weights.",
)
@like(count_conv_flops)
def _(**rest: int) -> int:
    return 2 * _multiply_adds(**rest) // rest["kernel_size"]


@count_conv_flops.mistake(
    "input channels left out",
    "You leave out the input channels; the kernel has a square of weights for each of those it "
    "sees.",
)
@like(count_conv_flops)
def _(**rest: int) -> int:
    return 2 * _multiply_adds(**rest) // (rest["in_channels"] // rest["groups"])


@count_conv_flops.mistake(
    "output channels left out",
    "You count the work for one output channel; each of them takes as much.",
)
@like(count_conv_flops)
def _(**rest: int) -> int:
    return 2 * _multiply_adds(**rest) // rest["out_channels"]


@count_conv_flops.mistake(
    "one place only",
    "You count the work at one place of the kernel; it is done again for each pixel of the result.",
)
@like(count_conv_flops)
def _(in_channels: int, out_channels: int, kernel_size: int, groups: int) -> int:
    return 2 * out_channels * (in_channels // groups) * kernel_size**2


def _twice_wrong(name: str, fault: str, **changed: int) -> None:
    """Add a mistake made together with counting multiply-adds.

    Args:
        name: the other fault in a few words.
        fault: what is wrong besides, and its remedy.
        changed: the arguments that it takes another value for.
    """

    @count_conv_flops.mistake(
        f"multiply-adds, and {name}",
        "Two things: a multiplication and its addition are two operations, so multiply by 2; and "
        f"{fault}.",
    )
    @like(count_conv_flops)
    def _(**rest: int) -> int:
        return _multiply_adds(**(rest | changed))


_twice_wrong(
    "groups ignored",
    "with groups an output channel sees only in_channels / groups input channels",
    groups=1,
)
_twice_wrong(
    "stride ignored",
    "the kernel moves stride pixels at a time, which makes fewer places",
    stride=1,
)
_twice_wrong(
    "padding ignored",
    "padding makes the image larger on all four sides, and more places",
    padding=0,
)
_twice_wrong(
    "dilation ignored",
    "dilation makes the kernel reach further, which leaves fewer places",
    dilation=1,
)


@count_conv_flops.mistake(
    "groups and dilation ignored",
    "Two things: with groups an output channel sees only in_channels / groups input channels; and "
    "dilation makes the kernel reach further, which leaves fewer places.",
)
@like(count_conv_flops)
def _(**rest: int) -> int:
    return 2 * _multiply_adds(**(rest | {"groups": 1, "dilation": 1}))


@count_conv_flops.mistake(
    "pixels of the image, and groups ignored",
    "Two things: the kernel is laid on once for each pixel of the result, not of the image; and "
    "with groups an output channel sees only in_channels / groups input channels.",
)
@like(count_conv_flops)
def _(in_channels: int, out_channels: int, kernel_size: int, height: int, width: int) -> int:
    return 2 * height * width * out_channels * in_channels * kernel_size**2
