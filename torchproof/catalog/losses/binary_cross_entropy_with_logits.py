"""The binary cross-entropy of logits."""

# ruff: noqa: A002  # torch calls the predictions ``input``, and so do the learners' functions.

import torch
import torch.nn.functional as F
from torch import Tensor

from torchproof.catalog.losses.reductions import (
    REDUCTIONS,
    Weight,
    constant,
    loss_exercise,
    misreduced,
    reduced,
)
from torchproof.checking.cases import FLOATS, Cases, Draw, extremes, gradients, shapes, values


@loss_exercise
def binary_cross_entropy_with_logits(
    input: Tensor,
    target: Tensor,
    weight: Weight = None,
    reduction: str = "mean",
    pos_weight: Weight = None,
) -> Tensor:
    """Return the binary cross-entropy of sigmoid(input), right for logits of any size.

    input holds logits and target numbers from 0 to 1, both of one shape; weight multiplies the
    loss of each element and pos_weight the term of the ones, and both broadcast.
    """
    return F.binary_cross_entropy_with_logits(
        input,
        target,
        constant(weight),
        reduction=reduction,
        pos_weight=constant(pos_weight),
    )


@binary_cross_entropy_with_logits.cases
def _(draw: Draw) -> Cases:
    single, double = FLOATS
    yield values("targets 0 and 1", **_logits(draw, draw.size(7, 9), hard=True))
    for reduction, dtype in zip(REDUCTIONS, (double, single, double), strict=True):
        pos_weight = draw.uniform(6, low=1.5, high=4.0, dtype=dtype)
        pair = _logits(draw, 4, 6, dtype=dtype)
        yield values("pos_weight", **pair, pos_weight=pos_weight, reduction=reduction)
    weight = draw.uniform(4, 1, low=0.3, high=2.0)
    yield values("weight", **_logits(draw, 4, 6), weight=weight)
    both = {"weight": weight.double(), "pos_weight": draw.uniform(low=0.2, high=0.6, dtype=double)}
    for reduction in ("sum", "none"):
        pair = _logits(draw, 4, 3, dtype=double)
        yield values("both weights", **pair, **both, reduction=reduction)
    for dtype in FLOATS:
        for reduction in ("mean", "none"):
            pair = _logits(draw, 2, 4, 3, dtype=dtype)
            pos_weight = draw.uniform(3, low=1.5, high=4.0, dtype=dtype)
            yield shapes(**pair, pos_weight=pos_weight, reduction=reduction)
    yield shapes("a batch of one", **_logits(draw, 1, 3), reduction="none")
    far = torch.tensor([-1000.0, -1000.0, -30.0, 30.0, 1000.0, 1000.0])
    labels = torch.tensor([0.0, 1.0, 1.0, 0.0, 0.0, 1.0])
    yield gradients("logits far from 0", input=far, target=labels, reduction="none")
    halves = {"input": torch.zeros(3), "target": torch.tensor([0.0, 1.0, 0.25])}
    three = torch.tensor([3.0])
    yield gradients("logits of 0", **halves, reduction="none", pos_weight=three)
    yield extremes("logits far from 0", input=far, target=labels, reduction="none")
    yield extremes("logits far from 0", input=far, target=labels, pos_weight=three)
    soft = torch.full((6,), 0.25)
    yield extremes("logits far from 0, soft targets", input=far, target=soft, reduction="none")
    yield extremes("pos_weight 0", **_logits(draw, 4, hard=True), pos_weight=torch.zeros(()))
    yield extremes("weight 0 throughout", **_logits(draw, 3), weight=torch.zeros(3))
    yield extremes("a single number", **_logits(draw))
    for reduction in REDUCTIONS:
        yield extremes("an empty batch", **_logits(draw, 0, 3), reduction=reduction)


def _logits(
    draw: Draw, *shape: int, dtype: torch.dtype = torch.float32, hard: bool = False
) -> dict[str, Tensor]:
    """Return logits and targets from 0 to 1; hard ones are 0 and 1, both among them."""
    target = draw.mask(*shape) if hard else draw.uniform(*shape)
    if hard:
        target[0], target[-1] = False, True
    return {"input": 2 * draw.normal(*shape, dtype=dtype), "target": target.to(dtype)}


def stable_logs(z: Tensor) -> tuple[Tensor, Tensor]:
    """Return the logarithms of sigmoid(z) and of 1 - sigmoid(z)."""
    return F.logsigmoid(z), F.logsigmoid(-z)


def naive_logs(z: Tensor) -> tuple[Tensor, Tensor]:
    """Return the logarithms of the sigmoid and of what is left of 1, each rounded on the way."""
    p = torch.sigmoid(z)
    return p.log(), (1 - p).log()


def positive_factor(pos_weight: Weight) -> Tensor | float:
    """Return what the terms of positive targets are multiplied by."""
    return 1.0 if pos_weight is None else pos_weight


@reduced(binary_cross_entropy_with_logits)
def _bce_of_logits(input: Tensor, target: Tensor, pos_weight: Weight) -> Tensor:
    log_p, log_not = stable_logs(input)
    return -(positive_factor(pos_weight) * target * log_p + (1 - target) * log_not)


misreduced(binary_cross_entropy_with_logits, _bce_of_logits)
