"""The F-measure of edge maps at the best threshold, for a whole set and for each image."""

import torch
from torch import Tensor

from torchproof.catalog.metrics.overlaps import GROUPS, divide
from torchproof.catalog.metrics.rules import LIBRARIES
from torchproof.checking.cases import (
    FLOATS,
    Cases,
    Draw,
    Group,
    extremes,
    shapes,
    values,
    vectorised,
)
from torchproof.checking.exercise import exercise


@exercise(groups=(*GROUPS, Group.VECTORISED), not_allowed=LIBRARIES)
def ods_ois(scores: Tensor, targets: Tensor, thresholds: Tensor) -> tuple[float, float]:
    """Return the best F over one threshold for the set, and that over one for each image.

    Scores are (N, H, W), targets booleans of that shape, thresholds (K,). A pixel is an edge where
    its score is at least the threshold. ODS is the best F of the counts of all images together;
    OIS is F of the counts that each image has at its own best threshold, the first of several that
    are as good, added up. Composed: no library has both; F itself is scikit-learn's f1_score.
    As in the Berkeley segmentation benchmark, but pixel by pixel, without its tolerance.
    """
    hits, edges, found = counts(scores, targets, thresholds)
    pooled = f_measure(hits.sum(dim=1), edges.sum(), found.sum(dim=1))
    best = f_measure(hits, edges, found).argmax(dim=0, keepdim=True)
    own = f_measure(hits.gather(0, best).sum(), edges.sum(), found.gather(0, best).sum())
    return pooled.max().item(), own.item()


def counts(scores: Tensor, targets: Tensor, thresholds: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Return how many edges are found rightly, (K, N), there are, (N,), and are found, (K, N)."""
    edge = scores >= thresholds[:, None, None, None]
    return (edge & targets).sum(dim=(2, 3)), targets.sum(dim=(1, 2)), edge.sum(dim=(2, 3))


def f_measure(hits: Tensor, edges: Tensor, found: Tensor) -> Tensor:
    """Return 2 TP / (2 TP + FP + FN), 0 where it is 0/0, in float64."""
    return divide(2.0 * hits.double(), (edges + found).double())


def edge_maps(
    draw: Draw, n: int, height: int, width: int, steps: int, dtype: torch.dtype
) -> dict[str, Tensor]:
    """Return maps whose best thresholds differ from image to image, and are clear in each.

    Edges score higher than the rest, by and large, and each image has a brightness of its own.
    """
    thresholds = torch.linspace(0.1, 0.9, steps, dtype=dtype)
    while True:
        targets = draw.mask(n, height, width, share=0.3)
        noise = draw.uniform(n, height, width, dtype=dtype)
        bright = torch.linspace(0.4, 1, n, dtype=dtype)[torch.randperm(n, generator=draw.generator)]
        scores = (0.4 * targets + 0.6 * noise) * bright[:, None, None]
        given = {"scores": scores, "targets": targets, "thresholds": thresholds}
        if _is_clear(*counts(scores, targets, thresholds)):
            return given


def _is_clear(hits: Tensor, edges: Tensor, found: Tensor) -> bool:
    """Tell whether each image has one best threshold, and F is best elsewhere in the set."""
    f = f_measure(hits, edges, found)
    best = f.sort(dim=0, descending=True).values
    pooled = f_measure(hits.sum(dim=1), edges.sum(), found.sum(dim=1))
    apart = (
        len(set(f.argmax(dim=0).tolist())) > 1 and abs(pooled.max() - f.mean(dim=1).max()) > 1e-3
    )
    return bool((best[0] - best[1] > 1e-3).all()) and bool(apart)


@ods_ois.cases
def _(draw: Draw) -> Cases:
    for dtype in FLOATS:
        yield values(**edge_maps(draw, 3, 6, 9, 7, dtype))
        yield values(**edge_maps(draw, draw.size(4, 5), 8, 5, draw.size(4, 6), dtype))
    given = edge_maps(draw, 3, 7, 6, 6, torch.float64)
    order = torch.tensor([3, 0, 5, 1, 4, 2])
    mixed = given | {"thresholds": given["thresholds"][order]}
    yield values("thresholds in any order", **mixed)
    one = {name: each[:1] for name, each in given.items()} | {"thresholds": given["thresholds"]}
    yield extremes("one image", **one)
    yield extremes("one threshold", **(given | {"thresholds": torch.tensor([0.35]).double()}))
    steps = torch.tensor([0.25, 0.5, 0.75])
    on = torch.tensor([[[0.5, 0.25, 0.0], [0.75, 0.5, 0.25]]])
    edge = torch.tensor([[[True, False, False], [True, True, False]]])
    half = torch.tensor([0.5])
    yield extremes("scores equal to the threshold", scores=on, targets=edge, thresholds=half)
    yield extremes("a perfect map", scores=edge.float(), targets=edge, thresholds=steps)
    yield extremes("all wrong", scores=1 - edge.float(), targets=edge, thresholds=steps)
    none = torch.zeros_like(edge)
    yield extremes("no edges, none found", scores=0 * on, targets=none, thresholds=steps)
    yield extremes("no edges, some found", scores=on, targets=none, thresholds=steps)
    flat = torch.full((1, 2, 3), 0.1)
    yield extremes("edges, none found", scores=flat, targets=edge, thresholds=steps)
    empty, loud = given["targets"].clone(), given["scores"].clone()
    empty[1] = False
    loud[1] = torch.linspace(0.05, 1, 42).view(7, 6)  # so that every threshold counts differently
    bare = mixed | {"targets": empty, "scores": loud}
    yield extremes("an image without edges", **bare)
    every = torch.ones_like(edge)
    yield extremes("all edges", scores=on, targets=every, thresholds=steps)
    quiet = torch.tensor([[[0.8, 0.1, 0.1]], [[0.5, 0.5, 0.5]]])
    alone = torch.tensor([[[True, False, False]], [[False, False, False]]])
    yield extremes("OIS below ODS", scores=quiet, targets=alone, thresholds=steps[::2])
    no_images = {"scores": on[:0], "targets": edge[:0], "thresholds": steps}
    yield extremes("no images", **no_images)
    for dtype in FLOATS:
        for n, height, width in ((2, 5, 8), (3, 9, 4)):
            yield shapes(**edge_maps(draw, n, height, width, 5, dtype))
    small = edge_maps(draw, 2, 4, 6, 4, torch.float32)
    yield vectorised(small, edge_maps(draw, 2, 11, 9, 4, torch.float32))
