"""Keeping the best of boxes that overlap."""

import torch
from torch import Tensor

from torchproof.catalog.metrics.overlaps import BOX_FUNCTIONS, GROUPS, boxes, crowd, iou
from torchproof.checking.cases import FLOATS, Cases, Draw, extremes, shapes, values
from torchproof.checking.exercise import exercise


@exercise(groups=GROUPS, not_allowed=BOX_FUNCTIONS)
def nms(boxes: Tensor, scores: Tensor, threshold: float) -> Tensor:
    """Return the indices of the boxes that are kept, int64, by decreasing score.

    A box, of (N, 4), is dropped where its IoU with a kept one of higher score is greater than the
    threshold, as by torchvision's rule. Composed: neither torchmetrics nor scikit-learn has it.
    """
    order = scores.argsort(descending=True)
    kept = order[:0]
    while len(order) > 0:
        kept = torch.cat([kept, order[:1]])
        overlap = iou(boxes[order[:1]], boxes[order[1:]])[0]
        order = order[1:][overlap <= threshold]
    return kept


def distinct_scores(draw: Draw, n: int, dtype: torch.dtype = torch.float32) -> Tensor:
    """Return n scores from 0 to 1, none of which tie, in any order."""
    ranks = torch.randperm(n, generator=draw.generator)
    return ((ranks + draw.uniform(n, low=0.2, high=0.8, dtype=torch.float64)) / n).to(dtype)


def clear_boxes(draw: Draw, n: int, threshold: float, dtype: torch.dtype) -> Tensor:
    """Return n boxes, none of whose overlaps is near the threshold."""
    while True:
        given = boxes(draw, n, dtype=dtype)
        if (iou(given, given) - threshold).abs().min() > 5e-3:
            return given


@nms.cases
def _(draw: Draw) -> Cases:
    for dtype, threshold in zip(FLOATS, (0.5, draw.number(0.3, 0.45)), strict=True):
        crowded, scores, _ = crowd(draw, threshold, dtype)
        yield values(boxes=crowded, scores=scores, threshold=threshold)
        given = clear_boxes(draw, 9, 0.3, dtype)
        yield values(boxes=given, scores=distinct_scores(draw, 9, dtype), threshold=0.3)
    crowded, scores, _ = crowd(draw, 0.5, torch.float32)
    small = 0.05 * crowded + 0.4
    yield values("coordinates from 0 to 1", boxes=small, scores=scores, threshold=0.5)
    crowded, scores, _ = crowd(draw, 0.7, torch.float32)
    yield values("scores below 0", boxes=crowded, scores=4 * scores - 5, threshold=0.7)
    two = torch.tensor([[0.0, 0.0, 2.0, 1.0], [0.0, 0.0, 2.0, 2.0]])
    yield extremes("IoU equal to the threshold", boxes=two, scores=_two(draw), threshold=0.5)
    touching = torch.tensor([[0.0, 0.0, 2.0, 1.0], [2.0, 0.0, 4.0, 1.0], [1.0, 0.0, 3.0, 1.0]])
    scores = torch.tensor([0.6, 0.9, 0.3])
    yield extremes("a threshold of 0", boxes=touching, scores=scores, threshold=0.0)
    same = boxes(draw, 1).repeat(3, 1)
    yield extremes("a threshold of 1", boxes=same, scores=scores, threshold=1.0)
    yield extremes("the same box again", boxes=same, scores=scores, threshold=0.5)
    chain = torch.tensor([[2.0, 0.0, 5.0, 2.0], [0.0, 0.0, 3.0, 2.0], [1.0, 0.0, 4.0, 2.0]])
    scores = torch.tensor([0.1, 0.9, 0.5])
    yield extremes("a chain", boxes=chain, scores=scores, threshold=0.4)
    flat = torch.tensor([[1.0, 1.0, 1.0, 1.0], [1.0, 1.0, 1.0, 1.0], [0.0, 0.0, 2.0, 2.0]])
    yield extremes("boxes without an area", boxes=flat, scores=scores, threshold=0.2)
    yield extremes("one box", boxes=boxes(draw, 1), scores=draw.uniform(1), threshold=0.5)
    yield extremes("no boxes", boxes=torch.empty(0, 4), scores=torch.empty(0), threshold=0.5)
    for dtype in FLOATS:
        crowded, scores, _ = crowd(draw, 0.4, dtype)
        yield shapes(boxes=crowded, scores=scores, threshold=0.4)
    yield shapes("no boxes", boxes=torch.empty(0, 4), scores=torch.empty(0), threshold=0.5)


def _two(draw: Draw) -> Tensor:
    high = draw.uniform(1, low=0.5, high=0.9)
    return torch.cat([high - 0.3, high])
