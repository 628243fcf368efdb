"""What goes wrong in the overlap of boxes besides the formula."""

from collections.abc import Callable

import torch
from torch import Tensor

from torchproof.catalog.metrics.box_iou import box_iou
from torchproof.catalog.metrics.box_iou_mistakes import outer, union
from torchproof.catalog.metrics.overlaps import area, common, divide, iou


@box_iou.mistake(
    "the intersection alone",
    "You return the areas of the intersections; divide them by those of the unions.",
)
def _(a: Tensor, b: Tensor) -> Tensor:
    return common(a, b)


@box_iou.mistake(
    "one minus the overlap",
    "You return 1 minus the intersection over union, which is a distance; the overlap itself is "
    "asked for.",
)
def _(a: Tensor, b: Tensor) -> Tensor:
    return 1 - iou(a, b)


@box_iou.mistake(
    "generalised IoU",
    "You subtract the empty share of the box around both, which is the generalised IoU; the plain "
    "intersection over union is asked for.",
)
def _(a: Tensor, b: Tensor) -> Tensor:
    around = outer(a, b)
    return iou(a, b) - divide(around - union(a, b, common(a, b)), around)


@box_iou.mistake(
    "always float32",
    "Your result is float32 whatever the boxes are; give it their dtype.",
)
def _(a: Tensor, b: Tensor) -> Tensor:
    result = torch.zeros(len(a), len(b), device=a.device)
    result[:] = iou(a, b)
    return result


@box_iou.mistake(
    "float32 where there are no boxes",
    "Where there are no boxes your result is float32 whatever their dtype is; make it of that "
    "dtype, as a.new_zeros does.",
)
def _(a: Tensor, b: Tensor) -> Tensor:
    return iou(a, b) if len(a) and len(b) else torch.zeros(len(a), len(b), device=a.device)


@box_iou.mistake(
    "writes into its input",
    "You turn the corners of a into sizes in place, and the caller still needs its boxes; compute "
    "the sizes into new tensors.",
)
def _(a: Tensor, b: Tensor) -> Tensor:
    result = iou(a, b)
    a[:, 2:] -= a[:, :2]
    return result


@box_iou.mistake(
    "looping over the boxes",
    "You loop over the boxes; give a one more dimension, as in a[:, None], and every box of a "
    "meets every box of b in one call.",
)
def _(a: Tensor, b: Tensor) -> Tensor:
    rows = [iou(box[None], b) for box in a]
    return torch.cat(rows) if rows else a.new_zeros(0, len(b))


@box_iou.mistake(
    "row by row of both",
    "You compare the first box of a with the first of b and so on; each of a with each of b is "
    "asked for, so give a one more dimension, as in a[:, None].",
)
def _(a: Tensor, b: Tensor) -> Tensor:
    low, high = torch.maximum(a[:, :2], b[:, :2]), torch.minimum(a[:, 2:], b[:, 2:])
    both = (high - low).clamp(min=0).prod(dim=-1)
    return both / (area(a) + area(b) - both)


def _stabilised(name: str, eps: Callable[[torch.dtype], float]) -> None:
    """Add the mistakes of keeping the union from 0 by a small number."""

    @box_iou.mistake(
        f"{name} added to the union",
        "You add a small number to the union, which counts where boxes are tiny; find where it is "
        "0, as by torch.where, and leave it as it is elsewhere.",
    )
    def _(a: Tensor, b: Tensor) -> Tensor:
        both = common(a, b)
        return both / (union(a, b, both) + eps(a.dtype))


_stabilised("1e-6", lambda _: 1e-6)
_stabilised("1e-8", lambda _: 1e-8)
_stabilised("1e-9", lambda _: 1e-9)
_stabilised("1e-12", lambda _: 1e-12)
_stabilised("1e-16", lambda _: 1e-16)
_stabilised("the dtype's eps", lambda dtype: torch.finfo(dtype).eps)


def _clamped(least: float) -> None:
    """Add the mistake of a least union."""

    @box_iou.mistake(
        f"union at least {least:.0e}",
        "You clamp the union at a small number, which boxes may be smaller than; find where it is "
        "0, as by torch.where, and leave it as it is elsewhere.",
    )
    def _(a: Tensor, b: Tensor) -> Tensor:
        both = common(a, b)
        return both / union(a, b, both).clamp(min=least)


_clamped(1e-6)
_clamped(1e-12)


@box_iou.mistake(
    "negative coordinates cut off",
    "You clamp the coordinates of the boxes at 0, but boxes may reach below it; clamp the sides of "
    "the intersection only.",
)
def _(a: Tensor, b: Tensor) -> Tensor:
    return iou(a.clamp(min=0), b.clamp(min=0))
