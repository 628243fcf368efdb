"""Measuring what functions make of random numbers."""

import math
import random
from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary

import torch
from torch import Generator, Tensor

from torchproof.checking.cases import Case
from torchproof.checking.compare import Measure
from torchproof.checking.observe import Observation

Measured = dict[str, Any]
"""What is measured, by names that read well before a colon."""

ERRORS = 6.0
"""Standard errors up to which a share may have come by chance."""


def once(
    measuring: Callable[[Observation, Case], Measured],
) -> Callable[[Observation, Case], Measured]:
    """Measure each observation once, however many others it is compared with."""
    known: WeakKeyDictionary[Observation, Measured] = WeakKeyDictionary()

    def measured(seen: Observation, case: Case) -> Measured:
        if seen not in known:
            known[seen] = measuring(seen, case)
        return known[seen]

    return measured


def sources(result: dict[str, Any], varied: bool) -> Measured:
    """Measure where the numbers of `torchproof.checking.drive.generators` came from.

    Args:
        result: what its driver returned.
        varied: whether two results are practically never the same by chance.
    """
    measured: Measured = {"torch's global generator left alone": result["others"] == 1}
    if varied:
        measured |= {
            "The same result from two generators of one seed": result["again"] == 1,
            "Another result from a generator of another seed": result["seed"] == 1,
            "Another result from the next call with the same generator": result["next"] == 1,
        }
    return measured


def found(number: float) -> Measure:
    """Measure how many faults there are; none is asked, and wrong answers have about as many."""
    return Measure(number, 0.5 * abs(number))


def share(seen: Tensor, asked: float) -> Measure:
    """Measure how often something was seen, in independent draws.

    A share that may come by chance counts as the one that is asked.

    Args:
        seen: booleans, one for each draw; of none, nothing can be said.
        asked: the probability.
    """
    if not seen.numel():
        return Measure(asked, 1.0)
    value, draws = seen.double().mean().item(), seen.numel()
    leeway = _leeway(asked, draws)
    if abs(value - asked) <= leeway:
        return Measure(asked, leeway)
    return Measure(value, 2**0.5 * _leeway(value, draws))


def _leeway(probability: float, draws: int) -> float:
    return ERRORS * math.sqrt(max(probability * (1 - probability), 1 / draws) / draws)


def mean(numbers: Tensor, asked: float, variance: float) -> Measure:
    """Measure a mean of independent numbers.

    One that may come by chance counts as the one that is asked.

    Args:
        numbers: one for each draw, shape (draws,).
        asked: their expectation.
        variance: that of each.
    """
    count = max(len(numbers), 1)
    value, leeway = numbers.sum().item() / count, ERRORS * math.sqrt(variance / count)
    if abs(value - asked) <= leeway:
        return Measure(asked, leeway)
    spread = numbers.var(correction=0).item() if len(numbers) else 0.0
    return Measure(value, 1e-6 + 2**0.5 * ERRORS * math.sqrt(spread / count))


def spread(counts: Tensor, trials: Tensor, probability: float) -> Measure:
    """Measure how far counts of independent draws lie from their expectation.

    Args:
        counts: how often something was seen, shape (times,).
        trials: of how many draws, likewise.
        probability: of each.

    Returns:
        The mean squared distance in terms of the variance, which is 1 where all draws are
        independent, and 0 where something is always seen as often.
    """
    variances = trials * probability * (1 - probability)
    distances = (counts - probability * trials) ** 2 / variances
    tails = (1 / variances - 6 / trials).mean().item()
    return mean(distances, 1.0, 2 + tails)


def evenly(seen: Tensor, asked: float) -> bool:
    """Tell whether shares are as asked, but for chance.

    Args:
        seen: booleans, shape (draws, ...), at least one draw.
        asked: the probability of each.
    """
    far = (seen.double().mean(0) - asked).abs().max().item()
    return far <= _leeway(asked, len(seen))


def dtypes(tensors: list[Tensor]) -> str:
    """Name the dtypes of tensors."""
    return ", ".join(sorted({str(each.dtype).removeprefix("torch.") for each in tensors}))


def draws(case: Case) -> int:
    """Return how many calls are made on a case."""
    return int(case.arguments.get("times", 1))


def finite(tensor: Tensor) -> Tensor:
    """Return a tensor as float64, with numbers that are none or infinite far from all others."""
    return torch.nan_to_num(tensor.double(), nan=1e9, posinf=1e9, neginf=-1e9)


def elsewhere() -> Generator:
    """Return a generator whose numbers depend on none of torch's, as a mistake draws them."""
    return Generator().manual_seed(random.getrandbits(32))
