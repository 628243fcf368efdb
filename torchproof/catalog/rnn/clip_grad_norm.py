"""Clipping gradients by their total norm."""

import math

import torch
from torch import Tensor
from torch.nn.utils import clip_grads_with_norm_, get_total_norm

from torchproof.checking.cases import FLOATS, Cases, Draw, Group, extremes, shapes, values
from torchproof.checking.exercise import exercise

Clipped = tuple[list[Tensor], Tensor]
"""The gradients afterwards, and their total norm before."""

CLIPPING = (
    *("clip_grad_norm_", "clip_grads_with_norm_", "get_total_norm", "clip_grad_value_"),
    *("_clip_grads_with_norm_", "_get_total_norm", "torch.nn.utils.clip_grad_norm"),
    "torch.nn.utils.clip_grad",
)
"""torch's clipping under its many names."""


@exercise(
    groups=(Group.VALUES, Group.EXTREMES, Group.SHAPES, Group.NO_SIDE_EFFECTS),
    not_allowed=CLIPPING,
)
def clip_grad_norm(grads: list[Tensor], max_norm: float) -> Clipped:
    """Return all gradients times min(1, max_norm / (total + 1e-6)), and total, their norm.

    The total norm is that of all numbers of all gradients as one vector, of shape ().
    The gradients have any shapes, and there may be none.
    """
    total = get_total_norm(grads)
    parameters = [grad.clone() for grad in grads]
    for parameter, grad in zip(parameters, grads, strict=True):
        parameter.grad = grad.clone()
    clip_grads_with_norm_(parameters, max_norm, total)
    return [each.grad for each in parameters if each.grad is not None], total


def _of_norm(
    draw: Draw, norm: float, *sizes: tuple[int, ...], double: bool = False
) -> list[Tensor]:
    """Draw gradients of the given sizes whose total norm is the given one."""
    drawn = [draw.normal(*size, dtype=torch.float64) for size in sizes]
    total = get_total_norm(drawn)
    return [(each * norm / total).to(FLOATS[double]) for each in drawn]


@clip_grad_norm.cases
def _(draw: Draw) -> Cases:
    n, d = draw.size(3, 5), draw.size(6, 8)
    layer, high = [(n, d), (n,)], draw.number(4.0, 8.0)
    yield values("above the limit", grads=_of_norm(draw, high, *layer), max_norm=1.0)
    three = _of_norm(draw, 3 * high, *layer, (2, 3, 4), double=True)
    yield values("above the limit", grads=three, max_norm=draw.number(2.0, 3.0))
    low = _of_norm(draw, draw.number(0.3, 0.6), *layer, double=True)
    yield values("below the limit", grads=low, max_norm=draw.number(2.0, 3.0))
    between = [draw.normal(6, 5, dtype=torch.float64) for _ in range(3)]
    limit = 0.8 * get_total_norm(between).item()
    yield values("each below the limit, all above", grads=between, max_norm=round(limit, 3))
    unequal = [each * scale for each, scale in zip(between, (30.0, 0.01, 1.0), strict=True)]
    yield values("a large one beside small ones", grads=unequal, max_norm=draw.number(4.0, 6.0))
    for double in (False, True):
        grads = _of_norm(draw, high, (d,), (), (n, 2, d), double=double)
        yield shapes(grads=grads, max_norm=2.0)
        below = _of_norm(draw, high, (d, n), (1,), double=double)
        yield shapes("below the limit", grads=below, max_norm=12.5)
        yield shapes("one gradient", grads=_of_norm(draw, high, (2, d), double=double), max_norm=1)
    yield from _extremes(draw)


def _extremes(draw: Draw) -> Cases:
    two, one = [(3, 4), (5,)], [(4, 2)]
    yield extremes("no gradients", grads=[], max_norm=1.0)
    yield shapes("no gradients", grads=[], max_norm=1.0)
    yield extremes("all zero", grads=[torch.zeros(2, 3), torch.zeros(3)], max_norm=1.0)
    yield extremes("one that is zero", grads=[torch.zeros(3), *_of_norm(draw, 5, *one)], max_norm=2)
    yield extremes("one gradient", grads=_of_norm(draw, 7, *one), max_norm=draw.number(1.0, 2.0))
    empty = [torch.empty(0, 3), *_of_norm(draw, 6, *one)]
    yield extremes("one without elements", grads=empty, max_norm=2.0)
    yield extremes("at the limit", grads=_of_norm(draw, 3, *two), max_norm=3.0)
    yield extremes("no limit", grads=_of_norm(draw, 50, *two), max_norm=math.inf)
    yield extremes("a limit of 0", grads=_of_norm(draw, 5, *two, double=True), max_norm=0.0)
    yield extremes("very large", grads=_of_norm(draw, 1e12, *two), max_norm=1.0)
    tiny = _of_norm(draw, 1e-4, *two, double=True)
    yield extremes("tiny, with a tinier limit", grads=[g * 100 for g in tiny], max_norm=1e-3)
    few = _of_norm(draw, 2e-5, *two, double=True)
    yield extremes("so tiny that 1e-6 counts", grads=few, max_norm=1e-5)
    yield extremes("tiny, below the limit", grads=tiny, max_norm=5.0)
    note = "tiny, below the limit by less than 1e-6"
    yield extremes(note, grads=[torch.tensor([1e-6], dtype=torch.float64)], max_norm=1.2e-6)
