"""One step of k-means."""

import torch
from torch import Tensor

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

Step = tuple[Tensor, Tensor]


@exercise(
    groups=(
        *(Group.VALUES, Group.EXTREMES, Group.SHAPES),
        *(Group.NO_SIDE_EFFECTS, Group.VECTORISED),
    ),
    not_allowed=("sklearn.cluster", "scipy.cluster"),
)
def kmeans_step(x: Tensor, centres: Tensor) -> Step:
    """Return the nearest centre of each point, int64 (N,), and the means of their points, (K, D).

    ``x`` is (N, D) and ``centres`` (K, D). Of equally near centres the first counts, and a centre
    without points stays. Composed: scikit-learn moves a centre without points elsewhere.
    """
    labels = squares(x, centres).argmin(dim=1)
    counts, sums = totals(x, centres, labels)
    moved = sums / counts.clamp(min=1)[:, None]
    return labels, torch.where(counts[:, None] > 0, moved, centres)


def squares(x: Tensor, centres: Tensor) -> Tensor:
    """Return the squared distance of each point from each centre, (N, K)."""
    return (x[:, None] - centres).square().sum(dim=-1)


def totals(x: Tensor, centres: Tensor, labels: Tensor) -> Step:
    """Return how many points each centre has, (K,), and their sums, (K, D)."""
    counts = torch.bincount(labels, minlength=len(centres))
    return counts, torch.zeros_like(centres).index_add(0, labels, x)


def means(x: Tensor, centres: Tensor, labels: Tensor, empty: Tensor | None = None) -> Tensor:
    """Return the mean of each centre's points; where it has none, ``empty`` or the old centre."""
    counts, sums = totals(x, centres, labels)
    found = sums / counts[:, None]
    return torch.where(counts[:, None] > 0, found, centres if empty is None else empty)


def nearest(x: Tensor, centres: Tensor) -> Tensor:
    """Return the right labels."""
    return squares(x, centres).argmin(dim=1)


@kmeans_step.cases
def _(draw: Draw) -> Cases:
    for dtype in FLOATS:
        yield values(**_telling(draw, 12, 4, 2, dtype))
        yield values(**_telling(draw, draw.size(15, 20), 3, draw.size(3, 5), dtype))
    given = _telling(draw, 14, 4, 2, torch.float32)
    lonely = given["centres"].index_add(0, torch.tensor([1, 3]), torch.full((2, 2), 40.0))
    yield values("two centres without points", x=given["x"], centres=lonely)
    yield extremes("the last centre has no points", **_lonely(draw, -1))
    yield extremes("the first centre has no points", **_lonely(draw, 0))
    yield from _ties(draw)
    given = _telling(draw, 32, 3, 2, torch.float64)  # above 25 rows cdist expands squares
    far = {name: tensor + 1e9 for name, tensor in given.items()}
    yield extremes("far from the origin, 1e9 plus small numbers", **far)
    yield extremes("one centre", x=draw.normal(7, 3), centres=draw.normal(1, 3) + 2)
    yield extremes("one point, several centres", **_clear(draw, 1, 4, 3))
    yield extremes("no points", x=torch.empty(0, 2), centres=draw.normal(3, 2) + 1)
    yield shapes("no points", x=torch.empty(0, 2), centres=draw.normal(3, 2) + 1)
    yield extremes("one feature", **_clear(draw, 9, 3, 1))
    for dtype in FLOATS:
        yield shapes(**_telling(draw, 10, 3, 4, dtype))
        yield shapes("more centres than points", **_clear(draw, 4, 6, 3, dtype))
    given = _telling(draw, 6, 3, 2, torch.float32)
    more = torch.cat([given["x"], given["centres"][draw.integers(25, high=3)]])
    yield vectorised(given, given | {"x": more})


def _ties(draw: Draw) -> Cases:
    """Yield whole numbers, with points as far from one centre as from another."""
    by = draw.integers(2, low=-9, high=9).float()
    middle = torch.tensor([[0.0, 2.0], [0.0, -3.0], [2.0, 1.0], [-2.0, 0.0], [0.0, 0.0]])
    pair = torch.tensor([[1.0, 0.0], [-1.0, 0.0]])
    yield extremes("equally near centres", x=middle + by, centres=pair + by)
    same = torch.tensor([[4.0, 4.0], [1.0, 0.0], [1.0, 0.0], [-1.0, 0.0]])
    yield extremes("two centres in one place", x=middle + by, centres=same + by)
    spots = torch.tensor([[1.0, 3.0], [2.0, 0.0]]) + by
    yield extremes("all points in one place", x=spots[:1].repeat(4, 1), centres=spots)


def _clear(
    draw: Draw, n: int, k: int, d: int, dtype: torch.dtype = torch.float32
) -> dict[str, Tensor]:
    """Return points each of which is clearly nearer to one centre than to any other."""
    while True:
        centres = 2 * draw.normal(k, d, dtype=dtype) + 1
        x = 1.5 * draw.normal(n, d, dtype=dtype) + 1
        near = squares(x, centres).topk(2, largest=False).values
        if (near[:, 1] - near[:, 0]).min() > 0.05:
            return {"x": x, "centres": centres}


def _telling(draw: Draw, n: int, k: int, d: int, dtype: torch.dtype) -> dict[str, Tensor]:
    """Return points that leave no centre alone, and that other distances share out otherwise."""
    while True:
        given = _clear(draw, n, k, d, dtype)
        x, centres = given["x"], given["centres"]
        labels = nearest(x, centres)
        apart = (x[:, None] - centres).abs()
        others = (
            apart.sum(-1).argmin(1),
            apart.amax(-1).argmin(1),
            apart[..., 0].argmin(1),
            (x @ centres.mT).argmax(1),
            torch.cosine_similarity(x[:, None], centres, dim=-1).argmax(1),
            nearest(x, means(x, centres, labels)),
        )
        told = not any(torch.equal(labels, other) for other in others)
        if told and torch.bincount(labels, minlength=k).min() > 1:
            return given


def _lonely(draw: Draw, which: int) -> dict[str, Tensor]:
    """Return points and centres, of which one is far away from all points."""
    given = _telling(draw, 11, 3, 2, torch.float64)
    given["centres"][which] += 30
    return given
