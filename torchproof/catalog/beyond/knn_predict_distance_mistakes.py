"""Wrong neighbours."""

import torch
import torch.nn.functional as F
from torch import Tensor

from torchproof.catalog.beyond.knn_predict import (
    distances,
    knn_predict,
    majority,
    neighbours,
    votes,
)


def _nearest(train_y: Tensor, apart: Tensor, k: int) -> Tensor:
    """Return what the k nearest by these distances vote for."""
    return majority(train_y[apart.topk(k, largest=False).indices])


@knn_predict.mistake(
    "farthest",
    "You let the k farthest vote, for topk picks the largest; say largest=False.",
)
def _(train_x: Tensor, train_y: Tensor, x: Tensor, k: int) -> Tensor:
    return _nearest(train_y, -distances(train_x, x), k)


@knn_predict.mistake(
    "k ignored",
    "You return the label of the nearest point alone; let the k nearest vote.",
)
def _(train_x: Tensor, train_y: Tensor, x: Tensor, k: int) -> Tensor:
    return neighbours(train_x, train_y, x, 1)[:, 0]


@knn_predict.mistake(
    "label of the k-th",
    "You return the label of the k-th nearest, as kthvalue finds it; let all k vote.",
)
def _(train_x: Tensor, train_y: Tensor, x: Tensor, k: int) -> Tensor:
    return neighbours(train_x, train_y, x, k)[:, -1]


@knn_predict.mistake(
    "one too many",
    "You let k + 1 neighbours vote where there are so many; k are asked for.",
)
def _(train_x: Tensor, train_y: Tensor, x: Tensor, k: int) -> Tensor:
    return majority(neighbours(train_x, train_y, x, min(k + 1, len(train_x))))


@knn_predict.mistake(
    "one too few",
    "You let k - 1 neighbours vote; k are asked for.",
)
def _(train_x: Tensor, train_y: Tensor, x: Tensor, k: int) -> Tensor:
    return majority(neighbours(train_x, train_y, x, max(k - 1, 1)))


@knn_predict.mistake(
    "k made odd",
    "You make an even k odd, one less, to have fewer ties; k neighbours vote, and in a tie the "
    "smallest label wins.",
)
def _(train_x: Tensor, train_y: Tensor, x: Tensor, k: int) -> Tensor:
    return majority(neighbours(train_x, train_y, x, k - 1 + k % 2))


@knn_predict.mistake(
    "nearest left out",
    "You leave out the nearest as if it were the query itself; the queries are no training "
    "points, and where one lies on a training point, that one votes too.",
)
def _(train_x: Tensor, train_y: Tensor, x: Tensor, k: int) -> Tensor:
    near = distances(train_x, x).argsort(dim=1)[:, 1 : k + 1]
    return majority(train_y[near if near.shape[1] else near.new_zeros(len(x), 1)])


@knn_predict.mistake(
    "points at distance 0 left out",
    "You leave out training points on which a query lies; they are its nearest neighbours.",
)
def _(train_x: Tensor, train_y: Tensor, x: Tensor, k: int) -> Tensor:
    apart = distances(train_x, x)
    return _nearest(train_y, apart.masked_fill(apart == 0, torch.inf), k)


@knn_predict.mistake(
    "all points vote",
    "You let all training points vote, so every query gets the same label; k are asked for.",
)
def _(train_x: Tensor, train_y: Tensor, x: Tensor, k: int) -> Tensor:
    return majority(train_y.expand(len(x), -1))


@knn_predict.mistake(
    "L1 distance",
    "You add up absolute differences, the L1 distance; the Euclidean one adds up their squares.",
)
def _(train_x: Tensor, train_y: Tensor, x: Tensor, k: int) -> Tensor:
    return _nearest(train_y, (x[:, None] - train_x).abs().sum(dim=-1), k)


@knn_predict.mistake(
    "largest difference",
    "You compare the largest difference in one feature; the Euclidean distance adds up the squares "
    "of all.",
)
def _(train_x: Tensor, train_y: Tensor, x: Tensor, k: int) -> Tensor:
    return _nearest(train_y, torch.cdist(x, train_x, p=torch.inf), k)


@knn_predict.mistake(
    "first feature only",
    "You measure the distance in the first feature only; all features count.",
)
def _(train_x: Tensor, train_y: Tensor, x: Tensor, k: int) -> Tensor:
    return _nearest(train_y, (x[:, None, 0] - train_x[:, 0]).abs(), k)


@knn_predict.mistake(
    "differences not squared",
    "You add up the differences without squaring them, so those above and below cancel; square "
    "them first.",
)
def _(train_x: Tensor, train_y: Tensor, x: Tensor, k: int) -> Tensor:
    return _nearest(train_y, (x[:, None] - train_x).sum(dim=-1).abs(), k)


@knn_predict.mistake(
    "cosine similarity",
    "You compare directions, by the cosine or with rows scaled to length 1; take the k at the "
    "smallest Euclidean distance between the points as they are.",
)
def _(train_x: Tensor, train_y: Tensor, x: Tensor, k: int) -> Tensor:
    return _nearest(train_y, -F.cosine_similarity(x[:, None], train_x, dim=-1), k)


@knn_predict.mistake(
    "dot product",
    "You take the k largest dot products, which favour points far from 0; take the k at the "
    "smallest Euclidean distance.",
)
def _(train_x: Tensor, train_y: Tensor, x: Tensor, k: int) -> Tensor:
    return _nearest(train_y, -(x @ train_x.mT), k)


@knn_predict.mistake(
    "expanded square",
    "You expand (a - b)² to a² - 2ab + b²; far from the origin the large terms cancel and few "
    "digits are left, so subtract first.",
)
def _(train_x: Tensor, train_y: Tensor, x: Tensor, k: int) -> Tensor:
    square = x.square().sum(1, keepdim=True) - 2 * x @ train_x.mT + train_x.square().sum(1)
    return _nearest(train_y, square, k)


@knn_predict.mistake(
    "torch.cdist by default",
    "Above 25 rows torch.cdist expands (a - b)² by default, and far from the origin few digits are "
    'left; say compute_mode="donot_use_mm_for_euclid_dist", or subtract first.',
)
def _(train_x: Tensor, train_y: Tensor, x: Tensor, k: int) -> Tensor:
    return _nearest(train_y, torch.cdist(x, train_x), k)


@knn_predict.mistake(
    "all points at the distance of the k-th",
    "Where several points are as far as the k-th, you let all of them vote, more than k in all; "
    "take k, as topk does.",
)
def _(train_x: Tensor, train_y: Tensor, x: Tensor, k: int) -> Tensor:
    apart = distances(train_x, x)
    voting = apart <= apart.topk(k, largest=False).values[:, -1:]
    return votes(train_y.expand_as(voting), voting.long()).argmax(dim=1)


@knn_predict.mistake(
    "distances in float32",
    "You measure the distances in float32, which cannot tell float64 points apart that are far "
    "from the origin; keep their dtype.",
)
def _(train_x: Tensor, train_y: Tensor, x: Tensor, k: int) -> Tensor:
    return _nearest(train_y, distances(train_x.float(), x.float()), k)


@knn_predict.mistake(
    "three neighbours",
    "You let three neighbours vote whatever k is; let k vote.",
)
def _(train_x: Tensor, train_y: Tensor, x: Tensor, k: int) -> Tensor:
    return majority(neighbours(train_x, train_y, x, min(3, len(train_x))))


@knn_predict.mistake(
    "five neighbours",
    "You let five neighbours vote whatever k is, as many as scikit-learn takes by default; let k "
    "vote.",
)
def _(train_x: Tensor, train_y: Tensor, x: Tensor, k: int) -> Tensor:
    return majority(neighbours(train_x, train_y, x, min(5, len(train_x))))


@knn_predict.mistake(
    "features standardised",
    "You scale the features to one standard deviation first; that is often wise, but here the "
    "features count as they are.",
)
def _(train_x: Tensor, train_y: Tensor, x: Tensor, k: int) -> Tensor:
    std = train_x.std(dim=0, correction=0)
    return _nearest(train_y, distances(train_x / std, x / std), k)


@knn_predict.mistake(
    "changes its inputs",
    "You centre the points in place, which the caller still has; the distances need no centring, "
    "and what you subtract should make a new tensor.",
)
def _(train_x: Tensor, train_y: Tensor, x: Tensor, k: int) -> Tensor:
    mean = train_x.mean(dim=0)
    train_x -= mean
    x -= mean
    return majority(neighbours(train_x, train_y, x, k))


@knn_predict.mistake(
    "neighbours on the wrong side",
    "You look for the nearest queries of each training point; look for the nearest training points "
    "of each query, along the rows of (M, N).",
)
def _(train_x: Tensor, train_y: Tensor, x: Tensor, k: int) -> Tensor:
    return majority(train_y[distances(x, train_x).topk(k, largest=False).indices])
