"""The depthwise separable convolution: how its batch norms and ReLUs go wrong."""

from torch import Tensor, nn

from torchproof.catalog.cnn.blocks import AlwaysBatch
from torchproof.catalog.cnn.depthwise_separable_conv_mistakes import block, mistake


@mistake(
    "statistics of the batch in evaluation",
    "In evaluation your block still normalises by the batch; nn.BatchNorm2d, or the self.training "
    "of your module, takes care of the difference.",
)
def _(i: int, o: int, stride: int) -> list[nn.Module]:
    return block(i, o, stride, norm=AlwaysBatch)


@mistake(
    "instance norm",
    "You normalise each image by itself; batch norm takes its statistics over the whole batch.",
)
def _(i: int, o: int, stride: int) -> list[nn.Module]:
    return block(i, o, stride, norm=lambda c: nn.InstanceNorm2d(c, affine=True))


@mistake(
    "another eps",
    "The eps of your batch norm is 1e-3; leave it at torch's default, 1e-5.",
)
def _(i: int, o: int, stride: int) -> list[nn.Module]:
    return block(i, o, stride, norm=lambda c: nn.BatchNorm2d(c, eps=1e-3))


@mistake(
    "momentum",
    "Your block gives the right images, but its running statistics after a step of training are "
    "others; leave the momentum of batch norm at torch's default, 0.1.",
)
def _(i: int, o: int, stride: int) -> list[nn.Module]:
    return block(i, o, stride, norm=lambda c: nn.BatchNorm2d(c, momentum=0.01))


@mistake(
    "momentum the other way round",
    "The momentum of your batch norm is 0.9; torch's is the share of what is new, so leave it at "
    "the default, 0.1.",
)
def _(i: int, o: int, stride: int) -> list[nn.Module]:
    return block(i, o, stride, norm=lambda c: nn.BatchNorm2d(c, momentum=0.9))


class _Unused(nn.Module):
    """Registers a layer that it never calls."""

    def __init__(self, layer: nn.Module) -> None:
        super().__init__()
        self.layer = layer

    def forward(self, x: Tensor) -> Tensor:
        return x


@mistake(
    "second batch norm not applied",
    "Your second batch norm is registered, but the pointwise convolution's output does not pass "
    "it; it comes before the last ReLU.",
)
def _(i: int, o: int, stride: int) -> list[nn.Module]:
    layers = block(i, o, stride)
    return [*layers[:4], _Unused(layers[4]), layers[5]]


@mistake(
    "first batch norm not applied",
    "Your first batch norm is registered, but the depthwise convolution's output does not pass it; "
    "it comes before the first ReLU.",
)
def _(i: int, o: int, stride: int) -> list[nn.Module]:
    layers = block(i, o, stride)
    return [layers[0], _Unused(layers[1]), *layers[2:]]


@mistake(
    "first ReLU before batch norm",
    "You apply the first ReLU before the first batch norm; the order here is convolution, batch "
    "norm, ReLU.",
)
def _(i: int, o: int, stride: int) -> list[nn.Module]:
    a, b, c, *others = block(i, o, stride)
    return [a, c, b, *others]


@mistake(
    "last ReLU before batch norm",
    "You apply the last ReLU before the second batch norm; the order here is convolution, batch "
    "norm, ReLU.",
)
def _(i: int, o: int, stride: int) -> list[nn.Module]:
    *others, e, f = block(i, o, stride)
    return [*others, f, e]
