"""The distances between all rows of two matrices."""

import torch
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


@exercise(not_allowed=("cdist", "_cdist_forward", "pairwise_distance", "torch.nn.PairwiseDistance"))
def pairwise_distance(a: Tensor, b: Tensor) -> Tensor:
    """Return the Euclidean distance of each row of a, (N, D), to each of b, (M, D), as (N, M)."""
    return torch.cdist(a, b, compute_mode="donot_use_mm_for_euclid_dist")


@pairwise_distance.cases
def _(draw: Draw) -> Cases:
    for dtype in FLOATS:
        for n, m, d in ((3, 4, 2), (draw.size(4, 6), draw.size(2, 3), draw.size(1, 5))):
            yield values(a=draw.normal(n, d, dtype=dtype), b=draw.normal(m, d, dtype=dtype))
    a = draw.normal(3, 2)
    yield gradients("rows at distance 0", a=a, b=torch.cat([a[:2], draw.normal(2, 2)]))
    yield extremes("rows at distance 0", a=a, b=a)
    yield extremes("far from the origin", a=a.double() + 1e6, b=draw.normal(2, 2).double() + 1e6)
    yield extremes("one row each", a=draw.normal(1, 3), b=draw.normal(1, 3))
    yield extremes("an empty batch", a=torch.empty(0, 3), b=draw.normal(2, 3))
    for dtype in FLOATS:
        yield shapes(a=draw.normal(5, 3, dtype=dtype), b=draw.normal(2, 3, dtype=dtype))
    yield vectorised(
        {"a": draw.normal(2, 3), "b": draw.normal(3, 3)},
        {"a": draw.normal(7, 6), "b": draw.normal(9, 6)},
    )


def _safe_root(square: Tensor) -> Tensor:
    zero = square == 0
    return torch.where(zero, 0, torch.where(zero, 1, square).sqrt())


@pairwise_distance.mistake(
    "squared",
    "You return the squared distance; take the square root.",
)
def _(a: Tensor, b: Tensor) -> Tensor:
    return (a[:, None] - b).square().sum(dim=-1)


@pairwise_distance.mistake(
    "L1",
    "You sum absolute differences, the L1 distance; the Euclidean one squares them, sums, "
    "and takes the root.",
)
def _(a: Tensor, b: Tensor) -> Tensor:
    return (a[:, None] - b).abs().sum(dim=-1)


@pairwise_distance.mistake(
    "(M, N)",
    "Your rows go with b and your columns with a; the shape asked for is (N, M).",
)
def _(a: Tensor, b: Tensor) -> Tensor:
    return _safe_root((b[:, None] - a).square().sum(dim=-1))


@pairwise_distance.mistake(
    "NaN gradient at distance 0",
    "The values are right, but the root's slope at 0 is infinite and the gradient becomes NaN; "
    "torch gives 0 there. Keep zeros out of the root: a torch.where after it comes too late.",
)
def _(a: Tensor, b: Tensor) -> Tensor:
    return (a[:, None] - b).square().sum(dim=-1).sqrt()


@pairwise_distance.mistake(
    "by expanding the square",
    "You expand (a-b)² to a² - 2ab + b²; far from the origin the large terms cancel and few "
    "digits are left. Subtract first.",
)
def _(a: Tensor, b: Tensor) -> Tensor:
    square = (a * a).sum(1)[:, None] - 2 * a @ b.mT + (b * b).sum(1)
    return _safe_root(square.clamp(min=0))


@pairwise_distance.mistake(
    "a constant under the root",
    "The constant under the root keeps the gradient finite but moves every distance; "
    "it should be exactly 0 for equal rows.",
)
def _(a: Tensor, b: Tensor) -> Tensor:
    return ((a[:, None] - b).square().sum(dim=-1) + 1e-4).sqrt()


@pairwise_distance.mistake(
    "one row at a time",
    "The values are right, but you visit the rows one by one; let broadcasting compare them all.",
)
def _(a: Tensor, b: Tensor) -> Tensor:
    rows = [_safe_root((row - b).square().sum(dim=-1)) for row in a]
    return torch.stack(rows) if rows else a.new_zeros(0, len(b))
