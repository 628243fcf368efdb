"""A residual block: how its shortcut and its sum go wrong."""

import torch
from torch import nn

from torchproof.catalog.cnn.blocks import convolution
from torchproof.catalog.cnn.residual_layers import Block, main_way, mistake, projection


@mistake(
    "no projection where shapes differ",
    "Where the stride is not 1 or the channels differ, a projection is missing among the "
    "registered parameters: a 1x1 convolution with the stride, and a batch norm of its own.",
)
def _(i: int, o: int, stride: int) -> Block:
    return Block(main_way(i, o, stride), [])


@mistake(
    "projection only where the channels differ",
    "Your shortcut has no projection where only the stride makes the shapes differ; it takes one "
    "where stride != 1 or in_channels != out_channels.",
)
def _(i: int, o: int, stride: int) -> Block:
    return Block(main_way(i, o, stride), projection(i, o, stride) if i != o else [])


@mistake(
    "projection only where there is a stride",
    "Your shortcut has no projection where the channels differ and the stride is 1; it takes one "
    "where stride != 1 or in_channels != out_channels.",
)
def _(i: int, o: int, stride: int) -> Block:
    return Block(main_way(i, o, stride), projection(i, o, stride) if stride != 1 else [])


@mistake(
    "projection always",
    "Your block registers a projection where the shapes agree too; the shortcut is x itself where "
    "the stride is 1 and in_channels equals out_channels.",
)
def _(i: int, o: int, stride: int) -> Block:
    return Block(main_way(i, o, stride), [convolution(i, o, 1, stride), nn.BatchNorm2d(o)])


@mistake(
    "projection where both differ only",
    "Your shortcut has a projection only where both the stride is not 1 and the channels differ; "
    "one of the two is enough: or instead of and.",
)
def _(i: int, o: int, stride: int) -> Block:
    both = stride != 1 and i != o
    return Block(main_way(i, o, stride), projection(i, o, stride) if both else [])


@mistake(
    "projection without batch norm",
    "The 1x1 convolution of your shortcut has no batch norm of its own; one follows it, as it "
    "follows all convolutions here.",
)
def _(i: int, o: int, stride: int) -> Block:
    return Block(main_way(i, o, stride), projection(i, o, stride)[:1])


@mistake(
    "bias in the projection",
    "One parameter too many is registered where there is a projection; look whether its "
    "convolution still has a bias, which batch norm makes useless: bias=False.",
)
def _(i: int, o: int, stride: int) -> Block:
    biased = nn.Conv2d(i, o, 1, stride)
    return Block(main_way(i, o, stride), projection(i, o, stride, layer=biased))


_UNSTRIDED = (
    "The output of your shortcut and that of the convolutions differ in size and cannot be added; "
    "the projection takes the same stride as the first convolution."
)


@mistake("projection without stride", _UNSTRIDED)
def _(i: int, o: int, stride: int) -> Block:
    unstrided = convolution(i, o, 1)
    return Block(main_way(i, o, stride), projection(i, o, stride, layer=unstrided))


@mistake("projection without stride, added the other way round", _UNSTRIDED)
def _(i: int, o: int, stride: int) -> Block:
    unstrided = convolution(i, o, 1)
    return Block(
        main_way(i, o, stride),
        projection(i, o, stride, layer=unstrided),
        lambda main, shortcut: (shortcut + main).relu(),
    )


@mistake(
    "projection of 3x3",
    "Your projection has windows of 3x3; a 1x1 convolution is asked for, which looks at one pixel.",
)
def _(i: int, o: int, stride: int) -> Block:
    wide = convolution(i, o, 3, stride)
    return Block(main_way(i, o, stride), projection(i, o, stride, layer=wide))


class _ShortcutFirst(Block):
    """Registers its projection before the rest."""

    def __init__(self, main: list[nn.Module], shortcut: list[nn.Module]) -> None:
        super().__init__(main, shortcut)
        late = self.main
        del self.main
        self.main = late


@mistake(
    "projection registered first",
    "The weight of a 1x1 convolution is registered where that of the first 3x3 one should be; "
    "register the projection after everything else.",
)
def _(i: int, o: int, stride: int) -> Block:
    return _ShortcutFirst(main_way(i, o, stride), projection(i, o, stride))


@mistake(
    "ReLU before the sum only",
    "You apply ReLU to the second batch norm and then add the shortcut; add first, and apply ReLU "
    "to the sum.",
)
def _(i: int, o: int, stride: int) -> Block:
    return Block(
        main_way(i, o, stride), projection(i, o, stride), lambda main, other: main.relu() + other
    )


@mistake(
    "ReLU before and after the sum",
    "You apply ReLU to the second batch norm and to the sum; only the sum gets one, so that the "
    "convolutions can take away from x as well.",
)
def _(i: int, o: int, stride: int) -> Block:
    return Block(
        main_way(i, o, stride),
        projection(i, o, stride),
        lambda main, other: (main.relu() + other).relu(),
    )


@mistake(
    "no ReLU after the sum",
    "You return the sum as it is; a ReLU follows.",
)
def _(i: int, o: int, stride: int) -> Block:
    return Block(main_way(i, o, stride), projection(i, o, stride), lambda main, other: main + other)


@mistake(
    "ReLU on the shortcut",
    "You apply ReLU to the shortcut before the sum; only the sum gets one.",
)
def _(i: int, o: int, stride: int) -> Block:
    return Block(
        main_way(i, o, stride),
        projection(i, o, stride),
        lambda main, other: (main + other.relu()).relu(),
    )


@mistake(
    "shortcut not added",
    "You return what the convolutions give, without the shortcut; add it before the last ReLU.",
)
def _(i: int, o: int, stride: int) -> Block:
    return Block(main_way(i, o, stride), projection(i, o, stride), lambda main, other: main.relu())


@mistake(
    "concatenated",
    "You put the shortcut beside the output, as more channels; it is added, number by number.",
)
def _(i: int, o: int, stride: int) -> Block:
    return Block(
        main_way(i, o, stride),
        projection(i, o, stride),
        lambda main, other: torch.cat([main, other], dim=1).relu(),
    )
