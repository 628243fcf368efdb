"""The soft margin loss."""

# ruff: noqa: A002  # torch calls the predictions ``input``, and so do the learners' functions.

import math

import torch
import torch.nn.functional as F
from torch import Tensor

from torchproof.catalog.losses.inputs import draw_signs
from torchproof.catalog.losses.reductions import REDUCTIONS, loss_exercise, misreduced, reduced
from torchproof.checking.cases import FLOATS, Cases, Draw, extremes, gradients, shapes, values


@loss_exercise
def soft_margin_loss(input: Tensor, target: Tensor, reduction: str = "mean") -> Tensor:
    """Return log(1 + exp(-target·input)), reduced; target is 1 or -1."""
    return F.soft_margin_loss(input, target.detach(), reduction=reduction)


@soft_margin_loss.cases
def _(draw: Draw) -> Cases:
    single, double = FLOATS
    yield values(**_sides(draw, draw.size(7, 9)))
    for reduction, dtype in zip(REDUCTIONS, (double, single, double), strict=True):
        given = _sides(draw, draw.size(3, 4), draw.size(5, 7), dtype=dtype)
        yield values(**given, reduction=reduction)
    for dtype in FLOATS:
        yield shapes(**_sides(draw, 2, 4, 3, dtype=dtype))
        yield shapes(**_sides(draw, 5, 3, dtype=dtype), reduction="none")
    yield shapes("a batch of one", **_sides(draw, 1, 3), reduction="none")
    signs = torch.tensor([1.0, -1.0, 1.0, -1.0])
    zero = {"input": torch.zeros(4), "target": signs, "reduction": "none"}
    yield gradients("scores of 0", **zero)
    yield extremes("scores of 0", **zero)
    right = {"input": 1000 * signs, "target": signs, "reduction": "none"}
    yield gradients("far on the right side", **right)
    yield extremes("far on the right side", **right)
    wrong = {"input": -80 * signs, "target": signs, "reduction": "none"}
    yield gradients("far on the wrong side", **wrong)
    yield extremes("far on the wrong side", **wrong)
    yield extremes("a single number", **_sides(draw))
    for reduction in REDUCTIONS:
        yield extremes("an empty batch", **_sides(draw, 0, 3), reduction=reduction)


def _sides(draw: Draw, *shape: int, dtype: torch.dtype = torch.float32) -> dict[str, Tensor]:
    """Return scores, and the sides of 0 on which they should lie."""
    return {
        "input": 2 * draw.normal(*shape, dtype=dtype),
        "target": draw_signs(draw, *shape, dtype=dtype),
    }


@reduced(soft_margin_loss)
def _soft(input: Tensor, target: Tensor) -> Tensor:
    return F.softplus(-target * input)


misreduced(soft_margin_loss, _soft)


@soft_margin_loss.mistake(
    "sign turned",
    "Your loss is small on the wrong side; the exponent is -target·input, with a minus.",
)
@reduced(soft_margin_loss)
def _(input: Tensor, target: Tensor) -> Tensor:
    return F.softplus(target * input)


@soft_margin_loss.mistake(
    "sign turned, by the formula",
    "Your loss is small on the wrong side, and infinite far on the right one; the exponent is "
    "-target·input, with a minus.",
)
@reduced(soft_margin_loss)
def _(input: Tensor, target: Tensor) -> Tensor:
    return torch.log(1 + torch.exp(target * input))


@soft_margin_loss.mistake(
    "without the 1",
    "You leave out the 1, so that the logarithm undoes the exponential; it is "
    "log(1 + exp(-target·input)).",
)
@reduced(soft_margin_loss)
def _(input: Tensor, target: Tensor) -> Tensor:
    return -target * input


@soft_margin_loss.mistake(
    "without the logarithm",
    "You leave out the logarithm, which gives 1 + exp(-target·input); take the logarithm of it.",
)
@reduced(soft_margin_loss)
def _(input: Tensor, target: Tensor) -> Tensor:
    return 1 + torch.exp(-target * input)


@soft_margin_loss.mistake(
    "the exponential loss",
    "Yours is exp(-target·input), the exponential loss; take the logarithm of 1 plus that.",
)
@reduced(soft_margin_loss)
def _(input: Tensor, target: Tensor) -> Tensor:
    return torch.exp(-target * input)


@soft_margin_loss.mistake(
    "the hinge loss",
    "Yours is the hinge loss, max(0, 1 - target·input), with a corner; the soft one is smooth.",
)
@reduced(soft_margin_loss)
def _(input: Tensor, target: Tensor) -> Tensor:
    return (1 - target * input).clamp(min=0)


@soft_margin_loss.mistake(
    "labels 0 and 1",
    "You take the targets for 0 and 1, as the binary cross-entropy does; they are 1 and -1 here.",
)
@reduced(soft_margin_loss)
def _(input: Tensor, target: Tensor) -> Tensor:
    return F.softplus(input) - target * input


@soft_margin_loss.mistake(
    "target ignored",
    "You leave out the target, so that every score should be large; the exponent is -target·input.",
)
@reduced(soft_margin_loss)
def _(input: Tensor, target: Tensor) -> Tensor:
    return F.softplus(-input)


@soft_margin_loss.mistake(
    "target outside the logarithm",
    "Your target multiplies the whole loss and makes half of the losses negative; it belongs "
    "in the exponent, -target·input.",
)
@reduced(soft_margin_loss)
def _(input: Tensor, target: Tensor) -> Tensor:
    return target * F.softplus(-input)


@soft_margin_loss.mistake(
    "base 2",
    "You take the logarithm to base 2; torch's losses take natural ones.",
)
@reduced(soft_margin_loss)
def _(input: Tensor, target: Tensor) -> Tensor:
    return F.softplus(-target * input) / math.log(2)


@soft_margin_loss.mistake(
    "gradient wrong at 0",
    "The values are right, but at a score of 0 clamp passes the whole gradient and abs none, so "
    "that yours is not -target/2; use softplus or logaddexp, or choose by torch.where.",
)
@reduced(soft_margin_loss)
def _(input: Tensor, target: Tensor) -> Tensor:
    exponent = -target * input
    return exponent.clamp(min=0) + torch.log1p(torch.exp(-exponent.abs()))
