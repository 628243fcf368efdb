"""What goes wrong in keeping the best of boxes that overlap."""

from typing import Any

import torch
from torch import Tensor

from torchproof.catalog.metrics.nms import nms
from torchproof.catalog.metrics.overlaps import SLIPS, Overlap, area, common, iou, sentence


def greedy(boxes: Tensor, scores: Tensor, threshold: float, overlap: Overlap = iou) -> Tensor:
    """Return the indices kept, by decreasing score, with another measure of overlap."""
    return walk(overlap(boxes, boxes) > threshold, scores.argsort(descending=True))


def walk(drops: Tensor, order: Tensor) -> Tensor:
    """Return what is kept of boxes in an order, where ``drops[i, j]`` says that i drops j."""
    kept: list[int] = []
    table = drops.tolist()
    for i in order.tolist():
        if not any(table[k][i] for k in kept):
            kept.append(i)
    return torch.tensor(kept, dtype=torch.int64, device=order.device)


def _slip(name: str, fault: str, overlap: Overlap) -> None:
    """Add the mistake of another measure of overlap."""

    @nms.mistake(name, sentence(fault))
    def _(boxes: Tensor, scores: Tensor, threshold: float) -> Tensor:
        return greedy(boxes, scores, threshold, overlap)


for _name, (_fault, _overlap) in SLIPS.items():
    _slip(_name, _fault, _overlap)


@nms.mistake(
    "dropped at the threshold",
    "You drop a box whose overlap equals the threshold; only a greater one drops it.",
)
def _(boxes: Tensor, scores: Tensor, threshold: float) -> Tensor:
    return walk(iou(boxes, boxes) >= threshold, scores.argsort(descending=True))


@nms.mistake(
    "a threshold of 0.5",
    "You drop above an overlap of 0.5 whatever the threshold is; compare with threshold.",
)
def _(boxes: Tensor, scores: Tensor, threshold: float) -> Tensor:
    return greedy(boxes, scores, 0.5)


@nms.mistake(
    "dropped where they overlap little",
    "You keep the boxes that overlap a kept one by more than the threshold and drop the others; it "
    "should be the other way round.",
)
def _(boxes: Tensor, scores: Tensor, threshold: float) -> Tensor:
    return walk(iou(boxes, boxes) <= threshold, scores.argsort(descending=True))


@nms.mistake(
    "sorted ascending",
    "You begin with the lowest score, as argsort does by itself; begin with the highest, as by "
    "descending=True.",
)
def _(boxes: Tensor, scores: Tensor, threshold: float) -> Tensor:
    return walk(iou(boxes, boxes) > threshold, scores.argsort())


@nms.mistake(
    "in the order given",
    "You go through the boxes in the order they are given in; go by decreasing score.",
)
def _(boxes: Tensor, scores: Tensor, threshold: float) -> Tensor:
    kept = walk(iou(boxes, boxes) > threshold, torch.arange(len(boxes), device=boxes.device))
    return kept[scores[kept].argsort(descending=True)]


@nms.mistake(
    "in the order given, and returned so",
    "You go through the boxes in the order they are given in and never sort; sort them by "
    "decreasing score first.",
)
def _(boxes: Tensor, scores: Tensor, threshold: float) -> Tensor:
    return walk(iou(boxes, boxes) > threshold, torch.arange(len(boxes), device=boxes.device))


@nms.mistake(
    "returned by index",
    "You keep the right boxes but return them by increasing index; return them by decreasing "
    "score.",
)
def _(boxes: Tensor, scores: Tensor, threshold: float) -> Tensor:
    return greedy(boxes, scores, threshold).sort().values


@nms.mistake(
    "returned by increasing score",
    "You keep the right boxes but return the lowest score first; return them by decreasing score.",
)
def _(boxes: Tensor, scores: Tensor, threshold: float) -> Tensor:
    return greedy(boxes, scores, threshold).flip(0)


@nms.mistake(
    "dropped boxes drop others",
    "A box that was dropped still drops others in your answer; compare with the kept boxes only.",
)
def _(boxes: Tensor, scores: Tensor, threshold: float) -> Tensor:
    order = scores.argsort(descending=True)
    drops = (iou(boxes, boxes) > threshold)[order][:, order].triu(diagonal=1)
    return order[~drops.any(dim=0)]


@nms.mistake(
    "compared with the last kept only",
    "You compare a box with the one kept last; compare it with all that are kept.",
)
def _(boxes: Tensor, scores: Tensor, threshold: float) -> Tensor:
    overlap, kept = iou(boxes, boxes), scores.argsort(descending=True)[:1].tolist()
    for i in scores.argsort(descending=True).tolist()[1:]:
        if overlap[kept[-1], i] <= threshold:
            kept.append(i)
    return torch.tensor(kept, dtype=torch.int64, device=boxes.device)


@nms.mistake(
    "compared with the one before",
    "You compare a box with the one before it in the order of the scores, kept or not; compare it "
    "with all that are kept.",
)
def _(boxes: Tensor, scores: Tensor, threshold: float) -> Tensor:
    order = scores.argsort(descending=True)
    before = (iou(boxes, boxes) > threshold)[order[:-1], order[1:]]
    return torch.cat([order[:1], order[1:][~before]])


@nms.mistake(
    "the best box only",
    "You drop what overlaps the best box and stop there; go on with the best of those left.",
)
def _(boxes: Tensor, scores: Tensor, threshold: float) -> Tensor:
    order = scores.argsort(descending=True)
    rest = order[1:]
    return torch.cat([order[:1], rest[iou(boxes[order[:1]], boxes[rest]).flatten() <= threshold]])


@nms.mistake(
    "every box that overlaps dropped",
    "You drop every box that overlaps another by more than the threshold, the best of them too; "
    "keep the one of the highest score.",
)
def _(boxes: Tensor, scores: Tensor, threshold: float) -> Tensor:
    order = scores.argsort(descending=True)
    drops = (iou(boxes, boxes) > threshold).fill_diagonal_(False)
    return order[~drops.any(dim=0)[order]]


@nms.mistake(
    "places in the sorted order",
    "You return places in the order of the scores; return those of the boxes as they were given, "
    "order[places].",
)
def _(boxes: Tensor, scores: Tensor, threshold: float) -> Tensor:
    return scores.argsort(descending=True).argsort()[greedy(boxes, scores, threshold)]


@nms.mistake(
    "threshold for the scores",
    "You compare the scores with the threshold; it is the overlap of two boxes that may not be "
    "greater.",
)
def _(boxes: Tensor, scores: Tensor, threshold: float) -> Tensor:
    order = scores.argsort(descending=True)
    return order[scores[order] > threshold]


@nms.mistake(
    "low scores dropped",
    "You also drop the boxes whose score is not above 0; the scores decide the order only.",
)
def _(boxes: Tensor, scores: Tensor, threshold: float) -> Tensor:
    kept = greedy(boxes, scores, threshold)
    return kept[scores[kept] > 0]


@nms.mistake(
    "by size instead of score",
    "You begin with the largest box; begin with the one of the highest score.",
)
def _(boxes: Tensor, scores: Tensor, threshold: float) -> Tensor:
    order = area(boxes).argsort(descending=True, stable=True)
    return walk(iou(boxes, boxes) > threshold, order)


@nms.mistake(
    "the boxes instead of their indices",
    "You return the boxes that are kept; return their indices.",
)
def _(boxes: Tensor, scores: Tensor, threshold: float) -> Tensor:
    return boxes[greedy(boxes, scores, threshold)]


@nms.mistake(
    "a mask instead of indices",
    "You return a mask of the boxes that are kept; return their indices, by decreasing score.",
)
def _(boxes: Tensor, scores: Tensor, threshold: float) -> Tensor:
    mask = torch.zeros(len(boxes), dtype=torch.bool, device=boxes.device)
    mask[greedy(boxes, scores, threshold)] = True
    return mask


@nms.mistake(
    "a list",
    "You return a list; turn it into a tensor of dtype int64.",
)
def _(boxes: Tensor, scores: Tensor, threshold: float) -> Any:
    return greedy(boxes, scores, threshold).tolist()


@nms.mistake(
    "floats where there are no boxes",
    "torch.tensor of an empty list is float32; give it dtype=torch.int64.",
)
def _(boxes: Tensor, scores: Tensor, threshold: float) -> Tensor:
    kept = greedy(boxes, scores, threshold).tolist()
    return torch.tensor(kept, device=boxes.device)


@nms.mistake(
    "no boxes not thought of",
    "torch.stack refuses an empty list, which is what is kept where there are no boxes; begin with "
    "an empty tensor of dtype int64.",
)
def _(boxes: Tensor, scores: Tensor, threshold: float) -> Tensor:
    return torch.stack(list(greedy(boxes, scores, threshold)))


@nms.mistake(
    "the best taken without looking",
    "You take the best box without looking whether there is one; argmax refuses an empty tensor.",
)
def _(boxes: Tensor, scores: Tensor, threshold: float) -> Tensor:
    scores.argmax()
    return greedy(boxes, scores, threshold)


@nms.mistake(
    "writes into the scores",
    "You overwrite the scores of the boxes you are done with, and the caller still needs them; "
    "work on a copy, or keep a mask.",
)
def _(boxes: Tensor, scores: Tensor, threshold: float) -> Tensor:
    kept = greedy(boxes, scores, threshold)
    scores[:] = -torch.inf
    return kept


@nms.mistake(
    "NaN where there is no area",
    "For two boxes without an area you divide 0 by 0, and NaN <= threshold is False, so one of "
    "them is dropped; their overlap is 0, and both stay.",
)
def _(boxes: Tensor, scores: Tensor, threshold: float) -> Tensor:
    return walk(~(unguarded(boxes) <= threshold), scores.argsort(descending=True))


def unguarded(boxes: Tensor) -> Tensor:
    """Return the overlap of each two boxes, NaN for two that have no area."""
    both, areas = common(boxes, boxes), area(boxes)
    return both / (areas[:, None] + areas - both)


@nms.mistake(
    "negative coordinates cut off",
    "You clamp the coordinates of the boxes at 0, but boxes may reach below it; clamp the sides of "
    "the intersection only.",
)
def _(boxes: Tensor, scores: Tensor, threshold: float) -> Tensor:
    return greedy(boxes.clamp(min=0), scores, threshold)


@nms.mistake(
    "by the absolute value of the score",
    "You sort by the absolute value of the scores; sort the scores as they are: -1 is higher than "
    "-5.",
)
def _(boxes: Tensor, scores: Tensor, threshold: float) -> Tensor:
    return greedy(boxes, scores.abs(), threshold)
