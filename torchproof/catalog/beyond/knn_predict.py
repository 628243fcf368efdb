"""The majority of the nearest neighbours."""

from typing import Any

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


@exercise(
    groups=(
        *(Group.VALUES, Group.EXTREMES, Group.SHAPES),
        *(Group.NO_SIDE_EFFECTS, Group.VECTORISED),
    ),
    not_allowed=("sklearn.neighbors", "scipy.spatial"),
)
def knn_predict(train_x: Tensor, train_y: Tensor, x: Tensor, k: int) -> Tensor:
    """Return the label that most of the k nearest rows of train_x have, int64, (M,).

    ``train_x`` is (N, D), ``train_y`` (N,) and ``x`` (M, D). Of labels with equally many votes
    the smallest wins, as in scikit-learn's KNeighborsClassifier.
    """
    return votes(neighbours(train_x, train_y, x, k)).argmax(dim=1)


def distances(train_x: Tensor, x: Tensor) -> Tensor:
    """Return the Euclidean distances, (M, N)."""
    return (x[:, None] - train_x).square().sum(dim=-1).sqrt()


def neighbours(train_x: Tensor, train_y: Tensor, x: Tensor, k: int) -> Tensor:
    """Return the labels of the k nearest, (M, k), the nearest first."""
    return train_y[distances(train_x, x).topk(k, largest=False).indices]


def votes(labels: Tensor, weights: Tensor | None = None) -> Tensor:
    """Return how often each row has each label, or the sum of its weights there, (M, classes)."""
    classes = int(labels.max()) + 1 if labels.numel() else 1
    each = torch.ones_like(labels) if weights is None else weights
    return each.new_zeros(len(labels), classes).scatter_add(1, labels, each)


def majority(labels: Tensor) -> Tensor:
    """Return the label that each row has most often, the smallest where several are."""
    return votes(labels).argmax(dim=1)


@knn_predict.cases
def _(draw: Draw) -> Cases:
    for dtype in FLOATS:
        yield values(**_telling(draw, 20, 2, 9, 3, 5, dtype))
        n, m, d = draw.size(14, 18), draw.size(7, 9), draw.size(3, 5)
        yield values(**_telling(draw, n, d, m, 4, draw.size(3, 4), dtype))
    given = _telling(draw, 16, 3, 8, 3, 5)
    numbers = torch.tensor([3, 11, 40])[given["train_y"]]
    yield values("labels with gaps between them", **(given | {"train_y": numbers}))
    given = _clear(draw, 9, 2, 6, 3, 1)
    yield extremes("one neighbour", **given)
    yield extremes("all neighbours", **_clear(draw, 7, 2, 4, 2, 7))
    yield extremes("the queries are training points", **_own(draw))
    yield from _ties(draw)
    given = _telling(draw, 32, 2, 8, 3, 3, torch.float64)  # above 25 rows cdist expands squares
    far = {name: given[name] + 1e9 for name in ("train_x", "x")}
    yield extremes("far from the origin, 1e9 plus small numbers", **(given | far))
    yield extremes("no queries", **(_clear(draw, 5, 2, 1, 3, 2) | {"x": torch.empty(0, 2)}))
    yield shapes("no queries", **(_clear(draw, 5, 2, 1, 3, 2) | {"x": torch.empty(0, 2)}))
    one = {"train_x": draw.normal(1, 3), "train_y": draw.integers(1, low=1, high=6)}
    yield extremes("one training point", **one, x=draw.normal(4, 3), k=1)
    yield extremes("one feature", **_clear(draw, 11, 1, 5, 3, 3))
    for dtype in FLOATS:
        yield shapes(**_telling(draw, 12, 4, 7, 3, 3, dtype))
        yield shapes("more queries than points", **_clear(draw, 5, 3, 11, 2, 2, dtype))
    small, larger = _clear(draw, 6, 3, 2, 3, 3), _clear(draw, 14, 3, 9, 3, 3)
    every = torch.arange(14) % 3
    yield vectorised(small | {"train_y": every[:6]}, larger | {"train_y": every})


def _ties(draw: Draw) -> Cases:
    """Yield points on a line whose votes tie; the nearest is never of the smallest label."""
    by = draw.number(-4, 4)
    line = torch.tensor([1.0, 2.0, 3.0, 4.0, 9.0, 10.0])[:, None] + torch.tensor([by, 0.0])
    query = torch.tensor([[by, 0.0], [by - 0.3, 0.0]])
    for note, given, k in (
        ("two labels with a vote each", [3, 1, 1, 0, 0, 0], 2),
        ("two labels with two votes each", [2, 1, 2, 1, 0, 0], 4),
        ("three labels with a vote each", [4, 2, 3, 0, 0, 1], 3),
        ("the smallest label has fewer votes", [2, 2, 0, 1, 1, 3], 5),
    ):
        yield extremes(note, train_x=line, train_y=torch.tensor(given), x=query, k=k)
    around = torch.tensor([[1.0, 0], [0, 2], [3, 0], [0, 3], [-3, 0], [0, -3]])
    place = draw.integers(1, 2, low=-9, high=9).float()
    near = {"train_x": around + place, "train_y": torch.tensor([2, 2, 1, 1, 1, 1])}
    yield extremes("several points at the distance of the k-th", **near, x=place, k=3)
    twice = torch.cat([line[:3], line[:3]])
    labels = torch.tensor([1, 4, 2, 3, 0, 2])
    yield extremes("points in one place", train_x=twice, train_y=labels, x=query, k=4)


def _own(draw: Draw) -> dict[str, Any]:
    """Return training points as queries, whose own votes decide."""
    while True:
        given = _clear(draw, 9, 2, 1, 3, 1) | {"k": 3}
        points, labels = given["train_x"], given["train_y"]
        near = neighbours(points, labels, points, 4)
        if not torch.equal(majority(near[:, :3]), majority(near[:, 1:])):
            return given | {"x": points}


def _clear(
    draw: Draw,
    n: int,
    d: int,
    m: int,
    classes: int,
    k: int,
    dtype: torch.dtype = torch.float32,
) -> dict[str, Any]:
    """Return points that leave no doubt which are the k nearest, nor the 3 nearest of each."""
    while True:
        train_x = 1.5 * draw.normal(n, d, dtype=dtype) + 1
        x = 1.5 * draw.normal(m, d, dtype=dtype) + 1
        gaps = distances(train_x, x).sort(dim=1).values.diff(dim=1)
        between = distances(train_x, train_x).sort(dim=1).values.diff(dim=1)
        if (k < n and gaps[:, k - 1].min() < 5e-3) or (n > 3 and between[:, 2].min() < 5e-3):
            continue
        labels = draw.integers(n, high=classes)
        return {"train_x": train_x, "train_y": labels, "x": x, "k": k}


def _telling(
    draw: Draw,
    n: int,
    d: int,
    m: int,
    classes: int,
    k: int,
    dtype: torch.dtype = torch.float32,
) -> dict[str, Any]:
    """Return points for which other distances, votes and k give others, and not all the same."""
    while True:
        given = _clear(draw, n, d, m, classes, k, dtype)
        train_x, train_y, x = given["train_x"], given["train_y"], given["x"]
        near = neighbours(train_x, train_y, x, k)
        apart = (x[:, None] - train_x).abs()
        like = torch.cosine_similarity(x[:, None], train_x, dim=-1)
        ranked = (apart.sum(-1), apart.amax(-1), apart[..., 0], -like, -(x @ train_x.mT))
        others = [train_y[each.topk(k, largest=False).indices] for each in ranked]
        others += [near[:, :1], near[:, 1:], near[:, :-1]]
        others += [neighbours(train_x, train_y, x, k + 1), train_y.expand(m, n)]
        right = majority(near)
        weights = 1 / distances(train_x, x).topk(k, largest=False).values
        wrong = [majority(each) for each in others] + [votes(near, weights).argmax(dim=1)]
        if len(torch.unique(right)) > 1 and not any(torch.equal(right, each) for each in wrong):
            return given
