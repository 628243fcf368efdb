"""AdaGrad: a learning rate for each element, from the sum of its squared gradients."""

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
    counts_tensors,
    l2_mistakes,
    mishandled,
)
from torchproof.checking.cases import Cases, Draw, extremes, values


@optimizer_exercise
def adagrad(
    params: list[Tensor],
    grads: list[Tensor],
    state: State,
    lr: float = 0.01,
    lr_decay: float = 0.0,
    weight_decay: float = 0.0,
    eps: float = 1e-10,
) -> Step:
    """Return the parameters after a step of torch's Adagrad, and its state.

    g ← g + weight_decay·p, s ← s + g², p ← p - lr/(1 + (t-1)·lr_decay) · g/(√s + eps), for the
    steps t = 1, 2, ...
    """
    options = {"lr": lr, "lr_decay": lr_decay, "weight_decay": weight_decay, "eps": eps}
    return torch_step(torch.optim.Adagrad, params, grads, state, **options)


@adagrad.cases
def _(draw: Draw) -> Cases:
    yield values("all defaults", **problem(draw, (3,)), steps=2)
    options = {
        "lr": draw.number(0.2, 0.5),
        "lr_decay": draw.number(0.05, 0.2),
        "weight_decay": draw.number(0.1, 0.4),
        "eps": draw.number(0.2, 0.5),
    }
    yield values(**problem(draw, (2,)), steps=2, **options)
    yield values(**problem(draw, (2, 2), (3,)), steps=3, **options)
    bowl = problem(draw, (2, 3))
    yield values(**bowl, steps=25, curvature=draw.number(0.5, 1.5), **options)
    decay = {"lr": 0.5, "weight_decay": draw.number(0.1, 0.4)}
    yield extremes("weight decay alone", **problem(draw, (3,), scale=0.0), steps=2, **decay)
    late = {"lr": 0.5, "lr_decay": draw.number(1.0, 3.0)}
    several = problem(draw, (3,), (2,))
    yield extremes("a learning rate that decays fast", **several, steps=2, **late)
    changing = {"lr": [0.1, 0.4]}
    yield extremes("a learning rate that changes", **problem(draw, (3,)), steps=3, **changing)
    yield from step_cases(draw, lr=0.1)


def _adagrad(p: Tensor, g: Tensor, old: Memory, o: Options) -> Moved:
    g = g + o.weight_decay * p
    s = old["s"] + g * g
    return p - _rate(o) * g / (s.sqrt() + o.eps), {"s": s}


def _rate(o: Options) -> float:
    return float(o.lr / (1 + (o.t - 1) * o.lr_decay))


mishandled(adagrad, _adagrad)
l2_mistakes(adagrad, _adagrad)
counts_tensors(adagrad, _adagrad)


@adagrad.mistake(
    "sum forgotten",
    "You divide by the size of this gradient alone, so that all steps are about equally long; add "
    "its square to the sum of all before, and keep the sum.",
)
@by_rule(adagrad)
def _(p: Tensor, g: Tensor, old: Memory, o: Options) -> Moved:
    return _adagrad(p, g, {"s": 0.0}, o)


@adagrad.mistake(
    "sum of the steps before",
    "You divide by the sum without this step's gradient, which is 0 in the first step; add its "
    "square before you divide.",
)
@by_rule(adagrad)
def _(p: Tensor, g: Tensor, old: Memory, o: Options) -> Moved:
    g = g + o.weight_decay * p
    s = old["s"] if old else torch.zeros_like(p)
    return p - _rate(o) * g / (s.sqrt() + o.eps), {"s": s + g * g}


@adagrad.mistake(
    "average instead of the sum",
    "You divide by the root of the mean of the squares, so that steps do not get shorter; it is "
    "the root of their sum.",
)
@by_rule(adagrad)
def _(p: Tensor, g: Tensor, old: Memory, o: Options) -> Moved:
    g = g + o.weight_decay * p
    s = old["s"] + g * g
    return p - _rate(o) * g / ((s / o.t).sqrt() + o.eps), {"s": s}


@adagrad.mistake(
    "square missing",
    "You add up the sizes of the gradients and divide by that; add up their squares, and divide "
    "by the root of the sum.",
)
@by_rule(adagrad)
def _(p: Tensor, g: Tensor, old: Memory, o: Options) -> Moved:
    g = g + o.weight_decay * p
    s = old["s"] + g.abs()
    return p - _rate(o) * g / (s + o.eps), {"s": s}


@adagrad.mistake(
    "square missing under the root",
    "You add up the gradients themselves, and the root of a negative sum is NaN; add up their "
    "squares.",
)
@by_rule(adagrad)
def _(p: Tensor, g: Tensor, old: Memory, o: Options) -> Moved:
    g = g + o.weight_decay * p
    s = old["s"] + g
    return p - _rate(o) * g / (s.sqrt() + o.eps), {"s": s}


@adagrad.mistake(
    "root missing",
    "You divide by the sum of the squares; divide by its root, so that a gradient twice as large "
    "takes the same step.",
)
@by_rule(adagrad)
def _(p: Tensor, g: Tensor, old: Memory, o: Options) -> Moved:
    g = g + o.weight_decay * p
    s = old["s"] + g * g
    return p - _rate(o) * g / (s + o.eps), {"s": s}


@adagrad.mistake(
    "eps inside the root",
    "You add eps to the sum under the root; here it is added to the root itself.",
)
@by_rule(adagrad)
def _(p: Tensor, g: Tensor, old: Memory, o: Options) -> Moved:
    g = g + o.weight_decay * p
    s = old["s"] + g * g
    return p - _rate(o) * g / (s + o.eps).sqrt(), {"s": s}


@adagrad.mistake(
    "eps missing",
    "You leave eps out, and where all gradients so far are 0 you divide 0 by 0, which is NaN; add "
    "it to the root.",
)
@by_rule(adagrad)
def _(p: Tensor, g: Tensor, old: Memory, o: Options) -> Moved:
    return changed(_adagrad, eps=0.0)(p, g, old, o)


@adagrad.mistake(
    "one sum for the whole tensor",
    "You add up the squares of all elements of a tensor, so that they share one learning rate; "
    "each element has a sum of its own.",
)
@by_rule(adagrad)
def _(p: Tensor, g: Tensor, old: Memory, o: Options) -> Moved:
    g = g + o.weight_decay * p
    s = old["s"] + (g * g).sum()
    return p - _rate(o) * g / (s.sqrt() + o.eps), {"s": s}


@adagrad.mistake(
    "lr_decay ignored",
    "You leave lr_decay out; in step t = 1, 2, ... the rate is lr / (1 + (t - 1) * lr_decay).",
)
@by_rule(adagrad)
def _(p: Tensor, g: Tensor, old: Memory, o: Options) -> Moved:
    return changed(_adagrad, lr_decay=0.0)(p, g, old, o)


@adagrad.mistake(
    "lr_decay one step early",
    "You divide lr by 1 + t * lr_decay already in step t = 1; the first step has the whole lr, so "
    "count t - 1.",
)
@by_rule(adagrad)
def _(p: Tensor, g: Tensor, old: Memory, o: Options) -> Moved:
    return changed(_adagrad, t=lambda o: o.t + 1)(p, g, old, o)
