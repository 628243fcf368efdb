"""What the exercises about boxes share: the overlap of two boxes, slips with it, and cases."""

from collections.abc import Callable

import torch
from torch import Tensor

from torchproof.catalog.metrics.rules import LIBRARIES
from torchproof.checking.cases import Draw, Group

GROUPS = (Group.VALUES, Group.EXTREMES, Group.SHAPES, Group.NO_SIDE_EFFECTS)
"""What is checked of a function with a natural loop over boxes, and no gradient."""

BOX_FUNCTIONS = (
    *LIBRARIES,
    *("torchvision", "torchvision.ops", "torch.ops.torchvision"),
    *("box_iou", "nms", "batched_nms", "compute_iou", "non_max_suppression"),
    *("NMSBoxes", "NMSBoxesBatched", "NMSBoxesRotated", "soft_nms", "softNMSBoxes"),
)
"""What does the whole job, in torchvision, torchmetrics, Keras and OpenCV."""

Overlap = Callable[[Tensor, Tensor], Tensor]
"""How much each of N boxes, (N, 4), and of M, (M, 4), have in common: (N, M)."""


def area(boxes: Tensor, more: float = 0.0) -> Tensor:
    """Return the areas of boxes, (..., 4), whose sides are counted ``more`` longer."""
    sides = boxes[..., 2:] - boxes[..., :2]
    return (sides + more if more else sides).prod(dim=-1)


def common(a: Tensor, b: Tensor, more: float = 0.0) -> Tensor:
    """Return the area that each two boxes have in common, sides counted ``more`` longer."""
    low = torch.maximum(a[:, None, :2], b[:, :2])
    high = torch.minimum(a[:, None, 2:], b[:, 2:])
    sides = high - low + more if more else high - low
    return sides.clamp(min=0).prod(dim=-1)


def divide(part: Tensor, whole: Tensor) -> Tensor:
    """Return the quotient, 0 where it is 0/0."""
    return torch.where(whole == 0, 0, part / whole)


def iou(a: Tensor, b: Tensor) -> Tensor:
    """Return the intersection over union of each two boxes, 0 where neither has an area."""
    both = common(a, b)
    return divide(both, area(a)[:, None] + area(b) - both)


def iou_unclamped(a: Tensor, b: Tensor) -> Tensor:
    """Return it with a positive intersection for boxes that are apart in both directions."""
    sides = torch.minimum(a[:, None, 2:], b[:, 2:]) - torch.maximum(a[:, None, :2], b[:, :2])
    both = sides.prod(dim=-1)
    return divide(both, area(a)[:, None] + area(b) - both)


def iou_of_pixels(a: Tensor, b: Tensor) -> Tensor:
    """Return it with 1 added to every side."""
    both = common(a, b, 1)
    return both / (area(a, 1)[:, None] + area(b, 1) - both)


def over_sum(a: Tensor, b: Tensor) -> Tensor:
    """Return the intersection over the sum of both areas."""
    return divide(common(a, b), area(a)[:, None] + area(b))


def dice(a: Tensor, b: Tensor) -> Tensor:
    """Return twice the intersection over the sum of both areas."""
    return 2 * over_sum(a, b)


def over_smaller(a: Tensor, b: Tensor) -> Tensor:
    """Return the intersection over the smaller area."""
    return divide(common(a, b), torch.minimum(area(a)[:, None], area(b)))


def from_corner_and_size(boxes: Tensor) -> Tensor:
    """Return the corners of boxes given, or taken, as corner and size."""
    return torch.cat([boxes[..., :2], boxes[..., :2] + boxes[..., 2:]], dim=-1)


def from_centre_and_size(boxes: Tensor) -> Tensor:
    """Return the corners of boxes given, or taken, as centre and size."""
    half = boxes[..., 2:] / 2
    return torch.cat([boxes[..., :2] - half, boxes[..., :2] + half], dim=-1)


SLIPS: dict[str, tuple[str, Overlap]] = {
    "intersection of disjoint boxes positive": (
        "the intersection of boxes that are apart in both directions is the product of two "
        "negative sides; clamp each side at 0 before you multiply",
        iou_unclamped,
    ),
    "+1 pixel boxes": (
        "you add 1 to the sides, as for boxes of whole pixels; a side is x2 - x1 here",
        iou_of_pixels,
    ),
    "union without subtracting the intersection": (
        "you divide the intersection by the sum of the areas; the union counts it once: subtract "
        "the intersection",
        over_sum,
    ),
    "Dice": (
        "you divide twice the intersection by the sum of the areas, which is the Dice "
        "coefficient; intersection over union is asked for",
        dice,
    ),
    "over the smaller area": (
        "you divide the intersection by the smaller of the areas; divide by the union",
        over_smaller,
    ),
    "boxes as corner and size": (
        "you take the last two numbers for width and height; they are the other corner, x2 and y2",
        lambda a, b: iou(from_corner_and_size(a), from_corner_and_size(b)),
    ),
    "boxes as centre and size": (
        "you take a box for its centre, width and height; it is given by two corners",
        lambda a, b: iou(from_centre_and_size(a), from_centre_and_size(b)),
    ),
}
"""Slips in an overlap: name, what is wrong as part of a sentence, and the overlap itself."""


def sentence(fault: str) -> str:
    """Make a hint of a part of a sentence."""
    return f"{fault[0].upper()}{fault[1:]}."


def boxes(draw: Draw, n: int, spread: float = 4.0, dtype: torch.dtype = torch.float32) -> Tensor:
    """Return n boxes, (n, 4), with corners from 0 to ``spread`` and sides from 1 to 3."""
    corner = draw.uniform(n, 2, high=spread, dtype=dtype)
    return torch.cat([corner, corner + draw.uniform(n, 2, low=1, high=3, dtype=dtype)], dim=1)


def moved(box: Tensor, overlap: float, axis: int) -> Tensor:
    """Return a box, (4,), moved along an axis so far that its IoU with itself is ``overlap``."""
    shift = (box[axis + 2] - box[axis]) * (1 - overlap) / (1 + overlap)
    other = box.clone()
    other[axis::2] += shift
    return other


def crowd(draw: Draw, threshold: float, dtype: torch.dtype) -> tuple[Tensor, Tensor, Tensor]:
    """Return boxes, (16, 4), in groups far apart, their scores and the number of their group.

    Every group asks something of a suppression at this threshold, from 0.3 to 0.7; scores fall
    from the first boxes of all groups to the last, and none tie. No overlap is nearer than 0.05
    to the threshold.
    """
    groups = []
    for i in range(7):
        origin = torch.tensor([4.0 * (i % 3) - 5, 4.0 * (i // 3) - 6], dtype=dtype)
        corner = origin + draw.uniform(2, high=0.5, dtype=dtype)
        box = torch.cat([corner, corner + draw.uniform(2, low=0.5, high=1.5, dtype=dtype)])
        groups.append([box])
    above, below = threshold + 0.1, threshold - 0.1
    for group, overlap, axis in ((0, above, 0), (0, 0.9, 1), (1, below, 1), (2, 0.9, 1)):
        groups[group].append(moved(groups[group][0], overlap, axis))
    groups[3] += [moved(groups[3][0], above, 0)]  # drops out, and so drops nothing itself
    groups[3] += [moved(groups[3][1], above, 0)]
    inside = groups[4][0].clone()
    inside[2:] = inside[:2] + 0.4 * (inside[2:] - inside[:2])
    groups[4].append(inside)
    size = groups[5][0][2:] - groups[5][0][:2]
    groups[5].append(groups[5][0] + 1.97 * size.repeat(2))  # apart in both directions
    groups[6].append(moved(groups[6][0], above, 1))
    longest = max(map(len, groups))
    ranked = [(g, k) for k in range(longest) for g in range(7) if k < len(groups[g])]
    order = torch.randperm(len(ranked), generator=draw.generator).tolist()
    scores = draw.uniform(len(ranked), low=0.2, high=0.8, dtype=dtype)
    scores = 1 - (torch.arange(len(ranked)) + scores) / len(ranked)
    stacked = torch.stack([groups[g][k] for g, k in ranked])
    return stacked[order], scores.to(dtype)[order], torch.tensor([g for g, _ in ranked])[order]
