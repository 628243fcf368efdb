"""What goes wrong in keeping the best of boxes that overlap, class by class."""

from typing import Any

import torch
from torch import Tensor

from torchproof.catalog.metrics.batched_nms import batched_nms
from torchproof.catalog.metrics.nms_mistakes import greedy, unguarded, walk
from torchproof.catalog.metrics.overlaps import SLIPS, Overlap, iou, sentence


def _same(labels: Tensor) -> Tensor:
    return labels[:, None] == labels


def _right(
    boxes: Tensor, scores: Tensor, labels: Tensor, threshold: float, overlap: Overlap = iou
) -> Tensor:
    drops = (overlap(boxes, boxes) > threshold) & _same(labels)
    return walk(drops, scores.argsort(descending=True))


def _slip(name: str, fault: str, overlap: Overlap) -> None:
    """Add the mistake of another measure of overlap."""

    @batched_nms.mistake(name, sentence(fault))
    def _(boxes: Tensor, scores: Tensor, labels: Tensor, threshold: float) -> Tensor:
        return _right(boxes, scores, labels, threshold, overlap)


for _name, (_fault, _overlap) in SLIPS.items():
    _slip(_name, _fault, _overlap)


@batched_nms.mistake(
    "nms across classes",
    "A box drops boxes of other classes in your answer; compare those of the same label only.",
)
def _(boxes: Tensor, scores: Tensor, labels: Tensor, threshold: float) -> Tensor:
    return greedy(boxes, scores, threshold)


@batched_nms.mistake(
    "only between classes",
    "You compare boxes of different labels; a box can only drop one of its own label.",
)
def _(boxes: Tensor, scores: Tensor, labels: Tensor, threshold: float) -> Tensor:
    drops = (iou(boxes, boxes) > threshold) & ~_same(labels)
    return walk(drops, scores.argsort(descending=True))


@batched_nms.mistake(
    "class after class",
    "You return the boxes of one class after those of another; return all of them by decreasing "
    "score.",
)
def _(boxes: Tensor, scores: Tensor, labels: Tensor, threshold: float) -> Tensor:
    kept = _right(boxes, scores, labels, threshold)
    return kept[labels[kept].argsort(stable=True)]


@batched_nms.mistake(
    "returned by index",
    "You keep the right boxes but return them by increasing index, as nonzero finds them; return "
    "them by decreasing score.",
)
def _(boxes: Tensor, scores: Tensor, labels: Tensor, threshold: float) -> Tensor:
    return _right(boxes, scores, labels, threshold).sort().values


@batched_nms.mistake(
    "returned by increasing score",
    "You keep the right boxes but return the lowest score first; return them by decreasing score.",
)
def _(boxes: Tensor, scores: Tensor, labels: Tensor, threshold: float) -> Tensor:
    return _right(boxes, scores, labels, threshold).flip(0)


@batched_nms.mistake(
    "indices within the class",
    "Your indices count the boxes of one class; count all boxes, by taking the indices of the "
    "class at yours.",
)
def _(boxes: Tensor, scores: Tensor, labels: Tensor, threshold: float) -> Tensor:
    kept = _right(boxes, scores, labels, threshold)
    return (_same(labels).cumsum(dim=1).diagonal() - 1)[kept]


@batched_nms.mistake(
    "indices within the class, class after class",
    "Two things: your indices count the boxes of one class, and all should be counted; and the "
    "classes follow one another, where all boxes should come by decreasing score.",
)
def _(boxes: Tensor, scores: Tensor, labels: Tensor, threshold: float) -> Tensor:
    kept = _right(boxes, scores, labels, threshold)
    kept = kept[labels[kept].argsort(stable=True)]
    return (_same(labels).cumsum(dim=1).diagonal() - 1)[kept]


@batched_nms.mistake(
    "labels up to their number",
    "You go through the labels 0, 1, ... up to the number of classes that occur, and labels can "
    "be any numbers; go through labels.unique().",
)
def _(boxes: Tensor, scores: Tensor, labels: Tensor, threshold: float) -> Tensor:
    kept = _right(boxes, scores, labels, threshold)
    return kept[labels[kept] < len(set(labels.tolist()))]


@batched_nms.mistake(
    "the last class left out",
    "You leave out the class of the largest label; range(n) ends before n.",
)
def _(boxes: Tensor, scores: Tensor, labels: Tensor, threshold: float) -> Tensor:
    kept = _right(boxes, scores, labels, threshold)
    return kept[labels[kept] < labels.max()] if len(labels) else kept


@batched_nms.mistake(
    "moved apart too little",
    "You move each class away by the largest coordinate, which is not enough where coordinates are "
    "negative; the whole width counts, the largest minus the smallest.",
)
def _(boxes: Tensor, scores: Tensor, labels: Tensor, threshold: float) -> Tensor:
    if len(boxes) == 0:
        return labels
    away = labels * (boxes.max() + 1)
    return greedy(boxes + away[:, None], scores, threshold)


def _shifted(by: float) -> None:
    """Add the mistake of moving classes apart by a number that does not depend on the boxes."""

    @batched_nms.mistake(
        f"moved apart by {by:.0f}",
        "You move each class away by the same number whatever the boxes are, and large boxes of "
        "two classes still meet; move by their whole width, the largest coordinate minus the "
        "smallest, or compare labels.",
    )
    def _(boxes: Tensor, scores: Tensor, labels: Tensor, threshold: float) -> Tensor:
        return greedy(boxes + by * labels[:, None], scores, threshold)


_shifted(120.0)
_shifted(10_000.0)


@batched_nms.mistake(
    "one box for each class",
    "You keep the best box of each class only; a class keeps every box that no kept one of its "
    "own overlaps by more than the threshold.",
)
def _(boxes: Tensor, scores: Tensor, labels: Tensor, threshold: float) -> Tensor:
    return walk(_same(labels), scores.argsort(descending=True))


@batched_nms.mistake(
    "dropped at the threshold",
    "You drop a box whose overlap equals the threshold; only a greater one drops it.",
)
def _(boxes: Tensor, scores: Tensor, labels: Tensor, threshold: float) -> Tensor:
    drops = (iou(boxes, boxes) >= threshold) & _same(labels)
    return walk(drops, scores.argsort(descending=True))


@batched_nms.mistake(
    "sorted ascending",
    "You begin with the lowest score, as argsort does by itself; begin with the highest, as by "
    "descending=True.",
)
def _(boxes: Tensor, scores: Tensor, labels: Tensor, threshold: float) -> Tensor:
    return walk((iou(boxes, boxes) > threshold) & _same(labels), scores.argsort())


@batched_nms.mistake(
    "in the order given",
    "You go through the boxes in the order they are given in; go by decreasing score.",
)
def _(boxes: Tensor, scores: Tensor, labels: Tensor, threshold: float) -> Tensor:
    order = torch.arange(len(boxes), device=boxes.device)
    kept = walk((iou(boxes, boxes) > threshold) & _same(labels), order)
    return kept[scores[kept].argsort(descending=True)]


@batched_nms.mistake(
    "dropped boxes drop others",
    "A box that was dropped still drops others in your answer; compare with the kept boxes only.",
)
def _(boxes: Tensor, scores: Tensor, labels: Tensor, threshold: float) -> Tensor:
    order = scores.argsort(descending=True)
    drops = (iou(boxes, boxes) > threshold) & _same(labels)
    return order[~drops[order][:, order].triu(diagonal=1).any(dim=0)]


@batched_nms.mistake(
    "places in the sorted order",
    "You return places in the order of the scores; return those of the boxes as they were given, "
    "order[places].",
)
def _(boxes: Tensor, scores: Tensor, labels: Tensor, threshold: float) -> Tensor:
    kept = _right(boxes, scores, labels, threshold)
    return scores.argsort(descending=True).argsort()[kept]


@batched_nms.mistake(
    "threshold ignored",
    "You drop every box of the same class that overlaps at all; drop it where the overlap is "
    "greater than the threshold.",
)
def _(boxes: Tensor, scores: Tensor, labels: Tensor, threshold: float) -> Tensor:
    return _right(boxes, scores, labels, 0.0)


@batched_nms.mistake(
    "the labels",
    "You return the labels of the boxes that are kept; return their indices.",
)
def _(boxes: Tensor, scores: Tensor, labels: Tensor, threshold: float) -> Tensor:
    return labels[_right(boxes, scores, labels, threshold)]


@batched_nms.mistake(
    "a list",
    "You return a list; turn it into a tensor of dtype int64.",
)
def _(boxes: Tensor, scores: Tensor, labels: Tensor, threshold: float) -> Any:
    return _right(boxes, scores, labels, threshold).tolist()


@batched_nms.mistake(
    "floats where there are no boxes",
    "torch.tensor of an empty list is float32; give it dtype=torch.int64.",
)
def _(boxes: Tensor, scores: Tensor, labels: Tensor, threshold: float) -> Tensor:
    kept = _right(boxes, scores, labels, threshold).tolist()
    return torch.tensor(kept, device=boxes.device)


@batched_nms.mistake(
    "no boxes not thought of",
    "torch.cat refuses an empty list, which is what there is where no class occurs; begin with an "
    "empty tensor of dtype int64.",
)
def _(boxes: Tensor, scores: Tensor, labels: Tensor, threshold: float) -> Tensor:
    return torch.cat(list(_right(boxes, scores, labels, threshold)[:, None]))


@batched_nms.mistake(
    "writes into the boxes",
    "You move the boxes of each class apart in place, and the caller still needs them; make new "
    "ones.",
)
def _(boxes: Tensor, scores: Tensor, labels: Tensor, threshold: float) -> Tensor:
    kept = _right(boxes, scores, labels, threshold)
    boxes += 100 * labels[:, None]
    return kept


@batched_nms.mistake(
    "NaN where there is no area",
    "For two boxes without an area you divide 0 by 0, and NaN <= threshold is False, so one of "
    "them is dropped; their overlap is 0, and both stay.",
)
def _(boxes: Tensor, scores: Tensor, labels: Tensor, threshold: float) -> Tensor:
    drops = ~(unguarded(boxes) <= threshold) & _same(labels)
    return walk(drops, scores.argsort(descending=True))


@batched_nms.mistake(
    "class after class, and no boxes not thought of",
    "Two things: return the boxes of all classes by decreasing score, not one class after another; "
    "and torch.cat refuses an empty list, which is what there is where no class occurs.",
)
def _(boxes: Tensor, scores: Tensor, labels: Tensor, threshold: float) -> Tensor:
    kept = _right(boxes, scores, labels, threshold)
    return torch.cat([kept[labels[kept] == label] for label in sorted(set(labels.tolist()))])


@batched_nms.mistake(
    "indices within the class, class after class, and no boxes not thought of",
    "Three things: count the indices over all boxes, not within a class; return them by decreasing "
    "score over all classes; and torch.cat refuses an empty list, which is what there is where no "
    "class occurs.",
)
def _(boxes: Tensor, scores: Tensor, labels: Tensor, threshold: float) -> Tensor:
    each = [labels == label for label in sorted(set(labels.tolist()))]
    return torch.cat([greedy(boxes[mine], scores[mine], threshold) for mine in each])
