"""A residual block: how its convolutions and batch norms go wrong."""

from typing import Any

from torch import Tensor, nn

from torchproof.catalog.cnn.blocks import AlwaysBatch, convolution
from torchproof.catalog.cnn.residual_layers import Block, Norm, main_way, mistake, projection


@mistake(
    "bias beside batch norm",
    "One parameter too many is registered before the second 3x3 convolution: a bias of the first, "
    "which the mean that batch norm subtracts takes away again (bias=False in all convolutions), "
    "or a batch norm that belongs behind the second.",
)
def _(i: int, o: int, stride: int) -> Block:
    first, second = nn.Conv2d(i, o, 3, stride, 1), nn.Conv2d(o, o, 3, 1, 1)
    projected = projection(i, o, stride, layer=nn.Conv2d(i, o, 1, stride))
    return Block(main_way(i, o, stride, first=first, second=second), projected)


@mistake(
    "bias in both 3x3 convolutions",
    "Both 3x3 convolutions have a bias, which the mean that batch norm subtracts takes away again: "
    "bias=False, as in the projection.",
)
def _(i: int, o: int, stride: int) -> Block:
    first, second = nn.Conv2d(i, o, 3, stride, 1), nn.Conv2d(o, o, 3, 1, 1)
    return Block(main_way(i, o, stride, first=first, second=second), projection(i, o, stride))


@mistake(
    "no batch norm in the main way",
    "Your 3x3 convolutions have no batch norm; each of them is followed by one.",
)
def _(i: int, o: int, stride: int) -> Block:
    first, _, relu, second, _ = main_way(i, o, stride)
    return Block([first, relu, second], projection(i, o, stride))


@mistake(
    "convolutions registered first",
    "parameters() lists both weights of 3x3 convolutions first; make layers, for a module's own "
    "Parameters are listed before those of its layers, and register them in the order in which x "
    "passes them: convolution, batch norm, convolution, batch norm.",
)
def _(i: int, o: int, stride: int) -> Block:
    a, b, _, c, d = main_way(i, o, stride)
    return Block([a, c, b, d], projection(i, o, stride))


@mistake(
    "bias in the second convolution",
    "One parameter too many is registered behind the second 3x3 convolution's batch norm, or "
    "before it; look whether that convolution still has a bias: bias=False.",
)
def _(i: int, o: int, stride: int) -> Block:
    second = nn.Conv2d(o, o, 3, 1, 1)
    return Block(main_way(i, o, stride, second=second), projection(i, o, stride))


@mistake(
    "first batch norm missing",
    "Behind the first convolution the weight of a batch norm, (out_channels,), should be "
    "registered, and yours is missing or comes later; register convolution, batch norm, "
    "convolution, batch norm.",
)
def _(i: int, o: int, stride: int) -> Block:
    layers = main_way(i, o, stride)
    return Block([layers[0], *layers[2:]], projection(i, o, stride))


@mistake(
    "second batch norm missing",
    "The second 3x3 convolution has no batch norm of its own; behind each convolution stands a "
    "batch norm that no other has, with a weight and a bias.",
)
def _(i: int, o: int, stride: int) -> Block:
    return Block(main_way(i, o, stride)[:4], projection(i, o, stride))


@mistake(
    "batch norm first",
    "Your block begins with a batch norm, as later versions of ResNet do; here the convolution "
    "comes first.",
)
def _(i: int, o: int, stride: int) -> Block:
    before = [nn.BatchNorm2d(i), nn.ReLU(), convolution(i, o, 3, stride)]
    after = [nn.BatchNorm2d(o), nn.ReLU(), convolution(o, o, 3)]
    return Block([*before, *after], projection(i, o, stride))


@mistake(
    "channels change in the second convolution",
    "Your first convolution keeps in_channels; it makes out_channels of them, and the second one "
    "keeps those.",
)
def _(i: int, o: int, stride: int) -> Block:
    layers = main_way(i, i, stride, second=convolution(i, o, 3))
    return Block([*layers[:4], nn.BatchNorm2d(o)], projection(i, o, stride))


@mistake(
    "nothing registered",
    "Your block has no parameters that torch knows of; assign the layers to self, in "
    "nn.Sequential or nn.ModuleList where there are several, and not in a plain list.",
)
def _(i: int, o: int, stride: int) -> Block:
    return Block([], [])


@mistake(
    "no ReLU in the middle",
    "There is no ReLU between the first batch norm and the second convolution.",
)
def _(i: int, o: int, stride: int) -> Block:
    layers = main_way(i, o, stride)
    return Block(layers[:2] + layers[3:], projection(i, o, stride))


@mistake(
    "ReLU before batch norm",
    "You apply the first ReLU before the first batch norm; the order is convolution, batch norm, "
    "ReLU.",
)
def _(i: int, o: int, stride: int) -> Block:
    a, b, c, *others = main_way(i, o, stride)
    return Block([a, c, b, *others], projection(i, o, stride))


@mistake(
    "stride in the second convolution",
    "The stride is in your second 3x3 convolution; it belongs to the first.",
)
def _(i: int, o: int, stride: int) -> Block:
    second = convolution(o, o, 3, stride)
    return Block(main_way(i, o, 1, second=second), projection(i, o, stride))


@mistake(
    "stride in both convolutions",
    "Both of your 3x3 convolutions have the stride, so that their output is too small for the "
    "shortcut; only the first one and the projection have it.",
)
def _(i: int, o: int, stride: int) -> Block:
    second = convolution(o, o, 3, stride)
    return Block(main_way(i, o, stride, second=second), projection(i, o, stride))


@mistake(
    "stride ignored",
    "Your block keeps the size of the image whatever the stride; give stride to the first "
    "convolution and to the projection.",
)
def _(i: int, o: int, stride: int) -> Block:
    projected = projection(i, o, stride, layer=convolution(i, o, 1))
    return Block(main_way(i, o, 1), projected)


@mistake(
    "no padding",
    "Your 3x3 convolutions do not pad, so their output is smaller than the shortcut; both take "
    "padding=1.",
)
def _(i: int, o: int, stride: int) -> Block:
    first, second = convolution(i, o, 3, stride, padding=0), convolution(o, o, 3, padding=0)
    return Block(main_way(i, o, stride, first=first, second=second), projection(i, o, stride))


def _everywhere(i: int, o: int, stride: int, norm: Norm) -> Block:
    return Block(main_way(i, o, stride, norm=norm), projection(i, o, stride, norm=norm))


@mistake(
    "statistics of the batch in evaluation",
    "In evaluation your block still normalises by the batch; nn.BatchNorm2d, or the self.training "
    "of your module, takes care of the difference.",
)
def _(i: int, o: int, stride: int) -> Block:
    return _everywhere(i, o, stride, AlwaysBatch)


@mistake(
    "instance norm",
    "You normalise each image by itself; batch norm takes its statistics over the whole batch.",
)
def _(i: int, o: int, stride: int) -> Block:
    return _everywhere(i, o, stride, lambda c: nn.InstanceNorm2d(c, affine=True))


@mistake(
    "another eps",
    "The eps of your batch norms is 1e-3; leave it at torch's default, 1e-5.",
)
def _(i: int, o: int, stride: int) -> Block:
    return _everywhere(i, o, stride, lambda c: nn.BatchNorm2d(c, eps=1e-3))


@mistake(
    "momentum",
    "Your block gives the right images, but its running statistics after a step of training are "
    "others; leave the momentum of batch norms at torch's default, 0.1.",
)
def _(i: int, o: int, stride: int) -> Block:
    return _everywhere(i, o, stride, lambda c: nn.BatchNorm2d(c, momentum=0.01))


@mistake(
    "momentum the other way round",
    "The momentum of your batch norms is 0.9; torch's is the share of what is new, so leave it at "
    "the default, 0.1.",
)
def _(i: int, o: int, stride: int) -> Block:
    return _everywhere(i, o, stride, lambda c: nn.BatchNorm2d(c, momentum=0.9))


class _InPlaceOf(nn.Module):
    """Registers a layer, and calls another in its place."""

    def __init__(self, layer: nn.Module, other: nn.Module) -> None:
        super().__init__()
        self.layer, self.others = layer, (other,)

    def forward(self, x: Tensor) -> Any:
        return self.others[0](x)


@mistake(
    "the same batch norm twice",
    "You call the first batch norm after both 3x3 convolutions, and the second never; each "
    "convolution has its own.",
)
def _(i: int, o: int, stride: int) -> Block:
    *others, first, relu, second, norm = main_way(i, o, stride)
    return Block([*others, first, relu, second, _InPlaceOf(norm, first)], projection(i, o, stride))


@mistake(
    "second batch norm not applied",
    "Your second batch norm is registered, but the second convolution's output does not pass it; "
    "it comes before the sum.",
)
def _(i: int, o: int, stride: int) -> Block:
    *others, norm = main_way(i, o, stride)
    return Block([*others, _InPlaceOf(norm, nn.Identity())], projection(i, o, stride))
