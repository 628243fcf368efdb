"""The mistakes of RMSprop that lie in its momentum, or between average and step."""

from torch import Tensor

from torchproof.catalog.optimizers.rmsprop import rmsprop, rmsprop_rule
from torchproof.catalog.optimizers.steps import Memory, Moved, Options, by_rule, changed


def _average(g: Tensor, old: Memory, o: Options) -> Tensor:
    average: Tensor = o.alpha * old["s"] + (1 - o.alpha) * g * g
    return average


@rmsprop.mistake(
    "momentum ignored",
    "You leave momentum out; the step is along a velocity, v = momentum * v + g / (s.sqrt() + "
    "eps), which is kept.",
)
@by_rule(rmsprop)
def _(p: Tensor, g: Tensor, old: Memory, o: Options) -> Moved:
    return changed(rmsprop_rule, momentum=0.0)(p, g, old, o)


@rmsprop.mistake(
    "momentum as an average",
    "Your velocity is an average, with the factor 1 - momentum; torch's is a sum, "
    "v = momentum * v + g / (s.sqrt() + eps).",
)
@by_rule(rmsprop)
def _(p: Tensor, g: Tensor, old: Memory, o: Options) -> Moved:
    g = g + o.weight_decay * p
    s = _average(g, old, o)
    v = o.momentum * old["v"] + (1 - o.momentum) * g / (s.sqrt() + o.eps)
    return p - o.lr * v, {"s": s, "v": v}


@rmsprop.mistake(
    "velocity of gradients that are not divided yet",
    "Your velocity adds up gradients and is divided by this step's root; add up gradients that "
    "have been divided, each by the root of its own step.",
)
@by_rule(rmsprop)
def _(p: Tensor, g: Tensor, old: Memory, o: Options) -> Moved:
    g = g + o.weight_decay * p
    s, v = _average(g, old, o), o.momentum * old["v"] + g
    return p - o.lr * v / (s.sqrt() + o.eps), {"s": s, "v": v}


@rmsprop.mistake(
    "learning rate in the velocity",
    "Your velocity has lr in it, so that the lr of earlier steps stays there when lr changes; "
    "multiply the velocity by the lr of this step instead.",
)
@by_rule(rmsprop)
def _(p: Tensor, g: Tensor, old: Memory, o: Options) -> Moved:
    g = g + o.weight_decay * p
    s = _average(g, old, o)
    u = o.momentum * old["u"] + o.lr * g / (s.sqrt() + o.eps)
    return p - u, {"s": s, "u": u}
