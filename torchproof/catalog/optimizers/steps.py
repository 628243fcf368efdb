"""Steps by hand, and the mistakes that can be made in any of them.

A rule moves one tensor; it is given the parameter, its gradient, what it remembered for that
tensor the last time (0 where there is nothing yet) and the options of the step, with its number t
from 1. It returns the new parameter and what it remembers.
"""

import inspect
from collections import defaultdict
from collections.abc import Callable
from functools import cache
from types import SimpleNamespace
from typing import Any

from torch import Tensor

from torchproof.catalog.optimizers.rules import State, Step
from torchproof.checking.exercise import Exercise, Function

Memory = dict[str, Any]
Moved = tuple[Tensor, Memory]
Options = Any
"""The options of a step by name, as in ``o.lr``, and ``o.t``."""

Rule = Callable[[Tensor, Tensor, Memory, Options], Moved]


def by_rule(of: Exercise) -> Callable[[Rule], Function]:
    """Make a rule for one tensor a function with the exercise's signature."""

    def make(rule: Rule) -> Function:
        @signed(of)
        def candidate(params: Any, grads: Any, state: State, **options: Any) -> Step:
            o = options_of(of, options, state.get("t", 0) + 1)
            memories = state.get("memories", [{}] * len(params))
            moved = [
                rule(param, grad, defaultdict(float, memory), o)
                for param, grad, memory in zip(params, grads, memories, strict=True)
            ]
            return [new for new, _ in moved], {"t": o.t, "memories": [kept for _, kept in moved]}

        return candidate

    return make


def signed(of: Exercise) -> Callable[[Function], Function]:
    """Give a function the exercise's signature."""

    def make(candidate: Function) -> Function:
        candidate.__signature__ = inspect.signature(of.reference)  # type: ignore[attr-defined]
        return candidate

    return make


def options_of(of: Exercise, options: dict[str, Any], t: int) -> Options:
    """Return the options of a step by name, the exercise's defaults and t among them."""
    return SimpleNamespace(**(_defaults(of) | options), t=t)


@cache
def _defaults(of: Exercise) -> dict[str, Any]:
    parameters = inspect.signature(of.reference).parameters.values()
    return {each.name: each.default for each in parameters}


def changed(rule: Rule, **changes: Any) -> Rule:
    """Return the rule with other values of some options, each a number or a function of them."""

    def other(p: Tensor, g: Tensor, old: Memory, o: Options) -> Moved:
        now = {name: new(o) if callable(new) else new for name, new in changes.items()}
        return rule(p, g, old, SimpleNamespace(**(vars(o) | now)))

    return other


def mishandled(of: Exercise, rule: Rule, decay: Callable[[Rule], Rule] = lambda rule: rule) -> None:
    """Add the mistakes that are made around a rule that is right.

    Args:
        of: the exercise to add them to.
        rule: the right rule.
        decay: adds weight decay to the rule, where that has none.
    """
    right = by_rule(of)(decay(rule))
    _one_memory(of, decay(rule))

    @of.mistake(
        "nothing remembered",
        "Each of your steps is like the first: what was kept is not returned as the new state, or "
        "not read from the state that comes back.",
    )
    @signed(of)
    def _(params: Any, grads: Any, state: State, **options: Any) -> Step:
        return right(params, grads, {}, **options)[0], {}

    @of.mistake(
        "ascends",
        "You add the step, which climbs; the gradient points uphill, so subtract.",
    )
    @by_rule(of)
    @decay
    def _(p: Tensor, g: Tensor, old: Memory, o: Options) -> Moved:
        new, kept = rule(p, g, old, o)
        return 2 * p - new, kept

    hint = "You take the whole step, whatever lr is; multiply it by lr."
    of.mistake("lr forgotten", hint)(by_rule(of)(decay(changed(rule, lr=1.0))))


def _one_memory(of: Exercise, rule: Rule) -> None:
    """Add the mistake of a memory that is not kept apart for each tensor."""

    @of.mistake(
        "one memory for all tensors",
        "All your tensors share one memory, so that each goes on from what was kept for the one "
        "before it; keep one for each tensor, in a list or under its index.",
    )
    @signed(of)
    def _(params: Any, grads: Any, state: State, **options: Any) -> Step:
        o = options_of(of, options, state.get("t", 0) + 1)
        new, memory = [], state.get("memory", {})
        for param, grad in zip(params, grads, strict=True):
            moved, memory = rule(param, grad, defaultdict(float, memory), o)
            new.append(moved)
        return new, {"t": o.t, "memory": memory}


def counts_tensors(of: Exercise, rule: Rule) -> None:
    """Add the mistake of a number of the step that grows with every tensor.

    Args:
        of: the exercise to add it to.
        rule: the right rule.
    """

    @of.mistake(
        "counts tensors",
        "You count t up for every tensor; it counts steps, so raise it once, before the loop over "
        "the tensors.",
    )
    @signed(of)
    def _(params: Any, grads: Any, state: State, **options: Any) -> Step:
        t, new, memories = state.get("t", 0), [], []
        before = state.get("memories", [{}] * len(params))
        for param, grad, memory in zip(params, grads, before, strict=True):
            t += 1
            moved, kept = rule(param, grad, defaultdict(float, memory), options_of(of, options, t))
            new.append(moved)
            memories.append(kept)
        return new, {"t": t, "memories": memories}


def l2_mistakes(of: Exercise, rule: Rule) -> None:
    """Add the mistakes of weight decay that belongs into the gradient.

    Args:
        of: the exercise to add them to.
        rule: the right rule.
    """

    @of.mistake(
        "decoupled weight decay",
        "You subtract lr * weight_decay * p beside the step, as AdamW does; here the decay is part "
        "of the gradient, g + weight_decay * p, before anything else is done with that.",
    )
    @by_rule(of)
    def _(p: Tensor, g: Tensor, old: Memory, o: Options) -> Moved:
        new, kept = changed(rule, weight_decay=0.0)(p, g, old, o)
        return new - o.lr * o.weight_decay * p, kept

    wrong: list[tuple[str, str, Callable[[Options], float]]] = [
        (
            "weight decay ignored",
            "You leave weight_decay out; add weight_decay * p to the gradient.",
            lambda o: 0.0,
        ),
        (
            "weight decay of the wrong sign",
            "You subtract weight_decay * p from the gradient, so that parameters grow; add it.",
            lambda o: -o.weight_decay,
        ),
    ]
    for name, hint, change in wrong:
        of.mistake(name, hint)(by_rule(of)(changed(rule, weight_decay=change)))
