"""How many numbers a convolution learns."""

from typing import Any

import torch
from torch import nn

from torchproof.catalog.cnn.convolutions import CONVOLUTIONS, NUMBER_GROUPS, like
from torchproof.checking.cases import Cases, Draw, extremes, values
from torchproof.checking.exercise import exercise


@exercise(groups=NUMBER_GROUPS, not_allowed=CONVOLUTIONS)
def count_conv_parameters(
    in_channels: int, out_channels: int, kernel_size: int, bias: bool = True, groups: int = 1
) -> int:
    """Return the number of parameters of ``nn.Conv2d`` with a square kernel."""
    layer = nn.Conv2d(
        in_channels, out_channels, kernel_size, bias=bias, groups=groups, device="meta"
    )
    return sum(parameter.numel() for parameter in layer.parameters())


@count_conv_parameters.cases
def _(draw: Draw) -> Cases:
    def channels() -> dict[str, int]:
        return {"in_channels": draw.size(2, 9), "out_channels": draw.size(10, 30)}

    yield values(**channels(), kernel_size=3)
    yield values("without bias", **channels(), kernel_size=draw.size(2, 7), bias=False)
    yield values(in_channels=draw.size(20, 30), out_channels=draw.size(2, 9), kernel_size=5)
    for groups in (2, draw.size(3, 5)):
        given = {"in_channels": groups * draw.size(3, 5), "out_channels": groups * draw.size(6, 9)}
        yield values("groups", **given, kernel_size=3, groups=groups)
        yield values("groups, without bias", **given, kernel_size=4, groups=groups, bias=False)
    yield extremes("a kernel of one pixel", **channels(), kernel_size=1)
    yield extremes("one channel to one", in_channels=1, out_channels=1, kernel_size=3)
    c = draw.size(4, 12)
    for note, bias in (("depthwise", True), ("depthwise, without bias", False)):
        depthwise = {"in_channels": c, "out_channels": c, "groups": c}
        yield extremes(note, **depthwise, kernel_size=3, bias=bias)
    yield extremes(
        "two kernels a channel", in_channels=c, out_channels=2 * c, kernel_size=3, groups=c
    )
    yield extremes("one number", in_channels=1, out_channels=1, kernel_size=1, bias=False)
    yield extremes("a large layer", in_channels=2048, out_channels=4096, kernel_size=7)
    few = {f"{end}_channels": draw.size(2, 5) for end in ("in", "out")}
    yield extremes("more than 2**31 numbers", **few, kernel_size=draw.size(90_000, 100_000))


@count_conv_parameters.mistake(
    "bias forgotten",
    "You count the weight only; where bias is True there is one more number for each output "
    "channel.",
)
@like(count_conv_parameters)
def _(in_channels: int, out_channels: int, kernel_size: int, groups: int) -> int:
    return out_channels * (in_channels // groups) * kernel_size**2


@count_conv_parameters.mistake(
    "bias counted where there is none",
    "You count a bias although bias is False; look at bias first.",
)
@like(count_conv_parameters)
def _(in_channels: int, out_channels: int, kernel_size: int, groups: int) -> int:
    return out_channels * (in_channels // groups) * kernel_size**2 + out_channels


@count_conv_parameters.mistake(
    "groups ignored",
    "You let every output channel see all input channels; with groups it sees those of its own "
    "group only, in_channels / groups of them.",
)
@like(count_conv_parameters)
def _(in_channels: int, out_channels: int, kernel_size: int, bias: bool) -> int:
    return out_channels * in_channels * kernel_size**2 + out_channels * bias


@count_conv_parameters.mistake(
    "one group only",
    "You count the weights of a single group, with both numbers of channels divided by groups; "
    "there are groups of them.",
)
@like(count_conv_parameters)
def _(in_channels: int, out_channels: int, kernel_size: int, bias: bool, groups: int) -> int:
    weight = (out_channels // groups) * (in_channels // groups) * kernel_size**2
    return weight + out_channels * bias


@count_conv_parameters.mistake(
    "one group only, with its bias",
    "You count a single group, weights and biases; there are groups of them.",
)
@like(count_conv_parameters)
def _(in_channels: int, out_channels: int, kernel_size: int, bias: bool, groups: int) -> int:
    return (out_channels // groups) * ((in_channels // groups) * kernel_size**2 + bias)


@count_conv_parameters.mistake(
    "multiplied by groups",
    "You multiply by groups; more groups make fewer weights, since each output channel sees only "
    "in_channels / groups channels.",
)
@like(count_conv_parameters)
def _(in_channels: int, out_channels: int, kernel_size: int, bias: bool, groups: int) -> int:
    return out_channels * in_channels * kernel_size**2 * groups + out_channels * bias


@count_conv_parameters.mistake(
    "a float",
    "Your count is a float, as a division by / gives; groups divides the channels without "
    "remainder, so use //.",
)
@like(count_conv_parameters)
def _(in_channels: int, out_channels: int, kernel_size: int, bias: bool, groups: int) -> Any:
    return out_channels * (in_channels / groups) * kernel_size**2 + out_channels * bias


@count_conv_parameters.mistake(
    "a tensor of that size",
    "A tensor or a layer with that many numbers is made only to be counted, and there is no room "
    "for it; multiply the sizes.",
)
@like(count_conv_parameters)
def _(in_channels: int, out_channels: int, kernel_size: int, bias: bool, groups: int) -> int:
    weight = out_channels * (in_channels // groups) * kernel_size**2
    if weight > 2**31:
        torch.empty(64 * weight)  # for which no machine has addresses
    return weight + out_channels * bias


@count_conv_parameters.mistake(
    "kernel not squared",
    "You count kernel_size weights for each pair of channels; the kernel is a square of "
    "kernel_size² weights.",
)
@like(count_conv_parameters)
def _(in_channels: int, out_channels: int, kernel_size: int, bias: bool, groups: int) -> int:
    return out_channels * (in_channels // groups) * kernel_size + out_channels * bias


@count_conv_parameters.mistake(
    "one kernel for all input channels",
    "You count one square of weights for each output channel; it has a square for every input "
    "channel it sees.",
)
@like(count_conv_parameters)
def _(out_channels: int, kernel_size: int, bias: bool) -> int:
    return out_channels * (kernel_size**2 + bias)


@count_conv_parameters.mistake(
    "one kernel for all output channels",
    "You count the weights of one output channel; each output channel has its own.",
)
@like(count_conv_parameters)
def _(in_channels: int, out_channels: int, kernel_size: int, bias: bool, groups: int) -> int:
    return (in_channels // groups) * kernel_size**2 + out_channels * bias


@count_conv_parameters.mistake(
    "a bias for each input channel",
    "You count a bias for each input channel; it is added to the result, so that there is one for "
    "each output channel.",
)
@like(count_conv_parameters)
def _(in_channels: int, out_channels: int, kernel_size: int, bias: bool, groups: int) -> int:
    return out_channels * (in_channels // groups) * kernel_size**2 + in_channels * bias


@count_conv_parameters.mistake(
    "a bias for each kernel",
    "You count a bias for every pair of channels; what the input channels give is added up first, "
    "and then one bias for each output channel.",
)
@like(count_conv_parameters)
def _(in_channels: int, out_channels: int, kernel_size: int, bias: bool, groups: int) -> int:
    return out_channels * (in_channels // groups) * (kernel_size**2 + bias)


@count_conv_parameters.mistake(
    "a single bias",
    "You count one bias for the whole layer; there is one for each output channel.",
)
@like(count_conv_parameters)
def _(in_channels: int, out_channels: int, kernel_size: int, bias: bool, groups: int) -> int:
    return out_channels * (in_channels // groups) * kernel_size**2 + bias


@count_conv_parameters.mistake(
    "bias divided by groups",
    "You count only out_channels / groups biases; groups changes what a channel sees, and every "
    "output channel keeps its bias.",
)
@like(count_conv_parameters)
def _(in_channels: int, out_channels: int, kernel_size: int, bias: bool, groups: int) -> int:
    weight = out_channels * (in_channels // groups) * kernel_size**2
    return weight + out_channels // groups * bias


@count_conv_parameters.mistake(
    "every bias once for each group",
    "You count the biases of all output channels for each group; a group has only its own output "
    "channels.",
)
@like(count_conv_parameters)
def _(in_channels: int, out_channels: int, kernel_size: int, bias: bool, groups: int) -> int:
    weight = out_channels * (in_channels // groups) * kernel_size**2
    return weight + groups * out_channels * bias


@count_conv_parameters.mistake(
    "bias forgotten, and groups ignored",
    "Two things: where bias is True there is one more number for each output channel; and with "
    "groups an output channel sees only in_channels / groups input channels.",
)
@like(count_conv_parameters)
def _(in_channels: int, out_channels: int, kernel_size: int) -> int:
    return out_channels * in_channels * kernel_size**2


@count_conv_parameters.mistake(
    "bias always counted, and groups ignored",
    "Two things: where bias is False there is none to count; and with groups an output channel "
    "sees only in_channels / groups input channels.",
)
@like(count_conv_parameters)
def _(in_channels: int, out_channels: int, kernel_size: int) -> int:
    return out_channels * (in_channels * kernel_size**2 + 1)


@count_conv_parameters.mistake(
    "bias forgotten, and kernel not squared",
    "Two things: where bias is True there is one more number for each output channel; and the "
    "kernel is a square of kernel_size² weights.",
)
@like(count_conv_parameters)
def _(in_channels: int, out_channels: int, kernel_size: int, groups: int) -> int:
    return out_channels * (in_channels // groups) * kernel_size
