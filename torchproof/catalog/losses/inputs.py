"""Inputs that several losses are tried on."""

from typing import Any

import torch
from torch import Tensor

from torchproof.catalog.losses.reductions import REDUCTIONS
from torchproof.checking.cases import FLOATS, Cases, Draw, extremes, gradients, shapes, values


def regression_cases(draw: Draw, **options: float) -> Cases:
    """Yield the cases that losses between numbers and numbers are tried on.

    Args:
        draw: what random inputs are drawn from.
        options: further arguments of the loss, the same in every case.
    """
    single, double = FLOATS
    yield values(**draw_pair(draw, draw.size(7, 9)), **options)
    yield values(**draw_pair(draw, 2, 3, draw.size(4, 6), dtype=double), **options)
    for reduction, dtype in zip(REDUCTIONS, (double, single, double), strict=True):
        pair = draw_pair(draw, draw.size(3, 4), draw.size(5, 7), dtype=dtype)
        yield values(**pair, reduction=reduction, **options)
    for dtype in FLOATS:
        for reduction in ("mean", "none"):
            yield shapes(**draw_pair(draw, 2, 4, 3, dtype=dtype), reduction=reduction, **options)
    hit = {"input": torch.tensor([1.5, -2.0, 0.25]), "target": torch.tensor([1.5, -2.0, 1.0])}
    yield gradients("predictions that hit the target", **hit, reduction="none", **options)
    yield extremes("predictions that hit the target", **hit, reduction="none", **options)
    yield extremes("a single number", **draw_pair(draw), **options)
    for reduction in REDUCTIONS:
        yield extremes("an empty batch", **draw_pair(draw, 0, 3), reduction=reduction, **options)
    near = 10000 + draw.integers(6, low=-4, high=5) / 4
    yield extremes("large numbers that nearly agree", input=near, target=near.flip(0), **options)
    big = torch.tensor([torch.inf, -torch.inf, 1e30, -3e38, 1e-30])
    far = {"input": big, "target": torch.zeros(5), "reduction": "none"}
    yield extremes("very large and very small", **far, **options)
    wide = {"input": draw.normal(4, 1), "target": draw.normal(3)}
    for reduction in ("none", "sum"):
        yield shapes("a column and a row", **wide, reduction=reduction, **options)
    column, whole = draw.normal(4, 1), draw.normal(4, 3)
    yield shapes("a smaller input", input=column, target=whole, **options)
    yield shapes("a smaller target", input=whole, target=column, **options)
    yield shapes("a batch of one", **draw_pair(draw, 1, 3), reduction="none", **options)


def draw_pair(draw: Draw, *shape: int, dtype: torch.dtype = torch.float32) -> dict[str, Tensor]:
    """Return predictions and targets of the given shape."""
    return {
        "input": 1.5 * draw.normal(*shape, dtype=dtype),
        "target": 1.5 * draw.normal(*shape, dtype=dtype),
    }


def draw_distributions(draw: Draw, *shape: int, dtype: torch.dtype = torch.float32) -> Tensor:
    """Return probabilities that sum to 1 along the last dimension."""
    return draw.normal(*shape, dtype=torch.float64).softmax(dim=-1).to(dtype)


def class_extremes(draw: Draw) -> Cases:
    """Yield the extremes of losses that take the number of a class as target."""
    given = draw_scores(draw, 3, 4)
    nothing = given | {"target": torch.full((3,), -1), "ignore_index": -1}
    weight = torch.tensor([0.0, 0.5, 2.0, 1.0])
    for reduction in ("mean", "sum"):
        yield extremes("all targets ignored", **nothing, reduction=reduction)
    yield extremes("ignore_index -1", **with_ignored(given, -1), ignore_index=-1)
    some = given | {"target": torch.tensor([0, 1, 2]), "weight": weight}
    yield extremes("a class with weight 0", **some)
    only = given | {"target": torch.zeros(3, dtype=torch.int64), "weight": weight}
    yield extremes("only targets with weight 0", **only)
    never = torch.tensor([[0.5, -torch.inf, 1.0], [-torch.inf, 0.5, -1.0]])
    other = torch.tensor([2, 1])
    yield extremes("a class that is impossible", input=never, target=other, reduction="none")
    wrong = {"input": never, "target": torch.tensor([1, 1]), "reduction": "none"}
    yield extremes("the target itself impossible", **wrong)
    sure = torch.tensor([[0.0, -torch.inf, -torch.inf], [-1.5, -0.5, -2.0]])
    yield extremes("a loss of 0 that counts", input=sure, target=torch.tensor([0, 1]))
    odd = torch.tensor([[torch.nan, torch.nan, torch.nan], [0.5, 1.5, -0.5]])
    yield extremes("NaN in an ignored row", input=odd, target=torch.tensor([-100, 1]))
    yield extremes("a single example", **draw_scores(draw, 1, 3))
    yield extremes("a single class", **draw_scores(draw, 4, 1))
    for reduction in ("mean", "none"):
        yield extremes("an empty batch", **draw_scores(draw, 0, 3), reduction=reduction)


def draw_scores(
    draw: Draw, n: int, c: int, *places: int, dtype: torch.dtype = torch.float32
) -> dict[str, Any]:
    """Return scores for C classes, (N, C, ...), and targets, (N, ...)."""
    return {
        "input": 2 * draw.normal(n, c, *places, dtype=dtype),
        "target": draw.integers(n, *places, high=c),
    }


def with_ignored(given: dict[str, Any], ignore_index: int) -> dict[str, Any]:
    """Let the first and the third target be ignored, and the last another one than those.

    Args:
        given: the arguments of a loss, with at least four targets.
        ignore_index: the target that is ignored.

    Returns:
        The arguments with a new target; the old one is left as it is.
    """
    target = given["target"].clone()
    target.view(-1)[0] = target.view(-1)[2] = ignore_index
    target.view(-1)[-1] = 0
    target.view(-1)[1] = 2
    return given | {"target": target}


def draw_signs(draw: Draw, *shape: int, dtype: torch.dtype = torch.float32) -> Tensor:
    """Return numbers that are 1 or -1, both among them."""
    signs = 2 * draw.mask(*shape).to(dtype) - 1
    if signs.numel() > 1:
        signs.view(-1)[0], signs.view(-1)[-1] = 1, -1
    return signs
