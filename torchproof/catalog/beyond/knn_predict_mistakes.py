"""Wrong votes of the nearest neighbours."""

from typing import Any

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


@knn_predict.mistake(
    "mean of labels",
    "You return the mean of the neighbours' labels; labels are names rather than amounts, so "
    "count how often each occurs and return the most frequent.",
)
def _(train_x: Tensor, train_y: Tensor, x: Tensor, k: int) -> Tensor:
    return neighbours(train_x, train_y, x, k).to(x.dtype).mean(dim=1)


@knn_predict.mistake(
    "mean of labels, rounded",
    "You round the mean of the neighbours' labels; labels are names rather than amounts, so count "
    "how often each occurs and return the most frequent.",
)
def _(train_x: Tensor, train_y: Tensor, x: Tensor, k: int) -> Tensor:
    return neighbours(train_x, train_y, x, k).to(x.dtype).mean(dim=1).round().long()


@knn_predict.mistake(
    "mean of labels, rounded down",
    "You cut off the mean of the neighbours' labels; labels are names rather than amounts, so "
    "count how often each occurs and return the most frequent.",
)
def _(train_x: Tensor, train_y: Tensor, x: Tensor, k: int) -> Tensor:
    return neighbours(train_x, train_y, x, k).sum(dim=1) // k


@knn_predict.mistake(
    "median of labels",
    "You return the median of the neighbours' labels; count how often each occurs and return the "
    "most frequent.",
)
def _(train_x: Tensor, train_y: Tensor, x: Tensor, k: int) -> Tensor:
    return neighbours(train_x, train_y, x, k).median(dim=1).values


@knn_predict.mistake(
    "largest label in ties",
    "Where labels have equally many votes you return the largest; the smallest wins, as argmax "
    "over the counts has it.",
)
def _(train_x: Tensor, train_y: Tensor, x: Tensor, k: int) -> Tensor:
    counts = votes(neighbours(train_x, train_y, x, k))
    return counts.shape[1] - 1 - counts.flip(1).argmax(dim=1)


@knn_predict.mistake(
    "nearest label in ties",
    "Where labels have equally many votes you return that of the nearest neighbour among them; "
    "the smallest wins.",
)
def _(train_x: Tensor, train_y: Tensor, x: Tensor, k: int) -> Tensor:
    near = neighbours(train_x, train_y, x, k)
    own = votes(near).gather(1, near)
    return near.gather(1, own.argmax(dim=1, keepdim=True))[:, 0]


@knn_predict.mistake(
    "farthest label in ties",
    "Where labels have equally many votes you return that of the farthest neighbour among them; "
    "the smallest wins.",
)
def _(train_x: Tensor, train_y: Tensor, x: Tensor, k: int) -> Tensor:
    near = neighbours(train_x, train_y, x, k).flip(1)
    own = votes(near).gather(1, near)
    return near.gather(1, own.argmax(dim=1, keepdim=True))[:, 0]


@knn_predict.mistake(
    "smallest label",
    "You return the smallest of the neighbours' labels, however few have it; the smallest wins "
    "only where labels have equally many votes.",
)
def _(train_x: Tensor, train_y: Tensor, x: Tensor, k: int) -> Tensor:
    return neighbours(train_x, train_y, x, k).amin(dim=1)


@knn_predict.mistake(
    "largest label",
    "You return the largest of the neighbours' labels, as max does; return the most frequent.",
)
def _(train_x: Tensor, train_y: Tensor, x: Tensor, k: int) -> Tensor:
    return neighbours(train_x, train_y, x, k).amax(dim=1)


@knn_predict.mistake(
    "number of votes",
    "You return how many votes the winner has; return its label, as argmax gives it.",
)
def _(train_x: Tensor, train_y: Tensor, x: Tensor, k: int) -> Tensor:
    return votes(neighbours(train_x, train_y, x, k)).amax(dim=1)


@knn_predict.mistake(
    "weights by distance",
    "You let near neighbours count more, as by one over their distance; each of the k has one "
    "vote.",
)
def _(train_x: Tensor, train_y: Tensor, x: Tensor, k: int) -> Tensor:
    near = distances(train_x, x).topk(k, largest=False)
    return votes(train_y[near.indices], 1 / near.values).argmax(dim=1)


@knn_predict.mistake(
    "indices instead of labels",
    "You let the row numbers of the neighbours vote, all of which differ; look up their labels, "
    "train_y[indices].",
)
def _(train_x: Tensor, train_y: Tensor, x: Tensor, k: int) -> Tensor:
    return distances(train_x, x).topk(k, largest=False).indices.amin(dim=1)


@knn_predict.mistake(
    "index of the nearest",
    "You return the row number of the nearest training point; look up the labels of the k nearest "
    "and return the most frequent.",
)
def _(train_x: Tensor, train_y: Tensor, x: Tensor, k: int) -> Tensor:
    return distances(train_x, x).argmin(dim=1)


@knn_predict.mistake(
    "indices of all k",
    "You return the row numbers of the k nearest; look up their labels, and let them vote.",
)
def _(train_x: Tensor, train_y: Tensor, x: Tensor, k: int) -> Tensor:
    return distances(train_x, x).topk(k, largest=False).indices


@knn_predict.mistake(
    "labels of all k",
    "You return the labels of all k neighbours; one is asked for each query, the most frequent.",
)
def _(train_x: Tensor, train_y: Tensor, x: Tensor, k: int) -> Tensor:
    return neighbours(train_x, train_y, x, k)


@knn_predict.mistake(
    "counts returned",
    "You return how many votes each label has; return the label with most of them, by argmax.",
)
def _(train_x: Tensor, train_y: Tensor, x: Tensor, k: int) -> Tensor:
    return votes(neighbours(train_x, train_y, x, k))


@knn_predict.mistake(
    "labels counted without gaps",
    "You return the winner's place among the labels that occur; return the label itself, for "
    "there may be numbers that no training point has.",
)
def _(train_x: Tensor, train_y: Tensor, x: Tensor, k: int) -> Tensor:
    places = torch.unique(train_y, return_inverse=True)[1]
    return majority(neighbours(train_x, places, x, k))


@knn_predict.mistake(
    "ten classes",
    "You count votes for ten labels, 0 to 9; they go up to the largest of train_y, which takes "
    "one column more than that number.",
)
def _(train_x: Tensor, train_y: Tensor, x: Tensor, k: int) -> Tensor:
    return F.one_hot(neighbours(train_x, train_y, x, k), 10).sum(dim=1).argmax(dim=1)


@knn_predict.mistake(
    "one_hot without num_classes",
    "Without queries there are no neighbours from which one_hot could tell how many classes there "
    "are; say num_classes, from train_y.",
)
def _(train_x: Tensor, train_y: Tensor, x: Tensor, k: int) -> Tensor:
    return F.one_hot(neighbours(train_x, train_y, x, k)).sum(dim=1).argmax(dim=1)


@knn_predict.mistake(
    "largest label of no neighbours",
    "Without queries there are no neighbours, and no largest label among theirs; take the largest "
    "of train_y.",
)
def _(train_x: Tensor, train_y: Tensor, x: Tensor, k: int) -> Tensor:
    near = neighbours(train_x, train_y, x, k)
    return F.one_hot(near, int(near.max()) + 1).sum(dim=1).argmax(dim=1)


@knn_predict.mistake(
    "one label for all queries",
    "You let the neighbours of all queries vote together; count for each query apart, along dim=1.",
)
def _(train_x: Tensor, train_y: Tensor, x: Tensor, k: int) -> Tensor:
    every = neighbours(train_x, train_y, x, k).reshape(1, -1)
    return majority(every).expand(len(x))


@knn_predict.mistake(
    "labels in a column",
    "Your result has shape (M, 1); shape (M,) is asked for, so leave out keepdim=True.",
)
def _(train_x: Tensor, train_y: Tensor, x: Tensor, k: int) -> Tensor:
    return majority(neighbours(train_x, train_y, x, k))[:, None]


@knn_predict.mistake(
    "float labels",
    "You return floating-point numbers; labels are int64, as in train_y.",
)
def _(train_x: Tensor, train_y: Tensor, x: Tensor, k: int) -> Tensor:
    return majority(neighbours(train_x, train_y, x, k)).to(x.dtype)


@knn_predict.mistake(
    "float labels without queries",
    "Without queries your result is floating-point, as torch.tensor([]) is; it is int64 then too.",
)
def _(train_x: Tensor, train_y: Tensor, x: Tensor, k: int) -> Tensor:
    found = majority(neighbours(train_x, train_y, x, k))
    return found if len(x) else found.float()


@knn_predict.mistake(
    "int32 labels",
    "You return int32; labels are int64, as in train_y.",
)
def _(train_x: Tensor, train_y: Tensor, x: Tensor, k: int) -> Tensor:
    return majority(neighbours(train_x, train_y, x, k)).int()


@knn_predict.mistake(
    "a list",
    "You return a list; a tensor is asked for.",
)
def _(train_x: Tensor, train_y: Tensor, x: Tensor, k: int) -> Any:
    return majority(neighbours(train_x, train_y, x, k)).tolist()


@knn_predict.mistake(
    "one query at a time",
    "The labels are right, but you take points one after the other; a subtraction pairs all "
    "queries with all training points, topk works on all rows of the distances at once, and "
    "one_hot and a sum, or torch.mode, count for all of them.",
)
def _(train_x: Tensor, train_y: Tensor, x: Tensor, k: int) -> Tensor:
    found = [int(majority(neighbours(train_x, train_y, query[None], k))) for query in x]
    return torch.tensor(found, dtype=torch.int64, device=x.device)


@knn_predict.mistake(
    "softmax of the distances",
    "You weight the neighbours by a softmax of their distances; each of the k has one vote.",
)
def _(train_x: Tensor, train_y: Tensor, x: Tensor, k: int) -> Tensor:
    near = distances(train_x, x).topk(k, largest=False)
    return votes(train_y[near.indices], F.softmax(-near.values, dim=1)).argmax(dim=1)
