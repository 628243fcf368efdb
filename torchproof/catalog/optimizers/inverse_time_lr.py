"""A learning rate that falls like one over the number of steps."""

import math

import torch
from torch import Tensor

from torchproof.catalog.optimizers.rules import NUMBER_GROUPS, OPTIM, torch_rate
from torchproof.checking.cases import Cases, Draw, extremes, shapes, values
from torchproof.checking.exercise import exercise


@exercise(groups=NUMBER_GROUPS, not_allowed=OPTIM)
def inverse_time_lr(step: int, base_lr: float, k: float) -> float:
    """Return base_lr/(1 + k·step), as torch's LambdaLR does after so many steps."""
    schedule = torch.optim.lr_scheduler.LambdaLR
    return torch_rate(
        step, base_lr, lambda optimizer: schedule(optimizer, lambda t: 1 / (1 + k * t))
    )


@inverse_time_lr.cases
def _(draw: Draw) -> Cases:
    for step in (0, 1, 2, draw.size(3, 5), draw.size(10, 20)):
        yield values(step=step, base_lr=draw.number(0.2, 0.8), k=draw.number(0.1, 0.4))
    yield values(step=3, base_lr=draw.number(1.5, 3.0), k=draw.number(1.5, 3.0))
    base_lr = draw.number(0.2, 0.8)
    yield extremes("k 0", step=5, base_lr=base_lr, k=0.0)
    yield extremes("k 1", step=4, base_lr=base_lr, k=1.0)
    yield extremes("a large k", step=2, base_lr=base_lr, k=200.0)
    yield extremes("a base_lr of 0", step=2, base_lr=0.0, k=0.5)
    yield extremes("many steps", step=200, base_lr=100.0, k=draw.number(0.1, 0.4))
    for step in (0, draw.size(2, 6)):
        yield shapes(step=step, base_lr=draw.number(0.2, 0.8), k=draw.number(0.1, 0.4))


@inverse_time_lr.mistake(
    "one step late",
    "You count one step too few, so that the rate is still base_lr after the first step; after "
    "step steps divide by 1 + k * step.",
)
def _(step: int, base_lr: float, k: float) -> float:
    return base_lr / (1 + k * max(step - 1, 0))


@inverse_time_lr.mistake(
    "one step early",
    "You count one step too many; at step 0, before any step, the rate is base_lr.",
)
def _(step: int, base_lr: float, k: float) -> float:
    return base_lr / (1 + k * (step + 1))


@inverse_time_lr.mistake(
    "k below the step",
    "You divide step by k; a larger k lets the rate fall faster, so multiply step by it.",
)
def _(step: int, base_lr: float, k: float) -> float:
    return base_lr / (1 + step / k)


@inverse_time_lr.mistake(
    "1 missing",
    "You divide by k * step alone, which is 0 at the start; add 1 to it.",
)
def _(step: int, base_lr: float, k: float) -> float:
    return base_lr / (k * step)


@inverse_time_lr.mistake(
    "brackets missing",
    "base_lr / 1 + k * step divides by 1 only, and adds the rest; put 1 + k * step in brackets.",
)
def _(step: int, base_lr: float, k: float) -> float:
    return base_lr / 1 + k * step


@inverse_time_lr.mistake(
    "multiplied",
    "You multiply by 1 + k * step, so that the rate grows; divide by it.",
)
def _(step: int, base_lr: float, k: float) -> float:
    return base_lr * (1 + k * step)


@inverse_time_lr.mistake(
    "a power",
    "You divide by 1 + k once for every step, which falls much faster; divide once, by 1 + k * "
    "step.",
)
def _(step: int, base_lr: float, k: float) -> float:
    return base_lr / (1 + k) ** step


@inverse_time_lr.mistake(
    "applied to the rate of the step before",
    "You divide the rate of the step before, so that all the factors are multiplied; divide "
    "base_lr, once.",
)
def _(step: int, base_lr: float, k: float) -> float:
    return base_lr / math.prod(1 + k * t for t in range(1, step + 1))


@inverse_time_lr.mistake(
    "root",
    "You divide by the root of 1 + k * step; leave out the root.",
)
def _(step: int, base_lr: float, k: float) -> float:
    return base_lr / math.sqrt(1 + k * step)


@inverse_time_lr.mistake(
    "k ignored",
    "You divide by 1 + step, whatever k is; multiply step by k.",
)
def _(step: int, base_lr: float, k: float) -> float:
    return base_lr / (1 + step)


@inverse_time_lr.mistake(
    "k added",
    "You divide by k + step; k is the factor of step, and what is added is 1.",
)
def _(step: int, base_lr: float, k: float) -> float:
    return base_lr / (k + step) if k + step else base_lr


@inverse_time_lr.mistake(
    "base_lr forgotten",
    "You return the factor 1 / (1 + k * step) alone; multiply it by base_lr.",
)
def _(step: int, base_lr: float, k: float) -> float:
    return 1 / (1 + k * step)


@inverse_time_lr.mistake(
    "an exponential",
    "You multiply by exp(-k * step), which is another schedule; divide by 1 + k * step.",
)
def _(step: int, base_lr: float, k: float) -> float:
    return base_lr * math.exp(-k * step)


@inverse_time_lr.mistake(
    "a straight line",
    "You subtract the same amount in every step; divide base_lr by 1 + k * step.",
)
def _(step: int, base_lr: float, k: float) -> float:
    return base_lr * (1 - k * step)


@inverse_time_lr.mistake(
    "a tensor",
    "You return a tensor; a Python number is asked for.",
)
def _(step: int, base_lr: float, k: float) -> Tensor:
    return base_lr / (1 + k * torch.tensor(step, dtype=torch.float64))
