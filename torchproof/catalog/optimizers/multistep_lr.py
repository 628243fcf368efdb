"""A learning rate that drops at milestones."""

import torch
from torch import Tensor

from torchproof.catalog.optimizers.rules import GROUPS, OPTIM, torch_rate
from torchproof.checking.cases import Cases, Draw, extremes, shapes, values
from torchproof.checking.exercise import exercise


@exercise(groups=GROUPS, not_allowed=OPTIM)
def multistep_lr(step: int, base_lr: float, milestones: list[int], gamma: float) -> float:
    """Return base_lr times gamma for each milestone reached, as torch's MultiStepLR does.

    milestones are 1 or more, in any order; one that is there twice counts twice.
    """
    schedule = torch.optim.lr_scheduler.MultiStepLR
    return torch_rate(step, base_lr, lambda optimizer: schedule(optimizer, milestones, gamma))


@multistep_lr.cases
def _(draw: Draw) -> Cases:
    first = draw.size(2, 4)
    second = first + draw.size(2, 5)
    third = second + draw.size(2, 5)
    marks = [first, second, third]
    for step in (0, first - 1, first, first + 1, second, third - 1, third, third + 3):
        numbers = {"base_lr": draw.number(0.2, 0.8), "gamma": draw.number(0.2, 0.8)}
        yield values(step=step, milestones=marks, **numbers)
    numbers = {"base_lr": draw.number(0.2, 0.8), "gamma": draw.number(0.2, 0.8)}
    for step in (second, third + 1):
        order = [second, third, first]
        yield values("milestones out of order", step=step, milestones=order, **numbers)
    yield extremes("no milestones", step=5, milestones=[], **numbers)
    yield extremes("a single milestone", step=first, milestones=[first], **numbers)
    yield extremes("a milestone at the first step", step=1, milestones=[1], **numbers)
    twice = [first, first, second]
    yield extremes("a milestone twice", step=first, milestones=twice, **numbers)
    yield extremes("a gamma of 0", step=first, milestones=marks, **(numbers | {"gamma": 0.0}))
    yield extremes("a gamma above 1", step=third, milestones=marks, **(numbers | {"gamma": 2.5}))
    yield extremes("a base_lr of 0", step=first, milestones=marks, **(numbers | {"base_lr": 0.0}))
    for step in (0, second):
        yield shapes(step=step, milestones=marks, **numbers)


def _reached(step: int, milestones: list[int]) -> int:
    return sum(step >= milestone for milestone in milestones)


@multistep_lr.mistake(
    "milestone one step late",
    "You wait for step > milestone; a milestone is reached when step equals it, so compare with "
    ">=.",
)
def _(step: int, base_lr: float, milestones: list[int], gamma: float) -> float:
    return base_lr * gamma ** sum(step > milestone for milestone in milestones)


@multistep_lr.mistake(
    "milestone one step early",
    "Your rate drops one step before the milestone; it drops when step equals it.",
)
def _(step: int, base_lr: float, milestones: list[int], gamma: float) -> float:
    return base_lr * gamma ** _reached(step + 1, milestones)


@multistep_lr.mistake(
    "once only",
    "You multiply by gamma once, however many milestones have been reached; do so for each.",
)
def _(step: int, base_lr: float, milestones: list[int], gamma: float) -> float:
    return base_lr * gamma if _reached(step, milestones) else base_lr


@multistep_lr.mistake(
    "only at the milestone itself",
    "Your rate drops at the milestone and is base_lr again after it; it stays low, so count the "
    "milestones up to step.",
)
def _(step: int, base_lr: float, milestones: list[int], gamma: float) -> float:
    return base_lr * gamma if step in milestones else base_lr


@multistep_lr.mistake(
    "all milestones",
    "You count all milestones, whatever step is; count those that have been reached.",
)
def _(step: int, base_lr: float, milestones: list[int], gamma: float) -> float:
    return base_lr * gamma ** len(milestones)


@multistep_lr.mistake(
    "a product instead of a power",
    "You multiply by gamma times the number of milestones reached; gamma is raised to that power.",
)
def _(step: int, base_lr: float, milestones: list[int], gamma: float) -> float:
    reached = _reached(step, milestones)
    return base_lr * gamma * reached if reached else base_lr


@multistep_lr.mistake(
    "a product that is 0 at the start",
    "You multiply by gamma times the number of milestones reached, which is 0 at first; gamma is "
    "raised to that power.",
)
def _(step: int, base_lr: float, milestones: list[int], gamma: float) -> float:
    return base_lr * gamma * _reached(step, milestones)


@multistep_lr.mistake(
    "divided by gamma",
    "You divide by gamma at a milestone, so that the rate grows where gamma is below 1; multiply.",
)
def _(step: int, base_lr: float, milestones: list[int], gamma: float) -> float:
    return base_lr / gamma ** _reached(step, milestones)


@multistep_lr.mistake(
    "gamma in every step",
    "You multiply by gamma in every step; only milestones lower the rate.",
)
def _(step: int, base_lr: float, milestones: list[int], gamma: float) -> float:
    return base_lr * gamma**step


@multistep_lr.mistake(
    "gamma subtracted",
    "You subtract gamma at each milestone; multiply by it.",
)
def _(step: int, base_lr: float, milestones: list[int], gamma: float) -> float:
    return base_lr - gamma * _reached(step, milestones)


@multistep_lr.mistake(
    "base_lr forgotten",
    "You return the factor alone; multiply it by base_lr.",
)
def _(step: int, base_lr: float, milestones: list[int], gamma: float) -> float:
    return gamma ** _reached(step, milestones)


@multistep_lr.mistake(
    "milestones as distances",
    "You count each milestone from the one before it; all are counted from step 0.",
)
def _(step: int, base_lr: float, milestones: list[int], gamma: float) -> float:
    sums = [sum(milestones[: i + 1]) for i in range(len(milestones))]
    return base_lr * gamma ** _reached(step, sums)


@multistep_lr.mistake(
    "milestones in their order",
    "You stop at the first milestone that is not reached, but they may be in any order; look at "
    "all of them.",
)
def _(step: int, base_lr: float, milestones: list[int], gamma: float) -> float:
    for milestone in milestones:
        if step < milestone:
            break
        base_lr *= gamma
    return base_lr


@multistep_lr.mistake(
    "each milestone once",
    "A milestone that is in the list twice counts once in yours; it counts twice.",
)
def _(step: int, base_lr: float, milestones: list[int], gamma: float) -> float:
    return base_lr * gamma ** _reached(step, list(set(milestones)))


@multistep_lr.mistake(
    "sorts the caller's list",
    "milestones.sort() changes the caller's list; sorted(milestones) makes a new one, and "
    "counting needs no order.",
)
def _(step: int, base_lr: float, milestones: list[int], gamma: float) -> float:
    milestones.sort()
    return base_lr * gamma ** _reached(step, milestones)


@multistep_lr.mistake(
    "empties the caller's list",
    "You take milestones out of the caller's list; count them and leave it as it is.",
)
def _(step: int, base_lr: float, milestones: list[int], gamma: float) -> float:
    milestones.sort()
    while milestones and step >= milestones[0]:
        milestones.pop(0)
        base_lr *= gamma
    return base_lr


@multistep_lr.mistake(
    "a tensor",
    "You return a tensor; a Python number is asked for.",
)
def _(step: int, base_lr: float, milestones: list[int], gamma: float) -> Tensor:
    return torch.tensor(base_lr * gamma ** _reached(step, milestones), dtype=torch.float64)
