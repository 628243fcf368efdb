"""What goes wrong in keeping images and classes apart, and in the mean over classes."""

from collections.abc import Callable
from typing import Any

import torch

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
from torchproof.catalog.metrics.mean_average_precision_mistakes import evaluate


@mean_average_precision.mistake(
    "images not kept apart",
    "You match detections with the truths of all images; a detection can only hit a truth of its "
    "own image.",
)
def _(detections: list[Image], truths: list[Image], threshold: float) -> float:
    return evaluate([_joined(detections)], [_joined(truths)], threshold)


def _joined(images: list[Image]) -> Image:
    none = {"boxes": torch.empty(0, 4), "labels": torch.empty(0), "scores": torch.empty(0)}
    keys = images[0].keys() if images else ()
    return {key: torch.cat([image[key] for image in images]) for key in keys} or none


@mean_average_precision.mistake(
    "images averaged",
    "You take the mean of a value for each image; put the detections of all images together and "
    "take the area once for each class.",
)
def _(detections: list[Image], truths: list[Image], threshold: float) -> float:
    each = [
        evaluate([seen], [true], threshold) for seen, true in zip(detections, truths, strict=True)
    ]
    return sum(each) / len(each) if each else 0.0


@mean_average_precision.mistake(
    "classes pooled",
    "You leave the labels out of account; match only what has the same label, and take an area for "
    "each class.",
)
def _(detections: list[Image], truths: list[Image], threshold: float) -> float:
    return evaluate(_of_one_class(detections), _of_one_class(truths), threshold)


def _of_one_class(images: list[Image]) -> list[Image]:
    return [image | {"labels": torch.zeros_like(image["labels"])} for image in images]


@mean_average_precision.mistake(
    "labels not compared in matching",
    "Your detections of a class also hit truths of other classes; compare with the truths of the "
    "same label only.",
)
def _(detections: list[Image], truths: list[Image], threshold: float) -> float:
    def other(seen: list[Image], true: list[Image], label: int) -> list[Row]:
        mine = [{key: of[each["labels"] == label] for key, of in each.items()} for each in seen]
        return rows(_of_one_class(mine), _of_one_class(true), 0)

    return evaluate(detections, truths, threshold, rows=other)


@mean_average_precision.mistake(
    "the best truth of any class",
    "You look for the best truth among those of all classes and compare the labels only then; look "
    "among the truths of the detection's own class.",
)
def _(detections: list[Image], truths: list[Image], threshold: float) -> float:
    def other(seen: list[Image], true: list[Image], label: int) -> list[Row]:
        mine = [{key: of[each["labels"] == label] for key, of in each.items()} for each in seen]
        every = rows(_of_one_class(mine), _of_one_class(true), 0)
        best = [max(overlaps, default=0.0) for *_, overlaps in every]
        return [
            (score, image, own if max(own, default=0.0) == most else [])
            for (score, image, own), most in zip(rows(seen, true, label), best, strict=True)
        ]

    return evaluate(detections, truths, threshold, rows=other)


@mean_average_precision.mistake(
    "the classes of the first image",
    "You average over the classes that occur in the first image; collect those of all images.",
)
def _(detections: list[Image], truths: list[Image], threshold: float) -> float:
    areas = [
        area(hits(rows(detections, truths, label), threshold), count(truths, label))
        for label in classes(truths[:1])
    ]
    return sum(areas) / max(len(areas), 1)


@mean_average_precision.mistake(
    "one curve for all classes",
    "You sort the detections of all classes into one list and take one area; take an area for each "
    "class, and then their mean.",
)
def _(detections: list[Image], truths: list[Image], threshold: float) -> float:
    judged: list[tuple[float, bool]] = []
    for label in sorted({*classes(detections), *classes(truths)}):
        found = rows(detections, truths, label)
        judged += zip([row[0] for row in found], hits(found, threshold), strict=True)
    number = sum(count(truths, label) for label in classes(truths))
    in_order = [hit for _, hit in sorted(judged, reverse=True)]
    return area(in_order, number) if number else 0.0


def _averaged(
    name: str, hint: str
) -> Callable[[Callable[[dict[int, float], list[Image], list[Image]], Any]], None]:
    """Add a mistake in how the areas of the classes of truths become one number."""

    def add(wrong: Callable[[dict[int, float], list[Image], list[Image]], Any]) -> None:
        @mean_average_precision.mistake(name, hint)
        def _(detections: list[Image], truths: list[Image], threshold: float) -> Any:
            areas = {
                label: area(hits(rows(detections, truths, label), threshold), count(truths, label))
                for label in classes(truths)
            }
            return wrong(areas, detections, truths)

    return add


@_averaged(
    "classes without truths counted as 0",
    "You count classes that occur in the detections only as 0; average over the classes that occur "
    "in the truths.",
)
def _(areas: dict[int, float], detections: list[Image], truths: list[Image]) -> float:
    return sum(areas.values()) / max(len({*areas, *classes(detections)}), 1)


@_averaged(
    "classes never detected left out",
    "You average over the classes that are detected; one that is never detected counts as 0.",
)
def _(areas: dict[int, float], detections: list[Image], truths: list[Image]) -> float:
    seen = [value for label, value in areas.items() if label in classes(detections)]
    return sum(seen) / max(len(seen), 1)


@_averaged(
    "classes weighted",
    "You weight each class by its number of truths; every class counts the same in the mean.",
)
def _(areas: dict[int, float], detections: list[Image], truths: list[Image]) -> float:
    total = sum(count(truths, label) for label in areas)
    return sum(value * count(truths, label) for label, value in areas.items()) / max(total, 1)


@_averaged(
    "summed over classes",
    "You add the classes up; divide by their number.",
)
def _(areas: dict[int, float], detections: list[Image], truths: list[Image]) -> float:
    return float(sum(areas.values()))


@_averaged(
    "classes counted from 0",
    "You divide by the largest label + 1; labels can be any numbers, so divide by how many "
    "different ones occur in the truths.",
)
def _(areas: dict[int, float], detections: list[Image], truths: list[Image]) -> float:
    return sum(areas.values()) / (max(areas, default=0) + 1)


@_averaged(
    "no truths not thought of",
    "Where there are no truths there is no class to average over, and you divide by 0; return 0.0 "
    "then.",
)
def _(areas: dict[int, float], detections: list[Image], truths: list[Image]) -> float:
    return sum(areas.values()) / len(areas)


@_averaged(
    "NaN without truths",
    "Where there are no truths the mean of no numbers is NaN; return 0.0 then.",
)
def _(areas: dict[int, float], detections: list[Image], truths: list[Image]) -> float:
    return sum(areas.values()) / len(areas) if areas else float("nan")


@_averaged(
    "a tensor",
    "Your result is a tensor; a Python float is asked for, as .item() gives.",
)
def _(areas: dict[int, float], detections: list[Image], truths: list[Image]) -> Any:
    return torch.tensor(list(areas.values())).mean() if areas else torch.tensor(0.0)


@mean_average_precision.mistake(
    "writes into the detections",
    "You sort the caller's detections themselves; sort a copy.",
)
def _(detections: list[Image], truths: list[Image], threshold: float) -> float:
    result = evaluate(detections, truths, threshold)
    for image in detections:
        order = image["scores"].argsort(descending=True)
        image.update({key: value[order] for key, value in image.items()})
    return result
