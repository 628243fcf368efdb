"""How much a convolution computes."""

import torch
import torch.nn.functional as F
from torch.utils.flop_counter import FlopCounterMode

from torchproof.catalog.cnn.convolutions import CONVOLUTIONS, NUMBER_GROUPS
from torchproof.checking.cases import Cases, Draw, extremes, values
from torchproof.checking.exercise import exercise


@exercise(groups=NUMBER_GROUPS, not_allowed=(*CONVOLUTIONS, "torch.utils.flop_counter"))
def count_conv_flops(
    in_channels: int,
    out_channels: int,
    kernel_size: int,
    height: int,
    width: int,
    stride: int = 1,
    padding: int = 0,
    dilation: int = 1,
    groups: int = 1,
) -> int:
    """Return the floating-point operations of a convolution of one image, without the bias.

    This is what torch's counter counts, 2 for each multiplication and addition; the meta device
    computes nothing.
    """
    x = torch.empty(1, in_channels, height, width, device="meta")
    kernel = (kernel_size, kernel_size)
    weight = torch.empty(out_channels, in_channels // groups, *kernel, device="meta")
    with FlopCounterMode(display=False) as counter:
        F.conv2d(x, weight, None, stride, padding, dilation, groups)
    return int(counter.get_total_flops())


@count_conv_flops.cases
def _(draw: Draw) -> Cases:
    def layer(groups: int = 1) -> dict[str, int]:
        channels = groups * draw.size(2, 4), groups * draw.size(5, 8)
        image = {"height": draw.size(9, 12), "width": draw.size(13, 19)}
        return {"in_channels": channels[0], "out_channels": channels[1], **image}

    yield values(**layer(), kernel_size=3)
    yield values("padding", **layer(), kernel_size=5, padding=draw.size(1, 3))
    for rows, columns in ((9, 14), (10, 13)):
        size = {"height": rows, "width": columns}
        yield values("a stride", **(layer() | size), kernel_size=draw.size(3, 4), stride=2)
    yield values("dilation", **layer(), kernel_size=3, dilation=draw.size(2, 4))
    for groups in (2, draw.size(3, 4)):
        yield values("groups", **layer(groups), kernel_size=3, groups=groups)
        others = {"stride": draw.size(2, 3), "padding": draw.size(1, 3), "dilation": 2}
        given = layer(groups) | others
        yield values("all of them", **given, kernel_size=draw.size(2, 4), groups=groups)
    yield extremes("a kernel of one pixel", **layer(), kernel_size=1)
    whole = {"kernel_size": 5, "height": 5, "width": 5}
    yield extremes("a kernel as large as the image", in_channels=3, out_channels=4, **whole)
    c = draw.size(4, 9)
    depthwise = {"in_channels": c, "out_channels": c, "groups": c}
    yield extremes("depthwise", **depthwise, kernel_size=3, height=8, width=9, padding=1)
    one = {"in_channels": 1, "out_channels": 1, "height": 1, "width": 1}
    yield extremes("one multiplication", **one, kernel_size=1)
    large = {"in_channels": 512, "out_channels": 512, "height": 224, "width": 224}
    yield extremes("a large layer", **large, kernel_size=3, padding=1)
