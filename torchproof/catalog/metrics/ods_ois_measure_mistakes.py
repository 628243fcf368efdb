"""What goes wrong in finding edges and in the F-measure itself."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from torchproof.catalog.metrics.ods_ois import counts, f_measure, ods_ois
from torchproof.catalog.metrics.ods_ois_mistakes import Counts, Measure, counted, ods, ois
from torchproof.catalog.metrics.overlaps import divide


def _with(name: str, hint: str) -> Callable[[Measure], Measure]:
    """Add a mistake of another measure in place of F, in both numbers."""

    def add(f: Measure) -> Measure:
        @counted(name, hint)
        def _(found: Counts, thresholds: Tensor) -> Any:
            return ods(found, f), ois(found, f)

        return f

    return add


@_with(
    "NaN for 0/0",
    "Where there is no edge and none is found you divide 0 by 0, which is NaN; F is 0 then.",
)
def _(hits: Tensor, edges: Tensor, found: Tensor) -> Tensor:
    return 2.0 * hits / (edges + found)


@counted(
    "NaN for 0/0 where there are images",
    "Where there is no edge and none is found you divide 0 by 0, which is NaN; F is 0 then.",
)
def _(found: Counts, thresholds: Tensor) -> Any:
    def f(hits: Tensor, edges: Tensor, guessed: Tensor) -> Tensor:
        return 2.0 * hits / (edges + guessed)

    return (ods(found, f), ois(found, f)) if len(found[1]) else (0.0, 0.0)


def _one(hits: Tensor, edges: Tensor, found: Tensor) -> Tensor:
    """Return F, 1 where it is 0/0."""
    return torch.where(edges + found == 0, 1.0, f_measure(hits, edges, found))


@counted(
    "1 for 0/0",
    "Where there is no edge and none is found your F is 1; it is 0 then.",
)
def _(found: Counts, thresholds: Tensor) -> Any:
    return ods(found, _one), ois(found, _one)


@counted(
    "1 for 0/0 where there are images",
    "Where there is no edge and none is found your F is 1; it is 0 then.",
)
def _(found: Counts, thresholds: Tensor) -> Any:
    return (ods(found, _one), ois(found, _one)) if len(found[1]) else (0.0, 0.0)


@_with(
    "NaN from precision and recall",
    "F from precision and recall divides 0 by 0 where nothing is found or nothing is right, which "
    "gives NaN; make it 0, or take 2 TP / (2 TP + FP + FN).",
)
def _(hits: Tensor, edges: Tensor, found: Tensor) -> Tensor:
    precision, recall = hits / found, hits / edges
    return 2 * precision * recall / (precision + recall)


@_with(
    "intersection over union",
    "You divide TP by TP + FP + FN, which is the intersection over union; in F the TP count twice, "
    "above and below.",
)
def _(hits: Tensor, edges: Tensor, found: Tensor) -> Tensor:
    return divide(hits.double(), (edges + found - hits).double())


@_with(
    "the 2 left out",
    "Your F is P R / (P + R); the harmonic mean of two numbers has a 2 above.",
)
def _(hits: Tensor, edges: Tensor, found: Tensor) -> Tensor:
    return f_measure(hits, edges, found) / 2


@_with(
    "arithmetic mean",
    "You take the arithmetic mean of precision and recall; F is their harmonic mean.",
)
def _(hits: Tensor, edges: Tensor, found: Tensor) -> Tensor:
    edges = edges.expand_as(found)
    return (divide(hits.double(), found.double()) + divide(hits.double(), edges.double())) / 2


@_with(
    "precision alone",
    "You take the best precision; F weighs precision and recall.",
)
def _(hits: Tensor, edges: Tensor, found: Tensor) -> Tensor:
    return divide(hits.double(), found.double())


@_with(
    "recall alone",
    "You take the best recall, which a low threshold always gives; F weighs precision and recall.",
)
def _(hits: Tensor, edges: Tensor, found: Tensor) -> Tensor:
    return divide(hits.double(), edges.expand_as(found).double())


@ods_ois.mistake(
    "> in place of >=",
    "You find an edge where the score is greater than the threshold; one that equals it is an edge "
    "too.",
)
def _(scores: Tensor, targets: Tensor, thresholds: Tensor) -> Any:
    edge = scores > thresholds[:, None, None, None]
    found = (edge & targets).sum(dim=(2, 3)), targets.sum(dim=(1, 2)), edge.sum(dim=(2, 3))
    return ods(found), ois(found)


@ods_ois.mistake(
    "edges below the threshold",
    "You find an edge where the score is below the threshold; an edge is where it is at least the "
    "threshold.",
)
def _(scores: Tensor, targets: Tensor, thresholds: Tensor) -> Any:
    edge = scores < thresholds[:, None, None, None]
    found = (edge & targets).sum(dim=(2, 3)), targets.sum(dim=(1, 2)), edge.sum(dim=(2, 3))
    return ods(found), ois(found)


@ods_ois.mistake(
    "accuracy",
    "You take the share of pixels that are right, which is high wherever edges are rare; F leaves "
    "out the pixels that are rightly no edges.",
)
def _(scores: Tensor, targets: Tensor, thresholds: Tensor) -> Any:
    right = (scores >= thresholds[:, None, None, None]) == targets
    share = right.double().mean(dim=(2, 3))
    if not len(scores):
        return 0.0, 0.0
    return float(share.mean(dim=1).max()), float(share.amax(dim=0).mean())


@ods_ois.mistake(
    "scores stretched",
    "You stretch the scores of each image from 0 to 1 before you compare; compare them as they "
    "are.",
)
def _(scores: Tensor, targets: Tensor, thresholds: Tensor) -> Any:
    low, high = scores.amin(dim=(1, 2), keepdim=True), scores.amax(dim=(1, 2), keepdim=True)
    stretched = torch.where(high > low, (scores - low) / (high - low), scores)
    found = counts(stretched, targets, thresholds)
    return ods(found), ois(found)


@ods_ois.mistake(
    "looping over the pixels",
    "You go through the pixels one by one; compare a whole image with a threshold in one call, and "
    "count by sum.",
)
def _(scores: Tensor, targets: Tensor, thresholds: Tensor) -> Any:
    scores.tolist()
    found = counts(scores, targets, thresholds)
    return ods(found), ois(found)


@ods_ois.mistake(
    "writes into the scores",
    "You turn the scores themselves into zeros and ones, and the caller still needs them; compare "
    "into a new tensor.",
)
def _(scores: Tensor, targets: Tensor, thresholds: Tensor) -> Any:
    found = counts(scores, targets, thresholds)
    scores[:] = scores >= thresholds[0]
    return ods(found), ois(found)
