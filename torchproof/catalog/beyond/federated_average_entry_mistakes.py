"""Wrong averages of models: entries of some dtype or name go wrong."""

import torch

from torchproof.catalog.beyond.federated_average import (
    State,
    federated_average,
    weighted,
    whole,
)


def _right(states: list[State], sizes: list[int]) -> State:
    averaged = weighted(states, [size / sum(sizes) for size in sizes])
    return averaged | whole(states[sizes.index(max(sizes))])


def _counters(states: list[State], sizes: list[int]) -> State:
    """Return the weighted means of the entries that are not floating-point, in float64."""
    counters = [{name: each.double() for name, each in whole(state).items()} for state in states]
    return weighted(counters, [size / sum(sizes) for size in sizes])


@federated_average.mistake(
    "counters averaged",
    "Your average of a whole number, such as num_batches_tracked, has a fraction; entries that are "
    "not floating-point are those of the largest party.",
)
def _(states: list[State], sizes: list[int]) -> State:
    counters = {name: each.float() for name, each in _counters(states, sizes).items()}
    return _right(states, sizes) | counters


@federated_average.mistake(
    "plain mean, of counters too",
    "You give every party the same weight, and average whole numbers too; weight each party by its "
    "size, and take entries that are not floating-point from the largest.",
)
def _(states: list[State], sizes: list[int]) -> State:
    plain = [1 / len(sizes)] * len(sizes)
    counters = [{name: each.float() for name, each in whole(state).items()} for state in states]
    return weighted(states, plain) | weighted(counters, plain)


@federated_average.mistake(
    "fractions added to counters in place",
    "You add a weighted share to a whole number, such as num_batches_tracked, in place, which "
    "torch refuses; entries that are not floating-point are those of the largest party.",
)
def _(states: list[State], sizes: list[int]) -> State:
    for each in whole(states[0]).values():
        each += each * 0.5
    return _right(states, sizes)


@federated_average.mistake(
    "counters averaged and cut",
    "You average whole numbers, such as num_batches_tracked, and cut their fraction off; entries "
    "that are not floating-point are those of the largest party.",
)
def _(states: list[State], sizes: list[int]) -> State:
    means = _counters(states, sizes)
    counters = {name: each.to(states[0][name].dtype) for name, each in means.items()}
    return _right(states, sizes) | counters


@federated_average.mistake(
    "counters averaged and rounded",
    "You average whole numbers, such as num_batches_tracked, and round; entries that are not "
    "floating-point are those of the largest party.",
)
def _(states: list[State], sizes: list[int]) -> State:
    means = _counters(states, sizes)
    counters = {name: each.round().to(states[0][name].dtype) for name, each in means.items()}
    return _right(states, sizes) | counters


@federated_average.mistake(
    "counters added up",
    "You add up whole numbers, such as num_batches_tracked; entries that are not floating-point "
    "are those of the largest party.",
)
def _(states: list[State], sizes: list[int]) -> State:
    counters = {
        name: torch.stack([state[name] for state in states]).sum(dim=0) for name in whole(states[0])
    }
    return _right(states, sizes) | counters


@federated_average.mistake(
    "counters of the first party",
    "You take whole numbers, such as num_batches_tracked, from the first party; take them from the "
    "largest.",
)
def _(states: list[State], sizes: list[int]) -> State:
    return _right(states, sizes) | whole(states[0])


@federated_average.mistake(
    "counters of the last party",
    "You take whole numbers, such as num_batches_tracked, from the last party; take them from the "
    "largest.",
)
def _(states: list[State], sizes: list[int]) -> State:
    return _right(states, sizes) | whole(states[-1])


@federated_average.mistake(
    "counters of the last of several largest",
    "Where several parties are the largest you take whole numbers from the last of these; take "
    "them from the first, as sizes.index(max(sizes)) does.",
)
def _(states: list[State], sizes: list[int]) -> State:
    last = max(range(len(sizes)), key=lambda i: (sizes[i], i))
    return _right(states, sizes) | whole(states[last])


@federated_average.mistake(
    "largest counters",
    "You take the largest of the parties' whole numbers; take that of the party with the largest "
    "size.",
)
def _(states: list[State], sizes: list[int]) -> State:
    counters = {
        name: torch.stack([state[name] for state in states]).amax(dim=0)
        for name in whole(states[0])
    }
    return _right(states, sizes) | counters


@federated_average.mistake(
    "counters left out",
    "You leave out entries that are not floating-point; the result has all names of the states, "
    "and these entries are those of the largest party.",
)
def _(states: list[State], sizes: list[int]) -> State:
    return weighted(states, [size / sum(sizes) for size in sizes])


@federated_average.mistake(
    "counters as floats",
    "You turn whole numbers, such as num_batches_tracked, into floating-point ones; every entry "
    "keeps its dtype.",
)
def _(states: list[State], sizes: list[int]) -> State:
    right = _right(states, sizes)
    return {n: each if each.is_floating_point() else each.float() for n, each in right.items()}


@federated_average.mistake(
    "running statistics left out",
    "You leave out batch norm's running statistics, which are no parameters; the result has all "
    "names of the states.",
)
def _(states: list[State], sizes: list[int]) -> State:
    right = _right(states, sizes)
    return {name: each for name, each in right.items() if "running" not in name}


@federated_average.mistake(
    "running statistics of the first party",
    "You average only weights and biases, and take batch norm's running statistics from the first "
    "party; every floating-point entry is averaged.",
)
def _(states: list[State], sizes: list[int]) -> State:
    first = {name: each for name, each in states[0].items() if "running" in name}
    return _right(states, sizes) | first


@federated_average.mistake(
    "running statistics of the largest party",
    "You average only weights and biases, and take batch norm's running statistics from the "
    "largest party; every floating-point entry is averaged.",
)
def _(states: list[State], sizes: list[int]) -> State:
    largest = states[sizes.index(max(sizes))]
    return _right(states, sizes) | {n: each for n, each in largest.items() if "running" in n}


@federated_average.mistake(
    "float32 result",
    "Your result is float32 whatever the entry is, as torch.zeros makes it; torch.zeros_like keeps "
    "the dtype.",
)
def _(states: list[State], sizes: list[int]) -> State:
    right = _right(states, sizes)
    return {n: each.float() if each.is_floating_point() else each for n, each in right.items()}


@federated_average.mistake(
    "float64 result",
    "Your result is float64 whatever the entry is; every entry keeps its dtype.",
)
def _(states: list[State], sizes: list[int]) -> State:
    right = _right(states, sizes)
    return {n: each.double() if each.is_floating_point() else each for n, each in right.items()}


@federated_average.mistake(
    "dtype of the first entry",
    "You give all floating-point entries the dtype of the first; a state may hold several dtypes, "
    "and every entry keeps its own.",
)
def _(states: list[State], sizes: list[int]) -> State:
    right = _right(states, sizes)
    first = next(each.dtype for each in states[0].values() if each.is_floating_point())
    return {n: each.to(first) if each.is_floating_point() else each for n, each in right.items()}


@federated_average.mistake(
    "float32 weights",
    "Your weights are float32, as torch.tensor makes them, which leaves a float64 entry no more "
    "digits than that; give them the entry's dtype, or use Python's numbers.",
)
def _(states: list[State], sizes: list[int]) -> State:
    shares = (torch.tensor(sizes, dtype=torch.float32) / sum(sizes)).tolist()
    return _right(states, sizes) | weighted(states, shares)


@federated_average.mistake(
    "summed in float32",
    "You add up in float32, which leaves a float64 entry no more digits than that, whatever its "
    "dtype is in the end; add up in the entry's own dtype.",
)
def _(states: list[State], sizes: list[int]) -> State:
    right = _right(states, sizes)
    single = [
        {n: each.float() if each.is_floating_point() else each for n, each in state.items()}
        for state in states
    ]
    found = weighted(single, [size / sum(sizes) for size in sizes])
    return right | {name: each.to(right[name].dtype) for name, each in found.items()}


@federated_average.mistake(
    "masks averaged",
    "You average booleans, as where entries without a mean are told by their name or by int64; "
    "every entry that is not floating-point is that of the largest party, so ask "
    "entry.is_floating_point().",
)
def _(states: list[State], sizes: list[int]) -> State:
    masks = [{n: e.float() for n, e in s.items() if e.dtype == torch.bool} for s in states]
    shares = [size / sum(sizes) for size in sizes]
    return _right(states, sizes) | weighted(masks, shares)
