"""Splitting indices at random: how it goes wrong."""

import math
from collections.abc import Callable

import torch
from torch import Generator, Tensor

from torchproof.catalog.practice.randomness import elsewhere
from torchproof.catalog.practice.train_val_test_split import (
    Fractions,
    Split,
    train_val_test_split,
)

_Sizes = Callable[[int, Fractions], tuple[int, ...]]


def _sizes(n: int, fractions: Fractions) -> tuple[int, int, int]:
    validation, test = (math.floor(n * fraction) for fraction in fractions[1:])
    return n - validation - test, validation, test


def _cut(order: Tensor, sizes: tuple[int, ...]) -> Split:
    train, validation, test = sizes
    second = train + validation
    return order[:train], order[train:second], order[second : second + test]


def _mixed(n: int, generator: Generator | None) -> Tensor:
    return torch.randperm(n, generator=generator)


@train_val_test_split.mistake(
    "each part drawn anew",
    "You draw an order for each part, so that the parts overlap; draw one, and cut it into three.",
)
def _(n: int, fractions: Fractions, generator: Generator) -> Split:
    first, second, third = (_mixed(n, generator)[:size] for size in _sizes(n, fractions))
    return first, second, third


@train_val_test_split.mistake(
    "validation taken from the training part",
    "Your validation indices are training indices too; cut the order so that no index is in two "
    "parts.",
)
def _(n: int, fractions: Fractions, generator: Generator) -> Split:
    train, validation, test = _sizes(n, fractions)
    order = _mixed(n, generator)
    rest, kept = order[test:], order[:test]
    first = rest[:train]
    return first, first[:validation] if validation <= train else rest[:validation], kept


@train_val_test_split.mistake(
    "drawn with replacement",
    "You draw every index by itself, so that some come twice and others not at all; "
    "torch.randperm has each exactly once.",
)
def _(n: int, fractions: Fractions, generator: Generator) -> Split:
    return _cut(torch.randint(max(n, 1), (n,), generator=generator), _sizes(n, fractions))


@train_val_test_split.mistake(
    "one index on both sides of a cut",
    "The last index of one part is the first of the next; order[:a] ends before a, so the next "
    "part begins at a and not at a - 1.",
)
def _(n: int, fractions: Fractions, generator: Generator) -> Split:
    train, validation, test = _sizes(n, fractions)
    order = _mixed(n, generator)
    second = max(train - 1, 0)
    third = max(second + validation - 1, 0)
    return order[:train], order[second : second + validation], order[third : third + test]


@train_val_test_split.mistake(
    "not shuffled",
    "You cut 0, 1, 2, ... as it is; data often comes sorted, so draw an order with torch.randperm.",
)
def _(n: int, fractions: Fractions, generator: Generator) -> Split:
    return _cut(torch.arange(n), _sizes(n, fractions))


def _ends_kept(places: Callable[[int, int, int], tuple[int, int]]) -> Callable[..., Split]:
    """Make an answer in which only the indices between two places are shuffled."""

    def split(n: int, fractions: Fractions, generator: Generator) -> Split:
        sizes = _sizes(n, fractions)
        first, last = places(*sizes)
        order = torch.arange(n)
        order[first:last] = order[first:last][_mixed(last - first, generator)]
        return _cut(order, sizes)

    return split


for _name, _hint, _places in (
    (
        "the last indices always the test",
        "Your test part is the same whatever the generator; shuffle all indices before you cut "
        "off the first part.",
        lambda train, validation, test: (0, train + validation),
    ),
    (
        "only the training part shuffled",
        "You cut first and shuffle the training part only; shuffle all indices, then cut.",
        lambda train, validation, test: (0, train),
    ),
):
    train_val_test_split.mistake(_name, _hint)(_ends_kept(_places))


@train_val_test_split.mistake(
    "generator ignored",
    "You draw from torch's global generator; hand the one you are given on, as "
    "generator=generator.",
)
def _(n: int, fractions: Fractions, generator: Generator) -> Split:
    return _cut(_mixed(n, None), _sizes(n, fractions))


@train_val_test_split.mistake(
    "the global generator seeded",
    "You seed torch's global generator, which disturbs everyone who draws after you, and gives "
    "the same split every time; hand the generator you are given on, as generator=generator.",
)
def _(n: int, fractions: Fractions, generator: Generator) -> Split:
    torch.default_generator.manual_seed(0)
    return _cut(_mixed(n, None), _sizes(n, fractions))


@train_val_test_split.mistake(
    "random numbers from elsewhere",
    "Your random numbers come from no generator of torch's, as those of Python's random and of "
    "NumPy do not; draw with torch's functions and generator=generator.",
)
def _(n: int, fractions: Fractions, generator: Generator) -> Split:
    return _cut(_mixed(n, elsewhere()), _sizes(n, fractions))


@train_val_test_split.mistake(
    "a seed of its own",
    "You draw the same split whatever the generator; hand the one you are given on, as "
    "generator=generator, without a seed of your own.",
)
def _(n: int, fractions: Fractions, generator: Generator) -> Split:
    return _cut(_mixed(n, torch.Generator().manual_seed(0)), _sizes(n, fractions))


@train_val_test_split.mistake(
    "seeded at every call",
    "The generator you are given has not moved on after your draws, so that the next call gives "
    "the same again; draw from it itself, not from a copy, and do not set it back.",
)
def _(n: int, fractions: Fractions, generator: Generator) -> Split:
    generator.manual_seed(generator.initial_seed())
    return _cut(_mixed(n, generator), _sizes(n, fractions))


@train_val_test_split.mistake(
    "a random start instead of a random order",
    "You cut 0, 1, 2, ... at a random place, so that neighbours stay together; draw an order of "
    "all indices with torch.randperm.",
)
def _(n: int, fractions: Fractions, generator: Generator) -> Split:
    start = int(torch.randint(max(n, 1), (), generator=generator))
    return _cut(torch.arange(n).roll(start), _sizes(n, fractions))


def _floored(n: int, fractions: Fractions) -> list[int]:
    return [math.floor(n * fraction) for fraction in fractions]


def _random_split_sizes(n: int, fractions: Fractions) -> tuple[int, ...]:
    sizes = _floored(n, fractions)
    for i in range(n - sum(sizes)):
        sizes[i % 3] += 1
    return tuple(sizes)


def _rest_to_test(n: int, fractions: Fractions) -> tuple[int, ...]:
    train, validation, _ = _floored(n, fractions)
    return train, validation, n - train - validation


def _rest_to_validation(n: int, fractions: Fractions) -> tuple[int, ...]:
    train, _, test = _floored(n, fractions)
    return train, n - train - test, test


def _other_sizes(rounded: Callable[[float], int]) -> _Sizes:
    def sizes(n: int, fractions: Fractions) -> tuple[int, ...]:
        validation = min(n, rounded(n * fractions[1]))
        test = min(n - validation, rounded(n * fractions[2]))
        return n - validation - test, validation, test

    return sizes


_BY_SIZES: dict[str, tuple[str, _Sizes]] = {
    "the sizes of random_split": (
        "You hand out what the floors leave over in turns, as torch's random_split does; here all "
        "of it goes to the training part.",
        _random_split_sizes,
    ),
    "the rest to the test": (
        "What the floors leave over goes to your test part; it belongs to the training part, so "
        "compute the sizes of the two others first.",
        _rest_to_test,
    ),
    "the rest to validation": (
        "What the floors leave over goes to your validation part; it belongs to the training "
        "part, so compute the sizes of the two others first.",
        _rest_to_validation,
    ),
    "rounded to the nearest": (
        "You round the sizes to the nearest integer; those of validation and test are rounded "
        "down, as int does.",
        _other_sizes(round),
    ),
    "rounded up": (
        "You round the sizes of validation and test up; round them down, as int does.",
        _other_sizes(math.ceil),
    ),
    "validation and test swapped": (
        "Your second and third part have each other's size; fractions are those of training, "
        "validation and test, and so are the parts.",
        lambda n, fractions: tuple(_sizes(n, fractions)[i] for i in (0, 2, 1)),
    ),
    "the test first": (
        "Your first and third part have each other's size; fractions are those of training, "
        "validation and test, and so are the parts.",
        lambda n, fractions: _sizes(n, fractions)[::-1],
    ),
}


def _of_sizes(sizes: _Sizes) -> Callable[..., Split]:
    def split(n: int, fractions: Fractions, generator: Generator) -> Split:
        return _cut(_mixed(n, generator), sizes(n, fractions))

    return split


for _name, (_hint, _wrong) in _BY_SIZES.items():
    train_val_test_split.mistake(_name, _hint)(_of_sizes(_wrong))


@train_val_test_split.mistake(
    "some indices left out",
    "Your training part is rounded down as well, so that some indices are in no part; it gets all "
    "that the others leave.",
)
def _(n: int, fractions: Fractions, generator: Generator) -> Split:
    order = _mixed(n, generator)
    train, validation, test = _floored(n, fractions)
    return order[:train], order[train : train + validation], order[n - test :]


_AFTERWARDS: dict[str, tuple[str, Callable[[Split], object]]] = {
    "counted from 1": (
        "Your indices run from 1 to n; torch counts from 0 to n - 1.",
        lambda split: tuple(part + 1 for part in split),
    ),
    "other numbers than int64": (
        "Your indices have another dtype than int64, which is what tensors of indices have; "
        "torch.randperm gives it without being asked.",
        lambda split: tuple(part.int() for part in split),
    ),
    "lists": (
        "You return lists; each part is a tensor of int64.",
        lambda split: tuple(part.tolist() for part in split),
    ),
    "a list of parts": (
        "You return a list of the parts; return a tuple, as in return train, validation, test.",
        list,
    ),
    "masks": (
        "You return a mask for each part; return the indices themselves.",
        lambda split: tuple(
            torch.zeros(sum(map(len, split)), dtype=torch.bool).index_fill(0, part, True)
            for part in split
        ),
    ),
}


def _changed(change: Callable[[Split], object]) -> Callable[..., object]:
    def split(n: int, fractions: Fractions, generator: Generator) -> object:
        return change(_cut(_mixed(n, generator), _sizes(n, fractions)))

    return split


for _name, (_hint, _change) in _AFTERWARDS.items():
    train_val_test_split.mistake(_name, _hint)(_changed(_change))
