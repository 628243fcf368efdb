"""The mistakes of a step that changes what it is given, or remembers in the wrong place.

They are the same for all optimizers; the reports on the others say in words what was changed.
"""

from typing import Any

from torchproof.catalog.optimizers.rules import State, Step
from torchproof.catalog.optimizers.sgd import sgd, sgd_rule
from torchproof.catalog.optimizers.steps import by_rule, options_of, signed

_right = by_rule(sgd)(sgd_rule)


@sgd.mistake(
    "writes into params",
    "You write into params, its list or its tensors, as p -= ... does; make new tensors with "
    "p - ..., and leave the caller's as they are.",
)
@signed(sgd)
def _(params: Any, grads: Any, state: State, **options: Any) -> Step:
    params[:], kept = _right(params, grads, state, **options)
    return params, kept


@sgd.mistake(
    "writes into grads",
    "You write into the caller's gradients, as g += ... does; make a new tensor with g + ....",
)
@signed(sgd)
def _(params: Any, grads: Any, state: State, **options: Any) -> Step:
    for param, grad in zip(params, grads, strict=True):
        grad += options_of(sgd, options, 0).weight_decay * param
    step: Step = _right(params, grads, state, **(options | {"weight_decay": 0.0}))
    return step


@sgd.mistake(
    "writes into state",
    "You write into the state you were given, as state[...] = ... and v.mul_(...) do; build a new "
    "dict, with new tensors in it.",
)
@signed(sgd)
def _(params: Any, grads: Any, state: State, **options: Any) -> Step:
    new, kept = _right(params, grads, state, **options)
    state.update(kept)
    return new, state


@sgd.mistake(
    "writes into params and state",
    "You write into both params and the state you were given; make new tensors, as in p - ..., and "
    "build a new dict for the state.",
)
@signed(sgd)
def _(params: Any, grads: Any, state: State, **options: Any) -> Step:
    params[:], kept = _right(params, grads, state, **options)
    state.update(kept)
    return params, state


_SHARED: State = {}


@sgd.mistake(
    "remembers outside of state",
    "You keep the velocity in a variable outside, which all callers share; return it as the new "
    "state, and read it from the state you are given.",
)
@signed(sgd)
def _(params: Any, grads: Any, state: State, **options: Any) -> Step:
    if not state:
        _SHARED.clear()
    new, kept = _right(params, grads, _SHARED, **options)
    _SHARED.update(kept)
    return new, {"started": True}
