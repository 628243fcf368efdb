"""Rows of a table, looked up by number."""

import torch
import torch.nn.functional as F
from torch import Tensor

from torchproof.checking.cases import (
    FLOATS,
    Cases,
    Draw,
    extremes,
    gradients,
    shapes,
    values,
    vectorised,
)
from torchproof.checking.exercise import exercise

_EMBEDDING = (
    *("embedding", "embedding_bag", "_embedding_bag", "_embedding_bag_forward_only"),
    *("embedding_renorm_", "embedding_backward", "embedding_dense_backward"),
    *("torch.nn.Embedding", "torch.nn.EmbeddingBag", "torch.nn.modules.sparse"),
)


@exercise(not_allowed=_EMBEDDING)
def embedding(indices: Tensor, weight: Tensor, padding_idx: int | None = None) -> Tensor:
    """Return the rows of weight (V, D) at indices of any shape; shape (*indices.shape, D).

    The row ``padding_idx``, which counts from the end where it is negative, gets no gradient.
    """
    return F.embedding(indices, weight, padding_idx)


@embedding.cases
def _(draw: Draw) -> Cases:
    v = draw.size(4, 6)
    yield values(indices=draw.integers(9, high=v), weight=draw.normal(v, 3))
    weight = draw.normal(v, 3, dtype=torch.float64)
    yield values(indices=draw.integers(2, 3, high=v), weight=weight, padding_idx=None)
    for padding_idx, place in ((0, 0), (2, 2), (-1, 4), (-5, 0)):
        indices = draw.integers(3, 4, high=5)
        indices[1, 2] = indices[0, 1] = place
        weight = draw.normal(5, draw.size(2, 4), dtype=torch.float64)
        yield values(
            f"padding_idx is {padding_idx}, row {place}",
            indices=indices,
            weight=weight,
            padding_idx=padding_idx,
        )
    weight = draw.normal(4, 3, dtype=torch.float64)
    weight[3] = weight[1]
    equal = torch.tensor([[1, 3, 0], [3, 2, 1]])
    yield values("two rows are equal", indices=equal, weight=weight, padding_idx=1)
    yield from _edges(draw)
    for dtype in FLOATS:
        yield shapes(indices=draw.integers(high=4), weight=draw.normal(4, 3, dtype=dtype))
        for shape, v, d in (((1,), 3, 5), ((6, 2), 7, 4), ((2, 1, 4), 5, 2)):
            yield shapes(
                indices=draw.integers(*shape, high=v),
                weight=draw.normal(v, d, dtype=dtype),
                padding_idx=draw.size(0, v - 1),
            )
    yield vectorised(
        {"indices": draw.integers(4, high=5), "weight": draw.normal(5, 3), "padding_idx": 1},
        {"indices": draw.integers(7, 5, high=9), "weight": draw.normal(9, 6), "padding_idx": 1},
    )


def _edges(draw: Draw) -> Cases:
    """Yield cases at the edge of what is allowed, and gradients of some of them."""
    weight = draw.normal(4, 3, dtype=torch.float64)
    yield extremes("a single index", indices=torch.tensor(2), weight=weight)
    yield extremes(
        "a single index, the padding", indices=torch.tensor(2), weight=weight, padding_idx=2
    )
    no_indices = torch.empty(0, dtype=torch.int64)
    yield extremes("no indices", indices=no_indices, weight=weight)
    yield extremes(
        "no rows of indices", indices=no_indices.reshape(0, 3), weight=weight, padding_idx=1
    )
    one = torch.zeros(3, dtype=torch.int64)
    yield extremes("a table of one row", indices=one, weight=draw.normal(1, 4))
    yield extremes("one number a row", indices=draw.integers(5, high=3), weight=draw.normal(3, 1))
    ends = torch.tensor([[0, 3], [3, 0]])
    yield extremes("the first row and the last", indices=ends, weight=weight)
    large = 1e30 * draw.normal(4, 2)
    yield extremes("large numbers", indices=draw.integers(2, 4, high=4), weight=large)
    nothing_but = {"indices": torch.full((2, 3), 3), "weight": weight, "padding_idx": 3}
    yield extremes("nothing but padding", **nothing_but)
    yield gradients("nothing but padding", **nothing_but)
    absent = torch.tensor([0, 2, 2, 0])
    note = "the padding row is not looked up"
    yield values(note, indices=absent, weight=weight, padding_idx=1)
    yield values(note, indices=absent, weight=weight, padding_idx=-1)
    yield gradients("one row many times", indices=torch.full((8,), 2), weight=weight)
