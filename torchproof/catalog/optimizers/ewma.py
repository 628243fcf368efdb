"""The exponentially weighted average of a series."""

from typing import Any

import torch
from torch import Tensor

from torchproof.catalog.optimizers.rules import GROUPS
from torchproof.checking.cases import FLOATS, Cases, Draw, extremes, shapes, values
from torchproof.checking.exercise import exercise


@exercise(groups=GROUPS)
def ewma(values: Tensor, beta: float) -> Tensor:
    """Return S of the shape of values: S₁ = Y₁, Sₜ = beta·Sₜ₋₁ + (1 - beta)·Yₜ along dimension 0.

    values may have any shape but (), length 0 included, and beta lies from 0 to 1.
    """
    return _averages(values, beta)


def _averages(values: Tensor, beta: float) -> Tensor:
    return _recursion(values, lambda before, new: beta * before + (1 - beta) * new)


def _recursion(values: Tensor, mix: Any) -> Tensor:
    """Begin with the first value, and let each further one be mixed with what came out before."""
    averages = [each.clone() for each in values[:1]]
    for new in values[1:]:
        averages.append(mix(averages[-1], new))
    return torch.stack(averages) if averages else values.clone()


@ewma.cases
def _(draw: Draw) -> Cases:
    for dtype in FLOATS:
        yield values(values=10 * draw.normal(5, dtype=dtype), beta=draw.number(0.6, 0.9))
        yield values(values=draw.normal(4, 3, dtype=dtype), beta=draw.number(0.1, 0.4))
        size = draw.size(3, 5)
        yield values(values=draw.normal(size, 2, 3, dtype=dtype), beta=draw.number(0.6, 0.9))
    yield values("thirty days", values=10 * draw.normal(30), beta=0.9)
    series = draw.normal(6)
    yield extremes("beta 0", values=series, beta=0.0)
    yield extremes("beta 1", values=series, beta=1.0)
    yield extremes("a single value", values=draw.normal(1), beta=0.9)
    yield extremes("an empty series", values=draw.normal(0), beta=0.9)
    yield extremes("an empty series of rows", values=draw.normal(0, 3), beta=0.9)
    yield extremes("a series that stays the same", values=torch.full((8,), 2.5), beta=0.9)
    large = 1e30 * draw.normal(5, 2, dtype=torch.float64)
    yield extremes("large numbers", values=large, beta=0.5)
    long = draw.normal(120, dtype=torch.float64)
    yield extremes("a long series that forgets fast", values=long, beta=0.001)
    for dtype in FLOATS:
        for shape in ((4,), (5, 2), (3, 1, 4)):
            yield shapes(values=draw.normal(*shape, dtype=dtype), beta=draw.number(0.6, 0.9))


@ewma.mistake(
    "starts at 0",
    "Your average starts at 0, so that its first values are too small; the first average is the "
    "first value.",
)
def _(values: Tensor, beta: float) -> Tensor:
    with_zero = torch.cat([torch.zeros_like(values[:1]), values])
    return _recursion(with_zero, lambda before, new: beta * before + (1 - beta) * new)[1:]


@ewma.mistake(
    "starts at 0 and is corrected",
    "You start at 0 and divide by 1 - beta**t, as Adam does; here the first average is the first "
    "value, and nothing is corrected.",
)
def _(values: Tensor, beta: float) -> Tensor:
    average, averages = torch.zeros_like(values[:1]).sum(0), []
    for t, new in enumerate(values, 1):
        average = beta * average + (1 - beta) * new
        averages.append(average / (1 - beta**t) if beta < 1 else average / 0.0)
    return torch.stack(averages) if averages else values.clone()


@ewma.mistake(
    "beta at the wrong place",
    "You multiply the new value by beta and the average by 1 - beta; beta is the share of the "
    "average that stays.",
)
def _(values: Tensor, beta: float) -> Tensor:
    return _recursion(values, lambda before, new: (1 - beta) * before + beta * new)


@ewma.mistake(
    "1 - beta missing",
    "You add the whole new value, so that the weights sum to more than 1; multiply it by 1 - beta.",
)
def _(values: Tensor, beta: float) -> Tensor:
    return _recursion(values, lambda before, new: beta * before + new)


@ewma.mistake(
    "beta missing",
    "You keep the whole average and add to it; multiply it by beta first.",
)
def _(values: Tensor, beta: float) -> Tensor:
    return _recursion(values, lambda before, new: before + (1 - beta) * new)


@ewma.mistake(
    "one value late",
    "You mix the average with the value before the one it stands for; the average at t takes the "
    "value at t.",
)
def _(values: Tensor, beta: float) -> Tensor:
    late = torch.cat([values[:1], values[:-1]])
    return _recursion(late, lambda before, new: beta * before + (1 - beta) * new)


@ewma.mistake(
    "two neighbours only",
    "You mix each value with the value before it; mix it with the average before it, which "
    "remembers all earlier ones.",
)
def _(values: Tensor, beta: float) -> Tensor:
    return torch.cat([values[:1], beta * values[:-1] + (1 - beta) * values[1:]])


@ewma.mistake(
    "mean of all so far",
    "You take the mean of all values so far, whatever beta is; here older values count less, by a "
    "factor beta for every step.",
)
def _(values: Tensor, beta: float) -> Tensor:
    return torch.stack([values[: t + 1].mean(0) for t in range(len(values))])


@ewma.mistake(
    "last average only",
    "You return the last average alone; return all, one for each value.",
)
def _(values: Tensor, beta: float) -> Tensor:
    return _averages(values, beta)[-1]


@ewma.mistake(
    "first value missing",
    "Your result has one entry less than values; the first value is the first average.",
)
def _(values: Tensor, beta: float) -> Tensor:
    return _averages(values, beta)[1:]


@ewma.mistake(
    "along the last dimension",
    "Your average runs along the last dimension; time is dimension 0, and each column is a series.",
)
def _(values: Tensor, beta: float) -> Tensor:
    averages = _averages(values.movedim(-1, 0), beta)
    return averages.movedim(0, -1)


@ewma.mistake(
    "one series of all elements",
    "You go through all elements in one row; average along dimension 0, each column on its own.",
)
def _(values: Tensor, beta: float) -> Tensor:
    return _averages(values.flatten(), beta).reshape(values.shape)


@ewma.mistake(
    "writes into values",
    "You write the averages into the caller's values; make a tensor of your own, by clone for "
    "example.",
)
def _(values: Tensor, beta: float) -> Tensor:
    for t in range(1, len(values)):
        values[t] = beta * values[t - 1] + (1 - beta) * values[t]
    return values


@ewma.mistake(
    "every row the same tensor",
    "All your rows are one and the same tensor, which is changed in place, so that each shows the "
    "last average; make a new tensor in every step.",
)
def _(values: Tensor, beta: float) -> Tensor:
    averages = _averages(values, beta)
    return averages[-1:].expand_as(averages).clone()


@ewma.mistake(
    "a list",
    "You return a Python list; make one tensor of it with torch.stack.",
)
def _(values: Tensor, beta: float) -> Any:
    return list(_averages(values, beta))


@ewma.mistake(
    "float32 rows",
    "Your averages are float32 whatever values are, as a table made by torch.zeros is; give them "
    "the dtype of values, as torch.zeros_like does.",
)
def _(values: Tensor, beta: float) -> Tensor:
    return _averages(values, beta).float()


@ewma.mistake(
    "quotient of powers",
    "You divide by powers of beta and multiply by them again; in a long series they become 0 and "
    "the quotient infinite, so go step by step.",
)
def _(values: Tensor, beta: float) -> Tensor:
    powers = beta ** torch.arange(len(values), dtype=values.dtype, device=values.device)
    powers = powers.reshape(-1, *[1] * (values.dim() - 1))
    weights = torch.full_like(powers, 1 - beta)
    weights[:1] = 1
    return powers * (weights * values / powers).cumsum(0)
