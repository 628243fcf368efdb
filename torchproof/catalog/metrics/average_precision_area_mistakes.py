"""What goes wrong in the area below precision over recall, in `mean_average_precision`."""

from collections.abc import Callable

from torchproof.catalog.metrics.mean_average_precision import (
    Image,
    area,
    classes,
    mean_average_precision,
    precisions,
)
from torchproof.catalog.metrics.mean_average_precision_mistakes import evaluate

Area = Callable[[list[bool], int], float]
"""The area of a list of hits, by decreasing score, and the number of truths."""


def _area(name: str, hint: str) -> Callable[[Area], Area]:
    """Add a mistake in the area."""

    def add(wrong: Area) -> Area:
        @mean_average_precision.mistake(name, hint)
        def _(detections: list[Image], truths: list[Image], threshold: float) -> float:
            return evaluate(detections, truths, threshold, area=wrong)

        return wrong

    return add


@_area(
    "missed truths not counted",
    "You take the recall as a share of the truths that were found; divide by the number of all "
    "truths of the class.",
)
def _(found: list[bool], truths: int) -> float:
    return area(found, max(sum(found), 1))


@_area(
    "precision as it is",
    "You sum the precision as it is at each step of the recall; first replace it by the largest "
    "precision from there on.",
)
def _(found: list[bool], truths: int) -> float:
    return _plain(found, truths)


@_area(
    "precision as it is, and missed truths not counted",
    "Two things: first replace the precision by the largest one from there on; and divide by the "
    "number of all truths of the class, not only of those found.",
)
def _(found: list[bool], truths: int) -> float:
    precision = precisions(found)
    return sum(p for p, hit in zip(precision, found, strict=True) if hit) / max(sum(found), 1)


@mean_average_precision.mistake(
    "precision as it is, and no truths not thought of",
    "Two things: first replace the precision by the largest one from there on; and where there "
    "are no truths there is no class to average over: return 0.0 then.",
)
def _(detections: list[Image], truths: list[Image], threshold: float) -> float:
    result = evaluate(detections, truths, threshold, area=_plain)
    return result if classes(truths) else result / 0


def _plain(found: list[bool], truths: int) -> float:
    precision = precisions(found)
    return sum(p for p, hit in zip(precision, found, strict=True) if hit) / truths


@_area(
    "largest precision up to there",
    "You replace the precision by the largest one up to there; take the largest from there on, to "
    "the right.",
)
def _(found: list[bool], truths: int) -> float:
    precision = precisions(found)
    return sum(max(precision[: k + 1]) for k, hit in enumerate(found) if hit) / truths


def _points(found: list[bool], truths: int, number: int) -> float:
    """Return the mean of the largest precision at a number of recalls from 0 to 1."""
    precision = precisions(found)
    recall = [sum(found[: k + 1]) / truths for k in range(len(found))]
    total = 0.0
    for i in range(number):
        least = i / (number - 1) - 1e-9
        reached = [p for p, r in zip(precision, recall, strict=True) if r >= least]
        total += max(reached, default=0.0)
    return total / number


@_area(
    "11 points of recall",
    "You average the precision at 11 points of recall, as PASCAL VOC did before 2010; sum it over "
    "every step of the recall.",
)
def _(found: list[bool], truths: int) -> float:
    return _points(found, truths, 11)


@_area(
    "101 points of recall",
    "You average the precision at 101 points of recall, as COCO does; sum it over every step of "
    "the recall.",
)
def _(found: list[bool], truths: int) -> float:
    return _points(found, truths, 101)


@_area(
    "trapezoids",
    "You join the points of the curve by straight lines and take the area below; the precision is "
    "a staircase, which keeps its value over the whole step of the recall that ends there.",
)
def _(found: list[bool], truths: int) -> float:
    precision = [1.0, *precisions(found)]
    pairs = zip(precision, precision[1:], found, strict=False)
    return sum((before + after) / 2 for before, after, hit in pairs if hit) / truths


@_area(
    "the last precision",
    "You return the precision of all detections; take the area below the precision over the "
    "recall, which follows them one by one.",
)
def _(found: list[bool], truths: int) -> float:
    return sum(found) / max(len(found), 1)


@_area(
    "the last recall",
    "You return the recall of all detections; take the area below the precision over the recall, "
    "which follows them one by one.",
)
def _(found: list[bool], truths: int) -> float:
    return sum(found) / truths


@_area(
    "averaged over the detections",
    "You divide by the number of detections; divide by the number of truths of the class, for each "
    "hit is a step of 1 / truths in the recall.",
)
def _(found: list[bool], truths: int) -> float:
    return area(found, max(len(found), 1))


@_area(
    "every detection summed",
    "You add the precision up at every detection; only where one hits does the recall take a step.",
)
def _(found: list[bool], truths: int) -> float:
    precision = precisions(found)
    return sum(max(precision[k:]) for k in range(len(found))) / truths
