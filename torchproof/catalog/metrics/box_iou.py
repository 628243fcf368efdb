"""The overlap of boxes."""

import torch
from torch import Tensor

from torchproof.catalog.metrics.overlaps import BOX_FUNCTIONS, GROUPS, boxes, iou
from torchproof.checking.cases import (
    FLOATS,
    Cases,
    Draw,
    Group,
    extremes,
    shapes,
    values,
    vectorised,
)
from torchproof.checking.exercise import exercise


@exercise(groups=(*GROUPS, Group.VECTORISED), not_allowed=BOX_FUNCTIONS, picture="map")
def box_iou(a: Tensor, b: Tensor) -> Tensor:
    """Return the intersection over union of each box of a, (N, 4), with each of b, (M, 4): (N, M).

    Boxes are x1, y1, x2, y2 with x1 <= x2 and y1 <= y2. Two boxes without an area give 0, where
    torchvision gives NaN. Composed: neither torchmetrics nor scikit-learn has it.
    """
    return iou(a, b)


@box_iou.cases
def _(draw: Draw) -> Cases:
    for dtype in FLOATS:
        a = boxes(draw, draw.size(4, 6), dtype=dtype)
        yield values(a=a, b=boxes(draw, draw.size(7, 9), dtype=dtype))
        small = 0.1 * boxes(draw, draw.size(6, 8), dtype=dtype)
        yield values("coordinates from 0 to 1", a=small, b=0.1 * boxes(draw, 5, dtype=dtype))
    a = boxes(draw, 5, 6) - draw.number(4, 6)
    yield values("negative coordinates, as many in a as in b", a=a, b=boxes(draw, 5, 6) - 5)
    whole = torch.tensor([[0.0, 0.0, 4.0, 3.0]])
    apart = torch.tensor([[6.0, 5.0, 9.0, 7.0], [-9.0, -7.0, -4.0, -5.0]])
    yield extremes("apart in both directions", a=whole, b=apart)
    beside = torch.tensor([[6.0, 1.0, 9.0, 2.0], [1.0, 5.0, 3.0, 9.0]])
    yield extremes("apart in one direction", a=whole, b=beside)
    touching = torch.tensor([[4.0, 1.0, 6.0, 2.0], [4.0, 3.0, 5.0, 5.0]])
    yield extremes("touching", a=whole, b=touching)
    inside = torch.tensor([[1.0, 1.0, 2.0, 3.0], [0.0, 0.0, 4.0, 3.0]])
    yield extremes("one inside the other, and the same", a=whole, b=inside)
    crossed = torch.tensor([[1.0, -2.0, 2.0, 6.0]])
    yield extremes("crossed", a=whole, b=crossed)
    flat = torch.tensor([[1.0, 1.0, 1.0, 1.0], [1.0, 0.0, 1.0, 2.0], [2.0, 1.0, 3.0, 1.0]])
    yield extremes("boxes without an area", a=flat, b=torch.cat([flat, whole]))
    own, around = torch.tensor([[[0.0, 0.0, 1.0, 1.0]], [[0.0, 0.0, 7.0, 7.0]]])
    tiny = torch.cat([boxes(draw, 3), own]), torch.cat([boxes(draw, 3), own, around])
    yield extremes("tiny boxes", a=1e-5 * tiny[0], b=1e-5 * tiny[1])
    yield extremes("boxes of 1e-9", a=1e-9 * tiny[0].double(), b=1e-9 * tiny[1].double())
    yield extremes("large boxes", a=1e8 * boxes(draw, 3), b=1e8 * boxes(draw, 4))
    yield extremes("one box each", a=boxes(draw, 1, 0.5), b=boxes(draw, 1, 0.5))
    yield extremes("no boxes in a", a=torch.empty(0, 4), b=boxes(draw, 3))
    yield extremes("no boxes in b", a=boxes(draw, 3), b=torch.empty(0, 4))
    for dtype in FLOATS:
        for n, m in ((3, 6), (5, 1)):
            yield shapes(a=boxes(draw, n, dtype=dtype), b=boxes(draw, m, dtype=dtype))
    none = torch.empty(0, 4, dtype=torch.float64)
    yield shapes("no boxes in a", a=none, b=boxes(draw, 3, dtype=torch.float64))
    yield shapes("no boxes in b", a=boxes(draw, 3, dtype=torch.float64), b=none)
    yield vectorised(
        {"a": boxes(draw, 3), "b": boxes(draw, 4)}, {"a": boxes(draw, 9), "b": boxes(draw, 12)}
    )
