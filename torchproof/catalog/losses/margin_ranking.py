"""The margin ranking loss."""

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from torchproof.catalog.losses.inputs import draw_signs
from torchproof.catalog.losses.reductions import (
    REDUCTIONS,
    like,
    loss_exercise,
    misreduced,
    missized,
    reduce,
    reduced,
)
from torchproof.checking.cases import FLOATS, Cases, Draw, extremes, shapes, values


@loss_exercise
def margin_ranking_loss(
    input1: Tensor,
    input2: Tensor,
    target: Tensor,
    margin: float = 0.0,
    reduction: str = "mean",
) -> Tensor:
    """Return max(0, -target·(input1 - input2) + margin), reduced.

    target is 1 where input1 should be the larger, -1 where input2 should; all three shapes are
    equal or broadcast.
    """
    return F.margin_ranking_loss(
        input1, input2, target.detach(), margin=margin, reduction=reduction
    )


@margin_ranking_loss.cases
def _(draw: Draw) -> Cases:
    single, double = FLOATS
    yield values(**_ranked(draw, draw.size(8, 12)))
    for reduction, dtype in zip(REDUCTIONS, (double, single, double), strict=True):
        given = _ranked(draw, draw.size(3, 4), draw.size(5, 7), dtype=dtype)
        yield values(**given, margin=draw.number(0.5, 1.5), reduction=reduction)
    for dtype in FLOATS:
        for reduction in ("mean", "none"):
            given = _ranked(draw, 2, 4, 3, dtype=dtype)
            yield shapes(**given, margin=draw.number(0.5, 1.5), reduction=reduction)
    yield values("a negative margin", **_ranked(draw, 4, 5), margin=-0.5)
    wide = {"input1": draw.normal(4, 1), "input2": draw.normal(1, 3)}
    for reduction in ("mean", "none"):
        target = draw_signs(draw, 4, 3)
        yield shapes("a column and a row", **wide, target=target, margin=0.5, reduction=reduction)
    some = _ranked(draw, 4, 3) | {"target": draw_signs(draw, 4, 1)}
    yield shapes("one target for each row", **some, margin=0.5)
    one = _ranked(draw, 1, 3)
    yield shapes("a batch of one", **one, margin=0.5, reduction="none")
    given = _ranked(draw, 3, 5)
    yield shapes("whole numbers as target", **given | {"target": given["target"].long()})
    ties = {"input1": torch.ones(4), "input2": torch.ones(4), "target": draw_signs(draw, 4)}
    yield extremes("ties", **ties)
    yield extremes("ties, with a margin", **ties, margin=0.5, reduction="none")
    far = torch.tensor([1e30, -1e30, 1e30, torch.inf])
    signs = torch.tensor([1.0, 1.0, -1.0, 1.0])
    big = {"input1": far, "input2": torch.zeros(4), "target": signs}
    yield extremes("very far apart", **big, margin=1.0, reduction="none")
    yield extremes("a single number", **_ranked(draw))
    for reduction in REDUCTIONS:
        yield extremes("an empty batch", **_ranked(draw, 0, 3), reduction=reduction)


def _ranked(draw: Draw, *shape: int, dtype: torch.dtype = torch.float32) -> dict[str, Tensor]:
    """Return two tensors of numbers, and which of both should be the larger."""
    return {
        "input1": draw.normal(*shape, dtype=dtype),
        "input2": draw.normal(*shape, dtype=dtype),
        "target": draw_signs(draw, *shape, dtype=dtype),
    }


@reduced(margin_ranking_loss)
def _ranking(input1: Tensor, input2: Tensor, target: Tensor, margin: float) -> Tensor:
    return (margin - target * (input1 - input2)).clamp(min=0)


misreduced(margin_ranking_loss, _ranking)
for _name in ("input1", "input2", "target"):
    missized(margin_ranking_loss, _ranking, _name)


@margin_ranking_loss.mistake(
    "margin sign flipped",
    "You subtract the margin, so that a pair may be wrong by that much for nothing; add it, so "
    "that it must be right by that much.",
)
@reduced(margin_ranking_loss)
def _(input1: Tensor, input2: Tensor, target: Tensor, margin: float) -> Tensor:
    return (-target * (input1 - input2) - margin).clamp(min=0)


@margin_ranking_loss.mistake(
    "order turned",
    "Your loss grows where the order is right; with target 1 it is input1 that should be the "
    "larger, so the difference input1 - input2 is subtracted.",
)
@reduced(margin_ranking_loss)
def _(input1: Tensor, input2: Tensor, target: Tensor, margin: float) -> Tensor:
    return (target * (input1 - input2) + margin).clamp(min=0)


@margin_ranking_loss.mistake(
    "not bounded at 0",
    "You let the loss become negative, so that one very right pair makes up for wrong ones; "
    "bound it below at 0.",
)
@reduced(margin_ranking_loss)
def _(input1: Tensor, input2: Tensor, target: Tensor, margin: float) -> Tensor:
    return margin - target * (input1 - input2)


@margin_ranking_loss.mistake(
    "margin added after the bound",
    "You add the margin after bounding at 0, so that every right pair costs the margin; add it "
    "before.",
)
@reduced(margin_ranking_loss)
def _(input1: Tensor, input2: Tensor, target: Tensor, margin: float) -> Tensor:
    return (-target * (input1 - input2)).clamp(min=0) + margin


@margin_ranking_loss.mistake(
    "bounded after reducing",
    "You bound the loss at 0 after reducing, when right pairs have made up for wrong ones; bound "
    "each pair's first.",
)
@like(margin_ranking_loss)
def _(input1: Tensor, input2: Tensor, target: Tensor, margin: float, reduction: str) -> Tensor:
    return reduce(margin - target * (input1 - input2), reduction).clamp(min=0)


@margin_ranking_loss.mistake(
    "margin ignored",
    "You leave out the margin; add it before you bound at 0.",
)
@reduced(margin_ranking_loss)
def _(input1: Tensor, input2: Tensor, target: Tensor) -> Tensor:
    return (-target * (input1 - input2)).clamp(min=0)


@margin_ranking_loss.mistake(
    "target ignored",
    "You ask input1 to be the larger in every pair; where target is -1, input2 should be.",
)
@reduced(margin_ranking_loss)
def _(input1: Tensor, input2: Tensor, target: Tensor, margin: float) -> Tensor:
    return (margin - (input1 - input2)).clamp(min=0)


@margin_ranking_loss.mistake(
    "labels 0 and 1",
    "You take the targets for 0 and 1; they are 1 and -1, and multiply the difference as they are.",
)
@reduced(margin_ranking_loss)
def _(input1: Tensor, input2: Tensor, target: Tensor, margin: float) -> Tensor:
    return (margin - (2 * target - 1) * (input1 - input2)).clamp(min=0)


@margin_ranking_loss.mistake(
    "margin turned with the target",
    "Your target multiplies the margin too, which lowers it to -margin for half of the pairs; it "
    "multiplies the difference only.",
)
@reduced(margin_ranking_loss)
def _(input1: Tensor, input2: Tensor, target: Tensor, margin: float) -> Tensor:
    return (-target * (input1 - input2 - margin)).clamp(min=0)


@margin_ranking_loss.mistake(
    "margin within the product",
    "Your parentheses take the margin into the product with -target, which subtracts it for half "
    "of the pairs; close them before it: -target·(input1 - input2) + margin.",
)
@reduced(margin_ranking_loss)
def _(input1: Tensor, input2: Tensor, target: Tensor, margin: float) -> Tensor:
    return (-target * (input1 - input2 + margin)).clamp(min=0)


@margin_ranking_loss.mistake(
    "absolute difference",
    "You take the absolute difference, which forgets who is larger; keep its sign and multiply "
    "by target.",
)
@reduced(margin_ranking_loss)
def _(input1: Tensor, input2: Tensor, target: Tensor, margin: float) -> Tensor:
    return (margin - target * (input1 - input2).abs()).clamp(min=0)


@margin_ranking_loss.mistake(
    "squared",
    "You square the loss; a pair costs what it lacks, not the square of it.",
)
@reduced(margin_ranking_loss)
def _(input1: Tensor, input2: Tensor, target: Tensor, margin: float) -> Tensor:
    return (margin - target * (input1 - input2)).clamp(min=0).square()


@margin_ranking_loss.mistake(
    "max of a whole tensor",
    "Python's max, like if, wants one True or False, but there is one for every pair; bound "
    "element by element, with clamp(min=0).",
)
@reduced(margin_ranking_loss)
def _(input1: Tensor, input2: Tensor, target: Tensor, margin: float) -> Any:
    return max(0, margin - target * (input1 - input2))
