"""Adam, and AdamW, which takes weight decay out of the gradient."""

import torch
from torch import Tensor

from torchproof.catalog.optimizers.moments import moment_cases, moment_mistakes, moved
from torchproof.catalog.optimizers.rules import State, Step, optimizer_exercise, torch_step
from torchproof.catalog.optimizers.steps import (
    Memory,
    Moved,
    Options,
    Rule,
    by_rule,
    l2_mistakes,
)


@optimizer_exercise
def adam(
    params: list[Tensor],
    grads: list[Tensor],
    state: State,
    lr: float = 1e-3,
    betas: tuple[float, float] = (0.9, 0.999),
    eps: float = 1e-8,
    weight_decay: float = 0.0,
) -> Step:
    """Return the parameters after a step of torch's Adam, and its state.

    g ← g + weight_decay·p, m ← β₁·m + (1 - β₁)·g, v ← β₂·v + (1 - β₂)·g²,
    p ← p - lr · m/(1 - β₁ᵗ) / (√(v/(1 - β₂ᵗ)) + eps), for the steps t = 1, 2, ...
    """
    options = {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay}
    return torch_step(torch.optim.Adam, params, grads, state, **options)


@optimizer_exercise
def adamw(
    params: list[Tensor],
    grads: list[Tensor],
    state: State,
    lr: float = 1e-3,
    betas: tuple[float, float] = (0.9, 0.999),
    eps: float = 1e-8,
    weight_decay: float = 0.01,
) -> Step:
    """Return the parameters after a step of torch's AdamW, and its state.

    As Adam without weight decay, from (1 - lr·weight_decay)·p instead of p.
    """
    options = {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay}
    return torch_step(torch.optim.AdamW, params, grads, state, **options)


adam.cases(moment_cases)
adamw.cases(moment_cases)


def _with_l2(rule: Rule) -> Rule:
    """Add weight decay to the gradient that the rule gets."""
    return lambda p, g, old, o: rule(p, g + o.weight_decay * p, old, o)


def _decoupled(rule: Rule) -> Rule:
    """Shrink the parameter before the rule moves it."""
    return lambda p, g, old, o: rule((1 - o.lr * o.weight_decay) * p, g, old, o)


moment_mistakes(adam, _with_l2)
l2_mistakes(adam, _with_l2(moved))
moment_mistakes(adamw, _decoupled)


@adamw.mistake(
    "L2 instead of decoupled weight decay",
    "You add weight_decay * p to the gradient, as Adam does; AdamW leaves the gradient alone and "
    "multiplies the parameter by 1 - lr * weight_decay.",
)
@by_rule(adamw)
def _(p: Tensor, g: Tensor, old: Memory, o: Options) -> Moved:
    return _with_l2(moved)(p, g, old, o)


@adamw.mistake(
    "weight decay twice",
    "You add weight_decay * p to the gradient and shrink the parameter as well; only the second is "
    "asked for.",
)
@by_rule(adamw)
def _(p: Tensor, g: Tensor, old: Memory, o: Options) -> Moved:
    return _decoupled(moved)(p, g + o.weight_decay * p, old, o)


@adamw.mistake(
    "weight decay ignored",
    "You leave weight_decay out; multiply the parameter by 1 - lr * weight_decay before the step.",
)
@by_rule(adamw)
def _(p: Tensor, g: Tensor, old: Memory, o: Options) -> Moved:
    return moved(p, g, old, o)


@adamw.mistake(
    "weight decay without lr",
    "You multiply the parameter by 1 - weight_decay; lr belongs there too, 1 - lr * weight_decay.",
)
@by_rule(adamw)
def _(p: Tensor, g: Tensor, old: Memory, o: Options) -> Moved:
    return moved((1 - o.weight_decay) * p, g, old, o)


@adamw.mistake(
    "weight decay of the wrong sign",
    "You multiply the parameter by 1 + lr * weight_decay, so that it grows; it shrinks, by "
    "1 - lr * weight_decay.",
)
@by_rule(adamw)
def _(p: Tensor, g: Tensor, old: Memory, o: Options) -> Moved:
    return moved((1 + o.lr * o.weight_decay) * p, g, old, o)


@adamw.mistake(
    "weight decay after the step",
    "You shrink the parameter after it has moved, and the step with it; shrink what it was before.",
)
@by_rule(adamw)
def _(p: Tensor, g: Tensor, old: Memory, o: Options) -> Moved:
    new, kept = moved(p, g, old, o)
    return (1 - o.lr * o.weight_decay) * new, kept
