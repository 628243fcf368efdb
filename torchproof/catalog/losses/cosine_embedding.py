"""The cosine embedding loss."""

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

from torchproof.catalog.losses.inputs import draw_signs
from torchproof.catalog.losses.reductions import (
    GROUPS,
    LOSSES,
    REDUCTIONS,
    misreduced,
    reduced,
    together,
)
from torchproof.checking.cases import FLOATS, Cases, Draw, extremes, shapes, values
from torchproof.checking.exercise import exercise


@exercise(groups=GROUPS, not_allowed=(*LOSSES, "cosine_similarity", "torch.nn.CosineSimilarity"))
def cosine_embedding_loss(
    input1: Tensor,
    input2: Tensor,
    target: Tensor,
    margin: float = 0.0,
    reduction: str = "mean",
) -> Tensor:
    """Return 1 - cos where target is 1, and max(0, cos - margin) where it is -1, reduced.

    input1 and input2 are (N, D), target is (N,); cos is the cosine of the angle between two
    rows, 0 where one of them is all zeros.
    """
    return F.cosine_embedding_loss(
        input1, input2, target.detach(), margin=margin, reduction=reduction
    )


@cosine_embedding_loss.cases
def _(draw: Draw) -> Cases:
    single, double = FLOATS
    yield values(**_embedded(draw, draw.size(7, 10), draw.size(3, 5)))
    for reduction, dtype in zip(REDUCTIONS, (double, single, double), strict=True):
        given = _embedded(draw, draw.size(7, 10), 3, dtype=dtype)
        yield values(**given, margin=draw.number(0.2, 0.5), reduction=reduction)
    for dtype in FLOATS:
        given = _embedded(draw, 6, 4, dtype=dtype)
        yield shapes(**given, margin=draw.number(0.2, 0.5))
        yield shapes(**_embedded(draw, 2, 5, dtype=dtype), reduction="none")
    yield shapes("a batch of one", **_embedded(draw, 1, 3), reduction="none")
    yield values("a negative margin", **_embedded(draw, 8, 3), margin=-0.5)
    given = _embedded(draw, 5, 3)
    yield shapes("whole numbers as target", **given | {"target": given["target"].long()})
    first = torch.tensor([[3.0, 4.0]]).repeat(6, 1)
    turned = torch.tensor([[6.0, 8.0], [-3.0, -4.0], [4.0, -3.0]])
    second = turned.repeat_interleave(2, dim=0)
    signs = torch.tensor([1.0, -1.0, 1.0, -1.0, 1.0, -1.0])
    known = {"input1": first, "input2": second, "target": signs, "reduction": "none"}
    yield extremes("parallel, opposite and at right angles", **known)
    yield extremes("parallel, opposite and at right angles", **known, margin=0.25)
    nothing = torch.tensor([[0.0, 0.0], [0.0, 0.0], [1.0, 2.0], [0.0, 0.0]])
    other = torch.tensor([[1.0, 2.0], [1.0, 2.0], [0.0, 0.0], [0.0, 0.0]])
    zero = {"input1": nothing, "input2": other, "target": signs[:4], "reduction": "none"}
    yield extremes("vectors of zeros", **zero)
    yield extremes("vectors of zeros", **zero, margin=-0.25)
    short = {"input1": torch.tensor([[3e-3, 4e-3]]), "input2": torch.tensor([[4e-3, 3e-3]])}
    yield extremes("short vectors", **short, target=torch.ones(1))
    yield extremes("a single pair", **_embedded(draw, 1, 3))
    yield extremes("a single dimension", **_embedded(draw, 4, 1), reduction="none")
    for reduction in REDUCTIONS:
        yield extremes("an empty batch", **_embedded(draw, 0, 3), reduction=reduction)


def _embedded(draw: Draw, n: int, d: int, dtype: torch.dtype = torch.float32) -> dict[str, Tensor]:
    """Return N pairs of vectors that are not short, and whether each should be alike."""
    first, second = (draw.normal(n, d, dtype=dtype) for _ in range(2))
    return {
        "input1": 3 * first + first.sign(),
        "input2": 2 * second + second.sign(),
        "target": draw_signs(draw, n, dtype=dtype),
    }


def _cosine(a: Tensor, b: Tensor) -> Tensor:
    """Return the cosine of each pair of rows, 0 where one is all zeros."""
    lengths: Tensor = a.norm(dim=1) * b.norm(dim=1)
    return (a * b).sum(1) / lengths.clamp(min=1e-12)


def _raw_cosine(a: Tensor, b: Tensor) -> Tensor:
    lengths: Tensor = a.norm(dim=1) * b.norm(dim=1)
    return (a * b).sum(1) / lengths


@reduced(cosine_embedding_loss)
def _embedding(input1: Tensor, input2: Tensor, target: Tensor, margin: float) -> Tensor:
    cos = _cosine(input1, input2)
    return torch.where(target == 1, 1 - cos, (cos - margin).clamp(min=0))


misreduced(cosine_embedding_loss, _embedding, elementwise=False)


@cosine_embedding_loss.mistake(
    "NaN for a vector of zeros",
    "A vector of zeros has length 0, and 0 over 0 is NaN; its cosine should be 0, so bound the "
    "length in the denominator a little above 0.",
)
@reduced(cosine_embedding_loss)
def _(input1: Tensor, input2: Tensor, target: Tensor, margin: float) -> Tensor:
    cos = _raw_cosine(input1, input2)
    return torch.where(target == 1, 1 - cos, (cos - margin).clamp(min=0))


def _cosine_mistakes(cosine: Callable[[Tensor, Tensor], Tensor], also: str, fault: str) -> None:
    """Add mistakes made with vectors of zeros right, and made together with their NaN."""
    hint = together(fault)

    @cosine_embedding_loss.mistake(
        f"not bounded at 0{also}",
        hint("where target is -1 you let the loss become negative; bound cos - margin below at 0"),
    )
    @reduced(cosine_embedding_loss)
    def _(input1: Tensor, input2: Tensor, target: Tensor, margin: float) -> Tensor:
        cos = cosine(input1, input2)
        return torch.where(target == 1, 1 - cos, cos - margin)

    @cosine_embedding_loss.mistake(
        f"margin sign flipped{also}",
        hint(
            "where target is -1 you add the margin; subtract it, so that a little likeness is free"
        ),
    )
    @reduced(cosine_embedding_loss)
    def _(input1: Tensor, input2: Tensor, target: Tensor, margin: float) -> Tensor:
        cos = cosine(input1, input2)
        return torch.where(target == 1, 1 - cos, (cos + margin).clamp(min=0))


_cosine_mistakes(_cosine, "", "")
_cosine_mistakes(
    _raw_cosine,
    ", and NaN for a vector of zeros",
    "0 over 0 is NaN, so bound the lengths in the denominator a little above 0",
)


@cosine_embedding_loss.mistake(
    "bounded before the margin",
    "Where target is -1 you bound cos at 0 before subtracting the margin; subtract first.",
)
@reduced(cosine_embedding_loss)
def _(input1: Tensor, input2: Tensor, target: Tensor, margin: float) -> Tensor:
    cos = _cosine(input1, input2)
    return torch.where(target == 1, 1 - cos, cos.clamp(min=0) - margin)


@cosine_embedding_loss.mistake(
    "bounded at the margin",
    "Where target is -1 you bound cos at the margin but keep it in; subtract it.",
)
@reduced(cosine_embedding_loss)
def _(input1: Tensor, input2: Tensor, target: Tensor, margin: float) -> Tensor:
    cos = _cosine(input1, input2)
    return torch.where(target == 1, 1 - cos, cos.clamp(min=margin))


@cosine_embedding_loss.mistake(
    "difference turned",
    "Where target is -1 your margin - cos asks for likeness; it is cos - margin.",
)
@reduced(cosine_embedding_loss)
def _(input1: Tensor, input2: Tensor, target: Tensor, margin: float) -> Tensor:
    cos = _cosine(input1, input2)
    return torch.where(target == 1, 1 - cos, (margin - cos).clamp(min=0))


@cosine_embedding_loss.mistake(
    "margin ignored",
    "You leave out the margin; where target is -1 it is subtracted from cos.",
)
@reduced(cosine_embedding_loss)
def _(input1: Tensor, input2: Tensor, target: Tensor) -> Tensor:
    cos = _cosine(input1, input2)
    return torch.where(target == 1, 1 - cos, cos.clamp(min=0))


@cosine_embedding_loss.mistake(
    "targets swapped",
    "Your two cases are swapped: 1 - cos is for target 1, where the vectors should be alike.",
)
@reduced(cosine_embedding_loss)
def _(input1: Tensor, input2: Tensor, target: Tensor, margin: float) -> Tensor:
    cos = _cosine(input1, input2)
    return torch.where(target == -1, 1 - cos, (cos - margin).clamp(min=0))


@cosine_embedding_loss.mistake(
    "target ignored",
    "You charge 1 - cos for every pair; where target is -1 the vectors should differ, and the "
    "loss is max(0, cos - margin).",
)
@reduced(cosine_embedding_loss)
def _(input1: Tensor, input2: Tensor, target: Tensor) -> Tensor:
    return 1 - _cosine(input1, input2)


@cosine_embedding_loss.mistake(
    "1 - target·cos",
    "1 - target·cos asks pairs with target -1 to point in opposite directions; they need only "
    "be unlike: max(0, cos - margin).",
)
@reduced(cosine_embedding_loss)
def _(input1: Tensor, input2: Tensor, target: Tensor) -> Tensor:
    return 1 - target * _cosine(input1, input2)


@cosine_embedding_loss.mistake(
    "labels 0 and 1",
    "You mix both cases by target as if it were 0 or 1; it is -1 or 1, so choose by target == 1.",
)
@reduced(cosine_embedding_loss)
def _(input1: Tensor, input2: Tensor, target: Tensor, margin: float) -> Tensor:
    cos = _cosine(input1, input2)
    return target * (1 - cos) + (1 - target) * (cos - margin).clamp(min=0)


@cosine_embedding_loss.mistake(
    "not divided by the lengths",
    "Your likeness is the product of the vectors, which grows with their lengths; divide it by "
    "both lengths to get the cosine.",
)
@reduced(cosine_embedding_loss)
def _(input1: Tensor, input2: Tensor, target: Tensor, margin: float) -> Tensor:
    dot = (input1 * input2).sum(1)
    return torch.where(target == 1, 1 - dot, (dot - margin).clamp(min=0))


def _lengthened(eps: float) -> None:
    hint = (
        f"The {eps:g} you add to the lengths keeps 0 over 0 away but moves the cosine of short "
        "vectors; bound the denominator below instead, as clamp(min=1e-8) does."
    )

    @cosine_embedding_loss.mistake(f"{eps:g} added to the lengths", hint)
    @reduced(cosine_embedding_loss)
    def _(input1: Tensor, input2: Tensor, target: Tensor, margin: float) -> Tensor:
        lengths = input1.norm(dim=1) * input2.norm(dim=1)
        cos = (input1 * input2).sum(1) / (lengths + eps)
        return torch.where(target == 1, 1 - cos, (cos - margin).clamp(min=0))


for _eps in (1e-6, 1e-8):
    _lengthened(_eps)


@cosine_embedding_loss.mistake(
    "over the batch",
    "You add up over the batch, dim 0; each pair is a row, so add up along dim=1.",
)
@reduced(cosine_embedding_loss)
def _(input1: Tensor, input2: Tensor, target: Tensor, margin: float) -> Tensor:
    cos = _cosine(input1.mT, input2.mT)
    return torch.where(target == 1, 1 - cos, (cos - margin).clamp(min=0))


@cosine_embedding_loss.mistake(
    "lengths along the batch",
    "You take the lengths along the batch, dim 0; each vector is a row, so normalize along dim=1.",
)
@reduced(cosine_embedding_loss)
def _(input1: Tensor, input2: Tensor, target: Tensor, margin: float) -> Tensor:
    cos = (F.normalize(input1, dim=0) * F.normalize(input2, dim=0)).sum(1)
    return torch.where(target == 1, 1 - cos, (cos - margin).clamp(min=0))


@cosine_embedding_loss.mistake(
    "margin on both cases",
    "You subtract the margin where target is 1, too; the loss there is 1 - cos, without it.",
)
@reduced(cosine_embedding_loss)
def _(input1: Tensor, input2: Tensor, target: Tensor, margin: float) -> Tensor:
    cos = _cosine(input1, input2)
    return (torch.where(target == 1, 1 - cos, cos) - margin).clamp(min=0)


@cosine_embedding_loss.mistake(
    "if on a whole tensor",
    "if, like Python's max, wants one True or False, but a comparison has one for every pair; "
    "choose pair by pair with torch.where, and bound with clamp(min=0).",
)
@reduced(cosine_embedding_loss)
def _(input1: Tensor, input2: Tensor, target: Tensor, margin: float) -> Tensor:
    cos = _cosine(input1, input2)
    return 1 - cos if target == 1 else (cos - margin).clamp(min=0)
