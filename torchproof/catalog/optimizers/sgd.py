"""Stochastic gradient descent with momentum."""

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
def sgd(
    params: list[Tensor],
    grads: list[Tensor],
    state: State,
    lr: float,
    momentum: float = 0.0,
    nesterov: bool = False,
    weight_decay: float = 0.0,
) -> Step:
    """Return the parameters after a step of torch's SGD, and its state.

    g ← g + weight_decay·p, v ← momentum·v + g, p ← p - lr·v; with nesterov the step is along
    g + momentum·v instead, for which momentum has to be above 0.
    """
    options = {"lr": lr, "momentum": momentum, "nesterov": nesterov, "weight_decay": weight_decay}
    return torch_step(torch.optim.SGD, params, grads, state, **options)


@sgd.cases
def _(draw: Draw) -> Cases:
    mu, decay = draw.number(0.6, 0.9), draw.number(0.1, 0.3)
    yield values("two steps", **problem(draw, (3,)), steps=2, lr=0.1, momentum=mu)
    plain = {"momentum": mu, "weight_decay": decay}
    yield values(**problem(draw, (2,)), steps=2, lr=0.1, nesterov=True, **plain)
    yield values(**problem(draw, (2, 2), (3,)), steps=3, lr=0.1, **plain)
    for nesterov in (False, True):
        bowl = problem(draw, (2, 3)) | {"curvature": draw.number(0.5, 1.5)}
        lr = draw.number(0.05, 0.15)
        yield values(**bowl, steps=25, lr=lr, nesterov=nesterov, **plain)
    yield extremes("no momentum", **problem(draw, (3,)), steps=2, lr=0.1, weight_decay=decay)
    yield extremes("momentum 1", **problem(draw, (3,)), steps=2, lr=0.1, momentum=1.0)
    changing = {"lr": [0.1, 0.4], "momentum": mu}
    yield extremes("a learning rate that changes", **problem(draw, (3,)), steps=2, **changing)
    yield from step_cases(draw, lr=0.1, momentum=0.9)


def sgd_rule(p: Tensor, g: Tensor, old: Memory, o: Options) -> Moved:
    """Move one tensor as SGD does (see `torchproof.catalog.optimizers.steps`)."""
    g = g + o.weight_decay * p
    if o.momentum == 0:
        return p - o.lr * g, {}
    v = o.momentum * old["v"] + g
    return p - o.lr * (g + o.momentum * v if o.nesterov else v), {"v": v}


mishandled(sgd, sgd_rule)
l2_mistakes(sgd, sgd_rule)


def _along(p: Tensor, g: Tensor, v: Tensor, o: Options) -> Moved:
    """Step along the velocity v, or beyond it where nesterov asks for that."""
    return p - o.lr * (g + o.momentum * v if o.nesterov else v), {"v": v}


@sgd.mistake(
    "momentum ignored",
    "You leave momentum out; step along the velocity v = momentum * v + g, and keep v for the next "
    "step.",
)
@by_rule(sgd)
def _(p: Tensor, g: Tensor, old: Memory, o: Options) -> Moved:
    return p - o.lr * (g + o.weight_decay * p), {}


_AVERAGE = (
    "Your velocity is an average, with the factor 1 - momentum at the gradient, so that steps are "
    "too short; torch's is a sum, v = momentum * v + g."
)


@sgd.mistake("momentum as an average", _AVERAGE)
@by_rule(sgd)
def _(p: Tensor, g: Tensor, old: Memory, o: Options) -> Moved:
    g = g + o.weight_decay * p
    return _along(p, g, o.momentum * old["v"] + (1 - o.momentum) * g, o)


@sgd.mistake("momentum as an average, in the look-ahead too", _AVERAGE)
@by_rule(sgd)
def _(p: Tensor, g: Tensor, old: Memory, o: Options) -> Moved:
    g = (1 - o.momentum) * (g + o.weight_decay * p)
    return _along(p, g, o.momentum * old["v"] + g, o)


@sgd.mistake(
    "momentum as an average that starts with the first gradient",
    "From the second step on your velocity is an average, with the factor 1 - momentum at the "
    "gradient; torch's is a sum, v = momentum * v + g.",
)
@by_rule(sgd)
def _(p: Tensor, g: Tensor, old: Memory, o: Options) -> Moved:
    g = g + o.weight_decay * p
    v = o.momentum * old["v"] + (1 - o.momentum) * g if old else g
    return _along(p, g, v, o)


@sgd.mistake(
    "first step damped",
    "Your first velocity is (1 - momentum) * g; it is the whole gradient, as v = momentum * v + g "
    "gives with v = 0.",
)
@by_rule(sgd)
def _(p: Tensor, g: Tensor, old: Memory, o: Options) -> Moved:
    g = g + o.weight_decay * p
    return _along(p, g, o.momentum * old["v"] + g if old else (1 - o.momentum) * g, o)


@sgd.mistake(
    "velocity of the step before",
    "You step along the velocity that came with the state; add the gradient to it first, and step "
    "along the new one.",
)
@by_rule(sgd)
def _(p: Tensor, g: Tensor, old: Memory, o: Options) -> Moved:
    if o.momentum == 0:
        return sgd_rule(p, g, old, o)
    g = g + o.weight_decay * p
    before = old["v"] if old else torch.zeros_like(p)
    return _along(p, g, before, o)[0], {"v": o.momentum * before + g}


@sgd.mistake(
    "learning rate in the velocity",
    "Your velocity adds up lr * g, so that the lr of earlier steps stays in it when lr changes; "
    "add up gradients, and multiply the velocity by the lr of this step.",
)
@by_rule(sgd)
def _(p: Tensor, g: Tensor, old: Memory, o: Options) -> Moved:
    step = o.lr * (g + o.weight_decay * p)
    u = o.momentum * old["u"] + step
    return p - (step + o.momentum * u if o.nesterov else u), {"u": u}


@sgd.mistake(
    "Nesterov look-ahead missing",
    "With nesterov you step along the new v itself, which is g + momentum * v with the old v; put "
    "the new v into that sum, and step along it.",
)
@by_rule(sgd)
def _(p: Tensor, g: Tensor, old: Memory, o: Options) -> Moved:
    return changed(sgd_rule, nesterov=False)(p, g, old, o)


@sgd.mistake(
    "always Nesterov",
    "You look ahead whether nesterov is True or not; without it the step is along v alone.",
)
@by_rule(sgd)
def _(p: Tensor, g: Tensor, old: Memory, o: Options) -> Moved:
    return changed(sgd_rule, nesterov=True)(p, g, old, o)


@sgd.mistake(
    "look-ahead without the gradient",
    "With nesterov you step along momentum * v alone; the gradient comes on top: g + momentum * v.",
)
@by_rule(sgd)
def _(p: Tensor, g: Tensor, old: Memory, o: Options) -> Moved:
    new, kept = sgd_rule(p, g, old, o)
    return p - o.lr * o.momentum * kept["v"] if o.nesterov else new, kept


@sgd.mistake(
    "look-ahead without the factor",
    "With nesterov you step along g + v; the velocity has the factor momentum there, "
    "g + momentum * v.",
)
@by_rule(sgd)
def _(p: Tensor, g: Tensor, old: Memory, o: Options) -> Moved:
    new, kept = sgd_rule(p, g, old, o)
    g = g + o.weight_decay * p
    return p - o.lr * (g + kept["v"]) if o.nesterov else new, kept


@sgd.mistake(
    "look-ahead kept",
    "With nesterov you keep g + momentum * v as the velocity; that is the step only, and the "
    "velocity stays v = momentum * v + g.",
)
@by_rule(sgd)
def _(p: Tensor, g: Tensor, old: Memory, o: Options) -> Moved:
    new, kept = sgd_rule(p, g, old, o)
    return new, {"v": (p - new) / o.lr} if o.nesterov and o.lr else kept


@sgd.mistake(
    "weight decay without lr",
    "You subtract weight_decay * p from the parameter itself; add it to the gradient, where it "
    "goes into the velocity and is multiplied by lr.",
)
@by_rule(sgd)
def _(p: Tensor, g: Tensor, old: Memory, o: Options) -> Moved:
    new, kept = changed(sgd_rule, weight_decay=0.0)(p, g, old, o)
    return new - o.weight_decay * p, kept
