"""Keeping the best of boxes that overlap, class by class."""

import torch
from torch import Tensor

from torchproof.catalog.metrics.nms import distinct_scores
from torchproof.catalog.metrics.overlaps import BOX_FUNCTIONS, GROUPS, boxes, crowd, iou
from torchproof.checking.cases import FLOATS, Cases, Draw, extremes, shapes, values
from torchproof.checking.exercise import exercise


@exercise(groups=GROUPS, not_allowed=BOX_FUNCTIONS)
def batched_nms(boxes: Tensor, scores: Tensor, labels: Tensor, threshold: float) -> Tensor:
    """Return the indices of the boxes that are kept, int64, by decreasing score over all classes.

    A box, of (N, 4), is dropped where its IoU with a kept one of higher score and of the same
    label is greater than the threshold, as by torchvision's rule. Composed: neither torchmetrics
    nor scikit-learn has it.
    """
    order = scores.argsort(descending=True)
    kept = order[:0]
    while len(order) > 0:
        best, rest = order[:1], order[1:]
        kept = torch.cat([kept, best])
        drops = (iou(boxes[best], boxes[rest])[0] > threshold) & (labels[rest] == labels[best])
        order = rest[~drops]
    return kept


def mixed_crowd(draw: Draw, threshold: float, dtype: torch.dtype) -> dict[str, Tensor]:
    """Return two crowds of boxes in the same places, with four labels that are not 0 to 3."""
    first, second = (crowd(draw, threshold, dtype) for _ in range(2))
    label = torch.tensor(sorted({draw.size(1, 9), draw.size(10, 19), draw.size(20, 29), 30}))
    label = label[torch.randperm(4, generator=draw.generator)]
    of_groups = torch.cat([label[first[2] % 2], label[2 + second[2] % 2]])
    mixed = torch.randperm(len(of_groups), generator=draw.generator)
    stacked = torch.cat([first[0], second[0]])[mixed]
    scores = torch.cat([first[1], 0.998 * second[1]])[mixed]
    return {"boxes": stacked, "scores": scores, "labels": of_groups[mixed]}


@batched_nms.cases
def _(draw: Draw) -> Cases:
    for dtype, threshold in zip(FLOATS, (0.5, draw.number(0.3, 0.45)), strict=True):
        yield values(**mixed_crowd(draw, threshold, dtype), threshold=threshold)
    crowded, scores, groups = crowd(draw, 0.5, torch.float32)
    labels = groups % 3
    yield values("labels 0 to 2", boxes=crowded, scores=scores, labels=labels, threshold=0.5)
    given = mixed_crowd(draw, 0.7, torch.float32)
    below = given | {"scores": given["scores"] - 1.5}
    yield values("scores below 0", **below, threshold=0.7)
    same = boxes(draw, 1).repeat(4, 1)
    labels = torch.tensor([1, 0, 1, 0])
    scores = distinct_scores(draw, 4)
    yield extremes("the same box", boxes=same, scores=scores, labels=labels, threshold=0.5)
    apart = torch.tensor([[5.0, 5.0, 9.0, 9.0], [-5.0, -5.0, -1.0, -1.0]])
    two = {"scores": scores[:2], "labels": torch.tensor([0, 1]), "threshold": 0.3}
    yield extremes("negative coordinates", boxes=apart, **two)
    half = torch.tensor([[0.0, 0.0, 2.0, 1.0], [0.0, 0.0, 2.0, 2.0]])
    equal = two | {"labels": torch.tensor([3, 3]), "threshold": 0.5}
    yield extremes("IoU equal to the threshold", boxes=half, **equal)
    uneven = torch.tensor([[0.0, 0.0, 2.0, 2.0], [1.0, 0.0, 6.0, 2.0]])
    yield extremes("a short and a long one", boxes=uneven, **(equal | {"threshold": 0.25}))
    yield extremes("boxes without an area", boxes=torch.ones(2, 4), **equal)
    one = torch.tensor([7])
    yield extremes("one box", boxes=same[:1], scores=scores[:1], labels=one, threshold=0.5)
    none = {"boxes": torch.empty(0, 4), "scores": torch.empty(0), "labels": one[:0]}
    yield extremes("no boxes", **none, threshold=0.5)
    crowded, scores, _ = crowd(draw, 0.5, torch.float32)
    alike = torch.full((len(scores),), 4)
    yield extremes("one class", boxes=crowded, scores=scores, labels=alike, threshold=0.5)
    own = torch.randperm(len(scores), generator=draw.generator)
    yield extremes("a class for each box", boxes=crowded, scores=scores, labels=own, threshold=0.5)
    for dtype in FLOATS:
        yield shapes(**mixed_crowd(draw, 0.4, dtype), threshold=0.4)
    yield shapes("no boxes", **none, threshold=0.5)
    two = {"scores": scores[:2], "labels": torch.tensor([0, 1]), "threshold": 0.5}
    for note, side in (("boxes of some thousand", 1e3), ("boxes of some million", 1e7)):
        yield extremes(note, boxes=side * boxes(draw, 1).repeat(2, 1), **two)
