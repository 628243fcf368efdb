"""The smooth L1 loss, quadratic near 0 and linear beyond."""

# ruff: noqa: A002  # torch calls the predictions ``input``, and so do the learners' functions.

import torch
import torch.nn.functional as F
from torch import Tensor

from torchproof.catalog.losses.inputs import draw_pair, regression_cases
from torchproof.catalog.losses.reductions import (
    broadcast,
    loss_exercise,
    misreduced,
    missized,
    reduced,
)
from torchproof.checking.cases import Cases, Draw, extremes, gradients, values


@loss_exercise
def smooth_l1_loss(
    input: Tensor, target: Tensor, reduction: str = "mean", beta: float = 1.0
) -> Tensor:
    """Return d²/(2 beta) where the distance d is below beta, and d - beta/2 elsewhere, reduced.

    beta is 0 or more; with 0 it is the L1 loss, and where both agree the gradient is 0.
    """
    return F.smooth_l1_loss(*broadcast(input, target), reduction=reduction, beta=beta)


@smooth_l1_loss.cases
def _(draw: Draw) -> Cases:
    yield from regression_cases(draw, beta=draw.number(0.4, 0.8))
    yield values("a beta above 1", **draw_pair(draw, 4, 5), beta=draw.number(1.6, 2.4))
    yield values("the default beta", **draw_pair(draw, draw.size(9, 12)))
    none = {**draw_pair(draw, 3, draw.size(4, 6)), "beta": 0.0}
    yield values("beta 0", **none)
    hit = {"input": torch.tensor([1.5, -2.0, 0.25]), "target": torch.tensor([1.5, -2.0, 1.0])}
    yield gradients("beta 0, predictions that hit the target", **hit, reduction="sum", beta=0.0)
    yield extremes("beta 0, predictions that hit the target", **hit, reduction="none", beta=0.0)
    at = {"input": torch.tensor([0.5, -0.5, 0.0]), "target": torch.zeros(3), "reduction": "none"}
    yield extremes("errors of exactly beta", **at, beta=0.5)
    yield extremes("a very large beta", **draw_pair(draw, 6), beta=1e6)


def _smooth(input: Tensor, target: Tensor, beta: float) -> Tensor:
    error = (input - target).abs()
    return torch.where(error < beta, 0.5 * error**2 / (beta or 1.0), error - 0.5 * beta)


_reduced_smooth = reduced(smooth_l1_loss)(_smooth)
misreduced(smooth_l1_loss, _reduced_smooth)
for _name in ("input", "target"):
    missized(smooth_l1_loss, _reduced_smooth, _name)


@smooth_l1_loss.mistake(
    "NaN gradient for beta 0",
    "The values are right, but with beta 0 the branch that torch.where throws away divides by "
    "0, and its gradient is NaN; keep the 0 out of the quotient.",
)
@reduced(smooth_l1_loss)
def _(input: Tensor, target: Tensor, beta: float) -> Tensor:
    error = (input - target).abs()
    return torch.where(error < beta, 0.5 * error**2 / beta, error - 0.5 * beta)


@smooth_l1_loss.mistake(
    "NaN at a hit with beta 0",
    "With beta 0, an error of 0 is <= beta but not < beta, so your quadratic branch gives 0 over "
    "0, NaN; compare with < and keep the 0 out of the quotient.",
)
@reduced(smooth_l1_loss)
def _(input: Tensor, target: Tensor, beta: float) -> Tensor:
    error = (input - target).abs()
    return torch.where(error <= beta, 0.5 * error**2 / beta, error - 0.5 * beta)


@smooth_l1_loss.mistake(
    "without the factor ½",
    "You leave the factor ½ out of the quadratic branch, so that the branches do not meet at "
    "beta; it is ½·d²/beta.",
)
@reduced(smooth_l1_loss)
def _(input: Tensor, target: Tensor, beta: float) -> Tensor:
    error = (input - target).abs()
    return torch.where(error < beta, error**2 / beta, error - 0.5 * beta)


@smooth_l1_loss.mistake(
    "both factors ½ missing",
    "You leave the factor ½ out of both branches; they are ½·d²/beta and d - ½·beta.",
)
@reduced(smooth_l1_loss)
def _(input: Tensor, target: Tensor, beta: float) -> Tensor:
    error = (input - target).abs()
    return torch.where(error < beta, error**2 / beta, error - beta)


@smooth_l1_loss.mistake(
    "times beta",
    "Your quadratic branch multiplies by beta, as d**2 / 2 * beta does, which Python reads from "
    "the left; write d**2 / (2 * beta).",
)
@reduced(smooth_l1_loss)
def _(input: Tensor, target: Tensor, beta: float) -> Tensor:
    error = (input - target).abs()
    return torch.where(error < beta, 0.5 * error**2 * beta, error - 0.5 * beta)


@smooth_l1_loss.mistake(
    "one branch for the whole tensor",
    "You choose one branch for all elements, by the largest error; "
    "choose element by element with torch.where.",
)
@reduced(smooth_l1_loss)
def _(input: Tensor, target: Tensor, beta: float) -> Tensor:
    error = (input - target).abs()
    return 0.5 * error**2 / beta if error.max() < beta else error - 0.5 * beta


@smooth_l1_loss.mistake(
    "not divided by beta",
    "You do not divide the square by beta, so that the branches meet only where beta is 1; it "
    "is ½·d²/beta.",
)
@reduced(smooth_l1_loss)
def _(input: Tensor, target: Tensor, beta: float) -> Tensor:
    error = (input - target).abs()
    return torch.where(error < beta, 0.5 * error**2, error - 0.5 * beta)


@smooth_l1_loss.mistake(
    "the Huber loss",
    "Yours is the Huber loss, beta times this one; divide by beta: ½·d²/beta and d - ½·beta.",
)
@reduced(smooth_l1_loss)
def _(input: Tensor, target: Tensor, beta: float) -> Tensor:
    error = (input - target).abs()
    return torch.where(error < beta, 0.5 * error**2, beta * (error - 0.5 * beta))


@smooth_l1_loss.mistake(
    "linear branch not lowered",
    "Your linear branch is d alone, so that the curve jumps at beta; lower it by ½·beta.",
)
@reduced(smooth_l1_loss)
def _(input: Tensor, target: Tensor, beta: float) -> Tensor:
    error = (input - target).abs()
    return torch.where(error < beta, 0.5 * error**2 / beta, error)


@smooth_l1_loss.mistake(
    "linear branch lowered by ½",
    "You lower the linear branch by ½ whatever beta is; lower it by ½·beta.",
)
@reduced(smooth_l1_loss)
def _(input: Tensor, target: Tensor, beta: float) -> Tensor:
    error = (input - target).abs()
    return torch.where(error < beta, 0.5 * error**2 / beta, error - 0.5)


@smooth_l1_loss.mistake(
    "beta ignored",
    "You take beta as 1 whatever the caller asks for; it sets where the branches meet, and stands "
    "in both.",
)
@reduced(smooth_l1_loss)
def _(input: Tensor, target: Tensor) -> Tensor:
    return _smooth(input, target, 1.0)


@smooth_l1_loss.mistake(
    "beta only as the border",
    "You change branches at beta but leave it out of them; they are ½·d²/beta and d - ½·beta.",
)
@reduced(smooth_l1_loss)
def _(input: Tensor, target: Tensor, beta: float) -> Tensor:
    error = (input - target).abs()
    return torch.where(error < beta, 0.5 * error**2, error - 0.5)


@smooth_l1_loss.mistake(
    "branches swapped",
    "Your branches are swapped: the square is for errors below beta, the line for those above.",
)
@reduced(smooth_l1_loss)
def _(input: Tensor, target: Tensor, beta: float) -> Tensor:
    error = (input - target).abs()
    return torch.where(error > beta, 0.5 * error**2 / beta, error - 0.5 * beta)


@smooth_l1_loss.mistake(
    "signed difference below beta",
    "You compare the signed difference with beta, so that every prediction that is too small, "
    "however far off, takes the quadratic branch; compare its absolute value.",
)
@reduced(smooth_l1_loss)
def _(input: Tensor, target: Tensor, beta: float) -> Tensor:
    difference = input - target
    straight = difference.abs() - 0.5 * beta
    return torch.where(difference < beta, 0.5 * difference**2 / beta, straight)


@smooth_l1_loss.mistake(
    "if on a whole tensor",
    "if wants one True or False, but the comparison with beta has one for every element; choose "
    "element by element with torch.where.",
)
@reduced(smooth_l1_loss)
def _(input: Tensor, target: Tensor, beta: float) -> Tensor:
    error = (input - target).abs()
    return 0.5 * error**2 / beta if error < beta else error - 0.5 * beta
