"""The mean of the largest losses."""

import torch
from torch import Tensor

from torchproof.catalog.losses.reductions import GROUPS, LOSSES
from torchproof.checking.cases import FLOATS, Cases, Draw, extremes, shapes, values
from torchproof.checking.exercise import exercise


@exercise(groups=GROUPS, not_allowed=LOSSES)
def topk_loss(losses: Tensor, k: int) -> Tensor:
    """Return the mean of the k largest losses, of all of them where there are fewer than k."""
    return losses.flatten().topk(min(k, losses.numel())).values.mean()


@topk_loss.cases
def _(draw: Draw) -> Cases:
    _, double = FLOATS
    yield values(losses=draw.normal(draw.size(8, 12)), k=draw.size(3, 5))
    yield values(losses=draw.normal(draw.size(4, 6), 7, dtype=double), k=draw.size(2, 3))
    yield values(losses=draw.normal(2, 3, 5), k=draw.size(7, 9))
    for dtype in FLOATS:
        yield shapes(losses=draw.normal(3, 5, dtype=dtype), k=4)
        yield shapes(losses=draw.normal(2, 4, 3, dtype=dtype), k=5)
        yield shapes(losses=draw.normal(7, dtype=dtype), k=2)
    yield values("k is 1", losses=draw.normal(6).sort().values.roll(3), k=1)
    yield values("k is the number of losses", losses=draw.normal(2, 3), k=6)
    yield extremes("fewer losses than k", losses=draw.normal(2, 3), k=10)
    tied = torch.tensor([1.0, 3.0, 2.0, 2.0, 2.0, 0.5])
    yield extremes("ties at the border", losses=tied, k=3)
    yield extremes("all equal", losses=torch.full((3, 4), 0.75), k=5)
    yield extremes("an infinite loss", losses=torch.tensor([0.5, torch.inf, 1.5]), k=2)
    yield extremes("losses below 0 and above", losses=torch.tensor([-3.0, 0.0, 2.0, -1.0]), k=3)
    yield extremes("very large and very small", losses=torch.tensor([1e30, 1e-30, 3e30]), k=2)
    yield extremes("a single loss", losses=draw.normal(1), k=1)
    yield extremes("no losses", losses=torch.empty(0), k=3)


@topk_loss.mistake(
    "the smallest",
    "You average the k smallest losses; the k largest are the hard examples.",
)
def _(losses: Tensor, k: int) -> Tensor:
    return losses.flatten().sort().values[:k].mean()


@topk_loss.mistake(
    "too few losses for k",
    "There may be fewer than k losses, as in the last batch, and topk refuses that; take the "
    "smaller of k and their number.",
)
def _(losses: Tensor, k: int) -> Tensor:
    return losses.flatten().topk(k).values.mean()


@topk_loss.mistake(
    "k of each row",
    "You take the k largest of each row; take them of all losses together, by flatten first.",
)
def _(losses: Tensor, k: int) -> Tensor:
    return losses.topk(min(k, losses.shape[-1])).values.mean()


@topk_loss.mistake(
    "k of each row, and too few losses for k",
    "Two things: take the k largest of all losses together, by flatten first; and there may be "
    "fewer than k, so take the smaller of k and their number.",
)
def _(losses: Tensor, k: int) -> Tensor:
    return losses.topk(k).values.mean()


@topk_loss.mistake(
    "0 for no losses",
    "You guard the mean against dividing by 0; the mean of no losses is NaN, so that it does not "
    "pass for a perfect one: take the mean as it is.",
)
def _(losses: Tensor, k: int) -> Tensor:
    largest = losses.flatten().sort(descending=True).values[:k]
    return largest.sum() / max(len(largest), 1)


@topk_loss.mistake(
    "summed",
    "You add the k largest losses up; their mean is asked for.",
)
def _(losses: Tensor, k: int) -> Tensor:
    return losses.flatten().sort(descending=True).values[:k].sum()


@topk_loss.mistake(
    "divided by k",
    "You divide by k, but where there are fewer losses than k it is their number that counts; "
    "take the mean of what you picked.",
)
def _(losses: Tensor, k: int) -> Tensor:
    return losses.flatten().sort(descending=True).values[:k].sum() / k


@topk_loss.mistake(
    "divided by the number of all losses",
    "You divide by the number of all losses; the mean is that of the k you picked.",
)
def _(losses: Tensor, k: int) -> Tensor:
    return losses.flatten().sort(descending=True).values[:k].sum() / losses.numel()


@topk_loss.mistake(
    "the k-th only",
    "You return the k-th largest loss alone; average it with those above it.",
)
def _(losses: Tensor, k: int) -> Tensor:
    largest = losses.flatten().sort(descending=True).values
    return largest[min(k, len(largest)) - 1]


@topk_loss.mistake(
    "all at or above the k-th",
    "You average all losses at or above the k-th largest, which are more than k where several "
    "tie; take exactly k.",
)
def _(losses: Tensor, k: int) -> Tensor:
    flat = losses.flatten()
    border = flat.topk(min(k, len(flat))).values[-1:]
    return flat[flat >= border].mean()


@topk_loss.mistake(
    "the mean of all",
    "You average all losses; only the k largest count.",
)
def _(losses: Tensor, k: int) -> Tensor:
    return losses.mean()


@topk_loss.mistake(
    "the first k",
    "You take the first k losses, unsorted; take the largest, as topk finds them.",
)
def _(losses: Tensor, k: int) -> Tensor:
    return losses.flatten()[:k].mean()


@topk_loss.mistake(
    "by absolute value",
    "You rank by the absolute value, so that a loss far below 0 counts as large; rank the losses "
    "themselves.",
)
def _(losses: Tensor, k: int) -> Tensor:
    flat = losses.flatten()
    return flat[flat.abs().argsort(descending=True)[:k]].mean()


@topk_loss.mistake(
    "topk gives two things",
    "topk returns the largest values and their places; take .values.",
)
def _(losses: Tensor, k: int) -> Tensor:
    return losses.flatten().topk(min(k, losses.numel())).mean()  # type: ignore[attr-defined,no-any-return]


@topk_loss.mistake(
    "not reduced",
    "You return the k largest losses themselves; take their mean.",
)
def _(losses: Tensor, k: int) -> Tensor:
    return losses.flatten().topk(min(k, losses.numel())).values


@topk_loss.mistake(
    "through a Python list",
    "You sort a Python list of numbers, through which no gradient flows; sort the tensor, by "
    "topk or sort.",
)
def _(losses: Tensor, k: int) -> Tensor:
    largest = sorted(losses.flatten().tolist(), reverse=True)[:k]
    return torch.tensor(largest, dtype=losses.dtype).mean()
