"""The average of models that were trained apart."""

from typing import Any

import torch
from torch import Tensor

from torchproof.checking.cases import FLOATS, Cases, Draw, Group, extremes, shapes, values
from torchproof.checking.exercise import exercise

State = dict[str, Tensor]


@exercise(groups=(Group.VALUES, Group.EXTREMES, Group.SHAPES, Group.NO_SIDE_EFFECTS))
def federated_average(states: list[State], sizes: list[int]) -> State:
    """Return the mean of each entry, each party weighted by its size.

    Entries that are not floating-point are those of the largest party, the first of several.
    Composed, after McMahan et al. (2017), Communication-Efficient Learning of Deep Networks from
    Decentralized Data.
    """
    averaged = weighted(states, [size / sum(sizes) for size in sizes])
    return averaged | whole(states[sizes.index(max(sizes))])


def weighted(states: list[State], weights: list[float]) -> State:
    """Return the sum of each floating-point entry times the party's weight, in its own dtype."""
    return {
        name: torch.stack([state[name] * w for state, w in zip(states, weights, strict=True)]).sum(
            dim=0
        )
        for name, first in states[0].items()
        if first.is_floating_point()
    }


def whole(state: State) -> State:
    """Return the entries that are not floating-point."""
    return {name: each.clone() for name, each in state.items() if not each.is_floating_point()}


@federated_average.cases
def _(draw: Draw) -> Cases:
    for dtype in FLOATS:
        yield values(states=_linear(draw, 3, dtype), sizes=_sizes(draw, 3))
        parties = draw.size(4, 6)
        sizes = [200, 30, 5, 900, 60, 7][:parties]
        yield values(states=_linear(draw, parties, dtype), sizes=sizes)
    yield values("with batch norm's counter", states=_network(draw, 4), sizes=_sizes(draw, 4))
    masks = [each | {"mask": draw.mask(2, 3)} for each in _network(draw, 3)]
    yield values("with a mask of booleans", states=masks, sizes=_sizes(draw, 3))
    mixed = [each | {"scale": draw.normal(5, dtype=torch.float64)} for each in _linear(draw, 3)]
    yield values("two dtypes in one state", states=mixed, sizes=_sizes(draw, 3))
    yield values("a party with its entries in another order", **_reordered(draw))
    yield extremes("one party", states=_network(draw, 1), sizes=[draw.size(2, 50)])
    sizes = _sizes(draw, 3)
    yield extremes("a party of size 0", states=_network(draw, 3), sizes=[0, *sizes[1:]])
    yield extremes("all data with one party", states=_network(draw, 3), sizes=[0, 17, 0])
    yield extremes("equal sizes", states=_network(draw, 3), sizes=[draw.size(2, 9)] * 3)
    two = [3, 8, 8, 2]
    yield extremes("two largest parties", states=_network(draw, 4), sizes=two)
    millions = [draw.size(10**6, 10**7), 10**10, 12]
    yield extremes("very different sizes", states=_linear(draw, 3), sizes=millions)
    yield extremes("large entries that nearly cancel", **_cancelling(draw))
    yield extremes("an entry without elements", **_hollow(draw))
    yield shapes("with a mask of booleans", states=masks, sizes=_sizes(draw, 3))
    yield shapes("two dtypes in one state", states=mixed, sizes=_sizes(draw, 3))
    turned = [dict(reversed(each.items())) for each in mixed]
    yield shapes("two dtypes in one state, float64 first", states=turned, sizes=_sizes(draw, 3))
    yield shapes("float16 and bfloat16 entries", states=_short(draw), sizes=[1, 1, 2])
    for dtype in FLOATS:
        yield shapes(states=_network(draw, 3, dtype), sizes=_sizes(draw, 3))
        kernels = [{"0.weight": draw.normal(2, 3, 2, 4, dtype=dtype)} for _ in range(2)]
        yield shapes("a convolution", states=kernels, sizes=_sizes(draw, 2))


def _sizes(draw: Draw, n: int) -> list[int]:
    """Return different sizes, of which the last is the largest."""
    return [draw.size(2, 9) + 13 * i**2 for i in range(n)]


def _linear(draw: Draw, n: int, dtype: torch.dtype = torch.float32) -> list[State]:
    return [
        {"weight": draw.normal(2, 3, dtype=dtype) + 2, "bias": draw.normal(2, dtype=dtype)}
        for _ in range(n)
    ]


def _network(draw: Draw, n: int, dtype: torch.dtype = torch.float32) -> list[State]:
    """Return states of a layer and a batch norm, whose counter is largest at the second party."""
    return [
        {
            "0.weight": draw.normal(3, 4, dtype=dtype),
            "1.running_mean": draw.normal(3, dtype=dtype),
            "1.running_var": draw.uniform(3, low=0.5, high=3, dtype=dtype),
            "1.num_batches_tracked": torch.tensor(counted + draw.size(1, 90)),
        }
        for counted in (200, 300, 100, 100)[:n]
    ]


def _cancelling(draw: Draw) -> dict[str, Any]:
    """Return float64 states of which float32 weights would leave too few digits."""
    large = 1e6 * (1 + draw.uniform(4, dtype=torch.float64))
    small = draw.normal(4, dtype=torch.float64)
    states = [{"weight": large}, {"weight": small - 0.75 * large}, {"weight": -0.3 * large}]
    return {"states": states, "sizes": [30, 31, 23]}


def _reordered(draw: Draw) -> dict[str, Any]:
    """Return states whose entries are alike in shape, the second party's in another order."""
    states = [{"weight": draw.normal(2, 3) + 4, "scale": draw.normal(2, 3)} for _ in range(3)]
    states[1] = dict(reversed(states[1].items()))
    return {"states": states, "sizes": _sizes(draw, 3)}


def _short(draw: Draw) -> list[State]:
    """Return entries of few digits, whose average by the sizes 1, 1 and 2 takes no more."""
    return [
        {"weight": draw.normal(2, 3)}
        | {
            name: 4.0 * draw.integers(3, low=1, high=10).to(dtype)
            for name, dtype in (("half", torch.float16), ("brain", torch.bfloat16))
        }
        for _ in range(3)
    ]


def _hollow(draw: Draw) -> dict[str, Any]:
    states = [{"weight": draw.normal(0, 3), "scale": draw.normal()} for _ in range(2)]
    return {"states": states, "sizes": _sizes(draw, 2)}
