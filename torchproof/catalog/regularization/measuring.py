"""Measuring random results."""

from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary

import torch
from torch import Tensor

from torchproof.checking.cases import Case
from torchproof.checking.observe import Observation

Measured = dict[str, Any]
"""What is measured, by names that read well before a colon."""

_Measuring = Callable[[Observation, Case], Measured]


def once(measuring: _Measuring) -> _Measuring:
    """Measure each observation once, however many others it is compared with."""
    known: WeakKeyDictionary[Observation, Measured] = WeakKeyDictionary()

    def measured(seen: Observation, case: Case) -> Measured:
        if seen not in known:
            known[seen] = measuring(seen, case)
        return known[seen]

    return measured


def kolmogorov_smirnov(ordered: Tensor, cdf: Callable[[Tensor], Tensor]) -> float:
    """Return the largest distance between the distribution of a sample and the one asked.

    Args:
        ordered: the numbers of the sample, at least one, from small to large.
        cdf: the probability, in the distribution asked, of a number up to each of those given.
    """
    below = torch.arange(len(ordered)) / len(ordered)
    asked = cdf(ordered)
    return torch.maximum(asked - below, below + 1 / len(ordered) - asked).max().item()
