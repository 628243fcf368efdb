"""A mask of ones and zeros."""

import torch
from torch import Tensor

from torchproof.catalog.tensors.rules import WITHOUT_GRADIENTS
from torchproof.checking.cases import FLOATS, Cases, Draw, extremes, shapes, values, vectorised
from torchproof.checking.exercise import exercise


@exercise(groups=WITHOUT_GRADIENTS, loops=False, picture="curve")
def threshold(t: Tensor, limit: float) -> Tensor:
    """Return 1 where t is above the limit, else 0, in t's shape and dtype."""
    return torch.where(t > limit, 1, 0).to(t.dtype)


@threshold.cases
def _(draw: Draw) -> Cases:
    for dtype in FLOATS:
        yield values(t=draw.normal(12, dtype=dtype), limit=draw.number(-0.5, 0.5))
        yield values(t=draw.normal(2, 3, 4, dtype=dtype), limit=draw.number(-0.5, 0.5))
    yield extremes("equal to the limit", t=torch.tensor([0.25, 0.5, 0.75]), limit=0.5)
    odd = torch.tensor([-torch.inf, 1e38, torch.inf, torch.nan])
    yield extremes("infinities and NaN", t=odd, limit=3e38)
    yield extremes("a limit above 1", t=torch.tensor([0.5, 1.5, 2.5]), limit=1.25)
    yield extremes("whole numbers, a limit between", t=torch.tensor([-1, 0, 2]), limit=-0.5)
    yield extremes("a single element", t=torch.tensor(2.0), limit=1.0)
    yield extremes("an empty batch", t=torch.empty(0, 3), limit=0.0)
    for dtype in (*FLOATS, torch.int64):
        t = draw.integers(3, draw.size(4, 7), low=-3, high=4).to(dtype)
        yield shapes(t=t, limit=0.5)
    yield vectorised({"t": draw.normal(4), "limit": 0.0}, {"t": draw.normal(9, 5), "limit": 0.0})


@threshold.mistake(
    ">= in place of >",
    "You compare with >=; an element equal to the limit is not above it, so it becomes 0.",
)
def _(t: Tensor, limit: float) -> Tensor:
    return torch.where(t >= limit, 1, 0).to(t.dtype)


@threshold.mistake(
    "returns bool",
    "A comparison gives booleans; turn them into t's dtype, as with .to(t.dtype).",
)
def _(t: Tensor, limit: float) -> Tensor:
    return t > limit


@threshold.mistake(
    "always float32",
    "Your result is float32 whatever t is; give it t's own dtype.",
)
def _(t: Tensor, limit: float) -> Tensor:
    return (t > limit).float()


@threshold.mistake(
    "returns int64",
    "Your result is int64 whatever t is; give it t's own dtype, as with .to(t.dtype).",
)
def _(t: Tensor, limit: float) -> Tensor:
    return torch.where(t > limit, 1, 0)


@threshold.mistake(
    "keeps the values above",
    "You keep the elements above the limit as they are; each of them should become 1.",
)
def _(t: Tensor, limit: float) -> Tensor:
    return torch.where(t > limit, t, 0).to(t.dtype)


@threshold.mistake(
    "the other way round",
    "You give 1 below the limit and 0 above it; it should be the other way round.",
)
def _(t: Tensor, limit: float) -> Tensor:
    return torch.where(t < limit, 1, 0).to(t.dtype)


@threshold.mistake(
    "reads what it wrote",
    "Your second assignment reads what the first has written, so that the new 1s become 0 again "
    "where limit is 1 or more. Compare once and keep the mask.",
)
def _(t: Tensor, limit: float) -> Tensor:
    result = t.clone()
    result[result > limit] = 1
    result[result <= limit] = 0
    return result


@threshold.mistake(
    "limit cast to the dtype of t",
    "You cast the limit to t's dtype, which cuts its fraction off when t holds whole numbers; "
    "compare with the number itself.",
)
def _(t: Tensor, limit: float) -> Tensor:
    return (t > torch.full_like(t, limit)).to(t.dtype)


@threshold.mistake(
    "writes into its input",
    "You write the zeros and ones into t itself, which the caller still needs; make a new tensor.",
)
def _(t: Tensor, limit: float) -> Tensor:
    above = t > limit
    t[above] = 1
    t[~above] = 0
    return t
