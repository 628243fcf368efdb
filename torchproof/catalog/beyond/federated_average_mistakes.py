"""Wrong averages of models that were trained apart."""

from collections import defaultdict
from typing import Any

import torch

from torchproof.catalog.beyond.federated_average import (
    State,
    federated_average,
    weighted,
    whole,
)


def _shares(sizes: list[int]) -> list[float]:
    """Return the right weights."""
    return [size / sum(sizes) for size in sizes]


def _largest(states: list[State], sizes: list[int]) -> State:
    """Return the right entries that are not floating-point."""
    return whole(states[sizes.index(max(sizes))])


def _by(states: list[State], sizes: list[int], weights: list[float]) -> State:
    """Return the average by any weights."""
    return weighted(states, weights) | _largest(states, sizes)


@federated_average.mistake(
    "plain mean",
    "You give every party the same weight; weight each by its size over the sum of all sizes.",
)
def _(states: list[State], sizes: list[int]) -> State:
    return _by(states, sizes, [1 / len(sizes)] * len(sizes))


@federated_average.mistake(
    "sum",
    "You add up the parties' entries; weight each by its size over the sum of all sizes.",
)
def _(states: list[State], sizes: list[int]) -> State:
    return _by(states, sizes, [1.0] * len(sizes))


@federated_average.mistake(
    "weights not normalised",
    "You multiply each party's entries by its size and add them up; divide by the sum of all "
    "sizes.",
)
def _(states: list[State], sizes: list[int]) -> State:
    return _by(states, sizes, [float(size) for size in sizes])


@federated_average.mistake(
    "divided by the number of parties",
    "You divide the weighted sum by the number of parties; divide by the sum of all sizes.",
)
def _(states: list[State], sizes: list[int]) -> State:
    return _by(states, sizes, [size / len(sizes) for size in sizes])


@federated_average.mistake(
    "divided twice",
    "You divide by the sum of all sizes and by the number of parties too; the weights have the "
    "sum 1 already.",
)
def _(states: list[State], sizes: list[int]) -> State:
    return _by(states, sizes, [share / len(sizes) for share in _shares(sizes)])


@federated_average.mistake(
    "divided by the largest size",
    "You divide by the largest size; divide by the sum of all sizes, so that the weights have the "
    "sum 1.",
)
def _(states: list[State], sizes: list[int]) -> State:
    return _by(states, sizes, [size / max(sizes) for size in sizes])


@federated_average.mistake(
    "weights by one over the size",
    "You weight by one over the size, so the smallest party counts most; weight by the size.",
)
def _(states: list[State], sizes: list[int]) -> State:
    inverse = [1 / size for size in sizes]
    return _by(states, sizes, [each / sum(inverse) for each in inverse])


@federated_average.mistake(
    "weights in reverse",
    "You give each party the weight of another, counted from the end; states[i] belongs to "
    "sizes[i].",
)
def _(states: list[State], sizes: list[int]) -> State:
    return _by(states, sizes, _shares(sizes)[::-1])


@federated_average.mistake(
    "softmax of the sizes",
    "You take a softmax of the sizes, which leaves almost nothing for all but the largest; divide "
    "each size by the sum of all.",
)
def _(states: list[State], sizes: list[int]) -> State:
    soft = torch.tensor(sizes, dtype=torch.float64).softmax(0).tolist()
    return _by(states, sizes, soft)


@federated_average.mistake(
    "weights by the squared size",
    "You weight by the square of the size; the size enters once, over the sum of all.",
)
def _(states: list[State], sizes: list[int]) -> State:
    squares = [size**2 for size in sizes]
    return _by(states, sizes, [each / sum(squares) for each in squares])


@federated_average.mistake(
    "weights cut to whole numbers",
    "You divide the sizes with //, or as whole numbers, so that shares below 1 become 0; use /.",
)
def _(states: list[State], sizes: list[int]) -> State:
    return _by(states, sizes, [float(size // sum(sizes)) for size in sizes])


@federated_average.mistake(
    "a party of size 0 counts",
    "You count a party of size 0 as one of size 1; its weight is 0.",
)
def _(states: list[State], sizes: list[int]) -> State:
    return _by(states, sizes, _shares([max(size, 1) for size in sizes]))


@federated_average.mistake(
    "only the first",
    "You return the entries of the first party; all parties have a share.",
)
def _(states: list[State], sizes: list[int]) -> State:
    return dict(states[0])


@federated_average.mistake(
    "only the largest",
    "You return the entries of the largest party; all parties have a share.",
)
def _(states: list[State], sizes: list[int]) -> State:
    return dict(states[sizes.index(max(sizes))])


@federated_average.mistake(
    "only the last share",
    "You overwrite each entry with every party's share, so that the last is left; add them up.",
)
def _(states: list[State], sizes: list[int]) -> State:
    return _by(states, sizes, [0.0] * (len(sizes) - 1) + _shares(sizes)[-1:])


@federated_average.mistake(
    "first party counted twice",
    "You start the sum from the entries of the first party and then add its share too; start "
    "from zeros.",
)
def _(states: list[State], sizes: list[int]) -> State:
    first, *rest = _shares(sizes)
    return _by(states, sizes, [1 + first, *rest])


@federated_average.mistake(
    "first party not weighted",
    "You start the sum from the entries of the first party as they are; they have a weight like "
    "all others.",
)
def _(states: list[State], sizes: list[int]) -> State:
    return _by(states, sizes, [1.0, *_shares(sizes)[1:]])


@federated_average.mistake(
    "halves of halves",
    "You take the mean of what you have and the next party, one after the other, so that the last "
    "counts half; weight each by its size over the sum of all sizes.",
)
def _(states: list[State], sizes: list[int]) -> State:
    weights = [1.0]
    for _ in sizes[1:]:
        weights = [weight / 2 for weight in weights] + [0.5]
    return _by(states, sizes, weights)


@federated_average.mistake(
    "median",
    "You take the median of the parties' entries; the mean weighted by size is asked for.",
)
def _(states: list[State], sizes: list[int]) -> State:
    found = {
        name: torch.stack([state[name] for state in states]).median(dim=0).values
        for name in weighted(states, [0.0] * len(sizes))
    }
    return found | _largest(states, sizes)


@federated_average.mistake(
    "mean over all elements",
    "You reduce over all elements of an entry, and not over the parties alone; stack the parties' "
    "tensors and sum over dim=0, or add them one by one.",
)
def _(states: list[State], sizes: list[int]) -> State:
    found = weighted(states, _shares(sizes))
    return {name: each.mean() for name, each in found.items()} | _largest(states, sizes)


@federated_average.mistake(
    "changes the first state",
    "You change the first party's dict or the tensors in it, which it goes on with; start from a "
    "new dict and new tensors, as zeros_like or a product makes them.",
)
def _(states: list[State], sizes: list[int]) -> State:
    right = _by(states, sizes, _shares(sizes))
    for name, each in states[0].items():
        each.copy_(right[name])
    return states[0]


@federated_average.mistake(
    "puts the averages into the first state",
    "You put the averages into the first party's dict or its tensors, which it goes on with; put "
    "them into a new dict.",
)
def _(states: list[State], sizes: list[int]) -> State:
    right = _by(states, sizes, _shares(sizes))
    states[0].update(weighted(states, _shares(sizes)))
    return right


@federated_average.mistake(
    "changes all states",
    "You put the weighted entries into the parties' own dicts or tensors, which they go on with; "
    "a product makes a new tensor, and the result is a dict of its own.",
)
def _(states: list[State], sizes: list[int]) -> State:
    right = _by(states, sizes, _shares(sizes))
    for state, share in zip(states, _shares(sizes), strict=True):
        for each in state.values():
            if each.is_floating_point():
                each.mul_(share)
    return right


@federated_average.mistake(
    "a list",
    "You return a list of tensors; return a dict with the names of the entries.",
)
def _(states: list[State], sizes: list[int]) -> Any:
    return list(_by(states, sizes, _shares(sizes)).values())


@federated_average.mistake(
    "a defaultdict",
    "You return a defaultdict, which makes up an entry for every name it is asked for; return a "
    "plain dict, which dict(...) makes of it.",
)
def _(states: list[State], sizes: list[int]) -> State:
    return defaultdict(float, _by(states, sizes, _shares(sizes)))  # type: ignore[arg-type]


@federated_average.mistake(
    "matched by position",
    "You match the parties' entries by their place in the dicts, which may differ; match them by "
    "name, state[name].",
)
def _(states: list[State], sizes: list[int]) -> State:
    placed = [dict(zip(states[0], state.values(), strict=True)) for state in states]
    return _by(placed, sizes, _shares(sizes))
