"""A learning rate that falls along half a wave of the cosine."""

import math

import torch
from torch import Tensor

from torchproof.catalog.optimizers.rules import NUMBER_GROUPS, OPTIM, torch_rate
from torchproof.checking.cases import Cases, Draw, extremes, shapes, values
from torchproof.checking.exercise import exercise


@exercise(groups=NUMBER_GROUPS, not_allowed=OPTIM)
def cosine_lr(step: int, base_lr: float, total_steps: int, min_lr: float) -> float:
    """Return min_lr + (base_lr - min_lr)·(1 + cos(π·step/total_steps))/2.

    As torch's CosineAnnealingLR does after so many steps; past total_steps the rate rises again.
    """
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR
    return torch_rate(step, base_lr, lambda optimizer: schedule(optimizer, total_steps, min_lr))


@cosine_lr.cases
def _(draw: Draw) -> Cases:
    total = draw.size(8, 14)
    for step in (0, 1, draw.size(2, 3), total // 2, total - draw.size(1, 2), total):
        numbers = {"base_lr": draw.number(0.4, 0.8), "min_lr": draw.number(0.05, 0.2)}
        yield values(step=step, total_steps=total, **numbers)
    numbers = {"base_lr": draw.number(0.4, 0.8), "min_lr": draw.number(0.05, 0.2)}
    none = numbers | {"min_lr": 0.0}
    for step in (draw.size(2, 5), total):
        yield extremes("a min_lr of 0", step=step, total_steps=total, **none)
    yield extremes("a single step", step=1, total_steps=1, **numbers)
    same = {"base_lr": numbers["base_lr"], "min_lr": numbers["base_lr"]}
    yield extremes("a rate that stays", step=3, total_steps=total, **same)
    low = {"base_lr": numbers["min_lr"], "min_lr": numbers["base_lr"]}
    yield extremes("a min_lr above base_lr", step=3, total_steps=total, **low)
    yield extremes("past the end", step=total + draw.size(1, 4), total_steps=total, **numbers)
    yield extremes("many steps", step=150, total_steps=200, **numbers)
    for step in (0, draw.size(2, 6)):
        yield shapes(step=step, total_steps=total, **numbers)


def _between(base_lr: float, min_lr: float, share: float) -> float:
    """Return the rate that is this share of the way up from min_lr to base_lr."""
    return min_lr + (base_lr - min_lr) * share


def _wave(angle: float) -> float:
    return (1 + math.cos(angle)) / 2


@cosine_lr.mistake(
    "half missing",
    "You leave the half out, so that the rate starts too high by base_lr - min_lr; 1 plus the "
    "cosine goes from 2 to 0.",
)
def _(step: int, base_lr: float, total_steps: int, min_lr: float) -> float:
    return _between(base_lr, min_lr, 2 * _wave(math.pi * step / total_steps))


@cosine_lr.mistake(
    "min_lr added on top",
    "You add min_lr to a wave of the height base_lr, so that the rate starts too high; the wave "
    "has the height base_lr - min_lr.",
)
def _(step: int, base_lr: float, total_steps: int, min_lr: float) -> float:
    return min_lr + base_lr * _wave(math.pi * step / total_steps)


@cosine_lr.mistake(
    "min_lr ignored",
    "You leave min_lr out, so that the rate falls to 0; it falls to min_lr.",
)
def _(step: int, base_lr: float, total_steps: int, min_lr: float) -> float:
    return base_lr * _wave(math.pi * step / total_steps)


@cosine_lr.mistake(
    "min_lr not added",
    "You let the wave have the height base_lr - min_lr, but it stands on 0; add min_lr.",
)
def _(step: int, base_lr: float, total_steps: int, min_lr: float) -> float:
    return (base_lr - min_lr) * _wave(math.pi * step / total_steps)


@cosine_lr.mistake(
    "cut off at min_lr",
    "You let the rate fall towards 0 and cut it off at min_lr; let the wave itself go from "
    "base_lr down to min_lr.",
)
def _(step: int, base_lr: float, total_steps: int, min_lr: float) -> float:
    return max(min_lr, base_lr * _wave(math.pi * step / total_steps))


@cosine_lr.mistake(
    "degrees",
    "You give the cosine degrees; math.cos takes radians, in which half a turn is pi.",
)
def _(step: int, base_lr: float, total_steps: int, min_lr: float) -> float:
    return _between(base_lr, min_lr, _wave(180 * step / total_steps))


@cosine_lr.mistake(
    "a whole wave",
    "Your angle goes to 2 * pi, a whole turn, so that the rate is back at base_lr in the end; it "
    "goes to pi.",
)
def _(step: int, base_lr: float, total_steps: int, min_lr: float) -> float:
    return _between(base_lr, min_lr, _wave(2 * math.pi * step / total_steps))


@cosine_lr.mistake(
    "pi missing",
    "Your angle goes to 1 only, and the rate stops far above min_lr; multiply it by pi.",
)
def _(step: int, base_lr: float, total_steps: int, min_lr: float) -> float:
    return _between(base_lr, min_lr, _wave(step / total_steps))


@cosine_lr.mistake(
    "1 missing",
    "You leave out the 1 before the cosine, so that the rate falls below min_lr; the cosine alone "
    "goes down to -1.",
)
def _(step: int, base_lr: float, total_steps: int, min_lr: float) -> float:
    return _between(base_lr, min_lr, math.cos(math.pi * step / total_steps) / 2)


@cosine_lr.mistake(
    "the cosine alone",
    "You take the cosine as it is, so that the rate falls below min_lr; what goes from 1 to 0 is "
    "(1 + cosine) / 2.",
)
def _(step: int, base_lr: float, total_steps: int, min_lr: float) -> float:
    return _between(base_lr, min_lr, math.cos(math.pi * step / total_steps))


@cosine_lr.mistake(
    "a quarter of a wave",
    "Your angle goes to pi / 2 only, a quarter of a turn, and the rate ends with its steepest "
    "fall; take half a wave, (1 + cos(pi * step / total_steps)) / 2.",
)
def _(step: int, base_lr: float, total_steps: int, min_lr: float) -> float:
    return _between(base_lr, min_lr, math.cos(math.pi / 2 * step / total_steps))


@cosine_lr.mistake(
    "rises",
    "Your rate rises from min_lr to base_lr; at step 0 it is base_lr, and from there it falls.",
)
def _(step: int, base_lr: float, total_steps: int, min_lr: float) -> float:
    return _between(min_lr, base_lr, _wave(math.pi * step / total_steps))


@cosine_lr.mistake(
    "a straight line",
    "You go from base_lr to min_lr along a straight line; take the cosine.",
)
def _(step: int, base_lr: float, total_steps: int, min_lr: float) -> float:
    return _between(base_lr, min_lr, 1 - step / total_steps)


@cosine_lr.mistake(
    "one step early",
    "You count one step too many; at step 0, before any step, the rate is base_lr.",
)
def _(step: int, base_lr: float, total_steps: int, min_lr: float) -> float:
    return _between(base_lr, min_lr, _wave(math.pi * (step + 1) / total_steps))


@cosine_lr.mistake(
    "one step late",
    "You count one step too few; after total_steps steps the rate is min_lr.",
)
def _(step: int, base_lr: float, total_steps: int, min_lr: float) -> float:
    return _between(base_lr, min_lr, _wave(math.pi * max(step - 1, 0) / total_steps))


@cosine_lr.mistake(
    "one step short",
    "You divide by total_steps - 1, and the rate is at min_lr one step too early; divide by "
    "total_steps.",
)
def _(step: int, base_lr: float, total_steps: int, min_lr: float) -> float:
    return _between(base_lr, min_lr, _wave(math.pi * step / (total_steps - 1)))


@cosine_lr.mistake(
    "whole numbers divided",
    "// rounds the quotient down, to 0 until the last step; divide with /.",
)
def _(step: int, base_lr: float, total_steps: int, min_lr: float) -> float:
    return _between(base_lr, min_lr, _wave(math.pi * (step // total_steps)))


@cosine_lr.mistake(
    "held after the end",
    "You hold the rate at min_lr after total_steps; the cosine goes on, and the rate rises again, "
    "as torch's does.",
)
def _(step: int, base_lr: float, total_steps: int, min_lr: float) -> float:
    return _between(base_lr, min_lr, _wave(math.pi * min(step / total_steps, 1)))


@cosine_lr.mistake(
    "begins again",
    "Your rate is back at base_lr after total_steps, as step % total_steps gives it; there it is "
    "min_lr, and from there it rises along the wave.",
)
def _(step: int, base_lr: float, total_steps: int, min_lr: float) -> float:
    return _between(base_lr, min_lr, _wave(math.pi * (step % total_steps) / total_steps))


@cosine_lr.mistake(
    "a tensor",
    "You return a tensor; a Python number is asked for, as math.cos gives it.",
)
def _(step: int, base_lr: float, total_steps: int, min_lr: float) -> Tensor:
    return torch.tensor(
        _between(base_lr, min_lr, _wave(math.pi * step / total_steps)), dtype=torch.float64
    )
