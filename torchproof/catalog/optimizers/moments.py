"""The step of Adam and AdamW without weight decay, and the mistakes that both can have."""

from collections.abc import Callable
from typing import Any

from torch import Tensor

from torchproof.catalog.optimizers.rules import problem, step_cases
from torchproof.catalog.optimizers.steps import (
    Memory,
    Moved,
    Options,
    Rule,
    by_rule,
    changed,
    counts_tensors,
    mishandled,
)
from torchproof.checking.cases import Cases, Draw, extremes, values
from torchproof.checking.exercise import Exercise

Decay = Callable[[Rule], Rule]
"""Adds weight decay to a rule that has none."""


def moment_cases(draw: Draw) -> Cases:
    """Yield the cases of both."""
    yield values("all defaults", **problem(draw, (3,)), steps=2)
    options: dict[str, Any] = {
        "lr": draw.number(0.1, 0.3),
        "betas": (draw.number(0.6, 0.8), draw.number(0.85, 0.95)),
        "eps": draw.number(0.2, 0.5),
        "weight_decay": draw.number(0.2, 0.5),
    }
    yield values(**problem(draw, (2,)), steps=2, **options)
    yield values(**problem(draw, (2, 2), (3,)), steps=3, **options)
    bowl = problem(draw, (2, 3))
    yield values(**bowl, steps=25, curvature=draw.number(0.5, 1.5), **options)
    decay: dict[str, Any] = {"lr": 0.1, "weight_decay": draw.number(0.1, 0.4)}
    yield extremes("weight decay alone", **problem(draw, (3,), scale=0.0), steps=2, **decay)
    yield extremes("betas of 0", **problem(draw, (3,)), steps=2, lr=0.1, betas=(0.0, 0.0))
    changing: dict[str, Any] = {"lr": [0.1, 0.4]}
    yield extremes("a learning rate that changes", **problem(draw, (3,)), steps=3, **changing)
    yield extremes("many steps", **problem(draw, (3,)), steps=60, lr=0.1)
    yield from step_cases(draw, lr=0.1)


def moved(p: Tensor, g: Tensor, old: Memory, o: Options) -> Moved:
    """Move one tensor as Adam does without weight decay."""
    return corrected(p, averages(g, old, o), o)


def averages(g: Tensor, old: Memory, o: Options) -> Memory:
    """Return the averages of the gradients, m, and of their squares, v, with this one in them."""
    beta1, beta2 = o.betas
    m = beta1 * old["m"] + (1 - beta1) * g
    return {"m": m, "v": beta2 * old["v"] + (1 - beta2) * g * g}


def corrected(p: Tensor, now: Memory, o: Options) -> Moved:
    """Correct both averages for their start at 0, and step along one over the root of the other."""
    beta1, beta2 = o.betas
    m, v = now["m"] / (1 - beta1**o.t), now["v"] / (1 - beta2**o.t)
    return p - o.lr * m / (v.sqrt() + o.eps), now


def moment_mistakes(of: Exercise, decay: Decay) -> None:
    """Add the mistakes that both can have.

    Args:
        of: the exercise to add them to.
        decay: adds the exercise's weight decay to a rule.
    """
    mishandled(of, moved, decay)
    counts_tensors(of, decay(moved))
    wrong = [*_WRONG_CORRECTIONS, *_WRONG_AVERAGES, *_WRONG_DENOMINATORS]
    for name, hint, rule in wrong:
        of.mistake(name, hint)(by_rule(of)(decay(rule)))


def _uncorrected(p: Tensor, g: Tensor, old: Memory, o: Options) -> Moved:
    now = averages(g, old, o)
    return p - o.lr * now["m"] / (now["v"].sqrt() + o.eps), now


def _infinite_at_first(p: Tensor, g: Tensor, old: Memory, o: Options) -> Moved:
    if o.t > 1:
        return changed(moved, t=lambda o: o.t - 1)(p, g, old, o)
    now = averages(g, old, o)
    return p - o.lr * (now["m"] / 0) / ((now["v"] / 0).sqrt() + o.eps), now


def _zero_division(p: Tensor, g: Tensor, old: Memory, o: Options) -> Moved:
    now = averages(g, old, o)
    beta1, beta2 = (beta ** (o.t - 1) for beta in o.betas)
    rate = o.lr / (1 - beta1)
    return p - rate * now["m"] / ((now["v"] / (1 - beta2)).sqrt() + o.eps), now


def _only_m(p: Tensor, g: Tensor, old: Memory, o: Options) -> Moved:
    now = averages(g, old, o)
    m = now["m"] / (1 - o.betas[0] ** o.t)
    return p - o.lr * m / (now["v"].sqrt() + o.eps), now


def _only_v(p: Tensor, g: Tensor, old: Memory, o: Options) -> Moved:
    now = averages(g, old, o)
    v = now["v"] / (1 - o.betas[1] ** o.t)
    return p - o.lr * now["m"] / (v.sqrt() + o.eps), now


def _kept_corrected(p: Tensor, g: Tensor, old: Memory, o: Options) -> Moved:
    new, now = moved(p, g, old, o)
    beta1, beta2 = o.betas
    return new, {"m": now["m"] / (1 - beta1**o.t), "v": now["v"] / (1 - beta2**o.t)}


def _corrected_outside_root(p: Tensor, g: Tensor, old: Memory, o: Options) -> Moved:
    now = averages(g, old, o)
    m, root = now["m"] / (1 - o.betas[0] ** o.t), now["v"].sqrt() / (1 - o.betas[1] ** o.t)
    return p - o.lr * m / (root + o.eps), now


_WRONG_CORRECTIONS: list[tuple[str, str, Rule]] = [
    (
        "no bias correction",
        "You take m and v as they are, but both start at 0 and are too small for a while; divide "
        "them by 1 - beta**t.",
        _uncorrected,
    ),
    (
        "bias correction from step 0",
        "You count the first step as t = 0, where 1 - beta**t is 0 and the quotient infinite; "
        "raise t to 1 before it is used.",
        _infinite_at_first,
    ),
    (
        "bias correction from step 0, dividing a number",
        "You count the first step as t = 0, where 1 - beta**t is 0; raise t to 1 before it is "
        "used.",
        _zero_division,
    ),
    (
        "bias correction one step ahead",
        "You count the first step as t = 2, and correct too little; t is 1 in the first step.",
        changed(moved, t=lambda o: o.t + 1),
    ),
    (
        "t never raised",
        "Your t is 1 in every step, so that the averages are divided by 1 - beta for ever; keep t "
        "in the state, and raise it.",
        changed(moved, t=1),
    ),
    (
        "v not corrected",
        "You correct m but not v; v starts at 0 too, so divide it by 1 - beta2**t.",
        _only_m,
    ),
    (
        "m not corrected",
        "You correct v but not m; m starts at 0 too, so divide it by 1 - beta1**t.",
        _only_v,
    ),
    (
        "corrected averages kept",
        "You keep the corrected averages, and correct them again in the next step; keep m and v as "
        "they were before the correction.",
        _kept_corrected,
    ),
    (
        "corrected outside the root",
        "You divide the root of v by 1 - beta2**t; correct v first, and take the root then.",
        _corrected_outside_root,
    ),
]


def _sums(p: Tensor, g: Tensor, old: Memory, o: Options) -> Moved:
    beta1, beta2 = o.betas
    return corrected(p, {"m": beta1 * old["m"] + g, "v": beta2 * old["v"] + g * g}, o)


def _square_missing(p: Tensor, g: Tensor, old: Memory, o: Options) -> Moved:
    now = averages(g, old, o)
    return corrected(p, now | {"v": o.betas[1] * old["v"] + (1 - o.betas[1]) * g}, o)


def _gradient_itself(p: Tensor, g: Tensor, old: Memory, o: Options) -> Moved:
    now = averages(g, old, o)
    v = now["v"] / (1 - o.betas[1] ** o.t)
    return p - o.lr * g / (v.sqrt() + o.eps), now


def _lr_in_m(p: Tensor, g: Tensor, old: Memory, o: Options) -> Moved:
    now = averages(g, old, o)
    now["m"] = o.betas[0] * old["m"] + (1 - o.betas[0]) * o.lr * g
    m, v = now["m"] / (1 - o.betas[0] ** o.t), now["v"] / (1 - o.betas[1] ** o.t)
    return p - m / (v.sqrt() + o.eps), now


_WRONG_AVERAGES: list[tuple[str, str, Rule]] = [
    (
        "betas swapped",
        "You have the two betas in the wrong places; the first is for m, the second for v.",
        changed(moved, betas=lambda o: o.betas[::-1]),
    ),
    (
        "1 - beta missing",
        "You add the whole gradient and the whole square, so that m and v are fading sums; "
        "multiply them by 1 - beta1 and 1 - beta2.",
        _sums,
    ),
    (
        "square missing",
        "Your v is an average of the gradients, and the root of a negative one is NaN; it is that "
        "of their squares.",
        _square_missing,
    ),
    (
        "learning rate in m",
        "Your m averages lr * g, so that the lr of earlier steps stays in it when lr changes; "
        "average the gradients, and multiply by the lr of this step.",
        _lr_in_m,
    ),
    (
        "first average unused",
        "You step along this step's gradient; step along the average m of all so far.",
        _gradient_itself,
    ),
]


def _root_missing(p: Tensor, g: Tensor, old: Memory, o: Options) -> Moved:
    now = averages(g, old, o)
    m, v = now["m"] / (1 - o.betas[0] ** o.t), now["v"] / (1 - o.betas[1] ** o.t)
    return p - o.lr * m / (v + o.eps), now


def _eps_inside(p: Tensor, g: Tensor, old: Memory, o: Options) -> Moved:
    now = averages(g, old, o)
    m, v = now["m"] / (1 - o.betas[0] ** o.t), now["v"] / (1 - o.betas[1] ** o.t)
    return p - o.lr * m / (v + o.eps).sqrt(), now


def _eps_too_early(p: Tensor, g: Tensor, old: Memory, o: Options) -> Moved:
    now = averages(g, old, o)
    root = (now["v"].sqrt() + o.eps) / (1 - o.betas[1] ** o.t) ** 0.5
    return p - o.lr * now["m"] / (1 - o.betas[0] ** o.t) / root, now


_WRONG_DENOMINATORS: list[tuple[str, str, Rule]] = [
    (
        "root missing",
        "You divide by the corrected v; divide by its root, so that the step does not depend on "
        "how large gradients are.",
        _root_missing,
    ),
    (
        "eps inside the root",
        "You add eps to v under the root; here it is added to the root itself.",
        _eps_inside,
    ),
    (
        "eps added before the correction",
        "You add eps to the root of v before that is corrected, so that it is corrected too; "
        "correct v first, and add eps to the root of the corrected v.",
        _eps_too_early,
    ),
    (
        "eps missing",
        "You leave eps out, and where all gradients so far are 0 you divide 0 by 0, which is NaN; "
        "add it to the root.",
        changed(moved, eps=0.0),
    ),
]
