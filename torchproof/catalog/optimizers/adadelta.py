"""Adadelta: steps as long as the steps before, measured against the gradients."""

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
)
from torchproof.checking.cases import Cases, Draw, extremes, values


@optimizer_exercise
def adadelta(
    params: list[Tensor],
    grads: list[Tensor],
    state: State,
    lr: float = 1.0,
    rho: float = 0.9,
    eps: float = 1e-6,
    weight_decay: float = 0.0,
) -> Step:
    """Return the parameters after a step of torch's Adadelta, and its state.

    g ← g + weight_decay·p, s ← rho·s + (1 - rho)·g², delta = √(d + eps) / √(s + eps) · g,
    d ← rho·d + (1 - rho)·delta², p ← p - lr·delta.
    """
    options = {"lr": lr, "rho": rho, "eps": eps, "weight_decay": weight_decay}
    return torch_step(torch.optim.Adadelta, params, grads, state, **options)


@adadelta.cases
def _(draw: Draw) -> Cases:
    yield values("all defaults", **problem(draw, (3,)), steps=2)
    options = {
        "lr": draw.number(1.5, 2.5),
        "rho": draw.number(0.5, 0.8),
        "eps": draw.number(0.01, 0.05),
        "weight_decay": draw.number(0.2, 0.5),
    }
    yield values(**problem(draw, (2,)), steps=2, **options)
    yield values(**problem(draw, (2, 2), (3,)), steps=3, **options)
    bowl = problem(draw, (2, 3))
    yield values(**bowl, steps=25, curvature=draw.number(0.5, 1.5), **options)
    decay = {"eps": 0.1, "weight_decay": draw.number(0.1, 0.4)}
    yield extremes("weight decay alone", **problem(draw, (3,), scale=0.0), steps=2, **decay)
    changing = {"lr": [0.5, 2.0], "eps": 0.1}
    yield extremes("a learning rate that changes", **problem(draw, (3,)), steps=3, **changing)
    for rho in (0.0, 1.0):
        yield extremes(f"rho {rho:g}", **problem(draw, (3,)), steps=2, rho=rho, eps=0.1)
    yield from step_cases(draw, lr=1.0, eps=0.1)


def _adadelta(p: Tensor, g: Tensor, old: Memory, o: Options) -> Moved:
    g = g + o.weight_decay * p
    s = _mixed(old["s"], g, o.rho)
    delta = (old["d"] + o.eps) ** 0.5 / (s + o.eps).sqrt() * g
    return p - o.lr * delta, {"s": s, "d": _mixed(old["d"], delta, o.rho)}


def _mixed(average: Tensor, new: Tensor, rho: float) -> Tensor:
    return rho * average + (1 - rho) * new * new


mishandled(adadelta, _adadelta)
l2_mistakes(adadelta, _adadelta)


@adadelta.mistake(
    "second average missing",
    "You step along g over the root of s, as RMSprop does; multiply by the root of d + eps, where "
    "d is the average of the squared steps.",
)
@by_rule(adadelta)
def _(p: Tensor, g: Tensor, old: Memory, o: Options) -> Moved:
    s = _mixed(old["s"], g + o.weight_decay * p, o.rho)
    return p - o.lr * (g + o.weight_decay * p) / (s + o.eps).sqrt(), {"s": s}


@adadelta.mistake(
    "second average never updated",
    "Your average of the squares of the steps stays 0; after each step it becomes "
    "rho * d + (1 - rho) * delta**2, and is kept.",
)
@by_rule(adadelta)
def _(p: Tensor, g: Tensor, old: Memory, o: Options) -> Moved:
    return _adadelta(p, g, {"s": old["s"], "d": 0.0}, o)


@adadelta.mistake(
    "first average not remembered",
    "You start the average of the squared gradients anew in every step; keep it, and multiply "
    "what it was by rho.",
)
@by_rule(adadelta)
def _(p: Tensor, g: Tensor, old: Memory, o: Options) -> Moved:
    return _adadelta(p, g, {"s": 0.0, "d": old["d"]}, o)


@adadelta.mistake(
    "lr in the second average",
    "Your second average takes the squares of lr * delta; it takes those of delta, before lr comes "
    "in.",
)
@by_rule(adadelta)
def _(p: Tensor, g: Tensor, old: Memory, o: Options) -> Moved:
    new, kept = _adadelta(p, g, old, o)
    return new, kept | {"d": _mixed(old["d"], p - new, o.rho)}


@adadelta.mistake(
    "gradients in the second average",
    "Your second average takes the squares of the gradients, like the first; it takes those of the "
    "steps, delta.",
)
@by_rule(adadelta)
def _(p: Tensor, g: Tensor, old: Memory, o: Options) -> Moved:
    new, kept = _adadelta(p, g, old, o)
    return new, kept | {"d": kept["s"]}


@adadelta.mistake(
    "square missing in the second average",
    "Your second average takes the steps, and the root of a negative average is NaN; it takes "
    "their squares.",
)
@by_rule(adadelta)
def _(p: Tensor, g: Tensor, old: Memory, o: Options) -> Moved:
    new, kept = _adadelta(p, g, old, o)
    delta = (old["d"] + o.eps) ** 0.5 / (kept["s"] + o.eps).sqrt() * (g + o.weight_decay * p)
    return new, kept | {"d": o.rho * old["d"] + (1 - o.rho) * delta}


@adadelta.mistake(
    "square missing in the first average",
    "Your first average takes the gradients, and the root of a negative average is NaN; it takes "
    "their squares.",
)
@by_rule(adadelta)
def _(p: Tensor, g: Tensor, old: Memory, o: Options) -> Moved:
    g = g + o.weight_decay * p
    s = o.rho * old["s"] + (1 - o.rho) * g
    delta = (old["d"] + o.eps) ** 0.5 / (s + o.eps).sqrt() * g
    return p - o.lr * delta, {"s": s, "d": _mixed(old["d"], delta, o.rho)}


@adadelta.mistake(
    "1 - rho missing",
    "You add the whole squares, so that s and d are fading sums and not averages; multiply the "
    "squares by 1 - rho.",
)
@by_rule(adadelta)
def _(p: Tensor, g: Tensor, old: Memory, o: Options) -> Moved:
    g = g + o.weight_decay * p
    s = o.rho * old["s"] + g * g
    delta = (old["d"] + o.eps) ** 0.5 / (s + o.eps).sqrt() * g
    return p - o.lr * delta, {"s": s, "d": o.rho * old["d"] + delta * delta}


@adadelta.mistake(
    "rho at the wrong place",
    "You multiply the squares by rho and the averages so far by 1 - rho; rho is the share of the "
    "averages that stays.",
)
@by_rule(adadelta)
def _(p: Tensor, g: Tensor, old: Memory, o: Options) -> Moved:
    return changed(_adadelta, rho=1 - o.rho)(p, g, old, o)


@adadelta.mistake(
    "eps outside the roots",
    "You add eps to the roots; here it is added to both averages, under the roots.",
)
@by_rule(adadelta)
def _(p: Tensor, g: Tensor, old: Memory, o: Options) -> Moved:
    g = g + o.weight_decay * p
    s = _mixed(old["s"], g, o.rho)
    delta = (old["d"] ** 0.5 + o.eps) / (s.sqrt() + o.eps) * g
    return p - o.lr * delta, {"s": s, "d": _mixed(old["d"], delta, o.rho)}


@adadelta.mistake(
    "eps below only",
    "You add eps to s but not to d, so that the first step is 0, and so are all others; add it to "
    "both.",
)
@by_rule(adadelta)
def _(p: Tensor, g: Tensor, old: Memory, o: Options) -> Moved:
    g = g + o.weight_decay * p
    s = _mixed(old["s"], g, o.rho)
    delta = old["d"] ** 0.5 / (s + o.eps).sqrt() * g
    return p - o.lr * delta, {"s": s, "d": _mixed(old["d"], delta, o.rho)}


@adadelta.mistake(
    "roots missing",
    "You take d + eps over s + eps as it is; take the root of each, so that the step has the size "
    "of the steps before.",
)
@by_rule(adadelta)
def _(p: Tensor, g: Tensor, old: Memory, o: Options) -> Moved:
    g = g + o.weight_decay * p
    s = _mixed(old["s"], g, o.rho)
    delta = (old["d"] + o.eps) / (s + o.eps) * g
    return p - o.lr * delta, {"s": s, "d": _mixed(old["d"], delta, o.rho)}


@adadelta.mistake(
    "upside down",
    "You divide the root of s + eps by that of d + eps; the steps stand above and the gradients "
    "below.",
)
@by_rule(adadelta)
def _(p: Tensor, g: Tensor, old: Memory, o: Options) -> Moved:
    g = g + o.weight_decay * p
    s = _mixed(old["s"], g, o.rho)
    delta = (s + o.eps).sqrt() / (old["d"] + o.eps) ** 0.5 * g
    return p - o.lr * delta, {"s": s, "d": _mixed(old["d"], delta, o.rho)}
