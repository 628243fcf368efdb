"""Cutting examples into folds: how they are drawn, and what is returned."""

import random
from typing import Any

import torch
from torch import Generator, Tensor

from torchproof.catalog.metrics.k_fold import k_fold

_Pairs = list[tuple[Tensor, Tensor]]


def _cut(order: Tensor, k: int) -> _Pairs:
    """Cut indices into folds, and let each validate once."""
    folds = list(order.tensor_split(k))
    return [(torch.cat(folds[:i] + folds[i + 1 :]), folds[i]) for i in range(k)]


@k_fold.mistake(
    "not shuffled",
    "You cut the indices as they come, so that a sorted data set gives folds of one class each; "
    "shuffle them first, by randperm with the generator.",
)
def _(n: int, k: int, generator: Generator) -> _Pairs:
    return _cut(torch.arange(n), k)


@k_fold.mistake(
    "folds shuffled, not indices",
    "Your folds come in random order, but neighbouring indices stay together in them; shuffle the "
    "indices, and then cut.",
)
def _(n: int, k: int, generator: Generator) -> _Pairs:
    pairs = _cut(torch.arange(n), k)
    return [pairs[i] for i in torch.randperm(k, generator=generator)]


@k_fold.mistake(
    "turned round",
    "You begin at a random index but keep the order, so that each fold is a run of neighbouring "
    "indices; shuffle them all, by randperm.",
)
def _(n: int, k: int, generator: Generator) -> _Pairs:
    by = int(torch.randint(n, (), generator=generator))
    return _cut(torch.arange(n).roll(by), k)


@k_fold.mistake(
    "each run of k dealt out",
    "You deal k neighbouring indices at a time, one to each fold, so that they never share a fold; "
    "shuffle all indices at once.",
)
def _(n: int, k: int, generator: Generator) -> _Pairs:
    runs = [torch.randperm(k, generator=generator) for _ in range(-(-n // k))]
    fold, every = torch.cat(runs)[:n], torch.arange(n)
    return [(every[fold != i], every[fold == i]) for i in range(k)]


@k_fold.mistake(
    "each part shuffled, not the whole",
    "You cut the indices as they come and shuffle inside each part, so that the folds are always "
    "the same; shuffle all indices first, and then cut.",
)
def _(n: int, k: int, generator: Generator) -> _Pairs:
    def mixed(part: Tensor) -> Tensor:
        return part[torch.randperm(len(part), generator=generator)]

    return [(mixed(train), mixed(valid)) for train, valid in _cut(torch.arange(n), k)]


@k_fold.mistake(
    "global generator",
    "You draw from torch's global generator; hand the one you are given on, as "
    "generator=generator.",
)
def _(n: int, k: int, generator: Generator) -> _Pairs:
    return _cut(torch.randperm(n), k)


@k_fold.mistake(
    "the same folds whatever the generator",
    "Your folds are always the same, and the generator you are given is not drawn from; shuffle "
    "the indices with it, as randperm(n, generator=generator) does.",
)
def _(n: int, k: int, generator: Generator) -> _Pairs:
    return _cut(torch.randperm(n, generator=Generator().manual_seed(0)), k)


@k_fold.mistake(
    "generator seeded anew",
    "You seed the generator you are given, so that it gives the same folds every time; whoever "
    "made it has seeded it, so only draw from it.",
)
def _(n: int, k: int, generator: Generator) -> _Pairs:
    return _cut(torch.randperm(n, generator=generator.manual_seed(0)), k)


@k_fold.mistake(
    "global generator seeded",
    "You seed torch's global generator, which changes what everyone else draws; use the generator "
    "you are given and leave the global one alone.",
)
def _(n: int, k: int, generator: Generator) -> _Pairs:
    torch.default_generator.manual_seed(0)  # as torch.manual_seed(0), which takes long
    return _cut(torch.randperm(n), k)


@k_fold.mistake(
    "seeded by the generator's first seed",
    "You seed another generator with initial_seed(), which stays the same however much was drawn; "
    "draw from the generator you are given.",
)
def _(n: int, k: int, generator: Generator) -> _Pairs:
    own = Generator().manual_seed(generator.initial_seed())
    return _cut(torch.randperm(n, generator=own), k)


@k_fold.mistake(
    "random numbers from elsewhere",
    "Your random numbers come from elsewhere, as from Python's random or NumPy's, so that nobody "
    "can repeat the folds; draw from the generator you are given.",
)
def _(n: int, k: int, generator: Generator) -> _Pairs:
    return _cut(torch.tensor(random.sample(range(n), n)), k)


@k_fold.mistake(
    "the global generator moved on",
    "Your folds come from the generator you are given, but you also draw from torch's global one, "
    "which changes what everyone else draws; leave that alone.",
)
def _(n: int, k: int, generator: Generator) -> _Pairs:
    torch.randperm(n)
    return _cut_shuffled(n, k, generator)


@k_fold.mistake(
    "from 1",
    "Your indices go from 1 to n; they go from 0 to n - 1.",
)
def _(n: int, k: int, generator: Generator) -> _Pairs:
    return _cut(torch.randperm(n, generator=generator) + 1, k)


@k_fold.mistake(
    "masks",
    "Your parts are not of dtype int64: they are masks of booleans, say, or numbers of another "
    "dtype; int64 indices are asked for, as randperm or mask.nonzero().flatten() gives.",
)
def _(n: int, k: int, generator: Generator) -> _Pairs:
    valid = [torch.isin(torch.arange(n), part) for _, part in _cut_shuffled(n, k, generator)]
    return [(~part, part) for part in valid]


def _cut_shuffled(n: int, k: int, generator: Generator) -> _Pairs:
    return _cut(torch.randperm(n, generator=generator), k)


@k_fold.mistake(
    "columns of indices",
    "Your parts do not all have one dimension: nonzero() gives two, and squeeze() leaves none of a "
    "single index; indices of shape (size,) are asked for, as flatten() makes them.",
)
def _(n: int, k: int, generator: Generator) -> _Pairs:
    pairs = _cut_shuffled(n, k, generator)
    return [(train[:, None], valid[:, None]) for train, valid in pairs]


@k_fold.mistake(
    "lists of numbers",
    "Your parts are Python lists; tensors of indices are asked for, as torch.tensor makes of them.",
)
def _(n: int, k: int, generator: Generator) -> Any:
    pairs = _cut_shuffled(n, k, generator)
    return [(train.tolist(), valid.tolist()) for train, valid in pairs]


@k_fold.mistake(
    "a tuple of pairs",
    "You return a tuple of pairs; a list is asked for.",
)
def _(n: int, k: int, generator: Generator) -> Any:
    return tuple(_cut_shuffled(n, k, generator))


@k_fold.mistake(
    "yields the pairs",
    "You yield the pairs one by one; collect them in a list and return it.",
)
def _(n: int, k: int, generator: Generator) -> Any:
    yield from _cut_shuffled(n, k, generator)


@k_fold.mistake(
    "pairs as lists",
    "Your pairs are lists; each is a tuple, (train, valid).",
)
def _(n: int, k: int, generator: Generator) -> Any:
    return [list(pair) for pair in _cut_shuffled(n, k, generator)]


@k_fold.mistake(
    "validation parts only",
    "You return the folds alone; each goes with what is trained on, as the pair (train, valid).",
)
def _(n: int, k: int, generator: Generator) -> Any:
    return [valid for _, valid in _cut_shuffled(n, k, generator)]
