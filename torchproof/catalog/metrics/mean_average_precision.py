"""How well objects are found: the mean over classes of the area below precision over recall."""

import torch
from torch import Tensor

from torchproof.catalog.metrics.nms import distinct_scores
from torchproof.catalog.metrics.overlaps import BOX_FUNCTIONS, GROUPS, Overlap, boxes, iou, moved
from torchproof.checking.cases import FLOATS, Cases, Draw, extremes, shapes, values
from torchproof.checking.exercise import exercise

Image = dict[str, Tensor]
"""The boxes of one image, (n, 4), their labels, (n,), and, where detected, their scores, (n,)."""

Row = tuple[float, int, list[float]]
"""A detection: its score, its image, and its overlap with each truth there of its class."""


@exercise(groups=GROUPS, not_allowed=(*BOX_FUNCTIONS, "average_precision_score"))
def mean_average_precision(detections: list[Image], truths: list[Image], threshold: float) -> float:
    """Return the mean, over the classes that occur in truths, of their average precision.

    Matching and area are those of PASCAL VOC since 2010: a detection belongs to the truth of its
    image and class that it overlaps best, and is a hit if that overlap is at least the threshold
    and no detection of a higher score has hit the truth before; the area is below the precision
    made non-increasing in the recall. 0 where there are no truths.

    Composed: scikit-learn has no matching, and torchmetrics needs pycocotools and takes the area
    at 101 points of recall, as COCO does.
    """
    areas = []
    for label in classes(truths):
        found = hits(rows(detections, truths, label), threshold)
        areas.append(area(found, count(truths, label)))
    return sum(areas) / len(areas) if areas else 0.0


def classes(images: list[Image]) -> list[int]:
    """Return the labels that occur, in order."""
    return sorted({label for image in images for label in image["labels"].tolist()})


def count(truths: list[Image], label: int) -> int:
    """Return the number of truths of a class in all images."""
    return sum(int((image["labels"] == label).sum()) for image in truths)


def rows(
    detections: list[Image], truths: list[Image], label: int, overlap: Overlap = iou
) -> list[Row]:
    """Return the detections of a class in all images by decreasing score."""
    found: list[Row] = []
    for index, (seen, true) in enumerate(zip(detections, truths, strict=True)):
        mine = seen["labels"] == label
        overlaps = overlap(seen["boxes"][mine], true["boxes"][true["labels"] == label]).tolist()
        scores = seen["scores"][mine].tolist()
        found += [(score, index, line) for score, line in zip(scores, overlaps, strict=True)]
    return sorted(found, key=lambda row: -row[0])


def hits(found: list[Row], threshold: float) -> list[bool]:
    """Tell of each detection whether it hits a truth that was free."""
    taken: set[tuple[int, int]] = set()
    result = []
    for _, image, overlaps in found:
        best = max(overlaps, default=0.0)
        hit = bool(overlaps) and best >= threshold
        place = (image, overlaps.index(best)) if hit else None
        result.append(place is not None and place not in taken)
        if place is not None:
            taken.add(place)
    return result


def area(found: list[bool], truths: int) -> float:
    """Return the area below the precision, made non-increasing, over the recall."""
    precision = precisions(found)
    return sum(max(precision[k:]) for k, hit in enumerate(found) if hit) / truths


def precisions(found: list[bool]) -> list[float]:
    """Return the share of hits among the first detections, for each number of them."""
    return [sum(found[: k + 1]) / (k + 1) for k in range(len(found))]


def scene(
    draw: Draw, threshold: float, dtype: torch.dtype, labels: tuple[int, ...] = (2, 5, 11)
) -> dict[str, list[Image]]:
    """Return two images with truths that are hit, hit twice, nearly hit or missed, and more."""
    seen: list[list[tuple[Tensor, int]]] = []
    true: list[list[tuple[Tensor, int]]] = []
    for index in range(2):
        grid = [torch.tensor([7.0 * (i % 4), 7.0 * (i // 4)] * 2, dtype=dtype) for i in range(8)]
        placed = [boxes(draw, 1, 1, dtype)[0] + cell for cell in grid]
        mine = [labels[draw.size(0, len(labels) - 1)] for _ in range(6)]
        mine[:2] = labels[-1 - index % len(labels)], labels[0]
        true.append(list(zip(placed[:6], mine, strict=True)))
        near, almost = threshold + draw.number(0.15, 0.2), threshold - 0.1
        other = (*labels, 99)[(labels.index(mine[3]) + 1)]
        each = [(near, mine[0], 0), (threshold + 0.1, mine[0], 0), (0.97, mine[1], 1)]
        each += [(almost, mine[2], 2), (0.96, other, 3), (near, mine[4], 4)]
        seen.append([(moved(placed[at], i, draw.size(0, 1)), label) for i, label, at in each])
        seen[-1].append((placed[6], mine[1]))
        seen[-1].append((placed[7], mine[5]))
    scores = distinct_scores(draw, 16, dtype).view(2, 8)
    detections = [_image(each) | {"scores": s} for each, s in zip(seen, scores, strict=True)]
    return {"detections": detections, "truths": [_image(each) for each in true]}


def _image(each: list[tuple[Tensor, int]]) -> Image:
    labels = torch.tensor([label for _, label in each], dtype=torch.int64)
    return {"boxes": torch.stack([box for box, _ in each]), "labels": labels}


def _box(at: float, overlap: float = 1.0) -> Tensor:
    """Return a box 4 wide at a place from left to right, moved right by its overlap with itself."""
    return moved(torch.tensor([10 * at, 0.0, 10 * at + 4, 4.0]), overlap, 0)


def _seen(*each: tuple[Tensor, int, float]) -> Image:
    if not each:
        return _true() | {"scores": torch.empty(0)}
    scores = torch.tensor([score for *_, score in each])
    return _image([(box, label) for box, label, _ in each]) | {"scores": scores}


def _true(*each: tuple[Tensor, int]) -> Image:
    if not each:
        return {"boxes": torch.empty(0, 4), "labels": torch.empty(0, dtype=torch.int64)}
    return _image(list(each))


@mean_average_precision.cases
def _(draw: Draw) -> Cases:
    for dtype, threshold in zip(FLOATS, (0.5, draw.number(0.55, 0.75)), strict=True):
        yield values(**scene(draw, threshold, dtype), threshold=threshold)
    yield values("one class", **scene(draw, 0.4, torch.float32, labels=(3,)), threshold=0.4)
    two = [_true((_box(0), 1), (_box(1), 1))]
    twice = [_seen((_box(0), 1, 0.9), (_box(0, 0.8), 1, 0.8), (_box(1), 1, 0.7))]
    yield extremes("a truth found twice", detections=twice, truths=two, threshold=0.5)
    better = [_seen((_box(0, 0.6), 1, 0.9), (_box(0), 1, 0.8))]
    yield extremes("the lower score lies better", detections=better, truths=two, threshold=0.5)
    both = [_true((_box(0), 1)), _true((_box(1), 1))]
    spread = [_seen((_box(0), 1, 0.9), (_box(5), 1, 0.3)), _seen((_box(1), 1, 0.8))]
    yield extremes("scores of two images", detections=spread, truths=both, threshold=0.5)
    crossed = [_seen((_box(1), 1, 0.9)), _seen((_box(1), 1, 0.8))]
    yield extremes("at a truth of another image", detections=crossed, truths=both, threshold=0.5)
    yield from _classes()
    yield from _close_truths()
    yield from _not_enough()
    equal = [_seen((torch.tensor([0.0, 0.0, 4.0, 2.0]), 1, 0.9))]
    yield extremes("IoU equal to the threshold", detections=equal, truths=both[:1], threshold=0.5)
    rising = [(_box(5 + i), 1, 0.9 - 0.1 * i) for i in range(2)] + [(_box(0), 1, 0.5)]
    rising += [(_box(7), 1, 0.3), (_box(1), 1, 0.4)]
    yield extremes("precision that rises", detections=[_seen(*rising)], truths=two, threshold=0.5)
    blank = [_seen(), spread[1]]
    yield extremes("an image without detections", detections=blank, truths=both, threshold=0.5)
    bare = [*both[:1], _true()]
    alarm = [_seen((_box(0), 1, 0.6)), _seen((_box(1), 1, 0.8))]
    yield extremes("an image without truths", detections=alarm, truths=bare, threshold=0.5)
    yield extremes("no detections", detections=[_seen()], truths=two, threshold=0.5)
    yield extremes("no truths", detections=crossed, truths=[_true(), _true()], threshold=0.5)
    yield extremes("no images", detections=[], truths=[], threshold=0.5)
    for dtype in FLOATS:
        yield shapes(**scene(draw, 0.6, dtype), threshold=0.6)


def _classes() -> Cases:
    two = [_true((_box(0), 1), (_box(1), 2))]
    one = [_seen((_box(0), 1, 0.9))]
    yield extremes("a class never detected", detections=one, truths=two, threshold=0.5)
    more = [_seen((_box(0), 1, 0.9), (_box(1), 2, 0.8), (_box(2), 3, 0.95))]
    yield extremes("a class without truths", detections=more, truths=two, threshold=0.5)
    later = [_true((_box(0), 1)), _true((_box(1), 2))]
    first = [_seen((_box(0), 1, 0.9)), _seen((_box(5), 2, 0.8))]
    yield extremes("a class of the second image", detections=first, truths=later, threshold=0.5)
    wrong = [_seen((_box(0), 2, 0.9), (_box(1), 2, 0.8))]
    yield extremes("at a truth of another class", detections=wrong, truths=two, threshold=0.5)
    lower, upper = _box(0), _box(0, 0.7)
    crowded = [_true((lower, 1), (upper, 2))]
    between = [_seen((upper, 1, 0.9))]
    note = "a truth of another class overlaps better"
    yield extremes(note, detections=between, truths=crowded, threshold=0.5)


def _close_truths() -> Cases:
    near = torch.tensor([[0.0, 0.0, 10.0, 4.0], [2.0, 0.0, 12.0, 4.0]])
    truths = [_true((near[0], 1), (near[1], 1))]
    taken = [_seen((near[0], 1, 0.9), (near[0] + torch.tensor([0.5, 0, 0.5, 0]), 1, 0.8))]
    yield extremes("the best truth is taken", detections=taken, truths=truths, threshold=0.5)
    aside = near[0] - torch.tensor([1.0, 0, 1.0, 0])
    better = [_seen((near[1], 1, 0.9), (aside, 1, 0.8))]
    yield extremes("two truths close together", detections=better, truths=truths, threshold=0.6)


def _not_enough() -> Cases:
    """Yield cases of one detection and one truth that it does not hit."""
    truth, small = _box(0), torch.tensor([0.0, 0.0, 1.0, 1.0])
    for note, true, seen in (
        ("apart in both directions", truth, truth + 7.9),
        ("a little overlap", truth, _box(0, 0.2)),
        ("not quite enough overlap", truth, _box(0, 0.4)),
        ("a box inside the truth", truth, torch.tensor([1.0, 1.0, 3.0, 3.0])),
        ("small boxes", small, moved(small, 0.3, 1)),
    ):
        detections, truths = [_seen((seen, 1, 0.9))], [_true((true, 1))]
        yield extremes(note, detections=detections, truths=truths, threshold=0.5)
