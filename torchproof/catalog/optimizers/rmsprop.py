"""RMSprop: a learning rate for each element, from an average of its squared gradients."""

from typing import Any

import torch
from torch import Tensor

from torchproof.catalog.optimizers.rules import (
    State,
    Step,
    optimizer_exercise,
    problem,
    step_cases,
    torch_step,
)
from torchproof.catalog.optimizers.steps import (
    Memory,
    Moved,
    Options,
    by_rule,
    changed,
    l2_mistakes,
    mishandled,
    signed,
)
from torchproof.checking.cases import Cases, Draw, extremes, values


@optimizer_exercise
def rmsprop(
    params: list[Tensor],
    grads: list[Tensor],
    state: State,
    lr: float = 0.01,
    alpha: float = 0.99,
    eps: float = 1e-8,
    weight_decay: float = 0.0,
    momentum: float = 0.0,
) -> Step:
    """Return the parameters after a step of torch's RMSprop, and its state.

    g ← g + weight_decay·p, s ← alpha·s + (1 - alpha)·g², v ← momentum·v + g/(√s + eps),
    p ← p - lr·v.
    """
    options = {"lr": lr, "alpha": alpha, "eps": eps, "weight_decay": weight_decay}
    return torch_step(torch.optim.RMSprop, params, grads, state, momentum=momentum, **options)


@rmsprop.cases
def _(draw: Draw) -> Cases:
    yield values("all defaults", **problem(draw, (3,)), steps=2)
    options = {
        "lr": draw.number(0.1, 0.3),
        "alpha": draw.number(0.6, 0.9),
        "eps": draw.number(0.2, 0.5),
        "weight_decay": draw.number(0.1, 0.4),
        "momentum": draw.number(0.5, 0.8),
    }
    yield values(**problem(draw, (2,)), steps=2, **options)
    yield values(**problem(draw, (2, 2), (3,)), steps=3, **options)
    bowl = problem(draw, (2, 3))
    yield values(**bowl, steps=25, curvature=draw.number(0.5, 1.5), **options)
    decay = {"lr": 0.1, "weight_decay": draw.number(0.1, 0.4)}
    yield extremes("weight decay alone", **problem(draw, (3,), scale=0.0), steps=2, **decay)
    changing = {"lr": [0.1, 0.4], "momentum": draw.number(0.5, 0.8)}
    yield extremes("a learning rate that changes", **problem(draw, (3,)), steps=2, **changing)
    yield extremes("alpha 0", **problem(draw, (3,)), steps=2, lr=0.1, alpha=0.0)
    yield from step_cases(draw, lr=0.1, momentum=0.5)


def rmsprop_rule(p: Tensor, g: Tensor, old: Memory, o: Options) -> Moved:
    """Move one tensor as RMSprop does (see `torchproof.catalog.optimizers.steps`)."""
    g = g + o.weight_decay * p
    return divided(p, g, old, o, o.alpha * old["s"] + (1 - o.alpha) * g * g)


def divided(p: Tensor, g: Tensor, old: Memory, o: Options, s: Tensor) -> Moved:
    """Step along the gradient over the root of s, with what is left of the velocity."""
    v = o.momentum * old["v"] + g / (s.sqrt() + o.eps)
    return p - o.lr * v, {"s": s, "v": v}


mishandled(rmsprop, rmsprop_rule)
l2_mistakes(rmsprop, rmsprop_rule)

_right = by_rule(rmsprop)(rmsprop_rule)


@rmsprop.mistake(
    "default lr of Adam",
    "Your default for lr is 1e-3, as Adam's is; RMSprop's is 1e-2.",
)
@signed(rmsprop)
def _(params: Any, grads: Any, state: State, **options: Any) -> Step:
    step: Step = _right(params, grads, state, **({"lr": 1e-3} | options))
    return step


@rmsprop.mistake(
    "1 - alpha missing",
    "You add the whole square, so that s is a fading sum and not an average; multiply the square "
    "by 1 - alpha.",
)
@by_rule(rmsprop)
def _(p: Tensor, g: Tensor, old: Memory, o: Options) -> Moved:
    g = g + o.weight_decay * p
    return divided(p, g, old, o, o.alpha * old["s"] + g * g)


@rmsprop.mistake(
    "alpha at the wrong place",
    "You multiply the square by alpha and the average so far by 1 - alpha; alpha is the share of "
    "the average that stays.",
)
@by_rule(rmsprop)
def _(p: Tensor, g: Tensor, old: Memory, o: Options) -> Moved:
    return changed(rmsprop_rule, alpha=1 - o.alpha)(p, g, old, o)


@rmsprop.mistake(
    "sum instead of the average",
    "You add up all squares, as AdaGrad does, so that steps get ever shorter; let the sum fade, "
    "alpha * s + (1 - alpha) * g**2.",
)
@by_rule(rmsprop)
def _(p: Tensor, g: Tensor, old: Memory, o: Options) -> Moved:
    g = g + o.weight_decay * p
    return divided(p, g, old, o, old["s"] + g * g)


@rmsprop.mistake(
    "average not remembered",
    "You start the average anew in every step; keep it, and multiply what it was by alpha.",
)
@by_rule(rmsprop)
def _(p: Tensor, g: Tensor, old: Memory, o: Options) -> Moved:
    return rmsprop_rule(p, g, {"s": 0.0, "v": old["v"]}, o)


@rmsprop.mistake(
    "starts with the first square",
    "Your average starts with the first square itself; it starts at 0, so that its first value is "
    "(1 - alpha) * g**2.",
)
@by_rule(rmsprop)
def _(p: Tensor, g: Tensor, old: Memory, o: Options) -> Moved:
    g = g + o.weight_decay * p
    s = o.alpha * old["s"] + (1 - o.alpha) * g * g if old else g * g
    return divided(p, g, old, o, s)


@rmsprop.mistake(
    "bias corrected",
    "You divide the average by 1 - alpha**t, as Adam does; RMSprop takes it as it is.",
)
@by_rule(rmsprop)
def _(p: Tensor, g: Tensor, old: Memory, o: Options) -> Moved:
    g = g + o.weight_decay * p
    s = o.alpha * old["s"] + (1 - o.alpha) * g * g
    new, kept = divided(p, g, old, o, s / (1 - o.alpha**o.t))
    return new, kept | {"s": s}


@rmsprop.mistake(
    "square missing",
    "You average the sizes of the gradients; average their squares, and take the root.",
)
@by_rule(rmsprop)
def _(p: Tensor, g: Tensor, old: Memory, o: Options) -> Moved:
    g = g + o.weight_decay * p
    size = o.alpha * old["size"] + (1 - o.alpha) * g.abs()
    new, kept = divided(p, g, old, o, size * size)
    return new, kept | {"size": size}


@rmsprop.mistake(
    "square missing under the root",
    "You average the gradients themselves, and the root of a negative average is NaN; average "
    "their squares.",
)
@by_rule(rmsprop)
def _(p: Tensor, g: Tensor, old: Memory, o: Options) -> Moved:
    g = g + o.weight_decay * p
    return divided(p, g, old, o, o.alpha * old["s"] + (1 - o.alpha) * g)


@rmsprop.mistake(
    "root missing",
    "You divide by the average of the squares; divide by its root, so that a gradient twice as "
    "large takes the same step.",
)
@by_rule(rmsprop)
def _(p: Tensor, g: Tensor, old: Memory, o: Options) -> Moved:
    g = g + o.weight_decay * p
    s = o.alpha * old["s"] + (1 - o.alpha) * g * g
    new, kept = divided(p, g, old, o, s * s)
    return new, kept | {"s": s}


@rmsprop.mistake(
    "eps inside the root",
    "You add eps to the average under the root; here it is added to the root itself.",
)
@by_rule(rmsprop)
def _(p: Tensor, g: Tensor, old: Memory, o: Options) -> Moved:
    g = g + o.weight_decay * p
    s = o.alpha * old["s"] + (1 - o.alpha) * g * g
    v = o.momentum * old["v"] + g / (s + o.eps).sqrt()
    return p - o.lr * v, {"s": s, "v": v}


@rmsprop.mistake(
    "eps missing",
    "You leave eps out, and where all gradients so far are 0 you divide 0 by 0, which is NaN; add "
    "it to the root.",
)
@by_rule(rmsprop)
def _(p: Tensor, g: Tensor, old: Memory, o: Options) -> Moved:
    return changed(rmsprop_rule, eps=0.0)(p, g, old, o)


@rmsprop.mistake(
    "one average for the whole tensor",
    "You average the squares over the elements of a tensor, so that they share one learning rate; "
    "each element has an average of its own.",
)
@by_rule(rmsprop)
def _(p: Tensor, g: Tensor, old: Memory, o: Options) -> Moved:
    g = g + o.weight_decay * p
    return divided(p, g, old, o, o.alpha * old["s"] + (1 - o.alpha) * (g * g).mean())
