"""What goes wrong in matching detections with truths."""

from collections.abc import Callable

from torchproof.catalog.metrics.mean_average_precision import (
    Image,
    Row,
    area,
    classes,
    count,
    hits,
    mean_average_precision,
    rows,
)
from torchproof.catalog.metrics.overlaps import SLIPS, Overlap, sentence


def evaluate(
    detections: list[Image],
    truths: list[Image],
    threshold: float,
    *,
    rows: Callable[[list[Image], list[Image], int], list[Row]] = rows,
    hits: Callable[[list[Row], float], list[bool]] = hits,
    area: Callable[[list[bool], int], float] = area,
) -> float:
    """Return the mean average precision with a part of it changed."""
    areas = [
        area(hits(rows(detections, truths, label), threshold), count(truths, label))
        for label in classes(truths)
    ]
    return sum(areas) / len(areas) if areas else 0.0


def _slip(name: str, fault: str, overlap: Overlap) -> None:
    """Add the mistake of another measure of overlap."""

    @mean_average_precision.mistake(name, sentence(fault))
    def _(detections: list[Image], truths: list[Image], threshold: float) -> float:
        def other(seen: list[Image], true: list[Image], label: int) -> list[Row]:
            return rows(seen, true, label, overlap)

        return evaluate(detections, truths, threshold, rows=other)


for _name, (_fault, _overlap) in SLIPS.items():
    _slip(_name, _fault, _overlap)


def _matching(name: str, hint: str) -> Callable[[Callable[[list[Row], float], list[bool]]], None]:
    """Add a mistake in which detections are hits."""

    def add(wrong: Callable[[list[Row], float], list[bool]]) -> None:
        @mean_average_precision.mistake(name, hint)
        def _(detections: list[Image], truths: list[Image], threshold: float) -> float:
            return evaluate(detections, truths, threshold, hits=wrong)

    return add


@_matching(
    "a truth matched twice",
    "You count every detection of a truth as a hit; the first one takes it, and the others are "
    "false alarms.",
)
def _(found: list[Row], threshold: float) -> list[bool]:
    return [bool(overlaps) and max(overlaps) >= threshold for *_, overlaps in found]


@_matching(
    "> in place of >=",
    "A detection whose overlap equals the threshold is no hit in your answer, and should be one: "
    "compare with >=, and add nothing to the denominator of the overlap.",
)
def _(found: list[Row], threshold: float) -> list[bool]:
    above = [
        (score, image, [overlap if overlap > threshold else 0.0 for overlap in overlaps])
        for score, image, overlaps in found
    ]
    return hits(above, threshold)


@_matching(
    "threshold ignored",
    "You count a detection that overlaps a truth at all as a hit; the overlap must be at least the "
    "threshold.",
)
def _(found: list[Row], threshold: float) -> list[bool]:
    return hits(found, 1e-9)


@_matching(
    "a threshold of 0.5",
    "You ask for an overlap of 0.5 whatever the threshold is; compare with threshold.",
)
def _(found: list[Row], threshold: float) -> list[bool]:
    return hits(found, 0.5)


def _first_free(
    found: list[Row], threshold: float, order: Callable[[list[float]], list[int]]
) -> list[bool]:
    """Give each detection the first truth in an order that is free and overlaps enough."""
    taken: set[tuple[int, int]] = set()
    result = []
    for _, image, overlaps in found:
        free = [i for i in order(overlaps) if (image, i) not in taken and overlaps[i] >= threshold]
        taken.update((image, i) for i in free[:1])
        result.append(bool(free))
    return result


@_matching(
    "the best of the free truths",
    "Where the truth that a detection overlaps best is taken you give it another one, as COCO "
    "does; here it is a false alarm, as in PASCAL VOC.",
)
def _(found: list[Row], threshold: float) -> list[bool]:
    return _first_free(found, threshold, lambda o: sorted(range(len(o)), key=lambda i: -o[i]))


@_matching(
    "the first truth that fits",
    "You give a detection the first free truth that it overlaps enough; it belongs to the one that "
    "it overlaps best, and is a false alarm where that is taken.",
)
def _(found: list[Row], threshold: float) -> list[bool]:
    return _first_free(found, threshold, lambda o: list(range(len(o))))


@_matching(
    "the better overlap wins",
    "Of several detections of one truth you count the one that lies best; the one of the highest "
    "score takes the truth.",
)
def _(found: list[Row], threshold: float) -> list[bool]:
    best: dict[tuple[int, int], tuple[float, int]] = {}
    for k, (_, image, overlaps) in enumerate(found):
        if overlaps and max(overlaps) >= threshold:
            place = (image, overlaps.index(max(overlaps)))
            best[place] = max(best.get(place, (0.0, 0)), (max(overlaps), -k))
    winners = {-k for _, k in best.values()}
    return [k in winners for k in range(len(found))]


@_matching(
    "every near truth hit",
    "In your answer a detection takes all the truths that it overlaps enough, and they are lost "
    "to later ones; it takes only the one that it overlaps best.",
)
def _(found: list[Row], threshold: float) -> list[bool]:
    taken: set[tuple[int, int]] = set()
    result = []
    for _, image, overlaps in found:
        near = {(image, i) for i, overlap in enumerate(overlaps) if overlap >= threshold}
        result.append(bool(near - taken))
        taken |= near
    return result


@_matching(
    "sorted per image",
    "You sort the detections of each image and put the images one after another; sort those of all "
    "images together.",
)
def _(found: list[Row], threshold: float) -> list[bool]:
    return hits(sorted(found, key=lambda row: row[1]), threshold)


@_matching(
    "the lowest score first",
    "You begin with the lowest score; sort the detections by decreasing score.",
)
def _(found: list[Row], threshold: float) -> list[bool]:
    return hits(found[::-1], threshold)


@_matching(
    "second detections left out",
    "You leave out further detections of a truth that is taken; they are false alarms and lower "
    "the precision.",
)
def _(found: list[Row], threshold: float) -> list[bool]:
    right = hits(found, threshold)
    pairs = zip(found, right, strict=True)
    return [hit for (*_, overlaps), hit in pairs if hit or max(overlaps, default=0) < threshold]


@_matching(
    "images without truths left out",
    "You leave out the detections in images that have no truth of their class; they are false "
    "alarms and lower the precision.",
)
def _(found: list[Row], threshold: float) -> list[bool]:
    return hits([row for row in found if row[2]], threshold)
