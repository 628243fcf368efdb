"""The mean of what a mask keeps."""

import torch
from torch import Tensor

from torchproof.checking.cases import FLOATS, Cases, Draw, extremes, shapes, values, vectorised
from torchproof.checking.exercise import exercise


@exercise()
def masked_mean(x: Tensor, mask: Tensor, dim: int) -> Tensor:
    """Return the mean along dim of the elements of x where mask is True, and 0 where none is."""
    total = torch.where(mask, x, 0).sum(dim)
    return total / mask.sum(dim).clamp(min=1)


@masked_mean.cases
def _(draw: Draw) -> Cases:
    for dtype in FLOATS:
        yield values(x=draw.normal(4, 6, dtype=dtype), mask=_some(draw, 4, 6, dim=1), dim=1)
        yield values(x=draw.normal(5, 3, dtype=dtype), mask=_some(draw, 5, 3, dim=0), dim=0)
        yield values(x=draw.normal(2, 3, 4, dtype=dtype), mask=_some(draw, 2, 3, 4, dim=1), dim=1)
    mask = _some(draw, 3, 4, dim=1)
    mask[1] = False
    yield extremes("no element taken", x=draw.normal(3, 4), mask=mask, dim=1)
    yield extremes("all taken", x=draw.normal(3, 4), mask=torch.ones(3, 4).bool(), dim=0)
    hidden = torch.tensor([[1.0, torch.nan, 3.0], [torch.inf, 5.0, 7.0]])
    yield extremes("NaN and infinity hidden", x=hidden, mask=hidden.isfinite(), dim=1)
    yield extremes("NaN and infinity taken", x=hidden, mask=~hidden.isfinite(), dim=1)
    yield extremes("an empty batch", x=torch.empty(0, 3), mask=torch.empty(0, 3).bool(), dim=1)
    for dtype in FLOATS:
        yield shapes(x=draw.normal(3, 5, dtype=dtype), mask=_some(draw, 3, 5, dim=-1), dim=-1)
        yield shapes(x=draw.normal(3, 5, 2, dtype=dtype), mask=_some(draw, 3, 5, 2, dim=0), dim=0)
    yield vectorised(
        {"x": draw.normal(2, 3), "mask": _some(draw, 2, 3, dim=1), "dim": 1},
        {"x": draw.normal(9, 7), "mask": _some(draw, 9, 7, dim=1), "dim": 1},
    )


def _some(draw: Draw, *shape: int, dim: int) -> Tensor:
    """Return a mask that takes some elements along ``dim`` everywhere, and leaves some out."""
    mask = draw.mask(*shape)
    mask.select(dim, 0).fill_(True)
    mask.select(dim, 1).fill_(False)
    return mask


@masked_mean.mistake(
    "divides by the full length",
    "You divide by the full length of dim; divide by the number of elements taken.",
)
def _(x: Tensor, mask: Tensor, dim: int) -> Tensor:
    return torch.where(mask, x, 0).mean(dim)


@masked_mean.mistake(
    "NaN on an empty mask",
    "Where no element is taken you compute 0/0, which is NaN; the result there should be 0.",
)
def _(x: Tensor, mask: Tensor, dim: int) -> Tensor:
    return torch.where(mask, x, 0).sum(dim) / mask.sum(dim)


@masked_mean.mistake(
    "multiplied by the mask",
    "You multiply by the mask, but 0 times NaN or infinity is NaN; choose with torch.where.",
)
def _(x: Tensor, mask: Tensor, dim: int) -> Tensor:
    return (x * mask).sum(dim) / mask.sum(dim).clamp(min=1)


@masked_mean.mistake(
    "multiplied by the mask, and NaN on an empty mask",
    "Two things: 0 times NaN is NaN, so choose with torch.where; and where no element is taken, "
    "0/0 is NaN where 0 is asked for.",
)
def _(x: Tensor, mask: Tensor, dim: int) -> Tensor:
    return (x * mask).sum(dim) / mask.sum(dim)


@masked_mean.mistake(
    "NaN taken for hidden",
    "You drop NaN or infinity wherever it stands; what the mask takes counts, and only what it "
    "hides is dropped.",
)
def _(x: Tensor, mask: Tensor, dim: int) -> Tensor:
    kept = mask & x.isfinite()
    return torch.where(kept, x, 0).sum(dim) / kept.sum(dim).clamp(min=1)


@masked_mean.mistake(
    "dim ignored",
    "You always average along dimension 1; dim says along which.",
)
def _(x: Tensor, mask: Tensor, dim: int) -> Tensor:
    return torch.where(mask, x, 0).sum(1) / mask.sum(1).clamp(min=1)


@masked_mean.mistake(
    "mask the other way round",
    "You average the elements where the mask is False; average those where it is True.",
)
def _(x: Tensor, mask: Tensor, dim: int) -> Tensor:
    return torch.where(mask, 0, x).sum(dim) / (~mask).sum(dim).clamp(min=1)


@masked_mean.mistake(
    "over all elements",
    "You average over the whole tensor; reduce over dim only.",
)
def _(x: Tensor, mask: Tensor, dim: int) -> Tensor:
    return torch.where(mask, x, 0).sum() / mask.sum().clamp(min=1)


@masked_mean.mistake(
    "dimension kept",
    "Your result keeps dim as a dimension of size 1; it should be gone.",
)
def _(x: Tensor, mask: Tensor, dim: int) -> Tensor:
    total = torch.where(mask, x, 0).sum(dim, keepdim=True)
    return total / mask.sum(dim, keepdim=True).clamp(min=1)


@masked_mean.mistake(
    "zeroes its input",
    "You write zeros into x itself, which the caller still needs; make a new tensor.",
)
def _(x: Tensor, mask: Tensor, dim: int) -> Tensor:
    with torch.no_grad():
        x[~mask] = 0
    return torch.where(mask, x, 0).sum(dim) / mask.sum(dim).clamp(min=1)
