"""A depthwise separable convolution: how it goes wrong."""

from collections.abc import Callable
from typing import Any

from torch import Tensor, nn

from torchproof.catalog.cnn.blocks import convolution
from torchproof.catalog.cnn.depthwise_separable_conv import depthwise_separable_conv

Layers = Callable[[int, int, int], list[nn.Module]]
"""The layers of a block of (in_channels, out_channels, stride), one after the other."""


def mistake(name: str, hint: str) -> Callable[[Layers], None]:
    """Add the mistake of having other layers."""

    def add(layers: Layers) -> None:
        @depthwise_separable_conv.mistake(name, hint)
        def _(in_channels: int, out_channels: int, stride: int) -> nn.Module:
            return nn.Sequential(*layers(in_channels, out_channels, stride))

    return add


def _depthwise(channels: int, stride: int, **options: Any) -> nn.Conv2d:
    return convolution(channels, channels, 3, stride, **({"groups": channels} | options))


def block(
    i: int,
    o: int,
    stride: int,
    norm: Callable[[int], nn.Module] = nn.BatchNorm2d,
    relu: Callable[[], nn.Module] = nn.ReLU,
    depthwise: nn.Module | None = None,
    pointwise: nn.Module | None = None,
) -> list[nn.Module]:
    """Return the right layers, with some of them replaced."""
    depthwise = depthwise or _depthwise(i, stride)
    pointwise = pointwise or convolution(i, o, 1)
    return [depthwise, norm(i), relu(), pointwise, norm(o), relu()]


@mistake(
    "bias beside batch norm",
    "One parameter too many is registered before the pointwise convolution; look whether the "
    "depthwise one still has a bias, which the mean that batch norm subtracts takes away again: "
    "bias=False, in both.",
)
def _(i: int, o: int, stride: int) -> list[nn.Module]:
    return block(
        i, o, stride, depthwise=_depthwise(i, stride, bias=True), pointwise=nn.Conv2d(i, o, 1)
    )


@mistake(
    "bias in the depthwise convolution",
    "Your depthwise convolution has a bias, which the mean that batch norm subtracts takes away "
    "again: bias=False, as in the pointwise one.",
)
def _(i: int, o: int, stride: int) -> list[nn.Module]:
    return block(i, o, stride, depthwise=_depthwise(i, stride, bias=True))


@mistake(
    "no batch norm",
    "Your block has no batch norm; each of the two convolutions is followed by one.",
)
def _(i: int, o: int, stride: int) -> list[nn.Module]:
    return [_depthwise(i, stride), nn.ReLU(), convolution(i, o, 1), nn.ReLU()]


@mistake(
    "convolutions registered first",
    "parameters() lists both weights of convolutions first; make layers, for a module's own "
    "Parameters are listed before those of its layers, and register them in the order in which x "
    "passes them: convolution, batch norm, convolution, batch norm.",
)
def _(i: int, o: int, stride: int) -> list[nn.Module]:
    return [_depthwise(i, stride), convolution(i, o, 1), nn.BatchNorm2d(i), nn.BatchNorm2d(o)]


@mistake(
    "bias in the pointwise convolution",
    "More parameters are registered than asked; look whether the pointwise convolution still has "
    "its bias, which batch norm makes useless: bias=False.",
)
def _(i: int, o: int, stride: int) -> list[nn.Module]:
    return block(i, o, stride, pointwise=nn.Conv2d(i, o, 1))


@mistake(
    "groups missing",
    "Your 3x3 convolution mixes the channels; with groups=in_channels each is convolved by itself, "
    "and the weight has the shape (in_channels, 1, 3, 3).",
)
def _(i: int, o: int, stride: int) -> list[nn.Module]:
    return block(i, o, stride, depthwise=_depthwise(i, stride, groups=1))


@mistake(
    "first batch norm missing",
    "Behind the depthwise convolution the weight of a batch norm, (in_channels,), should be "
    "registered, and yours is missing or comes later; register all layers in the order in which x "
    "passes them.",
)
def _(i: int, o: int, stride: int) -> list[nn.Module]:
    return [_depthwise(i, stride), convolution(i, o, 1), nn.BatchNorm2d(o), nn.ReLU()]


@mistake(
    "second batch norm missing",
    "Four parameters are registered and six are asked for; each of the two convolutions "
    "is followed by a batch norm of its own, which has a weight and a bias.",
)
def _(i: int, o: int, stride: int) -> list[nn.Module]:
    return [*block(i, o, stride)[:4], nn.ReLU()]


@mistake(
    "pointwise first",
    "The first parameter that you register is the weight of a 1x1 convolution; the depthwise 3x3 "
    "one comes first, and all layers are registered in the order in which x passes them.",
)
def _(i: int, o: int, stride: int) -> list[nn.Module]:
    pointwise = [convolution(i, o, 1), nn.BatchNorm2d(o), nn.ReLU()]
    return [*pointwise, _depthwise(o, stride), nn.BatchNorm2d(o), nn.ReLU()]


@mistake(
    "depthwise makes the new channels",
    "Your depthwise convolution gives out_channels; it keeps in_channels, one filter for each, and "
    "the pointwise convolution makes out_channels of them.",
)
def _(i: int, o: int, stride: int) -> list[nn.Module]:
    depthwise = convolution(i, o, 3, stride, groups=i)
    return block(o, o, stride, depthwise=depthwise)


@mistake(
    "pointwise of 3x3",
    "Your second convolution has windows of 3x3; the pointwise convolution looks at one pixel, "
    "kernel_size=1.",
)
def _(i: int, o: int, stride: int) -> list[nn.Module]:
    return block(i, o, stride, pointwise=convolution(i, o, 3))


@mistake(
    "batch norm of the wrong channels",
    "Your first batch norm has out_channels; it follows the depthwise convolution, which has "
    "in_channels.",
)
def _(i: int, o: int, stride: int) -> list[nn.Module]:
    first, _, *others = block(i, o, stride)
    return [first, nn.BatchNorm2d(o), *others]


@mistake(
    "nothing registered",
    "Your block has no parameters that torch knows of; assign the layers to self, in "
    "nn.Sequential or nn.ModuleList where there are several, and not in a plain list.",
)
def _(i: int, o: int, stride: int) -> list[nn.Module]:
    return []


@mistake(
    "no ReLU in the middle",
    "There is no ReLU between the depthwise convolution's batch norm and the pointwise "
    "convolution.",
)
def _(i: int, o: int, stride: int) -> list[nn.Module]:
    layers = block(i, o, stride)
    return layers[:2] + layers[3:]


@mistake(
    "no ReLU at the end",
    "Your block ends with batch norm; here a ReLU follows.",
)
def _(i: int, o: int, stride: int) -> list[nn.Module]:
    return block(i, o, stride)[:5]


@mistake(
    "no ReLU at all",
    "Your block has no ReLU; one follows each of the two batch norms.",
)
def _(i: int, o: int, stride: int) -> list[nn.Module]:
    layers = block(i, o, stride)
    return layers[:2] + layers[3:5]


@mistake(
    "ReLU before batch norm",
    "You apply ReLU before batch norm; the order here is convolution, batch norm, ReLU.",
)
def _(i: int, o: int, stride: int) -> list[nn.Module]:
    a, b, c, d, e, f = block(i, o, stride)
    return [a, c, b, d, f, e]


@mistake(
    "ReLU6",
    "Your ReLU is cut off at 6, as in some versions of MobileNet; plain ReLU is asked for.",
)
def _(i: int, o: int, stride: int) -> list[nn.Module]:
    return block(i, o, stride, relu=nn.ReLU6)


@mistake(
    "stride in the pointwise convolution",
    "Your stride comes after the first ReLU only, in the pointwise convolution or by a slice "
    "before it, so that pixels go through batch norm that are dropped afterwards; it belongs to "
    "the depthwise convolution.",
)
def _(i: int, o: int, stride: int) -> list[nn.Module]:
    return block(i, o, 1, pointwise=convolution(i, o, 1, stride))


@mistake(
    "stride in both convolutions",
    "Both of your convolutions have the stride, so that the size falls by its square; only the "
    "depthwise one has it.",
)
def _(i: int, o: int, stride: int) -> list[nn.Module]:
    return block(i, o, stride, pointwise=convolution(i, o, 1, stride))


@mistake(
    "stride ignored",
    "Your block keeps the size of the image whatever the stride; give stride to the depthwise "
    "convolution.",
)
def _(i: int, o: int, stride: int) -> list[nn.Module]:
    return block(i, o, 1)


@mistake(
    "no padding",
    "Your depthwise convolution does not pad, so the image shrinks; a 3x3 window takes padding=1.",
)
def _(i: int, o: int, stride: int) -> list[nn.Module]:
    return block(i, o, stride, depthwise=_depthwise(i, stride, padding=0))


@mistake(
    "padding in the pointwise convolution",
    "Your result has a frame around it: the pointwise convolution looks at one pixel and takes no "
    "padding.",
)
def _(i: int, o: int, stride: int) -> list[nn.Module]:
    return block(i, o, stride, pointwise=convolution(i, o, 1, padding=1))


class _PlusInput(nn.Module):
    def __init__(self, layers: list[nn.Module]) -> None:
        super().__init__()
        self.layers = nn.Sequential(*layers)

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.layers(x)
        return x + y if x.shape == y.shape else y


@mistake(
    "input added",
    "You add the input where its shape allows; this block has no shortcut.",
)
def _(i: int, o: int, stride: int) -> list[nn.Module]:
    return [_PlusInput(block(i, o, stride))]
