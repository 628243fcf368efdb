"""Wrong steps of k-means: wrong centres."""

import torch
import torch.nn.functional as F
from torch import Tensor

from torchproof.catalog.beyond.kmeans_step import (
    Step,
    kmeans_step,
    means,
    nearest,
    squares,
    totals,
)


@kmeans_step.mistake(
    "old centres returned",
    "You return the centres as they were; each moves to the mean of its points.",
)
def _(x: Tensor, centres: Tensor) -> Step:
    return nearest(x, centres), centres


@kmeans_step.mistake(
    "labels from the new centres",
    "Your labels belong to the centres after they have moved; return those found with the old "
    "centres, by which the points were shared out for the means.",
)
def _(x: Tensor, centres: Tensor) -> Step:
    new = means(x, centres, nearest(x, centres))
    return nearest(x, new), new


@kmeans_step.mistake(
    "NaN without points",
    "A centre without points becomes NaN, for the mean of nothing is 0/0; it stays where it was.",
)
def _(x: Tensor, centres: Tensor) -> Step:
    labels = nearest(x, centres)
    return labels, means(x, centres, labels, torch.full_like(centres, torch.nan))


@kmeans_step.mistake(
    "zeros without points",
    "A centre without points goes to 0 in your step; it stays where it was.",
)
def _(x: Tensor, centres: Tensor) -> Step:
    labels = nearest(x, centres)
    return labels, means(x, centres, labels, torch.zeros_like(centres))


@kmeans_step.mistake(
    "mean of all points without points",
    "A centre without points goes to the mean of all points in your step; it stays where it was.",
)
def _(x: Tensor, centres: Tensor) -> Step:
    labels = nearest(x, centres)
    return labels, means(x, centres, labels, x.mean(dim=0).expand_as(centres))


@kmeans_step.mistake(
    "a point in place of an empty centre",
    "You move a centre without points to the point that is farthest from its own centre, as "
    "scikit-learn does; here it stays where it was.",
)
def _(x: Tensor, centres: Tensor) -> Step:
    labels = nearest(x, centres)
    new = means(x, centres, labels)
    empty = torch.bincount(labels, minlength=len(centres)) == 0
    worst = squares(x, centres).amin(dim=1).argsort(descending=True)[: int(empty.sum())]
    new[empty.nonzero().flatten()[: len(worst)]] = x[worst]
    return labels, new


@kmeans_step.mistake(
    "empty centres left out",
    "You leave out the centres without points; the result has a row for each of the K centres.",
)
def _(x: Tensor, centres: Tensor) -> Step:
    labels = nearest(x, centres)
    return labels, means(x, centres, labels)[torch.unique(labels)]


@kmeans_step.mistake(
    "counts stop at the last centre with points",
    "bincount stops at the largest label that occurs, so your counts are too few for the centres; "
    "give it minlength=K.",
)
def _(x: Tensor, centres: Tensor) -> Step:
    labels = nearest(x, centres)
    counts = torch.bincount(labels)[:, None]
    sums = totals(x, centres, labels)[1]
    return labels, torch.where(counts > 0, sums / counts, centres)


@kmeans_step.mistake(
    "one_hot without num_classes",
    "one_hot stops at the largest label that occurs, so it has too few columns for the centres; "
    "say num_classes=K.",
)
def _(x: Tensor, centres: Tensor) -> Step:
    labels = nearest(x, centres)
    member = F.one_hot(labels).to(x.dtype)
    counts = member.sum(dim=0)[:, None]
    return labels, torch.where(counts > 0, member.mT @ x / counts, centres)


@kmeans_step.mistake(
    "single points do not move their centre",
    "A centre with a single point stays where it was in your step; the mean of one point is that "
    "point.",
)
def _(x: Tensor, centres: Tensor) -> Step:
    labels = nearest(x, centres)
    many = torch.bincount(labels, minlength=len(centres))[:, None] > 1
    return labels, torch.where(many, means(x, centres, labels), centres)


@kmeans_step.mistake(
    "median",
    "You take the median of the points in each feature; the mean is asked for.",
)
def _(x: Tensor, centres: Tensor) -> Step:
    labels, new = nearest(x, centres), centres.clone()
    for k in torch.unique(labels):
        new[k] = x[labels == k].median(dim=0).values
    return labels, new


@kmeans_step.mistake(
    "medoid",
    "You move each centre to the point that is nearest to the mean of its points; the mean itself "
    "is asked for, whether a point lies there or not.",
)
def _(x: Tensor, centres: Tensor) -> Step:
    labels = nearest(x, centres)
    new = means(x, centres, labels)
    for k in torch.unique(labels):
        own = x[labels == k]
        new[k] = own[squares(own, new[k : k + 1])[:, 0].argmin()]
    return labels, new


@kmeans_step.mistake(
    "sums",
    "You add up each centre's points; divide by how many they are.",
)
def _(x: Tensor, centres: Tensor) -> Step:
    labels = nearest(x, centres)
    counts, sums = totals(x, centres, labels)
    return labels, torch.where(counts[:, None] > 0, sums, centres)


@kmeans_step.mistake(
    "divided by N",
    "You divide each centre's sum by the number of all points; divide by the number of its own.",
)
def _(x: Tensor, centres: Tensor) -> Step:
    labels = nearest(x, centres)
    counts, sums = totals(x, centres, labels)
    return labels, torch.where(counts[:, None] > 0, sums / max(len(x), 1), centres)


@kmeans_step.mistake(
    "divided by N, empty centres too",
    "You divide each centre's sum by the number of all points, which also takes a centre without "
    "points to 0; divide by the number of its own, and let it stay where it has none.",
)
def _(x: Tensor, centres: Tensor) -> Step:
    labels = nearest(x, centres)
    return labels, totals(x, centres, labels)[1] / len(x)


@kmeans_step.mistake(
    "the centre counted as a point",
    "You count the old centre as one of its points, as index_reduce and scatter_reduce do by "
    "default; the mean is that of the points alone: include_self=False.",
)
def _(x: Tensor, centres: Tensor) -> Step:
    labels = nearest(x, centres)
    counts, sums = totals(x, centres, labels)
    return labels, (sums + centres) / (counts + 1)[:, None]


@kmeans_step.mistake(
    "halfway",
    "You move each centre halfway to the mean of its points; it goes all the way.",
)
def _(x: Tensor, centres: Tensor) -> Step:
    labels = nearest(x, centres)
    return labels, (centres + means(x, centres, labels)) / 2


@kmeans_step.mistake(
    "mean over the features too",
    "You take the mean over points and features together, so each centre has one number in all "
    "its features; take it over the points, dim=0.",
)
def _(x: Tensor, centres: Tensor) -> Step:
    labels = nearest(x, centres)
    new = means(x, centres, labels).mean(dim=1, keepdim=True).expand_as(centres)
    full = torch.bincount(labels, minlength=len(centres))[:, None] > 0
    return labels, torch.where(full, new, centres)


@kmeans_step.mistake(
    "changes centres",
    "You write the new centres into the tensor of the old ones, which the caller still has; write "
    "into a copy, centres.clone().",
)
def _(x: Tensor, centres: Tensor) -> Step:
    labels = nearest(x, centres)
    centres[:] = means(x, centres, labels)
    return labels, centres


@kmeans_step.mistake(
    "float32 centres",
    "Your new centres are float32 whatever x is, as torch.zeros makes them; torch.zeros_like and "
    "clone keep the dtype and device of centres.",
)
def _(x: Tensor, centres: Tensor) -> Step:
    labels = nearest(x, centres)
    return labels, means(x, centres, labels).float()


@kmeans_step.mistake(
    "float64 centres",
    "Your new centres are float64 whatever x is; give them the dtype of centres.",
)
def _(x: Tensor, centres: Tensor) -> Step:
    labels = nearest(x, centres)
    return labels, means(x, centres, labels).double()
