"""What goes wrong in putting the F-measures of edge maps together."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from torchproof.catalog.metrics.ods_ois import counts, f_measure, ods_ois
from torchproof.catalog.metrics.overlaps import divide

Counts = tuple[Tensor, Tensor, Tensor]
"""Edges found rightly, (K, N), edges there are, (N,), and edges found, (K, N)."""

Measure = Callable[[Tensor, Tensor, Tensor], Tensor]
"""A number for edges found rightly, edges there are, and edges found."""


def ods(all_counts: Counts, f: Measure = f_measure) -> float:
    """Return the best F, or another measure, of the counts of all images."""
    hits, edges, found = all_counts
    return float(f(hits.sum(dim=1), edges.sum(), found.sum(dim=1)).max())


def ois(all_counts: Counts, f: Measure = f_measure) -> float:
    """Return F, or another measure, of the counts that each image has where it is best."""
    hits, edges, found = all_counts
    best = f(hits, edges, found).argmax(dim=0, keepdim=True)
    return float(f(hits.gather(0, best).sum(), edges.sum(), found.gather(0, best).sum()))


def counted(name: str, hint: str) -> Callable[[Callable[[Counts, Tensor], Any]], None]:
    """Add a mistake that counts right and makes another result of the counts."""

    def add(wrong: Callable[[Counts, Tensor], Any]) -> None:
        @ods_ois.mistake(name, hint)
        def _(scores: Tensor, targets: Tensor, thresholds: Tensor) -> Any:
            return wrong(counts(scores, targets, thresholds), thresholds)

    return add


def _mean_f(all_counts: Counts) -> Tensor:
    """Return the mean over images of F at each threshold, 0 where there are no images."""
    f = f_measure(*all_counts)
    return f.sum(dim=1) / max(f.shape[1], 1)


def _mean_best(all_counts: Counts) -> float:
    best = f_measure(*all_counts).amax(dim=0)
    return float(best.sum() / max(len(best), 1))


@counted(
    "ODS averaging per-image F",
    "Your ODS averages the F of the images; add their counts up first, and take F once at each "
    "threshold.",
)
def _(found: Counts, thresholds: Tensor) -> Any:
    return float(_mean_f(found).max()), ois(found)


@counted(
    "OIS averaging per-image F",
    "Your OIS averages the best F of the images; add up the counts that each has at its best "
    "threshold, and take F once.",
)
def _(found: Counts, thresholds: Tensor) -> Any:
    return ods(found), _mean_best(found)


@counted(
    "both averaging per-image F",
    "You average the F of the images in both numbers; add the counts up first, and take F of the "
    "sums.",
)
def _(found: Counts, thresholds: Tensor) -> Any:
    return float(_mean_f(found).max()), _mean_best(found)


@counted(
    "both averaging per-image F, and no images",
    "Two things: add the counts of the images up and take F of the sums, in both numbers; and "
    "where there are no images both are 0.",
)
def _(found: Counts, thresholds: Tensor) -> Any:
    f = f_measure(*found)
    return float(f.mean(dim=1).max()), float(f.amax(dim=0).mean())


@counted(
    "ODS averaging per-image F, and no images",
    "Two things: your ODS averages the F of the images, where their counts are to be added up "
    "first; and where there are no images it is 0.",
)
def _(found: Counts, thresholds: Tensor) -> Any:
    return float(f_measure(*found).mean(dim=1).max()), ois(found)


@counted(
    "OIS averaging per-image F, and no images",
    "Two things: your OIS averages the best F of the images, where their counts are to be added "
    "up first; and where there are no images it is 0.",
)
def _(found: Counts, thresholds: Tensor) -> Any:
    return ods(found), float(f_measure(*found).amax(dim=0).mean())


def _nan(hits: Tensor, edges: Tensor, found: Tensor) -> Tensor:
    """Return F, NaN where it is 0/0."""
    return 2.0 * hits / (edges + found)


@counted(
    "both averaging per-image F, and NaN",
    "Two things: add the counts of the images up and take F of the sums, in both numbers; and "
    "where there is no edge and none is found you divide 0 by 0, which is NaN, and F is 0 then.",
)
def _(found: Counts, thresholds: Tensor) -> Any:
    f = _nan(*found)
    return float(f.mean(dim=1).max()), float(f.amax(dim=0).mean())


@counted(
    "ODS averaging per-image F, and NaN",
    "Two things: your ODS averages the F of the images, where their counts are to be added up "
    "first; and where there is no edge and none is found you divide 0 by 0, which is NaN, and F is "
    "0 then.",
)
def _(found: Counts, thresholds: Tensor) -> Any:
    return float(_nan(*found).mean(dim=1).max()), ois(found, _nan)


@counted(
    "the two swapped",
    "You return OIS first; ODS comes first.",
)
def _(found: Counts, thresholds: Tensor) -> Any:
    return ois(found), ods(found)


@counted(
    "one threshold for OIS",
    "Your OIS takes the best threshold of the set for all images; each image takes its own best.",
)
def _(found: Counts, thresholds: Tensor) -> Any:
    return ods(found), ods(found)


@counted(
    "OIS at least ODS",
    "You raise OIS to ODS where it is lower; thresholds that are best for each image alone may be "
    "worse for the sums, so return it as it is.",
)
def _(found: Counts, thresholds: Tensor) -> Any:
    return ods(found), max(ods(found), ois(found))


@counted(
    "the last of equal thresholds",
    "Where several thresholds are equally good for an image you take the last; take the first, as "
    "argmax does, or by comparing with > and not >=.",
)
def _(found: Counts, thresholds: Tensor) -> Any:
    return ods(found), ois((found[0].flip(0), found[1], found[2].flip(0)))


@ods_ois.mistake(
    "thresholds sorted",
    "You sort the thresholds, which changes the first of several that are as good; take them in "
    "the order given.",
)
def _(scores: Tensor, targets: Tensor, thresholds: Tensor) -> Any:
    found = counts(scores, targets, thresholds.sort().values)
    return ods(found), ois(found)


@counted(
    "images without edges left out",
    "Your OIS leaves out images whose best F is 0; the pixels wrongly taken for edges there, and "
    "the edges missed, count too.",
)
def _(found: Counts, thresholds: Tensor) -> Any:
    kept = f_measure(*found).amax(dim=0) > 0
    return ods(found), ois((found[0][:, kept], found[1][kept], found[2][:, kept]))


@counted(
    "the best image for OIS",
    "Your OIS is the F of one image at one threshold; add up the counts that each image has at its "
    "own best threshold, and take F once.",
)
def _(found: Counts, thresholds: Tensor) -> Any:
    f = f_measure(*found)
    return ods(found), float(f.max()) if f.numel() else 0.0


@counted(
    "the thresholds themselves",
    "You return the best thresholds; return F at them.",
)
def _(found: Counts, thresholds: Tensor) -> Any:
    hits, edges, guessed = found
    one = f_measure(hits.sum(dim=1), edges.sum(), guessed.sum(dim=1)).argmax()
    own = thresholds[f_measure(*found).argmax(dim=0)]
    return float(thresholds[one]), float(own.sum() / max(len(own), 1))


@counted(
    "averaged over the thresholds",
    "Your ODS is the mean of F over the thresholds; take the largest.",
)
def _(found: Counts, thresholds: Tensor) -> Any:
    hits, edges, guessed = found
    f = f_measure(hits.sum(dim=1), edges.sum(), guessed.sum(dim=1))
    return float(f.mean()), ois(found)


@counted(
    "best precision with best recall",
    "Your ODS puts the best precision and the best recall together, which no one threshold gives; "
    "take F at each threshold, and then the largest.",
)
def _(found: Counts, thresholds: Tensor) -> Any:
    hits, edges, guessed = (each.sum(dim=-1).double() for each in found)
    precision, recall = divide(hits, guessed).max(), divide(hits, edges).max()
    return float(divide(2 * precision * recall, precision + recall)), ois(found)


@counted(
    "precision and recall averaged over images",
    "You average precision and recall over the images before you take F; add the counts of the "
    "images up first, and take precision and recall of the sums.",
)
def _(found: Counts, thresholds: Tensor) -> Any:
    hits, edges, guessed = (each.double() for each in found)
    n = max(hits.shape[1], 1)
    precision = divide(hits, guessed).sum(dim=1) / n
    recall = divide(hits, edges.expand_as(hits)).sum(dim=1) / n
    return float(divide(2 * precision * recall, precision + recall).max()), ois(found)


@counted(
    "a list",
    "You return a list; return a tuple of two floats, as in return ods, ois.",
)
def _(found: Counts, thresholds: Tensor) -> Any:
    return [ods(found), ois(found)]


@counted(
    "tensors",
    "You return tensors; two Python floats are asked for, as .item() gives.",
)
def _(found: Counts, thresholds: Tensor) -> Any:
    return torch.tensor(ods(found)).double(), torch.tensor(ois(found)).double()
