"""A learning rate that falls by the same factor in every step."""

import math
from typing import Any

import torch
from torch import Tensor

from torchproof.catalog.optimizers.rules import NUMBER_GROUPS, OPTIM, torch_rate
from torchproof.checking.cases import Cases, Draw, extremes, shapes, values
from torchproof.checking.exercise import exercise


@exercise(groups=NUMBER_GROUPS, not_allowed=OPTIM)
def exponential_lr(step: int, base_lr: float, gamma: float) -> float:
    """Return base_lr·gamma^step, as torch's ExponentialLR does after so many steps."""
    schedule = torch.optim.lr_scheduler.ExponentialLR
    return torch_rate(step, base_lr, lambda optimizer: schedule(optimizer, gamma))


@exponential_lr.cases
def _(draw: Draw) -> Cases:
    for step in (0, 1, 2, draw.size(3, 5), draw.size(10, 20)):
        numbers = {"base_lr": draw.number(0.2, 0.8), "gamma": draw.number(0.6, 0.95)}
        yield values(step=step, **numbers)
    base_lr = draw.number(0.2, 0.8)
    yield extremes("gamma 1", step=5, base_lr=base_lr, gamma=1.0)
    yield extremes("gamma 0, at the start", step=0, base_lr=base_lr, gamma=0.0)
    yield extremes("gamma 0, later", step=3, base_lr=base_lr, gamma=0.0)
    yield extremes("a rate that grows", step=6, base_lr=base_lr, gamma=1.25)
    yield extremes("a base_lr of 0", step=2, base_lr=0.0, gamma=0.5)
    yield extremes("many steps", step=200, base_lr=100.0, gamma=draw.number(0.96, 0.99))
    for step in (0, draw.size(2, 6)):
        yield shapes(step=step, base_lr=draw.number(0.2, 0.8), gamma=draw.number(0.6, 0.95))


@exponential_lr.mistake(
    "one step late",
    "You multiply by gamma one time too few, so that the rate is still base_lr after the first "
    "step; after step steps the factor is gamma**step.",
)
def _(step: int, base_lr: float, gamma: float) -> float:
    return base_lr * gamma ** max(step - 1, 0)


@exponential_lr.mistake(
    "one step early",
    "You multiply by gamma once too often; at step 0, before any step, the rate is base_lr.",
)
def _(step: int, base_lr: float, gamma: float) -> float:
    return base_lr * gamma ** (step + 1)


@exponential_lr.mistake(
    "once only",
    "You multiply by gamma once, however many steps there were; do so for every step, gamma**step.",
)
def _(step: int, base_lr: float, gamma: float) -> float:
    return base_lr * gamma if step else base_lr


@exponential_lr.mistake(
    "a product instead of a power",
    "You multiply by gamma times step; gamma is raised to the power step.",
)
def _(step: int, base_lr: float, gamma: float) -> float:
    return base_lr * gamma * step


@exponential_lr.mistake(
    "base_lr in the power",
    "You raise base_lr to the power step as well; only gamma is.",
)
def _(step: int, base_lr: float, gamma: float) -> float:
    return (base_lr * gamma) ** step


@exponential_lr.mistake(
    "base_lr forgotten",
    "You return the factor gamma**step alone; multiply it by base_lr.",
)
def _(step: int, base_lr: float, gamma: float) -> float:
    return gamma**step


@exponential_lr.mistake(
    "divided by gamma",
    "You divide by gamma in every step, so that the rate grows where gamma is below 1; multiply.",
)
def _(step: int, base_lr: float, gamma: float) -> float:
    return base_lr / gamma**step


@exponential_lr.mistake(
    "gamma as what is lost",
    "You multiply by 1 - gamma in every step; gamma is the share that stays.",
)
def _(step: int, base_lr: float, gamma: float) -> float:
    return base_lr * (1 - gamma) ** step


@exponential_lr.mistake(
    "gamma as an exponent",
    "You take gamma as the k of exp(-k * step); it is the factor of each step, gamma**step.",
)
def _(step: int, base_lr: float, gamma: float) -> float:
    return base_lr * math.exp(-gamma * step)


@exponential_lr.mistake(
    "a straight line",
    "You subtract the same amount in every step; the rate keeps the same share, gamma, of what it "
    "was.",
)
def _(step: int, base_lr: float, gamma: float) -> float:
    return base_lr * (1 - (1 - gamma) * step)


@exponential_lr.mistake(
    "gamma subtracted",
    "You subtract gamma for every step; multiply by it.",
)
def _(step: int, base_lr: float, gamma: float) -> float:
    return base_lr - gamma * step


@exponential_lr.mistake(
    "^ for a power",
    "^ is the exclusive or of whole numbers in Python; a power is written **.",
)
def _(step: int, base_lr: float, gamma: Any) -> Any:
    return base_lr * gamma ^ step


@exponential_lr.mistake(
    "a tensor",
    "You return a tensor; a Python number is asked for, as ** and math.exp give it.",
)
def _(step: int, base_lr: float, gamma: float) -> Tensor:
    return base_lr * torch.tensor(gamma, dtype=torch.float64) ** step
