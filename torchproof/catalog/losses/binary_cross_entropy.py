"""The binary cross-entropy of probabilities."""

# ruff: noqa: A002  # torch calls the predictions ``input``, and so do the learners' functions.

import math
from collections.abc import Callable
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from torchproof.catalog.losses.reductions import (
    REDUCTIONS,
    Weight,
    constant,
    divided,
    like,
    loss_exercise,
    misreduced,
    reduce,
    reduced,
    together,
)
from torchproof.checking.cases import FLOATS, Cases, Draw, extremes, shapes, values


@loss_exercise
def binary_cross_entropy(
    input: Tensor, target: Tensor, weight: Weight = None, reduction: str = "mean"
) -> Tensor:
    """Return -weight·(target·log input + (1 - target)·log(1 - input)), reduced.

    input holds probabilities and target numbers from 0 to 1, both of one shape; weight
    broadcasts. Each logarithm is at least -100.
    """
    return F.binary_cross_entropy(input, target, constant(weight), reduction=reduction)


@binary_cross_entropy.cases
def _(draw: Draw) -> Cases:
    single, double = FLOATS
    yield values("targets 0 and 1", **_chances(draw, draw.size(7, 9), hard=True))
    for reduction, dtype in zip(REDUCTIONS, (double, single, double), strict=True):
        pair = _chances(draw, draw.size(3, 4), draw.size(5, 7), dtype=dtype)
        yield values(**pair, reduction=reduction)
    for shape, reduction in (((4, 6), "mean"), ((6,), "sum"), ((4, 1), "none")):
        weight = draw.uniform(*shape, low=0.3, high=2.0, dtype=double)
        pair = _chances(draw, 4, 6, dtype=double)
        yield values(f"weight of shape {shape}", **pair, weight=weight, reduction=reduction)
    for dtype in FLOATS:
        for reduction in ("mean", "none"):
            weight = draw.uniform(3, low=0.3, high=2.0, dtype=dtype)
            pair = _chances(draw, 2, 4, 3, dtype=dtype)
            yield shapes(**pair, weight=weight, reduction=reduction)
    yield shapes("a batch of one", **_chances(draw, 1, 3), reduction="none")
    ends = torch.tensor([0.0, 0.0, 1.0, 1.0, 0.0, 1.0])
    labels = torch.tensor([0.0, 1.0, 0.0, 1.0, 0.5, 0.25])
    for reduction in ("none", "mean"):
        yield extremes("probabilities 0 and 1", input=ends, target=labels, reduction=reduction)
    small = torch.tensor([1e-30, 1e-12, 1e-4], dtype=torch.float64)
    yield extremes("very small probabilities", input=small, target=torch.ones(3).double())
    tiny = {"input": torch.tensor([1e-60], dtype=double), "target": torch.ones(1, dtype=double)}
    yield extremes("a probability below exp(-100)", **tiny)
    some = draw.uniform(3, 2, low=0.3) * torch.tensor([1.0, 0.0])
    yield extremes("a column with weight 0", **_chances(draw, 3, 2), weight=some)
    yield extremes("weight 0 throughout", **_chances(draw, 3), weight=torch.zeros(3))
    yield extremes("a single number", **_chances(draw))
    for reduction in REDUCTIONS:
        yield extremes("an empty batch", **_chances(draw, 0, 3), reduction=reduction)


def _chances(
    draw: Draw, *shape: int, dtype: torch.dtype = torch.float32, hard: bool = False
) -> dict[str, Tensor]:
    """Return probabilities and targets from 0 to 1; hard ones are 0 or 1."""
    target = draw.mask(*shape) if hard else draw.uniform(*shape)
    return {
        "input": draw.uniform(*shape, low=0.05, high=0.95, dtype=dtype),
        "target": target.to(dtype),
    }


Logs = Callable[[Tensor], tuple[Tensor, Tensor]]
"""What gives the logarithms of the probabilities of 1 and of 0."""


def bounded_logs(p: Tensor) -> tuple[Tensor, Tensor]:
    """Return log p and log(1 - p), each at least -100."""
    return p.log().clamp(min=-100), (1 - p).log().clamp(min=-100)


def _raw_logs(p: Tensor) -> tuple[Tensor, Tensor]:
    return p.log(), (1 - p).log()


@reduced(binary_cross_entropy)
def _bce(input: Tensor, target: Tensor) -> Tensor:
    log_p, log_not = bounded_logs(input)
    return -(target * log_p + (1 - target) * log_not)


misreduced(binary_cross_entropy, _bce)


@binary_cross_entropy.mistake(
    "log of 0",
    "log(0) is minus infinity, and NaN when it is multiplied by 0; let each logarithm be at "
    "least -100, as torch does.",
)
@reduced(binary_cross_entropy)
def _(input: Tensor, target: Tensor) -> Tensor:
    return -(target * input.log() + (1 - target) * (1 - input).log())


@binary_cross_entropy.mistake(
    "infinite for a certain error",
    "You avoid 0 times log(0), but a probability of 0 for what happened still costs infinity; "
    "let each logarithm be at least -100, as torch does.",
)
@reduced(binary_cross_entropy)
def _(input: Tensor, target: Tensor) -> Tensor:
    return -(torch.xlogy(target, input) + torch.xlogy(1 - target, 1 - input))


@binary_cross_entropy.mistake(
    "bounded at exactly 0 only",
    "You put -100 in the place of log(0) only; a logarithm is below -100 for other numbers too, "
    "such as 1e-60 in float64: bound it, by clamp(min=-100).",
)
@reduced(binary_cross_entropy)
def _(input: Tensor, target: Tensor) -> Tensor:
    log_p = torch.where(input == 0, -100.0, input.log())
    return -(target * log_p + (1 - target) * torch.where(input == 1, -100.0, (1 - input).log()))


@binary_cross_entropy.mistake(
    "the sum bounded",
    "You bound the sum of both terms, when 0 times log(0) has made it NaN already; bound each "
    "logarithm by itself.",
)
@reduced(binary_cross_entropy)
def _(input: Tensor, target: Tensor) -> Tensor:
    return -(target * input.log() + (1 - target) * (1 - input).log()).clamp(min=-100)


def _almost_certain(eps: float) -> None:
    lost = f", and in float32 1 - {eps:g} is 1, so that log(0) is back" if eps < 2**-25 else ""
    hint = (
        f"You keep the probabilities {eps:g} away from 0 and 1, so that probability 0 for a yes "
        f"costs {-math.log(eps):.1f} and not 100{lost}; leave them, and let each logarithm be at "
        "least -100."
    )

    @binary_cross_entropy.mistake(f"probabilities kept {eps:g} away from 0 and 1", hint)
    @reduced(binary_cross_entropy)
    def _(input: Tensor, target: Tensor) -> Tensor:
        p = input.clamp(eps, 1 - eps)
        return -(target * p.log() + (1 - target) * (1 - p).log())

    hint = (
        f"You add {eps:g} in the logarithms, which changes every loss a little and bounds it by "
        f"{-math.log(eps):.1f}; add nothing, and let each logarithm be at least -100."
    )

    @binary_cross_entropy.mistake(f"{eps:g} added in the logarithms", hint)
    @reduced(binary_cross_entropy)
    def _(input: Tensor, target: Tensor) -> Tensor:
        return -(target * (input + eps).log() + (1 - target) * (1 - input + eps).log())


for _eps in (1e-7, 1e-8, 1e-12):
    _almost_certain(_eps)


def _bce_mistakes(logs: Logs, also: str, fault: str) -> None:
    """Add mistakes made with bounded logarithms, and made together with log(0)."""
    hint = together(fault)

    @binary_cross_entropy.mistake(
        f"sign missing{also}",
        hint("you leave out the minus; logarithms of probabilities are negative, the loss is not"),
    )
    @reduced(binary_cross_entropy)
    def _(input: Tensor, target: Tensor) -> Tensor:
        log_p, log_not = logs(input)
        return target * log_p + (1 - target) * log_not

    @binary_cross_entropy.mistake(
        f"second term missing{also}",
        hint("you leave out the term of the zeros; add (1 - target)·log(1 - input)"),
    )
    @reduced(binary_cross_entropy)
    def _(input: Tensor, target: Tensor) -> Tensor:
        return -target * logs(input)[0]

    @binary_cross_entropy.mistake(
        f"weight ignored{also}",
        hint("you leave out weight; each loss is multiplied by it where there is one"),
    )
    @like(binary_cross_entropy)
    def _(input: Tensor, target: Tensor, reduction: str) -> Tensor:
        log_p, log_not = logs(input)
        return reduce(-(target * log_p + (1 - target) * log_not), reduction)


_bce_mistakes(bounded_logs, "", "")
_bce_mistakes(
    _raw_logs,
    ", and log of 0",
    "log(0) is minus infinity, so let each logarithm be at least -100",
)


@binary_cross_entropy.mistake(
    "terms swapped",
    "You give the ones the logarithm of 1 - input; target goes with log(input).",
)
@reduced(binary_cross_entropy)
def _(input: Tensor, target: Tensor) -> Tensor:
    log_p, log_not = bounded_logs(input)
    return -((1 - target) * log_p + target * log_not)


@binary_cross_entropy.mistake(
    "hard targets only",
    "You choose one term by the target, which may lie between 0 and 1; weigh both by it.",
)
@reduced(binary_cross_entropy)
def _(input: Tensor, target: Tensor) -> Tensor:
    return -torch.where(target == 1, *bounded_logs(input))


@binary_cross_entropy.mistake(
    "divided by the sum of the weights",
    "You divide by the sum of the weights; here torch divides by the number of elements.",
)
@like(binary_cross_entropy)
def _(input: Tensor, target: Tensor, weight: Weight, reduction: str) -> Tensor:
    log_p, log_not = bounded_logs(input)
    weight = torch.ones_like(input) if weight is None else weight.expand_as(input)
    losses = -weight * (target * log_p + (1 - target) * log_not)
    return divided(losses, weight.sum(), reduction)


@binary_cross_entropy.mistake(
    "divided by the sum of weight as it is",
    "You divide by the sum of the weights; here torch divides by the number of elements.",
)
@like(binary_cross_entropy)
def _(input: Tensor, target: Tensor, weight: Weight, reduction: str) -> Tensor:
    log_p, log_not = bounded_logs(input)
    weight = torch.ones_like(input) if weight is None else weight
    losses = -weight * (target * log_p + (1 - target) * log_not)
    return divided(losses, weight.sum(), reduction)


@binary_cross_entropy.mistake(
    "None times the loss",
    "weight may be None, and None cannot be multiplied; look whether it is None first.",
)
@like(binary_cross_entropy)
def _(input: Tensor, target: Tensor, weight: Any, reduction: str) -> Tensor:
    log_p, log_not = bounded_logs(input)
    losses = -(target * log_p + (1 - target) * log_not)
    return reduce(losses * weight, reduction)


@binary_cross_entropy.mistake(
    "sigmoid first",
    "You apply a sigmoid to input, which holds probabilities already; use them as they are.",
)
@reduced(binary_cross_entropy)
def _(input: Tensor, target: Tensor) -> Tensor:
    log_p, log_not = bounded_logs(input.sigmoid())
    return -(target * log_p + (1 - target) * log_not)
