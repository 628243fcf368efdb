"""Functions that cut examples into folds."""

from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import Generator, Tensor

from torchproof.checking.tree import describe

OTHER_SEEDS = 20
"""Seeds tried until one gives other folds; two examples have only two orders."""

AGAIN = 30
"""Cuts that are made a second time at most."""

_Pairs = list[tuple[list[int], list[int]]]


def folds(candidate: Callable[..., Any], n: int, k: int, times: int, seed: int) -> dict[str, Any]:
    """Have n examples cut into k folds many times, with one generator, then again with others.

    Args:
        candidate: a function of n, k and generator that returns k pairs of index tensors, those
            to train on and those to validate on.
        n: how many examples there are.
        k: how many folds are asked for.
        times: how often they are cut.
        seed: where the generator begins.

    Returns:
        How often each index is in each part, ``train`` and ``valid``, int64, shape (times, k, n);
        whether the first pairs came ``again`` from another generator of this seed; whether one of
        some other seeds begins with ``different`` ones; whether ``others`` can go on drawing as if
        nothing had been drawn, torch's global generator being where it was; whether the generator
        was ``drawn`` from; and whether it ``moved`` on from call to call, without ever coming
        back to where it was.

    Raises:
        TypeError: what was returned is no list of pairs of int64 tensors.
        ValueError: there are more or fewer pairs than k, or an index is none of the n.
    """
    torch.rand(())  # no seed leads there at once
    shared = torch.get_rng_state()
    generator = Generator().manual_seed(seed)
    states, cuts = [_state(generator)], []
    for _ in range(times):
        cuts.append(_pairs(candidate(n, k, generator), n, k))
        states.append(_state(generator))

    def first(seed: int, few: int = 1) -> list[_Pairs]:
        other = Generator().manual_seed(seed)
        return [_pairs(candidate(n, k, other), n, k) for _ in range(few)]

    train, valid = (
        torch.tensor([*_places(cuts, part, n, k)], dtype=torch.int64)
        .bincount(minlength=times * k * n)
        .reshape(times, k, n)
        for part in (0, 1)
    )
    return {
        "train": train,
        "valid": valid,
        "again": first(seed, min(times, AGAIN)) == cuts[:AGAIN],
        "different": any(first(seed + 1 + more) != cuts[:1] for more in range(OTHER_SEEDS)),
        "others": torch.equal(torch.get_rng_state(), shared),
        "drawn": states[1] != states[0],
        "moved": len(set(states)) == times + 1,
    }


def _state(generator: Generator) -> bytes:
    return generator.get_state().numpy().tobytes()


def _places(cuts: list[_Pairs], part: int, n: int, k: int) -> Iterator[int]:
    """Yield the place of each index in a flat tensor of shape (times, k, n)."""
    for time, pairs in enumerate(cuts):
        for fold, pair in enumerate(pairs):
            start = (time * k + fold) * n
            yield from (start + index for index in pair[part])


def _pairs(found: Any, n: int, k: int) -> _Pairs:
    """Return the indices that a candidate returned, where all is as it should be."""
    if type(found) is not list:
        raise TypeError(f"{describe(found)} was returned; a list of pairs is asked for.")
    if len(found) != k:
        raise ValueError(f"another number of pairs than k was returned: {len(found)}; k is {k}.")
    pairs = []
    for pair in found:
        if not isinstance(pair, tuple) or len(pair) != 2:
            what = describe(pair)
            raise TypeError(f"{what} is in the list; tuples of (train, valid) are asked for.")
        pairs.append((_indices(pair[0], n), _indices(pair[1], n)))
    return pairs


def _indices(part: Any, n: int) -> list[int]:
    if not isinstance(part, Tensor):
        raise TypeError(f"{describe(part)} is in a pair; tensors of indices are asked for.")
    if part.dtype is not torch.int64:
        raise TypeError(f"indices of dtype int64 are asked for: these are {part.dtype}.")
    indices: list[int] = part.tolist()
    if part.dim() != 1:
        raise ValueError(f"indices of one dimension are asked for: these have {part.dim()}.")
    if indices and not 0 <= min(indices) <= max(indices) < n:
        beyond = max(indices) if min(indices) >= 0 else min(indices)
        raise ValueError(f"the indices go from 0 to n - 1: n is {n}, and {beyond} is among them.")
    return indices
