"""Cutting examples into folds: how it goes wrong."""

import torch
from torch import Generator, Tensor

from torchproof.catalog.metrics.k_fold import k_fold

_Pairs = list[tuple[Tensor, Tensor]]


def _pairs(folds: list[Tensor]) -> _Pairs:
    """Let each fold validate, and train on all others."""
    return [(torch.cat(folds[:i] + folds[i + 1 :]), folds[i]) for i in range(len(folds))]


def _cut(n: int, k: int, order: Tensor) -> _Pairs:
    return _pairs(list(order.tensor_split(k)))


def _slices(order: Tensor, size: int) -> list[Tensor]:
    """Cut slices of a size, the last of which may be shorter."""
    return [*order.tensor_split([*range(size, len(order), size)])]


def _without(valid: Tensor, n: int) -> Tensor:
    """Return all indices but those of a part."""
    return torch.arange(n)[~torch.isin(torch.arange(n), valid)]


@k_fold.mistake(
    "folds that share an element",
    "Two neighbouring folds share an element, where one ends and the next begins; a slice ends "
    "before its second index, so the next one begins right there.",
)
def _(n: int, k: int, generator: Generator) -> _Pairs:
    order = torch.randperm(n, generator=generator)
    sizes = [n // k + (i < n % k) for i in range(k)]
    ends = torch.tensor(sizes).cumsum(0).tolist()
    valid = [order[end - size : end + 1] for size, end in zip(sizes, ends, strict=True)]
    return [(_without(part, n), part) for part in valid]


@k_fold.mistake(
    "shuffled for each fold",
    "You shuffle anew for each fold, so that some indices validate in several folds and some in "
    "none; shuffle once, then cut.",
)
def _(n: int, k: int, generator: Generator) -> _Pairs:
    return [_cut(n, k, torch.randperm(n, generator=generator))[i] for i in range(k)]


@k_fold.mistake(
    "drawn with replacement",
    "You draw indices with randint, which gives some twice and some never; randperm gives each "
    "once.",
)
def _(n: int, k: int, generator: Generator) -> _Pairs:
    return _cut(n, k, torch.randint(n, (n,), generator=generator))


@k_fold.mistake(
    "a fold drawn for each index",
    "You draw a fold for each index by itself, so the folds have any size; shuffle the indices and "
    "cut them into k parts.",
)
def _(n: int, k: int, generator: Generator) -> _Pairs:
    fold = torch.randint(k, (n,), generator=generator)
    every = torch.arange(n)
    return [(every[fold != i], every[fold == i]) for i in range(k)]


@k_fold.mistake(
    "the last fold takes the remainder",
    "Your last fold takes all that is left over; give one more to each of the first n % k folds, "
    "so that sizes differ by at most 1.",
)
def _(n: int, k: int, generator: Generator) -> _Pairs:
    order, size = torch.randperm(n, generator=generator), n // k
    return _pairs([*_slices(order[: (k - 1) * size], size), order[(k - 1) * size :]])


@k_fold.mistake(
    "the remainder left out",
    "You leave out what is left over after k folds of n // k; give one more to each of the first "
    "n % k folds.",
)
def _(n: int, k: int, generator: Generator) -> _Pairs:
    order = torch.randperm(n, generator=generator)
    return _pairs(_slices(order[: n // k * k], n // k))


@k_fold.mistake(
    "the remainder only trained on",
    "What is left over after k folds of n // k is in every training part but never validates; give "
    "one more to each of the first n % k folds.",
)
def _(n: int, k: int, generator: Generator) -> _Pairs:
    order = torch.randperm(n, generator=generator)
    return [(_without(part, n), part) for part in _slices(order[: n // k * k], n // k)]


@k_fold.mistake(
    "folds of the size rounded up",
    "You cut folds of n / k rounded up, as chunk does, so that the last one is short or missing; "
    "give one more to each of the first n % k folds only, as tensor_split does.",
)
def _(n: int, k: int, generator: Generator) -> _Pairs:
    return _pairs([*torch.randperm(n, generator=generator).chunk(k)])


@k_fold.mistake(
    "folds of the size rounded down",
    "You cut folds of n // k, as split(n // k) does, and the rest makes folds of its own; give "
    "one more index to each of the first n % k folds, as tensor_split does.",
)
def _(n: int, k: int, generator: Generator) -> _Pairs:
    return _pairs(_slices(torch.randperm(n, generator=generator), n // k))


@k_fold.mistake(
    "train and valid swapped",
    "The two parts have changed places: a pair is (train, valid), with the fold that validates "
    "second and all other indices first.",
)
def _(n: int, k: int, generator: Generator) -> _Pairs:
    return [(valid, train) for train, valid in _cut(n, k, torch.randperm(n, generator=generator))]


@k_fold.mistake(
    "trained on all",
    "You train on all indices, those that validate among them; leave those out.",
)
def _(n: int, k: int, generator: Generator) -> _Pairs:
    order = torch.randperm(n, generator=generator)
    return [(order.clone(), part) for part in order.tensor_split(k)]


@k_fold.mistake(
    "trained on the folds before",
    "You train only on the folds before the one that validates; train on those after it, too.",
)
def _(n: int, k: int, generator: Generator) -> _Pairs:
    folds = torch.randperm(n, generator=generator).tensor_split(k)
    return [(torch.cat([folds[0][:0], *folds[:i]]), folds[i]) for i in range(k)]


@k_fold.mistake(
    "trained on one fold",
    "You train on one other fold only; train on all folds but the one that validates.",
)
def _(n: int, k: int, generator: Generator) -> _Pairs:
    folds = torch.randperm(n, generator=generator).tensor_split(k)
    return [(folds[(i + 1) % k], folds[i]) for i in range(k)]


@k_fold.mistake(
    "one pair only",
    "You return more or fewer pairs than k; every fold validates once, so there are k pairs.",
)
def _(n: int, k: int, generator: Generator) -> _Pairs:
    return _cut(n, k, torch.randperm(n, generator=generator))[:1]


@k_fold.mistake(
    "the same fold each time",
    "The same fold validates in every pair; let each of the k folds do so once.",
)
def _(n: int, k: int, generator: Generator) -> _Pairs:
    return _cut(n, k, torch.randperm(n, generator=generator))[:1] * k
