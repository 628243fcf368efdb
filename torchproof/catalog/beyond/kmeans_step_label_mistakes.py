"""Wrong steps of k-means: wrong labels, and wrong order."""

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from torchproof.catalog.beyond.kmeans_step import Step, kmeans_step, means, nearest, squares


@kmeans_step.mistake(
    "L1 distance",
    "You add up absolute differences, the L1 distance; the Euclidean one adds up their squares.",
)
def _(x: Tensor, centres: Tensor) -> Step:
    labels = (x[:, None] - centres).abs().sum(dim=-1).argmin(dim=1)
    return labels, means(x, centres, labels)


@kmeans_step.mistake(
    "largest difference",
    "You compare the largest difference in one feature; the Euclidean distance adds up the squares "
    "of all.",
)
def _(x: Tensor, centres: Tensor) -> Step:
    if not len(x):
        return nearest(x, centres), centres
    labels = (x[:, None] - centres).abs().amax(dim=-1).argmin(dim=1)
    return labels, means(x, centres, labels)


@kmeans_step.mistake(
    "differences not squared",
    "You add up the differences without squaring them, so those above and below cancel; square "
    "them first.",
)
def _(x: Tensor, centres: Tensor) -> Step:
    labels = (x[:, None] - centres).sum(dim=-1).abs().argmin(dim=1)
    return labels, means(x, centres, labels)


@kmeans_step.mistake(
    "first feature only",
    "You measure the distance in the first feature only; all features count.",
)
def _(x: Tensor, centres: Tensor) -> Step:
    labels = (x[:, None, 0] - centres[:, 0]).abs().argmin(dim=1)
    return labels, means(x, centres, labels)


@kmeans_step.mistake(
    "dot product",
    "You take the centre with the largest dot product, which favours centres far from 0; take the "
    "one at the smallest distance.",
)
def _(x: Tensor, centres: Tensor) -> Step:
    labels = (x @ centres.mT).argmax(dim=1)
    return labels, means(x, centres, labels)


@kmeans_step.mistake(
    "cosine similarity",
    "You compare directions, by the cosine or with rows scaled to length 1; take the centre at the "
    "smallest distance from the point as it is.",
)
def _(x: Tensor, centres: Tensor) -> Step:
    labels = F.cosine_similarity(x[:, None], centres, dim=-1).argmax(dim=1)
    return labels, means(x, centres, labels)


@kmeans_step.mistake(
    "farthest centre",
    "You take the farthest centre, as argmax does; take the nearest, argmin.",
)
def _(x: Tensor, centres: Tensor) -> Step:
    labels = squares(x, centres).argmax(dim=1)
    return labels, means(x, centres, labels)


@kmeans_step.mistake(
    "last of equally near centres",
    "Of equally near centres you take the last, as <= in a loop does; take the first, as argmin "
    "and < do.",
)
def _(x: Tensor, centres: Tensor) -> Step:
    labels = len(centres) - 1 - squares(x, centres).flip(1).argmin(dim=1)
    return labels, means(x, centres, labels)


@kmeans_step.mistake(
    "a label for each centre",
    "You look for the nearest point of each centre; look for the nearest centre of each point, "
    "and let argmin go along the centres.",
)
def _(x: Tensor, centres: Tensor) -> Step:
    return squares(x, centres).argmin(dim=0), means(x, centres, nearest(x, centres))


@kmeans_step.mistake(
    "expanded square",
    "You expand (x - c)² to x² - 2xc + c², whole or without x²; far from the origin the large "
    "terms cancel and few digits are left, so subtract first.",
)
def _(x: Tensor, centres: Tensor) -> Step:
    expanded = x.square().sum(1, keepdim=True) - 2 * x @ centres.mT + centres.square().sum(1)
    labels = expanded.argmin(dim=1)
    return labels, means(x, centres, labels)


@kmeans_step.mistake(
    "torch.cdist by default",
    "Above 25 rows torch.cdist expands (a - b)² by default, and far from the origin few digits are "
    'left; say compute_mode="donot_use_mm_for_euclid_dist", or subtract first.',
)
def _(x: Tensor, centres: Tensor) -> Step:
    labels = torch.cdist(x, centres).argmin(dim=1)
    return labels, means(x, centres, labels)


@kmeans_step.mistake(
    "distances in float32",
    "You measure the distances in float32, which cannot tell float64 points apart that are far "
    "from the origin; keep their dtype.",
)
def _(x: Tensor, centres: Tensor) -> Step:
    labels = nearest(x.float(), centres.float())
    return labels, means(x, centres, labels)


@kmeans_step.mistake(
    "centre after centre",
    "You move a centre before the points have been shared out among the others, so those see its "
    "new place; find all labels first, then move.",
)
def _(x: Tensor, centres: Tensor) -> Step:
    new = centres.clone()
    labels = nearest(x, new)
    for k in range(len(centres)):
        labels = nearest(x, new)
        if (labels == k).any():
            new[k] = x[labels == k].mean(dim=0)
    return labels, new


@kmeans_step.mistake(
    "point after point",
    "You move a centre as soon as it gets a point, so later points see its new place; find all "
    "labels first, then move.",
)
def _(x: Tensor, centres: Tensor) -> Step:
    new, counts, labels = centres.clone(), [0] * len(centres), []
    for point in x:
        k = int(nearest(point[None], new))
        counts[k] += 1
        new[k] = point if counts[k] == 1 else new[k] + (point - new[k]) / counts[k]
        labels.append(k)
    return torch.tensor(labels, dtype=torch.int64, device=x.device), new


@kmeans_step.mistake(
    "until nothing moves",
    "You go on until the centres rest; one step is asked for.",
)
def _(x: Tensor, centres: Tensor) -> Step:
    labels = nearest(x, centres)
    for _ in range(100):
        centres = means(x, centres, labels)
        labels = nearest(x, centres)
    return labels, centres


@kmeans_step.mistake(
    "two steps",
    "You make two steps; one is asked for.",
)
def _(x: Tensor, centres: Tensor) -> Step:
    centres = means(x, centres, nearest(x, centres))
    labels = nearest(x, centres)
    return labels, means(x, centres, labels)


@kmeans_step.mistake(
    "centres first",
    "You return the centres first; the labels come first, then the new centres.",
)
def _(x: Tensor, centres: Tensor) -> Step:
    labels = nearest(x, centres)
    return means(x, centres, labels), labels


@kmeans_step.mistake(
    "labels from 1",
    "Your labels count from 1; the first centre is number 0.",
)
def _(x: Tensor, centres: Tensor) -> Step:
    labels = nearest(x, centres)
    return labels + 1, means(x, centres, labels)


@kmeans_step.mistake(
    "one-hot labels",
    "Your labels have a column for each centre; return the number of the nearest one, as argmin "
    "gives it, in shape (N,).",
)
def _(x: Tensor, centres: Tensor) -> Step:
    labels = nearest(x, centres)
    return F.one_hot(labels, len(centres)), means(x, centres, labels)


@kmeans_step.mistake(
    "labels in a column",
    "Your labels have shape (N, 1); shape (N,) is asked for, so leave out keepdim=True.",
)
def _(x: Tensor, centres: Tensor) -> Step:
    labels = nearest(x, centres)
    return labels[:, None], means(x, centres, labels)


@kmeans_step.mistake(
    "float labels",
    "Your labels are floating-point numbers; the number of a centre is int64.",
)
def _(x: Tensor, centres: Tensor) -> Step:
    labels = nearest(x, centres)
    return labels.to(x.dtype), means(x, centres, labels)


@kmeans_step.mistake(
    "float labels without points",
    "Without points your labels are floating-point, as torch.tensor([]) is; they are int64 then "
    "too.",
)
def _(x: Tensor, centres: Tensor) -> Step:
    labels = nearest(x, centres)
    return labels if len(x) else labels.float(), means(x, centres, labels)


@kmeans_step.mistake(
    "int32 labels",
    "Your labels are int32; int64 is asked for, the dtype that argmin gives.",
)
def _(x: Tensor, centres: Tensor) -> Step:
    labels = nearest(x, centres)
    return labels.int(), means(x, centres, labels)


@kmeans_step.mistake(
    "a list",
    "You return a list; a tuple is asked for, as in return labels, new.",
)
def _(x: Tensor, centres: Tensor) -> Any:
    labels = nearest(x, centres)
    return [labels, means(x, centres, labels)]


@kmeans_step.mistake(
    "one point at a time",
    "The numbers are right, but you take the points one after the other, for their labels or their "
    "sums; x[:, None] - centres compares all with all, and x[labels == j] are all points of a "
    "centre.",
)
def _(x: Tensor, centres: Tensor) -> Step:
    found = [int(nearest(point[None], centres)) for point in x]
    labels = torch.tensor(found, dtype=torch.int64, device=x.device)
    return labels, means(x, centres, labels)
