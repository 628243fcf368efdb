"""Mixup: how it goes wrong."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Generator, Tensor

from torchproof.catalog.practice.mixup import draw_beta, mixup
from torchproof.catalog.practice.randomness import elsewhere

Mixed = tuple[Tensor, Tensor]


def _partner(x: Tensor, generator: Generator | None) -> Tensor:
    return torch.randperm(len(x), generator=generator)


def _mix(tensor: Tensor, partner: Tensor, lam: Any) -> Tensor:
    mixed: Tensor = lam * tensor + (1 - lam) * tensor[partner]
    return mixed


def _both(x: Tensor, y: Tensor, lam: Any, partner: Tensor) -> Mixed:
    return _mix(x, partner, lam), _mix(y, partner, lam)


_LAMBDAS: dict[str, tuple[str, Callable[[float, Generator], float]]] = {
    "lambda uniform": (
        "Your lambda does not follow Beta(alpha, alpha); draw it with draw_beta(alpha, generator).",
        lambda alpha, generator: torch.rand((), generator=generator).item(),
    ),
    "lambda not random": (
        "Your lambda is 1/2, the mean; draw it from Beta(alpha, alpha) at every call.",
        lambda alpha, generator: 0.5,
    ),
    "alpha for lambda": (
        "You mix by alpha itself; it is lambda, drawn from Beta(alpha, alpha), that is mixed by.",
        lambda alpha, generator: alpha,
    ),
    "lambda never below a half": (
        "You take the larger of lambda and 1 - lambda; take lambda as it is drawn.",
        lambda alpha, generator: _larger(draw_beta(alpha, generator)),
    ),
    "lambda never above a half": (
        "You take the smaller of lambda and 1 - lambda; take lambda as it is drawn.",
        lambda alpha, generator: 1 - _larger(draw_beta(alpha, generator)),
    ),
    "Beta(alpha, 1)": (
        "You draw lambda from Beta(alpha, 1); both its parameters are alpha.",
        lambda alpha, generator: draw_beta(alpha, generator, 1.0),
    ),
    "Beta(1, alpha)": (
        "You draw lambda from Beta(1, alpha); both its parameters are alpha.",
        lambda alpha, generator: 1 - draw_beta(alpha, generator, 1.0),
    ),
}


def _larger(lam: float) -> float:
    return max(lam, 1 - lam)


def _with_lambda(drawn: Callable[[float, Generator], float]) -> Callable[..., Mixed]:
    def wrong(x: Tensor, y: Tensor, alpha: float, generator: Generator) -> Mixed:
        lam = drawn(alpha, generator)
        return _both(x, y, lam, _partner(x, generator))

    return wrong


for _name, (_hint, _drawn) in _LAMBDAS.items():
    mixup.mistake(_name, _hint)(_with_lambda(_drawn))


@mixup.mistake(
    "a lambda for each sample",
    "You draw a lambda for each sample; draw one for the batch.",
)
def _(x: Tensor, y: Tensor, alpha: float, generator: Generator) -> Mixed:
    partner = _partner(x, generator)
    lams = torch.tensor([draw_beta(alpha, generator) for _ in x], dtype=y.dtype)
    return _mix(x, partner, lams.reshape(-1, *[1] * (x.dim() - 1))), _mix(y, partner, lams[:, None])


def _deranged(n: int, generator: Generator) -> Tensor:
    """Draw permutations until there is one that moves every place."""
    places = torch.arange(n)
    partner = places
    while n > 1 and bool((partner == places).any()):
        partner = torch.randperm(n, generator=generator)
    return partner


_PARTNERS: dict[str, tuple[str, Callable[[Tensor, Generator], Tensor]]] = {
    "every sample its own partner": (
        "You mix every sample with itself, which changes nothing; index with a random permutation.",
        lambda x, generator: torch.arange(len(x)),
    ),
    "partners always the same": (
        "The partners are the same in every batch; draw a permutation with torch.randperm.",
        lambda x, generator: torch.arange(len(x)).flip(0),
    ),
    "never its own partner": (
        "No sample is ever its own partner; take the permutation as torch.randperm draws it.",
        lambda x, generator: _deranged(len(x), generator),
    ),
    "a random neighbour": (
        "You roll the batch by a random number of places, so that neighbours get neighbours for "
        "partners; draw a permutation with torch.randperm.",
        lambda x, generator: torch.arange(len(x)).roll(
            int(torch.randint(len(x), (), generator=generator))
        ),
    ),
    "partners drawn with replacement": (
        "Some samples are the partner of several, others of none; draw a permutation with "
        "torch.randperm.",
        lambda x, generator: torch.randint(len(x), (len(x),), generator=generator),
    ),
    "one partner for all": (
        "You mix all samples with the same one; give each a partner by a permutation.",
        lambda x, generator: torch.randint(len(x), (1,), generator=generator).expand(len(x)),
    ),
}


def _with_partner(drawn: Callable[[Tensor, Generator], Tensor]) -> Callable[..., Mixed]:
    def wrong(x: Tensor, y: Tensor, alpha: float, generator: Generator) -> Mixed:
        return _both(x, y, draw_beta(alpha, generator), drawn(x, generator))

    return wrong


for _name, (_hint, _of) in _PARTNERS.items():
    mixup.mistake(_name, _hint)(_with_partner(_of))


_ENDS: dict[str, tuple[str, Callable[..., Any]]] = {
    "labels not mixed": (
        "Your labels are those of the unmixed samples; mix y just as x.",
        lambda x, y, lam, partner: (_mix(x, partner, lam), y),
    ),
    "samples not mixed": (
        "You mix the labels only; mix x just as y.",
        lambda x, y, lam, partner: (x, _mix(y, partner, lam)),
    ),
    "labels of the partners": (
        "Your labels are those of the partners; mix y just as x.",
        lambda x, y, lam, partner: (_mix(x, partner, lam), y[partner]),
    ),
    "lambda and 1 - lambda swapped in y": (
        "You weight x by lambda and y by 1 - lambda; use the same weights for both.",
        lambda x, y, lam, partner: (_mix(x, partner, lam), _mix(y, partner, 1 - lam)),
    ),
    "weights that do not sum to 1": (
        "You add the partner without a weight; it is weighted by 1 - lambda.",
        lambda x, y, lam, partner: (lam * x + x[partner], lam * y + y[partner]),
    ),
    "lambda for both": (
        "You weight both samples by lambda; the partner is weighted by 1 - lambda.",
        lambda x, y, lam, partner: (lam * (x + x[partner]), lam * (y + y[partner])),
    ),
    "both labels and lambda returned": (
        "You return more than two things, or other ones; return the mixed x and the mixed y.",
        lambda x, y, lam, partner: (_mix(x, partner, lam), y, y[partner], lam),
    ),
    "a list": (
        "You return a list; return a tuple, as in return x, y.",
        lambda x, y, lam, partner: [*_both(x, y, lam, partner)],
    ),
    "hard labels": (
        "You make hard labels of the mixed ones; keep the shares, which add up to 1.",
        lambda x, y, lam, partner: (
            _mix(x, partner, lam),
            torch.eye(y.shape[1], dtype=y.dtype)[_mix(y, partner, lam).argmax(1)],
        ),
    ),
    "another dtype": (
        "Your result is float64 where the input is float32; a lambda that is a Python number keeps "
        "the dtype, and a tensor of one or more dimensions does not.",
        lambda x, y, lam, partner: tuple(each.double() for each in _both(x, y, lam, partner)),
    ),
}


def _with_end(end: Callable[..., Any]) -> Callable[..., Any]:
    def wrong(x: Tensor, y: Tensor, alpha: float, generator: Generator) -> Any:
        return end(x, y, draw_beta(alpha, generator), _partner(x, generator))

    return wrong


for _name, (_hint, _end) in _ENDS.items():
    mixup.mistake(_name, _hint)(_with_end(_end))


@mixup.mistake(
    "drawn anew for y",
    "You draw another permutation for y than for x; draw one, and index both with it.",
)
def _(x: Tensor, y: Tensor, alpha: float, generator: Generator) -> Mixed:
    lam = draw_beta(alpha, generator)
    return _mix(x, _partner(x, generator), lam), _mix(y, _partner(y, generator), lam)


@mixup.mistake(
    "another lambda for y",
    "You draw another lambda for y than for x; draw one, and mix both by it.",
)
def _(x: Tensor, y: Tensor, alpha: float, generator: Generator) -> Mixed:
    partner = _partner(x, generator)
    mixed = _mix(x, partner, draw_beta(alpha, generator))
    return mixed, _mix(y, partner, draw_beta(alpha, generator))


@mixup.mistake(
    "changed in place",
    "You change x or y in place; make new tensors, as lam * x + (1 - lam) * x[partner] does.",
)
def _(x: Tensor, y: Tensor, alpha: float, generator: Generator) -> Mixed:
    mixed = _both(x, y, draw_beta(alpha, generator), _partner(x, generator))
    return x.copy_(mixed[0]), y.copy_(mixed[1])


@mixup.mistake(
    "a step at a time in place",
    "You scale x in place before you take the partners from it, so that they are scaled too; make "
    "new tensors, as lam * x + (1 - lam) * x[partner] does.",
)
def _(x: Tensor, y: Tensor, alpha: float, generator: Generator) -> Mixed:
    lam, partner = draw_beta(alpha, generator), _partner(x, generator)
    for tensor in (x, y):
        tensor.mul_(lam)
        tensor.add_((1 - lam) * tensor[partner])
    return x, y


@mixup.mistake(
    "generator ignored",
    "Not all of your draws come from the generator you are given, so that some disturb torch's "
    "global one; hand generator=generator to every function that draws.",
)
def _(x: Tensor, y: Tensor, alpha: float, generator: Generator) -> Mixed:
    return _both(x, y, draw_beta(alpha, generator), _partner(x, None))


@mixup.mistake(
    "random numbers from elsewhere",
    "Your random numbers come from no generator of torch's, as those of Python's random and of "
    "NumPy do not; draw with torch's functions and generator=generator.",
)
def _(x: Tensor, y: Tensor, alpha: float, generator: Generator) -> Mixed:
    return _both(x, y, draw_beta(alpha, elsewhere()), _partner(x, elsewhere()))


@mixup.mistake(
    "a seed of its own",
    "You draw the same numbers whatever the generator; hand the one you are given on, as "
    "generator=generator, without a seed of your own.",
)
def _(x: Tensor, y: Tensor, alpha: float, generator: Generator) -> Mixed:
    own = torch.Generator().manual_seed(3)
    return _both(x, y, draw_beta(alpha, own), _partner(x, own))


@mixup.mistake(
    "seeded at every call",
    "The generator you are given has not moved on after your draws, so that the next call gives "
    "the same again; draw from it itself, not from a copy, and do not set it back.",
)
def _(x: Tensor, y: Tensor, alpha: float, generator: Generator) -> Mixed:
    generator.manual_seed(generator.initial_seed())
    return _both(x, y, draw_beta(alpha, generator), _partner(x, generator))
