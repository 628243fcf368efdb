"""Columns of mean 0 and standard deviation 1."""

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


@exercise()
def standardize(x: Tensor) -> Tensor:
    """Shift and scale each column of x, (N, D), to mean 0 and population std 1.

    A constant column becomes 0.
    """
    centred = x - x.mean(dim=0)
    std = x.std(dim=0, correction=0)
    constant = (x == x[:1]).all(dim=0)
    return torch.where(constant, 0, centred / torch.where(constant, 1, std))


@standardize.cases
def _(draw: Draw) -> Cases:
    for dtype in FLOATS:
        for n, d in ((5, 3), (draw.size(6, 9), draw.size(2, 5))):
            scale = draw.uniform(d, low=0.5, high=4, dtype=dtype)
            yield values(x=draw.normal(n, d, dtype=dtype) * scale + draw.number(-3, 3))
    x = draw.normal(6, 3, dtype=torch.float64)
    x[:, 1] = 2.0
    yield extremes("a constant column", x=x)
    yield gradients("a constant column", x=x)
    yield extremes("a constant column of tenths", x=torch.full((7, 2), 0.1))
    yield extremes("a constant column of thirds", x=torch.full((6, 2), 0.3))
    far = draw.normal(6, 2, dtype=torch.float64) + 1e6
    yield extremes("far from 0", x=far)
    yield extremes("a single row", x=draw.normal(1, 4))
    yield extremes("a small spread", x=1e-4 * draw.normal(6, 2, dtype=torch.float64))
    yield extremes("a large spread", x=1e6 * draw.normal(6, 2, dtype=torch.float64))
    for dtype in FLOATS:
        yield shapes(x=draw.normal(4, 7, dtype=dtype))
        yield shapes(x=draw.normal(7, 2, dtype=dtype))
    yield vectorised({"x": draw.normal(4, 3)}, {"x": draw.normal(11, 9)})


@standardize.mistake(
    "sample std",
    "You divide by the sample standard deviation (N-1); the population's divides by N: "
    "pass correction=0.",
)
def _(x: Tensor) -> Tensor:
    centred = x - x.mean(dim=0)
    if len(x) < 2:
        return torch.zeros_like(x)
    std = x.std(dim=0)
    constant = (x == x[:1]).all(dim=0)
    return torch.where(constant, 0, centred / torch.where(constant, 1, std))


@standardize.mistake(
    "sample std, and NaN on a constant column",
    "You divide by the sample standard deviation (N-1), and by 0 where a column is constant: "
    "pass correction=0, and let a constant column become 0.",
)
def _(x: Tensor) -> Tensor:
    return (x - x.mean(dim=0)) / x.std(dim=0)


@standardize.mistake(
    "over all elements",
    "You use one mean and one standard deviation for the whole table; each column has its own: "
    "reduce over dim=0.",
)
def _(x: Tensor) -> Tensor:
    return (x - x.mean()) / x.std(correction=0)


@standardize.mistake(
    "over rows",
    "You standardise each row; standardise each column: reduce over dim=0.",
)
def _(x: Tensor) -> Tensor:
    return (x - x.mean(dim=1, keepdim=True)) / x.std(dim=1, correction=0, keepdim=True)


@standardize.mistake(
    "constant columns found by their std, NaN gradient",
    "Two things about constant columns: rounding can leave them a tiny standard deviation, so find "
    "them by comparing elements; and 0/0 behind a torch.where still makes the gradient NaN, so "
    "put a 1 in place of the 0 before you divide.",
)
def _(x: Tensor) -> Tensor:
    std = x.std(dim=0, correction=0)
    return torch.where(std > 0, (x - x.mean(dim=0)) / std, 0)


@standardize.mistake(
    "constant columns found by their std",
    "Rounding can leave a constant column a tiny standard deviation in place of 0; find constant "
    "columns by comparing their elements.",
)
def _(x: Tensor) -> Tensor:
    std = x.std(dim=0, correction=0)
    return (x - x.mean(dim=0)) / torch.where(std == 0, 1, std)


@standardize.mistake(
    "std overwritten",
    "You write into std, which the gradient still needs; torch.where makes a new tensor instead.",
)
def _(x: Tensor) -> Tensor:
    std = x.std(dim=0, correction=0)
    std[std == 0] = 1
    return (x - x.mean(dim=0)) / std


@standardize.mistake(
    "mean of squares minus square of the mean",
    "You compute the variance as the mean of squares minus the square of the mean, in which the "
    "digits cancel far from 0; subtract the mean first.",
)
def _(x: Tensor) -> Tensor:
    constant = (x == x[:1]).all(dim=0)
    mean = x.mean(dim=0)
    variance = (x * x).mean(dim=0) - mean * mean
    std = torch.where(constant, 1, variance).sqrt()
    return torch.where(constant, 0, (x - mean) / std)


@standardize.mistake(
    "NaN on a constant column",
    "A constant column has standard deviation 0, and 0/0 is NaN; let such a column become 0.",
)
def _(x: Tensor) -> Tensor:
    return (x - x.mean(dim=0)) / x.std(dim=0, correction=0)


@standardize.mistake(
    "a tiny constant added to the std",
    "A small constant, added to the standard deviation or bounding it, changes columns of small "
    "spread, and in a constant column rounding errors and the gradient are divided by it; treat "
    "the constant column apart.",
)
def _(x: Tensor) -> Tensor:
    return (x - x.mean(dim=0)) / (x.std(dim=0, correction=0) + 1e-8)


@standardize.mistake(
    "a constant added to the std",
    "A small constant, added to the standard deviation or bounding it, changes columns of small "
    "spread, and in a constant column rounding errors and the gradient are divided by it; treat "
    "the constant column apart.",
)
def _(x: Tensor) -> Tensor:
    return (x - x.mean(dim=0)) / (x.std(dim=0, correction=0) + 1e-5)


@standardize.mistake(
    "mean not subtracted",
    "You scale the columns without subtracting their means first.",
)
def _(x: Tensor) -> Tensor:
    std = x.std(dim=0, correction=0)
    constant = (x == x[:1]).all(dim=0)
    return torch.where(constant, 0, x / torch.where(constant, 1, std))


@standardize.mistake(
    "variance in place of std",
    "You divide by the variance; divide by its square root, the standard deviation.",
)
def _(x: Tensor) -> Tensor:
    variance = x.var(dim=0, correction=0)
    constant = (x == x[:1]).all(dim=0)
    return torch.where(constant, 0, (x - x.mean(dim=0)) / torch.where(constant, 1, variance))


@standardize.mistake(
    "mean and std cut out of the gradient",
    "The values are right, but mean and std are detached: their own gradients are lost.",
)
def _(x: Tensor) -> Tensor:
    std = x.std(dim=0, correction=0).detach()
    constant = (x == x[:1]).all(dim=0)
    centred = x - x.mean(dim=0).detach()
    return torch.where(constant, 0, centred / torch.where(constant, 1, std))
