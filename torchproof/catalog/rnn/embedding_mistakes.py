"""Tables that look up the wrong rows, or treat the padding in the wrong way."""

import math
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from torchproof.catalog.rnn.embedding import embedding


def _row(weight: Tensor, padding_idx: int | None) -> int | None:
    """Return the number of the padding row, counted from the first."""
    return padding_idx if padding_idx is None else padding_idx % len(weight)


def _without_gradient(rows: Tensor, padding: Tensor) -> Tensor:
    """Cut the gradient of the rows that are padding."""
    return torch.where(padding[..., None], rows.detach(), rows)


def _right(indices: Tensor, weight: Tensor, padding_idx: int | None) -> Tensor:
    """Return what some mistakes change a little: the right answer."""
    row = _row(weight, padding_idx)
    return weight[indices] if row is None else _without_gradient(weight[indices], indices == row)


@embedding.mistake(
    "padding row still gets a gradient",
    "The values are right, but the row padding_idx still gets a gradient; detach what is looked "
    "up there, as with torch.where and .detach().",
)
def _(indices: Tensor, weight: Tensor, padding_idx: int | None = None) -> Tensor:
    return weight[indices]


@embedding.mistake(
    "padding row looked up as zeros",
    "You return zeros where the index is padding_idx; its row is looked up as any other, and only "
    "its gradient is zero.",
)
def _(indices: Tensor, weight: Tensor, padding_idx: int | None = None) -> Tensor:
    row = _row(weight, padding_idx)
    return weight[indices] if row is None else weight[indices] * (indices != row)[..., None]


@embedding.mistake(
    "padding row looked up as zeros, negative padding_idx ignored",
    "Two things about the padding: its row is looked up as any other, and only its gradient is "
    "zero; and a negative padding_idx counts from the end, so add len(weight) to it.",
)
def _(indices: Tensor, weight: Tensor, padding_idx: int | None = None) -> Tensor:
    rows = weight[indices]
    return rows if padding_idx is None else rows * (indices != padding_idx)[..., None]


@embedding.mistake(
    "padding_idx 0 taken for none",
    "0 counts as false, so with padding_idx 0 you cut no gradient; ask `padding_idx is not None`.",
)
def _(indices: Tensor, weight: Tensor, padding_idx: int | None = None) -> Tensor:
    return _right(indices, weight, padding_idx or None)


@embedding.mistake(
    "negative padding_idx ignored",
    "A negative padding_idx equals no index, so you cut no gradient there; it counts from the end, "
    "so add len(weight) to it.",
)
def _(indices: Tensor, weight: Tensor, padding_idx: int | None = None) -> Tensor:
    if padding_idx is None:
        return weight[indices]
    return _without_gradient(weight[indices], indices == padding_idx)


@embedding.mistake(
    "padding_idx 0 and negative ones ignored",
    "You cut the gradient where padding_idx is positive only; 0 is a row as any other, and a "
    "negative one counts from the end.",
)
def _(indices: Tensor, weight: Tensor, padding_idx: int | None = None) -> Tensor:
    ignored = padding_idx is None or padding_idx <= 0
    return _right(indices, weight, None if ignored else padding_idx)


@embedding.mistake(
    "padding_idx -1 taken for none",
    "You take padding_idx -1 for none; it is the last row, and None stands for none.",
)
def _(indices: Tensor, weight: Tensor, padding_idx: int | None = None) -> Tensor:
    return _right(indices, weight, None if padding_idx == -1 else padding_idx)


@embedding.mistake(
    "no gradient at all",
    "The values are right, but no gradient reaches weight; detach only what is looked up in the "
    "row padding_idx.",
)
def _(indices: Tensor, weight: Tensor, padding_idx: int | None = None) -> Tensor:
    return weight.detach()[indices]


@embedding.mistake(
    "no gradient where there is padding",
    "With padding_idx no gradient reaches weight at all; only what is looked up in the row "
    "padding_idx is to be detached.",
)
def _(indices: Tensor, weight: Tensor, padding_idx: int | None = None) -> Tensor:
    return weight[indices] if padding_idx is None else weight.detach()[indices]


@embedding.mistake(
    "gradient of the padding row only",
    "You cut the gradient of all rows but padding_idx; it is the other way round.",
)
def _(indices: Tensor, weight: Tensor, padding_idx: int | None = None) -> Tensor:
    row = _row(weight, padding_idx)
    return weight[indices] if row is None else _without_gradient(weight[indices], indices != row)


@embedding.mistake(
    "vectors compared in place of indices",
    "You compare vectors with the padding row, and another row may be equal to it and would then "
    "learn nothing either; compare the indices with padding_idx.",
)
def _(indices: Tensor, weight: Tensor, padding_idx: int | None = None) -> Tensor:
    rows = weight[indices]
    if padding_idx is None:
        return rows
    return _without_gradient(rows, (rows == weight[padding_idx]).all(-1))


@embedding.mistake(
    "padding left out",
    "You drop the places where the index is padding_idx; every index has its row in the result.",
)
def _(indices: Tensor, weight: Tensor, padding_idx: int | None = None) -> Tensor:
    row = _row(weight, padding_idx)
    return weight[indices] if row is None else weight[indices[indices != row]]


@embedding.mistake(
    "writes zeros into the padding row",
    "You write zeros into the caller's weight; the row padding_idx keeps its values, and only its "
    "gradient is zero.",
)
def _(indices: Tensor, weight: Tensor, padding_idx: int | None = None) -> Tensor:
    if padding_idx is not None:
        with torch.no_grad():
            weight[padding_idx] = 0
    return _right(indices, weight, padding_idx)


@embedding.mistake(
    "requires_grad of a single row",
    "A row has no requires_grad of its own, only the whole table; detach what is looked up in the "
    "row padding_idx.",
)
def _(indices: Tensor, weight: Tensor, padding_idx: int | None = None) -> Tensor:
    if padding_idx is not None:
        weight[padding_idx].requires_grad_(False)
    return weight[indices]


@embedding.mistake(
    "detached row written into weight",
    "You write into weight, which is the caller's, and torch refuses to change it in place "
    "where it requires a gradient; detach what is looked up, or write into a clone.",
)
def _(indices: Tensor, weight: Tensor, padding_idx: int | None = None) -> Tensor:
    if padding_idx is not None:
        weight[padding_idx] = weight[padding_idx].detach()
    return weight[indices]


@embedding.mistake(
    "one dimension of indices only",
    "index_select takes one dimension of indices; they may have any shape, so flatten them and "
    "give the result the shape of indices and (D,) at the end, or index with weight[indices].",
)
def _(indices: Tensor, weight: Tensor, padding_idx: int | None = None) -> Tensor:
    rows = weight.index_select(0, indices)
    row = _row(weight, padding_idx)
    return rows if row is None else _without_gradient(rows, indices == row)


@embedding.mistake(
    "left flat",
    "You flatten the indices and leave the result flat; its shape is that of indices, and D at the "
    "end.",
)
def _(indices: Tensor, weight: Tensor, padding_idx: int | None = None) -> Tensor:
    return _right(indices.reshape(-1), weight, padding_idx)


@embedding.mistake(
    "D by -1 where there are no indices",
    "reshape cannot find the -1 where there are no elements; write out D, weight.shape[1].",
)
def _(indices: Tensor, weight: Tensor, padding_idx: int | None = None) -> Tensor:
    return _right(indices.reshape(-1), weight, padding_idx).reshape(*indices.shape, -1)


@embedding.mistake(
    "columns in place of rows",
    "You pick columns of weight; each index has a row.",
)
def _(indices: Tensor, weight: Tensor, padding_idx: int | None = None) -> Tensor:
    return weight[:, indices]


@embedding.mistake(
    "indices counted from 1",
    "You look up the row before the one asked; indices count from 0.",
)
def _(indices: Tensor, weight: Tensor, padding_idx: int | None = None) -> Tensor:
    row = _row(weight, padding_idx)
    rows = weight[indices - 1]
    return rows if row is None else _without_gradient(rows, indices == row)


@embedding.mistake(
    "classes from max+1",
    "You take the number of rows from the largest index, but the last rows need not be among "
    "those looked up; pass len(weight) to one_hot.",
)
def _(indices: Tensor, weight: Tensor, padding_idx: int | None = None) -> Tensor:
    rows = F.one_hot(indices).to(weight.dtype) @ weight
    row = _row(weight, padding_idx)
    return rows if row is None else _without_gradient(rows, indices == row)


@embedding.mistake(
    "float32 one-hot rows",
    "Your one-hot rows are float32 whatever weight is; give them the dtype of weight.",
)
def _(indices: Tensor, weight: Tensor, padding_idx: int | None = None) -> Tensor:
    rows = F.one_hot(indices, len(weight)).float() @ weight
    row = _row(weight, padding_idx)
    return rows if row is None else _without_gradient(rows, indices == row)


@embedding.mistake(
    "integer one-hot rows",
    "one_hot gives whole numbers, and a matrix product takes two tensors of one dtype; give the "
    "one-hot rows the dtype of weight.",
)
def _(indices: Tensor, weight: Tensor, padding_idx: int | None = None) -> Any:
    return F.one_hot(indices, len(weight)) @ weight


@embedding.mistake(
    "multiplied by the root of D",
    "You multiply the rows by the square root of D, as a transformer does with what it looks up; "
    "here the rows are asked as they are.",
)
def _(indices: Tensor, weight: Tensor, padding_idx: int | None = None) -> Tensor:
    return math.sqrt(weight.shape[1]) * _right(indices, weight, padding_idx)


@embedding.mistake(
    "one index at a time",
    "The values are right, but you go through the indices, or the rows, one by one; "
    "weight[indices] takes them all at once, whatever their shape.",
)
def _(indices: Tensor, weight: Tensor, padding_idx: int | None = None) -> Tensor:
    rows = [weight[index] for index in indices.reshape(-1)]
    flat = torch.stack(rows) if rows else weight[:0]
    found = flat.reshape(*indices.shape, weight.shape[1])
    row = _row(weight, padding_idx)
    return found if row is None else _without_gradient(found, indices == row)
